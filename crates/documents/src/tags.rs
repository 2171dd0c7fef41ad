//! The structure of a document, by which a reader for the blind tells a heading from a cell.

/// Place in [`Tree`].
pub(crate) type NodeId = usize;

/// What a part is. Text that is of none is an artifact: heads, feet, headers that are repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Document,
    Title,
    Heading,
    Part,
    Paragraph,
    Table,
    Row,
    HeaderCell,
    Cell,
}

/// The parts, each after the one it is in.
#[derive(Debug)]
pub(crate) struct Tree(Vec<Node>);

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) role: Role,
    /// `None` for the document.
    pub(crate) parent: Option<NodeId>,
    pub(crate) kids: Vec<Kid>,
}

/// What a part is made of, in the order in which it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kid {
    Node(NodeId),
    /// What is marked with `mark` in the content of a page.
    Content {
        page: usize,
        mark: i32,
    },
}

/// The document itself.
pub(crate) const ROOT: NodeId = 0;

impl Tree {
    pub(crate) fn new() -> Tree {
        Tree(vec![Node {
            role: Role::Document,
            parent: None,
            kids: Vec::new(),
        }])
    }

    /// A part at the end of `parent`.
    pub(crate) fn add(&mut self, parent: NodeId, role: Role) -> NodeId {
        let id = self.0.len();
        self.0.push(Node {
            role,
            parent: Some(parent),
            kids: Vec::new(),
        });
        self.push(parent, Kid::Node(id));
        id
    }

    pub(crate) fn push(&mut self, parent: NodeId, kid: Kid) {
        if let Some(parent) = self.0.get_mut(parent) {
            parent.kids.push(kid);
        }
    }

    pub(crate) fn nodes(&self) -> &[Node] {
        &self.0
    }
}
