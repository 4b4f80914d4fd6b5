//! German names and bare nouns that the parser takes for parts of the phrase before them. German puts its objects behind times, places and the like,
//! and these have no article that would part the two: *kritisierte am Montag Japan*, *wollte in einer Rede Netanjahu loben*, *hat am Rande des
//! Gipfels Panzer versprochen*.

use super::{OFFICE_HOLDERS, country_names, is_subject, office_holders};
use crate::morph::{Analysis, Morphology, NameKind, Source, lines};
use lagebild_core::{Case, Dep, Number, Parsed, Token, TokenIx, Upos, VerbForm};
use std::collections::HashSet;
use std::sync::LazyLock;

/// Nouns that bear names of states and towns.
static BEARERS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| lines(include_str!("../../../../data/lang/de/bearers-of-names.txt")).collect());

/// Names of states: the lexicon does not call all of them so.
static STATES: LazyLock<HashSet<&str>> = LazyLock::new(|| country_names("\tde\tname\t"));

/// Stems of the adjectives of states, in lower case.
static STATE_ADJECTIVES: LazyLock<HashSet<&str>> = LazyLock::new(|| country_names("\tde\tadjective\t"));

/// Nouns that bare nouns may follow.
static MEASURES: LazyLock<HashSet<&str>> =
    LazyLock::new(|| lines(include_str!("../../../../data/lang/de/measure-nouns.txt")).collect());

/// Nouns for bodies, which bear names of towns (*Landgericht Berlin*), and for people, who bear those of people (*Präsident Putin*), in lower case.
static ROLES: LazyLock<[HashSet<String>; 2]> = LazyLock::new(|| {
    let mut roles = [HashSet::new(), HashSet::new()];
    for row in lines(include_str!("../../../../data/knowledge/roles.de.tsv")) {
        let person = row.split('\t').nth(4) == Some("person");
        let terms = row.split('\t').take(2).filter(|term| term.len() > 2);
        roles[usize::from(person)].extend(terms.map(str::to_lowercase));
    }
    roles
});

/// Nouns for offices of one holder, which stand before his name (*Präsident Macron*), in lower case.
static OFFICES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let rows = lines(include_str!("../../../../data/knowledge/roles.de.tsv"));
    let offices = rows.filter(|row| {
        row.split('\t')
            .nth(6)
            .is_some_and(|flags| flags.split(';').any(|f| f == "office"))
    });
    offices
        .filter_map(|row| row.split('\t').next())
        .map(str::to_lowercase)
        .collect()
});

/// Organisations and armed groups that go by one word, in lower case.
static BODIES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let organisations = lines(include_str!("../../../../data/knowledge/organisations.tsv")).map(|row| (row, 7));
    let groups = lines(include_str!("../../../../data/knowledge/armed-groups.tsv")).map(|row| (row, 6));
    let names = organisations.chain(groups).flat_map(|(row, german)| {
        let cells: Vec<&str> = row.split('\t').collect();
        [german, german + 2].map(|cell| cells.get(cell).copied().unwrap_or_default())
    });
    let names = names.flat_map(|cell| cell.split(';'));
    let names = names.filter(|name| !name.is_empty() && !name.contains(' '));
    names.map(str::to_lowercase).collect()
});

/// Towns and houses that stand for the power that sits there, of one word.
static SEATS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let names = lines(include_str!("../../../../data/knowledge/metonyms.tsv")).filter_map(|row| row.split('\t').next());
    names.filter(|name| !name.contains(' ')).collect()
});

/// Words that follow each other in the name of an office-holder (*Meles Zenawi*).
static NEIGHBOURS: LazyLock<HashSet<[&str; 2]>> = LazyLock::new(|| {
    let names = office_holders().flat_map(|[name, aliases]| aliases.split(';').chain([name]));
    let neighbours = names.flat_map(|name| name.split(' ').zip(name.split(' ').skip(1)));
    neighbours.map(|(first, second)| [first, second]).collect()
});

/// Times that belong to somebody: *am Jahrestag der DDR*.
static OWNED_TIMES: LazyLock<HashSet<&str>> =
    LazyLock::new(|| lines(include_str!("../../../../data/lang/de/owned-times.txt")).collect());

