//! Files as the contract has them.

use api::{
    DeleteFileRequest, DeleteFileResponse, FilesApi, GenerateContractRequest,
    GenerateContractResponse, GetFileContentRequest, GetFileContentResponse, GetFileRequest,
    GetFileResponse, GetFileUrlRequest, GetFileUrlResponse, ListFilesRequest, ListFilesResponse,
    OkHeaders,
};

use crate::call::Context;
use crate::error::{Error, Fault, respond};
use crate::face::serve::Service;
use crate::rules::files;

impl FilesApi for Service {
    async fn list_files(
        &self,
        context: Context,
        request: ListFilesRequest,
    ) -> Result<ListFilesResponse, Fault> {
        respond(
            self.read(context, move |call| files::list(call, &request))
                .await,
        )
    }

    async fn get_file(
        &self,
        context: Context,
        request: GetFileRequest,
    ) -> Result<GetFileResponse, Fault> {
        respond(
            self.read(context, move |call| files::get(call, &request.file_id))
                .await,
        )
    }

    async fn get_file_url(
        &self,
        context: Context,
        request: GetFileUrlRequest,
    ) -> Result<GetFileUrlResponse, Fault> {
        let public_url = match self.files() {
            Ok(files) => files.public_url.clone(),
            Err(error) => return respond(Err(error)),
        };
        respond(
            self.read(context, move |call| {
                files::url(call, &public_url, &request.body)
            })
            .await,
        )
    }

    async fn generate_contract(
        &self,
        context: Context,
        request: GenerateContractRequest,
    ) -> Result<GenerateContractResponse, Fault> {
        respond(files::generate(self, context, request.body).await)
    }

    async fn delete_file(
        &self,
        context: Context,
        request: DeleteFileRequest,
    ) -> Result<DeleteFileResponse, Fault> {
        let body = request.body.unwrap_or_default();
        respond(files::delete(self, context, request.file_id, body).await)
    }

    async fn get_file_content(
        &self,
        request: GetFileContentRequest,
    ) -> Result<GetFileContentResponse, Fault> {
        match files::open(self, &request.token).await {
            Ok(content) => Ok(GetFileContentResponse::Ok(
                content.bytes.into(),
                OkHeaders {
                    content_disposition: content.disposition,
                },
            )),
            Err(Error::Refused(refusal)) => Ok(GetFileContentResponse::NotFound(refusal.body())),
            Err(error) => Err(Fault::of(&error)),
        }
    }
}
