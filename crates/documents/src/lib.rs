//! Contracts as PDF.
//!
//! A [`Document`] goes in, the bytes of a file come out. The file is PDF 1.7: text can be searched, copied and read
//! aloud (it is tagged, and every glyph has its text), and only the glyphs that occur are embedded. The same document
//! gives the same bytes.
//!
//! Latin, Greek, Cyrillic, Arabic, Hebrew, Thai, Devanagari, Armenian, Georgian, Chinese, Japanese and Korean are
//! shaped, broken into lines and ordered as Unicode says, with fonts that are built in. A character that none
//! of them has is shown as a box, and copied as it was.
//!
//! **Architecture Invariant:** nothing here knows a contract's rules, a tenant, HTTP or SQL, reads a file or
//! a clock, or formats an amount or a date: texts come as they are to be read. It does not panic on any text.
//!
//! ```
//! use documents::{Block, Document, Section, render};
//!
//! let pdf = render(&Document {
//!     title: "Rental contract".to_owned(),
//!     language: "en".to_owned(),
//!     blocks: vec![Block::Section(Section {
//!         heading: "Term".to_owned(),
//!         paragraphs: vec!["The contract runs for 24 months.".to_owned()],
//!     })],
//!     ..Document::default()
//! })?;
//! assert!(pdf.starts_with(b"%PDF-1.7"));
//! # Ok::<(), documents::Error>(())
//! ```

mod document;
mod fonts;
mod layout;
mod page;
mod tags;
mod text;
mod write;

use std::fmt;

pub use document::{
    Align, Block, Column, Document, Fact, Footer, Party, Section, Signature, Table, Total,
};

/// Most bytes of all texts of a document together, where each text and each row of a table counts as one more than it
/// has. A book has less than one million.
pub const MOST_TEXT: usize = 4 * 1024 * 1024;

/// Most pages of a document.
pub const MOST_PAGES: usize = 2_000;

/// Most columns of a table: more would leave none of them room for a word.
pub const MOST_COLUMNS: usize = 12;

/// Typesets `document` and writes it as PDF.
///
/// It takes about a millisecond for a page, and some more for the first one of a process, which reads the fonts.
/// It is work without a pause: a server does it off its event loop.
///
/// # Errors
/// The document is larger than [`MOST_TEXT`], [`MOST_PAGES`] or [`MOST_COLUMNS`] allow, or a table has a row that is
/// longer than its header. No text by itself is refused.
pub fn render(document: &Document) -> Result<Vec<u8>, Error> {
    layout::check(document)?;
    let laid_out = layout::lay_out(document)?;
    write::write(document, laid_out)
}

/// Why a document is not rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// All texts together have more bytes than [`MOST_TEXT`].
    TooMuchText {
        /// How many they have.
        bytes: usize,
    },
    /// It would have more pages than [`MOST_PAGES`].
    TooManyPages,
    /// A table has no columns, or more than [`MOST_COLUMNS`].
    Columns {
        /// Heading of the table.
        table: String,
        /// How many it has.
        columns: usize,
    },
    /// A row has more cells than the table has columns.
    TooManyCells {
        /// Heading of the table.
        table: String,
        /// Which row, from 0.
        row: usize,
    },
    /// A font could not be reduced to the glyphs in use: a defect of this crate, whatever the document is.
    Font {
        /// Its name.
        font: &'static str,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::TooMuchText { bytes } => {
                write!(
                    f,
                    "the texts have {bytes} bytes, and {MOST_TEXT} are the most"
                )
            }
            Error::TooManyPages => write!(f, "more than {MOST_PAGES} pages would be needed"),
            Error::Columns { table, columns } => {
                write!(
                    f,
                    "the table `{table}` has {columns} columns, not 1 to {MOST_COLUMNS}"
                )
            }
            Error::TooManyCells { table, row } => {
                write!(
                    f,
                    "row {row} of the table `{table}` has more cells than there are columns"
                )
            }
            Error::Font { font } => write!(f, "the font `{font}` cannot be embedded"),
        }
    }
}

impl std::error::Error for Error {}
