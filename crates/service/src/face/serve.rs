//! The service: rules tied to a store and a clock, behind the traits that the contract generated.

use std::str::FromStr as _;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use api::support::{Conditions, Holding, Mount, Quota, Rejection, Violation};
use api::{Api, Credentials, Denial, Operation, Tags as _};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{Grouped, Store};
use tracing::Instrument as _;
use types::{ErrorCode, ErrorDetail};

use crate::call::{Asked, Call, Context, UnderWay};
use crate::clock::Clock;
use crate::error::{Error, Fault, Refusal};
use crate::face::auth::{Auth, Circumstances};
use crate::face::conditions::{self, Resource};
use crate::face::running::LARGE_BYTES;
use crate::id::Ids;
use crate::rules::webhooks::address::Reach;
use crate::storage::{Files, Storage};

/// Tags this build serves. What is not listed is neither routed nor advertised.
const TAGS: [&str; 12] = [
    "Orders",
    "Subscriptions",
    "Products",
    "Customers",
    "Assets",
    "Files",
    "Payments",
    "Billing Groups",
    "Exports",
    "Settings",
    ORGANISATION_TAG,
    "Webhooks",
];

/// Tag of what no tenant asks for, but the organisation.
pub(crate) const ORGANISATION_TAG: &str = "Tenants";

/// Implements every trait of the contract that this build serves. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    store: Store,
    clock: Clock,
    auth: Arc<Auth>,
    ids: Arc<Ids>,
    answer_violations: Arc<AtomicU64>,
    files: Arc<OnceLock<Files>>,
    webhooks_anywhere: Arc<AtomicBool>,
}

/// Limits and switches of the router.
#[derive(Debug, Clone, Copy)]
pub struct RouterOptions {
    /// Largest JSON body, in bytes.
    pub body_limit: usize,
    /// How long a body may keep the server waiting.
    pub body_timeout: Duration,
    /// Hold every answer against the contract, and log what violates it.
    pub check_answers: bool,
}

/// Largest file for import, in bytes: what the contract accepts, and room for the form around it.
const UPLOAD_LIMIT: usize = 10 * 1024 * 1024 + 64 * 1024;

/// What an operation takes of the database that takes long, on average. Most take a tenth of it.
const LONG: Duration = Duration::from_millis(1);
/// The same where each statement travels and each commit may wait for another machine.
const LONG_REMOTE: Duration = Duration::from_millis(8);

/// The operations this build serves, in the order of the contract.
pub fn served() -> Vec<Operation> {
    let all = Operation::ALL.iter().copied();
    all.filter(|operation| TAGS.contains(&operation.tag()))
        .collect()
}

/// The HTTP face of `service`: every operation of [`served`], and the contract's answers to
/// everything else, once it is finished.
pub fn mount(service: Arc<Service>, options: RouterOptions) -> Mount<Service> {
    Mount::new(service)
        .orders()
        .subscriptions()
        .products()
        .customers()
        .assets()
        .files()
        .payments()
        .billing_groups()
        .exports()
        .settings()
        .tenants()
        .webhooks()
        .document_limit(options.body_limit)
        .upload_limit(UPLOAD_LIMIT)
        .body_timeout(Some(options.body_timeout))
        // PostgreSQL has no room for it, and no reader expects it.
        .replace_nul(true)
        .check_answers(options.check_answers)
}

impl Service {
    /// A service over `store`.
    pub fn new(store: Store, clock: Clock) -> Service {
        let long = match store.is_remote() {
            true => LONG_REMOTE,
            false => LONG,
        };
        Service {
            store,
            clock,
            auth: Arc::new(Auth::new(long)),
            ids: Arc::default(),
            answer_violations: Arc::default(),
            files: Arc::default(),
            webhooks_anywhere: Arc::default(),
        }
    }

    /// Most wrong keys a minute from one address; any number while this has not been called.
    /// Requests name the address by the extension [`Caller`](api::support::Caller).
    pub fn limit_failed_keys(&self, per_minute: u32) {
        self.auth.limit_failures(per_minute);
    }

    /// Allows each tenant so many requests at once; beyond it they are answered with 429.
    pub fn limit_running(&self, most: usize) {
        self.auth.limit_running(most);
    }

    /// Allows each tenant so many requests at once that take long, while others are there; beyond it they wait.
    pub fn limit_long(&self, most: usize) {
        self.auth.limit_long(most);
    }

    /// Whoever sends this key may call the operations on tenants and their keys; nobody while none is set. To be
    /// called once.
    pub fn set_organisation_key(&self, key: &str) {
        self.auth.set_organisation_key(key);
    }

