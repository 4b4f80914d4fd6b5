//! Compiled rules and the look-up of words.

use crate::dictionary::{Dictionary, DictionaryBuilder};
use lagebild_core::codebook::{
    AgreementKind, Certainty, Context, EventType, Mode, ObligationKind, Sector, Stance, Status, Step,
};
use lagebild_core::{Lang, Tense};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Where a party stands, as seen from the word (README of the lexicon, "Slots").
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Slot {
    /// Who does it.
    Subject,
    /// To whom or what it is done.
    Object,
    /// Dative or indirect object.
    Dative,
    /// Subordinate clause or infinitive.
    Clause,
    /// Genitive attribute.
    Genitive,
    /// Possessive determiner.
    Possessive,
    /// Adjective of nationality.
    Adjective,
    /// First part of the compound.
    Compound,
    /// Subject of the sentence around.
    Context,
    /// The adjective, participle or noun said of the object (*macht ihn verantwortlich*).
    Predicate,
    /// The preposition before the noun itself (*unter Protest*).
    Case,
    /// The other members of the coordination (*Russland **und die Türkei***).
    Others,
    /// What one of these prepositions governs.
    Preposition(Vec<String>),
    /// What fills one of these.
    AnyOf(Vec<Slot>),
}

/// A slot, or a slot of what fills a slot (`object.mit`).
pub type Path = Vec<Slot>;

/// Paths to a party in order of preference; empty when the role is switched off.
pub type Role = Vec<Path>;

/// Who takes part, by place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roles {
    /// Where the actor stands; `None` for the default.
    pub actor: Option<Role>,
    /// Where the recipient stands; `None` for the default.
    pub recipient: Option<Role>,
}

/// A semantic class of fillers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Class {
    /// Anything that acts: a state, organisation, person or group.
    Actor,
    /// A state.
    State,
    /// An organisation.
    Org,
    /// A person.
    Person,
    /// Forces, rebels, police.
    Armed,
    /// People without office.
    Civil,
    /// A place.
    Place,
    /// An amount of money.
    Money,
    /// An amount.
    Number,
    /// A word that names an agreement, or points back to one (*das Papier, es*).
    Agreement,
    /// A word that tells an event of this type.
    Event(EventType),
}

impl fmt::Display for Class {
    /// As the rule files write it, without the `@`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Actor => "actor",
            Self::State => "state",
            Self::Org => "org",
            Self::Person => "person",
            Self::Agreement => "agreement",
            Self::Armed => "armed",
            Self::Civil => "civil",
            Self::Place => "place",
            Self::Money => "money",
            Self::Number => "number",
            Self::Event(kind) => return write!(f, "event:{kind}"),
        })
    }
}

/// A condition on what fills a slot.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Filler {
    /// A lemma, in lower case.
    Lemma(String),
    /// The end of a compound or the whole word, in lower case.
    Ending(String),
    /// A semantic class.
    Class(Class),
    /// Anything.
    Any,
}

impl Filler {
    /// Whether a lemma (in lower case) fulfils the condition; `None` when that depends on more than the lemma.
    #[must_use]
    pub fn takes(&self, lemma: &str) -> Option<bool> {
        match self {
            Self::Lemma(word) => Some(is_word_or_hyphen_compound(lemma, word)),
            Self::Ending(ending) => Some(lemma.ends_with(ending.as_str())),
            Self::Any => Some(true),
            Self::Class(_) => None,
        }
    }
}

impl fmt::Display for Filler {
    /// As the rule files write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lemma(lemma) => f.write_str(lemma),
            Self::Ending(ending) => write!(f, "-{ending}"),
            Self::Any => f.write_str("*"),
            Self::Class(class) => write!(f, "@{class}"),
        }
    }
}

/// Whether `lemma` is `word` or a compound with a hyphen before `word` (`us-angriff`); both in lower case.
fn is_word_or_hyphen_compound(lemma: &str, word: &str) -> bool {
    lemma == word || lemma.strip_suffix(word).is_some_and(|before| before.ends_with('-'))
}

