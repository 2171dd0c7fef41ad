//! An implementation of the golden contract `server.yaml`, and a way to talk to it over TCP.

#![allow(
    unreachable_pub,
    reason = "golden code is public, as it is where it is generated"
)]
#![allow(
    clippy::match_single_binding,
    clippy::needless_borrows_for_generic_args,
    clippy::nonminimal_bool,
    clippy::unnecessary_map_on_constructor,
    reason = "generated code writes every case alike"
)]

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Golden output for types.
#[allow(dead_code, reason = "this contract does not need everything")]
pub mod types {
    include!("../../../contract-codegen/tests/goldens/server.types.rs");
}

/// Golden output for servers.
#[allow(
    dead_code,
    unused_imports,
    clippy::large_enum_variant,
    reason = "this contract does not need everything"
)]
pub mod api {
    pub use super::types;

    include!("../../../contract-codegen/tests/goldens/server.api.rs");
}

use api::support::{FromError as _, Respond as _};
use api::*;

/// Answers with what it was given, and remembers what it was told.
#[derive(Default)]
pub struct Desk {
    /// What the hooks heard.
    pub heard: Mutex<Vec<String>>,
}

impl Desk {
    fn hear(&self, what: String) {
        self.heard
            .lock()
            .expect("no test panics while it holds the lock")
            .push(what);
    }
}

impl Api for Desk {
    type Contract = Contract;
    type Context = String;
    type Fault = String;

    async fn authenticate(
        &self,
        operation: Operation,
        credentials: Credentials<'_>,
    ) -> Result<String, Denial> {
        let known = |scheme| {
            operation
                .security()
                .iter()
                .flat_map(|set| *set)
                .any(|asked| asked.scheme == scheme)
        };
        match (credentials.bearer, credentials.key.as_deref()) {
            (Some("ann"), _) => Ok("ann".to_owned()),
            (Some("eve"), _) => Err(Denial::forbidden("NOT_YOURS", "eve may not")),
            (Some("bot"), _) => Err(Denial::too_many_requests("SLOW_DOWN", "too fast", 7)),
            (Some("wait"), _) => Err(Denial::unavailable("NOT_NOW", "keys are away", 2)),
            (Some("down"), _) => Err(Denial::fault("key store is gone")),
            (None, Some("k 1")) if known("key") => Ok("key".to_owned()),
            (None, None) => Err(Denial::unauthenticated("NO_TOKEN", "no token")),
            _ => Err(Denial::unauthenticated("BAD_TOKEN", "bad token")),
        }
    }

    fn rejection(&self, operation: Option<Operation>, rejection: &Rejection) -> types::Problem {
        let code = match rejection {
            Rejection::Denied(denial) => denial.code.to_owned(),
            _ => format!(
                "{}:{}",
                operation.map_or("-", Operation::id),
                rejection.status().as_u16()
            ),
        };
        let details = match rejection {
            Rejection::Invalid(violations) => Some(
                violations
                    .iter()
                    .map(|violation| format!("{} {}", violation.path, violation.code))
                    .collect(),
            ),
            _ => None,
        };
        types::Problem {
            code,
            message: rejection.to_string(),
            details,
        }
    }

    fn fault(&self, operation: Operation, fault: &String) {
        self.hear(format!("fault {operation}: {fault}"));
    }

    fn retry_after_seconds(&self, fault: &String) -> Option<u64> {
        fault.starts_with("locked").then_some(3)
    }

    fn defect(&self, operation: Operation, defect: &str) {
        self.hear(format!("defect {operation}: {defect}"));
    }

    fn invalid_answer(&self, operation: Operation, violations: &[support::Violation]) {
        let paths: Vec<&str> = violations
            .iter()
            .map(|violation| violation.path.as_str())
            .collect();
        self.hear(format!("invalid {operation}: {}", paths.join(" ")));
    }
}

