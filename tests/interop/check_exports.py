"""Reads every export with the programs that users load it with.

Usage: check_exports.py LAGEBILD STORE FOLDER
LAGEBILD is the program, STORE a store with some reports, FOLDER an empty folder for the exports.
Ends with an error at the first thing that does not load or does not agree.
"""

import csv
import json
import math
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import duckdb
import feedparser
import frictionless
import geojson
import networkx
import pandas

lagebild, store, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])


def run(*arguments):
    command = [lagebild, *arguments, "--store", store]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def export(kind, *arguments, to):
    path = folder / to
    run("export", kind, "-o", str(path), *arguments)
    return path


def rows(kind, *arguments):
    return [json.loads(line) for line in run(kind, "--format", "jsonl", *arguments).splitlines()]


def passed(what):
    print(f"ok  {what}")


events = {row["key"]: row for row in rows("events")}
documents = {row["id"]: row for row in rows("documents")}
records = {id: json.loads(run("sql", "--format", "jsonl", f"SELECT text FROM documents WHERE id = '{id}'"))["text"] for id in documents}
actual = {key for key, row in events.items() if row["status"] == "actual"}
assert len(documents) >= 20 and len(events) > 50 and actual

# Tables: CSV, JSON Lines, and the package that describes them.
tables = {kind: export(kind, to=kind) for kind in ("csv", "ndjson")}
for kind in tables:
    report = frictionless.validate(str(tables[kind] / "datapackage.json"))
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "note"])[:10]
    passed(f"frictionless accepts the {kind} package with {len(report.tasks)} tables")
resources = json.loads((tables["csv"] / "datapackage.json").read_text())["resources"]
for resource in resources:
    name = resource["title"]
    as_csv = pandas.read_csv(tables["csv"] / f"{name}.csv", dtype=str, keep_default_na=False)
    as_json = [json.loads(line) for line in (tables["ndjson"] / f"{name}.ndjson").read_text().splitlines()]
    assert len(as_csv) == len(as_json), name
    for field in resource["schema"]["fields"]:
        for cell, row in zip(as_csv[field["name"]], as_json):
            value = row[field["name"]]
            if value is None:
                same = cell == ""
            elif field["type"] == "string":
                same = cell in (value, "'" + value)
            elif field["type"] in ("integer", "number"):
                same = float(cell) == value
            else:
                same = cell == (json.dumps(value) if field["type"] == "boolean" else value)
            assert same, (name, field["name"], cell, value)
assert {row["key"] for row in (json.loads(line) for line in (tables["ndjson"] / "events.ndjson").read_text().splitlines())} == set(events)
passed(f"pandas: {len(resources)} tables say the same in CSV and in JSON Lines")

connection = duckdb.connect()
folder_of_parquet = export("parquet", to="parquet")
assert len(json.loads((folder_of_parquet / "datapackage.json").read_text())["resources"]) == len(resources)
for resource in resources:
    name, fields = resource["title"], resource["schema"]["fields"]
    select = ", ".join(f"epoch_ms({f['name']})" if f["type"] == "datetime" else f'"{f["name"]}"' for f in fields)
    typed = connection.execute(f"SELECT {select} FROM '{folder_of_parquet / name}.parquet'").fetchall()
    as_json = [json.loads(line) for line in (tables["ndjson"] / f"{name}.ndjson").read_text().splitlines()]
    assert len(typed) == len(as_json), name
    for cells, row in zip(typed, as_json):
        for field, cell in zip(fields, cells):
            value = row[field["name"]]
            if value is not None and field["type"] == "datetime":
                value = int(datetime.fromisoformat(value).timestamp() * 1000)
            if cell is not None and field["type"] == "date":
                cell = cell.isoformat()
            assert cell == value, (name, field["name"], cell, value)
passed(f"DuckDB: {len(resources)} tables say the same in Parquet, with their types")

counted = connection.execute(
    f"SELECT count(*) FROM '{tables['csv']}/parties.csv' p JOIN '{tables['csv']}/events.csv' e ON e.key = p.event"
).fetchone()
assert counted[0] == sum(len(row["actors"]) + len(row["recipients"]) for row in events.values()), counted
kinds = dict(connection.execute("SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_csv(?))", [f"{tables['csv']}/events.csv"]).fetchall())
assert kinds["date_from"] == "DATE" and kinds["goldstein"] == "DOUBLE", kinds
astray = connection.execute(
    f"""SELECT count(*) FROM '{tables['ndjson']}/mentions.ndjson' m JOIN '{tables['ndjson']}/events.ndjson' e ON e.key = m.event
        JOIN '{tables['ndjson']}/texts.ndjson' t ON t.document = e.document
        WHERE substr(t.text, m.trigger_start + 1, m.trigger_end - m.trigger_start) <> m.trigger"""
).fetchone()
assert astray[0] == 0
passed("DuckDB joins the tables, knows their types, and finds every trigger where its offsets say")

# GDELT, by position as its readers do.
gdelt = export("gdelt", to="gdelt")
head = Path(__file__).parents[2] / "crates/lagebild-export/src/gdelt.rs"
columns = re.findall(r'"(\w+)"', head.read_text().split("EVENT_COLUMNS: [&str; 61] = [")[1].split("];")[0])
assert len(columns) == 61
frame = pandas.read_csv(gdelt / "lagebild.export.CSV", sep="\t", header=None, names=columns, dtype={"EventCode": str, "EventBaseCode": str, "EventRootCode": str}, quoting=csv.QUOTE_NONE)
assert len(frame) >= len(actual) and frame.GLOBALEVENTID.is_unique
assert frame.SQLDATE.between(19000101, 21001231).all() and frame.QuadClass.isin([1, 2, 3, 4]).all()
quad = frame.EventRootCode.astype(int).map(lambda root: 1 if root <= 5 else 2 if root <= 9 else 3 if root <= 14 else 4)
assert (quad == frame.QuadClass).all() and frame.EventCode.str.match(r"^\d{2,4}$").all()
assert frame.GoldsteinScale.dropna().between(-10, 10).all()
assert frame.ActionGeo_CountryCode.dropna().str.match(r"^[A-Z]{2}$").all()
mentions = pandas.read_csv(gdelt / "lagebild.mentions.CSV", sep="\t", header=None, quoting=csv.QUOTE_NONE)
assert mentions.shape[1] == 16 and set(mentions[0]) == set(frame.GLOBALEVENTID) and mentions[11].between(10, 100).all()
passed(f"GDELT: {len(frame)} events, {len(mentions)} mentions")

