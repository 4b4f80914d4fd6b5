//! The tags of the Morphy lexicon, read as Universal Dependencies.

use lagebild_core::{Case, Degree, Gender, Mood, Morph, Number, Person, Tense, Upos, VerbForm};
use lagebild_nlp::morph::{NameKind, Reading};

/// The readings that a tag such as `VER:3:SIN:PRT:SFT` stands for, as UD German-GSD would give them; none for tags that
/// no word of running text bears.
pub(crate) fn readings(tag: &str) -> Vec<Reading> {
    let mut fields = tag.split(':');
    let class = fields.next().unwrap_or_default();
    let fields: Vec<&str> = fields.collect();
    let has = |value: &str| fields.contains(&value);
    let base = nominal(&fields);
    let just = |pos| vec![Reading::new(pos, Morph::default())];
    match class {
        "SUB" => vec![Reading::new(Upos::Noun, base)],
        "EIG" => {
            let reading = Reading::new(Upos::Propn, base);
            vec![name_kind(&fields).map_or(reading, |kind| reading.named(kind))]
        }
        "ADJ" | "PA1" | "PA2" => vec![Reading::new(
            Upos::Adj,
            Morph {
                degree: Some(degree(&fields)),
                ..base
            },
        )],
        "VER" => verb(&fields),
        "ART" => vec![Reading::new(Upos::Det, base)],
        "PRO" => pronoun(&fields, base),
        "ADV" => just(Upos::Adv),
        "PRP" => just(Upos::Adp),
        "KON" if has("NEB") => just(Upos::Cconj),
        "KON" if has("UNT") || has("INF") => just(Upos::Sconj),
        "KON" => [Upos::Cconj, Upos::Adp]
            .map(|pos| Reading::new(pos, Morph::default()))
            .to_vec(),
        "NEG" => just(Upos::Part),
        "INJ" => just(Upos::Intj),
        "ZAL" => just(Upos::Num),
        "ZUS" => [Upos::Adp, Upos::Adv]
            .map(|pos| Reading::new(pos, Morph::default()))
            .to_vec(),
        "ABK" if has("SUB") => just(Upos::Noun),
        "ABK" if has("ADJ") => just(Upos::Adj),
        "ABK" if has("PAR") || has("ADV") => just(Upos::Adv),
        "ABK" => just(Upos::X),
        _ => Vec::new(),
    }
}

/// Case, number and gender, wherever they stand in the tag.
fn nominal(fields: &[&str]) -> Morph {
    let mut morph = Morph::default();
    for &field in fields {
        match field {
            "NOM" => morph.case = Some(Case::Nom),
            "AKK" => morph.case = Some(Case::Acc),
            "DAT" => morph.case = Some(Case::Dat),
            "GEN" => morph.case = Some(Case::Gen),
            "SIN" => morph.number = Some(Number::Sing),
            "PLU" => morph.number = Some(Number::Plur),
            "MAS" => morph.gender = Some(Gender::Masc),
            "FEM" => morph.gender = Some(Gender::Fem),
            "NEU" => morph.gender = Some(Gender::Neut),
            _ => {}
        }
    }
    morph
}

fn degree(fields: &[&str]) -> Degree {
    if fields.contains(&"KOM") {
        Degree::Cmp
    } else if fields.contains(&"SUP") {
        Degree::Sup
    } else {
        Degree::Pos
    }
}

fn name_kind(fields: &[&str]) -> Option<NameKind> {
    fields.iter().find_map(|&field| match field {
        "VOR" => Some(NameKind::First),
        "NAC" => Some(NameKind::Family),
        "PER" => Some(NameKind::Person),
        "STD" => Some(NameKind::Town),
        "COU" => Some(NameKind::Country),
        "GEB" | "GEO" | "MOU" | "WAT" => Some(NameKind::Region),
        _ => None,
    })
}

