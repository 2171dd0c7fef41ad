//! Texts of a document come back as they were put in, and stay between the margins.

use super::support::{self, LEFT, Pdf, RIGHT, render, section};
use documents::Document;

/// What is written from right to left stands on the page from right to left.
fn seen(text: &str) -> String {
    text.chars().rev().collect()
}

fn assert_between_margins(pdf: &Pdf) {
    for line in pdf.lines().into_iter().flatten() {
        assert!(
            line.start >= LEFT - 0.1 && line.end <= RIGHT + 0.1,
            "{line:?}"
        );
    }
}

#[test]
fn every_script_is_copied_as_it_was_written() {
    let texts = [
        "Zakłady Łódzkie, Grüße, naïve façade, 1 234,00 €",
        "Ελληνικά κείμενα",
        "Українські тексти, русский",
        "東京都千代田区、中文简体繁體",
        "서울특별시 대한민국",
        "สัญญาเช่า",
        "Հայերեն ქართული",
    ];
    let pdf = render(&section(&texts));
    let text = pdf.all_text();
    for expected in texts {
        assert!(text.contains(expected), "`{expected}` is not in {text}");
    }
    let pdf = render(&section(&["שלום עולם", "مرحبا"]));
    let text = pdf.all_text();
    assert!(text.contains(&seen("שלום עולם")), "{text}");
    assert!(text.contains(&seen("مرحبا")), "{text}");
}

#[test]
fn composed_and_decomposed_accents_keep_all_of_their_text() {
    // Neither accent has a glyph together with the letter.
    let text = render(&section(&["x\u{301}\u{323}y", "e\u{301}"])).all_text();
    let marked = text.lines().find(|line| line.starts_with('x')).unwrap();
    assert_eq!(
        marked.chars().filter(|c| *c == '\u{301}').count(),
        1,
        "{text}"
    );
    assert_eq!(
        marked.chars().filter(|c| *c == '\u{323}').count(),
        1,
        "{text}"
    );
    assert!(text.contains("e\u{301}"), "{text}");
}

#[test]
fn arabic_letters_are_joined() {
    let pdf = render(&section(&["عععع"]));
    let line = pdf
        .lines()
        .concat()
        .into_iter()
        .find(|line| line.text.contains('ع'))
        .unwrap();
    assert_eq!(line.text, "عععع");
    let [last, third, second, first] = line.glyphs[..] else {
        panic!("{line:?}")
    };
    assert!(
        first != second && second == third && third != last && first != last,
        "{line:?}"
    );
}

#[test]
fn a_text_from_right_to_left_begins_at_the_right() {
    let pdf = render(&section(&["مرحبا 123 abc", "abc مرحبا"]));
    let lines = pdf.lines().concat();
    let rtl = lines
        .iter()
        .find(|line| line.text.starts_with("abc") && line.end > RIGHT - 1.0);
    let rtl = rtl.unwrap_or_else(|| panic!("{lines:?}"));
    assert_eq!(rtl.text, format!("abc 123 {}", seen("مرحبا")));
    assert!(
        lines
            .iter()
            .any(|line| line.text == format!("abc {}", seen("مرحبا")) && line.start < LEFT + 1.0)
    );
}

#[test]
fn fonts_are_those_of_the_scripts() {
    let pdf = render(&section(&["Łódź 東京 مرحبا"]));
    let line = pdf
        .lines()
        .concat()
        .into_iter()
        .find(|line| line.text.contains('京'))
        .unwrap();
    for font in [
        "NotoSans-Regular",
        "DroidSansFallback",
        "NotoSansArabic-Regular",
    ] {
        assert!(line.fonts.iter().any(|used| used == font), "{line:?}");
    }
}

#[test]
fn letters_that_are_moved_together_end_where_they_are_measured_to_end() {
    let pdf = render(&Document {
        letterhead: vec!["AVATAR To Wa".to_owned(), "AVATAR To Wa".to_owned()],
        ..Document::default()
    });
    let lines = pdf.lines().concat();
    let ends = lines.iter().filter(|line| line.text == "AVATAR To Wa");
    let ends: Vec<f32> = ends.map(|line| line.end).collect();
    assert_eq!(ends.len(), 2);
    assert!(
        ends.iter().all(|end| (end - RIGHT).abs() < 0.05),
        "{ends:?}"
    );
}

