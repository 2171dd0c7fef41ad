//! What a client is told once, for all its calls.

use super::{Api, Location, Operation, Parameter, SecurityKind, SecurityScheme};
use crate::keywords::is_keyword;

/// A method of a client's builder that sets a credential, a shared header, or what is both.
#[derive(Debug, Clone)]
pub struct Setter<'a> {
    /// Its Rust name.
    pub name: String,
    /// The credential.
    pub scheme: Option<&'a SecurityScheme>,
    /// The header.
    pub header: Option<&'a Parameter>,
}

/// Methods that every builder has.
const OWN: [&str; 10] = [
    "after_attempt",
    "before_attempt",
    "build",
    "connect_timeout",
    "follow_redirects",
    "http_client",
    "partial",
    "retry",
    "timeout",
    "user_agent",
];

impl Api {
    /// Header parameters that every operation has: they configure the client instead of being an
    /// argument of each method. An API of a single operation has none.
    pub fn shared_headers(&self) -> Vec<&Parameter> {
        let (first, rest) = match self.operations.split_first() {
            Some((first, rest)) if !rest.is_empty() => (first, rest),
            _ => return Vec::new(),
        };
        let is_header = |one: &&Parameter| one.location == Location::Header;
        let has = |operation: &Operation, one: &Parameter| {
            let mut headers = operation.parameters.iter().filter(is_header);
            headers.any(|other| other.is_header(&one.wire) && other.value == one.value)
        };
        let headers = first.parameters.iter().filter(is_header);
        headers
            .filter(|one| !first.is_condition(one))
            .filter(|one| rest.iter().all(|operation| has(operation, one)))
            .collect()
    }

    /// The setters of a client's builder: of credentials, then of the other shared headers. A client
    /// certificate has none: the connection brings it.
    pub fn setters(&self) -> Vec<Setter<'_>> {
        let shared = self.shared_headers();
        let schemes = self.security_schemes.iter();
        let schemes = schemes.filter(|scheme| scheme.kind != SecurityKind::MutualTls);
        let is_bearer = |scheme: &&SecurityScheme| scheme.kind == SecurityKind::Bearer;
        let only_bearer = schemes.clone().filter(is_bearer).count() == 1;
        let mut setters: Vec<Setter<'_>> = Vec::new();
        for scheme in schemes {
            // A header that is declared both as a parameter and as a credential is one thing to set.
            let mut shared = shared.iter().copied();
            let header = shared.find(|one| one.is_sent_by(&scheme.kind));
            let name = match (&scheme.kind, header) {
                (SecurityKind::Bearer, _) if only_bearer => "token",
                (_, Some(header)) => header.ident.trim_start_matches("r#"),
                _ => &scheme.snake,
            };
            let (name, scheme) = (free(name, &setters), Some(scheme));
            setters.push(Setter {
                name,
                scheme,
                header,
            });
        }
        for header in shared {
            let is_set = |one: &Setter<'_>| one.header.is_some_and(|it| it.wire == header.wire);
            if setters.iter().any(is_set) {
                continue;
            }
            let mut name = header.ident.trim_start_matches("r#").to_owned();
            if setters.iter().any(|one| one.name == name) {
                name.push_str("_header");
            }
            setters.push(Setter {
                name: free(&name, &setters),
                scheme: None,
                header: Some(header),
            });
        }
        setters
    }
}

/// `name`, or that with `_`, so that a builder with `setters` does not have it yet.
fn free(name: &str, setters: &[Setter<'_>]) -> String {
    let is_taken = |name: &str| {
        OWN.contains(&name) || is_keyword(name) || setters.iter().any(|one| one.name == name)
    };
    let mut free = name.to_owned();
    while is_taken(&free) {
        free.push('_');
    }
    free
}
