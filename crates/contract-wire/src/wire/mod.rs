//! What every wire type shares: reading, checking, and naming what is wrong. It is the same for
//! every contract; the types stand beside it.

mod brief;
mod check;
mod decode;
mod evaluate;
mod event;
pub mod format;
mod format_more;
mod format_names;
mod frames;
mod inner;
mod items;
mod literal;
mod maybe;
mod number;
mod open;
mod plain;
mod record;
mod rule;
mod schema;
mod server_sent;
mod shape;
mod sink;
mod time;
mod union;
mod value;
mod violation;

pub(crate) use check::TagError;
pub use decode::*;
pub use event::*;
pub use format::Format;
pub use items::*;
pub use literal::*;
pub use maybe::*;
pub use number::*;
pub use open::*;
pub use record::*;
pub use rule::*;
pub use schema::*;
pub use server_sent::EventData;
pub use shape::*;
pub use time::*;
pub use union::*;
pub use value::*;
pub use violation::*;
