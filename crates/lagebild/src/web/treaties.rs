//! `/treaties`: the ledger of treaties on a day, one treaty with its steps and duties, and who is bound when one attacks
//! another (`/what-if`).

use super::graph::{Drawing, Edge, Node};
use super::list::{agreement_rows, filter_of};
use super::page::{Page, link, report, segment};
use super::text::Ui;
use super::view::{AgreementView, Origin as ReportOrigin};
use super::{Site, WebError};
use crate::rows::LedgerRow;
use crate::treaties::{ledger, on_day, reports, today};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use lagebild_core::codebook::AgreementKind;
use lagebild_core::{Date, Lang};
use lagebild_lexicon::knowledge::{Country, Name};
use lagebild_picture::treaty::{
    Bond, Case, Caveat, Clash, Origin, Side, Standing, State as Stage, Treaty, if_attacked, standing,
};
use lagebild_store::{Filter, FilterError, List, Reader};
use std::collections::BTreeMap;

/// Rows of the ledger on a page.
const ROWS: usize = 300;
/// Parties that a drawing can hold; the Charter of the United Nations is no drawing.
const DRAWN: usize = 40;
/// Reports shown of one treaty.
const TOLD: usize = 30;

/// The page without the keys of its own, and their values.
fn own<const N: usize>(page: &Page, keys: [&str; N]) -> (Page, [String; N]) {
    let value = |key: &str| {
        let pairs = page.pairs.iter().filter(|(k, _)| k == key);
        pairs.map(|(_, v)| v.trim().to_owned()).next_back().unwrap_or_default()
    };
    let values = keys.map(value);
    let mut rest = page.clone();
    rest.pairs.retain(|(key, _)| !keys.contains(&key.as_str()));
    (rest, values)
}

/// A day of the query; today without one.
fn day(value: &str) -> Result<Date, WebError> {
    if value.is_empty() {
        return Ok(today());
    }
    value.parse().map_err(|_| {
        FilterError::UnknownValue {
            key: "on",
            value: value.to_owned(),
        }
        .into()
    })
}

/// `path` of a treaty on a day.
fn treaty_page(id: &str, on: Date) -> String {
    let path = segment("/treaties", id);
    if on == today() {
        path
    } else {
        link(&path, &[("on", on.to_string())])
    }
}

fn names(ui: Ui, keys: &[String]) -> String {
    keys.iter().map(|key| ui.party(key)).collect::<Vec<_>>().join(", ")
}

/// A treaty in the ledger.
struct TreatyView {
    name: String,
    href: String,
    kind: String,
    state: &'static str,
    /// CSS class of its state.
    class: &'static str,
    since: String,
    /// Parties in words; the number of many.
    parties: String,
    duties: String,
    told: usize,
}

impl TreatyView {
    fn new(page: &Page, on: Date, standing: Standing, treaty: Treaty) -> Self {
        let (ui, t) = (page.ui, page.t);
        let row = LedgerRow::new(standing, treaty);
        let mut duties: Vec<&str> = row.duties.iter().map(|d| ui.term(&d.duty)).collect();
        duties.sort_unstable();
        duties.dedup();
        Self {
            href: treaty_page(&row.id, on),
            kind: ui.term(&row.kind).to_owned(),
            state: stage(page, row.standing.state),
            class: row.standing.state.as_str(),
            since: row.standing.since.map(|d| ui.day(&d.to_string())).unwrap_or_default(),
            parties: match row.parties.len() {
                0 => t.treaty_many.to_owned(),
                n if n > 5 => format!("{n} {}", t.treaty_n_parties),
                _ => names(ui, &row.parties),
            },
            duties: duties.join(", "),
            told: row.told.len(),
            name: if row.name.is_empty() {
                t.unnamed_agreement.to_owned()
            } else {
                row.name
            },
        }
    }
}

