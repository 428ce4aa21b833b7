"""The shapes that a curve can be predicted to have, and the one that it was measured to have.

    flat         gentle rise     steep rise       knee          saturation
                                         /             /            ______
                          __..--       /              /            /
    ---------    __..--'''            /          _____/            /

``HEIGHTS`` has them all: what may be predicted by name, as the five heights that sliders and
pictures show. A height of 1 is where the *guide* ends, a line whose slope the chapter names: what
it would be if each unit of what is varied cost as much as something known does.

What was measured is judged by its intervals. Its ends say whether it rises at all, by
``Estimate.compare``. Five values or more can show a bend too: the model that describes them best
has one, and the value where it bends lies clearly off the straight line between the ends. Without a
bend the slope, held against the guide, tells a gentle rise from a steep one; where the intervals of
the ends allow the other one too, that stays possible.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from conclib.results import fitting, statistics
from conclib.results.estimate import Estimate
from conclib.results.fitting import FLAT, KNEE, SATURATION, UNCLEAR, Point

GENTLE, STEEP = "gentle rise", "steep rise"
BENDS = (KNEE, SATURATION)
RISE, FALL = "rise", "fall"  # nobody predicts these by name: no guide is known, or it goes down
HEIGHTS: dict[str, tuple[float, ...]] = {
    FLAT: (0.1, 0.1, 0.1, 0.1, 0.1),
    GENTLE: (0.05, 0.1, 0.15, 0.2, 0.25),
    STEEP: (0.0, 0.25, 0.5, 0.75, 1.0),
    KNEE: (0.1, 0.1, 0.1, 0.5, 0.9),
    SATURATION: (0.0, 0.25, 0.5, 0.5, 0.5),
}
WORDS = (*HEIGHTS, RISE, FALL, UNCLEAR)  # what a measured curve can be
GROWTH = 1.5  # a curve that changes by less than this factor from end to end is called flat
LIKE_GUIDE = 0.7  # a slope from this share of the guide's on is called steep
DRAWN_FLAT, DRAWN_STEEP = 0.1, 0.7  # the same for a drawn curve; 1 is the guide's line
DRAWN_BACK = 0.2  # how far a drawn curve may go both up and down and still be a curve of one name

Curve = Sequence[tuple[float, Estimate]]  # what was measured at each value of an axis


@dataclass(frozen=True)
class Shape:
    """The shape of a measured curve.

    Attributes:
        word: one of ``WORDS``.
        at: where it bends, if it clearly does.
        slope: for one more of what is varied: of the part of a knee or a saturation that rises,
            else of the whole curve; 0 where a value is below resolution.
        relative: the slope as a multiple of the guide's; ``None`` without a guide.
        possible: other shapes that the values do not exclude.
        reaching: of a gentle rise, where an interval reaches up to the guide's line.
    """

    word: str
    at: float | None = None
    slope: float = 0.0
    relative: float | None = None
    possible: tuple[str, ...] = ()
    reaching: tuple[float, ...] = ()

    @property
    def rises(self) -> bool:
        """Whether the curve rises from end to end."""
        return self.word in (GENTLE, STEEP, RISE, KNEE, SATURATION)


# Measured ---------------------------------------------------------------------------------------
def measured(curve: Curve, guide: float | None = None) -> Shape:
    """Return the shape of a curve, as far as its intervals allow one to be named.

    Args:
        curve: (x, estimate) in any order, no x twice; all of one quantity.
        guide: a slope above 0 to hold it against, in the quantity's stored unit for one more of
            x; without it gentle and steep cannot be told apart.

    Raises:
        ValueError: one x twice, or a guide that is not above 0.
        TypeError: estimates of several quantities.
    """
    if guide is not None and not guide > 0:
        raise ValueError(f"guide={guide!r}: must be a slope above 0, or None")
    ordered = sorted(curve, key=lambda point: point[0])
    points = [(x, each.value) for x, each in ordered if each.value is not None]
    if len(points) < max(len(ordered), 2):
        return Shape(UNCLEAR)
    fitting.checked(points)
    slope, word = statistics.slope(points), _ends(ordered)
    if word != RISE:
        return Shape(word, None, slope, slope / guide if guide else None)
    return _rising(ordered, points, slope, guide)


def _ends(curve: Curve) -> str:
    """Return whether the ends of a curve lie level, rise or fall, and no value far beyond them."""
    estimates = [each for _, each in curve]
    first, last = estimates[0], estimates[-1]
    top, bottom = (last, first) if (last.value or 0) >= (first.value or 0) else (first, last)
    aside = [
        each
        for each in estimates
        if "higher" in (each.compare(top, GROWTH), bottom.compare(each, GROWTH))
    ]
    if aside:
        return UNCLEAR
    if top.compare(bottom, GROWTH) == "lower":
        return FLAT
    if top.compare(bottom) != "higher":
        return UNCLEAR
    return RISE if top is last else FALL


def _rising(curve: Curve, points: list[Point], slope: float, guide: float | None) -> Shape:
    """Name a rise: by its bend if it has one that a name stands for, else by how steep it is."""
    model = fitting.model_of(points)
    bends = model.at is not None and _off_the_line(curve, model)
    at, bend = (model.at if bends else None), _bend(model)
    if bend and bends:
        slope = model.then if bend == KNEE else model.slope
        return Shape(bend, at, slope, slope / guide if guide else None)
    possible = BENDS if bend or model.word == UNCLEAR else ()
    if guide is None:
        return Shape(RISE, at, slope, None, (GENTLE, STEEP, *possible))
    return _steep_or_gentle(curve, guide, Shape(RISE, at, slope, slope / guide, possible))


def _steep_or_gentle(curve: Curve, guide: float, rise: Shape) -> Shape:
    """Name a rise by its slope, and say what of that its intervals leave open."""
    word = _steepness(rise.slope / guide, LIKE_GUIDE)
    (start, first), *rest = curve
    steepest = [first.plus(guide * (x - start)) for x, _ in rest]
    reaching = [
        x for (x, each), line in zip(rest, steepest, strict=True) if each.compare(line) != "lower"
    ]
    other = (GENTLE,) if word == STEEP else (STEEP,)
    possible = rise.possible if _is_sure(curve, guide, word) else (*other, *rise.possible)
    return replace(
        rise, word=word, possible=possible, reaching=tuple(reaching if word == GENTLE else ())
    )


def _is_sure(curve: Curve, guide: float, word: str) -> bool:
    """Tell whether the ends of a curve allow its slope no other name."""
    (start, first), *_, (end, last) = curve
    span = last.minus(first).interval
    if span is None:
        return False
    return {word} == {_steepness(each / (end - start) / guide, LIKE_GUIDE) for each in span}


def _bend(model: fitting.Model) -> str:
    """Return what a rising curve's model is called, if it bends: a knee bends upwards."""
    return model.word if model.word == SATURATION or _bends_up(model) else ""


