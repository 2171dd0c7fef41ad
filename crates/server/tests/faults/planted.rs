//! The checker is worth as much as what it notices: losses are planted for it to find.

use store::{Error, Param, Store};

use crate::ledger::Known;
use crate::site::Site;
use crate::support::Folder;
use crate::turn;

/// A loss: statements about one customer or order, which is `$1`.
struct Plant {
    what: &'static str,
    /// A customer it can be planted on, and the id.
    on: fn(&Known) -> Option<&String>,
    sql: &'static [&'static str],
    /// Told as something acknowledged that is lost, not as something that must not be.
    lost: bool,
}

const PLANTS: &[Plant] = &[
    Plant {
        what: "an acknowledged deletion is undone",
        on: |known| known.id.as_ref().filter(|_| known.state.inactive),
        sql: &["UPDATE customers SET status = 'active' WHERE id = $1"],
        lost: true,
    },
    Plant {
        what: "an acknowledged deletion is undone, and its event is taken back",
        on: |known| known.id.as_ref().filter(|_| known.state.inactive),
        sql: &[
            "UPDATE customers SET status = 'active' WHERE id = $1",
            "DELETE FROM events WHERE sequence = (SELECT max(sequence) FROM events \
             WHERE resource = $1 AND kind = 'customer.deactivated') AND resource = $1",
        ],
        lost: true,
    },
    Plant {
        what: "an event is missing",
        on: |known| known.id.as_ref().filter(|_| known.state.inactive),
        sql: &["DELETE FROM events WHERE resource = $1 AND kind = 'customer.deactivated'"],
        lost: true,
    },
    Plant {
        what: "an order is gone with all that belongs to it",
        on: |known| known.state.orders.keys().next(),
        sql: &[
            "UPDATE customers SET total_orders = total_orders - 1, open_orders = open_orders - \
             (SELECT count(*) FROM orders WHERE id = $1 AND status = 'pending') \
             WHERE id = (SELECT customer_id FROM orders WHERE id = $1)",
            "DELETE FROM order_items WHERE order_id = $1",
            "DELETE FROM events WHERE resource = $1",
            "DELETE FROM orders WHERE id = $1",
        ],
        lost: true,
    },
    Plant {
        what: "a cancelled order is open again",
        on: |known| {
            let mut orders = known.state.orders.iter();
            orders
                .find(|(_, open)| !**open && !known.state.inactive)
                .map(|(id, _)| id)
        },
        sql: &[
            "UPDATE customers SET open_orders = open_orders + 1 \
             WHERE id = (SELECT customer_id FROM orders WHERE id = $1)",
            "UPDATE order_items SET open = 1 WHERE order_id = $1",
            "UPDATE orders SET status = 'pending' WHERE id = $1",
        ],
        lost: true,
    },
    Plant {
        what: "a counter does not know of an order",
        on: |known| known.id.as_ref().filter(|_| known.state.open().len() > 1),
        sql: &["UPDATE customers SET open_orders = open_orders - 1 WHERE id = $1"],
        lost: false,
    },
    Plant {
        what: "a deletion is half there: the event without the status",
        on: |known| known.id.as_ref().filter(|_| !known.state.inactive),
        sql: &[
            "INSERT INTO events (tenant_id, sequence, kind, resource, data, at) \
             SELECT tenant_id, 1000000, 'customer.deactivated', $1, '{}', created_at \
             FROM customers WHERE id = $1",
        ],
        lost: false,
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn planted_losses_are_noticed() {
    let _turn = turn::sqlite().await;
    let folder = Folder::new();
    let database = folder.database();
    let mut site = Site::open("planted", &database, &[], &[]).await;
    let load = site.load();
    load.acknowledged(400).await;
    site.collect(load).await;
    let healthy = site.check().await;
    assert!(healthy.checked >= 400, "{healthy:?}");
    assert!(
        healthy.lost.is_empty() && healthy.violations.is_empty(),
        "{healthy:?}"
    );

    let store = Store::open(&database).expect("the database opens");
    let mut hit = Vec::new();
    let (mut lost, mut violations) = (0, 0);
    for plant in PLANTS {
        let fresh = |known: &&Known| !hit.contains(&known.email);
        let victims = site.ledger().iter().filter(fresh);
        let mut victims = victims.filter_map(|known| Some((known, (plant.on)(known)?)));
        let (victim, id) = victims
            .next()
            .expect("the load leaves every kind of customer");
        hit.push(victim.email.clone());
        let id = id.clone();
        store
            .write(move |tx| {
                for sql in plant.sql {
                    tx.execute(sql, &[Param::Text(id.clone().into())])?;
                }
                Ok::<_, Error>(())
            })
            .await
            .expect("the loss can be planted");

        let found = site.check().await;
        let noticed = match plant.lost {
            true => found.lost.len() == lost + 1,
            false => found.lost.len() == lost && found.violations.len() > violations,
        };
        assert!(noticed, "{}: {found:#?}", plant.what);
        (lost, violations) = (found.lost.len(), found.violations.len());
    }
}
