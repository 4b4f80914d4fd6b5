//! What Lagebild knows of the world before it reads: states, organisations, offices, places, treaties.
//!
//! The tables under `data/knowledge` are read when the program is built (`lagebild-bundle`), and when a user puts tables on
//! top of them ([`Knowledge::with_overlay`]). Everything is looked up by the words of a text ([`Knowledge::longest`]) or by
//! key. Facts have dates: who held an office is asked for a day
//! ([`Person::on`]), and after the last day that a row vouches for the answer is "unknown", not "still".
//!
//! Keys are ISO 3166-1 alpha-3 for states and short capitals for organisations (`UN`, `NATO`).

mod check;
mod cues;
mod index;
mod load;
mod overlay;
mod roles;
mod table;
mod transcription;
mod words;

pub use cues::{CueKind, Cues};
pub use index::Found;
pub use overlay::OverlayError;
pub use roles::{Role, RoleFlags, RoleFound, RoleIx, RoleKind};
pub use words::{Atom, atoms, fold};

use crate::Diagnostic;
use crate::dictionary::Dictionary;
use index::Index;
use lagebild_core::codebook::{ObligationKind, Sector};
use lagebild_core::{Date, Gender, Lang};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

macro_rules! indices {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub struct $name(pub u32);
        impl $name {
            /// As an index into a slice.
            #[must_use]
            pub fn ix(self) -> usize {
                self.0 as usize
            }
        }
    )+};
}
indices!(
    /// A row of [`Knowledge::countries`].
    CountryIx,
    /// A row of [`Knowledge::seats`].
    SeatIx,
    /// A row of [`Knowledge::organisations`].
    OrganisationIx,
    /// A row of [`Knowledge::persons`].
    PersonIx,
    /// A row of [`Knowledge::places`].
    PlaceIx,
    /// A row of [`Knowledge::treaties`].
    TreatyIx,
);

/// A state or territory.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Country {
    /// ISO 3166-1 alpha-3.
    pub key: &'static str,
    /// ISO 3166-1 alpha-2.
    pub iso2: &'static str,
    /// Number in the Correlates of War list; empty where that has none.
    pub cow: &'static str,
    /// CAMEO country code.
    pub cameo: &'static str,
    /// FIPS 10-4 code, which GDELT gives for places; empty where there is none.
    pub fips: &'static str,
    /// Common German name.
    pub name_de: &'static str,
    /// Common English name.
    pub name_en: &'static str,
    /// Official German name.
    pub official_de: &'static str,
    /// Official English name.
    pub official_en: &'static str,
    /// Where the row comes from (README of the tables).
    pub source: &'static str,
    /// Its capital.
    pub capital: Option<PlaceIx>,
}

/// A capital or house that stands for the power that sits there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Seat {
    /// As a text names it.
    pub name: &'static str,
    /// How much it is a place.
    pub kind: SeatKind,
    /// State that it stands for, ISO 3166-1 alpha-3.
    #[serde(borrow)]
    pub country: Option<&'static str>,
    /// Organisation that it stands for.
    #[serde(borrow)]
    pub org: Option<&'static str>,
    /// Sectors of that power.
    pub sectors: Vec<Sector>,
}

/// How much a seat of power is a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SeatKind {
    /// A capital: a place after *in* or *nach*, else its government.
    Capital,
    /// A house or office (*Kreml*, *Pentagon*): hardly ever a mere place.
    House,
    /// A town that is a place first (*Genf*, *Karlsruhe*).
    City,
}

/// What kind of body an organisation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OrganisationKind {
    /// Between states, or an organ or mission of such.
    International,
    /// Non-governmental, a movement or union.
    Society,
    /// Party.
    Party,
    /// Company.
    Company,
    /// Medium or news agency.
    Medium,
    /// Agency, court or other body of a state.
    State,
    /// Parliament or chamber.
    Parliament,
    /// Army or armed group.
    Armed,
}

