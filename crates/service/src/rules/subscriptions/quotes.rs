//! What ending a contract today would cost, from the tenant's settings.

use store::{SubscriptionRow, SubscriptionStatus};
use types::support::True;
use types::{BuyoutQuote, EarlyReturnQuote};

use super::{known, not_active, wire};
use crate::call::Call;
use crate::error::{Error, refuse_value};
use crate::rules::money::NotMoney;
use crate::rules::quotes::{self, Contract};

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
    call: &mut Call<'_, '_>,
    rental: &SubscriptionRow,
) -> Result<quotes::BuyoutQuote, Error> {
    let payments = remaining_payments(call, rental)?;
    let settings = &call.tenant.settings;
    let flat_fee = setting(call, "buyout.flatFee", settings.buyout.flat_fee)?;
    let contract = contract(rental);
    Ok(quotes::buyout(
        &settings.buyout,
        flat_fee,
        &settings.fees,
        &contract,
        payments,
        call.today(),
    ))
}

/// Fee of an early return today.
pub(super) fn early_return(
    call: &mut Call<'_, '_>,
    rental: &SubscriptionRow,
) -> Result<quotes::ReturnQuote, Error> {
    let payments = remaining_payments(call, rental)?;
    let settings = &call.tenant.settings;
    let flat_fee = setting(call, "earlyReturn.flatFee", settings.early_return.flat_fee)?;
    let contract = contract(rental);
    let quote = quotes::early_return(
        &settings.early_return,
        flat_fee,
        &settings.fees,
        &contract,
        payments,
        call.today(),
    );
    Ok(quote)
}

/// What is scheduled for periods that have not begun, net: exactly what an end today would cancel, so
/// that nobody pays twice. The one in progress is added where the settings charge it, as long as the
/// contract runs.
fn remaining_payments(call: &mut Call<'_, '_>, rental: &SubscriptionRow) -> Result<i64, Error> {
    let today = call.today();
    let scheduled = store::payments::scheduled(call.tx, &rental.id, today)?;
    let charged = call.tenant.settings.fees.charge_current_month && today <= rental.end_date;
    let current = if charged { scheduled.in_progress } else { 0 };
    Ok(scheduled.to_come.saturating_add(current))
}

/// An amount of the settings, in minor units.
fn setting(call: &Call<'_, '_>, key: &str, major: f64) -> Result<i64, Error> {
    let unfit = |why: NotMoney| Error::Broken(format!("setting `{key}` {why}"));
    call.tenant.currency.minor(major).map_err(unfit)
}

/// An amount that the caller names instead of the calculated one.
pub(super) enum Named {
    /// In minor units.
    Amount(i64),
    /// None of the currency. The amount's range is a rule, so this is refused with the rule's code, and
    /// only once the subscription has been found.
    Unfit(NotMoney),
}

/// Reads an amount.
pub(super) fn named(call: &Call<'_, '_>, major: Option<f64>) -> Option<Named> {
    let amount = call.tenant.currency.minor(major?);
    Some(amount.map_or_else(Named::Unfit, Named::Amount))
}

impl Named {
    /// The amount in minor units, or a refusal with `code`.
    pub(super) fn amount(self, path: &str, code: types::ErrorCode) -> Result<i64, Error> {
        match self {
            Named::Amount(minor) => Ok(minor),
            Named::Unfit(why) => Err(refuse_value(code, path, why.to_string())),
        }
    }
}

/// Answers calculateBuyoutPrice.
pub(crate) fn calculate_buyout(call: &mut Call<'_, '_>, id: &str) -> Result<BuyoutQuote, Error> {
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
pub(crate) fn calculate_early_return(
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
