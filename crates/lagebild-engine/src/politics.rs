//! Which acts and sayings have a political side (codebook, 1): sport, accidents, culture, company news and crime give nothing.
//!
//! What one sentence tells of police and a suspect looks the same in a report on a coup and in one on a burglary, so the whole report is judged: by
//! how many of its words name states, their organs, parties and armed groups. In one that hardly names any, only acts and sayings of such powers, or
//! about them, count. Harm that a natural disaster or an accident has done is nobody's act.

use crate::claims::ClaimDraft;
use crate::entities::{Entities, Mention, MentionKind, is_power};
use crate::events::EventDraft;
use crate::syntax::Syntax;
use crate::trace::{Act, Drop, Step, Trace};
use lagebild_core::codebook::{EventType, Sector};
use lagebild_core::{Claim, EntityIx, EntityKind, Holder, Lang, Note, Party, TokenIx, Upos};

/// Words that a report must have to be judged by them.
const FEW_WORDS: usize = 50;

/// A report is political when one of so many words names a power. Of 45 mixed news documents those on crime, sport, disasters and famous people
/// have fewer, of 110 political ones hardly any has (docs/accuracy.md). In English as many words name fewer: .85 of the
/// German ones over translations of the same documents.
fn political(lang: Lang) -> usize {
    match lang {
        Lang::De => 50,
        Lang::En => 56,
    }
}

/// Words of political matters that make a report political: one may stand in any.
const SEVERAL: usize = 2;

/// Words of sport and show business of which one in so many makes a report one on these, in which states only play, and captains, defenders and attackers too.
const LEISURE: usize = 50;

/// Sentences with which a report opens: headline and lead.
const OPENING: usize = 3;

pub(crate) struct Politics<'a> {
    syntax: &'a Syntax<'a>,
    entities: &'a Entities,
    /// The report hardly names powers.
    private: bool,
    /// The report is on sport or show business.
    leisure: bool,
    /// The report opens with a natural disaster or an accident.
    disaster: bool,
    trace: Trace<'a>,
    /// How many acts and sayings of private people were left out, and how much harm without a doer.
    left_out: [usize; 3],
}

impl<'a> Politics<'a> {
    /// Judges a report.
    pub(crate) fn of(syntax: &'a Syntax<'a>, entities: &'a Entities, trace: Trace<'a>) -> Self {
        let grammar = syntax.grammar;
        let tokens = (0..syntax.parsed.tokens.len() as u32).map(TokenIx);
        let lemma = |t: TokenIx| syntax.is_nominal(t).then(|| syntax.lemma(t).to_lowercase());
        let is_word = |t: &TokenIx| !matches!(syntax.pos(*t), Upos::Punct | Upos::Sym) && !syntax.span(*t).is_empty();
        let words = tokens.clone().filter(is_word).count();
        let (mut played, mut matters) = (0, 0);
        for lemma in tokens.filter_map(lemma) {
            played += usize::from(is_listed(&lemma, &grammar.leisure));
            matters += usize::from(is_listed(&lemma, &grammar.political_matters));
        }
        let opening = syntax.parsed.sentences.iter().take(OPENING);
        let mut opening = opening.flat_map(|s| s.tokens.clone()).map(TokenIx);
        let mut politics = Self {
            syntax,
            entities,
            private: false,
            leisure: played * LEISURE >= words,
            disaster: opening.any(|t| lemma(t).is_some_and(|lemma| is_listed(&lemma, &grammar.disasters))),
            trace,
            left_out: [0; 3],
        };
        let entities = (0..entities.entities.len()).map(EntityIx::from);
        let powers = entities.filter(|&ix| politics.is_power(ix));
        let named: usize = powers.map(|ix| politics.entities.entity(ix).mentions.len()).sum();
        politics.private = words >= FEW_WORDS && named * political(syntax.parsed.doc.lang) < words && matters < SEVERAL;
        politics
    }

    /// Whether an entity is a state, an alliance of states, or an organ, party or armed group of one.
    fn is_power(&self, ix: EntityIx) -> bool {
        match self.entities.entity(ix).kind {
            EntityKind::Country => !self.leisure,
            kind => self.are_political(kind, &self.entities.entity(ix).roles),
        }
    }

