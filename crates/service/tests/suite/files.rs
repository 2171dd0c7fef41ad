//! Files: contracts that are written, links that lead to them for a while, and their end.

use hyper::Method;
use serde_json::{Value, json};

use crate::suite::support::{Answer, App, TENANT, order_body};

impl App {
    /// The id of a contract that is written for an order.
    pub(super) async fn contract(&self, order: &str) -> String {
        let body = json!({ "orderId": order });
        let answer = self.post("/v1/files/contracts/generate", body).await;
        let expected = json!({
            "success": true, "message": answer.body["message"], "fileId": answer.body["fileId"],
            "orderId": order, "tenantId": TENANT
        });
        assert_eq!(*answer.is(201), expected);
        answer.text("/fileId")
    }

    /// Path of a link, as the answer gives it.
    pub(super) async fn link(&self, body: Value) -> String {
        let answer = self.post("/v1/files/url", body).await;
        answer.is(200);
        let url = answer.text("/url");
        url.strip_prefix(&self.base)
            .expect("it leads here")
            .to_owned()
    }

    /// Opens a link as anybody does: with neither key nor tenant.
    pub(super) async fn open(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], "").await
    }

    pub(super) fn kept(&self) -> usize {
        let folder = std::fs::read_dir(self.files().join(TENANT));
        folder.map_or(0, |files| files.count())
    }
}

#[tokio::test]
async fn a_contract_is_a_file_of_its_order() {
    let app = App::start().await;
    app.variant("SKU").await;
    let mut order = order_body("ada@example.com", "SKU", 2);
    order["customer"]["company"] = json!("Łódź 東京 ع GmbH");
    let answer = app.post("/v1/orders", order).await;
    answer.is(201);
    let order = answer.text("/orderId");
    let (first, second) = (app.contract(&order).await, app.contract(&order).await);
    assert_ne!(first, second, "each call makes a new file");
    let read = app.get(&format!("/v1/files/{first}")).await;
    let file = read.is(200).clone();
    let expected = json!({
        "fileId": first, "tenantId": TENANT, "orderId": order, "type": "contract",
        "category": "generated", "filename": format!("contract-{order}.pdf"),
        "contentType": "application/pdf", "fileSize": file["fileSize"],
        "storagePath": format!("{TENANT}/{first}"), "uploadedBy": file["uploadedBy"],
        "createdAt": file["createdAt"], "updatedAt": file["createdAt"],
    });
    assert_eq!(file, expected);
    assert!(file["uploadedBy"].as_str().unwrap().starts_with("key_"));
    let stored = std::fs::read(app.files().join(TENANT).join(&first)).expect("it is kept");
    assert!(stored.starts_with(b"%PDF-"));
    assert_eq!(file["fileSize"], stored.len());
    // The words stand in it, to be found by whoever searches.
    let opened = app.open(&app.link(json!({ "fileId": first })).await).await;
    opened.is(200);
    assert_eq!(opened.headers["content-type"], "application/pdf");
    app.finish().await;
}

#[tokio::test]
async fn a_contract_says_what_the_order_and_the_settings_say() {
    let app = App::start_with(|settings| {
        settings.general.display_name = Some("Acme Rentals".into());
        settings.contracts.templates.extension = Some(service::settings::ContractTemplate {
            title: "Longer".into(),
            terms: "As before.".into(),
        });
    })
    .await;
    app.variant("SKU").await;
    let (order, _) = app.order("ada@example.com", "SKU", 1).await;
    let size = async |kind: &str| {
        let body = json!({ "orderId": order, "contractType": kind });
        let answer = app.post("/v1/files/contracts/generate", body).await;
        answer.is(201);
        let file = app
            .get(&format!("/v1/files/{}", answer.text("/fileId")))
            .await;
        file.is(200)["fileSize"].as_u64().unwrap()
    };
    // Other words, other bytes; the same words, the same bytes.
    let [by_order, again, by_extension, by_upgrade] = [
        size("order").await,
        size("order").await,
        size("extension").await,
        size("upgrade").await,
    ];
    assert_eq!(by_order, again);
    assert!(by_extension < by_order && by_order != by_upgrade);
    for (body, code) in [
        (json!({ "orderId": "ord_none" }), "ORDER_NOT_FOUND"),
        (
            json!({ "orderId": "ord_none", "contractType": "x" }),
            "ORDER_NOT_FOUND",
        ),
        (
            json!({ "orderId": order, "contractType": "lease" }),
            "TEMPLATE_NOT_FOUND",
        ),
        (json!({}), "VALIDATION_ERROR"),
    ] {
        let path = "/v1/files/contracts/generate";
        app.post(path, body).await.refused(400, code);
    }
    assert_eq!(app.kept(), 4);
    app.finish().await;
}

