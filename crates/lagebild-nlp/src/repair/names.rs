//! German names and bare nouns that the parser takes for parts of the phrase before them. German puts its objects behind times, places and the like,
//! and these have no article that would part the two: *kritisierte am Montag Japan*, *wollte in einer Rede Netanjahu loben*, *hat am Rande des
//! Gipfels Panzer versprochen*.

use crate::morph::{Morphology, NameKind, lines};
use lagebild_core::{Case, Dep, Number, Parsed, Token, TokenIx, Upos, VerbForm};
use std::collections::HashSet;
use std::sync::LazyLock;

/// Nouns that bear names of states and towns.
static BEARERS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| lines(include_str!("../../../../data/lang/de/bearers-of-names.txt")).collect());

/// Names of states: the lexicon does not call all of them so.
static STATES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let rows = lines(include_str!("../../../../data/knowledge/country-names.tsv"));
    let names = rows.filter_map(|row| row.split_once("\tde\tname\t"));
    names.filter_map(|(_, rest)| rest.split('\t').next()).collect()
});

/// Nouns that bare nouns may follow.
static MEASURES: LazyLock<HashSet<&str>> =
    LazyLock::new(|| lines(include_str!("../../../../data/lang/de/measure-nouns.txt")).collect());

/// Nouns for people (`true`), who bear names of people (*Präsident Putin*), and for bodies, which bear those of towns (*Landgericht Berlin*), in
/// lower case.
static ROLES: LazyLock<HashSet<(bool, String)>> = LazyLock::new(|| {
    let rows = lines(include_str!("../../../../data/knowledge/roles.de.tsv"));
    let terms = rows.flat_map(|row| {
        let person = row.split('\t').nth(4) == Some("person");
        row.split('\t').take(2).map(move |term| (person, term))
    });
    let terms = terms.filter(|(_, term)| term.len() > 2);
    terms.map(|(person, term)| (person, term.to_lowercase())).collect()
});

/// Gives verbs the names that hang on a phrase that cannot bear them.
pub(super) fn behind_phrases(parsed: &mut Parsed, morphology: &Morphology) {
    let phrases = Phrases::of(parsed, morphology);
    let mut moved = Moved::default();
    for i in 1..parsed.tokens.len() {
        if let Some((name, head, rest)) = phrases.stranger(i) {
            moved.place(parsed, &phrases.children, name, head, rest);
        }
    }
    moved.write(parsed);
}

/// Gives verbs the names and bare nouns that hang on a time. Needs the times.
pub(super) fn behind_times(parsed: &mut Parsed) {
    let children = parsed.children();
    let in_time = |t: TokenIx| {
        let span = parsed.token(t).span;
        parsed.times.iter().any(|time| time.span.contains(span))
    };
    let mut moved = Moved::default();
    for i in 1..parsed.tokens.len() {
        let name = TokenIx::from(i);
        let word = parsed.token(name);
        let Some(time) = word.head.filter(|&h| hung(parsed, name) && h < name) else {
            continue;
        };
        let words = children[i].iter().filter(|c| parsed.token(**c).pos != Upos::Punct);
        let Some(before) = words.fold(name, |first, c| first.min(*c)).0.checked_sub(1) else {
            continue;
        };
        let marked = |c: &TokenIx| matches!(parsed.token(*c).dep, Dep::Case | Dep::Det | Dep::DetPoss);
        let bare = matches!(word.pos, Upos::Propn | Upos::Noun) && !children[i].iter().any(marked);
        if bare && !in_time(name) && in_time(time) && in_time(TokenIx(before)) {
            moved.place(parsed, &children, name, time, rest_of_name(parsed, name, time));
        }
    }
    moved.write(parsed);
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

    /// Whether a noun or its last part is one of `nouns`.
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
        self.ends_with(noun, |end| ROLES.contains(&(person, end.to_owned())))
    }

    fn kind(&self, name: TokenIx, rest: &[TokenIx]) -> Option<Kind> {
        let person = || !rest.is_empty() || self.is(name, &[NameKind::Family, NameKind::Person]);
        match self.parsed.token(name).pos {
            Upos::Noun => (!self.is_owner(name)).then_some(Kind::Thing),
            Upos::Propn if self.is_state(name) => Some(Kind::State),
            Upos::Propn if self.is(name, &[NameKind::Town]) => Some(Kind::Town),
            Upos::Propn => person().then_some(Kind::Person),
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
        if joined || self.has(name, &[Dep::Case, Dep::Det, Dep::DetPoss, Dep::Conj]) {
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
        let apart = !self.fronted(last) && !bears && !self.can_bear(head, before, kind);
        apart.then_some((name, head, rest))
    }

    /// Whether a word is the genitive of a state's name.
    fn is_genitive(&self, word: TokenIx) -> bool {
        let form = self.parsed.form(word);
        let of_state = |a: &crate::morph::Analysis| a.name == Some(NameKind::Country);
        form.strip_suffix('s')
            .is_some_and(|stem| STATES.contains(stem) || self.morphology.analyses(form).iter().any(of_state))
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
                    Kind::Town => role(false) || !inner && !role(true),
                    Kind::Person => !several && (role(true) || !inner),
                    Kind::Thing => !inner || self.ends_with(head, |end| MEASURES.contains(end)),
                }
            }
            Upos::Propn => {
                let place = self.is_state(head) || self.is(head, &[NameKind::Town, NameKind::Region]);
                match kind {
                    Kind::State => false,
                    Kind::Town => !(place || word.dep == Dep::Flat),
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
        word.pos == Upos::Propn && hung(parsed, *t) && word.head.is_some_and(|h| h == head || h == name)
    };
    words.take_while(part).collect()
}

/// A name, its verb, what it is of it, and the other words of the name.
type Place = (TokenIx, TokenIx, Dep, Vec<TokenIx>);

/// Names that were taken for parts of the phrases before them, and what they are instead.
#[derive(Default)]
struct Moved(Vec<Place>);

impl Moved {
    /// Finds a place for `name` at the verb above `head`: the subject if it has none, else the object, else, before the object, the receiver.
    fn place(&mut self, parsed: &Parsed, children: &[Vec<TokenIx>], name: TokenIx, head: TokenIx, rest: Vec<TokenIx>) {
        let above = std::iter::successors(parsed.token(head).head, |&t| parsed.token(t).head);
        let Some(verb) = above.take(4).find(|&t| parsed.token(t).pos == Upos::Verb) else {
            return;
        };
        let find = |deps: &[Dep]| {
            let mut below = children[verb.ix()].iter().copied();
            below.find(|c| deps.contains(&parsed.token(*c).dep))
        };
        let taken = |dep: Dep| self.0.iter().any(|m| m.1 == verb && m.2 == dep);
        let passive = find(&[Dep::NsubjPass, Dep::AuxPass]).is_some();
        let subject = find(&[Dep::Nsubj, Dep::NsubjPass, Dep::Csubj, Dep::Expl]).is_some();
        let dep = match (subject || taken(Dep::Nsubj), find(&[Dep::Obj])) {
            (false, _) if passive => Dep::NsubjPass,
            (false, _) => Dep::Nsubj,
            (true, None) if !passive && !taken(Dep::Obj) => Dep::Obj,
            (true, Some(object)) if !passive && object > name => Dep::OblArg,
            _ => return,
        };
        self.0.push((name, verb, dep, rest));
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
                (part.head, part.dep) = (Some(name), Dep::Flat);
            }
        }
    }
}
