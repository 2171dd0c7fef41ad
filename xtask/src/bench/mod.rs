//! `bench`: measures, judges, draws.
//!
//! `crates/server/benches/figures` takes the measurements as a process of its own and prints them as
//! lines; here they become medians, ratios, verdicts, `results.json` and plots.

mod comparisons;
mod layer;
mod plan;
mod plots;
mod results;
mod svg;
mod taken;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Map, Value, json};

use crate::workspace::{self, cargo};
use comparisons::{COMPARISONS, Comparison};
use plan::Plan;
use taken::Taken;

/// Where results and plots stand that were taken in full.
const RESULTS: &str = "crates/server/benches/results";

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
    if plan.from.is_none() {
        let mut build = cargo(&["bench", "--profile", plan.profile()]);
        build.args(["-p", "server", "--bench", "figures", "--no-run"]);
        workspace::run(build)?;
    }
    let mut missed = Vec::new();
    for comparison in chosen {
        eprintln!("\n{}: {}", comparison.name, comparison.title);
        let taken = match comparison.name {
            _ if plan.from.is_some() => read_lines(&plan.given()?)?,
            "layer" => layer::take(&plan)?,
            name => read_lines(&output(plan.figures(name))?)?,
        };
        let judged = results::judge(comparison, &taken, plan.quick);
        results::show(comparison, &taken, &judged);
        missed.extend(results::missed(comparison, &judged));
        // Written after each, so that a later failure loses nothing.
        results::merge(&folder, comparison, &taken, &judged, origin(&taken))?;
    }
    plots::draw(&folder)?;
    println!("\nresults and plots: {}", folder.display());
    match missed.as_slice() {
        [] => Ok(()),
        missed => Err(format!("missed: {}", missed.join("; "))),
    }
}

/// Reads what the measuring program printed.
fn read_lines(text: &str) -> Result<Taken, String> {
    let mut taken = Taken::default();
    for line in text.lines() {
        taken.read(line)?;
    }
    Ok(taken)
}

/// Where, when and of what the figures were taken.
fn origin(taken: &Taken) -> Map<String, Value> {
    let mut machine = taken.machine.clone();
    let date = machine.remove("date").unwrap_or_default();
    let mut versions = Map::from_iter([
        ("flexportal".to_owned(), json!(commit())),
        ("rustc".to_owned(), json!(said("rustc", &["--version"]))),
    ]);
    versions.extend(taken.versions.clone());
    Map::from_iter([
        ("date".to_owned(), date),
        ("machine".to_owned(), Value::Object(machine)),
        ("versions".to_owned(), Value::Object(versions)),
    ])
}

fn commit() -> String {
    let commit = said("git", &["rev-parse", "--short", "HEAD"]);
    let changed = said("git", &["status", "--porcelain", "--untracked-files=no"]);
    if changed.is_empty() {
        commit
    } else {
        commit + " and changes"
    }
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
