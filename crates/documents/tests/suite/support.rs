//! Reads documents back with a library that knows nothing of the one that wrote them.

use std::collections::{BTreeMap, HashMap};

use documents::{Align, Block, Column, Document, Section, Table};
use lopdf::{Dictionary, Object};

/// Points between which text may stand.
pub(crate) const LEFT: f32 = 56.0;
pub(crate) const RIGHT: f32 = 595.28 - 56.0;

/// A file that was read back.
pub(crate) struct Pdf(pub(crate) lopdf::Document);

/// A line of text as it stands on a page.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// What is copied, from left to right.
    pub(crate) text: String,
    /// From the left, and from the bottom, in points.
    pub(crate) start: f32,
    pub(crate) end: f32,
    pub(crate) baseline: f32,
    /// Glyphs, by their number in the embedded font.
    pub(crate) glyphs: Vec<u16>,
    /// Names of the fonts, without the tags of their selections.
    pub(crate) fonts: Vec<String>,
}

/// By the name that pages have for them.
type Fonts<'a> = HashMap<Vec<u8>, Font<'a>>;

/// A font of a page: its name, what codes show, how wide they are, and which glyphs they are.
struct Font<'a> {
    name: String,
    encoding: lopdf::Encoding<'a>,
    widths: Vec<f32>,
    glyphs: Vec<u8>,
    file: Vec<u8>,
}

pub(crate) fn render(document: &Document) -> Pdf {
    read(&documents::render(document).unwrap())
}

pub(crate) fn read(bytes: &[u8]) -> Pdf {
    Pdf(lopdf::Document::load_mem(bytes).unwrap())
}

impl Pdf {
    pub(crate) fn pages(&self) -> usize {
        self.0.get_pages().len()
    }

    /// The lines of each page, in the order in which they are drawn.
    pub(crate) fn lines(&self) -> Vec<Vec<Line>> {
        let pages: Vec<_> = self.0.get_pages().into_values().collect();
        // All pages have the same.
        let fonts = self.0.get_page_fonts(pages[0]).unwrap();
        let fonts = fonts.into_iter();
        let fonts: Fonts<'_> = fonts.map(|(name, font)| (name, self.font(font))).collect();
        let lines = pages.into_iter().map(|page| self.lines_of(page, &fonts));
        lines.collect()
    }

    /// Of every code of every font: how wide the page says that it is, and how wide the glyph in the embedded file
    /// is, in thousandths of the size of the type.
    pub(crate) fn widths(&self) -> Vec<(f32, f32)> {
        let first = *self.0.get_pages().values().next().unwrap();
        let fonts = self.0.get_page_fonts(first).unwrap();
        let mut widths = Vec::new();
        for font in fonts.into_values().map(|font| self.font(font)) {
            let number = |table: &[u8; 4], at: usize| {
                let table = self::table_of(&font.file, table);
                f32::from(u16::from_be_bytes([table[at], table[at + 1]]))
            };
            let (em, long) = (number(b"head", 18), number(b"hhea", 34));
            for (code, width) in font.widths.iter().enumerate() {
                let glyph = u16::from_be_bytes([font.glyphs[2 * code], font.glyphs[2 * code + 1]]);
                assert!(f32::from(glyph) < number(b"maxp", 4), "{}", font.name);
                let entry = f32::from(glyph).min(long - 1.0) as usize;
                widths.push((*width, number(b"hmtx", 4 * entry) * 1000.0 / em));
            }
        }
        widths
    }

    /// The lines of each page, separated by line feeds.
    pub(crate) fn texts(&self) -> Vec<String> {
        let lines = self.lines();
        let text = |page: &Vec<Line>| {
            let lines: Vec<&str> = page.iter().map(|line| line.text.as_str()).collect();
            lines.join("\n")
        };
        lines.iter().map(text).collect()
    }

    pub(crate) fn all_text(&self) -> String {
        self.texts().join("\n")
    }

    /// How often each kind of element occurs in the structure.
    pub(crate) fn elements(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for object in self.0.objects.values() {
            let Ok(element) = object.as_dict() else {
                continue;
            };
            if let (Ok(kind), true) = (element.get(b"S"), element.has(b"P")) {
                let kind = String::from_utf8_lossy(kind.as_name().unwrap()).into_owned();
                *counts.entry(kind).or_default() += 1;
            }
        }
        counts
    }

    pub(crate) fn catalog(&self) -> &Dictionary {
        self.0.catalog().unwrap()
    }

    /// A text of the file's properties.
    pub(crate) fn property(&self, key: &str) -> Option<String> {
        let info = self.0.trailer.get(b"Info").unwrap().as_reference().unwrap();
        let info = self.0.get_dictionary(info).unwrap();
        let text = info.get(key.as_bytes()).ok()?;
        Some(lopdf::decode_text_string(text).unwrap())
    }

