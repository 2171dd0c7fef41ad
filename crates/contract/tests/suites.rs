//! Public documents, where they lie beside the project: `contract check` judges those of the OpenAPI initiative as
//! they do, and every small contract of one feature is taken.

mod common;

use std::path::Path;
use std::process::{Command, Output};

use common::{contracts, documents, suite};

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_contract"));
    command
        .args(arguments)
        .output()
        .expect("the program starts")
}

/// The documents below `folder` for which `contract check` does not end with `code`, each with what it says.
fn other_than(code: i32, folder: &Path) -> (usize, Vec<String>) {
    let mut found = Vec::new();
    documents(folder, &mut found);
    let count = found.len();
    let wrong = found.into_iter().filter_map(|path| {
        let output = run(&["check", &path.display().to_string()]);
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        let is_right = output.status.code() == Some(code);
        (!is_right).then(|| format!("{}: {:?}\n{told}", path.display(), output.status))
    });
    (count, wrong.collect())
}

#[test]
fn documents_that_openapi_accepts_are_accepted_and_those_it_refuses_are_refused() {
    let mut tried = 0;
    for version in ["openapi-v3.1", "openapi-v3.2"] {
        let Some(folder) = suite(version) else {
            continue;
        };
        for (kind, code) in [("pass", 0), ("fail", 1)] {
            let (count, wrong) = other_than(code, &folder.join(kind));
            assert!(wrong.is_empty(), "{version} {kind}:\n{}", wrong.join("\n"));
            tried += count;
        }
    }
    assert!(tried == 0 || tried == 112, "{tried} documents");
}

#[test]
fn contracts_of_every_feature_are_taken() {
    let found = contracts();
    for path in &found {
        let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("taken");
        let (path, out) = (path.display().to_string(), out.display().to_string());
        let output = run(&["generate", &path, "--out", &out]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{path}:\n{told}");
    }
    assert!(
        found.is_empty() || found.len() > 300,
        "{} documents",
        found.len()
    );
}

/// What is said, without `--strict`, of a default that does not satisfy its schema.
const LEADS_BACK: &str = "only leads back to what it stands in";
const NO_DEFAULT: &str =
    "the default of `not_nullable` does not satisfy its schema, and has no effect";
const NO_VALUE: &str = "no value has this type and the one it is united with";
/// What the words of another generator would change.
const OTHER_WORDS: &str = "`x-ogen-…` are names for the code of another generator";
const NO_CONVENTION: &str =
    "refused by others only where a default is asked to be the error of every operation";
const OTHER_NAMES: &str = "names of properties never clash with those that code is made with";

/// Documents that another generator refuses and this one takes: why, and what it warns of.
const TAKEN: [(&str, &str, &str); 23] = [
    (
        "allOf/conflicting_property.json",
        "contradictions are warned of: the property is never there",
        NO_VALUE,
    ),
    (
        "allOf/string_patterns.json",
        "every pattern is a check of its own",
        "",
    ),
    (
        "allOf/type_mismatch.json",
        "contradictions are warned of: no value is taken",
        NO_VALUE,
    ),
    (
        "convenient_errors/different_response.json",
        NO_CONVENTION,
        "",
    ),
    ("convenient_errors/no_default.json", NO_CONVENTION, ""),
    (
        "convenient_errors/unsupported_ct.json",
        NO_CONVENTION,
        "bodies of application/xml are handed over as bytes",
    ),
    (
        "cyclic/allOf_double.json",
        "what leads back to itself asks for nothing",
        LEADS_BACK,
    ),
    (
        "cyclic/allOf_single.json",
        "what leads back to itself asks for nothing",
        LEADS_BACK,
    ),
    (
        "cyclic/allOf_property.yaml",
        "the circle goes through a list, which may be empty",
        "",
    ),
    (
        "field_naming/conflict_additional_props.yaml",
        OTHER_NAMES,
        "",
    ),
    ("field_naming/conflict_pattern_props.yaml", OTHER_NAMES, ""),
    (
        "field_naming/extension_additional_props.yaml",
        OTHER_WORDS,
        "",
    ),
    ("field_naming/extension_pattern_props.yaml", OTHER_WORDS, ""),
    ("field_naming/overriden_by_extension.yaml", OTHER_WORDS, ""),
    ("field_naming/type_extension.yml", OTHER_WORDS, ""),
    (
        "oneOf/same_json_type_one_of.json",
        "branches are told apart by their rules, not by their JSON type alone",
        "",
    ),
    (
        "wrong_default_type/array_value.json",
        "warned of",
        NO_DEFAULT,
    ),
    (
        "wrong_default_type/bool_value.json",
        "warned of",
        NO_DEFAULT,
    ),
    (
        "wrong_default_type/float_value.json",
        "warned of",
        NO_DEFAULT,
    ),
    (
        "wrong_default_type/null_value.json",
        "warned of",
        NO_DEFAULT,
    ),
    (
        "wrong_default_type/object_value.json",
        "warned of",
        NO_DEFAULT,
    ),
    (
        "wrong_default_type/string_value.json",
        "warned of",
        NO_DEFAULT,
    ),
    (
        "wrong_enum_type/string_value.json",
        "the text of a number is read as the number",
        "`\"1\"` is not of the declared `type`",
    ),
];

/// Those that are taken with a warning are refused when warnings are errors, and all others are refused with their
/// position.
#[test]
fn what_another_generator_refuses_is_refused_or_has_a_reason() {
    let Some(folder) = suite("generator-ogen") else {
        return;
    };
    let folder = folder.join("negative");
    let mut found = Vec::new();
    documents(&folder, &mut found);
    assert_eq!(found.len(), 28);
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("negative");
    let out = out.display().to_string();
    let mut taken = 0;
    for path in &found {
        let name = path.strip_prefix(&folder).expect("it is below");
        let name = name.display().to_string();
        let path = path.display().to_string();
        let output = run(&["generate", &path, "--out", &out]);
        let told = String::from_utf8_lossy(&output.stderr);
        let Some((_, why, warning)) = TAKEN.iter().find(|one| one.0 == name) else {
            assert_eq!(output.status.code(), Some(1), "{name}:\n{told}");
            assert!(told.starts_with(&format!("{path}:")), "{name}:\n{told}");
            continue;
        };
        taken += 1;
        assert!(output.status.success(), "{name}, {why}:\n{told}");
        assert!(told.contains(warning), "{name}, {why}:\n{told}");
        let strict = run(&["generate", &path, "--strict", "--out", &out]);
        let told = String::from_utf8_lossy(&strict.stderr);
        assert_eq!(
            strict.status.success(),
            warning.is_empty(),
            "{name}:\n{told}"
        );
    }
    assert_eq!(taken, TAKEN.len());
}
