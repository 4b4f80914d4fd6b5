"""Reading texts one by one or many at once."""

from __future__ import annotations

import datetime
import itertools
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from lagebild import _lagebild
from lagebild.reading import Reading

# Reports handed to the threads at once: enough to keep them at work, few enough to bound memory and waiting.
BATCH = 64


class Versions(NamedTuple):
    """Versions of what readings depend on."""

    program: str
    rules: str
    german_model: str
    english_model: str


def versions() -> Versions:
    """Versions of program, rules and models: readings made by the same versions are the same."""
    return Versions(*_lagebild.versions())


def read(
    text: str,
    *,
    published: str | datetime.date | None = None,
    lang: str | None = None,
    id: str | None = None,
    title: str | None = None,
    source: str | None = None,
    url: str | None = None,
) -> Reading:
    """Reads one report.

    ``published`` is the day of publication (ISO 8601 or a date), which relative dates are told from; without it the date
    line of the text counts. ``lang`` is ``de`` or ``en`` where detection shall not decide. ``id`` names the report;
    without it the id is made from the text. ``title``, ``source`` and ``url`` are kept with the reading.

    Raises ``lagebild.Error`` when the text cannot be read: it is blank, too long, or in another language.
    """
    fields = {
        "text": text,
        "published": published,
        "lang": lang,
        "id": id,
        "title": title,
        "source": source,
        "url": url,
    }
    [(reading, error)] = _lagebild.read_lines([line(fields)], 1, 1)
    if reading is None:
        raise _lagebild.Error(error)
    return Reading(reading)


def read_many(reports: Iterable[str | Mapping[str, Any]], *, threads: int | None = None) -> Iterator[Reading]:
    """Reads reports in order: texts, or mappings with the arguments of :func:`read` (``text``, ``published`` …).

    Reports are taken from the iterable as they are needed, so any number of them fits. The result does not depend on the
    number of ``threads``; there is one a core when it is not given. A report that cannot be read does not stop the others:
    its reading is empty and tells why in ``error``.
    """
    reports = iter(reports)
    done = 0
    while batch := list(itertools.islice(reports, BATCH)):
        fields = [{"text": report} if isinstance(report, str) else report for report in batch]
        outcomes = read_lines([line(each) for each in fields], done + 1, threads)
        for each, (reading, error) in zip(fields, outcomes):
            yield Reading(reading) if reading is not None else Reading.failed(each, error)
        done += len(batch)


def read_lines(lines: list[str], first: int, threads: int | None) -> list[tuple[str | None, str | None]]:
    if threads is not None and threads < 1:
        raise ValueError("threads: a positive number")
    # The cores that this process may use, which a container or Spark may have limited.
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return _lagebild.read_lines(lines, first, threads or cores or 1)


def line(fields: Mapping[str, Any]) -> str:
    """The report as a line of JSON, as ``lagebild read --input jsonl`` takes it."""

    def plain(value: object) -> str:
        if isinstance(value, datetime.date):  # A datetime is one too.
            return value.isoformat()
        raise TypeError(f"a field of a report cannot be a {type(value).__name__}")

    return json.dumps({key: value for key, value in fields.items() if value is not None}, default=plain)
