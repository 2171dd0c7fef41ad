//! `flexportal copy`: everything in one database into another, with progress and a table to check it by.

use std::fmt::Write as _;
use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use store::copy::{self, Compared, Phase, Progress, Report};
use store::{Purpose, Store};

use crate::cli::{Copy, Reporting};
use crate::{advice, database, table};

/// How often the same table is reported: a line of a log, or the one line of a terminal.
const LINE_EVERY: Duration = Duration::from_secs(1);
const REDRAW_EVERY: Duration = Duration::from_millis(100);

/// Copies, verifies and says what was copied.
pub(crate) async fn run(arguments: Copy) -> Result<(), String> {
    let Copy {
        from,
        to,
        allow_bypass_rls,
        progress,
        batch,
    } = arguments;
    if same(&from, &to) {
        return Err("`--from` and `--to` name the same database\nhint: name a new file or an empty database".into());
    }
    let open = |option, url, purpose| open(option, url, purpose, allow_bypass_rls);
    let source = open("--from", &from, Purpose::CopyFrom)?;
    let target = open("--to", &to, Purpose::CopyInto)?;
    let started = Instant::now();
    let meter = Arc::new(Meter::new(progress));
    let watch: copy::Watch = {
        let meter = Arc::clone(&meter);
        Arc::new(move |progress| meter.show(progress))
    };
    let options = copy::Options { batch };
    let outcome = copy::copy(&source, &target, &options, watch).await;
    meter.clear();
    source.close();
    target.close();
    match outcome {
        Ok(report) => {
            table::print(&format!("{}\n", summary(&report, started.elapsed())))?;
            if !report.changed_since.is_empty() {
                table::tell(&format!(
                    "flexportal: warning: the source was changed while it was copied: {}; what was changed is \
                     not in the copy\nhint: stop the servers of the source and copy to a new target before \
                     moving to it",
                    quoted(&report.changed_since)
                ));
            }
            Ok(())
        }
        Err(error) => {
            if let copy::Error::Different(tables) = &error {
                table::print(&format!("{}\n", compared(tables)))?;
            }
            Err(explain(&error))
        }
    }
}

fn open(
    option: &str,
    url: &str,
    purpose: Purpose,
    allow_bypass_rls: bool,
) -> Result<Store, String> {
    let options = store::Options {
        purpose,
        transaction_timeout: None,
        postgres: store::PostgresOptions {
            allow_bypass_rls,
            // Some to read and one to write.
            connections: 3,
            // A table is read back or checked in one go, and nobody else waits for it.
            statement_timeout: Duration::from_secs(3_600),
            ..store::PostgresOptions::default()
        },
        ..store::Options::default()
    };
    database::open_with(url, &options).map_err(|text| text.replacen("--database", option, 1))
}

/// Whether both URLs are one, or name one file.
fn same(from: &str, to: &str) -> bool {
    let file = |url| sqlite_path(url).and_then(|path| path.canonicalize().ok());
    from == to || file(from).is_some_and(|path| Some(path) == file(to))
}

fn sqlite_path(url: &str) -> Option<&Path> {
    let rest = url.strip_prefix("sqlite:")?;
    Some(Path::new(rest.strip_prefix("//").unwrap_or(rest)))
}

/// An error with its causes, and what to do about it below.
fn explain(error: &copy::Error) -> String {
    let mut message = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let _ = write!(message, ": {error}");
        cause = error.source();
    }
    if let Some(advice) = advice::on_copy(error) {
        let _ = write!(message, "\nhint: {advice}");
    }
    message
}

fn summary(report: &Report, elapsed: Duration) -> String {
    let rows: u64 = report.tables.iter().map(|table| table.target.rows).sum();
    let mut text = compared(&report.tables);
    let _ = write!(
        text,
        "\n\n{rows} rows copied and verified in {:.1} s",
        elapsed.as_secs_f64()
    );
    if report.resumed_rows > 0 {
        let _ = write!(text, ", {} of them were there already", report.resumed_rows);
    }
    text + ": checksums, references, counters and the deletion invariant"
}

/// What both sides hold, table by table.
fn compared(tables: &[Compared]) -> String {
    let mut text = format!(
        "{:<16} {:>10}  {:<16}  {:>10}  {:<16}",
        "table", "source", "checksum", "target", "checksum"
    );
    for compared in tables {
        let Compared {
            table,
            source,
            target,
        } = compared;
        let _ = write!(
            text,
            "\n{table:<16} {:>10}  {}  {:>10}  {}{}",
            source.rows,
            source.checksum,
            target.rows,
            target.checksum,
            if compared.equal() { "" } else { "  differs" }
        );
    }
    text
}

/// Progress on standard error: lines, or on a terminal one line that is drawn again and again.
struct Meter {
    terminal: bool,
    quiet: bool,
    state: Mutex<Option<Shown>>,
}

/// What was shown last, and since when.
struct Shown {
    phase: Phase,
    table: &'static str,
    began: Instant,
    began_with: u64,
    shown: Instant,
}

impl Meter {
    fn new(reporting: Reporting) -> Self {
        let terminal = std::io::stderr().is_terminal();
        Self {
            terminal: terminal && reporting == Reporting::Auto,
            quiet: match reporting {
                Reporting::Auto => !terminal,
                Reporting::Always => false,
                Reporting::Never => true,
            },
            state: Mutex::new(None),
        }
    }

    fn show(&self, progress: &Progress) {
        if self.quiet {
            return;
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let known = state
            .as_mut()
            .filter(|shown| (shown.phase, shown.table) == (progress.phase, progress.table));
        let every = if self.terminal {
            REDRAW_EVERY
        } else {
            LINE_EVERY
        };
        let rate = match known {
            Some(shown) => {
                if now - shown.shown < every && progress.rows < progress.of {
                    return;
                }
                shown.shown = now;
                let seconds = (now - shown.began).as_secs_f64().max(0.001);
                let rows = progress.rows.saturating_sub(shown.began_with) as f64;
                format!(", {:.0} rows/s", rows / seconds)
            }
            None => {
                *state = Some(Shown {
                    phase: progress.phase,
                    table: progress.table,
                    began: now,
                    began_with: progress.rows,
                    shown: now,
                });
                String::new()
            }
        };
        let doing = match progress.phase {
            Phase::Reading => "reading",
            Phase::Copying => "copying",
            Phase::Completing => "completing",
            Phase::Verifying => "verifying",
        };
        let percent = (progress.rows * 100)
            .checked_div(progress.of)
            .unwrap_or(100);
        let line = format!(
            "{doing} {}: {} of {} rows ({percent} %){rate}",
            progress.table, progress.rows, progress.of
        );
        // Nobody may be left to read it; the copy goes on.
        let _ = match self.terminal {
            true => write!(std::io::stderr(), "\r\x1b[2K{line}"),
            false => writeln!(std::io::stderr(), "{line}"),
        };
    }

    fn clear(&self) {
        if self.terminal {
            let _ = write!(std::io::stderr(), "\r\x1b[2K");
        }
    }
}

fn quoted(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
