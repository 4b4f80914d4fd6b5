"""How many words of gold sentences a tool finds, tags and lemmatises as the gold does."""

import json
import lzma
import re
from dataclasses import dataclass

OPEN = {"NOUN", "VERB", "ADJ"}


@dataclass(frozen=True)
class Sentence:
    """A sentence of a treebank. Words that share a token of the text (*zum*: zu, dem) are left out."""

    text: str
    words: dict
    """Part of speech and lemma of a word, by the place of its first character and the one behind its last."""


@dataclass(frozen=True)
class Score:
    """Shares of the words of the gold; a word that was cut differently counts as wrong."""

    words: int
    found: float
    tagged: float | None
    lemmatised: float | None


def places(text, forms):
    """Where each form stands in the text, None where it does not (a tool may have changed it)."""
    at, lost = 0, 0
    for form in forms:
        start = text.find(form, at)
        # Between two words there is nothing but white space, and those before that were not found.
        if start < 0 or len(text[at:start].strip()) > lost:
            lost += len(form) + 2
            yield None
        else:
            at, lost = start + len(form), 0
            yield start, at


def tokens(rows):
    """Of the rows of a sentence in CoNLL-U: form, part of speech and lemma of each token of the text."""
    inside = 0
    for row in rows:
        number, form, lemma, upos = row.split("\t")[:4]
        if "-" in number:
            first, last = map(int, number.split("-"))
            inside = last - first + 1
            yield form, None, None
        elif "." in number:
            continue
        elif inside:
            inside -= 1
        else:
            yield form, upos, lemma


def treebank(paths, only=None, lemmas=True):
    """The sentences of treebanks; `only` those with these ids. Without `lemmas` those of the treebank are not gone by."""
    made = []
    for path in paths:
        opened = lzma.open if path.suffix == ".xz" else open
        with opened(path, "rt", encoding="utf-8") as file:
            blocks = file.read().split("\n\n")
        for block in blocks:
            lines = block.strip().split("\n")
            told = dict(re.findall(r"^# (\w+) = (.*)$", block, re.MULTILINE))
            if "text" not in told or (only is not None and told.get("sent_id") not in only):
                continue
            words = list(tokens(line for line in lines if line and not line.startswith("#")))
            found = zip(places(told["text"], (form for form, _, _ in words)), words)
            gold = {place: (upos, lemma if lemmas else None) for place, (_, upos, lemma) in found if place and upos}
            made.append(Sentence(told["text"], gold))
    return made


def of_conllu(text, count):
    """The words of each report out of the CoNLL-U of many: a report begins with its sentence 1."""
    reports = []
    for block in text.split("\n\n"):
        lines = block.strip().split("\n")
        if not block.strip():
            continue
        if "# sent_id = 1" in lines:
            reports.append([])
        reports[-1] += tokens(line for line in lines if not line.startswith("#"))
    if len(reports) != count:
        raise SystemExit(f"{count} gold sentences were given, {len(reports)} came back")
    return reports


def of_json(text):
    """The words of each report as `rivals.py --words` writes them."""
    return [json.loads(line) for line in text.splitlines()]


def score(sentences, told):
    """Compares what a tool tells of each sentence with the gold."""
    total = found = tagged = opened = lemmatised = 0
    tags = lemmas = False
    for sentence, words in zip(sentences, told, strict=True):
        spans = places(sentence.text, (form for form, _, _ in words))
        made = {place: (upos, lemma) for place, (_, upos, lemma) in zip(spans, words) if place}
        for place, (upos, lemma) in sentence.words.items():
            total += 1
            judged = upos in OPEN and lemma is not None
            opened += judged
            if place not in made:
                continue
            found += 1
            its_upos, its_lemma = made[place]
            tags, lemmas = tags or its_upos is not None, lemmas or its_lemma is not None
            tagged += its_upos == upos
            lemmatised += judged and its_lemma is not None and its_lemma.lower() == lemma.lower()
    return Score(total, found / total, tagged / total if tags else None, lemmatised / opened if lemmas and opened else None)
