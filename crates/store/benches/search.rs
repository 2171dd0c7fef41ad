//! Searches of listCustomers beside an ordinary page, on 1,000,000 customers.
//!
//! `cargo bench -p store --bench search` runs on SQLite, with a URL after `--` on any empty database;
//! a number sets how many customers there are. Prints medians and their ratio to the ordinary page with the
//! same filter and order.

use std::path::PathBuf;
use std::time::Instant;

use jiff::Timestamp;
use store::{
    CustomerFilter, CustomerRow, CustomerSort, CustomerStatus, CustomerTotals, CustomerType, Error,
    Json, Page, Store, TenantRow, TenantStatus, customers, tenants,
};

const TENANT: &str = "bench";
const SYLLABLES: [&str; 24] = [
    "an", "ber", "cla", "do", "el", "fri", "ga", "hen", "in", "jo", "ka", "lu", "mar", "ni", "ol",
    "pe", "ri", "sa", "the", "ul", "vi", "wal", "yo", "zoe",
];
/// From one in a million to every second.
const SEARCHES: [&str; 12] = [
    "g",
    "gmbh",
    "m",
    "ma",
    "mar",
    "marb",
    "marber",
    "marberan",
    "marb kalu",
    "marb gmbh",
    "customer777777@example.com",
    "+49307777",
];
const ROUNDS: usize = 41;

fn main() {
    let mut url = None;
    let mut count = 1_000_000;
    for argument in std::env::args().skip(1) {
        match argument.parse() {
            // `cargo test --benches` only has to compile this.
            _ if argument == "--test" => return,
            Ok(number) => count = number,
            Err(_) if argument.contains(':') => url = Some(argument),
            Err(_) => {}
        }
    }
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("search.db");
    let remove = || {
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", file.display()));
        }
    };
    remove();
    let url = url.unwrap_or_else(|| format!("sqlite:{}", file.display()));
    let store = Store::open(&url).expect("the database opens");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let started = Instant::now();
        fill(&store, count).await;
        println!(
            "{count} customers in {:.0} s",
            started.elapsed().as_secs_f64()
        );
        let (active, inactive) = (Some(CustomerStatus::Active), Some(CustomerStatus::Inactive));
        for (status, sort, what) in [
            (active, CustomerSort::CreatedAt, "active, newest first"),
            (None, CustomerSort::CreatedAt, "all, newest first"),
            (inactive, CustomerSort::CreatedAt, "inactive, newest first"),
            (active, CustomerSort::FirstName, "active, by first name"),
        ] {
            let (ordinary, _) = median(&store, None, status, sort).await;
            println!("{what}: {ordinary:.2} ms");
            for search in SEARCHES {
                let (searched, rows) = median(&store, Some(search), status, sort).await;
                println!(
                    "{search:>28}: {searched:.2} ms, {rows:>2} rows, ratio {:.2}",
                    searched / ordinary
                );
            }
        }
    });
    drop(store);
    remove();
}

/// A name that no other number of the same kind has until all combinations are used up.
fn name(mut number: u64) -> String {
    let mut name = String::new();
    // Scattered, as names are.
    number = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
    for _ in 0..3 {
        name.push_str(SYLLABLES[(number % 24) as usize]);
        number /= 24;
    }
    name
}

async fn fill(store: &Store, count: u64) {
    let write = store.write(|tx| {
        let at = Timestamp::UNIX_EPOCH;
        tenants::insert(
            tx,
            &TenantRow {
                id: TENANT.into(),
                name: TENANT.into(),
                currency: "EUR".into(),
                country: None,
                timezone: "UTC".into(),
                industry: None,
                tier: "growth".into(),
                status: TenantStatus::Active,
                settings: Json::empty_object(),
                created_at: at,
                updated_at: at,
            },
        )
    });
    write.await.expect("a tenant");
    for first in (0..count).step_by(2_000) {
        let tenant = TENANT.into();
        let write = store.write_in(&tenant, move |tx| {
            for number in first..(first + 2_000).min(count) {
                let at = Timestamp::from_second(1_700_000_000 + number as i64).expect("a time");
                let email = format!("customer{number}@example.com");
                customers::insert(
                    tx,
                    &CustomerRow {
                        tenant_id: TENANT.into(),
                        id: format!("cust_{number:09}"),
                        email_key: customers::email_key(&email),
                        email,
                        first_name: name(number),
                        last_name: name(number + count),
                        company: number
                            .is_multiple_of(2)
                            .then(|| format!("{} GmbH", name(number + 2 * count))),
                        phone: Some(format!("+49 30 {number}")),
                        customer_type: CustomerType::Individual,
                        status: match number % 50 {
                            0 => CustomerStatus::Inactive,
                            _ => CustomerStatus::Active,
                        },
                        custom_fields: None,
                        billing_address: None,
                        shipping_address: None,
                        totals: CustomerTotals::default(),
                        first_start: None,
                        created_at: at,
                        updated_at: at,
                        created_by: "key".into(),
                    },
                )?;
            }
            Ok::<_, Error>(())
        });
        write.await.expect("customers");
    }
}

/// Milliseconds of the median page, and its rows.
async fn median(
    store: &Store,
    search: Option<&str>,
    status: Option<CustomerStatus>,
    sort: CustomerSort,
) -> (f64, usize) {
    let filter = CustomerFilter {
        status,
        words: search.map(customers::words),
        ..CustomerFilter::default()
    };
    let (mut times, mut rows) = (Vec::new(), 0);
    for _ in 0..ROUNDS {
        let filter = filter.clone();
        let started = Instant::now();
        let tenant = TENANT.into();
        let read = store.read_in(&tenant, move |tx| {
            let page = Page {
                sort,
                descending: true,
                after: None,
                limit: 50,
            };
            customers::list(tx, &filter, &page)
        });
        rows = read.await.expect("a page").rows.len();
        times.push(started.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    (times[ROUNDS / 2], rows)
}
