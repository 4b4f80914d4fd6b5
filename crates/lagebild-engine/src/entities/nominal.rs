//! Noun phrases around roles and names: who *Südkoreas Präsident*, *der Sprecher des Außenministeriums*, *die Regierung in
//! Seoul* act for.

use super::context::{is_located, is_official};
use super::people::{Draft, Phrase, State};
use super::registry::{Owner, Registry};
use super::scan::{self, NameHit, RoleHit};
use super::{Mention, MentionKind};
use crate::trace::{How, Owned};
use lagebild_core::codebook::Sector;
use lagebild_core::{Case, Dep, EntityIx, EntityKind, Gender, Lang, Number, Place, TokenIx, Upos};
use lagebild_lexicon::knowledge::{
    CueKind, Name, OrganisationKind, PersonIx, PlaceIx, Role, RoleIx, RoleKind, SeatKind, atoms,
};
use lagebild_nlp::morph::{Morphology, Source};
use std::ops::Range;

/// What stands to the left of a noun in its phrase.
#[derive(Debug, Default)]
struct Left {
    start: u32,
    adjectives: Vec<u32>,
    /// Last word of a name, person or role in the genitive.
    genitive: Option<u32>,
    possessive: Option<u32>,
    /// Its words before its noun, or the noun itself, name the owner.
    owned: bool,
    definite: bool,
    foreign: bool,
    /// The organisation that an adjective ties offices to.
    bloc: Option<&'static str>,
    here: bool,
    former: bool,
    /// A number stands before the noun.
    counted: bool,
    /// Where words beside it name the owner.
    told: Option<Owned>,
}

/// What a name stands for once its place in the sentence is known.
pub(super) struct Target {
    pub(super) name: Name,
    pub(super) owner: Owner,
    pub(super) place: Option<PlaceIx>,
}

/// More owners than this a role has not.
const MEMBERS: usize = 12;

/// Sectors of people who live where they are, when there are several of them; diplomats and soldiers do not.
pub(super) const RESIDENTS: [Sector; 8] = [
    Sector::Jrn,
    Sector::Jud,
    Sector::Cop,
    Sector::Soc,
    Sector::Edu,
    Sector::Lab,
    Sector::Rel,
    Sector::Leg,
];

/// Words within which the noun stands that an office is about: *minister of the interior*.
const OFFICE: u32 = 5;

