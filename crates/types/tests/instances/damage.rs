//! Small damage to a value, somewhere inside it.

use serde_json::{Value, json};

use super::Instances;

const ODD_TEXTS: [&str; 14] = [
    "",
    " ",
    "true",
    "null",
    "not a date",
    "2025-02-30",
    "2025-13-01T00:00:00Z",
    "2025-01-31T09:30:00",
    "a@",
    "@b.c",
    "http://",
    "no scheme",
    "\u{0}",
    "ﬁ",
];

impl Instances<'_> {
    /// Changes `value`, mostly so that it is no longer valid.
    pub(crate) fn damage(&mut self, value: &mut Value) {
        let count = count(value);
        let mut chosen = self.below(count);
        self.damage_at(value, &mut chosen);
    }

    /// Damages the node with the given number, in order of appearance.
    fn damage_at(&mut self, value: &mut Value, chosen: &mut usize) -> bool {
        if *chosen == 0 {
            self.change(value);
            return true;
        }
        *chosen -= 1;
        match value {
            Value::Array(items) => items.iter_mut().any(|item| self.damage_at(item, chosen)),
            Value::Object(properties) => properties
                .values_mut()
                .any(|property| self.damage_at(property, chosen)),
            _ => false,
        }
    }

    fn change(&mut self, value: &mut Value) {
        if self.chance(20) {
            *value = self.anything();
            return;
        }
        if self.chance(10) {
            *value = Value::Null;
            return;
        }
        match value {
            Value::Object(properties) => {
                let names: Vec<String> = properties.keys().cloned().collect();
                if names.is_empty() || self.chance(20) {
                    properties.insert("unheardOf".to_owned(), self.anything());
                } else if self.chance(70) {
                    properties.remove(self.pick(&names));
                } else {
                    let name = self.pick(&names).clone();
                    properties.insert(name, self.anything());
                }
            }
            Value::Array(items) => match self.below(4) {
                0 => items.clear(),
                1 => items.extend(items.first().cloned()),
                2 => items.push(self.anything()),
                _ => drop(items.pop()),
            },
            Value::String(text) => self.change_text(text),
            Value::Number(number) => {
                let old = number.as_f64().unwrap_or_default();
                let new = match self.below(8) {
                    0 => old + 1.0,
                    1 => old - 1.0,
                    2 => old + 0.5,
                    3 => -old,
                    4 => 0.0,
                    5 => old * 1e6,
                    6 => old + 0.001,
                    _ => -1.0,
                };
                // As a whole number where it is one, else as it is: both ways of writing occur.
                *value = if new.fract() == 0.0 && self.chance(70) {
                    json!(new as i64)
                } else {
                    json!(new)
                };
            }
            Value::Bool(flag) => *flag = !*flag,
            Value::Null => *value = self.anything(),
        }
    }

    fn change_text(&mut self, text: &mut String) {
        match self.below(7) {
            0 => *text = (*self.pick(&ODD_TEXTS)).to_owned(),
            1 => text.push('x'),
            2 => drop(text.pop()),
            3 => *text = text.repeat(30),
            4 => *text = text.to_uppercase(),
            5 => text.insert(0, 'é'),
            _ => {
                let mut characters: Vec<char> = text.chars().collect();
                if !characters.is_empty() {
                    let index = self.below(characters.len());
                    // In dates, the judge reads `-` and `.` as digits.
                    let known = if characters[0].is_ascii_digit() { 7 } else { 9 };
                    characters[index] =
                        *self.pick(&['0', '9', 'z', '@', ':', 'ß', ' ', '-', '.'][..known]);
                }
                *text = characters.into_iter().collect();
            }
        }
    }
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(properties) => properties.values().map(count).sum(),
        _ => 0,
    }
}
