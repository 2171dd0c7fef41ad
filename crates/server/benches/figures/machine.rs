//! What the figures were measured on.

use serde_json::json;

use crate::database::Folder;
use crate::measure::flush_ms;

/// Prints date, processor, memory and disk.
pub(crate) fn describe() {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let folder = Folder::new("machine");
    let now = jiff::Timestamp::now().to_string();
    let date = now.split('.').next().unwrap_or_default();
    println!(
        "{}",
        json!({ "machine": {
            "date": format!("{date}Z"),
            "cores": cores,
            "processor": entry("/proc/cpuinfo", "model name"),
            "memory": entry("/proc/meminfo", "MemTotal"),
            "kernel": read("/proc/sys/kernel/osrelease"),
            "flush_ms": flush_ms(folder.path()),
        } })
    );
}

fn entry(path: &str, name: &str) -> String {
    let text = read(path);
    let line = text.lines().find(|line| line.starts_with(name));
    let value = line.and_then(|line| line.split_once(':'));
    value.map_or_else(String::new, |(_, value)| value.trim().to_owned())
}

fn read(path: &str) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.trim().to_owned()
}
