//! A report with its linguistic annotation: Universal Dependencies v2, words and trees.

use crate::{Date, Document, Span};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// A string known to an [`Interner`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sym(u32);

/// Holds each word form and lemma of a document once.
#[derive(Clone, Debug, Default)]
pub struct Interner {
    known: HashMap<Arc<str>, Sym>,
    strings: Vec<Arc<str>>,
}

impl Interner {
    /// The symbol of `text`, new or known.
    ///
    /// # Panics
    /// When a document has more than 2^32 different words, which its size cap rules out.
    pub fn intern(&mut self, text: &str) -> Sym {
        if let Some(&sym) = self.known.get(text) {
            return sym;
        }
        let sym = Sym(u32::try_from(self.strings.len()).expect("fewer words than 2^32"));
        let shared: Arc<str> = text.into();
        self.strings.push(Arc::clone(&shared));
        self.known.insert(shared, sym);
        sym
    }

    /// The string behind `sym`, which must come from this interner.
    #[must_use]
    pub fn resolve(&self, sym: Sym) -> &str {
        &self.strings[sym.0 as usize]
    }
}

macro_rules! index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);
        impl $name {
            /// As an index into a slice.
            #[must_use]
            pub fn ix(self) -> usize {
                self.0 as usize
            }
        }
        impl From<usize> for $name {
            fn from(n: usize) -> Self {
                Self(u32::try_from(n).expect("fewer than 2^32 of them"))
            }
        }
    };
}
pub(crate) use index;

index!(
    /// A word of the document, counted from its start.
    TokenIx
);
index!(
    /// A sentence of the document.
    SentenceIx
);

