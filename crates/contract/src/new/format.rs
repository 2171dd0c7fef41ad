//! Formatting what was written, as its owner will.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// `code` as rustfmt has it. Without that program it stays as it is, and is as good.
pub(super) fn rust(code: String) -> String {
    formatted(&code).unwrap_or(code)
}

fn formatted(code: &str) -> Option<String> {
    let mut command = Command::new("rustfmt");
    command.args(["--edition", "2024"]);
    // Settings of whatever project this is called in are not those of the workspace.
    command.current_dir(std::env::temp_dir());
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    // It reads everything before it writes.
    child.stdin.take()?.write_all(code.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !text.is_empty()).then_some(text)
}
