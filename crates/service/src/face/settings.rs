//! Settings as the contract has them.

use api::{
    GetSettingsRequest, GetSettingsResponse, SettingsApi, UpdateSettingsRequest,
    UpdateSettingsResponse,
};

use crate::call::Context;
use crate::error::{Fault, respond};
use crate::face::conditions::Resource;
use crate::face::serve::Service;
use crate::rules::settings;

impl SettingsApi for Service {
    async fn get_settings(
        &self,
        context: Context,
        _request: GetSettingsRequest,
    ) -> Result<GetSettingsResponse, Fault> {
        respond(self.read(context, settings::get).await)
    }

    async fn update_settings(
        &self,
        context: Context,
        request: UpdateSettingsRequest,
    ) -> Result<UpdateSettingsResponse, Fault> {
        let body = request.body.unwrap_or_default();
        let tenant = context.tenant.id.clone();
        let outcome = self
            .change(context, Resource::Settings, move |call| {
                settings::update(call, &body)
            })
            .await;
        // Requests that come after the answer are let in with what it says.
        self.forget(&tenant);
        respond(outcome)
    }
}
