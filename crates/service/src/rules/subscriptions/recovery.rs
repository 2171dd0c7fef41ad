//! How far the collected payments have paid for the device. Pure.

use jiff::civil::Date;
use store::SubscriptionRow;
use types::RecoveryStatus;

use crate::rules::calendar::days_between;
use crate::rules::money::percentage;

/// The figures that compare what was collected with what the device cost. Amounts in minor units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Recovery {
    /// Collected in percent of the cost; none while that is 0 or unknown.
    pub(super) percent: Option<f64>,
    /// Collected less cost.
    pub(super) profit: Option<i64>,
    /// Months until the price has paid for the device, rounded up.
    pub(super) breakeven_months: Option<i64>,
    /// Whether the whole cost has been collected.
    pub(super) reached: Option<bool>,
    /// The same in one word.
    pub(super) status: RecoveryStatus,
}

impl Recovery {
    /// The figures of a subscription on a day.
    pub(super) fn of(row: &SubscriptionRow, today: Date) -> Recovery {
        let elapsed = days_between(row.start_date, today);
        let whole = days_between(row.start_date, row.end_date) + 1;
        let late = 2 * elapsed > whole;
        figures(
            row.acquisition_cost,
            row.total_collected,
            row.monthly_amount,
            late,
        )
    }
}

/// `late`: more than half of the contract has elapsed.
fn figures(cost: Option<i64>, collected: i64, monthly: i64, late: bool) -> Recovery {
    let Some(cost) = cost else {
        let status = RecoveryStatus::NoData;
        return Recovery {
            percent: None,
            profit: None,
            breakeven_months: None,
            reached: None,
            status,
        };
    };
    let status = if cost == 0 || collected > cost {
        RecoveryStatus::Profitable
    } else if late && collected <= cost / 2 {
        RecoveryStatus::AtRisk
    } else {
        RecoveryStatus::Recovering
    };
    Recovery {
        percent: percentage(collected, cost),
        profit: Some(collected - cost),
        breakeven_months: (monthly > 0).then(|| (cost + monthly - 1) / monthly),
        reached: Some(collected >= cost),
        status,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_risk_is_half_the_cost_or_less_after_half_the_contract() {
        let status = |collected, late| figures(Some(60_000), collected, 5_000, late).status;
        assert_eq!(status(30_000, true), RecoveryStatus::AtRisk);
        assert_eq!(status(30_001, true), RecoveryStatus::Recovering);
        assert_eq!(status(0, false), RecoveryStatus::Recovering);
        assert_eq!(status(60_000, true), RecoveryStatus::Recovering);
        assert_eq!(status(60_001, false), RecoveryStatus::Profitable);
        // Half of an odd cost is not reached by the whole unit below it.
        assert_eq!(
            figures(Some(101), 50, 1, true).status,
            RecoveryStatus::AtRisk
        );
        assert_eq!(
            figures(Some(101), 51, 1, true).status,
            RecoveryStatus::Recovering
        );
    }

    #[test]
    fn breakeven_is_rounded_up_and_reached_at_the_whole_cost() {
        let at = |collected| figures(Some(62_000), collected, 3_900, false);
        assert_eq!(at(0).breakeven_months, Some(16));
        assert_eq!(at(0).profit, Some(-62_000));
        assert_eq!(at(93_600).percent, Some(150.97));
        assert_eq!(
            [at(61_999).reached, at(62_000).reached],
            [Some(false), Some(true)]
        );
    }

    #[test]
    fn without_a_cost_nothing_is_claimed_and_a_free_device_is_profitable() {
        let unknown = figures(None, 5_000, 5_000, true);
        assert_eq!(unknown.status, RecoveryStatus::NoData);
        assert_eq!(
            (unknown.percent, unknown.profit, unknown.reached),
            (None, None, None)
        );
        let free = figures(Some(0), 0, 0, true);
        assert_eq!(free.status, RecoveryStatus::Profitable);
        assert_eq!((free.percent, free.breakeven_months), (None, None));
    }
}
