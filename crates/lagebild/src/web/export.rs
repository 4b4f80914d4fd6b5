//! The lists for programs: JSON and CSV under the filters of the page, streamed, so that a store of any size fits.

use super::list::filter_of;
use super::page::Page;
use super::{Site, Ui, WebError};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use http_body_util::channel::{Channel, Sender};
use lagebild_core::wire::PartyRecord;
use lagebild_store::{ActorRow, AgreementRow, ClaimRow, DocumentRow, EventRow, Filter, List, Reader};
use serde::Serialize;
use std::ops::ControlFlow;
use std::time::Duration;

/// Bytes sent at once.
const CHUNK: usize = 64 * 1024;
/// How long a client may let a chunk wait; meanwhile it holds a connection to the store.
const PATIENCE: Duration = Duration::from_secs(30);

/// The end of a body that could not be made whole: the client sees a broken transfer, not a short list.
#[derive(Debug, thiserror::Error)]
#[error("the list broke off")]
struct BrokeOff;

/// What is sent.
#[derive(Clone, Copy)]
enum Format {
    Json,
    Csv,
}

/// A row of a list as CSV, with the columns of the same list on the command line (`--format csv`).
trait Row: Serialize {
    /// Names of the columns.
    const COLUMNS: &'static [&'static str];
    /// One field a column.
    fn fields(&self) -> Vec<String>;
}

/// Calls the function with every row.
type Each<T> = fn(&Reader, &Filter, &mut dyn FnMut(T) -> ControlFlow<()>) -> lagebild_store::Result<()>;

