//! The corpora of names, brought to one scheme, and the tables of known names.

use crate::data::text;
use anyhow::{Context, Result, bail};
use lagebild_core::{Lang, NameKind};
use lagebild_nlp::conllu;
use lagebild_nlp::names::{Classes, Found, Gazetteer, LABELS, label, names_of};
use std::collections::HashMap;
use std::path::Path;

/// A sentence with its names.
#[derive(Clone, Debug)]
pub(crate) struct Sentence {
    pub(crate) forms: Vec<String>,
    /// The labels that each word may have, a bit each.
    pub(crate) allowed: Vec<u16>,
    /// The corpus: 0 the one whose habits are learned, others help.
    pub(crate) source: usize,
    /// What it is taken from; a document is held out whole.
    pub(crate) doc: String,
}

impl Sentence {
    /// The names, where the corpus leaves no doubt.
    pub(crate) fn names(&self) -> Vec<Found> {
        let labels: Vec<usize> = self.allowed.iter().map(|a| a.trailing_zeros() as usize).collect();
        names_of(&labels)
    }
}

/// What a model is trained and measured on.
pub(crate) struct Corpus {
    pub(crate) train: Vec<Sentence>,
    pub(crate) held_out: Vec<Sentence>,
}

const ANY: u16 = (1 << LABELS) - 1;
const OUTSIDE: u16 = 1;

fn bit(kind: NameKind, inside: bool) -> u16 {
    1 << label(kind, inside)
}

/// Neither person, place nor organisation: outside, or of the kind that a corpus does not mark.
fn outside_or_other() -> u16 {
    OUTSIDE | bit(NameKind::Other, false) | bit(NameKind::Other, true)
}

/// Reads the corpora of a language.
pub(crate) fn corpus(lang: Lang, data: &Path, gazetteer: &Gazetteer) -> Result<Corpus> {
    match lang {
        Lang::De => {
            let germeval = iob2(&data.join("germeval2014-dev/NER-de-dev.tsv"), true)?;
            let (held_out, mut train): (Vec<_>, Vec<_>) =
                germeval.into_iter().partition(|s| fold(&s.doc, FOLDS) == HELD_OUT);
            train.extend(mobie(data)?);
            Ok(Corpus { train, held_out })
        }
        Lang::En => {
            let mut train = iob2(&data.join("uner-english-ewt-dev/uner-ewt-dev.iob2"), false)?;
            train.extend(gum(
                &data.join("ud-english-gum-open/gum-open-train.conllu.xz"),
                gazetteer,
            )?);
            train.extend(gum(
                &data.join("ud-english-gum-open/gum-open-dev.conllu.xz"),
                gazetteer,
            )?);
            Ok(Corpus {
                train,
                held_out: Vec::new(),
            })
        }
    }
}

/// Parts for holding out and for cross-validation.
pub(crate) const FOLDS: usize = 5;
/// The fifth of GermEval that no shipped model was trained on.
const HELD_OUT: usize = 0;

