//! Reads the tables into a [`Knowledge`].

use super::cues::Cues;
use super::index::{Index, IndexBuilder, Langs};
use super::roles::Roles;
use super::table::{Row, Table, days, list};
use super::transcription;
use super::{
    Atom, Clause, Country, CountryIx, Knowledge, Membership, Name, Organisation, OrganisationIx, OrganisationKind,
    Period, Person, PersonIx, Place, PlaceIx, Seat, SeatIx, SeatKind, Term, Treaty, TreatyIx, War, words,
};
use crate::Diagnostic;
use crate::dictionary::{Dictionary, DictionaryBuilder};
use lagebild_core::codebook::{ObligationKind, Sector};
use lagebild_core::{Date, Gender, Lang};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};

/// The tables of one state of knowledge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tables {
    pub(super) countries: Table,
    pub(super) country_names: Table,
    pub(super) regions: Table,
    pub(super) metonyms: Table,
    pub(super) organisations: Table,
    pub(super) members: Table,
    pub(super) armed_groups: Table,
    pub(super) parliaments: Table,
    pub(super) media: Table,
    pub(super) office_holders: Table,
    pub(super) places: Table,
    pub(super) homographs: Table,
    pub(super) treaties: Table,
    pub(super) treaty_clauses: Table,
    pub(super) wars: Table,
    pub(super) given_names: Table,
    pub(super) roles_de: Table,
    pub(super) roles_en: Table,
    pub(super) cues: Table,
}

macro_rules! bundled {
    ($name:literal) => {
        Table {
            file: concat!("data/knowledge/", $name),
            text: include_str!(concat!("../../../../data/knowledge/", $name)),
            over: None,
        }
    };
}

/// The tables that are compiled in.
pub(super) const BUNDLED: Tables = Tables {
    countries: bundled!("countries.tsv"),
    country_names: bundled!("country-names.tsv"),
    regions: bundled!("regions.tsv"),
    metonyms: bundled!("metonyms.tsv"),
    organisations: bundled!("organisations.tsv"),
    members: bundled!("members.tsv"),
    armed_groups: bundled!("armed-groups.tsv"),
    parliaments: bundled!("parliaments.tsv"),
    media: bundled!("media.tsv"),
    office_holders: bundled!("office-holders.tsv"),
    places: bundled!("places.tsv"),
    homographs: bundled!("homographs.tsv"),
    treaties: bundled!("treaties.tsv"),
    treaty_clauses: bundled!("treaty-clauses.tsv"),
    wars: bundled!("wars.tsv"),
    given_names: bundled!("given-names.tsv"),
    roles_de: bundled!("roles.de.tsv"),
    roles_en: bundled!("roles.en.tsv"),
    cues: bundled!("cues.tsv"),
};

impl Tables {
    /// Each table with its name.
    pub(super) fn named(&mut self) -> [&mut Table; 19] {
        [
            &mut self.countries,
            &mut self.country_names,
            &mut self.regions,
            &mut self.metonyms,
            &mut self.organisations,
            &mut self.members,
            &mut self.armed_groups,
            &mut self.parliaments,
            &mut self.media,
            &mut self.office_holders,
            &mut self.places,
            &mut self.homographs,
            &mut self.treaties,
            &mut self.treaty_clauses,
            &mut self.wars,
            &mut self.given_names,
            &mut self.roles_de,
            &mut self.roles_en,
            &mut self.cues,
        ]
    }
}

/// Reads `tables`. What cannot be understood is reported and left out.
pub(super) fn load(tables: &Tables) -> (Knowledge, Vec<Diagnostic>) {
    let mut errors = Vec::new();
    let mut loader = Loader {
        names: IndexBuilder::default(),
        first_parts: DictionaryBuilder::default(),
        country_keys: FxHashMap::default(),
        forms: FxHashMap::default(),
        errors: &mut errors,
    };
    let mut countries = loader.countries(tables.countries);
    let mut places = loader.places(tables.places, &countries);
    loader.regions(tables.regions, &mut places);
    let mut seats = loader.metonyms(tables.metonyms);
    loader.capitals(tables.countries, &mut countries, &places, &mut seats);
    loader.country_names(tables.country_names);
    let mut organisations = Vec::new();
    loader.organisations(tables.organisations, &mut organisations);
    loader.armed_groups(tables.armed_groups, &mut organisations);
    loader.parliaments(tables.parliaments, &mut organisations);
    loader.media(tables.media, &mut organisations);
    let (persons, surnames) = loader.persons(tables.office_holders, &organisations);
    let spellings = spellings(&persons, &organisations);
    let members = loader.members(tables.members, &organisations);
    let (mut treaties, treaty_names) = loader.treaties(tables.treaties);
    loader.treaty_clauses(tables.treaty_clauses, &mut treaties);
    let wars = loader.wars(tables.wars, &organisations);
    let given_names = loader.given_names(tables.given_names);
    let Loader {
        names,
        first_parts,
        country_keys,
        forms,
        ..
    } = loader;
    let homographs = tables
        .homographs
        .rows(["surface"], &mut errors)
        .iter()
        .map(|r| (words::fold(r.cells[0]), ()))
        .collect();
    let roles = Roles::load(tables.roles_de, tables.roles_en, &mut errors);
    let cues = Cues::load(tables.cues, &mut errors);
    let knowledge = Knowledge {
        countries,
        seats,
        organisations,
        persons,
        places,
        treaties,
        wars,
        given_names,
        overlay: String::new(),
        names: names.finish(),
        first_parts: first_parts.finish(),
        treaty_names,
        roles,
        cues,
        surnames,
        spellings,
        country_keys,
        forms,
        members,
        homographs,
    };
    (knowledge, errors)
}

