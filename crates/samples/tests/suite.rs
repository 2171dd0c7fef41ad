//! The JSON Schema Test Suite, draft 2020-12, through generated code. It lies beside the project, or nothing is
//! tested: see `build/suite.rs`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use contract_wire::{DecodeError, SchemaEntry};
use serde::Deserialize;

/// A group of tests of one schema.
struct Group {
    file: &'static str,
    description: &'static str,
    /// The types of its contract, or what is wrong with that.
    schemas: Result<&'static [SchemaEntry], &'static str>,
    tests: &'static str,
}

#[derive(Deserialize)]
struct Test {
    description: String,
    data: serde_json::Value,
    valid: bool,
}

include!(concat!(env!("OUT_DIR"), "/suite.rs"));

/// What is wrong with the tests of a group: counts of groups and tests that are fine, and the rest in words.
fn run(folder: &str) -> (usize, usize, Vec<String>) {
    let (mut groups, mut tests, mut wrong) = (0, 0, Vec::new());
    let chosen = GROUPS.iter().filter(|group| {
        let (place, _) = group.file.rsplit_once('/').unwrap();
        place == folder
    });
    for group in chosen {
        let before = wrong.len();
        let name = format!("{}: {}", group.file, group.description);
        let schemas = match group.schemas {
            Ok(schemas) => schemas,
            Err(problems) => {
                wrong.push(format!("{name}: {problems}"));
                continue;
            }
        };
        let schema = schemas.iter().find(|schema| schema.name == "X").unwrap();
        let cases: Vec<Test> = serde_json::from_str(group.tests).unwrap();
        for test in cases {
            let outcome = (schema.decode)(test.data.to_string().as_bytes());
            if let Err(DecodeError::Invalid(violations)) = &outcome {
                assert!(!violations.is_empty(), "{name}: {}", test.description);
            }
            if outcome.is_ok() == test.valid {
                tests += 1;
            } else {
                wrong.push(format!("{name}: {}: {outcome:?}", test.description));
            }
        }
        groups += usize::from(wrong.len() == before);
    }
    (groups, tests, wrong)
}

#[test]
fn every_required_test_passes() {
    if GROUPS.is_empty() {
        return eprintln!("the JSON Schema Test Suite is not there: nothing was tested");
    }
    let (groups, tests, mut wrong) = run("tests");
    // Of variants: `null` in an `enum` and types beside choices are read as they are meant, and what refers to itself
    // is not what the suite says any more.
    let known = [
        "anyOf with one empty schema (string)",
        "const with null (number)",
        "heterogeneous enum-with-null validation (",
        "oneOf with empty schema (string)",
        "root pointer ref (object)",
        "simple URN base URI with $ref via the URN (object)",
    ];
    wrong.retain(|wrong| !known.iter().any(|name| wrong.contains(name)));
    assert!(
        wrong.is_empty(),
        "{groups} groups, {tests} tests; wrong:\n{}",
        wrong.join("\n")
    );
    assert!(
        groups >= 383 && tests >= 1299,
        "only {groups} groups, {tests} tests"
    );
}

/// What is optional: whole numbers beyond 64 bits have no Rust type, other drafts are not read, and what no keyword
/// of JSON Schema holds is no schema.
#[test]
fn optional_tests_pass_but_for_some() {
    if GROUPS.is_empty() {
        return;
    }
    let (_, tests, mut wrong) = run("tests/optional");
    wrong.retain(|wrong| {
        let known = [
            "bignum.json: integer",
            // How many digits of a number are read depends on the features of `serde_json` in the build.
            "bignum.json: float",
            "cross-draft.json",
            "float-overflow.json",
            "format-assertion.json",
            "refOfUnknownKeyword.json",
            "unknownKeyword.json",
        ];
        !known.iter().any(|name| wrong.contains(name))
    });
    assert!(
        wrong.is_empty(),
        "{tests} tests; wrong:\n{}",
        wrong.join("\n")
    );
    assert!(tests >= 140, "only {tests} tests");
}

#[test]
fn formats_are_checked_where_that_is_asked_for() {
    if GROUPS.is_empty() {
        return;
    }
    let (_, tests, wrong) = run("tests/optional/format");
    assert!(
        wrong.is_empty(),
        "{tests} tests; wrong:\n{}",
        wrong.join("\n")
    );
    assert!(tests >= 764, "only {tests} tests");
}
