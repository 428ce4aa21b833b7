"""Which simple model describes the points of a curve best, or "unclear".

    flat            linear          knee            saturation
    ----------            /               /             ______
                        /                /             /
                      /            _____/             /

A *knee* is two straight lines that meet; in a *saturation* the second of them is level. Models are
fitted by least squares, the place where two lines meet is tried at each inner point. A second line
that is nearly level makes a saturation too, and two lines of nearly one slope are one line.

More numbers in a model cost (Schwarz's criterion), and what is within 1 % of the curve's height is
noise. Where the best model is not clearly ahead, or there are fewer than five points, the answer is
"unclear".

These are bare points: what their intervals allow is judged in ``shapes.py``.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Point = tuple[float, float]
FLAT, LINEAR, KNEE, SATURATION, UNCLEAR = "flat", "linear", "knee", "saturation", "unclear"
MIN_POINTS = 5
NOISE = 0.01  # of the highest point
AHEAD = 1.0  # in Schwarz's criterion: less than what one number more costs from 3 points on
SCATTER = 0.2  # of the curve's height: a model that leaves more than this unexplained says nothing
BEND = 3.0  # two slopes of one sign that differ by less than this factor are no bend
LEVEL = 0.25  # of what the first line has risen: a second line that changes by no more is level


@dataclass(frozen=True)
class Model:
    """The model that describes a curve best.

    Attributes:
        word: ``"flat"``, ``"linear"``, ``"knee"``, ``"saturation"`` or ``"unclear"``.
        at: where two lines meet, for a knee or a saturation.
        slope: of the first line, in y for each x; 0 where it is flat.
        then: of the second line, where there is one.
    """

    word: str
    at: float | None = None
    slope: float = 0.0
    then: float = 0.0


@dataclass(frozen=True)
class _Fit:
    model: Model
    score: float  # Schwarz's criterion: the lower the better
    scatter: float  # what it leaves unexplained, as a share of the highest point


def model_of(points: Sequence[Point]) -> Model:
    """Return the model that describes a curve best.

    Args:
        points: (x, y) in any order; all numbers finite, no x twice.

    Raises:
        ValueError: no points, or one x twice.
    """
    curve = checked(points)
    if len(curve) < MIN_POINTS:
        return Model(UNCLEAR)
    inner = [x for x, _ in curve[1:-1]]
    fits = [
        _fit(curve, FLAT, [_one]),
        _fit(curve, LINEAR, [_one, _same]),
        *(_fit(curve, SATURATION, [_one, _up_to(x)], x) for x in inner),
        *(_fit(curve, KNEE, [_one, _same, _beyond(x)], x) for x in inner),
    ]
    best = min(fits, key=lambda fit: fit.score)
    others = [fit.score for fit in fits if fit.model.word != best.model.word]
    clear = min(others) - best.score >= AHEAD and best.scatter <= SCATTER
    return best.model if clear else Model(UNCLEAR)


def checked(points: Sequence[Point]) -> list[Point]:
    """Return points in order of x; raises as :func:`model_of` does."""
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
    slope, more = (*weights[1:], 0.0, 0.0)[:2]  # of the first line, and what the second adds
    model = Model(word, at, slope)
    if word == KNEE and at is not None:
        model = _bent(slope, slope + more, (curve[0][0], at, curve[-1][0]))
    return _Fit(model, score, math.sqrt(spread) / height)


def _bent(slope: float, then: float, places: tuple[float, float, float]) -> Model:
    """Name two lines that meet by how they do; ``places`` are the first x, the bend, the last."""
    first, at, last = places
    if slope * then > 0 and 1 / BEND < then / slope < BEND:
        return Model(LINEAR, None, slope, then)
    level = abs(then * (last - at)) <= LEVEL * abs(slope * (at - first))
    return Model(SATURATION if level and abs(then) < abs(slope) else KNEE, at, slope, then)


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