/// The part of speech that a word of an entry is looked up by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum WordClass {
    /// Verbs.
    Verb,
    /// Nouns.
    Noun,
    /// Adjectives and participles as predicates.
    Adjective,
    /// Prepositions and postpositions of saying.
    Preposition,
    /// Adverbs and particles of saying.
    Adverb,
}

/// What an entry gives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gives {
    /// Event type.
    pub event: Option<EventType>,
    /// Mode.
    pub mode: Option<Mode>,
    /// Content of a promise, request, refusal or threat.
    pub content: Option<EventType>,
    /// CAMEO code.
    pub cameo: Option<Arc<str>>,
    /// Contexts.
    pub contexts: Vec<Context>,
    /// Step that an agreement takes.
    pub step: Option<Step>,
    /// Stance of the claim.
    pub stance: Option<Stance>,
    /// Status that the word itself decides.
    pub status: Option<Status>,
    /// Certainty that the word itself decides.
    pub certainty: Option<Certainty>,
    /// Kind of the agreement that the noun names.
    pub kind: Option<AgreementKind>,
    /// Duty that the word tells.
    pub obligation: Option<ObligationKind>,
    /// Duty that the word tells where an agreement obliges to it (*sieht den **Abzug** der Truppen vor*).
    pub duty: Option<ObligationKind>,
}

impl Gives {
    /// Whether only a state can do it: repression, verdicts, investigations.
    pub(crate) fn is_state_power(&self) -> bool {
        matches!(
            (self.event, self.mode),
            (Some(EventType::Coerce), _)
                | (Some(EventType::Sanction), Some(Mode::Convict))
                | (Some(EventType::Accuse), Some(Mode::Investigate))
        )
    }
}

/// A rule: words, conditions, parties, and what they give.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// `de.support.ratifizieren`.
    pub id: Arc<str>,
    /// Slots that must be filled so.
    pub needs: Vec<(Path, Vec<Filler>)>,
    /// Slots that must not be filled so.
    pub bars: Vec<(Path, Vec<Filler>)>,
    /// Parties at verbs and adjectives.
    pub roles: Roles,
    /// Parties at nouns, where they differ.
    pub noun_roles: Roles,
    /// The genitive at its nouns is the one it is done to.
    pub genitive_is_recipient: bool,
    /// All parties are actors.
    pub mutual: bool,
    /// Counts without a party in the sentence.
    pub implicit: bool,
    /// Where nobody is named, the state does it (*verhaftet, hingerichtet*), by the hands of this sector.
    pub by_state: Option<Sector>,
    /// Names a war: where nobody is named, whoever the tables have as the attacker of that state.
    pub war: bool,
    /// Holds only under a negation, which is used up (*nicht einverstanden*).
    pub negated: bool,
    /// Infinitive asked under a modal that is the word of the entry.
    pub infinitive: Option<InfinitiveForm>,
    /// Of indirect speech, holds only in the Konjunktiv or the preterite (*solle, sollte*): *soll* tells a plan there.
    pub subjunctive: bool,
    /// Holds only in what somebody says of others; the speaker does it (*„Kiew müsse verhandeln“*).
    pub spoken: bool,
    /// What it gives.
    pub gives: Gives,
    /// Where the content of the claim stands.
    pub says: Option<Role>,
    /// Verbs of this entry that need a reflexive pronoun.
    pub reflexive: Vec<String>,
    /// File.
    pub file: Arc<str>,
    /// Line, counted from 1.
    pub line: usize,
}

impl Entry {
    /// Whether its words only refer to an act told elsewhere: an event without a role for anybody.
    #[must_use]
    pub fn is_reference(&self) -> bool {
        let off = |role: &Option<Role>| role.as_ref().is_some_and(Vec::is_empty);
        self.gives.event.is_some() && !self.spoken && off(&self.roles.actor) && off(&self.roles.recipient)
    }

