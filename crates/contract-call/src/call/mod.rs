//! What every client needs, whatever its contract.
//!
//! `config` gathers the settings and adds them and the `credentials` to each request, `tls` says whom to trust,
//! `transport` sends it as often as the policy of `retry` allows, between the `hooks`, `request`, `structured`, `form`
//! and `multipart` write the requests that progenitor does not, `path` puts values into paths, `pages` follows cursors,
//! `outgoing` sends and `sequence` receives items one after the other, `error` and `value` are what a call gives, and
//! `blocking` waits for it.

#[cfg(feature = "blocking")]
mod blocking;
mod config;
mod credentials;
mod error;
mod form;
mod hooks;
mod multipart;
mod outgoing;
mod pages;
pub mod path;
mod request;
mod retry;
mod sequence;
mod structured;
mod tls;
mod transport;
mod value;

pub use futures_core::Stream;

#[cfg(feature = "blocking")]
pub use blocking::*;
pub use config::*;
pub use credentials::*;
pub use error::*;
pub use form::*;
pub use hooks::*;
pub use multipart::*;
pub use outgoing::items;
pub use pages::*;
pub use request::*;
pub use retry::*;
pub use sequence::{Again, ITEM_BYTES, ItemError, Items, Read, ReadItems};
pub use structured::{Notation, Place};
pub use value::*;
