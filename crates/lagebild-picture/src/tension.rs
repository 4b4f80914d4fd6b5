//! Tension between two: counts and sums by period, an index against the pair's own past, alerts.
//!
//! `docs/tension.md` has the formulas with a worked example; the parameters stand in [`Parameters`], none elsewhere.
//!
//! 1. **Raw tension** of a period is minus the sum of the PLOVER scores of its acts: conflict raises it, cooperation lowers
//!    it. An act counts once however many reports tell it. Arms for the other side count apart: they are aid and no
//!    détente.
//! 2. **Volume.** More reports tell of more acts although nothing else changed. Raw tension is divided by the volume of
//!    reports on *other* matters (a crisis of the pair fills the papers and must not hide itself) and given for a usual
//!    volume, its median.
//! 3. **Expected** is the median of the periods before, plus what the season brings: how far the same season of earlier
//!    years stood above what was then expected.
//! 4. **Index** is 50 + 10 for each standard deviation above what was expected, within 0 to 100. The deviation is a robust one
//!    (1.4826 × MAD), but not below that of acts that come by chance, nor below [`Parameters::floor`]. A run of periods
//!    from [`Parameters::alarm`] deviations on is an alert.

use crate::cluster::{date_of, day_number};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// An act between two, as counted: one a cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Deed {
    /// First day, counted from 1970-01-01.
    pub from: i32,
    /// Last day.
    pub to: i32,
    /// PLOVER quad class.
    pub quad: String,
    /// Goldstein value of the CAMEO code.
    pub goldstein: Option<f32>,
    /// PLOVER conflict–cooperation score.
    pub score: f32,
    /// Military aid: counted as arms, in no sum.
    pub arms: bool,
}

/// An act with those who take part.
#[derive(Clone, Debug, PartialEq)]
pub struct Acted {
    /// Keys of those who act: states or organisations.
    pub actors: Vec<String>,
    /// Keys of those acted upon; empty for a mutual act.
    pub recipients: Vec<String>,
    /// PLOVER type.
    pub kind: String,
    /// What is counted.
    pub deed: Deed,
    /// Reports that tell it: day and number in the store.
    pub told: Vec<(i32, i64)>,
}

/// Days for which an attack makes two parties enemies.
pub const ENMITY: i32 = 90;

impl Acted {
    /// The act by itself as it is summed up.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::from(&self.deed);
        tally.assaults = usize::from(self.kind == "ASSAULT");
        tally
    }

    /// From whom to whom it goes; what somebody does to itself is left out.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let to = if self.recipients.is_empty() {
            &self.actors
        } else {
            &self.recipients
        };
        let pairs = self
            .actors
            .iter()
            .flat_map(move |a| to.iter().map(move |b| (a.as_str(), b.as_str())));
        pairs.filter(|(a, b)| a != b)
    }
}

/// Acts of one upon another that are told for the same days, summed up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// First day, counted from 1970-01-01.
    pub from: i32,
    /// Last day.
    pub to: i32,
    /// Acts of verbal cooperation.
    pub verbal_cooperation: usize,
    /// Of material cooperation, arms apart.
    pub material_cooperation: usize,
    /// Of verbal conflict.
    pub verbal_conflict: usize,
    /// Of material conflict.
    pub material_conflict: usize,
    /// Attacks among them (ASSAULT).
    pub assaults: usize,
    /// Deliveries of arms and other military aid: in no sum.
    pub arms: usize,
    /// Sum of Goldstein values.
    pub goldstein: f32,
    /// Sum of PLOVER scores.
    pub plover: f32,
    /// Sum of the squares of PLOVER scores.
    pub squares: f32,
}

impl Tally {
    /// Acts of any kind.
    #[must_use]
    pub fn acts(&self) -> usize {
        self.verbal_cooperation + self.material_cooperation + self.verbal_conflict + self.material_conflict + self.arms
    }

