//! What ending a contract today would cost, from the tenant's settings.

use store::{SubscriptionRow, SubscriptionStatus};
use types::support::True;
use types::{BuyoutQuote, EarlyReturnQuote};

use super::{known, not_active, wire};
use crate::call::Call;
use crate::error::{Error, invalid, refuse};
use crate::money::NotMoney;
use crate::quotes::{self, Contract};

/// A subscription as the formulas look at it.
pub(super) fn contract(rental: &SubscriptionRow) -> Contract {
    Contract {
        start: rental.start_date,
        months: rental.contract_length,
        original_months: rental.original_contract_length,
        monthly: rental.monthly_amount,
        list_price: rental.list_price,
    }
}

/// Price of a buyout today.
pub(super) fn buyout(
    call: &Call<'_, '_>,
    rental: &SubscriptionRow,
) -> Result<quotes::BuyoutQuote, Error> {
    let settings = &call.tenant.settings;
    let flat_fee = setting(call, "buyout.flatFee", settings.buyout.flat_fee)?;
    let contract = contract(rental);
    Ok(quotes::buyout(
        &settings.buyout,
        flat_fee,
        &settings.fees,
        &contract,
        call.today(),
    ))
}

/// Fee of an early return today.
pub(super) fn early_return(
    call: &Call<'_, '_>,
    rental: &SubscriptionRow,
) -> Result<quotes::ReturnQuote, Error> {
    let settings = &call.tenant.settings;
    let flat_fee = setting(call, "earlyReturn.flatFee", settings.early_return.flat_fee)?;
    let contract = contract(rental);
    let quote = quotes::early_return(
        &settings.early_return,
        flat_fee,
        &settings.fees,
        &contract,
        call.today(),
    );
    Ok(quote)
}

/// An amount of the settings, in minor units.
fn setting(call: &Call<'_, '_>, key: &str, major: f64) -> Result<i64, Error> {
    let unfit = |why: NotMoney| Error::Broken(format!("setting `{key}` {why}"));
    call.tenant.currency.minor(major).map_err(unfit)
}

/// An amount that the caller names instead of the calculated one, in minor units. One that no
/// currency can carry is malformed; `too_large` says how one is refused that is only too large.
pub(super) fn named(
    call: &Call<'_, '_>,
    path: &str,
    major: Option<f64>,
    too_large: types::ErrorCode,
) -> Result<Option<i64>, Error> {
    let Some(major) = major else { return Ok(None) };
    match call.tenant.currency.minor(major) {
        Ok(minor) => Ok(Some(minor)),
        Err(NotMoney::TooLarge) => Err(refuse(too_large, format!("`{path}` is too large"))),
        Err(why @ NotMoney::TooPrecise { .. }) => Err(invalid(path, "custom", why.to_string())),
    }
}

/// Answers calculateBuyoutPrice.
pub(super) fn calculate_buyout(call: &mut Call<'_, '_>, id: &str) -> Result<BuyoutQuote, Error> {
    let rental = active(call, id)?;
    let quote = buyout(call, &rental)?;
    Ok(BuyoutQuote {
        success: True,
        buyout_price: call.major(quote.price()),
        remaining_payments: call.major(quote.remaining_payments),
        depreciated_value: call.major(quote.depreciated_value),
    })
}

/// Answers calculateEarlyReturnFee.
pub(super) fn calculate_early_return(
    call: &mut Call<'_, '_>,
    id: &str,
) -> Result<EarlyReturnQuote, Error> {
    let rental = active(call, id)?;
    let quote = early_return(call, &rental)?;
    Ok(EarlyReturnQuote {
        success: True,
        early_return_fee: call.major(quote.fee),
        remaining_months: wire::count(quote.remaining_months)?,
        penalty_percentage: quote.penalty.number(),
    })
}

fn active(call: &mut Call<'_, '_>, id: &str) -> Result<SubscriptionRow, Error> {
    let rental = known(call, id)?;
    match rental.status {
        SubscriptionStatus::Active => Ok(rental),
        ended => Err(not_active(ended)),
    }
}
