"""Estimates: the one place where two intervals, or an interval and a band, are held together."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conclib.results.estimate import Estimate
from conclib.results.quantity import BYTES

ends = st.floats(0.001, 1e6)
intervals = st.tuples(ends, ends).map(sorted).map(tuple)
OPPOSITE = {"lower": "higher", "higher": "lower"}


def estimate(*interval: float, **more) -> Estimate:
    """Return an estimate with this interval, its value in the middle; without ends, none."""
    value = sum(interval) / len(interval) if interval else 7.0
    return Estimate(value, interval or None, **more)


@pytest.mark.parametrize(
    ("one", "other", "factor", "word"),
    [
        ((1, 2), (3, 4), 1, "lower"),
        ((3, 4), (1, 2), 1, "higher"),
        ((1, 2), (2, 3), 1, "overlapping"),  # they touch
        ((1, 4), (2, 3), 1, "overlapping"),  # one within the other
        ((5, 6), (1, 2), 2, "higher"),
        ((5, 6), (1, 3), 2, "overlapping"),
        ((1, 2), (), 1, "unresolved"),
        ((), (1, 2), 1, "unresolved"),
    ],
)
def test_two_estimates_are_told_apart_only_where_their_intervals_share_no_point(
    one, other, factor, word
):
    assert estimate(*one).compare(estimate(*other), factor) == word


@given(intervals, intervals)
def test_comparing_the_other_way_round_says_the_opposite(one, other):
    word = estimate(*one).compare(estimate(*other))
    assert estimate(*other).compare(estimate(*one)) == OPPOSITE.get(word, word)


@pytest.mark.parametrize(
    ("interval", "where", "factor", "edges"),
    [
        ((12, 15), "inside", 1, ""),
        ((10, 20), "inside", 1, ""),  # the edges belong to the band
        ((1, 5), "below", 2, ""),
        ((40, 50), "above", 2, ""),
        ((5, 15), "across", 1, "the lower edge"),
        ((15, 25), "across", 1, "the upper edge"),
        ((5, 25), "across", 1, "both edges"),
        ((0, 0), "below", math.inf, ""),
        ((), "unresolved", 1, ""),
    ],
)
def test_an_interval_lies_inside_outside_or_across_the_edges_of_a_band(
    interval, where, factor, edges
):
    found = estimate(*interval).within((10, 20))
    assert (found.where, found.factor, found.edges) == (where, factor, edges)


@given(intervals, intervals)
def test_a_value_known_exactly_lies_somewhere_that_its_interval_allows(interval, band):
    whole, point = estimate(*interval), estimate(*interval).point
    assert point.within(band).where in ("inside", "below", "above")
    if whole.within(band).where != "across":
        assert point.within(band).where == whole.within(band).where


def test_a_number_lies_in_an_interval_or_does_not():
    assert estimate(1, 2).holds(1) and estimate(1, 2).holds(2)
    assert not estimate(1, 2).holds(2.01)
    assert not estimate().holds(7)


@given(intervals, intervals)
def test_a_ratio_allows_all_that_its_two_intervals_allow(one, other):
    low, high = estimate(*one).ratio(estimate(*other)).interval
    assert low == one[0] / other[1] and high == one[1] / other[0]


@given(intervals, intervals)
def test_a_difference_allows_all_that_its_two_intervals_allow(one, other):
    found = estimate(*one).minus(estimate(*other))
    assert found.interval == (one[0] - other[1], one[1] - other[0])
    assert found.value == estimate(*one).value - estimate(*other).value


@given(intervals, intervals, st.floats(0, 1))
def test_on_the_line_between_two_lies_what_both_allow_there(one, other, share):
    first, last = estimate(*one), estimate(*other)
    low, high = first.towards(last, share).interval
    assert min(one[0], other[0]) * 0.999 <= low <= high <= max(one[1], other[1]) * 1.001
    assert first.towards(last, 0) == first and first.towards(last, 1).interval == other


def test_what_has_no_interval_or_no_value_gives_none():
    for found in (estimate().minus(estimate(1, 2)), estimate(1, 2).towards(estimate(), 0.5)):
        assert found.value is not None and found.interval is None
    lost = Estimate(None, (0.0, 3.0))
    assert lost.minus(estimate(1, 2)).value is None
    assert estimate(1, 2).towards(lost, 0.5).value is None


def test_what_is_below_resolution_has_no_ratio_and_no_value():
    unresolved = Estimate(None, (0.0, 3.0))
    assert estimate(10, 11).ratio(unresolved).value is None
    assert unresolved.point.interval is None
    assert unresolved.compare(estimate(4, 5)) == "lower", "it is somewhere from 0 to its baseline"


def test_different_quantities_and_intervals_upside_down_are_refused():
    with pytest.raises(TypeError, match="time is not compared with a bytes"):
        estimate(1, 2).compare(estimate(1, 2, quantity=BYTES))
    with pytest.raises(ValueError, match="interval="):
        estimate(2, 1)
