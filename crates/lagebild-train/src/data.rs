//! The corpora: read, mended, split into what is trained on and what is held out.

use anyhow::{Context, Result, bail};
use lagebild_core::{Case, Dep, Lang, Morph, Upos};
use lagebild_nlp::conllu;
use lagebild_nlp::model::features::Clusters;
use lagebild_nlp::model::network::{TAG_WIDTH, tag_values};
use lagebild_nlp::tagger::{self, Tagger};
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// A sentence with its right answers.
#[derive(Clone, Debug)]
pub(crate) struct Sentence {
    pub(crate) id: String,
    pub(crate) words: Vec<Word>,
    /// How often it is shown for each time that a silver sentence is shown.
    pub(crate) copies: usize,
}

/// A word with its right answers and how much each counts in the loss, from 0 (not known) to 1.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) form: String,
    /// Not learned, but measured.
    pub(crate) lemma: String,
    pub(crate) pos: Upos,
    pub(crate) morph: Morph,
    /// Values of the tag groups; `None` is not known.
    pub(crate) tags: [Option<usize>; 9],
    /// Counted from 1, the root is 0.
    pub(crate) head: usize,
    pub(crate) dep: Dep,
    /// Weight of head and relation.
    pub(crate) weight: f32,
}

/// What a model is trained and measured on.
pub(crate) struct Corpus {
    pub(crate) train: Vec<Sentence>,
    /// Named parts that are never trained on.
    pub(crate) held_out: Vec<(&'static str, Vec<Sentence>)>,
    pub(crate) clusters: Clusters,
}

/// Reads a file, unpacking `.xz`.
pub(crate) fn text(path: &Path) -> Result<String> {
    let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    let bytes = if path.extension().is_some_and(|e| e == "xz") {
        let mut unpacked = Vec::new();
        lzma_rs::xz_decompress(&mut bytes.as_slice(), &mut unpacked)
            .with_context(|| format!("unpacking {}", path.display()))?;
        unpacked
    } else {
        bytes
    };
    String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8", path.display()))
}

/// How a treebank is to be read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bank {
    Gold,
    /// The HDT pieces: gold with habits of their own.
    Hdt,
    /// Labelled by the teacher, each word with its confidence.
    Silver,
}

/// Below this confidence of the teacher, arc and relation of a word are not learned from.
const CONFIDENT: f32 = 0.6;

fn treebank(path: &Path, bank: Bank, copies: usize) -> Result<Vec<Sentence>> {
    let text = text(path)?;
    let rows = conllu::sentences(&text).with_context(|| format!("{}", path.display()))?;
    let mut out = Vec::with_capacity(rows.len());
    for rows in rows {
        let id = rows.comment("sent_id").unwrap_or_default().to_owned();
        let mut words = Vec::with_capacity(rows.words.len());
        for row in &rows.words {
            let Some(pos) = Upos::parse(row.upos) else {
                bail!("{id}: part of speech {}", row.upos)
            };
            let Ok(head) = row.head.parse::<usize>() else {
                bail!("{id}: head {}", row.head)
            };
            let morph = Morph::from_feats(row.feats);
            let mut tags = tag_values(pos, morph).map(Some);
            // "Fem,Masc" and the like are not known, which is not the same as none.
            for (group, name) in [(1, "Case="), (2, "Number="), (3, "Gender=")] {
                if tags[group] == Some(0) && row.feats.contains(name) {
                    tags[group] = None;
                }
            }
            let confidence = match bank {
                Bank::Gold | Bank::Hdt => 1.0,
                Bank::Silver => row
                    .misc
                    .split('|')
                    .find_map(|m| m.strip_prefix("Conf="))
                    .and_then(|c| c.parse().ok())
                    .with_context(|| format!("{id}: no confidence"))?,
            };
            words.push(Word {
                form: row.form.to_owned(),
                lemma: row.lemma.to_owned(),
                pos,
                morph,
                tags,
                head,
                dep: if head == 0 {
                    Dep::Root
                } else {
                    Dep::from_label(row.deprel)
                },
                weight: if confidence < CONFIDENT { 0.0 } else { confidence },
            });
        }
        if bank == Bank::Hdt {
            mend_hdt(&mut words, &rows);
        }
        out.push(Sentence { id, words, copies });
    }
    Ok(out)
}

