//! What the reports of one act agree and disagree on: whether it is real, how sure that is, the numbers, and who says so.

use crate::cluster::Amount;
use crate::near::independent;
use serde::Serialize;

/// An act as one report tells of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Telling {
    /// Names the event in the store.
    pub key: String,
    /// Id of the report.
    pub report: String,
    /// The family of copies that the report belongs to.
    pub family: i64,
    /// Publisher of the report.
    pub source: Option<String>,
    /// Who tells it within the report; nothing when the report does in its own voice.
    pub holder: Option<String>,
    /// `actual`, `planned`, `possible`, `negated`.
    pub status: String,
    /// `confirmed`, `asserted`, `alleged`, `disputed`.
    pub certainty: String,
    /// Amounts told.
    pub amounts: Vec<Amount>,
}

/// A value and those who tell it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    /// The value.
    pub value: String,
    /// Who says so, each once: the holder of the claim, else the publisher, else the report's id.
    pub by: Vec<String>,
    /// Keys of the events that tell it.
    pub events: Vec<String>,
}

/// A number and those who tell it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Number {
    /// The number.
    pub value: f64,
    /// `exact`, `about`, `at-least`, `up-to`.
    pub modifier: String,
    /// What is counted, as first written.
    pub thing: String,
    /// Who says so.
    pub by: Vec<String>,
    /// Keys of the events that tell it.
    pub events: Vec<String>,
}

/// Numbers of one kind that reports give for the act.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Numbers {
    /// `count`, `dead`, `injured`, `arrested`, `money`, `percent`.
    pub kind: String,
    /// Whether all tell the same number.
    pub agreed: bool,
    /// The lowest.
    pub low: f64,
    /// The highest.
    pub high: f64,
    /// Each number with those who tell it, ascending.
    pub values: Vec<Number>,
}

/// What the tellings of one act have in common and what not.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Accord {
    /// Reports that tell it.
    pub reports: usize,
    /// Groups of reports that neither copy one another nor share a publisher.
    pub sources: usize,
    /// Status: one value where all agree.
    pub status: Vec<Told>,
    /// Certainty likewise.
    pub certainty: Vec<Told>,
    /// Numbers by kind; of `count` and `money` by what is counted.
    pub numbers: Vec<Numbers>,
}

impl Telling {
    fn voice(&self) -> &str {
        self.holder
            .as_deref()
            .or(self.source.as_deref())
            .unwrap_or(&self.report)
    }
}

fn note(list: &mut Vec<String>, entry: &str) {
    if !list.iter().any(|known| known == entry) {
        list.push(entry.to_owned());
    }
}

fn told<'a>(tellings: &'a [Telling], value: impl Fn(&'a Telling) -> &'a str) -> Vec<Told> {
    let mut all: Vec<Told> = Vec::new();
    for telling in tellings {
        let value = value(telling);
        let at = all.iter().position(|t| t.value == value).unwrap_or_else(|| {
            all.push(Told {
                value: value.to_owned(),
                by: Vec::new(),
                events: Vec::new(),
            });
            all.len() - 1
        });
        note(&mut all[at].by, telling.voice());
        note(&mut all[at].events, &telling.key);
    }
    all
}