/// Gives verbs the names that hang on a phrase that cannot bear them.
pub(super) fn behind_phrases(parsed: &mut Parsed, morphology: &Morphology) {
    let phrases = Phrases::of(parsed, morphology);
    let mut moved = Moved::default();
    for i in 1..parsed.tokens.len() {
        if let Some((name, head, rest)) = phrases.stranger(i) {
            moved.place(&phrases, name, head, rest);
        }
    }
    moved.write(parsed);
}

/// Gives verbs the names and bare nouns that hang on a time. Needs times and lemmas.
pub(super) fn behind_times(parsed: &mut Parsed, morphology: &Morphology) {
    let phrases = Phrases::of(parsed, morphology);
    let children = &phrases.children;
    let in_time = |t: TokenIx| super::in_time(parsed, t);
    let mut moved = Moved::default();
    for (i, below) in children.iter().enumerate().skip(1) {
        let name = TokenIx::from(i);
        let word = parsed.token(name);
        let Some(time) = word.head.filter(|&h| hung(parsed, name) && h < name) else {
            continue;
        };
        let Some(before) = first_word(parsed, children, name, name).0.checked_sub(1) else {
            continue;
        };
        // "hat vergangene Woche der Ukraine gedroht", "hat in Genf der polnischen Regierung gedroht": neither weeks nor towns have owners.
        let article =
            |c: &TokenIx| parsed.token(*c).dep == Dep::Det && matches!(parsed.form(*c), "der" | "dem" | "den");
        let dative = below.iter().any(article) && !below.iter().any(|c| parsed.token(*c).dep == Dep::Case);
        let ownerless = in_time(time) && !OWNED_TIMES.contains(parsed.lemma(time))
            || phrases.is(time, &[NameKind::Town]) && phrases.has(time, &[Dep::Case]);
        let of_state = |c: &TokenIx| parsed.token(*c).dep == Dep::Amod && is_of_state(parsed.form(*c));
        let somebody = word.pos == Upos::Propn || word.pos == Upos::Noun && below.iter().any(of_state);
        if dative && somebody && ownerless {
            moved.receive(parsed, name, time);
            continue;
        }
        let marked = |c: &TokenIx| matches!(parsed.token(*c).dep, Dep::Case | Dep::Det | Dep::DetPoss);
        let bare = matches!(word.pos, Upos::Propn | Upos::Noun) && !below.iter().any(marked);
        if bare && !in_time(name) && in_time(time) && in_time(TokenIx(before)) {
            moved.place(&phrases, name, time, rest_of_name(parsed, name, time));
        }
    }
    moved.write(parsed);
}

/// Gives verbs with a receiver the bare noun that was taken for something else as their object: *hat Israel Panzer geliefert*, *lieferte der Ukraine laut
/// einem Bericht Munition*. Needs the times.
pub(super) fn bare_objects(parsed: &mut Parsed, morphology: &Morphology) {
    let phrases = Phrases::of(parsed, morphology);
    let children = &phrases.children;
    let dep = |t: TokenIx| parsed.token(t).dep;
    let common = |t: TokenIx| phrases.is_common(t);
    let in_time = |t: TokenIx| super::in_time(parsed, t);
    let mut moved: Vec<(TokenIx, TokenIx, Option<TokenIx>)> = Vec::new();
    for (i, below) in children.iter().enumerate() {
        let verb = TokenIx::from(i);
        if parsed.token(verb).pos != Upos::Verb || phrases.has(verb, &[Dep::AuxPass, Dep::NsubjPass, Dep::Cop]) {
            continue;
        }
        let object = below.iter().copied().find(|&c| dep(c) == Dep::Obj);
        let named = object.filter(|&o| {
            let rest = rest_of_name(parsed, o, o);
            parsed.token(o).pos == Upos::Propn && phrases.kind(o, &rest).is_some()
        });
        let receiver = below
            .iter()
            .copied()
            .find(|&c| matches!(dep(c), Dep::OblArg | Dep::Iobj));
        let Some(receiver) = named.or(receiver.filter(|r| object.is_none() && !common(*r))) else {
            continue;
        };
        let bare = |t: TokenIx| {
            let marked = [Dep::Case, Dep::Det, Dep::DetPoss, Dep::Nummod, Dep::Cc];
            common(t) && !phrases.has(t, &marked) && !in_time(t) && !phrases.is_owner(t) && t > receiver
        };
        let of_receiver = children[receiver.ix()].iter().copied().filter(|&c| dep(c) == Dep::Flat);
        let of_verb = below
            .iter()
            .copied()
            .filter(|&c| matches!(dep(c), Dep::Obl | Dep::OblArg | Dep::Xcomp));
        let measure = |t: TokenIx| phrases.ends_with(t, |end| MEASURES.contains(end));
        // "Peter Hahn" got none.
        let surname = |t: TokenIx| t.0 == receiver.0 + 1 && phrases.is(receiver, &[NameKind::First]);
        if let Some(noun) = of_receiver
            .chain(of_verb)
            .find(|&t| t != receiver && bare(t) && !measure(t) && !surname(t))
        {
            moved.push((noun, verb, Some(receiver).filter(|r| dep(*r) == Dep::Obj)));
        }
    }
    for (noun, verb, receiver) in moved {
        let word = &mut parsed.tokens[noun.ix()];
        (word.head, word.dep, word.pos) = (Some(verb), Dep::Obj, Upos::Noun);
        if let Some(receiver) = receiver {
            parsed.tokens[receiver.ix()].dep = Dep::OblArg;
            parsed.tokens[receiver.ix()].morph.case = Some(Case::Dat);
        }
    }
}

