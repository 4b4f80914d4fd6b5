//! The words around amounts of a language, as data files list them.

use crate::times::atoms::{Atom, atoms};
use lagebild_core::{Lang, Modifier, QuantityKind, Span};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

type Lists = HashMap<String, Vec<String>>;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    modifiers: Lists,
    ranges: Lists,
    nouns: Lists,
    verbs_object: Lists,
    verbs_subject: Lists,
    forms: Lists,
    forms_before: Lists,
    attributes: Lists,
    acts: Lists,
    currencies: Lists,
    signs: Lists,
    words: Lists,
}

/// Phrases by their first word, longest first: the texts of the other atoms, and what the phrase means.
type Phrases<T> = HashMap<String, Vec<(Vec<String>, T)>>;

/// The words around amounts of one language.
pub(crate) struct Vocabulary {
    /// By the last word, the words before it in reverse: modifiers are looked up from the number backwards.
    modifiers: Phrases<Modifier>,
    between: HashSet<String>,
    to: HashSet<String>,
    pub(crate) nouns: HashMap<String, QuantityKind>,
    pub(crate) verbs_object: HashMap<String, QuantityKind>,
    pub(crate) verbs_subject: HashMap<String, QuantityKind>,
    forms: Phrases<QuantityKind>,
    pub(crate) forms_before: HashMap<String, QuantityKind>,
    pub(crate) attributes: HashMap<String, QuantityKind>,
    /// Nouns of an act, by lemma in lower case.
    pub(crate) acts: HashMap<String, QuantityKind>,
    currencies: Phrases<String>,
    percent: Phrases<()>,
    names: HashSet<String>,
    pub(crate) fillers: HashSet<String>,
    pub(crate) elliptic: HashSet<String>,
    pub(crate) persons: HashSet<String>,
    /// *Zahl*, *number*.
    pub(crate) counts: HashSet<String>,
    parts: Phrases<()>,
    among: Phrases<()>,
    /// *Mal*, *times*.
    pub(crate) times: HashSet<String>,
}

static GERMAN: LazyLock<Vocabulary> =
    LazyLock::new(|| Vocabulary::load(include_str!("../../../../data/lang/de/quantities.toml")));
static ENGLISH: LazyLock<Vocabulary> =
    LazyLock::new(|| Vocabulary::load(include_str!("../../../../data/lang/en/quantities.toml")));

/// The words around amounts of `lang`.
pub(crate) fn vocabulary(lang: Lang) -> &'static Vocabulary {
    match lang {
        Lang::De => &GERMAN,
        Lang::En => &ENGLISH,
    }
}

/// The text of an atom as phrases have it.
pub(crate) fn key<'a>(atom: &'a Atom<'_>) -> &'a str {
    if atom.lower.is_empty() { atom.text } else { &atom.lower }
}

fn kinds(lists: Lists) -> impl Iterator<Item = (String, QuantityKind)> {
    lists
        .into_iter()
        .filter_map(|(kind, words)| Some((QuantityKind::parse(&kind)?, words)))
        .flat_map(|(kind, words)| words.into_iter().map(move |word| (word, kind)))
}

fn phrases<T: Clone>(entries: impl Iterator<Item = (String, T)>, backwards: bool) -> Phrases<T> {
    let mut found: Phrases<T> = HashMap::new();
    for (text, meaning) in entries {
        let mut words: Vec<String> = atoms(&text, Span::at(0, text.len()))
            .iter()
            .map(|atom| key(atom).to_owned())
            .collect();
        if backwards {
            words.reverse();
        }
        if !words.is_empty() {
            let first = words.remove(0);
            found.entry(first).or_default().push((words, meaning));
        }
    }
    for list in found.values_mut() {
        list.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len()));
    }
    found
}

/// The longest phrase at the start of `words`: its meaning and number of atoms.
fn longest<'p, 'a, 't: 'a, T>(
    phrases: &'p Phrases<T>,
    mut words: impl Iterator<Item = &'a Atom<'t>> + Clone,
) -> Option<(&'p T, usize)> {
    let list = phrases.get(key(words.next()?))?;
    let fits = |rest: &[String]| {
        let mut words = words.clone();
        rest.iter()
            .all(|wanted| words.next().is_some_and(|atom| key(atom) == wanted))
    };
    list.iter()
        .find(|(rest, _)| fits(rest))
        .map(|(rest, meaning)| (meaning, rest.len() + 1))
}

