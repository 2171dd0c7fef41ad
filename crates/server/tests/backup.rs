//! Backup beside a running server, and restore: with the real binary, under load, with damaged files and a
//! full disk.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rusqlite::Connection as Sqlite;
use store::{CustomerStatus, Store, customers};
use support::load::{Connection, delete_request};
use support::{Folder, Server, fill, flexportal};

const TENANT: &str = "bu_backup";
const CUSTOMERS: usize = 4_000;

/// A database with a tenant, a key and customers; gives the key.
async fn filled(database: &str) -> String {
    let (created, _, error) = flexportal(&[
        "tenant",
        "create",
        "--id",
        TENANT,
        "--currency",
        "EUR",
        "--database",
        database,
    ]);
    assert!(created, "{error}");
    let (_, key, _) = flexportal(&["key", "create", "--tenant", TENANT, "--database", database]);
    let store = Store::open(database).expect("the database opens");
    fill::customers(&store, TENANT, (0..CUSTOMERS).map(id).collect()).await;
    key.trim().to_owned()
}

fn id(index: usize) -> String {
    format!("cust_{index:05}")
}

fn backup(database: &str, to: &Path, more: &[&str]) -> (bool, String, String) {
    let to = to.to_str().expect("UTF-8");
    let mut arguments = vec!["backup", "--database", database, "--to", to];
    arguments.extend(more);
    flexportal(&arguments)
}

fn restore(from: &Path, database: &str, more: &[&str]) -> (bool, String, String) {
    let from = from.to_str().expect("UTF-8");
    let mut arguments = vec!["restore", "--from", from, "--database", database];
    arguments.extend(more);
    flexportal(&arguments)
}

/// Everything in a folder, so that leftovers are noticed.
fn names(folder: &Folder) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).expect("the folder is readable");
    let mut names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

