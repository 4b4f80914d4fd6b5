//! `/about`: versions, how it reads, limits, licences.

use super::page::Page;
use super::{Site, WebError};
use crate::licences::LICENCES;
use crate::pipeline::Pipeline;
use askama::Template;
use axum::extract::State;
use axum::response::Html;
use lagebild_core::wire::Engine;
use lagebild_store::Stats;

#[derive(Template)]
#[template(path = "about.html")]
struct About {
    page: Page,
    store: String,
    stats: Stats,
    /// What reads German, and what reads English.
    engines: [Engine; 2],
    format: String,
    /// What it is for, and the whole text.
    licences: &'static [(&'static str, &'static str)],
}

/// `/about`
pub(super) async fn about(State(site): State<Site>, page: Page) -> Result<Html<String>, WebError> {
    site.read(move |reader| {
        let name = reader.path().file_name();
        let about = About {
            store: name.map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
            stats: reader.stats()?,
            engines: Pipeline::load().engines(),
            format: lagebild_store::FORMAT.to_string(),
            licences: LICENCES,
            page,
        };
        Ok(Html(about.render()?))
    })
    .await
}
