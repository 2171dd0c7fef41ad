//! Administration from the command line: tenants and keys. Works beside a running server.

use service::Clock;
use service::admin::{self, NewKey, NewTenant};

use crate::cli::{Key, Tenant};
use crate::database::{open, open_or_create};

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
            database,
        } => {
            let store = open_or_create(&database)?;
            let name = name.unwrap_or_else(|| id.clone());
            let new = NewTenant {
                id: id.clone(),
                name,
                currency,
                preset,
                timezone,
                tier,
            };
            admin::create_tenant(&store, &Clock::system(), new)
                .await
                .map_err(text)?;
            println!("{id}");
        }
        Tenant::List { database } => {
            for tenant in admin::list_tenants(&open(&database)?).await.map_err(text)? {
                println!(
                    "{}\t{}\t{}\t{}\t{}",
                    tenant.id, tenant.currency, tenant.tier, tenant.status, tenant.name
                );
            }
        }
    }
    Ok(())
}

/// `flexportal key …`.
pub(crate) async fn key(command: Key) -> Result<(), String> {
    match command {
        Key::Create {
            tenant,
            name,
            permissions,
            expires_in,
            database,
        } => {
            let store = open(&database)?;
            let new = NewKey {
                tenant,
                name,
                permissions,
                expires_in_days: expires_in,
            };
            let key = admin::create_key(&store, &Clock::system(), new)
                .await
                .map_err(text)?;
            // The key alone, so that `KEY=$(flexportal key create …)` works.
            println!("{}", key.secret);
        }
        Key::List { tenant, database } => {
            let store = open(&database)?;
            let keys = admin::list_keys(&store, &Clock::system(), &tenant)
                .await
                .map_err(text)?;
            println!("id\tname\tcreated\tlast used\tuses\tstate\tpermissions");
            for key in keys {
                println!(
                    "{}\t{}\t{}\t{}\t{}\t{}\t{}",
                    key.id,
                    key.name,
                    key.created_at,
                    key.last_used_at
                        .map_or_else(|| "-".into(), |at| at.to_string()),
                    key.use_count,
                    key.state,
                    key.permissions.join(",")
                );
            }
        }
        Key::Revoke {
            id,
            tenant,
            database,
        } => {
            let store = open(&database)?;
            admin::revoke_key(&store, &Clock::system(), &tenant, &id)
                .await
                .map_err(text)?;
            println!("{id}");
        }
    }
    Ok(())
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