    /// Whether its words tell a step of an agreement or name a duty, which stands beside whatever else they tell.
    #[must_use]
    pub fn is_step_or_duty(&self) -> bool {
        let of_any = self.gives.obligation == Some(ObligationKind::Other) && self.needs.is_empty();
        self.is_of_agreements() && (of_any || self.gives.obligation.is_none())
    }

    /// Whether its words tell only of agreements: their steps and duties.
    #[must_use]
    pub fn is_of_agreements(&self) -> bool {
        let gives = &self.gives;
        let told = gives.step.is_some() || gives.obligation.is_some() || gives.duty.is_some();
        told && gives.event.is_none() && gives.stance.is_none() && gives.kind.is_none()
    }

    /// Whether its words tell no act and no saying of their own, but how something said is meant (*„Das ist inakzeptabel“*).
    #[must_use]
    pub fn is_tone(&self) -> bool {
        self.spoken && self.gives.event.is_none() && self.gives.stance.is_some()
    }
}

/// An entry of [`Rules::entries`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EntryIx(pub u32);

/// The mood that a modal cue asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ModalMood {
    /// Indicative or Konjunktiv I.
    Indicative,
    /// Konjunktiv II.
    Konjunktiv2,
}

/// The infinitive under a modal that a cue or an entry asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InfinitiveForm {
    /// *soll gesagt haben*.
    Perfect,
    /// *soll sagen*.
    Present,
    /// None: *will, dass er sagt*.
    Absent,
}

/// The words of a cue by what they are; lemmas in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(
    missing_docs,
    reason = "each field is the key of its name, explained in the README of the lexicon"
)]
pub struct CueWords {
    pub adverb: Vec<String>,
    pub adjective: Vec<String>,
    pub verb: Vec<String>,
    pub noun: Vec<String>,
    pub preposition: Vec<String>,
    pub conjunction: Vec<String>,
    pub modal: Vec<String>,
}

/// A word that changes status or certainty of the events around it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cue {
    /// `de.cue.angeblich`.
    pub id: Arc<str>,
    /// Its words.
    pub words: CueWords,
    /// Mood asked of a modal.
    pub mood: Option<ModalMood>,
    /// Tense asked of a modal.
    pub tense: Option<Tense>,
    /// Infinitive asked under a modal.
    pub infinitive: Option<InfinitiveForm>,
    /// Status given.
    pub status: Option<Status>,
    /// Certainty given.
    pub certainty: Option<Certainty>,
    /// Status given in reported speech instead (*er sagte, man würde angreifen*).
    pub reported: Option<Status>,
    /// Status given where the cue itself is negated (*nicht ausgeschlossen*); none: two negations cancel.
    pub negated: Option<Status>,
    /// The event in the complement is not told at all.
    pub stop: bool,
    /// File.
    pub file: Arc<str>,
    /// Line, counted from 1.
    pub line: usize,
}

/// How a word of a cue is used in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum CueUse {
    /// In the clause of the event, or at its noun.
    Adverb,
    /// At the noun of the event, or as its predicate.
    Adjective,
    /// The event stands in its complement.
    Verb,
    /// The event stands in its complement.
    Noun,
    /// Before the noun of the event.
    Preposition,
    /// Opens the clause of the event.
    Conjunction,
    /// Modal verb over the event.
    Modal,
}

