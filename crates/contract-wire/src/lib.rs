//! What generated wire types run on: reading values, checking them against the rules of a contract,
//! and naming what is wrong. It is the same for every contract; the types stand beside it.
//!
//! Start at [`decode`] to read a value and at [`violations`] to check one that was built by hand.
//!
//! **Architecture Invariant:** nothing of any contract, of HTTP, or of a particular server. The
//! folder `wire` depends on nothing outside itself, so that a client crate can carry it along.

#[cfg(feature = "utoipa")]
pub mod describe;
mod scalar;
mod wire;

#[cfg(feature = "lookaround")]
#[doc(hidden)]
pub use fancy_regex;
pub use scalar::*;
pub use wire::*;

/// The files of the folder `wire`, for crates that carry it along instead of depending on this one.
pub const CODE: [(&str, &str); 29] = [
    ("mod.rs", include_str!("wire/mod.rs")),
    ("brief.rs", include_str!("wire/brief.rs")),
    ("check.rs", include_str!("wire/check.rs")),
    ("decode.rs", include_str!("wire/decode.rs")),
    ("evaluate.rs", include_str!("wire/evaluate.rs")),
    ("event.rs", include_str!("wire/event.rs")),
    ("format.rs", include_str!("wire/format.rs")),
    ("format_more.rs", include_str!("wire/format_more.rs")),
    ("format_names.rs", include_str!("wire/format_names.rs")),
    ("frames.rs", include_str!("wire/frames.rs")),
    ("id.rs", include_str!("wire/id.rs")),
    ("inner.rs", include_str!("wire/inner.rs")),
    ("items.rs", include_str!("wire/items.rs")),
    ("literal.rs", include_str!("wire/literal.rs")),
    ("maybe.rs", include_str!("wire/maybe.rs")),
    ("number.rs", include_str!("wire/number.rs")),
    ("open.rs", include_str!("wire/open.rs")),
    ("parts.rs", include_str!("wire/parts.rs")),
    ("plain.rs", include_str!("wire/plain.rs")),
    ("record.rs", include_str!("wire/record.rs")),
    ("rule.rs", include_str!("wire/rule.rs")),
    ("schema.rs", include_str!("wire/schema.rs")),
    ("server_sent.rs", include_str!("wire/server_sent.rs")),
    ("shape.rs", include_str!("wire/shape.rs")),
    ("sink.rs", include_str!("wire/sink.rs")),
    ("time.rs", include_str!("wire/time.rs")),
    ("union.rs", include_str!("wire/union.rs")),
    ("value.rs", include_str!("wire/value.rs")),
    ("violation.rs", include_str!("wire/violation.rs")),
];
