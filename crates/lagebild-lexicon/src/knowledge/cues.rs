//! The small words that steer the resolving of names.

use super::table::Table;
use super::words;
use crate::Diagnostic;
use lagebild_core::Lang;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $text:literal),+ $(,)?) => {
        /// What a small word does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum CueKind { $($(#[$doc])* $variant),+ }
        impl CueKind {
            fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
kinds!(
    /// Preposition after which a capital is a place.
    Place = "place",
    /// Preposition that makes the noun after it the owner of the one before.
    Of = "of",
    /// Preposition that locates the noun before it.
    At = "at",
    /// Masculine pronoun.
    Masc = "masc",
    /// Feminine pronoun.
    Fem = "fem",
    /// Neuter pronoun.
    Neut = "neut",
    /// Plural pronoun.
    Plur = "plur",
    /// Verb whose neuter subject is nobody: *es gibt*, *es heißt*.
    Impersonal = "impersonal",
    /// Masculine or neuter possessive, by its stem.
    PossMasc = "poss-masc",
    /// Feminine possessive, by its stem.
    PossFem = "poss-fem",
    /// Plural possessive, by its stem.
    PossPlur = "poss-plur",
    /// Possessive of a state or body, in languages that tell these from people.
    PossNeut = "poss-neut",
    /// Relative pronoun.
    Relative = "relative",
    /// Noun for what is called after the town where it was made: *Vertrag von Lissabon*; compounds of it too.
    Accord = "accord",
    /// Noun for the country talked of.
    Country = "country",
    /// Noun for the other country talked of.
    Neighbour = "neighbour",
    /// Noun for the state that somebody is from.
    Homeland = "homeland",
    /// Noun for an organisation named before.
    Alliance = "alliance",
    /// Word that names members of a group behind it.
    Member = "member",
    /// Word that bundles two parties.
    Both = "both",
    /// Noun for one of them.
    Side = "side",
    /// Title between role and name.
    Title = "title",
    /// What an office is about, written with a capital: *Minister of Education*.
    Portfolio = "portfolio",
    /// Marks somebody as out of office, by its stem.
    Former = "former",
    /// Preposition of the doer of a participle.
    Doer = "doer",
    /// Participle whose doer owns the noun after it, by its stem: *the US-led coalition*.
    Led = "led",
    /// Changes nothing about an office, by its stem.
    Deputy = "deputy",
    /// Definite article.
    Definite = "definite",
    /// Indefinite article.
    Indefinite = "indefinite",
    /// Demonstrative.
    Demonstrative = "demonstrative",
    /// Lower-case part of a name.
    Particle = "particle",
    /// First part of a word for those who are for or against what follows: *anti-Erdogan*.
    Stance = "stance",
    /// Verb by which somebody is told what to do, by its stem: *das Land müsse abziehen*.
    Duty = "duty",
    /// First part of compounds that stands for a state.
    Federal = "federal",
    /// State where the language is spoken.
    Home = "home",
    /// Adjective for the state of the report, by its stem.
    Here = "here",
    /// Adjective that bars the state of the report, by its stem.
    Foreign = "foreign",
    /// Adjective, by its lemma, that ties offices and governments to the organisation in the note: *die europäischen Verteidigungsminister*.
    Bloc = "bloc",
    /// Preposition of what a blow is aimed at.
    Target = "target",
    /// Preposition after which the adjective of a state tells where something happens.
    Within = "within",
    /// Preposition of where people come from.
    Origin = "origin",
    /// Preposition of where something is not.
    Beyond = "beyond",
    /// Noun for a part of a state, which lies where the state does.
    Part = "part",
);

/// The small words, by language, kind and form.
#[derive(Debug, Serialize, Deserialize)]
pub struct Cues {
    #[serde(borrow)]
    forms: FxHashMap<(Lang, CueKind), FxHashMap<Box<str>, &'static str>>,
}

impl Cues {
    pub(super) fn load(table: Table, errors: &mut Vec<Diagnostic>) -> Self {
        let mut forms: FxHashMap<_, FxHashMap<_, _>> = FxHashMap::default();
        for row in table.rows(["lang", "kind", "form", "note"], errors) {
            let [lang, kind, form, note] = row.cells;
            let Some(lang) = Lang::from_code(lang) else {
                errors.push(
                    row.error("K005", lang, format!("unknown language \"{lang}\""))
                        .hint("de or en"),
                );
                continue;
            };
            let Some(kind) = CueKind::parse(kind) else {
                errors.push(row.error("K006", kind, format!("unknown kind \"{kind}\"")));
                continue;
            };
            forms
                .entry((lang, kind))
                .or_default()
                .insert(words::fold(form).into(), note);
        }
        Self { forms }
    }

    /// Whether `word`, as it stands, is a cue of this kind.
    #[must_use]
    pub fn is(&self, lang: Lang, kind: CueKind, word: &str) -> bool {
        self.forms
            .get(&(lang, kind))
            .is_some_and(|forms| forms.contains_key(&*words::fold(word)))
    }

    /// The note beside the cue that `word` is.
    #[must_use]
    pub fn note(&self, lang: Lang, kind: CueKind, word: &str) -> Option<&'static str> {
        self.forms.get(&(lang, kind))?.get(&*words::fold(word)).copied()
    }

    /// Whether `word`, without an ending, is a cue of this kind or a compound of one: *Friedensverträge*.
    #[must_use]
    pub fn compound(&self, lang: Lang, kind: CueKind, word: &str) -> bool {
        let word = words::fold(word);
        let mut starts = word.char_indices().map(|(at, _)| at);
        starts.any(|at| self.inflected(lang, kind, &word[at..]))
    }

    /// Whether `word` is a cue of this kind with or without an ending.
    #[must_use]
    pub fn inflected(&self, lang: Lang, kind: CueKind, word: &str) -> bool {
        let Some(forms) = self.forms.get(&(lang, kind)) else {
            return false;
        };
        let word = words::fold(word);
        let endings: &[&str] = match lang {
            Lang::De => &["", "e", "en", "er", "es", "em", "s", "n", "ern"],
            Lang::En => &["", "s"],
        };
        let plural_y = word
            .strip_suffix("ies")
            .is_some_and(|bare| forms.contains_key(&*format!("{bare}y")));
        // "Länder", "Nachbarländern": umlaut of the plural.
        let plain = |bare: &str| bare.replace("ä", "a");
        (lang == Lang::En && plural_y)
            || endings.iter().filter_map(|e| word.strip_suffix(e)).any(|bare| {
                forms.contains_key(bare) || (lang == Lang::De && word != bare && forms.contains_key(&*plain(bare)))
            })
    }
}
