//! `client`: a client crate that can be published. It has no build script, so its users need
//! neither the contract nor the generator.

use std::fmt::Write as _;
use std::path::Path;

use contract_codegen::model::{Api, Location, Method, Operation, SecurityKind, Shape};
use contract_codegen::{Contract, Runtime, Target};

use crate::codegen::load;
use crate::workspace::{self, cargo, read, root};

/// What `crates/client` and `crates/types` need of the workspace, and the crate itself with them.
const DEPENDENCIES: [&str; 10] = [
    "bytes",
    "futures-core",
    "progenitor-client",
    "regex",
    "reqwest",
    "rustls",
    "serde",
    "serde_json",
    "tokio",
    "tracing",
];

/// Writes the crate `name` to `out`.
///
/// # Errors
/// The contract is refused, or a file cannot be read or written.
pub(crate) fn write(out: &Path, name: &str) -> Result<(), String> {
    let contract = load()?;
    let generate = |target| {
        contract
            .generate_on(target, Runtime::Carried)
            .map_err(|problems| problems.to_string())
    };
    let files = [
        ("Cargo.toml", manifest(contract.model(), name)?),
        ("README.md", readme(contract.model(), name)),
        ("LICENSE", read(&root().join("LICENSE"))?),
        ("src/lib.rs", library()),
        ("src/types.rs", generate(Target::Types)?),
        ("src/generated.rs", generate(Target::Client)?),
        ("tests/smoke.rs", smoke(&contract, name)?),
    ];
    for (file, text) in &files {
        workspace::write(&out.join(file), text)?;
    }
    for (file, text) in contract_wire::CODE {
        workspace::write(&out.join("src/wire").join(file), text)?;
    }
    println!("{}: {name} {}", out.display(), version(contract.model()));
    Ok(())
}

/// Runs the tests of the crate in `out`, with warnings denied.
///
/// # Errors
/// They fail.
pub(crate) fn test(out: &Path) -> Result<(), String> {
    let out = out
        .canonicalize()
        .map_err(|error| format!("{}: {error}", out.display()))?;
    // The versions that the workspace was tested with.
    std::fs::copy(root().join("Cargo.lock"), out.join("Cargo.lock"))
        .map_err(|error| format!("Cargo.lock: {error}"))?;
    let mut command = cargo(&["test", "--quiet"]);
    command.current_dir(&out).env("RUSTFLAGS", "-D warnings");
    workspace::run(command)
}

/// A crate needs `1.2.3`; contracts may say `v1` or `2026-01`.
fn version(api: &Api) -> String {
    let mut parts: Vec<u64> = api
        .version
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|part| part.parse().ok())
        .take(3)
        .collect();
    parts.resize(3, 0);
    parts
        .iter()
        .map(u64::to_string)
        .collect::<Vec<_>>()
        .join(".")
}

fn manifest(api: &Api, name: &str) -> Result<String, String> {
    let workspace = read(&root().join("Cargo.toml"))?;
    let setting = |key: &str| {
        let line = workspace
            .lines()
            .find(|line| line.starts_with(&format!("{key} = ")));
        line.ok_or_else(|| format!("Cargo.toml: no line `{key} = …`"))
    };
    let mut text = format!(
        "[package]\nname = {name:?}\nversion = {:?}\n{}\n{}\n{}\n",
        version(api),
        setting("edition")?,
        setting("rust-version")?,
        setting("license")?,
    );
    let description = format!(
        "Client for {}",
        api.title.split_whitespace().collect::<Vec<_>>().join(" ")
    );
    let _ = write!(
        text,
        "description = {description:?}\nreadme = \"README.md\"\n\
         keywords = [\"api\", \"client\", \"openapi\"]\ncategories = [\"api-bindings\"]\n\n\
         # Stands alone, also inside the folder of another workspace.\n[workspace]\n\n[dependencies]\n"
    );
    for dependency in DEPENDENCIES {
        let line = setting(dependency)?;
        let line = match dependency {
            // Only the timer is needed: the runtime is the user's.
            "tokio" => narrowed(line, &["time"])?,
            _ => line.to_owned(),
        };
        let _ = writeln!(text, "{line}");
    }
    let tokio = narrowed(setting("tokio")?, &["rt", "macros"])?;
    let _ = write!(text, "\n[dev-dependencies]\n{tokio}\n");
    Ok(text)
}

