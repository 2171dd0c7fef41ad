//! The catalogue against the schemas that the migrations make.

use std::collections::BTreeSet;

use store::copy::{Kind, TABLES};
use store::{Error, Row, Tx, params};

use crate::support::Place;

/// A table as an engine describes it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Described {
    name: String,
    columns: Vec<(String, String)>,
    key: Vec<String>,
    parents: BTreeSet<String>,
}

fn catalogue() -> BTreeSet<Described> {
    let name = |name: &&str| (*name).to_owned();
    TABLES
        .iter()
        .map(|table| Described {
            name: table.name.to_owned(),
            columns: table
                .columns
                .iter()
                .map(|column| {
                    let kind = match column.kind {
                        Kind::Integer => "BIGINT",
                        Kind::Text => "TEXT",
                    };
                    (column.name.to_owned(), kind.to_owned())
                })
                .collect(),
            key: table.key.iter().map(name).collect(),
            parents: table.parents.iter().map(name).collect(),
        })
        .collect()
}

fn text(row: &mut Row<'_>) -> Result<String, Error> {
    row.get()
}

#[tokio::test]
async fn the_catalogue_is_the_schema_on_sqlite() {
    fn describe(tx: &mut Tx<'_>, name: String) -> Result<Described, Error> {
        let columns = "SELECT name, type FROM pragma_table_info($1) ORDER BY cid";
        let key = "SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk";
        let parents = "SELECT \"table\" FROM pragma_foreign_key_list($1)";
        Ok(Described {
            columns: tx.query_all(columns, params![&name], |row| Ok((row.get()?, row.get()?)))?,
            key: tx.query_all(key, params![&name], text)?,
            parents: tx
                .query_all(parents, params![&name], text)?
                .into_iter()
                .collect(),
            name,
        })
    }
    let place = Place::sqlite();
    let store = place.open().expect("a new database");
    let found = store.read(|tx| {
        let tables =
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
        let names = tx.query_all(tables, &[], text)?;
        names
            .into_iter()
            .map(|name| describe(tx, name))
            .collect::<Result<BTreeSet<_>, Error>>()
    });
    assert_eq!(found.await.expect("the schema is readable"), catalogue());
}

#[tokio::test]
async fn the_catalogue_is_the_schema_on_postgresql() {
    fn describe(tx: &mut Tx<'_>, name: String) -> Result<Described, Error> {
        let columns = "SELECT CAST(column_name AS TEXT), upper(CAST(data_type AS TEXT)) \
             FROM information_schema.columns \
             WHERE table_schema = 'flexportal' AND CAST(table_name AS TEXT) = $1 ORDER BY ordinal_position";
        let key = "SELECT CAST(a.attname AS TEXT) FROM pg_constraint c \
             CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY k (attnum, place) \
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum \
             WHERE c.contype = 'p' AND c.conrelid = CAST($1 AS TEXT)::regclass ORDER BY k.place";
        let parents = "SELECT CAST(p.relname AS TEXT) FROM pg_constraint c JOIN pg_class p ON p.oid = c.confrelid \
             WHERE c.contype = 'f' AND c.conrelid = CAST($1 AS TEXT)::regclass";
        let columns = tx.query_all(columns, params![&name], |row| Ok((row.get()?, row.get()?)))?;
        Ok(Described {
            columns,
            key: tx.query_all(key, params![&name], text)?,
            parents: tx
                .query_all(parents, params![&name], text)?
                .into_iter()
                .collect(),
            name,
        })
    }
    if !test_postgres::available() {
        return;
    }
    let place = Place::postgres();
    let store = place.open().expect("a new database");
    let found = store.read(|tx| {
        let tables = "SELECT CAST(tablename AS TEXT) FROM pg_tables \
             WHERE schemaname = 'flexportal' AND tablename <> 'schema_version'";
        let names = tx.query_all(tables, &[], text)?;
        names
            .into_iter()
            .map(|name| describe(tx, name))
            .collect::<Result<BTreeSet<_>, Error>>()
    });
    assert_eq!(found.await.expect("the schema is readable"), catalogue());
}

#[test]
fn what_refers_to_a_later_table_waits_for_it() {
    for (number, table) in TABLES.iter().enumerate() {
        for parent in table.parents {
            let earlier = TABLES[..number]
                .iter()
                .any(|earlier| earlier.name == *parent);
            assert!(
                earlier || table.later.is_some(),
                "`{}` refers to `{parent}`",
                table.name
            );
        }
    }
    assert_eq!(
        TABLES[0].name, "tenants",
        "becomes active last, by its place"
    );
}
