//! Targets of references in the place of the reference.

use super::{Bundler, reference_of};
use crate::node::{Content, Node};
use crate::problem::Problem;

/// Bound on what references copy in place, so that few files cannot fill the memory.
const MAX_COPIED_NODES: usize = 1_000_000;

impl Bundler<'_> {
    /// Replaces `node` by what its `$ref` names, again and again; the number of targets that
    /// `copying` grew by.
    pub(super) fn copy_in_place(&mut self, node: &mut Node) -> usize {
        let before = self.copying.len();
        while let Some((at, text)) = reference_of(node) {
            let Some(target) = self.target(at, &text) else {
                break;
            };
            if self.copying.contains(&target) {
                let message = format!("`{text}` leads back to itself");
                self.problems.push(
                    Problem::new(at, message).hint("let one of the references define something"),
                );
                break;
            }
            let Some(copy) = self.files.find(target.file, &target.pointer) else {
                if self.files.tree(target.file).is_some() {
                    self.dangling(at, &text, None);
                }
                break;
            };
            self.copied += copy.extent().0;
            if self.copied > MAX_COPIED_NODES {
                let message = format!("references copy more than {MAX_COPIED_NODES} nodes");
                self.problems.push(Problem::new(at, message));
                break;
            }
            let copy = copy.clone();
            self.copying.push(target);
            let original = std::mem::replace(node, copy);
            self.add_siblings(node, original);
        }
        if self.copying.len() > before && reference_of(node).is_some() {
            // The reason was reported; nothing is left to follow.
            node.content = Content::Map(Vec::new());
        }
        self.copying.len() - before
    }

    /// Adds to `node` what stood beside the `$ref` that it replaces.
    fn add_siblings(&mut self, node: &mut Node, original: Node) {
        let Content::Map(siblings) = original.content else {
            return;
        };
        for sibling in siblings.into_iter().filter(|entry| entry.key != "$ref") {
            if let Some(entry) = node.entry(&sibling.key) {
                let message = format!("`{}` stands beside `$ref` and in its target", sibling.key);
                self.problems.push(
                    Problem::new(sibling.key_at, message)
                        .also("the other one stands at", entry.key_at)
                        .hint("keep one of them"),
                );
            } else if let Some(entries) = node.as_map_mut() {
                entries.push(sibling);
            }
        }
    }
}
