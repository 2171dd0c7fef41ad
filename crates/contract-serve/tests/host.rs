//! The listener in front of any router, over TCP.

use std::future::pending;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Extension;
use axum::http::Response;
use axum::routing::get;
use contract_serve::Caller;
use contract_serve::host::{Errors, Host, Limits, NoRequest, Proxies, listen};
use futures_core::Stream;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};

/// A listener that is told to stop when the sender is dropped; how many connections it has had, and its end.
struct Running {
    address: std::net::SocketAddr,
    connections: Arc<AtomicUsize>,
    stop: oneshot::Sender<()>,
    ended: tokio::task::JoinHandle<()>,
}

async fn serve(app: Router, host: Host) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound socket");
    let connections = Arc::new(AtomicUsize::new(0));
    let (stop, stopped) = oneshot::channel::<()>();
    let counted = Arc::clone(&connections);
    let connected = move || counted.fetch_add(1, Ordering::Relaxed);
    let ended = tokio::spawn(listen(listener, app, host, connected, async {
        let _ = stopped.await;
    }));
    Running {
        address,
        connections,
        stop,
        ended,
    }
}

/// All that is answered to these bytes.
async fn ask(server: &Running, bytes: &str) -> String {
    let mut stream = TcpStream::connect(server.address)
        .await
        .expect("it listens");
    stream.write_all(bytes.as_bytes()).await.expect("it reads");
    let mut answer = String::new();
    stream
        .read_to_string(&mut answer)
        .await
        .expect("it answers");
    answer
}

fn app() -> Router {
    let client = async |Extension(Caller(address)): Extension<Caller>| address.to_string();
    Router::new().route("/client", get(client))
}

const CLIENT: &str =
    "GET /client HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-forwarded-for: 192.0.2.7\r\n\r\n";

