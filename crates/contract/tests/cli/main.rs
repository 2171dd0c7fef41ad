//! The program on small contracts: what it writes, what it says, and what it refuses.

mod bundle;
mod check;
mod client;
mod generate;
mod new;
mod usage;

use std::path::{Path, PathBuf};
use std::process::Command;

/// What a run of the program left behind.
#[derive(Debug)]
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

/// Runs the program.
fn contract(arguments: &[&str]) -> Ran {
    run(Command::new(env!("CARGO_BIN_EXE_contract")).args(arguments))
}

fn run(command: &mut Command) -> Ran {
    let output = command.output().expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("texts are UTF-8");
    Ran {
        code: output.status.code(),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

/// A contract in two files.
fn museum() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/museum/museum.yaml");
    file.display().to_string()
}

/// A folder of its own for the test `name`, which is empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("the folder of the last run can be removed");
    }
    std::fs::create_dir_all(&folder).expect("the folder is made");
    folder
}

/// Writes a contract of one operation with this `info` into `folder`.
fn with_info(folder: &Path, info: &str) -> String {
    let text = format!(
        "openapi: 3.1.0\ninfo: {info}\npaths:\n  /a:\n    get:\n      operationId: a\n      \
         responses: {{'204': {{description: Done.}}}}\n"
    );
    let file = folder.join("api.yaml");
    std::fs::write(&file, text).expect("the contract is written");
    file.display().to_string()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn shown(path: &Path) -> &str {
    path.to_str().expect("paths of tests are UTF-8")
}
