"""Statistics that assume nothing about the distribution, and how a number is written."""

import itertools
import math
import random
import statistics as standard

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conclib.results import statistics
from conclib.results.quantity import BYTES, RATIO, TIME

NAN, INF = float("nan"), float("inf")
times = st.floats(min_value=0, max_value=1e12)
some = st.lists(times, min_size=1, max_size=60)
enough = st.lists(times, min_size=6, max_size=60)


# Statistics ----------------------------------------------------------------------------------
@given(some)
def test_median_is_the_one_of_the_standard_library(values):
    assert statistics.median(values) == pytest.approx(standard.median(values))


@given(enough)
def test_interval_holds_the_median_and_lies_within_the_values(values):
    low, high = statistics.median_interval(values)
    assert min(values) <= low <= statistics.median(values) <= high <= max(values)


@given(enough, st.randoms(use_true_random=False))
def test_interval_asks_nothing_of_the_order(values, chance):
    mixed = list(values)
    chance.shuffle(mixed)
    assert statistics.median_interval(mixed) == statistics.median_interval(values)


@given(enough)
def test_interval_treats_both_ends_alike(values):
    low, high = statistics.median_interval(values)
    assert statistics.median_interval([-value for value in values]) == (-high, -low)


@given(enough, st.sampled_from([0.25, 0.5, 2.0, 1024.0]))
def test_interval_scales_with_the_values(values, scale):
    """Powers of two, so that scaling rounds nothing."""
    low, high = statistics.median_interval(values)
    scaled = [value * scale for value in values]
    assert statistics.median_interval(scaled) == (low * scale, high * scale)
    assert statistics.mad(scaled) == pytest.approx(statistics.mad(values) * scale)


@pytest.mark.parametrize("n", range(1, 6))
def test_there_is_no_interval_below_six_values(n):
    assert statistics.interval_rank(n) is None
    assert statistics.median_interval([1.0] * n) is None
    assert statistics.half_width([1.0] * n) == math.inf


def test_rank_is_the_largest_that_keeps_95_percent():
    """Counted out in another way: the binomial's tail, term by term."""
    for n in range(6, 200):
        rank = statistics.interval_rank(n)
        outside = [2 * sum(math.comb(n, i) for i in range(k)) / 2**n for k in (rank, rank + 1)]
        assert outside[0] <= 0.05 < outside[1]


def test_rank_grows_with_n_also_where_the_approximation_begins():
    for sizes in (range(6, 300), range(1980, 2020)):
        ranks = [statistics.interval_rank(n) for n in sizes]
        assert all(0 <= b - a <= 1 for a, b in itertools.pairwise(ranks))


@pytest.mark.parametrize("n", [6, 20, 101])
@pytest.mark.parametrize(
    "draw, true",
    [
        (random.Random.random, 0.5),
        (lambda chance: chance.expovariate(1), math.log(2)),
        (lambda chance: chance.paretovariate(0.7), 2 ** (1 / 0.7)),  # has no mean at all
    ],
    ids=["even", "lopsided", "wild"],
)
def test_interval_covers_the_true_median_in_95_of_100_whatever_the_distribution(n, draw, true):
    chance, rounds = random.Random(n), 1500
    hits = sum(
        low <= true <= high
        for low, high in (
            statistics.median_interval([draw(chance) for _ in range(n)]) for _ in range(rounds)
        )
    )
    assert hits / rounds > 0.95 - 0.02  # three standard errors of 1,500 rounds


@given(some, st.floats(0, 1), st.floats(0, 1))
def test_quantile_rises_from_the_smallest_to_the_largest(values, p, q):
    low, high = sorted((p, q))
    assert statistics.quantile(values, low) <= statistics.quantile(values, high) * (1 + 1e-12)
    assert statistics.quantile(values, 0) == min(values)
    assert statistics.quantile(values, 1) == max(values)


@given(st.lists(st.tuples(times, times).map(sorted).map(tuple), min_size=1))
def test_envelope_holds_every_interval_and_no_more(intervals):
    low, high = statistics.envelope(intervals)
    assert all(low <= a and b <= high for a, b in intervals)
    assert low in {a for a, _ in intervals} and high in {b for _, b in intervals}


