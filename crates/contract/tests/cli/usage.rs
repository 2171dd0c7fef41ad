//! The command line itself.

use super::{contract, museum};

#[test]
fn help_names_every_verb_and_option() {
    let help = contract(&["--help"]);
    assert_eq!(help.code, Some(0));
    for verb in ["generate", "client", "bundle", "check", "new"] {
        assert!(help.out.contains(&format!("\n  {verb} ")), "{}", help.out);
    }
    for verb in ["generate", "client", "bundle"] {
        let help = contract(&[verb, "--help"]);
        assert_eq!(help.code, Some(0));
        for option in ["[FILE]", "--contract <FILE>", "--out"] {
            assert!(help.out.contains(option), "{verb}: {}", help.out);
        }
    }
}

#[test]
fn the_version_is_that_of_the_workspace() {
    let version = contract(&["--version"]);
    assert_eq!(
        version.out,
        concat!("contract ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

#[test]
fn unknown_and_missing_options_are_usage_errors() {
    let museum = museum();
    let cases: [(&[&str], &str); 8] = [
        (&[], "Usage"),
        (&["publish"], "publish"),
        (&["generate", "--contract", &museum], "--out <DIR>"),
        (&["bundle", "--out", "a.json"], "<FILE>"),
        (&["check"], "<FILE>"),
        (
            &["check", &museum, "--format", "xml"],
            "[possible values: text, json, sarif, github]",
        ),
        (&["bundle", "--contract", &museum, "--all"], "--all"),
        (
            &[
                "generate",
                "--contract",
                &museum,
                "--out",
                "a",
                "--target",
                "docs",
            ],
            "possible values: types, api, client",
        ),
    ];
    for (arguments, expected) in cases {
        let refused = contract(arguments);
        assert_eq!(refused.code, Some(2), "{arguments:?}");
        assert!(
            refused.err.contains(expected),
            "{arguments:?}: {}",
            refused.err
        );
        assert_eq!(refused.out, "", "{arguments:?}");
    }
}
