//! The schema: which columns the rows of lists have, and the tables below them.
//!
//! The lists of the program (`--format csv`, `.csv` in the browser) have these very columns.

use crate::codes;
use crate::table::{Row, Table, table};
use lagebild_core::wire::{
    DateRecord, EventRecord, MentionRecord, ObligationRecord, PartyRecord, QuantityRecord, StepRecord,
};
use lagebild_picture::accord::{Numbers, Told};
use lagebild_picture::claims::Record;
use lagebild_store::{
    ActorRow, AgreementRow, ClaimRow, ClusterRow, DeliveryRow, DocumentRow, EventRow, FamilyRow, FeedRow, Hit,
    OpinionRow, SavedSearch, StoryRow,
};

/// The tables of an export, in the order of their use.
pub const SCHEMA: &[Table] = &[
    DocumentRow::TABLE,
    TextRow::TABLE,
    EventRow::TABLE,
    PartyRow::TABLE,
    MentionRow::TABLE,
    QuantityRow::TABLE,
    ClaimRow::TABLE,
    ClaimEvent::TABLE,
    AgreementRow::TABLE,
    StepRow::TABLE,
    ObligationRow::TABLE,
];

/// Days at the precision that they were told with: a whole month as `2024-06`, a whole year as `2024`.
#[must_use]
pub fn days(date: &DateRecord) -> Option<String> {
    let whole = |from: &str, to: &str| {
        let first: lagebild_core::Date = from.parse().ok()?;
        let last: lagebild_core::Date = to.parse().ok()?;
        let precision = if first.day_of_year() == 1 && last == first.last_of_year() {
            4
        } else if first.day() == 1 && last == first.last_of_month() {
            7
        } else {
            return None;
        };
        from.get(..precision).map(str::to_owned)
    };
    match (date.from.as_deref(), date.to.as_deref()) {
        (Some(from), Some(to)) if from == to => Some(from.to_owned()),
        (Some(from), Some(to)) => Some(whole(from, to).unwrap_or_else(|| format!("{from} – {to}"))),
        (Some(from), None) => Some(format!("{from} –")),
        (None, Some(to)) => Some(format!("– {to}")),
        (None, None) => date.text.clone(),
    }
}

/// The steps of an agreement: `signed 2024-06; ratified`.
#[must_use]
pub fn steps(row: &AgreementRow) -> String {
    let step = |s: &StepRecord| match days(&s.date) {
        Some(date) => format!("{} {date}", s.step),
        None => s.step.clone(),
    };
    joined(row.agreement.steps.iter().map(step))
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join("; ")
}

/// One field of parties, separated by semicolons.
fn each(parties: &[PartyRecord], field: impl Fn(&PartyRecord) -> Option<&String>) -> String {
    joined(parties.iter().map(|p| field(p).cloned().unwrap_or_default()))
}

fn name(party: &PartyRecord) -> Option<&String> {
    party.name.as_ref().or(Some(&party.text))
}

/// `at-least 12 Tote`.
fn amount(quantity: &QuantityRecord) -> String {
    let amount = format!("{} {}", quantity.value, quantity.thing);
    match quantity.modifier.as_str() {
        "exact" => amount,
        modifier => format!("{modifier} {amount}"),
    }
}

table!(DocumentRow as "documents", "A report.", refers [], |d| {
    "id" Text "document id" = &d.document.id;
    "published" Date "day of publication" = d.document.published.as_ref();
    "lang" Text "language: de or en" = &d.document.lang;
    "source" Text "where it comes from: publisher, file name or URL" = d.document.source.as_ref();
    "url" Text "where it can be fetched" = d.document.url.as_ref();
    "title" Text "headline" = d.document.title.as_ref();
    "events" Integer "number of events read out of it" = d.events;
    "claims" Integer "number of claims" = d.claims;
    "agreements" Integer "number of agreements" = d.agreements;
    "revision" Integer "1, and one more for each change of its text" = d.revision;
    "added_at" Time "when it was first added" = &d.added_at;
    "changed_at" Time "when its text or reading last changed" = &d.changed_at;
});

