//! Signals: which ask to stop, and which are none of ours.

use std::future::Future;

/// Done when the process is asked to stop (SIGINT, SIGTERM or SIGQUIT). None of them ends the
/// process from this call on, and neither do SIGHUP, SIGUSR1 and SIGUSR2, which are ignored: log
/// lines go to standard error, so that there is no file to open again.
///
/// # Errors
/// The signals cannot be waited for.
#[cfg(unix)]
pub fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut quit = signal(SignalKind::quit())?;
    // Once waited for, a signal never does again what it does by default.
    for (kind, name) in [
        (SignalKind::hangup(), "SIGHUP"),
        (SignalKind::user_defined1(), "SIGUSR1"),
        (SignalKind::user_defined2(), "SIGUSR2"),
    ] {
        let mut ignored = signal(kind)?;
        tokio::spawn(async move {
            while ignored.recv().await.is_some() {
                tracing::info!(signal = name, "ignored a signal");
            }
        });
    }
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = quit.recv() => {}
        }
    })
}

/// Done when the process is asked to stop (Ctrl-C).
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "cannot wait for Ctrl-C");
            std::future::pending::<()>().await;
        }
    })
}
