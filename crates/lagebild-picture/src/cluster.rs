//! Events of many reports that are the same act.
//!
//! # Method
//!
//! Acts have an order: the day of the report, its id, the place in it ([`Order`]). In that order each act joins the
//! **leader** that it is most like, if its score reaches [`THRESHOLD`], or becomes a leader itself. A cluster is a leader and
//! the acts that joined it, so every member is like the earliest telling and chains of small steps cannot run away. The
//! cluster is named by its leader: the earliest report of the act.
//!
//! What an act joins depends on earlier acts alone. So the clusters are a function of the set of acts, not of the order in
//! which they arrive, and an act that comes or goes is repaired for by looking again at the later acts that it touches
//! ([`settle`]): adding a report gives what building from scratch would give, and taking it away gives what was before.
//!
//! # Score
//!
//! [`compare`] first asks what must hold: another report, types that can tell one act, a party in common on each side that
//! both tell, days that can be the same. Then it adds up the terms of [`Terms`], each with its own documentation.
//! A typical act told twice on the same day by the same words for it scores 6 to 10; [`THRESHOLD`] is 5.5.
//!
//! # Limits
//!
//! A [`Board`] may look at a bounded number of leaders that are nearest in time. Where more than that share type, parties
//! and days, the result can depend on what was looked at; the store's bound is in its documentation.

use crate::near::common;
use crate::text::{hash, words};
use lagebild_core::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The least score of two tellings of one act.
pub const THRESHOLD: f32 = 5.5;

/// The rank of an act: tellings in earlier reports come first.
///
/// Reports without a day come last, in the order of their ids.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Order {
    /// Days since 1970-01-01 of the report; the greatest number when it has no day.
    pub day: i32,
    /// Id of the report.
    pub report: String,
    /// Number of the event within it.
    pub event: u32,
}

/// Days since 1970-01-01.
#[must_use]
pub fn day_number(date: Date) -> i32 {
    // Every Date fits: years have four digits.
    let epoch = Date::constant(1970, 1, 1);
    date.since(epoch).map_or(i32::MAX, |span| span.get_days())
}

/// The day with this number.
#[must_use]
pub fn date_of(day: i32) -> Option<Date> {
    Date::constant(1970, 1, 1)
        .checked_add(jiff::Span::new().try_days(day).ok()?)
        .ok()
}

/// Who takes part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// State or organisation acted for, else the entity itself.
    pub key: String,
    /// Entity id when it is a person.
    pub person: Option<String>,
    /// PLOVER sectors.
    pub roles: Vec<String>,
}

/// The days that an act can fall on, as day numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// First.
    pub from: i32,
    /// Last, not before the first.
    pub to: i32,
    /// The text tells them; otherwise they are taken from the day of the report.
    pub told: bool,
}

impl Days {
    /// A stretch of more than three days tells little of the day: it is compared with other stretches.
    #[must_use]
    pub fn coarse(self) -> bool {
        self.to - self.from > 3
    }

    /// Days between the two; 0 when they overlap.
    fn gap(self, other: Self) -> i32 {
        (self.from.max(other.from) - self.to.min(other.to)).max(0)
    }
}

/// Days before an undated report of a background act within which it is looked for.
const BACKGROUND: i32 = 30;
/// The furthest that the first days of two acts can lie apart when both are precise, and when one is coarse.
pub const REACH: [i32; 2] = [3, 31];

/// An amount told of an act.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Amount {
    /// The number.
    pub value: f64,
    /// What is counted, or a currency code.
    pub thing: String,
    /// `count`, `dead`, `injured`, `arrested`, `money`, `percent`.
    pub kind: String,
    /// `exact`, `about`, `at-least`, `up-to`.
    pub modifier: String,
}

