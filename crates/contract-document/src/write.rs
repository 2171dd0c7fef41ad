//! Readable YAML that reads back as the same value.

use std::fmt::Write;

use serde_json::{Map, Number, Value};

/// `value` in block style.
///
/// Reading the text gives `value` again, by the rules of YAML 1.2 and of 1.1: text that either
/// would take for something else (`no`, `1.0`, `012`, `2024-01-31`) is quoted. Text of several
/// lines becomes a `|` block where that loses nothing.
///
/// ```
/// let value = serde_json::json!({"tags": ["no", "maybe"], "empty": {}});
/// assert_eq!(contract_document::to_yaml(&value), "tags:\n- 'no'\n- maybe\nempty: {}\n");
/// ```
pub fn to_yaml(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Object(map) if !map.is_empty() => write_map(&mut out, map, 0),
        Value::Array(items) if !items.is_empty() => write_list(&mut out, items, 0),
        scalar => {
            write_scalar(&mut out, scalar, 0);
            out.push('\n');
        }
    }
    out
}

/// Writes the entries of `map`, the first one where the line already stands.
fn write_map(out: &mut String, map: &Map<String, Value>, indent: usize) {
    for (index, (key, value)) in map.iter().enumerate() {
        if index > 0 {
            spaces(out, indent);
        }
        let key = key_text(key);
        // A key without `?` is at most 1024 characters long (YAML 1.2, section 7.4.2).
        if key.chars().count() > 1000 {
            out.push_str("? ");
            out.push_str(&key);
            out.push('\n');
            spaces(out, indent);
        } else {
            out.push_str(&key);
        }
        out.push(':');
        write_value(out, value, indent);
    }
}

/// Writes what follows a key, up to the end of the line.
fn write_value(out: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            out.push('\n');
            spaces(out, indent + 2);
            write_map(out, map, indent + 2);
        }
        // Items stand below their key, as is usual in contracts.
        Value::Array(items) if !items.is_empty() => {
            out.push('\n');
            spaces(out, indent);
            write_list(out, items, indent);
        }
        scalar => {
            out.push(' ');
            write_scalar(out, scalar, indent + 2);
            out.push('\n');
        }
    }
}

fn write_list(out: &mut String, items: &[Value], indent: usize) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            spaces(out, indent);
        }
        out.push_str("- ");
        match item {
            Value::Object(map) if !map.is_empty() => write_map(out, map, indent + 2),
            Value::Array(items) if !items.is_empty() => write_list(out, items, indent + 2),
            scalar => {
                write_scalar(out, scalar, indent + 2);
                out.push('\n');
            }
        }
    }
}

/// Writes a value of one line, or a block whose lines are indented by `indent`.
fn write_scalar(out: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&number_text(number)),
        Value::String(text) if is_block(text) => write_block(out, text, indent.max(2)),
        Value::String(text) => out.push_str(&line_text(text)),
        Value::Array(_) => out.push_str("[]"),
        Value::Object(_) => out.push_str("{}"),
    }
}

/// YAML 1.1 takes `1e5` for text: it wants a point and the sign of the exponent.
fn number_text(number: &Number) -> String {
    let text = number.to_string();
    let Some((mantissa, exponent)) = text.split_once('e') else {
        return text;
    };
    let point = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['+', '-']) {
        ""
    } else {
        "+"
    };
    format!("{mantissa}{point}e{sign}{exponent}")
}

fn key_text(key: &str) -> String {
    if key == "<<" {
        "'<<'".to_owned()
    } else {
        line_text(key)
    }
}

/// `text` on one line: plain if every reader takes it for this text, else quoted.
fn line_text(text: &str) -> String {
    if !text.chars().all(is_plain_printable) {
        return double_quoted(text);
    }
    if is_plain(text) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

fn is_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    let indicator = "-?:,[]{}#&*!|>'\"%@`=<~ ".contains(first);
    let starts_like_number = first.is_ascii_digit() || "+.".contains(first);
    !(indicator
        || starts_like_number && is_numeric(text)
        || text.ends_with([' ', ':'])
        || text.contains(": ")
        || text.contains(" #")
        || is_word_of_yaml(text)
        || text.starts_with("---")
        || text.starts_with("..."))
}

/// Whether all of `text` could belong to a number, date or time of some version of YAML. Versions
/// such as `3.1.0` do not: every contract begins with one.
fn is_numeric(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit());
    let is_version = text.split('.').count() == 3 && text.split('.').all(is_number);
    !is_version
        && text
            .chars()
            .all(|c| c.is_ascii_hexdigit() || "_.:+-xoXOtTzZ ninfINF".contains(c))
}

/// Words that YAML 1.1 or 1.2 take for a boolean or null.
fn is_word_of_yaml(text: &str) -> bool {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Characters that may stand in plain and single-quoted text and in blocks.
fn is_plain_printable(c: char) -> bool {
    let is_break = matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}');
    !(c.is_control() || is_break || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}'))
}

fn double_quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_plain_printable(c) => out.push(c),
            c if u32::from(c) < 0x100 => append(&mut out, format_args!("\\x{:02x}", u32::from(c))),
            c if u32::from(c) < 0x10000 => {
                append(&mut out, format_args!("\\u{:04x}", u32::from(c)));
            }
            c => append(&mut out, format_args!("\\U{:08x}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

fn append(out: &mut String, arguments: std::fmt::Arguments<'_>) {
    out.write_fmt(arguments)
        .expect("writing to a string does not fail");
}

/// Whether a `|` block keeps `text` as it is: its first line must show the indentation.
fn is_block(text: &str) -> bool {
    text.contains('\n')
        && !text.starts_with(['\n', ' ', '\t'])
        && text
            .chars()
            .all(|c| c == '\n' || c == '\t' || is_plain_printable(c))
}

fn write_block(out: &mut String, text: &str, indent: usize) {
    let body = text.trim_end_matches('\n');
    let breaks = text.len() - body.len();
    out.push_str(match breaks {
        0 => "|-",
        1 => "|",
        _ => "|+",
    });
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            spaces(out, indent);
            out.push_str(line);
        }
    }
    // The caller ends the last line.
    for _ in 1..breaks {
        out.push('\n');
    }
}

fn spaces(out: &mut String, count: usize) {
    out.extend(std::iter::repeat_n(' ', count));
}
