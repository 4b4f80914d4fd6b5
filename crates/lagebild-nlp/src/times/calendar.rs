//! Longer stretches of the calendar: months, seasons, years, decades, centuries, and their edges.

use super::atoms::Kind;
use super::period::Period;
use super::tense::Tense;
use super::words::{Info, Meaning, Role, Shift, Unit};
use super::{Finder, Found};
use lagebild_core::{Date, Number, Upos};

impl Finder<'_> {
    /// A year after a date or month: digits, or `des vergangenen Jahres`.
    pub(super) fn year_after(&self, i: usize, comma: bool) -> (Option<i16>, usize) {
        let at = if comma && self.mark(i, ',') { i + 1 } else { i };
        if let Some(year) = self.four_digits(at) {
            return (Some(year), at + 1);
        }
        if let Some((year, end)) = self.year_phrase(i) {
            return (Some(year), end);
        }
        (None, i)
    }

    pub(super) fn four_digits(&self, i: usize) -> Option<i16> {
        let atom = self.atom(i)?;
        let year = i16::try_from(atom.number().filter(|_| atom.text.len() == 4)?).ok()?;
        // "1.200" has three digits after its mark, "2012,5" and "2012er" are no years.
        let decimal = (self.mark(i + 1, ',') || self.mark(i + 1, '.'))
            && self.glued(i + 1)
            && self.glued(i + 2)
            && self.number(i + 2).is_some();
        let suffix = self.glued(i + 1) && self.atom(i + 1).is_some_and(|a| a.kind == Kind::Word || a.is('%'));
        ((1000..=2200).contains(&year) && !decimal && !suffix).then_some(year)
    }

    /// `(des) vergangenen Jahres`, `dieses Jahres`, `desselben Jahres`, `des Vorjahres`, `last year`.
    fn year_phrase(&self, i: usize) -> Option<(i16, usize)> {
        let mut at = i;
        while self.is(at, Role::Determiner) || self.word(at) == "of" {
            at += 1;
        }
        if let Some((Unit::Year, years)) = self.info(at).relative {
            return Some((self.today?.year().checked_add(i16::try_from(years).ok()?)?, at + 1));
        }
        let shift = self.info(at).shift?;
        let is_year = self.info(at + 1).unit == Some(Unit::Year) && !self.info(at + 1).plural;
        is_year.then_some(())?;
        let year = match shift {
            Shift::Last => self.today?.year() - 1,
            Shift::This => self.today?.year(),
            Shift::Next => self.today?.year() + 1,
            Shift::Same => self.told_year.or(self.told_day.or(self.today).map(Date::year))?,
            Shift::Following => self.told_year.or(self.told_day.map(Date::year))? + 1,
            Shift::Previous => self.told_year.or(self.told_day.map(Date::year))? - 1,
            Shift::Past => return None,
        };
        Some((year, at + 2))
    }

    /// A year in digits: `2014`, `Jahr 2014`, `2012/13`.
    pub(super) fn year(&self, i: usize, info: Info) -> Option<Found> {
        let (at, named) = if info.unit == Some(Unit::Year) && self.four_digits(i + 1).is_some() {
            (i + 1, true)
        } else {
            (i, false)
        };
        let year = self.four_digits(at)?;
        let start = if named && self.before(i).is(Role::Determiner) && i > 0 {
            i - 1
        } else {
            i
        };
        // "2012/13"
        if (self.mark(at + 1, '/') || (self.dash(at + 1) && self.glued(at + 1)))
            && let Some(second) = self.number(at + 2)
            && let Ok(second) = i16::try_from(second)
        {
            let last = year - year % 100 + second;
            // Two whole years are told one by one.
            if last > year && last - year <= 20 && self.atom(at + 2)?.text.len() == 2 {
                let period = Period::years(year, last)?;
                return Some(Found {
                    framed: true,
                    year_told: true,
                    ..Found::new(start, at + 3, period)
                });
            }
        }
        if !named && !self.looks_like_year(at, year) {
            return None;
        }
        let period = Period::year(year)?;
        Some(Found {
            framed: true,
            year_told: true,
            ..Found::new(start, at + 1, period)
        })
    }

    /// Whether four digits are a year and not an amount.
    fn looks_like_year(&self, i: usize, year: i16) -> bool {
        let before = self.before(i);
        let introduced = [
            Role::Since,
            Role::Until,
            Role::Within,
            Role::From,
            Role::Between,
            Role::After,
            Role::Ago,
        ]
        .iter()
        .any(|&r| before.is(r))
            || before.month.is_some()
            || before.season.is_some()
            || before.edge.is_some()
            || i > 0 && (self.mark(i - 1, '(') || self.mark(i - 1, ',') || self.mark(i - 1, '/') || self.dash(i - 1))
            || before.is(Role::And) && i > 1 && self.four_digits(i - 2).is_some()
            // "a 2014 decision"
            || !self.is_german() && before.is(Role::Determiner);
        let next = self.atom(i + 1);
        // A plural noun after it makes it an amount; without tags, German capitals tell nouns.
        let counts = next.filter(|a| a.kind == Kind::Word && !a.glued).is_some_and(|a| {
            let after = self.parsed.tokens.partition_point(|t| t.span.start() <= a.start);
            let token = &self.parsed.tokens[after.saturating_sub(1)];
            match token.pos {
                Upos::X => !self.is_german() || a.is_capitalised(),
                Upos::Noun => token.morph.number != Some(Number::Sing),
                Upos::Adj => !self.is_german() || a.is_capitalised(),
                _ => false,
            }
        });
        let symbol = i > 0
            && self
                .atom(i - 1)
                .is_some_and(|a| matches!(a.text, "$" | "€" | "£" | "§" | "#" | ":" | "." | "%"));
        let unit = next.is_some_and(|a| matches!(a.text, "%" | "€" | "$" | "£" | "°" | ":"));
        // "davon 2000 im Jahr 2011"
        let counted_in = self.is(i + 1, Role::Within) && self.info(i + 2).unit == Some(Unit::Year);
        if symbol || unit || counted_in || self.before(i).unit.is_some_and(Unit::is_clock) {
            return false;
        }
        if (1900..=2050).contains(&year) {
            // Lower-case words after it are no nouns in German, but may be units.
            let known_unit = self.info(i + 1).unit.is_some();
            !known_unit && (!counts || introduced && !self.is_german() || introduced && year > 1980)
        } else {
            introduced && !counts && (1100..1900).contains(&year)
        }
    }

    pub(super) fn month(&self, i: usize, info: Info) -> Option<Found> {
        let month = info.month?;
        let atom = self.atom(i)?;
        if !atom.is_capitalised() || self.glued(i) && i > 0 && self.dash(i - 1) || self.dash(i + 1) && self.glued(i + 1)
        {
            return None;
        }
        let at = if info.short && self.mark(i + 1, '.') && self.glued(i + 1) {
            i + 2
        } else {
            i + 1
        };
        let (year, end) = self.year_after(at, !self.is_german());
        let introduced = self.introduces(i);
        if year.is_none() && (info.short || info.is(Role::Ambiguous) && !introduced) {
            return None;
        }
        let period = self.month_period(year, month, i)?;
        let is_list = year.is_none() && self.month_list_year(i + 1).is_some();
        let period = match self.month_list_year(i + 1).filter(|_| is_list) {
            Some(year) => Period::month(year, month)?,
            None => period,
        };
        // "dem Juni des vergangenen Jahres"
        let start = self.with_determiner(i, end > at + 1);
        Some(Found {
            framed: true,
            year_told: year.is_some(),
            ..Found::new(start, end, period)
        })
    }

    /// The year of a month before another month with a year: `von Mai bis Juli 2006`.
    fn month_list_year(&self, at: usize) -> Option<i16> {
        let connects = self.dash(at) || self.mark(at, '/') || self.is(at, Role::And) || self.is(at, Role::Until);
        let next = at + 1;
        (connects && self.info(next).month.is_some())
            .then(|| self.year_after(next + 1, false).0)
            .flatten()
    }

    fn month_period(&self, year: Option<i16>, month: i8, i: usize) -> Option<Period> {
        if let Some(year) = year.or(self.told_year) {
            return Period::month(year, month);
        }
        let Some(today) = self.today else {
            return Some(Period::unresolved(Unit::Month, format!("XXXX-{month:02}")));
        };
        let candidates = [-1, 0, 1].map(|n| Period::month(today.year() + n, month));
        let ranges = candidates.iter().flatten().filter_map(|p| p.from.zip(p.to));
        let from = self.nearest(ranges, i)?;
        Period::month(from.year(), month)
    }

    /// Whether what stands before `i` makes a name of month or season a time.
    pub(super) fn introduces(&self, i: usize) -> bool {
        let mut at = i;
        while at > 0 {
            at -= 1;
            let info = self.info(at);
            let known = [
                Role::Since,
                Role::Until,
                Role::Within,
                Role::From,
                Role::Between,
                Role::After,
                Role::At,
                Role::And,
            ]
            .iter()
            .any(|&r| info.is(r));
            if known || info.shift.is_some() || info.edge.is_some() || self.word(at) == "of" || self.word(at) == "for" {
                return true;
            }
            if !info.is(Role::Determiner) && !info.is(Role::NightTo) {
                return false;
            }
        }
        false
    }

    pub(super) fn season(&self, i: usize, info: Info) -> Option<Found> {
        let season = info.season?;
        let (year, end) = self.year_after(i + 1, false);
        let capital = self.atom(i)?.is_capitalised();
        if self.is_german() && !capital || self.dash(i + 1) && self.glued(i + 1) {
            return None;
        }
        if year.is_none() && !self.introduces(i) {
            return None;
        }
        if info.is(Role::Ambiguous) && year.is_none() {
            return None;
        }
        let period = match (year.or(self.told_year), self.today) {
            (Some(year), _) => Period::season(year, season)?,
            (None, Some(today)) => {
                let candidates = [-1, 0, 1].map(|n| Period::season(today.year() + n, season));
                let ranges = candidates.iter().flatten().filter_map(|p| p.from.zip(p.to));
                Period::season(self.nearest(ranges, i)?.year(), season)?
            }
            (None, None) => Period::unresolved(Unit::Quarter, "XXXX"),
        };
        let start = self.with_determiner(i, year.is_none());
        Some(Found {
            framed: true,
            year_told: year.is_some(),
            ..Found::new(start, end, period)
        })
    }

    /// `Ende August`, `Anfang der Woche`, `Mitte nächsten Jahres`, `late last year`, `mid-June`.
    pub(super) fn edge(&self, i: usize, info: Info) -> Option<Found> {
        if let Some((edge, unit)) = info.edge_unit {
            let (year, end) = self.year_after(i + 1, false);
            let period = match (unit, year, self.today) {
                (Unit::Year, Some(year), _) => Period::year(year)?,
                (_, _, Some(today)) => Period::around(today, unit)?,
                _ => Period::unresolved(unit, "XXXX"),
            };
            return Some(Found {
                framed: true,
                ..Found::new(i, end, period.edge(edge, self.today))
            });
        }
        let (edge, mut at) = match info.edge {
            Some(edge) => (edge, i + 1),
            None => match self.vocabulary.phrase(&self.atoms[i..])? {
                (Meaning::Edge(edge), words) => (*edge, i + words),
                _ => return None,
            },
        };
        if self.dash(at) && self.glued(at) {
            at += 1;
        }
        let inner = self.edge_target(at)?;
        let start = if i > 0 && self.is_german() {
            i
        } else {
            self.with_determiner(i, true)
        };
        let period = inner.period.edge(edge, self.today);
        Some(Found {
            framed: true,
            year_told: inner.year_told,
            ..Found::new(start, inner.end, period)
        })
    }

    fn edge_target(&self, i: usize) -> Option<Found> {
        let mut at = i;
        while self.is(at, Role::Determiner) && at < i + 2 {
            at += 1;
        }
        let info = self.info(at);
        let unit = info.unit.filter(|u| *u >= Unit::Week && *u != Unit::Weekend);
        if let Some(unit) = unit.filter(|_| at > i && !info.plural && self.four_digits(at + 1).is_none()) {
            let period = match (unit, self.told_year, self.today) {
                (Unit::Year, Some(year), _) => Period::year(year)?,
                (_, _, Some(today)) => Period::around(today, unit)?,
                _ => return None,
            };
            return Some(Found::new(i, at + 1, period));
        }
        self.shifted(at, info)
            .or_else(|| self.decade(at, info))
            .or_else(|| self.ordinal_unit(at))
            .or_else(|| self.month(at, info))
            .or_else(|| {
                let year = self.four_digits(at).filter(|y| (1800..=2100).contains(y))?;
                Some(Found {
                    year_told: true,
                    ..Found::new(at, at + 1, Period::year(year)?)
                })
            })
            .or_else(|| self.year(at, info))
            .or_else(|| self.relative_unit(at, info))
    }

    /// `dritten Quartal 2014`, `19. Jahrhundert`, `first half of 2023`.
    pub(super) fn ordinal_unit(&self, i: usize) -> Option<Found> {
        let (ordinal, at) = if let Some(n) = self.number(i) {
            let suffixed =
                self.glued(i + 1) && (self.mark(i + 1, '.') || matches!(self.word(i + 1), "st" | "nd" | "rd" | "th"));
            (suffixed.then_some(n)?, i + 2)
        } else {
            (self.numbers.ordinal(self.word(i))?, i + 1)
        };
        let ordinal = i16::try_from(ordinal).ok()?;
        let unit = self.info(at).unit?;
        let start = self.with_determiner(i, true);
        if unit == Unit::Century && (1..=22).contains(&ordinal) {
            return Some(Found {
                framed: true,
                ..Found::new(start, at + 1, Period::century(ordinal)?)
            });
        }
        if !matches!(unit, Unit::Quarter | Unit::HalfYear) {
            return None;
        }
        let mut year_at = at + 1;
        while self.is(year_at, Role::Determiner) || self.word(year_at) == "of" {
            year_at += 1;
        }
        let (told, end) = match self.four_digits(year_at) {
            Some(year) => (Some(year), year_at + 1),
            None => match self.year(year_at, self.info(year_at)) {
                Some(found) => (found.period.from.map(Date::year), found.end),
                None => self.year_after(at + 1, false),
            },
        };
        let year = told.or_else(|| self.today.map(Date::year))?;
        let number = i8::try_from(ordinal).ok()?;
        let make = |year| {
            if unit == Unit::Quarter {
                Period::quarter(year, number)
            } else {
                Period::half_year(year, number)
            }
        };
        // A quarter that lies ahead while the clause is past was last year's.
        let ahead = |p: &Period| p.from > self.today && told.is_none() && self.tense(i) == Some(Tense::Past);
        let period = make(year).and_then(|p| if ahead(&p) { make(year - 1) } else { Some(p) })?;
        Some(Found {
            framed: true,
            year_told: told.is_some(),
            ..Found::new(start, end, period)
        })
    }

    /// `den 90er Jahren`, `1990er-Jahren`, `fünfziger Jahren`, `the 1990s`.
    pub(super) fn decade(&self, i: usize, info: Info) -> Option<Found> {
        let is_years = |at: usize| self.info(at).unit == Some(Unit::Year);
        let start = self.with_determiner(i, true);
        if let Some(first) = info.decade {
            let complete = self.word(i).contains("jahre") || !self.is_german();
            let end = if complete {
                i + 1
            } else {
                is_years(i + 1).then_some(i + 2)?
            };
            return Some(Found {
                framed: true,
                ..Found::new(start, end, Period::decade(first)?)
            });
        }
        let number = i16::try_from(self.number(i)?).ok().filter(|n| n % 10 == 0)?;
        let first = match self.atom(i)?.text.len() {
            2 => 1900 + number,
            4 => number,
            _ => return None,
        };
        // "1990er Jahre", "1990er-Jahre", "1990-er Jahre", "in den 1990ern"
        let suffix = if self.dash(i + 1) && self.glued(i + 1) {
            i + 2
        } else {
            i + 1
        };
        let end = match self.word(suffix) {
            "er" | "ern" if self.glued(suffix) => {
                let dash = self.dash(suffix + 1) && self.glued(suffix + 1);
                let years = if dash { suffix + 2 } else { suffix + 1 };
                if is_years(years) {
                    years + 1
                } else if start < i || self.introduces(i) {
                    suffix + 1
                } else {
                    return None;
                }
            }
            "erjahre" | "erjahren" if self.glued(suffix) => suffix + 1,
            "s" if self.glued(suffix) && !self.is_german() => suffix + 1,
            _ => return None,
        };
        Some(Found {
            framed: true,
            ..Found::new(start, end, Period::decade(first)?)
        })
    }
}
