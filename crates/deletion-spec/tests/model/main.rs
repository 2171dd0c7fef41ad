//! The protocol by which deletion and its competitors meet in the database, checked in every
//! interleaving of their statements, and compared with the specification.
//!
//! On SQLite there is one writer ([`Engine::Serial`]). On PostgreSQL there is nothing but locks
//! ([`Engine::ReadCommitted`]), which every write takes in one order and keeps to its end: the
//! tenant, exclusively if the catalogue is to be changed; the row of the customer; those of
//! devices. What a rule decides on it reads under the lock. A device is looked at to learn who has
//! it, and if somebody else has it once both are locked, the transaction starts again. So nobody
//! ever waits in a circle, which is a property below.
//!
//! `MODEL_CASES=all cargo test --release -p deletion-spec --test model` leaves no case of three
//! requests or of a crash out.

#![allow(unreachable_pub, reason = "the files of one test")]

mod cases;
mod program;
mod request;
mod system;
mod tables;
mod transaction;

use std::collections::BTreeMap;

use deletion_spec::{Device, Operation};
use stateright::{Checker, HasDiscoveries, Model};

use program::Fault;
use request::Request;
use system::{CATALOGUE, COUNTERS, Case, EVENTS, INVARIANT, PROGRESS, SERIAL, System};
use transaction::Engine::{self, ReadCommitted, Serial};

const ENGINES: [Engine; 2] = [Serial, ReadCommitted];

const PROPERTIES: [&str; 6] = [INVARIANT, COUNTERS, EVENTS, CATALOGUE, SERIAL, PROGRESS];

/// Of the cases of three requests, one in so many is checked unless all are asked for. A prime,
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

fn holds(engine: Engine, crashes: bool, cases: Vec<Case>) {
    let system = System {
        engine,
        fault: Fault::None,
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
fn breaks(engine: Engine, fault: Fault, crashes: bool, cases: Vec<Case>, expected: &[&str]) {
    let system = System {
        engine,
        fault,
        crashes,
        cases,
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

/// Two requests at a time, one of which is as told.
fn pairs_with(wanted: impl Fn(&Request) -> bool) -> Vec<Case> {
    let mut cases = cases::pairs();
    cases.retain(|case| case.requests.iter().any(&wanted));
    cases
}

#[test]
fn any_two_requests_with_one_writer() {
    holds(Serial, false, cases::pairs());
}

#[test]
fn any_two_requests_with_locks() {
    holds(ReadCommitted, false, cases::pairs());
}

#[test]
fn any_two_requests_and_a_crash() {
    for engine in ENGINES {
        holds(engine, true, cases::with_deletion());
        holds(engine, true, sampled(cases::pairs()));
    }
}

#[test]
fn deletion_and_any_two_others_with_one_writer() {
    let cases = sampled(cases::with_deletion_in_threes());
    holds(Serial, false, cases);
}

#[test]
fn deletion_and_any_two_others_with_locks() {
    let cases = sampled(cases::with_deletion_in_threes());
    holds(ReadCommitted, false, cases);
}

#[test]
fn any_request_while_a_device_comes_and_goes() {
    for engine in ENGINES {
        holds(engine, false, sampled(cases::with_handing_out()));
    }
}

#[test]
fn three_first_orders_make_one_customer() {
    for engine in ENGINES {
        holds(engine, true, cases::first_orders());
    }
}

#[test]
fn an_order_without_the_lock_is_found() {
    for fault in [Fault::OrderWithoutLock, Fault::CheckBeforeLock] {
        let cases = cases::with_deletion();
        breaks(ReadCommitted, fault, false, cases, &[SERIAL]);
    }
}

#[test]
fn an_order_that_is_not_read_again_is_found() {
    let confirms = |request: &Request| matches!(request, Request::Of(Operation::ConfirmOrder(_)));
    let (fault, cases) = (Fault::OrderSeenOnce, pairs_with(confirms));
    breaks(ReadCommitted, fault, false, cases, &[COUNTERS, SERIAL]);
}

#[test]
fn a_device_handed_out_without_its_lock_is_found() {
    let taken_away = Request::Of(Operation::UpdateAsset(cases::SPARE, Device::Unavailable));
    let (fault, cases) = (
        Fault::HandedOutUnlocked,
        pairs_with(|request| *request == taken_away),
    );
    breaks(ReadCommitted, fault, false, cases, &[SERIAL]);
}

#[test]
fn a_holder_that_is_not_looked_at_again_is_found() {
    // Notes can be written of a device that is rented out, so it is counted twice as not returned
    // when its subscription ends meanwhile; or a note is lost to the return.
    let mut cases = cases::with_handing_out();
    cases.retain(|case| matches!(case.requests[0], Request::NoteAsset(_)));
    let (fault, expected) = (Fault::HolderSeenOnce, [COUNTERS, SERIAL]);
    breaks(ReadCommitted, fault, false, cases, &expected);
}

#[test]
fn a_catalogue_changed_beside_other_writes_is_found() {
    let cases = pairs_with(|request| *request == Request::RetireVariant);
    let (fault, expected) = (Fault::CatalogueShared, [CATALOGUE, SERIAL]);
    breaks(ReadCommitted, fault, false, cases, &expected);
}

#[test]
fn locks_in_another_order_are_found() {
    let cancels =
        |request: &Request| matches!(request, Request::Of(Operation::CancelSubscription(_)));
    let (fault, cases) = (Fault::LockedLate, pairs_with(cancels));
    breaks(ReadCommitted, fault, false, cases, &[PROGRESS]);
    let returns = |request: &Request| {
        matches!(
            request,
            Request::Of(Operation::UpdateAsset(_, Device::Returned))
        )
    };
    let (fault, cases) = (Fault::AssetBeforeHolder, pairs_with(returns));
    breaks(ReadCommitted, fault, false, cases, &[PROGRESS]);
}

#[test]
fn a_forgotten_counter_is_found() {
    for engine in ENGINES {
        let (fault, cases) = (Fault::CounterForgotten, cases::with_deletion());
        let expected = [COUNTERS, INVARIANT, SERIAL];
        breaks(engine, fault, false, cases, &expected);
    }
}

#[test]
fn an_event_outside_of_the_transaction_is_found() {
    for engine in ENGINES {
        let (fault, cases) = (Fault::EventOutside, cases::with_deletion());
        breaks(engine, fault, true, cases, &[EVENTS, SERIAL]);
    }
}

#[test]
fn a_deletion_that_looks_only_before_it_changes_is_found() {
    // The CHECK of the table saves the invariant, not the answers.
    let (fault, cases) = (Fault::DeleteReadsFirst, cases::with_deletion());
    breaks(ReadCommitted, fault, false, cases, &[EVENTS, SERIAL]);
    let (fault, cases) = (Fault::DeleteUnchecked, cases::with_deletion());
    let expected = [EVENTS, SERIAL, INVARIANT];
    breaks(ReadCommitted, fault, false, cases, &expected);
}

#[test]
fn an_answer_before_the_commit_is_found() {
    for engine in ENGINES {
        let (fault, cases) = (Fault::AcknowledgedEarly, cases::with_deletion());
        breaks(engine, fault, true, cases, &[SERIAL]);
    }
}
