//! What is generated from: the contract after names are chosen, references followed and every
//! construct either understood or refused. `lower` builds it; `types`, `server` and `client`
//! only read it. Nothing in here refers back to the document except by JSON pointer, for messages.

use std::sync::OnceLock;

mod bodies;
mod checks;
mod operations;
mod setters;
mod types;
mod webhooks;

pub use bodies::*;
pub use checks::*;
pub use operations::*;
pub use setters::*;
pub use types::*;
pub use webhooks::*;

/// A whole contract.
#[derive(Debug, Clone)]
pub struct Api {
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// `info.description`.
    pub description: Option<String>,
    /// `servers[].url`, in order.
    pub servers: Vec<String>,
    /// Tags that have operations, in the order of the contract's `tags`, then of first use.
    /// Operations without a tag belong to the tag `Default`.
    pub tags: Vec<Tag>,
    /// Every named type, sorted by Rust name.
    pub types: Vec<TypeDef>,
    /// Schemas that values are held against as a whole.
    pub checks: Checks,
    /// Every operation, in the order of the document.
    pub operations: Vec<Operation>,
    /// `webhooks`, where there are any.
    pub webhooks: Option<Webhooks>,
    /// `components.securitySchemes` that operations use, in the order of the document.
    pub security_schemes: Vec<SecurityScheme>,
    /// The one JSON type that every answer with a status from 400 declares, if there is exactly
    /// one. Rejections (unknown route, malformed request, …) are then answered with it.
    pub error: Option<TypeId>,
    /// By type: whether a decoded value can still break the contract. It is found out when the first target is
    /// written.
    pub(crate) breakable: OnceLock<Vec<bool>>,
}

impl Api {
    /// The shape that `value` has once aliases are followed.
    pub fn shape<'a>(&'a self, value: &'a Use) -> &'a Shape {
        match &value.shape {
            Shape::Named(id) => match &self.types[id.0].kind {
                Kind::Alias(inner) => self.shape(inner),
                _ => &value.shape,
            },
            Shape::Checked(inner, _) => self.shape(inner),
            shape => shape,
        }
    }

    /// Whether `value` is held against a schema as a whole, beyond what its type itself is.
    pub fn is_checked(&self, value: &Use) -> bool {
        match &value.shape {
            Shape::Checked(..) => true,
            Shape::Named(id) => match &self.types[id.0].kind {
                Kind::Alias(inner) => self.is_checked(inner),
                _ => false,
            },
            _ => false,
        }
    }

    /// The security scheme `name`, if an operation uses it.
    pub fn scheme(&self, name: &str) -> Option<&SecurityScheme> {
        self.security_schemes.iter().find(|one| one.name == name)
    }

    /// The security schemes that `operation` uses, in the order of its alternatives.
    pub fn schemes_of<'a>(
        &'a self,
        operation: &'a Operation,
    ) -> impl Iterator<Item = &'a SecurityScheme> {
        let names = operation.security.iter().flatten();
        names.filter_map(|(name, _)| self.scheme(name))
    }

    /// Everything that has a name of its own in the query of `operation`, beside the parameter
    /// `but`: parameters, and keys.
    pub fn query_names<'a>(&'a self, operation: &'a Operation, but: &str) -> Vec<&'a str> {
        let parameters = operation.parameters.iter();
        let parameters = parameters
            .filter(|one| one.location == Location::Query && one.wire != but)
            .map(|one| one.wire.as_str());
        let schemes = self.schemes_of(operation);
        let keys = schemes.filter_map(|scheme| match &scheme.kind {
            SecurityKind::ApiKey(Location::Query, key) => Some(key.as_str()),
            _ => None,
        });
        let fixed = operation.query.iter().map(|(name, _)| name.as_str());
        parameters.chain(keys).chain(fixed).collect()
    }

    /// Whether `parameter` is also declared as a credential of `operation`, and says no more about
    /// it: then `authenticate` is given it, and the request need not hold it once more.
    pub fn is_credential(&self, operation: &Operation, parameter: &Parameter) -> bool {
        let any_text = match self.shape(&parameter.value) {
            Shape::String(rules) => *rules == StringRules::default(),
            _ => false,
        };
        let mut schemes = self.schemes_of(operation);
        let is_sent = schemes.any(|one| parameter.is_sent_by(&one.kind));
        any_text && !parameter.required && parameter.default.is_none() && is_sent
    }
}

/// Index into [`Api::types`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub usize);

/// A tag: one server trait.
#[derive(Debug, Clone)]
pub struct Tag {
    /// As the contract writes it, e.g. `Billing Groups`.
    pub name: String,
    /// Rust type part, e.g. `BillingGroups` (the trait is `BillingGroupsApi`).
    pub ident: String,
    /// Rust name of the method by which a server serves it, e.g. `billing_groups`.
    pub mount: String,
    /// The tag's description.
    pub description: Option<String>,
}

impl Tag {
    /// Rust name of the trait, e.g. `BillingGroupsApi`.
    pub fn trait_name(&self) -> String {
        format!("{}Api", self.ident)
    }
}