/// The text of a report.
#[derive(Clone, Copy, Debug)]
pub struct TextRow<'a> {
    /// Document id.
    pub document: &'a str,
    /// The text.
    pub text: &'a str,
}

table!(TextRow<'_> as "texts", "The text of a report, which all offsets point into.", refers ["document" => "documents"."id"], |t| {
    "document" Text "document id" = t.document;
    "text" Text "the text" = t.text;
});

table!(EventRow as "events", "An event as one report tells it.", refers ["document" => "documents"."id"], |row| {
    "key" Text "names the event: document id, #, id within the document" = &row.key;
    "document" Text "document id" = &row.document.id;
    "published" Date "day of publication of the report" = row.document.published.as_ref();
    "source" Text "source of the report" = row.document.source.as_ref();
    "type" Text "PLOVER type" = &row.event.kind;
    "mode" Text "PLOVER mode" = row.event.mode.as_ref();
    "content" Text "type of the act promised, asked, refused or threatened" = row.event.content.as_ref();
    "actors" Text "names of those who act, separated by semicolons; a mutual act has all its parties here"
        = each(&row.event.actors, name);
    "actor_ids" Text "their entity ids, in the same order" = each(&row.event.actors, |p| p.id.as_ref());
    "actor_codes" Text "their CAMEO-style codes" = each(&row.event.actors, |p| p.code.as_ref());
    "recipients" Text "names of those acted upon" = each(&row.event.recipients, name);
    "recipient_ids" Text "their entity ids" = each(&row.event.recipients, |p| p.id.as_ref());
    "recipient_codes" Text "their CAMEO-style codes" = each(&row.event.recipients, |p| p.code.as_ref());
    "status" Text "actual, planned, possible or negated" = &row.event.status;
    "certainty" Text "confirmed, asserted, alleged or disputed" = &row.event.certainty;
    "date_from" Date "first day" = row.event.date.from.as_ref();
    "date_to" Date "last day" = row.event.date.to.as_ref();
    "date_text" Text "the time expression" = row.event.date.text.as_ref();
    "date_implicit" Boolean "the days are that of publication because the text tells none" = row.event.date.implicit;
    "place" Text "the place" = row.event.place.as_ref().map(|p| &p.name);
    "place_country" Text "its state, ISO 3166-1 alpha-3" = row.event.place.as_ref().and_then(|p| p.country.as_ref());
    "lat" Number "degrees north, WGS 84" = row.event.place.as_ref().and_then(|p| p.lat);
    "lon" Number "degrees east, WGS 84" = row.event.place.as_ref().and_then(|p| p.lon);
    "quantities" Text "amounts, separated by semicolons" = joined(row.event.quantities.iter().map(amount));
    "context" Text "PLOVER contexts, separated by spaces" = row.event.context.join(" ");
    "claim" Text "id of the claim that tells it, within the document" = row.event.claim.as_ref();
    "holder" Text "who says so, as written" = row.said_by.as_ref().map(|s| &s.holder.text);
    "quad" Text "PLOVER quad class" = &row.event.quad;
    "cameo" Text "CAMEO code" = &row.event.cameo;
    "goldstein" Number "Goldstein value, -10 to 10" = row.event.goldstein;
    "plover_score" Number "PLOVER score, -10 to 10" = row.event.plover_score;
    "rule" Text "lexicon entry that found it" = &row.event.rule;
    "sentence" Text "the sentence that tells it first" = &row.sentence.text;
});

/// A party of an event.
#[derive(Clone, Copy, Debug)]
pub struct PartyRow<'a> {
    event: &'a str,
    side: &'static str,
    n: usize,
    party: &'a PartyRecord,
}