/// Sectors for a while.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Period {
    /// First day, when known.
    pub from: Option<Date>,
    /// Last day, when known.
    pub to: Option<Date>,
    /// PLOVER sectors in that time.
    pub sectors: Vec<Sector>,
}

/// A body with a name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Organisation {
    /// Id in the table.
    pub id: &'static str,
    /// What a record names as `org`; none where only the state is named (codebook, 2.2).
    #[serde(borrow)]
    pub key: Option<&'static str>,
    /// Its kind.
    pub kind: OrganisationKind,
    /// The state that it belongs to, ISO 3166-1 alpha-3.
    #[serde(borrow)]
    pub country: Option<&'static str>,
    /// German name.
    pub name_de: &'static str,
    /// English name.
    pub name_en: &'static str,
    /// Other names, German ones first.
    #[serde(borrow)]
    pub aliases: Vec<&'static str>,
    /// Where the row comes from (README of the tables).
    pub source: &'static str,
    /// What it is in which time, earliest first.
    pub periods: Vec<Period>,
}

impl Organisation {
    /// Its sectors on `day`; outside all periods those of the nearest one.
    #[must_use]
    pub fn sectors_on(&self, day: Option<Date>) -> &[Sector] {
        let holds =
            |p: &&Period| day.is_none_or(|d| p.from.is_none_or(|from| from <= d) && p.to.is_none_or(|to| d <= to));
        let before = |p: &&Period| day.is_some_and(|d| p.from.is_some_and(|from| d < from));
        let period = self
            .periods
            .iter()
            .rfind(holds)
            .or_else(|| self.periods.iter().find(before))
            .or(self.periods.last());
        period.map_or(&[], |p| &p.sectors)
    }
}

/// An office held for a time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Term {
    /// State, ISO 3166-1 alpha-3.
    #[serde(borrow)]
    pub country: Option<&'static str>,
    /// Organisation.
    #[serde(borrow)]
    pub org: Option<&'static str>,
    /// The office in German, empty when not known.
    pub office_de: &'static str,
    /// The office in English, empty when not known.
    pub office_en: &'static str,
    /// PLOVER sectors.
    pub sectors: Vec<Sector>,
    /// Head of state or government, or minister of foreign affairs or defence.
    pub leading: bool,
    /// First day; the earliest that the source allows.
    pub from: Option<Date>,
    /// Last day; none when the source knew of no end.
    pub to: Option<Date>,
    /// The last day that the source vouches for.
    pub as_of: Option<Date>,
    /// Where the row comes from (README of the tables).
    pub source: &'static str,
}

impl Term {
    /// Whether the source vouches that the office was held on `day`.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.or(self.as_of).is_none_or(|last| day <= last)
    }
}

/// Somebody who holds or held an office.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Person {
    /// Made from the name: `vladimir-putin`.
    pub id: String,
    /// Canonical name.
    pub name: &'static str,
    /// Other names.
    #[serde(borrow)]
    pub aliases: Vec<&'static str>,
    /// Offices in the order of their beginning.
    pub terms: Vec<Term>,
    /// A row has the source `own`: somebody whom news name without introduction, so that a surname may be enough.
    pub prominent: bool,
}

impl Person {
    /// The offices held on `day`, for certain.
    pub fn on(&self, day: Date) -> impl Iterator<Item = &Term> {
        self.terms.iter().filter(move |t| t.holds_on(day))
    }

    /// The office that says best for whom the person stands on `day`: one held then, else the last before, else the first.
    #[must_use]
    pub fn nearest(&self, day: Option<Date>) -> Option<&Term> {
        let Some(day) = day else { return self.terms.last() };
        let leading = self.on(day).max_by_key(|t| t.leading);
        leading
            .or_else(|| self.terms.iter().rfind(|t| t.from.is_some_and(|from| from <= day)))
            .or_else(|| self.terms.first())
    }
}

