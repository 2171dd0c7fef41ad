//! Reading billing groups, in both states and whatever the state of their customer.

use api::ListBillingGroupsRequest;
use store::{BillingGroupFilter, BillingGroupSort, Listing};
use types::support::True;
use types::{BillingGroupEnvelope, BillingGroupList};

use super::wire;
use crate::call::Call;
use crate::error::{Error, not_found};
use crate::face::paging::Sorting;

/// getBillingGroup.
pub(crate) fn get(call: &mut Call<'_, '_>, id: &str) -> Result<BillingGroupEnvelope, Error> {
    let found = store::billing_groups::find(call.tx, id)?;
    Ok(BillingGroupEnvelope {
        success: True,
        billing_group: wire::group(call, found.ok_or_else(|| not_found("billing group"))?)?,
    })
}

/// listBillingGroups.
pub(crate) fn list(
    call: &mut Call<'_, '_>,
    request: &ListBillingGroupsRequest,
) -> Result<BillingGroupList, Error> {
    let filter = BillingGroupFilter {
        customer_id: request.customer_id.clone(),
        status: request.status.map(wire::stored_status),
    };
    let sort = BillingGroupSort::CreatedAt;
    let sorting = Sorting::newest_first("billing-groups");
    let page = sorting.page(sort, request.start_after.as_deref(), request.limit)?;
    let Listing { rows, next } = store::billing_groups::list(call.tx, &filter, &page)?;
    let billing_groups = wire::groups(call, rows)?;
    let next_cursor = sorting.cursor(next);
    Ok(BillingGroupList {
        success: True,
        count: billing_groups.len() as u64,
        billing_groups,
        has_more: next_cursor.is_some(),
        next_cursor,
    })
}
