//! The last look at all types together: which are used where, which contain themselves, and
//! their final order.

use std::collections::HashSet;

use super::build::any;
use super::direction::{keep_tags, split_by_direction};
use super::table::Table;
use super::unions::find_several;
use crate::lower::Problems;
use crate::model::{Additional, Api, Body, Content, Kind, Shape, TypeDef, TypeId, Use};

/// Moves the types of `table` into `api`, marked, boxed and sorted by name.
pub(in crate::lower) fn finish(table: Table, api: &mut Api, problems: &mut Problems) {
    // A type is only missing after a refusal.
    let Some((mut types, mut names, checks)) = table.complete().filter(|_| !problems.refuses())
    else {
        return;
    };
    let (requests, answers) = (
        reachable(&types, request_uses(api)),
        reachable(&types, answer_uses(api)),
    );
    for (index, def) in types.iter_mut().enumerate() {
        def.in_request = requests.contains(&TypeId(index));
        def.in_response = answers.contains(&TypeId(index));
    }
    api.checks = checks;
    keep_all(&mut types);
    keep_tags(&mut types, problems);
    split_by_direction(&mut types, &mut names, api);
    find_several(&mut types);
    check_aliases(&types, problems);
    check_bytes(&types, api, problems);
    box_recursion(&mut types);
    sort(types, api);
}

/// Lets types lose nothing of a value that is held against a schema as a whole: a word may speak of properties
/// that no type lists.
fn keep_all(types: &mut [TypeDef]) {
    let mut checked = Vec::new();
    for (index, def) in types.iter().enumerate() {
        if def.check.is_some() {
            checked.push(Use {
                shape: Shape::Named(TypeId(index)),
                nullable: false,
            });
        }
        each_use(&def.kind, &mut |value, _| find_checked(value, &mut checked));
    }
    if checked.is_empty() {
        return;
    }
    for id in reachable(types, checked.iter()) {
        if let Some(Kind::Struct(body)) = types.get_mut(id.0).map(|def| &mut def.kind)
            && matches!(body.additional, Additional::Ignored)
        {
            body.additional = Additional::Kept(Box::new(any()));
        }
    }
}

fn find_checked(value: &Use, found: &mut Vec<Use>) {
    match &value.shape {
        Shape::Checked(inner, _) => found.push((**inner).clone()),
        Shape::Array(inner, _) | Shape::Map(inner, _) => find_checked(inner, found),
        _ => {}
    }
}

/// Refuses aliases of themselves, and unions that are a choice of themselves: Rust has
/// neither.
fn check_aliases(types: &[TypeDef], problems: &mut Problems) {
    for (index, def) in types.iter().enumerate() {
        let is_union = matches!(def.kind, Kind::Union(_));
        if !is_union && !matches!(def.kind, Kind::Alias(_)) {
            continue;
        }
        let next = |id: TypeId| match (types.get(id.0).map(|def| &def.kind), is_union) {
            (Some(Kind::Alias(value)), false) => named(value).into_iter().collect(),
            (Some(Kind::Alias(value)), true) => direct(value).into_iter().collect(),
            (Some(Kind::Union(union)), true) => union
                .variants
                .iter()
                .filter_map(|variant| direct(&variant.value))
                .collect(),
            _ => Vec::new(),
        };
        let mut seen = HashSet::new();
        let mut open = vec![TypeId(index)];
        while let Some(id) = open.pop() {
            open.extend(next(id).into_iter().filter(|id| seen.insert(*id)));
        }
        if seen.contains(&TypeId(index)) {
            problems.refuse_key(
                &def.pointer,
                format!("`{}` contains itself without a property between", def.name),
                "put the inner value into a property of an object",
            );
        }
    }
}

/// Warns of bytes in JSON.
fn check_bytes(types: &[TypeDef], api: &Api, problems: &mut Problems) {
    let json = contents(api).filter_map(|content| match &content.body {
        Body::Json(value) => Some(value),
        Body::Sequence(sequence) => Some(&sequence.item),
        Body::Multipart(form) | Body::Form(form) => form.whole.as_ref(),
        _ => None,
    });
    for id in reachable(types, json.chain(events(api))) {
        let Some(def) = types.get(id.0) else { continue };
        let mut places = Vec::new();
        each_use(&def.kind, &mut |value, pointer| {
            if has_bytes(value) {
                places.push(pointer.unwrap_or(&def.pointer).to_owned());
            }
        });
        for place in places {
            problems.warn(
                &place,
                "raw bytes cannot be part of JSON: any text is read here",
                "use `contentEncoding: base64` (`format: byte` in OpenAPI 3.0), or a form",
            );
        }
    }
}

fn contents(api: &Api) -> impl Iterator<Item = &Content> {
    api.operations.iter().flat_map(|operation| {
        let body = operation.body.iter().flat_map(|body| &body.content);
        body.chain(operation.answers.iter().flat_map(|answer| &answer.content))
    })
}