/// A town, region or sea.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Place {
    /// German name.
    pub name_de: &'static str,
    /// Name in English or of the place itself.
    pub name_en: &'static str,
    /// The state that it lies in, ISO 3166-1 alpha-3; none when in several or none.
    #[serde(borrow)]
    pub country: Option<&'static str>,
    /// Degrees north, WGS 84.
    pub lat: f64,
    /// Degrees east, WGS 84.
    pub lon: f64,
    /// Inhabitants; 0 for regions and where not known.
    pub population: u32,
    /// A region, sea or state, not a town.
    pub region: bool,
}

/// A treaty, pact, ceasefire or resolution.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Treaty {
    /// Id in the table.
    pub id: &'static str,
    /// German name.
    pub name_de: &'static str,
    /// English name.
    pub name_en: &'static str,
    /// What it is, in the words of the table (`alliance-bilateral`, `ceasefire`).
    pub kind: &'static str,
    /// Keys of its parties: ISO 3166, `org:` and `grp:` ids; empty for a treaty of many.
    #[serde(borrow)]
    pub parties: Vec<&'static str>,
    /// Day of signing: first and last that fit what is known.
    pub signed: Option<(Date, Date)>,
    /// Day of entry into force.
    pub in_force: Option<(Date, Date)>,
    /// Day of its end.
    pub ended: Option<(Date, Date)>,
    /// What it obliges to, in the words of the table (`defense`, `consultation`).
    #[serde(borrow)]
    pub obligations: Vec<&'static str>,
    /// What the table says of it beside the columns, in German; empty for nothing.
    pub note: &'static str,
    /// Its clauses, where the tables have them.
    pub clauses: Vec<Clause>,
}

/// What a clause of a treaty obliges to, shortened.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Clause {
    /// Article, empty when not known.
    pub article: &'static str,
    /// To what.
    pub duty: ObligationKind,
    /// Keys of those bound; empty for all parties.
    #[serde(borrow)]
    pub bound: Vec<&'static str>,
    /// Keys of those towards whom; empty for all parties.
    #[serde(borrow)]
    pub towards: Vec<&'static str>,
    /// First day, when later than that of the treaty.
    pub from: Option<Date>,
    /// Last day, when before that of the treaty.
    pub to: Option<Date>,
    /// It does not stand against self-defence and help to the attacked.
    pub defence_free: bool,
    /// What it provides, in German and English.
    #[serde(borrow)]
    pub text: [&'static str; 2],
    /// What limits it, in German and English; empty for nothing.
    #[serde(borrow)]
    pub caveat: [&'static str; 2],
}

/// What a name may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Name {
    /// A state.
    Country(CountryIx),
    /// An adjective of a state.
    Adjective(CountryIx),
    /// Inhabitants of a state, one or many.
    Demonym(CountryIx),
    /// A seat of power.
    Seat(SeatIx),
    /// An organisation.
    Organisation(OrganisationIx),
    /// A person by full name.
    Person(PersonIx),
    /// A town or region.
    Place(PlaceIx),
    /// A German adjective of a town (*Kairoer*), also its inhabitants.
    TownAdjective(PlaceIx),
    /// An adjective of a region.
    RegionAdjective(PlaceIx),
    /// Inhabitants of a region.
    RegionDemonym(PlaceIx),
}

