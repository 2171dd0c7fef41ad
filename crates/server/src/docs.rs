//! The contract as this server serves it, and a page to read and try it, without any network.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde_json::{Value, json};
use utoipa_swagger_ui::Config;

/// The contract without what this server does not serve.
///
/// `served` says of a method in capitals and a path template whether they are served; tags
/// without an operation go too. With `here`, requests tried from the page go to this server first.
///
/// # Errors
/// When the contract is not the JSON object it was generated from.
pub(crate) fn served_contract(
    contract: &str,
    served: impl Fn(&str, &str) -> bool,
    here: bool,
) -> Result<Value, serde_json::Error> {
    let mut contract: Value = serde_json::from_str(contract)?;
    let mut used_tags = Vec::new();
    if let Some(paths) = contract.get_mut("paths").and_then(Value::as_object_mut) {
        for (path, item) in paths.iter_mut() {
            let Some(item) = item.as_object_mut() else {
                continue;
            };
            item.retain(|key, operation| {
                // Everything else in a path item (parameters, summary) has no operation of its own.
                let is_operation = operation.get("responses").is_some();
                let keep = !is_operation || served(&key.to_ascii_uppercase(), path);
                if is_operation && keep {
                    let tags = operation.get("tags").and_then(Value::as_array);
                    used_tags.extend(tags.into_iter().flatten().cloned());
                }
                keep
            });
        }
        paths.retain(|_, item| {
            item.as_object()
                .is_some_and(|item| item.values().any(|it| it.get("responses").is_some()))
        });
    }
    if let Some(tags) = contract.get_mut("tags").and_then(Value::as_array_mut) {
        tags.retain(|tag| tag.get("name").is_some_and(|name| used_tags.contains(name)));
    }
    if here && let Some(root) = contract.as_object_mut() {
        let servers = root.entry("servers").or_insert_with(|| json!([]));
        if let Some(servers) = servers.as_array_mut() {
            servers.insert(0, json!({ "url": "/", "description": "This server" }));
        }
    }
    Ok(contract)
}

/// Routes of `/openapi.json`, `/openapi.yaml` and `/docs/`.
pub(crate) fn router(contract: &Value) -> Router {
    let text: Arc<str> = serde_json::to_string_pretty(contract)
        .unwrap_or_default()
        .into();
    let yaml: Arc<str> = document::to_yaml(contract).into();
    let config = Arc::new(
        Config::from("/openapi.json")
            .try_it_out_enabled(true)
            .persist_authorization(true)
            .display_operation_id(true)
            .display_request_duration(true)
            .deep_linking(true)
            .doc_expansion("list")
            // The public validator would be asked over the network.
            .validator_url("none"),
    );
    Router::new()
        .route(
            "/openapi.json",
            get(async move || text_answer("application/json", &text)),
        )
        .route(
            "/openapi.yaml",
            get(async move || text_answer("application/yaml", &yaml)),
        )
        .route("/docs", get(async || Redirect::permanent("/docs/")))
        .route(
            "/docs/",
            get({
                let config = Arc::clone(&config);
                async move || page("index.html", config)
            }),
        )
        .route(
            "/docs/{*file}",
            get(async move |Path(file): Path<String>| page(&file, config)),
        )
}

fn text_answer(media_type: &'static str, text: &Arc<str>) -> Response {
    ([(header::CONTENT_TYPE, media_type)], text.to_string()).into_response()
}

fn page(file: &str, config: Arc<Config<'static>>) -> Response {
    match utoipa_swagger_ui::serve(file, config) {
        Ok(Some(file)) => (
            [(header::CONTENT_TYPE, file.content_type)],
            file.bytes.into_owned(),
        )
            .into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "the documentation page is broken");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_served_is_not_advertised() {
        let contract = r#"{
            "servers": [{"url": "https://elsewhere.example"}],
            "tags": [{"name": "Pets"}, {"name": "Shops"}],
            "paths": {
                "/pets": {
                    "parameters": [],
                    "get": {"tags": ["Pets"], "responses": {}},
                    "post": {"tags": ["Shops"], "responses": {}}
                },
                "/shops": {"parameters": [], "get": {"tags": ["Shops"], "responses": {}}}
            }
        }"#;
        let served = served_contract(
            contract,
            |method, path| (method, path) == ("GET", "/pets"),
            true,
        );
        assert_eq!(
            served.unwrap(),
            json!({
                "servers": [
                    {"url": "/", "description": "This server"},
                    {"url": "https://elsewhere.example"}
                ],
                "tags": [{"name": "Pets"}],
                "paths": {"/pets": {"parameters": [], "get": {"tags": ["Pets"], "responses": {}}}}
            })
        );
    }
}
