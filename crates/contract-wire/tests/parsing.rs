//! JSON texts that others judge, where they lie beside the project: what is JSON is read, what is none is refused,
//! and nothing breaks on the rest.

use std::path::Path;

use contract_wire::{DecodeError, Plain, Rule, decode_with};
use serde_json::Value;

fn decode(bytes: &[u8]) -> Result<Value, DecodeError> {
    decode_with::<Plain<Value>>(bytes, |_| true, &Rule::Any)
}

#[test]
fn texts_are_read_or_refused_as_others_judge_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/suites/json-parsing");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        eprintln!("{} is absent: nothing is tried", folder.display());
        return;
    };
    let mut tried = 0;
    for entry in entries {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.extension().is_none_or(|it| it != "json") {
            continue;
        }
        let read = decode(&std::fs::read(&path).expect("the text is readable"));
        match name.get(..2) {
            Some("y_") => assert!(read.is_ok(), "{name} is refused: {read:?}"),
            Some("n_") => assert!(read.is_err(), "{name} is read"),
            _ => {}
        }
        tried += 1;
    }
    assert!(tried > 300, "{tried} texts");
}
