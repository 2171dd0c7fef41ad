//! Durable deletions over HTTP, 64 connections, `synchronous=FULL`, measured in turns within one
//! run: the server as it is (`grouped`), the server with one commit per request (`single`), and
//! the generated layer alone, with a handler that answers from nothing (`layer`).
//!
//! `cargo bench -p server --bench deletes`

#[path = "../tests/support/fill.rs"]
#[allow(unreachable_pub, reason = "shared with the tests")]
mod fill;
#[path = "../tests/support/load.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "shared with the tests, which use the rest"
)]
mod load;

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use store::Store;

const CONNECTIONS: usize = 64;
const ROUNDS: usize = 5;
const REQUESTS: usize = 40_000;
const REQUESTS_SINGLE: usize = 8_000;
const TENANT: &str = "bu_bench";

fn main() {
    if std::env::args().nth(1).as_deref() == Some("layer") {
        return layer::serve();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(compare());
}

async fn compare() {
    let folder =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("deletes-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    println!(
        "flush of the disk under {}: {:.3} ms (median of 200)",
        folder.display(),
        flush_ms(&folder)
    );

    let mut rates: [Vec<f64>; 3] = Default::default();
    for round in 0..ROUNDS {
        for (index, name) in ["grouped", "single", "layer"].into_iter().enumerate() {
            let requests = if name == "single" {
                REQUESTS_SINGLE
            } else {
                REQUESTS
            };
            let outcome = measure(&folder.join(format!("{name}-{round}.db")), name, requests).await;
            assert_eq!(outcome.succeeded, requests, "every deletion succeeds");
            println!(
                "round {round} {name:8} {:8.0}/s   p50 {:6.2} ms   p99 {:6.2} ms",
                outcome.rate(),
                outcome.percentile(0.5).as_secs_f64() * 1e3,
                outcome.percentile(0.99).as_secs_f64() * 1e3,
            );
            rates[index].push(outcome.rate());
        }
    }
    let [grouped, single, layer] = rates.map(median);
    println!("median   grouped {grouped:.0}/s   single {single:.0}/s   layer {layer:.0}/s");
    println!("grouped / single {:.2} (bar 5)", grouped / single);
    println!("grouped / layer  {:.2} (bar 0.35)", grouped / layer);
    let _ = std::fs::remove_dir_all(&folder);
}

async fn measure(database: &Path, name: &str, requests: usize) -> load::Outcome {
    let ids: Vec<String> = (0..requests)
        .map(|index| format!("cust_{index:08}"))
        .collect();
    let url = format!("sqlite:{}", database.display());
    let (mut server, key) = if name == "layer" {
        (Process::layer(), "fp_layer_0".to_owned())
    } else {
        let key = prepare(&url, &ids).await;
        (Process::flexportal(&url, name == "single"), key)
    };
    let all = ids
        .iter()
        .map(|id| load::delete_request(id, TENANT, &key))
        .collect();
    let outcome = load::run(&server.address, CONNECTIONS, Arc::new(all)).await;
    server.stop();
    outcome
}

async fn prepare(url: &str, ids: &[String]) -> String {
    use service::Clock;
    use service::admin::{NewKey, NewTenant, create_key, create_tenant};

    let store = Store::open(url).expect("a fresh database");
    let tenant = NewTenant {
        id: TENANT.into(),
        name: "Bench".into(),
        currency: "EUR".into(),
        preset: None,
        timezone: "UTC".into(),
        tier: "growth".into(),
    };
    create_tenant(&store, &Clock::system(), tenant)
        .await
        .expect("the tenant is new");
    let key = NewKey {
        tenant: TENANT.into(),
        name: "bench".into(),
        permissions: vec![],
        expires_in_days: None,
    };
    let key = create_key(&store, &Clock::system(), key)
        .await
        .expect("the tenant exists")
        .secret;
    fill::customers(&store, TENANT, ids.to_vec()).await;
    store.close();
    key
}

/// A server as a process of its own.
struct Process {
    child: Child,
    address: String,
}

impl Process {
    fn flexportal(url: &str, single: bool) -> Process {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flexportal"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--database", url]);
        // One line, to learn the address; requests are not logged on any side.
        command.args([
            "--log-format",
            "json",
            "--log",
            "flexportal=info,flexportal::request=warn",
        ]);
        if single {
            command.arg("--single-commits");
        }
        let mut child = command
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("it starts");
        let lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let address = lines
            .map_while(Result::ok)
            .find_map(|line| {
                let line: serde_json::Value = serde_json::from_str(&line).ok()?;
                Some(line["address"].as_str()?.to_owned())
            })
            .expect("the server listens");
        Process { child, address }
    }

    fn layer() -> Process {
        let this = std::env::current_exe().expect("the path of this program");
        let mut child = Command::new(this)
            .arg("layer")
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let address = lines.next().expect("a line").expect("UTF-8");
        Process { child, address }
    }

    fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Median time of writing a page and flushing it, in milliseconds.
