//! Tenants and keys from the command line, beside a running server.

mod support;

use hyper::Method;
use support::{Folder, Http, Server, flexportal};

const TENANT: &str = "bu_admin";

async fn list_customers(server: &Server, key: &str) -> u16 {
    let authorization = format!("Bearer {key}");
    let url = format!("http://{}/v1/customers", server.address);
    let headers = [
        ("authorization", authorization.as_str()),
        ("tenant-id", TENANT),
    ];
    Http::new()
        .send(Method::GET, &url, &headers, "")
        .await
        .status
        .as_u16()
}

fn create_tenant(database: &str) {
    let (created, output, error) = flexportal(&[
        "tenant",
        "create",
        "--id",
        TENANT,
        "--currency",
        "EUR",
        "--preset",
        "electronics",
        "--database",
        database,
    ]);
    assert!(created, "{error}");
    assert_eq!(output, format!("{TENANT}\n"));
}

fn create_key(database: &str, options: &[&str]) -> String {
    let mut arguments = vec!["key", "create", "--tenant", TENANT, "--database", database];
    arguments.extend(options);
    let (created, output, error) = flexportal(&arguments);
    assert!(created, "{error}");
    assert_eq!(
        output.lines().count(),
        1,
        "the key alone is printed: {output}"
    );
    output.trim().to_owned()
}

#[tokio::test]
async fn a_key_made_beside_a_running_server_works_until_it_is_revoked() {
    let folder = Folder::new();
    let database = folder.database();
    let server = Server::start(&database, &[]);
    create_tenant(&database);
    let key = create_key(&database, &["--name", "till"]);
    assert_eq!(list_customers(&server, &key).await, 200);

    let (_, listed, _) = flexportal(&["key", "list", "--tenant", TENANT, "--database", &database]);
    assert!(!listed.contains(&key), "the secret is never shown again");
    let row = listed
        .lines()
        .find(|line| line.contains("till"))
        .expect("the key is listed");
    let id = row.split_whitespace().next().expect("an id");
    let (revoked, _, error) = flexportal(&[
        "key",
        "revoke",
        id,
        "--tenant",
        TENANT,
        "--database",
        &database,
    ]);
    assert!(revoked, "{error}");

    // Within a second: asked until it is so, and when that was, however late the answer came, is asserted.
    let since = std::time::Instant::now();
    loop {
        let asked = since.elapsed();
        if list_customers(&server, &key).await == 401 {
            break;
        }
        assert!(
            asked.as_millis() < 1_000,
            "a revoked key still works after a second"
        );
    }
    let (again, _, error) = flexportal(&[
        "key",
        "revoke",
        id,
        "--tenant",
        TENANT,
        "--database",
        &database,
    ]);
    assert!(!again);
    assert!(error.contains("hint: "), "{error}");
}

#[tokio::test]
async fn a_key_allows_what_its_permissions_say() {
    let folder = Folder::new();
    let database = folder.database();
    create_tenant(&database);
    let orders = create_key(&database, &["--permissions", "orders:read,orders:write"]);
    let server = Server::start(&database, &[]);
    assert_eq!(list_customers(&server, &orders).await, 403);

    let (created, _, error) = flexportal(&[
        "key",
        "create",
        "--tenant",
        TENANT,
        "--permissions",
        "customers:own",
        "--database",
        &database,
    ]);
    assert!(!created);
    assert!(
        error.contains("`customers:own` is no permission"),
        "{error}"
    );
    assert!(
        error.contains("customers:read"),
        "the hint names the permissions: {error}"
    );
}

/// What is left of a plan's requests after one more; `None` if it was refused.
async fn left_after_one(server: &Server, key: &str) -> Option<u32> {
    let authorization = format!("Bearer {key}");
    let url = format!("http://{}/v1/customers", server.address);
    let headers = [
        ("authorization", authorization.as_str()),
        ("tenant-id", TENANT),
    ];
    let answer = Http::new().send(Method::GET, &url, &headers, "").await;
    let left = answer.headers["ratelimit"].to_str().expect("text");
    let left = left
        .strip_prefix("\"minute\";r=")
        .and_then(|it| it.split_once(';'));
    let left = left.and_then(|(it, _)| it.parse().ok());
    match answer.status.as_u16() {
        200 => Some(left.expect("a number")),
        429 => None,
        status => panic!("{status}: {}", answer.text),
    }
}

