//! The measures of the language engine.

use crate::data::Sentence;
use lagebild_core::{Dep, Lang};
use lagebild_nlp::model::Syntax;
use lagebild_nlp::morph::Morphology;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::time::Instant;

/// Writes a line to standard error, where the log of a training run goes.
pub(crate) fn log(line: &str) {
    // A closed standard error must not stop a training run.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// How sentences, each its words, are tagged and parsed.
pub(crate) type Annotate<'a> = &'a dyn Fn(&[Vec<&str>]) -> Vec<Vec<Syntax>>;

/// What is measured: a language, and how its sentences are tagged and parsed.
#[derive(Clone, Copy)]
pub(crate) struct Measured<'a> {
    pub(crate) lang: Lang,
    pub(crate) annotate: Annotate<'a>,
}

/// Counts of right answers.
#[derive(Default)]
struct Counts {
    words: usize,
    upos: usize,
    lemmas: usize,
    arcs: usize,
    labelled: usize,
    /// Right but for the subtype of the relation, as the CoNLL shared tasks count.
    main: usize,
    features: [(usize, usize); 9],
    /// Right, predicted, true arcs of a relation.
    relations: HashMap<Dep, [usize; 3]>,
}

impl Counts {
    fn of(parser: Measured<'_>, sentences: &[Sentence]) -> Self {
        let forms: Vec<Vec<&str>> = sentences.iter().map(Sentence::forms).collect();
        let found = (parser.annotate)(&forms);
        let mut counts = Self::default();
        let morphology = Morphology::get(parser.lang);
        for (words, syntax) in sentences.iter().map(|s| &s.words).zip(found) {
            for (word, syntax) in words.iter().zip(syntax) {
                let arc = word.head == syntax.head;
                counts.words += 1;
                let lemma = morphology.lemma(&word.form, syntax.pos, syntax.morph);
                counts.lemmas += usize::from(lemma == word.lemma);
                counts.upos += usize::from(word.pos == syntax.pos);
                counts.arcs += usize::from(arc);
                counts.labelled += usize::from(arc && word.dep == syntax.dep);
                counts.main += usize::from(arc && main(word.dep) == main(syntax.dep));
                let values = lagebild_nlp::model::network::tag_values(syntax.pos, syntax.morph);
                for (group, count) in counts.features.iter_mut().enumerate() {
                    if let Some(value @ 1..) = word.tags[group] {
                        count.1 += 1;
                        count.0 += usize::from(value == values[group]);
                    }
                }
                counts.relations.entry(syntax.dep).or_default()[1] += 1;
                let truth = counts.relations.entry(word.dep).or_default();
                truth[2] += 1;
                truth[0] += usize::from(arc && word.dep == syntax.dep);
            }
        }
        counts
    }

    fn add(&mut self, other: &Self) {
        self.words += other.words;
        self.upos += other.upos;
        self.lemmas += other.lemmas;
        self.arcs += other.arcs;
        self.labelled += other.labelled;
        self.main += other.main;
        for (mine, theirs) in self.features.iter_mut().zip(other.features) {
            mine.0 += theirs.0;
            mine.1 += theirs.1;
        }
        for (&dep, theirs) in &other.relations {
            let mine = self.relations.entry(dep).or_default();
            for (m, t) in mine.iter_mut().zip(theirs) {
                *m += t;
            }
        }
    }

    fn percent(&self, right: usize) -> f64 {
        100.0 * right as f64 / self.words.max(1) as f64
    }

    /// F1 of arc and relation over a set of relations, in percent.
    fn f1(&self, deps: &[Dep]) -> f64 {
        let mut sum = [0; 3];
        for dep in deps {
            for (s, n) in sum.iter_mut().zip(self.relations.get(dep).copied().unwrap_or_default()) {
                *s += n;
            }
        }
        200.0 * sum[0] as f64 / (sum[1] + sum[2]).max(1) as f64
    }

