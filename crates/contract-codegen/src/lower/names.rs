//! Rust identifiers from any text.
//!
//! Words end where letters change from lower to upper case, before the last capital of a run of
//! capitals that a small letter follows, and at everything that is neither letter nor digit.
//! A `+` or `-` before a digit is spelled out, and so is text without letters and digits.

use std::collections::HashSet;

use crate::keywords::KEYWORDS;

/// Type or variant name: `pet_status` → `PetStatus`.
pub(super) fn pascal(text: &str) -> String {
    let mut name = String::new();
    for word in words(text) {
        let mut letters = word.chars();
        if let Some(first) = letters.next() {
            name.extend(first.to_uppercase());
            name.extend(letters.flat_map(char::to_lowercase));
        }
    }
    if name.is_empty() {
        name.push_str("Empty");
    }
    if name.starts_with(|first: char| first.is_numeric()) {
        name.insert(0, 'N');
    }
    if name == "Self" {
        // The one keyword in capitals; with an underscore, compounds of it would not be camel case.
        name = "Itself".to_owned();
    }
    let name = valid(name);
    match name.strip_prefix('u') {
        // A spelled letter has no case of its own.
        Some(rest) => format!("U{rest}"),
        None => name,
    }
}

/// Field, function or module name without regard to keywords: `listPets` → `list_pets`.
pub(super) fn snake(text: &str) -> String {
    let words: Vec<String> = words(text).iter().map(|word| word.to_lowercase()).collect();
    let mut name = words.join("_");
    if name.is_empty() {
        name.push_str("empty");
    }
    if name.starts_with(|first: char| first.is_numeric()) {
        name.insert_str(0, "n_");
    }
    valid(name)
}

/// Field or function name that Rust accepts: `type` → `r#type`, `self` → `self_`.
pub(super) fn snake_ident(text: &str) -> String {
    escaped(snake(text))
}

/// As [`snake_ident`], but a keyword gets an underscore: the name becomes part of others.
pub(super) fn snake_word(text: &str) -> String {
    let name = snake(text);
    match escaped(name.clone()) == name {
        true => name,
        false => format!("{name}_"),
    }
}

/// `name` as Rust accepts it: keywords become raw identifiers.
pub(super) fn escaped(name: String) -> String {
    match name.as_str() {
        "self" | "super" | "crate" | "_" => format!("{name}_"),
        name if KEYWORDS.contains(&name) => format!("r#{name}"),
        _ => name,
    }
}

/// Singular of a plural that ends in a plain `s`.
pub(super) fn singular(name: &str) -> Option<&str> {
    let irregular = [
        "ies", "ses", "xes", "zes", "ches", "shes", "ss", "us", "is", "news", "Series",
    ];
    let stem = name.strip_suffix('s')?;
    (stem.len() > 1 && !irregular.iter().any(|end| name.ends_with(end))).then_some(stem)
}

/// Names that are taken, one scope.
#[derive(Debug, Default)]
pub(super) struct Names(HashSet<String>);

impl Names {
    /// Takes `name` or, where it is taken, `name` with the first free number from 2 on.
    pub(super) fn claim(&mut self, name: &str) -> String {
        let plain = name.strip_prefix("r#").unwrap_or(name);
        if self.0.insert(plain.to_owned()) {
            return name.to_owned();
        }
        let separator = if plain.starts_with(char::is_uppercase) {
            ""
        } else {
            "_"
        };
        (2..)
            .map(|number| format!("{plain}{separator}{number}"))
            .find(|candidate| self.0.insert(candidate.clone()))
            .expect("numbers do not run out")
    }

    /// Takes the first free of `candidates`, else the last of them with a number.
    pub(super) fn claim_first(&mut self, candidates: &[String]) -> String {
        let free = candidates
            .iter()
            .find(|name| self.is_free(name))
            .or(candidates.last());
        self.claim(free.map_or("Unnamed", String::as_str))
    }

    /// Whether nothing has `name` yet.
    pub(super) fn is_free(&self, name: &str) -> bool {
        !self.0.contains(name.strip_prefix("r#").unwrap_or(name))
    }
}

