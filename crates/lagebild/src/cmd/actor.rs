//! `lagebild actor`: what is known of an actor, since when, from where, and what the store has seen of it.

use crate::End;
use crate::cli::{Actor, Overlays, TextOrJson};
use crate::pipeline::Pipeline;
use crate::term::{self, Flow, Screen, Style};
use lagebild_core::codebook::Sector;
use lagebild_core::{Date, Lang};
use lagebild_lexicon::knowledge::{Country, Knowledge, Membership, Name, Organisation, Person, Place, Seat, Term};
use lagebild_store::{ActorRow, Filter, Reader};
use serde::Serialize;
use std::io::Write as _;

/// Rows shown of what the store has seen.
const SEEN: usize = 8;

/// What is known of one actor.
#[derive(Debug, Default, Serialize)]
struct Known {
    /// Entity id of records.
    id: String,
    /// `country`, `organisation`, `person`, `place`.
    kind: &'static str,
    name: String,
    /// How the name asked for is connected with it, when it is not simply its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    codes: Vec<Code>,
    /// Other names and forms by which texts name it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    names: Vec<String>,
    /// PLOVER sectors, on the day asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sectors: Vec<String>,
    /// The state or organisation that it acts for.
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    capital: Option<String>,
    /// Offices that it holds or held.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    offices: Vec<Office>,
    /// Who holds or held its leading offices.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    leaders: Vec<Office>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    memberships: Vec<Tie>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    members: Vec<Tie>,
    /// Where the row comes from: `data/knowledge/README.md` tells the sources.
    #[serde(skip_serializing_if = "str::is_empty")]
    source: &'static str,
    /// What the store has seen, when one was named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    seen: Vec<ActorRow>,
}

#[derive(Debug, Serialize)]
struct Code {
    scheme: &'static str,
    code: String,
}

#[derive(Debug, Serialize)]
struct Office {
    office: String,
    /// Holder.
    person: String,
    /// State or organisation.
    of: Option<&'static str>,
    from: Option<String>,
    to: Option<String>,
    /// The last day that the source vouches for, when no end is known.
    as_of: Option<String>,
    source: &'static str,
}

#[derive(Debug, Serialize)]
struct Tie {
    /// The organisation, or the member.
    with: &'static str,
    status: &'static str,
    from: Option<String>,
    to: Option<String>,
    as_of: Option<String>,
    source: &'static str,
}

pub(super) fn run(args: &Actor, screen: Screen) -> anyhow::Result<End> {
    let overlays = Overlays {
        lexicon: None,
        knowledge: args.knowledge.clone(),
    };
    let pipeline = Pipeline::with(&overlays)?;
    let tables = Tables {
        knowledge: pipeline.knowledge(),
        on: args.on,
    };
    let mut known = tables.look_up(&args.name);
    let mut unknown = Vec::new();
    if let Some(store) = &args.store {
        let seen = Reader::open(store, Pipeline::compounds())?
            .actors(&Filter::default())?
            .rows;
        for one in &mut known {
            let key = one.id.split_once(':').map_or("", |(_, key)| key);
            let own = |row: &&ActorRow| {
                row.id == one.id
                    || one.kind == "country" && row.country.as_deref() == Some(key)
                    || one.kind == "organisation" && row.org.as_deref() == Some(key)
            };
            one.seen = seen.iter().filter(own).cloned().collect();
        }
        // Names that no table knows are known from reports only.
        let asked = args.name.to_lowercase();
        let named = |row: &&ActorRow| row.id == args.name || row.name.to_lowercase() == asked;
        let told = |row: &&ActorRow| known.iter().all(|one| one.seen.iter().all(|s| s.id != row.id));
        unknown = seen.iter().filter(named).filter(told).cloned().collect();
    }
    known.extend(unknown.into_iter().map(|row| Known {
        id: row.id.clone(),
        kind: "known from reports only",
        name: row.name.clone(),
        parent: row.org.clone().or(row.country.clone()),
        seen: vec![row],
        ..Known::default()
    }));
    if known.is_empty() {
        term::note(format!("nobody called {} is known", args.name));
        return Ok(End::Nothing);
    }
    let mut out = std::io::stdout().lock();
    match args.format {
        TextOrJson::Json => {
            serde_json::to_writer_pretty(&mut out, &known)?;
            writeln!(out)?;
        }
        TextOrJson::Text => {
            let shown: Vec<String> = known.iter().map(|k| k.show(screen, args.on)).collect();
            write!(out, "{}", shown.join("\n"))?;
        }
    }
    Ok(End::Fine)
}

