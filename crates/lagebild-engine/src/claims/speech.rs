//! Speech without a word of saying: before a colon, on both sides of a quotation, and as it goes on from sentence to sentence.

use super::{ClaimDraft, ClaimReader};
use crate::entities::MentionKind;
use lagebild_core::codebook::Stance;
use lagebild_core::{
    Claim, Dep, EntityKind, Evidence, Holder, Judged, Number, Party, Person, RuleId, Sentence, Span, TokenIx, Upos,
    VerbForm,
};

/// The rule of a quotation that stands alone.
const QUOTATION: &str = "speech.quotation";

/// Sentences after which indirect speech still belongs to the last holder.
const GAP: usize = 3;

/// Sentences after which *hieß es weiter* still means the last holder.
const MEMORY: usize = 5;

impl ClaimReader<'_, '_> {
    /// What a colon lets somebody say, in a headline (*Steinmeier: Russland muss Truppen abziehen*) or before a quotation (*Ein Sprecher
    /// nach der Sitzung: „Wir sind uns einig.“*, *Dabei griff sie den Präsidenten an: „Das ist ein Fehler.“*), where no word of saying does.
    /// A state or body before the colon of a headline may be but the topic; a person speaks.
    pub(super) fn colons(&self, claims: &[ClaimDraft]) -> Vec<ClaimDraft> {
        let syntax = self.matcher.syntax;
        let headline = |sentence: &Sentence| {
            let (holder, colon) = self.matcher.headline_topic(TokenIx(sentence.tokens.start))?;
            let entities = self.matcher.entities;
            let who = entities.entity(holder.entity);
            // "Cognac gegen E-Autos: China schlägt zurück": one word that nobody knows may be anything.
            let known = entities.key(holder.entity).is_some() || who.name.contains(' ');
            let speaks = who.kind == EntityKind::Person && known;
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
            Some(self.wordless(colon, content, Holder::Party(holder), "grammar.colon"))
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
        // Somebody among other words, or whoever is all that stands there: "Der Kreml: „…“".
        let text = before().map(|t| syntax.span(t)).reduce(Span::cover)?;
        let speaker = before().find_map(|t| {
            let mention = entities.at(t)?;
            let person = mention
                .actor
                .is_some_and(|a| entities.entity(a).kind == EntityKind::Person);
            let article = |w: TokenIx| w >= t || syntax.pos(w) == Upos::Det;
            // A state heads a headline.
            let named = mention.actor.is_some() && entities.place_at(t).is_none();
            let alone = named && mention.span.end() == text.end() && before().all(article);
            (person || mention.kind == MentionKind::Role || alone).then_some(mention.head)
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

    /// *„Ich glaube, dass wir gewinnen“, sagte Zaev* is one saying: the word outside the quotation tells it, the one inside how it is meant.
    pub(super) fn one_saying_a_quotation(&self, claims: &mut Vec<ClaimDraft>) {
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
    pub(super) fn first_persons(&self, claims: &mut [ClaimDraft]) {
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
    pub(super) fn trace_back(&self, claims: &mut Vec<ClaimDraft>) {
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

    /// A claim that no word of saying tells; `cue` stands for one.
    fn wordless(&self, cue: TokenIx, content: Span, holder: Holder, rule: &'static str) -> ClaimDraft {
        let span = self.matcher.syntax.span(cue);
        ClaimDraft {
            claim: Claim {
                holder,
                stance: Judged {
                    value: Stance::State,
                    because: Evidence {
                        spans: vec![span],
                        rule: RuleId::from(rule),
                    },
                },
                quote: self.is_quoted(content, span),
                addressee: None,
                cue: span,
                content,
                mention: (self.mention)(cue),
                events: Vec::new(),
            },
            cue,
        }
    }

    /// A sentence as told by somebody without a word of saying; its finite verb stands for that.
    fn told_by(&self, sentence: &Sentence, holder: &Holder, rule: &'static str) -> Option<ClaimDraft> {
        let syntax = self.matcher.syntax;
        let mut words = sentence.tokens.clone().map(TokenIx);
        let root = words.find(|&t| syntax.dep(t) == Dep::Root)?;
        let cue = syntax.finite(root).unwrap_or(root);
        let mut draft = self.wordless(cue, sentence.span, holder.clone(), rule);
        draft.claim.quote = rule == QUOTATION;
        Some(draft)
    }

    /// Indirect speech that goes on without a word of saying, and quotations that stand alone, belong to the last holder; a quotation
    /// after a sentence in which nobody says anything belongs to the subject of that sentence.
    pub(super) fn continue_speech(&self, claims: &mut Vec<ClaimDraft>) {
        let syntax = self.matcher.syntax;
        let parsed = syntax.parsed;
        let mut last: Option<(usize, Holder)> = None;
        let mut added = Vec::new();
        for (s, sentence) in parsed.sentences.iter().enumerate() {
            let known = last
                .as_ref()
                .filter(|(before, holder)| before + MEMORY >= s && matches!(holder, Holder::Party(_)));
            if let Some((_, holder)) = known {
                let here = claims.iter_mut().filter(|c| sentence.span.overlaps(c.claim.cue));
                for own in here.filter(|c| self.goes_on(c)) {
                    own.claim.holder = holder.clone();
                }
            }
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
            let rule = match (quoted, konjunktiv, substitute) {
                (true, ..) => QUOTATION,
                (_, true, _) => "speech.konjunktiv-1",
                (_, _, true) => "speech.konjunktiv-2",
                _ => "speech.reported",
            };
            added.extend(self.told_by(sentence, &holder, rule));
            last = Some((s, holder));
        }
        claims.extend(added);
    }

    /// Whether a saying of nobody goes on with what somebody said before: *hieß es weiter*, *heißt es in der Erklärung*.
    fn goes_on(&self, told: &ClaimDraft) -> bool {
        let syntax = self.matcher.syntax;
        let grammar = &syntax.grammar;
        let Holder::Unnamed(words) = told.claim.holder else {
            return false;
        };
        let holder = syntax.by_dep(told.cue, &[Dep::Nsubj, Dep::Obl, Dep::Expl]);
        let Some(holder) = holder.into_iter().find(|&t| words.contains(syntax.span(t))) else {
            return false;
        };
        let statement = grammar
            .statements
            .iter()
            .any(|text| syntax.lemma(holder).ends_with(text.as_str()))
            && syntax.preposition(holder).is_some()
            && syntax.is_definite(holder);
        let further = || {
            let mut adverbs = syntax.by_dep(told.cue, &[Dep::Advmod]);
            adverbs.any(|a| grammar.further.iter().any(|w| w == syntax.lemma(a)))
        };
        statement || syntax.pos(holder) == Upos::Pron && further()
    }

    /// The subject of the sentence before `s`, if it can speak.
    fn subject_before(&self, s: usize) -> Option<Party> {
        let syntax = self.matcher.syntax;
        let mut words = syntax.parsed.sentences[s.checked_sub(1)?].tokens.clone().map(TokenIx);
        self.subject_who_speaks(words.find(|&t| syntax.dep(t) == Dep::Root)?)
    }
}
