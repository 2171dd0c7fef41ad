//! References between schemas that have an `$id`: RFC 3986, section 5.

/// `reference` seen from `base`, without dots in its path; `base` is absolute.
pub(crate) fn resolve(base: &str, reference: &str) -> String {
    if scheme_end(reference).is_some() {
        return without_dots(reference);
    }
    let scheme = scheme_end(base).unwrap_or(0);
    let (scheme, rest) = base.split_at(scheme);
    let authority_end = match rest.strip_prefix("//") {
        Some(after) => 2 + after.find(['/', '?']).unwrap_or(after.len()),
        None => 0,
    };
    let (authority, path) = rest.split_at(authority_end);
    let path = path.split('?').next().unwrap_or_default();
    let resolved = if reference.starts_with("//") {
        format!("{scheme}{reference}")
    } else if reference.starts_with('/') {
        format!("{scheme}{authority}{reference}")
    } else if reference.is_empty() {
        base.to_owned()
    } else if reference.starts_with('?') {
        format!("{scheme}{authority}{path}{reference}")
    } else {
        let folder = match path.rfind('/') {
            Some(end) => &path[..=end],
            None if authority.is_empty() => "",
            None => "/",
        };
        format!("{scheme}{authority}{folder}{reference}")
    };
    without_dots(&resolved)
}

/// Where the scheme of `text` ends, with its colon.
fn scheme_end(text: &str) -> Option<usize> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "+.-".contains(c)))?;
    let is_scheme =
        text[end..].starts_with(':') && text.starts_with(|c: char| c.is_ascii_alphabetic());
    is_scheme.then_some(end + 1)
}

/// `uri` without `.` and `..` in its path, where it has one with slashes.
fn without_dots(uri: &str) -> String {
    let scheme = scheme_end(uri).unwrap_or(0);
    let (scheme, rest) = uri.split_at(scheme);
    let authority_end = match rest.strip_prefix("//") {
        Some(after) => 2 + after.find(['/', '?']).unwrap_or(after.len()),
        None => 0,
    };
    let (authority, rest) = rest.split_at(authority_end);
    let query = rest.find('?').unwrap_or(rest.len());
    let (path, query) = rest.split_at(query);
    if !path.starts_with('/') {
        return uri.to_owned();
    }
    let mut kept: Vec<&str> = Vec::new();
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    for (index, segment) in segments.iter().enumerate() {
        let is_last = index + 1 == segments.len();
        match *segment {
            "." | ".." => {
                if *segment == ".." {
                    kept.pop();
                }
                if is_last {
                    kept.push("");
                }
            }
            segment => kept.push(segment),
        }
    }
    format!("{scheme}{authority}/{}{query}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn references_count_from_their_base() {
        for (base, reference, expected) in [
            ("http://a/b/c/d?q", "g", "http://a/b/c/g"),
            ("http://a/b/c/d?q", "./g/", "http://a/b/c/g/"),
            ("http://a/b/c/d?q", "/g", "http://a/g"),
            ("http://a/b/c/d?q", "//g", "http://g"),
            ("http://a/b/c/d?q", "?y", "http://a/b/c/d?y"),
            ("http://a/b/c/d?q", "../../../g", "http://a/g"),
            ("http://a/b/c/d?q", "..", "http://a/b/"),
            ("http://a", "g", "http://a/g"),
            ("urn:x:y?+z", "urn:p:q", "urn:p:q"),
            (
                "contract:/0/dir/api.yaml",
                "Pet.json",
                "contract:/0/dir/Pet.json",
            ),
            ("file:///c:/x/f.json", "g.json", "file:///c:/x/g.json"),
        ] {
            assert_eq!(resolve(base, reference), expected, "{base} {reference}");
        }
    }
}
