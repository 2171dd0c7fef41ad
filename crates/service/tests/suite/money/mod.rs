//! Random contracts over their whole life, each worked out a second time by a plain calculation
//! ([`owed`]): what it owes, for which days, due when, and in which state every payment is.
//!
//! `MONEY_CONTRACTS=10000` makes a run longer, `MONEY_SEED` gives it other contracts.

mod days;
mod life;
mod owed;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use serde_json::{Value, json};

use crate::suite::support::{App, Random};
use life::{Life, Office};

/// Contracts of one tenant, whose lives overlap.
const TOGETHER: usize = 20;

/// Contracts of a test.
const CONTRACTS: usize = 160;

/// Time zones without summer time, and their seconds before UTC.
const ZONES: [(&str, i64); 3] = [
    ("UTC", 0),
    ("Asia/Dubai", 4 * 3_600),
    ("Pacific/Honolulu", -10 * 3_600),
];

#[tokio::test]
async fn contracts_in_euros_owe_what_a_plain_calculation_says() {
    run(0x00E0_2026, &[("EUR", 100)]).await;
}

#[tokio::test]
async fn contracts_in_yen_and_dinars_owe_what_a_plain_calculation_says() {
    run(0x001E_2027, &[("JPY", 1), ("KWD", 1_000)]).await;
}

fn from_environment<T: std::str::FromStr>(name: &str) -> Option<T> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name}={text} is no number")),
    )
}

async fn run(seed: u64, currencies: &[(&str, i64)]) {
    let contracts = from_environment("MONEY_CONTRACTS").unwrap_or(CONTRACTS);
    let seed = from_environment("MONEY_SEED").unwrap_or(seed);
    let mut ends = std::collections::BTreeMap::new();
    for batch in 0..contracts.div_ceil(TOGETHER) as u64 {
        // Each batch can be repeated alone.
        let told = Told(seed + batch);
        let random = Random::new(seed + batch);
        for status in together(random, currencies).await {
            *ends.entry(status).or_insert(0) += 1;
        }
        drop(told);
    }
    println!("seed {seed}: {ends:?}");
    // What is claimed of every end has been seen of every end.
    for status in [
        "active",
        "cancelled",
        "ended_buyout",
        "ended_completed",
        "ended_early_return",
        "ended_upgrade",
    ] {
        assert!(ends.contains_key(status), "no contract is `{status}`");
    }
}

/// Says which contracts failed.
struct Told(u64);

impl Drop for Told {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!(
                "to repeat it alone: MONEY_CONTRACTS=1 MONEY_SEED={}",
                self.0
            );
        }
    }
}

/// The lives of some contracts of one tenant, day by day; gives the state each is in at last.
async fn together(mut random: Random, currencies: &[(&str, i64)]) -> Vec<&'static str> {
    let &(currency, units) = random.pick(currencies);
    let &(zone, ahead) = random.pick(&ZONES);
    let app = App::start_in(currency, |it| it.localization.timezone = zone.into()).await;
    // Hours at which the day of the tenant is another one than that of UTC, and one at which it is not.
    app.advance(jiff::SignedDuration::from_hours(*random.pick(&[0, 13, 18])));
    let mut office = Office::new(&app, units, ahead, random);
    office.change_settings().await;

    // Which day who is looked at, and how often yet.
    let mut visits = BinaryHeap::new();
    for index in 0..TOGETHER {
        let day = office.today() + office.random.below(60);
        visits.push(Reverse((day, index, office.random.within(1, 6))));
    }
    let mut lives: Vec<Option<Life>> = (0..TOGETHER).map(|_| None).collect();
    while let Some(Reverse((day, index, left))) = visits.pop() {
        if day > office.today() {
            app.advance_days(day - office.today());
            if office.random.chance(10) {
                office.change_settings().await;
            }
            office.end_contracts(&mut lives).await;
        }
        let Some(life) = &mut lives[index] else {
            lives[index] = Some(office.begin(&format!("D{index}")).await);
            visits.push(Reverse((day + office.random.below(70), index, left)));
            continue;
        };
        if left > 0 {
            office.visit(life).await;
            let again = day + office.random.below(90);
            visits.push(Reverse((again, index, left - 1)));
        } else {
            office.end(life).await;
            office.check(life).await;
        }
    }
    let lives: Vec<Life> = lives.into_iter().flatten().collect();
    for life in &lives {
        office.check(life).await;
    }
    app.finish().await;
    lives.iter().flat_map(Life::statuses).collect()
}

/// Settings that money depends on; every key is set, so nothing is left to defaults.
fn settings(random: &mut Random, units: i64) -> Value {
    let fee = |random: &mut Random| random.below(50_000) as f64 / units as f64;
    let flag = |random: &mut Random, percent| random.chance(percent);
    json!({
        "taxes": {
            "enabled": flag(random, 70),
            "defaultRate": random.pick(&[0.0, 5.0, 7.0, 19.0, 20.5, 8.87, 100.0]),
            "calculation": random.pick(&["exclusive", "inclusive"]),
        },
        "billing": {
            "start": random.pick(&["immediate", "first_of_next_month", "same_day_next_month"]),
            "cycle": random.pick(&["subscription_start", "fixed_day", "fixed_day", "every_30_days"]),
            "dayOfMonth": random.pick(&[1, 2, 10, 15, 27, 28]),
            "firstPayment": random.pick(
                &["full_month", "prorated", "free_until_cycle", "collected_externally"]
            ),
            "paymentTerms": random.pick(&["due_immediately", "net_7", "net_14", "net_30"]),
        },
        "upgrades": { "enabled": flag(random, 90) },
        "buyout": {
            "enabled": flag(random, 90),
            "method": random.pick(
                &["flat_fee", "remaining_months", "rrp_percentage", "remaining_months_plus_rrp"]
            ),
            "flatFee": fee(random),
            "rrpPercent": random.pick(&[0.0, 12.5, 33.33, 50.0, 100.0]),
            "allowManualOverride": flag(random, 50),
            "allowRrpEstimation": flag(random, 50),
        },
        "earlyReturn": {
            "enabled": flag(random, 90),
            "method": random.pick(&["remaining_months", "remaining_months", "flat_fee", "no_fee"]),
            "penaltyPercent": random.pick(&[0.0, 12.5, 50.0, 99.99, 100.0]),
            "flatFee": fee(random),
            "gracePeriodDays": random.pick(&[0, 0, 14, 60]),
            "allowManualOverride": flag(random, 50),
        },
        "contractEnd": {
            "behaviour": random.pick(
                &["require_action", "auto_terminate", "auto_renew_monthly", "auto_renew_same_term"]
            ),
        },
        "fees": {
            "partialMonthRounding": random.pick(&["up", "down"]),
            "chargeCurrentMonth": flag(random, 50),
        },
    })
}
