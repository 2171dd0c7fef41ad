// generated from names.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

use serde::Serializer;
use serde::de::MapAccess;
use support::{Property, Rule, Slot, Wire};

/// Schema `Box` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Box {
    /// Property `next`.
    pub next: ::std::option::Option<String>,
}

impl support::Record for Box {
    fn read<'de, A: MapAccess<'de>>(
        entries: A,
    ) -> ::std::result::Result<Self, A::Error> {
        let mut next = Slot::new("next");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while properties.next(&mut others)?.is_some() {
            next.read(&mut properties)?;
        }
        Ok(Self {
            next: properties.required(next)?,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put("next", &self.next);
    }
}

support::serde_as_record!(Box);

impl Wire for Box {
    const NAME: &'static str = "Box";
    const RULE: &'static Rule = &Rule::object(
        &[Property::required("next", Rule::Nullable(&Rule::TEXT))],
    );
}

/// Schema `Option` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Option {
    /// Property `String`.
    pub string: ::std::option::Option<String>,
    /// Property `some`.
    pub some: ::std::option::Option<Vec>,
}

impl support::Record for Option {
    fn read<'de, A: MapAccess<'de>>(
        entries: A,
    ) -> ::std::result::Result<Self, A::Error> {
        let mut string = Slot::new("String");
        let mut some = Slot::new("some");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => string.read(&mut properties)?,
                _ => some.read(&mut properties)?,
            }
        }
        Ok(Self {
            string: string.optional(),
            some: some.optional(),
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put_some("String", &self.string).put_some("some", &self.some);
    }
}

support::serde_as_record!(Option);

impl Wire for Option {
    const NAME: &'static str = "Option";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::optional("String", Rule::TEXT),
            Property::optional("some", Rule::of::<Vec>()),
        ],
    );
}

/// Schema `Result` of the contract.
pub type Result = ::std::vec::Vec<Box>;

/// Schema `snake_case_thing` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SnakeCaseThing {
    /// Property `type`.
    pub r#type: ::std::option::Option<String>,
    /// Property `self`.
    pub self_: ::std::option::Option<String>,
    /// Property `@id`.
    pub id: ::std::option::Option<String>,
    /// Property `1st`.
    pub n_1st: ::std::option::Option<String>,
    /// Property `$top`.
    pub top: ::std::option::Option<i64>,
    /// Property `x-rate`.
    pub x_rate: ::std::option::Option<f64>,
    /// Property `camelCase`.
    pub camel_case: ::std::option::Option<String>,
    /// Property `camel_case`.
    pub camel_case_2: ::std::option::Option<String>,
    /// Property `Option`.
    pub option: ::std::option::Option<String>,
}

impl support::Record for SnakeCaseThing {
    fn read<'de, A: MapAccess<'de>>(
        entries: A,
    ) -> ::std::result::Result<Self, A::Error> {
        let mut r#type = Slot::new("type");
        let mut self_ = Slot::new("self");
        let mut id = Slot::new("@id");
        let mut n_1st = Slot::new("1st");
        let mut top = Slot::new("$top");
        let mut x_rate = Slot::new("x-rate");
        let mut camel_case = Slot::new("camelCase");
        let mut camel_case_2 = Slot::new("camel_case");
        let mut option = Slot::new("Option");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => r#type.read(&mut properties)?,
                1 => self_.read(&mut properties)?,
                2 => id.read(&mut properties)?,
                3 => n_1st.read(&mut properties)?,
                4 => top.read_as::<support::Int<i64>, _>(&mut properties)?,
                5 => x_rate.read(&mut properties)?,
                6 => camel_case.read(&mut properties)?,
                7 => camel_case_2.read(&mut properties)?,
                _ => option.read(&mut properties)?,
            }
        }
        Ok(Self {
            r#type: r#type.optional(),
            self_: self_.optional(),
            id: id.optional(),
            n_1st: n_1st.optional(),
            top: top.optional(),
            x_rate: x_rate.optional(),
            camel_case: camel_case.optional(),
            camel_case_2: camel_case_2.optional(),
            option: option.optional(),
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields
            .put_some("type", &self.r#type)
            .put_some("self", &self.self_)
            .put_some("@id", &self.id)
            .put_some("1st", &self.n_1st)
            .put_some("$top", &self.top)
            .put_some("x-rate", &self.x_rate)
            .put_some("camelCase", &self.camel_case)
            .put_some("camel_case", &self.camel_case_2)
            .put_some("Option", &self.option);
    }
}

support::serde_as_record!(SnakeCaseThing);

impl Wire for SnakeCaseThing {
    const NAME: &'static str = "SnakeCaseThing";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::optional("type", Rule::TEXT),
            Property::optional("self", Rule::TEXT),
            Property::optional("@id", Rule::TEXT),
            Property::optional("1st", Rule::TEXT),
            Property::optional(
                "$top",
                Rule::Integer(support::IntegerRule {
                    min: -9223372036854775808,
                    max: 9223372036854775807,
                    stated: (false, false),
                    ..support::IntegerRule::ANY
                }),
            ),
            Property::optional("x-rate", Rule::NUMBER),
            Property::optional("camelCase", Rule::TEXT),
            Property::optional("camel_case", Rule::TEXT),
            Property::optional("Option", Rule::TEXT),
        ],
    );
}

/// Schema `Vec` of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Vec {
    /// `None`
    None,
    /// `Some`
    Some,
    /// `self`
    Itself,
}

impl Vec {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::None, Self::Some, Self::Itself];
    /// The value as it is written.
    pub const fn as_str(self) -> &'static str {
        <Self as support::Choice>::TEXTS[self as usize]
    }
}

impl support::Choice for Vec {
    const VALUES: &'static [Self] = Self::ALL;
    const TEXTS: &'static [&'static str] = &["None", "Some", "self"];
    fn text(self) -> &'static str {
        self.as_str()
    }
}

support::serde_as_choice!(Vec);

impl Wire for Vec {
    const NAME: &'static str = "Vec";
    const RULE: &'static Rule = &Rule::Choice(<Self as support::Choice>::TEXTS);
}

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry::of::<Box>(support::Direction::Any),
    support::SchemaEntry::of::<Option>(support::Direction::Any),
    support::SchemaEntry {
        name: "Result",
        place: Some("/components/schemas/Result"),
        direction: support::Direction::Any,
        decode: |bytes| {
            {
                const RULE: &Rule = &Rule::list(&Rule::of::<Box>());
                support::decode_with::<support::Plain<Result>>(bytes, |_| true, RULE)
            }
                .map(drop)
        },
    },
    support::SchemaEntry::of::<SnakeCaseThing>(support::Direction::Any)
        .at("/components/schemas/snake_case_thing"),
    support::SchemaEntry::of::<Vec>(support::Direction::Any),
];
