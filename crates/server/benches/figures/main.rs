//! What `cargo xtask bench` measures: each comparison starts what it needs, takes its sides in
//! turns, and prints one JSON object a line: samples to standard output, remarks to standard error.
//!
//! `cargo bench -p server --bench figures -- COMPARISON [--quick] [--rounds N] [--seconds N]
//! [--rate N] [--engine NAME]`; `machine` only prints what it runs on.
//!
//! The bars, medians and plots are made of these lines by `xtask/src/bench`.

#[path = "../../tests/support/fill.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "shared with the tests, which use the rest"
)]
mod fill;
#[path = "../../tests/support/load.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "shared with the tests, which use the rest"
)]
mod load;

mod database;
mod export;
mod growth;
mod hostile;
mod layer;
mod machine;
mod measure;
mod options;
mod payments;
mod pgbench;
mod postgres_deletes;
mod process;
mod report;
mod soak;
mod sqlite_deletes;
mod two_processes;

use std::process::ExitCode;

use options::Options;

/// Connections that every load keeps open, each with one request at a time.
const CONNECTIONS: usize = 64;
/// Tenant of everything that is filled in.
const TENANT: &str = "bu_bench";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, rest @ ..] = arguments.as_slice()
        && first == "attackers"
    {
        runtime().block_on(hostile::attack(rest));
        return ExitCode::SUCCESS;
    }
    let (name, options) = match Options::read(&arguments) {
        Ok(read) => read,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::FAILURE;
        }
    };
    if name == "layer-server" {
        layer::serve();
        return ExitCode::SUCCESS;
    }
    runtime().block_on(async {
        if !name.is_empty() {
            machine::describe();
        }
        match name.as_str() {
            "machine" => {}
            "sqlite-deletes" => sqlite_deletes::compare(&options).await,
            "postgres-deletes" => postgres_deletes::compare(&options).await,
            "two-processes" => two_processes::compare(&options).await,
            "sqlite-growth" => growth::compare("sqlite", &options).await,
            "postgres-growth" => growth::compare("postgres", &options).await,
            "sqlite-payments" => payments::compare("sqlite", &options).await,
            "postgres-payments" => payments::compare("postgres", &options).await,
            "sqlite-export" => export::measure("sqlite", &options).await,
            "postgres-export" => export::measure("postgres", &options).await,
            "sqlite-hostile" => hostile::compare("sqlite", &options).await,
            "postgres-hostile" => hostile::compare("postgres", &options).await,
            "soak" => soak::run(&options).await,
            // `cargo test --benches` only has to start this.
            "" => {}
            other => {
                eprintln!("there is no comparison `{other}`");
                return ExitCode::FAILURE;
            }
        }
        ExitCode::SUCCESS
    })
}

/// One thread sends the load: what the client costs, the server cannot use.
fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime")
}
