//! `flexportal copy` with the real binary: what it copies can be served, what was killed goes on, and what
//! is not finished is not served.

mod support;

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::Method;
use store::copy::{Phase, TABLES};
use store::{Options, PostgresOptions, Purpose, Store};
use support::{Answer, Folder, Http, Server, flexportal};

const TENANT: &str = "demo";

/// The demo's data, made by a server that has ended.
struct Demo {
    database: String,
    key: String,
    /// Somebody who can be deleted.
    customer: String,
}

impl Demo {
    fn new(folder: &Folder) -> Demo {
        let database = folder.database();
        let mut server = Server::start(&database, &["--demo"]);
        let output = server.output_until("Tenant-ID");
        let after = |text: &str| {
            let rest = &output[output.find(text).expect("announced") + text.len()..];
            rest.split_whitespace()
                .next()
                .expect("announced")
                .to_owned()
        };
        let (key, customer) = (after("demo key:"), after("/v1/customers/"));
        drop(server);
        Demo {
            database,
            key,
            customer,
        }
    }

    async fn send(&self, server: &Server, method: Method, path: &str) -> Answer {
        let url = format!("http://{}/v1/{path}", server.address);
        let authorization = format!("Bearer {}", self.key);
        let headers = [
            ("authorization", authorization.as_str()),
            ("tenant-id", TENANT),
        ];
        Http::new().send(method, &url, &headers, "").await
    }
}

fn copy(from: &str, to: &str) -> (bool, String, String) {
    flexportal(&["copy", "--progress", "always", "--from", from, "--to", to])
}

/// A new place of each engine.
fn places(folder: &Folder) -> Vec<String> {
    let file = format!("sqlite:{}", folder.path().join("copy.db").display());
    match test_postgres::available() {
        true => vec![file, database()],
        false => vec![file],
    }
}

fn database() -> String {
    let cluster = test_postgres::shared().expect("a cluster");
    cluster.create_database().expect("a database")
}

/// Leaves the database as it is.
fn open(database: &str) -> Store {
    let options = Options {
        purpose: Purpose::CopyFrom,
        postgres: PostgresOptions {
            connections: 1,
            ..PostgresOptions::default()
        },
        ..Options::default()
    };
    Store::open_with(database, &options).expect("the database opens")
}

/// Every value of every row, in the order of the primary key.
async fn contents(database: &str) -> Vec<Vec<Vec<Option<String>>>> {
    let store = open(database);
    let read = store.read(|tx| {
        let mut all = Vec::new();
        for table in TABLES {
            let qualified = |column: &str| format!("{}.{column}", table.name);
            let columns: Vec<String> = table
                .columns
                .iter()
                .map(|column| format!("CAST({} AS TEXT)", qualified(column.name)))
                .collect();
            let key: Vec<String> = table.key.iter().map(|column| qualified(column)).collect();
            let sql = format!(
                "SELECT {} FROM {} ORDER BY {}",
                columns.join(", "),
                table.name,
                key.join(", ")
            );
            all.push(tx.query_all(&sql, &[], |row| {
                columns
                    .iter()
                    .map(|_| row.get())
                    .collect::<Result<_, store::Error>>()
            })?);
        }
        Ok::<_, store::Error>(all)
    });
    read.await.expect("the database is readable")
}

