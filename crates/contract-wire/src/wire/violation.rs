//! What is wrong with a value, and where.

use std::fmt;

/// Most violations that are reported about one value. A hostile body could otherwise be answered
/// with more text than it had itself.
pub const MAX_VIOLATIONS: usize = 1000;

/// One way in which a value breaks the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Dotted path of the offending value, e.g. `items.0.sku`; empty for the value as a whole.
    pub path: String,
    /// What kind of rule is broken.
    pub code: ViolationCode,
    /// What is allowed instead. Never repeats the offending value, which may be secret.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.message),
            path => write!(f, "`{path}` {}", self.message),
        }
    }
}

/// Kinds of broken rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ViolationCode {
    /// A property is missing.
    Required,
    /// A value has the wrong JSON type.
    InvalidType,
    /// Text breaks its pattern or format.
    InvalidString,
    /// A value is not among those listed.
    InvalidEnumValue,
    /// A number is too small, a text or list too short.
    TooSmall,
    /// A number is too large, a text or list too long.
    TooBig,
    /// Anything else.
    Custom,
}

impl ViolationCode {
    /// The code on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            ViolationCode::Required => "required",
            ViolationCode::InvalidType => "invalid_type",
            ViolationCode::InvalidString => "invalid_string",
            ViolationCode::InvalidEnumValue => "invalid_enum_value",
            ViolationCode::TooSmall => "too_small",
            ViolationCode::TooBig => "too_big",
            ViolationCode::Custom => "custom",
        }
    }
}

impl fmt::Display for ViolationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where a check stands inside a value: a chain of steps that is only written out when something
/// is wrong there.
#[derive(Debug, Clone, Copy)]
pub struct At<'a>(Step<'a>);

#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    Root,
    Property(&'a At<'a>, &'a str),
    Item(&'a At<'a>, usize),
}

impl<'a> At<'a> {
    /// The value as a whole.
    pub const ROOT: At<'static> = At(Step::Root);

    /// The property `name` of the value here.
    pub fn property(&'a self, name: &'a str) -> At<'a> {
        At(Step::Property(self, name))
    }

    /// The item at `index` of the list here.
    pub fn item(&'a self, index: usize) -> At<'a> {
        At(Step::Item(self, index))
    }
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = match self.0 {
            Step::Root => return Ok(()),
            Step::Property(before, _) | Step::Item(before, _) => before,
        };
        if !matches!(before.0, Step::Root) {
            write!(f, "{before}.")?;
        }
        match self.0 {
            Step::Root => Ok(()),
            Step::Property(_, name) => f.write_str(name),
            Step::Item(_, index) => write!(f, "{index}"),
        }
    }
}

/// Why bytes are not the value they should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecodeError {
    /// They are not JSON at all.
    Syntax {
        /// Line of the error, from 1.
        line: usize,
        /// Column of the error in bytes, from 1; 0 at the start of a line.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// They are JSON that breaks the contract. Never empty.
    Invalid(Vec<Violation>),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecodeError::Syntax {
                line,
                column,
                message,
            } => {
                write!(f, "not JSON: {message} at line {line} column {column}")
            }
            DecodeError::Invalid(violations) => {
                for (index, violation) in violations.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "; " };
                    write!(f, "{separator}{violation}")?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for DecodeError {}