fn is_body(form: &str) -> bool {
    BODIES.contains(&form.to_lowercase())
}

/// Whether a form is one of the adjective of a state.
pub(super) fn is_of_state(form: &str) -> bool {
    let endings = ["en", "er", "em", "es", "e"];
    let stem = endings.iter().find_map(|e| form.strip_suffix(e));
    stem.is_some_and(|stem| STATE_ADJECTIVES.contains(stem))
}

/// Gives passive clauses the doer that hangs on a subject that has its state already: *wurde die polnische Regierung von Nordkorea bedroht*.
pub(super) fn agents(parsed: &mut Parsed) {
    let children = parsed.children();
    let dep = |t: &TokenIx| parsed.token(*t).dep;
    let of_state = |t: &TokenIx| {
        let form = parsed.form(*t);
        match dep(t) {
            Dep::Amod => is_of_state(form),
            _ => form.strip_suffix('s').is_some_and(|stem| STATES.contains(stem)),
        }
    };
    let mut agents = Vec::new();
    for (i, below) in children.iter().enumerate() {
        let passive = below.iter().any(|c| dep(c) == Dep::AuxPass) && !below.iter().any(|c| dep(c) == Dep::OblAgent);
        let Some(subject) = below.iter().find(|c| passive && dep(c) == Dep::NsubjPass) else {
            continue;
        };
        let named = parsed.token(*subject).pos == Upos::Propn || children[subject.ix()].iter().any(of_state);
        let by = |c: &TokenIx| dep(c) == Dep::Case && matches!(parsed.form(*c), "von" | "vom");
        let hung = |phrase: &TokenIx| {
            let mut below = children[phrase.ix()].iter();
            below
                .find(|c| dep(c) == Dep::Nmod && children[c.ix()].iter().any(by))
                .copied()
        };
        // "wurde nach eigenen Angaben von der Nato angegriffen": what has an owner has no other.
        let own = |c: &TokenIx| dep(c) == Dep::Amod && parsed.form(*c).starts_with("eigen");
        let mut beside = below
            .iter()
            .filter(|c| dep(c) == Dep::Obl && children[c.ix()].iter().any(own));
        let agent = hung(subject).filter(|_| named).or_else(|| beside.find_map(hung));
        agents.extend(agent.map(|agent| (agent, TokenIx::from(i))));
    }
    for (agent, verb) in agents {
        (parsed.tokens[agent.ix()].head, parsed.tokens[agent.ix()].dep) = (Some(verb), Dep::OblAgent);
    }
}

