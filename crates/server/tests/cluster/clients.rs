//! Two clients, each at both servers. A change has an `Idempotency-Key` and is repeated, at the other server, until
//! somebody has acknowledged it. So it is known of each what must be stored.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use hyper::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::ledger::{Change, Known};
use crate::progress::{Progress, Since};
use crate::support::Http;

/// Customers that are worked on at a time.
const LANES: usize = 12;
/// Pause after a request that failed, as a polite client makes one.
const PAUSE: Duration = Duration::from_millis(50);
/// Nothing a server does may take longer, whatever its database is going through.
const PATIENCE: Duration = Duration::from_secs(40);
/// Longest wait for something that must happen, on a busy machine.
const WAIT: Duration = Duration::from_secs(90);

/// Two servers and how to be let in.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub(crate) addresses: [String; 2],
    pub(crate) tenant: String,
    pub(crate) key: String,
}

/// The clients at work.
pub(crate) struct Clients {
    shared: Arc<Shared>,
    progress: watch::Receiver<Progress>,
    lanes: Vec<JoinHandle<Vec<Known>>>,
}

struct Shared {
    site: Site,
    stop: AtomicBool,
    progress: watch::Sender<Progress>,
    problems: watch::Sender<Vec<String>>,
}

impl Clients {
    pub(crate) fn start(site: Site) -> Clients {
        let (sender, progress) = watch::channel(Progress::default());
        let shared = Arc::new(Shared {
            site,
            stop: AtomicBool::new(false),
            progress: sender,
            problems: watch::channel(Vec::new()).0,
        });
        let lanes = (0..LANES).map(|lane| tokio::spawn(work(Arc::clone(&shared), lane)));
        Clients {
            lanes: lanes.collect(),
            shared,
            progress,
        }
    }

    pub(crate) fn progress(&self) -> Progress {
        self.progress.borrow().clone()
    }

    /// What has happened since `started`, when the progress was `before`.
    pub(crate) fn since(&self, before: &Progress, started: Instant) -> Since {
        self.progress.borrow().since(before, started)
    }

    /// Waits until each server has acknowledged so many changes more.
    pub(crate) async fn acknowledged_by_each(&self, more: usize) {
        let mut progress = self.progress.clone();
        let before = progress.borrow().acknowledged.each_ref().map(Vec::len);
        let done = progress.wait_for(|now| {
            let mut counts = now.acknowledged.iter().zip(before);
            counts.all(|(now, before)| now.len() >= before + more)
        });
        let done = tokio::time::timeout(WAIT, done).await.is_ok();
        assert!(
            done,
            "waited {WAIT:?} in vain: {:#?}",
            self.shared.problems.borrow()
        );
    }

    /// Ends the clients: what they know, and everything that must not be.
    pub(crate) async fn finish(self) -> (Vec<Known>, Vec<String>) {
        self.shared.stop.store(true, Ordering::Relaxed);
        let mut known = Vec::new();
        for lane in self.lanes {
            known.extend(lane.await.expect("a client does not panic"));
        }
        let problems = self.shared.problems.borrow().clone();
        (known, problems)
    }
}

/// Takes one customer after the other through its life.
async fn work(shared: Arc<Shared>, lane: usize) -> Vec<Known> {
    let (mut one, mut other) = (
        Client::new(&shared, format!("a{lane}"), lane),
        Client::new(&shared, format!("b{lane}"), lane + 1),
    );
    let mut done = Vec::new();
    while !shared.stop.load(Ordering::Relaxed) {
        let email = format!("c{lane}-{}@example.com", done.len());
        let mut customer = Known::new(0, email);
        if let Err(problem) = live(&mut one, &mut other, &mut customer).await {
            let problem = format!("{problem}\nof {customer:?}");
            shared.problems.send_modify(|it| it.push(problem));
        }
        done.push(customer);
    }
    done
}