fn ticket(id: impl Into<String>) -> types::Ticket {
    types::Ticket {
        id: id.into(),
        state: types::State::Open.into(),
    }
}

impl TicketsApi for Desk {
    async fn list_tickets(
        &self,
        user: String,
        request: ListTicketsRequest,
    ) -> Result<ListTicketsResponse, String> {
        let told = format!("{user} {request:?}");
        let headers = OkHeaders {
            x_total: request.limit,
            x_next: Some(told),
        };
        Ok(ListTicketsResponse::Ok(vec![ticket("t1")], headers))
    }

    async fn create_ticket(
        &self,
        _: String,
        request: CreateTicketRequest,
    ) -> Result<CreateTicketResponse, String> {
        match request.body.title.as_str() {
            "panic" => panic!("a handler that panics"),
            "fault" => Err("the disk is full".to_owned()),
            "locked" => Err("locked for now".to_owned()),
            "busy" => {
                let problem = types::Problem {
                    code: "BUSY".into(),
                    message: "later".into(),
                    details: None,
                };
                CreateTicketResponse::from_error(503, problem).map_err(|problem| problem.message)
            }
            "undeclared" => {
                let problem = types::Problem {
                    code: "TEAPOT".into(),
                    message: "no 418".into(),
                    details: None,
                };
                CreateTicketResponse::from_error(418, problem).map_err(|problem| problem.message)
            }
            title => Ok(CreateTicketResponse::success(ticket(title))),
        }
    }

    async fn count_open(
        &self,
        _: String,
        _: CountOpenRequest,
    ) -> Result<CountOpenResponse, String> {
        Ok(CountOpenResponse::Ok("7 öpen".to_owned()))
    }

    async fn get_ticket(
        &self,
        _: String,
        request: GetTicketRequest,
    ) -> Result<GetTicketResponse, String> {
        Ok(GetTicketResponse::Ok(ticket(request.id)))
    }

    async fn change_ticket(
        &self,
        _: String,
        request: ChangeTicketRequest,
    ) -> Result<ChangeTicketResponse, String> {
        self.hear(format!("{:?}", request.body.map(|body| body.state)));
        Ok(ChangeTicketResponse::NoContent)
    }
}

impl FilesApi for Desk {
    async fn get_photo(
        &self,
        _: String,
        request: GetPhotoRequest,
    ) -> Result<GetPhotoResponse, String> {
        let bytes = vec![0x89, b'P', request.number as u8];
        Ok(GetPhotoResponse::Ok(GetPhotoOkBody::Png(bytes.into())))
    }

    async fn add_file(
        &self,
        _: String,
        request: AddFileRequest,
    ) -> Result<AddFileResponse, String> {
        Ok(AddFileResponse::Ok(match request.body {
            AddFileBody::Form(form) => format!(
                "{:?} {:?} {} bytes, {:?} copies, {:?}, {:?}",
                form.file.file_name,
                form.file.content_type,
                form.file.bytes.len(),
                form.copies,
                form.labels,
                form.ticket.map(|ticket| ticket.title),
            ),
            AddFileBody::Csv(text) => format!("csv {text}"),
            AddFileBody::OctetStream(bytes) => format!("{} bytes", bytes.len()),
        }))
    }

    async fn search_files(
        &self,
        _: String,
        request: SearchFilesRequest,
    ) -> Result<SearchFilesResponse, String> {
        Ok(SearchFilesResponse::Ok(format!(
            "{} {:?}",
            request.body.text, request.body.most
        )))
    }

    async fn list_files(
        &self,
        _: String,
        _: ListFilesRequest,
    ) -> Result<ListFilesResponse, String> {
        let rest = async {
            Ok(support::Streamed::Whole(types::Listing {
                names: "b\n".into(),
                count: 2,
            }))
        };
        let names = support::Streamed::piece("a\n".into(), rest);
        Ok(ListFilesResponse::success(names))
    }
}