#[tokio::test]
async fn a_plan_limits_requests_over_all_processes() {
    let folder = Folder::new();
    let mut databases = vec![folder.database()];
    if test_postgres::available() {
        let cluster = test_postgres::shared().expect("the cluster starts");
        databases.push(cluster.create_database().expect("a database"));
    }
    for database in databases {
        let (created, _, error) = flexportal(&[
            "tenant",
            "create",
            "--id",
            TENANT,
            "--currency",
            "EUR",
            "--tier",
            "starter",
            "--database",
            &database,
        ]);
        assert!(created, "{error}");
        let key = create_key(&database, &[]);
        let first = Server::start(&database, &[]);
        // A minute that ends meanwhile shows in what is left, and it begins anew.
        let whole = async || {
            let mut second = Server::start(&database, &[]);
            let begin = left_after_one(&first, &key).await?;
            for sent in 1..=begin {
                if sent == 50 {
                    second.child.kill().expect("it is there");
                    second = Server::start(&database, &[]);
                }
                let server = if sent % 2 == 0 { &first } else { &second };
                if left_after_one(server, &key).await? != begin - sent {
                    return None;
                }
            }
            let over = [&first, &second];
            for server in over {
                if left_after_one(server, &key).await.is_some() {
                    return None;
                }
            }
            Some(())
        };
        let since = std::time::Instant::now();
        while whole().await.is_none() {
            assert!(since.elapsed().as_secs() < 180, "{database}");
        }
    }
}

#[test]
fn wrong_arguments_are_explained() {
    let folder = Folder::new();
    let database = folder.database();
    let refused = |arguments: &[&str], expected: &str| {
        let mut arguments = arguments.to_vec();
        arguments.extend(["--database", &database]);
        let (ok, output, error) = flexportal(&arguments);
        assert!(
            !ok && output.is_empty(),
            "{arguments:?} must fail: {output}"
        );
        assert!(error.contains(expected), "{arguments:?}: {error}");
    };
    refused(
        &["tenant", "create", "--id", "a b", "--currency", "EUR"],
        "`--id` must be",
    );
    refused(
        &["tenant", "create", "--id", "a", "--currency", "euro"],
        "no ISO 4217 code",
    );
    refused(
        &["tenant", "create", "--id", "a", "--currency", "ZZZ"],
        "no ISO 4217 code",
    );
    refused(
        &["tenant", "create", "--id", "a", "--currency", "eur"],
        "hint: `EUR` is one",
    );
    refused(
        &["key", "create", "--tenant", "a", "--expires-in", "0"],
        "0 is not in 1..=36500",
    );
    refused(
        &[
            "tenant",
            "create",
            "--id",
            "a",
            "--currency",
            "EUR",
            "--preset",
            "gaming",
        ],
        "`electronics`, `furniture`, `mobility`, `baby_kids`, `appliances`, `medical`",
    );
    // Nothing is created by looking for something, or by being refused.
    for arguments in [
        &["key", "create", "--tenant", "nobody"][..],
        &["key", "list", "--tenant", "nobody"],
        &["key", "revoke", "key_1", "--tenant", "nobody"],
        &["tenant", "list"],
        &["backup", "--to", "copy.db"],
    ] {
        refused(arguments, "there is no database");
        let left = std::fs::read_dir(folder.path()).expect("readable").count();
        assert_eq!(left, 0, "{arguments:?}");
    }
    create_tenant(&database);
    refused(
        &["key", "create", "--tenant", "nobody"],
        "there is no tenant `nobody`",
    );
    refused(
        &["key", "list", "--tenant", "nobody"],
        "flexportal tenant list",
    );

    let (ok, _, error) = flexportal(&["tenant", "list", "--database", "mysql://localhost/x"]);
    assert!(!ok);
    assert!(error.contains("hint: use `sqlite:PATH`"), "{error}");
}

