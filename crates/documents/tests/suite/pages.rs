//! How a document goes on from page to page, and what a file is besides its text.

use super::support::{LEFT, RIGHT, read, render, section, table};
use documents::{
    Block, Document, Error, Fact, Footer, MOST_COLUMNS, MOST_TEXT, Party, Signature, Table, Total,
};

fn rows(count: usize, text: &str) -> Vec<Vec<String>> {
    (0..count)
        .map(|row| vec![format!("row-{row} {text}"), format!("{row}.00")])
        .collect()
}

#[test]
fn a_long_table_has_its_header_on_every_page_and_each_row_once() {
    let pdf = render(&table(&["Product", "Monthly"], rows(500, "device")));
    assert!(pdf.pages() > 10, "{} pages", pdf.pages());
    for (page, text) in pdf.texts().iter().enumerate() {
        assert_eq!(text.matches("Product\nMonthly").count(), 1, "page {page}");
    }
    let text = pdf.all_text();
    let shown: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("row-"))
        .collect();
    let expected: Vec<String> = (0..500).map(|row| format!("row-{row} device")).collect();
    assert_eq!(shown, expected);
    // Repeated headers are none for who has the table read aloud.
    let elements = pdf.elements();
    assert_eq!(
        (elements["TH"], elements["TD"], elements["TR"]),
        (2, 1_000, 501)
    );
}

#[test]
fn a_row_is_not_torn_apart_unless_it_fits_no_page() {
    let pdf = render(&table(
        &["Product", "Monthly"],
        rows(60, &"words ".repeat(60)),
    ));
    let lines = pdf.lines();
    for row in 0..60 {
        let first = format!("row-{row} ");
        let number = format!("{row}.00");
        let page = lines
            .iter()
            .position(|page| page.iter().any(|line| line.text.starts_with(&first)));
        let page = &lines[page.unwrap()];
        assert!(page.iter().any(|line| line.text == number), "row {row}");
    }
    let cell = "word ".repeat(10_000);
    let pdf = render(&table(
        &["Product", "Monthly"],
        vec![vec![cell, "1.00".to_owned()]],
    ));
    assert!(pdf.pages() > 5);
    assert_eq!(pdf.all_text().matches("word").count(), 10_000);
}

#[test]
fn numbers_are_aligned_at_the_right() {
    let rows =
        ["1.00", "1,234,567.00", "−5.00"].map(|number| vec!["x".to_owned(), number.to_owned()]);
    let lines = render(&table(&["Product", "Monthly"], rows.into()))
        .lines()
        .concat();
    let ends: Vec<f32> = lines
        .iter()
        .filter(|line| line.text.ends_with(".00"))
        .map(|line| line.end)
        .collect();
    assert_eq!(ends.len(), 3);
    assert!(
        ends.iter()
            .all(|end| (end - ends[0]).abs() < 0.1 && *end > RIGHT - 10.0),
        "{ends:?}"
    );
}

#[test]
fn nothing_reaches_beyond_the_margins_or_into_the_foot() {
    let mut document = table(
        &["Product"; MOST_COLUMNS],
        vec![vec!["9".repeat(200); MOST_COLUMNS]; 20],
    );
    document.footer.text = "foot ".repeat(500);
    let pdf = render(&document);
    let pages = pdf.lines();
    for line in pages.iter().flatten() {
        assert!(
            line.start > LEFT - 0.1 && line.end < RIGHT + 0.1,
            "{line:?}"
        );
        assert!(line.baseline > 15.0 && line.baseline < 841.0, "{line:?}");
        let is_low = line.baseline < 70.0;
        assert_eq!(
            is_low,
            line.text.starts_with("foot") || line.text.starts_with("Page"),
            "{line:?}"
        );
    }
    let feet = pages[0]
        .iter()
        .filter(|line| line.text.starts_with("foot"))
        .count();
    assert_eq!(feet, 3);
}

