//! Tenants as the contract has them, and between the store and the rules.

use std::sync::{Arc, Mutex, PoisonError};

use api::{
    CreateApiKeyRequest, CreateApiKeyResponse, CreateTenantRequest, CreateTenantResponse,
    ListApiKeysRequest, ListApiKeysResponse, ListTenantsRequest, ListTenantsResponse,
    RevokeApiKeyRequest, RevokeApiKeyResponse, TenantsApi,
};
use jiff::tz::TimeZone;
use store::tenants::TenantRow;

use crate::call::{Context, Tenant};
use crate::error::{Error, Fault, respond};
use crate::face::serve::Service;
use crate::rules::money::Currency;
use crate::rules::settings::Settings;
use crate::rules::tenants;

/// A stored tenant as the rules see it.
pub(crate) fn to_tenant(row: TenantRow) -> Result<Tenant, Error> {
    let broken = |what: &str| Error::Broken(format!("tenant `{}`: {what}", row.id));
    let mut settings: Settings = row.settings.read()?;
    settings.localization.timezone.clone_from(&row.timezone);
    let currency = Currency::new(&row.currency).ok_or_else(|| broken("unknown currency"))?;
    let zone = TimeZone::get(&row.timezone).map_err(|error| broken(&error.to_string()))?;
    Ok(Tenant {
        id: row.id.into(),
        currency,
        zone,
        settings,
    })
}

impl TenantsApi for Service {
    async fn list_tenants(
        &self,
        context: Context,
        request: ListTenantsRequest,
    ) -> Result<ListTenantsResponse, Fault> {
        respond(
            self.survey(context, move |call| tenants::list(call, &request))
                .await,
        )
    }

    async fn create_tenant(
        &self,
        context: Context,
        request: CreateTenantRequest,
    ) -> Result<CreateTenantResponse, Fault> {
        respond(
            self.administer(context, move |call| tenants::create(call, &request.body))
                .await,
        )
    }

    async fn list_api_keys(
        &self,
        context: Context,
        request: ListApiKeysRequest,
    ) -> Result<ListApiKeysResponse, Fault> {
        respond(
            self.survey(context, move |call| tenants::list_keys(call, &request))
                .await,
        )
    }

    async fn create_api_key(
        &self,
        context: Context,
        request: CreateApiKeyRequest,
    ) -> Result<CreateApiKeyResponse, Fault> {
        // What an answer is kept with for repeats must not have the key in it.
        let made = Arc::new(Mutex::new(None));
        let key = Arc::clone(&made);
        let created = self
            .administer(context, move |call| {
                let (created, secret) =
                    tenants::create_key(call, &request.tenant_id, &request.body)?;
                *key.lock().unwrap_or_else(PoisonError::into_inner) = Some(secret);
                Ok(created)
            })
            .await;
        let secret = made.lock().unwrap_or_else(PoisonError::into_inner).take();
        respond(created.map(|created| types::ApiKeyCreated {
            api_key: secret,
            ..created
        }))
    }

    async fn revoke_api_key(
        &self,
        context: Context,
        request: RevokeApiKeyRequest,
    ) -> Result<RevokeApiKeyResponse, Fault> {
        let tenant = request.tenant_id.clone();
        let outcome = self
            .administer(context, move |call| {
                tenants::revoke_key(call, &request.tenant_id, &request.key_id)
            })
            .await;
        self.forget(&tenant);
        respond(outcome)
    }
}
