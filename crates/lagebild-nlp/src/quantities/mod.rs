//! Amounts: numbers in digits and words, what they count, how they bound it.
//!
//! What is counted, and whether the counted are dead, injured or arrested, is taken from the tree where there is one,
//! else from the words around. A range (`300 bis 400 Tibeter`) makes two amounts, its lower and its upper bound.

pub(crate) mod numbers;
#[cfg(test)]
mod tests;
mod words;

use crate::times::atoms::{Atom, Kind, atoms};
use crate::times::is_unit_of_time;
use lagebild_core::{Dep, Lang, Modifier, Parsed, Quantity, QuantityKind, Sentence, Span, TokenIx, Upos};
use words::{Vocabulary, vocabulary};

/// How many atoms may stand between a number and what it counts.
const REACH: usize = 6;

/// Finds the amounts in a parsed report, in text order.
///
/// Numbers inside the expressions of time of `parsed.times` are no amounts, so those have to be found first.
#[must_use]
pub fn find(parsed: &Parsed) -> Vec<Quantity> {
    let mut finder = Finder {
        parsed,
        vocabulary: vocabulary(parsed.doc.lang),
        numbers: numbers::words(parsed.doc.lang),
        atoms: Vec::new(),
        quantities: Vec::new(),
    };
    for sentence in &parsed.sentences {
        finder.read(sentence);
    }
    finder.quantities
}

/// What a number counts.
#[derive(Clone, Debug)]
struct Thing {
    text: String,
    /// The atom after it.
    end: usize,
    /// Its word, if it has one.
    token: Option<TokenIx>,
    kind: QuantityKind,
}

struct Finder<'a> {
    parsed: &'a Parsed,
    vocabulary: &'static Vocabulary,
    numbers: &'static numbers::Words,
    /// The sentence being read.
    atoms: Vec<Atom<'a>>,
    quantities: Vec<Quantity>,
}

impl<'a> Finder<'a> {
    fn read(&mut self, sentence: &Sentence) {
        self.atoms = atoms(&self.parsed.doc.text, sentence.span);
        let first = self.quantities.len();
        let mut i = 0;
        // Amounts without a noun, which only a verb can make one: "zwölf starben".
        let mut bare = Vec::new();
        while i < self.atoms.len() {
            i = self.amount(i, &mut bare).max(i + 1);
        }
        self.tell_kinds(first);
        // A bare number or article counts only where it tells of people hurt or held.
        let mut ix = 0;
        self.quantities.retain(|q| {
            ix += 1;
            ix <= first || q.kind != QuantityKind::Count || !bare.contains(&q.token)
        });
    }

    /// Reads the amount at atom `i`; returns the atom after it.
    fn amount(&mut self, i: usize, bare: &mut Vec<TokenIx>) -> usize {
        if self.atoms[i].kind == Kind::Mark || self.atoms[i].kind == Kind::Word && self.is_inside_word(i) {
            return self.prefixed_money(i).unwrap_or(i);
        }
        if let Some(end) = self.prefixed_money(i) {
            return end;
        }
        if self.in_time(i) || !self.may_start(i) {
            return i;
        }
        let Some(mut number) = self.numbers.number_at(&self.atoms, i) else {
            return i;
        };
        self.hyphenated_multiplier(&mut number);
        if self.is_numbering(i, number.end)
            || (number.value < 1.0 && self.vocabulary.percent(&self.atoms, number.end).is_none())
        {
            return number.end;
        }
        // "300 bis 400 Tibeter"
        let mut lower = None;
        if self.vocabulary.joins_range(&self.atoms, i, number.end)
            && let Some(mut second) = self
                .numbers
                .number_at(&self.atoms, number.end + 1)
                .filter(|n| !n.article)
            && !self.in_time(number.end + 1)
        {
            self.hyphenated_multiplier(&mut second);
            let factor = self
                .numbers
                .multiplier(&self.atoms[second.end - 1].lower, true)
                .unwrap_or(1.0);
            let first = if number.value < 1000.0 && number.value * factor < second.value {
                number.value * factor
            } else {
                number.value
            };
            if first < second.value {
                lower = Some(first);
                number = second;
            }
        }
        let Some(thing) = self.money(number.end).or_else(|| self.thing(i, number.end)) else {
            return number.end;
        };
        let counted = thing.text.to_lowercase();
        if is_unit_of_time(self.parsed.doc.lang, &counted) || self.vocabulary.times.contains(&counted) {
            return thing.end;
        }
        let is_single = number.article || self.atoms[i].lower == "one" && number.end == i + 1;
        let is_person = self.is_people(&thing.text);
        if is_single && thing.kind == QuantityKind::Count && !is_person {
            return number.end;
        }
        let modifier = self.vocabulary.modifier_before(&self.atoms, i);
        let modifier = modifier.unwrap_or(if number.indefinite {
            Modifier::AtLeast
        } else {
            Modifier::Exact
        });
        let token = self.token_at(self.atoms[i].start);
        if is_single || thing.token.is_none() && thing.kind == QuantityKind::Count {
            bare.push(token);
        }
        if let Some(value) = lower {
            self.push(i, &thing, token, value, Modifier::AtLeast);
            self.push(i, &thing, token, number.value, Modifier::UpTo);
        } else {
            self.push(i, &thing, token, number.value, modifier);
        }
        thing.end
    }