/// How far a treaty has come, in words.
fn stage(page: &Page, stage: Stage) -> &'static str {
    let t = page.t;
    match stage {
        Stage::Unknown => t.stage_unknown,
        Stage::Negotiated => t.stage_negotiated,
        Stage::Agreed => t.stage_agreed,
        Stage::Signed => t.stage_signed,
        Stage::Ratified => t.stage_ratified,
        Stage::InForce => t.stage_in_force,
        Stage::Suspended => t.stage_suspended,
        Stage::Ended => t.stage_ended,
    }
}

#[derive(Template)]
#[template(path = "treaties.html")]
struct LedgerPage {
    page: Page,
    on: String,
    on_words: String,
    filter: Filter,
    /// Kinds to choose from: value, name, whether it is asked for.
    kinds: Vec<(&'static str, &'static str, bool)>,
    rows: Vec<TreatyView>,
    total: usize,
    /// Treaties that the table leaves out.
    more: usize,
    /// Agreements of reports that are in no ledger.
    left_out: usize,
    drawing: Drawing,
}

/// `/treaties`
pub(super) async fn all(State(site): State<Site>, page: Page) -> Result<Html<String>, WebError> {
    site.read(move |reader| {
        let (rest, [on]) = own(&page, ["on"]);
        let on = day(&on)?;
        let ui = page.ui;
        let filter = filter_of(&rest, List::Agreements)?;
        let (ledger, left_out) = ledger(reader, &reports(&filter), ui)?;
        let found = on_day(ledger, &filter, on);
        let drawing = if filter.actors.is_empty() && filter.countries.is_empty() {
            Drawing::new(Vec::new(), Vec::new())
        } else {
            let treaties: Vec<&Treaty> = found
                .iter()
                .filter(|(s, _)| s.state == Stage::InForce)
                .map(|(_, t)| t)
                .collect();
            draw(ui, &treaties, None, on)
        };
        let total = found.len();
        let rows = found.into_iter().take(ROWS);
        let kind = |k: AgreementKind| (k.as_str(), ui.term(k.as_str()), filter.kinds.contains(&k));
        let ledger = LedgerPage {
            on: on.to_string(),
            on_words: ui.day(&on.to_string()),
            kinds: AgreementKind::ALL.iter().map(|k| kind(*k)).collect(),
            rows: rows
                .map(|(standing, treaty)| TreatyView::new(&page, on, standing, treaty))
                .collect(),
            more: total.saturating_sub(ROWS),
            total,
            left_out,
            drawing,
            filter,
            page,
        };
        Ok(Html(ledger.render()?))
    })
    .await
}

/// Treaties as boxes and their parties as states; `first` stands in the middle, and only treaties that share a party with it
/// are drawn.
fn draw(ui: Ui, treaties: &[&Treaty], first: Option<&Treaty>, on: Date) -> Drawing {
    let party = |t: &Treaty| -> Vec<String> {
        let within = |from: Option<Date>, to: Option<Date>| from.is_none_or(|d| d <= on) && to.is_none_or(|d| on <= d);
        t.parties
            .iter()
            .filter(|m| within(m.from, m.to))
            .map(|m| m.key.clone())
            .collect()
    };
    let core = first.map(party).unwrap_or_default();
    let mut shown: Vec<(&Treaty, Vec<String>)> = Vec::new();
    let mut states: BTreeMap<String, usize> = BTreeMap::new();
    let others = treaties.iter().copied().filter(|t| first.is_none_or(|f| f.id != t.id));
    for treaty in first.into_iter().chain(others) {
        let parties = party(treaty);
        let shares =
            core.is_empty() || first.is_some_and(|f| f.id == treaty.id) || parties.iter().any(|p| core.contains(p));
        let new = parties.iter().filter(|p| !states.contains_key(*p)).count();
        if !shares || parties.len() < 2 || states.len() + new > DRAWN || shown.len() >= DRAWN {
            continue;
        }
        for party in &parties {
            *states.entry(party.clone()).or_default() += 1;
        }
        shown.push((treaty, parties));
    }
    let boxes = shown.iter().map(|(t, parties)| Node {
        label: short(&t.name),
        title: format!("{}: {}", t.name, names(ui, parties)),
        href: Some(treaty_page(&t.id, on)),
        class: "box",
        weight: 4,
    });
    let circles = states.iter().map(|(key, n)| Node {
        label: ui.party(key).to_owned(),
        title: ui.party(key).to_owned(),
        href: Some(link("/treaties", &[("actor", key.as_str()), ("on", &on.to_string())])),
        class: "state",
        weight: *n,
    });
    let number: BTreeMap<&str, usize> = states
        .keys()
        .enumerate()
        .map(|(n, key)| (key.as_str(), n + shown.len()))
        .collect();
    let edges = shown.iter().enumerate().flat_map(|(n, (t, parties))| {
        let edge = move |party: &String, to: usize| Edge {
            from: n,
            to,
            directed: false,
            title: format!("{}: {}", t.name, ui.party(party)),
            href: None,
            class: "",
            weight: 1,
        };
        parties
            .iter()
            .filter_map(|p| Some(edge(p, *number.get(p.as_str())?)))
            .collect::<Vec<_>>()
    });
    let edges = edges.collect();
    Drawing::new(boxes.chain(circles).collect(), edges)
}

