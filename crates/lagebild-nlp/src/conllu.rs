//! CoNLL-U, the exchange format of Universal Dependencies (<https://universaldependencies.org/format.html>).
//!
//! [`read`] makes a [`Parsed`] of a file, keeping its words, sentences and annotation; [`write()`] is the way back.
//! [`sentences`] gives the bare rows, for those who need the columns that [`Parsed`] does not keep.

use crate::segment::spelling;
use lagebild_core::{
    Block, Dep, DocId, Document, Interner, Lang, Morph, Name, NameKind, Parsed, Part, Sentence, Span, Token, TokenIx,
    Upos,
};
use std::fmt::Write as _;
use std::sync::Arc;

/// What is wrong with a CoNLL-U text, and in which line (counted from 1).
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("line {line}: {fault}")]
pub struct ConlluError {
    /// The line.
    pub line: usize,
    /// The fault.
    pub fault: Fault,
}

/// A fault in a line of CoNLL-U.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Fault {
    /// Not ten columns.
    #[error("{0} columns instead of 10, separated by tabs")]
    Columns(usize),
    /// The first column is no word number, range or empty node, or the words are not counted 1, 2, 3 …
    #[error("word number \"{0}\" does not follow")]
    Number(String),
    /// No form.
    #[error("a word without form")]
    Form,
    /// Unknown part of speech.
    #[error("unknown part of speech \"{0}\"")]
    Upos(String),
    /// The head is no number, or beyond the sentence.
    #[error("head \"{0}\" is no word of the sentence")]
    Head(String),
    /// The heads are no tree with one root.
    #[error("the heads do not form a tree with one root")]
    Tree,
    /// The text is larger than a document may be.
    #[error("more than 4 GB of text")]
    Size,
}

/// A word: the columns of its line as they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each field is the column of its name")]
pub struct Row<'a> {
    pub form: &'a str,
    pub lemma: &'a str,
    pub upos: &'a str,
    pub xpos: &'a str,
    pub feats: &'a str,
    pub head: &'a str,
    pub deprel: &'a str,
    pub misc: &'a str,
}

/// A surface token of several words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contraction<'a> {
    /// Index of its first word.
    pub first: usize,
    /// Index of its last word.
    pub last: usize,
    /// Its form.
    pub form: &'a str,
    /// Its MISC column.
    pub misc: &'a str,
}

/// A sentence: comments and words as they stand. Empty nodes are passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows<'a> {
    /// Line of the first word.
    pub line: usize,
    /// Comment lines, with their `#`.
    pub comments: Vec<&'a str>,
    /// Words; `i` is number `i + 1` in the file.
    pub words: Vec<Row<'a>>,
    /// Contractions in order.
    pub contractions: Vec<Contraction<'a>>,
}

impl<'a> Rows<'a> {
    /// The value of a comment `# key = value`.
    #[must_use]
    pub fn comment(&self, key: &str) -> Option<&'a str> {
        self.comments.iter().find_map(|c| {
            let (found, value) = c.trim_start_matches('#').split_once('=')?;
            (found.trim() == key).then_some(value.trim())
        })
    }
}

/// The sentences of a CoNLL-U text.
///
/// # Errors
/// At the first line that is no CoNLL-U.
pub fn sentences(text: &str) -> Result<Vec<Rows<'_>>, ConlluError> {
    let (mut out, mut now) = (Vec::new(), Rows::default());
    for (line, content) in text.lines().enumerate().map(|(i, c)| (i + 1, c)) {
        let fail = |fault| Err(ConlluError { line, fault });
        if content.trim().is_empty() {
            if !now.words.is_empty() {
                out.push(std::mem::take(&mut now));
            }
            continue;
        }
        if content.starts_with('#') {
            now.comments.push(content);
            continue;
        }
        let columns: Vec<&str> = content.split('\t').collect();
        let &[id, form, lemma, upos, xpos, feats, head, deprel, _, misc] = columns.as_slice() else {
            return fail(Fault::Columns(columns.len()));
        };
        if form.is_empty() {
            return fail(Fault::Form);
        }
        if now.words.is_empty() && now.contractions.is_empty() {
            now.line = line;
        }
        let next = now.words.len() + 1;
        if let Some((first, last)) = id.split_once('-') {
            match (first.parse::<usize>(), last.parse::<usize>()) {
                (Ok(first), Ok(last)) if first == next && last > first => {
                    now.contractions.push(Contraction {
                        first: first - 1,
                        last: last - 1,
                        form,
                        misc,
                    });
                }
                _ => return fail(Fault::Number(id.to_owned())),
            }
        } else if id.contains('.') {
            // An empty node of the enhanced graph.
        } else if id.parse() == Ok(next) {
            now.words.push(Row {
                form,
                lemma,
                upos,
                xpos,
                feats,
                head,
                deprel,
                misc,
            });
        } else {
            return fail(Fault::Number(id.to_owned()));
        }
    }
    if !now.words.is_empty() {
        out.push(now);
    }
    let broken = |s: &&Rows<'_>| s.contractions.iter().any(|c| c.last >= s.words.len());
    match out.iter().find(broken) {
        Some(s) => Err(ConlluError {
            line: s.line,
            fault: Fault::Number("range beyond the sentence".to_owned()),
        }),
        None => Ok(out),
    }
}

