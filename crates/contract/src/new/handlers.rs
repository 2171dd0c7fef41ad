//! Handlers that are not written yet: a file per tag, in which each operation answers an example of the contract.
//! rustfmt breaks the lines.

use std::fmt::Write as _;

use contract_codegen::model::{Answer, Api, Body, Content, Framing, Operation, Shape, Status, Tag};

use crate::client::one_line;

/// The files of `face`, by their name, and the module that lists them.
pub(super) fn files(api: &Api) -> Vec<(String, String)> {
    let modules = modules(api);
    let mut list = String::from("//! The operations of the contract, a file per tag.\n\n");
    let mut sorted: Vec<&String> = modules.iter().collect();
    // As rustfmt sorts them.
    sorted.sort();
    for module in sorted {
        let _ = writeln!(list, "mod {module};");
    }
    let mut files = vec![("mod.rs".to_owned(), list)];
    for (index, (tag, module)) in api.tags.iter().zip(&modules).enumerate() {
        files.push((format!("{module}.rs"), face(api, index, tag)));
    }
    files
}

/// An expression that mounts `service` with all tags.
pub(super) fn mount(api: &Api) -> String {
    let calls = api.tags.iter().map(|tag| format!(".{}()", tag.mount));
    format!("Mount::new(Arc::new(service)){}", calls.collect::<String>())
}

/// Names of the modules: plain ASCII, since files are called so.
fn modules(api: &Api) -> Vec<String> {
    let mut modules: Vec<String> = Vec::new();
    for tag in &api.tags {
        let name = tag.mount.trim_start_matches("r#");
        let plain = name.chars().map(|c| if c.is_ascii() { c } else { '_' });
        let mut module: String = plain.collect();
        if syn::parse_str::<syn::Ident>(&module).is_err() {
            module.push_str("_tag");
        }
        while modules.contains(&module) {
            module.push('_');
        }
        modules.push(module);
    }
    modules
}

fn face(api: &Api, index: usize, tag: &Tag) -> String {
    let operations = api.operations.iter();
    let operations: Vec<_> = operations
        .filter(|operation| operation.tag == index)
        .collect();
    let known = operations
        .iter()
        .any(|operation| !operation.security.is_empty());
    let mut text = format!(
        "//! Operations of the tag `{}`.\n\nuse api::*;\n\nuse crate::{{{}Fault, Service, example}};\n\n\
         impl {} for Service {{\n",
        one_line(&tag.name),
        if known { "Caller, " } else { "" },
        tag.trait_name()
    );
    let handlers: Vec<String> = operations.into_iter().map(handler).collect();
    text.push_str(&handlers.join("\n"));
    text.push_str("}\n");
    text
}

fn handler(operation: &Operation) -> String {
    let mut text = format!("    /// `{} {}`", operation.method.as_str(), operation.path);
    let summary = operation.summary.as_deref().map(one_line);
    if let Some(summary) = summary.filter(|summary| !summary.is_empty()) {
        let _ = write!(text, ": {summary}");
    }
    text.push('\n');
    text.push_str(&signature(operation));
    let Some(answer) = chosen(&operation.answers) else {
        // The generator refuses an operation without answers.
        return text + "        Err(\"not written yet\".into())\n    }\n";
    };
    let status = match answer.status {
        Status::Code(code) => code.to_string(),
        Status::Range(class) => format!("{class}XX"),
        Status::Default => "default".to_owned(),
    };
    let Held { before, fields } = held(answer);
    let used = before
        .iter()
        .chain(&fields)
        .any(|code| code.contains("example."));
    let named = if used { "let example = " } else { "" };
    let operation_name = &operation.ident;
    let _ = writeln!(
        text,
        "        {named}example::of(Operation::{operation_name}, {status:?})?;"
    );
    text.extend(before);
    let held = match fields.is_empty() {
        true => String::new(),
        false => format!("({})", fields.join(", ")),
    };
    let _ = writeln!(
        text,
        "        Ok({}::{}{held})",
        operation.response_type(),
        answer.ident
    );
    text + "    }\n"
}

/// The head of a handler.
fn signature(operation: &Operation) -> String {
    let caller = if operation.security.iter().any(Vec::is_empty) {
        " _caller: Option<Caller>,"
    } else if !operation.security.is_empty() {
        " _caller: Caller,"
    } else {
        ""
    };
    format!(
        "    async fn {}(&self,{caller} _request: {}) -> Result<{}, Fault> {{\n",
        operation.snake,
        operation.request_type(),
        operation.response_type()
    )
}

