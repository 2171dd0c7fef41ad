//! Parallel clients. Each has customers of its own, so that it knows what must be stored of them;
//! deletions, orders, cancellations and reactivations follow each other at random.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::http::{Connection, Outcome, Request};
use crate::ledger::{Change, Known};
use crate::random::Random;

const CLIENTS: usize = 12;
/// Customers a client has in hand at a time.
const IN_HAND: usize = 6;
/// Pause of a client after a request that failed, as a polite client makes one.
const PAUSE: Duration = Duration::from_millis(15);
/// Longest wait for something that must happen, on a busy machine.
const WAIT: Duration = Duration::from_secs(60);

/// A tenant and a key for it.
#[derive(Debug, Clone)]
pub(crate) struct Tenant {
    pub(crate) id: String,
    pub(crate) key: String,
}

/// Where servers listen, as it changes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Addresses(Arc<RwLock<Vec<String>>>);

impl Addresses {
    pub(crate) fn add(&self, address: &str) {
        self.0
            .write()
            .expect("no panic while locked")
            .push(address.to_owned());
    }

    pub(crate) fn remove(&self, address: &str) {
        self.0
            .write()
            .expect("no panic while locked")
            .retain(|it| it != address);
    }

    /// The address of one of the servers, if there is any.
    fn get(&self, number: usize) -> Option<String> {
        let addresses = self.0.read().expect("no panic while locked");
        addresses.get(number % addresses.len().max(1)).cloned()
    }
}

/// How far the clients are.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Progress {
    /// Changes that were acknowledged.
    pub(crate) acknowledged: usize,
    /// Requests answered with an error of the server, or not at all.
    pub(crate) failed: usize,
}

/// Clients at work.
pub(crate) struct Load {
    shared: Arc<Shared>,
    progress: watch::Receiver<Progress>,
    clients: Vec<JoinHandle<Vec<Known>>>,
}

struct Shared {
    tenants: Vec<Tenant>,
    addresses: Addresses,
    stop: AtomicBool,
    progress: watch::Sender<Progress>,
    problems: Mutex<Vec<String>>,
}

impl Load {
    /// Starts the clients; `name` sets their customers apart from those of every other load.
    pub(crate) fn start(
        name: &str,
        tenants: &[Tenant],
        addresses: &Addresses,
        random: &mut Random,
    ) -> Load {
        let shared = Shared::new(tenants, addresses);
        let progress = shared.progress.subscribe();
        let clients = (0..CLIENTS)
            .map(|number| {
                let client = Client {
                    shared: Arc::clone(&shared),
                    name: format!("{name}-{number}"),
                    random: random.fork(),
                    connection: Connection::default(),
                    server: number,
                    customers: 0,
                };
                tokio::spawn(client.run())
            })
            .collect();
        Load {
            shared,
            progress,
            clients,
        }
    }

    /// How far the clients are.
    pub(crate) fn progress(&self) -> Progress {
        *self.progress.borrow()
    }

    /// Waits for `more` acknowledged changes from now on, and gives how long the first one took.
    pub(crate) async fn acknowledged(&self, more: usize) -> Duration {
        let (started, before) = (Instant::now(), self.progress().acknowledged);
        self.until("acknowledged a change", |it| it.acknowledged > before)
            .await;
        let first = started.elapsed();
        self.until("acknowledged changes", |it| {
            it.acknowledged >= before + more
        })
        .await;
        first
    }

    /// Waits for `more` failed requests from now on.
    pub(crate) async fn failed(&self, more: usize) {
        let before = self.progress().failed;
        self.until("failed requests", |it| it.failed >= before + more)
            .await;
    }

    /// Waits until `done`.
    pub(crate) async fn until(&self, what: &str, mut done: impl FnMut(Progress) -> bool) {
        let mut progress = self.progress.clone();
        let waited = tokio::time::timeout(WAIT, progress.wait_for(|it| done(*it))).await;
        if !matches!(waited, Ok(Ok(_))) {
            let problems = self.shared.problems.lock().expect("no client panicked");
            panic!(
                "waited {} s in vain ({what}): {:?}, {problems:#?}",
                WAIT.as_secs(),
                self.progress()
            );
        }
    }

    /// Ends the clients: what they know of their customers, and every answer that was none of the
    /// contract's.
    pub(crate) async fn finish(self) -> (Vec<Known>, Vec<String>) {
        self.shared.stop.store(true, Ordering::Relaxed);
        let mut known = Vec::new();
        for client in self.clients {
            known.extend(client.await.expect("a client does not panic"));
        }
        let mut problems = self.shared.problems.lock();
        let problems = problems.as_mut().expect("no client panicked");
        (known, std::mem::take(problems))
    }
}