/// Sums up the tellings of one act, which come earliest first. `class` gives one name to things that are the same
/// (*Soldaten*, *soldiers*); what it does not know is itself.
#[must_use]
pub fn accord(tellings: &[Telling], class: impl Fn(&str) -> Option<String>) -> Accord {
    let mut reports: Vec<(&str, i64, Option<&str>)> = Vec::new();
    for t in tellings {
        if !reports.iter().any(|r| r.0 == t.report) {
            reports.push((&t.report, t.family, t.source.as_deref()));
        }
    }
    let origins: Vec<(i64, Option<&str>)> = reports.iter().map(|r| (r.1, r.2)).collect();
    let mut numbers: Vec<(String, Numbers)> = Vec::new();
    for telling in tellings {
        for amount in &telling.amounts {
            let thing = match amount.kind.as_str() {
                "count" => class(&amount.thing).unwrap_or_else(|| amount.thing.to_lowercase()),
                "money" => amount.thing.clone(),
                _ => String::new(),
            };
            let group = format!("{}\t{thing}", amount.kind);
            let at = numbers.iter().position(|n| n.0 == group).unwrap_or_else(|| {
                let none = Numbers {
                    kind: amount.kind.clone(),
                    agreed: true,
                    low: amount.value,
                    high: amount.value,
                    values: Vec::new(),
                };
                numbers.push((group, none));
                numbers.len() - 1
            });
            let values = &mut numbers[at].1.values;
            let same = |n: &Number| n.value == amount.value && n.modifier == amount.modifier;
            let at = values.iter().position(same).unwrap_or_else(|| {
                values.push(Number {
                    value: amount.value,
                    modifier: amount.modifier.clone(),
                    thing: amount.thing.clone(),
                    by: Vec::new(),
                    events: Vec::new(),
                });
                values.len() - 1
            });
            note(&mut values[at].by, telling.voice());
            note(&mut values[at].events, &telling.key);
        }
    }
    let mut numbers: Vec<Numbers> = numbers.into_iter().map(|n| n.1).collect();
    for group in &mut numbers {
        group
            .values
            .sort_by(|a, b| a.value.total_cmp(&b.value).then_with(|| a.modifier.cmp(&b.modifier)));
        let values = group.values.iter().map(|n| n.value);
        group.low = values.clone().fold(f64::INFINITY, f64::min);
        group.high = values.fold(f64::NEG_INFINITY, f64::max);
        group.agreed = group.low == group.high;
    }
    Accord {
        reports: reports.len(),
        sources: independent(&origins).len(),
        status: told(tellings, |t| &t.status),
        certainty: told(tellings, |t| &t.certainty),
        numbers,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn telling(report: &str, source: &str, holder: Option<&str>, certainty: &str, soldiers: &[(f64, &str)]) -> Telling {
        let amount = |&(value, thing): &(f64, &str)| Amount {
            value,
            thing: thing.to_owned(),
            kind: "count".to_owned(),
            modifier: "about".to_owned(),
        };
        Telling {
            key: format!("{report}#e1"),
            report: report.to_owned(),
            family: i64::from(report.as_bytes()[0]),
            source: Some(source.to_owned()),
            holder: holder.map(str::to_owned),
            status: "actual".to_owned(),
            certainty: certainty.to_owned(),
            amounts: soldiers.iter().map(amount).collect(),
        }
    }

    #[test]
    fn both_numbers_stand_with_those_who_tell_them() {
        let tellings = [
            telling("a", "Zeitung", Some("Weißes Haus"), "alleged", &[(3000.0, "Soldaten")]),
            telling("b", "Paper", Some("NIS"), "alleged", &[(10_000.0, "soldiers")]),
            telling("c", "Blatt", None, "confirmed", &[(3000.0, "Mann"), (5.0, "Schiffe")]),
        ];
        let soldiers = |thing: &str| {
            ["Soldaten", "soldiers", "Mann"]
                .contains(&thing)
                .then(|| "MIL".to_owned())
        };
        let accord = accord(&tellings, soldiers);
        assert_eq!((accord.reports, accord.sources), (3, 3));
        let men = &accord.numbers[0];
        assert_eq!((men.agreed, men.low, men.high), (false, 3000.0, 10_000.0));
        assert_eq!(men.values[0].by, ["Weißes Haus", "Blatt"]);
        assert_eq!(men.values[1].by, ["NIS"]);
        assert_eq!(accord.numbers.len(), 2, "ships are no soldiers");
        assert!(accord.numbers[1].agreed);
        assert_eq!(accord.status.len(), 1, "all agree that it happened");
        assert_eq!(
            accord
                .certainty
                .iter()
                .map(|c| (c.value.as_str(), c.events.len()))
                .collect::<Vec<_>>(),
            [("alleged", 2), ("confirmed", 1)]
        );
    }

    #[test]
    fn one_publisher_is_one_source() {
        let tellings = [
            telling("a", "Zeitung", None, "asserted", &[]),
            telling("b", "Zeitung", None, "asserted", &[]),
        ];
        let accord = accord(&tellings, |_| None);
        assert_eq!((accord.reports, accord.sources), (2, 1));
    }
}
