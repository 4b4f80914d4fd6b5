//! The lists: events, claims, agreements, actors, reports, each with filters, facets and pages.

use super::page::{Page, link, report};
use super::text::{Texts, Ui};
use super::view::{AgreementView, ClaimView, EventView, PartyView, marked};
use super::{Site, WebError};
use askama::Template;
use axum::extract::State;
use axum::response::Html;
use lagebild_core::wire::{Range, Words};
use lagebild_store::{ActorRow, AgreementRow, ClaimRow, DocumentBrief, DocumentRow, EventRow, Filter, List, Reader};

/// Rows of a page unless `limit` asks for another number.
const ROWS: usize = 50;
/// Rows of a page at most; `.json` and `.csv` have no limit.
const MAX_ROWS: usize = 500;
/// Values of a facet at most.
const FACET_VALUES: usize = 16;

/// A filter in force, with the way to be rid of it.
pub(super) struct Chip {
    /// What it asks for.
    pub text: String,
    /// The list without it.
    pub href: String,
}

/// A value that rows can be filtered by.
pub(super) struct FacetValue {
    pub text: String,
    /// CSS class of its tag.
    pub class: &'static str,
    pub count: usize,
    /// The list with it, or without it when it is in force.
    pub href: String,
    /// It is in force.
    pub on: bool,
}

/// A filter with the number of rows for each of its values.
pub(super) struct Facet {
    pub title: &'static str,
    pub values: Vec<FacetValue>,
}

/// A field of the filter form.
pub(super) struct Field {
    pub name: &'static str,
    pub label: &'static str,
    pub value: String,
    pub hint: &'static str,
}

/// What surrounds the rows of a list.
pub(super) struct Listing {
    pub title: &'static str,
    pub chips: Vec<Chip>,
    pub facets: Vec<Facet>,
    pub fields: Vec<Field>,
    pub from: String,
    pub to: String,
    /// Filters that the form has no field for.
    pub hidden: Vec<(&'static str, String)>,
    /// The list without filters.
    pub path: String,
    /// Number of the first and last row shown, from 1.
    pub first: usize,
    pub last: usize,
    pub total: usize,
    pub prev: Option<String>,
    pub next: Option<String>,
    pub json: String,
    pub csv: String,
}

/// A filter from the query of `page`, checked against `list`.
pub(super) fn filter_of(page: &Page, list: List) -> Result<Filter, WebError> {
    let filter = Filter::from_pairs(page.pairs.iter().map(|(k, v)| (k, v)))?;
    filter.check(list)?;
    Ok(filter)
}

/// As [`filter_of`], with as many rows as a page holds.
pub(super) fn page_filter(page: &Page, list: List) -> Result<Filter, WebError> {
    let mut filter = filter_of(page, list)?;
    filter.limit = Some(filter.limit.unwrap_or(ROWS).clamp(1, MAX_ROWS));
    Ok(filter)
}

/// The pairs of `filter` without the place on the list.
fn bare(filter: &Filter) -> Vec<(&'static str, String)> {
    let mut pairs = filter.pairs();
    pairs.retain(|(key, _)| *key != "limit" && *key != "offset");
    pairs
}

impl Listing {
    /// What surrounds `list` on a page, which may show it otherwise than as rows: filters lead back to that page.
    pub(super) fn new(
        page: &Page,
        list: List,
        filter: &Filter,
        reader: &Reader,
        shown: usize,
        total: usize,
    ) -> Result<Self, WebError> {
        let (t, path) = (page.t, page.path.clone());
        let pairs = bare(filter);
        let title = match list {
            List::Documents => t.documents,
            List::Events => t.events,
            List::Claims => t.claims,
            List::Agreements => t.agreements,
            List::Actors => t.actors,
        };
        let mut facets = Vec::new();
        for (key, title) in facet_keys(t, list) {
            let mut counts = reader.facet(list, key, filter)?;
            counts.truncate(FACET_VALUES);
            let values: Vec<_> = counts
                .into_iter()
                .map(|(value, count)| facet_value(page.ui, &path, &pairs, key, &value, count))
                .collect();
            // One value that is not in force tells nothing.
            if values.len() > 1 || values.iter().any(|v| v.on) {
                facets.push(Facet { title, values });
            }
        }
        let joined = |groups: &[Vec<String>]| groups.iter().map(|g| g.join(",")).next_back().unwrap_or_default();
        let field = |name, label, value, hint| Field {
            name,
            label,
            value,
            hint,
        };
        let mut fields = vec![field("q", t.words, filter.q.clone().unwrap_or_default(), "")];
        let (actor, recipient) = match list {
            List::Claims => (t.holder, t.addressee),
            List::Agreements => (t.parties, ""),
            _ => (t.actor, t.recipient),
        };
        fields.push(field("actor", actor, joined(&filter.actors), "PRK, Kim Jong Un"));
        if !recipient.is_empty() {
            fields.push(field("recipient", recipient, joined(&filter.recipients), "UKR"));
        }
        fields.push(field("country", t.country, joined(&filter.countries), "RUS"));
        let in_form = |key: &str| ["q", "actor", "recipient", "country", "from", "to"].contains(&key);
        let offset = |offset: usize| {
            let mut pairs = filter.pairs();
            pairs.retain(|(key, _)| *key != "offset" && (*key != "limit" || filter.limit != Some(ROWS)));
            if offset > 0 {
                pairs.push(("offset", offset.to_string()));
            }
            link(&path, &pairs)
        };
        let limit = filter.limit.unwrap_or(ROWS);
        let after = filter.offset.saturating_add(shown);
        Ok(Self {
            title,
            chips: chips(page.ui, &path, &pairs),
            facets,
            fields,
            from: filter.from.map(|d| d.to_string()).unwrap_or_default(),
            to: filter.to.map(|d| d.to_string()).unwrap_or_default(),
            hidden: pairs.iter().filter(|(key, _)| !in_form(key)).cloned().collect(),
            first: if shown == 0 { 0 } else { filter.offset + 1 },
            last: after,
            total,
            prev: (filter.offset > 0).then(|| offset(filter.offset.saturating_sub(limit))),
            next: (after < total && shown > 0).then(|| offset(after)),
            json: link(&format!("/{}.json", list.name()), &pairs),
            csv: link(&format!("/{}.csv", list.name()), &pairs),
            path,
        })
    }

