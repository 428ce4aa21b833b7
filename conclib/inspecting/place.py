"""Where an address lies in a process: in which region, in which section of which file."""

from dataclasses import dataclass

from conclib.inspecting.region import LIBRARY, Region
from conclib.probes import _regions
from conclib.results.wording import printable

# What the sections that every program has are for; a page may hold the end of one and the
# beginning of another, so an address is named more exactly than its region.
KINDS = {
    ".text": "text",
    ".init": "text",
    ".fini": "text",
    ".plt": "text",
    ".rodata": "read-only data",
    ".eh_frame": "read-only data",
    ".data": "data",
    ".bss": "bss",
}


@dataclass(frozen=True)
class Place:
    """An address of a process, and what lies there.

    Attributes:
        address: the address.
        region: the region that holds it; ``None`` where nothing may be touched.
        section: the name of the section of the file, such as ``".bss"``; ``None`` where it is in
            none, or the file cannot be read.
        file: the program's or library's file that it belongs to; empty if to none.
    """

    address: int
    region: Region | None = None
    section: str | None = None
    file: str = ""

    @property
    def kind(self) -> str:
        """What it is for: the region's kind, told more exactly by the section; or ``"nothing"``."""
        if self.region is None:
            return "nothing"
        if not self.section or self.region.kind == LIBRARY:
            return self.region.kind
        if self.region.path != self.file and _regions.is_library(self.file):
            return LIBRARY  # its BSS, which Linux has joined with other memory
        return KINDS.get(self.section, self.region.kind)

    @property
    def part(self) -> str:
        """Of a program or a library: text, read-only data, data or bss; else empty."""
        return KINDS.get(self.section or "", self.region.part if self.region else "")

    @property
    def text(self) -> str:
        """All of it in one sentence."""
        if self.region is None:
            return f"{self.address:#x} lies in no region: who touches it is ended by SIGSEGV"
        part = f", {self.part}" if self.part not in ("", self.kind) else ""
        section = f", section {self.section}" if self.section else ""
        file = f" of {printable(self.file)}" if self.file else ""
        return f"{self.address:#x} lies in: {self.kind}{part}{section}{file} ({self.region.perms})"

    def __repr__(self) -> str:
        return self.text
