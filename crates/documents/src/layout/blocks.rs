//! All blocks but tables.

use super::{BODY, GUTTER, HEADING, LABEL};
use crate::page::{BAND, Cell, Flow, INK, MARGIN, MEASURE, MUTED, Row, Side, Style, Text};
use crate::tags::{NodeId, ROOT, Role};
use crate::{Error, Fact, Party, Section, Signature};

/// Two side by side.
const HALF: f32 = (MEASURE - GUTTER) / 2.0;

/// Most facts in a row.
const FACTS: usize = 4;

/// Inside the band of the facts.
const FACT_PADDING: f32 = 10.0;

/// Between two paragraphs.
const PARAGRAPH_GAP: f32 = 5.0;

/// Room to write by hand.
const SIGNATURE_ROOM: f32 = 40.0;

pub(super) fn parties(flow: &mut Flow, parties: &[Party]) -> Result<(), Error> {
    for (index, pair) in parties.chunks(2).enumerate() {
        if index > 0 {
            flow.gap(GUTTER);
        }
        let mut cells = Vec::new();
        for (x, party) in halves().zip(pair) {
            let part = flow.tree.add(ROOT, Role::Part);
            let node = flow.tree.add(part, Role::Paragraph);
            let mut lines = flow.lines(&party.role, LABEL, HALF, Some(node));
            lines.extend(address(flow, part, &party.lines, HALF, BODY));
            cells.push(Cell::new(x, HALF, lines));
        }
        flow.row(&Row {
            cells,
            ..Row::default()
        })?;
    }
    Ok(())
}

/// Name and address: the first line in bold.
pub(super) fn address(
    flow: &mut Flow,
    parent: NodeId,
    lines: &[String],
    width: f32,
    style: Style,
) -> Vec<Text> {
    let node = flow.tree.add(parent, Role::Paragraph);
    let mut address = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let style = match index {
            0 => Style {
                bold: true,
                color: INK,
                ..style
            },
            _ => style,
        };
        address.extend(flow.lines(line, style, width, Some(node)));
    }
    address
}

pub(super) fn facts(flow: &mut Flow, facts: &[Fact]) -> Result<(), Error> {
    let value = Style {
        leading: 13.5,
        ..BODY
    };
    let count = facts.len().clamp(1, FACTS);
    let room = MEASURE - 2.0 * FACT_PADDING + GUTTER;
    let step = room / count as f32;
    let rows = facts.len().div_ceil(FACTS);
    for (index, some) in facts.chunks(FACTS).enumerate() {
        let mut cells = Vec::new();
        for (column, fact) in some.iter().enumerate() {
            let (x, width) = (MARGIN + FACT_PADDING + column as f32 * step, step - GUTTER);
            let node = Some(flow.tree.add(ROOT, Role::Paragraph));
            let mut lines = flow.lines(&fact.label, LABEL, width, node);
            lines.extend(flow.lines(&fact.value, value, width, node));
            cells.push(Cell::new(x, width, lines));
        }
        let edge = |is_edge| match is_edge {
            true => FACT_PADDING - 1.0,
            false => 4.0,
        };
        flow.row(&Row {
            cells,
            above: edge(index == 0),
            below: edge(index + 1 == rows),
            band: Some(BAND),
            ..Row::default()
        })?;
    }
    Ok(())
}

pub(super) fn section(flow: &mut Flow, section: &Section) -> Result<(), Error> {
    heading(flow, &section.heading, 3.0 * BODY.leading)?;
    for (index, text) in section.paragraphs.iter().enumerate() {
        if index > 0 {
            flow.gap(PARAGRAPH_GAP);
        }
        let node = flow.tree.add(ROOT, Role::Paragraph);
        let lines = flow.lines(text, BODY, MEASURE, Some(node));
        // Line by line, so that it goes on where the page ends; but the first is not left there alone.
        let first: f32 = lines.iter().take(2).map(|text| text.style.leading).sum();
        flow.keep(first)?;
        for line in lines {
            flow.row(&Row {
                cells: vec![Cell::new(MARGIN, MEASURE, vec![line]).at(Side::Start)],
                ..Row::default()
            })?;
        }
    }
    Ok(())
}

/// A heading, on the page on which `next` fits below it.
pub(super) fn heading(flow: &mut Flow, text: &str, next: f32) -> Result<(), Error> {
    let node = flow.tree.add(ROOT, Role::Heading);
    let lines = flow.lines(text, HEADING, MEASURE, Some(node));
    let row = Row {
        below: match lines.is_empty() {
            true => 0.0,
            false => 4.0,
        },
        cells: vec![Cell::new(MARGIN, MEASURE, lines).at(Side::Start)],
        ..Row::default()
    };
    flow.keep(row.height() + next)?;
    flow.row(&row)
}

pub(super) fn signatures(flow: &mut Flow, signatures: &[Signature]) -> Result<(), Error> {
    for pair in signatures.chunks(2) {
        let mut rows = vec![Row::default()];
        for (x, one) in halves().zip(pair) {
            let part = flow.tree.add(ROOT, Role::Part);
            let bold = Style { bold: true, ..BODY };
            let node = flow.tree.add(part, Role::Paragraph);
            let lines = flow.lines(&one.party, bold, HALF, Some(node));
            rows[0].cells.push(Cell::new(x, HALF, lines));
            for (index, line) in one.lines.iter().enumerate() {
                let node = flow.tree.add(part, Role::Paragraph);
                let lines = flow.lines(line, LABEL, HALF, Some(node));
                if rows.len() == index + 1 {
                    rows.push(Row {
                        above: SIGNATURE_ROOM,
                        ..Row::default()
                    });
                }
                let row = &mut rows[index + 1];
                row.cells.push(Cell::new(x, HALF, lines));
                row.over.push((x, HALF, MUTED));
            }
        }
        flow.keep(rows.iter().map(Row::height).sum())?;
        for row in &rows {
            flow.row(row)?;
        }
        flow.gap(GUTTER);
    }
    Ok(())
}

/// Where two that are side by side begin.
fn halves() -> impl Iterator<Item = f32> {
    [MARGIN, MARGIN + HALF + GUTTER].into_iter()
}
