"""Predictions: written down before measuring, locked when measuring starts, and kept.

A prediction that can still be bent after the fact teaches nothing, so the first one stands. But a
notebook is run again and again, so `predict` may be called as often as you like: the same values
give back the stored prediction, others are noted to have come later, and a gap (``...``) gives an
unfilled prediction that stops nothing.

Four forms, weakest first: an *order* (``order=["pthread", "fork"]``, cheapest first), a *ratio*
(``ratio=(2, 20)``), the *shape* of a curve (``shape="flat"``, or five heights from 0 to 1), and a
*range* (``low, high, unit``). Ranges and ratios mean: "I am 80 % sure that it lies in here."
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from conclib.lesson import registry, store, texts
from conclib.lesson.code_lines import code_line
from conclib.lesson.predicting import experiments, pending
from conclib.lesson.predicting.forms import CHECKS, Prediction
from conclib.lesson.predicting.replaying import (
    about,
    locked_now,
    next_attempt,
    note,
    replay,
    revealed_now,
)
from conclib.lesson.showing.shown import refused, show
from conclib.results import hooks, quantity

GIVEN = {  # how each form is written, for who tried another
    "range": 'low, high and unit: 10, 1000, "µs"',
    "ratio": "ratio=(low, high)",
    "order": "order=[...], cheapest first",
    "shape": 'shape="..."',
}

LOCKED = (
    "your earlier prediction stands, for it was locked when the measuring started; to try again "
    "beside it, write"
)


def predict(
    id: str = "",
    low: Any = None,
    high: Any = None,
    unit: str | None = None,
    *more: Any,
    ratio: Sequence[float] | None = None,
    order: Sequence[str] | None = None,
    shape: str | Sequence[float] | None = None,
    because: str | None = None,
    new_attempt: bool = False,
) -> Prediction:
    """Write a prediction down, in one of four forms, before you measure.

    Args:
        id: which prediction (each chapter names its own).
        low, high: a range, with ``unit`` ``"ns"``, ``"µs"`` (or ``"us"``), ``"ms"`` or ``"s"``.
        ratio: (low, high), each greater than 0.
        order: the labels, cheapest first.
        shape: the name of a curve, or five heights from 0 to 1, from left to right.
        because: your reason, in words; it comes back beside the result.
        new_attempt: start another one beside the first, marked as such.

    Returns:
        The prediction that stands. ``...`` anywhere gives an unfilled one, and all that follows
        still runs.

    Raises:
        ValueError, TypeError: an unknown id; outside a notebook also low above high, a wrong unit,
            values that are no numbers, the wrong form (in a notebook that is said below the
            question).
    """
    entry = texts.entry("predictions", id)
    registry.opened(entry["chapter"])
    forms = {"range": (low, high, unit), "ratio": ratio, "order": order, "shape": shape}
    given = {name: value for name, value in forms.items() if not _empty(value)}
    if not given or texts.unfilled(*given.values()):
        return show(_left_open(standing(id), forms) or _unfilled(id, entry))
    try:
        if more:
            raise TypeError("low, high, unit: too many; write 1.5 with a point, not a comma")
        return show(keep(id, given, because, new_attempt))
    except (TypeError, ValueError) as error:
        return refused(standing(id) or _unfilled(id, entry), error)


def keep(
    id: str, given: dict[str, Any], because: str | None = None, new_attempt: bool = False
) -> Prediction:
    """Keep a prediction; return the one that stands.

    Args:
        id: which prediction.
        given: its values by form: ``{"ratio": (2, 20)}``, ``{"range": (10, 20, "µs")}``.
        because, new_attempt: as for :func:`predict`.

    Raises:
        ValueError, TypeError: not a prediction of the form asked for.
    """
    entry = texts.entry("predictions", id)
    registry.opened(entry["chapter"])
    fields = {**_checked(id, entry, given), "because": texts.given(because)}
    unit = given["range"][2] if "range" in given else ""
    kept = _keep(id, {**fields, "unit": quantity.SPELLINGS.get(unit, unit)}, new_attempt)
    if kept.values == tuple(fields["values"]):
        return kept
    return replace(kept, complaint=f"{LOCKED} {_line(id, given, fields['because'])}")


def _line(id: str, given: dict[str, Any], because: str | None) -> str:
    """Return the call that keeps these values as another attempt."""
    named = {name: value for name, value in given.items() if name != "range"}
    reason = {"because": because} if because else {}
    place = given.get("range", ())
    return code_line("predict", id, *place, **named, **reason, new_attempt=True)


def _checked(id: str, entry: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Return form and values of what was given, if it is a prediction of the form asked for."""
    if len(given) > 1:
        raise ValueError(f"{' and '.join(given)} given: a prediction has one form")
    ((name, value),) = given.items()
    form = entry["form"]
    if name != form:
        raise ValueError(f"{name}: {id!r} is no {name}; give it as {GIVEN[form]}")
    return {"form": form, "values": list(CHECKS[form](value, entry))}


