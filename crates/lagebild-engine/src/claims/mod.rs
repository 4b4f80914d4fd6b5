//! Claims: who says what (codebook, 3).

mod speech;

use crate::matcher::{Matcher, Trigger};
use crate::status::judge;
use crate::syntax::Filled;
use lagebild_core::codebook::Stance;
use lagebild_core::{Claim, Dep, Evidence, Holder, Judged, Party, Place, RuleId, Span, TokenIx, Upos};
use lagebild_lexicon::knowledge::{CueKind, Knowledge};
use lagebild_lexicon::{Entry, Path, Role, Slot, WordClass};

/// A claim with the words that it was read from.
pub(crate) struct ClaimDraft {
    pub(crate) claim: Claim,
    /// The word of saying.
    pub(crate) cue: TokenIx,
}

/// A word that tells how something said is meant: *„Das ist inakzeptabel“* criticises, *man werde handeln* promises.
pub(crate) struct Tone {
    /// The word.
    pub(crate) at: Span,
    pub(crate) stance: Stance,
    pub(crate) rule: RuleId,
}

pub(crate) struct ClaimReader<'m, 'a> {
    matcher: &'m Matcher<'a>,
    knowledge: &'m Knowledge,
    quotes: &'m [Span],
    mention: &'m dyn Fn(TokenIx) -> Span,
}

impl<'m, 'a> ClaimReader<'m, 'a> {
    pub(crate) fn new(
        matcher: &'m Matcher<'a>,
        knowledge: &'m Knowledge,
        quotes: &'m [Span],
        mention: &'m dyn Fn(TokenIx) -> Span,
    ) -> Self {
        Self {
            matcher,
            knowledge,
            quotes,
            mention,
        }
    }

    /// All claims of the document, in text order.
    pub(crate) fn read(&self, triggers: &[Trigger]) -> Vec<ClaimDraft> {
        let mut claims: Vec<(ClaimDraft, bool)> = Vec::new();
        for trigger in triggers {
            let entry = self.matcher.rules.entry(trigger.entry);
            let Some(stance) = entry.gives.stance.filter(|_| !entry.is_tone()) else {
                continue;
            };
            let Some(draft) = self.claim(trigger, entry, stance) else {
                continue;
            };
            // Two entries on one word tell one saying: the one that names the holder, then the one that is also an act.
            let rank = |draft: &ClaimDraft, acts: bool| (matches!(draft.claim.holder, Holder::Party(_)), acts);
            let acts = entry.gives.event.is_some();
            match claims.iter_mut().find(|(known, _)| known.cue == draft.cue) {
                Some((known, known_acts)) => {
                    if rank(&draft, acts) > rank(known, *known_acts) {
                        (*known, *known_acts) = (draft, acts);
                    }
                }
                None => claims.push((draft, acts)),
            }
        }
        let mut claims: Vec<ClaimDraft> = claims.into_iter().map(|(draft, _)| draft).collect();
        let colons = self.colons(&claims);
        claims.extend(colons);
        self.one_saying_a_clause(&mut claims);
        self.trace_back(&mut claims);
        // Before and after: what goes on is told by whoever "I" is, and may itself be told by "me".
        self.first_persons(&mut claims);
        self.continue_speech(&mut claims);
        self.first_persons(&mut claims);
        self.one_saying_a_quotation(&mut claims);
        claims.sort_by_key(|c| (c.claim.mention.start(), c.cue));
        claims
    }

    /// How what is said is meant, word by word in text order, whoever says it.
    pub(crate) fn tones(&self, triggers: &[Trigger]) -> Vec<Tone> {
        let tone = |trigger: &Trigger| {
            let entry = self.matcher.rules.entry(trigger.entry);
            let stance = entry.gives.stance.filter(|_| entry.is_tone())?;
            // "Das ist kein Skandal" criticises nobody.
            let meant = entry.negated || !judge(self.matcher, trigger).is_negated();
            meant.then(|| Tone {
                at: self.matcher.syntax.span(trigger.token),
                stance,
                rule: RuleId(entry.id.clone()),
            })
        };
        triggers.iter().filter_map(tone).collect()
    }

