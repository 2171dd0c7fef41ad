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

/// In nanoseconds. Whatever the tests take counts as well, and must be as nothing beside it.
const HOUR: u64 = 3_600_000_000_000;

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
        end(&queue, &turn, took * HOUR);
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
            end(&queue, &turn, HOUR);
            order.push(item);
        }
    };
    push(&queue, "b", Lane::Write, "b");
    serve(1);
    for _ in 0..6 {
        push(&queue, "a", Lane::Write, "a");
    }
    serve(4);
    // `b` had one hour in the time in which `a` had four. It does not get the other three now.
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
    assert_eq!((limits.lanes, limits.share.all), ([8, 6, 1], 6));
    assert_eq!(limits.share.lanes, [8, 4, 1]);
    let queue = queue(limits);
    // Somebody else was there just now.
    push(&queue, "b", Lane::Write, "b");
    let (_, turn) = now(&queue).expect("one waits");
    end(&queue, &turn, 0);
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
fn a_lone_tenant_has_all_but_one_until_another_one_comes() {
    let limits = Limits::shared(8, 1, 75, 100);
    let queue = queue(limits);
    for _ in 0..10 {
        push(&queue, "a", Lane::Write, "write");
        push(&queue, "a", Lane::Read, "read");
    }
    // Administration is nobody's competitor.
    push(&queue, "", Lane::Read, "administration");
    let (_, turn) = now(&queue).expect("one waits");
    end(&queue, &turn, 0);
    let mut running: Vec<_> = std::iter::from_fn(|| now(&queue)).collect();
    let writes = running.iter().filter(|it| it.0 == "write").count();
    assert!(running.len() > limits.share.all && running.len() < 8);
    assert!(writes <= 5, "{writes}");
    push(&queue, "b", Lane::Write, "b");
    let (item, turn) = now(&queue).expect("a thread was kept for it");
    assert_eq!(item, "b");
    end(&queue, &turn, 0);
    // It may come again: from now on the first has its share.
    assert!(now(&queue).is_none());
    for (_, turn) in running.drain(..2) {
        end(&queue, &turn, 0);
    }
    assert_eq!(now(&queue).map(|it| it.0), Some("read"));
    assert!(now(&queue).is_none());
    // Until it was alone for long enough.
    queue.lock().mixed = Instant::now().checked_sub(ALONE);
    assert!(now(&queue).is_some());
}

#[test]
fn a_lone_tenant_writes_on_all_connections_but_one() {
    let limits = Limits::shared(16, 2, 75, 100);
    assert_eq!(limits.alone.lanes, [16, 11, 2]);
    assert_eq!(limits.alone.all, 15);
    // A share of everything is kept to.
    let limits = Limits::shared(16, 2, 100, 100);
    assert_eq!((limits.alone, limits.share), (limits.share, limits.alone));
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
        for share in [limits.share, limits.alone] {
            assert!(share.all >= 1 && share.lanes.iter().all(|it| *it >= 1));
            assert!(share.all < threads || threads == 1, "{threads}");
        }
        assert!(limits.lanes.iter().all(|it| *it >= 1));
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
    end(&queue, &turn, 0);
    assert_eq!(queue.len(), 1);
}

#[test]
fn what_waits_is_taken_at_once_only_by_a_tenant_that_is_alone() {
    let queue = queue(Limits::single(10));
    for item in ["a1", "a2", "a3", "a4"] {
        push(&queue, "a", Lane::Write, item);
    }
    let (_, turn) = now(&queue).expect("one waits");
    let (taken, waiting) = queue.take_rest(&turn, 2);
    assert_eq!((taken, waiting), (["a2", "a3"].into(), 1));
    push(&queue, "b", Lane::Write, "b1");
    let (taken, waiting) = queue.take_rest(&turn, 2);
    assert_eq!((taken.len(), waiting), (0, 2));
    queue.put_back(&turn, ["a2", "a3"]);
    let mut order = Vec::new();
    while let Some((item, turn)) = now(&queue) {
        end(&queue, &turn, HOUR);
        order.push(item);
    }
    assert_eq!(order.iter().filter(|it| it.starts_with('a')).count(), 3);
    let own: Vec<_> = order.into_iter().filter(|it| *it != "b1").collect();
    assert_eq!(own, ["a2", "a3", "a4"]);
}