/// The tables, loaded.
#[derive(Debug, Serialize, Deserialize)]
pub struct Knowledge {
    /// States and territories.
    pub countries: Vec<Country>,
    /// Seats of power.
    pub seats: Vec<Seat>,
    /// Organisations, armed groups, parliaments and media.
    pub organisations: Vec<Organisation>,
    /// Holders of offices.
    pub persons: Vec<Person>,
    /// Towns, then regions.
    pub places: Vec<Place>,
    /// Treaties.
    pub treaties: Vec<Treaty>,
    /// Wars named after the state that was attacked, the last one first.
    pub wars: Vec<War>,
    given_names: Dictionary<Gender>,
    /// Hash of a user's tables, 8 hexadecimal digits; empty when there are none.
    pub overlay: String,
    names: Index<Name>,
    /// Names that may begin a German compound written as one word.
    first_parts: Dictionary<Name>,
    treaty_names: Index<TreatyIx>,
    roles: roles::Roles,
    cues: cues::Cues,
    surnames: Dictionary<PersonIx>,
    /// Persons by the skeletons of their full names.
    spellings: Dictionary<PersonIx>,
    #[serde(borrow)]
    country_keys: FxHashMap<&'static str, CountryIx>,
    #[serde(borrow)]
    forms: FxHashMap<&'static str, Vec<(&'static str, &'static str, &'static str)>>,
    #[serde(borrow)]
    members: BTreeMap<&'static str, Vec<Membership>>,
    homographs: Dictionary<()>,
}

/// A war that reports name after the state that was attacked (*Irakkrieg*).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct War {
    /// ISO 3166-1 alpha-3.
    pub attacked: &'static str,
    /// Keys of states and organisations.
    #[serde(borrow)]
    pub attackers: Vec<&'static str>,
    /// First day.
    pub from: Date,
    /// German name.
    pub name: &'static str,
}

/// One organisation's tie to a member.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Membership {
    /// Key of the member.
    pub member: &'static str,
    /// `member`, `observer`, …
    pub status: &'static str,
    /// First day, when known.
    pub from: Option<Date>,
    /// Last day, when it ended.
    pub to: Option<Date>,
    /// The last day that the source vouches for.
    pub as_of: Option<Date>,
    /// Where the row comes from (README of the tables).
    pub source: &'static str,
}

impl Knowledge {
    /// Reads and checks the tables of the project, whose text is compiled in: unknown codes, bad dates, overlapping terms
    /// of one office, names given twice. What cannot be understood is reported and left out.
    #[must_use]
    pub fn from_tables() -> (Self, Vec<Diagnostic>) {
        check::load(&load::BUNDLED)
    }

    /// The tables that are compiled in with those of a user's directory on top. A file of the directory has the name
    /// and the columns of the table that its rows are added to; see the README of the tables.
    ///
    /// The text of the files is kept as long as the program runs, like that of the tables compiled in.
    ///
    /// # Errors
    /// [`OverlayError`] when the directory or a file cannot be read, or when there is anything wrong with the rows; then
    /// nothing of it is loaded.
    pub fn with_overlay(directory: &std::path::Path) -> Result<(Self, Vec<Diagnostic>), OverlayError> {
        overlay::load(directory)
    }

