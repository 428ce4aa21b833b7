"""A reading that is judged from a fact of an observation: by a band, or by what it must equal."""

from conclib.results import Observation
from conclib.results.estimate import Estimate
from conclib.textbook import verdicts
from conclib.textbook.claims import Reading
from conclib.textbook.verdicts import Verdict


def judge(reading: Reading, item: Observation) -> tuple[Verdict, tuple[float, float] | None]:
    """Hold one fact of an observation against the textbook.

    Args:
        reading: one that names a ``fact``; a number under a band is in the claim's unit.
        item: an observation that fits it.

    Returns:
        The verdict, and the fact as an interval where it is a number.
    """
    try:
        value = item.fact(reading.fact)
    except KeyError as error:
        return Verdict(verdicts.INCONCLUSIVE, error.args[0]), None
    limits = reading.limits
    if value is None:  # what could not be read is None, and never 0
        return Verdict(verdicts.INCONCLUSIVE, f"{reading.fact} could not be read"), None
    if limits is None:
        return _equal(reading, value), None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Verdict(verdicts.INCONCLUSIVE, f"{reading.fact} is {value!r}, no number"), None
    stored = reading.quantity.stored(value, reading.unit)
    measured = Estimate(
        stored, (stored, stored), reading.quantity, item.probe, item.source, item.host
    )
    return verdicts.judge(measured, limits), measured.interval


def _equal(reading: Reading, value: object) -> Verdict:
    same = type(value) is type(reading.equals) and value == reading.equals
    if same:
        return Verdict(verdicts.SUPPORTED, f"{reading.fact} is {value!r}")
    words = f"{reading.fact} is {value!r}, not {reading.equals!r}"
    return Verdict(verdicts.NOT_SUPPORTED, words)
