//! What a report is about, and the states of bodies and groups that bear none.

use super::nominal::RESIDENTS;
use super::people::{Draft, Phrase, State};
use super::registry::{Owner, Registry};
use super::scan::{self, LARGE_TOWN, NameHit, Scan};
use crate::trace::How;
use lagebild_core::codebook::Sector;
use lagebild_core::{Dep, EntityIx, EntityKind, Lang, Number, Parsed, Part, TokenIx, Upos};
use lagebild_lexicon::knowledge::{CueKind, Knowledge, Name, OrganisationKind, Role, RoleKind, atoms, fold};
use lagebild_nlp::morph::{Morphology, NameKind};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// A state named at a word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sighting {
    pub(super) token: u32,
    pub(super) country: &'static str,
    /// As where something is, not as who acts.
    pub(super) located: bool,
    /// As where somebody or something comes from, or is not, which is no scene.
    pub(super) origin: bool,
}

/// How much a report is about which state.
#[derive(Debug, Default)]
pub(super) struct Standing {
    weights: FxHashMap<&'static str, f32>,
    /// The same for organisations that stand above states.
    bodies: FxHashMap<&'static str, f32>,
    /// States in the order in which the text names them.
    pub(super) sightings: Vec<Sighting>,
}

/// What a mention weighs in the headline, in the first sentence after it, and elsewhere.
const HEADLINE: f32 = 3.0;
const LEAD: f32 = 2.0;
const BODY: f32 = 1.0;
/// The state that a title begins with before a colon.
const TOPIC: f32 = 4.0;
/// A place weighs less than an actor: reports tell where things happen also of third states.
const PLACE: f32 = 0.8;

/// How many sentences a scene lasts.
const SCENE: usize = 2;

impl Standing {
    /// Counts the states that `scan` found.
    pub(super) fn count(parsed: &Parsed, knowledge: &Knowledge, scan: &Scan) -> Self {
        let mut standing = Self::default();
        let body = parsed.sentences.iter().position(|s| s.part == Part::Body);
        let weight = |token: u32| {
            let sentence = parsed.sentence_of(TokenIx(token)).ix();
            match parsed.sentences[sentence].part {
                Part::Headline => HEADLINE,
                _ if sentence == 0 && parsed.doc.title.is_none() => HEADLINE,
                Part::Body if Some(sentence) == body => LEAD,
                _ => BODY,
            }
        };
        if let Some(title) = &parsed.doc.title {
            standing.title(title, parsed.doc.lang, knowledge);
        }
        // A town beside words of unknown names is part of one of these.
        let stranger = |token: Option<u32>| {
            token
                .and_then(|t| Some((parsed.tokens.get(t as usize)?, t)))
                .is_some_and(|(word, t)| {
                    word.pos == Upos::Propn && scan.name_at[t as usize].is_none() && scan.role_at[t as usize].is_none()
                })
        };
        // "Leon Castell" is not from León.
        let morphology = Morphology::get(parsed.doc.lang);
        let given = |tokens: &std::ops::Range<u32>| {
            let first = |t: u32| {
                morphology
                    .analyses(parsed.form(TokenIx(t)))
                    .iter()
                    .any(|a| a.name == Some(NameKind::First))
            };
            tokens.len() == 1 && first(tokens.start) && stranger(Some(tokens.end))
        };
        let alone = |tokens: &std::ops::Range<u32>| {
            !stranger(tokens.start.checked_sub(1)) && !stranger(Some(tokens.end)) || tokens.len() > 1
        };
        let hits = scan.names.iter().filter(|hit| {
            // "Victoria City", "Paris Hilton"
            let small = |n: &Name| match n {
                Name::Place(ix) => knowledge.places[ix.ix()].population < LARGE_TOWN,
                Name::Seat(_) => true,
                _ => false,
            };
            let town = |n: &Name| matches!(n, Name::Place(_));
            (alone(&hit.tokens) || !hit.names.iter().all(small)) && !(given(&hit.tokens) && hit.names.iter().all(town))
        });
        let hits = hits.map(|hit| (hit.tokens.start, &hit.names));
        let parts = scan.parts.iter().map(|(token, names)| (*token, names));
        // Unambiguous names first; they help with the others.
        let mut open = Vec::new();
        // Towns that stand for an organisation as well.
        let mut seats = Vec::new();
        for (token, names) in hits.chain(parts) {
            seats.extend(names.iter().filter_map(|n| match n {
                Name::Seat(ix) => Some((token, knowledge.seats[ix.ix()].org?)),
                _ => None,
            }));
            // "Demokratische Partei" says nothing of the state, "SPD" does.
            let acronym = !parsed.form(TokenIx(token)).contains(char::is_lowercase);
            match countries(knowledge, names, acronym).as_slice() {
                [] => {
                    if let Some(key) = names.iter().find_map(|n| scan::keys(knowledge, *n).1) {
                        *standing.bodies.entry(key).or_default() += weight(token);
                    }
                }
                [(country, factor)] => standing.add(country, weight(token) * factor, token),
                many => open.push((token, many.to_vec())),
            }
        }
        for (token, many) in open {
            let names = many.iter().map(|c| c.0);
            if let Some(country) = standing.likeliest(names) {
                let factor = many.iter().find(|c| c.0 == country).map_or(BODY, |c| c.1);
                standing.add(country, weight(token) * factor, token);
            }
        }
        // A report on the EU is not about Belgium, though all of it may take place in Brussels.
        if let Some(body) = standing.main_body() {
            let is_seat = |token: u32| seats.contains(&(token, body));
            standing.forget(is_seat, |token| weight(token) * BODY);
        }
        standing.sightings.sort_by_key(|s| s.token);
        for sighting in &mut standing.sightings {
            // "bei russischen Luftangriffen", "nach russischen Angaben" tell of Russia, not where they are.
            let adjective = parsed.token(TokenIx(sighting.token)).pos == Upos::Adj;
            let kind = if adjective { CueKind::Within } else { CueKind::Place };
            sighting.located = stands_after(parsed, knowledge, sighting.token, kind);
            let after = |kind| stands_after(parsed, knowledge, sighting.token, kind);
            sighting.origin = after(CueKind::Origin) || after(CueKind::Beyond);
        }
        standing
    }

