//! No text does harm, wherever it stands.

use super::support::{LEFT, read, render, section};
use documents::{
    Align, Block, Column, Document, Fact, Footer, Party, Section, Signature, Table, Total,
};

/// Xorshift: the same texts in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }

    fn char(&mut self) -> char {
        /// What texts are broken, ordered, joined and mapped by.
        const SPECIAL: &str = "\0\u{1}\t\n\r\u{b}\u{1b}\u{7f}\u{85}\u{a0}\u{ad}\u{300}\u{34f}\u{61c}\u{1160}\
            \u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\
            \u{2066}\u{2067}\u{2068}\u{2069}\u{fe0f}\u{feff}\u{fffc}\u{fffd}\u{ffff}\u{e0001}\u{10ffff}()[]<>\\/%{}";
        const RANGES: [(u32, u32); 10] = [
            (0x20, 0x7e),
            (0xa0, 0x24f),
            (0x300, 0x36f),
            (0x370, 0x58f),
            (0x590, 0x6ff),
            (0x900, 0x97f),
            (0xe00, 0xe7f),
            (0x3000, 0x9fff),
            (0xac00, 0xd7a3),
            (0, 0x10_ffff),
        ];
        if self.below(4) == 0 {
            let special = self.below(SPECIAL.chars().count());
            return SPECIAL.chars().nth(special).unwrap();
        }
        let (first, last) = RANGES[self.below(RANGES.len())];
        char::from_u32(first + self.below((last - first + 1) as usize) as u32).unwrap_or('\u{fffd}')
    }

    fn text(&mut self) -> String {
        let most = [0, 1, 3, 30, 300][self.below(5)];
        let length = self.below(most + 1);
        match self.below(8) {
            0 => self.char().to_string().repeat(length),
            _ => (0..length).map(|_| self.char()).collect(),
        }
    }

    fn texts(&mut self, most: usize) -> Vec<String> {
        (0..self.below(most + 1)).map(|_| self.text()).collect()
    }

    fn block(&mut self) -> Block {
        match self.below(5) {
            0 => Block::Parties(
                (0..self.below(4))
                    .map(|_| Party {
                        role: self.text(),
                        lines: self.texts(4),
                    })
                    .collect(),
            ),
            1 => Block::Facts(
                (0..self.below(10))
                    .map(|_| Fact {
                        label: self.text(),
                        value: self.text(),
                    })
                    .collect(),
            ),
            2 => {
                let columns = 1 + self.below(12);
                let column = |random: &mut Random| Column {
                    heading: random.text(),
                    align: [Align::Left, Align::Right][random.below(2)],
                };
                let total = |random: &mut Random| Total {
                    label: random.text(),
                    value: random.text(),
                    strong: random.below(2) == 0,
                };
                Block::Table(Table {
                    heading: self.text(),
                    columns: (0..columns).map(|_| column(self)).collect(),
                    rows: (0..self.below(6)).map(|_| self.texts(columns)).collect(),
                    totals: (0..self.below(4)).map(|_| total(self)).collect(),
                })
            }
            3 => Block::Section(Section {
                heading: self.text(),
                paragraphs: self.texts(4),
            }),
            _ => Block::Signatures(
                (0..self.below(4))
                    .map(|_| Signature {
                        party: self.text(),
                        lines: self.texts(3),
                    })
                    .collect(),
            ),
        }
    }

    fn document(&mut self) -> Document {
        Document {
            title: self.text(),
            subtitle: self.text(),
            language: self.text(),
            created: None,
            letterhead: self.texts(4),
            blocks: (0..self.below(6)).map(|_| self.block()).collect(),
            footer: Footer {
                text: self.text(),
                page: self.text(),
            },
        }
    }
}

#[test]
fn random_texts_give_files_that_can_be_read() {
    for seed in 1..=60 {
        let document = Random(seed * 0x9e37_79b9).document();
        let bytes =
            documents::render(&document).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let pdf = read(&bytes);
        assert!(pdf.pages() >= 1, "seed {seed}");
        for line in pdf.lines().concat() {
            assert!(line.start > LEFT - 1.0, "seed {seed}: {line:?}");
        }
    }
}

#[test]
fn characters_that_no_font_has_may_be_more_than_there_are_codes() {
    // 137,000 of them, and a code has 16 bits: the last ones are boxes that nothing can be copied from.
    let text: String = ('\u{f0000}'..='\u{ffffd}')
        .chain('\u{100000}'..='\u{10fffd}')
        .collect();
    let pdf = read(&documents::render(&section(&[&text])).unwrap());
    let lines = pdf.lines().concat();
    let boxes = lines
        .iter()
        .flat_map(|line| &line.glyphs)
        .filter(|glyph| **glyph == 0)
        .count();
    assert_eq!(boxes, text.chars().count());
    assert!(pdf.texts()[0].contains("\u{f0000}\u{f0001}"));
}

#[test]
fn marks_without_end_on_one_letter_are_one_letter_high() {
    let text = format!("a{}b", "\u{301}".repeat(10_000));
    let pdf = read(&documents::render(&section(&[&text])).unwrap());
    assert_eq!(
        pdf.all_text().chars().filter(|c| *c == '\u{301}').count(),
        10_000
    );
    assert!(pdf.pages() < 3, "{}", pdf.pages());
}

#[test]
fn a_direction_is_not_forced_upon_an_amount() {
    let text = render(&section(&["pay \u{202e}100\u{202c} EUR"])).all_text();
    assert!(text.contains("pay 100 EUR"), "{text}");
}

#[test]
fn heads_and_feet_of_any_length_are_cut() {
    let mut document = section(&[&"line\n".repeat(5_000)]);
    document.title = "title ".repeat(100);
    document.subtitle = "x".repeat(100_000);
    document.footer = Footer {
        text: "foot ".repeat(100_000),
        page: "{page} of {pages} ".repeat(20_000),
    };
    let pdf = render(&document);
    assert!(pdf.pages() > 100);
    let last = pdf.lines().pop().unwrap();
    assert!(
        last.iter()
            .any(|line| line.text.starts_with("title title") && line.text.ends_with('…'))
    );
    let number = format!("{0} of {0} {0} of {0}", pdf.pages());
    assert!(
        last.iter()
            .any(|line| line.text.starts_with(&number) && line.text.ends_with('…'))
    );
}
