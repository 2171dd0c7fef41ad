//! What is wrong with a contract.

use contract_document::{Diagnostic, Diagnostics, Document, Severity};

/// Everything that was refused so far. Whoever has this to write may refuse.
#[derive(Debug, Default)]
pub(super) struct Problems(Vec<Problem>);

#[derive(Debug)]
enum Problem {
    /// Of the value that stands at a pointer, or of its key.
    At {
        pointer: String,
        at_key: bool,
        message: String,
        hint: String,
    },
    /// Found by the document itself.
    Found(Diagnostic),
}

impl Problems {
    /// Records that the contract cannot be generated from because of what stands at `pointer`.
    pub(super) fn refuse(
        &mut self,
        pointer: &str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.add(pointer, false, message.into(), hint.into());
    }

    /// As `refuse`, at the key rather than at what it holds.
    pub(super) fn refuse_key(
        &mut self,
        pointer: &str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.add(pointer, true, message.into(), hint.into());
    }

    fn add(&mut self, pointer: &str, at_key: bool, message: String, hint: String) {
        let pointer = pointer.to_owned();
        self.0.push(Problem::At {
            pointer,
            at_key,
            message,
            hint,
        });
    }

    /// Records what the document found itself.
    pub(super) fn push(&mut self, problem: Diagnostic) {
        self.0.push(Problem::Found(problem));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `whole` if nothing was refused.
    ///
    /// # Errors
    /// Every problem once, in the order of their places in `document`.
    pub(super) fn finish<T>(self, whole: T, document: &Document) -> Result<T, Diagnostics> {
        if self.0.is_empty() {
            return Ok(whole);
        }
        let located = self.0.into_iter().map(|problem| problem.locate(document));
        let mut problems: Vec<Diagnostic> = located.collect();
        problems.sort_by(|a, b| (&a.position, &a.message).cmp(&(&b.position, &b.message)));
        problems.dedup_by(|a, b| a.position == b.position && a.message == b.message);
        Err(Diagnostics(problems))
    }
}

impl Problem {
    fn locate(self, document: &Document) -> Diagnostic {
        match self {
            Problem::Found(found) => found,
            Problem::At {
                pointer,
                at_key,
                message,
                hint,
            } => Diagnostic {
                position: match at_key {
                    true => document.key_position(&pointer),
                    false => document.position(&pointer),
                },
                message,
                hint: Some(hint),
                severity: Severity::Error,
            },
        }
    }
}
