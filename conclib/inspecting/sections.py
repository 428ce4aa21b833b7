"""The sections of a program's file: which part of the data is ``.data``, which is ``.bss``.

Linux loads a program in pages, and knows rights alone. Where within a page the variables that start
with a value end, and those that start at 0 begin, only the program's file says: its linker has
written a table of sections into it (see ``man elf``). pyelftools reads it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from stat import S_ISREG
from typing import Any

from conclib.inspecting.region import Region
from conclib.probes import _elf

LOADED, THREADS = 0x2, 0x400  # flags of a section: in memory; a pattern for each thread's own copy


@dataclass(frozen=True)
class Section:
    """A named part of a program: from which address on, counted as the file counts, how long."""

    name: str
    start: int
    size: int

    def __contains__(self, address: int) -> bool:
        return self.start <= address < self.start + self.size


def sections(path: str) -> tuple[Section, ...]:
    """Return the sections of a program or library that are loaded, in order; of no such file, none.

    Args:
        path: where the file lies.
    """
    try:
        state = Path(path).stat()
    except OSError:
        return ()
    if not S_ISREG(state.st_mode):  # opening a pipe would wait for ever
        return ()
    return _read(path, (state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns))


@lru_cache(maxsize=64)
def _read(path: str, _: tuple[int, ...]) -> tuple[Section, ...]:
    """Read a file's sections, once for each file as it is now."""
    from elftools.common.exceptions import ELFError
    from elftools.elf.elffile import ELFFile

    try:
        with Path(path).open("rb") as file:
            found = [(each.name, each.header) for each in ELFFile(file).iter_sections()]
    except (OSError, ELFError, ValueError):
        return ()
    kept = [
        Section(name, header["sh_addr"], header["sh_size"])
        for name, header in found
        if header["sh_flags"] & LOADED and not _pattern(header)
    ]
    return tuple(sorted(kept, key=lambda each: each.start))


def _pattern(header: Any) -> bool:
    """Whether a section takes no addresses: each thread gets a copy of it elsewhere."""
    return bool(header["sh_flags"] & THREADS) and header["sh_type"] == "SHT_NOBITS"


def owner(regions: Sequence[Region], at: int) -> str:
    """Return the path of the file that a region belongs to; empty for none.

    Behind BSS there is no file: it lies directly above the data of its own.

    Args:
        regions: all of a process, in order of address.
        at: the index of the region in question.
    """
    while at > 0 and not regions[at].path and regions[at - 1].end == regions[at].start:
        at -= 1
    return regions[at].path if regions[at].path.startswith("/") else ""


def section_at(address: int, regions: Sequence[Region], path: str, file: str) -> Section | None:
    """Return the section that holds an address; ``None`` where none does, or none can be read.

    Args:
        address: of the living process.
        regions: all of it, in order of address.
        path: the program or library, as the regions name it.
        file: where its file can be read now.
    """
    added = loaded_at(address, regions, path, _elf.loads(file))
    if added is None:
        return None
    return next((each for each in sections(file) if address - added in each), None)


def loaded_at(
    address: int, regions: Sequence[Region], path: str, parts: Sequence[dict[str, int]]
) -> int | None:
    """Return what Linux added to a file's addresses where it loaded it; ``None`` if nowhere.

    The first part of a file may begin at offset 0, and so may a later one that shares a page with
    it. So of all regions that could be the beginning, the lowest one counts from which on the whole
    file, as long as it is in memory, reaches the address.

    Args:
        address: of the living process.
        regions: all of it, in order of address.
        path: the program or library, as the regions name it.
        parts: the loaded parts of its file, as ``_elf.loads`` returns them.
    """
    if not parts:
        return None
    lowest = parts[0]["address"] - parts[0]["offset"]
    length = max(each["address"] + each["size"] for each in parts) - lowest
    for each in regions:
        if each.path == path and each.offset == 0 and each.start <= address < each.start + length:
            return each.start - lowest
    return None