    /// Whether any filter is in force.
    pub(super) fn filtered(&self) -> bool {
        !self.chips.is_empty()
    }
}

/// The facets of a list, with their titles.
fn facet_keys(t: &Texts, list: List) -> Vec<(&'static str, &'static str)> {
    match list {
        List::Documents => vec![("lang", t.report_language), ("source", t.source)],
        List::Events => vec![
            ("quad", t.quad),
            ("type", t.event_type),
            ("country", t.country_involved),
            ("status", t.status),
            ("certainty", t.certainty),
        ],
        List::Claims => vec![("stance", t.stance), ("country", t.country)],
        List::Agreements => vec![("kind", t.kind), ("step", t.steps)],
        List::Actors => Vec::new(),
    }
}

/// A value of a filter in words.
fn value_words(ui: Ui, key: &str, value: &str) -> String {
    match key {
        "country" | "place" => ui.party(value).to_owned(),
        "lang" => match (value, ui) {
            ("de", Ui::De) => "Deutsch".to_owned(),
            ("de", Ui::En) => "German".to_owned(),
            ("en", Ui::De) => "Englisch".to_owned(),
            ("en", Ui::En) => "English".to_owned(),
            _ => value.to_owned(),
        },
        "type" => format!("{value} · {}", ui.term(value)),
        "actor" | "recipient" => match value.strip_prefix("country:") {
            Some(country) => ui.party(country).to_owned(),
            None => value.to_owned(),
        },
        "from" | "to" => ui.day(value),
        "q" | "source" | "doc" => value.to_owned(),
        _ => ui.term(value).to_owned(),
    }
}

fn facet_value(
    ui: Ui,
    path: &str,
    pairs: &[(&'static str, String)],
    key: &'static str,
    value: &str,
    count: usize,
) -> FacetValue {
    let mut pairs = pairs.to_vec();
    // A value in force may be one of several alternatives, which a comma separates.
    let current = pairs
        .iter()
        .position(|(k, v)| *k == key && v.split(',').any(|v| v == value));
    match current {
        Some(i) => {
            let rest: Vec<&str> = pairs[i].1.split(',').filter(|v| *v != value).collect();
            match rest.join(",") {
                rest if rest.is_empty() => drop(pairs.remove(i)),
                rest => pairs[i].1 = rest,
            }
        }
        // Countries add up; all else takes turns.
        None => {
            if key != "country" {
                pairs.retain(|(k, _)| *k != key);
            }
            pairs.push((key, value.to_owned()));
        }
    }
    let class = match key {
        "quad" => super::mark::quad_class(value),
        "type" => lagebild_core::codebook::EventType::parse(value)
            .map_or("", |kind| super::mark::quad_class(kind.quad().as_str())),
        _ => "",
    };
    FacetValue {
        text: value_words(ui, key, value),
        class,
        count,
        href: link(path, &pairs),
        on: current.is_some(),
    }
}

/// The filters in force.
fn chips(ui: Ui, path: &str, pairs: &[(&'static str, String)]) -> Vec<Chip> {
    let t = ui.texts();
    let chip = |(i, (key, value)): (usize, &(&'static str, String))| {
        let label = match *key {
            "type" => t.event_type,
            "mode" => t.mode,
            "quad" => t.quad,
            "actor" => t.actor,
            "recipient" => t.recipient,
            "country" => t.country,
            "place" => t.place,
            "status" => t.status,
            "certainty" => t.certainty,
            "stance" => t.stance,
            "kind" => t.kind,
            "step" => t.steps,
            "from" => t.from,
            "to" => t.to,
            "source" => t.source,
            "lang" => t.report_language,
            "doc" => t.document,
            "q" => t.words,
            _ => t.sort,
        };
        let words: Vec<String> = value.split(',').map(|v| value_words(ui, key, v)).collect();
        let mut rest = pairs.to_vec();
        rest.remove(i);
        Chip {
            text: format!("{label}: {}", words.join(", ")),
            href: link(path, &rest),
        }
    };
    pairs.iter().enumerate().map(chip).collect()
}

/// A row of reports.
pub(super) struct ReportRow<'a> {
    pub row: &'a DocumentRow,
    pub href: String,
    pub day: String,
}

impl<'a> ReportRow<'a> {
    pub(super) fn new(ui: Ui, row: &'a DocumentRow) -> Self {
        Self {
            href: report(&row.document.id),
            day: ui.day(row.document.published.as_deref().unwrap_or_default()),
            row,
        }
    }
}

/// Where a row of a list stands.
pub(super) struct Origin<'a> {
    pub document: &'a DocumentBrief,
    /// The record in its report.
    pub href: String,
    /// Day of publication for people.
    pub day: String,
    /// The sentence that tells it, in pieces; the flag tells which are the words that count.
    pub sentence: Vec<(bool, &'a str)>,
    /// CSS class of the words that count.
    pub class: &'static str,
}

impl<'a> Origin<'a> {
    fn new(ui: Ui, document: &'a DocumentBrief, id: &str) -> Self {
        Self {
            href: format!("{}#{id}", report(&document.id)),
            day: ui.day(document.published.as_deref().unwrap_or_default()),
            document,
            sentence: Vec::new(),
            class: "",
        }
    }

    /// With `sentence`, in which the code points from `start` to `end` of the report are the words that count.
    fn told(mut self, sentence: &'a Words, class: &'static str, start: usize, end: usize) -> Self {
        let within = |at: usize| at.saturating_sub(sentence.start);
        let words = Range {
            start: within(start),
            end: within(end.min(sentence.end)),
        };
        self.sentence = marked(&sentence.text, &[words]);
        self.class = class;
        self
    }
}

/// Events with their reports.
pub(super) fn event_rows(ui: Ui, rows: &[EventRow]) -> Vec<(EventView<'_>, Origin<'_>)> {
    let one = |row| {
        let EventRow {
            document,
            event,
            sentence,
            said_by,
            ..
        }: &EventRow = row;
        let mut view = EventView::new(ui, event);
        view.said_by = said_by
            .as_ref()
            .map(|by| (by.claim.as_str(), PartyView::holder(ui, &by.holder)));
        let (start, end) = event
            .mentions
            .first()
            .map_or((0, 0), |m| (m.trigger.start, m.trigger.end));
        let origin = Origin::new(ui, document, &event.id).told(sentence, view.quad, start, end);
        (view, origin)
    };
    rows.iter().map(one).collect()
}

/// Claims with their reports.
pub(super) fn claim_rows(ui: Ui, rows: &[ClaimRow]) -> Vec<(ClaimView<'_>, Origin<'_>)> {
    let one = |row| {
        let ClaimRow {
            document,
            claim,
            said,
            sentence,
            ..
        }: &ClaimRow = row;
        let Range { start, end } = claim.content;
        let origin = Origin::new(ui, document, &claim.id).told(sentence, "m-said", start, end);
        (ClaimView::new(ui, claim, said), origin)
    };
    rows.iter().map(one).collect()
}

/// Agreements with their reports.
pub(super) fn agreement_rows(ui: Ui, rows: &[AgreementRow]) -> Vec<(AgreementView<'_>, Origin<'_>)> {
    let one = |row| {
        let AgreementRow {
            document,
            agreement,
            sentence,
            ..
        }: &AgreementRow = row;
        let origin = Origin::new(ui, document, &agreement.id);
        let origin = match sentence {
            Some(sentence) => origin.told(sentence, "", 0, 0),
            None => origin,
        };
        (AgreementView::new(ui, agreement, None), origin)
    };
    rows.iter().map(one).collect()
}

/// An actor with the ways to its events.
pub(super) struct ActorView<'a> {
    pub row: &'a ActorRow,
    pub name: &'a str,
    pub kind: &'a str,
    /// The state it acts for, by name; empty for a state itself.
    pub country: &'a str,
    pub acts: String,
    pub receives: String,
    pub first: String,
    pub last: String,
}

impl<'a> ActorView<'a> {
    pub(super) fn new(ui: Ui, row: &'a ActorRow, filter: &Filter) -> Self {
        let state = row.id.strip_prefix("country:").and_then(|key| ui.country(key));
        let events = filter.for_list(List::Events);
        let with = |key: &'static str| {
            let mut pairs = bare(&events);
            pairs.push((key, row.id.clone()));
            link("/events", &pairs)
        };
        Self {
            name: state.unwrap_or(&row.name),
            kind: ui.term(&row.kind),
            country: if state.is_some() {
                ""
            } else {
                row.country.as_deref().map_or("", |key| ui.party(key))
            },
            acts: with("actor"),
            receives: with("recipient"),
            first: ui.day(row.first.as_deref().unwrap_or_default()),
            last: ui.day(row.last.as_deref().unwrap_or_default()),
            row,
        }
    }
}

/// Defines the handler and the template of a list.
macro_rules! list {
    ($(#[$doc:meta])* $handler:ident, $template:ident, $file:literal, $list:expr, $row:ty, |$ui:ident, $filter:ident, $rows:ident| $views:expr) => {
        #[derive(Template)]
        #[template(path = $file)]
        struct $template<'a> {
            page: Page,
            listing: Listing,
            rows: Vec<$row>,
        }

        $(#[$doc])*
        pub(super) async fn $handler(State(site): State<Site>, page: Page) -> Result<Html<String>, WebError> {
            site.read(move |reader| {
                let $filter = page_filter(&page, $list)?;
                let found = reader.$handler(&$filter)?;
                let listing = Listing::new(&page, $list, &$filter, reader, found.rows.len(), found.total)?;
                let ($ui, $rows) = (page.ui, &found.rows);
                let rows = $views;
                Ok(Html($template { page, listing, rows }.render()?))
            })
            .await
        }
    };
}

list!(
    /// `/documents`
    documents, DocumentsPage, "documents.html", List::Documents, ReportRow<'a>,
    |ui, _filter, rows| rows.iter().map(|row| ReportRow::new(ui, row)).collect()
);
list!(
    /// `/events`
    events, EventsPage, "events.html", List::Events, (EventView<'a>, Origin<'a>),
    |ui, _filter, rows| event_rows(ui, rows)
);
list!(
    /// `/claims`
    claims, ClaimsPage, "claims.html", List::Claims, (ClaimView<'a>, Origin<'a>),
    |ui, _filter, rows| claim_rows(ui, rows)
);
list!(
    /// `/agreements`
    agreements, AgreementsPage, "agreements.html", List::Agreements, (AgreementView<'a>, Origin<'a>),
    |ui, _filter, rows| agreement_rows(ui, rows)
);
list!(
    /// `/actors`
    actors, ActorsPage, "actors.html", List::Actors, ActorView<'a>,
    |ui, filter, rows| rows.iter().map(|row| ActorView::new(ui, row, &filter)).collect()
);
