//! `flexportal`: the FlexPortal server and its administration.
//!
//! Reads the command line, opens the store, and serves what the contract generated and `service`
//! implements. No rule lives here. Start at [`serve`](serve::serve).

mod address;
mod admin;
mod advice;
mod backup;
mod bucket;
mod cli;
mod copy;
mod database;
mod errors;
mod files;
mod jobs;
mod limits;
mod log;
mod metrics;
mod serve;
mod table;
mod tls;
#[cfg(feature = "otel")]
mod trace;
mod webhooks;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use cli::{Cli, Command};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    if let Some(threads) = cli.http_threads() {
        runtime.worker_threads(threads.into());
    }
    let runtime = match runtime.enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("cannot start the runtime: {error}")),
    };
    let outcome = runtime.block_on(async {
        match cli.command {
            None => serve::serve(cli.serve).await,
            Some(Command::Serve(options)) => serve::serve(*options).await,
            Some(Command::Tenant(command)) => admin::tenant(command).await,
            Some(Command::Key(command)) => admin::key(command).await,
            Some(Command::Jobs(command)) => jobs::jobs(command).await,
            Some(Command::Backup(options)) => backup::backup(options).await,
            Some(Command::Restore(options)) => backup::restore(options).await,
            Some(Command::Copy(arguments)) => copy::run(arguments).await,
            Some(Command::Health { listen }) => {
                contract_serve::host::ask_ready(listen).and_then(|()| table::print("ready\n"))
            }
            Some(Command::Completions { shell }) => complete(shell),
            Some(Command::Openapi { json }) => print_contract(json),
        }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => fail(&message),
    }
}

fn fail(message: &str) -> ExitCode {
    table::tell(&format!("flexportal: {message}"));
    ExitCode::FAILURE
}

fn print_contract(json: bool) -> Result<(), String> {
    let contract = serve::contract(false)?;
    let text = if json {
        serde_json::to_string_pretty(&contract).map_err(|error| error.to_string())? + "\n"
    } else {
        contract_document::to_yaml(&contract)
    };
    table::print(&text)
}

fn complete(shell: clap_complete::Shell) -> Result<(), String> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "flexportal", &mut script);
    table::print(&String::from_utf8_lossy(&script))
}
