//! Linearisability: the search of Wing and Gong, with the memory of Lowe.
//!
//! The events of a customer, requests sent and answers received, are walked through in the order
//! of the clock. A request takes effect at some moment between the two. So when an answer is
//! received whose request has not taken effect yet, it has to do so now, after any of the others
//! that are under way; each choice that gives the recorded answers is followed, and a situation
//! that was met before is not entered again. If no choice leads past an answer, the history up to
//! that answer is the shortest part of it that cannot be explained.

use std::collections::HashSet;
use std::fmt;
use std::rc::Rc;

use crate::{Answer, Call, Customer, Operation, OrderId, SubscriptionId, apply};

/// Names what an unheard request would have made, apart from all that was named in answers.
const UNHEARD: u32 = 1 << 31;

/// Lines of a violation that are printed.
const SHOWN: usize = 24;

/// What a check took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checked {
    /// Requests explained.
    pub calls: usize,
    /// Situations looked at.
    pub configurations: usize,
}

/// A history that no order of its requests explains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Every request that was sent before the answer that cannot be, in the order sent.
    pub prefix: Vec<Call>,
    /// The request with that answer, as an index into `prefix`.
    pub wrong: usize,
    /// What it could have been answered instead.
    pub possible: Vec<Answer>,
}

impl fmt::Display for Violation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wrong = self.prefix[self.wrong];
        writeln!(
            out,
            "no order of {} requests explains the last answer",
            self.prefix.len()
        )?;
        let end = wrong.outcome.map_or(u64::MAX, |(time, _)| time);
        let left_out = self.prefix.len().saturating_sub(SHOWN);
        if left_out > 0 {
            writeln!(out, "  … {left_out} earlier ones")?;
        }
        for (index, call) in self.prefix.iter().enumerate() {
            if index < left_out && index != self.wrong {
                continue;
            }
            let mark = if index == self.wrong { '>' } else { ' ' };
            write!(out, "{mark} {:>12} ", call.sent)?;
            match call.outcome {
                Some((time, answer)) if time <= end => {
                    writeln!(out, "– {time:<12} {:?}: {answer:?}", call.operation)?;
                }
                Some(_) => writeln!(out, "– later        {:?}", call.operation)?,
                None => writeln!(out, "– never        {:?}", call.operation)?,
            }
        }
        write!(out, "possible: {:?}", self.possible)
    }
}

/// Looks for an order of one customer's requests that explains every answer. The customer is
/// unknown at first.
///
/// # Errors
/// There is none.
pub fn check(calls: &[Call]) -> Result<Checked, Violation> {
    Search::new(calls).run()
}

/// Something that happened at the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    Sent(usize),
    Answered(usize),
}

/// How far an attempt is: what has taken effect, and which requests under way have not.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Configuration {
    /// The next event.
    at: usize,
    /// Sent and not in effect, in the order in which to try them.
    open: Vec<usize>,
    customer: Rc<Customer>,
}

struct Search<'a> {
    calls: &'a [Call],
    events: Vec<Event>,
    visited: HashSet<Configuration>,
    /// The last answer that was not passed, and what could have been answered.
    furthest: usize,
    possible: Vec<Answer>,
}