    /// Keeps the content of files in `storage`; links to them begin with `public_url`, such as
    /// `https://api.example.com`. To be called once; without it, operations of files fail.
    pub fn keep_files(&self, storage: Arc<dyn Storage>, public_url: &str) {
        let public_url = public_url.trim_end_matches('/').to_owned();
        let _ = self.files.set(Files {
            storage,
            public_url,
        });
    }

    pub(crate) fn files(&self) -> Result<&Files, Error> {
        let none = || Error::Broken("no storage for files was named".into());
        self.files.get().ok_or_else(none)
    }

    /// Lets webhooks go to private networks, and over `http`: for development and tests.
    pub fn allow_private_webhooks(&self) {
        self.webhooks_anywhere.store(true, Ordering::Relaxed);
    }

    /// Where webhooks may go.
    pub fn webhook_reach(&self) -> Reach {
        match self.webhooks_anywhere.load(Ordering::Relaxed) {
            true => Reach::Anything,
            false => Reach::Internet,
        }
    }

    /// Where new ids come from.
    pub(crate) fn ids(&self) -> Arc<Ids> {
        Arc::clone(&self.ids)
    }

    /// The store it works on.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The clock it goes by.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Answers so far that violated the contract. Always 0 unless the router checks answers.
    pub fn answer_violations(&self) -> u64 {
        self.answer_violations.load(Ordering::Relaxed)
    }

    /// Asks the database something cheap, to see that it answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), Error> {
        self.store
            .read(|tx| store::tenants::find(tx, "").map(drop).map_err(Error::from))
            .await
    }

    /// A new id for what is made of several transactions.
    pub(crate) fn new_plain_id(&self, kind: &str) -> String {
        self.ids.next(kind, "", self.clock.now())
    }

    /// The same service, but going by `clock` and giving out `ids`.
    pub(crate) fn with(&self, clock: Clock, ids: Ids) -> Service {
        Service {
            clock,
            ids: Arc::new(ids),
            ..self.clone()
        }
    }

    /// The context of a key that was just made, without a request.
    pub(crate) async fn context(&self, token: &str, tenant: &str) -> Result<Context, String> {
        let operation = Operation::GetCustomer;
        let (token, tenant) = (Ok(token), Some(tenant));
        let nothing = Circumstances::default();
        let admitted = self
            .auth
            .admit(&self.store, &self.clock, operation, token, tenant, nothing);
        admitted.await.map_err(|denial| denial.message.into_owned())
    }

    /// Looks keys of a tenant up again before they let anybody in, since the tenant has changed.
    pub(crate) fn forget(&self, tenant: &str) {
        self.auth.forget(tenant);
    }

    /// Writes down what keys were used for since the last call.
    ///
    /// # Errors
    /// When the store fails; nothing is forgotten then.
    pub async fn write_usage(&self) -> Result<(), Error> {
        let uses = Arc::new(self.auth.take_uses());
        if uses.is_empty() {
            return Ok(());
        }
        let written = Arc::clone(&uses);
        let outcome = self
            .store
            .write(move |tx| store::keys::record_uses(tx, &written).map_err(Error::from))
            .await;
        if outcome.is_err() {
            self.auth.return_uses(&uses);
        }
        outcome
    }

    /// Runs a rule that may change something. It can run more than once: only the run that
    /// commits has happened. Rules of the tenant may run beside it: what it decides on, it locks
    /// first, the customer before assets.
    pub(crate) async fn write<T: Kept>(
        &self,
        context: Context,
        rule: impl Rule<T>,
    ) -> Result<T, Error> {
        self.conditionally(context, Writing::Beside, None, rule)
            .await
    }

    /// [`Service::write`] of a resource that has versions.
    pub(crate) async fn change<T: Kept>(
        &self,
        context: Context,
        resource: Resource,
        rule: impl Rule<T>,
    ) -> Result<T, Error> {
        let resource = Some(resource);
        self.conditionally(context, Writing::Beside, resource, rule)
            .await
    }

    /// [`Service::write`] for what many customers share, the catalogue: no other rule of the
    /// tenant that changes something runs meanwhile.
    pub(crate) async fn write_alone<T: Kept>(
        &self,
        context: Context,
        rule: impl Rule<T>,
    ) -> Result<T, Error> {
        self.conditionally(context, Writing::Alone, None, rule)
            .await
    }

    /// [`Service::write_alone`] of a resource that has versions.
    pub(crate) async fn change_alone<T: Kept>(
        &self,
        context: Context,
        resource: Resource,
        rule: impl Rule<T>,
    ) -> Result<T, Error> {
        let resource = Some(resource);
        self.conditionally(context, Writing::Alone, resource, rule)
            .await
    }

    /// [`Service::write`] for the organisation, over all tenants.
    pub(crate) async fn administer<T: Kept>(
        &self,
        context: Context,
        rule: impl Rule<T>,
    ) -> Result<T, Error> {
        self.conditionally(context, Writing::Everywhere, None, rule)
            .await
    }

    /// [`Service::read`] for the organisation, over all tenants.
    pub(crate) async fn survey<T: Send + 'static>(
        &self,
        context: Context,
        rule: impl Rule<T>,
    ) -> Result<T, Error> {
        let (ids, clock) = (Arc::clone(&self.ids), self.clock.clone());
        self.store
            .read(move |tx| rule(&mut call(tx, &context, &clock, &ids)))
            .instrument(transaction("read"))
            .await
    }

    async fn conditionally<T: Kept>(
        &self,
        context: Context,
        writing: Writing,
        resource: Option<Resource>,
        rule: impl Rule<T>,
    ) -> Result<T, Error> {
        let Some(asked) = context.conditions.clone() else {
            return self.transact(context, writing, rule).await;
        };
        let within = asked.clone();
        let outcome = self
            .transact(context, writing, move |call| {
                conditions::run(call, &within, resource.as_ref(), &rule)
            })
            .await?;
        outcome.answer(&asked)
    }

    async fn transact<T: Send + 'static>(
        &self,
        context: Context,
        writing: Writing,
        rule: impl Rule<T>,
    ) -> Result<T, Error> {
        let (ids, clock) = (Arc::clone(&self.ids), self.clock.clone());
        let tenant = Arc::clone(&context.tenant.id);
        let run = move |tx: &mut store::Tx<'_>| {
            timed(context.under_way.as_ref(), || {
                rule(&mut call(tx, &context, &clock, &ids))
            })
        };
        let span = transaction("write");
        match writing {
            Writing::Everywhere => self.store.write(run).instrument(span).await,
            Writing::Beside => self.store.write_in(&tenant, run).instrument(span).await,
            Writing::Alone => {
                self.store
                    .write_alone_in(&tenant, run)
                    .instrument(span)
                    .await
            }
        }
    }

    /// Makes a change together with others that wait. `None` if nothing came of it: [`Service::change`] finds out
    /// why, and looks at conditions.
    pub(crate) async fn write_together<C: Grouped>(
        &self,
        context: &Context,
        change: C,
    ) -> Result<Option<C::Made>, Error> {
        let made = self.store.write_together(&context.tenant.id, change);
        Ok(made.instrument(transaction("write")).await?)
    }

    /// Runs a rule that only reads, on a snapshot.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        context: Context,
        rule: impl Fn(&mut Call<'_, '_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (ids, clock) = (Arc::clone(&self.ids), self.clock.clone());
        let tenant = Arc::clone(&context.tenant.id);
        self.store
            .read_in(&tenant, move |tx| {
                timed(context.under_way.as_ref(), || {
                    rule(&mut call(tx, &context, &clock, &ids))
                })
            })
            .instrument(transaction("read"))
            .await
    }
}