#[tokio::test]
async fn a_server_goes_on_with_the_copy_where_the_source_was_left() {
    let folder = Folder::new();
    let demo = Demo::new(&folder);
    for place in places(&folder) {
        let (copied, table, progress) = copy(&demo.database, &place);
        assert!(copied, "{progress}");
        for name in TABLES.iter().map(|table| table.name) {
            let line = table.lines().find(|line| line.starts_with(name));
            let columns: Vec<&str> = line.expect("every table").split_whitespace().collect();
            assert_eq!(
                columns[1..3],
                columns[3..5],
                "both sides are shown: {table}"
            );
            assert_eq!(columns.len(), 5, "nothing differs: {table}");
            let done = format!(
                "copying {name}: {} of {} rows (100 %)",
                columns[1], columns[1]
            );
            assert!(progress.contains(&done), "{done} in {progress}");
        }

        let server = Server::start(&place, &[]);
        let path = format!("customers/{}", demo.customer);
        let deleted = demo.send(&server, Method::DELETE, &path).await;
        assert_eq!(deleted.status, 200, "{}", deleted.text);
        let customer = demo.send(&server, Method::GET, &path).await.json();
        assert_eq!(customer["status"], "inactive", "{customer}");
        let renting = demo
            .send(&server, Method::GET, "customers?hasActiveRentals=true")
            .await;
        let renting = renting.json()["customers"][0]["customerId"].clone();
        let path = format!("customers/{}", renting.as_str().expect("somebody rents"));
        let refused = demo.send(&server, Method::DELETE, &path).await;
        assert_eq!(refused.status, 409, "{}", refused.text);
        assert!(refused.text.contains("CUSTOMER_HAS_ACTIVE_SUBSCRIPTIONS"));
        drop(server);

        let server = Server::start(&demo.database, &[]);
        let path = format!("customers/{}", demo.customer);
        let customer = demo.send(&server, Method::GET, &path).await.json();
        assert_eq!(
            customer["status"], "active",
            "the source is as it was: {customer}"
        );
    }
}

#[tokio::test]
async fn there_and_back_every_row_is_what_it_was() {
    if !test_postgres::available() {
        return;
    }
    let folder = Folder::new();
    let demo = Demo::new(&folder);
    let there = database();
    let back = format!("sqlite:{}", folder.path().join("back.db").display());
    for (from, to) in [(&demo.database, &there), (&there, &back)] {
        let (copied, _, errors) = copy(from, to);
        assert!(copied, "{errors}");
    }
    assert!(contents(&back).await == contents(&demo.database).await);
}

#[tokio::test]
async fn killed_at_any_moment_it_goes_on_to_the_same_end() {
    let folder = Folder::new();
    let demo = Demo::new(&folder);
    let expected = contents(&demo.database).await;
    // A line at least at the beginning of every table, reading, copying and reading back.
    let (mut unfinished, mut line) = (0, 1);
    loop {
        line += 3;
        let place = match line % 5 {
            0 if test_postgres::available() => database(),
            _ => format!("sqlite:{}/killed-{line}.db", folder.path().display()),
        };
        if !killed_behind(line, &demo.database, &place) {
            break;
        }
        // Again, at another moment, and then to the end.
        killed_behind(17 + line / 2, &demo.database, &place);
        let (listed, _, error) = flexportal(&["tenant", "list", "--database", &place]);
        if !listed && error.contains("has not been finished") {
            unfinished += 1;
        }
        let (copied, _, errors) = copy(&demo.database, &place);
        // What was finished in time is somebody's database now.
        assert!(
            copied || errors.contains("the target is not empty"),
            "behind line {line}: {errors}"
        );
        assert!(contents(&place).await == expected, "behind line {line}");
    }
    assert!(line > 35, "only {line} lines of progress");
    assert!(
        unfinished > 0,
        "every copy was finished before it was killed"
    );
}

/// Kills a copy with SIGKILL once it has written so many lines of progress; `false` if it wrote fewer.
fn killed_behind(line: usize, from: &str, to: &str) -> bool {
    let mut child = Command::new(env!("CARGO_BIN_EXE_flexportal"))
        .args(["copy", "--progress", "always", "--batch", "1"])
        .args(["--from", from, "--to", to])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
    let seen = lines.by_ref().take(line).map_while(Result::ok).count();
    child.kill().expect("the process is ours");
    child.wait().expect("the process ends");
    seen == line
}

/// A copy that stopped behind some of its transactions.
async fn leave_unfinished(from: &str, to: &str) {
    let open = |url: &str, purpose| {
        let options = Options {
            purpose,
            postgres: PostgresOptions {
                connections: 3,
                ..PostgresOptions::default()
            },
            ..Options::default()
        };
        Store::open_with(url, &options).expect("the database opens")
    };
    let (source, target) = (open(from, Purpose::CopyFrom), open(to, Purpose::CopyInto));
    let stop: store::copy::Watch = Arc::new(|progress| {
        if progress.phase == Phase::Copying && progress.table == "orders" {
            std::panic::resume_unwind(Box::new("stop"));
        }
    });
    let copying = tokio::spawn(async move {
        store::copy::copy(&source, &target, &store::copy::Options::default(), stop).await
    });
    assert!(copying.await.is_err(), "it stopped");
}

