//! The German lexicon: german-pos-dict, with names and nouns that it lacks from german-nouns.

use super::morphy;
use crate::sources::read_xz;
use anyhow::{Context, Result};
use lagebild_core::{Case, Gender, Morph, Number, Upos};
use lagebild_nlp::morph::{Builder, NameKind, Reading};
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// Collects all forms.
pub(super) fn collect(sources: &Path) -> Result<Builder> {
    let mut builder = Builder::default();
    add_pos_dict(&mut builder, &sources.join("german-pos-dict"))?;
    add_nouns(&mut builder, &sources.join("german-nouns"))?;
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
            builder.add(form, if lemma == "=" { form } else { lemma }, reading);
        }
    }
    Ok(())
}

/// Short nouns of the lexicon that are too rare to be a part of a compound, by the frequencies that come with the Brown
/// clusters; as the text of the list that is committed.
pub(super) fn rare_nouns(builder: &Builder, sources: &Path) -> Result<String> {
    /// Of nouns, in characters: longer ones are seldom found in other words by chance.
    const LONGEST: usize = 5;
    /// Natural logarithm of the relative frequency: about one in a million words.
    const RAREST: f64 = -13.6;
    let table = read_xz(&sources.join("brown-clusters-de/clusters.tsv.xz"))?;
    let frequent: HashSet<&str> = table
        .lines()
        .filter_map(|line| {
            let mut fields = line.split('\t');
            let (form, frequency) = (fields.next()?, fields.nth(1)?.parse::<f64>().ok()?);
            (frequency > RAREST).then_some(form)
        })
        .collect();
    let mut text = String::from(
        "# German nouns of up to five letters too rare to be part of a compound, one a line. Frequencies: Brown clusters of\n\
         # spacy-lookups-data 1.0.5 (MIT); words: german-pos-dict (CC BY-SA 4.0). Made by `cargo run -p xtask -- morphology`.\n",
    );
    for form in builder.forms() {
        let is_short = form.chars().count() <= LONGEST && form.chars().all(char::is_alphabetic);
        if is_short && builder.has(form, Upos::Noun) && !frequent.contains(form) {
            text.push_str(form);
            text.push('\n');
        }
    }
    Ok(text)
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
