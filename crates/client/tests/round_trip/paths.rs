//! Random contracts: whatever paths they have, a value that is sent is the one that is read.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::Method;
use contract_call::path;
use contract_serve::{Facts, Operation as _, Routes, decode_percent};

use crate::{Random, http, serve};

/// An operation that is made up.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Operation(&'static Facts);

impl Operation {
    fn at(path: &'static str) -> Operation {
        Operation(Box::leak(Box::new(Facts {
            method: "GET",
            path,
            ..Facts::PLAIN
        })))
    }
}

impl Ord for Operation {
    fn cmp(&self, other: &Operation) -> Ordering {
        self.0.path.cmp(other.0.path)
    }
}

impl PartialOrd for Operation {
    fn partial_cmp(&self, other: &Operation) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl contract_serve::Operation for Operation {
    fn facts(self) -> &'static Facts {
        self.0
    }
}

type Contract = (Vec<&'static str>, Routes<Operation, ()>);

#[tokio::test]
async fn paths_of_random_contracts_lead_where_they_should() {
    let mut random = Random(5);
    let contracts: Arc<Vec<Contract>> = Arc::new((0..150).map(|_| contract(&mut random)).collect());
    let router = axum::Router::new()
        .fallback(read)
        .with_state(Arc::clone(&contracts));
    let url = serve(router).await;
    let http = http();
    let (mut sent, mut refused, mut lost) = (0, 0, 0);
    for (index, (templates, routes)) in contracts.iter().enumerate() {
        for _ in 0..20 {
            let template: &'static str = *random.pick(templates);
            let given: Vec<(&str, String)> = names(template)
                .map(|name| (name, value(&mut random, templates)))
                .collect();
            let encoded: Vec<(&str, String)> = given
                .iter()
                .map(|(name, value)| (*name, path::value(value)))
                .collect();
            let values: Vec<&str> = given.iter().map(|(_, value)| value.as_str()).collect();
            let told = format!("{template} {values:?}");
            match path::fill(template, &encoded, templates.iter().copied()) {
                Ok(path) => {
                    let answer = http.get(format!("{url}{path}")).header("contract", index);
                    let answer = answer.send().await.unwrap().text().await.unwrap();
                    assert_eq!(answer, told, "{path} among {templates:?}");
                    sent += 1;
                }
                Err((name, reason)) => {
                    assert!(
                        given.iter().any(|(known, _)| *known == name),
                        "{name}: {reason}"
                    );
                    // Written down regardless, it would be read as something else.
                    let mut path = template.to_owned();
                    for (name, value) in &encoded {
                        path = path.replace(&format!("{{{name}}}"), value);
                    }
                    let resolved = path.split('/').any(|segment| matches!(segment, "." | ".."));
                    assert!(
                        resolved || find(routes, &path).as_ref() != Some(&told),
                        "{told} among {templates:?}: {reason}"
                    );
                    refused += 1;
                    lost += usize::from(reason.contains("with it"));
                }
            }
        }
    }
    let told = format!("{sent} sent, {refused} refused, {lost} of them for another path");
    assert!(sent > 1000 && refused > 200 && lost > 20, "{told}");
}

/// Template and values of a request, as a server reads them.
async fn read(State(contracts): State<Arc<Vec<Contract>>>, request: Request) -> String {
    let index = request.headers()["contract"].to_str().unwrap();
    let (_, routes) = &contracts[index.parse::<usize>().unwrap()];
    find(routes, request.uri().path()).unwrap_or_default()
}

fn find(routes: &Routes<Operation, ()>, path: &str) -> Option<String> {
    let found = routes.find(path)?;
    let (operation, ()) = found.operation(&Method::GET, None)?;
    let values: Vec<_> = (0..names(operation.facts().path).count())
        .map(|index| decode_percent(found.spans.get(path, index).unwrap(), false).unwrap())
        .collect();
    Some(format!("{} {values:?}", operation.facts().path))
}

fn names(template: &'static str) -> impl Iterator<Item = &'static str> {
    template.split(['{', '}']).skip(1).step_by(2)
}

/// Paths that the generator accepts together.
fn contract(random: &mut Random) -> Contract {
    const SEGMENTS: [&str; 16] = [
        "items",
        "variants",
        "a.b",
        "x:y",
        "b",
        "{}",
        "{}",
        "{}",
        "{}:archive",
        "{}.json",
        "{},{}",
        "{}.{}",
        "{}-{}",
        "x{}",
        "{}.{}.json",
        "{}b{}",
    ];
    loop {
        let depth = 1 + random.below(3);
        let mut shapes: Vec<String> = Vec::new();
        for _ in 0..2 + random.below(5) {
            let segments: Vec<&str> = (0..depth).map(|_| *random.pick(&SEGMENTS)).collect();
            let shape = format!("/{}", segments.join("/"));
            if !shapes.contains(&shape) {
                shapes.push(shape);
            }
        }
        let paths: Vec<String> = shapes.iter().map(|shape| named(shape)).collect();
        let mut text = String::from("openapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths:\n");
        for path in &paths {
            let parameters: Vec<String> = path
                .split(['{', '}'])
                .skip(1)
                .step_by(2)
                .map(|name| {
                    format!("{{name: {name}, in: path, required: true, schema: {{type: string}}}}")
                })
                .collect();
            let parameters = parameters.join(", ");
            let _ = writeln!(
                text,
                "  '{path}': {{get: {{parameters: [{parameters}], responses: {{'204': {{description: x}}}}}}}}"
            );
        }
        // Names of operations are made of paths and may collide, which is another matter.
        match contract_codegen::Contract::parse("random.yaml", &text, &[]) {
            Ok(_) => {
                let templates: Vec<&'static str> =
                    paths.into_iter().map(|path| &*path.leak()).collect();
                let mut routes = Routes::default();
                for template in &templates {
                    routes.insert(Operation::at(template), ());
                }
                return (templates, routes);
            }
            Err(_) => continue,
        }
    }
}

/// `{}` with a name in it.
fn named(shape: &str) -> String {
    let mut path = String::new();
    for (index, text) in shape.split("{}").enumerate() {
        if index > 0 {
            let _ = write!(path, "{{p{index}}}");
        }
        path.push_str(text);
    }
    path
}

/// Any text, or one that makes a path look like another.
fn value(random: &mut Random, templates: &[&'static str]) -> String {
    if random.below(2) == 0 {
        return random.text();
    }
    let texts: Vec<&str> = templates
        .iter()
        .flat_map(|template| {
            template
                .split(['{', '}', '/'])
                .filter(|text| !text.starts_with('p'))
        })
        .filter(|text| !text.is_empty())
        .collect();
    let mut value = String::new();
    for _ in 0..=random.below(2) {
        match random.below(3) {
            0 => value.push_str("q"),
            _ if texts.is_empty() => value.push_str("."),
            _ => value.push_str(random.pick::<&str>(&texts)),
        }
    }
    value
}
