//! API keys: made, listed and revoked. A secret leaves the server once, with the answer that makes it.

use api::ListApiKeysRequest;
use jiff::Timestamp;
use store::Json;
use store::keys::{self, KeyRow};
use types::support::True;
use types::{ApiKey, ApiKeyCreate, ApiKeyCreated, ApiKeyList, ApiKeyRevoked, ApiKeyState};

use super::{after, exists, next};
use crate::call::{Call, instant};
use crate::error::{Error, not_found};
use crate::face::paging::Sorting;
use crate::face::permissions::Permission;
use crate::face::token::make_key;

/// createApiKey: the answer as it may be kept, and the key itself.
pub(crate) fn create(
    call: &mut Call<'_, '_>,
    tenant: &str,
    body: &ApiKeyCreate,
) -> Result<(ApiKeyCreated, String), Error> {
    exists(call, tenant)?;
    let permissions: Vec<String> = match body.permissions.as_deref().unwrap_or_default() {
        [] => Permission::all().map(|it| it.to_string()).collect(),
        named => named.iter().map(|it| it.as_str().to_owned()).collect(),
    };
    let (id, secret, hash) = make_key(call.now)?;
    let row = KeyRow {
        tenant_id: tenant.into(),
        id: id.clone(),
        name: body.name.clone(),
        hash,
        permissions: Json::of(&permissions)?,
        created_at: call.now,
        expires_at: None,
        revoked_at: None,
        last_used_at: None,
        use_count: 0,
    };
    keys::insert(call.tx, &row)?;
    let created = ApiKeyCreated {
        success: True,
        message: "the API key works from now on".into(),
        key_id: id,
        api_key: None,
    };
    Ok((created, secret))
}

/// listApiKeys.
pub(crate) fn list(
    call: &mut Call<'_, '_>,
    request: &ListApiKeysRequest,
) -> Result<ApiKeyList, Error> {
    exists(call, &request.tenant_id)?;
    let sorting = Sorting::newest_first("api-keys");
    let after = after(sorting, request.start_after.as_deref())?;
    let start = after.as_ref().map(|(at, id)| (*at, id.as_str()));
    let mut rows = keys::page(call.tx, &request.tenant_id, start, request.limit + 1)?;
    let next_cursor = next(sorting, &mut rows, request.limit, |row| {
        (row.created_at, &row.id)
    });
    let now = call.now;
    let keys: Vec<ApiKey> = rows
        .into_iter()
        .map(|row| wire(row, now))
        .collect::<Result<_, Error>>()?;
    Ok(ApiKeyList {
        count: keys.len() as u64,
        api_keys: keys,
        limit: request.limit,
        has_more: next_cursor.is_some(),
        next_cursor,
    })
}

/// revokeApiKey.
pub(crate) fn revoke(
    call: &mut Call<'_, '_>,
    tenant: &str,
    id: &str,
) -> Result<ApiKeyRevoked, Error> {
    let found = keys::find(call.tx, id)?;
    if found.is_none_or(|row| row.tenant_id != tenant) {
        return Err(not_found("API key"));
    }
    // One that is revoked already stays revoked since then.
    keys::revoke(call.tx, tenant, id, call.now)?;
    Ok(ApiKeyRevoked {
        success: True,
        message: "the API key is revoked".into(),
        key_id: id.into(),
    })
}

fn wire(row: KeyRow, now: Timestamp) -> Result<ApiKey, Error> {
    let state = match (row.revoked_at, row.expires_at) {
        (Some(_), _) => ApiKeyState::Revoked,
        (None, Some(at)) if at <= now => ApiKeyState::Expired,
        _ => ApiKeyState::Active,
    };
    Ok(ApiKey {
        key_id: row.id,
        name: row.name,
        permissions: row.permissions.read()?,
        state: state.into(),
        created_at: instant(row.created_at),
        expires_at: row.expires_at.map(instant),
        last_used_at: row.last_used_at.map(instant),
        use_count: u64::try_from(row.use_count).unwrap_or(0),
    })
}
