//! Reports on one development.
//!
//! # Method
//!
//! A report has a [`Profile`]: who is spoken of, and which acts between whom are told, with weights. It continues the earlier
//! report that it is most like (cosine of the profiles), if that is [`THRESHOLD`] at least and no more than [`WINDOW`] days
//! old; otherwise it begins a story. A story is what hangs together so: a tree of reports whose root is the first. A
//! development may drift away from where it began, as news do, and two reports share a story though no word of
//! theirs is the same, in one language or two: profiles hold no words.
//!
//! What a report continues depends on the earlier reports alone, so stories do not depend on the order of arrival, and a
//! report that comes late or goes changes those after it as if it had always, or never, been there ([`settle`]).
//!
//! # Limits
//!
//! As in [`crate::cluster`], the store compares a report with a bounded number of others.

use crate::cluster::Order;
use crate::text::{hash, mix};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The least cosine of two reports of which one continues the other.
pub const THRESHOLD: f32 = 0.3;
/// Days after which a story that nobody writes on is over.
pub const WINDOW: i32 = 14;

/// Weights of entities by kind: persons tell a development, states are in all of them.
const KINDS: [(&str, f32); 5] = [
    ("person", 1.5),
    ("organisation", 1.2),
    ("place", 0.7),
    ("country", 0.6),
    ("group", 0.3),
];
/// Weight of an act by its type and parties.
const ACT: f32 = 1.5;
/// The heaviest features of a report that stay in its profile.
const MOST: usize = 40;
/// The heaviest features, the pairs of which are look-up keys: two reports that share one pair are compared.
const KEYED: usize = 5;

/// What a report is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// Hash and weight of each feature, ascending by hash; the weights have length 1 as a vector.
    features: Vec<(u32, f32)>,
}

impl Profile {
    /// Of `entities`, with id, kind and number of mentions, and `acts`, with type and keys of actors and recipients.
    #[must_use]
    pub fn new<'a>(
        entities: impl IntoIterator<Item = (&'a str, &'a str, usize)>,
        acts: impl IntoIterator<Item = (&'a str, Vec<&'a str>, Vec<&'a str>)>,
    ) -> Self {
        let mut weights: BTreeMap<u32, f32> = BTreeMap::new();
        let short = |text: &str| (hash(text.as_bytes()) >> 32) as u32;
        for (id, kind, mentions) in entities {
            let weight = KINDS.iter().find(|k| k.0 == kind).map_or(0.3, |k| k.1);
            *weights.entry(short(id)).or_default() += weight * (1.0 + (mentions.max(1) as f32).ln());
        }
        for (kind, actors, recipients) in acts {
            for a in &actors {
                let to = if recipients.is_empty() { &actors } else { &recipients };
                for b in to.iter().filter(|b| *b != a) {
                    *weights.entry(short(&format!("{kind}\t{a}\t{b}"))).or_default() += ACT;
                }
            }
        }
        let mut features: Vec<(u32, f32)> = weights.into_iter().collect();
        features.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        features.truncate(MOST);
        let length = features.iter().map(|f| f.1 * f.1).sum::<f32>().sqrt();
        for feature in &mut features {
            feature.1 /= length;
        }
        features.sort_by_key(|f| f.0);
        Self { features }
    }

    /// The cosine with another profile: 0 nothing in common, 1 the same.
    #[must_use]
    pub fn alike(&self, other: &Self) -> f32 {
        let (mut i, mut j, mut sum) = (0, 0, 0.0);
        while let (Some(a), Some(b)) = (self.features.get(i), other.features.get(j)) {
            match a.0.cmp(&b.0) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    sum += a.1 * b.1;
                    i += 1;
                    j += 1;
                }
            }
        }
        sum
    }

    /// Look-up keys.
    #[must_use]
    pub fn keys(&self) -> Vec<u64> {
        let mut heavy: Vec<(u32, f32)> = self.features.clone();
        heavy.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        heavy.truncate(KEYED);
        let mut heavy: Vec<u64> = heavy.into_iter().map(|f| u64::from(f.0)).collect();
        heavy.sort_unstable();
        let pairs = heavy
            .iter()
            .enumerate()
            .flat_map(|(i, a)| heavy[i + 1..].iter().map(move |b| mix((a << 32) | b)));
        pairs.collect()
    }

    /// As bytes, to be stored.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let bytes = |f: &(u32, f32)| [f.0.to_le_bytes(), f.1.to_le_bytes()].concat();
        self.features.iter().flat_map(bytes).collect()
    }

    /// From [`Self::to_bytes`].
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let four = |b: &[u8]| [b[0], b[1], b[2], b[3]];
        let feature = |c: &[u8]| (u32::from_le_bytes(four(c)), f32::from_le_bytes(four(&c[4..])));
        Self {
            features: bytes.chunks_exact(8).map(feature).collect(),
        }
    }
}

