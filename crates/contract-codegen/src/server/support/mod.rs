//! What every operation shares: routing, reading requests, and answering. It is the same for
//! every contract; what differs stands beside it.

mod answer;
mod credentials;
mod facts;
mod input;
mod mount;
mod multipart;
mod read;
mod reject;
mod rest;
mod route;
mod run;
mod scalar;

pub use super::types::support::{Violation, ViolationCode};

pub use answer::*;
pub use credentials::*;
pub use facts::*;
pub use input::*;
pub use mount::*;
pub use multipart::*;
pub use read::*;
pub use reject::*;
pub use rest::*;
pub(crate) use route::*;
pub use run::*;
pub use scalar::*;
