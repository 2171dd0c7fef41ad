//! Written YAML is readable, and reads back as the same value.

use contract_document::{Document, to_yaml};
use serde_json::{Value, json};

/// Reads `value` back after writing it.
fn round_trip(value: &Value) -> Value {
    let contract = json!({
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {},
        "x-value": value,
    });
    let text = to_yaml(&contract);
    match Document::parse("written.yaml", &text) {
        Ok(document) => document.root()["x-value"].clone(),
        Err(problems) => panic!("{problems}\n{text}"),
    }
}

const AWKWARD: [&str; 86] = [
    "",
    " ",
    "a",
    "a b",
    " a",
    "a ",
    "yes",
    "No",
    "ON",
    "off",
    "y",
    "n",
    "true",
    "False",
    "null",
    "Null",
    "~",
    "1",
    "-1",
    "+1",
    "1.0",
    "1.",
    ".5",
    "-.5",
    "1e3",
    "012",
    "0x1F",
    "0o17",
    "0b1",
    "1_000",
    "12:30",
    "12:30:45",
    "2024-01-31",
    "2024-01-31T10:00:00Z",
    ".inf",
    "-.INF",
    ".nan",
    "3.1.0",
    "1.2.3.4",
    "-",
    "- a",
    "-a",
    "--",
    "---",
    "--- a",
    "...",
    "?",
    "? a",
    ":",
    ": a",
    "a: b",
    "a:b",
    "a:",
    "a #b",
    "a#b",
    "#a",
    "&a",
    "*a",
    "!a",
    "|",
    ">",
    "%a",
    "@a",
    "`a`",
    "'a'",
    "\"a\"",
    "it's",
    "[a]",
    "a]",
    "{a}",
    "a, b",
    "=",
    "<<",
    "\\",
    "a\\nb",
    "a\tb",
    "\ta",
    "\r",
    "\u{0}",
    "\u{7f}",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "ä€😀",
    "a\u{a0}b",
    "*",
];

const BLOCKS: [&str; 22] = [
    "\n",
    "\n\n",
    "a\n",
    "a\nb",
    "a\nb\n",
    "a\nb\n\n",
    "a\n\nb",
    "a\n b\n",
    " a\nb",
    "\na",
    "\ta\nb",
    "a\n\tb",
    "a \nb ",
    "a\n  \nb",
    "a\n ",
    "# a\nb",
    "--- \nb",
    "a\n---\nb",
    "a: b\n- c",
    "a\r\nb",
    "a\u{85}\nb",
    "ä\n😀\n",
];

#[test]
fn awkward_text_survives_as_value_key_and_item() {
    for text in AWKWARD.iter().chain(&BLOCKS) {
        let mut value = json!({"value": text, "list": [text, [text], {"k": text}]});
        value["keys"][*text] = json!({"inner": text});
        assert_eq!(round_trip(&value), value, "{text:?}");
    }
}

#[test]
fn numbers_keep_their_kind() {
    let numbers = json!([
        0,
        -1,
        u64::MAX,
        i64::MIN,
        0.0,
        1.0,
        -0.5,
        1e300,
        1.5e-300,
        123456789.125,
        f64::MAX
    ]);
    assert_eq!(round_trip(&numbers).to_string(), numbers.to_string());
    assert_eq!(to_yaml(&json!([1e300, 1.5e-7])), "- 1.0e+300\n- 1.5e-7\n");
}

#[test]
fn containers_and_long_keys_survive() {
    let key = "k".repeat(3000);
    let value =
        json!({"a": {}, "b": [], "c": [[], {}, [[1], {"x": []}]], "d": {key: {"e": [null, true]}}});
    assert_eq!(round_trip(&value), value);
    for scalar in [json!("a\nb"), json!(null), json!([]), json!({})] {
        assert!(to_yaml(&scalar).ends_with('\n'));
    }
}

#[test]
fn text_is_quoted_only_where_a_reader_could_err() {
    let value = json!({
        "plain": ["a: b".replace(": ", ":"), "it's", "3.1.0", "a, b", "200 pets", "#/x".replace('#', "x")],
        "quoted": ["no", "1.0", "012", "2024-01-31", "", "- x", "a: b", "it's: so"],
        "block": "first\n  second\n\nthird\n",
        "open": "first\nsecond",
        "many": "first\n\n\n",
        "escaped": "a\u{7}\r\n",
        "200": {"x y": 1}
    });
    assert_eq!(
        to_yaml(&value),
        "\
plain:
- a:b
- it's
- 3.1.0
- a, b
- 200 pets
- x/x
quoted:
- 'no'
- '1.0'
- '012'
- '2024-01-31'
- ''
- '- x'
- 'a: b'
- 'it''s: so'
block: |
  first
    second

  third
open: |-
  first
  second
many: |+
  first


escaped: \"a\\x07\\r\\n\"
'200':
  x y: 1
"
    );
}

/// Text of up to twelve pieces that mean something to YAML, from a fixed seed.
#[test]
fn random_text_survives() {
    const PIECES: [&str; 24] = [
        "a", "b", " ", "  ", "\n", "\n\n", ":", ": ", "#", " #", "-", "- ", "'", "\"", "\\", "0",
        "1.", "e", "|", "?", "{", "]", "\t", "é",
    ];
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |bound: usize| {
        // Xorshift: enough for a test, and the same everywhere.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % bound as u64) as usize
    };
    for _ in 0..3000 {
        let text: String = (0..next(12)).map(|_| PIECES[next(PIECES.len())]).collect();
        let mut value = json!({"nested": {"value": text, "list": [[text], text]}});
        value["keys"][&text] = json!(text);
        assert_eq!(round_trip(&value), value, "{text:?}");
    }
}