#[tokio::test]
async fn requests_name_their_client() {
    let server = serve(app(), Host::default()).await;
    assert!(ask(&server, CLIENT).await.ends_with("\r\n\r\n127.0.0.1"));
    let proxy = "127.0.0.1".parse().expect("an address");
    let host = Host {
        proxies: Proxies::new(&[proxy]),
        ..Host::default()
    };
    let behind = serve(app(), host).await;
    assert!(ask(&behind, CLIENT).await.ends_with("\r\n\r\n192.0.2.7"));
    assert_eq!(behind.connections.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn what_is_no_request_is_answered_in_the_form_of_the_host() {
    let server = serve(app(), Host::default()).await;
    let answer = ask(&server, "what is this?\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(answer.contains("application/problem+json"), "{answer}");
    assert!(answer.contains("x-request-id: "), "{answer}");

    let refuse = |refused: &NoRequest<'_>| Response::new(format!("no: {}", refused.status));
    let limits = Limits {
        head_bytes: 8 * 1024,
        ..Limits::default()
    };
    let host = Host {
        errors: Errors {
            refuse,
            ..Errors::default()
        },
        limits,
        ..Host::default()
    };
    let own = serve(app(), host).await;
    let long = format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "x".repeat(70_000));
    let answer = ask(&own, &long).await;
    assert!(
        answer.ends_with("no: 414 URI Too Long") || answer.contains("no: 431"),
        "{answer}"
    );
}

#[tokio::test]
async fn what_was_accepted_is_answered_before_the_end() {
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let slow = {
        let (begun, go_on) = (Arc::clone(&begun), Arc::clone(&go_on));
        get(async move || {
            begun.notify_one();
            go_on.notified().await;
            "done"
        })
    };
    let server = serve(Router::new().route("/slow", slow), Host::default()).await;
    let mut stream = TcpStream::connect(server.address)
        .await
        .expect("it listens");
    let request = b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n";
    stream.write_all(request).await.expect("it reads");
    begun.notified().await;
    drop(server.stop);
    go_on.notify_one();
    let mut answer = String::new();
    stream
        .read_to_string(&mut answer)
        .await
        .expect("it answers");
    assert!(answer.ends_with("done"), "{answer}");
    server.ended.await.expect("it ends");
    assert!(TcpStream::connect(server.address).await.is_err());
}

/// A piece of the body, and what happens before the next one.
type Made = Result<Bytes, std::io::Error>;

/// A body without length: first `count` pieces of 64 KiB, then what `rest` gives.
struct Unmeasured<R> {
    count: usize,
    rest: Pin<Box<R>>,
    over: bool,
    ended: Arc<Notify>,
}

impl<R: Future<Output = &'static str>> Stream for Unmeasured<R> {
    type Item = Made;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Made>> {
        if self.count > 0 {
            self.count -= 1;
            return Poll::Ready(Some(Ok(Bytes::from(vec![b'x'; 64 * 1024]))));
        }
        if self.over {
            return Poll::Ready(None);
        }
        let last = ready!(self.rest.as_mut().poll(cx));
        self.over = true;
        Poll::Ready(Some(Ok(Bytes::from_static(last.as_bytes()))))
    }
}

impl<R> Drop for Unmeasured<R> {
    fn drop(&mut self) {
        self.ended.notify_one();
    }
}

const GET: &str = " HTTP/1.1\r\nhost: x\r\n\r\n";
/// Guards against hanging; no test waits for it.
const AT_MOST: Duration = Duration::from_secs(60);

#[tokio::test]
async fn time_runs_for_clients_that_take_nothing_and_not_for_what_is_still_made() {
    let (ended, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let endless = {
        let ended = Arc::clone(&ended);
        get(async move || {
            let (count, rest) = (usize::MAX, Box::pin(pending()));
            Body::from_stream(Unmeasured {
                count,
                rest,
                over: false,
                ended,
            })
        })
    };
    let slow = {
        let go_on = Arc::clone(&go_on);
        get(async move || {
            let rest = Box::pin(async move {
                go_on.notified().await;
                "done"
            });
            let (over, ended) = (false, Arc::default());
            Body::from_stream(Unmeasured {
                count: 1,
                rest,
                over,
                ended,
            })
        })
    };
    let limits = Limits {
        write: Duration::from_millis(50),
        write_rate: 1024 * 1024,
        ..Limits::default()
    };
    let app = Router::new()
        .route("/endless", endless)
        .route("/slow", slow);
    let server = serve(
        app,
        Host {
            limits,
            ..Host::default()
        },
    )
    .await;

    let mut slow = TcpStream::connect(server.address)
        .await
        .expect("it listens");
    let request = format!("GET /slow{GET}");
    slow.write_all(request.as_bytes()).await.expect("it reads");
    let mut first = vec![0; 64 * 1024];
    slow.read_exact(&mut first).await.expect("the first piece");

    // Its end takes longer than what the other was given.
    let mut stalled = TcpStream::connect(server.address)
        .await
        .expect("it listens");
    let request = format!("GET /endless{GET}");
    stalled
        .write_all(request.as_bytes())
        .await
        .expect("it reads");
    let dropped = tokio::time::timeout(AT_MOST, ended.notified()).await;
    dropped.expect("a client that takes nothing is dropped");

    go_on.notify_one();
    let mut rest = Vec::new();
    while !rest.ends_with(b"\r\n0\r\n\r\n") {
        let read = slow.read_buf(&mut rest).await.expect("it is still there");
        assert!(read > 0, "closed after {} bytes", rest.len());
    }
    let rest = String::from_utf8_lossy(&rest);
    assert!(rest.contains("done"), "{rest}");
}

#[tokio::test]
async fn a_connection_is_free_again_after_an_answer_without_length() {
    let unmeasured = get(async || {
        let (rest, ended) = (Box::pin(async { "done" }), Arc::default());
        Body::from_stream(Unmeasured {
            count: 3,
            rest,
            over: false,
            ended,
        })
    });
    let app = Router::new().route("/unmeasured", unmeasured);
    let server = serve(app, Host::default()).await;
    let mut stream = TcpStream::connect(server.address)
        .await
        .expect("it listens");
    for _ in 0..2 {
        let request = format!("GET /unmeasured{GET}");
        stream
            .write_all(request.as_bytes())
            .await
            .expect("it reads");
        let mut answer = Vec::new();
        while !answer.ends_with(b"done\r\n0\r\n\r\n") {
            let read = stream.read_buf(&mut answer).await.expect("it answers");
            assert!(read > 0, "closed after {} bytes", answer.len());
        }
    }
    let begun = std::time::Instant::now();
    drop(server.stop);
    server.ended.await.expect("it ends");
    assert!(
        begun.elapsed() < Limits::default().shutdown,
        "it owes nothing"
    );
}
