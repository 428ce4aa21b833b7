"""How well a range was judged, in decades; never a mark.

A range is an 80 % promise. Two things can be wrong with it, and they pull in opposite directions:
it can be too *wide* to say much, or so narrow that the truth lies at a *distance* outside. Both are
measured in decades (powers of ten), since one wrong zero is one decade at any size. The interval
score (Gneiting and Raftery, 2007) adds them so that honesty is the best policy::

    score = width + 2 / (1 - 0.8) * distance        (smaller is better)
"""

import math
from dataclasses import dataclass

from conclib.lesson import store
from conclib.lesson.forms import Prediction
from conclib.lesson.predictions import record

CONFIDENCE = 0.8


@dataclass(frozen=True)
class Score:
    """How wide a range was, and how far the measurement lay outside it, both in decades.

    ``distance`` is positive above the range, negative below it, and 0 inside.
    """

    width: float
    distance: float

    @property
    def interval_score(self) -> float:
        """The log10 interval score at 80 %; only to see whether it falls over the course."""
        return self.width + 2 / (1 - CONFIDENCE) * abs(self.distance)

    @property
    def sentence(self) -> str:
        """What to take from it, in one sentence."""
        if self.distance == 0:
            return f"Your range was {decades(self.width)} wide, and the measurement lay in it."
        side = "above" if self.distance > 0 else "below"
        away = "just" if abs(self.distance) < 0.05 else decades(abs(self.distance))
        return f"Your range was {decades(self.width)} wide; the measurement lay {away} {side} it."


def decades(value: float) -> str:
    """Write decades: ``'1.0 decade'``, ``'0.3 decades'``."""
    text = f"{value:.1f}"
    return f"{text} decade" if text == "1.0" else f"{text} decades"


def score(values: tuple[float, float], measured: float) -> Score:
    """Score a range (or a range of ratios) against what was measured; all greater than 0."""
    low, high = values
    distance = 0.0
    if measured > high:
        distance = math.log10(measured / high)
    elif measured < low:
        distance = -math.log10(low / measured)
    return Score(math.log10(high / low), distance)


def keep(prediction: Prediction, scored: Score) -> None:
    """Keep a score for the history: the first for each attempt at a prediction counts."""
    new = record(
        "scored",
        id=prediction.id,
        attempt=prediction.attempt,
        width=scored.width,
        distance=scored.distance,
        late=prediction.late,
    )

    def decide(records: list[store.Record]) -> list[store.Record]:
        key = (prediction.id, prediction.attempt)
        kept = [(r["id"], r["attempt"]) for r in records if r["event"] == "scored"]
        return [] if key in kept else [new]

    store.update(store.PREDICTIONS, decide)


def history() -> list[store.Record]:
    """Return what was scored so far, oldest first: id, attempt, width, distance, late, made.

    Predictions made after the answer was there are in it, marked ``late``, so that a plot can
    leave them out.
    """
    return [entry for entry in store.read(store.PREDICTIONS) if entry["event"] == "scored"]
