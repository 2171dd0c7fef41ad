//! The toolchain knows no product: crates whose names begin with `contract` stand alone, so that
//! they can be published as they are and serve other contracts.

use super::{File, Finding};

const TOOLCHAIN: &str = "contract";

/// The product, in lower case.
const PRODUCT: &str = "flexportal";

/// Dependencies of the toolchain on crates of this workspace that are not of the toolchain, for
/// tests and builds as well.
pub(super) fn dependencies(files: &[File]) -> Vec<Finding> {
    let packages = packages(files);
    let is_foreign = |name: &str| {
        let ours = packages.iter().any(|(package, _)| *package == name);
        ours && !name.starts_with(TOOLCHAIN)
    };
    let mut findings = Vec::new();
    for (package, manifest) in toolchain(&packages) {
        for (line, dependency) in manifest_dependencies(manifest) {
            if is_foreign(dependency) {
                findings.push(manifest.at(
                    line,
                    format!("`{package}` depends on `{dependency}`, which is not of the toolchain"),
                    "move what is needed into a crate whose name begins with `contract`, or the \
                     code that needs it out of it",
                ));
            }
        }
    }
    findings
}

/// Mentions of the product in the toolchain.
pub(super) fn words(files: &[File]) -> Vec<Finding> {
    let packages = packages(files);
    let mut findings = Vec::new();
    for (package, manifest) in toolchain(&packages) {
        let folder = manifest.path.trim_end_matches("Cargo.toml");
        for file in files.iter().filter(|file| file.path.starts_with(folder)) {
            for (line, text) in file.lines() {
                if text.to_lowercase().contains(PRODUCT) {
                    findings.push(file.at(
                        line,
                        format!("`{package}` is of the toolchain and mentions `{PRODUCT}`"),
                        "say it without the product, or say it elsewhere",
                    ));
                }
            }
        }
    }
    findings
}

fn toolchain<'a>(
    packages: &'a [(&'a str, &'a File)],
) -> impl Iterator<Item = &'a (&'a str, &'a File)> {
    packages
        .iter()
        .filter(|(name, _)| name.starts_with(TOOLCHAIN))
}

/// Names of the packages, with their manifests.
fn packages(files: &[File]) -> Vec<(&str, &File)> {
    let manifests = files
        .iter()
        .filter(|file| file.path.ends_with("Cargo.toml"));
    manifests
        .filter_map(|manifest| Some((package_name(manifest)?.1, manifest)))
        .collect()
}

/// Where and how a manifest names its package.
pub(super) fn package_name(manifest: &File) -> Option<(usize, &str)> {
    let mut lines = manifest.lines();
    lines.find(|(_, line)| line.trim() == "[package]")?;
    let mut lines = lines.take_while(|(_, line)| !line.starts_with('['));
    lines.find_map(|(number, line)| Some((number, value(line, "name")?)))
}

/// What a manifest depends on, for builds and tests as well, under the names of the packages. It
/// reads TOML as it is written here, line by line.
pub(super) fn manifest_dependencies(manifest: &File) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut is_list = false;
    for (number, line) in manifest.lines() {
        let line = line.trim();
        if let Some(section) = line.strip_prefix('[') {
            let section = section.trim_end_matches(']');
            is_list = section.ends_with("dependencies");
            // `[dependencies.NAME]`
            if let Some((_, name)) = section.split_once("dependencies.") {
                found.push((number, name.trim_matches('"')));
            }
            continue;
        }
        let is_entry = is_list && !line.starts_with('#');
        if let Some(end) = line.find(['.', '=', ' ']).filter(|_| is_entry) {
            found.push((number, line[..end].trim_matches('"')));
        }
        // A package under another name, in either way to write it.
        let renamed = line
            .split(['{', ','])
            .find_map(|part| value(part.trim(), "package"));
        found.extend(renamed.map(|name| (number, name)));
    }
    found
}

/// The text in `key = "text"`.
fn value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let rest = line.strip_prefix(key)?.trim_start().strip_prefix('=')?;
    rest.trim_start().strip_prefix('"')?.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{file, places};
    use super::*;

    fn workspace(dependencies: &str) -> Vec<File> {
        let manifest = format!("[package]\nname = \"contract-x\"\n\n{dependencies}");
        vec![
            file("crates/contract-x/Cargo.toml", &manifest),
            file(
                "crates/contract-y/Cargo.toml",
                "[package]\nname = \"contract-y\"\n",
            ),
            file("crates/store/Cargo.toml", "[package]\nname = \"store\"\n"),
        ]
    }

    #[test]
    fn the_toolchain_depends_on_itself_and_on_others_crates_only() {
        let fine = "[dependencies]\ncontract-y.workspace = true\nserde = \"1\"\n# store = \"1\"\n";
        assert_eq!(dependencies(&workspace(fine)), []);
        let place = "crates/contract-x/Cargo.toml";
        for (text, line) in [
            ("[dependencies]\nstore.workspace = true\n", 5),
            (
                "[dev-dependencies]\nserde = \"1\"\nstore = { path = \"../store\" }\n",
                6,
            ),
            (
                "[build-dependencies]\nother = { path = \"../store\", package = \"store\" }\n",
                5,
            ),
            (
                "[target.'cfg(unix)'.dependencies]\nstore.workspace = true\n",
                5,
            ),
            ("[dev-dependencies.store]\nworkspace = true\n", 4),
            ("[dependencies.other]\npackage = \"store\"\n", 5),
        ] {
            assert_eq!(
                places(&dependencies(&workspace(text))),
                [(place, line)],
                "{text}"
            );
        }
    }

    #[test]
    fn the_toolchain_does_not_mention_the_product() {
        let mut files = workspace("");
        files.push(file("crates/store/src/lib.rs", "//! FlexPortal\n"));
        assert_eq!(words(&files), []);
        files.push(file(
            "crates/contract-x/tests/a.yaml",
            "a: 1\ntitle: FlexPortal API\n",
        ));
        assert_eq!(
            places(&words(&files)),
            [("crates/contract-x/tests/a.yaml", 2)]
        );
    }
}
