//! Both sides of a contract, generated and talking to each other over TCP: what a client sends is
//! what the server reads, or nothing is sent; what the server answers is what the client gives.

#![deny(warnings)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    missing_docs,
    reason = "a test exports nothing, and no contract needs everything"
)]
#![allow(clippy::all, reason = "generated")]

mod answers;
mod credentials;
#[path = "../support/mod.rs"]
mod desk;
mod paths;
mod values;

pub mod goldens {
    macro_rules! goldens {
        ($($module:ident $types:literal $api:literal $client:literal)*) => {
            pub const FILES: &[&str] = &[$($client),*];
            $(pub mod $module {
                pub mod types {
                    include!(concat!("../../../contract-codegen/tests/goldens/", $types));
                }
                pub mod api {
                    pub use super::types;
                    include!(concat!("../../../contract-codegen/tests/goldens/", $api));
                }
                pub mod client {
                    include!(concat!("../../../contract-codegen/tests/goldens/", $client));
                }
            })*
        };
    }

    goldens! {
        answers "both-answers.types.rs" "both-answers.api.rs" "both-answers.client.rs"
        values "both-values.types.rs" "both-values.api.rs" "both-values.client.rs"
    }
}

#[test]
fn every_golden_of_both_sides_is_run_here() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../contract-codegen/tests/goldens"
    );
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.starts_with("both") && name.ends_with(".client.rs") {
            assert!(
                goldens::FILES.contains(&name.as_str()),
                "add `{name}` to the list in this file"
            );
        }
    }
}

/// Serves `router` on a port of its own.
async fn serve(router: axum::Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

/// A client of no contract.
fn http() -> reqwest::Client {
    // Failing means that another test was faster.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

/// Marsaglia's xorshift64, with values that are hard to carry.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }

    fn pick<'i, T>(&mut self, items: &'i [T]) -> &'i T {
        &items[self.below(items.len())]
    }

    fn text(&mut self) -> String {
        const PIECES: [&str; 38] = [
            "a", "b", "x", "variants", "archive", "json", ".", "..", ":", ",", ";", "|", "/", "\\",
            "%", "%2C", "%2f", "%41", "?", "#", "&", "=", "+", " ", "\t", "\"", "'", "ü", "日",
            "\u{7f}", "\r\n", "\0", "-", "_", "~", "@", "!", "[]{}<>^`",
        ];
        let count = self.below(4);
        (0..count).map(|_| *self.pick(&PIECES)).collect()
    }

    fn list(&mut self) -> Vec<String> {
        let count = self.below(4);
        (0..count).map(|_| self.text()).collect()
    }
}
