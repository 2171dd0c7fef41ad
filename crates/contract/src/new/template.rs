//! Templates that others need as well.

use contract_codegen::Target;

/// The manifest of the workspace.
pub(crate) const WORKSPACE: &str = include_str!("template/workspace.toml");

/// The manifest of the crate of a target.
pub(crate) fn manifest(target: Target) -> &'static str {
    match target {
        Target::Types => include_str!("template/types.toml"),
        Target::Api => include_str!("template/api.toml"),
        Target::Client => include_str!("template/client.toml"),
    }
}

/// The library of the crate of a target.
pub(crate) fn library(target: Target) -> &'static str {
    match target {
        Target::Types => include_str!("template/types.rs.txt"),
        Target::Api => include_str!("template/api.rs.txt"),
        Target::Client => include_str!("template/client.rs.txt"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The workspace's own manifest is what everything was tested with.
    #[test]
    fn the_dependencies_are_those_of_the_workspace() {
        let ours = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml");
        let ours = std::fs::read_to_string(ours).expect("the workspace has a manifest");
        let (_, lines) = WORKSPACE
            .split_once("# What generated code runs on.\n")
            .expect("the template has dependencies");
        let lines = lines.lines().take_while(|line| !line.starts_with('['));
        let lines: Vec<&str> = lines.filter(|line| line.contains(" = ")).collect();
        assert!(lines.len() > 8, "{lines:?}");
        for line in lines {
            let found = ours.lines().any(|known| known == line);
            assert!(
                found,
                "`{line}` is not what Cargo.toml of the workspace says"
            );
        }
    }
}