#[test]
fn lines_without_people_are_used_again() {
    let queue = queue(Limits::single(10));
    for number in 0..1_000 {
        push(&queue, &format!("tenant {number}"), Lane::Write, "item");
        let (_, turn) = now(&queue).expect("one waits");
        end(&queue, &turn, HOUR);
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

/// As if what was done in a turn had taken so long.
fn end_long(queue: &Queue<&'static str>, mut turn: Turn, time: Duration) {
    turn.took_long(time);
    queue.lock().end(&turn);
}

/// Both tenants are there, however slow this machine is.
fn keep_both(queue: &Queue<&'static str>) {
    queue.lock().mixed = Some(Instant::now() + Duration::from_secs(3_600));
}

#[test]
fn whoever_took_long_leaves_the_thread_to_the_others_for_a_while() {
    let queue = queue(Limits::single(10));
    let long = Duration::from_secs(3_600);
    push(&queue, "a", Lane::Write, "a1");
    push(&queue, "a", Lane::Write, "a2");
    let (_, turn) = now(&queue).expect("one waits");
    end_long(&queue, turn, long);
    // Nobody else is there.
    let (item, turn) = now(&queue).expect("the next one");
    assert_eq!(item, "a2");
    push(&queue, "b", Lane::Write, "b1");
    push(&queue, "a", Lane::Write, "a3");
    keep_both(&queue);
    end_long(&queue, turn, long);
    // A rest whose end no slow machine sees.
    queue.lock().lines.iter_mut().for_each(|line| {
        line.rests_until = line.rests_until.map(|until| until + long);
    });
    let (item, turn) = now(&queue).expect("the other tenant's");
    assert_eq!(item, "b1");
    assert!(now(&queue).is_none(), "`a` has to rest");
    let rest = queue.lock().end_of_rest().expect("`a` waits");
    assert!(rest <= long + LONGEST_REST);
    queue.lock().end(&turn);
    push(&queue, "b", Lane::Write, "b2");
    let (item, turn) = now(&queue).expect("`b` took no time");
    assert_eq!(item, "b2");
    queue.lock().end(&turn);
    queue.close();
    assert_eq!(
        now(&queue).map(|it| it.0),
        Some("a3"),
        "nobody comes any more"
    );
}

#[test]
fn a_consumer_wakes_when_a_rest_is_over() {
    let queue = Arc::new(queue(Limits::single(10)));
    push(&queue, "b", Lane::Write, "b");
    push(&queue, "a", Lane::Write, "a1");
    keep_both(&queue);
    for _ in 0..2 {
        let (_, turn) = now(&queue).expect("both wait");
        end_long(&queue, turn, Duration::from_millis(5));
    }
    // It waits already when something of a tenant comes that rests.
    let consumer = {
        let queue = Arc::clone(&queue);
        std::thread::spawn(move || queue.take(None).map(|it| it.0))
    };
    while queue.lock().idle == 0 {
        std::thread::yield_now();
    }
    push(&queue, "a", Lane::Write, "a2");
    assert_eq!(consumer.join().ok().flatten(), Some("a2"));
}

#[test]
fn others_of_a_tenant_are_not_taken_along_beside_another_one() {
    let queue = queue(Limits::single(10));
    push(&queue, "b", Lane::Write, "b");
    let (_, turn) = now(&queue).expect("one waits");
    queue.lock().end(&turn);
    for item in ["a1", "a2", "a3"] {
        push(&queue, "a", Lane::Write, item);
    }
    keep_both(&queue);
    let (_, turn) = now(&queue).expect("one waits");
    assert!(queue.take_rest(&turn, 10).0.is_empty());
    queue.lock().mixed = None;
    assert_eq!(queue.take_rest(&turn, 10).0, ["a2", "a3"]);
}
