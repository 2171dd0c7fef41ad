//! The CSV text of an import (RFC 4180), a row to a line. No cell goes on in the next line: a quote
//! that somebody forgot to close must not swallow the rows after it.

use std::borrow::Cow;

use types::ErrorCode;

use crate::error::{Error, unfit};
use crate::rules::texts;

/// Most rows of one import, the header not counted.
const ROW_LIMIT: usize = 10_000;

/// A column, by what it says of the variant in its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    ProductName,
    ProductSku,
    Category,
    Brand,
    Specification,
    Grade,
    Color,
    VariantSku,
    ListPrice,
    AcquisitionCost,
    Price6,
    Price12,
    Price24,
    Price36,
}

use Column::*;

impl Column {
    /// Every column, in the usual order.
    pub(super) const ALL: [Column; 14] = [
        ProductName,
        ProductSku,
        Category,
        Brand,
        Specification,
        Grade,
        Color,
        VariantSku,
        ListPrice,
        AcquisitionCost,
        Price6,
        Price12,
        Price24,
        Price36,
    ];

    /// Contract lengths that have a column, in months.
    pub(super) const PRICES: [(Column, i64); 4] =
        [(Price6, 6), (Price12, 12), (Price24, 24), (Price36, 36)];

    /// Name in the header.
    pub(super) const fn name(self) -> &'static str {
        match self {
            ProductName => "Product Name",
            ProductSku => "Product SKU",
            Category => "Category",
            Brand => "Brand",
            Specification => "Specification",
            Grade => "Grade",
            Color => "Color",
            VariantSku => "Variant SKU",
            ListPrice => "List Price",
            AcquisitionCost => "Acquisition Cost",
            Price6 => "6mo_Price",
            Price12 => "12mo_Price",
            Price24 => "24mo_Price",
            Price36 => "36mo_Price",
        }
    }

    /// Whether the header must have it and every row must fill it.
    pub(super) const fn required(self) -> bool {
        !matches!(self, Grade | Color | Price6 | Price12 | Price24 | Price36)
    }
}

/// A row that says anything at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Line it stands on; the header is line 1.
    pub(super) line: u64,
    /// What it says, or why it does not fit the header.
    pub(super) cells: Result<Cells, String>,
}

/// The cells of a row in the order of [`Column::ALL`], without the space around them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cells([String; Column::ALL.len()]);

impl Cells {
    /// The text in a column; empty where there is none.
    pub(super) fn get(&self, column: Column) -> &str {
        &self.0[column as usize]
    }
}

/// Reads the rows. A quote within a cell that is not quoted stands for itself.
///
/// # Errors
/// When the header cannot be used, and when there are too many rows.
pub(super) fn parse(text: &str) -> Result<Vec<Row>, Error> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut header = None;
    let mut rows = Vec::new();
    for (line, text) in (1..).zip(lines(text)) {
        let cells = cells(text);
        let says = |cells: &[Cow<'_, str>]| cells.iter().any(|it| !texts::trimmed(it).is_empty());
        if cells.as_ref().is_ok_and(|cells| !says(cells)) {
            continue;
        }
        let Some(places) = &header else {
            header = Some(places_of(text, cells)?);
            continue;
        };
        if rows.len() == ROW_LIMIT {
            let message = format!("must have at most {ROW_LIMIT} rows");
            return Err(unusable("too_big", message));
        }
        let cells = cells
            .map_err(str::to_owned)
            .and_then(|cells| places.pick(&cells));
        rows.push(Row { line, cells });
    }
    if header.is_none() {
        places_of("", Ok(Vec::new()))?;
    }
    Ok(rows)
}

/// The lines of a text; they end with LF, CR LF or CR.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.find(['\r', '\n']) else {
            rest = None;
            return Some(text);
        };
        let after = &text[end..];
        let after = after.strip_prefix("\r\n").unwrap_or(&after[1..]);
        rest = Some(after);
        Some(&text[..end])
    })
}