impl<'a> PartyRow<'a> {
    /// The parties of an event: actors, then recipients.
    pub fn of(row: &'a EventRow) -> impl Iterator<Item = Self> {
        let side = |side, parties: &'a [PartyRecord]| {
            parties.iter().enumerate().map(move |(n, party)| Self {
                event: &row.key,
                side,
                n,
                party,
            })
        };
        side("actor", &row.event.actors).chain(side("recipient", &row.event.recipients))
    }
}

table!(PartyRow<'_> as "parties", "Who takes part in an event.", refers ["event" => "events"."key"], |p| {
    "event" Text "key of the event" = p.event;
    "side" Text "actor or recipient" = p.side;
    "n" Integer "order on that side, from 0" = p.n;
    "entity" Text "entity id: country:PRK, org:UN, person:…" = p.party.id.as_ref();
    "name" Text "canonical name" = p.party.name.as_ref();
    "country" Text "state acted for, ISO 3166-1 alpha-3" = p.party.country.as_ref();
    "cow" Integer "its number in the Correlates of War list"
        = p.party.country.as_deref().and_then(codes::country).and_then(|c| c.cow.parse::<u32>().ok());
    "org" Text "organisation key" = p.party.org.as_ref();
    "roles" Text "PLOVER sectors, separated by spaces" = p.party.roles.join(" ");
    "code" Text "CAMEO-style code: PRKMIL" = p.party.code.as_ref();
    "text" Text "as written" = &p.party.text;
    "start" Integer "first code point" = p.party.start;
    "end" Integer "one past the last" = p.party.end;
});

/// A place where an event is told.
#[derive(Clone, Copy, Debug)]
pub struct MentionRow<'a> {
    event: &'a str,
    n: usize,
    mention: &'a MentionRecord,
}

impl<'a> MentionRow<'a> {
    /// The mentions of an event.
    pub fn of(row: &'a EventRow) -> impl Iterator<Item = Self> {
        row.event.mentions.iter().enumerate().map(|(n, mention)| Self {
            event: &row.key,
            n,
            mention,
        })
    }
}

table!(MentionRow<'_> as "mentions", "Where an event is told.", refers ["event" => "events"."key"], |m| {
    "event" Text "key of the event" = m.event;
    "n" Integer "order, from 0" = m.n;
    "start" Integer "first code point of the clause or sentence" = m.mention.start;
    "end" Integer "one past the last" = m.mention.end;
    "trigger_start" Integer "first code point of the word that tells the act" = m.mention.trigger.start;
    "trigger_end" Integer "one past the last" = m.mention.trigger.end;
    "trigger" Text "that word" = &m.mention.trigger.text;
});

/// An amount of an event.
#[derive(Clone, Copy, Debug)]
pub struct QuantityRow<'a> {
    event: &'a str,
    n: usize,
    quantity: &'a QuantityRecord,
}

impl<'a> QuantityRow<'a> {
    /// The amounts of an event.
    pub fn of(row: &'a EventRow) -> impl Iterator<Item = Self> {
        row.event.quantities.iter().enumerate().map(|(n, quantity)| Self {
            event: &row.key,
            n,
            quantity,
        })
    }
}

table!(QuantityRow<'_> as "quantities", "An amount told of an event.", refers ["event" => "events"."key"], |q| {
    "event" Text "key of the event" = q.event;
    "n" Integer "order, from 0" = q.n;
    "value" Number "the number" = q.quantity.value;
    "thing" Text "what is counted, or a currency code" = &q.quantity.thing;
    "kind" Text "count, dead, injured, arrested, money or percent" = &q.quantity.kind;
    "modifier" Text "exact, about, at-least or up-to" = &q.quantity.modifier;
    "start" Integer "first code point" = q.quantity.start;
    "end" Integer "one past the last" = q.quantity.end;
});

