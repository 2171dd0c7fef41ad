//! Sending and receiving webhooks as Standard Webhooks 1.0 has it. It is the same for every
//! contract; the events stand among the types.

mod error;
mod headers;
mod receiver;
mod secret;
mod sign;

pub use error::Error;
pub use headers::{Headers, ID, SIGNATURE, TIMESTAMP};
pub use receiver::{Delivery, Received, Receiver};
pub use secret::{Secret, SecretError};
pub use sign::{SignError, Signed, sign};
