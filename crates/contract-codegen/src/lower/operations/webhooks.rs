//! `webhooks` → one enum: which bodies there are, and by what they are told apart.
//!
//! A body says itself which webhook it is of where there is a *tag*: a property that is required in
//! the body of each, with a single text as its value, another one in each. Where several properties
//! are like that, it is one that holds the webhook's own key, else the first; the only webhook of a
//! contract has none but one that holds its key. So a `version` that is the same everywhere is no
//! tag. A property that holds the key of one webhook is meant to be it, so the others must have it.

use contract_document::child;

use crate::lower::Problems;
use crate::lower::document::places;
use crate::lower::media::is_json;
use crate::lower::names::{Names, variants};
use crate::lower::schemas::{Part, Plan, Schemas, any, directions};
use crate::lower::source::owned;
use crate::lower::values::Types;
use crate::model::{Method, Webhook, Webhooks};

/// Name of the enum; where a type of the contract has it, it gets a number.
const NAME: &str = "Webhook";

/// Name of the variant for other webhooks; likewise.
const UNKNOWN: &str = "Unknown";

/// A property of a body with a single value.
struct Single {
    property: String,
    value: String,
    pointer: String,
}

/// A webhook, before it is known what the tag is.
struct Found {
    webhook: Webhook,
    /// Of the webhook, and of the schema of its body.
    pointer: String,
    schema: Option<String>,
    singles: Vec<Single>,
}

/// The webhooks, and by what they are told apart.
pub(in crate::lower) fn lower(schemas: &mut Schemas<'_>) -> Option<Webhooks> {
    let entries = schemas.source.all_entries("/webhooks");
    let idents = variants(entries.iter().map(|(name, ..)| *name));
    let mut found = Vec::new();
    for ((name, pointer, _), ident) in entries.into_iter().zip(idents) {
        found.extend(lower_webhook(schemas, name, pointer, ident));
    }
    if found.is_empty() {
        return None;
    }
    for one in &mut found {
        if let Some(schema) = &one.schema {
            one.singles = singles(schemas, schema);
        }
    }
    let tag = tag(&found, schemas.planner.problems);
    let mut taken = Names::default();
    for one in &found {
        taken.claim(&one.webhook.ident);
    }
    let each = found.into_iter().map(|one| {
        let is_tag = |single: &Single| Some(&single.property) == tag.as_ref();
        let single = one.singles.into_iter().find(is_tag);
        Webhook {
            tag: single.map(|single| single.value).unwrap_or_default(),
            ..one.webhook
        }
    });
    let each = each.collect();
    Some(Webhooks {
        name: schemas.table.names.claim(NAME),
        unknown: taken.claim(UNKNOWN),
        tag,
        each,
    })
}

fn lower_webhook(
    schemas: &mut Schemas<'_>,
    name: &str,
    pointer: String,
    ident: String,
) -> Option<Found> {
    let (item, _) = schemas.source.resolve(&pointer)?;
    let mut is_other = false;
    for (method, at, _) in schemas.source.entries(&item) {
        if places::method(method).is_some_and(|it| it != Method::Post) {
            is_other = true;
            let message =
                format!("the webhook `{name}` is sent by `{method}`, which gives no event");
            let hint = "webhooks are sent by POST: describe it under `post`";
            schemas.planner.problems.warn_key(&at, message, hint);
        }
    }
    let post = child(&item, "post");
    let Some(operation) = schemas.source.get(&post) else {
        if !is_other {
            let message = format!("the webhook `{name}` has no `post`, which gives no event");
            let problems = &mut schemas.planner.problems;
            problems.warn_key(&pointer, message, "describe under `post` what is sent");
        }
        return None;
    };
    let schema = webhook_schema(schemas, name, &post)?;
    let value = match &schema {
        Some(schema) => schemas.lower_schema(schema),
        None => any(),
    };
    let webhook = Webhook {
        name: name.to_owned(),
        ident,
        tag: String::new(),
        value,
        description: owned(operation, "summary").or_else(|| owned(operation, "description")),
    };
    Some(Found {
        webhook,
        pointer,
        schema,
        singles: Vec::new(),
    })
}