/// Brings a sentence of the HDT pieces to the habits of GSD, as `mend_hdt` in the teacher does.
///
/// The pieces were set aside because a validator complained, mostly about verbs with two objects: prepositional
/// complements stand there as `obj`.
fn mend_hdt(words: &mut [Word], rows: &conllu::Rows<'_>) {
    let below = |relations: &[&str], pos: Option<&str>| -> HashSet<usize> {
        rows.words
            .iter()
            .filter(|r| relations.contains(&r.deprel) && pos.is_none_or(|p| r.upos == p))
            .filter_map(|r| r.head.parse().ok())
            .collect()
    };
    let with_preposition = below(&["case"], Some("ADP"));
    let with_auxiliary = below(&["cop", "aux", "aux:pass"], None);
    for (i, (word, row)) in words.iter_mut().zip(&rows.words).enumerate() {
        let number = i + 1;
        let dative = word.morph.case == Some(Case::Dat);
        word.dep = match row.deprel {
            "obj" if with_preposition.contains(&number) => Dep::Obl,
            "obj" if row.xpos == "PROAV" => Dep::Advmod,
            "obj" | "expl:pv" if dative => Dep::OblArg,
            "expl:pv" => Dep::Obj,
            "det" if row.xpos == "PPOSAT" => Dep::DetPoss,
            _ => word.dep,
        };
        let auxiliary = ["aux", "cop"].iter().any(|r| row.deprel.starts_with(r));
        if word.pos == Upos::Aux && !auxiliary && !with_auxiliary.contains(&number) {
            word.pos = Upos::Verb;
        }
        // HDT leaves out what a word does not show, marks prepositions with the case that they govern, and knows no
        // subjunctive: a missing feature is not known, tense and mood are not learned from.
        if word.pos == Upos::Adp {
            word.morph.case = None;
        }
        let values = tag_values(word.pos, word.morph);
        for (group, tag) in word.tags.iter_mut().enumerate() {
            let known = group == 0 || (values[group] > 0 && !matches!(group, 5 | 6));
            *tag = known.then_some(values[group]);
        }
    }
}

/// Turns objects that can only be datives into `obl:arg`. HDT often leaves the case out, so that `mend_hdt` misses them;
/// the held-out sentences stay as the teacher measures them.
fn mend_datives(mut sentence: Sentence) -> Sentence {
    let rows: Vec<Vec<f32>> = sentence
        .words
        .iter()
        .map(|word| {
            let mut row = vec![0.0; TAG_WIDTH];
            row[word.pos as usize] = 1.0;
            row
        })
        .collect();
    let rows: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
    let bundles: Vec<_> = sentence
        .words
        .iter()
        .map(|w| tagger::bundles(Lang::De, &w.form))
        .collect();
    let bundles: Vec<_> = bundles.iter().map(Vec::as_slice).collect();
    let heads: Vec<usize> = sentence.words.iter().map(|w| w.head).collect();
    let barred = Tagger::new(Lang::De, &rows, &bundles).barred(&heads);
    for (word, barred) in sentence.words.iter_mut().zip(barred) {
        if word.dep == Dep::Obj && barred.contains(&Dep::Obj) && !barred.contains(&Dep::OblArg) {
            word.dep = Dep::OblArg;
        }
    }
    sentence
}

fn hdt(data: &Path) -> Result<Vec<Sentence>> {
    let mut all = treebank(
        &data.join("ud-german-hdt-pieces/hdt-dev.bugs.conllu.xz"),
        Bank::Hdt,
        GOLD_COPIES,
    )?;
    all.extend(treebank(
        &data.join("ud-german-hdt-pieces/hdt-test.bugs.conllu.xz"),
        Bank::Hdt,
        GOLD_COPIES,
    )?);
    let (mut seen, mut stock) = (HashSet::new(), 0);
    all.retain(|s| {
        if !seen.insert(s.forms().join(" ")) {
            return false;
        }
        // "Mehr dazu in Telepolis": a line that closes many articles.
        if s.words[0].form == "Mehr" && s.words.iter().any(|w| w.form == "Telepolis") {
            stock += 1;
            return stock <= 12;
        }
        true
    });
    Ok(all)
}

/// How often a gold sentence is shown for each time that a silver one is.
const GOLD_COPIES: usize = 3;

impl Sentence {
    pub(crate) fn forms(&self) -> Vec<&str> {
        self.words.iter().map(|w| w.form.as_str()).collect()
    }

    /// A copy without its final stop, as headlines and list items are; `None` if it has none.
    pub(crate) fn without_stop(&self) -> Option<Self> {
        let stop = self.words.len().checked_sub(1)?;
        let bare = self.without(|i, word| i == stop && word.pos == Upos::Punct);
        (bare.words.len() == stop && stop > 0).then_some(bare)
    }

