//! The soft deletion of a customer: one condition, and the two statements that rest on it.

use std::sync::{Arc, LazyLock};

use jiff::Timestamp;

use crate::batch::{Change, Kind};
use crate::customer_totals::DELETABLE;
use crate::{Error, Json, Tx, params};

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

static DEACTIVATE: Kind = Kind {
    alone: deactivate,
    together: || &TOGETHER,
};

impl From<Deactivation> for Change {
    fn from(given: Deactivation) -> Self {
        Self {
            kind: &DEACTIVATE,
            tenant: given.tenant,
            id: given.customer,
            event: given.kind,
            data: given.data,
            at: given.at,
        }
    }
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
pub fn deactivate(tx: &mut Tx<'_>, tenant: &str, id: &str, at: Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(&ALONE, params![at, tenant, id])? > 0)
}

/// Deactivates those customers that can be, and that nobody has locked: waiting for one would keep the others
/// waiting. Gives their ids. The lateral join makes it a look-up by key for each, whatever the planner thinks
/// of the sizes.
static TOGETHER: LazyLock<String> = LazyLock::new(|| {
    format!(
        "WITH wanted AS MATERIALIZED ( \
           SELECT id, data FROM json_to_recordset(CAST($4 AS TEXT)::json) AS given (id TEXT, data TEXT) \
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
         SELECT $2, $3, wanted.id, wanted.data, $1 FROM wanted JOIN deactivated ON deactivated.id = wanted.id \
         RETURNING resource"
    )
});