/// The schema of the body; the inner `None`: anything.
fn webhook_schema(schemas: &mut Schemas<'_>, name: &str, post: &str) -> Option<Option<String>> {
    let used = child(post, "requestBody");
    if schemas.source.get(&used).is_none() {
        let message = format!("the webhook `{name}` has no body, which gives no event");
        let problems = &mut schemas.planner.problems;
        problems.warn_key(post, message, "add a `requestBody` of JSON");
        return None;
    }
    let (body, _) = schemas.source.resolve(&used)?;
    let content = child(&body, "content");
    let mut schema = None;
    for (media_type, at, value) in schemas.source.all_entries(&content) {
        if !is_json(media_type) {
            let message =
                format!("the webhook `{name}` has a body of `{media_type}`, which gives no event");
            let hint = "bodies of webhooks are JSON, and nothing else";
            schemas.planner.problems.warn_key(&at, message, hint);
        } else if schema.is_some() {
            let message =
                format!("the webhook `{name}` has two bodies of JSON, of which the first is read");
            let problems = &mut schemas.planner.problems;
            problems.warn_key(&at, message, "keep one of the two");
        } else {
            schema = Some(value.get("schema").map(|_| child(&at, "schema")));
        }
    }
    if schema.is_none() && schemas.source.all_entries(&content).is_empty() {
        let message = format!("the webhook `{name}` has no body of JSON, which gives no event");
        let problems = &mut schemas.planner.problems;
        problems.warn_key(&content, message, "add `application/json`");
    }
    schema
}

/// The required properties of a body that hold a single text.
fn singles(schemas: &mut Schemas<'_>, schema: &str) -> Vec<Single> {
    let Some(planned) = schemas.planner.plan(&[Part::new(schema)]) else {
        return Vec::new();
    };
    if planned.nullable || !matches!(planned.plan, Plan::One(Types::OBJECT) | Plan::Same(_)) {
        return Vec::new();
    }
    let mut singles = Vec::new();
    for (property, parts) in &planned.facts.properties {
        let (_, write_only) = directions(property, parts, schemas.source, schemas.planner.problems);
        if !planned.facts.is_required(property) || write_only {
            continue;
        }
        let planned = schemas
            .planner
            .plan(parts)
            .filter(|planned| !planned.nullable);
        if let Some(Plan::Texts(texts)) = planned.map(|planned| planned.plan)
            && let [value] = texts.as_slice()
        {
            singles.push(Single {
                property: property.clone(),
                value: value.clone(),
                pointer: parts
                    .first()
                    .map_or(schema, |part| &part.pointer)
                    .to_owned(),
            });
        }
    }
    singles
}

/// The property that tells the webhooks apart.
fn tag(found: &[Found], problems: &mut Problems) -> Option<String> {
    let holds_key = |property: &str| {
        found.iter().any(|one| {
            let mut singles = one.singles.iter();
            singles.any(|it| it.property == property && it.value == one.webhook.name)
        })
    };
    let mut properties: Vec<&str> = Vec::new();
    for single in found.iter().flat_map(|one| &one.singles) {
        if !properties.contains(&single.property.as_str()) {
            properties.push(&single.property);
        }
    }
    let tells_apart = |property: &&str| {
        let singles = found.iter().map(|one| value_of(one, property));
        let mut values: Vec<Option<&str>> = Vec::new();
        singles.into_iter().all(|single| {
            let value = single.map(|single| single.value.as_str());
            let is_new = value.is_some() && !values.contains(&value);
            values.push(value);
            is_new
        })
    };
    let able: Vec<&str> = properties.iter().copied().filter(tells_apart).collect();
    if let Some(tag) = able.iter().find(|property| holds_key(property)) {
        return Some((*tag).to_owned());
    }
    if let Some(tag) = able.first().filter(|_| found.len() > 1) {
        return Some((*tag).to_owned());
    }
    let meant = properties
        .into_iter()
        .find(|property| holds_key(property))?;
    warn_of_tags(meant, found, problems);
    None
}

/// Warns of webhooks that `tag` does not tell from the others: whoever receives has to know which it is.
fn warn_of_tags(tag: &str, found: &[Found], problems: &mut Problems) {
    let mut known: Vec<(&str, &str)> = Vec::new();
    for one in found {
        let name = &one.webhook.name;
        let Some(Single { value, pointer, .. }) = value_of(one, tag) else {
            let message = format!(
                "the webhook `{name}` cannot be told from the others: `{tag}` is no required \
                 property with a single text as its value"
            );
            let hint = format!("add `{tag}` with `const: {name}`, and list it under `required`");
            problems.warn_key(&one.pointer, message, hint);
            continue;
        };
        match known.iter().find(|(known, _)| known == value) {
            Some((_, other)) => {
                let message = format!("`{tag}: {value}` is the webhook `{other}` as well");
                problems.warn(pointer, message, "give each webhook its own value");
            }
            None => known.push((value, name)),
        }
    }
}

fn value_of<'f>(found: &'f Found, property: &str) -> Option<&'f Single> {
    let mut singles = found.singles.iter();
    singles.find(|single| single.property == property)
}
