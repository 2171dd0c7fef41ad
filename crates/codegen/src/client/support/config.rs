//! How a client is set up, and what it adds to every request.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Request, Url};

use super::retry::RetryPolicy;

/// What the hooks know of an operation.
#[derive(Debug)]
pub(crate) struct Operation {
    /// Name of the method.
    pub(crate) method: &'static str,
    /// `operationId`, for traces and messages.
    pub(crate) id: &'static str,
    /// Path template.
    pub(crate) path: &'static str,
    /// Alternatives of schemes that are sent together; none: no credentials.
    pub(crate) security: &'static [&'static [&'static str]],
}

/// Everything a builder gathers.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    base_url: String,
    credentials: Vec<(&'static str, Credential)>,
    headers: HeaderMap,
    pub(crate) user_agent: String,
    pub(crate) timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) http: Option<reqwest::Client>,
    /// The first value that cannot be sent, by name.
    invalid: Option<&'static str>,
}

/// What one security scheme adds to a request.
#[derive(Clone)]
enum Credential {
    Header(HeaderName, HeaderValue),
    Query(&'static str, String),
    Cookie(String),
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential(..)")
    }
}

#[allow(dead_code, reason = "each contract uses some of the credentials")]
impl Settings {
    pub(crate) fn new(base_url: String, user_agent: &str) -> Settings {
        Settings {
            base_url,
            credentials: Vec::new(),
            headers: HeaderMap::new(),
            user_agent: user_agent.to_owned(),
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            retry: RetryPolicy::default(),
            http: None,
            invalid: None,
        }
    }

    pub(crate) fn bearer(&mut self, scheme: &'static str, token: &str) {
        self.secret(scheme, AUTHORIZATION, format!("Bearer {token}"));
    }

    pub(crate) fn basic(&mut self, scheme: &'static str, user: &str, password: &str) {
        let text = super::form::base64(format!("{user}:{password}").as_bytes());
        self.secret(scheme, AUTHORIZATION, format!("Basic {text}"));
    }

    pub(crate) fn key_in_header(&mut self, scheme: &'static str, name: &'static str, key: &str) {
        match HeaderName::from_bytes(name.as_bytes()) {
            Ok(name) => self.secret(scheme, name, key.to_owned()),
            Err(_) => self.invalid = self.invalid.or(Some(scheme)),
        }
    }

    pub(crate) fn key_in_query(&mut self, scheme: &'static str, name: &'static str, key: &str) {
        self.keep(scheme, Credential::Query(name, key.to_owned()));
    }

    pub(crate) fn key_in_cookie(&mut self, scheme: &'static str, name: &'static str, key: &str) {
        self.keep(scheme, Credential::Cookie(format!("{name}={key}")));
    }

    pub(crate) fn header(&mut self, name: &'static str, value: &str) {
        let header = HeaderName::from_bytes(name.as_bytes());
        match (header, HeaderValue::from_str(value)) {
            (Ok(header), Ok(value)) => {
                self.headers.insert(header, value);
            }
            _ => self.invalid = self.invalid.or(Some(name)),
        }
    }

    fn secret(&mut self, scheme: &'static str, name: HeaderName, value: String) {
        match HeaderValue::from_str(&value) {
            Ok(mut value) => {
                value.set_sensitive(true);
                self.keep(scheme, Credential::Header(name, value));
            }
            Err(_) => self.invalid = self.invalid.or(Some(scheme)),
        }
    }

    fn keep(&mut self, scheme: &'static str, credential: Credential) {
        self.credentials.retain(|(name, _)| *name != scheme);
        self.credentials.push((scheme, credential));
    }

    /// The parts of a client. `required` are the headers without which nothing works, each with
    /// the method that sets it.
    pub(crate) fn build(
        self,
        required: &[(&'static str, &'static str)],
        operations: &'static [Operation],
    ) -> Result<(String, reqwest::Client, Inner), BuildError> {
        let base_url = base_url(&self.base_url)?;
        if let Some(name) = self.invalid {
            return Err(BuildError::InvalidValue(name));
        }
        for (name, method) in required {
            if !self.headers.contains_key(*name) {
                return Err(BuildError::Missing(name, method));
            }
        }
        let http = match self.http {
            Some(http) => http,
            None => {
                let builder = reqwest::Client::builder()
                    .user_agent(self.user_agent)
                    .timeout(self.timeout)
                    .connect_timeout(self.connect_timeout)
                    // Followed by hand: only within the same origin, and only what reads.
                    .redirect(reqwest::redirect::Policy::none());
                secured(builder, base_url.starts_with("https:"))
                    .and_then(|builder| builder.build().map_err(BuildError::Http))?
            }
        };
        let inner = Inner(Arc::new(Config {
            operations,
            headers: self.headers,
            credentials: self.credentials,
            retry: self.retry,
        }));
        Ok((base_url, http, inner))
    }
}

/// The base URL without a slash at its end.
fn base_url(text: &str) -> Result<String, BuildError> {
    let url = Url::parse(text).map_err(|error| BuildError::BaseUrl(error.to_string()))?;
    let problem = if !matches!(url.scheme(), "http" | "https") {
        Some("only `http` and `https` are supported")
    } else if url.query().is_some() || url.fragment().is_some() {
        Some("it cannot have a query or fragment")
    } else if !url.username().is_empty() || url.password().is_some() {
        Some("credentials do not belong in it")
    } else {
        None
    };
    match problem {
        Some(problem) => Err(BuildError::BaseUrl(problem.to_owned())),
        None => Ok(url.as_str().trim_end_matches('/').to_owned()),
    }
}

