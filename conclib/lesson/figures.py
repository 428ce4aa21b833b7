"""The picture that fits a result, and two ready-made experiments of chapters 00 and 04."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conclib.lab import machines
from conclib.lesson.shown import Shown, show
from conclib.results import Measurement, Measurements, Run, arguments, statistics
from conclib.results.quantity import RATIO, TIME

KINDS = ("spread", "order", "size", "side by side", "dial")
DIAL = {
    "no flag: a fork": "",
    "files": "files",
    "fs": "fs",
    "vm": "vm",
    "vm + sighand": "vm sighand",
    "all flags: a thread": "vm fs files sighand thread",
}


@dataclass(frozen=True, repr=False)
class Plotted(Shown):
    """A picture that puts itself on the page; ``picture`` has its text, table and PNG."""

    picture: Any = None

    def text(self) -> str:
        """Return the picture's facts in words."""
        return self.picture.alt

    def _put_on_page(self) -> None:
        from IPython.display import display

        display(self.picture)


def plot(result: Any, kind: str | None = None, *, title: str | None = None) -> Any:
    """Return the picture of a result.

    Args:
        result: what ``measure``, ``measure_many`` or ``sweep`` gave, or several sweeps by label.
        kind: ``"spread"`` (every value), ``"order"`` (as they came), ``"size"`` (against the
            parent's memory), ``"side by side"``, ``"dial"``; chosen by the result if not given.
        title: the question that the picture answers.

    Returns:
        The picture; it shows itself, and carries the same facts as text and as a table.

    Raises:
        TypeError, ValueError: no result, or a kind that does not fit it.
    """
    from conclib import plots

    if not isinstance(result, Measurement) and not (isinstance(result, Mapping) and result):
        raise TypeError(f"result={type(result).__name__}: must be what cl.measure or its kin gave")
    chosen = fitting(result) if kind is None else arguments.choice("kind", kind, KINDS)
    if chosen == "order" and not isinstance(result, Measurement):
        raise TypeError("result: the order of values can be shown for one measurement only")
    draw = {
        "spread": plots.distribution,
        "order": plots.in_order,
        "size": plots.against_size,
        "side by side": plots.bars,
        "dial": plots.dial,
    }[chosen]
    return show(Plotted(draw(result, **({"title": title} if title else {}))))


def fitting(result: Any) -> str:
    """Return the kind of picture that fits a result."""
    if isinstance(result, Measurement):
        return "spread"
    items = list(result.values())
    if all(isinstance(item, Measurements) for item in items):
        return "size"
    if getattr(result, "varied", None) == "ballast_mb":
        return "size"
    return "dial" if all(item.probe == "clone" for item in items) else "side by side"


def clone_dial(*, ballast_mb: int = 128, budget: float = 1.5) -> Measurements:
    """Measure ``clone`` with its flags turned one by one, beside a parent of this size.

    All on one CPU: without that, some of the settings wake another CPU and others do not, and that
    costs more than most flags do.

    Args:
        ballast_mb: the parent's touched memory in MB, 0 to 1024.
        budget: seconds of measuring for all settings together, 0.01 to 60.
    """
    from conclib import lab

    settings = {label: ("clone", dict.fromkeys(flags.split(), 1)) for label, flags in DIAL.items()}
    return lab.measure_many(settings, ballast_mb=ballast_mb, budget=budget, cpu="one")


@dataclass(frozen=True, repr=False)
class Steadiness(Shown):
    """The same work, timed again and again.

    Attributes:
        rounds_ns: how long each round took.
        sentence: what they say.
    """

    rounds_ns: tuple[float, ...]
    sentence: str
    picture: Any = field(default=None, repr=False, compare=False)

    def text(self) -> str:
        """Return the sentence."""
        return self.sentence


def same_work(*, rounds: int = 400) -> Steadiness:
    """Do exactly the same work many times, in a worker, and show how long each round took.

    Args:
        rounds: how often, 20 to 5000.
    """
    from conclib import lab
    from conclib.plots import in_order

    seen = lab.observe("noise", rounds=rounds)
    times = tuple(map(float, seen.facts["rounds_ns"]))
    item = Measurement(
        probe="noise", title="The same work", times="one round of the same additions", params={},
        runs=(Run(times, ()),), machine=machines.record(),
    )  # fmt: skip
    note = f" ({seen.origin})" if seen.source == "recorded" else ""
    picture = in_order(item, title=f"The same work, again and again: the same time?{note}")
    return show(Steadiness(times, steadiness_sentence(times) + note, picture))


def steadiness_sentence(times: tuple[float, ...]) -> str:
    """Say how far apart the rounds were; a branch for a steady machine and one for a noisy one."""
    best, worst = min(times), max(times)
    middle = statistics.median(times)
    different = len(set(times))
    head = (
        f"{len(times)} rounds of the same work gave {different} different times. "
        f"Fastest {TIME.write(best)}, middle {TIME.write(middle)}, slowest {TIME.write(worst)}"
    )
    if worst < best * 1.1:
        return f"{head}: this machine is very steady at the moment. Run it again while it is busy."
    return f"{head}, {RATIO.write(worst / best)} the fastest. Nothing in the code explains that."
