//! What the network sees of a word: hashed properties of its form.
//!
//! Each property (the form, its affixes, its shape, its Brown cluster, what the lexicon says) is hashed to 32 bits; the
//! [`Dictionary`] gives frequent ones a row of the embedding table, all others are passed over. A word is the sum of
//! its rows, as in fastText (Bojanowski et al. 2017, *Enriching word vectors with subword information*).

use crate::morph::{Mask, Morphology, Source};
use std::hash::{BuildHasherDefault, Hasher};

/// A hash map from fingerprints, which are hashes already.
pub(crate) type FingerprintMap<V> = std::collections::HashMap<u32, V, BuildHasherDefault<Identity>>;

/// Passes a fingerprint through, spread over the upper bits that `HashMap` looks at.
#[derive(Default)]
pub(crate) struct Identity(u64);

impl Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 << 8) | u64::from(byte);
        }
    }
    fn write_u32(&mut self, n: u32) {
        self.0 = u64::from(n).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

/// The kind of a property; part of its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Template {
    /// Start (where the root stands) or end of a sentence.
    Boundary,
    /// The form in lower case, digits as `0`.
    Form,
    /// Its first characters.
    Prefix,
    /// Its last characters.
    Suffix,
    /// Its pattern of capitals, small letters and digits, and whether it begins the sentence.
    Shape,
    /// Its Brown cluster, whole or cut to the first bits of the path.
    Cluster,
    /// What the full-form lexicon knows.
    Lexicon,
    /// What the tables of names know; only the models of names have such properties.
    Gazetteer,
}

/// A property of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feature {
    /// Its kind.
    pub template: Template,
    /// Its hash.
    pub fingerprint: u32,
}

/// FNV-1a over the template, a number and the bytes, folded to 32 bits. Part of the model format.
pub(crate) fn fingerprint(template: Template, part: u8, bytes: &[u8]) -> u32 {
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    for &byte in [template as u8, part].iter().chain(bytes) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    }
    (hash ^ (hash >> 32)) as u32
}

/// The two rows that frame a sentence.
#[must_use]
pub fn boundary(end: bool) -> Feature {
    Feature {
        template: Template::Boundary,
        fingerprint: fingerprint(Template::Boundary, end.into(), &[]),
    }
}

/// Suffix lengths in characters; long ones catch the heads of German compounds.
const SUFFIXES: [usize; 7] = [1, 2, 3, 4, 5, 6, 8];
/// Prefix lengths in characters.
const PREFIXES: [usize; 5] = [1, 2, 3, 4, 6];

/// What stands behind the properties of a word: the tables that a model knows words by.
#[derive(Clone, Copy)]
pub struct Knowledge<'a> {
    /// Brown clusters.
    pub clusters: &'a Clusters,
    /// The full-form lexicon, unless the model does without.
    pub morphology: Option<&'a Morphology>,
}

/// Calls `emit` with each property of a word. `first` tells that it begins its sentence.
pub fn word_features(form: &str, first: bool, knowledge: Knowledge<'_>, mut emit: impl FnMut(Feature)) {
    let mut put = |template, part, bytes: &[u8]| {
        emit(Feature {
            template,
            fingerprint: fingerprint(template, part, bytes),
        });
    };
    let lower: String = form
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| if c.is_numeric() { '0' } else { c })
        .collect();
    put(Template::Form, 0, lower.as_bytes());

    // An affix that is the whole word says nothing new.
    let mut count = 0;
    for (at, _) in lower.char_indices().skip(1) {
        count += 1;
        if PREFIXES.contains(&count) {
            put(Template::Prefix, count as u8, &lower.as_bytes()[..at]);
        }
        if count >= 6 {
            break;
        }
    }
    let mut count = 0;
    for (at, _) in lower.char_indices().rev() {
        count += 1;
        if at > 0 && SUFFIXES.contains(&count) {
            put(Template::Suffix, count as u8, &lower.as_bytes()[at..]);
        }
        if count >= 8 {
            break;
        }
    }

    let (shape, length) = shape(form);
    put(Template::Shape, u8::from(first), &shape[..length]);

    let cluster = knowledge.clusters.of(form);
    put(Template::Cluster, 16, &cluster.to_le_bytes());
    if cluster != 0 {
        for bits in [4, 6, 8] {
            put(Template::Cluster, bits, &(cluster & ((1 << bits) - 1)).to_le_bytes());
        }
    }

    let Some(morphology) = knowledge.morphology else { return };
    let readings = morphology.readings(form);
    put(Template::Lexicon, 0, &[readings.source as u8]);
    for (part, mask) in [(1, readings.mask), (2, readings.lower)] {
        lexicon_features(part, mask, &mut put);
    }
}

/// An ambiguity class as a whole, its parts (which are less sparse), and its single readings.
fn lexicon_features(part: u8, mask: Mask, put: &mut impl FnMut(Template, u8, &[u8])) {
    put(Template::Lexicon, part, &mask.0.to_le_bytes());
    if mask.is_empty() {
        return;
    }
    put(Template::Lexicon, part + 2, &mask.parts_of_speech().to_le_bytes());
    put(Template::Lexicon, part + 4, &mask.agreement().to_le_bytes());
    let mut rest = mask.0;
    while rest != 0 {
        put(Template::Lexicon, part + 6, &[rest.trailing_zeros() as u8]);
        rest &= rest - 1;
    }
}

