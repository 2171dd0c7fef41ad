//! `readers`: what others make of the contract. Linters find nothing to say, clients that five
//! generators write run the README's five minutes against a real server, and that server answers
//! generated requests as the contract says.
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
    if crate::ci::is_ci() {
        return Err(message.to_owned());
    }
    eprintln!("{message}");
    Ok(false)
}

/// Lints the whole contract, and what of it is served.
///
/// # Errors
/// A linter finds something.
pub(crate) fn lint() -> Result<(), String> {
    let mut whole = workspace::toolchain("bundle");
    whole.arg("--out").arg(place().join("whole.json"));
    workspace::run(whole)?;
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

    let server = Server::start("tours/tour.db", &[])?;
    server.flexportal(&TENANT_CREATE)?;
    let key = server.key(TENANT)?;
    let tour = |name: &str, command: Command| server.tour(name, &key, command);
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
    for name in ["openapi-typescript", "hey-api", "typescript-fetch"] {
        let file = format!("tours/{name}.ts");
        run("tsc", &[&checked[..], &[&file]].concat())?;
        tour(name, tool("tsx", &[&file]))?;
    }
    for name in ["openapi_python_client", "openapi_generator"] {
        let mut command = tool("python", &[&format!("tours/{name}.py")]);
        command.env("PYTHONPATH", clients.join(name));
        tour(name, command)?;
    }
    flow(&server, &key)?;
    published(&tour)
}

/// Sends the demo, and a tenant beside it with another currency, what the contract allows and what it
/// does not, and holds every answer against the contract.
///
/// # Errors
/// An answer is not what the contract says, what fits the contract is refused as malformed, what does
/// not is accepted, or a tenant sees another one's records.
pub(crate) fn requests() -> Result<(), String> {
    let folder = place().join("requests");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
    }
    for file in ["hooks.py", "schemathesis.toml"] {
        let text = workspace::read(&ours().join("requests").join(file))?;
        write(&folder.join(file), &text)?;
    }
    served()?;
    // Wrong keys are sent on purpose.
    let options = ["--demo", "--failed-keys", "1000000"];
    let server = Server::start("requests/requests.db", &options)?;
    server.flexportal(&["tenant", "create", "--id", "other", "--currency", "JPY"])?;
    let mut keys = Vec::new();
    for tenant in ["demo", "other"] {
        let headers = [
            ("Authorization", format!("Bearer {}", server.key(tenant)?)),
            ("Tenant-ID", tenant.to_owned()),
        ];
        let headers =
            headers.map(|(name, value)| serde_json::json!({ "name": name, "value": value }));
        keys.push(serde_json::json!({ "name": tenant, "fixedHeaders": headers }));
    }
    let keys = serde_json::json!({ "schemaVersion": "0.2.0", "auth": keys });
    write(&folder.join("keys.json"), &keys.to_string())?;
    let at = format!("http://{}", server.address);
    let arguments = [
        "run",
        "../served.json",
        "--url",
        &at,
        "--checks",
        "all",
        "--max-examples",
        "30",
        // How fast data is made is not what is tried.
        "--suppress-health-check",
        "all",
        "--generation-database",
        "none",
    ];
    let mut command = tool("schemathesis", &arguments);
    command.current_dir(&folder);
    finish(command)
}

/// The deletion of a customer, step by step, as the Arazzo document describes it.
fn flow(server: &Server, key: &str) -> Result<(), String> {
    let flow = root().join("openapi/delete-customer.arazzo.yaml");
    let flow = flow.display().to_string();
    run(
        "redocly",
        &["lint", "--extends", "recommended-strict", &flow],
    )?;
    let inputs = [
        format!("key={key}"),
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
fn published(tour: &dyn Fn(&str, Command) -> Result<(), String>) -> Result<(), String> {
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
    tour("published", command)
}

/// Writes the contract as the server serves it.
fn served() -> Result<(), String> {
    let served = workspace::output(cargo(&[
        "run", "--quiet", "-p", "server", "--", "openapi", "--json",
    ]))?;
    write(&place().join("served.json"), &served)
}

/// A server with a database of its own.
struct Server {
    child: Child,
    address: String,
    database: String,
}

impl Server {
    /// `database` is its file below [`place`], which is not there yet.
    fn start(database: &str, options: &[&str]) -> Result<Server, String> {
        let database = format!("sqlite:{}", place().join(database).display());
        let program = root().join("target/debug/flexportal");
        let served = [
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--log-format",
            "json",
            "--check-answers",
        ];
        let mut child = Command::new(&program)
            .args(served)
            .args(options)
            .env("FLEXPORTAL_DATABASE", &database)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let address = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let line: serde_json::Value = serde_json::from_str(&line).ok()?;
            line["address"].as_str().map(str::to_owned)
        });
        // Its log is read away, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        let server = Server {
            child,
            address: address.unwrap_or_default(),
            database,
        };
        match server.address.is_empty() {
            true => Err("the server did not start".to_owned()),
            false => Ok(server),
        }
    }

    /// What a command beside the server prints.
    fn flexportal(&self, arguments: &[&str]) -> Result<String, String> {
        let mut command = cargo(&["run", "--quiet", "-p", "server", "--"]);
        command
            .args(arguments)
            .env("FLEXPORTAL_DATABASE", &self.database);
        workspace::output(command)
    }

    fn key(&self, tenant: &str) -> Result<String, String> {
        let key = self.flexportal(&["key", "create", "--tenant", tenant])?;
        Ok(key.trim().to_owned())
    }

    fn tour(&self, name: &str, key: &str, mut command: Command) -> Result<(), String> {
        command
            .env("FLEXPORTAL_URL", format!("http://{}", self.address))
            .env("FLEXPORTAL_KEY", key)
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

const TENANT_CREATE: [&str; 8] = [
    "tenant",
    "create",
    "--id",
    TENANT,
    "--currency",
    "EUR",
    "--preset",
    "electronics",
];

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
