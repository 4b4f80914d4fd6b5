//! Agreements: treaties, pacts and deals, their steps and duties (codebook, 4).

use crate::events::{EventDraft, EventReader};
use crate::matcher::{Matcher, Trigger};
use crate::status::judge;
use crate::syntax::Filled;
use lagebild_core::codebook::{AgreementKind, ObligationKind, Sector, Status, Step};
use lagebild_core::{
    Agreement, AgreementStep, Date, Dep, EntityIx, EntityKind, Obligation, Party, RuleId, Span, TokenIx, Upos,
};
use lagebild_lexicon::knowledge::{Atom, Knowledge, Treaty, TreatyIx, atoms};
use lagebild_lexicon::{Class, CueUse, Entry, Filler, Role, Slot, WordClass};
use std::sync::Arc;

/// An agreement while its mentions are gathered.
struct Draft {
    agreement: Agreement,
    /// Head words of its mentions.
    heads: Vec<TokenIx>,
    /// The row of the ledger that its name names.
    ledger: Option<TreatyIx>,
    /// Words that tell its steps.
    told: Vec<TokenIx>,
}

/// Those who bind a state by what they agree to; companies, artists and citizens only bind themselves.
const BINDING: [Sector; 10] = [
    Sector::Gov,
    Sector::Igo,
    Sector::Jud,
    Sector::Leg,
    Sector::Mil,
    Sector::Opp,
    Sector::Pty,
    Sector::Reb,
    Sector::Spy,
    Sector::Uaf,
];

pub(crate) struct AgreementReader<'m, 'a> {
    matcher: &'m Matcher<'a>,
    knowledge: &'a Knowledge,
    events: &'m EventReader<'m, 'a>,
    mention: &'m dyn Fn(TokenIx) -> Span,
}

impl<'m, 'a> AgreementReader<'m, 'a> {
    pub(crate) fn new(
        matcher: &'m Matcher<'a>,
        knowledge: &'a Knowledge,
        events: &'m EventReader<'m, 'a>,
        mention: &'m dyn Fn(TokenIx) -> Span,
    ) -> Self {
        Self {
            matcher,
            knowledge,
            events,
            mention,
        }
    }

    /// The agreements of the document, in order of their first mention.
    pub(crate) fn read(&self, triggers: &[Trigger], events: &[EventDraft]) -> Vec<Agreement> {
        let mut drafts = self.named(triggers);
        self.known_by_name(&mut drafts);
        self.steps(&mut drafts, triggers);
        self.steps_of_events(&mut drafts, events);
        self.bind_those_around(&mut drafts);
        join_those_told_twice(&mut drafts);
        self.obligations(&mut drafts, triggers);
        // A noun alone is a manner of speaking; a step, a duty, a second mention or both sides make it an agreement.
        let told = |d: &Draft| {
            let a = &d.agreement;
            let taken = a.steps.iter().any(|s| s.step != Step::Violated);
            let done = taken || !a.obligations.is_empty();
            d.ledger.is_some() || a.parties.len() >= 2 || a.parties.len() == 1 && done
        };
        drafts
            .into_iter()
            .filter(told)
            .map(|mut d| {
                d.agreement.canonical = match d.ledger {
                    Some(ix) => {
                        let treaty = &self.knowledge.treaties[ix.ix()];
                        Some((treaty.id.into(), treaty.name_de.into()))
                    }
                    None => self.canonical(&d.agreement),
                };
                // A bare "Abkommen" is what it obliges to.
                let assists = |a: &Agreement| a.obligations.iter().any(|o| o.kind == ObligationKind::MutualAssistance);
                if d.agreement.kind == AgreementKind::Other && assists(&d.agreement) {
                    d.agreement.kind = AgreementKind::Defence;
                }
                d.agreement
            })
            .collect()
    }

