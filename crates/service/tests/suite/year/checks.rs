//! What must hold at the end of every month: in the database, between what the API shows of
//! different resources, and of the events that were told.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;
use store::{PaymentRow, PaymentStatus};

use super::{Year, text};
use crate::suite::support::TENANT;

/// Everything that the API shows.
struct Shown {
    customers: Vec<Value>,
    orders: Vec<Value>,
    rentals: Vec<Value>,
    assets: Vec<Value>,
    groups: Vec<Value>,
    /// By id.
    payments: HashMap<String, Value>,
}

impl Year {
    pub(super) async fn check(&self, when: &str) {
        let store = self.app.service.store();
        let broken = store.read(|tx| store::verify_invariants(tx, TENANT)).await;
        let broken = broken.expect("the database is readable");
        assert!(broken.is_empty(), "{when}: {broken:#?}");

        let payments = self.all("/v1/payments", "payments").await.into_iter();
        let shown = Shown {
            customers: self.all("/v1/customers?status=all", "customers").await,
            orders: self.all("/v1/orders", "orders").await,
            rentals: self.all("/v1/subscriptions", "rentals").await,
            assets: self.all("/v1/assets", "assets").await,
            groups: self.all("/v1/billing-groups", "billingGroups").await,
            payments: payments
                .map(|it| (text(&it, "paymentId").to_owned(), it))
                .collect(),
        };
        for rental in &shown.rentals {
            let at = format!("{when}: {rental:#}");
            self.check_payments(&shown, rental, &at).await;
            check_device(&shown, rental, &at);
        }
        for payment in shown.payments.values() {
            check_amounts(&shown, payment, when);
        }
        let today = self.app.clock().now().to_string();
        check_groups(&shown, &today, when);
        for customer in &shown.customers {
            check_customer(&shown, customer, &format!("{when}: {customer:#}"));
        }
        for order in &shown.orders {
            check_order(&shown, order, &format!("{when}: {order:#}"));
        }
        self.check_events(&shown, when).await;
    }

    /// Each period is billed once, alone or with the group, and the figures add up.
    async fn check_payments(&self, shown: &Shown, rental: &Value, at: &str) {
        let id = text(rental, "rentalId").to_owned();
        let store = self.app.service.store();
        let tenant = TENANT.into();
        let rows = store.read_in(&tenant, move |tx| store::payments::of_rental(tx, &id));
        let rows = rows.await.expect("payments are readable");
        let today = self.app.clock().now();
        let today = today.to_zoned(jiff::tz::TimeZone::UTC).date();
        let active = rental["status"] == "active";

        // A payment of the group stands for those whose place it took.
        let standing = |row: &PaymentRow| -> (String, String) {
            let shown = &shown.payments[row.consolidated_in.as_ref().unwrap_or(&row.id)];
            (
                text(shown, "status").to_owned(),
                text(shown, "dueDate").to_owned(),
            )
        };
        let mut periods: BTreeMap<&str, Vec<&PaymentRow>> = BTreeMap::new();
        for row in &rows {
            periods.entry(&row.idempotency_key).or_default().push(row);
        }
        let mut scheduled = 0;
        for (key, rows) in &periods {
            let alive = rows.iter().filter(|row| standing(row).0 != "cancelled");
            let alive = alive.count();
            assert!(alive <= 1, "{key} is billed {alive} times\n{at}");
            let Some(first) = rows.iter().find_map(|row| row.period_start) else {
                continue;
            };
            scheduled += 1;
            let waived = rows.iter().any(|row| {
                let whole = row.consolidated_in.as_ref().unwrap_or(&row.id);
                shown.payments[whole]["notes"] == "waived"
            });
            if active {
                assert!(alive == 1 || waived, "{key} is billed no more\n{at}");
            } else if first > today {
                let pending = rows.iter().any(|row| standing(row).0 == "pending");
                assert!(!pending, "{key} is still billed\n{at}");
            }
        }
        let months = rental["contractLength"].as_i64().expect("months");
        // What is prorated has its rest besides.
        assert!(
            (months..=months + 1).contains(&scheduled),
            "{scheduled} periods\n{at}"
        );

        let paid = rows.iter().filter(|row| standing(row).0 == "paid");
        let paid: i64 = paid.map(|row| row.subtotal).sum();
        assert_eq!(cents(rental, "totalCollected"), paid, "{at}");
        let pending = rows.iter().filter(|row| {
            let alone = row.status != PaymentStatus::Cancelled;
            (alone || row.consolidated_in.is_some()) && standing(row).0 == "pending"
        });
        let next = pending.map(|row| standing(row).1).min();
        assert_eq!(rental["nextBillingDate"].as_str(), next.as_deref(), "{at}");
    }