impl Vocabulary {
    fn load(source: &str) -> Self {
        let mut table: Table = toml::from_str(source).expect("built-in data is checked by a test");
        let set =
            |lists: &mut Lists, name: &str| -> HashSet<String> { lists.remove(name).into_iter().flatten().collect() };
        let modifiers = table
            .modifiers
            .into_iter()
            .filter_map(|(name, texts)| Some((Modifier::parse(&name)?, texts)));
        let modifiers = modifiers.flat_map(|(m, texts)| texts.into_iter().map(move |t| (t, m)));
        let currencies = table.currencies.into_iter();
        let currencies = currencies.flat_map(|(code, texts)| texts.into_iter().map(move |t| (t, code.clone())));
        let percent = table.signs.remove("percent").unwrap_or_default();
        let mut fillers: HashSet<String> = set(&mut table.words, "between");
        fillers.extend(set(&mut table.words, "of"));
        Self {
            modifiers: phrases(modifiers, true),
            between: set(&mut table.ranges, "between"),
            to: set(&mut table.ranges, "to"),
            nouns: kinds(table.nouns).collect(),
            verbs_object: kinds(table.verbs_object).collect(),
            verbs_subject: kinds(table.verbs_subject).collect(),
            forms: phrases(kinds(table.forms), false),
            forms_before: kinds(table.forms_before).collect(),
            attributes: kinds(table.attributes).collect(),
            acts: kinds(table.acts).collect(),
            currencies: phrases(currencies, false),
            percent: phrases(percent.into_iter().map(|t| (t, ())), false),
            names: set(&mut table.words, "names"),
            fillers,
            elliptic: set(&mut table.words, "elliptic"),
            persons: set(&mut table.words, "persons"),
            among: phrases(set(&mut table.words, "among").into_iter().map(|t| (t, ())), false),
            times: set(&mut table.words, "times"),
            counts: set(&mut table.words, "counts"),
            parts: phrases(set(&mut table.words, "parts").into_iter().map(|t| (t, ())), false),
        }
    }

    /// The modifier that ends before atom `i`.
    pub(crate) fn modifier_before(&self, atoms: &[Atom<'_>], i: usize) -> Option<Modifier> {
        longest(&self.modifiers, atoms[..i].iter().rev()).map(|(modifier, _)| *modifier)
    }

    /// The currency at atom `i`: its ISO 4217 code and the atom after it.
    pub(crate) fn currency(&self, atoms: &[Atom<'_>], i: usize) -> Option<(&str, usize)> {
        longest(&self.currencies, atoms.get(i..)?.iter()).map(|(code, len)| (code.as_str(), i + len))
    }

    /// The atom after a sign of percent at atom `i`.
    pub(crate) fn percent(&self, atoms: &[Atom<'_>], i: usize) -> Option<usize> {
        longest(&self.percent, atoms.get(i..)?.iter()).map(|(_, len)| i + len)
    }

    /// Whether a word at atom `i` says that what follows is part of what was counted before.
    pub(crate) fn is_part(&self, atoms: &[Atom<'_>], i: usize) -> bool {
        atoms
            .get(i..)
            .is_some_and(|rest| longest(&self.parts, rest.iter()).is_some())
    }

    /// The kind of a whole that what follows is part of: *unter den Toten*, *among the injured*.
    pub(crate) fn whole(&self, atoms: &[Atom<'_>], i: usize) -> Option<QuantityKind> {
        let (_, len) = longest(&self.among, atoms.get(i..)?.iter())?;
        self.nouns.get(&atoms.get(i + len)?.lower).copied()
    }

    /// The kind that a form at atom `i` tells of the amount before it.
    pub(crate) fn form(&self, atoms: &[Atom<'_>], i: usize) -> Option<QuantityKind> {
        longest(&self.forms, atoms.get(i..)?.iter()).map(|(kind, _)| *kind)
    }

    /// The kind that a single form tells.
    pub(crate) fn state(&self, lower: &str) -> Option<QuantityKind> {
        self.forms
            .get(lower)?
            .iter()
            .find(|(rest, _)| rest.is_empty())
            .map(|(_, kind)| *kind)
    }

    /// Whether an atom names what the number after it numbers: *Artikel 5*.
    pub(crate) fn is_name(&self, atom: &Atom<'_>) -> bool {
        self.names.contains(key(atom))
    }

    /// Whether atom `i` joins the ends of a range that starts before it.
    pub(crate) fn joins_range(&self, atoms: &[Atom<'_>], start: usize, i: usize) -> bool {
        let Some(atom) = atoms.get(i) else { return false };
        let between = start > 0 && self.between.contains(key(&atoms[start - 1]));
        // "und" joins the ends only after "zwischen".
        let is_and = matches!(key(atom), "und" | "and");
        atom.is_dash() || self.to.contains(key(atom)) && (between || !is_and)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_files_are_sound() {
        for source in [
            include_str!("../../../../data/lang/de/quantities.toml"),
            include_str!("../../../../data/lang/en/quantities.toml"),
        ] {
            let table: Table = toml::from_str(source).unwrap();
            assert!(table.modifiers.keys().all(|name| Modifier::parse(name).is_some()));
            for lists in [
                &table.nouns,
                &table.verbs_object,
                &table.verbs_subject,
                &table.forms,
                &table.attributes,
            ] {
                assert!(lists.keys().all(|kind| QuantityKind::parse(kind).is_some()));
            }
            assert!(table.currencies.keys().all(|code| code.len() == 3));
        }
    }
}
