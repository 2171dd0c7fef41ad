//! Why a request is answered without its handler.

use std::borrow::Cow;
use std::fmt;

use axum::http::StatusCode;

use crate::{Quota, Violation};

/// Why `authenticate` turns a request away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// What kind of refusal it is; fixes the status.
    pub kind: DenialKind,
    /// Code for the answer's body, as the contract defines its codes.
    pub code: &'static str,
    /// Sentence for the caller; of a fault: for the log only.
    pub message: Cow<'static, str>,
    /// What is left of a limit on requests, if there is one; sent where the operation declares the header
    /// `RateLimit`.
    pub quota: Option<Quota>,
}

/// Kinds of [`Denial`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DenialKind {
    /// 401: no credentials, or none that are valid.
    Unauthenticated,
    /// 403: the credentials do not allow this.
    Forbidden,
    /// 429: too many requests.
    TooManyRequests {
        /// Value of `Retry-After`, in seconds.
        retry_after_seconds: u64,
    },
    /// 503: who calls could not be found out now, or there is no room for the request.
    Unavailable {
        /// Value of `Retry-After`, in seconds.
        retry_after_seconds: u64,
    },
    /// 500: the credentials could not be checked.
    Fault,
}

impl Denial {
    /// 401, with `WWW-Authenticate`.
    pub fn unauthenticated(code: &'static str, message: impl Into<Cow<'static, str>>) -> Denial {
        Denial {
            kind: DenialKind::Unauthenticated,
            code,
            message: message.into(),
            quota: None,
        }
    }

    /// 403.
    pub fn forbidden(code: &'static str, message: impl Into<Cow<'static, str>>) -> Denial {
        Denial {
            kind: DenialKind::Forbidden,
            code,
            message: message.into(),
            quota: None,
        }
    }

    /// 429, with `Retry-After`.
    pub fn too_many_requests(
        code: &'static str,
        message: impl Into<Cow<'static, str>>,
        retry_after_seconds: u64,
    ) -> Denial {
        let kind = DenialKind::TooManyRequests {
            retry_after_seconds,
        };
        Denial {
            kind,
            code,
            message: message.into(),
            quota: None,
        }
    }

    /// 503, with `Retry-After`.
    pub fn unavailable(
        code: &'static str,
        message: impl Into<Cow<'static, str>>,
        retry_after_seconds: u64,
    ) -> Denial {
        let kind = DenialKind::Unavailable {
            retry_after_seconds,
        };
        Denial {
            kind,
            code,
            message: message.into(),
            quota: None,
        }
    }

    /// The same, with what is left of a limit on requests.
    #[must_use]
    pub fn with_quota(self, quota: Quota) -> Denial {
        Denial {
            quota: Some(quota),
            ..self
        }
    }

    /// 500: `message` reaches the hook `defect`, never the caller.
    pub fn fault(message: impl Into<Cow<'static, str>>) -> Denial {
        Denial {
            kind: DenialKind::Fault,
            code: "",
            message: message.into(),
            quota: None,
        }
    }
}

/// What is wrong with what a request says of its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaFlaw {
    /// It says nothing.
    Missing,
    /// `Content-Type` is empty.
    Empty,
    /// There are several `Content-Type`.
    Repeated,
    /// `Content-Type` names another media type than those accepted.
    Other,
    /// `Content-Type` names another character set than UTF-8.
    Charset,
    /// `Content-Encoding` names a coding; none is accepted.
    Encoding,
}

/// Why a request is answered without its handler, or instead of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rejection {
    /// 404: no mounted operation has this path.
    RouteNotFound,
    /// 405: the path exists, the method does not.
    MethodNotAllowed {
        /// Value of `Allow`: the methods that exist, separated by `, `.
        allow: String,
    },
    /// 401, 403, 429 or 503: `authenticate` said no.
    Denied(Denial),
    /// 413: the body is larger than accepted.
    PayloadTooLarge {
        /// The largest accepted body, in bytes.
        limit_bytes: usize,
    },
    /// 415: a body of another media type than the operation accepts, or in another form.
    UnsupportedMediaType {
        /// What is wrong with it.
        flaw: MediaFlaw,
        /// The accepted media types.
        expected: &'static [&'static str],
    },
    /// 400: the body cannot be read as what it claims to be (not JSON, bad UTF-8, bad multipart).
    Malformed {
        /// What is wrong, and where.
        message: String,
    },
    /// 400: parameters or body violate the contract; every violation, never empty.
    Invalid(Vec<Violation>),
    /// 408: the body stopped arriving.
    BodyTimeout,
    /// 400: the connection broke while the body was read.
    BodyUnreadable,
    /// 503: the handler failed, changed nothing, and may succeed later; the cause went to a hook.
    Unavailable {
        /// Value of `Retry-After`, in seconds.
        retry_after_seconds: u64,
    },
    /// 500: the handler failed; the cause went to a hook, not in here.
    Fault,
}

