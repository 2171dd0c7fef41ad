//! The document as its readers see it.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::bundle;
use crate::check;
use crate::dangling;
use crate::diagnostic::{Diagnostic, Diagnostics, Position, Severity};
use crate::files::Files;
use crate::kind::Kind;
use crate::node::{Mark, Node};
use crate::nothing;
use crate::problem::Problem;
use crate::redirect;
use crate::reference;
use crate::text::Texts;
use crate::upgrade;
use crate::write;

/// A self-contained OpenAPI document with the position of every node.
///
/// Nodes are named by JSON pointers (RFC 6901) into [`Document::root`].
#[derive(Debug, Clone)]
pub struct Document {
    pub(crate) texts: Texts,
    sources: Vec<PathBuf>,
    version: String,
    /// The tree behind `root`, with positions.
    pub(crate) tree: Node,
    /// The tree before it was upgraded, if that changed anything.
    source: Option<Node>,
    root: Value,
    /// What is wrong with it, of what does not keep it from being read.
    pub(crate) problems: Vec<Diagnostic>,
}

impl Document {
    /// Reads the document whose entry file is `path`, with every file it refers to.
    ///
    /// Files that end in `.json` are read as JSON, all others as YAML.
    ///
    /// # Errors
    /// Everything in these files that cannot be read, resolved or bundled.
    pub fn load(path: &Path) -> Result<Document, Diagnostics> {
        Document::load_all(path)?.without_errors()
    }

    /// As [`Document::load`], but a document that could be put together is given even where something is wrong
    /// with it: [`Document::problems`] has that, so that those who go on can report all at once.
    ///
    /// # Errors
    /// What keeps the document from being put together.
    pub fn load_all(path: &Path) -> Result<Document, Diagnostics> {
        Document::read(Files::on_disk(), |files| files.open(path))
    }

    /// As [`Document::parse`], as [`Document::load_all`].
    ///
    /// # Errors
    /// As [`Document::load_all`].
    pub fn parse_all(name: &str, text: &str) -> Result<Document, Diagnostics> {
        Document::read(Files::in_memory(), |files| files.add(name, text))
    }

    /// Reads a document from `text`; `name` stands for the file in messages, and its ending
    /// decides between JSON and YAML. References to other files are refused.
    ///
    /// # Errors
    /// As [`Document::load`].
    ///
    /// ```
    /// let text = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n";
    /// let document = contract_document::Document::parse("api.yaml", text)?;
    /// assert_eq!(document.position("/info/title").to_string(), "api.yaml:2:15");
    /// # Ok::<(), contract_document::Diagnostics>(())
    /// ```
    pub fn parse(name: &str, text: &str) -> Result<Document, Diagnostics> {
        Document::parse_all(name, text)?.without_errors()
    }

    fn read(
        mut files: Files,
        open: impl FnOnce(&mut Files) -> Result<u32, Vec<Problem>>,
    ) -> Result<Document, Diagnostics> {
        let mut problems = Vec::new();
        let assembled = Document::assemble(&mut files, open, &mut problems);
        let problems = problems.into_iter();
        let mut problems: Vec<Diagnostic> = problems.map(|one| one.locate(&files.texts)).collect();
        problems.sort();
        problems.dedup();
        let Some((version, tree, source)) = assembled else {
            return Err(Diagnostics::check(problems)
                .expect_err("a failed reading has at least one problem"));
        };
        Ok(Document {
            root: tree.to_value(),
            texts: files.texts,
            sources: files.sources,
            version,
            tree,
            source,
            problems,
        })
    }

    /// Version, tree and the tree before it was upgraded; none where `problems` leave nothing to be read.
    fn assemble(
        files: &mut Files,
        open: impl FnOnce(&mut Files) -> Result<u32, Vec<Problem>>,
        problems: &mut Vec<Problem>,
    ) -> Option<(String, Node, Option<Node>)> {
        let entry = noted(open(files), problems)?;
        let root = files.tree(entry).expect("the entry file was read");
        let version = noted(check::version(root), problems)?;
        let bundle = noted(bundle::bundle(files, entry, &version), problems)?;
        let mut bundled = bundle.root;
        problems.extend(bundle.problems);
        nothing::leave_out(&mut bundled, Kind::Document, problems);
        noted(check::structure(&bundled, &version), problems);
        check::numbers_as_text(&mut bundled);
        redirect::redirect(&mut bundled, problems);
        dangling::leave_out(&mut bundled, bundle.nowhere, problems);
        if check::is_recursive(&bundled) {
            upgrade::recursive(&mut bundled, Kind::Document, "", None, problems);
        }
        noted(check::references(&bundled), problems);
        if !version.starts_with("3.0.") {
            if !upgrade::has_older_words(&bundled, Kind::Document) {
                return Some((version, bundled, None));
            }
            let read = upgrade::without_older_words(bundled.clone(), problems);
            return Some((version, read, Some(bundled)));
        }
        let upgraded = upgrade::upgrade(bundled.clone(), problems);
        Some((version, upgraded, Some(bundled)))
    }

    /// The document, if nothing is wrong with it but what is accepted.
    fn without_errors(mut self) -> Result<Document, Diagnostics> {
        let is_refused = |problem: &Diagnostic| problem.severity == Severity::Error;
        match self.problems.iter().any(is_refused) {
            true => Err(Diagnostics::check(std::mem::take(&mut self.problems))
                .expect_err("there is an error")),
            false => Ok(self),
        }
    }