/// A report as far as it is compared with others.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Its rank; reports of one day are ranked by id.
    pub order: Order,
    /// What it is about.
    pub profile: Profile,
}

/// Whether and how far `later` can continue `earlier`.
#[must_use]
pub fn continues(later: &Report, earlier: &Report) -> Option<f32> {
    let days = later.order.day.checked_sub(earlier.order.day)?;
    if later.order <= earlier.order || !(0..=WINDOW).contains(&days) || earlier.order.day == i32::MAX {
        return None;
    }
    Some(later.profile.alike(&earlier.profile)).filter(|&alike| alike >= THRESHOLD)
}

/// Where a report stands in its story.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place<K> {
    /// The report that it continues, and how far it is like that.
    pub parent: Option<(K, f32)>,
    /// The report that began the story.
    pub story: K,
}

/// Where reports and their places are kept.
pub trait Desk {
    /// Names a report.
    type Key: Copy + Eq;
    /// What can go wrong in looking.
    type Error;

    /// The report.
    ///
    /// # Errors
    /// When it cannot be read.
    fn report(&mut self, key: Self::Key) -> Result<Rc<Report>, Self::Error>;
    /// Reports that share a key with `report` and are no more than [`WINDOW`] days away.
    ///
    /// # Errors
    /// When they cannot be read.
    fn neighbours(&mut self, report: &Report) -> Result<Vec<Self::Key>, Self::Error>;
    /// The place of a report; nothing when it is new or what it continued is gone.
    ///
    /// # Errors
    /// When it cannot be read.
    fn place(&mut self, key: Self::Key) -> Result<Option<Place<Self::Key>>, Self::Error>;
    /// The reports that continue `key`.
    ///
    /// # Errors
    /// When they cannot be read.
    fn children(&mut self, key: Self::Key) -> Result<Vec<Self::Key>, Self::Error>;
    /// Gives a report its place.
    ///
    /// # Errors
    /// When it cannot be written.
    fn put(&mut self, key: Self::Key, place: Place<Self::Key>) -> Result<(), Self::Error>;
}

/// Finds the places of reports that are new or lost what they continued, and of the later ones that this touches.
///
/// # Errors
/// Those of the desk.
pub fn settle<D: Desk>(desk: &mut D, open: impl IntoIterator<Item = D::Key>) -> Result<(), D::Error> {
    let mut queue: BTreeMap<Order, D::Key> = BTreeMap::new();
    for key in open {
        queue.insert(desk.report(key)?.order.clone(), key);
    }
    while let Some((_, key)) = queue.pop_first() {
        let report = desk.report(key)?;
        let former = desk.place(key)?;
        let mut best: Option<(f32, Rc<Report>, D::Key)> = None;
        for other in desk.neighbours(&report)? {
            let known = desk.report(other)?;
            if former.is_none()
                && let Some(alike) = continues(&known, &report)
            {
                // The report is new: it may be what a later one rather continues.
                let closer = match desk.place(other)?.and_then(|p| p.parent) {
                    None => true,
                    Some((parent, now)) => alike > now || alike == now && report.order < desk.report(parent)?.order,
                };
                if closer {
                    queue.insert(known.order.clone(), other);
                }
            }
            if let Some(alike) = continues(&report, &known) {
                let better = best
                    .as_ref()
                    .is_none_or(|(most, first, _)| alike > *most || alike == *most && known.order < first.order);
                if better {
                    best = Some((alike, known, other));
                }
            }
        }
        let parent = best.map(|(alike, _, parent)| (parent, alike));
        let story = match parent {
            Some((parent, _)) => desk.place(parent)?.map_or(parent, |p| p.story),
            None => key,
        };
        let place = Place { parent, story };
        if former == Some(place) {
            continue;
        }
        desk.put(key, place)?;
        // All that continues it goes along.
        let mut along = desk.children(key)?;
        while let Some(child) = along.pop() {
            let Some(place) = desk.place(child)?.filter(|p| p.story != story) else {
                continue;
            };
            desk.put(child, Place { story, ..place })?;
            along.extend(desk.children(child)?);
        }
    }
    Ok(())
}

