//! `contract new`: what is written, and what is never overwritten. `tests/workspace.rs` builds one.

use std::path::Path;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{Ran, contract, folder, museum, read, shown};

fn new(folder: &Path, more: &[&str]) -> Ran {
    new_of(&museum(), folder, more)
}

fn new_of(file: &str, folder: &Path, more: &[&str]) -> Ran {
    let toolchain = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let base = [
        "new",
        shown(folder),
        "--contract",
        file,
        "--path",
        toolchain,
    ];
    contract(&[&base[..], more].concat())
}

/// As a workspace looks that an older version wrote: `file` has `text`, which is the tool's.
fn written_before(folder: &Path, file: &str, text: &str) {
    std::fs::write(folder.join(file), text).expect("it is written");
    let path = folder.join(".contract.json");
    let mut state: Value = serde_json::from_str(&read(&path)).expect("it is JSON");
    let hash = Sha256::digest(text.as_bytes());
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    state["files"][file] = hash.into();
    std::fs::write(path, state.to_string()).expect("it is written");
}

#[test]
fn a_workspace_has_its_contract_and_a_file_for_each_tag() {
    let folder = folder("new");
    let ran = new(&folder, &[]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.ends_with("&& cargo run\n"), "{}", ran.out);
    // The contract consists of two files.
    for file in ["museum.yaml", "tours.yaml"] {
        assert!(folder.join("openapi").join(file).exists(), "{file}");
    }
    let manifest = read(&folder.join("Cargo.toml"));
    assert!(
        manifest.contains("contract = \"openapi/museum.yaml\""),
        "{manifest}"
    );
    assert!(read(&folder.join("crates/server/Cargo.toml")).contains("name = \"museum-api\""));
    let face = read(&folder.join("crates/service/src/face/mod.rs"));
    for module in face.lines().filter_map(|line| line.strip_prefix("mod ")) {
        let file = format!(
            "crates/service/src/face/{}.rs",
            module.trim_end_matches(';')
        );
        let code = read(&folder.join(file));
        assert!(code.contains("example::of(Operation::"), "{code}");
        assert!(syn::parse_file(&code).is_ok(), "{code}");
    }
    let mut left = Vec::new();
    placeholders(&folder, &mut left);
    assert_eq!(left, Vec::<String>::new());
}

/// A change of it would take half a minute otherwise.
#[test]
fn build_scripts_of_a_large_contract_are_optimised() {
    for (operations, optimised) in [(599, false), (600, true)] {
        let folder = folder("new_large");
        let paths: serde_json::Map<String, Value> = (0..operations)
            .map(|n| {
                let operation = serde_json::json!({
                    "operationId": format!("get{n}"),
                    "responses": { "204": { "description": "Done." } },
                });
                (
                    format!("/things/{n}"),
                    serde_json::json!({ "get": operation }),
                )
            })
            .collect();
        let contract = serde_json::json!({
            "openapi": "3.1.0",
            "info": { "title": "Large", "version": "1" },
            "paths": paths,
        });
        let file = folder.with_extension("json");
        std::fs::write(&file, contract.to_string()).expect("it is written");
        let ran = new_of(shown(&file), &folder, &[]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let manifest = read(&folder.join("Cargo.toml"));
        let end = if optimised {
            "\n[profile.dev.build-override]\nopt-level = 1\n"
        } else {
            "\ndebug = \"line-tables-only\"\n"
        };
        assert!(manifest.ends_with(end), "{manifest}");
    }
}

/// Words of templates that were left in a file.
fn placeholders(folder: &Path, left: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("it is a folder") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            placeholders(&path, left);
        } else if read(&path).replace("${{", "").contains("{{") && !path.ends_with(".contract.json")
        {
            left.push(path.display().to_string());
        }
    }
}

#[test]
fn nothing_is_overwritten() {
    let folder = folder("new-in-use");
    std::fs::write(folder.join("notes.txt"), "mine").expect("it is written");
    let ran = new(&folder, &[]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err.contains("the folder is not empty\nhint: "),
        "{}",
        ran.err
    );
    let made = folder.join("made");
    assert_eq!(new(&made, &["--name", "night"]).code, Some(0));
    let ran = new(&made, &[]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err.contains("--update` brings it up to date"),
        "{}",
        ran.err
    );
    let ran = contract(&["new", shown(&folder.join("other"))]);
    assert!(
        ran.err.contains("`--contract FILE` is missing"),
        "{}",
        ran.err
    );
}

