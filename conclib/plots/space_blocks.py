"""The regions of a process as blocks of a picture: few enough to read, in true order.

A Python process has some hundred regions, most of them parts of libraries. Neighbours are put
together, step by step, until the picture fits: the parts of one library first; then libraries and
files; then the small regions between them; threads' stacks; in the end all but the program's
own segments. What is marked stays alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from conclib.results.quantity import BYTES
from conclib.results.wording import printable

FILES = ("shared library", "file")
# Of these a picture keeps each, however many regions there are.
SEGMENTS = ("text", "read-only data", "data", "bss", "heap", "stack")
SMALL = 2**18  # bytes; less may go with its neighbours
NEAR = 2**20  # bytes; a gap that is smaller is no gap in the picture
MAX_BLOCKS, MAX_KINDS = 18, 3
FAR = 2**64  # no gap is as large
SAME, NEW, GONE = "same", "new", "gone"


@dataclass(frozen=True)
class Block:
    """Neighbouring regions that are drawn as one.

    Attributes:
        start, end: the first address, and the first one behind.
        kinds: what they are for, each kind once.
        perms: their rights, each once.
        files: the files behind them, each once, without their folders.
        size, rss: bytes of addresses, and of memory; ``rss`` is ``None`` where not known.
        count: how many regions they are.
        part: of a single one of a library: text, read-only data, data or bss.
        also: of a single one, what begins within its last page.
        lines: more to say about it, each a line.
        status: ``""``, or what became of it: ``"new"``, ``"gone"``, ``"grew"`` ...
        direction: ``"up"`` or ``"down"`` for what grew or shrank at that edge.
    """

    start: int
    end: int
    kinds: tuple[str, ...]
    perms: tuple[str, ...]
    files: tuple[str, ...] = ()
    size: int = 0
    rss: int | None = None
    count: int = 1
    part: str = ""
    also: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    status: str = ""
    direction: str = ""

    @property
    def kind(self) -> str:
        """The kind that it is drawn as: the first that is no small matter."""
        return self.kinds[0]

    @property
    def name(self) -> str:
        """What it is, in bold beside it."""
        before = "as before: " if self.status == SAME else ""
        more = len(self.kinds) - MAX_KINDS
        shown = self.kinds if more == 1 else self.kinds[:MAX_KINDS]
        others = f" and {more} other kinds" if more > 1 else ""
        if len(self.files) > 1:
            return f"{before}{', '.join(shown)}{others}: {len(self.files)} files"
        parts = [self.part] if self.part not in ("", self.kind) else []
        inside = f": {', '.join([*parts, *self.also])}" if parts else ""
        kinds = shown if parts else (*shown, *self.also)
        return f"{before}{', '.join(kinds)}{others}{inside}"

    @property
    def detail(self) -> str:
        """Rights, size, what is in memory, file: small beside it."""
        count = f"{self.count:,} regions, " if self.count > 1 else ""
        rights = " ".join(self.perms[:4])
        held = "" if self.rss is None else f", {BYTES.write(self.rss)} in memory"
        file = f", {self.files[0]}" if len(self.files) == 1 else ""
        apart = ", free addresses between" if self.end - self.start - self.size >= NEAR else ""
        return f"{count}{rights}, {BYTES.write(self.size)}{held}{apart}{file}"


def block(region: Any) -> Block:
    """Return one region as a block.

    Args:
        region: a record with ``start``, ``end``, ``perms``, ``kind``, ``path`` and ``rss``, or a
            mapping with these keys, as a probe reports it.

    Raises:
        ValueError: one of the first four is missing.
    """
    start, end, perms, kind = (value(region, name) for name in ("start", "end", "perms", "kind"))
    if None in (start, end, perms, kind):
        raise ValueError("region: needs start, end, perms and kind, such as those of cl.inspect()")
    path = value(region, "path") or ""
    named = path.startswith("/") and kind != "shared memory"
    file = (printable(path.rpartition("/")[2]),) if named else ()
    return Block(
        start, end, (kind,), (perms,), file, end - start, value(region, "rss"),
        part=value(region, "part") or "", also=tuple(value(region, "also") or ()),
    )  # fmt: skip


def value(region: Any, name: str) -> Any:
    """Return one value of a region, be it a record or a mapping; ``None`` if it has none."""
    if isinstance(region, Mapping):
        return region.get(name)
    return getattr(region, name, None)


def blocks(regions: Iterable[Any], apart: Sequence[int] = ()) -> list[Block]:
    """Return the blocks of a picture, lowest address first.

    Args:
        regions: all of a process; see :func:`block`.
        apart: addresses whose regions shall stay alone.
    """
    single = of_libraries(sorted(map(block, regions), key=lambda each: each.start))
    alone = {each for each in single for address in apart if each.start <= address < each.end}
    found = single
    for fits in (_same_segment, _same_file, _files, _small, _stacks, _plain, _not_segments):
        found = _joined(found, alone, fits)
        if len(found) <= MAX_BLOCKS:
            break
    return found if len(found) <= 2 * MAX_BLOCKS else _joined(found, alone, _not_segments, FAR)


def of_libraries(found: list[Block]) -> list[Block]:
    """Return the blocks with the BSS of each library named after the library below it."""
    named: list[Block] = []
    for each in found:
        below = named[-1].files if named and named[-1].end == each.start else ()
        bss = each.kind == "shared library" and not each.files
        named.append(replace(each, files=below) if bss else each)
    return named


def in_few(found: list[Block]) -> list[Block]:
    """Return blocks with a status in a picture's number, those of one status put together."""
    for near in (NEAR, FAR):
        if len(found) > 2 * MAX_BLOCKS:
            found = _joined(found, set(), _same_fate, near)
    return found


