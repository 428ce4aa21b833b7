"""How far apart two results are: how many times, and how much more."""

from dataclasses import dataclass

from conclib.lesson.showing.shown import Shown, show
from conclib.results import Measurements, arguments


@dataclass(frozen=True, repr=False)
class Difference(Shown):
    """How much more one result is than another.

    Attributes:
        slower, baseline: the labels.
        more: in the unit that results are stored in; ``None`` where one is below resolution.
        sentence: the same in words, with the ratio.
    """

    slower: str
    baseline: str
    more: float | None
    sentence: str

    def text(self) -> str:
        """Return the sentence."""
        return self.sentence


def difference(result: Measurements, slower: str, baseline: str) -> Difference:
    """Say how much more one measurement is than another that was measured in the same call.

    ``cl.difference(python, "python_thread", "pthread")`` says what Python adds to a thread.

    Args:
        result: what ``measure_many`` gave.
        slower, baseline: two of its labels.

    Raises:
        TypeError, ValueError: no result of several, or a label that it does not have.
    """
    if not isinstance(result, Measurements):
        raise TypeError(f"result={type(result).__name__}: must be what cl.measure_many gave")
    for name, label in (("slower", slower), ("baseline", baseline)):
        arguments.choice(name, label, result)
    one, other = result[slower].net, result[baseline].net
    more = None if one is None or other is None else one - other
    return show(Difference(slower, baseline, more, _sentence(result, slower, baseline, more)))


def _sentence(result: Measurements, slower: str, baseline: str, more: float | None) -> str:
    reading = result.ratio(slower, baseline)
    if more is None or reading.interval is None:
        return f"{slower} and {baseline} cannot be told apart from their baselines here."
    if reading.within((1.0, 1.0)).where == "across":
        return f"{slower} and {baseline} cannot be told apart here: {reading.text}."
    apart = f"{result[slower].estimate.quantity.write(abs(more))} {'more' if more > 0 else 'less'}"
    return f"{slower} takes {apart} than {baseline}: {reading.text}."
