//! A small tenant to try things on, made by the same rules as everything else.
//!
//! Its records are those of the contract's examples, down to the ids, and each operation that
//! changes something has one of its own. So whatever sends the examples as they stand succeeds.

mod filling;

use jiff::{SignedDuration, Span};
use serde_json::json;
use store::KeyRow;

use crate::call::Context;
use crate::clock::Clock;
use crate::face::serve::Service;
use crate::face::token::new_secret;
use crate::id::Ids;
use crate::operate::admin::{self, NewKey, NewTenant};
use crate::rules::calendar;
use filling::{Filling, person, variant};

/// Id and name of the demo's tenant.
const TENANT: &str = "demo";
const NAME: &str = "Demo devices";
const ZONE: &str = "Europe/Berlin";

/// Its records were made so long ago, so that the first calls do not repeat them.
const AGE: SignedDuration = SignedDuration::from_hours(48);

/// Ids of the contract's examples, of each kind in the order in which the records are made.
const IDS: [&str; 39] = [
    "prod_01KAKZ4H8W2C9T5Y1R7D3M6VQF",
    "prod_01KAKZ4H8ZGCW8T7SWM4FV4DK7",
    "prod_01KAKZ4H8XT891WB09B9Y73MY6",
    "prod_01KAKZ4H8Y3FCH26W14WMCHWYF",
    "var_01KAKZ4H8W7KAP2X9S4N0B6JTC",
    "var_01KAKZ4H8YTCPM5Q1NXW1RNJ47",
    "var_01KAKZ4H8ZE65GH2BH8VGS9ZM5",
    "var_01KAKZ4H8X9Q9G8XE6SZAEAVSN",
    "var_01KAKZ4H90H3BV4H15G5E4G7X0",
    "cust_ELE01KAMTQ3N5X2K9C8M4T6R0W1YZ",
    "cust_ELE01KAMTQ3N86CQ643DZVMXXQKFB",
    "cust_ELE01KAMTQ3N7V37E3S3E28JT97KB",
    DELETABLE_CUSTOMER,
    "ord_ELE01KAMTQ3P8M4D7V2B5J9H3S6XE",
    "ord_ELE01KAMTQ3PBP1XPA7Z3DJ8FSSZ5",
    "ord_ELE01KAMTQ3P9F5KZNWJ47TAN9ZT2",
    "ord_ELE01KAMTQ3PA4MNPZX45HY43KWJR",
    "ord_ELE01KAMTQ3PCAWSH8VHTPRE95B9E",
    "sub_ELE01KAN9C6T0R7F1W4Q8Z2N5G3KB",
    "sub_ELE01KAN9C6T1E0ZBGJ09TQM83XSS",
    "sub_ELE01KAN9C6T2SS6YS3C4DWA7N360",
    "sub_ELE01KAN9C6T396Q14DR9GPQY77ZX",
    "sub_ELE01KAN9C6T4YYK596NGYA1DQ91K",
    "sub_ELE01KAN9C6T55GQAPENECFSECZP1",
    "sub_ELE01KAN9C6T61HYGCPWPQ5E6EYCN",
    "sub_ELE01KAN9C6T7DY0YP57RCYBVN5SX",
    "sub_ELE01KAN9C6T8S5AA819X9YP98106",
    "pay_01KAN9C6T4B2N7M1Z8F5X3DGKP",
    "pay_01KAN9C6T5H8Q3W6E1R9T4Y7VZ",
    "pay_01KAN9C6T6J4K9P2S7D5G8C1XM",
    "pay_01KAN9C6T7A6B3N8V2F9H5W4QR",
    "file_01KAN9D1M3S8V6C2Y5H0R4WQXA",
    "file_01KAN9D1M4T2Z7K9B3F6J1N8GE",
    "bg_01KAN9F5Z4K2M8R5W9B6P1H3YE",
    "bg_01KAN9F5Z5G7XQ4C1N8D3S6VJT",
    "bg_01KAN9F5Z6Y1E3V8Q2T7C4RWHM",
    "whk_01KAN9F5Z7C3M6X9B2N5Q8T1VW",
    "whk_01KAN9F5ZBG7T1B4F6W9X2Z5AC",
    "evt_01KAN9F5Z9E5R8Z2D4T7V0X3YA",
];

/// Id of a key in the contract's examples.
const OLD_KEY: &str = "key_01KAKY0T5R9B3W7N2H6M1X4DZS";

