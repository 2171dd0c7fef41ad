//! What is compared, and how it is judged.

/// Sides that were measured in turns.
pub(super) struct Comparison {
    /// Name on the command line.
    pub(super) name: &'static str,
    /// What it is about.
    pub(super) title: &'static str,
    /// How it is judged.
    pub(super) bars: &'static [Bar],
}

/// A median, or the median ratio of two in the same round, held against a limit.
pub(super) struct Bar {
    /// In words.
    pub(super) what: &'static str,
    /// Side and figure.
    pub(super) of: (&'static str, &'static str),
    /// Side and figure it is divided by.
    pub(super) to: Option<(&'static str, &'static str)>,
    pub(super) limit: Limit,
    /// Also in a quick run, whose times mean nothing.
    pub(super) always: bool,
}

/// What a value must be.
#[derive(Clone, Copy)]
pub(super) enum Limit {
    AtLeast(f64),
    AtMost(f64),
    /// Shown, not judged.
    None,
}

const fn ratio(
    what: &'static str,
    of: (&'static str, &'static str),
    to: (&'static str, &'static str),
    limit: Limit,
) -> Bar {
    Bar {
        what,
        of,
        to: Some(to),
        limit,
        always: false,
    }
}

const fn zero(what: &'static str, side: &'static str, figure: &'static str) -> Bar {
    Bar {
        what,
        of: (side, figure),
        to: None,
        limit: Limit::AtMost(0.0),
        always: true,
    }
}

const fn flat(what: &'static str, side: &'static str) -> Bar {
    Bar {
        what,
        of: (side, "memory_growth"),
        to: None,
        limit: Limit::AtMost(1.1),
        always: false,
    }
}

use Limit::{AtLeast, AtMost};

const RATE: &str = "per_second";
const P50: &str = "p50_ms";

const GROWTH: &[Bar] = &[
    ratio(
        "deleteCustomer",
        ("delete-large", P50),
        ("delete-small", P50),
        AtMost(1.6),
    ),
    ratio(
        "page of listCustomers",
        ("list-large", P50),
        ("list-small", P50),
        AtMost(1.6),
    ),
    ratio(
        "memory of the server",
        ("list-large", "memory_mib"),
        ("list-small", "memory_mib"),
        Limit::None,
    ),
];

const PAYMENTS: &[Bar] = &[ratio(
    "markPaymentPaid to deleteCustomer",
    ("mark-paid", RATE),
    ("delete", RATE),
    AtLeast(0.5),
)];

const fn at_most(what: &'static str, side: &'static str, figure: &'static str, most: f64) -> Bar {
    Bar {
        what,
        of: (side, figure),
        to: None,
        limit: Limit::AtMost(most),
        always: false,
    }
}

const fn shown(what: &'static str, side: &'static str, figure: &'static str) -> Bar {
    Bar {
        what,
        of: (side, figure),
        to: None,
        limit: Limit::None,
        always: false,
    }
}

const EXPORT: &[Bar] = &[
    at_most(
        "growth of the server's memory, MiB",
        "export",
        "growth_mib",
        64.0,
    ),
    shown("rows a second", "export", RATE),
    shown("first byte, ms", "export", "first_byte_ms"),
];

