//! Turns the contract into types and a server.

use contract_codegen::Target;

fn main() -> std::process::ExitCode {
    contract_codegen::build("museum.yaml", &[Target::Types, Target::Api])
}
