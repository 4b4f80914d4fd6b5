//! Personal names: those of the tables, those that the report introduces, and short names for either.

use super::context::{Standing, is_located};
use super::registry::{Owner, Registry};
use super::scan::{NameHit, Scan, is_acronym};
use super::{Entities, Mention, MentionKind};
use crate::trace::{How, Owned, Step, Trace};
use lagebild_core::codebook::Sector;
use lagebild_core::learnt::{Introduction, Learnt};
use lagebild_core::{
    Date, Dep, Entity, EntityIx, EntityKind, EntityMention, Gender, Lang, Number, Parsed, Quantity, QuantityKind, Span,
    TokenIx, Upos,
};
use lagebild_lexicon::knowledge::{CueKind, Knowledge, Name, PersonIx, RoleIx, RoleKind, atoms, fold};
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Range;

/// A personal name, or one that no table knows.
#[derive(Clone, Debug)]
pub(super) struct Chunk {
    pub(super) tokens: Range<u32>,
    /// Its words, folded, without titles.
    atoms: Vec<Box<str>>,
    /// Persons of the tables that it may name in full.
    known: Vec<PersonIx>,
    pub(super) entity: Option<EntityIx>,
    /// Gender by a title.
    gender: Option<Gender>,
    /// First word of the titles before it.
    pub(super) titled_from: u32,
}

/// So many mentions of parties make a report one about parties.
const MANY_PARTIES: usize = 4;

/// Inhabitants of a town whose name is hardly a given name.
pub(super) const GREAT_CITY: u32 = 500_000;

impl Chunk {
    /// The words of the name, folded.
    pub(super) fn words(&self) -> &[Box<str>] {
        &self.atoms
    }
}

/// How far a role phrase has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing is known of whom it acts for.
    Open,
    /// Its actor stands.
    Settled,
}

/// A noun phrase around a role.
#[derive(Clone, Debug)]
pub(super) struct Phrase {
    pub(super) tokens: Range<u32>,
    /// The last word of the role.
    pub(super) head: u32,
    /// The words of the role itself.
    pub(super) core: Range<u32>,
    pub(super) role: RoleIx,
    pub(super) sectors: Vec<Sector>,
    pub(super) plural: bool,
    pub(super) feminine: bool,
    pub(super) definite: bool,
    /// An adjective bars the state of the report.
    pub(super) foreign: bool,
    pub(super) former: bool,
    pub(super) owner: Owner,
    /// Owners beside the first.
    pub(super) more: Vec<Owner>,
    /// The person named with it.
    pub(super) chunk: Option<usize>,
    /// The body named with it, or the one that it points back to.
    pub(super) named: Option<EntityIx>,
    pub(super) entity: Option<EntityIx>,
    pub(super) also: Vec<EntityIx>,
    pub(super) possessive: Option<u32>,
    /// Where its owner is told in words beside it.
    pub(super) told: Option<Owned>,
    /// The role only begins a compound of something else.
    pub(super) part: bool,
    pub(super) state: State,
}

