//! Treaties: the ledger from tables and reports, the state of a treaty on a day, and who is bound when one is attacked.
//!
//! A [`Treaty`] has parties, steps and clauses, each with its [`Origin`]. [`ledger`] joins what reports tell with what the
//! tables know: by the treaty's id where the reading found one, else by kind and parties. [`standing`] goes through the
//! steps up to a day. [`if_attacked`] finds whom which clause binds.
//!
//! The answer says what texts provide for, not what states would do: every duty comes with the caveats of its text, and
//! duties that hang on a further attack say so.

use lagebild_core::Date;
use lagebild_core::codebook::{AgreementKind, ObligationKind, Step};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Where a step or clause comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The tables of the program.
    Table,
    /// A report: key of the agreement in the store.
    Report(String),
}

/// A party, for the time that it is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// ISO 3166-1 alpha-3 or organisation key.
    pub key: String,
    /// First day, when known.
    pub from: Option<Date>,
    /// Last day, when it ended.
    pub to: Option<Date>,
}

/// A step in the life of a treaty.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Taken {
    /// Codebook step.
    #[serde(serialize_with = "spelled")]
    pub step: Step,
    /// Who took it; empty for all.
    pub by: Vec<String>,
    /// The day by which it was taken.
    #[serde(serialize_with = "day")]
    pub on: Option<Date>,
    /// Where that is from.
    pub origin: Origin,
}

fn spelled<S: serde::Serializer>(value: &impl ToString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&value.to_string())
}

#[allow(clippy::ref_option, reason = "the form that serde asks for")]
fn day<S: serde::Serializer>(value: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    value.map(|d| d.to_string()).serialize(serializer)
}

/// What a treaty obliges to.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// The article, when known.
    pub article: Option<String>,
    /// To what.
    pub duty: ObligationKind,
    /// Who is bound; empty for all parties.
    pub bound: Vec<String>,
    /// Towards whom; empty for all parties.
    pub towards: Vec<String>,
    /// First day on which the clause holds, when later than the treaty.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// What it provides, in a few words.
    pub text: String,
    /// What limits it.
    pub caveat: Option<String>,
    /// It does not stand in the way of self-defence and of help to the attacked.
    pub defence_free: bool,
    /// Where it is from.
    pub origin: Origin,
}

/// A treaty with all that is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Treaty {
    /// Id in the tables, else the key of the agreement that tells of it first.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Codebook kind, or the word of the table.
    pub kind: String,
    /// Parties; empty when they are too many to list.
    pub parties: Vec<Member>,
    /// Steps, in no order.
    pub steps: Vec<Taken>,
    /// Clauses.
    pub clauses: Vec<Clause>,
    /// Agreements in the store that tell of it.
    pub told: Vec<String>,
}

/// An agreement as a report tells of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// Key in the store.
    pub key: String,
    /// Day of the report.
    pub published: Option<Date>,
    /// Its name as written.
    pub name: Option<String>,
    /// Id in the tables.
    pub canonical: Option<String>,
    /// Kind.
    pub kind: AgreementKind,
    /// Keys of the parties.
    pub parties: Vec<String>,
    /// Steps: which, by whom, by what day.
    pub steps: Vec<(Step, Vec<String>, Option<Date>)>,
    /// Duties: to what, who, on what condition, the sentence.
    pub duties: Vec<(ObligationKind, Vec<String>, Option<String>, String)>,
}