/// Streams the list that `each` walks.
async fn stream<T: Row + 'static>(
    site: Site,
    page: Page,
    list: List,
    format: Format,
    each: Each<T>,
) -> Result<Response, WebError> {
    let filter = filter_of(&page, list)?;
    // A read of no row shows what is wrong with the filter while there can still be an error page.
    let probe = Filter {
        limit: Some(0),
        ..filter.clone()
    };
    site.read(move |reader| Ok(each(reader, &probe, &mut |_| ControlFlow::Break(()))?))
        .await?;

    let (sender, body) = Channel::<Bytes, BrokeOff>::new(2);
    let runtime = tokio::runtime::Handle::current();
    tokio::spawn(async move {
        let work = move |reader: &Reader| {
            let mut writer = Writer {
                sender,
                runtime,
                buffer: Vec::with_capacity(CHUNK + 4096),
                rows: 0,
                alive: true,
            };
            let result = writer.list(reader, &filter, format, each);
            writer.end(result.is_ok());
            result
        };
        if let Err(WebError::Broken(inside)) = site.read(work).await {
            crate::term::error(format!("{}: {inside}", page.path), None);
        }
    });
    let kind = match format {
        Format::Json => "application/json; charset=utf-8",
        Format::Csv => "text/csv; charset=utf-8; header=present",
    };
    let mut response = Body::new(body).into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Format::Csv = format {
        let name = format!("attachment; filename=\"lagebild-{}.csv\"", list.name());
        let name = HeaderValue::from_str(&name).map_err(|e| WebError::Broken(e.to_string()))?;
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// Writes a list into a body, from a thread where it may block.
struct Writer {
    sender: Sender<Bytes, BrokeOff>,
    runtime: tokio::runtime::Handle,
    buffer: Vec<u8>,
    rows: usize,
    /// The client still listens.
    alive: bool,
}

impl Writer {
    fn list<T: Row>(
        &mut self,
        reader: &Reader,
        filter: &Filter,
        format: Format,
        each: Each<T>,
    ) -> Result<(), WebError> {
        match format {
            Format::Json => self.buffer.extend_from_slice(b"{\"rows\":["),
            Format::Csv => self.line(T::COLUMNS.iter().map(|c| (*c).to_owned())),
        }
        let mut failed = None;
        each(reader, filter, &mut |row| {
            match format {
                Format::Json => {
                    self.buffer
                        .extend_from_slice(if self.rows == 0 { b"\n" } else { b",\n" });
                    if let Err(error) = serde_json::to_writer(&mut self.buffer, &row) {
                        failed = Some(error);
                        return ControlFlow::Break(());
                    }
                }
                Format::Csv => self.line(row.fields().into_iter()),
            }
            self.rows += 1;
            if self.buffer.len() >= CHUNK {
                self.flush();
            }
            if self.alive {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        })?;
        if let Some(error) = failed {
            return Err(error.into());
        }
        if let Format::Json = format {
            self.buffer
                .extend_from_slice(format!("\n],\"count\":{}}}\n", self.rows).as_bytes());
        }
        self.flush();
        Ok(())
    }

    /// A line of CSV (RFC 4180).
    fn line(&mut self, fields: impl Iterator<Item = String>) {
        for (i, field) in fields.enumerate() {
            if i > 0 {
                self.buffer.push(b',');
            }
            let field = harmless(field);
            if field.contains(['"', ',', '\n', '\r']) {
                self.buffer
                    .extend_from_slice(format!("\"{}\"", field.replace('"', "\"\"")).as_bytes());
            } else {
                self.buffer.extend_from_slice(field.as_bytes());
            }
        }
        self.buffer.extend_from_slice(b"\r\n");
    }

    fn flush(&mut self) {
        if self.alive && !self.buffer.is_empty() {
            let chunk = Bytes::from(std::mem::take(&mut self.buffer));
            let sent = self
                .runtime
                .block_on(async { tokio::time::timeout(PATIENCE, self.sender.send_data(chunk)).await });
            self.alive = matches!(sent, Ok(Ok(())));
        }
    }

    fn end(self, whole: bool) {
        if !whole || !self.alive {
            self.sender.abort(BrokeOff);
        }
    }
}

/// A field that no spreadsheet takes for a formula: `'` goes before what begins like one, numbers apart.
fn harmless(field: String) -> String {
    let formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']) && field.parse::<f64>().is_err();
    if formula { format!("'{field}") } else { field }
}

fn text(value: Option<&String>) -> String {
    value.cloned().unwrap_or_default()
}

fn number<T: ToString>(value: Option<T>) -> String {
    value.map(|v| v.to_string()).unwrap_or_default()
}

/// One field of parties, separated by semicolons.
fn each(parties: &[PartyRecord], field: impl Fn(&PartyRecord) -> Option<&String>) -> String {
    parties.iter().map(|p| text(field(p))).collect::<Vec<_>>().join("; ")
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join("; ")
}

impl Row for DocumentRow {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "published",
        "lang",
        "source",
        "url",
        "title",
        "events",
        "claims",
        "agreements",
        "revision",
        "added_at",
        "changed_at",
    ];

    fn fields(&self) -> Vec<String> {
        let d = &self.document;
        vec![
            d.id.clone(),
            text(d.published.as_ref()),
            d.lang.clone(),
            text(d.source.as_ref()),
            text(self.url.as_ref()),
            text(d.title.as_ref()),
            self.events.to_string(),
            self.claims.to_string(),
            self.agreements.to_string(),
            self.revision.to_string(),
            self.added_at.clone(),
            self.changed_at.clone(),
        ]
    }
}

impl Row for EventRow {
    const COLUMNS: &'static [&'static str] = &[
        "key",
        "document",
        "published",
        "source",
        "type",
        "mode",
        "content",
        "actors",
        "actor_ids",
        "actor_codes",
        "recipients",
        "recipient_ids",
        "recipient_codes",
        "status",
        "certainty",
        "date_from",
        "date_to",
        "date_text",
        "date_implicit",
        "place",
        "place_country",
        "lat",
        "lon",
        "quantities",
        "context",
        "claim",
        "holder",
        "quad",
        "cameo",
        "goldstein",
        "plover_score",
        "rule",
        "sentence",
    ];

    fn fields(&self) -> Vec<String> {
        let (e, d) = (&self.event, &self.document);
        let place = e.place.as_ref();
        vec![
            self.key.clone(),
            d.id.clone(),
            text(d.published.as_ref()),
            text(d.source.as_ref()),
            e.kind.clone(),
            text(e.mode.as_ref()),
            text(e.content.as_ref()),
            each(&e.actors, |p| p.name.as_ref().or(Some(&p.text))),
            each(&e.actors, |p| p.id.as_ref()),
            each(&e.actors, |p| p.code.as_ref()),
            each(&e.recipients, |p| p.name.as_ref().or(Some(&p.text))),
            each(&e.recipients, |p| p.id.as_ref()),
            each(&e.recipients, |p| p.code.as_ref()),
            e.status.clone(),
            e.certainty.clone(),
            text(e.date.from.as_ref()),
            text(e.date.to.as_ref()),
            text(e.date.text.as_ref()),
            e.date.implicit.to_string(),
            place.map(|p| p.name.clone()).unwrap_or_default(),
            text(place.and_then(|p| p.country.as_ref())),
            number(place.and_then(|p| p.lat)),
            number(place.and_then(|p| p.lon)),
            joined(e.quantities.iter().map(|q| crate::digest::amount(q, Ui::En))),
            e.context.join(" "),
            text(e.claim.as_ref()),
            self.said_by.as_ref().map(|s| s.holder.text.clone()).unwrap_or_default(),
            e.quad.clone(),
            e.cameo.clone(),
            number(e.goldstein),
            e.plover_score.to_string(),
            e.rule.clone(),
            self.sentence.text.clone(),
        ]
    }
}

impl Row for ClaimRow {
    const COLUMNS: &'static [&'static str] = &[
        "key",
        "document",
        "published",
        "source",
        "holder",
        "holder_name",
        "holder_id",
        "holder_code",
        "stance",
        "quote",
        "addressee",
        "addressee_id",
        "cue",
        "said",
        "events",
        "sentence",
    ];

    fn fields(&self) -> Vec<String> {
        let (c, d) = (&self.claim, &self.document);
        vec![
            self.key.clone(),
            d.id.clone(),
            text(d.published.as_ref()),
            text(d.source.as_ref()),
            c.holder.text.clone(),
            text(c.holder.name.as_ref()),
            text(c.holder.id.as_ref()),
            text(c.holder.code.as_ref()),
            c.stance.clone(),
            c.quote.to_string(),
            c.addressee.as_ref().map(|a| a.text.clone()).unwrap_or_default(),
            text(c.addressee.as_ref().and_then(|a| a.id.as_ref())),
            c.cue.text.clone(),
            self.said.clone(),
            c.events.join(" "),
            self.sentence.text.clone(),
        ]
    }
}

