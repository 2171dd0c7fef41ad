//! What every client needs, whatever its contract.
//!
//! `config` gathers the settings and adds them and the `credentials` to each request, `transport`
//! sends it as often as the policy of `retry` allows, between the `hooks`, `request`, `structured`, `form` and `multipart` write the
//! requests that progenitor does not, `path` puts values into paths, `pages` follows cursors, and `error` and
//! `value` are what a call gives.

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
mod transport;
mod value;

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
