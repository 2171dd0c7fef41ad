//! Random contracts, each worked out a second time in plain numbers: what falls due when, what it
//! pays for, that all of it adds up to the price of the months, and that an end on any day leaves
//! exactly the periods that have begun.

use jiff::civil::Date;
use serde_json::{Value, json};
use service::settings::{BillingCycle, FirstPayment, PaymentTerms};
use store::PaymentStatus;

use crate::suite::support::App;

/// Contracts of each way of billing.
const CONTRACTS: u64 = 8;

/// Day of the month of the fixed cycle; the 28th meets the ends of short months.
const CYCLE_DAYS: [i8; 2] = [11, 28];

/// Year, month and day.
type Day = (i64, i64, i64);

/// A scheduled payment: due, first day of its period and first day after it (as numbers of days),
/// minor units, whether it is paid from the beginning.
type Payment = (i64, i64, i64, i64, bool);

/// Days from a fixed day to `day`.
fn number((year, month, day): Day) -> i64 {
    let leaps = |year: i64| year / 4 - year / 100 + year / 400;
    let years = (year - 1) * 365 + leaps(year - 1);
    years + (1..month).map(|month| length(year, month)).sum::<i64>() + day
}

/// Days in a month.
fn length(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn plus_months((year, month, day): Day, months: i64) -> Day {
    let months = year * 12 + month - 1 + months;
    let (year, month) = (months / 12, months % 12 + 1);
    (year, month, day.min(length(year, month)))
}

fn of(date: Date) -> Day {
    let [year, month, day] = [
        i64::from(date.year()),
        date.month().into(),
        date.day().into(),
    ];
    (year, month, day)
}

/// A sequence of numbers that looks random and is the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: i64) -> i64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        i64::try_from((self.0 >> 33) % bound.unsigned_abs()).expect("below the bound")
    }
}

/// A contract, and how it is billed.
struct Contract {
    cycle: BillingCycle,
    first: FirstPayment,
    cycle_day: i64,
    start: Day,
    option: &'static str,
    net_days: i64,
    months: i64,
    price: i64,
    setup: i64,
    /// Months and price.
    extension: (i64, i64),
}

impl Contract {
    fn all_months(&self) -> i64 {
        self.months + self.extension.0
    }

    /// The day after the last one, of the first months.
    fn over(&self, months: i64) -> i64 {
        number(plus_months(self.start, months))
    }

    fn payments(&self) -> Vec<Payment> {
        let start = number(self.start);
        let (year, month, day) = self.start;
        let fixed = self.cycle == BillingCycle::FixedDay;
        let first = match (fixed, self.option) {
            (true, _) if day <= self.cycle_day => (year, month, self.cycle_day),
            (true, _) => plus_months((year, month, self.cycle_day), 1),
            (false, "first_of_next_month") => plus_months((year, month, 1), 1),
            _ => self.start,
        };
        let late = i64::from(!fixed && self.option == "same_day_next_month");
        let early = fixed && number(first) != start;
        let prorated = early && self.first == FirstPayment::Prorated;
        let full_month = early && !prorated && self.first != FirstPayment::FreeUntilCycle;
        let free = fixed && self.first == FirstPayment::FreeUntilCycle;

        // Of the first month's days, those before the cycle; rounded half up.
        let whole = length(year, month);
        let part = (2 * self.price * (number(first) - start) + whole) / (2 * whole);

        let mut payments = Vec::new();
        let count = self.all_months() + i64::from(prorated);
        for k in 0..count {
            let regular = k - i64::from(prorated || full_month);
            let due = match self.cycle {
                _ if regular < 0 => start,
                BillingCycle::Every30Days => number(plus_months(first, late)) + 30 * k,
                _ => number(plus_months(first, late + regular)),
            };
            let month = |k| number(plus_months(self.start, k));
            let cycle = |k| number(plus_months(first, k));
            let (begin, until) = match self.cycle {
                BillingCycle::Every30Days => (start + 30 * k, start + 30 * (k + 1)),
                _ if free => (cycle(k), cycle(k + 1)),
                _ if prorated && k == 0 => (start, cycle(0)),
                _ if prorated && k < self.months => (cycle(k - 1), cycle(k)),
                _ if prorated && k == self.months => {
                    let over = month(self.months);
                    (cycle(k - 1).min(over - 1), over)
                }
                _ if prorated => (month(k - 1), month(k)),
                _ => (month(k), month(k + 1)),
            };
            let price = match k {
                0 if prorated => part,
                _ if prorated && k == self.months => self.price - part,
                _ if k < self.months => self.price,
                _ => self.extension.1,
            };
            let setup = if k == 0 { self.setup } else { 0 };
            let paid = k == 0 && self.first == FirstPayment::CollectedExternally;
            payments.push((due + self.net_days, begin, until, price + setup, paid));
        }
        payments.sort_unstable();
        payments
    }

    /// What is scheduled and has not begun.
    fn to_come(&self, today: i64, charge_current: bool) -> i64 {
        let charged = charge_current && today < self.over(self.all_months());
        let counts = |&(_, begin, until, _, paid): &Payment| {
            (begin > today && !paid) || (charged && begin <= today && today < until)
        };
        let payments = self.payments().into_iter();
        payments
            .filter(counts)
            .map(|(_, _, _, price, _)| price)
            .sum()
    }

    fn begun(&self, today: i64) -> i64 {
        let payments = self.payments().into_iter();
        payments
            .filter(|(_, begin, _, _, paid)| *begin <= today || *paid)
            .map(|(_, _, _, price, _)| price)
            .sum()
    }
}

fn major(minor: i64) -> f64 {
    minor as f64 / 100.0
}

