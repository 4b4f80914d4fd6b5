//! From TOML to rules: checks the form of every entry and names the place of every fault.

use crate::diagnostic::{Diagnostic, Severity, did_you_mean};
use crate::example::{Example, Expected, MarkedText, RuleExamples};
use crate::files::RuleFile;
use crate::ontology;
use crate::rules::{
    Class, Cue, CueWords, Entry, Filler, Gives, Grammar, InfinitiveForm, Lexicon, ModalMood, Path, Role, Roles, Rules,
    Slot, WordClass,
};
use lagebild_core::codebook::{
    AgreementKind, Certainty, Context, EventType, Mode, ObligationKind, Sector, Stance, Status, Step,
};
use lagebild_core::{Lang, Tense};
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

type Table<'i> = DeTable<'i>;
type Value<'i> = Spanned<DeValue<'i>>;

/// What comes of rule files.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The rules.
    pub lexicon: Lexicon,
    /// Their examples, those of a language after one another, entries before cues, in the order of the files.
    pub examples: Vec<RuleExamples>,
    /// What somebody should look at.
    pub warnings: Vec<Diagnostic>,
}

/// Compiles rule files, those of a user's overlay after the bundled ones.
///
/// An entry of a later file replaces the entry of the same id in an earlier *layer*; `layers` are compiled in order.
///
/// # Errors
/// All faults found, those of one language in the order of the files, when at least one is an error.
pub fn compile(layers: &[Vec<RuleFile>]) -> Result<Compiled, Vec<Diagnostic>> {
    // No language knows the other's words, so each has its thread.
    let ((german, mut examples, mut found), (english, more_examples, others)) = std::thread::scope(|scope| {
        let german = scope.spawn(|| compile_language(layers, Lang::De));
        let english = compile_language(layers, Lang::En);
        let german = german.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        (german, english)
    });
    examples.extend(more_examples);
    found.extend(others);
    if found.iter().any(|d| d.severity == Severity::Error) {
        return Err(found);
    }
    let mut hasher = blake3::Hasher::new();
    for file in layers.iter().flatten() {
        hasher.update(file.path.as_bytes()).update(file.text.as_bytes());
    }
    let lexicon = Lexicon {
        version: hasher.finalize().to_hex()[..12].to_owned(),
        german,
        english,
    };
    Ok(Compiled {
        lexicon,
        examples,
        warnings: found,
    })
}

/// The rules of one language with their examples, and what is wrong with its files.
fn compile_language(layers: &[Vec<RuleFile>], lang: Lang) -> (Rules, Vec<RuleExamples>, Vec<Diagnostic>) {
    let mut compiler = Compiler::default();
    for layer in layers {
        compiler.seen.clear();
        let files = layer.iter().filter(|file| file.lang == lang);
        let sources: Vec<Source<'_>> = files.filter_map(|file| compiler.parse(file)).collect();
        // Lists first: an entry may use a list of any file of its language.
        for source in &sources {
            compiler.read_lists(source);
        }
        for source in &sources {
            compiler.read_rules(source);
        }
    }
    let (rules, examples) = compiler.draft.finish();
    (rules, examples, compiler.found)
}

/// The words by which an entry is found.
type Words = Vec<(WordClass, Filler)>;

/// The rules of one language while files are read.
#[derive(Default)]
struct Draft {
    lists: HashMap<String, Vec<Filler>>,
    entries: Vec<(Entry, Words, RuleExamples)>,
    cues: Vec<(Cue, RuleExamples)>,
    grammar: Grammar,
}

impl Draft {
    fn finish(self) -> (Rules, Vec<RuleExamples>) {
        let (mut entries, mut cues, mut examples) = (Vec::new(), Vec::new(), Vec::new());
        for (entry, words, tests) in self.entries {
            entries.push((entry, words));
            examples.push(tests);
        }
        for (cue, tests) in self.cues {
            cues.push(cue);
            examples.push(tests);
        }
        (Rules::new(entries, cues, self.grammar), examples)
    }
}

#[derive(Default)]
struct Compiler {
    draft: Draft,
    /// Ids of the present layer with their places, to refuse doubles.
    seen: HashMap<String, (Arc<str>, usize)>,
    found: Vec<Diagnostic>,
}

/// Slots that are no prepositions.
const SLOTS: &[&str] = &[
    "subject",
    "object",
    "dative",
    "clause",
    "genitive",
    "possessive",
    "adjective",
    "compound",
    "context",
    "predicate",
    "case",
    "others",
];
const ENTRY_KEYS: &[&str] = &[
    "id",
    "verb",
    "noun",
    "adjective",
    "preposition",
    "adverb",
    "needs",
    "bars",
    "roles",
    "noun_roles",
    "genitive",
    "mutual",
    "implicit",
    "by_state",
    "war",
    "negated",
    "infinitive",
    "subjunctive",
    "spoken",
    "gives",
    "says",
    "reason",
    "yes",
    "no",
];
const GRAMMAR_KEYS: &[&str] = &[
    "agent",
    "doer",
    "of",
    "toward",
    "between",
    "names_by",
    "agreement_words",
    "relative",
    "reflexive",
    "object_control",
    "infinitive_verbs",
    "phases",
    "questions",
    "particles",
    "causative",
    "purpose",
    "light_verbs",
    "light_nouns",
    "no_deed",
    "nominalised",
    "perfect",
    "act_nouns",
    "said_nouns",
    "disasters",
    "harm",
    "leisure",
    "replies",
    "political_matters",
    "pronominal",
    "support",
    "adjunct",
    "comparison",
    "measures",
    "reported",
    "breaches",
    "anybody",
    "further",
    "statements",
    "definite",
    "texts",
    "viewpoint",
    "attended",
    "things",
    "no_determiner",
    "future",
    "focus",
];
const CUE_KEYS: &[&str] = &[
    "id",
    "adverb",
    "adjective",
    "verb",
    "noun",
    "preposition",
    "conjunction",
    "modal",
    "mood",
    "tense",
    "infinitive",
    "gives",
    "reason",
    "yes",
    "no",
];