/// The tables, asked about a day.
struct Tables {
    knowledge: &'static Knowledge,
    on: Option<Date>,
}

impl Tables {
    /// Everybody whom a name, code or id may mean, the likeliest kinds first.
    fn look_up(&self, name: &str) -> Vec<Known> {
        let knowledge = self.knowledge;
        let bare = name.split_once(':').map_or(name, |(_, rest)| rest);
        let mut found: Vec<Known> = Vec::new();
        let mut add = |known: Known| {
            if found.iter().all(|f| f.id != known.id) {
                found.push(known);
            }
        };
        let code = bare.to_uppercase();
        let countries = knowledge.countries.iter();
        countries
            .filter(|c| c.key == code || c.iso2 == code && name.len() == 2)
            .for_each(|c| add(self.country(c, None)));
        let organisations = knowledge.organisations.iter();
        organisations
            .filter(|o| o.id == bare)
            .for_each(|o| add(self.organisation(o)));
        let persons = knowledge.persons.iter();
        persons.filter(|p| p.id == bare).for_each(|p| add(self.person(p)));
        for meaning in [Lang::De, Lang::En]
            .into_iter()
            .flat_map(|lang| knowledge.named(lang, name))
        {
            match meaning {
                Name::Country(ix) => add(self.country(&knowledge.countries[ix.ix()], None)),
                Name::Adjective(ix) => {
                    add(self.country(&knowledge.countries[ix.ix()], Some(format!("{name}: adjective"))));
                }
                Name::Demonym(ix) => {
                    add(self.country(&knowledge.countries[ix.ix()], Some(format!("{name}: its people"))));
                }
                Name::Seat(ix) => self.seat(&knowledge.seats[ix.ix()]).into_iter().for_each(&mut add),
                Name::Organisation(ix) => add(self.organisation(&knowledge.organisations[ix.ix()])),
                Name::Person(ix) => add(self.person(&knowledge.persons[ix.ix()])),
                Name::Place(ix) | Name::TownAdjective(ix) | Name::RegionAdjective(ix) | Name::RegionDemonym(ix) => {
                    add(place(&knowledge.places[ix.ix()]));
                }
            }
        }
        let surnames = knowledge.surname(name).iter();
        surnames.for_each(|ix| add(self.person(&knowledge.persons[ix.ix()])));
        found
    }

    fn country(&self, country: &Country, by: Option<String>) -> Known {
        let code = |scheme, code: &str| Code {
            scheme,
            code: code.to_owned(),
        };
        let codes = [
            code("ISO 3166-1 alpha-3, PLOVER", country.key),
            code("ISO 3166-1 alpha-2", country.iso2),
            code("CAMEO", country.cameo),
            code("Correlates of War", country.cow),
        ];
        let official = [country.official_de, country.official_en];
        let forms = self.knowledge.forms(country.key).map(|(_, _, form)| *form);
        let mut names: Vec<String> = Vec::new();
        for form in [country.name_de, country.name_en]
            .into_iter()
            .chain(official)
            .chain(forms)
        {
            if !form.is_empty() && !names.iter().any(|n| n == form) {
                names.push(form.to_owned());
            }
        }
        Known {
            id: format!("country:{}", country.key),
            kind: "country",
            name: country.name_en.to_owned(),
            by,
            codes: codes.into_iter().filter(|c| !c.code.is_empty()).collect(),
            names,
            sectors: vec![Sector::Gov.to_string()],
            capital: country
                .capital
                .map(|ix| self.knowledge.places[ix.ix()].name_en.to_owned()),
            leaders: self.leaders(country.key),
            memberships: self.memberships(country.key),
            source: country.source,
            ..Known::default()
        }
    }

