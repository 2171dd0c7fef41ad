//! What the clients know of the customers they changed: every acknowledged change, and at most
//! one whose answer did not arrive.

use std::collections::BTreeMap;

/// A customer as its only client knows it.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    /// Index of the tenant.
    pub(crate) tenant: usize,
    pub(crate) email: String,
    /// Known once the first order is acknowledged.
    pub(crate) id: Option<String>,
    pub(crate) state: State,
    /// Changes that were acknowledged.
    pub(crate) acknowledged: usize,
    /// The change that was asked for last and may or may not have happened.
    pub(crate) unknown: Option<Change>,
}

/// What is stored of a customer, as far as the load changes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) inactive: bool,
    /// Order id to whether it is open.
    pub(crate) orders: BTreeMap<String, bool>,
    /// Events of each kind. Of an order there is one for its creation.
    pub(crate) deactivated: usize,
    pub(crate) reactivated: usize,
    pub(crate) ordered: usize,
}

/// One change of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    /// An order; its id is known once it is acknowledged.
    Order(Option<String>),
    /// The cancellation of an order.
    Cancel(String),
    Delete,
    Reactivate,
}

impl Known {
    pub(crate) fn new(tenant: usize, email: String) -> Known {
        Known {
            tenant,
            email,
            id: None,
            state: State::default(),
            acknowledged: 0,
            unknown: None,
        }
    }

    /// Remembers an acknowledged change.
    pub(crate) fn acknowledge(&mut self, change: &Change) {
        self.state.apply(change);
        self.acknowledged += 1;
    }

    /// Whether `stored` is what the client was told, with or without the change it does not know
    /// the outcome of. `None`: no such customer.
    pub(crate) fn agrees(&self, stored: Option<&State>) -> bool {
        let before = self.acknowledged > 0;
        let is_before = match stored {
            Some(stored) => before && *stored == self.state,
            None => !before,
        };
        is_before || self.is_after(stored)
    }

    fn is_after(&self, stored: Option<&State>) -> bool {
        let (Some(change), Some(stored)) = (&self.unknown, stored) else {
            return false;
        };
        let mut after = self.state.clone();
        match change {
            // The id of an order whose acknowledgement is missing is whatever new one is stored.
            Change::Order(_) => {
                let mut new = stored.orders.keys();
                let new = new.find(|id| !after.orders.contains_key(*id)).cloned();
                if new.is_none() {
                    return false;
                }
                after.apply(&Change::Order(new));
            }
            change => after.apply(change),
        }
        *stored == after
    }
}

impl State {
    fn apply(&mut self, change: &Change) {
        match change {
            Change::Order(id) => {
                self.orders.insert(id.clone().unwrap_or_default(), true);
                self.ordered += 1;
            }
            Change::Cancel(id) => {
                self.orders.insert(id.clone(), false);
            }
            Change::Delete => {
                self.inactive = true;
                self.deactivated += 1;
            }
            Change::Reactivate => {
                self.inactive = false;
                self.reactivated += 1;
            }
        }
    }

    /// The ids of the open orders.
    pub(crate) fn open(&self) -> Vec<&String> {
        let orders = self.orders.iter();
        orders
            .filter(|(_, open)| **open)
            .map(|(id, _)| id)
            .collect()
    }
}
