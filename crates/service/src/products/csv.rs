//! The CSV text of an import: its columns, its rows and the line each row begins on.

use csv::{ReaderBuilder, StringRecord};

use crate::error::{Error, invalid, invalid_all};
use crate::texts;

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
    /// Line it begins on; the header is line 1.
    pub(super) line: u64,
    /// Whether it has text beyond the last column, as happens when a comma is not quoted.
    pub(super) surplus: bool,
    /// Cells in the order of [`Column::ALL`], without the space around them.
    cells: [String; Column::ALL.len()],
}

impl Row {
    /// The text in a column; empty where there is none.
    pub(super) fn cell(&self, column: Column) -> &str {
        &self.cells[column as usize]
    }
}

/// Reads the rows. A quote within a cell that is not quoted stands for itself.
///
/// # Errors
/// When a column is missing or there twice, and when there are too many rows.
pub(super) fn parse(text: &str) -> Result<Vec<Row>, Error> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut lines = Lines {
        text: text.as_bytes(),
        at: 0,
        line: 1,
    };
    let mut record = StringRecord::new();

    let mut header = None;
    let mut rows = Vec::new();
    while reader.read_record(&mut record).map_err(unreadable)? {
        let line = lines.of(&record);
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let Some(places) = &header else {
            header = Some(places_of(&record)?);
            continue;
        };
        if rows.len() == ROW_LIMIT {
            return Err(invalid(
                "csvFile",
                "too_big",
                format!("must have at most {ROW_LIMIT} rows"),
            ));
        }
        rows.push(row(line, &record, places));
    }
    if header.is_none() {
        places_of(&StringRecord::new())?;
    }
    Ok(rows)
}

/// Where the columns stand in this file.
struct Places {
    places: [Option<usize>; Column::ALL.len()],
    width: usize,
}

fn places_of(header: &StringRecord) -> Result<Places, Error> {
    let mut places = [None; Column::ALL.len()];
    let mut violations = Vec::new();
    for column in Column::ALL {
        let name = column.name();
        let mut found = header
            .iter()
            .enumerate()
            .filter(|(_, cell)| cell.trim().eq_ignore_ascii_case(name))
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
        Err(invalid_all(violations))
    }
}

fn row(line: u64, record: &StringRecord, header: &Places) -> Row {
    let cell = |place: Option<usize>| place.and_then(|place| record.get(place)).unwrap_or("");
    Row {
        line,
        surplus: record
            .iter()
            .skip(header.width)
            .any(|cell| !cell.trim().is_empty()),
        cells: header
            .places
            .map(|place| texts::trimmed(cell(place)).to_owned()),
    }
}

/// Only a text that is not UTF-8 cannot be read, and this one is.
fn unreadable(error: csv::Error) -> Error {
    invalid(
        "csvFile",
        "invalid_string",
        format!("cannot be read as CSV: {error}"),
    )
}

/// Counts lines up to the beginning of a record. The reader's own count is that of the place
/// where it began to look for the record, which may be blank lines earlier.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn of(&mut self, record: &StringRecord) -> u64 {
        let from = record
            .position()
            .map_or(self.at, |position| position.byte() as usize);
        let is_break = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let rest = self.text.get(from..).unwrap_or_default();
        let begin = from + rest.iter().take_while(|byte| is_break(byte)).count();
        let mut passed = self.text.get(self.at..begin).unwrap_or_default();
        while let Some((byte, after)) = passed.split_first() {
            // A carriage return counts by itself only where no line feed follows.
            if *byte == b'\n' || (*byte == b'\r' && after.first() != Some(&b'\n')) {
                self.line += 1;
            }
            passed = after;
        }
        self.at = begin.max(self.at);
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "Product Name,Product SKU,Category,Brand,Specification,Grade,Color,\
                          Variant SKU,List Price,Acquisition Cost,12mo_Price";

    fn parsed(text: &str) -> Vec<Row> {
        parse(text).unwrap()
    }

    #[test]
    fn columns_are_found_by_name_in_any_order() {
        let rows = parsed(
            "\u{feff}variant sku , Brand,Extra,Product SKU,Product Name,Category,Specification,\
             Acquisition Cost,List Price\nV, Acme ,x,P,Phone,phones,big,1,2\n",
        );
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].cell(VariantSku), "V");
        assert_eq!(rows[0].cell(Brand), "Acme");
        assert_eq!(rows[0].cell(ListPrice), "2");
        assert_eq!(rows[0].cell(Price36), "");
    }

    #[test]
    fn a_stray_quote_in_an_unquoted_cell_is_read_as_it_stands() {
        let text = format!(
            "{HEADER}\nBook 14\" M3,P,l,A,\"14\"\", 16 GB\",A,,V,1,1,1\nNext,P,l,A,s,A,,W,1,1,1\n"
        );
        let rows = parsed(&text);
        assert_eq!(rows[0].cell(ProductName), "Book 14\" M3");
        assert_eq!(rows[0].cell(Specification), "14\", 16 GB");
        assert_eq!(rows[1].cell(ProductName), "Next");
    }

    #[test]
    fn rows_know_the_line_they_begin_on() {
        for newline in ["\n", "\r\n", "\r"] {
            let text = [
                HEADER,
                "",
                "a,P,c,b,\"two",
                "lines\",A,,V,1,1,1",
                "",
                "",
                ",,,",
                "b,P,c,b,s,A,,W,1,1,1",
            ]
            .join(newline);
            let lines: Vec<u64> = parsed(&text).iter().map(|row| row.line).collect();
            assert_eq!(lines, [3, 8], "{newline:?}");
        }
    }

    #[test]
    fn short_rows_have_empty_cells_and_long_ones_a_surplus() {
        let rows = parsed(&format!(
            "{HEADER}\na,P\na,P,c,b,s,A,,V,1,1,1,,\na,P,c,b,s,A,,V,1,1,1,,9\n"
        ));
        assert_eq!(rows[0].cell(VariantSku), "");
        assert!(!rows[0].surplus && !rows[1].surplus && rows[2].surplus);
    }

    #[test]
    fn missing_and_repeated_columns_are_all_named() {
        for text in ["", "\n\n", "Name"] {
            let Err(Error::Refused(refusal)) = parse(text) else {
                panic!("{text:?} is refused")
            };
            assert_eq!(refusal.details.len(), 8, "{text:?}");
        }
        let Err(Error::Refused(refusal)) = parse(&format!("{HEADER},Grade\n")) else {
            panic!("a repeated column is refused")
        };
        assert!(refusal.details[0].message.contains("`Grade` twice"));
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
}
