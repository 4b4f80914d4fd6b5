//! Agreements: treaties, pacts and deals, their steps and duties (codebook, 4).

use crate::events::EventDraft;
use crate::matcher::{Matcher, Trigger};
use crate::status::judge;
use lagebild_core::codebook::{AgreementKind, ObligationKind, Status, Step};
use lagebild_core::{Agreement, AgreementStep, Date, Dep, EntityKind, Obligation, Party, Span, TokenIx, When};
use lagebild_lexicon::knowledge::{Atom, Knowledge, Treaty, TreatyIx, atoms};
use lagebild_lexicon::{CueUse, Role, Slot, WordClass};
use std::sync::Arc;

/// An agreement while its mentions are gathered.
struct Draft {
    agreement: Agreement,
    /// Head words of its mentions.
    heads: Vec<TokenIx>,
    /// The row of the ledger that its name names.
    ledger: Option<TreatyIx>,
}

pub(crate) struct AgreementReader<'m, 'a> {
    matcher: &'m Matcher<'a>,
    knowledge: &'a Knowledge,
    mention: &'m dyn Fn(TokenIx) -> Span,
}

impl<'m, 'a> AgreementReader<'m, 'a> {
    pub(crate) fn new(
        matcher: &'m Matcher<'a>,
        knowledge: &'a Knowledge,
        mention: &'m dyn Fn(TokenIx) -> Span,
    ) -> Self {
        Self {
            matcher,
            knowledge,
            mention,
        }
    }

    /// The agreements of the document, in order of their first mention.
    pub(crate) fn read(&self, triggers: &[Trigger], events: &[EventDraft]) -> Vec<Agreement> {
        let mut drafts = self.named(triggers);
        self.known_by_name(&mut drafts);
        self.steps(&mut drafts, events);
        self.steps_of_itself(&mut drafts, triggers);
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
            // "Ohne ein Abkommen", "keine Vereinbarung": there is none.
            if judge(self.matcher, trigger).is_negated() {
                continue;
            }
            let parties = self.parties(trigger);
            let span = (self.mention)(trigger.token);
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
            Dep::Compound | Dep::Flat | Dep::NmodPoss => true,
            // "der 2016 mit Frankreich geschlossene Vertrag": an adjective with words of its own tells of it.
            Dep::Amod => syntax.children(*c).is_empty(),
            Dep::Nmod => syntax
                .preposition(*c)
                .is_none_or(|p| syntax.grammar.names_by.iter().any(|by| by == p)),
            _ => false,
        };
        let whole = |c: TokenIx| {
            let members = std::iter::once(c).chain(syntax.by_dep(c, &[Dep::Conj]));
            members
                .map(|m| syntax.phrase_span(m))
                .fold(self.with_preposition(c), Span::cover)
        };
        let children = syntax.children(noun).iter().copied().filter(|c| names(c));
        children.map(whole).fold(syntax.span(noun), Span::cover)
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
            let parties: Vec<Party> = parties.into_iter().filter(|p| !self.is_town_of_signing(p)).collect();
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
            // Persons and bodies bind their state; nobody is bound by a place or an unnamed group.
            let key = entity.org.as_ref().or(entity.country.as_ref());
            if let Some(key) = key.filter(|_| entity.kind != EntityKind::Place) {
                add_keys(&mut keys, std::slice::from_ref(key));
            }
        }
        keys
    }

    /// Steps come from events whose word governs the agreement, or whose noun is compounded with it.
    fn steps(&self, drafts: &mut [Draft], events: &[EventDraft]) {
        let syntax = self.matcher.syntax;
        for event in events {
            let Some(step) = event.gives.step else { continue };
            if event.event.status.value != Status::Actual {
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
            let by = self.keys(&event.event.actors);
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
            if agreement.steps.iter().any(|s| s.step == step && s.by == by) {
                continue;
            }
            agreement.steps.push(AgreementStep {
                step,
                by,
                date: event.event.date.clone(),
                place: event.event.place.as_ref().map(|p| p.span),
                mention: (self.mention)(event.trigger),
            });
        }
    }

    /// Steps that nobody takes: *der Vertrag trat in Kraft*.
    fn steps_of_itself(&self, drafts: &mut [Draft], triggers: &[Trigger]) {
        let syntax = self.matcher.syntax;
        for trigger in triggers {
            let gives = &self.matcher.rules.entry(trigger.entry).gives;
            let (Some(step), None) = (gives.step, gives.event) else {
                continue;
            };
            let governs = |d: &Draft| d.heads.iter().any(|&h| syntax.is_below(h, trigger.token));
            let before = |d: &Draft| d.heads.first().is_some_and(|&h| h < trigger.token);
            let found = drafts.iter().position(governs).or_else(|| {
                // "Dieser Vertragsabschluss": the noun tells of the last agreement spoken of.
                let noun = trigger.class == WordClass::Noun;
                drafts.iter().rposition(before).filter(|_| noun)
            });
            let Some(found) = found.map(|i| &mut drafts[i]) else {
                continue;
            };
            if judge(self.matcher, trigger).status().value != Status::Actual
                || found.agreement.steps.iter().any(|s| s.step == step)
            {
                continue;
            }
            let sentence = syntax.sentence(trigger.token).span;
            let time = syntax.parsed.times.iter().find(|t| sentence.contains(t.span));
            let date = time.map_or_else(When::default, |t| When {
                from: t.from,
                to: t.to,
                span: Some(t.span),
                implicit: false,
            });
            let place = syntax
                .sentence(trigger.token)
                .tokens
                .clone()
                .map(TokenIx)
                .filter(|&t| syntax.by_dep(t, &[Dep::Case]).next().is_some())
                .find_map(|t| self.matcher.entities.place_at(t));
            found.agreement.steps.push(AgreementStep {
                step,
                by: Vec::new(),
                date,
                place: place.map(|p| p.span),
                mention: (self.mention)(trigger.token),
            });
        }
    }

    /// Duties told in a sentence that speaks of an agreement, or right after one.
    fn obligations(&self, drafts: &mut [Draft], triggers: &[Trigger]) {
        let parsed = self.matcher.syntax.parsed;
        for trigger in triggers {
            let Some(kind) = self.matcher.rules.entry(trigger.entry).gives.obligation else {
                continue;
            };
            let sentence = parsed.sentence_of(trigger.token);
            let near = |d: &Draft| {
                d.heads.iter().any(|&h| {
                    let at = parsed.sentence_of(h);
                    at == sentence || at.0 + 1 == sentence.0
                })
            };
            let Some(found) = drafts.iter_mut().rev().find(|d| near(d)) else {
                continue;
            };
            let mention = (self.mention)(trigger.token);
            if found.agreement.obligations.iter().any(|o| o.kind == kind) {
                continue;
            }
            found.agreement.obligations.push(Obligation {
                kind,
                who: Vec::new(),
                condition: self.condition(trigger.token),
                mention,
            });
        }
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

fn add_keys(keys: &mut Vec<Arc<str>>, more: &[Arc<str>]) {
    for key in more {
        if !keys.contains(key) {
            keys.push(Arc::clone(key));
        }
    }
}
