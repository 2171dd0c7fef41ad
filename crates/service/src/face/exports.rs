//! Exports as the contract has them.

use api::{ExportRentalsRequest, ExportRentalsResponse, ExportsApi};
use types::RentalExported;

use crate::call::Context;
use crate::error::{Error, Fault, respond};
use crate::face::serve::Service;
use crate::rules::exports::{self, Table};

impl ExportsApi for Service {
    async fn export_rentals(
        &self,
        context: Context,
        request: ExportRentalsRequest,
    ) -> Result<ExportRentalsResponse, Fault> {
        respond(export(self, context, request).await)
    }
}

async fn export(
    service: &Service,
    context: Context,
    request: ExportRentalsRequest,
) -> Result<RentalExported, Error> {
    let body = request.body.unwrap_or_default();
    let mut table = Table::default();
    loop {
        let (asked, last) = (body.clone(), table.last());
        let piece = service
            .read(context.clone(), move |call| {
                exports::piece(call, &asked, last.clone())
            })
            .await?;
        if !table.push(piece) {
            break;
        }
    }
    Ok(table.finish(&context.tenant, service.clock().now(), body))
}