/// Chooses the cryptography for TLS: ring, unless the process has chosen already. A client for
/// `http` gets along without any roots of trust, which a minimal machine may not have.
fn secured(
    builder: reqwest::ClientBuilder,
    is_https: bool,
) -> Result<reqwest::ClientBuilder, BuildError> {
    let provider = || Arc::new(rustls::crypto::ring::default_provider());
    if is_https {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Failing means that another thread was faster, which does as well.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        return Ok(builder);
    }
    let tls = rustls::ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|error| BuildError::Tls(error.to_string()))?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    Ok(builder.tls_backend_preconfigured(tls))
}

/// What every request of a client shares.
#[derive(Clone)]
pub struct Inner(Arc<Config>);

struct Config {
    operations: &'static [Operation],
    headers: HeaderMap,
    credentials: Vec<(&'static str, Credential)>,
    retry: RetryPolicy,
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inner")
            .field("retry", &self.0.retry)
            .finish_non_exhaustive()
    }
}

impl Inner {
    pub(crate) fn retry(&self) -> &RetryPolicy {
        &self.0.retry
    }

    /// The operation behind the method `name`.
    pub(crate) fn operation(&self, name: &str) -> Option<&'static Operation> {
        let operations = self.0.operations;
        let index = operations
            .binary_search_by(|one| one.method.cmp(name))
            .ok()?;
        Some(&operations[index])
    }

    /// Adds shared headers and credentials, and refuses what would reach another operation.
    pub(crate) fn prepare(
        &self,
        base_url: &str,
        request: &mut Request,
        method: &str,
    ) -> Result<(), String> {
        for (name, value) in &self.0.headers {
            request.headers_mut().insert(name.clone(), value.clone());
        }
        let Some(operation) = self.operation(method) else {
            return Ok(());
        };
        if !reaches(operation.path, base_url, request.url()) {
            return Err(format!(
                "`{}`: a value in the path is empty or a dot segment",
                operation.id
            ));
        }
        let chosen = operation.security.iter().find(|alternative| {
            alternative
                .iter()
                .all(|scheme| self.credential(scheme).is_some())
        });
        match (chosen, operation.security.first()) {
            (Some(schemes), _) => {
                for credential in schemes.iter().filter_map(|scheme| self.credential(scheme)) {
                    credential.add(request);
                }
                Ok(())
            }
            (None, Some(wanted)) => Err(format!(
                "`{}` needs credentials: set {} on the builder",
                operation.id,
                wanted
                    .iter()
                    .map(|name| format!("`{name}`"))
                    .collect::<Vec<_>>()
                    .join(" and "),
            )),
            (None, None) => Ok(()),
        }
    }

    fn credential(&self, scheme: &str) -> Option<&Credential> {
        self.0
            .credentials
            .iter()
            .find(|(name, _)| *name == scheme)
            .map(|(_, value)| value)
    }
}

impl Credential {
    fn add(&self, request: &mut Request) {
        match self {
            Credential::Header(name, value) => {
                request.headers_mut().insert(name.clone(), value.clone());
            }
            Credential::Query(name, key) => {
                request.url_mut().query_pairs_mut().append_pair(name, key);
            }
            Credential::Cookie(pair) => {
                let others = request
                    .headers()
                    .get(COOKIE)
                    .and_then(|value| value.to_str().ok());
                let all = others.map_or_else(|| pair.clone(), |others| format!("{others}; {pair}"));
                if let Ok(mut value) = HeaderValue::from_str(&all) {
                    value.set_sensitive(true);
                    request.headers_mut().insert(COOKIE, value);
                }
            }
        }
    }
}

/// Whether `url` still has the shape of `template`. URLs resolve `.` and `..`, however they are
/// encoded, so `DELETE /customers/..` would become another request.
fn reaches(template: &str, base_url: &str, url: &Url) -> bool {
    let base = Url::parse(base_url).map(|base| base.path().trim_end_matches('/').to_owned());
    let Some(path) = base.ok().and_then(|base| url.path().strip_prefix(&base)) else {
        return false;
    };
    let wanted: Vec<&str> = template.split('/').collect();
    let found: Vec<&str> = path.split('/').collect();
    wanted.len() == found.len()
        && wanted
            .iter()
            .zip(found)
            .all(|(wanted, found)| !wanted.contains('{') || !found.is_empty())
}

/// Why a client cannot be built.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// The base URL is not one.
    BaseUrl(String),
    /// The value of this header or security scheme cannot be sent.
    InvalidValue(&'static str),
    /// This header, set by this method, goes with every request.
    Missing(&'static str, &'static str),
    /// TLS cannot be set up.
    Tls(String),
    /// The HTTP client cannot be set up.
    Http(reqwest::Error),
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BuildError::BaseUrl(problem) => {
                write!(f, "the base URL cannot be used: {problem}\n")?;
                f.write_str("hint: it looks like `https://api.example.com`")
            }
            BuildError::InvalidValue(name) => {
                write!(
                    f,
                    "the value of `{name}` has characters that no header may have\n"
                )?;
                f.write_str("hint: look for a line break or blanks around it")
            }
            BuildError::Missing(name, method) => {
                write!(f, "every request needs the header `{name}`\n")?;
                write!(f, "hint: call `{method}` on the builder")
            }
            BuildError::Tls(problem) => write!(f, "TLS cannot be set up: {problem}"),
            BuildError::Http(_) => {
                f.write_str("the HTTP client cannot be set up\n")?;
                f.write_str("hint: https needs root certificates, such as those of the package `ca-certificates`")
            }
        }
    }
}

impl std::error::Error for BuildError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            BuildError::Http(error) => Some(error),
            _ => None,
        }
    }
}
