//! The protocol by which deletion and its competitors meet in the database, checked in every
//! interleaving of their statements, and compared with the specification.
//!
//! Two walls stand between a deletion and new business: the lock of the customer's row, and the
//! engine's refusal to change what was changed since the transaction began. The first holds
//! without the second ([`Engine::ReadCommitted`]), the second without the first
//! ([`Fault::OrderWithoutLock`] on [`Engine::Snapshot`]).
//!
//! `MODEL_CASES=all cargo test --release -p protocol --test model` leaves no case of three
//! operations or of a crash out.

#![allow(unreachable_pub, reason = "the files of one test")]

mod cases;
mod program;
mod system;
mod tables;
mod transaction;

use std::collections::BTreeMap;

use protocol::{Device, Operation};
use stateright::{Checker, HasDiscoveries, Model};

use program::Fault;
use system::{COUNTERS, Case, EVENTS, INVARIANT, PROGRESS, SERIAL, System};
use transaction::Engine;

const PROPERTIES: [&str; 5] = [INVARIANT, COUNTERS, EVENTS, SERIAL, PROGRESS];

/// Of the cases of three operations, one in so many is checked unless all are asked for. A prime,
/// so that every kind of case is met.
const SAMPLE: usize = 29;

/// Visits every state that can be reached: an example for each property that does not hold.
fn explore(system: System, until: HasDiscoveries) -> BTreeMap<&'static str, String> {
    let name = format!(
        "{:?}, fault {:?}, {} cases{}",
        system.engine,
        system.fault,
        system.cases.len(),
        if system.crashes { " with crashes" } else { "" }
    );
    let cases = system.cases.clone();
    let checker = system.checker().threads(2).finish_when(until);
    let checker = checker.spawn_bfs().join();
    println!("{name}: {} states", checker.unique_state_count());
    let mut found = BTreeMap::new();
    for property in PROPERTIES {
        if let Some(path) = checker.discovery(property) {
            let state = path.last_state().clone();
            let case = &cases[state.case()];
            let steps = path.into_actions();
            found.insert(property, format!("{case:#?}\n{state:#?}\n{steps:?}"));
        }
    }
    found
}

fn holds(engine: Engine, fault: Fault, crashes: bool, cases: Vec<Case>) {
    let system = System {
        engine,
        fault,
        crashes,
        cases,
    };
    let found = explore(system, HasDiscoveries::AnyFailures);
    for (property, example) in &found {
        println!("does not hold: {property}\n{example}");
    }
    assert!(found.is_empty(), "not so: {:?}", found.keys());
}

/// `fault` breaks these properties, and no others.
fn breaks(engine: Engine, fault: Fault, crashes: bool, expected: &[&'static str]) {
    let system = System {
        engine,
        fault,
        crashes,
        cases: cases::with_deletion(),
    };
    let found = explore(system, HasDiscoveries::AllFailures);
    let mut found: Vec<_> = found.into_keys().collect();
    let mut expected = expected.to_vec();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected, "{fault:?} on {engine:?}");
}

/// All of these cases if asked for, otherwise a sample.
fn sampled(cases: Vec<Case>) -> Vec<Case> {
    match std::env::var("MODEL_CASES").as_deref() {
        Ok("all") => cases,
        _ => cases.into_iter().step_by(SAMPLE).collect(),
    }
}

/// Whether a device that nobody holds is taken out of use: the one change that takes no lock.
fn is_unlocked(operation: &Operation) -> bool {
    matches!(operation, Operation::UpdateAsset(_, Device::Unavailable))
}

fn locked_only(mut cases: Vec<Case>) -> Vec<Case> {
    cases.retain(|case| !case.operations.iter().any(is_unlocked));
    cases
}

#[test]
fn any_two_operations_with_one_writer() {
    holds(Engine::Serial, Fault::None, false, cases::pairs());
}

#[test]
fn any_two_operations_with_snapshots() {
    holds(Engine::Snapshot, Fault::None, false, cases::pairs());
}

#[test]
fn any_two_operations_and_a_crash() {
    for engine in [Engine::Serial, Engine::Snapshot] {
        holds(engine, Fault::None, true, cases::with_deletion());
        holds(engine, Fault::None, true, sampled(cases::pairs()));
    }
}

