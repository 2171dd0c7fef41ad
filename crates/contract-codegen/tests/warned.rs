//! Contracts that cannot be meant as they are written, but have a reading that loses nothing: each
//! `warned/*.yaml` has the expected warnings beside it. Who asks for strictness is refused with the same.

use std::fs;
use std::path::Path;

use contract_codegen::{Contract, Options, Severity, Target};

const REFRESH: &str = "UPDATE_GOLDENS=1 cargo test -p contract-codegen";

#[test]
fn what_has_a_reading_without_loss_is_warned_of() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/warned");
    let refresh = std::env::var_os("UPDATE_GOLDENS").is_some();
    let entries = fs::read_dir(&folder).expect("the folder is readable");
    let paths = entries.map(|entry| entry.expect("the entry is readable").path());
    let (mut stale, mut seen) = (Vec::new(), 0);
    for path in paths.filter(|path| path.extension().is_some_and(|it| it == "yaml")) {
        seen += 1;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let text = fs::read_to_string(&path).expect("the contract is readable");
        let contract = Contract::parse(&name, &text, &Target::ALL);
        let contract = contract.unwrap_or_else(|problems| panic!("{name} is refused:\n{problems}"));
        let told = contract.warnings().iter();
        let told: Vec<String> = told
            .map(|warning| {
                assert_ne!(warning.severity, Severity::Error, "{warning}");
                format!("{warning}\n")
            })
            .collect();
        assert!(!told.is_empty(), "{name} is not warned of");
        for target in Target::ALL {
            assert!(!contract.generate(target).is_empty());
        }
        let strict = Options {
            strict: true,
            ..Options::default()
        };
        let refused = Contract::load_as(&path, &Target::ALL, strict).err();
        let refused = refused.unwrap_or_else(|| panic!("{name} is accepted though strict"));
        assert_eq!(refused.0.len(), told.len(), "{name}");
        let told = told.concat();
        let golden = path.with_extension("txt");
        if refresh {
            fs::write(&golden, &told).expect("the golden is writable");
        } else if fs::read_to_string(&golden).ok().as_deref() != Some(&told) {
            stale.push(format!("{}\n{told}", golden.display()));
        }
    }
    assert!(seen > 0, "no contract in {}", folder.display());
    assert!(
        stale.is_empty(),
        "stale; refresh with `{REFRESH}`:\n{}",
        stale.join("\n")
    );
}
