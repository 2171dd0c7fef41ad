//! The golden contract `server.yaml`, served and talked to over TCP.

mod answers;
mod requests;
mod served;