#[tokio::test]
async fn a_link_opens_its_file_for_its_time_and_purpose() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (order, _) = app.order("ada@example.com", "SKU", 1).await;
    let (file, other) = (app.contract(&order).await, app.contract(&order).await);
    let before = app.clock().now().as_millisecond();
    let answer = app.post("/v1/files/url", json!({ "fileId": file })).await;
    let link = answer.is(200).clone();
    let expected = json!({
        "success": true, "url": link["url"], "filename": format!("contract-{order}.pdf"),
        "contentType": "application/pdf", "fileSize": link["fileSize"], "expiresAt": link["expiresAt"],
    });
    assert_eq!(link, expected);
    let lifetime = link["expiresAt"].as_i64().unwrap() - before;
    assert!((3_600_000..3_601_000).contains(&lifetime), "{lifetime}");

    let view = app
        .link(json!({ "fileId": file, "expiresInMinutes": 1 }))
        .await;
    let save = app
        .link(json!({ "fileId": file, "action": "download", "expiresInMinutes": 1440 }))
        .await;
    for (link, disposition) in [(&view, "inline"), (&save, "attachment")] {
        let opened = app.open(link).await;
        opened.is(200);
        let expected = format!("{disposition}; filename=\"contract-{order}.pdf\"");
        assert_eq!(opened.headers["content-disposition"], expected.as_str());
    }
    // A link cannot be made into another one.
    let other = app.link(json!({ "fileId": other })).await;
    let (head, _) = view.rsplit_once('.').unwrap();
    let (_, foreign) = other.rsplit_once('.').unwrap();
    let forged = [
        format!("{head}.{foreign}"),
        format!("{head}."),
        format!("{head}.AAAA"),
        view[..view.len() - 1].to_owned(),
        format!("{view}AAAA"),
        "/v1/files/content/x".into(),
        "/v1/files/content/..".into(),
        "/v1/files/content/YS9iL3YvMQ.YQ".into(),
    ];
    for link in forged {
        app.open(&link).await.refused(404, "NOT_FOUND");
    }
    app.advance(jiff::SignedDuration::from_secs(61));
    app.open(&view).await.refused(404, "NOT_FOUND");
    app.open(&save).await.is(200);
    app.advance_days(1);
    app.open(&save).await.refused(404, "NOT_FOUND");
    for (body, status, code) in [
        (json!({ "fileId": "file_none" }), 404, "NOT_FOUND"),
        (
            json!({ "fileId": file, "expiresInMinutes": 0.5 }),
            400,
            "VALIDATION_ERROR",
        ),
        (
            json!({ "fileId": file, "expiresInMinutes": 1441 }),
            400,
            "VALIDATION_ERROR",
        ),
        (
            json!({ "fileId": file, "action": "print" }),
            400,
            "VALIDATION_ERROR",
        ),
        (json!({}), 400, "VALIDATION_ERROR"),
    ] {
        app.post("/v1/files/url", body).await.refused(status, code);
    }
    app.finish().await;
}

