//! Lines for `xtask/src/bench`.

use serde_json::{Map, Value, json};

use crate::load::Outcome;

/// One measurement of a side: figures by name, units in the names.
pub(crate) fn sample(side: &str, round: usize, figures: &[(&str, f64)]) {
    println!(
        "{}",
        json!({ "sample": side, "round": round, "figures": object(figures) })
    );
    eprintln!("  round {round} {side:24} {}", shown(figures));
}

/// One point of a curve, such as a second of a soak.
pub(crate) fn point(series: &str, figures: &[(&str, f64)]) {
    println!("{}", json!({ "point": series, "figures": object(figures) }));
}

/// The version of a program that takes part.
pub(crate) fn version(program: &str, version: &str) {
    println!("{}", json!({ "versions": { program: version } }));
}

/// The figures of a run of load.
pub(crate) fn load(side: &str, round: usize, outcome: &Outcome) {
    sample(side, round, &figures(outcome));
}

/// Rate and latencies of a run of load.
pub(crate) fn figures(outcome: &Outcome) -> [(&'static str, f64); 4] {
    [
        ("per_second", outcome.rate()),
        ("p50_ms", ms(outcome, 0.5)),
        ("p99_ms", ms(outcome, 0.99)),
        ("max_ms", ms(outcome, 1.0)),
    ]
}

/// A percentile in milliseconds.
pub(crate) fn ms(outcome: &Outcome, share: f64) -> f64 {
    outcome.percentile(share).as_secs_f64() * 1e3
}

fn object(figures: &[(&str, f64)]) -> Value {
    let figures = figures.iter();
    Value::Object(
        figures
            .map(|(name, value)| ((*name).to_owned(), json!(value)))
            .collect::<Map<_, _>>(),
    )
}

fn shown(figures: &[(&str, f64)]) -> String {
    let figures = figures.iter();
    let shown: Vec<String> = figures
        .map(|(name, value)| match *value {
            value if value.abs() >= 100.0 => format!("{name} {value:.0}"),
            value => format!("{name} {value:.3}"),
        })
        .collect();
    shown.join("  ")
}