impl<'a> Search<'a> {
    fn new(calls: &'a [Call]) -> Search<'a> {
        let mut events = Vec::with_capacity(2 * calls.len());
        for (index, call) in calls.iter().enumerate() {
            // At the same reading of the clock, requests come first: whatever might have been
            // concurrent is.
            events.push((call.sent, 0, Event::Sent(index)));
            if let Some((time, _)) = call.outcome {
                events.push((time, 1, Event::Answered(index)));
            }
        }
        events.sort_by_key(|(time, order, _)| (*time, *order));
        Search {
            calls,
            events: events.into_iter().map(|(_, _, event)| event).collect(),
            visited: HashSet::new(),
            furthest: 0,
            possible: Vec::new(),
        }
    }

    fn run(mut self) -> Result<Checked, Violation> {
        let start = Configuration {
            at: 0,
            open: Vec::new(),
            customer: Rc::default(),
        };
        // Depth first; what is tried first lies on top.
        let mut attempts = vec![start];
        while let Some(mut attempt) = attempts.pop() {
            let Some(due) = self.advance(&mut attempt) else {
                return Ok(Checked {
                    calls: self.calls.len(),
                    configurations: self.visited.len(),
                });
            };
            if !self.visited.insert(attempt.clone()) {
                continue;
            }
            self.remember(&attempt, due);
            let first = attempts.len();
            for index in &attempt.open {
                for fresh in self.names(*index) {
                    let Some(next) = self.take_effect(&attempt, *index, fresh) else {
                        continue;
                    };
                    attempts.push(next);
                    if *index == due {
                        // The likeliest: answers come in the order of their effects.
                        let last = attempts.len() - 1;
                        attempts.swap(first, last);
                    }
                }
            }
            attempts[first..].reverse();
        }
        Err(self.violation())
    }

    /// Walks to the next answer whose request has to take effect now; none at the end.
    fn advance(&self, attempt: &mut Configuration) -> Option<usize> {
        while let Some(event) = self.events.get(attempt.at) {
            match event {
                Event::Sent(index) => self.open(attempt, *index),
                Event::Answered(index) if !attempt.open.contains(index) => {}
                Event::Answered(index) => {
                    self.settle(attempt);
                    if attempt.open.contains(index) {
                        return Some(*index);
                    }
                }
            }
            attempt.at += 1;
        }
        None
    }

    fn open(&self, attempt: &mut Configuration, index: usize) {
        let key = |index: usize| self.calls[index].outcome.map_or(u64::MAX, |(time, _)| time);
        let place = attempt
            .open
            .partition_point(|other| key(*other) <= key(index));
        attempt.open.insert(place, index);
    }

    /// Lets every read and every refusal take effect whose answer is right now. Neither ever
    /// changes anything, so that to wait can only be harder. (What was done may have changed
    /// nothing now and still change something later: that is a choice.)
    fn settle(&self, attempt: &mut Configuration) {
        let customer = &attempt.customer;
        attempt.open.retain(|index| {
            let call = &self.calls[*index];
            match call.outcome {
                Some((_, expected)) if never_changes(&expected) => {
                    let mut after = Customer::clone(customer);
                    apply(&mut after, &call.operation, fresh(*index, call)) != expected
                }
                _ => true,
            }
        });
    }

    /// What follows if a request takes effect now; none if its answer was another.
    fn take_effect(
        &self,
        attempt: &Configuration,
        index: usize,
        fresh: u32,
    ) -> Option<Configuration> {
        let call = &self.calls[index];
        let mut customer = Customer::clone(&attempt.customer);
        let answer = apply(&mut customer, &call.operation, fresh);
        match call.outcome {
            Some((_, expected)) => {
                let names_anew = is_known(&attempt.customer, &expected);
                let changes = customer != *attempt.customer;
                if answer != expected || (changes && names_anew) {
                    return None;
                }
            }
            // Nobody heard of it, and it made no difference.
            None if customer == *attempt.customer => return None,
            None if is_known(&attempt.customer, &answer) => return None,
            None => {}
        }
        let open = attempt.open.iter().copied().filter(|it| *it != index);
        Some(Configuration {
            at: attempt.at,
            open: open.collect(),
            customer: Rc::new(customer),
        })
    }

    /// What the thing may be called that a request makes: what its answer says. If nobody heard it
    /// and the order was sent again, an answer to that may have said it.
    fn names(&self, index: usize) -> Vec<u32> {
        let call = &self.calls[index];
        let mut names = vec![fresh(index, call)];
        if call.outcome.is_none() && matches!(call.operation, Operation::CreateOrder { .. }) {
            for other in self.calls {
                if let (Some((_, Answer::OrderPlaced(id))), true) =
                    (other.outcome, other.operation == call.operation)
                    && !names.contains(&id.0)
                {
                    names.push(id.0);
                }
            }
        }
        names
    }

    fn remember(&mut self, attempt: &Configuration, due: usize) {
        if attempt.at > self.furthest {
            self.furthest = attempt.at;
            self.possible.clear();
        }
        if attempt.at == self.furthest {
            let call = &self.calls[due];
            let mut customer = Customer::clone(&attempt.customer);
            let answer = apply(&mut customer, &call.operation, fresh(due, call));
            if !self.possible.contains(&answer) {
                self.possible.push(answer);
            }
        }
    }

    fn violation(self) -> Violation {
        let sent = |event: &Event| match event {
            Event::Sent(index) => Some(*index),
            Event::Answered(_) => None,
        };
        let prefix: Vec<usize> = self.events[..self.furthest]
            .iter()
            .filter_map(sent)
            .collect();
        let wrong = match self.events[self.furthest] {
            Event::Answered(index) | Event::Sent(index) => index,
        };
        let wrong = prefix.iter().position(|index| *index == wrong);
        Violation {
            prefix: prefix.iter().map(|index| self.calls[*index]).collect(),
            wrong: wrong.expect("answers come after their requests"),
            possible: self.possible,
        }
    }
}

/// The name of what a request makes: the one that its answer gives.
fn fresh(index: usize, call: &Call) -> u32 {
    match call.outcome {
        Some((_, Answer::OrderPlaced(OrderId(id)))) => id,
        Some((_, Answer::SubscriptionStarted(SubscriptionId(id)))) => id,
        Some((_, Answer::Upgraded(SubscriptionId(id)))) => id,
        _ => UNHEARD + u32::try_from(index).expect("fewer calls"),
    }
}

fn never_changes(answer: &Answer) -> bool {
    match answer {
        Answer::Shown(_) | Answer::Audited(_) | Answer::Refused(_) | Answer::Blocked(..) => true,
        Answer::Done
        | Answer::OrderPlaced(_)
        | Answer::SubscriptionStarted(_)
        | Answer::Upgraded(_)
        | Answer::GroupCreated => false,
    }
}

/// Whether what an answer names is there already.
fn is_known(customer: &Customer, answer: &Answer) -> bool {
    match answer {
        Answer::OrderPlaced(id) => customer.orders.contains_key(id),
        Answer::SubscriptionStarted(id) | Answer::Upgraded(id) => {
            customer.subscriptions.contains_key(id)
        }
        Answer::Done
        | Answer::GroupCreated
        | Answer::Shown(_)
        | Answer::Audited(_)
        | Answer::Refused(_)
        | Answer::Blocked(..) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_at_the_same_reading_of_the_clock_are_concurrent() {
        let order = Operation::CreateOrder {
            shape: 1,
            quantity: 1,
        };
        let placed = Answer::OrderPlaced(OrderId(1));
        let calls = [
            Call {
                operation: Operation::ConfirmOrder(OrderId(1)),
                sent: 0,
                outcome: Some((5, Answer::Done)),
            },
            Call {
                operation: order,
                sent: 5,
                outcome: Some((9, placed)),
            },
        ];
        assert!(check(&calls).is_ok());
        let later = Call {
            sent: 6,
            ..calls[1]
        };
        assert!(check(&[calls[0], later]).is_err());
    }
}