    fn organisation(&self, of: &Organisation) -> Known {
        let key = of.key.unwrap_or(of.id);
        let mut names: Vec<String> = vec![of.name_de.to_owned()];
        names.extend(of.aliases.iter().map(|a| (*a).to_owned()));
        names.dedup();
        let code = of.key.map(|key| Code {
            scheme: "key in records",
            code: key.to_owned(),
        });
        let parent = match (of.key, of.country) {
            (Some(key), _) if key != of.id => Some(format!("org:{key}")),
            (_, country) => country.map(|c| format!("country:{c}")),
        };
        let members = self.knowledge.members(of.id).iter();
        Known {
            id: format!("org:{}", if of.key == Some(of.id) { key } else { of.id }),
            kind: "organisation",
            name: of.name_en.to_owned(),
            codes: code.into_iter().collect(),
            names,
            sectors: of.sectors_on(self.on).iter().map(ToString::to_string).collect(),
            parent,
            leaders: self.leaders(key),
            memberships: self.memberships(of.id),
            members: members.filter(|m| self.holds(m)).map(|m| tie(m.member, m)).collect(),
            source: of.source,
            ..Known::default()
        }
    }

    fn person(&self, person: &Person) -> Known {
        let terms = person.terms.iter();
        let offices = terms.filter(|t| self.on.is_none_or(|day| t.holds_on(day)));
        let nearest = person.nearest(self.on);
        Known {
            id: format!("person:{}", person.id),
            kind: "person",
            name: person.name.to_owned(),
            names: person.aliases.iter().map(|a| (*a).to_owned()).collect(),
            sectors: nearest
                .map(|t| t.sectors.iter().map(ToString::to_string).collect())
                .unwrap_or_default(),
            parent: nearest.and_then(|t| {
                let org = t.org.map(|o| format!("org:{o}"));
                org.or(t.country.map(|c| format!("country:{c}")))
            }),
            offices: offices.map(|t| office(person, t)).collect(),
            ..Known::default()
        }
    }

    fn seat(&self, seat: &Seat) -> Option<Known> {
        let by = Some(format!("{}: seat of its power", seat.name));
        match (seat.org, seat.country) {
            (Some(org), _) => {
                let of = self.knowledge.organisations.iter().find(|o| o.id == org)?;
                Some(Known {
                    by,
                    ..self.organisation(of)
                })
            }
            (None, Some(country)) => Some(self.country(self.knowledge.country(country)?, by)),
            (None, None) => None,
        }
    }

    /// The heads and leading ministers of a state or organisation: those of the day, else those whose end is not known.
    fn leaders(&self, key: &str) -> Vec<Office> {
        let holds = |t: &&Term| {
            [t.country, t.org].contains(&Some(key))
                && t.leading
                && self.on.map_or(t.to.is_none(), |day| t.holds_on(day))
        };
        let persons = self.knowledge.persons.iter();
        let mut found: Vec<Office> = persons
            .flat_map(|p| p.terms.iter().filter(holds).map(|t| office(p, t)))
            .collect();
        found.sort_by(|a, b| (&b.from, &a.office, &a.person).cmp(&(&a.from, &b.office, &b.person)));
        found.dedup_by(|a, b| a.office == b.office && a.person == b.person);
        found
    }

    fn memberships(&self, member: &str) -> Vec<Tie> {
        let ties = self.knowledge.memberships(member);
        let mut found: Vec<Tie> = ties
            .filter(|(_, m)| self.holds(m))
            .map(|(org, m)| tie(org, m))
            .collect();
        found.sort_by_key(|t| t.with);
        found
    }

    fn holds(&self, tie: &Membership) -> bool {
        self.on
            .is_none_or(|day| tie.from.is_none_or(|f| f <= day) && tie.to.is_none_or(|t| day <= t))
    }
}

fn office(person: &Person, term: &Term) -> Office {
    let name = if term.office_en.is_empty() {
        term.office_de
    } else {
        term.office_en
    };
    Office {
        office: name.to_owned(),
        person: person.name.to_owned(),
        of: term.org.or(term.country),
        from: term.from.map(|d| d.to_string()),
        to: term.to.map(|d| d.to_string()),
        as_of: term.as_of.filter(|_| term.to.is_none()).map(|d| d.to_string()),
        source: term.source,
    }
}

fn tie(with: &'static str, of: &Membership) -> Tie {
    Tie {
        with,
        status: of.status,
        from: of.from.map(|d| d.to_string()),
        to: of.to.map(|d| d.to_string()),
        as_of: of.as_of.filter(|_| of.to.is_none()).map(|d| d.to_string()),
        source: of.source,
    }
}