    /// Counts in what `other` counts; the days become those from the first to the last of both.
    pub fn add(&mut self, other: &Self) {
        if self.acts() == 0 {
            *self = *other;
            return;
        }
        self.from = self.from.min(other.from);
        self.to = self.to.max(other.to);
        self.verbal_cooperation += other.verbal_cooperation;
        self.material_cooperation += other.material_cooperation;
        self.verbal_conflict += other.verbal_conflict;
        self.material_conflict += other.material_conflict;
        self.assaults += other.assaults;
        self.arms += other.arms;
        self.goldstein += other.goldstein;
        self.plover += other.plover;
        self.squares += other.squares;
    }
}

impl From<&Deed> for Tally {
    fn from(deed: &Deed) -> Self {
        let mut tally = Self {
            from: deed.from,
            to: deed.to,
            ..Self::default()
        };
        if deed.arms {
            tally.arms = 1;
            return tally;
        }
        *match deed.quad.as_str() {
            "verbal-cooperation" => &mut tally.verbal_cooperation,
            "material-cooperation" => &mut tally.material_cooperation,
            "verbal-conflict" => &mut tally.verbal_conflict,
            _ => &mut tally.material_conflict,
        } = 1;
        tally.goldstein = deed.goldstein.unwrap_or_default();
        tally.plover = deed.score;
        tally.squares = deed.score * deed.score;
        tally
    }
}

/// What one did to another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Passed {
    /// By the days that acts are told for.
    pub acts: Vec<Tally>,
    /// Reports that tell of them, by day.
    pub reports: BTreeMap<i32, usize>,
}

/// What passed between ordered pairs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pairs(BTreeMap<String, BTreeMap<String, Passed>>);

impl Pairs {
    /// What is told in `acts`.
    #[must_use]
    pub fn of(acts: &[Acted]) -> Self {
        /// What passed by its days, and the reports that tell of it.
        type Gathered = (BTreeMap<(i32, i32), Tally>, BTreeSet<(i32, i64)>);
        let mut gathered: BTreeMap<(&str, &str), Gathered> = BTreeMap::new();
        for act in acts {
            let tally = act.tally();
            for pair in act.pairs() {
                let (days, told) = gathered.entry(pair).or_default();
                days.entry((tally.from, tally.to)).or_default().add(&tally);
                // A report counts once, however many acts of the pair it tells.
                told.extend(&act.told);
            }
        }
        let mut pairs = Self::default();
        for ((a, b), (days, told)) in gathered {
            let passed = pairs.entry(a, b);
            passed.acts = days.into_values().collect();
            for (day, _) in told {
                *passed.reports.entry(day).or_default() += 1;
            }
        }
        pairs
    }

    /// What `a` did to `b`, to be filled.
    pub fn entry(&mut self, a: &str, b: &str) -> &mut Passed {
        self.0.entry(a.to_owned()).or_default().entry(b.to_owned()).or_default()
    }

    /// What `a` did to `b`.
    #[must_use]
    pub fn get(&self, a: &str, b: &str) -> Option<&Passed> {
        self.0.get(a)?.get(b)
    }

    /// What `a` did to each other.
    pub fn by(&self, a: &str) -> impl Iterator<Item = (&str, &Passed)> {
        self.0
            .get(a)
            .into_iter()
            .flatten()
            .map(|(b, passed)| (b.as_str(), passed))
    }

