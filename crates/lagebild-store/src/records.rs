//! The records of the JSON contract, put together from their rows.

use crate::learnt;
use crate::packed::{self, Rest};
use lagebild_core::wire::{
    AgreementRecord, ClaimRecord, DateRecord, Engine, EventRecord, MentionRecord, ObligationRecord, PartyRecord,
    PlaceRecord, QuantityRecord, Range, Record, StepRecord, Words,
};
use rusqlite::types::Type;
use rusqlite::{Connection, Row, params};

/// A text by its code points.
pub(crate) struct CodePoints<'a> {
    text: &'a str,
    /// Where each begins, and the end.
    starts: Vec<usize>,
}

impl<'a> CodePoints<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        Self { text, starts }
    }

    /// The words of a stretch; none when it reaches beyond the text.
    pub(crate) fn slice(&self, range: Range) -> &'a str {
        let at = |point: usize| self.starts.get(point).copied();
        at(range.start)
            .zip(at(range.end))
            .and_then(|(from, to)| self.text.get(from..to))
            .unwrap_or_default()
    }
}

/// Records of the store behind the connection.
pub(crate) struct Records<'a>(pub(crate) &'a Connection);

impl Records<'_> {
    /// All that was read out of a report; fails with [`rusqlite::Error::FromSqlConversionFailure`] when its packed part is
    /// damaged.
    pub(crate) fn report(&self, doc: i64) -> rusqlite::Result<Record> {
        let (mut record, rest) = self
            .0
            .prepare_cached(
                "SELECT d.id, d.title, d.published, d.lang, d.source, d.text, g.version, g.lexicon, g.model, r.sentences,
                        r.rest
                   FROM document d JOIN engine g USING (engine) JOIN reading r USING (doc) WHERE d.doc = ?1",
            )?
            .query_row([doc], |row| {
                let rest = Rest::unpack(row.get_ref(10)?.as_blob()?)
                    .map_err(|e| rusqlite::Error::FromSqlConversionFailure(10, Type::Blob, e.into()))?;
                let record = Record {
                    id: row.get(0)?,
                    title: row.get(1)?,
                    published: row.get(2)?,
                    lang: row.get(3)?,
                    source: row.get(4)?,
                    text: row.get(5)?,
                    offsets: "char".to_owned(),
                    engine: Engine {
                        version: row.get(6)?,
                        lexicon: row.get(7)?,
                        model: row.get(8)?,
                    },
                    sentences: packed::unpack_sentences(row.get_ref(9)?.as_blob()?),
                    entities: Vec::new(),
                    events: Vec::new(),
                    claims: Vec::new(),
                    agreements: Vec::new(),
                    times: Vec::new(),
                    introductions: Vec::new(),
                    notes: Vec::new(),
                };
                Ok((record, rest))
            })?;
        let points = CodePoints::new(&record.text);
        let words = |range: Range| Words {
            start: range.start,
            end: range.end,
            text: points.slice(range).to_owned(),
        };
        record.introductions = learnt::of_report(self.0, doc, words)?;
        let (entities, times, notes) = rest.records(words);
        record.entities = entities;
        record.times = times;
        record.notes = notes;
        for event in self.of(doc, "SELECT event FROM event WHERE doc = ?1 ORDER BY event")? {
            record.events.push(self.event(event)?.1);
        }
        for claim in self.of(doc, "SELECT claim FROM claim WHERE doc = ?1 ORDER BY claim")? {
            record.claims.push(self.claim(claim)?.1);
        }
        for agreement in self.of(doc, "SELECT agreement FROM agreement WHERE doc = ?1 ORDER BY agreement")? {
            record.agreements.push(self.agreement(agreement)?.1);
        }
        Ok(record)
    }

    fn of(&self, doc: i64, query: &str) -> rusqlite::Result<Vec<i64>> {
        self.0
            .prepare_cached(query)?
            .query_map([doc], |row| row.get(0))?
            .collect()
    }

    /// The sentences of a report.
    pub(crate) fn sentences(&self, doc: i64) -> rusqlite::Result<Vec<Range>> {
        self.0
            .prepare_cached("SELECT sentences FROM reading WHERE doc = ?1")?
            .query_row([doc], |row| Ok(packed::unpack_sentences(row.get_ref(0)?.as_blob()?)))
    }

    /// The sentence in which code point `at` of a report stands; nothing when it stands in none.
    pub(crate) fn sentence_at(&self, doc: i64, at: usize) -> rusqlite::Result<Option<Words>> {
        let sentences = self.sentences(doc)?;
        let sentence = sentences.into_iter().find(|s| s.start <= at && s.end > at);
        sentence.map(|sentence| self.slice(doc, sentence)).transpose()
    }

    /// The words of a stretch of a report.
    pub(crate) fn slice(&self, doc: i64, range: Range) -> rusqlite::Result<Words> {
        self.0
            .prepare_cached("SELECT ?2, ?3, substr(text, ?2 + 1, ?3 - ?2) FROM document WHERE doc = ?1")?
            .query_row(params![doc, range.start, range.end], words)
    }

    /// An event, and its report.
    pub(crate) fn event(&self, event: i64) -> rusqlite::Result<(i64, EventRecord)> {
        let (doc, mut record) = self
            .0
            .prepare_cached(
                "SELECT doc, id, type, mode, content, status, certainty, date_from, date_to, date_text, date_implicit,
                        place_text, place_name, place_country, place_lat, place_lon, claim, quad, cameo, goldstein,
                        plover_score, rule, context FROM event WHERE event = ?1",
            )?
            .query_row([event], |row| {
                let place: Option<String> = row.get(11)?;
                let event = EventRecord {
                    id: row.get(1)?,
                    kind: row.get(2)?,
                    mode: row.get(3)?,
                    content: row.get(4)?,
                    actors: Vec::new(),
                    recipients: Vec::new(),
                    status: row.get(5)?,
                    certainty: row.get(6)?,
                    date: DateRecord {
                        from: row.get(7)?,
                        to: row.get(8)?,
                        text: row.get(9)?,
                        implicit: row.get(10)?,
                    },
                    place: match place {
                        Some(text) => Some(PlaceRecord {
                            text,
                            name: row.get(12)?,
                            country: row.get(13)?,
                            lat: row.get(14)?,
                            lon: row.get(15)?,
                        }),
                        None => None,
                    },
                    quantities: Vec::new(),
                    context: list(row, 22)?,
                    claim: row.get(16)?,
                    quad: row.get(17)?,
                    cameo: row.get(18)?,
                    goldstein: row.get(19)?,
                    plover_score: row.get(20)?,
                    rule: row.get(21)?,
                    mentions: Vec::new(),
                };
                Ok((row.get::<_, i64>(0)?, event))
            })?;
        for (side, parties) in [("actor", &mut record.actors), ("recipient", &mut record.recipients)] {
            *parties = self
                .0
                .prepare_cached(
                    "SELECT p.text, p.start, p.\"end\", p.name, x.id, p.country, p.org, p.roles, p.code
                       FROM event_party p LEFT JOIN entity x USING (entity) WHERE event = ?1 AND side = ?2 ORDER BY n",
                )?
                .query_map(params![event, side], |row| party(row, 0))?
                .collect::<rusqlite::Result<_>>()?;
        }
        record.quantities = self
            .0
            .prepare_cached(
                "SELECT value, thing, kind, modifier, start, \"end\" FROM event_quantity WHERE event = ?1 ORDER BY n",
            )?
            .query_map([event], |row| {
                Ok(QuantityRecord {
                    value: row.get(0)?,
                    thing: row.get(1)?,
                    kind: row.get(2)?,
                    modifier: row.get(3)?,
                    start: row.get(4)?,
                    end: row.get(5)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?;
        record.mentions = self
            .0
            .prepare_cached(
                "SELECT start, \"end\", trigger_start, trigger_end, trigger_text FROM event_mention
                  WHERE event = ?1 ORDER BY n",
            )?
            .query_map([event], |row| {
                let trigger = Words {
                    start: row.get(2)?,
                    end: row.get(3)?,
                    text: row.get(4)?,
                };
                Ok(MentionRecord {
                    start: row.get(0)?,
                    end: row.get(1)?,
                    trigger,
                })
            })?
            .collect::<rusqlite::Result<_>>()?;
        Ok((doc, record))
    }

    /// A claim, and its report.
    pub(crate) fn claim(&self, claim: i64) -> rusqlite::Result<(i64, ClaimRecord)> {
        let (doc, mut record) = self
            .0
            .prepare_cached(
                "SELECT c.doc, c.id, c.stance, c.quote, c.cue_start, c.cue_end, c.cue_text, c.content_start, c.content_end,
                        c.start, c.\"end\", r.id
                   FROM claim c LEFT JOIN rule r USING (rule) WHERE c.claim = ?1",
            )?
            .query_row([claim], |row| {
                let record = ClaimRecord {
                    id: row.get(1)?,
                    holder: nobody(),
                    stance: row.get(2)?,
                    quote: row.get(3)?,
                    addressee: None,
                    cue: Words { start: row.get(4)?, end: row.get(5)?, text: row.get(6)? },
                    content: Range { start: row.get(7)?, end: row.get(8)? },
                    mention: Range { start: row.get(9)?, end: row.get(10)? },
                    events: Vec::new(),
                    rule: row.get::<_, Option<String>>(11)?.unwrap_or_default(),
                };
                Ok((row.get::<_, i64>(0)?, record))
            })?;
        let mut parties = self.0.prepare_cached(
            "SELECT p.text, p.start, p.\"end\", p.name, x.id, p.country, p.org, p.roles, p.code, p.side
               FROM claim_party p LEFT JOIN entity x USING (entity) WHERE claim = ?1",
        )?;
        for found in parties.query_map([claim], |row| Ok((row.get::<_, String>(9)?, party(row, 0)?)))? {
            match found? {
                (side, party) if side == "holder" => record.holder = party,
                (_, party) => record.addressee = Some(party),
            }
        }
        record.events = self
            .0
            .prepare_cached(
                "SELECT e.id FROM claim_event x JOIN event e USING (event) WHERE x.claim = ?1 ORDER BY e.event",
            )?
            .query_map([claim], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        Ok((doc, record))
    }

    /// An agreement, and its report.
    pub(crate) fn agreement(&self, agreement: i64) -> rusqlite::Result<(i64, AgreementRecord)> {
        let (doc, mut record) = self
            .0
            .prepare_cached("SELECT doc, id, name, canonical, kind FROM agreement WHERE agreement = ?1")?
            .query_row([agreement], |row| {
                let record = AgreementRecord {
                    id: row.get(1)?,
                    name: row.get(2)?,
                    canonical: row.get(3)?,
                    kind: row.get(4)?,
                    parties: Vec::new(),
                    steps: Vec::new(),
                    obligations: Vec::new(),
                    mentions: Vec::new(),
                };
                Ok((row.get::<_, i64>(0)?, record))
            })?;
        record.parties = self
            .0
            .prepare_cached("SELECT party FROM agreement_party WHERE agreement = ?1 ORDER BY n")?
            .query_map([agreement], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        record.steps = self
            .0
            .prepare_cached(
                "SELECT step, \"by\", date_from, date_to, date_text, date_implicit, place, start, \"end\"
                   FROM agreement_step WHERE agreement = ?1 ORDER BY n",
            )?
            .query_map([agreement], |row| {
                Ok(StepRecord {
                    step: row.get(0)?,
                    by: list(row, 1)?,
                    date: DateRecord {
                        from: row.get(2)?,
                        to: row.get(3)?,
                        text: row.get(4)?,
                        implicit: row.get(5)?,
                    },
                    place: row.get(6)?,
                    mention: Range {
                        start: row.get(7)?,
                        end: row.get(8)?,
                    },
                })
            })?
            .collect::<rusqlite::Result<_>>()?;
        record.obligations = self
            .0
            .prepare_cached(
                "SELECT kind, who, condition, start, \"end\" FROM agreement_obligation WHERE agreement = ?1 ORDER BY n",
            )?
            .query_map([agreement], |row| {
                Ok(ObligationRecord {
                    kind: row.get(0)?,
                    who: list(row, 1)?,
                    condition: row.get(2)?,
                    mention: Range {
                        start: row.get(3)?,
                        end: row.get(4)?,
                    },
                })
            })?
            .collect::<rusqlite::Result<_>>()?;
        record.mentions = self
            .0
            .prepare_cached("SELECT start, \"end\" FROM agreement_mention WHERE agreement = ?1 ORDER BY n")?
            .query_map([agreement], |row| {
                Ok(Range {
                    start: row.get(0)?,
                    end: row.get(1)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?;
        Ok((doc, record))
    }
}

fn words(row: &Row<'_>) -> rusqlite::Result<Words> {
    Ok(Words {
        start: row.get(0)?,
        end: row.get(1)?,
        text: row.get(2)?,
    })
}

/// A space-separated column.
fn list(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<String>> {
    let value = row
        .get_ref(column)?
        .as_str()?
        .split_ascii_whitespace()
        .map(str::to_owned)
        .collect();
    Ok(value)
}

/// A party in nine columns from `first` on.
pub(crate) fn party(row: &Row<'_>, first: usize) -> rusqlite::Result<PartyRecord> {
    Ok(PartyRecord {
        text: row.get(first)?,
        start: row.get(first + 1)?,
        end: row.get(first + 2)?,
        name: row.get(first + 3)?,
        id: row.get(first + 4)?,
        country: row.get(first + 5)?,
        org: row.get(first + 6)?,
        roles: list(row, first + 7)?,
        code: row.get(first + 8)?,
    })
}

/// A holder who is not told.
fn nobody() -> PartyRecord {
    PartyRecord {
        text: String::new(),
        start: None,
        end: None,
        name: None,
        id: None,
        country: None,
        org: None,
        roles: Vec::new(),
        code: None,
    }
}
