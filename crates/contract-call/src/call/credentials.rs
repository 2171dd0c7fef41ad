//! Credentials: what each security scheme adds to a request, and which of them an operation needs.

use std::fmt;

use reqwest::Request;
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue};

use super::config::Operation;
use super::request::fits_header;

/// A security scheme, and the method of the builder that sets its credential.
pub type Scheme = (&'static str, &'static str);

/// A value that cannot be sent: its scheme or header, and the reason.
pub type Unfit = (&'static str, String);

/// The credentials that were set.
#[derive(Clone, Default)]
pub struct Credentials(Vec<(&'static str, Credential)>);

/// What one security scheme adds to a request.
#[derive(Clone)]
enum Credential {
    Header(HeaderName, HeaderValue),
    Query(&'static str, String),
    Cookie(&'static str, String),
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(scheme, _)| scheme))
            .finish()
    }
}

impl Credentials {
    /// Sets the token of HTTP Bearer authentication (RFC 6750).
    ///
    /// # Errors
    /// It is empty, has blanks, or no header can hold it.
    pub fn bearer(&mut self, scheme: &'static str, token: &str) -> Result<(), Unfit> {
        if token.contains([' ', '\t']) {
            return Err((scheme, "a token has no blanks".to_owned()));
        }
        fits(scheme, token)?;
        self.header(scheme, AUTHORIZATION, format!("Bearer {token}"))
    }

    /// Sets user and password of HTTP Basic authentication (RFC 7617).
    ///
    /// # Errors
    /// The user name has a colon, or one of them a control character.
    pub fn basic(&mut self, scheme: &'static str, user: &str, password: &str) -> Result<(), Unfit> {
        if user.contains(':') {
            return Err((scheme, "the user name has a colon".to_owned()));
        }
        if user.chars().chain(password.chars()).any(char::is_control) {
            return Err((scheme, "it has a control character".to_owned()));
        }
        let text = super::form::base64(format!("{user}:{password}").as_bytes());
        self.header(scheme, AUTHORIZATION, format!("Basic {text}"))
    }

    /// Sets a key that is sent in the header `name`.
    ///
    /// # Errors
    /// It is empty, or no header can hold it.
    pub fn key_in_header(
        &mut self,
        scheme: &'static str,
        name: &'static str,
        key: &str,
    ) -> Result<(), Unfit> {
        fits(scheme, key)?;
        match HeaderName::from_bytes(name.as_bytes()) {
            Ok(name) => self.header(scheme, name, key.to_owned()),
            Err(_) => Err((scheme, format!("`{name}` is not a header"))),
        }
    }

    /// Sets a key that is sent as the query parameter `name`.
    ///
    /// # Errors
    /// It is empty.
    pub fn key_in_query(
        &mut self,
        scheme: &'static str,
        name: &'static str,
        key: &str,
    ) -> Result<(), Unfit> {
        if key.is_empty() {
            return Err((scheme, EMPTY.to_owned()));
        }
        self.keep(scheme, Credential::Query(name, key.to_owned()));
        Ok(())
    }

    /// Sets a key that is sent in the cookie `name`, as it is: keys in cookies were mostly received
    /// in one.
    ///
    /// # Errors
    /// It is empty, or has a character that no cookie may have.
    pub fn key_in_cookie(
        &mut self,
        scheme: &'static str,
        name: &'static str,
        key: &str,
    ) -> Result<(), Unfit> {
        fits(scheme, key)?;
        if key.contains([' ', '\t', '"', ',', ';', '\\']) {
            let reason = "it has a character that no cookie may have";
            return Err((scheme, reason.to_owned()));
        }
        self.keep(scheme, Credential::Cookie(name, key.to_owned()));
        Ok(())
    }

    fn header(
        &mut self,
        scheme: &'static str,
        name: HeaderName,
        value: String,
    ) -> Result<(), Unfit> {
        let mut value = HeaderValue::from_str(&value)
            .map_err(|_| (scheme, "no header can hold it".to_owned()))?;
        value.set_sensitive(true);
        self.keep(scheme, Credential::Header(name, value));
        Ok(())
    }

    fn keep(&mut self, scheme: &'static str, credential: Credential) {
        self.0.retain(|(name, _)| *name != scheme);
        self.0.push((scheme, credential));
    }

    fn get(&self, scheme: &str) -> Option<&Credential> {
        let (_, credential) = self.0.iter().find(|(name, _)| *name == scheme)?;
        Some(credential)
    }

    /// The first alternative of `operation` for which everything is set; credentials before none.
    fn choose(&self, operation: &Operation) -> Option<&'static [&'static str]> {
        let is_set = |alternative: &&&'static [&'static str]| {
            alternative.iter().all(|scheme| self.get(scheme).is_some())
        };
        let usable = operation.security.iter().filter(is_set).copied();
        // `{}` may stand in front of what it makes optional.
        usable.rev().max_by_key(|schemes| !schemes.is_empty())
    }

    /// Adds what `operation` needs to `request`.
    pub(super) fn add(
        &self,
        operation: &Operation,
        schemes: &[Scheme],
        request: &mut Request,
    ) -> Result<(), String> {
        if operation.security.is_empty() {
            return Ok(());
        }
        let Some(chosen) = self.choose(operation) else {
            return Err(format!(
                "`{}` needs credentials\nhint: call {} on the builder",
                operation.id,
                self.methods(operation, schemes)
            ));
        };
        for credential in chosen.iter().filter_map(|scheme| self.get(scheme)) {
            credential.add(request)?;
        }
        Ok(())
    }

    /// What those of `operations` need that cannot be called, each need once; `None`: all can be.
    pub(super) fn missing(&self, schemes: &[Scheme], operations: &[Operation]) -> Option<String> {
        let mut needs: Vec<(&str, String)> = Vec::new();
        for operation in operations {
            if !operation.security.is_empty() && self.choose(operation).is_none() {
                let methods = self.methods(operation, schemes);
                if needs.iter().all(|(_, known)| *known != methods) {
                    needs.push((operation.id, methods));
                }
            }
        }
        let needs: Vec<String> = needs
            .into_iter()
            .map(|(operation, methods)| format!("`{operation}` needs {methods}"))
            .collect();
        (!needs.is_empty()).then(|| needs.join("; "))
    }

    /// The methods of the builder that `operation` still needs: `` `key(…)` or `user(…)` and
    /// `token(…)` ``.
    fn methods(&self, operation: &Operation, schemes: &[Scheme]) -> String {
        let method = |scheme: &&str| {
            let known = schemes.iter().find(|(name, _)| name == scheme);
            format!("`{}(…)`", known.map_or(*scheme, |(_, method)| method))
        };
        let together = |alternative: &&[&str]| {
            let unset = alternative
                .iter()
                .filter(|scheme| self.get(scheme).is_none());
            unset.map(method).collect::<Vec<_>>().join(" and ")
        };
        let alternatives: Vec<String> = operation.security.iter().map(together).collect();
        alternatives.join(" or ")
    }
}

