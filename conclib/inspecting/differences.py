"""What has changed between two looks at a process's memory: new, gone, grown, other rights.

The two lists are laid over each other. What is only in the later one is new; but where it touches a
part of the same region that was there before, it is *growth*, and at which edge it lies is its
direction: that is measured, and follows from no rule about heaps and stacks.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from conclib.inspecting.region import LIBRARY, Region
from conclib.inspecting.space_text import SCHEMA, title
from conclib.results.quantity import BYTES
from conclib.results.tables import table
from conclib.results.wording import printable

if TYPE_CHECKING:
    import pandas

    from conclib.inspecting.space import AddressSpace

NEW, GONE, GREW, SHRANK, RIGHTS = "new", "gone", "grew", "shrank", "rights"
UP, DOWN = "up", "down"
SAME = "nothing has changed in its list of regions"


@dataclass(frozen=True)
class Change:
    """One change.

    Attributes:
        what: ``"new"``, ``"gone"``, ``"grew"``, ``"shrank"`` or ``"rights"``.
        start, end: the addresses that came, went, or have other rights now.
        region: the region as it is now; of what is gone, as it was.
        direction: where an edge moved: ``"up"`` or ``"down"``; else empty.
        perms_before: the rights that it had, where these have changed.
    """

    what: str
    start: int
    end: int
    region: Region
    direction: str = ""
    perms_before: str = ""

    @property
    def size(self) -> int:
        """How many bytes came, went, or have other rights."""
        return self.end - self.start

    @property
    def text(self) -> str:
        """It in words."""
        size, name = BYTES.write(self.size), self.region.name
        if self.what == GREW:
            return f"{name} grew {self.direction} by {size}"
        if self.what == SHRANK:
            return f"{name} shrank by {size}: an edge moved {self.direction}"
        if self.what == RIGHTS:
            return f"rights of {size} of {name}: {self.perms_before}, now {self.region.perms}"
        return f"{name} is {self.what}: {size}"

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        region = {"kind": self.region.kind, "path": self.region.path, "perms": self.region.perms}
        named = ("what", "start", "end", "size", "direction", "perms_before")
        return {**{name: getattr(self, name) for name in named}, **region}


@dataclass(frozen=True)
class Difference:
    """What changed between two looks; ``changes`` are in order of address."""

    before: "AddressSpace"
    after: "AddressSpace"
    changes: tuple[Change, ...]

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def of(self, what: str) -> tuple[Change, ...]:
        """Return the changes of one sort: ``difference.of("grew")``."""
        return tuple(each for each in self.changes if each.what == what)

    @property
    def totals(self) -> dict[str, int | None]:
        """By how many bytes each total changed; ``None`` where one of the two is not known."""
        before, after = vars(self.before.totals), vars(self.after.totals)
        return {name: _by(before[name], now) for name, now in after.items()}

    @property
    def text(self) -> str:
        """All of it in words, a line for each change."""
        totals = ", ".join(f"{name.upper()} {_signed(by)}" for name, by in self.totals.items())
        lines = ["  ".join(row) for row in _rows(self.changes)]
        return "\n".join([f"{self._who()}: {totals}", *(lines or [SAME])])

    def _who(self) -> str:
        one, other = title(self.before), title(self.after)
        return one if one == other else f"{one}, then {other}"

    def __repr__(self) -> str:
        return f"{self._who()}: {'; '.join(each.text for each in self.changes[:4]) or SAME}" + (
            f"; and {len(self.changes) - 4} more" if len(self.changes) > 4 else ""
        )

    def _repr_html_(self) -> str:
        rows = _rows(self.changes)
        totals = [(name.upper(), _signed(by)) for name, by in self.totals.items()]
        changed = table("", (), rows) if rows else f"<p>{escape(SAME)}.</p>"
        return table(self._who(), (), totals) + changed

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data: addresses as whole numbers, sizes in bytes."""
        changes = [each.to_json() for each in self.changes]
        return {"schema": SCHEMA, "pid": self.after.pid, "changes": changes, "totals": self.totals}

    def to_frame(self) -> "pandas.DataFrame":
        """Return one row for each change."""
        import pandas

        columns = ("what", "direction", "start", "end", "size", "kind", "perms_before", "perms")
        rows = [each.to_json() for each in self.changes]
        return pandas.DataFrame(rows, columns=list(columns))


