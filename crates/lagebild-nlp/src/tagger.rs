//! From tag scores to part of speech and morphology.
//!
//! The network scores each feature by itself. A full-form lexicon knows which bundles of features a form can bear at
//! all: `sei` is a subjunctive whatever the scores say, `des` a genitive. The best bundle that the lexicon has wins,
//! unless the scores speak strongly against all of them (no lexicon is complete).

use crate::model::network::{TAG_GROUPS, tag_range, tag_values, tags_of};
use crate::morph::{Morphology, Source};
use lagebild_core::{Case, Dep, Gender, Lang, Morph, Number, Person, Upos};

/// A bundle of features that a form can bear: one value a group of [`TAG_GROUPS`].
pub type Bundle = [usize; TAG_GROUPS.len()];

/// How much worse than the best scores (in natural logarithms of probability) a bundle of the lexicon may be.
const PATIENCE: f32 = 6.0;

/// The bundles of a form that the lexicon of the language has, or builds from parts of the word.
///
/// None for English: its forms say little, and its lexicon is made of the treebanks.
#[must_use]
pub fn bundles(lang: Lang, form: &str) -> Vec<Bundle> {
    if lang == Lang::En {
        return Vec::new();
    }
    let mut out: Vec<Bundle> = Morphology::get(lang)
        .analyses(form)
        .iter()
        .filter(|a| a.source != Source::Shape && constrained(a.pos))
        .map(|a| tag_values(a.pos, a.morph))
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// Parts of speech whose bundles in the lexicon follow the treebank.
fn constrained(pos: Upos) -> bool {
    matches!(
        pos,
        Upos::Verb | Upos::Aux | Upos::Noun | Upos::Adj | Upos::Det | Upos::Pron
    )
}

/// What is known of the words of a sentence before it is parsed.
pub struct Tagger<'a> {
    lang: Lang,
    words: Vec<Word<'a>>,
}

impl<'a> Tagger<'a> {
    /// `rows` are the words' rows of the tag scores (in the order of [`TAG_GROUPS`]), `bundles` what each form can bear.
    #[must_use]
    pub fn new(lang: Lang, rows: &[&'a [f32]], bundles: &[&[Bundle]]) -> Self {
        let words = rows
            .iter()
            .zip(bundles)
            .map(|(scores, bundles)| Word::new(scores, bundles))
            .collect();
        Self { lang, words }
    }

    /// The relations that no word can have for its case: `Ausländern` is no subject, `den Vertrag` neither.
    ///
    /// Known for nouns and pronouns that the lexicon has, together with their determiners and adjectives under the
    /// given heads (counted from 1, 0 the root).
    #[must_use]
    pub fn barred(&self, heads: &[usize]) -> Vec<Vec<Dep>> {
        let mut cases: Vec<u16> = self.words.iter().map(|w| w.agreement().unwrap_or(ALL_CASES)).collect();
        for (modifier, &head) in heads.iter().enumerate() {
            let (Some(noun), Upos::Det | Upos::Adj) = (head.checked_sub(1), self.words[modifier].pos()) else {
                continue;
            };
            if modifier < noun && matches!(self.words[noun].pos(), Upos::Noun | Upos::Propn) {
                // Where the lexicon sees no way to agree, it is wrong about something.
                let both = cases[noun] & self.words[modifier].agreement().unwrap_or(ALL_CASES);
                cases[noun] = if both == 0 { ALL_CASES } else { both };
            }
        }
        let barred = |(word, cases): (&Word<'_>, u16)| {
            if !matches!(word.pos(), Upos::Noun | Upos::Propn | Upos::Pron) {
                return Vec::new();
            }
            let lacks = |case: Case| cases & (0b1111 << (4 * case as u16)) == 0;
            let mut barred = Vec::new();
            if lacks(Case::Nom) {
                barred.extend([Dep::Nsubj, Dep::NsubjPass]);
            }
            if lacks(Case::Acc) {
                barred.push(Dep::Obj);
            }
            if lacks(Case::Dat) {
                barred.push(Dep::OblArg);
            }
            barred
        };
        self.words.iter().zip(cases).map(barred).collect()
    }

    /// The tags of the words under a tree: `heads` counted from 1 (0 the root), and relations.
    ///
    /// A noun agrees with its determiners and adjectives in case, number and gender, a finite verb with its subject in
    /// person: of the bundles that do, the likeliest win.
    #[must_use]
    pub fn tags(&self, heads: &[usize], deps: &[Dep]) -> Vec<(Upos, Morph)> {
        let words = &self.words;
        let mut values: Vec<Bundle> = words.iter().map(|w| w.likeliest(|_| true)).collect();
        if self.lang == Lang::De {
            let mut children = vec![Vec::new(); words.len()];
            for (i, &head) in heads.iter().enumerate() {
                if let Some(head) = head.checked_sub(1) {
                    children[head].push(i);
                }
            }
            for noun in 0..words.len() {
                if matches!(words[noun].pos(), Upos::Noun | Upos::Propn) {
                    agree(noun, words, &children[noun], deps, &mut values);
                }
            }
            for verb in 0..words.len() {
                if is_verbal(words[verb].pos()) {
                    agree_with_subject(verb, words, &children, heads, deps, &mut values);
                }
            }
        }
        values.into_iter().map(tags_of).collect()
    }
}

/// Every case in every gender and in the plural: bit `4 * case + gender`, the plural as a fourth gender.
const ALL_CASES: u16 = u16::MAX;

const CASE: usize = 1;
const NUMBER: usize = 2;
const GENDER: usize = 3;
const PERSON: usize = 4;
/// The number in which determiners show no gender.
const PLURAL: usize = Number::Plur as usize + 1;

/// What is known of a word: scores, the best of each group, and the bundles for its part of speech.
struct Word<'a> {
    scores: &'a [f32],
    best: Bundle,
    bundles: Vec<Completed>,
}

