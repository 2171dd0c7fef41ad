//! The time that a connection may take, and its end when the server stops or needs its place.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper_util::server::graceful::GracefulConnection;
use tokio::time::Sleep;

use super::Limits;
use super::room::Room;
use super::state::{Phase, State};

/// How long a client of HTTP/2 without requests has to learn that the server stops.
const FAREWELL: Duration = Duration::from_secs(1);

/// Why a connection ended that might have gone on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// No request came.
    Idle,
    /// The head of a request took too long.
    HeadTimeout,
    /// An answer was not taken.
    WriteTimeout,
    /// The server stops, or another connection got its place.
    Dismissed,
}

/// Watches over a connection.
#[derive(Debug)]
pub(super) struct Watch<'l> {
    limits: &'l Limits,
    /// For the next request to begin; less once the connection is to end.
    idle: Duration,
    room: Arc<Room>,
    state: Arc<State>,
    /// What was seen last of how far the connection has come.
    seen: Option<u32>,
    /// When the present phase must be over.
    deadline: Option<Instant>,
    /// Not later than `deadline`: moving it with every request would cost more than waking up once.
    alarm: Option<Instant>,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl<'l> Watch<'l> {
    pub(super) fn new(limits: &'l Limits, room: Arc<Room>, state: Arc<State>) -> Watch<'l> {
        Watch {
            limits,
            idle: limits.idle,
            room,
            state,
            seen: None,
            deadline: None,
            alarm: None,
            sleep: None,
        }
    }

    /// Waits for what the connection begins with.
    ///
    /// # Errors
    /// It took too long, or the connection is not wanted.
    pub(super) async fn over_opening<T>(
        &mut self,
        mut opening: impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> Result<T, Ended> {
        std::future::poll_fn(|cx| {
            self.state.runs_in(cx.waker());
            if let Poll::Ready(opened) = opening(cx) {
                return Poll::Ready(Ok(opened));
            }
            if self.dismissed() {
                return Poll::Ready(Err(Ended::Dismissed));
            }
            self.poll_deadline(cx).map(Err)
        })
        .await
    }

    /// Runs a connection of HTTP/1 to its end.
    ///
    /// # Errors
    /// It took too long, or the connection is not wanted.
    pub(super) async fn over_http1<C: GracefulConnection>(
        &mut self,
        mut connection: Pin<Box<C>>,
    ) -> Result<Result<(), C::Error>, Ended> {
        let mut told = false;
        std::future::poll_fn(|cx| {
            loop {
                if let Poll::Ready(outcome) = connection.as_mut().poll(cx) {
                    return Poll::Ready(Ok(outcome));
                }
                if self.dismissed() {
                    return Poll::Ready(Err(Ended::Dismissed));
                }
                if told || !self.room.stopping() {
                    return self.poll_deadline(cx).map(Err);
                }
                // The request is answered, and the answer says that the connection ends.
                told = true;
                connection.as_mut().graceful_shutdown();
            }
        })
        .await
    }

    /// Runs a connection of HTTP/2 to its end.
    ///
    /// # Errors
    /// It took too long, or the connection is not wanted.
    pub(super) async fn over_http2<C: GracefulConnection>(
        &mut self,
        mut connection: Pin<Box<C>>,
    ) -> Result<Result<(), C::Error>, Ended> {
        let mut told = false;
        let state = Arc::clone(&self.state);
        std::future::poll_fn(|cx| {
            loop {
                if let Poll::Ready(outcome) = connection.as_mut().poll(cx) {
                    return Poll::Ready(Ok(outcome));
                }
                state.look_at_streams();
                if told || !(self.room.stopping() || self.dismissed()) {
                    let ended = self.poll_deadline(cx);
                    return ended.map(|ended| Err(if told { Ended::Dismissed } else { ended }));
                }
                // Streams that have begun are answered; the client may begin others elsewhere.
                told = true;
                connection.as_mut().graceful_shutdown();
                self.idle = FAREWELL;
                self.seen = None;
            }
        })
        .await
    }

    /// Whether the connection ends here: it owes nothing.
    fn dismissed(&self) -> bool {
        self.state.phase().owes_nothing()
            && (self.room.stopping() || self.state.evicted.load(Relaxed))
    }

    fn poll_deadline(&mut self, cx: &mut Context<'_>) -> Poll<Ended> {
        let progress = self.state.progress();
        if self.seen != Some(progress) {
            self.seen = Some(progress);
            self.look();
        }
        let phase = self.state.phase();
        let deadline = match phase {
            // Streams run beside each other: the first that is due counts.
            Phase::Busy => self.state.due().iter().map(|(_, due)| *due).min(),
            _ => self.deadline,
        };
        if let Some(deadline) = deadline
            && self.alarm.is_none_or(|alarm| deadline < alarm)
        {
            self.set_alarm(deadline);
        }
        while self.alarm.is_some()
            && let Some(sleep) = &mut self.sleep
        {
            std::task::ready!(sleep.as_mut().poll(cx));
            self.alarm = None;
            let Some(deadline) = deadline else { break };
            if deadline <= Instant::now() {
                return Poll::Ready(match phase {
                    Phase::Waiting => Ended::Idle,
                    Phase::Head => Ended::HeadTimeout,
                    Phase::Busy | Phase::Answering => Ended::WriteTimeout,
                });
            }
            self.set_alarm(deadline);
        }
        Poll::Pending
    }

    /// The connection has come further.
    fn look(&mut self) {
        let allowed = match self.state.phase() {
            Phase::Waiting => Some(self.idle),
            Phase::Head => Some(self.limits.head),
            // Reading bodies and handling requests have times of their own.
            Phase::Busy => None,
            Phase::Answering => Some(self.limits.write_time(self.state.answer_bytes())),
        };
        self.deadline = allowed.map(|allowed| Instant::now() + allowed);
        if self.state.phase().owes_nothing() {
            self.state.since_ms.store(self.room.now_ms(), Relaxed);
            self.room.idle();
        }
    }

    fn set_alarm(&mut self, at: Instant) {
        self.alarm = Some(at);
        match &mut self.sleep {
            Some(sleep) => sleep.as_mut().reset(at.into()),
            None => self.sleep = Some(Box::pin(tokio::time::sleep_until(at.into()))),
        }
    }
}