/// The beginning of a long name.
fn short(name: &str) -> String {
    const LONG: usize = 28;
    if name.chars().count() <= LONG {
        return name.to_owned();
    }
    let cut: String = name.chars().take(LONG - 1).collect();
    format!("{}…", cut.trim_end())
}

/// A step of a treaty.
struct StepRow {
    /// ISO day; empty when unknown.
    iso: String,
    date: String,
    step: String,
    by: String,
    /// Where it is told; nothing for the tables of the program.
    href: Option<String>,
    /// After the day asked about.
    later: bool,
}

/// A duty of a treaty.
struct ClauseRow {
    duty: String,
    article: Option<String>,
    bound: String,
    towards: String,
    /// When it holds, where that is not as long as the treaty.
    time: String,
    text: String,
    caveat: Option<String>,
    href: Option<String>,
}

/// A party of a treaty.
struct PartyRow {
    name: String,
    href: String,
    from: String,
    to: String,
    ratified: bool,
}

#[derive(Template)]
#[template(path = "treaty.html")]
struct TreatyPage<'a> {
    page: Page,
    on: String,
    name: String,
    kind: String,
    state: &'static str,
    class: &'static str,
    since: String,
    on_words: String,
    steps: Vec<StepRow>,
    parties: Vec<PartyRow>,
    clauses: Vec<ClauseRow>,
    told: Vec<(AgreementView<'a>, ReportOrigin<'a>)>,
    /// Agreements of reports that are not shown.
    more: usize,
    drawing: Drawing,
}

/// Where a record of a report stands, by its key in the store.
fn record_page(key: &str) -> Option<String> {
    let (document, id) = key.rsplit_once('#')?;
    Some(format!("{}#{id}", report(document)))
}

fn origin(origin: &Origin) -> Option<String> {
    match origin {
        Origin::Table => None,
        Origin::Report(key) => record_page(key),
    }
}

/// `/treaties/{id}`
pub(super) async fn one(
    State(site): State<Site>,
    Path(id): Path<String>,
    page: Page,
) -> Result<Html<String>, WebError> {
    site.read(move |reader| {
        let (rest, [on]) = own(&page, ["on"]);
        let (ui, on) = (page.ui, day(&on)?);
        let filter = filter_of(&rest, List::Agreements)?;
        let (ledger, _) = ledger(reader, &reports(&filter), ui)?;
        let treaty = ledger.iter().find(|t| t.id == id).ok_or(WebError::NotFound)?;
        let known = told(reader, treaty)?;
        Ok(Html(
            treaty_view(&page, on, treaty, &ledger, agreement_rows(ui, &known)).render()?,
        ))
    })
    .await
}

