//! What the reading decided, step by step, for those who ask why.
//!
//! The engine is pure, so nothing needs to be kept of a reading: it is done again with a [`Recorder`], which the parts of
//! the engine tell of their decisions where they take them. Without one (the usual case) a [`Trace`] costs a test of
//! a pointer; what a step holds is only built when somebody listens.

use crate::entities::Mention;
use lagebild_core::{Event, Party, RuleId, Span, TokenIx};
use lagebild_lexicon::{EntryIx, Path, WordClass};
use std::cell::RefCell;
use std::ops::Range;

/// Collects the steps of one reading.
#[derive(Default)]
pub(crate) struct Recorder {
    steps: RefCell<Vec<Step>>,
}

impl Recorder {
    pub(crate) fn into_steps(self) -> Vec<Step> {
        self.steps.into_inner()
    }
}

/// A recorder, or none.
#[derive(Clone, Copy, Default)]
pub(crate) struct Trace<'r>(Option<&'r Recorder>);

impl<'r> Trace<'r> {
    /// Nobody listens.
    pub(crate) const OFF: Self = Self(None);

    pub(crate) fn to(recorder: &'r Recorder) -> Self {
        Self(Some(recorder))
    }

    /// Tells a step, when somebody listens.
    pub(crate) fn note(self, step: impl FnOnce() -> Step) {
        if let Some(recorder) = self.0 {
            let step = step();
            recorder.steps.borrow_mut().push(step);
        }
    }
}

/// An act as one word of the text tells it: the word and the entry that fired on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Act {
    pub(crate) trigger: Span,
    pub(crate) rule: RuleId,
}

impl Act {
    /// The act of an event that has not been joined with others yet, or the one that others were joined to.
    pub(crate) fn of(event: &Event) -> Self {
        Self {
            trigger: event.mentions[0].trigger,
            rule: event.rule.clone(),
        }
    }
}

/// The two sides of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Actor,
    Recipient,
}

/// A decision.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// An entry has the word at `token`: it fires, or this is the first condition that fails.
    Word {
        token: TokenIx,
        entry: EntryIx,
        class: WordClass,
        unfit: Option<Unfit>,
    },
    /// Where the parties of one side were looked for, up to the place where somebody was found.
    Sought { act: Act, side: Side, places: Vec<Place> },
    /// Nobody was found there, and the side was filled otherwise.
    Lent { act: Act, side: Side, by: Lender },
    /// An act was made and then left out.
    Dropped { act: Act, why: Drop },
    /// A mention was joined to an act told elsewhere.
    Joined { act: Act, into: Act },
    /// All mentions of actors and places, once resolved.
    Mentions(Vec<Mention>),
    /// Who is meant by some words.
    Resolved { tokens: Range<u32>, how: How },
}

/// A place in which a party was looked for.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) path: Path,
    /// What fills it.
    pub(crate) words: Vec<Span>,
    /// Who is named there.
    pub(crate) parties: Vec<Party>,
}

/// Why an entry does not fire on its word.
#[derive(Clone, Debug)]
pub(crate) enum Unfit {
    /// The verb needs a reflexive pronoun.
    NotReflexive,
    /// The adjective must be a predicate.
    Attribute,
    /// A slot that must be filled so (by index) is filled by these words instead, or by none.
    Unmet { need: usize, tried: Vec<Span> },
    /// A slot that must not be filled so (by index) is, by these words.
    Barred { bar: usize, by: Span },
    /// The act must be negated and is not.
    NotNegated,
    /// Under the modal stands another infinitive than the entry asks for.
    OtherInfinitive,
    /// Another entry with more conditions fits the word too.
    LessSpecific,
}

/// From where an empty side was filled.
#[derive(Clone, Debug)]
pub(crate) enum Lender {
    /// The state that the sentence is about.
    TalkedOf,
    /// Whoever says so.
    Speaker,
    /// An act of the same type near by.
    Neighbour(Act),
    /// The doers of the act that this one is about.
    DoersOf(Act),
    /// Those to whom the act is done that this one is about.
    DoneTo(Act),
    /// Those who are accused, arrested or convicted for it.
    BlamedIn(Act),
    /// Who heads the headline.
    Topic,
    /// The other side of a mutual act: the subject around it, who tells it, or the state spoken of.
    Around,
}

/// Why an act was left out.
#[derive(Clone, Debug)]
pub(crate) enum Drop {
    /// Nothing ties anybody in it to a state or organisation.
    NotPolitical,
    /// It is told among private people, in a report that hardly names states and powers.
    Private,
    /// Harm without a doer in a report on a natural disaster or accident.
    Disaster,
    /// The words around it do not tell it at all.
    Untold { cue: RuleId, at: Span },
    /// Another entry of the same type says more of it.
    Twin { rule: RuleId },
    /// Too many acts in one sentence.
    TooMany,
    /// It is what another act asks for, promises, refuses or threatens.
    ContentOf { outer: Span },
    /// It counts only in what somebody says of others.
    NotSpoken,
    /// What is asked is a question.
    Question,
    /// It is what a treaty provides for.
    Duty,
    /// It names nobody, and no act told elsewhere fits it.
    NobodyNamed,
}

/// How words were found to mean somebody.
#[derive(Clone, Debug)]
pub(crate) enum How {
    /// A role that acts for what stands in this place beside it.
    OwnedBy(Owned),
    /// A role whose holder is known.
    ByHolder,
    /// The same role was told before, with its owner.
    SameBefore,
    /// A state that the words around it are about (ISO 3166-1 alpha-3, or an organisation).
    TalkedOf(String),
    /// A possessive pronoun.
    Possessive,
    /// A short form of a name that the report gives in full here.
    ShortFor(Range<u32>),
    /// A surname that the tables know of somebody whom the report may mean.
    Surname,
    /// A surname that the tables know of somebody who holds such an office.
    SurnameInOffice,
    /// It shares its last word with a name whose state is known.
    Namesake(Range<u32>),
    /// A pronoun, or a noun like one, for these words.
    Antecedent(Vec<u32>),
}

/// Where the owner of a role stands, likeliest first: the order in which they are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owned {
    /// The table gives it to the role, whatever the text says.
    Body,
    /// Adjective: *der russische Minister*.
    Adjective,
    /// Genitive before it: *Russlands Minister*.
    Genitive,
    /// First part of the compound: *US-Minister*.
    Compound,
    /// First part such as *Bundes-*.
    Federal,
    /// Genitive or prepositional phrase after it: *der Minister der USA*.
    Attribute,
    /// Chamber by its name.
    Chamber,
    /// An adjective such as *hiesig*.
    Here,
}

impl Owned {
    /// In the order in which the engine tries them.
    pub(crate) const ORDER: [Self; 8] = [
        Self::Body,
        Self::Adjective,
        Self::Genitive,
        Self::Compound,
        Self::Federal,
        Self::Attribute,
        Self::Chamber,
        Self::Here,
    ];
}
