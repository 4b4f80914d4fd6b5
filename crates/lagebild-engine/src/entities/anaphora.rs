//! Words that point back: pronouns, *das Land*, *beide Seiten*, *die Allianz*.

use super::context::is_located;
use super::nominal::Target;
use super::people::Draft;
use super::registry::{Owner, Registry};
use super::{Mention, MentionKind};
use crate::trace::How;
use lagebild_core::codebook::Sector;
use lagebild_core::{Case, Dep, EntityIx, EntityKind, Gender, Lang, Number, Part, Quantity, Span, TokenIx, Upos};
use lagebild_lexicon::knowledge::{CueKind, Name, RoleKind};
use rustc_hash::FxHashMap;
use std::ops::Range;
use std::sync::Arc;

/// Salience of a subject behind a possessive: somebody told just before it outranks him only as a subject himself.
const BEHIND: f32 = 5.0;

/// Whether German *es* can mean it: *das Parlament*, *Polen*, but not *die Türkei*.
fn is_neuter(candidate: &Candidate) -> bool {
    let neuter = candidate.gender.map_or(candidate.country, |g| g == Gender::Neut);
    neuter && !candidate.person && candidate.number != Some(Number::Plur)
}

/// Somebody to whom a pronoun may point.
#[derive(Clone, Debug)]
struct Candidate {
    token: u32,
    end: u32,
    entity: EntityIx,
    roles: Vec<Sector>,
    gender: Option<Gender>,
    number: Option<Number>,
    subject: bool,
    person: bool,
    country: bool,
    organisation: bool,
    /// Named as a place.
    place: bool,
    /// Named by a role or with an article, so that its gender tells (*die Regierung, die Türkei*).
    gendered: bool,
    /// The others of a coordination that is meant as a whole: *Polen und Litauen*.
    with: Vec<EntityIx>,
}

impl Candidate {
    /// It and the others of its coordination.
    fn whole(&self) -> Vec<Self> {
        let others = self.with.iter().map(|entity| Self {
            entity: *entity,
            with: Vec::new(),
            ..self.clone()
        });
        std::iter::once(self.clone()).chain(others).collect()
    }
}

