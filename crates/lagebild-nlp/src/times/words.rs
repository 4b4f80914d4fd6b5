//! The words of time of a language, as data files list them.

use super::atoms::atoms;
use lagebild_core::{Lang, Span};
use std::collections::HashMap;
use std::sync::LazyLock;

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Weekend,
    Week,
    Month,
    Quarter,
    HalfYear,
    Year,
    Decade,
    Century,
}

impl Unit {
    fn parse(code: &str) -> Option<Self> {
        Some(match code {
            "S" => Self::Second,
            "MIN" => Self::Minute,
            "H" => Self::Hour,
            "D" => Self::Day,
            "WE" => Self::Weekend,
            "W" => Self::Week,
            "M" => Self::Month,
            "Q" => Self::Quarter,
            "H6" => Self::HalfYear,
            "Y" => Self::Year,
            "DE" => Self::Decade,
            "CE" => Self::Century,
            _ => return None,
        })
    }

    /// Whether it is shorter than a day.
    pub(crate) fn is_clock(self) -> bool {
        self <= Self::Hour
    }

    /// A TIMEX3 duration; `amount` is a number or `X`.
    pub(crate) fn duration(self, amount: &str) -> String {
        match self {
            Self::Second => format!("PT{amount}S"),
            Self::Minute => format!("PT{amount}M"),
            Self::Hour => format!("PT{amount}H"),
            Self::Day => format!("P{amount}D"),
            Self::Weekend => format!("P{amount}WE"),
            Self::Week => format!("P{amount}W"),
            Self::Month => format!("P{amount}M"),
            Self::Quarter => format!("P{amount}Q"),
            Self::HalfYear => format!("P{amount}H"),
            Self::Year => format!("P{amount}Y"),
            Self::Decade => format!("P{amount}DE"),
            Self::Century => format!("P{amount}CE"),
        }
    }
}

/// A part of the day, with its TIMEX3 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DayPart(pub(crate) &'static str);

/// A season.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

/// How an adjective places what it goes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shift {
    Last,
    /// The stretch up to now: *the past year*.
    Past,
    This,
    Next,
    /// The one just told.
    Same,
    /// The one after, before that just told.
    Following,
    Previous,
}

/// A stretch at the beginning, in the middle, at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edge {
    Start,
    Mid,
    End,
    /// From the beginning of the period to the day of the report, and from there to its end.
    Earlier,
    Later,
}

/// A day with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holiday {
    /// Month and day.
    Fixed(i8, i8),
    /// Days from Easter Sunday.
    Easter(i32),
}

/// What a function word does in an expression of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Role {
    Since,
    Until,
    Ago,
    AgoAfter,
    Within,
    After,
    From,
    At,
    HourAt,
    Between,
    And,
    Later,
    Determiner,
    DateArticle,
    Old,
    Age,
    Each,
    Several,
    Clock,
    NightTo,
    About,
    Long,
    Future,
    Past,
    /// A name of a month or season that is an ordinary word too.
    Ambiguous,
}

/// What is known about a word; a word may be many things (*morgen*).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Info {
    pub(crate) month: Option<i8>,
    /// Whether the month is abbreviated and needs a number beside it.
    pub(crate) short: bool,
    pub(crate) weekday: Option<i8>,
    pub(crate) unit: Option<Unit>,
    pub(crate) plural: bool,
    pub(crate) season: Option<Season>,
    pub(crate) daypart: Option<DayPart>,
    pub(crate) day: Option<i32>,
    pub(crate) day_adjective: Option<i32>,
    pub(crate) shift: Option<Shift>,
    pub(crate) relative: Option<(Unit, i32)>,
    pub(crate) edge: Option<Edge>,
    pub(crate) edge_unit: Option<(Edge, Unit)>,
    pub(crate) decade: Option<i16>,
    roles: u32,
}

impl Info {
    /// Whether the word has a role.
    pub(crate) fn is(self, role: Role) -> bool {
        self.roles & (1 << role as u32) != 0
    }

    /// Whether the word has no role at all.
    pub(crate) fn roles_empty(self) -> bool {
        self.roles == 0
    }

    fn is_something(self) -> bool {
        self.roles != 0
            || self.month.is_some()
            || self.weekday.is_some()
            || self.unit.is_some()
            || self.season.is_some()
            || self.daypart.is_some()
            || self.day.is_some()
            || self.day_adjective.is_some()
            || self.shift.is_some()
            || self.relative.is_some()
            || self.edge.is_some()
            || self.edge_unit.is_some()
            || self.decade.is_some()
    }
}

