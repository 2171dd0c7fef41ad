//! Sends webhooks, beside the requests that are served.
//!
//! One task brings events from the outbox to endpoints, another one looks which endpoints something is to be sent
//! to, and has one task for each of them. Every process may do so at the same time: what is to be sent is claimed
//! in the database, for a minute. Whoever is killed meanwhile leaves it to whoever comes after that.

mod send;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use service::Service;
use service::webhooks::{Delivery, Outcome, Queue};
use tokio::sync::{Semaphore, watch};
use tokio::task::{Id, JoinHandle, JoinSet};
use tokio::time::MissedTickBehavior;

use send::Sender;

/// How often new events, and what is to be sent again, are looked for.
const LOOK: Duration = Duration::from_secs(1);

/// Most requests at a time.
const IN_FLIGHT: u32 = 64;

/// Most of them to one endpoint, so that a few slow ones do not hold up the others.
const TO_ONE: u32 = 4;

/// How long requests under way have to end when the server stops; what was not heard of is sent again.
const STOPPING: Duration = Duration::from_secs(5);

/// Webhooks are sent until this is stopped.
pub(crate) struct Sending {
    stop: watch::Sender<bool>,
    fanning_out: JoinHandle<()>,
    dispatching: JoinHandle<()>,
}

impl Sending {
    /// Begins.
    ///
    /// # Errors
    /// When this machine cannot do TLS.
    pub(crate) fn start(service: &Service) -> Result<Sending, String> {
        let sender = Sender::new(service.webhook_reach())?;
        let (stop, stopped) = watch::channel(false);
        Ok(Sending {
            stop,
            fanning_out: tokio::spawn(fan_out(service.clone())),
            dispatching: tokio::spawn(dispatch(Post {
                service: service.clone(),
                sender: Arc::new(sender),
                places: Arc::new(Semaphore::new(IN_FLIGHT as usize)),
                stopped,
            })),
        })
    }

    /// Sends nothing more, and waits for what is under way.
    pub(crate) async fn stop(self) {
        self.fanning_out.abort();
        let _ = self.stop.send(true);
        let abort = self.dispatching.abort_handle();
        if tokio::time::timeout(STOPPING, self.dispatching)
            .await
            .is_err()
        {
            abort.abort();
        }
    }
}

async fn fan_out(service: Service) {
    let mut tick = tokio::time::interval(LOOK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if let Err(error) = service.fan_out_events().await {
            let error = service::chain(&error);
            tracing::warn!(error, "events were not brought to webhook endpoints");
        }
    }
}

/// What is needed to send.
#[derive(Clone)]
struct Post {
    service: Service,
    sender: Arc<Sender>,
    places: Arc<Semaphore>,
    stopped: watch::Receiver<bool>,
}

async fn dispatch(post: Post) {
    let mut tick = tokio::time::interval(LOOK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut stopped = post.stopped.clone();
    let mut tasks = JoinSet::new();
    let mut busy: HashMap<Id, Queue> = HashMap::new();
    loop {
        tokio::select! {
            _ = stopped.changed() => break,
            Some(ended) = tasks.join_next_with_id() => {
                let id = ended.map_or_else(|error| error.id(), |(id, ())| id);
                busy.remove(&id);
                continue;
            }
            _ = tick.tick() => {}
        }
        let due = match post.service.due_deliveries().await {
            Ok(due) => due,
            Err(error) => {
                let error = service::chain(&error);
                tracing::warn!(error, "webhooks to be sent could not be looked for");
                continue;
            }
        };
        for queue in due {
            if !busy.values().any(|one| *one == queue) {
                let task = tasks.spawn(empty(post.clone(), queue.clone()));
                busy.insert(task.id(), queue);
            }
        }
    }
    while tasks.join_next().await.is_some() {}
}

/// Sends until nothing more is to be sent to the endpoint now.
async fn empty(post: Post, queue: Queue) {
    loop {
        // First the places, then what takes them: what is claimed is sent at once.
        let places = Arc::clone(&post.places).acquire_many_owned(TO_ONE).await;
        let (Ok(_places), false) = (places, *post.stopped.borrow()) else {
            return;
        };
        let claimed = match post.service.claim_deliveries(&queue, TO_ONE).await {
            Ok(claimed) if claimed.is_empty() => return,
            Ok(claimed) => claimed,
            Err(error) => {
                let error = service::chain(&error);
                tracing::warn!(endpoint = queue.endpoint(), error, "webhooks were not sent");
                return;
            }
        };
        let mut sending = JoinSet::new();
        for delivery in claimed {
            sending.spawn(one(post.clone(), delivery));
        }
        while sending.join_next().await.is_some() {}
    }
}

async fn one(post: Post, delivery: Delivery) {
    let attempt = post.sender.send(&delivery).await;
    let recorded = post
        .service
        .record_delivery(&delivery, attempt.clone())
        .await;
    // Neither the URL, in which there may be secrets of the receiver, nor what was sent.
    let (endpoint, event) = (delivery.queue().endpoint(), &*delivery.id);
    let tries = delivery.attempt();
    match recorded {
        Ok(Outcome::GivenUp) => {
            tracing::warn!(endpoint, event, tries, ?attempt, "a webhook is given up");
        }
        Ok(outcome) => tracing::debug!(endpoint, event, tries, ?attempt, ?outcome, "webhook"),
        Err(error) => {
            let error = service::chain(&error);
            tracing::warn!(
                endpoint,
                event,
                error,
                "a webhook is sent again: its answer is lost"
            );
        }
    }
}
