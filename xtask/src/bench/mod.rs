//! `bench`: measures, judges, draws.
//!
//! `crates/server/benches/figures` takes the measurements as a process of its own and prints them as
//! lines; here they become medians, ratios, verdicts, `results.json` and plots.

mod comparisons;
mod layer;
mod plots;
mod results;
mod svg;
mod taken;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Map, Value, json};

use crate::workspace::{self, cargo};
use comparisons::{COMPARISONS, Comparison};
use taken::Taken;

/// Where results and plots stand that were taken in full.
const RESULTS: &str = "crates/server/benches/results";

const HELP: &str = "\
cargo xtask bench [NAME…] [OPTION…]

--draw       only draw the plots anew
--quick      prove that it works, in two minutes: results go to target/bench, bars are not judged
--minutes N  length of the soak (1)
--seconds N  the same, in seconds
--rounds N   turns of each side (5)
--rate N     requests a second of the soak, on each engine (400)
--engine E   growth and soak: only `sqlite` or `postgres`
";

/// What to run, and how much of it.
struct Plan {
    names: Vec<String>,
    quick: bool,
    draw: bool,
    /// Options of the measuring program.
    passed: Vec<String>,
}

/// Runs the comparisons that are named, or all.
///
/// # Errors
/// A comparison that cannot be run, or a bar that is missed.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let plan = Plan::read(arguments)?;
    let folder = workspace::root().join(match plan.quick {
        true => "target/bench",
        false => RESULTS,
    });
    if plan.draw {
        return plots::draw(&folder);
    }
    let chosen: Vec<&Comparison> = COMPARISONS
        .iter()
        .filter(|comparison| match plan.names.as_slice() {
            // It counts instructions, which takes its time and needs no proof.
            [] => !(plan.quick && comparison.name == "layer"),
            names => names.iter().any(|name| name == comparison.name),
        })
        .collect();
    let mut build = cargo(&["bench", "--profile", plan.profile()]);
    build.args(["-p", "server", "--bench", "figures", "--no-run"]);
    workspace::run(build)?;
    let mut missed = Vec::new();
    for comparison in chosen {
        eprintln!("\n{}: {}", comparison.name, comparison.title);
        let taken = match comparison.name {
            "layer" => layer::take()?,
            name => take(plan.figures(name))?,
        };
        let judged = results::judge(comparison, &taken, plan.quick);
        results::show(comparison, &taken, &judged);
        missed.extend(results::missed(comparison, &judged));
        // Written after each, so that a later failure loses nothing.
        results::merge(&folder, comparison, &taken, &judged, origin(&plan, &taken)?)?;
    }
    plots::draw(&folder)?;
    println!("\nresults and plots: {}", folder.display());
    match missed.as_slice() {
        [] => Ok(()),
        missed => Err(format!("missed: {}", missed.join("; "))),
    }
}

/// Runs the measuring program and reads its lines.
fn take(program: Command) -> Result<Taken, String> {
    let text = output(program)?;
    let mut taken = Taken::default();
    for line in text.lines() {
        taken.read(line)?;
    }
    Ok(taken)
}

/// Where and of what the figures were taken.
fn origin(plan: &Plan, taken: &Taken) -> Result<Map<String, Value>, String> {
    let text = output(plan.figures("machine"))?;
    let line: Value = serde_json::from_str(text.trim()).map_err(|error| error.to_string())?;
    let mut machine = line["machine"].clone();
    let date = machine["date"].take();
    if let Some(fields) = machine.as_object_mut() {
        fields.remove("date");
    }
    let mut versions = taken.versions.clone();
    versions.insert("rustc".into(), json!(said("rustc", &["--version"])));
    let mut commit = said("git", &["rev-parse", "--short", "HEAD"]);
    let changed = said("git", &["status", "--porcelain", "--untracked-files=no"]);
    if !changed.is_empty() {
        commit.push_str(" and changes");
    }
    versions.insert("flexportal".into(), json!(commit));
    Ok(Map::from_iter([
        ("date".to_owned(), date),
        ("machine".to_owned(), machine),
        ("versions".to_owned(), Value::Object(versions)),
    ]))
}

/// Runs a measuring program to its end.
fn output(mut program: Command) -> Result<String, String> {
    let output = program.stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("the measuring program cannot be run: {error}"))?;
    if !output.status.success() {
        return Err("the measuring program failed".into());
    }
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}

/// What a program says; nothing if it is not there.
fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(workspace::root())
        .output();
    let text = output.map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&text).trim().to_owned()
}

/// Reads a file of results; none yet is an empty one.
fn read_results(folder: &Path) -> Result<Map<String, Value>, String> {
    let path: PathBuf = folder.join("results.json");
    if !path.exists() {
        return Ok(Map::new());
    }
    let text = workspace::read(&path)?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

impl Plan {
    /// A quick run takes the build that tests have made.
    fn profile(&self) -> &'static str {
        if self.quick { "dev" } else { "bench" }
    }

    /// The measuring program; it has been built.
    fn figures(&self, name: &str) -> Command {
        let mut command = cargo(&["bench", "-q", "--profile", self.profile()]);
        command.args(["-p", "server", "--bench", "figures", "--", name]);
        command.args(&self.passed);
        command
    }

    fn read(arguments: &[String]) -> Result<Plan, String> {
        let mut plan = Plan {
            names: Vec::new(),
            quick: false,
            draw: false,
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
        Ok(plan)
    }
}
