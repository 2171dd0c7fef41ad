//! Names of hosts, also in other scripts than Latin: RFC 5890 and following.

use std::sync::LazyLock;

use regex::Regex;

use super::format::host_name;

/// RFC 1123 host name; labels that stand for others (`xn--`) stand for such as there are.
pub fn hostname(text: &str) -> bool {
    if !host_name(text) {
        return false;
    }
    let labels: Option<Vec<String>> = text.split('.').map(ascii_label).collect();
    labels.is_some_and(|labels| keeps_direction(&labels))
}

/// RFC 5890 host name: labels of ASCII, or of letters, marks and digits of any script.
pub fn idn_hostname(text: &str) -> bool {
    let mut length = 0;
    let mut labels = Vec::new();
    for label in text.split(['.', '\u{3002}', '\u{FF0E}', '\u{FF61}']) {
        let (own, label) = match label.is_ascii() {
            true if host_name(label) => (Some(label.len()), ascii_label(label)),
            true => (None, None),
            false => {
                let code = encoded(label).map(|code| code.len() + "xn--".len());
                (
                    code,
                    Some(label.to_owned()).filter(|label| is_unicode_label(label)),
                )
            }
        };
        match (own, label) {
            (Some(own), Some(label)) if own <= 63 => {
                length += own + 1;
                labels.push(label);
            }
            _ => return false,
        }
    }
    length <= 254 && keeps_direction(&labels)
}

/// What a label of ASCII stands for, if it is one.
fn ascii_label(label: &str) -> Option<String> {
    let is_encoded = label
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("xn--"));
    if !is_encoded {
        return Some(label.to_owned());
    }
    let code = label.get(4..)?;
    let decoded = decoded(code)?;
    let is_canonical = encoded(&decoded).is_some_and(|again| again.eq_ignore_ascii_case(code));
    let stands_for_more = !decoded.is_ascii() && is_unicode_label(&decoded);
    (is_canonical && stands_for_more).then_some(decoded)
}

/// RFC 5893: no label of a name with letters from right to left reads in two ways.
fn keeps_direction(labels: &[String]) -> bool {
    let letters = |label: &String| {
        label
            .chars()
            .any(|letter| is_right(&letter) || is_arabic_digit(&letter))
    };
    if !labels.iter().any(letters) {
        return true;
    }
    labels.iter().all(|label| {
        let Some(first) = label.chars().next() else {
            return false;
        };
        let has = |of: fn(&char) -> bool| label.chars().any(|letter| of(&letter));
        let is_digit =
            |letter: &char| letter.is_ascii_digit() || matches!(letter, '\u{6F0}'..='\u{6F9}');
        let mark = |letter: &char| is(&MARK, letter.encode_utf8(&mut [0; 4]));
        let last = label
            .chars()
            .rev()
            .find(|letter| !mark(letter))
            .unwrap_or(first);
        if is_right(&first) {
            let left = |letter: char| {
                !is_right(&letter)
                    && !is_arabic_digit(&letter)
                    && !is_digit(&letter)
                    && !mark(&letter)
                    && !matches!(letter, '-' | '\u{200C}' | '\u{200D}')
            };
            let mixes = label.chars().any(left) || (has(is_digit) && has(is_arabic_digit));
            return !mixes && (is_right(&last) || is_digit(&last) || is_arabic_digit(&last));
        }
        !is_digit(&first)
            && !is_arabic_digit(&first)
            && !has(is_right)
            && !has(is_arabic_digit)
            && last != '-'
    })
}

fn is_right(letter: &char) -> bool {
    let is_letter = matches!(
        letter,
        '\u{5BE}'..='\u{64A}'
            | '\u{66D}'..='\u{6EF}'
            | '\u{6FA}'..='\u{8FF}'
            | '\u{FB1D}'..='\u{FDFF}'
            | '\u{FE70}'..='\u{FEFE}'
            | '\u{10800}'..='\u{10FFF}'
            | '\u{1E800}'..='\u{1EFFF}'
    );
    is_letter && !is(&MARK, letter.encode_utf8(&mut [0; 4]))
}

fn is_arabic_digit(letter: &char) -> bool {
    matches!(letter, '\u{660}'..='\u{669}')
}

/// Letters, marks and digits.
static ALLOWED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^[\p{Ll}\p{Lo}\p{Lm}\p{Mn}\p{Mc}\p{Nd}]$").ok());
static MARK: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\p{M}").ok());

fn is(class: &Option<Regex>, text: &str) -> bool {
    class.as_ref().is_some_and(|class| class.is_match(text))
}

/// RFC 5892: code points by their category, and those that depend on what is around them.
fn is_unicode_label(label: &str) -> bool {
    let letters: Vec<char> = label.chars().collect();
    if label.starts_with('-') || label.ends_with('-') || is(&MARK, label) {
        return false;
    }
    if letters.get(2..4) == Some(&['-', '-']) {
        return false;
    }
    let digits = |from: char, to: char| letters.iter().any(|letter| (from..=to).contains(letter));
    if digits('\u{660}', '\u{669}') && digits('\u{6F0}', '\u{6F9}') {
        return false;
    }
    letters.iter().enumerate().all(|(index, &letter)| {
        let before = index.checked_sub(1).and_then(|index| letters.get(index));
        let after = letters.get(index + 1);
        match letter {
            '-' => true,
            '\u{B7}' => before == Some(&'l') && after == Some(&'l'),
            '\u{375}' => after.is_some_and(is_greek),
            '\u{5F3}' | '\u{5F4}' => before.is_some_and(is_hebrew),
            '\u{30FB}' => letters.iter().any(is_japanese),
            '\u{200D}' => before.is_some_and(is_virama),
            '\u{200C}' => {
                before.is_some_and(is_virama)
                    || (before.is_some_and(is_arabic) && after.is_some_and(is_arabic))
            }
            '\u{DF}' | '\u{3C2}' | '\u{6FD}' | '\u{6FE}' | '\u{F0B}' | '\u{3007}' => true,
            '\u{640}' | '\u{7FA}' | '\u{302E}' | '\u{302F}' | '\u{303B}' => false,
            '\u{3031}'..='\u{3035}' => false,
            _ => is(&ALLOWED, letter.encode_utf8(&mut [0; 4])),
        }
    })
}