/// Hangs names on the noun right before them that bears them, where they were taken for a part of the clause: *nach Angaben der Nachrichtenagentur **AFP***, *wollte
/// Bundeskanzler **Scholz** Moskau kritisieren*.
pub(super) fn borne_names(parsed: &mut Parsed, morphology: &Morphology) {
    static MEDIA: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        let rows = lines(include_str!("../../../../data/knowledge/media.tsv"));
        let names = rows.flat_map(|row| {
            row.split('\t')
                .take(2)
                .chain(row.split('\t').nth(5).into_iter().flat_map(|cell| cell.split(';')))
        });
        names.filter(|name| !name.is_empty() && !name.contains(' ')).collect()
    });
    let phrases = Phrases::of(parsed, morphology);
    let mut borne = Vec::new();
    for i in 1..parsed.tokens.len() {
        let (noun, name) = (TokenIx::from(i - 1), TokenIx::from(i));
        let (bearer, word) = (parsed.token(noun), parsed.token(name));
        let argument = matches!(word.dep, Dep::Obj | Dep::OblArg | Dep::Iobj | Dep::Nsubj);
        if bearer.pos != Upos::Noun
            || word.pos != Upos::Propn
            || !argument
            || phrases.has(noun, &[Dep::Flat, Dep::Appos])
        {
            continue;
        }
        let medium =
            phrases.is_role(noun, false) && MEDIA.contains(parsed.form(name)) && phrases.has(noun, &[Dep::Det]);
        // Somebody else hangs on him, who takes his place.
        let other = phrases.children[i]
            .iter()
            .copied()
            .find(|c| c.ix() == i + 1 && parsed.token(*c).dep == Dep::Flat);
        let other = other.filter(|&o| phrases.is_state(o) || phrases.is(o, &[NameKind::Town, NameKind::First]));
        let titled = is_subject(bearer.dep)
            && word.head == bearer.head
            && phrases.is_role(noun, true)
            && OFFICE_HOLDERS.contains(parsed.form(name))
            && other.is_some();
        if medium || titled {
            borne.push((noun, name, other.filter(|_| titled)));
        }
    }
    for (noun, name, other) in borne {
        if let Some(other) = other {
            let (head, dep) = (parsed.tokens[name.ix()].head, parsed.tokens[name.ix()].dep);
            (parsed.tokens[other.ix()].head, parsed.tokens[other.ix()].dep) = (head, dep);
        }
        (parsed.tokens[name.ix()].head, parsed.tokens[name.ix()].dep) = (Some(noun), Dep::Appos);
    }
}

/// Makes genitives of the names of people that were taken for the name of what is theirs: *den Vorschlag **Netanjahus***, *die Gespräche **Präsident
/// Macrons***.
pub(super) fn genitives(parsed: &mut Parsed, morphology: &Morphology) {
    let phrases = Phrases::of(parsed, morphology);
    let mut owners = Vec::new();
    for i in 1..parsed.tokens.len() {
        let (before, first) = (TokenIx::from(i - 1), TokenIx::from(i));
        let word = parsed.token(first);
        let office = |end: &str| OFFICES.contains(end);
        let role =
            word.pos == Upos::Noun && phrases.ends_with(first, office) && !phrases.has(first, &[Dep::Det, Dep::Case]);
        let thing = match word.dep {
            Dep::Appos | Dep::Flat => word.head.filter(|h| *h < first),
            _ => Some(before).filter(|_| role && parsed.token(before).pos == Upos::Noun),
        };
        let Some(thing) = thing else { continue };
        let name = if role { TokenIx::from(i + 1) } else { first };
        if name.ix() >= parsed.tokens.len() || parsed.token(name).pos != Upos::Propn {
            continue;
        }
        let rest = rest_of_name(parsed, name, thing);
        let last = rest.last().copied().unwrap_or(name);
        let known = |stem: &str| {
            let surname =
                |a: &Analysis| matches!(a.name, Some(NameKind::Family | NameKind::Person)) && *a.lemma == *stem;
            OFFICE_HOLDERS.contains(stem) || morphology.analyses(stem).iter().any(surname)
        };
        let form = parsed.form(last);
        let genitive = form.strip_suffix('s').is_some_and(known) && !OFFICE_HOLDERS.contains(form);
        let owned = parsed.token(thing).pos == Upos::Noun && !phrases.bears(thing);
        let person = phrases.is_role(thing, true) && parsed.token(thing).morph.number != Some(Number::Plur);
        if genitive && owned && !person {
            owners.push((first, name, thing));
        }
    }
    for (first, name, thing) in owners {
        let word = &mut parsed.tokens[first.ix()];
        (word.head, word.dep, word.morph.case) = (Some(thing), Dep::Nmod, Some(Case::Gen));
        if name != first {
            let word = &mut parsed.tokens[name.ix()];
            (word.head, word.dep, word.morph.case) = (Some(first), Dep::Appos, Some(Case::Gen));
        }
    }
}

