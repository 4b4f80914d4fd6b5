//! The signals that end a command that runs on.

use anyhow::Context as _;

/// Ends on ctrl-c, and on SIGTERM where there is one.
pub(crate) async fn stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                () = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    interrupt.await;
}

/// Calls `then` in a thread of its own at the first such signal.
///
/// # Errors
/// When the system gives no thread.
pub(crate) fn on_stop(then: impl FnOnce() + Send + 'static) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            runtime.block_on(stop());
            then();
        })
        .context("cannot wait for signals")?;
    Ok(())
}
