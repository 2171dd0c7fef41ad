//! `contract client`.

use std::path::Path;
use std::process::Command;

use super::{Ran, contract, folder, museum, read, run, shown, with_info};

fn client(contract_file: &str, out: &Path, more: &[&str]) -> Ran {
    let base = ["client", "--contract", contract_file, "--out", shown(out)];
    contract(&[&base[..], more].concat())
}

/// What cargo reads from the manifest in `folder`.
fn metadata(folder: &Path) -> String {
    let manifest = folder.join("Cargo.toml");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--no-deps", "--offline", "--format-version=1"]);
    let ran = run(cargo.arg("--manifest-path").arg(manifest));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    ran.out
}

#[test]
fn the_contract_names_and_describes_the_crate() {
    let out = folder("client");
    let ran = client(&museum(), &out, &[]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(
        ran.out,
        format!("{}: museum-api-client 2.1.0, MIT\n", out.display())
    );
    let metadata = metadata(&out);
    for part in [
        r#""name":"museum-api-client""#,
        r#""version":"2.1.0""#,
        r#""license":"MIT""#,
        r#""description":"Client for Museum API. Sells tickets for guided tours, e.g. at night.""#,
    ] {
        assert!(metadata.contains(part), "{part}: {metadata}");
    }
    let readme = read(&out.join("README.md"));
    assert!(readme.starts_with("# museum-api-client\n"));
    assert!(readme.contains("museum_api_client::Client::builder(\"https://museum.example\")"));
    for (file, part) in [
        ("src/lib.rs", "mod generated;"),
        ("src/wire/mod.rs", "mod decode;"),
        ("src/call/mod.rs", "mod transport;"),
        ("src/types.rs", "pub struct Tour"),
        ("src/generated.rs", "pub async fn list_tours"),
        ("tests/smoke.rs", "client.list_tours()"),
    ] {
        let code = read(&out.join(file));
        assert!(code.contains(part), "{file}");
        assert!(syn::parse_file(&code).is_ok(), "{file}");
    }
    assert!(!out.join("build.rs").exists());
}

#[test]
fn another_name_can_be_given() {
    let out = folder("client-name");
    let ran = client(&museum(), &out, &["--name", "night-tours"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(metadata(&out).contains(r#""name":"night-tours""#));
    assert!(read(&out.join("tests/smoke.rs")).contains("night_tours::Client::builder"));
}

#[test]
fn a_name_that_no_crate_can_have_is_refused() {
    let out = folder("client-bad-name");
    for name in ["night tours", "2nd", "async", "reqwest", "../night"] {
        let ran = client(&museum(), &out.join("crate"), &["--name", name]);
        assert_eq!(ran.code, Some(1), "{name}");
        assert!(
            ran.err.starts_with(&format!("`--name {name}`: ")),
            "{}",
            ran.err
        );
    }
    let file = with_info(&out, "{title: 美術館, version: '1'}");
    let ran = client(&file, &out.join("crate"), &[]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err.starts_with(&format!("{file}:2:15: `美術館`")),
        "{}",
        ran.err
    );
    assert!(
        ran.err.ends_with("hint: give one with `--name NAME`\n"),
        "{}",
        ran.err
    );
    assert!(!out.join("crate").exists());
}

#[test]
fn the_licence_is_that_of_the_contract_or_none() {
    let folder = folder("client-licence");
    let licence = |written: &str| {
        let info = format!("{{title: A, version: '1'{written}}}");
        let ran = client(&with_info(&folder, &info), &folder, &[]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let manifest = read(&folder.join("Cargo.toml"));
        let mut lines = manifest.lines();
        lines.find_map(|line| line.strip_prefix("license = ").map(str::to_owned))
    };
    let identifier = ", license: {name: Both, identifier: MIT OR Apache-2.0}";
    assert_eq!(
        licence(identifier),
        Some("\"MIT OR Apache-2.0\"".to_owned())
    );
    assert_eq!(
        licence(", license: {name: 0BSD}"),
        Some("\"0BSD\"".to_owned())
    );
    assert_eq!(licence(", license: {name: Apache 2.0}"), None);
    assert_eq!(licence(", license: {name: Proprietary}"), None);
    assert_eq!(licence(""), None);
}

#[test]
fn an_identifier_that_is_no_licence_is_refused_with_its_place() {
    let folder = folder("client-no-licence");
    let info = "{title: A, version: '1', license: {name: A, identifier: Apache 2.0}}";
    let file = with_info(&folder, info);
    let ran = client(&file, &folder, &[]);
    assert_eq!(ran.code, Some(1));
    let expected = format!("{file}:2:63: `Apache 2.0` is no SPDX expression\nhint: ");
    assert!(ran.err.starts_with(&expected), "{}", ran.err);
}

#[test]
fn where_no_operation_can_be_called_blindly_a_client_is_made() {
    let folder = folder("client-smoke");
    let file = with_info(&folder, "{title: A, version: '1'}");
    let parameter = "operationId: a\n      parameters: [{name: n, in: query, required: true, schema: {type: integer}}]";
    let text = read(file.as_ref()).replace("operationId: a", parameter);
    std::fs::write(&file, text).expect("the contract is written");
    let ran = client(&file, &folder, &[]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let smoke = read(&folder.join("tests/smoke.rs"));
    assert!(smoke.contains("fn a_client_is_made()"), "{smoke}");
    assert!(syn::parse_file(&smoke).is_ok());
}

#[test]
fn what_webhooks_need_is_there_where_the_contract_has_some() {
    let folder = folder("client-webhooks");
    let file = with_info(&folder, "{title: A, version: '1'}");
    let out = folder.join("crate");
    let made = |text: &str| {
        std::fs::write(&file, text).expect("the contract is written");
        let ran = client(&file, &out, &[]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let files = ["Cargo.toml", "README.md", "src/lib.rs", "tests/smoke.rs"];
        let has = |file: &str| read(&out.join(file)).contains("webhooks");
        files.map(has)
    };
    let without = read(file.as_ref());
    assert_eq!(made(&without), [false; 4]);
    assert!(!out.join("src/webhooks").exists());
    let with = "webhooks:\n  a.done: {post: {requestBody: {content: {application/json: {}}}}}\n";
    assert_eq!(made(&(without + with)), [true; 4]);
    assert!(metadata(&out).contains(r#""webhooks":["dep:base64""#));
    for file in ["mod.rs", "receiver.rs"] {
        let code = read(&out.join("src/webhooks").join(file));
        assert!(syn::parse_file(&code).is_ok(), "{file}");
    }
    assert!(read(&out.join("README.md")).contains("\n* `a.done`\n"));
}
