//! What the constraints of a row cost.

use rusqlite::Connection;

use crate::support::*;

/// SQLite makes one for an IN of more than two values.
#[test]
fn no_constraint_makes_a_table_in_memory_for_each_row() {
    let database = Database::new();
    drop(database.open());
    let connection = Connection::open(database.path()).expect("opens");
    let texts = |sql: &str, column: usize| -> Vec<String> {
        let mut statement = connection.prepare(sql).expect("a statement");
        let rows = statement.query_map([], |row| row.get(column));
        rows.expect("rows").map(|it| it.expect("a text")).collect()
    };
    let tables = texts("SELECT name FROM sqlite_master WHERE type = 'table'", 0);
    assert!(tables.len() > 15, "{tables:?}");
    for table in tables {
        let columns = texts(&format!("PRAGMA table_info({table})"), 1);
        let nulls = vec!["NULL"; columns.len()].join(", ");
        let steps = texts(&format!("EXPLAIN INSERT INTO {table} VALUES ({nulls})"), 1);
        assert!(!steps.iter().any(|it| it == "OpenEphemeral"), "{table}");
    }
}
