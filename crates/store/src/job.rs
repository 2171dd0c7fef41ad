//! A transaction on its way to a thread and back.

use std::any::{Any, TypeId};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::oneshot;

use crate::engine::Access;
use crate::statistics::Recorder;
use crate::{Error, Tx};

/// A job that waits for a thread.
pub(crate) struct Task {
    pub(crate) job: Box<dyn Job>,
    pub(crate) access: Access,
    /// Whose it is; none across tenants.
    pub(crate) tenant: Option<Arc<str>>,
    pub(crate) submitted: Instant,
    /// When its time is up, if that is limited.
    pub(crate) deadline: Option<Instant>,
}

impl Task {
    /// Gives it back unless it is too late for it: its caller has left, or its time is up.
    pub(crate) fn in_time(self, recorder: &Recorder) -> Option<Self> {
        self.in_time_at(Instant::now(), recorder)
    }

    /// [`Task::in_time`] by the caller's clock.
    pub(crate) fn in_time_at(self, now: Instant, recorder: &Recorder) -> Option<Self> {
        if self.job.is_abandoned() {
            recorder.abandoned();
            return None;
        }
        if self.deadline.is_some_and(|it| it <= now) {
            recorder.late();
            self.job.answer(Err(Error::Late));
            return None;
        }
        Some(self)
    }
}

/// What an engine runs. The result stays inside until the engine knows whether it was committed.
pub(crate) trait Job: Any + Send {
    /// Runs the closure.
    fn run(&mut self, tx: &mut Tx<'_>) -> Ran;

    /// Whether nobody waits for its answer any more.
    fn is_abandoned(&self) -> bool;

    /// Answers the caller: with the closure's own result, or with the error that undid it.
    fn answer(self: Box<Self>, outcome: Result<(), Error>);

    /// What others of its tenant it can be made together with: those of the same kind.
    fn kind(&self) -> Option<TypeId> {
        None
    }

    /// Takes in another one of its kind: from now on they are one.
    fn join(&mut self, _other: Box<dyn Job>) {}

    /// How many transactions it stands for, once it ran.
    fn count(&self) -> usize {
        1
    }
}

/// How a closure ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ran {
    /// With `Ok`: its changes are to be kept.
    Keep,
    /// With `Err`: its changes are to be undone.
    Undo,
    /// With a panic: as `Undo`, and it must not be run again.
    Panicked,
}

pub(crate) struct Transaction<F, T, E> {
    closure: F,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Transaction<F, T, E> {
    pub(crate) fn new(closure: F) -> (Self, oneshot::Receiver<Result<T, E>>) {
        let (reply, receiver) = oneshot::channel();
        (
            Self {
                closure,
                result: None,
                reply,
            },
            receiver,
        )
    }
}

impl<F, T, E> Job for Transaction<F, T, E>
where
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> Ran {
        let (ran, result) = caught(|| (self.closure)(tx));
        self.result = Some(result);
        ran
    }

    fn is_abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    fn answer(self: Box<Self>, outcome: Result<(), Error>) {
        let result = match outcome {
            Ok(()) => self.result.unwrap_or_else(|| Err(Error::Closed.into())),
            Err(error) => Err(error.into()),
        };
        // The caller may have gone away; the transaction stands either way.
        let _ = self.reply.send(result);
    }
}

/// Runs a closure that may panic.
pub(crate) fn caught<T, E: From<Error>>(run: impl FnOnce() -> Result<T, E>) -> (Ran, Result<T, E>) {
    // After a panic the changes are undone and the closure is never called again, so nothing
    // half-changed is looked at.
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(value)) => (Ran::Keep, Ok(value)),
        Ok(Err(error)) => (Ran::Undo, Err(error)),
        Err(panic) => {
            let message = panic_message(panic.as_ref());
            (Ran::Panicked, Err(Error::Panicked(message).into()))
        }
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "unknown".to_owned())
}
