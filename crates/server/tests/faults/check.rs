//! Holds a database against what clients were told.

use std::collections::{BTreeMap, HashMap, HashSet};

use store::{Error, Param, Store, Tx};

use crate::ledger::{Known, State};

/// What a check found.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// Acknowledged changes that were looked for.
    pub(crate) checked: usize,
    /// Changes nobody knew the outcome of.
    pub(crate) unknown: usize,
    /// Customers of whom something acknowledged is missing.
    pub(crate) lost: Vec<String>,
    /// Everything else that must not be: halves, things nobody asked for, broken invariants.
    pub(crate) violations: Vec<String>,
}

/// What is stored in one tenant: customers by e-mail, and what is wrong with it in itself.
#[derive(Debug, Default)]
struct Stored {
    customers: HashMap<String, State>,
    violations: Vec<String>,
}

/// Checks every customer of `ledger` and, over the whole database, the invariants of every tenant
/// and that statuses and orders have their events.
pub(crate) async fn check(url: &str, tenants: &[String], ledger: &[Known]) -> Findings {
    let options = store::Options {
        sqlite: store::SqliteOptions {
            readers: 1,
            ..store::SqliteOptions::default()
        },
        postgres: store::PostgresOptions {
            connections: 1,
            ..store::PostgresOptions::default()
        },
        ..store::Options::default()
    };
    let store = Store::open_with(url, &options).expect("the database opens");
    let mut findings = Findings::default();
    for (index, tenant) in tenants.iter().enumerate() {
        let (name, sqlite) = (tenant.clone(), url.starts_with("sqlite:"));
        let stored = store
            .read(move |tx| read(tx, &name, sqlite))
            .await
            .expect("the database can be read");
        findings
            .violations
            .extend(stored.violations.iter().cloned());
        let known = ledger.iter().filter(|known| known.tenant == index);
        findings.compare(known.collect(), &stored.customers);
    }
    store.close();
    findings
}

impl Findings {
    fn compare(&mut self, ledger: Vec<&Known>, stored: &HashMap<String, State>) {
        let mut unheard: HashSet<&str> = stored.keys().map(String::as_str).collect();
        for known in ledger {
            unheard.remove(known.email.as_str());
            let found = stored.get(&known.email);
            self.checked += known.acknowledged;
            self.unknown += usize::from(known.unknown.is_some());
            if known.agrees(found) {
                continue;
            }
            let finding = format!("told {known:?}, stored {found:?}");
            if found.is_none_or(|found| !found.contains(&known.state)) {
                self.lost.push(finding);
            } else {
                self.violations.push(finding);
            }
        }
        let unheard = unheard.into_iter();
        self.violations
            .extend(unheard.map(|email| format!("nobody asked for customer `{email}`")));
    }
}

impl State {
    /// Whether nothing of `told` is missing.
    fn contains(&self, told: &State) -> bool {
        let orders = told.orders.iter();
        let kept = |(id, open): (&String, &bool)| {
            let stored = self.orders.get(id);
            stored.is_some_and(|stored| *open || !stored)
        };
        self.deactivated >= told.deactivated
            && self.reactivated >= told.reactivated
            && self.ordered >= told.ordered
            && orders.into_iter().all(kept)
            && (self.inactive == told.inactive
                || self.deactivated + self.reactivated > told.deactivated + told.reactivated)
    }
}

fn read(tx: &mut Tx<'_>, tenant: &str, sqlite: bool) -> Result<Stored, Error> {
    let mut stored = Stored {
        violations: store::verify_invariants(tx, tenant)?,
        ..Stored::default()
    };
    if sqlite {
        let verdicts = tx.query_all("PRAGMA integrity_check", &[], |row| row.get::<String>())?;
        let damage = verdicts.into_iter().filter(|verdict| verdict != "ok");
        stored.violations.extend(damage);
    }
    let mut customers: BTreeMap<String, (String, State)> = BTreeMap::new();
    for [id, email, status] in texts(tx, "SELECT id, email, status FROM customers", tenant)? {
        let state = State {
            inactive: status == "inactive",
            ..State::default()
        };
        customers.insert(id, (email, state));
    }
    let mut owners = HashMap::new();
    for [id, customer, status] in texts(tx, "SELECT id, customer_id, status FROM orders", tenant)? {
        if let Some((_, state)) = customers.get_mut(&customer) {
            state.orders.insert(id.clone(), status != "cancelled");
        }
        owners.insert(id, customer);
    }
    for [kind, resource, _] in texts(tx, "SELECT kind, resource, kind FROM events", tenant)? {
        let owner = match kind.as_str() {
            "order.created" => owners.get(&resource),
            _ => Some(&resource),
        };
        let Some((_, state)) = owner.and_then(|owner| customers.get_mut(owner)) else {
            let violation = format!("event `{kind}` of `{resource}`, which is not there");
            stored.violations.push(violation);
            continue;
        };
        match kind.as_str() {
            "order.created" => state.ordered += 1,
            "customer.deactivated" => state.deactivated += 1,
            "customer.reactivated" => state.reactivated += 1,
            _ => stored
                .violations
                .push(format!("nobody caused event `{kind}`")),
        }
    }
    for (id, (_, state)) in &customers {
        if state.deactivated != state.reactivated + usize::from(state.inactive)
            || state.ordered != state.orders.len()
        {
            let violation = format!("customer `{id}` and its events disagree: {state:?}");
            stored.violations.push(violation);
        }
    }
    stored.customers = customers.into_values().collect();
    Ok(stored)
}

fn texts(tx: &mut Tx<'_>, select: &str, tenant: &str) -> Result<Vec<[String; 3]>, Error> {
    let sql = format!("{select} WHERE tenant_id = $1");
    tx.query_all(&sql, &[Param::Text(tenant.into())], |row| {
        Ok([row.get()?, row.get()?, row.get()?])
    })
}