/// The agreements of reports that tell of a treaty, the first of them.
fn told(reader: &Reader, treaty: &Treaty) -> Result<Vec<lagebild_store::AgreementRow>, WebError> {
    let documents = treaty
        .told
        .iter()
        .take(TOLD)
        .filter_map(|key| Some(key.rsplit_once('#')?.0.to_owned()));
    let mut documents: Vec<String> = documents.collect();
    documents.dedup();
    if documents.is_empty() {
        return Ok(Vec::new());
    }
    let rows = reader.agreements(&Filter {
        documents,
        ..Filter::default()
    })?;
    Ok(rows
        .rows
        .into_iter()
        .filter(|row| treaty.told.contains(&row.key))
        .collect())
}

fn treaty_view<'a>(
    page: &Page,
    on: Date,
    treaty: &Treaty,
    ledger: &[Treaty],
    told: Vec<(AgreementView<'a>, ReportOrigin<'a>)>,
) -> TreatyPage<'a> {
    let ui = page.ui;
    let words = |day: Option<Date>| day.map(|d| ui.day(&d.to_string())).unwrap_or_default();
    let now = standing(treaty, on);
    let mut steps = treaty.steps.clone();
    steps.sort_by_key(|s| (s.on.is_none(), s.on, s.step, s.origin != Origin::Table));
    steps.dedup_by(|b, a| (a.step, &a.by, a.on) == (b.step, &b.by, b.on));
    let step = |s: &lagebild_picture::treaty::Taken| StepRow {
        iso: s.on.map(|d| d.to_string()).unwrap_or_default(),
        date: words(s.on),
        step: ui.term(s.step.as_str()).to_owned(),
        by: names(ui, &s.by),
        href: origin(&s.origin),
        later: s.on.is_none_or(|d| d > on),
    };
    let clause = |c: &lagebild_picture::treaty::Clause| ClauseRow {
        duty: ui.term(c.duty.as_str()).to_owned(),
        article: c.article.clone(),
        bound: names(ui, &c.bound),
        towards: names(ui, &c.towards),
        time: match (c.from, c.to) {
            (None, None) => String::new(),
            (from, to) => format!("{} – {}", words(from), words(to)),
        },
        text: c.text.clone(),
        caveat: c.caveat.clone(),
        href: origin(&c.origin),
    };
    let party = |m: &lagebild_picture::treaty::Member| PartyRow {
        name: ui.party(&m.key).to_owned(),
        href: link("/treaties", &[("actor", m.key.as_str()), ("on", &on.to_string())]),
        from: words(m.from),
        to: words(m.to),
        ratified: now.ratified_by.contains(&m.key),
    };
    let in_force: Vec<&Treaty> = ledger
        .iter()
        .filter(|t| standing(t, on).state == Stage::InForce)
        .collect();
    TreatyPage {
        on: on.to_string(),
        name: if treaty.name.is_empty() {
            page.t.unnamed_agreement.to_owned()
        } else {
            treaty.name.clone()
        },
        kind: ui.term(&treaty.kind).to_owned(),
        state: stage(page, now.state),
        class: now.state.as_str(),
        since: words(now.since),
        on_words: words(Some(on)),
        steps: steps.iter().map(step).collect(),
        parties: treaty.parties.iter().map(party).collect(),
        clauses: treaty.clauses.iter().map(clause).collect(),
        more: treaty.told.len().saturating_sub(told.len()),
        told,
        drawing: draw(ui, &in_force, Some(treaty), on),
        page: page.clone(),
    }
}

/// A duty in a case.
struct BondView {
    who: String,
    towards: String,
    duty: String,
    /// What has to happen first.
    when: String,
    treaty: String,
    href: String,
    text: String,
    caveats: Vec<String>,
}

/// Duties of one kind in a case: those of allies, of allies of allies, of the allies of the attacker.
struct BondGroup {
    title: String,
    bonds: Vec<BondView>,
}

/// Duties of one state that do not go together.
struct ConflictView {
    who: String,
    why: String,
    /// Id and page of each.
    treaties: Vec<(String, String)>,
}

