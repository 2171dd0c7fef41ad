//! What is done by itself: which jobs there are, how often each is done, and how processes take turns.
//!
//! Every process looks every few seconds what is due, and takes it; a job that one is at, no other one does. Whoever
//! takes a job holds it for a while and puts the end of that off while it works, so that another process takes over
//! once it is gone. A job is made of transactions that are right each by itself: one that was left in the middle
//! goes on with the next run.

use std::pin::Pin;
use std::time::Duration;

use jiff::Timestamp;
use store::JobRow;

use crate::error::{Error, chain};
use crate::face::serve::Service;
use crate::face::{conditions, rates};

/// Every job, in the order in which they are looked at.
pub static JOBS: [Job; 5] = [
    Job {
        name: "contract-end",
        about: "end or renew contracts whose last day has passed, where the settings want that",
        every: Duration::from_secs(60),
        unit: "contracts",
        run: |service| Box::pin(service.end_contracts()),
    },
    Job {
        name: "idempotency-keys",
        about: "forget the answers of requests whose `Idempotency-Key` is older than 24 hours",
        every: Duration::from_secs(10 * 60),
        unit: "keys",
        run: |service| Box::pin(conditions::forget(service)),
    },
    Job {
        name: "rate-windows",
        about: "forget how many requests were made in minutes that have ended",
        every: Duration::from_secs(10 * 60),
        unit: "minutes",
        run: |service| Box::pin(rates::forget(service)),
    },
    Job {
        name: "file-deletions",
        about: "finish deletions of files whose process ended in the middle",
        every: Duration::from_secs(60),
        unit: "files",
        run: |service| Box::pin(service.finish_deletions()),
    },
    Job {
        name: "webhook-deliveries",
        about: "forget deliveries of webhooks that were over 30 days ago, and secrets that were replaced",
        every: Duration::from_secs(10 * 60),
        unit: "deliveries",
        run: |service| Box::pin(service.forget_webhooks()),
    },
];

/// How long a job is held; whoever has not put that off by then is taken to be gone.
const HELD: Duration = Duration::from_secs(15);

/// How often it is put off.
const PUT_OFF: Duration = Duration::from_secs(5);

/// How often a job is asked for that another process has.
const ASKED: Duration = Duration::from_millis(100);

/// Something that is done again and again.
#[derive(Debug)]
pub struct Job {
    /// Name, for people and for the database.
    pub name: &'static str,
    /// What it does.
    pub about: &'static str,
    /// How long after its last end it is due again.
    pub every: Duration,
    /// What it counts.
    pub unit: &'static str,
    run: for<'s> fn(&'s Service) -> Running<'s>,
}

/// A run on its way to how much it has done.
type Running<'s> = Pin<Box<dyn Future<Output = Result<u64, Error>> + Send + 's>>;

/// What a job was last heard of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastRun {
    /// When it began.
    pub started_at: Timestamp,
    /// When the last run that came to its end did.
    pub ended_at: Option<Timestamp>,
    /// Why that one failed, if it did.
    pub failure: Option<String>,
}

/// What has become of a job that was to be run.
#[derive(Debug)]
pub enum Outcome {
    /// It has done so much.
    Done(u64),
    /// It failed; what it had done by then is done.
    Failed(Error),
    /// Another process is at it, or has taken it over.
    Elsewhere,
}

impl Job {
    /// The job of a name.
    pub fn named(name: &str) -> Option<&'static Job> {
        JOBS.iter().find(|job| job.name == name)
    }
}

impl Service {
    /// Runs the jobs that are due and that no other process is at, one after the other.
    ///
    /// # Errors
    /// When the store fails, so that it is not known what is due.
    pub async fn run_due_jobs(&self) -> Result<Vec<(&'static Job, Outcome)>, Error> {
        let mut ran = Vec::new();
        for job in &JOBS {
            let due = self
                .store()
                .read(move |tx| Ok::<_, Error>(store::jobs::is_due(tx, job.name, HELD, job.every)?))
                .await?;
            if due && let Some(run) = self.take_job(job, job.every).await? {
                ran.push((job, self.run_taken(job, run).await?));
            }
        }
        Ok(ran)
    }

    /// Runs a job now, whether it is due or not. If another process is at it, this waits for as long as a job is
    /// held by one that is gone.
    ///
    /// # Errors
    /// When the store fails before it begins, or after its end.
    pub async fn run_job(&self, job: &'static Job) -> Result<Outcome, Error> {
        let mut tick = tokio::time::interval(ASKED);
        let asked = tokio::time::Instant::now();
        while asked.elapsed() < HELD + PUT_OFF {
            tick.tick().await;
            if let Some(run) = self.take_job(job, Duration::ZERO).await? {
                return self.run_taken(job, run).await;
            }
        }
        Ok(Outcome::Elsewhere)
    }

    /// What is known of a job's runs, if there was one.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn last_run(&self, job: &Job) -> Result<Option<LastRun>, Error> {
        let all = self
            .store()
            .read(|tx| Ok::<_, Error>(store::jobs::list(tx)?))
            .await?;
        let last = |row: JobRow| LastRun {
            started_at: row.started_at,
            ended_at: row.ended_at,
            failure: row.failure,
        };
        Ok(all.into_iter().find(|row| row.name == job.name).map(last))
    }

    /// Takes a job, unless another process has it or it is not due: a name for this run.
    async fn take_job(&self, job: &'static Job, every: Duration) -> Result<Option<String>, Error> {
        let run = self.new_plain_id("run_");
        let name = run.clone();
        let taken = self
            .store()
            .write(move |tx| Ok::<_, Error>(store::jobs::take(tx, job.name, &name, HELD, every)?))
            .await?;
        Ok(taken.then_some(run))
    }

    /// Runs a job that was taken, and holds it meanwhile.
    async fn run_taken(&self, job: &'static Job, run: String) -> Result<Outcome, Error> {
        let outcome = tokio::select! {
            outcome = (job.run)(self) => outcome,
            () = self.hold_job(job, &run) => return Ok(Outcome::Elsewhere),
        };
        let failure = outcome.as_ref().err().map(|error| chain(error));
        let ended = self
            .store()
            .write(move |tx| {
                let failure = failure.as_deref();
                Ok::<_, Error>(store::jobs::end(tx, job.name, &run, failure)?)
            })
            .await;
        match outcome {
            Ok(done) => ended.map(|_| Outcome::Done(done)),
            // What went wrong first says more.
            Err(error) => Ok(Outcome::Failed(error)),
        }
    }

    /// Puts the end of a run's hold off, until it is lost.
    async fn hold_job(&self, job: &'static Job, run: &str) {
        let mut held = tokio::time::Instant::now();
        loop {
            tokio::time::sleep_until(held + PUT_OFF).await;
            let (asked, run) = (tokio::time::Instant::now(), run.to_owned());
            let still = self
                .store()
                .write(move |tx| Ok::<_, Error>(store::jobs::hold(tx, job.name, &run, HELD)?))
                .await;
            match still {
                Ok(true) => held = asked,
                Ok(false) => return,
                // The database is away: for the job as well, and by then somebody else may have it.
                Err(_) if held.elapsed() >= HELD => return,
                Err(_) => tokio::time::sleep(ASKED).await,
            }
        }
    }
}