@pytest.mark.parametrize("statistic", [statistics.median, statistics.mad, statistics.half_width])
@pytest.mark.parametrize("values", [[], [1.0, NAN], [1.0, INF]])
def test_statistics_of_nothing_or_of_no_number_are_refused(statistic, values):
    with pytest.raises(ValueError, match="values"):
        statistic(values)


def test_one_sample_has_no_spread_and_no_intervals_have_no_envelope():
    with pytest.raises(ValueError, match="2 or more are needed, 1 given"):
        statistics.mad([5.0])
    with pytest.raises(ValueError, match="intervals"):
        statistics.envelope([])


@pytest.mark.parametrize("q", [-0.01, 1.01, NAN])
def test_a_quantile_outside_0_to_1_is_refused(q):
    with pytest.raises(ValueError, match="q="):
        statistics.quantile([1.0], q)


# Units ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "ns, text",
    [
        (0, "0 ns"),
        (0.5, "0.500 ns"),
        (1, "1.00 ns"),
        (999, "999 ns"),
        (999.9, "1.00 µs"),
        (1234, "1.23 µs"),
        (45_600_000, "45.6 ms"),
        (2.5e9, "2.50 s"),
    ],
)
def test_time_is_written_with_three_digits_and_a_fitting_unit(ns, text):
    assert TIME.write(ns) == text


@given(st.floats(min_value=1e-3, max_value=1e13))
def test_time_says_the_value_it_was_given(ns):
    value, unit = TIME.write(ns).split()
    assert TIME.stored(float(value), unit) == pytest.approx(ns, rel=0.006, abs=0.0006)
    assert "e" not in value


def test_the_slope_keeps_to_a_line_beside_an_odd_point():
    line = [(x, 5 + 17 * x) for x in (0, 64, 128, 256, 512)]
    odd = [*line[:2], (128, 10**6), *line[3:]]
    assert statistics.slope(odd) == pytest.approx(17, rel=0.05)
    with pytest.raises(ValueError, match="two or more"):
        statistics.slope([(1, 1), (1, 2)])


@given(
    st.lists(st.integers(0, 10**6), min_size=2, unique=True),
    st.integers(-(10**6), 10**6),
    st.integers(-(10**6), 10**6),
)
def test_the_slope_of_a_line_is_its_own(xs, start, rise):
    points = [(x, start + rise * x) for x in xs]
    assert statistics.slope(points) == pytest.approx(rise)
    assert statistics.line(points) == pytest.approx((start, rise))


@given(st.floats(min_value=1, max_value=1e11))
def test_time_never_writes_a_thousand_of_a_unit_that_has_a_next_one(ns):
    assert float(TIME.write(ns).split()[0]) < 1000


def test_ranges_sizes_and_ratios():
    assert TIME.write_range(1200, 1300) == "1.20–1.30 µs"
    assert TIME.write_range(900, 1300) == "900 ns – 1.30 µs"
    assert TIME.write_range(1200, 1200.1) == "1.20 µs"
    assert BYTES.write(2**20) == "1.00 MB"
    assert BYTES.write(512) == "512 B"
    assert [RATIO.write(x) for x in (0.5, 2.0, 12.3, 1280)] == ["×0.5", "×2", "×12", "×1,300"]


def test_a_unit_may_be_spelt_as_on_a_keyboard_and_an_unknown_one_is_refused():
    assert TIME.stored(2, "us") == TIME.stored(2, "µs") == 2000
    with pytest.raises(ValueError, match=r"unit='minutes'.*ns, µs, ms, s"):
        TIME.stored(1, "minutes")


# Decades -----------------------------------------------------------------------------------------
@given(st.floats(-9, 9), st.floats(0, 9), st.floats(-9, 9))
def test_a_width_and_a_distance_in_decades(low, width, off):
    ends = 10**low, 10 ** (low + width)
    found = statistics.in_decades(*ends, 10 ** (low + off))
    expected = width, off if off < 0 else max(off - width, 0.0)
    assert found == pytest.approx(expected, abs=1e-9)
