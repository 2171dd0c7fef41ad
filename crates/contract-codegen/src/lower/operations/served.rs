//! What a server cannot read, and a client can send: refused where a server is asked for.

use super::api::Lowered;
use crate::lower::Problems;

/// Most parameters a path can have; `contract_serve::Routes` keeps no more.
const MAX_PATH_PARAMETERS: usize = 12;

/// Refuses what of `operations` a server cannot be generated for.
pub(in crate::lower) fn check(operations: &[Lowered], problems: &mut Problems) {
    for Lowered { operation, .. } in operations {
        let count = operation.path_names().count();
        if count > MAX_PATH_PARAMETERS {
            let message = format!("the path `{}` has {count} parameters", operation.path);
            let hint = format!("a server reads up to {MAX_PATH_PARAMETERS}");
            problems.refuse(&operation.pointer, message, hint);
        }
    }
}
