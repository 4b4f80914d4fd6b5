//! Claims: who says what (codebook, 3).

use crate::entities::MentionKind;
use crate::matcher::{Matcher, Trigger};
use crate::status::judge;
use crate::syntax::Filled;
use lagebild_core::codebook::Stance;
use lagebild_core::{
    Claim, Dep, EntityKind, Evidence, Holder, Judged, Number, Party, Person, RuleId, Sentence, Span, TokenIx, Upos,
    VerbForm,
};
use lagebild_lexicon::{Entry, Path, Role, Slot, WordClass};

/// The rule of a quotation that stands alone.
const QUOTATION: &str = "speech.quotation";

/// Sentences after which indirect speech still belongs to the last holder.
const GAP: usize = 3;

/// A claim with the words that it was read from.
pub(crate) struct ClaimDraft {
    pub(crate) claim: Claim,
    /// The word of saying.
    pub(crate) cue: TokenIx,
}

pub(crate) struct ClaimReader<'m, 'a> {
    matcher: &'m Matcher<'a>,
    quotes: &'m [Span],
    mention: &'m dyn Fn(TokenIx) -> Span,
}

impl<'m, 'a> ClaimReader<'m, 'a> {
    pub(crate) fn new(matcher: &'m Matcher<'a>, quotes: &'m [Span], mention: &'m dyn Fn(TokenIx) -> Span) -> Self {
        Self {
            matcher,
            quotes,
            mention,
        }
    }