fn place(place: &Place) -> Known {
    Known {
        id: format!("place:{}", place.name_en),
        kind: "place",
        name: place.name_en.to_owned(),
        names: vec![place.name_de.to_owned()],
        parent: place.country.map(|c| format!("country:{c}")),
        ..Known::default()
    }
}

/// *2012-05-07 to 2018-05-07*, *since 2012-05-07 (vouched for until 2026-01-31)*.
fn days(from: Option<&str>, to: Option<&str>, as_of: Option<&str>) -> String {
    match (from, to, as_of) {
        (Some(from), Some(to), _) => format!("{from} to {to}"),
        (None, Some(to), _) => format!("until {to}"),
        (Some(from), None, Some(as_of)) => format!("since {from}, vouched for until {as_of}"),
        (Some(from), None, None) => format!("since {from}"),
        (None, None, Some(as_of)) => format!("vouched for until {as_of}"),
        (None, None, None) => String::new(),
    }
}

impl Known {
    fn show(&self, screen: Screen, on: Option<Date>) -> String {
        let mut out = String::new();
        let mut head = Flow::new();
        head.push(Style::Strong, &self.name)
            .push(Style::Plain, &format!("  {}", self.id));
        head.push(Style::Dim, &format!("  {}", self.kind));
        if let Some(by) = &self.by {
            head.push(Style::Dim, &format!("  ({by})"));
        }
        head.write(&mut out, screen, "", "");
        let mut field = |name: &str, value: &str| {
            if !value.is_empty() {
                let mut flow = Flow::new();
                flow.push(Style::Plain, value);
                let label = screen.paint(Style::Dim, &format!("{name:<12}")).into_owned();
                flow.write(&mut out, screen, &format!("  {label}"), &" ".repeat(14));
            }
        };
        let codes: Vec<String> = self
            .codes
            .iter()
            .map(|c| format!("{} ({})", c.code, c.scheme))
            .collect();
        field("codes", &codes.join(", "));
        field("names", &self.names.join(", "));
        field("sectors", &self.sectors.join(", "));
        field("acts for", self.parent.as_deref().unwrap_or_default());
        field("capital", self.capital.as_deref().unwrap_or_default());
        let term = |o: &Office| days(o.from.as_deref(), o.to.as_deref(), o.as_of.as_deref());
        for (n, o) in self.offices.iter().enumerate() {
            let name = if n == 0 { "offices" } else { "" };
            field(
                name,
                &format!("{} ({}), {}  [{}]", o.office, o.of.unwrap_or("-"), term(o), o.source),
            );
        }
        if self.offices.is_empty() && self.kind == "person" {
            field(
                "offices",
                &on.map_or("none".to_owned(), |day| {
                    format!("none that the tables vouch for on {day}")
                }),
            );
        }
        for (n, o) in self.leaders.iter().enumerate() {
            let name = if n == 0 { "led by" } else { "" };
            field(
                name,
                &format!("{}, {}, {}  [{}]", o.person, o.office, term(o), o.source),
            );
        }
        let ties = |ties: &[Tie]| {
            let told = ties.iter().map(|t| {
                let status = if t.status == "member" {
                    String::new()
                } else {
                    format!("{}, ", t.status)
                };
                let days = days(t.from.as_deref(), t.to.as_deref(), None);
                match format!("{status}{days}").trim_end_matches(", ") {
                    "" => t.with.to_owned(),
                    told => format!("{} ({told})", t.with),
                }
            });
            told.collect::<Vec<_>>().join(", ")
        };
        field("member of", &ties(&self.memberships));
        field("members", &ties(&self.members));
        field("source", self.source);
        for (n, row) in self.seen.iter().take(SEEN).enumerate() {
            let name = if n == 0 { "in the store" } else { "" };
            let days = days(row.first.as_deref(), row.last.as_deref(), None);
            let told = format!(
                "{} ({}): acts {}, acted upon {}, in {} reports, {days}",
                row.name, row.id, row.acts, row.receives, row.documents
            );
            field(name, &told);
        }
        if self.seen.len() > SEEN {
            field("", &format!("and {} more: lagebild actors", self.seen.len() - SEEN));
        }
        out
    }
}