impl Draft<'_> {
    /// Builds the phrases of all roles and links them to the people named with them.
    pub(super) fn build_phrases(&mut self, registry: &mut Registry<'_>) {
        // From right to left, so that the owner of "Sprecher des Ministeriums" is there before its speaker.
        for ix in (0..self.scan.roles.len()).rev() {
            self.phrase(ix, registry);
        }
        self.phrases.reverse();
        let count = self.phrases.len();
        for slot in self.phrase_of.iter_mut().flatten() {
            *slot = count - 1 - *slot;
        }
        self.name_appositions(registry);
        self.people_of_bodies(registry);
        self.short_names(registry);
        self.unknown_names(registry);
        // Owners that are people have their states only now.
        self.ask_again(registry);
    }

    /// Asks again for the owners of the phrases that have none.
    pub(super) fn ask_again(&mut self, registry: &mut Registry<'_>) {
        for ix in 0..self.phrases.len() {
            if self.phrases[ix].state == State::Open {
                let core = self.phrases[ix].core.clone();
                let (owners, left, _) = self.owners(core, self.phrases[ix].role, registry);
                self.phrases[ix].told = left.told;
                self.take_owners(ix, owners, registry);
            }
        }
    }

    fn phrase(&mut self, hit_ix: usize, registry: &mut Registry<'_>) {
        let hit = self.scan.roles[hit_ix].clone();
        let role = self.knowledge.role_at(hit.role);
        let head = hit.tokens.end - 1;
        let (owners, left, end) = self.owners(hit.tokens.clone(), hit.role, registry);
        let mut sectors: Vec<Sector> = role.sectors.clone();
        if sectors.is_empty()
            && let Some(modifier) = hit.modifier
        {
            sectors = self.knowledge.role_at(modifier).sectors.clone();
        }
        let morph = self.parsed.tokens[head as usize].morph;
        let phrase = Phrase {
            tokens: left.start..end.max(hit.tokens.end),
            head,
            core: hit.tokens.clone(),
            role: hit.role,
            sectors,
            plural: hit.plural || left.counted || morph.number == Some(Number::Plur) && role.kind != RoleKind::Body,
            feminine: hit.feminine,
            definite: left.definite,
            foreign: left.foreign,
            former: left.former,
            owner: Owner::default(),
            more: Vec::new(),
            chunk: None,
            named: None,
            entity: None,
            also: Vec::new(),
            // "seinen französischen Amtskollegen" is French, whoever he is.
            possessive: left.possessive.filter(|_| !left.owned),
            told: left.told,
            part: hit.part,
            state: State::Open,
        };
        let ix = self.phrases.len();
        self.phrase_of[hit_ix] = Some(ix);
        self.phrases.push(phrase);
        // The name that follows: "Präsident Wladimir Putin", "Präsident Dr. Kim".
        if matches!(role.kind, RoleKind::Person | RoleKind::Group) && !hit.part {
            let follower = |from: u32| {
                (from..self.sentence(head).end)
                    .find(|t| !self.cue(CueKind::Title, *t) && !self.is_quote(*t))
                    .and_then(|t| self.chunk_starting(t).or_else(|| self.chunk_at_particle(t)))
            };
            // Also after the owner or the office: "Generalsekretär der Vereinten Nationen Ban Ki-moon", "Minister of Education Giannini".
            let unnamed = |chunk: &usize| self.phrases.iter().all(|p| p.chunk != Some(*chunk));
            let behind = |from: u32| follower(from).filter(|_| from > hit.tokens.end).filter(unnamed);
            let follower = follower(hit.tokens.end)
                .or_else(|| behind(end))
                .or_else(|| behind(self.office_end(hit.tokens.end)));
            // "die Gespräche Präsident Macrons": an office before the name is his.
            let apposed = |chunk: usize| {
                let name = &self.parsed.tokens[self.chunks[chunk].tokens.start as usize];
                name.dep == Dep::Appos && name.head == Some(TokenIx(head)) && !role.sectors.is_empty()
            };
            if let Some(chunk) = follower
                && !hit.plural
                && (apposed(chunk) || !self.is_genitive_name(chunk))
            {
                self.phrases[ix].chunk = Some(chunk);
                self.phrases[ix].tokens.end = self.phrases[ix].tokens.end.max(self.chunks[chunk].tokens.end);
            }
        }
        let body = (matches!(role.kind, RoleKind::Body | RoleKind::Group) && !hit.plural && !hit.part)
            .then(|| self.named_body(hit.tokens.end, registry))
            .flatten();
        match body {
            Some((body, end)) => {
                let phrase = &mut self.phrases[ix];
                (phrase.named, phrase.tokens.end) = (Some(body), phrase.tokens.end.max(end));
                let owner = registry.owner(body);
                if owner.is_nobody() {
                    self.take_owners(ix, owners, registry);
                } else {
                    self.settle(ix, owner, registry);
                }
            }
            None => self.take_owners(ix, owners, registry),
        }
    }

    /// Where the words end that tell what somebody's office is about: *Minister of Education*, *Staatssekretär für Wirtschaft*; `from`
    /// where there are none.
    fn office_end(&self, from: u32) -> u32 {
        let end = self.sentence(from.saturating_sub(1)).end;
        if from >= end || self.pos(from) != Upos::Adp {
            return from;
        }
        let belongs = |t: &u32| {
            let known = self.name_hit(*t).is_some() || self.scan.role_at[*t as usize].is_some() || self.is_time(*t);
            let words = [Upos::Noun, Upos::Propn, Upos::Adj, Upos::Det, Upos::Cconj];
            !known && self.chunk_at[*t as usize].is_none() && words.contains(&self.pos(*t))
        };
        let last = (from + 1..end).take_while(belongs).last();
        let noun = last.filter(|t| matches!(self.pos(*t), Upos::Noun | Upos::Propn));
        noun.map_or(from, |t| t + 1)
    }

    /// The body that is named right after its noun, and where the name ends: *die Hilfsorganisation Ärzte ohne Grenzen*, *die
    /// Zeitung "Kommersant"*.
    fn named_body(&self, from: u32, registry: &mut Registry<'_>) -> Option<(EntityIx, u32)> {
        let end = self.sentence(from.saturating_sub(1)).end;
        let first = (from..end).find(|t| !self.is_quote(*t))?;
        // The closing mark belongs to the name.
        let closed = |last: u32| last + u32::from(first > from && last < end && self.is_quote(last));
        if let Some(chunk) = self.chunk_starting(first) {
            let chunk = &self.chunks[chunk];
            let body = chunk
                .entity
                .filter(|e| registry.get(*e).kind == EntityKind::Organisation)?;
            return Some((body, closed(chunk.tokens.end)));
        }
        let hit = self.name_hit(first).filter(|hit| hit.tokens.start == first)?;
        let target = self.target(hit).filter(|t| matches!(t.name, Name::Organisation(_)))?;
        let body = self.actor_of(&target, registry)?;
        Some((body, closed(hit.tokens.end)))
    }

    /// Whether a personal name bears the ending of a genitive: *Anhänger Mussawis*.
    fn is_genitive_name(&self, ix: usize) -> bool {
        let chunk = &self.chunks[ix];
        let last = chunk.tokens.end - 1;
        let Some(bare) = chunk.words().last().and_then(|w| w.strip_suffix('s')) else {
            return false;
        };
        let genitive = self.parsed.tokens[last as usize].morph.case == Some(Case::Gen);
        let named = self
            .chunks
            .iter()
            .any(|c| c.words().last().is_some_and(|w| **w == *bare));
        self.lang == Lang::De && (genitive || named || !self.knowledge.surname(bare).is_empty())
    }

    /// A name that begins with a small particle: "Präsident al-Assad" is one word, "Oberst al Gaddafi" two; "der" of "Direktor der CEI"
    /// is none.
    fn chunk_at_particle(&self, token: u32) -> Option<usize> {
        let next = token + 1;
        let particle = self.cue(CueKind::Particle, token) && self.pos(token) != Upos::Det;
        (particle && next < self.sentence(token).end).then(|| self.chunk_starting(next))?
    }

    fn is_quote(&self, token: u32) -> bool {
        matches!(
            self.form(token),
            "\"" | "„" | "“" | "”" | "»" | "«" | "'" | "''" | "``" | "‚" | "‘"
        )
    }

    /// Settles a phrase whose owners are known, or leaves it open.
    fn take_owners(&mut self, ix: usize, owners: Vec<Owner>, registry: &mut Registry<'_>) {
        let mut owners = owners.into_iter();
        match owners.next() {
            Some(owner) => {
                self.phrases[ix].more = owners.collect();
                self.settle(ix, owner, registry);
            }
            None => {
                // A known person lends the office the state: "Präsident Bush".
                let person = self.phrases[ix].chunk.and_then(|c| self.chunks[c].entity);
                if let Some(person) = person
                    && !registry.owner(person).is_nobody()
                {
                    self.because(&self.phrases[ix].core, || How::ByHolder);
                    let owner = registry.owner(person);
                    self.settle(
                        ix,
                        Owner {
                            roles: Vec::new(),
                            ..owner
                        },
                        registry,
                    );
                }
            }
        }
    }

    /// Fixes for whom the phrase acts, and teaches it to the person named with it.
    pub(super) fn settle(&mut self, ix: usize, owner: Owner, registry: &mut Registry<'_>) {
        let knowledge = self.knowledge;
        let phrase = &mut self.phrases[ix];
        let role = knowledge.role_at(phrase.role);
        // The president of an association is none of a state.
        let of_body = role.kind == RoleKind::Person
            && role.sectors == [Sector::Gov]
            && owner
                .entity
                .is_some_and(|e| registry.get(e).kind == EntityKind::Organisation);
        if phrase.sectors.is_empty() || of_body && !owner.roles.is_empty() {
            phrase.sectors = owner.roles.clone();
        }
        phrase.owner = owner.clone();
        if !owner.is_nobody() {
            phrase.state = State::Settled;
        }
        let sectors = phrase.sectors.clone();
        let acting = Owner {
            roles: if phrase.former {
                vec![Sector::Eli]
            } else {
                sectors.clone()
            },
            entity: None,
            ..owner.clone()
        };
        let (chunk, named, feminine, term) = (phrase.chunk, phrase.named, phrase.feminine, role.term);
        let gender = if feminine { Some(Gender::Fem) } else { role.gender };
        let more = phrase.more.clone();
        let plural = phrase.plural;
        let single_person = role.kind == RoleKind::Person && !plural;
        let entity = match chunk {
            Some(c) => match self.chunks[c].entity {
                Some(person) => {
                    registry.learn(person, &acting);
                    Some(person)
                }
                None => {
                    let person = self.person_of_role(c, &acting, registry);
                    self.link(c, person);
                    Some(person)
                }
            },
            None if let Some(body) = named => {
                // The text tells what an unknown name is.
                if registry.owner(body).is_nobody() {
                    registry.learn(body, &acting);
                }
                Some(body)
            }
            None => match owner.entity.map(|e| (e, registry.get(e).kind)) {
                // An office that one holds is the person who holds it.
                Some((person, EntityKind::Person)) if single_person && role.flags.office => Some(person),
                Some((body, EntityKind::Organisation)) if role.flags.deputy => Some(body),
                _ if role.kind == RoleKind::Body && sectors == [Sector::Gov] && owner.org.is_none() => {
                    owner.country.as_deref().map(|c| registry.country(c))
                }
                _ => Some(registry.group(term, &acting)),
            },
        };
        if let (Some(entity), Some(gender), true) = (entity, gender, chunk.is_some()) {
            self.genders.entry(entity).or_insert(gender);
        }
        let also = more
            .iter()
            .map(|other| {
                let acting = Owner {
                    roles: sectors.clone(),
                    entity: None,
                    ..other.clone()
                };
                registry.group(term, &acting)
            })
            .collect();
        let phrase = &mut self.phrases[ix];
        phrase.entity = entity;
        phrase.also = also;
    }

    /// The person of a one-word name beside a role: "Verteidigungsminister Kim" is not the ruler of that name.
    fn person_of_role(&self, chunk: usize, acting: &Owner, registry: &mut Registry<'_>) -> EntityIx {
        let words = self.chunks[chunk].words();
        if let [word] = words {
            let fits = |owner: &Owner| acting.is_nobody() || owner.is_nobody() || owner.key() == acting.key();
            let bare = word.strip_suffix('s').unwrap_or(word);
            let named = self.chunks.iter().filter(|o| o.words().len() > 1).find(|other| {
                let ends = [other.words().last(), other.words().first()];
                ends.into_iter().flatten().any(|end| **end == **word || **end == *bare)
                    && other.entity.is_some_and(|e| fits(&registry.owner(e)))
            });
            if let Some((named, entity)) = named.and_then(|o| Some((o, o.entity?))) {
                self.because(&self.chunks[chunk].tokens, || How::ShortFor(named.tokens.clone()));
                return entity;
            }
            let known: Vec<_> = [&**word, bare]
                .into_iter()
                .flat_map(|w| self.knowledge.surname(w))
                .copied()
                .filter(|p| {
                    let term = self.knowledge.persons[p.ix()].nearest(self.day);
                    !acting.is_nobody() && term.is_some_and(|t| t.org.or(t.country) == acting.key())
                })
                .collect();
            if let Some(person) = self.likeliest_person(&known) {
                self.because(&self.chunks[chunk].tokens, || How::SurnameInOffice);
                let entity = registry.person(person);
                registry.learn(entity, acting);
                return entity;
            }
        }
        let name = self.span(self.chunks[chunk].tokens.clone()).of(&self.parsed.doc.text);
        registry.named(name, None, EntityKind::Person, acting)
    }

    /// For whom the role that stands at `core` acts, with what stands left of it, and where its phrase ends.
    ///
    /// The surest kind of owner that is there decides; several of one kind are several actors (*die Präsidenten der USA und
    /// Russlands*).
    fn owners(&self, core: Range<u32>, role: RoleIx, registry: &mut Registry<'_>) -> (Vec<Owner>, Left, u32) {
        let mut left = self.left(core.clone());
        let role = self.knowledge.role_at(role);
        // What follows a compound belongs to its last part, not to the role that begins it.
        let hit = self.scan.role_at[core.start as usize].map(|n| &self.scan.roles[n as usize]);
        let (right, end) = match hit {
            Some(_) => self.right(core.end, role, registry),
            None => (Vec::new(), core.end),
        };
        // The pope acts for the Vatican, whatever his nation.
        let body = role.body.map(|body| match body.strip_prefix("org:") {
            Some(org) => Owner {
                org: Some(org.into()),
                ..Owner::default()
            },
            None => Owner {
                country: Some(body.into()),
                ..Owner::default()
            },
        });
        let adjectives = left
            .adjectives
            .iter()
            .filter_map(|a| Some(self.target(self.name_hit(*a)?)?.owner));
        let bloc = left.bloc.filter(|_| is_official(role)).map(|org| Owner {
            org: Some(org.into()),
            ..Owner::default()
        });
        let mut kinds: Vec<Vec<Owner>> = vec![body.into_iter().collect(), adjectives.chain(bloc).collect()];
        kinds.push(
            left.genitive
                .and_then(|g| self.owner_at(g, registry))
                .into_iter()
                .collect(),
        );
        let parts = self.scan.parts.iter().filter(|(token, _)| core.contains(token));
        let parts: Vec<Target> = parts
            .filter_map(|(token, names)| self.target_of(names, *token))
            .collect();
        // "Kremlgegner" are of the Kremlin's state, "NATO-Gegner" are not of NATO.
        let opposed = role.sectors.contains(&Sector::Opp);
        kinds.push(
            parts
                .into_iter()
                .filter(|target| !opposed || target.owner.country.is_some())
                .map(|target| self.with_entity(target, registry))
                .collect(),
        );
        let federal = hit.and_then(|h| h.federal);
        kinds.push(
            federal
                .and_then(|states| self.federal_owner(states, role, core.end))
                .into_iter()
                .collect(),
        );
        kinds.push(right);
        kinds.push(
            hit.and_then(|h| self.chamber_owner(h, core.start))
                .into_iter()
                .collect(),
        );
        if left.here {
            // "Vor der Botschaft in Kiew …. Der Botschafter warf den örtlichen Behörden vor …"
            let here = self.stage(core.start).or_else(|| self.standing.main());
            kinds.push(
                here.map(|c| Owner {
                    country: Some(c.into()),
                    ..Owner::default()
                })
                .into_iter()
                .collect(),
            );
        }
        // The commission's president is the EU's, unless it is "der Kommissionspräsident der Afrikanischen Union".
        if role.body.is_some_and(|body| body.starts_with("org:")) {
            let named = kinds[1..].iter().flatten().filter(|owner| owner.org.is_some());
            let named: Vec<Owner> = named.cloned().collect();
            if !named.is_empty() {
                kinds[0] = named;
            }
        }
        let mut owners = Vec::new();
        for (place, kind) in kinds.into_iter().enumerate() {
            for owner in kind {
                if !owner.is_nobody() && owners.iter().all(|known: &Owner| known.key() != owner.key()) {
                    owners.push(owner);
                }
            }
            if !owners.is_empty() {
                self.because(&core, || How::OwnedBy(Owned::ORDER[place]));
                let before = [Owned::Body, Owned::Adjective, Owned::Genitive, Owned::Compound];
                left.owned = before.contains(&Owned::ORDER[place]);
                let told = left.owned || Owned::ORDER[place] == Owned::Attribute;
                left.told = told.then_some(Owned::ORDER[place]);
                break;
            }
        }
        (owners, left, end)
    }

    /// The state of an office that a first part such as *Bundes-* calls federal. Judges and police are federal in many a
    /// state; ministers called so are those of the states that the table lists.
    fn federal_owner(&self, states: &'static str, role: &Role, end: u32) -> Option<Owner> {
        // "Bundeskanzler Scholz" in Vienna is the German one.
        let holder = self.chunk_at.get(end as usize).copied().flatten().and_then(|chunk| {
            let words = self.chunks[chunk as usize].words();
            let of_name = |p: &&PersonIx| {
                let name = atoms(self.knowledge.persons[p.ix()].name);
                words.len() == 1 || name.first().is_some_and(|first| first.text == words[0])
            };
            let persons = self.knowledge.surname(words.last()?).iter().filter(of_name);
            let day = self.day?;
            let terms = persons.flat_map(|p| self.knowledge.persons[p.ix()].on(day));
            let mut countries = terms.filter(|t| t.leading).filter_map(|t| t.country);
            let first = countries.find(|c| states.split_whitespace().any(|s| s == *c))?;
            // "Bundesaußenminister Fischer" beside a president of that name.
            countries.all(|c| c == first).then_some(first)
        });
        if let Some(country) = holder {
            return Some(Owner {
                country: Some(country.into()),
                ..Owner::default()
            });
        }
        let named = states.split_whitespace().any(|s| self.standing.of(s) > 0.0);
        let of_government = role.sectors == [Sector::Gov] && role.kind == RoleKind::Body;
        if !named && !role.flags.office && !of_government {
            return None;
        }
        // The first of them is meant unless the report is about another: a report from Geneva is not about Switzerland.
        let about = self
            .standing
            .main()
            .filter(|m| states.split_whitespace().any(|s| s == *m));
        let country = about.or_else(|| states.split_whitespace().next())?;
        Some(Owner {
            country: Some(country.into()),
            ..Owner::default()
        })
    }

    /// The state of a chamber by its name: one that the report talks of, or the only one when it talks of none.
    fn chamber_owner(&self, hit: &RoleHit, token: u32) -> Option<Owner> {
        let owner = self.target_of(&hit.chambers, token)?.owner;
        let talked_of = owner.country.as_deref().is_some_and(|c| self.standing.of(c) > 0.0);
        let only = hit.chambers.len() == 1 && self.standing.main().is_none();
        (talked_of || only).then_some(owner)
    }

    /// Reads the phrase leftwards from its noun.
    fn left(&self, core: Range<u32>) -> Left {
        let sentence = self.sentence(core.start);
        let mut left = Left {
            start: core.start,
            ..Left::default()
        };
        let mut at = core.start;
        while at > sentence.start {
            at -= 1;
            let pos = self.pos(at);
            let lemma = self.parsed.lemma(TokenIx(at));
            let bloc = || self.knowledge.cues().note(self.lang, CueKind::Bloc, lemma);
            if pos == Upos::Adj {
                left.bloc = left.bloc.or_else(bloc);
                left.foreign |= self.stem_cue(CueKind::Foreign, at);
            }
            // "Chinas Staats- und Parteichef"
            if pos == Upos::Cconj && at > sentence.start && self.form(at - 1).ends_with('-') {
                at -= 1;
                left.start = at;
                continue;
            }
            if let Some(hit) = self.name_hit(at) {
                let adjective = hit
                    .names
                    .iter()
                    .any(|n| matches!(n, Name::Adjective(_) | Name::RegionAdjective(_)));
                if adjective || self.is_town_adjective(at, hit) {
                    left.adjectives.push(at);
                    left.start = hit.tokens.start;
                    at = hit.tokens.start;
                    continue;
                }
            }
            match pos {
                Upos::Adj | Upos::Num => {
                    left.here |= self.stem_cue(CueKind::Here, at);
                    left.former |= self.stem_cue(CueKind::Former, at);
                    left.counted |= pos == Upos::Num;
                    left.start = at;
                }
                Upos::Pron if !matches!(self.dep(at), Dep::Det | Dep::DetPoss) && !self.is_possessive(at) => break,
                Upos::Det | Upos::Pron => {
                    if self.is_possessive(at) {
                        left.possessive = Some(at);
                    }
                    left.definite |= self.cue(CueKind::Definite, at) || self.cue(CueKind::Demonstrative, at);
                    left.start = at;
                    break;
                }
                Upos::Part if self.form(at).ends_with('s') && self.lang == Lang::En => {
                    // "Ukraine 's": the owner stands before.
                    if at > sentence.start && self.can_own(at - 1) {
                        left.genitive = Some(at - 1);
                        left.start = self.start_of_name(at - 1);
                    }
                    break;
                }
                Upos::Adv | Upos::Verb if self.stem_cue(CueKind::Former, at) || self.stem_cue(CueKind::Deputy, at) => {
                    left.former |= self.stem_cue(CueKind::Former, at);
                    left.start = at;
                }
                // "two American defence companies"
                Upos::Noun if self.lang == Lang::En && self.dep(at) == Dep::Compound && !self.owns_what_follows(at) => {
                    left.start = at;
                }
                Upos::Propn | Upos::Noun | Upos::X => {
                    if self.owns_what_follows(at) {
                        left.genitive = Some(at);
                        left.start = self.start_of_name(at);
                        if self.lang == Lang::De {
                            left.definite = true;
                        }
                    }
                    break;
                }
                _ => break,
            }
        }
        left
    }

    fn is_possessive(&self, token: u32) -> bool {
        [
            CueKind::PossMasc,
            CueKind::PossFem,
            CueKind::PossPlur,
            CueKind::PossNeut,
        ]
        .into_iter()
        .any(|k| self.stem_cue(k, token))
    }

    /// Whether a town's name is an adjective here: "die Pariser Regierung".
    fn is_town_adjective(&self, token: u32, hit: &NameHit) -> bool {
        self.pos(token) == Upos::Adj && hit.names.iter().any(|n| matches!(n, Name::Place(_) | Name::Seat(_)))
            || hit.names.iter().all(|n| matches!(n, Name::TownAdjective(_)))
    }

    fn can_own(&self, token: u32) -> bool {
        self.name_hit(token).is_some()
            || self.chunk_at[token as usize].is_some()
            || self.scan.role_at[token as usize].is_some()
    }

    /// Whether the name or role that ends at `token` owns the noun after it: *Südkoreas Präsident*, *U.S. ambassador*.
    fn owns_what_follows(&self, token: u32) -> bool {
        if !self.can_own(token) {
            return false;
        }
        if self.lang == Lang::En {
            return self.name_hit(token).is_some() || self.chunk_at[token as usize].is_some();
        }
        let form = self.form(token);
        let genitive =
            self.name_hit(token).is_some_and(|h| h.inflected) || form.ends_with(['s', 'S', '\'', '’', 'x', 'z']);
        genitive && self.scan.role_at[token as usize].is_none()
    }

    fn start_of_name(&self, token: u32) -> u32 {
        if let Some(chunk) = self.chunk_at[token as usize] {
            return self.chunks[chunk as usize].titled_from;
        }
        self.name_hit(token).map_or(token, |h| h.tokens.start)
    }

    /// Owners that stand after the noun: a genitive, *von* with a name, a place for bodies; and where the phrase ends.
    fn right(&self, from: u32, role: &Role, registry: &mut Registry<'_>) -> (Vec<Owner>, u32) {
        // A junta governs where it is.
        let military = role.sectors.contains(&Sector::Mil) && !role.sectors.contains(&Sector::Gov) && !role.flags.home;
        let (kind, deputy) = (role.kind, role.flags.deputy);
        let head = &self.parsed.tokens[from as usize - 1];
        // "Journalisten in der Türkei", "prosecutors in Paris": several of them live where they are.
        let residents = kind == RoleKind::Person
            && head.morph.number == Some(Number::Plur)
            && role.sectors.iter().any(|s| RESIDENTS.contains(s));
        let subject = head.dep == Dep::Nsubj;
        let end = self.sentence(from.saturating_sub(1)).end;
        let mut at = from;
        let Some(preposition) = (at < end).then_some(at) else {
            return (Vec::new(), from);
        };
        let of = self.pos(at) == Upos::Adp && self.cue(CueKind::Of, at);
        let locates = self.pos(at) == Upos::Adp && self.cue(CueKind::At, at);
        if of || locates {
            at += 1;
        }
        let mut owners = Vec::new();
        let mut last = from;
        // A list of owners: "die Präsidenten der USA und Russlands".
        while let Some((noun, article)) = self.noun_from(at, end) {
            let bare = !of && !locates && preposition == from && at == from;
            let genitive = bare && (article && self.can_be_genitive(from, noun) || self.is_bare_genitive(noun));
            let joined = !owners.is_empty();
            // "die Universität Busan", "die Staatsanwaltschaft Köln".
            // "hat das Ministerium Teheran kritisiert": two parts of a clause.
            let beside = self.parsed.tokens[noun as usize].head == self.parsed.tokens[from as usize - 1].head
                && matches!(self.dep(noun), Dep::Obj | Dep::OblArg | Dep::Iobj);
            let seated = bare
                && noun == from
                && matches!(kind, RoleKind::Body | RoleKind::Thing)
                && self.is_town(noun)
                && !beside;
            // "Journalisten aus Myanmar", where the tree does not say that they are brought out of it.
            let origin = |t: u32| self.pos(t) == Upos::Adp && self.cue(CueKind::Origin, t);
            let attached =
                self.dep(noun) == Dep::Nmod && self.parsed.tokens[noun as usize].head.is_some_and(|h| h.0 < from);
            let from_there = origin(preposition)
                && attached
                && kind == RoleKind::Person
                && (!military || subject)
                && self.is_place(noun);
            let there = residents && self.is_place(noun) || self.places_owner(noun, kind, deputy, military);
            let placed = seated || from_there || locates && there;
            if !(of || genitive || joined || placed) {
                break;
            }
            let Some(owner) = self.owner_at(noun, registry) else {
                break;
            };
            owners.push(owner);
            last = self.end_of(noun);
            let several = self.parsed.tokens[from as usize - 1].morph.number == Some(Number::Plur);
            if let Some(next) = self.next_owner(last, end, several, of, locates)
                && owners.len() < MEMBERS
            {
                at = next;
                continue;
            }
            break;
        }
        (owners, last)
    }

    /// Where the next member of a list of owners begins, `at` being the end of the last one: *die Präsidenten der USA und Russlands*, *die
    /// Regierungen in Belgrad und Pristina*, *the leaders of Canada, Mexico and Peru*. Commas belong to a list only where a conjunction
    /// closes it and the role is that of several.
    fn next_owner(&self, at: u32, end: u32, several: bool, of: bool, locates: bool) -> Option<u32> {
        let member = |from: u32| {
            let (noun, article) = self.noun_from(from, end)?;
            let names = &self.name_hit(noun)?.names;
            let country = names.iter().any(|n| matches!(n, Name::Country(_)));
            let power = names.iter().any(|n| matches!(n, Name::Organisation(_) | Name::Seat(_)));
            // The tree tells what the forms do not: "Vertreter der USA und der Taliban".
            let beside =
                self.dep(noun) == Dep::Conj && self.parsed.tokens[noun as usize].head.is_some_and(|h| h.0 + 1 == at);
            let genitive = || {
                article && (self.can_be_genitive(from, noun) || beside && self.is_article_of_genitives(from))
                    || self.is_bare_genitive(noun)
            };
            let fits = match (of, locates) {
                (_, true) => country || self.is_town(noun),
                (true, _) => country || power && several,
                _ => country && several || (country || power) && genitive(),
            };
            fits.then(|| self.end_of(noun))
        };
        let closes = |mut at: u32| {
            loop {
                at = match member(at + 1) {
                    Some(next) if next < end => next,
                    _ => return false,
                };
                if !self.is_comma(at) {
                    return self.pos(at) == Upos::Cconj;
                }
            }
        };
        if at >= end {
            return None;
        }
        let joined = self.pos(at) == Upos::Cconj || several && self.is_comma(at) && closes(at);
        (joined && member(at + 1).is_some()).then_some(at + 1)
    }

    /// The next noun that can own something, after articles and adjectives; whether it has an article.
    fn noun_from(&self, from: u32, end: u32) -> Option<(u32, bool)> {
        let mut article = false;
        let mut adjective = None;
        for at in from..end {
            if self.parsed.tokens[at as usize].span.is_empty() {
                article = true;
                continue;
            }
            if let Some(hit) = self.name_hit(at)
                && self.pos(at) == Upos::Adj
                && hit
                    .names
                    .iter()
                    .any(|n| matches!(n, Name::Adjective(_) | Name::RegionAdjective(_)))
            {
                adjective = adjective.or(Some(at));
                continue;
            }
            if self.can_own(at) {
                let last = self.name_hit(at).map_or(at, |h| h.tokens.end - 1);
                let last = self.scan.role_at[at as usize].map_or(last, |n| self.scan.roles[n as usize].tokens.end - 1);
                return Some((last, article));
            }
            match self.pos(at) {
                Upos::Det => article = true,
                Upos::Adj | Upos::Num => {}
                Upos::Punct if self.is_quote(at) => {}
                // "Truppen des Staatenbundes Ecowas"
                Upos::Noun if at + 1 < end && self.alliance_named_after(at).is_some() => {}
                // "Sprecher des ukrainischen Stromnetzes": the adjective tells the state.
                Upos::Noun | Upos::Propn => return adjective.map(|a| (a, article)),
                _ => return None,
            }
        }
        None
    }

    /// Whether the article before `noun` and its case allow a genitive.
    fn can_be_genitive(&self, article: u32, noun: u32) -> bool {
        if self.lang == Lang::En {
            return false;
        }
        let case = |t: u32| self.parsed.tokens[t as usize].morph.case;
        let denied =
            matches!(case(article), Some(Case::Nom | Case::Acc)) && matches!(case(noun), Some(Case::Nom | Case::Acc));
        self.is_article_of_genitives(article) && !denied
    }

    /// Whether a German article has an ending of the genitive (*der, eines*).
    fn is_article_of_genitives(&self, article: u32) -> bool {
        let form = self.form(article).to_lowercase();
        form.ends_with("er") || form.ends_with("es")
    }

    fn is_bare_genitive(&self, noun: u32) -> bool {
        if self.lang == Lang::En {
            return false;
        }
        let token = &self.parsed.tokens[noun as usize];
        // "ein Mann libanesischer Herkunft": the adjective shows the case.
        if token.pos == Upos::Adj {
            return token.morph.case == Some(Case::Gen) && self.form(noun).ends_with("er");
        }
        let named = self.name_hit(noun).is_some() || self.chunk_at[noun as usize].is_some();
        let ending = self.form(noun).ends_with(['s', '\'', '’']);
        let inflected = self.name_hit(noun).is_some_and(|h| h.inflected) && ending;
        let attached = matches!(token.dep, Dep::Nmod | Dep::NmodPoss);
        named && (inflected || ending && attached) && self.scan.role_at[noun as usize].is_none()
    }

    fn is_place(&self, token: u32) -> bool {
        let place = |n: &Name| matches!(n, Name::Country(_) | Name::Seat(_) | Name::Place(_));
        self.name_hit(token).is_some_and(|hit| hit.names.iter().any(place))
    }

    fn is_town(&self, token: u32) -> bool {
        let town = |n: &Name| matches!(n, Name::Place(_) | Name::Seat(_));
        self.name_hit(token).is_some_and(|hit| hit.names.iter().all(town))
    }

    /// Whether what stands at `noun`, after a preposition of place, owns the role before it: *die Regierung in Seoul*,
    /// *Beamte im Außenministerium*. Armies abroad do not belong where they are.
    fn places_owner(&self, noun: u32, kind: RoleKind, deputy: bool, military: bool) -> bool {
        if self.scan.role_at[noun as usize]
            .is_some_and(|r| self.knowledge.role_at(self.scan.roles[r as usize].role).kind == RoleKind::Body)
        {
            return kind == RoleKind::Person;
        }
        let Some(hit) = self.name_hit(noun) else { return false };
        let body = |n: &Name| matches!(n, Name::Organisation(_)) || scan::is_house(self.knowledge, *n);
        kind == RoleKind::Person && hit.names.iter().any(body)
            || (matches!(kind, RoleKind::Body | RoleKind::Group) || deputy) && !military && self.is_place(noun)
            || kind == RoleKind::Thing && self.is_place(noun)
    }

    fn end_of(&self, noun: u32) -> u32 {
        if let Some(chunk) = self.chunk_at[noun as usize] {
            return self.chunks[chunk as usize].tokens.end;
        }
        if let Some(role) = self.scan.role_at[noun as usize]
            && let Some(ix) = self.phrase_of[role as usize]
        {
            return self.phrases.get(ix).map_or(noun + 1, |p| p.tokens.end.max(noun + 1));
        }
        self.name_hit(noun).map_or(noun + 1, |h| h.tokens.end)
    }

    /// For whom the name, person or role at `token` acts.
    fn owner_at(&self, token: u32, registry: &mut Registry<'_>) -> Option<Owner> {
        if let Some(chunk) = self.chunk_at[token as usize] {
            let entity = self.chunks[chunk as usize].entity?;
            let owner = registry.owner(entity);
            // An owner whom nobody knows yet is asked again when the report has been read.
            return (!owner.is_nobody()).then_some(owner);
        }
        if let Some(hit) = self.name_hit(token) {
            let target = self.target(hit)?;
            if target.owner.is_nobody() {
                return None;
            }
            if let Some(other) = self.body_of_another_state(hit, &target, registry) {
                return Some(registry.owner(other));
            }
            return Some(self.with_entity(target, registry));
        }
        let role = self.scan.role_at[token as usize]?;
        // While phrases are built from the right, they are indexed in that order.
        let phrase = &self.phrases[self.phrase_of[role as usize]?];
        (phrase.state == State::Settled).then(|| Owner {
            roles: phrase.sectors.clone(),
            entity: None,
            ..phrase.owner.clone()
        })
    }

    pub(super) fn with_entity(&self, target: Target, registry: &mut Registry<'_>) -> Owner {
        let entity = match target.name {
            Name::Organisation(ix) => {
                let of = &self.knowledge.organisations[ix.ix()];
                (of.kind != OrganisationKind::Parliament).then(|| registry.organisation(of))
            }
            _ => target.owner.org.as_deref().map(|key| registry.organisation_by_key(key)),
        };
        Owner { entity, ..target.owner }
    }

    /// What a name stands for here.
    pub(super) fn target(&self, hit: &NameHit) -> Option<Target> {
        let head = self.head_of(&hit.tokens);
        // "Die Schweizer lobten", "The Vatican praised": spelled like the adjective, but no attribute.
        // "Armenian and Azeri troops": the first one may be anything to the parser.
        let joined = self.children[head as usize].iter().any(|c| self.dep(c.0) == Dep::Conj);
        let beside = [Dep::Amod, Dep::Compound, Dep::Nmod, Dep::NmodPoss, Dep::Conj].contains(&self.dep(head));
        let noun = matches!(self.pos(head), Upos::Noun | Upos::Propn) && !beside && !joined;
        let party = |n: &Name| {
            matches!(
                n,
                Name::Country(_) | Name::Seat(_) | Name::Demonym(_) | Name::RegionDemonym(_)
            )
        };
        let adjective = |n: &Name| matches!(n, Name::Adjective(_) | Name::RegionAdjective(_));
        if noun && hit.names.iter().any(party) && hit.names.iter().any(adjective) {
            let names: Vec<Name> = hit.names.iter().copied().filter(|n| !adjective(n)).collect();
            return self.target_of(&names, hit.tokens.start);
        }
        self.target_of(&hit.names, hit.tokens.start)
    }

    fn target_of(&self, names: &[Name], token: u32) -> Option<Target> {
        let located = is_located(self.parsed, self.knowledge, token);
        let best = names.iter().copied().min_by_key(|name| self.rank(*name, located))?;
        let (country, org) = scan::keys(self.knowledge, best);
        let roles = match best {
            Name::Seat(ix) => self.knowledge.seats[ix.ix()].sectors.clone(),
            Name::Organisation(ix) => self.knowledge.organisations[ix.ix()].sectors_on(self.day).to_vec(),
            Name::Country(_) => vec![Sector::Gov],
            Name::Demonym(_) | Name::RegionDemonym(_) => vec![Sector::Cvl],
            _ => Vec::new(),
        };
        let place = match best {
            Name::Place(ix) | Name::TownAdjective(ix) => Some(ix),
            Name::Country(ix) => self.knowledge.countries[ix.ix()].capital,
            _ => names
                .iter()
                .filter_map(|n| match n {
                    Name::Place(ix) => Some(*ix),
                    _ => None,
                })
                .filter(|ix| {
                    !matches!(best, Name::Seat(_)) || self.knowledge.places[ix.ix()].country == country || org.is_some()
                })
                .max_by_key(|ix| self.place_rank(*ix)),
        };
        let owner = Owner {
            country: country.map(Into::into),
            org: org.map(Into::into),
            roles,
            entity: None,
        };
        Some(Target {
            name: best,
            owner,
            place,
        })
    }

    /// The order in which meanings of a name are tried; smaller is likelier.
    fn rank(&self, name: Name, located: bool) -> (u8, i64) {
        let standing = |country: Option<&str>| -(country.map_or(0.0, |c| self.standing.of(c)) * 100.0) as i64;
        let (country, _) = scan::keys(self.knowledge, name);
        match name {
            Name::Country(_) | Name::Adjective(_) => (1, standing(country)),
            Name::Organisation(_) => (2, standing(country)),
            Name::Person(_) => (3, 0),
            Name::Demonym(_) => (4, standing(country)),
            Name::Seat(ix) => match self.knowledge.seats[ix.ix()].kind {
                SeatKind::House => (2, standing(country)),
                SeatKind::Capital if located => (7, standing(country)),
                SeatKind::Capital => (5, standing(country)),
                SeatKind::City if located => (9, standing(country)),
                SeatKind::City => (7, standing(country)),
            },
            Name::RegionAdjective(_) | Name::RegionDemonym(_) => (6, standing(country)),
            Name::TownAdjective(ix) => (10, -(self.place_rank(ix) as i64)),
            Name::Place(ix) => {
                let rank = self.place_rank(ix);
                (if located { 6 } else { 8 }, -(rank as i64))
            }
        }
    }

    /// How likely a place is the one meant: regions come first, then towns of states that the report names, then the size.
    fn place_rank(&self, ix: PlaceIx) -> u64 {
        let place = &self.knowledge.places[ix.ix()];
        let known = place.country.map_or(0.0, |c| self.standing.of(c)) > 0.0;
        // "Ontario Premier Doug Ford": a region is better known than a town that is called like it.
        let boost = 2_000_000_000 * u64::from(place.region) + 1_000_000_000 * u64::from(known);
        boost + u64::from(place.population)
    }

    /// Mentions of roles beside names: "Wolfgang Schäuble, der deutsche Innenminister", "Innenminister Schäuble (CDU)".
    fn name_appositions(&mut self, registry: &mut Registry<'_>) {
        for ix in 0..self.phrases.len() {
            let phrase = &self.phrases[ix];
            let role = self.knowledge.role_at(phrase.role);
            if phrase.chunk.is_some()
                || phrase.part
                || matches!(role.kind, RoleKind::Body | RoleKind::Thing)
                || phrase.plural
            {
                continue;
            }
            let sentence = self.sentence(phrase.head);
            // "Jeff Rathke, the State Department spokesman": the body stands before the role.
            let in_phrase = |t: &u32| matches!(self.pos(*t), Upos::Det | Upos::Adj | Upos::Noun | Upos::Propn);
            let first = (sentence.start..phrase.tokens.start).rev().take_while(in_phrase).last();
            let first = first.unwrap_or(phrase.tokens.start);
            let before = first
                .checked_sub(2)
                .filter(|t| *t >= sentence.start)
                .and_then(|name_end| {
                    let comma = self.is_comma(first - 1);
                    let closed = phrase.tokens.end >= sentence.end || self.pos(phrase.tokens.end) == Upos::Punct;
                    let chunk = self.chunk_ending(name_end).filter(|_| comma)?;
                    // "Paz Zárate, a Chilean expert in international law": more may be told of the role, if the tree has it beside the name.
                    let named = &self.chunks[chunk].tokens;
                    let beside = || {
                        let head = self.parsed.tokens[phrase.head as usize].head;
                        self.dep(phrase.head) == Dep::Appos && head.is_some_and(|h| named.contains(&h.0))
                    };
                    (closed || beside()).then_some(chunk)
                });
            // "ein Kritiker des Ministers, Hans X.": the name is his who is told of, not the minister's.
            let inner = self.lang == Lang::De
                && self.dep(phrase.head) == Dep::Nmod
                && self.parsed.tokens[phrase.head as usize].morph.case == Some(Case::Gen);
            let after = || {
                // "The minister of defence, Marco Galantino", "Der Generalsekretär der CEI (Bischofskonferenz), Nunzio Galantino".
                let of = self.children[phrase.head as usize].iter().map(|c| c.0);
                let of = of.filter(|c| self.dep(*c) == Dep::Nmod && (phrase.head..phrase.head + OFFICE).contains(c));
                let comma = self.aside_end(of.map(|c| c + 1).fold(phrase.tokens.end, u32::max));
                let name = (comma + 1..sentence.end).find(|t| !self.cue(CueKind::Title, *t))?;
                let chunk = (name < sentence.end && self.is_comma(comma))
                    .then(|| self.chunk_starting(name))
                    .flatten()?;
                let end = self.chunks[chunk].tokens.end;
                let closed = end >= sentence.end || self.pos(end) == Upos::Punct;
                (closed && !inner).then_some(chunk)
            };
            if let Some(chunk) = before.or_else(after) {
                let owner = phrase.owner.clone();
                let person = self.chunks[chunk]
                    .entity
                    .is_none_or(|e| registry.get(e).kind == EntityKind::Person);
                if person {
                    self.phrases[ix].chunk = Some(chunk);
                    if owner.is_nobody() {
                        self.take_owners(ix, Vec::new(), registry);
                    } else {
                        self.settle(ix, owner, registry);
                    }
                }
            }
        }
    }

    /// "Elizabeth Byrs vom UN-Büro", "Sarah Leah Whitson of Human Rights Watch".
    fn people_of_bodies(&mut self, registry: &mut Registry<'_>) {
        for ix in 0..self.chunks.len() {
            let chunk = &self.chunks[ix];
            let Some(entity) = chunk
                .entity
                .filter(|e| registry.get(*e).kind == EntityKind::Person && registry.owner(*e).is_nobody())
            else {
                continue;
            };
            let (from, end) = (chunk.tokens.end, self.sentence(chunk.tokens.start).end);
            if from >= end || self.pos(from) != Upos::Adp || !self.cue(CueKind::Of, from) {
                continue;
            }
            let body = (from + 1..end).find(|t| !matches!(self.pos(*t), Upos::Det | Upos::Adj));
            let owner = body.and_then(|noun| {
                let part = self.scan.parts.iter().find(|(t, _)| *t == noun);
                if let Some((_, names)) = part {
                    let target = self.target_of(names, noun)?;
                    return Some(target.owner);
                }
                let hit = self.name_hit(noun);
                let of_body = hit.is_some_and(|h| {
                    h.names
                        .iter()
                        .any(|n| matches!(n, Name::Organisation(_) | Name::Seat(_)))
                });
                let of_role = self.scan.role_at[noun as usize]
                    .is_some_and(|r| self.knowledge.role_at(self.scan.roles[r as usize].role).kind == RoleKind::Body);
                if of_body || of_role {
                    self.owner_at(noun, registry)
                } else {
                    None
                }
            });
            if let Some(owner) = owner.filter(|o| !o.is_nobody()) {
                registry.learn(entity, &Owner { entity: None, ..owner });
            }
        }
    }

    /// Where the words in brackets that stand at `from` end; `from` itself where there are none.
    fn aside_end(&self, from: u32) -> u32 {
        let end = self.sentence(from.saturating_sub(1)).end;
        if from >= end || self.form(from) != "(" {
            return from;
        }
        let closed = (from..end).find(|t| self.form(*t) == ")");
        closed.map_or(from, |t| t + 1).min(end - 1)
    }

    fn is_comma(&self, token: u32) -> bool {
        matches!(self.form(token), "," | "–" | "-" | "(")
    }

    fn chunk_ending(&self, token: u32) -> Option<usize> {
        let ix = self.chunk_at[token as usize]? as usize;
        (self.chunks[ix].tokens.end == token + 1).then_some(ix)
    }

    /// Mentions of names, adjectives and parts of compounds.
    pub(super) fn place_names(&mut self, registry: &mut Registry<'_>) {
        for ix in 0..self.scan.names.len() {
            self.name_mention(ix, registry);
        }
        for ix in 0..self.scan.parts.len() {
            let (token, names) = self.scan.parts[ix].clone();
            let Some(target) = self.target_of(&names, token) else {
                continue;
            };
            let Some(actor) = self.actor_of(&target, registry) else {
                continue;
            };
            self.mention(Mention {
                span: self.span(token..token + 1),
                tokens: token..token + 1,
                head: TokenIx(token),
                kind: MentionKind::CompoundPart,
                actor: Some(actor),
                also: Vec::new(),
                place: None,
                roles: target.owner.roles,
            });
        }
    }

    fn name_mention(&mut self, ix: usize, registry: &mut Registry<'_>) {
        let hit = self.scan.names[ix].clone();
        let in_person = hit.tokens.clone().any(|t| self.chunk_at[t as usize].is_some());
        if in_person {
            return;
        }
        let Some(target) = self.target(&hit) else { return };
        let head = self.head_of(&hit.tokens);
        let adjective = matches!(
            target.name,
            Name::Adjective(_) | Name::RegionAdjective(_) | Name::TownAdjective(_)
        ) || self.is_town_adjective(head, &hit);

        let located = is_located(self.parsed, self.knowledge, hit.tokens.start);
        let kind = match target.name {
            // "die Chinesen" and "the Chinese" are spelled like their adjectives.
            Name::Adjective(_) if self.lang == Lang::En && self.pos(head) == Upos::Noun => MentionKind::Group,
            _ if adjective => MentionKind::Adjective,
            Name::Demonym(_) | Name::RegionDemonym(_) => MentionKind::Group,
            Name::Country(_) if located => MentionKind::Place,
            Name::Seat(_) if located && !scan::is_house(self.knowledge, target.name) => MentionKind::Place,
            Name::Place(_) => MentionKind::Place,
            _ => MentionKind::Name,
        };
        let place = self.place(&hit, &target);
        // People of a state act as people, not as the state.
        let actor = match (kind, &target.owner.country) {
            (MentionKind::Group, Some(country)) => {
                let owner = Owner {
                    roles: vec![Sector::Cvl],
                    country: Some(country.clone()),
                    ..Owner::default()
                };
                let name = self.span(hit.tokens.clone()).of(&self.parsed.doc.text).to_owned();
                Some(registry.group(&name, &owner))
            }
            _ => {
                let other = self.body_of_another_state(&hit, &target, registry);
                other.or_else(|| self.actor_of(&target, registry))
            }
        };
        self.mention(Mention {
            span: self.span(hit.tokens.clone()),
            tokens: hit.tokens.clone(),
            head: TokenIx(head),
            kind,
            actor,
            also: Vec::new(),
            place,
            roles: target.owner.roles,
        });
    }

    /// Parties, courts and armies of several states share names: *die Konservative Partei Kanadas*, *die polnische
    /// Bürgerplattform*. The state beside the name decides.
    fn body_of_another_state(&self, hit: &NameHit, target: &Target, registry: &mut Registry<'_>) -> Option<EntityIx> {
        let Name::Organisation(ix) = target.name else {
            return None;
        };
        let of = &self.knowledge.organisations[ix.ix()];
        use OrganisationKind as K;
        let left = self.left(hit.tokens.clone());
        let adjectives = left.adjectives.iter().filter_map(|a| self.target(self.name_hit(*a)?));
        let mut owners: Vec<Owner> = adjectives.map(|t| t.owner).collect();
        // "Der iranische Sicherheitsrat" is not that of the UN.
        let national =
            hit.tokens.len() == 1 && owners.iter().any(|o| o.country.is_some()) && self.is_common(hit.tokens.start);
        let shared = matches!(of.kind, K::Party | K::State | K::Parliament | K::Armed) && of.key.is_none();
        if !shared && !national {
            return None;
        }
        owners.extend(left.genitive.and_then(|g| self.owner_at(g, registry)));
        owners.extend(self.genitive_after(hit.tokens.end, registry));
        // A party of a state that the report never names is another one of that name, if others may have it.
        let strange = of.kind == K::Party
            && of.country.is_some_and(|c| self.standing.of(c) == 0.0)
            && hit.tokens.clone().all(|t| self.is_common(t));
        let talked_of = || strange.then(|| self.standing.main()).flatten().map(Into::into);
        let country = owners.into_iter().find_map(|o| o.country).or_else(talked_of)?;
        if Some(&*country) == of.country {
            return None;
        }
        let name = self.span(hit.tokens.clone()).of(&self.parsed.doc.text).to_owned();
        let owner = Owner {
            country: Some(country),
            roles: target.owner.roles.clone(),
            ..Owner::default()
        };
        Some(registry.named(&name, None, EntityKind::Organisation, &owner))
    }

    /// Whether the dictionary knows a word as one that names nobody: *Grüne*, *Sozialdemokraten*, but neither *SPD* nor *Likud*.
    fn is_common(&self, token: u32) -> bool {
        let analyses = Morphology::get(self.lang).analyses(self.form(token));
        let acronym = self.form(token).chars().filter(|c| c.is_uppercase()).count() > 1;
        let known = |source: Source| matches!(source, Source::Lexicon | Source::Compound);
        !acronym && analyses.iter().any(|a| a.name.is_none() && known(a.source))
    }

    /// The owner that follows in the genitive or with *von*.
    fn genitive_after(&self, from: u32, registry: &mut Registry<'_>) -> Option<Owner> {
        let end = self.sentence(from.saturating_sub(1)).end;
        let of = from < end && self.pos(from) == Upos::Adp && self.cue(CueKind::Of, from);
        let (noun, article) = self.noun_from(from + u32::from(of), end)?;
        let genitive = of || article && self.can_be_genitive(from, noun) || self.is_bare_genitive(noun);
        if genitive { self.owner_at(noun, registry) } else { None }
    }

    /// The entity that a name stands for.
    fn actor_of(&self, target: &Target, registry: &mut Registry<'_>) -> Option<EntityIx> {
        match target.name {
            Name::Organisation(ix) => Some(registry.organisation(&self.knowledge.organisations[ix.ix()])),
            Name::Person(ix) => Some(registry.person(ix)),
            _ => match (&target.owner.org, &target.owner.country) {
                (Some(org), _) => Some(registry.organisation_by_key(org)),
                (None, Some(country)) => Some(registry.country(country)),
                (None, None) => None,
            },
        }
    }

    fn place(&self, hit: &NameHit, target: &Target) -> Option<Place> {
        let span = self.span(hit.tokens.clone());
        match target.name {
            Name::Country(ix) => {
                let country = &self.knowledge.countries[ix.ix()];
                let name = if self.lang == Lang::De {
                    country.name_de
                } else {
                    country.name_en
                };
                let position = country
                    .capital
                    .map(|c| &self.knowledge.places[c.ix()])
                    .map(|p| (p.lat, p.lon));
                Some(Place {
                    span,
                    name: name.into(),
                    country: Some(country.key.into()),
                    position,
                })
            }
            Name::Seat(_) | Name::Place(_) | Name::TownAdjective(_) => {
                let place = &self.knowledge.places[target.place?.ix()];
                let name = if self.lang == Lang::De {
                    place.name_de
                } else {
                    place.name_en
                };
                Some(Place {
                    span,
                    name: name.into(),
                    country: place.country.map(Into::into),
                    position: Some((place.lat, place.lon)),
                })
            }
            _ => None,
        }
    }
}
