//! Log lines, and traces beside them.

use contract_serve::host::LogFormat;

/// Sends log lines to standard error.
///
/// # Errors
/// When `filter` is not a log filter.
#[cfg(not(feature = "otel"))]
pub(crate) fn start(filter: &str, format: LogFormat) -> Result<(), String> {
    contract_serve::host::log(filter, format).map_err(of_option)
}

/// Sends log lines to standard error, and traces where the environment says, if it does.
///
/// # Errors
/// When `filter` is not a log filter, or traces cannot be sent there.
#[cfg(feature = "otel")]
pub(crate) fn start(
    filter: &str,
    format: LogFormat,
) -> Result<Option<crate::trace::Traces>, String> {
    use contract_serve::host::{log, log_filter, log_lines};
    use tracing_subscriber::Layer as _;
    use tracing_subscriber::filter::{FilterExt as _, filter_fn};
    use tracing_subscriber::prelude::*;

    let Some((spans, traces)) = crate::trace::start()? else {
        return log(filter, format).map(|()| None).map_err(of_option);
    };
    let filter = log_filter(filter).map_err(of_option)?;
    let filter = filter.and(filter_fn(|it| !crate::trace::is_traced(it)));
    tracing_subscriber::registry()
        .with(spans)
        .with(log_lines(format).with_filter(filter))
        .try_init()
        .map_err(|error| format!("cannot start logging: {error}"))?;
    Ok(Some(traces))
}

fn of_option(error: String) -> String {
    format!("`--log`: {error}")
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