def _rows(changes: Sequence[Change]) -> list[tuple[str, str]]:
    """Return addresses and words of the changes; a library that came or went is one row."""
    groups: list[list[Change]] = []
    for each in changes:
        last = groups[-1][0] if groups else None
        if last is not None and _goes_with(each, last, groups[-1][-1]):
            groups[-1].append(each)
        else:
            groups.append([each])
    return [(f"{group[0].start:x}-{group[-1].end:x}", _words(group)) for group in groups]


def _goes_with(each: Change, first: Change, last: Change) -> bool:
    libraries = each.region.kind == first.region.kind == LIBRARY
    same = each.region.path in ("", first.region.path) and each.what == first.what in (NEW, GONE)
    return libraries and same and each.start == last.end


def _words(group: Sequence[Change]) -> str:
    if len(group) == 1:
        return group[0].text
    first, size = group[0], BYTES.write(sum(each.size for each in group))
    file = printable(first.region.path.rpartition("/")[2])
    return f"{first.region.kind} {file} is {first.what}: {len(group)} regions, {size}"


def _by(before: int | None, now: int | None) -> int | None:
    return None if before is None or now is None else now - before


def _signed(by: int | None) -> str:
    if by is None:
        return "not known"
    return f"{'+' if by > 0 else '-' if by < 0 else '±'}{BYTES.write(abs(by))}"


def changes(old: Sequence[Region], new: Sequence[Region]) -> tuple[Change, ...]:
    """Return the changes from one list of regions to another, in order of address.

    Args:
        old, new: the regions of two looks, each in order of address.
    """
    found = [
        Change(RIGHTS, start, end, now, perms_before=was.perms)
        for now in new
        for start, end, was in _kept(now, old)
        if was.perms != now.perms
    ]
    for region in new:
        found += _parts_alone(region, old, NEW, GREW, {"above": UP, "below": DOWN})
    for region in old:  # what goes at the upper edge moves that edge down
        found += _parts_alone(region, new, GONE, SHRANK, {"above": DOWN, "below": UP})
    return tuple(sorted(found, key=lambda each: (each.start, each.what)))


def _kept(region: Region, others: Sequence[Region]) -> list[tuple[int, int, Region]]:
    """Return the parts of a region that are the same thing in another list, from where to where."""
    first = max(bisect_right(others, region.start, key=lambda each: each.start) - 1, 0)
    found = []
    for each in others[first:]:
        if each.start >= region.end:
            break
        if each.end > region.start and _same_thing(region, each):
            found.append((max(region.start, each.start), min(region.end, each.end), each))
    return found


def _same_thing(one: Region, other: Region) -> bool:
    """Whether the same file, at the same place of it, or the same sort of plain memory."""
    if one.path.startswith("/") or other.path.startswith("/"):
        return one.path == other.path and one.start - one.offset == other.start - other.offset
    return one.path == other.path and bool(one.part) == bool(other.part)


def _parts_alone(
    region: Region, others: Sequence[Region], all_of_it: str, an_edge: str, moved: dict[str, str]
) -> Iterator[Change]:
    """Yield what of a region is not in another list.

    Args:
        all_of_it, an_edge: what a change is called if all of it is alone, or what lies at an edge.
        moved: where the edge moved, if what is alone lies above what is in both, or below.
    """
    kept = [(start, end) for start, end, _ in _kept(region, others)]
    reached = region.start
    for start, end in [*kept, (region.end, region.end)]:
        if start > reached:
            above, below = reached > region.start, start < region.end
            edge = above != below  # what lies between two that are kept is at no edge
            direction = moved["above" if above else "below"] if edge else ""
            yield Change(an_edge if edge else all_of_it, reached, start, region, direction)
        reached = max(reached, end)
