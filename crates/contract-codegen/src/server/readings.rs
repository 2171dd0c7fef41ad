//! What the texts of a form stand for, where values can be of several kinds.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::Emitter;
use crate::model::{Additional, Kind, Shape, Use};
use crate::write::ident;

/// How deep a type is looked into for what its texts stand for.
const DEPTH: usize = 64;

impl Emitter<'_> {
    /// What the properties of an object stand for, of each of its choices: a value of `Fields`.
    pub(super) fn fields(&self, value: &Use) -> TokenStream {
        let mut fields: Vec<(&str, Kinds)> = Vec::new();
        self.find_fields(value, DEPTH, &mut fields);
        let fields = fields.iter().map(|(name, kinds)| {
            let reading = kinds.reading();
            quote!((#name, #reading))
        });
        quote!(const { &[#(#fields),*] })
    }

    fn find_fields<'t>(&'t self, value: &'t Use, depth: usize, found: &mut Vec<(&'t str, Kinds)>) {
        let Some(depth) = depth.checked_sub(1) else {
            return;
        };
        let id = match self.api.shape(value) {
            Shape::Named(id) => id,
            // Of names that are not listed.
            Shape::Map(item, _) => return self.add_field("*", item, found),
            Shape::Any => return self.add_field("*", value, found),
            _ => return,
        };
        match &self.api.types[id.0].kind {
            Kind::Struct(body) => {
                for field in &body.fields {
                    self.add_field(&field.wire, &field.value, found);
                }
                if let Additional::Kept(value) = &body.additional {
                    self.add_field("*", value, found);
                }
            }
            Kind::Union(union) => {
                for variant in &union.variants {
                    self.find_fields(&variant.value, depth, found);
                }
            }
            Kind::Enum(_) | Kind::Alias(_) => {}
        }
    }

    fn add_field<'t>(&self, name: &'t str, value: &Use, found: &mut Vec<(&'t str, Kinds)>) {
        let mut kinds = Kinds::default();
        self.find_kinds(value, DEPTH, &mut kinds);
        match found.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => known.add(kinds),
            None => found.push((name, kinds)),
        }
    }

    /// What the parts of a value stand for: a value of `Reading`.
    pub(super) fn reading(&self, value: &Use) -> TokenStream {
        let mut kinds = Kinds::default();
        self.find_kinds(value, DEPTH, &mut kinds);
        kinds.reading()
    }

    fn find_kinds(&self, value: &Use, depth: usize, found: &mut Kinds) {
        let Some(depth) = depth.checked_sub(1) else {
            return;
        };
        match self.api.shape(value) {
            Shape::String(_) | Shape::Formatted(_) | Shape::Binary => found.one.text = true,
            Shape::Integer(_) | Shape::Number(_) => found.one.number = true,
            Shape::Boolean => found.one.boolean = true,
            Shape::Literal(literal) => match literal {
                Value::String(_) | Value::Null => found.one.text = true,
                Value::Number(_) => found.one.number = true,
                Value::Bool(_) => found.one.boolean = true,
                Value::Array(_) | Value::Object(_) => found.one.json = true,
            },
            Shape::Map(..) => found.one.json = true,
            Shape::Any => {
                found.one.text = true;
                found.one.json = true;
                // Only the whole tells what it is.
                if self.api.is_checked(value) {
                    (found.one.number, found.one.boolean) = (true, true);
                    found.item.get_or_insert_default().add(found.one);
                }
            }
            // Followed by now.
            Shape::Checked(..) => {}
            Shape::Array(item, _) => {
                let mut kinds = Kinds::default();
                self.find_kinds(item, depth, &mut kinds);
                // A list in a list is JSON.
                kinds.one.json |= kinds.item.is_some();
                let known = found.item.get_or_insert_default();
                known.add(kinds.one);
            }
            Shape::Named(id) => match &self.api.types[id.0].kind {
                Kind::Struct(_) => found.one.json = true,
                Kind::Enum(_) => found.one.text = true,
                Kind::Union(union) => {
                    for variant in &union.variants {
                        self.find_kinds(&variant.value, depth, found);
                    }
                }
                Kind::Alias(_) => {}
            },
        }
    }
}

/// What texts can stand for: one, and several of the same name.
#[derive(Debug, Clone, Copy, Default)]
struct Kinds {
    one: OneKind,
    item: Option<OneKind>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct OneKind {
    text: bool,
    number: bool,
    boolean: bool,
    json: bool,
}

impl OneKind {
    fn add(&mut self, other: OneKind) {
        self.text |= other.text;
        self.number |= other.number;
        self.boolean |= other.boolean;
        self.json |= other.json;
    }

    fn tokens(self) -> TokenStream {
        let names = [
            (self.text, "TEXT"),
            (self.number, "NUMBER"),
            (self.boolean, "BOOLEAN"),
            (self.json, "JSON"),
        ];
        let names: Vec<_> = names
            .into_iter()
            .filter(|(is, _)| *is)
            .map(|(_, name)| ident(name))
            .collect();
        match names.split_first() {
            None => quote!(support::Kinds::NONE),
            Some((first, rest)) => {
                quote!(support::Kinds::#first #(.or(support::Kinds::#rest))*)
            }
        }
    }
}

impl Kinds {
    fn add(&mut self, other: Kinds) {
        self.one.add(other.one);
        if let Some(item) = other.item {
            self.item.get_or_insert_default().add(item);
        }
    }

    fn reading(self) -> TokenStream {
        let one = self.one.tokens();
        match self.item {
            None => quote!(support::Reading::one(#one)),
            Some(item) => {
                let item = item.tokens();
                match self.one == OneKind::default() {
                    true => quote!(support::Reading::list(#item)),
                    false => quote!(support::Reading::either(#one, #item)),
                }
            }
        }
    }
}