/// What a fixed phrase says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Meaning {
    /// A vague time, by its TIMEX3 value.
    Vague(&'static str),
    /// A repeated time, by its TIMEX3 value.
    Set(String),
    /// So many days from the day told last.
    FromToldDay(i32),
    /// A day with a name.
    Holiday(Holiday),
    /// An edge of what follows.
    Edge(Edge),
}

/// A sequence of words with a meaning of its own.
#[derive(Clone, Debug)]
pub(crate) struct Phrase {
    /// Texts of its atoms, lower case, without the first.
    rest: Vec<String>,
    pub(crate) meaning: Meaning,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Calendar {
    months: HashMap<String, Vec<String>>,
    weekdays: HashMap<String, Vec<String>>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    endings: Vec<String>,
    units: HashMap<String, Vec<String>>,
    plural_units: Vec<String>,
    adjectives_of_length: HashMap<String, Vec<String>>,
    seasons: HashMap<String, Vec<String>>,
    dayparts: HashMap<String, Vec<String>>,
    relative_days: HashMap<String, Vec<String>>,
    relative_day_adjectives: HashMap<String, Vec<String>>,
    adjectives: HashMap<String, Vec<String>>,
    relative_units: HashMap<String, Vec<String>>,
    edges: HashMap<String, Vec<String>>,
    edge_units: HashMap<String, Vec<String>>,
    vague: HashMap<String, Vec<String>>,
    sets: HashMap<String, Vec<String>>,
    anaphoric_days: HashMap<String, Vec<String>>,
    holidays: HashMap<String, Vec<String>>,
    words: HashMap<String, Vec<String>>,
    decade_words: HashMap<String, Vec<String>>,
}

/// The words of time of one language.
pub(crate) struct Vocabulary {
    words: HashMap<String, Info>,
    phrases: HashMap<String, Vec<Phrase>>,
    /// Adjectives of length after a number: *tägig* → day.
    pub(crate) lengths: Vec<(String, Unit)>,
}

static GERMAN: LazyLock<Vocabulary> = LazyLock::new(|| {
    Vocabulary::load(
        include_str!("../../../../data/lang/de/calendar.toml"),
        include_str!("../../../../data/lang/de/times.toml"),
        Lang::De,
    )
});
static ENGLISH: LazyLock<Vocabulary> = LazyLock::new(|| {
    Vocabulary::load(
        include_str!("../../../../data/lang/en/calendar.toml"),
        include_str!("../../../../data/lang/en/times.toml"),
        Lang::En,
    )
});

/// The words of time of `lang`.
pub(crate) fn vocabulary(lang: Lang) -> &'static Vocabulary {
    match lang {
        Lang::De => &GERMAN,
        Lang::En => &ENGLISH,
    }
}

impl Vocabulary {
    fn load(calendar: &str, table: &str, lang: Lang) -> Self {
        let calendar: Calendar = toml::from_str(calendar).expect("built-in data is checked by a test");
        let table: Table = toml::from_str(table).expect("built-in data is checked by a test");
        let mut v = Self {
            words: HashMap::new(),
            phrases: HashMap::new(),
            lengths: Vec::new(),
        };
        v.load_calendar(&calendar, lang);
        v.load_words(&table);
        v.load_phrases(&table);
        v
    }

    fn edit(&mut self, word: &str, change: impl FnOnce(&mut Info)) {
        change(self.words.entry(word.to_owned()).or_default());
    }

    fn load_calendar(&mut self, calendar: &Calendar, lang: Lang) {
        for (number, forms) in &calendar.months {
            for (i, form) in forms.iter().enumerate() {
                let month = number.parse().ok();
                self.edit(form, |info| {
                    (info.month, info.short) = (month, i > 0 && form.chars().count() < 5)
                });
                if lang == Lang::De {
                    self.edit(&format!("{form}s"), |info| info.month = info.month.or(month));
                }
            }
        }
        for (number, forms) in &calendar.weekdays {
            // Abbreviated days of the week are words of their own ("so", "sun").
            for form in forms.iter().filter(|f| f.chars().count() >= 6) {
                self.edit(form, |info| info.weekday = number.parse().ok());
                if lang == Lang::De {
                    self.edit(&format!("{form}s"), |info| info.weekday = number.parse().ok());
                }
            }
        }
    }

