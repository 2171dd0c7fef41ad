//! markPaymentPaid: one rule over a payment, whether it runs in a transaction of its own or together with others.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use store::{Grouped, PaymentRow, PaymentStatus, Tx};
use types::{ErrorCode, PaymentChanged, PaymentMarkPaid};

use super::change::{changed, concerned, finish, lock, refuse_final, refuse_processing};
use crate::call::Context;
use crate::clock::Clock;
use crate::error::{Error, invalid, refuse_value};
use crate::events::{self, Event};
use crate::face::conditions::Resource;
use crate::face::serve::Service;

const PAID: &str = "the payment is paid";

/// Marks a payment as paid.
pub(crate) async fn mark_paid(
    service: &Service,
    context: Context,
    id: String,
    body: PaymentMarkPaid,
) -> Result<PaymentChanged, Error> {
    let marking = Marking {
        key_id: Arc::clone(&context.key_id),
        clock: service.clock().clone(),
        id,
        body,
    };
    // The usual case. Conditions are looked at in one transaction with the change.
    if context.conditions.is_none()
        && let Some(payment) = service.write_together(&context, marking.clone()).await?
    {
        return changed(&context.tenant, payment, PAID);
    }
    let resource = Resource::Payment(marking.id.clone());
    let rule = service.change(context, resource, move |call| {
        let mut payment = lock(call, &marking.id)?;
        marking.apply(&mut payment, call.now)?;
        finish(call, payment, Some(Event::PaymentSucceeded), PAID)
    });
    rule.await
}

/// What a request asks for.
#[derive(Clone)]
struct Marking {
    key_id: Arc<str>,
    clock: Clock,
    id: String,
    body: PaymentMarkPaid,
}

impl Marking {
    /// The rule, over the payment as it is under the lock of its customer.
    fn apply(&self, payment: &mut PaymentRow, now: Timestamp) -> Result<(), Error> {
        let body = &self.body;
        let paid_at = paid_at(body.paid_at.as_deref(), now)?;
        refuse_final(payment, ErrorCode::PaymentCancelled)?;
        refuse_processing(payment)?;
        payment.status = PaymentStatus::Paid;
        payment.paid_at = Some(paid_at);
        payment.provider = Some("manual".into());
        payment.manually_marked = true;
        payment.marked_by = Some((*self.key_id).into());
        let reference = body.payment_reference.as_ref().or(body.reference.as_ref());
        payment.payment_reference = reference.cloned();
        if body.notes.is_some() {
            payment.notes.clone_from(&body.notes);
        }
        payment.updated_at = now;
        Ok(())
    }
}

/// When it was paid: not in the future. Its form and the earliest time the contract has checked.
fn paid_at(given: Option<&str>, now: Timestamp) -> Result<Timestamp, Error> {
    let Some(given) = given else {
        return Ok(now);
    };
    let at: Timestamp = given
        .parse()
        .map_err(|_| invalid("paidAt", "custom", "must be an RFC 3339 time"))?;
    match at > now {
        true => Err(refuse_value(
            ErrorCode::InvalidDate,
            "paidAt",
            "must not be in the future",
        )),
        false => Ok(at),
    }
}

impl Grouped for Marking {
    type Made = PaymentRow;

    fn make(tx: &mut Tx<'_>, all: &[&Self]) -> Result<Vec<Option<PaymentRow>>, store::Error> {
        let Some(first) = all.first() else {
            return Ok(Vec::new());
        };
        let ids: Vec<&str> = all.iter().map(|it| it.id.as_str()).collect();
        let free = store::payments::lock_free(tx, &ids)?;
        let mut free: HashMap<String, PaymentRow> =
            free.into_iter().map(|it| (it.id.clone(), it)).collect();
        // Behind the locks, so that later changes of a payment have later times.
        let now = first.clock.now();
        let made = all.iter().map(|it| {
            // Of several of one payment, the first is the one that can be made.
            let mut payment = free.remove(&it.id)?;
            it.apply(&mut payment, now).is_ok().then_some(payment)
        });
        let made: Vec<Option<PaymentRow>> = made.collect();
        let rows: Vec<&PaymentRow> = made.iter().flatten().collect();
        store::payments::update_all_unpaid(tx, &rows)?;
        let events = rows
            .iter()
            .copied()
            .map(|row| events::at(now, Event::PaymentSucceeded, &concerned(row)));
        let events: Vec<_> = events.collect::<Result<_, _>>()?;
        store::events::append_all(tx, &events)?;
        Ok(made)
    }
}