/// The last record that is made: where it is missing, the demo is not complete.
const DELETABLE_CUSTOMER: &str = "cust_ELE01KAMTQ3N6M9S346Q3D25VT4F5";

/// Phones that a firm rents, one for each way to go on with a subscription: extend, upgrade,
/// replace, buy out, return early, cancel, complete, and record the return of a cancelled one.
const FLEET: [&str; 8] = [
    "356938035643866",
    "356938035643874",
    "356938035643882",
    "356938035643890",
    "356938035643908",
    "356938035643916",
    ENDED,
    STILL_OUT,
];
/// Those to extend, and with another device, go on being rented.
const LASTING: [&str; 2] = [FLEET[0], FLEET[2]];
/// Its contract has run its time.
const ENDED: &str = "356938035643924";
/// Its subscription is cancelled, and it has not come back.
const STILL_OUT: &str = "356938035643841";

/// What to tell somebody who wants to try the demo.
pub struct Demo {
    /// Value of the `Tenant-ID` header.
    pub tenant: &'static str,
    /// A new key with every permission.
    pub key: String,
    /// A customer whom nothing keeps from being deleted at first.
    pub deletable_customer: &'static str,
}

/// What [`open`] found or made.
pub enum Opened {
    /// The demo, made just now or before.
    Demo(Demo),
    /// The demo, but making it was interrupted.
    Incomplete,
    /// The database has other tenants, and is left alone.
    Foreign,
}

/// Makes a new key for the demo, which an empty database is filled with first: a catalogue,
/// devices, and customers in different situations.
///
/// # Errors
/// A text for people, when the store fails or a rule refuses.
pub async fn open(service: &Service) -> Result<Opened, String> {
    let (store, clock) = (service.store(), service.clock());
    let tenants = admin::list_tenants(store).await.map_err(text)?;
    let is_new = tenants.is_empty();
    if !is_new && !tenants.iter().any(|it| it.id == TENANT && it.name == NAME) {
        return Ok(Opened::Foreign);
    }
    if is_new {
        let tenant = NewTenant {
            id: TENANT.into(),
            name: NAME.into(),
            currency: "EUR".into(),
            preset: Some("electronics".into()),
            timezone: ZONE.into(),
            tier: "growth".into(),
        };
        admin::create_tenant(store, clock, tenant)
            .await
            .map_err(text)?;
    } else if !is_complete(service).await? {
        return Ok(Opened::Incomplete);
    }
    let key = NewKey {
        tenant: TENANT.into(),
        name: "demo".into(),
        permissions: Vec::new(),
        expires_in_days: None,
    };
    let key = admin::create_key(store, clock, key).await.map_err(text)?;
    if is_new {
        add_old_key(service).await?;
        let context = service.context(&key.secret, TENANT).await?;
        fill(service, context).await?;
    }
    Ok(Opened::Demo(Demo {
        tenant: TENANT,
        key: key.secret,
        deletable_customer: DELETABLE_CUSTOMER,
    }))
}

/// A key that nobody has any more, to be revoked.
async fn add_old_key(service: &Service) -> Result<(), String> {
    let now = service.clock().now() - AGE;
    let row = KeyRow {
        tenant_id: TENANT.into(),
        id: OLD_KEY.into(),
        name: "shop".into(),
        hash: new_secret().map_err(text)?,
        permissions: store::Json::of(&["orders:write", "customers:read"]).map_err(text)?,
        created_at: now,
        expires_at: None,
        revoked_at: None,
        last_used_at: None,
        use_count: 0,
    };
    let added = service
        .store()
        .write(move |tx| store::keys::insert(tx, &row).map_err(crate::Error::from));
    added.await.map_err(text)
}

async fn is_complete(service: &Service) -> Result<bool, String> {
    let last = service
        .store()
        .read_in(&TENANT.into(), |tx| {
            store::customers::find(tx, DELETABLE_CUSTOMER).map_err(crate::Error::from)
        })
        .await;
    Ok(last.map_err(text)?.is_some())
}