table!(ClaimRow as "claims", "Somebody says something.", refers ["document" => "documents"."id"], |row| {
    "key" Text "names the claim: document id, #, id within the document" = &row.key;
    "document" Text "document id" = &row.document.id;
    "published" Date "day of publication of the report" = row.document.published.as_ref();
    "source" Text "source of the report" = row.document.source.as_ref();
    "holder" Text "who says it, as written" = &row.claim.holder.text;
    "holder_name" Text "canonical name" = row.claim.holder.name.as_ref();
    "holder_id" Text "entity id" = row.claim.holder.id.as_ref();
    "holder_code" Text "CAMEO-style code" = row.claim.holder.code.as_ref();
    "stance" Text "state, confirm, deny, accuse, … (codebook, 3)" = &row.claim.stance;
    "quote" Boolean "whether it is a quotation" = row.claim.quote;
    "addressee" Text "to whom, as written" = row.claim.addressee.as_ref().map(|a| &a.text);
    "addressee_id" Text "entity id" = row.claim.addressee.as_ref().and_then(|a| a.id.as_ref());
    "cue" Text "the word of saying" = &row.claim.cue.text;
    "said" Text "the words said" = &row.said;
    "events" Text "ids of the events told in it, within the document" = row.claim.events.join(" ");
    "rule" Text "lexicon entry that found it" = Some(&row.claim.rule).filter(|rule| !rule.is_empty());
    "sentence" Text "the sentence" = &row.sentence.text;
});

/// An event told in a claim.
#[derive(Clone, Debug)]
pub struct ClaimEvent<'a> {
    claim: &'a str,
    event: String,
}

impl<'a> ClaimEvent<'a> {
    /// The events of a claim.
    pub fn of(row: &'a ClaimRow) -> impl Iterator<Item = Self> {
        row.claim.events.iter().map(|event| Self {
            claim: &row.key,
            event: format!("{}#{event}", row.document.id),
        })
    }
}

table!(ClaimEvent<'_> as "claim_events", "An event told in a claim.", refers ["claim" => "claims"."key"], |x| {
    "claim" Text "key of the claim" = x.claim;
    "event" Text "key of the event, which a filter may have left out of the events" = &x.event;
});

table!(AgreementRow as "agreements", "An agreement as one report tells of it.", refers ["document" => "documents"."id"], |row| {
    "key" Text "names it: document id, #, id within the document" = &row.key;
    "document" Text "document id" = &row.document.id;
    "published" Date "day of publication of the report" = row.document.published.as_ref();
    "source" Text "source of the report" = row.document.source.as_ref();
    "name" Text "as written" = row.agreement.name.as_ref();
    "canonical" Text "id in the treaty tables" = row.agreement.canonical.as_ref();
    "kind" Text "defence, peace, … (codebook, 4)" = &row.agreement.kind;
    "parties" Text "ISO 3166-1 alpha-3 or organisation keys, separated by spaces" = row.agreement.parties.join(" ");
    "steps" Text "steps with their days, separated by semicolons" = steps(row);
    "obligations" Text "kinds of duties, separated by semicolons"
        = joined(row.agreement.obligations.iter().map(|o| o.kind.clone()));
    "sentence" Text "the sentence that mentions it first" = row.sentence.as_ref().map(|s| &s.text);
});

/// A step of an agreement.
#[derive(Clone, Copy, Debug)]
pub struct StepRow<'a> {
    agreement: &'a str,
    n: usize,
    step: &'a StepRecord,
}

impl<'a> StepRow<'a> {
    /// The steps of an agreement.
    pub fn of(row: &'a AgreementRow) -> impl Iterator<Item = Self> {
        row.agreement.steps.iter().enumerate().map(|(n, step)| Self {
            agreement: &row.key,
            n,
            step,
        })
    }
}

