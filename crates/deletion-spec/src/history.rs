//! What was asked of a server, when, and what it answered.

use std::collections::BTreeMap;

use crate::{Answer, Checked, Operation, Violation, check};

/// One request. Times are those of one monotonic clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// What was asked.
    pub operation: Operation,
    /// Before the first byte was sent.
    pub sent: u64,
    /// After the last byte was received, and what was answered; none if the connection failed, so
    /// that it may have happened, at any time since, or not.
    pub outcome: Option<(u64, Answer)>,
}

impl Call {
    /// Whether both were under way at some moment.
    pub fn overlaps(&self, other: &Call) -> bool {
        let end = |call: &Call| call.outcome.map_or(u64::MAX, |(time, _)| time);
        self.sent <= end(other) && other.sent <= end(self)
    }
}

/// The requests of many customers. Each customer is checked on its own: nothing that one is asked
/// depends on another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// By customer, in any order.
    pub customers: BTreeMap<u32, Vec<Call>>,
}

impl History {
    /// Adds a request.
    pub fn record(&mut self, customer: u32, call: Call) {
        self.customers.entry(customer).or_default().push(call);
    }

    /// Adds all of another history.
    pub fn append(&mut self, other: History) {
        for (customer, calls) in other.customers {
            self.customers.entry(customer).or_default().extend(calls);
        }
    }

    /// Requests.
    pub fn len(&self) -> usize {
        self.customers.values().map(Vec::len).sum()
    }

    /// Whether nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.customers.is_empty()
    }

    /// Requests that were under way together with another one of the same customer.
    pub fn overlapping(&self) -> usize {
        let overlapping = |calls: &Vec<Call>| {
            let mut calls: Vec<&Call> = calls.iter().collect();
            calls.sort_by_key(|call| call.sent);
            let mut marked = vec![false; calls.len()];
            let mut longest = 0;
            for index in 1..calls.len() {
                // Of those sent before, the one that is answered last.
                let end = |call: &Call| call.outcome.map_or(u64::MAX, |(time, _)| time);
                if end(calls[index - 1]) > end(calls[longest]) {
                    longest = index - 1;
                }
                if calls[longest].overlaps(calls[index]) {
                    marked[index] = true;
                    marked[longest] = true;
                }
            }
            marked.into_iter().filter(|marked| *marked).count()
        };
        self.customers.values().map(overlapping).sum()
    }

    /// Checks every customer.
    ///
    /// # Errors
    /// The first customer whose answers cannot be explained, and why not.
    pub fn check(&self) -> Result<Checked, (u32, Violation)> {
        let mut all = Checked::default();
        for (customer, calls) in &self.customers {
            let checked = check(calls).map_err(|violation| (*customer, violation))?;
            all.calls += checked.calls;
            all.configurations += checked.configurations;
        }
        Ok(all)
    }
}
