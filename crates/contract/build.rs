//! Carries the sources of the toolchain along, for `contract new --vendor`. A package from a registry has none of
//! them beside it, and carries nothing.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Tables of manifests that only the toolchain's own tests need.
const TESTS: [&str; 3] = ["[[test]]", "[[bench]]", "[dev-dependencies]"];

fn main() -> io::Result<()> {
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let root = here.join("../..");
    println!("cargo::rerun-if-changed=build.rs");
    let mut list = String::from("[\n");
    if root.join("crates/contract-codegen").is_dir() {
        let root = root.canonicalize()?;
        carry(&root, &out, &mut list)?;
    }
    list.push(']');
    fs::write(out.join("toolchain.rs"), list)
}

/// Lists every file of the toolchain with its text.
fn carry(root: &Path, out: &Path, list: &mut String) -> io::Result<()> {
    let mut crates = Vec::new();
    for entry in fs::read_dir(root.join("crates"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.starts_with("contract-") {
            crates.push(name);
        }
    }
    crates.sort();
    let mut used = BTreeSet::new();
    for name in &crates {
        let folder = root.join("crates").join(name);
        let manifest = read(&folder.join("Cargo.toml"))?;
        let manifest = without(&manifest, &TESTS);
        used.extend(inherited(&manifest));
        made(&format!("crates/{name}/Cargo.toml"), &manifest, out, list)?;
        add(&folder.join("README.md"), root, list);
        println!("cargo::rerun-if-changed={}", folder.join("src").display());
        sources(&folder.join("src"), root, list)?;
    }
    let manifest = read(&root.join("Cargo.toml"))?;
    let manifest = workspace(&manifest, &crates, &used);
    made("Cargo.toml", &manifest, out, list)?;
    let lock = read(&root.join("Cargo.lock"))?;
    made("Cargo.lock", &lock, out, list)?;
    add(&root.join("LICENSE"), root, list);
    Ok(())
}

/// Every file below `folder`.
fn sources(folder: &Path, root: &Path, list: &mut String) -> io::Result<()> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut paths = entries.collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    for path in paths {
        match path.is_dir() {
            true => sources(&path, root, list)?,
            false => add(&path, root, list),
        }
    }
    Ok(())
}

/// A file as it stands.
fn add(path: &Path, root: &Path, list: &mut String) {
    let name = path
        .strip_prefix(root)
        .unwrap_or(path)
        .display()
        .to_string();
    let _ = writeln!(
        list,
        "    ({name:?}, include_str!({:?})),",
        path.display().to_string()
    );
}

/// A file that is made of another.
fn made(name: &str, text: &str, out: &Path, list: &mut String) -> io::Result<()> {
    let path = out.join("toolchain").join(name);
    fs::create_dir_all(path.parent().unwrap_or(out))?;
    fs::write(&path, text)?;
    let _ = writeln!(
        list,
        "    ({name:?}, include_str!({:?})),",
        path.display().to_string()
    );
    Ok(())
}

fn read(path: &Path) -> io::Result<String> {
    println!("cargo::rerun-if-changed={}", path.display());
    fs::read_to_string(path)
}

/// A manifest without these tables.
fn without(manifest: &str, tables: &[&str]) -> String {
    let mut kept = true;
    let mut text = String::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            kept = !tables.contains(&line.trim_end());
        }
        if kept {
            let _ = writeln!(text, "{line}");
        }
    }
    text
}

/// What a manifest takes from that of its workspace.
fn inherited(manifest: &str) -> impl Iterator<Item = String> + '_ {
    let lines = manifest
        .lines()
        .filter(|line| line.contains("workspace = true"));
    lines.filter_map(|line| Some(line.split([' ', '.', '=']).next()?.to_owned()))
}

/// The manifest of a workspace of these crates alone.
fn workspace(manifest: &str, crates: &[String], used: &BTreeSet<String>) -> String {
    let mut text = String::from(
        "# The toolchain: what the contract is turned into code with, and what that code runs on.\n\n\
         [workspace]\nresolver = \"3\"\nmembers = [\n",
    );
    for name in crates {
        let _ = writeln!(text, "    \"crates/{name}\",");
    }
    text.push_str("]\n");
    let mut table = "";
    for line in manifest.lines() {
        if line.starts_with('[') {
            table = line.trim_end();
            if table.starts_with("[workspace.") {
                let _ = writeln!(text, "\n{line}");
            }
            continue;
        }
        let name = line.split([' ', '.', '=']).next().unwrap_or_default();
        let kept = match table {
            "[workspace.dependencies]" => used.contains(name),
            table => table.starts_with("[workspace.") && !line.is_empty(),
        };
        if kept {
            let _ = writeln!(text, "{line}");
        }
    }
    text
}
