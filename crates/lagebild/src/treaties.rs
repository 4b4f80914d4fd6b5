//! The ledger of treaties: the tables of the program joined with what the store's reports tell.

use crate::web::Ui;
use jiff::Timestamp;
use jiff::tz::Offset;
use lagebild_core::Date;
use lagebild_core::codebook::{AgreementKind, ObligationKind, Step};
use lagebild_lexicon::knowledge::{self, Knowledge};
use lagebild_picture::treaty::{self, Clause, Member, Origin, Standing, State, Taken, Told, Treaty, standing};
use lagebild_store::{AgreementRow, Filter, Reader};
use std::ops::ControlFlow;

/// The ledger, and how many agreements of reports are in none. `filter` chooses the reports.
///
/// # Errors
/// When the filter does not fit or the store cannot be read.
pub(crate) fn ledger(reader: &Reader, filter: &Filter, ui: Ui) -> lagebild_store::Result<(Vec<Treaty>, usize)> {
    let knowledge = lagebild_bundle::knowledge();
    let tables = knowledge
        .treaties
        .iter()
        .map(|t| from_table(knowledge, t, ui))
        .collect();
    let mut told = Vec::new();
    reader.each_agreement(filter, |row| {
        told.push(from_report(&row));
        ControlFlow::Continue(())
    })?;
    Ok(treaty::ledger(tables, &told))
}

/// The part of a filter that chooses reports. Whose treaties are asked for, and of which kind, chooses among the ledger and
/// not among the reports that tell of them.
pub(crate) fn reports(filter: &Filter) -> Filter {
    Filter {
        actors: Vec::new(),
        countries: Vec::new(),
        kinds: Vec::new(),
        limit: None,
        offset: 0,
        ..filter.clone()
    }
}

/// The treaties that the filter chooses and that had begun by `on`, with their state on that day: what is in force first,
/// then by when it came to be as it is.
pub(crate) fn on_day(ledger: Vec<Treaty>, filter: &Filter, on: Date) -> Vec<(Standing, Treaty)> {
    let mut found: Vec<(Standing, Treaty)> = ledger
        .into_iter()
        .filter(|t| chosen(t, filter, on))
        .map(|t| (standing(&t, on), t))
        .filter(|(standing, _)| standing.state != State::Unknown)
        .collect();
    let rank = |s: &Standing| (s.state != State::InForce, s.state, std::cmp::Reverse(s.since));
    found.sort_by(|(a, t), (b, u)| rank(a).cmp(&rank(b)).then_with(|| t.id.cmp(&u.id)));
    found
}

/// Today, UTC.
pub(crate) fn today() -> Date {
    Offset::UTC.to_datetime(Timestamp::now()).date()
}

/// Whether the filter's states and kinds choose a treaty.
fn chosen(treaty: &Treaty, filter: &Filter, on: Date) -> bool {
    let party = |name: &String| {
        let key = name.split_once(':').map_or(name.as_str(), |(_, key)| key);
        let within = |m: &Member| m.from.is_none_or(|from| from <= on) && m.to.is_none_or(|to| on <= to);
        treaty
            .parties
            .iter()
            .any(|m| m.key.eq_ignore_ascii_case(key) && within(m))
    };
    let groups = filter.actors.iter().chain(&filter.countries);
    let kind = |k: &AgreementKind| treaty.kind == k.as_str();
    groups.into_iter().all(|group| group.iter().any(party))
        && (filter.kinds.is_empty() || filter.kinds.iter().any(kind))
}

fn from_table(knowledge: &Knowledge, t: &knowledge::Treaty, ui: Ui) -> Treaty {
    let said = |pair: [&str; 2]| pair[usize::from(ui == Ui::En)].to_owned();
    let step = |step, days: Option<(Date, Date)>| {
        days.map(|(_, last)| Taken {
            step,
            by: Vec::new(),
            on: Some(last),
            origin: Origin::Table,
        })
    };
    let steps = [
        step(Step::Signed, t.signed),
        step(Step::InForce, t.in_force),
        step(Step::Terminated, t.ended),
    ];
    let mut clauses: Vec<Clause> = t.clauses.iter().map(|c| clause(c, &said)).collect();
    if clauses.is_empty() {
        clauses = t.obligations.iter().filter_map(|word| summary(t, word)).collect();
    }
    Treaty {
        id: t.id.to_owned(),
        name: said([t.name_de, t.name_en]),
        kind: kind(t.kind).map_or_else(|| t.kind.to_owned(), |k| k.to_string()),
        parties: parties(knowledge, t),
        steps: steps.into_iter().flatten().collect(),
        clauses,
        told: Vec::new(),
    }
}

fn clause(c: &knowledge::Clause, said: &impl Fn([&str; 2]) -> String) -> Clause {
    let keys = |keys: &[&str]| keys.iter().map(|k| (*k).to_owned()).collect();
    Clause {
        article: (!c.article.is_empty()).then(|| c.article.to_owned()),
        duty: c.duty,
        bound: keys(&c.bound),
        towards: keys(&c.towards),
        from: c.from,
        to: c.to,
        text: said(c.text),
        caveat: Some(said(c.caveat)).filter(|text| !text.is_empty()),
        defence_free: c.defence_free,
        origin: Origin::Table,
    }
}

