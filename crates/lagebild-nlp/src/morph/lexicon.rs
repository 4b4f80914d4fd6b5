//! The compiled full-form lexicon: a file format, its reader and its builder.
//!
//! A finite-state map takes a word form to a number: 16 times the number of an *entry*, plus the class of its frequency.
//! An entry is a list of pairs (rule, set): the rule turns the form into a lemma, the set holds the readings that the
//! form has with it. Forms that inflect alike share
//! entries, rules and sets, so 600,000 forms need some ten thousand entries, and a look-up is one walk through the map.
//!
//! Layout, all numbers little-endian: the eight bytes of [`MAGIC`]; four `u32` with the lengths in bytes of the parts
//! that follow; *rules*: `at u8, drop u8, cut u8, length u8, append`; *sets*: `count u16`, then `count` readings of
//! `u32` ([`Reading::bits`]); *entries*: `count u8`, then `count` pairs `rule u16, set u16`; the map, as written by the
//! `fst` crate.

use super::reading::{Mask, Reading};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

/// First bytes of a compiled lexicon; the last one counts versions of the format.
const MAGIC: &[u8; 8] = b"LBMORPH\x02";

/// Frequency classes, 0 to 15.
const CLASSES: u64 = 16;

/// The class of a frequency given as natural logarithm of the share of all words; a step of 1 is a factor of e.
///
/// Class 1 is about one in nine million words, class 15 one in seven; class 0 is rarer than all, or not known.
#[must_use]
pub fn frequency_class(log_share: f64) -> u8 {
    (17.0 + log_share).round().clamp(0.0, (CLASSES - 1) as f64) as u8
}

/// What is wrong with a compiled lexicon, or with what should become one.
#[derive(Debug, thiserror::Error)]
pub enum LexiconError {
    /// The bytes do not begin like a compiled lexicon of this version.
    #[error("not a compiled lexicon of this version; make it anew with `cargo run -p xtask -- morphology`")]
    Magic,
    /// A part is cut short or refers to something that is not there.
    #[error("the {0} of the compiled lexicon are damaged")]
    Damaged(&'static str),
    /// More rules, sets or readings than the format can number.
    #[error("more {0} than the format can number")]
    Overflow(&'static str),
    /// The finite-state map cannot be read or written.
    #[error("finite-state map: {0}")]
    Map(#[from] fst::Error),
}

/// How a form becomes its lemma: cut `cut` bytes off the end, append `append`, drop `drop` bytes at `at`.
///
/// Dropping inside undoes the `ge` and `zu` of participles and infinitives (`an|ge|prangert`, `an|zu|prangern`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Rule {
    at: u8,
    drop: u8,
    cut: u8,
    append: String,
}

impl Rule {
    /// The rule that makes `lemma` of `form` and says least: such a rule serves the most forms.
    fn between(form: &str, lemma: &str) -> Option<Self> {
        let infixes = ["ge", "zu"]
            .into_iter()
            .flat_map(|infix| form.match_indices(infix))
            .map(|(at, i)| (at, i.len()));
        std::iter::once((0, 0))
            .chain(infixes)
            .filter_map(|(at, drop)| Self::dropping(form, lemma, at, drop))
            .min_by_key(|rule| (rule.append.len() + usize::from(rule.drop), rule.at))
    }

    fn dropping(form: &str, lemma: &str, at: usize, drop: usize) -> Option<Self> {
        let rest = form[..at].chars().chain(form[at + drop..].chars());
        let common: usize = rest
            .zip(lemma.chars())
            .take_while(|(a, b)| a == b)
            .map(|(a, _)| a.len_utf8())
            .sum();
        (common >= at).then_some(())?;
        Some(Self {
            at: u8::try_from(at).ok()?,
            drop: u8::try_from(drop).ok()?,
            cut: u8::try_from(form.len() - drop - common).ok()?,
            append: lemma[common..].to_owned(),
        })
    }

    /// Applies the rule; `None` when the form is too short for it.
    fn apply(&self, form: &str) -> Option<String> {
        let kept = form.get(..form.len().checked_sub(usize::from(self.cut))?)?;
        let (before, after) = kept.split_at_checked(usize::from(self.at))?;
        let after = after.get(usize::from(self.drop)..)?;
        let mut lemma = String::with_capacity(before.len() + after.len() + self.append.len());
        lemma.push_str(before);
        lemma.push_str(after);
        lemma.push_str(&self.append);
        Some(lemma)
    }
}

/// A lexicon in memory. Made from static bytes it copies only the small tables, not the map.
pub struct Lexicon {
    map: fst::Map<Cow<'static, [u8]>>,
    rules: Vec<Rule>,
    /// All readings, set after set.
    readings: Vec<Reading>,
    sets: Vec<Range<u32>>,
    /// All pairs (rule, set), entry after entry.
    pairs: Vec<(u16, u16)>,
    entries: Vec<(Range<u32>, Mask)>,
}

/// Reads numbers off a byte slice.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(head)
    }

