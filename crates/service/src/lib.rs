//! The rules of FlexPortal: what each operation checks, in which order, and what it changes.
//!
//! A rule is a plain synchronous function over a [`Call`]: it reads, decides, writes and appends
//! its events, all in the transaction it was given. Three rooms: `rules`, with a folder or file per
//! resource; `face`, which ties them to the traits the contract generated and says who may call
//! what; `operate`, for the operator of a deployment. Start at [`Service`].
//!
//! **Architecture Invariant:** no SQL and no HTTP in here: [`store`] speaks SQL, the generated
//! router speaks HTTP, and [`error`] alone knows which status a refusal has.

pub mod call;
mod clock;
pub mod error;
mod events;
mod face;
mod id;
mod operate;
mod rules;
pub mod storage;

pub use call::{Call, Context, Tenant};
pub use clock::Clock;
pub use error::{Error, Fault, Refusal, chain, safe_cause};
pub use face::cursor;
pub use face::serve::{RouterOptions, Service, mount, served};
pub use operate::{admin, demo, jobs};
pub use rules::{calendar, money, quotes, schedule, settings};

/// What whoever sends webhooks has to know.
pub mod webhooks {
    pub use crate::rules::webhooks::address::Reach;
    pub use crate::rules::webhooks::deliver::{Attempt, Delivery, Outcome, Queue};
}
