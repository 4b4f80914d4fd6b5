//! Finds the words of the lexicon in a document and fills the slots of their entries.

use crate::entities::{Entities, Mention, MentionKind};
use crate::status::judge;
use crate::syntax::{Filled, Syntax, distinct};
use crate::trace::{self, Step, Trace, Unfit};
use lagebild_core::codebook::{EventType, Quad, Sector};
use lagebild_core::{Case, Dep, EntityIx, EntityKind, Party, Quantity, QuantityKind, Span, TokenIx, Upos, VerbForm};
use lagebild_lexicon::{Class, Entry, EntryIx, Filler, Path, Role, Rules, Slot, WordClass};
use std::cell::Cell;
use std::collections::HashMap;

/// A word of the text that an entry has fired on.
#[derive(Clone, Debug)]
pub(crate) struct Trigger {
    pub(crate) token: TokenIx,
    pub(crate) entry: EntryIx,
    /// How the word is used: a nominalised infinitive is a noun though the entry lists a verb.
    pub(crate) class: WordClass,
}

/// A condition for an entry to fire on its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Condition {
    /// The verb is reflexive.
    Reflexive,
    /// The adjective is a predicate, no attribute.
    Predicative,
    /// The slot `needs[i]` is filled so.
    Need(usize),
    /// The slot `bars[i]` is not filled so.
    Bar(usize),
    /// The act is negated.
    Negation,
    /// Another infinitive stands under the modal.
    Infinitive,
    /// No other entry on the word has more needs.
    MostSpecific,
}

/// A slot may lead through another one; longer paths only cost time.
const MAX_DESCENT: usize = 2;

/// So many sentences back a noun may point to what it means.
const MEMORY: usize = 20;

pub(crate) struct Matcher<'a> {
    pub(crate) syntax: &'a Syntax<'a>,
    pub(crate) rules: &'a Rules,
    pub(crate) entities: &'a Entities,
    pub(crate) trace: Trace<'a>,
    /// Amounts by the word that holds the number and by the word counted.
    quantities: HashMap<TokenIx, usize>,
    /// Whether the conditions of an entry are being looked at for those of another one.
    nested: Cell<bool>,
}

impl<'a> Matcher<'a> {
    pub(crate) fn new(syntax: &'a Syntax<'a>, rules: &'a Rules, entities: &'a Entities, trace: Trace<'a>) -> Self {
        let mut quantities = HashMap::new();
        for (i, quantity) in syntax.parsed.quantities.iter().enumerate() {
            // "$100 million": the sign of the currency is the head of the number's words.
            let inside = |t: &TokenIx| quantity.span.contains(syntax.span(*t));
            let words = std::iter::successors(Some(quantity.token), |&t| syntax.head(t).filter(inside));
            let top = words.last().unwrap_or(quantity.token);
            quantities.insert(quantity.token, i);
            for word in [Some(top), syntax.head(top)].into_iter().flatten() {
                quantities.entry(word).or_insert(i);
            }
        }
        Self {
            syntax,
            rules,
            entities,
            trace,
            quantities,
            nested: Cell::new(false),
        }
    }

