//! The web interface: server-rendered pages that work without JavaScript, and the interfaces for programs beside them.
//!
//! [`router`] answers requests and needs no socket; [`serve`] puts it on one. Every page is made from one read of the
//! store inside `spawn_blocking`. Reports are untrusted: their words reach the page as escaped text, never as HTML.

mod about;
mod actor;
mod api;
mod chart;
mod claims;
mod error;
mod explain;
mod export;
mod feeds;
mod frame;
mod gate;
mod graph;
mod kept;
mod list;
mod map;
mod mark;
mod network;
mod overview;
mod page;
mod pages;
mod pair;
mod reasons;
mod searches;
mod server;
mod stories;
mod text;
mod treaties;
mod view;
mod world;

pub(crate) use gate::{Gate, Token};
pub(crate) use server::serve;
pub(crate) use text::Ui;

use crate::pipeline::Pipeline;
use axum::Router;
use axum::http::HeaderValue;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use error::WebError;
#[cfg(test)]
use lagebild_store::Compounds;
use lagebild_store::{Reader, Readers};
use std::net::SocketAddr;
#[cfg(test)]
use std::path::Path;
use std::sync::{Arc, LazyLock, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Mutex, Semaphore};

/// Reads of the store at the same time; more would only wait for each other.
const READERS: usize = 4;
/// Reports read at the same time: as many as the machine has cores at the least.
const READINGS: usize = 2;

/// What the pages read from: a store, over a few connections that are opened when needed and kept.
#[derive(Clone)]
pub(crate) struct Site(Arc<Inner>);

struct Inner {
    readers: Arc<Readers>,
    pipeline: Arc<Pipeline>,
    gate: Gate,
    /// Held by whoever adds a report; nothing where nothing may be added.
    adding: Option<Arc<Mutex<()>>>,
    pages: Option<String>,
    body_patience: Duration,
    page_patience: Duration,
    slots: Arc<Semaphore>,
    readings: Arc<Semaphore>,
    /// Held while an export is written: each may take as much of the disk as the store.
    exporting: Arc<Mutex<()>>,
    kept: std::sync::Mutex<kept::Kept>,
}

/// How a site is served.
pub(crate) struct Setup {
    /// What reads reports.
    pub(crate) pipeline: Pipeline,
    /// Who may ask.
    pub(crate) gate: Gate,
    /// Whether reports may be added.
    pub(crate) adding: bool,
    /// The address of the pages, for links from elsewhere.
    pub(crate) pages: Option<String>,
    /// How long a client may take to send the body of a request.
    pub(crate) body_patience: Duration,
    /// How long whoever asks waits for a page to be made when there is one of an earlier state.
    pub(crate) page_patience: Duration,
}

#[cfg(test)]
impl Setup {
    /// As the default, with pages that are always fresh, however busy the machine is.
    pub(crate) fn patient() -> Self {
        Self {
            page_patience: Duration::from_secs(600),
            ..Self::default()
        }
    }
}

impl Default for Setup {
    /// For this machine only, and to be read only.
    fn default() -> Self {
        Self {
            pipeline: Pipeline::load(),
            gate: Gate::default(),
            adding: false,
            pages: None,
            body_patience: Duration::from_secs(30),
            page_patience: Duration::from_millis(60),
        }
    }
}

/// Where a connection comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

impl Site {
    /// The site of the store at `path`, for this machine only and to be read only.
    ///
    /// # Errors
    /// When there is no store that this program can read.
    #[cfg(test)]
    pub(crate) fn open(path: &Path, compounds: Arc<dyn Compounds>) -> lagebild_store::Result<Self> {
        Ok(Self::new(Readers::open(path, compounds)?, Setup::patient()))
    }

    /// The site over the store of `readers`.
    pub(crate) fn new(readers: Readers, setup: Setup) -> Self {
        Self(Arc::new(Inner {
            readers: Arc::new(readers),
            pipeline: Arc::new(setup.pipeline),
            gate: setup.gate,
            adding: setup.adding.then(Arc::default),
            pages: setup.pages,
            body_patience: setup.body_patience,
            page_patience: setup.page_patience,
            slots: Arc::new(Semaphore::new(READERS)),
            readings: Arc::new(Semaphore::new(READINGS)),
            exporting: Arc::default(),
            kept: std::sync::Mutex::default(),
        }))
    }

    /// Who may ask.
    fn gate(&self) -> &Gate {
        &self.0.gate
    }

    fn body_patience(&self) -> Duration {
        self.0.body_patience
    }

    /// Pages that were made.
    fn kept(&self) -> MutexGuard<'_, kept::Kept> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What reads reports.
    fn pipeline(&self) -> Arc<Pipeline> {
        Arc::clone(&self.0.pipeline)
    }

    /// Runs `work` on a connection, on a thread where it may block.
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Reader) -> Result<T, WebError> + Send + 'static,
    ) -> Result<T, WebError> {
        let readers = Arc::clone(&self.0.readers);
        within(&self.0.slots, move || readers.with(work)).await
    }

    /// Runs `work`, which reads reports, on a thread where it may take its time.
    async fn analyse<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Pipeline) -> Result<T, WebError> + Send + 'static,
    ) -> Result<T, WebError> {
        let pipeline = self.pipeline();
        within(&self.0.readings, move || work(&pipeline)).await
    }
}

