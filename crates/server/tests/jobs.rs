//! What is done by itself: by real processes, of which some are killed, and from the command line.

mod support;

use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use hyper::Method;
use serde_json::{Value, json};
use store::{Error, Store, params};
use support::{Folder, Http, Server, flexportal};

const TENANT: &str = "bu_jobs";

/// Longest time in which a job of a process that is gone is taken over: 15 s until it is free, 5 s until somebody
/// looks, and a busy machine.
const TAKEN_OVER: Duration = Duration::from_secs(60);

/// The databases that the tests run on.
fn databases(folder: &Folder) -> Vec<String> {
    let mut all = vec![folder.database()];
    if test_postgres::available() {
        let cluster = test_postgres::shared().expect("the cluster starts");
        all.push(cluster.create_database().expect("a database"));
    }
    all
}

/// A key of a tenant whose contracts end by themselves.
fn tenant(database: &str) -> String {
    let id = ["--id", TENANT, "--currency", "EUR", "--database", database];
    let (created, _, error) = flexportal(&[&["tenant", "create"], &id[..]].concat());
    assert!(created, "{error}");
    let of = ["--tenant", TENANT, "--database", database];
    let (created, key, error) = flexportal(&[&["key", "create"], &of[..]].concat());
    assert!(created, "{error}");
    key.trim().to_owned()
}

struct Caller<'a> {
    http: Http,
    server: &'a Server,
    key: &'a str,
}

impl Caller<'_> {
    async fn send(&self, method: Method, path: &str, body: Value) -> Value {
        let authorization = format!("Bearer {}", self.key);
        let headers = [
            ("authorization", authorization.as_str()),
            ("tenant-id", TENANT),
            ("content-type", "application/json"),
        ];
        let url = format!("http://{}{path}", self.server.address);
        let body = match method {
            Method::GET => String::new(),
            _ => body.to_string(),
        };
        let answer = self.http.send(method, &url, &headers, body).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text);
        answer.json()
    }

    /// A contract whose last day has passed: its id.
    async fn overdue_contract(&self) -> String {
        let product = json!({
            "productSku": "P", "name": "n", "specification": "s", "category": "c", "brand": "b",
            "variants": [{ "variantSku": "V", "variantName": "v", "grade": "A",
                           "pricing": [{ "contractLength": 12, "monthlyPrice": 1 }] }]
        });
        self.send(Method::POST, "/v1/products", product).await;
        let asset = json!({ "serialNumber": "A1", "sku": "V" });
        self.send(Method::POST, "/v1/assets", asset).await;
        let order = json!({
            "customer": { "email": "ada@example.com", "firstName": "Ada", "lastName": "L" },
            "billingAddress": { "contactName": "A", "streetAddress": "1", "city": "B", "postalCode": "1",
                                "country": "DE" },
            "items": [{ "sku": "V", "quantity": 1, "contractLength": 12 }]
        });
        let order = self.send(Method::POST, "/v1/orders", order).await;
        let id = order["orderId"].as_str().expect("an id");
        let confirm = format!("/v1/orders/{id}/confirm");
        self.send(Method::POST, &confirm, json!({})).await;
        let start: jiff::civil::Date = jiff::Zoned::now().date();
        let start = start
            .checked_sub(jiff::Span::new().years(2))
            .expect("a day");
        let rental = json!({
            "orderId": id, "customerId": order["order"]["customer"]["customerId"],
            "assetSerialNumber": "A1", "startDate": start.to_string()
        });
        let rental = self.send(Method::POST, "/v1/subscriptions", rental).await;
        // Last, so that the server does not get to it before the test does.
        let settings = json!({ "contractEnd": { "behaviour": "auto_terminate" } });
        self.send(Method::PATCH, "/v1/settings", settings).await;
        rental["rentalId"].as_str().expect("an id").to_owned()
    }

    async fn status(&self, rental: &str) -> Value {
        let path = format!("/v1/subscriptions/{rental}");
        self.send(Method::GET, &path, Value::Null).await["status"].clone()
    }
}

/// What is known of the job of contract ends.
fn listed(database: &str) -> Value {
    let (ok, listed, error) = flexportal(&["jobs", "list", "--json", "--database", database]);
    assert!(ok, "{error}");
    let listed: Value = serde_json::from_str(&listed).expect("JSON");
    listed[0].clone()
}

#[tokio::test]
async fn a_command_runs_what_servers_run() {
    let folder = Folder::new();
    for database in databases(&folder) {
        let key = tenant(&database);
        let server = Server::start(&database, &[]);
        let (http, key) = (Http::new(), key.as_str());
        let caller = Caller {
            http,
            server: &server,
            key,
        };
        let rental = caller.overdue_contract().await;
        let run =
            |more: &[&str]| flexportal(&[&["jobs", "run", "--database", &database], more].concat());
        let (ok, output, error) = run(&[]);
        assert!(ok, "{error}");
        // Unless a server was faster.
        let lines: Vec<&str> = output.lines().collect();
        assert!(
            matches!(
                lines[0],
                "contract-end: 1 contracts" | "contract-end: 0 contracts"
            ),
            "{output}"
        );
        assert_eq!(
            lines[1..],
            [
                "idempotency-keys: 0 keys",
                "rate-windows: 0 minutes",
                "file-deletions: 0 files",
                "webhook-deliveries: 0 deliveries"
            ]
        );
        assert_eq!(caller.status(&rental).await, "ended_completed");
        let (ok, output, _) = run(&["--job", "contract-end"]);
        assert!(ok && output == "contract-end: 0 contracts\n", "{output}");
        let (ok, output, error) = run(&["--job", "nothing"]);
        assert!(!ok && output.is_empty());
        assert!(error.contains("hint: there are `contract-end`"), "{error}");
        let (_, table, _) = flexportal(&["jobs", "list", "--database", &database]);
        assert!(table.starts_with("NAME "), "{table}");
        assert!(table.contains("\ncontract-end "), "{table}");
        assert_eq!(listed(&database)["failure"], Value::Null);
    }
}

