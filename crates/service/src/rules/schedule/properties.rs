//! What holds of every schedule, under every combination of settings and for random contracts: its
//! payments add up to the price, are due as the table of settings says, pay for every day once, and
//! have keys of their own. Days are worked out here a second time.

use std::collections::HashSet;

use jiff::civil::{Date, date};

use super::{Charge, Period, Planned, Terms, activation};
use crate::rules::money::Currency;
use crate::rules::settings::{
    Billing, BillingCycle, BillingStart, FirstPayment, PaymentTerms, TaxCalculation, Taxes,
};

const CYCLES: [BillingCycle; 3] = [
    BillingCycle::SubscriptionStart,
    BillingCycle::FixedDay,
    BillingCycle::Every30Days,
];
const STARTS: [BillingStart; 3] = [
    BillingStart::Immediate,
    BillingStart::FirstOfNextMonth,
    BillingStart::SameDayNextMonth,
];
const FIRST: [FirstPayment; 4] = [
    FirstPayment::FullMonth,
    FirstPayment::Prorated,
    FirstPayment::FreeUntilCycle,
    FirstPayment::CollectedExternally,
];
const TERMS: [(PaymentTerms, i64); 4] = [
    (PaymentTerms::DueImmediately, 0),
    (PaymentTerms::Net7, 7),
    (PaymentTerms::Net14, 14),
    (PaymentTerms::Net30, 30),
];

/// First days that meet ends of months, years with and without a leap day, and the turn of a year.
const DAYS: [Date; 10] = [
    date(2024, 1, 31),
    date(2024, 2, 29),
    date(2025, 2, 28),
    date(2026, 1, 29),
    date(2026, 3, 31),
    date(2026, 12, 31),
    date(2027, 1, 1),
    date(2027, 11, 30),
    date(2028, 2, 28),
    date(2100, 1, 30),
];

/// Contracts of each combination.
const CONTRACTS: usize = 12;

/// Numbers that look random and repeat with their seed (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % limit.unsigned_abs()).cast_signed()
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        let index = self.below(i64::try_from(of.len()).expect("a few"));
        of[usize::try_from(index).expect("below the length")]
    }
}

/// `day` plus so many months; a month without that day has its last one instead.
fn months_after(day: Date, months: i64) -> Date {
    let count = i64::from(day.year()) * 12 + i64::from(day.month()) - 1 + months;
    let part = |number: i64| i8::try_from(number).expect("a month");
    let year = i16::try_from(count.div_euclid(12)).expect("a year");
    let first = date(year, part(count.rem_euclid(12) + 1), 1);
    date(
        year,
        first.month(),
        day.day().min(first.last_of_month().day()),
    )
}

fn days_after(day: Date, days: i64) -> Date {
    day + jiff::Span::new().days(days)
}

/// A contract and how it is billed.
#[derive(Debug, Clone)]
struct Case {
    billing: Billing,
    option: Option<BillingStart>,
    charge: Charge,
    net_days: i64,
}

impl Case {
    /// The first day of a fixed cycle.
    fn cycle_day(&self) -> Date {
        let mut day = self.charge.start;
        while day.day() != self.billing.day_of_month {
            day = day.tomorrow().expect("far from the end of the calendar");
        }
        day
    }

    fn fixed(&self) -> bool {
        self.billing.cycle == BillingCycle::FixedDay
    }

    /// Whether a first payment is due on the first day, before the cycle begins.
    fn early(&self) -> bool {
        self.fixed()
            && self.billing.first_payment != FirstPayment::FreeUntilCycle
            && self.cycle_day() != self.charge.start
    }

    fn prorated(&self) -> bool {
        self.early() && self.billing.first_payment == FirstPayment::Prorated
    }

    /// Due dates of the first `count` payments, as the table of settings has them.
    fn dues(&self, count: i64) -> Vec<Date> {
        let start = self.charge.start;
        let option = self.option.unwrap_or(self.billing.start);
        let first_of_next = months_after(start.first_of_month(), 1);
        let early = i64::from(self.early());
        let billed = |k: i64| match (self.billing.cycle, option) {
            (BillingCycle::FixedDay, _) if k < early => start,
            (BillingCycle::FixedDay, _) => months_after(self.cycle_day(), k - early),
            (BillingCycle::Every30Days, start_of) => {
                let first = match start_of {
                    BillingStart::Immediate => start,
                    BillingStart::FirstOfNextMonth => first_of_next,
                    BillingStart::SameDayNextMonth => months_after(start, 1),
                };
                days_after(first, 30 * k)
            }
            (_, BillingStart::Immediate) => months_after(start, k),
            (_, BillingStart::FirstOfNextMonth) => months_after(first_of_next, k),
            (_, BillingStart::SameDayNextMonth) => months_after(start, k + 1),
        };
        (0..count)
            .map(|k| days_after(billed(k), self.net_days))
            .collect()
    }