    /// All pairs: who acts, upon whom, and what.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &Passed)> {
        self.0
            .iter()
            .flat_map(|(a, to)| to.iter().map(move |(b, passed)| (a.as_str(), b.as_str(), passed)))
    }

    /// Deliveries of arms by `a` to others who within [`ENMITY`] days before fought `b`. What goes to two of them counts for
    /// both.
    #[must_use]
    pub fn arms_against(&self, a: &str, b: &str) -> Vec<Tally> {
        let attacks = |a: &str, b: &str| self.get(a, b).map_or(&[][..], |passed| &passed.acts);
        let fought = |other: &str, day: i32| {
            let mut wars = attacks(other, b).iter().chain(attacks(b, other));
            wars.any(|war| war.assaults > 0 && (war.from..=war.to + ENMITY).contains(&day))
        };
        let others = self.by(a).filter(|(to, _)| *to != b);
        let deliveries = others.flat_map(|(to, passed)| passed.acts.iter().map(move |tally| (to, tally)));
        deliveries
            .filter(|(to, tally)| tally.arms > 0 && fought(to, tally.from))
            .map(|(_, tally)| *tally)
            .collect()
    }

    /// The series of what `a` does to `b`, over the days on which there are `reports` of any kind.
    #[must_use]
    pub fn series(&self, (a, b): (&str, &str), reports: &BTreeMap<i32, usize>, step: Step) -> Series {
        let (Some((&first, _)), Some((&last, _))) = (reports.first_key_value(), reports.last_key_value()) else {
            return Series::default();
        };
        let nothing = Passed::default();
        let passed = self.get(a, b).unwrap_or(&nothing);
        let bounds = step.bounds(first, last);
        let count = |reports: &BTreeMap<i32, usize>, from: i32, to: i32| reports.range(from..to).map(|(_, n)| n).sum();
        let (volume, own): (Vec<usize>, Vec<usize>) = bounds
            .windows(2)
            .map(|w| {
                let all: usize = count(reports, w[0], w[1]);
                let own: usize = count(&passed.reports, w[0], w[1]);
                (all.saturating_sub(own), own)
            })
            .unzip();
        let frame = Frame {
            bounds: &bounds,
            volume: &volume,
            own: &own,
        };
        series(
            &passed.acts,
            &self.arms_against(a, b),
            frame,
            step,
            Parameters::of(step),
        )
    }
}

/// The length of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// A day.
    Day,
    /// A week from Monday on.
    Week,
    /// A month of the calendar.
    Month,
}

impl Step {
    /// Periods in a season cycle: the week for days, the year for weeks and months.
    fn cycle(self) -> usize {
        match self {
            Self::Day => 7,
            Self::Week => 52,
            Self::Month => 12,
        }
    }
}

impl Step {
    /// First day of the period that `day` is in.
    fn first(self, day: i32) -> i32 {
        match self {
            Self::Day => day,
            // Day 0 was a Thursday.
            Self::Week => day - (day + 3).rem_euclid(7),
            Self::Month => date_of(day).map_or(day, |date| day_number(date.first_of_month())),
        }
    }

    /// First days of the periods from `first` to `last`, then the day after the last one.
    #[must_use]
    pub fn bounds(self, first: i32, last: i32) -> Vec<i32> {
        let mut bounds = vec![self.first(first)];
        while let Some(&begin) = bounds.last().filter(|&&begin| begin <= last) {
            let next = match self {
                Self::Day => begin + 1,
                Self::Week => begin + 7,
                // No month has more than 31 days, and the first is 31 days before a day of the next.
                Self::Month => self.first(begin + 31),
            };
            bounds.push(next.max(begin + 1));
        }
        bounds
    }
}

/// The parameters of the index.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Parameters {
    /// Periods before, of which the expected value is the median.
    pub window: usize,
    /// Fewer of them give no index.
    pub least: usize,
    /// Season cycles that have to lie behind before the season counts.
    pub cycles: usize,
    /// PLOVER points: the least that counts as a standard deviation, so that a pair that never meets is not alarmed by one
    /// reproach.
    pub floor: f32,
    /// Reports added to each volume, so that few reports weigh as few.
    pub prior: f32,
    /// Deviations from which on a period is alarming.
    pub alarm: f32,
    /// Conflict acts without which no period is alarming.
    pub acts: usize,
}

impl Parameters {
    /// The parameters for periods of `step`.
    #[must_use]
    pub fn of(step: Step) -> Self {
        let (window, least, cycles) = match step {
            Step::Day => (56, 14, 4),
            Step::Week => (26, 8, 2),
            Step::Month => (12, 6, 2),
        };
        Self {
            window,
            least,
            cycles,
            floor: 5.0,
            prior: 10.0,
            alarm: 3.5,
            acts: 2,
        }
    }
}