/// An event as far as it is compared with others.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    /// Its rank.
    pub order: Order,
    /// PLOVER type.
    pub kind: String,
    /// PLOVER mode.
    pub mode: Option<String>,
    /// Type of the act promised, asked, refused or threatened.
    pub content: Option<String>,
    /// CAMEO code.
    pub cameo: String,
    /// Who.
    pub actors: Vec<Party>,
    /// To whom.
    pub recipients: Vec<Party>,
    /// When; nothing for an act without any day.
    pub days: Option<Days>,
    /// Name and country of the place.
    pub place: Option<(String, Option<String>)>,
    /// Amounts told.
    pub amounts: Vec<Amount>,
    /// What it is told with.
    pub words: Words,
}

/// The telling words of a sentence as hashes, ascending.
///
/// Words of fewer than five letters are left out, mostly words of grammar; of the others at most [`Words::MOST`] stay, those
/// with the least hashes, which is a fair sample of any two sets alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(Vec<u32>);

impl Words {
    /// At most so many.
    pub const MOST: usize = 32;
    /// Letters of the shortest word that counts; numbers always do.
    const SHORTEST: usize = 5;

    /// The words of `sentence`.
    #[must_use]
    pub fn new(sentence: &str) -> Self {
        let telling = |w: &String| w.chars().count() >= Self::SHORTEST || w.chars().all(|c| c.is_ascii_digit());
        let mut hashes: Vec<u32> = words(sentence)
            .filter(telling)
            .map(|w| (hash(w.as_bytes()) >> 32) as u32)
            .collect();
        hashes.sort_unstable();
        hashes.dedup();
        hashes.truncate(Self::MOST);
        Self(hashes)
    }

    /// As bytes, to be stored.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|w| w.to_le_bytes()).collect()
    }

    /// From [`Self::to_bytes`].
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let word = |c: &[u8]| u32::from_le_bytes([c[0], c[1], c[2], c[3]]);
        Self(bytes.chunks_exact(4).map(word).collect())
    }

    /// Twice the words in common by the words of both (Dice), 0 to 1.
    fn alike(&self, other: &Self) -> f32 {
        let both = self.0.len() + other.0.len();
        if both == 0 {
            return 0.0;
        }
        2.0 * common(&self.0, &other.0) as f32 / both as f32
    }
}

/// The days of an event: `from` and `to` as told, else near the day of the report, for a background act before it.
#[must_use]
pub fn days(from: Option<Date>, to: Option<Date>, implicit: bool, published: Option<Date>) -> Option<Days> {
    let told = match (from, to) {
        (Some(from), Some(to)) => Some((day_number(from), day_number(to))),
        (Some(day), None) | (None, Some(day)) => Some((day_number(day), day_number(day))),
        (None, None) => None,
    };
    match told {
        Some((from, to)) => Some(Days {
            from,
            to: to.max(from),
            told: !implicit,
        }),
        None => published.map(day_number).map(|day| Days {
            from: day - BACKGROUND,
            to: day,
            told: false,
        }),
    }
}

/// Types that can tell one act: signing is agreed on and endorsed, troops abroad are sent in help or deployed (codebook, 2.1).
const FAMILIES: [&[&str]; 2] = [&["AGREE", "SUPPORT"], &["AID", "MOBILIZE"]];

/// Types that compare with `kind` go under one name.
fn family(kind: &str) -> &str {
    FAMILIES
        .iter()
        .find(|family| family.contains(&kind))
        .map_or(kind, |family| family[0])
}

/// Sectors that act for the state.
const STATE: [&str; 6] = ["GOV", "LEG", "MIL", "SPY", "COP", "JUD"];

impl Party {
    /// How far the two can be one: 0 to 1.
    fn same(&self, other: &Self) -> f32 {
        if self.key != other.key {
            return 0.0;
        }
        let shared = self.roles.iter().any(|r| other.roles.contains(r));
        let state = |p: &Self| p.roles.iter().any(|r| STATE.contains(&r.as_str()));
        let roles = match (
            self.roles.is_empty() || other.roles.is_empty(),
            shared,
            state(self) && state(other),
        ) {
            (true, ..) | (_, true, _) => 1.0,
            (_, _, true) => 0.8,
            _ => return 0.0,
        };
        match (&self.person, &other.person) {
            (Some(a), Some(b)) if a != b => 0.4,
            _ => roles,
        }
    }
}

