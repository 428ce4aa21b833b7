"""One region of a process's memory, as an unchangeable record."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from conclib.probes import _regions
from conclib.results.quantity import BYTES
from conclib.results.wording import printable

PROGRAM = ("text", "read-only data", "data", "bss")  # what is loaded from the program's own file
LIBRARY = "shared library"


@dataclass(frozen=True)
class Region:
    """A stretch of addresses with the same rights and the same thing behind it.

    Attributes:
        start, end: its first address, and the first one behind it.
        perms: its rights, as Linux writes them: ``"r-xp"`` is read, execute, private.
        kind: what it is for: ``"text"``, ``"data"``, ``"bss"``, ``"heap"``, ``"stack"`` ...
        path: the file behind it, or a name in brackets that Linux gives; empty for plain memory.
        offset: where in the file it begins, in bytes.
        rss, pss, private: bytes of it in memory; its share of them, each page divided by how many
            processes hold it; those that no other process holds. ``None`` where not known.
        also: other parts of the program that begin within its last page: ``("bss",)``.
        dirty: those of ``private`` that were written to.
        guessed: whether its kind is a guess: a thread's stack whose thread could not be asked.
    """

    COLUMNS: ClassVar = ("start", "end", "perms", "kind", "path", "size", "rss", "pss", "private")

    start: int
    end: int
    perms: str
    kind: str
    path: str = ""
    offset: int = 0
    rss: int | None = None
    pss: int | None = None
    private: int | None = None
    dirty: int | None = None
    guessed: bool = False
    also: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How many bytes of addresses it has; how many are in memory, ``rss`` says."""
        return self.end - self.start

    @property
    def part(self) -> str:
        """Of a program or a library: text, read-only data, data or bss; else empty."""
        if self.kind in PROGRAM:
            return self.kind
        if self.kind != LIBRARY:
            return ""
        return _regions.part_of(self.perms) if self.path else "bss"

    @property
    def name(self) -> str:
        """Its kind, and the last part of its file's name where that says more."""
        path = "" if self.kind == "shared memory" else self.path
        file = printable(path.rpartition("/")[2])
        parts = ", ".join([self.part, *self.also])
        part = f"{parts} of " if self.kind == LIBRARY and self.part else ""
        guess = " (a guess)" if self.guessed else ""
        kind = self.kind if part else ", ".join([self.kind, *self.also])
        return f"{part}{kind}{guess}{' ' + file if file and self.kind != file[1:-1] else ''}"

    def __contains__(self, address: int) -> bool:
        return self.start <= address < self.end

    def __repr__(self) -> str:
        where = f"{self.start:#x}-{self.end:#x}"
        return f"Region({where} {self.perms} {self.name}, {BYTES.write(self.size)})"

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data: addresses as whole numbers, sizes in bytes."""
        return {name: getattr(self, name) for name in self.COLUMNS}


def region(found: Mapping[str, Any]) -> Region:
    """Return the record of a region as ``probes/_regions.py`` gives it."""
    private = [found.get(name) for name in ("private_clean", "private_dirty", "private_hugetlb")]
    known = [value for value in private if value is not None]
    return Region(
        found["start"],
        found["end"],
        found["perms"],
        found["kind"],
        found["path"],
        found["offset"],
        found.get("rss"),
        found.get("pss"),
        sum(known) if len(known) > 1 else None,
        found.get("private_dirty"),
        found.get("guessed", False),
        found.get("also", ()),
    )