    /// The longest name that begins with the first of `atoms`.
    #[must_use]
    pub fn longest<'a>(&self, lang: Lang, atoms: impl Iterator<Item = &'a Atom> + Clone) -> Option<Found<Name>> {
        self.names.longest(lang, atoms)
    }

    /// What `name` stands for, inflected or not.
    #[must_use]
    pub fn named(&self, lang: Lang, name: &str) -> Vec<Name> {
        self.names.exactly(lang, name)
    }

    /// The state or body that begins a German compound written as one word (*Kreml|sprecher*, *Irak|krieg*), with the byte
    /// at which the rest begins.
    #[must_use]
    pub fn first_part(&self, word: &Atom) -> Option<(usize, &[Name])> {
        /// Shorter parts and rests are hardly ever what they look like.
        const SHORTEST: usize = 4;
        let text = &*word.text;
        if !word.upper || text.len() < 2 * SHORTEST {
            return None;
        }
        // The longest part counts; of two that are as long, the one without an "s" between it and the rest.
        let parts = self.first_parts.prefixes(text).flat_map(|(at, names)| {
            let linked = text[at..].starts_with('s').then_some((at + 1, names));
            [(at, names)].into_iter().chain(linked)
        });
        parts
            .filter(|(at, _)| (SHORTEST..=text.len() - SHORTEST).contains(at))
            .last()
    }

    /// The state with this ISO 3166-1 alpha-3 code.
    #[must_use]
    pub fn country(&self, key: &str) -> Option<&Country> {
        self.country_keys.get(key).map(|ix| &self.countries[ix.ix()])
    }

    /// The persons whom a text may mean by this surname or short name.
    #[must_use]
    pub fn surname(&self, word: &str) -> &[PersonIx] {
        self.surnames.get(&fold(word))
    }

    /// The persons whose full name is this one in another transcription; `words` are folded, as [`Atom::text`] is.
    #[must_use]
    pub fn spelled_alike(&self, words: &[Box<str>]) -> Vec<PersonIx> {
        let Some(skeleton) = transcription::skeleton(words) else {
            return Vec::new();
        };
        let near = |p: &PersonIx| {
            let person = &self.persons[p.ix()];
            let mut names = std::iter::once(&person.name).chain(&person.aliases);
            names.any(|name| transcription::alike(words, &atoms(name)))
        };
        self.spellings.get(&skeleton).iter().copied().filter(near).collect()
    }

    /// Whether a place name is also a common word, so that it needs support from its context.
    #[must_use]
    pub fn is_homograph(&self, word: &str) -> bool {
        !self.homographs.get(&fold(word)).is_empty()
    }

    /// The longest role (office, profession, body) that begins with the first of `atoms`, each an atom of its own token
    /// or the last of one; German compounds are found by their last part.
    #[must_use]
    pub fn role<'a>(&self, lang: Lang, atoms: impl Iterator<Item = &'a Atom> + Clone) -> Option<RoleFound> {
        self.roles.find(lang, atoms)
    }

    /// The role that begins a German compound of something else (*Truppen|abzug*).
    #[must_use]
    pub fn first_role(&self, word: &Atom) -> Option<RoleIx> {
        self.roles.first_part(word)
    }

    /// The row behind a role.
    #[must_use]
    pub fn role_at(&self, ix: RoleIx) -> &Role {
        self.roles.at(ix)
    }

    /// The small words that steer the resolving of names in `lang`.
    #[must_use]
    pub fn cues(&self) -> &Cues {
        &self.cues
    }

    /// The tie of `member` to organisation `org` on `day`, by ids or keys.
    #[must_use]
    pub fn membership(&self, org: &str, member: &str, day: Option<Date>) -> Option<&Membership> {
        self.members.get(org)?.iter().find(|m| {
            let within = |d: Date| m.from.is_none_or(|from| from <= d) && m.to.is_none_or(|to| d <= to);
            m.member == member && day.is_none_or(within)
        })
    }

    /// What `member` belongs to, by id or key: the organisation, and the tie.
    pub fn memberships<'k>(&'k self, member: &'k str) -> impl Iterator<Item = (&'static str, &'k Membership)> {
        let ties = self
            .members
            .iter()
            .flat_map(|(org, members)| members.iter().map(|m| (*org, m)));
        ties.filter(move |(_, m)| m.member == member)
    }

    /// The gender of those who bear a given name, where only men or only women do.
    #[must_use]
    pub fn gender_of_name(&self, given: &str) -> Option<Gender> {
        self.given_names.first(&words::fold(given)).copied()
    }

    /// Keys of those who attacked a state in the last of its wars that had begun on `day`.
    pub fn attackers(&self, country: &str, day: Date) -> &[&'static str] {
        let war = self.wars.iter().find(|war| war.attacked == country && war.from <= day);
        war.map_or(&[], |war| &war.attackers)
    }

    /// The forms by which texts name a state: language, kind (`name`, `adjective`, `demonym`) and form, from the tables.
    pub fn forms(&self, country: &str) -> impl Iterator<Item = &(&'static str, &'static str, &'static str)> {
        self.forms.get(country).into_iter().flatten()
    }

    /// The members of organisation `org`.
    #[must_use]
    pub fn members(&self, org: &str) -> &[Membership] {
        self.members.get(org).map_or(&[], Vec::as_slice)
    }

    /// The longest treaty name that begins with the first of `atoms`.
    #[must_use]
    pub fn longest_treaty<'a>(
        &self,
        lang: Lang,
        atoms: impl Iterator<Item = &'a Atom> + Clone,
    ) -> Option<Found<TreatyIx>> {
        self.treaty_names.longest(lang, atoms)
    }

    /// The treaties to which all of `parties` belong and that were signed, and not ended, by `day`.
    ///
    /// A treaty of an organisation binds the members of it. The latest come first.
    #[must_use]
    pub fn treaties_between(&self, parties: &[&str], day: Option<Date>) -> Vec<TreatyIx> {
        let binds = |treaty: &Treaty, party: &str| {
            treaty.parties.iter().any(|p| {
                *p == party
                    || p.strip_prefix("org:").is_some_and(|org| {
                        org == party || self.membership(org, party, day).is_some_and(|m| m.status == "member")
                    })
            })
        };
        let mut found: Vec<TreatyIx> = (0..self.treaties.len())
            .map(|n| TreatyIx(n as u32))
            .filter(|ix| {
                let treaty = &self.treaties[ix.ix()];
                let signed = treaty.signed.is_none_or(|s| day.is_none_or(|d| s.0 <= d));
                let ended = treaty.ended.is_some_and(|e| day.is_some_and(|d| e.1 < d));
                !parties.is_empty() && signed && !ended && parties.iter().all(|p| binds(treaty, p))
            })
            .collect();
        found.sort_by_key(|ix| std::cmp::Reverse(self.treaties[ix.ix()].signed));
        found
    }

    /// The person who held the leading office called `office` (German or English) for `key` on `day`, when just one did.
    #[must_use]
    pub fn holder(&self, key: &str, office: &str, day: Date) -> Option<PersonIx> {
        let office = fold(office);
        let fits = |term: &Term| {
            [term.country, term.org].contains(&Some(key))
                && term.holds_on(day)
                && (*fold(term.office_de) == *office || *fold(term.office_en) == *office)
        };
        let mut holders = self
            .persons
            .iter()
            .enumerate()
            .filter(|(_, p)| p.terms.iter().any(&fits));
        match (holders.next(), holders.next()) {
            (Some((n, _)), None) => Some(PersonIx(n as u32)),
            _ => None,
        }
    }
}