/// Defines an enum whose variants have a fixed spelling outside.
macro_rules! spelled {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[repr(u8)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),+ }
        impl $name {
            /// All values, in the order of their definition.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The spelling used in data files and output.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
            /// From the spelling used in data files and output.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}
pub(crate) use spelled;

spelled!(
    /// Universal part of speech.
    #[allow(missing_docs, reason = "the UD inventory, https://universaldependencies.org/u/pos/")]
    Upos {
        Adj = "ADJ", Adp = "ADP", Adv = "ADV", Aux = "AUX", Cconj = "CCONJ", Det = "DET", Intj = "INTJ",
        Noun = "NOUN", Num = "NUM", Part = "PART", Pron = "PRON", Propn = "PROPN", Punct = "PUNCT",
        Sconj = "SCONJ", Sym = "SYM", Verb = "VERB", X = "X",
    }
);
spelled!(
    /// Case.
    #[allow(missing_docs, reason = "UD feature values")]
    Case { Nom = "Nom", Acc = "Acc", Dat = "Dat", Gen = "Gen" }
);
spelled!(
    /// Number.
    #[allow(missing_docs, reason = "UD feature values")]
    Number { Sing = "Sing", Plur = "Plur" }
);
spelled!(
    /// Gender.
    #[allow(missing_docs, reason = "UD feature values")]
    Gender { Masc = "Masc", Fem = "Fem", Neut = "Neut" }
);
spelled!(
    /// Person.
    #[allow(missing_docs, reason = "UD feature values")]
    Person { First = "1", Second = "2", Third = "3" }
);
spelled!(
    /// Tense.
    #[allow(missing_docs, reason = "UD feature values")]
    Tense { Pres = "Pres", Past = "Past" }
);
spelled!(
    /// Mood. German Konjunktiv is `Sub`: with `Tense::Pres` Konjunktiv I, with `Tense::Past` Konjunktiv II.
    #[allow(missing_docs, reason = "UD feature values")]
    Mood { Ind = "Ind", Sub = "Sub", Imp = "Imp" }
);
spelled!(
    /// Verb form.
    #[allow(missing_docs, reason = "UD feature values")]
    VerbForm { Fin = "Fin", Inf = "Inf", Part = "Part", Ger = "Ger" }
);
spelled!(
    /// Degree of comparison.
    #[allow(missing_docs, reason = "UD feature values")]
    Degree { Pos = "Pos", Cmp = "Cmp", Sup = "Sup" }
);

/// The morphological features of a word; `None` is unknown or not applicable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each field is the UD feature of its name")]
pub struct Morph {
    pub case: Option<Case>,
    pub number: Option<Number>,
    pub gender: Option<Gender>,
    pub person: Option<Person>,
    pub tense: Option<Tense>,
    pub mood: Option<Mood>,
    pub form: Option<VerbForm>,
    pub degree: Option<Degree>,
}

impl Morph {
    /// Whether the word is a finite verb in Konjunktiv I (present subjunctive), the mood of German indirect speech.
    #[must_use]
    pub fn is_konjunktiv_1(self) -> bool {
        self.mood == Some(Mood::Sub) && self.tense == Some(Tense::Pres)
    }

    /// Whether the word is a finite verb in Konjunktiv II (past subjunctive).
    #[must_use]
    pub fn is_konjunktiv_2(self) -> bool {
        self.mood == Some(Mood::Sub) && self.tense == Some(Tense::Past)
    }

    /// As a CoNLL-U FEATS column, features in alphabetical order, `_` when there are none.
    #[must_use]
    pub fn to_feats(self) -> String {
        let features = [
            ("Case", self.case.map(Case::as_str)),
            ("Degree", self.degree.map(Degree::as_str)),
            ("Gender", self.gender.map(Gender::as_str)),
            ("Mood", self.mood.map(Mood::as_str)),
            ("Number", self.number.map(Number::as_str)),
            ("Person", self.person.map(Person::as_str)),
            ("Tense", self.tense.map(Tense::as_str)),
            ("VerbForm", self.form.map(VerbForm::as_str)),
        ];
        let set: Vec<String> = features
            .iter()
            .filter_map(|(name, value)| value.map(|v| format!("{name}={v}")))
            .collect();
        if set.is_empty() { "_".into() } else { set.join("|") }
    }

    /// From a CoNLL-U FEATS column; unknown features and values are passed over.
    #[must_use]
    pub fn from_feats(feats: &str) -> Self {
        let mut morph = Self::default();
        for (name, value) in feats.split('|').filter_map(|f| f.split_once('=')) {
            // Ambiguous values ("Fem,Masc") count as unknown.
            match name {
                "Case" => morph.case = Case::parse(value),
                "Degree" => morph.degree = Degree::parse(value),
                "Gender" => morph.gender = Gender::parse(value),
                "Mood" => morph.mood = Mood::parse(value),
                "Number" => morph.number = Number::parse(value),
                "Person" => morph.person = Person::parse(value),
                "Tense" => morph.tense = Tense::parse(value),
                "VerbForm" => morph.form = VerbForm::parse(value),
                _ => {}
            }
        }
        morph
    }
}

spelled!(
    /// Dependency relation, UD v2 with the subtypes that the engine uses.
    #[allow(missing_docs, reason = "the UD inventory, https://universaldependencies.org/u/dep/")]
    Dep {
        Root = "root", Acl = "acl", AclRelcl = "acl:relcl", Advcl = "advcl", Advmod = "advmod", Amod = "amod",
        Appos = "appos", Aux = "aux", AuxPass = "aux:pass", Case = "case", Cc = "cc", Ccomp = "ccomp",
        Compound = "compound", CompoundPrt = "compound:prt", Conj = "conj", Cop = "cop", Csubj = "csubj",
        CsubjPass = "csubj:pass", Dep = "dep", Det = "det", DetPoss = "det:poss", Discourse = "discourse",
        Dislocated = "dislocated", Expl = "expl", ExplPv = "expl:pv", Fixed = "fixed", Flat = "flat",
        Goeswith = "goeswith", Iobj = "iobj", List = "list", Mark = "mark", Nmod = "nmod", NmodPoss = "nmod:poss",
        Nsubj = "nsubj", NsubjPass = "nsubj:pass", Nummod = "nummod", Obj = "obj", Obl = "obl",
        OblAgent = "obl:agent", OblArg = "obl:arg", OblTmod = "obl:tmod", Orphan = "orphan",
        Parataxis = "parataxis", Punct = "punct", Reparandum = "reparandum", Vocative = "vocative", Xcomp = "xcomp",
    }
);

impl Dep {
    /// From a CoNLL-U label; an unknown subtype falls back to its main relation, an unknown relation to `dep`.
    #[must_use]
    pub fn from_label(label: &str) -> Self {
        Self::parse(label)
            .or_else(|| Self::parse(label.split(':').next().unwrap_or(label)))
            .unwrap_or(Self::Dep)
    }
}

/// A syntactic word.
///
/// A contraction (`zum`) is one surface token and two words: the first bears its whole span and the form `zu`, the
/// second an empty span at its end and the form `dem`. So the spans of all words, with the gaps between them, give the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it stands.
    pub span: Span,
    /// Its form: the text of the span but for the parts of a contraction.
    pub form: Sym,
    /// Its lemma; a separable verb is joined with its prefix (`an|prangern` as `anprangern`).
    pub lemma: Sym,
    /// Part of speech.
    pub pos: Upos,
    /// Morphology.
    pub morph: Morph,
    /// Its head; `None` for the root of the sentence.
    pub head: Option<TokenIx>,
    /// Relation to the head.
    pub dep: Dep,
}

/// A sentence or headline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Where it stands, without outer white space.
    pub span: Span,
    /// Its words: `tokens.start..tokens.end` of [`Parsed::tokens`].
    pub tokens: Range<u32>,
    /// The role of the block that it stands in.
    pub part: crate::Part,
}