    /// All claims of the document, in text order.
    pub(crate) fn read(&self, triggers: &[Trigger]) -> Vec<ClaimDraft> {
        let mut claims: Vec<(ClaimDraft, bool)> = Vec::new();
        for trigger in triggers {
            let entry = self.matcher.rules.entry(trigger.entry);
            let Some(stance) = entry.gives.stance else { continue };
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

    /// What a colon lets somebody say, in a headline (*Steinmeier: Russland muss Truppen abziehen*) or before a quotation (*Ein Sprecher
    /// nach der Sitzung: „Wir sind uns einig.“*, *Dabei griff sie den Präsidenten an: „Das ist ein Fehler.“*), where no word of saying does.
    /// A state or body before the colon of a headline may be but the topic; a person speaks.
    fn colons(&self, claims: &[ClaimDraft]) -> Vec<ClaimDraft> {
        let syntax = self.matcher.syntax;
        let headline = |sentence: &Sentence| {
            let (holder, colon) = self.matcher.headline_topic(TokenIx(sentence.tokens.start))?;
            let speaks = self.matcher.entities.entity(holder.entity).kind == EntityKind::Person;
            let clause = (colon.0 + 1..sentence.tokens.end)
                .map(TokenIx)
                .any(|t| self.is_finite(t));
            (speaks && clause).then_some((holder, colon))
        };
        let told = |sentence: &Sentence| {
            let said = |colon: TokenIx| {
                let before = sentence.span.start()..syntax.span(colon).start();
                claims.iter().any(|c| before.contains(&c.claim.cue.start()))
            };
            let quotation = || self.before_quotation(sentence).filter(|(_, colon)| !said(*colon));
            let (holder, colon) = headline(sentence).or_else(quotation)?;
            let (first, last) = (TokenIx(colon.0 + 1), TokenIx(sentence.tokens.end - 1));
            let content = (first <= last).then(|| syntax.span(first).cover(syntax.span(last)))?;
            Some(ClaimDraft {
                claim: Claim {
                    holder: Holder::Party(holder),
                    stance: Judged {
                        value: Stance::State,
                        because: Evidence {
                            spans: vec![syntax.span(colon)],
                            rule: RuleId::from("grammar.colon"),
                        },
                    },
                    quote: self.is_quoted(content, syntax.span(colon)),
                    addressee: None,
                    cue: syntax.span(colon),
                    content,
                    mention: (self.mention)(colon),
                    events: Vec::new(),
                },
                cue: colon,
            })
        };
        syntax.parsed.sentences.iter().filter_map(told).collect()
    }

    /// Who stands before a colon and a quotation: somebody in words without a verb, or the subject of the clause.
    fn before_quotation(&self, sentence: &Sentence) -> Option<(Party, TokenIx)> {
        let syntax = self.matcher.syntax;
        let words = || sentence.tokens.clone().map(TokenIx);
        let opens = |t: TokenIx| self.quotes.iter().any(|q| q.start() == syntax.span(t).start());
        let colon = words().find(|&t| {
            let next = TokenIx(t.0 + 1);
            syntax.parsed.form(t) == ":" && next.0 < sentence.tokens.end && opens(next)
        })?;
        let before = || words().take_while(|&t| t < colon);
        if before().any(|t| self.is_finite(t)) {
            let root = before().find(|&t| syntax.dep(t) == Dep::Root)?;
            return self.subject_who_speaks(root).map(|party| (party, colon));
        }
        let entities = self.matcher.entities;
        let speaker = before().find_map(|t| {
            let mention = entities.at(t)?;
            let person = mention
                .actor
                .is_some_and(|a| entities.entity(a).kind == EntityKind::Person);
            (person || mention.kind == MentionKind::Role).then_some(mention.head)
        })?;
        let party = self.matcher.parties_in(speaker, 0).into_iter().next()?;
        Some((party, colon))
    }

    /// The subject of a clause or whom it belongs to (*seine Zuversicht*), if that is somebody who can speak.
    fn subject_who_speaks(&self, predicate: TokenIx) -> Option<Party> {
        let entities = self.matcher.entities;
        let subject = self.matcher.syntax.subject(predicate).into_iter();
        let speaks = |p: &Party| {
            matches!(
                entities.entity(p.entity).kind,
                EntityKind::Person | EntityKind::Organisation | EntityKind::Group
            )
        };
        subject.flat_map(|t| self.matcher.parties_in(t, 1)).find(speaks)
    }

    fn is_finite(&self, t: TokenIx) -> bool {
        self.matcher.syntax.parsed.token(t).morph.form == Some(VerbForm::Fin)
    }

    fn claim(&self, trigger: &Trigger, entry: &Entry, stance: Stance) -> Option<ClaimDraft> {
        let syntax = self.matcher.syntax;
        // Who does not confirm a thing says nothing of it.
        if !entry.negated && judge(self.matcher, trigger).is_negated() {
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

    /// *„Ich glaube, dass wir gewinnen“, sagte Zaev* is one saying: the word outside the quotation tells it, the one inside how it is meant.
    fn one_saying_a_quotation(&self, claims: &mut Vec<ClaimDraft>) {
        let syntax = self.matcher.syntax;
        let first_person = |t: TokenIx| {
            let finite = syntax.finite(t).unwrap_or(t);
            syntax
                .subject(t)
                .into_iter()
                .chain([finite])
                .any(|w| syntax.parsed.token(w).morph.person == Some(Person::First))
        };
        let speaker = |c: &ClaimDraft| match &c.claim.holder {
            Holder::Party(party) => Some(party.entity),
            _ => None,
        };
        let mut inner = Vec::new();
        for (i, own) in claims.iter().enumerate() {
            let Some(quotation) = self.quotes.iter().find(|q| q.contains(own.claim.cue)) else {
                continue;
            };
            let sentence = syntax.sentence(own.cue).span;
            let outer = claims.iter().position(|told| {
                let outside = sentence.contains(told.claim.cue) && !quotation.contains(told.claim.cue);
                outside
                    && told.claim.content.contains(own.claim.cue)
                    && speaker(told).is_some()
                    && speaker(told) == speaker(own)
            });
            if let Some(outer) = outer.filter(|_| first_person(own.cue)) {
                inner.push((i, outer));
            }
        }
        for &(own, outer) in &inner {
            if claims[outer].claim.stance.value == Stance::State {
                claims[outer].claim.stance = claims[own].claim.stance.clone();
            }
        }
        let mut at = 0..;
        claims.retain(|_| {
            let i = at.next();
            !inner.iter().any(|(own, _)| Some(*own) == i)
        });
    }

    /// Who says *ich* or *wir* in a quotation is who says the quotation: the holder of what is told around it, else the last one before it.
    /// In an interview it is whose turn it is.
    fn first_persons(&self, claims: &mut [ClaimDraft]) {
        let syntax = self.matcher.syntax;
        let quoted_in = |cue: Span| self.quotes.iter().find(|q| q.contains(cue));
        let mut told: Vec<(Span, Holder)> = claims
            .iter()
            .filter(|c| quoted_in(c.claim.cue).is_none() || c.claim.stance.because.rule == RuleId::from(QUOTATION))
            .filter(|c| !matches!(c.claim.holder, Holder::Untold))
            .map(|c| (c.claim.cue, c.claim.holder.clone()))
            .collect();
        told.sort_by_key(|(cue, _)| cue.start());
        let turns = self.turns();
        for draft in claims.iter_mut() {
            let Holder::Unnamed(words) = draft.claim.holder else {
                continue;
            };
            let sentence = syntax.sentence(draft.cue);
            let mut spoken = sentence
                .tokens
                .clone()
                .map(TokenIx)
                .filter(|&t| syntax.span(t) == words);
            if !spoken.any(|t| syntax.parsed.token(t).morph.person == Some(Person::First)) {
                continue;
            }
            let before = |of: &[(Span, Holder)]| of.iter().rfind(|(cue, _)| cue.end() < words.start()).cloned();
            let speaker = match quoted_in(draft.claim.cue) {
                Some(quotation) => told
                    .iter()
                    .find(|(cue, _)| sentence.span.contains(*cue) && !quotation.contains(*cue))
                    .cloned()
                    .or_else(|| before(&told)),
                None => before(&turns),
            };
            if let Some((_, holder)) = speaker {
                draft.claim.holder = holder;
            }
        }
    }

    /// The turns of an interview: people named at the beginning of a sentence, before a colon. One alone makes no interview.
    fn turns(&self) -> Vec<(Span, Holder)> {
        let syntax = self.matcher.syntax;
        let entities = self.matcher.entities;
        let turn = |sentence: &Sentence| {
            let mut words = sentence.tokens.clone().map(TokenIx);
            let first = words.find(|&t| syntax.pos(t) != Upos::Punct)?;
            let mention = entities.at(first)?;
            let actor = mention
                .actor
                .filter(|a| entities.entity(*a).kind == EntityKind::Person)?;
            let colon = TokenIx(mention.tokens.end);
            let labels = colon.0 < sentence.tokens.end && syntax.parsed.form(colon) == ":";
            labels.then(|| {
                let party = Party {
                    span: mention.span,
                    entity: actor,
                    roles: mention.roles.clone(),
                };
                (mention.span, Holder::Party(party))
            })
        };
        let turns: Vec<_> = syntax.parsed.sentences.iter().filter_map(turn).collect();
        if turns.len() > 1 { turns } else { Vec::new() }
    }

    /// The first sentences of a quotation whose speaker is told behind it: *„Das war kein gutes Jahr. Wir haben verloren“, sagte der
    /// Minister*.
    fn trace_back(&self, claims: &mut Vec<ClaimDraft>) {
        let syntax = self.matcher.syntax;
        let mut added = Vec::new();
        for quotation in self.quotes {
            let sentences = || syntax.parsed.sentences.iter().filter(|s| s.span.overlaps(*quotation));
            let Some(last) = sentences().next_back() else { continue };
            let behind = |c: &&ClaimDraft| {
                last.span.contains(c.claim.cue)
                    && c.claim.cue.start() >= quotation.end()
                    && c.claim.content.overlaps(*quotation)
            };
            let Some(told) = claims.iter().find(behind) else {
                continue;
            };
            let holder = &told.claim.holder;
            let silent = |s: &&Sentence| {
                s.span != last.span
                    && quotation.contains(s.span)
                    && !claims.iter().any(|c| s.span.contains(c.claim.cue))
            };
            added.extend(
                sentences()
                    .filter(silent)
                    .filter_map(|s| self.told_by(s, holder, QUOTATION)),
            );
        }
        claims.extend(added);
    }

    /// A sentence as told by somebody without a word of saying; its finite verb stands for that.
    fn told_by(&self, sentence: &Sentence, holder: &Holder, rule: &'static str) -> Option<ClaimDraft> {
        let syntax = self.matcher.syntax;
        let mut words = sentence.tokens.clone().map(TokenIx);
        let root = words.find(|&t| syntax.dep(t) == Dep::Root)?;
        let cue = syntax.finite(root).unwrap_or(root);
        Some(ClaimDraft {
            claim: Claim {
                holder: holder.clone(),
                stance: Judged {
                    value: Stance::State,
                    because: Evidence {
                        spans: vec![syntax.span(cue)],
                        rule: RuleId::from(rule),
                    },
                },
                quote: rule == QUOTATION,
                addressee: None,
                cue: syntax.span(cue),
                content: sentence.span,
                mention: (self.mention)(cue),
                events: Vec::new(),
            },
            cue,
        })
    }

    /// Indirect speech that goes on without a word of saying, and quotations that stand alone, belong to the last holder; a quotation
    /// after a sentence in which nobody says anything belongs to the subject of that sentence.
    fn continue_speech(&self, claims: &mut Vec<ClaimDraft>) {
        let syntax = self.matcher.syntax;
        let parsed = syntax.parsed;
        let mut last: Option<(usize, Holder)> = None;
        let mut added = Vec::new();
        for (s, sentence) in parsed.sentences.iter().enumerate() {
            let own = claims
                .iter()
                .filter(|c| sentence.span.overlaps(c.claim.cue))
                .max_by_key(|c| c.cue);
            if let Some(own) = own {
                if !matches!(own.claim.holder, Holder::Untold) {
                    last = Some((s, own.claim.holder.clone()));
                }
                continue;
            }
            let words = || sentence.tokens.clone().map(TokenIx);
            let Some(root) = words().find(|&t| syntax.dep(t) == Dep::Root) else {
                continue;
            };
            let morph = syntax.finite(root).map(|f| parsed.token(f).morph);
            let konjunktiv = morph.is_some_and(|m| m.is_konjunktiv_1());
            // The plural of most verbs has no Konjunktiv I of its own.
            let substitute = morph.is_some_and(|m| m.is_konjunktiv_2() && m.number == Some(Number::Plur));
            let reported = words()
                .next()
                .is_some_and(|first| syntax.grammar.reported.iter().any(|w| w == syntax.lemma(first)));
            let quoted = self
                .quotes
                .iter()
                .any(|q| q.overlaps(sentence.span) && 3 * q.len().min(sentence.span.len()) > 2 * sentence.span.len());
            let viewpoint = || syntax.governed(root, &syntax.grammar.viewpoint).into_iter().next();
            let seen_by = viewpoint()
                .filter(|_| konjunktiv)
                .and_then(|t| self.matcher.parties_in(t, 0).into_iter().next());
            let holder = match &last {
                _ if seen_by.is_some() => seen_by.map(Holder::Party),
                Some((before, holder)) if before + 1 == s => Some(holder.clone()),
                // The Konjunktiv I alone tells that somebody says it.
                Some((before, holder)) if konjunktiv && before + GAP >= s => Some(holder.clone()),
                _ if quoted => self.subject_before(s).map(Holder::Party),
                _ => None,
            };
            let Some(holder) = holder.filter(|_| konjunktiv || substitute || reported || quoted) else {
                continue;
            };
            let rule = if quoted { QUOTATION } else { "speech.konjunktiv-1" };
            added.extend(self.told_by(sentence, &holder, rule));
            last = Some((s, holder));
        }
        claims.extend(added);
    }

    /// The subject of the sentence before `s`, if it can speak.
    fn subject_before(&self, s: usize) -> Option<Party> {
        let syntax = self.matcher.syntax;
        let mut words = syntax.parsed.sentences[s.checked_sub(1)?].tokens.clone().map(TokenIx);
        self.subject_who_speaks(words.find(|&t| syntax.dep(t) == Dep::Root)?)
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
