//! A problem while files are still numbers.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Position, Severity};
use crate::node::Mark;

#[derive(Debug, Clone)]
pub(crate) struct Problem {
    at: Mark,
    message: String,
    other: Option<(&'static str, Mark)>,
    hint: Option<String>,
}

impl Problem {
    pub(crate) fn new(at: Mark, message: impl Into<String>) -> Problem {
        Problem {
            at,
            message: message.into(),
            other: None,
            hint: None,
        }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Problem {
        Problem {
            hint: Some(hint.into()),
            ..self
        }
    }

    /// Names a second position: the message goes on `(words file:line:column)`.
    pub(crate) fn also(self, words: &'static str, at: Mark) -> Problem {
        Problem {
            other: Some((words, at)),
            ..self
        }
    }

    /// The problem with the names of `files`.
    pub(crate) fn locate(self, files: &[Arc<str>]) -> Diagnostic {
        let mut message = self.message;
        if let Some((words, at)) = self.other {
            message.push_str(&format!(" ({words} {})", position(files, at)));
        }
        Diagnostic {
            position: position(files, self.at),
            message,
            hint: self.hint,
            severity: Severity::Error,
        }
    }
}

/// `at` with the name of its file.
pub(crate) fn position(files: &[Arc<str>], at: Mark) -> Position {
    let file = files
        .get(at.file as usize)
        .map_or_else(|| Arc::from(""), Arc::clone);
    Position {
        file,
        line: at.line as usize,
        column: at.column as usize,
    }
}
