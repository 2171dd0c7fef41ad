//! What generated servers run on: routing, reading requests, and answering. It is the same for every
//! contract; what differs stands beside it, as types that implement [`Contract`] and [`Endpoint`].
//!
//! Implement [`Api`] and the generated trait of a tag, and put the implementation behind a router
//! with [`Mount`]. [`Endpoint`] is the way of a request: admitted, read, decoded, handled,
//! answered. Most of the rest is for generated code.
//!
//! With the feature `host`, [`host`] is what stands around the router: a listener with limits, ids of requests, log
//! lines, health, metrics, and an orderly end; with `docs`, also the page on which people read and try the contract.
//!
//! **Architecture Invariant:** nothing of any contract, and no decision: who may call, and what is
//! answered, an [`Api`] says. No request makes it panic.

mod answer;
mod api;
mod condition;
mod contract;
mod credentials;
#[cfg(feature = "utoipa")]
pub mod describe;
mod form;
mod holding;
#[cfg(feature = "host")]
pub mod host;
mod incoming;
mod input;
mod items;
mod json;
mod media;
mod mount;
mod multipart;
mod quota;
mod read;
mod reading;
mod reject;
mod rest;
mod route;
mod run;
mod scalar;
mod streamed;
mod structured;

pub use futures_core::Stream;

pub use contract_wire::{EventData, Framing, Part, Scalar, Violation, ViolationCode};

pub use answer::*;
pub use api::*;
pub use condition::*;
pub use contract::*;
pub use credentials::*;
pub use form::*;
pub use holding::*;
pub use incoming::{Incoming, IncomingError, Unread};
pub use input::*;
pub use items::{Items, Sender};
pub use media::{Accept, Blob, Typed};
pub(crate) use media::{closeness, covers, is_single};
pub use mount::*;
pub use multipart::*;
pub use quota::*;
pub use read::*;
pub use reading::*;
pub use reject::*;
pub use rest::*;
pub use route::*;
pub use run::*;
pub use scalar::*;
pub use streamed::{Following, Streamed};
pub use structured::Notation;