/// How far two lists of parties are the same, 0 to 1.
fn shared(a: &[Party], b: &[Party]) -> f32 {
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if many.is_empty() {
        return 0.0;
    }
    let best = |p: &Party| many.iter().map(|q| p.same(q)).fold(0.0, f32::max);
    few.iter().map(best).sum::<f32>() / many.len() as f32
}

/// At most so many parties of a side make look-up keys.
const KEYED: usize = 5;

impl Act {
    /// A meeting has parties and no sides: the codebook makes a visitor the actor and gives two who meet as actors.
    fn mutual(&self) -> bool {
        self.kind == "CONSULT" || self.recipients.is_empty() && self.actors.len() > 1
    }

    /// Whether it is looked up by its parties, whoever acts: *beide unterzeichneten* and *Moskau ratifizierte* tell of a
    /// treaty with and without sides.
    fn unsided(&self) -> bool {
        self.mutual() || matches!(family(&self.kind), "AGREE" | "COOPERATE")
    }

    /// Look-up keys: those under which the act is stored, and those under which acts that it may be are found.
    ///
    /// Two acts of which either finds the other are found by both.
    #[must_use]
    pub fn keys(&self) -> Keys {
        let names = |side: &[Party]| {
            let mut names: Vec<String> = side.iter().take(KEYED).map(|p| p.key.clone()).collect();
            names.sort_unstable();
            names.dedup();
            names
        };
        let key = |a: &str, sign: char, b: &str| hash(format!("{}\t{a}{sign}{b}", family(&self.kind)).as_bytes());
        let (mut stored, mut sought) = (Vec::new(), Vec::new());
        let mut one_sided = |name: &str, sign: char| {
            stored.push(key(name, sign, "_"));
            sought.extend([key(name, sign, "_"), key(name, sign, "*")]);
        };
        let (actors, recipients) = (names(&self.actors), names(&self.recipients));
        match (actors.as_slice(), recipients.as_slice()) {
            _ if self.unsided() => {
                let mut all = [actors, recipients].concat();
                all.sort_unstable();
                all.dedup();
                if let [alone] = all.as_slice() {
                    one_sided(alone, '=');
                } else {
                    for (i, a) in all.iter().enumerate() {
                        let pairs = all[i + 1..].iter().map(|b| key(a, '=', b));
                        sought.extend(pairs.chain([key(a, '=', "_")]));
                        stored.extend(all[i + 1..].iter().map(|b| key(a, '=', b)).chain([key(a, '=', "*")]));
                    }
                }
            }
            (some, []) => some.iter().for_each(|a| one_sided(a, '>')),
            ([], some) => some.iter().for_each(|r| one_sided(r, '<')),
            (actors, recipients) => {
                for a in actors {
                    sought.extend(recipients.iter().map(|r| key(a, '>', r)).chain([key(a, '>', "_")]));
                    stored.extend(recipients.iter().map(|r| key(a, '>', r)).chain([key(a, '>', "*")]));
                }
                sought.extend(recipients.iter().map(|r| key(r, '<', "_")));
                stored.extend(recipients.iter().map(|r| key(r, '<', "*")));
            }
        }
        for keys in [&mut stored, &mut sought] {
            keys.sort_unstable();
            keys.dedup();
        }
        Keys { stored, sought }
    }
}

/// Look-up keys of an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    /// It is stored under these.
    pub stored: Vec<u64>,
    /// What it may be is stored under one of these.
    pub sought: Vec<u64>,
}

