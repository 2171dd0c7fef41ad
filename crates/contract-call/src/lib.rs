//! What generated clients run on: settings, credentials, requests and retries, and what a call
//! gives. It is the same for every contract; the methods stand beside it.
//!
//! Callers meet [`Error`], [`ResponseValue`], [`Pages`], [`RetryPolicy`] and [`Upload`], which every
//! generated client gives on. The rest is for generated code: start at [`Settings::build`] and
//! [`Inner::send`].
//!
//! **Architecture Invariant:** nothing of any contract. The folder `call` depends on nothing outside
//! itself, so that a client crate can carry it along.

#[cfg(feature = "runtime")]
mod call;

#[cfg(feature = "runtime")]
pub use call::*;

/// The files of the folder `call`, for crates that carry it along instead of depending on this one.
pub const CODE: [(&str, &str); 18] = [
    ("mod.rs", include_str!("call/mod.rs")),
    ("blocking.rs", include_str!("call/blocking.rs")),
    ("config.rs", include_str!("call/config.rs")),
    ("credentials.rs", include_str!("call/credentials.rs")),
    ("error.rs", include_str!("call/error.rs")),
    ("form.rs", include_str!("call/form.rs")),
    ("hooks.rs", include_str!("call/hooks.rs")),
    ("multipart.rs", include_str!("call/multipart.rs")),
    ("outgoing.rs", include_str!("call/outgoing.rs")),
    ("pages.rs", include_str!("call/pages.rs")),
    ("path.rs", include_str!("call/path.rs")),
    ("request.rs", include_str!("call/request.rs")),
    ("retry.rs", include_str!("call/retry.rs")),
    ("sequence.rs", include_str!("call/sequence.rs")),
    ("structured.rs", include_str!("call/structured.rs")),
    ("tls.rs", include_str!("call/tls.rs")),
    ("transport.rs", include_str!("call/transport.rs")),
    ("value.rs", include_str!("call/value.rs")),
];