/// Unique variant names for `texts`, in order. Where two fall together, the later one spells its
/// symbols out (`name`, `-name` → `Name`, `MinusName`), then counts.
pub(super) fn variants<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut names = Names::default();
    let candidates = |text: &str| [pascal(text), pascal(&spelled(text))];
    texts
        .into_iter()
        .map(|text| names.claim_first(&candidates(text)))
        .collect()
}

fn words(text: &str) -> Vec<String> {
    let text = match text.chars().next() {
        _ if !text.is_empty() && !text.chars().any(char::is_alphanumeric) => spelled(text),
        Some('+' | '-')
            if text
                .chars()
                .nth(1)
                .is_some_and(|second| second.is_ascii_digit()) =>
        {
            spelled(text)
        }
        _ => text.to_owned(),
    };
    let letters: Vec<char> = text.chars().collect();
    let mut words = vec![String::new()];
    let mut upper = false;
    let mut lower = false;
    for (index, &letter) in letters.iter().enumerate() {
        let next_is_lower = letters
            .get(index + 1)
            .is_some_and(|next| next.is_lowercase());
        let starts = !letter.is_alphanumeric()
            || (letter.is_uppercase() && (lower || (upper && next_is_lower)));
        if starts {
            words.push(String::new());
            (upper, lower) = (false, false);
        }
        if !letter.is_alphanumeric() {
            continue;
        }
        if let Some(word) = words.last_mut() {
            word.push(letter);
        }
        if letter.is_uppercase() || letter.is_lowercase() {
            (upper, lower) = (letter.is_uppercase(), letter.is_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// `text` with its symbols as words; a sign joins the digits behind it: `-1` is `Minus1`.
fn spelled(text: &str) -> String {
    let mut spelled = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let digit_follows = letters.peek().is_some_and(char::is_ascii_digit);
        match SYMBOLS.iter().find(|(symbol, _)| *symbol == letter) {
            Some((_, word)) if matches!(letter, '+' | '-') && digit_follows => {
                spelled.push_str(&format!(" {word}"));
            }
            Some((_, word)) => spelled.push_str(&format!(" {word} ")),
            None if letter.is_alphanumeric() || letter.is_whitespace() => spelled.push(letter),
            None => spelled.push_str(&format!(" U{:04X} ", u32::from(letter))),
        }
    }
    spelled
}

/// `name` as an identifier or keyword that Rust accepts without a warning: strange letters are
/// spelled. So are those of scripts whose letters look like Latin ones, since rustc warns of these
/// for a whole crate, where generated code cannot ask it not to.
fn valid(name: String) -> String {
    if name.is_ascii() {
        return name;
    }
    let mut ascii = String::new();
    for letter in name.chars() {
        if letter.is_ascii() || is_plain(letter) {
            ascii.push(letter);
        } else {
            ascii.push_str(&format!("u{:04x}", u32::from(letter)));
        }
    }
    ascii
}

/// Letters of Latin with marks, and of scripts that are not mistaken for it.
fn is_plain(letter: char) -> bool {
    let latin = matches!(letter, 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ľ' | 'Ł'..='ň' | 'Ŋ'..='ž');
    let other = matches!(letter, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | '一'..='鿋' | '가'..='힣');
    latin && !matches!(letter, 'Ĳ' | 'ĳ') || other
}

const SYMBOLS: &[(char, &str)] = &[
    ('+', "Plus"),
    ('-', "Minus"),
    ('*', "Star"),
    ('/', "Slash"),
    ('%', "Percent"),
    ('=', "Equal"),
    ('<', "Less"),
    ('>', "Greater"),
    ('!', "Not"),
    ('&', "And"),
    ('|', "Or"),
    ('^', "Caret"),
    ('~', "Tilde"),
    ('.', "Dot"),
    (',', "Comma"),
    (':', "Colon"),
    (';', "Semicolon"),
    ('?', "Question"),
    ('@', "At"),
    ('#', "Hash"),
    ('$', "Dollar"),
    ('_', "Underscore"),
    ('(', "Open"),
    (')', "Close"),
    ('[', "OpenBracket"),
    (']', "CloseBracket"),
    ('{', "OpenBrace"),
    ('}', "CloseBrace"),
    ('\'', "Quote"),
    ('"', "DoubleQuote"),
    ('\\', "Backslash"),
    ('`', "Backtick"),
    (' ', "Space"),
];
