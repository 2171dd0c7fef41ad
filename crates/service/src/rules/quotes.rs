//! What a buyout costs and what an early return costs. Pure.

use jiff::civil::Date;

use crate::rules::calendar::{add_days, days_between, end_date, months_begun};
use crate::rules::money::Percent;
use crate::rules::settings::{
    Buyout, BuyoutMethod, EarlyReturn, EarlyReturnMethod, Fees, Rounding,
};

/// A contract as far as these formulas look at it. Amounts in minor units.
#[derive(Debug, Clone, Copy)]
pub struct Contract {
    /// First day.
    pub start: Date,
    /// Months, including extensions.
    pub months: i64,
    /// Months, without extensions.
    pub original_months: i64,
    /// Price of a month.
    pub monthly: i64,
    /// List price of the device, where known.
    pub list_price: Option<i64>,
}

impl Contract {
    /// Months that have not begun; the one in progress counts when `fees` says so.
    pub fn remaining_months(&self, fees: &Fees, today: Date) -> i64 {
        let begun = months_begun(self.start, today);
        let in_progress = begun >= 1 && today <= end_date(self.start, self.months);
        let current = i64::from(fees.charge_current_month && in_progress);
        (self.months - begun).max(0) + current
    }

    /// Months the device was rented; one that has begun counts unless `fees` rounds down and it is
    /// not over with this day.
    pub fn rented_months(&self, fees: &Fees, today: Date) -> i64 {
        match fees.partial_month_rounding {
            Rounding::Up => months_begun(self.start, today),
            Rounding::Down => (months_begun(self.start, add_days(today, 1)) - 1).max(0),
        }
    }
}

/// What a buyout costs, in minor units, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuyoutQuote {
    /// Months that have not begun.
    pub remaining_months: i64,
    /// What is scheduled and has not begun, where the method asks for it.
    pub remaining_payments: i64,
    /// Share of the list price, or the flat fee.
    pub depreciated_value: i64,
    /// The list price the share was taken of was estimated.
    pub estimated: bool,
}

impl BuyoutQuote {
    /// What is to be paid.
    pub fn price(&self) -> i64 {
        self.remaining_payments
            .saturating_add(self.depreciated_value)
    }
}

/// Price of a buyout today. `flat_fee` is the setting and `payments` what is scheduled and has not
/// begun, both in minor units.
pub fn buyout(
    settings: &Buyout,
    flat_fee: i64,
    fees: &Fees,
    contract: &Contract,
    payments: i64,
    today: Date,
) -> BuyoutQuote {
    let remaining_months = contract.remaining_months(fees, today);
    let estimated = contract.list_price.is_none() && settings.allow_rrp_estimation;
    let list_price = match contract.list_price {
        Some(price) => price,
        None if estimated => contract.original_months.saturating_mul(contract.monthly),
        None => 0,
    };
    let share = Percent::from_number(settings.rrp_percent).of(list_price);
    let (remaining_payments, depreciated_value) = match settings.method {
        BuyoutMethod::FlatFee => (0, flat_fee),
        BuyoutMethod::RemainingMonths => (payments, 0),
        BuyoutMethod::RrpPercentage => (0, share),
        BuyoutMethod::RemainingMonthsPlusRrp => (payments, share),
    };
    BuyoutQuote {
        remaining_months,
        remaining_payments,
        depreciated_value,
        estimated,
    }
}

/// What an early return costs, in minor units, and why.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReturnQuote {
    /// What is to be paid.
    pub fee: i64,
    /// Months that have not begun.
    pub remaining_months: i64,
    /// Share of what is scheduled and has not begun, percent.
    pub penalty: Percent,
    /// The contract was young enough to be free.
    pub grace: bool,
    /// Days since the first day; negative before it.
    pub days_from_start: i64,
}