    /// Mentions of agreements by name, those of one agreement together.
    fn named(&self, triggers: &[Trigger]) -> Vec<Draft> {
        let mut drafts: Vec<Draft> = Vec::new();
        for trigger in triggers {
            let entry = self.matcher.rules.entry(trigger.entry);
            let Some(kind) = entry.gives.kind else { continue };
            if trigger.class != WordClass::Noun || drafts.iter().any(|d| d.heads.contains(&trigger.token)) {
                continue;
            }
            // "Ohne ein Abkommen", "keine Vereinbarung": there is none; but "beschloss, das Abkommen nicht zu unterzeichnen".
            let syntax = self.matcher.syntax;
            if judge(self.matcher, trigger).is_negated() && !syntax.is_definite(trigger.token) {
                continue;
            }
            if kind == AgreementKind::Other && self.is_private(trigger) {
                continue;
            }
            let span = (self.mention)(trigger.token);
            // "Der Pakt", "diese Vereinbarung": the last one spoken of.
            if kind == AgreementKind::Other
                && let Some(last) = drafts.last_mut().filter(|_| self.refers_back(trigger.token))
            {
                last.heads.push(trigger.token);
                if !last.agreement.mentions.contains(&span) {
                    last.agreement.mentions.push(span);
                }
                continue;
            }
            let parties = self.parties(trigger);
            let lemma = self.matcher.syntax.lemma(trigger.token);
            let known = drafts.iter_mut().rev().find(|d| {
                let same_word = d.heads.iter().any(|&h| self.matcher.syntax.lemma(h) == lemma);
                is_same(&d.agreement, kind, &parties, same_word)
            });
            match known {
                Some(known) => {
                    known.heads.push(trigger.token);
                    if known.agreement.kind == AgreementKind::Other {
                        known.agreement.kind = kind;
                    }
                    add_keys(&mut known.agreement.parties, &parties);
                    // It is called by its fullest name.
                    let name = self.name(trigger.token);
                    if name.len() > known.agreement.name.map_or(0, Span::len) {
                        known.agreement.name = Some(name);
                    }
                    if !known.agreement.mentions.contains(&span) {
                        known.agreement.mentions.push(span);
                    }
                }
                None => drafts.push(Draft {
                    agreement: Agreement {
                        name: Some(self.name(trigger.token)),
                        canonical: None,
                        kind,
                        parties,
                        steps: Vec::new(),
                        obligations: Vec::new(),
                        mentions: vec![span],
                    },
                    heads: vec![trigger.token],
                    ledger: None,
                    told: Vec::new(),
                }),
            }
        }
        drafts
    }

    /// Treaties of the ledger that the text calls by their name: *UN-Charta, Atomwaffensperrvertrag*. One between two needs both in the
    /// report, since short names serve many.
    fn known_by_name(&self, drafts: &mut Vec<Draft>) {
        let syntax = self.matcher.syntax;
        let parsed = syntax.parsed;
        for sentence in &parsed.sentences {
            let words: Vec<(TokenIx, Atom)> = sentence
                .tokens
                .clone()
                .map(TokenIx)
                .flat_map(|t| atoms(parsed.form(t)).into_iter().map(move |a| (t, a)))
                .collect();
            let mut at = 0;
            while at < words.len() {
                let rest = words[at..].iter().take(LONGEST_NAME).map(|(_, a)| a);
                let found = self.knowledge.longest_treaty(parsed.doc.lang, rest).and_then(|f| {
                    let ix = f.names.iter().copied().find(|&ix| self.can_be_meant(ix))?;
                    Some((f.atoms, ix))
                });
                let Some((length, ix)) = found else {
                    at += 1;
                    continue;
                };
                let (first, last) = (words[at].0, words[at + length - 1].0);
                at += length;
                self.mention_of(drafts, ix, first, last);
            }
        }
    }

    fn mention_of(&self, drafts: &mut Vec<Draft>, ix: TreatyIx, first: TokenIx, last: TokenIx) {
        let syntax = self.matcher.syntax;
        let treaty = &self.knowledge.treaties[ix.ix()];
        let span = (self.mention)(first);
        let within = |d: &Draft| d.heads.iter().any(|h| (first..=last).contains(h));
        let known = drafts
            .iter()
            .position(|d| d.ledger == Some(ix))
            .or_else(|| drafts.iter().position(within));
        if let Some(known) = known {
            let known = &mut drafts[known];
            if known.ledger.replace(ix).is_none() {
                // What it is called by everybody says more than how the report introduced it.
                known.agreement.name = Some(syntax.span(first).cover(syntax.span(last)));
            }
            if known.agreement.kind == AgreementKind::Other {
                known.agreement.kind = kind_of(treaty.kind);
            }
            if !known.heads.iter().any(|h| (first..=last).contains(h)) {
                known.heads.push(first);
            }
            add_keys(&mut known.agreement.parties, &self.parties_of(treaty));
            if !known.agreement.mentions.contains(&span) {
                known.agreement.mentions.push(span);
            }
            return;
        }
        drafts.push(Draft {
            agreement: Agreement {
                name: Some(syntax.span(first).cover(syntax.span(last))),
                canonical: None,
                kind: kind_of(treaty.kind),
                parties: self.parties_of(treaty),
                steps: Vec::new(),
                obligations: Vec::new(),
                mentions: vec![span],
            },
            heads: vec![first],
            ledger: Some(ix),
            told: Vec::new(),
        });
    }

