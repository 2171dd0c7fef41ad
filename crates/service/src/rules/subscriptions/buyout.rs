//! Sale of the device to the customer.

use store::{Json, SubscriptionRow, SubscriptionStatus};
use types::support::True;
use types::{
    BuyoutBreakdown, BuyoutDetails, CalculationMethod, ErrorCode, SubscriptionBoughtOut,
    SubscriptionBuyout,
};

use super::end::{Device, end};
use super::{charges, lock_active, quotes, repeats_id, wire};
use crate::call::{Call, instant};
use crate::error::{Error, refuse};
use crate::rules::quotes::BuyoutQuote;
use crate::rules::settings::BuyoutMethod;

/// Ends a subscription by selling its device, at the calculated price or the caller's.
pub(crate) fn buyout(
    call: &mut Call<'_, '_>,
    id: &str,
    body: &SubscriptionBuyout,
) -> Result<SubscriptionBoughtOut, Error> {
    repeats_id(id, body.rental_id.as_deref())?;
    let named = quotes::named(call, body.buyout_price);
    let (mut rental, _) = lock_active(call, id)?;
    let settings = &call.tenant.settings.buyout;
    if !settings.enabled {
        return Err(refuse(
            ErrorCode::FeatureDisabled,
            "buyouts are switched off",
        ));
    }
    let code = ErrorCode::InvalidBuyoutPrice;
    let named = named
        .map(|named| named.amount("buyoutPrice", code))
        .transpose()?;
    let quote = quotes::buyout(call, &rental)?;
    if let Some(price) = named {
        let refused = |message: &str| Err(refuse(code, message));
        if price < 0 {
            return refused("the buyout price must be at least 0");
        }
        if price == 0 && quote.price() > 0 {
            return refused("the buyout price can be 0 only when that is what is calculated");
        }
        if !settings.allow_manual_override && price != quote.price() {
            return refused("only the calculated buyout price is allowed");
        }
    }

    let price = named.unwrap_or_else(|| quote.price());
    let method = match named {
        Some(_) => CalculationMethod::ManualOverride,
        None => CalculationMethod::AutoCalculated,
    };
    let breakdown = breakdown(call, &quote);
    rental.buyout_details = Some(Json::of(&BuyoutDetails {
        buyout_price: call.major(price),
        calculation_method: method.into(),
        calculation_breakdown: named.is_none().then_some(breakdown),
        reason: body.reason.into(),
        notes: body.notes.clone(),
        buyout_date: instant(call.now),
        processed_by: wire::actor(call),
    })?);
    if quote.estimated && uses_list_price(settings.method) {
        estimate_list_price(call, &mut rental)?;
    }
    end(
        call,
        &mut rental,
        SubscriptionStatus::EndedBuyout,
        Device::Sold,
    )?;
    // Nothing is collected for a device that costs nothing.
    if price > 0 {
        charges::once(call, &rental, "buyout", price)?;
    }
    Ok(SubscriptionBoughtOut {
        success: True,
        rental_id: rental.id,
        asset_serial_number: rental.serial_number,
        buyout_price: call.major(price),
        currency: rental.currency,
        effective_date: call.today(),
        message: "the device is sold".into(),
    })
}

/// The figures behind a calculated price; what the method does not ask for is 0.
fn breakdown(call: &Call<'_, '_>, quote: &BuyoutQuote) -> BuyoutBreakdown {
    let settings = &call.tenant.settings.buyout;
    let listed = uses_list_price(settings.method);
    let depreciated = call.major(quote.depreciated_value);
    BuyoutBreakdown {
        remaining_months: wire::months(quote.remaining_months),
        remaining_months_payment: call.major(quote.remaining_payments),
        list_price_percentage: if listed { settings.rrp_percent } else { 0.0 },
        list_price_amount: if listed { depreciated } else { 0.0 },
        flat_fee: if settings.method == BuyoutMethod::FlatFee {
            depreciated
        } else {
            0.0
        },
    }
}

fn uses_list_price(method: BuyoutMethod) -> bool {
    matches!(
        method,
        BuyoutMethod::RrpPercentage | BuyoutMethod::RemainingMonthsPlusRrp
    )
}

/// A list price that was estimated for the sale stays on record as such.
fn estimate_list_price(call: &mut Call<'_, '_>, rental: &mut SubscriptionRow) -> Result<(), Error> {
    let price = rental
        .original_contract_length
        .saturating_mul(rental.monthly_amount);
    rental.list_price = Some(price);
    rental.list_price_source = "estimated".into();
    rental.list_price_captured_at = Some(call.now);
    store::subscriptions::set_list_price(call.tx, rental)?;
    Ok(())
}