/// A bundle of the lexicon, its cost, and the values that it makes: what it leaves open, as the gender of a plural, is
/// as the scores would have it.
struct Completed {
    bundle: Bundle,
    cost: f32,
    values: Bundle,
}

impl<'a> Word<'a> {
    fn new(scores: &'a [f32], bundles: &[Bundle]) -> Self {
        let mut values = [0; TAG_GROUPS.len()];
        for (group, value) in values.iter_mut().enumerate() {
            *value = best(&scores[tag_range(group)]);
        }
        let mut word = Self {
            scores,
            best: values,
            bundles: Vec::new(),
        };
        let pos = word.pos();
        let fitting = bundles.iter().filter(|b| alike(Upos::ALL[b[0]], pos));
        word.bundles = fitting.map(|b| word.complete(*b)).collect();
        word
    }

    fn pos(&self) -> Upos {
        Upos::ALL[self.best[0]]
    }

    /// Case, gender and number that the lexicon allows, as bits of [`ALL_CASES`]; `None` if it does not know.
    fn agreement(&self) -> Option<u16> {
        let bits = |known: &Completed| {
            let [case, number, gender] = [known.bundle[CASE], known.bundle[NUMBER], known.bundle[GENDER]];
            let genders = match (number, gender) {
                (PLURAL, _) => 0b1000,
                (0, 0) => 0b1111,
                (0, gender) => 0b1000 | 1 << (gender - 1),
                (_, 0) => 0b0111,
                (_, gender) => 1 << (gender - 1),
            };
            match case {
                0 => genders * 0x1111,
                case => genders << (4 * (case - 1)),
            }
        };
        let all = self.bundles.iter().map(bits).fold(0, |all, bits| all | bits);
        (all != 0).then_some(all)
    }

    /// How much less likely a value is than the best of its group.
    fn cost(&self, group: usize, value: usize) -> f32 {
        let scores = &self.scores[tag_range(group)];
        scores[self.best[group]] - scores[value]
    }

    fn complete(&self, bundle: Bundle) -> Completed {
        let (mut cost, mut values) = (0.0, self.best);
        for group in 1..TAG_GROUPS.len() {
            if bundle[group] > 0 || is_verbal(self.pos()) {
                cost += self.cost(group, bundle[group]);
                values[group] = bundle[group];
            }
        }
        Completed { bundle, cost, values }
    }

    /// The likeliest bundle that passes.
    fn cheapest(&self, passes: impl Fn(&Bundle) -> bool) -> Option<&Completed> {
        self.bundles
            .iter()
            .filter(|b| passes(&b.bundle))
            .min_by(|a, b| a.cost.total_cmp(&b.cost))
    }

    /// The likeliest values, by the bundles that pass unless all are too unlikely.
    fn likeliest(&self, passes: impl Fn(&Bundle) -> bool) -> Bundle {
        self.cheapest(passes)
            .filter(|b| b.cost < PATIENCE)
            .map_or(self.best, |b| b.values)
    }

