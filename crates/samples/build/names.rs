//! A contract in which every name that could meet one of Rust, of its prelude, or of our own code
//! stands in every place that has names.
//!
//! Our own names are read from the sources of the generator: the items of what generated code runs
//! on, and every word of it and of the templates.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

/// Keywords of all editions, strict, reserved and weak.
const KEYWORDS: &str = "abstract as async await become box break const continue crate do dyn else \
    enum extern false final fn for gen if impl in let loop macro macro_rules match mod move mut \
    override priv pub raw ref return safe self Self static struct super trait true try type typeof \
    union unsafe unsized use virtual where while yield 'static";

/// The prelude, and the primitive types.
const PRELUDE: &str = "AsMut AsRef AsyncFn AsyncFnMut AsyncFnOnce Box Clone Copy Debug Default \
    DoubleEndedIterator Drop Eq Err ExactSizeIterator Extend Fn FnMut FnOnce From FromIterator \
    Future Hash Into IntoFuture IntoIterator Iterator None Ok Option Ord PartialEq PartialOrd Result \
    Send Sized Some String Sync ToOwned ToString TryFrom TryInto Unpin Vec bool char str u8 u16 u32 \
    u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 alloc core std assert cfg column compile_error \
    concat dbg env eprintln file format include line matches panic print println todo \
    unimplemented unreachable vec write drop size_of serde serde_json axum tokio reqwest bytes \
    futures_core progenitor_client utoipa regex rustls tracing";

/// What the client inherits, and names that were made of others before.
const INHERITED: &str = "ByteStream ClientHooks ClientInfo OperationInfo ApiVersion api_version \
    baseurl client inner pre post exec header_map info url bodyValue body_value input_value";

/// Names that are odd by themselves.
const ODD: &[&str] = &[
    "", "_", "__", "-", "1", "2nd", "007", "3.14", "a-b", "a_b", "aB", "a b", "$ref", "@id", "x/y",
    "ärger", "ß", "名前", "имя", "α", "µ", "ﬁ", "ℝ", "İ", "🦀", "é", "naïve", "l1", "I",
];

/// The contract as YAML.
///
/// # Errors
/// A source cannot be read.
pub(crate) fn contract(crates: &Path) -> Result<String, String> {
    let mut names = BTreeSet::new();
    names.extend(('a'..='z').map(String::from));
    names.extend(('A'..='Z').map(String::from));
    names.extend(KEYWORDS.split_whitespace().map(str::to_owned));
    names.extend(PRELUDE.split_whitespace().map(str::to_owned));
    names.extend(INHERITED.split_whitespace().map(str::to_owned));
    names.extend(ODD.iter().map(|name| (*name).to_owned()));
    let mut words = names.clone();
    let mut items = names;
    let written = ["types", "server", "client"].map(|side| format!("contract-codegen/src/{side}"));
    for folder in written.iter().map(String::as_str).chain([
        "contract-wire/src",
        "contract-serve/src",
        "contract-call/src",
    ]) {
        collect(&crates.join(folder), &mut items, &mut words)?;
    }
    Ok(write(&items, &words))
}

/// Items of the runtime, and all words of it and of the templates.
fn collect(
    folder: &Path,
    items: &mut BTreeSet<String>,
    words: &mut BTreeSet<String>,
) -> Result<(), String> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for entry in entries {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.is_dir() {
            collect(&path, items, words)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
            let tokens: TokenStream = text
                .parse()
                .map_err(|error| format!("{}: {error}", path.display()))?;
            let is_runtime = path.components().any(|part| {
                part.as_os_str() == "contract-serve" || part.as_os_str() == "contract-call"
            });
            words_of(tokens, words, &mut |name| {
                if is_runtime {
                    items.insert(name);
                }
            });
        }
    }
    Ok(())
}

