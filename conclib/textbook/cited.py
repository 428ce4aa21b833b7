"""Published figures, read from ``data/cited.csv``: what others measured, under which conditions.

A figure of 1998 on a machine of 1998 is no prediction for yours; it shows how far conditions move
a number. ``opened`` keeps us honest: "yes" where the source itself was read and shows the figure,
else "as quoted in" whatever was read instead. A missing year means that the source has no date.
"""

import csv
import io
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from conclib.results import RecordError, arguments, decoding, encoding, files, quantity
from conclib.results.quantity import TIME

COLUMNS = ("id", "value", "unit", "quantity", "condition", "year", "source", "opened", "tags")
UNITS = (*TIME.units, "×", "kB", "MB", "GB", "ms/GB")
QUOTED = "as quoted in "


@dataclass(frozen=True)
class Cited:
    """One published figure.

    Attributes:
        id: its stable name.
        value: the figure, in ``unit`` (a time, a size, ``ms/GB`` or ``×``).
        quantity: what was measured; ``condition`` says on what and how.
        year: of the source, or ``None`` where it has no date.
        source: who, then a comma, the title and the address.
        opened: ``"yes"``, or ``"as quoted in ..."``.
        tags: what it can stand beside, such as ``fork.call`` or ``thread.whole``.
    """

    id: str
    value: float
    unit: str
    quantity: str
    condition: str
    year: int | None
    source: str
    opened: str
    tags: tuple[str, ...]

    def __post_init__(self) -> None:
        for name in ("id", "quantity", "condition", "tags"):
            if not getattr(self, name):
                raise ValueError(f"{name} must not be empty")
        if not 0 < self.value < math.inf:
            raise ValueError(f"value={self.value!r}: must be a number above 0")
        arguments.choice("unit", quantity.SPELLINGS.get(self.unit, self.unit), UNITS)
        if self.year is not None:
            arguments.integer("year", self.year, 1950, 2099)
        if self.opened != "yes" and not self.opened.startswith(QUOTED):
            raise ValueError(f"opened={self.opened!r}: must be 'yes' or begin with {QUOTED!r}")
        if not re.match(r"[^,]+, .*https?://\S+$", self.source):
            raise ValueError("source must be who, a comma, the title and an address")

    @property
    def ns(self) -> float | None:
        """The figure in nanoseconds; ``None`` if it is no time."""
        known = quantity.SPELLINGS.get(self.unit, self.unit)
        return TIME.stored(self.value, known) if known in TIME.units else None

    @property
    def label(self) -> str:
        """Who and when, for a tick on an axis: ``'Lemire 2020'``."""
        who = self.source.split(",")[0]
        return f"{who} {self.year}" if self.year else who

    @property
    def text(self) -> str:
        """The figure with the digits and the unit of its source: ``'9,000 ns'``."""
        return f"{self.value:,g} {quantity.SPELLINGS.get(self.unit, self.unit)}"

    def __repr__(self) -> str:
        quoted = "" if self.opened == "yes" else f" ({self.opened})"
        return (
            f"{self.label}: {self.quantity}, {self.text} ({self.condition}). {self.source}{quoted}"
        )


@lru_cache(maxsize=1)
def _all() -> Mapping[str, Cited]:
    return parse_cited(encoding.read(files.data_path("cited.csv")))


def load_cited(tag: str | None = None) -> tuple[Cited, ...]:
    """Return the published figures, all or those with a tag, in the file's order.

    Raises:
        ValueError: no figure has this tag; lists the tags.
        RecordError: the file is missing or malformed.
    """
    every = tuple(_all().values())
    if tag is None:
        return every
    arguments.choice("tag", tag, sorted({name for item in every for name in item.tags}))
    return tuple(item for item in every if tag in item.tags)


def cited_figure(id: str) -> Cited:
    """Return one figure; an unknown id raises ValueError with the nearest."""
    return _all()[arguments.choice("id", id, _all())]


def parse_cited(text: str) -> Mapping[str, Cited]:
    """Return the figures that ``text`` holds, by id.

    Raises:
        RecordError: other columns, or a row that is incomplete; names the row and the field.
    """
    found: dict[str, Cited] = {}
    for item in map(_figure, _rows(text)):
        if item.id in found:
            raise RecordError(f"cited.csv: id used twice: {item.id}")
        found[item.id] = item
    return MappingProxyType(found)


def _rows(text: str) -> list[dict[str, Any]]:
    try:
        reader = csv.DictReader(io.StringIO(text), strict=True)
        columns, rows = reader.fieldnames, list(reader)
    except csv.Error as error:
        raise RecordError(f"cited.csv: not a table: {error}") from None
    if tuple(columns or ()) != COLUMNS:
        raise RecordError(f"cited.csv: the columns must be {', '.join(COLUMNS)}")
    return rows


def _figure(row: dict[str, Any]) -> Cited:
    where = f"cited.csv, {row['id']}"
    if None in row or None in row.values():
        raise RecordError(f"{where}: must have {len(COLUMNS)} fields")
    fields = {**row, "year": row["year"] or None, "tags": row["tags"].split()}
    try:
        return decoding.validated(fields, Cited, strict=False)  # numbers stand there as texts
    except RecordError as error:
        raise RecordError(f"{where}: {error}") from None
