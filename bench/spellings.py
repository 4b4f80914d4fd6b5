#!/usr/bin/env python3
"""Whether reports are read the same in another spelling or layout.

    python3 bench/spellings.py LAGEBILD [FILE...] [--only NAME]

Each report of the files (data/eval by default) is read as it is and in variants that say the same: the headline in capitals, lines broken, words
parted at the ends of lines, accents apart, umlauts in two letters, other quotation marks, with a dateline, as items of a news ticker … For each
variant: F1 of what is read of it against what is read of the report as it is, by sentence: types of events, types with both parties, claims
(stance and holder's state or organisation). 1.000 is ideal. It says nothing about how well the reports are read.
"""

import argparse
import collections
import json
import pathlib
import re
import subprocess
import tempfile
import unicodedata

HERE = pathlib.Path(__file__).resolve().parent.parent / "data" / "eval"
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


def segments(report):
    """The text as pieces with the number of their sentence; None for what stands between sentences."""
    at = 0
    for sentence in sorted(report["sentences"], key=lambda s: s["start"]):
        if sentence["start"] > at:
            yield None, report["text"][at : sentence["start"]]
        yield sentence["i"], report["text"][max(at, sentence["start"]) : sentence["end"]]
        at = max(at, sentence["end"])
    yield None, report["text"][at:]


def each(change, only=lambda i: i is not None):
    """A variant that changes sentences one by one."""
    return lambda report: [(i, change(text) if only(i) else text) for i, text in segments(report)]


def broken(width, parted):
    """Lines of so many characters; with `parted`, words of more than seven letters are parted where a line ends."""

    def variant(report):
        out, column = [], 0
        for i, text in segments(report):
            if i is None and "\n" in text:
                out.append((i, text))
                column = 0
                continue
            words = []
            for word in re.split("( )", text):
                if column + len(word) > width and column > 0 and word != " ":
                    if parted and word.isalpha() and len(word) > 7:
                        half = len(word) // 2
                        words.append(word[:half] + "-\n" + word[half:])
                        column = len(word) - half
                        continue
                    if words and words[-1] == " ":
                        words[-1] = "\n"
                    elif not words and out and out[-1][1].endswith(" "):
                        out[-1] = (out[-1][0], out[-1][1][:-1] + "\n")
                    column = 0
                words.append(word)
                column += len(word)
            out.append((i, "".join(words)))
        return out

    return variant


def dateline(report):
    line = "BERLIN (dpa) – " if report["lang"] == "de" else "LONDON, Oct 3 (Reuters) - "
    return [(i, line + text if i == 1 else text) for i, text in segments(report)]


VARIANTS = {
    "capitals": each(str.upper, lambda i: i == 0),
    "title case": each(lambda t: re.sub(r"\b([a-zà-ž])(?=\w{3,})", lambda m: m[1].upper(), t), lambda i: i == 0),
    "broken lines": broken(72, False),
    "parted words": broken(60, True),
    "soft hyphens": each(lambda t: re.sub(r"\b([^\W\d_]{5})([^\W\d_]{4,})", "\\1\u00ad\\2", t)),
    "fixed spaces": each(lambda t: re.sub(r"(\d|\.) ", "\\1\u00a0", t)),
    "two spaces": each(lambda t: t.replace(" ", "  ")),
    "accents apart": each(lambda t: unicodedata.normalize("NFD", t)),
    "no umlauts": each(lambda t: t.translate(UMLAUTS)),
    "no sharp s": each(lambda t: t.replace("ß", "ss")),
    "daß": each(lambda t: re.sub(r"\bdass\b", "daß", t)),
    "straight quotes": each(lambda t: re.sub("[„“”«»]", '"', t).replace("‘", "'").replace("’", "'")),
    "no quotes": each(lambda t: re.sub('[„“”«»"]', "", t)),
    "hyphens for dashes": each(lambda t: t.replace(" – ", " - ").replace(" — ", " -- ")),
    "dateline": dateline,
    "ticker": each(lambda t: f"+++ {t} +++"),
    "one paragraph": lambda report: [(i, " " if i is None and n > 1 else t) for n, (i, t) in enumerate(segments(report))],
    "list": each(lambda t: f"• {t}", lambda i: i),
}


def read(program, reports):
    """Readings of reports by id."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as given:
        for report in reports:
            given.write(json.dumps(report) + "\n")
        given.flush()
        command = [program, "read", "--input", "jsonl", "--format", "jsonl", given.name]
        out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {reading["id"]: reading for reading in map(json.loads, out.splitlines())}


def facts(sentences, reading):
    """Events, events with parties, and claims of a reading, with the sentences that tell them."""
    events, acts, claims = (collections.Counter() for _ in range(3))

    def told(start, end):
        for i, a, b in sentences:
            overlap = min(b, end) - max(a, start)
            if overlap > 0 and 2 * overlap > min(end - start, b - a):
                yield i

    def keys(parties):
        return frozenset(p["org"] or p["country"] for p in parties)

    for event in reading["events"]:
        for i in {i for m in event["mentions"] for i in told(m["start"], m["end"])}:
            events[i, event["type"]] += 1
            acts[i, event["type"], keys(event["actors"]), keys(event["recipients"])] += 1
    for claim in reading["claims"]:
        holder = claim["holder"] or {}
        for i in told(claim["mention"]["start"], claim["mention"]["end"]):
            claims[i, claim["stance"], holder.get("org") or holder.get("country")] += 1
    return events, acts, claims


def variant_of(program, reports, variant):
    """The facts of all reports in a variant."""
    given, places = [], {}
    for report in reports:
        text, sentences = "", []
        for i, piece in variant(report):
            if i is not None:
                sentences.append((i, len(text), len(text) + len(piece)))
            text += piece
        places[report["id"]] = sentences
        given.append({k: report.get(k) for k in ("id", "lang", "source", "published")} | {"text": text})
    total = [collections.Counter() for _ in range(3)]
    for name, reading in read(program, given).items():
        for all_of_kind, found in zip(total, facts(places[name], reading)):
            all_of_kind.update({(name, *key): n for key, n in found.items()})
    return total


def f1(a, b):
    both = sum((a & b).values())
    return 2 * both / (sum(a.values()) + sum(b.values()) or 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lagebild")
    parser.add_argument("files", nargs="*", default=sorted(HERE.glob("*.jsonl")))
    parser.add_argument("--only", help="one variant")
    arguments = parser.parse_args()
    reports = [json.loads(line) for path in arguments.files for line in open(path, encoding="utf-8") if line.strip()]
    print("| variant | de: types | with parties | claims | en: types | with parties | claims |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    languages = [[r for r in reports if r["lang"] == lang] for lang in ("de", "en")]
    plain = [variant_of(arguments.lagebild, of, segments) for of in languages]
    for name, variant in VARIANTS.items():
        if arguments.only in (None, name):
            cells = []
            for of, base in zip(languages, plain):
                cells += [f"{f1(a, b):.3f}" for a, b in zip(variant_of(arguments.lagebild, of, variant), base)]
            print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
