//! `flexportal backup` and `flexportal restore`: asks for what `store::backup` does, and says how it went.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use store::backup::{Error, Progress, Report};

use crate::cli::{Backup, Restore};
use crate::database::{is_postgres, shown};
use crate::{advice, table};

/// `flexportal backup …`.
pub(crate) async fn backup(options: Backup) -> Result<(), String> {
    let (url, to) = (options.database.database, options.to);
    if is_postgres(&url) {
        return Err(use_instead(
            "backup",
            &format!(
                "PGOPTIONS='-c flexportal.tenant=*' pg_dump --enable-row-security --schema=flexportal \
                 --format=custom --file='{}' '{}'",
                to.display(),
                shown(&url)
            ),
            "or `pg_basebackup` for the whole cluster",
        ));
    }
    let file = to.clone();
    let (report, took) = run("backing up", move |progress| {
        store::backup::backup(&url, &to, options.overwrite, progress)
    })
    .await?;
    describe(&file, &report, took)?;
    if !report.invariants_checked {
        table::print(
            "the schema is older than this release: counters are checked when it is restored\n",
        )?;
    }
    Ok(())
}

/// `flexportal restore …`.
pub(crate) async fn restore(options: Restore) -> Result<(), String> {
    let (url, from) = (options.database.database, options.from);
    if is_postgres(&url) {
        return Err(use_instead(
            "restore",
            &format!(
                "pg_restore --single-transaction --no-owner --dbname='{}' '{}'",
                shown(&url),
                from.display()
            ),
            "into an empty database, with the servers stopped; docs/operating.md, \"Backup and restore\", \
             has the whole of it",
        ));
    }
    let database = url.strip_prefix("sqlite:").unwrap_or(&url).to_owned();
    let (report, took) = run("restoring", move |progress| {
        store::backup::restore(&from, &url, options.overwrite, progress)
    })
    .await?;
    describe(Path::new(&database), &report, took)?;
    if let Some(replaced) = &report.replaced {
        table::print(&format!(
            "the database it replaced is `{}`\n",
            replaced.display()
        ))?;
    }
    Ok(())
}

fn use_instead(what: &str, command: &str, more: &str) -> String {
    format!("PostgreSQL has its own tools to {what}: nothing was done\nhint: `{command}`, {more}")
}

/// Runs `work` beside the runtime, with its progress on a terminal.
async fn run(
    doing: &'static str,
    work: impl FnOnce(&mut dyn FnMut(Progress)) -> Result<Report, Error> + Send + 'static,
) -> Result<(Report, Duration), String> {
    let started = Instant::now();
    let on_terminal = std::io::stderr().is_terminal();
    let outcome = tokio::task::spawn_blocking(move || {
        let mut percent = 0;
        let report = work(&mut |progress: Progress| {
            let now = progress.copied * 100 / progress.pages.max(1);
            if on_terminal && now != percent {
                percent = now;
                let _ = write!(std::io::stderr(), "\r{doing}: {percent} %");
            }
        });
        if on_terminal {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
        report
    });
    let outcome = outcome
        .await
        .map_err(|error| format!("{doing} broke off: {error}"))?;
    let report = outcome.map_err(|error| explain(doing, &error))?;
    Ok((report, started.elapsed()))
}

fn describe(file: &Path, report: &Report, took: Duration) -> Result<(), String> {
    table::print(&format!(
        "`{}`: {:.1} MiB, tenants: {}, customers: {}; checked, in {:.1} s\n",
        file.display(),
        report.size_bytes as f64 / f64::from(1 << 20),
        report.tenants,
        report.customers,
        took.as_secs_f64()
    ))
}

/// The error, its causes, and what to do about it at the end.
fn explain(doing: &str, error: &Error) -> String {
    let mut message = format!("{doing} failed: {error}");
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        message += &format!(": {error}");
        cause = error.source();
    }
    if let Some(advice) = advice::on_backup(error) {
        message += &format!("\nhint: {advice}");
    }
    message
}
