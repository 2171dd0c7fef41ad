//! `tests/smoke.rs` of the crate.

use contract_codegen::model::{Api, Location, Method, Shape};

use super::credentials::{is_set, setters};
use super::info::Info;
use super::verb;

/// A test that calls one operation against a server of its own; where none can be called without
/// knowing more of the contract, one that makes a client. Where there are webhooks, one that receives.
pub(super) fn smoke(api: &Api, info: &Info) -> String {
    let received = api.webhooks.iter().map(|webhooks| {
        let text = RECEIVED.replace("KRATE", &info.krate());
        text.replace("WEBHOOK", &webhooks.name)
    });
    call(api, info) + &received.collect::<String>()
}

fn call(api: &Api, info: &Info) -> String {
    let shared = api.shared_headers();
    // One whose arguments can be written down without knowing the contract.
    let simple = api.operations.iter().find(|operation| {
        let parameters = operation
            .parameters
            .iter()
            .filter(|one| !shared.iter().any(|shared| shared.wire == one.wire));
        let callable = |schemes: &Vec<(String, Vec<String>)>| {
            schemes.iter().all(|(name, _)| is_set(api, name))
        };
        let open = operation.security.is_empty() || operation.security.iter().any(callable);
        open && operation.body.is_none()
            && operation.method != Method::Head
            && parameters.clone().all(|one| {
                one.location == Location::Path && matches!(one.value.shape, Shape::String(_))
            })
    });
    let setters: String = setters(api)
        .iter()
        .map(|call| format!("        {}\n", call.replace('…', "value")))
        .collect();
    let filled = |text: &str| {
        text.replace("KRATE", &info.krate())
            .replace("        // setters\n", &setters)
    };
    let Some(operation) = simple else {
        return filled(MADE);
    };
    let arguments = operation
        .parameters
        .iter()
        .filter(|one| one.location == Location::Path);
    let arguments = vec!["\"id\""; arguments.count()].join(", ");
    let mut path = operation.path.clone();
    while let (Some(start), Some(end)) = (path.find('{'), path.find('}')) {
        path.replace_range(start..=end, "id");
    }
    filled(CALLED)
        .replace("METHOD", &operation.client_method())
        .replace("ARGUMENTS", &arguments)
        .replace("REQUEST", &format!("{} {path}", verb(&operation.method)))
}

const CALLED: &str = r#"//! One call over TCP: the crate works on its own.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

#[tokio::test]
async fn a_call_reaches_the_server_and_its_refusal_is_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let server = std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("the client connects");
        let mut reader = BufReader::new(stream);
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).expect("the client writes text");
            match line.trim_end() {
                "" => break,
                line => lines.push(line.to_owned()),
            }
        }
        let answer = b"HTTP/1.1 418 Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        reader.get_mut().write_all(answer).expect("the client reads");
        lines
    });
    let client = KRATE::Client::builder(url)
        // setters
        .build()
        .expect("the settings are complete");
    // What a success would be need not be printable.
    let error = client.METHOD(ARGUMENTS).await.err().expect("the server refuses");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(418));
    let lines = server.join().expect("the server ends");
    assert_eq!(lines[0], "REQUEST HTTP/1.1");
}
"#;

const MADE: &str = r#"//! A client is made: the crate works on its own.

#[test]
fn a_client_is_made() {
    let client = KRATE::Client::builder("http://127.0.0.1:1")
        // setters
        .build();
    client.expect("the settings are complete");
}
"#;

const RECEIVED: &str = r#"
#[cfg(feature = "webhooks")]
#[test]
fn a_webhook_is_verified_and_read() {
    use KRATE::webhooks::{Receiver, Secret, sign};
    let secret = Secret::generate().expect("the system has randomness");
    let (body, now) = (b"{}", std::time::SystemTime::now());
    let signed = sign(&[secret.clone()], "evt_1", now, body).expect("it can be signed");
    let receiver = Receiver::new(secret);
    let received =
        receiver.receive_as::<KRATE::types::WEBHOOK>("of later", &signed.headers()[..], body, now);
    assert_eq!(received.expect("it is signed").event.name(), "of later");
}
"#;