/// The terms of a score. What neither or only one of the acts tells counts for nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Terms {
    /// Types: 1 the same, .3 compatible.
    #[serde(rename = "type")]
    pub kind: f32,
    /// CAMEO codes: .5 the same.
    pub code: f32,
    /// Modes: .5 the same, −.5 different.
    pub mode: f32,
    /// Acts promised, asked, refused or threatened: .25 the same, −1 different.
    pub content: f32,
    /// Actors: 1.5 × the share of the longer list that the other has; all parties of a meeting, twice that.
    pub actors: f32,
    /// Recipients likewise; .75 when both acts tell of none.
    pub recipients: f32,
    /// Days: 2 the same day and both told, 1 the same with one taken from the report, .5 a day beside it or within a stretch,
    /// 0 further.
    pub day: f32,
    /// Places: 1 the same, −1 another in the same country, −2 in another.
    pub place: f32,
    /// Amounts of one kind: 1 an equal one, .5 one within a quarter, −.25 all different. Reports disagree on numbers, so that
    /// difference weighs little.
    pub amounts: f32,
    /// Words: 3 × twice the words in common by the words of both.
    pub text: f32,
}

impl Terms {
    /// Their names and values, in a fixed order.
    #[must_use]
    pub fn list(&self) -> [(&'static str, f32); 10] {
        [
            ("type", self.kind),
            ("code", self.code),
            ("mode", self.mode),
            ("content", self.content),
            ("actors", self.actors),
            ("recipients", self.recipients),
            ("day", self.day),
            ("place", self.place),
            ("amounts", self.amounts),
            ("text", self.text),
        ]
    }

    /// Their sum.
    #[must_use]
    pub fn score(&self) -> f32 {
        self.list().iter().map(|t| t.1).sum()
    }
}

impl std::fmt::Display for Terms {
    /// `type +1, actors +1.5, text +0.42`: what counts for something.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut first = true;
        for (name, value) in self.list() {
            let value = (value * 100.0).round() / 100.0;
            if value != 0.0 {
                write!(f, "{}{name} {value:+}", if first { "" } else { ", " })?;
                first = false;
            }
        }
        Ok(())
    }
}

/// Whether and how far two acts are the same; nothing when what must hold does not.
#[must_use]
pub fn compare(a: &Act, b: &Act) -> Option<Terms> {
    if a.order.report == b.order.report || family(&a.kind) != family(&b.kind) || a.unsided() != b.unsided() {
        return None;
    }
    let (x, y) = (a.days?, b.days?);
    let day = day(x, y)?;
    let mut terms = Terms {
        day,
        kind: if a.kind == b.kind { 1.0 } else { 0.3 },
        code: if a.cameo == b.cameo { 0.5 } else { 0.0 },
        mode: both(&a.mode, &b.mode, 0.5, -0.5),
        content: both(&a.content, &b.content, 0.25, -1.0),
        ..Terms::default()
    };
    if a.mutual() || b.mutual() {
        let all = |act: &Act| [act.actors.as_slice(), act.recipients.as_slice()].concat();
        let (x, y) = (all(a), all(b));
        // Two who met are not met again in one of them and a third.
        let known = x.iter().filter(|p| y.iter().any(|q| p.same(q) > 0.0)).count();
        if known < x.len().min(y.len()).min(2) {
            return None;
        }
        terms.actors = 3.0 * shared(&x, &y);
    } else {
        terms.actors = 1.5 * shared(&a.actors, &b.actors);
        terms.recipients = 1.5 * shared(&a.recipients, &b.recipients);
        let apart = |x: &[Party], y: &[Party], term: f32| !x.is_empty() && !y.is_empty() && term == 0.0;
        if apart(&a.actors, &b.actors, terms.actors) || apart(&a.recipients, &b.recipients, terms.recipients) {
            return None;
        }
    }
    if terms.actors + terms.recipients == 0.0 {
        return None;
    }
    if !a.mutual() && !b.mutual() && a.recipients.is_empty() && b.recipients.is_empty() {
        terms.recipients = 0.75;
    }
    terms.place = match (&a.place, &b.place) {
        (Some((p, _)), Some((q, _))) if p == q => 1.0,
        (Some((_, Some(p))), Some((_, Some(q)))) => {
            if p == q {
                -1.0
            } else {
                -2.0
            }
        }
        _ => 0.0,
    };
    terms.amounts = amounts(&a.amounts, &b.amounts);
    terms.text = 3.0 * a.words.alike(&b.words);
    Some(terms)
}

