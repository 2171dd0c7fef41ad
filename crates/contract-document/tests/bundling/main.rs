//! Contracts over several files become one document.

mod accepted;
mod names;
mod refused;

use std::fs;
use std::path::{Path, PathBuf};

use contract_document::{Document, to_yaml};

/// Writes `files` into a directory of their own and loads `api.yaml`. The directory is cut off
/// from the names of files in problems.
fn load(test: &str, files: &[(&str, &str)]) -> Result<Document, String> {
    let directory = directory(test);
    for (name, text) in files {
        let path = directory.join(name);
        fs::create_dir_all(path.parent().expect("the path has a directory"))
            .expect("directories can be created");
        fs::write(path, text).expect("files can be written");
    }
    Document::load(&directory.join("api.yaml")).map_err(|problems| {
        problems
            .to_string()
            .replace(&format!("{}/", directory.display()), "")
    })
}

fn directory(test: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("bundling")
        .join(test);
    if directory.exists() {
        fs::remove_dir_all(&directory).expect("the directory of an earlier run can be removed");
    }
    fs::create_dir_all(&directory).expect("directories can be created");
    directory
}

fn bundled(test: &str, files: &[(&str, &str)]) -> Document {
    load(test, files).unwrap_or_else(|problems| panic!("{problems}"))
}

fn refused(test: &str, files: &[(&str, &str)]) -> String {
    match load(test, files) {
        Ok(document) => panic!("accepted:\n{}", to_yaml(document.root())),
        Err(problems) => problems,
    }
}

const HEAD: &str = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\n";

fn api(rest: &str) -> String {
    format!("{HEAD}{rest}")
}
