//! The filter of the order list by custom fields, and what looks like one but is none: taken for an
//! unknown name, it would be ignored and list everything.

use std::collections::{HashMap, HashSet};

use api::ListOrdersRequest;
use types::ErrorCode;

use crate::call::Call;
use crate::error::{Error, invalid_all, unfit};
use crate::rules::settings::CustomFieldSection;
use crate::rules::texts::Violation;

/// Query parameters with this prefix filter by the field whose id follows it.
const PREFIX: &str = "customField_";

/// Most fields to filter by.
const MOST: usize = 10;

/// Most undeclared names that are looked at: the others are ignored like any that nobody knows.
const MOST_SUSPECTS: usize = 50;

/// Field ids and values that orders must have.
///
/// # Errors
/// Violations for too many filters and other ways to write them; `INVALID_FILTER` for filters by unknown
/// fields, and by one field twice.
pub(super) fn custom_fields(
    call: &mut Call<'_, '_>,
    request: &ListOrdersRequest,
) -> Result<Vec<(String, String)>, Error> {
    let (given, others) = (request.custom_field.as_deref(), &request.undeclared_query);
    if given.is_none() && others.is_empty() {
        return Ok(Vec::new());
    }
    let mut violations = Vec::new();
    let mut unfit_filters = Vec::new();
    let given = given.unwrap_or_default();
    let filters = filters(given, others, &mut violations, &mut unfit_filters);
    if filters.len() > MOST {
        let message = format!("orders can be filtered by at most {MOST} custom fields");
        return Err(invalid_all(vec![(
            "customField".into(),
            "too_big",
            message,
        )]));
    }
    let suspects: Vec<(&str, Vec<&str>)> = others
        .iter()
        .filter(|(name, _)| !name.starts_with(PREFIX))
        .map(|(name, _)| (name.as_str(), parts(name)))
        .take(MOST_SUSPECTS)
        .collect();
    let ids = filters.iter().map(|filter| filter.field);
    let ids: Vec<&str> = ids
        .chain(suspects.iter().flat_map(|(_, ids)| ids.iter().copied()))
        .collect();
    let known = known(call, &ids)?;
    for filter in filters
        .iter()
        .filter(|filter| !known.contains(filter.field))
    {
        let message = format!(
            "no order has a value in a custom field `{}`, nor do the settings declare one",
            filter.field
        );
        unfit_filters.push((filter.path.clone(), "custom", message));
    }
    let declared = declared(call).map(|id| (plain(id), id));
    let declared: HashMap<String, &str> = declared.filter(|(id, _)| !id.is_empty()).collect();
    violations.extend(suspects.iter().filter_map(|(name, ids)| {
        let exact = ids.iter().copied().find(|id| known.contains(id));
        let meant = exact.or_else(|| {
            let mut alike = ids.iter().filter_map(|id| declared.get(&plain(id)));
            alike.next().copied()
        });
        disguised(name, meant).map(|message| ((*name).to_owned(), "custom", message))
    }));
    if !violations.is_empty() {
        return Err(invalid_all(violations));
    }
    if !unfit_filters.is_empty() {
        return Err(unfit(ErrorCode::InvalidFilter, unfit_filters));
    }
    let wanted = filters.into_iter();
    Ok(wanted
        .map(|filter| (filter.field.to_owned(), filter.value.to_owned()))
        .collect())
}

struct Filter<'r> {
    /// Where it stands in the request.
    path: String,
    field: &'r str,
    value: &'r str,
}

