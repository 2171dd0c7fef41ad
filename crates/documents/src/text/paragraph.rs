//! Texts in lines: where they may break, in which direction their parts run, and which font shows them.

use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::LazyLock;

use icu_segmenter::options::LineBreakOptions;
use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed};
use unicode_bidi::{Level, ParagraphBidiInfo};

use super::{Shaped, Shaper};
use crate::fonts::{FontId, font_for, is_mark};

/// Most characters that are shaped together. Longer words are shaped in parts, so that breaking one of a
/// million characters does not shape a million of them for every line.
const LONGEST: usize = 64;

/// Rounding of the widths that are added.
const TOLERANCE: f32 = 0.001;

/// With the dictionary of Thai, which has no spaces between words.
static SEGMENTER: LazyLock<LineSegmenterBorrowed<'static>> =
    LazyLock::new(|| LineSegmenter::new_dictionary(LineBreakOptions::default()));

/// A text, ready to be broken into lines of any width. Measures are parts of the size of the type.
#[derive(Debug)]
pub(crate) struct Paragraph(Vec<Forced>);

/// What is between two line feeds.
#[derive(Debug)]
struct Forced {
    items: Vec<Item>,
    rtl: bool,
}

/// A part in one font and direction, of one word or of the spaces behind it.
#[derive(Debug, Clone)]
struct Item {
    shaped: Rc<Shaped>,
    level: Level,
    is_space: bool,
    /// Whether a line may begin with it.
    breaks: bool,
}

/// A line, from left to right.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    pub(crate) runs: Vec<Rc<Shaped>>,
    pub(crate) width: f32,
    /// Whether its text is written from right to left, and so begins there.
    pub(crate) rtl: bool,
}

impl Paragraph {
    /// Of a text that is [`clean`](super::clean).
    pub(crate) fn new(shaper: &mut Shaper, text: &str, bold: bool) -> Paragraph {
        Paragraph(
            text.split('\n')
                .map(|line| Forced::new(shaper, line, bold))
                .collect(),
        )
    }

    /// The width at which only line feeds break lines.
    pub(crate) fn widest(&self) -> f32 {
        let lines = self.0.iter();
        lines.fold(0.0, |widest, line| widest.max(width(&line.items)))
    }

    /// The width below which words are broken.
    pub(crate) fn longest_word(&self) -> f32 {
        let mut longest: f32 = 0.0;
        for line in &self.0 {
            let mut word = 0.0;
            for item in &line.items {
                if item.breaks {
                    word = 0.0;
                }
                if !item.is_space {
                    word += item.shaped.width;
                    longest = longest.max(word);
                }
            }
        }
        longest
    }

    /// Its lines, none wider than `width` but where a single character is.
    pub(crate) fn lines(&self, shaper: &mut Shaper, width: f32) -> Vec<Line> {
        let mut lines = Vec::new();
        for forced in &self.0 {
            forced.fill(shaper, width + TOLERANCE, &mut lines);
        }
        lines
    }
}

impl Forced {
    fn new(shaper: &mut Shaper, text: &str, bold: bool) -> Forced {
        let bidi = (!text.is_ascii()).then(|| ParagraphBidiInfo::new(text, None));
        let level_at = |at: usize| {
            let level = bidi.as_ref().and_then(|bidi| bidi.levels.get(at));
            level.copied().unwrap_or(Level::ltr())
        };
        let mut breaks = SEGMENTER.segment_str(text).filter(|at| *at > 0).peekable();
        let mut items = Vec::new();
        let mut part: Option<Part> = None;
        for (at, c) in text.char_indices() {
            let is_break = breaks.next_if_eq(&at).is_some();
            let font = font_for(c, bold, part.as_ref().map(|part| part.font));
            let (level, is_space) = (level_at(at), c == ' ');
            let goes_on = part.as_ref().is_some_and(|part| {
                let is_same = part.font == font && part.level == level && part.is_space == is_space;
                is_same
                    && !is_break
                    && (part.length < LONGEST || is_mark(c) && part.length < 2 * LONGEST)
            });
            match &mut part {
                Some(part) if goes_on => part.length += 1,
                _ => {
                    items.extend(part.take().map(|part| part.shape(shaper, &text[..at])));
                    part = Some(Part {
                        start: at,
                        length: 1,
                        font,
                        level,
                        is_space,
                        breaks: is_break,
                    });
                }
            }
        }
        items.extend(part.map(|part| part.shape(shaper, text)));
        Forced {
            items,
            rtl: bidi.is_some_and(|bidi| bidi.paragraph_level.is_rtl()),
        }
    }

