//! An actor: what the tables know of it on a day, whom it deals with, what it does and says.

use super::chart::Timeline;
use super::list::{Choose, EVENTS, claim_rows};
use super::page::{self, Page, link};
use super::pair::DyadView;
use super::text::Ui;
use super::view::{ActView, ClaimView, Origin};
use super::{Site, WebError};
use crate::actors::{Known, Office, Tables, Tie};
use crate::learnt::{LearntName, Teacher};
use crate::pairs::rows;
use crate::pipeline::Pipeline;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use lagebild_core::Date;
use lagebild_store::{ActorRow, Choice, Filter, FilterError, Reader};

/// Rows of each short list.
const LATEST: usize = 8;
/// Partners shown.
const PARTNERS: usize = 12;

/// An office with its holder or its state.
struct OfficeView {
    office: String,
    person: String,
    person_href: String,
    of: Option<String>,
    days: String,
}

/// A membership.
struct TieView {
    name: String,
    href: String,
    /// Its kind, where it is not full, and its days.
    days: String,
}

/// What the tables know.
struct Profile {
    codes: String,
    names: String,
    sectors: String,
    /// Whom it acts for: name and address.
    parent: Option<(String, String)>,
    capital: Option<String>,
    offices: Vec<OfficeView>,
    leaders: Vec<OfficeView>,
    memberships: Vec<TieView>,
    members: Vec<TieView>,
    source: &'static str,
}

/// For whom a person acts by reports.
struct LearntView {
    acts_for: String,
    href: String,
    sectors: String,
    families: usize,
    days: String,
    /// Whether it is used, and for reports of which days.
    state: String,
    /// Day, source, address and sentence of the reports.
    told: Vec<(String, String, String, String)>,
}

/// Somebody it deals with, where no states are to be counted.
struct Partner {
    name: String,
    href: String,
    /// Events in which it acts on the partner, and the other way round.
    acts: usize,
    receives: usize,
}

#[derive(Template)]
#[template(path = "actor.html")]
struct ActorPage<'a> {
    page: Page,
    id: String,
    name: String,
    kind: String,
    /// The day that the profile is asked for.
    on: String,
    profile: Option<Profile>,
    /// What reports taught of a person.
    learnt: Vec<LearntView>,
    seen: Option<ActorRow>,
    timeline: Option<Timeline>,
    dyads: Vec<DyadView>,
    partners: Vec<Partner>,
    acts: Vec<ActView<'a>>,
    claims: Vec<(ClaimView<'a>, Origin<'a>)>,
    /// All its acts, those it suffers, all its claims, its agreements.
    links: Vec<Choose>,
}

