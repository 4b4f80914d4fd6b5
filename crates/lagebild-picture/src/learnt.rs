//! What is known of persons whom no table knows, from how reports introduce them: *der sudanesische Außenminister Ali Yusuf*.
//!
//! One report may err, and so may the reading of it. For whom a person acts counts as **known** when
//!
//! - at least [`ENOUGH`] reports say so that do not copy one another, each within [`YEARS`] years of the next, and
//! - fewer than half as many say otherwise at that time. A nation does not speak against an organisation: an envoy of the UN may
//!   be called German.
//!
//! An office holds from so many years before the first of these reports until so many after the last: whoever was minister then
//! may be in opposition later. What does not end, a calling with a nation (*die deutsche Dichterin*), holds from then on.
//! Reports without a day teach nothing, as nobody can say when it held.

use lagebild_core::Date;
use std::collections::{BTreeMap, BTreeSet};

/// So many reports that do not copy one another must agree.
pub const ENOUGH: usize = 2;

/// So many years lie at most between them, and so long an office holds around them.
pub const YEARS: i16 = 2;

/// How one report introduces a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Introduced {
    /// Day of the report.
    pub day: Date,
    /// Names its family of copies.
    pub family: i64,
    /// Names the report.
    pub report: i64,
    /// ISO 3166-1 alpha-3 of the state acted for.
    pub country: Option<String>,
    /// Key of the organisation acted for.
    pub org: Option<String>,
    /// Codes of the sectors, separated by spaces.
    pub roles: String,
    /// It is an office or an organisation, which end.
    pub office: bool,
}

impl Introduced {
    /// What records compare: organisation, else state.
    fn key(&self) -> Option<(bool, &str)> {
        let org = self.org.as_deref().map(|o| (true, o));
        org.or(self.country.as_deref().map(|c| (false, c)))
    }
}

/// How sure it is for whom a person acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Enough reports agree.
    Known,
    /// Too many others say otherwise.
    Disputed,
    /// Too few reports say so.
    Open,
}

impl Standing {
    /// As the store and its lists write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Disputed => "disputed",
            Self::Open => "open",
        }
    }
}

/// For whom a person acts, by reports of one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tie {
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// Organisation key.
    pub org: Option<String>,
    /// Codes of the sectors that most reports name, separated by spaces.
    pub roles: String,
    /// It ends.
    pub office: bool,
    /// How sure it is.
    pub standing: Standing,
    /// How many reports say so.
    pub reports: usize,
    /// How many of these do not copy one another.
    pub families: usize,
    /// Day of the first of them.
    pub first: Date,
    /// Day of the last.
    pub last: Date,
    /// First day on which it holds.
    pub since: Date,
    /// Last day on which it holds; none when it does not end.
    pub until: Option<Date>,
}

/// For whom a person acts, by all reports that introduce him, the earliest first.
#[must_use]
pub fn ties(introduced: &[Introduced]) -> Vec<Tie> {
    let mut by_key: BTreeMap<(bool, &str), Vec<&Introduced>> = BTreeMap::new();
    for one in introduced {
        if let Some(key) = one.key() {
            by_key.entry(key).or_default().push(one);
        }
    }
    let mut ties = Vec::new();
    for (key, mut told) in by_key {
        told.sort();
        let office = told.iter().any(|i| i.office);
        let apart = |a: &&Introduced, b: &&Introduced| office && later(a.day) < b.day;
        for run in told.chunk_by(|a, b| !apart(a, b)) {
            let mut tie = tie(run, office);
            let others = introduced.iter().filter(|i| {
                let other = i.key().filter(|k| *k != key && (!key.0 || k.0));
                other.is_some() && tie.since <= i.day && tie.until.is_none_or(|until| i.day <= until)
            });
            let others = others.map(|i| i.family).collect::<BTreeSet<_>>().len();
            tie.standing = match tie.families {
                n if n < ENOUGH => Standing::Open,
                n if 2 * others >= n => Standing::Disputed,
                _ => Standing::Known,
            };
            ties.push(tie);
        }
    }
    ties.sort_by(|a, b| (a.first, &a.org, &a.country).cmp(&(b.first, &b.org, &b.country)));
    ties
}

/// What reports of one time, in order, say with one voice.
fn tie(run: &[&Introduced], office: bool) -> Tie {
    let most = |of: &dyn Fn(&Introduced) -> Option<String>| {
        let mut counts: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
        for one in run {
            if let Some(value) = of(one) {
                counts.entry(value).or_default().insert(one.family);
            }
        }
        let best = counts
            .into_iter()
            .max_by(|a, b| a.1.len().cmp(&b.1.len()).then(b.0.cmp(&a.0)));
        best.map(|(value, _)| value)
    };
    let (first, last) = (run[0].day, run[run.len() - 1].day);
    Tie {
        country: most(&|i| i.country.clone()),
        org: run[0].org.clone(),
        roles: most(&|i| Some(i.roles.clone())).unwrap_or_default(),
        office,
        standing: Standing::Open,
        reports: run.iter().map(|i| i.report).collect::<BTreeSet<_>>().len(),
        families: run.iter().map(|i| i.family).collect::<BTreeSet<_>>().len(),
        first,
        last,
        since: earlier(first),
        until: office.then(|| later(last)),
    }
}

