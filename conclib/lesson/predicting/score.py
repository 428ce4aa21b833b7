"""How well a range was judged, in decades; never a mark.

A range is an 80 % promise. Two things can be wrong with it, and they pull in opposite directions:
it can be too *wide* to say much, or so narrow that the truth lies at a *distance* outside. Both are
measured in decades (powers of ten), since one wrong zero is one decade at any size. Both are kept.
The interval score (Gneiting and Raftery, 2007) would add them so that honesty is the best policy::

    score = width + 2 / (1 - 0.8) * distance        (smaller is better)
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conclib.lesson import store
from conclib.lesson.predicting import outcomes
from conclib.lesson.predicting.forms import Prediction
from conclib.lesson.predicting.replaying import about, note
from conclib.lesson.showing.shown import Shown, show
from conclib.results import statistics

if TYPE_CHECKING:
    from conclib.plots import Picture


@dataclass(frozen=True)
class Score:
    """How wide a range was, and how far the measurement lay outside it, both in decades.

    ``distance`` is positive above the range, negative below it, and 0 inside.
    """

    width: float
    distance: float

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
    return Score(*statistics.in_decades(*values, measured))


def keep(prediction: Prediction, measured: float) -> None:
    """Score a prediction and keep that: the first time for each attempt counts."""
    found = score(prediction.values, measured)
    new = note(
        "scored",
        prediction.id,
        attempt=prediction.attempt,
        values=list(prediction.values),
        measured=measured,
        width=found.width,
        distance=found.distance,
        late=prediction.late,
    )

    def decide(records: list[store.Record]) -> list[store.Record]:
        scored = [r for r in records if r["event"] == "scored" and about(r, prediction.id)]
        return [] if any(r["attempt"] == prediction.attempt for r in scored) else [new]

    store.update(store.PREDICTIONS, decide)


@dataclass(frozen=True, repr=False)
class History(Shown):
    """How past predictions did.

    Attributes:
        entries: one record each, oldest first: id, attempt, values, measured, width, distance.
    """

    entries: tuple[store.Record, ...]
    picture: "Picture | None" = field(default=None, repr=False, compare=False)

    def text(self) -> str:
        """Return what they say together; never a mark."""
        if not self.entries:
            return (
                "No prediction has been compared with a measurement yet. Ranges and ratios that "
                "you predict before you measure come together here."
            )
        count = len(self.entries)
        held = sum(entry["distance"] == 0 for entry in self.entries)
        wide = sum(entry["width"] for entry in self.entries) / count
        lead = f"Of {count} ranges {held} held the measurement" if count > 1 else (
            "Your one range so far held the measurement" if held else
            "Your one range so far did not hold the measurement"
        )  # fmt: skip
        size = f"they were {decades(wide)} wide on average" if count > 1 else (
            f"it was {decades(wide)} wide"
        )  # fmt: skip
        return (
            f"{lead}; {size}. A range given with 80 % "
            "confidence should hold about four times in five: fewer, and yours are too narrow; "
            "always, and they could be narrower."
        )


def history() -> History:
    """Show how your predictions did so far; those made after the answer are left out."""
    kept = [entry for entry in store.read(store.PREDICTIONS) if entry["event"] == "scored"]
    entries = tuple(filter(outcomes.counts, kept))
    return show(History(entries, _picture(entries)))


def _picture(entries: tuple[store.Record, ...]) -> "Picture | None":
    if not entries:
        return None
    from conclib import plots

    return plots.calibration(
        [plots.Guessed(_name(e), *e["values"], e["measured"]) for e in entries]
    )


def _name(entry: store.Record) -> str:
    return entry["id"] + (f", attempt {entry['attempt']}" if entry["attempt"] > 1 else "")