/// Reads a CoNLL-U text with its annotation.
///
/// The text of the document is put together from the forms and `SpaceAfter=No`, one sentence a line, paragraphs
/// (`# newpar`) set apart by an empty line. A sentence whose heads are all `_` is taken as not yet parsed: each word
/// hangs from the first. Unknown relations become `dep`; a missing lemma (`_`) is the form.
///
/// # Errors
/// At the first line that is no CoNLL-U, or does not hold to its annotation scheme.
pub fn read(text: &str, lang: Lang) -> Result<Parsed, ConlluError> {
    let (mut surface, mut strings) = (String::new(), Interner::default());
    let (mut out, mut tokens): (Vec<Sentence>, Vec<Token>) = (Vec::new(), Vec::new());
    let mut misc: Vec<&str> = Vec::new();
    for rows in sentences(text)? {
        let fail = |at: usize, fault| ConlluError {
            line: rows.line + at,
            fault,
        };
        if !surface.is_empty() {
            let paragraph = rows
                .comments
                .iter()
                .any(|c| c.trim_start_matches(['#', ' ']).starts_with("newpar"));
            surface.push_str(if paragraph { "\n\n" } else { "\n" });
        }
        let first = tokens.len();
        let start = surface.len();
        let unparsed = rows.words.iter().all(|w| w.head == "_");
        let mut heads = Vec::with_capacity(rows.words.len());
        let mut contractions = rows.contractions.iter().peekable();
        let mut inside: Option<&Contraction<'_>> = None;
        let mut spaced = true;
        for (i, word) in rows.words.iter().enumerate() {
            let span = match inside {
                Some(_) => Span::at(surface.len(), surface.len()),
                None => {
                    if i > 0 && spaced {
                        surface.push(' ');
                    }
                    let from = surface.len();
                    inside = contractions.next_if(|c| c.first == i);
                    let (form, misc) = inside.map_or((word.form, word.misc), |c| (c.form, c.misc));
                    spaced = !misc.split('|').any(|m| m == "SpaceAfter=No");
                    if u32::try_from(from + form.len()).is_err() {
                        return Err(fail(i, Fault::Size));
                    }
                    surface.push_str(form);
                    Span::at(from, surface.len())
                }
            };
            inside = inside.filter(|c| c.last > i);
            let head: usize = if unparsed {
                usize::from(i > 0)
            } else {
                word.head
                    .parse()
                    .map_err(|_| fail(i, Fault::Head(word.head.to_owned())))?
            };
            if head > rows.words.len() {
                return Err(fail(i, Fault::Head(word.head.to_owned())));
            }
            heads.push(head);
            let pos = match word.upos {
                "_" => Upos::X,
                known => Upos::parse(known).ok_or_else(|| fail(i, Fault::Upos(known.to_owned())))?,
            };
            misc.push(word.misc);
            let joined = word.misc.split('|').find_map(|m| m.strip_prefix(JOINED));
            let lemma = joined.unwrap_or(if word.lemma == "_" { word.form } else { word.lemma });
            tokens.push(Token {
                span,
                form: strings.intern(word.form),
                lemma: strings.intern(lemma),
                pos,
                morph: Morph::from_feats(word.feats),
                head: head.checked_sub(1).map(|h| TokenIx::from(first + h)),
                dep: if head == 0 {
                    Dep::Root
                } else {
                    Dep::from_label(word.deprel)
                },
            });
        }
        if !crate::parser::is_tree(&heads) {
            return Err(fail(0, Fault::Tree));
        }
        let span = Span::at(start, surface.len());
        out.push(Sentence {
            span,
            tokens: first as u32..tokens.len() as u32,
            part: Part::Body,
        });
    }
    let names = names(&misc, &tokens);
    let block = Block {
        span: Span::at(0, surface.len()),
        part: Part::Body,
    };
    let doc = Document {
        id: DocId("conllu".into()),
        source: None,
        published: None,
        lang,
        title: None,
        text: surface.into(),
        blocks: vec![block],
    };
    Ok(Parsed {
        doc: Arc::new(doc),
        strings,
        sentences: out,
        tokens,
        names,
        times: Vec::new(),
        quantities: Vec::new(),
    })
}

