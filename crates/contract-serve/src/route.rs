//! From a path to an operation: a tree of segments in which literal segments win over parameters.

use std::cmp::Reverse;

use axum::http::Method;

use crate::{Operation, decode_percent, query_pairs};

/// Most parameters a path template can have. The generator refuses more.
const MAX_PATH_PARAMETERS: usize = 12;

/// The routes of some operations, each with a value.
#[derive(Debug)]
pub struct Routes<O, T> {
    root: Node<O, T>,
}

#[derive(Debug)]
struct Node<O, T> {
    /// Sorted, for the search.
    literals: Vec<(&'static str, Node<O, T>)>,
    /// Segments with text beside a parameter, most literal text first.
    patterns: Vec<(Vec<Piece>, Node<O, T>)>,
    /// A segment that is one parameter.
    any: Option<Box<Node<O, T>>>,
    operations: Vec<(O, T)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(&'static str),
    Parameter,
}

/// Where the values of path parameters stand in the path, in the order of the template.
#[derive(Debug, Clone, Copy)]
pub struct Spans {
    spans: [(u16, u16); MAX_PATH_PARAMETERS],
    count: usize,
}

impl Spans {
    fn new() -> Spans {
        Spans {
            spans: [(0, 0); MAX_PATH_PARAMETERS],
            count: 0,
        }
    }

    /// Remembers `text`, which is a part of `path`. Beyond the maximum nothing is kept, which
    /// templates cannot reach: their parameters are counted when the code is generated.
    fn push(&mut self, path: &str, text: &str) {
        let start = text.as_ptr() as usize - path.as_ptr() as usize;
        if let (Some(span), Ok(start), Ok(end)) = (
            self.spans.get_mut(self.count),
            u16::try_from(start),
            u16::try_from(start + text.len()),
        ) {
            *span = (start, end);
            self.count += 1;
        }
    }

    /// The text of parameter `index` in `path`, still percent-encoded.
    pub fn get<'p>(&self, path: &'p str, index: usize) -> Option<&'p str> {
        let (start, end) = *self.spans[..self.count].get(index)?;
        path.get(usize::from(start)..usize::from(end))
    }
}

/// What stands at a path.
#[derive(Debug)]
pub struct Found<'r, O, T> {
    operations: &'r [(O, T)],
    /// Values of the path's parameters.
    pub spans: Spans,
}

impl<'r, O: Operation, T> Found<'r, O, T> {
    /// The operation for `method`; `HEAD` is answered by `GET` where it is not declared itself. Of several, the one
    /// of which most is in `query`, of these the one that was added first.
    pub fn operation(&self, method: &Method, query: Option<&str>) -> Option<&'r (O, T)> {
        let find = |method: &str| {
            let mut best: Option<&(O, T)> = None;
            for one in self.operations {
                let facts = one.0.facts();
                let fits = facts.method == method && has_all(query, facts.query);
                let is_better = |best: &(O, T)| facts.query.len() > best.0.facts().query.len();
                if fits && best.is_none_or(is_better) {
                    best = Some(one);
                }
            }
            best
        };
        match find(method.as_str()) {
            None if *method == Method::HEAD => find("GET"),
            found => found,
        }
    }

    /// Whether there is an operation for `method`, with some query.
    pub(crate) fn has(&self, method: &Method) -> bool {
        let mut operations = self.operations.iter();
        operations.any(|(operation, _)| operation.facts().method == method.as_str())
    }

    /// Value of the header `Allow`.
    pub fn allow(&self) -> String {
        let mut methods: Vec<&str> = Vec::new();
        for (operation, _) in self.operations {
            methods.push(operation.facts().method);
        }
        if methods.contains(&"GET") && !methods.contains(&"HEAD") {
            let at = methods.iter().position(|method| *method == "GET");
            methods.insert(at.map_or(0, |at| at + 1), "HEAD");
        }
        let mut once: Vec<&str> = Vec::new();
        methods.retain(|method| {
            !once.contains(method) && {
                once.push(method);
                true
            }
        });
        methods.join(", ")
    }
}

