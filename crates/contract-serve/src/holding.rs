//! What a request holds beyond its handler.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// Extension of requests that come through `host::observe`: what is put here is kept until the answer has been
/// sent, if that is large. Otherwise clients that are slow to take answers would leave many of them in memory,
/// whatever an implementation allows to run at a time.
#[derive(Clone, Default)]
pub struct Holding(Arc<OnceLock<Arc<dyn Any + Send + Sync>>>);

impl Holding {
    /// Keeps `held`. Only the first call has an effect.
    pub fn hold(&self, held: Arc<dyn Any + Send + Sync>) {
        let _ = self.0.set(held);
    }
}

impl fmt::Debug for Holding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Holding").finish_non_exhaustive()
    }
}