/// What webhooks send.
fn events(api: &Api) -> impl Iterator<Item = &Use> {
    let webhooks = api.webhooks.iter().flat_map(|webhooks| &webhooks.each);
    webhooks.map(|webhook| &webhook.value)
}

/// What requests are made of.
fn request_uses(api: &Api) -> impl Iterator<Item = &Use> {
    api.operations.iter().flat_map(|operation| {
        let parameters = operation.parameters.iter().map(|one| &one.value);
        let contents = operation.body.iter().flat_map(|body| &body.content);
        parameters.chain(contents.flat_map(content_uses))
    })
}

/// What answers and webhooks are made of.
fn answer_uses(api: &Api) -> impl Iterator<Item = &Use> {
    let answers = api
        .operations
        .iter()
        .flat_map(|operation| &operation.answers);
    let uses = answers.flat_map(|answer| {
        let headers = answer.headers.iter().map(|header| &header.value);
        headers.chain(answer.content.iter().flat_map(content_uses))
    });
    uses.chain(events(api))
}

fn content_uses(content: &Content) -> Vec<&Use> {
    match &content.body {
        Body::Json(value) | Body::Text(value) => vec![value],
        Body::Sequence(sequence) => vec![&sequence.item],
        Body::Multipart(form) | Body::Form(form) => form.uses().collect(),
        Body::Binary(_) => Vec::new(),
    }
}

/// Every type that `from` contain, in no order.
fn reachable<'u>(types: &[TypeDef], from: impl Iterator<Item = &'u Use>) -> HashSet<TypeId> {
    let mut seen = HashSet::new();
    let mut open: Vec<TypeId> = from.filter_map(named).collect();
    while let Some(id) = open.pop() {
        if seen.insert(id)
            && let Some(def) = types.get(id.0)
        {
            each_use(&def.kind, &mut |value, _| open.extend(named(value)));
        }
    }
    seen
}

/// The type that `value` names, also as item or value of a map.
pub(super) fn named(value: &Use) -> Option<TypeId> {
    match &value.shape {
        Shape::Named(id) => Some(*id),
        Shape::Array(inner, _) | Shape::Map(inner, _) | Shape::Checked(inner, _) => named(inner),
        _ => None,
    }
}

/// The type that `value` names, not counting items and values of maps.
fn direct(value: &Use) -> Option<TypeId> {
    match &value.shape {
        Shape::Named(id) => Some(*id),
        Shape::Checked(inner, _) => direct(inner),
        _ => None,
    }
}

fn has_bytes(value: &Use) -> bool {
    match &value.shape {
        Shape::Binary => true,
        Shape::Array(inner, _) | Shape::Map(inner, _) | Shape::Checked(inner, _) => {
            has_bytes(inner)
        }
        _ => false,
    }
}

/// Calls `visit` with every use in `kind`, and the pointer where it has one.
pub(super) fn each_use(kind: &Kind, visit: &mut dyn FnMut(&Use, Option<&str>)) {
    match kind {
        Kind::Struct(body) => {
            for field in &body.fields {
                visit(&field.value, Some(&field.pointer));
            }
            if let Additional::Kept(value) = &body.additional {
                visit(value, None);
            }
        }
        Kind::Enum(_) => {}
        Kind::Union(union) => {
            for variant in &union.variants {
                visit(&variant.value, None);
            }
        }
        Kind::Alias(value) => visit(value, None),
    }
}

/// Boxes the fields through which a struct contains itself.
fn box_recursion(types: &mut [TypeDef]) {
    let edges: Vec<Vec<TypeId>> = types
        .iter()
        .map(|def| {
            let mut targets = Vec::new();
            each_use(&def.kind, &mut |value, _| {
                targets.extend(direct(value));
            });
            targets
        })
        .collect();
    let circles = circles(&edges);
    for (index, def) in types.iter_mut().enumerate() {
        let Kind::Struct(body) = &mut def.kind else {
            continue;
        };
        for field in &mut body.fields {
            if let Some(id) = direct(&field.value) {
                field.boxed = circles
                    .get(index)
                    .is_some_and(|circle| circle.is_some() && circles.get(id.0) == Some(circle));
            }
        }
    }
}