fn later(day: Date) -> Date {
    day.saturating_add(jiff::Span::new().years(YEARS))
}

fn earlier(day: Date) -> Date {
    day.saturating_sub(jiff::Span::new().years(YEARS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn told(year: i16, family: i64, key: &str) -> Introduced {
        let (country, org) = match key.strip_prefix("org:") {
            Some(org) => (None, Some(org.to_owned())),
            None => (Some(key.to_owned()), None),
        };
        Introduced {
            day: date(year, 6, 1),
            family,
            report: 100 * family + i64::from(year),
            country,
            org,
            roles: "GOV".to_owned(),
            office: true,
        }
    }

    /// Key, days and standing of each tie.
    fn shown(introduced: &[Introduced]) -> Vec<String> {
        ties(introduced)
            .into_iter()
            .map(|t| {
                let key = t.org.or(t.country).unwrap();
                let until = t.until.map_or("-".to_owned(), |d| d.year().to_string());
                format!("{key} {}-{until} {}", t.since.year(), t.standing.as_str())
            })
            .collect()
    }

    #[test]
    fn two_reports_that_do_not_copy_one_another_are_enough() {
        assert_eq!(shown(&[told(2010, 1, "SDN")]), ["SDN 2008-2012 open"]);
        assert_eq!(
            shown(&[told(2010, 1, "SDN"), told(2010, 1, "SDN")]),
            ["SDN 2008-2012 open"]
        );
        assert_eq!(
            shown(&[told(2010, 1, "SDN"), told(2011, 2, "SDN")]),
            ["SDN 2008-2013 known"]
        );
        assert_eq!(
            shown(&[told(2010, 1, "SDN"), told(2013, 2, "SDN")]),
            ["SDN 2008-2012 open", "SDN 2011-2015 open"],
            "too far apart to bear one another out"
        );
    }

    #[test]
    fn others_of_weight_make_it_disputed_in_their_time_only() {
        let three = [told(2010, 1, "SDN"), told(2010, 2, "SDN"), told(2011, 3, "SDN")];
        let with = |more: &[Introduced]| shown(&[&three[..], more].concat());
        assert_eq!(
            with(&[told(2010, 4, "TCD")]),
            ["SDN 2008-2013 known", "TCD 2008-2012 open"]
        );
        assert_eq!(
            with(&[told(2010, 4, "TCD"), told(2010, 5, "TCD")]),
            ["SDN 2008-2013 disputed", "TCD 2008-2012 disputed"]
        );
        assert_eq!(
            with(&[told(2015, 4, "TCD"), told(2015, 5, "TCD")]),
            ["SDN 2008-2013 known", "TCD 2013-2017 known"]
        );
    }

    #[test]
    fn a_nation_says_nothing_against_an_organisation_and_does_not_end() {
        let calling = |year, family| Introduced {
            office: false,
            roles: String::new(),
            ..told(year, family, "DEU")
        };
        let envoy = [told(2010, 1, "org:UN"), told(2010, 2, "org:UN")];
        assert_eq!(
            shown(&[&envoy[..], &[calling(2010, 3), calling(2019, 4)]].concat()),
            ["DEU 2008-- disputed", "UN 2008-2012 known"]
        );
        assert_eq!(shown(&[calling(2010, 3), calling(2019, 4)]), ["DEU 2008-- known"]);
    }

    #[test]
    fn the_sectors_are_those_that_most_tell() {
        let mut three = [told(2010, 1, "SDN"), told(2010, 2, "SDN"), told(2010, 3, "SDN")];
        three[1].roles = "GOV MIL".to_owned();
        three[2].roles = "GOV MIL".to_owned();
        assert_eq!(ties(&three)[0].roles, "GOV MIL");
    }

    proptest! {
        #[test]
        fn the_order_of_reports_does_not_matter(
            told in prop::collection::vec((2000_i16..2012, 0_i64..6, 0_usize..3, any::<bool>()), 0..12),
            turn in 0_usize..12,
        ) {
            let mut introduced: Vec<Introduced> = told
                .into_iter()
                .map(|(year, family, key, office)| Introduced {
                    office,
                    ..self::told(year, family, ["SDN", "TCD", "org:UN"][key])
                })
                .collect();
            let before = ties(&introduced);
            let by = turn % introduced.len().max(1);
            introduced.rotate_left(by);
            prop_assert_eq!(ties(&introduced), before);
        }
    }
}
