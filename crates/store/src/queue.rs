//! The queue between callers and the threads that own connections.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Many producers, one or several consumers, closable. A consumer sees everything pushed before `close`.
pub(crate) struct Queue<T> {
    state: Mutex<State<T>>,
    waiting: Condvar,
}

struct State<T> {
    items: VecDeque<T>,
    closed: bool,
}

impl<T> Queue<T> {
    pub(crate) fn new() -> Self {
        Self {
            state: Mutex::new(State {
                items: VecDeque::new(),
                closed: false,
            }),
            waiting: Condvar::new(),
        }
    }

    /// Gives the item back once the queue is closed.
    pub(crate) fn push(&self, item: T) -> Result<(), T> {
        let mut state = self.lock();
        if state.closed {
            return Err(item);
        }
        state.items.push_back(item);
        drop(state);
        self.waiting.notify_one();
        Ok(())
    }

    /// Puts an item where it was taken from; also when the queue was closed since.
    pub(crate) fn put_back(&self, item: T) {
        self.lock().items.push_front(item);
        self.waiting.notify_one();
    }

    /// Waits for an item; `None` once the queue is closed and empty.
    pub(crate) fn take(&self) -> Option<T> {
        let mut state = self.wait()?;
        state.items.pop_front()
    }

    /// Waits for an item, then takes every waiting one up to `limit` into `group`. `false` once the queue
    /// is closed and empty.
    pub(crate) fn take_group(&self, limit: usize, group: &mut VecDeque<T>) -> bool {
        let Some(mut state) = self.wait() else {
            return false;
        };
        if state.items.len() <= limit {
            std::mem::swap(&mut state.items, group);
        } else {
            group.extend(state.items.drain(..limit));
        }
        true
    }

    /// Refuses further items and wakes every consumer.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.waiting.notify_all();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// How many items wait.
    pub(crate) fn len(&self) -> usize {
        self.lock().items.len()
    }

    fn wait(&self) -> Option<MutexGuard<'_, State<T>>> {
        let mut state = self.lock();
        loop {
            if !state.items.is_empty() {
                return Some(state);
            }
            if state.closed {
                return None;
            }
            state = self
                .waiting
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // No code that can panic runs under the lock, so a poisoned state is still a whole one.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
