//! How a client is set up, and what it adds to every request.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING};
use reqwest::{Request, Url};
use serde::Serialize;

use super::credentials::{Credentials, Scheme, Unfit};
use super::error::InvalidRequest;
use super::hooks::Hooks;
use super::path;
use super::request::header_text;
use super::retry::RetryPolicy;
use super::tls;

/// What a client knows of an operation.
#[derive(Debug)]
pub struct Operation {
    /// Name of the method.
    pub method: &'static str,
    /// `operationId`, for traces and messages.
    pub id: &'static str,
    /// Path template.
    pub path: &'static str,
    /// Alternatives of schemes that are sent together; none: no credentials.
    pub security: &'static [&'static [&'static str]],
    /// Statuses of redirects that are answers of their own, from and to.
    pub redirects: &'static [(u16, u16)],
    /// It takes the header `Idempotency-Key`.
    pub repeats: bool,
}

/// Everything that a generated builder gathers. A value that cannot be sent is kept, and told when the
/// client is built.
#[derive(Debug, Clone)]
pub struct Settings {
    base_url: String,
    credentials: Credentials,
    headers: HeaderMap,
    /// What the client calls itself in `User-Agent`.
    pub user_agent: String,
    /// How long one attempt may take, from connecting to the last byte of the answer; 30 s at first.
    pub timeout: Duration,
    /// How long connecting may take; 10 s at first.
    pub connect_timeout: Duration,
    /// When and how often a refused request is sent again.
    pub retry: RetryPolicy,
    /// What is called before and after each attempt.
    pub hooks: Hooks,
    /// Whether redirects that are not declared are followed, within the origin and where a request only reads.
    pub follow_redirects: bool,
    /// Sends the requests, instead of a client made of these settings.
    pub http: Option<reqwest::Client>,
    /// Whether some operations may lack credentials.
    pub partial: bool,
    /// The first value that cannot be sent.
    unfit: Option<Unfit>,
}

impl Settings {
    /// The settings of a client for the API at `base_url`, before anything is set.
    pub fn new(base_url: String, user_agent: &str) -> Settings {
        Settings {
            base_url,
            credentials: Credentials::default(),
            headers: HeaderMap::new(),
            user_agent: user_agent.to_owned(),
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            retry: RetryPolicy::default(),
            hooks: Hooks::default(),
            follow_redirects: false,
            http: None,
            partial: false,
            unfit: None,
        }
    }

    /// Sets a credential; the first that cannot be sent is told by [`Settings::build`].
    pub fn credential(&mut self, set: impl FnOnce(&mut Credentials) -> Result<(), Unfit>) {
        if let Err(unfit) = set(&mut self.credentials) {
            self.unfit.get_or_insert(unfit);
        }
    }

    /// Sets a header that goes with every request; the first that cannot be sent is told by
    /// [`Settings::build`].
    pub fn header<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        let text = header_text(value);
        let header = HeaderName::from_bytes(name.as_bytes());
        let value = text.as_deref().map(HeaderValue::from_str);
        match (header, value) {
            (Ok(header), Ok(Ok(value))) => {
                self.headers.insert(header, value);
            }
            (_, value) => {
                let reason = value.err().map_or("no header can hold it", String::as_str);
                self.unfit.get_or_insert((name, reason.to_owned()));
            }
        }
    }

