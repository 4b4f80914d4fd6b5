//! Puts the pages on a socket.

use super::{Peer, Setup, Site, router};
use crate::pipeline::Pipeline;
use crate::{signal, term};
use anyhow::Context as _;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use lagebild_store::Readers;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

/// How long clients may keep the server waiting.
#[derive(Clone, Copy, Debug)]
struct Patience {
    /// For the head of a request, also for the next one on a connection that is kept.
    head: Duration,
    /// For taking some more of an answer.
    answer: Duration,
    /// For the end of answers once the server is to stop.
    stop: Duration,
}

const PATIENCE: Patience = Patience {
    head: Duration::from_secs(10),
    answer: Duration::from_secs(30),
    stop: Duration::from_secs(5),
};

/// Connections at the same time; the next wait in the queue of the system.
const CONNECTIONS: usize = 512;
/// Connections of one address at the same time, but for this machine's own, behind which a proxy may speak for all; further ones
/// are closed at once.
const OF_ONE: usize = 64;

/// How many connections each address has.
#[derive(Clone, Default)]
struct Guests(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// A connection of an address, counted until it is dropped.
struct Guest {
    guests: Guests,
    ip: IpAddr,
}

impl Guests {
    /// Counts a connection in; nothing when its address has as many as it may have.
    fn admit(&self, ip: IpAddr) -> Option<Guest> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(ip).or_default();
        if *count >= OF_ONE && !ip.is_loopback() {
            return None;
        }
        *count += 1;
        Some(Guest {
            guests: self.clone(),
            ip,
        })
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut counts = self.guests.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.ip) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.ip);
            }
        }
    }
}

/// Serves the store at `store` on `addr` until ctrl-c.
///
/// # Errors
/// When the address is taken, or the store cannot be read.
pub(crate) fn serve(store: &Path, addr: SocketAddr, setup: Setup) -> anyhow::Result<()> {
    let readers = Readers::open(store, Pipeline::compounds())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(addr)
            .await
            .with_context(|| format!("cannot serve on {addr}"))?;
        let pages = format!("http://{}", listener.local_addr()?);
        term::note(format!("Lagebild is at {pages}/ (ctrl-c stops it)"));
        if !addr.ip().is_loopback() {
            term::note("what is sent is not encrypted: put a server that speaks TLS before it (docs/api.md)");
        }
        let pages = Some(pages);
        let site = Site::new(readers, Setup { pages, ..setup });
        run(site, listener, PATIENCE, signal::stop()).await
    })
}