/// The answer of success, or else what comes closest.
fn chosen(answers: &[Answer]) -> Option<&Answer> {
    let is_class = |answer: &&Answer, wanted: u16| match answer.status {
        Status::Code(code) => code / 100 == wanted,
        Status::Range(class) => u16::from(class) == wanted,
        Status::Default => false,
    };
    let success = answers.iter().find(|answer| is_class(answer, 2));
    let other = || {
        answers
            .iter()
            .find(|answer| answer.status == Status::Default)
    };
    let moved = || answers.iter().find(|answer| is_class(answer, 3));
    success.or_else(other).or_else(moved).or(answers.first())
}

/// What the variant of an answer holds.
#[derive(Default)]
struct Held {
    /// Statements that make it.
    before: Vec<String>,
    fields: Vec<String>,
}

fn held(answer: &Answer) -> Held {
    let mut held = Held::default();
    match answer.status {
        Status::Code(_) => {}
        Status::Range(class) => {
            let made = format!("support::RangeStatus::new(support::status({class}00))");
            held.before
                .push(binding("status", &format!("{made}.ok_or(\"no status\")?")));
            held.fields.push("status".to_owned());
        }
        Status::Default => held.fields.push("support::status(200)".to_owned()),
    }
    let content = answer.content.iter();
    let json = content
        .clone()
        .find(|one| matches!(one.body, Body::Json(_)));
    let text = content
        .clone()
        .find(|one| matches!(one.body, Body::Text(_)));
    if let Some(content) = json.or(text).or(answer.content.first()) {
        let mut made = body(content, &mut held);
        if let Some(several) = &answer.body_ident {
            made = format!("{several}::{}({made})", content.ident);
        }
        // What is no plain call has a name.
        if answer.body_ident.is_some() || content.streamed.is_some() {
            held.before.push(binding("body", &made));
            made = "body".to_owned();
        }
        held.fields.push(made);
    }
    if let Some(headers) = &answer.headers_type {
        let names = answer
            .headers
            .iter()
            .map(|header| (&header.ident, &header.wire));
        let lines = names.map(|(ident, wire)| format!("{ident}: example.header({wire:?})?"));
        held.before.push(literal("headers", &headers.ident, lines));
        held.fields.push("headers".to_owned());
    }
    held
}

/// Code of a body.
fn body(content: &Content, held: &mut Held) -> String {
    let (kind, field, value) = match &content.body {
        Body::Json(_) if content.streamed.is_some() => {
            return "support::Streamed::Whole(example.body()?)".to_owned();
        }
        Body::Sequence(sequence) if sequence.framing == Framing::RawParts => {
            return "support::Items::default()".to_owned();
        }
        Body::Sequence(_) => return "support::Items::of(example.items()?)".to_owned(),
        Body::Json(_) => ("support::Typed", "body", "example.body()?"),
        Body::Text(value) if matches!(value.shape, Shape::String(_)) => {
            ("support::Typed", "body", "example.text()?")
        }
        Body::Text(_) => ("support::Typed", "body", "example.body()?"),
        _ => ("support::Blob", "bytes", "example.bytes()?.into()"),
    };
    if !content.is_open() {
        return value.to_owned();
    }
    let content_type = match content.media_type.as_str() {
        "text/*" => "text/plain; charset=utf-8".to_owned(),
        "*/*" | "application/*" if matches!(content.body, Body::Json(_)) => {
            "application/json".to_owned()
        }
        "*/*" if matches!(content.body, Body::Text(_)) => "text/plain; charset=utf-8".to_owned(),
        "*/*" | "application/*" => "application/octet-stream".to_owned(),
        // Whatever it is, it has to be one.
        range => range.replace('*', "x"),
    };
    let fields = [
        format!("content_type: {content_type:?}.to_owned()"),
        format!("{field}: {value}"),
    ];
    held.before.push(literal("body", kind, fields));
    "body".to_owned()
}

/// A statement that names a value.
fn binding(name: &str, value: &str) -> String {
    format!("        let {name} = {value};\n")
}

/// A statement that makes a struct.
fn literal(name: &str, kind: &str, fields: impl IntoIterator<Item = String>) -> String {
    let fields = fields.into_iter();
    let fields: String = fields
        .map(|field| format!("            {field},\n"))
        .collect();
    format!("        let {name} = {kind} {{\n{fields}        }};\n")
}
