"""The verbs that only chapter 00 needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conclib.lesson.showing.shown import Shown, show, table_html, table_text
from conclib.results import Measurement, Run, statistics
from conclib.results.quantity import RATIO, TIME, Quantity

if TYPE_CHECKING:
    from conclib.plots import Picture


@dataclass(frozen=True, repr=False)
class Steadiness(Shown):
    """The same work, timed again and again.

    Attributes:
        rounds_ns: how long each round took.
        sentence: what they say.
    """

    rounds_ns: tuple[float, ...]
    sentence: str
    picture: "Picture | None" = field(default=None, repr=False, compare=False)

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
        "noise", "The same work", {}, seen.host, seen.runtime, "one round of the same additions",
        (Run(times, ()),), source=seen.source, date=seen.date,
    )  # fmt: skip
    note = f" ({seen.origin})" if seen.source == "recorded" else ""
    picture = in_order(item, title=f"The same work, again and again: the same time?{note}")
    return show(Steadiness(times, steadiness_sentence(times) + note, picture))


@dataclass(frozen=True, repr=False)
class ThreeNumbers(Shown):
    """Three numbers that could each stand for all values of a measurement.

    Attributes:
        numbers: the smallest, the median and the mean, baseline subtracted, as in a picture.
        quantity: what they are numbers of.
    """

    numbers: Mapping[str, float]
    quantity: Quantity

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Each with its name."""
        return [(name, self.quantity.write(value)) for name, value in self.numbers.items()]

    def text(self) -> str:
        """Return them as a table."""
        return table_text([("number", "value"), *self.rows])

    def html(self) -> str:
        """Return the same for a notebook."""
        return table_html([("number", "value"), *self.rows])


def three_numbers(item: Measurement) -> ThreeNumbers:
    """Show the smallest, the median and the mean of a measurement's values, beside each other.

    Args:
        item: what ``cl.measure`` gave.

    Raises:
        TypeError: no measurement.
    """
    if not isinstance(item, Measurement):
        raise TypeError(f"item={type(item).__name__}: must be what cl.measure gave")
    values = item.net_values  # those of the picture above it
    mean = sum(values) / item.n
    numbers = {
        "the smallest": min(values),
        "the median": statistics.median(values),
        "the mean": mean,
    }
    return show(ThreeNumbers(numbers, item.quantity))


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
