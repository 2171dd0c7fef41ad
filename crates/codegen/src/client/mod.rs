//! Model → Rust.

use crate::Contract;
use document::Diagnostics;

pub(crate) fn generate(_contract: &Contract) -> Result<String, Diagnostics> {
    Ok(String::new())
}
