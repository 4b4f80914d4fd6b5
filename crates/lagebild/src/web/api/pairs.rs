//! How it stands between two.

use super::openapi::{EventFilters, Problems, filters};
use super::{Pieces, filled, paging, respond};
use crate::answers::{self, Direction};
use crate::rows::DyadRow;
use crate::web::page::Page;
use crate::web::pair::step;
use crate::web::{Site, WebError};
use axum::extract::State;
use axum::response::Response;
use lagebild_store::{Filter, List, Part};
use serde::Serialize;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::{IntoParams, ToSchema};

/// Ordered pairs of actors with what the one did to the other, the busiest first.
#[utoipa::path(get, path = "/api/v1/pairs", operation_id = "pairs", tag = "lists", params(EventFilters),
    responses(Problems, (status = 200, body = Part<DyadRow>)))]
pub(super) async fn all(State(site): State<Site>, page: Page) -> Result<Response, WebError> {
    let paging = paging(&page, List::Events)?;
    let part = site
        .read(move |reader| Ok(paging.cut(answers::dyads(reader, &paging.filter)?)?))
        .await?;
    respond(&page, &part)
}

/// The filters of events, and the length of a period.
pub(super) struct PairParameters;

impl IntoParams for PairParameters {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let length = ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(["day", "week", "month"]))
            .default(Some("week".into()))
            .build();
        let by = ParameterBuilder::new()
            .name("by")
            .parameter_in(ParameterIn::Query)
            .required(Required::False)
            .description(Some("the length of a period"))
            .schema(Some(length))
            .build();
        std::iter::once(by)
            .chain(filters(List::Events).into_iter().filter(|p| p.name != "sort"))
            .collect()
    }
}

/// How it stands between two.
#[derive(Serialize, ToSchema)]
struct Pair {
    /// From the first to the second, then back.
    directions: [Direction; 2],
}

/// How it stands between two, in both directions: sums, tension and index period by period, alerts (docs/tension.md).
#[utoipa::path(get, path = "/api/v1/pairs/{a}/{b}", operation_id = "pair", tag = "actors",
    params(("a" = String, Path, description = "a state by its three letters, or an organisation key", pattern = "^[A-Za-z0-9_-]+$"),
        ("b" = String, Path, description = "the other one", pattern = "^[A-Za-z0-9_-]+$"), PairParameters),
    responses(Problems, (status = 200, body = Pair)))]
pub(super) async fn one(
    State(site): State<Site>,
    Pieces((a, b)): Pieces<(String, String)>,
    page: Page,
) -> Result<Response, WebError> {
    filled(&page)?;
    let is_key = |key: &String| {
        key.bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    if let Some(other) = [&a, &b].into_iter().find(|key| !is_key(key)) {
        return Err(WebError::Query(format!(
            "{other:?} is no key of a state or organisation."
        )));
    }
    let step = step(&page)?;
    let filters = page.pairs.iter().filter(|(key, _)| key != "by");
    if page.asked("sort").is_some() {
        return Err(WebError::Query(
            "sort is none here: periods come in their order.".to_owned(),
        ));
    }
    let filter = Filter::from_pairs(filters.map(|(k, v)| (k, v)))?;
    filter.check(List::Events)?;
    let directions = site
        .read(move |reader| {
            let pair = (a.to_ascii_uppercase(), b.to_ascii_uppercase());
            Ok(answers::pair(reader, (&pair.0, &pair.1), &filter, step)?)
        })
        .await?;
    super::json(&Pair { directions })
}
