//! The constraints of the contract as data.

use super::format::Format;
use super::{Range, Schema, Wire};

/// What a value must keep to.
#[derive(Debug)]
#[non_exhaustive]
pub enum Rule {
    /// Nothing.
    Any,
    /// To be `true` or `false`.
    Boolean,
    /// To be the value that is this JSON.
    Literal(&'static str),
    /// To be one of these texts.
    Choice(&'static [&'static str]),
    /// To be such a text.
    Text(TextRule),
    /// To be such a whole number.
    Integer(IntegerRule),
    /// To be such a number.
    Number(NumberRule),
    /// To be such a list.
    List(ListRule),
    /// To be such an object.
    Object(ObjectRule),
    /// To be one of several.
    Union(UnionRule),
    /// To be `null` or what the other rule says.
    Nullable(&'static Rule),
    /// What the rule of a named type says.
    Named(fn() -> &'static Rule),
    /// What the rule of a type says, and what a whole schema says beyond it.
    Refined(RefinedRule),
}

impl Rule {
    /// Any text.
    pub const TEXT: Rule = Rule::Text(TextRule::ANY);
    /// Any number.
    pub const NUMBER: Rule = Rule::Number(NumberRule::ANY);
    /// Any object.
    pub const OBJECT: Rule = Rule::object(&[]);

    /// Text of such a length.
    pub const fn text(min: usize, max: usize) -> Rule {
        Rule::Text(TextRule {
            min,
            max,
            ..TextRule::ANY
        })
    }

    /// Text of a format.
    pub const fn format(format: Format) -> Rule {
        Rule::Text(TextRule {
            format: Some(format),
            ..TextRule::ANY
        })
    }

    /// An object with these properties and any others.
    pub const fn object(properties: &'static [Property]) -> Rule {
        Rule::Object(ObjectRule {
            properties,
            ..ObjectRule::ANY
        })
    }

    /// A list of any length.
    pub const fn list(item: &'static Rule) -> Rule {
        Rule::list_of(item, 0, usize::MAX)
    }

    /// A list of such a length.
    pub const fn list_of(item: &'static Rule, min: usize, max: usize) -> Rule {
        Rule::List(ListRule {
            item,
            min,
            max,
            unique: false,
        })
    }

    /// A whole number between bounds of the contract.
    pub const fn integer(min: i128, max: i128) -> Rule {
        Rule::Integer(IntegerRule {
            min,
            max,
            ..IntegerRule::ANY
        })
    }

    /// What the rule of a named type says.
    pub const fn of<T: Wire>() -> Rule {
        Rule::Named(T::rule)
    }

    /// What `rule` says, and what `schema` says beyond it.
    pub const fn refined(rule: &'static Rule, schema: fn() -> &'static Schema) -> Rule {
        Rule::Refined(RefinedRule { rule, schema })
    }

    /// The properties that an object is read by; none of any other value.
    pub(crate) const fn properties(&self) -> &'static [Property] {
        match self {
            Rule::Object(rule) => rule.properties,
            Rule::Refined(rule) => rule.rule.properties(),
            _ => &[],
        }
    }
}

/// What a type says of a value, and the whole schema that it was made of.
#[derive(Debug)]
pub struct RefinedRule {
    /// Of the type.
    pub rule: &'static Rule,
    /// The schema; a constant cannot borrow it.
    pub schema: fn() -> &'static Schema,
}

/// Constraints on text; lengths count Unicode scalar values.
#[derive(Debug, Clone, Copy)]
pub struct TextRule {
    /// Least length.
    pub min: usize,
    /// Greatest length.
    pub max: usize,
    /// A pattern.
    pub pattern: Option<Pattern>,
    /// A format.
    pub format: Option<Format>,
    /// What the type has against text of the format.
    pub range: Option<Range>,
    /// Whether these are constraints on the text without the blanks around it.
    pub trim: bool,
}

impl TextRule {
    /// Any text.
    pub const ANY: TextRule = TextRule {
        min: 0,
        max: usize::MAX,
        pattern: None,
        format: None,
        range: None,
        trim: false,
    };
}

/// A pattern that text must match somewhere.
#[derive(Debug, Clone, Copy)]
pub struct Pattern {
    /// As the contract writes it.
    pub source: &'static str,
    /// Whether text matches it.
    pub matches: fn(&str) -> bool,
    /// What the contract says of text that does not.
    pub says: Option<&'static str>,
}

/// Constraints on whole numbers; bounds are inclusive.
#[derive(Debug, Clone, Copy)]
pub struct IntegerRule {
    /// Least value.
    pub min: i128,
    /// Greatest value.
    pub max: i128,
    /// Whether `min` and `max` are of the contract; otherwise they are those of the Rust type,
    /// which mean nothing to those who only know the contract.
    pub stated: (bool, bool),
    /// Divisor.
    pub multiple_of: Option<f64>,
    /// The only values; empty: any.
    pub allowed: &'static [i128],
}

impl IntegerRule {
    /// Any whole number.
    pub const ANY: IntegerRule = IntegerRule {
        min: i128::MIN,
        max: i128::MAX,
        stated: (true, true),
        multiple_of: None,
        allowed: &[],
    };
}

/// Constraints on numbers.
#[derive(Debug, Clone, Copy)]
pub struct NumberRule {
    /// Least value.
    pub min: f64,
    /// Greatest value.
    pub max: f64,
    /// Value that must be exceeded.
    pub above: f64,
    /// Value that must not be reached.
    pub below: f64,
    /// Divisor.
    pub multiple_of: Option<f64>,
    /// The only values; empty: any.
    pub allowed: &'static [f64],
}

impl NumberRule {
    /// Any number.
    pub const ANY: NumberRule = NumberRule {
        min: f64::NEG_INFINITY,
        max: f64::INFINITY,
        above: f64::NEG_INFINITY,
        below: f64::INFINITY,
        multiple_of: None,
        allowed: &[],
    };
}

/// Constraints on lists.
#[derive(Debug)]
pub struct ListRule {
    /// Of each item.
    pub item: &'static Rule,
    /// Least number of items.
    pub min: usize,
    /// Greatest number of items.
    pub max: usize,
    /// No two items are equal.
    pub unique: bool,
}

/// Constraints on objects.
#[derive(Debug)]
pub struct ObjectRule {
    /// Known properties.
    pub properties: &'static [Property],
    /// Of every other property; `None`: there must not be any.
    pub additional: Option<&'static Rule>,
    /// Least number of properties.
    pub min: usize,
    /// Greatest number of properties.
    pub max: usize,
}

impl ObjectRule {
    /// Any object.
    pub const ANY: ObjectRule = ObjectRule {
        properties: &[],
        additional: Some(&Rule::Any),
        min: 0,
        max: usize::MAX,
    };
}

/// A known property.
#[derive(Debug)]
pub struct Property {
    /// Its name.
    pub name: &'static str,
    /// Whether it has to be there.
    pub expected: Expected,
    /// Of its value.
    pub rule: Rule,
}

/// Whether a property has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// It has to.
    Required,
    /// It may be.
    Optional,
    /// It belongs to the other direction, and does not count.
    Excluded,
}

