//! Parameters that are no plain values, nor lists of them: objects, unions, and whatever a contract describes
//! by `content`.
//!
//! Text has no types, so the rule of the parameter says what each piece is read as: the pieces are put together
//! to the JSON that the rule speaks of, and that is decoded like any other. Of several choices, the first one
//! that takes the text is meant.

use axum::http::HeaderName;
use serde_json::{Map, Number, Value};

use contract_wire::{At, DecodeError, ObjectRule, Rule};

use crate::{Input, Place, Violation, ViolationCode, cookies, not_utf8, repeated, violation};

/// How a value is written (OpenAPI 3.1, section 4.8.12.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// `style: simple`: `a,b`, `k,v` or, exploded, `k=v`.
    Simple(bool),
    /// `style: form`: `n=a,b`, `n=k,v` or, exploded, `n=a&n=b`, `k=v`.
    Form(bool),
    /// `style: spaceDelimited`, not exploded.
    Spaces,
    /// `style: pipeDelimited`, not exploded.
    Pipes,
    /// `style: deepObject`: `n[k]=v`.
    Deep,
    /// `style: label`: `.a,b` or, exploded, `.a.b`, `.k=v`.
    Label(bool),
    /// `style: matrix`: `;n=a,b` or, exploded, `;n=a;n=b`, `;k=v`.
    Matrix(bool),
    /// `content` of JSON.
    Json,
    /// `in: querystring` with `content` of JSON: the query is the JSON.
    WholeJson,
    /// `in: querystring` with `content` of a form: the query is the object.
    WholeForm,
}

/// What was sent under the name of a parameter, decoded.
enum Sent {
    /// One text.
    Text(String),
    /// Texts of a list.
    Items(Vec<String>),
    /// Names and values, in the order they were sent.
    Entries(Vec<(String, String)>),
    /// It says itself what it is.
    Json(Value),
}

