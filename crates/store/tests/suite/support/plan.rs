//! How an engine means to run a statement.

use store::*;

use test_postgres::Engine;

/// A walk along one index, in its order, without a step after it.
#[derive(Debug, PartialEq)]
pub(crate) struct Walk {
    /// The index.
    pub(crate) index: String,
    /// Whether it starts where the condition on `created_at` says, instead of passing over what is before.
    pub(crate) from_position: bool,
}

/// The walk that a statement is, or else its plan. `types` are those of the parameters.
pub(crate) fn walk(
    tx: &mut Tx<'_>,
    sql: &str,
    types: &[&str],
) -> Result<Result<Walk, Vec<String>>, Error> {
    let plan = match crate::engine() {
        Engine::Sqlite => sqlite(tx, sql, types)?,
        Engine::Postgres | Engine::Pooler => postgres(tx, sql, types)?,
    };
    let found = match crate::engine() {
        Engine::Sqlite => sqlite_walk(&plan),
        Engine::Postgres | Engine::Pooler => postgres_walk(&plan),
    };
    Ok(found.ok_or(plan))
}

fn sqlite(tx: &mut Tx<'_>, sql: &str, types: &[&str]) -> Result<Vec<String>, Error> {
    let values: Vec<Param<'_>> = types.iter().map(|_| Param::Null).collect();
    tx.query_all(&format!("EXPLAIN QUERY PLAN {sql}"), &values, |row| {
        let _numbers: [i64; 3] = [row.get()?, row.get()?, row.get()?];
        row.get()
    })
}

/// `SEARCH customers USING INDEX customers_by_status (tenant_id=? AND status=? AND (created_at,id)<(?,?))`
fn sqlite_walk(plan: &[String]) -> Option<Walk> {
    let [line] = plan else {
        return None;
    };
    let (_, rest) = line.strip_prefix("SEARCH ")?.split_once(" USING INDEX ")?;
    let (index, condition) = rest.split_once(' ')?;
    Some(Walk {
        index: index.to_owned(),
        from_position: condition.contains("created_at"),
    })
}

/// The plan for any values, as a server settles on after some runs. What an empty table makes attractive is
/// switched off.
fn postgres(tx: &mut Tx<'_>, sql: &str, types: &[&str]) -> Result<Vec<String>, Error> {
    for (name, value) in [
        ("plan_cache_mode", "force_generic_plan"),
        ("enable_seqscan", "off"),
        ("enable_bitmapscan", "off"),
        ("enable_sort", "off"),
        ("enable_incremental_sort", "off"),
    ] {
        tx.query_one(
            "SELECT set_config($1, $2, true)",
            params![name, value],
            |row| row.get::<String>(),
        )?;
    }
    let (types, nulls) = (types.join(", "), vec!["NULL"; types.len()].join(", "));
    let mut run = |sql: String| tx.query_all(&sql, &[], |row| row.get::<String>());
    run(format!("PREPARE listed ({types}) AS {sql}"))?;
    let plan = run(format!("EXPLAIN EXECUTE listed ({nulls})"))?;
    run("DEALLOCATE listed".to_owned())?;
    Ok(plan)
}

/// `Limit`, below it `Index Scan Backward using customers_by_status on customers`, below that its
/// `Index Cond: (… AND (ROW(created_at, id) < ROW($3, $4)))` and the policy of the tenant as a filter.
fn postgres_walk(plan: &[String]) -> Option<Walk> {
    let [limit, scan, condition, filter @ ..] = plan else {
        return None;
    };
    let scan = scan.trim_start().strip_prefix("->")?.trim_start();
    let (index, _) = scan
        .strip_prefix("Index Scan Backward using ")?
        .split_once(' ')?;
    let condition = condition.trim_start().strip_prefix("Index Cond: ")?;
    let filtered = filter
        .iter()
        .all(|it| it.trim_start().starts_with("Filter: "));
    (limit.starts_with("Limit ") && filtered).then(|| Walk {
        index: index.to_owned(),
        from_position: condition.contains("created_at"),
    })
}

/// How an engine means to run a statement, whatever its values.
pub(crate) fn of(tx: &mut Tx<'_>, sql: &str) -> Result<Vec<String>, Error> {
    let numbers = sql.split('$').skip(1).filter_map(|rest| {
        let end = rest
            .find(|letter: char| !letter.is_ascii_digit())
            .unwrap_or(rest.len());
        rest[..end].parse::<usize>().ok()
    });
    let count = numbers.max().unwrap_or(0);
    match crate::engine() {
        Engine::Sqlite => sqlite(tx, sql, &vec![""; count]),
        // The types are those that the server finds.
        Engine::Postgres | Engine::Pooler => postgres(tx, sql, &vec!["unknown"; count]),
    }
}

/// Whether a line of a plan sorts, or reads a table from beginning to end.
pub(crate) fn sorts_or_scans(line: &str) -> bool {
    let line = line.trim_start().trim_start_matches("->").trim_start();
    match crate::engine() {
        Engine::Sqlite => {
            line.contains("USE TEMP B-TREE")
                || (line.starts_with("SCAN ") && !line.contains("VIRTUAL TABLE"))
        }
        Engine::Postgres | Engine::Pooler => ["Sort ", "Incremental Sort ", "Seq Scan "]
            .iter()
            .any(|it| line.starts_with(it)),
    }
}