    /// First day that is paid for, and the first one that is not any more.
    fn covered(&self, months: i64) -> (Date, Date) {
        let start = self.charge.start;
        match self.billing.cycle {
            BillingCycle::Every30Days => (start, days_after(start, 30 * months)),
            BillingCycle::FixedDay
                if self.billing.first_payment == FirstPayment::FreeUntilCycle =>
            {
                (self.cycle_day(), months_after(self.cycle_day(), months))
            }
            _ => (start, months_after(start, months)),
        }
    }

    /// Every property of a whole schedule: of so many months, which cost so much together.
    fn check(&self, planned: &[Planned], months: i64, price: i64) {
        let count = i64::try_from(planned.len()).expect("a few");
        assert_eq!(count, months + i64::from(self.prorated()), "payments");
        let sum: i64 = planned.iter().map(|payment| payment.price).sum();
        assert_eq!(sum, price, "the payments add up to the price");
        assert!(planned.iter().all(|payment| payment.price >= 0));

        if self.prorated() {
            let start = self.charge.start;
            let days = i128::from((self.cycle_day() - start).get_days());
            let month = i128::from(start.days_in_month());
            let part = half_up(i128::from(self.charge.monthly) * days, month);
            let first = planned[0].price - self.charge.setup_fee;
            assert_eq!(i128::from(first), part, "the days before the cycle");
        }

        let dues: Vec<Date> = planned.iter().map(|payment| payment.due).collect();
        assert_eq!(dues, self.dues(count), "due dates");
        let external = self.billing.first_payment == FirstPayment::CollectedExternally;
        for (index, payment) in planned.iter().enumerate() {
            assert_eq!(payment.paid, external && index == 0);
            let billed = days_after(payment.due, -self.net_days);
            assert_eq!(
                payment.billing_period,
                billed.strftime("%Y-%m").to_string(),
                "the billing period is that of the billing date"
            );
            let key = match self.billing.cycle {
                BillingCycle::Every30Days => payment.due.to_string(),
                _ if index == 0 && self.early() => format!("{}:first", payment.billing_period),
                _ => payment.billing_period.clone(),
            };
            assert_eq!(payment.key, key);
        }
        let keys: HashSet<&str> = planned.iter().map(|it| it.key.as_str()).collect();
        assert_eq!(keys.len(), planned.len(), "keys are unique");
        self.check_periods(planned, months);
    }

    /// No day is paid for twice, and none is left out.
    fn check_periods(&self, planned: &[Planned], months: i64) {
        let (first, over) = self.covered(months);
        let mut next = first;
        for (index, payment) in planned.iter().enumerate() {
            let Period { first, last } = payment.period.expect("it is scheduled");
            let rest = self.prorated() && index == usize::try_from(self.charge.months).unwrap();
            let ended = months_after(self.charge.start, self.charge.months);
            if rest && next >= ended {
                // The contract is over before the day on which its rest is due: that pays for its last day.
                assert_eq!(
                    (first, last),
                    (days_after(ended, -1), days_after(ended, -1))
                );
                next = ended;
                continue;
            }
            assert_eq!(first, next, "no gap and no overlap before payment {index}");
            assert!(first <= last);
            next = days_after(last, 1);
        }
        assert_eq!(next, over, "the whole contract is paid for");
    }
}

#[test]
fn every_way_of_billing_collects_the_price_of_every_day_once() {
    let seed = 0x5EED_0001;
    let mut random = Random(seed);
    for cycle in CYCLES {
        for start in STARTS {
            for first_payment in FIRST {
                for (payment_terms, days) in TERMS {
                    for business in [false, true] {
                        for _ in 0..CONTRACTS {
                            let case = Case {
                                billing: Billing {
                                    start,
                                    cycle,
                                    day_of_month: random.pick(&[1, 2, 11, 15, 27, 28]),
                                    first_payment,
                                    payment_terms,
                                },
                                // The request may say another start than the settings.
                                option: match random.below(3) {
                                    0 => Some(random.pick(&STARTS)),
                                    _ => None,
                                },
                                charge: charge(&mut random, business),
                                net_days: if business { days } else { 0 },
                            };
                            holds(&case, &mut random, seed);
                        }
                    }
                }
            }
        }
    }
}

