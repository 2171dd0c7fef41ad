//! Administration from the command line: tenants and keys. Works beside a running server.

use serde_json::json;
use service::Clock;
use service::admin::{self, KeyInfo, NewKey, NewTenant};
use service::call::instant;
use store::tenants::TenantRow;

use crate::cli::{Key, Tenant};
use crate::database::{open, open_or_create};
use crate::table;

/// `flexportal tenant …`.
pub(crate) async fn tenant(command: Tenant) -> Result<(), String> {
    match command {
        Tenant::Create {
            id,
            name,
            currency,
            preset,
            timezone,
            tier,
            json,
            database,
        } => {
            let name = name.unwrap_or_else(|| id.clone());
            let new = NewTenant {
                id: id.clone(),
                name,
                currency,
                preset,
                timezone,
                tier,
            };
            // Before a database is created for what is refused.
            admin::check_tenant(&new).map_err(text)?;
            let store = open_or_create(&database)?;
            admin::create_tenant(&store, &Clock::system(), new)
                .await
                .map_err(text)?;
            print_id(&id, json)
        }
        Tenant::List { json, database } => {
            let tenants = admin::list_tenants(&open(&database)?).await.map_err(text)?;
            if json {
                let tenants = tenants.iter().map(tenant_json).collect();
                return table::print_json(&tenants);
            }
            if tenants.is_empty() {
                table::tell("no tenants\nhint: `flexportal tenant create --id ID --currency EUR`");
                return Ok(());
            }
            let rows: Vec<_> = tenants
                .into_iter()
                .map(|it| [it.id, it.currency, it.tier, it.status.to_string(), it.name])
                .collect();
            let header = ["ID", "CURRENCY", "TIER", "STATUS", "NAME"];
            table::print(&table::text(header, &rows))
        }
    }
}

/// `flexportal key …`.
pub(crate) async fn key(command: Key) -> Result<(), String> {
    match command {
        Key::Create {
            tenant,
            name,
            permissions,
            expires_in,
            json,
            database,
        } => {
            let store = open(&database)?;
            let new = NewKey {
                tenant: tenant.clone(),
                name,
                permissions,
                expires_in_days: expires_in,
            };
            let key = admin::create_key(&store, &Clock::system(), new)
                .await
                .map_err(text)?;
            if json {
                let key = json!({ "id": key.id, "tenant": tenant, "key": key.secret });
                return table::print_json(&key);
            }
            // The key alone, so that `KEY=$(flexportal key create …)` works.
            table::print(&format!("{}\n", key.secret))
        }
        Key::List {
            tenant,
            json,
            database,
        } => {
            let store = open(&database)?;
            let keys = admin::list_keys(&store, &Clock::system(), &tenant)
                .await
                .map_err(text)?;
            if json {
                return table::print_json(&keys.iter().map(key_json).collect());
            }
            if keys.is_empty() {
                table::tell(&format!(
                    "no keys\nhint: `flexportal key create --tenant {tenant}`"
                ));
                return Ok(());
            }
            let rows: Vec<_> = keys.into_iter().map(key_row).collect();
            let header = [
                "ID",
                "NAME",
                "STATE",
                "USES",
                "CREATED",
                "LAST USED",
                "PERMISSIONS",
            ];
            table::print(&table::text(header, &rows))
        }
        Key::Revoke {
            id,
            tenant,
            json,
            database,
        } => {
            let store = open(&database)?;
            admin::revoke_key(&store, &Clock::system(), &tenant, &id)
                .await
                .map_err(text)?;
            print_id(&id, json)
        }
    }
}

fn print_id(id: &str, json: bool) -> Result<(), String> {
    if json {
        return table::print_json(&json!({ "id": id }));
    }
    table::print(&format!("{id}\n"))
}

fn tenant_json(tenant: &TenantRow) -> serde_json::Value {
    json!({
        "id": tenant.id,
        "name": tenant.name,
        "currency": tenant.currency,
        "tier": tenant.tier,
        "status": tenant.status.to_string(),
        "timezone": tenant.timezone,
        "preset": tenant.industry,
        "createdAt": instant(tenant.created_at),
    })
}

fn key_json(key: &KeyInfo) -> serde_json::Value {
    json!({
        "id": key.id,
        "name": key.name,
        "state": key.state,
        "useCount": key.use_count,
        "createdAt": instant(key.created_at),
        "expiresAt": key.expires_at.map(instant),
        "lastUsedAt": key.last_used_at.map(instant),
        "permissions": key.permissions,
    })
}

fn key_row(key: KeyInfo) -> [String; 7] {
    let minute = |at: jiff::Timestamp| at.strftime("%Y-%m-%d %H:%M").to_string();
    [
        key.id,
        key.name,
        key.state.to_owned(),
        key.use_count.to_string(),
        minute(key.created_at),
        key.last_used_at.map_or_else(|| "never".to_owned(), minute),
        key.permissions.join(","),
    ]
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