    /// Whether a treaty can be spoken of here: it was signed by the day of the report, and of two parties both are named.
    fn can_be_meant(&self, ix: TreatyIx) -> bool {
        let treaty = &self.knowledge.treaties[ix.ix()];
        let published = self.matcher.syntax.parsed.doc.published;
        let signed = match (treaty.signed, published) {
            (Some((from, _)), Some(day)) => from <= day,
            _ => true,
        };
        signed && (treaty.parties.len() != 2 || treaty.parties.iter().all(|p| self.is_named(bare(p))))
    }

    fn is_named(&self, key: &str) -> bool {
        let entities = &self.matcher.entities.entities;
        entities
            .iter()
            .any(|e| e.org.as_deref().or(e.country.as_deref()) == Some(key))
    }

    /// The parties of a treaty that the report speaks of: states, organisations and the members that an alliance binds.
    fn parties_of(&self, treaty: &Treaty) -> Vec<Arc<str>> {
        let mut keys: Vec<Arc<str>> = Vec::new();
        for &party in &treaty.parties {
            let Some(org) = party.strip_prefix("org:") else {
                if self.is_named(bare(party)) {
                    add_keys(&mut keys, &[bare(party).into()]);
                }
                continue;
            };
            add_keys(&mut keys, &[org.into()]);
            let members = self.knowledge.members(org);
            if members.len() <= LARGEST_ALLIANCE {
                for member in members.iter().filter(|m| self.is_named(m.member)) {
                    add_keys(&mut keys, &[member.member.into()]);
                }
            }
        }
        keys
    }

    /// The words that name it, without article: the noun with plain adjectives (*das **Wiener Abkommen***), what it is compounded with,
    /// and the phrases behind it that say whose or what about (*Abkommen **zwischen Armenien und Aserbaidschan***).
    fn name(&self, noun: TokenIx) -> Span {
        let syntax = self.matcher.syntax;
        let names = |c: &TokenIx| match syntax.dep(*c) {
            Dep::Compound | Dep::Flat => true,
            // "Ukraine's agreement", but "its agreement"
            Dep::NmodPoss => syntax.pos(*c) != Upos::Pron,
            // "der 2016 mit Frankreich geschlossene Vertrag": an adjective with words of its own tells of it.
            Dep::Amod => syntax.children(*c).is_empty(),
            Dep::Nmod => self.belongs_to_name(*c),
            _ => false,
        };
        let whole = |c: TokenIx| {
            let members = std::iter::once(c).chain(syntax.by_dep(c, &[Dep::Conj]));
            members
                .map(|m| self.name_phrase(m))
                .fold(self.with_preposition(c), Span::cover)
        };
        let children = syntax.children(noun).iter().copied().filter(|c| names(c));
        let span = children.map(whole).fold(syntax.span(noun), Span::cover);
        // Whatever the tree says, a name ends where a clause begins.
        let ends = |t: &TokenIx| {
            let comma = syntax.parsed.form(*t) == ",";
            comma || matches!(syntax.pos(*t), Upos::Verb | Upos::Aux | Upos::Sconj) || syntax.antecedent(*t) != *t
        };
        let behind = (noun.0 + 1..syntax.sentence(noun).tokens.end).map(TokenIx);
        match behind.take_while(|t| span.contains(syntax.span(*t))).find(ends) {
            Some(end) => {
                let before = syntax.span(TokenIx(end.0 - 1));
                Span::at(span.start(), before.end().max(syntax.span(noun).end()))
            }
            None => span,
        }
    }

    /// Whether a phrase behind a noun says whose or what about, and not when or where.
    fn belongs_to_name(&self, t: TokenIx) -> bool {
        let syntax = self.matcher.syntax;
        let belongs = |p: &str| syntax.grammar.names_by.iter().any(|by| by == p);
        !syntax.is_time(t) && syntax.preposition(t).is_none_or(belongs)
    }

    /// A phrase within a name, with what in it belongs to the name.
    fn name_phrase(&self, t: TokenIx) -> Span {
        let syntax = self.matcher.syntax;
        let belongs = |c: &TokenIx| match syntax.dep(*c) {
            Dep::Nmod => self.belongs_to_name(*c),
            Dep::Det
            | Dep::DetPoss
            | Dep::Amod
            | Dep::Compound
            | Dep::Flat
            | Dep::NmodPoss
            | Dep::Nummod
            | Dep::Conj => true,
            _ => false,
        };
        let children = syntax.children(t).iter().copied().filter(|c| belongs(c));
        children
            .map(|c| syntax.phrase_span(c).cover(self.with_preposition(c)))
            .fold(syntax.span(t), Span::cover)
    }

