//! Many callers at once, and the record of what they asked and heard.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use deletion_spec::{
    Answer, Audit, Call, Caller, DeviceId, Events, History, Operation, Random, Range, Status,
};
use hyper::Method;
use serde_json::json;
use store::Store;

use crate::shop::{Counter, Shop, TENANT};
use crate::support::Http;
use crate::wire::{self, Names};

/// Callers at work.
const CALLERS: usize = 12;
/// Customers that are asked about now and then.
const COLD: usize = 3_000;
/// Requests for each customer that is asked about all the time: more, and its orders would run
/// out of shapes.
const PER_HOT: usize = 1_500;
/// Most requests that one caller sends at once.
const VOLLEY: usize = 4;

/// One customer, as its callers know it.
#[derive(Default)]
struct Customer {
    names: Names,
    caller: Caller,
    /// SKU by device.
    devices: HashMap<DeviceId, u32>,
    /// When an order of a shape was first asked for.
    shapes: HashMap<u32, Instant>,
    calls: Vec<Call>,
}

/// The server takes an equal order for a repeat within a minute. The specification has no clock, so nobody
/// asks again when an answer could come later than that.
const REPEATS: Duration = Duration::from_secs(30);

/// What all callers share.
struct Crowd {
    counter: Counter,
    started: Instant,
    customers: Vec<Mutex<Customer>>,
    hot: usize,
    /// Requests to come.
    left: AtomicUsize,
    /// Answers that no server may give.
    wrong: Mutex<Vec<String>>,
}

/// Lets callers ask `operations` questions, then reads how everything ended.
pub async fn record(shop: Shop, seed: u64, operations: usize) -> History {
    let hot = (operations / PER_HOT).max(8);
    let customer = |number: usize| {
        let mut customer = Customer::default();
        customer.names.number = u32::try_from(number).expect("a few thousand");
        Mutex::new(customer)
    };
    let crowd = Arc::new(Crowd {
        counter: shop.counter.clone(),
        started: Instant::now(),
        customers: (0..hot + COLD).map(customer).collect(),
        hot,
        left: AtomicUsize::new(operations),
        wrong: Mutex::default(),
    });
    let callers: Vec<_> = (0..CALLERS)
        .map(|number| {
            let number = u64::try_from(number).expect("a few");
            let random = Random::new(seed.wrapping_mul(1_000).wrapping_add(number));
            tokio::spawn(ask(Arc::clone(&crowd), random))
        })
        .collect();
    for caller in callers {
        caller.await.expect("a caller gets answers it understands");
    }
    let mut crowd = Arc::into_inner(crowd).expect("all callers are done");
    let wrong = crowd.wrong.get_mut().expect("no panic while locked");
    let database = shop.database.clone();
    // From now on nothing runs.
    let complaints = shop.close();
    let some = |lines: &[String]| lines.iter().take(5).cloned().collect::<Vec<_>>();
    assert!(
        wrong.is_empty(),
        "{} answers are wrong: {:#?} {:#?}",
        wrong.len(),
        some(wrong),
        some(&complaints)
    );
    audit(crowd, &database).await
}

async fn ask(crowd: Arc<Crowd>, mut random: Random) {
    let http = Http::new();
    loop {
        let customer = match random.chance(80) {
            true => random.below(crowd.hot),
            false => crowd.hot + random.below(COLD),
        };
        // Half of the time several at once, about the same customer.
        let size = match random.chance(50) {
            true => 1,
            false => 2 + random.below(VOLLEY - 1),
        };
        let mut volley = tokio::task::JoinSet::new();
        for _ in 0..size {
            if !crowd.take() {
                break;
            }
            let (crowd, http) = (Arc::clone(&crowd), http.clone());
            let random = Random::new(random.number());
            volley.spawn(async move { crowd.call(&http, customer, random).await });
        }
        if volley.is_empty() {
            return;
        }
        while let Some(done) = volley.join_next().await {
            done.expect("a caller gets answers it understands");
        }
    }
}

impl Crowd {
    /// Whether another request is to be sent.
    fn take(&self) -> bool {
        let less = |left: usize| left.checked_sub(1);
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less)
            .is_ok()
    }

    fn customer(&self, index: usize) -> MutexGuard<'_, Customer> {
        let customer = self.customers[index].lock();
        customer.unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_nanos()).expect("less than five hundred years")
    }

    /// No request is sent after one that got no proper answer.
    fn give_up(&self, wrong: String) {
        self.wrong
            .lock()
            .expect("no panic while locked")
            .push(wrong);
        self.left.store(0, Ordering::Relaxed);
    }

    /// Asks about a customer, and records it.
    async fn call(&self, http: &Http, index: usize, mut random: Random) {
        let server = random.below(self.counter.servers());
        let (operation, new) = self.customer(index).choose(&mut random);
        if let Some((serial, sku)) = &new {
            let asset = json!({ "serialNumber": serial, "sku": wire::sku_name(*sku) });
            let (path, body) = ("/v1/assets", asset.to_string());
            let made = self
                .counter
                .send(http, server, Method::POST, path, body)
                .await;
            match made {
                Ok(made) if [201, 409].contains(&made.status.as_u16()) => {}
                Ok(made) => return self.give_up(format!("asset: {} {}", made.status, made.text)),
                Err(error) => return self.give_up(format!("asset: {error}")),
            }
        }
        let request = {
            let customer = self.customer(index);
            let device = device(&operation);
            let sku = device.and_then(|device| customer.devices.get(&device));
            customer
                .names
                .request(&operation, sku.copied().unwrap_or(0))
        };
        let sent = self.now();
        let (method, path) = (request.method, &request.path);
        let heard = self.counter.send(http, server, method, path, request.body);
        let heard = heard.await;
        let answered = self.now();

        let mut customer = self.customer(index);
        let heard = match heard {
            Ok(heard) => heard,
            Err(error) => return self.give_up(format!("{operation:?}: {error}")),
        };
        let status = heard.status.as_u16();
        let answer = customer.names.answer(&operation, status, &heard.json());
        let answer = match answer {
            Ok(answer) => answer,
            Err(wrong) => {
                let text = heard.text;
                return self.give_up(format!("{wrong}: {operation:?}: {status} {text}"));
            }
        };
        customer.caller.learn(&operation, &answer);
        customer.calls.push(Call {
            operation,
            sent,
            outcome: Some((answered, answer)),
        });
    }
}