    fn u8(&mut self) -> Option<u8> {
        self.take(1).map(|b| b[0])
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.take(2)?.try_into().ok()?))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Lexicon {
    /// Opens a compiled lexicon.
    ///
    /// # Errors
    /// When the bytes are no lexicon of this version or are damaged. The map itself is not checked byte by byte.
    pub fn open(bytes: impl Into<Cow<'static, [u8]>>) -> Result<Self, LexiconError> {
        let bytes = bytes.into();
        let mut input = Bytes(&bytes);
        if input.take(MAGIC.len()) != Some(MAGIC) {
            return Err(LexiconError::Magic);
        }
        let mut lengths = [0usize; 4];
        for length in &mut lengths {
            *length = input.u32().ok_or(LexiconError::Damaged("lengths"))? as usize;
        }
        let rules = Self::read_rules(Bytes(input.take(lengths[0]).ok_or(LexiconError::Damaged("lengths"))?))
            .ok_or(LexiconError::Damaged("rules"))?;
        let (readings, sets) = Self::read_sets(Bytes(input.take(lengths[1]).ok_or(LexiconError::Damaged("lengths"))?))
            .ok_or(LexiconError::Damaged("reading sets"))?;
        let masks: Vec<Mask> = sets
            .iter()
            .map(|set| {
                slice(&readings, set)
                    .iter()
                    .fold(Mask::default(), |all, &r| all | Mask::of(r))
            })
            .collect();
        let entry_bytes = Bytes(input.take(lengths[2]).ok_or(LexiconError::Damaged("lengths"))?);
        let (pairs, entries) =
            Self::read_entries(entry_bytes, rules.len(), &masks).ok_or(LexiconError::Damaged("entries"))?;
        let start = bytes.len() - input.0.len();
        if input.0.len() != lengths[3] {
            return Err(LexiconError::Damaged("lengths"));
        }
        let map_bytes: Cow<'static, [u8]> = match bytes {
            Cow::Borrowed(all) => Cow::Borrowed(&all[start..]),
            Cow::Owned(mut all) => Cow::Owned(all.split_off(start)),
        };
        Ok(Self {
            map: fst::Map::new(map_bytes)?,
            rules,
            readings,
            sets,
            pairs,
            entries,
        })
    }

    fn read_rules(mut input: Bytes<'_>) -> Option<Vec<Rule>> {
        let mut rules = Vec::new();
        while !input.is_empty() {
            let (at, drop, cut, length) = (input.u8()?, input.u8()?, input.u8()?, input.u8()?);
            let append = std::str::from_utf8(input.take(length.into())?).ok()?.to_owned();
            rules.push(Rule { at, drop, cut, append });
        }
        Some(rules)
    }

    fn read_sets(mut input: Bytes<'_>) -> Option<(Vec<Reading>, Vec<Range<u32>>)> {
        let (mut readings, mut sets) = (Vec::new(), Vec::new());
        while !input.is_empty() {
            let start = u32::try_from(readings.len()).ok()?;
            for _ in 0..input.u16()? {
                readings.push(Reading::from_bits(input.u32()?)?);
            }
            sets.push(start..u32::try_from(readings.len()).ok()?);
        }
        Some((readings, sets))
    }

    #[allow(clippy::type_complexity, reason = "the two tables are built together")]
    fn read_entries(
        mut input: Bytes<'_>,
        rules: usize,
        masks: &[Mask],
    ) -> Option<(Vec<(u16, u16)>, Vec<(Range<u32>, Mask)>)> {
        let (mut pairs, mut entries) = (Vec::new(), Vec::new());
        while !input.is_empty() {
            let start = u32::try_from(pairs.len()).ok()?;
            let mut mask = Mask::default();
            for _ in 0..input.u8()? {
                let (rule, set) = (input.u16()?, input.u16()?);
                (usize::from(rule) < rules).then_some(())?;
                mask |= *masks.get(usize::from(set))?;
                pairs.push((rule, set));
            }
            entries.push((start..u32::try_from(pairs.len()).ok()?, mask));
        }
        Some((pairs, entries))
    }

    /// The entry of `form`, spelled exactly so. One walk through the map, no allocation.
    #[must_use]
    pub fn get<'a>(&'a self, form: &'a str) -> Option<Entry<'a>> {
        let value = self.map.get(form)?;
        let (pairs, mask) = self.entries.get(usize::try_from(value / CLASSES).ok()?)?;
        Some(Entry {
            lexicon: self,
            form,
            pairs: slice(&self.pairs, pairs),
            mask: *mask,
            frequency: (value % CLASSES) as u8,
        })
    }

    /// The number of forms.
    #[must_use]
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// Whether it holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }
}