#[test]
fn deletion_and_any_two_others_with_one_writer() {
    let cases = sampled(cases::with_deletion_in_threes());
    holds(Engine::Serial, Fault::None, false, cases);
}

#[test]
fn deletion_and_any_two_others_with_snapshots() {
    let cases = sampled(cases::with_deletion_in_threes());
    holds(Engine::Snapshot, Fault::None, false, cases);
}

#[test]
fn three_first_orders_make_one_customer() {
    for engine in [Engine::Serial, Engine::Snapshot, Engine::ReadCommitted] {
        holds(engine, Fault::None, true, cases::first_orders());
    }
}

#[test]
fn locks_suffice_where_nothing_else_keeps_transactions_apart() {
    let engine = Engine::ReadCommitted;
    let pairs = locked_only(cases::pairs());
    holds(engine, Fault::None, false, pairs);
    let threes = locked_only(cases::with_deletion_in_threes());
    holds(engine, Fault::None, false, sampled(threes));
}

#[test]
fn a_device_that_nobody_holds_needs_snapshots() {
    let mut cases = cases::pairs();
    cases.retain(|case| case.operations.iter().any(is_unlocked));
    let system = System {
        engine: Engine::ReadCommitted,
        fault: Fault::None,
        crashes: false,
        cases: cases.clone(),
    };
    let found = explore(system, HasDiscoveries::AnyFailures);
    // Handed out and taken out of use, both acknowledged.
    assert_eq!(found.keys().copied().collect::<Vec<_>>(), [SERIAL]);
    holds(Engine::Snapshot, Fault::None, false, cases);
}

#[test]
fn an_order_without_the_lock_is_found() {
    breaks(
        Engine::ReadCommitted,
        Fault::OrderWithoutLock,
        false,
        &[SERIAL],
    );
}

#[test]
fn an_order_checked_before_the_lock_is_found() {
    breaks(
        Engine::ReadCommitted,
        Fault::CheckBeforeLock,
        false,
        &[SERIAL],
    );
}

#[test]
fn snapshots_make_up_for_a_missing_lock() {
    for fault in [Fault::OrderWithoutLock, Fault::CheckBeforeLock] {
        holds(Engine::Snapshot, fault, true, cases::with_deletion());
    }
}

#[test]
fn a_forgotten_counter_is_found() {
    for engine in [Engine::Serial, Engine::Snapshot, Engine::ReadCommitted] {
        let expected = [COUNTERS, INVARIANT, SERIAL];
        breaks(engine, Fault::CounterForgotten, false, &expected);
    }
}

#[test]
fn an_event_outside_of_the_transaction_is_found() {
    for engine in [Engine::Serial, Engine::Snapshot, Engine::ReadCommitted] {
        breaks(engine, Fault::EventOutside, true, &[EVENTS, SERIAL]);
    }
}

#[test]
fn a_deletion_that_looks_only_before_it_changes_is_found() {
    // The CHECK of the table saves the invariant, not the answers.
    let expected = [EVENTS, SERIAL];
    breaks(Engine::Snapshot, Fault::DeleteReadsFirst, false, &expected);
    let expected = [EVENTS, SERIAL, INVARIANT];
    breaks(Engine::Snapshot, Fault::DeleteUnchecked, false, &expected);
}

#[test]
fn an_answer_before_the_commit_is_found() {
    for engine in [Engine::Serial, Engine::Snapshot, Engine::ReadCommitted] {
        breaks(engine, Fault::AcknowledgedEarly, true, &[SERIAL]);
    }
}

#[test]
fn locks_in_another_order_are_found() {
    // Two of these and an extension wait for each other for ever.
    let mut cases = cases::pairs();
    cases.retain(|case| {
        let mut operations = case.operations.iter();
        operations.any(|it| matches!(it, Operation::CancelSubscription(_)))
    });
    let system = System {
        engine: Engine::ReadCommitted,
        fault: Fault::LockedLate,
        crashes: false,
        cases,
    };
    let found = explore(system, HasDiscoveries::AllFailures);
    assert!(found.contains_key(PROGRESS));
}
