//! When a host may be asked again.

use jiff::Timestamp;
use std::collections::HashMap;
use std::time::Duration;

/// The longest `Crawl-delay` that is kept to; longer ones come from mistakes.
const LONGEST_DELAY: Duration = Duration::from_secs(3600);
/// The longest time for which a host is left alone at its word (`Retry-After`).
const LONGEST_HOLD: Duration = Duration::from_secs(24 * 3600);
/// Hosts remembered before those that may be asked again are forgotten.
const HOSTS: usize = 1024;

/// Keeps hosts from being asked too often.
#[derive(Clone, Debug)]
pub struct Pace {
    gap: Duration,
    free: HashMap<String, Timestamp>,
}

impl Pace {
    /// A pace that leaves at least `gap` between two requests to one host.
    #[must_use]
    pub fn new(gap: Duration) -> Self {
        Self {
            gap,
            free: HashMap::new(),
        }
    }

    /// When `host` may be asked again; `None` for now.
    #[must_use]
    pub fn free_at(&self, host: &str, now: Timestamp) -> Option<Timestamp> {
        self.free.get(host).copied().filter(|&free| free > now)
    }

    /// Notes that `host` was asked until `now` and wants `delay` between requests.
    pub fn asked(&mut self, host: &str, now: Timestamp, delay: Option<Duration>) {
        let delay = delay.unwrap_or_default().min(LONGEST_DELAY).max(self.gap);
        self.hold(host, now, delay);
    }

    /// Leaves `host` alone for `time`.
    pub fn hold(&mut self, host: &str, now: Timestamp, time: Duration) {
        let until = now.saturating_add(time.min(LONGEST_HOLD)).unwrap_or(Timestamp::MAX);
        if self.free.len() >= HOSTS {
            self.free.retain(|_, free| *free > now);
        }
        let free = self.free.entry(host.to_owned()).or_insert(until);
        *free = until.max(*free);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_left_alone_for_as_long_as_they_want_and_not_longer() {
        let now: Timestamp = "2026-11-29T12:00:00Z".parse().unwrap();
        let mut pace = Pace::new(Duration::from_secs(1));
        let wait = |pace: &Pace, host: &str| pace.free_at(host, now).map(|t| t.duration_since(now).as_secs());
        assert_eq!(wait(&pace, "a"), None);
        pace.asked("a", now, None);
        pace.asked("b", now, Some(Duration::from_secs(10)));
        pace.asked("c", now, Some(Duration::from_secs(1 << 40)));
        assert_eq!(["a", "b", "c"].map(|h| wait(&pace, h)), [Some(1), Some(10), Some(3600)]);
        pace.hold("a", now, Duration::MAX);
        pace.asked("a", now, None);
        assert_eq!(wait(&pace, "a"), Some(24 * 3600), "a request does not shorten a hold");
        let later = now + Duration::from_secs(7200);
        assert_eq!(pace.free_at("c", later), None);
    }

    #[test]
    fn memory_stays_bounded() {
        let mut now: Timestamp = "2026-11-29T12:00:00Z".parse().unwrap();
        let mut pace = Pace::new(Duration::from_secs(1));
        for n in 0..100_000 {
            pace.asked(&format!("host{n}"), now, None);
            now += Duration::from_millis(10);
        }
        assert!(pace.free.len() <= HOSTS);
    }
}
