//! Requests that come again, and changes that are meant for one version of a resource.
//!
//! What a key stands for is written in the transaction of the change, so a request is done once however often it
//! comes, and whatever happens to servers meanwhile. The version of a resource is what reading it answers at that
//! moment.

use api::Operation;
use api::support::{Conditions, ETag, Repeat};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{Json, RepeatRow, idempotency};
use types::{ErrorBody, ErrorCode};

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
    pub(crate) fn answer(self, conditions: &Conditions) -> Result<T, Error> {
        match self {
            Outcome::Done { value, version } => {
                if let Some(version) = version {
                    conditions.note_version(version);
                }
                Ok(value)
            }
            Outcome::Refused(refusal) => Err(Error::Refused(refusal)),
            Outcome::Known(answer) => {
                conditions.note_replayed();
                answer.map_err(Error::Refused)
            }
        }
    }
}

/// Runs `rule` as the request asks.
pub(crate) fn run<T: Serialize + DeserializeOwned>(
    call: &mut Call<'_, '_>,
    Asked {
        operation,
        conditions,
    }: &Asked,
    resource: Option<&Resource>,
    rule: impl Fn(&mut Call<'_, '_>) -> Result<T, Error>,
) -> Result<Outcome<T>, Error> {
    let Some(repeat) = &conditions.repeat else {
        return at_version(call, conditions, resource, rule);
    };
    let mut row = row(&call.tenant.id, *operation, repeat, call.now);
    if let Some(known) = claim(call, &row)? {
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
            Resource::Order(id) => {
                store::orders::find(call.tx, tenant, id)?.map(|it| it.customer_id)
            }
            Resource::Subscription(id) => {
                store::subscriptions::find(call.tx, tenant, id)?.map(|it| it.customer_id)
            }
            Resource::Payment(id) => {
                store::payments::find(call.tx, tenant, id)?.map(|it| it.customer_id)
            }
            Resource::BillingGroup(id) => {
                store::billing_groups::find(call.tx, tenant, id)?.map(|it| it.customer_id)
            }
            Resource::Asset(serial) => {
                store::assets::find(call.tx, tenant, serial)?.and_then(|it| it.customer_id)
            }
            Resource::Settings => {
                store::tenants::lock(call.tx, tenant)?;
                None
            }
            // Nothing else of the catalogue is changed meanwhile.
            Resource::Product(_) => None,
        };
        if let Some(customer) = customer {
            store::customers::lock(call.tx, tenant, &customer)?;
        }
        if let Resource::Asset(serial) = self {
            store::assets::lock(call.tx, tenant, serial)?;
        }
        Ok(())
    }
}

/// Remembers what an operation of several transactions has come to; `None` before it begins.
pub(crate) async fn whole<T>(
    service: &Service,
    context: &Context,
    outcome: Option<Result<T, Refusal>>,
) -> Result<Option<Result<T, Refusal>>, Error>
where
    T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
{
    let asked = context.conditions.as_ref();
    let repeat = asked.and_then(|it| it.conditions.repeat.clone());
    let (Some(asked), Some(repeat)) = (asked, repeat) else {
        return Ok(outcome);
    };
    let operation = asked.operation;
    let plain = context.without_conditions();
    let known = service
        .write(plain, move |call| {
            let mut row = row(&call.tenant.id, operation, &repeat, call.now);
            let known = match &outcome {
                None => {
                    let (tenant, name) = (&call.tenant.id, operation.id());
                    let found = idempotency::find(call.tx, tenant, name, &repeat.key)?;
                    found.filter(|found| is_kept(found, call.now))
                }
                Some(Err(refusal)) if !is_final(refusal) => None,
                Some(outcome) => {
                    match outcome {
                        Ok(value) => row.body = Json::of(value)?,
                        Err(refusal) => keep_refusal(&mut row, refusal)?,
                    }
                    claim(call, &row)?
                }
            };
            match known {
                // Where the repeat was faster, both get its answer.
                Some(known) => {
                    let answer = answered::<T>(&row, &known)?;
                    Ok((true, Some(answer.map_err(Refusal::body))))
                }
                None => {
                    let answer = outcome.clone();
                    Ok((false, answer.map(|it| it.map_err(Refusal::body))))
                }
            }
        })
        .await?;
    let (replayed, kept) = known;
    if replayed {
        asked.conditions.note_replayed();
    }
    let answer = |kept: Result<T, ErrorBody>| match kept {
        Ok(value) => Ok(Ok(value)),
        Err(body) => Ok(Err(Refusal::of(body)?)),
    };
    kept.map(answer).transpose()
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
fn claim(call: &mut Call<'_, '_>, row: &RepeatRow) -> Result<Option<RepeatRow>, Error> {
    match idempotency::claim(call.tx, row)? {
        Some(known) if is_kept(&known, call.now) => return Ok(Some(known)),
        Some(_) => {
            idempotency::update(call.tx, row)?;
        }
        None => {}
    }
    if let Ok(before) = call.now.checked_sub(KEPT) {
        idempotency::forget(call.tx, &call.tenant.id, before, CLEARED)?;
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

/// Whether a refusal stands: sent again, the same request would not be more welcome.
fn is_final(refusal: &Refusal) -> bool {
    matches!(refusal.status(), 400 | 404 | 409)
}

fn keep_refusal(row: &mut RepeatRow, refusal: &Refusal) -> Result<(), Error> {
    row.code = Some(refusal.code.as_str().into());
    row.body = Json::of(&refusal.clone().body())?;
    Ok(())
}

fn row(tenant: &str, operation: Operation, repeat: &Repeat, now: Timestamp) -> RepeatRow {
    let digits = repeat.fingerprint.iter().map(|byte| format!("{byte:02x}"));
    RepeatRow {
        tenant_id: tenant.into(),
        operation: operation.id().into(),
        key: repeat.key.clone(),
        fingerprint: digits.collect(),
        code: None,
        body: Json::empty_object(),
        created_at: now,
    }
}
