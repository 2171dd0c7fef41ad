//! `docs/first-month.md`, as it stands: every command is run, in its order, and each must succeed.

mod support;

use std::process::Command;

use support::{Folder, Server};

const GUIDE: &str = include_str!("../../../docs/first-month.md");

const ORGANISATION_KEY: &str = "0123456789abcdef0123456789abcdef";

#[test]
fn the_guide_leads_to_a_paid_month() {
    for (program, argument) in [
        ("bash", "--version"),
        ("curl", "--version"),
        ("jq", "--version"),
        ("openssl", "version"),
        ("python3", "--version"),
        ("xxd", "--version"),
    ] {
        if Command::new(program).arg(argument).output().is_err() {
            test_postgres::missing(&format!(
                "`{program}` is not installed: the commands of docs/first-month.md were not run"
            ));
            return;
        }
    }
    let folder = Folder::new();
    let options = ["--webhook-allow-private"];
    let key = [("FLEXPORTAL_ORGANISATION_KEY", ORGANISATION_KEY)];
    let server = Server::start_with(&folder.database(), &options, &key);
    // The receiver ends with the script, wherever that ends.
    let script = format!(
        "set -euo pipefail\ntrap 'kill $(jobs -p) 2> /dev/null || true' EXIT\n{}",
        commands()
    );
    let run = Command::new("bash")
        .args(["-c", &script])
        .current_dir(folder.path())
        .env("API", format!("http://{}", server.address))
        .envs(key)
        .output();
    let run = run.expect("bash runs");
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let said = format!("{}{}", text(&run.stdout), text(&run.stderr));
    assert!(run.status.success(), "{said}");
    let pdf = std::fs::read(folder.path().join("contract.pdf")).expect("the contract is there");
    assert!(pdf.len() > 10_000, "{} bytes are no contract", pdf.len());
}

/// What stands in the blocks that are marked `sh`.
fn commands() -> String {
    let blocks = GUIDE.split("```sh\n").skip(1);
    let blocks = blocks.map(|rest| rest.split("```").next().unwrap_or_default());
    blocks.collect()
}
