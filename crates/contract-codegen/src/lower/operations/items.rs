//! Names of what is generated for operations beside their requests and answers: enums of several media
//! types, structs of forms and of response headers.
//!
//! Answers of one name mostly share their headers, e.g. every `TooManyRequests`; then they share the struct
//! `TooManyRequestsHeaders`. Where they differ, each operation has its own.

use std::collections::HashMap;

use crate::lower::names::Names;
use crate::model::{Answer, Body, Header, HeadersType, Operation, Status, Tag};

/// What a server has for every contract.
const TAKEN: [&str; 10] = [
    "Contract",
    "Operation",
    "Credentials",
    "SentCredentials",
    "Api",
    "Tags",
    "Mount",
    "Denial",
    "Rejection",
    "ErrorBody",
];

/// Names the items of `operations`, in the order in which they are written: tag by tag.
pub(super) fn name(tags: &[Tag], operations: &mut [Operation]) {
    let mut names = Names::default();
    for taken in TAKEN {
        names.claim(taken);
    }
    for operation in &*operations {
        names.claim(&operation.request_type());
        names.claim(&operation.response_type());
    }
    for tag in tags {
        names.claim(&tag.trait_name());
    }
    let mut headers = Headers::of(operations);
    for tag in 0..tags.len() {
        for operation in operations.iter_mut().filter(|one| one.tag == tag) {
            name_body(operation, &mut names);
            let is_done = operation.answers.iter().any(|one| one.status.is_done());
            for answer in &mut operation.answers {
                if answer.content.len() > 1 {
                    let name = format!("{}{}Body", operation.ident, answer.ident);
                    answer.body_ident = Some(names.claim(&name));
                    if answer.status == Status::Default && !is_done {
                        let name = format!("{}{}ErrorBody", operation.ident, answer.ident);
                        answer.error_ident = Some(names.claim(&name));
                    }
                }
                answer.headers_type = headers.named(answer, &operation.ident, &mut names);
            }
        }
    }
}

fn name_body(operation: &mut Operation, names: &mut Names) {
    let Some(body) = &mut operation.body else {
        return;
    };
    let one_of_several = body.content.len() > 1;
    for content in &mut body.content {
        let (form, suffix) = match &mut content.body {
            Body::Form(form) if one_of_several => (form, "UrlencodedForm"),
            Body::Form(form) | Body::Multipart(form) => (form, "Form"),
            Body::Json(_) | Body::Text(_) | Body::Sequence(_) | Body::Binary(_) => continue,
        };
        // It has a name already.
        if form.whole.is_some() {
            continue;
        }
        form.ident = names.claim(&format!("{}{suffix}", operation.ident));
    }
    body.ident = one_of_several.then(|| names.claim(&format!("{}Body", operation.ident)));
}

/// Name of an answer → whether all of that name share their headers, and how their struct is called if
/// it has its name.
struct Headers(HashMap<String, (bool, Option<String>)>);

impl Headers {
    fn of(operations: &[Operation]) -> Headers {
        let mut first: HashMap<&str, &[Header]> = HashMap::new();
        let mut all: HashMap<String, (bool, Option<String>)> = HashMap::new();
        let answers = operations.iter().flat_map(|operation| &operation.answers);
        for answer in answers.filter(|answer| !answer.headers.is_empty()) {
            let known = *first.entry(&answer.ident).or_insert(&answer.headers);
            let (shared, _) = all.entry(answer.ident.clone()).or_insert((true, None));
            *shared &= same(known, &answer.headers);
        }
        Headers(all)
    }

    fn named(&mut self, answer: &Answer, owner: &str, names: &mut Names) -> Option<HeadersType> {
        let (shared, known) = self.0.get_mut(&answer.ident)?;
        if answer.headers.is_empty() {
            return None;
        }
        let ident = match (*shared, &known) {
            (true, Some(known)) => known.clone(),
            (true, None) => names.claim(&format!("{}Headers", answer.ident)),
            (false, _) => names.claim(&format!("{owner}{}Headers", answer.ident)),
        };
        *known = Some(ident.clone());
        let shared = *shared;
        Some(HeadersType { ident, shared })
    }
}

fn same(left: &[Header], right: &[Header]) -> bool {
    let key = |header: &Header| {
        (
            header.wire.clone(),
            header.required,
            header.value.clone(),
            header.json,
        )
    };
    left.iter().map(key).eq(right.iter().map(key))
}