/// The function words that the reading needs to know of a language.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Grammar {
    /// Prepositions of the agent in the passive (*von, durch; by*).
    pub agent: Vec<String>,
    /// Prepositions of the doer at a noun (*durch; by*).
    pub doer: Vec<String>,
    /// Prepositions that stand for a genitive (*von; of*).
    pub of: Vec<String>,
    /// Prepositions of the one it is done to at a noun (*gegen, auf; against, on*).
    pub toward: Vec<String>,
    /// Prepositions between the parties of a mutual act (*zwischen, mit; between, with*).
    pub between: Vec<String>,
    /// Prepositions that belong to the name of an agreement (*Vertrag **über** die Freundschaft, Treaty **of** Lisbon*).
    pub names_by: Vec<String>,
    /// Nouns that point back to an agreement named before (*das Papier, das Dokument; the paper, the document*).
    pub agreement_words: Vec<String>,
    /// Reflexive and reciprocal pronouns (*sich; each other*).
    pub reflexive: Vec<String>,
    /// Auxiliaries of the future (*werden; will*).
    pub future: Vec<String>,
    /// Relative pronouns, by lemma.
    pub relative: Vec<String>,
    /// Verbs whose infinitive is done by their object (*auffordern, zwingen; urge*).
    pub object_control: Vec<String>,
    /// Verbs whose infinitive is what they are about and no purpose (*threatened to shut its border*).
    pub infinitive_verbs: Vec<String>,
    /// Words that open an indirect question (*ob; whether*): who asks so demands nothing.
    pub questions: Vec<String>,
    /// Verbs that tell only how far the act of their infinitive is (*fortfahren, beginnen; continue*).
    pub phases: Vec<String>,
    /// Adverbs that make a verb of their own with the verb before them (*pull back, kick out*).
    pub particles: Vec<String>,
    /// Verbs that have another verb done by whomever (*lassen*).
    pub causative: Vec<String>,
    /// Markers of an infinitive of purpose (*um; in order*).
    pub purpose: Vec<String>,
    /// Adverbs that take a negation upon themselves (*nicht nur; not only*).
    pub focus: Vec<String>,
    /// Verbs with little meaning of their own, which lend their subject and prepositions to the noun they govern
    /// (*erheben, üben, leisten; make, take*).
    pub light_verbs: Vec<String>,
    /// Those of them whose subject does no deed that they govern: he speaks of it or suffers it (*forderte Angriffe; faced an attack*).
    pub no_deed: Vec<String>,
    /// Prepositions of time, cause and circumstance: what they govern is told beside the verb, not by it (*nach, wegen; after,
    /// amid*).
    pub adjunct: Vec<String>,
    /// Prepositions by which a verb with little meaning of its own governs its noun (*zu Gesprächen kommen; enter into talks*).
    pub support: Vec<String>,
    /// Adverbs that stand for a preposition and what it governs, told before, each with the preposition behind it (*dabei bei*).
    pub pronominal: Vec<String>,
    /// Nouns that point back to an act told before, with an article or demonstrative (*diese Maßnahme, das Urteil*).
    pub act_nouns: Vec<String>,
    /// Nouns that point back to what was said before (*such statements, diese Warnung*).
    pub said_nouns: Vec<String>,
    /// Nouns for natural disasters and accidents, and last parts of such nouns (*erdbeben, -unglück*): a report that is about one tells harm that nobody
    /// did.
    pub disasters: Vec<String>,
    /// Words of sport and show business, where states only play, as lemmas or with a hyphen as last parts (*trainer, -spieler*).
    pub leisure: Vec<String>,
    /// Words of political crime, hatred and flight (*terrorist, kriegsverbrechen, -flüchtling*): a report with several is political whoever takes part.
    pub political_matters: Vec<String>,
    /// Verbs that answer what others say to their subject (*ablehnen, reagieren*): the noun of an offer, demand, threat or blame that they govern was meant
    /// for it.
    pub replies: Vec<String>,
    /// Words that tell harm done, whoever or whatever did it (*töten, verletzt, zerstören*).
    pub harm: Vec<String>,
    /// Auxiliary that makes the perfect of verbs without object (*sein*).
    pub perfect: Vec<String>,
    /// Nouns with little meaning of their own, which stand for the noun that hangs on them (*Reihe von Angriffen,
    /// Verantwortung für den Anschlag; wave of attacks*).
    pub light_nouns: Vec<String>,
    /// Adverbs that open a sentence told by the last speaker (*demnach*).
    pub reported: Vec<String>,
    /// Nouns for the breach of what hangs on them: it is not that of those who made it (*die Verletzung von UN-Resolutionen*).
    pub breaches: Vec<String>,
    /// Pronouns for anybody, which in somebody's words mean his side (*man habe die Truppen abgezogen*).
    pub anybody: Vec<String>,
    /// Adverbs by which a saying without holder goes on with that of the last one (*hieß es weiter*).
    pub further: Vec<String>,
    /// Ends of nouns for texts by which somebody says what he says: with a definite article they are the last speaker's.
    pub statements: Vec<String>,
    /// Definite articles and demonstratives.
    pub definite: Vec<String>,
    /// Ends of nouns for texts whose author says what is said in them (*in einer Erklärung der Partei wird gefordert*).
    pub texts: Vec<String>,
    /// Prepositions of the one in whose eyes something is so, told in the Konjunktiv (*für den Minister sei das ein Fehler*).
    pub viewpoint: Vec<String>,
    /// Prepositions behind which somebody takes part in a meeting (*sprach auf dem Nato-Gipfel*, but not *demonstrierte gegen den Gipfel*).
    pub attended: Vec<String>,
    /// Personal pronouns that may mean things.
    pub things: Vec<String>,
    /// Nouns of measure, which stand for what they count (*110 Tonnen Hilfsgüter; tonnes of wheat*).
    pub measures: Vec<String>,
    /// Nouns of comparison: a time that hangs on them is that of something else (*im Vergleich zum Vorjahr; compared with 2010*).
    pub comparison: Vec<String>,
    /// Words that make a noun phrase negative (*kein; no*).
    pub no_determiner: Vec<String>,
    /// Endings of a verb used as a noun (*das Bombardieren; bombing*).
    pub nominalised: Vec<String>,
}

