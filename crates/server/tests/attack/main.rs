//! An attack in small, on the real binary and both engines: one hostile tenant that does all it may, and
//! peers without a key, beside one polite tenant whose every request has to succeed. Memory is bounded, and
//! nothing acknowledged is lost. The large ones, with figures, are the comparisons `sqlite-hostile` and
//! `postgres-hostile` of `cargo xtask bench`.

mod hostile;
mod keyless;
mod place;
#[path = "../support/mod.rs"]
mod support;
