//! Reports that copy one another.
//!
//! An agency text is printed by ten papers under ten headlines, shortened here, with a sentence more there. For the picture
//! that is one source. Two texts are compared by their **shingles**, the runs of [`SHINGLE`] words:
//!
//! - *resemblance* is the share of shingles that both have among those that either has (Jaccard),
//! - *containment* is the share of the shorter text's shingles that the longer one has: a shortened copy.
//!
//! To find candidates without comparing all pairs, [`Signature`] keeps [`BANDS`] × [`ROWS`] minima of independent hashes of
//! the shingles (MinHash: Broder, *On the resemblance and containment of documents*, 1997); two texts of resemblance *r*
//! agree in one band with probability *r*³. With twenty bands that finds .9 of the pairs at *r* = .5, .99 at .6, and fewer
//! than one in 50,000 at .01, as unrelated reports have. Candidates are then compared exactly, so that chance decides
//! which pairs are looked at and never what is called a copy. A copy cut to less than half of the text may be missed.
//!
//! A **family** is what hangs together by copies: a connected component, so it does not depend on the order of arrival.

use crate::text::{hash, mix, words};
use serde::Serialize;

/// Words in a shingle.
pub const SHINGLE: usize = 3;
/// Bands of a signature; agreement in one makes a candidate.
pub const BANDS: usize = 20;
/// Minima in a band.
pub const ROWS: usize = 3;
/// Texts of fewer shingles are copies only when they are the same: short notices share their phrases.
const FEWEST: usize = 20;
/// From this resemblance on, two texts are copies.
pub const RESEMBLANCE: f32 = 0.5;
/// From this containment on, the shorter text is a copy of the longer.
pub const CONTAINMENT: f32 = 0.8;

/// The shingles of a text, as hashes in ascending order, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shingles(Vec<u64>);

impl Shingles {
    /// The shingles of `text`. A text of fewer words than a shingle has one, of all its words.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let words: Vec<u64> = words(text).map(|w| hash(w.as_bytes())).collect();
        let join = |run: &[u64]| run.iter().fold(0, |h: u64, w| mix(h.wrapping_mul(31).wrapping_add(*w)));
        let mut shingles: Vec<u64> = match words.len() {
            0 => Vec::new(),
            n if n < SHINGLE => vec![join(&words)],
            _ => words.windows(SHINGLE).map(join).collect(),
        };
        shingles.sort_unstable();
        shingles.dedup();
        Self(shingles)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the text had no word.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What the text has in common with another one.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Likeness {
        let common = common(&self.0, &other.0);
        let share = |of: usize| if of == 0 { 0.0 } else { common as f32 / of as f32 };
        Likeness {
            resemblance: share(self.len() + other.len() - common),
            containment: share(self.len().min(other.len())),
            short: self.len().min(other.len()) < FEWEST,
        }
    }

    /// The signature by which copies are found.
    #[must_use]
    pub fn signature(&self) -> Signature {
        let mut bands = [0; BANDS];
        for (band, key) in bands.iter_mut().enumerate() {
            // The number of the band goes in, so that one index holds the keys of all.
            *key = (0..ROWS).fold(band as u64, |key, row| {
                let salt = mix((band * ROWS + row) as u64 + 1);
                let least = self.0.iter().map(|s| mix(s ^ salt)).min().unwrap_or_default();
                mix(key ^ least)
            });
        }
        Signature { bands }
    }
}

/// How many values two ascending lists share.
pub(crate) fn common<T: Ord>(a: &[T], b: &[T]) -> usize {
    let (mut i, mut j, mut common) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                common += 1;
                i += 1;
                j += 1;
            }
        }
    }
    common
}

/// The keys under which a text is looked up: equal in a band means candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// One key a band.
    pub bands: [u64; BANDS],
}

impl Signature {
    /// Whether the two are candidates.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.bands.iter().zip(&other.bands).any(|(a, b)| a == b)
    }
}

/// What two texts have in common, each a share from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Likeness {
    /// Shingles in common, of those that either has.
    pub resemblance: f32,
    /// Shingles in common, of those of the shorter text.
    pub containment: f32,
    /// One of the texts is too short for its likeness to mean anything.
    #[serde(skip)]
    short: bool,
}

impl Likeness {
    /// Whether one text is a copy of the other.
    #[must_use]
    pub fn is_copy(&self) -> bool {
        if self.short {
            return self.resemblance >= 1.0;
        }
        self.resemblance >= RESEMBLANCE || self.containment >= CONTAINMENT
    }
}

/// The groups that `links` make of `0..n`: each in ascending order, the groups by their first member.
#[must_use]
pub fn components(n: usize, links: impl IntoIterator<Item = (usize, usize)>) -> Vec<Vec<usize>> {
    fn root(parent: &mut [usize], mut x: usize) -> usize {
        while parent[x] != x {
            parent[x] = parent[parent[x]];
            x = parent[x];
        }
        x
    }
    let mut parent: Vec<usize> = (0..n).collect();
    for (a, b) in links {
        if a < n && b < n {
            let (a, b) = (root(&mut parent, a), root(&mut parent, b));
            // The lower number stays the root, so that a group is found at its first member.
            parent[a.max(b)] = a.min(b);
        }
    }
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); n];
    for x in 0..n {
        let root = root(&mut parent, x);
        groups[root].push(x);
    }
    groups.retain(|group| !group.is_empty());
    groups
}