    fn push(&mut self, start: usize, thing: &Thing, token: TokenIx, value: f64, modifier: Modifier) {
        let span = Span::at(self.atoms[start].start, self.atoms[thing.end - 1].end());
        self.quantities.push(Quantity {
            span,
            token,
            value,
            thing: thing.text.clone(),
            kind: thing.kind,
            modifier,
        });
    }

    /// The word that covers byte `at`.
    fn token_at(&self, at: usize) -> TokenIx {
        let after = self.parsed.tokens.partition_point(|t| t.span.start() <= at);
        let mut ix = after.saturating_sub(1);
        // The second word of a contraction is empty and starts where the next begins.
        while ix > 0 && self.parsed.tokens[ix].span.is_empty() {
            ix -= 1;
        }
        TokenIx::from(ix)
    }

    fn in_time(&self, i: usize) -> bool {
        let start = self.atoms[i].start;
        let after = self.parsed.times.partition_point(|t| t.span.start() <= start);
        after
            .checked_sub(1)
            .is_some_and(|ix| self.parsed.times[ix].span.end() > start)
    }

    fn glued(&self, i: usize) -> bool {
        self.atoms.get(i).is_some_and(|a| a.glued)
    }

    fn is_inside_word(&self, i: usize) -> bool {
        i > 0 && self.atoms[i].glued && self.atoms[i - 1].kind != Kind::Mark
    }

    /// Whether a number may start here: `G7`, `F-16`, `Nr. 5`, `§ 7`, `2:1`, `1/2` hold none.
    fn may_start(&self, i: usize) -> bool {
        // "Bayer 04 Leverkusen"
        let is_label = self.atoms[i].text.len() > 1 && self.atoms[i].text.starts_with('0');
        let Some(before) = i.checked_sub(1).map(|p| &self.atoms[p]) else {
            return !is_label;
        };
        if self.atoms[i].glued {
            let opens = before.kind == Kind::Mark
                && !before.is_dash()
                && !matches!(before.text, "." | "," | ":" | "/" | "'" | "’");
            let dash_after_space = before.is_dash() && !before.glued;
            if !opens && !dash_after_space {
                return false;
            }
        }
        let named = if before.is('.') && i > 1 {
            &self.atoms[i - 2]
        } else {
            before
        };
        !is_label && !self.vocabulary.is_name(named)
    }

    /// Whether the number numbers instead of counting: `3. Oktober`, `2:1`, `1/2`, `31-jährig`, `5G`.
    fn is_numbering(&self, start: usize, end: usize) -> bool {
        let Some(next) = self.atoms.get(end) else { return false };
        let is_digits = self.atoms[start].kind == Kind::Digits;
        if !is_digits || !next.glued {
            return false;
        }
        let goes_on = self.glued(end + 1) || self.atoms.get(end + 1).is_some();
        match next.kind {
            Kind::Word => self.vocabulary.currency(&self.atoms, end).is_none(),
            Kind::Digits => true,
            Kind::Mark if next.is('.') => self.parsed.doc.lang == Lang::De && goes_on,
            Kind::Mark => {
                matches!(next.text, ":" | "/" | "°")
                    || (next.is_dash() && self.glued(end + 1) && !self.is_range_or_money(end))
            }
        }
    }

    fn is_range_or_money(&self, dash: usize) -> bool {
        self.atoms.get(dash + 1).is_some_and(|a| a.kind == Kind::Digits)
            || self.vocabulary.currency(&self.atoms, dash + 1).is_some()
    }

