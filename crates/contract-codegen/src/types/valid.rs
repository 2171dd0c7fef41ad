//! The fast check of decoded values: plain expressions over the fields, nothing for what the Rust
//! type guarantees already.

use std::borrow::Cow;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::emit::Emitter;
use super::rules::{IntegerBounds, format_names, integer_bounds, type_bounds, whole};
use crate::model::{Api, ArrayRules, CheckId, Kind, NumberRules, Shape, StringRules, TypeId, Use};
use crate::write::{float, ident, source};

/// A value as the checks refer to it.
pub(crate) struct Place {
    /// As an operand and before a method.
    value: TokenStream,
    /// As an argument by reference.
    reference: TokenStream,
    /// As a scalar.
    scalar: TokenStream,
}

impl Place {
    /// A variable that is a reference.
    pub(crate) fn variable(name: &str) -> Place {
        let name = ident(name);
        Place {
            value: quote! { #name },
            reference: quote! { #name },
            scalar: quote! { *#name },
        }
    }

    /// A field of `self`.
    pub(super) fn field(name: &Ident, boxed: bool) -> Place {
        let reference = if boxed {
            quote! { &*self.#name }
        } else {
            quote! { &self.#name }
        };
        Place {
            value: quote! { self.#name },
            reference,
            scalar: quote! { self.#name },
        }
    }
}

impl Emitter<'_> {
    /// By type: whether a decoded value can still break the contract. Types can contain each other, so this repeats
    /// until nothing new turns up.
    pub(super) fn breakable(api: &Api) -> Vec<bool> {
        let mut emitter = Emitter {
            api,
            root: TokenStream::new(),
            runtime: TokenStream::new(),
            macros: TokenStream::new(),
            breakable: Cow::Owned(vec![false; api.types.len()]),
        };
        let mut changed = true;
        while changed {
            changed = false;
            for (index, def) in api.types.iter().enumerate() {
                if emitter.breakable[index] {
                    continue;
                }
                let found = def.check.is_some()
                    || match &def.kind {
                        Kind::Struct(object) => emitter.struct_valid(def, object).is_some(),
                        Kind::Union(union) => {
                            emitter.union_valid(TypeId(index), def, union).is_some()
                        }
                        Kind::Alias(target) => emitter
                            .valid(target, &Place::variable("value"), def.in_response)
                            .is_some(),
                        Kind::Enum(_) => false,
                    };
                emitter.breakable.to_mut()[index] = found;
                changed |= found;
            }
        }
        emitter.breakable.into_owned()
    }

    /// Whether the value at `place` (of the type that [`Emitter::rust_type`] gives) keeps to the
    /// contract; `None` if it always does.
    pub(crate) fn valid(&self, value: &Use, place: &Place, open: bool) -> Option<TokenStream> {
        if !self.is_nullable(value) {
            return self.base_valid(value, place, open);
        }
        let inner = self.base_valid(value, &Place::variable("value"), open)?;
        let place = &place.value;
        let inner = closure("value", &inner);
        Some(quote! { #place.as_ref().is_none_or(#inner) })
    }

    /// As [`Emitter::valid`], for a value that is not `null`.
    pub(super) fn base_valid(&self, value: &Use, place: &Place, open: bool) -> Option<TokenStream> {
        let runtime = &self.runtime;
        let Place {
            value: operand,
            reference,
            ..
        } = place;
        match &value.shape {
            Shape::Named(id) => match &self.api.types[id.0].kind {
                Kind::Alias(target) => {
                    self.base_valid(target, place, self.api.types[id.0].in_response)
                }
                Kind::Enum(_) => {
                    let known = open.then(|| quote! { #operand.is_known() });
                    let whole = self.api.types[id.0].check.map(|check| {
                        let check = self.check(check);
                        quote! { #runtime::keeps(&#check, #reference) }
                    });
                    all([known, whole])
                }
                _ => self.breakable[id.0].then(|| quote! { #runtime::Wire::is_valid(#reference) }),
            },
            Shape::String(rules) => self.text_valid(rules, place),
            Shape::Integer(rules) => self.integer_valid(rules, place),
            Shape::Number(rules) => self.number_valid(rules, place),
            Shape::Array(item, rules) => {
                let count = self.length_valid(rules.min_items, rules.max_items, operand);
                let items = self.valid(item, &Place::variable("item"), open);
                let items = items.map(|valid| {
                    let valid = closure("item", &valid);
                    quote! { #operand.iter().all(#valid) }
                });
                all([count, items, self.unique_valid(item, rules, place)])
            }
            Shape::Map(item, rules) => {
                let count = self.length_valid(rules.min_properties, rules.max_properties, operand);
                let items = self.valid(item, &Place::variable("item"), open);
                let items = items.map(|valid| {
                    let valid = closure("item", &valid);
                    quote! { #operand.values().all(#valid) }
                });
                all([count, items])
            }
            Shape::Checked(inner, check) => {
                let check = self.check(*check);
                let whole = match self.target(inner).shape {
                    Shape::Any => quote! { #check.accepts(#reference) },
                    _ => quote! { #runtime::keeps(&#check, #reference) },
                };
                all([self.base_valid(inner, place, open), Some(whole)])
            }
            Shape::Formatted(_) | Shape::Boolean | Shape::Literal(_) => None,
            Shape::Any | Shape::Binary => None,
        }
    }

    /// Whether the value itself keeps to the schema as a whole.
    pub(super) fn whole_valid(&self, check: Option<CheckId>) -> Option<TokenStream> {
        let (runtime, check) = (&self.runtime, self.check(check?));
        Some(quote! { #runtime::keeps(&#check, self) })
    }

    fn text_valid(&self, rules: &StringRules, place: &Place) -> Option<TokenStream> {
        let runtime = &self.runtime;
        let Place {
            value, reference, ..
        } = place;
        let (value, reference) = match rules.trim {
            false => (quote! { #value }, quote! { #reference }),
            true => (quote! { #value.trim() }, quote! { #value.trim() }),
        };
        let length = match (rules.min_length.filter(|min| *min > 0), rules.max_length) {
            (None, None) => None,
            (Some(1), None) => Some(quote! { !#value.is_empty() }),
            (min, max) => {
                let min = source(&min.unwrap_or(0).to_string());
                let max = max.map_or_else(|| quote! { usize::MAX }, |max| source(&max.to_string()));
                Some(quote! { #runtime::length(#reference, #min, #max) })
            }
        };
        let format = rules.format.map(|format| {
            let function = ident(format_names(format).0);
            quote! { #runtime::format::#function(#reference) }
        });
        let pattern = rules.pattern.as_ref().map(|pattern| {
            let function = self.pattern(pattern);
            quote! { #function(#reference) }
        });
        all([length, format, pattern])
    }

    fn integer_valid(&self, rules: &NumberRules, place: &Place) -> Option<TokenStream> {
        let runtime = &self.runtime;
        let Place {
            reference, scalar, ..
        } = place;
        let (IntegerBounds { min, max }, own) = (integer_bounds(rules), type_bounds(rules));
        let low = source(&min.to_string());
        let high = source(&max.to_string());
        let range = match (min > own.min, max < own.max) {
            // Bounds out of the range of the type leave nothing.
            _ if min > own.max || max < own.min => Some(quote! { false }),
            (false, false) => None,
            (true, false) => Some(quote! { #scalar >= #low }),
            (false, true) => Some(quote! { #scalar <= #high }),
            (true, true) => Some(quote! { (#low..=#high).contains(#reference) }),
        };
        let multiple = rules
            .multiple_of
            .as_ref()
            .filter(|divisor| divisor.as_f64() != Some(1.0))
            .map(
                |divisor| match whole(divisor).filter(|divisor| *divisor > 0) {
                    Some(divisor) => {
                        let divisor = source(&divisor.to_string());
                        quote! { #runtime::divides(#divisor, #scalar) }
                    }
                    None => {
                        let divisor = float(divisor);
                        quote! { #runtime::multiple_of(#scalar as f64, #divisor) }
                    }
                },
            );
        let in_range = |value: &i128| (own.min..=own.max).contains(value);
        let allowed: Vec<_> = rules
            .allowed
            .iter()
            .filter_map(whole)
            .filter(in_range)
            .collect();
        let allowed = (!rules.allowed.is_empty()).then(|| {
            let values = allowed.iter().map(|value| source(&value.to_string()));
            quote! { [#(#values),*].contains(#reference) }
        });
        all([range, multiple, allowed])
    }

    fn number_valid(&self, rules: &NumberRules, place: &Place) -> Option<TokenStream> {
        let runtime = &self.runtime;
        let Place {
            reference, scalar, ..
        } = place;
        let bound = |bound: &Option<serde_json::Number>, comparison: TokenStream| {
            bound.as_ref().map(|bound| {
                let bound = float(bound);
                quote! { #scalar #comparison #bound }
            })
        };
        let multiple = rules.multiple_of.as_ref().map(|divisor| {
            let divisor = float(divisor);
            quote! { #runtime::multiple_of(#scalar, #divisor) }
        });
        let allowed = (!rules.allowed.is_empty()).then(|| {
            let values = rules.allowed.iter().map(float);
            quote! { [#(#values),*].contains(#reference) }
        });
        all([
            bound(&rules.minimum, quote! { >= }),
            bound(&rules.exclusive_minimum, quote! { > }),
            bound(&rules.maximum, quote! { <= }),
            bound(&rules.exclusive_maximum, quote! { < }),
            multiple,
            allowed,
        ])
    }

    fn unique_valid(&self, item: &Use, rules: &ArrayRules, place: &Place) -> Option<TokenStream> {
        let (runtime, reference) = (&self.runtime, &place.reference);
        rules.unique.then(|| {
            // Equality in Rust is that of JSON for text and numbers; what a struct drops or a
            // `Value` distinguishes needs the comparison as JSON.
            match self.target(item).shape {
                Shape::String(_)
                | Shape::Formatted(_)
                | Shape::Integer(_)
                | Shape::Number(_)
                | Shape::Boolean => {
                    quote! { #runtime::unique(#reference) }
                }
                _ => quote! { #runtime::unique_json(#reference) },
            }
        })
    }

    fn length_valid(
        &self,
        min: Option<u64>,
        max: Option<u64>,
        operand: &TokenStream,
    ) -> Option<TokenStream> {
        match (min, max) {
            (Some(1), None) => Some(quote! { !#operand.is_empty() }),
            _ => self.count_valid(min, max, &quote! { #operand.len() }),
        }
    }

    /// Whether the number that `count` gives is within bounds.
    pub(super) fn count_valid(
        &self,
        min: Option<u64>,
        max: Option<u64>,
        count: &TokenStream,
    ) -> Option<TokenStream> {
        let text = |bound: u64| source(&bound.to_string());
        match (min.filter(|min| *min > 0).map(text), max.map(text)) {
            (None, None) => None,
            (Some(min), None) => Some(quote! { #count >= #min }),
            (None, Some(max)) => Some(quote! { #count <= #max }),
            (Some(min), Some(max)) => Some(quote! { (#min..=#max).contains(&#count) }),
        }
    }
}

/// `condition` as a function of `variable`.
pub(super) fn closure(variable: &str, condition: &TokenStream) -> TokenStream {
    let name = ident(variable);
    let call = condition.to_string();
    match call
        .strip_suffix(&format!(" ({variable})"))
        .filter(|path| path.ends_with("Wire :: is_valid"))
    {
        Some(path) => source(path),
        None => quote! { |#name| #condition },
    }
}

/// The conjunction of those conditions that are there.
pub(super) fn all(
    conditions: impl IntoIterator<Item = Option<TokenStream>>,
) -> Option<TokenStream> {
    let conditions: Vec<_> = conditions.into_iter().flatten().collect();
    (!conditions.is_empty()).then(|| quote! { #(#conditions)&&* })
}
