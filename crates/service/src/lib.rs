//! The rules of FlexPortal: what each operation checks, in which order, and what it changes.
//!
//! A rule is a plain synchronous function over a [`Call`]: it reads, decides, writes and appends
//! its events, all in the transaction it was given. A folder or file per resource; each ends with the few
//! lines that tie its rules to the trait the contract generated. Start at [`Service`].
//!
//! **Architecture Invariant:** no SQL and no HTTP in here: [`store`] speaks SQL, the generated
//! router speaks HTTP, and [`error`] alone knows which status a refusal has.

pub mod admin;
mod assets;
mod auth;
pub mod calendar;
pub mod call;
mod clock;
mod currencies;
pub mod cursor;
mod customers;
pub mod demo;
pub mod error;
mod events;
mod failures;
mod holding;
mod id;
pub mod money;
mod orders;
mod paging;
mod permissions;
mod products;
pub mod quotes;
mod running;
pub mod schedule;
mod serve;
pub mod settings;
mod subscriptions;
mod tenants;
mod texts;
mod token;

pub use call::{Call, Context, Tenant};
pub use clock::Clock;
pub use error::{Error, Fault, Refusal, chain, safe_cause};
pub use failures::Caller;
pub use holding::Holding;
pub use serve::{RouterOptions, Service, mount, served};