/// The answer to a case, in words.
struct CaseView {
    title: String,
    groups: Vec<BondGroup>,
    conflicts: Vec<ConflictView>,
    drawing: Drawing,
}

#[derive(Template)]
#[template(path = "what-if.html")]
struct WhatIfPage {
    page: Page,
    attacked: String,
    by: String,
    on: String,
    on_words: String,
    /// States to choose from: code and name.
    states: Vec<(&'static str, &'static str)>,
    /// What of the question is no state.
    unknown: Vec<String>,
    case: Option<CaseView>,
}

/// `/what-if?attacked=…&by=…&on=…`
pub(super) async fn what_if(State(site): State<Site>, page: Page) -> Result<Html<String>, WebError> {
    site.read(move |reader| {
        let (rest, [attacked, by, on]) = own(&page, ["attacked", "by", "on"]);
        let (ui, on) = (page.ui, day(&on)?);
        let filter = filter_of(&rest, List::Agreements)?;
        let asked = [&attacked, &by].map(|name| (name, state(ui, name)));
        let unknown = asked.iter().filter(|(name, key)| !name.is_empty() && key.is_none());
        let unknown: Vec<String> = unknown.map(|(name, _)| (*name).clone()).collect();
        let case = match asked.map(|(_, key)| key) {
            [Some(attacked), Some(by)] if attacked != by => {
                let (ledger, _) = ledger(reader, &reports(&filter), ui)?;
                Some(case_view(
                    &page,
                    &if_attacked(&ledger, attacked, by, on),
                    (attacked, by),
                    on,
                ))
            }
            _ => None,
        };
        let mut states: Vec<(&str, &str)> = lagebild_bundle::knowledge()
            .countries
            .iter()
            .map(|c| (c.key, if ui == Ui::De { c.name_de } else { c.name_en }))
            .collect();
        states.sort_by_key(|s| s.1);
        let answer = WhatIfPage {
            attacked,
            by,
            on: on.to_string(),
            on_words: ui.day(&on.to_string()),
            states,
            unknown,
            case,
            page,
        };
        Ok(Html(answer.render()?))
    })
    .await
}

/// The state that is named, by its code or a name of either language.
fn state(ui: Ui, name: &str) -> Option<&'static str> {
    let knowledge = lagebild_bundle::knowledge();
    if let Some(country) = knowledge.country(&name.to_ascii_uppercase()) {
        return Some(country.key);
    }
    let lower = name.to_lowercase();
    let spelled = |c: &&Country| c.name_de.to_lowercase() == lower || c.name_en.to_lowercase() == lower;
    if let Some(country) = knowledge.countries.iter().find(spelled) {
        return Some(country.key);
    }
    let langs = if ui == Ui::De {
        [Lang::De, Lang::En]
    } else {
        [Lang::En, Lang::De]
    };
    langs.into_iter().find_map(|lang| {
        knowledge.named(lang, name).into_iter().find_map(|found| match found {
            Name::Country(ix) => Some(knowledge.countries[ix.ix()].key),
            _ => None,
        })
    })
}

