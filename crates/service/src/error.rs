//! What a rule answers instead of a result, and the one place where that becomes the contract's
//! error body and status.

use std::fmt;

use api::support::Respond;
use types::{ErrorBody, ErrorCode, ErrorDetail, ErrorInfo};

/// Why an operation did not succeed.
#[derive(Debug)]
pub enum Error {
    /// A rule refuses: the caller's affair.
    Refused(Refusal),
    /// The store failed: ours.
    Store(store::Error),
    /// A value that the store holds does not fit the contract: ours. The text is for the log.
    Broken(String),
}

/// A refusal, as the caller will read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// Stable reason; decides the status.
    pub code: ErrorCode,
    /// For people. Safe to show.
    pub message: String,
    /// Violations, or the records that stand in the way.
    pub details: Vec<ErrorDetail>,
}

/// A refusal with a code and a sentence.
pub fn refuse(code: ErrorCode, message: impl Into<String>) -> Error {
    Error::Refused(Refusal {
        code,
        message: message.into(),
        details: Vec::new(),
    })
}

/// The resource that the path names is unknown: `kind` as people call it.
pub fn not_found(kind: &str) -> Error {
    refuse(
        ErrorCode::NotFound,
        format!("there is no such {kind} in this tenant"),
    )
}

/// A value of the request that the schema cannot judge is wrong. `code` is one of the detail
/// codes of the contract (`custom`, `too_big`, …).
pub fn invalid(path: impl Into<String>, code: &str, message: impl Into<String>) -> Error {
    let (path, message) = (path.into(), message.into());
    Error::Refused(Refusal {
        code: ErrorCode::ValidationError,
        message: format!("`{path}` {message}"),
        details: vec![ErrorDetail {
            path,
            message,
            code: code.into(),
        }],
    })
}

/// Several wrong values at once, as (path, detail code, message).
pub fn invalid_all(violations: Vec<(String, &'static str, String)>) -> Error {
    let details: Vec<ErrorDetail> = violations
        .into_iter()
        .map(|(path, code, message)| ErrorDetail {
            path,
            message,
            code: code.into(),
        })
        .collect();
    let message = "the request does not fit the rules of this tenant".into();
    Error::Refused(Refusal {
        code: ErrorCode::ValidationError,
        message,
        details,
    })
}

/// A value that has the form of the contract, and that no record can have: `message` says why, `code`
/// which kind of value it is.
pub fn refuse_value(code: ErrorCode, path: &str, message: impl Into<String>) -> Error {
    match invalid(path, "custom", message) {
        Error::Refused(refusal) => Error::Refused(Refusal { code, ..refusal }),
        error => error,
    }
}

/// Several values that have the form of the contract, and that no record can have, as (path, detail
/// code, message). `code` says which kind they are.
pub fn unfit(code: ErrorCode, violations: Vec<(String, &'static str, String)>) -> Error {
    let message = match &violations[..] {
        [] => String::new(),
        [(path, _, first), others @ ..] if others.iter().all(|(other, ..)| other == path) => {
            let others: String = others.iter().map(|(_, _, it)| format!("; {it}")).collect();
            format!("`{path}` {first}{others}")
        }
        _ => format!("{} values of the request cannot be", violations.len()),
    };
    match invalid_all(violations) {
        Error::Refused(refusal) => Error::Refused(Refusal {
            code,
            message,
            ..refusal
        }),
        error => error,
    }
}

impl Refusal {
    /// The refusal that has this body.
    ///
    /// # Errors
    /// Its code is none of the contract.
    pub(crate) fn of(body: ErrorBody) -> Result<Refusal, Error> {
        let code = body.error.code.as_str();
        Ok(Refusal {
            code: code
                .parse()
                .map_err(|_| Error::Broken(format!("`{code}` is no error code")))?,
            message: body.error.message,
            details: body.error.details.unwrap_or_default(),
        })
    }

    /// The status it is answered with.
    pub fn status(&self) -> u16 {
        self.code.status()
    }

    /// The contract's error body.
    pub fn body(self) -> ErrorBody {
        let details = (!self.details.is_empty()).then_some(self.details);
        ErrorBody {
            error: ErrorInfo {
                code: self.code.into(),
                message: self.message,
                details,
            },
        }
    }
}

/// An unexpected error. The log gets its text with every cause; the caller gets the contract's
/// 500 body, or that of 503 where a repeat may succeed.
#[derive(Debug)]
pub struct Fault {
    text: String,
    retry_after_seconds: Option<u64>,
}

impl Fault {
    pub(crate) fn of(error: &Error) -> Fault {
        Fault {
            text: chain(error),
            retry_after_seconds: error.retry_after_seconds(),
        }
    }

    /// When to repeat the request, which changed nothing; `None` if a repeat may not help, or if
    /// something may have changed.
    pub fn retry_after_seconds(&self) -> Option<u64> {
        self.retry_after_seconds
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// What a caller waits before a repeat, in seconds: locks are released and queues are shorter by
/// then, and whoever waits for a disk or a failover asks once a second at most.
const RETRY_AFTER_SECONDS: u64 = 1;

impl Error {
    /// When to repeat what ended with this error; `None` unless it changed nothing and a repeat
    /// may succeed.
    pub(crate) fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            Error::Store(error) if error.is_passing() => Some(RETRY_AFTER_SECONDS),
            _ => None,
        }
    }
}

/// The answer of an operation to the outcome of its rule.
///
/// # Errors
/// A fault when the store failed, or when a rule refuses with a status that the contract does not
/// declare for this operation.
pub fn respond<A>(outcome: Result<A::Success, Error>) -> Result<A, Fault>
where
    A: Respond<Error = ErrorBody>,
{
    match outcome {
        Ok(value) => Ok(A::success(value)),
        Err(Error::Refused(refusal)) => {
            let status = refusal.status();
            A::from_error(status, refusal.body()).map_err(|body| {
                let code = body.error.code.as_str();
                Fault {
                    text: format!(
                        "refused with `{code}`, but the operation declares no answer {status}"
                    ),
                    retry_after_seconds: None,
                }
            })
        }
        Err(error) => Err(Fault::of(&error)),
    }
}

/// An error with all its causes, for the log.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// Why the store cannot be used, for anybody to read: without names, addresses or the words of the
/// engine.
pub fn safe_cause(error: &Error) -> String {
    match error {
        Error::Store(store::Error::Unavailable { doing, .. }) => {
            format!("the database is unavailable while {doing}")
        }
        Error::Store(store::Error::Closed) => "the server is stopping".to_owned(),
        _ => "the database answers with an error".to_owned(),
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Error {
        match error {
            // Whichever value of the request it is: no engine could give it back unchanged.
            store::Error::NulCharacter => refuse(
                ErrorCode::ValidationError,
                "a text contains the character U+0000, which cannot be stored",
            ),
            error => Error::Store(error),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Refused(refusal) => write!(formatter, "{}: {}", refusal.code, refusal.message),
            Error::Store(_) => formatter.write_str("the store failed"),
            Error::Broken(what) => {
                write!(formatter, "stored data does not fit the contract: {what}")
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Store(error) => Some(error),
            _ => None,
        }
    }
}