async fn fill(service: &Service, context: Context) -> Result<(), String> {
    let clock = service.clock().clone();
    let past = Clock::from_fn(move || clock.now() - AGE);
    let zone = calendar::zone(ZONE).ok_or("the demo has no time zone")?;
    let today = calendar::date_in(&zone, past.now());
    let demo = Filling::new(service.with(past, Ids::planned(IDS)), context);

    demo.product(
        "PHONE-X-128",
        "Phone X",
        "6.1 inch, 128 GB",
        json!([
            variant(
                "PHONE-X-128-A",
                "Phone X 128 GB",
                "A",
                [799.0, 620.0],
                [49.0, 39.0]
            ),
            variant(
                "PHONE-X-128-B",
                "Phone X 128 GB, refurbished",
                "B",
                [599.0, 410.0],
                [39.0, 32.0]
            ),
        ]),
    )
    .await?;
    for (sku, name, prices) in [
        ("PHONE-Y-256", "Phone Y", [59.0, 49.0]),
        ("PHONE-W-64", "Phone W", [29.0, 24.0]),
        ("PHONE-V-64", "Phone V", [27.0, 22.0]),
    ] {
        let variants = json!([variant(
            &format!("{sku}-A"),
            name,
            "A",
            [699.0, 540.0],
            prices
        )]);
        demo.product(sku, name, "6.3 inch", variants).await?;
    }
    // The last four are there to be handed out, taken as a replacement, and deleted.
    let stock = [
        "356938035643809",
        "356938035643825",
        "356938035643817",
        "356938035643858",
    ];
    for serial in FLEET.into_iter().chain(stock) {
        demo.asset(serial, "PHONE-X-128-A").await?;
    }
    demo.asset("351756051523993", "PHONE-Y-256-A").await?;

    // Has one of two phones.
    let anna = json!({
        "customer": {
            "email": "anna.becker@example.com", "firstName": "Anna", "lastName": "Becker",
            "company": "Becker Studio GmbH", "phone": "+49 30 5550100", "customerType": "business"
        },
        "billingAddress": {
            "contactName": "Anna Becker", "company": "Becker Studio GmbH", "buildingInfo": "2nd floor",
            "streetAddress": "Torstraße 41", "city": "Berlin", "postalCode": "10119", "country": "DE"
        },
        "items": [{ "sku": "PHONE-X-128-A", "quantity": 2, "contractLength": 24 }],
        "customFields": { "costCentre": "4711" }
    });
    let (order, anna) = demo.order(anna).await?;
    demo.confirm(&order).await?;
    demo.subscribe(&order, &anna, "356938035643809", today)
        .await?;
    for _ in 0..2 {
        demo.contract(&order).await?;
    }
    // Rents a fleet.
    let mut fleet = person(
        "leon.hansen@example.com",
        ["Leon", "Hansen"],
        "PHONE-X-128-A",
        FLEET.len(),
    );
    fleet["customer"]["customerType"] = json!("business");
    let (order, firm) = demo.order(fleet).await?;
    demo.confirm(&order).await?;
    let mut lasting = Vec::new();
    for serial in FLEET {
        let months = if serial == ENDED { 25 } else { 3 };
        let start = today.saturating_sub(Span::new().months(months));
        let rental = demo.subscribe(&order, &firm, serial, start).await?;
        if serial == STILL_OUT {
            demo.cancel_subscription(&rental).await?;
        } else if LASTING.contains(&serial) {
            lasting.push(rental);
        }
    }
    // Each moves the two into the next one, of which the last is looked at.
    for name in ["Trial", "Field service", "Sales department"] {
        demo.group(&firm, name, &lasting).await?;
    }
    // One to be deleted, and one to which something was sent.
    let payments = ["payment.succeeded", "payment.failed"];
    demo.webhook_endpoint("https://hooks.example.com/payments", &payments)
        .await?;
    let url = "https://hooks.example.com/subscriptions";
    let endpoint = demo.webhook_endpoint(url, &["subscription.ended"]).await?;
    demo.ping(&endpoint).await?;
    // Has two orders open.
    for sku in ["PHONE-Y-256-A", "PHONE-X-128-B"] {
        demo.order(person("mira.klein@example.com", ["Mira", "Klein"], sku, 1))
            .await?;
    }
    // Changed his mind: nothing is open, so he can be deleted.
    let (order, jonas) = demo
        .order(person(
            "jonas.weber@example.com",
            ["Jonas", "Weber"],
            "PHONE-Y-256-A",
            1,
        ))
        .await?;
    demo.cancel(&order).await?;
    if jonas == DELETABLE_CUSTOMER {
        Ok(())
    } else {
        Err("somebody else used the database while the demo was made\nhint: start over with another database".into())
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
