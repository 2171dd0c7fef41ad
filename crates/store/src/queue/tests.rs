use super::*;

fn queue(limits: Limits) -> Queue<&'static str> {
    Queue::new(limits)
}

fn push(queue: &Queue<&'static str>, tenant: &str, lane: Lane, item: &'static str) {
    let tenant: Arc<str> = tenant.into();
    let tenant = (!tenant.is_empty()).then_some(&tenant);
    queue.push(tenant, lane, item).expect("there is room");
}

/// Takes what may be taken now, without waiting.
fn now(queue: &Queue<&'static str>) -> Option<(&'static str, Turn)> {
    queue.lock().pick(&queue.limits)
}

/// As if a turn had taken so long.
fn end(queue: &Queue<&'static str>, turn: &Turn, nanos: u64) {
    let mut state = queue.lock();
    state.end(turn);
    state.lines[turn.line].served += nanos;
}

const SECOND: u64 = 1_000_000_000;

#[test]
fn tenants_take_turns_by_the_time_they_had() {
    let queue = queue(Limits::single(10));
    for item in ["a1", "a2", "a3", "a4"] {
        push(&queue, "a", Lane::Write, item);
    }
    for item in ["b1", "b2", "b3"] {
        push(&queue, "b", Lane::Write, item);
    }
    let mut order = Vec::new();
    while let Some((item, turn)) = now(&queue) {
        // Those of `a` take three times as long.
        let took = if item.starts_with('a') { 3 } else { 1 };
        end(&queue, &turn, took * SECOND);
        order.push(item);
    }
    assert_eq!(order, ["a1", "b1", "b2", "b3", "a2", "a3", "a4"]);
}

#[test]
fn a_pause_is_not_saved_up() {
    let queue = queue(Limits::single(10));
    let mut order = Vec::new();
    let mut serve = |count: usize| {
        for _ in 0..count {
            let (item, turn) = now(&queue).expect("one waits");
            end(&queue, &turn, SECOND);
            order.push(item);
        }
    };
    push(&queue, "b", Lane::Write, "b");
    serve(1);
    for _ in 0..6 {
        push(&queue, "a", Lane::Write, "a");
    }
    serve(4);
    // `b` had one second in the time in which `a` had four. It does not get the other three now.
    push(&queue, "b", Lane::Write, "b");
    push(&queue, "b", Lane::Write, "b");
    push(&queue, "b", Lane::Write, "b");
    serve(3);
    assert_eq!(order[..6], ["b", "a", "a", "a", "a", "b"]);
    assert!(order[6..].contains(&"a"), "{order:?}");
}

#[test]
fn no_tenant_has_more_than_its_share_of_threads_and_of_those_that_write() {
    let limits = Limits::shared(8, 1, 75, 100);
    assert_eq!((limits.lanes, limits.tenant), ([8, 6, 1], 6));
    assert_eq!(limits.tenant_lanes, [8, 4, 1]);
    let queue = queue(limits);
    for _ in 0..10 {
        push(&queue, "a", Lane::Write, "write");
        push(&queue, "a", Lane::Read, "read");
    }
    let mut running = Vec::new();
    while let Some((item, turn)) = now(&queue) {
        running.push((item, turn));
    }
    let items: Vec<_> = running.iter().map(|it| it.0).collect();
    assert_eq!(items, ["write", "read", "write", "read", "write", "read"]);
    push(&queue, "b", Lane::Write, "b");
    push(&queue, "", Lane::Read, "administration");
    assert_eq!(now(&queue).map(|it| it.0), Some("administration"));
    assert_eq!(now(&queue).map(|it| it.0), Some("b"));
    assert!(now(&queue).is_none());
}

#[test]
fn whoever_has_fewest_running_is_next() {
    let queue = queue(Limits::shared(8, 1, 100, 100));
    for _ in 0..4 {
        push(&queue, "a", Lane::Read, "a");
    }
    let _held = [now(&queue), now(&queue)];
    push(&queue, "b", Lane::Read, "b");
    push(&queue, "b", Lane::Read, "b");
    let next: Vec<_> = std::iter::from_fn(|| now(&queue)).map(|it| it.0).collect();
    assert_eq!(next, ["b", "b", "a", "a"]);
}

#[test]
fn one_thread_is_everybodys() {
    for threads in 1..20 {
        let limits = Limits::shared(threads, 1, 75, 1);
        assert!(limits.tenant >= 1 && limits.lanes.iter().all(|it| *it >= 1));
        assert!(limits.tenant < threads || threads == 1, "{threads}");
    }
}

#[test]
fn what_is_put_back_is_first_again() {
    let queue = queue(Limits::single(10));
    push(&queue, "a", Lane::Write, "a1");
    push(&queue, "a", Lane::Read, "a2");
    let (item, turn) = now(&queue).expect("one waits");
    queue.put_back(&turn, vec![item]);
    let (again, turn) = now(&queue).expect("it waits again");
    assert_eq!(again, "a1");
    queue.end(&turn);
    assert_eq!(queue.len(), 1);
}

#[test]
fn lines_without_people_are_used_again() {
    let queue = queue(Limits::single(10));
    for number in 0..1_000 {
        push(&queue, &format!("tenant {number}"), Lane::Write, "item");
        let (_, turn) = now(&queue).expect("one waits");
        end(&queue, &turn, SECOND);
    }
    let state = queue.lock();
    assert!(state.lines.len() <= KEPT, "{} lines", state.lines.len());
    assert_eq!(state.index.len() + 1, state.lines.len());
}

#[test]
fn closed_queue_is_served_to_its_end() {
    let queue = queue(Limits::single(10));
    push(&queue, "a", Lane::Write, "a1");
    queue.close();
    let tenant: Arc<str> = "a".into();
    let refused = queue.push(Some(&tenant), Lane::Write, "a2");
    assert_eq!(refused, Err(Refused::Closed));
    let (item, turn) = queue.take(None).expect("one waits");
    assert_eq!(item, "a1");
    assert!(queue.take(Some(turn)).is_none());
}