    /// `60-Milliarden-Dollar-Paket`: the multiplier follows a hyphen.
    fn hyphenated_multiplier(&self, number: &mut numbers::Number) {
        let (dash, word) = (self.atoms.get(number.end), self.atoms.get(number.end + 1));
        if let (Some(dash), Some(word)) = (dash, word)
            && dash.is_dash()
            && dash.glued
            && word.glued
            && let Some(factor) = self.numbers.multiplier(&word.lower, true)
        {
            number.value *= factor;
            number.end += 2;
        }
    }

    /// `$60 billion`, `US$ 5`, `€ 3,5 Mio.`: the currency comes first.
    fn prefixed_money(&mut self, i: usize) -> Option<usize> {
        let is_sign = self.atoms[i].kind == Kind::Mark
            || self
                .atoms
                .get(i + 1)
                .is_some_and(|a| a.kind == Kind::Mark && a.glued && !a.is_dash());
        let (code, at) = self.vocabulary.currency(&self.atoms, i).filter(|_| is_sign)?;
        let code = code.to_owned();
        if self.atoms.get(at)?.kind != Kind::Digits {
            return None;
        }
        let mut number = self.numbers.number_at(&self.atoms, at)?;
        self.hyphenated_multiplier(&mut number);
        // "£150m"
        if let Some(next) = self.atoms.get(number.end).filter(|a| a.glued)
            && let Some(factor) = match next.lower.as_str() {
                "m" => Some(1e6),
                "k" => Some(1e3),
                "b" => Some(1e9),
                _ => None,
            }
        {
            number.value *= factor;
            number.end += 1;
        }
        let modifier = self
            .vocabulary
            .modifier_before(&self.atoms, i)
            .unwrap_or(Modifier::Exact);
        let token = self.token_at(self.atoms[at].start);
        let thing = Thing {
            text: code,
            end: number.end,
            token: None,
            kind: QuantityKind::Money,
        };
        self.push(i, &thing, token, number.value, modifier);
        Some(number.end)
    }

    /// A currency or percent after the number.
    fn money(&self, end: usize) -> Option<Thing> {
        if let Some(after) = self.vocabulary.percent(&self.atoms, end) {
            let span = Span::at(self.atoms[end].start, self.atoms[after - 1].end());
            return Some(Thing {
                text: span.of(&self.parsed.doc.text).to_owned(),
                end: after,
                token: None,
                kind: QuantityKind::Percent,
            });
        }
        let at = if self.atoms.get(end).is_some_and(|a| a.is_dash() && a.glued) {
            end + 1
        } else {
            end
        };
        // "US-Dollar", "kanadische Dollar"
        let at = match self.atoms.get(at) {
            Some(word) if word.lower.ends_with("ische") || word.lower.ends_with("ischen") => at + 1,
            _ => at,
        };
        let (code, after) = self.vocabulary.currency(&self.atoms, at)?;
        // In "a £150m deal" the sign belongs to the digits after it.
        let is_prefix = self.atoms[at].kind == Kind::Mark
            && self.atoms.get(after).is_some_and(|a| a.glued && a.kind == Kind::Digits);
        (!is_prefix).then(|| Thing {
            text: code.to_owned(),
            end: after,
            token: None,
            kind: QuantityKind::Money,
        })
    }