/// The filters of both spellings. Those that are malformed go to `violations`, those that cannot be meant to
/// `unfit_filters`.
fn filters<'r>(
    given: &'r [String],
    others: &'r [(String, Option<String>)],
    violations: &mut Vec<Violation>,
    unfit_filters: &mut Vec<Violation>,
) -> Vec<Filter<'r>> {
    let mut filters: Vec<Filter<'r>> = Vec::new();
    let mut add = |path: String, field: &'r str, value: Option<&'r str>| match value {
        None => violations.push((path, "invalid_string", "must be UTF-8".into())),
        Some(_) if filters.iter().any(|other| other.field == field) => {
            let message = format!("filters by the custom field `{field}` a second time");
            unfit_filters.push((path, "custom", message));
        }
        Some(value) => filters.push(Filter { path, field, value }),
    };
    for (index, text) in given.iter().enumerate() {
        // The contract has checked that there is a `=`.
        let (field, value) = text.split_once('=').unwrap_or((text, ""));
        add(format!("customField.{index}"), field, Some(value));
    }
    for (name, value) in others {
        if let Some(field) = name.strip_prefix(PREFIX) {
            add(name.clone(), field, value.as_deref());
        }
    }
    filters
}

/// Ids of the order fields that the settings declare.
fn declared<'c>(call: &Call<'c, '_>) -> impl Iterator<Item = &'c str> + use<'c> {
    let fields = call.tenant.settings.custom_fields.iter();
    fields
        .filter(|field| field.section == CustomFieldSection::Order)
        .map(|field| field.id.as_str())
}

/// A name without what clients change when they make one of their own: `cost_centre` of `costCentre`.
fn plain(name: &str) -> String {
    let said = name.chars().filter(|c| c.is_alphanumeric());
    said.flat_map(char::to_lowercase).collect()
}

/// Those of the ids that the settings or an order of the tenant have.
fn known<'i>(call: &mut Call<'_, '_>, ids: &[&'i str]) -> Result<HashSet<&'i str>, Error> {
    let declared: HashSet<&str> = declared(call).collect();
    let (known, others): (Vec<&str>, Vec<&str>) =
        ids.iter().partition(|id| declared.contains(**id));
    let mut known: HashSet<&str> = known.into_iter().collect();
    if !others.is_empty() {
        known.extend(store::orders::known_fields(call.tx, &others)?);
    }
    Ok(known)
}

/// The ids that a name may speak of: `a`, `filter[a]`, `filter.a` and `filter[a][eq]` of `a`.
fn parts(name: &str) -> Vec<&str> {
    let pieces = name
        .split(['[', ']', '.', ':'])
        .filter(|piece| !piece.is_empty());
    let whole = std::iter::once(name);
    let pieces = pieces.filter(|piece| *piece != name).take(4);
    whole.chain(pieces).collect()
}

/// What is wrong with an undeclared name that is meant as a filter by a custom field: `meant`, or
/// one that can be read off it.
fn disguised(name: &str, meant: Option<&str>) -> Option<String> {
    if meant.is_none() && !plain(name).contains("customfield") {
        return None;
    }
    let field = meant.unwrap_or("fieldId");
    Some(format!(
        "filters nothing; write `customField={field}=value` or `{PREFIX}{field}=value`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_only_look_like_filters_are_told_apart() {
        for name in [
            "customFields",
            "customFields[costCentre]",
            "customFields.costCentre",
            "customFields_costCentre",
            "customField[costCentre]",
            "custom_field_costCentre",
            "custom-fields",
            "CUSTOMFIELD_costCentre",
            "filter[customField_costCentre]",
        ] {
            assert!(disguised(name, None).is_some(), "{name}");
        }
        for name in [
            "offset",
            "page",
            "utm_source",
            "custom",
            "field",
            "filter[status]",
        ] {
            assert_eq!(disguised(name, None), None, "{name}");
        }
        assert!(disguised("costCentre", Some("costCentre")).is_some());
    }

    #[test]
    fn a_name_may_speak_of_each_of_its_parts() {
        assert_eq!(parts("costCentre"), ["costCentre"]);
        assert_eq!(
            parts("filter[costCentre][eq]"),
            ["filter[costCentre][eq]", "filter", "costCentre", "eq"]
        );
        assert_eq!(parts("a.b"), ["a.b", "a", "b"]);
        assert_eq!(parts(""), [""]);
    }
}
