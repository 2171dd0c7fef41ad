//! The reading side: one transaction on the source from the survey to the last row.

use tokio::sync::{mpsc, oneshot};

use super::error::Error;
use super::record::State;
use super::rows::{Row, Which, key_of, page};
use super::survey::{self, Survey};
use super::tables::TABLES;
use super::{AtSource, Phase, Step, Watch, steps};
use crate::{Store, Tx};

/// What the reading side sends, in this order: the survey, the batches of each step that is not done, and
/// the tenants as they are.
pub(super) enum Message {
    Survey(Survey),
    Batch(Batch),
    Tenants(Vec<Row>),
}

/// Rows for one transaction on the target.
pub(super) struct Batch {
    /// Number of the step.
    pub(super) number: usize,
    pub(super) rows: Vec<Row>,
    /// No rows of this step come after these.
    pub(super) last: bool,
}

/// The ends of the channels to the writing side.
struct Link {
    messages: mpsc::Sender<Message>,
    start: oneshot::Receiver<Vec<State>>,
}

/// Surveys the source, learns from the writing side where to start, and sends the rows from there on. Ends
/// early, without an error, when the writing side has.
pub(super) async fn read(
    source: &Store,
    batch: u32,
    watch: Watch,
    messages: mpsc::Sender<Message>,
    start: oneshot::Receiver<Vec<State>>,
) -> Result<(), Error> {
    let mut link = Some(Link { messages, start });
    source
        .read(move |tx| {
            // An engine may run a transaction again after losing its connection. It would see another state
            // of the source than the rows already sent come from.
            let link = link.take().ok_or(Error::SnapshotLost)?;
            run(tx, batch, &watch, link)
        })
        .await
        .map_err(|AtSource(error)| error)
}

fn run(tx: &mut Tx<'_>, batch: u32, watch: &Watch, link: Link) -> Result<(), AtSource> {
    let (survey, findings) = survey::take(tx, Phase::Reading, batch, watch)?;
    findings.check()?;
    let faults = survey::faults(tx)?;
    if !faults.is_empty() {
        return Err(Error::Inconsistent(faults).into());
    }
    if link
        .messages
        .blocking_send(Message::Survey(survey))
        .is_err()
    {
        return Ok(());
    }
    let Ok(states) = link.start.blocking_recv() else {
        return Ok(());
    };
    for (number, (step, state)) in steps().into_iter().zip(states).enumerate() {
        if !state.done && !send(tx, number, step, state, batch, &link.messages)? {
            return Ok(());
        }
    }
    let (mut tenants, table) = (Vec::new(), &TABLES[0]);
    loop {
        let after = tenants.last().map(|row| key_of(table, row));
        let rows = page(tx, table, Which::All, after.as_deref(), batch)?;
        let last = rows.len() < batch as usize;
        tenants.extend(rows);
        if last {
            break;
        }
    }
    // Whether anybody listens is for the writing side to say.
    let _ = link.messages.blocking_send(Message::Tenants(tenants));
    Ok(())
}

/// The rows of one step; `false` if nobody listens any more.
fn send(
    tx: &mut Tx<'_>,
    number: usize,
    step: Step,
    state: State,
    batch: u32,
    messages: &mpsc::Sender<Message>,
) -> Result<bool, AtSource> {
    let mut after = state.last_key;
    loop {
        let rows = page(tx, step.table, step.which, after.as_deref(), batch)?;
        let last = rows.len() < batch as usize;
        after = rows.last().map(|row| key_of(step.table, row)).or(after);
        let message = Message::Batch(Batch { number, rows, last });
        if messages.blocking_send(message).is_err() {
            return Ok(false);
        }
        if last {
            return Ok(true);
        }
    }
}

impl From<Error> for AtSource {
    fn from(error: Error) -> Self {
        Self(error)
    }
}