/// Whether a noun names somebody who may act: a state, town or person, an office or body.
pub(super) fn may_act(parsed: &Parsed, morphology: &Morphology, noun: TokenIx) -> bool {
    let phrases = Phrases::of(parsed, morphology);
    match parsed.token(noun).pos {
        Upos::Propn => phrases.kind(noun, &rest_of_name(parsed, noun, noun)).is_some(),
        _ => phrases.is_role(noun, false) || phrases.is_role(noun, true),
    }
}

/// What a name may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    State,
    Town,
    Person,
    /// A bare common noun.
    Thing,
}

/// The phrases of a text, asked which names they can bear.
struct Phrases<'p> {
    parsed: &'p Parsed,
    morphology: &'p Morphology,
    children: Vec<Vec<TokenIx>>,
}

impl<'p> Phrases<'p> {
    fn of(parsed: &'p Parsed, morphology: &'p Morphology) -> Self {
        Self {
            parsed,
            morphology,
            children: parsed.children(),
        }
    }

    fn has(&self, word: TokenIx, deps: &[Dep]) -> bool {
        let mut below = self.children[word.ix()].iter();
        below.any(|c| deps.contains(&self.parsed.token(*c).dep))
    }

    /// Whether a word in its base form is a name of one of these kinds.
    fn is(&self, word: TokenIx, kinds: &[NameKind]) -> bool {
        let form = self.parsed.form(word);
        let analyses = self.morphology.analyses(form);
        let fits = |kind: NameKind| kinds.contains(&kind);
        analyses.iter().any(|a| a.name.is_some_and(fits) && *a.lemma == *form)
    }

    fn is_state(&self, word: TokenIx) -> bool {
        STATES.contains(self.parsed.form(word)) || self.is(word, &[NameKind::Country])
    }

    /// Whether a word is a common noun, or a name that is one too: *Panzer*.
    fn is_common(&self, word: TokenIx) -> bool {
        let analyses = self.morphology.analyses(self.parsed.form(word));
        let noun = |a: &Analysis| a.pos == Upos::Noun && a.name.is_none() && a.source == Source::Lexicon;
        self.parsed.token(word).pos == Upos::Noun || analyses.iter().any(noun)
    }

    /// Whether a noun or its last part is one that `is_one` takes.
    fn ends_with(&self, noun: TokenIx, is_one: impl Fn(&str) -> bool) -> bool {
        let form = self.parsed.form(noun).to_lowercase();
        let endings = ["innen", "in", "es", "s", "n"];
        let bare = endings.iter().find_map(|e| form.strip_suffix(e)).unwrap_or(&form);
        let mut ends = form.char_indices().map(|(at, _)| at);
        ends.any(|at| is_one(&form[at..]) || bare.get(at..).is_some_and(&is_one))
    }

    fn bears(&self, noun: TokenIx) -> bool {
        !self.is_state(noun) && self.ends_with(noun, |end| BEARERS.contains(end))
    }

    fn is_role(&self, noun: TokenIx, person: bool) -> bool {
        self.ends_with(noun, |end| ROLES[usize::from(person)].contains(end))
    }

    fn kind(&self, name: TokenIx, rest: &[TokenIx]) -> Option<Kind> {
        let person = || {
            let known = OFFICE_HOLDERS.contains(self.parsed.form(name));
            known || !rest.is_empty() || self.is(name, &[NameKind::Family, NameKind::Person])
        };
        match self.parsed.token(name).pos {
            Upos::Noun => (!self.is_owner(name)).then_some(Kind::Thing),
            Upos::Propn if self.is_state(name) => Some(Kind::State),
            Upos::Propn if self.is(name, &[NameKind::Town]) => Some(Kind::Town),
            Upos::Propn if person() => Some(Kind::Person),
            Upos::Propn => (self.is_common(name) && !is_body(self.parsed.form(name))).then_some(Kind::Thing),
            _ => None,
        }
    }