    fn claim(&self, trigger: &Trigger, entry: &Entry, stance: Stance) -> Option<ClaimDraft> {
        let syntax = self.matcher.syntax;
        // Who does not confirm a thing says nothing of it.
        if !entry.negated && judge(self.matcher, trigger).is_negated() {
            return None;
        }
        // "Wird erwartet, um dazu Stellung zu nehmen": nor who is only to say something.
        if stance == Stance::State && trigger.class == WordClass::Verb && syntax.is_purpose(trigger.token) {
            return None;
        }
        let role = holder_role(entry, trigger.class);
        let holder = self.holder(trigger, &role)?;
        let content = self.with_quotations(trigger.token, self.content(trigger, entry, &role)?);
        let span = syntax.span(trigger.token);
        let recipient = entry.roles.recipient.clone().unwrap_or_default();
        let addressee = match (entry.gives.event, &holder) {
            (None, Holder::Party(who)) => self
                .matcher
                .role(trigger, &recipient)
                .into_iter()
                .find(|p| p.entity != who.entity),
            _ => None,
        };
        Some(ClaimDraft {
            claim: Claim {
                holder,
                stance: Judged {
                    value: stance,
                    because: Evidence {
                        spans: vec![span],
                        rule: RuleId(entry.id.clone()),
                    },
                },
                quote: self.is_quoted(content, span),
                addressee,
                cue: span,
                content,
                mention: (self.mention)(trigger.token),
                events: Vec::new(),
            },
            cue: trigger.token,
        })
    }

    /// Who says it; `None` when the word does not tell a saying here.
    fn holder(&self, trigger: &Trigger, role: &Role) -> Option<Holder> {
        let syntax = self.matcher.syntax;
        let t = trigger.token;
        let parties = self.matcher.role(trigger, role);
        if let Some(party) = parties.into_iter().next() {
            return Some(Holder::Party(party));
        }
        let filler = self.matcher.filler(trigger, role);
        // "In Moskau verbat man sich solche Töne", "in Kiew wurde das bestritten".
        let anybody = |f: Filled| syntax.grammar.anybody.iter().any(|w| w == syntax.lemma(f.token()));
        if matches!(trigger.class, WordClass::Verb | WordClass::Adjective)
            && (filler.is_some_and(anybody) || filler.is_none() && syntax.is_passive(t))
            && let Some(seat) = self.seat(trigger)
        {
            return Some(Holder::Party(seat));
        }
        match trigger.class {
            WordClass::Verb | WordClass::Adjective => match filler {
                // A thing that says something without saying what ("das Ergebnis zeigt …") is no source.
                Some(Filled::Phrase(who)) if self.can_speak(who) || !syntax.clauses(t).is_empty() => {
                    Some(Holder::Unnamed(syntax.phrase_span(who)))
                }
                Some(_) => None,
                // "Das Ergebnis wird bekannt gegeben" says nothing.
                None if syntax.is_passive(t) && syntax.dep(t) != Dep::Amod && syntax.finite(t).is_some() => {
                    let tells = self.matcher.rules.entry(trigger.entry).gives.stance != Some(Stance::State)
                        || !syntax.clauses(t).is_empty();
                    let author = self.author(t).map(Holder::Party);
                    author.or_else(|| tells.then_some(Holder::Untold))
                }
                None => None,
            },
            WordClass::Preposition | WordClass::Adverb => filler.map(|f| Holder::Unnamed(self.matcher.filler_span(f))),
            WordClass::Noun => None,
        }
    }

    /// The capital in which something is said, which stands for its government.
    fn seat(&self, trigger: &Trigger) -> Option<Party> {
        let syntax = self.matcher.syntax;
        let knowledge = self.knowledge;
        let located = |t: &TokenIx| {
            let within = |p: &str| knowledge.cues().is(syntax.parsed.doc.lang, CueKind::Place, p);
            syntax.preposition(*t).is_some_and(within)
        };
        let is_capital = |place: &Place| {
            let mut states = knowledge.countries.iter();
            states.any(|c| {
                let capital = c.capital.map(|ix| &knowledge.places[ix.ix()]);
                let named = capital.is_some_and(|p| [p.name_de, p.name_en].contains(&&*place.name));
                named && place.country.as_deref() == Some(c.key)
            })
        };
        let capital = |t: &TokenIx| {
            self.matcher
                .entities
                .at(*t)
                .and_then(|m| m.place.as_ref())
                .is_some_and(is_capital)
        };
        // "In Washington zeigte man sich besorgt": beside the verb that the word completes.
        let t = trigger.token;
        let verb = syntax.head(t).filter(|_| syntax.dep(t) == Dep::Xcomp);
        let mut beside = [Some(t), verb]
            .into_iter()
            .flatten()
            .flat_map(|v| syntax.by_dep(v, &[Dep::Obl]));
        let seat = beside.find(|t| located(t) && capital(t))?;
        self.matcher.parties_in(seat, 1).into_iter().next()
    }