impl Input<'_> {
    /// A parameter that is read as `rule` says, and decoded by `decode`. `known`: names in the query that are
    /// other parameters. `default`: the JSON that is meant where there is none.
    pub fn structured<T>(
        &mut self,
        (place, name, written): (Place, &str, Notation),
        known: &[&str],
        default: Option<&'static str>,
        rule: &Rule,
        decode: impl FnOnce(&[u8]) -> Result<T, DecodeError>,
    ) -> Option<Option<T>> {
        let value = match self.assembled(place, name, written, known, rule) {
            Ok(value) => value,
            Err(violation) => {
                self.found.push(violation);
                return None;
            }
        };
        let text = match (value, default) {
            (Some(value), _) => value.to_string(),
            (None, Some(default)) => default.to_owned(),
            (None, None) => return Some(None),
        };
        // The names of an exploded object are those of parameters themselves.
        let is_spread = matches!(written, Notation::Form(true) | Notation::WholeForm)
            && outer(rule).is_some_and(|rule| matches!(rule, Rule::Object(_)));
        match decode(text.as_bytes()) {
            Ok(value) => Some(Some(value)),
            Err(error) => {
                let violations = match error {
                    DecodeError::Invalid(violations) => violations,
                    DecodeError::Syntax { .. } => vec![not_json(&At::ROOT)],
                };
                let placed = violations.into_iter().map(|violation| match is_spread {
                    true => violation,
                    false => below(name, violation),
                });
                self.found.extend(placed);
                None
            }
        }
    }

    fn assembled(
        &mut self,
        place: Place,
        name: &str,
        written: Notation,
        known: &[&str],
        rule: &Rule,
    ) -> Result<Option<Value>, Violation> {
        let whole = match outer(rule) {
            Some(whole) => whole,
            None => rule,
        };
        if let Rule::Union(union) = whole {
            // What was sent decides, not what the first choice makes of it.
            let mut first = None;
            let mut refused = None;
            for choice in union.choices {
                match self.assembled(place, name, written, known, &choice.rule) {
                    Ok(Some(value)) if choice.rule.accepts(&value) => return Ok(Some(value)),
                    Ok(value) => first = first.or(value),
                    Err(violation) => refused = refused.or(Some(violation)),
                }
            }
            return match (first, refused) {
                (None, Some(violation)) => Err(violation),
                (first, _) => Ok(first),
            };
        }
        let sent = match place {
            Place::Header(header) => self.in_header(name, header, written, whole)?,
            Place::Path(_) => self.in_path(place, name, written, whole)?,
            Place::Query | Place::Cookie => self.in_pairs(place, name, written, known, whole)?,
        };
        let at = At::ROOT.property(name);
        Ok(match sent {
            None => None,
            Some(Sent::Json(value)) => Some(value),
            Some(Sent::Text(text)) => Some(typed(text, whole)),
            Some(Sent::Items(texts)) => Some(list(texts, whole)),
            Some(Sent::Entries(entries)) => match written {
                Notation::Deep => Some(tree(entries, whole, &at)?),
                _ => Some(object(entries, whole, &at)?),
            },
        })
    }

    fn in_header(
        &mut self,
        name: &str,
        header: &'static HeaderName,
        written: Notation,
        rule: &Rule,
    ) -> Result<Option<Sent>, Violation> {
        let at = At::ROOT.property(name);
        let mut lines = Vec::new();
        for line in self.parts.headers.get_all(header) {
            lines.push(std::str::from_utf8(line.as_bytes()).map_err(|_| not_utf8(&at))?);
        }
        let text = match (lines.as_slice(), rule) {
            ([], _) => return Ok(None),
            ([line], _) => (*line).to_owned(),
            // The lines of a list header count as one (RFC 9110, section 5.3).
            (lines, Rule::List(_) | Rule::Object(_)) if written != Notation::Json => {
                lines.join(",")
            }
            _ => return Err(repeated(&at)),
        };
        let trimmed = |text: &str| Some(text.trim().to_owned());
        separated(&text, written, rule, ",", &at, trimmed).map(Some)
    }

    fn in_path(
        &mut self,
        place: Place,
        name: &str,
        written: Notation,
        rule: &Rule,
    ) -> Result<Option<Sent>, Violation> {
        let at = At::ROOT.property(name);
        let Some(raw) = self.raw(place, name)? else {
            return Ok(None);
        };
        let decode = |text: &str| Some(self.decoded(text, false)?.into_owned());
        let is_list = matches!(rule, Rule::List(_));
        match written {
            Notation::Label(explode) => {
                let raw = raw.strip_prefix('.').ok_or_else(|| prefixed(&at, "."))?;
                let mark = if explode { "." } else { "," };
                separated(raw, Notation::Simple(explode), rule, mark, &at, decode)
            }
            Notation::Matrix(explode) => {
                let raw = raw.strip_prefix(';').ok_or_else(|| prefixed(&at, ";"))?;
                if explode && matches!(rule, Rule::Object(_)) {
                    let sent = separated(raw, Notation::Simple(true), rule, ";", &at, decode);
                    return sent.map(Some);
                }
                let mut texts = Vec::new();
                for piece in raw.split(';') {
                    let (key, text) = piece.split_once('=').unwrap_or((piece, ""));
                    if self.decoded(key, false).as_deref() != Some(name) {
                        return Err(prefixed(&at, &format!(";{name}=")));
                    }
                    texts.push(text);
                }
                match texts.as_slice() {
                    [text] if !(explode && is_list) => {
                        separated(text, Notation::Simple(false), rule, ",", &at, decode)
                    }
                    texts if explode && is_list => {
                        let items: Option<Vec<String>> =
                            texts.iter().map(|it| decode(it)).collect();
                        items.map(Sent::Items).ok_or_else(|| not_utf8(&at))
                    }
                    _ => Err(repeated(&at)),
                }
            }
            written => separated(raw, written, rule, ",", &at, decode),
        }
        .map(Some)
    }

    fn in_pairs(
        &mut self,
        place: Place,
        name: &str,
        written: Notation,
        known: &[&str],
        rule: &Rule,
    ) -> Result<Option<Sent>, Violation> {
        let at = At::ROOT.property(name);
        if written == Notation::WholeJson {
            let Some(query) = self.parts.uri.query().filter(|query| !query.is_empty()) else {
                return Ok(None);
            };
            let text = self.decoded(query, false).ok_or_else(|| not_utf8(&at))?;
            return json(&text, &at).map(|value| Some(Sent::Json(value)));
        }
        let pairs = self.decoded_pairs(place);
        let taken = |wanted: &dyn Fn(&str) -> bool| -> Result<Vec<(String, String)>, Violation> {
            let wanted = pairs.iter().filter(|(key, _)| wanted(key));
            let texts = wanted.map(|(key, text)| Some((key.clone(), text.clone()?)));
            texts.collect::<Option<_>>().ok_or_else(|| not_utf8(&at))
        };
        let entries = match (written, rule) {
            (Notation::WholeForm, _) => taken(&|_| true)?,
            (Notation::Deep, _) => {
                let prefix = format!("{name}[");
                let entries = taken(&|key| key.starts_with(&prefix))?.into_iter();
                let entries = entries.map(|(key, text)| (key[name.len()..].to_owned(), text));
                entries.collect()
            }
            (Notation::Form(true), Rule::Object(object)) => taken(&|key| {
                let declared = object.properties.iter().any(|one| one.name == key);
                declared || (object.additional.is_some() && !known.contains(&key))
            })?,
            (Notation::Form(true), Rule::List(_)) => {
                let items = taken(&|key| key == name)?;
                let items: Vec<String> = items.into_iter().map(|(_, text)| text).collect();
                return Ok((!items.is_empty()).then_some(Sent::Items(items)));
            }
            _ => {
                let plus = place == Place::Query;
                let Some(raw) = self.raw(place, name)? else {
                    return Ok(None);
                };
                let decode = |text: &str| Some(self.decoded(text, plus)?.into_owned());
                let mark = match written {
                    // A space cannot stand in a URL as it is.
                    Notation::Spaces if raw.contains('+') => "+",
                    Notation::Spaces => "%20",
                    Notation::Pipes if raw.contains('|') => "|",
                    Notation::Pipes => "%7C",
                    _ => ",",
                };
                return separated(raw, written, rule, mark, &at, decode).map(Some);
            }
        };
        Ok((!entries.is_empty()).then_some(Sent::Entries(entries)))
    }

    /// Names and values of the query or of the cookies; a value that is no UTF-8 is `None`.
    fn decoded_pairs(&mut self, place: Place) -> Vec<(String, Option<String>)> {
        if place == Place::Query {
            let pairs = self.pairs().to_vec().into_iter();
            let decode = |text| self.decoded(text, true).map(std::borrow::Cow::into_owned);
            return pairs
                .map(|(key, text)| (key.into_owned(), decode(text)))
                .collect();
        }
        let decode = |text| {
            let text = std::str::from_utf8(text).ok()?;
            self.decoded(text, false).map(std::borrow::Cow::into_owned)
        };
        let pairs = cookies(&self.parts.headers);
        pairs
            .map(|(key, text)| (key.to_owned(), decode(text)))
            .collect()
    }
}