/// For each node the number of the circle it is part of: Tarjan's strongly connected components,
/// without recursion.
fn circles(edges: &[Vec<TypeId>]) -> Vec<Option<usize>> {
    const NEW: usize = usize::MAX;
    let mut order = vec![NEW; edges.len()];
    let mut low = vec![NEW; edges.len()];
    let mut circles = vec![None; edges.len()];
    let mut on_stack = vec![false; edges.len()];
    let (mut stack, mut count) = (Vec::new(), 0);
    for start in 0..edges.len() {
        if order[start] != NEW {
            continue;
        }
        let mut open = vec![(start, 0)];
        while let Some((node, edge)) = open.pop() {
            if edge == 0 {
                (order[node], low[node]) = (count, count);
                count += 1;
                stack.push(node);
                on_stack[node] = true;
            } else {
                // The edge before this one was followed to its end.
                let TypeId(before) = edges[node][edge - 1];
                if on_stack[before] {
                    low[node] = low[node].min(low[before]);
                }
            }
            if let Some(&TypeId(next)) = edges[node].get(edge) {
                open.push((node, edge + 1));
                if order[next] == NEW {
                    open.push((next, 0));
                }
                continue;
            }
            if low[node] == order[node] {
                let from = stack
                    .iter()
                    .rposition(|&other| other == node)
                    .unwrap_or_default();
                let circle = stack.split_off(from);
                let is_circle = circle.len() > 1 || edges[node].contains(&TypeId(node));
                for member in circle {
                    on_stack[member] = false;
                    circles[member] = is_circle.then_some(node);
                }
            }
        }
    }
    circles
}

/// Sorts `types` by name into `api`, and renumbers every use.
fn sort(types: Vec<TypeDef>, api: &mut Api) {
    let mut order: Vec<usize> = (0..types.len()).collect();
    order.sort_by(|a, b| {
        let name = |index: &usize| types.get(*index).map(|def| def.name.as_str());
        name(a).cmp(&name(b))
    });
    let mut places = vec![0; types.len()];
    for (place, &index) in order.iter().enumerate() {
        if let Some(slot) = places.get_mut(index) {
            *slot = place;
        }
    }
    let renumber = |id: &mut TypeId| {
        if let Some(&place) = places.get(id.0) {
            id.0 = place;
        }
    };
    let mut types: Vec<(usize, TypeDef)> = types.into_iter().enumerate().collect();
    types.sort_by_key(|(index, _)| places.get(*index).copied());
    api.types = types.into_iter().map(|(_, def)| def).collect();
    for def in &mut api.types {
        each_id(&mut def.kind, &renumber);
    }
    each_request_use(api, &renumber);
    for operation in &mut api.operations {
        if let Some(paging) = &mut operation.paging {
            in_use(&mut paging.item, &renumber);
        }
        for answer in &mut operation.answers {
            for header in &mut answer.headers {
                in_use(&mut header.value, &renumber);
            }
            for content in &mut answer.content {
                in_content(content, &renumber);
            }
        }
    }
    for webhook in api.webhooks.iter_mut().flat_map(|all| &mut all.each) {
        in_use(&mut webhook.value, &renumber);
    }
    if let Some(error) = &mut api.error {
        renumber(error);
    }
    api.error = api.error.filter(|error| is_type(&api.types, *error));
}

/// Whether `id` is a type of its own rather than another name of a value: only such can be made for refusals.
fn is_type(types: &[TypeDef], id: TypeId) -> bool {
    let mut at = id;
    for _ in 0..types.len() {
        match types.get(at.0).map(|def| &def.kind) {
            Some(Kind::Alias(value)) => match value.shape {
                Shape::Named(inner) => at = inner,
                _ => return false,
            },
            found => return found.is_some(),
        }
    }
    false
}

/// Shows `change` every type that `kind` names.
pub(super) fn each_id(kind: &mut Kind, change: &impl Fn(&mut TypeId)) {
    match kind {
        Kind::Struct(body) => {
            for field in &mut body.fields {
                in_use(&mut field.value, change);
            }
            if let Additional::Kept(value) = &mut body.additional {
                in_use(value, change);
            }
        }
        Kind::Enum(_) => {}
        Kind::Union(union) => {
            for variant in &mut union.variants {
                in_use(&mut variant.value, change);
            }
        }
        Kind::Alias(value) => in_use(value, change),
    }
}

/// Shows `change` every type that requests name.
pub(super) fn each_request_use(api: &mut Api, change: &impl Fn(&mut TypeId)) {
    for operation in &mut api.operations {
        for parameter in &mut operation.parameters {
            in_use(&mut parameter.value, change);
        }
        for content in operation.body.iter_mut().flat_map(|body| &mut body.content) {
            in_content(content, change);
        }
    }
}

fn in_content(content: &mut Content, change: &impl Fn(&mut TypeId)) {
    match &mut content.body {
        Body::Json(value) | Body::Text(value) => in_use(value, change),
        Body::Sequence(sequence) => in_use(&mut sequence.item, change),
        Body::Multipart(form) | Body::Form(form) => {
            form.uses_mut().for_each(|value| in_use(value, change));
        }
        Body::Binary(_) => {}
    }
}

fn in_use(value: &mut Use, change: &impl Fn(&mut TypeId)) {
    match &mut value.shape {
        Shape::Named(id) => change(id),
        Shape::Array(inner, _) | Shape::Map(inner, _) | Shape::Checked(inner, _) => {
            in_use(inner, change);
        }
        _ => {}
    }
}
