//! What is wrong with a contract, and where.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Where a node stands in its source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Path of the file, relative to the same place as the path of the entry file.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// What follows from a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The contract is refused.
    Error,
    /// It is against the specification, but has a reading that loses nothing, in which it is accepted.
    Violation,
    /// It is accepted all the same.
    Warning,
}

/// One problem of a contract.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// Where it stands.
    pub position: Position,
    /// What is wrong: lower case, without a full stop, values in backticks.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// What follows from it.
    pub severity: Severity,
    /// The lines around it, with a caret below the place; empty where there is no text.
    pub excerpt: String,
}

impl Diagnostic {
    /// The diagnostic with the lines around its place, between what is wrong and what to do.
    pub fn explained(&self) -> String {
        let mut text = format!("{}\n{}", self.told(), self.excerpt);
        if let Some(hint) = &self.hint {
            text.push_str(&format!("hint: {hint}"));
        }
        text.truncate(text.trim_end().len());
        text
    }

    fn told(&self) -> String {
        let word = match self.severity {
            Severity::Error => "",
            Severity::Violation | Severity::Warning => "warning: ",
        };
        format!("{}: {word}{}", self.position, self.message)
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told())?;
        match &self.hint {
            Some(hint) => write!(f, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Diagnostic {}

/// Every problem that was found, in the order of their positions; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostics {
    /// Every problem with the lines around it, as [`explained`] has them.
    pub fn explained(&self) -> String {
        explained(&self.0)
    }

    /// Sorts `problems` by position; `Ok` if there are none.
    ///
    /// # Errors
    /// The problems, if there are any.
    pub fn check(mut problems: Vec<Diagnostic>) -> Result<(), Diagnostics> {
        if problems.is_empty() {
            return Ok(());
        }
        problems.sort();
        problems.dedup();
        Err(Diagnostics(problems))
    }
}

/// So many warnings of a kind are shown; a document of somebody else may have thousands.
const SHOWN: usize = 3;

/// Problems with the lines around them, for people: every error, at the end, where it is seen, and before them the
/// first warnings of each kind. How many others there are is said.
pub fn explained(problems: &[Diagnostic]) -> String {
    let (errors, warnings): (Vec<&Diagnostic>, Vec<&Diagnostic>) = problems
        .iter()
        .partition(|problem| problem.severity == Severity::Error);
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut told: Vec<String> = Vec::new();
    let mut left_out = 0;
    for warning in warnings {
        let count = counts.entry(kind(&warning.message)).or_default();
        *count += 1;
        match *count <= SHOWN {
            true => told.push(warning.explained()),
            false => left_out += 1,
        }
    }
    if left_out > 0 {
        told.push(format!(
            "{left_out} more warnings of these kinds are left out; `contract check` shows all of them"
        ));
    }
    told.extend(errors.into_iter().map(Diagnostic::explained));
    told.join("\n\n")
}

/// A message without what it quotes, and without numbers.
fn kind(message: &str) -> String {
    let unquoted = message.split('`').step_by(2).collect::<Vec<_>>().join("`");
    unquoted.replace(|letter: char| letter.is_ascii_digit(), "")
}

impl From<Diagnostic> for Diagnostics {
    fn from(problem: Diagnostic) -> Self {
        Diagnostics(vec![problem])
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

#[cfg(test)]
mod tests {
    use super::{Diagnostic, Position, Severity, explained};

    fn problem(line: usize, message: String, severity: Severity) -> Diagnostic {
        Diagnostic {
            position: Position {
                file: "api.yaml".into(),
                line,
                column: 1,
            },
            message,
            hint: None,
            severity,
            excerpt: String::new(),
        }
    }

    #[test]
    fn of_many_warnings_the_first_are_shown_and_errors_are_last() {
        let mut problems = vec![problem(1, "`x` is wrong".to_owned(), Severity::Error)];
        let odd = |line| problem(line, format!("`a{line}` is odd"), Severity::Warning);
        problems.extend((2..7).map(odd));
        problems.push(problem(9, "`a` is old".to_owned(), Severity::Violation));
        assert_eq!(
            explained(&problems),
            "api.yaml:2:1: warning: `a2` is odd\n\n\
             api.yaml:3:1: warning: `a3` is odd\n\n\
             api.yaml:4:1: warning: `a4` is odd\n\n\
             api.yaml:9:1: warning: `a` is old\n\n\
             2 more warnings of these kinds are left out; `contract check` shows all of them\n\n\
             api.yaml:1:1: `x` is wrong"
        );
    }

    #[test]
    fn a_warning_says_that_it_is_one() {
        let of = |severity| Diagnostic {
            position: Position {
                file: "api.yaml".into(),
                line: 3,
                column: 5,
            },
            message: "`a` is odd".to_owned(),
            hint: Some("write `b`".to_owned()),
            severity,
            excerpt: String::new(),
        };
        let told = "api.yaml:3:5: `a` is odd\nhint: write `b`";
        assert_eq!(of(Severity::Error).to_string(), told);
        let told = "api.yaml:3:5: warning: `a` is odd\nhint: write `b`";
        assert_eq!(of(Severity::Warning).to_string(), told);
    }
}
