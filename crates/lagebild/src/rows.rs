//! The rows of lists as CSV: one set of columns for the command line and the web.

use crate::web::Ui;
use lagebild_core::wire::PartyRecord;
use lagebild_picture::accord::{Numbers, Told};
use lagebild_picture::claims::Record;
use lagebild_picture::tension::Period;
use lagebild_picture::treaty::{Bond, Conflict, Origin, Standing, State, Treaty};
use lagebild_store::{
    ActorRow, AgreementRow, ClaimRow, ClusterRow, DocumentRow, EventRow, FamilyRow, FeedRow, Hit, OpinionRow, StoryRow,
};
use serde::Serialize;

/// A row of a list: JSON is what it serialises to, CSV its fields under the names of its columns.
pub(crate) trait Row: Serialize {
    /// Names of the columns.
    fn columns() -> Vec<&'static str>;
    /// One field a column.
    fn fields(&self) -> Vec<String>;
}

/// Lists that are exported as well take their columns from the schema of the exports.
macro_rules! exported {
    ($($row:ty),+) => { $(
        impl Row for $row {
            fn columns() -> Vec<&'static str> {
                <$row as lagebild_export::Row>::TABLE.columns.iter().map(|c| c.name).collect()
            }

            fn fields(&self) -> Vec<String> {
                lagebild_export::fields(&<$row as lagebild_export::Row>::TABLE, &lagebild_export::Row::cells(self)).collect()
            }
        }
    )+ };
}

exported!(DocumentRow, EventRow, ClaimRow, AgreementRow, ActorRow, Hit, FeedRow);

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

/// Numbers for people, each with those who tell it where they differ: `3000 Soldaten (Kirby) / 10 000 Mann (NIS)`.
pub(crate) fn numbers(numbers: &[Numbers]) -> String {
    joined(numbers.iter().map(|group| {
        let each = group.values.iter().map(|n| {
            let modifier = match n.modifier.as_str() {
                "exact" => String::new(),
                other => format!("{} ", Ui::En.term(other)),
            };
            let by = if group.agreed {
                String::new()
            } else {
                format!(" ({})", n.by.join(", "))
            };
            format!("{modifier}{} {}{by}", n.value, n.thing)
        });
        each.collect::<Vec<_>>().join(" / ")
    }))
}

/// Values with the keys of the events that tell them.
fn told(told: &[Told]) -> String {
    joined(told.iter().map(|t| format!("{}: {}", t.value, t.events.join(" "))))
}

impl Row for ClusterRow {
    fn columns() -> Vec<&'static str> {
        vec![
            "key",
            "type",
            "mode",
            "content",
            "actors",
            "actor_codes",
            "recipients",
            "recipient_codes",
            "date_from",
            "date_to",
            "place",
            "quad",
            "cameo",
            "reports",
            "sources",
            "earliest",
            "published",
            "last",
            "status",
            "certainty",
            "numbers",
            "events",
            "sentence",
        ]
    }

    fn fields(&self) -> Vec<String> {
        let a = &self.accord;
        vec![
            self.key.clone(),
            self.kind.clone(),
            text(self.mode.as_ref()),
            text(self.content.as_ref()),
            each(&self.actors, |p| p.name.as_ref().or(Some(&p.text))),
            each(&self.actors, |p| p.code.as_ref()),
            each(&self.recipients, |p| p.name.as_ref().or(Some(&p.text))),
            each(&self.recipients, |p| p.code.as_ref()),
            text(self.date.from.as_ref()),
            text(self.date.to.as_ref()),
            self.place.as_ref().map(|p| p.name.clone()).unwrap_or_default(),
            self.quad.clone(),
            self.cameo.clone(),
            a.reports.to_string(),
            a.sources.to_string(),
            self.earliest.id.clone(),
            text(self.earliest.published.as_ref()),
            text(self.last.as_ref()),
            told(&a.status),
            told(&a.certainty),
            numbers(&a.numbers),
            self.tellings
                .iter()
                .map(|t| t.key.as_str())
                .collect::<Vec<_>>()
                .join(" "),
            self.tellings
                .first()
                .map(|t| t.sentence.text.clone())
                .unwrap_or_default(),
        ]
    }
}