/// `same` or `other` when both are told.
fn both<T: PartialEq>(a: &Option<T>, b: &Option<T>, same: f32, other: f32) -> f32 {
    match (a, b) {
        (Some(a), Some(b)) => {
            if a == b {
                same
            } else {
                other
            }
        }
        _ => 0.0,
    }
}

/// The term of the days; nothing when they cannot be the same.
fn day(x: Days, y: Days) -> Option<f32> {
    let (gap, told) = (x.gap(y), x.told && y.told);
    let far = (x.from - y.from).abs();
    if x.coarse() || y.coarse() {
        return (gap == 0 && far <= REACH[1]).then_some(if x.told || y.told { 0.5 } else { 0.0 });
    }
    // A day that is told holds but for time zones; a day taken from the report may lie a little before it.
    if far > REACH[0] || gap > if told { 1 } else { REACH[0] } {
        return None;
    }
    Some(match (gap, told) {
        (0, true) => 2.0,
        (0, false) => 1.0,
        (1, _) => 0.5,
        _ => 0.0,
    })
}

fn amounts(a: &[Amount], b: &[Amount]) -> f32 {
    let pairs = || {
        a.iter()
            .flat_map(|x| b.iter().map(move |y| (x, y)))
            .filter(|(x, y)| x.kind == y.kind)
    };
    let near = |x: f64, y: f64| (x - y).abs() <= 0.25 * x.abs().max(y.abs());
    if pairs().any(|(x, y)| x.value == y.value) {
        1.0
    } else if pairs().any(|(x, y)| near(x.value, y.value)) {
        0.5
    } else if pairs().next().is_some() {
        -0.25
    } else {
        0.0
    }
}

/// Where acts and their leaders are kept.
pub trait Board {
    /// Names an act.
    type Key: Copy + Eq;
    /// What can go wrong in looking.
    type Error;

    /// The act.
    ///
    /// # Errors
    /// When it cannot be read.
    fn act(&mut self, key: Self::Key) -> Result<Rc<Act>, Self::Error>;
    /// The leaders among the acts that `act` may be.
    ///
    /// # Errors
    /// When they cannot be read.
    fn leaders(&mut self, act: &Act) -> Result<Vec<Self::Key>, Self::Error>;
    /// All acts that `act` may be.
    ///
    /// # Errors
    /// When they cannot be read.
    fn neighbours(&mut self, act: &Act) -> Result<Vec<Self::Key>, Self::Error>;
    /// The acts whose leader `key` is, but for itself.
    ///
    /// # Errors
    /// When they cannot be read.
    fn followers(&mut self, key: Self::Key) -> Result<Vec<Self::Key>, Self::Error>;
    /// The leader of an act; nothing when it is new.
    ///
    /// # Errors
    /// When it cannot be read.
    fn leader(&mut self, key: Self::Key) -> Result<Option<Self::Key>, Self::Error>;
    /// Gives `key` a leader, with the reason unless it leads itself.
    ///
    /// # Errors
    /// When it cannot be written.
    fn assign(&mut self, key: Self::Key, leader: Self::Key, why: Option<&Terms>) -> Result<(), Self::Error>;
}