#[test]
fn every_title_gives_a_name() {
    let folder = folder("new-titles");
    for (title, name) in [
        ("Night tours", "night-tours"),
        ("1Forge APIs", "api-1forge-apis"),
        ("API", "api-api"),
        ("アプリ", "app"),
        (
            "Everything there is to know of tours at night, and of all the museums",
            "everything-there-is-to-know-of-tours-at",
        ),
    ] {
        let text =
            format!("openapi: 3.1.0\ninfo: {{title: '{title}', version: '1'}}\npaths: {{}}\n");
        let file = folder.join("titled.yaml");
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        std::fs::write(&file, text).expect("it is written");
        let made = folder.join(name);
        let toolchain = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
        let base = [
            "new",
            shown(&made),
            "--contract",
            shown(&file),
            "--path",
            toolchain,
        ];
        let ran = contract(&base);
        assert_eq!(ran.code, Some(0), "{title}: {}", ran.err);
        let manifest = read(&made.join("crates/server/Cargo.toml"));
        assert!(
            manifest.contains(&format!("name = \"{name}\"")),
            "{manifest}"
        );
    }
}

#[test]
fn names_and_places_that_cannot_be_are_refused() {
    let folder = folder("new-refused").join("made");
    for (more, said) in [
        (
            ["--name", "client"],
            "a crate of the workspace is called so",
        ),
        (["--name", "night tours"], "a name begins with a letter"),
    ] {
        let ran = new(&folder, &more);
        assert_eq!(ran.code, Some(1));
        assert!(ran.err.contains(said), "{}", ran.err);
    }
    let museum = museum();
    let ran = contract(&[
        "new",
        shown(&folder),
        "--contract",
        &museum,
        "--path",
        "/nowhere",
    ]);
    assert!(ran.err.starts_with("`--path /nowhere`: "), "{}", ran.err);
    assert!(!folder.exists());
}

#[test]
fn an_update_replaces_what_is_the_tools_and_names_what_is_the_users() {
    let folder = folder("new-update");
    assert_eq!(new(&folder, &[]).code, Some(0));
    let update = || {
        let ran = contract(&["new", shown(&folder), "--update"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        ran.out
    };
    assert!(update().starts_with("nothing to do"), "{}", update());

    // The tool has something new to say of all of these.
    let new_text = read(&folder.join("README.md"));
    for file in [
        "README.md",
        "build.rs",
        "crates/api/src/lib.rs",
        "crates/old.rs",
    ] {
        written_before(&folder, file, "old");
    }
    std::fs::write(folder.join("build.rs"), "mine").expect("it is written");
    std::fs::remove_file(folder.join("crates/api/src/lib.rs")).expect("it is there");
    // And nothing of this one.
    std::fs::write(folder.join(".gitignore"), "mine").expect("it is written");
    let told = update();
    for line in [
        "replaced   README.md\n",
        "not merged build.rs: you have changed it\n",
        "left out   crates/api/src/lib.rs: you have removed it\n",
        "removed    crates/old.rs\n",
    ] {
        assert!(told.contains(line), "{told}");
    }
    assert!(!told.contains(".gitignore"), "{told}");
    assert_eq!(read(&folder.join("README.md")), new_text);
    assert_eq!(read(&folder.join("build.rs")), "mine");
    assert!(!folder.join("crates/old.rs").exists());
    let beside = read(&folder.join("target/contract-new/build.rs"));
    assert!(beside.contains("contract_codegen::build"), "{beside}");
}

#[test]
fn an_update_writes_nowhere_but_in_the_workspace() {
    let folder = folder("new-outside");
    assert_eq!(new(&folder, &[]).code, Some(0));
    let path = folder.join(".contract.json");
    let text = read(&path).replace("\".gitignore\"", "\"../elsewhere\"");
    std::fs::write(&path, text).expect("it is written");
    let ran = contract(&["new", shown(&folder), "--update"]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err
            .contains("`../elsewhere` leads out of the workspace"),
        "{}",
        ran.err
    );
}
