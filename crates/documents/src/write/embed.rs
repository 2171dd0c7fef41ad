//! Fonts in the file: the glyphs that are used, and the text that each of them shows.
//!
//! A code stands for a glyph *and* its text, so that copying gives the text even where two texts look the same or one
//! is in several glyphs, as in ligatures, accents, and the box for what no font has.

use std::collections::HashMap;

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Filter, Finish, Name, Pdf, Rect, Ref, Str};
use subsetter::GlyphRemapper;

use super::{Ids, compressed};
use crate::Error;
use crate::fonts::{self, COUNT, FontId, face};

/// Codes have 16 bits.
const CODES: usize = 1 << 16;

/// Most characters that a code stands for: strings of a character map are short.
const LONGEST: usize = 64;

const SYSTEM: SystemInfo = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};

/// The fonts that a document uses.
#[derive(Default)]
pub(super) struct Fonts([Option<Used>; COUNT]);

/// A font that is used, and its codes.
pub(super) struct Used {
    font: FontId,
    codes: HashMap<u16, HashMap<Box<str>, u16>>,
    /// By code: the glyph, its text, and how far it moves on, in thousandths of the size of the type.
    glyphs: Vec<(u16, Box<str>, f32)>,
}

/// The name of a font within the file.
pub(super) struct Resource([u8; 2]);

impl Resource {
    pub(super) fn as_name(&self) -> Name<'_> {
        Name(&self.0)
    }
}

fn resource(font: FontId) -> Resource {
    Resource([b'F', b'A' + font as u8])
}

impl Fonts {
    pub(super) fn resource(&self, font: FontId) -> Resource {
        resource(font)
    }

    /// The code for a glyph that shows `text`, and how far it moves on. When there are no codes left, it is the one of
    /// the box, without a text.
    pub(super) fn code(&mut self, font: FontId, glyph: u16, text: &str) -> (u16, f32) {
        let Some(used) = self.0.get_mut(font) else {
            return (0, 0.0);
        };
        used.get_or_insert_with(|| Used::new(font))
            .code(glyph, text)
    }

    /// In the order of the fonts.
    pub(super) fn into_used(self) -> impl Iterator<Item = Used> {
        self.0.into_iter().flatten()
    }
}

impl Used {
    fn new(font: FontId) -> Used {
        Used {
            font,
            codes: HashMap::new(),
            // A reader shows the first for a code that is not there.
            glyphs: vec![(0, "".into(), width(font, 0))],
        }
    }

    pub(super) fn resource(&self) -> Resource {
        resource(self.font)
    }

    fn code(&mut self, glyph: u16, text: &str) -> (u16, f32) {
        let known = self.codes.entry(glyph).or_default();
        let code = match known.get(text) {
            Some(code) => *code,
            None if self.glyphs.len() < CODES => {
                let code = self.glyphs.len() as u16;
                self.glyphs
                    .push((glyph, text.into(), width(self.font, glyph)));
                known.insert(text.into(), code);
                code
            }
            None => 0,
        };
        let width = self
            .glyphs
            .get(usize::from(code))
            .map_or(0.0, |(_, _, width)| *width);
        (code, width)
    }

    /// A tag for this selection of glyphs, as the names of selections begin with.
    fn tag(&self) -> String {
        // FNV-1a: the same on every machine and in every version.
        let hash = self
            .glyphs
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, (glyph, ..)| {
                (hash ^ u64::from(*glyph)).wrapping_mul(0x0100_0000_01b3)
            });
        let letter = |place: u32| char::from(b'A' + (hash / 26_u64.pow(place) % 26) as u8);
        (0..6).map(letter).collect()
    }
}

/// In thousandths, as it is written, so that no rounding adds up.
fn width(font: FontId, glyph: u16) -> f32 {
    (face(font).advance(glyph) * 1000.0).round()
}

/// # Errors
/// The file of the font is not as it was tested.
pub(super) fn embed(pdf: &mut Pdf, ids: &mut Ids, id: Ref, used: &Used) -> Result<(), Error> {
    let face = face(used.font);
    let mut remapper = GlyphRemapper::new();
    let mut glyph_of_code = Vec::new();
    for (glyph, ..) in &used.glyphs {
        glyph_of_code.extend(remapper.remap(*glyph).to_be_bytes());
    }
    let file = subsetter::subset(face.data, 0, &remapper);
    let file = file.map_err(|_| Error::Font { font: face.name })?;

    let [cid_id, descriptor_id, file_id, map_id, unicode_id] = [(); 5].map(|()| ids.next());
    let name = format!("{}+{}", used.tag(), face.name);
    let name = Name(name.as_bytes());

    let mut font = pdf.type0_font(id);
    font.base_font(name)
        .encoding_predefined(Name(b"Identity-H"));
    font.descendant_font(cid_id).to_unicode(unicode_id);
    font.finish();

    let mut font = pdf.cid_font(cid_id);
    font.subtype(CidFontType::Type2)
        .base_font(name)
        .system_info(SYSTEM);
    font.font_descriptor(descriptor_id).default_width(0.0);
    font.cid_to_gid_map_stream(map_id);
    font.widths()
        .consecutive(0, used.glyphs.iter().map(|(_, _, width)| *width));
    font.finish();

    describe(pdf, descriptor_id, file_id, used.font, name);
    let length = i32::try_from(file.len()).unwrap_or(i32::MAX);
    let mut stream = |id, bytes: &[u8], length: Option<i32>| {
        let bytes = compressed(bytes);
        let mut stream = pdf.stream(id, &bytes);
        stream.filter(Filter::FlateDecode);
        if let Some(length) = length {
            stream.pair(Name(b"Length1"), length);
        }
    };
    stream(file_id, &file, Some(length));
    stream(map_id, &glyph_of_code, None);
    stream(unicode_id, &unicode(used), None);
    Ok(())
}

fn describe(pdf: &mut Pdf, id: Ref, file: Ref, font: FontId, name: Name<'_>) {
    let metrics = face(font).font.metrics();
    let per_mille = 1000.0 / f64::from(metrics.units_per_em.max(1));
    let bounds = metrics.bounds;
    let scaled = |value: f64| (value * per_mille).round() as f32;
    let line = metrics.h_line().unwrap_or_default();
    let ascent = scaled(line.ascender.to_f64());
    let mut descriptor = pdf.font_descriptor(id);
    descriptor
        .name(name)
        .flags(FontFlags::SYMBOLIC)
        .font_file2(file);
    descriptor.bbox(Rect::new(
        scaled(bounds.x_min.to_f64()),
        scaled(bounds.y_min.to_f64()),
        scaled(bounds.x_max.to_f64()),
        scaled(bounds.y_max.to_f64()),
    ));
    descriptor
        .italic_angle(0.0)
        .ascent(ascent)
        .descent(scaled(line.descender.to_f64()));
    descriptor.cap_height(
        metrics
            .cap_height
            .map_or(ascent, |height| scaled(height.to_f64())),
    );
    // The fonts do not tell; it only matters to who has to replace them.
    descriptor.stem_v(match fonts::is_thin(font) {
        true => 80.0,
        false => 140.0,
    });
}

/// Which text each code stands for.
fn unicode(used: &Used) -> Vec<u8> {
    let mut map = UnicodeCmap::<u16>::new(Name(b"Custom"), SYSTEM);
    for (code, (_, text, _)) in used.glyphs.iter().enumerate() {
        if !text.is_empty() {
            map.pair_with_multiple(code as u16, text.chars().take(LONGEST));
        }
    }
    map.finish().into_vec()
}
