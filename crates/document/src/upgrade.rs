//! OpenAPI 3.0 as 3.1.

use crate::node::Node;
use crate::problem::Problem;

/// `root` in the dialect of 3.1.
pub(crate) fn upgrade(root: Node) -> Result<Node, Vec<Problem>> {
    Ok(root)
}