    /// Whether a definite noun says nothing of the agreement but that it is one: *der Pakt*, *diese Vereinbarung*.
    fn refers_back(&self, noun: TokenIx) -> bool {
        self.matcher.syntax.is_definite(noun) && self.name(noun) == self.matcher.syntax.span(noun)
    }

    /// Whether it is with or of somebody who binds no state: *der Vertrag des Trainers*, *ein Pakt mit den Wählern*.
    fn is_private(&self, trigger: &Trigger) -> bool {
        let with = vec![Slot::Preposition(self.matcher.syntax.grammar.between.clone())];
        let somebody = [with, vec![Slot::Genitive]].map(|path| self.matcher.follow(trigger, &path));
        // Not "the treaty of Lisbon", "Resolution 1701".
        let is_noun = |f: &Filled| self.matcher.syntax.pos(f.token()) == Upos::Noun;
        let mut others = somebody.into_iter().flatten().filter(is_noun).peekable();
        let binds = |f: Filled| {
            let mention = self.matcher.entities.at(f.token());
            mention.is_some_and(|m| m.actor.is_some_and(|a| self.binds(a, &m.roles)))
        };
        others.peek().is_some() && !others.any(binds)
    }

    fn with_preposition(&self, t: TokenIx) -> Span {
        let syntax = self.matcher.syntax;
        syntax
            .by_dep(t, &[Dep::Case])
            .map(|c| syntax.span(c))
            .fold(syntax.span(t), Span::cover)
    }

    /// Who is bound: those that the noun phrase names; with one of them, also the subject around it.
    fn parties(&self, trigger: &Trigger) -> Vec<Arc<str>> {
        let entry = self.matcher.rules.entry(trigger.entry);
        let between = vec![Slot::Preposition(self.matcher.syntax.grammar.between.clone())];
        let compound = |p: &Party| p.span.end() <= self.matcher.syntax.span(trigger.token).start();
        let places: [Role; 5] = [
            entry
                .noun_roles
                .actor
                .clone()
                .or_else(|| entry.roles.actor.clone())
                .unwrap_or_default(),
            vec![between],
            vec![vec![Slot::Genitive]],
            vec![vec![Slot::Adjective]],
            vec![vec![Slot::Compound]],
        ];
        let mut keys = Vec::new();
        for place in &places {
            let parties = self.matcher.role(trigger, place);
            let signed_there = |p: &Party| self.is_town_of_signing(p) || compound(p) && self.is_town(p);
            let parties: Vec<Party> = parties.into_iter().filter(|p| !signed_there(p)).collect();
            add_keys(&mut keys, &self.keys(&parties));
        }
        // "Die Ukraine schloss einen Vertrag mit Polen", but not "beklagte einen Bruch des Vertrags".
        let syntax = self.matcher.syntax;
        let governed = syntax.head(trigger.token).is_some_and(|h| !syntax.is_nominal(h));
        if keys.len() == 1 && governed {
            add_keys(
                &mut keys,
                &self.keys(&self.matcher.role(trigger, &vec![vec![Slot::Context]])),
            );
        }
        keys
    }

    /// Whether a state is only named by one of its towns: "Prespa agreement", "Minsker Abkommen".
    fn is_town(&self, party: &Party) -> bool {
        let state = self.matcher.entities.entity(party.entity);
        let mut mentions = self.matcher.entities.mentions.iter();
        state.kind == EntityKind::Country
            && mentions
                .find(|m| m.span == party.span)
                .and_then(|m| m.place.as_ref())
                .is_some_and(|p| p.name != state.name)
    }

    /// "Der Vertrag von Lissabon" binds nobody in Lisbon: a seat behind *von* is where it was signed.
    fn is_town_of_signing(&self, party: &Party) -> bool {
        let syntax = self.matcher.syntax;
        let parsed = syntax.parsed;
        let at = TokenIx::from(parsed.tokens.partition_point(|t| t.span.start() < party.span.start()));
        let state = self.matcher.entities.entity(party.entity);
        at.ix() < parsed.tokens.len()
            && state.kind == EntityKind::Country
            && !party.span.of(&parsed.doc.text).starts_with(&*state.name)
            && syntax
                .preposition(at)
                .is_some_and(|p| syntax.grammar.of.iter().any(|of| of == p))
    }