#[test]
fn lists_are_tables_for_people_and_json_for_programs() {
    let folder = Folder::new();
    let database = folder.database();
    create_tenant(&database);
    let run = |arguments: &[&str]| {
        let mut arguments = arguments.to_vec();
        arguments.extend(["--database", &database]);
        let (ok, output, error) = flexportal(&arguments);
        assert!(ok, "{arguments:?}: {error}");
        (output, error)
    };
    let json = |arguments: &[&str]| -> serde_json::Value {
        serde_json::from_str(&run(arguments).0).expect("JSON")
    };
    let (none, hint) = run(&["key", "list", "--tenant", TENANT]);
    assert!(
        none.is_empty() && hint.contains("hint: `flexportal key create"),
        "{hint}"
    );

    let created = json(&[
        "key",
        "create",
        "--tenant",
        TENANT,
        "--name",
        "a longer name",
        "--json",
    ]);
    create_key(&database, &["--name", "b", "--expires-in", "7"]);
    let (table, _) = run(&["key", "list", "--tenant", TENANT]);
    let lines: Vec<&str> = table.lines().collect();
    let state = lines[0].find("STATE").expect("a header");
    for line in &lines[1..] {
        assert!(line[state..].starts_with("active  "), "{table}");
    }
    assert_eq!(lines.len(), 3, "{table}");
    assert!(!table.contains('\t'), "{table}");

    let keys = json(&["key", "list", "--tenant", TENANT, "--json"]);
    assert_eq!(keys[0]["id"], created["id"]);
    assert_eq!(keys[0]["name"], "a longer name");
    assert!(keys[0]["expiresAt"].is_null() && keys[1]["expiresAt"].is_string());
    assert!(
        !keys
            .to_string()
            .contains(created["key"].as_str().expect("a secret"))
    );
    let moment = keys[1]["expiresAt"].as_str().expect("a moment");
    let decimals = moment.strip_suffix('Z').and_then(|it| it.split_once('.'));
    assert_eq!(decimals.map(|(_, it)| it.len()), Some(3), "{moment}");
    let tenants = json(&["tenant", "list", "--json"]);
    for made in [&keys[0]["createdAt"], &tenants[0]["createdAt"]] {
        assert_eq!(made.as_str().map(str::len), Some(moment.len()), "{made}");
    }
    assert_eq!(tenants[0]["id"], TENANT);
    // Moments are those of the API: three decimals, always.
    let moments = [
        &tenants[0]["createdAt"],
        &keys[0]["createdAt"],
        &keys[1]["expiresAt"],
    ];
    for moment in moments {
        let moment = moment.as_str().expect("a moment");
        assert_eq!(moment.len(), "2026-01-31T09:00:00.000Z".len(), "{moment}");
    }
    assert_eq!(tenants[0]["preset"], "electronics");
    assert!(run(&["tenant", "list"]).0.starts_with("ID "));
}

#[test]
fn what_is_missing_is_named() {
    let folder = Folder::new();
    let database = format!("sqlite:{}/no/folder/x.db", folder.path().display());
    let create = [
        "tenant",
        "create",
        "--id",
        TENANT,
        "--currency",
        "EUR",
        "--database",
        &database,
    ];
    let (ok, _, error) = flexportal(&create);
    assert!(!ok && error.contains("hint: there is no folder"), "{error}");

    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("an address").to_string();
    let (ok, _, error) = flexportal(&["health", "--listen", &address]);
    assert!(
        !ok && error.contains("does not answer within 3 s"),
        "{error}"
    );
}

#[test]
fn shells_can_complete_commands() {
    for shell in ["bash", "zsh", "fish"] {
        let (ok, script, error) = flexportal(&["completions", shell]);
        assert!(
            ok && script.contains("shutdown-timeout"),
            "{shell}: {error}"
        );
    }
}

