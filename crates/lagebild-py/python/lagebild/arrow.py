"""Readings and their tables as Arrow: for data frames, Parquet files, and whatever speaks record batches.

``read_batches`` is one function from record batches to record batches. Spark calls it by ``mapInArrow``, Ray and Dask by
their ``map_batches`` and ``map_partitions``; polars and DuckDB hand in frames and relations and take its tables as they
are. It never raises on a report: what cannot be read gives a row with an ``error``. The same report gives the same row,
wherever and how often it is read.
"""

from __future__ import annotations

import datetime
import functools
import itertools
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

from lagebild import _lagebild
from lagebild._read import BATCH, line, read_lines
from lagebild.reading import Reading

if TYPE_CHECKING:
    import pyarrow as pa

# Columns of reports that are read; others are left alone.
INPUT = ("id", "text", "html", "published", "title", "lang", "source", "url")

# Name, kind and meaning of the columns of the table "readings": one row a report, from which all other tables follow.
READINGS = (
    ("id", "text", "document id"),
    ("published", "date", "day of publication"),
    ("lang", "text", "language: de or en"),
    ("source", "text", "where it comes from"),
    ("url", "text", "where it can be fetched"),
    ("title", "text", "headline"),
    ("events", "integer", "number of events read out of it"),
    ("claims", "integer", "number of claims"),
    ("agreements", "integer", "number of agreements"),
    ("record", "text", "the reading as JSON, as `lagebild read --format jsonl` writes it"),
    ("error", "text", "why there is no reading"),
)


@functools.cache
def _columns() -> dict[str, tuple[tuple[str, str, str], ...]]:
    tables = {name: tuple(columns) for name, _, columns in _lagebild.schema()}
    return {"readings": READINGS, **tables}


def columns(table: str) -> tuple[tuple[str, str, str], ...]:
    """Name, kind and meaning of each column of a table."""
    try:
        return _columns()[table]
    except KeyError:
        raise _lagebild.Error(f"there is no table {table!r}; tables are {', '.join(_columns())}") from None


def _type(kind: str) -> pa.DataType:
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "time": pa.timestamp("ms", tz="UTC"),
    }
    return types[kind]


def schema(table: str = "readings") -> pa.Schema:
    """The columns of a table.

    Tables are ``readings`` (a row a report) and those of ``lagebild export``: ``texts``, ``events``, ``parties``,
    ``mentions``, ``quantities``, ``claims``, ``claim_events``, ``agreements``, ``steps``, ``obligations``.
    """
    import pyarrow as pa

    return pa.schema([(name, _type(kind)) for name, kind, _ in columns(table)])


def batches(native: list[_lagebild.Batch]) -> list[pa.RecordBatch]:
    """Record batches on the buffers that the engine made; they are not copied."""
    import pyarrow as pa

    made = []
    for rows, parts in native:
        arrays, names = [], []
        for name, kind, missing, there, buffers in parts:
            held = [None if buffer is None else pa.py_buffer(buffer) for buffer in (there, *buffers)]
            arrays.append(pa.Array.from_buffers(_type(kind), rows, held, null_count=missing))
            names.append(name)
        made.append(pa.RecordBatch.from_arrays(arrays, names=names))
    return made


class Stream(Protocol):
    """What gives record batches by the Arrow PyCapsule interface: frames of polars, relations of DuckDB, tables, readers."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The stream, in a capsule."""


def _batches(given: Iterable[pa.RecordBatch] | Stream) -> Iterable[pa.RecordBatch]:
    import pyarrow as pa

    if hasattr(given, "__arrow_c_stream__"):
        batches: Iterable[pa.RecordBatch] = pa.RecordBatchReader.from_stream(given)
        return batches
    return given


def read_batches(
    reports: Iterable[pa.RecordBatch] | Stream, *, table: str = "readings", threads: int | None = 1
) -> Iterator[pa.RecordBatch]:
    """Reads record batches of reports; gives one or more of ``table`` for each.

    Reports are an iterable of record batches, or anything that Arrow can stream: a table, a frame of polars, a relation of DuckDB.
    The column ``text`` (or ``html``) holds the report; ``id``, ``published``, ``title``, ``lang``, ``source`` and ``url``
    are used when they are there, others are passed over. One thread unless told otherwise, because clusters start a process for each core.
    """
    columns(table)
    for batch in _batches(reports):
        rows = _reports(batch)
        outcomes = read_lines([line(row) for row in rows], 1, threads)
        if table == "readings":
            pairs = zip(rows, outcomes)
            readings = [Reading(json) if json else Reading.failed(row, why) for row, (json, why) in pairs]
            yield _readings([(reading, row.get("url")) for reading, row in zip(readings, rows)])
        else:
            yield from batches(_lagebild.rows([json for json, _ in outcomes if json is not None], table))


def unfold(readings: Iterable[pa.RecordBatch] | Stream, *, table: str = "events") -> Iterator[pa.RecordBatch]:
    """The rows of ``table`` in batches of the table ``readings``, without reading the reports again."""
    for batch in _batches(readings):
        held = [record for record in batch.column("record").to_pylist() if record is not None]
        yield from batches(_lagebild.rows(held, table))


def table(readings: Iterable[Reading], name: str = "events") -> pa.Table:
    """A table of what readings hold: ``lagebild.table(lagebild.read_many(texts)).to_pandas()``."""
    import pyarrow as pa

    held: list[pa.RecordBatch] = []
    readings = iter(readings)
    while some := list(itertools.islice(readings, BATCH)):
        if name == "readings":
            held.append(_readings([(reading, None) for reading in some]))
        else:
            held += batches(_lagebild.rows([r.to_json() for r in some if r.error is None], name))
    return pa.Table.from_batches(held, schema=schema(name)).combine_chunks()


def _reports(batch: pa.RecordBatch) -> list[dict[str, Any]]:
    """The reports of a batch, without what is missing."""
    used = [name for name in INPUT if name in batch.schema.names]
    if "text" not in used and "html" not in used:
        raise _lagebild.Error(f"there is no column text among {', '.join(batch.schema.names)}")
    values = [batch.column(name).to_pylist() for name in used]
    return [{name: value for name, value in zip(used, row) if value is not None} for row in zip(*values)]


def _readings(readings: list[tuple[Reading, str | None]]) -> pa.RecordBatch:
    """The table ``readings`` of readings, each with the address that was told with its report."""
    import pyarrow as pa

    rows = []
    for reading, url in readings:
        record = reading.to_dict()
        # What could not be read has only what was told about it, and its day may be what was wrong.
        day = record["published"] if reading.error is None else None
        source = record["source"] or ""
        rows.append(
            {
                "id": record["id"],
                "published": day and datetime.date.fromisoformat(day),
                "lang": record["lang"],
                "source": record["source"],
                "url": url or (source if source.startswith(("http://", "https://")) else None),
                "title": record["title"],
                "events": len(record["events"]),
                "claims": len(record["claims"]),
                "agreements": len(record["agreements"]),
                "record": reading.to_json() if reading.error is None else None,
                "error": reading.error,
            }
        )
    return pa.RecordBatch.from_pylist(rows, schema=schema("readings"))
