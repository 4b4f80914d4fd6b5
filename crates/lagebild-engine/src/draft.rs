//! Drafts an entry of the lexicon from how a word is used in parsed reports: which functions and prepositions it governs, and
//! where actors stand.

use crate::entities::{Entities, resolve};
use lagebild_core::{Case, Dep, Lang, Parsed, TokenIx, Upos};
use lagebild_lexicon::WordClass;
use lagebild_lexicon::knowledge::Knowledge;
use lagebild_nlp::morph::Morphology;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A slot is drafted as a place of a party when at least this share of its fillers acts.
const ACTING: f64 = 0.25;

/// Placeholders of the examples; they fail until the author writes sentences.
const YES: &str = "Write a sentence of your own with {trigger:the word}.";
const NO: &str = "Write one with the word that tells no such act.";

/// A verb or noun to be drafted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The lemma as parses have it: a separable verb in one word.
    pub lemma: String,
    /// As an entry writes it: a separable prefix set off by a bar.
    pub written: String,
    /// Verb or noun.
    pub class: WordClass,
    /// Its language.
    pub lang: Lang,
}

impl Word {
    /// Looks a word up.
    ///
    /// # Errors
    /// A message when it is neither a verb nor a noun.
    pub fn new(word: &str, lang: Lang) -> Result<Self, String> {
        let morphology = Morphology::get(lang);
        let bare = word.replace('|', if lang == Lang::En { " " } else { "" });
        let analyses = morphology.analyses(&bare);
        let is = |pos| {
            analyses
                .iter()
                .any(|a| a.pos == pos && a.lemma.to_lowercase() == bare.to_lowercase())
        };
        // German tells the two apart by their first letter.
        let capital = bare.starts_with(char::is_uppercase);
        let verb = word.contains('|') || is(Upos::Verb) && !(lang == Lang::De && capital);
        if !verb && !is(Upos::Noun) {
            let wanted = match lang {
                Lang::De => "an infinitive (liefern), or a noun with its capital (Lieferung)",
                Lang::En => "an infinitive or a singular noun",
            };
            return Err(format!(
                "neither a verb nor a noun that the morphology knows; {wanted} is wanted"
            ));
        }
        let written = match morphology.verb_prefix(&bare) {
            Some((prefix, base)) if verb && lang == Lang::De && !word.contains('|') => format!("{prefix}|{base}"),
            _ => word.to_owned(),
        };
        Ok(Self {
            lemma: bare,
            written,
            class: if verb { WordClass::Verb } else { WordClass::Noun },
            lang,
        })
    }
}

/// How often a slot is filled, and by somebody who acts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Filled {
    times: usize,
    acting: usize,
}

/// How a word is used.
#[derive(Clone, Debug)]
pub struct Usage {
    word: Word,
    uses: usize,
    reports: usize,
    reflexive: usize,
    slots: BTreeMap<String, Filled>,
}

impl Usage {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(word: Word) -> Self {
        Self {
            word,
            uses: 0,
            reports: 0,
            reflexive: 0,
            slots: BTreeMap::new(),
        }
    }

    /// How often the word was met.
    #[must_use]
    pub fn uses(&self) -> usize {
        self.uses
    }

    /// Counts the uses in a report.
    pub fn count(&mut self, parsed: &Parsed, knowledge: &Knowledge) {
        let children = parsed.children();
        let verb = self.word.class == WordClass::Verb;
        let is_use = |t: &TokenIx| {
            let token = parsed.token(*t);
            let class = match token.pos {
                Upos::Verb => verb,
                Upos::Noun => !verb,
                _ => false,
            };
            class && parsed.lemma(*t).to_lowercase() == self.word.lemma.to_lowercase()
        };
        let found: Vec<TokenIx> = (0..parsed.tokens.len()).map(TokenIx::from).filter(is_use).collect();
        if found.is_empty() {
            return;
        }
        let entities = resolve(parsed, knowledge);
        self.reports += 1;
        for t in found {
            self.uses += 1;
            for &child in &children[t.ix()] {
                self.child(parsed, &entities, &children, child);
            }
        }
    }

