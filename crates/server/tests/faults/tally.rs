//! How many faults were injected so far, over all kinds, also those in processes of their own.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Names the file to the processes that the tests start.
pub(crate) const FILE: &str = "FAULTS_TALLY";

/// Where the numbers are added up, one a line.
pub(crate) fn file() -> PathBuf {
    std::env::var_os(FILE).map_or_else(
        || {
            let name = format!("faults-{}", std::process::id());
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
        },
        PathBuf::from,
    )
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
