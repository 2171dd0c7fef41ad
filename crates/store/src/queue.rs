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

    /// Takes those that wait and are wanted, up to `limit`, without waiting for any.
    pub(crate) fn take_wanted(&self, limit: usize, wanted: impl Fn(&T) -> bool) -> Vec<T> {
        let mut state = self.lock();
        let mut taken = Vec::new();
        let mut index = 0;
        while index < state.items.len() && taken.len() < limit {
            if wanted(&state.items[index]) {
                taken.extend(state.items.remove(index));
            } else {
                index += 1;
            }
        }
        self.wake_to_end(&state);
        taken
    }

    /// Puts an item where it was taken from; also when the queue was closed since.
    pub(crate) fn put_back(&self, item: T) {
        self.lock().items.push_front(item);
        self.waiting.notify_one();
    }

    /// Waits for an item that may be taken now, the first of them; `None` once the queue is closed and empty.
    /// `may` is asked by one consumer at a time. A consumer that makes it allow more has to call this again, or to
    /// put something back: the others are not woken.
    pub(crate) fn take_first(&self, may: impl Fn(&T) -> bool) -> Option<T> {
        let mut state = self.lock();
        loop {
            if let Some(index) = state.items.iter().position(&may) {
                let item = state.items.remove(index);
                self.wake_to_end(&state);
                return item;
            }
            if state.closed && state.items.is_empty() {
                return None;
            }
            state = self
                .waiting
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Consumers that wait for what they may not take have to learn that it is gone.
    fn wake_to_end(&self, state: &State<T>) {
        if state.closed && state.items.is_empty() {
            self.waiting.notify_all();
        }
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
