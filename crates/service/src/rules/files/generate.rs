//! Writing the contract of an order, and keeping it as a file.

use store::{FileCategory, FileRow, FileType};
use types::support::True;
use types::{ContractGenerate, ContractGenerated, ErrorCode, Order, OrderType};

use super::contract::{self, Kind, Words};
use super::remove;
use crate::call::{Call, Context};
use crate::error::{Error, refuse};
use crate::face::serve::Service;
use crate::face::token::new_secret;
use crate::rules::orders;

/// generateContract.
pub(crate) async fn generate(
    service: &Service,
    context: Context,
    body: ContractGenerate,
) -> Result<ContractGenerated, Error> {
    let found = service.read(context.clone(), move |call| read(call, &body));
    let (order, words) = match found.await {
        // It stands under the key of the request, or what the key was used for before does.
        Err(Error::Refused(refusal)) => {
            let refused = move |_: &mut Call<'_, '_>| Err(Error::Refused(refusal.clone()));
            return service.write(context, refused).await;
        }
        found => found?,
    };
    let (order_id, customer_id) = (order.order_id.clone(), order.customer.customer_id.clone());
    let asked = order_id.clone();
    let rendered = move || documents::render(&contract::document(&order, &words));
    let pdf = tokio::task::spawn_blocking(rendered).await;
    let broken = |error: &dyn std::fmt::Display| Error::Broken(format!("a contract: {error}"));
    let pdf = pdf.map_err(|error| broken(&error))?;
    let pdf = pdf.map_err(|error| broken(&error))?;

    let id = service.new_plain_id("file_");
    let path = format!("{}/{id}", context.tenant.id);
    let row = FileRow {
        tenant_id: context.tenant.id.to_string(),
        id: id.clone(),
        filename: format!("contract-{order_id}.pdf"),
        order_id,
        customer_id,
        file_type: FileType::Contract,
        category: FileCategory::Generated,
        original_filename: None,
        content_type: "application/pdf".into(),
        file_size: i64::try_from(pdf.len()).unwrap_or(i64::MAX),
        storage_path: path.clone(),
        secret: new_secret()?,
        metadata: None,
        uploaded_by: context.key_id.to_string(),
        created_at: service.clock().now(),
        updated_at: service.clock().now(),
        deleting_since: None,
    };
    // Until its content is kept, the record stands there like that of a file that is being deleted: nobody sees it,
    // and if this process ends, both are cleared away.
    let part = Context {
        conditions: None,
        ..context.clone()
    };
    service
        .write(part, move |call| {
            let row = FileRow {
                created_at: call.now,
                updated_at: call.now,
                ..row.clone()
            };
            store::files::insert(call.tx, &row)?;
            Ok(store::files::mark(call.tx, &row.id, Some(call.now))?)
        })
        .await?;
    let kept = service
        .files()?
        .run(move |storage| storage.put(&path, &pdf));
    let made = match kept.await {
        Ok(()) => show(service, &context, id.clone(), asked).await,
        Err(error) => Err(error),
    };
    // Of a repeat that was answered before, and of what failed. What may have been shown all the same stays.
    if made.as_ref().map_or(true, |made| made.file_id != id) {
        remove::clear_away(service, &context.tenant.id, id).await;
    }
    made
}

/// Shows a file whose content is kept.
async fn show(
    service: &Service,
    context: &Context,
    id: String,
    order_id: String,
) -> Result<ContractGenerated, Error> {
    service
        .write(context.clone(), move |call| {
            if !store::files::mark(call.tx, &id, None)? {
                return Err(Error::Broken(format!("the new file `{id}` is gone")));
            }
            Ok(ContractGenerated {
                success: True,
                message: "the contract is kept as a file".into(),
                file_id: id.clone(),
                order_id: order_id.clone(),
                tenant_id: call.tenant.id.to_string(),
            })
        })
        .await
}

/// The order, and the words for it.
fn read(call: &mut Call<'_, '_>, body: &ContractGenerate) -> Result<(Order, Words), Error> {
    let found = store::orders::find(call.tx, &body.order_id)?;
    if found.is_none() {
        let message = "there is no such order in this tenant";
        return Err(refuse(ErrorCode::OrderNotFound, message));
    }
    let order = orders::get(call, &body.order_id)?;
    let kind = match body.contract_type.as_deref() {
        Some("order") => Kind::Order,
        Some("extension") => Kind::Extension,
        Some("upgrade") => Kind::Upgrade,
        Some(other) => {
            let message = format!("`{other}` is none of `order`, `extension`, `upgrade`");
            return Err(refuse(ErrorCode::TemplateNotFound, message));
        }
        None => match order.order_type.known() {
            Some(OrderType::Extension) => Kind::Extension,
            Some(OrderType::Upgrade) => Kind::Upgrade,
            _ => Kind::Order,
        },
    };
    let tenant = store::tenants::find(call.tx, &call.tenant.id)?;
    let name = tenant.map_or_else(String::new, |row| row.name);
    Ok((order, Words::of(call.tenant, kind, name)))
}
