//! The types that a schema names.

use serde_json::Value;

use super::nearest::nearest;
use crate::lower::Problems;
use crate::lower::values::Types;

/// Notes what of `value`, the `type` at `pointer`, is not as it should be.
pub(super) fn check(value: &Value, pointer: &str, problems: &mut Problems) {
    let names: Vec<&Value> = match value {
        Value::Array(names) => names.iter().collect(),
        name => vec![name],
    };
    if names.is_empty() {
        let message = "`type` lists no type, and has no effect";
        problems.violation(pointer, message, "fill the list, or remove it");
    }
    let mut before = Vec::new();
    for name in names {
        match name.as_str() {
            Some(name) if Types::named(name).is_some() => {
                if before.contains(&name) {
                    problems.warn(
                        pointer,
                        format!("`{name}` is listed twice"),
                        "remove one of the two",
                    );
                }
                before.push(name);
            }
            Some(name) => {
                let known = [
                    "string", "integer", "number", "boolean", "array", "object", "null",
                ];
                if let Some(meant) = Types::meant(name) {
                    let read = meant.names().join("`, `");
                    let message = format!("`{name}` is no type, and read as `{read}`");
                    let hint = match name {
                        "file" => "use `type: string` with `format: binary`".to_owned(),
                        _ => format!("the types are {}", known.join(", ")),
                    };
                    problems.violation(pointer, message, hint);
                    continue;
                }
                let hint = match nearest(name, known.into_iter()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the types are {}", known.join(", ")),
                };
                let message = format!("`{name}` is no type, and read as any");
                problems.violation(pointer, message, hint);
            }
            None if name.is_null() => {
                let message = "`null` is no type, and read as `\"null\"`";
                let hint = "put `null` in quotes: `\"null\"`";
                problems.violation(pointer, message, hint);
            }
            None if name.is_object() => {
                let message = "a map is no type, and has no effect";
                let hint = "name the type; what describes it stands beside `type`";
                problems.violation(pointer, message, hint);
            }
            None => {
                let message = format!("`{name}` is no type, and has no effect");
                problems.violation(pointer, message, "name the type");
            }
        }
    }
}