/// The MISC key of names: BIO labels, as IOB2 files have them (`NER=B-PER`). `Entity=`, which some tools use, belongs to the annotation
/// of coreference (CorefUD) and is written otherwise.
const NAME: &str = "NER=";

/// The names that the MISC columns tell; a label that is none is passed over.
fn names(misc: &[&str], tokens: &[Token]) -> Vec<Name> {
    let mut out: Vec<Name> = Vec::new();
    for (i, (misc, token)) in misc.iter().zip(tokens).enumerate() {
        let label = misc.split('|').find_map(|m| m.strip_prefix(NAME)?.split_once('-'));
        let Some((part, kind)) = label.and_then(|(part, kind)| Some((part, NameKind::parse(kind)?))) else {
            continue;
        };
        let number = i as u32;
        match out.last_mut() {
            Some(last) if part == "I" && last.kind == kind && last.tokens.end == number => {
                last.tokens.end += 1;
                last.span = last.span.cover(token.span);
            }
            _ => out.push(Name {
                span: token.span,
                tokens: number..number + 1,
                kind,
            }),
        }
    }
    out
}

/// The MISC key that keeps the lemma of a separable verb.
const JOINED: &str = "JoinedLemma=";

/// The separable verbs of a sentence whose prefix stands apart, each with its lemma without the prefix.
fn bare_lemmas(parsed: &Parsed, sentence: &Sentence) -> Vec<(TokenIx, String)> {
    let bare = |child: TokenIx| {
        let token = parsed.token(child);
        let verb = token.head.filter(|_| token.dep == Dep::CompoundPrt)?;
        let bare = parsed.lemma(verb).strip_prefix(&*parsed.form(child).to_lowercase())?;
        (!bare.is_empty()).then(|| (verb, bare.to_owned()))
    };
    sentence.tokens.clone().map(TokenIx).filter_map(bare).collect()
}