/// What `raw` is, of pieces with `mark` between them.
fn separated(
    raw: &str,
    written: Notation,
    rule: &Rule,
    mark: &str,
    at: &At<'_>,
    decode: impl Fn(&str) -> Option<String>,
) -> Result<Sent, Violation> {
    let whole = || decode(raw).ok_or_else(|| not_utf8(at));
    if written == Notation::Json {
        return json(&whole()?, at).map(Sent::Json);
    }
    let pieces = || raw.split(mark).filter(|_| !raw.is_empty());
    match rule {
        Rule::List(_) => {
            let texts: Option<Vec<String>> = pieces().map(&decode).collect();
            texts.map(Sent::Items).ok_or_else(|| not_utf8(at))
        }
        Rule::Object(_) => {
            let mut entries = Vec::new();
            let mut pieces = pieces();
            while let Some(piece) = pieces.next() {
                let (key, text) = match written {
                    Notation::Simple(true) => piece.split_once('=').unwrap_or((piece, "")),
                    _ => (piece, pieces.next().ok_or_else(|| odd(at))?),
                };
                let entry = decode(key).zip(decode(text));
                entries.push(entry.ok_or_else(|| not_utf8(at))?);
            }
            Ok(Sent::Entries(entries))
        }
        _ => Ok(Sent::Text(whole()?)),
    }
}

