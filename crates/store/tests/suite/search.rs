//! Searches find whoever has the words, in the order of the list, however many that are and whenever they came.

use crate::suite::support::*;
use store::*;

/// Customers far apart, and as many as one era takes in.
const APART: i64 = 900;
const DENSE: i64 = 1_800;

const MICROS_APART: i64 = (1 << 32) / 40;

fn created(number: i64) -> i64 {
    match number {
        ..APART => number * MICROS_APART,
        _ => (APART / 40 + 2) * (1 << 32) + number,
    }
}

fn id(number: i64) -> String {
    format!("c{}", 10_000 + number)
}

fn is_inactive(number: i64) -> bool {
    number % 3 == 1
}

fn has(number: i64, word: &str) -> bool {
    match word {
        "every" | "e" => true,
        "often" | "o" => number % 4 == 0,
        "seldom" => number % 90 == 2,
        "late" => number > APART + 1_000 && number % 2 == 0,
        "early" => number < 400,
        _ => false,
    }
}

async fn crowd(store: &Store) {
    let numbers = format!(
        "WITH RECURSIVE n (i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {}), \
         c (i, at) AS (SELECT i, CASE WHEN i < {APART} THEN i * {MICROS_APART} \
         ELSE CAST({} AS BIGINT) + i END FROM n)",
        APART + DENSE - 1,
        created(APART) - APART,
    );
    let mut statements = vec![
        format!(
            "INSERT INTO customers (tenant_id, id, email, email_key, first_name, last_name, customer_type, status, \
             created_at, updated_at, created_by) {numbers} SELECT 'acme', 'c' || (10000 + i), 'c' || i, 'c' || i, \
             'f' || (i % 10), 'l', 'individual', CASE i % 3 WHEN 1 THEN 'inactive' ELSE 'active' END, at, at, 'k' \
             FROM c"
        ),
        "INSERT INTO customer_names (tenant_id, customer_id, first_name, last_name) \
         SELECT tenant_id, id, first_name, last_name FROM customers WHERE first_name LIKE 'f%'"
            .to_owned(),
    ];
    for (term, condition) in [
        ("everybody", "i >= 0"),
        // Two words of one customer begin alike.
        ("oftentimes", "i % 4 = 0"),
        ("often", "i % 4 = 0"),
        ("seldom", "i % 90 = 2"),
        ("late", "i > 1900 AND i % 2 = 0"),
        ("early", "i < 400"),
    ] {
        statements.push(format!(
            "INSERT INTO customer_terms (tenant_id, customer_id, term, created_at, era) \
             {numbers} SELECT 'acme', 'c' || (10000 + i), '{term}', at, at >> 32 FROM c WHERE {condition}"
        ));
    }
    write(store, move |tx| {
        for statement in &statements {
            tx.execute(statement, &[])?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn who_has_the_words_is_found_in_order_whether_few_or_many() {
    let database = Database::new();
    let store = database.filled().await;
    crowd(&store).await;
    let statuses = [
        None,
        Some(CustomerStatus::Active),
        Some(CustomerStatus::Inactive),
    ];
    for words in [
        &["every"][..],
        &["often"],
        &["seldom"],
        &["late"],
        &["early"],
        &["often", "late"],
        &["every", "often", "late"],
        &["o", "early", "often", "e", "every"],
        &["seldom", "early"],
        &["every", "nobody"],
    ] {
        for status in statuses {
            for sort in [CustomerSort::CreatedAt, CustomerSort::FirstName] {
                for descending in [false, true] {
                    let mut expected: Vec<i64> = (0..APART + DENSE)
                        .filter(|number| words.iter().all(|word| has(*number, word)))
                        .filter(|number| match status {
                            None => true,
                            Some(CustomerStatus::Inactive) => is_inactive(*number),
                            Some(CustomerStatus::Active) => !is_inactive(*number),
                        })
                        .collect();
                    if sort == CustomerSort::FirstName {
                        expected.sort_by_key(|number| (number % 10, *number));
                    }
                    if descending {
                        expected.reverse();
                    }
                    let expected: Vec<String> = expected.into_iter().map(id).collect();
                    let filter = CustomerFilter {
                        status,
                        words: Some(words.iter().map(|it| (*it).to_owned()).collect()),
                        ..Default::default()
                    };
                    let found = pages(&store, filter, sort, descending).await;
                    assert_eq!(
                        found, expected,
                        "{words:?} {status:?} {sort:?} {descending}"
                    );
                }
            }
        }
    }
}

/// The ids of all pages.
async fn pages(
    store: &Store,
    filter: CustomerFilter,
    sort: CustomerSort,
    descending: bool,
) -> Vec<String> {
    read(store, move |tx| {
        let mut page = Page {
            sort,
            descending,
            after: None,
            limit: 90,
        };
        let mut ids = Vec::new();
        loop {
            let listing = customers::list(tx, &filter, &page)?;
            assert!(
                listing.rows.len() == 90 || listing.next.is_none(),
                "pages are full"
            );
            ids.extend(listing.rows.into_iter().map(|it| it.row.id));
            match listing.next {
                Some(next) => page.after = Some(next),
                None => return Ok(ids),
            }
        }
    })
    .await
}