/// Joins the treaties of the tables with those that reports tell of. Agreements of which neither a name that the tables
/// know nor two parties are told stand in no ledger; how many those are is the second result.
#[must_use]
pub fn ledger(tables: Vec<Treaty>, told: &[Told]) -> (Vec<Treaty>, usize) {
    let mut treaties = tables;
    let known: BTreeMap<String, usize> = treaties.iter().enumerate().map(|(n, t)| (t.id.clone(), n)).collect();
    let mut new: BTreeMap<(AgreementKind, BTreeSet<String>), usize> = BTreeMap::new();
    let mut left_out = 0;
    for agreement in told {
        let parties: BTreeSet<String> = agreement.parties.iter().cloned().collect();
        let place = match agreement.canonical.as_ref().and_then(|id| known.get(id)) {
            Some(&n) => n,
            None if parties.len() < 2 => {
                left_out += 1;
                continue;
            }
            None => *new.entry((agreement.kind, parties)).or_insert_with(|| {
                let member = |key: &String| Member {
                    key: key.clone(),
                    from: None,
                    to: None,
                };
                treaties.push(Treaty {
                    id: agreement.key.clone(),
                    name: agreement.name.clone().unwrap_or_default(),
                    kind: agreement.kind.to_string(),
                    parties: agreement.parties.iter().map(member).collect(),
                    steps: Vec::new(),
                    clauses: Vec::new(),
                    told: Vec::new(),
                });
                treaties.len() - 1
            }),
        };
        let treaty = &mut treaties[place];
        let origin = Origin::Report(agreement.key.clone());
        treaty.told.push(agreement.key.clone());
        if treaty.name.is_empty() {
            treaty.name = agreement.name.clone().unwrap_or_default();
        }
        // A step told without a day was taken by the day of the report.
        treaty.steps.extend(agreement.steps.iter().map(|(step, by, on)| Taken {
            step: *step,
            by: by.clone(),
            on: on.or(agreement.published),
            origin: origin.clone(),
        }));
        treaty
            .clauses
            .extend(agreement.duties.iter().map(|(duty, who, condition, sentence)| Clause {
                article: None,
                duty: *duty,
                bound: who.clone(),
                towards: Vec::new(),
                from: None,
                to: None,
                text: sentence.clone(),
                caveat: condition.clone(),
                defence_free: false,
                origin: origin.clone(),
            }));
    }
    (treaties, left_out)
}

/// How far a treaty has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// No step is known by that day.
    Unknown,
    /// Proposed, negotiated or rejected.
    Negotiated,
    /// Agreed or initialled.
    Agreed,
    /// Signed.
    Signed,
    /// Approved or ratified by some.
    Ratified,
    /// In force.
    InForce,
    /// Suspended.
    Suspended,
    /// Ended.
    Ended,
}

impl State {
    /// Its spelling.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Negotiated => "negotiated",
            Self::Agreed => "agreed",
            Self::Signed => "signed",
            Self::Ratified => "ratified",
            Self::InForce => "in-force",
            Self::Suspended => "suspended",
            Self::Ended => "ended",
        }
    }
}

/// The state of a treaty on a day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Standing {
    /// How far it has come.
    pub state: State,
    /// Since when.
    #[serde(serialize_with = "day")]
    pub since: Option<Date>,
    /// Who had ratified or approved it.
    pub ratified_by: Vec<String>,
    /// The steps up to that day, in order.
    pub steps: Vec<Taken>,
}

/// The state of `treaty` on `on`: its steps up to that day in order. A step never leads back (a report of the signing that is
/// written after the ratification does not undo it); suspending and ending do, and an extension or entry into force ends a
/// suspension.
#[must_use]
pub fn standing(treaty: &Treaty, on: Date) -> Standing {
    // Where the tables have the day of a step, they speak for it: a report of a treaty that *will* enter into force names the
    // step before it is taken.
    let tabled = |step: Step| treaty.steps.iter().any(|s| s.origin == Origin::Table && s.step == step);
    let mut steps: Vec<Taken> = treaty
        .steps
        .iter()
        .filter(|s| s.on.is_some_and(|day| day <= on) && (s.origin == Origin::Table || !tabled(s.step)))
        .cloned()
        .collect();
    let rank = |step: &Taken| (step.on, step.step, step.origin != Origin::Table);
    steps.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.by.cmp(&b.by)));
    steps.dedup_by(|b, a| a.step == b.step && a.by == b.by && a.on == b.on);
    let (mut state, mut since, mut ratified_by) = (State::Unknown, None, Vec::new());
    for taken in &steps {
        let next = match taken.step {
            Step::Negotiated | Step::Proposed | Step::Rejected => State::Negotiated,
            Step::Agreed | Step::Initialled => State::Agreed,
            Step::Signed => State::Signed,
            Step::Approved | Step::Ratified => {
                for party in &taken.by {
                    if !ratified_by.contains(party) {
                        ratified_by.push(party.clone());
                    }
                }
                State::Ratified
            }
            Step::InForce => State::InForce,
            Step::Extended if state == State::Suspended => State::InForce,
            Step::Suspended => State::Suspended,
            Step::Terminated => State::Ended,
            Step::Extended | Step::Violated => continue,
        };
        let resumed = state == State::Suspended && next == State::InForce;
        if next > state || resumed {
            (state, since) = (next, taken.on);
        }
    }
    Standing {
        state,
        since,
        ratified_by,
        steps,
    }
}