#[test]
fn codes_are_those_of_the_embedded_glyphs() {
    let pdf = render(&section(&["Łódź iW 東京ー서울 مرحبا हिन्दी ไทย 😀 fi"]));
    let widths = pdf.widths();
    assert!(widths.len() > 30);
    for (told, embedded) in widths {
        assert!((told - embedded).abs() <= 0.5, "{told} {embedded}");
    }
}

#[test]
fn headings_in_scripts_without_a_bold_font_are_drawn_thicker() {
    let modes = |heading: &str| {
        let mut document = section(&["東京"]);
        document.title = heading.to_owned();
        let pdf = render(&document).0;
        let page = *pdf.get_pages().values().next().unwrap();
        let content = pdf.get_and_decode_page_content(page).unwrap();
        let is_mode = |operation: &&lopdf::content::Operation| operation.operator == "Tr";
        content.operations.iter().filter(is_mode).count()
    };
    assert_eq!(modes("Title"), 0);
    // Each word is drawn so, and then no longer.
    assert_eq!(modes("Title 東"), 2);
}

#[test]
fn what_no_font_has_is_a_box_and_is_copied() {
    let pdf = render(&section(&["a😀b\u{10ffff}c"]));
    let lines = pdf.lines().concat();
    let line = lines
        .iter()
        .find(|line| line.text.starts_with('a'))
        .unwrap();
    assert_eq!(line.text, "a😀b\u{10ffff}c");
    assert_eq!(
        (line.glyphs[1], line.glyphs[3]),
        (0, 0),
        "the box is the first glyph of a font"
    );
    assert!(
        line.end - line.start > 20.0,
        "the boxes have a width: {line:?}"
    );
}

#[test]
fn long_words_are_broken_at_the_margin() {
    for word in [
        "x".repeat(10_000),
        "東".repeat(10_000),
        "ع".repeat(10_000),
        "W\u{301}".repeat(5_000),
    ] {
        let pdf = render(&section(&[&word]));
        assert_between_margins(&pdf);
        let first = word.chars().next().unwrap();
        let is_torn = |line: &support::Line| line.text.starts_with('\u{301}');
        assert!(!pdf.lines().iter().flatten().any(is_torn));
        let text = pdf.all_text();
        let shown = text.chars().filter(|c| *c == first).count();
        assert_eq!(shown, word.chars().filter(|c| *c == first).count());
        assert!(pdf.pages() > 1 || word.starts_with('W') || word.len() < 20_001);
    }
}

#[test]
fn letters_keep_their_marks_in_narrow_columns() {
    // There is no glyph for both together.
    let rows = vec![vec!["q\u{301}".repeat(60); 12]];
    let pdf = render(&support::table(&["x"; 12], rows));
    let lines = pdf.lines().concat();
    assert!(
        lines
            .iter()
            .filter(|line| line.text.starts_with('q'))
            .count()
            > 100
    );
    assert!(!lines.iter().any(|line| line.text.starts_with('\u{301}')));
}

#[test]
fn lines_break_between_words() {
    let words: Vec<String> = (0..400).map(|word| format!("word{word}")).collect();
    let pdf = render(&section(&[&words.join(" ")]));
    assert_between_margins(&pdf);
    let text = pdf.all_text();
    let shown: Vec<&str> = text
        .split_whitespace()
        .filter(|word| word.starts_with("word"))
        .collect();
    assert_eq!(shown, words);
    let thai = "สัญญาเช่าอุปกรณ์มีผลบังคับใช้เมื่อส่งมอบ".repeat(20);
    let pdf = render(&section(&[&thai]));
    assert_between_margins(&pdf);
    for line in pdf.lines().concat() {
        let is_torn = line.text.starts_with(['ั', '่', '้', 'ิ', 'ี', 'ื']);
        assert!(!is_torn, "{line:?}");
    }
}

#[test]
fn a_title_of_any_length_and_a_letterhead_beside_it_are_shown_whole() {
    let pdf = render(&Document {
        title: "title ".repeat(2_000),
        subtitle: "subtitle ".repeat(500),
        letterhead: vec!["letterhead ".repeat(1_000)],
        ..Document::default()
    });
    assert_between_margins(&pdf);
    let text = pdf.all_text();
    // Each page but the first has a head of one line on top of it.
    assert!(text.matches("letterhead").count() == 1_000);
    assert!(text.matches("subtitle").count() >= 500);
    assert!(text.matches("title").count() >= 2_500);
}