    /// The parts of a client: the base URL without a slash at its end, what sends the requests, and
    /// what they share. `required` are the headers without which nothing works, each with the method
    /// that sets it; `operations` are sorted by method.
    ///
    /// # Errors
    /// A base URL that is not one, a value that cannot be sent, a required header or credentials
    /// that are missing, or no TLS roots on this machine for an `https` URL.
    pub fn build(
        self,
        required: &[(&'static str, &'static str)],
        schemes: &'static [Scheme],
        operations: &'static [Operation],
    ) -> Result<(String, reqwest::Client, Inner), BuildError> {
        let base_url = base_url(&self.base_url)?;
        if let Some((name, reason)) = self.unfit {
            return Err(BuildError::InvalidValue(name, reason));
        }
        for (name, method) in required {
            if !self.headers.contains_key(*name) {
                return Err(BuildError::Missing(name, method));
            }
        }
        if !self.partial
            && let Some(needs) = self.credentials.missing(schemes, operations)
        {
            return Err(BuildError::MissingCredentials(needs));
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
                tls::secured(builder, base_url.starts_with("https:"))
                    .and_then(|builder| builder.build().map_err(BuildError::Http))?
            }
        };
        let inner = Inner(Arc::new(Config {
            operations,
            schemes,
            headers: self.headers,
            credentials: self.credentials,
            retry: self.retry,
            hooks: self.hooks,
            timeout: None,
            usual_timeout: self.timeout,
            follow_redirects: self.follow_redirects,
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

/// What every request of a client shares; progenitor calls it `inner`. Clones are the same one.
#[derive(Clone)]
pub struct Inner(Arc<Config>);

#[derive(Clone)]
struct Config {
    operations: &'static [Operation],
    schemes: &'static [Scheme],
    headers: HeaderMap,
    credentials: Credentials,
    retry: RetryPolicy,
    hooks: Hooks,
    /// Of each attempt, instead of that of the HTTP client.
    timeout: Option<Duration>,
    usual_timeout: Duration,
    follow_redirects: bool,
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inner")
            .field("retry", &self.0.retry)
            .finish_non_exhaustive()
    }
}

impl Inner {
    pub(super) fn retry(&self) -> &RetryPolicy {
        &self.0.retry
    }

    /// How long one attempt may take.
    pub(super) fn timeout(&self) -> Duration {
        self.0.timeout.unwrap_or(self.0.usual_timeout)
    }

    pub(super) fn hooks(&self) -> &Hooks {
        &self.0.hooks
    }

    pub(super) fn follows_redirects(&self) -> bool {
        self.0.follow_redirects
    }

    /// The operation behind the method `name`.
    pub(super) fn operation(&self, name: &str) -> Option<&'static Operation> {
        let operations = self.0.operations;
        let index = operations
            .binary_search_by(|one| one.method.cmp(name))
            .ok()?;
        Some(&operations[index])
    }

    /// The URL of the method `name`, with `values` of [`path::value`] by name in its path.
    ///
    /// # Errors
    /// A value that the server would not read back as it was given.
    pub fn url(
        &self,
        base_url: &str,
        name: &str,
        values: &[(&'static str, String)],
    ) -> Result<String, InvalidRequest> {
        let Some(operation) = self.operation(name) else {
            return Err(format!("`{name}` is not an operation").into());
        };
        let templates = self.0.operations.iter().map(|one| one.path);
        match path::fill(operation.path, values, templates) {
            Ok(path) => Ok(format!("{base_url}{path}")),
            Err((parameter, reason)) => {
                Err(InvalidRequest::argument(parameter, reason).operation(operation.id))
            }
        }
    }

    /// `problem` with the operation behind the method `name`.
    pub(super) fn named(&self, problem: InvalidRequest, name: &str) -> InvalidRequest {
        match self.operation(name) {
            Some(operation) => problem.operation(operation.id),
            None => problem,
        }
    }

    /// The same with one more header in every request.
    ///
    /// # Errors
    /// A name that no header has, or one that says where the request ends; a value that no header can hold.
    pub fn with_header(&self, name: &str, value: &str) -> Result<Inner, InvalidRequest> {
        let refused = |reason: &str| format!("the header {name:?} cannot be sent: {reason}");
        let header = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| refused("no header has such a name"))?;
        if [CONTENT_LENGTH, TRANSFER_ENCODING].contains(&header) {
            return Err(refused("it follows from the body").into());
        }
        let text = header_text(value).map_err(|reason| refused(&reason))?;
        let value = HeaderValue::from_str(&text).map_err(|_| refused("no header can hold it"))?;
        let mut config = Config::clone(&self.0);
        config.headers.insert(header, value);
        Ok(Inner(Arc::new(config)))
    }

    /// The same with this limit for each attempt.
    pub fn with_timeout(&self, limit: Duration) -> Inner {
        let mut config = Config::clone(&self.0);
        config.timeout = Some(limit);
        Inner(Arc::new(config))
    }

    /// Adds shared headers, the limit of time, and the credentials of the method `name`.
    ///
    /// # Errors
    /// Credentials that the operation needs and that are not set.
    pub fn prepare(&self, request: &mut Request, name: &str) -> Result<(), InvalidRequest> {
        if self.0.timeout.is_some() {
            *request.timeout_mut() = self.0.timeout;
        }
        for (name, value) in &self.0.headers {
            request.headers_mut().insert(name.clone(), value.clone());
        }
        match self.operation(name) {
            Some(operation) => Ok(self.0.credentials.add(operation, self.0.schemes, request)?),
            None => Ok(()),
        }
    }
}

/// Why a client cannot be built.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// The base URL is not one.
    BaseUrl(String),
    /// The value of this header or security scheme cannot be sent, for this reason.
    InvalidValue(&'static str, String),
    /// This header, set by this method, goes with every request.
    Missing(&'static str, &'static str),
    /// Some operations cannot be called: what they need, by the methods that set it.
    MissingCredentials(String),
    /// TLS cannot be set up.
    Tls(String),
    /// The HTTP client cannot be set up.
    Http(reqwest::Error),
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BuildError::BaseUrl(problem) => {
                writeln!(f, "the base URL cannot be used: {problem}")?;
                f.write_str("hint: it looks like `https://api.example.com`")
            }
            BuildError::InvalidValue(name, reason) => {
                writeln!(f, "the value of `{name}` cannot be sent: {reason}")?;
                f.write_str("hint: look for a line break or blanks around it")
            }
            BuildError::MissingCredentials(needs) => {
                writeln!(f, "credentials are missing: {needs}")?;
                f.write_str("hint: call it on the builder, or `partial()` to do without them")
            }
            BuildError::Missing(name, method) => {
                writeln!(f, "every request needs the header `{name}`")?;
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
