//! What writes leave behind: as the answers say, and as it is stored.

use std::collections::BTreeMap;

use store::{Error, Param, Store, Tx};

use crate::site::TENANT;

/// Effects, counted.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Effects {
    /// Orders by e-mail of the customer.
    pub(crate) orders: BTreeMap<String, usize>,
    pub(crate) cancelled: usize,
    pub(crate) deactivated: usize,
    pub(crate) reactivated: usize,
    /// Attempts to collect that failed.
    pub(crate) attempts: usize,
    /// Broken invariants, and events without the change that causes them.
    pub(crate) faults: Vec<String>,
}

impl Effects {
    pub(crate) fn ordered(&mut self, email: &str) {
        *self.orders.entry(email.to_owned()).or_default() += 1;
    }
}

/// What is stored; the subscription that was there from the start apart.
pub(crate) async fn stored(database: &str) -> Effects {
    let store = Store::open(database).expect("the database opens");
    let effects = store.read(read).await.expect("the database can be read");
    store.close();
    effects
}

fn read(tx: &mut Tx<'_>) -> Result<Effects, Error> {
    let mut effects = Effects {
        faults: store::verify_invariants(tx, TENANT)?,
        ..Effects::default()
    };
    let orders = "SELECT c.email, o.status FROM orders o JOIN customers c ON c.tenant_id = o.tenant_id \
                  AND c.id = o.customer_id WHERE o.tenant_id = $1 AND c.email <> 'first@example.com'";
    for (email, status) in pairs(tx, orders)? {
        effects.ordered(&email);
        effects.cancelled += usize::from(status == "cancelled");
    }
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (kind, _) in pairs(tx, "SELECT kind, resource FROM events WHERE tenant_id = $1")? {
        *counts.entry(kind).or_default() += 1;
    }
    let count = |kind: &str| counts.get(kind).copied().unwrap_or_default();
    effects.deactivated = count("customer.deactivated");
    effects.reactivated = count("customer.reactivated");
    effects.attempts = count("payment.failed");
    let attempts = "SELECT status, CAST(capture_attempts AS TEXT) FROM payments \
                    WHERE tenant_id = $1 AND capture_attempts > 0";
    let attempts = pairs(tx, attempts)?.into_iter().map(|(_, count)| count);
    let attempts: Vec<String> = attempts.collect();
    if !attempts.is_empty() && attempts != [effects.attempts.to_string()] {
        let events = effects.attempts;
        let fault = format!("{events} events of failed payments, but attempts {attempts:?}");
        effects.faults.push(fault);
    }
    // One more: that of the subscription.
    let orders = effects.orders.values().sum::<usize>() + 1;
    if count("order.created") != orders {
        let events = count("order.created");
        effects
            .faults
            .push(format!("{orders} orders, but {events} events of them"));
    }
    Ok(effects)
}

fn pairs(tx: &mut Tx<'_>, sql: &str) -> Result<Vec<(String, String)>, Error> {
    let tenant = [Param::Text(TENANT.into())];
    tx.query_all(sql, &tenant, |row| Ok((row.get()?, row.get()?)))
}
