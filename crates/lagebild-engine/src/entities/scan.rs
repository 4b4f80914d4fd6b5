//! Finds names and roles by their words alone.

use super::people::GREAT_CITY;
use lagebild_core::{Lang, Parsed, TokenIx, Upos};
use lagebild_lexicon::knowledge::{
    Atom, CueKind, Found, Knowledge, Name, OrganisationKind, RoleFound, RoleIx, RoleKind, SeatKind, atoms,
};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// A name found in the text.
#[derive(Clone, Debug)]
pub(super) struct NameHit {
    /// Its words.
    pub(super) tokens: Range<u32>,
    /// What it may stand for.
    pub(super) names: Vec<Name>,
    /// It bears an ending that the table does not give it.
    pub(super) inflected: bool,
}

/// A role found in the text.
#[derive(Clone, Debug)]
pub(super) struct RoleHit {
    /// Its words; the first may begin with a name or another role, joined by a hyphen.
    pub(super) tokens: Range<u32>,
    /// Which.
    pub(super) role: RoleIx,
    /// Certainly plural.
    pub(super) plural: bool,
    /// A feminine form.
    pub(super) feminine: bool,
    /// The role that begins the compound (*Polizei|chef*).
    pub(super) modifier: Option<RoleIx>,
    /// States that a first part such as *Bundes-* may mean, likeliest first.
    pub(super) federal: Option<&'static str>,
    /// Names of chambers that this role may also be, by state.
    pub(super) chambers: Vec<Name>,
    /// It only begins a compound of something else (*Truppen|abzug*).
    pub(super) part: bool,
}

/// Inhabitants of a town whose name is known well enough to be met with an ending.
pub(super) const LARGE_TOWN: u32 = 100_000;

/// The longest first part such as *Bundes-*, in characters.
const LONGEST_FEDERAL: usize = 8;

/// All that the words tell.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Names, in text order, not overlapping.
    pub(super) names: Vec<NameHit>,
    /// Roles, in text order.
    pub(super) roles: Vec<RoleHit>,
    /// Names that are the first part of a compound, by word.
    pub(super) parts: Vec<(u32, Vec<Name>)>,
    /// Name that covers each word.
    pub(super) name_at: Vec<Option<u32>>,
    /// Role that covers each word.
    pub(super) role_at: Vec<Option<u32>>,
    /// Words that a name begins without covering them.
    pub(super) has_part: Vec<bool>,
}

/// An atom and the word that it is part of.
struct Piece {
    token: u32,
    atom: Atom,
    /// Begins and ends its word.
    first: bool,
    last: bool,
}

pub(super) fn scan(parsed: &Parsed, knowledge: &Knowledge) -> Scan {
    let mut scan = Scan {
        name_at: vec![None; parsed.tokens.len()],
        role_at: vec![None; parsed.tokens.len()],
        has_part: vec![false; parsed.tokens.len()],
        ..Scan::default()
    };
    let introduced = introduced(parsed, knowledge);
    for sentence in &parsed.sentences {
        let pieces = pieces(parsed, sentence.tokens.clone());
        Scanner {
            parsed,
            knowledge,
            lang: parsed.doc.lang,
            introduced: &introduced,
            pieces: &pieces,
            scan: &mut scan,
        }
        .run();
    }
    scan
}

/// Acronyms that the report spells out, with what their words stand for, nothing where no table knows them: *Thai Rak Thai (TRT)* is no
/// broadcaster.
fn introduced(parsed: &Parsed, knowledge: &Knowledge) -> FxHashMap<String, Vec<Name>> {
    let form = |t: u32| parsed.form(TokenIx(t));
    let mut found = FxHashMap::default();
    for sentence in &parsed.sentences {
        let Range { start, end } = sentence.tokens;
        for open in (start + 1..end.saturating_sub(2)).filter(|&t| form(t) == "(" && form(t + 2) == ")") {
            let acronym = form(open + 1);
            let letters = acronym.chars().filter(|c| c.is_uppercase()).count();
            if !is_acronym(acronym) || letters < acronym.chars().count() {
                continue;
            }
            // The capitals of the words before, the last first.
            let (mut initials, mut first) = (Vec::new(), open);
            while first > start && initials.len() < letters {
                first -= 1;
                let parts = form(first).rsplit('-').filter_map(|part| part.chars().next());
                initials.extend(parts.filter(|c| c.is_uppercase()));
            }
            let spelled = initials.iter().rev().copied().eq(acronym.chars());
            let words: Vec<Atom> = (first..open).flat_map(|t| atoms(form(t))).collect();
            if spelled {
                let known = knowledge.longest(parsed.doc.lang, words.iter());
                let names = known.filter(|name| name.atoms == words.len()).map(|name| name.names);
                found.insert(acronym.to_owned(), names.unwrap_or_default());
            }
        }
    }
    found
}

