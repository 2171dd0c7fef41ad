//! The SQL of SQLite, where it is not that of every engine.

use crate::engine::Dialect;

pub(crate) static DIALECT: Dialect = Dialect {
    is_remote: false,
    // Its writer is alone.
    lock: "",
    lock_free: |_| String::new(),
    now_us: "CAST(unixepoch('now', 'subsec') * 1000000 AS INTEGER)",
    each_of: |placeholder, alias| format!("json_each({placeholder}) AS {alias}"),
    rarely: |condition| format!("unlikely({condition})"),
    among: |column, subquery| format!("{column} IN ({subquery})"),
    sorted_by: str::to_owned,
    // As `VALUES`: for an `INSERT … SELECT`, SQLite keeps a journal of its own.
    append_event: "INSERT INTO events (tenant_id, sequence, kind, resource, data, at) VALUES \
        ($1, (SELECT coalesce(max(sequence), 0) + 1 FROM events WHERE tenant_id = $1), $2, $3, $4, $5)",
    last_event: "SELECT coalesce(max(sequence), 0) FROM events WHERE tenant_id = $1",
    numbers_as_committed: true,
    // By the highest there is.
    continue_numbers: None,
    tables: "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = $1",
    // Any program that does not ask for them may write to the file without the foreign keys.
    broken_references: "SELECT DISTINCT '`' || \"table\" || '` refers to missing rows of `' || parent || '`' \
        FROM pragma_foreign_key_check",
    plans_by_statistics: false,
};
