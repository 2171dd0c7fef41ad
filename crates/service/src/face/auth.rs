//! Who may call what: API keys, tenants, permissions.
//!
//! A key is `fp_<id>_<secret>`. The public id finds the row, the hash of the whole key is compared
//! in constant time. What was found is kept for a moment, so that requests do not wait for the
//! database; a revoked key stops working within [`HARD_LIMIT`].
//!
//! A key that is refused has always cost the same: two comparisons and one look-up of key and
//! tenant, whether its id exists or not, so that time does not tell which ids do.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::{Duration, Instant};

use api::support::Holding;
use api::{Denial, Operation};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use store::Store;
use store::keys::{self, KeyUse};
use store::tenants::{self, TenantStatus};
use subtle::ConstantTimeEq as _;
use types::ErrorCode;

use crate::call::{Context, Tenant, UnderWay};
use crate::clock::Clock;
use crate::error::{Error, chain};
use crate::face::failures::Failures;
use crate::face::permissions::Permissions;
use crate::face::rates::Rates;
use crate::face::running::{Count, Running};
use crate::face::serve::ORGANISATION_TAG;
use crate::face::tenants::to_tenant;
use crate::face::token::{decode_hex, public_id};

/// Age at which one request looks the key up again while the others go on with what is known.
const SOFT_LIMIT: Duration = Duration::from_millis(300);
/// Age from which nobody trusts what is known. Below a second by what a look-up may take.
const HARD_LIMIT: Duration = Duration::from_millis(700);
/// Keys remembered; beyond it those that were not used last are forgotten.
const REMEMBERED: usize = 10_000;

/// What is remembered between requests.
pub(crate) struct Auth {
    known: RwLock<HashMap<String, Arc<Known>>>,
    rates: Rates,
    failures: Failures,
    running: Arc<Running>,
    /// Hash of the key of the organisation, if there is one.
    organisation: OnceLock<Hash>,
    /// How often something was forgotten: what was looked up meanwhile may be older.
    forgotten: AtomicU64,
    /// What was done for the requests so far, in order.
    #[cfg(test)]
    steps: std::sync::Mutex<Vec<&'static str>>,
}

/// What is known of a request besides its credentials.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Circumstances<'a> {
    /// Where it comes from.
    pub(crate) address: Option<IpAddr>,
    /// Whether its body is large, or may be.
    pub(crate) large: bool,
    /// Who holds what it holds, until its answer is sent.
    pub(crate) holding: Option<&'a Holding>,
}

/// As long as the hash of a key.
type Hash = [u8; 32];

/// A key as it was when it was looked up.
struct Known {
    looked_up: Instant,
    refreshing: AtomicBool,
    /// Whether it has changed since.
    outdated: AtomicBool,
    hash: Option<Hash>,
    key_id: Arc<str>,
    key_name: Arc<str>,
    permissions: Permissions,
    expires_at: Option<Timestamp>,
    revoked: bool,
    tenant: Arc<Tenant>,
    tenant_active: bool,
    limited: bool,
    uses: Arc<Uses>,
    running: Count,
}

/// Uses since they were last written down. Survives looking the key up again.
#[derive(Default)]
struct Uses {
    count: AtomicI64,
    last_us: AtomicI64,
}

impl Auth {
    /// `long`: what an operation takes of the database that takes long.
    pub(crate) fn new(long: Duration) -> Auth {
        Auth {
            known: RwLock::default(),
            rates: Rates::default(),
            failures: Failures::default(),
            running: Arc::new(Running::new(long)),
            organisation: OnceLock::new(),
            forgotten: AtomicU64::new(0),
            #[cfg(test)]
            steps: std::sync::Mutex::default(),
        }
    }

    /// Refuses wrong keys unseen beyond so many a minute from one address.
    pub(crate) fn limit_failures(&self, per_minute: u32) {
        self.failures.limit(per_minute);
    }

    /// Allows each tenant so many requests at once.
    pub(crate) fn limit_running(&self, most: usize) {
        self.running.limit(most);
    }

    /// Allows each tenant so many requests at once that take long, beside others.
    pub(crate) fn limit_long(&self, most: usize) {
        self.running.limit_long(most);
    }

