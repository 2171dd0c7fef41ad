//! What Linux knows of this process. Elsewhere there is nothing to read, and nothing is said.

use std::fs;

/// Memory that is in RAM now.
pub(super) fn resident_memory_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:"))?;
    // The kernel counts in units of 1,024 bytes and calls them kB.
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// Open file descriptors.
pub(super) fn open_fds() -> Option<u64> {
    let entries = fs::read_dir("/proc/self/fd").ok()?;
    // Listing them opens one.
    Some((entries.count() as u64).saturating_sub(1))
}

/// The limit of [`open_fds`]; `None` if there is no limit.
pub fn max_fds() -> Option<u64> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits
        .lines()
        .find_map(|it| it.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}