#[test]
fn options_stand_under_the_heading_they_belong_to() {
    let (_, help, _) = flexportal(&["serve", "--help"]);
    let (general, postgres) = help.split_once("\nPostgreSQL:\n").expect("a heading");
    let postgres = postgres.split("\n\n[A-Z]").next().expect("a first part");
    for option in [
        "--demo",
        "--log-format",
        "--body-limit",
        "--shutdown-timeout",
    ] {
        assert!(
            general.contains(option) && !postgres.contains(option),
            "{option}\n{help}"
        );
    }
    for option in [
        "--database-connections",
        "--lock-timeout",
        "--allow-bypass-rls",
    ] {
        assert!(postgres.contains(option), "{option}\n{help}");
    }
}

#[test]
fn the_contract_is_printed_as_it_is_served() {
    let (ok, json, _) = flexportal(&["openapi", "--json"]);
    assert!(ok);
    let contract: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert!(contract["paths"]["/v1/customers/{customerId}"]["delete"].is_object());
    let paths = contract["paths"].as_object().expect("paths");
    let operations = paths
        .values()
        .flat_map(|item| item.as_object().expect("an item"));
    let operations = operations.filter(|(_, operation)| operation.get("responses").is_some());
    assert_eq!(operations.count(), service::served().len());
    let (ok, yaml, _) = flexportal(&["openapi"]);
    assert!(ok);
    assert!(yaml.starts_with("openapi: 3.1.0\n"), "{}", &yaml[..40]);
}

#[tokio::test]
async fn commands_and_servers_share_a_postgresql_database() {
    if !test_postgres::available() {
        return;
    }
    let cluster = test_postgres::shared().expect("the cluster starts");
    let database = cluster.create_database().expect("a database");
    create_tenant(&database);
    let server = Server::start(&database, &["--database-connections", "2"]);
    let key = create_key(&database, &["--name", "till"]);
    assert_eq!(list_customers(&server, &key).await, 200);
    let (listed, tenants, error) = flexportal(&["tenant", "list", "--database", &database]);
    assert!(listed, "{error}");
    assert!(tenants.contains(&format!("\n{TENANT} ")), "{tenants}");
    assert!(server.stop().0, "the server ends by itself");

    let refused = |url: &str, expected: &str| {
        let (ok, _, error) = flexportal(&["tenant", "list", "--database", url]);
        assert!(!ok && error.contains(expected), "{error}");
    };
    refused(
        &format!("{database}x"),
        "hint: create the role and its database",
    );
    refused("postgres://app@127.0.0.1:1/flex", "hint: is it running");
}

#[test]
fn a_database_password_is_never_shown() {
    let unreachable = "postgres://app:s3cret@127.0.0.1:1/flex?sslmode=disable";
    let wrong_option = "postgres://app@127.0.0.1/flex?password=s3cret&colour=s3cret";
    let no_scheme = "app:s3cret@127.0.0.1/flex";
    for url in [unreachable, wrong_option, no_scheme] {
        let (ok, output, error) = flexportal(&["tenant", "list", "--database", url]);
        assert!(!ok && output.is_empty(), "{output}");
        assert!(error.contains("--database"), "{error}");
        assert!(!error.contains("s3cret"), "{error}");
    }
    let help = std::process::Command::new(env!("CARGO_BIN_EXE_flexportal"))
        .args(["serve", "--help"])
        .env("FLEXPORTAL_DATABASE", unreachable)
        .output()
        .expect("the binary runs");
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    assert!(
        help.contains("FLEXPORTAL_DATABASE") && !help.contains("s3cret"),
        "{help}"
    );
}

#[test]
fn deployment_files_name_variables_that_exist() {
    let (_, help, _) = flexportal(&["serve", "--help"]);
    let files = [
        include_str!("../deploy/flexportal.service"),
        include_str!("../deploy/Containerfile"),
    ];
    let mut found = 0;
    for text in files {
        for (start, _) in text.match_indices("FLEXPORTAL_") {
            let name = text[start..]
                .split(|it: char| !(it.is_ascii_uppercase() || it == '_'))
                .next();
            let name = name.expect("split gives at least one part");
            assert!(help.contains(&format!("[env: {name}")), "`{name}`");
            found += 1;
        }
    }
    assert!(found >= 6, "{found}");
}