impl Grammar {
    /// The preposition that an adverb stands for (*dabei*: *bei*).
    #[must_use]
    pub fn preposition_in(&self, adverb: &str) -> Option<&str> {
        self.pronominal
            .iter()
            .filter_map(|pair| pair.split_once(' '))
            .find(|(word, _)| *word == adverb)
            .map(|(_, preposition)| preposition)
    }
}

/// A map from words and ends of words to entries or cues.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>, 'de: 'static"))]
pub(crate) struct WordIndex<T> {
    pub(crate) exact: Dictionary<T>,
    pub(crate) endings: Dictionary<T>,
}

impl<T: Copy> WordIndex<T> {
    /// Those whose word is `lemma` (in lower case), stands after its last hyphen, or is an ending of it.
    fn find(&self, lemma: &str) -> impl Iterator<Item = T> {
        let whole = self.exact.get(lemma);
        let after_hyphen = lemma.rsplit_once('-').map(|(_, last)| self.exact.get(last));
        // A term of several words is known as a whole or not at all.
        let open = if lemma.contains(' ') { "" } else { lemma };
        let endings = open.char_indices().map(|(at, _)| self.endings.get(&open[at..]));
        whole
            .iter()
            .chain(after_hyphen.into_iter().chain(endings).flatten())
            .copied()
    }
}

/// The rules of one language.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Rules {
    /// Entries.
    pub entries: Vec<Entry>,
    /// Cues.
    pub all_cues: Vec<Cue>,
    /// Function words.
    pub grammar: Grammar,
    index: BTreeMap<WordClass, WordIndex<EntryIx>>,
    cue_index: BTreeMap<CueUse, WordIndex<usize>>,
}

