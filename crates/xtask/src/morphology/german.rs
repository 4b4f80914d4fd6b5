//! The German lexicon: german-pos-dict, with names and nouns that it lacks from german-nouns.

use super::{morphy, set_frequencies};
use crate::sources::{read, read_xz};
use anyhow::{Context, Result};
use lagebild_core::{Case, Gender, Morph, Number, Upos};
use lagebild_nlp::morph::{Builder, NameKind, Reading};
use std::collections::HashMap;
use std::path::Path;

/// Collects all forms from the data under `sources` and the function words in `own`, the folder of the product's data.
pub(super) fn collect(sources: &Path, own: &Path) -> Result<Builder> {
    let mut builder = Builder::default();
    add_pos_dict(&mut builder, &sources.join("german-pos-dict"))?;
    add_nouns(&mut builder, &sources.join("german-nouns"))?;
    add_function_words(&mut builder, &read(&own.join("de/function-words.tsv"))?);
    set_frequencies(&mut builder, &sources.join("brown-clusters-de"))?;
    Ok(builder)
}

fn add_pos_dict(builder: &mut Builder, folder: &Path) -> Result<()> {
    let tag_sets: HashMap<String, Vec<Reading>> = read_xz(&folder.join("tagsets.tsv.xz"))?
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(number, tags)| {
            let mut readings: Vec<Reading> = tags.split('|').flat_map(morphy::readings).collect();
            readings.sort_unstable();
            readings.dedup();
            (number.to_owned(), readings)
        })
        .collect();
    for (number, line) in read_xz(&folder.join("forms.tsv.xz"))?.lines().enumerate() {
        let mut fields = line.split('\t');
        let (Some(form), Some(lemma), Some(set)) = (fields.next(), fields.next(), fields.next()) else {
            anyhow::bail!("forms.tsv: line {} has not three fields", number + 1);
        };
        let readings = tag_sets
            .get(set)
            .with_context(|| format!("forms.tsv: unknown tag set {set}"))?;
        for &reading in readings {
            let lemma = if lemma == "=" { form } else { lemma };
            builder.add(form, lemma, reading);
            if reading.pos() == Upos::Noun && is_name(lemma) {
                builder.add(form, lemma, Reading::new(Upos::Propn, reading.morph()));
            }
        }
    }
    Ok(())
}

/// Parts of speech that the treebanks give to function words and the lexicon does not.
fn add_function_words(builder: &mut Builder, table: &str) {
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let &[pos, lemma, forms] = &fields[..] else { continue };
        let Some(pos) = Upos::parse(pos) else { continue };
        for form in forms.split(' ').filter(|form| form.chars().all(char::is_alphabetic)) {
            if !builder.has(form, pos) {
                builder.add(form, lemma, Reading::new(pos, Morph::default()));
            }
        }
    }
}

/// Whether the treebank takes a noun of the lexicon as a name: abbreviations, months, days of the week.
fn is_name(noun: &str) -> bool {
    const CALENDAR: [&str; 21] = [
        "Januar",
        "Jänner",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
        "Montag",
        "Dienstag",
        "Mittwoch",
        "Donnerstag",
        "Freitag",
        "Samstag",
        "Sonnabend",
        "Sonntag",
    ];
    CALENDAR.contains(&noun) || (noun.chars().count() > 1 && noun.chars().all(char::is_uppercase))
}

/// Nouns and names of Wiktionary whose forms the full-form lexicon lacks altogether.
fn add_nouns(builder: &mut Builder, folder: &Path) -> Result<()> {
    let text = read_xz(&folder.join("nouns.csv.xz"))?;
    let mut table = csv::Reader::from_reader(text.as_bytes());
    let columns: Vec<Option<(Case, Number)>> = table.headers()?.iter().map(case_and_number).collect();
    let known = std::mem::take(builder);
    let mut new = Vec::new();
    for row in table.records() {
        let row = row?;
        let (lemma, classes) = (&row[0], &row[1]);
        if lemma.starts_with('-') || lemma.ends_with('-') || !lemma.starts_with(char::is_uppercase) {
            continue;
        }
        let (pos, kind) = class(classes);
        let genders: Vec<Gender> = (2..7).filter_map(|i| gender(&row[i])).collect();
        for (column, form) in columns.iter().zip(&row) {
            let Some((case, number)) = *column else { continue };
            if form.is_empty() || form.contains(' ') || known.has_form(form) {
                continue;
            }
            let morph = |gender| Morph {
                case: Some(case),
                number: Some(number),
                gender,
                ..Morph::default()
            };
            let genders: Vec<Option<Gender>> = if genders.is_empty() {
                vec![None]
            } else {
                genders.iter().copied().map(Some).collect()
            };
            for gender in genders {
                let reading = Reading::new(pos, morph(gender));
                new.push((
                    form.to_owned(),
                    lemma.to_owned(),
                    kind.map_or(reading, |k| reading.named(k)),
                ));
            }
        }
    }
    *builder = known;
    for (form, lemma, reading) in new {
        builder.add(&form, &lemma, reading);
    }
    Ok(())
}

fn case_and_number(column: &str) -> Option<(Case, Number)> {
    let mut words = column.split(' ');
    let case = match words.next()? {
        "nominativ" => Case::Nom,
        "genitiv" => Case::Gen,
        "dativ" => Case::Dat,
        "akkusativ" => Case::Acc,
        _ => return None,
    };
    let number = if words.next()?.starts_with("singular") {
        Number::Sing
    } else {
        Number::Plur
    };
    Some((case, number))
}

fn class(classes: &str) -> (Upos, Option<NameKind>) {
    let has = |class: &str| classes.split(',').any(|c| c == class);
    if has("Vorname") {
        (Upos::Propn, Some(NameKind::First))
    } else if has("Nachname") {
        (Upos::Propn, Some(NameKind::Family))
    } else if has("Toponym") {
        (Upos::Propn, Some(NameKind::Region))
    } else if has("Eigenname") {
        (Upos::Propn, None)
    } else {
        (Upos::Noun, None)
    }
}

fn gender(genus: &str) -> Option<Gender> {
    match genus {
        "m" => Some(Gender::Masc),
        "f" => Some(Gender::Fem),
        "n" => Some(Gender::Neut),
        _ => None,
    }
}