/// What is known so far.
pub(super) struct Draft<'a> {
    pub(super) parsed: &'a Parsed,
    pub(super) knowledge: &'a Knowledge,
    pub(super) lang: Lang,
    pub(super) day: Option<Date>,
    pub(super) scan: Scan,
    pub(super) standing: Standing,
    pub(super) children: Vec<Vec<TokenIx>>,
    pub(super) chunks: Vec<Chunk>,
    pub(super) chunk_at: Vec<Option<u32>>,
    pub(super) phrases: Vec<Phrase>,
    /// Phrase of each role hit.
    pub(super) phrase_of: Vec<Option<usize>>,
    pub(super) mentions: Vec<Mention>,
    pub(super) genders: FxHashMap<EntityIx, Gender>,
    /// What is known from earlier reports.
    pub(super) learnt: Option<&'a Learnt>,
    pub(super) introductions: Vec<Introduction>,
    trace: Trace<'a>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(
        parsed: &'a Parsed,
        knowledge: &'a Knowledge,
        scan: Scan,
        standing: Standing,
        learnt: Option<&'a Learnt>,
        trace: Trace<'a>,
    ) -> Self {
        Self {
            parsed,
            knowledge,
            lang: parsed.doc.lang,
            day: parsed.doc.published,
            phrase_of: vec![None; scan.roles.len()],
            scan,
            standing,
            children: parsed.children(),
            chunks: Vec::new(),
            chunk_at: vec![None; parsed.tokens.len()],
            phrases: Vec::new(),
            mentions: Vec::new(),
            genders: FxHashMap::default(),
            learnt,
            introductions: Vec::new(),
            trace,
        }
    }

    /// Tells the trace how `tokens` came to their meaning.
    pub(super) fn because(&self, tokens: &Range<u32>, how: impl FnOnce() -> How) {
        self.trace.note(|| Step::Resolved {
            tokens: tokens.clone(),
            how: how(),
        });
    }

    pub(super) fn form(&self, token: u32) -> &str {
        self.parsed.form(TokenIx(token))
    }

    pub(super) fn pos(&self, token: u32) -> Upos {
        self.parsed.tokens[token as usize].pos
    }

    pub(super) fn dep(&self, token: u32) -> Dep {
        self.parsed.tokens[token as usize].dep
    }

    pub(super) fn cue(&self, kind: CueKind, token: u32) -> bool {
        self.knowledge.cues().is(self.lang, kind, self.form(token))
    }

    pub(super) fn stem_cue(&self, kind: CueKind, token: u32) -> bool {
        let cues = self.knowledge.cues();
        cues.inflected(self.lang, kind, self.form(token)) || cues.is(self.lang, kind, self.parsed.lemma(TokenIx(token)))
    }

    /// The words of the sentence that holds `token`.
    pub(super) fn sentence(&self, token: u32) -> Range<u32> {
        self.parsed.sentences[self.parsed.sentence_of(TokenIx(token)).ix()]
            .tokens
            .clone()
    }

    pub(super) fn span(&self, tokens: Range<u32>) -> Span {
        let at = |t: u32| self.parsed.tokens[t as usize].span;
        // The article in "vom" has no letters of its own.
        let first = tokens.clone().find(|t| !at(*t).is_empty()).unwrap_or(tokens.start);
        at(first).cover(at(tokens.end - 1))
    }

    pub(super) fn name_hit(&self, token: u32) -> Option<&NameHit> {
        self.scan.name_at[token as usize].map(|n| &self.scan.names[n as usize])
    }

    /// Whether a word, or a part of it ("al-Gaddafi"), begins with a capital.
    fn upper(&self, token: u32) -> bool {
        let form = self.form(token);
        let mut parts = form.splitn(2, ['-', '\'', '’']);
        let first = parts.next().unwrap_or_default();
        let particle = || self.knowledge.cues().is(self.lang, CueKind::Particle, first);
        first.starts_with(char::is_uppercase)
            || parts.next().is_some_and(|rest| rest.starts_with(char::is_uppercase)) && particle()
    }

    /// Whether a word may be part of a personal name.
    fn is_name_word(&self, token: u32) -> bool {
        let word = &self.parsed.tokens[token as usize];
        let index = token as usize;
        if word.span.is_empty()
            || self.scan.role_at[index].is_some()
            || self.scan.has_part[index]
            || self.is_time(token)
            || self.cue(CueKind::Title, token)
        {
            return false;
        }
        match self.name_hit(token) {
            Some(hit) if hit.names.iter().any(|n| matches!(n, Name::Person(_))) => true,
            // A town may be a surname as well, when it stands among other names.
            Some(hit) => {
                hit.tokens.len() == 1
                    && word.pos == Upos::Propn
                    && hit
                        .names
                        .iter()
                        .all(|n| matches!(n, Name::Place(ix) if !self.knowledge.places[ix.ix()].region))
            }
            // "The South"; Oliver North has no article.
            None if self.states_of_kind(token).is_some() && self.has_article(token) => false,
            None => {
                let named = matches!(word.pos, Upos::Propn | Upos::X) || word.dep == Dep::Flat;
                self.upper(token) && (named || word.pos == Upos::Noun && is_acronym(self.form(token)))
            }
        }
    }

    fn has_article(&self, token: u32) -> bool {
        self.children[token as usize]
            .iter()
            .any(|c| self.cue(CueKind::Definite, c.0))
    }

    /// Whether a word is part of a time expression: taggers take months for names.
    pub(super) fn is_time(&self, token: u32) -> bool {
        let span = self.parsed.tokens[token as usize].span;
        let after = self.parsed.times.partition_point(|t| t.span.start() <= span.start());
        after > 0 && self.parsed.times[after - 1].span.contains(span)
    }

    /// "Minister of Education Stefania Giannini": what the office is about is no name.
    fn is_portfolio(&self, token: u32) -> bool {
        let after = |t: u32| self.pos(t) == Upos::Adp || self.is_portfolio(t);
        self.cue(CueKind::Portfolio, token) && token.checked_sub(1).is_some_and(after)
    }

    fn is_particle(&self, token: u32) -> bool {
        self.cue(CueKind::Particle, token) && !self.upper(token)
    }

    /// Whether a hyphen that is a word of its own joins its neighbours: *Hans-Peter Bartels* in English.
    fn joins(&self, token: u32) -> bool {
        let span = |t: u32| self.parsed.tokens[t as usize].span;
        let touches = span(token - 1).end() == span(token).start() && span(token).end() == span(token + 1).start();
        self.form(token) == "-" && touches
    }

    /// Surnames that look like other words (*Blinken, Fischer*), where the report has the full name: with a capital, without an article
    /// or attribute, and not where any word has a capital.
    fn surnames_that_are_words(&self, names: &[(Range<u32>, u32)]) -> Vec<(Range<u32>, u32)> {
        let full = names.iter().filter(|(tokens, _)| tokens.len() > 1);
        let surnames: FxHashSet<&str> = full.map(|(tokens, _)| self.form(tokens.end - 1)).collect();
        let bare = |t: u32| {
            let attribute = |c: &TokenIx| matches!(self.dep(c.0), Dep::Det | Dep::DetPoss | Dep::Amod | Dep::Nummod);
            !self.children[t as usize].iter().any(attribute)
        };
        // "Fischer" after "Joschka Fischer" is no fisherman, but fishermen may be several.
        let one = |t: u32| self.parsed.tokens[t as usize].morph.number == Some(Number::Sing);
        let mut named = vec![false; self.parsed.tokens.len()];
        for (tokens, _) in names {
            named[tokens.start as usize..tokens.end as usize].fill(true);
        }
        let mut found = Vec::new();
        for sentence in &self.parsed.sentences {
            let free = |t: &u32| {
                let noun = self.pos(*t) == Upos::Noun;
                !named[*t as usize]
                    && surnames.contains(self.form(*t))
                    && self.upper(*t)
                    && (noun && self.lang == Lang::De || !noun && *t > sentence.tokens.start)
                    && (self.scan.role_at[*t as usize].is_none() || one(*t))
                    && self.name_hit(*t).is_none()
                    && bare(*t)
            };
            found.extend(
                sentence
                    .tokens
                    .clone()
                    .filter(free)
                    .map(|t| (t..t + 1, sentence.tokens.start)),
            );
        }
        found
    }

    /// Finds personal names and links full ones to persons.
    pub(super) fn name_people(&mut self, registry: &mut Registry<'_>) {
        let mut names: Vec<(Range<u32>, u32)> = Vec::new();
        for sentence in &self.parsed.sentences {
            let mut at = sentence.tokens.start;
            while at < sentence.tokens.end {
                let from = at;
                // "al-Gaddafi", "bin Laden": a particle may begin a name that goes on with a capital.
                if !self.is_name_word(at) || self.is_portfolio(at) {
                    at += 1;
                    continue;
                }
                at += 1;
                while at < sentence.tokens.end {
                    let next = at + 1;
                    if self.opens_another_name(from..at, at) {
                        break;
                    }
                    if self.is_name_word(at) {
                        at += 1;
                    } else if next < sentence.tokens.end
                        && (self.is_particle(at) || self.joins(at))
                        && self.is_name_word(next)
                    {
                        at += 2;
                    } else {
                        break;
                    }
                }
                names.push((from..at, sentence.tokens.start));
            }
        }
        let again = self.surnames_that_are_words(&names);
        for (tokens, _) in &again {
            self.scan.role_at[tokens.start as usize] = None;
        }
        names.extend(again);
        names.sort_by_key(|(tokens, _)| tokens.start);
        for (tokens, sentence) in names {
            self.chunk(tokens, sentence);
        }
        for ix in 0..self.chunks.len() {
            if self.chunks[ix].atoms.len() > 1 {
                self.full_name(ix, registry);
            }
        }
    }

    /// Whether a word behind a full name, or one by which the tables know somebody, is somebody else by what it is of the verb: *lobte Joe Biden
    /// **Wladimir** Putin*.
    fn opens_another_name(&self, name: Range<u32>, word: u32) -> bool {
        let token = &self.parsed.tokens[word as usize];
        let of_verb = |dep: Dep| matches!(dep, Dep::Nsubj | Dep::NsubjPass | Dep::Obj | Dep::OblArg | Dep::Iobj);
        let first = &self.parsed.tokens[name.start as usize];
        let beside = of_verb(first.dep) && first.head == token.head;
        let apart = |t: u32| self.parsed.tokens[t as usize].head != Some(TokenIx(word));
        let known = |t: u32| {
            let sharers = self.knowledge.surname(self.form(t));
            sharers.iter().any(|p| self.is_known_by_surname(*p, sharers))
        };
        // "Peter Hahn" though somebody else is known as Peter.
        let given = |t: u32| {
            let mut persons = self.knowledge.persons.iter();
            persons.any(|p| p.name.split(' ').next() == Some(self.form(t)))
        };
        of_verb(token.dep)
            && token.head.is_none_or(|h| !name.contains(&h.0))
            && name.clone().all(apart)
            && (name.len() > 1 || beside && known(name.start) && known(word) && !given(name.start))
    }

    fn chunk(&mut self, tokens: Range<u32>, sentence: u32) {
        let hits: Vec<&NameHit> = tokens.clone().filter_map(|t| self.name_hit(t)).collect();
        let persons = hits.iter().flat_map(|h| &h.names).filter_map(|n| match n {
            Name::Person(ix) => Some(*ix),
            _ => None,
        });
        let mut known: Vec<PersonIx> = persons.collect();
        known.dedup();
        let towns = hits.iter().any(|h| h.names.iter().all(|n| matches!(n, Name::Place(_))));
        let role_before = tokens.start.checked_sub(1).filter(|b| *b >= sentence).and_then(|b| {
            let hit = &self.scan.roles[self.scan.role_at[b as usize]? as usize];
            Some(self.knowledge.role_at(hit.role).kind)
        });
        let person_before = role_before == Some(RoleKind::Person);
        let role_before = role_before.is_some();
        if towns && known.is_empty() {
            // A small town before another name is a given name: "Elizabeth Byrs", but "Shanghai Pudong".
            let first_is_city = self.name_hit(tokens.start).is_some_and(|hit| {
                hit.names
                    .iter()
                    .any(|n| matches!(n, Name::Place(ix) if self.knowledge.places[ix.ix()].population >= GREAT_CITY))
            });
            // "Präsident Bush" and "Bush" are not the town in Egypt.
            let surname =
                tokens.len() == 1 && !first_is_city && !is_located(self.parsed, self.knowledge, tokens.start) && {
                    let sharers = self.knowledge.surname(self.form(tokens.start));
                    // "Bush" after "Ex-Präsident Bush", and where it does something.
                    let again = || {
                        self.chunks
                            .iter()
                            .any(|c| self.form(c.tokens.end - 1) == self.form(tokens.start))
                    };
                    let acts = || self.dep(tokens.start) == Dep::Nsubj;
                    // "Baran" after "Emil Baran"
                    let in_full = || {
                        self.chunks
                            .iter()
                            .any(|c| c.tokens.len() > 1 && self.form(c.tokens.end - 1) == self.form(tokens.start))
                    };
                    in_full() && acts()
                        || person_before
                        || sharers.iter().any(|p| self.is_known_by_surname(*p, sharers))
                        || !sharers.is_empty() && (again() || acts())
                };
            if tokens.len() == 1 && !surname || first_is_city && !role_before {
                return;
            }
        }
        let mut titled_from = tokens.start;
        let mut gender = None;
        while titled_from > sentence && self.cue(CueKind::Title, titled_from - 1) {
            titled_from -= 1;
            gender = match self
                .knowledge
                .cues()
                .note(self.lang, CueKind::Title, self.form(titled_from))
            {
                Some("m") => Some(Gender::Masc),
                Some("f") => Some(Gender::Fem),
                _ => gender,
            };
        }
        let words: Vec<Box<str>> = tokens
            .clone()
            .flat_map(|t| atoms(self.form(t)))
            .map(|atom| atom.text)
            .collect();
        // "20 Euro", "§ 218", "5 Milliarden Euro": what is counted or numbered is nobody.
        let money = |q: &Quantity| q.kind == QuantityKind::Money && q.span.contains(self.span(tokens.clone()));
        let counted = tokens.len() == 1
            && (tokens.start > sentence && self.pos(tokens.start - 1) == Upos::Num
                || self.parsed.quantities.iter().any(money));
        if words.is_empty() || counted {
            return;
        }
        let ix = self.chunks.len() as u32;
        for token in tokens.clone() {
            self.chunk_at[token as usize] = Some(ix);
        }
        self.chunks.push(Chunk {
            tokens,
            atoms: words,
            known,
            entity: None,
            gender,
            titled_from,
        });
    }

    /// Links a full name to a person of the tables, to one named before, or makes one.
    fn full_name(&mut self, ix: usize, registry: &mut Registry<'_>) {
        let chunk = &self.chunks[ix];
        let mut known = chunk.known.clone();
        if known.is_empty() {
            // Middle names and other spellings: same first and last word.
            let last = chunk.atoms.last().map(|a| &**a).unwrap_or_default();
            known = readings(self.lang, last)
                .flat_map(|short| self.knowledge.surname(short))
                .copied()
                .filter(|p| {
                    let words = atoms(self.knowledge.persons[p.ix()].name);
                    words.first().is_some_and(|first| first.text == chunk.atoms[0]) && words.len() > 1
                })
                .collect();
        }
        if known.is_empty() {
            known = self.knowledge.spelled_alike(&chunk.atoms);
        }
        let entity = match self.likeliest_person(&known) {
            Some(person) => registry.person(person),
            None => match self.named_before(ix) {
                Some(entity) => entity,
                None if self.is_organisation(ix) => self.unknown_body(ix, registry),
                None => registry.named(&self.chunk_name(ix), None, EntityKind::Person, &Owner::default()),
            },
        };
        self.link(ix, entity);
    }

    pub(super) fn link(&mut self, ix: usize, entity: EntityIx) {
        self.chunks[ix].entity = Some(entity);
        if let Some(gender) = self.chunks[ix].gender {
            self.genders.insert(entity, gender);
        }
    }

    fn chunk_name(&self, ix: usize) -> String {
        let chunk = &self.chunks[ix];
        let text = self.span(chunk.tokens.clone()).of(&self.parsed.doc.text);
        let bare = text.trim_end_matches(['\'', '’']);
        // The genitive of a name is its only ending, and most names in other cases end otherwise.
        let genitive = chunk.tokens.end > 0
            && self.parsed.tokens[chunk.tokens.end as usize - 1].morph.case == Some(lagebild_core::Case::Gen);
        match bare.strip_suffix('s') {
            Some(stem) if genitive && self.lang == Lang::De => stem.to_owned(),
            _ => bare.to_owned(),
        }
    }

    /// The person of the report whose full name shares first and last word with this one.
    fn named_before(&self, ix: usize) -> Option<EntityIx> {
        let this = &self.chunks[ix];
        self.chunks[..ix]
            .iter()
            .rev()
            .find(|other| same_person(self.lang, &other.atoms, &this.atoms))
            .and_then(|other| other.entity)
    }

    /// Whether a name that no table knows is rather one of a body: it has an article, is an acronym, follows a noun for a body
    /// or holds one.
    fn is_organisation(&self, ix: usize) -> bool {
        let chunk = &self.chunks[ix];
        if chunk.titled_from < chunk.tokens.start {
            return false;
        }
        let sentence = self.sentence(chunk.tokens.start);
        let before = chunk.tokens.start.checked_sub(1).filter(|b| *b >= sentence.start);
        if let Some(role) = before.and_then(|b| self.scan.role_at[b as usize]) {
            let row = self.knowledge.role_at(self.scan.roles[role as usize].role);
            // "der Vorsitzende des Ausschusses Alain Lamassoure" names the chairman.
            let chaired = self.scan.roles[..role as usize].last().is_some_and(|outer| {
                let near = outer.tokens.start >= sentence.start && chunk.tokens.start - outer.tokens.end <= 4;
                near && self.knowledge.role_at(outer.role).kind == RoleKind::Person
            });
            return row.kind == RoleKind::Body && !(chaired && chunk.atoms.len() > 1);
        }
        let acronym = chunk.tokens.clone().all(|t| is_acronym(self.form(t)));
        let article = before.is_some_and(|b| self.pos(b) == Upos::Det);
        let single = chunk.tokens.len() == 1;
        let holds_body = chunk.tokens.clone().any(|t| {
            let words = atoms(self.form(t));
            self.knowledge
                .role(Lang::En, words.iter())
                .is_some_and(|r| self.knowledge.role_at(r.role).kind == RoleKind::Body)
                || self.knowledge.cues().is(Lang::En, CueKind::Alliance, self.form(t))
        });
        acronym || holds_body || article && single || article && self.lang == Lang::En
    }

    /// A body that no table knows, with its acronym as key.
    fn unknown_body(&mut self, ix: usize, registry: &mut Registry<'_>) -> EntityIx {
        let tokens = self.chunks[ix].tokens.clone();
        let name = self.chunk_name(ix);
        if self.is_party(&tokens) {
            let owner = Owner {
                roles: vec![Sector::Pty],
                ..Owner::default()
            };
            return registry.named(&name, None, EntityKind::Organisation, &owner);
        }
        if let Some(roles) = self.body_of_state(&tokens) {
            let owner = Owner {
                roles,
                ..Owner::default()
            };
            return registry.named(&name, None, EntityKind::Organisation, &owner);
        }
        let key = self.acronym_of(&tokens).map(|t| fold(self.form(t)).to_uppercase());
        registry.named(&name, key.as_deref(), EntityKind::Organisation, &Owner::default())
    }

    /// The sectors of an unknown body that the noun before it calls a medium, company or authority; of these records name only
    /// the state (*der Sender RTVE*).
    fn body_of_state(&self, tokens: &Range<u32>) -> Option<Vec<Sector>> {
        let before = tokens
            .start
            .checked_sub(1)
            .filter(|b| *b >= self.sentence(tokens.start).start)?;
        let role = self.scan.role_at[before as usize]?;
        let sectors = &self.knowledge.role_at(self.scan.roles[role as usize].role).sectors;
        use Sector as S;
        let plain = |s: &Sector| {
            matches!(
                s,
                S::Ngo | S::Igo | S::Reb | S::Soc | S::Unk | S::Uaf | S::Crm | S::Prm | S::Rel
            )
        };
        (!sectors.is_empty() && !sectors.iter().any(plain)).then(|| sectors.clone())
    }

    /// Whether an unknown body is a party, of which records name only the state: a noun for one stands in or before its name,
    /// or the report is about parties.
    fn is_party(&self, tokens: &Range<u32>) -> bool {
        let party = |role: RoleIx| {
            let row = self.knowledge.role_at(role);
            row.kind == RoleKind::Body && row.sectors.contains(&Sector::Pty)
        };
        let sentence = self.sentence(tokens.start).start;
        let before = tokens.start.checked_sub(1).filter(|b| *b >= sentence);
        let named = before
            .and_then(|b| self.scan.role_at[b as usize])
            .is_some_and(|r| party(self.scan.roles[r as usize].role));
        let holds = tokens.clone().any(|t| {
            let words = atoms(self.form(t));
            [Lang::De, Lang::En].into_iter().any(|lang| {
                words.iter().any(|w| {
                    self.knowledge
                        .role(lang, std::iter::once(w))
                        .is_some_and(|r| party(r.role))
                })
            })
        });
        let parties = self.scan.roles.iter().filter(|r| party(r.role)).count();
        named || holds || parties >= MANY_PARTIES && self.acronym_of(tokens).is_some()
    }

    /// The acronym that a name is, or that follows it in brackets.
    fn acronym_of(&self, tokens: &Range<u32>) -> Option<u32> {
        if tokens.len() == 1 && is_acronym(self.form(tokens.start)) {
            return Some(tokens.start);
        }
        let end = self.sentence(tokens.start).end;
        let (open, word, close) = (tokens.end, tokens.end + 1, tokens.end + 2);
        (close < end && self.form(open) == "(" && self.form(close) == ")" && is_acronym(self.form(word)))
            .then_some(word)
    }

    /// The likeliest of several persons of one name: in office on the day, of a state that the report names, prominent.
    pub(super) fn likeliest_person(&self, persons: &[PersonIx]) -> Option<PersonIx> {
        persons
            .iter()
            .copied()
            .max_by_key(|p| (self.person_score(*p), std::cmp::Reverse(*p)))
    }

    fn person_score(&self, ix: PersonIx) -> i32 {
        let person = &self.knowledge.persons[ix.ix()];
        let term = person.nearest(self.day);
        let mut score = 0;
        if let Some(day) = self.day {
            score += 4 * i32::from(person.on(day).any(|t| t.leading));
            score += 3 * i32::from(person.on(day).any(|_| true));
        }
        if self.day.is_none() {
            score += 4 * i32::from(person.terms.iter().any(|t| t.leading));
        }
        score += 2 * i32::from(person.prominent);
        if let Some(country) = term.and_then(|t| t.country) {
            let weight = self.standing.of(country);
            score += 4 * i32::from(weight > 0.0);
            score += i32::from(self.standing.main() == Some(country));
        }
        if let Some(body) = term.and_then(|t| t.org) {
            score += 4 * i32::from(self.standing.of_body(body) > 0.0);
        }
        score
    }

    /// Whether a bare surname may mean this person: enough speaks for it, and the person is either prominent or of a state
    /// that the report names; or nobody else who is prominent and in office bears it.
    fn is_known_by_surname(&self, ix: PersonIx, namesakes: &[PersonIx]) -> bool {
        let person = &self.knowledge.persons[ix.ix()];
        let country = person.nearest(self.day).and_then(|t| t.country);
        let near = person.prominent || country.is_some_and(|c| self.standing.of(c) > 0.0);
        let serves = |p: PersonIx| {
            let other = &self.knowledge.persons[p.ix()];
            other.prominent && self.day.is_some_and(|day| other.on(day).any(|_| true))
        };
        let only = || serves(ix) && namesakes.iter().all(|&p| p == ix || !serves(p));
        let short = Self::SURNAME_BAR - self.person_score(ix);
        near && (short <= 0 || short == 1 && only())
    }

    /// The only one of several persons of one surname who leads a state, or led it within some years of the report: one whom a
    /// report may name without another word (*Trump*, *Merkel*).
    fn household_name(&self, persons: &[PersonIx]) -> Option<PersonIx> {
        let day = self.day?;
        let near = |d: Option<Date>| d.is_some_and(|d| (d.year() - day.year()).abs() <= Self::REMEMBERED);
        let mut leaders = persons.iter().copied().filter(|p| {
            let person = &self.knowledge.persons[p.ix()];
            person.prominent && person.terms.iter().any(|t| t.leading && (near(t.from) || near(t.to)))
        });
        leaders.next().filter(|_| leaders.next().is_none())
    }

    /// Years for which a leader out of office needs no introduction.
    const REMEMBERED: i16 = 8;

    /// The least that speaks for a surname to mean somebody whom the report does not name in full.
    const SURNAME_BAR: i32 = 6;

    /// Links names of one word, when full names and roles are known.
    pub(super) fn short_names(&mut self, registry: &mut Registry<'_>) {
        for ix in 0..self.chunks.len() {
            if self.chunks[ix].entity.is_some() || self.chunks[ix].atoms.len() > 1 {
                continue;
            }
            let entity = self.short_name(ix, registry);
            if let Some(entity) = entity {
                self.link(ix, entity);
            }
        }
    }

    fn short_name(&self, ix: usize, registry: &mut Registry<'_>) -> Option<EntityIx> {
        let chunk = &self.chunks[ix];
        let word = &*chunk.atoms[0];
        // Nearest full name in the report that has this word at either end; names before count more than names after.
        let distance = |other: &Chunk| {
            let gap = i64::from(other.tokens.start) - i64::from(chunk.tokens.start);
            if gap > 0 { 2 * gap + 1000 } else { -gap }
        };
        let near = self
            .chunks
            .iter()
            .filter(|o| o.atoms.len() > 1 && o.entity.is_some())
            .filter(|other| {
                let ends = [other.atoms.last(), other.atoms.first()];
                let person = other.entity.is_some_and(|e| registry.get(e).kind == EntityKind::Person);
                person
                    && ends
                        .into_iter()
                        .flatten()
                        .any(|end| readings(self.lang, word).any(|w| readings(self.lang, end).any(|e| e == w)))
            });
        let by_end = |other: &&Chunk| {
            // The family name, wherever it stands, before the given name.
            let last = other
                .atoms
                .last()
                .is_some_and(|end| readings(self.lang, word).any(|w| **end == *w));
            (!last, distance(other))
        };
        if let Some(other) = near.min_by_key(by_end) {
            self.because(&chunk.tokens, || How::ShortFor(other.tokens.clone()));
            return other.entity;
        }
        let candidates: Vec<PersonIx> = readings(self.lang, word)
            .flat_map(|w| self.knowledge.surname(w))
            .copied()
            .collect();
        let known: Vec<PersonIx> = candidates
            .iter()
            .copied()
            .filter(|p| self.is_known_by_surname(*p, &candidates))
            .collect();
        let person = self
            .likeliest_person(&known)
            .or_else(|| self.household_name(&candidates));
        if let Some(person) = person {
            self.because(&chunk.tokens, || How::Surname);
            return Some(registry.person(person));
        }
        None
    }

    /// Makes bodies and people of the names that are still nobody's.
    pub(super) fn unknown_names(&mut self, registry: &mut Registry<'_>) {
        for ix in 0..self.chunks.len() {
            if self.chunks[ix].entity.is_some() {
                continue;
            }
            let word = self.chunks[ix].atoms[0].clone();
            let before = self.chunks[..ix].iter().rev().find(|o| {
                o.atoms.len() == 1
                    && readings(self.lang, &word).any(|w| readings(self.lang, &o.atoms[0]).any(|e| e == w))
            });
            let entity = match before.and_then(|o| o.entity) {
                Some(entity) => entity,
                None if self.is_organisation(ix) => self.unknown_body(ix, registry),
                None => registry.named(&self.chunk_name(ix), None, EntityKind::Person, &Owner::default()),
            };
            self.link(ix, entity);
        }
    }

    /// Adds a mention.
    pub(super) fn mention(&mut self, mention: Mention) {
        self.mentions.push(mention);
    }

    /// Keys of the states that the places named lie in.
    pub(super) fn place_countries(&self) -> Vec<String> {
        let places = self.mentions.iter().filter_map(|m| m.place.as_ref());
        places.filter_map(|p| p.country.as_deref().map(str::to_owned)).collect()
    }

    /// Orders the mentions, indexes them and hands them out with the entities.
    ///
    /// `talked_of` has the state that each sentence is about, `lands` those that the places named lie in: entities though
    /// nothing may name them.
    pub(super) fn finish(
        mut self,
        registry: Registry<'_>,
        mut talked_of: Vec<Option<EntityIx>>,
        mut lands: Vec<EntityIx>,
    ) -> Entities {
        // What points back (*beide Parteien*) says more than the role of the same words.
        let role = |m: &Mention| m.kind != MentionKind::Pronoun;
        self.mentions
            .sort_by_key(|m| (m.span.start(), std::cmp::Reverse(m.span.end()), role(m)));
        let words = self.parsed.tokens.len();
        let mut found = Entities {
            entities: self.needed(
                registry.into_entities(),
                talked_of.iter_mut().flatten().chain(&mut lands),
            ),
            mentions: Vec::new(),
            heads: vec![None; words],
            adjectives: vec![None; words],
            parts: vec![None; words],
            talked_of,
            introductions: std::mem::take(&mut self.introductions),
        };
        for (n, mention) in self.mentions.iter().enumerate() {
            let n = n as u32;
            let head = mention.head.ix();
            match mention.kind {
                MentionKind::Adjective => found.adjectives[head] = Some(n),
                MentionKind::CompoundPart => found.parts[head] = Some(n),
                _ => found.heads[head] = found.heads[head].or(Some(n)),
            }
            for entity in mention.actor.iter().chain(&mention.also) {
                if mention.kind != MentionKind::Place {
                    found.entities[entity.ix()]
                        .mentions
                        .push(EntityMention { span: mention.span });
                }
            }
        }
        // Words of names and roles that head nothing themselves lead to the phrase that they are part of.
        for (token, phrase) in self.inner_words() {
            if found.heads[token as usize].is_none() {
                found.heads[token as usize] = found.heads[phrase as usize];
            }
        }
        found.mentions = self.mentions;
        found
    }

    /// The entities that are mentioned, in the order of their first mention, and `further` ones; all are turned to them.
    fn needed<'e>(&mut self, entities: Vec<Entity>, further: impl Iterator<Item = &'e mut EntityIx>) -> Vec<Entity> {
        let mut place: Vec<Option<EntityIx>> = vec![None; entities.len()];
        let mut order = Vec::new();
        let mut need = |entity: &mut EntityIx| {
            let old = entity.ix();
            *entity = *place[old].get_or_insert_with(|| {
                order.push(old);
                EntityIx::from(order.len() - 1)
            });
        };
        for mention in &mut self.mentions {
            mention.actor.iter_mut().chain(&mut mention.also).for_each(&mut need);
        }
        further.for_each(need);
        order.into_iter().map(|old| entities[old].clone()).collect()
    }

    /// Words within a name or role, each with the head of its mention.
    fn inner_words(&self) -> Vec<(u32, u32)> {
        let mut inner = Vec::new();
        for phrase in self.phrases.iter().filter(|p| !p.part) {
            inner.extend(phrase.core.clone().map(|t| (t, phrase.head)));
            if let Some(chunk) = phrase.chunk.map(|c| &self.chunks[c]) {
                inner.extend((chunk.titled_from..chunk.tokens.end).map(|t| (t, phrase.head)));
            }
        }
        for chunk in &self.chunks {
            inner.extend((chunk.titled_from..chunk.tokens.end).map(|t| (t, self.head_of(&chunk.tokens))));
        }
        for hit in &self.scan.names {
            inner.extend(hit.tokens.clone().map(|t| (t, self.head_of(&hit.tokens))));
        }
        inner
    }

    /// The word of `tokens` whose head lies outside of them; the first of several.
    pub(super) fn head_of(&self, tokens: &Range<u32>) -> u32 {
        let outside = |t: &u32| {
            let head = self.parsed.tokens[*t as usize].head;
            head.is_none_or(|h| !tokens.contains(&h.0)) && self.pos(*t) != Upos::Punct
        };
        tokens.clone().find(outside).unwrap_or(tokens.start)
    }

    /// The gender of an entity, when the report or its nature tells.
    pub(super) fn gender(&self, entity: EntityIx) -> Option<Gender> {
        self.genders.get(&entity).copied()
    }

    /// Person of a chunk that starts at `token`.
    pub(super) fn chunk_starting(&self, token: u32) -> Option<usize> {
        let ix = *self.chunk_at.get(token as usize)?.as_ref()? as usize;
        (self.chunks[ix].tokens.start == token).then_some(ix)
    }
}

/// A word of a name as it stands and, in German, without the ending of a genitive.
fn readings(lang: Lang, word: &str) -> impl Iterator<Item = &str> {
    let bare = word.strip_suffix('s').filter(|w| w.len() > 2 && lang == Lang::De);
    [Some(word), bare].into_iter().flatten()
}

/// Whether two full names name one person: the shorter one's words all stand in the longer one, at both ends of it.
fn same_person(lang: Lang, a: &[Box<str>], b: &[Box<str>]) -> bool {
    let same = |x: &str, y: &str| readings(lang, x).any(|x| readings(lang, y).any(|y| x == y));
    // "R. Kelly" is Robert Kelly.
    let initial = |x: &str, y: &str| x.chars().count() == 1 && y.starts_with(x);
    let (Some(first_a), Some(last_a)) = (a.first(), a.last()) else {
        return false;
    };
    let (Some(first_b), Some(last_b)) = (b.first(), b.last()) else {
        return false;
    };
    let first = same(first_a, first_b) || initial(first_a, first_b) || initial(first_b, first_a);
    a.len() > 1 && b.len() > 1 && first && same(last_a, last_b)
}