fn slice<'a, T>(all: &'a [T], range: &Range<u32>) -> &'a [T] {
    &all[range.start as usize..range.end as usize]
}

/// What the lexicon holds about one form.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    lexicon: &'a Lexicon,
    form: &'a str,
    pairs: &'a [(u16, u16)],
    mask: Mask,
    frequency: u8,
}

impl<'a> Entry<'a> {
    /// How frequent the form is, as class ([`frequency_class`]).
    #[must_use]
    pub fn frequency(self) -> u8 {
        self.frequency
    }

    /// All its readings, coarsened.
    #[must_use]
    pub fn mask(self) -> Mask {
        self.mask
    }

    /// Its lemmas, each with the readings that the form has with it.
    pub fn lemmas(self) -> impl Iterator<Item = (String, &'a [Reading])> {
        self.pairs.iter().filter_map(move |&(rule, set)| {
            let lemma = self.lexicon.rules[usize::from(rule)].apply(self.form)?;
            Some((
                lemma,
                slice(&self.lexicon.readings, &self.lexicon.sets[usize::from(set)]),
            ))
        })
    }

    /// All its readings, whatever the lemma. No allocation.
    pub fn readings(self) -> impl Iterator<Item = Reading> {
        let lexicon = self.lexicon;
        self.pairs
            .iter()
            .flat_map(move |&(_, set)| slice(&lexicon.readings, &lexicon.sets[usize::from(set)]))
            .copied()
    }
}

/// Collects forms and compiles them.
#[derive(Default)]
pub struct Builder {
    forms: BTreeMap<String, BTreeMap<String, BTreeSet<Reading>>>,
    frequencies: HashMap<String, u8>,
}

impl Builder {
    /// Adds one reading of `form`. Adding twice adds nothing.
    pub fn add(&mut self, form: &str, lemma: &str, reading: Reading) {
        self.forms
            .entry(form.to_owned())
            .or_default()
            .entry(lemma.to_owned())
            .or_default()
            .insert(reading);
    }

    /// Whether `form` has a reading with this part of speech.
    #[must_use]
    pub fn has(&self, form: &str, pos: lagebild_core::Upos) -> bool {
        self.forms
            .get(form)
            .is_some_and(|l| l.values().flatten().any(|r| r.pos() == pos))
    }

