"""The records of a reading.

They are those of the JSON contract, field by field; offsets are code points, so ``text[start:end]`` gives the words. The
values (types, modes, statuses …) are those of the codebook. ``None`` and ``()`` mean: not told.
"""

from __future__ import annotations

import dataclasses
import functools
import typing
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Engine:
    """Versions of what made a reading."""

    version: str
    lexicon: str
    model: str


@dataclass(frozen=True)
class Range:
    """A place in the text."""

    start: int
    end: int


@dataclass(frozen=True)
class Words:
    """A place in the text with its words."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Entity:
    """Who or what the report speaks of."""

    id: str
    name: str
    kind: str
    country: str | None
    org: str | None
    roles: tuple[str, ...]
    mentions: tuple[Words, ...]


@dataclass(frozen=True)
class Party:
    """An entity as it takes part in an event or claim. ``code`` is CAMEO-style: ``PRKMIL``."""

    text: str
    start: int | None
    end: int | None
    name: str | None
    id: str | None
    country: str | None
    org: str | None
    roles: tuple[str, ...]
    code: str | None


@dataclass(frozen=True)
class Date:
    """When: first and last day, ISO 8601. ``implicit`` days are that of publication because the text tells none."""

    from_: str | None
    to: str | None
    text: str | None
    implicit: bool


@dataclass(frozen=True)
class Place:
    """Where."""

    text: str
    name: str
    country: str | None
    lat: float | None
    lon: float | None


@dataclass(frozen=True)
class Quantity:
    """An amount: ``value`` of ``thing``."""

    value: float
    thing: str
    kind: str
    modifier: str
    start: int
    end: int


@dataclass(frozen=True)
class Mention:
    """Where an event is told: clause or sentence, and the word that tells the act."""

    start: int
    end: int
    trigger: Words


@dataclass(frozen=True)
class Event:
    """Who does what to whom."""

    id: str
    type: str
    mode: str | None
    content: str | None
    actors: tuple[Party, ...]
    recipients: tuple[Party, ...]
    status: str
    certainty: str
    date: Date
    place: Place | None
    quantities: tuple[Quantity, ...]
    context: tuple[str, ...]
    claim: str | None
    quad: str
    cameo: str
    goldstein: float | None
    plover_score: float
    rule: str
    mentions: tuple[Mention, ...]


@dataclass(frozen=True)
class Claim:
    """Who says what. ``rule`` is empty in readings of earlier versions, which did not tell it."""

    id: str
    holder: Party
    stance: str
    quote: bool
    addressee: Party | None
    cue: Words
    content: Range
    mention: Range
    events: tuple[str, ...]
    rule: str = ""


@dataclass(frozen=True)
class Step:
    """A step of an agreement."""

    step: str
    by: tuple[str, ...]
    date: Date
    place: str | None
    mention: Range


@dataclass(frozen=True)
class Obligation:
    """A duty of an agreement; ``who`` is empty for all parties."""

    kind: str
    who: tuple[str, ...]
    condition: str | None
    mention: Range


@dataclass(frozen=True)
class Agreement:
    """A treaty, pact, ceasefire."""

    id: str
    name: str | None
    canonical: str | None
    kind: str
    parties: tuple[str, ...]
    steps: tuple[Step, ...]
    obligations: tuple[Obligation, ...]
    mentions: tuple[Range, ...]


@dataclass(frozen=True)
class Time:
    """A time expression: TIMEX3 type and value, first and last day."""

    start: int
    end: int
    text: str
    type: str
    value: str
    from_: str | None
    to: str | None


@dataclass(frozen=True)
class Note:
    """Trouble or doubt of the engine about a place in the text."""

    code: str
    message: str
    start: int
    end: int


@functools.cache
def _fields(kind: type) -> list[tuple[str, str, Any]]:
    """Fields of a record: name in JSON, name here, type."""
    hints = typing.get_type_hints(kind)
    return [(f.name.rstrip("_"), f.name, hints[f.name]) for f in dataclasses.fields(kind)]


def build(kind: Any, value: Any) -> Any:
    """``value``, as JSON has it, as a ``kind``."""
    if value is None:
        return None
    if dataclasses.is_dataclass(kind):
        fields = _fields(typing.cast(type, kind))
        # What earlier versions did not tell is missing in their records and has a default.
        return typing.cast(type, kind)(**{name: build(of, value[key]) for key, name, of in fields if key in value})
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) is tuple:
        return tuple(build(arguments[0], each) for each in value)
    if arguments:  # X | None
        return build(arguments[0], value)
    return value