/// The cells of a line, or why it has none that could be told apart.
fn cells(line: &str) -> Result<Vec<Cow<'_, str>>, &'static str> {
    let mut cells = Vec::new();
    let mut rest = line;
    loop {
        let (cell, after) = match rest.trim_start_matches([' ', '\t']).strip_prefix('"') {
            Some(text) => quoted(text)?,
            None => {
                let (cell, after) = rest.split_at(rest.find(',').unwrap_or(rest.len()));
                (Cow::Borrowed(cell), after)
            }
        };
        cells.push(cell);
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None => return Ok(cells),
        }
    }
}

/// The text before the closing quote, and what follows it: a comma, or nothing.
fn quoted(text: &str) -> Result<(Cow<'_, str>, &str), &'static str> {
    let mut from = 0;
    while let Some(length) = text[from..].find('"') {
        let end = from + length;
        let after = &text[end + 1..];
        if after.starts_with('"') {
            from = end + 2;
            continue;
        }
        let after = after.trim_start_matches([' ', '\t']);
        if !after.is_empty() && !after.starts_with(',') {
            return Err("the row has text after a closing quote; double the quotes within a cell");
        }
        let cell = &text[..end];
        let cell = match from {
            0 => Cow::Borrowed(cell),
            _ => Cow::Owned(cell.replace("\"\"", "\"")),
        };
        return Ok((cell, after));
    }
    Err("the row has a quote that is not closed before the line ends")
}

/// Where the columns stand in this file.
struct Places {
    places: [Option<usize>; Column::ALL.len()],
    width: usize,
}

impl Places {
    /// The cells of a row by column, if it has as many as the header.
    fn pick(&self, cells: &[Cow<'_, str>]) -> Result<Cells, String> {
        if cells.len() != self.width {
            let (found, width) = (cells.len(), self.width);
            return Err(format!(
                "the row has {found} cells, the header {width}; put cells with a comma in quotes"
            ));
        }
        let cell = |place: Option<usize>| place.and_then(|place| cells.get(place));
        let text = |place| {
            cell(place)
                .map_or("", |cell| texts::trimmed(cell))
                .to_owned()
        };
        Ok(Cells(self.places.map(text)))
    }
}

/// Whether a cell of the header names the column: in any case, with blanks of any number.
fn names(cell: &str, column: Column) -> bool {
    let mut words = texts::trimmed(cell).split_whitespace();
    let same = |word: &str| {
        words
            .next()
            .is_some_and(|given| given.eq_ignore_ascii_case(word))
    };
    column.name().split(' ').all(same) && words.next().is_none()
}

/// The file cannot be read as a catalogue.
pub(super) fn unusable(code: &'static str, message: impl Into<String>) -> Error {
    let violation = ("csvFile".to_owned(), code, message.into());
    unfit(ErrorCode::InvalidCsv, vec![violation])
}

fn places_of(line: &str, header: Result<Vec<Cow<'_, str>>, &'static str>) -> Result<Places, Error> {
    if let Some(separator) = other_separator(line) {
        let message =
            format!("separates its columns with {separator}, it must separate them with `,`");
        return Err(unusable("custom", message));
    }
    let header = header.map_err(|_| {
        let message = "must close every quote of its header on the same line";
        unusable("custom", message)
    })?;
    let mut places = [None; Column::ALL.len()];
    let mut violations = Vec::new();
    for column in Column::ALL {
        let name = column.name();
        let mut found = header
            .iter()
            .enumerate()
            .filter(|(_, cell)| names(cell, column))
            .map(|(place, _)| place);
        places[column as usize] = found.next();
        let problem = match (places[column as usize], found.next()) {
            (None, _) if column.required() => ("required", format!("lacks the column `{name}`")),
            (_, Some(_)) => ("custom", format!("has the column `{name}` twice")),
            _ => continue,
        };
        violations.push(("csvFile".to_owned(), problem.0, problem.1));
    }
    if violations.is_empty() {
        Ok(Places {
            places,
            width: header.len(),
        })
    } else {
        Err(unfit(ErrorCode::InvalidCsv, violations))
    }
}

/// What separates the columns of a header, if that is no comma: most known names are then found between
/// separators of another kind, or there are some of these and no comma at all.
fn other_separator(line: &str) -> Option<&'static str> {
    let known = |separator: char| {
        let names_one = |cell: &&str| {
            let cell = cell.trim().trim_matches('"');
            Column::ALL.iter().any(|column| names(cell, *column))
        };
        line.split(separator).filter(names_one).count()
    };
    let with_commas = known(',');
    let separates = |separator: char| match line.contains(',') {
        true => known(separator) > with_commas.max(1),
        false => line.contains(separator),
    };
    [(';', "`;`"), ('\t', "a tab"), ('|', "`|`")]
        .into_iter()
        .find(|(separator, _)| separates(*separator))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "Product Name,Product SKU,Category,Brand,Specification,Grade,Color,\
                          Variant SKU,List Price,Acquisition Cost,12mo_Price";

    fn parsed(text: &str) -> Vec<Row> {
        parse(text).unwrap()
    }

    fn refused(text: &str) -> Vec<String> {
        let Err(Error::Refused(refusal)) = parse(text) else {
            panic!("{text:?} is refused")
        };
        refusal.details.into_iter().map(|it| it.message).collect()
    }

    fn get(row: &Row, column: Column) -> &str {
        row.cells.as_ref().unwrap().get(column)
    }

    #[test]
    fn columns_are_found_by_name_in_any_order() {
        let rows = parsed(
            "\u{feff}variant sku , Brand,Extra,Product SKU,\"Product  Name\",Category,Specification,\
             Acquisition Cost,List Price\nV, Acme ,x,P,Phone,phones,big,1,2\n",
        );
        assert_eq!(rows.len(), 1);
        assert_eq!(get(&rows[0], VariantSku), "V");
        assert_eq!(get(&rows[0], Brand), "Acme");
        assert_eq!(get(&rows[0], ListPrice), "2");
        assert_eq!(get(&rows[0], Price36), "");
    }

    #[test]
    fn a_stray_quote_in_an_unquoted_cell_is_read_as_it_stands() {
        let text = format!(
            "{HEADER}\nBook 14\" M3,P,l,A,\"14\"\", 16 GB\",A,,V,1,1,1\nNext,P,l,A,s,A,,W,1,1,1\n"
        );
        let rows = parsed(&text);
        assert_eq!(get(&rows[0], ProductName), "Book 14\" M3");
        assert_eq!(get(&rows[0], Specification), "14\", 16 GB");
        assert_eq!(get(&rows[1], ProductName), "Next");
    }

    #[test]
    fn rows_know_the_line_they_stand_on() {
        for newline in ["\n", "\r\n", "\r"] {
            let lines = [
                HEADER,
                "",
                "a,P,c,b,s,A,,V,1,1,1",
                "",
                "",
                ",,,",
                "b,P,c,b,s,A,,W,1,1,1",
            ];
            let rows = parsed(&lines.join(newline));
            let lines: Vec<u64> = rows.iter().map(|row| row.line).collect();
            assert_eq!(lines, [3, 7], "{newline:?}");
            assert!(rows.iter().all(|row| row.cells.is_ok()));
        }
    }

    #[test]
    fn rows_that_do_not_fit_are_refused_alone() {
        let good = "a,P,c,b,s,A,,V,1,1,1";
        for bad in [
            "a,P",
            "a,P,c,b,s,A,,V,1,1,1,",
            "a,P,c,b,s,A,,V,1,1,10,9",
            "\"a,P,c,b,s,A,,V,1,1,1",
            "a,P,c,b,\"6.1\"\",A,,V,1,1,1",
            "a,P,c,b,s,A,,V,1,1,\"1",
            "a,P,c,b,\"s\"s,A,,V,1,1,1",
            "a,P,c,b, \"s,A,,V,1,1,1",
        ] {
            let rows = parsed(&format!("{HEADER}\n{good}\n{bad}\n{good}\n"));
            let fine: Vec<bool> = rows.iter().map(|row| row.cells.is_ok()).collect();
            assert_eq!(fine, [true, false, true], "{bad}");
        }
    }

    #[test]
    fn another_separator_is_named_in_one_sentence() {
        for (separator, name) in [(";", "`;`"), ("\t", "a tab"), ("|", "`|`")] {
            for header in [
                HEADER.to_owned(),
                format!("\"{}\"", HEADER.replace(',', "\",\"")),
            ] {
                let said = refused(&header.replace(',', separator));
                assert_eq!(said.len(), 1, "{said:?}");
                assert!(
                    said[0].contains(name) && said[0].contains("`,`"),
                    "{said:?}"
                );
            }
            // Whatever the names are, and as some programs announce it.
            for header in ["Name{}SKU{}Price", "sep={}\r\nName{}SKU"] {
                let said = refused(&header.replace("{}", separator));
                assert_eq!(said.len(), 1, "{said:?}");
                assert!(said[0].contains(name), "{said:?}");
            }
        }
    }

    #[test]
    fn missing_and_repeated_columns_are_all_named() {
        for text in ["", "\n\n", "Name"] {
            assert_eq!(refused(text).len(), 8, "{text:?}");
        }
        assert!(refused(&format!("{HEADER},grade\n"))[0].contains("`Grade` twice"));
        assert_eq!(refused(&format!("\"{HEADER}\n")).len(), 1);
    }

    #[test]
    fn ten_thousand_rows_are_the_most() {
        let row = "a,P,c,b,s,A,,V,1,1,1\n";
        assert_eq!(
            parsed(&format!("{HEADER}\n{}", row.repeat(10_000))).len(),
            10_000
        );
        assert!(parse(&format!("{HEADER}\n{}", row.repeat(10_001))).is_err());
    }

    /// Numbers that look random and are the same in every run.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, sides: usize) -> usize {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (self.0 >> 33) as usize % sides
        }

        fn cell(&mut self) -> String {
            let letters = ['a', 'B', '7', ',', '"', ' ', ';', '\t', '.', '\u{e4}'];
            let length = self.below(6);
            (0..length).map(|_| letters[self.below(10)]).collect()
        }
    }

    /// A cell by the rules of RFC 4180: quoted where it must be, and anywhere else.
    fn written(dice: &mut Dice, cell: &str) -> String {
        match cell.contains([',', '"']) || dice.below(3) == 0 {
            true => format!("\"{}\"", cell.replace('"', "\"\"")),
            false => cell.to_owned(),
        }
    }

    #[test]
    fn whatever_is_written_by_the_rules_is_read_back() {
        let mut dice = Dice(4);
        for _ in 0..5_000 {
            let row: Vec<String> = (0..=dice.below(8)).map(|_| dice.cell()).collect();
            let line: Vec<String> = row.iter().map(|cell| written(&mut dice, cell)).collect();
            let line = line.join(",");
            assert_eq!(cells(&line).unwrap(), row, "{line}");
        }
    }

    #[test]
    fn a_mangled_line_harms_no_other() {
        let mut dice = Dice(9);
        for _ in 0..300 {
            let mut text = HEADER.to_owned();
            let mut expected = Vec::new();
            for _ in 0..8 {
                let row: Vec<String> = (0..11).map(|_| format!("x{}", dice.cell())).collect();
                let line: Vec<String> = row.iter().map(|cell| written(&mut dice, cell)).collect();
                let line = line.join(",");
                let (line, fits) = match dice.below(8) {
                    0 => (format!("{line},"), false),
                    1 => (format!("{line},\""), false),
                    2 => (format!("\"{},{line}", row[0].replace('"', "")), false),
                    3 => ("x,\"y\"z".to_owned(), false),
                    _ => (line, true),
                };
                text.push_str(["\n", "\r\n", "\r"][dice.below(3)]);
                text.push_str(&line);
                expected.push(fits);
            }
            let fine: Vec<bool> = parsed(&text).iter().map(|row| row.cells.is_ok()).collect();
            assert_eq!(fine, expected, "{text}");
        }
    }
}
