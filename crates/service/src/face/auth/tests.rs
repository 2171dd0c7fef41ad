use super::*;
use crate::operate::admin::{NewKey, NewTenant, create_key, create_tenant};
use crate::rules::money::Currency;
use crate::rules::settings::Settings;

fn found() -> Known {
    Known {
        looked_up: Instant::now(),
        refreshing: AtomicBool::new(false),
        outdated: AtomicBool::new(false),
        hash: None,
        key_id: "key_1".into(),
        key_name: "test".into(),
        permissions: Permissions::from_names(&[]),
        expires_at: None,
        revoked: false,
        tenant: Arc::new(Tenant {
            id: "bu_test".into(),
            currency: Currency::new("EUR").unwrap(),
            zone: jiff::tz::TimeZone::UTC,
            settings: Settings::default(),
        }),
        tenant_active: true,
        limited: false,
        uses: Arc::default(),
        running: Running::default().of(&"bu_test".into()),
    }
}

#[test]
fn look_ups_at_once_count_together() {
    let auth = Auth::new(Duration::ZERO);
    // Each began when nothing was known of the key, so that none could take over the others'.
    for _ in 0..3 {
        let mut all = auth.known.write().unwrap();
        let known = remember(&mut all, "1".into(), found());
        known.uses.count.fetch_add(1, Ordering::Relaxed);
    }
    let uses = auth.take_uses();
    assert_eq!(uses.len(), 1);
    assert_eq!(uses[0].count, 3);
}

/// Stands still: limits are by the minute, and none ends here.
fn clock() -> Clock {
    Clock::from_fn(|| "2026-03-10T09:00:00Z".parse().unwrap())
}

/// A store with a tenant, and a key of it.
async fn store_with_key(name: &str) -> (Store, String) {
    let name = format!("flexportal-auth-{name}-{}.db", std::process::id());
    let file = std::env::temp_dir().join(name);
    let store = Store::open(&format!("sqlite:{}", file.display())).unwrap();
    let tenant = NewTenant {
        id: "acme".to_owned(),
        name: "acme".to_owned(),
        currency: "EUR".to_owned(),
        preset: None,
        timezone: "UTC".to_owned(),
        tier: "growth".to_owned(),
    };
    let key = NewKey {
        tenant: "acme".to_owned(),
        name: "test".to_owned(),
        permissions: Vec::new(),
        expires_in_days: None,
    };
    create_tenant(&store, &clock(), tenant).await.unwrap();
    let key = create_key(&store, &clock(), key).await.unwrap();
    // The files live as long as they are open.
    for end in ["", "-wal", "-shm", "-lock"] {
        let _ = std::fs::remove_file(format!("{}{end}", file.display()));
    }
    (store, key.secret)
}

async fn admit(auth: &Auth, store: &Store, key: &str) -> Result<(), Denial> {
    let clock = clock();
    let from = Circumstances {
        address: "192.0.2.1".parse().ok(),
        ..Circumstances::default()
    };
    let operation = Operation::GetCustomer;
    let admitted = auth.admit(store, &clock, operation, Ok(key), Some("acme"), from);
    admitted.await.map(drop)
}

#[tokio::test]
async fn an_unknown_id_takes_the_path_of_a_wrong_secret() {
    let (store, key) = store_with_key("path").await;
    let (id, _) = key.strip_prefix("fp_").unwrap().split_once('_').unwrap();
    let auth = Auth::new(Duration::ZERO);
    auth.limit_failures(4);
    admit(&auth, &store, &key).await.unwrap();
    let mut paths = Vec::new();
    // Both when keys are looked up freely and when the address has failed too often.
    for _ in 0..3 {
        for wrong in [format!("fp_{id}_wrong"), "fp_nobody_wrong".to_owned()] {
            auth.steps.lock().unwrap().clear();
            let denial = admit(&auth, &store, &wrong).await.unwrap_err();
            paths.push((auth.steps.lock().unwrap().clone(), denial.code));
        }
    }
    for pair in paths.chunks(2) {
        assert_eq!(pair[0], pair[1]);
        assert_eq!(pair[0].0, ["compare", "look up", "compare"]);
    }
    assert_eq!(paths.last().unwrap().1, "RATE_LIMITED");
    // Who has the right key does not suffer, known to this process or not.
    admit(&auth, &store, &key).await.unwrap();
    auth.known.write().unwrap().clear();
    admit(&auth, &store, &key).await.unwrap();
}

#[tokio::test]
async fn keys_of_a_failing_address_are_looked_up_one_at_a_time() {
    let (store, key) = store_with_key("lane").await;
    let auth = Auth::new(Duration::ZERO);
    auth.limit_failures(1);
    admit(&auth, &store, "fp_nobody_wrong").await.unwrap_err();
    let lane = auth.failures.lane().expect("nobody else is here");
    auth.steps.lock().unwrap().clear();
    let denial = admit(&auth, &store, "fp_nobody_wrong").await.unwrap_err();
    assert_eq!(denial.code, "RATE_LIMITED");
    assert_eq!(*auth.steps.lock().unwrap(), ["compare"]);
    drop(lane);
    admit(&auth, &store, &key).await.unwrap();
}