impl Row for FamilyRow {
    fn columns() -> Vec<&'static str> {
        vec![
            "earliest",
            "published",
            "source",
            "title",
            "reports",
            "copies",
            "sources",
        ]
    }

    fn fields(&self) -> Vec<String> {
        let d = &self.earliest;
        let copies = || self.copies.iter().map(|c| &c.document);
        vec![
            d.id.clone(),
            text(d.published.as_ref()),
            text(d.source.as_ref()),
            text(d.title.as_ref()),
            self.copies.len().to_string(),
            copies().map(|d| d.id.as_str()).collect::<Vec<_>>().join(" "),
            joined(copies().map(|d| text(d.source.as_ref()))),
        ]
    }
}

impl Row for StoryRow {
    fn columns() -> Vec<&'static str> {
        vec![
            "key",
            "title",
            "actors",
            "first",
            "last",
            "reports",
            "sources",
            "documents",
        ]
    }

    fn fields(&self) -> Vec<String> {
        vec![
            self.key.clone(),
            text(self.title.as_ref()),
            self.actors.join("; "),
            text(self.first.as_ref()),
            text(self.last.as_ref()),
            self.reports.len().to_string(),
            self.sources.to_string(),
            self.reports
                .iter()
                .map(|r| r.document.id.as_str())
                .collect::<Vec<_>>()
                .join(" "),
        ]
    }
}

impl Row for OpinionRow {
    fn columns() -> Vec<&'static str> {
        vec![
            "position",
            "act",
            "key",
            "document",
            "published",
            "source",
            "holder",
            "holder_id",
            "holder_code",
            "stance",
            "said",
            "sentence",
        ]
    }

    fn fields(&self) -> Vec<String> {
        let (c, d) = (&self.claim, &self.claim.document);
        vec![
            self.position.as_str().to_owned(),
            self.act.clone(),
            c.key.clone(),
            d.id.clone(),
            text(d.published.as_ref()),
            text(d.source.as_ref()),
            c.claim
                .holder
                .name
                .clone()
                .unwrap_or_else(|| c.claim.holder.text.clone()),
            text(c.claim.holder.id.as_ref()),
            text(c.claim.holder.code.as_ref()),
            c.claim.stance.clone(),
            c.said.clone(),
            c.sentence.text.clone(),
        ]
    }
}

impl Row for Record {
    fn columns() -> Vec<&'static str> {
        vec![
            "speaker",
            "name",
            "side",
            "claims",
            "stances",
            "told",
            "shared",
            "confirmed",
            "denied",
            "alone",
            "denials",
            "contradicted",
            "first",
            "last",
        ]
    }

    fn fields(&self) -> Vec<String> {
        vec![
            self.speaker.clone(),
            self.name.clone(),
            text(self.side.as_ref()),
            self.claims.to_string(),
            joined(self.stances.iter().map(|(stance, n)| format!("{stance} {n}"))),
            self.told.to_string(),
            self.shared.to_string(),
            self.confirmed.to_string(),
            self.denied.to_string(),
            self.alone.to_string(),
            self.denials.to_string(),
            self.contradicted.to_string(),
            text(self.first.as_ref()),
            text(self.last.as_ref()),
        ]
    }
}

/// What one did to another, summed up.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct DyadRow {
    /// Who acts: ISO 3166-1 alpha-3 or organisation key.
    pub(crate) actor: String,
    /// Towards whom.
    pub(crate) recipient: String,
    /// Acts told as real, each once however many reports tell it.
    pub(crate) acts: usize,
    /// Of verbal cooperation.
    pub(crate) verbal_cooperation: usize,
    /// Of material cooperation, arms apart.
    pub(crate) material_cooperation: usize,
    /// Of verbal conflict.
    pub(crate) verbal_conflict: usize,
    /// Of material conflict.
    pub(crate) material_conflict: usize,
    /// Military aid to the recipient: in no sum.
    pub(crate) arms: usize,
    /// Sum of Goldstein values.
    pub(crate) goldstein: f32,
    /// Sum of PLOVER scores.
    pub(crate) plover: f32,
    /// Earliest day.
    pub(crate) first: Option<String>,
    /// Latest day.
    pub(crate) last: Option<String>,
}

impl Row for DyadRow {
    fn columns() -> Vec<&'static str> {
        vec![
            "actor",
            "recipient",
            "acts",
            "verbal_cooperation",
            "material_cooperation",
            "verbal_conflict",
            "material_conflict",
            "arms",
            "goldstein",
            "plover",
            "first",
            "last",
        ]
    }

    fn fields(&self) -> Vec<String> {
        vec![
            self.actor.clone(),
            self.recipient.clone(),
            self.acts.to_string(),
            self.verbal_cooperation.to_string(),
            self.material_cooperation.to_string(),
            self.verbal_conflict.to_string(),
            self.material_conflict.to_string(),
            self.arms.to_string(),
            self.goldstein.to_string(),
            self.plover.to_string(),
            text(self.first.as_ref()),
            text(self.last.as_ref()),
        ]
    }
}

