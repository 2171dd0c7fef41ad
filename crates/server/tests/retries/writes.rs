//! Clients that write, and send each write more than once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use hyper::Method;
use serde_json::{Value, json};
use tokio::sync::{Mutex, watch};

use crate::effects::Effects;
use crate::site::{Site, Write, order, post};
use crate::support::Http;

const CLIENTS: usize = 16;
/// Servers that are killed in a run.
const KILLS: usize = 6;
/// For so many writes, another one is killed in a long run.
const WRITES_A_KILL: usize = 1_000;
/// Customers of the crowd, each with many orders that look alike.
const CROWD: usize = 20;

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Done {
    pub(crate) writes: usize,
    /// Including repeats, without those that were sent again because no answer came.
    pub(crate) sent: usize,
    pub(crate) killed: usize,
    /// What the answers say must be stored.
    pub(crate) effects: Effects,
    pub(crate) problems: Vec<String>,
}

struct Run {
    site: Arc<Site>,
    http: Http,
    next: AtomicUsize,
    count: usize,
    written: watch::Sender<usize>,
    done: Mutex<Done>,
}

/// Makes about `count` writes.
pub(crate) async fn run(site: &Arc<Site>, count: usize, seed: u64) -> Done {
    let run = Arc::new(Run {
        site: Arc::clone(site),
        http: Http::new(),
        next: AtomicUsize::new(0),
        count,
        written: watch::channel(0).0,
        done: Mutex::default(),
    });
    let clients: Vec<_> = (0..CLIENTS as u64)
        .map(|client| {
            let run = Arc::clone(&run);
            tokio::spawn(async move { run.client(Random(seed ^ (client << 32))).await })
        })
        .collect();
    let kills = KILLS.max(count / WRITES_A_KILL);
    let mut written = run.written.subscribe();
    for kill in 0..kills {
        let at = (kill + 1) * count / (kills + 1);
        let reached = written.wait_for(|written| *written >= at).await;
        reached.expect("clients go on");
        run.site.kill(kill % 2).await;
    }
    for client in clients {
        client.await.expect("a client does not panic");
    }
    let mut done = std::mem::take(&mut *run.done.lock().await);
    done.killed = kills;
    done
}

impl Run {
    async fn client(&self, mut random: Random) {
        while *self.written.borrow() < self.count {
            let number = self.next.fetch_add(1, Relaxed);
            match random.below(3) {
                0 => self.order_again(number, &mut random).await,
                1 => self.try_payment(number, &mut random).await,
                _ => self.live(number, &mut random).await,
            }
        }
    }

    /// An order like others of the same customer: only its key tells that it is another one.
    async fn order_again(&self, number: usize, random: &mut Random) {
        let email = format!("crowd-{}@example.com", random.below(CROWD));
        let write = post(
            format!("order-{number}"),
            "/v1/orders",
            order(&email, "crowd"),
        );
        if self.write(write, 201, random).await.is_some() {
            self.done.lock().await.effects.ordered(&email);
        }
    }

    /// An attempt to collect that failed, which counts.
    async fn try_payment(&self, number: usize, random: &mut Random) {
        let path = format!("/v1/payments/{}/record-attempt", self.site.payment);
        let write = post(format!("try-{number}"), &path, json!({"status": "failed"}));
        if self.write(write, 200, random).await.is_some() {
            self.done.lock().await.effects.attempts += 1;
        }
    }

    /// A customer who orders, thinks better of it, leaves, and comes back. All but the order would be refused, or
    /// do nothing, a second time.
    async fn live(&self, number: usize, random: &mut Random) {
        let email = format!("life-{number}@example.com");
        let write = post(
            format!("life-{number}"),
            "/v1/orders",
            order(&email, "life"),
        );
        let Some(made) = self.write(write, 201, random).await else {
            return;
        };
        let (Some(id), Some(customer)) = (
            made["orderId"].as_str(),
            made["order"]["customer"]["customerId"].as_str(),
        ) else {
            return self.problem(format!("no ids: {made}")).await;
        };
        let path = format!("/v1/orders/{id}/cancel");
        let cancel = post(format!("cancel-{number}"), &path, json!({}));
        let path = format!("/v1/customers/{customer}");
        let customer = |kind: &str, method, body| Write {
            key: format!("{kind}-{number}"),
            method,
            path: path.clone(),
            body,
        };
        let delete = customer("delete", Method::DELETE, None);
        let active = json!({"status": "active"});
        let back = customer("back", Method::PUT, Some(active));
        for write in [cancel, delete, back] {
            if self.write(write, 200, random).await.is_none() {
                return;
            }
        }
        let effects = &mut self.done.lock().await.effects;
        effects.ordered(&email);
        effects.cancelled += 1;
        effects.deactivated += 1;
        effects.reactivated += 1;
    }

    /// Sends a write once to three times: its answer, if that is what it must be.
    async fn write(&self, write: Write, status: u16, random: &mut Random) -> Option<Value> {
        let (copies, first) = (1 + random.below(3), random.below(2));
        let (write, together) = (Arc::new(write), random.below(2) == 0);
        let mut answers = Vec::new();
        let mut sending = tokio::task::JoinSet::new();
        for copy in 0..copies {
            let (site, http) = (Arc::clone(&self.site), self.http.clone());
            let write = Arc::clone(&write);
            sending.spawn(async move { site.send(&http, first + copy, &write).await });
            if !together {
                answers.extend(sending.join_next().await);
            }
        }
        answers.extend(sending.join_all().await.into_iter().map(Ok));
        let answers: Vec<_> = answers
            .into_iter()
            .map(|it| it.expect("an answer"))
            .collect();
        let replayed = |answer: &&crate::support::Answer| {
            answer
                .headers
                .get("idempotency-replayed")
                .is_some_and(|it| it == "true")
        };
        let made = answers.len() - answers.iter().filter(replayed).count();
        let same = answers
            .iter()
            .all(|it| (it.status, &it.text) == (answers[0].status, &answers[0].text));
        if answers[0].status != status || !same || made > 1 {
            let what = format!("{} {} `{}`", write.method, write.path, write.key);
            self.problem(format!("{what}: {made} made, {answers:#?}"))
                .await;
            return None;
        }
        let mut done = self.done.lock().await;
        done.writes += 1;
        done.sent += copies;
        self.written.send_modify(|written| *written += 1);
        Some(answers[0].json())
    }

    async fn problem(&self, problem: String) {
        self.done.lock().await.problems.push(problem);
        // So that the run ends even if nothing succeeds.
        self.written.send_modify(|written| *written += 1);
    }
}

/// SplitMix64: choices that a seed repeats.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }
}
