//! The lists: events, acts, claims, agreements, actors, reports, each with filters, facets and pages.

use super::chart::Timeline;
use super::export::Format;
use super::page::{self, Page, link, report};
use super::text::{Texts, Ui};
use super::view::{ActView, AgreementView, ClaimView, EventView, Origin, PartyView, claim_row};
use super::{Site, WebError};
use crate::pipeline::Pipeline;
use askama::Template;
use axum::extract::State;
use axum::response::Html;
use lagebild_store::{
    ActorRow, AgreementRow, Choice, ClaimRow, DocumentRow, EventRow, Filter, FilterError, List, Reader,
};

/// Rows of a page unless `limit` asks for another number.
const ROWS: usize = 50;
/// Rows of a page at most; exports have no limit.
const MAX_ROWS: usize = 500;
/// Values of a facet at most.
const FACET_VALUES: usize = 12;

/// A list as a page.
#[derive(Clone, Copy)]
pub(super) struct Sheet<'a> {
    /// Its path.
    pub path: &'a str,
    /// The path of its rows in the formats of programs, without their ending.
    pub data: &'a str,
    /// Whose filters it takes.
    pub list: List,
    /// Its parameters beside the filters.
    pub own: &'static [&'static str],
    pub title: fn(&Texts) -> &'static str,
}

pub(super) const DOCUMENTS: Sheet<'static> = Sheet::of("/documents", List::Documents, |t| t.documents);
pub(super) const EVENTS: Sheet<'static> = Sheet::of("/events", List::Events, |t| t.events);
pub(super) const CLUSTERS: Sheet<'static> = Sheet {
    own: &["reports", "only"],
    ..Sheet::of("/clusters", List::Events, |t| t.acts)
};
pub(super) const CLAIMS: Sheet<'static> = Sheet::of("/claims", List::Claims, |t| t.claims_list);
pub(super) const TOPICS: Sheet<'static> = Sheet::of("/topics", List::Claims, |t| t.topics);
pub(super) const SPEAKERS: Sheet<'static> = Sheet::of("/speakers", List::Claims, |t| t.speakers);
pub(super) const AGREEMENTS: Sheet<'static> = Sheet::of("/agreements", List::Agreements, |t| t.agreements);
pub(super) const ACTORS: Sheet<'static> = Sheet::of("/actors", List::Actors, |t| t.actors);
pub(super) const STORIES: Sheet<'static> = Sheet::of("/stories", List::Documents, |t| t.stories);