    /// What is counted: the head of the number in the tree, else the next noun.
    fn thing(&self, start: usize, end: usize) -> Option<Thing> {
        let number = self.token_at(self.atoms[start].start);
        let token = self.parsed.token(number);
        let german = self.parsed.doc.lang == Lang::De;
        // In "four-page ad" the number belongs to an adjective.
        let hyphenated = self.atoms.get(end).is_some_and(|a| a.is_dash() && a.glued);
        let by_tree = token.head.filter(|&head| {
            let noun = self.parsed.token(head);
            let text = noun.span.of(&self.parsed.doc.text);
            // Adjectives as nouns: "zwei Verletzte", "two injured".
            let as_noun = noun.pos == Upos::Adj
                && if german {
                    text.starts_with(char::is_uppercase)
                } else {
                    self.vocabulary.nouns.contains_key(text)
                };
            let is_noun = matches!(noun.pos, Upos::Noun | Upos::Propn) || as_noun;
            token.dep == Dep::Nummod && is_noun && !hyphenated && head > number && head.0 - number.0 <= 12
        });
        let range = by_tree
            .and_then(|head| self.atoms_of(self.parsed.token(head).span))
            .filter(|&(first, _)| first >= end)
            .or_else(|| self.next_noun(end))
            .or_else(|| self.coordinated_attribute(end));
        let Some((first, last)) = range else {
            return self.numbered(start, end).or_else(|| self.ellipsis(end));
        };
        let attribute = self.atoms[end..first]
            .iter()
            .find_map(|a| self.vocabulary.attributes.get(&a.lower).copied());
        let noun = &self.atoms[last];
        let kind = self
            .vocabulary
            .nouns
            .get(&noun.lower)
            .copied()
            .or(attribute)
            .unwrap_or(QuantityKind::Count);
        let span = Span::at(self.atoms[first].start, noun.end());
        Some(Thing {
            text: span.of(&self.parsed.doc.text).to_owned(),
            end: last + 1,
            token: Some(self.token_at(self.atoms[first].start)),
            kind,
        })
    }

    /// Whether a counted thing is known to be people, or stands for what was counted before.
    fn is_people(&self, thing: &str) -> bool {
        let thing = thing.to_lowercase();
        let word = thing.rsplit([' ', '-']).next().unwrap_or_default();
        self.vocabulary.persons.contains(word) || self.vocabulary.elliptic.contains(word)
    }

    /// What the number tells the number of: `die Zahl der Toten stieg auf 384`.
    fn numbered(&self, start: usize, end: usize) -> Option<Thing> {
        let is_border = |a: &Atom<'_>| a.is(',') || a.is(';') || a.is(':');
        let clause = self.atoms[..start].iter().rposition(is_border).map_or(0, |at| at + 1);
        let count = self.atoms[clause..start]
            .iter()
            .position(|a| self.vocabulary.counts.contains(&a.lower))?
            + clause;
        let (first, last) = self.next_noun(count + 1).filter(|&(_, last)| last < start)?;
        let span = Span::at(self.atoms[first].start, self.atoms[last].end());
        let kind = self
            .vocabulary
            .nouns
            .get(&self.atoms[last].lower)
            .copied()
            .unwrap_or(QuantityKind::Count);
        let token = Some(self.token_at(self.atoms[first].start));
        Some(Thing {
            text: span.of(&self.parsed.doc.text).to_owned(),
            end,
            token,
            kind,
        })
    }

    /// A number that stands for people named before: `110 weitere wurden verletzt`, `zwölf starben`.
    fn ellipsis(&self, end: usize) -> Option<Thing> {
        let other = self
            .atoms
            .get(end)
            .filter(|a| self.vocabulary.elliptic.contains(&a.lower));
        let (text, end) = match other {
            Some(word) => (word.text.to_owned(), end + 1),
            None => (String::new(), end),
        };
        Some(Thing {
            text,
            end,
            token: None,
            kind: QuantityKind::Count,
        })
    }

    /// First and last atom of a span.
    fn atoms_of(&self, span: Span) -> Option<(usize, usize)> {
        let first = self.atoms.iter().position(|a| a.start >= span.start())?;
        let last = self.atoms.iter().rposition(|a| a.end() <= span.end())?;
        (first <= last).then_some((first, last))
    }

    /// The noun after a number, with attributes between.
    fn next_noun(&self, from: usize) -> Option<(usize, usize)> {
        let german = self.parsed.doc.lang == Lang::De;
        let mut at = from;
        while at < self.atoms.len().min(from + REACH) {
            let atom = &self.atoms[at];
            if atom.kind != Kind::Word {
                return None;
            }
            let last = self.last_of_compound(at);
            let filler = self.vocabulary.fillers.contains(&atom.lower);
            let pos = self.parsed.token(self.token_at(atom.start)).pos;
            let is_noun = match pos {
                Upos::Noun | Upos::Propn => true,
                // "US-amerikanische", "Russische" are no nouns.
                Upos::X if german && last > at => self.atoms[last].is_capitalised(),
                Upos::X if german => atom.is_capitalised() && !is_german_adjective(&atom.lower, false),
                Upos::X => !filler && self.is_english_noun(at),
                Upos::Adj => self.vocabulary.nouns.contains_key(&atom.lower) && atom.is_capitalised() == german,
                _ => false,
            };
            if is_noun {
                // English compounds: the last noun is what is counted.
                let mut last = last;
                while !german
                    && pos != Upos::X
                    && self.atoms.get(last + 1).is_some_and(|a| {
                        a.kind == Kind::Word && !a.glued && self.parsed.token(self.token_at(a.start)).pos == Upos::Noun
                    })
                {
                    last += 1;
                }
                let first = if german || pos == Upos::X { at } else { last };
                return Some((first, last));
            }
            let is_attribute = filler
                || match pos {
                    Upos::Adj | Upos::Verb => !german || is_german_adjective(&atom.lower, true),
                    Upos::X if german => is_german_adjective(&self.atoms[last].lower, true) && atom.text.len() > 3,
                    Upos::X => true,
                    _ => false,
                };
            if !is_attribute {
                return None;
            }
            at = last + 1;
        }
        None
    }

