"""How well plain sentences are read: type and both parties, frame by frame (bench/sentences.toml).

    python3 bench/sentences.py LAGEBILD [--language de] [--count 2000] [--seed 1] [--show 20]

The sentences are put together at random, always the same ones for a seed. A sentence is right when an event has the type of its frame, the subject
among its actors and the object among its recipients (of meetings and promises, both among either). Written to find what whole constructions the
reading misses, not to say how well reports are read: docs/accuracy.md does that.
"""

import argparse
import collections
import json
import pathlib
import random
import subprocess
import tomllib

EITHER = {"CONSULT", "COOPERATE", "AGREE"}


def sentences(grid, count, seed):
    """`count` sentences as (text, type, actor, recipient, parts), where parts are what the result is broken down by."""
    choose = random.Random(seed)
    made = []
    while len(made) < count:
        kind, frame = choose.choice(grid["frames"])
        subject, object_, between = choose.choice(grid["subjects"]), choose.choice(grid["objects"]), choose.choice(grid["between"])
        if subject["key"] == object_["key"] or not between and frame.startswith("{a}") or "{o_in}" in frame and "in" not in object_:
            continue
        forms = {f"s_{form}": words for form, words in subject.items()} | {f"o_{form}": words for form, words in object_.items()}
        text = frame.format(s=subject["nom"], o=object_.get("acc", object_["nom"]), a=between, **forms)
        text = " ".join(text.split()).replace(" ,", ",").replace(" .", ".")
        parts = {"frame": frame, "between": between, "subject": subject["nom"], "object": object_["nom"]}
        made.append((text[0].upper() + text[1:], kind, subject["key"], object_["key"], parts))
    return made


def read(program, language, published, made):
    """The events of each sentence."""
    lines = [json.dumps({"id": str(n), "lang": language, "published": published, "text": text}) for n, (text, *_) in enumerate(made)]
    command = [program, "read", "--input", "jsonl", "--format", "jsonl", "-"]
    done = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, check=True)
    records = {record["id"]: record for record in map(json.loads, done.stdout.splitlines())}
    return [records[str(n)]["events"] for n in range(len(made))]


def is_right(events, kind, actor, recipient):
    def keys(parties):
        return {party["org"] or party["country"] for party in parties}

    for event in events:
        actors, recipients = keys(event["actors"]), keys(event["recipients"])
        both = kind in EITHER and {actor, recipient} <= actors | recipients or {actor, recipient} <= actors and not recipients
        if event["type"] == kind and (both or actor in actors and recipient in recipients):
            return True
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="path of lagebild")
    parser.add_argument("--grid", action="append", help="one of them only: de, en, de-parties, en-parties")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="sentences read wrong to show")
    arguments = parser.parse_args()
    grids = tomllib.loads(pathlib.Path(__file__).with_name("sentences.toml").read_text(encoding="utf-8"))
    for name in arguments.grid or grids:
        grid, language = grids[name], name[:2]
        made = sentences(grid, arguments.count, arguments.seed)
        total, wrong, missed = collections.Counter(), collections.Counter(), []
        for (text, kind, actor, recipient, parts), events in zip(made, read(arguments.program, language, grid["published"], made)):
            right = is_right(events, kind, actor, recipient)
            if not right:
                missed.append((text, [(e["type"], [p["text"] for p in e["actors"]], [p["text"] for p in e["recipients"]]) for e in events]))
            for part in parts.items():
                total[part] += 1
                wrong[part] += not right
        print(f"{name}: {1 - len(missed) / len(made):.3f} of {len(made)} sentences right")
        for kind in ["frame", "between", "subject", "object"]:
            worst = sorted((part for part in total if part[0] == kind), key=lambda part: -wrong[part] / total[part])[:5]
            print(f"  {kind}: " + " · ".join(f"{part[1] or '(nothing)'} {1 - wrong[part] / total[part]:.2f}" for part in worst))
        for text, events in missed[: arguments.show]:
            print(f"    {text} {events}")


if __name__ == "__main__":
    main()