/// The stored schedule, in the form of [`Contract::payments`].
async fn stored(app: &App, rental: &str) -> Vec<Payment> {
    let rows = app.payments(rental).await.into_iter();
    let mut payments: Vec<Payment> = rows
        .map(|row| {
            let [due, begin, last] = [Some(row.due_date), row.period_start, row.period_end]
                .map(|day| number(of(day.expect("a scheduled payment has a period"))));
            (
                due,
                begin,
                last + 1,
                row.subtotal,
                row.status == PaymentStatus::Paid,
            )
        })
        .collect();
    payments.sort_unstable();
    payments
}

#[tokio::test]
async fn random_contracts_owe_their_price_and_after_an_end_what_has_begun() {
    use BillingCycle::{Every30Days, FixedDay, SubscriptionStart};
    use FirstPayment::{CollectedExternally, FreeUntilCycle, FullMonth, Prorated};
    let ways = [
        (SubscriptionStart, FullMonth),
        (SubscriptionStart, CollectedExternally),
        (Every30Days, FullMonth),
        (FixedDay, FullMonth),
        (FixedDay, Prorated),
        (FixedDay, FreeUntilCycle),
        (FixedDay, CollectedExternally),
    ];
    for (way, (cycle, first)) in (0..).zip(ways) {
        for (charge_current, cycle_day) in [false, true].into_iter().zip(CYCLE_DAYS) {
            let app = App::start_with(|it| {
                it.billing.cycle = cycle;
                it.billing.first_payment = first;
                it.billing.day_of_month = cycle_day;
                it.billing.payment_terms = PaymentTerms::Net14;
                it.fees.charge_current_month = charge_current;
            })
            .await;
            let mut random = Random(way * 2 + u64::from(charge_current));
            for index in 0..CONTRACTS {
                app.advance_days(random.below(40));
                let name = format!("{way}-{charge_current}-{index}");
                one(
                    &app,
                    &name,
                    &mut random,
                    (cycle, first, cycle_day.into(), charge_current),
                )
                .await;
            }
            app.finish().await;
        }
    }
}

/// Begins, perhaps extends, and ends one contract.
async fn one(
    app: &App,
    name: &str,
    random: &mut Random,
    (cycle, first, cycle_day, charge_current): (BillingCycle, FirstPayment, i64, bool),
) {
    let today = app.clock().now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let start = today + jiff::Span::new().days(random.below(900) - 700);
    let business = random.below(2) == 1;
    let extended = random.below(2) == 1;
    let contract = Contract {
        cycle,
        first,
        cycle_day,
        start: of(start),
        option: ["immediate", "first_of_next_month", "same_day_next_month"]
            [usize::try_from(random.below(3)).expect("one of three")],
        net_days: if business { 14 } else { 0 },
        months: 1 + random.below(18),
        price: 1 + random.below(20_000),
        setup: random.below(2) * random.below(3_000),
        extension: match extended {
            true => (1 + random.below(12), random.below(20_000)),
            false => (0, 0),
        },
    };
    let mut more = json!({
        "startDate": start.to_string(), "billingStartOption": contract.option,
        "customerType": if business { "business" } else { "individual" }
    });
    if contract.setup > 0 {
        more["setupFee"] = json!(major(contract.setup));
    }
    let months = contract.months.unsigned_abs();
    let rental = app
        .lend(name, months, json!(major(contract.price)), more)
        .await;
    if extended {
        let (months, price) = contract.extension;
        let body = json!({
            "extensionMonths": months, "newMonthlyAmount": major(price), "reason": "more time"
        });
        app.act(&rental, "extend", body).await.is(200);
    }

    let payments = stored(app, &rental).await;
    assert_eq!(payments, contract.payments(), "{name}");
    let sum: i64 = payments.iter().map(|payment| payment.3).sum();
    let (extension, price) = contract.extension;
    let expected = contract.price * contract.months + price * extension + contract.setup;
    assert_eq!(sum, expected, "{name}");

    let today = number(of(today));
    let to_come = contract.to_come(today, charge_current);
    let ended = today >= contract.over(contract.all_months()) - 1;
    let charged = end(app, &rental, random.below(4), ended, to_come).await;
    let rows = app.payments(&rental).await.into_iter();
    let owed: i64 = rows
        .filter(|row| row.status != PaymentStatus::Cancelled)
        .map(|row| row.subtotal)
        .sum();
    assert_eq!(owed - charged, contract.begun(today), "{name}");
}

/// Ends a contract in one of four ways, and gives what that costs.
async fn end(app: &App, rental: &str, way: i64, ended: bool, to_come: i64) -> i64 {
    let quote = |path: &'static str, field: &'static str| async move {
        let path = format!("/v1/subscriptions/{path}");
        let answer = app.post(&path, json!({ "rentalId": rental })).await;
        answer.is(200)[field].clone()
    };
    let (action, body, field): (_, Value, _) = match way {
        0 if ended => ("complete", json!({}), None),
        0 | 1 => ("cancel", json!({ "reason": "other" }), None),
        2 => ("buyout", json!({ "reason": "other" }), Some("buyoutPrice")),
        _ => {
            let body = json!({ "returnCondition": "good", "reason": "done" });
            ("early-return", body, Some("earlyReturnFee"))
        }
    };
    let expected = json!(major(to_come));
    assert_eq!(
        quote("calculate-buyout", "buyoutPrice").await,
        expected,
        "{rental}"
    );
    assert_eq!(
        quote("calculate-buyout", "remainingPayments").await,
        expected
    );
    assert_eq!(
        quote("calculate-early-return-fee", "earlyReturnFee").await,
        expected
    );
    let answer = app.act(rental, action, body).await;
    let Some(field) = field else {
        answer.is(200);
        return 0;
    };
    assert_eq!(answer.is(200)[field], expected);
    to_come
}
