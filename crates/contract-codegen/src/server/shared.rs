//! The code that every contract shares, as it is taken over.

/// Its files, by module.
const MODULES: [(&str, &str); 12] = [
    ("answer", include_str!("support/answer.rs")),
    ("credentials", include_str!("support/credentials.rs")),
    ("facts", include_str!("support/facts.rs")),
    ("input", include_str!("support/input.rs")),
    ("mount", include_str!("support/mount.rs")),
    ("multipart", include_str!("support/multipart.rs")),
    ("read", include_str!("support/read.rs")),
    ("reject", include_str!("support/reject.rs")),
    ("rest", include_str!("support/rest.rs")),
    ("route", include_str!("support/route.rs")),
    ("run", include_str!("support/run.rs")),
    ("scalar", include_str!("support/scalar.rs")),
];

/// The module `support`.
pub(super) fn support() -> String {
    let reason = "what one contract has no use for, another has";
    let mut code = format!("\n#[allow(dead_code, reason = \"{reason}\")]\npub mod support {{\n");
    for line in include_str!("support/mod.rs").lines() {
        let name = line
            .strip_prefix("mod ")
            .and_then(|line| line.strip_suffix(';'));
        match MODULES.iter().find(|(module, _)| Some(*module) == name) {
            Some((module, source)) => {
                indent(&mut code, 1, &format!("mod {module} {{"));
                source.lines().for_each(|line| indent(&mut code, 2, line));
                indent(&mut code, 1, "}\n");
            }
            None => indent(&mut code, 1, line),
        }
    }
    code.push_str("}\n");
    code
}

/// The sources are formatted already, so only their indentation changes.
fn indent(code: &mut String, levels: usize, line: &str) {
    if !line.is_empty() {
        code.push_str(&"    ".repeat(levels));
        code.push_str(line);
    }
    code.push('\n');
}

#[cfg(test)]
mod tests {
    use super::{MODULES, support};

    #[test]
    fn every_module_of_the_support_code_is_taken_over() {
        let code = support();
        assert_eq!(code.matches("\n    mod ").count(), MODULES.len());
        assert!(
            !code
                .lines()
                .any(|line| line.starts_with("    mod ") && line.ends_with(';'))
        );
    }
}
