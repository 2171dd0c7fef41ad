// generated from recursion.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

/// Schema `Chain` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    /// Property `next`.
    pub next: ::std::option::Option<::std::boxed::Box<Chain>>,
}

impl support::Record for Chain {
    const PROPERTIES: &'static [&'static str] = &["next"];
    fn read<'de, __A: ::serde::de::MapAccess<'de>>(
        entries: __A,
    ) -> ::std::result::Result<Self, __A::Error> {
        let mut p0 = ::std::option::Option::None;
        let mut rest = support::Dropped;
        support::read_properties::<
            Self,
            __A,
        >(
            entries,
            &mut rest,
            |_, entries| support::read_into::<
                support::Nullable<support::Boxed<support::Plain<Chain>>>,
                __A,
            >(&mut p0, "next", entries),
        )?;
        match (p0,) {
            (::std::option::Option::Some(p0),) => {
                ::std::result::Result::Ok(Self { next: p0 })
            }
            (p0,) => {
                ::std::result::Result::Err(support::missing(&[("next", p0.is_none())]))
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for Chain {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Chain {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer).put("next", &self.next).end()
    }
}

impl support::Wire for Chain {
    const NAME: &'static str = "Chain";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Required(
                    "next",
                    support::Rule::Nullable(
                        &support::Rule::Named(<Chain as support::Wire>::rule),
                    ),
                ),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        true
    }
}

/// Schema `Expression` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// Choice `Number`.
    Number(f64),
    /// Choice `Sum`.
    Sum(Sum),
    /// Choice `Product`.
    Product(Product),
    /// Several choices at once, each with what it declares.
    Several(::std::vec::Vec<Self>),
}

impl ::serde::Serialize for Expression {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        match self {
            Self::Number(value) => ::serde::Serialize::serialize(value, serializer),
            Self::Sum(value) => ::serde::Serialize::serialize(value, serializer),
            Self::Product(value) => ::serde::Serialize::serialize(value, serializer),
            Self::Several(values) => support::encode_several(values, serializer),
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for Expression {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_union(
            deserializer,
            <Self as support::Wire>::rule(),
            support::Union {
                read: |index, value| match index {
                    0 => {
                        support::read_choice::<support::Plain<f64>>(value)
                            .map(Self::Number)
                    }
                    1 => {
                        support::read_choice::<support::Plain<Sum>>(value).map(Self::Sum)
                    }
                    _ => {
                        support::read_choice::<support::Plain<Product>>(value)
                            .map(Self::Product)
                    }
                },
                several: ::std::option::Option::Some(Self::Several),
                unlisted: ::std::option::Option::None,
            },
        )
    }
}

impl support::Wire for Expression {
    const NAME: &'static str = "Expression";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::Union(support::UnionRule {
            exactly_one: false,
            tag: ::std::option::Option::None,
            choices: &[
                support::UnionChoice {
                    name: "Number",
                    tags: &[],
                    rule: support::Rule::NUMBER,
                },
                support::UnionChoice {
                    name: "Sum",
                    tags: &[],
                    rule: support::Rule::Named(<Sum as support::Wire>::rule),
                },
                support::UnionChoice {
                    name: "Product",
                    tags: &[],
                    rule: support::Rule::Named(<Product as support::Wire>::rule),
                },
            ],
        });
        RULE
    }

    fn is_valid(&self) -> bool {
        true
    }
}

/// Schema `Product` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// Property `times`.
    pub times: ::std::vec::Vec<Expression>,
}

impl support::Record for Product {
    const PROPERTIES: &'static [&'static str] = &["times"];
    fn read<'de, __A: ::serde::de::MapAccess<'de>>(
        entries: __A,
    ) -> ::std::result::Result<Self, __A::Error> {
        let mut p0 = ::std::option::Option::None;
        let mut rest = support::Dropped;
        support::read_properties::<
            Self,
            __A,
        >(
            entries,
            &mut rest,
            |_, entries| support::read_into::<
                support::Plain<::std::vec::Vec<Expression>>,
                __A,
            >(&mut p0, "times", entries),
        )?;
        match (p0,) {
            (::std::option::Option::Some(p0),) => {
                ::std::result::Result::Ok(Self { times: p0 })
            }
            (p0,) => {
                ::std::result::Result::Err(support::missing(&[("times", p0.is_none())]))
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for Product {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Product {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer).put("times", &self.times).end()
    }
}

impl support::Wire for Product {
    const NAME: &'static str = "Product";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Required(
                    "times",
                    support::Rule::list(
                        &support::Rule::Named(<Expression as support::Wire>::rule),
                    ),
                ),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        true
    }
}

/// Schema `Sum` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Sum {
    /// Property `add`.
    pub add: ::std::vec::Vec<Expression>,
}

