//! Nouns for people and bodies that act: *Präsident*, *Truppen*, *foreign minister*.

use super::index::{Index, IndexBuilder, Langs};
use super::table::{Table, list};
use super::words::{self, Atom};
use super::{Found, gender};
use crate::Diagnostic;
use crate::dictionary::{Dictionary, DictionaryBuilder};
use lagebild_core::codebook::Sector;
use lagebild_core::{Gender, Lang};
use serde::{Deserialize, Serialize};

/// A row of the role tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RoleIx(pub u32);

/// What a role noun stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RoleKind {
    /// Single people.
    Person,
    /// People together.
    Group,
    /// A body with a will of its own.
    Body,
    /// Things and premises that stand for those who own them when something is done to them (*Kaserne, Moschee, Dorf*).
    Thing,
}

/// What else is known of a role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleFlags {
    /// Takes no state from its context (*Flüchtlinge, Kritiker*).
    pub stateless: bool,
    /// People as such, named by nothing but what they are (*Menschen, Demonstranten*).
    pub anonymous: bool,
    /// A proxy: acts for the body named with it (*Sprecher, Chef*).
    pub deputy: bool,
    /// One holder at a time.
    pub office: bool,
    /// A council or commission, such as organisations have.
    pub council: bool,
    /// Belongs where it is, though it bears arms (*Regierungstruppen im Sudan*).
    pub home: bool,
    /// Acts for another state than whoever has it (*sein Amtskollege*).
    pub peer: bool,
    /// Sent by another state than whoever does something to him (*bestellte den Botschafter ein*).
    pub envoy: bool,
    /// Only the end of a compound of another role (*Polizei|kräfte*).
    pub tail: bool,
    /// Never the end of a compound.
    whole: bool,
}

/// A role noun.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Role {
    /// Nominative singular.
    pub term: &'static str,
    /// What it stands for.
    pub kind: RoleKind,
    /// PLOVER sectors; empty when they come from the body that it belongs to.
    pub sectors: Vec<Sector>,
    /// Grammatical gender of the term, where fixed.
    pub gender: Option<Gender>,
    /// The state, or `org:` and the key of the organisation, for which its bearer acts whatever the text says.
    #[serde(borrow)]
    pub body: Option<&'static str>,
    /// More.
    pub flags: RoleFlags,
}

/// A form of a role noun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Form {
    role: RoleIx,
    plural: bool,
    feminine: bool,
}

/// A role found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleFound {
    /// Which.
    pub role: RoleIx,
    /// How many atoms it takes.
    pub atoms: usize,
    /// Certainly plural; a German form that may be either counts as singular.
    pub plural: bool,
    /// A feminine form (*Präsidentin*).
    pub feminine: bool,
    /// Where the noun begins within its last atom: beyond 0 in a German compound (*Regierungs|sprecher*).
    pub offset: usize,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(super) struct Roles {
    rows: Vec<Role>,
    names: Index<Form>,
    /// German forms that may end a compound, each with the first role that has it.
    tails: Dictionary<Form>,
    longest_tail: usize,
    /// German forms that may begin a compound, likewise.
    heads: Dictionary<RoleIx>,
}

/// The same while tables are read.
#[derive(Default)]
struct Draft {
    rows: Vec<Role>,
    names: IndexBuilder<Form>,
    tails: DictionaryBuilder<Form>,
    longest_tail: usize,
    heads: DictionaryBuilder<RoleIx>,
}

/// The shortest first part of a German compound.
const SHORTEST_MODIFIER: usize = 3;
/// The shortest role that begins a compound of something else.
const SHORTEST_HEAD: usize = 5;
/// The shortest last part of a German compound.
const SHORTEST_TAIL: usize = 4;