/// One period of a pair.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Period {
    /// First day, counted from 1970-01-01.
    #[serde(skip)]
    pub from: i32,
    /// Last day.
    #[serde(skip)]
    pub to: i32,
    /// Acts of verbal cooperation.
    pub verbal_cooperation: usize,
    /// Of material cooperation, arms apart.
    pub material_cooperation: usize,
    /// Of verbal conflict.
    pub verbal_conflict: usize,
    /// Of material conflict.
    pub material_conflict: usize,
    /// Deliveries of arms and other military aid to the other: in no sum.
    pub arms: usize,
    /// Deliveries of arms to third parties at war with the other: in no sum.
    pub arms_against: usize,
    /// Sum of Goldstein values.
    pub goldstein: f32,
    /// Sum of PLOVER scores.
    pub plover: f32,
    /// Reports on other matters in the period.
    pub volume: usize,
    /// Minus the sum of PLOVER scores, for a usual volume; nothing when there was no report of any kind.
    pub tension: Option<f32>,
    /// What was expected from the pair's own past; nothing when that is too short.
    pub expected: Option<f32>,
    /// 50 is as expected, 10 more each robust standard deviation above; 0 to 100.
    pub index: Option<f32>,
    /// So far above that it is worth a look.
    pub alarm: bool,
}

impl Period {
    /// Acts of any kind, arms to the other included.
    #[must_use]
    pub fn acts(&self) -> usize {
        self.verbal_cooperation + self.material_cooperation + self.verbal_conflict + self.material_conflict + self.arms
    }
}

/// A run of alarming periods.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Alert {
    /// First period, counted from 0.
    pub first: usize,
    /// Last period.
    pub last: usize,
    /// The highest index.
    pub peak: f32,
}

/// The series of a pair.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Series {
    /// Periods in order, empty ones too.
    pub periods: Vec<Period>,
    /// Acts told for longer than a period: they are in no period.
    pub untimed: usize,
    /// Runs of alarming periods.
    pub alerts: Vec<Alert>,
}

/// What happened in the store outside of the pair's own acts.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// Boundaries: first days of the periods, then the day after the last one.
    pub bounds: &'a [i32],
    /// Reports of each period that do not tell of the pair.
    pub volume: &'a [usize],
    /// Reports of each period that tell of it.
    pub own: &'a [usize],
}

/// The series of a pair: `acts` of one towards the other, `against` deliveries of arms to third parties at war with the
/// other.
#[must_use]
pub fn series(acts: &[Tally], against: &[Tally], frame: Frame<'_>, step: Step, parameters: Parameters) -> Series {
    let mut periods: Vec<Period> = frame
        .bounds
        .windows(2)
        .enumerate()
        .map(|(n, bound)| Period {
            from: bound[0],
            to: bound[1] - 1,
            volume: frame.volume.get(n).copied().unwrap_or_default(),
            ..Period::default()
        })
        .collect();
    let place = |tally: &Tally| {
        let n = frame
            .bounds
            .partition_point(|&first| first <= tally.from)
            .checked_sub(1)?;
        let inside = frame.bounds.get(n + 1).is_some_and(|&next| tally.to < next);
        inside.then_some(n)
    };
    let mut untimed = 0;
    let mut squares = vec![0.0; periods.len()];
    for tally in acts {
        let Some(n) = place(tally) else {
            let outside = frame.bounds.first().is_none_or(|&f| tally.to < f)
                || frame.bounds.last().is_none_or(|&l| tally.from >= l);
            untimed += if outside { 0 } else { tally.acts() };
            continue;
        };
        let period = &mut periods[n];
        period.verbal_cooperation += tally.verbal_cooperation;
        period.material_cooperation += tally.material_cooperation;
        period.verbal_conflict += tally.verbal_conflict;
        period.material_conflict += tally.material_conflict;
        period.arms += tally.arms;
        period.goldstein += tally.goldstein;
        period.plover += tally.plover;
        squares[n] += tally.squares;
    }
    for tally in against {
        if let Some(n) = place(tally) {
            periods[n].arms_against += tally.arms;
        }
    }
    judge(&mut periods, &squares, frame, step, parameters);
    let alerts = alerts(&periods);
    Series {
        periods,
        untimed,
        alerts,
    }
}

