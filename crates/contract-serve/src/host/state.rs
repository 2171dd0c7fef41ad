//! What the parts of one connection tell each other: the socket, the requests on it, and whoever
//! watches over it.

use std::sync::atomic::{
    AtomicBool, AtomicU8, AtomicU32, AtomicU64, AtomicUsize, Ordering::Relaxed,
};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::Waker;
use std::time::Instant;

/// What a connection is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// For the first byte of a request.
    Waiting,
    /// A head has begun to arrive.
    Head,
    /// A request was accepted and is being handled.
    Busy,
    /// An answer is being sent.
    Answering,
}

impl Phase {
    /// Whether nothing was accepted that would have to be answered.
    pub(super) fn owes_nothing(self) -> bool {
        matches!(self, Phase::Waiting | Phase::Head)
    }
}

/// Shared by the parts of a connection.
#[derive(Debug, Default)]
pub(super) struct State {
    /// A [`Phase`] in the lowest two bits, and above them how often it has begun to wait: a
    /// request that is answered at once leaves the phase as it was, but not this.
    progress: AtomicU32,
    /// Headers of the next request that say where its body ends (HTTP/1).
    framings: AtomicU8,
    /// Bytes of the answer that is being sent (HTTP/1).
    answer_bytes: AtomicU64,
    /// Not all of it has been handed over to be sent.
    more_to_come: AtomicBool,
    /// Since when it owes nothing, in milliseconds of the process.
    pub(super) since_ms: AtomicU64,
    /// Its place among all connections.
    pub(super) seat: AtomicUsize,
    /// The peer may still be sending what nobody reads.
    linger: AtomicBool,
    /// Its place is needed.
    pub(super) evicted: AtomicBool,
    /// Requests and answers that are under way (HTTP/2).
    streams: AtomicUsize,
    /// When answers must have been sent, with their numbers (HTTP/2).
    due: Mutex<Vec<(u64, Instant)>>,
    /// Of its task.
    waker: OnceLock<Waker>,
}

/// The pieces of an answer (HTTP/1). Ends when the last one has been handed over, or nobody wants it.
#[derive(Debug)]
pub(super) struct Pieces(Arc<State>);

impl Drop for Pieces {
    fn drop(&mut self) {
        self.0.more_to_come.store(false, Relaxed);
    }
}

const WAITING: u32 = 0;
const HEAD: u32 = 1;
const BUSY: u32 = 2;
const ANSWERING: u32 = 3;
const PHASES: u32 = 3;
const TURN: u32 = 4;

impl State {
    pub(super) fn phase(&self) -> Phase {
        match self.progress.load(Relaxed) & PHASES {
            WAITING => Phase::Waiting,
            HEAD => Phase::Head,
            BUSY => Phase::Busy,
            _ => Phase::Answering,
        }
    }

    /// Differs from what it was if anything was accepted or answered meanwhile.
    pub(super) fn progress(&self) -> u32 {
        self.progress.load(Relaxed)
    }

    // Only the task of the connection moves between phases, so that reading and writing need not be one step.
    fn enter(&self, phase: u32) {
        let turns = self.progress.load(Relaxed) & !PHASES;
        self.progress.store(turns | phase, Relaxed);
    }

    /// Bytes came in.
    pub(super) fn received(&self) {
        if self.phase() == Phase::Waiting {
            self.enter(HEAD);
        }
    }

    /// These headers say where the body of the next request ends.
    pub(super) fn framed_by(&self, framings: u8) {
        let known = self.framings.load(Relaxed);
        self.framings.store(known | framings, Relaxed);
    }

    /// A head is complete. Which headers say where its body ends, as far as is known.
    pub(super) fn accepted(&self) -> u8 {
        self.enter(BUSY);
        let framings = self.framings.load(Relaxed);
        self.framings.store(0, Relaxed);
        framings
    }

    /// There is an answer of so many bytes to be sent.
    pub(super) fn answering(&self, bytes: u64) {
        self.answer_bytes.store(bytes, Relaxed);
        self.enter(ANSWERING);
    }

    pub(super) fn answer_bytes(&self) -> u64 {
        self.answer_bytes.load(Relaxed)
    }

    /// The answer comes in pieces: it is not over when one of them has been sent.
    pub(super) fn answers_in_pieces(self: &Arc<Self>) -> Pieces {
        self.more_to_come.store(true, Relaxed);
        Pieces(Arc::clone(self))
    }

    /// Everything has been sent that was there to be sent.
    pub(super) fn flushed(&self) {
        if self.phase() == Phase::Answering && !self.more_to_come.load(Relaxed) {
            self.wait();
        }
    }

    fn wait(&self) {
        let turns = self.progress.load(Relaxed) & !PHASES;
        self.progress
            .store(turns.wrapping_add(TURN) | WAITING, Relaxed);
    }

    /// The connection ends with bytes on their way that nobody reads: closing it at once would
    /// make the peer's system discard the answer.
    pub(super) fn linger(&self) {
        self.linger.store(true, Relaxed);
    }

    /// What the peer still sends is dropped, which has its own limits.
    pub(super) fn lingering(&self) {
        self.enter(BUSY);
    }

    /// Whether the peer may still be sending: a body that is not read, or what is no head.
    pub(super) fn lingers(&self) -> bool {
        self.linger.load(Relaxed) || self.phase() == Phase::Head
    }

    /// A stream begins (HTTP/2).
    pub(super) fn stream_begins(&self) {
        self.streams.fetch_add(1, Relaxed);
        self.enter(BUSY);
    }

    /// A stream ends. Streams run beside their connection, which has to look again.
    pub(super) fn stream_ends(&self) {
        if self.streams.fetch_sub(1, Relaxed) == 1 {
            self.wake();
        }
    }

    /// The client speaks HTTP/2: what comes in between requests is not the head of one.
    pub(super) fn opened(&self) {
        self.wait();
    }

    /// Looks again whether there are streams (HTTP/2).
    pub(super) fn look_at_streams(&self) {
        if self.phase() == Phase::Busy && self.streams.load(Relaxed) == 0 {
            self.wait();
        }
    }

    pub(super) fn due(&self) -> MutexGuard<'_, Vec<(u64, Instant)>> {
        self.due.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers the task. It is the same as long as the connection lives.
    pub(super) fn runs_in(&self, waker: &Waker) {
        self.waker.get_or_init(|| waker.clone());
    }

    /// Makes the connection look at what it has been told.
    pub(super) fn wake(&self) {
        if let Some(waker) = self.waker.get() {
            waker.wake_by_ref();
        }
    }
}
