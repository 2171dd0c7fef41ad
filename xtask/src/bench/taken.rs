//! What the measuring program printed.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Columns of numbers by name, in the order in which they were measured.
pub(super) type Columns = BTreeMap<String, Vec<f64>>;

/// Samples and curves of one comparison.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// Side → figure → one number a round.
    pub(super) sides: BTreeMap<String, Columns>,
    /// Series → figure → one number a point.
    pub(super) curves: BTreeMap<String, Columns>,
    /// What it was measured on, and when.
    pub(super) machine: Map<String, Value>,
    /// Program → version.
    pub(super) versions: Map<String, Value>,
}

impl Taken {
    /// Takes in a line.
    ///
    /// # Errors
    /// It is none of the measuring program.
    pub(super) fn read(&mut self, line: &str) -> Result<(), String> {
        let read: Value = serde_json::from_str(line).map_err(|_| {
            format!("the measuring program printed what is no measurement: `{line}`")
        })?;
        if let Some(machine) = read["machine"].as_object() {
            self.machine.clone_from(machine);
        }
        if let Some(versions) = read["versions"].as_object() {
            self.versions.extend(versions.clone());
        }
        let figures = read["figures"].as_object();
        for (name, into) in [("sample", &mut self.sides), ("point", &mut self.curves)] {
            if let (Some(series), Some(figures)) = (read[name].as_str(), figures) {
                let columns = into.entry(series.to_owned()).or_default();
                for (figure, value) in figures {
                    let column = columns.entry(figure.clone()).or_default();
                    column.push(value.as_f64().unwrap_or_default());
                }
            }
        }
        Ok(())
    }

    /// Adds a sample.
    pub(super) fn add(&mut self, side: &str, figure: &str, value: f64) {
        let columns = self.sides.entry(side.to_owned()).or_default();
        columns.entry(figure.to_owned()).or_default().push(value);
    }
}
