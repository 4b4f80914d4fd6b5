//! Codes of other schemes for what our records name.

use lagebild_lexicon::knowledge::Country;
use std::collections::HashMap;
use std::sync::LazyLock;

/// `data/ontology/gdelt.tsv`, by kind and our code.
static GDELT: LazyLock<HashMap<(&'static str, &'static str), &'static str>> = LazyLock::new(|| {
    include_str!("../../../data/ontology/gdelt.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut cells = line.split('\t');
            Some(((cells.next()?, cells.next()?), cells.next()?))
        })
        .collect()
});

/// What GDELT writes for `ours`; nothing where it writes the same.
pub(crate) fn gdelt(kind: &'static str, ours: &str) -> Option<&'static str> {
    GDELT.get(&(kind, ours)).copied()
}

/// The state with this key, ISO 3166-1 alpha-3.
pub(crate) fn country(key: &str) -> Option<&'static Country> {
    lagebild_bundle::knowledge().country(key)
}

/// How exactly a place is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Precision {
    /// A town.
    Town,
    /// A region or sea, by a point within.
    Region,
    /// A state as a whole.
    Country,
    /// A place without coordinates.
    Name,
}

impl Precision {
    pub(crate) fn of(place: &lagebild_core::wire::PlaceRecord) -> Self {
        let state = place.country.as_deref().and_then(country);
        if state.is_some_and(|s| s.name_de == place.name || s.name_en == place.name) {
            return Self::Country;
        }
        let (Some(lat), Some(lon)) = (place.lat, place.lon) else {
            return Self::Name;
        };
        let region = lagebild_bundle::knowledge()
            .places
            .iter()
            .filter(|p| p.region)
            .any(|p| p.lat == lat && p.lon == lon && (p.name_de == place.name || p.name_en == place.name));
        if region { Self::Region } else { Self::Town }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Town => "town",
            Self::Region => "region",
            Self::Country => "country",
            Self::Name => "name",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lagebild_core::codebook::Sector;

    #[test]
    fn codes_are_those_of_gdelt() {
        assert_eq!(country("RUS").map(|c| (c.fips, c.cow)), Some(("RS", "365")));
        assert_eq!(country("UKR").map(|c| c.fips), Some("UP"));
        for root in 1..=20 {
            assert!(gdelt("quad", &format!("{root:02}")).is_some());
        }
        assert_eq!(
            (gdelt("quad", "14"), gdelt("goldstein", "163")),
            (Some("3"), Some("-6.5"))
        );
        assert_eq!((gdelt("sector", "JRN"), gdelt("sector", "GOV")), (Some("MED"), None));
        for (kind, ours) in GDELT.keys() {
            match *kind {
                "sector" => assert!(Sector::parse(ours).is_some(), "{ours}"),
                "goldstein" => assert!(lagebild_lexicon::ontology::is_cameo(ours), "{ours}"),
                _ => {}
            }
        }
    }
}
