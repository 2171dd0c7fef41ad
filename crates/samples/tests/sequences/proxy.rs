//! A proxy that cuts connections, and a server that does what it is told.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Hands on what `server` answers; each connection is cut after so many bytes of it. Also how many there were.
pub(crate) async fn cutting(server: SocketAddr, after: usize) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(hand_on(client, server, after));
        }
    });
    (address, connections)
}

async fn hand_on(client: TcpStream, server: SocketAddr, after: usize) -> std::io::Result<()> {
    let server = TcpStream::connect(server).await?;
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let asked =
        tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_server).await });
    let mut answered = (&mut from_server).take(after as u64);
    let copied = tokio::io::copy(&mut answered, &mut to_client).await;
    to_client.shutdown().await?;
    asked.abort();
    copied.map(|_| ())
}

/// Gives each connection the next of `answers` and closes it. Also the heads of the requests.
pub(crate) async fn scripted(answers: Vec<String>) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heads = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&heads);
    tokio::spawn(async move {
        for answer in answers {
            let (mut client, _) = listener.accept().await.unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(client.read_u8().await.unwrap());
            }
            let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
            heard.lock().unwrap().push(head);
            client.write_all(answer.as_bytes()).await.unwrap();
            client.shutdown().await.unwrap();
        }
    });
    (address, heads)
}

/// An answer that is `missing` so many bytes of its end.
pub(crate) fn answer(status: &str, media_type: &str, body: &str, missing: usize) -> String {
    let length = body.len() + missing;
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}