/// The part that a document belongs to: by a hash, so that it does not depend on the order of the file.
pub(crate) fn fold(doc: &str, folds: usize) -> usize {
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    for byte in doc.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    }
    ((hash ^ (hash >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 33) as usize % folds
}

/// IOB2 with a number, the form and the label in the first three columns. `others`: whether the corpus marks other names too.
/// Labels of derivations and parts of words (*deutsch* LOCderiv, *US-Regierung* LOCpart) count as outside.
pub(crate) fn iob2(path: &Path, others: bool) -> Result<Vec<Sentence>> {
    let text = text(path)?;
    let (mut out, mut doc) = (Vec::new(), String::new());
    let mut now = empty(&doc);
    for (number, line) in text.lines().chain([""]).enumerate() {
        if line.trim().is_empty() {
            if !now.forms.is_empty() {
                out.push(std::mem::replace(&mut now, empty(&doc)));
            }
        } else if let Some(comment) = line.strip_prefix('#') {
            // GermEval names the page of each sentence, UNER where a document begins.
            if let Some(id) = comment.trim().strip_prefix("newdoc id = ") {
                id.clone_into(&mut doc);
            } else if let Some(page) = comment.split('\t').nth(1) {
                page.clone_into(&mut doc);
            }
            now.doc.clone_from(&doc);
        } else {
            let columns: Vec<&str> = line.split('\t').collect();
            let &[_, form, tag, ..] = columns.as_slice() else {
                bail!("{}:{}: three columns wanted", path.display(), number + 1)
            };
            let name = tag
                .split_once('-')
                .and_then(|(part, kind)| Some((part, NameKind::parse(kind)?)));
            now.forms.push(form.to_owned());
            now.allowed.push(match name {
                Some((part, kind)) => bit(kind, part == "I"),
                None if others => OUTSIDE,
                None => outside_or_other(),
            });
        }
    }
    Ok(out)
}

fn empty(doc: &str) -> Sentence {
    Sentence {
        forms: Vec::new(),
        allowed: Vec::new(),
        source: 0,
        doc: doc.to_owned(),
    }
}

/// MobIE: messages about traffic. Its organisations and places may be common nouns (*Gruppe*, *Bahnhof*), about which nothing is
/// learned, and numbers of lines are no places elsewhere.
fn mobie(data: &Path) -> Result<Vec<Sentence>> {
    let mut out = Vec::new();
    for part in ["train", "dev", "test"] {
        let text = text(&data.join(format!("mobie-ner/{part}.conll2003.xz")))?;
        let mut now = empty("mobie");
        now.source = 1;
        // The open name: its first word, its kind, whether a word of it is a proper noun.
        let mut open: Option<(usize, Option<NameKind>, bool)> = None;
        for line in text.lines().chain([""]) {
            let columns: Vec<&str> = line.split_whitespace().collect();
            let &[form, pos, _, tag] = columns.as_slice() else {
                close(&mut now, open.take());
                // What has no name of the three kinds is of little use, and there is much of it.
                if now.allowed.iter().any(|a| a.count_ones() == 1) {
                    out.push(now.clone());
                }
                now.forms.clear();
                now.allowed.clear();
                continue;
            };
            if form == "-DOCSTART-" {
                continue;
            }
            let (part, kind) = tag.split_once('-').unwrap_or(("O", ""));
            if part != "I" {
                close(&mut now, open.take());
            }
            if part == "B" {
                let named = match kind {
                    "person" => Some(Some(NameKind::Person)),
                    "organization" | "organization-company" => Some(Some(NameKind::Organisation)),
                    "location" | "location-city" | "location-stop" | "location-street" => Some(Some(NameKind::Place)),
                    "location-route" => Some(None),
                    _ => None,
                };
                open = named.map(|kind| (now.forms.len(), kind, false));
            }
            if let Some((_, _, proper)) = &mut open {
                *proper |= pos == "NE";
            }
            // Tags and handles of Twitter are words here.
            let bare = form.trim_start_matches(['#', '@']);
            now.forms.push(if bare.is_empty() { form } else { bare }.to_owned());
            now.allowed.push(outside_or_other());
        }
    }
    Ok(out)
}

/// Writes the labels of a name that ends before the next word.
fn close(sentence: &mut Sentence, open: Option<(usize, Option<NameKind>, bool)>) {
    let Some((start, kind, proper)) = open else { return };
    for (i, allowed) in sentence.allowed[start..].iter_mut().enumerate() {
        *allowed = match kind {
            Some(kind) if proper => bit(kind, i > 0),
            _ => ANY,
        };
    }
}

/// GUM marks all that is spoken of, with its type, named or not. Names are the proper nouns of a mention of a person, place or
/// organisation whose head is one; titles before persons are left out, as UNER does.
fn gum(path: &Path, gazetteer: &Gazetteer) -> Result<Vec<Sentence>> {
    let text = text(path)?;
    let mut out = Vec::new();
    for rows in conllu::sentences(&text).with_context(|| format!("{}", path.display()))? {
        let words = &rows.words;
        let mut sentence = Sentence {
            forms: words.iter().map(|w| w.form.to_owned()).collect(),
            allowed: Vec::with_capacity(words.len()),
            source: 1,
            doc: rows.comment("sent_id").unwrap_or_default().to_owned(),
        };
        let proper = |i: usize| words[i].upos == "PROPN";
        // Proper nouns of no mention that we understand teach nothing.
        sentence
            .allowed
            .extend((0..words.len()).map(|i| if proper(i) { ANY } else { outside_or_other() }));
        let mut mentions = mentions(words);
        // The outermost last, so that it has its way.
        mentions.sort_by_key(|m| m.end - m.start);
        for mention in mentions {
            let kind = match mention.kind.as_str() {
                "person" => NameKind::Person,
                "place" => NameKind::Place,
                "organization" => NameKind::Organisation,
                _ => continue,
            };
            let inside = mention.start..mention.end;
            let head = inside.clone().find(|&i| {
                let above = words[i].head.parse::<usize>().unwrap_or(0);
                above == 0 || !inside.contains(&(above - 1))
            });
            let Some(head) = head.filter(|&h| proper(h)) else {
                continue;
            };
            let below = |mut i: usize| {
                while i != head {
                    let above = words[i].head.parse::<usize>().unwrap_or(0);
                    if above == 0 || !inside.contains(&(above - 1)) {
                        return false;
                    }
                    // What explains a name is none of it.
                    if matches!(
                        words[i].deprel,
                        "appos" | "acl" | "acl:relcl" | "conj" | "parataxis" | "nmod:poss"
                    ) {
                        return false;
                    }
                    i = above - 1;
                }
                true
            };
            let (mut start, mut end) = (head, head + 1);
            let linking = |i: usize| {
                kind != NameKind::Person && (matches!(words[i].form, "of" | "the" | "for" | "and" | "&" | "-"))
            };
            let named = |i: usize| {
                below(i) && (proper(i) || words[i].form.starts_with(char::is_uppercase) && words[i].upos != "DET")
            };
            while start > inside.start && named(start - 1) {
                start -= 1;
            }
            while end < inside.end {
                if named(end) {
                    end += 1;
                    continue;
                }
                // "University of the West", but not "Paris and"
                let next = (end..inside.end).find(|&i| !linking(i));
                match next {
                    Some(next) if next > end && proper(next) && below(next) => end = next + 1,
                    _ => break,
                }
            }
            if kind == NameKind::Person {
                while start + 1 < end && is_title(words[start].form, gazetteer) {
                    start += 1;
                }
            }
            for i in start..end {
                sentence.allowed[i] = bit(kind, i > start);
            }
            // A title that stands before is outside.
            let before = words[mention.start..start]
                .iter()
                .zip(&mut sentence.allowed[mention.start..start]);
            for (word, allowed) in before {
                if kind == NameKind::Person && is_title(word.form, gazetteer) {
                    *allowed = OUTSIDE;
                }
            }
        }
        mend(&mut sentence.allowed);
        out.push(sentence);
    }
    Ok(out)
}

/// A continuation whose beginning was overwritten teaches nothing.
fn mend(allowed: &mut [u16]) {
    for i in 0..allowed.len() {
        let inside =
            allowed[i].count_ones() == 1 && allowed[i] != OUTSIDE && allowed[i].trailing_zeros().is_multiple_of(2);
        let follows = i > 0 && (allowed[i - 1] & (allowed[i] | allowed[i] >> 1)) != 0;
        if inside && !follows {
            allowed[i] = ANY;
        }
    }
}

fn is_title(form: &str, gazetteer: &Gazetteer) -> bool {
    matches!(
        form,
        "Mr." | "Mrs." | "Ms." | "Dr." | "Prof." | "Sir" | "St." | "Mr" | "Dr"
    ) || gazetteer.alone(form).0 & Classes::ROLE.0 != 0
}

/// A mention in the MISC column `Entity` of GUM.
struct Mention {
    start: usize,
    end: usize,
    kind: String,
}

/// The mentions of a sentence: `(1-person-new-…` opens one, `1)` closes it, `(1-person-…)` is one of one word.
fn mentions(words: &[conllu::Row<'_>]) -> Vec<Mention> {
    let mut out: Vec<Mention> = Vec::new();
    let mut open: Vec<(String, usize, String)> = Vec::new();
    for (i, word) in words.iter().enumerate() {
        let Some(mut rest) = word.misc.split('|').find_map(|m| m.strip_prefix("Entity=")) else {
            continue;
        };
        while !rest.is_empty() {
            let inner = rest.strip_prefix('(');
            let body = inner.unwrap_or(rest);
            let stop = body.find(['(', ')']).unwrap_or(body.len());
            let (head, after) = body.split_at(stop);
            let closes = after.starts_with(')');
            let mut fields = head.split('-');
            let id = fields.next().unwrap_or_default().to_owned();
            if inner.is_some() {
                let kind = fields.next().unwrap_or_default().to_owned();
                if closes {
                    out.push(Mention {
                        start: i,
                        end: i + 1,
                        kind,
                    });
                } else {
                    open.push((id, i, kind));
                }
            } else if let Some(at) = open.iter().rposition(|o| o.0 == id) {
                let (_, start, kind) = open.remove(at);
                out.push(Mention {
                    start,
                    end: i + 1,
                    kind,
                });
            }
            rest = if closes { &after[1..] } else { after };
        }
    }
    out
}

/// Rows of a table by the names of its columns.
struct Rows {
    columns: HashMap<String, usize>,
    rows: Vec<Vec<String>>,
}

impl Rows {
    fn read(path: &Path) -> Result<Self> {
        let text = text(path)?;
        let mut lines = text.lines().filter(|l| !l.starts_with('#') && !l.is_empty());
        let header = lines.next().with_context(|| format!("{}: no header", path.display()))?;
        Ok(Self {
            columns: header.split('\t').zip(0..).map(|(c, i)| (c.to_owned(), i)).collect(),
            rows: lines.map(|l| l.split('\t').map(str::to_owned).collect()).collect(),
        })
    }

    /// All that stands in some columns, lists taken apart.
    fn all<'a>(&'a self, columns: &'a [&str]) -> impl Iterator<Item = &'a str> + 'a {
        let at: Vec<usize> = columns.iter().filter_map(|c| self.columns.get(*c).copied()).collect();
        self.rows.iter().flat_map(move |row| {
            let cells: Vec<&str> = at.iter().filter_map(|&i| row.get(i)).map(String::as_str).collect();
            cells
                .into_iter()
                .flat_map(|cell| cell.split(';'))
                .filter(|name| !name.is_empty() && *name != "*" && *name != "+" && *name != "-")
        })
    }

    fn cell<'a>(&self, row: &'a [String], column: &str) -> &'a str {
        self.columns
            .get(column)
            .and_then(|&i| row.get(i))
            .map_or("", String::as_str)
    }
}

