//! Cross-origin requests (Fetch standard, section 3.2): pages of the origins that were named may
//! send every request of the contract and read the answers. Credentials of the browser (cookies)
//! play no part: a key is sent as a header, by a script that has it.

use std::collections::BTreeSet;
use std::str::FromStr;

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use serde_json::Value;
use tower_http::cors::{AllowOrigin, CorsLayer};
use tower_layer::Layer as _;
use tower_service::Service as _;

use super::settled;

/// An origin as browsers send it: `scheme://host[:port]`, read from text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(HeaderValue);

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Origin, String> {
        let form = "an origin is `https://app.example` or `http://localhost:3000`: scheme, host, and port if need be";
        if text == "*" || text.eq_ignore_ascii_case("null") {
            return Err(format!("every origin must be named; {form}"));
        }
        let (scheme, rest) = text.split_once("://").ok_or(form)?;
        let uri: Uri = text.parse().map_err(|_| form)?;
        let authority = uri.authority().ok_or(form)?;
        if authority.as_str() != rest {
            return Err(format!("an origin has no path, not even `/`; {form}"));
        }
        let host = authority.host();
        let no_port = authority.port_u16().is_none() && rest != host;
        if host.is_empty() || rest.contains(['@', '*', '%']) || no_port {
            return Err(form.to_owned());
        }
        let scheme = scheme.to_ascii_lowercase();
        let port = match (scheme.as_str(), authority.port_u16()) {
            // Browsers leave out the usual ones.
            ("http", Some(80)) | ("https", Some(443)) | (_, None) => String::new(),
            (_, Some(port)) => format!(":{port}"),
        };
        let origin = format!("{scheme}://{}{port}", host.to_ascii_lowercase());
        HeaderValue::try_from(origin)
            .map(Origin)
            .map_err(|_| form.to_owned())
    }
}

/// Lets pages of some origins in.
#[derive(Debug, Clone)]
pub struct Cors(CorsLayer);

/// Headers of requests that no contract declares.
const REQUEST_HEADERS: [&str; 3] = ["authorization", "content-type", "x-request-id"];
/// Headers of answers that no contract declares, or not everywhere.
const ANSWER_HEADERS: [&str; 4] = ["x-request-id", "retry-after", "allow", "www-authenticate"];

impl Cors {
    /// Pages of these origins, if any, and what `contract` declares.
    pub fn new(origins: &[Origin], contract: &Value) -> Option<Cors> {
        if origins.is_empty() {
            return None;
        }
        let mut requests = BTreeSet::from(REQUEST_HEADERS.map(str::to_owned));
        let mut answers = BTreeSet::from(ANSWER_HEADERS.map(str::to_owned));
        declared(contract, &mut requests, &mut answers);
        let names = |names: BTreeSet<String>| -> Vec<HeaderName> {
            names.iter().filter_map(|it| it.parse().ok()).collect()
        };
        let methods = [
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ];
        let origins = origins.iter().map(|origin| origin.0.clone());
        let layer = CorsLayer::new()
            .allow_origin(AllowOrigin::list(origins))
            .allow_methods(methods)
            .allow_headers(names(requests))
            .expose_headers(names(answers))
            .max_age(std::time::Duration::from_secs(600));
        Some(Cors(layer))
    }

    /// Answers a preflight; tells the browser of every other answer whether the page may read it.
    pub(super) async fn answer(&self, request: Request, next: Next) -> Response {
        let asks = request
            .headers()
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        if request.method() != Method::OPTIONS {
            return self.tell(request, next).await;
        }
        if asks {
            return settled(request, async |request| self.tell(request, next).await).await;
        }
        // No preflight: a method like any other that the contract does not have.
        next.run(request).await
    }

    async fn tell(&self, request: Request, next: Next) -> Response {
        let Ok(response) = self.0.layer(next).call(request).await;
        response
    }
}

/// Names of the headers that a contract declares, for requests and for answers.
fn declared(node: &Value, requests: &mut BTreeSet<String>, answers: &mut BTreeSet<String>) {
    match node {
        Value::Object(object) => {
            // A parameter, or a key as a security scheme.
            if object.get("in").and_then(Value::as_str) == Some("header")
                && let Some(name) = object.get("name").and_then(Value::as_str)
            {
                requests.insert(name.to_ascii_lowercase());
            }
            if object.contains_key("description")
                && let Some(headers) = object.get("headers").and_then(Value::as_object)
            {
                answers.extend(headers.keys().map(|it| it.to_ascii_lowercase()));
            }
            for value in object.values() {
                declared(value, requests, answers);
            }
        }
        Value::Array(items) => {
            for item in items {
                declared(item, requests, answers);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_read_as_browsers_send_it() {
        for (given, sent) in [
            ("https://app.example", "https://app.example"),
            ("HTTPS://App.Example:443", "https://app.example"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://[::1]:80", "http://[::1]"),
            ("capacitor://localhost", "capacitor://localhost"),
        ] {
            assert_eq!(given.parse::<Origin>().unwrap().0, sent);
        }
        for bad in [
            "*",
            "null",
            "",
            "app.example",
            "https://",
            "https://app.example/",
            "https://a.example/x",
            "https://user@app.example",
            "https://*.example",
            "https://a.example:port",
            "https://a.example:",
            "https://a.example,https://b.example",
            "https://ä.example",
            "https://a.example?x",
        ] {
            assert!(bad.parse::<Origin>().is_err(), "`{bad}` is an origin");
        }
    }

    #[test]
    fn headers_of_the_contract_are_let_through() {
        let contract = serde_json::json!({
            "components": {"parameters": {"Key": {"name": "Idempotency-Key", "in": "header"}}},
            "paths": {"/a": {"get": {
                "parameters": [{"name": "q", "in": "query"}],
                "responses": {"200": {"description": "ok", "headers": {"ETag": {}}}}
            }}}
        });
        let (mut requests, mut answers) = Default::default();
        declared(&contract, &mut requests, &mut answers);
        assert_eq!(requests, BTreeSet::from(["idempotency-key".to_owned()]));
        assert_eq!(answers, BTreeSet::from(["etag".to_owned()]));
    }
}
