//! Pages, and what is drawn on them from top to bottom. Measures are points (1/72 inch), from the upper left corner.

use crate::tags::{NodeId, Tree};
use crate::text::{Line, Paragraph, Shaper, clean};
use crate::{Error, MOST_PAGES};

/// A4.
pub(crate) const WIDTH: f32 = 595.28;
pub(crate) const HEIGHT: f32 = 841.89;

/// Left and right of everything.
pub(crate) const MARGIN: f32 = 56.0;

/// Between the margins.
pub(crate) const MEASURE: f32 = WIDTH - 2.0 * MARGIN;

/// What is between the head and the foot of a page.
const TOP: f32 = 62.0;
const BOTTOM: f32 = HEIGHT - 74.0;

/// A row that is higher than what is left begins there all the same if it does not fit any page, and so much is left.
const WORTH_A_START: f32 = 60.0;

/// Rules are so thick.
const HAIRLINE: f32 = 0.6;

/// Red, green, blue, each from 0 to 1.
pub(crate) type Color = [f32; 3];

pub(crate) const INK: Color = [0.11, 0.13, 0.17];
pub(crate) const MUTED: Color = [0.39, 0.42, 0.48];
pub(crate) const RULE: Color = [0.82, 0.84, 0.87];
pub(crate) const BAND: Color = [0.95, 0.957, 0.97];

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Style {
    pub(crate) size: f32,
    /// From one line to the next.
    pub(crate) leading: f32,
    pub(crate) bold: bool,
    pub(crate) color: Color,
}

/// A page, with what is drawn first at the beginning.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) marks: Vec<Mark>,
}

/// Something that is drawn.
#[derive(Debug)]
pub(crate) enum Mark {
    Text {
        x: f32,
        baseline: f32,
        text: Text,
    },
    Area {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        color: Color,
    },
}

/// A line as it looks, and the part of the document that it is of; `None` if it is an artifact.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(crate) line: Line,
    pub(crate) style: Style,
    pub(crate) node: Option<NodeId>,
}

/// At which side of its cell a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
    /// Where its script begins.
    Start,
}

/// Lines below each other.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub(crate) x: f32,
    pub(crate) width: f32,
    pub(crate) side: Side,
    pub(crate) lines: Vec<Text>,
}

impl Cell {
    pub(crate) fn new(x: f32, width: f32, lines: Vec<Text>) -> Cell {
        Cell {
            x,
            width,
            side: Side::Left,
            lines,
        }
    }

    pub(crate) fn at(self, side: Side) -> Cell {
        Cell { side, ..self }
    }

    fn height(&self) -> f32 {
        self.lines.iter().map(|text| text.style.leading).sum()
    }
}

/// Cells beside each other.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row {
    pub(crate) cells: Vec<Cell>,
    /// Room above and below the cells, inside the row.
    pub(crate) above: f32,
    pub(crate) below: f32,
    /// Behind all of it.
    pub(crate) band: Option<Color>,
    /// A rule below, from margin to margin.
    pub(crate) under: Option<Color>,
    /// Rules above the cells: from where, how long.
    pub(crate) over: Vec<(f32, f32, Color)>,
}

impl Row {
    pub(crate) fn height(&self) -> f32 {
        let cells = self.cells.iter();
        let tallest = cells.fold(0.0, |tallest: f32, cell| tallest.max(cell.height()));
        self.above + tallest + self.below
    }
}

/// Where the document is being written.
pub(crate) struct Flow {
    pub(crate) pages: Vec<Page>,
    pub(crate) tree: Tree,
    shaper: Shaper,
    y: f32,
    /// Drawn again at the top of each new page.
    repeated: Option<Row>,
}

impl Flow {
    pub(crate) fn new() -> Flow {
        Flow {
            pages: vec![Page::default()],
            tree: Tree::new(),
            shaper: Shaper::default(),
            y: TOP,
            repeated: None,
        }
    }

    pub(crate) fn paragraph(&mut self, text: &str, style: Style) -> Paragraph {
        Paragraph::new(&mut self.shaper, &clean(text), style.bold)
    }

    /// The lines of a text in `width`; none if nothing of it can be seen.
    pub(crate) fn lines(
        &mut self,
        text: &str,
        style: Style,
        width: f32,
        node: Option<NodeId>,
    ) -> Vec<Text> {
        let text = clean(text);
        if text.is_empty() {
            return Vec::new();
        }
        let paragraph = Paragraph::new(&mut self.shaper, &text, style.bold);
        self.broken(&paragraph, style, width, node)
    }

    /// The lines of a paragraph in `width`.
    pub(crate) fn broken(
        &mut self,
        paragraph: &Paragraph,
        style: Style,
        width: f32,
        node: Option<NodeId>,
    ) -> Vec<Text> {
        let lines = paragraph.lines(&mut self.shaper, width / style.size);
        let text = |line| Text { line, style, node };
        lines.into_iter().map(text).collect()
    }

    /// Leaves room above what comes next, but not at the top of a page.
    pub(crate) fn gap(&mut self, height: f32) {
        if self.y > TOP {
            self.y += height;
        }
    }