/// A period of a pair; the figures are explained in docs/tension.md.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct PeriodRow {
    /// Who acts.
    pub(crate) actor: String,
    /// Towards whom.
    pub(crate) recipient: String,
    /// First day, ISO 8601.
    pub(crate) from: String,
    /// Last day.
    pub(crate) to: String,
    /// Counts, sums, tension, index.
    #[serde(flatten)]
    pub(crate) period: Period,
}

impl Row for PeriodRow {
    fn columns() -> Vec<&'static str> {
        vec![
            "actor",
            "recipient",
            "from",
            "to",
            "verbal_cooperation",
            "material_cooperation",
            "verbal_conflict",
            "material_conflict",
            "arms",
            "arms_against",
            "goldstein",
            "plover",
            "volume",
            "tension",
            "expected",
            "index",
            "alarm",
        ]
    }

    fn fields(&self) -> Vec<String> {
        let p = &self.period;
        vec![
            self.actor.clone(),
            self.recipient.clone(),
            self.from.clone(),
            self.to.clone(),
            p.verbal_cooperation.to_string(),
            p.material_cooperation.to_string(),
            p.verbal_conflict.to_string(),
            p.material_conflict.to_string(),
            p.arms.to_string(),
            p.arms_against.to_string(),
            p.goldstein.to_string(),
            p.plover.to_string(),
            p.volume.to_string(),
            number(p.tension),
            number(p.expected),
            number(p.index),
            p.alarm.to_string(),
        ]
    }
}

/// Periods far above what was to be expected.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct AlertRow {
    /// Who acts.
    pub(crate) actor: String,
    /// Towards whom.
    pub(crate) recipient: String,
    /// First day, ISO 8601.
    pub(crate) from: String,
    /// Last day.
    pub(crate) to: String,
    /// The highest index.
    pub(crate) peak: f32,
}

impl Row for AlertRow {
    fn columns() -> Vec<&'static str> {
        vec!["actor", "recipient", "from", "to", "peak"]
    }

    fn fields(&self) -> Vec<String> {
        vec![
            self.actor.clone(),
            self.recipient.clone(),
            self.from.clone(),
            self.to.clone(),
            self.peak.to_string(),
        ]
    }
}

/// A treaty of the ledger on a day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct LedgerRow {
    /// Id in the tables of the program, else the key of the agreement that tells of it first.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// Codebook kind, or the word of the tables.
    pub(crate) kind: String,
    /// Keys of the parties; empty when they are too many to list.
    pub(crate) parties: Vec<String>,
    /// State, since when, who ratified, and the steps that led there with their origin.
    #[serde(flatten)]
    pub(crate) standing: Standing,
    /// What it obliges to.
    pub(crate) duties: Vec<Duty>,
    /// Keys of the agreements in the store that tell of it.
    pub(crate) told: Vec<String>,
}

/// A duty of a treaty.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Duty {
    /// Codebook kind.
    pub(crate) duty: String,
    /// Article.
    pub(crate) article: Option<String>,
    /// What it provides.
    pub(crate) text: String,
    /// What limits it.
    pub(crate) caveat: Option<String>,
    /// Who is bound; empty for all.
    pub(crate) bound: Vec<String>,
    /// From the tables or from a report.
    pub(crate) origin: Origin,
}

impl LedgerRow {
    pub(crate) fn new(standing: Standing, treaty: Treaty) -> Self {
        Self {
            id: treaty.id,
            name: treaty.name,
            kind: treaty.kind,
            parties: treaty.parties.into_iter().map(|m| m.key).collect(),
            standing,
            duties: treaty
                .clauses
                .into_iter()
                .map(|c| Duty {
                    duty: c.duty.to_string(),
                    article: c.article,
                    text: c.text,
                    caveat: c.caveat,
                    bound: c.bound,
                    origin: c.origin,
                })
                .collect(),
            told: treaty.told,
        }
    }

    /// Parties for people: all of a few, the number of many.
    pub(crate) fn party_list(&self) -> String {
        match self.parties.len() {
            0 => "many".to_owned(),
            n if n > 6 => format!("{n} states"),
            _ => self.parties.join(" + "),
        }
    }