fn case_view(page: &Page, case: &Case, (attacked, by): (&str, &str), on: Date) -> CaseView {
    let (ui, t) = (page.ui, page.t);
    let (victim, attacker) = (ui.party(attacked), ui.party(by));
    let caveat = |caveat: &Caveat| match caveat {
        Caveat::Text(text) => text.clone(),
        Caveat::NotInForce(state) => format!("{}, {}", stage(page, *state), t.if_not_in_force),
        Caveat::Party(who) => format!("{} {}", ui.party(who), t.if_party),
    };
    let bond = |b: &Bond| BondView {
        who: ui.party(&b.who).to_owned(),
        towards: ui.party(&b.towards).to_owned(),
        duty: ui.term(b.duty.as_str()).to_owned(),
        when: match b.side {
            Side::Attacker => ui.if_attacked_in_turn(attacker),
            Side::Attacked if b.level > 1 => ui.if_attacks(attacker, ui.party(&b.towards)),
            Side::Attacked => String::new(),
        },
        treaty: match &b.article {
            Some(article) => format!("{}, Art. {article}", b.name),
            None => b.name.clone(),
        },
        href: treaty_page(&b.treaty, on),
        text: b.text.clone(),
        caveats: b.caveats.iter().map(caveat).collect(),
    };
    let group = |title: String, bonds: Vec<&Bond>| BondGroup {
        title,
        bonds: bonds.into_iter().map(bond).collect(),
    };
    let of = |side: Side, level: std::ops::RangeInclusive<u8>| -> Vec<&Bond> {
        case.bonds
            .iter()
            .filter(|b| b.side == side && level.contains(&b.level))
            .collect()
    };
    let mut groups = vec![
        group(ui.if_bound_to(victim), of(Side::Attacked, 1..=1)),
        group(t.if_chain.to_owned(), of(Side::Attacked, 2..=u8::MAX)),
        group(ui.if_bound_to(attacker), of(Side::Attacker, 1..=u8::MAX)),
        group(t.if_broken.to_owned(), case.broken.iter().collect()),
    ];
    groups.retain(|g| !g.bonds.is_empty());
    let conflicts = case.conflicts.iter().map(|c| {
        let why = match &c.why {
            Clash::Assistance { attacked, by } => ui.if_clash(ui.party(attacked), ui.party(by), true),
            Clash::Peace { attacked, by } => ui.if_clash(ui.party(attacked), ui.party(by), false),
        };
        let treaties = c.with_attacked.iter().chain(&c.with_attacker);
        ConflictView {
            who: ui.party(&c.who).to_owned(),
            why,
            treaties: treaties.map(|id| (id.clone(), treaty_page(id, on))).collect(),
        }
    });
    CaseView {
        title: ui.if_attacks(attacker, victim),
        conflicts: conflicts.collect(),
        drawing: case_drawing(page, case, (attacked, by)),
        groups,
    }
}

/// The duties to assist of a case: the attack, and who comes to whose help.
fn case_drawing(page: &Page, case: &Case, (attacked, by): (&str, &str)) -> Drawing {
    let ui = page.ui;
    let mut keys: Vec<&str> = vec![attacked, by];
    let bonds = case
        .bonds
        .iter()
        .filter(|b| b.duty == lagebild_core::codebook::ObligationKind::MutualAssistance);
    let mut pairs: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for bond in bonds {
        for key in [bond.who.as_str(), &bond.towards] {
            if !keys.contains(&key) && keys.len() < DRAWN {
                keys.push(key);
            }
        }
        pairs.entry((&bond.who, &bond.towards)).or_default().push(&bond.name);
    }
    let number = |key: &str| keys.iter().position(|k| *k == key);
    let node = |key: &&str| Node {
        label: ui.party(key).to_owned(),
        title: ui.party(key).to_owned(),
        href: Some(link("/treaties", &[("actor", *key)])),
        class: if *key == by {
            "attacker"
        } else if *key == attacked {
            "attacked"
        } else {
            "state"
        },
        weight: if [attacked, by].contains(key) { 16 } else { 3 },
    };
    let attack = Edge {
        from: 1,
        to: 0,
        directed: true,
        title: ui.if_attacks(ui.party(by), ui.party(attacked)),
        href: None,
        class: "q-mk",
        weight: 8,
    };
    let helps = pairs.iter().filter_map(|((who, towards), treaties)| {
        let mut treaties = treaties.clone();
        treaties.dedup();
        Some(Edge {
            from: number(who)?,
            to: number(towards)?,
            directed: true,
            title: format!("{} → {}: {}", ui.party(who), ui.party(towards), treaties.join(", ")),
            href: None,
            class: "q-mc",
            weight: 1,
        })
    });
    Drawing::new(
        keys.iter().map(node).collect(),
        [attack].into_iter().chain(helps).collect(),
    )
}
