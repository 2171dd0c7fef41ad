//! Payments as the contract has them.

use api::{
    CancelPaymentRequest, CancelPaymentResponse, GetPaymentRequest, GetPaymentResponse,
    ListPaymentsRequest, ListPaymentsResponse, MarkPaymentPaidRequest, MarkPaymentPaidResponse,
    PaymentsApi, RecordPaymentAttemptRequest, RecordPaymentAttemptResponse,
};

use crate::call::Context;
use crate::error::{Fault, respond};
use crate::face::conditions::Resource;
use crate::face::serve::Service;
use crate::rules::payments;

impl PaymentsApi for Service {
    async fn list_payments(
        &self,
        context: Context,
        request: ListPaymentsRequest,
    ) -> Result<ListPaymentsResponse, Fault> {
        respond(
            self.read(context, move |call| payments::list(call, &request))
                .await,
        )
    }

    async fn get_payment(
        &self,
        context: Context,
        request: GetPaymentRequest,
    ) -> Result<GetPaymentResponse, Fault> {
        respond(
            self.read(context, move |call| {
                payments::get(call, &request.payment_id)
            })
            .await,
        )
    }

    async fn mark_payment_paid(
        &self,
        context: Context,
        request: MarkPaymentPaidRequest,
    ) -> Result<MarkPaymentPaidResponse, Fault> {
        let body = request.body.unwrap_or_default();
        respond(payments::mark_paid(self, context, request.payment_id, body).await)
    }

    async fn cancel_payment(
        &self,
        context: Context,
        request: CancelPaymentRequest,
    ) -> Result<CancelPaymentResponse, Fault> {
        let resource = Resource::Payment(request.payment_id.clone());
        respond(
            self.change(context, resource, move |call| {
                payments::cancel(call, &request.payment_id, &request.body)
            })
            .await,
        )
    }

    async fn record_payment_attempt(
        &self,
        context: Context,
        request: RecordPaymentAttemptRequest,
    ) -> Result<RecordPaymentAttemptResponse, Fault> {
        let resource = Resource::Payment(request.payment_id.clone());
        respond(
            self.change(context, resource, move |call| {
                payments::record_attempt(call, &request.payment_id, &request.body)
            })
            .await,
        )
    }
}
