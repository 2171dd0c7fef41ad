//! What a generated server makes of handlers that fail, and of forms, over TCP.

use super::served::serve;

const JSON: &str = "POST /tickets?notify=true\nContent-Type: application/json";

fn titled(title: &str) -> String {
    format!(r#"{{"title": "{title}", "author": {{"email": "a@b.de"}}}}"#)
}

#[tokio::test]
async fn handler_that_panics_is_answered_and_the_server_lives() {
    let desk = serve().await;
    assert_eq!(
        desk.ann(JSON, titled("panic")).await.problem(),
        "500 createTicket:500 []"
    );
    assert_eq!(
        desk.heard(),
        ["defect createTicket: handler panicked: a handler that panics"]
    );
    assert_eq!(desk.ann(JSON, titled("fine")).await.status, 201);
}

#[tokio::test]
async fn fault_reaches_the_log_and_not_the_caller() {
    let desk = serve().await;
    let reply = desk.ann(JSON, titled("fault")).await;
    assert_eq!(reply.problem(), "500 createTicket:500 []");
    assert!(!reply.text().contains("disk"), "{}", reply.text());
    assert_eq!(desk.heard(), ["fault createTicket: the disk is full"]);
}

#[tokio::test]
async fn fault_that_passes_says_when_to_come_back_and_nothing_else() {
    let desk = serve().await;
    let reply = desk.ann(JSON, titled("locked")).await;
    assert_eq!(reply.problem(), "503 createTicket:503 []");
    assert_eq!(reply.headers["retry-after"], "3");
    assert!(!reply.text().contains("locked"), "{}", reply.text());
    assert_eq!(desk.heard(), ["fault createTicket: locked for now"]);
}

#[tokio::test]
async fn error_finds_the_answer_that_is_declared_for_its_status() {
    let desk = serve().await;
    assert_eq!(
        desk.ann(JSON, titled("busy")).await.problem(),
        "503 BUSY []"
    );
    assert_eq!(
        desk.ann(JSON, titled("undeclared")).await.problem(),
        "500 createTicket:500 []"
    );
    assert_eq!(desk.heard(), ["fault createTicket: no 418"]);
}

#[tokio::test]
async fn answer_that_violates_the_contract_is_reported_and_sent() {
    let desk = serve().await;
    let reply = desk.ann(JSON, titled("longer than eight")).await;
    assert_eq!(
        (reply.status, reply.json()["id"].as_str()),
        (201, Some("longer than eight"))
    );
    assert_eq!(desk.heard(), ["invalid createTicket: id"]);
}

#[tokio::test]
async fn text_in_pieces_goes_out_piece_by_piece() {
    let desk = serve().await;
    let reply = desk.ann("GET /files/listing", "").await;
    let expected = [
        "D\r\n",
        r#"{"names":"a\n"#,
        "\r\nF\r\n",
        r#"b\n","count":2}"#,
        "\r\n0\r\n\r\n",
    ];
    assert_eq!(reply.text(), expected.concat());
    assert_eq!(desk.heard(), [""; 0]);
}

const FORM: &str = "POST /files\nContent-Type: multipart/form-data; boundary=X";

fn part(disposition: &str, content: &str) -> String {
    format!("--X\r\nContent-Disposition: form-data; {disposition}\r\n\r\n{content}\r\n")
}

#[tokio::test]
async fn form_is_read_part_by_part() {
    let desk = serve().await;
    let file = "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"ä b.csv\"\r\n\
                Content-Type: text/csv\r\n\r\nid\r\n1\r\n";
    let parts = [
        file.to_owned(),
        part("name=\"copies\"", "3"),
        part("name=\"unknown\"", "skipped"),
        part("name=\"labels\"", "a"),
        part("name=\"labels\"", "b"),
        part("name=\"ticket\"", &titled("t")),
        "--X--\r\n".to_owned(),
    ];
    assert_eq!(
        desk.ann(FORM, parts.concat()).await.text(),
        "Some(\"ä b.csv\") Some(\"text/csv\") 5 bytes, Some(3) copies, Some([\"a\", \"b\"]), Some(\"t\")"
    );
}

#[tokio::test]
async fn form_reports_all_that_is_wrong() {
    let desk = serve().await;
    let parts = [
        part("name=\"copies\"", "0"),
        part("name=\"ticket\"", "{\"title\": 1}"),
        "--X--\r\n".to_owned(),
    ];
    assert_eq!(
        desk.ann(FORM, parts.concat()).await.problem(),
        "400 addFile:400 [file required, copies too_small, ticket.title invalid_type, ticket.author required]"
    );
    let twice = part("name=\"file\"", "1") + &part("name=\"file\"", "2") + "--X--\r\n";
    assert_eq!(
        desk.ann(FORM, twice).await.problem(),
        "400 addFile:400 [file custom]"
    );
    assert_eq!(
        desk.ann(FORM, "").await.problem(),
        "400 addFile:400 [ required]"
    );
}

#[tokio::test]
async fn broken_form_is_malformed() {
    let desk = serve().await;
    for body in ["--X\r\nContent-Disp", "no boundary", "--X\r\n\r\n"] {
        assert_eq!(
            desk.ann(FORM, body).await.problem(),
            "400 addFile:400 []",
            "{body}"
        );
    }
    let head = "POST /files\nContent-Type: multipart/form-data";
    assert_eq!(
        desk.ann(head, "--X--\r\n").await.problem(),
        "400 addFile:400 []"
    );
}

#[tokio::test]
async fn form_above_the_limit_is_refused() {
    let desk = serve().await;
    let head = format!("{FORM}\nAuthorization: Bearer ann\nTransfer-Encoding: chunked");
    let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
    let start = part("name=\"file\"", "");
    let body = format!(
        "{:x}\r\n{start}\r\n{}0\r\n\r\n",
        start.len(),
        chunk.repeat(20)
    );
    assert_eq!(
        desk.raw(&head, body.as_bytes()).await.problem(),
        "413 addFile:413 []"
    );
}

#[tokio::test]
async fn other_media_types_of_the_same_operation_are_read() {
    let desk = serve().await;
    assert_eq!(
        desk.ann("POST /files\nContent-Type: text/csv", "a;b")
            .await
            .text(),
        "csv a;b"
    );
    assert_eq!(
        desk.ann(
            "POST /files\nContent-Type: application/octet-stream",
            b"\xff\0"
        )
        .await
        .text(),
        "2 bytes"
    );
    let reply = desk
        .ann("POST /files\nContent-Type: text/csv", b"a\xff")
        .await;
    assert_eq!(reply.problem(), "400 addFile:400 []");
    let large = "x".repeat(3001);
    assert_eq!(
        desk.ann("POST /files\nContent-Type: text/csv", large)
            .await
            .problem(),
        "413 addFile:413 []"
    );
}

#[tokio::test]
async fn urlencoded_form_is_decoded_and_checked() {
    let desk = serve().await;
    let head = "POST /files/search\nContent-Type: application/x-www-form-urlencoded";
    assert_eq!(
        desk.ann(head, "text=a+b%26&most=2&x=1").await.text(),
        "a b& Some(2)"
    );
    let reply = desk.ann(head, "text=a&most=0").await;
    assert_eq!(
        reply.problem(),
        "400 searchFiles:400 [text too_small, most too_small]"
    );
    assert_eq!(
        desk.ann(head, "").await.problem(),
        "400 searchFiles:400 [text required]"
    );
}
