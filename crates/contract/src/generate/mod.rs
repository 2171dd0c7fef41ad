//! `contract generate`: the generated code where it can be read and committed, as sources or as crates.

mod crates;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use contract_codegen::{Document, Target};

use crate::{output, selection};

/// Writes the files of each target, or compares them with what stands there.
///
/// # Errors
/// The contract is refused, then nothing is written; or a file cannot be written.
pub(crate) fn run(options: &crate::Generate) -> Result<ExitCode, String> {
    let wanted: Vec<Target> = options.target.iter().copied().map(Target::from).collect();
    let mut targets = Target::ALL.to_vec();
    targets.retain(|target| wanted.is_empty() || wanted.contains(target));
    let document = Document::load_all(options.entry.path());
    let document = document.map_err(|problems| problems.explained())?;
    let document = selection::select(document, &options.selection)?;
    let contract = crate::understand(document, &targets, options.reading)?;
    let files: Vec<(String, String)> = match options.crates {
        true => crates::files(&contract, &targets, &options.source)?,
        false => {
            let files = contract.all_files(&targets).into_iter().flatten();
            files.map(|file| (file.name, file.text)).collect()
        }
    };
    let files = files.into_iter();
    let files: Vec<(PathBuf, String)> = files
        .map(|(name, text)| (options.out.join(name), text))
        .collect();
    if options.check {
        return compare(&files);
    }
    for (path, text) in &files {
        output::write(path, text)?;
        let lines = text.lines().count();
        output::print(&format!("{}: {lines} lines\n", path.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Names every file that is missing or other than it would be written.
fn compare(files: &[(PathBuf, String)]) -> Result<ExitCode, String> {
    let mut stale = String::new();
    for (path, text) in files {
        let shown = path.display();
        match fs::read(path) {
            Ok(found) if found == text.as_bytes() => {}
            Ok(_) => stale.push_str(&format!("{shown}: stale\n")),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                stale.push_str(&format!("{shown}: missing\n"));
            }
            Err(error) => return Err(format!("{shown}: cannot be read: {error}")),
        }
    }
    if stale.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    output::print(&stale)?;
    eprintln!("hint: the same command without `--check` writes them");
    Ok(ExitCode::FAILURE)
}
