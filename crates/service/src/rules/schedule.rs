//! When the payments of a subscription fall due, which days each pays for, and how much it is.
//! Pure: the caller stores what comes out.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::rules::calendar::{
    add_days, add_months, days_between, days_in_month, end_date, first_of_next_month,
    next_day_of_month, period,
};
use crate::rules::money::share;
use crate::rules::settings::{Billing, BillingCycle, BillingStart, FirstPayment};

/// How a subscription is billed, as settings stood at its activation. Stored with it, so that an
/// extension continues the same rhythm after the settings have changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    cycle: BillingCycle,
    /// First day of the contract.
    start: Date,
    /// Day from which the billing dates of the regular cycle are counted. Adding months one by one
    /// would lose the end of the month at the first short one.
    anchor: Date,
    /// Months from `anchor` to the first billing date.
    lead: i64,
    /// Days from billing date to due date.
    net_days: i64,
    /// Payments of the regular cycle that exist already.
    scheduled: i64,
    /// What the next ones pay for.
    periods: Periods,
}

/// What the payments of the regular cycle pay for, counted from the first of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Periods {
    /// A month of the contract each, after so many paid for before the cycle.
    ContractMonths { before: i64 },
    /// 30 days of the contract each.
    ThirtyDays,
    /// The month that begins on its day of the cycle.
    CycleMonths,
}

/// The days that a payment pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub first: Date,
    /// Last day.
    pub last: Date,
}

/// A payment to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Day it must be paid by.
    pub due: Date,
    /// What it pays for; none of what happens once.
    pub period: Option<Period>,
    /// `YYYY-MM` of the billing date.
    pub billing_period: String,
    /// Behind the subscription's id in the idempotency key.
    pub key: String,
    /// Price in minor units, before tax is split off or added.
    pub price: i64,
    /// Collected outside: it is paid from the beginning.
    pub paid: bool,
}

/// What is billed.
#[derive(Debug, Clone, Copy)]
pub struct Charge {
    /// First day of the contract.
    pub start: Date,
    /// Contract length.
    pub months: i64,
    /// Price of a month, minor units.
    pub monthly: i64,
    /// Added to the first payment, minor units.
    pub setup_fee: i64,
    /// Whether payment terms apply.
    pub business: bool,
}

/// All payments of a new subscription, and the terms by which extensions continue them.
/// `start` overrides the tenant's `billing.start`.
pub fn activation(
    billing: &Billing,
    start: Option<BillingStart>,
    charge: Charge,
) -> (Terms, Vec<Planned>) {
    let fixed = billing.cycle == BillingCycle::FixedDay;
    let (anchor, lead) = if fixed {
        (next_day_of_month(charge.start, billing.day_of_month), 0)
    } else {
        match (start.unwrap_or(billing.start), billing.cycle) {
            (BillingStart::Immediate, _) => (charge.start, 0),
            (BillingStart::FirstOfNextMonth, _) => (first_of_next_month(charge.start), 0),
            (BillingStart::SameDayNextMonth, BillingCycle::Every30Days) => {
                (add_months(charge.start, 1), 0)
            }
            (BillingStart::SameDayNextMonth, _) => (charge.start, 1),
        }
    };
    let net_days = if charge.business {
        billing.payment_terms.days()
    } else {
        0
    };
    let mut terms = Terms {
        cycle: billing.cycle,
        start: charge.start,
        anchor,
        lead,
        net_days,
        scheduled: 0,
        periods: match (billing.cycle, billing.first_payment) {
            (BillingCycle::Every30Days, _) => Periods::ThirtyDays,
            (BillingCycle::FixedDay, FirstPayment::FreeUntilCycle) => Periods::CycleMonths,
            _ => Periods::ContractMonths { before: 0 },
        },
    };

    let mut planned = Vec::new();
    let early = fixed && anchor != charge.start;
    let mut rest = None;
    let mut regular = charge.months;
    match billing.first_payment {
        FirstPayment::FullMonth | FirstPayment::CollectedExternally if early => {
            planned.push(terms.before_cycle(add_months(charge.start, 1), charge.monthly));
            terms.periods = Periods::ContractMonths { before: 1 };
            regular -= 1;
        }
        FirstPayment::Prorated if early => {
            let days = days_between(charge.start, anchor);
            let part = share(charge.monthly, days, days_in_month(charge.start));
            planned.push(terms.before_cycle(anchor, part));
            terms.periods = Periods::CycleMonths;
            regular -= 1;
            rest = Some(charge.monthly - part);
        }
        _ => {}
    }
    planned.extend(terms.next(regular, charge.monthly));
    if let Some(rest) = rest {
        let last = end_date(charge.start, charge.months);
        planned.extend(terms.next(1, rest).into_iter().map(|payment| Planned {
            // In a short month a contract can end before the day on which its rest is due.
            period: payment.period.map(|Period { first, .. }| Period {
                first: first.min(last),
                last,
            }),
            ..payment
        }));
        // The cycle is paid for until the contract's last day; an extension adds whole months to it.
        terms.periods = Periods::ContractMonths { before: 0 };
    }
    if let Some(first) = planned.first_mut() {
        first.price += charge.setup_fee;
        first.paid = billing.first_payment == FirstPayment::CollectedExternally;
    }
    (terms, planned)
}

impl Terms {
    /// The next `months` payments of `monthly` after those scheduled so far.
    pub fn next(&mut self, months: i64, monthly: i64) -> Vec<Planned> {
        let first = self.scheduled;
        self.scheduled += months.max(0);
        (first..self.scheduled)
            .map(|index| self.regular(index, monthly))
            .collect()
    }