table!(StepRow<'_> as "steps", "A step of an agreement.", refers ["agreement" => "agreements"."key"], |s| {
    "agreement" Text "key of the agreement" = s.agreement;
    "n" Integer "order, from 0" = s.n;
    "step" Text "negotiated, signed, ratified, in-force, …" = &s.step.step;
    "by" Text "parties that took it, separated by spaces" = s.step.by.join(" ");
    "date_from" Date "first day" = s.step.date.from.as_ref();
    "date_to" Date "last day" = s.step.date.to.as_ref();
    "date_text" Text "the time expression" = s.step.date.text.as_ref();
    "date_implicit" Boolean "the days are that of publication" = s.step.date.implicit;
    "place" Text "where, as written" = s.step.place.as_ref();
    "start" Integer "first code point of the sentence" = s.step.mention.start;
    "end" Integer "one past the last" = s.step.mention.end;
});

/// A duty of an agreement.
#[derive(Clone, Copy, Debug)]
pub struct ObligationRow<'a> {
    agreement: &'a str,
    n: usize,
    obligation: &'a ObligationRecord,
}

impl<'a> ObligationRow<'a> {
    /// The duties of an agreement.
    pub fn of(row: &'a AgreementRow) -> impl Iterator<Item = Self> {
        row.agreement
            .obligations
            .iter()
            .enumerate()
            .map(|(n, obligation)| Self {
                agreement: &row.key,
                n,
                obligation,
            })
    }
}

table!(ObligationRow<'_> as "obligations", "A duty of an agreement.", refers ["agreement" => "agreements"."key"], |o| {
    "agreement" Text "key of the agreement" = o.agreement;
    "n" Integer "order, from 0" = o.n;
    "kind" Text "mutual-assistance, consultation, …" = &o.obligation.kind;
    "who" Text "parties obliged, separated by spaces; empty for all" = o.obligation.who.join(" ");
    "condition" Text "as written" = o.obligation.condition.as_ref();
    "start" Integer "first code point of the sentence" = o.obligation.mention.start;
    "end" Integer "one past the last" = o.obligation.mention.end;
});

table!(ActorRow as "actors", "Who takes part in events.", refers [], |a| {
    "id" Text "entity id" = &a.id;
    "name" Text "canonical name" = &a.name;
    "kind" Text "country, organisation, person, group or place" = &a.kind;
    "country" Text "ISO 3166-1 alpha-3" = a.country.as_ref();
    "org" Text "organisation key" = a.org.as_ref();
    "acts" Integer "events in which it acts" = a.acts;
    "receives" Integer "events in which it is acted upon" = a.receives;
    "documents" Integer "reports that these stand in" = a.documents;
    "first" Date "the earliest day of these events" = a.first.as_ref();
    "last" Date "the latest day" = a.last.as_ref();
});

table!(Hit as "hits", "A report found by a search.", refers ["id" => "documents"."id"], |h| {
    "id" Text "document id" = &h.document.id;
    "published" Date "day of publication" = h.document.published.as_ref();
    "source" Text "where it comes from" = h.document.source.as_ref();
    "title" Text "headline" = h.document.title.as_ref();
    "score" Number "relevance: higher is better" = (h.score * 1000.0).round() / 1000.0;
    "start" Integer "first code point of the text" = h.snippet.start;
    "text" Text "the sentence that answers best" = &h.snippet.text;
});

table!(FeedRow as "feeds", "A feed that is watched.", refers [], |f| {
    "url" Text "as in the list of feeds" = &f.url;
    "location" Text "where it moved to for good" = f.location.as_ref();
    "title" Text "its title" = f.title.as_ref();
    "watched" Boolean "whether the last run watched it" = f.watched;
    "next_poll" Time "when it is due" = &f.next_poll;
    "polled_at" Time "when it was last asked" = f.polled_at.as_ref();
    "read_at" Time "when it last answered as it should" = f.read_at.as_ref();
    "failures" Integer "failures in a row" = f.failures;
    "reason" Text "of the last failure" = f.reason.as_ref();
    "items" Integer "items seen" = f.items;
    "waiting" Integer "items still to be read" = f.waiting;
});