    /// Whether a noun without article shows by an adjective that it is a genitive: *die Bekämpfung rechtsextremer Gewalt*.
    fn is_owner(&self, noun: TokenIx) -> bool {
        let mut below = self.children[noun.ix()].iter();
        below.any(|c| self.parsed.token(*c).dep == Dep::Amod && self.parsed.form(*c).ends_with("er"))
    }

    /// The name or noun at `i` that hangs on the phrase before it though that cannot bear it, with the word on which it hangs and the other words
    /// of the name.
    fn stranger(&self, i: usize) -> Option<(TokenIx, TokenIx, Vec<TokenIx>)> {
        let parsed = self.parsed;
        let (name, before) = (TokenIx::from(i), TokenIx::from(i - 1));
        // "Ungarns Regierung": the owner stands before the noun that hangs.
        let owner = Some(before).filter(|&b| i > 1 && parsed.token(b).head == Some(name) && self.is_genitive(b));
        let first = first_word(parsed, &self.children, owner.unwrap_or(name), name);
        let before = TokenIx(first.0.checked_sub(1)?);
        let head = parsed.token(name).head.filter(|&h| hung(parsed, name) && h < first)?;
        let joined = [Upos::Punct, Upos::Cconj, Upos::Adp, Upos::Det].contains(&parsed.token(before).pos);
        let body = is_body(parsed.form(name));
        // "in Wien Israel und Belarus"
        let shared = self.has(name, &[Dep::Conj]) && !self.is_state(name);
        if joined || body || shared || self.has(name, &[Dep::Case, Dep::Det, Dep::DetPoss]) {
            return None;
        }
        let rest = rest_of_name(parsed, name, head);
        let kind = match owner {
            Some(_) if parsed.token(name).pos == Upos::Noun => Kind::State,
            Some(_) => return None,
            None => self.kind(name, &rest)?,
        };
        let last = rest.last().copied().unwrap_or(name);
        let bears = self.bears(head) || self.bears(before);
        let second = kind == Kind::Person && self.is_second(name, before, head, &rest);
        let apart = !self.fronted(last) && !bears && (second || !self.can_bear(head, before, kind));
        apart.then_some((name, head, rest))
    }

    /// Whether the full name of a person stands behind a body or another person that has a name already: *hat die Nato **Wladimir Putin** verurteilt*,
    /// *machte Joe Biden **Wladimir Putin** verantwortlich*.
    fn is_second(&self, name: TokenIx, before: TokenIx, head: TokenIx, rest: &[TokenIx]) -> bool {
        let first = self.is(name, &[NameKind::First]) && !rest.is_empty();
        let known = OFFICE_HOLDERS.contains(self.parsed.form(name));
        let body = |t: TokenIx| {
            let form = self.parsed.form(t);
            let acronym = form.len() > 1 && form.chars().all(char::is_uppercase);
            acronym || is_body(form) || SEATS.contains(form) || self.is_state(t) || self.is(t, &[NameKind::Town])
        };
        // "der Führer der Hisbollah Hassan Nasrallah", but "nach Angaben der Hisbollah"
        let inside = |t: &TokenIx| {
            matches!(
                self.parsed.token(*t).dep,
                Dep::Nmod | Dep::Appos | Dep::Flat | Dep::Conj
            )
        };
        let above = std::iter::successors(Some(head), |t| self.parsed.token(*t).head.filter(|_| inside(t)));
        let of_nobody = above.take(6).all(|t| !self.is_role(t, true));
        let surname = |t: TokenIx| {
            let form = self.parsed.form(t);
            // "Außenministerin Baerbock Emmanuel Macron"
            let titled = t.0 == head.0 + 1 && self.is_role(head, true);
            self.parsed.token(t).pos == Upos::Propn
                && (OFFICE_HOLDERS.contains(form) || titled || self.is(t, &[NameKind::Family]))
                && !self.is(t, &[NameKind::First])
        };
        // "Wladimir Wladimirowitsch Putin" is one.
        let named =
            surname(before) && (first && !surname(name) || known && OFFICE_HOLDERS.contains(self.parsed.form(before)));
        let one = NEIGHBOURS.contains(&[self.parsed.form(before), self.parsed.form(name)]);
        !one && (first || known)
            && (of_nobody && before == head && (body(head) || self.is_role(head, false) && self.has_state(head))
                || named)
    }

