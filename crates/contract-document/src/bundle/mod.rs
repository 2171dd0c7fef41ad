//! From several files to one document.
//!
//! What a reference into another file names becomes a component of the entry file, named after the
//! last segment of the reference or the stem of the file; a component that is nothing but such a
//! reference takes its target's place. Path items under `paths`, and parts for which there are no
//! components, are replaced in place. Relative references count from the file they stand in,
//! which every node knows by its mark, or from the `$id` around them; a reference to a URL leads to
//! what has that `$id` in one of the files. Of what has an `$id`, all becomes one component.

mod components;
mod in_place;
mod schemas;

use std::collections::{BTreeSet, HashMap};

use self::schemas::{Dialect, Scope};
use crate::dangling;
use crate::files::Files;
use crate::identify::{self, Target};
use crate::kind::{Kind, Section};
use crate::node::{Content, Entry, MAX_DEPTH, Mark, Node};
use crate::pointer::escape;
use crate::problem::Problem;
use crate::reference;
use crate::shapes;
use crate::uri;

/// What to do about a reference to another place than the files at hand.
const SAVE: &str = "save the file beside the contract and refer to it by a relative path";

/// One document of several files.
pub(crate) struct Bundle {
    pub(crate) root: Node,
    /// What is warned of.
    pub(crate) problems: Vec<Problem>,
    /// Where references stand that lead nowhere, which are among `problems`.
    pub(crate) nowhere: BTreeSet<Mark>,
}

/// The self-contained document whose entry file is `entry`, written in `version`.
///
/// # Errors
/// References that lead nowhere, to the network or in circles, where nothing can be said without them; files that
/// cannot be read.
pub(crate) fn bundle(files: &mut Files, entry: u32, version: &str) -> Result<Bundle, Vec<Problem>> {
    loop {
        let before = files.count();
        let (outcome, misses) = attempt(files, entry, version);
        // A file that was read later may have the `$id` that was missed.
        if !misses || files.count() == before || !files.all_read() {
            return outcome;
        }
    }
}

/// As [`bundle`], and whether a URL is met that no file has as `$id`.
fn attempt(files: &mut Files, entry: u32, version: &str) -> (Result<Bundle, Vec<Problem>>, bool) {
    let mut root = files.tree(entry).expect("the entry file was read").clone();
    let mut bundler = Bundler {
        files,
        entry,
        has_path_items: !version.starts_with("3.0."),
        has_media_types: version.starts_with("3.2."),
        names: HashMap::new(),
        taken: HashMap::new(),
        hoisted: Vec::new(),
        copying: Vec::new(),
        copied: 0,
        scopes: Vec::new(),
        dialect: Dialect::default(),
        is_dynamic: false,
        misses: false,
        nowhere: BTreeSet::new(),
        problems: Vec::new(),
    };
    if let Some(components) = root.get_mut("components") {
        bundler.take_names(components);
    }
    bundler.walk(&mut root, Kind::Document, 0);
    bundler.walk_hoisted();
    let Bundler {
        hoisted,
        problems,
        is_dynamic,
        misses,
        nowhere,
        ..
    } = bundler;
    if problems.iter().any(Problem::is_error) {
        return (Err(problems), misses);
    }
    components::insert_components(&mut root, hoisted);
    schemas::forget_names(&mut root, Kind::Document, is_dynamic);
    let bundle = Bundle {
        root,
        problems,
        nowhere,
    };
    (Ok(bundle), misses)
}

struct Bundler<'a> {
    files: &'a mut Files,
    entry: u32,
    /// Whether `components` may contain path items.
    has_path_items: bool,
    /// Whether `components` may contain media types.
    has_media_types: bool,
    /// Names of components by what they stand for.
    names: HashMap<(Section, Target), String>,
    /// Where the component of each name is defined.
    taken: HashMap<(Section, String), Mark>,
    /// New components in the order of their first reference.
    hoisted: Vec<Component>,
    /// Targets inside whose copies the walk is.
    copying: Vec<Target>,
    copied: usize,
    /// What has an `$id` around where the walk is.
    scopes: Vec<Scope>,
    /// What schemas are written in where the walk is.
    dialect: Dialect,
    /// Whether a reference depends on how it was come to.
    is_dynamic: bool,
    /// Whether a URL is the `$id` of nothing.
    misses: bool,
    /// Where references stand that lead nowhere, and are warned of.
    nowhere: BTreeSet<Mark>,
    problems: Vec<Problem>,
}

