//! The table of subscriptions, as spreadsheets read it.

#[path = "../../../server/tests/support/fill.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "shared with the server, which uses the rest"
)]
mod fill;

use serde_json::{Value, json};
use service::settings::{CustomField, CustomFieldSection, CustomFieldType};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::suite::support::{App, TENANT, order_body};

const HEADER: &str = "subscriptionId,customerId,customerEmail,customerName,company,sku,productName,serialNumber,\
    status,startDate,endDate,contractLength,monthlyAmount,currency,totalCollected,acquisitionCost,costRecoveryPercent";

impl App {
    async fn export(&self, body: Value) -> Value {
        self.post("/v1/exports/rentals", body).await.is(200).clone()
    }

    /// Customers with an ended subscription each, a second after one another.
    async fn business(&self, count: u64) {
        let statements = fill::catalogue(TENANT).into_iter();
        let statements: Vec<String> = statements.chain(fill::business(TENANT, 0, count)).collect();
        let tenant = TENANT.into();
        let filled = self.service.store().write_in(&tenant, move |tx| {
            for sql in &statements {
                tx.execute(sql, &[])?;
            }
            Ok::<_, store::Error>(())
        });
        filled.await.expect("the statements are right");
    }
}

fn lines(export: &Value) -> Vec<&str> {
    let text = export["csvData"].as_str().expect("a text");
    let text = text.strip_suffix("\r\n").expect("a last line");
    text.split("\r\n").collect()
}

#[tokio::test]
async fn an_empty_table_has_its_header() {
    let app = App::start().await;
    let export = app.export(json!({})).await;
    let expected = json!({
        "success": true, "filename": "rentals-2026-03-10.csv", "csvData": format!("{HEADER}\r\n"),
        "totalRecords": 0, "totalRentals": 0, "activeRentals": 0, "totalRevenue": 0.0,
        "averageMonthlyRevenue": 0.0, "generatedAt": export["generatedAt"], "filters": {}
    });
    assert_eq!(export, expected);
    let path = "/v1/exports/rentals";
    let bare = app.json(hyper::Method::POST, path, None).await;
    assert_eq!(
        bare.is(200)["csvData"],
        export["csvData"],
        "a body is optional"
    );
    app.finish().await;
}

#[tokio::test]
async fn every_subscription_is_a_line_those_of_inactive_customers_included() {
    let app = App::start().await;
    let (ada, _, first) = app.renting("ada@example.com", "A1").await;
    let (bob, _, second) = app.renting("bob@example.com", "B1").await;
    let payments = app
        .get(&format!(
            "/v1/payments?rentalId={first}&sortBy=dueDate&sortDir=asc"
        ))
        .await;
    let id = payments.is(200)["payments"][0]["paymentId"]
        .as_str()
        .unwrap()
        .to_owned();
    app.post(&format!("/v1/payments/{id}/mark-paid"), json!({}))
        .await
        .is(200);
    let path = format!("/v1/subscriptions/{second}/early-return");
    let body =
        json!({ "reason": "customer_request", "returnCondition": "good", "earlyReturnFee": 0 });
    app.post(&path, body).await.is(200);
    app.delete(&format!("/v1/customers/{bob}")).await.is(200);

    let export = app.export(json!({})).await;
    let expected = [
        HEADER.to_owned(),
        format!(
            "{first},{ada},ada@example.com,Ada Lovelace,,SKU,Notebook,A1,active,2026-03-10,2027-03-09,12,\
            50.00,EUR,50.00,600.00,8.33"
        ),
        format!(
            "{second},{bob},bob@example.com,Ada Lovelace,,SKU,Notebook,B1,ended_early_return,2026-03-10,\
            2027-03-09,12,50.00,EUR,0.00,600.00,0.00"
        ),
    ];
    assert_eq!(lines(&export), expected);
    for (name, value) in [
        ("totalRecords", json!(2)),
        ("totalRentals", json!(2)),
        ("activeRentals", json!(1)),
        ("totalRevenue", json!(50.0)),
        ("averageMonthlyRevenue", json!(50.0)),
    ] {
        assert_eq!(export[name], value, "{name}");
    }
    app.finish().await;
}

