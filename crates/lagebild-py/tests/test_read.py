"""Reading from Python is reading by the program."""

import dataclasses
import datetime
import json
import pickle
import threading
import time

import pytest
from conftest import REPORTS, lines

import lagebild


def test_readings_are_those_of_the_program_to_the_byte(program):
    told = program("read", "--input", "jsonl", "--format", "jsonl", "-", input=lines(REPORTS)).splitlines()
    for threads in (1, 2):
        made = [reading.to_json() for reading in lagebild.read_many(REPORTS, threads=threads)]
        assert made == told
    assert [lagebild.read(**report).to_json() for report in REPORTS] == told
    assert json.loads(told[0])["events"], "the comparison is of something"


def test_records_are_the_contract():
    """Every field of every record stands in the typed one, with the same value."""
    for reading in lagebild.read_many(REPORTS):
        for name in ("sentences", "entities", "events", "claims", "agreements", "times", "notes"):
            typed = [dataclasses.asdict(each) for each in getattr(reading, name)]
            assert json.loads(json.dumps(typed).replace('"from_"', '"from"')) == reading.to_dict()[name]
        assert dataclasses.asdict(reading.engine) == reading.to_dict()["engine"]
    assert {key for key in reading.to_dict()} <= {name.rstrip("_") for name in dir(reading)} | {"offsets"}


def test_claims_of_earlier_versions_tell_no_entry():
    record = lagebild.read(**REPORTS[1]).to_dict()
    assert record["claims"][0].pop("rule")
    assert lagebild.Reading(json.dumps(record)).claims[0].rule == ""


def test_offsets_are_places_in_the_text():
    reading = lagebild.read(**REPORTS[2])
    assert "😀" in reading.text and reading.published == "2024-10-24"
    words = [m.trigger for e in reading.events for m in e.mentions] + [m for e in reading.entities for m in e.mentions]
    assert len(words) > 3
    for each in words:
        assert reading.text[each.start : each.end] == each.text


def test_what_is_told_about_a_report_counts():
    text = "Gestern hat der Bundestag das Abkommen mit Israel ratifiziert."
    day = datetime.date(2024, 10, 24)
    reading = lagebild.read(text, published=day, id="x", title="Titel", source="Beispiel", lang="de")
    assert (reading.id, reading.title, reading.source, reading.published) == ("x", "Titel", "Beispiel", "2024-10-24")
    assert reading.events[0].date.from_ == "2024-10-23"
    assert reading == lagebild.read(text, published="2024-10-24", id="x", title="Titel", source="Beispiel", lang="de")
    assert lagebild.read(text).id == lagebild.read(text, published=day).id != lagebild.read(text + " ").id


@pytest.mark.parametrize(
    ("report", "why"),
    [
        ({"text": " "}, "no text"),
        ({"text": "Der Satz.", "published": "gestern"}, "not a date"),
        ({"text": "Der Satz.", "lang": "fr"}, "unsupported language: fr"),
        ({"text": "a\ud800b"}, "hex escape"),
    ],
)
def test_a_report_that_cannot_be_read_is_an_error_or_an_empty_reading(report, why):
    with pytest.raises(lagebild.Error, match=why):
        lagebild.read(**report)
    before, failed, after = lagebild.read_many([REPORTS[0], {"id": "poison", **report}, REPORTS[1]], threads=2)
    assert failed.id == "poison" and why in failed.error and "line 1" not in failed.error
    assert (failed.events, failed.claims, failed.agreements) == ((), (), ())
    assert before.events and after.events and before.error is None


def test_any_number_of_reports_streams():
    taken = []

    def reports():
        for n in range(1000):
            taken.append(n)
            yield "Der Satz."

    readings = lagebild.read_many(reports(), threads=2)
    next(readings)
    assert len(taken) <= 64


def test_the_lock_is_free_while_reports_are_read():
    text = REPORTS[0]["text"] * 200
    lagebild.read(REPORTS[0]["text"])
    ticks, done = 0, threading.Event()

    def reading():
        lagebild.read(text)
        done.set()

    thread = threading.Thread(target=reading)
    thread.start()
    while not done.is_set():
        time.sleep(0.0005)
        ticks += 1
    thread.join()
    # With the lock held, this thread would sleep through the reading.
    assert ticks > 5


def test_a_reading_can_be_sent_to_another_process():
    for reading in lagebild.read_many([REPORTS[0], {"id": "bad"}]):
        sent = pickle.loads(pickle.dumps(reading))
        assert sent == reading and sent.error == reading.error and sent.events == reading.events


def test_html_escapes_everything():
    hostile = (
        "Russland <script>alert(1)</script> hat <b>Nordkorea</b> \"verurteilt\" & 'gewarnt'. "
        "<img src=x onerror=alert(1)> sagte der Minister Putin."
    )
    reading = lagebild.read(hostile, published="2024-10-24", title="</title><script>x</script>", lang="de")
    for html in (reading._repr_html_(), lagebild.render(reading, page=True)):
        assert "<script" not in html and "<img" not in html and "<b>" not in html
        assert "&lt;script&gt;" in html
    failed = next(lagebild.read_many([{"text": "<script>x</script>", "lang": "<script>"}]))
    assert failed.error and "<script" not in lagebild.render(failed, page=True)


def test_html_shows_text_marks_and_events():
    import html.parser

    reading = lagebild.read(**REPORTS[0])
    page = lagebild.render(reading, page=True)

    class Text(html.parser.HTMLParser):
        def __init__(self):
            super().__init__()
            self.text, self.marked, self.open = "", [], []

        def handle_starttag(self, tag, attributes):
            if tag != "meta":
                self.open.append(tag)

        def handle_endtag(self, tag):
            assert self.open.pop() == tag

        def handle_data(self, data):
            self.text += data
            if "mark" in self.open:
                self.marked.append(data)

    parser = Text()
    parser.feed(page)
    assert parser.open == [] and reading.text in parser.text
    assert "ratifiziert" in parser.marked and "Südkorea" in parser.marked
    assert all(event.id in parser.text and event.type in parser.text for event in reading.events)


def test_displacy_has_no_overlaps():
    shown = lagebild.read(**REPORTS[0]).to_displacy()
    ends = [0] + [ent["end"] for ent in shown["ents"]]
    assert all(end <= ent["start"] < ent["end"] <= len(shown["text"]) for end, ent in zip(ends, shown["ents"]))
    assert ("SUPPORT", "ratifiziert") in {(e["label"], shown["text"][e["start"] : e["end"]]) for e in shown["ents"]}


def test_versions_are_those_of_the_program(program):
    versions = lagebild.versions()
    told = program("--version")
    assert all(version in told for version in versions) and lagebild.__version__ == versions.program
