//! The constraints of the contract as constants, for the check that explains a refusal.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Number;

use super::emit::{Emitter, integer_type};
use super::patterns;
use crate::model::{
    Additional, ArrayRules, CheckId, Format, Kind, MapRules, NumberRules, Shape, StringRules,
    Struct, Union, Use,
};
use crate::write::{float, ident, option, source};

/// Inclusive bounds of whole numbers.
pub(super) struct IntegerBounds {
    pub(super) min: i128,
    pub(super) max: i128,
}

impl Emitter<'_> {
    /// The rule of `value`: a constant expression of type `support::Rule`.
    pub(crate) fn rule(&self, value: &Use) -> TokenStream {
        let runtime = &self.runtime;
        let rule = self.bare_rule(value);
        if value.nullable && !matches!(value.shape, Shape::Any) {
            let rule = self.lasting(&rule);
            quote! { #runtime::Rule::Nullable(#rule) }
        } else {
            rule
        }
    }

    fn bare_rule(&self, value: &Use) -> TokenStream {
        let runtime = &self.runtime;
        let rule = quote! { #runtime::Rule };
        match &value.shape {
            Shape::Named(id) => match &self.api.types[id.0].kind {
                Kind::Alias(target) => self.rule(target),
                _ => {
                    let name = self.name(*id);
                    quote! { #rule::of::<#name>() }
                }
            },
            Shape::String(rules) => self.text_rule(rules),
            Shape::Formatted(format) => {
                let name = ident(format.name());
                quote! { #rule::value::<#runtime::#name>() }
            }
            Shape::Binary => self.text_rule(&StringRules::default()),
            Shape::Integer(rules) => self.integer_rule(rules),
            Shape::Number(rules) => self.number_rule(rules),
            Shape::Boolean => quote! { #rule::Boolean },
            Shape::Literal(value) => {
                let json = value.to_string();
                quote! { #rule::Literal(#json) }
            }
            Shape::Array(item, rules) => {
                let item = self.lasting(&self.rule(item));
                if *rules == ArrayRules::default() {
                    return quote! { #rule::list(#item) };
                }
                let (min, max) = (least(rules.min_items), most(rules.max_items));
                if !rules.unique {
                    return quote! { #rule::list_of(#item, #min, #max) };
                }
                quote! {
                    #rule::List(#runtime::ListRule { item: #item, min: #min, max: #max, unique: true })
                }
            }
            Shape::Map(item, rules)
                if matches!(item.shape, Shape::Any) && *rules == MapRules::default() =>
            {
                quote! { #rule::OBJECT }
            }
            Shape::Map(item, rules) => {
                let item = self.lasting(&self.rule(item));
                let (min, max) = (least(rules.min_properties), most(rules.max_properties));
                quote! {
                    #rule::Object(#runtime::ObjectRule {
                        properties: &[],
                        additional: ::std::option::Option::Some(#item),
                        min: #min,
                        max: #max,
                    })
                }
            }
            Shape::Any => quote! { #rule::Any },
            Shape::Checked(inner, check) => {
                let inner = self.lasting(&self.rule(inner));
                let check = self.check(*check);
                quote! { #rule::refined(#inner, || &#check) }
            }
        }
    }

    /// A reference to `rule` that lasts: the body of a constant sees to that, a block of one does not.
    fn lasting(&self, rule: &TokenStream) -> TokenStream {
        match self.root.is_empty() {
            true => quote! { &#rule },
            false => quote! { const { &#rule } },
        }
    }

    fn text_rule(&self, rules: &StringRules) -> TokenStream {
        let runtime = &self.runtime;
        if *rules == StringRules::default() {
            return quote! { #runtime::Rule::TEXT };
        }
        let (min, max) = (least(rules.min_length), most(rules.max_length));
        let lengths = StringRules {
            min_length: rules.min_length,
            max_length: rules.max_length,
            ..StringRules::default()
        };
        if *rules == lengths {
            return quote! { #runtime::Rule::text(#min, #max) };
        }
        let only_format = StringRules {
            format: rules.format,
            ..StringRules::default()
        };
        if let Some(format) = rules.format
            && *rules == only_format
        {
            let variant = ident(format_names(format).1);
            return quote! { #runtime::Rule::format(#runtime::Format::#variant) };
        }
        let fields = self.text_fields(rules, runtime, &self.root);
        quote! { #runtime::Rule::Text(#fields) }
    }

    /// A `TextRule`; `root` stands before the module of patterns.
    pub(super) fn text_fields(
        &self,
        rules: &StringRules,
        runtime: &TokenStream,
        root: &TokenStream,
    ) -> TokenStream {
        let (min, max) = (least(rules.min_length), most(rules.max_length));
        let format_of = |format| {
            let variant = ident(format_names(format).1);
            quote! { #runtime::Format::#variant }
        };
        let pattern = option(rules.pattern.as_ref().map(|pattern| {
            let written = rules.pattern_source.as_ref().unwrap_or(pattern);
            let name = ident(&patterns::name(pattern));
            let says = option(rules.pattern_says.as_ref().map(|says| quote! { #says }));
            quote! {
                #runtime::Pattern { source: #written, matches: #root patterns::#name, says: #says }
            }
        }));
        let mut stated = Stated::default();
        stated.unless(rules.min_length.is_none(), quote! { min: #min });
        stated.unless(rules.max_length.is_none(), quote! { max: #max });
        stated.unless(rules.pattern.is_none(), quote! { pattern: #pattern });
        let format = option(rules.format.map(format_of));
        stated.unless(rules.format.is_none(), quote! { format: #format });
        stated.unless(!rules.trim, quote! { trim: true });
        let stated = stated.0;
        quote! {
            #runtime::TextRule {
                #(#stated,)*
                ..#runtime::TextRule::ANY
            }
        }
    }

    fn integer_rule(&self, rules: &NumberRules) -> TokenStream {
        let runtime = &self.runtime;
        let IntegerBounds { min, max } = integer_bounds(rules);
        let (min, max) = (source(&min.to_string()), source(&max.to_string()));
        let (low, high) = stated_bounds(rules);
        let bounds = (low.is_some(), high.is_some());
        if bounds == (true, true) && rules.multiple_of.is_none() && rules.allowed.is_empty() {
            return quote! { #runtime::Rule::integer(#min, #max) };
        }
        let mut stated = Stated::default();
        let (low, high) = bounds;
        stated.unless(bounds == (true, true), quote! { stated: (#low, #high) });
        let multiple_of = option(rules.multiple_of.as_ref().map(float));
        let unbound = rules.multiple_of.is_none();
        stated.unless(unbound, quote! { multiple_of: #multiple_of });
        let allowed = rules.allowed.iter().filter_map(whole);
        let allowed = allowed.map(|value| source(&value.to_string()));
        let any = rules.allowed.is_empty();
        stated.unless(any, quote! { allowed: &[#(#allowed),*] });
        let stated = stated.0;
        quote! {
            #runtime::Rule::Integer(#runtime::IntegerRule {
                min: #min,
                max: #max,
                #(#stated,)*
                ..#runtime::IntegerRule::ANY
            })
        }
    }

    fn number_rule(&self, rules: &NumberRules) -> TokenStream {
        let runtime = &self.runtime;
        if *rules == NumberRules::default() {
            return quote! { #runtime::Rule::NUMBER };
        }
        let mut stated = Stated::default();
        for (name, bound) in [
            ("min", &rules.minimum),
            ("max", &rules.maximum),
            ("above", &rules.exclusive_minimum),
            ("below", &rules.exclusive_maximum),
        ] {
            let name = ident(name);
            let value = bound.as_ref().map(float);
            stated.unless(value.is_none(), quote! { #name: #value });
        }
        let multiple_of = option(rules.multiple_of.as_ref().map(float));
        let unbound = rules.multiple_of.is_none();
        stated.unless(unbound, quote! { multiple_of: #multiple_of });
        let allowed = rules.allowed.iter().map(float);
        let any = rules.allowed.is_empty();
        stated.unless(any, quote! { allowed: &[#(#allowed),*] });
        let stated = stated.0;
        quote! {
            #runtime::Rule::Number(#runtime::NumberRule {
                #(#stated,)*
                ..#runtime::NumberRule::ANY
            })
        }
    }

    /// `rule`, and what `check` says beyond it.
    pub(super) fn refined(&self, rule: TokenStream, check: Option<CheckId>) -> TokenStream {
        let Some(check) = check else { return rule };
        let (runtime, rule, check) = (&self.runtime, self.lasting(&rule), self.check(check));
        quote! { #runtime::Rule::refined(#rule, || &#check) }
    }

    /// The rule of a struct.
    pub(super) fn object_rule(&self, object: &Struct) -> TokenStream {
        let properties = object.fields.iter().map(|field| {
            let (name, required) = (&field.wire, field.required);
            let rule = self.rule(&field.value);
            let kind = ident(if required { "required" } else { "optional" });
            quote! { support::Property::#kind(#name, #rule) }
        });
        let excluded = excluded(object);
        let additional = match &object.additional {
            Additional::Denied => quote! { ::std::option::Option::None },
            Additional::Ignored => quote! { ::std::option::Option::Some(&support::Rule::Any) },
            Additional::Kept(value) => {
                let rule = self.rule(value);
                quote! { ::std::option::Option::Some(&#rule) }
            }
        };
        let (min, max) = (least(object.min_properties), most(object.max_properties));
        let properties = quote! { &[#(#properties,)* #(support::Property::excluded(#excluded)),*] };
        let unbound = object.min_properties.is_none() && object.max_properties.is_none();
        if unbound && matches!(object.additional, Additional::Ignored) {
            return quote! { support::Rule::object(#properties) };
        }
        quote! {
            support::Rule::Object(support::ObjectRule {
                properties: #properties,
                additional: #additional,
                min: #min,
                max: #max,
            })
        }
    }

    /// The rule of a union.
    pub(super) fn union_rule(&self, union: &Union) -> TokenStream {
        let exactly_one = union.exactly_one;
        let tag = option(union.discriminator.as_ref().map(|tag| quote! { #tag }));
        let choices = union.variants.iter().map(|variant| {
            let (name, tags) = (&variant.ident, &variant.tags);
            let rule = self.rule(&variant.value);
            quote! { support::UnionChoice { name: #name, tags: &[#(#tags),*], rule: #rule } }
        });
        quote! {
            support::Rule::Union(support::UnionRule {
                exactly_one: #exactly_one,
                tag: #tag,
                choices: &[#(#choices),*],
            })
        }
    }

    /// The function that matches `pattern`.
    pub(super) fn pattern(&self, pattern: &str) -> TokenStream {
        let (root, name) = (&self.root, ident(&patterns::name(pattern)));
        quote! { #root patterns::#name }
    }
}

/// Names that the code of a struct must know although they are none of its properties: where
/// properties that are not listed are not simply dropped.
pub(super) fn excluded(object: &Struct) -> &[String] {
    let counted = object.min_properties.is_some() || object.max_properties.is_some();
    match object.additional {
        Additional::Ignored if !counted => &[],
        _ => &object.excluded,
    }
}

/// The function and the variant of `support::format` for a format.
pub(super) fn format_names(format: Format) -> (&'static str, &'static str) {
    match format {
        Format::DateTime => ("date_time", "DateTime"),
        Format::Date => ("date", "Date"),
        Format::Time => ("time", "Time"),
        Format::Email => ("email", "Email"),
        Format::Uri => ("uri", "Uri"),
        Format::Uuid => ("uuid", "Uuid"),
        Format::Ipv4 => ("ipv4", "Ipv4"),
        Format::Ipv6 => ("ipv6", "Ipv6"),
        Format::Hostname => ("hostname", "Hostname"),
        Format::IdnHostname => ("idn_hostname", "IdnHostname"),
        Format::IdnEmail => ("idn_email", "IdnEmail"),
        Format::Duration => ("duration", "Duration"),
        Format::JsonPointer => ("json_pointer", "JsonPointer"),
        Format::RelativeJsonPointer => ("relative_json_pointer", "RelativeJsonPointer"),
        Format::UriReference => ("uri_reference", "UriReference"),
        Format::UriTemplate => ("uri_template", "UriTemplate"),
        Format::Iri => ("iri", "Iri"),
        Format::IriReference => ("iri_reference", "IriReference"),
        Format::Regex => ("regex", "Regex"),
    }
}

/// Those of the constraints of a rule that are stated.
#[derive(Default)]
struct Stated(Vec<TokenStream>);

impl Stated {
    fn unless(&mut self, absent: bool, field: TokenStream) {
        if !absent {
            self.0.push(field);
        }
    }
}

/// The bounds of whole numbers: those of the contract, else those of the Rust type.
pub(super) fn integer_bounds(rules: &NumberRules) -> IntegerBounds {
    let own = type_bounds(rules);
    let (min, max) = stated_bounds(rules);
    IntegerBounds {
        min: min.map_or(own.min, |min| min.max(own.min)),
        max: max.map_or(own.max, |max| max.min(own.max)),
    }
}

/// The bounds that the contract states, by keywords or by a format.
fn stated_bounds(rules: &NumberRules) -> (Option<i128>, Option<i128>) {
    let format = match (rules.int32, rules.int64) {
        (true, _) => Some((i128::from(i32::MIN), i128::from(i32::MAX))),
        (false, true) => Some((i128::from(i64::MIN), i128::from(i64::MAX))),
        (false, false) => None,
    };
    let minimum = rules.minimum.as_ref().map(|bound| round(bound, f64::ceil));
    let above = rules.exclusive_minimum.as_ref();
    let above = above.map(|bound| round(bound, f64::floor).saturating_add(1));
    let maximum = rules.maximum.as_ref().map(|bound| round(bound, f64::floor));
    let below = rules.exclusive_maximum.as_ref();
    let below = below.map(|bound| round(bound, f64::ceil).saturating_sub(1));
    let least = [format.map(|(min, _)| min), minimum, above];
    let most = [format.map(|(_, max)| max), maximum, below];
    (
        least.into_iter().flatten().max(),
        most.into_iter().flatten().min(),
    )
}

/// The bounds of the Rust type that holds whole numbers with these constraints.
pub(super) fn type_bounds(rules: &NumberRules) -> IntegerBounds {
    let (min, max) = match integer_type(rules) {
        "u32" => (0, i128::from(u32::MAX)),
        "i32" => (i128::from(i32::MIN), i128::from(i32::MAX)),
        "u64" => (0, i128::from(u64::MAX)),
        _ => (i128::from(i64::MIN), i128::from(i64::MAX)),
    };
    IntegerBounds { min, max }
}

/// A number of the contract as a whole number, if it is one.
pub(super) fn whole(number: &Number) -> Option<i128> {
    let fraction = number.as_f64().is_some_and(|value| value.fract() != 0.0);
    (!fraction).then(|| round(number, f64::floor))
}

fn round(number: &Number, direction: fn(f64) -> f64) -> i128 {
    match (number.as_u64(), number.as_i64()) {
        (Some(value), _) => i128::from(value),
        (_, Some(value)) => i128::from(value),
        // Saturates, like the comparison with a bound out of range must.
        _ => direction(number.as_f64().unwrap_or_default()) as i128,
    }
}

pub(super) fn least(bound: Option<u64>) -> TokenStream {
    source(&bound.unwrap_or(0).to_string())
}

pub(super) fn most(bound: Option<u64>) -> TokenStream {
    bound.map_or_else(|| quote! { usize::MAX }, |bound| source(&bound.to_string()))
}
