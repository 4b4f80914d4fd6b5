"""Tables from Python are those of the program, and other libraries take them."""

import json

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from conftest import REPORTS

import lagebild

TABLES = ("texts", "events", "parties", "mentions", "quantities", "claims", "claim_events", "agreements", "steps", "obligations")


def batch(reports):
    return pa.RecordBatch.from_pylist(
        [{"id": None, "published": None, "title": None, "url": None, **report} for report in reports]
    )


@pytest.fixture(scope="module")
def exported(program, store, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    program("export", "parquet", "--store", store, "-o", folder)
    return lambda name: pq.read_table(folder / f"{name}.parquet")


def in_order(table):
    """Rows in an order of their own: that of reports in a store is by day."""
    return sorted(table.to_pylist(), key=lambda row: json.dumps(row, default=str, sort_keys=True))


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_those_of_export(name, exported):
    """Cell by cell, over a store and Parquet there, over buffers here."""
    table = lagebild.table(lagebild.read_many(REPORTS), name)
    assert table.schema.equals(lagebild.schema(name))
    table.validate(full=True)
    expected = exported(name)
    assert table.column_names == expected.column_names
    assert [f.type for f in table.schema] == [f.type for f in expected.schema]
    assert in_order(table) == in_order(expected)
    if name not in ("quantities", "steps", "obligations"):
        assert table.num_rows


@pytest.mark.parametrize("name", ("documents", "events", "claims", "agreements", "actors"))
def test_a_store_lists_what_the_program_lists(name, program, store):
    listed = getattr(lagebild.Store(store), name)()
    listed.validate(full=True)
    told = program("sql", "--store", store, "--format", "json", f"SELECT count(*) AS n FROM {name}") if name != "actors" else None
    if told:
        assert json.loads(told)[0]["n"] == listed.num_rows > 0
    else:
        assert "country:PRK" in listed["id"].to_pylist()


def test_a_store_takes_filters_and_questions(store):
    opened = lagebild.Store(store)
    events = opened.events(country=["RUS", "PRK"], from_="2024-10-24", to="2024-10-24")
    assert events.num_rows and set(events["document"].to_pylist()) == {"treaty"}
    assert opened.events(type="SUPPORT", limit=1).num_rows == 1
    assert opened.search("Vertrag")["id"].to_pylist() == ["treaty"], "parts of compounds are found"
    answer = opened.sql("SELECT type, count(*) AS n, avg(goldstein) AS g, NULL AS gap FROM events GROUP BY type")
    assert [str(t) for t in answer.schema.types] == ["string", "int64", "double", "string"]
    assert pc.sum(answer["n"]).as_py() == opened.events().num_rows
    assert opened.sql("SELECT 1 AS x WHERE 0").num_rows == 0
    with pytest.warns(UserWarning, match="first 1 rows"):
        assert opened.sql("SELECT id FROM documents", limit=1).num_rows == 1
    assert "events" in opened.views()
    assert opened.reading("treaty").to_json() == lagebild.read(**REPORTS[0]).to_json()
    assert opened.reading("nothing") is None
    for wrong in (lambda: opened.events(colour="red"), lambda: opened.sql("DELETE FROM document"), lambda: lagebild.Store("none.db")):
        with pytest.raises(lagebild.Error):
            wrong()


def test_batches_give_a_row_a_report_and_a_reason_for_those_that_fail():
    poison = {"id": "poison", "text": "  "}
    reports = batch([*REPORTS, poison])
    [readings] = lagebild.read_batches([reports])
    assert readings.schema.equals(lagebild.schema("readings"))
    rows = readings.to_pylist()
    made = list(lagebild.read_many(REPORTS))
    assert [row["record"] for row in rows[:3]] == [reading.to_json() for reading in made]
    assert [row["error"] for row in rows[:3]] == [None] * 3
    assert rows[0]["url"] == "https://example.org/treaty" and rows[0]["events"] == len(made[0].events)
    assert rows[3]["record"] is None and rows[3]["id"] == "poison" and "no text" in rows[3]["error"]
    # However the reports are cut into batches, and with any number of threads.
    cut = pa.Table.from_batches(lagebild.read_batches([reports.slice(n, 1) for n in range(4)], threads=2))
    assert cut.to_pylist() == rows


def test_unfolding_is_reading_into_the_table():
    reports = batch(REPORTS)
    readings = list(lagebild.read_batches([reports]))
    for name in ("events", "claims"):
        direct = pa.Table.from_batches(lagebild.read_batches([reports], table=name))
        assert pa.Table.from_batches(lagebild.unfold(readings, table=name)).equals(direct) and direct.num_rows


def test_columns_are_checked():
    with pytest.raises(lagebild.Error, match="no column text among body"):
        list(lagebild.read_batches([pa.RecordBatch.from_pylist([{"body": "x"}])]))
    with pytest.raises(lagebild.Error, match="no table 'verbs'; tables are readings, texts"):
        list(lagebild.read_batches([], table="verbs"))


def test_many_rows_come_in_several_batches():
    """More than a batch holds, with missing cells on both sides of the cut and of a byte of the bitmap."""
    reading = lagebild.read(**REPORTS[0])
    one = lagebild.table([reading], "parties")
    n = 60_000 // one.num_rows + 1
    from lagebild import _lagebild, arrow

    made = arrow.batches(_lagebild.rows([reading.to_json()] * n, "parties"))
    assert [each.num_rows for each in made] == [50_000, n * one.num_rows - 50_000]
    table = pa.Table.from_batches(made)
    table.validate(full=True)
    assert one["org"].null_count and table.to_pylist() == one.to_pylist() * n