/// The names of the tables of the program. Names of both languages are taken: reports quote each other's.
pub(crate) fn gazetteer(lang: Lang, tables: &Path) -> Result<Gazetteer> {
    let read = |name: &str| Rows::read(&tables.join(format!("{name}.tsv")));
    let mut names: Vec<(String, Classes)> = Vec::new();
    let mut put = |name: &str, class: Classes| names.push((name.to_owned(), class));

    let holders = read("office-holders")?;
    for name in holders.all(&["person", "aliases"]) {
        put(name, Classes::PERSON);
        let words: Vec<&str> = name.split_whitespace().collect();
        if let [first, .., last] = words.as_slice() {
            put(first, Classes::GIVEN);
            put(last, Classes::FAMILY);
        }
    }
    for name in read("places")?.all(&["name", "name_de", "others"]) {
        put(name, Classes::TOWN);
    }
    let states = read("countries")?;
    for name in states.all(&["name_de", "name_en", "official_de", "official_en"]) {
        put(name, Classes::STATE);
    }
    for name in states.all(&["capital_de", "capital_en"]) {
        put(name, Classes::TOWN);
    }
    let forms = read("country-names")?;
    for row in &forms.rows {
        let name = forms.cell(row, "form");
        match forms.cell(row, "kind") {
            "name" => put(name, Classes::STATE),
            "adjective" if forms.cell(row, "lang") == "de" => {
                for ending in ["", "e", "er", "en", "em", "es"] {
                    put(&format!("{name}{ending}"), Classes::DERIVED);
                }
            }
            _ => put(name, Classes::DERIVED),
        }
    }
    let regions = read("regions")?;
    for name in regions.all(&["names_de", "names_en"]) {
        put(name, Classes::REGION);
    }
    for name in regions.all(&["demonym_de", "adjective_en", "demonym_en"]) {
        put(name, Classes::DERIVED);
    }
    for table in ["organisations", "armed-groups"] {
        for name in read(table)?.all(&["name_de", "name_en", "aliases_de", "aliases_en"]) {
            put(name, Classes::BODY);
        }
    }
    for name in read("parliaments")?.all(&["name_de", "aliases_de", "aliases_en"]) {
        put(name, Classes::BODY);
    }
    for name in read("media")?.all(&["name", "aliases"]) {
        put(name, Classes::MEDIUM);
    }
    for name in read("metonyms")?.all(&["surface"]) {
        put(name, Classes::SEAT);
    }
    for name in read(&format!("roles.{}", lang.code()))?.all(&["term", "plural", "feminine"]) {
        put(name, Classes::ROLE);
    }
    Ok(Gazetteer::new(
        names.iter().map(|(name, class)| (name.as_str(), *class)),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(sentence: &Sentence) -> Vec<(String, NameKind)> {
        let found = sentence.names();
        found
            .into_iter()
            .map(|n| (sentence.forms[n.words].join(" "), n.kind))
            .collect()
    }

    #[test]
    fn iob2_keeps_outer_names_only() {
        let file = std::env::temp_dir().join(format!("lagebild-names-{}.tsv", std::process::id()));
        let text = "#\thttp://example.org/a\t[2010-01-01]\n1\tDie\tO\tO\n2\tUS-Regierung\tB-LOCpart\tO\n3\tlobt\tO\tO\n\
                    4\tBayern\tB-ORG\tB-LOC\n5\tMünchen\tI-ORG\tB-LOC\n6\t.\tO\tO\n\n";
        std::fs::write(&file, text).unwrap();
        let sentences = iob2(&file, true).unwrap();
        std::fs::remove_file(&file).unwrap();
        assert_eq!(sentences.len(), 1);
        assert_eq!(sentences[0].doc, "http://example.org/a");
        assert_eq!(
            names(&sentences[0]),
            [("Bayern München".to_owned(), NameKind::Organisation)]
        );
    }

    #[test]
    fn mentions_nest_and_close() {
        let row = |form: &'static str, misc: &'static str| conllu::Row {
            form,
            lemma: "_",
            upos: "PROPN",
            xpos: "_",
            feats: "_",
            head: "0",
            deprel: "root",
            misc,
        };
        let rows = [
            row(
                "University",
                "Entity=(8-organization-new-nnnnn-cf3-3-sgl-University_of_Portsmouth",
            ),
            row("of", "_"),
            row(
                "Portsmouth",
                "Entity=(9-place-new-nnnnn-cf4-3-sgl-Portsmouth)8)|SpaceAfter=No",
            ),
        ];
        let found: Vec<_> = mentions(&rows).into_iter().map(|m| (m.start, m.end, m.kind)).collect();
        assert_eq!(found, [(2, 3, "place".to_owned()), (0, 3, "organization".to_owned())]);
    }

    #[test]
    fn documents_fall_into_all_parts() {
        let mut parts = [0; FOLDS];
        (0..1000).for_each(|i| parts[fold(&format!("doc {i}"), FOLDS)] += 1);
        assert!(parts.iter().all(|&n| n > 150), "{parts:?}");
    }
}