struct Component {
    section: Section,
    entry: Entry,
}

impl Bundler<'_> {
    fn walk(&mut self, node: &mut Node, kind: Kind, depth: usize) {
        if depth > MAX_DEPTH {
            let message = format!("references nest deeper than {MAX_DEPTH} levels");
            self.problems.push(Problem::new(node.at, message));
            return;
        }
        match kind {
            Kind::Opaque => return,
            Kind::Discriminator => return self.discriminator(node),
            Kind::Link => self.link(node),
            _ => {}
        }
        shapes::mend(node, kind, &mut self.problems);
        let (scopes, dialect) = (self.scopes.len(), self.dialect);
        if kind == Kind::Schema {
            self.enter_schema(node);
        }
        let copies = match kind.section() {
            Some(Section::PathItems) if !self.has_path_items => self.copy_in_place(node),
            Some(Section::MediaTypes) if !self.has_media_types => self.copy_in_place(node),
            Some(section) => {
                self.rewrite(node, section);
                0
            }
            None => self.copy_in_place(node),
        };
        if kind == Kind::Schema {
            self.dynamic_reference(node);
        }
        self.walk_children(node, kind, depth);
        self.copying.truncate(self.copying.len() - copies);
        self.scopes.truncate(scopes);
        self.dialect = dialect;
    }

    fn walk_children(&mut self, node: &mut Node, kind: Kind, depth: usize) {
        match &mut node.content {
            Content::List(items) => {
                for item in items {
                    self.walk(item, kind.child(""), depth + 1);
                }
            }
            Content::Map(entries) => {
                for entry in entries {
                    let child = kind.child(&entry.key);
                    // Tools for 3.0 do not follow the `$ref` of a path item, and validators not every one of a webhook.
                    let copies = if kind == Kind::Paths && child == Kind::PathItem {
                        self.copy_in_place(&mut entry.node)
                    } else {
                        0
                    };
                    self.walk(&mut entry.node, child, depth + 1);
                    self.copying.truncate(self.copying.len() - copies);
                }
            }
            _ => {}
        }
    }

    /// New components refer to further ones, which join the end of the row.
    fn walk_hoisted(&mut self) {
        let mut index = 0;
        while let Some(component) = self.hoisted.get_mut(index) {
            let kind = component.section.kind();
            let at = component.entry.node.at;
            let empty = Node::new(at, Content::Null);
            let mut node = std::mem::replace(&mut component.entry.node, empty);
            self.walk(&mut node, kind, 0);
            self.hoisted[index].entry.node = node;
            index += 1;
        }
    }

    /// Lets the `$ref` of `node` name a component of the entry file.
    fn rewrite(&mut self, node: &mut Node, section: Section) {
        let Some((at, text)) = reference_of(node) else {
            return;
        };
        if let Some(text) = self.rewritten(at, &text, section)
            && let Some(reference) = node.get_mut("$ref")
        {
            reference.content = Content::Text(text);
        }
    }

    fn rewritten(&mut self, at: Mark, text: &str, section: Section) -> Option<String> {
        let is_pointer = text == "#" || text.starts_with("#/");
        if at.file == self.entry && is_pointer && self.scope(at.file).is_none() {
            return match section {
                Section::Schemas => self.within_component(at, text),
                _ => None,
            };
        }
        let problems = match self.resolve(at, text) {
            Ok(target) => return self.component_reference(at, text, target?, section),
            Err(problems) => problems,
        };
        match dangling::reading(section.kind()) {
            Some(reading) if reference::is_absolute(text) => {
                self.nowhere.insert(at);
                let problem = Problem::new(at, format!("`{text}` is elsewhere"));
                let problem = problem.hint(SAVE).read_as(reading).warning();
                self.problems.push(problem);
            }
            Some(reading) if section.is_beside_the_point() || text.is_empty() => {
                self.nowhere.insert(at);
                let read = problems.into_iter();
                let read = read.map(|problem| problem.read_as(reading).violation());
                self.problems.extend(read);
            }
            _ => self.problems.extend(problems),
        }
        None
    }

    /// The reference to `target` in the document that is made.
    fn component_reference(
        &mut self,
        at: Mark,
        text: &str,
        target: Target,
        section: Section,
    ) -> Option<String> {
        if target.file == self.entry {
            return Some(reference::to_pointer(&target.pointer));
        }
        let whole = match section {
            Section::Schemas => {
                let tree = self.files.tree(target.file)?;
                identify::outermost(tree, &target.pointer)
            }
            _ => None,
        };
        let below = whole.as_ref().map_or(0, String::len);
        let below = whole.and(target.pointer.get(below..)).unwrap_or_default();
        let below = below.to_owned();
        let root = Target {
            file: target.file,
            pointer: match target.pointer.strip_suffix(&below) {
                Some(root) => root.to_owned(),
                None => target.pointer,
            },
        };
        let name = self.component(at, text, root, section)?;
        let name = escape(&name);
        let pointer = format!("/components/{}/{name}{below}", section.name());
        Some(reference::to_pointer(&pointer))
    }

    /// The values of `mapping` are names of schemas or references.
    fn discriminator(&mut self, node: &mut Node) {
        let Some(mapping) = node.get_mut("mapping").and_then(Node::as_map_mut) else {
            return;
        };
        for entry in mapping {
            let at = entry.node.at;
            let Some(text) = entry.node.as_str() else {
                continue;
            };
            let is_file = [".yaml", ".yml", ".json"]
                .iter()
                .any(|end| text.ends_with(end));
            let text = if is_file || text.contains(['/', '#']) {
                text.to_owned()
            } else {
                // A name means a schema of its own file, if that has one.
                let pointer = format!("/components/schemas/{}", escape(text));
                if at.file == self.entry || self.files.find(at.file, &pointer).is_none() {
                    continue;
                }
                reference::to_pointer(&pointer)
            };
            if let Some(text) = self.rewritten(at, &text, Section::Schemas) {
                entry.node.content = Content::Text(text);
            }
        }
    }

    fn link(&mut self, node: &mut Node) {
        let Some(operation) = node.get_mut("operationRef") else {
            return;
        };
        let at = operation.at;
        let Some(text) = operation.as_str().map(str::to_owned) else {
            return;
        };
        // An absolute one names an operation of another API, which is not followed.
        if at.file == self.entry && text.starts_with('#') || reference::is_absolute(&text) {
            return;
        }
        let Some(target) = self.target(at, &text) else {
            return;
        };
        if target.file == self.entry {
            operation.content = Content::Text(reference::to_pointer(&target.pointer));
        } else {
            let message =
                format!("`{text}` names an operation in a file that is not the entry file");
            self.problems
                .push(Problem::new(at, message).hint("use `operationId`"));
        }
    }

    /// What `text`, which stands at `at`, refers to; reads the file if need be.
    fn target(&mut self, at: Mark, text: &str) -> Option<Target> {
        self.resolve(at, text).unwrap_or_else(|problems| {
            self.problems.extend(problems);
            None
        })
    }

    /// As [`Bundler::target`]; none where an anchor is said to be missing, now or later.
    ///
    /// # Errors
    /// Files, and parts of them with an `$id`, that are not there.
    fn resolve(&mut self, at: Mark, text: &str) -> Result<Option<Target>, Vec<Problem>> {
        let (path, fragment) = text.split_once('#').unwrap_or((text, ""));
        let resource = self.resource(at, text, path)?;
        let Some(fragment) = reference::decode(fragment) else {
            let message = format!("`{text}` is not UTF-8 after percent-decoding");
            let hint = "a JSON pointer needs no percent-encoding but for `%`";
            return Err(vec![Problem::new(at, message).hint(hint)]);
        };
        if fragment.is_empty() || fragment.starts_with('/') {
            let pointer = format!("{}{fragment}", resource.pointer);
            if path.is_empty()
                && self.files.find(resource.file, &pointer).is_none()
                && self.files.find(self.entry, &fragment).is_some()
            {
                let entry = self.files.name(self.entry);
                let message =
                    format!("`{text}` does not exist here, and is read as that of `{entry}`");
                let hint = "references count from their own file: write its path before `#`";
                self.told(Problem::new(at, message).hint(hint));
                return Ok(Some(Target {
                    file: self.entry,
                    pointer: fragment,
                }));
            }
            return Ok(Some(Target {
                pointer,
                ..resource
            }));
        }
        let found = self.files.names.anchor(&resource, &fragment);
        let pointer = format!("{}/{fragment}", resource.pointer);
        if found.is_none() && self.files.find(resource.file, &pointer).is_some() {
            let message = format!("`{text}` lacks a slash, and is read as `{path}#/{fragment}`");
            self.told(Problem::new(at, message).hint("write the slash behind `#`"));
            return Ok(Some(Target {
                pointer,
                ..resource
            }));
        }
        let is_checked = resource.file == self.entry && path.is_empty();
        let is_missing = !is_checked && self.files.tree(resource.file).is_some();
        if found.is_none() && is_missing && self.nowhere.insert(at) {
            let message = format!("`{text}` names an anchor that nothing has");
            let problem = Problem::new(at, message).hint(reference::HINT);
            let reading = dangling::reading(Kind::Schema).unwrap_or_default();
            self.problems.push(problem.read_as(reading).violation());
        }
        Ok(found)
    }

    /// The file, or the part of one with an `$id`, that `path` names in the reference `text`.
    fn resource(&mut self, at: Mark, text: &str, path: &str) -> Result<Target, Vec<Problem>> {
        let whole = |file| Target {
            file,
            pointer: String::new(),
        };
        if text.is_empty() {
            let problem = Problem::new(at, "the reference is empty");
            return Err(vec![problem.hint("name a component, `#/components/…`")]);
        }
        let scope = self.scope(at.file);
        if path.is_empty() {
            return Ok(scope.map_or_else(|| whole(at.file), |scope| scope.target.clone()));
        }
        let base = match scope {
            Some(scope) => scope.uri.clone(),
            None => identify::of_file(at.file, self.files.name(at.file)),
        };
        let has_id = scope.is_some();
        let uri = uri::resolve(&base, path);
        if let Some(target) = self.files.names.resource(&uri) {
            return Ok(target.clone());
        }
        if let Some(file) = self.files.metaschema(&uri) {
            return Ok(whole(file));
        }
        if reference::is_absolute(path) {
            self.misses = true;
            let message = format!("`{text}` is not a relative path");
            let message = match path.contains(':') || has_id {
                true => format!("{message}, and no schema has it as `$id`"),
                false => message,
            };
            return Err(vec![Problem::new(at, message).hint(SAVE)]);
        }
        match reference::decode(path) {
            // An `$id` may say where a schema is published; the files lie beside each other all the same.
            Some(path) => self.files.load(at, &path).map(whole),
            None => {
                let message = format!("`{text}` is not UTF-8 after percent-decoding");
                Err(vec![Problem::new(at, message)])
            }
        }
    }

    /// Notes what is against the specification, and read all the same.
    fn told(&mut self, problem: Problem) {
        self.problems.push(problem.violation());
    }

    fn dangling(&mut self, at: Mark, text: &str, section: Option<Section>) {
        self.nowhere.insert(at);
        let kind = section.map_or(Kind::Opaque, Section::kind);
        let problem = dangling::told(at, text, kind);
        self.problems
            .push(problem.hint("define it, or correct the reference"));
    }
}

/// The `$ref` of a map, if that is text, and where it stands.
fn reference_of(node: &Node) -> Option<(Mark, String)> {
    let reference = node.get("$ref")?;
    Some((reference.at, reference.as_str()?.to_owned()))
}