    fn keys(&self, parties: &[Party]) -> Vec<Arc<str>> {
        let mut keys = Vec::new();
        for party in parties {
            let entity = self.matcher.entities.entity(party.entity);
            let binds = self.binds(party.entity, &party.roles);
            // A short form that only this report has is no organisation that others know: "the HSR agreement".
            let known = |key: &&Arc<str>| self.knowledge.organisations.iter().any(|o| o.key == Some(&***key));
            let org = entity.org.as_ref().filter(known);
            let key = org.or(entity.country.as_ref());
            if let Some(key) = key.filter(|_| binds) {
                add_keys(&mut keys, std::slice::from_ref(key));
            }
        }
        keys
    }

    /// Whether somebody binds his state: those in office do, nobody is bound by a place or an unnamed group.
    fn binds(&self, entity: EntityIx, roles: &[Sector]) -> bool {
        let entity = self.matcher.entities.entity(entity);
        match entity.kind {
            EntityKind::Country | EntityKind::Organisation => true,
            EntityKind::Place => false,
            _ => entity.roles.iter().chain(roles).any(|r| BINDING.contains(r)),
        }
    }

    /// The agreement that a word means: the one it names, or the last one named before it.
    fn meant(&self, drafts: &[Draft], word: TokenIx) -> Option<usize> {
        let noun = self.matcher.agreement_meant(word)?;
        let last = |d: &Draft| d.heads.iter().copied().filter(|&h| h < noun).max();
        drafts.iter().position(|d| d.heads.contains(&noun)).or_else(|| {
            let before = drafts.iter().enumerate().filter_map(|(i, d)| Some((last(d)?, i)));
            before.max().map(|(_, i)| i)
        })
    }

    /// The word that stands where an entry asks for an agreement.
    fn asked(&self, trigger: &Trigger, entry: &Entry) -> Option<TokenIx> {
        let agreement = |filler: &Filler| *filler == Filler::Class(Class::Agreement);
        let mut needs = entry.needs.iter().filter(|(_, fillers)| fillers.iter().any(agreement));
        needs
            .find_map(|need| self.matcher.held_by(trigger, need))
            .map(|f| f.token())
    }

    /// Steps that words tell of the agreement that they govern: *unterzeichneten **das Abkommen***, *der Vertrag trat in Kraft*.
    fn steps(&self, drafts: &mut [Draft], triggers: &[Trigger]) {
        for trigger in triggers {
            let entry = self.matcher.rules.entry(trigger.entry);
            let Some(step) = entry.gives.step.filter(|_| entry.is_of_agreements()) else {
                continue;
            };
            let target = match self.asked(trigger, entry) {
                Some(word) => self.meant(drafts, word),
                // "Dieser Vertragsabschluss": the noun tells of the last agreement spoken of.
                None => drafts
                    .iter()
                    .rposition(|d| d.heads.first().is_some_and(|&h| h < trigger.token)),
            };
            let Some(target) = target else { continue };
            if drafts[target].told.contains(&trigger.token)
                || judge(self.matcher, trigger).status().value != Status::Actual
            {
                continue;
            }
            let role = |role: &Option<Role>| role.as_ref().map(|r| self.matcher.role(trigger, r)).unwrap_or_default();
            let mut by = self.keys(&role(&entry.roles.actor));
            if is_taken_together(step) {
                add_keys(&mut by, &self.keys(&role(&entry.roles.recipient)));
            }
            self.take(&mut drafts[target], trigger.token, step, by, RuleId(entry.id.clone()));
        }
    }

    /// Notes a step of an agreement that `word` tells: a new one, or what it adds to one told before.
    fn take(&self, draft: &mut Draft, word: TokenIx, step: Step, by: Vec<Arc<str>>, rule: RuleId) {
        let date = self.events.date(word);
        let agreement = &mut draft.agreement;
        if agreement.parties.len() < 2 && step != Step::Violated {
            add_keys(&mut agreement.parties, &by);
        }
        draft.told.push(word);
        // The same step told again, by nobody or on no other day.
        let known = agreement.steps.iter_mut().find(|s| {
            let dates = s.date.implicit || date.implicit || s.date.from == date.from;
            let same = s.by.len() == by.len() && s.by.iter().all(|b| by.contains(b));
            s.step == step && dates && (by.is_empty() || s.by.is_empty() || same)
        });
        if let Some(known) = known {
            if known.by.is_empty() {
                known.by = by;
            }
            if known.date.implicit {
                known.date = date;
            }
            return;
        }
        let syntax = self.matcher.syntax;
        let in_sentence = syntax.sentence(word).tokens.clone().map(TokenIx);
        let place = in_sentence
            .filter(|&t| syntax.by_dep(t, &[Dep::Case]).next().is_some())
            .find_map(|t| self.matcher.entities.place_at(t));
        agreement.steps.push(AgreementStep {
            step,
            by,
            date,
            place: place.map(|p| p.span),
            mention: (self.mention)(word),
            rule,
        });
    }