impl Property {
    /// One that must be there.
    pub const fn required(name: &'static str, rule: Rule) -> Property {
        Property {
            name,
            expected: Expected::Required,
            rule,
        }
    }

    /// One that may be absent.
    pub const fn optional(name: &'static str, rule: Rule) -> Property {
        Property {
            name,
            expected: Expected::Optional,
            rule,
        }
    }

    /// One that belongs to the other direction.
    pub const fn excluded(name: &'static str) -> Property {
        Property {
            name,
            expected: Expected::Excluded,
            rule: Rule::Any,
        }
    }

    /// Whether it belongs to the other direction.
    pub(crate) fn is_excluded(&self) -> bool {
        self.expected == Expected::Excluded
    }
}

/// One of several rules.
#[derive(Debug)]
pub struct UnionRule {
    /// Whether more than one match is wrong.
    pub exactly_one: bool,
    /// Property whose value selects the choice.
    pub tag: Option<&'static str>,
    /// The choices, in the order of the contract.
    pub choices: &'static [UnionChoice],
}

/// A choice of a union.
#[derive(Debug)]
pub struct UnionChoice {
    /// Name for messages.
    pub name: &'static str,
    /// Tags that select it.
    pub tags: &'static [&'static str],
    /// What it must keep to.
    pub rule: Rule,
}
