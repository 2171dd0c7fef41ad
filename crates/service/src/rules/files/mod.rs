//! Files: records of documents, links to their content, and the contracts that are written here.

mod contract;
mod generate;
mod link;
mod list;
mod remove;

pub(crate) use generate::generate;
pub(crate) use link::{open, url};
pub(crate) use list::{get, list};
pub(crate) use remove::delete;
