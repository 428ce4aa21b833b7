"""Shapes of curves: what is predicted by name, drawn and measured, as far as intervals allow."""

import pytest

from conclib.results import shapes
from conclib.results.estimate import Estimate
from conclib.results.quantity import RATE, TIME
from conclib.results.shapes import FALL, FLAT, GENTLE, KNEE, RISE, SATURATION, STEEP, UNCLEAR

GUIDE = 100.0
PLACES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
CURVES = {  # what it is, its shape, where it bends
    "level": (lambda x: 500, FLAT, None),
    "hardly rises": (lambda x: 500 + x, FLAT, None),
    "a third of the guide": (lambda x: 50 + 33 * x, GENTLE, None),
    "like the guide": (lambda x: 50 + 100 * x, STEEP, None),
    "flat, then up": (lambda x: 500 + 80 * max(0, x - 8), KNEE, 8),
    "up, then level": (lambda x: 100 * min(x, 8), SATURATION, 8),
    "up, then nearly level": (lambda x: 100 * min(x, 8) + 3 * max(0, x - 8), SATURATION, 8),
    "up, then half as fast": (lambda x: 100 * min(x, 8) + 30 * max(0, x - 8), GENTLE, 8),
    "down": (lambda x: 5000 - 100 * x, FALL, None),
    "down, then level": (lambda x: 5000 - 500 * min(x, 8), FALL, None),
    "up and down": (lambda x: 100 * min(x, 8) - 20 * max(0, x - 8), UNCLEAR, None),
    "down and up": (lambda x: 900 + 100 * abs(x - 8), UNCLEAR, None),
}


def curve(cost, share=0.02, places=PLACES, quantity=TIME):
    """Return estimates whose intervals reach a share of the value to either side."""
    return [
        (x, Estimate(cost(x), (cost(x) * (1 - share), cost(x) * (1 + share)), quantity))
        for x in places
    ]


# Predicted and drawn ------------------------------------------------------------------------------
@pytest.mark.parametrize("word", shapes.HEIGHTS)
def test_what_can_be_predicted_is_read_as_itself_where_it_is_drawn(word):
    assert shapes.drawn(shapes.HEIGHTS[word]) == word


def test_stored_predictions_and_the_words_of_chapters_keep_their_names():
    assert tuple(shapes.HEIGHTS) == ("flat", "gentle rise", "steep rise", "knee", "saturation")
    assert (*shapes.HEIGHTS, "rise", "fall", "unclear") == shapes.WORDS


DRAWN = [
    ((0, 0, 0, 0, 0.05), FLAT),
    ((0.1, 0.2, 0.1, 0.2, 0.15), FLAT),
    ((0, 0.1, 0.2, 0.3, 0.4), GENTLE),
    ((0.05, 0.15, 0.2, 0.3, 0.35), GENTLE),
    ((0, 0.2, 0.5, 0.7, 1), STEEP),
    ((0, 0.3, 0.6, 0.8, 0.9), STEEP),
    ((0, 0.1, 0.2, 0.4, 0.8), KNEE),
    ((0, 0, 0.1, 0.5, 1), KNEE),
    ((0, 0.5, 0.9, 1, 1), SATURATION),
    ((0, 0.8, 0.9, 0.95, 1), SATURATION),
    ((1, 0.5, 0.5, 0.2, 0), FALL),
    ((0, 0.5, 1, 0.5, 0), UNCLEAR),
    ((0.5, 0, 0, 0, 0.6), UNCLEAR),
    ((0.25, 0.5, 1, 0.5, 0.85), UNCLEAR),
    ((0, 0.6, 0.3, 0.8, 1), UNCLEAR),
    ((0, 0.3, 0.25, 0.8, 0.9), STEEP),
]


@pytest.mark.parametrize(("heights", "word"), DRAWN)
def test_a_curve_drawn_by_hand_is_read_by_its_bend_and_its_rise(heights, word):
    assert shapes.drawn(heights) == word


# Measured -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("scale", [1e-3, 1, 1e6])
def test_a_curve_has_the_shape_that_it_was_made_with(name, scale):
    cost, word, at = CURVES[name]
    found = shapes.measured(curve(lambda x: scale * cost(x))[::-1], scale * GUIDE)
    assert (found.word, found.at, found.possible) == (word, at, ())
    assert found.rises == (word in (GENTLE, STEEP, KNEE, SATURATION))


@pytest.mark.parametrize(
    ("name", "slope"), [("flat, then up", 80), ("up, then level", 100), ("like the guide", 100)]
)
def test_its_slope_is_that_of_the_part_that_rises_also_relative_to_the_guide(name, slope):
    found = shapes.measured(curve(CURVES[name][0]), GUIDE)
    assert found.slope == pytest.approx(slope)
    assert found.relative == pytest.approx(slope / GUIDE)
    assert shapes.measured(curve(CURVES[name][0])).relative is None


def test_without_a_guide_a_rise_may_be_gentle_or_steep_and_a_bend_is_seen_all_the_same():
    found = shapes.measured(curve(CURVES["like the guide"][0]))
    assert (found.word, found.possible) == (RISE, (GENTLE, STEEP))
    assert shapes.measured(curve(CURVES["flat, then up"][0])).word == KNEE
    assert shapes.measured(curve(CURVES["level"][0])).word == FLAT


