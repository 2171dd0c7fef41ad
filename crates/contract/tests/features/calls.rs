//! Calls of a generated client, one for each of its methods, with values made from the schemas of the contract.

use std::fmt::Write as _;

use contract_codegen::Contract;
use contract_codegen::model::{Body, Content, Operation, Status};
use contract_example::make_sent as make;
use quote::ToTokens as _;
use serde_json::Value;
use syn::{FnArg, ImplItem, ImplItemFn, Item, Pat, Type};

/// Calls of the builder.
pub(super) fn setters(contract: &Contract, client: &syn::File) -> String {
    let (api, root) = (contract.model(), contract.document().root());
    let setters = api.setters();
    let methods = methods(client, "Builder");
    let calls = setters.iter().map(|setter| {
        let name = raw(&setter.name);
        let header = setter.header.filter(|_| setter.scheme.is_none());
        let made = header.and_then(|header| make(root, schema(root, &header.pointer)?));
        let method = methods.iter().find(|method| method.sig.ident == name);
        let given = match method.map(|method| inputs(method).count()) {
            Some(2) => "\"user\", \"word\"".to_owned(),
            _ => {
                let rust = method.and_then(|method| inputs(method).next());
                let rust = rust.map(|(_, rust)| rust.to_token_stream().to_string());
                let is_text = rust.is_some_and(|rust| rust.starts_with("impl"));
                match made {
                    Some(Value::String(text)) if is_text => format!("{text:?}"),
                    Some(made) => format!("value({:?})", made.to_string()),
                    None => "\"key\"".to_owned(),
                }
            }
        };
        format!(".{name}({given})")
    });
    let has_schemes = setters.iter().any(|setter| setter.scheme.is_some());
    calls.collect::<String>() + if has_schemes { ".partial()" } else { "" }
}

/// Functions that call every method, some of them each: compiled as one, hundreds of calls take more than a stack has.
pub(super) fn all(contract: &Contract, client: &syn::File) -> (String, String) {
    let methods = methods(client, "Client");
    let methods = methods
        .iter()
        .filter(|method| method.sig.asyncness.is_some());
    let mut calls = Vec::new();
    for operation in &contract.model().operations {
        let plain = operation.client_method();
        let further = format!("{}_as_", operation.snake.trim_start_matches("r#"));
        for method in methods.clone() {
            let name = method.sig.ident.to_string();
            // What can be told by name has a method more.
            let suffix = name
                .strip_prefix(&further)
                .filter(|it| !it.ends_with("_with"));
            if name == plain || suffix.is_some() {
                calls.push(call(
                    contract,
                    operation,
                    method,
                    content(operation, suffix),
                ));
            }
        }
    }
    let (mut functions, mut statements) = (String::new(), String::new());
    for (index, calls) in calls.chunks(40).enumerate() {
        let _ = writeln!(
            functions,
            "async fn calls{index}(client: &client::Client, wrong: &mut Vec<String>) {{\n{}}}\n",
            calls.concat()
        );
        let _ = writeln!(statements, "    calls{index}(&client, &mut wrong).await;");
    }
    (functions, statements)
}

/// The methods of a type.
fn methods<'f>(file: &'f syn::File, of: &str) -> Vec<&'f ImplItemFn> {
    let blocks = file.items.iter().filter_map(|item| match item {
        Item::Impl(block) if block.trait_.is_none() => Some(block),
        _ => None,
    });
    let blocks = blocks.filter(|block| block.self_ty.to_token_stream().to_string() == of);
    let items = blocks.flat_map(|block| &block.items);
    let methods = items.filter_map(|item| match item {
        ImplItem::Fn(method) => Some(method),
        _ => None,
    });
    methods.collect()
}

/// Names and types of what a method takes.
fn inputs(method: &ImplItemFn) -> impl Iterator<Item = (String, &Type)> {
    method.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(input) => match &*input.pat {
            Pat::Ident(argument) => Some((argument.ident.to_string(), &*input.ty)),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    })
}

/// What a method sends: the first of its kinds, or that which the end of its name says.
fn content<'m>(operation: &'m Operation, suffix: Option<&str>) -> Option<&'m Content> {
    let content = &operation.body.as_ref()?.content;
    let rank = |one: &&Content| match one.body {
        Body::Json(_) => 0,
        Body::Multipart(_) => 1,
        Body::Form(_) => 2,
        Body::Sequence(_) => 3,
        Body::Text(_) => 4,
        Body::Binary(_) => 5,
    };
    let words = |one: &&Content| -> String {
        let subtype = one.media_type.split('/').nth(1).unwrap_or_default();
        let words = subtype.split(|c: char| !c.is_ascii_alphanumeric());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        words.join("_").to_ascii_lowercase()
    };
    match suffix {
        Some(suffix) => content.iter().find(|one| suffix.starts_with(&words(one))),
        None => content.iter().min_by_key(rank),
    }
}

fn call(
    contract: &Contract,
    operation: &Operation,
    method: &ImplItemFn,
    content: Option<&Content>,
) -> String {
    let name = raw(&method.sig.ident.to_string());
    let shown = format!("{} {} ({name})", operation.method.as_str(), operation.path);
    let mut arguments = Vec::new();
    for (argument, rust) in inputs(method) {
        let made = made(contract, operation, &argument, content);
        let (inner, optional) = optional(rust);
        let items = content.is_some_and(|content| matches!(content.body, Body::Sequence(_)));
        let given = match inner.to_token_stream().to_string() == "B" && items {
            true => Some("contract_call::items(value::<Vec<_>>(\"[]\"))".to_owned()),
            false => expression(inner, optional, made.as_ref()),
        };
        match (given, optional) {
            (Some(made), _) => arguments.push(made),
            (None, true) => arguments.push("None".to_owned()),
            // Not every schema has a value that can be made up.
            (None, false) => {
                eprintln!("not called: {shown}, for lack of a value for `{argument}`");
                return String::new();
            }
        }
    }
    // An operation that declares errors alone is answered with one of them.
    let succeeds = operation.answers.iter().any(|answer| match answer.status {
        Status::Code(code) => code < 400,
        Status::Range(class) => class < 4,
        Status::Default => true,
    });
    let succeeds = succeeds || operation.answers.is_empty();
    format!(
        "    told(wrong, {shown:?}, {succeeds}, Box::pin(client.{name}({}))).await;\n",
        arguments.join(", ")
    )
}