    /// `43 internationale und 1.200 nationale Mitarbeiter`: the attribute stands for its noun.
    fn coordinated_attribute(&self, at: usize) -> Option<(usize, usize)> {
        let atom = self.atoms.get(at)?;
        let is_attribute = self.parsed.token(self.token_at(atom.start)).pos == Upos::Adj;
        let and = self.atoms.get(at + 1).is_some_and(|a| matches!(a.text, "und" | "and"));
        (is_attribute && and).then_some((at, at))
    }

    /// The last part of a word written with hyphens.
    fn last_of_compound(&self, at: usize) -> usize {
        let mut last = at;
        while self.atoms.get(last + 1).is_some_and(|a| a.is_dash() && a.glued)
            && self
                .atoms
                .get(last + 2)
                .is_some_and(|a| a.kind == Kind::Word && a.glued)
        {
            last += 2;
        }
        last
    }

    /// Without tags: a plural, or a word for people.
    fn is_english_noun(&self, at: usize) -> bool {
        let lower = &self.atoms[at].lower;
        (lower.len() > 3 && lower.ends_with('s') && !lower.ends_with("ss") && !lower.ends_with("us"))
            || self.vocabulary.persons.contains(lower)
            || self.vocabulary.nouns.contains_key(lower)
    }

    // ---- dead, injured, arrested ----

    /// Gives the amounts of the sentence that start at `first` the kinds that verbs tell.
    fn tell_kinds(&mut self, first: usize) {
        for ix in first..self.quantities.len() {
            if self.quantities[ix].kind == QuantityKind::Count
                && let Some(kind) = self.kind_by_tree(&self.quantities[ix])
            {
                self.quantities[ix].kind = kind;
            }
        }
        self.tell_by_forms(first, self.has_tree());
        self.tell_parts(first);
    }

    fn has_tree(&self) -> bool {
        let start = self.atoms.first().map_or(0, |a| a.start);
        let ix = self.token_at(start).ix();
        self.parsed.tokens[ix..].iter().take(12).any(|t| t.head.is_some())
    }

    /// The kind that the verb of the counted noun tells.
    fn kind_by_tree(&self, quantity: &Quantity) -> Option<QuantityKind> {
        let number = self.parsed.token(quantity.token);
        let mut noun = match number.dep {
            Dep::Nummod | Dep::Det | Dep::DetPoss | Dep::Amod => self.parsed.token(number.head?),
            _ => number,
        };
        // "zehn Frauen und drei Kinder wurden getötet"
        for _ in 0..4 {
            if noun.dep != Dep::Conj {
                break;
            }
            noun = self.parsed.token(noun.head?);
        }
        let verb = self.parsed.token(noun.head?);
        let lemma = self.parsed.strings.resolve(verb.lemma);
        let form = self.parsed.strings.resolve(verb.form).to_lowercase();
        match noun.dep {
            Dep::NsubjPass | Dep::Obj => self.vocabulary.verbs_object.get(lemma).copied(),
            // "Zwölf Menschen starben", "sind tot", "were injured" read as an adjective.
            Dep::Nsubj => {
                let state = self.vocabulary.state(&form).filter(|_| verb.pos == Upos::Adj);
                self.vocabulary.verbs_subject.get(lemma).copied().or(state)
            }
            // "der Tod von hunderten Amerikanern"
            Dep::Nmod => self.vocabulary.acts.get(lemma.to_lowercase().as_str()).copied(),
            _ => None,
        }
    }