impl support::Record for Sum {
    const PROPERTIES: &'static [&'static str] = &["add"];
    fn read<'de, __A: ::serde::de::MapAccess<'de>>(
        entries: __A,
    ) -> ::std::result::Result<Self, __A::Error> {
        let mut p0 = ::std::option::Option::None;
        let mut rest = support::Dropped;
        support::read_properties::<
            Self,
            __A,
        >(
            entries,
            &mut rest,
            |_, entries| support::read_into::<
                support::Plain<::std::vec::Vec<Expression>>,
                __A,
            >(&mut p0, "add", entries),
        )?;
        match (p0,) {
            (::std::option::Option::Some(p0),) => {
                ::std::result::Result::Ok(Self { add: p0 })
            }
            (p0,) => {
                ::std::result::Result::Err(support::missing(&[("add", p0.is_none())]))
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for Sum {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Sum {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer).put("add", &self.add).end()
    }
}

impl support::Wire for Sum {
    const NAME: &'static str = "Sum";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Required(
                    "add",
                    support::Rule::list(
                        &support::Rule::Named(<Expression as support::Wire>::rule),
                    ),
                ),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        true
    }
}

/// Schema `Tree` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    /// Property `name`.
    pub name: ::std::string::String,
    /// Property `left`.
    pub left: ::std::option::Option<::std::boxed::Box<Tree>>,
    /// Property `right`.
    pub right: support::Maybe<::std::boxed::Box<Tree>>,
    /// Property `children`.
    pub children: ::std::option::Option<::std::vec::Vec<Tree>>,
    /// Property `byName`.
    pub by_name: ::std::option::Option<
        ::std::collections::BTreeMap<::std::string::String, Tree>,
    >,
}

impl support::Record for Tree {
    const PROPERTIES: &'static [&'static str] = &[
        "name",
        "left",
        "right",
        "children",
        "byName",
    ];

    fn read<'de, __A: ::serde::de::MapAccess<'de>>(
        entries: __A,
    ) -> ::std::result::Result<Self, __A::Error> {
        let mut p0 = ::std::option::Option::None;
        let mut p1 = ::std::option::Option::None;
        let mut p2 = ::std::option::Option::None;
        let mut p3 = ::std::option::Option::None;
        let mut p4 = ::std::option::Option::None;
        let mut rest = support::Dropped;
        support::read_properties::<
            Self,
            __A,
        >(
            entries,
            &mut rest,
            |property, entries| match property {
                0 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p0, "name", entries)
                }
                1 => {
                    support::read_into::<
                        support::Boxed<support::Plain<Tree>>,
                        __A,
                    >(&mut p1, "left", entries)
                }
                2 => {
                    support::read_into::<
                        support::Nullable<support::Boxed<support::Plain<Tree>>>,
                        __A,
                    >(&mut p2, "right", entries)
                }
                3 => {
                    support::read_into::<
                        support::Plain<::std::vec::Vec<Tree>>,
                        __A,
                    >(&mut p3, "children", entries)
                }
                _ => {
                    support::read_into::<
                        support::Plain<
                            ::std::collections::BTreeMap<::std::string::String, Tree>,
                        >,
                        __A,
                    >(&mut p4, "byName", entries)
                }
            },
        )?;
        match (p0,) {
            (::std::option::Option::Some(p0),) => {
                ::std::result::Result::Ok(Self {
                    name: p0,
                    left: p1,
                    right: support::maybe(p2),
                    children: p3,
                    by_name: p4,
                })
            }
            (p0,) => {
                ::std::result::Result::Err(support::missing(&[("name", p0.is_none())]))
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for Tree {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Tree {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer)
            .put("name", &self.name)
            .put_some("left", &self.left)
            .put_maybe("right", &self.right)
            .put_some("children", &self.children)
            .put_some("byName", &self.by_name)
            .end()
    }
}

impl support::Wire for Tree {
    const NAME: &'static str = "Tree";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Required("name", support::Rule::text(1, usize::MAX)),
                support::Property::Optional(
                    "left",
                    support::Rule::Named(<Tree as support::Wire>::rule),
                ),
                support::Property::Optional(
                    "right",
                    support::Rule::Nullable(
                        &support::Rule::Named(<Tree as support::Wire>::rule),
                    ),
                ),
                support::Property::Optional(
                    "children",
                    support::Rule::list(
                        &support::Rule::Named(<Tree as support::Wire>::rule),
                    ),
                ),
                support::Property::Optional(
                    "byName",
                    support::Rule::Object(support::ObjectRule {
                        properties: &[],
                        additional: ::std::option::Option::Some(
                            &support::Rule::Named(<Tree as support::Wire>::rule),
                        ),
                        min: 0,
                        max: usize::MAX,
                    }),
                ),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        !self.name.is_empty() && self.left.as_deref().is_none_or(support::Wire::is_valid)
            && self
                .right
                .value()
                .map(|value| &**value)
                .is_none_or(support::Wire::is_valid)
            && self
                .children
                .as_ref()
                .is_none_or(|value| value.iter().all(support::Wire::is_valid))
            && self
                .by_name
                .as_ref()
                .is_none_or(|value| value.values().all(support::Wire::is_valid))
    }
}

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry {
        name: "Chain",
        pointer: "/components/schemas/Chain",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Chain>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Expression",
        pointer: "/components/schemas/Expression",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Expression>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Product",
        pointer: "/components/schemas/Product",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Product>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Sum",
        pointer: "/components/schemas/Sum",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Sum>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Tree",
        pointer: "/components/schemas/Tree",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Tree>(bytes).map(drop),
    },
];
