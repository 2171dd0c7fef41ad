//! The golden clients of `crates/contract-codegen` compile without warnings, and send what their contracts
//! say.

#![deny(warnings)]
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    reason = "a test exports nothing"
)]
#![allow(clippy::all, reason = "generated")]

#[path = "support/mod.rs"]
mod desk;

pub mod goldens {
    macro_rules! goldens {
        ($($module:ident $types:literal $client:literal)*) => {
            pub const FILES: &[&str] = &[$($client),*];
            $(pub mod $module {
                pub mod types {
                    include!(concat!("../../contract-codegen/tests/goldens/", $types));
                }
                pub mod client {
                    include!(concat!("../../contract-codegen/tests/goldens/", $client));
                }
            })*
        };
    }

    goldens! {
        odd "client-odd.types.rs" "client-odd.client.rs"
        shop "client-shop.types.rs" "client-shop.client.rs"
    }
}

use desk::{Server, answer};
use goldens::{odd, shop};
use serde_json::json;

#[test]
fn every_golden_is_compiled_here() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../contract-codegen/tests/goldens"
    );
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        // The goldens of both sides are compiled in the test `round_trip`.
        if name.ends_with(".client.rs") && !name.starts_with("both") {
            assert!(
                goldens::FILES.contains(&name.as_str()),
                "add `{name}` to the list in this file"
            );
        }
    }
}

fn odd_client(server: &Server) -> odd::client::Client {
    odd::client::Client::builder(server.url.as_str())
        .session("s1")
        .key("k&1")
        .login("ada", "pass word")
        .build()
        .expect("the settings are complete")
}

#[tokio::test]
async fn lists_are_written_in_the_style_of_the_contract() {
    let server = Server::start(vec![answer(200, json!(["x"]))]);
    let words = ["a b".to_owned(), "c,d".to_owned()];
    // Spaces separate, and so do commas in a header, where nothing is encoded.
    let spaced = ["a|b".to_owned(), "c,d".to_owned()];
    let flags = ["a b".to_owned(), "c".to_owned()];
    let theme = Some(odd::types::ListsTheme::Dark);
    let client = odd_client(&server);
    let list = client
        .lists(
            Some(&[1, 2]),
            Some(&words),
            Some(&words),
            Some(&spaced),
            Some(&flags),
            theme,
        )
        .await
        .unwrap();
    assert_eq!(list.into_inner(), ["x"]);
    let request = &server.seen()[0];
    assert_eq!(
        request.line,
        "GET /lists?commas=1,2&pipes=a%20b|c%2Cd&repeated=a%20b&repeated=c%2Cd&spaces=a%7Cb%20c%2Cd"
    );
    assert_eq!(request.header("x-flags"), Some("a b,c"));
    assert_eq!(request.header("cookie"), Some("theme=dark; sid=s1"));
}

