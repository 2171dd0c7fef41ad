//! Items of answers.

use super::*;

#[tokio::test]
async fn points_arrive_in_lines() {
    let (address, desk) = serve().await;
    let request = b"GET /lines/five HTTP/1.0\r\nHost: x\r\n\r\n";
    let answer = samples::raw(address, request).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("content-type: application/jsonl"), "{head}");
    assert!(!head.contains("content-length"), "{head}");
    assert_eq!(body.lines().next(), Some(r#"{"x":0}"#), "{body}");
    let five = client(address).get_lines("five").await.unwrap();
    assert_eq!(five.status(), 200);
    let expected: Vec<_> = (0..5).map(|x| Ok(point(x))).collect();
    assert_eq!(all(five.into_inner()).await, expected);
    let none = client(address).get_lines("none").await.unwrap();
    assert_eq!(all(none.into_inner()).await, []);
    assert_eq!(desk.heard(), [] as [&str; 0]);
}

#[tokio::test]
async fn an_answer_that_is_no_sequence_is_what_it_was() {
    let (address, _) = serve().await;
    let error = client(address).get_lines("unknown").await.unwrap_err();
    assert_eq!(error.body().unwrap().detail, "no such points");
}

#[tokio::test]
async fn records_hold_whatever_json_holds() {
    let (address, desk) = serve().await;
    let records = client(address).get_records("all").await.unwrap();
    let expected: Vec<_> = shapes().into_iter().map(Ok).collect();
    assert_eq!(all(records.into_inner()).await, expected);
    assert_eq!(desk.heard(), [] as [&str; 0]);
}

#[tokio::test]
async fn an_item_that_is_wrong_is_an_error_with_its_number_and_the_next_follows() {
    let (address, desk) = serve().await;
    let wrong = client(address).get_lines("wrong").await.unwrap();
    let wrong = all(wrong.into_inner()).await;
    let reason = "item 2 is not what the contract declares: `x` must be at most 1000000".to_owned();
    assert_eq!(wrong, [Ok(point(1)), Err(reason), Ok(point(3))]);
    // The second item, as lists are counted.
    assert_eq!(desk.heard(), ["`1.x` must be at most 1000000"]);
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_an_error_behind_what_came() {
    for (name, items, reason) in [
        ("broken", 2, "the database is gone"),
        ("panics", 1, "handler panicked: out of paper"),
    ] {
        let (address, desk) = serve().await;
        let broken = client(address).get_lines(name).await.unwrap();
        let broken = all(broken.into_inner()).await;
        let expected: Vec<_> = (1..=items).map(|x| Ok(point(x))).collect();
        let (last, before) = broken.split_last().unwrap();
        assert_eq!(before, expected, "{name}");
        assert_eq!(*last, Err("the answer broke off".to_owned()));
        assert_eq!(desk.heard(), [format!("getLines broke off: {reason}")]);
    }
}

/// What systems keep for a connection, in items of 1 MiB, and no more.
const AHEAD: u64 = 32;

#[tokio::test]
async fn a_reader_that_is_slow_holds_up_what_makes_items() {
    let (address, desk) = serve().await;
    let endless = client(address).get_lines("endless").await.unwrap();
    let mut endless = endless.into_inner();
    for read in 0..AHEAD + 8 {
        let item = endless.next().await.unwrap().unwrap();
        assert_eq!(item.x, read);
        let made = desk.made.load(Ordering::Relaxed);
        assert!(
            made <= read + AHEAD,
            "{made} were made when {read} were read"
        );
    }
}

#[tokio::test]
async fn a_client_that_leaves_ends_the_work() {
    let (address, desk) = serve().await;
    let endless = client(address).get_lines("endless").await.unwrap();
    let mut endless = endless.into_inner();
    endless.next().await.unwrap().unwrap();
    drop(endless);
    desk.dropped.notified().await;
    let made = desk.made.load(Ordering::Relaxed);
    assert!(made <= AHEAD, "{made} MiB for a client that has left");
    assert_eq!(desk.heard(), [] as [&str; 0]);
}

#[tokio::test]
async fn an_item_beyond_the_limit_is_the_last() {
    let (address, _) = serve().await;
    let endless = client(address).get_lines("endless").await.unwrap();
    let items = all(endless.into_inner().limit(1024)).await;
    let reason = "item 1 is not what the contract declares: it has more than 1024 bytes";
    assert_eq!(items, [Err(reason.to_owned())]);
}

#[tokio::test]
async fn the_caller_chooses_one_of_several_kinds() {
    let (address, _) = serve().await;
    let client = client(address).with_accept("application/jsonl").unwrap();
    let answer = client.get_events("any").await.unwrap().into_inner();
    let client::GetEventsSuccess::Ok(client::GetEventsOkBody::Jsonl(points)) = answer else {
        panic!("other than what was asked for");
    };
    assert_eq!(
        all(points).await,
        [Ok(point(0)), Ok(point(1)), Ok(point(2))]
    );
}