    fn load_words(&mut self, table: &Table) {
        for (code, forms) in &table.units {
            for form in forms {
                self.edit(form, |info| info.unit = Unit::parse(code));
            }
        }
        for form in &table.plural_units {
            self.edit(form, |info| info.plural = true);
        }
        for (code, forms) in &table.adjectives_of_length {
            self.lengths
                .extend(forms.iter().filter_map(|f| Some((f.clone(), Unit::parse(code)?))));
        }
        for (code, forms) in &table.seasons {
            let season = match code.as_str() {
                "SP" => Season::Spring,
                "SU" => Season::Summer,
                "FA" => Season::Autumn,
                _ => Season::Winter,
            };
            for form in forms {
                self.edit(form, |info| info.season = Some(season));
            }
        }
        self.load_dayparts(table);
        for (days, forms) in &table.relative_days {
            for form in forms {
                self.edit(form, |info| info.day = days.parse().ok());
            }
        }
        for ending in &table.endings {
            for (days, stems) in &table.relative_day_adjectives {
                for stem in stems {
                    self.edit(&(stem.clone() + ending), |info| info.day_adjective = days.parse().ok());
                }
            }
            for (shift, stems) in &table.adjectives {
                let shift = match shift.as_str() {
                    "last" => Shift::Last,
                    "past" => Shift::Past,
                    "next" => Shift::Next,
                    "same" => Shift::Same,
                    "following" => Shift::Following,
                    "previous" => Shift::Previous,
                    _ => Shift::This,
                };
                for stem in stems {
                    self.edit(&(stem.clone() + ending), |info| info.shift = Some(shift));
                }
            }
        }
        for (code, forms) in &table.relative_units {
            let split = code.find(['+', '-']).unwrap_or(code.len());
            let relative = Unit::parse(&code[..split]).zip(code[split..].parse().ok());
            for form in forms {
                self.edit(form, |info| info.relative = relative);
            }
        }
        for (code, forms) in &table.edge_units {
            let edge = code
                .split_once(' ')
                .and_then(|(edge, unit)| Some((edge_of(edge)?, Unit::parse(unit)?)));
            for form in forms {
                self.edit(form, |info| info.edge_unit = edge);
            }
        }
        for (first, forms) in &table.decade_words {
            for form in forms {
                self.edit(form, |info| info.decade = first.parse().ok());
            }
        }
        for (name, forms) in &table.words {
            let Some(role) = role_of(name) else { continue };
            for form in forms {
                self.edit(form, |info| info.roles |= 1 << role as u32);
            }
        }
    }

    /// Parts of the day, alone and after a day of the week (*Freitagabend*).
    fn load_dayparts(&mut self, table: &Table) {
        let days: Vec<(String, i8)> = self
            .words
            .iter()
            .filter_map(|(word, info)| Some((word.clone(), info.weekday?)))
            .collect();
        for (code, forms) in &table.dayparts {
            let part = DayPart(match code.as_str() {
                "MO" => "TMO",
                "MI" => "TMI",
                "AF" => "TAF",
                "EV" => "TEV",
                _ => "TNI",
            });
            for form in forms {
                self.edit(form, |info| info.daypart = Some(part));
                for (day, number) in &days {
                    let compound = day.clone() + form;
                    self.edit(&compound, |info| {
                        (info.weekday, info.daypart) = (Some(*number), Some(part))
                    });
                }
            }
        }
    }

    fn load_phrases(&mut self, table: &Table) {
        for (value, texts) in &table.vague {
            let value = match value.as_str() {
                "PAST_REF" => "PAST_REF",
                "FUTURE_REF" => "FUTURE_REF",
                _ => "PRESENT_REF",
            };
            self.phrases(texts, &Meaning::Vague(value));
        }
        for (value, texts) in &table.sets {
            self.phrases(texts, &Meaning::Set(value.clone()));
        }
        for (days, texts) in &table.anaphoric_days {
            self.phrases(texts, &Meaning::FromToldDay(days.parse().unwrap_or(0)));
        }
        for (code, texts) in &table.holidays {
            let holiday = match code.strip_prefix("easter") {
                Some(days) => Holiday::Easter(days.parse().unwrap_or(0)),
                None => {
                    let (month, day) = code.split_once('-').unwrap_or(("1", "1"));
                    Holiday::Fixed(month.parse().unwrap_or(1), day.parse().unwrap_or(1))
                }
            };
            self.phrases(texts, &Meaning::Holiday(holiday));
        }
        for (code, texts) in &table.edges {
            if let Some(edge) = edge_of(code) {
                for text in texts.iter().filter(|t| !t.contains(' ')) {
                    self.edit(text, |info| info.edge = Some(edge));
                }
                let longer: Vec<String> = texts.iter().filter(|t| t.contains(' ')).cloned().collect();
                self.phrases(&longer, &Meaning::Edge(edge));
            }
        }
    }

