//! Requests that come again, and changes that are meant for one version of a resource.
//!
//! What a key stands for is written in the transaction of the change, so a request is done once however often it
//! comes, and whatever happens to servers meanwhile. The version of a resource is what reading it answers at that
//! moment.

use std::sync::Arc;

use api::support::{Conditions, ETag};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{Json, RepeatRow, Tx, idempotency};
use types::ErrorCode;

use crate::call::{Asked, Call, Context};
use crate::error::{Error, Refusal, refuse};
use crate::face::serve::Service;
use crate::rules::subscriptions;
use crate::rules::{assets, billing_groups, customers, orders, payments, products, settings};

/// How long a key is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// Keys that each new one clears away whose time is over. The job does it where no new ones come.
const CLEARED: u32 = 2;

/// Keys that one transaction of the job clears away.
const CLEARED_AT_ONCE: u32 = 500;

/// A resource that has versions.
#[derive(Debug, Clone)]
pub(crate) enum Resource {
    Customer(String),
    Order(String),
    Subscription(String),
    Product(String),
    Asset(String),
    Payment(String),
    BillingGroup(String),
    Settings,
}

impl Resource {
    /// The version it has now; `None` if there is no such resource.
    fn version(&self, call: &mut Call<'_, '_>) -> Result<Option<ETag>, Error> {
        let etag = match self {
            Resource::Customer(id) => tag(customers::get(call, id)),
            Resource::Order(id) => tag(orders::get(call, id)),
            Resource::Subscription(id) => tag(subscriptions::get(call, id)),
            Resource::Product(id) => tag(products::list::product(call, id)),
            Resource::Asset(serial) => tag(assets::list::get(call, serial)),
            Resource::Payment(id) => tag(payments::get(call, id)),
            Resource::BillingGroup(id) => tag(billing_groups::get(call, id)),
            Resource::Settings => tag(settings::get(call)),
        };
        match etag {
            Ok(etag) => Ok(Some(etag)),
            Err(Error::Refused(Refusal {
                code: ErrorCode::NotFound,
                ..
            })) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn tag<T: Serialize>(read: Result<T, Error>) -> Result<ETag, Error> {
    ETag::of_json(&read?).map_err(|error| Error::Broken(format!("a resource: {error}")))
}

/// What has become of a request whose key is known, or was taken.
pub(crate) enum Outcome<T> {
    /// It was done now.
    Done {
        value: T,
        /// Version of the resource since, if the request speaks of one.
        version: Option<ETag>,
    },
    /// It was refused now, which is remembered.
    Refused(Refusal),
    /// It was answered before.
    Known(Result<T, Refusal>),
}

impl<T> Outcome<T> {
    /// The answer of the handler, and what stands beside it.
    pub(crate) fn answer(self, asked: &Asked) -> Result<T, Error> {
        match self {
            Outcome::Done { value, version } => {
                if let Some(version) = version {
                    asked.conditions.note_version(version);
                }
                Ok(value)
            }
            Outcome::Refused(refusal) => Err(Error::Refused(refusal)),
            Outcome::Known(answer) => {
                // Of a part that is known, the whole need not be.
                if asked.part.is_none() {
                    asked.conditions.note_replayed();
                }
                answer.map_err(Error::Refused)
            }
        }
    }
}

/// Runs `rule` as the request asks.
pub(crate) fn run<T: Serialize + DeserializeOwned>(
    call: &mut Call<'_, '_>,
    asked: &Asked,
    resource: Option<&Resource>,
    rule: impl Fn(&mut Call<'_, '_>) -> Result<T, Error>,
) -> Result<Outcome<T>, Error> {
    let conditions = &asked.conditions;
    let Some(mut row) = row(asked, &call.tenant.id, call.now) else {
        return at_version(call, conditions, resource, rule);
    };
    if let Some(known) = claim(call.tx, &row)? {
        return Ok(Outcome::Known(answered(&row, &known)?));
    }
    call.tx.begin_part()?;
    let outcome = at_version(call, conditions, resource, rule);
    match outcome {
        Ok(Outcome::Done { value, version }) => {
            call.tx.keep_part()?;
            row.body = Json::of(&value)?;
            idempotency::update(call.tx, &row)?;
            Ok(Outcome::Done { value, version })
        }
        Err(Error::Refused(refusal)) if is_final(&refusal) => {
            if !call.tx.undo_part()? {
                // A second look finds out before it fails.
                return Err(Error::Refused(refusal));
            }
            keep_refusal(&mut row, &refusal)?;
            idempotency::update(call.tx, &row)?;
            Ok(Outcome::Refused(refusal))
        }
        other => other,
    }
}

/// Runs `rule` if the resource has a version that was asked for.
fn at_version<T>(
    call: &mut Call<'_, '_>,
    conditions: &Conditions,
    resource: Option<&Resource>,
    rule: impl Fn(&mut Call<'_, '_>) -> Result<T, Error>,
) -> Result<Outcome<T>, Error> {
    let asked = conditions.if_match.as_ref().zip(resource);
    let Some((if_match, resource)) = asked else {
        let (value, version) = (rule(call)?, None);
        return Ok(Outcome::Done { value, version });
    };
    // What is not there, the rule says better. Locks come first: what is read before them can change.
    resource.lock(call)?;
    if let Some(current) = resource.version(call)?
        && !if_match.match_strongly(&current)
    {
        let message = "the resource has changed since it was read; read it again";
        return Err(refuse(ErrorCode::PreconditionFailed, message));
    }
    let value = rule(call)?;
    let version = resource.version(call)?;
    Ok(Outcome::Done { value, version })
}

impl Resource {
    /// Takes the lock under which the resource is changed.
    fn lock(&self, call: &mut Call<'_, '_>) -> Result<(), Error> {
        let tenant = &call.tenant.id;
        let customer = match self {
            Resource::Customer(id) => Some(id.clone()),
            Resource::Order(id) => store::orders::find(call.tx, id)?.map(|it| it.customer_id),
            Resource::Subscription(id) => {
                store::subscriptions::find(call.tx, id)?.map(|it| it.customer_id)
            }
            Resource::Payment(id) => store::payments::find(call.tx, id)?.map(|it| it.customer_id),
            Resource::BillingGroup(id) => {
                store::billing_groups::find(call.tx, id)?.map(|it| it.customer_id)
            }
            Resource::Asset(serial) => {
                store::assets::find(call.tx, serial)?.and_then(|it| it.customer_id)
            }
            Resource::Settings => {
                store::tenants::lock(call.tx, tenant)?;
                None
            }
            // Nothing else of the catalogue is changed meanwhile.
            Resource::Product(_) => None,
        };
        if let Some(customer) = customer {
            store::customers::lock(call.tx, &customer)?;
        }
        if let Resource::Asset(serial) = self {
            store::assets::lock(call.tx, serial)?;
        }
        Ok(())
    }
}

/// An operation of several transactions, each a part that is done once.
pub(crate) struct Parts(Context);

impl Parts {
    /// For the part of this number; the same number is the same part when the request comes again.
    pub(crate) fn part(&self, number: usize) -> Context {
        let mut context = self.0.clone();
        if let Some(asked) = &mut context.conditions {
            asked.part = Some(number);
        }
        context
    }
}

/// Runs `work`, an operation of several transactions. Under a key, each part and then the whole is remembered: a
/// repeat goes on where the first one is, or where it was given up, and both have the same answer.
pub(crate) async fn once<T, F>(
    service: &Service,
    context: Context,
    work: impl FnOnce(Parts) -> F,
) -> Result<T, Error>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Result<T, Error>>,
{
    let asked = match &context.conditions {
        Some(asked) if asked.conditions.repeat.is_some() => asked.clone(),
        _ => return work(Parts(context)).await,
    };
    let (tenant, now) = (Arc::clone(&context.tenant.id), service.clock().now());
    let missing = || Error::Broken("a repeat has no key".into());
    let mut row = row(&asked, &tenant, now).ok_or_else(missing)?;
    let wanted = row.clone();
    let known = service.store().read_in(&tenant, move |tx| {
        let RepeatRow {
            tenant_id,
            operation,
            key,
            ..
        } = &wanted;
        idempotency::find(tx, tenant_id, operation, key).map_err(Error::from)
    });
    if let Some(known) = known.await?.filter(|known| is_kept(known, now)) {
        let answer = answered(&row, &known)?;
        asked.conditions.note_replayed();
        return answer.map_err(Error::Refused);
    }
    let outcome = match work(Parts(context)).await {
        Ok(value) => Ok(value),
        Err(Error::Refused(refusal)) if is_final(&refusal) => Err(refusal),
        Err(error) => return Err(error),
    };
    match &outcome {
        Ok(value) => row.body = Json::of(value)?,
        Err(refusal) => keep_refusal(&mut row, refusal)?,
    }
    let taken = row.clone();
    let claiming = service
        .store()
        .write_in(&tenant, move |tx| claim(tx, &taken));
    match claiming.await? {
        // The repeat was faster; both get its answer.
        Some(known) => {
            let answer = answered(&row, &known)?;
            asked.conditions.note_replayed();
            answer.map_err(Error::Refused)
        }
        None => outcome.map_err(Error::Refused),
    }
}

/// Frees the key of a request that has come to nothing after all.
pub(crate) fn free(
    tx: &mut Tx<'_>,
    asked: &Asked,
    tenant: &str,
    now: Timestamp,
) -> Result<(), Error> {
    if let Some(row) = row(asked, tenant, now) {
        idempotency::delete(tx, &row)?;
    }
    Ok(())
}

/// Remembers an answer, unless the key is taken.
pub(crate) fn keep<T: Serialize>(
    tx: &mut Tx<'_>,
    asked: &Asked,
    tenant: &str,
    now: Timestamp,
    answer: &T,
) -> Result<(), Error> {
    if let Some(mut row) = row(asked, tenant, now) {
        row.body = Json::of(answer)?;
        claim(tx, &row)?;
    }
    Ok(())
}

/// Forgets the keys whose time is over; how many.
///
/// # Errors
/// When the store fails.
pub(crate) async fn forget(service: &Service) -> Result<u64, Error> {
    let store = service.store();
    let Ok(before) = service.clock().now().checked_sub(KEPT) else {
        return Ok(0);
    };
    let owners = store
        .read(move |tx| Ok::<_, Error>(idempotency::outdated(tx, before)?))
        .await?;
    let mut all = 0;
    for owner in owners {
        loop {
            let owner = owner.clone();
            let forgotten = store
                .write(move |tx| {
                    let limit = CLEARED_AT_ONCE;
                    Ok::<_, Error>(idempotency::forget(tx, &owner, before, limit)?)
                })
                .await?;
            all += forgotten;
            if forgotten < u64::from(CLEARED_AT_ONCE) {
                break;
            }
        }
    }
    Ok(all)
}

/// Takes the key of `row`, or says what it was taken for. One whose time is over is free.
fn claim(tx: &mut Tx<'_>, row: &RepeatRow) -> Result<Option<RepeatRow>, Error> {
    match idempotency::claim(tx, row)? {
        Some(known) if is_kept(&known, row.created_at) => return Ok(Some(known)),
        Some(_) => {
            idempotency::update(tx, row)?;
        }
        None => {}
    }
    if let Ok(before) = row.created_at.checked_sub(KEPT) {
        idempotency::forget(tx, &row.tenant_id, before, CLEARED)?;
    }
    Ok(None)
}

fn is_kept(row: &RepeatRow, now: Timestamp) -> bool {
    now.duration_since(row.created_at) < KEPT
}

/// What was answered to the request of which `row` is a repeat.
fn answered<T: DeserializeOwned>(
    row: &RepeatRow,
    known: &RepeatRow,
) -> Result<Result<T, Refusal>, Error> {
    if row.fingerprint != known.fingerprint {
        let message = "the `Idempotency-Key` was used for another request of this operation";
        return Err(refuse(ErrorCode::IdempotencyKeyReused, message));
    }
    match known.code {
        None => Ok(Ok(known.body.read()?)),
        Some(_) => Ok(Err(Refusal::of(known.body.read()?)?)),
    }
}

/// Whether a refusal stands: sent again, the same request would not be more welcome. What the key was used for is
/// remembered already.
fn is_final(refusal: &Refusal) -> bool {
    refusal.code != ErrorCode::IdempotencyKeyReused && matches!(refusal.status(), 400 | 404 | 409)
}

fn keep_refusal(row: &mut RepeatRow, refusal: &Refusal) -> Result<(), Error> {
    row.code = Some(refusal.code.as_str().into());
    row.body = Json::of(&refusal.clone().body())?;
    Ok(())
}

/// What is to be remembered of a request that has a key.
fn row(asked: &Asked, tenant: &str, now: Timestamp) -> Option<RepeatRow> {
    let repeat = asked.conditions.repeat.as_ref()?;
    let operation = asked.operation.id();
    let digits = repeat.fingerprint.iter().map(|byte| format!("{byte:02x}"));
    Some(RepeatRow {
        tenant_id: tenant.into(),
        operation: match asked.part {
            None => operation.into(),
            Some(part) => format!("{operation}.{part}"),
        },
        key: repeat.key.clone(),
        fingerprint: digits.collect(),
        code: None,
        body: Json::empty_object(),
        created_at: now,
    })
}