/// Runs `work` on a thread where it may block, when a slot is free.
async fn within<T: Send + 'static>(
    slots: &Arc<Semaphore>,
    work: impl FnOnce() -> Result<T, WebError> + Send + 'static,
) -> Result<T, WebError> {
    let broken = |e: &dyn std::fmt::Display| WebError::Broken(e.to_string());
    let slot = Arc::clone(slots).acquire_owned().await.map_err(|e| broken(&e))?;
    // The slot goes along with the work: a client that leaves early does not free it while the work goes on.
    let work = move || {
        let _slot = slot;
        work()
    };
    tokio::task::spawn_blocking(work).await.map_err(|e| broken(&e))?
}

/// All pages over `site`.
pub(crate) fn router(site: Site) -> Router {
    let Inner {
        readers,
        pipeline,
        gate,
        pages,
        ..
    } = &*site.0;
    let tools = crate::mcp::tools(Arc::clone(readers), Arc::clone(pipeline), pages.clone());
    let tools = lagebild_mcp::http(tools, gate.hosts());
    let kept = Router::new()
        .route("/", get(overview::overview))
        .route("/documents", get(list::documents))
        .route("/documents/{id}", get(pages::document))
        .route("/events", get(list::events))
        .route("/clusters", get(list::clusters))
        .route("/clusters/{key}", get(pages::cluster))
        .route("/topics", get(claims::topics))
        .route("/claims", get(list::claims))
        .route("/speakers", get(claims::speakers))
        .route("/agreements", get(list::agreements))
        .route("/actors", get(list::actors))
        .route("/actors/{id}", get(actor::actor))
        .route("/pairs", get(pair::pairs))
        .route("/pairs/{a}/{b}", get(pair::pair))
        .route("/stories", get(stories::stories))
        .route("/stories/{id}", get(pages::story))
        .route("/search", get(pages::search))
        .route("/searches", get(searches::searches))
        .route("/searches/{name}", get(searches::search))
        .route("/map", get(map::world))
        .route("/map/{window}", get(map::window))
        .route("/network", get(network::sides))
        .route("/network/actors", get(network::actors))
        .route_layer(from_fn_with_state(site.clone(), kept::kept));
    Router::new()
        .merge(kept)
        .route("/searches", post(searches::save))
        .route("/save-search", get(searches::save_page))
        .route("/{export}", get(export::list))
        .route("/search.json", get(export::search_json))
        .route("/treaties", get(treaties::all))
        .route("/treaties/{id}", get(treaties::one))
        .route("/what-if", get(treaties::what_if))
        .route("/explain", get(explain::explain))
        .route("/feeds", get(feeds::feeds))
        .route("/about", get(about::about))
        .route("/assets/app.css", get(async || asset("text/css; charset=utf-8", CSS)))
        .route(
            "/assets/app.js",
            get(async || asset("text/javascript; charset=utf-8", JS)),
        )
        .route(
            "/assets/world.svg",
            get(async || asset("image/svg+xml", &world::WORLD.svg)),
        )
        .route("/assets/icon.svg", get(async || asset("image/svg+xml", ICON)))
        .route("/favicon.ico", get(async || asset("image/svg+xml", ICON)))
        .nest("/api/v1", api::routes())
        .route_service("/mcp", tools)
        .fallback(async || WebError::NotFound)
        .method_not_allowed_fallback(async || WebError::Method)
        .layer(from_fn_with_state(site.clone(), frame::frame))
        .with_state(site)
}

const CSS: &str = include_str!("assets/app.css");
const JS: &str = include_str!("assets/app.js");
const ICON: &str = include_str!("assets/icon.svg");

/// Address of the shapes of the world.
fn world_address() -> String {
    format!("/assets/world.svg?{:x}", *WORLD_PRINT)
}

/// Changes with the shapes of the world.
static WORLD_PRINT: LazyLock<u64> = LazyLock::new(|| fingerprint(ASSETS, &world::WORLD.svg));

/// Changes with any asset, so that browsers may keep them for good.
const ASSETS: u64 = fingerprint(fingerprint(fingerprint(0xcbf2_9ce4_8422_2325, CSS), JS), ICON);

/// FNV-1a over `text`, from `hash` on.
const fn fingerprint(mut hash: u64, text: &str) -> u64 {
    let (bytes, mut i) = (text.as_bytes(), 0);
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0100_0000_01b3);
        i += 1;
    }
    hash
}

fn asset(kind: &'static str, body: &'static str) -> impl IntoResponse {
    let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
    let kind = HeaderValue::from_static(kind);
    (
        [
            (axum::http::header::CONTENT_TYPE, kind),
            (axum::http::header::CACHE_CONTROL, forever),
        ],
        body,
    )
}

#[cfg(test)]
mod tests;