    /// Steps of events whose word governs the agreement, or whose noun is compounded with it.
    fn steps_of_events(&self, drafts: &mut [Draft], events: &[EventDraft]) {
        let syntax = self.matcher.syntax;
        for event in events {
            let Some(step) = event.gives.step else { continue };
            if event.event.status.value != Status::Actual {
                continue;
            }
            let by = self.keys(&event.event.actors);
            if let Some(told) = drafts.iter_mut().find(|d| d.told.contains(&event.trigger)) {
                // The event knows more of who took part.
                let mention = (self.mention)(event.trigger);
                let own = |s: &&mut AgreementStep| s.step == step && s.mention == mention && s.by.is_empty();
                if let Some(known) = told.agreement.steps.iter_mut().find(own) {
                    add_keys(&mut told.agreement.parties, &by);
                    known.by = by;
                }
                continue;
            }
            let sentence = syntax.parsed.sentence_of(event.trigger);
            let governs = |head: &TokenIx| {
                *head == event.trigger || syntax.is_below(*head, event.trigger) || syntax.is_below(event.trigger, *head)
            };
            let in_sentence = |d: &Draft| {
                d.heads
                    .iter()
                    .any(|&h| syntax.parsed.sentence_of(h) == sentence && governs(&h))
            };
            let before = |d: &Draft| d.heads.first().is_some_and(|&h| h <= event.trigger);
            let mut all = by.clone();
            add_keys(&mut all, &self.keys(&event.event.recipients));
            // A noun that names nobody tells of the last one spoken of.
            let noun = all.is_empty() && syntax.is_nominal(event.trigger);
            let shares = |d: &Draft| noun || d.agreement.parties.iter().any(|p| all.contains(p));
            let target = match drafts.iter().position(in_sentence) {
                Some(found) => found,
                // The noun itself tells the agreement ("dieser Vertragsabschluss"): the last one spoken of.
                None => match drafts.iter().rposition(|d| before(d) && shares(d)) {
                    Some(found) => found,
                    None => continue,
                },
            };
            let agreement = &mut drafts[target].agreement;
            if agreement.parties.len() < 2 {
                add_keys(&mut agreement.parties, &all);
            }
            self.take(&mut drafts[target], event.trigger, step, by, event.event.rule.clone());
        }
    }

    /// Who is bound where something is told of an agreement, or where it has a name of its own, but the report does not say whose it is: the
    /// two that its first sentence names, the two states of this sentence and the one before, or the two that the report speaks of.
    fn bind_those_around(&self, drafts: &mut [Draft]) {
        let parsed = self.matcher.syntax.parsed;
        let spoken_of = self.states_spoken_of();
        for draft in drafts.iter_mut().filter(|d| d.agreement.parties.len() < 2) {
            let Some(&head) = draft.heads.first() else { continue };
            if draft.agreement.steps.is_empty() && self.matcher.syntax.pos(head) != Upos::Propn {
                continue;
            }
            let sentence = parsed.sentence_of(head).ix();
            let own = &draft.agreement.parties;
            let named_in = |range: std::ops::RangeInclusive<usize>| {
                let words = parsed.sentences[range]
                    .iter()
                    .flat_map(|s| s.tokens.clone())
                    .map(TokenIx);
                let mut keys = own.clone();
                for word in words {
                    add_keys(&mut keys, &self.keys(&self.matcher.parties_of(Filled::Phrase(word))));
                }
                keys
            };
            let here = named_in(sentence..=sentence);
            let mut near = named_in(sentence.saturating_sub(1)..=sentence);
            // Organisations of a second sentence are hosts and mediators.
            near.retain(|k| own.contains(k) || self.knowledge.country(k).is_some());
            let mut all = own.clone();
            add_keys(&mut all, &spoken_of);
            if let Some(keys) = [here, near, all].into_iter().find(|keys| keys.len() == 2) {
                draft.agreement.parties = keys;
            }
        }
    }

    /// The states that the report speaks of more than once.
    fn states_spoken_of(&self) -> Vec<Arc<str>> {
        let mut counts: Vec<(&Arc<str>, usize)> = Vec::new();
        for entity in &self.matcher.entities.entities {
            let Some(country) = entity.country.as_ref().filter(|_| entity.kind != EntityKind::Place) else {
                continue;
            };
            match counts.iter_mut().find(|(known, _)| *known == country) {
                Some((_, count)) => *count += entity.mentions.len(),
                None => counts.push((country, entity.mentions.len())),
            }
        }
        let often = counts.into_iter().filter(|(_, count)| *count > 1);
        often.map(|(country, _)| Arc::clone(country)).collect()
    }