/// Fee of an early return today. `flat_fee` is the setting and `payments` what is scheduled and has
/// not begun, both in minor units.
pub fn early_return(
    settings: &EarlyReturn,
    flat_fee: i64,
    fees: &Fees,
    contract: &Contract,
    payments: i64,
    today: Date,
) -> ReturnQuote {
    let remaining_months = contract.remaining_months(fees, today);
    let days_from_start = days_between(contract.start, today);
    let grace = settings.grace_period_days > 0 && days_from_start <= settings.grace_period_days;
    let (fee, penalty) = match settings.method {
        EarlyReturnMethod::RemainingMonths => {
            let penalty = Percent::from_number(settings.penalty_percent);
            (penalty.of(payments), penalty)
        }
        EarlyReturnMethod::FlatFee => (flat_fee, Percent::default()),
        EarlyReturnMethod::NoFee => (0, Percent::default()),
    };
    ReturnQuote {
        fee: if grace { 0 } else { fee },
        remaining_months,
        penalty,
        grace,
        days_from_start,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const CONTRACT: Contract = Contract {
        start: date(2026, 1, 10),
        months: 12,
        original_months: 12,
        monthly: 5_000,
        list_price: Some(100_000),
    };

    #[test]
    fn in_the_sixth_of_twelve_months_six_remain() {
        let mut fees = Fees::default();
        assert_eq!(CONTRACT.remaining_months(&fees, date(2026, 6, 15)), 6);
        assert_eq!(CONTRACT.remaining_months(&fees, date(2025, 12, 1)), 12);
        assert_eq!(CONTRACT.remaining_months(&fees, date(2027, 6, 1)), 0);
        assert_eq!(CONTRACT.rented_months(&fees, date(2026, 6, 15)), 6);
        fees.charge_current_month = true;
        fees.partial_month_rounding = Rounding::Down;
        assert_eq!(CONTRACT.remaining_months(&fees, date(2026, 6, 15)), 7);
        assert_eq!(CONTRACT.remaining_months(&fees, date(2025, 12, 1)), 12);
        assert_eq!(CONTRACT.remaining_months(&fees, date(2027, 1, 10)), 0);
        assert_eq!(CONTRACT.rented_months(&fees, date(2026, 6, 15)), 5);
        assert_eq!(CONTRACT.rented_months(&fees, date(2026, 7, 8)), 5);
        assert_eq!(CONTRACT.rented_months(&fees, date(2026, 7, 9)), 6);
        assert_eq!(CONTRACT.rented_months(&fees, date(2026, 7, 10)), 6);
        assert_eq!(CONTRACT.rented_months(&fees, date(2027, 1, 9)), 12);
        assert_eq!(CONTRACT.rented_months(&fees, date(2025, 12, 1)), 0);
    }

    #[test]
    fn each_buyout_method_has_its_parts() {
        let today = date(2026, 6, 15);
        let quote = |method, list_price, allow_rrp_estimation| {
            let settings = Buyout {
                method,
                rrp_percent: 50.0,
                allow_rrp_estimation,
                ..Buyout::default()
            };
            let contract = Contract {
                list_price,
                ..CONTRACT
            };
            let quote = buyout(
                &settings,
                50_000,
                &Fees::default(),
                &contract,
                30_000,
                today,
            );
            (quote.remaining_payments, quote.depreciated_value)
        };
        assert_eq!(quote(BuyoutMethod::FlatFee, None, false), (0, 50_000));
        assert_eq!(
            quote(BuyoutMethod::RemainingMonths, None, false),
            (30_000, 0)
        );
        assert_eq!(
            quote(BuyoutMethod::RrpPercentage, Some(100_000), false),
            (0, 50_000)
        );
        assert_eq!(
            quote(BuyoutMethod::RemainingMonthsPlusRrp, Some(100_000), false),
            (30_000, 50_000)
        );
        assert_eq!(quote(BuyoutMethod::RrpPercentage, None, false), (0, 0));
        assert_eq!(quote(BuyoutMethod::RrpPercentage, None, true), (0, 30_000));
    }

    #[test]
    fn an_early_return_is_free_within_the_grace_period() {
        let mut settings = EarlyReturn {
            penalty_percent: 50.0,
            ..EarlyReturn::default()
        };
        let fees = Fees::default();
        let quote =
            |settings: &EarlyReturn, day| early_return(settings, 0, &fees, &CONTRACT, 30_000, day);
        let sixth = quote(&settings, date(2026, 6, 15));
        assert_eq!(
            (sixth.fee, sixth.remaining_months, sixth.grace),
            (15_000, 6, false)
        );
        settings.grace_period_days = 14;
        assert!(quote(&settings, date(2026, 1, 24)).grace);
        assert!(!quote(&settings, date(2026, 1, 25)).grace);
    }
}