impl Compiler {
    fn parse<'f>(&mut self, file: &'f RuleFile) -> Option<Source<'f>> {
        match DeTable::parse(&file.text) {
            Ok(table) => Some(Source {
                file,
                table: table.into_inner(),
                lines: file.text.match_indices('\n').map(|(at, _)| at).collect(),
            }),
            Err(err) => {
                let at = err.span().unwrap_or(0..0);
                self.found.push(
                    Diagnostic::error(
                        "L001",
                        &file.path,
                        &file.text,
                        at,
                        format!("not TOML: {}", err.message()),
                    )
                    .hint("see data/lexicon/README.md for the form of an entry"),
                );
                None
            }
        }
    }

    fn read_lists(&mut self, source: &Source<'_>) {
        let (file, table) = (source.file, &source.table);
        let mut reader = Reader {
            file,
            lines: &source.lines,
            found: Vec::new(),
            lists: None,
        };
        let draft = &mut self.draft;
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "lists" => {
                    for (name, words) in reader.table(value).into_iter().flatten() {
                        let fillers = reader
                            .strings(words)
                            .iter()
                            .map(|(w, at)| reader.filler(w, at.clone()))
                            .collect();
                        draft.lists.insert(name.get_ref().to_string(), fillers);
                        let key = format!("&{}.{}", file.lang.code(), name.get_ref());
                        let line = reader.line(name.span().start);
                        if let Some((file, first)) = self.seen.insert(key, (Arc::clone(&file.path), line)) {
                            let hint = Some(format!("also in {file}:{first}"));
                            reader.error(
                                "L005",
                                name.span(),
                                format!("list \"{}\" is defined twice", name.get_ref()),
                                hint,
                            );
                        }
                    }
                }
                "grammar" => {
                    if let Some(table) = reader.table(value) {
                        reader.grammar(table, &mut draft.grammar);
                    }
                }
                "entry" | "cue" => {}
                other => {
                    let hint =
                        did_you_mean(other, ["entry", "cue", "lists", "grammar"]).map(|m| format!("did you mean {m}?"));
                    reader.error("L002", key.span(), format!("unknown section \"{other}\""), hint);
                }
            }
        }
        self.found.append(&mut reader.found);
    }

    fn read_rules(&mut self, source: &Source<'_>) {
        let draft = &mut self.draft;
        let mut reader = Reader {
            file: source.file,
            lines: &source.lines,
            found: Vec::new(),
            lists: Some(&draft.lists),
        };
        let (mut entries, mut cues) = (Vec::new(), Vec::new());
        for (key, value) in &source.table {
            let items = match key.get_ref().as_ref() {
                "entry" | "cue" => reader.array(value),
                _ => continue,
            };
            for item in items {
                let Some(table) = reader.table(item) else { continue };
                let id = reader.id(table, item.span(), &mut self.seen);
                if key.get_ref() == "entry" {
                    entries.extend(reader.entry(table, id, item.span()));
                } else {
                    cues.push(reader.cue(table, id, item.span()));
                }
            }
        }
        self.found.append(&mut reader.found);
        let ids: HashSet<&Arc<str>> = entries.iter().map(|(entry, ..)| &entry.id).collect();
        draft.entries.retain(|(known, ..)| !ids.contains(&known.id));
        draft.entries.extend(entries);
        let ids: HashSet<&Arc<str>> = cues.iter().map(|(cue, _)| &cue.id).collect();
        draft.cues.retain(|(known, _)| !ids.contains(&known.id));
        draft.cues.extend(cues);
    }
}

/// A rule file whose form is right.
struct Source<'f> {
    file: &'f RuleFile,
    table: Table<'f>,
    /// Where its lines end.
    lines: Vec<usize>,
}

/// Reads the values of one file; faults are collected, never thrown.
struct Reader<'f> {
    file: &'f RuleFile,
    lines: &'f [usize],
    found: Vec<Diagnostic>,
    lists: Option<&'f HashMap<String, Vec<Filler>>>,
}