table!(SavedSearch as "searches", "A saved search.", refers [], |s| {
    "name" Text "its name" = &s.name;
    "list" Text "what it finds: documents or events" = &s.list;
    "filter" Text "what it looks for: filters, separated by semicolons" = joined(s.filter.iter().map(|(key, value)| format!("{key}={value}")));
    "created_at" Time "when it was saved" = &s.created_at;
    "looked_at" Time "when the store was last gone through for it" = &s.looked_at;
    "hits" Integer "hits so far" = s.hits;
    "new" Integer "those that were never shown" = s.new;
    "hook" Text "server that new hits are sent to" = s.hook.as_ref();
    "waiting" Integer "deliveries that have not arrived" = s.waiting;
    "reason" Text "why the last attempt to deliver failed" = s.reason.as_ref();
});

table!(DeliveryRow as "deliveries", "What was sent to a webhook, or is to be sent.", refers ["search" => "searches"."name"], |d| {
    "search" Text "name of the search" = &d.search;
    "id" Text "names it for the receiver, the same at each attempt" = &d.id;
    "hits" Integer "hits in it" = d.hits;
    "made_at" Time "when they were found" = &d.made_at;
    "attempts" Integer "attempts so far" = d.attempts;
    "due" Time "when the next attempt is due" = d.due.as_ref();
    "done_at" Time "when it arrived" = d.done_at.as_ref();
    "reason" Text "why the last attempt failed" = d.reason.as_ref();
});

/// Values with the keys of the events that tell them: `alleged: d1#e2; confirmed: d2#e1`.
fn told(told: &[Told]) -> String {
    joined(told.iter().map(|t| format!("{}: {}", t.value, t.events.join(" "))))
}

/// Numbers, each with those who tell it where they differ: `3000 Soldaten (Kirby) / 10000 Mann (NIS)`. `modifier` says in words what
/// is not exact (`at-least`).
#[must_use]
pub fn numbers(numbers: &[Numbers], modifier: impl Fn(&str) -> String) -> String {
    joined(numbers.iter().map(|group| {
        let each = group.values.iter().map(|n| {
            let modifier = match n.modifier.as_str() {
                "exact" => String::new(),
                other => format!("{} ", modifier(other)),
            };
            let by = if group.agreed {
                String::new()
            } else {
                format!(" ({})", n.by.join(", "))
            };
            format!("{modifier}{} {}{by}", n.value, n.thing)
        });
        each.collect::<Vec<_>>().join(" / ")
    }))
}

fn spaced<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    parts.collect::<Vec<_>>().join(" ")
}

table!(ClusterRow as "clusters", "An act with all reports that tell it.", refers ["key" => "events"."key", "earliest" => "documents"."id"], |c| {
    "key" Text "names the act: key of the event that tells it first" = &c.key;
    "type" Text "PLOVER type" = &c.kind;
    "mode" Text "PLOVER mode" = c.mode.as_ref();
    "content" Text "type of the act promised, asked, refused or threatened" = c.content.as_ref();
    "actors" Text "names of those who act, separated by semicolons" = each(&c.actors, name);
    "actor_codes" Text "their CAMEO-style codes" = each(&c.actors, |p| p.code.as_ref());
    "recipients" Text "names of those acted upon" = each(&c.recipients, name);
    "recipient_codes" Text "their CAMEO-style codes" = each(&c.recipients, |p| p.code.as_ref());
    "date_from" Date "first day" = c.date.from.as_ref();
    "date_to" Date "last day" = c.date.to.as_ref();
    "place" Text "the place" = c.place.as_ref().map(|p| &p.name);
    "place_country" Text "its state, ISO 3166-1 alpha-3" = c.place.as_ref().and_then(|p| p.country.as_ref());
    "lat" Number "degrees north, WGS 84" = c.place.as_ref().and_then(|p| p.lat);
    "lon" Number "degrees east, WGS 84" = c.place.as_ref().and_then(|p| p.lon);
    "quad" Text "PLOVER quad class" = &c.quad;
    "cameo" Text "CAMEO code" = &c.cameo;
    "reports" Integer "reports that tell it" = c.accord.reports;
    "sources" Integer "groups of them that neither copy one another nor share a publisher" = c.accord.sources;
    "earliest" Text "id of the earliest report" = &c.earliest.id;
    "published" Date "its day of publication" = c.earliest.published.as_ref();
    "last" Date "day of the latest report" = c.last.as_ref();
    "status" Text "each status with the keys of the events that tell it so" = told(&c.accord.status);
    "certainty" Text "each certainty likewise" = told(&c.accord.certainty);
    "numbers" Text "numbers told, with those who tell them where they differ" = numbers(&c.accord.numbers, str::to_owned);
    "events" Text "keys of the events that tell it, separated by spaces" = spaced(c.tellings.iter().map(|t| t.key.as_str()));
    "sentence" Text "the sentence that tells it first" = c.tellings.first().map(|t| &t.sentence.text);
});