/// All words, and those that name an item, a method, a variant or a field to `item`.
fn words_of(tokens: TokenStream, words: &mut BTreeSet<String>, item: &mut dyn FnMut(String)) {
    const DECLARING: [&str; 9] = [
        "struct",
        "enum",
        "trait",
        "fn",
        "const",
        "static",
        "type",
        "mod",
        "macro_rules",
    ];
    let mut declares = false;
    for token in tokens {
        match token {
            TokenTree::Ident(word) => {
                let word = word.to_string();
                if declares {
                    item(word.clone());
                }
                declares = DECLARING.contains(&word.as_str());
                words.insert(word.trim_start_matches("r#").to_owned());
            }
            TokenTree::Group(group) => words_of(group.stream(), words, item),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

fn write(items: &BTreeSet<String>, words: &BTreeSet<String>) -> String {
    let mut text = String::from(
        "openapi: 3.1.0\ninfo: {title: Names, version: '1'}\nsecurity: [{sweep-bearer: []}]\npaths:\n",
    );
    let items: Vec<&String> = items.iter().collect();
    let words: Vec<&String> = words.iter().collect();
    // Names that Rust does not tell apart are refused as types and operations, so each is once.
    let mut once = BTreeSet::new();
    let types: Vec<&&String> = items
        .iter()
        .filter(|name| {
            let letters = name.chars().filter(|letter| letter.is_alphanumeric());
            let key: String = letters.flat_map(char::to_lowercase).collect();
            !key.is_empty() && key != "n1" && once.insert(key)
        })
        .collect();
    for (index, name) in types.iter().enumerate() {
        let _ = write!(
            text,
            "  /operations/{index}/{{id}}:\n    get:\n      operationId: {name:?}\n      \
             tags: [{name:?}]\n      parameters:\n        - {{name: id, in: path, required: true, \
             schema: {{$ref: '#/components/schemas/SweepAny'}}}}\n      responses:\n        '200': \
             {{description: Fine., content: {{application/json: {{schema: {{$ref: {:?}}}}}}}}}\n        \
             '404': {{$ref: {:?}}}\n",
            format!("#/components/schemas/{}", reference(name)),
            format!("#/components/responses/{}", reference(name)),
        );
    }
    let chunks = words.chunks(40).enumerate();
    for (index, chunk) in chunks {
        let _ = write!(
            text,
            "  /parameters/{index}:\n    post:\n      operationId: sendChunk{index}\n      parameters:\n"
        );
        let is_token = |name: &str| {
            !name.is_empty()
                && name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        };
        let mut headers = BTreeSet::from(["accept".to_owned(), "authorization".to_owned()]);
        for name in chunk.iter().filter(|name| !name.is_empty()) {
            let _ = writeln!(
                text,
                "        - {{name: {name:?}, in: query, schema: {{type: integer}}}}"
            );
            if is_token(name) && headers.insert(name.to_lowercase()) {
                let _ = writeln!(
                    text,
                    "        - {{name: {name:?}, in: header, schema: {{type: string}}}}"
                );
                let _ = writeln!(
                    text,
                    "        - {{name: {name:?}, in: cookie, schema: {{type: string}}}}"
                );
            }
        }
        text.push_str("      requestBody:\n        required: true\n        content:\n          \
             multipart/form-data:\n            schema:\n              type: object\n              properties:\n");
        for name in chunk {
            let _ = writeln!(text, "                {name:?}: {{type: string}}");
        }
        text.push_str(
            "      responses:\n        '200':\n          description: Fine.\n          \
             headers:\n            X-Sweep: {schema: {type: string}}\n",
        );
        for name in chunk
            .iter()
            .filter(|name| is_token(name))
            .filter(|name| headers.remove(&name.to_lowercase()))
        {
            let _ = writeln!(text, "            {name:?}: {{schema: {{type: integer}}}}");
        }
        text.push_str(
            "          content: {application/json: {schema: {$ref: \
             '#/components/schemas/SweepProperties'}}}\n",
        );
        let _ = write!(
            text,
            "    put:\n      operationId: putChunk{index}\n      security: [{{key{index}: []}}]\n      \
             requestBody: {{required: true, content: {{application/json: {{schema: {{$ref: \
             '#/components/schemas/SweepProperties'}}}}}}}}\n      responses:\n        \
             '204': {{description: Fine.}}\n"
        );
    }
    // A path item of which each operation takes credentials of every name.
    text.push_str(
        "  /credentials:\n    get:\n      operationId: useCredentials\n      security:\n",
    );
    for name in &types {
        let _ = writeln!(text, "        - {name:?}: []");
    }
    text.push_str("      responses:\n        '204': {description: Fine.}\nwebhooks:\n");
    for name in &words {
        let _ = writeln!(
            text,
            "  {name:?}: {{post: {{requestBody: {{content: {{application/json: {{schema: {{type: integer}}}}}}}}}}}}"
        );
    }
    text.push_str(
        "components:\n  securitySchemes:\n    sweep-bearer: {type: http, scheme: bearer}\n",
    );
    for index in 0..words.len().div_ceil(40) {
        let _ = writeln!(
            text,
            "    key{index}: {{type: apiKey, in: header, name: X-Key-{index}}}"
        );
    }
    for (index, name) in types.iter().enumerate() {
        let _ = writeln!(
            text,
            "    {name:?}: {{type: apiKey, in: header, name: X-Name-{index}}}"
        );
    }
    text.push_str("  responses:\n");
    for (index, name) in types.iter().enumerate() {
        // Some have a schema of their own, which is named after them.
        let schema = match index % 4 {
            0 => format!("{{type: object, properties: {{{name:?}: {{type: integer}}}}}}"),
            _ => "{type: string}".to_owned(),
        };
        let _ = writeln!(
            text,
            "    {name:?}: {{description: None., content: {{application/json: {{schema: {schema}}}}}}}"
        );
    }
    text.push_str(
        "  schemas:\n    SweepAny: {type: string, enum: [x]}\n    SweepProperties:\n      \
         type: object\n      properties:\n",
    );
    for name in &words {
        let _ = writeln!(text, "        {name:?}: {{type: integer}}");
    }
    text.push_str("    SweepValues:\n      type: string\n      enum:\n");
    for name in &words {
        let _ = writeln!(text, "        - {name:?}");
    }
    for (index, name) in types.iter().enumerate() {
        let next = reference(types[(index + 1) % types.len()]);
        let next = format!("#/components/schemas/{next}");
        // Structs, unions, lists, texts and closed sets in turn.
        let schema = match index % 6 {
            0 => format!(
                "{{type: object, required: [{name:?}], properties: {{{name:?}: {{type: integer}}, more: \
                 {{$ref: {next:?}}}}}}}"
            ),
            1 => format!(
                "{{oneOf: [{{type: object, required: [x], properties: {{x: {{$ref: {next:?}}}}}}}, {{type: integer}}]}}"
            ),
            2 => format!("{{type: string, enum: [{name:?}, err, ok, none, some, self, error]}}"),
            3 => "{type: array, items: {type: integer, minimum: 1}}".to_owned(),
            4 => "{type: string, maxLength: 5}".to_owned(),
            _ => format!(
                "{{type: object, additionalProperties: {{type: string}}, properties: {{{name:?}: {{$ref: {next:?}}}}}}}"
            ),
        };
        let _ = writeln!(text, "    {name:?}: {schema}");
    }
    text
}

/// A name as part of a reference.
fn reference(name: &str) -> String {
    let mut text = String::new();
    for byte in name.replace('~', "~0").replace('/', "~1").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}
