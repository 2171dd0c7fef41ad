//! What is to be rendered: plain data, and every text as the reader is to see it.

use jiff::Timestamp;

/// A document on A4, from its title to its last block.
///
/// Texts are plain: no markup is read. A line feed (`\n`, also `\r\n` and the other line ends of Unicode) begins
/// a line; white space is otherwise collapsed as in HTML. Left out is what has no look: control characters,
/// byte order marks, soft hyphens, and the characters that force a direction upon a text (U+202A to U+202E), with
/// which an amount could be made to read backwards. Any text may be empty, and as long as [`MOST_TEXT`]
/// allows: what does not fit a line or a page goes on in the next.
///
/// [`MOST_TEXT`]: crate::MOST_TEXT
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// What it is, for example `Rental contract`: the heading of the first page, the head of the others, and the
    /// name under which a reader shows the file.
    pub title: String,
    /// Which one it is, for example `No. ORD-1024`: below the title, and in the head of the other pages.
    pub subtitle: String,
    /// BCP 47 tag of the language that most of it is written in, for screen readers: `en`, `pl`, `ar`. What is no
    /// such tag (other than ASCII letters, digits and hyphens, or longer than 35) is not written.
    pub language: String,
    /// When it was created, as the file's properties tell. `None` writes no date: nothing here asks a clock.
    pub created: Option<Timestamp>,
    /// Whose document it is: beside the title, the first line in bold. The first line is also the author in the
    /// file's properties.
    pub letterhead: Vec<String>,
    /// What it says, from top to bottom.
    pub blocks: Vec<Block>,
    /// What stands at the foot of every page.
    pub footer: Footer,
}

/// A part of a [`Document`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Who contracts, side by side, two in a row.
    Parties(Vec<Party>),
    /// What is the case, label over value, up to four in a row.
    Facts(Vec<Fact>),
    /// What is rented.
    Table(Table),
    /// What is agreed.
    Section(Section),
    /// Where to sign, two side by side, and never without what is above the line.
    Signatures(Vec<Signature>),
}

/// One of those who contract.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Party {
    /// For example `Lessor`.
    pub role: String,
    /// Name and address; the first line is in bold.
    pub lines: Vec<String>,
}

/// A label and what it says: `Order date`, `14 March 2025`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fact {
    /// What is said.
    pub label: String,
    /// What it is.
    pub value: String,
}

/// Rows under a header, which is repeated on every page that the rows reach.
///
/// Columns are as wide as their texts need, and share what is left or missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Above the table; none if empty.
    pub heading: String,
    /// From left to right, 1 to [`MOST_COLUMNS`](crate::MOST_COLUMNS).
    pub columns: Vec<Column>,
    /// From top to bottom, with a text for each column; those missing at the end of a row are empty.
    pub rows: Vec<Vec<String>>,
    /// Below the rows, at the right.
    pub totals: Vec<Total>,
}

/// A column of a [`Table`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Column {
    /// In the header.
    pub heading: String,
    /// Of the heading and of the cells.
    pub align: Align,
}

/// Where in its column a text stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Align {
    /// At the left; for texts.
    #[default]
    Left,
    /// At the right; for numbers, which keep to one line where there is room.
    Right,
}

/// A sum below a [`Table`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Total {
    /// For example `Per month`.
    pub label: String,
    /// For example `1,234.00 EUR`.
    pub value: String,
    /// Whether it is the one that counts: in bold, under a line.
    pub strong: bool,
}

/// Paragraphs under a heading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// Above the first paragraph, and on the same page; none if empty.
    pub heading: String,
    /// One below the other. A paragraph in a script that is written from right to left begins at the right.
    pub paragraphs: Vec<String>,
}

/// A place to sign.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signature {
    /// Who signs, for example `For the lessor`.
    pub party: String,
    /// What to write by hand, each below a line of its own: `Place, date`, `Name`, `Signature`.
    pub lines: Vec<String>,
}

/// The foot of every page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Footer {
    /// At the left, for example company and document id. Three lines at most are shown.
    pub text: String,
    /// At the right, in one line: `{page}` is replaced by the number of the page, from 1, `{pages}` by how many
    /// there are.
    pub page: String,
}

impl Default for Footer {
    fn default() -> Self {
        Footer {
            text: String::new(),
            page: "Page {page} of {pages}".to_owned(),
        }
    }
}