    /// Whether a word is the genitive of a state's name.
    fn is_genitive(&self, word: TokenIx) -> bool {
        let form = self.parsed.form(word);
        let of_state = |a: &Analysis| a.name == Some(NameKind::Country);
        form.strip_suffix('s')
            .is_some_and(|stem| STATES.contains(stem) || self.morphology.analyses(form).iter().any(of_state))
    }

    /// Whether a noun has the adjective or genitive of a state.
    fn has_state(&self, noun: TokenIx) -> bool {
        let mut below = self.children[noun.ix()].iter();
        below.any(|c| match self.parsed.token(*c).dep {
            Dep::Amod => is_of_state(self.parsed.form(*c)),
            _ => *c < noun && self.is_genitive(*c),
        })
    }

    /// Whether a phrase with this head, which ends at `end`, may bear a name of this kind.
    fn can_bear(&self, head: TokenIx, end: TokenIx, kind: Kind) -> bool {
        let word = self.parsed.token(head);
        match word.pos {
            Upos::Noun => {
                let several = word.morph.number == Some(Number::Plur) && self.has(head, &[Dep::Det]);
                // In a prepositional phrase or genitive.
                let inner = self.has(head, &[Dep::Case]) || word.dep == Dep::Nmod;
                let role = |person: bool| self.is_role(head, person) || self.is_role(end, person);
                match kind {
                    Kind::State => false,
                    // "das polnische Ministerium" has its state.
                    Kind::Town if self.has_state(head) => false,
                    Kind::Town => role(false) || !inner && !role(true),
                    // Bodies bear any name: "die Nachrichtenagentur AFP".
                    Kind::Person => !several && (role(true) || role(false) || !inner),
                    Kind::Thing => !inner || self.ends_with(head, |end| MEASURES.contains(end)),
                }
            }
            Upos::Propn => {
                let place = self.is_state(head) || self.is(head, &[NameKind::Town, NameKind::Region]);
                match kind {
                    Kind::State => false,
                    Kind::Town if is_body(self.parsed.form(head)) => !is_subject(word.dep),
                    Kind::Town => !(place || matches!(word.dep, Dep::Flat | Dep::Appos)),
                    Kind::Person => !(place && self.has(head, &[Dep::Case])),
                    Kind::Thing => true,
                }
            }
            _ => false,
        }
    }

    /// Whether a phrase that ends at `last` stands before the finite verb of a main clause, where there is but one: *Greenpeace Russland protestierte*.
    fn fronted(&self, last: TokenIx) -> bool {
        let next = TokenIx(last.0 + 1);
        let finite = |t: &Token| matches!(t.pos, Upos::Verb | Upos::Aux) && t.morph.form == Some(VerbForm::Fin);
        // In a clause that is not one, its verb comes last.
        let main = |t: &Token| {
            let verb = if t.pos == Upos::Aux { t.head } else { Some(next) };
            verb.is_some_and(|v| !self.has(v, &[Dep::Mark]))
        };
        let word = self.parsed.tokens.get(next.ix());
        word.is_some_and(|t| finite(t) && main(t))
    }
}

/// The first of `first` and the words that hang on `noun`, but for commas.
fn first_word(parsed: &Parsed, children: &[Vec<TokenIx>], first: TokenIx, noun: TokenIx) -> TokenIx {
    let words = children[noun.ix()]
        .iter()
        .filter(|c| parsed.token(**c).pos != Upos::Punct);
    words.fold(first, |first, c| first.min(*c))
}

/// Whether a word is taken for a part of the name or phrase before it.
fn hung(parsed: &Parsed, word: TokenIx) -> bool {
    let dep = parsed.token(word).dep;
    matches!(dep, Dep::Flat | Dep::Appos | Dep::Nmod | Dep::Compound)
}