#[test]
fn every_page_has_its_number_and_all_but_the_first_the_title() {
    let mut document = section(&["paragraph ".repeat(3_000).as_str()]);
    document.title = "Rental contract".to_owned();
    document.subtitle = "ORD-1".to_owned();
    document.footer = Footer {
        text: "Company".to_owned(),
        page: "Strona {page} z {pages}".to_owned(),
    };
    let pdf = render(&document);
    let pages = pdf.pages();
    assert!(pages > 2);
    for (page, text) in pdf.texts().iter().enumerate() {
        assert!(
            text.contains(&format!("Strona {} z {pages}", page + 1)),
            "{text}"
        );
        assert_eq!(text.matches("Company").count(), 1);
        assert_eq!(text.matches("Rental contract").count(), 1, "{text}");
        assert_eq!(text.matches("ORD-1").count(), 1);
    }
}

#[test]
fn headings_and_signatures_stay_with_what_belongs_to_them() {
    let signature = || Signature {
        party: "Signer".to_owned(),
        lines: vec!["Place".to_owned(), "Name".to_owned()],
    };
    // Wherever the page ends.
    for lines in 30..60 {
        let lines: Vec<String> = (0..lines).map(|line| format!("line {line}")).collect();
        let mut document = section(&[&lines.join("\n")]);
        document.blocks.extend(section(&["Text"]).blocks);
        document
            .blocks
            .push(Block::Signatures(vec![signature(), signature()]));
        let pdf = render(&document);
        let pages = pdf.texts();
        let with = |text: &str| pages.iter().rposition(|page| page.contains(text));
        assert_eq!(with("Heading"), with("Text"));
        assert_eq!(with("Signer"), with("Name"));
        assert_eq!(
            pages
                .iter()
                .map(|page| page.matches("Signer").count())
                .max(),
            Some(2)
        );
    }
}

#[test]
fn every_block_says_all_that_it_was_given() {
    let fact = |number| Fact {
        label: format!("label-{number};"),
        value: format!("value-{number};"),
    };
    let party = |number| Party {
        role: format!("role-{number};"),
        lines: vec![format!("name-{number};"), format!("street-{number};")],
    };
    let signature = |number| Signature {
        party: format!("signer-{number};"),
        lines: vec![format!("line-{number};")],
    };
    let total = |number| Total {
        label: format!("sum-{number};"),
        value: format!("amount-{number};"),
        strong: number == 0,
    };
    let Document { mut blocks, .. } = table(&["head-0;", "head-1;"], rows(1, "cell;"));
    if let Block::Table(table) = &mut blocks[0] {
        table.totals = (0..5).map(total).collect();
    }
    blocks.push(Block::Parties((0..5).map(party).collect()));
    blocks.push(Block::Facts((0..9).map(fact).collect()));
    blocks.push(Block::Signatures((0..3).map(signature).collect()));
    let text = render(&Document {
        blocks,
        ..Document::default()
    })
    .all_text();
    let expected = [
        ("label-", 9),
        ("value-", 9),
        ("role-", 5),
        ("name-", 5),
        ("street-", 5),
        ("signer-", 3),
        ("line-", 3),
        ("sum-", 5),
        ("amount-", 5),
        ("head-", 2),
    ];
    for (word, count) in expected {
        for number in 0..count {
            assert_eq!(
                text.matches(&format!("{word}{number};")).count(),
                1,
                "{word}{number} in {text}"
            );
        }
    }
}

#[test]
fn what_is_empty_is_a_page() {
    let empty = Document {
        blocks: vec![
            Block::Parties(vec![Party::default(); 3]),
            Block::Parties(Vec::new()),
            Block::Facts(vec![Fact::default(); 9]),
            Block::Facts(Vec::new()),
            table(&["", ""], vec![vec![], vec![String::new()]])
                .blocks
                .remove(0),
            section(&[]).blocks.remove(0),
            Block::Signatures(vec![Signature::default(); 3]),
            Block::Signatures(Vec::new()),
        ],
        footer: Footer {
            text: String::new(),
            page: String::new(),
        },
        ..Document::default()
    };
    assert_eq!(render(&empty).pages(), 1);
    let pdf = render(&Document::default());
    assert_eq!(pdf.all_text(), "Page 1 of 1");
}

