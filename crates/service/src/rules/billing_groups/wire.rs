//! Billing groups between their stored and their wire form.

use std::collections::HashMap;

use store::{BillingGroupRow, Member, SubscriptionStatus};
use types::{BillingGroup, BillingGroupStatus};

use crate::call::{Call, instant};
use crate::error::Error;

/// Groups on the wire, in the order of `rows`.
pub(super) fn groups(
    call: &mut Call<'_, '_>,
    rows: Vec<BillingGroupRow>,
) -> Result<Vec<BillingGroup>, Error> {
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let mut members: HashMap<String, Vec<Member>> = HashMap::new();
    for member in store::billing_groups::members(call.tx, &ids)? {
        let group = members.entry(member.group_id.clone()).or_default();
        group.push(member);
    }
    let group = |row: BillingGroupRow| {
        let members = members.remove(&row.id).unwrap_or_default();
        to_wire(call, row, members)
    };
    Ok(rows.into_iter().map(group).collect())
}

/// A group on the wire.
pub(super) fn group(call: &mut Call<'_, '_>, row: BillingGroupRow) -> Result<BillingGroup, Error> {
    let id = row.id.clone();
    let group = groups(call, vec![row])?.pop();
    group.ok_or_else(|| Error::Broken(format!("billing group `{id}` has no wire form")))
}

fn to_wire(call: &Call<'_, '_>, row: BillingGroupRow, members: Vec<Member>) -> BillingGroup {
    let active = members
        .iter()
        .filter(|member| member.status == SubscriptionStatus::Active);
    let amounts: Vec<i64> = active.map(|member| member.monthly_amount).collect();
    BillingGroup {
        billing_group_id: row.id,
        tenant_id: row.tenant_id,
        customer_id: row.customer_id,
        group_name: row.group_name,
        rental_ids: Some(members.into_iter().map(|it| it.rental_id).collect()),
        billing_day: row.billing_day.clamp(1, 28) as u32,
        total_monthly_amount: call.major(amounts.iter().sum()),
        active_rental_count: Some(amounts.len() as u64),
        currency: call.tenant.currency.code().into(),
        status: match row.status {
            store::BillingGroupStatus::Active => BillingGroupStatus::Active,
            store::BillingGroupStatus::Inactive => BillingGroupStatus::Inactive,
        }
        .into(),
        created_by: row.created_by,
        notes: row.notes,
        created_at: instant(row.created_at),
        updated_at: instant(row.updated_at),
    }
}

/// A state as the store has it.
pub(super) fn stored_status(wire: BillingGroupStatus) -> store::BillingGroupStatus {
    match wire {
        BillingGroupStatus::Active => store::BillingGroupStatus::Active,
        BillingGroupStatus::Inactive => store::BillingGroupStatus::Inactive,
    }
}