/// Groups of reports that are one source: copies of one another, or of one publisher.
///
/// Each report is its family and the name of its publisher, when known. What remains apart may be called independent, as
/// far as the texts show it: two papers that call the same official are two sources here.
#[must_use]
pub fn independent<F: PartialEq, P: AsRef<str>>(reports: &[(F, Option<P>)]) -> Vec<Vec<usize>> {
    let publisher = |i: usize| reports[i].1.as_ref().map(|p| p.as_ref().to_lowercase());
    let pairs = (0..reports.len()).flat_map(|i| (0..i).map(move |j| (j, i)));
    let links = pairs.filter(|&(i, j)| {
        reports[i].0 == reports[j].0 || publisher(i).is_some_and(|p| publisher(j).is_some_and(|q| p == q))
    });
    components(reports.len(), links.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const AGENCY: &str = "Die russische Staatsduma hat am Donnerstag den Vertrag über eine umfassende strategische \
        Partnerschaft mit Nordkorea ratifiziert. Präsident Wladimir Putin hatte das Abkommen im Juni bei einem Besuch in \
        Pjöngjang mit Machthaber Kim Jong Un unterzeichnet. Es verpflichtet beide Staaten zu militärischem Beistand, falls \
        einer von ihnen angegriffen wird. Der Föderationsrat soll im November darüber abstimmen. Vizeaußenminister Andrej \
        Rudenko betonte vor den Abgeordneten, der Vertrag habe rein defensiven Charakter und richte sich gegen kein \
        anderes Land.";
    const OTHER: &str = "Die russische Staatsduma hat am Donnerstag dem Beistandspakt mit Nordkorea zugestimmt. Kritik \
        kam aus Seoul: Die Regierung bestellte den Botschafter ein und verlangte, die militärische Zusammenarbeit sofort \
        zu beenden. Auch die Vereinten Nationen zeigten sich besorgt über die Lage auf der Halbinsel. In Kiew hieß es, man \
        beobachte die Entwicklung genau und rechne mit weiteren Lieferungen von Munition.";

    fn likeness(a: &str, b: &str) -> (bool, bool) {
        let (a, b) = (Shingles::new(a), Shingles::new(b));
        (a.compare(&b).is_copy(), a.signature().meets(&b.signature()))
    }

    #[test]
    fn copies_are_found_whatever_headline_and_end_they_were_given() {
        let headline = format!("Duma stimmt für Pakt mit Pjöngjang\n\n{AGENCY}");
        assert_eq!(likeness(AGENCY, &headline), (true, true));
        let (cut, _) = AGENCY.split_once(" Vizeaußenminister").unwrap();
        assert_eq!(likeness(AGENCY, &format!("Moskau (Agentur) - {cut}")), (true, true));
        let edited = AGENCY
            .replace("am Donnerstag", "gestern")
            .replace("Machthaber", "Staatschef");
        assert_eq!(likeness(AGENCY, &edited), (true, true));
        let folded = AGENCY.to_uppercase();
        assert_eq!(likeness(AGENCY, &folded), (true, true));
    }

    #[test]
    fn reports_on_the_same_matter_in_other_words_are_no_copies() {
        assert!(!likeness(AGENCY, OTHER).0);
        // A quotation in common makes no copy.
        let quoting = format!(
            "{OTHER} Es verpflichtet beide Staaten zu militärischem Beistand, falls einer von ihnen angegriffen wird."
        );
        assert!(!likeness(AGENCY, &quoting).0);
    }

    #[test]
    fn short_notices_are_copies_only_when_they_are_the_same() {
        assert!(
            likeness(
                "Seoul warnt Pjöngjang vor den Folgen.",
                "SEOUL warnt Pjöngjang vor den Folgen"
            )
            .0
        );
        assert!(
            !likeness(
                "Seoul warnt Pjöngjang vor den Folgen.",
                "Seoul warnt Moskau vor den Folgen."
            )
            .0
        );
        assert!(!likeness("", "").0, "empty texts say nothing");
    }

    #[test]
    fn candidates_are_found_as_often_as_told() {
        // Texts of made-up words that share a given part; the module's head names the shares.
        let found = |share: usize, rounds: usize| {
            let text = |own: char, round: usize| -> String {
                (0..200)
                    .map(|i| format!("{}{round}x{i} ", if i < share { 'c' } else { own }))
                    .collect()
            };
            (0..rounds)
                .filter(|&r| likeness(&text('a', r), &text('b', r)).1)
                .count()
        };
        // 134 of 200 words in common are 132 of 264 shingles: r = .5.
        let half = found(134, 300);
        assert!((255..=295).contains(&half), "{half} of 300");
        assert_eq!(found(0, 300), 0);
    }

    #[test]
    fn sources_are_independent_when_neither_text_nor_publisher_joins_them() {
        let reports = [
            (1, Some("A")),
            (2, Some("B")),
            (1, Some("C")),
            (3, None),
            (4, Some("b")),
            (5, None),
        ];
        assert_eq!(independent(&reports), [vec![0, 2], vec![1, 4], vec![3], vec![5]]);
    }

    proptest! {
        #[test]
        fn families_do_not_depend_on_order(links in proptest::collection::vec((0_usize..12, 0_usize..12), 0..20)) {
            let forth = components(12, links.iter().copied());
            let back = components(12, links.iter().rev().map(|&(a, b)| (b, a)));
            prop_assert_eq!(forth, back);
        }

        #[test]
        fn likeness_is_symmetric_and_a_share(a in "[a-c ]{0,80}", b in "[a-c ]{0,80}") {
            let (a, b) = (Shingles::new(&a), Shingles::new(&b));
            let (x, y) = (a.compare(&b), b.compare(&a));
            prop_assert_eq!(x, y);
            prop_assert!((0.0..=1.0).contains(&x.resemblance) && x.resemblance <= x.containment);
            if !a.is_empty() {
                prop_assert_eq!(a.compare(&a).resemblance, 1.0);
            }
        }
    }
}
