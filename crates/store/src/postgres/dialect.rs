//! The SQL of PostgreSQL, where it is not that of every engine.

use crate::engine::Dialect;

pub(crate) static DIALECT: Dialect = Dialect {
    is_remote: true,
    // As an UPDATE locks; rows that refer to this one by foreign key can still be written.
    lock: " FOR NO KEY UPDATE",
    lock_free: |alias| format!(" FOR NO KEY UPDATE OF {alias} SKIP LOCKED"),
    now_us: "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)",
    each_of: |placeholder, alias| {
        format!(
            "jsonb_array_elements(CAST(CAST({placeholder} AS TEXT) AS JSONB)) AS {alias} (value)"
        )
    },
    // It would rather join, and read the whole table.
    // Statistics say it.
    rarely: str::to_owned,
    among: |column, subquery| format!("{column} = ANY (ARRAY({subquery}))"),
    // The plan for any LIMIT would rather walk an index in that order, past all rows that are not wanted.
    sorted_by: |column| format!("{column} || ''"),
    // The transaction gets its id before the event its number: `events::settled` rests on that.
    append_event: "INSERT INTO events (tenant_id, kind, resource, data, at) \
        SELECT $1, $2, $3, $4, CAST($5 AS BIGINT) WHERE pg_current_xact_id() IS NOT NULL",
    // The numbers are those of all tenants.
    last_event: "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM events_sequence \
        WHERE CAST($1 AS TEXT) IS NOT NULL",
    numbers_as_committed: false,
    continue_numbers: Some(
        "SELECT setval('events_sequence', max(sequence)) FROM events HAVING max(sequence) IS NOT NULL",
    ),
    tables: "SELECT count(*) FROM pg_catalog.pg_tables \
        WHERE schemaname = 'flexportal' AND CAST(tablename AS TEXT) = $1",
    broken_references: "SELECT 'the constraint `' || CAST(conname AS TEXT) || '` has not been validated' \
        FROM pg_constraint \
        WHERE NOT convalidated AND connamespace = CAST('flexportal' AS regnamespace)",
    plans_by_statistics: true,
};
