//! One contract for each group of the JSON Schema Test Suite, draft 2020-12, where that lies beside the project.
//!
//! The suite is data that everybody measures against: <https://github.com/json-schema-org/JSON-Schema-Test-Suite>.
//! It is looked for in `../shared/suites/json-schema-2020-12` beside the workspace, or where the variable
//! `JSON_SCHEMA_SUITE` says. Without it, nothing is generated and nothing is tested. With the variable
//! `JSON_SCHEMA_SUITE_VARIANTS`, the required groups are tested in other places, too, and with a type where they have
//! none, which takes some minutes.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use contract_codegen::{Contract, Formats, Options, Target};
use serde_json::{Map, Value, json};

/// Where documents of the suite are said to be published.
const HOST: &str = "http://localhost:1234/";

/// Writes `suite.rs` and the types of every group to `out`.
///
/// # Errors
/// A file of the suite, or of ours, that cannot be read or written.
pub(crate) fn generate(workspace: &Path, out: &Path) -> Result<(), String> {
    println!("cargo::rerun-if-env-changed=JSON_SCHEMA_SUITE");
    println!("cargo::rerun-if-env-changed=JSON_SCHEMA_SUITE_VARIANTS");
    let varies = std::env::var_os("JSON_SCHEMA_SUITE_VARIANTS").is_some();
    let suite = std::env::var_os("JSON_SCHEMA_SUITE").map(PathBuf::from);
    let suite = suite.unwrap_or_else(|| workspace.join("../shared/suites/json-schema-2020-12"));
    println!("cargo::rerun-if-changed={}", suite.display());
    let folder = out.join("suite");
    fs::create_dir_all(&folder).map_err(|error| said(&folder, &error))?;
    let (mut modules, mut groups) = (String::new(), String::new());
    if suite.join("tests").is_dir() {
        let remotes = remotes(&suite.join("remotes"))?;
        let kinds = [
            ("tests", Formats::None),
            ("tests/optional", Formats::None),
            ("tests/optional/format", Formats::All),
        ];
        let mut number = 0;
        for (kind, formats) in kinds {
            for file in json_files(&suite.join(kind))? {
                let content = read(&file)?;
                let variants = array(&content).iter().flat_map(|group| match kind {
                    "tests" if varies => variants(group),
                    _ => vec![group.clone()],
                });
                let variants: Vec<Value> = variants.collect();
                for group in &variants {
                    let module = write(group, number, formats, &remotes, &folder)?;
                    let name = file.strip_prefix(&suite).unwrap_or(&file);
                    let name = name.display().to_string();
                    let description = group["description"].as_str().unwrap_or_default();
                    let tests = group["tests"].to_string();
                    let decode = match &module {
                        Ok(module) => {
                            modules.push_str(module);
                            format!("Ok(g{number}::SCHEMAS)")
                        }
                        Err(problems) => format!("Err({problems:?})"),
                    };
                    let _ = writeln!(
                        groups,
                        "Group {{ file: {name:?}, description: {description:?}, schemas: {decode}, tests: {tests:?} }},"
                    );
                    number += 1;
                }
            }
        }
    }
    let text = format!("{modules}\nconst GROUPS: &[Group] = &[\n{groups}];\n");
    let path = out.join("suite.rs");
    fs::write(&path, text).map_err(|error| said(&path, &error))
}

/// Generates the types of a group; the module that includes them, or what is wrong with its contract.
fn write(
    group: &Value,
    number: usize,
    formats: Formats,
    remotes: &Map<String, Value>,
    folder: &Path,
) -> Result<Result<String, String>, String> {
    let contract = contract(&group["schema"], number, remotes).to_string();
    let options = Options {
        formats,
        ..Options::default()
    };
    let contract = match Contract::parse_as("suite.json", &contract, &[Target::Types], options) {
        Ok(contract) => contract,
        Err(problems) => return Ok(Err(problems.to_string())),
    };
    let path = folder.join(format!("{number}.rs"));
    let text = contract.generate(Target::Types);
    fs::write(&path, text).map_err(|error| said(&path, &error))?;
    let attributes =
        "#[allow(clippy::all, missing_docs, unreachable_pub, dead_code, unused_imports)]";
    Ok(Ok(format!(
        "{attributes} mod g{number} {{ include!({:?}); }}\n",
        path.display().to_string()
    )))
}

