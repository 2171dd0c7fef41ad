//! How many connections there are, and who goes when there are too many.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::Notify;

use super::state::State;

/// How many connections are looked at to find the one that goes.
const LOOKED_AT: usize = 64;

/// Everybody who is connected.
#[derive(Debug)]
pub(super) struct Room {
    /// Most connections.
    most: usize,
    /// Most connections from one address.
    most_per_address: usize,
    started: Instant,
    stopping: AtomicBool,
    crowded: AtomicBool,
    present: Mutex<Present>,
    left: Notify,
}

#[derive(Debug, Default)]
struct Present {
    all: Vec<Arc<State>>,
    /// Kept only if there is a limit.
    by_address: HashMap<IpAddr, usize>,
    /// Where the last search ended.
    looked_at: usize,
}

/// The place of a connection, until it is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    room: Arc<Room>,
    pub(super) state: Arc<State>,
    address: Option<IpAddr>,
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// There are too many connections.
    Full,
    /// There are too many of this address.
    Address,
}

impl Room {
    pub(super) fn new(most: usize, most_per_address: Option<usize>) -> Room {
        Room {
            most,
            most_per_address: most_per_address.unwrap_or(usize::MAX),
            started: Instant::now(),
            stopping: AtomicBool::new(false),
            crowded: AtomicBool::new(false),
            present: Mutex::default(),
            left: Notify::new(),
        }
    }

    fn present(&self) -> MutexGuard<'_, Present> {
        self.present.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one more connection; without an address none is counted.
    ///
    /// # Errors
    /// There is none.
    pub(super) fn seat(self: &Arc<Room>, address: Option<IpAddr>) -> Result<Seat, Refused> {
        let mut present = self.present();
        if present.all.len() >= self.most {
            self.crowded.store(true, Relaxed);
            return Err(Refused::Full);
        }
        self.crowded.store(false, Relaxed);
        let address = address.filter(|_| self.most_per_address < usize::MAX);
        if let Some(address) = address {
            let count = present.by_address.entry(address).or_default();
            if *count >= self.most_per_address {
                return Err(Refused::Address);
            }
            *count += 1;
        }
        let state = Arc::new(State::default());
        state.since_ms.store(self.now_ms(), Relaxed);
        state.seat.store(present.all.len(), Relaxed);
        present.all.push(Arc::clone(&state));
        Ok(Seat {
            room: Arc::clone(self),
            state,
            address,
        })
    }

    /// Asks the connection to leave that has owed nothing for longest, among some; `false`: all of
    /// those have requests.
    pub(super) fn evict(&self) -> bool {
        let mut present = self.present();
        let count = present.all.len();
        let start = present.looked_at;
        present.looked_at = start.wrapping_add(LOOKED_AT.min(count));
        let longest = (start..start + LOOKED_AT.min(count))
            .filter_map(|place| present.all.get(place % count))
            .filter(|state| state.phase().owes_nothing() && !state.evicted.load(Relaxed))
            .min_by_key(|state| state.since_ms.load(Relaxed));
        let Some(longest) = longest else {
            return false;
        };
        longest.evicted.store(true, Relaxed);
        longest.wake();
        true
    }

    /// Done when somebody has left since the last time, or may be asked to.
    pub(super) async fn left(&self) {
        self.left.notified().await;
    }

    /// Somebody has become free to leave.
    pub(super) fn idle(&self) {
        if self.crowded() {
            self.left.notify_one();
        }
    }

    /// Whether somebody waits for a place.
    pub(super) fn crowded(&self) -> bool {
        self.crowded.load(Relaxed)
    }

    /// Asks everybody to leave once they owe nothing.
    pub(super) fn stop(&self) {
        self.stopping.store(true, Relaxed);
        for state in &self.present().all {
            state.wake();
        }
    }

    pub(super) fn stopping(&self) -> bool {
        self.stopping.load(Relaxed)
    }

    /// Done when nobody is there.
    pub(super) async fn empty(&self) {
        while !self.present().all.is_empty() {
            self.left().await;
        }
    }

    /// Milliseconds since the room was opened.
    pub(super) fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut present = self.room.present();
        let place = self.state.seat.load(Relaxed);
        present.all.swap_remove(place);
        if let Some(moved) = present.all.get(place) {
            moved.seat.store(place, Relaxed);
        }
        if let Some(address) = self.address
            && let Some(count) = present.by_address.get_mut(&address)
        {
            *count -= 1;
            if *count == 0 {
                present.by_address.remove(&address);
            }
        }
        drop(present);
        self.room.left.notify_one();
    }
}