/// One client.
pub(crate) struct Client {
    shared: Arc<Shared>,
    name: String,
    random: Random,
    connection: Connection,
    server: usize,
    customers: usize,
}

impl Shared {
    fn new(tenants: &[Tenant], addresses: &Addresses) -> Arc<Shared> {
        Arc::new(Shared {
            tenants: tenants.to_vec(),
            addresses: addresses.clone(),
            stop: AtomicBool::new(false),
            progress: watch::channel(Progress::default()).0,
            problems: Mutex::default(),
        })
    }
}

impl Client {
    /// A client that does nothing by itself.
    pub(crate) fn alone(
        name: &str,
        tenants: &[Tenant],
        addresses: &Addresses,
        random: &mut Random,
    ) -> Client {
        Client {
            shared: Shared::new(tenants, addresses),
            name: name.to_owned(),
            random: random.fork(),
            connection: Connection::default(),
            server: 0,
            customers: 0,
        }
    }

    /// Every answer so far that was none of the contract's.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = self.shared.problems.lock().expect("no client panicked");
        std::mem::take(&mut problems)
    }

    async fn run(mut self) -> Vec<Known> {
        let (mut in_hand, mut done) = (Vec::<Known>::new(), Vec::new());
        while !self.shared.stop.load(Ordering::Relaxed) {
            if in_hand.len() < IN_HAND {
                in_hand.push(self.new_customer());
            }
            let index = self.random.between(0, in_hand.len() - 1);
            self.step(&mut in_hand[index]).await;
            // Nobody can tell what a further change would be one to.
            if in_hand[index].unknown.is_some() || in_hand[index].acknowledged > 30 {
                done.push(in_hand.swap_remove(index));
            }
        }
        done.extend(in_hand);
        done
    }

    pub(crate) fn new_customer(&mut self) -> Known {
        self.customers += 1;
        let tenant = self.random.between(0, self.shared.tenants.len() - 1);
        Known::new(
            tenant,
            format!("{}-{}@example.com", self.name, self.customers),
        )
    }

    /// One request about a customer: a change that its state allows, or one that must be refused.
    async fn step(&mut self, customer: &mut Known) {
        let Some(id) = customer.id.clone() else {
            return self.order(customer).await;
        };
        let open: Vec<String> = customer.state.open().into_iter().cloned().collect();
        match (customer.state.inactive, open.first()) {
            (true, _) if self.random.chance(70) => self.reactivate(customer, &id).await,
            (true, _) if self.random.chance(50) => self.order_in_vain(customer).await,
            // Deleting again is answered alike and changes nothing.
            (true, _) => self.delete_again(customer, &id).await,
            (false, Some(order)) if self.random.chance(60) => {
                self.cancel(customer, order.clone()).await;
            }
            (false, Some(_)) if self.random.chance(40) => self.delete_in_vain(customer, &id).await,
            (false, None) if self.random.chance(70) => self.delete(customer, &id).await,
            _ => self.order(customer).await,
        }
    }

    pub(crate) async fn order(&mut self, customer: &mut Known) {
        let body = order(customer);
        let outcome = self.send("POST", "/v1/orders", customer, Some(&body)).await;
        let Some(answer) = self.expect(customer, Change::Order(None), outcome, 201) else {
            return;
        };
        let order = answer["orderId"].as_str();
        let id = answer["order"]["customer"]["customerId"].as_str();
        let (Some(order), Some(id)) = (order, id) else {
            return self.problem(format!("createOrder: no ids in {answer}"));
        };
        customer.id = Some(id.to_owned());
        customer.acknowledge(&Change::Order(Some(order.to_owned())));
    }

    pub(crate) async fn cancel(&mut self, customer: &mut Known, order: String) {
        let path = format!("/v1/orders/{order}/cancel");
        let outcome = self.send("POST", &path, customer, Some(&json!({}))).await;
        let change = Change::Cancel(order);
        if self
            .expect(customer, change.clone(), outcome, 200)
            .is_some()
        {
            customer.acknowledge(&change);
        }
    }

    pub(crate) async fn delete(&mut self, customer: &mut Known, id: &str) {
        let path = format!("/v1/customers/{id}");
        let outcome = self.send("DELETE", &path, customer, None).await;
        if self
            .expect(customer, Change::Delete, outcome, 200)
            .is_some()
        {
            customer.acknowledge(&Change::Delete);
        }
    }

    pub(crate) async fn reactivate(&mut self, customer: &mut Known, id: &str) {
        let path = format!("/v1/customers/{id}");
        let body = json!({"status": "active"});
        let outcome = self.send("PUT", &path, customer, Some(&body)).await;
        if self
            .expect(customer, Change::Reactivate, outcome, 200)
            .is_some()
        {
            customer.acknowledge(&Change::Reactivate);
        }
    }

    async fn delete_again(&mut self, customer: &Known, id: &str) {
        let path = format!("/v1/customers/{id}");
        let outcome = self.send("DELETE", &path, customer, None).await;
        self.refused(outcome, 200, "");
    }

    async fn delete_in_vain(&mut self, customer: &Known, id: &str) {
        let path = format!("/v1/customers/{id}");
        let outcome = self.send("DELETE", &path, customer, None).await;
        self.refused(outcome, 409, "CUSTOMER_HAS_PENDING_ORDERS");
    }

    async fn order_in_vain(&mut self, customer: &Known) {
        let body = order(customer);
        let outcome = self.send("POST", "/v1/orders", customer, Some(&body)).await;
        self.refused(outcome, 400, "CUSTOMER_INACTIVE");
    }

    async fn send(
        &mut self,
        method: &'static str,
        path: &str,
        customer: &Known,
        body: Option<&Value>,
    ) -> Outcome {
        let address = self.shared.addresses.get(self.server);
        let tenant = &self.shared.tenants[customer.tenant];
        let request = Request {
            method,
            path,
            access: Some((&tenant.id, &tenant.key)),
            body,
        };
        let outcome = match address {
            Some(address) => self.connection.send(&address, &request).await,
            None => Outcome::NotSent,
        };
        let answered = matches!(outcome, Outcome::Answer(..499, _));
        if !answered {
            self.shared.progress.send_modify(|it| it.failed += 1);
            // Another server may be there.
            self.server += 1;
            tokio::time::sleep(PAUSE).await;
        }
        outcome
    }

    /// The answer to a change: the body when it is acknowledged. Otherwise the change is
    /// remembered as unknown, unless it was never sent, or the server says that it did not happen.
    fn expect(
        &self,
        customer: &mut Known,
        change: Change,
        outcome: Outcome,
        status: u16,
    ) -> Option<Value> {
        match outcome {
            Outcome::Answer(found, body) if found == status => {
                let body = serde_json::from_str(&body).unwrap_or_default();
                self.shared.progress.send_modify(|it| it.acknowledged += 1);
                return Some(body);
            }
            Outcome::NotSent => return None,
            // Whatever else it says: it promises that nothing was changed.
            outcome @ Outcome::Answer(503, _) => {
                self.judge(&format!("{change:?} of {customer:?}"), outcome);
                return None;
            }
            outcome => self.judge(&format!("{change:?} of {customer:?}"), outcome),
        }
        customer.unknown = Some(change);
        None
    }

    /// The answer to a request that must not change anything.
    fn refused(&self, outcome: Outcome, status: u16, code: &str) {
        match outcome {
            Outcome::Answer(found, body) if found == status && body.contains(code) => {}
            Outcome::NotSent => {}
            outcome => self.judge(
                &format!("a request to be answered {status} `{code}`"),
                outcome,
            ),
        }
    }

    /// Anything but the contract's body of a failure, or no answer, is a problem.
    fn judge(&self, what: &str, outcome: Outcome) {
        match outcome {
            Outcome::Answer(status, body) if is_failure(status, &body) => {}
            Outcome::NoAnswer | Outcome::NotSent => {}
            outcome => self.problem(format!("{what}: {outcome:?}")),
        }
    }

    fn problem(&self, problem: String) {
        let mut problems = self.shared.problems.lock().expect("no client panicked");
        problems.push(problem);
    }
}

/// The contract's error body with the code of a failure of ours, and not a word more.
pub(crate) fn is_failure(status: u16, body: &str) -> bool {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let telling = ["sql", "postgres", "disk", "/"];
    let message = body["error"]["message"].as_str().map(str::to_lowercase);
    let code = match status {
        500 => "INTERNAL_ERROR",
        503 => "SERVICE_UNAVAILABLE",
        _ => return false,
    };
    body["error"]["code"] == code
        && message.is_some_and(|text| !telling.iter().any(|word| text.contains(word)))
}

/// The next order of a customer. The quantity makes it another than those before, which would be
/// answered as repeats.
fn order(customer: &Known) -> Value {
    json!({
        "customer": {"email": customer.email, "firstName": "Ada", "lastName": "Lovelace"},
        "billingAddress": {"contactName": "Ada Lovelace", "streetAddress": "Torstrasse 1",
            "city": "Berlin", "country": "DE"},
        "items": [{"sku": "NB-14", "quantity": customer.state.ordered + 1}],
    })
}