/// Whether all of `pairs` are in `query`.
fn has_all(query: Option<&str>, pairs: &[(&str, &str)]) -> bool {
    pairs.iter().all(|(name, value)| {
        let mut sent = query_pairs(query.unwrap_or_default());
        sent.any(|(key, text)| {
            decode_percent(key, true).as_deref() == Some(name)
                && decode_percent(text, true).as_deref() == Some(value)
        })
    })
}

impl<O, T> Default for Routes<O, T> {
    fn default() -> Routes<O, T> {
        Routes { root: Node::new() }
    }
}

impl<O: Operation, T> Routes<O, T> {
    /// Adds an operation under its own path; a second time, it is replaced.
    pub fn insert(&mut self, operation: O, value: T) {
        let mut node = &mut self.root;
        for segment in segments(operation.facts().path) {
            node = node.child(segment);
        }
        node.operations.retain(|(known, _)| *known != operation);
        node.operations.push((operation, value));
    }

    /// What stands at `path`.
    pub fn find(&self, path: &str) -> Option<Found<'_, O, T>> {
        let mut spans = Spans::new();
        let node = self.root.find(path, path.strip_prefix('/')?, &mut spans)?;
        Some(Found {
            operations: &node.operations,
            spans,
        })
    }
}

fn segments(template: &'static str) -> impl Iterator<Item = &'static str> {
    template.strip_prefix('/').unwrap_or(template).split('/')
}

impl<O, T> Node<O, T> {
    fn new() -> Node<O, T> {
        Node {
            literals: Vec::new(),
            patterns: Vec::new(),
            any: None,
            operations: Vec::new(),
        }
    }

    fn child(&mut self, segment: &'static str) -> &mut Node<O, T> {
        let pieces = pieces(segment);
        match pieces.as_slice() {
            [Piece::Parameter] => self.any.get_or_insert_with(|| Box::new(Node::new())),
            [] | [Piece::Literal(_)] => {
                let at = match self
                    .literals
                    .binary_search_by(|(known, _)| (*known).cmp(segment))
                {
                    Ok(at) => at,
                    Err(at) => {
                        self.literals.insert(at, (segment, Node::new()));
                        at
                    }
                };
                &mut self.literals[at].1
            }
            _ => {
                let at = match self.patterns.iter().position(|(known, _)| *known == pieces) {
                    Some(at) => at,
                    None => {
                        let before = |(known, _): &(Vec<Piece>, _)| rank(known) < rank(&pieces);
                        let at = self.patterns.partition_point(before);
                        self.patterns.insert(at, (pieces, Node::new()));
                        at
                    }
                };
                &mut self.patterns[at].1
            }
        }
    }

    /// `rest` is what remains of `path` at this node. Recursion ends with the tree's depth.
    fn find(&self, path: &str, rest: &str, spans: &mut Spans) -> Option<&Node<O, T>> {
        if let Some((node, rest)) = self.literal(rest)
            && let Some(found) = node.descend(path, rest, spans)
        {
            return Some(found);
        }
        if self.patterns.is_empty() && self.any.is_none() {
            return None;
        }
        let (segment, rest) = cut(rest);
        let before = spans.count;
        for (pieces, node) in &self.patterns {
            if match_pieces(pieces, path, segment, spans)
                && let Some(found) = node.descend(path, rest, spans)
            {
                return Some(found);
            }
            spans.count = before;
        }
        let node = self.any.as_deref().filter(|_| !segment.is_empty())?;
        spans.push(path, segment);
        let found = node.descend(path, rest, spans);
        if found.is_none() {
            spans.count = before;
        }
        found
    }

    /// The literal that `rest` begins with, and what remains after it.
    fn literal<'p>(&self, rest: &'p str) -> Option<(&Node<O, T>, Option<&'p str>)> {
        // Trying a few is faster than finding out where the segment ends.
        const FEW: usize = 16;
        if self.literals.len() > FEW {
            let (segment, rest) = cut(rest);
            let at = self
                .literals
                .binary_search_by(|(known, _)| (*known).cmp(segment));
            return Some((&self.literals.get(at.ok()?)?.1, rest));
        }
        let first = rest.as_bytes().first();
        self.literals.iter().find_map(|(literal, node)| {
            if literal.as_bytes().first() != first {
                return None;
            }
            let after = rest.strip_prefix(literal)?;
            match after.strip_prefix('/') {
                Some(after) => Some((node, Some(after))),
                None => after.is_empty().then_some((node, None)),
            }
        })
    }

    fn descend(&self, path: &str, rest: Option<&str>, spans: &mut Spans) -> Option<&Node<O, T>> {
        match rest {
            Some(rest) => self.find(path, rest, spans),
            None => (!self.operations.is_empty()).then_some(self),
        }
    }
}