    /// Lets a request in, or says why not, in the contract's order: credentials, tenant, rate
    /// limit, permission.
    pub(crate) async fn admit(
        &self,
        store: &Store,
        clock: &Clock,
        operation: Operation,
        bearer: Result<&str, Option<String>>,
        tenant: Option<&str>,
        circumstances: Circumstances<'_>,
    ) -> Result<Context, Denial> {
        let token = bearer.map_err(|flaw| {
            let wanted = "send an API key: `Authorization: Bearer …`";
            let message = match flaw {
                Some(flaw) => format!("{flaw}; {wanted}"),
                None => wanted.to_owned(),
            };
            Denial::unauthenticated(ErrorCode::AuthRequired.as_str(), message)
        })?;
        let now = clock.now();
        if operation.tag() == ORGANISATION_TAG {
            return self.admit_organisation(token, now, circumstances.address);
        }
        let known = self
            .identify(store, token, now, circumstances.address)
            .await?;
        if tenant != Some(&*known.tenant.id) || !known.tenant_active {
            return Err(Denial::forbidden(
                ErrorCode::NoTenantAccess.as_str(),
                "the header `Tenant-ID` must name the active tenant that the API key belongs to",
            ));
        }
        let quota = match known.limited {
            // On the heap, so that requests without a limit do not make room for it.
            true => Some(Box::pin(self.rates.count(store, clock, &known.tenant.id)).await?),
            false => None,
        };
        let denied = |denial: Denial| Denial { quota, ..denial };
        let too_many = |message| {
            let code = ErrorCode::RateLimited.as_str();
            denied(Denial::too_many_requests(code, message, 1))
        };
        let place = known
            .running
            .enter(operation)
            .ok_or_else(|| too_many("too many requests of the tenant are under way at once"))?;
        if !known.permissions.allow(operation) {
            let needed = Permissions::needed(operation).map(|it| format!(" `{it}`"));
            let needed = needed.unwrap_or_default();
            return Err(denied(Denial::forbidden(
                ErrorCode::InsufficientPermissions.as_str(),
                format!("the API key lacks the permission{needed}"),
            )));
        }
        known.uses.count.fetch_add(1, Ordering::Relaxed);
        known
            .uses
            .last_us
            .fetch_max(now.as_microsecond(), Ordering::Relaxed);
        let turn = place.turn(circumstances.large).await.map_err(|_| {
            too_many("too many requests of the tenant that take long are under way at once")
        })?;
        let under_way = Arc::new(UnderWay { place, _turn: turn });
        if let Some(holding) = circumstances.holding {
            holding.hold(Arc::clone(&under_way) as _);
        }
        Ok(Context {
            tenant: Arc::clone(&known.tenant),
            key_id: Arc::clone(&known.key_id),
            key_name: Arc::clone(&known.key_name),
            under_way: Some(under_way),
            conditions: None,
            quota,
        })
    }

    /// Lets the organisation in, whose key is no API key.
    fn admit_organisation(
        &self,
        token: &str,
        now: Timestamp,
        address: Option<IpAddr>,
    ) -> Result<Context, Denial> {
        let hash: Hash = Sha256::digest(token.as_bytes()).into();
        let set = self.organisation.get();
        let same = bool::from(set.copied().unwrap_or_default().ct_eq(&hash));
        if same & set.is_some() {
            return Ok(Context::organisation());
        }
        if self.failures.too_many(address, now) {
            return Err(too_many_failures(self.failures.seconds_left(now)));
        }
        self.failures.count(address, now);
        Err(Denial::unauthenticated(
            ErrorCode::InvalidToken.as_str(),
            "this takes the key of the organisation, which is set at deployment",
        ))
    }

    /// Sets the key of the organisation, once.
    pub(crate) fn set_organisation_key(&self, key: &str) {
        let _ = self.organisation.set(Sha256::digest(key.as_bytes()).into());
    }

    /// The key that `token` is, if it is one that may be used.
    async fn identify(
        &self,
        store: &Store,
        token: &str,
        now: Timestamp,
        address: Option<IpAddr>,
    ) -> Result<Arc<Known>, Denial> {
        let hash: Hash = Sha256::digest(token.as_bytes()).into();
        let id = public_id(token);
        let remembered = id.and_then(|id| {
            let all = self.known.read().unwrap_or_else(PoisonError::into_inner);
            all.get(id).cloned()
        });
        let mut lane = None;
        if self.usable(remembered.as_deref(), &hash, now) {
            if let Some(known) = &remembered
                && known.is_fresh()
            {
                return Ok(Arc::clone(known));
            }
        } else if self.failures.too_many(address, now) {
            // Who knows the right key gets in all the same, unless others fail at this moment.
            lane = Some(self.failures.lane().ok_or_else(|| too_many_failures(1))?);
        }
        let found = match id {
            Some(id) => self.look_up(store, id, remembered).await?,
            // Of no form that a key has: everybody can see that.
            None => None,
        };
        match found {
            Some(known) if self.usable(Some(&known), &hash, now) => Ok(known),
            found => {
                if found.is_none() {
                    self.usable(None, &hash, now);
                }
                self.failures.count(address, now);
                match lane {
                    Some(_) => Err(too_many_failures(self.failures.seconds_left(now))),
                    None => Err(invalid_token()),
                }
            }
        }
    }

