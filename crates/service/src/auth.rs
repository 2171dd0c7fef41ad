//! Who may call what: API keys, tenants, permissions, rate limits.
//!
//! A key is `fp_<id>_<secret>`. The public id finds the row, the hash of the whole key is compared
//! in constant time. What was found is kept for a moment, so that requests do not wait for the
//! database; a revoked key stops working within [`HARD_LIMIT`].

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use api::{Denial, Operation};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use store::Store;
use store::keys::{self, KeyUse};
use store::tenants::{self, TenantStatus};
use subtle::ConstantTimeEq as _;

use crate::call::{Context, Tenant};
use crate::clock::Clock;
use crate::error::Error;
use crate::permissions::Permissions;
use crate::tenants::to_tenant;
use crate::token::{decode_hex, public_id};

/// Age at which one request looks the key up again while the others go on with what is known.
const SOFT_LIMIT: Duration = Duration::from_millis(300);
/// Age from which nobody trusts what is known. Below a second by what a look-up may take.
const HARD_LIMIT: Duration = Duration::from_millis(700);
/// Keys remembered; beyond it those that were not used last are forgotten.
const REMEMBERED: usize = 10_000;
/// Requests a minute of a tenant on the `starter` plan; the other plans have no limit.
const STARTER_LIMIT: u32 = 100;
/// Length of a rate limit's window.
const WINDOW_SECONDS: i64 = 60;

/// What is remembered between requests.
#[derive(Default)]
pub(crate) struct Auth {
    known: RwLock<HashMap<String, Arc<Known>>>,
    windows: Mutex<HashMap<String, Window>>,
}

/// A key as it was when it was looked up.
struct Known {
    looked_up: Instant,
    refreshing: AtomicBool,
    hash: Vec<u8>,
    key_id: Arc<str>,
    key_name: Arc<str>,
    permissions: Permissions,
    expires_at: Option<Timestamp>,
    revoked: bool,
    tenant: Arc<Tenant>,
    tenant_active: bool,
    limited: bool,
    uses: Arc<Uses>,
}

/// Uses since they were last written down. Survives looking the key up again.
#[derive(Default)]
struct Uses {
    count: AtomicI64,
    last_us: AtomicI64,
}

/// Requests of a tenant within a window.
struct Window {
    number: i64,
    requests: u32,
}

impl Auth {
    pub(crate) fn new() -> Auth {
        Auth::default()
    }

    /// Lets a request in, or says why not, in the contract's order: credentials, tenant, rate
    /// limit, permission.
    pub(crate) async fn admit(
        &self,
        store: &Store,
        clock: &Clock,
        operation: Operation,
        bearer: Option<&str>,
        tenant: Option<&str>,
    ) -> Result<Context, Denial> {
        let token = bearer.ok_or_else(|| {
            Denial::unauthenticated(
                "AUTH_REQUIRED",
                "send an API key: `Authorization: Bearer …`",
            )
        })?;
        let known = self
            .look_up(store, token)
            .await?
            .ok_or_else(invalid_token)?;
        let hash = Sha256::digest(token.as_bytes());
        let now = clock.now();
        let genuine = bool::from(known.hash.as_slice().ct_eq(hash.as_slice()));
        let expired = known.expires_at.is_some_and(|at| at <= now);
        if !genuine || expired || known.revoked {
            return Err(invalid_token());
        }
        if tenant != Some(&*known.tenant.id) || !known.tenant_active {
            return Err(Denial::forbidden(
                "NO_TENANT_ACCESS",
                "the header `Tenant-ID` must name the active tenant that the API key belongs to",
            ));
        }
        if known.limited {
            self.count_request(&known.tenant.id, now)?;
        }
        if !known.permissions.allow(operation) {
            let needed = Permissions::needed(operation);
            return Err(Denial::forbidden(
                "INSUFFICIENT_PERMISSIONS",
                format!("the API key lacks the permission `{needed}`"),
            ));
        }
        known.uses.count.fetch_add(1, Ordering::Relaxed);
        known
            .uses
            .last_us
            .fetch_max(now.as_microsecond(), Ordering::Relaxed);
        Ok(Context {
            tenant: Arc::clone(&known.tenant),
            key_id: Arc::clone(&known.key_id),
            key_name: Arc::clone(&known.key_name),
        })
    }

    async fn look_up(&self, store: &Store, token: &str) -> Result<Option<Arc<Known>>, Denial> {
        let Some(id) = public_id(token) else {
            return Ok(None);
        };
        let known = self
            .known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(id)
            .cloned();
        if let Some(known) = &known {
            let age = known.looked_up.elapsed();
            let mine = || !known.refreshing.swap(true, Ordering::Relaxed);
            if age < SOFT_LIMIT || (age < HARD_LIMIT && !mine()) {
                return Ok(Some(Arc::clone(known)));
            }
        }
        let looked_up = Instant::now();
        let id = id.to_owned();
        let uses = known
            .map(|known| Arc::clone(&known.uses))
            .unwrap_or_default();
        let found = store
            .read({
                let id = id.clone();
                move |tx| find(tx, &id, looked_up, Arc::clone(&uses))
            })
            .await
            .map_err(|error| Denial::fault(format!("looking a key up: {error:?}")))?;
        let mut all = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let Some(found) = found else {
            all.remove(&id);
            return Ok(None);
        };
        if all.len() >= REMEMBERED {
            all.retain(|_, known| {
                known.looked_up.elapsed() < HARD_LIMIT
                    || known.uses.count.load(Ordering::Relaxed) > 0
            });
        }
        Ok(Some(remember(&mut all, id, found)))
    }

