#!/usr/bin/env python3
"""How often the parties of an event are right when the event itself was found.

    python3 bench/parties.py LAGEBILD GOLD... [--score ../shared/eval/score.py]

Events are matched by sentence and type as score.py does. Of the matched pairs, the keys (organisation, else state) of actors and of
recipients are compared side by side; recall is over the gold keys, precision over those read. Other than `actor_eval`, which starts from
the words that the gold marks, this also counts a party that no role of the rule reached, and one too many.
"""

import argparse
import importlib.util
import pathlib
import subprocess
import tempfile


def module_at(path):
    spec = importlib.util.spec_from_file_location("score", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def count(score, gold, read):
    """Gold keys, keys read, and keys in both, over all events that were found."""
    wanted = given = right = 0
    for name, report in gold.items():
        reading = read.get(name, {"events": [], "text": report["text"]})
        pairs = score.match(
            score.flatten_gold(report), score.flatten_system(report, reading), lambda a, b: a["type"] == b["type"]
        )
        for theirs, ours in pairs:
            for side in ("actors", "recipients"):
                gold_keys, keys = score.keys(theirs.get(side)), score.keys(ours.get(side))
                wanted, given, right = wanted + len(gold_keys), given + len(keys), right + len(gold_keys & keys)
    return wanted, given, right


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lagebild")
    parser.add_argument("gold", nargs="+")
    parser.add_argument("--score", default="../shared/eval/score.py")
    arguments = parser.parse_args()
    score = module_at(arguments.score)
    for path in arguments.gold:
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as out:
            command = [arguments.lagebild, "read", "--input", "jsonl", "--format", "jsonl", path]
            subprocess.run(command, stdout=out, check=True)
            wanted, given, right = count(score, score.load(path), score.load(out.name))
        print(
            f"{pathlib.Path(path).stem:18} recall {right / wanted:.3f}  precision {right / given:.3f}  "
            f"({wanted} in the gold, {given} read, {right} right)"
        )


if __name__ == "__main__":
    main()
