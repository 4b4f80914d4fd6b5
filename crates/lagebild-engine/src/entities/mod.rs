//! Who and where: the actors and places of a report.
//!
//! [`resolve`] finds every word or phrase that names a state, body, person, group or place and says who is meant. It works
//! in steps, each on what the former left:
//!
//! 1. `scan` finds names and roles by the words alone, longest first, also inside compounds.
//! 2. `people` gathers personal names that no table knows and links short names to full ones.
//! 3. `nominal` builds noun phrases around roles: *Südkoreas Präsident*, *der Sprecher des Außenministeriums*.
//!    Who is introduced so is noted for later reports (`learnt`), and who is known from earlier ones gets his state.
//! 4. `context` gives a state to bodies and groups that bear none: *die Regierung*, *Demonstranten*.
//! 5. `anaphora` links pronouns, *das Land*, *beide Seiten*.
//!
//! Dependency trees help where they are likely to be right; the order of words decides where parsers are known to err, around
//! names and appositions. Nothing here panics or fails: what cannot be resolved has no actor.

mod anaphora;
mod context;
mod learnt;
mod nominal;
mod people;
mod registry;
mod scan;
#[cfg(test)]
mod tests;

pub(crate) use self::context::is_power;
use crate::trace::Trace;
use lagebild_core::codebook::Sector;
use lagebild_core::learnt::{Introduction, Learnt};
use lagebild_core::{Entity, EntityIx, Parsed, Place, SentenceIx, Span, TokenIx};
use lagebild_lexicon::knowledge::Knowledge;
use std::ops::Range;

/// How a mention names somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MentionKind {
    /// By name: *Nordkorea, Moskau, die Nato, Putin*.
    Name,
    /// By an office, profession or body: *der russische Außenminister, das Parlament*.
    Role,
    /// As people: *Demonstranten, die Ukrainer*.
    Group,
    /// By an adjective: *russische (Truppen)*.
    Adjective,
    /// By premises or things, which stand for their owner when something is done to them: *eine Kaserne, das Dorf*.
    Thing,
    /// By part of a compound: *US-(Angriff), Nato-(Beitritt)*.
    CompoundPart,
    /// By a pronoun, or a noun that works like one: *er, das Land*.
    Pronoun,
    /// As a place: *in Moskau, Gaza*.
    Place,
}

/// A word or phrase that names somebody or some place.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// The words.
    pub span: Span,
    /// The words, as indices.
    pub tokens: Range<u32>,
    /// The word that stands for the phrase in the tree.
    pub head: TokenIx,
    /// How it names.
    pub kind: MentionKind,
    /// Who is meant. For a [`Place`](MentionKind::Place) the state that it lies in, for what it is worth to the caller.
    pub actor: Option<EntityIx>,
    /// Further actors of a plural (*beide Länder, die Präsidenten der USA und Russlands*).
    pub also: Vec<EntityIx>,
    /// The place that is named, also where its name stands for a government.
    pub place: Option<Place>,
    /// Sectors in which the actor acts here.
    pub roles: Vec<Sector>,
}

/// The actors and places of a report.
#[derive(Clone, Debug, Default)]
pub struct Entities {
    /// One for each actor, with all its mentions.
    pub entities: Vec<Entity>,
    /// In text order; nested ones follow those that hold them.
    pub mentions: Vec<Mention>,
    /// Mention of the phrase that each word heads.
    heads: Vec<Option<u32>>,
    /// Mention of the adjective that each word is.
    adjectives: Vec<Option<u32>>,
    /// Mention of the first parts of the compound that each word is.
    parts: Vec<Option<u32>>,
    /// The state that each sentence is about.
    talked_of: Vec<Option<EntityIx>>,
    /// Who is introduced with office and state, in text order.
    pub introductions: Vec<Introduction>,
}

impl Entities {
    /// The phrase that `head` heads. All words of a name lead to it, since parsers differ about which of them is the head.
    #[must_use]
    pub fn at(&self, head: TokenIx) -> Option<&Mention> {
        self.find(&self.heads, head)
    }

    /// The state or body behind the adjective `token` (*russische*).
    #[must_use]
    pub fn adjective_at(&self, token: TokenIx) -> Option<EntityIx> {
        self.adjective_mention(token)?.actor
    }

    /// The adjective `token` as a mention.
    #[must_use]
    pub fn adjective_mention(&self, token: TokenIx) -> Option<&Mention> {
        self.find(&self.adjectives, token)
    }

    /// The state or body that the compound `token` names in its first part (*US-Angriff*, *Kremlsprecher*), or as a whole where it
    /// is the name of a meeting (*EU-Gipfel*).
    #[must_use]
    pub fn compound_part_of(&self, token: TokenIx) -> Option<EntityIx> {
        let named = || {
            self.at(token)
                .filter(|m| m.kind == MentionKind::Name && m.tokens.len() == 1 && m.place.is_none())
        };
        self.find(&self.parts, token).or_else(named)?.actor
    }

    /// The place that `token` names.
    #[must_use]
    pub fn place_at(&self, token: TokenIx) -> Option<&Place> {
        self.at(token)?.place.as_ref()
    }

    /// The state that a sentence is about: where it takes place, else the one that the report is about.
    #[must_use]
    pub fn talked_of(&self, sentence: SentenceIx) -> Option<EntityIx> {
        self.talked_of.get(sentence.ix()).copied().flatten()
    }

    /// The entity at `ix`.
    #[must_use]
    pub fn entity(&self, ix: EntityIx) -> &Entity {
        &self.entities[ix.ix()]
    }

    /// The key under which records know an entity: its organisation, else its state.
    #[must_use]
    pub fn key(&self, ix: EntityIx) -> Option<&str> {
        let entity = self.entity(ix);
        entity.org.as_deref().or(entity.country.as_deref())
    }

    fn find(&self, index: &[Option<u32>], token: TokenIx) -> Option<&Mention> {
        index
            .get(token.ix())
            .copied()
            .flatten()
            .map(|n| &self.mentions[n as usize])
    }
}

/// The id under which records know a person whom no table knows.
#[must_use]
pub fn person_id(name: &str) -> String {
    format!("person:{}", registry::slug(name))
}

/// Finds the actors and places of `parsed`.
#[must_use]
pub fn resolve(parsed: &Parsed, knowledge: &Knowledge) -> Entities {
    resolve_with(parsed, knowledge, None, Trace::OFF)
}

/// The same, telling `trace` how the words were found to mean whom.
pub(crate) fn resolve_with(
    parsed: &Parsed,
    knowledge: &Knowledge,
    learnt: Option<&Learnt>,
    trace: Trace<'_>,
) -> Entities {
    let scan = scan::scan(parsed, knowledge);
    let mut registry = registry::Registry::new(knowledge, parsed.doc.lang, parsed.doc.published);
    let standing = context::Standing::count(parsed, knowledge, &scan);
    let mut draft = people::Draft::new(parsed, knowledge, scan, standing, learnt, trace);
    draft.name_people(&mut registry);
    draft.build_phrases(&mut registry);
    draft.note_introductions(&registry);
    draft.place_names(&mut registry);
    draft.give_states(&mut registry);
    draft.follow_pronouns(&mut registry);
    let about = |first: u32| draft.country_talked_of(first, true);
    let talked_of: Vec<_> = parsed
        .sentences
        .iter()
        .map(|s| about(s.tokens.start).map(|country| registry.country(country)))
        .collect();
    let countries: Vec<String> = draft.place_countries();
    let lands = countries.iter().map(|country| registry.country(country)).collect();
    draft.finish(registry, talked_of, lands)
}