/// A dependency with other features.
fn narrowed(line: &str, features: &[&str]) -> Result<String, String> {
    let (before, rest) = line
        .split_once("features = [")
        .ok_or_else(|| format!("Cargo.toml: `{line}` has no features"))?;
    let (_, after) = rest
        .split_once(']')
        .ok_or_else(|| format!("Cargo.toml: `{line}` does not end"))?;
    let features: Vec<String> = features
        .iter()
        .map(|feature| format!("{feature:?}"))
        .collect();
    Ok(format!(
        "{before}features = [{}]{after}",
        features.join(", ")
    ))
}

fn library() -> String {
    "#![doc = include_str!(\"../README.md\")]\n\n\
     pub mod types;\n\
     #[doc(hidden)]\n\
     pub mod wire;\n\n\
     pub use generated::*;\n\n\
     #[allow(clippy::all, reason = \"progenitor does not write for clippy\")]\n\
     mod generated;\n"
        .to_owned()
}

fn readme(api: &Api, name: &str) -> String {
    let title = api.title.split_whitespace().collect::<Vec<_>>().join(" ");
    let krate = name.replace('-', "_");
    let mut text = format!(
        "# {name}\n\nAsynchronous client for {title}, version {} of its contract: a method per \
         operation, typed errors for every status, retries that honour `Retry-After`, and streams \
         over lists.\n\n",
        api.version
    );
    let _ = write!(
        text,
        "```rust,no_run\n# async fn example() -> Result<(), Box<dyn std::error::Error>> {{\n\
         let client = {krate}::Client::builder({:?})\n",
        api.servers
            .first()
            .map_or("https://api.example.com", String::as_str)
    );
    for call in setters(api) {
        let _ = writeln!(text, "    {call}");
    }
    text.push_str("    .build()?;\n# let _ = client;\n# Ok(())\n# }\n```\n\n");
    text.push_str("| Method | Request | |\n|---|---|---|\n");
    for operation in &api.operations {
        let summary = operation.summary.as_deref().unwrap_or_default();
        let _ = writeln!(
            text,
            "| `{}` | `{} {}` | {} |",
            operation.snake,
            method(operation.method),
            operation.path,
            summary
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .replace('|', "\\|")
        );
    }
    text.push_str(
        "\nLists can also be read item by item: every method that pages has a twin that ends in \
         `_stream`.\n\nGenerated from the contract; changes belong there.\n",
    );
    text
}

/// The calls that set credentials and shared headers, as the generator names them for the common
/// case: one bearer scheme, and headers in kebab case.
fn setters(api: &Api) -> Vec<String> {
    let mut calls = Vec::new();
    if only_bearer(api).is_some() {
        calls.push(".token(\"your_key\")".to_owned());
    }
    // Credentials of other kinds are for the reader to add.
    if !api
        .security_schemes
        .iter()
        .all(|one| is_set(api, &one.name))
    {
        calls.push(".partial()".to_owned());
    }
    calls.extend(
        shared(api)
            .iter()
            .map(|name| format!(".{}(\"…\")", name.to_ascii_lowercase().replace('-', "_"))),
    );
    calls
}

/// Whether [`setters`] set the credential of `scheme`: a token, or a shared header.
fn is_set(api: &Api, scheme: &str) -> bool {
    let shared = shared(api);
    only_bearer(api).is_some_and(|only| only == scheme)
        || api.security_schemes.iter().any(|one| match &one.kind {
            SecurityKind::ApiKey(Location::Header, name) => {
                one.name == scheme && shared.contains(name)
            }
            _ => false,
        })
}

