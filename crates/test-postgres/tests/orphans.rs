//! Nothing of a cluster outlives the process that started it, even if that is killed.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

/// Set in the process that is killed.
const OWNER: &str = "CLUSTER_TEST_OWNER";

/// An immediate shutdown takes milliseconds; PostgreSQL itself gives up on a process after 5 s.
const LIMIT: Duration = Duration::from_secs(30);

fn main() {
    if !test_postgres::available() {
        return;
    }
    if env::var_os(OWNER).is_some() {
        own();
    } else {
        nothing_is_left_of_a_killed_owner();
    }
}

/// Starts what there is to start, says that it runs, and waits to be killed.
fn own() {
    let mut cluster =
        test_postgres::Cluster::start(&test_postgres::Setup::default()).expect("a cluster starts");
    // The guard of a restarted server must do as well.
    cluster.kill().expect("the server is killed");
    cluster.restart().expect("the server starts again");
    let pooler = test_postgres::pooler_available().then(|| {
        let pooler = cluster.pooler(test_postgres::PoolMode::Transaction, 1, &[]);
        let mut pooler = pooler.expect("a pooler starts");
        pooler.restart().expect("the pooler starts again");
        pooler
    });
    let machines = test_postgres::patroni_available().then(|| {
        let mut machines = test_postgres::PatroniCluster::start().expect("a cluster starts");
        let primary = machines.primary().expect("there is a primary");
        machines.kill_node(primary).expect("a node is killed");
        machines.restart_node(primary).expect("it starts again");
        machines
    });
    println!(
        "{}",
        1 + usize::from(pooler.is_some()) + 10 * usize::from(machines.is_some())
    );
    loop {
        thread::park();
    }
}

fn nothing_is_left_of_a_killed_owner() {
    let mut owner = Command::new(env::current_exe().expect("this program"))
        .env(OWNER, "1")
        .stdout(Stdio::piped())
        .spawn()
        .expect("the owner starts");
    let mut line = String::new();
    let mut output = BufReader::new(owner.stdout.take().expect("piped"));
    output.read_line(&mut line).expect("the owner speaks");
    let name = format!("flexportal-cluster-{}-", owner.id());
    let folders = folders(&name);
    assert_eq!(line.trim(), folders.len().to_string(), "{folders:?}");
    for folder in &folders {
        assert!(!processes(folder).is_empty(), "nobody runs in {folder:?}");
    }

    owner.kill().expect("the owner is killed");
    owner.wait().expect("the owner is gone");

    let start = Instant::now();
    for folder in folders {
        while folder.exists() || !processes(&folder).is_empty() {
            let left = processes(&folder);
            assert!(start.elapsed() < LIMIT, "left in {folder:?}: {left:#?}");
            thread::sleep(Duration::from_millis(10));
        }
    }
    println!("nothing was left of a killed owner");
}

/// Folders whose names begin so, wherever clusters have them.
fn folders(name: &str) -> Vec<PathBuf> {
    let mut parents = vec![env::temp_dir(), "/var/tmp".into()];
    parents.dedup();
    let entries = parents
        .iter()
        .filter_map(|parent| fs::read_dir(parent).ok());
    let folders = entries.flatten().flatten().map(|entry| entry.path());
    let is_ours = |folder: &PathBuf| {
        let found = folder.file_name().and_then(|it| it.to_str());
        found.is_some_and(|it| it.starts_with(name))
    };
    folders.filter(is_ours).collect()
}

/// Command lines of the processes that name the folder.
fn processes(folder: &Path) -> Vec<String> {
    let folder = folder.to_str().expect("an ASCII path");
    if !Path::new("/proc/self/cmdline").exists() {
        let output = Command::new("ps").args(["-A", "-o", "args="]).output();
        let text = String::from_utf8_lossy(&output.expect("ps runs").stdout).into_owned();
        let lines = text.lines().filter(|line| line.contains(folder));
        return lines.map(str::to_owned).collect();
    }
    fs::read_dir("/proc")
        .expect("processes")
        .flatten()
        .filter_map(|entry| fs::read(entry.path().join("cmdline")).ok())
        .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
        .filter(|line| line.contains(folder))
        .collect()
}