impl Reader<'_> {
    fn error(&mut self, code: &'static str, at: Range<usize>, message: String, hint: Option<String>) {
        let mut diagnostic = Diagnostic::error(code, &self.file.path, &self.file.text, at, message);
        diagnostic.hint = hint;
        self.found.push(diagnostic);
    }

    fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|end| *end < at) + 1
    }

    fn wrong_type(&mut self, value: &Value<'_>, wanted: &str) {
        let message = format!("{} stands here, {wanted} is wanted", value.get_ref().type_str());
        self.error("L003", value.span(), message, None);
    }

    fn table<'v, 'i>(&mut self, value: &'v Value<'i>) -> Option<&'v Table<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong_type(value, "a table");
        }
        table
    }

    fn array<'v, 'i>(&mut self, value: &'v Value<'i>) -> &'v [Value<'i>] {
        match value.get_ref().as_array() {
            Some(array) => array,
            None => {
                self.wrong_type(value, "a list");
                &[]
            }
        }
    }

    fn string(&mut self, value: &Value<'_>) -> String {
        match value.get_ref().as_str() {
            Some(text) => text.to_owned(),
            None => {
                self.wrong_type(value, "a string");
                String::new()
            }
        }
    }

    fn flag(&mut self, value: &Value<'_>) -> bool {
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong_type(value, "true or false");
            false
        })
    }

    /// A string or a list of strings, each with its place.
    fn strings(&mut self, value: &Value<'_>) -> Vec<(String, Range<usize>)> {
        if let Some(text) = value.get_ref().as_str() {
            return vec![(text.to_owned(), value.span())];
        }
        self.array(value)
            .iter()
            .map(|item| (self.string(item), item.span()))
            .collect()
    }

    /// A term of the codebook.
    fn term<T: Copy>(&mut self, value: &Value<'_>, what: &str, all: &[T], name: fn(T) -> &'static str) -> Option<T> {
        let text = self.string(value);
        let found = all.iter().copied().find(|&t| name(t) == text);
        if found.is_none() {
            let hint = did_you_mean(&text, all.iter().map(|&t| name(t))).map(|m| format!("did you mean {m}?"));
            self.error("L012", value.span(), format!("unknown {what} \"{text}\""), hint);
        }
        found
    }

    fn unknown_key(&mut self, key: &Spanned<std::borrow::Cow<'_, str>>, known: &[&str]) {
        let hint = did_you_mean(key.get_ref(), known.iter().copied()).map_or_else(
            || format!("known keys: {}", known.join(", ")),
            |m| format!("did you mean {m}?"),
        );
        self.error(
            "L002",
            key.span(),
            format!("unknown key \"{}\"", key.get_ref()),
            Some(hint),
        );
    }

    fn id(&mut self, table: &Table<'_>, at: Range<usize>, seen: &mut HashMap<String, (Arc<str>, usize)>) -> Arc<str> {
        let Some((key, value)) = table.iter().find(|(k, _)| k.get_ref() == "id") else {
            self.error(
                "L004",
                at,
                "no id".into(),
                Some(format!("give one, such as {}.type.name", self.file.lang.code())),
            );
            return "".into();
        };
        let id = self.string(value);
        if id.split('.').next() != Some(self.file.lang.code()) {
            let hint = format!("ids in this folder begin with {}.", self.file.lang.code());
            self.error(
                "L006",
                value.span(),
                format!("id \"{id}\" is of another language"),
                Some(hint),
            );
        }
        let line = self.line(key.span().start);
        if let Some((file, first)) = seen.insert(id.clone(), (Arc::clone(&self.file.path), line)) {
            self.error(
                "L005",
                value.span(),
                format!("id \"{id}\" stands twice"),
                Some(format!("also in {file}:{first}")),
            );
        }
        id.into()
    }

    fn grammar(&mut self, table: &Table<'_>, grammar: &mut Grammar) {
        for (key, value) in table {
            let words: Vec<String> = self.strings(value).into_iter().map(|(w, _)| w.to_lowercase()).collect();
            let field = match key.get_ref().as_ref() {
                "agent" => &mut grammar.agent,
                "doer" => &mut grammar.doer,
                "of" => &mut grammar.of,
                "toward" => &mut grammar.toward,
                "between" => &mut grammar.between,
                "names_by" => &mut grammar.names_by,
                "agreement_words" => &mut grammar.agreement_words,
                "relative" => &mut grammar.relative,
                "reflexive" => &mut grammar.reflexive,
                "object_control" => &mut grammar.object_control,
                "particles" => &mut grammar.particles,
                "infinitive_verbs" => &mut grammar.infinitive_verbs,
                "phases" => &mut grammar.phases,
                "questions" => &mut grammar.questions,
                "causative" => &mut grammar.causative,
                "purpose" => &mut grammar.purpose,
                "light_verbs" => &mut grammar.light_verbs,
                "light_nouns" => &mut grammar.light_nouns,
                "no_deed" => &mut grammar.no_deed,
                "nominalised" => &mut grammar.nominalised,
                "perfect" => &mut grammar.perfect,
                "act_nouns" => &mut grammar.act_nouns,
                "said_nouns" => &mut grammar.said_nouns,
                "disasters" => &mut grammar.disasters,
                "harm" => &mut grammar.harm,
                "leisure" => &mut grammar.leisure,
                "replies" => &mut grammar.replies,
                "political_matters" => &mut grammar.political_matters,
                "pronominal" => &mut grammar.pronominal,
                "support" => &mut grammar.support,
                "adjunct" => &mut grammar.adjunct,
                "reported" => &mut grammar.reported,
                "breaches" => &mut grammar.breaches,
                "anybody" => &mut grammar.anybody,
                "further" => &mut grammar.further,
                "statements" => &mut grammar.statements,
                "definite" => &mut grammar.definite,
                "texts" => &mut grammar.texts,
                "viewpoint" => &mut grammar.viewpoint,
                "attended" => &mut grammar.attended,
                "things" => &mut grammar.things,
                "measures" => &mut grammar.measures,
                "comparison" => &mut grammar.comparison,
                "no_determiner" => &mut grammar.no_determiner,
                "future" => &mut grammar.future,
                "focus" => &mut grammar.focus,
                _ => {
                    self.unknown_key(key, GRAMMAR_KEYS);
                    continue;
                }
            };
            field.extend(words);
        }
    }

    /// One filler: lemma, ending or class.
    fn filler(&mut self, word: &str, at: Range<usize>) -> Filler {
        if let Some(class) = word.strip_prefix('@') {
            let known = [
                "actor",
                "state",
                "org",
                "person",
                "armed",
                "civil",
                "place",
                "money",
                "number",
                "agreement",
            ];
            return match class {
                "actor" => Filler::Class(Class::Actor),
                "state" => Filler::Class(Class::State),
                "org" => Filler::Class(Class::Org),
                "person" => Filler::Class(Class::Person),
                "armed" => Filler::Class(Class::Armed),
                "civil" => Filler::Class(Class::Civil),
                "place" => Filler::Class(Class::Place),
                "money" => Filler::Class(Class::Money),
                "number" => Filler::Class(Class::Number),
                "agreement" => Filler::Class(Class::Agreement),
                _ => match class.strip_prefix("event:").and_then(EventType::parse) {
                    Some(event) => Filler::Class(Class::Event(event)),
                    None => {
                        let hint = format!("known: @{}, @event:TYPE", known.join(", @"));
                        self.error("L013", at, format!("unknown class \"@{class}\""), Some(hint));
                        Filler::Any
                    }
                },
            };
        }
        match word.strip_prefix('-') {
            Some(ending) => Filler::Ending(ending.to_lowercase()),
            None if word == "*" => Filler::Any,
            None => Filler::Lemma(self.lemma(word).1.to_lowercase()),
        }
    }

    /// The lemma of a word as rules write it, and whether it is reflexive: *sich weg|ducken* → *wegducken*.
    fn lemma(&self, word: &str) -> (bool, String) {
        let bare = word.strip_prefix("sich ");
        (bare.is_some(), join_particle(self.file.lang, bare.unwrap_or(word)))
    }

    /// Fillers of a condition, lists resolved.
    fn fillers(&mut self, value: &Value<'_>) -> Vec<Filler> {
        let mut fillers = Vec::new();
        for (word, at) in self.strings(value) {
            match word.strip_prefix('&') {
                Some(name) => fillers.extend_from_slice(self.list(name, at)),
                None => fillers.push(self.filler(&word, at)),
            }
        }
        fillers
    }

    /// The words of the list `name`.
    fn list(&mut self, name: &str, at: Range<usize>) -> &[Filler] {
        let lists = self.lists;
        if let Some(list) = lists.and_then(|lists| lists.get(name)) {
            return list;
        }
        let known = lists.into_iter().flat_map(|lists| lists.keys().map(String::as_str));
        let hint = did_you_mean(name, known).map(|m| format!("did you mean &{m}?"));
        self.error("L014", at, format!("unknown list \"&{name}\""), hint);
        &[]
    }

    fn slot(&mut self, name: &str, at: &Range<usize>) -> Slot {
        match name {
            "subject" => Slot::Subject,
            "object" => Slot::Object,
            "dative" => Slot::Dative,
            "clause" => Slot::Clause,
            "genitive" => Slot::Genitive,
            "possessive" => Slot::Possessive,
            "adjective" => Slot::Adjective,
            "compound" => Slot::Compound,
            "context" => Slot::Context,
            "predicate" => Slot::Predicate,
            "case" => Slot::Case,
            "others" => Slot::Others,
            // Any other word is a preposition; a case may be written behind it for the reader ("mit + Dativ").
            _ => {
                let words = name.split('+').next().unwrap_or(name).trim();
                // "predicate/as": one of them.
                let (slots, prepositions): (Vec<&str>, Vec<&str>) =
                    words.split('/').map(str::trim).partition(|word| SLOTS.contains(word));
                if !slots.is_empty() {
                    let mut any: Vec<Slot> = slots.into_iter().map(|slot| self.slot(slot, at)).collect();
                    if !prepositions.is_empty() {
                        any.push(self.slot(&prepositions.join("/"), at));
                    }
                    return Slot::AnyOf(any);
                }
                if words.is_empty() || words.contains(char::is_whitespace) {
                    let hint = "a slot is subject, object, dative, clause, genitive … or a preposition".to_owned();
                    self.error("L015", at.clone(), format!("\"{name}\" is no slot"), Some(hint));
                }
                Slot::Preposition(words.split('/').map(|w| w.trim().to_lowercase()).collect())
            }
        }
    }

    fn path(&mut self, text: &str, at: &Range<usize>) -> Path {
        // "object.for/object.an" would be a slot of "for" or "object" of the object: the writer means "object.for/an".
        let mut steps = text.split('.').map(str::trim);
        let first = steps.next().unwrap_or_default();
        if steps
            .clone()
            .any(|step| step.contains('/') && step.split('/').any(|word| word == first))
        {
            let hint = format!(
                "what stands behind a / is one step: write \"{first}.with/of\", not \"{first}.with/{first}.of\""
            );
            self.error(
                "L015",
                at.clone(),
                format!("\"{text}\" comes back to its beginning"),
                Some(hint),
            );
        }
        text.split('.').map(|slot| self.slot(slot.trim(), at)).collect()
    }

    fn role(&mut self, value: &Value<'_>) -> Role {
        let (text, at) = (self.string(value), value.span());
        if text.trim() == "-" {
            return Vec::new();
        }
        text.split('|').map(|path| self.path(path.trim(), &at)).collect()
    }

    fn roles(&mut self, value: &Value<'_>) -> Roles {
        let mut roles = Roles::default();
        for (key, value) in self.table(value).into_iter().flatten() {
            match key.get_ref().as_ref() {
                "actor" | "holder" => roles.actor = Some(self.role(value)),
                "recipient" => roles.recipient = Some(self.role(value)),
                _ => self.unknown_key(key, &["actor", "recipient"]),
            }
        }
        roles
    }

    fn conditions(&mut self, value: &Value<'_>) -> Vec<(Path, Vec<Filler>)> {
        let mut conditions = Vec::new();
        for (key, value) in self.table(value).into_iter().flatten() {
            let path = self.path(key.get_ref(), &key.span());
            let fillers = self.fillers(value);
            conditions.push((path, fillers));
        }
        conditions
    }

    fn gives(&mut self, value: &Value<'_>) -> Gives {
        let mut gives = Gives::default();
        let known = [
            "event",
            "mode",
            "content",
            "cameo",
            "contexts",
            "step",
            "stance",
            "status",
            "certainty",
            "kind",
            "obligation",
            "duty",
        ];
        let mut mode_at = None;
        for (key, value) in self.table(value).into_iter().flatten() {
            match key.get_ref().as_ref() {
                "event" => gives.event = self.term(value, "event type", EventType::ALL, EventType::as_str),
                "mode" => {
                    gives.mode = self.term(value, "mode", Mode::ALL, Mode::as_str);
                    mode_at = Some(value.span());
                }
                "content" => gives.content = self.term(value, "event type", EventType::ALL, EventType::as_str),
                "cameo" => {
                    let code = self.string(value);
                    if !ontology::is_cameo(&code) {
                        self.error(
                            "L016",
                            value.span(),
                            format!("unknown CAMEO code \"{code}\""),
                            Some("data/ontology/cameo.tsv lists them".into()),
                        );
                    }
                    gives.cameo = Some(code.into());
                }
                "contexts" => {
                    for item in self.array(value) {
                        gives
                            .contexts
                            .extend(self.term(item, "context", Context::ALL, Context::as_str));
                    }
                }
                "step" => gives.step = self.term(value, "step", Step::ALL, Step::as_str),
                "stance" => gives.stance = self.term(value, "stance", Stance::ALL, Stance::as_str),
                "status" => gives.status = self.term(value, "status", Status::ALL, Status::as_str),
                "certainty" => gives.certainty = self.term(value, "certainty", Certainty::ALL, Certainty::as_str),
                "kind" => gives.kind = self.term(value, "kind of agreement", AgreementKind::ALL, AgreementKind::as_str),
                "obligation" => {
                    gives.obligation = self.term(value, "obligation", ObligationKind::ALL, ObligationKind::as_str);
                }
                "duty" => gives.duty = self.term(value, "obligation", ObligationKind::ALL, ObligationKind::as_str),
                _ => self.unknown_key(key, &known),
            }
        }
        if let (Some(event), Some(mode), Some(at)) = (gives.event, gives.mode, mode_at)
            && !event.modes().contains(&mode)
        {
            let allowed: Vec<_> = event.modes().iter().map(|m| m.as_str()).collect();
            let hint = if allowed.is_empty() {
                "it has none".to_owned()
            } else {
                format!("it has {}", allowed.join(", "))
            };
            self.error("L017", at, format!("{event} has no mode \"{mode}\""), Some(hint));
        }
        gives
    }

    fn examples(&mut self, value: &Value<'_>, positive: bool) -> Vec<Example> {
        let mut examples = Vec::new();
        for item in self.array(value) {
            let Some(table) = self.table(item) else { continue };
            let mut example = Example {
                text: MarkedText {
                    text: String::new(),
                    marks: Vec::new(),
                },
                read: Vec::new(),
                date: None,
                why: None,
                known_fault: None,
                line: self.line(item.span().start),
            };
            for (key, value) in table {
                match key.get_ref().as_ref() {
                    "text" => match MarkedText::parse(&self.string(value)) {
                        Ok(text) => example.text = text,
                        Err(message) => self.error("L021", value.span(), message, None),
                    },
                    "read" => {
                        for (line, at) in self.strings(value) {
                            match Expected::parse(&line) {
                                Ok(expected) => example.read.push(expected),
                                Err(message) => self.error("L022", at, message, None),
                            }
                        }
                    }
                    "date" => example.date = Some(self.string(value)),
                    "why" => example.why = Some(self.string(value)),
                    "known_fault" => example.known_fault = Some(self.string(value)),
                    _ => self.unknown_key(key, &["text", "read", "date", "why", "known_fault"]),
                }
            }
            if example.text.text.is_empty() {
                self.error("L023", item.span(), "an example without text".into(), None);
            } else if positive && example.read.is_empty() {
                self.error(
                    "L023",
                    item.span(),
                    "a yes example without read".into(),
                    Some("say what is to be read: read = \"SUPPORT RUS > PRK, actual\"".into()),
                );
            }
            examples.push(example);
        }
        examples
    }

    /// No examples yet of the rule `id`.
    fn no_examples(&self, id: &Arc<str>) -> RuleExamples {
        RuleExamples {
            rule: Arc::clone(id),
            lang: self.file.lang,
            file: Arc::clone(&self.file.path),
            yes: Vec::new(),
            no: Vec::new(),
        }
    }

    fn want_examples(&mut self, tests: &RuleExamples, at: Range<usize>) {
        for (name, empty) in [("yes", tests.yes.is_empty()), ("no", tests.no.is_empty())] {
            if empty {
                let head = at.start..at.start;
                self.error(
                    "L020",
                    head,
                    format!("{} has no {name} example", tests.rule),
                    Some("every rule carries its tests".into()),
                );
            }
        }
    }

    fn entry(&mut self, table: &Table<'_>, id: Arc<str>, at: Range<usize>) -> Option<(Entry, Words, RuleExamples)> {
        let mut tests = self.no_examples(&id);
        let mut entry = Entry {
            id,
            needs: Vec::new(),
            bars: Vec::new(),
            roles: Roles::default(),
            noun_roles: Roles::default(),
            genitive_is_recipient: false,
            mutual: false,
            implicit: false,
            by_state: None,
            war: false,
            negated: false,
            infinitive: None,
            subjunctive: false,
            spoken: false,
            gives: Gives::default(),
            says: None,
            reflexive: Vec::new(),
            file: Arc::clone(&self.file.path),
            line: self.line(at.start),
        };
        let mut words = Vec::new();
        let mut by_state = None;
        for (key, value) in table {
            let class = match key.get_ref().as_ref() {
                "verb" => Some(WordClass::Verb),
                "noun" => Some(WordClass::Noun),
                "adjective" => Some(WordClass::Adjective),
                "preposition" => Some(WordClass::Preposition),
                "adverb" => Some(WordClass::Adverb),
                _ => None,
            };
            if let Some(class) = class {
                for (word, at) in self.strings(value) {
                    match word.strip_prefix('&') {
                        Some(name) => words.extend(self.list(name, at).iter().map(|word| (class, word.clone()))),
                        None => self.word(class, &word, at, &mut entry, &mut words),
                    }
                }
                continue;
            }
            match key.get_ref().as_ref() {
                "id" | "reason" => {}
                "needs" => entry.needs = self.conditions(value),
                "bars" => entry.bars = self.conditions(value),
                "roles" => entry.roles = self.roles(value),
                "noun_roles" => entry.noun_roles = self.roles(value),
                "genitive" => match self.string(value).as_str() {
                    "recipient" => entry.genitive_is_recipient = true,
                    "actor" => {}
                    other => {
                        let message = format!("genitive is \"actor\" or \"recipient\", not \"{other}\"");
                        self.error("L018", value.span(), message, None);
                    }
                },
                "mutual" => entry.mutual = self.flag(value),
                "implicit" => entry.implicit = self.flag(value),
                "by_state" => by_state = Some(self.by_state(value)),
                "war" => entry.war = self.flag(value),
                "negated" => entry.negated = self.flag(value),
                "infinitive" => entry.infinitive = self.infinitive(value),
                "subjunctive" => entry.subjunctive = self.flag(value),
                "spoken" => entry.spoken = self.flag(value),
                "gives" => entry.gives = self.gives(value),
                "says" => entry.says = Some(self.role(value)),
                "yes" => tests.yes = self.examples(value, true),
                "no" => tests.no = self.examples(value, false),
                _ => self.unknown_key(key, ENTRY_KEYS),
            }
        }
        entry.by_state = by_state.unwrap_or_else(|| entry.gives.is_state_power().then_some(Sector::Gov));
        let head = at.start..at.start;
        if words.is_empty() {
            let hint = Some("give a verb, noun, adjective, preposition or adverb".to_owned());
            self.error("L019", head.clone(), format!("{} has no words", entry.id), hint);
        }
        let told = |(key, value): (&Spanned<_>, &Value<'_>)| {
            key.get_ref() == "gives" && value.get_ref().as_table().is_some_and(|t| !t.is_empty())
        };
        if !table.iter().any(told) {
            let hint = Some("gives = { event = … }, or stance, kind, step, obligation, duty".to_owned());
            self.error("L019", head, format!("{} gives nothing", entry.id), hint);
        }
        self.want_examples(&tests, at);
        (!entry.id.is_empty()).then_some((entry, words, tests))
    }

    fn by_state(&mut self, value: &Value<'_>) -> Option<Sector> {
        let Some(code) = value.get_ref().as_str() else {
            return self.flag(value).then_some(Sector::Gov);
        };
        let sector = Sector::parse(code);
        if sector.is_none() {
            let message = format!("by_state is true, false or a PLOVER sector such as \"MIL\", not \"{code}\"");
            self.error("L018", value.span(), message, None);
        }
        sector
    }

    fn infinitive(&mut self, value: &Value<'_>) -> Option<InfinitiveForm> {
        match self.string(value).as_str() {
            "perfect" => Some(InfinitiveForm::Perfect),
            "present" => Some(InfinitiveForm::Present),
            "absent" => Some(InfinitiveForm::Absent),
            other => {
                let message = format!("infinitive is \"present\", \"perfect\" or \"absent\", not \"{other}\"");
                self.error("L018", value.span(), message, None);
                None
            }
        }
    }

    fn word(&mut self, class: WordClass, word: &str, at: Range<usize>, entry: &mut Entry, words: &mut Words) {
        let (reflexive, lemma) = self.lemma(word);
        if class != WordClass::Verb && word.contains('|') {
            self.error("L018", at.clone(), format!("\"{word}\": only verbs have a bar"), None);
        }
        let filler = self.filler(&lemma, at.clone());
        if matches!(filler, Filler::Class(_) | Filler::Any) {
            self.error("L018", at, format!("\"{word}\" is no word"), None);
        }
        // A verb that is listed without "sich" as well needs none.
        let lemma = lemma.to_lowercase();
        let plain = words.iter().any(|(known, word)| *known == class && *word == filler);
        match reflexive {
            true if !plain => entry.reflexive.push(lemma),
            true => {}
            false => entry.reflexive.retain(|known| *known != lemma),
        }
        words.push((class, filler));
    }

    fn cue(&mut self, table: &Table<'_>, id: Arc<str>, at: Range<usize>) -> (Cue, RuleExamples) {
        let mut tests = self.no_examples(&id);
        let mut cue = Cue {
            id,
            words: CueWords::default(),
            mood: None,
            tense: None,
            infinitive: None,
            status: None,
            certainty: None,
            reported: None,
            negated: None,
            stop: false,
            file: Arc::clone(&self.file.path),
            line: self.line(at.start),
        };
        for (key, value) in table {
            let words = match key.get_ref().as_ref() {
                "adverb" => Some(&mut cue.words.adverb),
                "adjective" => Some(&mut cue.words.adjective),
                "verb" => Some(&mut cue.words.verb),
                "noun" => Some(&mut cue.words.noun),
                "preposition" => Some(&mut cue.words.preposition),
                "conjunction" => Some(&mut cue.words.conjunction),
                "modal" => Some(&mut cue.words.modal),
                _ => None,
            };
            if let Some(field) = words {
                for (word, _) in self.strings(value) {
                    field.push(self.lemma(&word).1.to_lowercase());
                }
                continue;
            }
            match key.get_ref().as_ref() {
                "id" | "reason" => {}
                "mood" => match self.string(value).as_str() {
                    "indicative" => cue.mood = Some(ModalMood::Indicative),
                    "konjunktiv2" => cue.mood = Some(ModalMood::Konjunktiv2),
                    other => self.error(
                        "L018",
                        value.span(),
                        format!("mood is \"indicative\" or \"konjunktiv2\", not \"{other}\""),
                        None,
                    ),
                },
                "tense" => match self.string(value).as_str() {
                    "present" => cue.tense = Some(Tense::Pres),
                    "past" => cue.tense = Some(Tense::Past),
                    other => self.error(
                        "L018",
                        value.span(),
                        format!("tense is \"present\" or \"past\", not \"{other}\""),
                        None,
                    ),
                },
                "infinitive" => cue.infinitive = self.infinitive(value),
                "gives" => {
                    for (key, value) in self.table(value).into_iter().flatten() {
                        match key.get_ref().as_ref() {
                            "status" => cue.status = self.term(value, "status", Status::ALL, Status::as_str),
                            "certainty" => {
                                cue.certainty = self.term(value, "certainty", Certainty::ALL, Certainty::as_str)
                            }
                            "reported" => cue.reported = self.term(value, "status", Status::ALL, Status::as_str),
                            "negated" => cue.negated = self.term(value, "status", Status::ALL, Status::as_str),
                            "stop" => cue.stop = self.flag(value),
                            _ => self.unknown_key(key, &["status", "certainty", "reported", "negated", "stop"]),
                        }
                    }
                }
                "yes" => tests.yes = self.examples(value, true),
                "no" => tests.no = self.examples(value, false),
                _ => self.unknown_key(key, CUE_KEYS),
            }
        }
        if cue.words == CueWords::default() {
            self.error("L019", at.start..at.start, format!("{} has no words", cue.id), None);
        }
        self.want_examples(&tests, at);
        (cue, tests)
    }
}