    fn count_request(&self, tenant: &str, now: Timestamp) -> Result<(), Denial> {
        let number = now.as_second().div_euclid(WINDOW_SECONDS);
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        windows.retain(|_, window| window.number == number);
        let window = windows.entry(tenant.to_owned()).or_insert(Window {
            number,
            requests: 0,
        });
        if window.requests >= STARTER_LIMIT {
            let left = (number + 1) * WINDOW_SECONDS - now.as_second();
            return Err(Denial::too_many_requests(
                "RATE_LIMITED",
                format!("the tenant may make {STARTER_LIMIT} requests a minute"),
                u64::try_from(left).unwrap_or(1).max(1),
            ));
        }
        window.requests += 1;
        Ok(())
    }

    /// Takes the uses since the last call, to be written down.
    pub(crate) fn take_uses(&self) -> Vec<KeyUse> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known
            .values()
            .filter_map(|known| {
                let count = known.uses.count.swap(0, Ordering::Relaxed);
                let last = Timestamp::from_microsecond(known.uses.last_us.load(Ordering::Relaxed));
                (count > 0).then(|| KeyUse {
                    tenant_id: known.tenant.id.to_string(),
                    id: known.key_id.to_string(),
                    count,
                    last_used_at: last.unwrap_or_default(),
                })
            })
            .collect()
    }

    /// Gives uses back that could not be written down.
    pub(crate) fn return_uses(&self, uses: &[KeyUse]) {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        for used in uses {
            if let Some(known) = known.values().find(|known| *known.key_id == *used.id) {
                known.uses.count.fetch_add(used.count, Ordering::Relaxed);
            }
        }
    }
}

fn invalid_token() -> Denial {
    Denial::unauthenticated(
        "INVALID_TOKEN",
        "the API key is unknown, expired or revoked",
    )
}

/// Replaces what is known of a key. Requests that met at its first use looked it up each on its
/// own; they count together, whoever comes last.
fn remember(all: &mut HashMap<String, Arc<Known>>, id: String, mut found: Known) -> Arc<Known> {
    if let Some(present) = all.get(&id) {
        found.uses = Arc::clone(&present.uses);
    }
    let found = Arc::new(found);
    all.insert(id, Arc::clone(&found));
    found
}

fn find(
    tx: &mut store::Tx<'_>,
    id: &str,
    looked_up: Instant,
    uses: Arc<Uses>,
) -> Result<Option<Known>, Error> {
    let Some(key) = keys::find(tx, &format!("key_{id}"))? else {
        return Ok(None);
    };
    let tenant = tenants::find(tx, &key.tenant_id)?
        .ok_or_else(|| Error::Broken(format!("key `{}` has no tenant", key.id)))?;
    let names: Vec<String> = key.permissions.read()?;
    Ok(Some(Known {
        looked_up,
        refreshing: AtomicBool::new(false),
        hash: decode_hex(&key.hash),
        key_id: key.id.into(),
        key_name: key.name.into(),
        permissions: Permissions::from_names(&names),
        expires_at: key.expires_at,
        revoked: key.revoked_at.is_some(),
        tenant_active: tenant.status == TenantStatus::Active,
        limited: tenant.tier == "starter",
        tenant: Arc::new(to_tenant(tenant)?),
        uses,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;
    use crate::settings::Settings;

    fn found() -> Known {
        Known {
            looked_up: Instant::now(),
            refreshing: AtomicBool::new(false),
            hash: Vec::new(),
            key_id: "key_1".into(),
            key_name: "test".into(),
            permissions: Permissions::from_names(&[]),
            expires_at: None,
            revoked: false,
            tenant: Arc::new(Tenant {
                id: "bu_test".into(),
                currency: Currency::new("EUR").unwrap(),
                zone: jiff::tz::TimeZone::UTC,
                settings: Settings::default(),
            }),
            tenant_active: true,
            limited: false,
            uses: Arc::default(),
        }
    }

    #[test]
    fn look_ups_at_once_count_together() {
        let auth = Auth::new();
        // Each began when nothing was known of the key, so that none could take over the others'.
        for _ in 0..3 {
            let mut all = auth.known.write().unwrap();
            let known = remember(&mut all, "1".into(), found());
            known.uses.count.fetch_add(1, Ordering::Relaxed);
        }
        let uses = auth.take_uses();
        assert_eq!(uses.len(), 1);
        assert_eq!(uses[0].count, 3);
    }
}
