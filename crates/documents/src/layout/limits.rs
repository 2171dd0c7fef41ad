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

/// Of all texts together; each counts as one more than it has, and so does a row, so that empty ones are not free.
fn bytes(document: &Document) -> usize {
    let mut bytes = 0;
    let mut count = |text: &String| bytes += text.len() + 1;
    count(&document.title);
    count(&document.subtitle);
    count(&document.footer.text);
    count(&document.footer.page);
    document.letterhead.iter().for_each(&mut count);
    let mut rows = 0;
    for block in &document.blocks {
        match block {
            Block::Parties(parties) => {
                for party in parties {
                    count(&party.role);
                    party.lines.iter().for_each(&mut count);
                }
            }
            Block::Facts(facts) => {
                for fact in facts {
                    count(&fact.label);
                    count(&fact.value);
                }
            }
            Block::Table(table) => {
                count(&table.heading);
                table
                    .columns
                    .iter()
                    .for_each(|column| count(&column.heading));
                table.rows.iter().flatten().for_each(&mut count);
                rows += table.rows.len();
                for total in &table.totals {
                    count(&total.label);
                    count(&total.value);
                }
            }
            Block::Section(section) => {
                count(&section.heading);
                section.paragraphs.iter().for_each(&mut count);
            }
            Block::Signatures(signatures) => {
                for signature in signatures {
                    count(&signature.party);
                    signature.lines.iter().for_each(&mut count);
                }
            }
        }
    }
    bytes + rows
}