/// Serves until `stop`.
async fn run(
    site: Site,
    listener: TcpListener,
    patience: Patience,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let pages = router(site);
    let mut http = http1::Builder::new();
    // Without a timer hyper's header timeout does nothing, and a client that sends a byte a minute holds its connection.
    http.timer(TokioTimer::new()).header_read_timeout(patience.head);
    let graceful = GracefulShutdown::new();
    let (slots, guests) = (Arc::new(Semaphore::new(CONNECTIONS)), Guests::default());
    let mut stop = pin!(stop);
    loop {
        let slot = tokio::select! {
            slot = Arc::clone(&slots).acquire_owned() => slot?,
            () = &mut stop => break,
        };
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(_) => {
                    // Out of descriptors, most likely: let connections end instead of spinning.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        // An address in the form of IPv6 is the same address.
        let Some(guest) = guests.admit(peer.ip().to_canonical()) else {
            continue;
        };
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(patience.answer));
        let pages = pages.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            pages.clone().oneshot(request)
        });
        let connection = http.serve_connection(TokioIo::new(Box::pin(stream)), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A client that leaves early or talks nonsense is its own affair.
            let _ = connection.await;
            drop((slot, guest));
        });
    }
    drop(listener);
    // What does not end in time is cut off: what was acknowledged is on the disk, and all else was only read.
    let _ = tokio::time::timeout(patience.stop, graceful.shutdown()).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use lagebild_store::{NoCompounds, Store};
    use std::time::Instant;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;
    use tokio::sync::oneshot;

    /// A server that loses its patience soon, over an empty store; it stops when the sender is used or dropped.
    async fn server() -> (
        tempfile::TempDir,
        SocketAddr,
        oneshot::Sender<()>,
        tokio::task::JoinHandle<anyhow::Result<()>>,
    ) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("s.db");
        drop(Store::open(&path, Arc::new(NoCompounds)).unwrap());
        let patience = Patience {
            head: Duration::from_millis(300),
            answer: Duration::from_millis(300),
            stop: Duration::from_millis(500),
        };
        let setup = Setup {
            body_patience: Duration::from_millis(300),
            ..Setup::default()
        };
        let site = Site::new(Readers::open(&path, Arc::new(NoCompounds)).unwrap(), setup);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let stopped = async move {
            let _ = stopped.await;
        };
        let running = tokio::spawn(run(site, listener, patience, stopped));
        (directory, addr, stop, running)
    }

    /// Sends `pieces` with a pause after each, and gives what comes back until the server closes the connection.
    async fn talk(addr: SocketAddr, pieces: &[&str], pause: Duration) -> String {
        let mut stream = TcpStream::connect(addr).await.unwrap();
        for piece in pieces {
            if stream.write_all(piece.as_bytes()).await.is_err() {
                break;
            }
            tokio::time::sleep(pause).await;
        }
        let mut answer = Vec::new();
        let _ = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut answer))
            .await
            .expect("the server holds the connection for ever");
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[tokio::test]
    async fn slow_clients_are_let_go_and_others_served() {
        let (_keep, addr, _stop, _running) = server().await;
        let head = [
            "GET / HT",
            "TP/1.1\r\nho",
            "st: local",
            "host\r\nx: ",
            "y\r\n",
            "z: ",
            "1\r\n",
            "\r\n",
        ];
        let pause = Duration::from_millis(100);
        let body = [
            "POST /api/v1/read HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/plain\r\ncontent-length: 99\r\n\r\n",
            "a",
            "b",
            "c",
            "d",
            "e",
        ];
        let whole = ["GET /about HTTP/1.1\r\nhost: localhost\r\n\r\n"];
        let (slow_head, slow_body, idle, fine) = tokio::join!(
            talk(addr, &head, pause),
            talk(addr, &body, pause),
            talk(addr, &[""], pause),
            // It stays connected and asks for nothing more.
            talk(addr, &whole, pause),
        );
        assert!(!slow_head.contains("200 OK"), "{slow_head}");
        assert!(slow_body.starts_with("HTTP/1.1 408"), "{slow_body}");
        assert!(!idle.contains("200 OK"), "{idle}");
        assert!(fine.starts_with("HTTP/1.1 200"), "{fine}");
    }

    #[test]
    fn an_address_has_so_many_connections_and_not_more() {
        let guests = Guests::default();
        let [far, near, other]: [IpAddr; 3] = ["192.0.2.9", "127.0.0.1", "2001:db8::7"].map(|ip| ip.parse().unwrap());
        let mut held: Vec<Guest> = (0..OF_ONE).map(|_| guests.admit(far).unwrap()).collect();
        assert!(guests.admit(far).is_none());
        assert!(guests.admit(other).is_some(), "others are let in");
        let own: Vec<_> = (0..=OF_ONE).map(|_| guests.admit(near)).collect();
        assert!(
            own.iter().all(Option::is_some),
            "a proxy on this machine speaks for many"
        );
        held.pop();
        assert!(guests.admit(far).is_some(), "one went, one may come");
        drop((held, own));
        assert!(guests.0.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn long_bodies_are_refused_unread() {
        let (_keep, addr, _stop, _running) = server().await;
        let told = "POST /api/v1/read HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10000000000\r\n\r\n";
        let answer = talk(addr, &[told], Duration::ZERO).await;
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
        let chunk = format!("10000\r\n{}\r\n", "a".repeat(0x10000));
        let mut untold = vec!["POST /api/v1/read HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n"];
        untold.extend(std::iter::repeat_n(chunk.as_str(), 40));
        let answer = talk(addr, &untold, Duration::ZERO).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 413"), "{answer}");
    }

    #[tokio::test]
    async fn it_stops_when_told_though_clients_stay() {
        let (_keep, addr, stop, running) = server().await;
        let mut kept = TcpStream::connect(addr).await.unwrap();
        kept.write_all(b"GET / HT").await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        let asked = Instant::now();
        stop.send(()).unwrap();
        running.await.unwrap().unwrap();
        assert!(asked.elapsed() < Duration::from_secs(5));
        assert!(TcpStream::connect(addr).await.is_err(), "nobody listens any more");
    }
}
