//! Rows that the program makes of what the store gives: pairs, periods, alerts, treaties. Their columns are declared as those of
//! the exports are.

use crate::web::Ui;
use lagebild_export::table;
use lagebild_picture::accord::Numbers;
use lagebild_picture::tension::Period;
use lagebild_picture::treaty::{Bond, Conflict, Origin, Standing, State, Treaty};
use serde::Serialize;

/// Numbers for people, each with those who tell it where they differ: `3000 Soldaten (Kirby) / 10 000 Mann (NIS)`.
pub(crate) fn numbers(numbers: &[Numbers]) -> String {
    lagebild_export::numbers(numbers, |modifier| Ui::En.term(modifier).to_owned())
}

/// What one did to another, summed up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, utoipa::ToSchema)]
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

table!(DyadRow as "pairs", "What one did to another, summed up.", refers [], |d| {
    "actor" Text "who acts: ISO 3166-1 alpha-3 or organisation key" = &d.actor;
    "recipient" Text "towards whom" = &d.recipient;
    "acts" Integer "acts told as real, each once" = d.acts;
    "verbal_cooperation" Integer "of verbal cooperation" = d.verbal_cooperation;
    "material_cooperation" Integer "of material cooperation, arms apart" = d.material_cooperation;
    "verbal_conflict" Integer "of verbal conflict" = d.verbal_conflict;
    "material_conflict" Integer "of material conflict" = d.material_conflict;
    "arms" Integer "military aid, in no sum" = d.arms;
    "goldstein" Number "sum of Goldstein values" = d.goldstein;
    "plover" Number "sum of PLOVER scores" = d.plover;
    "first" Date "earliest day" = d.first.as_ref();
    "last" Date "latest day" = d.last.as_ref();
});

/// A period of a pair; the figures are explained in docs/tension.md.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
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

table!(PeriodRow as "periods", "A period of a pair; docs/tension.md explains the figures.", refers [], |r| {
    "actor" Text "who acts" = &r.actor;
    "recipient" Text "towards whom" = &r.recipient;
    "from" Date "first day" = &r.from;
    "to" Date "last day" = &r.to;
    "verbal_cooperation" Integer "acts of verbal cooperation" = r.period.verbal_cooperation;
    "material_cooperation" Integer "of material cooperation, arms apart" = r.period.material_cooperation;
    "verbal_conflict" Integer "of verbal conflict" = r.period.verbal_conflict;
    "material_conflict" Integer "of material conflict" = r.period.material_conflict;
    "arms" Integer "military aid to the other, in no sum" = r.period.arms;
    "arms_against" Integer "military aid to third parties at war with the other, in no sum" = r.period.arms_against;
    "goldstein" Number "sum of Goldstein values" = r.period.goldstein;
    "plover" Number "sum of PLOVER scores" = r.period.plover;
    "volume" Integer "reports on other matters" = r.period.volume;
    "tension" Number "minus the sum of PLOVER scores, for a usual volume" = r.period.tension;
    "expected" Number "what was expected from the pair's own past" = r.period.expected;
    "index" Number "50 is as expected, 10 more each deviation above; 0 to 100" = r.period.index;
    "alarm" Boolean "so far above that it is worth a look" = r.period.alarm;
});

/// Periods far above what was to be expected.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
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

table!(AlertRow as "alerts", "Periods far above what was to be expected.", refers [], |a| {
    "actor" Text "who acts" = &a.actor;
    "recipient" Text "towards whom" = &a.recipient;
    "from" Date "first day" = &a.from;
    "to" Date "last day" = &a.to;
    "peak" Number "the highest index" = a.peak;
});

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

table!(LedgerRow as "ledger", "A treaty of the ledger on a day.", refers [], |l| {
    "id" Text "id in the tables of the program, else the key of the agreement that tells of it first" = &l.id;
    "name" Text "its name" = &l.name;
    "kind" Text "codebook kind, or the word of the tables" = &l.kind;
    "parties" Text "keys of the parties, separated by spaces; empty when they are too many to list" = l.parties.join(" ");
    "state" Text "its state on the day" = l.standing.state.as_str();
    "since" Date "since when it is in that state" = l.standing.since.map(|day| day.to_string());
    "ratified_by" Text "keys of those who ratified it, separated by spaces" = l.standing.ratified_by.join(" ");
    "duties" Text "what it obliges to, with articles, separated by semicolons" = l.duty_list();
    "told" Text "keys of the agreements in the store that tell of it, separated by spaces" = l.told.join(" ");
});

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

table!(BondRow as "bonds", "Who is bound when one attacks another.", refers [], |b| {
    "row" Text "bound: a duty; broken: what the attack breaks; conflict: duties that do not go together" = b.row;
    "who" Text "who is bound" = &b.who;
    "towards" Text "for whom" = b.towards.as_ref();
    "duty" Text "codebook kind of obligation" = b.duty.as_ref();
    "level" Integer "1 for allies, 2 for allies of allies, and so on" = b.level.map(usize::from);
    "when" Text "what has to happen first, beyond the attack asked about" = b.when.as_ref();
    "treaties" Text "ids of the treaties, separated by spaces" = b.treaties.join(" ");
    "name" Text "name of the treaty" = b.name.as_ref();
    "article" Text "its article" = b.article.as_ref();
    "text" Text "what it provides; of a conflict, what does not go together" = &b.text;
    "caveats" Text "what limits it, separated by semicolons" = b.caveats.join("; ");
    "state" Text "state of the treaty on the day" = b.state.map(State::as_str);
});
