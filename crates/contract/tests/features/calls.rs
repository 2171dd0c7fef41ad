//! Calls of a generated client, one for each of its methods, with values made from the schemas of the contract.

use contract_codegen::model::{Body, Content, Operation, SecurityKind, Status};
use contract_codegen::{Contract, Target};
use contract_example::make;
use quote::ToTokens as _;
use serde_json::Value;
use syn::{FnArg, ImplItem, ImplItemFn, Item, Pat, Type};

/// Calls of the builder.
pub(super) fn setters(contract: &Contract) -> String {
    let (api, root) = (contract.model(), contract.document().root());
    let setters = api.setters();
    let calls = setters.iter().map(|setter| {
        let name = raw(&setter.name);
        let given = match (setter.scheme, setter.header) {
            (Some(scheme), _) if scheme.kind == SecurityKind::Basic => {
                "\"user\", \"word\"".to_owned()
            }
            (Some(_), _) => "\"key\"".to_owned(),
            (None, Some(header)) => {
                let made = schema(root, &header.pointer).and_then(|schema| make(root, schema));
                match made {
                    Some(Value::String(text)) => format!("{text:?}"),
                    made => format!("value({:?})", made.unwrap_or_default().to_string()),
                }
            }
            (None, None) => return String::new(),
        };
        format!(".{name}({given})")
    });
    let has_schemes = setters.iter().any(|setter| setter.scheme.is_some());
    calls.collect::<String>() + if has_schemes { ".partial()" } else { "" }
}

/// Statements that call every method.
pub(super) fn all(contract: &Contract) -> String {
    let file = syn::parse_file(&contract.generate(Target::Client)).expect("the client is Rust");
    let methods: Vec<ImplItemFn> = file.items.into_iter().flat_map(methods).collect();
    let api = contract.model();
    let mut text = String::new();
    for operation in &api.operations {
        let plain = operation.client_method();
        let further = format!("{}_as_", operation.snake.trim_start_matches("r#"));
        for method in &methods {
            let name = method.sig.ident.to_string();
            let suffix = name.strip_prefix(&further);
            if name != plain && suffix.is_none() {
                continue;
            }
            let content = content(operation, suffix);
            text.push_str(&call(contract, operation, method, content));
        }
    }
    text
}

/// The methods that send something.
fn methods(item: Item) -> Vec<ImplItemFn> {
    let Item::Impl(item) = item else {
        return Vec::new();
    };
    let is_client = item.trait_.is_none() && item.self_ty.to_token_stream().to_string() == "Client";
    let methods = item.items.into_iter().filter_map(|item| match item {
        ImplItem::Fn(method) if method.sig.asyncness.is_some() => Some(method),
        _ => None,
    });
    methods.filter(|_| is_client).collect()
}

/// What a method sends: the first of its kinds, or that which the end of its name says.
fn content<'m>(operation: &'m Operation, suffix: Option<&str>) -> Option<&'m Content> {
    let content = &operation.body.as_ref()?.content;
    let rank = |one: &&Content| match one.body {
        Body::Json(_) => 0,
        Body::Multipart(_) => 1,
        Body::Form(_) => 2,
        Body::Text(_) => 3,
        Body::Binary(_) => 4,
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
    for input in &method.sig.inputs {
        let FnArg::Typed(input) = input else { continue };
        let Pat::Ident(argument) = &*input.pat else {
            continue;
        };
        let argument = argument.ident.to_string();
        let made = made(contract, operation, &argument, content);
        let (inner, optional) = optional(&input.ty);
        match (expression(inner, optional, made.as_ref()), optional) {
            (Some(made), _) => arguments.push(made),
            (None, true) => arguments.push("None".to_owned()),
            (None, false) => {
                return format!(
                    "    wrong.push(\"{shown}: nothing to say for `{argument}`\".to_owned());\n"
                );
            }
        }
    }
    let call = format!("told(client.{name}({}).await)", arguments.join(", "));
    // An operation that declares errors alone is answered with one of them.
    let succeeds = operation.answers.iter().any(|answer| match answer.status {
        Status::Code(code) => code < 400,
        Status::Range(class) => class < 4,
        Status::Default => true,
    });
    match succeeds || operation.answers.is_empty() {
        true => format!(
            "    if let Err(why) = {call} {{ wrong.push(format!(\"{{}}: {{why}}\", {shown:?})); }}\n"
        ),
        false => format!(
            "    if {call}.is_ok() {{ wrong.push(format!(\"{{}}: a success\", {shown:?})); }}\n"
        ),
    }
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
            (Type::Slice(_), made) => format!("&value::<Vec<_>>({})[..]", json(made)),
            (_, made) => format!("&value({})", json(made)),
        },
        _ => format!("value({})", json(made?)),
    };
    Some(match optional {
        true => format!("Some({plain})"),
        false => plain,
    })
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
    let parameter = root.pointer(pointer)?;
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
