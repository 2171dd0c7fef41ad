//! Client of the contract: a method per operation, over the wire types of [`types`].
//!
//! Everything here is generated from `openapi/` by `build.rs`, through progenitor;
//! `crates/contract-codegen/src/client` knows how, and `cargo xtask codegen` writes it where it can be read.
//! `cargo xtask client --out DIR` turns it into a crate that can be published.
//!
//! Start at [`Client::builder`]:
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = client::Client::builder("https://api.example.com")
//!     .token("fp_…")
//!     .tenant_id("acme")
//!     .build()?;
//! match client.delete_customer("cust_1").await {
//!     Ok(answer) => println!("{}", answer.message),
//!     Err(error) if error.status().is_some_and(|status| status == 404) => println!("unknown"),
//!     Err(error) => return Err(error.into()),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! **Architecture Invariant:** no rule of the business, and nothing written by hand that another
//! contract would not need as well.

pub use types;

pub use generated::*;

#[allow(clippy::all, reason = "progenitor does not write for clippy")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}