def _left_open(kept: Prediction | None, forms: dict[str, Any]) -> Prediction | None:
    """Say that a half-filled prediction is not kept where an earlier one will be shown instead."""
    given = [value for form in forms.values() if isinstance(form, list | tuple) for value in form]
    if kept and any(isinstance(value, int | float) for value in given):
        complaint = "a gap is left, so this one is not kept; your earlier prediction stands"
        return replace(kept, complaint=complaint)
    return kept


def _empty(value: Any) -> bool:
    return value is None or value == (None, None, None)


def _unfilled(id: str, entry: dict) -> Prediction:
    return Prediction(id, entry["question"], fill_in=entry["fill_in"])


# Keeping ----------------------------------------------------------------------------------------
def _keep(id: str, fields: dict[str, Any], new: bool) -> Prediction:
    """Store the prediction unless one stands; the decision is made under the store's lock."""
    values = tuple(fields["values"])

    def decide(records: list[store.Record]) -> list[store.Record]:
        made = replay(records, id)
        last = made[-1] if made else None
        same = last and last.values == values and fields["because"] in (None, last.because)
        if same and (not new or last.attempt > 1):
            return []
        if last and last.locked and not new:
            return []
        attempt = last.attempt if last and not last.locked else next_attempt(records, id)
        late = any(r["event"] == "revealed" and about(r, id) for r in records)
        return [note("predicted", id, attempt=attempt, late=late, **fields)]

    return replay(store.update(store.PREDICTIONS, decide), id)[-1]


def attempts(id: str) -> list[Prediction]:
    """Return all attempts at a prediction, the first one first."""
    texts.entry("predictions", id)
    return replay(store.read(store.PREDICTIONS), id)


def standing(id: str) -> Prediction | None:
    """Return the latest attempt, or ``None`` while there is none."""
    made = attempts(id)
    return made[-1] if made else None


def recall_prediction(prediction: Prediction | str) -> Prediction:
    """Return a prediction given itself or its id; unfilled if none was made."""
    if isinstance(prediction, Prediction):
        return standing(prediction.id) or prediction
    return standing(prediction) or _unfilled(prediction, texts.entry("predictions", prediction))


def is_open(id: str) -> bool:
    """Tell whether the answer to a prediction was not seen yet, so that what is kept counts."""
    records = store.read(store.PREDICTIONS)
    locked = any(made.locked for made in replay(records, id)[-1:])
    return not locked and bool(revealed_now(records, [id]))


# Locking ----------------------------------------------------------------------------------------
def lock(start: hooks.Start) -> None:
    """Lock every prediction whose experiment is about to be measured from a cell.

    Only chapters that are open in this notebook kernel are looked at: those that were imported, or
    one of whose ids was predicted.
    """
    known = texts.entries("predictions")
    opened = registry.opened_numbers()
    ids = [id for id, entry in known.items() if entry["chapter"] in opened]
    concerned = experiments.answered(ids, start)

    def decide(records: list[store.Record]) -> list[store.Record]:
        latest = [made for id in concerned for made in replay(records, id)[-1:]]
        new = [locked_now(made) for made in latest if not made.locked]
        return new + revealed_now(records, concerned)

    if concerned:
        pending.ask_for(concerned)
        store.update(store.PREDICTIONS, decide)


def reveal(id: str) -> None:
    """Note that the answer to a prediction has been seen; what was predicted is locked."""

    def decide(records: list[store.Record]) -> list[store.Record]:
        latest = replay(records, id)[-1:]
        return [locked_now(made) for made in latest if not made.locked] + revealed_now(
            records, [id]
        )

    store.update(store.PREDICTIONS, decide)
