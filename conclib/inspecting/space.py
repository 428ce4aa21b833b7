"""The address space of a living process: all its regions, what they hold, and its tasks."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conclib.inspecting import sections, space_text
from conclib.inspecting.differences import Difference, changes
from conclib.inspecting.place import Place
from conclib.inspecting.process_files import PROC, mapped
from conclib.inspecting.region import Region
from conclib.inspecting.tasks import Task
from conclib.inspecting.totals import Totals
from conclib.results import arguments

if TYPE_CHECKING:
    import pandas

LAST = 2**64 - 1  # the largest address


@dataclass(frozen=True)
class AddressSpace:
    """What the system keeps of a process's memory, at one moment.

    Attributes:
        pid: the process's number; ``name`` what it is called.
        regions: in order of address.
        totals: bytes on four scales.
        tasks: its threads.
        program: the file that it runs; empty where that is not shown.
        notes: what to know about how it was read.
        proc: where ``/proc`` was.
    """

    pid: int
    regions: tuple[Region, ...]
    totals: Totals
    tasks: tuple[Task, ...]
    name: str = ""
    program: str = ""
    notes: tuple[str, ...] = ()
    proc: str = field(default=PROC, repr=False)

    def __iter__(self) -> Iterator[Region]:
        return iter(self.regions)

    def __len__(self) -> int:
        return len(self.regions)

    def kind(self, kind: str) -> tuple[Region, ...]:
        """Return the regions of one kind: ``space.kind("heap")``; none is an empty tuple."""
        return tuple(each for each in self.regions if each.kind == kind)

    def locate(self, address: int) -> Place:
        """Say where an address lies: in which region, and in which section of which file.

        Args:
            address: a whole number, such as ``id(thing)`` or what a C program prints with ``%p``.

        Raises:
            TypeError, ValueError: no address.
        """
        arguments.integer("address", address, 0, LAST)
        index = bisect_right(self.regions, address, key=lambda each: each.start) - 1
        if index < 0 or address not in self.regions[index]:
            return Place(address)
        region, path = self.regions[index], sections.owner(self.regions, index)
        if not path:
            return Place(address, region)
        file = mapped(path, self.pid, self.program, self.proc)
        found = sections.section_at(address, self.regions, path, file)
        if found is None and not region.path and not region.part:
            return Place(address, region)  # plain memory that happens to lie behind a library
        return Place(address, region, found.name if found else None, path)

    def difference(self, after: "AddressSpace") -> Difference:
        """Return what has changed from this moment to a later one: new, gone, grown, other rights.

        Args:
            after: the same process later, or another one, such as a child beside its parent.

        Raises:
            TypeError: not what ``cl.inspect`` gave.

        Example:
            ``before = cl.inspect(pid)``, later ``before.difference(cl.inspect(pid)).text``
        """
        if not isinstance(after, AddressSpace):
            given = f"after={type(after).__name__}"
            raise TypeError(f"{given}: must be what cl.inspect gave, such as cl.inspect(pid)")
        return Difference(self, after, changes(self.regions, after.regions))

    # How it is shown ----------------------------------------------------------------------------
    @property
    def text(self) -> str:
        """All of it in words: totals, tasks, and a line for each region."""
        return space_text.text(self)

    def __repr__(self) -> str:
        return space_text.line(self)

    def _repr_html_(self) -> str:
        return space_text.card(self)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data: addresses as whole numbers, sizes in bytes."""
        return {
            "schema": space_text.SCHEMA,
            "pid": self.pid,
            "regions": [each.to_json() for each in self.regions],
            "totals": dict(vars(self.totals)),
            "tasks": [each.to_json() for each in self.tasks],
        }

    def to_frame(self) -> "pandas.DataFrame":
        """Return one row for each region; addresses as whole numbers, sizes in bytes."""
        import pandas

        columns = (*Region.COLUMNS, "part", "dirty")
        rows = [[getattr(each, name) for name in columns] for each in self.regions]
        return pandas.DataFrame(rows, columns=list(columns))
