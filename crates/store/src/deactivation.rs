//! The usual soft deletion as an operation of the store, because PostgreSQL does many at once much faster than
//! one after the other: those that wait for a connection become one statement.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::job::{Job, Ran};
use crate::{Error, Json, NewEvent, Param, Tx, customers, events};

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

impl Deactivation {
    /// Where transactions share a commit anyway.
    fn run(&self, tx: &mut Tx<'_>) -> Result<bool, Error> {
        let done = customers::deactivate(tx, &self.tenant, &self.customer, self.at)?;
        if done {
            let event = NewEvent {
                tenant_id: &self.tenant,
                kind: self.kind,
                resource: &self.customer,
                data: self.data.clone(),
                at: self.at,
            };
            events::append(tx, &event)?;
        }
        Ok(done)
    }

    /// Whether both can be part of one statement.
    pub(crate) fn goes_with(&self, other: &Deactivation) -> bool {
        self.tenant == other.tenant && self.kind == other.kind
    }
}

/// A deactivation on its way to a thread and back.
pub(crate) struct Task {
    deactivation: Deactivation,
    result: Option<Result<bool, Error>>,
    reply: oneshot::Sender<Result<bool, Error>>,
}

impl Task {
    pub(crate) fn new(
        deactivation: Deactivation,
    ) -> (Self, oneshot::Receiver<Result<bool, Error>>) {
        let (reply, receiver) = oneshot::channel();
        let task = Self {
            deactivation,
            result: None,
            reply,
        };
        (task, receiver)
    }
}

impl Job for Task {
    fn run(&mut self, tx: &mut Tx<'_>) -> Ran {
        let result = self.deactivation.run(tx);
        let ran = if result.is_ok() { Ran::Keep } else { Ran::Undo };
        self.result = Some(result);
        ran
    }

    fn is_abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    fn answer(self: Box<Self>, outcome: Result<(), Error>) {
        let result = match outcome {
            Ok(()) => self.result.unwrap_or(Err(Error::Closed)),
            Err(error) => Err(error),
        };
        // The caller may have gone away; the deletion stands either way.
        let _ = self.reply.send(result);
    }

    fn deactivation(&self) -> Option<&Deactivation> {
        Some(&self.deactivation)
    }

    fn deactivated(mut self: Box<Self>, done: bool) {
        self.result = Some(Ok(done));
        self.answer(Ok(()));
    }
}

/// Deactivates those customers that are active, that nothing blocks, and that nobody has locked: waiting for
/// one would keep the others waiting. Gives their ids. The lateral join makes it a look-up by key for each,
/// whatever the planner thinks of the sizes.
pub(crate) const TOGETHER: &str = "WITH wanted AS MATERIALIZED ( \
       SELECT id, data FROM json_to_recordset(CAST($4 AS TEXT)::json) AS given (id TEXT, data TEXT) \
     ), free AS MATERIALIZED ( \
       SELECT locked.id FROM wanted CROSS JOIN LATERAL ( \
         SELECT c.id FROM customers c WHERE c.tenant_id = $2 AND c.id = wanted.id FOR NO KEY UPDATE SKIP LOCKED \
       ) locked \
     ), deactivated AS ( \
       UPDATE customers SET status = 'inactive', updated_at = $1 \
       WHERE tenant_id = $2 AND id = ANY (ARRAY(SELECT id FROM free)) AND status = 'active' \
       AND active_subscriptions = 0 AND open_orders = 0 AND devices_out = 0 \
       RETURNING id \
     ) INSERT INTO events (tenant_id, kind, resource, data, at) \
     SELECT $2, $3, wanted.id, wanted.data, $1 FROM wanted JOIN deactivated ON deactivated.id = wanted.id \
     RETURNING resource";

/// The values of [`TOGETHER`] for some of one tenant that tell the same kind of event. Of several for one
/// customer, one is asked for. They happen at the latest of their times.
pub(crate) fn values<'a>(all: &[&'a Deactivation]) -> [Param<'a>; 4] {
    let (first, at) = (all.first(), all.iter().map(|it| it.at).max());
    let wanted: BTreeMap<&str, &str> = all
        .iter()
        .map(|it| (it.customer.as_str(), it.data.as_str()))
        .collect();
    let wanted = wanted
        .into_iter()
        .map(|(id, data)| json!({ "id": id, "data": data }));
    [
        at.into(),
        first.map(|it| &*it.tenant).into(),
        first.map(|it| it.kind).into(),
        Value::Array(wanted.collect()).to_string().into(),
    ]
}