/// How many of the first `deleted` customers are not inactive, and what is inconsistent.
async fn lost(database: &str, deleted: usize) -> (usize, Vec<String>) {
    let store = Store::open(database).expect("the database opens");
    let tenant = TENANT.into();
    let read = store.read_in(&tenant, move |tx| {
        let mut lost = 0;
        for index in 0..deleted {
            let row = customers::find(tx, &id(index))?;
            lost += usize::from(row.is_none_or(|row| row.status != CustomerStatus::Inactive));
        }
        Ok::<_, store::Error>((lost, store::verify_invariants(tx, TENANT)?))
    });
    read.await.expect("the database is readable")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_holds_what_was_acknowledged_before_it() {
    let folder = Folder::new();
    let database = folder.database();
    let key = filled(&database).await;
    let server = Server::start(
        &database,
        &["--log", "flexportal=info,contract_serve::request=warn"],
    );

    // One connection, so that what is acknowledged are the first ids; it goes on until the backup is done.
    let (acknowledged, enough) = (
        Arc::new(AtomicUsize::new(0)),
        Arc::new(AtomicBool::new(false)),
    );
    let load = tokio::spawn({
        let (acknowledged, enough) = (Arc::clone(&acknowledged), Arc::clone(&enough));
        let address = server.address.clone();
        async move {
            let mut connection = Connection::open(&address)
                .await
                .expect("the server accepts");
            for index in 0..CUSTOMERS {
                let request = delete_request(&id(index), TENANT, &key);
                let status = connection.send(&request).await.expect("the server answers");
                assert_eq!(status, 200);
                acknowledged.store(index + 1, Ordering::SeqCst);
                if enough.load(Ordering::SeqCst) {
                    break;
                }
            }
        }
    });
    while acknowledged.load(Ordering::SeqCst) < 200 {
        tokio::task::yield_now().await;
    }
    let before = acknowledged.load(Ordering::SeqCst);
    let file = folder.path().join("nightly.db");
    let (made, output, error) = tokio::task::spawn_blocking({
        let (database, file) = (database.clone(), file.clone());
        move || backup(&database, &file, &[])
    })
    .await
    .expect("the backup ends");
    let during = acknowledged.load(Ordering::SeqCst);
    enough.store(true, Ordering::SeqCst);
    load.await.expect("the load does not panic");
    assert!(made, "{error}");
    assert!(
        output.contains(&format!("tenants: 1, customers: {CUSTOMERS}; checked")),
        "{output}"
    );
    assert!(during > before, "deletions went on while the backup ran");
    drop(server);

    let restored = format!("sqlite:{}", folder.path().join("restored.db").display());
    let (put_back, output, error) = restore(&file, &restored, &[]);
    assert!(put_back, "{error}");
    assert!(
        output.contains(&format!("customers: {CUSTOMERS};")),
        "{output}"
    );
    assert_eq!(lost(&restored, before).await, (0, vec![]));
}

#[tokio::test]
async fn a_restored_database_is_served_and_the_old_one_is_kept() {
    let folder = Folder::new();
    let database = folder.database();
    let key = filled(&database).await;
    let file = folder.path().join("a.backup");
    assert!(backup(&database, &file, &[]).0);
    let delete = async |address: &str, index| {
        let mut connection = Connection::open(address).await.expect("the server accepts");
        connection
            .send(&delete_request(&id(index), TENANT, &key))
            .await
            .expect("an answer")
    };
    let server = Server::start(&database, &[]);
    assert_eq!(delete(&server.address, 0).await, 200);

    let (put_back, _, error) = restore(&file, &database, &[]);
    assert!(!put_back);
    assert!(error.contains("exists already\nhint: "), "{error}");
    let (put_back, _, error) = restore(&file, &database, &["--overwrite"]);
    assert!(!put_back, "a server has it open");
    assert!(error.contains("hint: stop the server first"), "{error}");
    assert_eq!(
        delete(&server.address, 1).await,
        200,
        "the server was not disturbed"
    );
    // Killed, so that what it wrote last is still in the log beside the database.
    server.signal("KILL");
    drop(server);

    let (put_back, output, error) = restore(&file, &database, &["--overwrite"]);
    assert!(put_back, "{error}");
    let kept = output
        .split('`')
        .nth(3)
        .expect("the old database is named")
        .to_owned();
    assert_eq!(
        lost(&format!("sqlite:{kept}"), 2).await,
        (0, vec![]),
        "{output}"
    );
    let server = Server::start(&database, &[]);
    assert_eq!(delete(&server.address, 0).await, 200, "it is active again");
    assert!(server.stop().0);
    assert!(
        !names(&folder).iter().any(|name| name.contains("partial")),
        "{:?}",
        names(&folder)
    );
}

#[tokio::test]
async fn a_damaged_backup_is_refused_and_replaces_nothing() {
    let folder = Folder::new();
    let database = folder.database();
    filled(&database).await;
    let file = folder.path().join("a.backup");
    assert!(backup(&database, &file, &[]).0);
    let good = fs::read(&file).expect("readable");
    let before = (
        fs::read(folder.path().join("test.db")).expect("readable"),
        names(&folder),
    );

    let mut scribbled = good.clone();
    let page = 4096 * (good.len() / 4096 / 2);
    scribbled[page..page + 2048].fill(0xa5);
    let mut other_program = good.clone();
    other_program[68..72].fill(7);
    let mut newer = good.clone();
    newer[60..64].copy_from_slice(&999_u32.to_be_bytes());
    let cases: [(&str, Vec<u8>, &str); 6] = [
        ("half of it", good[..good.len() / 2].to_vec(), "damaged"),
        ("a page of rubbish", scribbled, "damaged"),
        ("nothing", vec![], "it is empty"),
        (
            "no database",
            b"To whom it may concern".repeat(500),
            "damaged",
        ),
        ("another program's", other_program, "another program"),
        ("a newer release's", newer, "schema version 999"),
    ];
    for (what, bytes, expected) in cases {
        fs::write(&file, bytes).expect("writable");
        let (put_back, _, error) = restore(&file, &database, &["--overwrite"]);
        assert!(!put_back, "{what}");
        assert!(error.contains(expected), "{what}: {error}");
        let after = (
            fs::read(folder.path().join("test.db")).expect("readable"),
            names(&folder),
        );
        assert!(after == before, "{what} changed something: {:?}", after.1);
    }
    let (put_back, _, error) = restore(
        &PathBuf::from("nowhere.backup"),
        &database,
        &["--overwrite"],
    );
    assert!(!put_back && error.contains("opening the backup"), "{error}");
}

/// A trigger of somebody else would run with every statement of ours.
#[tokio::test]
async fn a_backup_with_objects_of_somebody_else_is_refused_and_replaces_nothing() {
    let folder = Folder::new();
    let database = folder.database();
    filled(&database).await;
    for (object, sql) in [
        (
            "trigger `t`",
            "CREATE TRIGGER t AFTER UPDATE ON customers BEGIN DELETE FROM orders; END",
        ),
        ("view `v`", "CREATE VIEW v AS SELECT 1"),
        ("table `x`", "CREATE TABLE x (a)"),
        ("index `i`", "CREATE INDEX i ON customers (phone)"),
        (
            "index `customers_by_email`",
            "DROP INDEX customers_by_email",
        ),
    ] {
        let file = folder.path().join("a.backup");
        assert!(backup(&database, &file, &["--overwrite"]).0);
        let planted = Sqlite::open(&file).and_then(|it| it.execute_batch(sql));
        planted.expect("a database of ours");
        let before = names(&folder);
        let (put_back, _, error) = restore(&file, &database, &["--overwrite"]);
        assert!(!put_back && error.contains(object), "{object}: {error}");
        assert_eq!(names(&folder), before, "{object}");
    }
    let server = Server::start(&database, &[]);
    drop(server);
}

/// Renaming a copy over the log of a live database throws away what it acknowledged, by whatever name.
#[cfg(unix)]
#[tokio::test]
async fn no_name_of_the_database_or_its_log_is_taken_for_a_copy() {
    use std::os::unix::fs::symlink;

    let folder = Folder::new();
    let database = folder.database();
    filled(&database).await;
    let server = Server::start(&database, &[]);
    let at = |name: &str| folder.path().join(name);
    let log = at("test.db-wal");
    assert!(log.exists(), "the server keeps a log");
    fs::hard_link(&log, at("hard")).expect("links");
    symlink(&log, at("soft")).expect("links");
    symlink(folder.path(), at("elsewhere")).expect("links");
    symlink(at("test.db"), at("name.partial")).expect("links");
    let by_link = format!("sqlite:{}", at("elsewhere/test.db").display());
    // Jobs write into it at the start; what comes later is behind that.
    let since = std::time::Instant::now();
    let log_before = loop {
        let found = fs::read(&log).expect("readable");
        if !found.is_empty() {
            break found;
        }
        assert!(since.elapsed().as_secs() < 30, "no job has run");
    };
    for database in [&database, &by_link] {
        for name in [
            "test.db",
            "test.db-wal",
            "test.db-shm",
            "test.db-journal",
            "hard",
            "soft",
            "elsewhere/test.db",
            "elsewhere/test.db-wal",
            "elsewhere/../elsewhere/test.db-shm",
            // A database that was not named, which somebody may open at any time.
            "other.db-wal",
            // What is written first is called `name.partial`, and that is the database.
            "name",
        ] {
            let (made, _, error) = backup(database, &at(name), &["--overwrite"]);
            assert!(!made, "{name} of {database}");
            assert!(error.contains("hint: name another file"), "{name}: {error}");
            let (put_back, _, error) = restore(
                &at("test.db"),
                &format!("sqlite:{}", at(name).display()),
                &["--overwrite"],
            );
            assert!(!put_back, "{name}: {error}");
        }
    }
    let log_after = fs::read(&log).expect("readable");
    assert!(log_after.starts_with(&log_before), "the log was changed");
    drop(server);
    fs::remove_file(at("hard")).expect("removes");
    assert_eq!(lost(&database, 0).await, (0, vec![]));
}

#[tokio::test]
async fn a_database_that_a_server_has_open_is_no_file_to_overwrite() {
    let (folder, live) = (Folder::new(), Folder::new());
    let database = folder.database();
    filled(&database).await;
    filled(&live.database()).await;
    let server = Server::start(&live.database(), &[]);
    let target = live.path().join("test.db");
    let (made, _, error) = backup(&database, &target, &["--overwrite"]);
    assert!(
        !made && error.contains("open in another process"),
        "{error}"
    );
    drop(server);
    let (made, _, error) = backup(&database, &target, &["--overwrite"]);
    assert!(made, "{error}");
    assert_eq!(
        names(&live),
        ["test.db"],
        "nothing of the old one is beside it"
    );
}

#[tokio::test]
async fn inconsistent_counters_are_no_backup() {
    let folder = Folder::new();
    let database = folder.database();
    filled(&database).await;
    let store = Store::open(&database).expect("the database opens");
    let wrong = store.write(|tx| {
        tx.execute(
            "UPDATE customers SET open_orders = 3, total_orders = 3 WHERE id = 'cust_00007'",
            &[],
        )
    });
    wrong.await.expect("written");
    store.close();
    let file = folder.path().join("a.backup");
    let (made, _, error) = backup(&database, &file, &[]);
    assert!(!made);
    assert!(
        error.contains("order counters of the customer are wrong: `cust_00007`"),
        "{error}"
    );
    assert!(
        !names(&folder).iter().any(|name| name.contains("backup")),
        "{:?}",
        names(&folder)
    );
}

#[tokio::test]
async fn a_backup_that_fails_leaves_the_last_one_alone() {
    let folder = Folder::new();
    let database = folder.database();
    filled(&database).await;
    let file = folder.path().join("a.backup");
    assert!(backup(&database, &file, &[]).0);
    let last = fs::read(&file).expect("readable");
    let unchanged = |what: &str| {
        assert!(
            fs::read(&file).expect("readable") == last,
            "{what} changed the last backup"
        );
        let partial = names(&folder)
            .into_iter()
            .find(|name| name.contains("partial"));
        assert_eq!(partial, None, "{what}");
    };

    let (made, _, error) = backup(&database, &file, &[]);
    assert!(!made && error.contains("add `--overwrite`"), "{error}");
    unchanged("asking again");

    // The largest file that this process may write is smaller than the database: as on a full disk.
    let limited = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 200; exec \"$@\"", "sh"])
        .arg(env!("CARGO_BIN_EXE_flexportal"))
        .args(["backup", "--overwrite", "--database", &database, "--to"])
        .arg(&file)
        .output()
        .expect("a shell runs");
    let error = String::from_utf8_lossy(&limited.stderr);
    assert!(!limited.status.success());
    assert!(error.contains("backing up failed"), "{error}");
    unchanged("a full disk");

    let (made, _, error) = backup(&database, &folder.path().join("nowhere/a.backup"), &[]);
    assert!(!made && error.contains("creating `"), "{error}");
    let itself = folder.path().join("test.db");
    let (made, _, error) = backup(&database, &itself, &["--overwrite"]);
    assert!(
        !made && error.contains("belongs to the database itself"),
        "{error}"
    );
    let (made, _, error) = backup("sqlite:nowhere.db", &file, &["--overwrite"]);
    assert!(
        !made && error.contains("there is no database `nowhere.db`"),
        "{error}"
    );
    unchanged("an impossible request");

    assert!(backup(&database, &file, &["--overwrite"]).0);
}

