//! The contract as this server serves it, and a page to read and try it, without any network.

use std::borrow::Cow;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde_json::{Value, json};
use utoipa_swagger_ui::Config;

use crate::assets::{Asset, Assets};

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
    let json = serde_json::to_string_pretty(contract).unwrap_or_default();
    let json = Arc::new(Asset::new("application/json", json.into()));
    let yaml = document::to_yaml(contract);
    let yaml = Arc::new(Asset::new("application/yaml", yaml.into()));
    let assets = Assets::default();
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
            get(async move |headers: HeaderMap| json.answer(&headers)),
        )
        .route(
            "/openapi.yaml",
            get(async move |headers: HeaderMap| yaml.answer(&headers)),
        )
        .route("/docs", get(async || Redirect::permanent("/docs/")))
        .route(
            "/docs/",
            get({
                let (assets, config) = (assets.clone(), Arc::clone(&config));
                async move |headers: HeaderMap| page("index.html", &headers, &assets, config)
            }),
        )
        .route(
            "/docs/{*file}",
            get(async move |Path(file): Path<String>, headers: HeaderMap| {
                page(&file, &headers, &assets, config)
            }),
        )
}

fn page(
    file: &str,
    headers: &HeaderMap,
    assets: &Assets,
    config: Arc<Config<'static>>,
) -> Response {
    let made = assets.get(file, || {
        let made = utoipa_swagger_ui::serve(file, config)?;
        Ok::<_, Box<dyn std::error::Error>>(made.map(|file| {
            let bytes = match file.bytes {
                Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                Cow::Owned(bytes) => bytes.into(),
            };
            Asset::new(&file.content_type, bytes)
        }))
    });
    match made {
        Ok(Some(asset)) => asset.answer(headers),
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