/// States whose names come to Latin letters by transcription, today or until lately.
#[rustfmt::skip]
const OTHER_SCRIPTS: [&str; 58] = [
    "AFG", "ARE", "ARM", "AZE", "BGD", "BGR", "BHR", "BLR", "CHN", "CYP", "DZA", "EGY", "ERI", "ETH", "GEO", "GRC", "HKG", "IND", "IRN", "IRQ", "ISR", "JOR",
    "JPN", "KAZ", "KGZ", "KHM", "KOR", "KWT", "LAO", "LBN", "LBY", "LKA", "MAR", "MKD", "MMR", "MNE", "MNG", "MRT", "NPL", "OMN", "PAK", "PRK", "PSE", "QAT",
    "RUS", "SAU", "SDN", "SRB", "SYR", "THA", "TJK", "TKM", "TUN", "TWN", "UKR", "UZB", "XKX", "YEM",
];

/// The persons of states with other scripts by the skeletons of their names.
fn spellings(persons: &[Person], organisations: &[Organisation]) -> Dictionary<PersonIx> {
    let mut known: BTreeSet<(String, u32)> = BTreeSet::new();
    let transcribed = |person: &Person| {
        let home = |term: &Term| {
            term.country
                .or_else(|| organisations.iter().find(|o| o.key == term.org).and_then(|o| o.country))
        };
        person.terms.iter().filter_map(home).any(|c| OTHER_SCRIPTS.contains(&c))
    };
    for (ix, person) in persons.iter().enumerate().filter(|(_, person)| transcribed(person)) {
        for name in std::iter::once(&person.name).chain(&person.aliases) {
            let words: Vec<Box<str>> = words::atoms(name).into_iter().map(|a| a.text).collect();
            known.extend(transcription::skeleton(&words).map(|s| (s, ix as u32)));
        }
    }
    known
        .into_iter()
        .map(|(skeleton, ix)| (skeleton, PersonIx(ix)))
        .collect()
}

/// German-speaking states: their towns give adjectives to German reports more often.
const AT_HOME: [&str; 3] = ["DEU", "AUT", "CHE"];
/// Inhabitants of a town whose adjective is common, there and elsewhere.
const LARGE_AT_HOME: u32 = 70_000;
const LARGE: u32 = 400_000;

/// States whose names put the family name first.
const FAMILY_NAME_FIRST: [&str; 5] = ["PRK", "KOR", "CHN", "TWN", "VNM"];

struct Loader<'e> {
    names: IndexBuilder<Name>,
    first_parts: DictionaryBuilder<Name>,
    country_keys: FxHashMap<&'static str, CountryIx>,
    forms: FxHashMap<&'static str, Vec<(&'static str, &'static str, &'static str)>>,
    errors: &'e mut Vec<Diagnostic>,
}

