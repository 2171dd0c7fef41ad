//! What a document may not exceed, looked at before anything is typeset.

use crate::{Block, Document, Error, MOST_COLUMNS, MOST_TEXT};

/// # Errors
/// There is too much text, or a table is none.
pub(crate) fn check(document: &Document) -> Result<(), Error> {
    for block in &document.blocks {
        let Block::Table(table) = block else { continue };
        let columns = table.columns.len();
        if columns == 0 || columns > MOST_COLUMNS {
            let table = table.heading.clone();
            return Err(Error::Columns { table, columns });
        }
        if let Some(row) = table.rows.iter().position(|row| row.len() > columns) {
            let table = table.heading.clone();
            return Err(Error::TooManyCells { table, row });
        }
    }
    match bytes(document) {
        bytes if bytes > MOST_TEXT => Err(Error::TooMuchText { bytes }),
        _ => Ok(()),
    }
}

/// Of all texts together.
fn bytes(document: &Document) -> usize {
    let lines = |texts: &[String]| texts.iter().map(String::len).sum::<usize>();
    let own = [
        &document.title,
        &document.subtitle,
        &document.footer.text,
        &document.footer.page,
    ];
    let own: usize = own.into_iter().map(String::len).sum();
    let blocks = document.blocks.iter().map(|block| match block {
        Block::Parties(parties) => {
            let parties = parties.iter();
            parties
                .map(|party| party.role.len() + lines(&party.lines))
                .sum()
        }
        Block::Facts(facts) => facts
            .iter()
            .map(|fact| fact.label.len() + fact.value.len())
            .sum(),
        Block::Table(table) => {
            let columns = table.columns.iter().map(|column| column.heading.len());
            let rows = table.rows.iter().map(|row| lines(row));
            let totals = table.totals.iter();
            let totals = totals.map(|total| total.label.len() + total.value.len());
            table.heading.len() + columns.chain(rows).chain(totals).sum::<usize>()
        }
        Block::Section(section) => section.heading.len() + lines(&section.paragraphs),
        Block::Signatures(signatures) => {
            let signatures = signatures.iter();
            signatures
                .map(|one| one.party.len() + lines(&one.lines))
                .sum::<usize>()
        }
    });
    own + lines(&document.letterhead) + blocks.sum::<usize>()
}