/// Tension, expected value, index and alarm of each period, from it and those before it alone.
///
/// All is reckoned in rates, raw tension by volume, so that the past is seen at today's volume. `squares` are the sums of
/// the squared scores: acts that come by chance make raw tension vary by their root (the variance of a compound Poisson sum).
fn judge(periods: &mut [Period], squares: &[f32], frame: Frame<'_>, step: Step, parameters: Parameters) {
    let volume: Vec<Option<f32>> = (0..periods.len())
        .map(|n| {
            let all = periods[n].volume + frame.own.get(n).copied().unwrap_or_default();
            (all > 0).then_some(periods[n].volume as f32 + parameters.prior)
        })
        .collect();
    let rate: Vec<Option<f32>> = volume
        .iter()
        .zip(periods.iter())
        .map(|(v, p)| v.map(|v| -p.plover / v))
        .collect();
    let chance: Vec<Option<f32>> = volume.iter().zip(squares).map(|(v, s)| v.map(|v| s / v)).collect();
    // How far each rate stood above the level of its time.
    let mut above: Vec<Option<f32>> = vec![None; periods.len()];
    for n in 0..periods.len() {
        let from = n.saturating_sub(parameters.window);
        let (Some(now), Some(usual)) = (rate[n], median(volume[from..=n].iter().flatten())) else {
            continue;
        };
        let period = &mut periods[n];
        period.tension = Some(now * usual);
        let past = || rate[from..n].iter().flatten();
        let (Some(level), Some(varied)) = (median(past()), median(chance[from..n].iter().flatten())) else {
            continue;
        };
        if past().count() < parameters.least {
            continue;
        }
        let spread = median(&past().map(|x| (x - level).abs()).collect::<Vec<_>>()).unwrap_or_default();
        let by_chance = (varied / volume[n].unwrap_or(usual)).sqrt();
        let expected = level + season(&above, n, step, parameters);
        above[n] = Some(now - level);
        let deviation = (1.4826 * spread).max(by_chance).max(parameters.floor / usual);
        let deviations = (now - expected) / deviation;
        period.expected = Some(expected * usual);
        period.index = Some((50.0 + 10.0 * deviations).clamp(0.0, 100.0));
        let conflict = period.verbal_conflict + period.material_conflict;
        period.alarm = deviations >= parameters.alarm && conflict >= parameters.acts;
    }
}

/// How far the season stands above the level: the median over the cycles before of the highest of the same period and its
/// two neighbours, since no manoeuvre begins on the same day each year. Never below zero: a quiet season makes no alarm.
fn season(above: &[Option<f32>], n: usize, step: Step, parameters: Parameters) -> f32 {
    let cycle = step.cycle();
    let neighbours = if step == Step::Day { 0 } else { 1 };
    // The last eight cycles: habits change.
    let highs: Vec<f32> = (1..=8)
        .map_while(|k| n.checked_sub(k * cycle))
        .filter_map(|same| {
            let last = (same + neighbours).min(n - 1);
            above[same.saturating_sub(neighbours)..=last]
                .iter()
                .flatten()
                .copied()
                .reduce(f32::max)
        })
        .collect();
    if highs.len() < parameters.cycles {
        return 0.0;
    }
    median(&highs).unwrap_or_default().max(0.0)
}

/// The middle value; the mean of the two in the middle.
fn median<'a>(values: impl IntoIterator<Item = &'a f32>) -> Option<f32> {
    let mut values: Vec<f32> = values.into_iter().copied().collect();
    let (length, middle) = (values.len(), values.len() / 2);
    if length == 0 {
        return None;
    }
    let (below, upper, _) = values.select_nth_unstable_by(middle, f32::total_cmp);
    Some(if length % 2 == 1 {
        *upper
    } else {
        let lower = below.iter().copied().max_by(f32::total_cmp)?;
        (lower + *upper) / 2.0
    })
}