    /// Sets the frequency class of `form`; of no effect on a form that is never added.
    pub fn set_frequency(&mut self, form: &str, class: u8) {
        self.frequencies.insert(form.to_owned(), class.min((CLASSES - 1) as u8));
    }

    /// Whether `form` has any reading.
    #[must_use]
    pub fn has_form(&self, form: &str) -> bool {
        self.forms.contains_key(form)
    }

    /// The number of forms.
    #[must_use]
    pub fn len(&self) -> usize {
        self.forms.len()
    }

    /// Whether nothing was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }

    /// Compiles what was added into the bytes that [`Lexicon::open`] reads. The same input gives the same bytes.
    ///
    /// Forms and lemmas too long for a rule (255 bytes) are left out; no word is.
    ///
    /// # Errors
    /// When the numbers of the format do not suffice.
    pub fn compile(&self) -> Result<Vec<u8>, LexiconError> {
        let mut rules = Numbering::default();
        let mut sets = Numbering::default();
        let mut entries: HashMap<Vec<(u16, u16)>, u64> = HashMap::new();
        let mut numbered: Vec<(&str, Vec<(u16, u16)>)> = Vec::with_capacity(self.forms.len());
        for (form, lemmas) in &self.forms {
            let mut pairs = Vec::with_capacity(lemmas.len());
            for (lemma, readings) in lemmas {
                let Some(rule) = Rule::between(form, lemma) else {
                    continue;
                };
                let set: Vec<Reading> = readings.iter().copied().collect();
                pairs.push((
                    rules.number(rule).ok_or(LexiconError::Overflow("rules"))?,
                    sets.number(set).ok_or(LexiconError::Overflow("reading sets"))?,
                ));
            }
            *entries.entry(pairs.clone()).or_default() += 1;
            numbered.push((form, pairs));
        }
        // Frequent entries get small numbers, which the map stores in fewer bytes.
        let mut order: Vec<(Vec<(u16, u16)>, u64)> = entries.into_iter().collect();
        order.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let numbers: HashMap<&[(u16, u16)], u64> = order
            .iter()
            .zip(0..)
            .map(|((pairs, _), number)| (&pairs[..], number))
            .collect();
        let mut map = fst::MapBuilder::memory();
        for (form, pairs) in &numbered {
            let class = self.frequencies.get(*form).copied().unwrap_or(0);
            map.insert(form, numbers[&pairs[..]] * CLASSES + u64::from(class))?;
        }
        let map = map.into_inner()?;

        let mut rule_bytes = Vec::new();
        for rule in &rules.items {
            let length = u8::try_from(rule.append.len()).map_err(|_| LexiconError::Overflow("bytes of a rule"))?;
            rule_bytes.extend([rule.at, rule.drop, rule.cut, length]);
            rule_bytes.extend(rule.append.as_bytes());
        }
        let mut set_bytes = Vec::new();
        for set in &sets.items {
            let count = u16::try_from(set.len()).map_err(|_| LexiconError::Overflow("readings of a set"))?;
            set_bytes.extend(count.to_le_bytes());
            set_bytes.extend(set.iter().flat_map(|r| r.bits().to_le_bytes()));
        }
        let mut entry_bytes = Vec::new();
        for (pairs, _) in &order {
            entry_bytes.push(u8::try_from(pairs.len()).map_err(|_| LexiconError::Overflow("lemmas of a form"))?);
            for (rule, set) in pairs {
                entry_bytes.extend(rule.to_le_bytes());
                entry_bytes.extend(set.to_le_bytes());
            }
        }
        let mut out = MAGIC.to_vec();
        for part in [&rule_bytes, &set_bytes, &entry_bytes, &map] {
            let length = u32::try_from(part.len()).map_err(|_| LexiconError::Overflow("bytes"))?;
            out.extend(length.to_le_bytes());
        }
        for part in [rule_bytes, set_bytes, entry_bytes, map] {
            out.extend(part);
        }
        Ok(out)
    }
}

