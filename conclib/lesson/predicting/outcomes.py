"""What came of a prediction, and whether that counts: one rule for all that tells of it.

What counts is what was predicted before the answer was there. So of several attempts the first one
counts: another one begins when the first is locked, which is when the answer comes.

A range is scored as well (``score.py``). Of an order or a curve, and where nothing is decided yet,
the outcome alone is kept: the first one that decides stands.
"""

from conclib.lesson import store
from conclib.lesson.predicting.forms import Prediction
from conclib.lesson.predicting.replaying import about, note

HELD, MISSED, OPEN = "held", "did not hold", "open"
LATE = "made after the answer was there, so it is not counted"


def counts(found: Prediction | store.Record) -> bool:
    """Tell whether a prediction, or a record of what came of it, counts."""
    return not (found.late if isinstance(found, Prediction) else found["late"])


def keep(made: Prediction, word: str) -> None:
    """Keep what came of a prediction that is not scored: ``HELD``, ``MISSED`` or ``OPEN``."""
    new = note("judged", made.id, attempt=made.attempt, outcome=word, late=made.late)

    def decide(records: list[store.Record]) -> list[store.Record]:
        last = _of(records, made)
        return [new] if last in ("", OPEN) and last != word else []

    store.update(store.PREDICTIONS, decide)


def of(made: Prediction) -> str:
    """Return what came of a prediction; empty where nothing is kept."""
    return _of(store.read(store.PREDICTIONS), made)


def _of(records: list[store.Record], made: Prediction) -> str:
    mine = [
        each
        for each in records
        if each["event"] in ("scored", "judged")
        and about(each, made.id)
        and each["attempt"] == made.attempt
    ]
    for each in (each for each in mine if each["event"] == "scored"):
        return HELD if each["distance"] == 0 else MISSED
    return mine[-1]["outcome"] if mine else ""
