//! What a request holds beyond its handler.

use std::sync::{Arc, OnceLock};

use crate::call::UnderWay;

/// Extension of requests: keeps the request among those under way until this has gone. Whoever inserts it keeps a
/// clone until the answer has been sent, if that is large: otherwise clients that are slow to take answers would
/// leave many of them in memory.
#[derive(Debug, Clone, Default)]
pub struct Holding(Arc<OnceLock<Arc<UnderWay>>>);

impl Holding {
    pub(crate) fn hold(&self, under_way: &Arc<UnderWay>) {
        let _ = self.0.set(Arc::clone(under_way));
    }
}