def _bends_up(model: fitting.Model) -> bool:
    return model.word == KNEE and model.then > model.slope


def _off_the_line(curve: Curve, model: fitting.Model) -> bool:
    """Tell whether the value at a bend lies clearly beside the line between the ends."""
    (low, first), *inner, (high, last) = curve
    x, there = next((x, each) for x, each in inner if x == model.at)
    beside = there.compare(first.towards(last, (x - low) / (high - low)))
    return beside == ("lower" if _bends_up(model) else "higher")


def _steepness(relative: float, least: float) -> str:
    return STEEP if relative >= least else GENTLE


# Drawn ------------------------------------------------------------------------------------------
def drawn(heights: Sequence[float]) -> str:
    """Return the name of a curve that was drawn, ``"unclear"`` if it goes up and down.

    Args:
        heights: from 0 to 1, left to right, five of them or more; 1 is the guide's line.
    """
    first, *_, last = heights
    rise, steps = last - first, [after - before for before, after in combinations(heights, 2)]
    if min(max(steps), -min(steps)) > DRAWN_BACK:
        return UNCLEAR
    if abs(rise) < DRAWN_FLAT:
        return FLAT
    if rise < 0:
        return FALL
    return _bend(fitting.model_of(list(enumerate(heights)))) or _steepness(rise, DRAWN_STEEP)


# Two curves -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Crossover:
    """Where one of two curves becomes the higher one.

    Attributes:
        at: the x at which the middles cross; ``None`` if they do not within what was measured.
        low, high: between which x the intervals allow it; ``None`` for an end that lies beyond
            what was measured.
    """

    at: float | None
    low: float | None
    high: float | None


def crossover(first: Curve, second: Curve) -> Crossover | None:
    """Return where the lower of two curves becomes the higher; ``None`` if nowhere.

    Only x that both have count; between two of them the curves are taken as straight. Estimates
    without a value or an interval are left out.
    """
    one, other = dict(first), dict(second)
    gaps = [(x, one[x].minus(other[x])) for x in sorted(set(one) & set(other))]
    known = [(x, gap.value, gap.interval) for x, gap in gaps if gap.value is not None]
    edges = [(x, middle, span) for x, middle, span in known if span is not None]
    if not edges:
        return None
    way = 1 if edges[-1][1] >= edges[0][1] else -1  # so that the gap rises
    lower = [(x, min(way * end for end in span)) for x, _, span in edges]
    upper = [(x, max(way * end for end in span)) for x, _, span in edges]
    if lower[0][1] > 0 or upper[-1][1] < 0:  # clearly apart from end to end
        return None
    middles = [(x, way * middle) for x, middle, _ in edges]
    return Crossover(_reaches_zero(middles), _reaches_zero(upper), _reaches_zero(lower))


def _reaches_zero(points: Sequence[Point]) -> float | None:
    """Return where a curve first goes from below zero to zero or above."""
    for (x, before), (next_x, after) in pairwise(points):
        if before < 0 <= after:
            return x + (next_x - x) * before / (before - after)
    return None
