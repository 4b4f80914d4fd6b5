//! One actor: what the tables know of it, and what the store has seen.

use super::openapi::{NotFound, Problems};
use super::{Fields, Pieces, json};
use crate::actors::{Known, Tables};
use crate::answers;
use crate::web::page::Page;
use crate::web::{Site, WebError};
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

/// The day asked for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "it describes the query")]
pub(super) struct Day {
    /// Offices and memberships on this day; without one, all that ever were.
    #[param(format = Date)]
    on: Option<String>,
}

/// Everybody whom a name may mean, the likeliest first.
#[derive(Serialize, ToSchema)]
struct Meanings {
    rows: Vec<Known>,
}

/// Everybody whom a name, code or id may mean: codes, names, offices, memberships, and what the store has seen of them.
#[utoipa::path(get, path = "/api/v1/actors/{name}", operation_id = "actor", tag = "actors",
    params(("name" = String, Path, description = "a name in German or English, a code (PRK, UN) or an id (person:vladimir-putin)"), Day),
    responses(Problems, NotFound, (status = 200, body = Meanings)))]
pub(super) async fn one(
    State(site): State<Site>,
    Pieces(name): Pieces<String>,
    page: Page,
) -> Result<Response, WebError> {
    let fields = Fields::new(&page, &["on"])?;
    let tables = Tables {
        knowledge: site.pipeline().knowledge(),
        on: fields.parse("on", "a day, YYYY-MM-DD", |text| text.parse().ok())?,
        ui: page.ui,
    };
    let rows = site
        .read(move |reader| Ok(answers::actor(&tables, reader, &name)?))
        .await?;
    if rows.is_empty() {
        return Err(WebError::NotFound);
    }
    json(&Meanings { rows })
}
