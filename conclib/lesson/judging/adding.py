"""What one thing adds to another: how many times, and how much more."""

from dataclasses import dataclass

from conclib.lesson.showing.shown import Shown, show
from conclib.results import Measurements, arguments
from conclib.results.quantity import TIME


@dataclass(frozen=True, repr=False)
class Added(Shown):
    """What ``dear`` adds to ``bare``.

    Attributes:
        dear, bare: the labels.
        more: nanoseconds; ``None`` where one of them is below resolution.
        sentence: the same in words, with the ratio.
    """

    dear: str
    bare: str
    more: float | None
    sentence: str

    def text(self) -> str:
        """Return the sentence."""
        return self.sentence


def adds(result: Measurements, dear: str, bare: str) -> Added:
    """Say what one measurement adds to another that was measured by turns with it.

    Args:
        result: what ``measure_many`` gave.
        dear, bare: two of its labels.

    Raises:
        TypeError, ValueError: no result of several, or a label that it does not have.
    """
    if not isinstance(result, Measurements):
        raise TypeError(f"result={type(result).__name__}: must be what cl.measure_many gave")
    for name, label in (("dear", dear), ("bare", bare)):
        arguments.choice(name, label, result)
    one, other = result[dear].net, result[bare].net
    more = None if one is None or other is None else one - other
    return show(Added(dear, bare, more, _sentence(result, dear, bare, more)))


def _sentence(result: Measurements, dear: str, bare: str, more: float | None) -> str:
    reading = result.ratio(dear, bare)
    if more is None or reading.interval is None:
        return f"{dear} and {bare} cannot be told apart from their baselines here."
    if reading.within((1.0, 1.0)).where == "across":
        return f"{dear} and {bare} cannot be told apart here: {reading.text}."
    if more < 0:
        return f"{dear} takes {TIME.write(-more)} less than {bare}: {reading.text}."
    return f"{dear} takes {TIME.write(more)} more than {bare}: {reading.text}."
