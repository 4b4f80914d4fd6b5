#!/usr/bin/env python3
"""How well the agreements of short reports are read: found, kind, name, steps with who and when, duties.

    python3 bench/agreements.py LAGEBILD [FILE...] [--part read|counted|all] [--show] [--json]

The reports are data/eval/agreements/*.jsonl. Those of part `counted` are a measure: nobody who works on the rules reads them, and --show
refuses them. An agreement read is that of the gold with which it shares two parties (one, where the gold has one; none, where it has none),
as eval/score.py has it; of several the one of the same kind, then the one whose name shares most words. Steps and duties count over all
agreements of the gold, also those that were missed: a step is found when the agreement has one of its kind; `by` and `date` are asked of
steps found.
"""

import argparse
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent.parent / "data" / "eval" / "agreements"


def words(text):
    return {w.strip(".,;:„“”\"'()").lower() for w in (text or "").split()}


def pair(gold, read):
    """Pairs of gold and read agreements, the likest first; each at most once."""
    likeness = []
    for i, g in enumerate(gold):
        for j, r in enumerate(read):
            shared = len(set(g["parties"]) & set(r["parties"]))
            if shared >= min(2, len(g["parties"])):
                a, b = words(g["name"]), words(r["name"])
                likeness.append(((g["kind"] == r["kind"]) + 2 * len(a & b) / (len(a | b) or 1), shared, -i, -j))
    pairs, taken = {}, set()
    for _, _, i, j in sorted(likeness, reverse=True):
        if -i not in pairs and -j not in taken:
            pairs[-i] = -j
            taken.add(-j)
    return pairs


def count(report, reading, c):
    gold, read = report["agreements"], reading["agreements"]
    pairs = pair(gold, read)
    c["gold"] += len(gold)
    c["read"] += len(read)
    c["found"] += len(pairs)
    for i, g in enumerate(gold):
        r = read[pairs[i]] if i in pairs else {"steps": [], "obligations": [], "parties": [], "kind": None, "name": None}
        if i in pairs:
            c["kind"] += g["kind"] == r["kind"]
            c["parties"] += set(g["parties"]) == set(r["parties"])
            a, b = words(g["name"]), words(r["name"])
            c["name"] += 2 * len(a & b) >= len(a | b)
        for what, key in (("steps", "step"), ("obligations", "kind")):
            ours = collections.Counter(x[key] for x in r[what])
            theirs = collections.Counter(x[key] for x in g[what])
            c[what + " gold"] += sum(theirs.values())
            c[what + " found"] += sum((ours & theirs).values())
        left = list(r["steps"])
        for step in g["steps"]:
            of_kind = [s for s in left if s["step"] == step["step"]]
            if not of_kind:
                continue
            best = max(of_kind, key=lambda s: (set(s["by"]) == set(step["by"]), date(s) == (step["from"], step["to"])))
            left.remove(best)
            c["by"] += set(best["by"]) == set(step["by"])
            if step["from"]:
                c["dated"] += 1
                c["date"] += date(best) == (step["from"], step["to"])
    for r in read:
        c["steps read"] += len(r["steps"])
        c["obligations read"] += len(r["obligations"])
    return pairs


def date(step):
    when = step.get("date") or {}
    return when.get("from"), when.get("to")


def f1(found, read, gold):
    p, r = found / read if read else 0.0, found / gold if gold else 0.0
    return f"{p:.3f}/{r:.3f} {2 * p * r / (p + r) if p + r else 0.0:.3f}"


def show(report, reading, pairs):
    def line(a):
        steps = [(s["step"], "+".join(s["by"]), s.get("from") or date(s)[0]) for s in a["steps"]]
        return f"{a['name']} | {a['kind']} {a['parties']} {steps} {[o['kind'] for o in a['obligations']]}"

    print("==", report["id"], report["published"], report["text"].replace("\n\n", " ¶ "))
    for i, a in enumerate(report["agreements"]):
        print("   gold", "" if i in pairs else "MISSED", line(a))
    for j, a in enumerate(reading["agreements"]):
        print("   read", "" if j in pairs.values() else "FALSE", line(a))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lagebild")
    parser.add_argument("files", nargs="*", default=sorted(HERE.glob("*.jsonl")))
    parser.add_argument("--part", choices=["read", "counted", "all"], default="all")
    parser.add_argument("--show", action="store_true", help="print what is wrong, of part `read` only")
    arguments = parser.parse_args()
    if arguments.show and arguments.part != "read":
        sys.exit("--show prints texts, and those of part `counted` are a measure: add --part read")
    for path in arguments.files:
        reports = [json.loads(line) for line in open(path, encoding="utf-8")]
        reports = [r for r in reports if arguments.part in ("all", r["part"])]
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as given:
            for r in reports:
                given.write(json.dumps({k: r[k] for k in ("id", "lang", "published", "title", "text")}) + "\n")
            given.flush()
            command = [arguments.lagebild, "read", "--input", "jsonl", "--format", "jsonl", given.name]
            out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        readings = {r["id"]: r for r in map(json.loads, out.splitlines())}
        c = collections.Counter()
        for report in reports:
            pairs = count(report, readings[report["id"]], c)
            if arguments.show:
                show(report, readings[report["id"]], pairs)
        n = c["found"] or 1
        print(
            f"{pathlib.Path(path).stem} {arguments.part}: {len(reports)} reports, {c['gold']} agreements, found {f1(c['found'], c['read'], c['gold'])}, "
            f"of these kind {c['kind'] / n:.3f}, parties whole {c['parties'] / n:.3f}, name {c['name'] / n:.3f}; "
            f"steps ({c['steps gold']}) {f1(c['steps found'], c['steps read'], c['steps gold'])}, who {c['by'] / (c['steps found'] or 1):.3f}, "
            f"when {c['date'] / (c['dated'] or 1):.3f} of {c['dated']}; "
            f"duties ({c['obligations gold']}) {f1(c['obligations found'], c['obligations read'], c['obligations gold'])}"
        )


if __name__ == "__main__":
    main()