/// What is inside an `Option`, and whether there is one.
fn optional(rust: &Type) -> (&Type, bool) {
    if let Type::Path(path) = rust
        && let Some(last) = path.path.segments.last()
        && last.ident == "Option"
        && let syn::PathArguments::AngleBracketed(inside) = &last.arguments
        && let Some(syn::GenericArgument::Type(inner)) = inside.args.first()
    {
        return (inner, true);
    }
    (rust, false)
}

/// A Rust expression of type `rust`.
fn expression(rust: &Type, optional: bool, made: Option<&Value>) -> Option<String> {
    let spelled = rust.to_token_stream().to_string();
    let upload = "client::Upload::new(\"file.txt\", \"content\")";
    let json = |made: &Value| format!("{:?}", made.to_string());
    let plain = match rust {
        Type::Reference(_) if spelled == "& 'a Upload" => format!("&{upload}"),
        Type::Reference(_) if spelled == "& 'a [Upload]" => format!("&[{upload}][..]"),
        Type::Reference(_) if spelled.ends_with(", Upload >") => "&Default::default()".to_owned(),
        Type::Path(_) if spelled == "B" => "\"content\".to_owned()".to_owned(),
        Type::Reference(reference) => match (&*reference.elem, made?) {
            (Type::Path(path), made) if path.path.is_ident("str") => match made {
                Value::String(text) => format!("{text:?}"),
                made => json(made),
            },
            (Type::Slice(slice), made) => {
                // Of items that may be anything, a parameter has text.
                let is_text = slice.elem.to_token_stream().to_string() == "String";
                let texts = made.as_array().filter(|_| is_text);
                let texts = texts.map(|items| items.iter().map(text).collect::<Value>());
                format!(
                    "&value::<Vec<_>>({})[..]",
                    json(&texts.unwrap_or(made.clone()))
                )
            }
            (_, made) => format!("&value({})", json(made)),
        },
        _ => format!("value({})", json(made?)),
    };
    Some(match optional {
        true => format!("Some({plain})"),
        false => plain,
    })
}

/// `item`, as text.
fn text(item: &Value) -> Value {
    let plain = item.as_str().map(str::to_owned);
    Value::String(plain.unwrap_or_else(|| item.to_string()))
}

/// A value for an argument.
fn made(
    contract: &Contract,
    operation: &Operation,
    argument: &str,
    content: Option<&Content>,
) -> Option<Value> {
    let root = contract.document().root();
    let letters = |name: &str| -> String {
        let kept = name.chars().filter(|c| c.is_alphanumeric());
        kept.flat_map(char::to_lowercase).collect()
    };
    let parameters = operation.parameters.iter();
    let parameter = parameters
        .clone()
        .find(|one| one.ident.trim_start_matches("r#") == argument.trim_start_matches("r#"))
        .or_else(|| {
            parameters
                .clone()
                .find(|one| letters(&one.wire) == letters(argument))
        });
    if let Some(parameter) = parameter {
        return make(root, schema(root, &parameter.pointer)?);
    }
    let content = content?;
    if argument == "content_type" {
        return Some(Value::String(content.media_type.replace('*', "x")));
    }
    let schema = body(root, operation, &content.media_type)?;
    if argument == "additional_properties" {
        return Some(serde_json::json!({}));
    }
    let whole = make(root, schema)?;
    let parts = match &content.body {
        Body::Multipart(form) | Body::Form(form) => &form.parts,
        _ => return Some(whole),
    };
    let part = parts
        .iter()
        .find(|part| letters(&part.ident) == letters(argument));
    match part {
        Some(part) => whole.get(&part.wire).cloned(),
        None => Some(whole),
    }
}

/// The schema of the parameter at `pointer`.
fn schema<'d>(root: &'d Value, pointer: &str) -> Option<&'d Value> {
    let mut parameter = root.pointer(pointer)?;
    while let Some(reference) = parameter.get("$ref").and_then(Value::as_str) {
        parameter = root.pointer(reference.strip_prefix('#')?)?;
    }
    let content = parameter.get("content").and_then(Value::as_object);
    let first = content.and_then(|content| content.values().next());
    parameter.get("schema").or_else(|| first?.get("schema"))
}

/// The schema of the body of a request.
fn body<'d>(root: &'d Value, operation: &Operation, media_type: &str) -> Option<&'d Value> {
    let mut body = root.pointer(&operation.pointer)?.get("requestBody")?;
    while let Some(reference) = body.get("$ref").and_then(Value::as_str) {
        body = root.pointer(reference.strip_prefix('#')?)?;
    }
    let content = body.get("content")?.as_object()?;
    let found = content
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(media_type));
    found.or_else(|| content.iter().next())?.1.get("schema")
}

/// `name`, as an identifier.
fn raw(name: &str) -> String {
    let plain = name.trim_start_matches("r#");
    match syn::parse_str::<syn::Ident>(plain) {
        Ok(_) => plain.to_owned(),
        Err(_) => format!("r#{plain}"),
    }
}
