//! Texts in one font and one direction as glyphs.

use std::collections::HashMap;
use std::rc::Rc;

use harfrust::{
    Buffer, ClusterLevel, Direction, ShapeOptions, ShapePlan, ShapePlanKey, ShaperFont, shape,
};

use crate::fonts::{self, FontId, face};

/// A text as glyphs, from left to right. Measures are parts of the size of the type.
#[derive(Debug)]
pub(crate) struct Shaped {
    pub(crate) font: FontId,
    pub(crate) text: Box<str>,
    pub(crate) glyphs: Vec<Glyph>,
    pub(crate) width: f32,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Glyph {
    pub(crate) id: u16,
    /// How far the next one is.
    pub(crate) advance: f32,
    /// Where it is drawn, from where it stands: to the right, and up.
    pub(crate) offset: (f32, f32),
    /// Which part of the text it shows, in bytes; nothing if the glyph beside it shows it already.
    start: usize,
    end: usize,
}

impl Shaped {
    pub(crate) fn text_of(&self, glyph: &Glyph) -> &str {
        self.text.get(glyph.start..glyph.end).unwrap_or_default()
    }

    /// The place, in bytes, in front of which a line of at most `width` can end: behind one character with its
    /// marks at least, and the end of the text if nothing is to be broken.
    pub(crate) fn split(&self, width: f32) -> usize {
        let mut parts: Vec<(usize, f32)> = Vec::new();
        for (start, c) in self.text.char_indices() {
            let own = self.glyphs.iter().filter(|glyph| glyph.start == start);
            let advance = own.map(|glyph| glyph.advance).sum();
            match parts.last_mut() {
                Some((_, before)) if advance == 0.0 || fonts::is_mark(c) => *before += advance,
                _ => parts.push((start, advance)),
            }
        }
        let mut used = 0.0;
        for (index, (start, advance)) in parts.iter().enumerate() {
            used += advance;
            if used > width && index > 0 {
                return *start;
            }
        }
        let second = parts.get(1).map(|(start, _)| *start);
        match used > width {
            true => second.unwrap_or(self.text.len()),
            false => self.text.len(),
        }
    }
}

/// Shapes texts, and remembers what it has shaped: most words of a document occur again.
#[derive(Default)]
pub(crate) struct Shaper {
    plans: Vec<(FontId, ShapePlan)>,
    /// By font and direction.
    known: HashMap<(FontId, bool), HashMap<Box<str>, Rc<Shaped>>>,
}

impl Shaper {
    /// `text` in `font`. All of it is written in one direction, and it is short: a word, or a part of a long one.
    pub(crate) fn shape(&mut self, font: FontId, rtl: bool, text: &str) -> Rc<Shaped> {
        let known = self.known.entry((font, rtl)).or_default();
        if let Some(shaped) = known.get(text) {
            return Rc::clone(shaped);
        }
        let shaped = Rc::new(shaped(&mut self.plans, font, rtl, text));
        let known = self.known.entry((font, rtl)).or_default();
        known.insert(text.into(), Rc::clone(&shaped));
        shaped
    }
}

fn shaped(plans: &mut Vec<(FontId, ShapePlan)>, font: FontId, rtl: bool, text: &str) -> Shaped {
    let face = face(font);
    let mut buffer = Buffer::new();
    buffer.push_str(text);
    buffer.set_direction(match rtl {
        true => Direction::RightToLeft,
        false => Direction::LeftToRight,
    });
    // The script is that of the first character that has one: fonts are chosen by script, and what Latin, Greek
    // and Cyrillic have in common is the same in theirs.
    buffer.guess_segment_properties();
    // Marks are told from what they stand on, so that each glyph has its own text.
    buffer.set_cluster_level(ClusterLevel::MonotoneCharacters);

    let key = ShapePlanKey::new(&face.font, buffer.script(), buffer.direction());
    let at = match plans
        .iter()
        .position(|(of, plan)| *of == font && key.matches(plan))
    {
        Some(at) => at,
        None => {
            let (direction, script) = (buffer.direction(), buffer.script());
            let plan = ShapePlan::new(&face.font, direction, script, None, &[]);
            plans.push((font, plan));
            plans.len() - 1
        }
    };
    let options = ShapeOptions::new().plan(plans.get(at).map(|(_, plan)| plan));
    let done = shape(&ShaperFont::new(&face.font), &mut buffer, options);
    let mut glyphs: Vec<Glyph> = match done {
        Ok(()) => {
            let positions = buffer.glyph_positions().iter();
            let glyphs = buffer.glyph_infos().iter().zip(positions);
            glyphs
                .map(|(info, position)| Glyph {
                    id: u16::try_from(info.glyph_id).unwrap_or(0),
                    advance: face.em(position.x_advance),
                    offset: (face.em(position.x_offset), face.em(position.y_offset)),
                    start: info.cluster as usize,
                    end: info.cluster as usize,
                })
                .collect()
        }
        // What cannot be shaped is one box.
        Err(_) => vec![Glyph {
            id: 0,
            advance: face.advance(0),
            offset: (0.0, 0.0),
            start: 0,
            end: 0,
        }],
    };
    match rtl {
        true => share_text(glyphs.iter_mut().rev(), text.len()),
        false => share_text(glyphs.iter_mut(), text.len()),
    }
    Shaped {
        font,
        text: text.into(),
        width: glyphs.iter().map(|glyph| glyph.advance).sum(),
        glyphs,
    }
}

/// Gives each part of the text to the first of the glyphs that show it. `glyphs` are in the order of the text.
fn share_text<'a>(glyphs: impl DoubleEndedIterator<Item = &'a mut Glyph>, length: usize) {
    let mut end = length;
    let mut last: Option<&mut Glyph> = None;
    for glyph in glyphs.rev() {
        if let Some(later) = last.take()
            && later.start != glyph.start
        {
            later.end = end;
            end = later.start;
        }
        last = Some(glyph);
    }
    if let Some(first) = last {
        (first.start, first.end) = (0, end);
    }
}
