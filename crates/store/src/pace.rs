//! What takes long gives way: once a transaction has worked for a moment, whoever else waits for the processor has it
//! first. Systems let a thread have a whole slice of time otherwise, which is a few milliseconds: ten times as long
//! as a usual request takes.
//!
//! A thread begins with each transaction. Short ones end before they give way, so that it costs them nothing.

use std::cell::Cell;
use std::thread;
use std::time::{Duration, Instant};

/// How long a thread works until it gives way. Between 0.1 and 0.3 ms it made no clear difference.
const PIECE: Duration = Duration::from_micros(200);

/// What has so many pieces is more than one would like to wait for.
const LONG: u32 = 2;

/// Steps of SQLite's machine between two looks at the clock: some hundredths of a millisecond, to which comes what is
/// done with the rows.
pub(crate) const STEPS: i32 = 2_000;

thread_local! {
    /// Since when this thread has not given way, and the pieces before.
    static WORK: Cell<Option<(Instant, u32)>> = const { Cell::new(None) };
}

/// This thread begins with something else.
pub(crate) fn begin() {
    WORK.set(Some((Instant::now(), 0)));
}

/// Gives way if it is time.
pub(crate) fn give_way() {
    let Some((since, pieces)) = WORK.get() else {
        return;
    };
    if since.elapsed() >= PIECE {
        thread::yield_now();
        WORK.set(Some((Instant::now(), pieces + 1)));
    }
}

/// How long it has worked, if that is long. Waiting for a disk, or for a processor, is a piece whatever its length:
/// it is no work that others would meet less often if this thread stood still.
pub(crate) fn long() -> Option<Duration> {
    let (_, pieces) = WORK.get()?;
    (pieces >= LONG).then(|| PIECE * pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_goes_on_and_on_is_long() {
        give_way();
        assert_eq!(long(), None, "nothing has begun");
        begin();
        assert_eq!(long(), None);
        while long().is_none() {
            give_way();
        }
        assert_eq!(long(), Some(PIECE * LONG));
        begin();
        assert_eq!(long(), None, "the next one has taken no time");
    }
}
