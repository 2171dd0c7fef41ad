//! The checker accepts what a right server could have answered, and nothing else.

use deletion_spec::{
    Answer, Audit, Call, Code, Customer, DeviceId, Events, History, Operation, OrderId, Profile,
    Random, Status, SubscriptionId, apply, check, history,
};

/// Requests one after the other, with these answers.
fn in_turn(calls: &[(Operation, Answer)]) -> Vec<Call> {
    let times = (0..).step_by(10);
    let calls = calls.iter().zip(times);
    calls
        .map(|((operation, answer), time)| Call {
            operation: *operation,
            sent: time,
            outcome: Some((time + 5, *answer)),
        })
        .collect()
}

fn order(shape: u32) -> Operation {
    Operation::CreateOrder { shape, quantity: 1 }
}

fn placed(id: u32) -> Answer {
    Answer::OrderPlaced(OrderId(id))
}

fn shown(status: Status, phone: u32, orders: u32) -> Answer {
    Answer::Shown(Profile {
        status,
        phone,
        orders,
        subscriptions: 0,
        active_subscriptions: 0,
    })
}

fn audited(status: Status, deactivated: u32, reactivated: u32) -> Answer {
    Answer::Audited(Audit {
        status,
        open_orders: 0,
        active_subscriptions: 0,
        devices_out: 0,
        events: Events {
            deactivated,
            reactivated,
        },
    })
}

/// A customer that exists and has nothing open.
fn settled() -> Vec<(Operation, Answer)> {
    vec![
        (order(1), placed(1)),
        (Operation::CancelOrder(OrderId(1)), Answer::Done),
    ]
}

#[test]
fn a_deletion_despite_an_acknowledged_order_is_refused() {
    let mut calls = settled();
    calls.extend([
        (order(2), placed(2)),
        (Operation::DeleteCustomer, Answer::Done),
        (Operation::GetCustomer, shown(Status::Inactive, 0, 2)),
    ]);
    let violation = check(&in_turn(&calls)).expect_err("a violation");
    // The shortest part ends with the deletion.
    assert_eq!(violation.prefix.len(), 4);
    assert_eq!(violation.wrong, 3);
    let possible = [Answer::Blocked(Code::PendingOrders, 1)];
    assert_eq!(violation.possible, possible);
    assert_eq!(
        violation.to_string(),
        "no order of 4 requests explains the last answer
             0 – 5            CreateOrder { shape: 1, quantity: 1 }: OrderPlaced(order 1)
            10 – 15           CancelOrder(order 1): Done
            20 – 25           CreateOrder { shape: 2, quantity: 1 }: OrderPlaced(order 2)
>           30 – 35           DeleteCustomer: Done
possible: [Blocked(PendingOrders, 1)]"
    );
}

#[test]
fn an_order_and_a_deletion_at_once_exclude_each_other() {
    let both = |deleted, ordered| {
        let mut calls = in_turn(&settled());
        calls.push(Call {
            operation: Operation::DeleteCustomer,
            sent: 100,
            outcome: Some((200, deleted)),
        });
        calls.push(Call {
            operation: order(2),
            sent: 101,
            outcome: Some((199, ordered)),
        });
        check(&calls).is_ok()
    };
    let (inactive, blocked) = (
        Answer::Refused(Code::CustomerInactive),
        Answer::Blocked(Code::PendingOrders, 1),
    );
    assert!(both(Answer::Done, inactive));
    assert!(both(blocked, placed(2)));
    assert!(!both(Answer::Done, placed(2)));
    assert!(!both(blocked, inactive));
}

#[test]
fn a_lost_update_is_refused() {
    let mut calls = settled();
    calls.extend([
        (Operation::SetPhone(1), Answer::Done),
        (Operation::SetPhone(2), Answer::Done),
        (Operation::GetCustomer, shown(Status::Active, 1, 1)),
    ]);
    assert!(check(&in_turn(&calls)).is_err());
    calls[4].1 = shown(Status::Active, 2, 1);
    assert!(check(&in_turn(&calls)).is_ok());
}

#[test]
fn a_stale_read_is_refused_and_an_overtaken_one_is_not() {
    let mut calls = settled();
    calls.extend([
        (Operation::DeleteCustomer, Answer::Done),
        (Operation::GetCustomer, shown(Status::Active, 0, 1)),
    ]);
    let mut calls = in_turn(&calls);
    assert!(check(&calls).is_err());
    // Sent while the deletion was under way.
    calls[3].sent = calls[2].sent + 1;
    assert!(check(&calls).is_ok());
}

