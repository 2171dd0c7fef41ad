//! Turns the contract into types and a server.

use contract_codegen::{Contract, Target};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let contract = Contract::load("museum.yaml".as_ref())?;
    let out = std::env::var("OUT_DIR")?;
    std::fs::write(format!("{out}/types.rs"), contract.generate(Target::Types)?)?;
    std::fs::write(format!("{out}/api.rs"), contract.generate(Target::Api)?)?;
    Ok(())
}
