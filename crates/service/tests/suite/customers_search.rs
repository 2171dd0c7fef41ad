//! listCustomers finds people by how their name, company, e-mail address or telephone number begins.

use crate::suite::support::App;
use serde_json::json;

/// (e-mail, first name, last name, company, phone), in the order of their making.
const PEOPLE: [(&str, &str, &str, &str, &str); 6] = [
    (
        "ada.lovelace@example.com",
        "Ada",
        "Lovelace",
        "Analytical Engines Ltd",
        "+44 20 7946 0018",
    ),
    ("bob@müll.example", "Bob", "Müller", "", ""),
    (
        "carla@example.com",
        "Carla",
        "MULLER-Strauß",
        "Blumen & Söhne",
        "030 5550100",
    ),
    (
        "dora@example.com",
        "Anna-Maria",
        "van der Berg",
        "",
        "(030) 555-0199",
    ),
    (
        "e@example.com",
        "Éloïse",
        "Østergård",
        "Müller Logistik",
        "",
    ),
    ("f@example.com", "Zoë", "Li", "", ""),
];

async fn people() -> App {
    let app = App::start().await;
    app.variant("SKU").await;
    for (email, first, last, company, phone) in PEOPLE {
        // Addresses that are not ASCII cannot be given.
        let email = email.replace('ü', "u");
        let body = json!({
            "customer": { "email": email, "firstName": first, "lastName": last, "company": company,
                "phone": phone },
            "billingAddress": { "contactName": "A", "streetAddress": "1", "city": "B", "country": "DE" },
            "items": [{ "sku": "SKU", "quantity": 1 }]
        });
        let answer = app.post("/v1/orders", body).await;
        answer.is(201);
        app.cancel_order(&answer.text("/orderId")).await;
    }
    app
}

/// First names found, in the order of the list.
async fn found(app: &App, query: &str) -> Vec<String> {
    let answer = app.get(&format!("/v1/customers?sortDir=asc&{query}")).await;
    let customers = answer.is(200)["customers"].as_array().expect("customers");
    let name = |it: &serde_json::Value| it["firstName"].as_str().expect("a name").to_owned();
    customers.iter().map(name).collect()
}

#[tokio::test]
async fn customers_are_found_by_beginnings_without_case_and_accents() {
    let app = people().await;
    for (search, expected) in [
        ("ada", vec!["Ada"]),
        ("LOVE", vec!["Ada"]),
        ("muller", vec!["Bob", "Carla", "Éloïse"]),
        ("M%C3%BCll", vec!["Bob", "Carla", "Éloïse"]),
        ("strauss", vec!["Carla"]),
        ("strau%C3%9F", vec!["Carla"]),
        ("sohne", vec!["Carla"]),
        ("eloise", vec!["Éloïse"]),
        ("ostergard", vec!["Éloïse"]),
        ("anna-maria", vec!["Anna-Maria"]),
        ("maria%20berg", vec!["Anna-Maria"]),
        ("berg%20anna", vec!["Anna-Maria"]),
        ("bob%20muller", vec!["Bob"]),
        ("bob%20love", vec![]),
        // So many that the last ones are looked up together.
        ("a%20an%20ann%20anna%20b%20be%20m%20ma", vec!["Anna-Maria"]),
        ("a%20an%20ann%20anna%20m%20ma%20zz", vec![]),
        (
            "a%20an%20anna%20b%20be%20m%20ma&sortBy=firstName",
            vec!["Anna-Maria"],
        ),
        (
            "a%20an%20anna%20b%20be%20m%20ma%20zz&sortBy=firstName",
            vec![],
        ),
        ("ada.love", vec!["Ada"]),
        ("ada.lovelace@ex", vec!["Ada"]),
        ("%2B44%2020", vec!["Ada"]),
        ("030%20555-01", vec!["Carla", "Anna-Maria"]),
        ("0305550199", vec!["Anna-Maria"]),
        ("a", vec!["Ada", "Anna-Maria"]),
        ("ovelace", vec![]),
        ("xyz", vec![]),
        ("--", vec![]),
        ("li", vec!["Zoë"]),
    ] {
        assert_eq!(
            found(&app, &format!("search={search}")).await,
            expected,
            "{search}"
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn a_search_combines_with_filters_sorting_and_pages() {
    let app = people().await;
    let carla = app
        .get("/v1/customers?search=carla")
        .await
        .text("/customers/0/customerId");
    app.delete(&format!("/v1/customers/{carla}")).await.is(200);
    assert_eq!(found(&app, "search=muller").await, ["Bob", "Éloïse"]);
    assert_eq!(
        found(&app, "search=muller&status=inactive").await,
        ["Carla"]
    );
    assert_eq!(
        found(&app, "search=muller&status=all").await,
        ["Bob", "Carla", "Éloïse"]
    );
    assert_eq!(
        found(&app, "search=muller&customerType=business").await,
        Vec::<String>::new()
    );
    assert_eq!(
        found(&app, "search=muller&hasActiveRentals=false").await,
        ["Bob", "Éloïse"]
    );
    assert_eq!(
        found(&app, "search=muller&email=bob@mull.example").await,
        ["Bob"]
    );
    for (sort, expected) in [
        ("createdAt", ["Bob", "Carla", "Éloïse"]),
        ("email", ["Bob", "Carla", "Éloïse"]),
        ("firstName", ["Bob", "Carla", "Éloïse"]),
        ("lastName", ["Carla", "Bob", "Éloïse"]),
        ("totalMonthlyRevenue", ["Bob", "Carla", "Éloïse"]),
    ] {
        for direction in ["asc", "desc"] {
            let query = format!("search=muller&status=all&sortBy={sort}&sortDir={direction}");
            let (mut names, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = app
                    .get(&format!("/v1/customers?{query}&limit=1{cursor}"))
                    .await;
                names.push(
                    page.is(200)["customers"][0]["firstName"]
                        .as_str()
                        .expect("a name")
                        .to_owned(),
                );
                match page.body["nextCursor"].as_str() {
                    Some(next) => cursor = format!("&startAfter={next}"),
                    None => break,
                }
            }
            let mut expected = expected.to_vec();
            if direction == "desc" {
                expected.reverse();
            }
            assert_eq!(names, expected, "{query}");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn a_customer_is_found_by_what_it_is_called_now() {
    let app = people().await;
    let ada = app
        .get("/v1/customers?search=ada")
        .await
        .text("/customers/0/customerId");
    let change = json!({ "lastName": "King", "company": "", "email": "countess@example.com" });
    app.put(&format!("/v1/customers/{ada}"), change)
        .await
        .is(200);
    for (search, expected) in [
        ("king", vec!["Ada"]),
        ("countess@example.com", vec!["Ada"]),
        ("ada", vec!["Ada"]),
        ("lovelace", vec![]),
        ("analytical", vec![]),
    ] {
        assert_eq!(
            found(&app, &format!("search={search}")).await,
            expected,
            "{search}"
        );
    }
    // An order with other names leaves the customer as it is.
    let body = json!({
        "customer": { "email": "countess@example.com", "firstName": "Augusta", "lastName": "Byron" },
        "billingAddress": { "contactName": "A", "streetAddress": "1", "city": "Rome", "country": "IT" },
        "items": [{ "sku": "SKU", "quantity": 2 }]
    });
    app.post("/v1/orders", body).await.is(201);
    assert_eq!(found(&app, "search=augusta").await, Vec::<String>::new());
    let customer = app.get(&format!("/v1/customers/{ada}")).await;
    assert_eq!(customer.text("/lastBillingAddress/city"), "Rome");
    app.finish().await;
}
