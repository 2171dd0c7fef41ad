//! What is drawn on a page, as the operators of PDF. They count from the lower left corner.

use pdf_writer::types::TextRenderingMode;
use pdf_writer::{Content, Finish, Name, Settings, Str};

use super::embed::Fonts;
use super::{number, structure};
use crate::fonts::is_thin;
use crate::page::{Color, HEIGHT, Mark, Page, Text};
use crate::tags::{Kid, NodeId, Tree};
use crate::text::Shaped;

/// What a font without a bold one is drawn thicker by, as a part of the size of the type.
const THICKER: f32 = 0.03;

/// Differences of positions that nobody sees, in thousandths of the size of the type.
const INVISIBLE: f32 = 0.05;

/// The operators, and to which part of the structure each of the marks on the page belongs.
pub(super) fn content(
    page: &Page,
    index: usize,
    fonts: &mut Fonts,
    tree: &mut Tree,
) -> (Vec<u8>, Vec<NodeId>) {
    let mut content = Content::with_settings(Settings { pretty: false });
    let mut owners = Vec::new();
    // What is open: an artifact is of no part.
    let mut open: Option<Option<NodeId>> = None;
    for mark in &page.marks {
        let node = match mark {
            Mark::Text { text, .. } => text.node,
            Mark::Area { .. } => None,
        };
        if open != Some(node) {
            if open.is_some() {
                content.end_marked_content();
            }
            match node {
                Some(node) => {
                    let mark = number(owners.len());
                    owners.push(node);
                    tree.push(node, Kid::Content { page: index, mark });
                    let role = tree.nodes().get(node).map(|node| node.role);
                    let name = structure::name(role);
                    content
                        .begin_marked_content_with_properties(name)
                        .properties()
                        .identify(mark);
                }
                None => {
                    content.begin_marked_content(Name(b"Artifact"));
                }
            }
            open = Some(node);
        }
        match mark {
            Mark::Area {
                x,
                y,
                width,
                height,
                color,
            } => {
                fill(&mut content, *color);
                let y = HEIGHT - y - height;
                content
                    .rect(short(*x), short(y), short(*width), short(*height))
                    .fill_nonzero();
            }
            Mark::Text { x, baseline, text } => {
                line(&mut content, *x, HEIGHT - baseline, text, fonts);
            }
        }
    }
    if open.is_some() {
        content.end_marked_content();
    }
    (content.finish().into_vec(), owners)
}

fn fill(content: &mut Content, [red, green, blue]: Color) {
    content.set_fill_rgb(red, green, blue);
}

fn line(content: &mut Content, x: f32, y: f32, text: &Text, fonts: &mut Fonts) {
    let style = text.style;
    fill(content, style.color);
    content.begin_text();
    content.set_text_matrix([1.0, 0.0, 0.0, 1.0, short(x), short(y)]);
    for run in &text.line.runs {
        content.set_font(fonts.resource(run.font).as_name(), style.size);
        let is_thicker = style.bold && is_thin(run.font);
        if is_thicker {
            let [red, green, blue] = style.color;
            content.set_stroke_rgb(red, green, blue);
            content.set_line_width(short(style.size * THICKER));
            content.set_text_rendering_mode(TextRenderingMode::FillStroke);
        }
        glyphs(content, run, style.size, fonts);
        if is_thicker {
            content.set_text_rendering_mode(TextRenderingMode::Fill);
        }
    }
    content.end_text();
}

/// Glyphs follow each other as far as the font moves on by itself; what is drawn elsewhere is moved there.
fn glyphs(content: &mut Content, run: &Shaped, size: f32, fonts: &mut Fonts) {
    let mut glyphs = run.glyphs.iter().peekable();
    // Where the pen is before where it ought to be, in thousandths.
    let mut ahead = 0.0;
    while let Some(first) = glyphs.peek() {
        let rise = first.offset.1;
        if rise != 0.0 {
            content.set_rise(short(rise * size));
        }
        let mut positioned = content.show_positioned();
        let mut items = positioned.items();
        let mut codes: Vec<u8> = Vec::new();
        while let Some(glyph) = glyphs.next_if(|glyph| glyph.offset.1 == rise) {
            let shift = ahead - 1000.0 * glyph.offset.0;
            if shift.abs() > INVISIBLE {
                if !codes.is_empty() {
                    items.show(Str(&std::mem::take(&mut codes)));
                }
                items.adjust(short(shift));
                ahead -= shift;
            }
            let (code, width) = fonts.code(run.font, glyph.id, run.text_of(glyph));
            codes.extend(code.to_be_bytes());
            ahead += width - 1000.0 * glyph.advance;
        }
        if !codes.is_empty() {
            items.show(Str(&codes));
        }
        items.finish();
        positioned.finish();
        if rise != 0.0 {
            content.set_rise(0.0);
        }
    }
    if ahead.abs() > INVISIBLE {
        content.show_positioned().items().adjust(short(ahead));
    }
}

/// Without digits that nobody sees.
fn short(value: f32) -> f32 {
    (value * 1000.0).round() / 1000.0
}