    /// Duties: of the agreement that obliges to them (*der Vertrag sieht den Abzug vor*), or told right after one.
    fn obligations(&self, drafts: &mut [Draft], triggers: &[Trigger]) {
        let parsed = self.matcher.syntax.parsed;
        for trigger in triggers {
            let entry = self.matcher.rules.entry(trigger.entry);
            let Some(kind) = entry.gives.obligation else { continue };
            let sentence = parsed.sentence_of(trigger.token);
            let near = |d: &Draft| {
                d.heads.iter().any(|&h| {
                    let at = parsed.sentence_of(h);
                    h <= trigger.token && at.0 + 1 >= sentence.0 || at == sentence
                })
            };
            let asked = self.asked(trigger, entry);
            let target = match asked {
                Some(word) => self.meant(drafts, word),
                None => drafts.iter().rposition(near),
            };
            let Some(target) = target.filter(|&t| !drafts[t].told.contains(&trigger.token)) else {
                continue;
            };
            let mut duties = self.told_below(trigger, triggers);
            // What the entry knows of it; of no more than that it is a duty only where no word below says which, and not every "must" behind a
            // treaty is one.
            let other = kind == ObligationKind::Other;
            if !other && !duties.iter().any(|(known, _)| *known == kind)
                || other && duties.is_empty() && asked.is_some()
            {
                duties.insert(0, (kind, RuleId(entry.id.clone())));
            }
            let mention = (self.mention)(trigger.token);
            let known = &mut drafts[target].agreement.obligations;
            for (kind, rule) in duties {
                if !known
                    .iter()
                    .any(|o| o.kind == kind && (kind != ObligationKind::Other || o.mention == mention))
                {
                    known.push(Obligation {
                        kind,
                        who: Vec::new(),
                        condition: self.condition(trigger.token),
                        mention,
                        rule,
                    });
                }
            }
        }
    }

    /// The duties that words below a carrier of duties name, but for its subject: *sieht **den Abzug** der Truppen vor*.
    fn told_below(&self, carrier: &Trigger, triggers: &[Trigger]) -> Vec<(ObligationKind, RuleId)> {
        let syntax = self.matcher.syntax;
        // "Müssen abgezogen werden": a modal stands below its verb.
        let top = syntax.main_verb(carrier.token);
        let subjects: Vec<TokenIx> = syntax.by_dep(top, &[Dep::Nsubj]).collect();
        // Triggers stand in text order.
        let sentence = syntax.sentence(top).tokens.clone();
        let first = triggers.partition_point(|t| t.token.0 < sentence.start);
        let in_sentence = triggers[first..].iter().take_while(|t| t.token.0 < sentence.end);
        let mut duties = Vec::new();
        for trigger in in_sentence {
            let entry = self.matcher.rules.entry(trigger.entry);
            let Some(duty) = entry.gives.duty else { continue };
            let below = trigger.token != carrier.token
                && syntax.is_below(trigger.token, top)
                && !subjects.iter().any(|&s| syntax.is_below(trigger.token, s));
            if below && !duties.iter().any(|(known, _)| *known == duty) {
                duties.push((duty, RuleId(entry.id.clone())));
            }
        }
        duties
    }

    /// A conditional clause or phrase in the sentence of a duty.
    fn condition(&self, t: TokenIx) -> Option<Span> {
        let syntax = self.matcher.syntax;
        let conditional = |used: CueUse, word: TokenIx| {
            self.matcher
                .rules
                .cues(used, syntax.lemma(word))
                .any(|c| c.status == Some(Status::Possible))
        };
        syntax.sentence(t).tokens.clone().map(TokenIx).find_map(|w| {
            let clause = syntax.dep(w) == Dep::Mark && conditional(CueUse::Conjunction, w);
            let phrase = syntax.dep(w) == Dep::Case && conditional(CueUse::Preposition, w);
            let noun = conditional(CueUse::Noun, w) && syntax.by_dep(w, &[Dep::Case]).next().is_some();
            match (clause || phrase, noun) {
                (true, _) => syntax.head(w).map(|h| syntax.subtree_span(h)),
                (_, true) => Some(syntax.subtree_span(w)),
                _ => None,
            }
        })
    }