    fn lines_of(&self, page: lopdf::ObjectId, fonts: &Fonts<'_>) -> Vec<Line> {
        let content = self.0.get_and_decode_page_content(page).unwrap();
        let mut lines: Vec<Line> = Vec::new();
        let mut font: Option<(&Font<'_>, f32)> = None;
        for operation in &content.operations {
            let operands = &operation.operands;
            match operation.operator.as_str() {
                "Tf" => {
                    let name = operands[0].as_name().unwrap();
                    font = Some((&fonts[name], operands[1].as_float().unwrap()));
                }
                "Tm" => lines.push(Line {
                    text: String::new(),
                    start: operands[4].as_float().unwrap(),
                    end: operands[4].as_float().unwrap(),
                    baseline: operands[5].as_float().unwrap(),
                    glyphs: Vec::new(),
                    fonts: Vec::new(),
                }),
                "TJ" => {
                    let (font, size) = font.unwrap();
                    let line = lines.last_mut().unwrap();
                    line.fonts.push(font.name.clone());
                    for item in operands[0].as_array().unwrap() {
                        font.show(item, size, line);
                    }
                }
                "Tj" => panic!("text is positioned"),
                _ => {}
            }
        }
        lines
    }

    fn font<'a>(&'a self, font: &'a Dictionary) -> Font<'a> {
        let follow = |object: &'a Object| match object {
            Object::Reference(id) => self.0.get_object(*id).unwrap(),
            object => object,
        };
        let below = font.get(b"DescendantFonts").unwrap().as_array().unwrap();
        let below = follow(&below[0]).as_dict().unwrap();
        let widths = follow(below.get(b"W").unwrap()).as_array().unwrap();
        let widths = follow(&widths[1]).as_array().unwrap();
        let map = follow(below.get(b"CIDToGIDMap").unwrap())
            .as_stream()
            .unwrap();
        let descriptor = follow(below.get(b"FontDescriptor").unwrap());
        let file = descriptor.as_dict().unwrap().get(b"FontFile2").unwrap();
        let file = follow(file).as_stream().unwrap();
        let name = String::from_utf8_lossy(font.get(b"BaseFont").unwrap().as_name().unwrap());
        Font {
            name: name.split_once('+').unwrap().1.to_owned(),
            encoding: font.get_font_encoding(&self.0).unwrap(),
            widths: widths
                .iter()
                .map(|width| width.as_float().unwrap())
                .collect(),
            glyphs: map.decompressed_content().unwrap(),
            file: file.decompressed_content().unwrap(),
        }
    }
}

impl Font<'_> {
    fn show(&self, item: &Object, size: f32, line: &mut Line) {
        match item {
            Object::String(bytes, _) => {
                for code in bytes.chunks(2) {
                    let at = usize::from(u16::from_be_bytes([code[0], code[1]]));
                    line.end += self.widths[at] * size / 1000.0;
                    let glyph = [self.glyphs[2 * at], self.glyphs[2 * at + 1]];
                    line.glyphs.push(u16::from_be_bytes(glyph));
                    let text = self.encoding.bytes_to_string(code).unwrap_or_default();
                    line.text.push_str(&text);
                }
            }
            number => line.end -= number.as_float().unwrap() * size / 1000.0,
        }
    }
}

/// A table of a font in the form of OpenType.
fn table_of<'a>(file: &'a [u8], tag: &[u8; 4]) -> &'a [u8] {
    let long = |at: usize| u32::from_be_bytes(file[at..at + 4].try_into().unwrap()) as usize;
    let mut records = (0..usize::from(file[5])).map(|table| 12 + 16 * table);
    let record = records.find(|at| &file[*at..at + 4] == tag).unwrap();
    &file[long(record + 8)..][..long(record + 12)]
}

/// A document of one section.
pub(crate) fn section(paragraphs: &[&str]) -> Document {
    Document {
        title: "Title".to_owned(),
        blocks: vec![Block::Section(Section {
            heading: "Heading".to_owned(),
            paragraphs: paragraphs.iter().map(|text| (*text).to_owned()).collect(),
        })],
        ..Document::default()
    }
}

/// A document of one table: the first column holds texts, the others numbers.
pub(crate) fn table(headings: &[&str], rows: Vec<Vec<String>>) -> Document {
    let column = |(index, heading): (usize, &&str)| Column {
        heading: (*heading).to_owned(),
        align: match index {
            0 => Align::Left,
            _ => Align::Right,
        },
    };
    Document {
        title: "Title".to_owned(),
        blocks: vec![Block::Table(Table {
            heading: "Devices".to_owned(),
            columns: headings.iter().enumerate().map(column).collect(),
            rows,
            totals: Vec::new(),
        })],
        ..Document::default()
    }
}