impl HealthApi for Desk {
    async fn health(&self, _: HealthRequest) -> Result<HealthResponse, String> {
        Ok(HealthResponse::NoContent)
    }

    async fn whoami(
        &self,
        user: Option<String>,
        _: WhoamiRequest,
    ) -> Result<WhoamiResponse, String> {
        Ok(WhoamiResponse::Ok(
            user.unwrap_or_else(|| "nobody".to_owned()),
        ))
    }
}

/// A server on a port of its own.
pub struct Served {
    /// Where it listens.
    pub address: SocketAddr,
    /// What stands behind it.
    pub desk: Arc<Desk>,
}

/// Serves every tag, with small limits, checking answers.
pub async fn serve() -> Served {
    serve_with(|mount| mount.tickets().files().health()).await
}

/// Serves what `mount` mounts.
pub async fn serve_with(mount: impl FnOnce(Mount<Desk>) -> Mount<Desk>) -> Served {
    let desk = Arc::new(Desk::default());
    let new = Mount::new(Arc::clone(&desk))
        .document_limit(1000)
        .upload_limit(3000)
        // No test waits for it: one that does has another one.
        .body_timeout(Some(Duration::from_secs(30)))
        .check_answers(true);
    let router = mount(new).finish();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound socket");
    tokio::spawn(async move { axum::serve(listener, router).await });
    Served { address, desk }
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    /// Status.
    pub status: u16,
    /// Headers by lower-case name.
    pub headers: HashMap<String, String>,
    /// Body.
    pub body: Vec<u8>,
}

impl Reply {
    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the answer is text")
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// `code` and `details` of a problem, on one line.
    pub fn problem(&self) -> String {
        let body = self.json();
        let details = body["details"].as_array().cloned().unwrap_or_default();
        let details: Vec<&str> = details
            .iter()
            .filter_map(|detail| detail.as_str())
            .collect();
        format!(
            "{} {} [{}]",
            self.status,
            body["code"].as_str().unwrap_or("?"),
            details.join(", ")
        )
    }
}

impl Served {
    /// Sends a request as `ann`; `head` is the request line and further headers, a line each.
    pub async fn ann(&self, head: &str, body: impl AsRef<[u8]>) -> Reply {
        self.send(&format!("{head}\nAuthorization: Bearer ann"), body)
            .await
    }

    /// Sends a request with a body of known length.
    pub async fn send(&self, head: &str, body: impl AsRef<[u8]>) -> Reply {
        let body = body.as_ref();
        let mut head = head.to_owned();
        if !body.is_empty() {
            head.push_str(&format!("\nContent-Length: {}", body.len()));
        }
        self.raw(&head, body).await
    }

    /// Sends exactly this, and reads until the server closes.
    pub async fn raw(&self, head: &str, body: &[u8]) -> Reply {
        let (line, headers) = head.split_once('\n').unwrap_or((head, ""));
        let mut request = format!("{line} HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n");
        for header in headers.lines() {
            request.push_str(&format!("{header}\r\n"));
        }
        request.push_str("\r\n");
        let mut stream = TcpStream::connect(self.address)
            .await
            .expect("the server listens");
        stream
            .write_all(request.as_bytes())
            .await
            .expect("the server reads");
        // A server that has answered already may have closed.
        let _ = stream.write_all(body).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        parse(&answer)
    }

    /// What the hooks heard.
    pub fn heard(&self) -> Vec<String> {
        self.desk
            .heard
            .lock()
            .expect("no test panics while it holds the lock")
            .clone()
    }
}

fn parse(answer: &[u8]) -> Reply {
    let end = answer
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .expect("an answer has a head");
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .and_then(|code| code.parse().ok());
    let headers = lines.filter_map(|line| line.split_once(": "));
    Reply {
        status: status.expect("an answer has a status"),
        headers: headers
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect(),
        body: answer[end + 4..].to_vec(),
    }
}