    fn acts_for_power(&self, party: &Party) -> bool {
        let kind = self.entities.entity(party.entity).kind;
        // Where states play, whoever stands for one in an act is its team, not its government.
        self.is_power(party.entity) || kind != EntityKind::Country && self.are_political(kind, &party.roles)
    }

    /// Whether people and bodies of one of the sectors make a report political. Courts do not: they try thieves. Nor do armed people without a
    /// name: they rob banks.
    fn are_political(&self, kind: EntityKind, sectors: &[Sector]) -> bool {
        sectors.iter().any(|sector| match sector {
            Sector::Opp | Sector::Prm => true,
            Sector::Jud => false,
            Sector::Uaf => kind == EntityKind::Organisation,
            Sector::Mil => !self.leisure,
            sector => is_power(sector),
        })
    }

    /// Leaves out the acts that have no political side.
    pub(crate) fn filter_acts(&mut self, drafts: &mut Vec<EventDraft>) {
        drafts.retain(|d| {
            let why = self.bars(d);
            let counts = why.is_none();
            if let Some(why) = why {
                self.left_out[if matches!(why, Drop::Disaster) { 2 } else { 0 }] += 1;
                let act = Act::of(&d.event);
                self.trace.note(|| Step::Dropped { act, why });
            }
            counts
        });
    }

    /// Leaves out the sayings that have no political side.
    pub(crate) fn filter_claims(&mut self, drafts: &mut Vec<ClaimDraft>) {
        let all = drafts.len();
        drafts.retain(|d| self.counts(&d.claim));
        self.left_out[1] = all - drafts.len();
    }

    /// Tells the reader of a reading what was left out, and why.
    pub(crate) fn notes(&self) -> Vec<Note> {
        let Some(opening) = self.syntax.parsed.sentences.first() else {
            return Vec::new();
        };
        let note = |code, message| Note {
            code,
            message,
            span: opening.span,
        };
        let [acts, sayings, harm] = self.left_out;
        let private = (acts + sayings > 0).then(|| {
            let message = format!(
                "the report hardly names states, their organs, parties or armed groups: {acts} acts and {sayings} sayings of others were left out"
            );
            note("private", message)
        });
        let disaster = (harm > 0).then(|| {
            let message = format!("the report is on a natural disaster or an accident: {harm} mentions of harm without a doer were left out");
            note("disaster", message)
        });
        private.into_iter().chain(disaster).collect()
    }

    /// Why an act has no political side; nothing where it has one.
    fn bars(&self, draft: &EventDraft) -> Option<Drop> {
        let event = &draft.event;
        // A state that is lent to an act because it takes place there is not told in it.
        let told = |p: &&Party| p.span != event.mentions[0].trigger;
        let mut named = event.actors.iter().chain(&event.recipients).filter(told);
        // Protest is political whoever joins it.
        if self.private && event.kind != EventType::Protest && !named.any(|p| self.acts_for_power(p)) {
            return Some(Drop::Private);
        }
        let harm =
            event.kind == EventType::Assault && is_listed(&draft.lemma.to_lowercase(), &self.syntax.grammar.harm);
        let done = event.actors.iter().any(|p| self.is_power(p.entity));
        (self.disaster && harm && !done).then_some(Drop::Disaster)
    }

    /// Whether a saying has a political side: that of the report, of whoever says it, or of those of whom it is said.
    fn counts(&self, claim: &Claim) -> bool {
        let by_power = match &claim.holder {
            Holder::Party(party) => self.acts_for_power(party),
            _ => false,
        };
        let of_power = |m: &Mention| {
            let named = m.kind != MentionKind::Place && claim.content.contains(m.span);
            named && m.actor.is_some_and(|e| self.is_power(e))
        };
        !self.private || by_power || self.entities.mentions.iter().any(of_power)
    }
}

/// Whether a lemma in lower case is one of the words, or ends with one that begins with a hyphen.
fn is_listed(lemma: &str, words: &[String]) -> bool {
    words.iter().any(|word| match word.strip_prefix('-') {
        Some(end) => lemma.ends_with(end),
        None => lemma == word,
    })
}
