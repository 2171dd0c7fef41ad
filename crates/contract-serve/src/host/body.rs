//! Answers between the application and a connection: one that is not taken comes to an end, too.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::body::Body;
use axum::http::header;
use axum::response::Response;

use super::pieces::in_pieces;
use super::state::State;

/// Whether the answer ends its connection.
pub(super) fn says_close(response: &Response) -> bool {
    response
        .headers()
        .get(header::CONNECTION)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"close"))
}

/// A request and its answer (HTTP/2). Ends when everything has been handed over, or nobody wants it.
#[derive(Debug)]
pub(super) struct Running {
    state: Arc<State>,
    number: u64,
}

impl Running {
    pub(super) fn new(state: Arc<State>) -> Running {
        static NUMBERS: AtomicU64 = AtomicU64::new(0);
        state.stream_begins();
        Running {
            state,
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.state
            .due()
            .retain(|(number, _)| *number != self.number);
        self.state.stream_ends();
    }
}

/// The body of an answer (HTTP/2). `due`: when all of it must have been taken.
pub(super) fn paced(body: Body, running: Running, due: Instant) -> Body {
    running.state.due().push((running.number, due));
    in_pieces(body, running)
}