/// A duty of a treaty whose clauses the tables do not have, by their word for it; the note of the table says more.
fn summary(t: &knowledge::Treaty, word: &str) -> Option<Clause> {
    let duty = match word {
        "defense" => ObligationKind::MutualAssistance,
        "consultation" => ObligationKind::Consultation,
        "nonaggression" => ObligationKind::NonAggression,
        "assistance" => ObligationKind::Aid,
        "ceasefire" => ObligationKind::Ceasefire,
        "trade" => ObligationKind::Trade,
        _ => return None,
    };
    Some(Clause {
        article: None,
        duty,
        bound: Vec::new(),
        towards: Vec::new(),
        from: None,
        to: None,
        text: t.note.to_owned(),
        caveat: None,
        defence_free: false,
        origin: Origin::Table,
    })
}

/// The codebook's kind for the table's word.
fn kind(word: &str) -> Option<AgreementKind> {
    Some(match word.split_once('-').map_or(word, |(first, _)| first) {
        "alliance" => AgreementKind::Defence,
        "arms" | "nwfz" => AgreementKind::ArmsControl,
        "ceasefire" => AgreementKind::Ceasefire,
        "peace" => AgreementKind::Peace,
        "trade" => AgreementKind::Trade,
        "un" => AgreementKind::Sanctions,
        _ => return None,
    })
}

/// An organisation alone stands for its members, for as long as each is one; beside others it is a party itself.
fn parties(knowledge: &Knowledge, t: &knowledge::Treaty) -> Vec<Member> {
    let plain = |key: &str| Member {
        key: key.split_once(':').map_or(key, |(_, key)| key).to_owned(),
        from: None,
        to: None,
    };
    match t.parties.as_slice() {
        [alone] if alone.starts_with("org:") => {
            let members = knowledge.members(&alone["org:".len()..]).iter();
            let members = members.filter(|m| m.status == "member").map(|m| Member {
                key: m.member.to_owned(),
                from: m.from,
                to: m.to,
            });
            members.collect()
        }
        several => several.iter().map(|key| plain(key)).collect(),
    }
}

fn from_report(row: &AgreementRow) -> Told {
    let date = |text: Option<&String>| text.and_then(|t| t.parse().ok());
    let a = &row.agreement;
    Told {
        key: row.key.clone(),
        published: date(row.document.published.as_ref()),
        name: a.name.clone(),
        canonical: a.canonical.clone(),
        kind: AgreementKind::parse(&a.kind).unwrap_or(AgreementKind::Other),
        parties: a.parties.clone(),
        steps: a
            .steps
            .iter()
            .filter_map(|s| Some((Step::parse(&s.step)?, s.by.clone(), date(s.date.to.as_ref()))))
            .collect(),
        duties: a
            .obligations
            .iter()
            .filter_map(|o| {
                let kind = ObligationKind::parse(&o.kind)?;
                Some((
                    kind,
                    o.who.clone(),
                    o.condition.clone(),
                    row.sentence.as_ref()?.text.clone(),
                ))
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lagebild_picture::treaty::if_attacked;

    fn tables() -> Vec<Treaty> {
        let knowledge = lagebild_bundle::knowledge();
        knowledge
            .treaties
            .iter()
            .map(|t| from_table(knowledge, t, Ui::En))
            .collect()
    }

    fn bound<'a>(case: &'a treaty::Case, treaty: &str) -> Vec<&'a str> {
        let of = case.bonds.iter().filter(|b| b.treaty == treaty && b.level == 1);
        of.filter(|b| b.duty == ObligationKind::MutualAssistance)
            .map(|b| b.who.as_str())
            .collect()
    }

    #[test]
    fn the_tables_say_who_is_bound_to_whom() {
        let tables = tables();
        let case = |attacked, by, on: &str| if_attacked(&tables, attacked, by, on.parse().unwrap());
        let russia = case("RUS", "UKR", "2025-01-01");
        assert_eq!(bound(&russia, "RU-KP-2024"), ["PRK"]);
        assert!(bound(&russia, "CST-1992").contains(&"BLR"));
        assert!(
            russia
                .bonds
                .iter()
                .any(|b| b.who == "CHN" && b.towards == "PRK" && b.level == 2),
            "through North Korea"
        );
        assert!(
            bound(&case("RUS", "UKR", "2024-06-01"), "RU-KP-2024").is_empty(),
            "not signed yet"
        );
        let finland = |on| bound(&case("FIN", "RUS", on), "NATO-1949").len();
        assert_eq!(
            (finland("2023-04-03"), finland("2024-03-06"), finland("2024-03-07")),
            (0, 30, 31)
        );
        let ukraine = case("UKR", "RUS", "2024-10-01");
        assert!(
            ukraine
                .bonds
                .iter()
                .all(|b| b.duty != ObligationKind::MutualAssistance || b.level > 1 || b.side == treaty::Side::Attacker)
        );
        assert!(
            ukraine
                .broken
                .iter()
                .any(|b| b.treaty == "BUDAPEST-1994" && b.article.as_deref() == Some("2"))
        );
        let greece = case("GRC", "TUR", "2025-01-01");
        assert!(greece.conflicts.iter().any(|c| c.who == "FRA"), "bound by NATO to both");
    }
}
