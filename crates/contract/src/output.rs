//! Where output goes.

use std::io::{ErrorKind, Write as _};
use std::path::Path;

/// Writes `text` to standard output. A reader that has left, as `head` does, is no error.
///
/// # Errors
/// Standard output cannot be written to.
pub(crate) fn print(text: &str) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("standard output: {error}"))
        }
        _ => Ok(()),
    }
}

/// Writes a file and the folders above it.
///
/// # Errors
/// With the path.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), String> {
    let folder = path.parent().unwrap_or(Path::new(""));
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(path, text))
        .map_err(|error| {
            format!(
                "{}: cannot be written: {error}\nhint: `--out` must name a place that may be written to",
                path.display()
            )
        })
}