fn verb(fields: &[&str]) -> Vec<Reading> {
    let has = |value: &str| fields.contains(&value);
    // Present participles are adjectives in UD; their inflected forms have tags of their own.
    if has("PA1") {
        return Vec::new();
    }
    let mut morph = Morph::default();
    if has("PA2") {
        morph.form = Some(VerbForm::Part);
    } else if has("INF") || has("EIZ") {
        morph.form = Some(VerbForm::Inf);
    } else {
        morph.form = Some(VerbForm::Fin);
        morph.number = nominal(fields).number;
        (morph.mood, morph.tense) = if has("IMP") {
            (Some(Mood::Imp), None)
        } else if has("KJ1") {
            (Some(Mood::Sub), Some(Tense::Pres))
        } else if has("KJ2") {
            (Some(Mood::Sub), Some(Tense::Past))
        } else if has("PRT") {
            (Some(Mood::Ind), Some(Tense::Past))
        } else {
            (Some(Mood::Ind), Some(Tense::Pres))
        };
        morph.person = fields.iter().find_map(|f| Person::parse(f));
    }
    let reading = |pos| {
        let reading = Reading::new(pos, morph);
        if has("EIZ") { reading.with_zu() } else { reading }
    };
    // The treebank decides between AUX and VERB by use, so an auxiliary has both.
    if has("AUX") || has("MOD") {
        vec![reading(Upos::Aux), reading(Upos::Verb)]
    } else {
        vec![reading(Upos::Verb)]
    }
}

fn pronoun(fields: &[&str], base: Morph) -> Vec<Reading> {
    let has = |value: &str| fields.contains(&value);
    let number = if has("ALG") && !has("SIN") && !has("PLU") {
        None
    } else {
        base.number
    };
    let mut morph = Morph { number, ..base };
    if has("PER") || has("REF") {
        morph.person = fields.iter().find_map(|f| Person::parse(f));
        return vec![Reading::new(Upos::Pron, morph)];
    }
    let (attributive, alone) = (has("BEG") || has("B/S"), has("STV") || has("B/S"));
    let mut readings = Vec::new();
    if attributive || has("POS") || has("IND") {
        readings.push(Reading::new(Upos::Det, morph));
    }
    if alone || !attributive {
        readings.push(Reading::new(Upos::Pron, morph));
    }
    readings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_become_universal() {
        for (tag, expected) in [
            ("SUB:GEN:SIN:FEM", "NOUN Case=Gen|Gender=Fem|Number=Sing"),
            ("EIG:DAT:SIN:NEU:NOA:COU", "PROPN Case=Dat|Gender=Neut|Number=Sing"),
            (
                "ADJ:NOM:SIN:MAS:SUP:DEF",
                "ADJ Case=Nom|Degree=Sup|Gender=Masc|Number=Sing",
            ),
            ("ADJ:PRD:KOM", "ADJ Degree=Cmp"),
            ("PA2:PRD:GRU:VER", "ADJ Degree=Pos"),
            (
                "VER:3:SIN:PRT:SFT",
                "VERB Mood=Ind|Number=Sing|Person=3|Tense=Past|VerbForm=Fin",
            ),
            (
                "VER:3:SIN:KJ1:NON",
                "VERB Mood=Sub|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin",
            ),
            (
                "VER:AUX:3:PLU:KJ2",
                "AUX Mood=Sub|Number=Plur|Person=3|Tense=Past|VerbForm=Fin",
            ),
            ("VER:IMP:SIN:SFT", "VERB Mood=Imp|Number=Sing|VerbForm=Fin"),
            ("VER:EIZ:NON", "VERB VerbForm=Inf"),
            ("VER:PA2:SFT", "VERB VerbForm=Part"),
            ("ART:DEF:DAT:SIN:FEM", "DET Case=Dat|Gender=Fem|Number=Sing"),
            ("NEG", "PART _"),
        ] {
            let reading = readings(tag)[0];
            assert_eq!(
                format!("{} {}", reading.pos(), reading.morph().to_feats()),
                expected,
                "{tag}"
            );
        }
        assert!(readings("VER:EIZ:NON")[0].has_zu());
        assert_eq!(readings("EIG:NOM:SIN:NEU:NOA:COU")[0].name(), Some(NameKind::Country));
    }
}
