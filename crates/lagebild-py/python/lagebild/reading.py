"""What one report tells."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any

from lagebild import records


class Reading:
    """A report and all that was read out of it.

    The parts are made when they are asked for. A reading that failed has only the ``error`` and what was told about the
    report; all lists are empty.
    """

    def __init__(self, record: str, *, error: str | None = None) -> None:
        """From the JSON that ``lagebild read --format jsonl`` writes."""
        self._json = record
        self._error = error

    @classmethod
    def failed(cls, report: Mapping[str, Any], error: str | None) -> Reading:
        """The reading of a report that could not be read."""
        told = {key: report.get(key) for key in ("id", "title", "published", "lang", "source")}
        told = {key: value if value is None or isinstance(value, str) else str(value) for key, value in told.items()}
        lists = ("sentences", "entities", "events", "claims", "agreements", "times", "notes")
        text = report.get("text")
        record: dict[str, Any] = {**told, "text": text if isinstance(text, str) else "", **{key: [] for key in lists}}
        return cls(json.dumps(record), error=error or "unknown")

    @property
    def error(self) -> str | None:
        """Why there is no reading; None when there is one."""
        return self._error

    def to_json(self) -> str:
        """The record as JSON, byte for byte as ``lagebild read --format jsonl`` writes it."""
        return self._json

    @functools.cached_property
    def _record(self) -> dict[str, Any]:
        record: dict[str, Any] = json.loads(self._json)
        return record

    def to_dict(self) -> dict[str, Any]:
        """The record as dictionaries and lists, with the names of the JSON contract."""
        record: dict[str, Any] = json.loads(self._json)
        return record

    def _told(self, name: str) -> str | None:
        told: str | None = self._record[name]
        return told

    @property
    def id(self) -> str | None:
        """Names the report: as given, or made from the text."""
        return self._told("id")

    @property
    def title(self) -> str | None:
        """Headline."""
        return self._told("title")

    @property
    def published(self) -> str | None:
        """Day of publication, ISO 8601."""
        return self._told("published")

    @property
    def lang(self) -> str | None:
        """Language: ``de`` or ``en``."""
        return self._told("lang")

    @property
    def source(self) -> str | None:
        """Where it comes from."""
        return self._told("source")

    @property
    def text(self) -> str:
        """The text that all offsets point into."""
        text: str = self._record["text"]
        return text

    @functools.cached_property
    def engine(self) -> records.Engine | None:
        """Versions of what made the reading."""
        engine: records.Engine | None = records.build(records.Engine, self._record.get("engine"))
        return engine

    def _list(self, kind: type[records.T], name: str) -> tuple[records.T, ...]:
        return tuple(records.build(kind, each) for each in self._record[name])

    @functools.cached_property
    def sentences(self) -> tuple[records.Range, ...]:
        """The sentences."""
        return self._list(records.Range, "sentences")

    @functools.cached_property
    def entities(self) -> tuple[records.Entity, ...]:
        """Who and what is spoken of."""
        return self._list(records.Entity, "entities")

    @functools.cached_property
    def events(self) -> tuple[records.Event, ...]:
        """Who does what to whom."""
        return self._list(records.Event, "events")

    @functools.cached_property
    def claims(self) -> tuple[records.Claim, ...]:
        """Who says what."""
        return self._list(records.Claim, "claims")

    @functools.cached_property
    def agreements(self) -> tuple[records.Agreement, ...]:
        """Treaties and what is told of them."""
        return self._list(records.Agreement, "agreements")

    @functools.cached_property
    def times(self) -> tuple[records.Time, ...]:
        """Time expressions."""
        return self._list(records.Time, "times")

    @functools.cached_property
    def notes(self) -> tuple[records.Note, ...]:
        """Trouble and doubt."""
        return self._list(records.Note, "notes")

    def to_displacy(self) -> dict[str, Any]:
        """The words that tell acts, and who is spoken of, for ``spacy.displacy.render(…, style="ent", manual=True)``.

        displaCy shows no overlaps: where two marks overlap, the one that tells an act stays.
        """
        marks = [(m.trigger.start, m.trigger.end, e.type) for e in self.events for m in e.mentions]
        marks += [(m.start, m.end, e.kind.upper()) for e in self.entities for m in e.mentions]
        kept: list[tuple[int, int, str]] = []
        for start, end, label in marks:
            if start < end and all(end <= s or e <= start for s, e, _ in kept):
                kept.append((start, end, label))
        ents = [{"start": start, "end": end, "label": label} for start, end, label in sorted(kept)]
        return {"text": self.text, "ents": ents, "title": self.title}

    def _repr_html_(self) -> str:
        from lagebild.html import render

        return render(self)

    def __repr__(self) -> str:
        if self._error is not None:
            return f"<Reading {self.id}: {self._error}>"
        counts = f"{len(self.events)} events, {len(self.claims)} claims, {len(self.agreements)} agreements"
        return f"<Reading {self.id} {self.lang} {self.published}: {counts}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reading) and (self._json, self._error) == (other._json, other._error)

    def __hash__(self) -> int:
        return hash(self._json)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self._json, self._error)


def _restore(record: str, error: str | None) -> Reading:
    return Reading(record, error=error)
