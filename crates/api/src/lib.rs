//! The server side of the contract, generated: what each operation takes and may answer, a trait
//! per tag for those who implement it, and the axum router in front of them.
//!
//! Start with [`Api`] and the trait of a tag; [`Mount`] turns an implementation into a router.
//! With the feature `utoipa` there is `description()` as well: what this code says of itself, which
//! the test `closed_loop` holds against the contract.
//!
//! **Architecture Invariant:** nothing in here decides anything. A request that reaches a handler
//! is authenticated and keeps to the contract; an answer that the contract does not declare does
//! not compile; and whatever goes wrong before, after or instead of a handler is answered in the
//! contract's own form.

#![allow(
    clippy::large_enum_variant,
    reason = "an answer is moved once, into the response; boxing it would cost every request"
)]
#![allow(
    clippy::needless_borrows_for_generic_args,
    clippy::nonminimal_bool,
    clippy::unnecessary_map_on_constructor,
    reason = "generated code writes every case alike"
)]

#[cfg(doctest)]
mod undeclared;

pub use types;

include!(concat!(env!("OUT_DIR"), "/api.rs"));