    /// The treaty of the knowledge tables that an agreement with these parties and steps can only be.
    fn canonical(&self, agreement: &Agreement) -> Option<(Arc<str>, Arc<str>)> {
        let published = self.matcher.syntax.parsed.doc.published;
        let fits = |treaty: &&Treaty| {
            treaty.parties.len() == agreement.parties.len()
                && treaty
                    .parties
                    .iter()
                    .all(|p| agreement.parties.iter().any(|a| a.as_ref() == *p))
                && self.is_of_its_time(treaty, published)
        };
        let mut fitting = self.knowledge.treaties.iter().filter(fits);
        match (fitting.next(), fitting.next()) {
            (Some(treaty), None) => Some((treaty.id.into(), treaty.name_de.into())),
            _ => None,
        }
    }

    /// Whether a treaty was news, not history, on the day of the report: signed within two years of it.
    fn is_of_its_time(&self, treaty: &Treaty, published: Option<Date>) -> bool {
        match (treaty.signed, published) {
            (Some((from, _)), Some(day)) => (from.year() - day.year()).abs() <= 1,
            _ => false,
        }
    }
}

/// Words that the name of a treaty has at the most.
const LONGEST_NAME: usize = 16;

/// Members that an organisation has at the most whose treaty binds each of them; the world's charters bind nobody in particular.
const LARGEST_ALLIANCE: usize = 60;

/// The key behind an id of the tables.
fn bare(party: &str) -> &str {
    party.split_once(':').map_or(party, |(_, key)| key)
}

/// The kind of an agreement by the type that the ledger gives.
fn kind_of(kind: &str) -> AgreementKind {
    match kind.split('-').next().unwrap_or(kind) {
        "alliance" => AgreementKind::Alliance,
        "arms" => AgreementKind::ArmsControl,
        "ceasefire" => AgreementKind::Ceasefire,
        "peace" => AgreementKind::Peace,
        "trade" | "economic" => AgreementKind::Trade,
        "border" => AgreementKind::Border,
        "energy" => AgreementKind::Energy,
        "security" | "assurance" => AgreementKind::Defence,
        "integration" => AgreementKind::Membership,
        _ => AgreementKind::Other,
    }
}

/// Whether a mention can be of an agreement already spoken of: nothing in kind or parties speaks against it. One that named nobody
/// is only named later by the same word.
fn is_same(known: &Agreement, kind: AgreementKind, parties: &[Arc<str>], same_word: bool) -> bool {
    let kinds = known.kind == kind || known.kind == AgreementKind::Other || kind == AgreementKind::Other;
    let named = |p: &Arc<str>| known.parties.contains(p);
    let shared = match (known.parties.is_empty(), parties.is_empty()) {
        (true, _) => same_word,
        (false, _) => parties.iter().all(named) || known.parties.iter().all(|p| parties.contains(p)),
    };
    kinds && shared
}

/// Joins what the headline calls otherwise than the report: agreements of one kind between the same parties.
fn join_those_told_twice(drafts: &mut Vec<Draft>) {
    let mut at = 0;
    while at < drafts.len() {
        let same = |d: &Draft| {
            let (a, b) = (&d.agreement, &drafts[at].agreement);
            let parties = a.parties.len() == b.parties.len() && a.parties.iter().all(|p| b.parties.contains(p));
            let ledger = d.ledger.is_none() || drafts[at].ledger.is_none() || d.ledger == drafts[at].ledger;
            a.kind == b.kind && a.kind != AgreementKind::Other && !a.parties.is_empty() && parties && ledger
        };
        let Some(first) = drafts[..at].iter().position(same) else {
            at += 1;
            continue;
        };
        let twin = drafts.remove(at);
        let known = &mut drafts[first];
        known.heads.extend(twin.heads);
        known.told.extend(twin.told);
        known.ledger = known.ledger.or(twin.ledger);
        let length = |name: &Option<Span>| name.map_or(0, Span::len);
        if length(&twin.agreement.name) > length(&known.agreement.name) {
            known.agreement.name = twin.agreement.name;
        }
        for step in twin.agreement.steps {
            let told =
                |s: &AgreementStep| s.step == step.step && (s.by == step.by || s.by.is_empty() || step.by.is_empty());
            if !known.agreement.steps.iter().any(told) {
                known.agreement.steps.push(step);
            }
        }
        for mention in twin.agreement.mentions {
            if !known.agreement.mentions.contains(&mention) {
                known.agreement.mentions.push(mention);
            }
        }
    }
}

/// Steps that one party takes with another.
fn is_taken_together(step: Step) -> bool {
    matches!(
        step,
        Step::Negotiated | Step::Agreed | Step::Initialled | Step::Signed | Step::Extended
    )
}

fn add_keys(keys: &mut Vec<Arc<str>>, more: &[Arc<str>]) {
    for key in more {
        if !keys.contains(key) {
            keys.push(Arc::clone(key));
        }
    }
}
