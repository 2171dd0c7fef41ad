//! From a text to glyphs in lines: what is left of it ([`clean`]), which glyphs show it
//! ([`shape`]), and where its lines break ([`paragraph`]).

mod paragraph;
mod shape;

pub(crate) use paragraph::{Line, Paragraph};
pub(crate) use shape::{Shaped, Shaper};

/// Spaces between which no line breaks; they are no white space that collapses.
const STAYS: [char; 3] = ['\u{a0}', '\u{2007}', '\u{202f}'];

/// `text` without what has no look, as [`Document`](crate::Document) says: lines are separated by `\n`, white space is
/// one space, empty lines do not follow each other, and there are none at either end.
pub(crate) fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let (mut lines, mut spaces) = (0_usize, 0_usize);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => lines += 1,
            c if c.is_whitespace() && !STAYS.contains(&c) => spaces += 1,
            c if c.is_control() || is_dropped(c) => {}
            c => {
                if cleaned.is_empty() {
                    // Nothing to be apart from.
                } else if lines > 0 {
                    cleaned.push_str(&"\n\n"[..lines.min(2)]);
                } else if spaces > 0 {
                    cleaned.push(' ');
                }
                (lines, spaces) = (0, 0);
                cleaned.push(c);
            }
        }
    }
    cleaned
}

/// Soft hyphens, embeddings and overrides of direction, byte order marks, and tags, which nobody sees.
fn is_dropped(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{202a}'..='\u{202e}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn what_has_no_look_is_left_out() {
        assert_eq!(
            clean("a\0b\u{7f}c\u{ad}d\u{202e}e\u{feff}f\u{9f}"),
            "abcdef"
        );
        assert_eq!(clean("\u{200e}a\u{200d}b"), "\u{200e}a\u{200d}b");
    }

    #[test]
    fn white_space_collapses_and_lines_stay() {
        assert_eq!(clean("  a \t b\u{3000}c  "), "a b c");
        assert_eq!(clean("a\u{a0}\u{a0}b"), "a\u{a0}\u{a0}b");
        assert_eq!(clean(" \r\na\r\nb \n c\u{2028}d\re"), "a\nb\nc\nd\ne");
        assert_eq!(clean("\n\na\n \n\n\nb\n\n"), "a\n\nb");
        assert_eq!(clean(" \n\t"), "");
    }
}
