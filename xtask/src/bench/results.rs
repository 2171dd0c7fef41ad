//! Medians, ratios, verdicts; on the screen and as `results.json`.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::comparisons::{Bar, Comparison, Limit};
use super::read_results;
use super::taken::{Columns, Taken};
use crate::workspace;

/// Most points of a curve that are kept.
const POINTS: usize = 240;

/// A bar and what came of it.
pub(super) struct Verdict {
    what: &'static str,
    value: f64,
    /// Lowest and highest ratio of a round, where both sides have one.
    rounds: Option<(f64, f64)>,
    limit: Limit,
    /// `None`: not judged.
    met: Option<bool>,
}

/// Judges what was taken. A bar whose sides were not measured is left out.
pub(super) fn judge(comparison: &Comparison, taken: &Taken, quick: bool) -> Vec<Verdict> {
    let bars = comparison.bars.iter();
    bars.filter_map(|bar| verdict(bar, taken, quick)).collect()
}

fn verdict(bar: &Bar, taken: &Taken, quick: bool) -> Option<Verdict> {
    let of = column(taken, bar.of)?;
    let (value, rounds) = match bar.to {
        None => (median(of), None),
        Some(to) => {
            let to = column(taken, to)?;
            let ratios: Vec<f64> = of.iter().zip(to).map(|(of, to)| of / to).collect();
            let lowest = ratios.iter().copied().fold(f64::INFINITY, f64::min);
            let highest = ratios.iter().copied().fold(0.0, f64::max);
            // What slows the machine for a while slows both sides of a round.
            (median(&ratios), Some((lowest, highest)))
        }
    };
    let met = match bar.limit {
        Limit::None => None,
        _ if quick && !bar.always => None,
        Limit::AtLeast(limit) => Some(value >= limit),
        Limit::AtMost(limit) => Some(value <= limit),
    };
    Some(Verdict {
        what: bar.what,
        value,
        rounds,
        limit: bar.limit,
        met,
    })
}

fn column<'a>(taken: &'a Taken, (side, figure): (&str, &str)) -> Option<&'a [f64]> {
    Some(taken.sides.get(side)?.get(figure)?)
}

/// Prints medians and verdicts.
pub(super) fn show(comparison: &Comparison, taken: &Taken, verdicts: &[Verdict]) {
    println!("\n{}: {}", comparison.name, comparison.title);
    for (side, columns) in &taken.sides {
        let figures = columns.iter();
        let figures: Vec<String> = figures
            .map(|(name, values)| format!("{name} {}", short(median(values))))
            .collect();
        println!("  {side:24} {}", figures.join("  "));
    }
    for verdict in verdicts {
        let limit = match verdict.limit {
            Limit::AtLeast(limit) => format!(", at least {limit}"),
            Limit::AtMost(limit) => format!(", at most {limit}"),
            Limit::None => String::new(),
        };
        let met = match verdict.met {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "",
        };
        let rounds = verdict
            .rounds
            .map_or_else(String::new, |(lowest, highest)| {
                format!(" (rounds {}–{})", short(lowest), short(highest))
            });
        let value = short(verdict.value);
        println!("  {}: {value}{rounds}{limit} {met}", verdict.what);
    }
}

/// The bars that were missed, in words.
pub(super) fn missed(comparison: &Comparison, verdicts: &[Verdict]) -> Vec<String> {
    let missed = verdicts.iter().filter(|it| it.met == Some(false));
    missed
        .map(|it| format!("{}: {} is {}", comparison.name, it.what, short(it.value)))
        .collect()
}

/// Puts a comparison into `results.json`, in place of its last results.
///
/// # Errors
/// The file cannot be read or written.
pub(super) fn merge(
    folder: &Path,
    comparison: &Comparison,
    taken: &Taken,
    verdicts: &[Verdict],
    mut origin: Map<String, Value>,
) -> Result<(), String> {
    let mut results = read_results(folder)?;
    let sides = taken.sides.iter().map(|(side, columns)| {
        let medians = columns.iter();
        let medians: Map<String, Value> = medians
            .map(|(name, values)| (name.clone(), rounded(median(values))))
            .collect();
        let samples = samples(columns);
        (
            side.clone(),
            json!({ "median": medians, "samples": samples }),
        )
    });
    let curves = taken.curves.iter();
    let curves = curves.map(|(series, columns)| (series.clone(), samples(&thinned(columns))));
    let bars = verdicts.iter().map(|verdict| {
        let (bar, limit) = match verdict.limit {
            Limit::AtLeast(limit) => ("at_least", json!(limit)),
            Limit::AtMost(limit) => ("at_most", json!(limit)),
            Limit::None => ("limit", Value::Null),
        };
        let mut shown = json!({ "what": verdict.what, "value": rounded(verdict.value) });
        shown[bar] = limit;
        shown["met"] = json!(verdict.met);
        if let Some((lowest, highest)) = verdict.rounds {
            shown["rounds"] = json!([rounded(lowest), rounded(highest)]);
        }
        shown
    });
    origin.insert("title".into(), json!(comparison.title));
    origin.insert("bars".into(), bars.collect());
    origin.insert("sides".into(), Value::Object(sides.collect()));
    origin.insert("curves".into(), Value::Object(curves.collect()));
    results.insert(comparison.name.to_owned(), Value::Object(origin));
    let mut text = String::new();
    write(&Value::Object(results), 0, &mut text);
    text.push('\n');
    workspace::write(&folder.join("results.json"), &text)
}

