//! What a contract owes: a calculation of its own, in plain numbers, from what the documentation
//! says of settings, schedules and ends. It shares no code with the rules. Amounts are in minor
//! units.

use serde_json::Value;

use super::days::{self, Number};

/// A payment, as it should be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Payment {
    /// Behind the id of the subscription.
    pub(super) key: String,
    pub(super) due: Number,
    pub(super) billing_period: String,
    /// First and last day that it pays for.
    pub(super) period: Option<(Number, Number)>,
    /// Net, tax, gross.
    pub(super) amounts: [i64; 3],
    /// Hundredths of a percent.
    pub(super) rate: i64,
    pub(super) status: &'static str,
}

/// What a contract is about when it begins.
#[derive(Debug, Clone)]
pub(super) struct Offer {
    pub(super) start: Number,
    pub(super) months: i64,
    pub(super) price: i64,
    pub(super) setup_fee: i64,
    pub(super) business: bool,
    /// `billingStartOption` of the request.
    pub(super) option: Option<&'static str>,
    pub(super) list_price: Option<i64>,
}

/// A contract and everything that it has to pay.
#[derive(Debug, Clone)]
pub(super) struct Contract {
    pub(super) offer: Offer,
    /// `billing` of the settings when it began.
    billing: Value,
    /// Extensions included.
    pub(super) months: i64,
    pub(super) price: i64,
    pub(super) status: &'static str,
    pub(super) payments: Vec<Payment>,
    /// Months rented, once it has ended.
    pub(super) rented: Option<i64>,
}

/// Rounded half up; nothing is negative here.
fn divided(dividend: i64, divisor: i64) -> i64 {
    let (dividend, divisor) = (i128::from(dividend), i128::from(divisor));
    i64::try_from((2 * dividend + divisor) / (2 * divisor)).expect("an amount")
}

fn text<'a>(settings: &'a Value, pointer: &str) -> &'a str {
    settings
        .pointer(pointer)
        .and_then(Value::as_str)
        .expect(pointer)
}

pub(super) fn flag(settings: &Value, pointer: &str) -> bool {
    settings
        .pointer(pointer)
        .and_then(Value::as_bool)
        .expect(pointer)
}

/// A percentage in hundredths, or an amount in minor units where there are `units` in a major one.
fn amount(settings: &Value, pointer: &str, units: i64) -> i64 {
    let number = settings.pointer(pointer).and_then(Value::as_f64);
    (number.expect(pointer) * units as f64).round() as i64
}

/// Net, tax and gross of a price, and the rate in hundredths of a percent.
fn taxed(settings: &Value, price: i64) -> ([i64; 3], i64) {
    if !flag(settings, "/taxes/enabled") {
        return ([price, 0, price], 0);
    }
    let rate = amount(settings, "/taxes/defaultRate", 100);
    match text(settings, "/taxes/calculation") {
        "exclusive" => {
            let tax = divided(price * rate, 10_000);
            ([price, tax, price + tax], rate)
        }
        _ => {
            let net = divided(price * 10_000, 10_000 + rate);
            ([net, price - net, price], rate)
        }
    }
}

impl Contract {
    /// Schedules the whole contract.
    pub(super) fn begin(settings: &Value, offer: Offer) -> Contract {
        let mut contract = Contract {
            billing: settings["billing"].clone(),
            months: offer.months,
            price: offer.price,
            status: "active",
            payments: Vec::new(),
            rented: None,
            offer,
        };
        let count = contract.months + i64::from(contract.prorated());
        for index in 0..count {
            let price = match index {
                0 if contract.prorated() => contract.part(),
                _ if contract.prorated() && index == count - 1 => contract.price - contract.part(),
                _ => contract.price,
            };
            let setup_fee = if index == 0 {
                contract.offer.setup_fee
            } else {
                0
            };
            contract.schedule(settings, index, price + setup_fee);
        }
        if contract.first_payment() == "collected_externally" {
            contract.payments[0].status = "paid";
        }
        contract
    }

