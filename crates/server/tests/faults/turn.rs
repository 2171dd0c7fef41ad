//! Tests with SQLite run one after the other: each puts the machine under load.

use tokio::sync::{Mutex, MutexGuard};

static SQLITE: Mutex<()> = Mutex::const_new(());

/// Waits for the other tests with SQLite.
pub(crate) async fn sqlite() -> MutexGuard<'static, ()> {
    SQLITE.lock().await
}
