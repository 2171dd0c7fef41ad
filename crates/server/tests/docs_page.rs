//! The documentation page in a real browser: on a demo, the first Execute of every operation is a
//! success, and all that is shown fits a phone.
//!
//! Needs Chromium and its driver. Where they are missing the tests say so and pass, except under
//! `CI`, where they fail.

mod support;

use serde_json::json;
use support::browser::{Browser, Driver};
use support::{Folder, Http, Server};

const DESKTOP: (u32, u32) = (1280, 1600);
const PHONE: (u32, u32) = (390, 844);

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_succeeds_at_its_first_execute_and_fits_a_phone() {
    let Some(driver) = Driver::start() else {
        return;
    };
    let folder = Folder::new();
    let mut server = Server::start(&folder.database(), &["--demo"]);
    let key = demo_key(&mut server);
    // Where there is least room.
    let browser = Browser::open(&driver, folder.path(), PHONE).await;
    // Where the server itself leads.
    browser.go(&format!("http://{}/", server.address)).await;
    browser.wait_for(".opblock").await;
    browser.screenshot("demo-phone").await;

    let operations = operations(&server).await;
    let shown = shown(&browser).await;
    assert_eq!(shown.len(), operations, "{shown:?}");

    let mut failed = Vec::new();
    let wider = "return document.documentElement.scrollWidth > arguments[0]";
    for id in shown {
        let fold = format!("#{id} .opblock-summary-control");
        browser.press(&fold).await;
        // With all that the operation has to say.
        browser.wait_for(&format!("#{id} .responses-table")).await;
        if browser.run(wider, json!([PHONE.0])).await != json!(false) {
            failed.push(format!("{id}: wider than {} pixels", PHONE.0));
        }
        // Links to files cannot be known before they are made.
        if id.ends_with("getFileContent") {
            browser.press(&fold).await;
            continue;
        }
        browser
            .press(&format!("#{id} button.execute:enabled"))
            .await;
        let status = format!("#{id} .live-responses-table .response .response-col_status");
        browser.wait_for(&status).await;
        let text = "return document.querySelector(arguments[0]).closest('.live-responses-table').innerText";
        let answer = browser.run(text, json!([status])).await;
        if browser.run(wider, json!([PHONE.0])).await != json!(false) {
            failed.push(format!("{id}: its answer is wider"));
        }
        let status = browser
            .run(
                "return document.querySelector(arguments[0]).innerText.trim().slice(0, 3)",
                json!([status]),
            )
            .await;
        // With all of them unfolded the page takes its time.
        browser.press(&fold).await;
        if !["200", "201"].contains(&status.as_str().unwrap_or_default()) {
            failed.push(format!("{id}: {status} {answer}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));

    // What the page knows it forgets with the window.
    let kept = "return JSON.stringify([localStorage, sessionStorage, document.cookie])";
    let kept = browser.run(kept, json!([])).await.to_string();
    assert!(!kept.contains(&key), "{kept}");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_shows_operations_at_once() {
    let Some(driver) = Driver::start() else {
        return;
    };
    let folder = Folder::new();
    let server = Server::start(&folder.database(), &[]);
    for (name, size) in [("page-desktop", DESKTOP), ("page-phone", PHONE)] {
        let browser = Browser::open(&driver, &folder.path().join(name), size).await;
        browser
            .go(&format!("http://{}/docs/", server.address))
            .await;
        browser.wait_for(".opblock").await;
        browser.screenshot(name).await;
        let seen = browser
            .run(
                "return {
                    title: document.title,
                    icon: document.querySelector('link[rel=icon]').href.split('/').pop(),
                    bar: document.querySelector('.topbar') !== null,
                    wider: document.documentElement.scrollWidth > arguments[0],
                    first: document.querySelector('.opblock').getBoundingClientRect().top < window.innerHeight,
                    authorized: document.querySelector('.authorize.unlocked') === null,
                }",
                json!([size.0]),
            )
            .await;
        assert_eq!(
            seen,
            json!({ "title": "FlexPortal API", "icon": "icon.svg", "bar": false, "wider": false,
                    "first": true, "authorized": false }),
            "{name}"
        );
        browser.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_operations_refer_to_is_looked_up() {
    let Some(driver) = Driver::start() else {
        return;
    };
    let folder = Folder::new();
    let server = Server::start(&folder.database(), &[]);
    let browser = Browser::open(&driver, folder.path(), DESKTOP).await;
    let url = format!("http://{}/docs/", server.address);
    browser.go(&url).await;
    browser.wait_for(".opblock").await;
    let contract = json!({
        "paths": {
            "/a": {
                "parameters": [{ "$ref": "#/components/parameters/Id" }, { "name": "q", "in": "query" }],
                "get": {
                    "parameters": [{ "name": "q", "in": "query", "required": true }],
                    "responses": { "default": { "$ref": "#/components/responses/no~1such%20thing" } },
                },
            },
            "/b": { "$ref": "#/components/pathItems/B" },
        },
        "components": {
            "parameters": { "Id": { "name": "id", "in": "path" } },
            "responses": { "no/such thing": { "description": "None." } },
            "pathItems": { "B": { "put": { "operationId": "b" } } },
            "schemas": {
                "any": true,
                "name": { "type": "string", "description": "A name." },
                "beside": { "$ref": "#/components/schemas/name", "description": "Another one." },
                "twice": {
                    "allOf": [{ "$ref": "#/components/schemas/beside" }, { "$ref": "#/components/schemas/any" }],
                },
                "properties": {
                    "properties": { "$ref": { "type": "string" }, "example": { "$ref": "#/components/schemas/name" } },
                    "example": { "$ref": "#/components/schemas/name" },
                },
                "both": {
                    "allOf": [
                        { "$ref": "#/components/schemas/name" },
                        { "properties": { "a": { "type": "string" } }, "required": ["a"], "example": { "a": "" } },
                    ],
                    "properties": { "a": { "maxLength": 3 }, "allOf": { "enum": [1] } },
                    "required": ["b", "a"],
                    "example": { "b": 1 },
                },
                "of itself": { "allOf": [{ "$ref": "#/components/schemas/of itself" }], "type": "object" },
                "tree": { "items": { "$ref": "#/components/schemas/tree" } },
                "anchor": { "$ref": "#tree" },
            },
        },
    });
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let at = |name: &str| format!("base#/components/schemas/{name}");
    for (path, wanted) in [
        (
            json!(["paths", "/a", "get"]),
            json!({
                "parameters": [
                    { "name": "q", "in": "query", "required": true },
                    { "name": "id", "in": "path", "$$ref": "base#/components/parameters/Id" },
                ],
                "responses": {
                    "default": { "description": "None.", "$$ref": "base#/components/responses/no~1such%20thing" },
                },
            }),
        ),
        (json!(["paths", "/b", "put"]), json!({ "operationId": "b" })),
        (
            json!(["components", "schemas", "twice"]),
            json!({ "allOf": [
                { "type": "string", "description": "Another one.", "$$ref": at("name") },
                true,
            ] }),
        ),
        (
            json!(["components", "schemas", "properties"]),
            json!({
                "properties": {
                    "$ref": { "type": "string" },
                    "example": { "type": "string", "description": "A name.", "$$ref": at("name") },
                },
                "example": reference("name"),
            }),
        ),
        (
            json!(["components", "schemas", "both"]),
            json!({
                "type": "string",
                "description": "A name.",
                "properties": { "a": { "type": "string", "maxLength": 3 }, "allOf": { "enum": [1] } },
                "required": ["a", "b"],
                "example": { "b": 1 },
            }),
        ),
        (
            json!(["components", "schemas", "of itself"]),
            json!({ "allOf": [reference("of itself")], "type": "object" }),
        ),
        (
            json!(["components", "schemas", "tree"]),
            json!({ "items": { "items": reference("tree"), "$$ref": at("tree") } }),
        ),
    ] {
        let script = "return resolved(arguments[0], arguments[1], 'base')";
        assert_eq!(
            browser.run(script, json!([contract, path])).await,
            wanted,
            "{path}"
        );
    }
    // What is no pointer, Swagger UI finds by itself.
    let script =
        "try { return resolved(...arguments) } catch (error) { return error instanceof Unknown }";
    let path = ["components", "schemas", "anchor"];
    let left = browser.run(script, json!([contract, path])).await;
    assert_eq!(left, json!(true));

    // Schemas that all refer to many others: as many ways through them as no page could show.
    let schemas = (0..100).map(|number| {
        let others = (1..10).map(|other| reference(&((number + other) % 100).to_string()));
        (
            number.to_string(),
            json!({ "anyOf": others.collect::<Vec<_>>() }),
        )
    });
    let schemas: serde_json::Map<_, _> = schemas.collect();
    let contract = json!({ "components": { "schemas": schemas } });
    let script = "return JSON.stringify(resolved(...arguments)).length";
    let path = ["components", "schemas", "0"];
    let length = browser.run(script, json!([contract, path, ""])).await;
    let length = length.as_u64().expect("a length");
    assert!((1_000..1_000_000).contains(&length), "{length}");
    browser.close().await;
}

/// Ids of the operations' elements, in the order of the page.
async fn shown(browser: &Browser) -> Vec<String> {
    // What the service sends, nobody can call.
    let ids = "return [...document.querySelectorAll('.opblock')] \
               .filter(it => !it.closest('.webhooks-container')).map(it => it.id)";
    let ids = browser.run(ids, json!([])).await;
    let ids = ids.as_array().expect("a list").iter();
    ids.map(|id| id.as_str().expect("an id").to_owned())
        .collect()
}

fn demo_key(server: &mut Server) -> String {
    let demo = server.output_until("/docs/");
    let (_, rest) = demo.split_once("demo key:").expect("a key");
    rest.split_whitespace().next().expect("a key").to_owned()
}

async fn operations(server: &Server) -> usize {
    let contract = Http::new()
        .get(&format!("http://{}/openapi.json", server.address))
        .await
        .json();
    let paths = contract["paths"].as_object().expect("paths");
    paths
        .values()
        .flat_map(|item| item.as_object().expect("a path item").values())
        .filter(|operation| operation.get("responses").is_some())
        .count()
}
