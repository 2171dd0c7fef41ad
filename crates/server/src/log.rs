//! Where log lines go and what they look like.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::cli::LogFormat;

/// Sends log lines to standard error, so that standard output is for answers.
///
/// # Errors
/// When `filter` is not a log filter.
pub(crate) fn start(filter: &str, format: LogFormat) -> Result<(), String> {
    let builder = tracing_subscriber::fmt()
        .with_env_filter(parse(filter)?)
        .with_ansi(std::io::stderr().is_terminal())
        // A reader that went away (`2>&1 | head`) is no reason to end: what it is told of that would
        // go to the same place, and panic.
        .log_internal_errors(false)
        .with_writer(std::io::stderr);
    let started = match format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| format!("cannot start logging: {error}"))
}

/// [`start`], and traces beside it if the environment names a collector.
///
/// # Errors
/// As [`start`], or when traces cannot be sent there.
#[cfg(feature = "otel")]
pub(crate) fn start_with_traces(
    filter: &str,
    format: LogFormat,
) -> Result<Option<crate::trace::Traces>, String> {
    use tracing_subscriber::filter::{FilterExt as _, filter_fn};
    use tracing_subscriber::prelude::*;

    let Some((spans, traces)) = crate::trace::start()? else {
        return start(filter, format).map(|()| None);
    };
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .log_internal_errors(false)
        .with_writer(std::io::stderr);
    let lines = match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let filter = parse(filter)?.and(filter_fn(|it| !crate::trace::is_traced(it)));
    tracing_subscriber::registry()
        .with(spans)
        .with(lines.with_filter(filter))
        .try_init()
        .map_err(|error| format!("cannot start logging: {error}"))?;
    Ok(Some(traces))
}

fn parse(filter: &str) -> Result<EnvFilter, String> {
    EnvFilter::try_new(filter).map_err(|error| {
        format!(
            "`--log {filter}`: {error}\nhint: a level (`info`) or directives (`info,store=debug`)"
        )
    })
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use api::support::{Violation, ViolationCode};
    use api::{Api as _, Operation};
    use service::{Clock, Service};

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_says_each_thing_once() {
        let file = std::env::temp_dir().join(format!("flexportal-log-{}.db", std::process::id()));
        let store = store::Store::open(&format!("sqlite:{}", file.display())).unwrap();
        let service = Service::new(store.clone(), Clock::system());
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .json()
            .flatten_event(true)
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, || {
            service.defect(Operation::GetCustomer, "handler panicked: why");
            let violation = Violation {
                path: "a.b".to_owned(),
                code: ViolationCode::Required,
                message: "must be there".to_owned(),
            };
            service.invalid_answer(Operation::GetCustomer, &[violation]);
        });
        store.close();
        for end in ["", "-wal", "-shm", "-lock"] {
            let _ = std::fs::remove_file(format!("{}{end}", file.display()));
        }
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.lines().count(), 2);
        assert!(text.contains("handler panicked: why") && text.contains("must be there"));
        for line in text.lines() {
            for name in ["message", "level", "target", "timestamp"] {
                let count = line.matches(&format!("\"{name}\":")).count();
                assert_eq!(count, 1, "`{name}` in {line}");
            }
        }
    }
}
