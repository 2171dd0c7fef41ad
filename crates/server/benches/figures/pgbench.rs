//! `pgbench`, PostgreSQL's own load generator, doing what `deleteCustomer` does.

use store::{Blocker, DELETABLE};

use crate::TENANT;
use crate::database::{Folder, Home};

/// Database connections of the server and of `pgbench`.
pub(crate) const DATABASE_CONNECTIONS: u64 = 16;

/// A deletion as one statement that checks, changes and appends the event: what the server does for one
/// customer. It does for several what waits at the same time.
fn one_statement() -> String {
    format!(
        "WITH deactivated AS ( \
         UPDATE customers SET status = 'inactive', updated_at = :at \
         WHERE tenant_id = :tenant AND id = :id AND {DELETABLE} \
         RETURNING tenant_id \
         ) INSERT INTO events (tenant_id, kind, resource, data, at) \
         SELECT tenant_id, :kind, :id, :data, :at FROM deactivated;\n"
    )
}

/// The same as an application sends it that locks, looks and then changes.
fn five_round_trips() -> String {
    let counters: Vec<&str> = Blocker::ALL.iter().map(|it| it.column()).collect();
    format!(
        "BEGIN;\n\
         SELECT status, {} FROM customers WHERE tenant_id = :tenant AND id = :id FOR UPDATE;\n\
         UPDATE customers SET status = 'inactive', updated_at = :at WHERE tenant_id = :tenant AND id = :id;\n\
         INSERT INTO events (tenant_id, kind, resource, data, at) VALUES (:tenant, :kind, :id, :data, :at);\n\
         COMMIT;\n",
        counters.join(", ")
    )
}

/// How the deletion is sent.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Form {
    OneStatement,
    FiveRoundTrips,
}

/// What `pgbench` reports.
pub(crate) struct Report {
    pub(crate) per_second: f64,
    pub(crate) mean_ms: f64,
}

impl Report {
    pub(crate) fn figures(&self) -> [(&'static str, f64); 2] {
        [("per_second", self.per_second), ("mean_ms", self.mean_ms)]
    }
}

/// Deletes the customers `first..first + count` (a multiple of the connections), each once.
pub(crate) fn delete(home: &Home, form: Form, first: u64, count: u64) -> Report {
    let (cluster, database) = home.cluster().expect("it is a PostgreSQL database");
    let each = count / DATABASE_CONNECTIONS;
    let statements = match form {
        Form::OneStatement => one_statement(),
        Form::FiveRoundTrips => five_round_trips(),
    };
    // Every connection goes through a range of its own. Ids are digits, so that a variable can be one.
    let script =
        format!("\\set id {first} + :client_id * {each} + :n\n\\set n :n + 1\n{statements}");
    let folder = Folder::new("pgbench");
    let file = folder.path().join("script.sql");
    std::fs::write(&file, script).expect("the script can be written");
    let connections = DATABASE_CONNECTIONS.to_string();
    let output = cluster
        .program("pgbench")
        // As the server does: its role, its schema, its tenant and with them its policies.
        .env("PGUSER", "flexportal")
        .env(
            "PGOPTIONS",
            format!("-c search_path=flexportal -c flexportal.tenant={TENANT}"),
        )
        .args(["-n", "-M", "prepared", "-j", "2", "-c", &connections])
        .args(["-t", &each.to_string(), "-f"])
        .arg(&file)
        .args(["-D", "n=0", "-D", "at=1780000000000000"])
        .args(["-D", &format!("tenant={TENANT}")])
        .args(["-D", "kind=customer.deactivated"])
        .args(["-D", "data={\"customerId\":\"12345678\"}"])
        .arg(database)
        .output()
        .unwrap_or_else(|error| panic!("`pgbench` cannot be run: {error}"));
    let text = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "`pgbench` failed: {complaint}");
    Report {
        per_second: figure(&text, "tps = "),
        mean_ms: figure(&text, "latency average = "),
    }
}

/// How many customers of a range are inactive and have an event.
pub(crate) fn deleted(home: &Home, first: u64, count: u64) -> u64 {
    let (cluster, database) = home.cluster().expect("it is a PostgreSQL database");
    let last = first + count - 1;
    // No join: after an empty table has been filled, the planner would nest the loops.
    let within = format!("BETWEEN '{first}' AND '{last}'");
    let sql = format!(
        "SELECT least( \
         (SELECT count(*) FROM flexportal.customers WHERE tenant_id = '{TENANT}' \
          AND status = 'inactive' AND id {within}), \
         (SELECT count(DISTINCT resource) FROM flexportal.events WHERE tenant_id = '{TENANT}' \
          AND resource {within}))"
    );
    let found = cluster.sql(database, &sql);
    let found = found.unwrap_or_else(|error| panic!("{error}"));
    found.trim().parse().expect("a count is a number")
}

fn figure(text: &str, name: &str) -> f64 {
    let rest = text.split(name).nth(1);
    let number = rest.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
    number.unwrap_or_else(|| panic!("`pgbench` reports `{name}`: {text}"))
}
