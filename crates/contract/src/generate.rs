//! `contract generate`: the generated code where it can be read.

use contract_codegen::Target;

use crate::output;

/// Writes the files of each target.
///
/// # Errors
/// The contract is refused, then nothing is written; or a file cannot be written.
pub(crate) fn run(options: &crate::Generate) -> Result<(), String> {
    let wanted: Vec<Target> = options.target.iter().copied().map(Target::from).collect();
    let mut targets = Target::ALL.to_vec();
    targets.retain(|target| wanted.is_empty() || wanted.contains(target));
    let contract = crate::read(options.entry.path(), &targets, options.reading)?;
    for file in targets
        .into_iter()
        .flat_map(|target| contract.files(target))
    {
        let path = options.out.join(&file.name);
        output::write(&path, &file.text)?;
        let lines = file.text.lines().count();
        output::print(&format!("{}: {lines} lines\n", path.display()))?;
    }
    Ok(())
}
