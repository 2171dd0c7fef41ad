//! Automation: `cargo xtask COMMAND`. One file per command; CI runs the same ones.

mod bench;
mod ci;
mod client;
mod codegen;
mod deny;
mod dist;
mod readers;
mod tidy;
mod workspace;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

bench [NAME…]        measure, judge, draw plots (`bench --help`)
ci                   everything a change must pass; the outside readers of the contract only where
                     they are installed, or with CI=true, which installs them
codegen [--out DIR]  write the generated code to DIR (target/codegen) to be read
codegen --check      check that generated code is deterministic and goldens and builds are fresh
client --out DIR     write a client crate that can be published
       [--name NAME] under this name (flexportal-client; for another contract what its
                     title gives)
       [--test]      and run its tests
deny                 hold the dependencies against deny.toml: licences, duplicates, sources, advisories
dist                 the binary to give away: stripped, without folders of this machine, with the
                     list of what it was built from (target/dist/dist/flexportal)
readers              lint the contract with Spectral, Redocly and openapi-generator
        [--install]  install what that takes below target/readers first
        [--clients]  and run the README's tour with clients of five generators
        [--requests] and send a server what the contract allows, and what it does not
tidy                 layering, lengths of lines and files, old names, unfinished work, broken links

The contract is openapi/flexportal.yaml, or the file that FLEXPORTAL_CONTRACT names.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), String> {
    let Some((command, rest)) = arguments.split_first() else {
        return Err(HELP.to_owned());
    };
    match command.as_str() {
        "bench" => bench::run(rest),
        "ci" => {
            Options::read(rest, &[], &[])?;
            ci::run()
        }
        "codegen" => {
            let options = Options::read(rest, &["--out"], &["--check"])?;
            if options.has("--check") {
                codegen::check()
            } else {
                let out = options.path("--out");
                codegen::write(&out.unwrap_or_else(|| workspace::root().join("target/codegen")))
            }
        }
        "client" => {
            let options = Options::read(rest, &["--out", "--name"], &["--test"])?;
            let out = options
                .path("--out")
                .ok_or("client: `--out DIR` says where to write to")?;
            client::run(&out, options.value("--name"), options.has("--test"))
        }
        "deny" => {
            Options::read(rest, &[], &[])?;
            deny::run()
        }
        "dist" => {
            Options::read(rest, &[], &[])?;
            dist::run()
        }
        "readers" => {
            let options = Options::read(rest, &[], &["--install", "--clients", "--requests"])?;
            if options.has("--install") {
                readers::install()?;
            }
            if !readers::are_installed()? {
                return Ok(());
            }
            readers::lint()?;
            if options.has("--clients") {
                readers::clients()?;
            }
            if options.has("--requests") {
                readers::requests()?;
            }
            Ok(())
        }
        "tidy" => {
            Options::read(rest, &[], &[])?;
            tidy::run()
        }
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(format!("there is no command `{other}`\n\n{HELP}")),
    }
}

/// What stands after a command.
struct Options(Vec<(String, Option<String>)>);

impl Options {
    /// Reads options of which `valued` take a value and `flags` do not.
    fn read(arguments: &[String], valued: &[&str], flags: &[&str]) -> Result<Options, String> {
        let mut options = Vec::new();
        let mut arguments = arguments.iter();
        while let Some(name) = arguments.next() {
            if valued.contains(&name.as_str()) {
                let value = arguments
                    .next()
                    .ok_or_else(|| format!("`{name}` needs a value"))?;
                options.push((name.clone(), Some(value.clone())));
            } else if flags.contains(&name.as_str()) {
                options.push((name.clone(), None));
            } else {
                return Err(format!("there is no option `{name}` here\n\n{HELP}"));
            }
        }
        Ok(Options(options))
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(one, _)| one == name)
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(one, _)| one == name)?.1.as_deref()
    }

    fn path(&self, name: &str) -> Option<PathBuf> {
        let path = self.value(name)?;
        Some(workspace::absolute(Path::new(path)))
    }
}