/// The side that a duty helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The attacked and those who help it.
    Attacked,
    /// The attacker.
    Attacker,
}

/// What limits a duty. Its spelling is English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caveat {
    /// In the words of the treaty's tables, or of the report.
    Text(String),
    /// The treaty had come so far on the day, and is not known to be in force.
    NotInForce(State),
    /// The attacker is a party as well.
    Party(String),
}

impl std::fmt::Display for Caveat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::NotInForce(state) => write!(f, "{} on that day, not known to be in force", state.as_str()),
            Self::Party(who) => write!(f, "{who} is itself a party"),
        }
    }
}

impl Serialize for Caveat {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What a clause asks of one state in the case.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bond {
    /// Who is bound, ISO 3166-1 alpha-3 or organisation key.
    pub who: String,
    /// For whom.
    pub towards: String,
    /// To what: codebook kind of obligation.
    #[serde(serialize_with = "spelled")]
    pub duty: ObligationKind,
    /// 1 for the ally of the attacked, 2 for the ally of that ally, and so on.
    pub level: u8,
    /// Whom it helps.
    pub side: Side,
    /// What has to happen first, beyond the attack asked about.
    pub when: Option<String>,
    /// Id of the treaty.
    pub treaty: String,
    /// Its name.
    pub name: String,
    /// Article.
    pub article: Option<String>,
    /// What the clause provides.
    pub text: String,
    /// What limits it.
    pub caveats: Vec<Caveat>,
    /// State of the treaty on the day.
    pub state: State,
    /// Where the clause is from.
    pub origin: Origin,
}

/// What does not go together. Its spelling is English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clash {
    /// Bound to assist both.
    Assistance {
        /// The attacked.
        attacked: String,
        /// The attacker.
        by: String,
    },
    /// Bound to assist one and to use no force against the other.
    Peace {
        /// The attacked.
        attacked: String,
        /// The attacker.
        by: String,
    },
}

impl std::fmt::Display for Clash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Assistance { attacked, by } => write!(f, "bound to assist {attacked} and {by}"),
            Self::Peace { attacked, by } => write!(f, "bound to assist {attacked} and to use no force against {by}"),
        }
    }
}

impl Serialize for Clash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A state with duties that do not go together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Conflict {
    /// Who.
    pub who: String,
    /// What does not go together.
    pub why: Clash,
    /// The treaties on the side of the attacked.
    pub with_attacked: Vec<String>,
    /// Those on the side of the attacker.
    pub with_attacker: Vec<String>,
}

/// The answer to "what if".
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Case {
    /// Who is bound to what, nearest first.
    pub bonds: Vec<Bond>,
    /// What the attack itself breaks: non-aggression that the attacker owes.
    pub broken: Vec<Bond>,
    /// States bound both ways.
    pub conflicts: Vec<Conflict>,
}

/// The longest chain of allies' allies.
pub const CHAIN: u8 = 3;