    /// Whose text it is in which something is said: *in einer Erklärung der Partei wird gefordert*.
    fn author(&self, saying: TokenIx) -> Option<Party> {
        let syntax = self.matcher.syntax;
        let is_text = |t: &TokenIx| {
            syntax
                .grammar
                .texts
                .iter()
                .any(|text| syntax.lemma(*t).ends_with(text.as_str()))
        };
        let text = syntax.by_dep(saying, &[Dep::Obl]).find(is_text)?;
        self.matcher.parties_in(text, 1).into_iter().next()
    }

    /// Pronouns and names speak even when nobody knows whom they mean.
    fn can_speak(&self, who: TokenIx) -> bool {
        let named = matches!(self.matcher.syntax.pos(who), Upos::Pron | Upos::Det | Upos::Propn);
        named && self.matcher.quantity(who).is_none() || self.matcher.entities.at(who).is_some()
    }

    /// What is said.
    fn content(&self, trigger: &Trigger, entry: &Entry, role: &Role) -> Option<Span> {
        let syntax = self.matcher.syntax;
        let t = trigger.token;
        // "…, sagte der Minister": the verb of saying hangs on what is said.
        let said = |content: TokenIx| match syntax.is_below(t, content) {
            true => self.without(content, syntax.subtree_span(t)),
            false => syntax.subtree_span(content),
        };
        let phrase = |paths: &[Path]| {
            let role: Role = paths.to_vec();
            self.matcher.filler(trigger, &role).map(|f| said(f.token()))
        };
        if let Some(says) = &entry.says
            && let Some(span) = phrase(says)
        {
            return Some(span);
        }
        match trigger.class {
            WordClass::Preposition | WordClass::Adverb => {
                let governed = self.matcher.filler(trigger, role).map(Filled::token);
                let predicate = syntax.clause_predicate(governed.unwrap_or(t)).unwrap_or(t);
                Some(self.without(predicate, governed.map_or(syntax.span(t), |g| syntax.subtree_span(g))))
            }
            _ => {
                if let Some(&clause) = syntax.clauses(t).first() {
                    return Some(said(clause));
                }
                // "Wie der Minister sagte, …".
                if matches!(syntax.dep(t), Dep::Parataxis | Dep::Advcl)
                    && let Some(head) = syntax.head(t)
                    && !syntax.is_nominal(head)
                {
                    return Some(said(head));
                }
                let object = phrase(&[vec![Slot::Object]]).filter(|_| trigger.class == WordClass::Verb);
                object
                    .or_else(|| self.quote_beside(t))
                    .or_else(|| self.attached(trigger))
                    .or_else(|| Some((self.mention)(t)))
            }
        }
    }

    /// What is said, with the quotations that it is given in: all of one that it begins, and one behind the colon or before the word of
    /// saying, which is what is said whatever else the clause tells.
    fn with_quotations(&self, t: TokenIx, content: Span) -> Span {
        let syntax = self.matcher.syntax;
        let (cue, sentence) = (syntax.span(t), syntax.sentence(t).span);
        let here = |q: &Span| Span::at(q.start().max(sentence.start()), q.end().min(sentence.end()));
        let outside = |q: &&Span| sentence.overlaps(**q) && !q.contains(cue);
        if let Some(direct) = self.quotes.iter().filter(outside).find(|q| self.is_direct(t, **q)) {
            let direct = self.inside(here(direct));
            let beside = content.start() >= cue.end() && content.end() <= direct.start();
            return if beside || content.overlaps(direct) {
                content.cover(direct)
            } else {
                direct
            };
        }
        let begun = self
            .quotes
            .iter()
            .filter(outside)
            .filter(|q| q.overlaps(content))
            .map(here);
        let whole = begun.fold(content, |content, q| content.cover(self.inside(q)));
        if whole.overlaps(cue) { content } else { whole }
    }

