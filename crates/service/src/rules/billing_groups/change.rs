//! Making, changing and dissolving billing groups. The checks run in the order of the contract.

use std::collections::{BTreeMap, BTreeSet};

use store::{
    BillingGroupRow, BillingGroupStatus, CustomerRow, CustomerStatus, CustomerType,
    SubscriptionRow, SubscriptionStatus,
};
use types::support::True;
use types::{
    BillingGroupCreate, BillingGroupDeleted, BillingGroupSaved, BillingGroupUpdate, ErrorCode,
};

use super::{consolidate, wire};
use crate::call::Call;
use crate::error::{Error, not_found, refuse, refuse_value};
use crate::rules::customers::wire::not_empty;

/// createBillingGroup.
pub(crate) fn create(
    call: &mut Call<'_, '_>,
    body: &BillingGroupCreate,
) -> Result<BillingGroupSaved, Error> {
    let customer = store::customers::lock(call.tx, &body.customer_id)?;
    let customer = customer.ok_or_else(|| {
        let message = "there is no such customer in this tenant";
        refuse(ErrorCode::CustomerNotFound, message)
    })?;
    is_active(&customer)?;
    if customer.customer_type != CustomerType::Business {
        return Err(refuse(
            ErrorCode::CustomerNotBusiness,
            "billing groups are for customers of the type `business`",
        ));
    }
    let joining = joining(call, &customer, &body.rental_ids, &BTreeSet::new())?;
    let billing_day = billing_day(body.billing_day)?;

    let group = BillingGroupRow {
        tenant_id: call.tenant.id.to_string(),
        id: call.new_plain_id("bg_"),
        customer_id: customer.id,
        group_name: body.group_name.clone(),
        billing_day,
        status: BillingGroupStatus::Active,
        notes: body.notes.as_deref().and_then(not_empty),
        created_at: call.now,
        updated_at: call.now,
        created_by: call.key_id.into(),
    };
    store::billing_groups::insert(call.tx, &group)?;
    join(call, &group, &joining)?;
    saved(call, group, "the billing group exists")
}

/// updateBillingGroup.
pub(crate) fn update(
    call: &mut Call<'_, '_>,
    id: &str,
    body: &BillingGroupUpdate,
) -> Result<BillingGroupSaved, Error> {
    let (mut group, customer) = lock(call, id)?;
    let status = body.status.map(wire::stored_status);
    if status == Some(BillingGroupStatus::Active) {
        is_active(&customer)?;
    }
    let members = members(call, id)?;
    let (joining, leaving) = match &body.rental_ids {
        None => (Vec::new(), Vec::new()),
        Some(wanted) => (
            joining(call, &customer, wanted, &members)?,
            members
                .iter()
                .filter(|member| !wanted.contains(member))
                .map(String::as_str)
                .collect(),
        ),
    };
    let billing_day = body.billing_day.map(billing_day).transpose()?;

    let before = group.clone();
    if let Some(name) = &body.group_name {
        group.group_name.clone_from(name);
    }
    if let Some(notes) = &body.notes {
        group.notes = not_empty(notes);
    }
    group.billing_day = billing_day.unwrap_or(group.billing_day);
    group.status = status.unwrap_or(group.status);
    group.updated_at = call.now;
    store::billing_groups::update(call.tx, &group)?;

    // Who leaves, and everybody where it stops to consolidate, pays for itself again from here on.
    let consolidated = before.status == BillingGroupStatus::Active;
    if consolidated {
        let all: Vec<&str> = match group.status {
            BillingGroupStatus::Active => leaving.clone(),
            BillingGroupStatus::Inactive => members.iter().map(String::as_str).collect(),
        };
        consolidate::restore(call, &group, &all)?;
    }
    store::billing_groups::set_members(call.tx, &leaving, None, call.now)?;
    if consolidated && group.status == BillingGroupStatus::Active {
        if group.billing_day != before.billing_day {
            consolidate::redate(call, &group)?;
        }
    } else if group.status == BillingGroupStatus::Active {
        let staying: Vec<&str> = members
            .iter()
            .map(String::as_str)
            .filter(|member| !leaving.contains(member))
            .collect();
        consolidate::absorb(call, &group, &staying)?;
    }
    join(call, &group, &joining)?;
    saved(call, group, "the billing group is changed")
}

