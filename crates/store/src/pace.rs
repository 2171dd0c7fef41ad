//! What takes long gives way: once a transaction has worked for a moment, whoever else waits for the processor has it
//! first. Systems let a thread have a whole slice of time otherwise, which is a few milliseconds: ten times as long
//! as a usual request takes.
//!
//! A thread begins with each transaction. Short ones end before they give way, so that it costs them nothing.

use std::cell::Cell;
use std::thread;
use std::time::{Duration, Instant};

/// How long a thread works until it gives way. Half of it is as good, and a quarter is not: threads change places
/// for nothing.
const PIECE: Duration = Duration::from_micros(200);

/// What takes so long is more than one would like to wait for.
const LONG: Duration = Duration::from_micros(500);

/// Steps of SQLite's machine between two looks at the clock: some hundredths of a millisecond, to which comes what is
/// done with the rows.
pub(crate) const STEPS: i32 = 2_000;

thread_local! {
    /// When this thread began with what it does, and since when it has not given way.
    static WORK: Cell<Option<[Instant; 2]>> = const { Cell::new(None) };
}

/// This thread begins with something else.
pub(crate) fn begin() {
    WORK.set(Some([Instant::now(); 2]));
}

/// Gives way if it is time.
pub(crate) fn give_way() {
    let Some([began, since]) = WORK.get() else {
        return;
    };
    if since.elapsed() >= PIECE {
        thread::yield_now();
        WORK.set(Some([began, Instant::now()]));
    }
}

/// How long it has taken, if that is long.
pub(crate) fn long() -> Option<Duration> {
    let [began, since] = WORK.get()?;
    // Most have never given way, and the clock is not asked.
    let took = (since > began).then(|| began.elapsed())?;
    (took >= LONG).then_some(took)
}
