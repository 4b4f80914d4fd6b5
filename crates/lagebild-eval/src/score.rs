//! The measures of `eval/score.py`, number for number.

use crate::Pair;
use crate::data::{Claim, Document, Event, Who};
use lagebild_core::codebook::{EventType, Quad};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Write as _;

/// Evidence has to be a place, not a report: longer mentions, in code points, are not counted.
const LONGEST: usize = 600;

/// Precision and recall of one thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Measure {
    /// Precision.
    pub p: f64,
    /// Recall.
    pub r: f64,
    /// Their harmonic mean.
    pub f1: f64,
    /// How many there are.
    pub gold: usize,
    /// How many were read.
    pub system: usize,
    /// How many of these are right.
    pub hit: usize,
}

impl Measure {
    fn of(hit: usize, system: usize, gold: usize) -> Self {
        let share = |n: usize, of: usize| if of == 0 { 0.0 } else { n as f64 / of as f64 };
        let (p, r) = (share(hit, system), share(hit, gold));
        let f1 = if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 };
        Self {
            p: rounded(p),
            r: rounded(r),
            f1: rounded(f1),
            gold,
            system,
            hit,
        }
    }
}

/// To four places, by the exact value, as Python rounds.
fn rounded(x: f64) -> f64 {
    format!("{x:.4}").parse().unwrap_or(x)
}

fn ratio(a: usize, b: usize) -> Option<f64> {
    (b > 0).then(|| rounded(a as f64 / b as f64))
}

/// How often a judgement is right where it was called for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Accuracy {
    /// Share; none when it was never called for.
    pub acc: Option<f64>,
    /// How often it was called for.
    pub n: usize,
}

/// The measures of claims.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct ClaimScores {
    /// A claim in the sentence.
    pub found: Measure,
    /// And its holder.
    pub holder: Measure,
    /// And its stance.
    #[serde(rename = "holder+stance")]
    pub holder_stance: Measure,
    /// Quoted or not, of those found.
    pub quote_acc: Option<f64>,
}

/// The measures of agreements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct AgreementScores {
    /// Two common parties.
    pub found: Measure,
    /// The kind, of those found.
    pub kind_acc: Option<f64>,
    /// Steps told of those found, of all steps.
    pub step_recall: Option<f64>,
}

/// All measures over some reports.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Scores {
    /// How many reports.
    pub documents: usize,
    /// Events by how much of them must be right: `typed`, `quad`, `triple`, `directed`.
    pub events: BTreeMap<&'static str, Measure>,
    /// Events read per event coded; 1 when mentions of one act are merged as by hand.
    pub merge: Option<f64>,
    /// Mentions that are too long to count.
    pub mentions_too_long: usize,
    /// Status, certainty, date and claim of events with the right triple, mode and content of those with the right type.
    pub accuracy: BTreeMap<&'static str, Accuracy>,
    /// Claims.
    pub claims: ClaimScores,
    /// Agreements.
    pub agreements: AgreementScores,
    /// `typed` by type.
    pub per_type: BTreeMap<&'static str, Measure>,
}

/// What must agree for two events to be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Typed,
    Quad,
    Triple,
    Directed,
}

impl Level {
    const ALL: [Self; 4] = [Self::Typed, Self::Quad, Self::Triple, Self::Directed];

    fn name(self) -> &'static str {
        match self {
            Self::Typed => "typed",
            Self::Quad => "quad",
            Self::Triple => "triple",
            Self::Directed => "directed",
        }
    }

    fn holds(self, gold: &Event, read: &Event) -> bool {
        match self {
            Self::Typed => gold.kind == read.kind,
            Self::Quad => quad(&gold.kind) == quad(&read.kind),
            Self::Triple => gold.kind == read.kind && parties_agree(gold, read),
            Self::Directed => quad(&gold.kind) == quad(&read.kind) && parties_agree(gold, read),
        }
    }
}

fn quad(kind: &str) -> Option<Quad> {
    EventType::parse(kind).map(EventType::quad)
}

/// An event in one of the sentences that tell it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told<'d> {
    pub(crate) event: &'d Event,
    /// Number of the sentence.
    pub(crate) sentence: usize,
}

/// Indices of two events that belong together: hand-coded, read.
pub(crate) type Match = (usize, usize);

pub(crate) fn keys(parties: Option<&Vec<Who>>) -> BTreeSet<&str> {
    parties.into_iter().flatten().filter_map(Who::key).collect()
}

