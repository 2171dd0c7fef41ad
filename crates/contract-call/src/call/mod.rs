//! What every client needs, whatever its contract.
//!
//! `config` gathers the settings and adds them and the `credentials` to each request, `tls` says whom to trust,
//! `transport` sends it as often as the policy of `retry` allows, between the `hooks`, `request`, `structured`, `form`
//! and `multipart` write the requests that progenitor does not, `path` puts values into paths, `pages` follows cursors,
//! `error` and `value` are what a call gives, and `blocking` waits for it.

#[cfg(feature = "blocking")]
mod blocking;
mod config;
mod credentials;
mod error;
mod form;
mod hooks;
mod multipart;
mod pages;
pub mod path;
mod request;
mod retry;
mod structured;
mod tls;
mod transport;
mod value;

#[cfg(feature = "blocking")]
pub use blocking::*;
pub use config::*;
pub use credentials::*;
pub use error::*;
pub use form::*;
pub use hooks::*;
pub use multipart::*;
pub use pages::*;
pub use request::*;
pub use retry::*;
pub use structured::{Notation, Place};
pub use value::*;
