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
