//! Row-level security.

use std::sync::Arc;

use store::{Error, Options, PostgresOptions, Store, params};
use test_postgres::Cluster;

use crate::{add_tenant, count, fresh, name, open, options, psql, shared, write};

#[tokio::test]
async fn transaction_of_a_tenant_neither_sees_nor_changes_rows_of_others() {
    let Some(cluster) = shared() else { return };
    let (store, _) = fresh(cluster);
    assert!(store.walls_off_tenants());
    write(&store, |tx| {
        add_tenant(tx, "a")?;
        add_tenant(tx, "b")
    })
    .await;
    let a: Arc<str> = "a".into();

    // Statements that forgot the tenant.
    let seen = store.read_in(&a, |tx| count(tx, "SELECT count(*) FROM customers"));
    assert_eq!(seen.await.expect("reads"), 1);
    let changed: Result<u64, Error> = store
        .write_in(&a, |tx| {
            tx.execute("UPDATE customers SET company = 'of a'", params![])
        })
        .await;
    assert_eq!(changed.expect("writes"), 1);
    // Statements that name the wrong one.
    let taken: Result<u64, Error> = store
        .write_in(&a, |tx| {
            tx.execute(
                "UPDATE customers SET tenant_id = 'b', id = 'x' WHERE id = 'cust_1'",
                params![],
            )
        })
        .await;
    assert!(matches!(taken, Err(Error::Statement(_))), "{taken:?}");
    let planted: Result<(), Error> = store.write_in(&a, |tx| add_tenant(tx, "c")).await;
    assert!(matches!(planted, Err(Error::Statement(_))), "{planted:?}");

    let all = store.read(|tx| count(tx, "SELECT count(*) FROM customers WHERE company IS NULL"));
    assert_eq!(
        all.await.expect("reads"),
        1,
        "the customer of b is untouched"
    );
}

#[tokio::test]
async fn scope_changes_with_each_transaction_of_one_connection() {
    let Some(cluster) = shared() else { return };
    let url = cluster.create_database().expect("a database");
    let mut options = options();
    options.postgres.connections = 1;
    let store = open(&url, &options);
    write(&store, |tx| {
        add_tenant(tx, "a")?;
        add_tenant(tx, "o'hara")
    })
    .await;
    for tenant in ["a", "o'hara", "a", "nobody"] {
        let scope: Arc<str> = tenant.into();
        let failed: Result<(), Error> = store.write_in(&scope, |_| Err(Error::Closed)).await;
        assert!(failed.is_err());
        let seen = store.read_in(&scope, |tx| {
            tx.query_all("SELECT id FROM tenants", params![], |row| {
                row.get::<String>()
            })
        });
        let expected: Vec<&str> = [tenant].into_iter().filter(|it| *it != "nobody").collect();
        assert_eq!(seen.await.expect("reads"), expected);
    }
    let all = store.read(|tx| count(tx, "SELECT count(*) FROM tenants"));
    assert_eq!(all.await.expect("reads"), 2);
}

#[tokio::test]
async fn session_that_names_no_tenant_sees_nothing() {
    let Some(cluster) = shared() else { return };
    let (store, url) = fresh(cluster);
    write(&store, |tx| add_tenant(tx, "a")).await;
    assert_eq!(
        psql(cluster, &url, "SELECT count(*) FROM flexportal.customers"),
        "0"
    );
    let scoped = "SET flexportal.tenant = 'a'; SELECT count(*) FROM flexportal.customers";
    assert_eq!(psql(cluster, &url, scoped), "1");
}

/// A role with `attributes`, and a database of its own as it would reach it.
fn role(cluster: &Cluster, attributes: &str) -> (String, String) {
    let url = cluster.create_database().expect("a database");
    let role = format!("role_of_{}", name(&url));
    let sql = format!(
        "CREATE ROLE {role} LOGIN {attributes}; ALTER DATABASE {} OWNER TO {role}",
        name(&url)
    );
    cluster.sql("postgres", &sql).expect("a role");
    (url.replace("flexportal@", &format!("{role}@")), role)
}

/// Why a role is refused; it is let in where that was asked for, and known not to be walled off.
fn refused(url: &str) -> String {
    let Err(error @ Error::PassesWall { .. }) = Store::open_with(url, &options()) else {
        panic!("{url} is let in");
    };
    let allowing = Options {
        postgres: PostgresOptions {
            allow_bypass_rls: true,
            ..options().postgres
        },
        ..options()
    };
    assert!(!open(url, &allowing).walls_off_tenants());
    error.to_string()
}

#[test]
fn roles_that_no_policy_binds_are_refused_before_they_own_anything() {
    let Some(cluster) = shared() else { return };
    let owned = "SELECT count(*) FROM pg_namespace WHERE nspname = 'flexportal'";
    for attribute in ["SUPERUSER", "BYPASSRLS"] {
        let (url, _) = role(cluster, attribute);
        let Err(error) = Store::open_with(&url, &options()) else {
            panic!("{attribute} is let in");
        };
        assert!(error.to_string().contains(attribute), "{error}");
        assert_eq!(cluster.sql(name(&url), owned).expect("a count"), "0");
        refused(&url);
    }
    let (_, exempt) = role(cluster, "BYPASSRLS");
    let (_, between) = role(cluster, &format!("IN ROLE {exempt}"));
    for of in [exempt.as_str(), &between, "postgres"] {
        let (url, _) = role(cluster, &format!("IN ROLE {of}"));
        let said = refused(&url);
        assert!(said.contains("a member of `"), "{said}");
    }
    let (url, role) = role(cluster, "SUPERUSER");
    let disguised = format!(
        "ALTER ROLE {role} SET role = 'flexportal'; ALTER DATABASE {} OWNER TO flexportal",
        name(&url)
    );
    cluster.sql("postgres", &disguised).expect("it is set");
    assert!(refused(&url).contains("SUPERUSER"));
}

#[test]
fn tables_that_are_open_to_the_role_are_found() {
    let Some(cluster) = shared() else { return };
    for (table, sql) in [
        (
            "assets",
            "ALTER TABLE flexportal.assets NO FORCE ROW LEVEL SECURITY",
        ),
        (
            "events",
            "ALTER TABLE flexportal.events DISABLE ROW LEVEL SECURITY",
        ),
        (
            "orders",
            "CREATE POLICY everything ON flexportal.orders USING (true)",
        ),
        (
            "tenants",
            "ALTER POLICY one_tenant ON flexportal.tenants USING (true)",
        ),
        (
            "tenants",
            "ALTER POLICY one_tenant ON flexportal.tenants WITH CHECK (true)",
        ),
        ("notes", "CREATE TABLE flexportal.notes (tenant_id TEXT)"),
    ] {
        let (store, url) = fresh(cluster);
        assert!(store.walls_off_tenants());
        psql(cluster, &url, sql);
        let said = refused(&url);
        assert!(said.contains(&format!("table `{table}`")), "{said}");
        // The owner is who counts, not the name: a member of it is one as well.
        if sql.contains("NO FORCE") {
            let member = format!("member_of_{}", name(&url));
            let sql = format!("CREATE ROLE {member} LOGIN IN ROLE flexportal");
            cluster.sql("postgres", &sql).expect("a role");
            refused(&url.replace("flexportal@", &format!("{member}@")));
        }
    }
    // One that narrows is no gap.
    let (_, url) = fresh(cluster);
    psql(
        cluster,
        &url,
        "CREATE POLICY narrower ON flexportal.orders AS RESTRICTIVE USING (true)",
    );
    open(&url, &options());
}
