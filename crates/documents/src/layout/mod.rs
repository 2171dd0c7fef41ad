//! From a document to pages: [`blocks`] and [`table`] one below the other, then heads and feet.

mod blocks;
mod limits;
mod table;

pub(crate) use limits::check;

use crate::page::{
    Cell, Flow, HEIGHT, INK, MARGIN, MEASURE, MUTED, Mark, Page, RULE, Row, Side, Style, Text,
    placed,
};
use crate::tags::{ROOT, Role, Tree};
use crate::{Block, Document, Error};

pub(crate) const TITLE: Style = Style {
    size: 21.0,
    leading: 27.0,
    bold: true,
    color: INK,
};

const SUBTITLE: Style = Style {
    size: 10.5,
    leading: 16.0,
    bold: false,
    color: MUTED,
};

const HEADING: Style = Style {
    size: 11.0,
    leading: 16.0,
    bold: true,
    color: INK,
};

const BODY: Style = Style {
    size: 9.5,
    leading: 14.0,
    bold: false,
    color: INK,
};

const LABEL: Style = Style {
    size: 7.8,
    leading: 11.5,
    bold: false,
    color: MUTED,
};

/// Between two blocks.
const BLOCK_GAP: f32 = 20.0;

/// Between what stands side by side.
const GUTTER: f32 = 20.0;

/// Where the foot of a page begins, and how much of it is text.
const FOOT: f32 = HEIGHT - 56.0;
const FOOT_LINES: usize = 3;

/// Most characters of a text in a head or foot that are looked at; less than half of them fit.
const LONGEST_FOOT: usize = 1_000;

/// Where the head of a page begins.
const HEAD: f32 = 32.0;

/// What is to be written.
pub(crate) struct LaidOut {
    pub(crate) pages: Vec<Page>,
    pub(crate) tree: Tree,
}

pub(crate) fn lay_out(document: &Document) -> Result<LaidOut, Error> {
    let mut flow = Flow::new();
    title(&mut flow, document)?;
    for block in &document.blocks {
        flow.gap(BLOCK_GAP);
        match block {
            Block::Parties(parties) => blocks::parties(&mut flow, parties)?,
            Block::Facts(facts) => blocks::facts(&mut flow, facts)?,
            Block::Table(table) => table::table(&mut flow, table)?,
            Block::Section(section) => blocks::section(&mut flow, section)?,
            Block::Signatures(signatures) => blocks::signatures(&mut flow, signatures)?,
        }
    }
    heads_and_feet(&mut flow, document);
    Ok(LaidOut {
        pages: flow.pages,
        tree: flow.tree,
    })
}

/// Title and subtitle at the left, the letterhead at the right, and a rule below.
fn title(flow: &mut Flow, document: &Document) -> Result<(), Error> {
    let share = match document.letterhead.is_empty() {
        true => 1.0,
        false => 0.58,
    };
    let width = MEASURE * share;
    let node = flow.tree.add(ROOT, Role::Title);
    let mut lines = flow.lines(&document.title, TITLE, width, Some(node));
    let node = flow.tree.add(ROOT, Role::Paragraph);
    lines.extend(flow.lines(&document.subtitle, SUBTITLE, width, Some(node)));
    let mut cells = vec![Cell::new(MARGIN, width, lines)];

    if !document.letterhead.is_empty() {
        let width = MEASURE - width - GUTTER;
        let x = MARGIN + MEASURE - width;
        let lines = blocks::address(flow, ROOT, &document.letterhead, width, SMALL);
        cells.push(Cell::new(x, width, lines).at(Side::Right));
    }
    flow.row(&Row {
        cells,
        below: 12.0,
        ..Row::default()
    })?;
    flow.bar(INK);
    Ok(())
}

/// Of the letterhead.
const SMALL: Style = Style {
    size: 8.5,
    leading: 12.0,
    bold: false,
    color: MUTED,
};

/// The foot of all pages, and the head of all but the first.
fn heads_and_feet(flow: &mut Flow, document: &Document) {
    let pages = flow.pages.len();
    let labels: Vec<Option<Text>> = (1..=pages)
        .map(|page| page_label(flow, cut(&document.footer.page), page, pages))
        .collect();
    let width = |label: &Text| label.line.width * label.style.size + GUTTER;
    let widest = labels.iter().flatten().map(width).fold(0.0, f32::max);
    let mut foot = flow.lines(cut(&document.footer.text), LABEL, MEASURE - widest, None);
    foot.truncate(FOOT_LINES);
    let title = one_line(flow, &document.title, MEASURE * 0.6 - GUTTER);
    let subtitle = one_line(flow, &document.subtitle, MEASURE * 0.4);

    for (index, label) in labels.into_iter().enumerate() {
        let mut marks = Vec::new();
        if index > 0 {
            let head = [(&title, Side::Left), (&subtitle, Side::Right)];
            marks.extend(head.into_iter().filter_map(|(text, side)| {
                Some(placed(text.clone()?, MARGIN, MEASURE, HEAD, side))
            }));
            marks.push(rule(HEAD + LABEL.leading + 3.0));
        }
        if !foot.is_empty() || label.is_some() {
            marks.push(rule(FOOT - 5.0));
        }
        for (line, text) in foot.iter().enumerate() {
            let y = FOOT + line as f32 * LABEL.leading;
            marks.push(placed(text.clone(), MARGIN, MEASURE, y, Side::Left));
        }
        marks.extend(label.map(|text| placed(text, MARGIN, MEASURE, FOOT, Side::Right)));
        if let Some(page) = flow.pages.get_mut(index) {
            page.marks.extend(marks);
        }
    }
}

fn page_label(flow: &mut Flow, pattern: &str, page: usize, pages: usize) -> Option<Text> {
    let label = pattern.replace("{pages}", &pages.to_string());
    let label = label.replace("{page}", &page.to_string());
    one_line(flow, &label, MEASURE / 3.0)
}

/// As much of a text as can be seen in heads and feet: what is set for every page is not long.
fn cut(text: &str) -> &str {
    let end = text.char_indices().nth(LONGEST_FOOT);
    end.map_or(text, |(end, _)| &text[..end])
}

fn rule(y: f32) -> Mark {
    Mark::Area {
        x: MARGIN,
        y,
        width: MEASURE,
        height: 0.5,
        color: RULE,
    }
}

/// The first line of a text, with dots if there are more.
fn one_line(flow: &mut Flow, text: &str, width: f32) -> Option<Text> {
    let dots = flow.lines("…", LABEL, width, None).pop()?;
    let room = width - dots.line.width * LABEL.size;
    let mut lines = flow.lines(cut(text), LABEL, width, None);
    if lines.len() > 1 {
        lines = flow.lines(cut(text), LABEL, room, None);
        lines.truncate(1);
        for text in &mut lines {
            text.line.width += dots.line.width;
            let at = match text.line.rtl {
                true => 0,
                false => text.line.runs.len(),
            };
            text.line
                .runs
                .splice(at..at, dots.line.runs.iter().cloned());
        }
    }
    lines.pop()
}