impl Rejection {
    /// Status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Rejection::RouteNotFound => StatusCode::NOT_FOUND,
            Rejection::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Rejection::Denied(denial) => match denial.kind {
                DenialKind::Unauthenticated => StatusCode::UNAUTHORIZED,
                DenialKind::Forbidden => StatusCode::FORBIDDEN,
                DenialKind::TooManyRequests { .. } => StatusCode::TOO_MANY_REQUESTS,
                DenialKind::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
                DenialKind::Fault => StatusCode::INTERNAL_SERVER_ERROR,
            },
            Rejection::PayloadTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Rejection::UnsupportedMediaType { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Rejection::Malformed { .. } | Rejection::Invalid(_) | Rejection::BodyUnreadable => {
                StatusCode::BAD_REQUEST
            }
            Rejection::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            Rejection::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Rejection::Fault => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Value of `Retry-After`, in seconds, where a repeat may succeed.
    pub fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            Rejection::Denied(Denial {
                kind:
                    DenialKind::TooManyRequests {
                        retry_after_seconds,
                    }
                    | DenialKind::Unavailable {
                        retry_after_seconds,
                    },
                ..
            })
            | Rejection::Unavailable {
                retry_after_seconds,
            } => Some(*retry_after_seconds),
            _ => None,
        }
    }
}

/// A sentence that is safe to send to the caller.
impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rejection::RouteNotFound => f.write_str("no such route"),
            Rejection::MethodNotAllowed { allow } => {
                write!(f, "method not allowed; allowed here: {allow}")
            }
            Rejection::Denied(denial) if denial.kind == DenialKind::Fault => {
                f.write_str("internal error")
            }
            Rejection::Denied(denial) => f.write_str(&denial.message),
            Rejection::PayloadTooLarge { limit_bytes } => {
                write!(f, "request body is larger than {limit_bytes} bytes")
            }
            Rejection::UnsupportedMediaType { flaw, expected } => {
                let expected = expected.join("` or `");
                match flaw {
                    MediaFlaw::Missing => {
                        write!(f, "`Content-Type` is missing; it must be `{expected}`")
                    }
                    MediaFlaw::Empty => {
                        write!(f, "`Content-Type` is empty; it must be `{expected}`")
                    }
                    MediaFlaw::Repeated => {
                        write!(f, "`Content-Type` must be given only once, as `{expected}`")
                    }
                    MediaFlaw::Other => write!(f, "`Content-Type` must be `{expected}`"),
                    MediaFlaw::Charset => {
                        f.write_str("the `charset` of `Content-Type` must be `utf-8`")
                    }
                    MediaFlaw::Encoding => f.write_str(
                        "`Content-Encoding` must be `identity`: compressed bodies are not accepted",
                    ),
                }
            }
            Rejection::Malformed { message } => f.write_str(message),
            Rejection::Invalid(violations) => match violations.as_slice() {
                [one] if one.path.is_empty() => write!(f, "request {}", one.message),
                [one] => write!(f, "`{}` {}", one.path, one.message),
                all => write!(f, "request violates the contract in {} places", all.len()),
            },
            Rejection::BodyTimeout => f.write_str("request body did not arrive in time"),
            Rejection::BodyUnreadable => f.write_str("request body could not be read"),
            Rejection::Unavailable { .. } => {
                f.write_str("the request cannot be served now; repeat it later")
            }
            Rejection::Fault => f.write_str("internal error"),
        }
    }
}

/// Problem details (RFC 9457), where the contract has no error of its own.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// What kind of problem it is, in a few words.
    pub title: String,
    /// Status of the answer.
    pub status: u16,
    /// What is wrong with this request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Every violation of the contract.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemError>,
}

/// A violation of the contract in a [`Problem`].
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ProblemError {
    /// Dotted path, e.g. `items.0.sku`.
    pub path: String,
    /// What kind of rule is broken.
    pub code: &'static str,
    /// What is allowed.
    pub message: String,
}

/// What is there to say about a rejection without knowing the application.
impl From<&Rejection> for Problem {
    fn from(rejection: &Rejection) -> Problem {
        let status = rejection.status();
        let errors = match rejection {
            Rejection::Invalid(violations) => violations.as_slice(),
            _ => &[],
        };
        let error = |violation: &Violation| ProblemError {
            path: violation.path.clone(),
            code: violation.code.as_str(),
            message: violation.message.clone(),
        };
        Problem {
            title: status.canonical_reason().unwrap_or_default().to_owned(),
            status: status.as_u16(),
            detail: Some(rejection.to_string()),
            errors: errors.iter().map(error).collect(),
        }
    }
}
