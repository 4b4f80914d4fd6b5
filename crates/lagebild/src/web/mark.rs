//! Cuts a report into paragraphs and segments, so that overlapping evidence can be shown as flat HTML.
//!
//! HTML elements nest; evidence does not: a claim may hold two events, an event may reach over the end of a
//! quotation, one word may tell two acts. So the text is cut at every start and end of a span, and each segment knows
//! all spans that cover it. The segments of a document, joined, are its text: nothing is lost or shown twice.

use super::view::Words;
use lagebild_core::wire::{Range, Record};

/// What a span is evidence for, from the widest to the most telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    /// Clause or sentence of a record: lit up with it, otherwise unmarked.
    Scope,
    /// What a holder says.
    Said,
    /// The word of saying.
    Cue,
    /// The words that name an agreement.
    Agreement,
    /// The word that tells an act.
    Trigger,
    /// A word that was searched for.
    Hit,
}

/// Why a stretch of text is marked.
struct Span<'a> {
    start: usize,
    end: usize,
    role: Role,
    /// Id of the record: `e1`, `c1`, `a1`; empty for a hit.
    record: &'a str,
    /// Where links from the record arrive, if they arrive here.
    anchor: Option<String>,
    /// CSS class of the kind of evidence.
    class: &'static str,
    /// What a pointer resting on the words shows.
    title: &'a str,
}

/// A stretch of text under the same evidence.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Segment<'a> {
    /// The words.
    pub text: &'a str,
    /// CSS classes; empty for text that is evidence for nothing.
    pub class: String,
    /// Ids of all records that it is evidence for, with a space between.
    pub records: String,
    /// The record that it tells most about: where a click leads.
    pub link: Option<&'a str>,
    /// Type or stance of that record.
    pub title: &'a str,
    /// Targets for links from the records.
    pub anchors: Vec<String>,
}

impl Segment<'_> {
    /// It is evidence for nothing and nobody searched for it.
    pub(super) fn is_plain(&self) -> bool {
        self.class.is_empty() && self.records.is_empty()
    }
}

/// A paragraph of the report.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Paragraph<'a> {
    /// It is the headline.
    pub headline: bool,
    /// Its text, cut where the evidence changes.
    pub segments: Vec<Segment<'a>>,
}

/// The fragment of the URL at which the `n`th mention (from 0) of a record stands in the text.
pub(super) fn anchor(record: &str, n: usize) -> String {
    if n == 0 {
        format!("t-{record}")
    } else {
        format!("t-{record}-{}", n + 1)
    }
}

/// The text of `record` with its evidence and the words `hits` that were searched for.
///
/// Offsets beyond the text, which only a damaged store can hold, mark nothing.
pub(super) fn paragraphs<'a>(record: &'a Record, hits: &[Range]) -> Vec<Paragraph<'a>> {
    let text = record.text.as_str();
    let words = Words::new(text);
    let spans = spans(record, hits, &words);

    let mut opening: Vec<usize> = (0..spans.len()).collect();
    opening.sort_by_key(|&i| spans[i].start);
    let mut bounds: Vec<usize> = spans.iter().flat_map(|s| [s.start, s.end]).collect();
    bounds.sort_unstable();
    bounds.dedup();

    let mut opening = opening.into_iter().peekable();
    let mut bounds = bounds.into_iter().peekable();
    let mut active: Vec<usize> = Vec::new();
    let mut headline_seen = false;
    let mut before = None;
    blocks(text)
        .map(|(from, to)| {
            let mut segments = Vec::new();
            let (mut at, end) = (words.char_at(from), words.char_at(to));
            while at < end {
                // Bounds between two paragraphs cut nothing, but what ends or begins there still counts.
                while bounds.next_if(|&b| b <= at).is_some() {}
                while let Some(i) = opening.next_if(|&i| spans[i].start <= at) {
                    active.push(i);
                }
                active.retain(|&i| spans[i].end > at);
                let next = bounds.peek().copied().unwrap_or(end).min(end);
                let mut segment = segment(words.of(at, next), &spans, &active);
                // Whatever opened since the last segment arrives here, be it in the gap between two paragraphs.
                let opened = active
                    .iter()
                    .map(|&i| &spans[i])
                    .filter(|s| before.is_none_or(|b| s.start > b));
                segment.anchors = opened.filter_map(|s| s.anchor.clone()).collect();
                segments.push(segment);
                before = Some(at);
                at = next;
            }
            let whole = text[from..to].trim();
            let headline = !headline_seen && record.title.as_deref().is_some_and(|title| title.trim() == whole);
            headline_seen |= headline;
            Paragraph { headline, segments }
        })
        .collect()
}

