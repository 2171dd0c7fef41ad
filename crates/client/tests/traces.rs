//! What is written down about calls. One test alone: a subscriber must be there before the first
//! call of the process.

mod support;

use std::io::Write;
use std::sync::{Arc, Mutex};

use client::types;
use support::{Server, refusal};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .expect("no writer panics")
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn traces_name_the_operation_and_keep_keys_ids_and_bodies_out() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .with_env_filter("contract_call=trace")
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let server = Server::start(vec![
        refusal(429, "RATE_LIMITED").with("Retry-After", "3"),
        refusal(404, "NOT_FOUND"),
    ]);
    let change = types::CustomerUpdate {
        email: Some("private@example.com".to_owned()),
        ..types::CustomerUpdate::default()
    };
    server
        .client()
        .update_customer("cust_77", Some(&change))
        .await
        .unwrap_err();
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for expected in [
        "operation=\"updateCustomer\"",
        "status=429",
        "wait_ms=3000",
        "attempt=2",
        "status=404",
    ] {
        assert!(text.contains(expected), "{expected} is not in {text}");
    }
    for secret in ["secret-key", "private@example.com", "cust_77", "because"] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
}
