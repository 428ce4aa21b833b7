"""What a process holds of memory altogether, on the four scales that are in use."""

from collections.abc import Iterable
from dataclasses import dataclass

from conclib.inspecting.region import Region
from conclib.probes import _proc
from conclib.results.quantity import BYTES

SUMMED = (
    "smaps_rollup, with Linux's own sums, cannot be read here: PSS is summed over the regions, and "
    "may be too small by less than 1 kB for each of them"
)
NO_SHARES = "smaps cannot be read here, so nobody says what is shared: PSS and USS are not known"
UNKNOWN = "not known"
OUTSIDE = "[vsyscall]"  # Linux lists it for every process, and counts it for none


@dataclass(frozen=True)
class Totals:
    """Bytes of memory of one process; ``None`` where the system does not say.

    Attributes:
        vms: all addresses that it may use, touched or not.
        rss: what of it is in memory, shared or not.
        pss: the same, each page divided by how many processes hold it.
        uss: what only this process holds: what its end would free.
    """

    vms: int | None = None
    rss: int | None = None
    pss: int | None = None
    uss: int | None = None

    @property
    def text(self) -> str:
        """All four in words."""
        return ", ".join(f"{name.upper()} {written(value)}" for name, value in vars(self).items())


def written(value: int | None) -> str:
    """Return bytes as a person would write them; ``"not known"`` for ``None``."""
    return UNKNOWN if value is None else BYTES.write(value)


def summed(regions: Iterable[Region], name: str) -> int | None:
    """Return the sum of one figure over regions, in bytes; ``None`` if it is known of none."""
    known = [value for each in regions if (value := getattr(each, name)) is not None]
    return sum(known) if known else None


def totals(
    regions: tuple[Region, ...], rollup: str, statm: str, page: int
) -> tuple[Totals, tuple[str, ...]]:
    """Return a process's totals, and what has to be said about them.

    Args:
        regions: its regions, in order.
        rollup: the text of its ``smaps_rollup``; empty if it could not be read.
        statm: the text of its ``statm``; empty if it could not be read.
        page: bytes of a page.
    """
    sizes = sum(each.size for each in regions if each.path != OUTSIDE)
    pages = [int(word) * page for word in statm.split()]
    vms, resident = (pages[0], pages[1]) if len(pages) > 1 else (sizes, None)
    if sums := _rolled_up(rollup):
        return Totals(vms, sums["Rss"], sums["Pss"], sums["private"]), ()
    found = [summed(regions, name) for name in ("rss", "pss", "private")]
    if found[0] is None:
        return Totals(vms, resident), (NO_SHARES,) if regions else ()
    return Totals(vms, *found), (SUMMED,)


def _rolled_up(text: str) -> dict[str, int]:
    """Return Linux's own sums in bytes, with all that is private together; nothing of no text."""
    numbers = _proc.key_numbers(text)
    if not {"Rss", "Pss", "Private_Clean", "Private_Dirty"} <= set(numbers):
        return {}
    private = ("Private_Clean", "Private_Dirty", "Private_Hugetlb")
    sums = {"private": sum(numbers.get(name, 0) for name in private)}
    return {name: value * 1024 for name, value in {**numbers, **sums}.items()}
