"""One number out of several results, as an estimate: named by a label, and perhaps a statistic.

``"big"`` is the net result labelled so, with its interval. ``"big:min"`` is one statistic of its
values and a point: exactly that number. ``"largest"`` and ``"smallest"`` are whichever results came
out so. A plain number is itself. As everywhere, the baseline is subtracted, where nothing else is
said.
"""

from collections.abc import Callable, Iterable
from typing import Any

from conclib.results import Measurement, Measurements, arguments, statistics
from conclib.results.estimate import Estimate
from conclib.results.quantity import COUNT, Quantity

SMALLEST, LARGEST = EXTREMES = ("smallest", "largest")


def _mean(item: Measurement) -> float:
    return sum(item.net_values) / item.n


def _share(item: Measurement, share: float) -> float:
    return statistics.quantile(item.net_values, share)


def _late(item: Measurement) -> float:
    halves = [run.values[len(run.values) // 2 :] for run in item.runs]
    return statistics.median([value for half in halves for value in half])


STATISTICS: dict[str, Callable[[Measurement], float]] = {
    "n": lambda item: item.n,  # how many values there are
    "median": lambda item: _share(item, 0.5),
    "mean": _mean,
    "min": lambda item: _share(item, 0.0),
    "tenth": lambda item: _share(item, 0.1),  # a tenth of all values lie below it
    "spread": lambda item: _share(item, 0.9) - _share(item, 0.1),  # holds eight of ten values
    "raw": lambda item: item.median,  # with the baseline in it
    "late": _late,  # the same, of the second half of each process's values
    "baseline": lambda item: item.baseline,
}


IN_WORDS = {  # what a statistic is called beside its number
    "n": "how many values",
    "median": "the median",
    "mean": "the mean",
    "min": "the smallest",
    "tenth": "what a tenth of the values lie below",
    "spread": "how far apart eight of ten values lie",
    "raw": "the median with its baseline of {baseline} still in it",
    "late": "the median of the later half of the values, with the baseline still in it",
    "baseline": "the baseline",
}


def statistic(name: str | float, seen: Measurements) -> str:
    """Say what a reading is and how much; empty where it is the number that a result stands for.

    ``"long, the smallest: 9.00 µs"``: whoever compares it can be seen to compare it.
    """
    label, which = _split(name, seen)
    if not which:
        return ""
    item = seen[_extreme(label, seen) if label in EXTREMES else label]
    named = IN_WORDS[which].format(baseline=item.quantity.write(item.baseline))
    return f"{label}, {named}: {_reading(str(name), seen).value_text}"


def checked(name: str, value: Any, labels: Iterable[str]) -> str | float:
    """Return ``value`` if it names a number of results that have these labels.

    Raises:
        TypeError, ValueError: it does not; names the argument, what was given, what is allowed.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return arguments.number(name, value, 0, 1e15)
    label, statistic = _split(value, labels)
    arguments.choice(name, label, [*labels, *EXTREMES])
    if statistic:
        arguments.choice(f"{name}={value!r}: statistic", statistic, STATISTICS)
    return str(value)


def _split(value: Any, labels: Iterable[str]) -> tuple[Any, str]:
    """Return label and statistic; a label may have a colon of its own."""
    if not isinstance(value, str) or value in labels or ":" not in value:
        return value, ""
    label, _, statistic = value.rpartition(":")
    return label, statistic


def both(one: str | float, other: str | float, seen: Measurements) -> tuple[Estimate, Estimate]:
    """Return two readings, one of them named; a plain number is of that one's quantity."""
    named = next(each for each in (one, other) if isinstance(each, str))
    quantity = _reading(named, seen).quantity
    first, second = (
        _reading(each, seen) if isinstance(each, str) else _exactly(each, quantity, "")
        for each in (one, other)
    )
    return first, second


def _reading(name: str, seen: Measurements) -> Estimate:
    label, statistic = _split(name, seen)
    label = _extreme(label, seen) if label in EXTREMES else label
    if not statistic:
        return seen.estimate(label)
    item = seen[label]
    return _exactly(STATISTICS[statistic](item), COUNT if statistic == "n" else item.quantity, name)


def _exactly(value: float, quantity: Quantity, label: str) -> Estimate:
    return Estimate(float(value), (float(value), float(value)), quantity, label)


def _extreme(which: str, seen: Measurements) -> str:
    ordered = sorted(seen, key=lambda label: seen[label].net or 0.0)
    return ordered[0] if which == SMALLEST else ordered[-1]