def _same_fate(one: Block, other: Block) -> bool:
    return one.status == other.status and one.status in (SAME, NEW, GONE)


def _joined(
    found: list[Block],
    alone: set[Block],
    fits: Callable[[Block, Block], bool],
    near: int = NEAR,
) -> list[Block]:
    joined: list[Block] = []
    for each in found:
        last = joined[-1] if joined else None
        free = last is not None and each not in alone and last not in alone
        if last is not None and free and each.start - last.end < near and fits(last, each):
            joined[-1] = together([last, each])
        else:
            joined.append(each)
    return joined


def together(several: Sequence[Block]) -> Block:
    """Return neighbouring blocks as one; what its largest one is, it is drawn as."""
    held = [each.rss for each in several if each.rss is not None]
    ordered = sorted(several, key=lambda each: -each.size)
    return replace(
        several[0],
        end=several[-1].end,
        kinds=_each_once(kind for each in ordered for kind in each.kinds),
        perms=_each_once(perms for each in several for perms in each.perms),
        files=_each_once(file for each in several for file in each.files),
        size=sum(each.size for each in several),
        rss=sum(held) if held else None,
        count=sum(each.count for each in several),
        part="",
        also=(),
    )


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _same_segment(one: Block, other: Block) -> bool:
    return one.kinds == other.kinds and one.kind in SEGMENTS and one.end == other.start


def _same_file(one: Block, other: Block) -> bool:
    libraries = one.kind == other.kind == "shared library"
    return libraries and (one.files == other.files or not other.files)


def _files(one: Block, other: Block) -> bool:
    return set(one.kinds + other.kinds) <= set(FILES)


def _small(one: Block, other: Block) -> bool:
    def goes_along(each: Block) -> bool:
        return set(each.kinds) & set(FILES) != set() or (
            each.size <= SMALL and not set(each.kinds) & {*SEGMENTS, "thread stack", "guard"}
        )

    return goes_along(one) and goes_along(other)


def _stacks(one: Block, other: Block) -> bool:
    return set(one.kinds + other.kinds) <= {"thread stack", "guard"}


def _plain(one: Block, other: Block) -> bool:
    return set(one.kinds + other.kinds) <= {"anonymous", "reserved", "shared memory"}


def _not_segments(one: Block, other: Block) -> bool:
    return not set(one.kinds + other.kinds) & set(SEGMENTS)
