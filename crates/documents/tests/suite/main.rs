//! What is read back from rendered documents: their texts, their pages, and that no text does harm.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod hostile;
mod pages;
mod support;
mod text;
