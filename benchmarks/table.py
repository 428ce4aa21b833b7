"""A row of results, its verdict, and the page on which the rows stand.

A row that could not be measured is *not* met: a target that nobody has tried was not reached.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.rounds import middle, spread

PAGE = Path(__file__).with_name("README.md")

HEAD = """\
# Benchmarks

`make bench` measures what conclib promises about itself and writes this page. It takes about a
minute and a half, wants the machine for itself, and fails when a target is missed. Do not edit the
page: its words stand in `benchmarks/table.py`.

**Floors.** `floor.c` does what three probes do, in C, and reads the clock at the same places: a
thread made, run and joined; the call of `fork` beside private memory in 4 kB pages; `posix_spawn`
of `true` until it is collected, beside 64 MB. On both sides an empty call of `getpid` is timed in
the same way and subtracted. Probe and floor run interleaved, each in a fresh process pinned to the
same CPU, sampled by the same rule. A result is the median over the rounds of the ratio *within* a
round. What `fork` costs per megabyte is the slope between two sizes of the
parent, so what Python's own memory adds does not count in it.

**A worker** is timed from before it is asked for to its message that it is ready; the slowest and
the largest of four probes count. `import conclib` is a whole `python -c` minus a bare one, and the
difference of their peak resident memory.

**A map.** A process with a thousand mappings and a thread is stopped and inspected. Its figures are
held against those of `pmap -XX`, `smaps_rollup` and psutil, where they measure the same thing.

**A crash.** One of four threads, and one of four processes, follows a null pointer. Timed is from
the fault, noted by the one that meets it, until the observer beside them has seen its end; and the
whole call. Of each the slowest counts.

**Time to an answer.** The same thread probe, the very same body, in `measure` with its defaults
and under pyperf with its defaults, both pinned. pyperf always takes its 60 values from 20
processes, and gets a narrower interval for it. That whole run is not what we compare with: counted
is only its time up to the first moment at which its values gave the distribution-free interval of
the median that `measure` had reached. The result says how long the whole run took, and both
half-widths.
"""


@dataclass(frozen=True)
class Row:
    """One target and what became of it; ``met`` is the verdict."""

    name: str
    target: str
    result: str
    spread: str
    met: bool

    def line(self) -> str:
        """Return it as a line of the table."""
        cells = (self.name, self.target, self.result, self.spread, "yes" if self.met else "**no**")
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def near_floor(name: str, ratios: Sequence[float], detail: str, within: float = 0.10) -> Row:
    """Return the row of a probe beside its floor.

    Too far *below* the floor is a miss too: nothing in Python does this faster than C, so such a
    probe would time something else.
    """
    ratio = middle(ratios)
    return Row(
        name=name,
        target=f"within {within * 100:g} % of C",
        result=f"{ratio:.2f} × C ({detail})",
        spread=spread(ratios),
        met=abs(ratio - 1) <= within,
    )


def below(
    name: str,
    values: Sequence[float],
    limit: float,
    unit: str,
    detail: str = "",
    *,
    of: Callable[[Sequence[float]], float] | None = None,
) -> Row:
    """Return the row of something that must stay below a limit.

    Args:
        of: which of the values must: the median, or ``max`` for each of them.
    """
    value = (of or middle)(values)
    note = f" ({detail})" if detail else ""
    return Row(
        name=name,
        target=f"below {limit:g} {unit}",
        result=f"{value:.1f} {unit}{note}",
        spread=spread(values, "{:.1f}"),
        met=value < limit,
    )


def at_least(name: str, ratios: Sequence[float], limit: float, detail: str) -> Row:
    """Return the row of something that must be so many times quicker than something else."""
    ratio = middle(ratios)
    return Row(
        name=name,
        target=f"at least {limit:g} times quicker",
        result=f"{ratio:.0f} times ({detail})",
        spread=spread(ratios, "{:.0f}"),
        met=ratio >= limit,
    )


def not_measured(name: str, reason: str) -> Row:
    """Return the row of what could not be tried here, and why."""
    return Row(name, "–", f"not measured: {reason}", "–", met=False)


def page(rows: Sequence[Row], machine: str, date: str, how: str) -> str:
    """Return the whole page.

    Args:
        machine: a machine's label, never a host name.
        date: ISO 8601.
        how: what else stood behind the numbers, as a sentence without its full stop.
    """
    lines = [
        HEAD,
        "## Results",
        "",
        f"{machine}; {date}. {how}.",
        "",
        "| what | target | result | spread | met |",
        "|---|---|---|---|---|",
        *(row.line() for row in rows),
        "",
    ]
    return "\n".join(lines)


def update(new: str) -> None:
    """Write these sections to the page and leave its others as they are."""
    old = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    PAGE.write_text(updated(old, new), encoding="utf-8")


def sections(text: str) -> dict[str, str]:
    """Return a page's sections by their headings; what stands before the first is under ""."""
    found, heading = {"": ""}, ""
    for line in text.splitlines(keepends=True):
        if line.startswith("## "):
            heading = line.strip()
            found[heading] = ""
        found[heading] += line
    return found


def updated(old: str, new: str) -> str:
    """Return the old page with the sections of the new one in place of its own, or after them.

    ``make bench`` and ``make soak`` each write some sections of one page.
    """
    merged = {**sections(old), **{name: text for name, text in sections(new).items() if text}}
    return "\n".join(text.rstrip("\n") + "\n" for text in merged.values() if text)