    fn child(&mut self, parsed: &Parsed, entities: &Entities, children: &[Vec<TokenIx>], child: TokenIx) {
        let token = parsed.token(child);
        let preposition = children[child.ix()]
            .iter()
            .find(|c| parsed.token(**c).dep == Dep::Case)
            .map(|c| parsed.lemma(*c).to_lowercase());
        let slot = match (token.dep, preposition) {
            (Dep::Expl | Dep::ExplPv, _) => {
                self.reflexive += 1;
                return;
            }
            (Dep::Nsubj, _) => "subject".to_owned(),
            // In the passive the subject is what the verb is done to, the agent who does it.
            (Dep::Obj | Dep::NsubjPass, _) => "object".to_owned(),
            (Dep::OblAgent, _) => "subject".to_owned(),
            (Dep::Iobj, _) => "dative".to_owned(),
            (Dep::OblArg, None) if token.morph.case == Some(Case::Dat) => "dative".to_owned(),
            (Dep::Ccomp | Dep::Xcomp, _) => "clause".to_owned(),
            (Dep::Acl, _) if self.word.class == WordClass::Noun => "clause".to_owned(),
            (Dep::Obl | Dep::OblArg | Dep::Nmod, Some(preposition)) => preposition,
            (Dep::Nmod, None) if token.morph.case == Some(Case::Gen) => "genitive".to_owned(),
            (Dep::NmodPoss, _) => "genitive".to_owned(),
            _ => return,
        };
        let acts = entities.at(child).is_some_and(|m| m.actor.is_some());
        let filled = self.slots.entry(slot).or_default();
        filled.times += 1;
        filled.acting += usize::from(acts);
    }

    /// The id of the draft for an event type.
    #[must_use]
    pub fn id(&self, event: &str) -> String {
        let word: String = self.word.lemma.to_lowercase().replace(' ', "-");
        format!("{}.{}.{word}", self.word.lang.code(), event.to_lowercase())
    }

    /// The slots in which somebody who acts often stands, the likeliest first.
    fn places(&self) -> Vec<&str> {
        let often = |f: &Filled| f.acting > 0 && f.acting as f64 >= ACTING * f.times as f64;
        let mut places: Vec<_> = self.slots.iter().filter(|(_, f)| often(f)).collect();
        places.sort_by_key(|(slot, f)| (std::cmp::Reverse(f.acting), slot.as_str()));
        places.into_iter().map(|(slot, _)| slot.as_str()).collect()
    }

    /// The entry, for a file of `data/lexicon`. Its examples are placeholders: they have to be written.
    #[must_use]
    pub fn entry(&self, event: &str) -> String {
        let mut out = String::new();
        let _ = writeln!(
            out,
            "# drafted by lagebild lexicon new; see data/lexicon/README.md\n[[entry]]"
        );
        let _ = writeln!(out, "id     = \"{}\"", self.id(event));
        let reflexive = self.uses > 0 && 2 * self.reflexive > self.uses;
        let written = match self.word.class {
            WordClass::Verb if reflexive && self.word.lang == Lang::De => format!("sich {}", self.word.written),
            _ => self.word.written.clone(),
        };
        let key = match self.word.class {
            WordClass::Verb => "verb  ",
            _ => "noun  ",
        };
        let _ = writeln!(out, "{key} = \"{written}\"");
        let verb = self.word.class == WordClass::Verb;
        let others: Vec<&str> = self
            .places()
            .into_iter()
            .filter(|slot| !matches!(*slot, "subject" | "clause") && (verb || *slot != "genitive"))
            .take(3)
            .collect();
        let recipient = match (others.as_slice(), verb) {
            ([], true) => "object".to_owned(),
            ([], false) => "-".to_owned(),
            (slots, _) => slots.join(" | "),
        };
        let _ = writeln!(out, "roles  = {{ actor = \"subject\", recipient = \"{recipient}\" }}");
        let _ = writeln!(out, "gives  = {{ event = \"{event}\" }}");
        if self.uses > 0 {
            let mut slots: Vec<_> = self.slots.iter().collect();
            slots.sort_by_key(|(slot, f)| (std::cmp::Reverse(f.times), slot.as_str()));
            let told: Vec<String> = slots
                .iter()
                .map(|(slot, f)| format!("{slot} {} ({} act)", f.times, f.acting))
                .collect();
            let _ = writeln!(
                out,
                "# used {} times in {} reports: {}",
                self.uses,
                self.reports,
                told.join(", ")
            );
        }
        let _ = writeln!(out, "yes = [\n  {{ text = \"{YES}\", read = \"{event} - > -\" }},\n]");
        let _ = writeln!(out, "no = [ {{ text = \"{NO}\", why = \"…\" }} ]");
        out
    }
}
