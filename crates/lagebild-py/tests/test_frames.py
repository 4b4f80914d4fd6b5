"""The data frames and engines of others: reports go in as they hold them, tables come out as they take them.

All by one function from a table of reports to a table of events, which is the README's.
"""

import datetime

import pyarrow as pa
import pytest
from conftest import REPORTS

import lagebild

POISON = {"id": "poison", "text": "  "}
NAMES = ("id", "published", "title", "url", "text")
ROWS = [{name: report.get(name) for name in NAMES} for report in [*REPORTS, POISON]]


def events(reports):
    return pa.Table.from_batches(lagebild.read_batches(reports, table="events"), lagebild.schema("events"))


@pytest.fixture(scope="module")
def expected():
    """What reading them one by one gives."""
    made = lagebild.table(lagebild.read_many(REPORTS), "events").to_pylist()
    assert {row["document"] for row in made} >= {"treaty", "accusation"}
    return made


def in_order(rows):
    return sorted(rows, key=lambda row: row["key"])


def test_pandas(expected):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(ROWS)
    assert events(pa.Table.from_pandas(frame)).to_pylist() == expected
    assert list(events(pa.Table.from_pandas(frame)).to_pandas()["type"]) == [row["type"] for row in expected]


def test_polars(expected):
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(ROWS)
    assert polars.from_arrow(events(frame)).to_dicts() == expected
    readings = polars.from_arrow(pa.Table.from_batches(lagebild.read_batches(frame)))
    assert readings["id"].to_list()[:2] == ["treaty", "accusation"]
    assert readings.filter(polars.col("error").is_not_null())["id"].to_list() == ["poison"]
    unfolded = lagebild.unfold(readings.filter(polars.col("error").is_null()), table="events")
    assert pa.Table.from_batches(unfolded).to_pylist() == expected


def test_duckdb(expected, tmp_path):
    duckdb = pytest.importorskip("duckdb")
    reports = pa.Table.from_pylist(ROWS)
    with duckdb.connect() as connection:
        connection.register("reports", reports)
        found = events(connection.sql("SELECT * FROM reports"))
        assert found.to_pylist() == expected
        # A question that decides what is read, and one about what was read.
        some = events(connection.sql("SELECT id, text, published FROM reports WHERE id = 'treaty'"))
        assert {row["document"] for row in some.to_pylist()} == {"treaty"}
        connection.register("events", found)
        counted = connection.sql("SELECT count(*) FROM events WHERE date_from >= DATE '2024-10-24'").fetchall()[0][0]
        day = datetime.date(2024, 10, 24)
        assert counted == sum(row["date_from"] is not None and row["date_from"] >= day for row in expected) > 0
        # A stream of batches, each read when it is asked for, into a file.
        stream = pa.RecordBatchReader.from_batches(lagebild.schema("readings"), lagebild.read_batches(reports))
        connection.register("stream", stream)
        connection.sql(f"COPY (SELECT * FROM stream) TO '{tmp_path / 'readings.parquet'}'")
        told = connection.sql(f"SELECT id, error IS NULL FROM '{tmp_path / 'readings.parquet'}'").fetchall()
        assert told[0] == ("treaty", True) and told[3] == ("poison", False)


@pytest.mark.parametrize("scheduler", ("threads", "processes"))
def test_dask(expected, scheduler):
    dask = pytest.importorskip("dask")
    frames = pytest.importorskip("dask.dataframe")
    pandas = pytest.importorskip("pandas")

    def part(frame):
        made = lagebild.read_batches(pa.Table.from_pandas(frame, preserve_index=False), table="events")
        return pa.Table.from_batches(made, lagebild.schema("events")).to_pandas()

    with dask.config.set({"dataframe.convert-string": False}):
        parted = frames.from_pandas(pandas.DataFrame(ROWS), npartitions=3)
        meta = lagebild.schema("events").empty_table().to_pandas()
        found = parted.map_partitions(part, meta=meta).compute(scheduler=scheduler)
    assert parted.npartitions > 1
    assert in_order(pa.Table.from_pandas(found, lagebild.schema("events"), preserve_index=False).to_pylist()) == in_order(expected)


def test_ray(expected):
    """Two processes of Ray; `.ci/python ray` installs it."""
    ray = pytest.importorskip("ray")
    pytest.importorskip("ray.data")

    # Made here, so that it travels to the processes with what it uses.
    def read(reports):
        return pa.Table.from_batches(lagebild.read_batches(reports, table="events"), lagebild.schema("events"))

    ray.init(num_cpus=2, include_dashboard=False, object_store_memory=100 << 20, log_to_driver=False)
    try:
        reports = ray.data.from_arrow([pa.Table.from_pylist([row], pa.schema([(name, pa.string()) for name in NAMES])) for row in ROWS])
        found = reports.map_batches(read, batch_format="pyarrow", batch_size=None).take_all()
    finally:
        ray.shutdown()
    assert in_order(found) == in_order(expected)
