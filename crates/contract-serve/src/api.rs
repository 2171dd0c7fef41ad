//! What an implementation has to provide, whatever its contract; generated code adds a trait for
//! each tag.

use std::fmt::Display;

use crate::{Conditions, Contract, Denial, Quota, Rejection, Violation};

/// The operations of the contract that `A` implements.
pub type OperationOf<A> = <<A as Api>::Contract as Contract>::Operation;

/// What a request to `A` carries to say who sends it.
pub type CredentialsOf<'r, A> = <<A as Api>::Contract as Contract>::Credentials<'r>;

/// Body of answers of `A` that no handler gave.
pub type ErrorBodyOf<A> = <<A as Api>::Contract as Contract>::ErrorBody;

/// What all operations have in common.
pub trait Api: Send + Sync + 'static {
    /// The contract that is implemented: the type `Contract` of the generated code.
    type Contract: Contract;

    /// Who calls, and what they may do. Only [`Api::authenticate`] makes one, so an operation that
    /// takes one cannot run without it.
    type Context: Send;

    /// An unexpected error of a handler. It is answered with 500, or with 503 where
    /// [`Api::retry_after_seconds`] says so; what it says goes to [`Api::fault`] alone.
    type Fault: Display + Send;

    /// Says who calls, or why they may not. Called before anything of the request but its route is
    /// looked at, and not for operations without security.
    fn authenticate(
        &self,
        operation: OperationOf<Self>,
        credentials: CredentialsOf<'_, Self>,
    ) -> impl Future<Output = Result<Self::Context, Denial>> + Send;

    /// What is left of a limit on requests to who was let in; `None` if there is none. It is sent with every answer
    /// whose operation declares the header `RateLimit`.
    fn quota(context: &Self::Context) -> Option<Quota> {
        let _ = context;
        None
    }

    /// Tells the handler, by its context, what the request asks for beside its operation: to be done only once
    /// however often it comes, or only to a version of what it changes. Called when the request has one of the
    /// headers for that and the contract declares it. Nothing comes of it unless it is implemented.
    fn conditions(
        context: &mut Self::Context,
        operation: OperationOf<Self>,
        conditions: Conditions,
    ) {
        let _ = (context, operation, conditions);
    }

    /// The body for an answer that no handler gave. `operation` is `None` where there is none: 404
    /// and 405.
    fn rejection(
        &self,
        operation: Option<OperationOf<Self>>,
        rejection: &Rejection,
    ) -> ErrorBodyOf<Self>;

    /// Hears of every unexpected error of a handler.
    fn fault(&self, operation: OperationOf<Self>, fault: &Self::Fault) {
        let _ = (operation, fault);
    }

    /// After how many seconds a request that ended with `fault` may be repeated, if it changed
    /// nothing and a repeat can succeed. It is answered with 503 and `Retry-After` then.
    fn retry_after_seconds(&self, fault: &Self::Fault) -> Option<u64> {
        let _ = fault;
        None
    }

    /// Hears of what must not happen: a handler that panicked, an answer that cannot be written,
    /// credentials that could not be checked. It was answered with 500.
    fn defect(&self, operation: OperationOf<Self>, defect: &str) {
        let _ = (operation, defect);
    }

    /// Hears of answers that were begun and not ended, and why: the connection was closed in the middle. Clients that
    /// leave are not told of.
    fn broken_off(&self, operation: OperationOf<Self>, reason: &str) {
        let _ = (operation, reason);
    }

    /// Hears of answers that violate the contract, if they are checked at all (see
    /// [`Mount::check_answers`](crate::Mount::check_answers)). They were sent all the same.
    fn invalid_answer(&self, operation: OperationOf<Self>, violations: &[Violation]) {
        let _ = (operation, violations);
    }
}
