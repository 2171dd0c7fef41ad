//! What is done by itself, beside the requests that are served and from the command line.

use std::time::Duration;

use serde_json::json;
use service::call::instant;
use service::jobs::{JOBS, Job, LastRun, Outcome};
use service::{Clock, Service, chain};
use tokio::time::MissedTickBehavior;

use crate::cli::Jobs;
use crate::database::open;
use crate::{files, table};

/// How often what is due is looked for.
const LOOK: Duration = Duration::from_secs(5);

/// Does what is due, for as long as the server runs. What it leaves in the middle, another process takes up.
pub(crate) async fn keep_running(service: Service) {
    let mut tick = tokio::time::interval(LOOK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let ran = match service.run_due_jobs().await {
            Ok(ran) => ran,
            Err(error) => {
                let error = chain(&error);
                tracing::warn!(error, "jobs could not be looked for");
                continue;
            }
        };
        for (job, outcome) in ran {
            let job = job.name;
            match outcome {
                Outcome::Done(0) => tracing::debug!(job, "a job had nothing to do"),
                Outcome::Done(done) => tracing::info!(job, done, "a job has run"),
                Outcome::Elsewhere => tracing::warn!(job, "another process has taken a job over"),
                Outcome::Failed(error) => {
                    let error = chain(&error);
                    tracing::error!(job, error, "a job failed");
                }
            }
        }
    }
}

/// `flexportal jobs …`.
pub(crate) async fn jobs(command: Jobs) -> Result<(), String> {
    match command {
        Jobs::List { json, database } => {
            let service = Service::new(open(&database)?, Clock::system());
            list(&service, json).await
        }
        Jobs::Run {
            job,
            json,
            database,
            files,
        } => {
            let named = job.map(|name| Job::named(&name).ok_or_else(|| unknown(&name)));
            let chosen = match named.transpose()? {
                Some(job) => vec![job],
                None => JOBS.iter().collect(),
            };
            let service = Service::new(open(&database)?, Clock::system());
            let storage = files::open(&files, &database.database).await?;
            // Nobody is told of a link.
            service.keep_files(storage, "");
            run(&service, &chosen, json).await
        }
    }
}

async fn list(service: &Service, json: bool) -> Result<(), String> {
    let (mut rows, mut documents) = (Vec::new(), Vec::new());
    for job in &JOBS {
        let last = service.last_run(job).await.map_err(|it| chain(&it))?;
        let ended_at = last.as_ref().and_then(|last| last.ended_at).map(instant);
        let every_s = job.every.as_secs();
        documents.push(json!({
            "name": job.name, "everySeconds": every_s, "about": job.about,
            "startedAt": last.as_ref().map(|last| instant(last.started_at)),
            "endedAt": &ended_at,
            "failure": last.as_ref().and_then(|last| last.failure.as_deref()),
        }));
        rows.push([
            job.name.to_owned(),
            format!("{every_s} s"),
            state(last.as_ref()).to_owned(),
            ended_at.map_or_else(|| "-".to_owned(), |at| at.to_string()),
            job.about.to_owned(),
        ]);
    }
    if json {
        return table::print_json(&documents.into());
    }
    let header = ["NAME", "EVERY", "LAST RUN", "ENDED", "WHAT IT DOES"];
    table::print(&table::text(header, &rows))
}

fn state(last: Option<&LastRun>) -> &'static str {
    match last {
        None => "never",
        Some(LastRun { ended_at: None, .. }) => "begun",
        Some(LastRun {
            failure: Some(_), ..
        }) => "failed",
        Some(_) => "succeeded",
    }
}

/// Runs each of them, also when one has failed.
async fn run(service: &Service, jobs: &[&'static Job], json: bool) -> Result<(), String> {
    let (mut documents, mut failures) = (Vec::new(), Vec::new());
    for job in jobs {
        let failure = match service.run_job(job).await {
            Ok(Outcome::Done(done)) => {
                documents.push(json!({ "name": job.name, "done": done, "unit": job.unit }));
                if !json {
                    table::print(&format!("{}: {done} {}\n", job.name, job.unit))?;
                }
                continue;
            }
            Ok(Outcome::Elsewhere) => "another process is at it".to_owned(),
            Ok(Outcome::Failed(error)) | Err(error) => chain(&error),
        };
        documents.push(json!({ "name": job.name, "failure": &failure }));
        failures.push(format!("the job `{}` failed: {failure}", job.name));
    }
    if json {
        table::print_json(&documents.into())?;
    }
    match failures.is_empty() {
        true => Ok(()),
        false => Err(failures.join("\n")),
    }
}

fn unknown(name: &str) -> String {
    let names: Vec<String> = JOBS.iter().map(|job| format!("`{}`", job.name)).collect();
    format!(
        "there is no job `{name}`\nhint: there are {}",
        names.join(", ")
    )
}