#[test]
fn two_events_of_one_deletion_are_refused() {
    let mut calls = settled();
    calls.extend([
        (Operation::DeleteCustomer, Answer::Done),
        (Operation::DeleteCustomer, Answer::Done),
        (Operation::Audit, audited(Status::Inactive, 2, 0)),
    ]);
    assert!(check(&in_turn(&calls)).is_err());
    calls[4].1 = audited(Status::Inactive, 1, 0);
    assert!(check(&in_turn(&calls)).is_ok());
}

#[test]
fn one_device_for_two_subscriptions_is_refused() {
    let subscribe = |order| Operation::CreateSubscription {
        order: OrderId(order),
        device: DeviceId(1),
        over: false,
        months: 12,
    };
    let calls = in_turn(&[
        (order(1), placed(1)),
        (order(2), placed(2)),
        (Operation::ConfirmOrder(OrderId(1)), Answer::Done),
        (Operation::ConfirmOrder(OrderId(2)), Answer::Done),
        (subscribe(1), Answer::SubscriptionStarted(SubscriptionId(1))),
        (subscribe(2), Answer::SubscriptionStarted(SubscriptionId(2))),
    ]);
    let violation = check(&calls).expect_err("a violation");
    assert_eq!(
        violation.possible,
        [Answer::Refused(Code::AssetNotAvailable)]
    );
}

#[test]
fn one_name_for_two_orders_is_refused() {
    let calls = in_turn(&[(order(1), placed(1)), (order(2), placed(1))]);
    assert!(check(&calls).is_err());
    let repeated = in_turn(&[(order(1), placed(1)), (order(1), placed(1))]);
    assert!(check(&repeated).is_ok());
}

#[test]
fn an_unheard_request_may_have_happened_or_not_but_not_both() {
    let with = |answers: &[(Operation, Answer)]| {
        let mut calls = in_turn(&settled());
        calls.push(Call {
            operation: Operation::DeleteCustomer,
            sent: 20,
            outcome: None,
        });
        let mut rest = in_turn(answers);
        for call in &mut rest {
            call.sent += 100;
            call.outcome = call.outcome.map(|(time, answer)| (time + 100, answer));
        }
        calls.extend(rest);
        check(&calls).is_ok()
    };
    let read = |status| (Operation::GetCustomer, shown(status, 0, 1));
    assert!(with(&[read(Status::Active)]));
    assert!(with(&[read(Status::Inactive)]));
    // Even later than the next request.
    assert!(with(&[read(Status::Active), read(Status::Inactive)]));
    assert!(!with(&[read(Status::Inactive), read(Status::Active)]));
}

#[test]
fn an_unheard_order_is_known_by_the_answer_to_its_repeat() {
    let mut calls = in_turn(&[
        (order(1), placed(1)),
        (order(1), placed(1)),
        (order(2), placed(2)),
    ]);
    // Only the repeat was heard.
    calls[0].outcome = None;
    assert!(check(&calls).is_ok());
    let shown = Call {
        operation: Operation::GetCustomer,
        sent: 90,
        outcome: Some((95, shown(Status::Active, 0, 3))),
    };
    calls.push(shown);
    assert!(check(&calls).is_err());
}

#[test]
fn what_the_specification_answers_is_accepted() {
    for seed in 0..60 {
        let mut random = Random::new(seed);
        let clients = 1 + random.below(8);
        let calls = history(&mut random, clients, 600, 0);
        if let Err(violation) = check(&calls) {
            panic!("seed {seed}, {clients} clients: {violation}");
        }
    }
}

#[test]
fn what_the_specification_answers_is_accepted_with_failing_connections() {
    for seed in 0..60 {
        let mut random = Random::new(seed);
        let clients = 1 + random.below(5);
        let calls = history(&mut random, clients, 300, 1);
        if let Err(violation) = check(&calls) {
            panic!("seed {seed}, {clients} clients: {violation}");
        }
    }
}

#[test]
fn a_long_history_of_many_clients_is_accepted() {
    let calls = history(&mut Random::new(7), 8, 5_000, 0);
    let checked = check(&calls).expect("right");
    println!("{checked:?}");
    assert_eq!(checked.calls, 5_000);
}