fn charge(random: &mut Random, business: bool) -> Charge {
    let ends = random.pick(&DAYS);
    let any = days_after(date(2024, 1, 1), random.below(1_500));
    Charge {
        start: random.pick(&[ends, any]),
        months: match random.below(4) {
            0 => random.pick(&[1, 2, 12, 119, 120]),
            _ => 1 + random.below(120),
        },
        monthly: match random.below(8) {
            0 => random.below(3),
            1 => random.below(10_000_000_000),
            _ => random.below(50_000),
        },
        setup_fee: random.below(2) * random.below(30_000),
        business,
    }
}

/// Checks a contract, and the same one after extensions at other prices.
fn holds(case: &Case, random: &mut Random, seed: u64) {
    let holds = std::panic::AssertUnwindSafe(|| {
        let charge = case.charge;
        let (mut terms, mut planned) = activation(&case.billing, case.option, charge);
        let mut months = charge.months;
        let mut price = charge.monthly * months + charge.setup_fee;
        case.check(&planned, months, price);

        while months < 120 && random.below(3) > 0 {
            let (more, monthly) = (1 + random.below(120 - months), random.below(50_000));
            // What is stored with the contract goes on, not what the settings have become.
            let stored = serde_json::to_string(&terms).expect("terms are JSON");
            terms = serde_json::from_str::<Terms>(&stored).expect("and come back");
            let at_once = terms.clone().next(more, monthly);
            let part = random.below(more + 1);
            let mut added = terms.next(part, monthly);
            added.extend(terms.next(more - part, monthly));
            assert_eq!(added, at_once, "in how many steps does not matter");
            planned.extend(added);
            months += more;
            price += more * monthly;
            case.check(&planned, months, price);
        }
    });
    if let Err(failure) = std::panic::catch_unwind(holds) {
        eprintln!("seed {seed:#x}: {case:?}");
        std::panic::resume_unwind(failure);
    }
}

#[test]
fn tax_of_a_schedule_is_rounded_half_up_line_by_line() {
    let mut random = Random(0x5EED_0002);
    for code in ["JPY", "EUR", "KWD"] {
        let currency = Currency::new(code).expect("a currency");
        for (enabled, calculation) in [
            (false, TaxCalculation::Exclusive),
            (false, TaxCalculation::Inclusive),
            (true, TaxCalculation::Exclusive),
            (true, TaxCalculation::Inclusive),
        ] {
            for _ in 0..200 {
                // Hundredths of a percent, as they are stored.
                let rate = random.pick(&[0, 1, 500, 700, 1_900, 887, 2_550, 9_999, 10_000]);
                let taxes = Taxes {
                    enabled,
                    vat_number: None,
                    default_rate: f64::from(rate) / 100.0,
                    calculation,
                };
                let rate = if enabled { i128::from(rate) } else { 0 };
                let charge = charge(&mut random, false);
                let billing = Billing {
                    cycle: random.pick(&CYCLES),
                    first_payment: random.pick(&FIRST),
                    ..Billing::default()
                };
                let (_, planned) = activation(&billing, None, charge);
                let lines: Vec<_> = planned.iter().map(|it| taxes.split(it.price)).collect();
                for (line, planned) in lines.iter().zip(&planned) {
                    let price = i128::from(planned.price);
                    let (net, gross) = match calculation {
                        TaxCalculation::Exclusive => (price, price + half_up(price * rate, 10_000)),
                        TaxCalculation::Inclusive => {
                            (half_up(price * 10_000, 10_000 + rate), price)
                        }
                    };
                    let found = [line.subtotal, line.tax, line.total].map(i128::from);
                    assert_eq!(found, [net, gross - net, gross], "{taxes:?} {planned:?}");
                    for amount in [line.subtotal, line.tax, line.total] {
                        let wire = currency.major(amount);
                        assert_eq!(currency.minor(wire), Ok(amount), "{code} {wire}");
                    }
                }
                // To the last unit: what prices say is what is collected, net or gross.
                let sum: i64 = match calculation {
                    TaxCalculation::Exclusive => lines.iter().map(|line| line.subtotal).sum(),
                    TaxCalculation::Inclusive => lines.iter().map(|line| line.total).sum(),
                };
                assert_eq!(sum, charge.monthly * charge.months + charge.setup_fee);
            }
        }
    }
}

/// The quotient of numbers that are not negative.
fn half_up(dividend: i128, divisor: i128) -> i128 {
    let (whole, rest) = (dividend / divisor, dividend % divisor);
    whole + i128::from(2 * rest >= divisor)
}