/// A contract that takes a body of `schema`.
fn contract(schema: &Value, number: usize, remotes: &Map<String, Value>) -> Value {
    let mut schemas = Map::new();
    let mut schema = schema.clone();
    // References count from the schema, which would not be the whole document here.
    if let Value::Object(words) = &mut schema {
        let id = words.entry("$id");
        id.or_insert_with(|| json!(format!("https://suite.example/{number}")));
    }
    if schema.to_string().contains(HOST) {
        schemas = remotes.clone();
    }
    schemas.insert("X".to_owned(), schema);
    let body = json!({"application/json": {"schema": {"$ref": "#/components/schemas/X"}}});
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Suite", "version": "1"},
        "paths": {"/": {"post": {
            "operationId": "send",
            "requestBody": {"required": true, "content": body},
            "responses": {"204": {"description": "Fine."}},
        }}},
        "components": {"schemas": schemas},
    })
}

/// `group`, and the same with a type that its schema does not have, as a property, and as an item.
fn variants(group: &Value) -> Vec<Value> {
    let mut all = vec![group.clone()];
    let (schema, tests) = (&group["schema"], array(&group["tests"]));
    let of = |value: &Value| match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let described = |words: &str| {
        format!(
            "{} ({words})",
            group["description"].as_str().unwrap_or_default()
        )
    };
    let mut types: Vec<&str> = tests.iter().map(|test| of(&test["data"])).collect();
    types.sort_unstable();
    types.dedup();
    if let (Value::Object(words), None) = (schema, schema.get("type")) {
        for name in types {
            let mut words = words.clone();
            words.insert("type".to_owned(), name.into());
            let tests = tests.iter().map(|test| {
                let valid = test["valid"] == true && of(&test["data"]) == name;
                json!({"description": test["description"], "data": test["data"], "valid": valid})
            });
            all.push(json!({
                "description": described(name),
                "schema": words,
                "tests": tests.collect::<Vec<_>>(),
            }));
        }
    }
    let mut inner = schema.clone();
    if let Value::Object(words) = &mut inner {
        words
            .entry("$id")
            .or_insert_with(|| "https://suite.example/inner".into());
    }
    for (name, outer, wrap) in [
        (
            "property",
            json!({"type": "object", "properties": {"v": inner}, "required": ["v"]}),
            (|data| json!({"v": data})) as fn(&Value) -> Value,
        ),
        ("item", json!({"type": "array", "items": inner}), |data| {
            json!([data])
        }),
        (
            "choice",
            json!({"anyOf": [{"type": "array", "prefixItems": [inner], "minItems": 1}, {"const": 5}]}),
            |data| json!([data]),
        ),
    ] {
        let tests = tests.iter().map(|test| {
            json!({"description": test["description"], "data": wrap(&test["data"]), "valid": test["valid"]})
        });
        all.push(json!({
            "description": described(name),
            "schema": outer,
            "tests": tests.collect::<Vec<_>>(),
        }));
    }
    all
}

/// The documents that groups refer to by URL, as components with that URL for `$id`.
fn remotes(folder: &Path) -> Result<Map<String, Value>, String> {
    let mut found = Map::new();
    let mut open = vec![folder.join("draft2020-12")];
    while let Some(next) = open.pop() {
        let entries = fs::read_dir(&next).map_err(|error| said(&next, &error))?;
        for entry in entries {
            let path = entry.map_err(|error| said(&next, &error))?.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let place = path.strip_prefix(folder).unwrap_or(&path);
            let url = format!("{HOST}{}", place.display());
            let mut schema = read(&path)?;
            let own = schema["$id"].as_str().map(str::to_owned);
            match (&mut schema, own) {
                (Value::Object(words), None) => {
                    words.insert("$id".to_owned(), url.clone().into());
                }
                (_, Some(id)) if id != url => {
                    schema = json!({"$id": url, "$ref": id, "$defs": {"content": schema}});
                }
                _ => {}
            }
            found.insert(format!("Remote{}", found.len()), schema);
        }
    }
    Ok(found)
}

fn json_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| said(folder, &error))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| said(folder, &error))?.path();
        files.extend(
            path.extension()
                .is_some_and(|end| end == "json")
                .then(|| path.clone()),
        );
    }
    files.sort();
    Ok(files)
}

fn read(path: &Path) -> Result<Value, String> {
    let text = fs::read_to_string(path).map_err(|error| said(path, &error))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn said(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