    /// Whether a quotation is what the word of saying introduces: it stands right behind a colon, or right before the word or its
    /// auxiliary.
    fn is_direct(&self, t: TokenIx, quotation: Span) -> bool {
        let syntax = self.matcher.syntax;
        let words = || syntax.sentence(t).tokens.clone().map(TokenIx);
        let cue = syntax.span(t);
        if quotation.start() >= cue.end() {
            let before = words()
                .take_while(|&w| syntax.span(w).end() <= quotation.start())
                .last();
            return before.is_some_and(|w| syntax.parsed.form(w) == ":");
        }
        let mut behind = words().filter(|&w| syntax.span(w).start() >= quotation.end());
        let next = behind.find(|&w| syntax.pos(w) != Upos::Punct);
        next.is_some_and(|w| w == t || syntax.main_verb(w) == t)
    }

    /// A stretch of text without the marks at its ends.
    fn inside(&self, span: Span) -> Span {
        let syntax = self.matcher.syntax;
        let words = syntax.parsed.tokens.iter().enumerate();
        let mut words = words.filter(|(i, w)| span.contains(w.span) && syntax.pos(TokenIx::from(*i)) != Upos::Punct);
        let first = words.next().map(|(_, w)| w.span);
        let last = words.next_back().map(|(_, w)| w.span);
        first.map_or(span, |first| last.map_or(first, |last| first.cover(last)))
    }

    /// A quotation in the sentence of the word.
    fn quote_beside(&self, t: TokenIx) -> Option<Span> {
        let sentence = self.matcher.syntax.sentence(t).span;
        self.quotes.iter().copied().find(|q| sentence.overlaps(*q))
    }

    /// A prepositional phrase or clause that hangs on the word.
    fn attached(&self, trigger: &Trigger) -> Option<Span> {
        let syntax = self.matcher.syntax;
        let t = trigger.token;
        syntax
            .by_dep(t, &[Dep::Nmod, Dep::Obl, Dep::OblArg])
            .find(|&c| c > t && syntax.preposition(c).is_some())
            .map(|c| syntax.subtree_span(c))
    }

    /// The clause of `predicate` without the words of the saying at its beginning or end.
    fn without(&self, predicate: TokenIx, saying: Span) -> Span {
        let syntax = self.matcher.syntax;
        let words: Vec<Span> = syntax
            .subtree(predicate)
            .into_iter()
            .filter(|&w| syntax.pos(w) != Upos::Punct && !saying.overlaps(syntax.span(w)))
            .map(|w| syntax.span(w))
            .collect();
        match (words.first(), words.last()) {
            (Some(&first), Some(&last)) => first.cover(last),
            _ => syntax.subtree_span(predicate),
        }
    }

    /// Whether the content is given in quotation marks, wholly or in part; the word of saying stands outside them.
    fn is_quoted(&self, content: Span, cue: Span) -> bool {
        self.quotes.iter().any(|q| q.overlaps(content) && !q.contains(cue))
    }

    /// A noun and a verb of saying in one clause (*erhob Vorwürfe*, *äußerte Bedenken*) or a preposition within the noun
    /// phrase of a verb's holder tell one saying: the light verb gives way to the noun.
    fn one_saying_a_clause(&self, claims: &mut Vec<ClaimDraft>) {
        let syntax = self.matcher.syntax;
        let nouns: Vec<(TokenIx, Option<TokenIx>)> = claims
            .iter()
            .filter(|c| syntax.pos(c.cue) == Upos::Noun)
            .map(|c| (c.cue, syntax.head(c.cue)))
            .collect();
        claims.retain(|c| {
            !nouns
                .iter()
                .any(|&(noun, head)| head == Some(c.cue) && syntax.light_verb(noun) == Some(c.cue))
        });
    }
}

/// Where the holder of an entry's claim stands: its actor.
fn holder_role(entry: &Entry, class: WordClass) -> Role {
    let own = match class {
        WordClass::Noun => entry.noun_roles.actor.as_ref().or(entry.roles.actor.as_ref()),
        _ => entry.roles.actor.as_ref(),
    };
    own.cloned().unwrap_or_else(|| vec![vec![Slot::Subject]])
}
