//! Why a copy stopped.

use std::fmt;

use crate::Error as Store;

/// Why a copy stopped. Whatever it is, the source is as it was, and the target is either untouched or
/// marked as unfinished.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The source could not be read.
    Source(Store),
    /// The connection to the source was lost, and its snapshot with it.
    SnapshotLost,
    /// Values in the source that the target could not hold; at most [`SHOWN`](super::SHOWN) of them, and
    /// how many there are.
    Unfit(Vec<Unfit>, u64),
    /// The source contradicts itself; one line a fault.
    Inconsistent(Vec<String>),
    /// The target could not be read or written.
    Target(Store),
    /// The target holds data that is not of a copy.
    NotEmpty {
        /// A table with rows.
        table: &'static str,
    },
    /// The target holds an unfinished copy of something else, or of the source as it was before.
    OtherCopy {
        /// Tables that differ.
        tables: Vec<String>,
    },
    /// Another process copies to the same target.
    Concurrent,
    /// The target refused rows.
    Refused {
        /// Table.
        table: &'static str,
        /// Keys of the first and the last row that were written together.
        rows: [String; 2],
        /// What the target said.
        cause: Store,
    },
    /// What was read back from the target is not what the source holds.
    Different(Vec<super::Compared>),
    /// What was copied contradicts itself on the target; one line a fault.
    Broken(Vec<String>),
}

/// A value that the target could not hold.
#[derive(Debug)]
pub struct Unfit {
    /// Table.
    pub table: &'static str,
    /// Primary key of the row.
    pub key: String,
    /// Column.
    pub column: &'static str,
    /// What is wrong.
    pub why: &'static str,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source(_) => f.write_str("the source cannot be read"),
            Self::SnapshotLost => f.write_str("the connection to the source was lost"),
            Self::Unfit(shown, all) => {
                write!(
                    f,
                    "{all} values of the source cannot be copied; nothing was"
                )?;
                for unfit in shown {
                    write!(f, "\n  {unfit}")?;
                }
                match shown.len() as u64 == *all {
                    true => Ok(()),
                    false => f.write_str("\n  …"),
                }
            }
            Self::Inconsistent(faults) => {
                f.write_str("the source contradicts itself; nothing was copied")?;
                list(f, faults)
            }
            Self::Target(_) => f.write_str("the target cannot be read or written"),
            Self::NotEmpty { table } => {
                write!(f, "the target is not empty: it has rows in `{table}`")
            }
            Self::OtherCopy { tables } => write!(
                f,
                "the target holds an unfinished copy of another source, or the source has changed since: \
                 {} differ",
                quoted(tables)
            ),
            Self::Concurrent => f.write_str("another process is copying to the same target"),
            Self::Refused {
                table,
                rows: [first, last],
                ..
            } => write!(
                f,
                "the target refused rows of `{table}` between `{first}` and `{last}`"
            ),
            Self::Different(tables) => write!(
                f,
                "what was read back from the target is not what the source holds: {} differ",
                quoted(tables.iter().map(|compared| compared.table))
            ),
            Self::Broken(faults) => {
                f.write_str("the copy contradicts itself")?;
                list(f, faults)
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Source(cause) | Self::Target(cause) | Self::Refused { cause, .. } => Some(cause),
            _ => None,
        }
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            table,
            key,
            column,
            why,
        } = self;
        write!(f, "`{table}` `{key}`, column `{column}`: {why}")
    }
}

fn list(f: &mut fmt::Formatter<'_>, faults: &[String]) -> fmt::Result {
    for fault in faults.iter().take(super::SHOWN) {
        write!(f, "\n  {fault}")?;
    }
    if faults.len() > super::SHOWN {
        write!(f, "\n  … and {} more", faults.len() - super::SHOWN)?;
    }
    Ok(())
}

fn quoted(names: impl IntoIterator<Item = impl fmt::Display>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