/// Numbers of the hand-coded sentences that a stretch of text touches by more than half of the shorter.
fn sentences_of(gold: &Document, start: usize, end: usize) -> BTreeSet<usize> {
    if end.saturating_sub(start) > LONGEST {
        return BTreeSet::new();
    }
    let touched = gold.sentences.iter().filter(|s| {
        let overlap = end.min(s.end).saturating_sub(start.max(s.start));
        overlap > 0 && 2 * overlap > end.saturating_sub(start).min(s.end.saturating_sub(s.start))
    });
    touched.map(|s| s.i).collect()
}

pub(crate) fn told_by_hand(gold: &Document) -> Vec<Told<'_>> {
    let events = gold.events.iter().flat_map(|event| {
        let sentences: BTreeSet<usize> = event.mentions.iter().filter_map(|m| m.s).collect();
        sentences.into_iter().map(move |sentence| Told { event, sentence })
    });
    events.collect()
}

pub(crate) fn told_as_read<'d>(gold: &Document, read: &'d Document) -> Vec<Told<'d>> {
    let events = read.events.iter().flat_map(|event| {
        let touched = event.mentions.iter().flat_map(|m| sentences_of(gold, m.start, m.end));
        let sentences: BTreeSet<usize> = touched.collect();
        sentences.into_iter().map(move |sentence| Told { event, sentence })
    });
    events.collect()
}

fn agree(a: &BTreeSet<&str>, b: &BTreeSet<&str>) -> bool {
    !a.is_disjoint(b) || a.is_empty() && b.is_empty()
}

pub(crate) fn parties_agree(gold: &Event, read: &Event) -> bool {
    let (ga, gr) = (keys(gold.actors.as_ref()), keys(gold.recipients.as_ref()));
    let (sa, sr) = (keys(read.actors.as_ref()), keys(read.recipients.as_ref()));
    // What several do to one another matches in whatever order.
    if gr.is_empty() && ga.len() > 1 || sr.is_empty() && sa.len() > 1 {
        let gold: BTreeSet<&str> = ga.union(&gr).copied().collect();
        let read: BTreeSet<&str> = sa.union(&sr).copied().collect();
        return gold.intersection(&read).count() >= gold.len().min(2);
    }
    agree(&ga, &sa) && agree(&gr, &sr)
}