/// All comparisons, in the order in which they run.
pub(super) const COMPARISONS: &[Comparison] = &[
    Comparison {
        name: "sqlite-deletes",
        title: "deleteCustomer on SQLite, every commit flushed, 64 connections",
        bars: &[
            ratio(
                "HTTP to the same transactions in process",
                ("http", RATE),
                ("in-process", RATE),
                AtLeast(0.5),
            ),
            ratio(
                "p99 to p50 over HTTP",
                ("http", "p99_ms"),
                ("http", P50),
                AtMost(5.0),
            ),
            ratio(
                "grouped commits to one commit a request",
                ("http", RATE),
                ("single", RATE),
                AtLeast(5.0),
            ),
            ratio(
                "HTTP to the layer with nothing behind it",
                ("http", RATE),
                ("layer", RATE),
                AtLeast(0.35),
            ),
        ],
    },
    Comparison {
        name: "postgres-deletes",
        title: "deleteCustomer on PostgreSQL, default durability, 64 connections, 16 to the database",
        bars: &[
            ratio(
                "HTTP to `pgbench` with one statement each",
                ("http", RATE),
                ("pgbench", RATE),
                AtLeast(0.7),
            ),
            ratio(
                "HTTP to `pgbench` with five round trips",
                ("http", RATE),
                ("pgbench-five", RATE),
                AtLeast(1.2),
            ),
        ],
    },
    Comparison {
        name: "two-processes",
        title: "two processes on one PostgreSQL cluster",
        bars: &[ratio(
            "two processes to one",
            ("two", RATE),
            ("one", RATE),
            AtLeast(1.0),
        )],
    },
    Comparison {
        name: "sqlite-growth",
        title: "SQLite: 1,000,000 customers against 10,000, each with order, subscription and payments",
        bars: GROWTH,
    },
    Comparison {
        name: "postgres-growth",
        title: "PostgreSQL: 1,000,000 customers against 10,000, each with order, subscription and payments",
        bars: GROWTH,
    },
    Comparison {
        name: "sqlite-payments",
        title: "SQLite: marking payments as paid beside deleting customers",
        bars: PAYMENTS,
    },
    Comparison {
        name: "postgres-payments",
        title: "PostgreSQL: marking payments as paid beside deleting customers",
        bars: PAYMENTS,
    },
    Comparison {
        name: "sqlite-export",
        title: "SQLite: 1,000,000 subscriptions exported",
        bars: EXPORT,
    },
    Comparison {
        name: "postgres-export",
        title: "PostgreSQL: 200,000 subscriptions exported",
        bars: EXPORT,
    },
    Comparison {
        name: "sqlite-hostile",
        title: "SQLite: a polite tenant beside a hostile one with 64 connections",
        bars: &[
            ratio(
                "p99 of the polite tenant to its own without the other",
                ("sqlite-attacked", "p99_ms"),
                ("sqlite-alone", "p99_ms"),
                AtMost(5.0),
            ),
            at_most("memory, MiB", "sqlite-attacked", "memory_mib", 256.0),
            zero("acknowledged orders lost", "sqlite-after", "lost_orders"),
        ],
    },
    Comparison {
        name: "postgres-hostile",
        title: "PostgreSQL: a polite tenant beside a hostile one with 64 connections",
        bars: &[
            ratio(
                "p99 of the polite tenant to its own without the other",
                ("postgres-attacked", "p99_ms"),
                ("postgres-alone", "p99_ms"),
                AtMost(5.0),
            ),
            at_most("memory, MiB", "postgres-attacked", "memory_mib", 256.0),
            zero("acknowledged orders lost", "postgres-after", "lost_orders"),
        ],
    },
    Comparison {
        name: "soak",
        title: "mixed load on both engines",
        bars: &[
            zero(
                "SQLite, answers outside the contract",
                "sqlite",
                "outside_contract",
            ),
            zero("SQLite, broken invariants", "sqlite", "invariant_faults"),
            flat("SQLite, memory in the last quarter to the second", "sqlite"),
            zero(
                "PostgreSQL, answers outside the contract",
                "postgres",
                "outside_contract",
            ),
            zero(
                "PostgreSQL, broken invariants",
                "postgres",
                "invariant_faults",
            ),
            flat(
                "PostgreSQL, memory in the last quarter to the second",
                "postgres",
            ),
        ],
    },
    Comparison {
        name: "layer",
        title: "the generated server layer against handlers by hand, in process",
        bars: &[
            ratio(
                "deleteCustomer, instructions",
                ("deleteCustomer-generated", "instructions"),
                ("deleteCustomer-hand", "instructions"),
                AtMost(1.1),
            ),
            ratio(
                "deleteCustomer, time",
                ("deleteCustomer-generated", "ns"),
                ("deleteCustomer-hand", "ns"),
                Limit::None,
            ),
            ratio(
                "createOrder, instructions",
                ("createOrder-generated", "instructions"),
                ("createOrder-hand", "instructions"),
                AtMost(1.1),
            ),
            ratio(
                "createOrder, time",
                ("createOrder-generated", "ns"),
                ("createOrder-hand", "ns"),
                Limit::None,
            ),
        ],
    },
];
