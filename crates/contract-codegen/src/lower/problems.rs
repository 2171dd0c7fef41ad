//! What is wrong with a contract.

use contract_document::{Diagnostic, Diagnostics, Document, Severity};

/// Everything that was found so far. Whoever has this to write may refuse, or warn.
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
        severity: Severity,
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
        self.add(Severity::Error, pointer, false, message.into(), hint.into());
    }

    /// As `refuse`, at the key rather than at what it holds.
    pub(super) fn refuse_key(
        &mut self,
        pointer: &str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.add(Severity::Error, pointer, true, message.into(), hint.into());
    }

    /// Records that what stands at `pointer` cannot be meant as it is written. `message` says how it is read:
    /// in the way that loses nothing; where there is no such way it is to be refused.
    pub(super) fn warn(
        &mut self,
        pointer: &str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.add(
            Severity::Warning,
            pointer,
            false,
            message.into(),
            hint.into(),
        );
    }

    /// As `warn`, for what is against the specification of OpenAPI itself.
    pub(super) fn violation(
        &mut self,
        pointer: &str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.add(
            Severity::Violation,
            pointer,
            true,
            message.into(),
            hint.into(),
        );
    }

    /// As `warn`, at the key rather than at what it holds.
    pub(super) fn warn_key(
        &mut self,
        pointer: &str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.add(
            Severity::Warning,
            pointer,
            true,
            message.into(),
            hint.into(),
        );
    }

    fn add(
        &mut self,
        severity: Severity,
        pointer: &str,
        at_key: bool,
        message: String,
        hint: String,
    ) {
        let pointer = pointer.to_owned();
        self.0.push(Problem::At {
            pointer,
            at_key,
            message,
            hint,
            severity,
        });
    }

    /// Records what the document found itself.
    pub(super) fn push(&mut self, problem: Diagnostic) {
        self.0.push(Problem::Found(problem));
    }

    /// Whether something was refused.
    pub(super) fn refuses(&self) -> bool {
        self.0
            .iter()
            .any(|problem| problem.severity() == Severity::Error)
    }

    /// `whole` with the warnings, if nothing was refused.
    ///
    /// # Errors
    /// Every problem once, in the order of their places in `document`.
    pub(super) fn finish<T>(
        self,
        whole: T,
        document: &Document,
    ) -> Result<(T, Vec<Diagnostic>), Diagnostics> {
        let is_refused = self.refuses();
        let located = self.0.into_iter().map(|problem| problem.locate(document));
        let mut problems: Vec<Diagnostic> = located.collect();
        problems.sort_by(|a, b| (&a.position, &a.message).cmp(&(&b.position, &b.message)));
        problems.dedup_by(|a, b| a.position == b.position && a.message == b.message);
        match is_refused {
            true => Err(Diagnostics(problems)),
            false => Ok((whole, problems)),
        }
    }
}

impl Problem {
    fn severity(&self) -> Severity {
        match self {
            Problem::At { severity, .. } => *severity,
            Problem::Found(found) => found.severity,
        }
    }

    fn locate(self, document: &Document) -> Diagnostic {
        match self {
            Problem::Found(found) => found,
            Problem::At {
                pointer,
                at_key,
                message,
                hint,
                severity,
            } => Diagnostic {
                severity,
                ..match at_key {
                    true => document.key_diagnostic(&pointer, message, Some(hint)),
                    false => document.diagnostic(&pointer, message, Some(hint)),
                }
            },
        }
    }
}