    /// Exactly one event of every change.
    async fn check_events(&self, shown: &Shown, when: &str) {
        let mut expected = self.told.clone();
        let mut expect = |event: &str, of: &str, times: usize| {
            if times > 0 {
                expected.insert((event.to_owned(), of.to_owned()), times);
            }
        };
        for order in &shown.orders {
            let fulfilled = order["orderType"] == "standard" && order["status"] == "fulfilled";
            expect("order.fulfilled", text(order, "orderId"), fulfilled.into());
        }
        for rental in &shown.rentals {
            let (id, status) = (text(rental, "rentalId"), text(rental, "status"));
            let extensions = rental["extensionHistory"].as_array().map_or(0, Vec::len);
            expect("subscription.created", id, 1);
            expect("subscription.extended", id, extensions);
            let (ended, upgraded) = (status != "active", status == "ended_upgrade");
            expect("subscription.ended", id, ended.into());
            expect("subscription.upgraded", id, upgraded.into());
        }
        for (id, payment) in &shown.payments {
            let paid = payment["status"] == "paid";
            // What somebody else has collected was never to be collected.
            let from_the_beginning = paid && payment["paidAt"] == payment["createdAt"];
            let failed = payment["captureAttempts"].as_u64().expect("a number");
            expect("payment.scheduled", id, (!from_the_beginning).into());
            expect("payment.succeeded", id, paid.into());
            expect(
                "payment.failed",
                id,
                usize::try_from(failed).expect("a few"),
            );
        }
        let mut found: BTreeMap<(String, String), usize> = BTreeMap::new();
        for (event, data) in self.app.events().await {
            let of = match event.split('.').next() {
                Some("order") => "orderId",
                Some("subscription") => "subscriptionId",
                Some("payment") => "paymentId",
                Some("asset") => "serialNumber",
                _ => "customerId",
            };
            *found
                .entry((event, text(&data, of).to_owned()))
                .or_insert(0) += 1;
        }
        let difference: BTreeSet<_> = found
            .iter()
            .filter(|(event, times)| expected.get(*event) != Some(times))
            .chain(
                expected
                    .iter()
                    .filter(|(event, times)| found.get(*event) != Some(times)),
            )
            .collect();
        assert!(difference.is_empty(), "{when}: {difference:#?}");
    }
}

/// Minor units of an amount.
fn cents(value: &Value, name: &str) -> i64 {
    let amount = value[name].as_f64();
    (amount.unwrap_or_else(|| panic!("no {name}: {value:#}")) * 100.0).round() as i64
}

/// Rows whose property is this.
fn of<'a>(
    rows: &'a [Value],
    pointer: &'static str,
    value: &'a str,
) -> impl Iterator<Item = &'a Value> {
    rows.iter()
        .filter(move |row| row.pointer(pointer).and_then(Value::as_str) == Some(value))
}

fn check_device(shown: &Shown, rental: &Value, at: &str) {
    let (id, serial) = (text(rental, "rentalId"), text(rental, "assetSerialNumber"));
    let asset = of(&shown.assets, "/serialNumber", serial)
        .next()
        .expect("it is listed");
    let out = asset["status"] == "rented_out" && asset["rentalId"] == id;
    match text(rental, "status") {
        "active" => {
            assert!(out, "{asset:#}\n{at}");
            assert_eq!(asset["customerId"], rental["customerId"], "{at}");
        }
        "ended_buyout" => assert_eq!(asset["status"], "sold", "{at}"),
        "ended_early_return" => assert!(!out, "{asset:#}\n{at}"),
        _ => {}
    }
}

fn check_amounts(shown: &Shown, payment: &Value, when: &str) {
    let at = format!("{when}: {payment:#}");
    let [net, tax, gross] = ["subtotal", "taxAmount", "total"].map(|it| cents(payment, it));
    assert_eq!(net + tax, gross, "{at}");
    let Some(lines) = payment["lineItems"].as_array() else {
        return;
    };
    let sum = |name| lines.iter().map(|line| cents(line, name)).sum::<i64>();
    if payment["status"] != "cancelled" {
        assert_eq!([sum("amount"), sum("taxAmount")], [net, tax], "{at}");
        assert!(!lines.is_empty(), "{at}");
    }
    for line in lines {
        let rental = of(&shown.rentals, "/rentalId", text(line, "rentalId")).next();
        let owner = rental.map(|rental| text(rental, "customerId"));
        assert_eq!(owner, payment["customerId"].as_str(), "{at}");
    }
}

