#!/usr/bin/env python3
"""Measures expressions of time against a corpus in TimeML (.tml with inline TIMEX3), as TempEval-3 does.

    training/measure_times.py DIR [--show] [--command "target/release/lagebild read --input jsonl --format jsonl -"]

DIR is searched for *.tml. The command reads one {"id","text","published","lang"} a line from standard input and
writes one {"id","times":[{"start","end","type","value"}]} a line, offsets in code points. Reported are strict F1 (same
extent), relaxed F1 (extents overlap), and strict F1 with the same value, for each folder and for all.

KRAUTS (github.com/JannikStroetgen/KRAUTS) is CC BY-NC: it is measured with and nothing of it is kept here.
"""

import argparse
import json
import pathlib
import re
import shlex
import subprocess
import sys
from html import unescape

TAG = re.compile(r"<TIMEX3\b([^>]*?)(/?)>|</TIMEX3>")
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


def read(path):
    """The text, the day of publication and the gold expressions of a file."""
    source = path.read_text(encoding="utf-8")
    published = re.search(r'<DCT>\s*<TIMEX3[^>]*\bvalue="(\d{4}-\d{2}-\d{2})', source)
    body = re.search(r"<TEXT>(.*?)</TEXT>", source, re.S).group(1)
    text, gold, open_tags, at = "", [], [], 0
    for tag in TAG.finditer(body):
        text += unescape(body[at : tag.start()])
        at = tag.end()
        if tag.group(0).startswith("</"):
            start, attributes = open_tags.pop()
            gold.append((start, len(text), attributes.get("type"), attributes.get("value")))
        elif not tag.group(2):
            open_tags.append((len(text), dict(ATTRIBUTE.findall(tag.group(1)))))
    text += unescape(body[at:])
    return text, published and published.group(1), sorted(gold)


class Score:
    """Counts of one folder."""

    def __init__(self):
        self.gold = self.found = self.strict = self.relaxed = self.valued = 0

    def add(self, gold, found):
        self.gold += len(gold)
        self.found += len(found)
        extents = {(g[0], g[1]): g for g in gold}
        for f in found:
            match = extents.get((f[0], f[1]))
            self.strict += match is not None
            self.valued += match is not None and match[3] == f[3]
            self.relaxed += any(g[0] < f[1] and f[0] < g[1] for g in gold)

    def line(self, name):
        def f1(hits):
            return 200 * hits / (self.gold + self.found) if self.gold + self.found else 0.0

        return (
            f"{name:28} gold {self.gold:4}  found {self.found:4}  strict {f1(self.strict):5.1f}"
            f"  relaxed {f1(self.relaxed):5.1f}  strict+value {f1(self.valued):5.1f}"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir", type=pathlib.Path)
    parser.add_argument("--command", default="target/release/lagebild read --input jsonl --format jsonl -")
    parser.add_argument("--lang", default="de")
    parser.add_argument("--show", action="store_true", help="list what differs")
    options = parser.parse_args()

    documents = {str(path): read(path) for path in sorted(options.dir.rglob("*.tml"))}
    lines = [
        json.dumps({"id": name, "text": text, "published": published, "lang": options.lang}, ensure_ascii=False)
        for name, (text, published, _) in documents.items()
    ]
    output = subprocess.run(
        shlex.split(options.command), input="\n".join(lines) + "\n", capture_output=True, text=True, check=False
    )
    if not output.stdout:
        sys.exit(output.stderr or "no output")
    answers = {r["id"]: r["times"] for r in map(json.loads, output.stdout.splitlines())}

    scores, total = {}, Score()
    for name, (text, published, gold) in documents.items():
        found = [(t["start"], t["end"], t["type"], t["value"]) for t in answers.get(name, [])]
        for score in (scores.setdefault(pathlib.Path(name).parent.name, Score()), total):
            score.add(gold, found)
        if options.show:
            for mark, mine, theirs in (("-", gold, found), ("+", found, gold)):
                for t in sorted(set(mine) - set(theirs)):
                    context = text[max(0, t[0] - 50) : t[0]] + "[" + text[t[0] : t[1]] + "]" + text[t[1] : t[1] + 30]
                    print(mark, published, t[2], t[3], "|", " ".join(context.split()))
    for name, score in scores.items():
        print(score.line(name))
    print(total.line("all"))


if __name__ == "__main__":
    main()
