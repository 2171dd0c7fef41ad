//! Tables: how wide their columns are, rows under a header that is repeated, and totals.

use super::BODY;
use super::blocks::heading;
use crate::page::{BAND, Cell, Flow, INK, MARGIN, MEASURE, MUTED, RULE, Row, Side, Style};
use crate::tags::{ROOT, Role};
use crate::text::Paragraph;
use crate::{Align, Column, Error, Table, Total};

const CELL: Style = Style {
    size: 9.0,
    leading: 12.5,
    ..BODY
};

const HEADER: Style = Style {
    size: 8.2,
    leading: 12.0,
    bold: true,
    color: MUTED,
};

/// Left and right inside of a cell.
const PADDING: f32 = 6.0;

/// Above and below, inside of a row.
const AIR: f32 = 4.5;

/// A column of numbers that needs no more than this keeps each number in one line.
const NUMBER: f32 = MEASURE / 4.0;

/// A word does not ask for more than this.
const WORD: f32 = MEASURE / 4.0;

pub(super) fn table(flow: &mut Flow, table: &Table) -> Result<(), Error> {
    let header: Vec<Paragraph> = table
        .columns
        .iter()
        .map(|column| flow.paragraph(&column.heading, HEADER))
        .collect();
    let mut rows: Vec<Vec<Paragraph>> = Vec::new();
    for row in &table.rows {
        rows.push(row.iter().map(|cell| flow.paragraph(cell, CELL)).collect());
    }
    let wants = wants(&table.columns, &header, &rows);
    let columns = placed(&table.columns, &widths(&wants, MEASURE));

    // The heading is not apart from the header and the first row.
    heading(flow, &table.heading, 4.0 * CELL.leading + 4.0 * AIR)?;
    let whole = flow.tree.add(ROOT, Role::Table);
    let node = flow.tree.add(whole, Role::Row);
    let row = row(flow, &columns, &header, HEADER, (node, Role::HeaderCell));
    flow.begin_repeat(Row {
        band: Some(BAND),
        ..row
    })?;
    for cells in &rows {
        let node = flow.tree.add(whole, Role::Row);
        let row = self::row(flow, &columns, cells, CELL, (node, Role::Cell));
        flow.row(&Row {
            under: Some(RULE),
            ..row
        })?;
    }
    flow.end_repeat();
    totals(flow, &table.totals)
}

/// Where a column is.
struct Place {
    x: f32,
    width: f32,
    side: Side,
}

fn placed(columns: &[Column], widths: &[f32]) -> Vec<Place> {
    let mut x = MARGIN;
    let mut places = Vec::new();
    for (column, width) in columns.iter().zip(widths) {
        places.push(Place {
            x: x + PADDING,
            width: (width - 2.0 * PADDING).max(1.0),
            side: match column.align {
                Align::Left => Side::Left,
                Align::Right => Side::Right,
            },
        });
        x += width;
    }
    places
}

fn row(
    flow: &mut Flow,
    columns: &[Place],
    cells: &[Paragraph],
    style: Style,
    (node, role): (usize, Role),
) -> Row {
    let mut row = Row {
        above: AIR,
        below: AIR,
        ..Row::default()
    };
    for (index, place) in columns.iter().enumerate() {
        let node = flow.tree.add(node, role);
        let lines = match cells.get(index) {
            Some(cell) => flow.broken(cell, style, place.width, Some(node)),
            None => Vec::new(),
        };
        row.cells
            .push(Cell::new(place.x, place.width, lines).at(place.side));
    }
    row
}

/// Label and value, each in its own column at the right.
fn totals(flow: &mut Flow, totals: &[Total]) -> Result<(), Error> {
    let style = |total: &Total| Style {
        bold: total.strong,
        size: match total.strong {
            true => 10.0,
            false => CELL.size,
        },
        leading: 14.0,
        ..CELL
    };
    let mut widest: f32 = 60.0;
    for total in totals {
        let style = style(total);
        widest = widest.max(flow.paragraph(&total.value, style).widest() * style.size);
    }
    let width = widest.min(MEASURE / 3.0);
    let x = MARGIN + MEASURE - PADDING - width;
    let (start, room) = (MARGIN + PADDING, x - MARGIN - 3.0 * PADDING);
    let mut rows = Vec::new();
    for total in totals {
        let style = style(total);
        let node = Some(flow.tree.add(ROOT, Role::Paragraph));
        let label = flow.lines(&total.label, style, room, node);
        let value = flow.lines(&total.value, style, width, node);
        let cells = vec![
            Cell::new(start, room, label).at(Side::Right),
            Cell::new(x, width, value).at(Side::Right),
        ];
        let (above, over) = match total.strong {
            true => (8.0, vec![(MARGIN + MEASURE / 2.0, MEASURE / 2.0, INK)]),
            false => (3.0, Vec::new()),
        };
        rows.push(Row {
            cells,
            above,
            below: 1.0,
            over,
            ..Row::default()
        });
    }
    flow.gap(3.0);
    flow.keep(rows.iter().map(Row::height).sum())?;
    rows.iter().try_for_each(|row| flow.row(row))
}

