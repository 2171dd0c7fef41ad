//! What is done by itself: once, whoever does it, and by somebody else if that one is gone.

use std::time::Duration;

use hyper::Method;
use service::jobs::{JOBS, Job, Outcome};
use service::settings::ContractEndBehaviour;
use store::{Error, Tx, params};

use super::support::{App, TENANT, order_body};

fn job(name: &str) -> &'static Job {
    Job::named(name).expect("there is such a job")
}

/// Runs a job now: how much it has done.
async fn run(app: &App, name: &str) -> u64 {
    match app.service.run_job(job(name)).await {
        Ok(Outcome::Done(done)) => done,
        other => panic!("{name}: {other:?}"),
    }
}

/// Names of the jobs that were due and have succeeded.
async fn run_due(app: &App) -> Vec<&'static str> {
    let ran = app
        .service
        .run_due_jobs()
        .await
        .expect("it is known what is due");
    let name = |(job, outcome): (&'static Job, Outcome)| match outcome {
        Outcome::Done(_) => job.name,
        other => panic!("{}: {other:?}", job.name),
    };
    ran.into_iter().map(name).collect()
}

async fn on<T: Send + 'static>(
    app: &App,
    f: impl Fn(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
) -> T {
    let done: Result<T, Error> = app.service.store().write_in(&TENANT.into(), f).await;
    done.expect("the store works")
}

#[tokio::test]
async fn a_year_later_contracts_end_once_whoever_is_asked() {
    let app = App::start_with(|it| {
        it.contract_end.behaviour = ContractEndBehaviour::AutoTerminate;
    })
    .await;
    let beside = app.beside().await;
    let mut rentals = Vec::new();
    for n in 0..3 {
        let (_, _, rental) = app
            .renting(&format!("ada{n}@example.com"), &format!("A{n}"))
            .await;
        rentals.push(rental);
    }
    app.advance_days(364);
    assert_eq!(run(&app, "contract-end").await, 0);
    app.advance_days(1);
    let before = app.event_kinds().await.len();
    let (one, other) = tokio::join!(run(&app, "contract-end"), run(&beside, "contract-end"));
    assert_eq!(one + other, 3);
    assert_eq!(app.event_kinds().await[before..], ["subscription.ended"; 3]);
    for rental in rentals {
        let shown = app.get(&format!("/v1/subscriptions/{rental}")).await;
        assert_eq!(shown.is(200)["status"], "ended_completed");
    }
    beside.finish().await;
    app.finish().await;
}

#[tokio::test]
async fn what_one_server_has_done_is_not_due_on_another() {
    let app = App::start().await;
    let beside = app.beside().await;
    let all: Vec<&str> = JOBS.iter().map(|job| job.name).collect();
    assert_eq!(run_due(&app).await, all);
    assert_eq!(run_due(&beside).await, [""; 0]);
    // Nor after a restart.
    drop(app.beside().await);
    assert_eq!(run_due(&app.beside().await).await, [""; 0]);
    for job in &JOBS {
        let last = app.service.last_run(job).await.expect("readable");
        let last = last.expect("it has run");
        assert!(last.ended_at >= Some(last.started_at) && last.failure.is_none());
    }
    beside.finish().await;
    app.finish().await;
}

