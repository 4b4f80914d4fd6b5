"""How well grammatical constructions are read: sentences of news, each built on one construction (bench/constructions.jsonl), with their events.

    python3 bench/constructions.py LAGEBILD [--language de] [--part read|counted|later] [--show]

Written and coded by a language model that had the codebook and had seen neither rules nor engine; where it is debatable, it is as it was written. Sentences of
part `read` were looked at to find errors, those of part `counted` only counted; those of part `later` were written when that was done, counted once, and looked at then. One is right when an event of its type has an actor and a
recipient in common with it, as in the triples of `lagebild eval`; what is read beyond is counted as well.
"""

import argparse
import collections
import json
import pathlib
import subprocess

PUBLISHED = "2024-10-24"


def keys(parties):
    return {party["org"] or party["country"] for party in parties} - {None}


def wanted(text):
    """Type, actors and recipients of *AID DEU > UKR, planned*."""
    kind, parties = text.split(",")[0].split(" ", 1)
    actors, recipients = ({key for key in side.replace(" ", "").split("+") if key != "-"} for side in parties.split(">"))
    return kind, actors, recipients


def agree(one, other):
    return bool(one & other) or not one and not other


def is_right(expected, event):
    kind, actors, recipients = expected
    if event["type"] != kind:
        return False
    read_actors, read_recipients = keys(event["actors"]), keys(event["recipients"])
    if not recipients and len(actors) > 1 or not read_recipients and len(read_actors) > 1:
        everybody = actors | recipients
        return len(everybody & (read_actors | read_recipients)) >= min(2, len(everybody))
    return agree(actors, read_actors) and agree(recipients, read_recipients)


def read(program, sentences):
    """The events told in each sentence."""
    documents = [{"id": str(n), "lang": s["lang"], "published": PUBLISHED, "text": s["text"]} for n, s in enumerate(sentences)]
    command = [program, "read", "--input", "jsonl", "--format", "jsonl", "-"]
    done = subprocess.run(command, input="\n".join(map(json.dumps, documents)), capture_output=True, text=True, check=True)
    records = {record["id"]: record["events"] for record in map(json.loads, done.stdout.splitlines())}
    return [records[str(n)] for n in range(len(sentences))]


def matched(sentence, events):
    """Which of the expected events are not read, and which of those read are not expected."""
    left, missed = list(events), []
    for text in sentence["events"]:
        found = next((event for event in left if is_right(wanted(text), event)), None)
        if found is None:
            missed.append(text)
        else:
            left.remove(found)
    return missed, left


def told(event):
    actors, recipients = ("+".join(sorted(keys(event[side]))) or "-" for side in ("actors", "recipients"))
    return f"{event['type']} {actors} > {recipients}, {event['status']} [{event['rule']}]"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="path of lagebild")
    parser.add_argument("--language", choices=["de", "en"])
    parser.add_argument("--part", choices=["read", "counted", "later"])
    parser.add_argument("--show", action="store_true", help="show the sentences of part `read` that are read wrong")
    arguments = parser.parse_args()
    lines = pathlib.Path(__file__).with_name("constructions.jsonl").read_text(encoding="utf-8").splitlines()
    asked = {"lang": arguments.language, "part": arguments.part}
    sentences = [s for s in map(json.loads, lines) if all(value in (None, s[name]) for name, value in asked.items())]
    counts = collections.defaultdict(collections.Counter)
    for sentence, events in zip(sentences, read(arguments.program, sentences)):
        missed, beyond = matched(sentence, events)
        for group in [(sentence["lang"], sentence["part"], ""), (sentence["lang"], sentence["part"], sentence["construct"])]:
            counts[group].update(all=len(sentence["events"]), missed=len(missed), beyond=len(beyond))
        if arguments.show and sentence["part"] == "read" and (missed or beyond):
            print(sentence["text"], *(f"    missed {text}" for text in missed), *(f"    beyond {told(event)}" for event in beyond), sep="\n")
    for (language, part, construct), count in sorted(counts.items()):
        right = count["all"] - count["missed"]
        print(f"{language} {part:8} {construct or 'all':28} {right / count['all']:.3f} of {count['all']:3} right, {count['beyond']:2} more read")


if __name__ == "__main__":
    main()