    /// Amounts of a part are of the kind of the whole: `18 Menschen wurden getötet, davon sieben Soldaten`, `unter den
    /// Toten sind 36 Kinder sowie neun Frauen`.
    fn tell_parts(&mut self, first: usize) {
        let mut gap_start = self.atoms.first().map_or(0, |a| a.start);
        let mut whole = None;
        // The kind of the part before, which a list carries on.
        let mut listed = None;
        for ix in first..self.quantities.len() {
            let gap: Vec<usize> = (0..self.atoms.len())
                .filter(|&i| (gap_start..self.quantities[ix].span.start()).contains(&self.atoms[i].start))
                .collect();
            let joins = |&i: &usize| matches!(self.atoms[i].text, "und" | "sowie" | "and" | ",");
            let told = gap.iter().find_map(|&i| self.vocabulary.whole(&self.atoms, i));
            let part = told
                .or(whole.filter(|_| gap.iter().any(|&i| self.vocabulary.is_part(&self.atoms, i))))
                .or(listed.filter(|_| !gap.is_empty() && gap.iter().all(joins)));
            let quantity = &mut self.quantities[ix];
            listed = part.filter(|_| quantity.kind == QuantityKind::Count);
            if let Some(kind) = listed {
                quantity.kind = kind;
            }
            let is_casualty = matches!(
                quantity.kind,
                QuantityKind::Dead | QuantityKind::Injured | QuantityKind::Arrested
            );
            whole = is_casualty.then_some(quantity.kind);
            gap_start = quantity.span.end();
        }
    }

    /// The kinds that forms in the clause tell: of the nearest amount before, or after an active verb.
    ///
    /// Where there is a tree, what it has not told is told of people only, by phrases that are no single verb (*kamen
    /// ums Leben*) or that the tree attached elsewhere.
    fn tell_by_forms(&mut self, first: usize, has_tree: bool) {
        let is_border = |a: &Atom<'_>| matches!(a.text, "," | ";" | ":" | "(" | ")") || a.is_dash() && !a.glued;
        for i in 0..self.atoms.len() {
            let told = self.vocabulary.form(&self.atoms, i);
            // Where a tree tells objects, only killing is worth a doubt about it.
            let active = self.vocabulary.forms_before.get(&self.atoms[i].lower).copied();
            let active = active.filter(|&kind| !has_tree || kind == QuantityKind::Dead);
            let covered = |q: &Quantity| q.span.start() <= self.atoms[i].start && self.atoms[i].start < q.span.end();
            if self.quantities[first..].iter().any(covered) {
                continue;
            }
            let clause_start = self.atoms[..i]
                .iter()
                .rposition(is_border)
                .map_or(0, |at| self.atoms[at].end());
            let clause_end = self.atoms[i..]
                .iter()
                .position(is_border)
                .map_or(usize::MAX, |at| self.atoms[i + at].start);
            let at = self.atoms[i].start;
            let open = |q: &Quantity| {
                q.kind == QuantityKind::Count && (!has_tree || q.thing.is_empty() || self.is_people(&q.thing))
            };
            if let Some(kind) = told {
                let before = self.quantities[first..]
                    .iter()
                    .rposition(|q| q.span.end() <= at && q.span.start() >= clause_start && open(q));
                if let Some(ix) = before {
                    self.quantities[first + ix].kind = kind;
                    continue;
                }
            }
            if let Some(kind) = active {
                let after = self.quantities[first..]
                    .iter()
                    .position(|q| q.span.start() > at && q.span.start() < clause_end && open(q));
                // At the end of a clause the verb follows: "die 1.400 Menschen töteten".
                let before = self.quantities[first..].iter().rposition(|q| {
                    let is_last = self.atoms[i + 1..]
                        .iter()
                        .take(1)
                        .all(|a| a.kind == Kind::Mark || a.lower == "und");
                    is_last && q.span.end() <= at && q.span.start() >= clause_start && open(q)
                });
                if let Some(ix) = before.or(after) {
                    self.quantities[first + ix].kind = kind;
                }
            }
        }
    }
}

/// Whether a German word has the ending of an adjective.
fn is_german_adjective(lower: &str, lax: bool) -> bool {
    let endings: &[&str] = if lax {
        &["e", "en", "er", "es", "em"]
    } else {
        &["ische", "ischen", "ischer", "isches"]
    };
    endings.iter().any(|ending| lower.ends_with(ending))
}
