//! A proxy before PostgreSQL that understands just enough of its protocol to cut a connection at a
//! chosen message of the client.
//!
//! See "Message Formats" in PostgreSQL's documentation: a byte for the type, four for the length,
//! which counts itself; the first message of a connection has no type.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};

/// Where a connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The message does not arrive.
    Before,
    /// It arrives; what becomes of it, the client never hears.
    After,
    /// The server has worked through it and all that belongs to it; the answer does not arrive.
    Answer,
}

impl Cut {
    pub(crate) const ALL: [Cut; 3] = [Cut::Before, Cut::After, Cut::Answer];
}

/// The proxy. It stays at its address whatever becomes of the server behind it.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    plan: Arc<Plan>,
}

struct Plan {
    /// Messages until the cut.
    armed: Mutex<Option<(usize, Cut)>>,
    struck: watch::Sender<usize>,
}

impl Proxy {
    /// Starts to forward connections to `port` of this machine.
    pub(crate) async fn start(port: u16) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let own = listener.local_addr().expect("it listens").port();
        let plan = Arc::new(Plan {
            armed: Mutex::default(),
            struck: watch::channel(0).0,
        });
        let shared = Arc::clone(&plan);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                // Ends with an error when either side goes or the plan says so.
                tokio::spawn(forward(client, port, Arc::clone(&shared)));
            }
        });
        Proxy { port: own, plan }
    }

    /// Cuts at the `number`th message from now on (from 1), of whatever connection it is.
    pub(crate) fn arm(&self, number: usize, cut: Cut) {
        *self.plan.armed.lock().expect("no panic while locked") = Some((number, cut));
    }

    /// Whether the cut has come; otherwise it does not come any more.
    pub(crate) fn disarm(&self) -> bool {
        let mut armed = self.plan.armed.lock().expect("no panic while locked");
        armed.take().is_none()
    }

    /// Waits until a connection is cut after `cuts` earlier ones.
    pub(crate) async fn struck(&self, cuts: usize) {
        let mut struck = self.plan.struck.subscribe();
        let waited = struck.wait_for(|it| *it > cuts).await;
        waited.expect("the proxy holds the sender");
    }

    /// Connections cut so far.
    pub(crate) fn cuts(&self) -> usize {
        *self.plan.struck.borrow()
    }
}

impl Plan {
    /// Counts a message of a client.
    fn next(&self) -> Option<Cut> {
        let mut armed = self.armed.lock().expect("no panic while locked");
        let (left, cut) = armed.as_mut()?;
        *left -= 1;
        let (left, cut) = (*left, *cut);
        if left > 0 {
            return None;
        }
        *armed = None;
        Some(cut)
    }

    fn strike(&self) -> io::Error {
        self.struck.send_modify(|cuts| *cuts += 1);
        io::ErrorKind::ConnectionAborted.into()
    }
}

/// Forwards until one direction ends, and lets go of both sides then.
async fn forward(client: TcpStream, port: u16, plan: Arc<Plan>) -> io::Result<()> {
    let server = TcpStream::connect(("127.0.0.1", port)).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let losing = Losing::default();
    tokio::select! {
        ended = requests(from_client, to_server, &plan, &losing) => ended,
        ended = answers(from_server, to_client, &plan, &losing) => ended,
    }
}

/// Set once answers are not passed on any more.
#[derive(Default)]
struct Losing {
    answers: AtomicBool,
    changed: Notify,
}

async fn requests(
    mut client: OwnedReadHalf,
    mut server: OwnedWriteHalf,
    plan: &Plan,
    losing: &Losing,
) -> io::Result<()> {
    let startup = message(&mut client, false).await?;
    server.write_all(&startup).await?;
    loop {
        let message = message(&mut client, true).await?;
        let cut = plan.next();
        if cut == Some(Cut::Before) {
            return Err(plan.strike());
        }
        if cut == Some(Cut::Answer) {
            losing.answers.store(true, Ordering::SeqCst);
        }
        server.write_all(&message).await?;
        if cut == Some(Cut::After) {
            return Err(plan.strike());
        }
        // The server answers when it is told to: at the end of a simple query or at Sync.
        if losing.answers.load(Ordering::SeqCst) && matches!(message[0], b'Q' | b'S' | b'X') {
            // Ends with the other direction.
            losing.changed.notified().await;
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
    }
}

async fn answers(
    mut server: OwnedReadHalf,
    mut client: OwnedWriteHalf,
    plan: &Plan,
    losing: &Losing,
) -> io::Result<()> {
    loop {
        let message = message(&mut server, true).await?;
        if !losing.answers.load(Ordering::SeqCst) {
            client.write_all(&message).await?;
        } else if message[0] == b'Z' {
            // ReadyForQuery: all is done.
            return Err(plan.strike());
        }
    }
}

/// One whole message, with its head.
async fn message(from: &mut OwnedReadHalf, typed: bool) -> io::Result<Vec<u8>> {
    let head = if typed { 5 } else { 4 };
    let mut message = vec![0; head];
    from.read_exact(&mut message).await?;
    let length: [u8; 4] = message[head - 4..].try_into().map_err(io::Error::other)?;
    let length = u32::from_be_bytes(length) as usize;
    message.resize(head + length.saturating_sub(4), 0);
    from.read_exact(&mut message[head..]).await?;
    Ok(message)
}