impl Loader<'_> {
    /// A state's key, if it is one.
    fn country<const N: usize>(&mut self, row: &Row<N>, cell: &'static str) -> Option<CountryIx> {
        let found = self.country_keys.get(cell).copied();
        if found.is_none() {
            self.errors.push(
                row.error("K002", cell, format!("unknown state \"{cell}\""))
                    .hint("ISO 3166-1 alpha-3"),
            );
        }
        found
    }

    fn sectors<const N: usize>(&mut self, row: &Row<N>, cell: &'static str) -> Vec<Sector> {
        let mut found = Vec::new();
        for sector in list(cell) {
            match Sector::parse(sector) {
                Some(sector) => found.push(sector),
                None => self
                    .errors
                    .push(row.error("K004", sector, format!("unknown sector \"{sector}\""))),
            }
        }
        found
    }

    fn days<const N: usize>(&mut self, row: &Row<N>, cell: &'static str) -> Option<(Date, Date)> {
        if cell.is_empty() {
            return None;
        }
        let found = days(cell);
        if found.is_none() {
            let error = row.error("K003", cell, format!("\"{cell}\" is no date"));
            self.errors.push(error.hint("YYYY, YYYY-MM or YYYY-MM-DD"));
        }
        found
    }

    fn langs<const N: usize>(&mut self, row: &Row<N>, cell: &'static str) -> Langs {
        match (cell, Lang::from_code(cell)) {
            ("", _) => Langs::BOTH,
            (_, Some(lang)) => Langs::only(lang),
            _ => {
                self.errors.push(
                    row.error("K005", cell, format!("unknown language \"{cell}\""))
                        .hint("de or en"),
                );
                Langs::BOTH
            }
        }
    }

    /// Adds a name that may also begin a German compound.
    fn name(&mut self, form: &str, langs: Langs, of: Name) {
        self.names.add(form, langs, of);
        if let [one] = words::atoms(form).as_slice()
            && one.upper
            && one.text.chars().count() >= 4
        {
            self.first_parts.add(one.text.clone(), of);
        }
    }

    fn countries(&mut self, table: Table) -> Vec<Country> {
        let mut countries = Vec::new();
        let columns = [
            "iso3",
            "iso2",
            "cow",
            "cameo",
            "fips",
            "name_de",
            "name_en",
            "official_de",
            "official_en",
            "source",
        ];
        for row in table.rows(columns, self.errors) {
            let [
                key,
                iso2,
                cow,
                cameo,
                fips,
                name_de,
                name_en,
                official_de,
                official_en,
                source,
            ] = row.cells;
            if self
                .country_keys
                .insert(key, CountryIx(countries.len() as u32))
                .is_some()
            {
                self.errors
                    .push(row.error("K007", key, format!("state \"{key}\" is given twice")));
                continue;
            }
            countries.push(Country {
                key,
                iso2,
                cow,
                cameo,
                fips,
                name_de,
                name_en,
                official_de,
                official_en,
                source,
                capital: None,
            });
        }
        countries
    }

    fn country_names(&mut self, table: Table) {
        for row in table.rows(["code", "lang", "kind", "form"], self.errors) {
            let [code, lang, kind, form] = row.cells;
            let Some(ix) = self.country(&row, code) else { continue };
            let langs = self.langs(&row, lang);
            self.forms.entry(code).or_default().push((lang, kind, form));
            match kind {
                "name" => self.name(form, langs, Name::Country(ix)),
                // "die Schweizer Regierung" has no ending.
                "adjective" if form.starts_with(char::is_uppercase) => self.names.add(form, langs, Name::Adjective(ix)),
                "adjective" if langs == Langs::only(Lang::De) => self.names.add_adjective(form, Name::Adjective(ix)),
                "adjective" => self.names.add(form, langs, Name::Adjective(ix)),
                "demonym" => self.name(form, langs, Name::Demonym(ix)),
                other => self
                    .errors
                    .push(row.error("K006", kind, format!("unknown kind \"{other}\""))),
            }
        }
    }

    fn places(&mut self, table: Table, countries: &[Country]) -> Vec<Place> {
        let columns = [
            "name",
            "name_de",
            "others",
            "country",
            "lat",
            "lon",
            "population",
            "capital",
        ];
        // A town spelled like the genitive of a state (*Perus*) is never meant in German.
        let genitives: Vec<String> = countries.iter().map(|c| format!("{}s", c.name_de)).collect();
        let mut places = Vec::new();
        for row in table.rows(columns, self.errors) {
            let [name, name_de, others, country, lat, lon, population, capital] = row.cells;
            if self.country(&row, country).is_none() {
                continue;
            }
            let ix = PlaceIx(places.len() as u32);
            let Some(place) = self.place(&row, [name_de, name, lat, lon], Some(country), population) else {
                continue;
            };
            for form in [name, name_de]
                .into_iter()
                .chain(list(others))
                .filter(|form| !form.is_empty())
            {
                let genitive = genitives.iter().any(|g| g == form);
                let langs = if genitive { Langs::only(Lang::En) } else { Langs::BOTH };
                self.names.add(form, langs, Name::Place(ix));
            }
            let size = if AT_HOME.contains(&country) {
                LARGE_AT_HOME
            } else {
                LARGE
            };
            if !capital.is_empty() || place.population >= size {
                for form in words::town_adjectives(place.name_de) {
                    self.names.add(&form, Langs::only(Lang::De), Name::TownAdjective(ix));
                }
            }
            places.push(place);
        }
        places
    }

    fn regions(&mut self, table: Table, places: &mut Vec<Place>) {
        let columns = [
            "names_de",
            "names_en",
            "country",
            "lat",
            "lon",
            "adjective_de",
            "demonym_de",
            "adjective_en",
            "demonym_en",
        ];
        for row in table.rows(columns, self.errors) {
            let [
                names_de,
                names_en,
                country,
                lat,
                lon,
                adjective_de,
                demonym_de,
                adjective_en,
                demonym_en,
            ] = row.cells;
            let country = if country == "*" {
                None
            } else {
                self.country(&row, country).map(|_| country)
            };
            let ix = PlaceIx(places.len() as u32);
            let (de, en) = (
                list(names_de).next().unwrap_or_default(),
                list(names_en).next().unwrap_or_default(),
            );
            let Some(mut place) = self.place(&row, [de, en, lat, lon], country, "") else {
                continue;
            };
            place.region = true;
            for (forms, lang) in [(names_de, Lang::De), (names_en, Lang::En)] {
                list(forms).for_each(|form| self.names.add(form, Langs::only(lang), Name::Place(ix)));
            }
            list(adjective_de).for_each(|form| self.names.add_adjective(form, Name::RegionAdjective(ix)));
            let english = Langs::only(Lang::En);
            list(adjective_en).for_each(|form| self.names.add(form, english, Name::RegionAdjective(ix)));
            for (forms, lang) in [(demonym_de, Lang::De), (demonym_en, Lang::En)] {
                list(forms).for_each(|form| self.names.add(form, Langs::only(lang), Name::RegionDemonym(ix)));
            }
            places.push(place);
        }
    }

    fn place<const N: usize>(
        &mut self,
        row: &Row<N>,
        [name_de, name_en, lat, lon]: [&'static str; 4],
        country: Option<&'static str>,
        population: &'static str,
    ) -> Option<Place> {
        let (Ok(latitude), Ok(longitude)) = (lat.parse(), lon.parse()) else {
            self.errors
                .push(row.error("K008", lat, "latitude and longitude must be numbers"));
            return None;
        };
        let or = |a: &'static str, b: &'static str| if a.is_empty() { b } else { a };
        Some(Place {
            name_de: or(name_de, name_en),
            name_en: or(name_en, name_de),
            country,
            lat: latitude,
            lon: longitude,
            population: population.parse().unwrap_or(0),
            region: false,
        })
    }

    fn metonyms(&mut self, table: Table) -> Vec<Seat> {
        let mut seats = Vec::new();
        for row in table.rows(["surface", "lang", "kind", "key", "sectors"], self.errors) {
            let [name, lang, kind, key, sectors] = row.cells;
            let kind = match kind {
                "capital" => SeatKind::Capital,
                "seat" => SeatKind::House,
                "city" => SeatKind::City,
                other => {
                    self.errors
                        .push(row.error("K006", kind, format!("unknown kind \"{other}\"")));
                    continue;
                }
            };
            let org = key.strip_prefix("org:");
            let country = if org.is_none() {
                self.country(&row, key).map(|_| key)
            } else {
                None
            };
            let seat = Seat {
                name,
                kind,
                country,
                org,
                sectors: self.sectors(&row, sectors),
            };
            let langs = self.langs(&row, lang);
            self.name(name, langs, Name::Seat(SeatIx(seats.len() as u32)));
            seats.push(seat);
        }
        seats
    }

    /// Makes a seat of each capital that the metonyms do not name, and tells states the place of their capital.
    fn capitals(&mut self, table: Table, countries: &mut [Country], places: &[Place], seats: &mut Vec<Seat>) {
        let known: FxHashSet<(&str, Option<&str>)> = seats.iter().map(|s| (s.name, s.country)).collect();
        let mut by_name: FxHashMap<(&str, &str), u32> = FxHashMap::default();
        for (n, place) in places.iter().enumerate().filter(|(_, p)| !p.region) {
            let Some(country) = place.country else { continue };
            by_name.entry((place.name_de, country)).or_insert(n as u32);
            by_name.entry((place.name_en, country)).or_insert(n as u32);
        }
        for row in table.rows(["iso3", "capital_de", "capital_en"], self.errors) {
            let [key, de, en] = row.cells;
            let Some(&ix) = self.country_keys.get(key) else {
                continue;
            };
            countries[ix.ix()].capital = [de, en]
                .iter()
                .find_map(|c| by_name.get(&(*c, key)))
                .map(|n| PlaceIx(*n));
            for (name, lang) in [(de, Lang::De), (en, Lang::En)] {
                if name.is_empty() || known.contains(&(name, Some(key))) {
                    continue;
                }
                self.names
                    .add(name, Langs::only(lang), Name::Seat(SeatIx(seats.len() as u32)));
                let sectors = vec![Sector::Gov];
                seats.push(Seat {
                    name,
                    kind: SeatKind::Capital,
                    country: Some(key),
                    org: None,
                    sectors,
                });
            }
        }
    }

    fn organisations(&mut self, table: Table, organisations: &mut Vec<Organisation>) {
        let columns = [
            "id",
            "key",
            "kind",
            "country",
            "sectors",
            "from",
            "to",
            "name_de",
            "name_en",
            "aliases_de",
            "aliases_en",
            "source",
        ];
        for row in table.rows(columns, self.errors) {
            let [
                id,
                key,
                kind,
                country,
                sectors,
                from,
                to,
                name_de,
                name_en,
                aliases_de,
                aliases_en,
                source,
            ] = row.cells;
            let kind = match kind {
                "igo" | "igo-organ" | "igo-mission" | "forum" => OrganisationKind::International,
                "ngo" | "movement" | "union" => OrganisationKind::Society,
                "party" => OrganisationKind::Party,
                "company" | "soe" => OrganisationKind::Company,
                "agency" | "court" | "government" | "organisation" => OrganisationKind::State,
                "military" => OrganisationKind::Armed,
                other => {
                    self.errors
                        .push(row.error("K006", kind, format!("unknown kind \"{other}\"")));
                    continue;
                }
            };
            let names = [name_de, name_en, aliases_de, aliases_en];
            self.organisation(
                organisations,
                &row,
                [id, key, country, sectors, from, to],
                names,
                kind,
                source,
            );
        }
    }

    fn armed_groups(&mut self, table: Table, organisations: &mut Vec<Organisation>) {
        let columns = [
            "id",
            "key",
            "country",
            "sectors",
            "from",
            "to",
            "name_de",
            "name_en",
            "aliases_de",
            "aliases_en",
            "source",
        ];
        for row in table.rows(columns, self.errors) {
            let [
                id,
                key,
                country,
                sectors,
                from,
                to,
                name_de,
                name_en,
                aliases_de,
                aliases_en,
                source,
            ] = row.cells;
            let names = [name_de, name_en, aliases_de, aliases_en];
            self.organisation(
                organisations,
                &row,
                [id, key, country, sectors, from, to],
                names,
                OrganisationKind::Armed,
                source,
            );
        }
    }

    fn parliaments(&mut self, table: Table, organisations: &mut Vec<Organisation>) {
        for row in table.rows(
            ["country", "name_de", "aliases_de", "aliases_en", "sectors", "source"],
            self.errors,
        ) {
            let [country, name, aliases_de, aliases_en, sectors, source] = row.cells;
            let names = [name, "", aliases_de, aliases_en];
            let of = [name, "", country, sectors, "", ""];
            self.organisation(organisations, &row, of, names, OrganisationKind::Parliament, source);
        }
    }

    fn media(&mut self, table: Table, organisations: &mut Vec<Organisation>) {
        for row in table.rows(["id", "name", "country", "aliases", "sectors", "source"], self.errors) {
            let [id, name, country, aliases, sectors, source] = row.cells;
            let names = [name, name, aliases, aliases];
            self.organisation(
                organisations,
                &row,
                [id, "", country, sectors, "", ""],
                names,
                OrganisationKind::Medium,
                source,
            );
        }
    }

    fn organisation<const N: usize>(
        &mut self,
        organisations: &mut Vec<Organisation>,
        row: &Row<N>,
        [id, key, country, sectors, from, to]: [&'static str; 6],
        [name_de, name_en, aliases_de, aliases_en]: [&'static str; 4],
        kind: OrganisationKind,
        source: &'static str,
    ) {
        let period = Period {
            from: self.days(row, from).map(|d| d.0),
            to: self.days(row, to).map(|d| d.1),
            sectors: self.sectors(row, sectors),
        };
        if let Some(last) = organisations.last_mut()
            && last.id == id
            && kind == OrganisationKind::Armed
        {
            last.periods.push(period);
            return;
        }
        let country = if country.is_empty() {
            None
        } else {
            self.country(row, country).map(|_| country)
        };
        let ix = OrganisationIx(organisations.len() as u32);
        // The acronyms of armed groups are the same everywhere: "M23".
        let acronym = |form: &str| {
            let plain = form.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
            kind == OrganisationKind::Armed && form.len() > 2 && plain
        };
        let mut acronyms = FxHashSet::default();
        for (main, aliases, lang) in [(name_de, aliases_de, Lang::De), (name_en, aliases_en, Lang::En)] {
            let mut seen = FxHashSet::default();
            for form in [main].into_iter().chain(list(aliases)).filter(|form| !form.is_empty()) {
                let new = !acronyms.contains(form) && (!acronym(form) || acronyms.insert(form));
                if new && seen.insert(words::fold(form).into_owned()) {
                    // German reports give the English names of bodies as they are.
                    let foreign = lang == Lang::En && form.contains(' ') || acronym(form);
                    let langs = if foreign { Langs::BOTH } else { Langs::only(lang) };
                    match kind {
                        OrganisationKind::Medium => self.names.add_title(form, langs, Name::Organisation(ix)),
                        // Companies bear names of things, and would be seen in every compound of these.
                        OrganisationKind::Company | OrganisationKind::Society => {
                            self.names.add(form, langs, Name::Organisation(ix));
                        }
                        _ => self.name(form, langs, Name::Organisation(ix)),
                    }
                }
            }
        }
        let key = (!key.is_empty()).then_some(key);
        let (name_de, name_en) = (name_de, if name_en.is_empty() { name_de } else { name_en });
        organisations.push(Organisation {
            id,
            key,
            kind,
            country,
            name_de,
            name_en,
            aliases: [aliases_de, aliases_en].into_iter().flat_map(list).collect(),
            source,
            periods: vec![period],
        });
    }

    fn persons(&mut self, table: Table, organisations: &[Organisation]) -> (Vec<Person>, Dictionary<PersonIx>) {
        let columns = [
            "person",
            "aliases",
            "key",
            "office_de",
            "office_en",
            "sectors",
            "role",
            "from",
            "to",
            "as_of",
            "wikidata",
            "source",
        ];
        let org_ids: FxHashMap<&str, &Organisation> = organisations.iter().map(|o| (o.id, o)).collect();
        let mut persons: Vec<Person> = Vec::new();
        let mut surnames: FxHashMap<Box<str>, Vec<PersonIx>> = FxHashMap::default();
        let mut by_wikidata: FxHashMap<&str, PersonIx> = FxHashMap::default();
        let mut by_name: FxHashMap<(String, &str), PersonIx> = FxHashMap::default();
        let mut by_full_name: FxHashMap<String, Vec<PersonIx>> = FxHashMap::default();
        let mut ids: FxHashSet<String> = FxHashSet::default();
        for row in table.rows(columns, self.errors) {
            let [
                name,
                aliases,
                key,
                office_de,
                office_en,
                sectors,
                role,
                from,
                to,
                as_of,
                wikidata,
                source,
            ] = row.cells;
            let (country, org) = match key.strip_prefix("org:") {
                Some(id) => match org_ids.get(id) {
                    Some(org) => (None, org.key),
                    None => {
                        self.errors
                            .push(row.error("K002", key, format!("unknown organisation \"{key}\"")));
                        continue;
                    }
                },
                None => match self.country(&row, key) {
                    Some(_) => (Some(key), None),
                    None => continue,
                },
            };
            // Each form is cut into words once: with 5,000 rows that shows in the start-up time.
            let forms: Vec<Vec<Atom>> = [name].into_iter().chain(list(aliases)).map(words::atoms).collect();
            let full = |atoms: &&Vec<Atom>| atoms.len() > 1;
            let keys: Vec<(String, &str)> = forms
                .iter()
                .filter(full)
                .map(|atoms| (joined(atoms, " "), key))
                .collect();
            // Somebody who serves a state and an organisation is one person; two states have two of a name.
            let of_both = || {
                let names = keys.iter().filter_map(|(name, _)| by_full_name.get(name));
                let serves = |p: &&PersonIx| {
                    let bodies = persons[p.ix()].terms.iter().all(|t| t.org.is_some());
                    bodies || org.is_some()
                };
                let mut fitting = names.flatten().filter(serves);
                fitting.next().filter(|first| fitting.all(|p| p == *first))
            };
            let known = by_wikidata
                .get(wikidata)
                .filter(|_| !wikidata.is_empty())
                .or_else(|| keys.iter().find_map(|k| by_name.get(k)))
                .or_else(of_both)
                .copied();
            let ix = known.unwrap_or(PersonIx(persons.len() as u32));
            if known.is_none() {
                let name_id = ascii(&joined(&forms[0], "-"));
                let id = match ids.insert(name_id.clone()) {
                    true => name_id,
                    false => format!("{name_id}-{}", ascii(&key.to_lowercase().replace(':', "-"))),
                };
                persons.push(Person {
                    id,
                    name,
                    aliases: Vec::new(),
                    terms: Vec::new(),
                    prominent: false,
                });
            }
            if !wikidata.is_empty() {
                by_wikidata.insert(wikidata, ix);
            }
            for (full_name, _) in &keys {
                let namesakes = by_full_name.entry(full_name.clone()).or_default();
                if !namesakes.contains(&ix) {
                    namesakes.push(ix);
                }
            }
            let asian = FAMILY_NAME_FIRST.contains(&key);
            let mut keys = keys.into_iter();
            for atoms in &forms {
                let short = match atoms.as_slice() {
                    [] => continue,
                    [one] => &one.text,
                    [first, .., last] => {
                        let named = keys.next().and_then(|k| by_name.insert(k, ix));
                        if named != Some(ix) {
                            self.names.add_atoms(atoms, Langs::BOTH, Name::Person(ix));
                        }
                        if asian { &first.text } else { &last.text }
                    }
                };
                let sharers = surnames.entry(short.clone()).or_default();
                if !sharers.contains(&ix) {
                    sharers.push(ix);
                }
            }
            let person = &mut persons[ix.ix()];
            person.prominent |= source == "own";
            for alias in [name].into_iter().chain(list(aliases)) {
                if alias != person.name && !person.aliases.contains(&alias) {
                    person.aliases.push(alias);
                }
            }
            let from = self.days(&row, from);
            let to = self.days(&row, to);
            person.terms.push(Term {
                country,
                org,
                office_de,
                office_en,
                sectors: self.sectors(&row, sectors),
                leading: !role.is_empty(),
                from: from.map(|d| d.0),
                to: to.map(|d| d.1),
                as_of: self.days(&row, as_of).map(|d| d.1),
                source,
            });
        }
        for person in &mut persons {
            person.terms.sort_by_key(|t| t.from);
        }
        let sharers = |(word, ixs): (Box<str>, Vec<PersonIx>)| ixs.into_iter().map(move |ix| (word.clone(), ix));
        (persons, surnames.into_iter().flat_map(sharers).collect())
    }

    fn members(&mut self, table: Table, organisations: &[Organisation]) -> BTreeMap<&'static str, Vec<Membership>> {
        let ids: FxHashSet<&str> = organisations.iter().map(|o| o.id).collect();
        let mut members: BTreeMap<&'static str, Vec<Membership>> = BTreeMap::new();
        for row in table.rows(
            ["org", "member", "status", "from", "to", "as_of", "source"],
            self.errors,
        ) {
            let [org, member, status, from, to, as_of, source] = row.cells;
            if !ids.contains(org) {
                self.errors
                    .push(row.error("K002", org, format!("unknown organisation \"{org}\"")));
                continue;
            }
            let bare = member.strip_prefix("org:");
            if bare.map_or(!self.country_keys.contains_key(member), |id| !ids.contains(id)) {
                self.errors
                    .push(row.error("K002", member, format!("unknown member \"{member}\"")));
                continue;
            }
            let from = self.days(&row, from).map(|d| d.0);
            let to = self.days(&row, to).map(|d| d.1);
            let membership = Membership {
                member: bare.unwrap_or(member),
                status,
                from,
                to,
                as_of: self.days(&row, as_of).map(|d| d.1),
                source,
            };
            members.entry(org).or_default().push(membership);
        }
        members
    }

    /// Given names with their genders.
    fn given_names(&mut self, table: Table) -> Dictionary<Gender> {
        let mut known: BTreeMap<String, Gender> = BTreeMap::new();
        for row in table.rows(["name", "gender"], self.errors) {
            let [name, gender] = row.cells;
            let gender = match gender {
                "m" => Gender::Masc,
                "f" => Gender::Fem,
                other => {
                    let unknown = row.error("K030", other, format!("unknown gender \"{other}\""));
                    self.errors.push(unknown.hint("m or f"));
                    continue;
                }
            };
            if known
                .insert(words::fold(name).into_owned(), gender)
                .is_some_and(|other| other != gender)
            {
                let both = row.error("K031", name, format!("\"{name}\" has two genders"));
                self.errors.push(both.hint("leave a name out that men and women bear"));
            }
        }
        known.into_iter().collect()
    }

    /// The wars, the last one first.
    fn wars(&mut self, table: Table, organisations: &[Organisation]) -> Vec<War> {
        let keys: FxHashSet<&str> = organisations.iter().filter_map(|o| o.key).collect();
        let mut wars = Vec::new();
        for row in table.rows(["attacked", "attackers", "from", "name", "source"], self.errors) {
            let [attacked, attackers, from, name, _] = row.cells;
            let mut parties = Vec::new();
            for attacker in attackers.split(';').map(str::trim) {
                let org = attacker.strip_prefix("org:");
                if org.map_or(self.country_keys.contains_key(attacker), |key| keys.contains(key)) {
                    parties.push(org.unwrap_or(attacker));
                } else {
                    self.errors
                        .push(row.error("K002", attacker, format!("unknown attacker \"{attacker}\"")));
                }
            }
            let from = self.days(&row, from).map(|days| days.0);
            if let (Some(_), Some(from)) = (self.country(&row, attacked), from) {
                wars.push(War {
                    attacked,
                    attackers: parties,
                    from,
                    name,
                });
            }
        }
        wars.sort_by_key(|war| std::cmp::Reverse(war.from));
        wars
    }

    fn treaties(&mut self, table: Table) -> (Vec<Treaty>, Index<TreatyIx>) {
        let columns = [
            "id",
            "name_de",
            "name_en",
            "aliases_de",
            "aliases_en",
            "type",
            "parties",
            "signed",
            "in_force",
            "ended",
            "obligations",
            "note",
        ];
        let mut treaties = Vec::new();
        let mut names = IndexBuilder::default();
        for row in table.rows(columns, self.errors) {
            let [
                id,
                name_de,
                name_en,
                aliases_de,
                aliases_en,
                kind,
                parties,
                signed,
                in_force,
                ended,
                obligations,
                note,
            ] = row.cells;
            let ix = TreatyIx(treaties.len() as u32);
            for (main, aliases, lang) in [(name_de, aliases_de, Lang::De), (name_en, aliases_en, Lang::En)] {
                for form in [main].into_iter().chain(list(aliases)).filter(|form| !form.is_empty()) {
                    names.add(form, Langs::only(lang), ix);
                }
            }
            treaties.push(Treaty {
                id,
                name_de,
                name_en,
                kind,
                parties: list(parties).filter(|p| *p != "many").collect(),
                signed: self.days(&row, signed),
                in_force: self.days(&row, in_force),
                ended: self.days(&row, ended),
                obligations: list(obligations).collect(),
                note,
                clauses: Vec::new(),
            });
        }
        (treaties, names.finish())
    }

    /// Adds the clauses to the treaties that they are of.
    fn treaty_clauses(&mut self, table: Table, treaties: &mut [Treaty]) {
        let columns = [
            "treaty",
            "article",
            "duty",
            "bound",
            "towards",
            "from",
            "to",
            "free",
            "text_de",
            "text_en",
            "caveat_de",
            "caveat_en",
        ];
        for row in table.rows(columns, self.errors) {
            let [
                treaty,
                article,
                duty,
                bound,
                towards,
                from,
                to,
                free,
                text_de,
                text_en,
                caveat_de,
                caveat_en,
            ] = row.cells;
            let Some(kind) = ObligationKind::parse(duty) else {
                let kinds: Vec<&str> = ObligationKind::ALL.iter().map(|k| k.as_str()).collect();
                let error = row.error("K014", duty, format!("unknown obligation \"{duty}\""));
                self.errors.push(error.hint(kinds.join(", ")));
                continue;
            };
            let Some(of) = treaties.iter_mut().find(|t| t.id == treaty) else {
                self.errors
                    .push(row.error("K015", treaty, format!("unknown treaty \"{treaty}\"")));
                continue;
            };
            of.clauses.push(Clause {
                article,
                duty: kind,
                bound: list(bound).collect(),
                towards: list(towards).collect(),
                from: self.days(&row, from).map(|d| d.0),
                to: self.days(&row, to).map(|d| d.1),
                defence_free: free == "yes",
                text: [text_de, text_en],
                caveat: [caveat_de, caveat_en],
            });
        }
    }
}

/// The words of a name.
fn joined(atoms: &[Atom], by: &str) -> String {
    let mut out = String::with_capacity(32);
    for (n, atom) in atoms.iter().enumerate() {
        if n > 0 {
            out.push_str(by);
        }
        out.push_str(&atom.text);
    }
    out
}

/// Folded words in ASCII, for ids.
fn ascii(word: &str) -> String {
    word.chars().fold(String::new(), |mut out, c| {
        match c {
            'ä' => out.push_str("ae"),
            'ö' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            c if c.is_ascii_alphanumeric() || c == '-' => out.push(c),
            _ => {}
        }
        out
    })
}