/// deleteBillingGroup. Subscriptions go on, each paying for itself; what the group was paid, or owes already,
/// keeps its name.
pub(crate) fn delete(call: &mut Call<'_, '_>, id: &str) -> Result<BillingGroupDeleted, Error> {
    let (group, _) = lock(call, id)?;
    let members = members(call, id)?;
    let members: Vec<&str> = members.iter().map(String::as_str).collect();
    if group.status == BillingGroupStatus::Active {
        consolidate::restore(call, &group, &members)?;
    }
    store::billing_groups::set_members(call.tx, &members, None, call.now)?;
    store::billing_groups::delete(call.tx, id)?;
    Ok(BillingGroupDeleted {
        success: True,
        message: "the billing group is dissolved".into(),
    })
}

/// A group and its customer, under the lock of the customer.
fn lock(call: &mut Call<'_, '_>, id: &str) -> Result<(BillingGroupRow, CustomerRow), Error> {
    let unknown = || not_found("billing group");
    let group = store::billing_groups::find(call.tx, id)?.ok_or_else(unknown)?;
    let customer = store::customers::lock(call.tx, &group.customer_id)?
        .ok_or_else(|| Error::Broken(format!("the customer of billing group `{id}` is gone")))?;
    // Read again: until the lock was taken, somebody else could change or delete it.
    let group = store::billing_groups::find(call.tx, id)?.ok_or_else(unknown)?;
    Ok((group, customer))
}

fn members(call: &mut Call<'_, '_>, id: &str) -> Result<BTreeSet<String>, Error> {
    let members = store::billing_groups::members(call.tx, &[id])?;
    Ok(members.into_iter().map(|member| member.rental_id).collect())
}

fn is_active(customer: &CustomerRow) -> Result<(), Error> {
    match customer.status {
        CustomerStatus::Active => Ok(()),
        CustomerStatus::Inactive => Err(refuse(
            ErrorCode::CustomerInactive,
            "the customer is inactive",
        )),
    }
}

/// The subscriptions that are no members yet, each once, after every check of them.
fn joining(
    call: &mut Call<'_, '_>,
    customer: &CustomerRow,
    wanted: &[String],
    members: &BTreeSet<String>,
) -> Result<Vec<SubscriptionRow>, Error> {
    let mut seen = BTreeSet::new();
    let mut joining = Vec::new();
    for (index, id) in wanted.iter().enumerate() {
        if members.contains(id) || !seen.insert(id) {
            continue;
        }
        let path = format!("rentalIds.{index}");
        let refused = |code, message: String| Err(refuse_value(code, &path, message));
        let Some(rental) = store::subscriptions::find(call.tx, id)? else {
            let message = "is no subscription of this tenant";
            return refused(ErrorCode::SubscriptionNotFound, message.into());
        };
        if rental.customer_id != customer.id {
            let message = "is a subscription of another customer";
            return refused(ErrorCode::SubscriptionDifferentCustomer, message.into());
        }
        if rental.status != SubscriptionStatus::Active {
            let message = format!("is a subscription that is `{}`", rental.status);
            return refused(ErrorCode::SubscriptionNotActive, message);
        }
        joining.push(rental);
    }
    Ok(joining)
}

/// Makes subscriptions members. They leave the groups that they were in, and pay as this one does.
fn join(
    call: &mut Call<'_, '_>,
    group: &BillingGroupRow,
    joining: &[SubscriptionRow],
) -> Result<(), Error> {
    let mut former: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for rental in joining {
        if let Some(id) = &rental.billing_group_id {
            former.entry(id).or_default().push(&rental.id);
        }
    }
    for (id, rentals) in former {
        let left = store::billing_groups::find(call.tx, id)?;
        let left = left.ok_or_else(|| Error::Broken(format!("billing group `{id}` is gone")))?;
        if left.status == BillingGroupStatus::Active {
            consolidate::restore(call, &left, &rentals)?;
        }
        let left = BillingGroupRow {
            updated_at: call.now,
            ..left
        };
        store::billing_groups::update(call.tx, &left)?;
    }
    let rentals: Vec<&str> = joining.iter().map(|rental| rental.id.as_str()).collect();
    store::billing_groups::set_members(call.tx, &rentals, Some(&group.id), call.now)?;
    match group.status {
        BillingGroupStatus::Active => consolidate::absorb(call, group, &rentals),
        BillingGroupStatus::Inactive => Ok(()),
    }
}

fn billing_day(day: i32) -> Result<i64, Error> {
    match (1..=28).contains(&day) {
        true => Ok(i64::from(day)),
        false => Err(refuse_value(
            ErrorCode::InvalidBillingDay,
            "billingDay",
            "must be a day that every month has, 1 to 28",
        )),
    }
}

fn saved(
    call: &mut Call<'_, '_>,
    group: BillingGroupRow,
    message: &str,
) -> Result<BillingGroupSaved, Error> {
    Ok(BillingGroupSaved {
        success: True,
        message: message.into(),
        billing_group: wire::group(call, group)?,
    })
}
