"""Questions that only a measurement can settle: what the result says about a pick.

A rule looks at a result and returns the option that it speaks for, or none when the result is too
noisy to tell, and one sentence with what was measured. Which rule belongs to which question, and
its words, stand with the question in ``chapter.toml``. The rules here fit any chapter; one that
fits a single chapter is a function in its ``rules.py``.
"""

from functools import partial
from typing import Any

from conclib.lesson import registry, texts
from conclib.lesson.judging import findings, subjects
from conclib.lesson.predicting import experiments
from conclib.lesson.store import kept
from conclib.results import Measurement, Measurements, shapes
from conclib.results.quantity import RATIO

OPEN = "Too close or too noisy to tell: the question stays open. Measure longer."


def settled(id: str, pick: str | None, result: Any) -> str:
    """Return what a result says about a pick, and why; without a pick, what it speaks for.

    Args:
        id: the choice; ``pick``: the option picked, or ``None``.
        result: Measurements, or a pair of Measurement for the rule ``again``.

    Raises:
        ValueError: this question is not one that a measurement settles.
        TypeError: the result is not of the kind that it needs.
    """
    option, sentence, rule = _found(id, result)
    explained = rule.get("explain", "")
    if option is None:
        verdict = rule.get("open", OPEN)
    else:
        holds = "Your pick holds." if option == pick else f"It speaks against your pick ({pick})."
        verdict = f"That speaks for: {option}. {holds if pick else ''}".strip()
    return "\n\n".join(filter(None, [f"{sentence} {verdict}", explained]))


def _found(id: str, result: Any) -> tuple[str | None, str, dict]:
    entry = texts.entry("choices", id)
    rule = entry.get("settle")
    if rule is None:
        raise ValueError(
            f"result: the question {id!r} is not decided by a measurement; leave it out"
        )
    found = RULES.get(rule["rule"]) or registry.opened(entry["chapter"]).rules[rule["rule"]]
    return *found(result, rule, entry["options"]), rule


def _by_shape(result: Any, rule: dict, options: list[str]) -> tuple[str | None, str]:
    curve = texts.entry("curves", rule["curve"])
    items = _several(result, "the result of cl.sweep(...)")
    if items.varied is None:
        raise TypeError("result: this question needs the result of cl.sweep(...)")
    shape = shapes.measured(items.curve, subjects.guide(items, curve))
    sentence = findings.shape_text(shape, curve["sentences"], items.varied)
    open = shape.word in findings.RIVALS and findings.RIVALS & {*shape.possible}
    return None if open else rule["outcomes"].get(shape.word), sentence


def _extreme(
    result: Any, rule: dict, options: list[str], *, slowest: bool
) -> tuple[str | None, str]:
    items = _several(result, f"cl.measure_many or cl.sweep with the labels {', '.join(options)}")
    missing = [label for label in options if label not in items]
    if missing:
        raise ValueError(f"result: has no measurement labelled {', '.join(missing)}")
    ordered = sorted(options, key=lambda label: items[label].net or 0.0, reverse=slowest)
    word = "slowest" if slowest else "cheapest"
    each = ", ".join(f"{label} {items[label].net_text}" for label in ordered)
    first, *others = (items[label].estimate for label in ordered)
    clear = all(first.compare(other) == ("higher" if slowest else "lower") for other in others)
    return (ordered[0] if clear else None), f"Measured, {word} first: {each}."


def _ratio(result: Any, rule: dict, options: list[str]) -> tuple[str | None, str]:
    items = _several(result, rule["needs"])
    labels = {item.params.get(rule["by"]): label for label, item in items.items()}
    if rule["over"] not in labels or rule["under"] not in labels:
        raise ValueError(f"result: this question needs {rule['needs']}")
    reading = items.ratio(labels[rule["over"]], labels[rule["under"]])
    sentence = f"Measured, {rule['sentence'].format(ratio=reading.text)}."
    if "each" in rule:
        sentence += _each(items[labels[rule["over"]]], rule["each"])
    where = reading.within((rule["limit"], rule["limit"])).where
    return {"above": rule["above"], "below": rule["below"]}.get(where), sentence


def _each(item: Measurement, words: dict) -> str:
    """Say what it costs for each unit of a parameter, beside a cost that is known from before."""
    size = item.params.get(words["param"], 0)
    probe, params = experiments.spec_of(words["guide"])
    cost = kept.latest(probe, params, item.host, item.runtime, pinned=item.pinned)
    if not size or item.net is None:
        return ""
    beside = words["beside"].format(cost=cost.net_text) if cost and cost.net else ""
    return " " + words["sentence"].format(each=item.quantity.write(item.net / size), beside=beside)


def _again(result: Any, rule: dict, options: list[str]) -> tuple[str | None, str]:
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise TypeError("result: this question needs two measurements: result=(first, second)")
    if not all(isinstance(item, Measurement) for item in result):
        raise TypeError("result: both must be what cl.measure gave")
    first, second = result
    if first.net is None or second.net is None or first.net_interval is None:
        return None, f"Measured: {first.net_text}, then {second.net_text}."
    sentence = f"Measured: {first.net_text} ({first.interval_text}), then {second.net_text}."
    if first.net_text == second.net_text and first.net != second.net:
        unit = first.quantity.unit
        sentence += (
            f" (They differ in a digit not shown: {first.net:.2f} and {second.net:.2f} {unit}.)"
        )
    if first.unstable:
        sentence += f" Handle the first with care: {first.unstable[0]}."
    if first.net == second.net:
        return rule["same"], sentence
    if first.estimate.holds(second.net):
        return rule["within"], sentence
    away = RATIO.write(max(second.net / first.net, first.net / second.net))
    return None, (
        f"{sentence} The second lies outside the first one's interval, {away} away: this time "
        "neither the same nor within. An interval tells how far one result varies, not what the "
        "machine does next."
    )


def _several(result: Any, needed: str) -> Measurements:
    if not isinstance(result, Measurements):
        raise TypeError(f"result={type(result).__name__}: this question needs {needed}")
    return result


RULES = {
    "shape": _by_shape,
    "slowest": partial(_extreme, slowest=True),
    "cheapest": partial(_extreme, slowest=False),
    "ratio": _ratio,
    "again": _again,
}
