//! The generated client against the real server: typed answers, typed errors, streams and uploads.

mod support;

use client::types::support::decode_value;
use client::types::{CustomerStatus, CustomerStatusFilter, ErrorCode, OrderStatus};
use client::{Client, Upload};
use serde_json::json;
use support::{Folder, Server, flexportal};

/// A server with one tenant, and clients for it.
struct Site {
    server: Server,
    database: String,
    _folder: Folder,
}

const TENANT: &str = "acme";

impl Site {
    fn start() -> Site {
        let folder = Folder::new();
        let database = folder.database();
        let created = flexportal(&[
            "tenant",
            "create",
            "--id",
            TENANT,
            "--currency",
            "EUR",
            "--database",
            &database,
        ]);
        assert!(created.0, "{}", created.2);
        Site {
            server: Server::start(&database, &["--check-answers"]),
            database,
            _folder: folder,
        }
    }

    fn key(&self, options: &[&str]) -> String {
        let mut arguments = vec![
            "key",
            "create",
            "--tenant",
            TENANT,
            "--database",
            &self.database,
        ];
        arguments.extend(options);
        flexportal(&arguments).1.trim().to_owned()
    }

    fn client(&self, key: &str) -> Client {
        let url = format!("http://{}", self.server.address);
        Client::builder(url)
            .token(key)
            .tenant_id(TENANT)
            .build()
            .expect("a client")
    }
}

const CSV: &str = "Product Name,Product SKU,Category,Brand,Specification,Grade,Color,Variant SKU,\
List Price,Acquisition Cost,6mo_Price,12mo_Price,24mo_Price,36mo_Price\n\
Notebook,NB,Laptops,Example,16 GB,A,grey,NB-14,1299.00,840.00,,69.00,54.00,\n\
Tablet,TAB,Tablets,Example,11 inch,A,black,TAB-11,649.00,410.00,49.00,34.50,27.00,\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_deleted_listed_and_reactivated() {
    let site = Site::start();
    let client = site.client(&site.key(&[]));

    let imported = client
        .import_products_csv(&Upload::new("products.csv", CSV).media_type("text/csv"))
        .await
        .expect("the file is imported");
    assert_eq!(
        (imported.created, imported.updated, imported.errors.len()),
        (2, 0, 0)
    );
    let imported = client
        .import_products_csv_as_csv(CSV)
        .await
        .expect("the text is imported");
    assert_eq!((imported.created, imported.updated), (0, 2));

    let mut customers = Vec::new();
    for number in 0..5 {
        let order = decode_value(&json!({
            "customer": {
                "email": format!("grace{number}@example.com"),
                "firstName": "Grace",
                "lastName": "Hopper"
            },
            "billingAddress": {
                "contactName": "Grace Hopper",
                "streetAddress": "Torstrasse 1",
                "city": "Berlin",
                "country": "DE"
            },
            "items": [{ "sku": "NB-14", "quantity": 1, "contractLength": 12 }]
        }))
        .expect("the order keeps to the contract");
        let made = client
            .create_order(&order)
            .await
            .expect("the order is taken");
        assert!(made.order.status == OrderStatus::Pending);
        customers.push((
            made.order.customer.customer_id.clone(),
            made.order_id.clone(),
        ));
    }

    let (customer, order) = &customers[0];
    let refused = client
        .delete_customer(customer)
        .await
        .expect_err("the order is open");
    assert_eq!(refused.status().map(|status| status.as_u16()), Some(409));
    assert_eq!(
        refused.code().as_deref(),
        Some(ErrorCode::CustomerHasPendingOrders.as_str())
    );
    assert!(
        refused.to_string().contains("CUSTOMER_HAS_PENDING_ORDERS"),
        "{refused}"
    );

    client
        .cancel_order(order, None)
        .await
        .expect("the order is cancelled");
    client
        .delete_customer(customer)
        .await
        .expect("nothing is open");
    assert!(
        client
            .get_customer(customer)
            .await
            .expect("it is there")
            .status
            == CustomerStatus::Inactive
    );

    // Two at a time, so that the stream has to turn pages.
    let mut all = client.list_customers_stream(
        None,
        None,
        None,
        Some(2),
        None,
        None,
        None,
        Some(CustomerStatusFilter::All),
    );
    let mut seen = Vec::new();
    while let Some(customer) = all.next().await {
        seen.push(customer.expect("the list is read").customer_id);
    }
    let mut expected: Vec<String> = customers
        .iter()
        .map(|(customer, _)| customer.clone())
        .collect();
    expected.reverse();
    assert_eq!(seen, expected);

    let missing = client
        .delete_customer("cust_nobody")
        .await
        .expect_err("nobody has this id");
    assert_eq!(missing.code().as_deref(), Some("NOT_FOUND"));
    let reader = site.client(&site.key(&["--permissions", "customers:read"]));
    let forbidden = reader
        .delete_customer(customer)
        .await
        .expect_err("it may only read");
    assert_eq!(
        forbidden.code().as_deref(),
        Some("INSUFFICIENT_PERMISSIONS")
    );
    let stranger = site
        .client("fp_unknown_key")
        .get_customer(customer)
        .await
        .expect_err("no key");
    assert_eq!(stranger.status().map(|status| status.as_u16()), Some(401));
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_are_tried_out_and_their_deliveries_streamed() {
    let site = Site::start();
    let client = site.client(&site.key(&[]));
    let body = json!({ "url": "https://hooks.example.invalid/", "events": ["order.created"] });
    let body = decode_value(&body).expect("it keeps to the contract");
    let made = client.create_webhook_endpoint(&body).await;
    let made = made.expect("it is made");
    let endpoint = &*made.endpoint_id;
    let rotated = client.rotate_webhook_secret(endpoint, None).await;
    assert_ne!(rotated.expect("it is rotated").secret, made.secret);

    let mut pings = vec![];
    for _ in 0..3 {
        let pinged = client.ping_webhook_endpoint(endpoint).await;
        pings.insert(0, pinged.expect("it is sent").event_id.clone());
    }
    let again = client.redeliver_webhook(endpoint, &pings[0]).await;
    assert_eq!(again.expect("it is still to be sent").event_id, pings[0]);
    let mut seen = vec![];
    let mut all = client.list_webhook_deliveries_stream(endpoint, Some(2), None);
    while let Some(delivery) = all.next().await {
        let delivery = delivery.expect("the list is read");
        assert_eq!(delivery.event, "ping");
        seen.push(delivery.event_id);
    }
    assert_eq!(seen, pings);
}