fn is_greek(letter: &char) -> bool {
    matches!(letter, '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}')
}

fn is_hebrew(letter: &char) -> bool {
    matches!(letter, '\u{590}'..='\u{5FF}' | '\u{FB1D}'..='\u{FB4F}')
}

fn is_arabic(letter: &char) -> bool {
    matches!(letter, '\u{620}'..='\u{64A}' | '\u{66E}'..='\u{6D3}' | '\u{6FA}'..='\u{6FF}')
}

/// Hiragana, Katakana and Han.
fn is_japanese(letter: &char) -> bool {
    matches!(
        letter,
        '\u{3041}'..='\u{309F}'
            | '\u{30A1}'..='\u{30FA}'
            | '\u{30FC}'..='\u{30FF}'
            | '\u{31F0}'..='\u{31FF}'
            | '\u{FF66}'..='\u{FF9D}'
            | '\u{3005}'
            | '\u{3007}'
            | '\u{3400}'..='\u{4DBF}'
            | '\u{4E00}'..='\u{9FFF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{20000}'..='\u{2FA1F}'
    )
}

/// What joins letters of Indian scripts.
fn is_virama(letter: &char) -> bool {
    matches!(
        letter,
        '\u{94D}'
            | '\u{9CD}'
            | '\u{A4D}'
            | '\u{ACD}'
            | '\u{B4D}'
            | '\u{BCD}'
            | '\u{C4D}'
            | '\u{CCD}'
            | '\u{D4D}'
            | '\u{DCA}'
            | '\u{E3A}'
            | '\u{F84}'
            | '\u{1039}'
            | '\u{103A}'
            | '\u{1714}'
            | '\u{17D2}'
            | '\u{1A60}'
            | '\u{1B44}'
            | '\u{A806}'
            | '\u{A8C4}'
            | '\u{A953}'
            | '\u{A9C0}'
    )
}

const BASE: u32 = 36;

/// RFC 3492: how far a code point is from the last one.
fn adapted(delta: u32, points: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / points;
    let mut steps = 0;
    while delta > 455 {
        delta /= 35;
        steps += BASE;
    }
    steps + 36 * delta / (delta + 38)
}

fn threshold(step: u32, bias: u32) -> u32 {
    step.saturating_sub(bias).clamp(1, 26)
}

/// What a label behind `xn--` stands for; `None` if that is nothing.
fn decoded(code: &str) -> Option<String> {
    let (basic, rest) = code.rsplit_once('-').unwrap_or(("", code));
    let mut letters: Vec<char> = basic.chars().collect();
    let (mut point, mut index, mut bias) = (128_u32, 0_u32, 72_u32);
    let mut digits = rest.bytes();
    while digits.len() > 0 {
        let (before, mut weight, mut step) = (index, 1_u32, BASE);
        loop {
            let digit = match digits.next()? {
                byte @ b'a'..=b'z' => byte - b'a',
                byte @ b'A'..=b'Z' => byte - b'A',
                byte @ b'0'..=b'9' => byte - b'0' + 26,
                _ => return None,
            };
            let digit = u32::from(digit);
            index = index.checked_add(digit.checked_mul(weight)?)?;
            let least = threshold(step, bias);
            if digit < least {
                break;
            }
            weight = weight.checked_mul(BASE - least)?;
            step += BASE;
        }
        let count = u32::try_from(letters.len()).ok()? + 1;
        bias = adapted(index - before, count, before == 0);
        point = point.checked_add(index / count)?;
        index %= count;
        letters.insert(index as usize, char::from_u32(point)?);
        index += 1;
    }
    Some(letters.into_iter().collect())
}

/// What stands for `label` behind `xn--`.
fn encoded(label: &str) -> Option<String> {
    let letters: Vec<u32> = label.chars().map(u32::from).collect();
    let basic = u32::try_from(letters.iter().filter(|letter| **letter < 128).count()).ok()?;
    let mut code: String = label.chars().filter(char::is_ascii).collect();
    if basic > 0 {
        code.push('-');
    }
    let digit = |value: u32| {
        "abcdefghijklmnopqrstuvwxyz0123456789"
            .chars()
            .nth(value as usize)
    };
    let (mut point, mut delta, mut bias, mut done) = (128_u32, 0_u32, 72_u32, basic);
    while (done as usize) < letters.len() {
        let next = letters.iter().copied().filter(|one| *one >= point).min()?;
        delta = delta.checked_add((next - point).checked_mul(done + 1)?)?;
        point = next;
        for &letter in &letters {
            if letter < point {
                delta = delta.checked_add(1)?;
            }
            if letter == point {
                let (mut rest, mut step) = (delta, BASE);
                loop {
                    let least = threshold(step, bias);
                    if rest < least {
                        break;
                    }
                    code.push(digit(least + (rest - least) % (BASE - least))?);
                    rest = (rest - least) / (BASE - least);
                    step += BASE;
                }
                code.push(digit(rest)?);
                bias = adapted(delta, done + 1, done == basic);
                delta = 0;
                done += 1;
            }
        }
        delta += 1;
        point += 1;
    }
    Some(code)
}
