//! Parts of `multipart/mixed`.

use super::*;
use types::support::Part;

#[tokio::test]
async fn parts_that_are_json_are_values() {
    let (address, desk) = serve().await;
    let client = client(address);
    let parts = client.get_parts("all").await.unwrap();
    let expected: Vec<_> = (0..5).map(|x| Ok(point(x))).collect();
    assert_eq!(all(parts.into_inner()).await, expected);
    let sum = client.send_parts("all", client::items((0..100).map(point)));
    let sum = sum.await.unwrap().into_inner();
    assert_eq!((sum.count, sum.sum), (100, 4950));
    let wrong = client.send_parts("all", client::items([point(1), point(2_000_000)]));
    let detail = wrong.await.unwrap_err().to_string();
    assert!(detail.contains("`1.x` must be at most 1000000"), "{detail}");
    assert_eq!(desk.heard(), [] as [&str; 0]);
}

#[tokio::test]
async fn other_parts_are_bytes_with_their_types() {
    let (address, desk) = serve().await;
    let mut image = Part::new(
        "image/png",
        (0..=255).cycle().take(100_000).collect::<Vec<u8>>(),
    );
    image
        .headers
        .push(("content-id".to_owned(), "<1@x>".to_owned()));
    let parts = vec![
        Part::new("application/json", r#"{"images":2}"#),
        image,
        Part::new("image/svg+xml", ""),
        Part::new("text/plain", "--x\r\n\r\n--\r\n"),
    ];
    let echo = client(address)
        .echo_parts("all", client::items(parts.clone()))
        .await
        .unwrap();
    let expected: Vec<_> = parts.into_iter().map(Ok).collect();
    assert_eq!(all(echo.into_inner()).await, expected);
    let none = client(address)
        .echo_parts("all", client::items([]))
        .await
        .unwrap();
    assert_eq!(all(none.into_inner()).await, []);
    assert_eq!(desk.heard(), [] as [&str; 0]);
}

#[tokio::test]
async fn parts_that_break_off_are_refused() {
    let (address, _) = serve().await;
    for (body, status, detail) in [
        (
            "preamble\r\n--b\r\n\r\n{\"x\":1}\r\n--b--\r\nepilogue",
            200,
            "\"sum\":1",
        ),
        (
            "--b\n\n{\"x\":1}\n--b \t\n\n{\"x\":2}\n--b--",
            200,
            "\"sum\":3",
        ),
        (
            "--b\r\nContent-Type: application/json\r\n\r\n{\"x\":1}\r\n--bc\r\n--b--",
            400,
            "not JSON",
        ),
        ("--b\r\n\r\n{\"x\":1}\r\n", 400, "`0` the item breaks off"),
        (
            "--b\r\n\r\n{\"x\":1}\r\n--b\r\n\r\n{\"x\":2}",
            400,
            "`1` the item breaks off",
        ),
        ("{\"x\":1}", 400, "`0` the item breaks off"),
    ] {
        let request = format!(
            "PUT /parts/all HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
             Content-Type: multipart/mixed; boundary=\"b\"\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let answer = samples::raw(address, request.as_bytes()).await.unwrap();
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{body:?}: {answer}"
        );
        assert!(answer.contains(detail), "{body:?}: {answer}");
    }
}
