//! What commands list: a table for people, JSON for programs.

use std::io::{self, Write as _};

use serde_json::Value;

/// Rows under a header, each column as wide as its widest cell. Programs ask for JSON instead.
pub(crate) fn text<const N: usize>(header: [&str; N], rows: &[[String; N]]) -> String {
    let rows: Vec<[String; N]> = rows
        .iter()
        .map(|row| row.each_ref().map(|it| visible(it)))
        .collect();
    let mut widths = header.map(width);
    for row in &rows {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(width(cell));
        }
    }
    let line = |cells: [&str; N]| {
        let mut line = String::new();
        for (cell, widest) in cells.iter().zip(widths) {
            line += cell;
            line.extend(std::iter::repeat_n(' ', widest - width(cell) + 2));
        }
        line.trim_end().to_owned() + "\n"
    };
    let mut table = line(header);
    for row in &rows {
        table += &line(std::array::from_fn(|column| row[column].as_str()));
    }
    table
}

/// A cell on one line, without what a terminal would take for a command.
fn visible(cell: &str) -> String {
    let mut shown = String::with_capacity(cell.len());
    for letter in cell.chars() {
        match letter.is_control() {
            true => shown.extend(letter.escape_default()),
            false => shown.push(letter),
        }
    }
    shown
}

/// Characters, as terminals count most of them.
fn width(text: &str) -> usize {
    text.chars().count()
}

/// Prints to standard output. A reader that has seen enough (`| head`) is no error.
///
/// # Errors
/// Anything else that keeps it from being written.
pub(crate) fn print(text: &str) -> Result<(), String> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("standard output: {error}"))
        }
        _ => Ok(()),
    }
}

/// Tells people something on standard error, if anybody reads it.
pub(crate) fn tell(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Prints a document for programs.
///
/// # Errors
/// As [`print`].
pub(crate) fn print_json(document: &Value) -> Result<(), String> {
    print(&format!("{document:#}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_by_their_widest_cell() {
        let rows = [
            ["1".to_owned(), "Łódź".to_owned()],
            ["1000".to_owned(), String::new()],
        ];
        assert_eq!(
            text(["id", "name"], &rows),
            "id    name\n1     Łódź\n1000\n"
        );
    }

    #[test]
    fn no_cell_leaves_its_line_or_speaks_to_the_terminal() {
        let rows = [["a\tb\nc".to_owned(), "\u{1b}[31mred\u{9b}".to_owned()]];
        assert_eq!(
            text(["id", "name"], &rows),
            "id       name\na\\tb\\nc  \\u{1b}[31mred\\u{9b}\n"
        );
    }
}