/// The words after `name` that hang on `head` as it does, or on itself, as parts of a name.
fn rest_of_name(parsed: &Parsed, name: TokenIx, head: TokenIx) -> Vec<TokenIx> {
    let words = (name.ix() + 1..parsed.tokens.len()).map(TokenIx::from);
    let part = |t: &TokenIx| {
        let word = parsed.token(*t);
        word.pos == Upos::Propn && hung(parsed, *t) && word.head.is_some_and(|h| h == head || h <= name && h > head)
    };
    words.take_while(part).collect()
}

/// A name, its verb, what it is of it, and the other words of the name and what is coordinated with it.
type Place = (TokenIx, TokenIx, Dep, Vec<TokenIx>);

/// Names that were taken for parts of the phrases before them, and what they are instead.
#[derive(Default)]
struct Moved(Vec<Place>);

impl Moved {
    /// Finds a place for `name` at the verb above `head`: the subject if it has none, else the object, else, before the object, the receiver. A thing
    /// behind a name that was taken for the object is the object itself.
    fn place(&mut self, phrases: &Phrases<'_>, name: TokenIx, head: TokenIx, rest: Vec<TokenIx>) {
        let parsed = phrases.parsed;
        let above = std::iter::successors(parsed.token(head).head, |&t| parsed.token(t).head);
        let Some(verb) = above.take(4).find(|&t| parsed.token(t).pos == Upos::Verb) else {
            return;
        };
        let find = |deps: &[Dep]| {
            let mut below = phrases.children[verb.ix()].iter().copied();
            below.find(|c| deps.contains(&parsed.token(*c).dep))
        };
        let taken = |dep: Dep| self.0.iter().any(|m| m.1 == verb && m.2 == dep);
        let passive = find(&[Dep::NsubjPass, Dep::AuxPass]).is_some();
        let subject = find(&[Dep::Nsubj, Dep::NsubjPass, Dep::Csubj, Dep::Expl]).is_some();
        let receives = |object: TokenIx| phrases.kind(object, &[]).is_some_and(|kind| kind != Kind::Thing);
        let dep = match (subject || taken(Dep::Nsubj), find(&[Dep::Obj])) {
            (false, _) if passive => Dep::NsubjPass,
            (false, _) => Dep::Nsubj,
            (true, _) if passive => return,
            (true, None) if !taken(Dep::Obj) => Dep::Obj,
            (true, Some(object)) if object > name => Dep::OblArg,
            (true, Some(object)) if phrases.is_common(name) && receives(object) && !taken(Dep::OblArg) => {
                self.0.push((object, verb, Dep::OblArg, Vec::new()));
                Dep::Obj
            }
            _ => return,
        };
        // "kritisierte am Montag Japan und Belarus": both hung on the day.
        let last = rest.last().copied().unwrap_or(name);
        let coordinated = phrases.children[head.ix()].iter().copied();
        let also =
            coordinated.filter(|&c| c > last && parsed.token(c).dep == Dep::Conj && !phrases.has(c, &[Dep::Case]));
        let parts = rest.into_iter().chain(also).collect();
        self.0.push((name, verb, dep, parts));
    }

    /// Makes `name` the receiver at the verb above `head`.
    fn receive(&mut self, parsed: &Parsed, name: TokenIx, head: TokenIx) {
        let above = std::iter::successors(parsed.token(head).head, |&t| parsed.token(t).head);
        let verb = above.take(3).find(|v| parsed.token(*v).pos == Upos::Verb);
        self.0.extend(verb.map(|verb| (name, verb, Dep::OblArg, Vec::new())));
    }

    fn write(self, parsed: &mut Parsed) {
        for (name, verb, dep, rest) in self.0 {
            let case = match dep {
                Dep::Obj => Case::Acc,
                Dep::OblArg => Case::Dat,
                _ => Case::Nom,
            };
            let word = &mut parsed.tokens[name.ix()];
            (word.head, word.dep) = (Some(verb), dep);
            word.morph.case = Some(case);
            for part in rest {
                let part = &mut parsed.tokens[part.ix()];
                part.head = Some(name);
                if part.dep != Dep::Conj {
                    part.dep = Dep::Flat;
                }
            }
        }
    }
}
