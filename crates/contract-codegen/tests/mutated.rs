//! Damaged contracts are refused or accepted; none makes the generator panic, and what is accepted can be
//! generated from.
//!
//! Nodes of a contract that uses every construct are deleted, swapped and replaced at random, with
//! a fixed seed. `MUTATIONS=100000` makes the run longer, `MUTATION_CONTRACT=path` damages another
//! contract.

use contract_codegen::{Contract, Document, Target};
use serde_json::{Map, Value, json};

const CONTRACT: &str = include_str!("mutated.yaml");

#[test]
fn damaged_contracts_do_not_panic() {
    let rounds = number("MUTATIONS", 150);
    let start = match std::env::var("MUTATION_CONTRACT") {
        Ok(path) => Document::load(path.as_ref()),
        Err(_) => Document::parse("mutated.yaml", CONTRACT),
    };
    let start = match start {
        Ok(document) => document.root().clone(),
        Err(problems) => panic!("the undamaged contract is refused:\n{problems}"),
    };
    let mut random = Random(number("MUTATION_SEED", 7));
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..rounds {
        let mut damaged = start.clone();
        for _ in 0..=random.below(3) {
            damage(&mut damaged, &start, &mut random);
        }
        let text = damaged.to_string();
        match std::panic::catch_unwind(|| is_accepted(&text)) {
            Ok(true) => accepted += 1,
            Ok(false) => refused += 1,
            Err(_) => panic!("this contract makes the generator panic:\n{text}"),
        }
    }
    println!("{accepted} accepted, {refused} refused");
    assert!(
        accepted * 20 > rounds,
        "only {accepted} of {rounds} accepted"
    );
    assert!(refused * 20 > rounds, "only {refused} of {rounds} refused");
}

#[test]
fn the_undamaged_contract_is_accepted() {
    if let Err(problems) = Contract::parse("mutated.yaml", CONTRACT, &Target::ALL) {
        panic!("refused:\n{problems}");
    }
}

/// Whether the contract `text` is accepted; then everything is generated from it.
fn is_accepted(text: &str) -> bool {
    let Ok(contract) = Contract::parse("damaged.json", text, &Target::ALL) else {
        return false;
    };
    for target in Target::ALL {
        let code = contract.generate(target) + &contract.describe(target);
        assert!(!code.is_empty());
    }
    true
}

fn number(variable: &str, default: u64) -> u64 {
    let value = std::env::var(variable).ok();
    value.map_or(default, |value| {
        value.parse().expect("the variable is a number")
    })
}

/// Changes one node below `root`; `whole` lends replacements.
fn damage(root: &mut Value, whole: &Value, random: &mut Random) {
    let mut pointers = Vec::new();
    collect(root, String::new(), &mut pointers);
    let mut lent = Vec::new();
    collect(whole, String::new(), &mut lent);
    let target = random.pick(&pointers).clone();
    let replacement = match random.below(4) {
        0 => whole
            .pointer(random.pick::<String>(&lent))
            .cloned()
            .unwrap_or_default(),
        1 => json!({ "$ref": format!("#{}", random.pick(&lent)) }),
        _ => random.pick(&odd_values()).clone(),
    };
    let Some((parent, key)) = target.rsplit_once('/') else {
        return;
    };
    let key = key.replace("~1", "/").replace("~0", "~");
    match root.pointer_mut(parent) {
        Some(Value::Object(fields)) => match random.below(4) {
            0 => drop(fields.shift_remove(&key)),
            1 => rename(fields, &key, random),
            _ => drop(fields.insert(key, replacement)),
        },
        Some(Value::Array(items)) => {
            let index = key
                .parse()
                .unwrap_or(0_usize)
                .min(items.len().saturating_sub(1));
            match random.below(3) {
                0 => drop(items.remove(index)),
                1 => items.push(replacement),
                _ => items[index] = replacement,
            }
        }
        _ => {}
    }
}

fn rename(fields: &mut Map<String, Value>, key: &str, random: &mut Random) {
    let names = [
        "", "type", "allOf", "anyOf", "oneOf", "items", "$ref", "x-a", "é", "a/b~c", "200",
    ];
    if let Some(value) = fields.shift_remove(key) {
        fields.insert(random.pick(&names).to_string(), value);
    }
}

fn odd_values() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(false),
        json!(0),
        json!(-1.5),
        json!(u64::MAX),
        json!(""),
        json!("string"),
        json!("object"),
        json!("array"),
        json!("#/components/schemas/Pet"),
        json!("{id}"),
        json!("[a-"),
        json!([]),
        json!({}),
        json!([null]),
        json!(["null"]),
        json!(["string", "integer", "null"]),
        json!({"type": "object"}),
        json!({"allOf": [{"$ref": "#/components/schemas/Pet"}]}),
        json!({"anyOf": [{"$ref": "#/components/schemas/Node"}, {"type": "null"}]}),
    ]
}

fn collect(value: &Value, pointer: String, out: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let key = key.replace('~', "~0").replace('/', "~1");
                collect(value, format!("{pointer}/{key}"), out);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                collect(value, format!("{pointer}/{index}"), out);
            }
        }
        _ => {}
    }
    out.push(pointer);
}

/// Marsaglia's xorshift64.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).expect("the limit is a usize")
    }

    fn pick<'i, T>(&mut self, items: &'i [T]) -> &'i T {
        &items[self.below(items.len())]
    }
}
