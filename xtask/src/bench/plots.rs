//! The plots that `docs/figures.md` shows, drawn from `results.json`.

use std::path::Path;

use serde_json::{Map, Value};

use super::read_results;
use super::results::short;
use super::svg::{Anchor, Picture, ceiling};
use crate::workspace;

const WIDTH: f64 = 760.0;
/// Where bars and axes begin; labels stand left of it.
const LEFT: f64 = 250.0;
/// Where they end; figures of the longest bar stand right of it.
const RIGHT: f64 = 560.0;
const ROW: f64 = 30.0;

type Results = Map<String, Value>;

/// A bar of the first plot.
struct Row {
    comparison: &'static str,
    side: &'static str,
    label: &'static str,
}

const SQLITE: [Row; 4] = [
    row("sqlite-deletes", "http", "FlexPortal over HTTP"),
    row("sqlite-deletes", "in-process", "same transactions, no HTTP"),
    row("sqlite-deletes", "single", "one commit per request"),
    row("sqlite-deletes", "layer", "HTTP layer, nothing behind it"),
];
const POSTGRES: [Row; 5] = [
    row("postgres-deletes", "http", "FlexPortal over HTTP"),
    row("postgres-deletes", "pgbench", "pgbench, one statement each"),
    row(
        "postgres-deletes",
        "pgbench-five",
        "pgbench, five round trips",
    ),
    row("two-processes", "one", "one FlexPortal process"),
    row("two-processes", "two", "two FlexPortal processes"),
];

const fn row(comparison: &'static str, side: &'static str, label: &'static str) -> Row {
    Row {
        comparison,
        side,
        label,
    }
}

/// Draws what there are results for.
///
/// # Errors
/// A file cannot be read or written.
pub(super) fn draw(folder: &Path) -> Result<(), String> {
    let results = read_results(folder)?;
    let plots: [(&str, Option<String>); 3] = [
        ("deletes.svg", deletes(&results)),
        ("growth.svg", growth(&results)),
        ("soak.svg", soak(&results)),
    ];
    for (name, plot) in plots {
        if let Some(plot) = plot {
            workspace::write(&folder.join(name), &plot)?;
        }
    }
    Ok(())
}

/// Deletions a second.
fn deletes(results: &Results) -> Option<String> {
    let groups = [
        ("SQLite, every commit flushed", &SQLITE[..]),
        ("PostgreSQL, default durability", &POSTGRES[..]),
    ];
    let groups = groups.map(|(title, rows)| {
        let rows = rows
            .iter()
            .filter(|row| side(results, row.comparison, row.side).is_some());
        (title, rows.collect::<Vec<_>>())
    });
    let rows: usize = groups.iter().map(|(_, rows)| rows.len()).sum();
    if rows == 0 {
        return None;
    }
    let shown = groups.iter().filter(|(_, rows)| !rows.is_empty()).count();
    let height = 20.0 + ROW * rows as f64 + 56.0 * shown as f64;
    let mut picture = Picture::new(WIDTH, height, "Durable deleteCustomer, requests a second");
    let mut y = 26.0;
    for (title, rows) in groups {
        if rows.is_empty() {
            continue;
        }
        picture.text(10.0, y, Anchor::Start, "title", title);
        let note = "deletions/s, 64 connections; medians, dots: rounds";
        picture.text(WIDTH - 10.0, y, Anchor::End, "muted small", note);
        y += 14.0;
        let every = rows
            .iter()
            .flat_map(|row| samples(results, row, "per_second"));
        let scale = (RIGHT - LEFT) / ceiling(every.fold(1.0, f64::max));
        for row in rows {
            bar_of_rates(&mut picture, results, row, y, scale);
            y += ROW;
        }
        y += 42.0;
    }
    Some(picture.finish())
}

fn bar_of_rates(picture: &mut Picture, results: &Results, row: &Row, y: f64, scale: f64) {
    let own = row.side == "http" || row.comparison == "two-processes";
    let class = if own { "own" } else { "other" };
    let median = figure(results, row.comparison, row.side, "per_second").unwrap_or_default();
    let middle = y + ROW / 2.0;
    picture.text(LEFT - 12.0, middle + 4.5, Anchor::End, "", row.label);
    picture.bar(LEFT, y + 5.0, median * scale, ROW - 10.0, class);
    let rates = samples(results, row, "per_second");
    for rate in &rates {
        picture.dot(LEFT + rate * scale, middle, class);
    }
    let end = rates.iter().copied().fold(median, f64::max) * scale + LEFT;
    let text = thousands(median);
    picture.text(end + 10.0, middle + 4.5, Anchor::Start, "", &text);
    let latency = |name| figure(results, row.comparison, row.side, name);
    if let (Some(p50), Some(p99)) = (latency("p50_ms"), latency("p99_ms")) {
        let x = end + 24.0 + 8.0 * text.len() as f64;
        let text = format!("p50 {} · p99 {} ms", short(p50), short(p99));
        picture.text(x, middle + 4.5, Anchor::Start, "muted small", &text);
    }
}