/// A group has one payment for each billing period, and what is not due yet is due on its day, for
/// members that it has.
fn check_groups(shown: &Shown, today: &str, when: &str) {
    let mut seen = BTreeSet::new();
    for payment in shown.payments.values() {
        if payment["paymentType"] != "consolidated" || payment["status"] == "cancelled" {
            continue;
        }
        let at = format!("{when}: {payment:#}");
        let (key, due) = (text(payment, "idempotencyKey"), text(payment, "dueDate"));
        assert!(seen.insert(key), "{key} is billed twice: {at}");
        if payment["status"] != "pending" || due <= &today[..10] {
            continue;
        }
        let id = text(payment, "billingGroupId");
        let group = of(&shown.groups, "/billingGroupId", id).next();
        let group = group.unwrap_or_else(|| panic!("its group is gone: {at}"));
        assert_eq!(group["status"], "active", "{at}");
        let due: jiff::civil::Date = due.parse().expect("a day");
        let on_its_day = super::PAYMENT_TERMS.iter().any(|(_, days)| {
            let billed = due - jiff::Span::new().days(*days);
            group["billingDay"] == billed.day()
        });
        assert!(on_its_day, "{group:#}\n{at}");
        for line in payment["lineItems"].as_array().expect("a list") {
            let rental = of(&shown.rentals, "/rentalId", text(line, "rentalId")).next();
            assert_eq!(rental.expect("it is listed")["billingGroupId"], id, "{at}");
        }
    }
    for group in &shown.groups {
        let members = group["rentalIds"].as_array().expect("a list");
        let members = members.iter().filter_map(Value::as_str);
        let rentals = members.filter_map(|id| of(&shown.rentals, "/rentalId", id).next());
        let active = rentals.filter(|rental| rental["status"] == "active");
        let amounts: Vec<i64> = active.map(|it| cents(it, "monthlyAmount")).collect();
        let at = format!("{when}: {group:#}");
        assert_eq!(group["activeRentalCount"], amounts.len(), "{at}");
        let total: i64 = amounts.iter().sum();
        assert_eq!(cents(group, "totalMonthlyAmount"), total, "{at}");
    }
}

fn check_customer(shown: &Shown, customer: &Value, at: &str) {
    let id = text(customer, "customerId");
    let rentals: Vec<&Value> = of(&shown.rentals, "/customerId", id).collect();
    let active = rentals.iter().filter(|rental| rental["status"] == "active");
    let active: Vec<&&Value> = active.collect();
    let orders: Vec<&Value> = of(&shown.orders, "/customer/customerId", id).collect();
    let payments = shown.payments.values();
    let paid: i64 = payments
        .filter(|payment| payment["customerId"] == id && payment["status"] == "paid")
        .map(|payment| cents(payment, "subtotal"))
        .sum();
    let revenue: i64 = active
        .iter()
        .map(|rental| cents(rental, "monthlyAmount"))
        .sum();
    assert_eq!(cents(customer, "lifetimeCollected"), paid, "{at}");
    assert_eq!(cents(customer, "totalMonthlyRevenue"), revenue, "{at}");
    assert_eq!(customer["totalDevicesRented"], active.len(), "{at}");
    assert_eq!(
        customer["profitability"]["totalDevicesEver"],
        rentals.len(),
        "{at}"
    );
    assert_eq!(customer["totalOrders"], orders.len(), "{at}");
    if customer["status"] == "inactive" {
        let open = ["pending", "confirmed", "partial"];
        let open = orders
            .iter()
            .filter(|order| open.contains(&text(order, "status")));
        let holds = of(&shown.assets, "/customerId", id).filter(|it| it["status"] == "rented_out");
        let left = (active.len(), open.count(), holds.count());
        assert_eq!(left, (0, 0, 0), "an inactive customer is settled: {at}");
    }
}

fn check_order(shown: &Shown, order: &Value, at: &str) {
    let rentals = of(&shown.rentals, "/orderId", text(order, "orderId")).count();
    let progress = &order["rentalProgress"];
    if order["orderType"] == "extension" {
        return;
    }
    assert_eq!(progress["rentedDevices"], rentals, "{at}");
    let all = progress["totalDevices"] == rentals;
    match text(order, "status") {
        "pending" | "confirmed" => assert_eq!(rentals, 0, "{at}"),
        "partial" => assert!(rentals > 0 && !all, "{at}"),
        "fulfilled" => assert!(all, "{at}"),
        _ => {}
    }
}