    /// Begins a page unless `height` fits this one, or none.
    pub(crate) fn keep(&mut self, height: f32) -> Result<(), Error> {
        match height > self.room() && height <= BOTTOM - TOP {
            true => self.begin_page(),
            false => Ok(()),
        }
    }

    /// Draws a row. It is on one page if it fits any.
    pub(crate) fn row(&mut self, row: &Row) -> Result<(), Error> {
        let height = row.height();
        let fits_none = height > BOTTOM - TOP - self.repeated.as_ref().map_or(0.0, Row::height);
        if height > self.room() && !(fits_none && self.room() > WORTH_A_START) {
            self.begin_page()?;
        }
        let mut drawn = vec![0; row.cells.len()];
        loop {
            let room = self.room() - row.above - row.below;
            let ends: Vec<(usize, f32)> = row
                .cells
                .iter()
                .zip(&drawn)
                .map(|(cell, from)| fitting(cell, *from, room))
                .collect();
            let tallest = ends
                .iter()
                .fold(0.0, |tallest: f32, (_, height)| tallest.max(*height));
            self.background(row, row.above + tallest + row.below);
            for ((cell, from), (end, _)) in row.cells.iter().zip(&mut drawn).zip(&ends) {
                self.cell(cell, *from..*end, self.y + row.above);
                *from = *end;
            }
            self.y += row.above + tallest + row.below;
            let mut cells = row.cells.iter().zip(&drawn);
            if cells.all(|(cell, end)| *end >= cell.lines.len()) {
                break;
            }
            self.begin_page()?;
        }
        if let Some(color) = row.under {
            self.area(MARGIN, self.y, MEASURE, HAIRLINE, color);
            self.y += HAIRLINE;
        }
        Ok(())
    }

    /// Draws `header`, and again at the top of each page that begins before [`end_repeat`](Flow::end_repeat).
    pub(crate) fn begin_repeat(&mut self, header: Row) -> Result<(), Error> {
        self.row(&header)?;
        // One that fills pages is read once.
        if header.height() <= (BOTTOM - TOP) / 3.0 {
            self.repeated = Some(header);
        }
        Ok(())
    }

    pub(crate) fn end_repeat(&mut self) {
        self.repeated = None;
    }

    /// A filled rectangle on the page that is being written.
    pub(crate) fn area(&mut self, x: f32, y: f32, width: f32, height: f32, color: Color) {
        self.mark(Mark::Area {
            x,
            y,
            width,
            height,
            color,
        });
    }

    /// A rule across the page, thicker than others.
    pub(crate) fn bar(&mut self, color: Color) {
        self.area(MARGIN, self.y, MEASURE, 1.4, color);
        self.y += 1.4;
    }

    fn room(&self) -> f32 {
        BOTTOM - self.y
    }

    fn begin_page(&mut self) -> Result<(), Error> {
        if self.pages.len() >= MOST_PAGES {
            return Err(Error::TooManyPages);
        }
        self.pages.push(Page::default());
        self.y = TOP;
        // Taken meanwhile, so that it does not repeat itself.
        if let Some(mut header) = self.repeated.take() {
            for text in header.cells.iter_mut().flat_map(|cell| &mut cell.lines) {
                text.node = None;
            }
            let done = self.row(&header);
            self.repeated = Some(header);
            done?;
        }
        Ok(())
    }

    fn background(&mut self, row: &Row, height: f32) {
        if let Some(color) = row.band {
            self.area(MARGIN, self.y, MEASURE, height, color);
        }
        for (x, width, color) in &row.over {
            self.area(*x, self.y + row.above - 3.0, *width, HAIRLINE, *color);
        }
    }

    fn cell(&mut self, cell: &Cell, lines: std::ops::Range<usize>, mut y: f32) {
        for text in cell.lines.get(lines).unwrap_or_default() {
            let leading = text.style.leading;
            self.mark(placed(text.clone(), cell.x, cell.width, y, cell.side));
            y += leading;
        }
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.marks.push(mark);
        }
    }
}

/// Which lines of the cell fit into `room`, from the line `from`, and how high they are. One always does.
fn fitting(cell: &Cell, from: usize, room: f32) -> (usize, f32) {
    let (mut end, mut height) = (from, 0.0);
    for text in cell.lines.get(from..).unwrap_or_default() {
        if height + text.style.leading > room && end > from {
            break;
        }
        height += text.style.leading;
        end += 1;
    }
    (end, height)
}

/// A line at `y`, in a cell from `x` that is `width` wide.
pub(crate) fn placed(text: Text, x: f32, width: f32, y: f32, side: Side) -> Mark {
    let Style { size, leading, .. } = text.style;
    let is_right = match side {
        Side::Left => false,
        Side::Right => true,
        Side::Start => text.line.rtl,
    };
    // A line that is too wide, of a single character, goes on at the right.
    let indent = match is_right {
        true => (width - text.line.width * size).max(0.0),
        false => 0.0,
    };
    Mark::Text {
        x: x + indent,
        // Capitals, 0.714 high in Noto Sans, are in the middle.
        baseline: y + leading / 2.0 + size * 0.357,
        text,
    }
}
