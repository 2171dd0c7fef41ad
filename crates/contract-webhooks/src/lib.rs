//! Webhooks as Standard Webhooks 1.0 signs them, for those who send and those who receive.
//!
//! A sender calls [`sign`] and sends the headers that it gives. A receiver keeps a [`Receiver`], and
//! hands it the headers and the bytes of the body as they came: [`Receiver::receive`] verifies them
//! and reads the event, as the enum generated from the `webhooks` of a contract.
//!
//! ```
//! use std::time::SystemTime;
//!
//! use contract_webhooks::{Receiver, Secret, sign};
//!
//! let secret: Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse()?;
//! let (now, body) = (SystemTime::now(), br#"{"event":"order.created"}"#);
//! let signed = sign(&[secret.clone()], "evt_1", now, body)?;
//!
//! let delivery = Receiver::new(secret).verify(&signed.headers()[..], body, now)?;
//! assert_eq!(delivery.id, "evt_1");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! HMAC comes from the crates `hmac` and `sha2`, which need no C compiler; `ring` would.
//!
//! **Architecture Invariant:** nothing of any contract, no clock and no network: what time it is is
//! said by the caller. The folder `webhooks` depends on nothing outside itself but on the module
//! `wire`, so that a client crate can carry both along.

#[cfg(feature = "runtime")]
mod webhooks;

#[cfg(feature = "runtime")]
use contract_wire as wire;

#[cfg(feature = "runtime")]
pub use webhooks::*;

/// The files of the folder `webhooks`, for crates that carry it along instead of depending on this one.
pub const CODE: [(&str, &str); 6] = [
    ("mod.rs", include_str!("webhooks/mod.rs")),
    ("error.rs", include_str!("webhooks/error.rs")),
    ("headers.rs", include_str!("webhooks/headers.rs")),
    ("receiver.rs", include_str!("webhooks/receiver.rs")),
    ("secret.rs", include_str!("webhooks/secret.rs")),
    ("sign.rs", include_str!("webhooks/sign.rs")),
];
