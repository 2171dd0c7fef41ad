//! A package in which every contract is a module, and every batch of them a test program.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use contract_codegen::{Contract, Target};

use crate::{calls, run};

/// What `contract new` writes, and what is of one contract alone there.
const SERVICE: &str = "crates/service/src";

pub(super) struct Package {
    folder: PathBuf,
    contracts: usize,
    manifest: String,
}

impl Package {
    pub(super) fn new() -> Package {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("features");
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("the folder of the last run can be removed");
        }
        let toolchain = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let manifest = include_str!("package.toml");
        Package {
            manifest: manifest.replace("{{toolchain}}", &toolchain.display().to_string()),
            contracts: 0,
            folder,
        }
    }

    /// A test program for `contracts`.
    pub(super) fn add(&mut self, contracts: &[PathBuf]) {
        let first = self.contracts;
        let mut program = String::new();
        for path in contracts {
            let name = format!("f{}", self.contracts);
            let module = self.folder.join("contracts").join(&name);
            self.contract(path, &name, &module);
            let at = module.join("mod.rs").display().to_string();
            let _ = writeln!(program, "#[path = {at:?}]\nmod {name};");
            self.contracts += 1;
        }
        let folder = self.folder.join("tests");
        fs::create_dir_all(&folder).expect("a folder can be made");
        let path = folder.join(format!("from{first}.rs"));
        fs::write(path, program).expect("a file can be written");
    }

    /// Writes the module of a contract.
    fn contract(&self, path: &Path, name: &str, module: &Path) {
        let program = env!("CARGO_BIN_EXE_contract");
        let mut generate = Command::new(program);
        run(generate.arg("generate").arg(path).arg("--out").arg(module));

        let new = self.folder.join("new").join(name);
        let mut command = Command::new(program);
        command.arg("new").arg(&new).arg("--contract").arg(path);
        run(command.args(["--vendor", "--name", "feature"]));
        copied(&new.join(SERVICE), &module.join("service"), name);

        let contract = Contract::load(path, &Target::ALL).expect("it was generated");
        let client = syn::parse_file(&contract.generate(Target::Client)).expect("it is Rust");
        let (functions, calls) = calls::all(&contract, &client);
        let text = include_str!("module.rs.txt")
            .replace("{{path}}", &format!("{:?}", path.display().to_string()))
            .replace("{{setters}}", &calls::setters(&contract, &client))
            .replace("{{functions}}", &functions)
            .replace("{{calls}}", &calls);
        fs::write(module.join("mod.rs"), text).expect("a file can be written");
    }

    /// The command that tests everything.
    pub(super) fn finish(self) -> Command {
        let manifest = self.folder.join("Cargo.toml");
        fs::write(manifest, self.manifest).expect("a file can be written");
        fs::write(self.folder.join("lib.rs"), "").expect("a file can be written");
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
        fs::copy(lock, self.folder.join("Cargo.lock")).expect("a file can be copied");
        let mut command = Command::new(env!("CARGO"));
        command.args(["test", "--offline", "--no-fail-fast"]);
        command.current_dir(&self.folder);
        // What was compiled for the last run is used again.
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("features-target");
        command
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_INCREMENTAL", "0");
        command.env("RUSTFLAGS", "-D warnings");
        command
    }
}

/// Copies sources of a crate to where they are modules of `name`.
fn copied(from: &Path, to: &Path, name: &str) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("the folder is readable") {
        let path = entry.expect("an entry").path();
        let file = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .replace("lib.rs", "mod.rs");
        if path.is_dir() {
            copied(&path, &to.join(file), name);
            continue;
        }
        let text = fs::read_to_string(&path).expect("it is text");
        let text = moved(&text, "crate", &format!("crate::{name}::service"));
        let text = moved(&text, "api", &format!("crate::{name}::api"));
        fs::write(to.join(file), text).expect("a file can be written");
    }
}

/// `text` with `to` for the first word `from` of every path.
fn moved(text: &str, from: &str, to: &str) -> String {
    let mut moved = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(&format!("{from}::")) {
        moved.push_str(before);
        let is_inside = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
        let kept = before.ends_with(is_inside);
        moved.push_str(if kept { from } else { to });
        moved.push_str("::");
        rest = after;
    }
    moved + rest
}
