//! What every client needs, whatever its contract.
//!
//! `config` gathers the settings and adds them and the `credentials` to each request, `transport`
//! sends it as often as the policy of `retry` allows, `call` and `form` write the requests that progenitor
//! does not, `path` puts values into paths, `pages` follows cursors, and `error` and `value` are
//! what a call gives.

pub(crate) mod call;
pub(crate) mod config;
pub(crate) mod credentials;
pub(crate) mod error;
pub(crate) mod form;
pub(crate) mod pages;
pub(crate) mod path;
pub(crate) mod retry;
pub(crate) mod transport;
pub(crate) mod value;

pub use config::Inner;