/// Finds the leaders of acts that are new or whose leader went, and of all later acts that this touches.
///
/// # Errors
/// Those of the board.
pub fn settle<B: Board>(board: &mut B, open: impl IntoIterator<Item = B::Key>) -> Result<(), B::Error> {
    // Earliest first: whatever changes touches later acts only, so each is looked at once.
    let mut queue: BTreeMap<Order, B::Key> = BTreeMap::new();
    for key in open {
        queue.insert(board.act(key)?.order.clone(), key);
    }
    while let Some((order, key)) = queue.pop_first() {
        let act = board.act(key)?;
        let mut best: Option<(f32, Rc<Act>, B::Key, Terms)> = None;
        for candidate in board.leaders(&act)? {
            let leader = board.act(candidate)?;
            if leader.order >= order {
                continue;
            }
            let Some(terms) = compare(&act, &leader) else { continue };
            let score = terms.score();
            let better = best
                .as_ref()
                .is_none_or(|(most, known, ..)| score > *most || score == *most && leader.order < known.order);
            if score >= THRESHOLD && better {
                best = Some((score, leader, candidate, terms));
            }
        }
        let former = board.leader(key)?;
        let (leader, why) = best.map_or((key, None), |(_, _, leader, terms)| (leader, Some(terms)));
        if former == Some(leader) {
            continue;
        }
        board.assign(key, leader, why.as_ref())?;
        let touched = if leader == key {
            board.neighbours(&act)?
        } else if former == Some(key) {
            board.followers(key)?
        } else {
            Vec::new()
        };
        for other in touched {
            let later = board.act(other)?;
            let drawn = leader != key || compare(&later, &act).is_some_and(|t| t.score() >= THRESHOLD);
            if later.order > order && drawn {
                queue.insert(later.order.clone(), other);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;
    use std::convert::Infallible;

    fn party(key: &str) -> Party {
        Party {
            key: key.to_owned(),
            person: None,
            roles: Vec::new(),
        }
    }

    /// `AID PRK>RUS` of report `report`, told on the `day`-th of October 2024.
    fn act(report: &str, text: &str, day: i8, words: &str) -> Act {
        let (kind, parties) = text.split_once(' ').unwrap();
        let (actors, recipients) = parties.split_once('>').unwrap_or((parties, ""));
        let side = |side: &str| side.split(',').filter(|p| !p.is_empty()).map(party).collect();
        let date = Date::new(2024, 10, day).unwrap();
        Act {
            order: Order {
                day: day_number(date),
                report: report.to_owned(),
                event: 1,
            },
            kind: kind.to_owned(),
            mode: None,
            content: None,
            cameo: "072".to_owned(),
            actors: side(actors),
            recipients: side(recipients),
            days: days(Some(date), Some(date), false, Some(date)),
            place: None,
            amounts: Vec::new(),
            words: Words::new(words),
        }
    }

    fn same(a: &Act, b: &Act) -> bool {
        let (x, y) = (compare(a, b), compare(b, a));
        assert_eq!(x.map(|t| t.score()), y.map(|t| t.score()), "not symmetric");
        x.is_some_and(|t| t.score() >= THRESHOLD)
    }

    #[test]
    fn one_act_told_by_two_reports_is_one() {
        let german = act("a", "AID PRK>RUS", 8, "Nordkorea schickte 3.000 Soldaten nach Russland");
        let english = act("b", "AID PRK>RUS", 8, "North Korea sent soldiers to Russia");
        assert!(same(&german, &english), "{:?}", compare(&german, &english));
        let mut deployed = act("c", "MOBILIZE PRK>", 8, "Pjöngjang setzt Truppen in Marsch");
        assert!(
            !same(&german, &deployed),
            "another type and half of the parties need more in common"
        );
        deployed.words = german.words.clone();
        deployed.recipients = german.recipients.clone();
        assert!(same(&german, &deployed));
    }

    #[test]
    fn what_must_hold_holds() {
        let known = act("a", "AID PRK>RUS", 8, "Nordkorea schickte 3.000 Soldaten nach Russland");
        let words = "Nordkorea schickte 3.000 Soldaten nach Russland";
        for (other, why) in [
            (act("a", "AID PRK>RUS", 8, words), "one report tells an act once"),
            (act("b", "ASSAULT PRK>RUS", 8, words), "another type"),
            (act("b", "AID CHN>RUS", 8, words), "another doer"),
            (act("b", "AID PRK>IRN", 8, words), "another recipient"),
            (act("b", "AID PRK>RUS", 12, words), "another day"),
        ] {
            assert_eq!(compare(&known, &other), None, "{why}");
        }
    }

    #[test]
    fn days_numbers_places_and_people_weigh() {
        let base = act("a", "CONSULT KOR,USA", 8, "");
        let other = |change: fn(&mut Act)| {
            let mut other = act("b", "CONSULT KOR,USA", 8, "");
            change(&mut other);
            compare(&base, &other).unwrap()
        };
        let mut placed = base.clone();
        placed.place = Some(("Lima".to_owned(), Some("PER".to_owned())));
        let mut elsewhere = act("b", "CONSULT KOR,USA", 8, "");
        elsewhere.place = Some(("Brüssel".to_owned(), Some("BEL".to_owned())));
        assert!(!same(&placed, &elsewhere), "two meetings on one day in two places");
        assert_eq!(
            other(|o| o.days = Some(Days {
                told: false,
                ..o.days.unwrap()
            }))
            .day,
            1.0
        );
        assert_eq!(
            other(|o| o.days = days(None, None, false, Date::new(2024, 10, 20).ok())).day,
            0.5
        );
        let count = |value| {
            vec![Amount {
                value,
                thing: "Soldaten".to_owned(),
                kind: "count".to_owned(),
                modifier: "exact".to_owned(),
            }]
        };
        let mut three = base.clone();
        three.amounts = count(3000.0);
        for (value, term) in [(3000.0, 1.0), (3500.0, 0.5), (10_000.0, -0.25)] {
            let mut more = act("b", "CONSULT KOR,USA", 8, "");
            more.amounts = count(value);
            assert_eq!(compare(&three, &more).unwrap().amounts, term);
        }
        let person = |act: &mut Act, name: &str| act.actors[0].person = Some(format!("person:{name}"));
        let (mut yoon, mut cho) = (base.clone(), act("b", "CONSULT KOR,USA", 8, ""));
        person(&mut yoon, "yoon");
        person(&mut cho, "cho");
        assert!(compare(&yoon, &cho).unwrap().actors < compare(&yoon, &base_of("b")).unwrap().actors);
        let (mut state, mut rebels) = (act("a", "ASSAULT SYR>ISR", 8, ""), act("b", "ASSAULT SYR>ISR", 8, ""));
        state.actors[0].roles = vec!["MIL".to_owned()];
        rebels.actors[0].roles = vec!["REB".to_owned()];
        assert_eq!(compare(&state, &rebels), None, "an army is not those who fight it");
    }

    fn base_of(report: &str) -> Act {
        act(report, "CONSULT KOR,USA", 8, "")
    }

    #[test]
    fn the_reason_is_told_in_words() {
        let a = act("a", "AID PRK>RUS", 8, "Soldaten");
        let terms = compare(&a, &act("b", "AID PRK>RUS", 9, "Soldaten")).unwrap();
        assert_eq!(
            terms.to_string(),
            "type +1, code +0.5, actors +1.5, recipients +1.5, day +0.5, text +3"
        );
        assert_eq!(terms.score(), 8.0);
    }

    /// Acts in memory, looked up by their keys alone as the store does.
    #[derive(Default)]
    struct Memory {
        acts: HashMap<u32, Rc<Act>>,
        leaders: HashMap<u32, u32>,
    }

    impl Memory {
        fn add(&mut self, key: u32, act: Act) {
            self.acts.insert(key, Rc::new(act));
            let Ok(()) = settle(self, [key]);
        }

        fn remove(&mut self, key: u32) {
            let Ok(followers) = self.followers(key);
            self.acts.remove(&key);
            self.leaders.remove(&key);
            let Ok(()) = settle(self, followers);
        }
    }

    impl Board for Memory {
        type Key = u32;
        type Error = Infallible;

        fn act(&mut self, key: u32) -> Result<Rc<Act>, Infallible> {
            Ok(Rc::clone(&self.acts[&key]))
        }

        fn leaders(&mut self, act: &Act) -> Result<Vec<u32>, Infallible> {
            let Ok(all) = self.neighbours(act);
            Ok(all
                .into_iter()
                .filter(|key| self.leaders.get(key) == Some(key))
                .collect())
        }

        fn neighbours(&mut self, act: &Act) -> Result<Vec<u32>, Infallible> {
            let sought = act.keys().sought;
            let meets = |other: &Act| other.keys().stored.iter().any(|k| sought.contains(k));
            Ok(self.acts.iter().filter(|(_, a)| meets(a)).map(|(k, _)| *k).collect())
        }

        fn followers(&mut self, key: u32) -> Result<Vec<u32>, Infallible> {
            Ok(self
                .leaders
                .iter()
                .filter(|&(k, l)| *l == key && *k != key)
                .map(|(k, _)| *k)
                .collect())
        }

        fn leader(&mut self, key: u32) -> Result<Option<u32>, Infallible> {
            Ok(self.leaders.get(&key).copied())
        }

        fn assign(&mut self, key: u32, leader: u32, why: Option<&Terms>) -> Result<(), Infallible> {
            assert_eq!(why.is_none(), key == leader);
            self.leaders.insert(key, leader);
            Ok(())
        }
    }

    fn some_act() -> impl Strategy<Value = Act> {
        let kind = prop_oneof![Just("AID"), Just("CONSULT"), Just("SUPPORT"), Just("AGREE")];
        let parties = prop_oneof![
            Just("RUS>PRK"),
            Just("PRK>RUS"),
            Just("RUS,PRK>"),
            Just("RUS>"),
            Just(">PRK"),
            Just("KOR>RUS")
        ];
        let words = proptest::sample::subsequence(vec!["Soldaten", "Vertrag", "Granaten", "Moskau", "Besuch"], 0..5);
        (kind, parties, 1_i8..12, 0_u8..5, any::<bool>(), words).prop_map(
            |(kind, parties, day, report, told, words)| {
                let mut act = act(
                    &format!("r{report}"),
                    &format!("{kind} {parties}"),
                    day,
                    &words.join(" "),
                );
                act.days = act.days.map(|d| Days { told, ..d });
                act
            },
        )
    }

    proptest! {
        #[test]
        fn keys_find_one_another(a in some_act(), b in some_act()) {
            let finds = |x: &Act, y: &Act| x.keys().sought.iter().any(|k| y.keys().stored.contains(k));
            prop_assert_eq!(finds(&a, &b), finds(&b, &a));
            if compare(&a, &b).is_some() {
                prop_assert!(finds(&a, &b), "{:?} and {:?} are like but not found", a, b);
            }
        }

        #[test]
        fn clusters_do_not_depend_on_the_order_of_arrival(
            acts in proptest::collection::vec(some_act(), 1..14),
            shuffled in Just((0_usize..14).collect::<Vec<_>>()).prop_shuffle(),
            gone in 0_usize..14,
        ) {
            let acts: Vec<Act> = acts.into_iter().enumerate().map(|(n, mut act)| {
                act.order.event = n as u32;
                act
            }).collect();
            let build = |order: &[usize]| {
                let mut memory = Memory::default();
                for &n in order.iter().filter(|&&n| n < acts.len()) {
                    memory.add(n as u32, acts[n].clone());
                }
                memory
            };
            let forward: Vec<usize> = (0..acts.len()).collect();
            let mut incremental = build(&shuffled);
            prop_assert_eq!(&build(&forward).leaders, &incremental.leaders);
            // Taking an act away gives what was before it came.
            if gone < acts.len() {
                incremental.remove(gone as u32);
                let without: Vec<usize> = forward.into_iter().filter(|&n| n != gone).collect();
                prop_assert_eq!(build(&without).leaders, incremental.leaders);
            }
        }
    }
}