    fn title(&mut self, title: &str, lang: Lang, knowledge: &Knowledge) {
        let words = atoms(title);
        let mut at = 0;
        while at < words.len() {
            let found = knowledge.longest(lang, words[at..].iter());
            let first = at == 0;
            at += found.as_ref().map_or(1, |f| f.atoms);
            if let Some(found) = found
                && let [(country, factor)] = countries(knowledge, &found.names, true).as_slice()
            {
                // "Jemen: …" tells where the report plays.
                let topic = first && title[words[at - 1].end as usize..].trim_start().starts_with(':');
                *self.weights.entry(country).or_default() += if topic { TOPIC } else { LEAD * factor };
            }
        }
    }

    fn add(&mut self, country: &'static str, weight: f32, token: u32) {
        *self.weights.entry(country).or_default() += weight;
        self.sightings.push(Sighting {
            token,
            country,
            located: false,
            origin: false,
        });
    }

    /// Takes back what was counted for some words, as much as they weigh.
    fn forget(&mut self, mut is_meant: impl FnMut(u32) -> bool, weight: impl Fn(u32) -> f32) {
        let Self { weights, sightings, .. } = self;
        sightings.retain(|sighting| {
            let forgotten = is_meant(sighting.token);
            if forgotten && let Some(sum) = weights.get_mut(sighting.country) {
                *sum -= weight(sighting.token);
            }
            !forgotten
        });
        weights.retain(|_, sum| *sum > 0.0);
    }

    /// How often and prominently the report names `country`.
    pub(super) fn of(&self, country: &str) -> f32 {
        self.weights.get(country).copied().unwrap_or(0.0)
    }

    /// How often and prominently the report names the organisation `key`.
    pub(super) fn of_body(&self, key: &str) -> f32 {
        self.bodies.get(key).copied().unwrap_or(0.0)
    }