/// `/actors/{id}`; `on=` chooses the day of the profile.
pub(super) async fn actor(
    State(site): State<Site>,
    Path(id): Path<String>,
    page: Page,
) -> Result<Html<String>, WebError> {
    site.read(move |reader| {
        let ui = page.ui;
        let on: Option<Date> = match page.asked("on") {
            None => None,
            Some(day) => Some(day.parse().map_err(|_| {
                let value = day.to_owned();
                FilterError::UnknownValue { key: "on", value }
            })?),
        };
        let tables = Tables {
            knowledge: lagebild_bundle::knowledge(),
            on,
            ui,
        };
        let known = tables.look_up(&id).into_iter().find(|known| known.id == id);
        // A state or organisation is all that acts for it.
        let key = id.strip_prefix("country:").or_else(|| id.strip_prefix("org:"));
        let name = key.unwrap_or(&id);
        let seen = reader.actor(&id)?;
        let acting = Filter {
            actors: vec![vec![name.to_owned()]],
            limit: Some(LATEST),
            ..Filter::default()
        };
        let claims = reader.first_claims(&acting)?;
        // Who only speaks takes part in no event.
        let speaker = claims
            .iter()
            .map(|row| &row.claim.holder)
            .find(|h| h.id.as_deref() == Some(&*id));
        let teacher = Teacher {
            knowledge: tables.knowledge,
            reader,
        };
        let taught = if id.starts_with("person:") {
            teacher.of(&id)?
        } else {
            Vec::new()
        };
        if known.is_none() && seen.is_none() && speaker.is_none() && taught.is_empty() {
            return Err(WebError::NotFound);
        }
        let acts = reader.first_clusters(&acting, Choice::default(), &Pipeline::things())?;
        let (dyads, partners) = match key {
            Some(key) => (dyads(reader, ui, key)?, Vec::new()),
            None => (Vec::new(), partners(reader, ui, &id)?),
        };
        let to = |text: &str, path: &str, key: &str| Choose {
            text: text.to_owned(),
            href: link(path, &[(key, name)]),
            on: false,
        };
        let mut links = vec![
            to(page.t.acts_as, "/events", "actor"),
            to(page.t.receives, "/events", "recipient"),
            to(page.t.claims, "/claims", "actor"),
        ];
        if key.is_some() {
            links.push(to(page.t.agreements, "/agreements", "actor"));
        }
        let actor = ActorPage {
            name: match (&known, &seen) {
                (Some(known), _) => known.name.clone(),
                (None, Some(row)) => row.name.clone(),
                (None, None) => speaker
                    .and_then(|holder| holder.name.clone())
                    .or(taught.first().map(|l| l.row.name.clone()))
                    .unwrap_or_else(|| id.clone()),
            },
            kind: known
                .as_ref()
                .map(|k| k.kind)
                .or(seen.as_ref().map(|row| row.kind.as_str()))
                .map_or_else(String::new, |kind| ui.term(kind).to_owned()),
            on: on.map(|day| day.to_string()).unwrap_or_default(),
            profile: known.map(|known| profile(ui, known)),
            learnt: taught.iter().map(|l| learnt(ui, l)).collect(),
            timeline: Timeline::of_events(
                &page,
                EVENTS.path,
                &Filter {
                    limit: None,
                    ..acting.clone()
                },
                &[],
                reader,
            )?,
            acts: acts.iter().map(|row| ActView::new(ui, row)).collect(),
            claims: claim_rows(ui, &claims),
            seen,
            dyads,
            partners,
            links,
            id: id.clone(),
            page: page.clone(),
        };
        Ok(Html(actor.render()?))
    })
    .await
}

/// What a state or organisation and its partners do to one another, the busiest first.
fn dyads(reader: &Reader, ui: Ui, key: &str) -> Result<Vec<DyadView>, WebError> {
    let sums = reader.between(&Filter::default())?.sums(None, Some(key))?;
    let rows = rows(&sums[..sums.len().min(PARTNERS)]).into_iter();
    Ok(rows.map(|row| DyadView::new(ui, row)).collect())
}

/// Who takes part in the events of one who stands for himself.
fn partners(reader: &Reader, ui: Ui, id: &str) -> Result<Vec<Partner>, WebError> {
    let partners = reader.partners(id, PARTNERS)?.into_iter();
    let partner = |of: lagebild_store::Partner| Partner {
        name: of
            .id
            .strip_prefix("country:")
            .and_then(|key| ui.country(key))
            .unwrap_or(&of.name)
            .to_owned(),
        href: page::actor(&of.id),
        acts: of.acts,
        receives: of.receives,
    };
    Ok(partners.map(partner).collect())
}