/// Pairs events of one sentence one to one, those that agree in more first.
pub(crate) fn matches(golds: &[Told<'_>], reads: &[Told<'_>], good: impl Fn(&Event, &Event) -> bool) -> Vec<Match> {
    let mut found = Vec::new();
    for (i, g) in golds.iter().enumerate() {
        for (j, s) in reads.iter().enumerate() {
            if g.sentence != s.sentence || !good(g.event, s.event) {
                continue;
            }
            let common = |a: Option<&Vec<Who>>, b: Option<&Vec<Who>>| !keys(a).is_disjoint(&keys(b));
            let (g, s) = (g.event, s.event);
            let weight = (
                g.kind == s.kind,
                parties_agree(g, s),
                g.status == s.status,
                common(g.actors.as_ref(), s.actors.as_ref()),
                common(g.recipients.as_ref(), s.recipients.as_ref()),
            );
            found.push((weight, std::cmp::Reverse(i), std::cmp::Reverse(j)));
        }
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    let (mut used_gold, mut used_read) = (HashSet::new(), HashSet::new());
    let mut pairs = Vec::new();
    for (_, std::cmp::Reverse(i), std::cmp::Reverse(j)) in found {
        if !used_gold.contains(&i) && !used_read.contains(&j) {
            used_gold.insert(i);
            used_read.insert(j);
            pairs.push((i, j));
        }
    }
    pairs
}

/// Counts while reports are compared.
#[derive(Default)]
struct Counts {
    gold: usize,
    read: usize,
    gold_events: usize,
    read_events: usize,
    too_long: usize,
    levels: [usize; 4],
    facts: BTreeMap<&'static str, (usize, usize)>,
    /// Right, read, coded.
    types: BTreeMap<String, [usize; 3]>,
    claims: [usize; 6],
    agreements: [usize; 6],
}

/// All measures over `pairs`.
#[must_use]
pub fn score(pairs: &[Pair]) -> Scores {
    let mut counts = Counts::default();
    for Pair { gold, read, .. } in pairs {
        counts.events(gold, read);
        counts.claims(gold, read);
        counts.agreements(gold, read);
    }
    counts.scores(pairs.len())
}

impl Counts {
    fn fact(&mut self, name: &'static str, right: bool) {
        let (ok, n) = self.facts.entry(name).or_default();
        *n += 1;
        *ok += usize::from(right);
    }

    fn events(&mut self, gold: &Document, read: &Document) {
        let (golds, reads) = (told_by_hand(gold), told_as_read(gold, read));
        self.gold += golds.len();
        self.read += reads.len();
        self.gold_events += gold.events.len();
        self.read_events += read.events.len();
        let mentions = read.events.iter().flat_map(|e| &e.mentions);
        self.too_long += mentions.filter(|m| m.end.saturating_sub(m.start) > LONGEST).count();
        for (n, level) in Level::ALL.into_iter().enumerate() {
            let pairs = matches(&golds, &reads, |g, s| level.holds(g, s));
            self.levels[n] += pairs.len();
            for (g, s) in pairs.iter().map(|&(g, s)| (golds[g].event, reads[s].event)) {
                match level {
                    Level::Typed => {
                        self.types.entry(g.kind.clone()).or_default()[0] += 1;
                        for (name, told, found) in [("mode", &g.mode, &s.mode), ("content", &g.content, &s.content)] {
                            let set = |x: &Option<String>| x.as_ref().is_some_and(|x| !x.is_empty());
                            if set(told) || set(found) {
                                self.fact(name, told == found);
                            }
                        }
                    }
                    Level::Triple => {
                        self.fact("status", g.status == s.status);
                        self.fact("certainty", g.certainty == s.certainty);
                        let (told, found) = (g.date.clone().unwrap_or_default(), s.date.clone().unwrap_or_default());
                        if told.text.is_some_and(|t| !t.is_empty()) {
                            self.fact("date", (told.from, told.to) == (found.from, found.to));
                        }
                        let claimed = |e: &Event| e.claim.as_ref().is_some_and(|c| !c.is_empty());
                        self.fact("claim", claimed(g) == claimed(s));
                    }
                    Level::Quad | Level::Directed => {}
                }
            }
        }
        for told in &golds {
            self.types.entry(told.event.kind.clone()).or_default()[2] += 1;
        }
        for told in &reads {
            self.types.entry(told.event.kind.clone()).or_default()[1] += 1;
        }
    }

    fn claims(&mut self, gold: &Document, read: &Document) {
        let [coded, system, found, holder, stance, quote] = &mut self.claims;
        *coded += gold.claims.len();
        *system += read.claims.len();
        let mut taken = HashSet::new();
        for c in &gold.claims {
            let mut best: Option<([bool; 3], usize)> = None;
            for (j, s) in read.claims.iter().enumerate() {
                let told = |m: crate::data::Place| sentences_of(gold, m.start, m.end).contains(&c.s);
                if taken.contains(&j) || !s.mention.is_some_and(told) {
                    continue;
                }
                let rank = [
                    holder_agrees(c, s),
                    c.stance == s.stance,
                    c.quote.unwrap_or(false) == s.quote.unwrap_or(false),
                ];
                if best.is_none_or(|(known, _)| rank > known) {
                    best = Some((rank, j));
                }
            }
            if let Some(([same_holder, same_stance, same_quote], j)) = best {
                taken.insert(j);
                *found += 1;
                *holder += usize::from(same_holder);
                *stance += usize::from(same_holder && same_stance);
                *quote += usize::from(same_quote);
            }
        }
    }

    fn agreements(&mut self, gold: &Document, read: &Document) {
        let [coded, system, hit, kind, steps, steps_hit] = &mut self.agreements;
        *coded += gold.agreements.len();
        *system += read.agreements.len();
        let mut taken = HashSet::new();
        for a in &gold.agreements {
            let told: BTreeSet<&str> = a.steps.iter().map(|s| s.step.as_str()).collect();
            *steps += told.len();
            let parties: BTreeSet<&str> = a.parties.iter().map(String::as_str).collect();
            let same = |s: &crate::data::Agreement| {
                let others: BTreeSet<&str> = s.parties.iter().map(String::as_str).collect();
                parties.intersection(&others).count() >= a.parties.len().min(2)
            };
            let found = read.agreements.iter().enumerate();
            let Some((j, s)) = found.into_iter().find(|(j, s)| !taken.contains(j) && same(s)) else {
                continue;
            };
            taken.insert(j);
            *hit += 1;
            *kind += usize::from(a.kind == s.kind);
            let others: BTreeSet<&str> = s.steps.iter().map(|s| s.step.as_str()).collect();
            *steps_hit += told.intersection(&others).count();
        }
    }

    fn scores(self, documents: usize) -> Scores {
        let levels = Level::ALL.iter().zip(self.levels);
        let fact = |name: &'static str| {
            let (ok, n) = self.facts.get(name).copied().unwrap_or_default();
            (name, Accuracy { acc: ratio(ok, n), n })
        };
        let [c_gold, c_read, c_found, c_holder, c_stance, c_quote] = self.claims;
        let [a_gold, a_read, a_hit, a_kind, a_steps, a_steps_hit] = self.agreements;
        let typed = |kind: &EventType| {
            let [hit, read, gold] = self.types.get(kind.as_str()).copied().unwrap_or_default();
            (kind.as_str(), Measure::of(hit, read, gold))
        };
        Scores {
            documents,
            events: levels
                .map(|(level, hit)| (level.name(), Measure::of(hit, self.read, self.gold)))
                .collect(),
            merge: ratio(self.read_events, self.gold_events),
            mentions_too_long: self.too_long,
            accuracy: FACTS.into_iter().map(fact).collect(),
            claims: ClaimScores {
                found: Measure::of(c_found, c_read, c_gold),
                holder: Measure::of(c_holder, c_read, c_gold),
                holder_stance: Measure::of(c_stance, c_read, c_gold),
                quote_acc: ratio(c_quote, c_found),
            },
            agreements: AgreementScores {
                found: Measure::of(a_hit, a_read, a_gold),
                kind_acc: ratio(a_kind, a_hit),
                step_recall: ratio(a_steps_hit, a_steps),
            },
            per_type: EventType::ALL.iter().map(typed).collect(),
        }
    }
}