#[tokio::test]
async fn filters_combine_and_are_repeated_in_the_answer() {
    let app = App::start().await;
    let (ada, _, first) = app.renting("ada@example.com", "A1").await;
    app.advance_days(10);
    let (bob, _, second) = app.renting("bob@example.com", "B1").await;
    let ids = async |body: Value| {
        let export = app.export(body.clone()).await;
        assert_eq!(export["filters"], body);
        let lines = lines(&export);
        let ids = lines[1..]
            .iter()
            .map(|line| line.split(',').next().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    assert_eq!(
        ids(json!({ "startDate": "2026-03-10" })).await,
        [&*first, &second]
    );
    assert_eq!(ids(json!({ "startDate": "2026-03-11" })).await, [&*second]);
    assert_eq!(
        ids(json!({ "endDate": "2026-03-19T23:59:59Z" })).await,
        [&*first]
    );
    assert_eq!(
        ids(json!({ "startDate": "2026-03-20", "endDate": "2026-03-20" })).await,
        [&*second]
    );
    assert_eq!(ids(json!({ "status": "cancelled" })).await, none);
    assert_eq!(
        ids(json!({ "customerIds": [bob, "cust_none"], "status": "active" })).await,
        [&*second]
    );
    assert_eq!(ids(json!({ "customerIds": ["cust_none"] })).await, none);
    assert_eq!(
        ids(json!({ "customerIds": [ada], "startDate": "2026-03-11" })).await,
        none
    );
    for body in [
        json!({ "startDate": "2026-03-11", "endDate": "2026-03-10" }),
        json!({ "startDate": "yesterday" }),
        json!({ "status": "gone" }),
        json!({ "format": "xlsx" }),
        json!({ "customerIds": "cust" }),
    ] {
        let answer = app.post("/v1/exports/rentals", body).await;
        answer.refused(400, "VALIDATION_ERROR");
    }
    app.finish().await;
}

#[tokio::test]
async fn groups_of_columns_can_be_left_out() {
    let app = App::start().await;
    for (group, missing) in [
        (
            "customerDetails",
            "customerId,customerEmail,customerName,company,",
        ),
        ("deviceDetails", "sku,productName,serialNumber,"),
        (
            "financialDetails",
            ",monthlyAmount,currency,totalCollected,acquisitionCost,costRecoveryPercent",
        ),
        ("customFields", ""),
    ] {
        let mut fields = json!({});
        fields[group] = json!(false);
        let export = app
            .export(json!({ "format": "csv", "includeFields": fields }))
            .await;
        assert_eq!(lines(&export), [HEADER.replace(missing, "")], "{group}");
    }
    app.finish().await;
}

#[tokio::test]
async fn words_of_customers_are_no_formulas_and_own_fields_have_columns() {
    let field = |id: &str, section| CustomField {
        id: id.into(),
        label: id.into(),
        kind: CustomFieldType::Text,
        required: false,
        section,
        options: Vec::new(),
        min_length: None,
        max_length: None,
        exact_length: None,
        pattern: None,
    };
    let app = App::start_with(|settings| {
        settings.custom_fields = vec![
            field("costCentre", CustomFieldSection::Subscription),
            field("remark", CustomFieldSection::Order),
            field("level", CustomFieldSection::Subscription),
        ];
    })
    .await;
    app.variant("SKU").await;
    let mut order = order_body("ada@example.com", "SKU", 1);
    order["customer"]["company"] = json!("=cmd|'/C calc'!A0");
    order["customer"]["lastName"] = json!("Love, \"Ada\"");
    order["customFields"] = json!({ "costCentre": "+49", "remark": "x", "level": -3 });
    let answer = app.post("/v1/orders", order).await;
    answer.is(201);
    let (id, customer) = (
        answer.text("/orderId"),
        answer.text("/order/customer/customerId"),
    );
    app.confirm(&id).await;
    app.asset("A1", "SKU").await;
    app.subscribe(&id, &customer, "A1").await;
    let fields = json!({ "deviceDetails": false, "financialDetails": false });
    let export = app.export(json!({ "includeFields": fields })).await;
    let lines = lines(&export);
    assert!(
        lines[0].ends_with(",contractLength,costCentre,level"),
        "{}",
        lines[0]
    );
    let expected = ",ada@example.com,\"Ada Love, \"\"Ada\"\"\",'=cmd|'/C calc'!A0,\
        active,2026-03-10,2027-03-09,12,'+49,-3";
    assert!(lines[1].ends_with(expected), "{}", lines[1]);
    app.finish().await;
}

#[tokio::test]
async fn a_key_may_export_that_may_only_read() {
    let app = App::start().await;
    let path = "/v1/exports/rentals";
    for (permission, status) in [("exports:read", 200), ("subscriptions:read", 403)] {
        let key = app.key_with(&[permission]).await;
        let answer = app
            .json_as(&key, "bu_test", hyper::Method::POST, path, None)
            .await;
        answer.is(status);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_large_table_comes_in_pieces_with_every_row_once() {
    let app = App::start().await;
    app.business(2_001).await;
    let customers = |count: u64| (0..count).map(fill::customer_id).collect::<Vec<_>>();
    for (body, rows, in_pieces) in [
        (json!({}), 2_001, true),
        (json!({ "customerIds": customers(999) }), 999, false),
        (json!({ "customerIds": customers(1_000) }), 1_000, true),
    ] {
        let answer = app.post("/v1/exports/rentals", body.clone()).await;
        let export = answer.is(200);
        let measured = answer.headers.contains_key("content-length");
        assert_eq!(measured, !in_pieces, "{rows} rows");
        let lines = lines(export);
        assert_eq!(lines[0], HEADER);
        let expected = (0..rows).map(fill::customer_id);
        let found = lines[1..]
            .iter()
            .map(|line| line.split(',').nth(1).unwrap_or_default());
        assert!(found.eq(expected), "{rows} rows in the order of creation");
        for (name, value) in [
            ("totalRecords", json!(rows)),
            ("totalRentals", json!(rows)),
            ("activeRentals", json!(0)),
            ("totalRevenue", json!(rows as f64 * 100.0)),
            ("averageMonthlyRevenue", json!(50.0)),
            ("filters", body),
        ] {
            assert_eq!(export[name], value, "{name}");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn a_table_whose_database_goes_away_is_no_json() {
    let app = App::start().await;
    app.business(5_000).await;
    let address = app
        .base
        .trim_start_matches("http://")
        .parse()
        .expect("an address");
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    // So that most of the table waits for this client.
    socket.set_recv_buffer_size(4 * 1024).expect("a size");
    let mut stream = socket.connect(address).await.expect("the server accepts");
    let request = format!(
        "POST /v1/exports/rentals HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         tenant-id: {TENANT}\r\n\r\n",
        app.key
    );
    stream
        .write_all(request.as_bytes())
        .await
        .expect("it reads");
    let mut answer = vec![0; 1024];
    stream.read_exact(&mut answer).await.expect("it has begun");
    app.service.store().close();
    // The connection is closed, by whatever means.
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 200 "), "{}", &answer[..100]);
    assert!(!answer.contains("totalRecords"), "all of it was sent");
    assert!(!answer.ends_with("0\r\n\r\n"), "an end that is none");
}
