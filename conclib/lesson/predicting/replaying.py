"""The records of predictions: what one says, whom it is about, and what they come to in order.

Nothing that was kept is changed: a prediction, its lock and the answer that was seen are records,
one after the other, and what stands is found by reading them in their order.
"""

from dataclasses import replace
from typing import Any

from conclib.lesson import store, texts
from conclib.lesson.predicting.forms import Prediction


def note(event: str, id: str, **fields: Any) -> store.Record:
    """Return a record about a prediction: it names its chapter and the host it was made on."""
    return store.stamped(event, id=id, **_whose(id), **fields)


def about(entry: store.Record, id: str) -> bool:
    """Tell whether a record is about a prediction on this host; older ones name no host."""
    if entry.get("id") != id:
        return False
    return all(entry.get(name, value) == value for name, value in _whose(id).items())


def _whose(id: str) -> dict[str, str]:
    from conclib import lab

    chapter = texts.entries("predictions").get(id, {}).get("chapter", "")
    return {"chapter": chapter, "host": lab.host().key}


def replay(records: list[store.Record], id: str) -> list[Prediction]:
    """Return the predictions that stand for an id, one an attempt, oldest first."""
    entry = texts.entries("predictions").get(id, {"question": id, "fill_in": ""})
    made: dict[int, Prediction] = {}
    locked: set[int] = set()
    for found in records:
        if not about(found, id):
            continue
        if found["event"] == "locked":
            locked.add(found["attempt"])
        elif _answers(found, entry) and found["attempt"] not in locked:
            made[found["attempt"]] = _restored(found, entry)
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


def next_attempt(records: list[store.Record], id: str) -> int:
    """Return a number no record has, be it of a prediction whose own line cannot be read."""
    numbered = ("predicted", "locked")
    taken = [r["attempt"] for r in records if r["event"] in numbered and about(r, id)]
    return 1 + max(taken, default=0)


def locked_now(made: Prediction) -> store.Record:
    """Return a record that locks what was predicted."""
    return note("locked", made.id, attempt=made.attempt)


def revealed_now(records: list[store.Record], ids: list[str]) -> list[store.Record]:
    """Return records that these answers are seen, of those for which there is none yet."""
    seen = [entry for entry in records if entry["event"] == "revealed"]
    return [note("revealed", id) for id in ids if not any(about(entry, id) for entry in seen)]