impl Rules {
    /// The rules with these entries, each with its words, and cues.
    pub(crate) fn new(entries: Vec<(Entry, Vec<(WordClass, Filler)>)>, cues: Vec<Cue>, grammar: Grammar) -> Self {
        let mut index: BTreeMap<WordClass, [DictionaryBuilder<EntryIx>; 2]> = BTreeMap::new();
        let mut all = Vec::with_capacity(entries.len());
        for (i, (entry, words)) in entries.into_iter().enumerate() {
            let ix = EntryIx(u32::try_from(i).unwrap_or(u32::MAX));
            for (class, word) in words {
                let [exact, endings] = index.entry(class).or_default();
                match word {
                    Filler::Ending(ending) => endings.add(ending, ix),
                    Filler::Lemma(lemma) => exact.add(lemma, ix),
                    Filler::Class(_) | Filler::Any => {}
                }
            }
            all.push(entry);
        }
        let index = index.into_iter().map(|(class, [exact, endings])| {
            let (exact, endings) = (exact.finish(), endings.finish());
            (class, WordIndex { exact, endings })
        });
        let mut cue_index: BTreeMap<CueUse, [DictionaryBuilder<usize>; 2]> = BTreeMap::new();
        for (i, cue) in cues.iter().enumerate() {
            let words = &cue.words;
            for (used, list) in [
                (CueUse::Adverb, &words.adverb),
                (CueUse::Adjective, &words.adjective),
                (CueUse::Verb, &words.verb),
                (CueUse::Noun, &words.noun),
                (CueUse::Preposition, &words.preposition),
                (CueUse::Conjunction, &words.conjunction),
                (CueUse::Modal, &words.modal),
            ] {
                for word in list {
                    let [exact, endings] = cue_index.entry(used).or_default();
                    match word.strip_prefix('-') {
                        Some(ending) => endings.add(ending, i),
                        None => exact.add(word.as_str(), i),
                    }
                }
            }
        }
        Self {
            entries: all,
            index: index.collect(),
            cue_index: cue_index
                .into_iter()
                .map(|(used, [exact, endings])| {
                    let (exact, endings) = (exact.finish(), endings.finish());
                    (used, WordIndex { exact, endings })
                })
                .collect(),
            all_cues: cues,
            grammar,
        }
    }

    /// The cues with a word of this lemma (in lower case) in this use, in order of definition.
    pub fn cues(&self, used: CueUse, lemma: &str) -> impl Iterator<Item = &Cue> {
        let index = self.cue_index.get(&used);
        index
            .into_iter()
            .flat_map(|words| words.find(lemma))
            .map(|i| &self.all_cues[i])
    }

    /// The entry at `ix`.
    #[must_use]
    pub fn entry(&self, ix: EntryIx) -> &Entry {
        &self.entries[ix.0 as usize]
    }

    /// Entries with a word of this class and lemma (in lower case), without repeats, in order of definition.
    #[must_use]
    pub fn lookup(&self, class: WordClass, lemma: &str) -> Vec<EntryIx> {
        let Some(index) = self.index.get(&class) else {
            return Vec::new();
        };
        let mut found: Vec<EntryIx> = index.find(lemma).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// The rules of all languages.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Lexicon {
    pub(crate) german: Rules,
    pub(crate) english: Rules,
    /// Hash of the files, 12 hexadecimal digits.
    pub version: String,
}

impl Lexicon {
    /// The rules of `lang`.
    #[must_use]
    pub fn rules(&self, lang: Lang) -> &Rules {
        match lang {
            Lang::De => &self.german,
            Lang::En => &self.english,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_and_hyphen_compounds_are_found() {
        let index = WordIndex::<EntryIx> {
            exact: [("angriff", EntryIx(0))].into_iter().collect(),
            endings: [("lieferung", EntryIx(1))].into_iter().collect(),
        };
        let find = |lemma: &str| index.find(lemma).map(|e| e.0).collect::<Vec<_>>();
        assert_eq!(find("us-angriff"), [0]);
        assert_eq!(find("luftangriff"), [0u32; 0]);
        assert_eq!(find("waffenlieferung"), [1]);
        assert_eq!(find("lieferung"), [1]);
    }
}