table!(FamilyRow as "copies", "Reports that copy one another.", refers ["earliest" => "documents"."id"], |f| {
    "earliest" Text "id of the one published first" = &f.earliest.id;
    "published" Date "its day of publication" = f.earliest.published.as_ref();
    "source" Text "its source" = f.earliest.source.as_ref();
    "title" Text "its headline" = f.earliest.title.as_ref();
    "reports" Integer "number of reports" = f.copies.len();
    "copies" Text "their ids, separated by spaces" = spaced(f.copies.iter().map(|c| c.document.id.as_str()));
    "sources" Text "their sources, separated by semicolons"
        = joined(f.copies.iter().map(|c| c.document.source.clone().unwrap_or_default()));
});

table!(StoryRow as "stories", "Reports on one development.", refers ["key" => "documents"."id"], |s| {
    "key" Text "names the story: id of the report that began it" = &s.key;
    "title" Text "headline of the report that is most like all others" = s.title.as_ref();
    "actors" Text "who takes part in most of its reports, separated by semicolons" = s.actors.join("; ");
    "first" Date "day of the first report" = s.first.as_ref();
    "last" Date "day of the latest" = s.last.as_ref();
    "reports" Integer "number of reports" = s.reports.len();
    "sources" Integer "groups of them that neither copy one another nor share a publisher" = s.sources;
    "documents" Text "their ids, separated by spaces" = spaced(s.reports.iter().map(|r| r.document.id.as_str()));
});

table!(OpinionRow as "opinions", "What somebody says about an act.", refers ["act" => "events"."key", "key" => "claims"."key"], |o| {
    "position" Text "says, confirms, denies or doubts" = o.position.as_str();
    "act" Text "the act: key of the event that tells it first" = &o.act;
    "key" Text "key of the claim" = &o.claim.key;
    "document" Text "document id" = &o.claim.document.id;
    "published" Date "day of publication of the report" = o.claim.document.published.as_ref();
    "source" Text "source of the report" = o.claim.document.source.as_ref();
    "holder" Text "who says it" = name(&o.claim.claim.holder);
    "holder_id" Text "entity id" = o.claim.claim.holder.id.as_ref();
    "holder_code" Text "CAMEO-style code" = o.claim.claim.holder.code.as_ref();
    "stance" Text "state, confirm, deny, accuse, … (codebook, 3)" = &o.claim.claim.stance;
    "said" Text "the words said" = &o.claim.said;
    "sentence" Text "the sentence" = &o.claim.sentence.text;
});

