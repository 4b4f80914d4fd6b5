//! brat standoff: a `.txt` and an `.ann` for each report, and the `annotation.conf` that names the labels.

use crate::CodePoints;
use crate::markup::Markup;
use lagebild_core::codebook::{Certainty, EventType, Mode, Stance, Status};
use lagebild_core::wire::{Range, Record};
use std::fmt::Write as _;

/// The two files of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brat {
    /// The text, with the same code points as the record's; carriage returns are spaces, because brat drops them.
    pub txt: String,
    /// The annotations.
    pub ann: String,
}

impl Brat {
    /// The files of `record`.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        let txt = record.text.replace('\r', " ");
        let text = CodePoints::new(&txt);
        let markup = Markup::of(record, &text);
        let mut ann = String::new();
        // Writing to a string cannot fail.
        for (n, mark) in markup.marks.iter().enumerate() {
            let pieces = lines(&text, mark.range);
            let places: Vec<String> = pieces.iter().map(|p| format!("{} {}", p.start, p.end)).collect();
            let words: Vec<&str> = pieces.iter().map(|p| text.of(p.start, p.end)).collect();
            let _ = writeln!(
                ann,
                "T{}\t{} {}\t{}",
                n + 1,
                mark.label,
                places.join(";"),
                words.join(" ")
            );
        }
        let (mut attributes, mut e) = (0, 0);
        // The event of a trigger, so that a claim can point to it.
        let mut events: Vec<Option<usize>> = vec![None; markup.marks.len()];
        for told in &markup.told {
            e += 1;
            events[told.mark].get_or_insert(e);
        }
        for (i, told) in markup.told.iter().enumerate() {
            let mut line = format!("E{}\t{}:T{}", i + 1, markup.marks[told.mark].label, told.mark + 1);
            let mut seen: Vec<(&str, usize)> = Vec::new();
            for (role, mark) in &told.arguments {
                // Roles that occur more than once are numbered from the second on.
                let before = seen.iter().filter(|(r, _)| r == role).count();
                let number = if before == 0 {
                    String::new()
                } else {
                    (before + 1).to_string()
                };
                match events[*mark] {
                    Some(event) if event != i + 1 => {
                        let _ = write!(line, " {role}{number}:E{event}");
                    }
                    _ => {
                        let _ = write!(line, " {role}{number}:T{}", mark + 1);
                    }
                }
                seen.push((*role, *mark));
            }
            let _ = writeln!(ann, "{line}");
            for (name, value) in &told.attributes {
                attributes += 1;
                let _ = match (*name, value.as_str()) {
                    // A flag: there or not.
                    ("Quote", "true") => writeln!(ann, "A{attributes}\tQuote E{}", i + 1),
                    ("Quote", _) => Ok(()),
                    _ => writeln!(ann, "A{attributes}\t{name} E{} {value}", i + 1),
                };
            }
        }
        Self { txt, ann }
    }
}

/// A range cut at the ends of lines, which brat wants as pieces of one annotation. Never empty for a range that holds a
/// character beside line ends.
fn lines(text: &CodePoints<'_>, range: Range) -> Vec<Range> {
    let (mut pieces, mut start) = (Vec::new(), range.start);
    for (i, c) in text.of(range.start, range.end).chars().enumerate() {
        if c == '\n' {
            let end = range.start + i;
            if start < end {
                pieces.push(Range { start, end });
            }
            start = end + 1;
        }
    }
    if start < range.end {
        pieces.push(Range { start, end: range.end });
    }
    pieces
}

/// The configuration that brat needs beside the files: the labels and what they take.
#[must_use]
pub fn annotation_conf() -> String {
    let mut conf = String::from(
        "[entities]\nCountry\nOrganisation\nPerson\nGroup\nPlace\nParty\nTime\nQuantity\nSaid\nAgreement\n\n\
         [relations]\n\n[events]\n",
    );
    let party = "Country|Organisation|Person|Group|Place|Party";
    for kind in EventType::ALL {
        let _ = writeln!(conf, "{kind}\tActor*:{party}, Recipient*:{party}, Quantity*:Quantity");
    }
    let _ = writeln!(
        conf,
        "Claim\tHolder?:{party}, Addressee?:{party}, Content?:Said, Tells*:<EVENT>\n\n[attributes]"
    );
    let values = |all: Vec<&str>| all.join("|");
    for (name, on, all) in [
        (
            "Status",
            "<EVENT>",
            values(Status::ALL.iter().map(|v| v.as_str()).collect()),
        ),
        (
            "Certainty",
            "<EVENT>",
            values(Certainty::ALL.iter().map(|v| v.as_str()).collect()),
        ),
        (
            "Mode",
            "<EVENT>",
            values(Mode::ALL.iter().map(|v| v.as_str()).collect()),
        ),
        (
            "About",
            "<EVENT>",
            values(EventType::ALL.iter().map(|v| v.as_str()).collect()),
        ),
        (
            "Stance",
            "Claim",
            values(Stance::ALL.iter().map(|v| v.as_str()).collect()),
        ),
    ] {
        let _ = writeln!(conf, "{name}\tArg:{on}, Value:{all}");
    }
    conf.push_str("Quote\tArg:Claim\n");
    conf
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_cut_at_line_ends() {
        let text = CodePoints::new("äb\n\ncd\n");
        let pieces: Vec<(usize, usize)> = lines(&text, Range { start: 1, end: 7 })
            .iter()
            .map(|r| (r.start, r.end))
            .collect();
        assert_eq!(pieces, [(1, 2), (4, 6)]);
    }
}