/// The lemma of a verb written with a bar: German joins the prefix of a separable verb (`an|greifen` → `angreifen`),
/// English keeps verb and particle apart (`call|off` → `call off`).
fn join_particle(lang: Lang, word: &str) -> String {
    match lang {
        // "zu Fall|bringen", "im Stich|lassen": the words as the tree has them.
        Lang::De if word.contains(' ') => {
            let expanded = word.split(' ').map(uncontracted);
            expanded.collect::<Vec<_>>().join(" ").replace('|', "")
        }
        Lang::De => word.replace('|', ""),
        Lang::En => word.replace('|', " "),
    }
}

/// The two words of a German contraction, as the tree has them; any other word as it is.
fn uncontracted(word: &str) -> String {
    const CONTRACTIONS: &str = include_str!("../../../data/lang/de/contractions.tsv");
    let whole = |line: &str| {
        let (short, whole) = line.split_once('\t')?;
        (short == word).then(|| whole.replace('\t', " "))
    };
    CONTRACTIONS.lines().find_map(whole).unwrap_or_else(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> RuleFile {
        RuleFile {
            path: "data/lexicon/de/events/support.toml".into(),
            lang: Lang::De,
            text: text.into(),
        }
    }

    fn faults(text: &str) -> Vec<String> {
        compile(&[vec![file(text)]])
            .err()
            .unwrap_or_default()
            .iter()
            .map(|d| format!("{} {}:{}", d.code, d.line, d.column))
            .collect()
    }

    const GOOD: &str = r#"
[lists]
abkommen = ["-vertrag"]
[[entry]]
id = "de.support.ratifizieren"
verb = "ratifizieren"
noun = ["Ratifizierung", "-lieferung"]
needs = { object = "&abkommen" }
roles = { actor = "subject", recipient = "object.mit | mit + Dativ" }
gives = { event = "SUPPORT", cameo = "057" }
yes = [ { text = "{actor:Moskau} {trigger:ratifiziert} den Vertrag.", read = "SUPPORT RUS > -" } ]
no = [ { text = "Der Verein tagt.", why = "no" } ]
"#;

    #[test]
    fn a_list_may_be_the_words_of_an_entry() {
        let text = GOOD.replace(
            r#"["Ratifizierung", "-lieferung"]"#,
            r#"["&abkommen", "Ratifizierung"]"#,
        );
        let Compiled { lexicon, .. } = compile(&[vec![file(&text)]]).unwrap();
        let rules = lexicon.rules(Lang::De);
        assert_eq!(rules.lookup(WordClass::Noun, "friedensvertrag").len(), 1);
        assert_eq!(rules.lookup(WordClass::Noun, "ratifizierung").len(), 1);
        assert_eq!(faults(&GOOD.replace("\"Ratifizierung\"", "\"&abkomen\"")).len(), 1);
    }

    #[test]
    fn separable_and_reflexive_verbs_of_a_list_are_found() {
        let text = GOOD
            .replace(
                "abkommen = [\"-vertrag\"]",
                "abkommen = [\"-vertrag\"]\nsagen = [\"mit|teilen\", \"sich weg|ducken\"]",
            )
            .replace("\"ratifizieren\"", "[\"&sagen\"]");
        let Compiled { lexicon, .. } = compile(&[vec![file(&text)]]).unwrap();
        let rules = lexicon.rules(Lang::De);
        assert_eq!(rules.lookup(WordClass::Verb, "mitteilen").len(), 1);
        assert_eq!(rules.lookup(WordClass::Verb, "wegducken").len(), 1);
    }

    #[test]
    fn verbs_listed_with_and_without_a_reflexive_need_none() {
        for verbs in [
            r#"["beraten", "sich beraten", "sich treffen"]"#,
            r#"["sich treffen", "sich beraten", "beraten"]"#,
        ] {
            let text = GOOD.replace("\"ratifizieren\"", verbs);
            let Compiled { lexicon, .. } = compile(&[vec![file(&text)]]).unwrap();
            let rules = lexicon.rules(Lang::De);
            let entry = rules.entry(rules.lookup(WordClass::Verb, "beraten")[0]);
            assert_eq!(entry.reflexive, ["treffen"]);
        }
    }

    #[test]
    fn a_path_that_comes_back_to_its_beginning_is_a_fault() {
        let text = GOOD.replace(
            "{ object = \"&abkommen\" }",
            "{ \"object.mit/object.von\" = \"&abkommen\" }",
        );
        assert_ne!(text, GOOD);
        assert_eq!(faults(&text).len(), 1);
    }

    #[test]
    fn a_good_entry_compiles() {
        let Compiled {
            lexicon,
            examples,
            warnings,
        } = compile(&[vec![file(GOOD)]]).unwrap();
        assert!(warnings.is_empty());
        assert_eq!((examples.len(), examples[0].yes.len(), examples[0].no.len()), (1, 1, 1));
        let rules = lexicon.rules(Lang::De);
        let entry = rules.entry(rules.lookup(WordClass::Verb, "ratifizieren")[0]);
        assert_eq!(
            entry.needs,
            vec![(vec![Slot::Object], vec![Filler::Ending("vertrag".into())])]
        );
        assert_eq!(
            entry.roles.recipient,
            Some(vec![
                vec![Slot::Object, Slot::Preposition(vec!["mit".into()])],
                vec![Slot::Preposition(vec!["mit".into()])]
            ])
        );
        assert_eq!(rules.lookup(WordClass::Noun, "waffenlieferung").len(), 1);
        assert!(rules.lookup(WordClass::Verb, "waffenlieferung").is_empty());
    }

    #[test]
    fn faults_are_named_with_their_place() {
        assert_eq!(faults(&GOOD.replace("SUPPORT\",", "SUPORT\",")), ["L012 10:19"]);
        assert_eq!(faults(&GOOD.replace("&abkommen", "&abkomen")), ["L014 8:20"]);
        assert_eq!(faults(&GOOD.replace("verb =", "werb =")), ["L002 6:1"]);
        assert_eq!(faults(&GOOD.replace("\"057\"", "\"999\"")), ["L016 10:38"]);
        assert_eq!(faults(&GOOD.replace("no = [", "nein = [")), ["L002 12:1", "L020 4:1"]);
        assert_eq!(faults("[[entry]"), ["L001 1:9"]);
    }

    #[test]
    fn a_later_layer_replaces_an_entry() {
        let Compiled { lexicon, .. } = compile(&[vec![file(GOOD)], vec![file(&GOOD.replace("057", "051"))]]).unwrap();
        let rules = lexicon.rules(Lang::De);
        assert_eq!(rules.entries.len(), 1);
        assert_eq!(rules.entries[0].gives.cameo.as_deref(), Some("051"));
    }

    #[test]
    fn bundled_rules_are_well_formed() {
        if let Err(found) = compile(&[crate::bundled_files()]) {
            let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
            panic!("{}", shown.join("\n"));
        }
    }
}