/// p50 at many customers in terms of that at few.
fn growth(results: &Results) -> Option<String> {
    let rows = [
        ("sqlite", "delete", "SQLite, deleteCustomer"),
        ("sqlite", "list", "SQLite, page of listCustomers"),
        ("postgres", "delete", "PostgreSQL, deleteCustomer"),
        ("postgres", "list", "PostgreSQL, page of listCustomers"),
    ];
    let rows: Vec<_> = rows
        .into_iter()
        .filter_map(|(engine, name, label)| {
            let comparison = format!("{engine}-growth");
            let p50 = |size| figure(results, &comparison, &format!("{name}-{size}"), "p50_ms");
            Some((label, p50("small")?, p50("large")?))
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let bottom = 40.0 + ROW * rows.len() as f64;
    let title = "p50 at 1,000,000 customers in terms of that at 10,000";
    let mut picture = Picture::new(WIDTH, bottom + 34.0, title);
    picture.text(10.0, 26.0, Anchor::Start, "title", title);
    let highest = rows.iter().map(|(_, few, many)| many / few);
    let scale = (RIGHT - LEFT) / highest.fold(2.0, f64::max);
    for (mark, class) in [(1.0, "grid"), (1.6, "limit")] {
        let x = LEFT + mark * scale;
        picture.line((x, 40.0), (x, bottom + 4.0), class);
    }
    let mut y = 40.0;
    for (label, few, many) in rows {
        let middle = y + ROW / 2.0;
        let width = many / few * scale;
        picture.text(LEFT - 12.0, middle + 4.5, Anchor::End, "", label);
        picture.bar(LEFT, y + 5.0, width, ROW - 10.0, "own");
        let x = (LEFT + width).max(LEFT + 1.6 * scale) + 10.0;
        let text = format!("{:.2} ×", many / few);
        picture.text(x, middle + 4.5, Anchor::Start, "", &text);
        let text = format!("{} → {} ms", short(few), short(many));
        picture.text(x + 60.0, middle + 4.5, Anchor::Start, "muted small", &text);
        y += ROW;
    }
    let x = |mark: f64| LEFT + mark * scale;
    picture.text(
        x(1.0),
        bottom + 20.0,
        Anchor::Middle,
        "muted small",
        "1.0 ×",
    );
    picture.text(
        x(1.6),
        bottom + 20.0,
        Anchor::Middle,
        "limit-text small",
        "bar: 1.6 ×",
    );
    Some(picture.finish())
}

/// Memory and rate over the time of the soak.
fn soak(results: &Results) -> Option<String> {
    let curves = results.get("soak")?["curves"].as_object()?;
    let engines: Vec<(&str, &str, &Value)> = [
        ("sqlite", "SQLite", "own"),
        ("postgres", "PostgreSQL", "second"),
    ]
    .into_iter()
    .filter_map(|(name, label, class)| Some((label, class, curves.get(name)?)))
    .collect();
    if engines.is_empty() {
        return None;
    }
    let title = "Mixed load: memory of the server and requests over time";
    let mut picture = Picture::new(WIDTH, 470.0, title);
    picture.text(10.0, 26.0, Anchor::Start, "title", title);
    for (index, (label, class, _)) in engines.iter().enumerate() {
        let x = WIDTH - 220.0 + 100.0 * index as f64;
        picture.bar(x, 17.0, 12.0, 9.0, class);
        picture.text(x + 18.0, 26.0, Anchor::Start, "", label);
    }
    let panels = [
        (40.0, "memory_mib", "resident memory, MiB"),
        (180.0, "per_second", "requests a second"),
        (320.0, "p99_ms", "p99, ms"),
    ];
    for (top, name, label) in panels {
        panel(&mut picture, &engines, top, name, label);
    }
    Some(picture.finish())
}

fn panel(
    picture: &mut Picture,
    engines: &[(&str, &str, &Value)],
    top: f64,
    name: &str,
    label: &str,
) {
    let (left, right, height) = (60.0, WIDTH - 20.0, 92.0);
    let lower = top + 22.0 + height;
    let last = |column: &str| {
        let values = engines
            .iter()
            .flat_map(|(_, _, curve)| numbers(&curve[column]));
        values.fold(0.0, f64::max)
    };
    let (seconds, most) = (last("second").max(1.0), ceiling(last(name).max(1.0)));
    picture.text(left, top + 14.0, Anchor::Start, "muted small", label);
    for share in [0.0, 0.5, 1.0] {
        let y = lower - share * height;
        picture.line((left, y), (right, y), "grid");
        let text = thousands(most * share);
        picture.text(left - 8.0, y + 4.0, Anchor::End, "muted small", &text);
    }
    let (unit, name_of_unit) = match seconds {
        minutes if minutes >= 180.0 => (60.0, "min"),
        _ => (1.0, "s"),
    };
    for share in [0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0] {
        let text = format!("{:.0} {name_of_unit}", seconds * share / unit);
        let anchor = match share {
            1.0 => Anchor::End,
            _ => Anchor::Middle,
        };
        let x = left + share * (right - left);
        picture.text(x, lower + 16.0, anchor, "muted small", &text);
    }
    for (_, class, curve) in engines {
        let points = numbers(&curve["second"])
            .into_iter()
            .zip(numbers(&curve[name]));
        let points: Vec<(f64, f64)> = points
            .map(|(second, value)| {
                let x = left + second / seconds * (right - left);
                (x, lower - value / most * height)
            })
            .collect();
        picture.curve(&points, class);
    }
}

fn side<'a>(results: &'a Results, comparison: &str, side: &str) -> Option<&'a Value> {
    results.get(comparison)?["sides"].get(side)
}

fn figure(results: &Results, comparison: &str, name: &str, figure: &str) -> Option<f64> {
    side(results, comparison, name)?["median"][figure].as_f64()
}

fn samples(results: &Results, row: &Row, figure: &str) -> Vec<f64> {
    let side = side(results, row.comparison, row.side);
    side.map_or_else(Vec::new, |side| numbers(&side["samples"][figure]))
}

fn numbers(value: &Value) -> Vec<f64> {
    let items = value.as_array().map_or(&[][..], Vec::as_slice);
    items.iter().filter_map(Value::as_f64).collect()
}

/// `41,200`.
pub(super) fn thousands(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if value < 0.0 {
        format!("-{text}")
    } else {
        text
    }
}
