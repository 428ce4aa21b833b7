"""Questions that only a measurement can settle: what the result says about a pick.

Each rule looks at a result and returns the option that it speaks for, or none when it is too noisy
to tell, and one sentence with what was measured. Which rule belongs to which question stands with
the question, in ``data/lessons``.
"""

from typing import Any

from conclib.lesson import judging, kept, texts
from conclib.results import Measurement, Measurements
from conclib.results.quantity import RATIO, TIME

OPEN = "Too close or too noisy to tell: your pick stays open. Measure longer."
LATER = 1.5  # a write that costs this many times as much after a fork is dearer after it


def settled(id: str, pick: str, result: Any) -> str:
    """Return what a result says about a pick.

    Args:
        id: the choice; ``pick``: the option picked.
        result: Measurements, or a pair of Measurement for the rule ``again``.

    Raises:
        ValueError: this question is not one that a measurement settles.
        TypeError: the result is not of the kind that it needs.
    """
    option, said, rule = _found(id, result)
    if option is None:
        return f"{said} {rule.get('open', OPEN)}"
    speaks = f"{said} That speaks for: {option}."
    verdict = "Your pick holds." if option == pick else f"It speaks against your pick ({pick})."
    return " ".join(filter(None, [speaks, verdict, rule.get("explain", "")]))


def measured(id: str, result: Any) -> str:
    """Return what was measured, and nothing of what it speaks for; errors as for ``settled``."""
    return _found(id, result)[1]


def _found(id: str, result: Any) -> tuple[str | None, str, dict]:
    entry = texts.entry("choices", id)
    rule = entry.get("settle")
    if rule is None:
        raise ValueError(
            f"result: the question {id!r} is not settled by a measurement; leave it out"
        )
    return *RULES[rule["rule"]](result, rule, entry["options"]), rule


def _by_shape(result: Any, rule: dict, options: list[str]) -> tuple[str | None, str]:
    items = _several(result, "cl.sweep(...) over the parent's size")
    if items.varied is None:
        raise TypeError("result: this question needs the result of cl.sweep(...)")
    copy = kept.latest("copy_1mb")
    shape = judging.measured_shape(items, copy.net if copy else None)
    return rule["outcomes"].get(shape), f"Measured: {judging.SHAPES[shape]}."


def _extreme(result: Any, options: list[str], dearest: bool) -> tuple[str | None, str]:
    items = _several(result, f"cl.measure_many or cl.sweep with the labels {', '.join(options)}")
    missing = [label for label in options if label not in items]
    if missing:
        raise ValueError(f"result: has no measurement labelled {', '.join(missing)}")
    ordered = sorted(options, key=lambda label: items[label].net or 0.0, reverse=dearest)
    word = "dearest" if dearest else "cheapest"
    each = ", ".join(f"{label} {items[label].net_text}" for label in ordered)
    first, *others = (items[label].estimate for label in ordered)
    clear = all(first.compare(other) == ("higher" if dearest else "lower") for other in others)
    return (ordered[0] if clear else None), f"Measured, {word} first: {each}."


def _dearest(result: Any, rule: dict, options: list[str]) -> tuple[str | None, str]:
    return _extreme(result, options, dearest=True)


def _cheapest(result: Any, rule: dict, options: list[str]) -> tuple[str | None, str]:
    return _extreme(result, options, dearest=False)


def _later(result: Any, rule: dict, options: list[str]) -> tuple[str | None, str]:
    needed = f"two results of first_write, after={rule['over']!r} and after={rule['under']!r}"
    items = _several(result, needed)
    labels = {item.params.get("after"): label for label, item in items.items()}
    if rule["over"] not in labels or rule["under"] not in labels:
        raise ValueError(f"result: this question needs {needed}")
    reading = items.ratio(labels[rule["over"]], labels[rule["under"]])
    said = f"Measured, the same writes after a fork against without one: {reading.text}."
    if rule.get("per_mb"):
        said += _per_mb(items[labels[rule["over"]]])
    where = reading.within((LATER, LATER)).where
    return {"above": rule["yes"], "below": rule["no"]}.get(where), said


def _per_mb(after: Measurement) -> str:
    """Say what the writes cost for each MB, beside what the ruler says for copying one."""
    size, copied = after.params.get("ballast_mb", 0), kept.latest("copy_1mb")
    if not size or after.net is None:
        return ""
    ruler = f"; copying 1 MB in one go costs {copied.net_text}" if copied and copied.net else ""
    return f" After the fork that is {TIME.write(after.net / size)} for each MB{ruler}."


def _again(result: Any, rule: dict, options: list[str]) -> tuple[str | None, str]:
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise TypeError("result: this question needs two measurements: result=(first, second)")
    if not all(isinstance(item, Measurement) for item in result):
        raise TypeError("result: both must be what cl.measure gave")
    first, second = result
    if first.net is None or second.net is None or first.net_interval is None:
        return None, f"Measured: {first.net_text}, then {second.net_text}."
    said = f"Measured: {first.net_text} ({first.interval_text}), then {second.net_text}."
    if first.net_text == second.net_text and first.net != second.net:
        said += f" (They differ in a digit not shown: {first.net:.2f} and {second.net:.2f} ns.)"
    if first.unstable:
        said += f" Handle the first with care: {first.unstable[0]}."
    if first.net == second.net:
        return rule["same"], said
    low, high = first.net_interval
    if low <= second.net <= high:
        return rule["within"], said
    away = RATIO.write(max(second.net / first.net, first.net / second.net))
    return None, (
        f"{said} The second lies outside the first one's interval, {away} away: this time neither "
        "the same nor within. An interval tells how far one result wavers, not what the machine "
        "does next."
    )


def _several(result: Any, needed: str) -> Measurements:
    if not isinstance(result, Measurements):
        raise TypeError(f"result={type(result).__name__}: this question needs {needed}")
    return result


RULES = {
    "shape": _by_shape,
    "dearest": _dearest,
    "cheapest": _cheapest,
    "later": _later,
    "again": _again,
}