/// What a column needs: to break no word, and to break no line.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Want {
    least: f32,
    most: f32,
    /// Whether it takes what is left.
    grows: bool,
}

fn wants(columns: &[Column], header: &[Paragraph], rows: &[Vec<Paragraph>]) -> Vec<Want> {
    let mut wants = Vec::new();
    for (index, column) in columns.iter().enumerate() {
        let (mut least, mut most): (f32, f32) = (0.0, 0.0);
        let heads = header.get(index).map(|cell| (cell, HEADER.size));
        let cells = rows
            .iter()
            .filter_map(|row| row.get(index))
            .map(|cell| (cell, CELL.size));
        for (cell, size) in heads.into_iter().chain(cells) {
            least = least.max(cell.longest_word() * size);
            most = most.max(cell.widest() * size);
        }
        let is_number = column.align == Align::Right;
        if is_number && most <= NUMBER {
            least = most;
        }
        wants.push(Want {
            least: least.min(WORD) + 2.0 * PADDING,
            most: most.min(MEASURE) + 2.0 * PADDING,
            grows: !is_number,
        });
    }
    wants
}

/// Widths of the columns, `room` together.
fn widths(wants: &[Want], room: f32) -> Vec<f32> {
    let least: f32 = wants.iter().map(|want| want.least).sum();
    let most: f32 = wants.iter().map(|want| want.most).sum();
    if least > room {
        return wants.iter().map(|want| want.least * room / least).collect();
    }
    if most > room {
        return shared(wants, room - least);
    }
    let growing: f32 = wants
        .iter()
        .filter(|want| want.grows)
        .map(|want| want.most)
        .sum();
    let share = |want: &Want| match growing > 0.0 {
        true if want.grows => want.most / growing,
        true => 0.0,
        false => want.most / most,
    };
    wants
        .iter()
        .map(|want| want.most + (room - most) * share(want))
        .collect()
}

/// The least widths, with `left` dealt out in equal parts among those who want more: a column that misses little
/// gets all of it, and the long texts give way.
fn shared(wants: &[Want], mut left: f32) -> Vec<f32> {
    let mut missing: Vec<(usize, f32)> = wants
        .iter()
        .map(|want| want.most - want.least)
        .enumerate()
        .collect();
    missing.sort_by(|one, other| one.1.total_cmp(&other.1));
    let mut widths: Vec<f32> = wants.iter().map(|want| want.least).collect();
    for (dealt, (column, missing)) in missing.iter().enumerate() {
        let part = missing.min(left / (wants.len() - dealt) as f32);
        widths[*column] += part;
        left -= part;
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::{Want, widths};

    const TEXT: Want = Want {
        least: 40.0,
        most: 100.0,
        grows: true,
    };
    const NUMBER: Want = Want {
        least: 50.0,
        most: 50.0,
        grows: false,
    };

    #[test]
    fn columns_fill_the_width() {
        for room in [20.0, 100.0, 140.0, 200.0, 400.0] {
            let sum: f32 = widths(&[TEXT, NUMBER, TEXT], room).iter().sum();
            assert!((sum - room).abs() < 0.01, "{sum} in {room}");
        }
    }

    #[test]
    fn numbers_keep_their_width_while_texts_give_way() {
        assert_eq!(widths(&[TEXT, NUMBER], 150.0), [100.0, 50.0]);
        assert_eq!(widths(&[TEXT, NUMBER], 120.0), [70.0, 50.0]);
        assert_eq!(widths(&[TEXT, NUMBER], 250.0), [200.0, 50.0]);
        assert_eq!(widths(&[NUMBER, NUMBER], 200.0), [100.0, 100.0]);
        assert_eq!(widths(&[TEXT, NUMBER], 45.0), [20.0, 25.0]);
        let long = Want {
            most: 900.0,
            ..TEXT
        };
        assert_eq!(widths(&[long, TEXT], 220.0), [120.0, 100.0]);
        assert_eq!(widths(&[long, long], 220.0), [110.0, 110.0]);
    }
}