    /// The amount that a noun is counted by.
    pub(crate) fn quantity(&self, t: TokenIx) -> Option<&'a Quantity> {
        self.quantities.get(&t).map(|&i| &self.syntax.parsed.quantities[i])
    }

    /// All entries that fire in the document, in text order; of those on one word the most specific.
    pub(crate) fn triggers(&self) -> Vec<Trigger> {
        (0..self.syntax.parsed.tokens.len())
            .map(TokenIx::from)
            .flat_map(|t| self.triggers_at(t))
            .collect()
    }

    fn triggers_at(&self, t: TokenIx) -> Vec<Trigger> {
        // "rally speech", "attack helicopter": an attribute of another thing tells no act; "attack plan" and "peace talks" do.
        if self.syntax.dep(t) == Dep::Compound
            && self.syntax.head(t).is_some_and(|head| {
                self.syntax.is_nominal(head)
                    && !self
                        .syntax
                        .grammar
                        .light_nouns
                        .iter()
                        .any(|l| l == self.syntax.lemma(head))
            })
        {
            return Vec::new();
        }
        let fitting: Vec<(Option<usize>, Trigger)> = self
            .words_at(t)
            .into_iter()
            .filter_map(|(entry, class)| {
                let trigger = Trigger { token: t, entry, class };
                let unfit = self.unfit(&trigger);
                if unfit.is_some() {
                    self.note_word(&trigger, unfit);
                }
                let rule = self.rules.entry(entry);
                let specific = rule.needs.len() + usize::from(rule.negated);
                // What only refers to an act told elsewhere stands beside what tells one, and so does how something said is meant.
                let beside = rule.is_reference() || rule.is_tone() || rule.is_step_or_duty();
                let specific = (!beside).then_some(specific);
                unfit.is_none().then_some((specific, trigger))
            })
            .collect();
        // What always tells a saying does so beside an act that the entry knows more of: "verkündete seinen Rücktritt".
        let saying = |trigger: &Trigger| {
            let rule = self.rules.entry(trigger.entry);
            rule.gives.event.is_none() && rule.gives.stance.is_some() && rule.needs.is_empty()
        };
        let says = |trigger: &Trigger| self.rules.entry(trigger.entry).gives.stance.is_some();
        // What names an agreement is no act beside one that is told of it: "gas deal".
        let names = |trigger: &Trigger| self.names(trigger.entry);
        let most_of = |group: &dyn Fn(&Trigger) -> bool| {
            let members = fitting.iter().filter(|(_, t)| group(t));
            members.filter_map(|(needs, _)| *needs).max()
        };
        let most = most_of(&|t| !names(t));
        let most_of_names = most_of(&names);
        let most_of_sayings = most_of(&says);
        fitting
            .into_iter()
            .filter_map(|(needs, trigger)| {
                let most = match &trigger {
                    t if saying(t) => most_of_sayings,
                    t if names(t) => most_of_names,
                    _ => most,
                };
                let beaten = needs.is_some() && needs < most;
                self.note_word(&trigger, beaten.then_some(Condition::MostSpecific));
                (!beaten).then_some(trigger)
            })
            .collect()
    }

    /// Entries that have the word at `t`, with the class it is used in.
    fn words_at(&self, t: TokenIx) -> Vec<(EntryIx, WordClass)> {
        use WordClass::{Adjective, Adverb, Noun, Preposition, Verb};
        let lemma = self.syntax.lemma(t);
        let find = |class: WordClass, lemma: &str, used: WordClass| {
            self.rules
                .lookup(class, lemma)
                .into_iter()
                .map(move |e| (e, used))
                .collect::<Vec<_>>()
        };
        if matches!(self.syntax.dep(t), Dep::Case | Dep::Fixed) {
            // "according to" is a verb to the tagger and a preposition in the tree.
            return find(Preposition, &self.syntax.parsed.form(t).to_lowercase(), Preposition);
        }
        match self.syntax.pos(t) {
            // "hat Geiseln freigelassen" tells of no having; "wir werden handeln" is meant as a promise, "müssen abgezogen werden" tells a duty.
            Upos::Aux if self.syntax.forms_a_tense(t) => {
                let mut found = find(Verb, lemma, Verb);
                found.retain(|&(entry, _)| {
                    let entry = self.rules.entry(entry);
                    entry.is_tone() || entry.is_of_agreements()
                });
                found
            }
            Upos::Verb | Upos::Aux => {
                let with_particle = self
                    .syntax
                    .particles(t)
                    .into_iter()
                    .map(|p| format!("{lemma} {}", self.syntax.lemma(p)))
                    .find_map(|l| Some(find(Verb, &l, Verb)).filter(|found| !found.is_empty()));
                // "machte deutlich, dass", "will bekannt geben", "made clear that".
                let with_result = || {
                    let of = self.syntax.by_dep(t, &[Dep::Xcomp, Dep::Advmod, Dep::Obl]);
                    let results = of.filter(|&c| self.syntax.pos(c) == Upos::Adj);
                    let joined = results.map(|c| self.syntax.joined(self.syntax.lemma(c), lemma));
                    joined.map(|l| find(Verb, &l, Verb)).find(|found| !found.is_empty())
                };
                // "setzte in Kraft", "bot die Stirn"
                let phrases = self.syntax.phrases_of(t).into_iter();
                let with_phrase: Vec<_> = phrases.flat_map(|p| find(Verb, &format!("{p}{lemma}"), Verb)).collect();
                let mut found = with_particle
                    .or_else(with_result)
                    .unwrap_or_else(|| find(Verb, lemma, Verb));
                found.extend(with_phrase);
                // "handed over its weapons", "took effect"
                let particle = self
                    .syntax
                    .particle_read_as_preposition(t)
                    .map(|(particle, _)| particle);
                if let Some(particle) = particle.or_else(|| self.syntax.bare_object(t)) {
                    let joined = format!("{lemma} {}", self.syntax.lemma(particle));
                    let more = find(Verb, &joined, Verb).into_iter().filter(|new| !found.contains(new));
                    found.extend(more.collect::<Vec<_>>());
                }
                // "remains opposed": a predicate is no finite verb.
                let participle = self.syntax.parsed.token(t).morph.form == Some(VerbForm::Part)
                    || self.syntax.dep(t) == Dep::Xcomp && self.syntax.by_dep(t, &[Dep::Mark]).next().is_none();
                if participle {
                    found.extend(find(Adjective, lemma, Adjective));
                    found.extend(find(Adjective, &self.syntax.parsed.form(t).to_lowercase(), Adjective));
                }
                found
            }
            Upos::Adj => {
                let mut found = find(Adjective, lemma, Adjective);
                // "Turkey's offensive in Syria": an adjective with an owner is a noun.
                if self.syntax.is_used_as_noun(t) {
                    found.extend(find(Noun, lemma, Noun));
                }
                if let Some(verb) = self.syntax.verb_of(t) {
                    found.extend(find(Verb, &verb, Verb));
                }
                found
            }
            Upos::Noun if let Some(verb) = self.syntax.verb_tagged_as_noun(t) => find(Verb, &verb, Verb),
            Upos::Noun | Upos::Propn => {
                // English writes compounds apart: "air strike" before "strike"; "nuclear test" is a term of its own as well.
                let compound = self
                    .syntax
                    .by_dep(t, &[Dep::Compound, Dep::Amod])
                    .map(|c| find(Noun, &format!("{} {lemma}", self.syntax.lemma(c)), Noun))
                    .find(|found| !found.is_empty());
                let mut found = match compound {
                    Some(mut found) => {
                        // "Hostage deal" is a deal, too.
                        found.extend(find(Noun, lemma, Noun).into_iter().filter(|&(e, _)| self.names(e)));
                        found
                    }
                    None => find(Noun, lemma, Noun),
                };
                if found.is_empty() {
                    // A nominalised infinitive ("das Bombardieren") or gerund is the verb used as a noun; "forces" is not.
                    let form = self.syntax.parsed.form(t).to_lowercase();
                    let nominalised = self
                        .syntax
                        .grammar
                        .nominalised
                        .iter()
                        .any(|e| form.ends_with(e.as_str()));
                    found = if nominalised { find(Verb, lemma, Noun) } else { found };
                }
                found
            }
            Upos::Adp => find(Preposition, lemma, Preposition),
            Upos::Adv | Upos::Part | Upos::Sconj | Upos::Cconj => {
                let mut found = find(Adverb, lemma, Adverb);
                found.extend(find(Preposition, lemma, Preposition));
                found
            }
            _ => Vec::new(),
        }
    }

    /// The first condition of its entry that a word does not meet.
    fn unfit(&self, trigger: &Trigger) -> Option<Condition> {
        let entry = self.rules.entry(trigger.entry);
        let holds = |slot: &(Path, Vec<Filler>)| self.held_by(trigger, slot).is_some();
        // "criminal gangs": what is said of somebody is said in a predicate.
        if entry.spoken && trigger.class == WordClass::Adjective && self.syntax.dep(trigger.token) == Dep::Amod {
            return Some(Condition::Predicative);
        }
        // "empörte Bürger", "vorgezogene Wahlen": alone before its noun, a participle of words tells a quality; one of deeds tells the deed
        // ("der entführte Minister"), and so does one with its doer ("die von Frankreich kritisierte Offensive").
        let verbal = entry.gives.event.is_some_and(EventType::is_verbal);
        if verbal && trigger.class == WordClass::Verb && self.syntax.is_quality(trigger.token) {
            return Some(Condition::Predicative);
        }
        if trigger.class == WordClass::Verb && !entry.reflexive.is_empty() {
            let lemma = self.syntax.lemma(trigger.token);
            // "die erhobenen Daten" are no uprising.
            let participle = (self.syntax.pos(trigger.token) == Upos::Adj).then(|| self.syntax.verb_of(trigger.token));
            let participle = participle.flatten();
            let reflexive = entry
                .reflexive
                .iter()
                .any(|v| v == lemma || Some(v) == participle.as_ref());
            if reflexive && !self.is_reflexive(trigger.token) {
                return Some(Condition::Reflexive);
            }
        }
        if entry
            .infinitive
            .is_some_and(|i| i != self.syntax.infinitive_under(trigger.token))
        {
            return Some(Condition::Infinitive);
        }
        let unmet = entry.needs.iter().position(|need| !holds(need)).map(Condition::Need);
        let barred = || entry.bars.iter().position(holds).map(Condition::Bar);
        let affirmed = || (entry.negated && !judge(self, trigger).is_negated()).then_some(Condition::Negation);
        unmet.or_else(barred).or_else(affirmed)
    }

    /// What fills a slot as the fillers ask.
    pub(crate) fn held_by(&self, trigger: &Trigger, (path, fillers): &(Path, Vec<Filler>)) -> Option<Filled> {
        let takes = |f: &Filled| fillers.iter().any(|filler| self.takes(filler, *f));
        self.follow(trigger, path).into_iter().find(takes).or_else(|| {
            let words = |filler: &Filler| matches!(filler, Filler::Lemma(_) | Filler::Ending(_));
            if trigger.class != WordClass::Verb || !fillers.iter().all(words) {
                return None;
            }
            let found = match path.as_slice() {
                // "zog die Ausgabe eines Magazins aus dem Verkehr": a set phrase that the parser hung on the object is known by its words.
                [Slot::Preposition(prepositions)] => self.behind_object(trigger.token, prepositions),
                // "bekam sechs Jahre": a time that an entry names is what is given.
                [Slot::Object] => self.bare_time(trigger.token),
                _ => None,
            };
            found.map(Filled::Phrase).filter(takes)
        })
    }

    /// The nouns that an entry names beside its verb: *legte **Protest** ein*.
    pub(crate) fn named_nouns(&self, trigger: &Trigger) -> Vec<TokenIx> {
        let words = |filler: &Filler| matches!(filler, Filler::Lemma(_) | Filler::Ending(_));
        let needs = self.rules.entry(trigger.entry).needs.iter();
        let named = needs.filter(|(path, fillers)| path.len() == 1 && fillers.iter().all(words));
        let held = named.filter_map(|need| self.held_by(trigger, need)).map(Filled::token);
        held.filter(|&t| self.syntax.pos(t) == Upos::Noun).collect()
    }

    /// A time without preposition: *bekam sechs Jahre*.
    fn bare_time(&self, verb: TokenIx) -> Option<TokenIx> {
        let syntax = self.syntax;
        let bare = |t: &TokenIx| syntax.is_time(*t) && syntax.by_dep(*t, &[Dep::Case, Dep::Mark]).next().is_none();
        syntax.by_dep(verb, &[Dep::Obl, Dep::Obj]).find(bare)
    }

    /// The last phrase with one of the prepositions that hangs somewhere below an object of a verb, when the verb has none.
    fn behind_object(&self, verb: TokenIx, prepositions: &[String]) -> Option<TokenIx> {
        let syntax = self.syntax;
        let fits = |t: &TokenIx| {
            let preposition = syntax.preposition(*t);
            syntax.dep(*t) == Dep::Nmod && preposition.is_some_and(|p| prepositions.iter().any(|wanted| wanted == p))
        };
        let inside = |o: TokenIx, t: &TokenIx| {
            let up = std::iter::successors(syntax.head(*t), |&x| syntax.head(x));
            up.take_while(|&x| x != o).all(|x| syntax.is_nominal(x))
        };
        let objects = syntax.by_dep(verb, &[Dep::Obj, Dep::Obl, Dep::OblArg, Dep::NsubjPass]);
        let below = objects.flat_map(|o| syntax.subtree(o).into_iter().filter(move |t| inside(o, t)));
        below.filter(fits).max()
    }

    fn note_word(&self, trigger: &Trigger, unfit: Option<Condition>) {
        self.trace.note(|| {
            let entry = self.rules.entry(trigger.entry);
            let unfit = unfit.map(|condition| match condition {
                Condition::Reflexive => Unfit::NotReflexive,
                Condition::Predicative => Unfit::Attribute,
                Condition::Need(need) => {
                    let tried = self.follow(trigger, &entry.needs[need].0);
                    let tried = tried.into_iter().map(|f| self.filler_span(f)).collect();
                    Unfit::Unmet { need, tried }
                }
                Condition::Bar(bar) => {
                    let by = self.held_by(trigger, &entry.bars[bar]);
                    let by = by.map_or(self.syntax.span(trigger.token), |f| self.filler_span(f));
                    Unfit::Barred { bar, by }
                }
                Condition::Negation => Unfit::NotNegated,
                Condition::Infinitive => Unfit::OtherInfinitive,
                Condition::MostSpecific => Unfit::LessSpecific,
            });
            Step::Word {
                token: trigger.token,
                entry: trigger.entry,
                class: trigger.class,
                unfit,
            }
        });
    }

    fn is_reflexive(&self, verb: TokenIx) -> bool {
        let reflexive = &self.syntax.grammar.reflexive;
        let own = |t: TokenIx| {
            self.syntax
                .children(t)
                .iter()
                .any(|&c| reflexive.iter().any(|r| r == self.syntax.lemma(c)))
        };
        own(verb) || self.syntax.auxiliaries(verb).into_iter().any(own)
    }

    /// What a noun of measure counts: *110 Tonnen Hilfsgüter, tonnes of wheat*.
    fn measured(&self, noun: TokenIx) -> Option<TokenIx> {
        let syntax = self.syntax;
        // "five of the country's diplomats"
        if syntax.pos(noun) == Upos::Num {
            return syntax.governed(noun, &syntax.grammar.of).into_iter().next();
        }
        if !syntax.grammar.measures.iter().any(|m| m == syntax.lemma(noun)) {
            return None;
        }
        let next = TokenIx(noun.0 + 1);
        let follows = next.0 < syntax.sentence(noun).tokens.end && syntax.pos(next) == Upos::Noun;
        follows
            .then_some(next)
            .or_else(|| syntax.by_dep(noun, &[Dep::Nmod]).next())
    }

    fn takes(&self, filler: &Filler, filled: Filled) -> bool {
        match (filler, filled) {
            (Filler::Class(class), _) => self.is_of_class(*class, filled),
            (_, Filled::Phrase(t)) => self.syntax.conjuncts(t).into_iter().chain(self.measured(t)).any(|c| {
                // The name of a person is no compound ("Faymann" no "-mann").
                let compound = matches!(filler, Filler::Ending(end) if self.syntax.lemma(c).to_lowercase() != *end);
                if compound && self.entities.at(c).is_some_and(|m| self.is_name_of_person(m)) {
                    return false;
                }
                // "Sie durchbrachen die Absperrungen": a pronoun is whoever it means.
                let meant = self.entities.at(c).filter(|m| m.kind == MentionKind::Pronoun);
                if let Some(group) = meant.and_then(|m| m.actor).map(|e| self.entities.entity(e))
                    && group.kind == EntityKind::Group
                {
                    let name = group.name.to_lowercase();
                    // "a defence minister" is a minister
                    let last = name.rsplit(' ').next().unwrap_or(&name);
                    if [&*name, last].iter().any(|n| filler.takes(n) == Some(true)) {
                        return true;
                    }
                }
                // "Eine Ausgangssperre galt seit März. Nun hob der Minister sie auf": one that means a thing is any noun it may mean.
                let people = |e: EntityIx| {
                    !matches!(
                        self.entities.entity(e).kind,
                        EntityKind::Country | EntityKind::Organisation
                    )
                };
                let people = self.entities.at(c).and_then(|m| m.actor).is_some_and(people);
                if self.syntax.pos(c) == Upos::Pron && !people {
                    let things = self.syntax.things_before(c);
                    if things
                        .into_iter()
                        .any(|t| filler.takes(self.syntax.lemma(t)) == Some(true))
                    {
                        return true;
                    }
                }
                if let Filler::Lemma(words) = filler
                    && words.contains(' ')
                {
                    return self.syntax.ends_in(c, words);
                }
                // A participle used as an adjective is known by its form as well ("gefangen").
                let form = || filler.takes(&self.syntax.parsed.form(c).to_lowercase()) == Some(true);
                // One used as a noun has the lemma of either ending ("Gefangene", "Gefangener").
                let other = || {
                    self.syntax
                        .other_ending(c)
                        .is_some_and(|lemma| filler.takes(&lemma) == Some(true))
                };
                filler.takes(self.syntax.lemma(c)) == Some(true)
                    || if self.syntax.pos(c) == Upos::Noun {
                        other()
                    } else {
                        form()
                    }
            }),
            (_, Filled::Adjective(t)) => filler.takes(self.syntax.lemma(t)) == Some(true),
            (_, Filled::Compound(t)) => self
                .syntax
                .morphology
                .split_compound(self.syntax.parsed.lemma(t))
                .and_then(|parts| {
                    parts
                        .first()
                        .map(|first| filler.takes(&first.to_lowercase()) == Some(true))
                })
                .unwrap_or(false),
        }
    }

    fn is_name_of_person(&self, mention: &Mention) -> bool {
        let person = |e: EntityIx| self.entities.entity(e).kind == EntityKind::Person;
        mention.kind == MentionKind::Name && mention.actor.is_some_and(person)
    }

    fn is_of_class(&self, class: Class, filled: Filled) -> bool {
        let entity = match filled {
            Filled::Phrase(t) => self.entities.at(t).and_then(|m| m.actor),
            Filled::Adjective(t) => self.entities.adjective_at(t),
            Filled::Compound(t) => self.entities.compound_part_of(t),
        };
        let kind = entity.map(|e| self.entities.entities[e.ix()].kind);
        let t = filled.token();
        let has = |sectors: &[Sector]| {
            self.entities
                .at(t)
                .is_some_and(|m| m.roles.iter().any(|r| sectors.contains(r)))
        };
        match class {
            Class::Actor => entity.is_some(),
            Class::State => kind == Some(EntityKind::Country),
            Class::Org => kind == Some(EntityKind::Organisation),
            Class::Person => kind == Some(EntityKind::Person),
            // A minister of defence bears no arms.
            Class::Armed => {
                !(kind == Some(EntityKind::Person) && has(&[Sector::Gov]))
                    && has(&[
                        Sector::Mil,
                        Sector::Reb,
                        Sector::Cop,
                        Sector::Uaf,
                        Sector::Prm,
                        Sector::Spy,
                    ])
            }
            // A leader of the opposition that the tables know is a politician.
            Class::Civil => {
                let civil = [Sector::Cvl, Sector::Jrn, Sector::Edu, Sector::Rel, Sector::Ref];
                let politician = self.entities.at(t).is_some_and(|m| self.is_name_of_person(m));
                entity.is_some() && (has(&civil) || !politician && has(&[Sector::Opp]))
            }
            Class::Place => self.entities.place_at(t).is_some(),
            Class::Money => self.quantity(t).is_some_and(|q| q.kind == QuantityKind::Money),
            Class::Number => self.quantity(t).is_some(),
            Class::Agreement => self.agreement_meant(t).is_some(),
            Class::Event(kind) if self.syntax.grammar.preposition_in(self.syntax.lemma(t)).is_some() => {
                self.told_before(t, kind)
            }
            Class::Event(kind) => self.tells(t, kind),
        }
    }

    /// Whether the words of an entry only name an agreement.
    fn names(&self, entry: EntryIx) -> bool {
        let gives = &self.rules.entry(entry).gives;
        gives.kind.is_some() && gives.event.is_none()
    }

    /// Whether a noun names an agreement.
    pub(crate) fn names_agreement(&self, t: TokenIx) -> bool {
        self.words_at(t)
            .iter()
            .any(|(e, class)| *class == WordClass::Noun && self.rules.entry(*e).gives.kind.is_some())
    }

    /// The noun that names the agreement which a word means: itself, the noun of its relative clause, or the one that a pronoun or a noun
    /// like *Papier* points back to.
    pub(crate) fn agreement_meant(&self, t: TokenIx) -> Option<TokenIx> {
        let syntax = self.syntax;
        let t = syntax.antecedent(t);
        if self.names_agreement(t) {
            return Some(t);
        }
        if syntax.pos(t) == Upos::Pron {
            return syntax
                .things_before(t)
                .into_iter()
                .rev()
                .find(|&n| self.points_to_agreement(n));
        }
        let sentence = syntax.parsed.sentence_of(t).ix();
        let from = syntax.parsed.sentences[sentence.saturating_sub(MEMORY)].tokens.start;
        let before = || (from..t.0).rev().map(TokenIx).find(|&n| self.names_agreement(n));
        (syntax.is_nominal(t) && self.points_back(t)).then(before).flatten()
    }

    fn points_to_agreement(&self, noun: TokenIx) -> bool {
        self.names_agreement(noun) || self.points_back(noun)
    }

    /// Whether a noun stands for an agreement named before: *das Papier, dieses Dokument*.
    fn points_back(&self, noun: TokenIx) -> bool {
        let words = &self.syntax.grammar.agreement_words;
        self.syntax.is_definite(noun) && words.iter().any(|w| w == self.syntax.lemma(noun))
    }

    /// Whether a noun is what the verb of its clause blames or praises.
    fn is_judged(&self, noun: TokenIx) -> bool {
        let judges = |verb: TokenIx| {
            // "hat Gelegenheit": a verb that judges only with certain words beside it is none.
            let judging = |e: EntryIx| {
                let entry = self.rules.entry(e);
                entry.needs.is_empty() && matches!(entry.gives.event, Some(EventType::Accuse | EventType::Support))
            };
            let mut words = self.words_at(verb).into_iter();
            matches!(self.syntax.dep(noun), Dep::Obj | Dep::NsubjPass) && words.any(|(e, _)| judging(e))
        };
        self.syntax.head(noun).is_some_and(judges)
    }

    /// Whether an act of a type was told in the sentence before or earlier in this one.
    fn told_before(&self, t: TokenIx, kind: EventType) -> bool {
        let parsed = self.syntax.parsed;
        let sentence = parsed.sentence_of(t).ix();
        let from = parsed.sentences[sentence.saturating_sub(1)].tokens.start;
        (from..t.0).map(TokenIx).any(|word| self.tells(word, kind))
    }

    /// Whether a word tells an event of a type: an entry of that type has the word and fits there. Asked in the conditions of such an
    /// entry, having the word is enough.
    pub(crate) fn tells(&self, t: TokenIx, kind: EventType) -> bool {
        let nested = self.nested.replace(true);
        let found = self.words_at(t).into_iter().any(|(entry, class)| {
            let trigger = Trigger { token: t, entry, class };
            self.rules.entry(entry).gives.event == Some(kind) && (nested || self.unfit(&trigger).is_none())
        });
        self.nested.set(nested);
        found
    }

    /// What fills the slot at the end of a path.
    pub(crate) fn follow(&self, trigger: &Trigger, path: &Path) -> Vec<Filled> {
        let Some((first, rest)) = path.split_first() else {
            return Vec::new();
        };
        let mut filled = self.fill(trigger.token, trigger.class, first, self.rules.entry(trigger.entry));
        for slot in rest.iter().take(MAX_DESCENT) {
            filled = filled
                .into_iter()
                .flat_map(|f| {
                    let t = f.token();
                    let class = if self.syntax.is_nominal(t) {
                        WordClass::Noun
                    } else {
                        WordClass::Verb
                    };
                    let found = self.fill(t, class, slot, self.rules.entry(trigger.entry));
                    found.into_iter().filter(move |f| !self.is_broken(t, f.token()))
                })
                .collect();
        }
        distinct(filled)
    }

    fn fill(&self, t: TokenIx, class: WordClass, slot: &Slot, entry: &Entry) -> Vec<Filled> {
        let syntax = self.syntax;
        let helps = |entry: &Entry| {
            entry
                .gives
                .event
                .is_some_and(|kind| kind.quad() == Quad::MaterialCooperation)
        };
        let t = syntax.main_verb(t);
        let phrases = |tokens: Vec<TokenIx>| tokens.into_iter().map(Filled::Phrase).collect::<Vec<_>>();
        match (slot, class) {
            (Slot::Preposition(words), WordClass::Adverb | WordClass::Preposition) => {
                phrases(self.governor(t).map(|h| syntax.governed(h, words)).unwrap_or_default())
            }
            (Slot::Preposition(words), _) => phrases(syntax.governed(t, words)),
            (Slot::Clause, WordClass::Adverb | WordClass::Preposition) => {
                phrases(syntax.clause_predicate(t).into_iter().collect())
            }
            (Slot::Clause, _) => phrases(syntax.clauses(t)),
            // "Moskau verurteilte die Lieferungen an Kiew": whoever judges help has not given it.
            (Slot::Context, _) if helps(entry) && self.is_judged(t) => Vec::new(),
            (Slot::Context, _) => phrases(syntax.context_subject(t).into_iter().collect()),
            // A noun that is itself the predicate: whom it is said of.
            (Slot::Predicate, WordClass::Noun) => phrases(syntax.by_dep(t, &[Dep::Nsubj]).collect()),
            (Slot::Predicate, _) => phrases(syntax.predicates(t)),
            (Slot::Case, _) => phrases(syntax.by_dep(t, &[Dep::Case]).collect()),
            (Slot::AnyOf(slots), _) => slots.iter().flat_map(|slot| self.fill(t, class, slot, entry)).collect(),
            (Slot::Others, _) => {
                let mut members = syntax.conjuncts(syntax.first_conjunct(t));
                members.retain(|&member| member != t);
                phrases(members)
            }
            (Slot::Genitive, WordClass::Verb) => phrases(syntax.genitive_objects(t)),
            (Slot::Genitive, _) => phrases(syntax.genitives(t)),
            (Slot::Possessive, _) => phrases(syntax.possessive(t).into_iter().collect()),
            (Slot::Adjective, _) => self.adjectives(t),
            (Slot::Compound, _) => self.first_parts(t),
            (Slot::Subject, WordClass::Verb) => {
                if let Some((_, object)) = self.swapped(t) {
                    return phrases(vec![object]);
                }
                if let Some((causer, _)) = syntax.caused(t).filter(|_| takes_object(entry)) {
                    return phrases(syntax.subject(causer));
                }
                let mut found = syntax.subject(t);
                // "Trump last Wednesday referred to the talks": the day in the place of the subject.
                if found.iter().any(|s| syntax.is_time(*s)) && !syntax.is_passive(t) {
                    found.retain(|s| !syntax.is_time(*s));
                    found.extend(self.bare_oblique(t).filter(|o| *o < t && found.is_empty()));
                }
                // "Minister zurückgetreten": the bare participle of a verb that takes no object is no passive.
                // So is "sind abgezogen", which the parser takes for one.
                // And "tanks rolled towards the border", taken for an attribute.
                let perfect = syntax.is_bare_participle(t)
                    || syntax.is_passive(t) && (syntax.has_perfect_auxiliary(t) || syntax.dep(t) == Dep::Acl);
                if found.is_empty() && perfect && !takes_object(entry) {
                    found = syntax.patient(t).into_iter().collect();
                }
                if found.is_empty() && syntax.is_passive(t) {
                    found = self.agent_hung_too_low(t).into_iter().collect();
                }
                if found.is_empty() {
                    found = self.headline_doer(t).into_iter().collect();
                }
                if let Some(speaker) = self.speaker_joined(t, entry, &found) {
                    found = vec![speaker];
                }
                phrases(found)
            }
            (Slot::Subject, WordClass::Adjective) => phrases(self.subject_of_adjective(t)),
            (Slot::Subject, WordClass::Noun) => self.doers(t, entry),
            (Slot::Subject | Slot::Object, WordClass::Preposition) => phrases(self.governor(t).into_iter().collect()),
            (Slot::Subject | Slot::Object, WordClass::Adverb) => phrases(self.framed(t).into_iter().collect()),
            (Slot::Object, WordClass::Noun) => {
                let mut found = phrases(syntax.genitives(t));
                found.extend(phrases(syntax.governed(t, &syntax.grammar.of)));
                found.extend(self.first_parts(t));
                found
            }
            (Slot::Object, _) => match self.swapped(t) {
                Some((subject, _)) => phrases(vec![subject]),
                None if takes_dative(entry) && syntax.retained_object(t).is_some() => {
                    phrases(syntax.retained_object(t).into_iter().collect())
                }
                None if asks_predicate(entry) && syntax.by_dep(t, &[Dep::Iobj, Dep::Obj]).count() > 1 => {
                    phrases(syntax.by_dep(t, &[Dep::Iobj, Dep::Obj]).take(1).collect())
                }
                None => {
                    let object = syntax.object(t).or_else(|| self.object_of_particle_verb(t, entry));
                    let object = object.or_else(|| syntax.caused(t).map(|(_, object)| object));
                    phrases(object.or_else(|| self.bare_oblique(t)).into_iter().collect())
                }
            },
            (Slot::Dative, WordClass::Verb | WordClass::Adjective) => {
                // Names show no case: what the parser took for the object may be the dative.
                let named = || {
                    syntax
                        .object(t)
                        .filter(|&o| self.entities.at(o).is_some_and(|m| m.actor.is_some()))
                };
                let receiver = || syntax.retained_object(t).and_then(|_| syntax.patient(t));
                let found = syntax.dative(t).or_else(receiver).or_else(named);
                let found = found.or_else(|| self.dative_read_as_genitive(t));
                let found = found.or_else(|| self.first_of_two_objects(t));
                phrases(found.or_else(|| self.bare_oblique(t)).into_iter().collect())
            }
            (Slot::Dative, _) => Vec::new(),
        }
    }

    /// Who says something, where a second word of saying hangs on what the first one says and has nobody as its subject: *Sheinbaum said
    /// there was no reason for it and **promised** an answer*.
    fn speaker_joined(&self, t: TokenIx, entry: &Entry, found: &[TokenIx]) -> Option<TokenIx> {
        let syntax = self.syntax;
        let somebody = |s: &TokenIx| syntax.pos(*s) == Upos::Pron || !self.parties_of(Filled::Phrase(*s)).is_empty();
        let says = |entry: &Entry| entry.gives.stance.is_some() && !entry.is_tone();
        if !says(entry) || syntax.dep(t) != Dep::Conj || syntax.finite(t).is_none() || found.iter().any(somebody) {
            return None;
        }
        let saying = |v: &TokenIx| {
            let mut entries = self.rules.lookup(WordClass::Verb, syntax.lemma(*v)).into_iter();
            syntax.pos(*v) == Upos::Verb && entries.any(|e| says(self.rules.entry(e)))
        };
        let above = std::iter::successors(syntax.head(t), |&v| syntax.head(v))
            .skip(1)
            .take(MAX_DESCENT);
        let verb = above.into_iter().find(saying)?;
        syntax.subject(verb).into_iter().next()
    }

    /// Somebody before an infinitive that is all the verb a headline has: he will do it.
    pub(crate) fn headline_doer(&self, infinitive: TokenIx) -> Option<TokenIx> {
        let noun = self.syntax.headline_subject(infinitive)?;
        let actor = self.entities.at(noun).and_then(|m| m.actor);
        actor.map(|_| noun)
    }

    /// The agent of a passive that the parser hung on a noun before it: *wurde vor Bagdad von US-Truppen beschossen*, *wird ihnen
    /// das Recht von den Behörden verweigert*. It must be somebody, its noun nobody, and the verb must follow at once.
    fn agent_hung_too_low(&self, verb: TokenIx) -> Option<TokenIx> {
        let syntax = self.syntax;
        let acts = |t: TokenIx| {
            let actor = self.entities.at(t).and_then(|m| m.actor);
            actor.is_some_and(|a| self.entities.entity(a).kind != EntityKind::Place)
        };
        let verb_follows = |t: TokenIx| {
            let end = syntax.subtree(t).last().map_or(t.0, |l| l.0);
            (end + 1..verb.0)
                .map(TokenIx)
                .all(|x| matches!(syntax.pos(x), Upos::Adv | Upos::Part | Upos::Adj))
        };
        let agent = |t: TokenIx| {
            let marked = syntax
                .preposition(t)
                .is_some_and(|p| syntax.grammar.agent.iter().any(|a| a == p));
            // "in der Nacht von libyschen Drohnen angegriffen"
            let somebody_s = |g: TokenIx| syntax.is_time(g) && !self.adjectives(t).is_empty();
            // "drei von ihnen wurden getötet"
            let whole = |g: TokenIx| syntax.pos(t) == Upos::Pron && !matches!(syntax.pos(g), Upos::Noun | Upos::Propn);
            let hung_on =
                |g: TokenIx| !whole(g) && acts(t) && (!acts(g) || self.entities.place_at(g).is_some()) || somebody_s(g);
            marked && syntax.dep(t) == Dep::Nmod && syntax.head(t).is_some_and(hung_on) && verb_follows(t)
        };
        syntax
            .subtree(verb)
            .into_iter()
            .filter(|&t| t < verb && syntax.clause_predicate(t) == Some(verb))
            .rfind(|&t| agent(t))
    }

    /// The dative that the parser took for a genitive of the noun before it, where the forms are the same: *Gestern warf die OSZE
    /// der Kommission Betrug vor*.
    fn dative_read_as_genitive(&self, verb: TokenIx) -> Option<TokenIx> {
        let syntax = self.syntax;
        syntax
            .by_dep(verb, &[Dep::Nsubj, Dep::Obj])
            .flat_map(|n| syntax.by_dep(n, &[Dep::Nmod]).collect::<Vec<_>>())
            .find(|&n| {
                syntax.by_dep(n, &[Dep::Case]).next().is_none()
                    && syntax.allows(n, Case::Dat) == Some(true)
                    && self.entities.at(n).is_some_and(|m| m.actor.is_some())
            })
    }

    /// The receiver that the parser took for the first part of what is given: *offered Gaza 500 million dollars*.
    fn first_of_two_objects(&self, verb: TokenIx) -> Option<TokenIx> {
        let syntax = self.syntax;
        let object = syntax.object(verb)?;
        let apart = |c: TokenIx| {
            syntax
                .by_dep(object, &[Dep::Nummod, Dep::Amod, Dep::Det])
                .any(|between| c < between && between < object)
        };
        syntax
            .by_dep(object, &[Dep::Compound, Dep::Nmod])
            .find(|&c| self.entities.at(c).is_some_and(|m| m.actor.is_some()) && apart(c))
    }

    /// What the parser hung on a particle that it took for a preposition, where an entry knows the verb with the particle: *handed over
    /// its weapons*.
    fn object_of_particle_verb(&self, verb: TokenIx, entry: &Entry) -> Option<TokenIx> {
        let (particle, object) = self.syntax.particle_read_as_preposition(verb)?;
        let lists = |word: &str| {
            let mut known = self.rules.lookup(WordClass::Verb, word).into_iter();
            known.any(|e| self.rules.entry(e).id == entry.id)
        };
        let lemma = self.syntax.lemma(verb);
        (lists(&format!("{lemma} {}", self.syntax.lemma(particle))) && !lists(lemma)).then_some(object)
    }

    /// A noun phrase without preposition that is no time: one of two accusatives (*nannte das Vorgehen einen Überfall*).
    fn bare_oblique(&self, verb: TokenIx) -> Option<TokenIx> {
        let syntax = self.syntax;
        syntax.by_dep(verb, &[Dep::Obl]).find(|&t| {
            syntax.is_nominal(t) && syntax.by_dep(t, &[Dep::Case, Dep::Mark]).next().is_none() && !syntax.is_time(t)
        })
    }

    /// Subject and object that the parser has exchanged, as it does where the object comes first (*Die Forderung lehnte das
    /// Kabinett ab*): a thing before the verb, an actor behind it, and forms that allow the other reading.
    fn swapped(&self, verb: TokenIx) -> Option<(TokenIx, TokenIx)> {
        let syntax = self.syntax;
        if syntax.is_passive(verb) {
            return None;
        }
        let subject = syntax.by_dep(verb, &[Dep::Nsubj]).next()?;
        let object = syntax
            .by_dep(verb, &[Dep::Obj])
            .next()
            .or_else(|| self.bare_oblique(verb))?;
        let acts = |t: TokenIx| self.entities.at(t).is_some_and(|m| m.actor.is_some());
        let either =
            |t: TokenIx| syntax.allows(t, Case::Nom) == Some(true) && syntax.allows(t, Case::Acc) == Some(true);
        let finite = syntax.finite(verb).unwrap_or(verb);
        // "Truppen haben die Demonstranten vertrieben": where nothing but the order tells, the doer comes first.
        if object < finite && finite < subject {
            let doers = [subject, object].into_iter().all(|t| acts(t) && either(t));
            return doers.then_some((subject, object));
        }
        if !(subject < finite && finite < object) {
            return None;
        }
        // "Acht Tote forderte ein Anschlag": a form that can only be the subject.
        let nominative = syntax.allows(object, Case::Nom) == Some(true)
            && syntax.allows(object, Case::Acc) == Some(false)
            && syntax.allows(object, Case::Dat) == Some(false);
        if nominative && syntax.allows(subject, Case::Acc) != Some(false) {
            return Some((subject, object));
        }
        (syntax.pos(subject) == Upos::Noun
            && !acts(subject)
            && acts(object)
            && syntax.allows(object, Case::Nom)?
            && syntax.allows(subject, Case::Acc)?)
        .then_some((subject, object))
    }

    /// The noun that a preposition or postposition governs.
    fn governor(&self, t: TokenIx) -> Option<TokenIx> {
        self.syntax
            .head(t)
            .filter(|&h| self.syntax.is_nominal(h) || self.syntax.pos(h) == Upos::Adj)
    }

    /// The noun phrase that a particle of saying frames: *so der Minister*.
    fn framed(&self, t: TokenIx) -> Option<TokenIx> {
        let sentence = self.syntax.sentence(t);
        // "…, so der Minister": after a comma, a quotation or at the start of an aside.
        if t.0 == sentence.tokens.start || self.syntax.pos(TokenIx(t.0 - 1)) != Upos::Punct {
            return None;
        }
        // The phrase must follow at once: at most a determiner and attributes stand between.
        let next = (t.0 + 1..sentence.tokens.end.min(t.0 + 6))
            .map(TokenIx)
            .take_while(|&x| {
                let ends = [Upos::Verb, Upos::Aux, Upos::Punct, Upos::Adp, Upos::Sconj];
                !ends.contains(&self.syntax.pos(x))
            })
            .find(|&x| matches!(self.syntax.pos(x), Upos::Noun | Upos::Propn))?;
        let mut head = next;
        while let Some(up) = self.syntax.head(head)
            && up.0 > t.0
            && matches!(
                self.syntax.dep(head),
                Dep::Flat | Dep::Appos | Dep::Compound | Dep::Nmod
            )
        {
            head = up;
        }
        Some(head)
    }

    fn subject_of_adjective(&self, t: TokenIx) -> Vec<TokenIx> {
        let own: Vec<TokenIx> = self
            .syntax
            .by_dep(t, &[Dep::Nsubj, Dep::NsubjPass])
            .map(|s| self.syntax.antecedent(s))
            .collect();
        if !own.is_empty() {
            return own;
        }
        match (self.syntax.dep(t), self.syntax.head(t)) {
            (Dep::Amod, Some(noun)) => vec![noun],
            // "called the plan outrageous" is said of the plan.
            (Dep::Xcomp, Some(verb)) if self.said_of_object(verb).is_some() => {
                self.said_of_object(verb).into_iter().collect()
            }
            // "zeigte sich besorgt", "is ready": the predicate of another verb shares its subject.
            (Dep::Xcomp | Dep::Advcl | Dep::Advmod | Dep::Obl | Dep::Obj, Some(verb)) => self.syntax.subject(verb),
            _ => Vec::new(),
        }
    }

    /// The object of an active verb, unless it is reflexive: what a predicate beside it is said of.
    fn said_of_object(&self, verb: TokenIx) -> Option<TokenIx> {
        let mut objects = self.syntax.by_dep(verb, &[Dep::Obj]);
        objects.find(|&o| !self.syntax.grammar.reflexive.iter().any(|r| r == self.syntax.lemma(o)))
    }

    /// The adjectives at a noun; as parties only those of states count.
    fn adjectives(&self, noun: TokenIx) -> Vec<Filled> {
        let attributes = self.syntax.by_dep(noun, &[Dep::Amod]);
        let named = [Dep::Compound, Dep::Nmod, Dep::Flat];
        let of_states = self
            .syntax
            .by_dep(noun, &named)
            .filter(|&a| self.entities.adjective_at(a).is_some());
        // "American arms sales": the adjective hung on the first part of the compound.
        let on_parts = self
            .syntax
            .by_dep(noun, &[Dep::Compound])
            .flat_map(|part| self.syntax.by_dep(part, &[Dep::Amod, Dep::Compound]))
            .filter(|&a| self.entities.adjective_at(a).is_some());
        attributes
            .chain(of_states)
            .chain(on_parts)
            .map(Filled::Adjective)
            .collect()
    }

    /// The first part of a compound, written as one word or apart.
    fn first_parts(&self, noun: TokenIx) -> Vec<Filled> {
        let apart = self.syntax.by_dep(noun, &[Dep::Compound]).map(Filled::Phrase);
        std::iter::once(Filled::Compound(noun)).chain(apart).collect()
    }

    /// Who does what a noun tells, the likeliest place first.
    fn doers(&self, noun: TokenIx, entry: &Entry) -> Vec<Filled> {
        let grammar = self.syntax.grammar;
        let phrases = |tokens: Vec<TokenIx>| tokens.into_iter().map(Filled::Phrase).collect::<Vec<_>>();
        // "Eine Demonstration durch die Innenstadt" leads through it.
        let thing = |t: &TokenIx| self.entities.at(*t).is_some_and(|m| m.kind == MentionKind::Thing);
        let mut by = self.syntax.governed(noun, &grammar.doer);
        by.retain(|t| !thing(t));
        let mut places = vec![phrases(by)];
        // "Soldaten sind im Einsatz": the noun is what is said of its subject.
        places.push(phrases(self.syntax.by_dep(noun, &[Dep::Nsubj]).collect()));
        if entry.mutual {
            places.push(phrases(self.syntax.governed(noun, &grammar.between)));
        }
        if !entry.genitive_is_recipient {
            places.push(phrases(self.syntax.genitives(noun)));
            if let Some(possessive) = self.syntax.possessive(noun) {
                places.push(vec![Filled::Phrase(possessive)]);
                // "setzten ihre Angriffe fort": most often the possessive means the subject.
                places.push(phrases(self.syntax.context_subject(noun).into_iter().collect()));
            }
        }
        places.push(self.adjectives(noun));
        if !entry.genitive_is_recipient {
            places.push(self.first_parts(noun));
        }
        places.push(phrases(self.accused(noun, entry).into_iter().collect()));
        let deed = entry.gives.event.is_some_and(|kind| !kind.is_verbal());
        let verb = self.syntax.light_verb(noun);
        if let Some(verb) = verb.filter(|&v| !(deed && grammar.no_deed.iter().any(|w| w == self.syntax.lemma(v)))) {
            let subject = match self.swapped(verb) {
                Some((_, object)) => vec![object],
                None if self.syntax.pos(verb) == Upos::Adj => self.subject_of_adjective(verb),
                None => self.syntax.subject(verb),
            };
            let elsewhere = |s: &TokenIx| !self.syntax.is_below(noun, *s);
            places.push(phrases(subject.into_iter().filter(elsewhere).collect()));
        }
        if let Some(light) = self.syntax.light_noun(noun) {
            places.push(self.doers(light, entry));
        }
        // A place does nothing: "das Massaker von Srebrenica" happened there.
        let acts = |f: Filled| {
            self.parties_of(f)
                .iter()
                .any(|p| self.entities.entity(p.entity).kind != EntityKind::Place)
        };
        places
            .into_iter()
            .find(|place| place.iter().any(|&f| acts(f)))
            .unwrap_or_default()
    }

    /// Who is said to do what a noun tells: *warf Moskau Drohungen vor*, *accused Russia of aggression*.
    fn accused(&self, noun: TokenIx, entry: &Entry) -> Option<TokenIx> {
        let syntax = self.syntax;
        let governs = |&v: &TokenIx| syntax.grammar.object_control.iter().any(|w| w == syntax.lemma(v));
        let verb = syntax.head(noun).filter(governs)?;
        let of = syntax
            .preposition(noun)
            .is_some_and(|p| syntax.grammar.of.iter().any(|of| of == p));
        let accused = match syntax.dep(noun) {
            Dep::Obj | Dep::Obl if !syntax.is_passive(verb) && syntax.preposition(noun).is_none() => {
                let datives = self.fill(verb, WordClass::Verb, &Slot::Dative, entry).into_iter();
                datives.map(Filled::token).find(|&t| t != noun)
            }
            Dep::Obl | Dep::OblArg if of => syntax.object(verb),
            _ => None,
        };
        accused.filter(|&t| self.entities.at(t).is_some_and(|m| m.actor.is_some()))
    }

    /// The parties in a role: of the first path that leads to any.
    pub(crate) fn role(&self, trigger: &Trigger, role: &Role) -> Vec<Party> {
        self.role_of(trigger, role, |_| true)
    }

    /// The parties in a role among those that `fits` lets fill it: of the first path that leads to any.
    pub(crate) fn role_of(&self, trigger: &Trigger, role: &Role, fits: impl Fn(Filled) -> bool) -> Vec<Party> {
        role.iter()
            .map(|path| self.named_at(trigger, path, &fits))
            .find(|parties| !parties.is_empty())
            .map(distinct_parties)
            .unwrap_or_default()
    }

    /// Who is named at the end of a path.
    fn named_at(&self, trigger: &Trigger, path: &Path, fits: impl Fn(Filled) -> bool) -> Vec<Party> {
        let filled = self.follow(trigger, path).into_iter();
        filled.filter(|&f| fits(f)).flat_map(|f| self.parties_of(f)).collect()
    }

    /// Whether words at a noun name the town or region of what it tells: *von Madrid*, *Pariser*, but neither *Spaniens* nor *Moskaus*.
    pub(crate) fn names_town(&self, filled: Filled) -> bool {
        let of = |t: TokenIx| {
            let preposition = self.syntax.preposition(t);
            preposition.is_some_and(|p| self.syntax.grammar.of.iter().any(|of| of == p))
        };
        let mention = match filled {
            Filled::Phrase(t) => self.entities.at(t).filter(|_| of(t)),
            Filled::Adjective(t) => self.entities.adjective_mention(t),
            Filled::Compound(_) => None,
        };
        mention.is_some_and(|m| {
            let state = m.actor.map(|a| &self.entities.entity(a).name);
            m.place.as_ref().is_some_and(|place| state != Some(&place.name))
        })
    }

    /// The places of a role, for the trace, up to the first with a party that `counts` in words that `fits` lets fill it.
    pub(crate) fn places(
        &self,
        trigger: &Trigger,
        role: &Role,
        fits: impl Fn(Filled) -> bool,
        counts: impl Fn(&Party) -> bool,
    ) -> Vec<trace::Place> {
        let mut places = Vec::new();
        for path in role {
            let filled = self.follow(trigger, path).into_iter();
            let parties = self.named_at(trigger, path, &fits);
            let found = parties.iter().any(&counts);
            places.push(trace::Place {
                path: path.clone(),
                words: filled.map(|f| self.filler_span(f)).collect(),
                parties,
            });
            if found {
                break;
            }
        }
        places
    }

    /// What fills a role first, be it a party or not.
    pub(crate) fn filler(&self, trigger: &Trigger, role: &Role) -> Option<Filled> {
        role.iter().find_map(|path| {
            self.follow(trigger, path)
                .into_iter()
                .find(|f| matches!(f, Filled::Phrase(_)))
        })
    }

    /// Who is named by a filler; all members of a coordination.
    pub(crate) fn parties_of(&self, filled: Filled) -> Vec<Party> {
        match filled {
            Filled::Phrase(t) => {
                let parties = self
                    .syntax
                    .conjuncts(t)
                    .into_iter()
                    .flat_map(|c| self.parties_in(c, MAX_DESCENT))
                    .collect();
                distinct_parties(parties)
            }
            Filled::Adjective(t) => self.states_of(t).map(|e| self.bare_party(e, t)).collect(),
            Filled::Compound(t) => self
                .entities
                .compound_part_of(t)
                .map(|e| self.bare_party(e, t))
                .into_iter()
                .collect(),
        }
    }

    fn bare_party(&self, entity: EntityIx, t: TokenIx) -> Party {
        Party {
            span: self.syntax.span(t),
            entity,
            roles: Vec::new(),
        }
    }

    /// The party that a noun phrase names, or else the one that it belongs to (*Stellungen der Armee*).
    pub(crate) fn parties_in(&self, t: TokenIx, depth: usize) -> Vec<Party> {
        // "am Donnerstag" names a day, never somebody.
        if self.syntax.is_time(t) {
            return Vec::new();
        }
        // "Moskaus engster Verbündeter, Belarus, hat …": the name says who is meant.
        if let Some(name) = self.named_behind(t) {
            return self.parties_in(name, depth);
        }
        if let Some(mention) = self.entities.at(t)
            && let Some(actor) = mention.actor
        {
            let span = match mention.kind {
                MentionKind::Pronoun => self.syntax.span(t),
                _ => mention.span,
            };
            // "amerikanische, französische und türkische Truppen": one party for each state.
            let states = self.coordinated_states(t);
            if states.len() > 1 {
                return states
                    .into_iter()
                    .map(|entity| Party {
                        span,
                        entity,
                        roles: mention.roles.clone(),
                    })
                    .collect();
            }
            let first = Party {
                span,
                entity: actor,
                roles: mention.roles.clone(),
            };
            let also = mention.also.iter().map(|&entity| Party {
                span,
                entity,
                roles: mention.roles.clone(),
            });
            return std::iter::once(first).chain(also).collect();
        }
        // "Eine Drohne …. Die Luftabwehr schoss sie ab": what a pronoun for a thing means has an owner.
        if self.syntax.pos(t) == Upos::Pron && depth > 0 {
            let thing = |n: &TokenIx| match self.entities.at(*n) {
                Some(m) => m.kind == MentionKind::Thing && m.actor.is_some(),
                None => !self.adjectives(*n).is_empty(),
            };
            let last = self.syntax.things_before(t).into_iter().rfind(thing);
            if let Some(thing) = last {
                return self.parties_in(thing, depth - 1);
            }
        }
        // "Turkish-backed rebels": the doer is an adjective.
        if self.syntax.pos(t) == Upos::Adj {
            let states: Vec<Party> = self.states_of(t).map(|e| self.bare_party(e, t)).collect();
            if !states.is_empty() {
                return states;
            }
        }
        // "einer der Minister" is one of them, "keiner der Minister" is nobody.
        let none = || {
            self.syntax
                .grammar
                .no_determiner
                .iter()
                .any(|d| d == self.syntax.lemma(t))
        };
        let part = self.syntax.is_nominal(t) || !self.syntax.genitives(t).is_empty() && !none();
        if depth == 0 || !part {
            return Vec::new();
        }
        // A town or region is its country's, whatever hangs on it.
        if let Some(country) = self.country_of_place(t) {
            return vec![country];
        }
        let belonging = |found: Vec<Filled>| -> Vec<Party> {
            found
                .into_iter()
                .flat_map(|f| match f {
                    Filled::Phrase(t) => self
                        .syntax
                        .conjuncts(t)
                        .into_iter()
                        .flat_map(|c| self.parties_in(c, depth - 1))
                        .collect(),
                    other => self.parties_of(other),
                })
                .collect()
        };
        let phrases = |tokens: Vec<TokenIx>| tokens.into_iter().map(Filled::Phrase).collect::<Vec<_>>();
        // What stands behind "durch" did it; it is not what the noun belongs to.
        let grammar = self.syntax.grammar;
        let is_doer = |&n: &TokenIx| {
            let preposition = self.syntax.preposition(n);
            preposition.is_some_and(|p| grammar.doer.iter().any(|d| d == p))
        };
        // Violence belongs to those who do it, neither to those whom it hits nor to where it does ("den Anschlag auf die Botschaft",
        // "die Pariser Anschläge").
        let violence = self.tells(t, EventType::Assault);
        let modifiers = self.syntax.by_dep(t, &[Dep::Nmod, Dep::Appos]);
        let modifiers = modifiers
            .filter(|n| !violence && !is_doer(n) && !self.is_broken(t, *n))
            .collect::<Vec<_>>();
        let genitives = self.syntax.genitives(t).into_iter();
        let genitives = genitives.filter(|&n| !self.is_broken(t, n)).collect();
        let not_there = |places: Vec<Filled>| {
            let fits = |f: &Filled| !(violence && self.names_town(*f));
            places.into_iter().filter(fits).collect::<Vec<_>>()
        };
        [
            not_there(phrases(genitives)),
            not_there(self.adjectives(t)),
            self.first_parts(t),
            phrases(self.syntax.possessive(t).into_iter().collect()),
            phrases(modifiers),
        ]
        .into_iter()
        .map(belonging)
        .find(|parties| !parties.is_empty())
        .unwrap_or_default()
    }

    /// Whether a phrase is what a breach breaks: *die Verletzung **von UN-Resolutionen***, *ein Verstoß **gegen das Abkommen***. The breach is
    /// none of its.
    fn is_broken(&self, breach: TokenIx, phrase: TokenIx) -> bool {
        let syntax = self.syntax;
        let grammar = syntax.grammar;
        let of = |p: &str| {
            [&grammar.of, &grammar.toward]
                .iter()
                .any(|words| words.iter().any(|w| w == p))
        };
        phrase > breach
            && grammar.breaches.iter().any(|b| b == syntax.lemma(breach))
            && syntax.preposition(phrase).is_none_or(of)
    }

    /// Who heads a headline, with the colon behind: *Japan: Regierung verurteilt Raketentest*.
    pub(crate) fn headline_topic(&self, t: TokenIx) -> Option<(Party, TokenIx)> {
        let syntax = self.syntax;
        let words = syntax.sentence(t).tokens.clone().map(TokenIx);
        let head = words.clone().find(|&w| syntax.dep(w) == Dep::Dislocated)?;
        let colon = words.clone().find(|&w| w > head && syntax.parsed.form(w) == ":")?;
        let party = self.parties_in(head, 0).into_iter().next()?;
        Some((party, colon))
    }

    /// The states of coordinated adjectives of nationality at a noun.
    fn coordinated_states(&self, noun: TokenIx) -> Vec<EntityIx> {
        let adjectives = self
            .syntax
            // "US and Philippine forces"
            .by_dep(noun, &[Dep::Amod, Dep::Compound])
            .flat_map(|a| self.syntax.conjuncts(a));
        let named = |a: TokenIx| {
            let state = self.entities.at(a).and_then(|m| m.actor)?;
            (self.entities.entity(state).kind == EntityKind::Country).then_some(state)
        };
        distinct(adjectives.flat_map(|a| {
            let states: Vec<EntityIx> = self.states_of(a).collect();
            if states.is_empty() {
                named(a).into_iter().collect()
            } else {
                states
            }
        }))
    }

    /// The name of a state or organisation behind the comma of a noun that is none.
    fn named_behind(&self, t: TokenIx) -> Option<TokenIx> {
        let syntax = self.syntax;
        let known = self.entities.at(t);
        if syntax.pos(t) != Upos::Noun
            || known.is_some_and(|m| matches!(m.kind, MentionKind::Name | MentionKind::Place))
        {
            return None;
        }
        let is_comma = |at: u32| syntax.parsed.form(TokenIx(at)) == ",";
        let names = |c: &TokenIx| {
            let phrase = syntax.subtree(*c);
            let first = phrase.iter().map(|w| w.0).filter(|w| !is_comma(*w)).min();
            let apart = first.and_then(|f| f.checked_sub(1)).is_some_and(is_comma);
            let state = self
                .entities
                .at(*c)
                .filter(|m| m.kind == MentionKind::Name)
                .and_then(|m| m.actor);
            apart
                && state.is_some_and(|e| {
                    matches!(
                        self.entities.entity(e).kind,
                        EntityKind::Country | EntityKind::Organisation
                    )
                })
        };
        syntax.by_dep(t, &[Dep::Appos]).find(names)
    }

    /// The states of an adjective; *britisch-französisch* and *US-Chinese* have two.
    fn states_of(&self, adjective: TokenIx) -> impl Iterator<Item = EntityIx> + 'a {
        let last = self.entities.adjective_at(adjective);
        let first = last.and_then(|_| self.entities.compound_part_of(adjective));
        let joined = || {
            let hyphen = adjective
                .0
                .checked_sub(1)
                .filter(|&h| self.syntax.parsed.form(TokenIx(h)) == "-")?;
            let before = TokenIx(hyphen.checked_sub(1)?);
            let named = || self.entities.at(before).and_then(|m| m.actor);
            let state = self.entities.adjective_at(before).or_else(named)?;
            (self.entities.entity(state).kind == EntityKind::Country).then_some(state)
        };
        let first = first.or_else(|| last.and_then(|_| joined()));
        first.into_iter().chain(last)
    }

    /// The country of a place, as the party that something done to the place is done to.
    fn country_of_place(&self, t: TokenIx) -> Option<Party> {
        let country = self.entities.place_at(t)?.country.as_deref()?.to_owned();
        let entity = self
            .entities
            .entities
            .iter()
            .position(|e| e.kind == EntityKind::Country && e.country.as_deref() == Some(country.as_str()))?;
        Some(self.bare_party(EntityIx::from(entity), t))
    }

    /// The words of a party or other filler, for showing.
    pub(crate) fn filler_span(&self, filled: Filled) -> Span {
        match filled {
            Filled::Phrase(t) => self.syntax.phrase_span(t),
            Filled::Adjective(t) | Filled::Compound(t) => self.syntax.span(t),
        }
    }
}

