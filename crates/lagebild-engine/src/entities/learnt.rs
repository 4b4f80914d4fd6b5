//! What reports teach of persons whom no table knows: who is introduced with office and state is noted for later reports, and who
//! is known from earlier ones gets his state where this report tells none.

use super::context::is_power;
use super::people::{Chunk, Draft};
use super::registry::{Owner, Registry};
use crate::LONGEST_MENTION;
use crate::trace::Owned;
use lagebild_core::codebook::Sector;
use lagebild_core::learnt::Introduction;
use lagebild_core::{EntityIx, EntityKind, Span, TokenIx};
use lagebild_lexicon::knowledge::RoleKind;

impl Chunk {
    /// Whether it names one person among many: given and family name, neither a mere letter.
    fn is_full(&self) -> bool {
        let long = |word: Option<&Box<str>>| word.is_some_and(|w| w.chars().count() > 1);
        self.tokens.len() > 1 && self.words().len() > 1 && long(self.words().first()) && long(self.words().last())
    }
}

impl Draft<'_> {
    /// Notes who is introduced: a full name beside a role whose owner is told in words. What the context would make of a role does
    /// not count.
    pub(super) fn note_introductions(&mut self, registry: &Registry<'_>) {
        let mut found: Vec<Introduction> = Vec::new();
        for phrase in &self.phrases {
            let Some(chunk) = phrase.chunk.map(|c| &self.chunks[c]).filter(|c| c.is_full()) else {
                continue;
            };
            let role = self.knowledge.role_at(phrase.role);
            let one = role.kind == RoleKind::Person && !phrase.plural && phrase.more.is_empty();
            let Some(told) = phrase
                .told
                .filter(|_| one && !phrase.former && !phrase.owner.is_nobody())
            else {
                continue;
            };
            // A poet or lawyer has a nation, and is nobody's: "der deutsche Anwalt", not "der Anwalt des Sudan".
            let acts = role.flags.office || role.flags.deputy || phrase.sectors.iter().any(acts_for_somebody);
            if !acts && told != Owned::Adjective {
                continue;
            }
            let person = chunk.entity.filter(|e| registry.get(*e).kind == EntityKind::Person);
            let Some(person) = person else { continue };
            let tables = match registry.tabled(person) {
                Some(known) if differ(known, &phrase.owner) => known.key().map(Into::into),
                Some(_) => continue,
                None => None,
            };
            let Owner { country, org, .. } = phrase.owner.clone();
            let entity = registry.get(person);
            let again = |i: &&mut Introduction| i.id == entity.id && (&i.country, &i.org) == (&country, &org);
            let office = role.flags.office || org.is_some() || phrase.sectors.iter().any(is_power);
            if let Some(known) = found.iter_mut().find(again) {
                known.office |= office;
                for &role in &phrase.sectors {
                    if !known.roles.contains(&role) {
                        known.roles.push(role);
                    }
                }
                continue;
            }
            let words = self.span(phrase.tokens.clone()).cover(self.span(chunk.tokens.clone()));
            found.push(Introduction {
                id: entity.id.clone(),
                name: entity.name.clone(),
                country,
                org,
                roles: phrase.sectors.clone(),
                office,
                words,
                mention: self.evidence(phrase.head, words),
                tables,
            });
        }
        found.sort_by_key(|i| (i.words.start(), i.words.end()));
        self.introductions = found;
    }

    /// The sentence of `token`; of a very long one what `words` says alone.
    fn evidence(&self, token: u32, words: Span) -> Span {
        let sentence = self.parsed.sentences[self.parsed.sentence_of(TokenIx(token)).ix()].span;
        if sentence.len() <= LONGEST_MENTION {
            sentence
        } else {
            words
        }
    }

    /// Gives those their state who are named in full, whom no table knows, for whom the report tells none, and whom earlier
    /// reports introduced. Their surnames follow, as they mean the same.
    pub(super) fn recall_people(&mut self, registry: &mut Registry<'_>) {
        let (Some(learnt), Some(day)) = (self.learnt.filter(|l| !l.is_empty()), self.day) else {
            return;
        };
        for ix in 0..self.chunks.len() {
            let chunk = &self.chunks[ix];
            let Some(person) = chunk.entity.filter(|_| chunk.is_full()) else {
                continue;
            };
            let entity = registry.get(person);
            let unknown = entity.kind == EntityKind::Person && registry.tabled(person).is_none();
            if !unknown || !registry.owner(person).is_nobody() {
                continue;
            }
            if let Some(taught) = learnt.on(&entity.id, day) {
                let with_roles = !self.is_called_something(person);
                registry.recall(person, taught, with_roles);
            }
        }
    }

    /// Whether a role stands beside a name of the person.
    fn is_called_something(&self, person: EntityIx) -> bool {
        let named = |chunk: usize| self.chunks[chunk].entity == Some(person);
        self.phrases.iter().any(|p| p.chunk.is_some_and(named))
    }
}

/// Whether whoever acts in this sector does so for a state or organisation, or against it.
fn acts_for_somebody(sector: &Sector) -> bool {
    is_power(sector) || matches!(sector, Sector::Opp | Sector::Cop | Sector::Ngo)
}

/// Whether what the tables say of a person and what a report says cannot both be so. A nation beside an organisation can.
fn differ(tables: &Owner, told: &Owner) -> bool {
    let other = |one: &Option<std::sync::Arc<str>>, two: &Option<std::sync::Arc<str>>| {
        one.is_some() && two.is_some() && one != two
    };
    match (&tables.org, &told.org) {
        (Some(_), Some(_)) => other(&tables.org, &told.org),
        _ => other(&tables.country, &told.country),
    }
}