    /// A copy in the manner of headlines: no final stop, and now and then no article, copula or passive auxiliary
    /// ("Zwei Soldaten bei Angriff getötet"). `drop` tells of a word that could go whether it goes.
    pub(crate) fn headline(&self, mut drop: impl FnMut() -> bool) -> Option<Self> {
        let bare = self.without_stop()?;
        if bare.words.len() > LONGEST_HEADLINE {
            return None;
        }
        Some(bare.without(|_, w| {
            let expendable = (w.dep == Dep::Det && w.pos == Upos::Det) || matches!(w.dep, Dep::AuxPass | Dep::Cop);
            expendable && drop()
        }))
    }

    /// A copy without those words that no other hangs from and that `goes` names, by index and word.
    fn without(&self, mut goes: impl FnMut(usize, &Word) -> bool) -> Self {
        let heads: HashSet<usize> = self.words.iter().map(|w| w.head).collect();
        let stays: Vec<bool> = self
            .words
            .iter()
            .enumerate()
            .map(|(i, w)| w.head == 0 || heads.contains(&(i + 1)) || !goes(i, w))
            .collect();
        let new_number = |old: usize| stays[..old].iter().filter(|&&s| s).count();
        let mut words: Vec<Word> = self
            .words
            .iter()
            .zip(&stays)
            .filter(|&(_, &s)| s)
            .map(|(w, _)| w.clone())
            .collect();
        for word in &mut words {
            word.head = new_number(word.head);
        }
        Self {
            id: self.id.clone(),
            words,
            copies: self.copies,
        }
    }
}

/// Words of a sentence that may be turned into a headline.
const LONGEST_HEADLINE: usize = 14;

/// Reads what the model of a language is made from. `data` is the folder of language data; beside it may stand `gold`,
/// the hand-coded reports, whose sentences are left out of training.
pub(crate) fn corpus(lang: Lang, data: &Path) -> Result<Corpus> {
    match lang {
        Lang::De => german(data),
        Lang::En => english(data),
    }
}

fn german(data: &Path) -> Result<Corpus> {
    let held: HashSet<&str> = include_str!("../data/heldout-de.txt")
        .lines()
        .filter(|l| !l.starts_with('#') && !l.is_empty())
        .collect();
    let gsd = treebank(
        &data.join("ud-german-gsd-dev/de_gsd-ud-dev.conllu"),
        Bank::Gold,
        GOLD_COPIES,
    )?;
    let (held_gsd, mut train): (Vec<_>, Vec<_>) = gsd.into_iter().partition(|s| held.contains(s.id.as_str()));
    let (held_hdt, rest): (Vec<_>, Vec<_>) = hdt(data)?.into_iter().partition(|s| held.contains(s.id.as_str()));
    train.extend(rest.into_iter().map(mend_datives));
    if held_gsd.len() + held_hdt.len() != held.len() {
        bail!(
            "{} held-out sentences found, {} listed",
            held_gsd.len() + held_hdt.len(),
            held.len()
        );
    }

    let barred = reports(data, &["dev.jsonl", "seed.jsonl", "single-events-dev.jsonl"])?;
    let held_text: HashSet<String> = held_gsd
        .iter()
        .chain(&held_hdt)
        .map(|s| letters(&s.forms().concat()))
        .collect();
    for name in ["gsd-train", "wikinews", "ntrex"] {
        let path = data.join(format!("de-silver-trees/{name}.conllu.xz"));
        let raw = text(&path)?;
        // The text before contractions were split.
        let surface: HashMap<String, String> = conllu::sentences(&raw)?
            .iter()
            .map(|r| {
                (
                    r.comment("sent_id").unwrap_or_default().to_owned(),
                    letters(r.comment("text").unwrap_or_default()),
                )
            })
            .collect();
        let silver = treebank(&path, Bank::Silver, 1)?;
        train.extend(silver.into_iter().filter(|s| {
            let text = &surface[&s.id];
            !held_text.contains(text) && (text.len() < 40 || !barred.contains(text.as_str()))
        }));
    }
    let clusters = clusters(&data.join("brown-clusters-de/clusters.tsv.xz"), CLUSTERED_FORMS)?;
    Ok(Corpus {
        train,
        held_out: vec![("GSD", held_gsd), ("HDT", held_hdt)],
        clusters,
    })
}

