//! Text for the patterns of contracts.

use regex_syntax::Parser;
use regex_syntax::hir::{Class, Hir, HirKind, Repetition};

use super::Instances;

/// How often something is repeated that may be repeated without end.
const MOST: u32 = 6;

/// Text that matches `pattern`.
///
/// # Panics
/// The pattern is none, or one of bytes.
pub(crate) fn matching(pattern: &str, random: &mut Instances<'_>) -> String {
    // ECMA-262 means the digits and letters of ASCII alone.
    let ascii = pattern
        .replace("\\d", "[0-9]")
        .replace("\\w", "[0-9A-Za-z_]");
    let hir = Parser::new().parse(&ascii);
    let hir = hir.unwrap_or_else(|error| panic!("teach the oracle a pattern: {error}"));
    let mut text = String::new();
    write(&hir, random, &mut text);
    text
}

fn write(hir: &Hir, random: &mut Instances<'_>, text: &mut String) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => {
            text.push_str(std::str::from_utf8(&literal.0).expect("patterns are text"));
        }
        HirKind::Class(Class::Unicode(class)) => {
            let range = random.pick(class.ranges());
            let (start, end) = (range.start(), range.end());
            let offset = random.below((start..=end).count());
            text.extend((start..=end).nth(offset));
        }
        HirKind::Class(Class::Bytes(class)) => {
            let range = random.pick(class.ranges());
            let offset = random.below(usize::from(range.end() - range.start()) + 1);
            text.extend((range.start()..=range.end()).nth(offset).map(char::from));
        }
        HirKind::Repetition(Repetition { min, max, sub, .. }) => {
            let most = max.unwrap_or(min + MOST);
            let more = random.below((most - min) as usize + 1);
            for _ in 0..*min as usize + more {
                write(sub, random, text);
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, random, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write(part, random, text)),
        HirKind::Alternation(choices) => write(random.pick(choices), random, text),
    }
}
