//! When a feed is due again: pure functions of what happened and of chance.

use std::time::Duration;

/// The shortest interval between two polls of a feed.
pub const SHORTEST: Duration = Duration::from_secs(5 * 60);
/// The interval when nobody says anything.
pub const USUAL: Duration = Duration::from_secs(30 * 60);
/// However often it fails, a feed is tried again after this long (or after its interval, if that is longer).
pub const LONGEST_BACK_OFF: Duration = Duration::from_secs(24 * 3600);
/// A server's word that nothing will change is taken for this long.
const LONGEST_MAX_AGE: Duration = Duration::from_secs(6 * 3600);
/// A feed that is gone for good is still looked at: servers err.
const GONE: Duration = Duration::from_secs(7 * 24 * 3600);
/// The share of a wait that chance adds, so that feeds do not stay in step.
const JITTER: f64 = 0.1;

/// How a poll went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Polled {
    /// The feed was read, or had not changed.
    Fine {
        /// For how long the server says that nothing will change.
        max_age: Option<Duration>,
    },
    /// It could not be had or read.
    Failed {
        /// The number of failures in a row, this one included.
        failures: u32,
        /// For how long the server does not want to be asked again.
        retry_after: Option<Duration>,
    },
    /// The server says that it is gone for good (410).
    Gone,
}

/// The time until the next poll. `chance` is a number from 0 up to 1.
///
/// Failures double the interval each time, up to [`LONGEST_BACK_OFF`]; no failure is for good.
#[must_use]
pub fn wait(interval: Duration, polled: Polled, chance: f64) -> Duration {
    let interval = interval.max(SHORTEST);
    let longest = LONGEST_BACK_OFF.max(interval);
    let base = match polled {
        Polled::Fine { max_age } => interval.max(max_age.unwrap_or_default().min(LONGEST_MAX_AGE)),
        Polled::Failed { failures, retry_after } => {
            let doubled = 2_u32.checked_pow(failures).and_then(|n| interval.checked_mul(n));
            let back_off = doubled.unwrap_or(longest).min(longest);
            back_off.max(retry_after.unwrap_or_default().min(longest))
        }
        Polled::Gone => GONE.max(interval),
    };
    base.saturating_add(base.mul_f64(JITTER * chance.clamp(0.0, 1.0)))
}

/// The time until a page is asked for again that could not be had at its `attempt`th try, counted from 1; `None` when it
/// is time to make do without it.
#[must_use]
pub fn retry(attempt: u32, retry_after: Option<Duration>) -> Option<Duration> {
    const WAITS: [u64; 4] = [5 * 60, 30 * 60, 2 * 3600, 8 * 3600];
    let wait = WAITS.get(attempt.checked_sub(1)? as usize)?;
    Some(Duration::from_secs(*wait).max(retry_after.unwrap_or_default().min(LONGEST_BACK_OFF)))
}

/// The time until a delivery to a hook is tried again that failed at its `attempt`th try, counted from 1. It is tried for
/// ever: nothing is lost when a receiver is away for a week.
#[must_use]
pub fn redeliver(attempt: u32, retry_after: Option<Duration>) -> Duration {
    const WAITS: [u64; 6] = [10, 60, 5 * 60, 30 * 60, 2 * 3600, 8 * 3600];
    let wait = attempt
        .checked_sub(1)
        .and_then(|n| WAITS.get(n as usize))
        .map_or(LONGEST_BACK_OFF, |&seconds| Duration::from_secs(seconds));
    wait.max(retry_after.unwrap_or_default().min(LONGEST_BACK_OFF))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);
    const FINE: Polled = Polled::Fine { max_age: None };

    fn failed(failures: u32, retry_after: Option<Duration>) -> Polled {
        Polled::Failed { failures, retry_after }
    }

    #[test]
    fn back_off_grows_is_bounded_and_never_ends() {
        let waits: Vec<Duration> = (1..2_000).map(|n| wait(USUAL, failed(n, None), 0.0)).collect();
        assert_eq!(waits[..5], [2 * USUAL, 4 * USUAL, 8 * USUAL, 16 * USUAL, 32 * USUAL]);
        assert!(waits.is_sorted());
        assert_eq!(waits.last(), Some(&LONGEST_BACK_OFF));
        assert_eq!(wait(USUAL, failed(u32::MAX, None), 0.0), LONGEST_BACK_OFF);
        assert_eq!(wait(USUAL, FINE, 0.0), USUAL);
        let weekly = 7 * 24 * HOUR;
        assert_eq!(
            wait(weekly, failed(3, None), 0.0),
            weekly,
            "never more often than asked for"
        );
    }

    #[test]
    fn the_servers_word_counts_within_reason() {
        let ten_years = Some(10 * 365 * 24 * HOUR);
        assert_eq!(wait(USUAL, failed(1, Some(3 * HOUR)), 0.0), 3 * HOUR);
        assert_eq!(wait(USUAL, failed(1, Some(Duration::ZERO)), 0.0), 2 * USUAL);
        assert_eq!(wait(USUAL, failed(1, ten_years), 0.0), LONGEST_BACK_OFF);
        assert_eq!(
            wait(
                USUAL,
                Polled::Fine {
                    max_age: Some(2 * HOUR)
                },
                0.0
            ),
            2 * HOUR
        );
        assert_eq!(wait(USUAL, Polled::Fine { max_age: ten_years }, 0.0), 6 * HOUR);
        assert_eq!(wait(USUAL, Polled::Gone, 0.0), 7 * 24 * HOUR);
        assert_eq!(wait(Duration::from_secs(1), FINE, 0.0), SHORTEST);
        assert_eq!(retry(1, None), Some(Duration::from_secs(300)));
        assert_eq!(retry(1, ten_years), Some(LONGEST_BACK_OFF));
        assert_eq!((retry(0, None), retry(5, None)), (None, None));
    }

    /// Four weeks of a hundred feeds that start in the same second: chance alone pulls them apart, each keeps its rate, and
    /// one that fails for three days is back at its rate as soon as it works.
    #[test]
    fn weeks_of_polling() {
        let mut seed = 1_u64;
        let mut chance = || {
            // Knuth's linear congruential generator.
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (seed >> 40) as f64 / (1_u64 << 24) as f64
        };
        let weeks = 4 * 7 * 24 * HOUR;
        let broken = 24 * HOUR..4 * 24 * HOUR;
        let mut last_minute = std::collections::HashMap::<u64, u32>::new();
        for feed in 0..100 {
            let (mut now, mut failures, mut polls, mut recovered) = (Duration::ZERO, 0, 0_u32, None);
            while now < weeks {
                polls += 1;
                let outcome = if feed == 0 && broken.contains(&now) {
                    failures += 1;
                    failed(failures, None)
                } else {
                    if failures > 0 {
                        recovered.get_or_insert(now);
                    }
                    failures = 0;
                    FINE
                };
                if now > weeks - HOUR {
                    *last_minute.entry(now.as_secs() / 60).or_default() += 1;
                }
                now += wait(USUAL, outcome, chance());
            }
            if feed == 0 {
                let recovered = recovered.expect("never tried again");
                assert!(recovered < broken.end + LONGEST_BACK_OFF.mul_f64(1.1));
            } else {
                // 1,344 half hours; chance adds 5 % on average.
                assert!((1_250..=1_344).contains(&polls), "{polls}");
            }
        }
        let most = last_minute.values().max().copied().unwrap_or_default();
        assert!(most < 20, "{most} of about 200 polls of an hour in one minute");
    }
}