/// `rule` without the name it goes by and without `null`; `None` where that is `rule` itself.
fn outer(rule: &Rule) -> Option<&Rule> {
    let mut found = rule;
    loop {
        found = match found {
            Rule::Nullable(inner) => inner,
            Rule::Named(inner) => inner(),
            _ => return Some(found),
        };
    }
}

/// `text` as the JSON that `rule` speaks of; what it is not stays text, which `rule` then objects to.
fn typed(text: String, rule: &Rule) -> Value {
    match outer(rule).unwrap_or(rule) {
        Rule::Boolean => match text.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => Value::String(text),
        },
        Rule::Integer(_) | Rule::Number(_) => match serde_json::from_str::<Number>(&text) {
            Ok(number) => Value::Number(number),
            Err(_) => Value::String(text),
        },
        Rule::Literal(json) => match serde_json::from_str::<Value>(json) {
            Ok(Value::String(_)) | Err(_) => Value::String(text),
            Ok(_) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        },
        Rule::Union(union) => {
            for choice in union.choices {
                let value = typed(text.clone(), &choice.rule);
                if choice.rule.accepts(&value) {
                    return value;
                }
            }
            Value::String(text)
        }
        // Within text there is no other way to write these.
        Rule::Object(_) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        rule @ Rule::List(_) => match serde_json::from_str::<Value>(&text) {
            Ok(value @ Value::Array(_)) => value,
            _ => list(vec![text], rule),
        },
        _ => Value::String(text),
    }
}

fn list(texts: Vec<String>, rule: &Rule) -> Value {
    let item = match rule {
        Rule::List(rule) => rule.item,
        _ => &Rule::Any,
    };
    Value::Array(texts.into_iter().map(|text| typed(text, item)).collect())
}

fn object(entries: Vec<(String, String)>, rule: &Rule, at: &At<'_>) -> Result<Value, Violation> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for (key, text) in entries {
        match found.iter_mut().find(|(known, _)| *known == key) {
            Some((_, texts)) => texts.push(text),
            None => found.push((key, vec![text])),
        }
    }
    let mut object = Map::new();
    for (key, texts) in found {
        let value = several(texts, of_property(rule, &key), &at.property(&key))?;
        object.insert(key, value);
    }
    Ok(Value::Object(object))
}

/// The value of a name that was sent once, or, if it is a list, once for each item.
fn several(mut texts: Vec<String>, rule: &Rule, at: &At<'_>) -> Result<Value, Violation> {
    match (takes_list(rule), texts.len()) {
        (true, 2..) => Ok(list(texts, list_of(rule))),
        (false, 2..) => Err(repeated(at)),
        _ => Ok(typed(texts.pop().unwrap_or_default(), rule)),
    }
}

fn takes_list(rule: &Rule) -> bool {
    match outer(rule).unwrap_or(rule) {
        Rule::List(_) | Rule::Any => true,
        Rule::Union(union) => union.choices.iter().any(|choice| takes_list(&choice.rule)),
        _ => false,
    }
}

/// The list that `rule` is, or that is one of its choices.
fn list_of(rule: &Rule) -> &Rule {
    match outer(rule).unwrap_or(rule) {
        Rule::Union(union) => {
            let mut choices = union.choices.iter();
            let found = choices.find(|choice| takes_list(&choice.rule));
            found.map_or(rule, |choice| list_of(&choice.rule))
        }
        rule => rule,
    }
}

/// What the property `name` of a value of `rule` is.
fn of_property<'r>(rule: &'r Rule, name: &str) -> &'r Rule {
    match outer(rule).unwrap_or(rule) {
        Rule::Object(ObjectRule {
            properties,
            additional,
            ..
        }) => {
            let found = properties.iter().find(|property| property.name == name);
            found.map_or(additional.unwrap_or(&Rule::Any), |property| &property.rule)
        }
        Rule::Union(union) => {
            let mut choices = union.choices.iter();
            let has = |rule: &Rule| match outer(rule) {
                Some(Rule::Object(object)) => object.properties.iter().any(|it| it.name == name),
                _ => false,
            };
            let found = choices.find(|choice| has(&choice.rule));
            found.map_or(&Rule::Any, |choice| of_property(&choice.rule, name))
        }
        _ => &Rule::Any,
    }
}