    fn regular(&self, index: i64, price: i64) -> Planned {
        let billed = match self.cycle {
            BillingCycle::Every30Days => add_days(self.anchor, 30 * index),
            _ => add_months(self.anchor, self.lead + index),
        };
        let due = add_days(billed, self.net_days);
        let billing_period = period(billed);
        // A month can contain two payments of a 30-day cycle, but a day cannot.
        let key = match self.cycle {
            BillingCycle::Every30Days => due.to_string(),
            _ => billing_period.clone(),
        };
        Planned {
            due,
            period: Some(self.period(index)),
            billing_period,
            key,
            price,
            paid: false,
        }
    }

    fn period(&self, index: i64) -> Period {
        let begin = |index| match self.periods {
            Periods::ContractMonths { before } => add_months(self.start, before + index),
            Periods::ThirtyDays => add_days(self.start, 30 * index),
            Periods::CycleMonths => add_months(self.anchor, index),
        };
        Period {
            first: begin(index),
            last: add_days(begin(index + 1), -1),
        }
    }

    /// A payment due on the first day of the contract, for the days `until` another one.
    fn before_cycle(&self, until: Date, price: i64) -> Planned {
        let billing_period = period(self.start);
        let key = format!("{billing_period}:first");
        Planned {
            due: add_days(self.start, self.net_days),
            period: Some(Period {
                first: self.start,
                last: add_days(until, -1),
            }),
            billing_period,
            key,
            price,
            paid: false,
        }
    }
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::settings::PaymentTerms;
    use jiff::civil::date;

    fn charge(start: Date, months: i64) -> Charge {
        Charge {
            start,
            months,
            monthly: 3_100,
            setup_fee: 500,
            business: false,
        }
    }

    fn dates(planned: &[Planned]) -> Vec<String> {
        planned
            .iter()
            .map(|payment| payment.due.to_string())
            .collect()
    }

    #[test]
    fn by_default_payments_follow_the_start_day() {
        let (mut terms, planned) =
            activation(&Billing::default(), None, charge(date(2026, 1, 31), 3));
        assert_eq!(dates(&planned), ["2026-01-31", "2026-02-28", "2026-03-31"]);
        assert_eq!(
            planned.iter().map(|p| p.price).collect::<Vec<_>>(),
            [3_600, 3_100, 3_100]
        );
        assert_eq!(planned[1].key, "2026-02");
        assert_eq!(dates(&terms.next(2, 3_100)), ["2026-04-30", "2026-05-31"]);
    }

    #[test]
    fn the_first_payment_can_wait() {
        let of = |start| {
            dates(
                &activation(
                    &Billing::default(),
                    Some(start),
                    charge(date(2026, 1, 31), 2),
                )
                .1,
            )
        };
        assert_eq!(
            of(BillingStart::FirstOfNextMonth),
            ["2026-02-01", "2026-03-01"]
        );
        assert_eq!(
            of(BillingStart::SameDayNextMonth),
            ["2026-02-28", "2026-03-31"]
        );
    }

    #[test]
    fn thirty_day_cycles_are_keyed_by_due_date() {
        let billing = Billing {
            cycle: BillingCycle::Every30Days,
            ..Billing::default()
        };
        let (_, planned) = activation(&billing, None, charge(date(2026, 5, 1), 3));
        assert_eq!(dates(&planned), ["2026-05-01", "2026-05-31", "2026-06-30"]);
        assert_eq!(planned[0].billing_period, planned[1].billing_period);
        assert_ne!(planned[0].key, planned[1].key);
    }

    #[test]
    fn a_fixed_day_has_a_first_payment_before_the_cycle() {
        let mut billing = Billing {
            cycle: BillingCycle::FixedDay,
            day_of_month: 15,
            ..Billing::default()
        };
        let (_, planned) = activation(&billing, None, charge(date(2026, 1, 20), 3));
        assert_eq!(dates(&planned), ["2026-01-20", "2026-02-15", "2026-03-15"]);
        assert_eq!(planned[0].key, "2026-01:first");

        billing.first_payment = FirstPayment::FreeUntilCycle;
        let (_, planned) = activation(&billing, None, charge(date(2026, 1, 20), 3));
        assert_eq!(dates(&planned), ["2026-02-15", "2026-03-15", "2026-04-15"]);

        billing.first_payment = FirstPayment::Prorated;
        let (mut terms, planned) = activation(&billing, None, charge(date(2026, 1, 20), 3));
        assert_eq!(
            dates(&planned),
            ["2026-01-20", "2026-02-15", "2026-03-15", "2026-04-15"]
        );
        // 26 of 31 days, and the rest at the end: the sum stays three months and the setup fee.
        assert_eq!(
            planned.iter().map(|p| p.price).collect::<Vec<_>>(),
            [3_100, 3_100, 3_100, 500]
        );
        assert_eq!(dates(&terms.next(1, 3_100)), ["2026-05-15"]);

        let (_, planned) = activation(&billing, None, charge(date(2026, 1, 15), 2));
        assert_eq!(dates(&planned), ["2026-01-15", "2026-02-15"]);
    }

    #[test]
    fn business_customers_have_their_terms_and_external_payments_are_paid() {
        let billing = Billing {
            payment_terms: PaymentTerms::Net14,
            first_payment: FirstPayment::CollectedExternally,
            ..Billing::default()
        };
        let business = Charge {
            business: true,
            ..charge(date(2026, 1, 20), 2)
        };
        let (_, planned) = activation(&billing, None, business);
        assert_eq!(dates(&planned), ["2026-02-03", "2026-03-06"]);
        assert_eq!(planned[0].billing_period, "2026-01");
        assert_eq!([planned[0].paid, planned[1].paid], [true, false]);
    }
}