/// The one scheme with a bearer token, which the builder sets by `token`.
fn only_bearer(api: &Api) -> Option<&String> {
    let is_bearer = |kind: &SecurityKind| *kind == SecurityKind::Bearer;
    let mut bearers = api
        .security_schemes
        .iter()
        .filter(|one| is_bearer(&one.kind));
    let first = bearers.next()?;
    bearers.next().is_none().then_some(&first.name)
}

/// Text headers of every operation that are required, or carry a credential.
fn shared(api: &Api) -> Vec<String> {
    let is_credential = |header: &String| {
        let schemes = api.security_schemes.iter();
        let mut kinds = schemes.map(|scheme| &scheme.kind);
        kinds.any(
            |kind| matches!(kind, SecurityKind::ApiKey(Location::Header, name) if name == header),
        )
    };
    let headers = |operation: &Operation| -> Vec<String> {
        let all = operation
            .parameters
            .iter()
            .filter(|one| one.location == Location::Header);
        all.filter(|one| one.required || is_credential(&one.wire))
            .filter(|one| matches!(one.value.shape, Shape::String(_)))
            .map(|one| one.wire.clone())
            .collect()
    };
    let Some((first, rest)) = api
        .operations
        .split_first()
        .filter(|(_, rest)| !rest.is_empty())
    else {
        return Vec::new();
    };
    let in_all = |name: &String| {
        rest.iter()
            .all(|operation| headers(operation).contains(name))
    };
    headers(first).into_iter().filter(in_all).collect()
}

/// A test that calls one operation against a server of its own.
fn smoke(contract: &Contract, name: &str) -> Result<String, String> {
    let api = contract.model();
    let shared = shared(api);
    // One whose arguments can be written down without knowing the contract.
    let simple = api.operations.iter().find(|operation| {
        let parameters = operation
            .parameters
            .iter()
            .filter(|one| !shared.contains(&one.wire));
        let callable = |schemes: &Vec<(String, Vec<String>)>| {
            schemes.iter().all(|(name, _)| is_set(api, name))
        };
        let open = operation.security.is_empty() || operation.security.iter().any(callable);
        open && operation.body.is_none()
            && operation.method != Method::Head
            && parameters.clone().all(|one| {
                one.location == Location::Path && matches!(one.value.shape, Shape::String(_))
            })
    });
    let Some(operation) = simple else {
        return Err("no operation is simple enough for the smoke test".to_owned());
    };
    let arguments = operation
        .parameters
        .iter()
        .filter(|one| one.location == Location::Path);
    let arguments = vec!["\"id\""; arguments.count()].join(", ");
    let mut path = operation.path.clone();
    while let (Some(start), Some(end)) = (path.find('{'), path.find('}')) {
        path.replace_range(start..=end, "id");
    }
    let setters: String = setters(api)
        .iter()
        .map(|call| format!("        {}\n", call.replace('…', "value")))
        .collect();
    Ok(SMOKE
        .replace("KRATE", &name.replace('-', "_"))
        .replace("        // setters\n", &setters)
        .replace("METHOD", &operation.snake)
        .replace("ARGUMENTS", &arguments)
        .replace("REQUEST", &format!("{} {path}", method(operation.method))))
}

fn method(method: Method) -> String {
    format!("{method:?}").to_ascii_uppercase()
}

const SMOKE: &str = r#"//! One call over TCP: the crate works on its own.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

#[tokio::test]
async fn a_call_reaches_the_server_and_its_refusal_is_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let server = std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("the client connects");
        let mut reader = BufReader::new(stream);
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).expect("the client writes text");
            match line.trim_end() {
                "" => break,
                line => lines.push(line.to_owned()),
            }
        }
        let answer = b"HTTP/1.1 418 Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        reader.get_mut().write_all(answer).expect("the client reads");
        lines
    });
    let client = KRATE::Client::builder(url)
        // setters
        .build()
        .expect("the settings are complete");
    let error = client.METHOD(ARGUMENTS).await.expect_err("the server refuses");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(418));
    let lines = server.join().expect("the server ends");
    assert_eq!(lines[0], "REQUEST HTTP/1.1");
}
"#;