/// The most telling of `profiles`: the one that is most like all others; the first of equals.
#[must_use]
pub fn central(profiles: &[Profile]) -> Option<usize> {
    let sum = |p: &Profile| profiles.iter().map(|q| p.alike(q)).sum::<f32>();
    let mut best: Option<(f32, usize)> = None;
    for (i, profile) in profiles.iter().enumerate() {
        let sum = sum(profile);
        if best.is_none_or(|(most, _)| sum > most + 1e-4) {
            best = Some((sum, i));
        }
    }
    best.map(|b| b.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;
    use std::convert::Infallible;

    fn profile(entities: &[(&str, &str, usize)], acts: &[(&str, &str, &str)]) -> Profile {
        Profile::new(
            entities.iter().copied(),
            acts.iter().map(|&(kind, a, b)| (kind, vec![a], vec![b])),
        )
    }

    #[test]
    fn reports_on_one_matter_are_alike_and_others_are_not() {
        let ratified = profile(
            &[
                ("person:putin", "person", 3),
                ("country:RUS", "country", 5),
                ("country:PRK", "country", 4),
            ],
            &[("SUPPORT", "RUS", "PRK"), ("AID", "PRK", "RUS")],
        );
        let in_force = profile(
            &[
                ("person:putin", "person", 2),
                ("country:RUS", "country", 4),
                ("country:PRK", "country", 6),
            ],
            &[("SUPPORT", "RUS", "PRK")],
        );
        let martial_law = profile(
            &[
                ("person:yoon", "person", 6),
                ("country:KOR", "country", 5),
                ("country:PRK", "country", 1),
            ],
            &[("COERCE", "KOR", "KOR-OPP")],
        );
        assert!(ratified.alike(&in_force) > THRESHOLD, "{}", ratified.alike(&in_force));
        assert!(
            ratified.alike(&martial_law) < THRESHOLD,
            "{}",
            ratified.alike(&martial_law)
        );
        assert!((ratified.alike(&ratified) - 1.0).abs() < 1e-5);
        assert!(ratified.keys().iter().any(|k| in_force.keys().contains(k)));
        assert_eq!(Profile::from_bytes(&ratified.to_bytes()), ratified);
        assert_ne!(
            central(&[martial_law, ratified, in_force]),
            Some(0),
            "the odd one out names no story"
        );
    }

    #[derive(Default)]
    struct Memory {
        reports: HashMap<u32, Rc<Report>>,
        places: HashMap<u32, Place<u32>>,
    }

    impl Memory {
        fn add(&mut self, key: u32, report: Report) {
            self.reports.insert(key, Rc::new(report));
            let Ok(()) = settle(self, [key]);
        }

        fn remove(&mut self, key: u32) {
            let Ok(children) = self.children(key);
            self.reports.remove(&key);
            self.places.remove(&key);
            let Ok(()) = settle(self, children);
        }
    }

    impl Desk for Memory {
        type Key = u32;
        type Error = Infallible;

        fn report(&mut self, key: u32) -> Result<Rc<Report>, Infallible> {
            Ok(Rc::clone(&self.reports[&key]))
        }

        fn neighbours(&mut self, report: &Report) -> Result<Vec<u32>, Infallible> {
            let keys = report.profile.keys();
            let near = |other: &Report| {
                (other.order.day - report.order.day).abs() <= WINDOW
                    && other.profile.keys().iter().any(|k| keys.contains(k))
            };
            Ok(self.reports.iter().filter(|(_, r)| near(r)).map(|(k, _)| *k).collect())
        }

        fn place(&mut self, key: u32) -> Result<Option<Place<u32>>, Infallible> {
            Ok(self.places.get(&key).copied())
        }

        fn children(&mut self, key: u32) -> Result<Vec<u32>, Infallible> {
            let is_child = |p: &Place<u32>| p.parent.is_some_and(|(parent, _)| parent == key);
            Ok(self
                .places
                .iter()
                .filter(|(_, p)| is_child(p))
                .map(|(k, _)| *k)
                .collect())
        }

        fn put(&mut self, key: u32, place: Place<u32>) -> Result<(), Infallible> {
            self.places.insert(key, place);
            Ok(())
        }
    }

    fn some_report() -> impl Strategy<Value = (i32, Vec<usize>)> {
        (0_i32..40, proptest::collection::vec(0_usize..6, 2..5))
    }

    proptest! {
        #[test]
        fn stories_do_not_depend_on_the_order_of_arrival(
            reports in proptest::collection::vec(some_report(), 1..12),
            shuffled in Just((0_usize..12).collect::<Vec<_>>()).prop_shuffle(),
            gone in 0_usize..12,
        ) {
            let names = ["a", "b", "c", "d", "e", "f"];
            let make = |n: usize| {
                let (day, who) = &reports[n];
                Report {
                    order: Order { day: *day, report: format!("r{n}"), event: 0 },
                    profile: Profile::new(who.iter().map(|&w| (names[w], "person", 1)), []),
                }
            };
            let build = |order: &[usize]| {
                let mut memory = Memory::default();
                for &n in order.iter().filter(|&&n| n < reports.len()) {
                    memory.add(n as u32, make(n));
                }
                memory
            };
            let forward: Vec<usize> = (0..reports.len()).collect();
            let mut incremental = build(&shuffled);
            prop_assert_eq!(&build(&forward).places, &incremental.places);
            if gone < reports.len() {
                incremental.remove(gone as u32);
                let without: Vec<usize> = forward.into_iter().filter(|&n| n != gone).collect();
                prop_assert_eq!(build(&without).places, incremental.places);
            }
        }
    }
}
