//! Where log lines go and what they look like.

use std::io::IsTerminal as _;

use tracing::Subscriber;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{EnvFilter, Layer};

/// Form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Sends the log lines that `filter` lets through to standard error, so that standard output is for answers.
///
/// # Errors
/// When `filter` is not a log filter, or lines go somewhere already.
pub fn log(filter: &str, format: LogFormat) -> Result<(), String> {
    use tracing_subscriber::prelude::*;

    tracing_subscriber::registry()
        .with(log_filter(filter)?)
        .with(log_lines(format))
        .try_init()
        .map_err(|error| format!("cannot start logging: {error}"))
}

/// The layer of [`log()`], for programs that have others beside it.
pub fn log_lines<S>(format: LogFormat) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        // A reader that went away (`2>&1 | head`) is no reason to end: what it is told of that would
        // go to the same place, and panic.
        .log_internal_errors(false)
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    }
}

/// Which log lines: a level, or directives by target.
///
/// # Errors
/// What is wrong with it, and how it is written.
pub fn log_filter(filter: &str) -> Result<EnvFilter, String> {
    EnvFilter::try_new(filter).map_err(|error| {
        format!(
            "`{filter}` is no log filter: {error}\nhint: a level (`info`) or directives (`info,contract_serve=debug`)"
        )
    })
}
