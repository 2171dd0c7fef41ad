//! Statistics for tables that grow faster than autovacuum looks.
//!
//! PostgreSQL keeps the plan of a prepared statement until its table is analysed, and autovacuum looks for such
//! tables once a minute. A plan made while a table was empty reads whole indexes of what is full a minute later:
//! mixed load on a fresh database lost half its speed within that minute. So the pool analyses a table itself
//! whenever it has doubled, as long as that takes milliseconds.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::error::Failure;
use super::session::{Company, Session};

/// How often tables are looked at while something is written.
const EVERY: Duration = Duration::from_secs(1);

/// Tables of ours that have doubled since they were last analysed, by what the server counts: their size would
/// have to wait for whoever locks one of them. Beyond 100,000 rows they are left to autovacuum: a table that large
/// does not double within its minute.
const GROWN: &str = "\
    SELECT format('flexportal.%I', c.relname) FROM pg_stat_user_tables t JOIN pg_class c ON c.oid = t.relid \
    WHERE t.schemaname = 'flexportal' AND pg_has_role(c.relowner, 'USAGE') \
    AND t.n_live_tup > 2 * greatest(c.reltuples, 10) AND t.n_live_tup <= 100000";

/// When the pool last looked.
#[derive(Debug, Default)]
pub(crate) struct Growth {
    looked: Mutex<Option<Instant>>,
}

impl Growth {
    /// Whether it is time to look. Whoever is told so looks; nobody waits to be told.
    pub(super) fn is_due(&self) -> bool {
        let Ok(mut looked) = self.looked.try_lock() else {
            return false;
        };
        let due = looked.is_none_or(|looked| looked.elapsed() >= EVERY);
        if due {
            *looked = Some(Instant::now());
        }
        due
    }
}

/// Analyses the tables that have doubled; not those that somebody else analyses or changes at the moment.
pub(super) fn analyse(session: &mut Session) -> Result<(), Failure> {
    let rows = session.query(Company::default(), GROWN, &[])?;
    let grown: Vec<&str> = rows.iter().filter_map(|row| row.try_get(0).ok()).collect();
    if grown.is_empty() {
        return Ok(());
    }
    let analyse = format!("ANALYZE (SKIP_LOCKED) {}", grown.join(", "));
    session.command("analysing", &analyse)
}
