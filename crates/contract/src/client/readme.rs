//! `README.md` of the crate, which is its documentation as well.

use std::fmt::Write as _;

use contract_codegen::model::Api;

use super::credentials::setters;
use super::info::{Info, one_line};
use super::verb;

const FEATURES: &str = "
| Feature | |
|---|---|
| `rustls` (on) | TLS by rustls, with the roots of the system |
| `webpki-roots` | the same with the roots of Mozilla, compiled in |
| `native-tls` | TLS by the library of the system, where `rustls` is off |
| `blocking` | `Blocking`: calls that are waited for |
";

/// How a client is made, and what it can do.
pub(super) fn readme(api: &Api, info: &Info) -> String {
    let Info { name, title, .. } = info;
    let mut text = format!(
        "# {name}\n\nAsynchronous client for {title}, version {} of its contract: a method per \
         operation, typed errors for every status, retries that honour `Retry-After`, and streams \
         over lists.\n\n",
        api.version
    );
    let _ = write!(
        text,
        "```rust,no_run\n# async fn example() -> Result<(), Box<dyn std::error::Error>> {{\n\
         let client = {}::Client::builder({:?})\n",
        info.krate(),
        api.servers
            .first()
            .map_or("https://api.example.com", String::as_str)
    );
    for call in setters(api) {
        let _ = writeln!(text, "    {call}");
    }
    text.push_str("    .build()?;\n# let _ = client;\n# Ok(())\n# }\n```\n\n");
    text.push_str("| Method | Request | |\n|---|---|---|\n");
    for operation in &api.operations {
        let summary = operation.summary.as_deref().unwrap_or_default();
        let _ = writeln!(
            text,
            "| `{}` | `{} {}` | {} |",
            operation.client_method(),
            verb(&operation.method),
            operation.path,
            one_line(summary).replace('|', "\\|")
        );
    }
    if let Some(webhooks) = &api.webhooks {
        let _ = write!(
            text,
            "\nWith the feature `webhooks`, `webhooks::Receiver` verifies what the API sends by itself \
             (Standard Webhooks 1.0), and reads it as `types::{}`:\n\n",
            webhooks.name
        );
        for webhook in &webhooks.each {
            let said = webhook.description.as_deref().map(one_line);
            let said = said.map(|said| format!(": {said}")).unwrap_or_default();
            let _ = writeln!(text, "* `{}`{said}", webhook.name);
        }
    }
    text.push_str(FEATURES);
    text.push_str(
        "\nLists can also be read item by item: every method that pages has a twin that ends in \
         `_stream`. What a call can leave out is said by name in a twin that ends in `_with`.\n\n\
         Generated from the contract; changes belong there.\n",
    );
    text
}