    /// Adds months at a price, in the same rhythm.
    pub(super) fn extend(&mut self, settings: &Value, months: i64, price: i64) {
        for _ in 0..months {
            let count = self
                .payments
                .iter()
                .filter(|it| it.period.is_some())
                .count();
            let index = i64::try_from(count).expect("a few");
            self.schedule(settings, index, price);
        }
        self.months += months;
        self.price = price;
    }

    /// Ends it: what has begun stays as it is, what is pending for later is not owed any more.
    pub(super) fn end(&mut self, settings: &Value, today: Number, status: &'static str) {
        let begun = self.begun(today);
        let down = text(settings, "/fees/partialMonthRounding") == "down";
        // A month is over with its last day.
        let whole = (self.begun(today + 1) - 1).max(0);
        self.end_after(today, status, if down { whole } else { begun });
    }

    fn end_after(&mut self, today: Number, status: &'static str, rented: i64) {
        self.status = status;
        self.rented = Some(rented);
        for payment in &mut self.payments {
            let later = payment.period.is_some_and(|(first, _)| first > today);
            if later && payment.status == "pending" {
                payment.status = "cancelled";
            }
        }
    }

    /// What happens by itself once the last day has passed.
    pub(super) fn settle(&mut self, settings: &Value, today: Number) {
        while self.status == "active" && self.last_day() < today {
            match text(settings, "/contractEnd/behaviour") {
                "auto_terminate" => self.end_after(today, "ended_completed", self.months),
                "auto_renew_monthly" => self.extend(settings, 1, self.price),
                "auto_renew_same_term" => self.extend(settings, self.offer.months, self.price),
                _ => return,
            }
        }
    }

    /// A payment that happens once, today.
    pub(super) fn once(&mut self, settings: &Value, today: Number, kind: &str, price: i64) {
        let (amounts, rate) = taxed(settings, price);
        self.payments.push(Payment {
            key: format!("{}:{kind}", days::month(today)),
            due: today,
            billing_period: days::month(today),
            period: None,
            amounts,
            rate,
            status: "pending",
        });
    }

    /// The price of a buyout today: what is to come, and what the device is worth.
    pub(super) fn buyout(&self, settings: &Value, today: Number, units: i64) -> [i64; 2] {
        let to_come = self.to_come(settings, today);
        let estimated = flag(settings, "/buyout/allowRrpEstimation");
        let list_price = match self.offer.list_price {
            Some(price) => price,
            None if estimated => self.offer.months * self.price,
            None => 0,
        };
        let percent = amount(settings, "/buyout/rrpPercent", 100);
        let share = divided(list_price * percent, 10_000);
        match text(settings, "/buyout/method") {
            "flat_fee" => [0, amount(settings, "/buyout/flatFee", units)],
            "remaining_months" => [to_come, 0],
            "rrp_percentage" => [0, share],
            _ => [to_come, share],
        }
    }

    /// The fee of an early return today.
    pub(super) fn return_fee(&self, settings: &Value, today: Number, units: i64) -> i64 {
        let grace = amount(settings, "/earlyReturn/gracePeriodDays", 1);
        if grace > 0 && today - self.offer.start <= grace {
            return 0;
        }
        let penalty = amount(settings, "/earlyReturn/penaltyPercent", 100);
        match text(settings, "/earlyReturn/method") {
            "flat_fee" => amount(settings, "/earlyReturn/flatFee", units),
            "remaining_months" => divided(self.to_come(settings, today) * penalty, 10_000),
            _ => 0,
        }
    }

    /// The last day.
    pub(super) fn last_day(&self) -> Number {
        days::months_later(self.offer.start, self.months) - 1
    }

    /// What was paid, net.
    pub(super) fn collected(&self) -> i64 {
        let paid = self.payments.iter().filter(|it| it.status == "paid");
        paid.map(|payment| payment.amounts[0]).sum()
    }

    /// When the next payment is due.
    pub(super) fn next_due(&self) -> Option<Number> {
        let pending = self.payments.iter().filter(|it| it.status == "pending");
        pending.map(|payment| payment.due).min()
    }

    /// Months that have begun.
    fn begun(&self, today: Number) -> i64 {
        (0..)
            .find(|k| days::months_later(self.offer.start, *k) > today)
            .expect("months go on")
    }

