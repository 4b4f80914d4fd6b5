//! What the tables of the program know of an actor, on a day.

use crate::learnt::LearntName;
use crate::web::Ui;
use lagebild_core::codebook::Sector;
use lagebild_core::{Date, Lang};
use lagebild_lexicon::knowledge::{Country, Knowledge, Membership, Name, Organisation, Person, Place, Seat, Term};
use lagebild_store::ActorRow;
use serde::Serialize;

/// What is known of one actor.
#[derive(Debug, Default, Serialize, utoipa::ToSchema)]
pub(crate) struct Known {
    /// Entity id of records.
    pub(crate) id: String,
    /// `country`, `organisation`, `person`, `place`.
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    /// How the name asked for is connected with it, when it is not simply its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) by: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) codes: Vec<Code>,
    /// Other names and forms by which texts name it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) names: Vec<String>,
    /// PLOVER sectors, on the day asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) sectors: Vec<String>,
    /// The state or organisation that it acts for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) parent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) capital: Option<String>,
    /// Offices that it holds or held.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) offices: Vec<Office>,
    /// Who holds or held its leading offices.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) leaders: Vec<Office>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) memberships: Vec<Tie>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) members: Vec<Tie>,
    /// Where the row comes from: `data/knowledge/README.md` tells the sources.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(crate) source: &'static str,
    /// What reports of the store taught of the person; where the tables know him, these are followed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) learnt: Vec<LearntName>,
    /// What the store has seen, when one was named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) seen: Vec<ActorRow>,
}

/// A code of a state or organisation.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Code {
    pub(crate) scheme: &'static str,
    pub(crate) code: String,
}

/// An office and who holds it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Office {
    pub(crate) office: String,
    /// Holder.
    pub(crate) person: String,
    /// Entity id of the holder.
    pub(crate) person_id: String,
    /// State or organisation.
    pub(crate) of: Option<&'static str>,
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    /// The last day that the source vouches for, when no end is known.
    pub(crate) as_of: Option<String>,
    pub(crate) source: &'static str,
}

/// A membership.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Tie {
    /// The organisation, or the member.
    pub(crate) with: &'static str,
    pub(crate) status: &'static str,
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    pub(crate) as_of: Option<String>,
    pub(crate) source: &'static str,
}

/// The tables, asked about a day.
pub(crate) struct Tables {
    /// The tables.
    pub(crate) knowledge: &'static Knowledge,
    /// The day; without one, all that ever was.
    pub(crate) on: Option<Date>,
    /// Language of names.
    pub(crate) ui: Ui,
}

impl Tables {
    /// Everybody whom a name, code or id may mean, the likeliest kinds first.
    pub(crate) fn look_up(&self, name: &str) -> Vec<Known> {
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
                    add(self.place(&knowledge.places[ix.ix()]));
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
            name: self.said([country.name_de, country.name_en]),
            by,
            codes: codes.into_iter().filter(|c| !c.code.is_empty()).collect(),
            names,
            sectors: vec![Sector::Gov.to_string()],
            capital: country
                .capital
                .map(|ix| &self.knowledge.places[ix.ix()])
                .map(|p| self.said([p.name_de, p.name_en])),
            leaders: self.leaders(country.key),
            memberships: self.memberships(country.key),
            source: country.source,
            ..Known::default()
        }
    }

    fn organisation(&self, of: &Organisation) -> Known {
        let key = of.key.unwrap_or(of.id);
        let mut names: Vec<String> = vec![match self.ui {
            Ui::De => of.name_en.to_owned(),
            Ui::En => of.name_de.to_owned(),
        }];
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
            name: self.said([of.name_de, of.name_en]),
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
            offices: offices.map(|t| self.office(person, t)).collect(),
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

    fn place(&self, place: &Place) -> Known {
        Known {
            id: format!("place:{}", place.name_en),
            kind: "place",
            name: self.said([place.name_de, place.name_en]),
            names: vec![match self.ui {
                Ui::De => place.name_en.to_owned(),
                Ui::En => place.name_de.to_owned(),
            }],
            parent: place.country.map(|c| format!("country:{c}")),
            ..Known::default()
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
            .flat_map(|p| p.terms.iter().filter(holds).map(|t| self.office(p, t)))
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

    fn office(&self, person: &Person, term: &Term) -> Office {
        Office {
            office: self.said([term.office_de, term.office_en]),
            person: person.name.to_owned(),
            person_id: format!("person:{}", person.id),
            of: term.org.or(term.country),
            from: term.from.map(|d| d.to_string()),
            to: term.to.map(|d| d.to_string()),
            as_of: term.as_of.filter(|_| term.to.is_none()).map(|d| d.to_string()),
            source: term.source,
        }
    }

    /// The German or the English one; the other where the language has none.
    fn said(&self, [german, english]: [&str; 2]) -> String {
        let (own, other) = match self.ui {
            Ui::De => (german, english),
            Ui::En => (english, german),
        };
        if own.is_empty() { other } else { own }.to_owned()
    }

    fn holds(&self, tie: &Membership) -> bool {
        self.on
            .is_none_or(|day| tie.from.is_none_or(|f| f <= day) && tie.to.is_none_or(|t| day <= t))
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
