//! Text for the plain patterns that contracts use: characters, classes, `\d`, and repetition.

use super::Instances;

/// Text that matches `pattern`.
///
/// # Panics
/// The pattern uses more than this knows.
pub(crate) fn matching(pattern: &str, random: &mut Instances<'_>) -> String {
    let mut rest: &[char] = &pattern.chars().collect::<Vec<_>>();
    let mut text = String::new();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        let class = match first {
            '^' | '$' => continue,
            '[' => {
                let end = rest
                    .iter()
                    .position(|one| *one == ']')
                    .expect("a class ends");
                let class = class(&rest[..end]);
                rest = &rest[end + 1..];
                class
            }
            '\\' => {
                let escaped = rest[0];
                rest = &rest[1..];
                match escaped {
                    'd' => ('0'..='9').collect(),
                    'w' => ('a'..='z').chain('0'..='9').chain(['_']).collect(),
                    other => vec![other],
                }
            }
            '(' | ')' | '|' | '.' => panic!("teach the oracle the pattern `{pattern}`"),
            other => vec![*other],
        };
        let (least, most) = repetition(&mut rest);
        for _ in 0..least + random.below(most + 1 - least) {
            text.push(*random.pick(&class));
        }
    }
    text
}

fn class(inside: &[char]) -> Vec<char> {
    let mut all = Vec::new();
    let mut rest = inside;
    while let Some(first) = rest.first() {
        match rest {
            [from, '-', to, ..] => {
                all.extend(*from..=*to);
                rest = &rest[3..];
            }
            _ => {
                all.push(*first);
                rest = &rest[1..];
            }
        }
    }
    all
}

fn repetition(rest: &mut &[char]) -> (usize, usize) {
    match rest.first() {
        Some('+') => {
            *rest = &rest[1..];
            (1, 6)
        }
        Some('*') => {
            *rest = &rest[1..];
            (0, 6)
        }
        Some('?') => {
            *rest = &rest[1..];
            (0, 1)
        }
        Some('{') => {
            let end = rest
                .iter()
                .position(|one| *one == '}')
                .expect("a repetition ends");
            let inside: String = rest[1..end].iter().collect();
            *rest = &rest[end + 1..];
            let (least, most) = inside.split_once(',').unwrap_or((&inside, &inside));
            let least = least.parse().expect("a number");
            (least, most.parse().unwrap_or(least + 6))
        }
        _ => (1, 1),
    }
}