/// Runs of capitals, small letters and digits as one sign each; other characters as they are, up to 8 signs.
fn shape(form: &str) -> ([u8; 8], usize) {
    let (mut signs, mut length) = ([0u8; 8], 0);
    for c in form.chars() {
        let sign = if c.is_uppercase() {
            b'X'
        } else if c.is_alphabetic() {
            b'x'
        } else if c.is_numeric() {
            b'0'
        } else if c.is_ascii() {
            c as u8
        } else {
            // Dashes and quotation marks of all kinds differ in their low bits.
            0x80 | (c as u32 as u8)
        };
        // A second sign of a run tells "more than one".
        if length >= 2 && signs[length - 1] == sign && signs[length - 2] == sign {
            continue;
        }
        if length == signs.len() {
            break;
        }
        signs[length] = sign;
        length += 1;
    }
    (signs, length)
}

/// Rows of the embedding table by fingerprint.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    fingerprints: Vec<u32>,
    rows: FingerprintMap<u32>,
}

impl Dictionary {
    /// Gives the `i`-th fingerprint the row `i`.
    #[must_use]
    pub fn new(fingerprints: Vec<u32>) -> Self {
        let rows = fingerprints.iter().zip(0..).map(|(&f, i)| (f, i)).collect();
        Self { fingerprints, rows }
    }

    /// The row of a property, if it has one.
    #[must_use]
    pub fn row(&self, feature: Feature) -> Option<u32> {
        self.rows.get(&feature.fingerprint).copied()
    }

    /// Whether it holds properties out of the lexicon, so that these are worth looking up.
    #[must_use]
    pub fn has_lexicon(&self) -> bool {
        [Source::Lexicon, Source::OtherCase, Source::Compound, Source::Shape]
            .iter()
            .any(|&source| {
                self.rows
                    .contains_key(&fingerprint(Template::Lexicon, 0, &[source as u8]))
            })
    }

    /// The fingerprints in the order of their rows.
    #[must_use]
    pub fn fingerprints(&self) -> &[u32] {
        &self.fingerprints
    }
}

/// Brown clusters (Brown et al. 1992) of frequent forms, as hashes of the forms.
///
/// The number of a cluster is its path in the binary tree of clusters, first branch in the lowest bit.
#[derive(Clone, Debug, Default)]
pub struct Clusters {
    /// By fingerprint, as the model file has them: a hash map of 200,000 forms would be made at every start.
    pairs: Vec<(u32, u16)>,
}

impl Clusters {
    /// From pairs of fingerprint ([`Clusters::fingerprint`]) and cluster; of two for one fingerprint the later counts.
    #[must_use]
    pub fn new(pairs: impl IntoIterator<Item = (u32, u16)>) -> Self {
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        if !pairs.is_sorted_by(|(a, _), (b, _)| a < b) {
            pairs.reverse();
            pairs.sort_by_key(|&(fingerprint, _)| fingerprint);
            pairs.dedup_by_key(|&mut (fingerprint, _)| fingerprint);
        }
        Self { pairs }
    }

    fn at(&self, fingerprint: u32) -> Option<u16> {
        let found = self.pairs.binary_search_by_key(&fingerprint, |&(f, _)| f);
        found.ok().map(|n| self.pairs[n].1)
    }

    /// The fingerprint of a form.
    #[must_use]
    pub fn fingerprint(form: &str) -> u32 {
        fingerprint(Template::Cluster, 255, form.as_bytes())
    }

    /// The cluster of a form, 0 when unknown. A form that is known only in lower case or only capitalised counts too.
    #[must_use]
    pub fn of(&self, form: &str) -> u16 {
        if let Some(cluster) = self.at(Self::fingerprint(form)) {
            return cluster;
        }
        let Some(first) = form.chars().next() else { return 0 };
        let other: String = if first.is_lowercase() {
            first.to_uppercase().chain(form.chars().skip(1)).collect()
        } else {
            form.to_lowercase()
        };
        self.at(Self::fingerprint(&other)).unwrap_or(0)
    }

    /// All pairs, by fingerprint.
    #[must_use]
    pub fn pairs(&self) -> &[(u32, u16)] {
        &self.pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lagebild_core::Lang;

    #[test]
    fn shapes_shorten_runs() {
        let text = |form| {
            let (signs, length) = shape(form);
            String::from_utf8(signs[..length].to_vec()).unwrap()
        };
        assert_eq!(text("Bundestag"), "Xxx");
        assert_eq!(text("NATO-Gipfel"), "XX-Xxx");
        assert_eq!(text("2024"), "00");
        assert_eq!(text("3,5"), "0,0");
    }

    #[test]
    fn features_of_odd_forms_do_not_panic() {
        let clusters = Clusters::default();
        let knowledge = Knowledge {
            clusters: &clusters,
            morphology: Some(Morphology::get(Lang::De)),
        };
        for form in ["", "ß", "İstanbul", "…", "\u{0}", "🇩🇪", "ﬁn"] {
            let mut n = 0;
            word_features(form, true, knowledge, |_| n += 1);
            assert!(n >= 3, "{form}");
        }
    }
}
