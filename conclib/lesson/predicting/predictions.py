"""Predictions: written down before measuring, locked when measuring starts, and kept.

A prediction that can still be bent after the fact teaches nothing, so the first one stands. But a
notebook is run again and again, so `predict` may be called as often as you like: the same values
give back the stored prediction, others are noted to have come later, and a gap (``...``) gives an
unfilled prediction that stops nothing.

Four forms, weakest first: an *order* (``order=["pthread", "fork"]``, cheapest first), a *ratio*
(``ratio=(2, 20)``), the *shape* of a curve (``shape="flat"``, or five heights from 0 to 1), and a
*range* (``low, high, unit``). Ranges and ratios mean: "I am 80 % sure that it lies in here."
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from conclib.lesson import store, texts
from conclib.lesson.predicting.forms import CHECKS, Prediction
from conclib.lesson.showing.shown import show
from conclib.results import quantity

GIVEN = {  # how each form is written, for who tried another
    "range": 'low, high and unit: 10, 1000, "µs"',
    "ratio": "ratio=(low, high)",
    "order": "order=[...], cheapest first",
    "shape": 'shape="..."',
}
_quiet = False


def predict(
    id: str,
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
        ValueError, TypeError: low above high, a wrong unit, values that are no numbers, the wrong
            form, an unknown id.
    """
    entry = texts.entry("predictions", id)
    if more:
        raise TypeError("low, high, unit: too many of them; write 1.5 with a point, not a comma")
    reason = texts.given(because)
    forms = {"range": (low, high, unit), "ratio": ratio, "order": order, "shape": shape}
    asked = [name for name in forms if not _empty(forms[name])]
    if not asked or any(texts.unfilled(forms[name]) for name in asked):
        return show(_left_open(standing(id), forms) or _unfilled(id, entry))
    if len(asked) > 1:
        raise ValueError(f"{' and '.join(asked)} given: a prediction has one form")
    form = entry["form"]
    if asked[0] != form:
        raise ValueError(f"{asked[0]}: {id!r} is no {asked[0]}; give it as {GIVEN[form]}")
    values = CHECKS[form](forms[form], entry)
    unit = quantity.SPELLINGS.get(unit, unit or "")
    fields = {"form": form, "values": list(values), "unit": unit, "because": reason}
    return show(_keep(id, fields, new_attempt))


def _left_open(kept: Prediction | None, forms: dict[str, Any]) -> Prediction | None:
    """Say that a half-filled prediction is not kept where an earlier one will be shown instead."""
    given = [value for form in forms.values() if isinstance(form, list | tuple) for value in form]
    if kept and any(isinstance(value, int | float) for value in given):
        print("A gap is left, so this one is not kept; your earlier prediction stands.")
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
        made = _replay(records, id)
        last = made[-1] if made else None
        if last and last.values == values and (not new or last.attempt > 1):
            return []
        if last and last.locked and not new:
            return []
        attempt = last.attempt if last and not last.locked else len(made) + 1
        late = any(r["event"] == "revealed" and r["id"] == id for r in records)
        return [record("predicted", id=id, attempt=attempt, late=late, **fields)]

    kept = _replay(store.update(store.PREDICTIONS, decide), id)[-1]
    if kept.values != values:
        print(
            f"Your earlier prediction stands: {kept.said}. It was locked when the measuring "
            "started. To try again beside it, add new_attempt=True."
        )
    return kept


def record(event: str, **fields: Any) -> store.Record:
    """Return a record for the store, stamped with the time."""
    made = datetime.now(UTC).isoformat(timespec="seconds")
    return {"schema": store.SCHEMA, "event": event, "made": made, **fields}


def _replay(records: list[store.Record], id: str) -> list[Prediction]:
    """Return the predictions that stand for an id, one an attempt, oldest first."""
    entry = texts.entries("predictions").get(id, {"question": id, "fill_in": ""})
    made: dict[int, Prediction] = {}
    locked: set[int] = set()
    for record in records:
        if record.get("id") != id:
            continue
        if record["event"] == "locked":
            locked.add(record["attempt"])
        elif _answers(record, entry) and record["attempt"] not in locked:
            made[record["attempt"]] = _restored(record, entry)
    return [_with_lock(made[number], number in locked) for number in sorted(made)]


def _answers(record: store.Record, entry: dict) -> bool:
    """Tell whether a record predicts, in the form and the words that the question has today."""
    if record["event"] != "predicted" or record["form"] != entry.get("form", record["form"]):
        return False
    words = [value for value in record["values"] if isinstance(value, str)]
    return set(words) <= set(entry.get("options", words))


def _restored(record: store.Record, entry: dict) -> Prediction:
    kept = {k: record[k] for k in ("id", "form", "because", "unit", "made", "attempt", "late")}
    return Prediction(
        question=entry["question"], fill_in=entry["fill_in"], values=tuple(record["values"]), **kept
    )


def _with_lock(prediction: Prediction, locked: bool) -> Prediction:
    return replace(prediction, locked=locked)


def attempts(id: str) -> list[Prediction]:
    """Return all attempts at a prediction, the first one first."""
    texts.entry("predictions", id)
    return _replay(store.read(store.PREDICTIONS), id)


def standing(id: str) -> Prediction | None:
    """Return the latest attempt, or ``None`` while there is none."""
    made = attempts(id)
    return made[-1] if made else None


def recall_prediction(prediction: Any) -> Prediction:
    """Return a prediction given itself or its id; unfilled if none was made."""
    if isinstance(prediction, Prediction):
        return standing(prediction.id) or prediction
    return standing(prediction) or _unfilled(prediction, texts.entry("predictions", prediction))


# Locking ----------------------------------------------------------------------------------------
@contextlib.contextmanager
def without_locking() -> Iterator[None]:
    """Measure something that answers no prediction (the ruler, the mystery race)."""
    global _quiet  # noqa: PLW0603  one notebook kernel measures one thing at a time
    before, _quiet = _quiet, True
    try:
        yield
    finally:
        _quiet = before


def lock(probes: list[str]) -> None:
    """Lock every prediction that these probes answer; called when a measurement starts."""
    if _quiet:
        return
    known = texts.entries("predictions")
    concerned = [id for id, entry in known.items() if set(entry["locks_on"]) & set(probes)]
    telling = [id for id in concerned if set(known[id].get("reveals", ())) & set(probes)]

    def decide(records: list[store.Record]) -> list[store.Record]:
        latest = [made for id in concerned for made in _replay(records, id)[-1:]]
        new = [_locked(made) for made in latest if not made.locked]
        return new + _revealed(records, telling)

    if concerned:
        store.update(store.PREDICTIONS, decide)


def reveal(id: str) -> None:
    """Note that the answer to a prediction has been seen; what was predicted is locked."""

    def decide(records: list[store.Record]) -> list[store.Record]:
        latest = _replay(records, id)[-1:]
        return [_locked(made) for made in latest if not made.locked] + _revealed(records, [id])

    store.update(store.PREDICTIONS, decide)


def _locked(made: Prediction) -> store.Record:
    return record("locked", id=made.id, attempt=made.attempt)


def _revealed(records: list[store.Record], ids: list[str]) -> list[store.Record]:
    seen = {record["id"] for record in records if record["event"] == "revealed"}
    return [record("revealed", id=id) for id in ids if id not in seen]