const FACTS: [&str; 6] = ["status", "certainty", "date", "claim", "mode", "content"];

/// Words of more than three characters, without punctuation at their ends, in lower case.
fn long_words(text: Option<&str>) -> BTreeSet<String> {
    let strip = |w: &str| w.trim_matches(|c| ".,;:„“”\"()".contains(c)).to_lowercase();
    let words = text.unwrap_or_default().split_whitespace();
    words.filter(|w| w.chars().count() > 3).map(strip).collect()
}

/// Whether two claims have one holder: by key where both have one, else by a common word.
fn holder_agrees(gold: &Claim, read: &Claim) -> bool {
    let key = |c: &'_ Claim| c.holder.as_ref().and_then(|h| h.key().map(str::to_owned));
    match (key(gold), key(read)) {
        (Some(a), Some(b)) => a == b,
        _ => {
            let words = |c: &Claim| long_words(c.holder.as_ref().and_then(|h| h.text.as_deref()));
            !words(gold).is_disjoint(&words(read))
        }
    }
}

/// The measures for people.
#[must_use]
pub fn summary(scores: &Scores) -> String {
    let mut out = String::new();
    let line = |name: &str, m: &Measure| {
        format!(
            "  {name:<15} P {:.3}  R {:.3}  F1 {:.3}   (gold {}, system {}, hit {})\n",
            m.p, m.r, m.f1, m.gold, m.system, m.hit
        )
    };
    let share = |x: Option<f64>| x.map_or_else(|| "-".to_owned(), |x| x.to_string());
    let _ = writeln!(out, "{} documents\nevents", scores.documents);
    for level in Level::ALL {
        out += &line(level.name(), &scores.events[level.name()]);
    }
    let _ = writeln!(
        out,
        "  merge {}   mentions too long {}",
        share(scores.merge),
        scores.mentions_too_long
    );
    let facts: Vec<String> = FACTS
        .iter()
        .map(|f| format!("{f} {} (n {})", share(scores.accuracy[f].acc), scores.accuracy[f].n))
        .collect();
    let _ = writeln!(out, "  {}\nclaims", facts.join("   "));
    out += &line("found", &scores.claims.found);
    out += &line("holder", &scores.claims.holder);
    out += &line("holder+stance", &scores.claims.holder_stance);
    out += "agreements\n";
    out += &line("found", &scores.agreements.found);
    let (kind, steps) = (share(scores.agreements.kind_acc), share(scores.agreements.step_recall));
    let _ = writeln!(out, "  kind {kind}   step recall {steps}\nper type");
    for kind in EventType::ALL {
        out += &line(kind.as_str(), &scores.per_type[kind.as_str()]);
    }
    out
}