#[tokio::test]
async fn killed_halfway_nothing_is_lost() {
    let folder = Folder::new();
    let database = folder.database();
    filled(&database).await;
    let file = folder.path().join("a.backup");
    assert!(backup(&database, &file, &[]).0);
    let last = fs::read(&file).expect("readable");
    let commands: [(&str, Vec<&str>); 2] = [
        ("a.backup.partial", vec!["backup", "--to"]),
        ("test.db.partial", vec!["restore", "--from"]),
    ];
    for (partial, command) in commands {
        let partial = folder.path().join(partial);
        let mut killed = BTreeSet::new();
        // From the first byte to all of them: killed at another place each time. Those that a slow machine does not
        // kill in time have another turn, until there are enough.
        for turn in 0..200 {
            let tenths = turn % 10;
            if killed.contains(&tenths) || (turn >= 10 && killed.len() >= 5) {
                continue;
            }
            let mut child = Command::new(env!("CARGO_BIN_EXE_flexportal"))
                .args(&command)
                .arg(&file)
                .args(["--overwrite", "--database", &database])
                .stdout(std::process::Stdio::null())
                .spawn()
                .expect("the binary starts");
            let enough = last.len() as u64 * tenths / 10;
            while child.try_wait().expect("it is ours").is_none() {
                if fs::metadata(&partial).is_ok_and(|it| it.len() >= enough) {
                    killed.insert(tenths);
                    break;
                }
            }
            let _ = child.kill();
            let _ = child.wait();
            let length = fs::metadata(&file).expect("the backup is there").len();
            assert_eq!(length, last.len() as u64, "{command:?} {tenths}");
            assert_eq!(
                lost(&database, 0).await,
                (0, vec![]),
                "{command:?} {tenths}"
            );
        }
        assert!(
            killed.len() >= 5,
            "{command:?}: killed in time only at {killed:?} tenths"
        );
    }
    let store = Store::open(&database).expect("the database opens");
    let all = store.read(|tx| {
        tx.query_one("SELECT count(*) FROM customers", &[], |row| {
            row.get::<i64>()
        })
    });
    assert_eq!(all.await.expect("readable"), CUSTOMERS as i64);
    drop(store);
    // What the killed ones left behind is in nobody's way.
    assert!(backup(&database, &file, &["--overwrite"]).0);
    assert!(restore(&file, &database, &["--overwrite"]).0);
    let left = names(&folder)
        .into_iter()
        .find(|name| name.contains("partial"));
    assert_eq!(left, None);
}

#[test]
fn postgresql_is_referred_to_its_own_tools() {
    let url = "postgres://app:s3cret@db/flex";
    let (made, _, error) = backup(url, Path::new("x.dump"), &[]);
    assert!(
        !made && error.contains("pg_dump") && !error.contains("s3cret"),
        "{error}"
    );
    let (put_back, _, error) = restore(Path::new("x.dump"), url, &[]);
    assert!(error.contains("docs/operating.md"), "{error}");
    assert!(
        !put_back && error.contains("pg_restore") && !error.contains("s3cret"),
        "{error}"
    );
}