/// Who is bound when `by` attacks `attacked` on `on`.
///
/// First the allies of the attacked. Should the attacker strike those who are bound to fight, their allies come next, and so
/// on up to [`CHAIN`]. Last, the allies of the attacker, in case that it is attacked in turn. Treaties that are signed and not
/// known to be in force count with a caveat, ended and suspended ones do not.
#[must_use]
pub fn if_attacked(treaties: &[Treaty], attacked: &str, by: &str, on: Date) -> Case {
    let view = View { treaties, on };
    let mut case = Case::default();
    let mut fighting: BTreeSet<String> = [attacked.to_owned(), by.to_owned()].into();
    let mut front = vec![attacked.to_owned()];
    for level in 1..=CHAIN {
        let mut next = Vec::new();
        for victim in &front {
            let when = (level > 1).then(|| format!("{by} attacks {victim}"));
            for bond in view.owed(victim, by, Side::Attacked, level, when) {
                let fights = bond.duty == ObligationKind::MutualAssistance;
                // Down the chain only what draws others in counts, and each state once.
                if level > 1 && (!fights || fighting.contains(&bond.who)) {
                    continue;
                }
                if fights && !next.contains(&bond.who) {
                    next.push(bond.who.clone());
                }
                case.bonds.push(bond);
            }
        }
        fighting.extend(next.iter().cloned());
        front = next;
    }
    let in_turn = Some(format!("{by} is attacked in turn"));
    let allies = view.owed(by, attacked, Side::Attacker, 1, in_turn);
    case.bonds.extend(
        allies
            .into_iter()
            .filter(|b| b.duty == ObligationKind::MutualAssistance),
    );
    case.broken = view.peace(by, attacked);
    case.conflicts = conflicts(&view, &case, attacked, by);
    case
}

/// The treaties on a day.
struct View<'a> {
    treaties: &'a [Treaty],
    on: Date,
}

impl View<'_> {
    fn is_party(&self, treaty: &Treaty, key: &str) -> bool {
        let within = |m: &Member| m.from.is_none_or(|from| from <= self.on) && m.to.is_none_or(|to| self.on <= to);
        treaty.parties.iter().any(|m| m.key == key && within(m))
    }

    /// Each state that a clause binds towards `to`, in a form that `keep` lets through.
    fn bonds(&self, to: &str, keep: impl Fn(&Treaty, &Clause, &str) -> bool) -> Vec<Bond> {
        let mut bonds = Vec::new();
        for treaty in self.treaties.iter().filter(|t| self.is_party(t, to)) {
            let state = standing(treaty, self.on).state;
            if !matches!(state, State::Signed | State::Ratified | State::InForce) {
                continue;
            }
            let in_time = |c: &Clause| c.from.is_none_or(|from| from <= self.on) && c.to.is_none_or(|to| self.on <= to);
            let from_table = treaty.clauses.iter().any(|c| c.origin == Origin::Table);
            for clause in treaty.clauses.iter().filter(|c| in_time(c)) {
                // Where the tables have the text of a treaty, they speak for it; reports stand in the ledger.
                if from_table && clause.origin != Origin::Table {
                    continue;
                }
                for member in &treaty.parties {
                    let who = member.key.as_str();
                    let bound = clause.bound.is_empty() || clause.bound.iter().any(|b| b == who);
                    let towards = clause.towards.is_empty() || clause.towards.iter().any(|t| t == to);
                    if who == to || !bound || !towards || !self.is_party(treaty, who) || !keep(treaty, clause, who) {
                        continue;
                    }
                    let mut caveats: Vec<Caveat> = clause.caveat.iter().cloned().map(Caveat::Text).collect();
                    if state != State::InForce {
                        caveats.push(Caveat::NotInForce(state));
                    }
                    bonds.push(Bond {
                        who: who.to_owned(),
                        towards: to.to_owned(),
                        duty: clause.duty,
                        level: 1,
                        side: Side::Attacked,
                        when: None,
                        treaty: treaty.id.clone(),
                        name: treaty.name.clone(),
                        article: clause.article.clone(),
                        text: clause.text.clone(),
                        caveats,
                        state,
                        origin: clause.origin.clone(),
                    });
                }
            }
        }
        bonds.sort_by(|a, b| (a.duty, &a.who, &a.treaty, &a.article).cmp(&(b.duty, &b.who, &b.treaty, &b.article)));
        bonds.dedup_by(|b, a| a.who == b.who && a.duty == b.duty && a.treaty == b.treaty && a.article == b.article);
        bonds
    }

    /// What others owe `victim` when `by` attacks it.
    fn owed(&self, victim: &str, by: &str, side: Side, level: u8, when: Option<String>) -> Vec<Bond> {
        use ObligationKind as Duty;
        let helps = |duty| {
            matches!(
                duty,
                Duty::MutualAssistance | Duty::Consultation | Duty::Neutrality | Duty::Aid | Duty::Troops | Duty::Arms
            )
        };
        let mut bonds = self.bonds(victim, |_, clause, who| helps(clause.duty) && who != by);
        for bond in &mut bonds {
            (bond.side, bond.level, bond.when) = (side, level, when.clone());
            let both = self
                .treaties
                .iter()
                .any(|t| t.id == bond.treaty && self.is_party(t, by));
            if both {
                bond.caveats.push(Caveat::Party(by.to_owned()));
            }
        }
        bonds
    }

    /// Promises of `who` not to use force against `other`.
    fn peace(&self, who: &str, other: &str) -> Vec<Bond> {
        self.bonds(other, |_, clause, bound| {
            clause.duty == ObligationKind::NonAggression && bound == who
        })
    }
}