#[tokio::test]
async fn successes_of_several_kinds_are_told_apart() {
    use odd::client::PatchJobSuccess;
    let server = Server::start(vec![
        answer(200, json!({ "state": "open" })),
        answer(202, json!(null)),
        answer(409, json!("busy")),
    ]);
    let client = odd_client(&server);
    let job = odd::types::Job {
        state: odd::types::JobState::Open.into(),
    };
    let done = client.patch_job(7, Some(&job)).await.unwrap().into_inner();
    assert!(matches!(done, PatchJobSuccess::Ok(_)));
    let later = client.patch_job(7, None).await.unwrap().into_inner();
    assert!(matches!(later, PatchJobSuccess::Accepted(())));
    let error = client.patch_job(7, None).await.unwrap_err();
    let busy = odd::client::PatchJobFailure::Conflict("busy".to_owned());
    assert_eq!(format!("{:?}", error.body().unwrap()), format!("{busy:?}"));
    let seen = server.seen();
    assert_eq!(seen[0].line, "PATCH /jobs/7?api_key=k%261");
    assert_eq!(
        seen[0].header("content-type"),
        Some("application/merge-patch+json")
    );
    assert_eq!(seen[0].text(), r#"{"state":"open"}"#);
    assert_eq!((seen[1].header("content-type"), seen[1].text()), (None, ""));
}

#[tokio::test]
async fn each_media_type_has_a_method() {
    let refused = || answer(422, json!({ "state": "closed" }));
    let server = Server::start(vec![
        refused(),
        refused(),
        refused(),
        answer(404, json!(null)),
    ]);
    let client = odd_client(&server);
    client
        .send("a&b", Some(&["x".to_owned(), "y".to_owned()]))
        .await
        .err()
        .unwrap();
    client.send_as_csv("a,b\n").await.err().unwrap();
    let error = client
        .send_as_octet_stream(vec![0_u8, 255])
        .await
        .err()
        .unwrap();
    use odd::client::SendFailure;
    assert!(
        matches!(error.body(), Some(SendFailure::UnprocessableContent(job)) if job.state.as_str() == "closed")
    );
    let nobody = client.send_as_csv("").await.err().unwrap();
    assert!(
        matches!(nobody.body(), Some(SendFailure::NotFound(()))),
        "{nobody}"
    );
    let seen = server.seen();
    assert_eq!(seen[0].text(), "to=a%26b&tags=x&tags=y");
    assert_eq!(
        seen[0].header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(
        seen[0].header("authorization"),
        Some("Basic YWRhOnBhc3Mgd29yZA==")
    );
    assert_eq!(
        (seen[1].header("content-type"), seen[1].text()),
        (Some("text/csv"), "a,b\n")
    );
    assert_eq!(
        seen[2].header("content-type"),
        Some("application/octet-stream")
    );
    assert_eq!(seen[2].body, [0, 255]);
}

#[tokio::test]
async fn methods_without_bodies_read_none() {
    let server = Server::start(vec![
        answer(200, json!({})).page(""),
        answer(204, json!({})).page(""),
    ]);
    let client = odd_client(&server);
    client.has_job(7).await.unwrap();
    client.post_(7).await.unwrap();
    let lines: Vec<String> = server
        .seen()
        .into_iter()
        .map(|request| request.line)
        .collect();
    assert_eq!(lines, ["HEAD /jobs/7", "OPTIONS /jobs/7"]);
}

#[tokio::test]
async fn optional_credentials_may_be_missing() {
    let server = Server::start(vec![answer(422, json!({ "state": "open" }))]);
    // Others need some; without `partial` there would be no client.
    let client = odd::client::Client::builder(server.url.as_str())
        .partial()
        .build()
        .unwrap();
    client.send("x", None).await.err().unwrap();
    assert_eq!(server.seen()[0].header("authorization"), None);
}

#[tokio::test]
async fn parts_of_an_upload_keep_their_types() {
    use shop::client::{Client, Upload};
    let server = Server::start(vec![answer(204, json!({})).page("")]);
    let client = Client::builder(server.url.as_str())
        .token("k")
        .branch_id("b1")
        .build()
        .unwrap();
    let picture = Upload::new("cat.png", vec![1_u8, 2]).media_type("image/png");
    let size = shop::types::PutPictureBodySize { width: 3 };
    client
        .put_picture("a/b", &picture, Some("cat"), Some(&size))
        .await
        .unwrap();
    let request = &server.seen()[0];
    assert_eq!(request.line, "PUT /items/a%2Fb/picture");
    let text = request.text();
    assert!(text.contains("name=\"caption\"\r\n\r\ncat\r\n"), "{text}");
    assert!(
        text.contains("name=\"size\"\r\nContent-Type: application/json\r\n\r\n{\"width\":3}\r\n"),
        "{text}"
    );
}

#[tokio::test]
async fn operations_without_security_get_no_credentials() {
    use shop::client::Client;
    let server = Server::start(vec![answer(200, json!({})).page("png")]);
    let client = Client::builder(server.url.as_str())
        .token("k")
        .branch_id("b1")
        .build()
        .unwrap();
    let mut picture = client.get_picture("a").await.unwrap().into_inner_stream();
    let chunk = std::future::poll_fn(|context| picture.as_mut().poll_next(context)).await;
    assert_eq!(chunk.unwrap().unwrap().as_ref(), b"png");
    let request = &server.seen()[0];
    assert_eq!(request.header("authorization"), None);
    assert_eq!(request.header("branch-id"), Some("b1"));
}

#[test]
fn a_header_that_is_parameter_and_credential_is_set_once() {
    use shop::client::{BuildError, Client};
    let builder = || Client::builder("http://host").token("k");
    builder().branch_id("b1").build().unwrap();
    let error = builder().build().unwrap_err();
    assert!(
        matches!(error, BuildError::Missing("Branch-Id", "branch_id")),
        "{error}"
    );
    let error = builder().branch_id("b 1\n").build().unwrap_err();
    assert!(error.to_string().contains("`Branch-Id`"), "{error}");
}
