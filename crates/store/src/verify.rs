//! Recomputes what the counters claim, for tests after races and crashes.

use std::collections::HashSet;

use crate::{Blocker, Error, Tx, params};

/// A statement over one tenant (`$1`) whose rows are faults, and what each row means. Those of what blocks a
/// deletion are made by [`Blocker::checks`].
struct Check {
    fault: &'static str,
    sql: &'static str,
}

const CHECKS: &[Check] = &[
    Check {
        fault: "order counters of the customer are wrong",
        sql: "SELECT c.id FROM customers c WHERE c.tenant_id = $1 AND c.total_orders <> (
                SELECT count(*) FROM orders o WHERE o.tenant_id = c.tenant_id AND o.customer_id = c.id)",
    },
    Check {
        fault: "subscription counters of the customer are wrong",
        sql: "SELECT c.id FROM customers c LEFT JOIN (
                SELECT s.customer_id, count(*) AS total,
                  sum(CASE WHEN s.status = 'active' THEN s.monthly_amount ELSE 0 END) AS revenue,
                  sum(coalesce(s.acquisition_cost, 0)) AS cost, count(s.acquisition_cost) AS tracked,
                  min(s.start_date) AS first_start
                FROM subscriptions s WHERE s.tenant_id = $1 GROUP BY s.customer_id
              ) t ON t.customer_id = c.id
              WHERE c.tenant_id = $1 AND (
                c.total_subscriptions <> coalesce(t.total, 0)
                OR c.monthly_revenue <> coalesce(t.revenue, 0) OR c.acquisition_cost <> coalesce(t.cost, 0)
                OR c.subscriptions_tracked <> coalesce(t.tracked, 0)
                OR coalesce(c.first_start, '') <> coalesce(t.first_start, ''))",
    },
    Check {
        fault: "collected sum of the customer is wrong",
        sql: "SELECT c.id FROM customers c WHERE c.tenant_id = $1 AND c.lifetime_collected <> (
                SELECT coalesce(sum(p.subtotal), 0) FROM payments p WHERE p.tenant_id = c.tenant_id
                AND p.customer_id = c.id AND coalesce(p.status, '') = 'paid')",
    },
    Check {
        fault: "collected sum of the subscription is wrong",
        sql: "SELECT s.id FROM subscriptions s WHERE s.tenant_id = $1 AND s.total_collected <> (
                SELECT coalesce(sum(p.subtotal), 0) FROM payments p
                LEFT JOIN payments w ON w.tenant_id = p.tenant_id AND w.id = p.consolidated_in
                WHERE p.tenant_id = s.tenant_id AND p.rental_id = s.id AND coalesce(w.status, p.status) = 'paid')",
    },
    Check {
        fault: "consolidated payment is not the sum of those it took the place of",
        sql: "SELECT w.id FROM payments w WHERE w.tenant_id = $1 AND w.payment_type = 'consolidated'
              AND w.status <> 'cancelled' AND w.subtotal <> (
                SELECT coalesce(sum(p.subtotal), 0) FROM payments p WHERE p.tenant_id = w.tenant_id
                AND p.consolidated_in = w.id)",
    },
    Check {
        fault: "items of the order are open while it is not, or closed while it is open",
        sql: "SELECT DISTINCT o.id FROM orders o JOIN order_items i ON i.tenant_id = o.tenant_id AND i.order_id = o.id
              WHERE o.tenant_id = $1
              AND i.open <> CASE WHEN o.status IN ('pending', 'confirmed', 'partial') THEN 1 ELSE 0 END",
    },
    Check {
        fault: "progress of the order item does not match its subscriptions",
        sql: "SELECT i.order_id FROM order_items i JOIN orders o ON o.tenant_id = i.tenant_id AND o.id = i.order_id
              WHERE i.tenant_id = $1 AND o.order_type <> 'extension' AND i.rented <> (
                SELECT count(*) FROM subscriptions s WHERE s.tenant_id = i.tenant_id AND s.order_id = i.order_id
                AND s.order_item = i.position)",
    },
    Check {
        fault: "progress or status of the order does not match its items",
        sql: "SELECT o.id FROM orders o JOIN (
                SELECT i.order_id, sum(i.quantity) AS quantity, sum(i.rented) AS rented FROM order_items i
                WHERE i.tenant_id = $1 GROUP BY i.order_id
              ) t ON t.order_id = o.id
              WHERE o.tenant_id = $1 AND o.order_type <> 'extension' AND (
                o.total_devices <> t.quantity OR o.rented_devices <> t.rented
                OR (o.status = 'fulfilled' AND t.rented <> t.quantity)
                OR (o.status = 'partial' AND (t.rented = 0 OR t.rented = t.quantity))
                OR (o.status IN ('pending', 'confirmed') AND t.rented <> 0))",
    },
    Check {
        fault: "asset of the active subscription is not rented out by it",
        sql: "SELECT s.id FROM subscriptions s LEFT JOIN assets a
              ON a.tenant_id = s.tenant_id AND a.serial_number = s.serial_number
              WHERE s.tenant_id = $1 AND s.status = 'active' AND NOT (
                coalesce(a.status, '') = 'rented_out' AND coalesce(a.rental_id, '') = s.id
                AND coalesce(a.customer_id, '') = s.customer_id)",
    },
    Check {
        fault: "rented-out asset does not belong to the customer of its subscription",
        sql: "SELECT a.serial_number FROM assets a JOIN subscriptions s
              ON s.tenant_id = a.tenant_id AND s.id = a.rental_id
              WHERE a.tenant_id = $1 AND a.status = 'rented_out' AND s.customer_id <> a.customer_id",
    },
];

/// Recomputes every counter and the deletion invariant of a tenant from the base tables. Each line names a
/// fault and the row; none means that all is well.
///
/// # Errors
/// Engine failures.
pub fn verify_invariants(tx: &mut Tx<'_>, tenant: &str) -> Result<Vec<String>, Error> {
    let blockers = Blocker::ALL.iter().flat_map(|blocker| blocker.checks());
    let others = CHECKS
        .iter()
        .map(|check| (check.fault, check.sql.to_owned()));
    let (mut faults, mut known) = (Vec::new(), HashSet::new());
    for (fault, sql) in blockers.chain(others) {
        for id in tx.query_all(&sql, params![tenant], |row| row.get::<String>())? {
            let line = format!("{fault}: `{id}`");
            // Several counters share a fault.
            if known.insert(line.clone()) {
                faults.push(line);
            }
        }
    }
    Ok(faults)
}
