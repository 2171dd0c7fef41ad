//! Writing the contract of an order, and keeping it as a file.

use store::{FileCategory, FileRow, FileType};
use types::support::True;
use types::{ContractGenerate, ContractGenerated, ErrorCode, Order, OrderType};

use super::contract::{self, Kind, Words};
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
    let (order, words) = service
        .read(context.clone(), move |call| read(call, &body))
        .await?;
    let (order_id, customer_id) = (order.order_id.clone(), order.customer.customer_id.clone());
    let rendered = move || documents::render(&contract::document(&order, &words));
    let pdf = tokio::task::spawn_blocking(rendered).await;
    let broken = |error: &dyn std::fmt::Display| Error::Broken(format!("a contract: {error}"));
    let pdf = pdf.map_err(|error| broken(&error))?;
    let pdf = pdf.map_err(|error| broken(&error))?;

    let id = service.new_plain_id("file_");
    let path = format!("{}/{id}", context.tenant.id);
    let (size, kept) = (pdf.len(), path.clone());
    service
        .files()?
        .run(move |storage| storage.put(&kept, &pdf))
        .await?;
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
        file_size: i64::try_from(size).unwrap_or(i64::MAX),
        storage_path: path.clone(),
        secret: new_secret()?,
        metadata: None,
        uploaded_by: context.key_id.to_string(),
        created_at: service.clock().now(),
        updated_at: service.clock().now(),
        deleting_since: None,
    };
    let made = service
        .write(context, move |call| {
            let row = FileRow {
                created_at: call.now,
                updated_at: call.now,
                ..row.clone()
            };
            store::files::insert(call.tx, &row)?;
            Ok(ContractGenerated {
                success: True,
                message: "the contract is kept as a file".into(),
                file_id: row.id,
                order_id: row.order_id,
                tenant_id: row.tenant_id,
            })
        })
        .await;
    // Of a repeat that was answered before, and of what failed, no record tells.
    if made.as_ref().map_or(true, |made| made.file_id != id) {
        let _ = service
            .files()?
            .run(move |storage| storage.delete(&path))
            .await;
    }
    made
}

/// The order, and the words for it.
fn read(call: &mut Call<'_, '_>, body: &ContractGenerate) -> Result<(Order, Words), Error> {
    let found = store::orders::find(call.tx, &call.tenant.id, &body.order_id)?;
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
