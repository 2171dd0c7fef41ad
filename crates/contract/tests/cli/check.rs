//! `contract check`.

use std::path::Path;

use serde_json::Value;

use super::{Ran, contract, folder, museum, read, with_info};

/// A contract with an example that does not keep to its schema, in line 9.
fn doubtful(folder: &Path) -> String {
    let file = with_info(folder, "{title: A, version: '1'}");
    let body = "{'200': {description: Done., content: {application/json: {\n        schema: {type: object, \
                properties: {n: {type: integer}}},\n        example: {n: one}}}}}";
    let text = read(file.as_ref()).replace("{'204': {description: Done.}}", body);
    std::fs::write(&file, text).expect("the contract is written");
    file
}

/// One that is refused, in line 7.
fn refused(folder: &Path) -> String {
    let file = with_info(folder, "{title: A, version: '1'}");
    let text = read(file.as_ref()).replace(
        "operationId: a",
        "operationId: a\n      parameters: [{$ref: '#/b'}]",
    );
    std::fs::write(&file, text).expect("the contract is written");
    file
}

fn check(file: &str, more: &[&str]) -> Ran {
    let ran = contract(&[&["check", file], more].concat());
    assert_eq!(ran.err, "");
    ran
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn nothing_is_wrong_with_a_good_contract() {
    let museum = museum();
    let ran = check(&museum, &["--strict"]);
    assert_eq!(
        (ran.code, ran.out),
        (Some(0), format!("{museum}: nothing is wrong\n"))
    );
    assert_eq!(check(&museum, &["--format", "github"]).out, "");
}

#[test]
fn an_example_that_does_not_keep_to_its_schema_is_a_warning() {
    let file = doubtful(&folder("check-example"));
    let ran = check(&file, &[]);
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    let told = format!("{file}:9:22: warning: `/n` of the example must be a whole number");
    assert!(ran.out.starts_with(&told), "{}", ran.out);
    // The line itself, and a caret.
    assert!(
        ran.out.contains("example: {n: one}") && ran.out.contains("^\n"),
        "{}",
        ran.out
    );
    assert!(
        ran.out.ends_with(&format!("\n{file}: 1 warning\n")),
        "{}",
        ran.out
    );
    let ran = check(&file, &["--strict"]);
    assert_eq!(ran.code, Some(1), "{}", ran.out);
    assert!(ran.out.ends_with(": 1 error\n"), "{}", ran.out);
}

/// Each item of a sequence is held against the schema of items.
#[test]
fn an_example_of_a_sequence_has_its_items_checked() {
    let file = with_info(&folder("check-items"), "{title: A, version: '1'}");
    let body = "{'200': {description: Done., content: {application/jsonl: {\n        itemSchema: {type: object, \
                properties: {n: {type: integer}}},\n        example: [{n: 1}, {n: one}]}}}}";
    let text = read(file.as_ref()).replace("3.1.0", "3.2.0");
    let text = text.replace("{'204': {description: Done.}}", body);
    std::fs::write(&file, text).expect("the contract is written");
    let ran = check(&file, &[]);
    let told = format!("{file}:9:31: warning: `/n` of the example must be a whole number");
    assert!(ran.out.starts_with(&told), "{}", ran.out);
    assert!(
        ran.out.ends_with(&format!("\n{file}: 1 warning\n")),
        "{}",
        ran.out
    );
}

#[test]
fn a_refused_contract_ends_with_1() {
    let file = refused(&folder("check-refused"));
    let ran = check(&file, &[]);
    assert_eq!(ran.code, Some(1), "{}", ran.out);
    assert!(ran.out.starts_with(&format!("{file}:7:")), "{}", ran.out);
    assert!(ran.out.ends_with(": 1 error\n"), "{}", ran.out);
    assert_eq!(check("nowhere.yaml", &[]).code, Some(1));
}

#[test]
fn programs_can_read_it() {
    let folder = folder("check-formats");
    let file = refused(&folder);
    let ran = check(&file, &["--format", "json"]);
    assert_eq!(ran.code, Some(1));
    let told = json(&ran.out);
    assert_eq!((&told["errors"], &told["warnings"]), (&1.into(), &0.into()));
    let problem = &told["problems"][0];
    assert_eq!(
        (&problem["line"], &problem["severity"]),
        (&7.into(), &"error".into())
    );

    let file = doubtful(&folder);
    let sarif = json(&check(&file, &["--format", "sarif"]).out);
    assert_eq!(sarif["version"], "2.1.0");
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["level"], "warning");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["region"]["startLine"], 9);
    assert_eq!(place["artifactLocation"]["uri"], format!("file://{file}"));

    let line = check(&file, &["--format", "github"]).out;
    let told = format!("::warning file={file},line=9,col=22::`/n` of the example");
    assert!(line.starts_with(&told), "{line}");
    assert_eq!(line.lines().count(), 1, "{line}");
}
