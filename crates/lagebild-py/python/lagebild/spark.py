"""Reading on a Spark cluster.

>>> readings = lagebild.spark.read(spark.read.parquet("articles"))  # doctest: +SKIP
>>> readings.write.parquet("readings")  # doctest: +SKIP

then ``lagebild import readings/*.parquet`` makes a store of them, or ``lagebild.spark.unfold(readings, table="events")`` a
table. Each Python process of the executors loads the models once. A report that cannot be read gives a row with an
``error``; a task that is tried again gives the same rows. The wheel has to be installed where the executors run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from lagebild import arrow

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

_TYPES = {
    "text": "string",
    "integer": "bigint",
    "number": "double",
    "boolean": "boolean",
    "date": "date",
    "time": "timestamp",
}


def schema(table: str = "readings") -> str:
    """The columns of a table as Spark writes them: ``id string, published date, …``."""
    return ", ".join(f"`{name}` {_TYPES[kind]}" for name, kind, _ in arrow.columns(table))


def read(reports: DataFrame, *, table: str = "readings", threads: int = 1) -> DataFrame:
    """Reads the reports of a data frame with a column ``text``; more in :func:`lagebild.read_batches`.

    ``threads`` are those of one task: leave it at one unless ``spark.task.cpus`` says otherwise.
    """
    return _map(reports, lambda batches: arrow.read_batches(batches, table=table, threads=threads), table)


def unfold(readings: DataFrame, *, table: str = "events") -> DataFrame:
    """The rows of ``table`` in a data frame that :func:`read` made, without reading the reports again."""
    return _map(readings.select("record"), lambda batches: arrow.unfold(batches, table=table), table)


def _map(
    frame: DataFrame, work: Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]], table: str
) -> DataFrame:
    return frame.mapInArrow(work, schema(table))