fn flush_ms(folder: &Path) -> f64 {
    let mut file = std::fs::File::create(folder.join("flush")).expect("a file");
    let times = (0..200).map(|_| {
        file.write_all(&[7; 4096]).expect("written");
        let started = Instant::now();
        file.sync_data().expect("flushed");
        started.elapsed().as_secs_f64() * 1e3
    });
    median(times.collect())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The generated layer with nothing behind it: it routes, authenticates against one known key,
/// decodes and answers, on the same listener as the server.
mod layer {
    use std::fmt;
    use std::sync::Arc;

    use api::types::support::True;
    use api::types::{CustomerDeleted, Error, ErrorCode, ErrorInfo};
    use api::{
        Api, Credentials, CustomersApi, DeleteCustomerRequest, DeleteCustomerResponse, Denial,
        GetCustomerRequest, GetCustomerResponse, ListCustomersRequest, ListCustomersResponse,
        Mount, Operation, Rejection, UpdateCustomerRequest, UpdateCustomerResponse,
    };

    struct Layer;

    struct NotHere;

    impl fmt::Display for NotHere {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("only deletions are measured")
        }
    }

    impl Api for Layer {
        type Context = ();
        type Fault = NotHere;

        async fn authenticate(
            &self,
            _: Operation,
            credentials: Credentials<'_>,
        ) -> Result<(), Denial> {
            let tenant = credentials
                .headers
                .get("tenant-id")
                .map(|value| value.as_bytes());
            if credentials.bearer == Some("fp_layer_0") && tenant == Some(super::TENANT.as_bytes())
            {
                Ok(())
            } else {
                Err(Denial::unauthenticated("INVALID_TOKEN", "unknown key"))
            }
        }

        fn rejection(&self, _: Option<Operation>, rejection: &Rejection) -> Error {
            let code = ErrorCode::InternalError.into();
            Error {
                error: ErrorInfo {
                    code,
                    message: rejection.to_string(),
                    details: None,
                },
            }
        }
    }

    impl CustomersApi for Layer {
        async fn delete_customer(
            &self,
            (): (),
            request: DeleteCustomerRequest,
        ) -> Result<DeleteCustomerResponse, NotHere> {
            Ok(DeleteCustomerResponse::Ok(CustomerDeleted {
                success: True,
                message: "customer deactivated".into(),
                customer_id: request.customer_id,
            }))
        }

        async fn get_customer(
            &self,
            (): (),
            _: GetCustomerRequest,
        ) -> Result<GetCustomerResponse, NotHere> {
            Err(NotHere)
        }

        async fn list_customers(
            &self,
            (): (),
            _: ListCustomersRequest,
        ) -> Result<ListCustomersResponse, NotHere> {
            Err(NotHere)
        }

        async fn update_customer(
            &self,
            (): (),
            _: UpdateCustomerRequest,
        ) -> Result<UpdateCustomerResponse, NotHere> {
            Err(NotHere)
        }
    }

    /// Serves until the process is killed; the first line of output is the address.
    pub(super) fn serve() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
                .await
                .expect("a free port");
            println!("{}", listener.local_addr().expect("an address"));
            let app = Mount::new(Arc::new(Layer)).customers().finish();
            axum::serve(listener, app).await.expect("the server runs");
        });
    }
}