    fn line(&self) -> String {
        format!(
            "UPOS {:.2}  lemma {:.2}  UAS {:.2}  LAS {:.2}  (main relations {:.2})",
            self.percent(self.upos),
            self.percent(self.lemmas),
            self.percent(self.arcs),
            self.percent(self.labelled),
            self.percent(self.main)
        )
    }
}

fn main(dep: Dep) -> &'static str {
    dep.as_str().split(':').next().unwrap_or_default()
}

/// One line on how a model does, for the log of training.
pub(crate) fn brief(parser: Measured<'_>, held_out: &[(&'static str, Vec<Sentence>)]) -> String {
    let mut all = Counts::default();
    for (_, sentences) in held_out {
        all.add(&Counts::of(parser, sentences));
    }
    all.line()
}

/// Logs all figures.
pub(crate) fn report(parser: Measured<'_>, held_out: &[(&'static str, Vec<Sentence>)]) {
    let mut all = Counts::default();
    for (name, sentences) in held_out {
        let counts = Counts::of(parser, sentences);
        log(&format!("{name:4} {:6} words  {}", counts.words, counts.line()));
        all.add(&counts);
    }
    log(&format!("all  {:6} words  {}", all.words, all.line()));
    log(&format!(
        "F1 of arc and relation: nsubj+nsubj:pass {:.1}  obj {:.1}  obl:arg {:.1}  obl+nmod {:.1}",
        all.f1(&[Dep::Nsubj, Dep::NsubjPass]),
        all.f1(&[Dep::Obj]),
        all.f1(&[Dep::OblArg]),
        all.f1(&[Dep::Obl, Dep::Nmod]),
    ));
    let mut line = String::from("by relation:");
    for &dep in Dep::ALL {
        if let Some([_, _, truth]) = all.relations.get(&dep)
            && *truth >= 20
        {
            let _ = write!(line, " {dep} {:.0}", all.f1(&[dep]));
        }
    }
    log(&line);
    let names = [
        "", "Case", "Number", "Gender", "Person", "Tense", "Mood", "VerbForm", "Degree",
    ];
    let mut line = String::from("features of words that have them:");
    for (name, (right, of)) in names.iter().zip(all.features).skip(1) {
        let _ = write!(line, " {name} {:.1}", 100.0 * right as f64 / of.max(1) as f64);
    }
    log(&line);
    log(&format!(
        "{:.0} words/s on one core, tagging and parsing",
        speed(parser, held_out)
    ));
}

/// Words a second of processor time of one core, the best of five passes (or as many as take a minute) over texts of the length of
/// a report.
fn speed(parser: Measured<'_>, held_out: &[(&'static str, Vec<Sentence>)]) -> f64 {
    let forms: Vec<Vec<&str>> = held_out
        .iter()
        .flat_map(|(_, sentences)| sentences)
        .map(Sentence::forms)
        .collect();
    let words: usize = forms.iter().map(Vec::len).sum();
    let pass = || {
        let start = Clock::now();
        for report in forms.chunks(20) {
            std::hint::black_box((parser.annotate)(report));
        }
        words as f64 / start.seconds()
    };
    let start = Instant::now();
    let passes = (0..5).take_while(|pass| *pass == 0 || start.elapsed().as_secs() < 60);
    passes.map(|_| pass()).fold(0.0, f64::max)
}

/// Measures the processor time of this thread where the system tells it (Linux), else the time of day, which other work
/// on the machine stretches.
enum Clock {
    Processor(u64),
    Day(Instant),
}

impl Clock {
    fn now() -> Self {
        Self::processor().map_or_else(|| Self::Day(Instant::now()), Self::Processor)
    }

    /// Nanoseconds that this thread has run.
    fn processor() -> Option<u64> {
        std::fs::read_to_string("/proc/thread-self/schedstat")
            .ok()?
            .split(' ')
            .next()?
            .parse()
            .ok()
    }

    fn seconds(&self) -> f64 {
        match self {
            Self::Processor(start) => Self::processor().map_or(f64::NAN, |now| (now - start) as f64 / 1e9),
            Self::Day(start) => start.elapsed().as_secs_f64(),
        }
    }
}