fn alerts(periods: &[Period]) -> Vec<Alert> {
    let mut alerts: Vec<Alert> = Vec::new();
    for (n, period) in periods.iter().enumerate().filter(|(_, p)| p.alarm) {
        let index = period.index.unwrap_or_default();
        match alerts.last_mut() {
            Some(alert) if alert.last + 1 == n => {
                alert.last = n;
                alert.peak = alert.peak.max(index);
            }
            _ => alerts.push(Alert {
                first: n,
                last: n,
                peak: index,
            }),
        }
    }
    alerts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers from 0 to 1 that look random and are the same in every run (splitmix64).
    struct Random(u64);

    impl Random {
        fn unit(&mut self) -> f32 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            (crate::text::mix(self.0) >> 40) as f32 / (1_u64 << 24) as f32
        }

        /// A count with mean `mean` (Poisson, by Knuth's method).
        fn count(&mut self, mean: f32) -> usize {
            let (limit, mut n, mut product) = ((-mean).exp(), 0, self.unit());
            while product > limit {
                n += 1;
                product *= self.unit();
            }
            n
        }
    }

    fn tallies(deeds: &[Deed]) -> Vec<Tally> {
        deeds.iter().map(Tally::from).collect()
    }

    /// A weekly series: conflict acts and other reports of each week from their means.
    fn simulate(weeks: usize, seed: u64, mean: impl Fn(usize) -> (f32, f32)) -> Series {
        let mut random = Random(seed);
        let bounds: Vec<i32> = (0..=weeks).map(|w| w as i32 * 7).collect();
        let (mut deeds, mut volume, mut own) = (Vec::new(), Vec::new(), Vec::new());
        for week in 0..weeks {
            let (acts, reports) = mean(week);
            let acts = random.count(acts);
            for n in 0..acts {
                let day = week as i32 * 7 + (n % 7) as i32;
                deeds.push(Deed {
                    from: day,
                    to: day,
                    quad: "verbal-conflict".to_owned(),
                    goldstein: Some(-2.0),
                    score: -3.0,
                    arms: false,
                });
            }
            volume.push(random.count(reports));
            own.push(acts);
        }
        let frame = Frame {
            bounds: &bounds,
            volume: &volume,
            own: &own,
        };
        series(&tallies(&deeds), &[], frame, Step::Week, Parameters::of(Step::Week))
    }

    /// The share of weeks that alarm, over twenty simulated series.
    fn alarms(weeks: usize, mean: impl Fn(usize) -> (f32, f32), which: impl Fn(usize) -> bool) -> f32 {
        let (mut alarming, mut all) = (0, 0);
        for seed in 0..20 {
            let series = simulate(weeks, seed, &mean);
            for (_, period) in series.periods.iter().enumerate().filter(|(n, _)| which(*n)) {
                alarming += usize::from(period.alarm);
                all += 1;
            }
        }
        alarming as f32 / all as f32
    }

    #[test]
    fn a_flat_series_is_quiet() {
        assert!(alarms(156, |_| (4.0, 50.0), |_| true) < 0.01);
        let series = simulate(60, 1, |_| (4.0, 50.0));
        assert_eq!(series.periods.len(), 60);
        assert!(
            series.periods[..8].iter().all(|p| p.index.is_none()),
            "no past, no index"
        );
        let middle: Vec<f32> = series.periods.iter().filter_map(|p| p.index).collect();
        let mean = middle.iter().sum::<f32>() / middle.len() as f32;
        assert!((45.0..55.0).contains(&mean), "{mean}");
    }

    #[test]
    fn a_burst_is_an_alert_when_it_begins_and_not_before() {
        let burst = |week: usize| (if (100..103).contains(&week) { 20.0 } else { 4.0 }, 50.0);
        assert!(alarms(120, burst, |w| w == 100) > 0.9);
        assert!(alarms(120, burst, |w| w < 100) < 0.01);
        let series = simulate(120, 3, burst);
        assert!(
            series
                .alerts
                .iter()
                .any(|a| (100..103).contains(&a.first) && a.peak > 80.0),
            "{:?}",
            series.alerts
        );
    }

    #[test]
    fn a_season_that_comes_every_year_is_no_news_but_out_of_season_it_is() {
        let yearly = |week: usize| (if (30..33).contains(&(week % 52)) { 14.0 } else { 3.0 }, 50.0);
        let in_season = |w: usize| (30..33).contains(&(w % 52));
        // The first two years teach it.
        assert!(alarms(260, yearly, |w| in_season(w) && w < 104) > 0.8);
        assert!(alarms(260, yearly, |w| in_season(w) && w >= 156) < 0.1);
        let moved = |week: usize| (if week == 230 { 14.0 } else { yearly(week).0 }, 50.0);
        assert!(alarms(260, moved, |w| w == 230) > 0.8);
    }

    #[test]
    fn more_sources_without_more_trouble_are_no_alert() {
        // From week 80 on, four times the reports tell of four times the acts.
        let surge = |week: usize| if week < 80 { (3.0, 50.0) } else { (12.0, 200.0) };
        let share = alarms(120, surge, |w| w >= 80);
        assert!(share < 0.03, "{share}");
        // Real trouble in the same weeks is one, although the pair fills the papers itself.
        let crisis = |week: usize| if week < 80 { (3.0, 50.0) } else { (18.0, 50.0) };
        assert!(alarms(120, crisis, |w| (80..84).contains(&w)) > 0.9);
    }

    #[test]
    fn a_single_reproach_does_not_alarm_a_pair_that_never_meets() {
        let bounds: Vec<i32> = (0..=30).map(|w| w * 7).collect();
        let frame = Frame {
            bounds: &bounds,
            volume: &[20; 30],
            own: &[0; 30],
        };
        let reproach = |day: i32, score: f32| Deed {
            from: day,
            to: day,
            quad: "verbal-conflict".to_owned(),
            goldstein: Some(-2.0),
            score,
            arms: false,
        };
        let weekly = Parameters::of(Step::Week);
        let one = series(&tallies(&[reproach(150, -3.0)]), &[], frame, Step::Week, weekly);
        assert!(one.alerts.is_empty());
        let attack = series(
            &tallies(&[reproach(150, -10.0), reproach(151, -10.0)]),
            &[],
            frame,
            Step::Week,
            weekly,
        );
        assert_eq!(attack.alerts.len(), 1);
    }

    #[test]
    fn arms_stand_apart_and_gaps_stay_gaps() {
        let deed = |day: i32, quad: &str, score: f32, arms: bool| Deed {
            from: day,
            to: day,
            quad: quad.to_owned(),
            goldstein: Some(score),
            score,
            arms,
        };
        let deeds = [
            deed(1, "material-cooperation", 10.0, true),
            deed(2, "verbal-conflict", -3.0, false),
            Deed {
                to: 20,
                ..deed(3, "material-conflict", -10.0, false)
            },
        ];
        let against = [deed(8, "material-cooperation", 10.0, true)];
        let frame = Frame {
            bounds: &[0, 7, 14, 21],
            volume: &[5, 5, 0],
            own: &[1, 1, 0],
        };
        let (acts, against) = (tallies(&deeds), tallies(&against));
        let series = series(&acts, &against, frame, Step::Week, Parameters::of(Step::Week));
        let [first, second, third] = series.periods.as_slice() else {
            panic!("three weeks")
        };
        assert_eq!(
            (first.arms, first.material_cooperation, first.verbal_conflict),
            (1, 0, 1)
        );
        assert_eq!((first.plover, first.goldstein, first.tension), (-3.0, -3.0, Some(3.0)));
        assert_eq!(second.arms_against, 1);
        assert_eq!(third.tension, None, "no reports say nothing, not peace");
        assert_eq!(series.untimed, 1, "three weeks are in no week");
    }

    #[test]
    fn periods_follow_the_calendar() {
        let day = |y, m, d| day_number(lagebild_core::Date::new(y, m, d).unwrap());
        assert_eq!(
            Step::Month.bounds(day(2024, 1, 31), day(2024, 3, 1)),
            [day(2024, 1, 1), day(2024, 2, 1), day(2024, 3, 1), day(2024, 4, 1)]
        );
        // 21 October 2024 was a Monday.
        assert_eq!(
            Step::Week.bounds(day(2024, 10, 27), day(2024, 10, 28)),
            [day(2024, 10, 21), day(2024, 10, 28), day(2024, 11, 4)]
        );
        assert_eq!(Step::Day.bounds(5, 6), [5, 6, 7]);
    }

    #[test]
    fn the_reports_of_the_pair_are_no_volume() {
        let act = Acted {
            actors: vec!["PRK".to_owned()],
            recipients: vec!["KOR".to_owned()],
            kind: "THREATEN".to_owned(),
            deed: Deed {
                from: 3,
                to: 3,
                quad: "verbal-conflict".to_owned(),
                goldstein: None,
                score: -5.0,
                arms: false,
            },
            // One report tells of two acts of the pair, another of one.
            told: vec![(3, 7), (4, 8)],
        };
        let acts = [act.clone(), act];
        let reports = BTreeMap::from([(3, 5), (4, 1), (9, 2)]);
        let pairs = Pairs::of(&acts);
        let series = pairs.series(("PRK", "KOR"), &reports, Step::Day);
        let volume: Vec<usize> = series.periods.iter().map(|p| p.volume).collect();
        assert_eq!(volume, [4, 0, 0, 0, 0, 0, 2]);
        assert_eq!(
            (series.periods[0].verbal_conflict, series.periods[0].plover),
            (2, -10.0)
        );
        assert_eq!(series.periods[2].tension, None);
        assert!(
            pairs.series(("KOR", "PRK"), &reports, Step::Day).periods[0]
                .plover
                .abs()
                < 0.1
        );
    }

    #[test]
    fn arms_for_the_enemy_are_found_and_others_are_not() {
        let act = |kind: &str, parties: &str, day: i32| {
            let (a, b) = parties.split_once('>').unwrap();
            let side = |s: &str| s.split(',').filter(|k| !k.is_empty()).map(str::to_owned).collect();
            Acted {
                actors: side(a),
                recipients: side(b),
                kind: kind.to_owned(),
                deed: Deed {
                    from: day,
                    to: day,
                    quad: String::new(),
                    goldstein: None,
                    score: 10.0,
                    arms: kind == "AID",
                },
                told: Vec::new(),
            }
        };
        let acts = [
            act("ASSAULT", "RUS>UKR", 100),
            act("AID", "USA>UKR", 150),
            act("AID", "USA>UKR", 300),
            act("AID", "USA>POL", 150),
            act("AID", "USA>RUS", 150),
        ];
        let pairs = Pairs::of(&acts);
        let days = |a: &str, b: &str| pairs.arms_against(a, b).iter().map(|d| d.from).collect::<Vec<_>>();
        assert_eq!(days("USA", "RUS"), [150], "to Ukraine while the war is fresh");
        assert_eq!(days("USA", "UKR"), [150], "to Russia");
        assert!(days("USA", "POL").is_empty());
        let pairs = |kind, parties| {
            let act = act(kind, parties, 1);
            act.pairs().map(|(a, b)| format!("{a}>{b}")).collect::<Vec<_>>()
        };
        assert_eq!(pairs("CONSULT", "RUS,PRK>"), ["RUS>PRK", "PRK>RUS"], "both ways");
        assert_eq!(pairs("AID", "RUS,PRK>IRN,RUS"), ["RUS>IRN", "PRK>IRN", "PRK>RUS"]);
    }

    #[test]
    fn the_example_of_the_documentation_holds() {
        // docs/tension.md works this one out by hand.
        let bounds: Vec<i32> = (0..=10).map(|w| w * 7).collect();
        let sums = [3.0, 0.0, 6.0, 3.0, 0.0, 3.0, 6.0, 3.0, 3.0, 24.0];
        let deeds: Vec<Deed> = sums
            .iter()
            .enumerate()
            .flat_map(|(week, sum)| (0..(*sum as usize / 3)).map(move |n| (week * 7 + n % 7) as i32))
            .map(|day| Deed {
                from: day,
                to: day,
                quad: "verbal-conflict".to_owned(),
                goldstein: Some(-2.0),
                score: -3.0,
                arms: false,
            })
            .collect();
        let frame = Frame {
            bounds: &bounds,
            volume: &[20, 20, 20, 20, 20, 20, 20, 20, 20, 26],
            own: &[1; 10],
        };
        let series = series(&tallies(&deeds), &[], frame, Step::Week, Parameters::of(Step::Week));
        let last = &series.periods[9];
        // 24 / ((26 + 10) / (20 + 10)) = 20; the median before is 3, its MAD 0, so 5 is the deviation: (20 − 3) / 5 = 3.4.
        assert_eq!(
            (last.tension, last.expected, last.index),
            (Some(20.0), Some(3.0), Some(84.0))
        );
        assert!(!last.alarm, "3.4 is below 3.5");
    }
}