/// An order and its cancellation; then one client deletes the customer while the other one orders again. One of
/// the two is refused, whichever comes second.
async fn live(one: &mut Client, other: &mut Client, customer: &mut Known) -> Result<(), String> {
    let (order, id) = ordered(one.order(customer).await?)?;
    customer.acknowledge(&Change::Order(Some(order.clone())));
    let path = format!("/v1/orders/{order}/cancel");
    let cancelled = other.change(Method::POST, &path, Some(&json!({}))).await?;
    if cancelled.0 != 200 {
        return Err(format!("cancelOrder: {cancelled:?}"));
    }
    customer.acknowledge(&Change::Cancel(order));
    let path = format!("/v1/customers/{id}");
    let (deleted, ordered_again) = tokio::join!(
        one.change(Method::DELETE, &path, None),
        other.order(customer)
    );
    let (deleted, ordered_again) = (deleted?, ordered_again?);
    let codes = [&deleted, &ordered_again].map(|(_, body)| body["error"]["code"].as_str());
    match (deleted.0.as_u16(), ordered_again.0.as_u16(), codes) {
        (200, 400, [_, Some("CUSTOMER_INACTIVE")]) => customer.acknowledge(&Change::Delete),
        (409, 201, [Some("CUSTOMER_HAS_PENDING_ORDERS"), _]) => {
            let (order, _) = ordered(ordered_again)?;
            customer.acknowledge(&Change::Order(Some(order)));
        }
        _ => {
            return Err(format!(
                "deleteCustomer: {deleted:?}, createOrder: {ordered_again:?}"
            ));
        }
    }
    Ok(())
}

/// The ids of an order and of its customer.
fn ordered((status, body): (StatusCode, Value)) -> Result<(String, String), String> {
    let order = body["orderId"].as_str();
    let customer = body["order"]["customer"]["customerId"].as_str();
    match (status, order, customer) {
        (StatusCode::CREATED, Some(order), Some(customer)) => {
            Ok((order.to_owned(), customer.to_owned()))
        }
        _ => Err(format!("createOrder: {status} {body}")),
    }
}

/// Somebody who changes things.
struct Client {
    shared: Arc<Shared>,
    name: String,
    http: Http,
    changes: usize,
    /// The server that is asked next.
    server: usize,
}

impl Client {
    fn new(shared: &Arc<Shared>, name: String, server: usize) -> Client {
        Client {
            shared: Arc::clone(shared),
            name,
            http: Http::new(),
            changes: 0,
            server,
        }
    }

    async fn order(&mut self, customer: &Known) -> Result<(StatusCode, Value), String> {
        let body = json!({
            "customer": {"email": customer.email, "firstName": "Ada", "lastName": "Lovelace"},
            "billingAddress": {"contactName": "Ada Lovelace", "streetAddress": "Torstrasse 1",
                "city": "Berlin", "country": "DE"},
            "items": [{"sku": "NB-14", "quantity": 1}],
        });
        self.change(Method::POST, "/v1/orders", Some(&body)).await
    }

    /// Asks for a change until it is acknowledged or refused.
    async fn change(
        &mut self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(StatusCode, Value), String> {
        self.changes += 1;
        let key = format!("{}-{}", self.name, self.changes);
        let site = &self.shared.site;
        let bearer = format!("Bearer {}", site.key);
        let mut headers = vec![
            ("tenant-id", site.tenant.as_str()),
            ("authorization", &bearer),
            ("idempotency-key", &key),
        ];
        headers.extend(body.map(|_| ("content-type", "application/json")));
        loop {
            self.server = (self.server + 1) % 2;
            let url = format!("http://{}{path}", site.addresses[self.server]);
            let body = body.map(Value::to_string).unwrap_or_default();
            let sending = self.http.try_send(method.clone(), &url, &headers, body);
            let answer = tokio::time::timeout(PATIENCE, sending).await;
            let answer = answer.map_err(|_| format!("{method} {path}: no answer in time"))?;
            // The servers are there all the time.
            let answer = answer.map_err(|error| format!("{method} {path}: {error}"))?;
            let (now, body) = (Instant::now(), answer.json());
            if !answer.status.is_server_error() {
                let note = |it: &mut Progress| it.acknowledged[self.server].push(now);
                self.shared.progress.send_modify(note);
                return Ok((answer.status, body));
            }
            let code = body["error"]["code"].as_str();
            match (answer.status.as_u16(), code) {
                (503, Some("SERVICE_UNAVAILABLE")) => {
                    self.shared.progress.send_modify(|it| it.refused += 1);
                }
                (500, Some("INTERNAL_ERROR")) => {
                    self.shared.progress.send_modify(|it| it.unknown += 1);
                }
                _ => return Err(format!("{method} {path}: {} {body}", answer.status)),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}
