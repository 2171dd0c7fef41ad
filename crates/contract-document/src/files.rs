//! The files of a contract.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use crate::identify::Names;
use crate::json;
use crate::metaschemas;
use crate::node::{Mark, Node};
use crate::problem::Problem;
use crate::text::Texts;
use crate::yaml;

/// Largest file, in bytes: 32 MiB, several times the largest public contracts.
const MAX_FILE_BYTES: usize = 32 * 1024 * 1024;

/// The files that were read, numbered in the order of reading.
pub(crate) struct Files {
    pub(crate) texts: Texts,
    pub(crate) sources: Vec<PathBuf>,
    /// What stands in them is called.
    pub(crate) names: Names,
    /// `None` for a file that cannot be read; why was said when it was tried.
    trees: Vec<Option<Node>>,
    by_path: HashMap<PathBuf, u32>,
    on_disk: bool,
}

impl Files {
    pub(crate) fn on_disk() -> Files {
        Files {
            texts: Texts::default(),
            sources: Vec::new(),
            names: Names::default(),
            trees: Vec::new(),
            by_path: HashMap::new(),
            on_disk: true,
        }
    }

    pub(crate) fn in_memory() -> Files {
        Files {
            on_disk: false,
            ..Files::on_disk()
        }
    }

    pub(crate) fn name(&self, file: u32) -> &str {
        self.texts.name(file)
    }

    /// What stands at `pointer` in `file`.
    pub(crate) fn find(&self, file: u32, pointer: &str) -> Option<&Node> {
        self.tree(file)?.find(pointer)
    }

    pub(crate) fn tree(&self, file: u32) -> Option<&Node> {
        self.trees.get(file as usize)?.as_ref()
    }

    /// Reads the entry file.
    pub(crate) fn open(&mut self, path: &Path) -> Result<u32, Vec<Problem>> {
        let file = self.enter(&path.to_string_lossy(), path);
        let start = Mark {
            file,
            line: 1,
            column: 1,
        };
        let text = read(file, path).map_err(|error| {
            vec![match error {
                Unreadable::Io(message) => {
                    Problem::new(start, format!("the file cannot be read: {message}"))
                }
                Unreadable::Text(problem) => problem,
            }]
        })?;
        self.fill(file, &text)
    }

    /// Takes `text` for the entry file.
    pub(crate) fn add(&mut self, name: &str, text: &str) -> Result<u32, Vec<Problem>> {
        let file = self.enter(name, Path::new(name));
        self.fill(file, text)
    }

    /// Reads the file at `relative`, seen from the file in which `at` stands; each one once.
    pub(crate) fn load(&mut self, at: Mark, relative: &str) -> Result<u32, Vec<Problem>> {
        let base = Path::new(self.name(at.file))
            .parent()
            .unwrap_or(Path::new(""));
        let path = normalize(&base.join(relative));
        if let Some(file) = self.by_path.get(&path) {
            return Ok(*file);
        }
        if !self.on_disk {
            return Err(vec![
                Problem::new(
                    at,
                    format!("`{relative}` is another file, and only one text was given"),
                )
                .hint("load the contract from its file"),
            ]);
        }
        let file = self.enter(&path.to_string_lossy(), &path);
        let text = read(file, &path).map_err(|error| {
            vec![match error {
                Unreadable::Io(message) => Problem::new(
                    at,
                    format!("`{}` cannot be read: {message}", path.display()),
                )
                .hint("paths are relative to the file in which the reference stands"),
                Unreadable::Text(problem) => problem,
            }]
        })?;
        self.fill(file, &text)
    }

    fn enter(&mut self, name: &str, path: &Path) -> u32 {
        let file = self.texts.enter(name);
        if self.on_disk {
            self.sources.push(path.to_owned());
        }
        self.trees.push(None);
        self.by_path.insert(normalize(path), file);
        file
    }

    fn fill(&mut self, file: u32, text: &str) -> Result<u32, Vec<Problem>> {
        if text.len() > MAX_FILE_BYTES {
            return Err(vec![too_large(file)]);
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        self.texts.fill(file, text);
        let tree = if self.name(file).to_ascii_lowercase().ends_with(".json") {
            json::read(file, text)?
        } else {
            yaml::read(file, text)?
        };
        self.names.enter(file, self.texts.name(file), &tree);
        self.trees[file as usize] = Some(tree);
        Ok(file)
    }

    /// Reads the metaschema that is called `uri`, which needs no file.
    pub(crate) fn metaschema(&mut self, uri: &str) -> Option<u32> {
        let text = metaschemas::text(uri)?;
        let file = self.texts.enter(uri);
        self.trees.push(None);
        self.texts.fill(file, text);
        let tree = json::read(file, text).ok()?;
        self.names.enter(file, uri, &tree);
        self.trees[file as usize] = Some(tree);
        Some(file)
    }

    /// How many files there are.
    pub(crate) fn count(&self) -> usize {
        self.trees.len()
    }

    /// Whether each of them could be read.
    pub(crate) fn all_read(&self) -> bool {
        self.trees.iter().all(Option::is_some)
    }
}

enum Unreadable {
    Io(String),
    Text(Problem),
}

fn read(file: u32, path: &Path) -> Result<String, Unreadable> {
    let io = |error: std::io::Error| {
        Unreadable::Io(match error.kind() {
            ErrorKind::NotFound => "there is no such file".to_owned(),
            ErrorKind::IsADirectory => "it is a directory".to_owned(),
            kind => kind.to_string(),
        })
    };
    let size = std::fs::metadata(path).map_err(io)?.len();
    if size > MAX_FILE_BYTES as u64 {
        return Err(Unreadable::Text(too_large(file)));
    }
    let bytes = std::fs::read(path).map_err(io)?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let at = end_of(file, &String::from_utf8_lossy(valid));
        Unreadable::Text(Problem::new(at, "the file is not UTF-8 from here on"))
    })
}

fn too_large(file: u32) -> Problem {
    let start = Mark {
        file,
        line: 1,
        column: 1,
    };
    let limit = MAX_FILE_BYTES / 1024 / 1024;
    Problem::new(start, format!("the file is larger than {limit} MiB"))
}

/// Where the character after `text` stands.
fn end_of(file: u32, text: &str) -> Mark {
    let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let last_line = text.rsplit('\n').next().unwrap_or(text);
    Mark {
        file,
        line: narrow(text.matches('\n').count() + 1),
        column: narrow(last_line.chars().count() + 1),
    }
}

/// `path` without `.` and, where the text allows it, without `..`; links are not followed.
fn normalize(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(normal.components().next_back(), Some(Component::Normal(_))) =>
            {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}
