//! What passed between ordered pairs: acts that are told as real, in sums, series and alerts.
//!
//! All acts of the store are kept in sums ([`crate::tallies`]); those that a filter lets through are read.

use crate::error::Result;
use crate::filter::Filter;
use crate::read::Reader;
use crate::tallies;
use lagebild_core::Date;
use lagebild_picture::cluster::day_number;
use lagebild_picture::tension::{Pairs, Series, Step, Tally};
use std::collections::BTreeMap;

/// What passed between ordered pairs of states and organisations.
#[derive(Debug)]
pub struct Between<'a> {
    reader: &'a Reader,
    /// The acts that a filter lets through; none when all are asked for.
    read: Option<Pairs>,
    /// Reports by day, counted from 1970-01-01: how many, whatever they tell.
    reports: BTreeMap<i32, usize>,
}

/// What one did to another, summed up.
#[derive(Clone, Debug, PartialEq)]
pub struct PairSum {
    /// Who acts.
    pub actor: String,
    /// Upon whom.
    pub recipient: String,
    /// What, from the first day to the last.
    pub sum: Tally,
}

impl Reader {
    /// What passed between pairs by the acts that `filter` lets through. Its first day is not looked at: a pair is judged by
    /// its past.
    ///
    /// # Errors
    /// When the filter does not fit or the file cannot be read.
    pub fn between(&self, filter: &Filter) -> Result<Between<'_>> {
        let all = Filter {
            from: None,
            ..filter.clone()
        };
        let read = if all.asks_only(&[]) {
            None
        } else {
            Some(Pairs::of(&self.acts(&all)?))
        };
        let reports = self.rows(
            "SELECT value, reports FROM report_tally WHERE key = 'published'",
            Vec::new(),
            |row| Ok((row.get::<_, String>(0)?.parse().ok(), row.get(1)?)),
        )?;
        let reports = reports
            .into_iter()
            .filter_map(|(day, n): (Option<Date>, _)| Some((day_number(day?), n)))
            .collect();
        Ok(Between {
            reader: self,
            read,
            reports,
        })
    }
}

impl Between<'_> {
    /// The day of the last report, counted from 1970-01-01.
    #[must_use]
    pub fn last_report(&self) -> Option<i32> {
        self.reports.last_key_value().map(|(day, _)| *day)
    }

    /// Sums over the acts that end on `from` or later, the busiest pairs first; of the pairs that `of` is one of, when it is
    /// given.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn sums(&self, from: Option<Date>, of: Option<&str>) -> Result<Vec<PairSum>> {
        let from = from.map(day_number);
        let Some(read) = &self.read else {
            let sums = self.kept().sums(from, of).map_err(|e| self.reader.error(e))?;
            return Ok(sums
                .into_iter()
                .map(|(actor, recipient, sum)| PairSum { actor, recipient, sum })
                .collect());
        };
        let mut sums = Vec::new();
        for (actor, recipient, passed) in read.iter() {
            let mut sum = Tally::default();
            let since = passed
                .acts
                .iter()
                .filter(|tally| from.is_none_or(|from| tally.to >= from));
            since.for_each(|tally| sum.add(tally));
            if sum.acts() > 0 && of.is_none_or(|of| of == actor || of == recipient) {
                let (actor, recipient) = (actor.to_owned(), recipient.to_owned());
                sums.push(PairSum { actor, recipient, sum });
            }
        }
        sums.sort_by_key(|pair| std::cmp::Reverse(pair.sum.acts()));
        Ok(sums)
    }

    /// What `a` did to `b` over the acts that end on `from` or later; nothing when it did nothing.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn sum(&self, a: &str, b: &str, from: Option<Date>) -> Result<Option<Tally>> {
        let from = from.map(day_number);
        let mut sum = Tally::default();
        let mut add = |acts: &[Tally]| {
            let since = acts.iter().filter(|tally| from.is_none_or(|from| tally.to >= from));
            since.for_each(|tally| sum.add(tally));
        };
        match &self.read {
            Some(read) => add(read.get(a, b).map_or(&[], |passed| &passed.acts)),
            None => add(&self.kept().passed(a, b).map_err(|e| self.reader.error(e))?.acts),
        }
        Ok((sum.acts() > 0).then_some(sum))
    }

    /// The series of what `a` does to `b`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn series(&self, a: &str, b: &str, step: Step) -> Result<Series> {
        let Some(read) = &self.read else {
            let pairs = self.surroundings(a, b).map_err(|e| self.reader.error(e))?;
            return Ok(pairs.series((a, b), &self.reports, step));
        };
        Ok(read.series((a, b), &self.reports, step))
    }

    /// What `a` did to `b`, whom it armed, and how those stand with `b`.
    fn surroundings(&self, a: &str, b: &str) -> rusqlite::Result<Pairs> {
        let kept = self.kept();
        let mut pairs = Pairs::default();
        for to in kept.armed(a)?.iter().map(String::as_str).filter(|to| *to != b) {
            for (actor, recipient) in [(a, to), (to, b), (b, to)] {
                pairs.entry(actor, recipient).acts = kept.acts(actor, recipient)?;
            }
        }
        *pairs.entry(a, b) = kept.passed(a, b)?;
        Ok(pairs)
    }

    /// As [`Self::series`], without deliveries of arms to third parties, which need much more to be read and are in no index.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn course(&self, a: &str, b: &str, step: Step) -> Result<Series> {
        if self.read.is_some() {
            return self.series(a, b, step);
        }
        let mut pairs = Pairs::default();
        *pairs.entry(a, b) = self.kept().passed(a, b).map_err(|e| self.reader.error(e))?;
        Ok(pairs.series((a, b), &self.reports, step))
    }

    fn kept(&self) -> tallies::Pairs<'_> {
        tallies::Pairs(&self.reader.connection)
    }
}