/// Lists that show the same in another way.
const SIBLINGS: [&[Sheet<'static>]; 2] = [&[EVENTS, CLUSTERS], &[TOPICS, CLAIMS, SPEAKERS]];

impl<'a> Sheet<'a> {
    const fn of(path: &'a str, list: List, title: fn(&Texts) -> &'static str) -> Self {
        Self {
            path,
            data: path,
            list,
            own: &[],
            title,
        }
    }

    /// Events shown otherwise than as rows at `path`: filters lead back to it, and programs get the rows.
    fn of_events(path: &'a str, title: fn(&Texts) -> &'static str) -> Self {
        Self {
            data: "/events",
            ..Self::of(path, List::Events, title)
        }
    }

    /// The filter that `page` asks for.
    pub(super) fn filter(self, page: &Page) -> Result<Filter, WebError> {
        let pairs = page.pairs.iter().filter(|(key, _)| !self.own.contains(&key.as_str()));
        let filter = Filter::from_pairs(pairs.map(|(k, v)| (k, v)))?;
        filter.check(self.list)?;
        Ok(filter)
    }

    /// As [`Self::filter`], with as many rows as a page holds.
    pub(super) fn page_filter(self, page: &Page) -> Result<Filter, WebError> {
        let mut filter = self.filter(page)?;
        filter.limit = Some(filter.limit.unwrap_or(ROWS).clamp(1, MAX_ROWS));
        Ok(filter)
    }

    /// The parameters of its own that `page` has.
    fn owned(self, page: &Page) -> Vec<(&'static str, String)> {
        let owned = |key: &&'static str| page.asked(key).map(|value| (*key, value.to_owned()));
        self.own.iter().filter_map(owned).collect()
    }
}

/// A filter from the query of `page`, checked against `list`.
pub(super) fn filter_of(page: &Page, list: List) -> Result<Filter, WebError> {
    let filter = Filter::from_pairs(page.pairs.iter().map(|(k, v)| (k, v)))?;
    filter.check(list)?;
    Ok(filter)
}

/// A way on, with the words for it; the present one is marked.
pub(super) struct Choose {
    pub text: String,
    pub href: String,
    pub on: bool,
}

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
    /// What a row is, where that is not plain.
    pub hint: &'static str,
    /// The lists that show the same in another way.
    pub tabs: Vec<Choose>,
    pub chips: Vec<Chip>,
    pub sorts: Vec<Choose>,
    pub facets: Vec<Facet>,
    /// What the numbers of the facets count, where that is not the rows.
    pub facet_note: &'static str,
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
    /// The list in the formats of programs.
    pub exports: Vec<Choose>,
    /// Where its filters are saved as a search; nothing for what searches do not find.
    pub save: Option<String>,
}

/// The pairs of `filter` without the place on the list.
pub(super) fn bare(filter: &Filter) -> Vec<(&'static str, String)> {
    let mut pairs = filter.pairs();
    pairs.retain(|(key, _)| *key != "limit" && *key != "offset");
    pairs
}

/// Links to `path` in all formats of programs, under the filters `pairs`.
pub(super) fn exports<V: AsRef<str>>(path: &str, pairs: &[(&str, V)]) -> Vec<Choose> {
    let export = |format: &Format| Choose {
        text: format.label().to_owned(),
        href: link(&format!("{path}.{}", format.extension()), pairs),
        on: false,
    };
    Format::ALL.iter().map(export).collect()
}

impl Listing {
    pub(super) fn new(
        page: &Page,
        sheet: Sheet<'_>,
        filter: &Filter,
        reader: &Reader,
        (shown, total): (usize, usize),
    ) -> Result<Self, WebError> {
        let (t, path, list) = (page.t, sheet.path, sheet.list);
        let own = sheet.owned(page);
        let mut pairs = bare(filter);
        pairs.extend(own.iter().cloned());
        let mut facets = Vec::new();
        let (keys, titles): (Vec<_>, Vec<_>) = facet_keys(t, list).into_iter().unzip();
        let counts = reader.facets(list, &keys, filter)?;
        for ((key, title), mut counts) in keys.into_iter().zip(titles).zip(counts) {
            counts.truncate(FACET_VALUES);
            let values: Vec<_> = counts
                .into_iter()
                .map(|(value, count)| facet_value(page.ui, path, &pairs, key, &value, count))
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
            pairs.extend(own.iter().cloned());
            if offset > 0 {
                pairs.push(("offset", offset.to_string()));
            }
            link(path, &pairs)
        };
        let limit = filter.limit.unwrap_or(ROWS);
        let after = filter.offset.saturating_add(shown);
        let siblings = SIBLINGS.iter().find(|s| s.iter().any(|s| s.path == path));
        let tab = |sibling: &Sheet<'static>| Choose {
            text: (sibling.title)(t).to_owned(),
            href: link(sibling.path, &bare(filter)),
            on: sibling.path == path,
        };
        Ok(Self {
            title: (sheet.title)(t),
            hint: match path {
                "/clusters" => t.acts_hint,
                "/topics" => t.topics_hint,
                "/speakers" => t.speakers_hint,
                "/stories" => t.stories_hint,
                _ => "",
            },
            tabs: siblings.into_iter().flat_map(|s| s.iter().map(tab)).collect(),
            chips: chips(page.ui, path, &pairs),
            sorts: if path == "/stories" || path == "/speakers" {
                Vec::new()
            } else {
                sorts(t, path, &pairs)
            },
            facet_note: match path {
                "/clusters" => t.facet_note,
                _ => "",
            },
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
            exports: exports(sheet.data, &pairs),
            save: [EVENTS.path, DOCUMENTS.path].contains(&path).then(|| {
                let mut pairs = bare(filter);
                pairs.retain(|(key, _)| *key != "sort");
                pairs.push(("list", list.name().to_owned()));
                link("/save-search", &pairs)
            }),
            path: path.to_owned(),
        })
    }

    /// What surrounds the events under `filter` where they are shown otherwise than as rows; its total is their number.
    pub(super) fn of_events(
        page: &Page,
        title: fn(&Texts) -> &'static str,
        filter: &Filter,
        reader: &Reader,
    ) -> Result<Self, WebError> {
        let none = Filter {
            limit: Some(0),
            ..filter.clone()
        };
        let events = reader.events(&none)?.total;
        Self::new(page, Sheet::of_events(&page.path, title), filter, reader, (0, events))
    }

    /// Whether any filter is in force.
    pub(super) fn filtered(&self) -> bool {
        !self.chips.is_empty()
    }
}

