"""Two first looks that need no knowledge: a race between lanes without names, and a ruler of times.

Neither answers a prediction, so nothing locks while they measure. The race keeps what it measured
to itself until a choice uncovers the names; the ruler gives a feeling for how long a microsecond is
before the first number is asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conclib.lesson import texts
from conclib.lesson.showing.shown import Shown, show
from conclib.results import Measurement, Measurements, hooks
from conclib.results.quantity import TIME
from conclib.results.wording import listed

SCALES = (("years", 365.25 * 86400), ("days", 86400), ("hours", 3600), ("minutes", 60), ("s", 1))


# The race ---------------------------------------------------------------------------------------
@dataclass(frozen=True, repr=False)
class Race(Shown):
    """A race between lanes ``A``, ``B``, ``C``; what runs in them is not told here.

    Attributes:
        id, question: which race, and what it asks.
        places: from 1 on, by lane; equal where two cannot be told apart, ``None`` where a lane
            could not be timed. How far apart they are is not told: it is asked for later.
    """

    id: str
    question: str
    places: Mapping[str, int | None]
    picture: Any = field(default=None, repr=False, compare=False)

    def text(self) -> str:
        """Return the result, in words."""
        return race_sentence(self.places)


def mystery_race(id: str, *, budget: float = 1.5) -> Race:
    """Let lanes without names race each other; a choice uncovers them.

    Args:
        id: which race (each chapter names its own).
        budget: seconds of measuring for all lanes together, 0.01 to 60.
    """
    entry = texts.entry("races", id)
    from conclib import lab, plots

    lanes = {name: (lane["probe"], lane["params"]) for name, lane in entry["lanes"].items()}
    with hooks.asking("engine"):
        result = lab.measure_many(lanes, budget=budget)
    found = places(result)
    recorded = next((item.origin for item in result.values() if item.source != "live"), "")
    return show(Race(id, entry["question"], found, plots.race(found, recorded=recorded)))


def places(result: Mapping[str, Measurement]) -> dict[str, int | None]:
    """Return the place of each lane: how many lanes are surely quicker, and one.

    A lane below resolution, or without an interval, has none.
    """
    known = {label: item.estimate for label, item in result.items()
             if item.net is not None and item.net_interval is not None}  # fmt: skip
    return {
        label: 1 + sum(other.compare(known[label]) == "lower" for other in known.values())
        if label in known
        else None
        for label in result
    }


def race_sentence(places: Mapping[str, int | None]) -> str:
    """Say how a race ended."""
    known = {label: place for label, place in places.items() if place is not None}
    lost = [label for label in places if label not in known]
    if not known:
        return "No lane could be timed here."
    groups = [_lanes([label for label in known if known[label] == place])
              for place in sorted(set(known.values()))]  # fmt: skip
    message = f"Done first: {'; then '.join(groups)}."
    return message + (f" Could not be timed well enough: {', '.join(lost)}." if lost else "")


def _lanes(labels: list[str]) -> str:
    if len(labels) == 1:
        return f"lane {labels[0]}"
    return f"lanes {' and '.join(labels)}, which cannot be told apart"


def uncovered(choice: str) -> str:
    """Return the names behind the lanes that a choice uncovers, or an empty text."""
    for race in texts.entries("races").values():
        if race["choice"] == choice:
            names = [f"{label} was {lane['name']}" for label, lane in race["lanes"].items()]
            return f"The names: {'; '.join(names)}. {race['uncover']}"
    return ""


# The ruler --------------------------------------------------------------------------------------
@dataclass(frozen=True, repr=False)
class Ruler(Shown):
    """Familiar times: measured here, and one cited.

    Attributes:
        sentence: what they would be if a function call took one second.
        result: the measurements.
    """

    sentence: str
    result: Measurements
    picture: Any = field(default=None, repr=False, compare=False)

    def text(self) -> str:
        """Return the sentence; the picture holds each time."""
        return self.sentence


def ruler(*, budget: float = 1.0) -> Ruler:
    """Measure a few familiar times, to have a feeling for what comes.

    Args:
        budget: seconds of measuring for all of them together, 0.01 to 60.
    """
    from conclib import lab, plots, textbook

    words = next(words["ruler"] for words in texts.chapters().values() if "ruler" in words)
    with hooks.asking("engine"):
        result = lab.measure_many({each: (p, {}) for each, p in words["marks"].items()},
                                  budget=budget)  # fmt: skip
    cited = textbook.load_cited(tag=words["cited"])[:1]
    rows = [(label, i.net, i.source) for label, i in result.items() if i.net is not None]
    rows += [(f"{mark.quantity} ({mark.label})", mark.ns, "cited") for mark in cited]
    sentence = ruler_sentence(result, [(mark.quantity, mark.ns) for mark in cited])
    return show(Ruler(sentence, result, plots.ruler(rows)))


def ruler_sentence(result: Mapping[str, Measurement], far: Sequence[tuple[str, float]]) -> str:
    """Say what each time would be if the first of them took one second.

    Args:
        result: measurements by name, the yardstick first.
        far: names and times in ns that are cited, not measured.
    """
    (first, yardstick), *others = result.items()
    if yardstick.net is None:
        return f"{first.capitalize()} is too short to be told from the loop around it here."
    here = [(name, item.net) for name, item in others]
    parts = [
        f"{name} {lasting(net / yardstick.net)}" if net is not None else f"{name}: not resolved"
        for name, net in [*here, *far]
    ]
    real = f"Really, {first} took {TIME.write(yardstick.net)}"
    return f"If {first} took one second, then {listed(parts)}. ({real}.)"


def lasting(seconds: float) -> str:
    """Write a long time as one would say it: ``'2 minutes'``, ``'3.5 hours'``."""
    for name, size in SCALES:
        if seconds >= size * 1.5 or size == 1:
            count = seconds / size
            text = f"{count:.0f}" if count >= 10 else f"{count:.1f}".removesuffix(".0")
            return f"{text} {name if name != 's' else 'second' if text == '1' else 'seconds'}"
    raise AssertionError("unreachable: the last scale fits everything")
