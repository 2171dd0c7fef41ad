//! How many faults were injected so far, over all kinds, also those in processes of their own.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Names the file to the processes that the tests start.
pub(crate) const FILE: &str = "FAULTS_TALLY";

/// Where the numbers are added up, one a line.
pub(crate) fn file() -> PathBuf {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    let found = FOUND.get_or_init(|| {
        if let Some(file) = std::env::var_os(FILE) {
            return file.into();
        }
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("faults");
        // An earlier run added up its own.
        let _ = fs::remove_file(&file);
        file
    });
    found.clone()
}

/// Adds `faults`, and gives the sum.
pub(crate) fn add(faults: usize) -> usize {
    let mut options = OpenOptions::new();
    let mut tally = options
        .create(true)
        .append(true)
        .open(file())
        .expect("a file can be made");
    // One write, so that lines of several processes do not mix.
    tally
        .write_all(format!("{faults}\n").as_bytes())
        .expect("the file can be written");
    let tally = fs::read_to_string(file()).expect("the file can be read");
    tally
        .lines()
        .filter_map(|line| line.parse::<usize>().ok())
        .sum()
}