impl Row for AgreementRow {
    const COLUMNS: &'static [&'static str] = &[
        "key",
        "document",
        "published",
        "source",
        "name",
        "canonical",
        "kind",
        "parties",
        "steps",
        "obligations",
        "sentence",
    ];

    fn fields(&self) -> Vec<String> {
        let (a, d) = (&self.agreement, &self.document);
        let step = |s: &lagebild_core::wire::StepRecord| match crate::digest::days(&s.date) {
            Some(date) => format!("{} {date}", s.step),
            None => s.step.clone(),
        };
        vec![
            self.key.clone(),
            d.id.clone(),
            text(d.published.as_ref()),
            text(d.source.as_ref()),
            text(a.name.as_ref()),
            text(a.canonical.as_ref()),
            a.kind.clone(),
            a.parties.join(" "),
            joined(a.steps.iter().map(step)),
            joined(a.obligations.iter().map(|o| o.kind.clone())),
            self.sentence.as_ref().map(|s| s.text.clone()).unwrap_or_default(),
        ]
    }
}

impl Row for ActorRow {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "name",
        "kind",
        "country",
        "org",
        "acts",
        "receives",
        "documents",
        "first",
        "last",
    ];

    fn fields(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.name.clone(),
            self.kind.clone(),
            text(self.country.as_ref()),
            text(self.org.as_ref()),
            self.acts.to_string(),
            self.receives.to_string(),
            self.documents.to_string(),
            text(self.first.as_ref()),
            text(self.last.as_ref()),
        ]
    }
}

/// Defines the two handlers of a list.
macro_rules! exports {
    ($($json:ident, $csv:ident: $list:expr, $each:expr;)+) => {$(
        pub(super) async fn $json(State(site): State<Site>, page: Page) -> Result<Response, WebError> {
            stream(site, page, $list, Format::Json, $each).await
        }

        pub(super) async fn $csv(State(site): State<Site>, page: Page) -> Result<Response, WebError> {
            stream(site, page, $list, Format::Csv, $each).await
        }
    )+};
}

exports! {
    documents_json, documents_csv: List::Documents, |reader, filter, each| reader.each_document(filter, each);
    events_json, events_csv: List::Events, |reader, filter, each| reader.each_event(filter, each);
    claims_json, claims_csv: List::Claims, |reader, filter, each| reader.each_claim(filter, each);
    agreements_json, agreements_csv: List::Agreements, |reader, filter, each| reader.each_agreement(filter, each);
    actors_json, actors_csv: List::Actors, |reader, filter, each| {
        reader.actors(filter)?.rows.into_iter().try_for_each(each).is_break();
        Ok(())
    };
}

/// `/search.json`: hits with their marks; as many as the page shows unless `limit` asks for more.
pub(super) async fn search_json(State(site): State<Site>, page: Page) -> Result<Response, WebError> {
    site.read(move |reader| {
        let filter = super::list::page_filter(&page, List::Documents)?;
        let body = serde_json::to_string(&reader.search(&filter)?)?;
        Ok(([(header::CONTENT_TYPE, "application/json; charset=utf-8")], body).into_response())
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed_and_numbers_are_not() {
        for field in ["=1+1", "@SUM(A1)", "+cmd", "-x", "\tx"] {
            assert_eq!(harmless(field.to_owned()), format!("'{field}"));
        }
        for field in ["-2.5", "3", "Seoul", ""] {
            assert_eq!(harmless(field.to_owned()), field);
        }
    }
}