#[tokio::test]
async fn what_somebody_is_at_nobody_else_does_until_that_one_is_gone() {
    let app = App::start().await;
    let beside = app.beside().await;
    let others: Vec<&str> = JOBS[1..].iter().map(|job| job.name).collect();
    let name = JOBS[0].name;
    let held = Duration::from_secs(15);
    let take = move |run: &'static str, hold: Duration| {
        move |tx: &mut Tx<'_>| store::jobs::take(tx, name, run, hold, Duration::ZERO)
    };
    assert!(on(&app, take("run_a", held)).await);
    assert!(!on(&beside, take("run_b", held)).await);
    assert_eq!(run_due(&beside).await, others);
    // It goes on holding it, and is then not heard of again.
    let hold = |run: &'static str, hold: Duration| {
        move |tx: &mut Tx<'_>| store::jobs::hold(tx, name, run, hold)
    };
    assert!(!on(&beside, hold("run_b", held)).await);
    assert!(on(&app, hold("run_a", held)).await);
    assert_eq!(run_due(&beside).await, [""; 0]);
    assert!(on(&app, hold("run_a", Duration::ZERO)).await);
    assert_eq!(run_due(&beside).await, [name]);
    // Whoever comes back learns that it is not its own any more.
    assert!(!on(&app, hold("run_a", held)).await);
    let end = move |tx: &mut Tx<'_>| store::jobs::end(tx, name, "run_a", Some("late"));
    assert!(!on(&app, end).await);
    let last = app.service.last_run(&JOBS[0]).await.expect("readable");
    assert_eq!(last.expect("it has run").failure, None);
    beside.finish().await;
    app.finish().await;
}

#[tokio::test]
async fn a_clock_that_is_put_back_stops_no_job() {
    let app = App::start().await;
    assert_eq!(run_due(&app).await.len(), JOBS.len());
    let ahead = "UPDATE jobs SET ended_at = ended_at + $1, held_until = ended_at + $1";
    let year_us: i64 = 365 * 24 * 3600 * 1_000_000;
    on(&app, move |tx| tx.execute(ahead, params![year_us])).await;
    assert_eq!(run_due(&app).await.len(), JOBS.len());
    assert_eq!(run_due(&app).await.len(), 0);
    app.finish().await;
}

#[tokio::test]
async fn a_failure_is_remembered_and_other_jobs_run() {
    let app = App::start_with(|it| {
        it.contract_end.behaviour = ContractEndBehaviour::AutoRenewMonthly;
    })
    .await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    on(&app, move |tx| {
        let row = store::subscriptions::find(tx, &rental)?;
        let mut row = row.expect("the subscription is stored");
        row.schedule = None;
        store::subscriptions::update(tx, &row)
    })
    .await;
    app.advance_days(366);
    let ran = app.service.run_due_jobs().await.expect("it is known");
    assert_eq!(ran.len(), JOBS.len());
    for (job, outcome) in &ran {
        let failed = matches!(outcome, Outcome::Failed(_));
        assert_eq!(failed, job.name == "contract-end", "{}", job.name);
    }
    let last = app.service.last_run(job("contract-end")).await;
    let last = last.expect("readable").expect("it has run");
    assert!(last.failure.is_some() && last.ended_at.is_some());
    app.finish().await;
}

#[tokio::test]
async fn keys_are_forgotten_after_a_day() {
    let app = App::start().await;
    app.variant("SKU").await;
    let authorization = format!("Bearer {}", app.key);
    for n in 0..5 {
        let key = format!("key-{n}");
        let headers = [
            ("authorization", authorization.as_str()),
            ("tenant-id", TENANT),
            ("content-type", "application/json"),
            ("idempotency-key", &key),
        ];
        let body = order_body("ada@example.com", "SKU", 1).to_string();
        let made = app.send(Method::POST, "/v1/orders", &headers, body).await;
        made.is(201);
    }
    app.advance(jiff::SignedDuration::from_hours(23));
    assert_eq!(run(&app, "idempotency-keys").await, 0);
    app.advance(jiff::SignedDuration::from_hours(1));
    assert_eq!(run(&app, "idempotency-keys").await, 5);
    assert_eq!(run(&app, "idempotency-keys").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn minutes_that_have_long_ended_are_forgotten() {
    let app = App::start().await;
    let minute = app.clock().now().as_second() / 60;
    on(&app, move |tx| store::rates::count(tx, TENANT, minute, 7)).await;
    assert_eq!(run(&app, "rate-windows").await, 0);
    app.advance(jiff::SignedDuration::from_mins(62));
    assert_eq!(run(&app, "rate-windows").await, 1);
    let counted = on(&app, move |tx| store::rates::count(tx, TENANT, minute, 1)).await;
    assert_eq!(counted, 0);
    app.finish().await;
}
