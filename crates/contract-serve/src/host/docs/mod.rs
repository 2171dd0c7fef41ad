//! The contract as a server serves it, and a page to read and try it, without any network.

mod assets;
mod prune;

use std::borrow::Cow;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde_json::{Map, Value, json};
use utoipa_swagger_ui::Config;

use self::assets::{Asset, Assets};
use crate::Operation;

/// The contract, as generated code has it, without what is not `served`: tags, links and components that only other
/// operations use go, too. With `here`, requests tried from the page go to this server first.
///
/// # Errors
/// When the contract is not the JSON object it was generated from.
pub fn served_contract(
    contract: &str,
    served: &[impl Operation],
    here: bool,
) -> Result<Value, serde_json::Error> {
    let mut contract: Value = serde_json::from_str(contract)?;
    prune::prune(&mut contract, |id, method, path| {
        let mut facts = served.iter().map(|operation| operation.facts());
        facts.any(|facts| match id {
            Some(id) => facts.id == id,
            None => facts.method == method && facts.key.unwrap_or(facts.path) == path,
        })
    });
    if here && let Some(root) = contract.as_object_mut() {
        let servers = root.entry("servers").or_insert_with(|| json!([]));
        if let Some(servers) = servers.as_array_mut() {
            servers.insert(0, json!({ "url": "/", "description": "This server" }));
        }
    }
    Ok(contract)
}

/// What the page shows, and of whom it knows credentials.
#[derive(Debug, Clone, Default)]
pub struct DocsPage {
    /// Values of security schemes, by their name, which the page sends from the start: those of a demo. Everybody who
    /// opens the page reads them.
    pub credentials: Vec<(String, String)>,
    /// The icon, as SVG; a plain one by default.
    pub icon: Option<&'static str>,
}

/// Routes of `/openapi.json`, `/openapi.yaml` and `/docs/`, where `/` leads.
pub fn docs(contract: &Value, page: &DocsPage) -> Router {
    let json = serde_json::to_string_pretty(contract).unwrap_or_default();
    let json = Arc::new(Asset::new("application/json", json.into()));
    let yaml = contract_document::to_yaml(contract);
    let yaml = Arc::new(Asset::new("application/yaml", yaml.into()));
    let title = contract["info"]["title"].as_str().unwrap_or("API");
    let index = index(title, page);
    let index = Arc::new(Asset::new("text/html; charset=utf-8", index.into()));
    let knows_key = !page.credentials.is_empty();
    let icon = page.icon.unwrap_or(include_str!("icon.svg"));
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
                file(&name, icon, &headers, &assets)
            }),
        )
}

fn index(title: &str, page: &DocsPage) -> String {
    let credentials = page.credentials.iter().cloned();
    let credentials: Map<String, Value> = credentials
        .map(|(scheme, value)| (scheme, value.into()))
        .collect();
    let data = match credentials.is_empty() {
        true => String::new(),
        false => {
            let credentials = Value::Object(credentials).to_string();
            format!(r#" data-credentials="{}""#, escaped(&credentials))
        }
    };
    include_str!("index.html")
        .replace("{title}", &escaped(title))
        .replace("{data}", &data)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// A file of the page: one of ours, else one of Swagger UI.
fn file(name: &str, icon: &'static str, headers: &HeaderMap, assets: &Assets) -> Response {
    let ours = match name {
        "resolve.js" => Some(("text/javascript", include_str!("resolve.js"))),
        "start.js" => Some(("text/javascript", include_str!("start.js"))),
        "style.css" => Some(("text/css", include_str!("style.css"))),
        "icon.svg" => Some(("image/svg+xml", icon)),
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
        let page = DocsPage {
            credentials: vec![("bearerAuth".into(), "fp_'1\"".into())],
            icon: None,
        };
        let shown = r#"data-credentials="{&quot;bearerAuth&quot;:&quot;fp_&#39;1\&quot;&quot;}""#;
        assert!(index("Pets & more", &page).contains(shown));
        let page = index("Pets & more", &DocsPage::default());
        assert!(!page.contains("data-") && page.contains("<title>Pets &amp; more</title>"));
    }
}
