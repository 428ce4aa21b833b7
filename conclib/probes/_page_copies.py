"""A strip of small private pages, and what each of two processes has of it: shared, or a copy?

Two witnesses are asked of each page. ``pagemap`` says whether a process has the page alone. ``smaps``
says for each *region* how much of it is private; neighbouring pages are given different advice
(whether they belong in a core file), so that Linux keeps each of them as a region of its own.

Where a page was shared and is not any more, one of the two has a copy, and the other is left alone
with the old page. Which is which, the witnesses do not say: the copy is the one of the process that
has written to it while it was shared. To root the frames show it too.
"""

from __future__ import annotations  # a worker may be an older Python

import ctypes
from collections.abc import Iterator

from . import _accounts, _ballast, _libc, _pagemap, _proc, _refuse, _regions

PAGES = 256
SHARED, COPIED, ALONE, UNKNOWN = "s", "c", "a", "?"
NO_HUGE_PAGES, NOT_IN_CORE_FILE = 15, 16  # advice
AWAY = "some of the pages are not in memory at this moment"
STRIDE = 101  # has no factor in common with 256: spread bytes go to each page once
SIDE_BY_SIDE, SPREAD = "side by side", "spread"


def offset(number: int, spread: str, first: int = 0) -> int:
    """Return where in the strip the byte of this number is written.

    Args:
        number: from 0 on; spread: ``"side by side"``, or ``"spread"``: each in another page, and
            when all pages have one, again from the first page on.
        first: where in its page the first byte lies. Behind the strip's end its start follows.
    """
    if spread == SIDE_BY_SIDE:
        return (first + number) % (PAGES * _proc.PAGE)
    return number * STRIDE % PAGES * _proc.PAGE + (first + number // PAGES) % _proc.PAGE


def pages_of(count: int, spread: str, first: int = 0) -> list[int]:
    """Return the numbers of the pages that so many bytes are written to, in order."""
    return sorted({offset(number, spread, first) // _proc.PAGE for number in range(count)})


class Strip:
    """The pages, each written to once, until :meth:`close`."""

    def __init__(self) -> None:
        import mmap

        flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
        edges = 2  # a page at either end, which may be joined with what lies beside it
        self._all = mmap.mmap(-1, (PAGES + edges) * _proc.PAGE, flags=flags)
        start = _ballast.address_of(self._all)
        self._advise(start, len(self._all), NO_HUGE_PAGES)
        for page in range(0, PAGES + edges, 2):
            self._advise(start + page * _proc.PAGE, _proc.PAGE, NOT_IN_CORE_FILE)
        self.address = start + _proc.PAGE
        self.memory = memoryview(self._all)[_proc.PAGE : -_proc.PAGE]
        self.memory[:] = b"\x01" * len(self.memory)

    def _advise(self, address: int, size: int, advice: int) -> None:
        call = _libc.function("madvise", ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t,
                              ctypes.c_int)  # fmt: skip
        call(address, size, advice)  # a Linux without huge pages refuses; then there are none

    def close(self) -> None:
        """Give the memory back."""
        self.memory.release()
        self._all.close()

    def write(self, count: int, spread: str, first: int = 0) -> None:
        """Write so many bytes (see :func:`offset`), none of them what it was."""
        for number in range(count):
            self.memory[offset(number, spread, first)] = 2

    def read(self) -> int:
        """Read every byte; return their sum."""
        return sum(self.memory)


class Look:
    """What the two witnesses say of each page of one process, at one moment.

    Attributes:
        alone: of each page, whether this process alone has it, by pagemap; ``None`` for not known.
        dirty: the same by smaps; kb: what smaps says is private of all pages; ``None`` if not read.
        frames: the number of the frame behind each page, where Linux shows it.
    """

    def __init__(self, pid: int, address: int) -> None:
        found = _pagemap.entries(pid, address, PAGES)
        self.alone = [_pagemap.alone(each) for each in found] if found else [None] * PAGES
        self.frames = [_pagemap.frame(each) for each in found] if found else [None] * PAGES
        self.dirty, self.kb = private(smaps(pid), address)

    @property
    def pages(self) -> list[bool | None]:
        """Whether the process has each page alone: by pagemap, or by smaps where that is closed."""
        return [one if one is not None else two for one, two in _pairs(self.alone, self.dirty)]

    @property
    def agree(self) -> bool | None:
        """Whether the witnesses say the same of each page; ``None`` where one says nothing."""
        pairs = list(_pairs(self.alone, self.dirty))
        if any(None in pair for pair in pairs):
            return None
        return all(one == two for one, two in pairs)

    @property
    def how(self) -> str | None:
        """Which of the two was used; ``None`` if neither tells of any page."""
        if any(each is not None for each in self.alone):
            return "pagemap"
        return "smaps" if any(each is not None for each in self.dirty) else None


def _pairs(one: list, other: list) -> Iterator[tuple]:
    """Pair what two lists say of each page."""
    return zip(one, other)  # noqa: B905 -- also for Pythons before 3.10


def smaps(pid: int) -> str:
    """Return the text of a process's smaps; empty where it may not be read."""
    try:
        return _accounts.read(f"/proc/{pid}/smaps")
    except OSError:
        return ""


def private(text: str, address: int) -> tuple[list[bool | None], int | None]:
    """Return of each page whether it is private, and the kB that are, from the text of smaps.

    ``None`` for pages that do not lie in a region of their own or are not in memory, and where there
    is no text.
    """
    pages: list[bool | None] = [None] * PAGES
    end, total = address + PAGES * _proc.PAGE, 0
    within = [each for each in _regions.parse(text) if address <= each["start"] < end]
    for each in within:
        total += each["private_dirty"]
        if each["end"] - each["start"] == _proc.PAGE:
            known = not each.get("swap")  # of what lies on a disk it does not tell
            page = (each["start"] - address) // _proc.PAGE
            pages[page] = bool(each["private_dirty"]) if known else None
    return pages, total // 1024 if within else None


def letters(before: Look, after: Look, wrote: list[int], others: list[int]) -> str:
    """Return a letter for each page: shared, copied, alone (nobody else has it now), or unknown.

    Args:
        before: just before this process did something; after: at the end.
        wrote: the pages that it has written to; others: those that the other process has.
    """
    return "".join(
        _letter(was, now, page in wrote, page in others)
        for page, (was, now) in enumerate(_pairs(before.pages, after.pages))
    )


def _letter(was: bool | None, now: bool | None, written: bool, left: bool) -> str:
    if was is None or now is None:
        return UNKNOWN
    if not now:
        return SHARED
    if written and not was:
        return COPIED
    return ALONE if was or left else UNKNOWN


def copied(before: Look, after: Look) -> int:
    """Return how many pages were shared and are not any more, whoever wrote: each was copied once."""
    return sum((was, now) == (False, True) for was, now in _pairs(before.pages, after.pages))


def moved(before: Look, after: Look) -> list[int] | None:
    """Return the pages that lie in another frame than before; ``None`` where that is not shown."""
    if None in before.frames or None in after.frames:
        return None
    pairs = enumerate(_pairs(before.frames, after.frames))
    return [page for page, (was, now) in pairs if was != now]


def require(look: Look) -> None:
    """Refuse where neither witness may be asked, or where there is a page that neither tells of."""
    if look.how is None:
        raise _refuse.Unavailable("neither pagemap nor smaps of a process can be read here")
    if None in look.pages:
        raise _refuse.Unavailable(AWAY)


def why(looks: list[Look]) -> str | None:
    """Return why a witness is missing; ``None`` where both spoke."""
    if any(look.how != "pagemap" for look in looks):
        return "pagemap of a process cannot be read here"
    if any(None in look.alone for look in looks):
        return AWAY
    if any(None in look.dirty for look in looks):
        return "smaps of a process cannot be read here, or does not tell the pages apart"
    return None
