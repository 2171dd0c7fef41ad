//! `readers`: what others make of the contract. Linters find nothing to say, and clients that five
//! generators write run the README's five minutes against a real server.
//!
//! Versions are pinned in `xtask/readers`; everything is installed below `target/readers`. Python
//! 3.11 or later, with `venv`, has to be there; it brings Node and Java.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::workspace::{self, cargo, root, write};

/// Installs the pinned versions.
///
/// # Errors
/// Python or the network is missing.
pub(crate) fn install() -> Result<(), String> {
    let place = place();
    std::fs::create_dir_all(&place).map_err(|error| format!("{}: {error}", place.display()))?;
    for file in ["package.json", "package-lock.json", "requirements.txt"] {
        write(&place.join(file), &workspace::read(&ours().join(file))?)?;
    }
    run("python3", &["-m", "venv", "python"])?;
    run(
        "pip",
        &["install", "--quiet", "--requirement", "requirements.txt"],
    )?;
    let quiet = ["--no-audit", "--no-fund", "--ignore-scripts"];
    run("npm", &[&["ci"], &quiet[..]].concat())
}

/// Whether [`install`] has been called; else says so.
///
/// # Errors
/// It has not, under `CI`.
pub(crate) fn are_installed() -> Result<bool, String> {
    let there = [
        "python/bin/openapi-generator-cli",
        "node_modules/.bin/redocly",
    ];
    if there.iter().all(|file| place().join(file).exists()) {
        return Ok(true);
    }
    let message = "no linter and no generator of clients read the contract: they are not installed\n\
                   hint: `cargo xtask readers --install`";
    let ci = std::env::var("CI").unwrap_or_default();
    if ["", "false", "0"].contains(&ci.as_str()) {
        eprintln!("{message}");
        Ok(false)
    } else {
        Err(message.to_owned())
    }
}

/// Lints the whole contract, and what of it is served.
///
/// # Errors
/// A linter finds something.
pub(crate) fn lint() -> Result<(), String> {
    let contract =
        codegen::Contract::load(&workspace::contract()).map_err(|error| error.to_string())?;
    let whole = contract.document().root().to_string();
    write(&place().join("whole.json"), &whole)?;
    served()?;
    let entry = workspace::contract().display().to_string();
    run(
        "openapi-generator-cli",
        &["validate", "--recommend", "-i", &entry],
    )?;
    let ruleset = ours().join("spectral.yaml").display().to_string();
    for document in ["whole.json", "served.json"] {
        run(
            "spectral",
            &[
                "lint",
                "--fail-severity",
                "hint",
                "--ruleset",
                &ruleset,
                document,
            ],
        )?;
        run(
            "redocly",
            &["lint", "--extends", "recommended-strict", document],
        )?;
        run(
            "openapi-generator-cli",
            &["validate", "--recommend", "-i", document],
        )?;
    }
    Ok(())
}

/// Generates five clients from what is served, and runs the tour with each, unchanged.
///
/// # Errors
/// A generator, a type checker or a tour fails.
pub(crate) fn clients() -> Result<(), String> {
    let clients = place().join("clients");
    for folder in [&clients, &place().join("tours")] {
        if folder.exists() {
            std::fs::remove_dir_all(folder).map_err(|error| error.to_string())?;
        }
    }
    served()?;
    let json = "served.json";
    let out = "clients/openapi-typescript/schema.d.ts";
    run("openapi-typescript", &[json, "-o", out])?;
    let out = "./clients/hey-api";
    run(
        "openapi-ts",
        &[
            "-i",
            "./served.json",
            "-o",
            out,
            "-c",
            "@hey-api/client-fetch",
        ],
    )?;
    let out = "clients/openapi_python_client";
    run(
        "openapi-python-client",
        &["generate", "--path", json, "--output-path", out],
    )?;
    for (generator, out) in [
        ("python", "clients/openapi_generator"),
        ("typescript-fetch", "clients/typescript-fetch"),
    ] {
        let arguments = ["generate", "-i", json, "-g", generator, "-o", out];
        let mut command = tool("openapi-generator-cli", &arguments);
        // It writes a line for each file.
        command.stdout(Stdio::null()).stderr(Stdio::null());
        finish(command)?;
    }
    // Each is a program with the calls of one client, and what they share.
    let tours = std::fs::read_dir(ours().join("tours")).map_err(|error| error.to_string())?;
    for file in tours.flatten() {
        let name = file.file_name();
        write(
            &place().join("tours").join(name),
            &workspace::read(&file.path())?,
        )?;
    }

    let server = Server::start()?;
    let checked = [
        "--noEmit",
        "--skipLibCheck",
        "--strict",
        "--target",
        "es2022",
        "--module",
        "esnext",
        "--moduleResolution",
        "bundler",
    ];
    for tour in ["openapi-typescript", "hey-api", "typescript-fetch"] {
        let file = format!("tours/{tour}.ts");
        run("tsc", &[&checked[..], &[&file]].concat())?;
        server.tour(tour, tool("tsx", &[&file]))?;
    }
    for tour in ["openapi_python_client", "openapi_generator"] {
        let mut command = tool("python", &[&format!("tours/{tour}.py")]);
        command.env("PYTHONPATH", clients.join(tour));
        server.tour(tour, command)?;
    }
    flow(&server)?;
    published(&server)
}