    /// The state that the report names most; the alphabet breaks ties.
    pub(super) fn main(&self) -> Option<&'static str> {
        let best = self.weights.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)));
        best.map(|(country, _)| *country)
    }

    /// The state that the report names most, when it clearly stands out among the others.
    pub(super) fn clear_main(&self) -> Option<&'static str> {
        let main = self.main()?;
        let second = self
            .weights
            .iter()
            .filter(|(c, _)| **c != main)
            .map(|(_, w)| *w)
            .fold(0.0, f32::max);
        (self.of(main) >= 1.5 * second).then_some(main)
    }

    /// The organisation that the report is about, when it is more about it than about any state.
    pub(super) fn main_body(&self) -> Option<&'static str> {
        let state = self.main().map_or(0.0, |c| self.of(c));
        self.body()
            .filter(|body| self.bodies[body] >= HEADLINE.max(2.0 * state))
    }

    /// The organisation that the report names most.
    pub(super) fn body(&self) -> Option<&'static str> {
        let best = self.bodies.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)));
        best.map(|(body, _)| *body)
    }

    /// The likeliest of several states: the one that the report names most, else the first.
    pub(super) fn likeliest(&self, countries: impl Iterator<Item = &'static str>) -> Option<&'static str> {
        let mut best: Option<(&'static str, f32)> = None;
        for country in countries {
            let weight = self.of(country);
            if best.is_none_or(|b| weight > b.1) {
                best = Some((country, weight));
            }
        }
        best.map(|b| b.0)
    }
}

/// Whether a role is one of state, army or party.
pub(super) fn is_official(role: &Role) -> bool {
    role.sectors.iter().any(is_power)
}

/// Whether a sector is one of state, army or party.
pub(crate) fn is_power(sector: &Sector) -> bool {
    use Sector as S;
    matches!(
        sector,
        S::Gov | S::Mil | S::Spy | S::Leg | S::Jud | S::Pty | S::Igo | S::Uaf | S::Reb
    )
}

/// The states that a name may point to, with how much that weighs.
fn countries(knowledge: &Knowledge, names: &[Name], acronym: bool) -> Vec<(&'static str, f32)> {
    let mut found: Vec<(&'static str, f32)> = Vec::new();
    let surer = names.iter().any(|n| !matches!(n, Name::Place(_)));
    for &name in names {
        let factor = match name {
            Name::Place(_) if surer => continue,
            Name::Place(ix) if knowledge.places[ix.ix()].region => BODY,
            Name::Place(_) => PLACE,
            Name::Organisation(ix) => match knowledge.organisations[ix.ix()].kind {
                // Who reports says nothing about what is reported.
                OrganisationKind::Medium | OrganisationKind::Company => continue,
                OrganisationKind::Party if !acronym => continue,
                _ => BODY,
            },
            Name::Person(ix) => {
                let country = knowledge.persons[ix.ix()].terms.last().and_then(|t| t.country);
                if let Some(country) = country
                    && !found.iter().any(|f| f.0 == country)
                {
                    found.push((country, BODY));
                }
                continue;
            }
            _ => BODY,
        };
        if let (Some(country), None) = scan::keys(knowledge, name)
            && !found.iter().any(|f| f.0 == country)
        {
            found.push((country, factor));
        }
    }
    found
}

/// Whether the name at `token` stands after a preposition of place.
pub(super) fn is_located(parsed: &Parsed, knowledge: &Knowledge, token: u32) -> bool {
    stands_after(parsed, knowledge, token, CueKind::Place)
}

/// Whether the name at `token` stands after a preposition of the given kind.
fn stands_after(parsed: &Parsed, knowledge: &Knowledge, token: u32, kind: CueKind) -> bool {
    let lang = parsed.doc.lang;
    let start = parsed.sentences[parsed.sentence_of(TokenIx(token)).ix()].tokens.start;
    let is_part = |t: u32| {
        (start..token).contains(&t) && knowledge.cues().inflected(lang, CueKind::Part, parsed.form(TokenIx(t)))
    };
    for before in (start..token).rev().map(TokenIx) {
        match parsed.token(before).pos {
            // "in the north of Armenia"
            Upos::Adp
                if knowledge.cues().is(lang, CueKind::Of, parsed.form(before)) && is_part(before.0.wrapping_sub(1)) => {
            }
            Upos::Adp => return knowledge.cues().is(lang, kind, parsed.form(before)),
            // "in ganz Iran"
            Upos::Det | Upos::Adj | Upos::Num | Upos::Adv => {}
            // "im Norden Armeniens", "in der Hauptstadt Georgiens"
            Upos::Noun | Upos::Propn if is_part(before.0) => {}
            _ => return false,
        }
    }
    false
}

impl Draft<'_> {
    /// Gives a state to each role that bears none.
    pub(super) fn give_states(&mut self, registry: &mut Registry<'_>) {
        self.recall_people(registry);
        // People first: who belongs to them follows them.
        self.give_states_to_people(registry);
        self.ask_again(registry);
        for ix in 0..self.phrases.len() {
            if self.phrases[ix].state != State::Open {
                continue;
            }
            // "Eines souveränen Staates", "mehrere Staaten": none of those that the report names; "eighteen states" may be.
            let phrase = &self.phrases[ix];
            let counted = self.children[phrase.head as usize]
                .iter()
                .any(|c| self.dep(c.0) == Dep::Nummod);
            if self.stem_cue(CueKind::Country, phrase.head) && !phrase.definite && !counted {
                self.settle(ix, Owner::default(), registry);
                continue;
            }
            let before = self.same_role_before(ix, registry);
            let core = &self.phrases[ix].core;
            if before.is_some() {
                self.because(core, || How::SameBefore);
            }
            let owner = before.or_else(|| self.body_in_front(ix)).or_else(|| {
                let owner = self.state_from_context(ix)?;
                self.because(core, || How::TalkedOf(owner.key().unwrap_or_default().to_owned()));
                Some(owner)
            });
            self.settle(ix, owner.unwrap_or_default(), registry);
        }
        self.name_holders(registry);
        self.give_states_to_people(registry);
    }

    /// The owner of the body before a speaker or deputy: *a **Foreign Ministry** spokesman*.
    fn body_in_front(&self, ix: usize) -> Option<Owner> {
        let deputy = self.knowledge.role_at(self.phrases[ix].role).flags.deputy;
        if !deputy || self.member_named(self.phrases[ix].head).is_some() {
            return None;
        }
        let head = TokenIx(self.phrases[ix].head);
        let in_front =
            |p: &&Phrase| self.dep(p.head) == Dep::Compound && self.parsed.token(TokenIx(p.head)).head == Some(head);
        let body = self.phrases[..ix].iter().rev().find(in_front)?;
        let known = body.state == State::Settled && !body.owner.is_nobody();
        known.then(|| Owner {
            entity: None,
            roles: Vec::new(),
            ..body.owner.clone()
        })
    }

    /// *Der Bundespräsident* after *Bundespräsident Horst Köhler* is he, when both act for the same state or body.
    fn name_holders(&mut self, registry: &Registry<'_>) {
        for ix in 0..self.phrases.len() {
            let phrase = &self.phrases[ix];
            let single = self.knowledge.role_at(phrase.role).kind == RoleKind::Person && !phrase.plural && !phrase.part;
            let unnamed = phrase.chunk.is_none() && phrase.definite && !phrase.former;
            if !single || !unnamed || phrase.owner.is_nobody() || !phrase.more.is_empty() {
                continue;
            }
            let holder = self.phrases[..ix]
                .iter()
                .rev()
                .find(|other| other.chunk.is_some() && self.is_role_of(other, phrase))
                .filter(|other| other.owner.key() == phrase.owner.key() && other.feminine == phrase.feminine)
                .and_then(|other| other.entity)
                .filter(|e| registry.get(*e).kind == EntityKind::Person);
            if holder.is_some() {
                self.phrases[ix].entity = holder;
            }
        }
    }

    /// Whether `phrase` can mean the role of `other`: *der Minister* the *Außenminister* of before, but not the other way round.
    fn is_role_of(&self, other: &Phrase, phrase: &Phrase) -> bool {
        let role = self.knowledge.role_at(phrase.role);
        let known = self.knowledge.role_at(other.role).term.to_lowercase();
        other.role == phrase.role || known.ends_with(&role.term.to_lowercase()) && role.kind == RoleKind::Person
    }

    /// The owner of the last phrase with the same role, for one with a definite article: *die Regierung* after *die
    /// sudanesische Regierung*.
    fn same_role_before(&mut self, ix: usize, registry: &mut Registry<'_>) -> Option<Owner> {
        // "Die Ärztezeitung" is the name of another paper.
        let role = self.knowledge.role_at(self.phrases[ix].role);
        let compound = !fold(self.form(self.phrases[ix].head)).starts_with(&*fold(role.term));
        if role.sectors == [Sector::Jrn] && compound {
            return None;
        }
        let one = self.phrases[ix].definite && !self.phrases[ix].plural;
        let named = match self.fighters_before(ix, registry) {
            None if one => self.body_before(ix, registry),
            fighters => fighters,
        };
        if let Some(owner) = named {
            self.phrases[ix].named = owner.entity;
            return Some(owner);
        }
        let phrase = &self.phrases[ix];
        let role = self.knowledge.role_at(phrase.role);
        if role.flags.stateless
            || phrase.foreign
            || role.flags.anonymous && !phrase.definite
            || role.kind == RoleKind::Thing
        {
            return None;
        }
        if role.flags.anonymous && role.kind == RoleKind::Person && !phrase.plural {
            return self.person_before(phrase.head, registry);
        }
        let settled = |other: &&Phrase| other.state == State::Settled && !other.owner.is_nobody();
        let alike = |other: &&Phrase| self.is_role_of(other, phrase) && other.plural == phrase.plural;
        let before = || self.phrases[..ix].iter().rev().filter(settled);
        // "Zwei kenianische Piloten …. Die Männer …"
        let group = || {
            let people = phrase.definite && phrase.plural && role.flags.anonymous && role.kind == RoleKind::Person;
            let from = self.parsed.sentence_of(TokenIx(phrase.head)).ix().saturating_sub(2);
            let from = self.parsed.sentences[from].tokens.start;
            before().find(|p| {
                people
                    && p.plural
                    && p.head >= from
                    && matches!(self.knowledge.role_at(p.role).kind, RoleKind::Person | RoleKind::Group)
            })
        };
        let Some(earlier) = before().find(alike).or_else(group) else {
            return self.holder_before(ix, registry);
        };
        // An office that one holds names its holder.
        let entity = earlier
            .entity
            .filter(|_| phrase.definite && role.kind == RoleKind::Person && !phrase.plural);
        let mut owner = earlier.owner.clone();
        owner.entity = entity.filter(|e| registry.get(*e).kind == EntityKind::Person);
        Some(owner)
    }

    /// The person named last who holds the office by the tables: *the president* after *Trump*.
    fn holder_before(&self, ix: usize, registry: &Registry<'_>) -> Option<Owner> {
        let phrase = &self.phrases[ix];
        let role = self.knowledge.role_at(phrase.role);
        if !role.flags.office || !phrase.definite || phrase.plural || phrase.part {
            return None;
        }
        let term = fold(role.term).into_owned();
        let day = self.day?;
        let holds = |person: EntityIx| {
            let terms = registry.person_of(person).into_iter().flat_map(|p| p.on(day));
            let mut offices = terms.map(|t| match self.lang {
                Lang::De => t.office_de,
                Lang::En => t.office_en,
            });
            // "Prime Minister", "Präsident der Ukraine", "Bundeskanzler".
            offices.any(|office| {
                let office = fold(office);
                let federal = |first: &str| self.knowledge.cues().is(self.lang, CueKind::Federal, first);
                let (first, rest) = office.split_once(term.as_str()).unwrap_or((&office, "?"));
                (first.is_empty() || federal(first)) && (rest.is_empty() || rest.starts_with(' '))
            })
        };
        let before = self.chunks.iter().rev().filter(|c| c.tokens.end <= phrase.tokens.start);
        let holder = before.filter_map(|c| c.entity).find(|&e| holds(e))?;
        Some(registry.owner(holder))
    }

    /// The named body that *die Organisation*, *die Partei*, *das Gericht* points back to: the last one of its sector.
    fn body_before(&self, ix: usize, registry: &mut Registry<'_>) -> Option<Owner> {
        let phrase = &self.phrases[ix];
        let role = self.knowledge.role_at(phrase.role);
        let generic = self.stem_cue(CueKind::Alliance, phrase.head);
        use Sector as S;
        let state = role
            .sectors
            .iter()
            .any(|s| matches!(s, S::Gov | S::Mil | S::Cop | S::Leg | S::Opp));
        if role.kind != RoleKind::Body || phrase.part {
            return None;
        }
        // "das Parlament" after "das Europäische Parlament": a name that ends with the noun.
        let term = fold(role.term).into_owned();
        let namesake = self.scan.names.iter().rfind(|hit| {
            let organisation = |n: &Name| matches!(n, Name::Organisation(_));
            hit.tokens.end <= phrase.tokens.start
                && hit.names.iter().any(organisation)
                && atoms(self.form(hit.tokens.end - 1))
                    .last()
                    .is_some_and(|a| a.text.contains(term.as_str()))
        });
        if let Some(namesake) = namesake {
            return self.target(namesake).map(|t| self.with_entity(t, registry));
        }
        if state && !generic {
            return None;
        }
        let fits = |roles: &[Sector]| generic || role.sectors.iter().any(|r| roles.contains(r));
        let name = self.scan.names.iter().rfind(|hit| {
            hit.tokens.end <= phrase.tokens.start
                && self
                    .target(hit)
                    .is_some_and(|t| matches!(t.name, Name::Organisation(_)) && fits(&t.owner.roles))
        });
        let chunk = self.chunks.iter().rfind(|c| {
            let known = c.entity.map(|e| registry.get(e));
            c.tokens.end <= phrase.tokens.start
                && known.is_some_and(|e| {
                    let somebody = e.org.is_some() || e.country.is_some();
                    let plain =
                        e.roles.is_empty() && role.sectors.iter().any(|s| matches!(s, S::Ngo | S::Soc | S::Unk));
                    e.kind == EntityKind::Organisation && (plain || fits(&e.roles)) && somebody
                })
        });
        match (name, chunk) {
            (Some(name), Some(chunk)) if chunk.tokens.start > name.tokens.start => {
                chunk.entity.map(|e| registry.owner(e))
            }
            (Some(name), _) => self.target(name).map(|t| self.with_entity(t, registry)),
            (None, Some(chunk)) => chunk.entity.map(|e| registry.owner(e)),
            // "Die Nato-Staaten …. Das Bündnis …"
            (None, None) => {
                let key = self.standing.body().filter(|_| generic)?;
                let entity = registry.organisation_by_key(key);
                Some(registry.owner(entity))
            }
        }
    }

    /// The armed group named last that *die Miliz*, *die Rebellen*, *the paramilitaries* point back to.
    fn fighters_before(&self, ix: usize, registry: &mut Registry<'_>) -> Option<Owner> {
        let phrase = &self.phrases[ix];
        let role = self.knowledge.role_at(phrase.role);
        let armed = |roles: &[Sector]| roles.iter().any(|s| matches!(s, Sector::Reb | Sector::Prm));
        if !phrase.definite || phrase.part || role.kind != RoleKind::Group || !armed(&role.sectors) {
            return None;
        }
        let group = |hit: &&NameHit| {
            let target = self.target(hit);
            hit.tokens.end <= phrase.tokens.start
                && target.is_some_and(|t| matches!(t.name, Name::Organisation(_)) && armed(&t.owner.roles))
        };
        let named = self.scan.names.iter().rfind(group)?;
        self.target(named).map(|t| self.with_entity(t, registry))
    }

    /// The single person named last before `token`: *der Mann* after *ein 29-jähriger Marokkaner*.
    fn person_before(&self, token: u32, registry: &Registry<'_>) -> Option<Owner> {
        let singular = |t: u32| self.parsed.tokens[t as usize].morph.number != Some(Number::Plur);
        let phrase = self.phrases.iter().rfind(|p| {
            let role = self.knowledge.role_at(p.role);
            // Somebody in office is not called just a man.
            let plain = !role.flags.office && !role.flags.deputy && !role.sectors.contains(&Sector::Gov);
            p.head < token && role.kind == RoleKind::Person && plain && !p.plural && p.state == State::Settled
        });
        let demonym = self.scan.names.iter().rfind(|hit| {
            let head = hit.tokens.end - 1;
            let demonym = hit
                .names
                .iter()
                .any(|n| matches!(n, Name::Demonym(_) | Name::RegionDemonym(_)));
            head < token && demonym && singular(head)
        });
        match (phrase, demonym) {
            (Some(phrase), Some(hit)) if hit.tokens.start > phrase.head => self.target(hit).map(|t| t.owner),
            (Some(phrase), _) => {
                let entity = phrase.entity.filter(|e| registry.get(*e).kind == EntityKind::Person);
                Some(Owner {
                    entity,
                    ..phrase.owner.clone()
                })
            }
            (None, Some(hit)) => self.target(hit).map(|t| t.owner),
            (None, None) => None,
        }
    }

    fn state_from_context(&self, ix: usize) -> Option<Owner> {
        let phrase = &self.phrases[ix];
        let role = self.knowledge.role_at(phrase.role);
        if role.flags.stateless || phrase.foreign {
            return None;
        }
        if let Some(owner) = self.spoken_for(phrase) {
            return Some(owner);
        }
        // Parliaments, courts, ministers and speakers of a report about the EU or the UN are theirs.
        let of_body = role.flags.deputy
            || role
                .sectors
                .iter()
                .all(|s| matches!(s, Sector::Leg | Sector::Jud | Sector::Gov))
                && (role.kind == RoleKind::Person || role.sectors != [Sector::Gov] || role.flags.council);
        if of_body
            && !phrase.part
            && let Some(key) = self.standing.main_body()
        {
            return Some(Owner {
                org: Some(key.into()),
                ..Owner::default()
            });
        }
        // "Die Staatschefs": several who hold an office of which a state has one are of several states, those of the body named last.
        let of = |c: &TokenIx| matches!(self.dep(c.0), Dep::Nmod | Dep::NmodPoss);
        let alone = !self.children[phrase.head as usize].iter().any(of);
        if role.flags.office
            && phrase.plural
            && alone
            && let Some(body) = self.states_before(phrase.head)
        {
            return Some(body);
        }
        // Armies act abroad, people and authorities mostly where they are.
        let residents = phrase.plural && role.sectors.iter().any(|s| RESIDENTS.contains(s));
        let local = role.kind != RoleKind::Person || role.flags.anonymous || residents;
        // "Indien hat den Angriff auf seine Botschaft in Kabul verurteilt. Das Außenministerium …": governments are where their state acts.
        let children = &self.children[phrase.head as usize];
        let owned = children
            .iter()
            .any(|c| matches!(self.dep(c.0), Dep::Nmod | Dep::NmodPoss));
        let acting = || {
            let government = phrase.definite && !phrase.plural && role.sectors == [Sector::Gov] && !owned;
            // "Peking kündigte Zölle an. „Wir sind bereit“, sagte ein Sprecher des Außenministeriums."
            let for_body = || {
                let body = |p: &Phrase| self.knowledge.role_at(p.role).kind == RoleKind::Body;
                self.phrases
                    .iter()
                    .any(|p| body(p) && children.contains(&TokenIx(p.head)))
            };
            let speaks = role.kind == RoleKind::Body || is_official(role) || for_body();
            let speaker = !phrase.plural && speaks && self.said_by(phrase.head).is_some();
            self.subject_before(phrase.head).filter(|_| government || speaker)
        };
        let by_place = local && (role.kind == RoleKind::Thing || !role.sectors.contains(&Sector::Mil));
        let police = role.sectors.contains(&Sector::Cop);
        let target = || self.target_in_sentence(phrase.head).filter(|_| role.flags.anonymous);
        // "tötete in Damaskus einen General", but "kritisierte in Damaskus den Minister"
        let there = || {
            self.victim_there(phrase.head)
                .filter(|_| !is_official(role) || !phrase.definite)
        };
        let beat = || self.stage(phrase.head).filter(|_| police);
        let country = self
            .member_named(phrase.head)
            .or_else(target)
            .or_else(|| self.held_by(phrase.head))
            .or_else(there)
            .or_else(beat)
            .or_else(|| {
                self.speaking(phrase.head)
                    .filter(|_| phrase.definite && is_official(role))
            })
            .or_else(|| {
                self.host(phrase.head)
                    .filter(|_| (phrase.definite || phrase.chunk.is_some()) && role.flags.office)
            })
            .or_else(acting)
            .or_else(|| {
                // Offices and armies act for whoever the report speaks of; people and things suffer what is done to whom it names last.
                let before = if is_official(role) {
                    self.topic_before(phrase.head)
                } else {
                    self.state_named_before(phrase.head)
                };
                self.country_around(phrase.head, by_place, before)
            })?;
        let country = self.but_for_their_doers(phrase.head, country)?;
        Some(Owner {
            country: Some(country.into()),
            ..Owner::default()
        })
    }

    /// For whom a speaker with no body of his own speaks: the subject of the sentence before (*Brüssel kündigte eine Klage an. Die Zölle seien
    /// unbegründet, sagte ein Sprecher*).
    fn spoken_for(&self, phrase: &Phrase) -> Option<Owner> {
        let role = self.knowledge.role_at(phrase.role);
        let own = |c: &TokenIx| matches!(self.dep(c.0), Dep::Nmod | Dep::NmodPoss | Dep::Compound | Dep::Amod);
        let alone = !self.children[phrase.head as usize].iter().any(own);
        if !role.flags.deputy || phrase.plural || phrase.part || !alone {
            return None;
        }
        self.said_by(phrase.head)?;
        let sentence = self.parsed.sentence_of(TokenIx(phrase.head)).ix();
        let before = &self.parsed.sentences[sentence.checked_sub(1)?].tokens;
        let subject =
            |hit: &&NameHit| before.contains(&hit.tokens.start) && self.is_in_subject(self.head_of(&hit.tokens));
        let hit = self.scan.names.iter().find(subject)?;
        let owner = self.target(hit)?.owner;
        (!owner.is_nobody()).then_some(Owner {
            roles: Vec::new(),
            ..owner
        })
    }

    /// The organisation of states that the report names most, when it did so before `token`.
    fn states_before(&self, token: u32) -> Option<Owner> {
        let main = self.standing.body()?;
        let is_main = |n: &Name| match n {
            Name::Organisation(ix) => {
                let body = &self.knowledge.organisations[ix.ix()];
                body.key == Some(main) && body.sectors_on(self.day).contains(&Sector::Igo)
            }
            _ => false,
        };
        let mut named = self.scan.names.iter();
        named.find(|hit| hit.tokens.end <= token && hit.names.iter().any(is_main))?;
        Some(Owner {
            org: Some(main.into()),
            ..Owner::default()
        })
    }

    /// The state of somebody whom nothing ties to one. An office may take its bearer abroad; to others things happen mostly at home.
    fn state_of_stranger(&self, chunk: usize) -> Option<&'static str> {
        let tokens = &self.chunks[chunk].tokens;
        let mut offices = self.phrases.iter().filter(|p| p.chunk == Some(chunk));
        let official = offices.any(|p| is_official(self.knowledge.role_at(p.role)));
        let there = self.victim_there(self.head_of(tokens)).filter(|_| !official);
        there.or_else(|| self.country_around(tokens.start, false, self.state_named_before(tokens.start)))
    }

    /// The state in which its sentence says something to be done to whoever stands at `token`, when it names no other place: *in Saudi-Arabien
    /// ist Raif Badawi verurteilt worden*.
    fn victim_there(&self, token: u32) -> Option<&'static str> {
        if !matches!(self.dep(token), Dep::NsubjPass | Dep::Obj) {
            return None;
        }
        let sentence = self.sentence(token);
        let sightings = self.standing.sightings.iter();
        let mut places = sightings
            .filter(|s| s.located && sentence.contains(&s.token))
            .map(|s| s.country);
        let first = places.next()?;
        places.all(|c| c == first).then_some(first)
    }

    /// `country`, unless it has done something to those at `noun` or for them: *die von der Türkei unterstützten Rebellen*, *Turkish-backed rebels* are another
    /// state's, that of the report or else of the sentence.
    fn but_for_their_doers(&self, noun: u32, country: &'static str) -> Option<&'static str> {
        // "The US-led coalition" is theirs.
        let led = |participle: u32| self.stem_cue(CueKind::Led, participle);
        let agent = |token: u32| {
            let marked = |c: &TokenIx| self.dep(c.0) == Dep::Case && self.cue(CueKind::Doer, c.0);
            let hyphenated = || self.parsed.tokens.get(token as usize + 1).is_some() && self.form(token + 1) == "-";
            self.children[token as usize].iter().any(marked)
                || matches!(self.dep(token), Dep::Compound | Dep::Amod) && hyphenated()
        };
        let participles = self.children[noun as usize].iter();
        let participles = participles.filter(|c| self.dep(c.0) == Dep::Amod && !led(c.0));
        let doers: Vec<u32> = participles
            .flat_map(|p| &self.children[p.ix()])
            .map(|c| c.0)
            .filter(|&c| agent(c))
            .collect();
        let sightings = &self.standing.sightings;
        let is_doer = |c: &str| sightings.iter().any(|s| doers.contains(&s.token) && s.country == c);
        if !is_doer(country) {
            return Some(country);
        }
        let sentence = self.sentence(noun);
        let beside = || {
            sightings
                .iter()
                .filter(|s| sentence.contains(&s.token))
                .map(|s| s.country)
        };
        self.standing
            .main()
            .filter(|c| !is_doer(c))
            .or_else(|| beside().find(|c| !is_doer(c)))
    }

    /// The state whose place a blow hits in the sentence of `token`, when no other place is named: *bei einem russischen Luftangriff
    /// auf Charkiw starben zwölf Menschen*.
    fn target_in_sentence(&self, token: u32) -> Option<&'static str> {
        let sentence = self.sentence(token);
        let here = || self.standing.sightings.iter().filter(|s| sentence.contains(&s.token));
        let hit = |s: &&Sighting| stands_after(self.parsed, self.knowledge, s.token, CueKind::Target);
        let target = here().find(hit)?.country;
        let elsewhere = here().any(|s| s.located && s.country != target);
        (!elsewhere).then_some(target)
    }

    /// The state of somebody who is named as one of those at `noun`: *Regierungsbeamte, darunter der französische Präsident*.
    fn member_named(&self, noun: u32) -> Option<&'static str> {
        let below = |t: u32| self.children[t as usize].iter().map(|c| c.0);
        let marked = |t: &u32| below(*t).any(|c| c < *t && self.cue(CueKind::Member, c));
        let members: Vec<u32> = below(noun)
            .filter(|&c| c > noun && matches!(self.dep(c), Dep::Appos | Dep::Nmod) && marked(&c))
            .collect();
        let inside = |t: u32| {
            std::iter::successors(Some(t), |&x| self.parsed.tokens[x as usize].head.map(|h| h.0))
                .take_while(|&x| x != noun)
                .any(|x| members.contains(&x))
        };
        let mut sightings = self.standing.sightings.iter();
        sightings
            .find(|s| !members.is_empty() && inside(s.token))
            .map(|s| s.country)
    }

    /// The state that the words around `token` are about.
    pub(super) fn country_talked_of(&self, token: u32, by_place: bool) -> Option<&'static str> {
        self.country_around(token, by_place, self.topic_before(token))
    }

    /// The same, where of several states the report last spoke of `before`.
    fn country_around(&self, token: u32, by_place: bool, before: Option<&'static str>) -> Option<&'static str> {
        let sentence = &self.parsed.sentences[self.parsed.sentence_of(TokenIx(token)).ix()].tokens;
        let here: Vec<_> = self
            .standing
            .sightings
            .iter()
            .filter(|s| sentence.contains(&s.token))
            .collect();
        let places: Vec<_> = here
            .iter()
            .filter(|s| s.located && !s.origin)
            .map(|s| s.country)
            .collect();
        if by_place
            && let Some(&first) = places.first()
            && places.iter().all(|c| *c == first)
        {
            return Some(first);
        }
        // The scene of the sentences before, unless the report names it only in passing.
        if by_place {
            let main = self.standing.main().map_or(0.0, |m| self.standing.of(m));
            let scene = self.last_scene(token);
            if let Some(scene) = scene.filter(|s| self.standing.of(s) * 2.5 >= main) {
                return Some(scene);
            }
        }
        if let Some(main) = self.standing.clear_main() {
            return Some(main);
        }
        // Two or more states share the report: the one spoken of last counts, within the paragraph or so.
        let weight = |country| self.standing.of(country);
        match (before, self.standing.main()) {
            (Some(seen), Some(main)) if weight(seen) * 2.0 >= weight(main) => Some(seen),
            (_, main) => main,
        }
    }

    /// The state named last before `token`, other than as a place.
    fn state_named_before(&self, token: u32) -> Option<&'static str> {
        let mut before = self.standing.sightings.iter().rev();
        before.find(|s| s.token < token && !s.located).map(|s| s.country)
    }

    /// The same; of those in an earlier sentence the one that is its subject or belongs to it (*Thailand hat Venezuela kritisiert. Zugleich
    /// drohte die Regierung …*).
    fn topic_before(&self, token: u32) -> Option<&'static str> {
        // Of whom somebody speaks tells nothing of him: *„Die USA wollen Krieg“, sagte ein Sprecher*.
        let said = self.said_by(token);
        let own = |s: &Sighting| !s.located && !said.as_ref().is_some_and(|said| said.contains(&s.token));
        let sightings = &self.standing.sightings;
        let last = sightings.iter().rfind(|s| s.token < token && own(s))?;
        let sentence = self.sentence(last.token);
        if sentence.contains(&token) {
            return Some(last.country);
        }
        let mut there = sightings.iter().filter(|s| sentence.contains(&s.token) && own(s));
        let topic = there.find(|s| self.is_in_subject(s.token)).unwrap_or(last);
        Some(topic.country)
    }

    /// The words before `token` that whoever stands there says.
    fn said_by(&self, token: u32) -> Option<Range<u32>> {
        // "A Foreign Ministry spokesman": what is part of the subject stands where it does.
        let inner = |t: &TokenIx| {
            matches!(
                self.dep(t.0),
                Dep::Compound | Dep::Nmod | Dep::NmodPoss | Dep::Appos | Dep::Flat | Dep::Amod
            )
        };
        let mut above = std::iter::successors(Some(TokenIx(token)), |t| self.parsed.token(*t).head);
        let top = above.find(|t| !inner(t))?;
        let verb = self.parsed.token(top).head.filter(|_| self.dep(top.0) == Dep::Nsubj)?;
        let says = |c: &&TokenIx| self.dep(c.0) == Dep::Ccomp && c.0 < token;
        let content = self.children[verb.ix()].iter().find(says).copied();
        // "…, sagte ein Sprecher": the verb of saying may hang on what is said.
        let above = || {
            self.parsed
                .token(verb)
                .head
                .filter(|_| self.dep(verb.0) == Dep::Parataxis)
        };
        let start = self.sentence(token).start;
        content.or_else(above).map(|_| start..verb.0.min(token))
    }

    /// The state for which somebody speaks in whose words `token` stands: *Die Marine werde zurückschießen, warnte der kanadische Admiral*.
    fn speaking(&self, token: u32) -> Option<&'static str> {
        let above = std::iter::successors(Some(TokenIx(token)), |t| self.parsed.token(*t).head);
        let told = |t: TokenIx| match self.dep(t.0) {
            Dep::Ccomp => self.parsed.token(t).head,
            Dep::Root => self.children[t.ix()]
                .iter()
                .copied()
                .find(|c| self.dep(c.0) == Dep::Parataxis),
            _ => None,
        };
        let saying = above.into_iter().find_map(told)?;
        let speaker = self.children[saying.ix()]
            .iter()
            .find(|c| self.dep(c.0) == Dep::Nsubj)?;
        let below =
            |t: u32| std::iter::successors(Some(TokenIx(t)), |t| self.parsed.token(*t).head).any(|t| t == *speaker);
        if below(token) {
            return None;
        }
        let sentence = self.sentence(token);
        let here = || self.standing.sightings.iter().filter(|s| sentence.contains(&s.token));
        // "warnte Admiral Strand in Ottawa"
        let told_there = |t: u32| self.children[saying.ix()].contains(&TokenIx(t));
        let place = || here().find(|s| s.located && told_there(s.token));
        here().find(|s| below(s.token)).or_else(place).map(|s| s.country)
    }

    /// Where somebody is whom a pronoun means: *Der Regierungschef ist in Bogotá. Er traf den Präsidenten*.
    fn host(&self, token: u32) -> Option<&'static str> {
        let verb = self.parsed.token(TokenIx(token)).head?;
        let argument = |c: &TokenIx| {
            matches!(
                self.dep(c.0),
                Dep::Nsubj | Dep::NsubjPass | Dep::Obj | Dep::Iobj | Dep::OblArg
            )
        };
        let guest = |c: &TokenIx| c.0 != token && argument(c) && self.pos(c.0) == Upos::Pron;
        let met = self.children[verb.ix()].iter().any(guest);
        self.last_scene(token).filter(|_| met)
    }

    /// The state that is the subject of the sentence before that of `token`, or belongs to it, when its own sentence names none before it.
    fn subject_before(&self, token: u32) -> Option<&'static str> {
        let own = self.parsed.sentence_of(TokenIx(token)).ix();
        let before = &self.parsed.sentences[own.checked_sub(1)?].tokens;
        let sightings = &self.standing.sightings;
        let said = self.said_by(token).unwrap_or_default();
        let here = |t: u32| self.parsed.sentences[own].tokens.contains(&t) && t < token && !said.contains(&t);
        let alone = !sightings.iter().any(|s| here(s.token));
        let mut there = sightings
            .iter()
            .filter(|s| alone && before.contains(&s.token) && !s.located);
        // "Zwei polnische Touristen" do not act for Poland.
        let powerless = |token: u32| {
            let mut above = std::iter::successors(Some(TokenIx(token)), |t| self.parsed.token(*t).head);
            let subject = above.find(|t| matches!(self.dep(t.0), Dep::Nsubj | Dep::NsubjPass));
            self.phrases
                .iter()
                .any(|p| subject == Some(TokenIx(p.head)) && !is_official(self.knowledge.role_at(p.role)))
        };
        there
            .find(|s| self.is_in_subject(s.token) && !powerless(s.token))
            .map(|s| s.country)
    }

    /// Whether a word is, or belongs to, the subject of the main clause of its sentence.
    fn is_in_subject(&self, token: u32) -> bool {
        let mut above = std::iter::successors(Some(TokenIx(token)), |t| self.parsed.token(*t).head);
        let subject = above.find(|t| {
            !matches!(
                self.dep(t.0),
                Dep::Nmod
                    | Dep::NmodPoss
                    | Dep::Amod
                    | Dep::Appos
                    | Dep::Flat
                    | Dep::Compound
                    | Dep::Det
                    | Dep::DetPoss
                    | Dep::Conj
                    | Dep::Dep
            )
        });
        subject.is_some_and(|t| {
            matches!(self.dep(t.0), Dep::Nsubj | Dep::NsubjPass)
                && self
                    .parsed
                    .token(t)
                    .head
                    .is_some_and(|verb| self.dep(verb.0) == Dep::Root)
        })
    }

    /// The state whose police or court does something to whoever stands at `token`: *die ukrainische Staatsanwaltschaft nahm zehn Beamte
    /// fest*.
    fn held_by(&self, token: u32) -> Option<&'static str> {
        let verb = self
            .parsed
            .token(TokenIx(token))
            .head
            .filter(|_| self.dep(token) == Dep::Obj)?;
        let subject = self.children[verb.ix()].iter().find(|c| self.dep(c.0) == Dep::Nsubj)?;
        let holder = self.phrases.iter().find(|p| p.head == subject.0)?;
        let law = |s: &Sector| matches!(s, Sector::Cop | Sector::Jud);
        if !self.knowledge.role_at(holder.role).sectors.iter().any(law) {
            return None;
        }
        let country = holder.owner.country.as_deref()?;
        self.standing
            .sightings
            .iter()
            .map(|s| s.country)
            .find(|c| *c == country)
    }

    /// The state of the last place named before `token`, in its sentence or those just before.
    fn last_scene(&self, token: u32) -> Option<&'static str> {
        let sentence = self.parsed.sentence_of(TokenIx(token)).ix();
        let from = self.parsed.sentences[sentence.saturating_sub(SCENE)].tokens.start;
        let mut seen = self.standing.sightings.iter().rev().take_while(|s| s.token >= from);
        seen.find(|s| s.located && !s.origin && s.token < token)
            .map(|s| s.country)
    }

    /// The state in which most of what is told before `token` happens; the one named last of several.
    pub(super) fn stage(&self, token: u32) -> Option<&'static str> {
        let before = self.standing.sightings.iter().take_while(|s| s.token < token);
        let places: Vec<&'static str> = before.filter(|s| s.located).map(|s| s.country).collect();
        let often = |country: &str| places.iter().filter(|c| **c == country).count();
        places.iter().copied().max_by_key(|c| often(c))
    }

    /// People and bodies whom nothing ties to a state belong to that of their namesake, else to the one that the report is
    /// about.
    fn give_states_to_people(&mut self, registry: &mut Registry<'_>) {
        for ix in 0..self.chunks.len() {
            let chunk = &self.chunks[ix];
            let Some(entity) = chunk.entity.filter(|e| registry.owner(*e).is_nobody()) else {
                continue;
            };
            // A lone word that taggers take for a name is somebody only if it does something.
            let acts = chunk.words().len() > 1
                || self.chunks.iter().filter(|c| c.entity == Some(entity)).any(|c| {
                    let head = self.head_of(&c.tokens);
                    matches!(self.dep(head), Dep::Nsubj | Dep::NsubjPass | Dep::OblAgent)
                        || c.titled_from < c.tokens.start
                });
            if !acts {
                continue;
            }
            let namesake = self.chunks.iter().find(|other| {
                let same =
                    other.words().len() > 1 && chunk.words().len() > 1 && other.words().last() == chunk.words().last();
                same && other
                    .entity
                    .is_some_and(|e| e != entity && !registry.owner(e).is_nobody())
            });
            let owner = match namesake.and_then(|n| Some((n, n.entity?))) {
                Some((other, known)) => {
                    self.because(&chunk.tokens, || How::Namesake(other.tokens.clone()));
                    registry.owner(known)
                }
                None => match self.state_of_stranger(ix) {
                    Some(country) => {
                        self.because(&chunk.tokens, || How::TalkedOf(country.to_owned()));
                        Owner {
                            country: Some(country.into()),
                            ..Owner::default()
                        }
                    }
                    None => continue,
                },
            };
            registry.learn(
                entity,
                &Owner {
                    roles: Vec::new(),
                    entity: None,
                    ..owner
                },
            );
        }
    }
}