def test_a_bend_within_the_noise_is_not_named_but_stays_possible():
    noisy = shapes.measured(curve(lambda x: 1000 + 30 * max(0, x - 8), share=0.2), GUIDE)
    assert (noisy.word, noisy.possible) == (GENTLE, (KNEE, SATURATION))


def test_four_values_show_no_bend_and_exclude_none():
    found = shapes.measured(curve(CURVES["flat, then up"][0], places=PLACES[2:]), 2 * GUIDE)
    assert (found.word, found.possible) == (GENTLE, (KNEE, SATURATION))


def gentle(high, last_high=1000.0):
    """Return a rise of a third of the guide, of which one interval, or two, are wide."""
    made = dict(curve(lambda x: 50 + 33 * x))
    made[8.0] = Estimate(314.0, (300.0, high))
    made[32.0] = Estimate(1106.0, (1080.0, max(last_high, 1110.0)))
    return list(made.items())


def test_a_gentle_rise_says_where_an_interval_reaches_up_to_the_guide():
    sure = shapes.measured(gentle(330), GUIDE)
    assert (sure.word, sure.possible, sure.reaching) == (GENTLE, (), ())
    one = shapes.measured(gentle(900), GUIDE)
    assert (one.word, one.possible, one.reaching) == (GENTLE, (), (8.0,))
    both = shapes.measured(gentle(900, 3500), GUIDE)
    assert (both.word, both.possible, both.reaching) == (GENTLE, (STEEP,), (8.0, 32.0))


def test_a_slope_that_its_ends_leave_open_has_two_names():
    near = shapes.measured(curve(lambda x: 50 + 75 * x, share=0.1), GUIDE)
    assert (near.word, near.possible, near.reaching) == (STEEP, (GENTLE,), ())


WIDE = curve(lambda x: 200 + 3 * x, share=0.9)
NONE = (32.0, Estimate(900.0, None))
LOST = (1.0, Estimate(None, (0.0, 9.0)))
UNCLEARS = {
    "wide intervals are never called flat": WIDE,
    "an end without an interval": [*curve(lambda x: 500, places=PLACES[:-1]), NONE],
    "an end below resolution": [LOST, *curve(lambda x: 100 * x, places=PLACES[1:])],
    "one value": curve(lambda x: 500, places=(1.0,)),
    "nothing": [],
}


@pytest.mark.parametrize("made", UNCLEARS.values(), ids=UNCLEARS)
def test_what_cannot_be_told_is_unclear(made):
    found = shapes.measured(made, GUIDE)
    assert (found.word, found.at, found.rises) == (UNCLEAR, None, False)


def test_one_odd_value_beyond_both_ends_leaves_no_shape():
    odd = curve(lambda x: 90_000 if x == 8 else 1000 + 100 * x)
    assert shapes.measured(odd, GUIDE).word == UNCLEAR


def test_misuse_is_refused():
    made = curve(lambda x: 1000 * x)
    for guide in (0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="guide="):
            shapes.measured(made, guide)
    for twice in ([*made, made[2]], [made[0], made[0]]):
        with pytest.raises(ValueError, match="each x must be there once"):
            shapes.measured(twice)
    with pytest.raises(TypeError, match="a rate is not compared with a time"):
        shapes.measured([*made[1:], *curve(lambda x: 9, places=(1,), quantity=RATE)])


# Two curves ---------------------------------------------------------------------------------------
def slow_start(share=0.0):
    return curve(lambda x: 10 + x, share)


def test_a_crossover_is_where_the_lower_becomes_the_higher():
    steep = curve(lambda x: 3 * x, 0.0)
    for pair in ((slow_start(), steep), (steep, slow_start())):
        found = shapes.crossover(*pair)
        assert (found.at, found.low, found.high) == pytest.approx((5, 5, 5))


def test_intervals_allow_a_crossover_between_two_places():
    found = shapes.crossover(slow_start(0.1), curve(lambda x: 3 * x, 0.1))
    assert found.at == pytest.approx(5) and 3 < found.low < 5 < found.high < 8
    wider = shapes.crossover(slow_start(0.2), curve(lambda x: 3 * x, 0.2))
    assert wider.low < found.low and wider.high > found.high


def test_an_end_of_a_crossover_may_lie_beyond_what_was_measured():
    near = shapes.crossover(slow_start(0.1), curve(lambda x: 9 * x, 0.5))
    assert near.low is None and near.at is not None and near.high is not None
    late = shapes.crossover(curve(lambda x: 70 + x, 0.1), curve(lambda x: 3 * x, 0.1))
    assert (late.at, late.high) == (None, None) and 20 < late.low < 32


@pytest.mark.parametrize("share", [0.0, 0.01])
def test_curves_that_are_clearly_apart_do_not_cross(share):
    assert shapes.crossover(slow_start(share), curve(lambda x: 30 + x, share)) is None
    assert shapes.crossover(slow_start(share), []) is None
    assert shapes.crossover([NONE], [NONE]) is None