    fn phrases(&mut self, texts: &[String], meaning: &Meaning) {
        for text in texts {
            let mut words = atoms(text, Span::at(0, text.len()))
                .into_iter()
                .map(|atom| atom.text.to_lowercase());
            if let Some(first) = words.next() {
                let phrase = Phrase {
                    rest: words.collect(),
                    meaning: meaning.clone(),
                };
                self.phrases.entry(first).or_default().push(phrase);
            }
        }
    }

    /// What is known about a word in lower case.
    pub(crate) fn info(&self, lower: &str) -> Info {
        self.words
            .get(lower)
            .copied()
            .filter(|info| info.is_something())
            .unwrap_or_default()
    }

    /// The longest phrase at the start of `words`, with its number of words.
    pub(crate) fn phrase<'p>(&'p self, words: &[super::atoms::Atom<'_>]) -> Option<(&'p Meaning, usize)> {
        let (first, rest) = words.split_first()?;
        let matches = |phrase: &&Phrase| {
            phrase.rest.len() <= rest.len()
                && phrase
                    .rest
                    .iter()
                    .zip(rest)
                    .all(|(wanted, atom)| *wanted == atom.lower || (atom.lower.is_empty() && wanted == atom.text))
        };
        let found = self
            .phrases
            .get(&first.lower)?
            .iter()
            .filter(matches)
            .max_by_key(|p| p.rest.len())?;
        Some((&found.meaning, found.rest.len() + 1))
    }
}

fn edge_of(code: &str) -> Option<Edge> {
    Some(match code {
        "start" => Edge::Start,
        "mid" => Edge::Mid,
        "end" => Edge::End,
        "earlier" => Edge::Earlier,
        "later" => Edge::Later,
        _ => return None,
    })
}

fn role_of(name: &str) -> Option<Role> {
    Some(match name {
        "since" => Role::Since,
        "until" => Role::Until,
        "ago" => Role::Ago,
        "ago_after" => Role::AgoAfter,
        "within" => Role::Within,
        "after" => Role::After,
        "from" => Role::From,
        "at" => Role::At,
        "hour_at" => Role::HourAt,
        "between" => Role::Between,
        "and" => Role::And,
        "later" => Role::Later,
        "determiners" => Role::Determiner,
        "date_articles" => Role::DateArticle,
        "old" => Role::Old,
        "age" => Role::Age,
        "each" => Role::Each,
        "several" => Role::Several,
        "clock" => Role::Clock,
        "night_to" => Role::NightTo,
        "about" => Role::About,
        "long" => Role::Long,
        "future" => Role::Future,
        "past" => Role::Past,
        "ambiguous" => Role::Ambiguous,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The files load, and every role and edge in them is known.
    #[test]
    fn data_files_are_sound() {
        for (source, lang) in [
            (include_str!("../../../../data/lang/de/times.toml"), Lang::De),
            (include_str!("../../../../data/lang/en/times.toml"), Lang::En),
        ] {
            let table: Table = toml::from_str(source).unwrap();
            assert!(
                table.words.keys().all(|name| role_of(name).is_some()),
                "{:?}",
                table.words.keys()
            );
            assert!(table.units.keys().all(|code| Unit::parse(code).is_some()));
            assert!(table.edges.keys().all(|code| edge_of(code).is_some()));
            assert!(vocabulary(lang).info("april").month == Some(4));
        }
        let german = vocabulary(Lang::De);
        let friday = german.info("freitagabend");
        assert_eq!((friday.weekday, friday.daypart), (Some(5), Some(DayPart("TEV"))));
        assert_eq!(german.info("vergangenen").shift, Some(Shift::Last));
        assert!(german.info("seit").is(Role::Since) && !german.info("haus").is_something());
    }
}