/// With one client every answer is determined, so that any other is wrong.
#[test]
fn any_other_answer_is_refused() {
    let mut refused = 0;
    for seed in 0..300 {
        let mut random = Random::new(seed);
        let mut calls = history(&mut random, 1, 120, 0);
        let index = random.below(calls.len());
        let (time, answer) = calls[index].outcome.expect("all are answered");
        let other = match answer {
            Answer::Done => Answer::Refused(Code::CustomerInactive),
            Answer::Shown(profile) => Answer::Shown(Profile {
                orders: profile.orders - 1,
                ..profile
            }),
            // An acknowledged change that never was.
            Answer::Refused(_) | Answer::Blocked(..) => match calls[index].operation {
                Operation::CreateOrder { .. } => placed(9_999),
                Operation::CreateSubscription { .. } => {
                    Answer::SubscriptionStarted(SubscriptionId(9_999))
                }
                Operation::Upgrade { .. } => Answer::Upgraded(SubscriptionId(9_999)),
                _ => Answer::Done,
            },
            // A change that was made and refused all the same.
            _ => Answer::Refused(Code::NotFound),
        };
        calls[index].outcome = Some((time, other));
        let violation = check(&calls).expect_err("another answer");
        assert!(violation.prefix.len() > index, "seed {seed}");
        refused += 1;
    }
    assert_eq!(refused, 300);
}

/// Among many clients, a deletion that was refused for what had been acknowledged before it was
/// sent, and that nobody was about to take out of the way, is claimed to have succeeded.
#[test]
fn a_deletion_that_cannot_have_been_is_refused_among_many_clients() {
    let mut planted = 0;
    for seed in 0..200 {
        let mut random = Random::new(seed);
        let mut calls = history(&mut random, 4, 400, 0);
        calls.sort_by_key(|call| call.sent);
        let alone = (0..calls.len()).find(|index| {
            let call = &calls[*index];
            let blocked = matches!(call.outcome, Some((_, Answer::Blocked(..))));
            let mut others = calls.iter().enumerate();
            blocked && others.all(|(other, it)| other == *index || !it.overlaps(call))
        });
        let Some(index) = alone else { continue };
        let (time, _) = calls[index].outcome.expect("blocked");
        calls[index].outcome = Some((time, Answer::Done));
        assert!(check(&calls).is_err(), "seed {seed}");
        planted += 1;
    }
    assert!(planted > 20, "only {planted}");
}

/// Whether some order explains all answers, found by trying every one.
fn some_order_explains(customer: &Customer, calls: &[Call], done: u32) -> bool {
    let rest = |index: &usize| done & (1 << index) == 0;
    let mut open = (0..calls.len()).filter(rest);
    if open.clone().all(|index| calls[index].outcome.is_none()) {
        return true;
    }
    open.any(|index| {
        let call = &calls[index];
        let before = |other: usize| calls[other].outcome.is_some_and(|(end, _)| end < call.sent);
        if (0..calls.len()).filter(rest).any(before) {
            return false;
        }
        let (fresh, expected) = match call.outcome {
            Some((_, answer @ Answer::OrderPlaced(OrderId(id)))) => (id, Some(answer)),
            Some((_, answer @ Answer::SubscriptionStarted(SubscriptionId(id)))) => {
                (id, Some(answer))
            }
            Some((_, answer @ Answer::Upgraded(SubscriptionId(id)))) => (id, Some(answer)),
            Some((_, answer)) => (0, Some(answer)),
            None => (1_000 + index as u32, None),
        };
        let mut next = customer.clone();
        let answer = apply(&mut next, &call.operation, fresh);
        let things = |it: &Customer| it.orders.len() + it.subscriptions.len();
        let replaced = next != *customer
            && fresh != 0
            && things(&next) == things(customer)
            && matches!(
                answer,
                Answer::OrderPlaced(_) | Answer::SubscriptionStarted(_) | Answer::Upgraded(_)
            );
        expected.is_none_or(|expected| expected == answer)
            && !replaced
            && some_order_explains(&next, calls, done | (1 << index))
    })
}