#[test]
fn properties_tell_what_it_is() {
    let mut document = section(&["text"]);
    document.title = "Umowa\nnajmu\u{0}".to_owned();
    document.subtitle = "№ 1".to_owned();
    document.language = "pl-PL".to_owned();
    document.letterhead = vec!["Łódź GmbH".to_owned(), "Street".to_owned()];
    document.created = Some("2026-03-14T09:26:53Z".parse().unwrap());
    let pdf = render(&document);
    assert_eq!(pdf.property("Title").as_deref(), Some("Umowa najmu"));
    assert_eq!(pdf.property("Subject").as_deref(), Some("№ 1"));
    assert_eq!(pdf.property("Author").as_deref(), Some("Łódź GmbH"));
    assert_eq!(
        pdf.property("CreationDate").as_deref(),
        Some("D:20260314092653Z")
    );
    assert_eq!(
        pdf.catalog().get(b"Lang").unwrap().as_str().unwrap(),
        b"pl-PL"
    );
    let elements = pdf.elements();
    assert_eq!(
        (elements["Document"], elements["H1"], elements["H2"]),
        (1, 1, 1)
    );

    for language in ["", "not a tag", "en\u{0}", "ü", &"a".repeat(36)] {
        document.language = language.to_owned();
        document.created = None;
        let pdf = render(&document);
        assert!(!pdf.catalog().has(b"Lang"), "{language}");
        assert_eq!(pdf.property("CreationDate"), None);
    }
    document.created = Some("-000001-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(render(&document).property("CreationDate"), None);
}

#[test]
fn limits_are_errors_that_say_where() {
    let refused = |document: &Document| documents::render(document).unwrap_err();
    let long = section(&[&"x".repeat(MOST_TEXT)]);
    assert!(matches!(refused(&long), Error::TooMuchText { bytes } if bytes > MOST_TEXT));
    let rows = table(&["x"], vec![Vec::new(); MOST_TEXT]);
    assert!(matches!(refused(&rows), Error::TooMuchText { bytes } if bytes > MOST_TEXT));
    let lines = section(&[&"x\n".repeat(120_000)]);
    assert_eq!(refused(&lines), Error::TooManyPages);
    assert_eq!(
        refused(&lines).to_string(),
        "more than 2000 pages would be needed"
    );
    let columns = Error::Columns {
        table: "Devices".to_owned(),
        columns: 0,
    };
    assert_eq!(refused(&table(&[], Vec::new())), columns);
    let many = Error::Columns {
        table: "Devices".to_owned(),
        columns: MOST_COLUMNS + 1,
    };
    assert_eq!(refused(&table(&["x"; MOST_COLUMNS + 1], Vec::new())), many);
    let ragged = vec![vec!["1".to_owned()], vec!["1".to_owned(), "2".to_owned()]];
    let expected = Error::TooManyCells {
        table: "Devices".to_owned(),
        row: 1,
    };
    assert_eq!(refused(&table(&["x"], ragged)), expected);
    assert_eq!(
        expected.to_string(),
        "row 1 of the table `Devices` has more cells than there are columns"
    );
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let mut document = table(&["Product", "Monthly"], rows(50, "Łódź 東京 مرحبا 😀"));
    document
        .blocks
        .push(Block::Table(Table::clone(match &document.blocks[0] {
            Block::Table(table) => table,
            _ => unreachable!(),
        })));
    let once = documents::render(&document).unwrap();
    let again = std::thread::spawn(move || documents::render(&document).unwrap());
    assert!(once == again.join().unwrap());
    assert_eq!(read(&once).all_text().matches("東京").count(), 100);
}

#[test]
fn only_the_glyphs_that_occur_are_embedded() {
    let size = |text: &str| documents::render(&section(&[text])).unwrap().len();
    assert!(
        size("A contract in English.") < 30_000,
        "{}",
        size("A contract in English.")
    );
    let many = "Łódź Ελληνικά Українські 東京都千代田区 서울 مرحبا שלום สัญญา हिन्दी Հայերեն ქართული";
    assert!(size(many) < 100_000, "{}", size(many));
}