    /// What is pending for periods to come, net, and the period in progress where the settings charge it.
    fn to_come(&self, settings: &Value, today: Number) -> i64 {
        let charged = flag(settings, "/fees/chargeCurrentMonth") && today <= self.last_day();
        let counts = |payment: &&Payment| match payment.period {
            Some((first, _)) if first > today => payment.status == "pending",
            Some((_, last)) => charged && today <= last && payment.status != "cancelled",
            None => false,
        };
        let counted = self.payments.iter().filter(counts);
        counted.map(|payment| payment.amounts[0]).sum()
    }

    fn schedule(&mut self, settings: &Value, index: i64, price: i64) {
        let (billed, first, last) = self.days_of(index);
        let terms = match text(&self.billing, "/paymentTerms") {
            "net_7" => 7,
            "net_14" => 14,
            "net_30" => 30,
            _ => 0,
        };
        let due = billed + if self.offer.business { terms } else { 0 };
        let key = match text(&self.billing, "/cycle") {
            "every_30_days" => days::text(due),
            _ if self.early() && index == 0 => format!("{}:first", days::month(billed)),
            _ => days::month(billed),
        };
        let (amounts, rate) = taxed(settings, price);
        self.payments.push(Payment {
            key,
            due,
            billing_period: days::month(billed),
            period: Some((first, last)),
            amounts,
            rate,
            status: "pending",
        });
    }

    /// When the payment at a place in the schedule is billed, and the first and last day that it pays for.
    fn days_of(&self, index: i64) -> (Number, Number, Number) {
        let start = self.offer.start;
        let month = |k| days::months_later(start, k);
        let cycle = |k| days::months_later(self.cycle_day(), k);
        let option = self.offer.option.unwrap_or(text(&self.billing, "/start"));
        match (text(&self.billing, "/cycle"), option) {
            ("every_30_days", option) => {
                let first = match option {
                    "immediate" => start,
                    "first_of_next_month" => days::next_month(start),
                    _ => month(1),
                };
                let period = start + 30 * index;
                (first + 30 * index, period, period + 29)
            }
            ("fixed_day", _) if self.first_payment() == "free_until_cycle" => {
                (cycle(index), cycle(index), cycle(index + 1) - 1)
            }
            ("fixed_day", _) if self.prorated() => {
                let rest = self.offer.months;
                let billed = if index == 0 { start } else { cycle(index - 1) };
                // The contract may be over before its rest is due: that pays for the last day.
                let over = month(rest);
                match index {
                    0 => (billed, start, cycle(0) - 1),
                    _ if index < rest => (billed, billed, cycle(index) - 1),
                    _ if index == rest => (billed, billed.min(over - 1), over - 1),
                    _ => (billed, month(index - 1), month(index) - 1),
                }
            }
            ("fixed_day", _) => {
                let early = i64::from(self.early());
                let billed = if index < early {
                    start
                } else {
                    cycle(index - early)
                };
                (billed, month(index), month(index + 1) - 1)
            }
            (_, option) => {
                let billed = match option {
                    "immediate" => month(index),
                    "first_of_next_month" => days::months_later(days::next_month(start), index),
                    _ => month(index + 1),
                };
                (billed, month(index), month(index + 1) - 1)
            }
        }
    }

    fn first_payment(&self) -> &str {
        text(&self.billing, "/firstPayment")
    }

    /// First day of the fixed cycle.
    fn cycle_day(&self) -> Number {
        let day = self.billing["dayOfMonth"].as_i64().expect("a day");
        days::first_on(day, self.offer.start)
    }

    /// Whether a first payment is due before the fixed cycle begins.
    fn early(&self) -> bool {
        text(&self.billing, "/cycle") == "fixed_day"
            && self.first_payment() != "free_until_cycle"
            && self.cycle_day() != self.offer.start
    }

    fn prorated(&self) -> bool {
        self.early() && self.first_payment() == "prorated"
    }

    /// The share of a month's price for the days before the cycle.
    fn part(&self) -> i64 {
        let days = self.cycle_day() - self.offer.start;
        divided(self.price * days, days::month_length(self.offer.start))
    }
}
