//! `contract generate`: the generated code where it can be read.

use contract_codegen::{Contract, Target};

use crate::output;

/// Writes a file for each target.
///
/// # Errors
/// The contract is refused, then nothing is written; or a file cannot be written.
pub(crate) fn run(options: &crate::Generate) -> Result<(), String> {
    let contract = Contract::load(&options.contract).map_err(|problems| problems.to_string())?;
    let wanted: Vec<Target> = options.target.iter().copied().map(Target::from).collect();
    let targets = Target::ALL
        .into_iter()
        .filter(|target| wanted.is_empty() || wanted.contains(target));
    let code = |target: Target| match contract.generate(target) {
        Ok(code) => Ok((target, code)),
        Err(problems) => Err(problems.to_string()),
    };
    for (target, code) in targets.map(code).collect::<Result<Vec<_>, String>>()? {
        let file = options.out.join(format!("{}.rs", target.package()));
        output::write(&file, &code)?;
        output::print(&format!(
            "{}: {} lines\n",
            file.display(),
            code.lines().count()
        ))?;
    }
    Ok(())
}