    /// What is wrong with the document, of what did not keep it from being read; only warnings, unless it comes
    /// from [`Document::load_all`] or [`Document::parse_all`].
    pub fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }

    /// The document: bundled, so that only references `#/…` remain, and in the dialect of OpenAPI
    /// 3.1, whatever the source is written in.
    ///
    /// Where the source says 3.0:
    ///
    /// - `nullable: true` adds `null` to `type` and `enum`; beside `allOf`, `anyOf` or `oneOf`
    ///   without a type it adds `null` as an alternative;
    /// - `exclusiveMinimum: true` and `exclusiveMaximum: true` become the bound itself;
    /// - what stands beside `$ref` is dropped, as 3.0 ignores it, except `summary` and
    ///   `description`;
    /// - `openapi` is `3.1.0`.
    pub fn root(&self) -> &Value {
        &self.root
    }

    /// The version that `openapi` has in the source.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The value at `pointer`.
    pub fn get(&self, pointer: &str) -> Option<&Value> {
        crate::value_at(&self.root, pointer)
    }

    /// Where the value at `pointer` stands; if nothing is there, its nearest ancestor. Text in a `|`
    /// or `>` block stands where its first line does.
    pub fn position(&self, pointer: &str) -> Position {
        let (found, _) = self.tree.follow(pointer);
        self.locate(found.node.at)
    }

    /// Where the key of the entry at `pointer` stands; without a key, the value.
    pub fn key_position(&self, pointer: &str) -> Position {
        let (found, _) = self.tree.follow(pointer);
        self.locate(found.key_at.unwrap_or(found.node.at))
    }

    fn locate(&self, at: Mark) -> Position {
        self.texts.position(at)
    }

    /// A problem with the value at `pointer`.
    pub fn diagnostic(
        &self,
        pointer: &str,
        message: impl Into<String>,
        hint: Option<String>,
    ) -> Diagnostic {
        let (found, _) = self.tree.follow(pointer);
        self.diagnosed(found.node.at, message.into(), hint)
    }

    /// A problem with the key of the entry at `pointer`.
    pub fn key_diagnostic(
        &self,
        pointer: &str,
        message: impl Into<String>,
        hint: Option<String>,
    ) -> Diagnostic {
        let (found, _) = self.tree.follow(pointer);
        let at = found.key_at.unwrap_or(found.node.at);
        self.diagnosed(at, message.into(), hint)
    }

    fn diagnosed(&self, at: Mark, message: String, hint: Option<String>) -> Diagnostic {
        Diagnostic {
            position: self.texts.position(at),
            message,
            hint,
            severity: Severity::Error,
            excerpt: self.texts.excerpt(at),
        }
    }

    /// Where the value at `pointer` is defined: follows `$ref` from reference to reference, and
    /// gives the last pointer with its value. What stands beside a `$ref` is not looked at.
    ///
    /// # Errors
    /// A reference that leads nowhere or back to itself, at the position of that `$ref`.
    pub fn resolve<'a>(&'a self, pointer: &str) -> Result<(String, &'a Value), Diagnostic> {
        let Some(mut value) = self.get(pointer) else {
            return Err(self.diagnostic(pointer, format!("`#{pointer}` does not exist"), None));
        };
        let mut pointer = pointer.to_owned();
        let mut passed = Vec::new();
        while let Some(text) = value.get("$ref").and_then(Value::as_str) {
            let at = crate::child(&pointer, "$ref");
            let target = text.strip_prefix('#').and_then(reference::decode);
            let found = target.and_then(|target| Some((self.get(&target)?, target)));
            let Some((next, target)) = found else {
                let message = format!("`{text}` does not exist");
                return Err(self.diagnostic(&at, message, None));
            };
            passed.push(std::mem::replace(&mut pointer, target));
            if passed.contains(&pointer) {
                let message = format!("`{text}` leads back to itself");
                let hint = "let one of the references define something".to_owned();
                return Err(self.diagnostic(&at, message, Some(hint)));
            }
            value = next;
        }
        Ok((pointer, value))
    }

    /// Every file that was read, the entry file first.
    pub fn sources(&self) -> &[PathBuf] {
        &self.sources
    }

    /// The bundled document in the version of its source, as indented JSON.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(&*self.source_value()).expect("keys are text");
        text.push('\n');
        text
    }

    /// The bundled document in the version of its source, as YAML.
    pub fn to_yaml(&self) -> String {
        write::to_yaml(&self.source_value())
    }

    /// The trees that the document consists of: what is read, and what was written if that is another.
    pub(crate) fn trees(&mut self) -> impl Iterator<Item = &mut Node> {
        std::iter::once(&mut self.tree).chain(&mut self.source)
    }

    /// Follows a change of [`Document::trees`].
    pub(crate) fn refresh(&mut self) {
        self.root = self.tree.to_value();
    }

    fn source_value(&self) -> Cow<'_, Value> {
        match &self.source {
            Some(source) => Cow::Owned(source.to_value()),
            None => Cow::Borrowed(&self.root),
        }
    }
}

/// What was found; what is wrong goes into `problems`.
fn noted<T>(result: Result<T, Vec<Problem>>, problems: &mut Vec<Problem>) -> Option<T> {
    result.map_err(|found| problems.extend(found)).ok()
}
