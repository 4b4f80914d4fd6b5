//! The description of the interface, OpenAPI 3.1: paths from the handlers, filters from the store's own table of them.

use super::{ROWS, tagged};
use crate::web::error::Problem;
use axum::response::Response;
use lagebild_store::{KEYS, Key, List};
use std::collections::BTreeMap;
use std::sync::OnceLock;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn, ParameterStyle};
use utoipa::openapi::schema::{
    ArrayBuilder, KnownFormat, Object, ObjectBuilder, OneOfBuilder, Schema, SchemaFormat, Type,
};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Required, ResponseBuilder};
use utoipa::{IntoParams, IntoResponses, OpenApi};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Lagebild",
        description = "Who did what to whom, when and where; who says so, and how sure it is. \
            Everything below /api/v1 stays as docs/api.md promises.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    servers((url = "/")),
    paths(
        super::about,
        super::documents,
        super::events,
        super::claims,
        super::agreements,
        super::actors,
        super::actors::one,
        super::pairs::all,
        super::pairs::one,
        super::stories,
        super::search,
        super::searches,
        super::reports::one,
        super::reports::read,
        super::reports::add,
        super::explain::stored,
        super::explain::sent,
        super::export::export,
        document,
    ),
    components(schemas(Problem)),
    tags(
        (name = "lists", description = "What the store holds, in parts"),
        (name = "reports", description = "Reports one by one"),
        (name = "actors", description = "One actor, two of them"),
        (name = "explain", description = "Why something was read"),
        (name = "export", description = "Formats of other programs"),
        (name = "about", description = "The server and this description"),
    )
)]
struct Api;

/// The description as JSON.
pub(super) fn text() -> &'static [u8] {
    static TEXT: OnceLock<Vec<u8>> = OnceLock::new();
    TEXT.get_or_init(|| serde_json::to_vec(&Api::openapi()).unwrap_or_default())
}

/// This description.
#[utoipa::path(get, path = "/api/v1/openapi.json", operation_id = "openapi", tag = "about", responses(Problems, (status = 200, body = Object)))]
pub(super) async fn document() -> Response {
    tagged(text().to_vec())
}

/// The filters of a list as parameters of a query, and those of a part of it.
pub(super) struct ListFilters<const LIST: usize>;

pub(super) type DocumentFilters = ListFilters<0>;
pub(super) type EventFilters = ListFilters<1>;
pub(super) type ClaimFilters = ListFilters<2>;
pub(super) type AgreementFilters = ListFilters<3>;
pub(super) type ActorFilters = ListFilters<4>;

const LISTS: [List; 5] = [
    List::Documents,
    List::Events,
    List::Claims,
    List::Agreements,
    List::Actors,
];

impl<const LIST: usize> IntoParams for ListFilters<LIST> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut parameters = filters(LISTS[LIST]);
        let limit = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1))
            .maximum(Some(ROWS.1))
            .default(Some(ROWS.0.into()))
            .build();
        parameters.extend([
            parameter("limit", "the highest number of rows", limit),
            parameter(
                "after",
                "where the part before ended: its `next`, with the same filters and order",
                text_of(Some("cursor")),
            ),
            parameter(
                "total",
                "also count all rows that the filters let through",
                ObjectBuilder::new().schema_type(Type::Boolean),
            ),
        ]);
        parameters
    }
}

/// The parameters of a search: those of reports, and words that are looked for.
pub(super) struct SearchFilters;

impl IntoParams for SearchFilters {
    fn into_params(parameter_in: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut parameters = DocumentFilters::into_params(parameter_in);
        for words in parameters.iter_mut().filter(|p| p.name == "q") {
            words.required = Required::True;
        }
        parameters
    }
}

/// The filters of a list, from the store's own table of them.
pub(super) fn filters(list: List) -> Vec<Parameter> {
    let fitting = KEYS.iter().filter(|key| key.lists.contains(&list));
    fitting
        .filter(|key| key.name != "limit" && key.name != "offset")
        .map(filter)
        .collect()
}

fn filter(key: &Key) -> Parameter {
    let values = (key.values)();
    match key.name {
        "sort" => parameter(key.name, key.help, one_of(values)),
        "q" => parameter(key.name, lagebild_store::SYNTAX, text_of(Some("query"))),
        "added" => {
            let time = OneOfBuilder::new()
                .item(form(KnownFormat::Date))
                .item(form(KnownFormat::DateTime));
            parameter(key.name, key.help, time)
        }
        "from" | "to" => {
            let matching = |pattern: &str| ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern));
            let day = OneOfBuilder::new()
                .item(form(KnownFormat::Date))
                .item(matching("^[0-9]{4}-(0[1-9]|1[0-2])$"))
                .item(matching("^[0-9]{4}$"));
            parameter(key.name, key.help, day)
        }
        // Each time it is given, it has to hold; within one, a comma separates alternatives.
        "country" => {
            let states = ObjectBuilder::new()
                .schema_type(Type::String)
                .pattern(Some("^[A-Za-z]{3}(,[A-Za-z]{3})*$"))
                .build();
            several(key, states, true)
        }
        _ if values.is_empty() => several(key, text_of(None), true),
        _ => several(key, one_of(values), false),
    }
}

fn form(format: KnownFormat) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(format)))
}

fn one_of(values: Vec<&'static str>) -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(values))
        .build()
}

/// Text that is not blank.
fn text_of(format: Option<&str>) -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some("\\S"))
        .format(format.map(|format| SchemaFormat::Custom(format.to_owned())))
        .build()
}

fn several(key: &Key, items: Object, explode: bool) -> Parameter {
    let list = ArrayBuilder::new().items(items).min_items(Some(1)).build();
    ParameterBuilder::from(parameter(key.name, key.help, list))
        .style(Some(ParameterStyle::Form))
        .explode(Some(explode))
        .build()
}

fn parameter(name: &str, description: &str, schema: impl Into<RefOr<Schema>>) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(schema))
        .build()
}

fn problems(statuses: &[(&str, &str)]) -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
    let one = |(status, description): &(&str, &str)| {
        let content = ContentBuilder::new()
            .schema(Some(Ref::from_schema_name("Problem")))
            .build();
        let response = ResponseBuilder::new()
            .description(*description)
            .content("application/problem+json", content)
            .build();
        ((*status).to_owned(), RefOr::T(response))
    };
    statuses.iter().map(one).collect()
}

/// What any request may meet.
pub(super) struct Problems;

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        let mut responses = problems(&[
            ("400", "the query is not understood; `hint` says what would be"),
            ("401", "the token is missing or wrong"),
            (
                "403",
                "under this name, from this page, or at all, this is not done here",
            ),
            ("429", "too many wrong tokens; Retry-After says when to go on"),
            ("500", "it could not be done"),
        ]);
        let unchanged = ResponseBuilder::new()
            .description("as the tag in If-None-Match says")
            .build();
        responses.insert("304".to_owned(), RefOr::T(unchanged));
        responses
    }
}

/// What a request for one thing may meet.
pub(super) struct NotFound;

impl IntoResponses for NotFound {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        problems(&[("404", "there is no such thing")])
    }
}

/// What a request with a body may meet.
pub(super) struct BodyProblems;

impl IntoResponses for BodyProblems {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        problems(&[
            ("408", "the body did not come in time"),
            ("413", "the body is too long"),
            ("415", "the body is of no kind that is read"),
            ("422", "the body is no report"),
        ])
    }
}