/// Whether the verb of an entry takes its recipient as direct object.
fn takes_object(entry: &Entry) -> bool {
    let is_object = |path: &Path| path.first() == Some(&Slot::Object);
    entry
        .roles
        .recipient
        .as_ref()
        .is_none_or(|role| role.iter().any(is_object))
        || entry.needs.iter().any(|(path, _)| is_object(path))
}

/// Whether the recipient of an entry may stand in the dative.
fn takes_dative(entry: &Entry) -> bool {
    let is_dative = |path: &Path| path.first() == Some(&Slot::Dative);
    entry
        .roles
        .recipient
        .as_ref()
        .is_some_and(|role| role.iter().any(is_dative))
        || entry.needs.iter().any(|(path, _)| is_dative(path))
}

/// Whether an entry asks for what is said of the object.
fn asks_predicate(entry: &Entry) -> bool {
    entry
        .needs
        .iter()
        .any(|(path, _)| path.first() == Some(&Slot::Predicate))
}

/// One party for each entity.
pub(crate) fn distinct_parties(parties: Vec<Party>) -> Vec<Party> {
    let mut kept: Vec<Party> = Vec::new();
    for party in parties {
        if !kept.iter().any(|k| k.entity == party.entity) {
            kept.push(party);
        }
    }
    kept
}
