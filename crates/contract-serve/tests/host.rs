//! The listener in front of any router, over TCP.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::Extension;
use axum::http::Response;
use axum::routing::get;
use contract_serve::Caller;
use contract_serve::host::{Host, Limits, NoRequest, Proxies, listen};
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
        refuse,
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
