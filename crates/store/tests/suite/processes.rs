//! Several processes on one database, and processes that die. The test binary runs itself as the other
//! process: the variable says which part it plays.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::suite::support::*;
use store::*;

const PART: &str = "STORE_TEST_PART";
const URL: &str = "STORE_TEST_URL";
const NAME: &str = "STORE_TEST_NAME";

/// Runs one test of this binary, which finds the variables set and plays its part.
fn spawn(part: &str, name: &str, url: &str) -> Child {
    Command::new(std::env::current_exe().expect("this binary"))
        .args([
            "--exact",
            "suite::processes::other_process",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(PART, part)
        .env(URL, url)
        .env(NAME, name)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the test binary runs")
}

/// The other process. In an ordinary run it has nothing to do.
#[tokio::test]
async fn other_process() {
    let Ok(part) = std::env::var(PART) else {
        return;
    };
    let store = Database::open_url(&std::env::var(URL).expect("a database")).expect("opens");
    let name = std::env::var(NAME).expect("a name");
    match part.as_str() {
        "write until killed" => write_customers(&store, &name, u32::MAX).await,
        "write fifty" => write_customers(&store, &name, 50).await,
        part => panic!("unknown part `{part}`"),
    }
}

/// Eight writers; each id is printed after its answer.
async fn write_customers(store: &Store, name: &str, count: u32) {
    let mut writers = Vec::new();
    for writer in 0..8 {
        let (store, name) = (store.clone(), name.to_owned());
        writers.push(tokio::spawn(async move {
            for n in 0..count {
                let id = format!("cust_{name}_{writer}_{n}");
                let row = customer(&id);
                write(&store, move |tx| {
                    customers::insert(tx, &row)?;
                    let event = NewEvent {
                        kind: "made",
                        resource: &row.id,
                        data: Json::empty_object(),
                        at: at(0),
                    };
                    events::append(tx, &event)
                })
                .await;
                println!("answered {id}");
            }
        }));
    }
    for writer in writers {
        writer.await.expect("no panic");
    }
}

/// The id in a line of the other process; the first one follows the test's name on the same line.
fn answered(line: &str) -> Option<&str> {
    line.split_once("answered ").map(|(_, id)| id)
}

#[tokio::test]
async fn nothing_answered_is_lost_when_the_process_is_killed() {
    for round in 0..3 {
        let database = Database::new();
        database.filled().await.close();
        let mut child = spawn("write until killed", "a", &database.url());
        let mut lines = BufReader::new(child.stdout.take().expect("piped"))
            .lines()
            .map_while(Result::ok);
        let mut ids: Vec<String> = Vec::new();
        let enough = 100 + 150 * round;
        while ids.len() < enough {
            let line = lines.next().expect("the child goes on writing");
            ids.extend(answered(&line).map(str::to_owned));
        }
        child.kill().expect("killed");
        // A line cut off by the kill has no newline, but might still read as an id that was never answered.
        ids.extend(lines.filter_map(|line| {
            answered(&line)
                .filter(|id| id.matches('_').count() == 3)
                .map(str::to_owned)
        }));
        ids.pop();
        child.wait().expect("ended");

        let store = database.open();
        let present = read(&store, |tx| {
            tx.query_all("SELECT id FROM customers", &[], |row| row.get::<String>())
        })
        .await;
        let present: std::collections::HashSet<_> = present.into_iter().collect();
        let lost: Vec<_> = ids.iter().filter(|id| !present.contains(*id)).collect();
        assert!(ids.len() >= enough - 1);
        assert_eq!(lost, Vec::<&String>::new());
        let events = read(&store, |tx| {
            tx.query_one("SELECT count(*) FROM events", &[], |row| row.get::<i64>())
        })
        .await;
        assert_eq!(
            events,
            present.len() as i64,
            "row and event commit together"
        );
        assert_eq!(faults(&store).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn two_processes_write_at_once() {
    let database = Database::new();
    let store = database.filled().await;
    let mut children = [
        spawn("write fifty", "a", &database.url()),
        spawn("write fifty", "b", &database.url()),
    ];
    write_customers(&store, "own", 50).await;
    for child in &mut children {
        let answers = BufReader::new(child.stdout.take().expect("piped"))
            .lines()
            .map_while(Result::ok);
        assert_eq!(answers.filter(|line| answered(line).is_some()).count(), 400);
        assert!(child.wait().expect("ended").success());
    }
    let sequences = read(&store, |tx| {
        tx.query_all(
            "SELECT sequence FROM events WHERE tenant_id = $1 ORDER BY sequence",
            params![TENANT],
            |row| row.get::<i64>(),
        )
    })
    .await;
    assert_eq!(sequences.len(), 1_200);
    assert!(sequences.is_sorted_by(|a, b| a < b), "no repeat");
    let count = read(&store, |tx| {
        tx.query_one("SELECT count(*) FROM customers", &[], |row| {
            row.get::<i64>()
        })
    })
    .await;
    assert_eq!(count, 1_200);
}

#[tokio::test]
async fn processes_that_start_together_migrate_once() {
    let database = Database::new();
    // Both find nothing; without a tenant their writes are refused, which is not what this is about.
    let urls = [database.url(), database.url()];
    let stores = urls.map(|url| std::thread::spawn(move || Database::open_url(&url)));
    for store in stores {
        store.join().expect("no panic").expect("opens");
    }
    assert_eq!(read(&database.open(), tenants::list).await, []);
}
