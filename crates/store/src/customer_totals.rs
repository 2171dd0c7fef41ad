//! What a customer's orders, subscriptions, devices and payments add up to: counters on its row, and which of
//! them stand in the way of its deletion.

use jiff::civil::Date;

use crate::table::{Column, Kind, Role};
use crate::{Error, Param, Row, Tx, params};

/// Declares the counters.
macro_rules! totals {
    ($(#[$meta:meta])* $name:ident { $($(#[$counter_meta:meta])* $counter:ident,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub struct $name {
            $($(#[$counter_meta])* pub $counter: i64,)*
        }

        impl $name {
            /// The columns, in the order of the fields.
            pub const COLUMNS: &'static [Column] = &[$(Column {
                name: stringify!($counter),
                kind: Kind::Integer,
                role: Role::Kept,
            },)*];

            fn values(&self) -> impl Iterator<Item = i64> {
                [$(self.$counter,)*].into_iter()
            }

            /// Reads [`Self::COLUMNS`].
            pub(crate) fn from_row(row: &mut Row<'_>) -> Result<Self, Error> {
                Ok(Self { $($counter: row.get()?,)* })
            }
        }

        impl std::ops::Sub for $name {
            type Output = Self;

            fn sub(self, other: Self) -> Self {
                Self { $($counter: self.$counter - other.$counter,)* }
            }
        }
    };
}

totals! {
    /// What a customer's orders, subscriptions, devices and payments add up to; also a change of these.
    CustomerTotals {
        /// Orders ever, also cancelled.
        total_orders,
        /// Orders pending, confirmed or partial.
        open_orders,
        /// Subscriptions ever.
        total_subscriptions,
        /// Subscriptions active now.
        active_subscriptions,
        /// Assets still rented out whose subscription is not active.
        devices_out,
        /// Monthly amounts of active subscriptions, minor units.
        monthly_revenue,
        /// Net of paid payments, minor units.
        lifetime_collected,
        /// Known acquisition costs of all subscriptions ever, minor units.
        acquisition_cost,
        /// Subscriptions with a known cost.
        subscriptions_tracked,
    }
}

/// Records of a customer, as SQL finds them.
struct Records {
    /// Their table, called `r`, and what it is joined with.
    from: &'static str,
    /// Which of its rows they are.
    condition: &'static str,
    /// The column that names them.
    name: &'static str,
    /// What it means that an inactive customer has some, and that their counter is wrong.
    faults: [&'static str; 2],
}

/// Declares what blocks, each with its counter and its records.
macro_rules! blockers {
    ($(#[$meta:meta])* $name:ident {
        $($(#[$blocker_meta:meta])* $blocker:ident: $counter:ident, $records:expr;)*
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$blocker_meta])* $blocker,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$blocker,)*];

            /// The column with the counter.
            pub const fn column(self) -> &'static str {
                match self { $(Self::$blocker => stringify!($counter),)* }
            }

            /// How many there are.
            pub const fn count(self, totals: &CustomerTotals) -> i64 {
                match self { $(Self::$blocker => totals.$counter,)* }
            }

            const fn counted(self) -> Records {
                match self { $(Self::$blocker => $records,)* }
            }
        }

        /// The condition under which a row of `customers` may become inactive: it is active, and nothing blocks.
        /// The CHECK of the migrations says the same of inactive rows; a test holds one against the other.
        pub const DELETABLE: &str = concat!("status = 'active'", $(" AND ", stringify!($counter), " = 0",)*);
    };
}

blockers! {
    /// What stands in the way of a customer's deletion.
    Blocker {
        /// Active subscriptions.
        ActiveSubscriptions: active_subscriptions, Records {
            from: "subscriptions r",
            condition: "coalesce(r.status, '') = 'active'",
            name: "id",
            faults: [
                "inactive customer has an active subscription",
                "subscription counters of the customer are wrong",
            ],
        };
        /// Orders pending, confirmed or partial.
        OpenOrders: open_orders, Records {
            from: "orders r",
            condition: "coalesce(r.status, '') IN ('pending', 'confirmed', 'partial')",
            name: "id",
            faults: [
                "inactive customer has an open order",
                "order counters of the customer are wrong",
            ],
        };
        /// Devices rented out by a subscription that is not active.
        DevicesOut: devices_out, Records {
            from: "assets r JOIN subscriptions s ON s.tenant_id = r.tenant_id AND s.id = r.rental_id",
            condition: "coalesce(r.status, '') = 'rented_out' AND coalesce(s.status, '') <> 'active'",
            name: "serial_number",
            faults: [
                "inactive customer has a device that is not returned",
                "device counter of the customer is wrong",
            ],
        };
    }
}

impl Blocker {
    /// Name and status of the customer's records that block, oldest first, at most `limit`.
    ///
    /// # Errors
    /// Engine failures.
    pub fn records(
        self,
        tx: &mut Tx<'_>,
        customer: &str,
        limit: u32,
    ) -> Result<Vec<(String, String)>, Error> {
        let Records {
            from,
            condition,
            name,
            ..
        } = self.counted();
        let sql = format!(
            "SELECT r.{name}, r.status FROM {from} WHERE r.tenant_id = $1 AND r.customer_id = $2 \
             AND {condition} ORDER BY r.created_at, r.{name} LIMIT $3"
        );
        tx.query_all(&sql, params![tx.tenant()?, customer, limit], |row| {
            Ok((row.get()?, row.get()?))
        })
    }

    /// Statements over one tenant (`$1`) whose rows are customers with a fault, and what it is.
    pub(crate) fn checks(self) -> [(&'static str, String); 2] {
        let Records {
            from,
            condition,
            faults: [unsettled, miscounted],
            ..
        } = self.counted();
        let records = format!(
            "FROM {from} WHERE r.tenant_id = c.tenant_id AND r.customer_id = c.id AND {condition}"
        );
        let customers = "SELECT c.id FROM customers c WHERE c.tenant_id = $1 AND";
        [
            (
                unsettled,
                format!("{customers} c.status = 'inactive' AND EXISTS (SELECT 1 {records})"),
            ),
            (
                miscounted,
                format!(
                    "{customers} c.{} <> (SELECT count(*) {records})",
                    self.column()
                ),
            ),
        ]
    }
}

/// Adds a change to the counters; `start` is the start of a new subscription.
///
/// Only counters that change are written: SQLite writes the indexes of all that are named anew.
pub(crate) fn adjust(
    tx: &mut Tx<'_>,
    id: &str,
    change: &CustomerTotals,
    start: Option<Date>,
) -> Result<(), Error> {
    let tenant = tx.tenant()?;
    let (mut set, mut values) = (Vec::new(), Vec::<Param<'_>>::new());
    for (column, by) in CustomerTotals::COLUMNS.iter().zip(change.values()) {
        if by != 0 {
            values.push(by.into());
            set.push(format!("{0} = {0} + ${1}", column.name, values.len()));
        }
    }
    if let Some(start) = start {
        values.push(start.into());
        let at = values.len();
        set.push(format!(
            "first_start = CASE WHEN first_start < ${at} THEN first_start ELSE ${at} END"
        ));
    }
    if set.is_empty() {
        return Ok(());
    }
    values.extend(params![tenant, id].iter().cloned());
    let sql = format!(
        "UPDATE customers SET {} WHERE tenant_id = ${} AND id = ${}",
        set.join(", "),
        values.len() - 1,
        values.len()
    );
    tx.post(&sql, &values)
}
