//! The contract as this server serves it, and a page to read and try it, without any network.

mod prune;

use std::borrow::Cow;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde_json::{Value, json};
use service::demo::Demo;
use utoipa_swagger_ui::Config;

use crate::assets::{Asset, Assets};

/// The contract without what this server does not serve.
///
/// `served` says of a method in capitals and a path template whether they are served; tags, links
/// and components that only other operations use go too. With `here`, requests tried from the page
/// go to this server first.
///
/// # Errors
/// When the contract is not the JSON object it was generated from.
pub(crate) fn served_contract(
    contract: &str,
    served: impl Fn(&str, &str) -> bool,
    here: bool,
) -> Result<Value, serde_json::Error> {
    let mut contract: Value = serde_json::from_str(contract)?;
    prune::prune(&mut contract, served);
    if here && let Some(root) = contract.as_object_mut() {
        let servers = root.entry("servers").or_insert_with(|| json!([]));
        if let Some(servers) = servers.as_array_mut() {
            servers.insert(0, json!({ "url": "/", "description": "This server" }));
        }
    }
    Ok(contract)
}

/// Routes of `/openapi.json`, `/openapi.yaml` and `/docs/`, where `/` leads. The page knows the key
/// of a `demo`, and no other.
pub(crate) fn router(contract: &Value, demo: Option<&Demo>) -> Router {
    let json = serde_json::to_string_pretty(contract).unwrap_or_default();
    let json = Arc::new(Asset::new("application/json", json.into()));
    let yaml = contract_document::to_yaml(contract);
    let yaml = Arc::new(Asset::new("application/yaml", yaml.into()));
    let title = contract["info"]["title"].as_str().unwrap_or("API");
    let index = index(title, demo);
    let index = Arc::new(Asset::new("text/html; charset=utf-8", index.into()));
    let knows_key = demo.is_some();
    let assets = Assets::default();
    Router::new()
        .route(
            "/openapi.json",
            get(async move |headers: HeaderMap| json.answer(&headers)),
        )
        .route(
            "/openapi.yaml",
            get(async move |headers: HeaderMap| yaml.answer(&headers)),
        )
        .route("/", get(async || Redirect::temporary("/docs/")))
        .route("/docs", get(async || Redirect::permanent("/docs/")))
        .route(
            "/docs/",
            get(async move |headers: HeaderMap| {
                let mut page = index.answer(&headers);
                if knows_key {
                    let no_store = HeaderValue::from_static("no-store");
                    page.headers_mut().insert(header::CACHE_CONTROL, no_store);
                }
                page
            }),
        )
        .route(
            "/docs/{*file}",
            get(async move |Path(name): Path<String>, headers: HeaderMap| {
                file(&name, &headers, &assets)
            }),
        )
}

fn index(title: &str, demo: Option<&Demo>) -> String {
    let demo = demo.map(|demo| {
        let (key, tenant) = (escaped(&demo.key), escaped(demo.tenant));
        format!(r#"data-key="{key}" data-tenant="{tenant}""#)
    });
    include_str!("docs/index.html")
        .replace("{title}", &escaped(title))
        .replace("{demo}", &demo.unwrap_or_default())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

/// A file of the page: one of ours, else one of Swagger UI.
fn file(name: &str, headers: &HeaderMap, assets: &Assets) -> Response {
    let ours = match name {
        "start.js" => Some(("text/javascript", include_str!("docs/start.js"))),
        "style.css" => Some(("text/css", include_str!("docs/style.css"))),
        "icon.svg" => Some(("image/svg+xml", include_str!("docs/icon.svg"))),
        // Its own page would ask for another contract.
        "index.html" => return Redirect::permanent("/docs/").into_response(),
        _ => None,
    };
    let made = assets.get(name, || {
        if let Some((media_type, text)) = ours {
            return Ok(Some(Asset::new(
                media_type,
                Bytes::from_static(text.as_bytes()),
            )));
        }
        let made = utoipa_swagger_ui::serve(name, Arc::new(Config::default()))?;
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
    fn only_the_page_of_a_demo_knows_a_key() {
        let demo = Demo {
            tenant: "demo",
            key: "fp_1".into(),
            deletable_customer: "cust_1",
        };
        assert!(
            index("Pets & more", Some(&demo)).contains(r#"data-key="fp_1" data-tenant="demo""#)
        );
        let page = index("Pets & more", None);
        assert!(!page.contains("data-") && page.contains("<title>Pets &amp; more</title>"));
    }
}