    /// Duties with their articles, each once.
    pub(crate) fn duty_list(&self) -> String {
        let mut duties: Vec<String> = Vec::new();
        for duty in &self.duties {
            let shown = match &duty.article {
                Some(article) => format!("{} (Art. {article})", duty.duty),
                None => duty.duty.clone(),
            };
            let known = duties
                .iter()
                .any(|d| *d == shown || d.starts_with(&format!("{} (", duty.duty)));
            if !known || duty.article.is_some() && !duties.contains(&shown) {
                duties.push(shown);
            }
        }
        duties.join("; ")
    }
}

impl Row for LedgerRow {
    fn columns() -> Vec<&'static str> {
        vec![
            "id",
            "name",
            "kind",
            "parties",
            "state",
            "since",
            "ratified_by",
            "duties",
            "told",
        ]
    }

    fn fields(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.name.clone(),
            self.kind.clone(),
            self.parties.join(" "),
            self.standing.state.as_str().to_owned(),
            number(self.standing.since),
            self.standing.ratified_by.join(" "),
            self.duty_list(),
            self.told.join(" "),
        ]
    }
}

/// A line of the answer to "what if".
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct BondRow {
    /// `bound`: a duty; `broken`: what the attack breaks; `conflict`: duties that do not go together.
    pub(crate) row: &'static str,
    /// Who is bound, ISO 3166-1 alpha-3 or organisation key.
    pub(crate) who: String,
    /// For whom.
    pub(crate) towards: Option<String>,
    /// Codebook kind of obligation.
    pub(crate) duty: Option<String>,
    /// 1 for allies, 2 for allies of allies, and so on.
    pub(crate) level: Option<u8>,
    /// What has to happen first, beyond the attack asked about.
    pub(crate) when: Option<String>,
    /// Ids of the treaties.
    pub(crate) treaties: Vec<String>,
    /// Name of the treaty.
    pub(crate) name: Option<String>,
    /// Article.
    pub(crate) article: Option<String>,
    /// What it provides; of a conflict, what does not go together.
    pub(crate) text: String,
    /// What limits it.
    pub(crate) caveats: Vec<String>,
    /// State of the treaty on the day.
    pub(crate) state: Option<State>,
    /// From the tables or from a report.
    pub(crate) origin: Option<Origin>,
}

impl BondRow {
    pub(crate) fn of(row: &'static str, bond: Bond) -> Self {
        Self {
            row,
            who: bond.who,
            towards: Some(bond.towards),
            duty: Some(bond.duty.to_string()),
            level: Some(bond.level),
            when: bond.when,
            treaties: vec![bond.treaty],
            name: Some(bond.name),
            article: bond.article,
            text: bond.text,
            caveats: bond.caveats.iter().map(ToString::to_string).collect(),
            state: Some(bond.state),
            origin: Some(bond.origin),
        }
    }

    pub(crate) fn conflict(conflict: Conflict) -> Self {
        Self {
            row: "conflict",
            who: conflict.who,
            towards: None,
            duty: None,
            level: None,
            when: None,
            treaties: [conflict.with_attacked, conflict.with_attacker].concat(),
            name: None,
            article: None,
            text: conflict.why.to_string(),
            caveats: Vec::new(),
            state: None,
            origin: None,
        }
    }

    /// The treaty by name with its article; of a conflict, the treaties.
    pub(crate) fn clause(&self) -> String {
        match (&self.name, &self.article) {
            (Some(name), Some(article)) => format!("{name}, Art. {article}"),
            (Some(name), None) => name.clone(),
            (None, _) => self.treaties.join(", "),
        }
    }
}

impl Row for BondRow {
    fn columns() -> Vec<&'static str> {
        vec![
            "row", "who", "towards", "duty", "level", "when", "treaties", "name", "article", "text", "caveats", "state",
        ]
    }

    fn fields(&self) -> Vec<String> {
        vec![
            self.row.to_owned(),
            self.who.clone(),
            text(self.towards.as_ref()),
            text(self.duty.as_ref()),
            number(self.level),
            text(self.when.as_ref()),
            self.treaties.join(" "),
            text(self.name.as_ref()),
            text(self.article.as_ref()),
            self.text.clone(),
            joined(self.caveats.iter().cloned()),
            self.state.map(|s| s.as_str().to_owned()).unwrap_or_default(),
        ]
    }
}
