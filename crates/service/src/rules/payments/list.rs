//! Reading payments, in every state.

use api::ListPaymentsRequest;
use store::{Listing, PaymentFilter};
use types::support::True;
use types::{Payment, PaymentEnvelope, PaymentList, PaymentSort};

use super::wire;
use crate::call::Call;
use crate::error::{Error, not_found};
use crate::face::paging::Sorting;
use crate::rules::subscriptions::date;

/// getPayment.
pub(crate) fn get(call: &mut Call<'_, '_>, id: &str) -> Result<PaymentEnvelope, Error> {
    let found = store::payments::find(call.tx, id)?;
    Ok(PaymentEnvelope {
        success: True,
        payment: wire::payment(call.tenant, found.ok_or_else(|| not_found("payment"))?)?,
    })
}

/// listPayments.
pub(crate) fn list(
    call: &mut Call<'_, '_>,
    request: &ListPaymentsRequest,
) -> Result<PaymentList, Error> {
    let day = |path: &str, text: &Option<String>| {
        text.as_deref()
            .map(|text| date(call, path, text))
            .transpose()
    };
    let filter = PaymentFilter {
        status: request.status.map(wire::stored_status),
        customer_id: request.customer_id.clone(),
        rental_id: request.rental_id.clone(),
        billing_group_id: request.billing_group_id.clone(),
        due_date_from: day("dueDateFrom", &request.due_date_from)?,
        due_date_to: day("dueDateTo", &request.due_date_to)?,
    };
    let (sort, numeric) = match request.sort_by {
        PaymentSort::CreatedAt => (store::PaymentSort::CreatedAt, true),
        PaymentSort::DueDate => (store::PaymentSort::DueDate, false),
        PaymentSort::Total => (store::PaymentSort::Total, true),
        PaymentSort::Status => (store::PaymentSort::Status, false),
    };
    let sorting = Sorting {
        list: "payments",
        by: sort.as_str(),
        numeric,
        direction: request.sort_dir,
    };
    let page = sorting.page(sort, request.start_after.as_deref(), request.limit)?;
    let Listing { rows, next } = store::payments::list(call.tx, &filter, &page)?;
    let payments = rows.into_iter().map(|row| wire::payment(call.tenant, row));
    let payments: Vec<Payment> = payments.collect::<Result<_, Error>>()?;
    let next_cursor = sorting.cursor(next);
    Ok(PaymentList {
        success: True,
        count: payments.len() as u64,
        payments,
        has_more: next_cursor.is_some(),
        next_cursor,
    })
}
