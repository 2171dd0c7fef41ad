//! What accepted contracts become: names, united schemas, nullability, recursion, paging.

mod names;
mod operations;
mod schemas;
mod sequences;

use contract_codegen::Contract;
use contract_codegen::model::{Api, Field, Kind, Shape, Struct, TypeDef, Union, Use};

#[track_caller]
fn lower(text: &str) -> Api {
    let head = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n";
    match Contract::parse("api.yaml", &format!("{head}{text}"), &[]) {
        Ok(contract) => contract.model().clone(),
        Err(problems) => panic!("refused:\n{problems}"),
    }
}

#[track_caller]
fn schemas(text: &str) -> Api {
    let indented: String = text.lines().map(|line| format!("    {line}\n")).collect();
    lower(&format!("paths: {{}}\ncomponents:\n  schemas:\n{indented}"))
}

#[track_caller]
fn named<'a>(api: &'a Api, name: &str) -> &'a TypeDef {
    let names: Vec<&str> = api.types.iter().map(|def| def.name.as_str()).collect();
    let found = api.types.iter().find(|def| def.name == name);
    found.unwrap_or_else(|| panic!("no type `{name}` among {names:?}"))
}

#[track_caller]
fn structure<'a>(api: &'a Api, name: &str) -> &'a Struct {
    match &named(api, name).kind {
        Kind::Struct(body) => body,
        other => panic!("`{name}` is {other:?}"),
    }
}

#[track_caller]
fn union<'a>(api: &'a Api, name: &str) -> &'a Union {
    match &named(api, name).kind {
        Kind::Union(union) => union,
        other => panic!("`{name}` is {other:?}"),
    }
}

#[track_caller]
fn field<'a>(body: &'a Struct, wire: &str) -> &'a Field {
    body.fields
        .iter()
        .find(|field| field.wire == wire)
        .expect("the field is there")
}

#[track_caller]
fn name_of<'a>(api: &'a Api, value: &Use) -> &'a str {
    match &value.shape {
        Shape::Named(id) => &api.types[id.0].name,
        other => panic!("unnamed {other:?}"),
    }
}

fn names(api: &Api) -> Vec<&str> {
    api.types.iter().map(|def| def.name.as_str()).collect()
}

fn values(api: &Api, name: &str) -> Vec<(String, String)> {
    match &named(api, name).kind {
        Kind::Enum(values) => values
            .iter()
            .map(|v| (v.wire.clone(), v.ident.clone()))
            .collect(),
        other => panic!("`{name}` is {other:?}"),
    }
}