fn learnt(ui: Ui, learnt: &LearntName) -> LearntView {
    let t = ui.texts();
    let row = &learnt.row;
    let key = row.org.as_deref().or(row.country.as_deref()).unwrap_or_default();
    let kind = if row.org.is_some() { "org" } else { "country" };
    let sectors: Vec<&str> = row.roles.iter().map(|s| ui.term(s)).collect();
    LearntView {
        acts_for: of_key(ui, key),
        href: page::actor(&format!("{kind}:{key}")),
        sectors: sectors.join(", "),
        families: row.families,
        days: ui.interval(&row.first, &row.last),
        state: match row.state.as_str() {
            "known" => format!(
                "{} {}",
                t.learnt_known,
                days(ui, Some(&row.since), row.until.as_deref(), None)
            ),
            "disputed" => t.learnt_disputed.to_owned(),
            "conflict" => t.learnt_conflict.to_owned(),
            "tables" => t.learnt_tables.to_owned(),
            _ => t.learnt_open.to_owned(),
        },
        told: learnt
            .told
            .iter()
            .take(LATEST)
            .map(|one| {
                let document = &one.document;
                (
                    ui.short_day(document.published.as_deref().unwrap_or_default()),
                    document.source.clone().unwrap_or_else(|| document.id.clone()),
                    page::report(&document.id),
                    one.sentence.text.trim().to_owned(),
                )
            })
            .collect(),
    }
}

fn profile(ui: Ui, known: Known) -> Profile {
    let codes: Vec<String> = known
        .codes
        .iter()
        .map(|c| format!("{} ({})", c.code, c.scheme))
        .collect();
    let sectors: Vec<&str> = known.sectors.iter().map(|s| ui.term(s)).collect();
    let mut names = known.names;
    names.retain(|name| *name != known.name);
    Profile {
        codes: codes.join(", "),
        names: names.join(", "),
        sectors: sectors.join(", "),
        parent: known.parent.map(|id| {
            (
                of_key(ui, id.split_once(':').map_or(id.as_str(), |(_, key)| key)),
                page::actor(&id),
            )
        }),
        capital: known.capital,
        offices: known.offices.iter().map(|o| office(ui, o)).collect(),
        leaders: known.leaders.iter().map(|o| office(ui, o)).collect(),
        memberships: known.memberships.iter().map(|t| tie(ui, t, "org")).collect(),
        members: known.members.iter().map(|t| tie(ui, t, "country")).collect(),
        source: known.source,
    }
}

/// The name of a state, or the key as it stands.
fn of_key(ui: Ui, key: &str) -> String {
    ui.party(key).to_owned()
}

fn office(ui: Ui, office: &Office) -> OfficeView {
    OfficeView {
        office: office.office.clone(),
        person: office.person.clone(),
        person_href: page::actor(&office.person_id),
        of: office.of.map(|key| of_key(ui, key)),
        days: days(
            ui,
            office.from.as_deref(),
            office.to.as_deref(),
            office.as_of.as_deref(),
        ),
    }
}

fn tie(ui: Ui, tie: &Tie, kind: &str) -> TieView {
    let kind = if ui.country(tie.with).is_some() {
        "country"
    } else {
        kind
    };
    let days = days(ui, tie.from.as_deref(), tie.to.as_deref(), None);
    TieView {
        name: of_key(ui, tie.with),
        href: page::actor(&format!("{kind}:{}", tie.with)),
        days: match tie.status {
            "member" => days,
            status if days.is_empty() => status.to_owned(),
            status => format!("{status}, {days}"),
        },
    }
}

/// *7. Mai 2012 – 7. Mai 2018*, *seit 7. Mai 2012, verbürgt bis 31. Jan. 2026*.
fn days(ui: Ui, from: Option<&str>, to: Option<&str>, as_of: Option<&str>) -> String {
    let t = ui.texts();
    match (from, to, as_of) {
        (Some(from), Some(to), _) => ui.interval(from, to),
        (None, Some(to), _) => format!("{} {}", t.until_day, ui.short_day(to)),
        (Some(from), None, Some(as_of)) => {
            format!(
                "{} {}, {} {}",
                t.since_day,
                ui.short_day(from),
                t.vouched,
                ui.short_day(as_of)
            )
        }
        (Some(from), None, None) => format!("{} {}", t.since_day, ui.short_day(from)),
        (None, None, Some(as_of)) => format!("{} {}", t.vouched, ui.short_day(as_of)),
        (None, None, None) => String::new(),
    }
}