/// Numbers equal things alike, in the order of their first use.
struct Numbering<T> {
    known: HashMap<T, u16>,
    items: Vec<T>,
}

impl<T> Default for Numbering<T> {
    fn default() -> Self {
        Self {
            known: HashMap::new(),
            items: Vec::new(),
        }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Numbering<T> {
    fn number(&mut self, item: T) -> Option<u16> {
        if let Some(&number) = self.known.get(&item) {
            return Some(number);
        }
        let number = u16::try_from(self.items.len()).ok()?;
        self.items.push(item.clone());
        self.known.insert(item, number);
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lagebild_core::{Morph, Upos};
    use proptest::prelude::*;

    #[test]
    fn rules_undo_inflection() {
        for (form, lemma) in [
            ("Häuser", "Haus"),
            ("angeprangert", "anprangern"),
            ("anzugreifen", "angreifen"),
            ("gegangen", "gehen"),
            ("ist", "sein"),
            ("gesagt", "sagen"),
            ("Putins", "Putin"),
            ("gebären", "gebären"),
        ] {
            let rule = Rule::between(form, lemma).expect("a rule");
            assert_eq!(rule.apply(form).as_deref(), Some(lemma), "{rule:?}");
        }
        let participle = Rule::between("geliefert", "liefern").expect("a rule");
        assert_eq!((participle.at, participle.drop, &*participle.append), (0, 2, "n"));
    }

    proptest! {
        #[test]
        fn any_rule_gives_back_its_lemma(form in "\\PC{0,20}", lemma in "\\PC{0,20}") {
            if let Some(rule) = Rule::between(&form, &lemma) {
                prop_assert_eq!(rule.apply(&form), Some(lemma));
            }
        }

        #[test]
        fn damaged_bytes_are_refused_not_trusted(cut in 0usize..200, flip in 0usize..200) {
            let mut bytes = sample().compile().expect("compiles");
            let at = flip % bytes.len();
            bytes[at] ^= 0x55;
            bytes.truncate(bytes.len().saturating_sub(cut % 40));
            // Either refused, or opened and usable without panic.
            if let Ok(lexicon) = Lexicon::open(bytes) {
                prop_assert!(lexicon.entries.len() < 100);
            }
        }
    }

    fn sample() -> Builder {
        let mut builder = Builder::default();
        let noun = |feats| Reading::new(Upos::Noun, Morph::from_feats(feats));
        builder.add("Verträge", "Vertrag", noun("Case=Nom|Gender=Masc|Number=Plur"));
        builder.add("Verträge", "Vertrag", noun("Case=Acc|Gender=Masc|Number=Plur"));
        builder.set_frequency("Abkommen", 7);
        builder.add("Abkommen", "Abkommen", noun("Case=Nom|Gender=Neut|Number=Sing"));
        builder.add(
            "beraten",
            "beraten",
            Reading::new(Upos::Verb, Morph::from_feats("VerbForm=Inf")),
        );
        builder.add(
            "beraten",
            "beraten",
            Reading::new(Upos::Adj, Morph::from_feats("Degree=Pos")),
        );
        builder
    }

    #[test]
    fn what_is_compiled_is_found() {
        let lexicon = Lexicon::open(sample().compile().expect("compiles")).expect("opens");
        assert_eq!(lexicon.len(), 3);
        let entry = lexicon.get("Verträge").expect("known");
        let lemmas: Vec<_> = entry.lemmas().collect();
        assert_eq!((lemmas.len(), &*lemmas[0].0, lemmas[0].1.len()), (1, "Vertrag", 2));
        assert!(lexicon.get("beraten").expect("known").mask().has(Upos::Adj));
        assert!(lexicon.get("Vertrage").is_none());
        let frequency = |form| lexicon.get(form).map(Entry::frequency);
        assert_eq!((frequency("Abkommen"), frequency("beraten")), (Some(7), Some(0)));
    }
}
