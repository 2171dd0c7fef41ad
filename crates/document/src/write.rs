//! Readable YAML.

use serde_json::Value;

/// `value` as YAML.
pub fn to_yaml(value: &Value) -> String {
    let mut text = value.to_string();
    text.push('\n');
    text
}
