//! The files of a workspace.

use contract_codegen::Contract;
use contract_example::Examples;

use super::toolchain::Toolchain;
use super::{call, format, handlers};
use crate::client::{first_sentence, one_line};

/// Files that are the same for every contract but for a few words, by their place.
const TEMPLATES: [(&str, &str); 18] = [
    (".github/workflows/ci.yml", include_str!("template/ci.yml")),
    (".gitignore", include_str!("template/gitignore")),
    ("Cargo.toml", include_str!("template/workspace.toml")),
    ("README.md", include_str!("template/README.md.txt")),
    ("build.rs", include_str!("template/build.rs.txt")),
    (
        "crates/types/Cargo.toml",
        include_str!("template/types.toml"),
    ),
    (
        "crates/types/src/lib.rs",
        include_str!("template/types.rs.txt"),
    ),
    ("crates/api/Cargo.toml", include_str!("template/api.toml")),
    ("crates/api/src/lib.rs", include_str!("template/api.rs.txt")),
    (
        "crates/client/Cargo.toml",
        include_str!("template/client.toml"),
    ),
    (
        "crates/client/src/lib.rs",
        include_str!("template/client.rs.txt"),
    ),
    (
        "crates/service/Cargo.toml",
        include_str!("template/service.toml"),
    ),
    (
        "crates/service/src/lib.rs",
        include_str!("template/service.rs.txt"),
    ),
    (
        "crates/service/src/example.rs",
        include_str!("template/example.rs.txt"),
    ),
    (
        "crates/server/Cargo.toml",
        include_str!("template/server.toml"),
    ),
    (
        "crates/server/src/lib.rs",
        include_str!("template/server.rs.txt"),
    ),
    (
        "crates/server/src/main.rs",
        include_str!("template/main.rs.txt"),
    ),
    (
        "crates/server/tests/http.rs",
        include_str!("template/http.rs.txt"),
    ),
];

/// What is added to `example.rs` where the contract has an error of its own.
const ERROR: &str = include_str!("template/example-error.rs.txt");

/// Paths that show the contract, unless it has others under the same names.
const PAGES: [&str; 3] = ["/readyz", "/docs/", "/openapi.json"];

/// Body of the method that answers refusals, with an error of the contract.
const OWN_ERROR: &str = r#"        // To be replaced: this is an example of the contract's error, with the reason in it.
        example::error(rejection).expect("the contract's error has an example")"#;

/// The same where it has none.
const NO_ERROR: &str = "        rejection.into()";

/// Operations from which on a workspace has its build scripts optimised: without, each of the three takes longer than
/// 5 s then, and with it a first build takes a minute longer.
const MANY: usize = 600;

/// How build scripts are compiled.
fn build_scripts(operations: usize) -> &'static str {
    if operations < MANY {
        return "";
    }
    "\n\n# Code of a contract as large as this one is generated in a quarter of the time, for a first build that\n\
     # takes a minute longer.\n[profile.dev.build-override]\nopt-level = 1"
}

/// Every file of a workspace called `name`, by its place, but for the contract, which stands at `entry`.
///
/// # Errors
/// The contract's error cannot be made up.
pub(super) fn files(
    contract: &Contract,
    name: &str,
    entry: &str,
    toolchain: &Toolchain,
) -> Result<Vec<(String, String)>, String> {
    let api = contract.model();
    let examples = Examples::new(&contract.document().to_json())?;
    if let Some(error) = api.error
        && let Err(why) = examples.error(500, "")
    {
        let pointer = &api.types[error.0].pointer;
        let hint = "give the schema an `example`, which refusals are made of until you write them"
            .to_owned();
        return Err(contract
            .document()
            .diagnostic(pointer, why, Some(hint))
            .to_string());
    }
    let own_error = api.error.is_some();
    let title = one_line(&api.title);
    let about = api.description.as_deref().and_then(first_sentence);
    let about = about.map(|about| about + "\n\n").unwrap_or_default();
    let vendored = match toolchain {
        Toolchain::Vendored => {
            "\n| `toolchain/` | the generator and what generated code runs on | nobody |"
        }
        _ => "",
    };
    let pages = PAGES
        .iter()
        .filter(|page| api.operations.iter().all(|one| one.path != **page));
    let pages: Vec<String> = pages.map(|page| format!("{page:?}")).collect();
    let call = call::test(contract, &examples);
    let words = [
        ("{{title}}", title.as_str()),
        ("{{about}}", &about),
        ("{{name}}", name),
        ("{{contract}}", entry),
        ("{{rust}}", env!("CARGO_PKG_RUST_VERSION")),
        ("{{toolchain}}", &toolchain.dependencies()),
        ("{{build_scripts}}", build_scripts(api.operations.len())),
        ("{{vendored}}", vendored),
        ("{{mount}}", &handlers::mount(api)),
        ("{{pages}}", &pages.join(", ")),
        ("{{call}}", call.trim_end()),
        (
            "{{rejection}}",
            if own_error { OWN_ERROR } else { NO_ERROR },
        ),
    ];
    let mut files = Vec::new();
    for (path, template) in TEMPLATES {
        let mut text = filled(template, &words);
        if path.ends_with("/example.rs") && own_error {
            text.push_str(ERROR);
        }
        files.push((path.to_owned(), text));
    }
    let face = handlers::files(api).into_iter();
    files.extend(face.map(|(name, text)| (format!("crates/service/src/face/{name}"), text)));
    for (path, text) in &mut files {
        if path.ends_with(".rs") {
            *text = format::rust(std::mem::take(text));
        }
    }
    files.extend(toolchain.files());
    Ok(files)
}

/// A template with these words. What is put in is not looked at again.
fn filled(template: &str, words: &[(&str, &str)]) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some(at) = rest.find("{{") {
        let (before, behind) = rest.split_at(at);
        text.push_str(before);
        let found = words.iter().find(|(word, _)| behind.starts_with(word));
        let (put, length) = found.map_or(("{{", 2), |(word, put)| (*put, word.len()));
        text.push_str(put);
        rest = &behind[length..];
    }
    text + rest
}