/// Grammatical gender in the tables.
fn gender(cell: &str) -> Option<Gender> {
    match cell {
        "m" => Some(Gender::Masc),
        "f" => Some(Gender::Fem),
        "n" => Some(Gender::Neut),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::LazyLock;

    /// The tables of the project, read once.
    fn tables() -> &'static Knowledge {
        static TABLES: LazyLock<Knowledge> = LazyLock::new(|| Knowledge::from_tables().0);
        &TABLES
    }

    fn date(y: i16, m: i8, d: i8) -> Date {
        Date::new(y, m, d).unwrap()
    }

    /// The keys of the states that a German name may stand for.
    fn countries(name: &str) -> Vec<&'static str> {
        let knowledge = tables();
        knowledge
            .named(Lang::De, name)
            .into_iter()
            .filter_map(|n| match n {
                Name::Country(ix) | Name::Adjective(ix) | Name::Demonym(ix) => Some(knowledge.countries[ix.ix()].key),
                Name::Seat(ix) => knowledge.seats[ix.ix()].country,
                _ => None,
            })
            .collect()
    }

    fn person(name: &str) -> &'static Person {
        let knowledge = tables();
        let found = knowledge.named(Lang::De, name).into_iter().find_map(|n| match n {
            Name::Person(ix) => Some(&knowledge.persons[ix.ix()]),
            _ => None,
        });
        found.unwrap_or_else(|| panic!("{name} is not known"))
    }

    fn organisation(lang: Lang, name: &str) -> Option<&'static Organisation> {
        let knowledge = tables();
        knowledge.named(lang, name).into_iter().find_map(|n| match n {
            Name::Organisation(ix) => Some(&knowledge.organisations[ix.ix()]),
            _ => None,
        })
    }

    #[test]
    fn the_tables_are_in_order() {
        let errors: Vec<String> = Knowledge::from_tables()
            .1
            .iter()
            .filter(|d| d.severity == crate::Severity::Error)
            .map(ToString::to_string)
            .collect();
        assert!(errors.is_empty(), "{}", errors.join("\n\n"));
    }

    #[test]
    fn names_are_found_in_every_case() {
        assert_eq!(countries("Russlands"), ["RUS"]);
        assert_eq!(countries("nordkoreanischen"), ["PRK"]);
        assert_eq!(countries("Vereinigten Staaten"), ["USA"]);
        assert_eq!(countries("Weißen Hauses"), ["USA"]);
        assert_eq!(countries("Moskaus"), ["RUS"]);
        assert_eq!(countries("Ukrainern"), ["UKR"]);
        assert_eq!(countries("Franzosen"), ["FRA"]);
        assert_eq!(countries("US"), ["USA"]);
        assert!(countries("us").is_empty());
    }

    #[test]
    fn both_congos_answer_to_one_adjective() {
        let mut found = countries("kongolesische");
        found.sort_unstable();
        assert_eq!(found, ["COD", "COG"]);
    }

    #[test]
    fn organs_speak_for_their_organisation() {
        let key = |name| organisation(Lang::De, name).and_then(|o| o.key);
        assert_eq!(key("UN-Sicherheitsrats"), Some("UN"));
        assert_eq!(key("Vereinten Nationen"), Some("UN"));
        assert_eq!(key("Europäischen Kommission"), Some("EU"));
        assert_eq!(key("Internationalen Strafgerichtshofs"), Some("ICC"));
        assert_eq!(organisation(Lang::En, "Who").and_then(|o| o.key), None);
        assert_eq!(organisation(Lang::En, "WHO").and_then(|o| o.key), Some("WHO"));
    }

    #[test]
    fn media_and_agencies_name_only_their_state() {
        let post = organisation(Lang::En, "Washington Post").unwrap();
        assert_eq!(
            (post.key, post.country, post.kind),
            (None, Some("USA"), OrganisationKind::Medium)
        );
    }

    #[test]
    fn titles_of_media_are_no_common_nouns() {
        let of = |lang, name| organisation(lang, name).map(|o| o.id);
        for noun in [
            "die Tageszeitung",
            "Die Tageszeitung",
            "die Welt",
            "die Presse",
            "der Standard",
        ] {
            assert_eq!(of(Lang::De, noun), None, "{noun}");
        }
        assert_eq!(of(Lang::De, "die tageszeitung"), Some("taz"));
        assert_eq!(of(Lang::De, "Die tageszeitung"), Some("taz"));
        assert_eq!(of(Lang::De, "Tageszeitung Die Welt"), Some("Welt"));
        assert_eq!(of(Lang::De, "Neuen Zürcher Zeitung"), Some("NZZ"));
        assert_eq!(of(Lang::De, "al-Ahram"), of(Lang::De, "Al-Ahram"));
        assert!(of(Lang::De, "al-Ahram").is_some());
        assert!(of(Lang::De, "Le Canard Enchaîné").is_some());
        assert_eq!(of(Lang::En, "the observer"), None);
        assert_eq!(of(Lang::En, "the Observer"), Some("Observer"));
        assert_eq!(of(Lang::En, "THE OBSERVER"), Some("Observer"));
    }

    #[test]
    fn the_taliban_change_sides_in_2021() {
        let taliban = organisation(Lang::De, "Taliban").unwrap();
        assert_eq!(taliban.sectors_on(Some(date(2012, 8, 28))), [Sector::Reb]);
        assert_eq!(taliban.sectors_on(Some(date(2022, 1, 1))), [Sector::Gov]);
    }

    #[test]
    fn offices_change_hands_on_their_day() {
        let country_on = |name, day| person(name).on(day).find(|t| t.leading).map(|t| t.office_en);
        assert_eq!(country_on("Joe Biden", date(2025, 1, 19)), Some("President"));
        assert_eq!(country_on("Donald Trump", date(2025, 1, 19)), None);
        assert_eq!(country_on("Donald Trump", date(2025, 1, 21)), Some("President"));
    }

    #[test]
    fn after_the_last_day_vouched_for_a_term_is_unknown() {
        let putin = person("Wladimir Putin");
        assert!(putin.on(date(2024, 10, 24)).any(|t| t.leading));
        assert!(!putin.on(date(2031, 1, 1)).any(|t| t.leading));
        assert_eq!(
            putin.nearest(Some(date(2031, 1, 1))).and_then(|t| t.country),
            Some("RUS")
        );
    }

    #[test]
    fn a_common_surname_is_not_enough() {
        assert!(person("Mia Mottley").prominent);
        assert!(!person("Philip Davis").prominent);
    }

    #[test]
    fn spellings_name_one_person() {
        assert_eq!(person("Kim Jong-un").id, person("Kim Jong Un").id);
        assert_eq!(person("Vladimir Putin").id, person("Wladimir Putins").id);
    }

    #[test]
    fn roles_are_found_inside_compounds() {
        let knowledge = tables();
        let role = |word: &str| {
            let atoms = atoms(word);
            knowledge
                .role(Lang::De, atoms.iter())
                .map(|f| (knowledge.role_at(f.role).term, f.plural, f.feminine))
        };
        assert_eq!(
            role("Verteidigungsministerin"),
            Some(("Verteidigungsminister", false, true))
        );
        assert_eq!(role("Kolonialminister"), Some(("Minister", false, false)));
        assert_eq!(role("Demonstrierenden"), None);
        assert_eq!(role("Elitesoldaten"), Some(("Soldat", false, false)));
        assert_eq!(role("Grenzpolizistinnen"), Some(("Polizist", true, true)));
        assert_eq!(role("Abgeordneten"), Some(("Abgeordneter", false, false)));
        assert_eq!(role("Vorrat"), None);
        assert_eq!(role("soldaten"), None);
    }

    #[test]
    fn treaties_are_found_by_name_and_by_parties() {
        let knowledge = tables();
        let atoms = atoms("Nato-Vertrag");
        let found = knowledge.longest_treaty(Lang::De, atoms.iter()).unwrap();
        assert_eq!(knowledge.treaties[found.names[0].ix()].id, "NATO-1949");
        let day = Some(date(2024, 10, 24));
        let between = knowledge.treaties_between(&["RUS", "PRK"], day);
        assert_eq!(knowledge.treaties[between[0].ix()].id, "RU-KP-2024");
        let pact = &knowledge.treaties[between[0].ix()];
        let assist = pact
            .clauses
            .iter()
            .find(|c| c.duty == ObligationKind::MutualAssistance)
            .unwrap();
        assert_eq!((assist.article, assist.caveat[1].contains("Art. 51")), ("4", true));
        assert!(!knowledge.treaties_between(&["DEU", "USA"], day).is_empty());
        assert!(
            knowledge
                .treaties_between(&["RUS", "PRK"], Some(date(2024, 6, 18)))
                .iter()
                .all(|ix| { knowledge.treaties[ix.ix()].id != "RU-KP-2024" })
        );
    }

    #[test]
    fn members_have_dates() {
        let knowledge = tables();
        assert!(knowledge.membership("NATO", "FIN", Some(date(2022, 1, 1))).is_none());
        assert!(knowledge.membership("NATO", "FIN", Some(date(2024, 1, 1))).is_some());
    }
}