#[tokio::test]
async fn an_unfinished_copy_is_not_served_nor_administered() {
    let folder = Folder::new();
    let demo = Demo::new(&folder);
    for place in places(&folder) {
        leave_unfinished(&demo.database, &place).await;
        for command in [
            &["tenant", "list"][..],
            &["key", "create", "--tenant", TENANT],
        ] {
            let arguments = [command, &["--database", &place]].concat();
            let (done, _, error) = flexportal(&arguments);
            assert!(!done, "{command:?} on an unfinished copy");
            assert!(
                error.contains("a copy into this database has not been finished"),
                "{error}"
            );
            assert!(
                error.contains("hint: run the same `flexportal copy` again"),
                "{error}"
            );
        }
        let server = Command::new(env!("CARGO_BIN_EXE_flexportal"))
            .args(["serve", "--listen", "127.0.0.1:0", "--database", &place])
            .stderr(Stdio::piped())
            .spawn();
        let mut server = server.expect("the binary starts");
        let mut line = String::new();
        let stderr = server.stderr.take().expect("piped");
        BufReader::new(stderr)
            .read_line(&mut line)
            .expect("it says something");
        server.kill().expect("the process is ours");
        let ended = server.wait().expect("the process ends");
        assert!(
            line.contains("a copy into this database has not been finished"),
            "{line}"
        );
        assert!(!ended.success());

        let elsewhere = format!("sqlite:{}/elsewhere.db", folder.path().display());
        let (copied, _, error) = copy(&place, &elsewhere);
        assert!(
            !copied && error.contains("has not been finished"),
            "{error}"
        );
        let (copied, _, error) = copy(&demo.database, &place);
        assert!(copied, "{error}");
    }
}

#[tokio::test]
async fn what_cannot_be_copied_is_refused_with_advice() {
    let folder = Folder::new();
    let demo = Demo::new(&folder);
    let file = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
    let (_, _, error) = flexportal(&[
        "tenant",
        "create",
        "--id",
        "live",
        "--currency",
        "EUR",
        "--database",
        &file("live.db"),
    ]);
    assert_eq!(error, "");

    for (from, to, expected) in [
        (
            demo.database.clone(),
            file("live.db"),
            "the target is not empty: it has rows in `tenants`",
        ),
        (
            demo.database.clone(),
            demo.database.clone(),
            "name the same database",
        ),
        (file("nowhere.db"), file("new.db"), "--from"),
        (
            demo.database.clone(),
            "mysql://u:s3cret@h/x".to_owned(),
            "--to",
        ),
    ] {
        let (copied, output, error) = copy(&from, &to);
        assert!(!copied && error.contains(expected), "{error}");
        assert_eq!(output, "");
        assert!(!error.contains("s3cret"), "{error}");
    }
    assert!(
        !folder.path().join("nowhere.db").exists(),
        "a source is not created"
    );
    let (_, tenants, _) = flexportal(&["tenant", "list", "--database", &file("live.db")]);
    assert!(
        tenants.contains("live") && tenants.lines().count() == 2,
        "{tenants}"
    );
}

/// Waits until a server has looked at all events for webhooks, and has written down that it has: the last of what it
/// writes by itself.
async fn all_events_are_seen(database: &str) {
    let (store, since) = (open(database), Instant::now());
    let sql = "SELECT count(*) FROM webhook_endpoints WHERE position < (SELECT max(sequence) FROM events)";
    let behind = async || -> Result<i64, store::Error> {
        let behind = store.read(move |tx| tx.query_one(sql, &[], |row| row.get()));
        behind.await
    };
    while behind().await.expect("the database is readable") > 0 {
        assert!(since.elapsed() < Duration::from_secs(60));
    }
}

#[tokio::test]
async fn a_source_can_be_copied_while_it_is_served() {
    let folder = Folder::new();
    let demo = Demo::new(&folder);
    for place in places(&folder) {
        let server = Server::start(&demo.database, &[]);
        all_events_are_seen(&demo.database).await;
        let (copied, _, error) = copy(&demo.database, &place);
        assert!(copied, "{error}");
        let health = Http::new()
            .get(&format!("http://{}/readyz", server.address))
            .await;
        assert_eq!(health.status, 200);
        assert!(contents(&place).await == contents(&demo.database).await);
    }
}
