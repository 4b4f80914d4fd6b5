"""How well plain sentences and short reports are read: type and both parties, frame by frame (bench/sentences.toml).

    python3 bench/sentences.py LAGEBILD [--grid de] [--count 2000] [--seed 1] [--show 20]

They are put together at random, always the same ones for a seed. One is right when an event told in it (in its last sentence, of a report) has the
type of its frame, the doer among its actors and the other among its recipients (of meetings and promises, both among either; of what two do to one another, both among the
actors). Written to find what
whole constructions the reading misses, not to say how well reports are read: docs/accuracy.md does that.
"""

import argparse
import collections
import dataclasses
import json
import pathlib
import random
import subprocess
import tomllib

EITHER = {"CONSULT", "COOPERATE", "AGREE"}


@dataclasses.dataclass
class Case:
    """A text, and the act to be found in it: told at or after the character `told`, by `actor` to `recipient` (keys; None: not asked for)."""

    text: str
    told: int
    kind: str
    actor: str | None
    recipient: str | None
    parts: dict[str, str]
    """What the result is broken down by."""


def cases(grid, count, seed):
    """`count` cases of a grid."""
    choose = random.Random(seed)
    made = []
    while len(made) < count:
        *expected, frame = choose.choice(grid["frames"])
        kind, whose = expected if len(expected) == 2 else (*expected, "s>o")
        subject, object_, between = (choose.choice(grid.get(part, grid.get("states", [""]))) for part in ("subjects", "objects", "between"))
        between = between if isinstance(between, str) else ""
        if subject["key"] == object_["key"] or not between and frame.startswith("{a}") or "{o_in}" in frame and "in" not in object_:
            continue
        forms = {"s": subject["nom"], "o": object_.get("acc", object_["nom"]) if "objects" in grid else object_["nom"], "a": between}
        forms |= {f"s_{form}": words for form, words in subject.items()} | {f"o_{form}": words for form, words in object_.items()}
        forms |= {name[0].upper() + name[1:]: words[:1].upper() + words[1:] for name, words in forms.items()}
        text = " ".join(frame.format(**forms).split()).replace(" ,", ",").replace(" .", ".")
        text = text[0].upper() + text[1:]
        before, _, last = text.rpartition("| ")
        key = {"s": subject["key"], "o": object_["key"], "": None}
        actor, recipient = (key[who] for who in whose.split(">"))
        parts = {"frame": frame, "between": between, "subject": subject["nom"], "object": object_["nom"]}
        made.append(Case(before + last, len(before), kind, actor, recipient, parts))
    return made


def read(program, language, published, made):
    """The events told in each case."""
    lines = [json.dumps({"id": str(n), "lang": language, "published": published, "text": case.text}) for n, case in enumerate(made)]
    command = [program, "read", "--input", "jsonl", "--format", "jsonl", "-"]
    done = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, check=True)
    records = {record["id"]: record for record in map(json.loads, done.stdout.splitlines())}
    return [records[str(n)]["events"] for n in range(len(made))]


def is_right(events, case):
    def keys(parties):
        return {party["org"] or party["country"] for party in parties}

    for event in events:
        if event["type"] != case.kind or all(mention["trigger"]["end"] <= case.told for mention in event["mentions"]):
            continue
        actors, recipients = keys(event["actors"]), keys(event["recipients"])
        both = {case.actor, case.recipient}
        either = case.kind in EITHER and both <= actors | recipients or both <= actors and not recipients
        if either or case.actor in actors | {None} and case.recipient in recipients | {None}:
            return True
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="path of lagebild")
    parser.add_argument("--grid", action="append", help="one of them only: de, de-parties, de-reports, de-reports2 to 4, or the same with en")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="cases read wrong to show")
    arguments = parser.parse_args()
    grids = tomllib.loads(pathlib.Path(__file__).with_name("sentences.toml").read_text(encoding="utf-8"))
    for name in arguments.grid or grids:
        grid, language = grids[name], name[:2]
        made = cases(grid, arguments.count, arguments.seed)
        total, wrong, missed = collections.Counter(), collections.Counter(), []
        for case, events in zip(made, read(arguments.program, language, grid["published"], made)):
            right = is_right(events, case)
            if not right:
                missed.append((case.text, [(e["type"], [p["text"] for p in e["actors"]], [p["text"] for p in e["recipients"]]) for e in events]))
            for part in case.parts.items():
                total[part] += 1
                wrong[part] += not right
        print(f"{name}: {1 - len(missed) / len(made):.3f} of {len(made)} right")
        for kind in ["frame", "between", "subject", "object"]:
            worst = sorted((part for part in total if part[0] == kind), key=lambda part: -wrong[part] / total[part])[:5]
            print(f"  {kind}: " + " · ".join(f"{part[1] or '(nothing)'} {1 - wrong[part] / total[part]:.2f}" for part in worst))
        for text, events in missed[: arguments.show]:
            print(f"    {text} {events}")


if __name__ == "__main__":
    main()