/// The deletion of a customer, step by step, as the Arazzo document describes it.
fn flow(server: &Server) -> Result<(), String> {
    let flow = root().join("openapi/delete-customer.arazzo.yaml");
    let flow = flow.display().to_string();
    run(
        "redocly",
        &["lint", "--extends", "recommended-strict", &flow],
    )?;
    let inputs = [
        format!("key={}", server.key),
        format!("tenant={TENANT}"),
        "email=flow@example.com".to_owned(),
        "sku=hey-api-14".to_owned(),
    ];
    let at = format!("flexportal=http://{}", server.address);
    let mut command = tool("redocly", &["respect", &flow, "--server", &at]);
    for input in &inputs {
        command.args(["--input", input]);
    }
    finish(command)
}

/// Where the published contract is at hand: the life of a rental with a client made from that.
fn published(server: &Server) -> Result<(), String> {
    let file = root().join("../shared/contract/published.json");
    if !file.exists() {
        return Ok(());
    }
    let mut contract: serde_json::Value = serde_json::from_str(&workspace::read(&file)?)
        .map_err(|error| format!("{}: {error}", file.display()))?;
    // Its answers lack the description that OpenAPI demands, and generators insist on.
    for item in contract["paths"].as_object_mut().into_iter().flatten() {
        for operation in item.1.as_object_mut().into_iter().flatten() {
            let answers = operation.1.get_mut("responses");
            let answers = answers.and_then(serde_json::Value::as_object_mut);
            for (status, answer) in answers.into_iter().flatten() {
                if answer.get("description").is_none() {
                    answer["description"] = status.as_str().into();
                }
            }
        }
    }
    write(&place().join("published.json"), &contract.to_string())?;
    write(
        &place().join("published.yaml"),
        "package_name_override: published_client\n",
    )?;
    let out = "clients/published";
    run(
        "openapi-python-client",
        &[
            "generate",
            "--path",
            "published.json",
            "--output-path",
            out,
            "--config",
            "published.yaml",
        ],
    )?;
    let mut command = tool("python", &["tours/published.py"]);
    command.env("PYTHONPATH", place().join(out));
    server.tour("published", command)
}

/// Writes the contract as the server serves it.
fn served() -> Result<(), String> {
    let served = workspace::output(cargo(&[
        "run", "--quiet", "-p", "server", "--", "openapi", "--json",
    ]))?;
    write(&place().join("served.json"), &served)
}

/// A server with one tenant, and a key for it.
struct Server {
    child: Child,
    address: String,
    key: String,
}

impl Server {
    fn start() -> Result<Server, String> {
        let database = place().join("tours/tour.db");
        let database = format!("sqlite:{}", database.display());
        let flexportal = |arguments: &[&str]| {
            let mut command = cargo(&["run", "--quiet", "-p", "server", "--"]);
            command
                .args(arguments)
                .env("FLEXPORTAL_DATABASE", &database);
            command
        };
        let tenant = [
            "tenant",
            "create",
            "--id",
            TENANT,
            "--currency",
            "EUR",
            "--preset",
            "electronics",
        ];
        workspace::run(flexportal(&tenant))?;
        let key = workspace::output(flexportal(&["key", "create", "--tenant", TENANT]))?;
        let program = root().join("target/debug/flexportal");
        let mut child = Command::new(&program)
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--log-format",
                "json",
                "--check-answers",
            ])
            .env("FLEXPORTAL_DATABASE", &database)
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                let line: serde_json::Value = serde_json::from_str(&line).ok()?;
                line["address"].as_str().map(str::to_owned)
            })
            .ok_or("the server did not start")?;
        // Its log is read away, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        let key = key.trim().to_owned();
        Ok(Server {
            child,
            address,
            key,
        })
    }

    fn tour(&self, name: &str, mut command: Command) -> Result<(), String> {
        command
            .env("FLEXPORTAL_URL", format!("http://{}", self.address))
            .env("FLEXPORTAL_KEY", &self.key)
            .env("FLEXPORTAL_TENANT", TENANT)
            .env("FLEXPORTAL_TOUR", name);
        finish(command)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const TENANT: &str = "acme";

fn ours() -> PathBuf {
    root().join("xtask/readers")
}

fn place() -> PathBuf {
    root().join("target/readers")
}

/// A program that was installed, or one of the machine.
fn tool(program: &str, arguments: &[&str]) -> Command {
    let place = place();
    let own = ["node_modules/.bin", "python/bin"].map(|folder| place.join(folder));
    let found = own
        .iter()
        .map(|folder| folder.join(program))
        .find(|it| it.exists());
    let mut command = Command::new(found.unwrap_or_else(|| Path::new(program).to_owned()));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = own.into_iter().chain(std::env::split_paths(&path));
    command
        .args(arguments)
        .current_dir(&place)
        .env(
            "PATH",
            std::env::join_paths(path).expect("folders without separators"),
        )
        .env("REDOCLY_TELEMETRY", "off")
        .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
    command
}

fn run(program: &str, arguments: &[&str]) -> Result<(), String> {
    finish(tool(program, arguments))
}

fn finish(mut command: Command) -> Result<(), String> {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    let shown = words
        .join(" ")
        .replace(&format!("{}/", place().display()), "");
    eprintln!("$ {shown}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(format!("`{shown}` failed")),
        Err(error) => Err(format!("`{shown}` cannot be run: {error}")),
    }
}