/// States that are bound to help the attacked and owe the attacker as well.
fn conflicts(view: &View<'_>, case: &Case, attacked: &str, by: &str) -> Vec<Conflict> {
    let fight = |side: Side| {
        case.bonds.iter().filter(move |b| {
            b.side == side && b.duty == ObligationKind::MutualAssistance && b.when.is_none() == (side == Side::Attacked)
        })
    };
    let names = |bonds: Vec<&Bond>| {
        let mut ids: Vec<String> = bonds.iter().map(|b| b.treaty.clone()).collect();
        ids.dedup();
        ids
    };
    let helpers: BTreeSet<&str> = fight(Side::Attacked).map(|b| b.who.as_str()).collect();
    let (attacked, by) = (attacked.to_owned(), by.to_owned());
    let mut conflicts = Vec::new();
    for who in helpers {
        let with_attacked = names(fight(Side::Attacked).filter(|b| b.who == who).collect());
        let allied: Vec<&Bond> = fight(Side::Attacker).filter(|b| b.who == who).collect();
        if !allied.is_empty() {
            conflicts.push(Conflict {
                who: who.to_owned(),
                why: Clash::Assistance {
                    attacked: attacked.clone(),
                    by: by.clone(),
                },
                with_attacked,
                with_attacker: names(allied),
            });
            continue;
        }
        let peace: Vec<Bond> = view.bonds(&by, |_, clause, bound| {
            clause.duty == ObligationKind::NonAggression && bound == who && !clause.defence_free
        });
        if !peace.is_empty() {
            conflicts.push(Conflict {
                who: who.to_owned(),
                why: Clash::Peace {
                    attacked: attacked.clone(),
                    by: by.clone(),
                },
                with_attacked,
                with_attacker: names(peace.iter().collect()),
            });
        }
    }
    conflicts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn clause(duty: ObligationKind) -> Clause {
        Clause {
            article: Some("4".to_owned()),
            duty,
            bound: Vec::new(),
            towards: Vec::new(),
            from: None,
            to: None,
            text: "help".to_owned(),
            caveat: Some("as each deems necessary".to_owned()),
            defence_free: false,
            origin: Origin::Table,
        }
    }

    fn treaty(id: &str, parties: &[&str], duties: &[ObligationKind]) -> Treaty {
        let step = |step, on: &str| Taken {
            step,
            by: Vec::new(),
            on: Some(date(on)),
            origin: Origin::Table,
        };
        Treaty {
            id: id.to_owned(),
            name: id.to_owned(),
            kind: "defence".to_owned(),
            parties: parties
                .iter()
                .map(|key| Member {
                    key: (*key).to_owned(),
                    from: None,
                    to: None,
                })
                .collect(),
            steps: vec![step(Step::Signed, "2024-06-19"), step(Step::InForce, "2024-12-04")],
            clauses: duties.iter().map(|&d| clause(d)).collect(),
            told: Vec::new(),
        }
    }

    fn told(canonical: Option<&str>, parties: &[&str], steps: &[(Step, &str, &str)]) -> Told {
        Told {
            key: "d1#a1".to_owned(),
            published: Some(date("2024-10-24")),
            name: Some("Beistandsvertrag".to_owned()),
            canonical: canonical.map(str::to_owned),
            kind: AgreementKind::Defence,
            parties: parties.iter().map(ToString::to_string).collect(),
            steps: steps
                .iter()
                .map(|(step, by, on)| (*step, vec![(*by).to_owned()], on.parse().ok()))
                .collect(),
            duties: vec![(
                ObligationKind::MutualAssistance,
                Vec::new(),
                Some("bei einem Angriff".to_owned()),
                "Er verpflichtet beide zu Beistand.".to_owned(),
            )],
        }
    }

    const ASSIST: ObligationKind = ObligationKind::MutualAssistance;

    #[test]
    fn the_ledger_joins_tables_and_reports() {
        let tables = vec![treaty("RU-KP-2024", &["RUS", "PRK"], &[ASSIST])];
        let reports = [
            told(
                Some("RU-KP-2024"),
                &["RUS", "PRK"],
                &[(Step::Ratified, "RUS", "2024-10-24")],
            ),
            told(None, &["FRA", "GRC"], &[(Step::Signed, "FRA", "")]),
            told(None, &["GRC", "FRA"], &[(Step::Ratified, "GRC", "")]),
            told(None, &["FRA"], &[]),
        ];
        let (ledger, left_out) = ledger(tables, &reports);
        assert_eq!((ledger.len(), left_out), (2, 1));
        assert_eq!(ledger[0].told, ["d1#a1"]);
        assert_eq!(ledger[0].clauses.len(), 2);
        assert_eq!(ledger[1].told.len(), 2, "the order of parties makes no other treaty");
        assert_eq!(
            ledger[1].steps[0].on,
            Some(date("2024-10-24")),
            "by the day of the report"
        );
    }

    #[test]
    fn the_state_follows_the_steps() {
        let tables = vec![treaty("RU-KP-2024", &["RUS", "PRK"], &[ASSIST])];
        let report = told(Some("RU-KP-2024"), &[], &[(Step::Ratified, "RUS", "2024-10-24")]);
        // Written after the ratification, of what led to it.
        let late = told(Some("RU-KP-2024"), &[], &[(Step::Agreed, "RUS", "2024-11-05")]);
        // Written of the entry into force to come, which the tables know better.
        let early = told(Some("RU-KP-2024"), &[], &[(Step::InForce, "RUS", "2024-11-06")]);
        let (mut ledger, _) = ledger(tables, &[report, late, early]);
        let state = |ledger: &[Treaty], on: &str| standing(&ledger[0], date(on));
        assert_eq!(state(&ledger, "2024-06-18").state, State::Unknown);
        assert_eq!(state(&ledger, "2024-06-19").state, State::Signed);
        let ratified = state(&ledger, "2024-11-30");
        assert_eq!(
            (ratified.state, ratified.since),
            (State::Ratified, Some(date("2024-10-24")))
        );
        assert_eq!(ratified.ratified_by, ["RUS"]);
        assert_eq!(state(&ledger, "2024-12-04").state, State::InForce);
        for (step, on, expected) in [
            (Step::Suspended, "2025-01-01", State::Suspended),
            (Step::Extended, "2025-02-01", State::InForce),
            (Step::Violated, "2025-03-01", State::InForce),
            (Step::Terminated, "2025-04-01", State::Ended),
            (Step::Extended, "2025-05-01", State::Ended),
        ] {
            ledger[0].steps.push(Taken {
                step,
                by: Vec::new(),
                on: Some(date(on)),
                origin: Origin::Table,
            });
            assert_eq!(state(&ledger, on).state, expected, "{step} on {on}");
        }
    }

    fn who(case: &Case) -> Vec<(&str, &str, u8)> {
        case.bonds
            .iter()
            .map(|b| (b.who.as_str(), b.towards.as_str(), b.level))
            .collect()
    }

    #[test]
    fn allies_are_bound_down_the_chain() {
        let treaties = [
            treaty("RU-KP", &["RUS", "PRK"], &[ASSIST, ObligationKind::Consultation]),
            treaty("CN-KP", &["CHN", "PRK"], &[ASSIST]),
            treaty("CN-PK", &["CHN", "PAK"], &[ASSIST]),
            treaty("PK-TR", &["PAK", "TUR"], &[ASSIST]),
            treaty("TR-AZ", &["TUR", "AZE"], &[ASSIST]),
        ];
        let case = if_attacked(&treaties, "RUS", "UKR", date("2025-01-01"));
        assert_eq!(
            who(&case),
            [
                ("PRK", "RUS", 1),
                ("PRK", "RUS", 1),
                ("CHN", "PRK", 2),
                ("PAK", "CHN", 3)
            ],
            "the chain ends after three"
        );
        assert_eq!(case.bonds[2].when.as_deref(), Some("UKR attacks PRK"));
        assert_eq!(
            case.bonds[0].caveats,
            [Caveat::Text("as each deems necessary".to_owned())]
        );
        // Before the entry into force the caveat says so; before the signature nobody is bound.
        let before = if_attacked(&treaties, "RUS", "UKR", date("2024-07-01"));
        assert!(before.bonds[0].caveats.contains(&Caveat::NotInForce(State::Signed)));
        assert!(before.bonds[0].caveats[1].to_string().starts_with("signed on that day"));
        assert!(
            if_attacked(&treaties, "RUS", "UKR", date("2024-01-01"))
                .bonds
                .is_empty()
        );
    }

    #[test]
    fn whoever_is_bound_both_ways_is_a_conflict() {
        let treaties = [
            treaty("NATO", &["GRC", "TUR", "FRA"], &[ASSIST]),
            treaty("FR-GR", &["FRA", "GRC"], &[ASSIST]),
            treaty("UK-TR", &["GBR", "TUR"], &[ASSIST]),
            treaty("UK-GR", &["GBR", "GRC"], &[ASSIST]),
            treaty("PEACE", &["GRC", "TUR"], &[ObligationKind::NonAggression]),
        ];
        let case = if_attacked(&treaties, "GRC", "TUR", date("2025-01-01"));
        let conflicts: Vec<&str> = case.conflicts.iter().map(|c| c.who.as_str()).collect();
        assert_eq!(conflicts, ["FRA", "GBR"], "through one treaty or two");
        assert_eq!(case.broken.len(), 1);
        assert_eq!(
            (case.broken[0].who.as_str(), case.broken[0].treaty.as_str()),
            ("TUR", "PEACE")
        );
        assert!(
            case.bonds
                .iter()
                .any(|b| b.caveats.iter().any(|c| c.to_string() == "TUR is itself a party"))
        );
        assert!(
            case.bonds.iter().all(|b| b.who != "TUR"),
            "the attacker is asked for nothing"
        );
    }

    #[test]
    fn one_sided_and_timed_clauses_bind_as_they_say() {
        let mut assurance = treaty("ASSURE", &["UKR", "DEU"], &[ObligationKind::Aid]);
        assurance.clauses[0].towards = vec!["UKR".to_owned()];
        assurance.clauses[0].from = Some(date("2025-01-01"));
        let treaties = [assurance];
        let on = |attacked: &str, day: &str| if_attacked(&treaties, attacked, "RUS", date(day)).bonds.len();
        assert_eq!(
            (
                on("UKR", "2025-01-01"),
                on("UKR", "2024-12-31"),
                on("DEU", "2025-01-01")
            ),
            (1, 0, 0)
        );
    }

    #[test]
    fn former_members_are_bound_no_more() {
        let mut pact = treaty("PACT", &["RUS", "ARM"], &[ASSIST]);
        pact.parties[1].to = Some(date("2024-12-31"));
        let treaties = [pact];
        assert_eq!(if_attacked(&treaties, "RUS", "UKR", date("2024-12-31")).bonds.len(), 1);
        assert!(
            if_attacked(&treaties, "RUS", "UKR", date("2025-01-01"))
                .bonds
                .is_empty()
        );
    }
}
