//! Exports as the contract has them.

use std::pin::Pin;
use std::sync::Arc;

use api::support::Streamed;
use api::{ExportRentalsRequest, ExportRentalsResponse, ExportsApi};
use types::{RentalExport, RentalExported};

use crate::call::Context;
use crate::error::{Error, Fault, chain, respond};
use crate::face::serve::Service;
use crate::rules::exports::{self, Table};

impl ExportsApi for Service {
    async fn export_rentals(
        &self,
        context: Context,
        request: ExportRentalsRequest,
    ) -> Result<ExportRentalsResponse, Fault> {
        let body = Arc::new(request.body.unwrap_or_default());
        respond(next(self.clone(), context, body, Table::default()).await)
    }
}

/// What of a table comes next. It is read when the client has taken what came before, so that one that is slow holds
/// no transaction open; the request is under way for as long as this is kept.
type Next = Pin<Box<dyn Future<Output = Result<Streamed<RentalExported>, Error>> + Send>>;

fn next(service: Service, context: Context, body: Arc<RentalExport>, mut table: Table) -> Next {
    Box::pin(async move {
        let (asked, last) = (Arc::clone(&body), table.last());
        let piece = service
            .read(context.clone(), move |call| {
                exports::piece(call, &asked, last.clone())
            })
            .await?;
        if !table.count(&piece) {
            let now = service.clock().now();
            let whole = table.finish(piece.text, &context.tenant, now, &body);
            return Ok(Streamed::Whole(whole));
        }
        let following = next(service, context, body, table);
        Ok(Streamed::piece(piece.text, async {
            following.await.map_err(|error| chain(&error))
        }))
    })
}