#[tokio::test]
async fn files_are_listed_newest_first_by_order_customer_and_type() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (one, ada) = app.order("ada@example.com", "SKU", 1).await;
    let (two, _) = app.order("ada@example.com", "SKU", 2).await;
    let (three, _) = app.order("bob@example.com", "SKU", 1).await;
    let mut made = Vec::new();
    for order in [&one, &two, &three] {
        made.push(app.contract(order).await);
    }
    let ids = async |query: &str| {
        let answer = app.get(&format!("/v1/files?{query}")).await;
        let files = answer.is(200)["files"].as_array().unwrap().clone();
        assert_eq!(answer.body["count"], files.len());
        assert_eq!(answer.body["offset"], 0);
        files
            .iter()
            .map(|it| it["fileId"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("").await, [&*made[2], &made[1], &made[0]]);
    assert_eq!(ids(&format!("orderId={two}")).await, [&*made[1]]);
    assert_eq!(
        ids(&format!("customerId={ada}&type=contract")).await,
        [&*made[1], &made[0]]
    );
    assert!(ids("type=invoice").await.is_empty());
    assert!(
        ids(&format!("customerId={ada}&orderId={three}"))
            .await
            .is_empty()
    );
    let page = app
        .get(&format!("/v1/files?limit=2&type=contract&orderId={one}"))
        .await;
    assert_eq!(
        page.is(200)["filters"],
        json!({ "orderId": one, "type": "contract" })
    );
    let page = app.get("/v1/files?limit=2").await;
    let next = page.is(200)["nextCursor"].as_str().unwrap().to_owned();
    assert_eq!(
        ids(&format!("limit=2&startAfter={next}")).await,
        [&*made[0]]
    );
    app.get("/v1/files?type=x")
        .await
        .refused(400, "VALIDATION_ERROR");
    app.finish().await;
}

#[tokio::test]
async fn a_deleted_file_is_gone_with_its_content_and_links() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (order, _) = app.order("ada@example.com", "SKU", 1).await;
    let (file, kept) = (app.contract(&order).await, app.contract(&order).await);
    let link = app.link(json!({ "fileId": file })).await;
    let path = format!("/v1/files/{file}");
    let answer = app.delete(&path).await;
    assert_eq!(answer.is(200)["fileId"], file.as_str());
    assert_eq!(app.kept(), 1);
    app.open(&link).await.refused(404, "NOT_FOUND");
    app.get(&path).await.refused(404, "NOT_FOUND");
    app.delete(&path).await.refused(404, "NOT_FOUND");
    let keeping = Some(json!({ "deleteFromStorage": false }));
    let path = format!("/v1/files/{kept}");
    app.json(Method::DELETE, &path, keeping).await.is(200);
    assert_eq!(app.kept(), 1, "the content stays");
    app.get(&path).await.refused(404, "NOT_FOUND");
    app.finish().await;
}

#[tokio::test]
async fn a_storage_that_fails_keeps_the_record() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (order, _) = app.order("ada@example.com", "SKU", 1).await;
    let file = app.contract(&order).await;
    // A folder in the place of the content cannot be deleted as a file.
    let place = app.files().join(TENANT).join(&file);
    std::fs::remove_file(&place).expect("it is there");
    std::fs::create_dir_all(place.join("x")).expect("a folder");
    let path = format!("/v1/files/{file}");
    app.delete(&path).await.refused(500, "DELETE_FAILED");
    app.get(&path).await.is(200);
    std::fs::remove_dir_all(&place).expect("it is there");
    app.delete(&path).await.is(200);
    app.finish().await;
}

#[tokio::test]
async fn a_contract_is_written_once_under_a_key_and_foreign_files_are_unknown() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (order, _) = app.order("ada@example.com", "SKU", 1).await;
    let authorization = format!("Bearer {}", app.key);
    let headers = [
        ("authorization", authorization.as_str()),
        ("tenant-id", TENANT),
        ("content-type", "application/json"),
        ("idempotency-key", "k"),
    ];
    let path = "/v1/files/contracts/generate";
    let body = json!({ "orderId": order }).to_string();
    let first = app.send(Method::POST, path, &headers, body.clone()).await;
    let again = app.send(Method::POST, path, &headers, body).await;
    assert_eq!(first.is(201), again.is(201));
    assert_eq!(app.kept(), 1);
    let file = first.text("/fileId");
    let delete = format!("/v1/files/{file}");
    for replayed in [false, true] {
        let answer = app.send(Method::DELETE, &delete, &headers, "{}").await;
        answer.is(200);
        assert_eq!(
            answer.headers.contains_key("idempotency-replayed"),
            replayed
        );
    }
    let file = app.contract(&order).await;
    let key = app.other_tenant("bu_other").await;
    for (method, path, body) in [
        (Method::GET, format!("/v1/files/{file}"), None),
        (Method::DELETE, format!("/v1/files/{file}"), None),
        (
            Method::POST,
            "/v1/files/url".into(),
            Some(json!({ "fileId": file })),
        ),
    ] {
        let answer = app.json_as(&key, "bu_other", method, &path, body).await;
        answer.refused(404, "NOT_FOUND");
    }
    let body = Some(json!({ "orderId": order }));
    let answer = app
        .json_as(&key, "bu_other", Method::POST, path, body)
        .await;
    answer.refused(400, "ORDER_NOT_FOUND");
    app.finish().await;
}