#[test]
fn the_search_finds_what_trying_everything_finds() {
    let (mut right, mut wrong) = (0, 0);
    for seed in 0..3_000 {
        let mut random = Random::new(seed);
        // The last few requests of a longer life are the interesting ones.
        let calls = history(&mut random, 4, 24, 3);
        let mut calls = calls[..random.below(12).min(calls.len())].to_vec();
        for index in 0..calls.len() {
            // Answers of others, and times that move.
            let other = random.pick(&calls).copied();
            if let (
                true,
                Some(Call {
                    outcome: Some((_, answer)),
                    ..
                }),
                Some((time, _)),
            ) = (random.chance(8), other, calls[index].outcome)
            {
                calls[index].outcome = Some((time, answer));
            }
        }
        let explained = some_order_explains(&Customer::default(), &calls, 0);
        assert_eq!(check(&calls).is_ok(), explained, "seed {seed}: {calls:#?}");
        match explained {
            true => right += 1,
            false => wrong += 1,
        }
    }
    assert!(right > 300 && wrong > 300, "{right} right, {wrong} wrong");
}

#[test]
fn customers_are_checked_apart() {
    let mut all = History::default();
    for customer in 0..20 {
        let calls = history(&mut Random::new(customer.into()), 3, 100, 0);
        for call in calls {
            all.record(customer, call);
        }
    }
    assert_eq!(all.len(), 2_000);
    assert!(all.overlapping() > 500);
    assert_eq!(all.check().expect("right").calls, 2_000);
    let broken = all.customers.get_mut(&13).expect("recorded");
    let deletion = |call: &&mut Call| matches!(call.outcome, Some((_, Answer::Blocked(..))));
    let call = broken.iter_mut().find(deletion).expect("a deletion");
    let (time, _) = call.outcome.expect("answered");
    call.outcome = Some((time, placed(1)));
    let (customer, _) = all.check().expect_err("a violation");
    assert_eq!(customer, 13);
}

/// The race table of the contract, both orders of each race.
#[test]
fn races_with_deletion_end_as_the_contract_has_it() {
    let run = |before: &[Operation], operations: [Operation; 2]| {
        let mut customer = Customer::default();
        for (index, operation) in before.iter().enumerate() {
            apply(&mut customer, operation, index as u32 + 1);
        }
        let code = |answer: Answer| match answer {
            Answer::Refused(code) | Answer::Blocked(code, _) => code.as_str(),
            _ => "",
        };
        operations.map(|operation| {
            let answer = apply(&mut customer, &operation, 50);
            (answer.status(), code(answer))
        })
    };
    let delete = Operation::DeleteCustomer;
    let confirm = Operation::ConfirmOrder(OrderId(1));
    let subscribe = Operation::CreateSubscription {
        order: OrderId(1),
        device: DeviceId(1),
        over: false,
        months: 12,
    };
    let cancel = Operation::CancelSubscription(SubscriptionId(3));
    let renting = [order(1), confirm, subscribe];
    let settled = [order(1), Operation::CancelOrder(OrderId(1))];
    let orders = (409, "CUSTOMER_HAS_PENDING_ORDERS");
    let active = (409, "CUSTOMER_HAS_ACTIVE_SUBSCRIPTIONS");
    let out = (409, "CUSTOMER_HAS_UNRETURNED_DEVICES");
    let (ok, created) = ((200, ""), (201, ""));

    assert_eq!(
        run(&settled, [delete, order(2)]),
        [ok, (400, "CUSTOMER_INACTIVE")]
    );
    assert_eq!(run(&settled, [order(2), delete]), [created, orders]);
    assert_eq!(run(&[order(1)], [delete, confirm]), [orders, ok]);
    assert_eq!(run(&[order(1)], [confirm, delete]), [ok, orders]);
    let call_off = Operation::CancelOrder(OrderId(1));
    assert_eq!(run(&[order(1)], [call_off, delete]), [ok, ok]);
    assert_eq!(
        run(&[order(1), confirm], [delete, subscribe]),
        [orders, created]
    );
    assert_eq!(
        run(&[order(1), confirm], [subscribe, delete]),
        [created, active]
    );
    assert_eq!(run(&renting, [delete, cancel]), [active, ok]);
    assert_eq!(run(&renting, [cancel, delete]), [ok, out]);
    let mut returning = renting.to_vec();
    returning.push(cancel);
    let returned = Operation::UpdateAsset(DeviceId(1), deletion_spec::Device::Returned);
    assert_eq!(run(&returning, [delete, returned]), [out, ok]);
    assert_eq!(run(&returning, [returned, delete]), [ok, ok]);
    let group = Operation::CreateBillingGroup(SubscriptionId(3));
    assert_eq!(run(&renting, [delete, group]), [active, created]);
}