/// How deep names in brackets may nest.
const MAX_DEPTH: usize = 32;

/// What `[a][b]=v` says. Items of lists are repeated, or have `[]` or their index behind the name.
fn tree(entries: Vec<(String, String)>, rule: &Rule, at: &At<'_>) -> Result<Value, Violation> {
    let mut root = Branch::default();
    for (key, text) in entries {
        let path = brackets(&key).filter(|path| path.len() <= MAX_DEPTH);
        let Some(path) = path else {
            let flaw = (
                ViolationCode::Custom,
                format!("must be written as `name[property]`, not as `name{key}`"),
            );
            return Err(violation(at, flaw));
        };
        root.add(&path, text);
    }
    root.value(rule, at)
}

/// `[a][b]` → `a`, `b`.
fn brackets(key: &str) -> Option<Vec<&str>> {
    let inner = key.strip_prefix('[')?.strip_suffix(']')?;
    let path: Vec<&str> = inner.split("][").collect();
    path.iter()
        .all(|name| !name.contains(['[', ']']))
        .then_some(path)
}

#[derive(Default)]
struct Branch {
    texts: Vec<String>,
    below: Vec<(String, Branch)>,
}

impl Branch {
    fn add(&mut self, path: &[&str], text: String) {
        let Some((name, rest)) = path.split_first() else {
            return self.texts.push(text);
        };
        let index = match self.below.iter().position(|(known, _)| known == name) {
            Some(index) => index,
            None => {
                self.below.push(((*name).to_owned(), Branch::default()));
                self.below.len() - 1
            }
        };
        self.below[index].1.add(rest, text);
    }

    fn value(self, rule: &Rule, at: &At<'_>) -> Result<Value, Violation> {
        if self.below.is_empty() {
            return several(self.texts, rule, at);
        }
        if !self.texts.is_empty() {
            return Err(repeated(at));
        }
        let is_index = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
        if takes_list(rule) && self.below.iter().all(|(name, _)| is_index(name)) {
            let item = match list_of(rule) {
                Rule::List(rule) => rule.item,
                _ => &Rule::Any,
            };
            let mut items = Vec::new();
            let mut below = self.below;
            below.sort_by_key(|(name, _)| name.parse::<usize>().unwrap_or(usize::MAX));
            for (name, branch) in below {
                match name.as_str() {
                    // One name for all of them.
                    "" => items.extend(branch.texts.into_iter().map(|text| typed(text, item))),
                    _ => items.push(branch.value(item, &at.item(items.len()))?),
                }
            }
            return Ok(Value::Array(items));
        }
        let mut object = Map::new();
        for (name, branch) in self.below {
            let value = branch.value(of_property(rule, &name), &at.property(&name))?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

fn json(text: &str, at: &At<'_>) -> Result<Value, Violation> {
    serde_json::from_str(text).map_err(|_| not_json(at))
}

fn not_json(at: &At<'_>) -> Violation {
    violation(
        at,
        (ViolationCode::InvalidString, "must be JSON".to_owned()),
    )
}

fn prefixed(at: &At<'_>, prefix: &str) -> Violation {
    violation(
        at,
        (
            ViolationCode::InvalidString,
            format!("must begin with `{prefix}`"),
        ),
    )
}

fn odd(at: &At<'_>) -> Violation {
    let message = "must be names and values in turns, separated by commas";
    violation(at, (ViolationCode::Custom, message.to_owned()))
}

/// `found` of a value that stands at `name`.
fn below(name: &str, found: Violation) -> Violation {
    let path = match found.path.as_str() {
        "" => name.to_owned(),
        path => format!("{name}.{path}"),
    };
    Violation { path, ..found }
}