    fn fill(&self, shaper: &mut Shaper, width: f32, lines: &mut Vec<Line>) {
        let mut rest: VecDeque<Item> = self.items.iter().cloned().collect();
        let mut line: Vec<Item> = Vec::new();
        let mut used = 0.0;
        while !rest.is_empty() {
            if let Some(count) = word_that_fits(&rest, width - used) {
                used += rest
                    .iter()
                    .take(count)
                    .map(|item| item.shaped.width)
                    .sum::<f32>();
                line.extend(rest.drain(..count));
                continue;
            }
            if line.is_empty() {
                break_word(&mut rest, &mut line, shaper, width);
            }
            lines.push(finished(std::mem::take(&mut line), self.rtl));
            used = 0.0;
        }
        if !line.is_empty() || self.items.is_empty() {
            lines.push(finished(line, self.rtl));
        }
    }
}

/// An [`Item`] that is being read.
struct Part {
    start: usize,
    /// In characters.
    length: usize,
    font: FontId,
    level: Level,
    is_space: bool,
    breaks: bool,
}

impl Part {
    /// `text` ends where the part does.
    fn shape(self, shaper: &mut Shaper, text: &str) -> Item {
        let text = &text[self.start..];
        Item {
            shaped: shaper.shape(self.font, self.level.is_rtl(), text),
            level: self.level,
            is_space: self.is_space,
            breaks: self.breaks,
        }
    }
}

/// How many of the next items are a word and the spaces behind it, if the word fits. It looks no further than
/// `width` reaches.
fn word_that_fits(rest: &VecDeque<Item>, width: f32) -> Option<usize> {
    let (mut used, mut spaces) = (0.0, 0.0);
    for (index, item) in rest.iter().enumerate() {
        if index > 0 && item.breaks {
            return Some(index);
        }
        match item.is_space {
            true => spaces += item.shaped.width,
            false => used += item.shaped.width + std::mem::take(&mut spaces),
        }
        if used > width {
            return None;
        }
    }
    Some(rest.len())
}

/// Moves as much of the next word into the empty `line` as fits, and one character at least.
fn break_word(rest: &mut VecDeque<Item>, line: &mut Vec<Item>, shaper: &mut Shaper, width: f32) {
    let mut used = 0.0;
    while let Some(item) = rest.pop_front() {
        used += item.shaped.width;
        if used <= width {
            line.push(item);
            continue;
        }
        if !line.is_empty() {
            rest.push_front(item);
            return;
        }
        let Shaped { font, text, .. } = &*item.shaped;
        let (head, tail) = text.split_at(item.shaped.split(width));
        let mut part = |text: &str| Item {
            shaped: shaper.shape(*font, item.level.is_rtl(), text),
            ..item.clone()
        };
        line.push(part(head));
        if !tail.is_empty() {
            rest.push_front(part(tail));
        }
        return;
    }
}

/// The items in the order in which they are seen, without the spaces at the end.
fn finished(mut items: Vec<Item>, rtl: bool) -> Line {
    while items.last().is_some_and(|item| item.is_space) {
        items.pop();
    }
    let levels: Vec<Level> = items.iter().map(|item| item.level).collect();
    let order = ParagraphBidiInfo::reorder_visual(&levels);
    let runs = order.iter().filter_map(|at| items.get(*at));
    Line {
        runs: runs.map(|item| Rc::clone(&item.shaped)).collect(),
        width: width(&items),
        rtl,
    }
}

/// Without the spaces at the end.
fn width(items: &[Item]) -> f32 {
    let end = items
        .iter()
        .rposition(|item| !item.is_space)
        .map_or(0, |last| last + 1);
    items.iter().take(end).map(|item| item.shaped.width).sum()
}
