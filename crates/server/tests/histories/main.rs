//! What real servers answer to a crowd is what one caller after the other could have heard: the
//! histories are recorded over HTTP and checked for linearisability.
//!
//! `HISTORY_OPERATIONS=100000` asks for more, `HISTORY_SEED=…` for the same choices again.

#![allow(unreachable_pub, reason = "the files of one test")]

mod crowd;
mod postgres;
mod shop;
#[path = "../support/mod.rs"]
mod support;
mod wire;

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use deletion_spec::{Answer, Call, History, Operation};

use shop::Shop;
use support::Folder;

/// Requests unless asked otherwise: what takes a debug build well under a minute.
const ON_SQLITE: usize = 10_000;

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    let number = text.parse();
    Some(number.unwrap_or_else(|_| panic!("`{variable}` is not a number: `{text}`")))
}

fn seed() -> u64 {
    number("HISTORY_SEED").unwrap_or_else(|| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        now.expect("after 1970").as_millis() as u64 % 1_000_000_000
    })
}

/// Records a history over `database` and checks it.
async fn is_linearisable(name: &str, database: &str, servers: usize, operations: usize) {
    let asked = number("HISTORY_OPERATIONS").map(usize::try_from);
    let operations = asked.map_or(operations, |count| count.expect("a number that fits"));
    let seed = seed();
    println!("{name}: HISTORY_SEED={seed} HISTORY_OPERATIONS={operations}");
    let shop = Shop::open(database, servers).await;
    let history = crowd::record(shop, seed, operations).await;
    summarise(name, &history);
    match history.check() {
        Ok(checked) => println!(
            "{name}: {} operations explained, {} choices",
            checked.calls, checked.configurations
        ),
        Err((customer, violation)) => panic!("{name}, customer {customer}: {violation}"),
    }
}

/// Counts by operation and outcome, and how much happened at the same time.
fn summarise(name: &str, history: &History) {
    let mut counts: BTreeMap<(String, u16, String), usize> = BTreeMap::new();
    for call in history.customers.values().flatten() {
        let operation = format!("{:?}", call.operation);
        let operation = operation.split(['(', ' ']).next().unwrap_or_default();
        let (status, code) = match call.outcome {
            Some((_, answer @ (Answer::Refused(code) | Answer::Blocked(code, _)))) => {
                (answer.status(), code.as_str())
            }
            Some((_, answer)) => (answer.status(), ""),
            None => (0, "unknown"),
        };
        *counts
            .entry((operation.to_owned(), status, code.to_owned()))
            .or_default() += 1;
    }
    for ((operation, status, code), count) in counts {
        println!("{count:>8}  {operation} {status} {code}");
    }
    println!(
        "{name}: {} customers, {} operations, {} of them while another of the same customer ran",
        history.customers.len(),
        history.len(),
        history.overlapping()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_is_linearisable() {
    let folder = Folder::new();
    is_linearisable("SQLite", &folder.database(), 1, ON_SQLITE).await;
}

/// A recorder that lies about one request in two thousand is found out.
#[tokio::test(flavor = "multi_thread")]
async fn one_false_answer_among_all_is_found() {
    let folder = Folder::new();
    let shop = Shop::open(&folder.database(), 1).await;
    let history = crowd::record(shop, seed(), 2_000).await;
    history.check().expect("as recorded, it is right");

    // A deletion that was refused, and that nothing else met, is said to have succeeded.
    let blocked = |call: &Call| matches!(call.outcome, Some((_, Answer::Blocked(..))));
    is_noticed(&history, blocked, |_| Answer::Done);
    // A read shows what an earlier one has shown, as a cache would.
    let read = |call: &Call| match call.outcome {
        Some((_, Answer::Shown(profile))) => profile.orders > 0,
        _ => false,
    };
    is_noticed(&history, read, |answer| match answer {
        Answer::Shown(mut profile) => {
            profile.orders -= 1;
            Answer::Shown(profile)
        }
        other => other,
    });
    // An event is announced twice.
    let audit = |call: &Call| match call.outcome {
        Some((_, Answer::Audited(audit))) => audit.events.deactivated > 0,
        _ => false,
    };
    is_noticed(&history, audit, |answer| match answer {
        Answer::Audited(mut audit) => {
            audit.events.deactivated += 1;
            Answer::Audited(audit)
        }
        other => other,
    });
    // An acknowledged order never was.
    let mut lost = history.clone();
    let placed = |call: &Call| matches!(call.outcome, Some((_, Answer::OrderPlaced(_))));
    let calls = lost.customers.values_mut();
    let (calls, index) = calls
        .filter_map(|calls| {
            let confirmed = calls.iter().find_map(|call| match call.operation {
                Operation::ConfirmOrder(id) if is_done(call) => Some(id),
                _ => None,
            })?;
            let made = |call: &Call| {
                placed(call) && call.outcome.map(|it| it.1) == Some(Answer::OrderPlaced(confirmed))
            };
            let mut made = (0..calls.len()).filter(|index| made(&calls[*index]));
            let index = made.next()?;
            made.next().is_none().then_some((calls, index))
        })
        .next()
        .expect("some order was confirmed");
    calls.remove(index);
    lost.check().expect_err("an order came from nowhere");
}

fn is_done(call: &Call) -> bool {
    matches!(call.outcome, Some((_, Answer::Done)))
}

/// Changes the answer of one request, and sees that the check fails there. What runs at the same time may
/// explain a false answer, so the requests that met the fewest others come first; on a busy machine none
/// runs alone.
fn is_noticed(
    history: &History,
    wanted: impl Fn(&Call) -> bool,
    change: impl Fn(Answer) -> Answer,
) {
    let met = |calls: &[Call], index: usize| {
        let others = calls.iter().enumerate();
        others
            .filter(|(other, call)| *other != index && call.overlaps(&calls[index]))
            .count()
    };
    let mut candidates: Vec<_> = history
        .customers
        .iter()
        .flat_map(|(customer, calls)| {
            let found = (0..calls.len()).filter(|index| wanted(&calls[*index]));
            found.map(|index| (met(calls, index), *customer, index))
        })
        .collect();
    candidates.sort_unstable();
    let noticed = candidates.iter().take(20).any(|(_, customer, index)| {
        let mut planted = history.clone();
        let calls = planted.customers.get_mut(customer).expect("just found");
        let (time, answer) = calls[*index].outcome.expect("all are answered");
        calls[*index].outcome = Some((time, change(answer)));
        let Err((found, violation)) = planted.check() else {
            return false;
        };
        assert_eq!(found, *customer);
        println!("{violation}\n");
        true
    });
    assert!(noticed, "none of {} false answers", candidates.len());
}