/// Writes sentences, words, tags, trees and names. The columns XPOS and DEPS stay empty; the words of names have their BIO label in MISC
/// (`NER=B-PER`, kinds as [`NameKind`] has them).
///
/// In [`Parsed`] a separable verb bears its whole lemma (`an|prangern`: *anprangern*); UD treebanks give that of the
/// form alone (*prangern*). So does this, and keeps the whole in MISC (`JoinedLemma=anprangern`).
#[must_use]
pub fn write(parsed: &Parsed) -> String {
    let mut out = String::new();
    let mut at_name = 0;
    for (number, sentence) in parsed.sentences.iter().enumerate() {
        let first = sentence.tokens.start as usize;
        let tokens = &parsed.tokens[first..sentence.tokens.end as usize];
        // A line break inside a sentence must not break the comment.
        let text: Vec<&str> = parsed.doc.slice(sentence.span).split_whitespace().collect();
        let _ = writeln!(out, "# sent_id = {}\n# text = {}", number + 1, text.join(" "));
        let bare = bare_lemmas(parsed, sentence);
        for (i, token) in tokens.iter().enumerate() {
            let joined = tokens[i + 1..].iter().take_while(|t| t.span.is_empty()).count();
            let next = tokens.get(i + 1 + joined);
            let close = next.is_some_and(|next| next.span.start() == token.span.end());
            let contracted = joined > 0 && !token.span.is_empty();
            let space = if close { "SpaceAfter=No" } else { "_" };
            if contracted {
                let surface = parsed.doc.slice(token.span);
                let _ = writeln!(
                    out,
                    "{}-{}\t{surface}\t_\t_\t_\t_\t_\t_\t_\t{space}",
                    i + 1,
                    i + 1 + joined
                );
            }
            let whole = parsed.strings.resolve(token.lemma);
            let bare = bare.iter().find(|(verb, _)| verb.ix() == first + i);
            let mut misc = Vec::new();
            if bare.is_some() {
                misc.push(format!("{JOINED}{whole}"));
            }
            if let Some(name) = parsed
                .names
                .get(at_name)
                .filter(|n| n.tokens.contains(&((first + i) as u32)))
            {
                let part = if name.tokens.start as usize == first + i {
                    "B"
                } else {
                    "I"
                };
                misc.push(format!("{NAME}{part}-{}", name.kind));
                at_name += usize::from(name.tokens.end as usize == first + i + 1);
            }
            if close && !contracted && !token.span.is_empty() {
                misc.push(space.to_owned());
            }
            // What stands in the text, however the word was read; the words of a contraction stand nowhere.
            let form = if contracted || token.span.is_empty() {
                parsed.strings.resolve(token.form).to_owned()
            } else {
                spelling::surface(parsed.doc.slice(token.span))
            };
            let _ = writeln!(
                out,
                "{}\t{form}\t{}\t{}\t_\t{}\t{}\t{}\t_\t{}",
                i + 1,
                bare.map_or(whole, |(_, bare)| bare),
                token.pos,
                token.morph.to_feats(),
                token.head.map_or(0, |h| h.ix() - first + 1),
                token.dep,
                if misc.is_empty() {
                    "_".to_owned()
                } else {
                    misc.join("|")
                },
            );
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "\
# sent_id = 1
# text = Sie fuhr zum Gipfel.
1\tSie\tsie\tPRON\t_\tCase=Nom\t2\tnsubj\t_\t_
2\tfuhr\tfahren\tVERB\t_\tMood=Ind|Tense=Past\t0\troot\t_\t_
3-4\tzum\t_\t_\t_\t_\t_\t_\t_\t_
3\tzu\tzu\tADP\t_\t_\t5\tcase\t_\t_
4\tdem\tder\tDET\t_\tCase=Dat\t5\tdet\t_\t_
5\tGipfel\tGipfel\tNOUN\t_\tCase=Dat\t2\tobl\t_\tSpaceAfter=No
6\t.\t.\tPUNCT\t_\t_\t2\tpunct\t_\t_

";

    #[test]
    fn what_is_written_reads_back() {
        let parsed = read(SAMPLE, Lang::De).unwrap();
        assert_eq!(&*parsed.doc.text, "Sie fuhr zum Gipfel.");
        assert_eq!(parsed.form(TokenIx(2)), "zu");
        assert!(parsed.tokens[3].span.is_empty());
        assert_eq!(write(&parsed), SAMPLE);
    }

    #[test]
    fn separable_verbs_keep_both_lemmas() {
        let sample = "\
# sent_id = 1
# text = Moskau weist dies zurück
1\tMoskau\tMoskau\tPROPN\t_\t_\t2\tnsubj\t_\t_
2\tweist\tweisen\tVERB\t_\t_\t0\troot\t_\tJoinedLemma=zurückweisen
3\tdies\tdieser\tPRON\t_\t_\t2\tobj\t_\t_
4\tzurück\tzurück\tADP\t_\t_\t2\tcompound:prt\t_\t_

";
        let parsed = read(sample, Lang::De).unwrap();
        assert_eq!(parsed.lemma(TokenIx(1)), "zurückweisen");
        assert_eq!(write(&parsed), sample);
    }

    #[test]
    fn names_read_back() {
        let sample = "\
# sent_id = 1
# text = Yoon Suk Yeol reist nach Berlin.
1\tYoon\tYoon\tPROPN\t_\t_\t4\tnsubj\t_\tNER=B-PER
2\tSuk\tSuk\tPROPN\t_\t_\t1\tflat\t_\tNER=I-PER
3\tYeol\tYeol\tPROPN\t_\t_\t1\tflat\t_\tNER=I-PER
4\treist\treisen\tVERB\t_\t_\t0\troot\t_\t_
5\tnach\tnach\tADP\t_\t_\t6\tcase\t_\t_
6\tBerlin\tBerlin\tPROPN\t_\t_\t4\tobl\t_\tNER=B-LOC|SpaceAfter=No
7\t.\t.\tPUNCT\t_\t_\t4\tpunct\t_\t_

";
        let parsed = read(sample, Lang::De).unwrap();
        let names: Vec<_> = parsed
            .names
            .iter()
            .map(|n| (parsed.doc.slice(n.span), n.kind))
            .collect();
        assert_eq!(
            names,
            [("Yoon Suk Yeol", NameKind::Person), ("Berlin", NameKind::Place)]
        );
        assert_eq!(write(&parsed), sample);
    }

    #[test]
    fn words_are_written_as_the_text_has_them() {
        let text = "MOSKAU VERHÄNGT SANKTIONEN GEGEN DIE UKRA-\nINE";
        let parsed = crate::parse(Arc::new(Document {
            id: DocId("test".into()),
            source: None,
            published: None,
            lang: Lang::De,
            title: None,
            text: text.into(),
            blocks: vec![Block {
                span: Span::at(0, text.len()),
                part: Part::Body,
            }],
        }));
        assert_eq!(parsed.form(TokenIx(1)), "verhängt");
        let written = write(&parsed);
        let rows = written.lines().filter(|l| l.starts_with(|c: char| c.is_ascii_digit()));
        let forms: Vec<&str> = rows.filter_map(|l| l.split('\t').nth(1)).collect();
        assert_eq!(forms.concat(), text.replace(['\n', ' '], ""));
    }

    #[test]
    fn faults_name_their_line() {
        let line = |text: &str| read(text, Lang::De).unwrap_err().line;
        assert_eq!(line("1\tSie\n"), 1);
        assert_eq!(line(&SAMPLE.replace("5\tGipfel", "7\tGipfel")), 8);
        assert_eq!(line(&SAMPLE.replace("\t0\troot", "\t5\troot")), 3);
        assert_eq!(read("", Lang::De).unwrap().tokens.len(), 0);
    }
}
