//! Wire types of the contract: what requests and answers consist of, and the validation of every
//! constraint that the contract states.
//!
//! Everything here is generated from `openapi/` by `build.rs`; `crates/contract-codegen` knows how, and
//! `cargo xtask codegen` writes it where it can be read. Start at [`support::decode`] to read a
//! value and at [`support::violations`] to check one that was built by hand.
//!
//! A value that breaks the contract cannot be decoded, and where Rust allows it cannot be built:
//!
//! ```compile_fail,E0308
//! let deleted = types::support::True;
//! let success: types::support::True = false;
//! ```
//!
//! **Architecture Invariant:** no rule of the business and no HTTP.

include!(concat!(env!("OUT_DIR"), "/types.rs"));
