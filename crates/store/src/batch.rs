//! Changes that stand alone, because PostgreSQL makes many at once much faster than one after the other: those
//! that wait for a connection become one statement.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::job::{Job, Ran};
use crate::{Error, Json, NewEvent, Param, Tx, events};

/// A change of one row that is a transaction of its own, and the event that tells of it. It is made or it is
/// not; it fails only when the engine does.
#[derive(Debug)]
pub(crate) struct Change {
    /// How it is made.
    pub(crate) kind: &'static Kind,
    /// Whose row.
    pub(crate) tenant: Arc<str>,
    /// Which one.
    pub(crate) id: String,
    /// Contract name of the event.
    pub(crate) event: &'static str,
    /// The ids concerned.
    pub(crate) data: Json,
    /// When.
    pub(crate) at: Timestamp,
}

/// What is done to a row.
#[derive(Debug)]
pub(crate) struct Kind {
    /// The change alone, without its event, where transactions share a commit anyway: of the row with this id of
    /// a tenant, at this time. Whether it was made.
    pub(crate) alone: fn(&mut Tx<'_>, &str, &str, Timestamp) -> Result<bool, Error>,
    /// Makes those changes that it can make without waiting for anybody, and appends their events. Gives the ids
    /// of their rows. Its values are [`values`].
    pub(crate) together: fn() -> &'static str,
}

impl Change {
    /// Whether both can be part of one statement.
    pub(crate) fn goes_with(&self, other: &Self) -> bool {
        std::ptr::eq(self.kind, other.kind)
            && self.tenant == other.tenant
            && self.event == other.event
    }

    fn run(&self, tx: &mut Tx<'_>) -> Result<bool, Error> {
        let made = (self.kind.alone)(tx, &self.tenant, &self.id, self.at)?;
        if made {
            let event = NewEvent {
                tenant_id: &self.tenant,
                kind: self.event,
                resource: &self.id,
                data: self.data.clone(),
                at: self.at,
            };
            events::append(tx, &event)?;
        }
        Ok(made)
    }
}

/// The values of [`Kind::together`] for changes that go together: time, tenant, kind of event, and an array of
/// the ids with the data of their events. Of several changes of one row, one is asked for. They happen at the
/// latest of their times.
pub(crate) fn values<'a>(all: &[&'a Change]) -> [Param<'a>; 4] {
    let (first, at) = (all.first(), all.iter().map(|it| it.at).max());
    let wanted: BTreeMap<&str, &str> = all
        .iter()
        .map(|it| (it.id.as_str(), it.data.as_str()))
        .collect();
    let wanted = wanted
        .into_iter()
        .map(|(id, data)| json!({ "id": id, "data": data }));
    [
        at.into(),
        first.map(|it| &*it.tenant).into(),
        first.map(|it| it.event).into(),
        Value::Array(wanted.collect()).to_string().into(),
    ]
}

/// A change on its way to a thread and back.
pub(crate) struct Task {
    change: Change,
    result: Option<Result<bool, Error>>,
    reply: oneshot::Sender<Result<bool, Error>>,
}

impl Task {
    pub(crate) fn new(change: Change) -> (Self, oneshot::Receiver<Result<bool, Error>>) {
        let (reply, receiver) = oneshot::channel();
        let task = Self {
            change,
            result: None,
            reply,
        };
        (task, receiver)
    }
}

impl Job for Task {
    fn run(&mut self, tx: &mut Tx<'_>) -> Ran {
        let result = self.change.run(tx);
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
        // The caller may have gone away; the change stands either way.
        let _ = self.reply.send(result);
    }

    fn change(&self) -> Option<&Change> {
        Some(&self.change)
    }

    fn made_together(mut self: Box<Self>, made: bool) {
        self.result = Some(Ok(made));
        self.answer(Ok(()));
    }
}
