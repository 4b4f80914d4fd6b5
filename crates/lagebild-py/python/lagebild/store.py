"""A store of reports, asked from Python."""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING

from lagebild import _lagebild, arrow
from lagebild.reading import Reading

if TYPE_CHECKING:
    import pyarrow as pa

Value = str | int | list[str] | tuple[str, ...]
"""The value of a filter; of a list, each has to be met."""


class Store:
    """A store that ``lagebild add``, ``watch`` or ``import`` filled; it is only read, also while others write.

    The lists take the filters of the program, spelled the same: ``type``, ``actor``, ``recipient``, ``country``,
    ``status``, ``certainty``, ``from_`` and ``to`` (days), ``source``, ``q`` (words), ``sort``, ``limit`` …

    >>> store.events(type="AID", country=["RUS", "PRK"]).to_pandas()  # doctest: +SKIP
    """

    def __init__(self, path: str | os.PathLike[str] = "lagebild.db") -> None:
        self._path = os.fspath(path)
        self._store = _lagebild.Store(self._path)

    def _rows(self, name: str, filters: dict[str, Value]) -> pa.Table:
        import pyarrow as pa

        pairs = []
        for key, value in filters.items():
            values = value if isinstance(value, (list, tuple)) else [value]
            pairs += [(key.rstrip("_"), str(each)) for each in values]
        return pa.Table.from_batches(arrow.batches(self._store.rows(name, pairs)))

    def documents(self, **filters: Value) -> pa.Table:
        """Reports."""
        return self._rows("documents", filters)

    def events(self, **filters: Value) -> pa.Table:
        """Events, as each report tells them."""
        return self._rows("events", filters)

    def claims(self, **filters: Value) -> pa.Table:
        """Claims."""
        return self._rows("claims", filters)

    def agreements(self, **filters: Value) -> pa.Table:
        """Agreements, as each report tells of them."""
        return self._rows("agreements", filters)

    def actors(self, **filters: Value) -> pa.Table:
        """Who takes part in the events that the filters let through."""
        return self._rows("actors", filters)

    def search(self, words: str, **filters: Value) -> pa.Table:
        """Reports that hold the words, best first: German-aware, ``Vertrag`` finds *Beistandsverträge*."""
        return self._rows("hits", {**filters, "q": words})

    def reading(self, id: str) -> Reading | None:
        """The reading of a report; None when there is no such report."""
        json = self._store.reading(id)
        return None if json is None else Reading(json)

    def views(self) -> dict[str, list[str]]:
        """What :meth:`sql` can ask: views with their columns."""
        return dict(self._store.views())

    def sql(self, statement: str, *, limit: int | None = None, seconds: float = 60.0) -> pa.Table:
        """The answer to one SELECT statement on the documented views.

        A column is of whole numbers or of numbers when all its values are, else of text. With ``limit``, rows beyond it are left out with a warning.
        The answer has to be there after ``seconds``.
        """
        import pyarrow as pa

        native, more = self._store.sql(statement, limit, seconds)
        if more:
            warnings.warn(f"only the first {limit} rows", stacklevel=2)
        return pa.Table.from_batches(arrow.batches(native))

    def __repr__(self) -> str:
        return f"Store({self._path!r})"