impl Customer {
    /// What to ask, and serial number and SKU of a device that has to be there for it.
    fn choose(&mut self, random: &mut Random) -> (Operation, Option<(String, u32)>) {
        let mut operation = self.caller.choose(random, Range::WithoutBilling);
        let mut wanted = None;
        match &mut operation {
            Operation::CreateOrder { shape, .. } => {
                assert!(*shape < wire::SHAPES, "one order could look like another");
                let first = self.shapes.entry(*shape).or_insert_with(Instant::now);
                if first.elapsed() > REPEATS {
                    operation = Operation::GetCustomer;
                }
            }
            Operation::CreateSubscription {
                order,
                device,
                months,
                ..
            } => {
                if let Some(order) = self.caller.idea().orders.get(order) {
                    *months = wire::months(order.shape);
                    let sku = wire::sku(order.shape);
                    // The specification knows no SKU: one that does not fit is never handed out.
                    if self.devices.get(device).is_some_and(|of| *of != sku) {
                        *device = self.caller.new_device();
                    }
                    wanted = Some((*device, sku));
                }
            }
            _ => {}
        }
        let device = device(&operation);
        let missing = device.filter(|device| !self.devices.contains_key(device));
        let new = missing.map(|device| {
            let sku = wanted.map_or(0, |(_, sku)| sku);
            self.devices.insert(device, sku);
            (device, sku)
        });
        // Whoever comes second to a new device makes sure of it, too.
        let known = || Some((device?, *self.devices.get(&device?)?));
        let made = new.or_else(known);
        let made = made.map(|(device, sku)| (self.names.serial(device), sku));
        (operation, made)
    }
}

fn device(operation: &Operation) -> Option<DeviceId> {
    match operation {
        Operation::CreateSubscription { device, .. } | Operation::Upgrade { device, .. } => {
            Some(*device)
        }
        Operation::UpdateAsset(device, _) => Some(*device),
        _ => None,
    }
}

/// What is stored of each customer in the end, as the last answer of its history.
async fn audit(crowd: Crowd, database: &str) -> History {
    let now = crowd.now();
    let mut history = History::default();
    let mut numbers = HashMap::new();
    for customer in crowd.customers {
        let customer = customer
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = customer.names.customer {
            numbers.insert(id, customer.names.number);
        }
        for call in customer.calls {
            history.record(customer.names.number, call);
        }
    }
    let store = Store::open(database).expect("the database opens");
    let settled = store::events::settled(&store).await;
    let settled = settled.expect("the database answers");
    let (audits, faults) = store
        .read_in(&TENANT.into(), move |tx| {
            let mut events: HashMap<String, Events> = HashMap::new();
            let mut sequence = 0;
            loop {
                let page = store::events::after(tx, sequence, settled, 1_000)?;
                let Some(last) = page.last() else { break };
                sequence = last.sequence;
                for event in page {
                    let counts = events.entry(event.resource).or_default();
                    match event.kind.as_str() {
                        "customer.deactivated" => counts.deactivated += 1,
                        "customer.reactivated" => counts.reactivated += 1,
                        _ => {}
                    }
                }
            }
            let mut audits = BTreeMap::new();
            for (id, number) in &numbers {
                let row = store::customers::find(tx, id)?.expect("it was shown");
                let count = |counter: i64| u32::try_from(counter).expect("a counter");
                let audit = Audit {
                    status: match row.status {
                        store::CustomerStatus::Active => Status::Active,
                        store::CustomerStatus::Inactive => Status::Inactive,
                    },
                    open_orders: count(row.totals.open_orders),
                    active_subscriptions: count(row.totals.active_subscriptions),
                    devices_out: count(row.totals.devices_out),
                    events: events.get(id).copied().unwrap_or_default(),
                };
                audits.insert(*number, audit);
            }
            Ok::<_, store::Error>((audits, store::verify_invariants(tx, TENANT)?))
        })
        .await
        .expect("the database is readable");
    store.close();
    assert!(faults.is_empty(), "the data is inconsistent: {faults:#?}");
    for (number, audit) in audits {
        history.record(
            number,
            Call {
                operation: Operation::Audit,
                sent: now,
                outcome: Some((now + 1, Answer::Audited(audit))),
            },
        );
    }
    history
}
