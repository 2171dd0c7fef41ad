//! The declared tables against the schemas that the migrations make.

use std::collections::BTreeSet;

use store::copy::{Kind, NOT_COPIED, TABLES};
use store::{Error, Row, Store, Tx, params};

use crate::support::Place;

/// What there is to say about tables, a line each.
type Facts = BTreeSet<String>;

fn column(table: &str, name: &str, kind: &str) -> String {
    format!("`{table}` has the column `{name}` {kind}")
}

fn key(table: &str, columns: &[impl AsRef<str>]) -> String {
    let columns: Vec<&str> = columns.iter().map(AsRef::as_ref).collect();
    format!("`{table}` has the key {}", columns.join(", "))
}

fn parent(table: &str, parent: &str) -> String {
    format!("`{table}` refers to `{parent}`")
}

fn declared() -> Facts {
    let of_table = |table: &'static store::copy::Table| {
        let columns = table.columns.iter().map(|it| match it.kind {
            Kind::Integer => column(table.name, it.name, "BIGINT"),
            Kind::Text => column(table.name, it.name, "TEXT"),
        });
        let parents = table.parents.iter().map(|it| parent(table.name, it));
        columns.chain(parents).chain([key(table.name, table.key)])
    };
    TABLES.iter().flat_map(of_table).collect()
}

/// What only one of the two says.
async fn differences(store: &Store) -> Vec<String> {
    let found = match store.is_remote() {
        true => store.read(on_postgresql).await,
        false => store.read(on_sqlite).await,
    };
    let found: Facts = found.expect("the schema is readable");
    found.symmetric_difference(&declared()).cloned().collect()
}

fn text(row: &mut Row<'_>) -> Result<String, Error> {
    row.get()
}

fn on_sqlite(tx: &mut Tx<'_>) -> Result<Facts, Error> {
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    let columns = "SELECT name, type FROM pragma_table_info($1)";
    let keys = "SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk";
    let parents = "SELECT \"table\" FROM pragma_foreign_key_list($1)";
    describe(tx, tables, columns, keys, parents)
}

fn on_postgresql(tx: &mut Tx<'_>) -> Result<Facts, Error> {
    let tables = "SELECT CAST(tablename AS TEXT) FROM pg_tables \
         WHERE schemaname = 'flexportal' AND tablename <> 'schema_version'";
    let columns = "SELECT CAST(column_name AS TEXT), upper(CAST(data_type AS TEXT)) \
         FROM information_schema.columns \
         WHERE table_schema = 'flexportal' AND CAST(table_name AS TEXT) = $1";
    let keys = "SELECT CAST(a.attname AS TEXT) FROM pg_constraint c \
         CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY k (attnum, place) \
         JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum \
         WHERE c.contype = 'p' AND c.conrelid = CAST($1 AS TEXT)::regclass ORDER BY k.place";
    let parents = "SELECT CAST(p.relname AS TEXT) FROM pg_constraint c JOIN pg_class p ON p.oid = c.confrelid \
         WHERE c.contype = 'f' AND c.conrelid = CAST($1 AS TEXT)::regclass";
    describe(tx, tables, columns, keys, parents)
}

fn describe(
    tx: &mut Tx<'_>,
    tables: &str,
    columns: &str,
    keys: &str,
    parents: &str,
) -> Result<Facts, Error> {
    let mut facts = Facts::new();
    let found = tx.query_all(tables, &[], text)?;
    assert!(
        NOT_COPIED
            .iter()
            .all(|name| found.iter().any(|it| it == name))
    );
    for table in found.iter().filter(|it| !NOT_COPIED.contains(&it.as_str())) {
        let of_table = params![table];
        facts.extend(tx.query_all(columns, of_table, |row| {
            let (name, kind): (String, String) = (row.get()?, row.get()?);
            Ok(column(table, &name, &kind))
        })?);
        facts.insert(key(table, &tx.query_all(keys, of_table, text)?));
        let parents = tx.query_all(parents, of_table, text)?;
        facts.extend(parents.iter().map(|it| parent(table, it)));
    }
    Ok(facts)
}

fn places() -> impl Iterator<Item = Place> {
    let postgres = test_postgres::available().then(Place::postgres);
    std::iter::once(Place::sqlite()).chain(postgres)
}

#[tokio::test]
async fn the_declared_tables_are_the_schema() {
    for place in places() {
        let store = place.open().expect("a new database");
        assert_eq!(differences(&store).await, [""; 0], "{}", place.url);
    }
}

#[tokio::test]
async fn a_column_that_only_one_side_has_is_found() {
    for place in places() {
        let store = place.open().expect("a new database");
        let changed: Result<(), Error> = store
            .write(|tx| {
                tx.execute("ALTER TABLE billing_groups DROP COLUMN notes", &[])?;
                tx.execute("ALTER TABLE billing_groups ADD COLUMN notice TEXT", &[])?;
                tx.execute("ALTER TABLE api_keys ADD COLUMN remarks BIGINT", &[])?;
                Ok(())
            })
            .await;
        changed.expect("the schema can be changed");
        assert_eq!(
            differences(&store).await,
            [
                "`api_keys` has the column `remarks` BIGINT",
                "`billing_groups` has the column `notes` TEXT",
                "`billing_groups` has the column `notice` TEXT",
            ],
            "{}",
            place.url
        );
    }
}
