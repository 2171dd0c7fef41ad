//! The texts of the files, to show where a problem stands.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::diagnostic::Position;
use crate::node::Mark;

/// How much of a line is shown, in characters: documents in one line have lines of megabytes.
const MAX_SHOWN: usize = 100;

/// Every how many characters their offsets are kept. In a line of megabytes a character is found from there.
const STEP: usize = 1024;

/// Names and texts of the files, in the order of reading.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts(Vec<Text>);

#[derive(Debug, Clone)]
struct Text {
    name: Arc<str>,
    text: Arc<str>,
    /// Where lines begin, once somebody asks.
    starts: OnceLock<Vec<usize>>,
    /// Where every so many characters begin.
    steps: OnceLock<Vec<usize>>,
}

impl Texts {
    /// Enters a file whose text is not known yet; gives its number.
    pub(crate) fn enter(&mut self, name: &str) -> u32 {
        let file = u32::try_from(self.0.len()).expect("fewer files than `u32` counts");
        self.0.push(Text {
            name: Arc::from(name),
            text: Arc::from(""),
            starts: OnceLock::new(),
            steps: OnceLock::new(),
        });
        file
    }

    pub(crate) fn fill(&mut self, file: u32, text: &str) {
        self.0[file as usize].text = Arc::from(text);
    }

    pub(crate) fn name(&self, file: u32) -> &str {
        &self.0[file as usize].name
    }

    /// `at` with the name of its file.
    pub(crate) fn position(&self, at: Mark) -> Position {
        let file = self.0.get(at.file as usize);
        Position {
            file: file.map_or_else(|| Arc::from(""), |file| Arc::clone(&file.name)),
            line: at.line as usize,
            column: at.column as usize,
        }
    }

    /// The line of `at` with the one before and the one after, numbered, and a caret below the place.
    pub(crate) fn excerpt(&self, at: Mark) -> String {
        let Some(file) = self.0.get(at.file as usize) else {
            return String::new();
        };
        let number = at.line as usize;
        if file.line(number).is_none() {
            return String::new();
        }
        let column = (at.column as usize).max(1);
        // Of a long line, what stands around the place.
        let skipped = column.saturating_sub(MAX_SHOWN * 2 / 3);
        let width = (number + 1).to_string().len();
        let mut excerpt = String::new();
        for shown in number.saturating_sub(1)..=number + 1 {
            let Some(line) = file.line(shown) else {
                continue;
            };
            let rest = file.after(line, skipped);
            let part: String = rest.chars().take(MAX_SHOWN).map(visible).collect();
            let part = part.trim_end();
            excerpt.push_str(format!("{shown:>width$} | {part}").trim_end());
            excerpt.push('\n');
            if shown == number {
                let before = column - 1 - skipped;
                excerpt.push_str(&format!("{:width$} | {:before$}^\n", "", ""));
            }
        }
        excerpt
    }
}

impl Text {
    /// Where the line with `number`, from 1, stands, without its end.
    fn line(&self, number: usize) -> Option<Range<usize>> {
        let starts = self.starts.get_or_init(|| {
            let ends = self.text.match_indices('\n').map(|(at, _)| at + 1);
            std::iter::once(0).chain(ends).collect()
        });
        let start = *starts.get(number.checked_sub(1)?)?;
        let end = starts.get(number).copied().unwrap_or(self.text.len());
        let line = self.text.get(start..end)?.trim_end_matches(['\n', '\r']);
        (start < self.text.len()).then_some(start..start + line.len())
    }

    /// What is left of a line after so many characters.
    fn after(&self, line: Range<usize>, skipped: usize) -> &str {
        let steps = self.steps.get_or_init(|| {
            let offsets = self.text.char_indices().map(|(at, _)| at);
            offsets.step_by(STEP).collect()
        });
        let next = steps.partition_point(|at| *at <= line.start);
        let ahead = steps.get(next).copied().unwrap_or(line.end).min(line.end);
        // From the start of the line to the next step, then by steps, and the rest of the way one by one.
        let first = self.text[line.start..ahead].chars().count();
        let (from, left) = match skipped.checked_sub(first) {
            None => (line.start, skipped),
            Some(left) => match steps.get(next + left / STEP) {
                Some(at) => (*at, left % STEP),
                None => (ahead, left),
            },
        };
        let rest = self.text.get(from..line.end).unwrap_or_default();
        let at = rest
            .char_indices()
            .nth(left)
            .map_or(rest.len(), |(at, _)| at);
        &rest[at..]
    }
}

/// Control characters, and marks that turn the direction of text, would change how the rest is shown.
fn visible(character: char) -> char {
    match character {
        '\t' => ' ',
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        character if character.is_control() => '\u{fffd}',
        character => character,
    }
}

#[cfg(test)]
mod tests {
    use super::Texts;
    use crate::node::Mark;

    fn excerpt(text: &str, line: u32, column: u32) -> String {
        let mut texts = Texts::default();
        let file = texts.enter("api.yaml");
        texts.fill(file, text);
        texts.excerpt(Mark { file, line, column })
    }

    #[test]
    fn three_lines_and_a_caret() {
        let text = "a: 1\nb:\tx\r\nc: 3\nd: 4\n";
        assert_eq!(
            excerpt(text, 2, 4),
            "1 | a: 1\n2 | b: x\n  |    ^\n3 | c: 3\n"
        );
        assert_eq!(excerpt(text, 1, 1), "1 | a: 1\n  | ^\n2 | b: x\n");
        assert_eq!(excerpt(text, 4, 1), "3 | c: 3\n4 | d: 4\n  | ^\n");
        assert_eq!(excerpt(text, 9, 1), "");
    }

    #[test]
    fn a_place_of_a_long_line_is_found_at_any_length() {
        // Lines before it shift the steps; characters have one to four bytes.
        for (before, unit) in [("", "ab"), ("ä\n", "a"), ("1\n22\n", "\u{1F600}ä-")] {
            let line: Vec<char> = unit.chars().cycle().take(5_000).collect();
            let text = format!("{before}{}\nlast\n", line.iter().collect::<String>());
            let number = before.matches('\n').count() as u32 + 1;
            for column in [1, 2, 60, 1_023, 1_024, 1_025, 2_050, 4_096, 4_999, 5_000] {
                let shown = excerpt(&text, number, column);
                let mut lines = shown.lines().rev().skip_while(|line| !line.ends_with('^'));
                let caret = lines.next().expect("a caret").chars().count() - 1;
                let marked = lines.next().expect("the line").chars().nth(caret);
                assert_eq!(marked, line.get(column as usize - 1).copied(), "{shown}");
            }
        }
    }

    #[test]
    fn of_a_long_line_what_is_around_the_place() {
        let text = format!("{{{}\"x\":1}}", "\"ä\":0,".repeat(1000));
        let shown = excerpt(&text, 1, 6002);
        let lines: Vec<&str> = shown.lines().collect();
        let caret = lines[1].find('^').expect("a caret");
        assert_eq!(lines[0].chars().nth(caret), Some('"'), "{shown}");
        assert!(lines[0].ends_with("\"x\":1}"), "{shown}");
    }
}
