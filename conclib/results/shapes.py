"""The shape of a curve: which simple model describes it best, or "unclear".

    flat            linear          knee            saturation
    ----------            /               /             ______
                        /                /             /
                      /            _____/             /

A *knee* is two straight lines that meet; in a *saturation* the second of them is level. Models are
fitted by least squares, the place where two lines meet is tried at each inner point. More numbers
in a model cost (Schwarz's criterion), and what is within 1 % of the curve's height is noise. Where
the best model is not clearly ahead, or there are fewer than five points, the answer is "unclear".

A *crossover* is one of two curves: the place where the lower one becomes the higher one.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from conclib.results import statistics

Point = tuple[float, float]
FLAT, LINEAR, KNEE, SATURATION, UNCLEAR = "flat", "linear", "knee", "saturation", "unclear"
MIN_POINTS = 5
NOISE = 0.01  # of the highest point
AHEAD = 1.0  # in Schwarz's criterion: less than what one number more costs from 3 points on
SCATTER = 0.2  # of the curve's height: a model that leaves more than this unexplained says nothing


@dataclass(frozen=True)
class Shape:
    """A curve's shape.

    Attributes:
        word: ``"flat"``, ``"linear"``, ``"knee"``, ``"saturation"`` or ``"unclear"``.
        at: where two lines meet, for a knee or a saturation.
        slope: of the first line, in y for each x; 0 where it is flat.
    """

    word: str
    at: float | None = None
    slope: float = 0.0


@dataclass(frozen=True)
class _Fit:
    shape: Shape
    score: float  # Schwarz's criterion: the lower the better
    scatter: float  # what it leaves unexplained, as a share of the highest point


def shape_of(points: Sequence[Point]) -> Shape:
    """Return the shape of a curve.

    Args:
        points: (x, y) in any order; all numbers finite, no x twice.

    Raises:
        ValueError: no points, or one x twice.
    """
    curve = _checked(points)
    if len(curve) < MIN_POINTS:
        return Shape(UNCLEAR)
    inner = [x for x, _ in curve[1:-1]]
    fits = [
        _fit(curve, FLAT, [_one]),
        _fit(curve, LINEAR, [_one, _same]),
        *(_fit(curve, SATURATION, [_one, _up_to(x)], x) for x in inner),
        *(_fit(curve, KNEE, [_one, _same, _beyond(x)], x) for x in inner),
    ]
    best = min(fits, key=lambda fit: fit.score)
    others = [fit.score for fit in fits if fit.shape.word != best.shape.word]
    clear = min(others) - best.score >= AHEAD and best.scatter <= SCATTER
    return best.shape if clear else Shape(UNCLEAR)


def relative_slope(points: Sequence[Point], guide: float) -> float:
    """Return how steep a curve is, as a multiple of a guide's slope (its chapter names it).

    Raises:
        ValueError: fewer than two points, or a guide that is not above 0.
    """
    if not guide > 0:
        raise ValueError(f"guide={guide!r}: must be a slope above 0")
    return statistics.slope(_checked(points)) / guide


def crossover(first: Sequence[Point], second: Sequence[Point]) -> float | None:
    """Return the x at which the lower of two curves becomes the higher; ``None`` if it does not.

    Only x that both curves have count; between two of them the curves are taken as straight.
    """
    one, other = dict(_checked(first)), dict(_checked(second))
    gaps = [(x, one[x] - other[x]) for x in sorted(set(one) & set(other))]
    signs = [(x, gap) for x, gap in gaps if gap]
    for (x, before), (next_x, after) in pairwise(signs):
        if before * after < 0:
            return x + (next_x - x) * before / (before - after)
    return None


def _checked(points: Sequence[Point]) -> list[Point]:
    curve = sorted((float(x), float(y)) for x, y in points)
    if not curve or not all(math.isfinite(number) for point in curve for number in point):
        raise ValueError(f"points={points!r}: must be at least one pair of finite numbers")
    if len({x for x, _ in curve}) < len(curve):
        raise ValueError(f"points={points!r}: each x must be there once")
    return curve


Column = Callable[[float], float]


def _one(_: float) -> float:
    return 1.0


def _same(x: float) -> float:
    return x


def _up_to(at: float) -> Column:
    return lambda x: min(x, at)


def _beyond(at: float) -> Column:
    return lambda x: max(x - at, 0.0)


def _fit(curve: list[Point], word: str, columns: list[Column], at: float | None = None) -> _Fit:
    """Fit a sum of columns, and count its numbers, the place of a bend among them."""
    weights = _least_squares([[column(x) for column in columns] for x, _ in curve], curve)
    rest = [y - sum(w * column(x) for w, column in zip(weights, columns, strict=True))
            for x, y in curve]  # fmt: skip
    height = max(abs(y) for _, y in curve) or 1.0
    spread = sum(r * r for r in rest) / len(curve) + (NOISE * height) ** 2
    numbers = len(columns) + (at is not None)
    score = len(curve) * math.log(spread) + numbers * math.log(len(curve))
    slope = weights[1] if len(weights) > 1 else 0.0
    return _Fit(Shape(word, at, slope), score, math.sqrt(spread) / height)


def _least_squares(rows: list[list[float]], curve: list[Point]) -> list[float]:
    """Return the weights that fit best: normal equations, solved by elimination."""
    size = range(len(rows[0]))
    table = [
        [sum(row[i] * row[j] for row in rows) for j in size]
        + [sum(row[i] * y for row, (_, y) in zip(rows, curve, strict=True))]
        for i in size
    ]
    for i in size:
        pivot = max(range(i, len(table)), key=lambda k: abs(table[k][i]))
        table[i], table[pivot] = table[pivot], table[i]
        table[i] = [number / (table[i][i] or 1.0) for number in table[i]]
        for k in size:
            if k != i:
                table[k] = [a - table[k][i] * b for a, b in zip(table[k], table[i], strict=True)]
    return [row[-1] for row in table]
