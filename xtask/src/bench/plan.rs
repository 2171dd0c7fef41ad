//! The command line.

use std::path::PathBuf;
use std::process::Command;

use super::comparisons::COMPARISONS;
use crate::workspace::{self, cargo};

const HELP: &str = "\
cargo xtask bench [NAME…] [OPTION…]

--draw       only draw the plots anew
--from FILE  judge what `cargo bench -p server --bench figures -- NAME` printed, maybe elsewhere
--quick      prove that it works, in two minutes: results go to target/bench, bars are not judged
--minutes N  length of the soak (1)
--seconds N  the same, in seconds
--rounds N   turns of each side (5)
--rate N     requests a second of the soak, on each engine (400)
--engine E   soak: only `sqlite` or `postgres`
";

/// What to run, and how much of it.
pub(super) struct Plan {
    pub(super) names: Vec<String>,
    pub(super) quick: bool,
    pub(super) draw: bool,
    /// A file of lines of the measuring program, which is not run then.
    pub(super) from: Option<PathBuf>,
    /// Options of the measuring program.
    passed: Vec<String>,
}

impl Plan {
    /// The lines of `--from`.
    pub(super) fn given(&self) -> Result<String, String> {
        self.from
            .as_deref()
            .map_or_else(|| Ok(String::new()), workspace::read)
    }

    /// A quick run takes the build that tests have made.
    pub(super) fn profile(&self) -> &'static str {
        if self.quick { "dev" } else { "bench" }
    }

    /// The measuring program; it has been built.
    pub(super) fn figures(&self, name: &str) -> Command {
        let mut command = cargo(&["bench", "-q", "--profile", self.profile()]);
        command.args(["-p", "server", "--bench", "figures", "--", name]);
        command.args(&self.passed);
        command
    }

    /// Reads the command line.
    ///
    /// # Errors
    /// A text for people; also the help.
    pub(super) fn read(arguments: &[String]) -> Result<Plan, String> {
        let mut plan = Plan {
            names: Vec::new(),
            quick: false,
            draw: false,
            from: None,
            passed: Vec::new(),
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut value = || {
                let value = arguments.next();
                value.ok_or_else(|| format!("`{argument}` needs a value\n\n{HELP}"))
            };
            match argument.as_str() {
                "--quick" => {
                    plan.quick = true;
                    plan.passed.push("--quick".into());
                }
                "--draw" => plan.draw = true,
                "--minutes" => {
                    let value = value()?;
                    let minutes: u64 = value
                        .parse()
                        .map_err(|_| format!("`{value}` is no number of minutes"))?;
                    let seconds = (minutes * 60).to_string();
                    plan.passed.extend(["--seconds".into(), seconds]);
                }
                "--seconds" | "--rounds" | "--rate" | "--engine" => {
                    let value = value()?.clone();
                    plan.passed.extend([argument.clone(), value]);
                }
                "--from" => plan.from = Some(value()?.into()),
                "--help" => return Err(HELP.to_owned()),
                name if COMPARISONS.iter().any(|it| it.name == name) => {
                    plan.names.push(name.to_owned());
                }
                other => {
                    let names: Vec<&str> = COMPARISONS.iter().map(|it| it.name).collect();
                    return Err(format!(
                        "there is no comparison or option `{other}`\nhint: comparisons are {}\n\n{HELP}",
                        names.join(", ")
                    ));
                }
            }
        }
        if plan.from.is_some() && plan.names.len() != 1 {
            return Err("`--from` is about one comparison\nhint: name it".into());
        }
        Ok(plan)
    }
}