table!(Record as "speakers", "The record of a speaker: who agrees, who denies.", refers [], |r| {
    "speaker" Text "entity id, else the words" = &r.speaker;
    "name" Text "name" = &r.name;
    "side" Text "state or organisation spoken for" = r.side.as_ref();
    "claims" Integer "claims" = r.claims;
    "stances" Text "claims by stance, separated by semicolons" = joined(r.stances.iter().map(|(stance, n)| format!("{stance} {n}")));
    "told" Integer "acts told or confirmed" = r.told;
    "shared" Integer "of these, others say so too" = r.shared;
    "confirmed" Integer "of these, confirmed by another speaker" = r.confirmed;
    "denied" Integer "of these, denied by another speaker" = r.denied;
    "alone" Integer "of these, nobody else speaks of it" = r.alone;
    "denials" Integer "acts denied" = r.denials;
    "contradicted" Integer "of these, told or confirmed by another speaker" = r.contradicted;
    "first" Date "day of the first claim" = r.first.as_ref();
    "last" Date "day of the last" = r.last.as_ref();
});

/// Who does it to whom, for people; `?` for a doer who is not told.
pub(crate) fn who_whom(event: &EventRecord) -> String {
    let names = |parties: &[PartyRecord]| parties.iter().map(party_name).collect::<Vec<_>>().join(", ");
    match (names(&event.actors), names(&event.recipients)) {
        (actors, recipients) if actors.is_empty() => format!("? → {recipients}"),
        (actors, recipients) if recipients.is_empty() => actors,
        (actors, recipients) => format!("{actors} → {recipients}"),
    }
}

/// The name by which a party is known, or its words.
pub(crate) fn party_name(party: &PartyRecord) -> &str {
    party.name.as_deref().unwrap_or(&party.text)
}

/// Ordered pairs of parties of an event: actor and recipient; each with each other in a mutual act; an actor alone.
pub(crate) fn dyads(event: &EventRecord) -> Vec<(Option<&PartyRecord>, Option<&PartyRecord>)> {
    let (actors, recipients) = (&event.actors, &event.recipients);
    match (actors.len(), recipients.len()) {
        (0, _) => recipients.iter().map(|r| (None, Some(r))).collect(),
        (1, 0) => vec![(actors.first(), None)],
        (_, 0) => {
            let others = |i: usize| actors.iter().enumerate().filter(move |(j, _)| *j != i).map(|(_, b)| b);
            let pairs = actors.iter().enumerate();
            pairs
                .flat_map(|(i, a)| others(i).map(move |b| (Some(a), Some(b))))
                .collect()
        }
        _ => actors
            .iter()
            .flat_map(|a| recipients.iter().map(move |r| (Some(a), Some(r))))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn days_keep_the_precision_told() {
        let date = |from: Option<&str>, to: Option<&str>| {
            let own = |d: Option<&str>| d.map(str::to_owned);
            days(&DateRecord {
                from: own(from),
                to: own(to),
                text: Some("kürzlich".to_owned()),
                implicit: false,
            })
            .unwrap()
        };
        assert_eq!(date(Some("2024-10-24"), Some("2024-10-24")), "2024-10-24");
        assert_eq!(date(Some("2024-06-01"), Some("2024-06-30")), "2024-06");
        assert_eq!(date(Some("2024-01-01"), Some("2024-12-31")), "2024");
        assert_eq!(date(Some("2024-06-03"), Some("2024-06-09")), "2024-06-03 – 2024-06-09");
        assert_eq!(date(Some("2014-01-01"), None), "2014-01-01 –");
        assert_eq!(date(None, None), "kürzlich");
    }

    #[test]
    fn the_schema_is_consistent() {
        for table in SCHEMA {
            let names: BTreeSet<&str> = table.columns.iter().map(|c| c.name).collect();
            assert_eq!(names.len(), table.columns.len(), "{}: a column twice", table.name);
            for (from, to, column) in table.refers {
                assert!(names.contains(from), "{}.{from}", table.name);
                let target = SCHEMA.iter().find(|t| t.name == *to).unwrap();
                assert!(target.columns.iter().any(|c| c.name == *column), "{to}.{column}");
            }
        }
    }
}