const EMPTY: &str = "it is empty";

fn fits(scheme: &'static str, value: &str) -> Result<(), Unfit> {
    if value.is_empty() {
        return Err((scheme, EMPTY.to_owned()));
    }
    fits_header(value).map_err(|reason| (scheme, reason))
}

impl Credential {
    fn add(&self, request: &mut Request) -> Result<(), String> {
        match self {
            Credential::Header(name, value) => {
                request.headers_mut().insert(name.clone(), value.clone());
            }
            Credential::Query(name, key) => {
                let pair = format!("{}={}", super::path::encode(name), super::path::encode(key));
                let url = request.url_mut();
                let query = match url.query() {
                    Some(others) => format!("{others}&{pair}"),
                    None => pair,
                };
                url.set_query(Some(&query));
            }
            Credential::Cookie(name, key) => {
                let pair = format!("{name}={key}");
                let others = request.headers().get(COOKIE).map(HeaderValue::as_bytes);
                let all = match others {
                    Some(others) => [others, b"; ", pair.as_bytes()].concat(),
                    None => pair.into_bytes(),
                };
                let mut value = HeaderValue::from_bytes(&all)
                    .map_err(|_| format!("the cookie `{name}` cannot be sent"))?;
                value.set_sensitive(true);
                request.headers_mut().insert(COOKIE, value);
            }
        }
        Ok(())
    }
}