    /// Whether the key with this hash is `known`, and may be used.
    fn usable(&self, known: Option<&Known>, hash: &Hash, now: Timestamp) -> bool {
        self.step("compare");
        let stored = known.and_then(|known| known.hash);
        let same = bool::from(stored.unwrap_or_default().ct_eq(hash)) && stored.is_some();
        let valid =
            known.is_some_and(|known| !known.revoked && known.expires_at.is_none_or(|at| at > now));
        same & valid
    }

    async fn look_up(
        &self,
        store: &Store,
        id: &str,
        remembered: Option<Arc<Known>>,
    ) -> Result<Option<Arc<Known>>, Denial> {
        self.step("look up");
        let looked_up = Instant::now();
        let forgotten = self.forgotten.load(Ordering::Acquire);
        let id = id.to_owned();
        let uses = remembered
            .map(|known| Arc::clone(&known.uses))
            .unwrap_or_default();
        let found = store
            .read({
                let (id, running) = (id.clone(), Arc::clone(&self.running));
                move |tx| find(tx, &id, looked_up, Arc::clone(&uses), &running)
            })
            .await
            .map_err(|error| not_in_time(&error, "the API key", "checked"))?;
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
        // The lock orders this before, or behind, what `forget` marks.
        let outdated = self.forgotten.load(Ordering::Acquire) != forgotten;
        found.outdated.store(outdated, Ordering::Release);
        Ok(Some(remember(&mut all, id, found)))
    }

    fn step(&self, _what: &'static str) {
        #[cfg(test)]
        self.steps
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(_what);
    }

    /// What is known of keys of a tenant is not good any more, for this process; others notice within
    /// [`HARD_LIMIT`].
    pub(crate) fn forget(&self, tenant: &str) {
        self.forgotten.fetch_add(1, Ordering::Release);
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        for known in known.values().filter(|known| *known.tenant.id == *tenant) {
            known.outdated.store(true, Ordering::Release);
        }
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

impl Known {
    /// Whether it can be trusted without looking again; one request after the other is told that
    /// it cannot before the others are.
    fn is_fresh(&self) -> bool {
        if self.outdated.load(Ordering::Acquire) {
            return false;
        }
        let age = self.looked_up.elapsed();
        let mine = || !self.refreshing.swap(true, Ordering::Relaxed);
        age < SOFT_LIMIT || (age < HARD_LIMIT && !mine())
    }
}

fn too_many_failures(seconds: u64) -> Denial {
    Denial::too_many_requests(
        ErrorCode::RateLimited.as_str(),
        "too many requests with wrong API keys come from this address",
        seconds,
    )
}

/// What the database did not do for a request: `what` was to be `done`.
pub(super) fn not_in_time(error: &Error, what: &str, done: &str) -> Denial {
    let cause = chain(error);
    match error.retry_after_seconds() {
        Some(seconds) => {
            tracing::warn!(cause, "{what} could not be {done}");
            let message = format!("{what} could not be {done} in time");
            Denial::unavailable(ErrorCode::ServiceUnavailable.as_str(), message, seconds)
        }
        None => Denial::fault(format!("{what} could not be {done}: {cause}")),
    }
}

fn invalid_token() -> Denial {
    Denial::unauthenticated(
        ErrorCode::InvalidToken.as_str(),
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
    running: &Running,
) -> Result<Option<Known>, Error> {
    let key = keys::find(tx, &format!("key_{id}"))?;
    // There is none without a name; it is looked for as for every key.
    let tenant = tenants::find(tx, key.as_ref().map_or("", |key| &key.tenant_id))?;
    let Some(key) = key else {
        return Ok(None);
    };
    let tenant = tenant.ok_or_else(|| Error::Broken(format!("key `{}` has no tenant", key.id)))?;
    let names: Vec<String> = key.permissions.read()?;
    let (tenant_active, limited) = (
        tenant.status == TenantStatus::Active,
        tenant.tier == "starter",
    );
    let tenant = Arc::new(to_tenant(tenant)?);
    Ok(Some(Known {
        looked_up,
        refreshing: AtomicBool::new(false),
        outdated: AtomicBool::new(false),
        hash: Hash::try_from(decode_hex(&key.hash)).ok(),
        key_id: key.id.into(),
        key_name: key.name.into(),
        permissions: Permissions::from_names(&names),
        expires_at: key.expires_at,
        revoked: key.revoked_at.is_some(),
        tenant_active,
        limited,
        running: running.of(&tenant.id),
        tenant,
        uses,
    }))
}

#[cfg(test)]
mod tests;
