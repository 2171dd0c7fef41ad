//! The server answers over TCP.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[tokio::test]
async fn requests_are_answered_as_the_contract_says() {
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port is free");
    let address = listener
        .local_addr()
        .expect("a bound socket has an address");
    let host = crate::Host::default();
    let never = std::future::pending();
    tokio::spawn(crate::host::listen(listener, crate::router(), host, || (), never));
    let ask = async |path: &str| {
        let mut stream = TcpStream::connect(address)
            .await
            .expect("the server listens");
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        stream
            .write_all(request.as_bytes())
            .await
            .expect("the server reads");
        let mut answer = String::new();
        stream
            .read_to_string(&mut answer)
            .await
            .expect("the server answers");
        answer
    };
    assert!(ask("/tours/night").await.ends_with(r#"{"name":"night"}"#));
    assert!(ask("/readyz").await.starts_with("HTTP/1.1 200"));
    assert!(ask("/tours/day").await.starts_with("HTTP/1.1 404"));
    let refused = ask("/tours/longer-than-twenty-characters").await;
    assert!(refused.contains(r#""path":"name""#), "{refused}");
}