/// What a rule gives that writes: it can be kept, for a request that comes again.
pub(crate) trait Kept: Serialize + DeserializeOwned + Send + 'static {}

impl<T: Serialize + DeserializeOwned + Send + 'static> Kept for T {}

/// A rule. It can run more than once.
pub(crate) trait Rule<T>:
    Fn(&mut Call<'_, '_>) -> Result<T, Error> + Send + 'static
{
}

impl<T, R: Fn(&mut Call<'_, '_>) -> Result<T, Error> + Send + 'static> Rule<T> for R {}

/// Who else of the tenant writes meanwhile.
#[derive(Debug, Clone, Copy)]
enum Writing {
    Beside,
    Alone,
    /// Whoever wants: it is not of a tenant.
    Everywhere,
}

/// Seen by traces; log lines do without it.
pub(crate) fn transaction(access: &'static str) -> tracing::Span {
    tracing::debug_span!(target: "service::transaction", "transaction", access)
}

/// Whether the body is large, or of a length that nobody announced.
fn may_be_large(operation: Operation, length: Option<u64>) -> bool {
    let may_have_body = !matches!(operation.method(), "GET" | "DELETE");
    length.map_or(may_have_body, |length| length >= LARGE_BYTES)
}

/// Runs a rule, and remembers how long it took.
fn timed<T>(under_way: Option<&Arc<UnderWay>>, rule: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let outcome = rule();
    if let Some(under_way) = under_way {
        under_way.place.took(started.elapsed());
    }
    outcome
}

