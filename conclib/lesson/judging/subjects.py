"""What is compared: a time, a ratio, an order or a curve, found in what was measured."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conclib.lesson import texts
from conclib.lesson.predicting import experiments
from conclib.lesson.store import kept
from conclib.results import Measurement, Measurements, arguments, shapes
from conclib.results.estimate import Estimate
from conclib.results.shapes import Shape


@dataclass(frozen=True)
class Subject:
    """What is compared: the result, and how it is read.

    Attributes:
        form: ``"range"``, ``"ratio"``, ``"order"`` or ``"shape"``.
        items: all that was measured, by label.
        reading: the one number, for a range or a ratio.
        shape: the shape of the measured curve, for a shape.
        over, under: the labels of a ratio.
        full: for a shape, what a height of 1 stands for, in the results' stored unit: the guide's
            line at the largest value; without a guide, the highest point measured.
        expected: for a shape, what explanations predict, as slopes by name.
        curve: for a shape, the chapter's words for it.
    """

    form: str
    items: Measurements
    reading: Estimate | None = None
    shape: Shape | None = None
    over: str = ""
    under: str = ""
    full: float = 0.0
    expected: Mapping[str, float] = field(default_factory=dict)
    curve: Mapping[str, Any] = field(default_factory=dict)


def subject(result: Any, entry: dict, over: str | None = None, under: str | None = None) -> Subject:
    """Find out what a result is to be compared as; see :func:`compare` for what is refused."""
    items = as_measurements(result)
    form = entry.get("form") or _form_of(items, over, under)
    if form == "range":
        label = _label(items, entry.get("label"))
        return Subject(form, items, items.estimate(label))
    if form == "ratio":
        names = _ratio_labels(items, over or entry.get("over"), under or entry.get("under"))
        return Subject(form, items, items.ratio(*names), None, *names)
    if form == "shape":
        return _curve(items, texts.entry("curves", entry["curve"]), entry.get("expected", {}))
    for label in entry.get("options", ()):
        arguments.choice("label", label, items)
    return Subject(form, items)


def _curve(items: Measurements, curve: Mapping[str, Any], names: Mapping[str, str]) -> Subject:
    if items.varied is None:
        raise TypeError("result: a curve needs the result of cl.sweep(...)")
    known = guide(items, curve)
    largest = items.varied.values[-1]
    full = known * largest if known else max(item.net or 0.0 for item in items.values())
    slopes = {"guide": known, "flat": 0.0}
    expected = {name: slopes[key] for key, name in names.items() if slopes[key] is not None}
    shape = shapes.measured(items.curve, known)
    return Subject("shape", items, shape=shape, full=full, expected=expected, curve=curve)


def guide(items: Measurements, curve: Mapping[str, Any]) -> float | None:
    """Return the slope that a chapter holds a sweep against; ``None`` if it is not known.

    It is what the probe that the curve's words name cost where the sweep was made, with exactly
    its parameters, and with the same pin if that has been measured.
    """
    if "guide" not in curve:
        return None
    probe, params = experiments.spec_of(curve["guide"])
    first = next(iter(items.values()))
    found = kept.latest(probe, params, first.host, first.runtime, pinned=first.pinned)
    return found.net if found and found.quantity is first.quantity else None


def as_measurements(result: Any) -> Measurements:
    """Return one or several measurements as several.

    Raises:
        TypeError: something else.
    """
    if isinstance(result, Measurement):
        return Measurements({result.probe: result})
    if isinstance(result, Measurements) and len(result):
        return result
    raise TypeError(
        f"result={type(result).__name__}: result must be what cl.measure, cl.measure_many or "
        "cl.sweep gave"
    )


def _form_of(items: Measurements, over: str | None, under: str | None) -> str:
    if over or under:
        return "ratio"
    return "range" if len(items) == 1 else "order"


def _label(items: Measurements, wanted: str | None) -> str:
    if len(items) == 1:
        return next(iter(items))
    return arguments.choice("label", wanted or "", items)


def _ratio_labels(items: Measurements, over: str | None, under: str | None) -> tuple[str, str]:
    if len(items) < 2:
        raise ValueError("result: a ratio needs two measurements made interleaved: cl.measure_many")
    missing = [label for label in (over, under) if label and label not in items]
    if missing:
        raise ValueError(
            f"result: it has {', '.join(items)}; the ratio asked for also needs "
            f"{' and '.join(missing)}. Give the result that holds both"
        )
    if over and under:
        return arguments.choice("over", over, items), arguments.choice("under", under, items)
    if len(items) > 2:
        raise ValueError(f"over, under: name two of: {', '.join(items)}")
    faster, slower = sorted(items, key=lambda label: items[label].net or 0.0)
    return slower, faster
