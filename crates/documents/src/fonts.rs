//! The fonts that are built in, and which of them has a character.

use std::sync::LazyLock;

use harfrust::{Font, ShaperFont};

/// Place in [`FONTS`].
pub(crate) type FontId = usize;

/// How many there are.
pub(crate) const COUNT: usize = 9;

/// For most of a document.
const REGULAR: FontId = 0;

/// For what is in bold and in Latin, Greek or Cyrillic; the other scripts have no bold font, and are drawn thicker.
const BOLD: FontId = 1;

/// Those of other scripts, in the order in which they are asked. The one for Chinese, Japanese and Korean is last:
/// it has some characters of other scripts, in a look of its own.
const OTHERS: std::ops::Range<FontId> = 2..COUNT;

macro_rules! embedded {
    ($folder:literal, $name:literal) => {
        (
            $name,
            include_bytes!(concat!("../fonts/", $folder, "/", $name, ".ttf")).as_slice(),
        )
    };
}

/// Names, as in the PDF, and files.
const FILES: [(&str, &[u8]); COUNT] = [
    embedded!("noto", "NotoSans-Regular"),
    embedded!("noto", "NotoSans-Bold"),
    embedded!("noto", "NotoSansArabic-Regular"),
    embedded!("noto", "NotoSansHebrew-Regular"),
    embedded!("noto", "NotoSansThai-Regular"),
    embedded!("noto", "NotoSansDevanagari-Regular"),
    embedded!("noto", "NotoSansArmenian-Regular"),
    embedded!("noto", "NotoSansGeorgian-Regular"),
    embedded!("droid", "DroidSansFallback"),
];

/// Read once for all documents: what a font holds is looked up in it as long as the process lives.
static FONTS: LazyLock<[Face; COUNT]> = LazyLock::new(|| FILES.map(Face::new));

/// A font and its measures.
pub(crate) struct Face {
    pub(crate) name: &'static str,
    pub(crate) data: &'static [u8],
    pub(crate) font: Font,
    units_per_em: f32,
}

impl Face {
    fn new((name, data): (&'static str, &'static [u8])) -> Face {
        let font = Font::new(data, 0).expect("the files are fonts, as a test makes sure");
        let units_per_em = f32::from(font.units_per_em().max(1));
        Face {
            name,
            data,
            font,
            units_per_em,
        }
    }

    /// Units of the font as a part of the size of the type.
    pub(crate) fn em(&self, units: i32) -> f32 {
        units as f32 / self.units_per_em
    }

    /// How far a glyph moves on by itself, as a part of the size of the type.
    pub(crate) fn advance(&self, glyph: u16) -> f32 {
        let advance = ShaperFont::new(&self.font).glyph_h_advance(u32::from(glyph).into());
        self.em(advance)
    }

    fn covers(&self, c: char) -> bool {
        self.font.charmap().map_unicode(c).is_some()
    }
}

pub(crate) fn face(id: FontId) -> &'static Face {
    &FONTS[id]
}

/// Whether a text in bold has to be drawn thicker than the font does.
pub(crate) fn is_thin(id: FontId) -> bool {
    id != BOLD
}

/// The font that shows `c` after a character in the font `before`.
pub(crate) fn font_for(c: char, bold: bool, before: Option<FontId>) -> FontId {
    let first = match bold {
        true => BOLD,
        false => REGULAR,
    };
    if c.is_ascii() {
        return first;
    }
    // What has no look of its own, and what is drawn on the character before, belongs to it.
    if let Some(before) = before
        && (is_invisible(c) || is_mark(c) && face(before).covers(c))
    {
        return before;
    }
    // The first one also shows the box for what none has.
    let mut fonts = std::iter::once(first).chain(OTHERS);
    fonts.find(|id| face(*id).covers(c)).unwrap_or(first)
}

pub(crate) fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Joiners, marks of direction, selectors of variants.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_a_font_with_glyphs() {
        for (id, (name, _)) in FILES.iter().enumerate() {
            assert!(face(id).font.num_glyphs() > 100, "{name}");
            assert!(face(id).units_per_em >= 256.0, "{name}");
        }
    }

    #[test]
    fn every_script_has_its_font() {
        let name = |c| face(font_for(c, false, None)).name;
        for (text, font) in [
            ("Aß€Łő", "NotoSans-Regular"),
            ("Ωή", "NotoSans-Regular"),
            ("Жї", "NotoSans-Regular"),
            ("عچ؟", "NotoSansArabic-Regular"),
            ("שּׁ", "NotoSansHebrew-Regular"),
            ("ไฟ", "NotoSansThai-Regular"),
            ("हि", "NotoSansDevanagari-Regular"),
            ("Հայ", "NotoSansArmenian-Regular"),
            ("ქარ", "NotoSansGeorgian-Regular"),
            ("東京都カタカナひらがな한국어、。", "DroidSansFallback"),
        ] {
            for c in text.chars() {
                assert_eq!(name(c), font, "{c} U+{:04X}", u32::from(c));
            }
        }
    }

    #[test]
    fn all_of_hangul_and_the_unified_ideographs_are_there() {
        let last = face(COUNT - 1);
        for c in ('\u{4e00}'..='\u{9fa5}').chain('\u{ac00}'..='\u{d7a3}') {
            assert!(last.covers(c), "U+{:04X}", u32::from(c));
        }
    }
}