/// The orders of a list.
fn sorts(t: &Texts, path: &str, pairs: &[(&'static str, String)]) -> Vec<Choose> {
    let current = pairs
        .iter()
        .find(|(key, _)| *key == "sort")
        .map_or("", |(_, value)| value);
    let orders = [
        ("", t.sort_default),
        ("newest", t.sort_newest),
        ("oldest", t.sort_oldest),
        ("added", t.sort_added),
        ("name", t.sort_name),
    ];
    let order = |(name, text): (&'static str, &'static str)| {
        let mut pairs = pairs.to_vec();
        pairs.retain(|(key, _)| *key != "sort");
        if !name.is_empty() {
            pairs.push(("sort", name.to_owned()));
        }
        Choose {
            text: text.to_owned(),
            href: link(path, &pairs),
            on: name == current,
        }
    };
    orders.into_iter().map(order).collect()
}

/// The facets of a list, with their titles.
fn facet_keys(t: &Texts, list: List) -> Vec<(&'static str, &'static str)> {
    match list {
        List::Documents => vec![("lang", t.report_language), ("source", t.source)],
        List::Events => vec![
            ("quad", t.quad),
            ("status", t.status),
            ("certainty", t.certainty),
            ("type", t.event_type),
            ("country", t.country_involved),
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
        "added" => value
            .split_once('T')
            .map_or_else(|| value.to_owned(), |(day, _)| ui.short_day(day)),
        "sort" => {
            let orders = sorts(ui.texts(), "", &[("sort", value.to_owned())]);
            orders.into_iter().find(|o| o.on).map_or_else(String::new, |o| o.text)
        }
        "q" | "source" | "doc" | "reports" => value.to_owned(),
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
pub(super) fn chips(ui: Ui, path: &str, pairs: &[(&'static str, String)]) -> Vec<Chip> {
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
            "added" => t.added_since,
            "reports" => t.told_by_least,
            "only" => t.only_such,
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
            day: ui.short_day(row.document.published.as_deref().unwrap_or_default()),
            row,
        }
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
        let mut view = EventView::new(ui, &document.id, event);
        view.said_by = said_by
            .as_ref()
            .map(|by| (by.claim.as_str(), PartyView::new(ui, &by.holder)));
        let (start, end) = event
            .mentions
            .first()
            .map_or((0, 0), |m| (m.trigger.start, m.trigger.end));
        let origin = Origin::new(ui, document, &event.id).told(sentence, view.deed.quad, start, end);
        (view, origin)
    };
    rows.iter().map(one).collect()
}

/// Claims with their reports.
pub(super) fn claim_rows(ui: Ui, rows: &[ClaimRow]) -> Vec<(ClaimView<'_>, Origin<'_>)> {
    rows.iter().map(|row| claim_row(ui, row)).collect()
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
    /// Its page.
    pub href: String,
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
            href: page::actor(&row.id),
            kind: ui.term(&row.kind),
            country: if state.is_some() {
                ""
            } else {
                row.country.as_deref().map_or("", |key| ui.party(key))
            },
            acts: with("actor"),
            receives: with("recipient"),
            first: ui.short_day(row.first.as_deref().unwrap_or_default()),
            last: ui.short_day(row.last.as_deref().unwrap_or_default()),
            row,
        }
    }
}

/// Defines the handler and the template of a list.
macro_rules! list {
    ($(#[$doc:meta])* $handler:ident, $template:ident, $file:literal, $sheet:expr, $row:ty, |$ui:ident, $filter:ident, $rows:ident| $views:expr) => {
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
                let $filter = $sheet.page_filter(&page)?;
                let found = reader.$handler(&$filter)?;
                let listing = Listing::new(&page, $sheet, &$filter, reader, (found.rows.len(), found.total))?;
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
    documents, DocumentsPage, "documents.html", DOCUMENTS, ReportRow<'a>,
    |ui, _filter, rows| rows.iter().map(|row| ReportRow::new(ui, row)).collect()
);
list!(
    /// `/claims`
    claims, ClaimsPage, "claims.html", CLAIMS, (ClaimView<'a>, Origin<'a>),
    |ui, _filter, rows| claim_rows(ui, rows)
);
list!(
    /// `/agreements`
    agreements, AgreementsPage, "agreements.html", AGREEMENTS, (AgreementView<'a>, Origin<'a>),
    |ui, _filter, rows| agreement_rows(ui, rows)
);
list!(
    /// `/actors`
    actors, ActorsPage, "actors.html", ACTORS, ActorView<'a>,
    |ui, filter, rows| rows.iter().map(|row| ActorView::new(ui, row, &filter)).collect()
);

#[derive(Template)]
#[template(path = "events.html")]
struct EventsPage<'a> {
    page: Page,
    listing: Listing,
    timeline: Option<Timeline>,
    rows: Vec<(EventView<'a>, Origin<'a>)>,
}

/// `/events`
pub(super) async fn events(State(site): State<Site>, page: Page) -> Result<Html<String>, WebError> {
    site.read(move |reader| {
        let filter = EVENTS.page_filter(&page)?;
        let found = reader.events(&filter)?;
        let events = EventsPage {
            listing: Listing::new(&page, EVENTS, &filter, reader, (found.rows.len(), found.total))?,
            timeline: Timeline::of_events(&page, EVENTS.path, &filter, &[], reader)?,
            rows: event_rows(page.ui, &found.rows),
            page,
        };
        Ok(Html(events.render()?))
    })
    .await
}

#[derive(Template)]
#[template(path = "clusters.html")]
struct ClustersPage<'a> {
    page: Page,
    listing: Listing,
    timeline: Option<Timeline>,
    /// How many reports have to tell of an act.
    least: Vec<Choose>,
    rows: Vec<ActView<'a>>,
}

/// Which acts `page` asks for: `reports=N` told by so many, `only=1` when all tellings have to pass the filter.
pub(super) fn choice(page: &Page) -> Result<Choice, WebError> {
    let wrong = |key, value: &str| {
        let value = value.to_owned();
        FilterError::UnknownValue { key, value }
    };
    let mut choice = Choice::default();
    if let Some(reports) = page.asked("reports") {
        choice.least = reports.parse().map_err(|_| wrong("reports", reports))?;
    }
    choice.only = match page.asked("only") {
        None => false,
        Some("1") => true,
        Some(other) => return Err(wrong("only", other).into()),
    };
    Ok(choice)
}

/// `/clusters`
pub(super) async fn clusters(State(site): State<Site>, page: Page) -> Result<Html<String>, WebError> {
    site.read(move |reader| {
        let (filter, choice) = (CLUSTERS.page_filter(&page)?, choice(&page)?);
        let found = reader.clusters(&filter, choice, &Pipeline::things())?;
        let own = CLUSTERS.owned(&page);
        let least = [1, 2, 3, 5].map(|n: usize| {
            let mut pairs = bare(&filter);
            pairs.extend(own.iter().filter(|(key, _)| *key != "reports").cloned());
            if n > 1 {
                pairs.push(("reports", n.to_string()));
            }
            Choose {
                text: n.to_string(),
                href: link(CLUSTERS.path, &pairs),
                on: n == choice.least,
            }
        });
        let clusters = ClustersPage {
            listing: Listing::new(&page, CLUSTERS, &filter, reader, (found.rows.len(), found.total))?,
            timeline: Timeline::of_events(&page, CLUSTERS.path, &filter, &own, reader)?,
            least: least.into(),
            rows: found.rows.iter().map(|row| ActView::new(page.ui, row)).collect(),
            page,
        };
        Ok(Html(clusters.render()?))
    })
    .await
}