#[tokio::test]
async fn a_failure_is_told_and_the_status_says_so() {
    let folder = Folder::new();
    for database in databases(&folder) {
        let key = tenant(&database);
        let server = Server::start(&database, &[]);
        let rental = Caller {
            http: Http::new(),
            server: &server,
            key: &key,
        };
        // Renewed, it needs its schedule, which is broken here.
        rental.overdue_contract().await;
        assert!(server.stop().0);
        write(&database, |tx| {
            tx.execute(
                "UPDATE tenants SET settings = replace(settings, 'auto_terminate', 'auto_renew_monthly')",
                params![],
            )?;
            tx.execute("UPDATE subscriptions SET schedule = NULL", params![])
        })
        .await;
        let (ok, output, error) = flexportal(&["jobs", "run", "--database", &database]);
        assert!(!ok, "{output}");
        assert!(error.contains("the job `contract-end` failed: "), "{error}");
        assert!(
            output.contains("rate-windows: "),
            "the others ran: {output}"
        );
        assert!(listed(&database)["failure"].is_string());
    }
}

async fn open(database: &str) -> Store {
    let url = database.to_owned();
    let store = tokio::task::spawn_blocking(move || Store::open(&url).expect("it opens"));
    store.await.expect("no panic")
}

async fn write<T: Send + 'static>(
    database: &str,
    f: impl Fn(&mut store::Tx<'_>) -> Result<T, Error> + Send + 'static,
) -> T {
    let store = open(database).await;
    let done: Result<T, Error> = store.write(f).await;
    done.expect("it can be written")
}

/// A process that runs the job, and is in the middle of it.
struct InTheMiddle {
    child: Child,
    release: mpsc::Sender<()>,
    holder: tokio::task::JoinHandle<Result<(), Error>>,
}

impl InTheMiddle {
    /// What the job needs is locked before it begins.
    async fn of(database: &str) -> InTheMiddle {
        let store = open(database).await;
        let (release, held) = mpsc::channel::<()>();
        let (locking, locked) = tokio::sync::oneshot::channel::<()>();
        let mut locking = Some(locking);
        let holder = tokio::spawn(async move {
            let held: Result<(), Error> = store
                .write(move |tx| {
                    tx.execute("UPDATE customers SET company = company", params![])?;
                    let _ = locking.take().expect("runs once").send(());
                    held.recv().expect("the test releases it");
                    Ok(())
                })
                .await;
            held
        });
        locked.await.expect("the customer is locked");
        let child = Command::new(env!("CARGO_BIN_EXE_flexportal"))
            .args([
                "jobs",
                "run",
                "--job",
                "contract-end",
                "--database",
                database,
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts");
        InTheMiddle {
            child,
            release,
            holder,
        }
    }
}

#[tokio::test]
async fn when_the_one_that_is_at_it_is_killed_another_one_takes_over() {
    if !test_postgres::available() {
        return;
    }
    let cluster = test_postgres::shared().expect("the cluster starts");
    let database = cluster.create_database().expect("a database");
    let key = tenant(&database);
    let first = Server::start(&database, &[]);
    let caller = Caller {
        http: Http::new(),
        server: &first,
        key: &key,
    };
    let rental = caller.overdue_contract().await;
    assert!(first.stop().0);
    write(&database, |tx| tx.execute("DELETE FROM jobs", params![])).await;
    // Open before the job begins: it waits 5 s for what is locked, and then fails.
    let store = open(&database).await;
    let mut middle = InTheMiddle::of(&database).await;
    let since = Instant::now();
    let begun = loop {
        let listed = store.read(store::jobs::list).await;
        if let Some(job) = listed.expect("it can be read").pop() {
            break job;
        }
        assert!(since.elapsed() < TAKEN_OVER, "the job does not begin");
    };
    assert!(begun.ended_at.is_none());
    middle.child.kill().expect("it is there");
    middle.child.wait().expect("it ends");
    middle.release.send(()).expect("the holder waits");
    middle.holder.await.expect("no panic").expect("committed");

    let others = [Server::start(&database, &[]), Server::start(&database, &[])];
    let since = Instant::now();
    while listed(&database)["endedAt"].is_null() {
        assert!(since.elapsed() < TAKEN_OVER, "nobody takes the job over");
    }
    let caller = Caller {
        http: Http::new(),
        server: &others[1],
        key: &key,
    };
    assert_eq!(caller.status(&rental).await, "ended_completed");
    let ended = write(&database, |tx| {
        let sql = "SELECT count(*) FROM events WHERE kind = 'subscription.ended'";
        tx.query_one(sql, params![], |row| row.get::<i64>())
    })
    .await;
    assert_eq!(ended, 1);
    assert_eq!(listed(&database)["failure"], Value::Null);
}