/// Two or more capitals, no small letters.
pub(super) fn is_acronym(word: &str) -> bool {
    word.chars().filter(|c| c.is_uppercase()).count() >= 2 && !word.chars().any(char::is_lowercase)
}

fn pieces(parsed: &Parsed, tokens: Range<u32>) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(tokens.len());
    for token in tokens {
        if parsed.tokens[token as usize].span.is_empty() {
            continue;
        }
        let found = atoms(parsed.form(TokenIx(token)));
        let count = found.len();
        for (n, atom) in found.into_iter().enumerate() {
            pieces.push(Piece {
                token,
                atom,
                first: n == 0,
                last: n + 1 == count,
            });
        }
    }
    pieces
}

struct Scanner<'a> {
    parsed: &'a Parsed,
    knowledge: &'a Knowledge,
    lang: Lang,
    introduced: &'a FxHashMap<String, Vec<Name>>,
    pieces: &'a [Piece],
    scan: &'a mut Scan,
}

impl Scanner<'_> {
    fn run(mut self) {
        let mut at = 0;
        while at < self.pieces.len() {
            at += self.step(at).max(1);
        }
    }

    /// Reads what begins at `at` and tells how many atoms it took.
    fn step(&mut self, at: usize) -> usize {
        let rest = self.pieces[at..].iter().map(|p| &p.atom);
        let name = match self.introduced(at) {
            Some(names) => (!names.is_empty()).then(|| Found {
                atoms: 1,
                names: names.clone(),
                inflected: false,
            }),
            None => self
                .knowledge
                .longest(self.lang, rest.clone())
                .filter(|found| self.plausible(at, found)),
        };
        let role = self
            .knowledge
            .role(self.lang, rest)
            .filter(|role| self.pieces[at + role.atoms - 1].last);
        match (name, role) {
            (Some(name), Some(role)) if role.atoms > name.atoms => self.role(at, role, Vec::new()),
            // A chamber that many states have is whose the context says.
            (Some(name), Some(role)) if role.atoms == name.atoms && role.offset == 0 => {
                if self.is_chamber(&name) || !self.is_proper(&name) {
                    self.role(at, role, name.names)
                } else {
                    self.name(at, name)
                }
            }
            (Some(name), _) => self.name(at, name),
            (None, Some(role)) => self.role(at, role, Vec::new()),
            (None, None) => {
                self.compound(at);
                1
            }
        }
    }

    /// What the acronym that begins the word at `at` stands for in this report.
    fn introduced(&self, at: usize) -> Option<&Vec<Name>> {
        let piece = &self.pieces[at];
        let word = self.parsed.form(TokenIx(piece.token)).split('-').next();
        self.introduced.get(word.filter(|_| piece.first)?)
    }

    /// Whether a name may stand here at all.
    fn plausible(&self, at: usize, found: &Found<Name>) -> bool {
        let piece = &self.pieces[at];
        let pos = self.parsed.tokens[piece.token as usize].pos;
        // "Anti-American protesters" are no Americans.
        let before = at
            .checked_sub(1)
            .map(|b| &self.pieces[b])
            .filter(|b| b.token == piece.token);
        if before.is_some_and(|b| self.knowledge.cues().is(self.lang, CueKind::Stance, &b.atom.text)) {
            return false;
        }
        if found.atoms > 1 {
            return true;
        }
        let form = self.parsed.form(TokenIx(piece.token));
        if !piece.first && found.names.iter().all(|n| matches!(n, Name::Place(_))) {
            return false;
        }
        if found.names.iter().all(|n| matches!(n, Name::TownAdjective(_))) {
            // "Pariser Regierung", not "Frau Berliner": a noun follows.
            let next = self
                .pieces
                .get(at + 1)
                .map(|p| self.parsed.tokens[p.token as usize].pos);
            return pos == Upos::Adj || next == Some(Upos::Noun) || next == Some(Upos::Adj);
        }
        let only_places = found.names.iter().all(|n| matches!(n, Name::Place(_)));
        // "Poes Grab" is not in Po: small towns stand without an ending, or do not count.
        let large = |n: &Name| matches!(n, Name::Place(ix) if self.knowledge.places[ix.ix()].population >= LARGE_TOWN);
        let bent = found.inflected && !found.names.iter().any(large);
        if only_places && bent {
            return false;
        }
        if only_places && self.knowledge.is_homograph(form) && !self.is_plainly_a_place(at, found) {
            return false;
        }
        if only_places && pos != Upos::Propn && found.inflected {
            return false;
        }
        // Verbs, adverbs and the like are no names; taggers confuse the rest too often to be trusted.
        let word = matches!(
            pos,
            Upos::Verb | Upos::Aux | Upos::Adv | Upos::Adp | Upos::Det | Upos::Cconj | Upos::Sconj
        );
        !(word && piece.first && piece.last && !piece.atom.caps)
            || found
                .names
                .iter()
                .any(|n| matches!(n, Name::Country(_) | Name::Adjective(_)) && piece.atom.upper)
    }

    /// Whether a place whose name is also a word or a person's (*Essen*, *Corona*, *David*) is meant: a great city or a region that the
    /// tagger takes for a name, a large town of a state where the language is spoken behind a preposition of place (*in Halle*), else a name behind such a preposition, a noun
    /// (*die Stadt Waren*) or another name in a list, or one that begins a dateline.
    fn is_plainly_a_place(&self, at: usize, found: &Found<Name>) -> bool {
        let token = self.pieces[at].token;
        let pos = |t: u32| self.parsed.tokens[t as usize].pos;
        let places = || {
            found.names.iter().filter_map(|n| match n {
                Name::Place(ix) => Some(&self.knowledge.places[ix.ix()]),
                _ => None,
            })
        };
        let sentence = &self.parsed.sentences[self.parsed.sentence_of(TokenIx(token)).ix()].tokens;
        if sentence.start == token {
            let next = (token + 1..sentence.end).next().map(|t| self.parsed.form(TokenIx(t)));
            return pos(token) == Upos::Propn
                && (matches!(next, Some(":" | "(")) || places().any(|p| p.region || p.population >= GREAT_CITY));
        }
        let before = token - 1;
        let behind = |kind| {
            self.knowledge
                .cues()
                .is(self.lang, kind, self.parsed.form(TokenIx(before)))
        };
        if pos(token) != Upos::Propn {
            let at_home = |country: &str| self.knowledge.cues().is(self.lang, CueKind::Home, country);
            return behind(CueKind::Place)
                && places().any(|p| p.population >= LARGE_TOWN && p.country.is_some_and(at_home));
        }
        places().any(|p| p.region || p.population >= GREAT_CITY)
            || match pos(before) {
                Upos::Noun => true,
                Upos::Cconj | Upos::Punct => {
                    before > sentence.start && self.scan.name_at[before as usize - 1].is_some()
                }
                _ => behind(CueKind::Place) || behind(CueKind::Of),
            }
    }

    fn is_chamber(&self, found: &Found<Name>) -> bool {
        found.names.iter().all(|n| match n {
            Name::Organisation(ix) => self.knowledge.organisations[ix.ix()].kind == OrganisationKind::Parliament,
            _ => false,
        })
    }

    /// Whether the name is one of a single body or state, rather than of a town that happens to be spelled like a role.
    fn is_proper(&self, found: &Found<Name>) -> bool {
        found.names.iter().any(|n| !matches!(n, Name::Place(_)))
    }

    /// Whether a town only gives its name to what was agreed there: *Vertrag von Lissabon*, *Minsker Abkommen*, *Lissabon-Vertrag*.
    fn names_accord(&self, at: usize, found: &Found<Name>) -> bool {
        let town = |n: &Name| match n {
            Name::Place(ix) => !self.knowledge.places[ix.ix()].region,
            Name::TownAdjective(_) => true,
            Name::Seat(_) => !is_house(self.knowledge, *n),
            _ => false,
        };
        if !found.names.iter().all(town) {
            return false;
        }
        let (first, last) = (&self.pieces[at], &self.pieces[at + found.atoms - 1]);
        let sentence = &self.parsed.sentences[self.parsed.sentence_of(TokenIx(first.token)).ix()].tokens;
        let accord = |token: u32| {
            let form = self.parsed.form(TokenIx(token));
            self.knowledge.cues().compound(self.lang, CueKind::Accord, form)
        };
        if !last.last {
            return accord(last.token);
        }
        let pos = |token: u32| self.parsed.tokens[token as usize].pos;
        let of = |token: u32| {
            let form = self.parsed.form(TokenIx(token));
            self.knowledge.cues().is(self.lang, CueKind::Of, form)
        };
        let after_of = first.token >= sentence.start + 2 && of(first.token - 1) && accord(first.token - 2);
        // "Paris climate accord"
        let mut behind = (last.token + 1..sentence.end).skip_while(|t| self.lang == Lang::En && pos(*t) == Upos::Adj);
        let next = behind.next().filter(|t| matches!(pos(*t), Upos::Noun | Upos::Propn));
        let bears = self.lang == Lang::En
            || pos(last.token) == Upos::Adj
            || found.names.iter().any(|n| matches!(n, Name::TownAdjective(_)));
        after_of || bears && next.is_some_and(accord)
    }

    fn name(&mut self, at: usize, found: Found<Name>) -> usize {
        if self.names_accord(at, &found) {
            return found.atoms;
        }
        let (first, last) = (&self.pieces[at], &self.pieces[at + found.atoms - 1]);
        let tokens = first.token..last.token + 1;
        if !last.last {
            // "US-" in "US-Präsident": the rest of the word is read next.
            self.part(last.token, found.names);
            if tokens.len() > 1 {
                let names = self.scan.parts.last().map(|p| p.1.clone()).unwrap_or_default();
                self.push_name(NameHit {
                    tokens: first.token..last.token,
                    names,
                    inflected: false,
                });
            }
            return found.atoms;
        }
        self.push_name(NameHit {
            tokens,
            names: found.names,
            inflected: found.inflected,
        });
        found.atoms
    }

    fn push_name(&mut self, hit: NameHit) {
        let ix = self.scan.names.len() as u32;
        for token in hit.tokens.clone() {
            self.scan.name_at[token as usize] = Some(ix);
        }
        self.scan.names.push(hit);
    }

    fn part(&mut self, token: u32, names: Vec<Name>) {
        let useful = names.iter().any(|n| !matches!(n, Name::Place(_) | Name::Person(_)))
            || names
                .iter()
                .any(|n| matches!(n, Name::Place(ix) if self.knowledge.places[ix.ix()].region));
        if useful {
            self.scan.has_part[token as usize] = true;
            self.scan.parts.push((token, names));
        }
    }

    fn role(&mut self, at: usize, found: RoleFound, chambers: Vec<Name>) -> usize {
        let (first, last) = (&self.pieces[at], &self.pieces[at + found.atoms - 1]);
        let pos = self.parsed.tokens[last.token as usize].pos;
        let row = self.knowledge.role_at(found.role);
        let bears_names = matches!(row.kind, RoleKind::Person | RoleKind::Group);
        if found.atoms == 1 && first.first && pos == Upos::Propn && bears_names && self.is_surname(first.token) {
            return found.atoms;
        }
        // "die Liberale Partei": an adjective that might be a noun is one only without a noun after it.
        let next = self
            .pieces
            .get(at + found.atoms)
            .map(|p| self.parsed.tokens[p.token as usize].pos);
        if pos == Upos::Adj && matches!(next, Some(Upos::Noun | Upos::Propn)) && self.lang == Lang::De {
            return found.atoms;
        }
        if self.lang == Lang::En && found.atoms == 1 && !matches!(pos, Upos::Noun | Upos::Propn) {
            return found.atoms;
        }
        if self.lang == Lang::De && first.first && !matches!(pos, Upos::Noun | Upos::Propn | Upos::Adj | Upos::X) {
            return found.atoms;
        }
        let mut modifier = None;
        let federal = self.federal(&first.atom);
        if found.offset > 0 {
            let word = &first.atom;
            let bare = Atom {
                text: word.text[..found.offset].into(),
                ..word.clone()
            };
            modifier = self.modifier(&bare);
            if modifier.is_none()
                && federal.is_none()
                && let Some((_, names)) = self.knowledge.first_part(word)
            {
                let names = names.to_vec();
                self.part(first.token, names);
            }
        } else if !first.first {
            // The part before the hyphen may be a role as well: "Polizei-Sprecher".
            modifier = self
                .knowledge
                .role(self.lang, std::iter::once(&self.pieces[at - 1].atom))
                .map(|f| f.role);
        }
        if row.flags.tail && modifier.is_none() {
            self.compound(at);
            return found.atoms;
        }
        let ix = self.scan.roles.len() as u32;
        let tokens = first.token..last.token + 1;
        for token in tokens.clone() {
            self.scan.role_at[token as usize] = Some(ix);
        }
        self.scan.roles.push(RoleHit {
            tokens,
            role: found.role,
            plural: found.plural,
            feminine: found.feminine,
            modifier,
            federal,
            chambers,
            part: false,
        });
        found.atoms
    }

    /// Whether a word that is spelled like a role is a family name: after a given name, or alone without article.
    fn is_surname(&self, token: u32) -> bool {
        let sentence = self.parsed.sentence_of(TokenIx(token));
        let Some(before) = token
            .checked_sub(1)
            .filter(|b| *b >= self.parsed.sentences[sentence.ix()].tokens.start)
        else {
            return false;
        };
        let after_name = self.parsed.tokens[before as usize].pos == Upos::Propn
            && self.scan.role_at[before as usize].is_none()
            && self.scan.name_at[before as usize].is_none_or(|n| {
                self.scan.names[n as usize]
                    .names
                    .iter()
                    .all(|n| matches!(n, Name::Place(_)))
            });
        let role_of = |token: u32| self.scan.role_at[token as usize].map(|n| self.scan.roles[n as usize].role);
        let after_role = role_of(before).is_some_and(|r| {
            self.knowledge.role_at(r).kind == RoleKind::Person && self.parsed.tokens[before as usize].pos != Upos::Adj
        });
        self.lang == Lang::De && (after_name || after_role)
    }

    /// What the first part of a compound says about its role, when it is one itself (*Polizei|chef*).
    fn modifier(&self, first: &Atom) -> Option<RoleIx> {
        let bare = first.text.strip_suffix('s').unwrap_or(&first.text);
        let role = [&*first.text, bare].into_iter().find_map(|text| {
            let atom = Atom {
                text: text.into(),
                ..first.clone()
            };
            self.knowledge
                .role(self.lang, std::iter::once(&atom))
                .filter(|f| f.offset == 0)
        });
        role.map(|f| f.role)
    }

    /// The states that a first part such as *Bundes-* may mean.
    fn federal(&self, word: &Atom) -> Option<&'static str> {
        let cues = self.knowledge.cues();
        let text = &*word.text;
        let ends = text
            .char_indices()
            .map(|(at, _)| at)
            .take(LONGEST_FEDERAL)
            .collect::<Vec<_>>();
        ends.into_iter()
            .rev()
            .filter(|at| text.len() > at + 3)
            .find_map(|at| cues.note(self.lang, CueKind::Federal, &text[..at]))
    }

    /// A noun that is no role may still begin with a name or role: *Irakkrieg*, *Truppenabzug*.
    fn compound(&mut self, at: usize) {
        let piece = &self.pieces[at];
        let pos = self.parsed.tokens[piece.token as usize].pos;
        if self.lang != Lang::De || !piece.last || !matches!(pos, Upos::Noun | Upos::Propn) {
            return;
        }
        if let Some((_, names)) = self.knowledge.first_part(&piece.atom) {
            let names = names.to_vec();
            self.part(piece.token, names);
        } else if let Some(role) = self.knowledge.first_role(&piece.atom)
            && pos == Upos::Noun
        {
            self.role_part(piece.token, role);
        }
    }

    fn role_part(&mut self, token: u32, role: RoleIx) {
        self.scan.roles.push(RoleHit {
            tokens: token..token + 1,
            role,
            plural: false,
            feminine: false,
            modifier: None,
            federal: None,
            chambers: Vec::new(),
            part: true,
        });
    }
}

/// The state and organisation that a name stands for as an actor, on its own.
pub(super) fn keys(knowledge: &Knowledge, name: Name) -> (Option<&'static str>, Option<&'static str>) {
    match name {
        Name::Country(ix) | Name::Adjective(ix) | Name::Demonym(ix) => (Some(knowledge.countries[ix.ix()].key), None),
        Name::Seat(ix) => {
            let seat = &knowledge.seats[ix.ix()];
            (seat.country, seat.org)
        }
        Name::Organisation(ix) => {
            let of = &knowledge.organisations[ix.ix()];
            (of.country, of.key)
        }
        Name::Place(ix) | Name::TownAdjective(ix) | Name::RegionAdjective(ix) | Name::RegionDemonym(ix) => {
            (knowledge.places[ix.ix()].country, None)
        }
        Name::Person(_) => (None, None),
    }
}

/// Whether a name is that of a house of power, never a mere place.
pub(super) fn is_house(knowledge: &Knowledge, name: Name) -> bool {
    matches!(name, Name::Seat(ix) if knowledge.seats[ix.ix()].kind == SeatKind::House)
}