spelled!(
    /// TIMEX3 type of a time expression.
    TimeKind {
        /// A day or longer, placed on the calendar.
        Date = "DATE",
        /// A time of day.
        Time = "TIME",
        /// A length of time.
        Duration = "DURATION",
        /// A repeated time.
        Set = "SET",
    }
);

/// A time expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    /// Where it stands.
    pub span: Span,
    /// Its kind.
    pub kind: TimeKind,
    /// TIMEX3 value (`2024-06`, `P3D`, `PAST_REF`).
    pub value: String,
    /// First day meant, when it can be resolved.
    pub from: Option<Date>,
    /// Last day meant, when it can be resolved.
    pub to: Option<Date>,
}

spelled!(
    /// What an amount counts.
    QuantityKind {
        /// Persons or things.
        Count = "count",
        /// Persons killed.
        Dead = "dead",
        /// Persons wounded.
        Injured = "injured",
        /// Persons arrested or held.
        Arrested = "arrested",
        /// Money, in the currency that `thing` names.
        Money = "money",
        /// A share of hundred.
        Percent = "percent",
    }
);
spelled!(
    /// How an amount bounds the true one.
    Modifier {
        /// Exactly so many.
        Exact = "exact",
        /// About so many.
        About = "about",
        /// So many or more.
        AtLeast = "at-least",
        /// So many or fewer.
        UpTo = "up-to",
    }
);

/// An amount.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// Where it stands, number and thing.
    pub span: Span,
    /// The word that holds the number.
    pub token: TokenIx,
    /// The number.
    pub value: f64,
    /// What is counted, as written, or the ISO 4217 code of a currency.
    pub thing: String,
    /// What it counts.
    pub kind: QuantityKind,
    /// How it bounds the true amount.
    pub modifier: Modifier,
}

spelled!(
    /// What bears a name.
    NameKind {
        /// A person.
        Person = "PER",
        /// A place: state, town, region, sea, street, building.
        Place = "LOC",
        /// An organisation: body of a state, party, armed group, company, medium.
        Organisation = "ORG",
        /// Anything else: a work, a product, an event, a language.
        Other = "OTH",
    }
);

/// A name as it stands in the text, without titles and articles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Where it stands.
    pub span: Span,
    /// Its words: `tokens.start..tokens.end` of [`Parsed::tokens`]; all of one sentence.
    pub tokens: Range<u32>,
    /// What bears it.
    pub kind: NameKind,
}

/// A document with its words, trees, names, times and amounts.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The document.
    pub doc: Arc<Document>,
    /// Word forms and lemmas.
    pub strings: Interner,
    /// Sentences in text order.
    pub sentences: Vec<Sentence>,
    /// Words in text order; the words of a sentence form a tree with one root.
    pub tokens: Vec<Token>,
    /// Names in text order; none lies in another. Found only for those who ask (`lagebild_nlp::with_names`), else empty.
    pub names: Vec<Name>,
    /// Time expressions in text order, resolved against the date of the document.
    pub times: Vec<Time>,
    /// Amounts in text order.
    pub quantities: Vec<Quantity>,
}

impl Parsed {
    /// The word at `ix`.
    #[must_use]
    pub fn token(&self, ix: TokenIx) -> &Token {
        &self.tokens[ix.ix()]
    }

    /// The lemma of the word at `ix`.
    #[must_use]
    pub fn lemma(&self, ix: TokenIx) -> &str {
        self.strings.resolve(self.token(ix).lemma)
    }

    /// The form of the word at `ix`.
    #[must_use]
    pub fn form(&self, ix: TokenIx) -> &str {
        self.strings.resolve(self.token(ix).form)
    }

    /// The words of a sentence, as indices.
    pub fn words(&self, sentence: SentenceIx) -> impl DoubleEndedIterator<Item = TokenIx> + use<> {
        self.sentences[sentence.ix()].tokens.clone().map(TokenIx)
    }

    /// The sentence that the word at `ix` belongs to.
    ///
    /// # Panics
    /// When no sentence holds it, which no parse produces.
    #[must_use]
    pub fn sentence_of(&self, ix: TokenIx) -> SentenceIx {
        let after = self.sentences.partition_point(|s| s.tokens.start <= ix.0);
        SentenceIx::from(after.checked_sub(1).expect("every word lies in a sentence"))
    }

    /// The dependants of each word of `tokens`, as a list a word, in text order.
    ///
    /// Index the result with `ix.ix()`.
    #[must_use]
    pub fn children(&self) -> Vec<Vec<TokenIx>> {
        let mut children = vec![Vec::new(); self.tokens.len()];
        for (i, token) in self.tokens.iter().enumerate() {
            if let Some(head) = token.head {
                children[head.ix()].push(TokenIx::from(i));
            }
        }
        children
    }
}
