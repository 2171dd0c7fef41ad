//! The soft deletion of a customer: one condition, and the two statements that rest on it.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, LazyLock};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::batch::Grouped;
use crate::customer_totals::DELETABLE;
use crate::{Error, Json, NewEvent, Tx, events, params};

/// A customer to become inactive, and the event that tells of it.
#[derive(Debug, Clone)]
pub struct Deactivation {
    /// Whose customer.
    pub tenant: Arc<str>,
    /// Which one.
    pub customer: String,
    /// Contract name of the event.
    pub kind: &'static str,
    /// The ids concerned.
    pub data: Json,
    /// When.
    pub at: Timestamp,
}

impl Grouped for Deactivation {
    type Made = ();

    fn make(tx: &mut Tx<'_>, all: &[&Self]) -> Result<Vec<Option<()>>, Error> {
        match tx.dialect().is_remote {
            false => all.iter().map(|it| alone(tx, it)).collect(),
            true => together(tx, all),
        }
    }
}

fn alone(tx: &mut Tx<'_>, it: &Deactivation) -> Result<Option<()>, Error> {
    if !deactivate(tx, &it.customer, it.at)? {
        return Ok(None);
    }
    let event = NewEvent {
        kind: it.kind,
        resource: &it.customer,
        data: it.data.clone(),
        at: it.at,
    };
    events::append(tx, &event).map(Some)
}

/// All of them happen at the latest of their times. Of several of one customer, one is asked for.
fn together(tx: &mut Tx<'_>, all: &[&Deactivation]) -> Result<Vec<Option<()>>, Error> {
    let at = all.iter().map(|it| it.at).max();
    let wanted: BTreeMap<&str, &Deactivation> =
        all.iter().map(|it| (it.customer.as_str(), *it)).collect();
    let wanted = wanted
        .into_iter()
        .map(|(id, it)| json!({ "id": id, "kind": it.kind, "data": it.data.as_str() }));
    let wanted = Value::Array(wanted.collect()).to_string();
    let made = tx.query_alone(&TOGETHER, params![at, tx.tenant()?, wanted], |row| {
        row.get::<String>()
    })?;
    let mut made: HashSet<String> = made.into_iter().collect();
    // The first of several is the one that made it.
    let made = all.iter().map(|it| made.remove(&it.customer).then_some(()));
    Ok(made.collect())
}

static ALONE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "UPDATE customers SET status = 'inactive', updated_at = $1 \
         WHERE tenant_id = $2 AND id = $3 AND {DELETABLE}"
    )
});

/// Soft-deletes in one conditional update: `true` if the customer was active and nothing blocked. On
/// `false` nothing changed; [`lock`](crate::customers::lock) and the [`Blocker`](crate::Blocker)s tell why.
///
/// # Errors
/// Engine failures.
pub fn deactivate(tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(&ALONE, params![at, tx.tenant()?, id])? > 0)
}

/// Deactivates those customers that can be, and that nobody has locked: waiting for one would keep the others
/// waiting. Gives their ids. The lateral join makes it a look-up by key for each, whatever the planner thinks
/// of the sizes.
static TOGETHER: LazyLock<String> = LazyLock::new(|| {
    format!(
        "WITH wanted AS MATERIALIZED ( \
           SELECT id, kind, data FROM json_to_recordset(CAST($3 AS TEXT)::json) \
           AS given (id TEXT, kind TEXT, data TEXT) \
         ), free AS MATERIALIZED ( \
           SELECT locked.id FROM wanted CROSS JOIN LATERAL ( \
             SELECT c.id FROM customers c WHERE c.tenant_id = $2 AND c.id = wanted.id \
             FOR NO KEY UPDATE SKIP LOCKED \
           ) locked \
         ), deactivated AS ( \
           UPDATE customers SET status = 'inactive', updated_at = $1 \
           WHERE tenant_id = $2 AND id = ANY (ARRAY(SELECT id FROM free)) AND {DELETABLE} \
           RETURNING id \
         ) INSERT INTO events (tenant_id, kind, resource, data, at) \
         SELECT $2, wanted.kind, wanted.id, wanted.data, $1 FROM wanted JOIN deactivated ON deactivated.id = wanted.id \
         RETURNING resource"
    )
});
