//! Return of the device before the contract's end.

use store::{Json, SubscriptionStatus};
use types::support::True;
use types::{
    CalculationMethod, EarlyReturnBreakdown, EarlyReturnDetails, ErrorCode,
    SubscriptionEarlyReturn, SubscriptionReturned,
};

use super::end::{Device, end};
use super::{charges, lock_active, quotes, repeats_id, wire};
use crate::call::{Call, instant};
use crate::error::{Error, refuse};
use crate::rules::settings::EarlyReturnMethod;

/// Days from start to return that a breakdown can say: ten years.
const MOST_DAYS: i64 = 3650;

/// Ends a subscription by taking its device back, for the calculated fee or the caller's.
pub(crate) fn early_return(
    call: &mut Call<'_, '_>,
    id: &str,
    body: &SubscriptionEarlyReturn,
) -> Result<SubscriptionReturned, Error> {
    repeats_id(id, body.rental_id.as_deref())?;
    let named = quotes::named(call, body.early_return_fee);
    let (mut rental, _) = lock_active(call, id)?;
    let settings = &call.tenant.settings.early_return;
    if !settings.enabled {
        return Err(refuse(
            ErrorCode::FeatureDisabled,
            "early returns are switched off",
        ));
    }
    let code = ErrorCode::InvalidFee;
    let named = named
        .map(|named| named.amount("earlyReturnFee", code))
        .transpose()?;
    let quote = quotes::early_return(call, &rental)?;
    if let Some(fee) = named {
        let refused = |message: &str| Err(refuse(code, message));
        if fee < 0 {
            return refused("the fee must be at least 0");
        }
        if !settings.allow_manual_override && fee != quote.fee {
            return refused("only the calculated fee is allowed");
        }
    }

    let fee = named.unwrap_or(quote.fee);
    let (calculation, method) = match named {
        Some(_) => (
            CalculationMethod::ManualOverride,
            types::EarlyReturnMethod::Manual,
        ),
        None => (
            CalculationMethod::AutoCalculated,
            wire_method(settings.method),
        ),
    };
    rental.early_return_details = Some(Json::of(&EarlyReturnDetails {
        fee: call.major(fee),
        fee_waived: fee == 0 && quote.fee > 0,
        calculation_method: calculation.into(),
        calculation_breakdown: Some(EarlyReturnBreakdown {
            method: method.into(),
            remaining_months: wire::months(quote.remaining_months),
            grace_period_applied: quote.grace,
            days_from_start: quote.days_from_start.clamp(0, MOST_DAYS).unsigned_abs(),
        }),
        return_condition: body.return_condition.into(),
        reason: body.reason.clone(),
        damage_assessment: body.damage_assessment.clone(),
        notes: body.notes.clone(),
        returned_at: instant(call.now),
        processed_by: wire::actor(call),
    })?);
    let device = Device::Returned(Some(body.return_condition));
    end(
        call,
        &mut rental,
        SubscriptionStatus::EndedEarlyReturn,
        device,
    )?;
    if fee > 0 {
        charges::once(call, &rental, "early-return", fee)?;
    }
    Ok(SubscriptionReturned {
        success: True,
        rental_id: rental.id,
        asset_serial_number: rental.serial_number,
        early_return_fee: call.major(fee),
        currency: rental.currency,
        actual_months_rented: wire::months(rental.actual_months_rented.unwrap_or(0)),
        return_date: call.today(),
        message: "the device is returned".into(),
    })
}

fn wire_method(stored: EarlyReturnMethod) -> types::EarlyReturnMethod {
    match stored {
        EarlyReturnMethod::RemainingMonths => types::EarlyReturnMethod::RemainingMonths,
        EarlyReturnMethod::FlatFee => types::EarlyReturnMethod::FlatFee,
        EarlyReturnMethod::NoFee => types::EarlyReturnMethod::NoFee,
    }
}