/// Byte ranges of the paragraphs: what stands between empty lines.
fn blocks(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (mut from, mut to) = (None, at);
        while at < text.len() {
            let line = text[at..].find('\n').map_or(text.len(), |n| at + n + 1);
            let empty = text[at..line].trim().is_empty();
            let start = at;
            match (from, empty) {
                (Some(_), true) => break,
                (None, false) => from = Some(start),
                _ => {}
            }
            at = line;
            if !empty {
                to = start + text[start..line].trim_end().len();
            }
        }
        from.map(|from| (from, to))
    })
}

/// The segment `text` under the spans `active`.
fn segment<'a>(text: &'a str, spans: &[Span<'a>], active: &[usize]) -> Segment<'a> {
    let mut covering: Vec<&Span<'a>> = active.iter().map(|&i| &spans[i]).collect();
    // The most telling first; of two alike, the shorter.
    covering.sort_by_key(|s| (std::cmp::Reverse(s.role), s.end - s.start));
    let mut classes: Vec<&str> = Vec::new();
    let mut records: Vec<&str> = Vec::new();
    for span in &covering {
        // A word that tells two acts takes the colour of the first.
        let second = span.role == Role::Trigger
            && covering
                .iter()
                .find(|s| s.role == Role::Trigger)
                .is_some_and(|s| s.record != span.record);
        let class = if second { "m-more" } else { span.class };
        if !class.is_empty() && !classes.contains(&class) {
            classes.push(class);
        }
        if !span.record.is_empty() && !records.contains(&span.record) {
            records.push(span.record);
        }
    }
    let first = covering.iter().find(|s| s.role != Role::Scope && s.role != Role::Hit);
    Segment {
        text,
        class: classes.join(" "),
        records: records.join(" "),
        link: first.map(|s| s.record),
        title: first.map_or("", |s| s.title),
        anchors: Vec::new(),
    }
}

/// All evidence of `record`, and `hits`, that lies within its `words`.
fn spans<'a>(record: &'a Record, hits: &[Range], words: &Words<'_>) -> Vec<Span<'a>> {
    let mut spans = Vec::new();
    for (n, hit) in hits.iter().enumerate() {
        let anchor = Some(format!("hit-{}", n + 1));
        let (record, class, title) = ("", "m-hit", "");
        spans.push(Span {
            start: hit.start,
            end: hit.end,
            role: Role::Hit,
            record,
            anchor,
            class,
            title,
        });
    }
    for event in &record.events {
        for (n, mention) in event.mentions.iter().enumerate() {
            let (id, title) = (event.id.as_str(), event.kind.as_str());
            let (start, end) = (mention.start, mention.end);
            spans.push(Span {
                start,
                end,
                role: Role::Scope,
                record: id,
                anchor: None,
                class: "",
                title,
            });
            let (start, end) = (mention.trigger.start, mention.trigger.end);
            let (anchor, class) = (Some(anchor(id, n)), quad_class(&event.quad));
            spans.push(Span {
                start,
                end,
                role: Role::Trigger,
                record: id,
                anchor,
                class,
                title,
            });
        }
    }
    for claim in &record.claims {
        let (id, title) = (claim.id.as_str(), claim.stance.as_str());
        let span = |start, end, role, class, anchor| Span {
            start,
            end,
            role,
            record: id,
            anchor,
            class,
            title,
        };
        spans.push(span(claim.mention.start, claim.mention.end, Role::Scope, "", None));
        spans.push(span(claim.cue.start, claim.cue.end, Role::Cue, "m-cue", None));
        let class = if claim.quote { "m-said m-quote" } else { "m-said" };
        let said = span(
            claim.content.start,
            claim.content.end,
            Role::Said,
            class,
            Some(anchor(id, 0)),
        );
        spans.push(said);
    }
    for agreement in &record.agreements {
        let (id, title) = (agreement.id.as_str(), agreement.kind.as_str());
        let span = |start, end, role, class, anchor| Span {
            start,
            end,
            role,
            record: id,
            anchor,
            class,
            title,
        };
        for (n, mention) in agreement.mentions.iter().enumerate() {
            let anchor = Some(anchor(id, n));
            // A mention may be a whole sentence; then only the name in it is marked.
            match named(agreement.name.as_deref(), words, mention.start, mention.end) {
                Some((start, end)) => spans.push(span(start, end, Role::Agreement, "m-pact", anchor)),
                None => spans.push(span(mention.start, mention.end, Role::Scope, "", anchor)),
            }
            spans.push(span(mention.start, mention.end, Role::Scope, "", None));
        }
        let steps = agreement.steps.iter().map(|s| s.mention);
        for mention in steps.chain(agreement.obligations.iter().map(|o| o.mention)) {
            spans.push(span(mention.start, mention.end, Role::Scope, "", None));
        }
    }
    spans.retain(|s| s.start < s.end && s.end <= words.len());
    spans
}

/// Where `name` stands in the words from `start` to `end`.
fn named(name: Option<&str>, words: &Words<'_>, start: usize, end: usize) -> Option<(usize, usize)> {
    let name = name.filter(|n| !n.is_empty())?;
    let mention = words.of(start, end);
    let at = start + mention[..mention.find(name)?].chars().count();
    Some((at, at + name.chars().count()))
}

/// CSS class of a quad class.
pub(super) fn quad_class(quad: &str) -> &'static str {
    match quad {
        "verbal-cooperation" => "q-vc",
        "material-cooperation" => "q-mc",
        "verbal-conflict" => "q-vk",
        "material-conflict" => "q-mk",
        _ => "q-none",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lagebild_core::wire::{ClaimRecord, Engine, EventRecord, MentionRecord, PartyRecord, Words as Cue};
    use proptest::prelude::*;

    fn nobody() -> PartyRecord {
        let (text, roles) = (String::new(), Vec::new());
        PartyRecord {
            text,
            start: None,
            end: None,
            name: None,
            id: None,
            country: None,
            org: None,
            roles,
            code: None,
        }
    }

    fn words((start, end): (usize, usize)) -> Cue {
        Cue {
            start,
            end,
            text: String::new(),
        }
    }

    fn event(n: usize, scope: (usize, usize), trigger: (usize, usize)) -> EventRecord {
        EventRecord {
            id: format!("e{n}"),
            kind: "AID".to_owned(),
            mode: None,
            content: None,
            actors: Vec::new(),
            recipients: Vec::new(),
            status: "actual".to_owned(),
            certainty: "asserted".to_owned(),
            date: lagebild_core::wire::DateRecord::default(),
            place: None,
            quantities: Vec::new(),
            context: Vec::new(),
            claim: None,
            quad: "material-cooperation".to_owned(),
            cameo: "070".to_owned(),
            goldstein: None,
            plover_score: 0.0,
            rule: "test".to_owned(),
            mentions: vec![MentionRecord {
                start: scope.0,
                end: scope.1,
                trigger: words(trigger),
            }],
        }
    }

    fn claim(n: usize, content: (usize, usize), cue: (usize, usize)) -> ClaimRecord {
        let content = Range {
            start: content.0,
            end: content.1,
        };
        ClaimRecord {
            id: format!("c{n}"),
            holder: nobody(),
            stance: "state".to_owned(),
            quote: false,
            addressee: None,
            cue: words(cue),
            content,
            mention: content,
            events: Vec::new(),
            rule: "test".to_owned(),
        }
    }

    fn record(text: &str, events: Vec<EventRecord>, claims: Vec<ClaimRecord>) -> Record {
        let engine = Engine {
            version: String::new(),
            lexicon: String::new(),
            model: String::new(),
        };
        Record {
            id: "d".to_owned(),
            title: None,
            published: None,
            lang: "de".to_owned(),
            source: None,
            text: text.to_owned(),
            offsets: "char".to_owned(),
            engine,
            sentences: Vec::new(),
            entities: Vec::new(),
            events,
            claims,
            agreements: Vec::new(),
            times: Vec::new(),
            introductions: Vec::new(),
            notes: Vec::new(),
        }
    }

    #[test]
    fn overlapping_spans_become_flat_segments() {
        //          0123456789
        let text = "Äbcdefghij";
        let record = record(text, vec![event(1, (0, 6), (2, 4))], vec![claim(1, (3, 8), (0, 1))]);
        let paragraphs = paragraphs(&record, &[]);
        let seen: Vec<(&str, &str, &str)> = paragraphs[0]
            .segments
            .iter()
            .map(|s| (s.text, s.records.as_str(), s.class.as_str()))
            .collect();
        assert_eq!(
            seen,
            [
                ("Ä", "c1 e1", "m-cue"),
                ("b", "e1", ""),
                ("c", "e1", "q-mc"),
                ("d", "e1 c1", "q-mc m-said"),
                ("ef", "c1 e1", "m-said"),
                ("gh", "c1", "m-said"),
                ("ij", "", ""),
            ]
        );
        assert_eq!(paragraphs[0].segments[2].anchors, ["t-e1"]);
        assert_eq!(paragraphs[0].segments[3].anchors, ["t-c1"]);
    }

    #[test]
    fn paragraphs_split_at_empty_lines_and_find_the_headline() {
        let mut record = record("\n\nTitel\n \nEins\nzwei  \n\n\n\nDrei", Vec::new(), Vec::new());
        record.title = Some("Titel".to_owned());
        let seen: Vec<(bool, &str)> = paragraphs(&record, &[])
            .iter()
            .map(|p| (p.headline, p.segments[0].text))
            .collect();
        assert_eq!(seen, [(true, "Titel"), (false, "Eins\nzwei"), (false, "Drei")]);
        record.text.clear();
        assert_eq!(paragraphs(&record, &[]), []);
    }

    fn place() -> impl Strategy<Value = (usize, usize)> {
        (0usize..50, 0usize..20).prop_map(|(start, length)| (start, start + length))
    }

    proptest! {
        #[test]
        fn segments_are_the_text_and_know_what_covers_them(
            text in "[aäß€😀 .\n]{0,40}",
            events in prop::collection::vec((place(), place()), 0..6),
            claims in prop::collection::vec((place(), place()), 0..6),
        ) {
            let events = events.into_iter().enumerate().map(|(n, (a, b))| event(n, a, b)).collect();
            let claims = claims.into_iter().enumerate().map(|(n, (a, b))| claim(n, a, b)).collect();
            let record = record(&text, events, claims);
            let all = spans(&record, &[], &super::Words::new(&text));
            let mut after = 0;
            for paragraph in paragraphs(&record, &[]) {
                for segment in &paragraph.segments {
                    let from = segment.text.as_ptr() as usize - record.text.as_ptr() as usize;
                    prop_assert!(from >= after && !segment.text.is_empty());
                    // What is left out between segments is white space between paragraphs.
                    prop_assert!(record.text[after..from].trim().is_empty());
                    after = from + segment.text.len();
                    let (start, end) = (text[..from].chars().count(), text[..after].chars().count());
                    let mut expected: Vec<&str> =
                        all.iter().filter(|s| s.start < end && s.end > start).map(|s| s.record).collect();
                    let mut seen: Vec<&str> = segment.records.split(' ').filter(|r| !r.is_empty()).collect();
                    expected.sort_unstable();
                    expected.dedup();
                    seen.sort_unstable();
                    prop_assert_eq!(seen, expected);
                }
            }
            prop_assert!(record.text[after..].trim().is_empty());
        }
    }
}