/// The first segment, and what follows the `/` behind it.
fn cut(rest: &str) -> (&str, Option<&str>) {
    let bytes = rest.as_bytes();
    // Most ids end the path, and `contains` looks at many bytes at once.
    if !bytes.contains(&b'/') {
        return (rest, None);
    }
    let end = bytes.iter().position(|byte| *byte == b'/');
    match end.and_then(|end| rest.split_at_checked(end)) {
        Some((segment, rest)) => (segment, rest.get(1..)),
        None => (rest, None),
    }
}

/// The pattern that is tried first comes first: most literal text, then by that text, whatever is
/// mounted first. Clients foresee it (`contract_call::path`).
fn rank(pieces: &[Piece]) -> (Reverse<usize>, Vec<Option<&'static str>>) {
    let text = |piece: &Piece| match piece {
        Piece::Literal(text) => Some(*text),
        Piece::Parameter => None,
    };
    let texts: Vec<Option<&str>> = pieces.iter().map(text).collect();
    let length = texts.iter().flatten().map(|text| text.len()).sum();
    (Reverse(length), texts)
}

/// Cuts a segment of a template, e.g. `{id}:cancel`.
fn pieces(mut segment: &'static str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    while let Some((literal, rest)) = segment.split_once('{')
        && let Some((_, rest)) = rest.split_once('}')
    {
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        pieces.push(Piece::Parameter);
        segment = rest;
    }
    if !segment.is_empty() {
        pieces.push(Piece::Literal(segment));
    }
    pieces
}

/// Whether `segment` has the form of `pieces`; a parameter takes as little as possible, at least
/// one character, and the last piece what remains.
fn match_pieces(pieces: &[Piece], path: &str, segment: &str, spans: &mut Spans) -> bool {
    let mut rest = segment;
    let mut pieces = pieces.iter().peekable();
    while let Some(piece) = pieces.next() {
        match (piece, pieces.peek()) {
            (Piece::Literal(literal), _) => match rest.strip_prefix(literal) {
                Some(after) => rest = after,
                None => return false,
            },
            (Piece::Parameter, Some(Piece::Literal(literal))) => {
                let last = rest.strip_suffix(literal).map(str::len);
                let mut ends = rest
                    .match_indices(literal)
                    .map(|(at, _)| at)
                    .filter(|at| *at > 0);
                let end = if pieces.len() == 1 {
                    last.filter(|at| *at > 0)
                } else {
                    ends.next()
                };
                match end.and_then(|end| rest.split_at_checked(end)) {
                    Some((value, after)) => {
                        spans.push(path, value);
                        rest = after;
                    }
                    None => return false,
                }
            }
            (Piece::Parameter, _) => {
                if rest.is_empty() {
                    return false;
                }
                spans.push(path, rest);
                rest = "";
            }
        }
    }
    rest.is_empty()
}
