//! CSV as RFC 4180 has it, safe for spreadsheets.

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// Somebody's words. No spreadsheet must run them as a formula.
    Text(String),
    /// A number or a day, written here.
    Figure(String),
    /// Nothing.
    Empty,
}

/// Characters that make a formula of a cell that begins with them, or may hide one from whoever looks for the others
/// (OWASP, "CSV Injection").
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];
/// Characters that only a quoted cell can have.
const QUOTED: [char; 4] = [',', '"', '\r', '\n'];

/// Appends a line of cells.
pub(super) fn line(text: &mut String, cells: impl IntoIterator<Item = Cell>) {
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        match cell {
            Cell::Text(cell) => quoted(text, &cell),
            Cell::Figure(cell) => text.push_str(&cell),
            Cell::Empty => {}
        }
    }
    text.push_str("\r\n");
}

fn quoted(text: &mut String, cell: &str) {
    let quote = cell.contains(QUOTED);
    if quote {
        text.push('"');
    }
    if cell.starts_with(FORMULA) {
        text.push('\'');
    }
    match quote {
        true => {
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        }
        false => text.push_str(cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be_and_never_formulas() {
        let words = [
            "plain",
            "",
            "a,b",
            "say \"hi\"",
            "two\r\nlines",
            "=1+1",
            "+49 30",
            "-5",
            "@home",
            "=HYPERLINK(\"x\",\"y\")",
            "a=b",
            " =1",
            "\t=1",
            "\r\n=1",
        ];
        let mut text = String::new();
        line(&mut text, words.map(|word| Cell::Text(word.into())));
        assert_eq!(
            text,
            "plain,,\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\",'=1+1,'+49 30,'-5,'@home,\
             \"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\",a=b, =1,'\t=1,\"'\r\n=1\"\r\n"
        );
        let mut text = String::new();
        line(
            &mut text,
            [Cell::Figure("-5".into()), Cell::Empty, Cell::Empty],
        );
        assert_eq!(text, "-5,,\r\n");
    }
}
