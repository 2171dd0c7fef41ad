//! What an API sends by itself.

use super::Use;

/// `webhooks`: one enum with a variant for each.
#[derive(Debug, Clone)]
pub struct Webhooks {
    /// Rust name of the enum; unique among the types.
    pub name: String,
    /// The property by which bodies say which webhook they are of, if they do.
    pub tag: Option<String>,
    /// Rust name of the variant for webhooks that this contract does not have.
    pub unknown: String,
    /// In the order of the document; never empty.
    pub each: Vec<Webhook>,
}

/// A webhook.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// Its key in the contract.
    pub name: String,
    /// Rust variant name.
    pub ident: String,
    /// What the property [`Webhooks::tag`] holds in its bodies; empty without one.
    pub tag: String,
    /// What its bodies are.
    pub value: Use,
    /// Its summary, else its description.
    pub description: Option<String>,
}