frame = pandas.read_csv(export("polecat", to="polecat.tsv"), sep="\t", dtype=str, quoting=csv.QUOTE_NONE)
assert frame.shape[1] == 40 and set(frame["Event ID"]) == actual and frame["Event Date"].str.match(r"^\d{4}-\d\d-\d\d$").all()
passed(f"POLECAT: {len(frame)} events")

plover = [json.loads(line) for line in export("plover", to="plover.jsonl").read_text().splitlines()]
assert {row["id"] for row in plover} == actual and all(row["lagebild"]["status"] == "actual" for row in plover)
assert all(row["text"]["text_story"][row["text"]["start"] : row["text"]["end"]].strip() for row in plover)
passed(f"PLOVER: {len(plover)} events")

collection = geojson.loads(export("geojson", to="events.geojson").read_text())
assert collection.is_valid, collection.errors()
assert {feature["id"] for feature in collection["features"]} == set(events)
points = [feature for feature in collection["features"] if feature["geometry"]]
assert points and all(feature["properties"]["place_precision"] in ("town", "region") for feature in points)
passed(f"GeoJSON: {len(collection['features'])} features, {len(points)} with a point")

graphs = {kind: getattr(networkx, f"read_{kind}")(export(kind, to=f"graph.{kind}")) for kind in ("graphml", "gexf")}
assert set(graphs["graphml"].nodes) == set(graphs["gexf"].nodes)
assert graphs["graphml"].number_of_edges() == graphs["gexf"].number_of_edges() > 20
assert all(graph.is_directed() for graph in graphs.values())
for _, _, edge in graphs["graphml"].edges(data=True):
    assert math.copysign(1, edge["score"]) * (edge["score"] != 0) == edge["sign"] and edge["start"] <= edge["end"], edge
passed(f"networkx: {graphs['gexf'].number_of_nodes()} actors, {graphs['gexf'].number_of_edges()} edges in GraphML and GEXF")

# Annotations: each quotes what it points to.
page = json.loads(export("annotation", to="annotations.jsonld").read_text())
assert page["@context"] == "http://www.w3.org/ns/anno.jsonld" and page["type"] == "AnnotationPage"
texts = {f"urn:lagebild:{id}": text for id, text in records.items()}
for item in page["items"]:
    for target in item["target"]:
        position, quote = target["selector"]
        text = texts.get(target["source"])
        if text is not None:
            assert text[position["start"] : position["end"]] == quote["exact"], item["id"]
passed(f"Web Annotation: {len(page['items'])} annotations quote what they point to")

brat = export("brat", to="brat")
marks = 0
for ann in sorted(brat.glob("*.ann")):
    text = ann.with_suffix(".txt").read_text()
    for line in ann.read_text().splitlines():
        id, body, *words = line.split("\t")
        if id.startswith("T"):
            pieces = [tuple(map(int, piece.split())) for piece in body.split(" ", 1)[1].split(";")]
            assert " ".join(text[a:b] for a, b in pieces) == words[0], (ann, line)
            marks += 1
assert len(list(brat.glob("*.txt"))) == len(documents) and marks > 100
passed(f"brat: {marks} marks read as they say")

for line in export("doccano", to="doccano.jsonl").read_text().splitlines():
    row = json.loads(line)
    ids = {entity["id"] for entity in row["entities"]}
    assert all(0 <= entity["start_offset"] < entity["end_offset"] <= len(row["text"]) for entity in row["entities"])
    assert all(link["from_id"] in ids and link["to_id"] in ids for link in row["relations"])
passed("doccano: entities within the text, relations between them")

for entries, number in (("reports", len(documents)), ("events", len(events))):
    feed = feedparser.parse(str(export("atom", "--entries", entries, to=f"{entries}.xml")))
    assert not feed.bozo and feed.version == "atom10" and len(feed.entries) == number, (feed.bozo, len(feed.entries))
    assert len({entry.id for entry in feed.entries}) == number
passed("feedparser reads both feeds")

references = export("ris", to="references.ris").read_text().split("ER  - ")
assert len(references) == len(documents) + 1 and all(reference.strip().startswith("TY  - NEWS") for reference in references[:-1])
notes = list(export("markdown", to="notes").glob("*.md"))
assert len(notes) == len(documents) and all(note.read_text().startswith("---\ntitle: ") for note in notes)
passed(f"{len(documents)} references in RIS, {len(notes)} Markdown notes")

# Filters hold in every kind of format.
aid = {key for key, row in events.items() if row["type"] == "AID"}
assert {feature["id"] for feature in geojson.loads(export("geojson", "--type", "AID", to="aid.geojson").read_text())["features"]} == aid
frame = pandas.read_csv(export("csv", "--type", "AID", to="aid") / "events.csv")
assert set(frame.key) == aid
frame = pandas.read_csv(folder / "aid" / "agreements.csv")
assert set(frame.document) <= {row["document"]["id"] for row in events.values() if row["type"] == "AID"}
passed("filters hold")