/// The letters and digits of a text, by which sentences are compared across tokenisations.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The letters of the hand-coded reports that the whole system is measured on.
fn reports(data: &Path, names: &[&str]) -> Result<String> {
    let mut out = String::new();
    for name in names {
        let path = data.join("../gold").join(name);
        for line in text(&path)?.lines() {
            let report: serde_json::Value =
                serde_json::from_str(line).with_context(|| format!("{}", path.display()))?;
            for key in ["title", "text", "de"] {
                out.push_str(&letters(report[key].as_str().unwrap_or_default()));
                out.push('\n');
            }
        }
    }
    Ok(out)
}

fn english(data: &Path) -> Result<Corpus> {
    let mut train = treebank(&data.join("ud-english-ewt/en_ewt-ud-train.conllu.xz"), Bank::Gold, 1)?;
    train.extend(treebank(
        &data.join("ud-english-gum-open/gum-open-train.conllu.xz"),
        Bank::Gold,
        1,
    )?);
    let barred = reports(data, &["dev-en.jsonl"])?;
    train.retain(|s| {
        let text = letters(&s.forms().concat());
        text.len() < 40 || !barred.contains(&text)
    });
    let ewt = treebank(&data.join("ud-english-ewt/en_ewt-ud-dev.conllu.xz"), Bank::Gold, 1)?;
    let gum = treebank(&data.join("ud-english-gum-open/gum-open-dev.conllu.xz"), Bank::Gold, 1)?;
    let clusters = clusters(&data.join("brown-clusters-en/clusters.tsv.xz"), CLUSTERED_FORMS)?;
    Ok(Corpus {
        train,
        held_out: vec![("EWT", ewt), ("GUM", gum)],
        clusters,
    })
}

/// Forms whose cluster goes into the model, the most frequent ones.
const CLUSTERED_FORMS: usize = 200_000;

fn clusters(path: &Path, limit: usize) -> Result<Clusters> {
    let text = text(path)?;
    let mut known: Vec<(f32, &str, u16)> = Vec::new();
    for line in text.lines() {
        let mut columns = line.split('\t');
        let (Some(form), Some(cluster), Some(frequency)) = (columns.next(), columns.next(), columns.next()) else {
            continue;
        };
        if let (Ok(cluster @ 1..), Ok(frequency)) = (cluster.parse::<u16>(), frequency.parse::<f32>()) {
            known.push((frequency, form, cluster));
        }
    }
    known.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    known.truncate(limit);
    Ok(Clusters::new(
        known
            .into_iter()
            .map(|(_, form, cluster)| (Clusters::fingerprint(form), cluster)),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(form: &str, pos: Upos, head: usize, dep: Dep) -> Word {
        Word {
            form: form.into(),
            lemma: String::new(),
            pos,
            morph: Morph::default(),
            tags: tag_values(pos, Morph::default()).map(Some),
            head,
            dep,
            weight: 1.0,
        }
    }

    #[test]
    fn headlines_keep_their_tree() {
        let sentence = Sentence {
            id: String::new(),
            words: vec![
                word("Die", Upos::Det, 2, Dep::Det),
                word("Brücke", Upos::Noun, 4, Dep::NsubjPass),
                word("wurde", Upos::Aux, 4, Dep::AuxPass),
                word("zerstört", Upos::Verb, 0, Dep::Root),
                word(".", Upos::Punct, 4, Dep::Punct),
            ],
            copies: 1,
        };
        let headline = sentence.headline(|| true).unwrap();
        assert_eq!(headline.forms(), ["Brücke", "zerstört"]);
        assert_eq!(headline.words.iter().map(|w| w.head).collect::<Vec<_>>(), [2, 0]);
        assert_eq!(sentence.without_stop().unwrap().words.len(), 4);
    }

    #[test]
    fn datives_are_no_objects() {
        let sentence = |determiner: &str, noun: &str| Sentence {
            id: String::new(),
            words: vec![
                word("Er", Upos::Pron, 2, Dep::Nsubj),
                word("droht", Upos::Verb, 0, Dep::Root),
                word(determiner, Upos::Det, 4, Dep::Det),
                word(noun, Upos::Noun, 2, Dep::Obj),
            ],
            copies: 1,
        };
        assert_eq!(mend_datives(sentence("dem", "Gegner")).words[3].dep, Dep::OblArg);
        assert_eq!(mend_datives(sentence("den", "Gegner")).words[3].dep, Dep::Obj);
    }

    #[test]
    fn the_list_of_held_out_sentences_is_whole() {
        let lines = include_str!("../data/heldout-de.txt")
            .lines()
            .filter(|l| !l.starts_with('#'));
        let (gsd, hdt): (Vec<_>, Vec<_>) = lines.partition(|l| l.starts_with("dev-"));
        assert_eq!((gsd.len(), hdt.len()), (79, 140));
    }
}