/// The clock is read when the transaction has begun, so that later commits have later times.
fn call<'a, 'tx>(
    tx: &'a mut store::Tx<'tx>,
    context: &'a Context,
    clock: &Clock,
    ids: &'a Ids,
) -> Call<'a, 'tx> {
    Call {
        tx,
        tenant: &context.tenant,
        key_id: &context.key_id,
        key_name: &context.key_name,
        now: clock.now(),
        keyed: context
            .conditions
            .as_ref()
            .is_some_and(|it| it.conditions.repeat.is_some()),
        ids,
    }
}

impl Api for Service {
    type Contract = api::Contract;
    type Context = Context;
    type Fault = Fault;

    fn quota(context: &Context) -> Option<Quota> {
        context.quota
    }

    fn conditions(context: &mut Context, operation: Operation, conditions: Conditions) {
        context.conditions = Some(Asked {
            operation,
            conditions,
            part: None,
        });
    }

    async fn authenticate(
        &self,
        operation: Operation,
        credentials: Credentials<'_>,
    ) -> Result<Context, Denial> {
        let length = credentials.headers.get("content-length");
        let length = length.and_then(|it| it.to_str().ok()?.parse::<u64>().ok());
        let caller = credentials.extensions.get::<api::support::Caller>();
        let circumstances = Circumstances {
            address: caller.map(|caller| caller.0),
            large: may_be_large(operation, length),
            holding: credentials.extensions.get::<Holding>(),
        };
        self.auth
            .admit(
                &self.store,
                &self.clock,
                operation,
                credentials.bearer.ok_or_else(|| credentials.flaw()),
                credentials.tenant_id.as_deref(),
                circumstances,
            )
            .await
    }

    fn rejection(&self, operation: Option<Operation>, rejection: &Rejection) -> types::ErrorBody {
        let (code, details) = match rejection {
            Rejection::RouteNotFound => (ErrorCode::NotFound, vec![]),
            Rejection::MethodNotAllowed { .. } => (ErrorCode::MethodNotAllowed, vec![]),
            Rejection::Denied(denial) => (
                ErrorCode::from_str(denial.code).unwrap_or(ErrorCode::InternalError),
                vec![],
            ),
            Rejection::PayloadTooLarge { .. } => (ErrorCode::PayloadTooLarge, vec![]),
            Rejection::UnsupportedMediaType { .. } => (ErrorCode::UnsupportedMediaType, vec![]),
            Rejection::Invalid(violations) => (
                ErrorCode::ValidationError,
                violations.iter().map(detail).collect(),
            ),
            // A form around a file is as much of the upload as the file.
            Rejection::Malformed { .. } if operation == Some(Operation::ImportProductsCsv) => {
                (ErrorCode::InvalidCsv, vec![])
            }
            Rejection::Malformed { .. } | Rejection::BodyTimeout | Rejection::BodyUnreadable => {
                (ErrorCode::ValidationError, vec![])
            }
            Rejection::Unavailable { .. } => (ErrorCode::ServiceUnavailable, vec![]),
            Rejection::Fault => (ErrorCode::InternalError, vec![]),
        };
        Refusal {
            code,
            message: rejection.to_string(),
            details,
        }
        .body()
    }

    fn fault(&self, operation: Operation, fault: &Fault) {
        match fault.retry_after_seconds() {
            // Of a crowd that is turned away, each would be one.
            Some(_) => {
                tracing::warn!(operation = operation.id(), %fault, "an operation was put off");
            }
            None => tracing::error!(operation = operation.id(), %fault, "an operation failed"),
        }
    }

    fn retry_after_seconds(&self, fault: &Fault) -> Option<u64> {
        fault.retry_after_seconds()
    }

    fn defect(&self, operation: Operation, message: &str) {
        // Not `message`: that is the name of the line's own text.
        tracing::error!(
            operation = operation.id(),
            defect = message,
            "a request could not be handled"
        );
    }

    fn broken_off(&self, operation: Operation, reason: &str) {
        tracing::error!(operation = operation.id(), reason, "an answer broke off");
    }

    fn invalid_answer(&self, operation: Operation, violations: &[Violation]) {
        self.answer_violations.fetch_add(1, Ordering::Relaxed);
        for violation in violations {
            tracing::error!(
                operation = operation.id(),
                path = violation.path,
                code = violation.code.as_str(),
                violation = violation.message,
                "an answer violates the contract"
            );
        }
    }
}

fn detail(violation: &Violation) -> ErrorDetail {
    ErrorDetail {
        path: violation.path.clone(),
        message: violation.message.clone(),
        code: violation.code.as_str().into(),
    }
}