impl Draft<'_> {
    /// Adds the mentions of phrases and people, then those of pronouns and their like.
    pub(super) fn follow_pronouns(&mut self, registry: &mut Registry<'_>) {
        let before = self.mentions.len();
        self.phrase_mentions();
        self.chunk_mentions(registry);
        let candidates = self.candidates(registry);
        if self.possessives(&candidates, registry) {
            // Owners have changed, and with them who is mentioned.
            self.mentions.truncate(before);
            self.phrase_mentions();
            self.chunk_mentions(registry);
        }
        let mut candidates = self.candidates(registry);
        let sentences: Vec<Range<u32>> = self.parsed.sentences.iter().map(|s| s.tokens.clone()).collect();
        for sentence in sentences {
            for token in sentence {
                self.pronoun(token, &mut candidates, registry);
            }
        }
    }

    /// "seine Minister": the owner is whom the pronoun means. Tells whether any was found.
    fn possessives(&mut self, candidates: &[Candidate], registry: &mut Registry<'_>) -> bool {
        let mut any = false;
        for ix in 0..self.phrases.len() {
            let head = self.phrases[ix].head;
            let Some(pronoun) = self.phrases[ix].possessive else {
                // "bat die Gastgeber um Verzeihung"
                let flags = self.knowledge.role_at(self.phrases[ix].role).flags;
                let phrase = &self.phrases[ix];
                let before = || {
                    self.phrases[..ix]
                        .iter()
                        .any(|p| p.role == phrase.role && p.told.is_some())
                };
                let untold = phrase.told.is_none() && phrase.chunk.is_none() && !(phrase.definite && before());
                let object = matches!(self.dep(head), Dep::Obj | Dep::OblArg | Dep::Iobj);
                let alone = (flags.peer || flags.envoy && object) && untold;
                if let Some(country) = self.other_land(head, candidates, registry).filter(|_| alone) {
                    self.settle_in(ix, country, registry);
                    any = true;
                }
                continue;
            };
            let Some(owner) = self.possessor(pronoun, head, candidates) else {
                continue;
            };
            // "Der Präsident ist nach Kigali gereist. Dort traf er seinen Amtskollegen."
            if self.knowledge.role_at(self.phrases[ix].role).flags.peer {
                let own = registry.owner(owner.entity).country;
                if let Some(country) = own.and_then(|own| self.state_beside(pronoun, &own)) {
                    self.because(&self.phrases[ix].core, || How::TalkedOf(country.to_owned()));
                    self.settle_in(ix, country, registry);
                    any = true;
                }
                continue;
            }
            let owners = std::iter::once(&owner.entity).chain(&owner.with).map(|entity| Owner {
                entity: None,
                roles: Vec::new(),
                ..registry.owner(*entity)
            });
            let mut owners: Vec<Owner> = owners.filter(|o| !o.is_nobody()).collect();
            if !owners.is_empty() {
                self.because(&self.phrases[ix].core, || How::Possessive);
                let first = owners.remove(0);
                self.phrases[ix].more = owners;
                self.settle(ix, first, registry);
                any = true;
            }
        }
        any
    }

    /// Gives a phrase to a state (ISO 3166-1 alpha-3).
    fn settle_in(&mut self, phrase: usize, country: &str, registry: &mut Registry<'_>) {
        let state = Owner {
            country: Some(country.into()),
            ..Owner::default()
        };
        self.settle(phrase, state, registry);
    }

    /// Whom the possessive `pronoun` at the noun `head` means.
    fn possessor<'c>(&self, pronoun: u32, head: u32, candidates: &'c [Candidate]) -> Option<&'c Candidate> {
        let masculine = self.stem_cue(CueKind::PossMasc, pronoun);
        let neuter = self.cue(CueKind::PossNeut, pronoun);
        let fits = |c: &&Candidate| match (masculine, c.gender, c.number) {
            _ if c.token == head || c.token >= pronoun && !self.is_subject_behind(c, head) => false,
            (_, _, number) if neuter => (c.country || c.organisation) && number != Some(Number::Plur),
            (true, gender, number) => gender != Some(Gender::Fem) && number != Some(Number::Plur),
            (false, gender, number) => {
                gender == Some(Gender::Fem) || number == Some(Number::Plur) || gender.is_none() && c.person
            }
        };
        // Unlike other pronouns, a possessive mostly means the subject of its own clause, also one that follows.
        let salience = |c: &Candidate| {
            if c.token > pronoun {
                return BEHIND;
            }
            let near = self.parsed.sentence_of(TokenIx(c.token)) == self.parsed.sentence_of(TokenIx(pronoun));
            self.salience(c, pronoun) + if near && c.subject { 2.0 } else { 0.0 }
        };
        let scored = candidates.iter().filter(fits).map(|c| (salience(c), c));
        let best = scored.max_by(|a, b| a.0.total_cmp(&b.0));
        best.filter(|b| b.0 > 0.0).map(|b| b.1)
    }

    /// Whether somebody is the subject of a clause that opens with the phrase of the noun at `head`: *Nach **seiner** Ankunft in Wien traf **Scholz** …*
    fn is_subject_behind(&self, candidate: &Candidate, head: u32) -> bool {
        let opens = |verb: TokenIx| {
            let phrase = matches!(self.dep(head), Dep::Obl | Dep::OblArg) && head < verb.0;
            let first = self.phrase_start(head).saturating_sub(1) <= self.sentence(head).start;
            let mut above = std::iter::successors(Some(TokenIx(candidate.token)), |t| self.parsed.token(*t).head);
            let of_verb = above.any(|t| self.dep(t.0) == Dep::Nsubj && self.parsed.token(t).head == Some(verb));
            phrase && first && of_verb && candidate.token > head
        };
        let behind = candidate.subject && self.parsed.token(TokenIx(head)).head.is_some_and(opens);
        behind && self.pos(candidate.token) != Upos::Pron
    }

    fn phrase_mentions(&mut self) {
        for ix in 0..self.phrases.len() {
            let phrase = &self.phrases[ix];
            let role = self.knowledge.role_at(phrase.role);
            let kind = match role.kind {
                _ if phrase.part => MentionKind::CompoundPart,
                RoleKind::Group => MentionKind::Group,
                RoleKind::Person if phrase.plural && role.flags.anonymous => MentionKind::Group,
                RoleKind::Thing => MentionKind::Thing,
                RoleKind::Person | RoleKind::Body => MentionKind::Role,
            };
            // The adjective before a compound belongs to all of it.
            let tokens = if phrase.part {
                phrase.core.clone()
            } else {
                phrase.tokens.clone()
            };
            let mention = Mention {
                span: self.span(tokens.clone()),
                tokens,
                head: TokenIx(phrase.head),
                kind,
                actor: phrase.entity,
                also: phrase.also.clone(),
                place: None,
                roles: phrase.sectors.clone(),
            };
            self.mention(mention);
        }
    }

    fn chunk_mentions(&mut self, registry: &Registry<'_>) {
        for ix in 0..self.chunks.len() {
            let chunk = &self.chunks[ix];
            let with_role = self.phrases.iter().any(|p| {
                p.chunk == Some(ix) && p.tokens.start <= chunk.tokens.start && chunk.tokens.end <= p.tokens.end
            });
            let Some(entity) = chunk.entity else { continue };
            if with_role {
                continue;
            }
            let tokens = chunk.titled_from..chunk.tokens.end;
            let mention = Mention {
                span: self.span(tokens.clone()),
                head: TokenIx(self.head_of(&chunk.tokens)),
                tokens,
                kind: MentionKind::Name,
                actor: Some(entity),
                also: Vec::new(),
                place: None,
                roles: registry.get(entity).roles.clone(),
            };
            self.mention(mention);
        }
    }

    fn candidates(&self, registry: &Registry<'_>) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = Vec::new();
        for mention in &self.mentions {
            let Some(entity) = mention.actor else { continue };
            if matches!(
                mention.kind,
                MentionKind::Adjective | MentionKind::CompoundPart | MentionKind::Thing
            ) {
                continue;
            }
            let head = mention.head.0;
            // What is said of the subject (*die beiden Länder sind die wichtigsten Geber*) is not what is talked of.
            if self.children[head as usize].iter().any(|c| self.dep(c.0) == Dep::Cop) {
                continue;
            }
            let kind = registry.get(entity).kind;
            let morph = self.parsed.token(mention.head).morph;
            let phrase = self.phrases.iter().find(|p| p.head == head && !p.part);
            let role = phrase.map(|p| self.knowledge.role_at(p.role));
            let person = kind == EntityKind::Person || role.is_some_and(|r| r.kind == RoleKind::Person);
            let own = match kind {
                EntityKind::Person => self.gender(entity).or_else(|| self.gender_by_name(entity, registry)),
                _ => None,
            };
            let gender = match (phrase, role) {
                _ if own.is_some() => own,
                (Some(phrase), _) if phrase.feminine => Some(Gender::Fem),
                (_, Some(role)) => role.gender.or(morph.gender),
                _ if kind == EntityKind::Person => None,
                _ => morph.gender,
            };
            // "Vermittler bemühen sich": where the form does not tell, the verb does.
            let verb = self
                .parsed
                .token(mention.head)
                .head
                .filter(|_| self.dep(head) == Dep::Nsubj);
            let agreed = verb.and_then(|v| self.parsed.token(v).morph.number);
            let number = match phrase {
                Some(phrase) if phrase.plural => Some(Number::Plur),
                Some(phrase) if !phrase.definite && agreed == Some(Number::Plur) => agreed,
                Some(_) => Some(morph.number.unwrap_or(Number::Sing)),
                None if kind == EntityKind::Person => Some(Number::Sing),
                // "Die Vereinigten Arabischen Emirate" are many to German.
                None if kind == EntityKind::Country
                    && (self.lang == Lang::En || morph.number != Some(Number::Plur)) =>
                {
                    Some(Number::Sing)
                }
                None => morph.number,
            };
            // "Kenyan President Elena Varga": parsers differ about which of the words is the head.
            let subject = mention.tokens.clone().any(|t| {
                let outside = self
                    .parsed
                    .token(TokenIx(t))
                    .head
                    .is_some_and(|h| !mention.tokens.contains(&h.0));
                matches!(self.dep(t), Dep::Nsubj | Dep::NsubjPass) && outside
            });
            found.push(Candidate {
                token: head,
                end: mention.tokens.end,
                entity,
                roles: mention.roles.clone(),
                gender,
                number,
                subject,
                person,
                country: kind == EntityKind::Country,
                organisation: kind == EntityKind::Organisation,
                place: mention.kind == MentionKind::Place && !self.is_origin(head),
                gendered: phrase.is_some()
                    || self.children[head as usize]
                        .iter()
                        .any(|c| self.cue(CueKind::Definite, c.0)),
                with: mention.also.clone(),
            });
        }
        let coordinations: Vec<_> = found.iter().filter_map(|c| self.coordination(c, &found)).collect();
        found.extend(coordinations);
        found.sort_by_key(|c| c.token);
        found
    }

    /// The gender that a person's given name tells.
    fn gender_by_name(&self, person: EntityIx, registry: &Registry<'_>) -> Option<Gender> {
        let (given, _) = registry.get(person).name.split_once(' ')?;
        self.knowledge.gender_of_name(given)
    }

    /// Whether people come from the place at `token`, or from the first of the list that it stands in.
    fn is_origin(&self, token: u32) -> bool {
        let first = std::iter::successors(Some(TokenIx(token)), |&t| {
            self.parsed.token(t).head.filter(|_| self.dep(t.0) == Dep::Conj)
        });
        let first = first.last().map_or(token, |t| t.0);
        self.children[first as usize]
            .iter()
            .any(|c| self.dep(c.0) == Dep::Case && self.cue(CueKind::Origin, c.0))
    }

    /// All members of the coordination that begins with `first`, as one plural candidate.
    fn coordination(&self, first: &Candidate, among: &[Candidate]) -> Option<Candidate> {
        let members = self.children[first.token as usize]
            .iter()
            .filter(|c| self.dep(c.0) == Dep::Conj);
        let members: Vec<&Candidate> = members
            .filter_map(|m| among.iter().find(|c| c.token == m.0 && c.entity != first.entity))
            .collect();
        let last = members.last()?;
        Some(Candidate {
            end: last.end,
            number: Some(Number::Plur),
            gender: None,
            person: false,
            country: false,
            organisation: false,
            with: members.iter().map(|c| c.entity).collect(),
            ..first.clone()
        })
    }

    fn pronoun(&mut self, token: u32, candidates: &mut Vec<Candidate>, registry: &mut Registry<'_>) {
        if self.scan.role_at[token as usize].is_some() && !self.is_both(token)
            || self.scan.name_at[token as usize].is_some()
        {
            return;
        }
        let pos = self.pos(token);
        let found = match pos {
            Upos::Pron if self.stands_alone(token) => self.both(token, token, candidates, registry),
            Upos::Pron | Upos::Det if self.is_relative(token) => self.relative(token, candidates),
            Upos::Pron => self.personal(token, candidates, registry),
            Upos::Det if self.dep(token) == Dep::DetPoss => self.possessive(token, candidates),
            Upos::Noun => self.noun(token, candidates, registry),
            // "The South" is written like a name.
            Upos::Propn if self.states_of_kind(token).is_some() => self.noun(token, candidates, registry),
            Upos::Adj | Upos::Num | Upos::Det if self.stands_alone(token) => {
                self.both(token, token, candidates, registry)
            }
            _ => None,
        };
        let Some((tokens, actors)) = found else { return };
        let Some((first, rest)) = actors.split_first() else {
            return;
        };
        self.because(&tokens, || How::Antecedent(actors.iter().map(|c| c.token).collect()));
        let mention = Mention {
            span: self.mention_span(&tokens),
            tokens: tokens.clone(),
            head: TokenIx(token),
            kind: MentionKind::Pronoun,
            actor: Some(first.entity),
            also: rest.iter().map(|c| c.entity).collect(),
            place: None,
            roles: first.roles.clone(),
        };
        // "the leaders of the two countries": who belongs to both stands for both.
        let owned = self.parsed.tokens[token as usize]
            .head
            .filter(|_| matches!(self.dep(token), Dep::Nmod | Dep::NmodPoss));
        if let Some(noun) = owned {
            // "den Botschafter des Landes"
            let phrase = self.phrases.iter().position(|p| p.head == noun.0 && !p.part);
            let mut owner = (mention.actor, &mention.also);
            if rest.is_empty() {
                let state = registry.owner(first.entity);
                let changed = phrase.filter(|&ix| {
                    first.country && self.phrases[ix].owner.country != state.country && self.phrases[ix].chunk.is_none()
                });
                owner.0 = changed.and_then(|ix| {
                    let country = Owner {
                        country: state.country,
                        ..Owner::default()
                    };
                    self.settle(ix, country, registry);
                    self.phrases[ix].entity
                });
            }
            let kinds = |kind| matches!(kind, MentionKind::Role | MentionKind::Group | MentionKind::Thing);
            let belonging = |m: &&mut Mention| m.head == noun && kinds(m.kind);
            for known in self.mentions.iter_mut().filter(belonging).filter(|_| owner.0.is_some()) {
                known.actor = owner.0;
                known.also.clone_from(owner.1);
            }
        }
        // What a pronoun means, the next one may mean too.
        let again = Candidate {
            token,
            end: token + 1,
            subject: matches!(self.dep(token), Dep::Nsubj | Dep::NsubjPass),
            number: if rest.is_empty() {
                first.number
            } else {
                Some(Number::Plur)
            },
            with: mention.also.clone(),
            ..first.clone()
        };
        let at = candidates.partition_point(|c| c.token < token);
        candidates.insert(at, again);
        self.mention(mention);
    }

    fn mention_span(&self, tokens: &Range<u32>) -> Span {
        self.span(tokens.clone())
    }

    fn is_relative(&self, token: u32) -> bool {
        self.cue(CueKind::Relative, token) && {
            let head = self.parsed.tokens[token as usize].head;
            let clause = head.map(|h| self.dep(h.0));
            let after_comma = token > 0 && self.form(token - 1) == ",";
            self.pos(token) == Upos::Pron && (clause == Some(Dep::AclRelcl) || clause == Some(Dep::Acl) || after_comma)
        }
    }

    /// The noun before the relative clause.
    fn relative(&self, token: u32, candidates: &[Candidate]) -> Option<(Range<u32>, Vec<Candidate>)> {
        let sentence = self.sentence(token);
        let mut verb = self.parsed.tokens[token as usize].head;
        // The pronoun may hang below an argument of the verb of its clause.
        for _ in 0..4 {
            match verb {
                Some(v) if matches!(self.dep(v.0), Dep::AclRelcl | Dep::Acl) => break,
                Some(v) => verb = self.parsed.token(v).head,
                None => break,
            }
        }
        let noun = verb
            .and_then(|v| self.parsed.token(v).head)
            .filter(|n| n.0 < token && sentence.contains(&n.0));
        let by_tree = noun.and_then(|n| candidates.iter().find(|c| c.token == n.0));
        let nearest = || {
            candidates
                .iter()
                .rfind(|c| c.token < token && sentence.contains(&c.token) && token - c.end.min(token) <= 2)
        };
        let found = by_tree.or_else(nearest)?;
        Some((token..token + 1, vec![found.clone()]))
    }

    fn personal(
        &self,
        token: u32,
        candidates: &[Candidate],
        registry: &Registry<'_>,
    ) -> Option<(Range<u32>, Vec<Candidate>)> {
        if matches!(self.dep(token), Dep::Expl | Dep::ExplPv) {
            return None;
        }
        let is = |kind| self.cue(kind, token);
        // "Die Polizei nahm sie fest": where it is no subject, its form tells no number.
        let word = &self.parsed.tokens[token as usize];
        let subject = matches!(word.dep, Dep::Nsubj | Dep::NsubjPass) && word.morph.case != Some(Case::Acc);
        let either = !subject && is(CueKind::Plur) && is(CueKind::Fem);
        let plural = is(CueKind::Plur) && self.is_plural(token, is(CueKind::Fem));
        let alone = token..token + 1;
        let neuter = is(CueKind::Neut);
        if neuter && self.lang == Lang::De && !self.is_somebody(token) {
            return None;
        }
        // "The kidnappers let them go": those to whom something is done are others than the doers.
        let verbs = std::iter::successors(word.head.filter(|_| !subject), |&t| self.parsed.token(t).head);
        let other = |v: TokenIx| {
            self.children[v.ix()]
                .iter()
                .find(|c| self.dep(c.0) == Dep::Nsubj && c.0 != token)
        };
        let doers = verbs.take(2).find_map(other);
        let doers = doers.and_then(|d| candidates.iter().find(|c| c.token == d.0));
        let own = doers.and_then(|d| registry.owner(d.entity).key().map(str::to_owned));
        let doer = |c: &Candidate| {
            let like = !c.person && own.is_some() && registry.owner(c.entity).key() == own.as_deref();
            like || doers.is_some_and(|d| d.entity == c.entity)
        };
        if plural || neuter {
            let meant = self.subject_around(token, candidates, plural);
            if !meant.is_empty() && !meant.iter().any(doer) {
                return Some((alone, meant));
            }
            // English *it* is too often a thing to look further than to the one other state of its sentence: *Seoul condemned Pyongyang's test
            // and called on it to stop*.
            if neuter && self.lang == Lang::En {
                let sentence = self.sentence(token);
                let here = |c: &&Candidate| {
                    c.token < token && sentence.contains(&c.token) && (c.country || c.organisation) && !c.place
                };
                let mut others = candidates.iter().filter(here).filter(|c| !subject && !doer(c));
                let other = others.next().filter(|first| others.all(|c| c.entity == first.entity))?;
                return Some((alone, other.whole()));
            }
        }
        let wanted = match () {
            () if plural => None,
            () if neuter => Some(Gender::Neut),
            () if is(CueKind::Masc) => Some(Gender::Masc),
            () if is(CueKind::Fem) => Some(Gender::Fem),
            () => return None,
        };
        let best = candidates
            .iter()
            .filter(|c| c.token < token)
            .filter(|c| match wanted {
                _ if either && c.number == Some(Number::Plur) => true,
                None => c.number == Some(Number::Plur) || c.number.is_none() && !c.person,
                Some(Gender::Neut) => is_neuter(c),
                Some(gender) => {
                    let number = c.number != Some(Number::Plur);
                    let right = c.gender.map_or(c.person, |g| g == gender);
                    number && right && (c.person || self.lang == Lang::De && (!c.country || c.gendered))
                }
            })
            .map(|c| (self.salience(c, token) - if doer(c) { 3.0 } else { 0.0 }, c))
            .max_by(|a, b| a.0.total_cmp(&b.0))?;
        (best.0 > 0.0).then(|| (alone, best.1.whole()))
    }

    /// Whether a German *es* can mean a state or a body: the subject of a verb that needs one, and no stand-in for another subject
    /// (*es gibt*, *es wurden Waffen gefunden*).
    fn is_somebody(&self, token: u32) -> bool {
        let word = &self.parsed.tokens[token as usize];
        let Some(verb) = word.head.filter(|_| word.dep == Dep::Nsubj) else {
            return false;
        };
        let another = |c: &TokenIx| {
            c.0 != token
                && matches!(
                    self.dep(c.0),
                    Dep::Nsubj | Dep::NsubjPass | Dep::Csubj | Dep::Cop | Dep::AuxPass
                )
        };
        self.pos(verb.0) == Upos::Verb
            && !self.stem_cue(CueKind::Impersonal, verb.0)
            && !self.children[verb.ix()].iter().any(another)
    }

    /// *seine Forderung*, *ihrer Ansicht nach*.
    fn possessive(&self, token: u32, candidates: &[Candidate]) -> Option<(Range<u32>, Vec<Candidate>)> {
        let head = self.parsed.tokens[token as usize].head?;
        let owner = self.possessor(token, head.0, candidates)?;
        Some((token..token + 1, owner.whole()))
    }

    /// Whom the subject of the clause around a pronoun names, or that of the sentence before: *Qatar said it would help*,
    /// *France and Germany say they regret it*. A thing that is named there is what the pronoun means, and nobody.
    fn subject_around(&self, token: u32, candidates: &[Candidate], plural: bool) -> Vec<Candidate> {
        let subject_of = |verb: TokenIx| {
            let subject = |c: &&TokenIx| matches!(self.dep(c.0), Dep::Nsubj | Dep::NsubjPass) && c.0 < token;
            self.children[verb.ix()].iter().find(subject).copied()
        };
        let above = std::iter::successors(self.parsed.tokens[token as usize].head, |&t| self.parsed.token(t).head);
        let around = above.skip(1).find_map(subject_of);
        let before = || {
            let sentence = self.parsed.sentence_of(TokenIx(token)).ix().checked_sub(1)?;
            let mut words = self.parsed.sentences[sentence].tokens.clone().map(TokenIx);
            subject_of(words.find(|t| self.dep(t.0) == Dep::Root)?)
        };
        let Some(subject) = around.or_else(before) else {
            return Vec::new();
        };
        let members = std::iter::once(subject).chain(
            self.children[subject.ix()]
                .iter()
                .copied()
                .filter(|c| self.dep(c.0) == Dep::Conj),
        );
        let named: Vec<Candidate> = members
            .filter_map(|t| candidates.iter().find(|c| c.token == t.0 && c.with.is_empty()))
            .cloned()
            .collect();
        let many = named.len() > 1;
        let fits = |c: &Candidate| match plural {
            true => many || c.number == Some(Number::Plur) || c.organisation && !c.person,
            false if self.lang == Lang::De => !many && is_neuter(c),
            false => !many && !c.person && c.number != Some(Number::Plur),
        };
        if named.iter().all(fits) { named } else { Vec::new() }
    }

    /// Whether a pronoun that may be either is plural, by its own features or by its verb's.
    fn is_plural(&self, token: u32, may_be_feminine: bool) -> bool {
        if !may_be_feminine {
            return true;
        }
        let word = &self.parsed.tokens[token as usize];
        let verb = word.head.filter(|_| matches!(word.dep, Dep::Nsubj | Dep::NsubjPass));
        let finite = verb.into_iter().flat_map(|v| {
            std::iter::once(v).chain(
                self.children[v.ix()]
                    .iter()
                    .copied()
                    .filter(|c| matches!(self.parsed.token(*c).dep, Dep::Aux | Dep::AuxPass | Dep::Cop)),
            )
        });
        let by_verb = finite
            .filter(|v| self.parsed.token(*v).morph.form == Some(lagebild_core::VerbForm::Fin))
            .find_map(|v| self.parsed.token(v).morph.number);
        by_verb.or(word.morph.number) == Some(Number::Plur)
    }

    /// How near and prominent a candidate is, seen from `token`.
    fn salience(&self, candidate: &Candidate, token: u32) -> f32 {
        let own = self.parsed.sentence_of(TokenIx(token)).ix();
        let other = self.parsed.sentence_of(TokenIx(candidate.token)).ix();
        let sentences = (own - other) as f32;
        if sentences > 3.0 {
            return 0.0;
        }
        let same_clause = sentences == 0.0
            && self.parsed.tokens[token as usize].head == self.parsed.tokens[candidate.token as usize].head;
        let mut score = 4.0 - sentences;
        if candidate.subject {
            score += 1.5;
        }
        if candidate.person {
            score += 1.0;
        }
        if same_clause {
            score -= 3.0;
        }
        // Nearer ones win among equals.
        score - (token - candidate.token) as f32 * 0.005
    }

    /// *das Land*, *der Nachbarstaat*, *die Allianz*, *beide Seiten*.
    fn noun(
        &self,
        token: u32,
        candidates: &[Candidate],
        registry: &mut Registry<'_>,
    ) -> Option<(Range<u32>, Vec<Candidate>)> {
        let start = self.phrase_start(token);
        if let Some(named) = self.alliance_named_after(token) {
            let owner = self.with_entity(named, registry);
            let entity = owner.entity?;
            return Some((start..token + 2, vec![self.single(entity, token, false)]));
        }
        let both = (start..token).find(|t| self.cue(CueKind::Both, *t));
        if both.is_some() && self.stem_cue(CueKind::Side, token) {
            return self.both(start, token, candidates, registry);
        }
        if let Some(states) = self.as_many(start, token, candidates) {
            return Some((start..token + 1, states));
        }
        // "Er kehrte in sein Heimatland zurück", "his home country": the state of whomever the possessive means.
        let kids = || self.children[token as usize].iter().map(|c| c.0);
        let of_origin = self.stem_cue(CueKind::Homeland, token)
            || self.stem_cue(CueKind::Country, token) && kids().any(|c| self.stem_cue(CueKind::Homeland, c));
        let whose = || kids().find(|c| matches!(self.dep(*c), Dep::DetPoss | Dep::NmodPoss) && *c < token);
        if let Some(pronoun) = whose().filter(|_| of_origin) {
            let native = self.possessor(pronoun, token, candidates)?;
            let country = registry.owner(native.entity).country?;
            return Some((pronoun..token + 1, vec![self.state(&country, token, registry)]));
        }
        // Headlines have no articles: "Nato-Gipfel: Bündnis einigt sich".
        let bare = |t: u32| {
            let part = self.parsed.sentences[self.parsed.sentence_of(TokenIx(t)).ix()].part;
            part == Part::Headline && start == t && self.dep(t) == Dep::Nsubj && self.stem_cue(CueKind::Alliance, t)
        };
        let defined = bare(token)
            || (start..token).any(|t| self.cue(CueKind::Definite, t) || self.cue(CueKind::Demonstrative, t))
            || start < token && self.parsed.tokens[start as usize].span.is_empty();
        // "Mehrere Länder" are somebody, but nobody whom the report names; "eighteen states" may be those of the United States.
        let counted = (start..token).any(|t| self.pos(t) == Upos::Num);
        let several = self.parsed.tokens[token as usize].morph.number == Some(Number::Plur) && !counted;
        if !defined && several && self.stem_cue(CueKind::Country, token) {
            let term = self.parsed.lemma(TokenIx(token)).to_owned();
            let states = Candidate {
                number: Some(Number::Plur),
                country: false,
                ..self.single(registry.group(&term, &Owner::default()), token, true)
            };
            return Some((start..token + 1, vec![states]));
        }
        if !defined
            || self.children[token as usize].iter().any(|c| {
                let named = matches!(self.dep(c.0), Dep::Nmod | Dep::NmodPoss | Dep::Appos | Dep::Flat);
                named && self.name_hit(c.0).is_some()
            })
        {
            return None;
        }
        let tokens = start..token + 1;
        // "Das benachbarte Land" is what "das Nachbarland" is; "ein fremdes Land" none that is talked of.
        let country = self.stem_cue(CueKind::Country, token);
        let foreign = (start..token).any(|t| self.stem_cue(CueKind::Foreign, t));
        let beside = || (start..token).any(|t| self.stem_cue(CueKind::Neighbour, t));
        if self.stem_cue(CueKind::Neighbour, token) || country && beside() {
            if let Some(country) = self.other_land(token, candidates, registry) {
                return Some((tokens, vec![self.state(country, token, registry)]));
            }
            let main = self.standing.main();
            let sentence = self.sentence(token).start;
            let other = self
                .standing
                .sightings
                .iter()
                .rev()
                .find(|s| s.token < token && Some(s.country) != main && s.token + 80 > sentence)?;
            return Some((tokens, vec![self.state(other.country, token, registry)]));
        }
        if let Some(states) = self.states_of_kind(token) {
            let country = self.state_of_kind(states, token)?;
            return Some((tokens, vec![self.state(country, token, registry)]));
        }
        if country && !foreign {
            let plural = self.parsed.tokens[token as usize].morph.number == Some(Number::Plur);
            if plural {
                return None;
            }
            // "Die Zukunft des Landes" is often one's own, and whoever is sent out of the country leaves that.
            let word = &self.parsed.tokens[token as usize];
            let argument = match word.dep {
                Dep::Nmod | Dep::NmodPoss => self.phrases.iter().any(|p| word.head == Some(TokenIx(p.head))),
                _ => word.morph.case != Some(Case::Gen),
            };
            let other = || self.other_land(token, candidates, registry).filter(|_| argument);
            let country = other().or_else(|| self.country_talked_of(token, true))?;
            return Some((tokens, vec![self.state(country, token, registry)]));
        }
        // "Die internationale Gemeinschaft" is none of those named.
        if self.stem_cue(CueKind::Alliance, token) && !foreign {
            // "Die Nato-Staaten" are the alliance as much as "die Nato".
            let body = |c: &Candidate| registry.owner(c.entity).org.filter(|_| !c.organisation);
            let last = candidates
                .iter()
                .rfind(|c| c.token < token && !c.person && (c.organisation || body(c).is_some()));
            let named = last.and_then(body).or_else(|| match last {
                Some(_) => None,
                None => self.standing.body().map(Arc::from),
            });
            if let Some(key) = named {
                let entity = registry.organisation_by_key(&key);
                return Some((tokens, vec![self.single(entity, token, false)]));
            }
            return match last {
                Some(last) => Some((tokens, vec![last.clone()])),
                // An alliance that has no name is that of the two states named last.
                None => self.both(start, token, candidates, registry),
            };
        }
        None
    }

    /// The states that *die drei Länder* means: as many as were named together last.
    fn as_many(&self, start: u32, token: u32, candidates: &[Candidate]) -> Option<Vec<Candidate>> {
        let definite = (start..token).any(|t| self.cue(CueKind::Definite, t) || self.cue(CueKind::Demonstrative, t));
        let country = self.stem_cue(CueKind::Country, token) || self.stem_cue(CueKind::Side, token);
        if !definite || !country {
            return None;
        }
        let counts = |q: &&Quantity| self.parsed.token(q.token).head == Some(TokenIx(token)) && q.value > 2.0;
        let number = self.parsed.quantities.iter().find(counts)?.value;
        let together = |c: &&Candidate| c.token < start && !c.with.is_empty() && (c.with.len() + 1) as f64 == number;
        candidates.iter().rfind(together).map(Candidate::whole)
    }

    /// The states that a noun can mean: *der Golfstaat*, *the South*.
    pub(super) fn states_of_kind(&self, token: u32) -> Option<&'static str> {
        let cues = self.knowledge.cues();
        let note = |word: &str| {
            cues.note(self.lang, CueKind::Country, word)
                .filter(|states| !states.is_empty())
        };
        note(self.parsed.lemma(TokenIx(token))).or_else(|| note(self.form(token)))
    }

    /// Which of `states` a singular noun means: the one that the report named last before it. Of a part of the land ("im Süden", "the north of
    /// the country"; English writes those without a capital) or a word within a name it means none.
    fn state_of_kind(&self, states: &'static str, token: u32) -> Option<&'static str> {
        let plural = self.parsed.tokens[token as usize].morph.number == Some(Number::Plur);
        let within = matches!(self.dep(token), Dep::Compound | Dep::Amod | Dep::Flat);
        let of = |c: &TokenIx| matches!(self.dep(c.0), Dep::Nmod | Dep::NmodPoss | Dep::Compound | Dep::Flat);
        let capital = self.form(token).starts_with(char::is_uppercase);
        let part = is_located(self.parsed, self.knowledge, token) || self.children[token as usize].iter().any(of);
        if plural || within || part || !capital {
            return None;
        }
        let meant = |country: &str| states.split(' ').find(|state| *state == country);
        let mut before = self.standing.sightings.iter().rev().filter(|s| s.token < token);
        before.find_map(|s| meant(s.country))
    }

    /// The state that *das Land* means where it is done something to, or told what to do: not that of whoever does so, but the one named
    /// beside it just before (*Die Regierung in Kigali verhängte Sanktionen gegen das Land*).
    fn other_land(&self, token: u32, candidates: &[Candidate], registry: &Registry<'_>) -> Option<&'static str> {
        let above = |t: u32| std::iter::successors(Some(TokenIx(t)), |t| self.parsed.token(*t).head);
        let is_verb = |t: &TokenIx| matches!(self.pos(t.0), Upos::Verb | Upos::Aux);
        let subject_of = |verb: TokenIx| {
            let subject = |c: &&TokenIx| matches!(self.dep(c.0), Dep::Nsubj | Dep::NsubjPass);
            self.children[verb.ix()].iter().find(subject).copied()
        };
        let state_of = |t: TokenIx| {
            let named = || candidates.iter().find(|c| c.token == t.0).map(|c| c.entity);
            let meant = || {
                self.personal(t.0, candidates, registry)
                    .and_then(|(_, meant)| meant.first().map(|c| c.entity))
            };
            let entity = if self.pos(t.0) == Upos::Pron { meant() } else { named() };
            registry.owner(entity?).country
        };
        let (verb, subject) = above(token)
            .filter(is_verb)
            .find_map(|verb| Some((verb, subject_of(verb)?)))?;
        let inside = |t: u32| above(t).any(|t| t == subject);
        let sightings = &self.standing.sightings;
        let sentence = self.sentence(token);
        let here = || sightings.iter().filter(|s| sentence.contains(&s.token));
        let own = if inside(token) {
            // "The country's president received him", "Das Land müsse abziehen, verlangte er"
            let guest = || {
                let object = |c: &TokenIx| {
                    self.pos(c.0) == Upos::Pron && matches!(self.dep(c.0), Dep::Obj | Dep::Iobj | Dep::OblArg)
                };
                self.children[verb.ix()]
                    .iter()
                    .copied()
                    .filter(object)
                    .find_map(state_of)
            };
            let duty = |c: &TokenIx| self.cue(CueKind::Duty, c.0) || self.stem_cue(CueKind::Duty, c.0);
            let speaker = || {
                let told = std::iter::once(verb)
                    .chain(self.children[verb.ix()].iter().copied())
                    .any(|c| duty(&c));
                let saying = match self.dep(verb.0) {
                    Dep::Ccomp => self.parsed.token(verb).head,
                    _ => self.children[verb.ix()]
                        .iter()
                        .copied()
                        .find(|c| self.dep(c.0) == Dep::Parataxis),
                };
                state_of(saying.filter(|_| told).and_then(subject_of)?)
            };
            guest().or_else(speaker)
        } else {
            // "Man werde das Land angreifen, sagte der iranische Minister": the only other state that the sentence names.
            let alone = || {
                here()
                    .next()
                    .filter(|first| self.pos(subject.0) == Upos::Pron && here().all(|s| s.country == first.country))
            };
            let named = || {
                here()
                    .find(|s| inside(s.token))
                    .or_else(alone)
                    .map(|s| Arc::from(s.country))
            };
            state_of(subject).or_else(named)
        };
        self.state_beside(token, &own?)
    }

    /// The state before `token`, in its sentence or the two before, that is another than `own`: the one that the report names most, of
    /// equals the last.
    fn state_beside(&self, token: u32, own: &str) -> Option<&'static str> {
        let from = self.parsed.sentence_of(TokenIx(token)).ix().saturating_sub(2);
        let from = self.parsed.sentences[from].tokens.start;
        let sightings = self.standing.sightings.iter();
        let others = sightings.filter(|s| s.token < token && s.token >= from && s.country != own);
        let weight = |country: &str| self.standing.of(country);
        others.map(|s| s.country).max_by(|a, b| weight(a).total_cmp(&weight(b)))
    }

    /// The organisation whose name follows an alliance at once: *der Staatenbund Ecowas*.
    pub(super) fn alliance_named_after(&self, token: u32) -> Option<Target> {
        let next = (token + 1 < self.sentence(token).end).then_some(token + 1)?;
        let hit = self
            .name_hit(next)
            .filter(|_| self.stem_cue(CueKind::Alliance, token))?;
        let organisation = |t: &Target| matches!(t.name, Name::Organisation(_));
        self.target(hit).filter(organisation)
    }

    fn state(&self, country: &str, token: u32, registry: &mut Registry<'_>) -> Candidate {
        self.single(registry.country(country), token, true)
    }

    /// A state or else an organisation that the noun at `token` means.
    fn single(&self, entity: EntityIx, token: u32, country: bool) -> Candidate {
        Candidate {
            token,
            end: token + 1,
            entity,
            roles: vec![if country { Sector::Gov } else { Sector::Igo }],
            gender: Some(Gender::Neut),
            number: Some(Number::Sing),
            subject: false,
            person: false,
            country,
            organisation: !country,
            place: false,
            gendered: false,
            with: Vec::new(),
        }
    }

    /// First word of the noun phrase that ends at `noun`.
    fn phrase_start(&self, noun: u32) -> u32 {
        let sentence = self.sentence(noun).start;
        let mut start = noun;
        // "The stricken country": participles too.
        let modifies = |t: u32| {
            matches!(self.pos(t), Upos::Det | Upos::Adj | Upos::Num | Upos::Pron)
                || self.pos(t) == Upos::Verb
                    && self.dep(t) == Dep::Amod
                    && self.parsed.tokens[t as usize].head == Some(TokenIx(noun))
        };
        while start > sentence && modifies(start - 1) {
            start -= 1;
        }
        start
    }

    fn is_both(&self, token: u32) -> bool {
        let start = self.phrase_start(token);
        (start..token).any(|t| self.cue(CueKind::Both, t)) && self.stem_cue(CueKind::Side, token)
    }

    /// "Beide", "both", "the two" without a noun.
    fn stands_alone(&self, token: u32) -> bool {
        let argument = matches!(
            self.dep(token),
            Dep::Nsubj | Dep::NsubjPass | Dep::Obj | Dep::Iobj | Dep::Obl
        );
        let alone = match self.lang {
            Lang::De => argument,
            Lang::En => {
                let counts = self.pos(token) == Upos::Num;
                (argument || self.dep(token) == Dep::Nmod)
                    && (!counts || token > 0 && self.cue(CueKind::Definite, token - 1))
            }
        };
        alone && self.cue(CueKind::Both, token)
    }

    /// The two named last before `start` that the noun at `token` can bundle: bodies of its sector (*beide Parteien*), else states and
    /// people.
    fn both(
        &self,
        start: u32,
        token: u32,
        candidates: &[Candidate],
        registry: &Registry<'_>,
    ) -> Option<(Range<u32>, Vec<Candidate>)> {
        // "Zwei Reporter …. Am Freitag kamen die beiden frei."
        let two = |c: &&Candidate| {
            let counted = |q: &Quantity| q.value == 2.0 && self.parsed.token(q.token).head == Some(TokenIx(c.token));
            c.number == Some(Number::Plur) && c.with.is_empty() && self.parsed.quantities.iter().any(counted)
        };
        let near = self.parsed.sentence_of(TokenIx(start)).ix().saturating_sub(2);
        let near = self.parsed.sentences[near].tokens.start;
        if start == token
            && let Some(pair) = candidates.iter().rfind(|c| (near..start).contains(&c.token) && two(c))
        {
            return Some((start..token + 1, vec![pair.clone()]));
        }
        let mut found: Vec<Candidate> = Vec::new();
        let role = self.scan.role_at[token as usize].map(|r| self.knowledge.role_at(self.scan.roles[r as usize].role));
        let party = role.filter(|role| role.sectors == [Sector::Pty]);
        // Neither the EU nor its ministers are one of "beide Staaten".
        let states = self.stem_cue(CueKind::Country, token);
        // "China appellierte an beide Seiten": one who is named alone in the sentence is none of the two.
        let sentence = self.sentence(start).start;
        let here: Vec<&Candidate> = candidates
            .iter()
            .filter(|c| (sentence..start).contains(&c.token))
            .collect();
        // "Die EU und die USA riefen beide Seiten zur Zurückhaltung auf": nor are those who do it to them.
        let verb = self.parsed.tokens[token as usize].head;
        let done_to = !matches!(self.dep(token), Dep::Nsubj | Dep::NsubjPass);
        let doer = |c: &&Candidate| {
            let mut above = std::iter::successors(Some(TokenIx(c.token)), |t| self.parsed.token(*t).head);
            above.any(|t| self.dep(t.0) == Dep::Nsubj && self.parsed.token(t).head == verb)
        };
        let doers = done_to && !here.is_empty() && here.iter().all(doer);
        let before = if (here.len() == 1 || doers) && party.is_none() {
            sentence
        } else {
            start
        };
        // In a report on a conflict the sides are those that it names most, if they are named twice; else those named last.
        let key = |c: &Candidate| registry.owner(c.entity).key().map(str::to_owned);
        let mut counts: FxHashMap<String, usize> = FxHashMap::default();
        for candidate in candidates
            .iter()
            .filter(|c| c.token < before && (c.country || c.person))
        {
            *counts.entry(key(candidate).unwrap_or_default()).or_default() += 1;
        }
        let mut ranked: Vec<usize> = counts.values().copied().collect();
        ranked.sort_unstable_by(|a, b| b.cmp(a));
        let least = ranked
            .get(1)
            .copied()
            .filter(|&n| n > 1 && ranked.get(2).is_none_or(|&third| third < n))
            .unwrap_or(0);
        // "Tansania und Kenia streiten …. Beide Länder …": two that the text has put together.
        let somebody = |e: EntityIx| registry.owner(e).country.is_some() && registry.owner(e).org.is_none();
        let pair = |c: &&Candidate| {
            let together = c.with.len() == 1 && (near..before).contains(&c.token) && !c.place;
            together && somebody(c.entity) && c.with.iter().all(|e| somebody(*e))
        };
        if party.is_none()
            && least == 0
            && let Some(pair) = candidates.iter().rfind(pair)
        {
            return Some((start..token + 1, pair.whole()));
        }
        let often =
            |c: &Candidate| party.is_some() || counts.get(&key(c).unwrap_or_default()).is_some_and(|&n| n >= least);
        // Where two met a moment ago is none of them: *Vertreter beider Länder verhandelten in Genf*.
        let parties = candidates.iter().filter(|c| !c.place && c.token >= near);
        let everybody = candidates.iter();
        for candidates in [parties.collect::<Vec<_>>(), everybody.collect()] {
            found.clear();
            for candidate in candidates.into_iter().rev().filter(|c| c.token < before && often(c)) {
                let owner = registry.owner(candidate.entity);
                let same = |other: &Candidate| {
                    let key = registry.owner(other.entity).key().map(str::to_owned);
                    other.entity == candidate.entity
                        || party.is_none() && key.is_some() && key.as_deref() == owner.key()
                };
                let fits = match party {
                    Some(_) => candidate.organisation && owner.roles.contains(&Sector::Pty),
                    None if states && owner.org.is_some() => false,
                    None => candidate.number != Some(Number::Plur) && (candidate.country || candidate.person),
                };
                if !found.iter().any(same) && fits {
                    found.push(candidate.clone());
                }
                if found.len() == 2 {
                    break;
                }
            }
            if found.len() == 2 {
                break;
            }
        }
        found.reverse();
        (found.len() == 2).then_some((start..token + 1, found))
    }
}
