//! The structure as PDF: elements, what they are made of, and the way back from a mark to its element.

use pdf_writer::types::{StructRole, TableHeaderScope};
use pdf_writer::writers::StructTreeRoot;
use pdf_writer::{Finish, Name, Pdf, Ref};

use super::{Ids, number};
use crate::tags::{Kid, Node, NodeId, ROOT, Role, Tree};

/// The objects of the structure.
pub(super) struct Structure {
    pub(super) root: Ref,
    document: Ref,
    /// By page, the elements of its marks.
    pages: Vec<Ref>,
}

fn role(role: Role) -> StructRole {
    match role {
        Role::Document => StructRole::Document,
        Role::Title => StructRole::H1,
        Role::Heading => StructRole::H2,
        Role::Part => StructRole::Sect,
        Role::Paragraph => StructRole::P,
        Role::Table => StructRole::Table,
        Role::Row => StructRole::TR,
        Role::HeaderCell => StructRole::TH,
        Role::Cell => StructRole::TD,
    }
}

/// As content is marked.
pub(super) fn name(of: Option<Role>) -> Name<'static> {
    role(of.unwrap_or(Role::Paragraph)).to_name()
}

/// `marked` has for each page the parts that its marks belong to.
pub(super) fn write(
    pdf: &mut Pdf,
    ids: &mut Ids,
    tree: &Tree,
    pages: &[Ref],
    marked: &[Vec<NodeId>],
) -> Structure {
    let root = ids.next();
    let elements: Vec<Ref> = tree.nodes().iter().map(|_| ids.next()).collect();
    let element = |node: NodeId| elements.get(node).copied().unwrap_or(root);
    let is_kept = kept(tree);
    for (id, node) in tree.nodes().iter().enumerate() {
        if !is_kept[id] {
            continue;
        }
        let mut written = pdf.struct_element(element(id));
        written
            .kind(role(node.role))
            .parent(node.parent.map_or(root, element));
        if node.role == Role::HeaderCell {
            written
                .attributes()
                .push()
                .table()
                .scope(TableHeaderScope::Column);
        }
        // Said once if it is the same for all: there are as many elements as cells.
        let page = the_page(node);
        if let Some(page) = page.and_then(|page| pages.get(page)) {
            written.page(*page);
        }
        let mut children = written.children();
        for kid in &node.kids {
            match kid {
                Kid::Node(kid) if is_kept[*kid] => {
                    children.struct_element(element(*kid));
                }
                Kid::Node(_) => {}
                Kid::Content { mark, .. } if page.is_some() => {
                    children.marked_content_id(*mark);
                }
                Kid::Content { page, mark } => {
                    let mut content = children.marked_content_ref();
                    content.marked_content_id(*mark);
                    if let Some(page) = pages.get(*page) {
                        content.page(*page);
                    }
                }
            }
        }
        children.finish();
    }
    let of_pages = marked.iter().map(|owners| {
        let id = ids.next();
        pdf.indirect(id)
            .array()
            .items(owners.iter().map(|owner| element(*owner)));
        id
    });
    Structure {
        root,
        document: element(ROOT),
        pages: of_pages.collect(),
    }
}

/// The root, by which elements are found.
pub(super) fn root(pdf: &mut Pdf, structure: &Structure) {
    let mut root = pdf.indirect(structure.root).start::<StructTreeRoot>();
    root.child(structure.document);
    let mut parents = root.parent_tree();
    let mut parents = parents.nums();
    for (page, elements) in structure.pages.iter().enumerate() {
        parents.insert(number(page), *elements);
    }
    parents.finish();
}

/// The page that all content of a part is on.
fn the_page(node: &Node) -> Option<usize> {
    let mut pages = node.kids.iter().filter_map(|kid| match kid {
        Kid::Node(_) => None,
        Kid::Content { page, .. } => Some(*page),
    });
    let first = pages.next()?;
    pages.all(|page| page == first).then_some(first)
}

/// Which parts have something in them. Cells have their place in a row even when they are empty.
fn kept(tree: &Tree) -> Vec<bool> {
    let nodes = tree.nodes();
    let mut kept: Vec<bool> = nodes.iter().map(is_kept).collect();
    for (id, node) in nodes.iter().enumerate().rev() {
        if let (true, Some(parent)) = (kept[id], node.parent) {
            kept[parent] = true;
        }
    }
    kept
}

fn is_kept(node: &Node) -> bool {
    let is_cell = matches!(node.role, Role::Cell | Role::HeaderCell | Role::Document);
    is_cell
        || node
            .kids
            .iter()
            .any(|kid| matches!(kid, Kid::Content { .. }))
}