impl Draft {
    fn row<const N: usize>(
        &mut self,
        row: &super::table::Row<N>,
        [term, kind, sectors, flags, body]: [&'static str; 5],
        gender: Option<Gender>,
        errors: &mut Vec<Diagnostic>,
    ) -> Option<RoleIx> {
        let kind = match kind {
            "person" => RoleKind::Person,
            "group" => RoleKind::Group,
            "body" => RoleKind::Body,
            "thing" => RoleKind::Thing,
            other => {
                errors.push(
                    row.error("K006", kind, format!("unknown kind \"{other}\""))
                        .hint("person, group, body or thing"),
                );
                return None;
            }
        };
        let mut found = Vec::new();
        for sector in list(sectors).filter(|s| *s != "*") {
            match Sector::parse(sector) {
                Some(sector) => found.push(sector),
                None => errors.push(row.error("K004", sector, format!("unknown sector \"{sector}\""))),
            }
        }
        let mut set = RoleFlags::default();
        for flag in flags.split_whitespace() {
            match flag {
                "stateless" => set.stateless = true,
                "anonymous" => set.anonymous = true,
                "deputy" => set.deputy = true,
                "office" => set.office = true,
                "whole" => set.whole = true,
                "tail" => set.tail = true,
                "council" => set.council = true,
                "home" => set.home = true,
                "peer" => set.peer = true,
                "envoy" => set.envoy = true,
                other => errors.push(row.error("K006", flag, format!("unknown flag \"{other}\""))),
            }
        }
        let ix = RoleIx(self.rows.len() as u32);
        let body = (!body.is_empty()).then_some(body);
        self.rows.push(Role {
            term,
            kind,
            sectors: found,
            gender,
            body,
            flags: set,
        });
        Some(ix)
    }

    fn form(&mut self, lang: Lang, form: &str, of: Form) {
        let flags = self.rows[of.role.0 as usize].flags;
        if !flags.tail {
            self.names.add(form, Langs::only(lang), of);
        }
        let whole = flags.whole;
        if lang == Lang::De && !whole && form.chars().count() >= SHORTEST_TAIL {
            let folded = words::fold(form);
            self.longest_tail = self.longest_tail.max(folded.len());
            let row = &self.rows[of.role.0 as usize];
            let acts = row.kind != RoleKind::Thing
                && !row.flags.anonymous
                && !row.flags.stateless
                && !row.flags.deputy
                && !row.flags.tail;
            if acts {
                self.heads.add(&*folded, of.role);
            }
            self.tails.add(folded, of);
        }
    }
}

impl Roles {
    pub(super) fn load(german: Table, english: Table, errors: &mut Vec<Diagnostic>) -> Self {
        let mut roles = Draft::default();
        let columns = [
            "term", "plural", "gender", "feminine", "kind", "sectors", "flags", "body",
        ];
        for row in german.rows(columns, errors) {
            let [term, plural, gender_cell, feminine, kind, sectors, flags, body] = row.cells;
            let gender = gender(gender_cell);
            let Some(role) = roles.row(&row, [term, kind, sectors, flags, body], gender, errors) else {
                continue;
            };
            let nominalised = gender_cell == "a";
            for form in words::german_noun(term, plural, nominalised) {
                // "Präsidenten" and "Soldaten" may be one in the accusative.
                let weak = gender == Some(Gender::Masc)
                    && plural
                        .strip_prefix(term)
                        .is_some_and(|ending| matches!(ending, "n" | "en"));
                let is_plural = !nominalised && !weak && words::fold(plural) == form && words::fold(term) != form;
                roles.form(
                    Lang::De,
                    &form,
                    Form {
                        role,
                        plural: is_plural,
                        feminine: false,
                    },
                );
            }
            if let Some((one, many)) = words::german_feminine(term, feminine) {
                roles.form(
                    Lang::De,
                    &one,
                    Form {
                        role,
                        plural: false,
                        feminine: true,
                    },
                );
                roles.form(
                    Lang::De,
                    &many,
                    Form {
                        role,
                        plural: true,
                        feminine: true,
                    },
                );
            }
        }
        for row in english.rows(["term", "plural", "kind", "sectors", "flags", "body"], errors) {
            let [term, plural, kind, sectors, flags, body] = row.cells;
            let Some(role) = roles.row(&row, [term, kind, sectors, flags, body], None, errors) else {
                continue;
            };
            roles.form(
                Lang::En,
                term,
                Form {
                    role,
                    plural: false,
                    feminine: false,
                },
            );
            let many = match plural {
                "-" | "" => continue,
                "+" => words::english_plural(term),
                given => given.to_owned(),
            };
            if many != term {
                roles.form(
                    Lang::En,
                    &many,
                    Form {
                        role,
                        plural: true,
                        feminine: false,
                    },
                );
            }
        }
        Self {
            rows: roles.rows,
            names: roles.names.finish(),
            tails: roles.tails.finish(),
            longest_tail: roles.longest_tail,
            heads: roles.heads.finish(),
        }
    }

    pub(super) fn at(&self, ix: RoleIx) -> &Role {
        &self.rows[ix.0 as usize]
    }

    /// The role that begins a German compound (*Truppen|abzug*, *Gerichts|urteil*).
    pub(super) fn first_part(&self, word: &Atom) -> Option<RoleIx> {
        let text = &*word.text;
        if !word.upper || text.len() < SHORTEST_HEAD + SHORTEST_TAIL {
            return None;
        }
        let ends = SHORTEST_HEAD..=text.len() - SHORTEST_TAIL;
        let fits = |(at, _): &(usize, _)| ends.contains(at) && !words::is_derivation(&text[*at..]);
        let (_, roles) = self.heads.prefixes(text).filter(fits).last()?;
        roles.first().copied()
    }

    pub(super) fn find<'a>(&self, lang: Lang, atoms: impl Iterator<Item = &'a Atom> + Clone) -> Option<RoleFound> {
        let first = atoms.clone().next()?;
        // German nouns are written with a capital, and so cannot be verbs or adjectives.
        if lang == Lang::De && !first.upper {
            return None;
        }
        if let Some(Found { atoms, names, .. }) = self.names.longest(lang, atoms) {
            let form = names.first()?;
            return Some(RoleFound {
                role: form.role,
                atoms,
                plural: form.plural,
                feminine: form.feminine,
                offset: 0,
            });
        }
        if lang == Lang::En {
            return None;
        }
        let word = &*first.text;
        // The longest last part wins: "Verteidigungs|minister", not "…|ster".
        let earliest = word.len().saturating_sub(self.longest_tail).max(SHORTEST_MODIFIER);
        (earliest..word.len().saturating_sub(SHORTEST_TAIL - 1))
            .filter(|&at| word.is_char_boundary(at))
            .find_map(|at| self.tails.first(&word[at..]).map(|form| (at, form)))
            .map(|(offset, form)| RoleFound {
                role: form.role,
                atoms: 1,
                plural: form.plural,
                feminine: form.feminine,
                offset,
            })
    }
}
