//! Items of requests.

use super::*;

/// Large points without end.
struct Endless(Arc<AtomicU64>);

impl client::Stream for Endless {
    type Item = Point;

    fn poll_next(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Point>> {
        let x = self.0.fetch_add(1, Ordering::Relaxed);
        let label = Some("x".repeat(1024 * 1024));
        std::task::Poll::Ready(Some(Point { x, label }))
    }
}

#[tokio::test]
async fn a_handler_reads_one_item_after_the_other() {
    let (address, desk) = serve().await;
    let client = client(address);
    let sent = client.send_lines("all", client::items((0..1000).map(point)));
    let sum = sent.await.unwrap().into_inner();
    assert_eq!((sum.count, sum.sum), (1000, 499_500));
    let none = client.send_lines("all", client::items([])).await.unwrap();
    assert_eq!(none.count, 0);
    assert_eq!(desk.heard(), [] as [&str; 0]);
}

#[tokio::test]
async fn an_item_that_is_wrong_refuses_the_request_with_its_place() {
    let (address, desk) = serve().await;
    let client = client(address);
    let points = || client::items([point(1), point(2_000_000), point(3), point(3_000_000)]);
    let error = client.send_lines("all", points()).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 400);
    assert_eq!(
        error.body().unwrap().detail,
        "`1.x` must be at most 1000000"
    );
    assert_eq!(desk.heard(), [] as [&str; 0], "it is no fault");
    // A handler that goes on gets the others.
    let sum = client
        .send_lines("lenient", points())
        .await
        .unwrap()
        .into_inner();
    assert_eq!((sum.count, sum.sum), (2, 4));
    // What goes wrong later is a fault of its own.
    let points = crate::client::items([point(2_000_000), point(13)]);
    let error = client.send_lines("lenient", points).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 500);
    let first = desk.heard.lock().unwrap().split_off(2);
    assert_eq!(
        first,
        [
            "`0.x` must be at most 1000000",
            "sendLines failed: the database is gone"
        ]
    );
    let heard = [
        "`1.x` must be at most 1000000",
        "`3.x` must be at most 1000000",
    ];
    assert_eq!(desk.heard(), heard);
}

#[tokio::test]
async fn what_breaks_off_is_refused() {
    let (address, _) = serve().await;
    for (body, detail) in [
        ("{\"x\":1}\n{\"x\":", "`1` the item breaks off"),
        ("{\"x\":1}\n{\"x\"}\n", "item 2"),
        ("{\"x\":1}\n\"x\"\n", "`1` must be an object"),
    ] {
        let request = format!(
            "PUT /lines/all HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-ndjson\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let answer = samples::raw(address, request.as_bytes()).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
        assert!(answer.contains(detail), "{answer}");
    }
}

#[tokio::test]
async fn another_media_type_is_refused() {
    let (address, _) = serve().await;
    let (status, _) = samples::put(address, "/lines/all", "{}").await.unwrap();
    assert_eq!(status, 415);
}

#[tokio::test]
async fn a_handler_that_reads_no_further_holds_up_its_client() {
    let (address, desk) = serve().await;
    let made = Arc::new(AtomicU64::new(0));
    for name in ["first", "unread"] {
        made.store(0, Ordering::Relaxed);
        // The answer may be lost with the connection; what counts is what was sent until then.
        let _answer = client(address)
            .send_lines(name, Endless(Arc::clone(&made)))
            .await;
        let made = made.load(Ordering::Relaxed);
        assert!(made <= 300, "{made} MiB for a handler that reads {name}");
    }
    assert_eq!(desk.made.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn an_answer_is_made_of_items_that_still_arrive() {
    let (address, _) = serve().await;
    let client = client(address);
    let expected: Vec<_> = shapes().into_iter().map(Ok).collect();
    let body = Some(client::items(shapes()));
    let echo = client
        .echo_records_as_vnd_points_json_seq("all", body)
        .await
        .unwrap();
    assert_eq!(all(echo.into_inner()).await, expected);
    let echo = client.echo_records("all", Some(&shapes())).await.unwrap();
    assert_eq!(all(echo.into_inner()).await, expected);
    let echo = client.echo_records("all", None).await.unwrap();
    assert_eq!(all(echo.into_inner()).await, []);
}

#[tokio::test]
async fn events_are_read_as_the_standard_has_them() {
    let (address, _) = serve().await;
    let told = client(address)
        .send_news(client::items(events::news()))
        .await
        .unwrap();
    let told: Vec<_> = all(told.into_inner())
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    assert_eq!(told[..3], ["added 1", "said two\nlines", r#"said {"x":1}"#]);
    assert_eq!(told.len(), 7);
}