fn samples(columns: &Columns) -> Value {
    let columns = columns.iter().map(|(name, values)| {
        let values: Vec<Value> = values.iter().map(|value| rounded(*value)).collect();
        (name.clone(), Value::Array(values))
    });
    Value::Object(columns.collect())
}

/// A long curve by the means of its parts.
fn thinned(columns: &Columns) -> Columns {
    let columns = columns.iter().map(|(name, values)| {
        let part = values.len().div_ceil(POINTS).max(1);
        let means = values.chunks(part);
        let means = means.map(|part| part.iter().sum::<f64>() / part.len() as f64);
        (name.clone(), means.collect())
    });
    columns.collect()
}

/// JSON for people: an object a line for each field, a list of numbers on one line.
fn write(value: &Value, depth: usize, text: &mut String) {
    let indent = |depth: usize| format!("\n{}", "  ".repeat(depth));
    let nested = |value: &Value| value.is_object() || value.is_array();
    match value {
        Value::Object(fields) if fields.values().any(nested) => {
            text.push('{');
            for (index, (name, value)) in fields.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                text.push_str(&indent(depth + 1));
                text.push_str(&format!("{}: ", json!(name)));
                write(value, depth + 1, text);
            }
            text.push_str(&indent(depth));
            text.push('}');
        }
        Value::Array(items) if items.iter().any(nested) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                text.push_str(&indent(depth + 1));
                write(item, depth + 1, text);
            }
            text.push_str(&indent(depth));
            text.push(']');
        }
        flat => text.push_str(&flat.to_string()),
    }
}

/// The middle of a list; of an even number, the upper one.
pub(super) fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// Four digits that count; more would be noise.
fn rounded(value: f64) -> Value {
    if value == 0.0 || !value.is_finite() {
        return json!(0);
    }
    let digits = 3 - value.abs().log10().floor() as i32;
    if digits <= 0 {
        return json!(value.round() as i64);
    }
    let factor = 10_f64.powi(digits.min(6));
    json!((value * factor).round() / factor)
}

/// A number for people.
pub(super) fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => super::plots::thousands(value),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::comparisons::COMPARISONS;
    use super::*;

    fn taken(http: &[f64], in_process: &[f64]) -> Taken {
        let mut taken = Taken::default();
        for (side, values) in [("http", http), ("in-process", in_process)] {
            for value in values {
                taken.add(side, "per_second", *value);
            }
        }
        taken
    }

    #[test]
    fn a_ratio_is_the_median_of_those_of_the_rounds_and_misses_its_bar_below_it() {
        let deletes = &COMPARISONS[0];
        let (http, in_process) = ([90.0, 25.5, 10.0], [100.0, 50.0, 100.0]);
        let met = judge(deletes, &taken(&http, &in_process), false);
        assert_eq!(met.len(), 1, "what was not measured is not judged");
        assert_eq!((met[0].value, met[0].met), (0.51, Some(true)));
        assert_eq!(met[0].rounds, Some((0.1, 0.9)));
        let short_of = taken(&[90.0, 49.0, 10.0], &[100.0; 3]);
        let verdicts = judge(deletes, &short_of, false);
        assert_eq!(verdicts[0].met, Some(false));
        assert_eq!(missed(deletes, &verdicts).len(), 1);
        assert!(missed(deletes, &judge(deletes, &short_of, true)).is_empty());
    }

    #[test]
    fn an_error_in_a_soak_is_missed_even_in_a_quick_run() {
        let soak = COMPARISONS.iter().find(|it| it.name == "soak");
        let soak = soak.expect("there is a soak");
        let mut taken = Taken::default();
        taken.add("sqlite", "outside_contract", 1.0);
        assert_eq!(missed(soak, &judge(soak, &taken, true)).len(), 1);
    }

    #[test]
    fn results_keep_four_digits_and_stay_readable() {
        assert_eq!(rounded(41_234.567), json!(41_235));
        assert_eq!(rounded(1.645_152), json!(1.645));
        let mut text = String::new();
        write(&json!({ "a": [1, 2], "b": { "c": 1 } }), 0, &mut text);
        assert_eq!(text, "{\n  \"a\": [1,2],\n  \"b\": {\"c\":1}\n}");
    }
}