    /// The cheapest way to bear case, number and gender as wanted, and its cost.
    fn agreeing(&self, wanted: [usize; 3]) -> (f32, Bundle) {
        let fits = |bundle: &Bundle| (0..3).all(|i| bundle[CASE + i] == 0 || bundle[CASE + i] == wanted[i]);
        let (mut cost, mut values) = match self.cheapest(fits) {
            Some(bundle) => (bundle.cost, bundle.values),
            None if self.bundles.is_empty() => (0.0, self.best),
            None => (DISSENT, self.best),
        };
        for (group, value) in (CASE..).zip(wanted) {
            if group == GENDER && wanted[1] == PLURAL && self.pos() == Upos::Det {
                continue;
            }
            if values[group] != value {
                cost += self.cost(group, value);
                values[group] = value;
            }
        }
        (cost, values)
    }
}

/// Cost of values that no bundle of the lexicon has.
const DISSENT: f32 = 4.0;
/// Cost of a case that goes badly with the relation of the word.
const MISFIT: f32 = 1.5;

/// Makes a noun and its determiners and adjectives agree.
fn agree(noun: usize, words: &[Word<'_>], children: &[usize], deps: &[Dep], values: &mut [Bundle]) {
    let modifiers = || {
        children
            .iter()
            .copied()
            .filter(|&c| c < noun && matches!(deps[c], Dep::Det | Dep::DetPoss | Dep::Amod) && words[c].best[CASE] != 0)
    };
    let governed = children.iter().any(|&c| deps[c] == Dep::Case);
    let expected = match deps[noun] {
        _ if governed => None,
        Dep::Nsubj | Dep::NsubjPass => Some(Case::Nom),
        Dep::Obj => Some(Case::Acc),
        Dep::OblArg | Dep::Iobj => Some(Case::Dat),
        Dep::Nmod => Some(Case::Gen),
        _ => None,
    };
    let mut chosen: Option<(f32, [usize; 3])> = None;
    for case in 1..=Case::ALL.len() {
        for number in 1..=Number::ALL.len() {
            for gender in 1..=Gender::ALL.len() {
                let wanted = [case, number, gender];
                let misfit = expected.is_some_and(|e| e as usize + 1 != case);
                let mut cost = words[noun].agreeing(wanted).0 + if misfit { MISFIT } else { 0.0 };
                cost += modifiers().map(|m| words[m].agreeing(wanted).0).sum::<f32>();
                if chosen.is_none_or(|(least, _)| cost < least) {
                    chosen = Some((cost, wanted));
                }
            }
        }
    }
    let Some((_, wanted)) = chosen else { return };
    let agreed: Vec<(usize, Bundle)> = modifiers()
        .chain([noun])
        .map(|word| (word, words[word].agreeing(wanted).1))
        .collect();
    for (word, bundle) in agreed {
        values[word] = bundle;
    }
}

/// Makes a finite verb agree with its subject in person: `er reagiere` is no first person but a subjunctive.
fn agree_with_subject(
    verb: usize,
    words: &[Word<'_>],
    children: &[Vec<usize>],
    heads: &[usize],
    deps: &[Dep],
    values: &mut [Bundle],
) {
    let clause = match (deps[verb], heads[verb].checked_sub(1)) {
        (Dep::Aux | Dep::AuxPass | Dep::Cop, Some(head)) => head,
        _ => verb,
    };
    let Some(&subject) = children[clause]
        .iter()
        .find(|&&c| matches!(deps[c], Dep::Nsubj | Dep::NsubjPass))
    else {
        return;
    };
    let third = Person::Third as usize + 1;
    let person = match words[subject].pos() {
        Upos::Pron if values[subject][PERSON] > 0 => values[subject][PERSON],
        _ => third,
    };
    if values[verb][PERSON] != 0 && values[verb][PERSON] != person {
        values[verb] = words[verb].likeliest(|b| b[PERSON] == 0 || b[PERSON] == person);
    }
}

fn is_verbal(pos: Upos) -> bool {
    matches!(pos, Upos::Verb | Upos::Aux)
}

/// Whether a reading of one part of speech speaks for the other: verbs and auxiliaries share their forms.
fn alike(a: Upos, b: Upos) -> bool {
    a == b || (is_verbal(a) && is_verbal(b))
}

/// The index of the largest score, the first of equals.
fn best(scores: &[f32]) -> usize {
    let mut best = 0;
    for (i, score) in scores.iter().enumerate() {
        if *score > scores[best] {
            best = i;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::network::TAG_WIDTH;
    use lagebild_core::{Mood, VerbForm};

    /// Scores that favour the given tags.
    fn scores(pos: Upos, morph: Morph) -> [f32; TAG_WIDTH] {
        let mut scores = [0.0; TAG_WIDTH];
        for (group, value) in tag_values(pos, morph).into_iter().enumerate() {
            scores[tag_range(group)][value] = 2.0;
        }
        scores
    }

    fn finite(mood: Mood, person: Person) -> Morph {
        Morph {
            mood: Some(mood),
            person: Some(person),
            form: Some(VerbForm::Fin),
            ..Morph::default()
        }
    }

    #[test]
    fn the_lexicon_corrects_the_mood() {
        let indicative = finite(Mood::Ind, Person::Third);
        let subjunctive = finite(Mood::Sub, Person::Third);
        let row = scores(Upos::Aux, indicative);
        let tag = |bundles: &[Bundle]| Tagger::new(Lang::De, &[&row], &[bundles]).tags(&[0], &[Dep::Root]);
        assert_eq!(tag(&[]), [(Upos::Aux, indicative)]);
        assert_eq!(tag(&[tag_values(Upos::Verb, subjunctive)]), [(Upos::Aux, subjunctive)]);
    }

    #[test]
    fn verbs_agree_with_their_subject() {
        let first = finite(Mood::Ind, Person::First);
        let third = finite(Mood::Sub, Person::Third);
        let rows = [scores(Upos::Noun, Morph::default()), scores(Upos::Verb, first)];
        let bundles = [tag_values(Upos::Verb, first), tag_values(Upos::Verb, third)];
        let found =
            Tagger::new(Lang::De, &[&rows[0], &rows[1]], &[&[], &bundles]).tags(&[2, 0], &[Dep::Nsubj, Dep::Root]);
        assert_eq!(found[1].1, third);
    }

    #[test]
    fn nouns_agree_with_their_determiners() {
        let bundle = |pos, case, gender| {
            let (number, case, gender) = (Some(Number::Sing), Some(case), Some(gender));
            tag_values(
                pos,
                Morph {
                    number,
                    case,
                    gender,
                    ..Morph::default()
                },
            )
        };
        let neuter = |case| Morph {
            case: Some(case),
            number: Some(Number::Sing),
            gender: Some(Gender::Neut),
            ..Morph::default()
        };
        let masculine = Morph {
            gender: Some(Gender::Masc),
            ..neuter(Case::Nom)
        };
        let rows = [scores(Upos::Det, neuter(Case::Acc)), scores(Upos::Noun, masculine)];
        let det = [
            bundle(Upos::Det, Case::Nom, Gender::Neut),
            bundle(Upos::Det, Case::Acc, Gender::Neut),
        ];
        let noun = [Case::Nom, Case::Acc, Case::Dat].map(|case| bundle(Upos::Noun, case, Gender::Neut));
        let found = Tagger::new(Lang::De, &[&rows[0], &rows[1]], &[&det, &noun]).tags(&[2, 0], &[Dep::Det, Dep::Nsubj]);
        assert_eq!(found[0].1, neuter(Case::Nom));
        assert_eq!(found[1].1, neuter(Case::Nom));
    }

    #[test]
    fn case_bars_relations() {
        let noun = |case, number| {
            let (case, number) = (Some(case), Some(number));
            tag_values(
                Upos::Noun,
                Morph {
                    case,
                    number,
                    gender: Some(Gender::Masc),
                    ..Morph::default()
                },
            )
        };
        let row = scores(Upos::Noun, Morph::default());
        let barred = |bundles: &[Bundle]| Tagger::new(Lang::De, &[&row], &[bundles]).barred(&[0]).remove(0);
        assert_eq!(
            barred(&[noun(Case::Dat, Number::Plur)]),
            [Dep::Nsubj, Dep::NsubjPass, Dep::Obj]
        );
        assert_eq!(
            barred(&[noun(Case::Nom, Number::Sing), noun(Case::Acc, Number::Sing)]),
            [Dep::OblArg]
        );
        assert_eq!(barred(&[]), []);
    }
}
