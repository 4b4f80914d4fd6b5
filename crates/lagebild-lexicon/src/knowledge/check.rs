//! Checks of the tables beyond what loading needs.

use super::Knowledge;
use super::load::{self, Tables};
use super::table::{Place, days, list};
use super::words;
use crate::Diagnostic;
use lagebild_core::Date;
use std::collections::{HashMap, HashSet};

/// Reads `tables`, with all that is wrong with them.
pub(super) fn load(tables: &Tables) -> (Knowledge, Vec<Diagnostic>) {
    let (knowledge, mut found) = load::load(tables);
    beyond_loading(tables, &mut found);
    (knowledge, found)
}

/// What is wrong with tables that load.
fn beyond_loading(tables: &Tables, found: &mut Vec<Diagnostic>) {
    terms(tables, found);
    identities(tables, found);
    double_names(tables, found);
}

/// A term of an office that one holds at a time.
struct Held {
    person: &'static str,
    from: Date,
    to: Date,
    place: Place,
    from_cell: &'static str,
}

/// Terms that end before they begin, and terms of one hand-written office that overlap by more than a day.
///
/// Rows of the Factbook and of Wikidata overlap where an office is shared or dates are bounds; only our own are held to
/// exclude each other.
fn terms(tables: &Tables, found: &mut Vec<Diagnostic>) {
    let columns = ["person", "key", "office_de", "role", "from", "to", "as_of", "source"];
    let mut offices: HashMap<(&str, &str), Vec<Held>> = HashMap::new();
    for row in tables.office_holders.rows(columns, &mut Vec::new()) {
        let [person, key, office, role, from_cell, to_cell, as_of, source] = row.cells;
        let Some((from, _)) = days(from_cell) else { continue };
        let last = if to_cell.is_empty() { as_of } else { to_cell };
        let Some((to, latest)) = days(last) else { continue };
        if latest < from {
            found.push(row.error("K010", from_cell, format!("the term of {person} ends before it begins")));
        } else if source.split(':').next() == Some("own") && !role.is_empty() && !office.is_empty() {
            // A month or year says that the change came some day in it: count its first day.
            let held = Held {
                person,
                from,
                to,
                place: row.place(),
                from_cell,
            };
            offices.entry((key, office)).or_default().push(held);
        }
    }
    for ((key, office), mut held) in offices {
        held.sort_by_key(|h| h.from);
        for pair in held.windows(2) {
            if pair[1].from < pair[0].to && pair[0].person != pair[1].person {
                let message = format!(
                    "{office} of {key}: {} begins while {} still holds",
                    pair[1].person, pair[0].person
                );
                found.push(pair[1].place.error("K011", pair[1].from_cell, message));
            }
        }
    }
}

/// Rows that name nobody, and rows of one Wikidata id whose names have no word in common: two people would become one.
fn identities(tables: &Tables, found: &mut Vec<Diagnostic>) {
    let mut first: HashMap<&str, (&str, HashSet<Box<str>>)> = HashMap::new();
    for row in tables
        .office_holders
        .rows(["person", "aliases", "wikidata"], &mut Vec::new())
    {
        let [person, aliases, id] = row.cells;
        if person.is_empty() {
            found.push(row.error("K016", person, "the row names nobody"));
        } else if !id.is_empty() {
            let names = || [person].into_iter().chain(list(aliases)).flat_map(words::atoms);
            let (other, known) = first
                .entry(id)
                .or_insert_with(|| (person, names().map(|atom| atom.text).collect()));
            if !names().any(|atom| known.contains(&atom.text)) {
                let error = row.error("K017", id, format!("{id} is {other} as well as {person}"));
                found.push(error.hint("take the id out of the row that it does not belong to"));
            }
        }
    }
}

/// Aliases that a row gives twice, and aliases that two organisations of one state share.
fn double_names(tables: &Tables, found: &mut Vec<Diagnostic>) {
    let mut owners: HashMap<(String, &str, &str), &str> = HashMap::new();
    for table in [tables.organisations, tables.armed_groups] {
        let columns = [
            "id",
            "country",
            "from",
            "name_de",
            "name_en",
            "aliases_de",
            "aliases_en",
        ];
        for row in table.rows(columns, &mut Vec::new()) {
            let [id, country, _, name_de, name_en, aliases_de, aliases_en] = row.cells;
            for (lang, main, aliases) in [("de", name_de, aliases_de), ("en", name_en, aliases_en)] {
                let mut seen = vec![words::fold(main).into_owned()];
                for alias in list(aliases) {
                    let folded = words::fold(alias).into_owned();
                    if alias == main || seen.iter().filter(|s| **s == folded).count() > 1 {
                        let error = row.error("K012", alias, format!("\"{alias}\" is given twice"));
                        found.push(error.hint("take one out"));
                    }
                    seen.push(folded.clone());
                    let other = *owners.entry((folded, lang, country)).or_insert(id);
                    if other != id {
                        let message = format!("\"{alias}\" also names {other}");
                        found.push(row.error("K013", alias, message).warning());
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::load::BUNDLED;
    use super::super::table::Table;
    use super::*;

    /// The codes of what is wrong with office holders of these rows (person, office, role, from, to, Wikidata id, source).
    fn codes(rows: &[[&str; 7]]) -> Vec<&'static str> {
        let mut text = "person\taliases\tkey\toffice_de\trole\tfrom\tto\tas_of\twikidata\tsource\n".to_owned();
        for [person, office, role, from, to, id, source] in rows {
            text.push_str(&format!(
                "{person}\t\tNLD\t{office}\t{role}\t{from}\t{to}\t\t{id}\t{source}\n"
            ));
        }
        let office_holders = Table {
            file: "office-holders.tsv",
            text: text.leak(),
            over: None,
        };
        let tables = Tables {
            office_holders,
            ..BUNDLED
        };
        let mut found = Vec::new();
        terms(&tables, &mut found);
        identities(&tables, &mut found);
        found.iter().map(|d| d.code).collect()
    }

    #[test]
    fn an_id_of_two_people_is_an_error() {
        let row = |person, id| [person, "Minister", "", "2002", "2003", id, "own"];
        assert_eq!(codes(&[row("Wim Kok", "Q1"), row("Willem Kok", "Q1")]), [""; 0]);
        assert_eq!(codes(&[row("Wim Kok", "Q1"), row("Mark Rutte", "Q1")]), ["K017"]);
        assert_eq!(codes(&[row("", "Q1")]), ["K016"]);
    }

    #[test]
    fn two_of_our_own_do_not_hold_one_office() {
        let row = |person, from, to, source| [person, "Premier", "HOG", from, to, "", source];
        let kok = row("Wim Kok", "1994-08-22", "2002-07-22", "own");
        assert_eq!(codes(&[kok, row("Mark Rutte", "2002-07-22", "2003", "own")]), [""; 0]);
        assert_eq!(
            codes(&[kok, row("Mark Rutte", "2002-07-01", "2003", "own:minor")]),
            ["K011"]
        );
        assert_eq!(
            codes(&[kok, row("Mark Rutte", "2002-07-01", "2003", "factbook")]),
            [""; 0]
        );
    }
}
