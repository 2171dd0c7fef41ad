//! `contract generate`.

use super::{contract, folder, museum, read, shown, with_info};

#[test]
fn every_target_is_a_file_and_the_same_each_time() {
    let (museum, out) = (museum(), folder("generate"));
    let (one, other) = (out.join("one"), out.join("deep/other"));
    for out in [&one, &other] {
        let ran = contract(&["generate", "--contract", &museum, "--out", shown(out)]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert_eq!(ran.out.lines().count(), 4, "{}", ran.out);
    }
    // What the server includes.
    assert_eq!(
        read(&one.join("museum.json")),
        read(&other.join("museum.json"))
    );
    for (file, part) in [
        ("types.rs", "pub struct Tour"),
        ("api.rs", "fn list_tours("),
        ("client.rs", "pub async fn list_tours"),
    ] {
        let code = read(&one.join(file));
        assert!(code.starts_with("// generated from museum.yaml"), "{file}");
        assert!(code.contains(part), "{file}");
        assert_eq!(code, read(&other.join(file)), "{file}");
    }
}

#[test]
fn targets_can_be_chosen() {
    let (museum, out) = (museum(), folder("generate-chosen"));
    let base = ["generate", "--contract", &museum, "--out", shown(&out)];
    let ran = contract(&[&base[..], &["--target", "client", "--target", "types"]].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(out.join("types.rs").exists() && out.join("client.rs").exists());
    assert!(!out.join("api.rs").exists() && !out.join("museum.json").exists());
}

#[test]
fn a_refused_contract_is_explained_and_nothing_is_written() {
    let folder = folder("generate-refused");
    let file = with_info(&folder, "{title: A, version: '1'}");
    let text = read(file.as_ref()).replace(
        "operationId: a",
        "operationId: a\n      parameters: [{$ref: '#/b'}]",
    );
    std::fs::write(&file, text).expect("the contract is written");
    let out = folder.join("out");
    let ran = contract(&["generate", "--contract", &file, "--out", shown(&out)]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.starts_with(&format!("{file}:7:")), "{}", ran.err);
    assert!(ran.err.contains("\nhint: "), "{}", ran.err);
    assert_eq!(ran.out, "");
    assert!(!out.exists());
}

#[test]
fn a_contract_that_is_missing_is_named() {
    let ran = contract(&["generate", "--contract", "nowhere.yaml", "--out", "out"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.starts_with("nowhere.yaml:1:1: "), "{}", ran.err);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let museum = museum();
    // A file stands where a folder is asked for.
    let ran = contract(&["generate", "--contract", &museum, "--out", &museum]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.starts_with(&museum), "{}", ran.err);
    assert!(ran.err.contains("\nhint: `--out`"), "{}", ran.err);
}

#[test]
fn stale_and_missing_files_are_named() {
    let (museum, out) = (museum(), folder("generate-check"));
    let write = ["generate", &museum, "--out", shown(&out)];
    let check = [&write[..], &["--check"]].concat();
    let ran = contract(&check);
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.out.matches(": missing\n").count(), 4, "{}", ran.out);
    assert!(!out.join("types.rs").exists());
    assert_eq!(contract(&write).code, Some(0));
    let ran = contract(&check);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{}", ran.err);
    std::fs::write(out.join("api.rs"), "// old").expect("it is written");
    let ran = contract(&check);
    let api = out.join("api.rs");
    assert_eq!(
        (ran.code, ran.out),
        (Some(1), format!("{}: stale\n", shown(&api)))
    );
    assert!(ran.err.contains("without `--check`"), "{}", ran.err);
}

#[test]
fn operations_can_be_chosen() {
    let (museum, out) = (museum(), folder("generate-operations"));
    let base = [
        "generate",
        &museum,
        "--out",
        shown(&out),
        "--target",
        "server,types",
    ];
    for chosen in [
        ["--operations", "listTours"],
        ["--operations", "GET /tours"],
    ] {
        let ran = contract(&[&base[..], &chosen[..]].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let (api, types) = (read(&out.join("api.rs")), read(&out.join("types.rs")));
        assert!(api.contains("fn list_tours(") && types.contains("pub struct Tour"));
    }
    for (option, name, known) in [
        ("--operations", "listTour", "listTours"),
        ("--tags", "Tour", "hint: it has `"),
    ] {
        let ran = contract(&[&base[..], &[option, name]].concat());
        assert_eq!(ran.code, Some(1));
        assert!(
            ran.err.starts_with(&format!("`{option} {name}`: ")),
            "{}",
            ran.err
        );
        assert!(ran.err.contains(known), "{}", ran.err);
    }
}

#[test]
fn crates_need_no_build_script() {
    let (museum, out) = (museum(), folder("generate-crates"));
    let toolchain = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let ran = contract(&[
        "generate",
        &museum,
        "--out",
        shown(&out),
        "--crates",
        "--path",
        toolchain,
    ]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    for target in ["types", "api", "client"] {
        let manifest = read(&out.join(target).join("Cargo.toml"));
        assert!(
            !manifest.contains("build") && !manifest.contains("workspace"),
            "{manifest}"
        );
        assert!(manifest.contains("crates/contract-"), "{manifest}");
        assert!(!manifest.contains("\n\n\n"), "{manifest}");
        let library = read(&out.join(target).join("src/lib.rs"));
        assert!(library.contains("include!(\"generated.rs\")"), "{library}");
        assert!(!library.contains("build.rs"), "{library}");
        assert!(out.join(target).join("src/generated.rs").exists());
    }
    assert!(out.join("api/src/museum.json").exists());
}
