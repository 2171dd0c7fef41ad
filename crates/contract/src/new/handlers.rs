//! Handlers that are not written yet: a file per tag, in which each operation answers an example of the contract.

use std::fmt::Write as _;

use contract_codegen::model::{Answer, Api, Body, Content, Operation, Status, Tag};

use crate::client::one_line;

/// Width of a line, as rustfmt has it.
const WIDTH: usize = 100;

/// Width of the arguments of a call in one line, as rustfmt has it.
const ARGUMENTS: usize = 60;

/// Width of a chain of calls in one line, as rustfmt has it.
const CHAIN: usize = 60;

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
    let calls = |before: &str| -> String {
        let calls = api.tags.iter();
        calls
            .map(|tag| format!("{before}.{}()", tag.mount))
            .collect()
    };
    let start = "Mount::new(Arc::new(service))";
    let line = format!("{start}{}", calls(""));
    match line.chars().count() <= CHAIN {
        true => line,
        false => format!("{start}{}", calls("\n        ")),
    }
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
    let arguments = [
        format!("Operation::{}", operation.ident),
        format!("{status:?}"),
    ];
    text.push_str(&call(named, "example::of", &arguments, "?;"));
    text.extend(before);
    let variant = format!("{}::{}", operation.response_type(), answer.ident);
    match fields.is_empty() {
        true => {
            let _ = writeln!(text, "        Ok({variant})");
        }
        false => text.push_str(&call("Ok(", &variant, &fields, ")")),
    }
    text + "    }\n"
}

/// The head of a handler.
fn signature(operation: &Operation) -> String {
    let mut arguments = vec!["&self".to_owned()];
    if operation.security.iter().any(Vec::is_empty) {
        arguments.push("_caller: Option<Caller>".to_owned());
    } else if !operation.security.is_empty() {
        arguments.push("_caller: Caller".to_owned());
    }
    arguments.push(format!("_request: {}", operation.request_type()));
    let name = &operation.snake;
    let result = format!("Result<{}, Fault>", operation.response_type());
    let line = format!(
        "    async fn {name}({}) -> {result} {{",
        arguments.join(", ")
    );
    if line.chars().count() <= WIDTH {
        return line + "\n";
    }
    let arguments: String = arguments
        .iter()
        .map(|one| format!("        {one},\n"))
        .collect();
    format!("    async fn {name}(\n{arguments}    ) -> {result} {{\n")
}

/// A call in a handler, in as many lines as rustfmt gives it.
fn call(before: &str, name: &str, arguments: &[String], behind: &str) -> String {
    let inner = arguments.join(", ");
    let line = format!("        {before}{name}({inner}){behind}");
    let width = |text: &str| text.chars().count();
    // Of a call within another, all of it is an argument.
    let arguments_width = match before {
        "Ok(" => width(name) + width(&inner) + 2,
        _ => width(&inner),
    };
    if width(&line) <= WIDTH && arguments_width <= ARGUMENTS {
        return line + "\n";
    }
    let arguments: String = arguments
        .iter()
        .map(|one| format!("            {one},\n"))
        .collect();
    format!("        {before}{name}(\n{arguments}        ){behind}\n")
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
    let text = content.clone().find(|one| matches!(one.body, Body::Text));
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
    let open = content.media_type.contains('*');
    let content_type = match &content.body {
        Body::Json(_) if content.streamed.is_some() => {
            return "support::Streamed::Whole(example.body()?)".to_owned();
        }
        Body::Json(_) => return "example.body()?".to_owned(),
        Body::Text if !open => return "example.text()?".to_owned(),
        Body::Text => "text/plain; charset=utf-8",
        Body::Binary if open => "application/octet-stream",
        _ => return "example.bytes()?.into()".to_owned(),
    };
    let fields = [
        format!("content_type: {content_type:?}.to_owned()"),
        "bytes: example.bytes()?.into()".to_owned(),
    ];
    held.before.push(literal("body", "support::Blob", fields));
    "body".to_owned()
}

/// A statement that names a value.
fn binding(name: &str, value: &str) -> String {
    let line = format!("        let {name} = {value};\n");
    match line.chars().count() > WIDTH + 1 {
        true => format!("        let {name} =\n            {value};\n"),
        false => line,
    }
}

/// A statement that makes a struct.
fn literal(name: &str, kind: &str, fields: impl IntoIterator<Item = String>) -> String {
    let fields = fields.into_iter();
    let fields: String = fields
        .map(|field| format!("            {field},\n"))
        .collect();
    format!("        let {name} = {kind} {{\n{fields}        }};\n")
}
