//! A problem while files are still numbers.

use crate::diagnostic::{Diagnostic, Severity};
use crate::node::Mark;
use crate::text::Texts;

#[derive(Debug, Clone)]
pub(crate) struct Problem {
    at: Mark,
    message: String,
    other: Option<(&'static str, Mark)>,
    hint: Option<String>,
    severity: Severity,
}

impl Problem {
    pub(crate) fn new(at: Mark, message: impl Into<String>) -> Problem {
        Problem {
            at,
            message: message.into(),
            other: None,
            hint: None,
            severity: Severity::Error,
        }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Problem {
        Problem {
            hint: Some(hint.into()),
            ..self
        }
    }

    /// Says how it is read all the same, "is read as text".
    pub(crate) fn read_as(mut self, reading: &str) -> Problem {
        self.message.push_str(", and ");
        self.message.push_str(reading);
        self
    }

    /// Names a second position: the message goes on `(words file:line:column)`.
    pub(crate) fn also(self, words: &'static str, at: Mark) -> Problem {
        Problem {
            other: Some((words, at)),
            ..self
        }
    }

    pub(crate) fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// As something that is accepted all the same.
    pub(crate) fn warning(self) -> Problem {
        Problem {
            severity: Severity::Warning,
            ..self
        }
    }

    /// As something that is against the specification, and accepted all the same.
    pub(crate) fn violation(self) -> Problem {
        Problem {
            severity: Severity::Violation,
            ..self
        }
    }

    /// The problem with the names and lines of `texts`.
    pub(crate) fn locate(self, texts: &Texts) -> Diagnostic {
        let mut message = self.message;
        if let Some((words, at)) = self.other {
            message.push_str(&format!(" ({words} {})", texts.position(at)));
        }
        Diagnostic {
            position: texts.position(self.at),
            excerpt: texts.excerpt(self.at),
            message,
            hint: self.hint,
            severity: self.severity,
        }
    }
}
