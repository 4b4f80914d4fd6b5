//! Puts the pages on a socket of this machine.

use super::{Site, router};
use crate::{signal, term};
use anyhow::{Context as _, bail};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use lagebild_store::Compounds;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// How long a client may take to send the head of a request.
const HEADER_PATIENCE: Duration = Duration::from_secs(10);
/// How long answers may take to end once the server is to stop.
const STOP_PATIENCE: Duration = Duration::from_secs(5);
/// Connections at the same time; the next wait in the queue of the system.
const CONNECTIONS: usize = 512;

/// Serves the store at `store` on `addr` until ctrl-c.
///
/// # Errors
/// When `addr` is not a loopback address or taken, or the store cannot be read.
pub(crate) fn serve(store: PathBuf, addr: SocketAddr, compounds: Arc<dyn Compounds>) -> anyhow::Result<()> {
    check_address(addr)?;
    let site = Site::open(&store, compounds)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(run(site, addr))
}

/// Refuses an address that others could reach.
///
/// # Errors
/// When `addr` is not a loopback address.
pub(crate) fn check_address(addr: SocketAddr) -> anyhow::Result<()> {
    if !addr.ip().is_loopback() {
        bail!(
            "{} is not an address of this machine alone: Lagebild has no login yet and serves on 127.0.0.1 and [::1] only",
            addr.ip()
        );
    }
    Ok(())
}

async fn run(site: Site, addr: SocketAddr) -> anyhow::Result<()> {
    let listener = TcpListener::bind(addr)
        .await
        .with_context(|| format!("cannot serve on {addr}"))?;
    let addr = listener.local_addr()?;
    term::note(format!("Lagebild is at http://{addr}/ (ctrl-c stops it)"));

    let service = TowerToHyperService::new(router(site));
    let mut http = http1::Builder::new();
    // Without a timer hyper's header timeout does nothing, and a client that sends a byte a minute holds its connection.
    http.timer(TokioTimer::new()).header_read_timeout(HEADER_PATIENCE);
    let graceful = GracefulShutdown::new();
    let slots = Arc::new(Semaphore::new(CONNECTIONS));
    let mut stop = std::pin::pin!(signal::stop());
    loop {
        let slot = tokio::select! {
            slot = Arc::clone(&slots).acquire_owned() => slot?,
            () = &mut stop => break,
        };
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(_) => {
                    // Out of descriptors, most likely: let connections end instead of spinning.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service.clone()));
        tokio::spawn(async move {
            // A client that leaves early or talks nonsense is its own affair.
            let _ = connection.await;
            drop(slot);
        });
    }
    drop(listener);
    // What does not end in time is cut off: the store is only read, so nothing is lost.
    let _ = tokio::time::timeout(STOP_PATIENCE, graceful.shutdown()).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_addresses_are_refused_before_anything_is_opened() {
        for addr in ["0.0.0.0:0", "[::]:0", "192.0.2.1:80"] {
            let error = serve(
                PathBuf::from("no.db"),
                addr.parse().unwrap(),
                Arc::new(lagebild_store::NoCompounds),
            );
            assert!(error.unwrap_err().to_string().contains("127.0.0.1"), "{addr}");
        }
    }
}
