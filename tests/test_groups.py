"""Two groups of values are found, and one group of whatever shape is never taken for two."""

import math

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conclib.results.groups import two_groups
from tests.made_up import measurement

SIZES = (25, 60, 300, 1500)
TRIALS = 200


def alternating(n, low, high, spread=0.02, seed=0):
    """Return ``n`` values that alternate between two speeds, each spread by its own share."""
    chance = numpy.random.default_rng(seed)
    centres = numpy.where(numpy.arange(n) % 2, high, low)
    return (centres * chance.normal(1, spread, n)).tolist()


def mixed(n, low, high, *, share, spread, seed, late=0.0):
    """Return values of which a share is slow, and a share of all is late by 2 to 30 times."""
    chance = numpy.random.default_rng(seed)
    centres = numpy.where(chance.random(n) < share, high, low)
    values = centres * chance.normal(1, spread, n)
    return numpy.where(chance.random(n) < late, low * chance.uniform(2, 30, n), values).tolist()


# Two groups ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("n", [40, 60, 300, 1500])
@pytest.mark.parametrize(("low", "high"), [(95, 155), (95, 120), (20, 400), (1e6, 1.3e6)])
def test_two_speeds_that_alternate_are_found(low, high, n):
    found = two_groups(alternating(n, low, high))
    assert found == (pytest.approx(low, rel=0.02), pytest.approx(high, rel=0.02))


@pytest.mark.parametrize("late", [0, 0.05], ids=["", "some far too late"])
@pytest.mark.parametrize("share", [0.2, 0.3, 0.5, 0.7, 0.8])
@pytest.mark.parametrize(("high", "spread"), [(120, 0.02), (155, 0.05), (400, 0.1)])
def test_groups_of_unequal_size_are_found(high, spread, share, late):
    for seed in range(20):
        found = two_groups(mixed(600, 95, high, share=share, spread=spread, seed=seed, late=late))
        assert found == (pytest.approx(95, rel=0.05), pytest.approx(high, rel=0.1)), seed


@given(st.permutations(alternating(44, 95, 155)))
def test_the_order_does_not_matter(values):
    assert two_groups(values) == two_groups(alternating(44, 95, 155))


@given(st.sampled_from([2.0**power for power in range(-10, 30)]))
def test_the_unit_does_not_matter(scale):
    """Powers of two, so that scaling rounds nothing."""
    low, high = two_groups(alternating(60, 95, 155))
    scaled = two_groups([scale * value for value in alternating(60, 95, 155)])
    assert scaled == (scale * low, scale * high)


# The limits ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(("few", "found"), [(44, False), (45, True), (255, True), (256, False)])
def test_a_group_holds_fifteen_of_a_hundred_values_or_more(few, found):
    slow, fast = alternating(few, 155, 155), alternating(300 - few, 95, 95)
    assert (two_groups(slow + fast) is not None) == found


@pytest.mark.parametrize(("high", "found"), [(109, False), (111, True)])
def test_groups_differ_by_ten_of_a_hundred_or_more(high, found):
    assert (two_groups(alternating(300, 100, high, spread=0.001)) is not None) == found


@pytest.mark.parametrize(("each", "found"), [(16, False), (17, True)])
def test_seventeen_values_beside_an_empty_middle_are_enough(each, found):
    assert (two_groups(alternating(2 * each, 95, 155, 0.001)) is not None) == found


@pytest.mark.parametrize(("between", "found"), [(0, True), (6, True), (60, False)])
def test_the_middle_is_nearly_empty(between, found):
    middle = numpy.linspace(115, 135, between).tolist()
    assert (two_groups(alternating(100, 95, 155) + middle) is not None) == found


@pytest.mark.parametrize("ticks", [1, 2, 3, 4])
def test_steps_of_the_clock_are_no_groups(ticks):
    """A clock of 50 ns, and two values that lie next to each other for it, or nearly so."""
    assert two_groups([100.0, 100.0 + 50 * ticks] * 100 + [150.0]) is None


# One group ----------------------------------------------------------------------------------------
def late(chance, n, share):
    disturbed = chance.random(n) < share
    return numpy.where(disturbed, 100 * chance.uniform(2, 30, n), chance.normal(100, 5, n))


def ticks(chance, n, tick):
    return numpy.maximum(numpy.round(chance.normal(100, 8, n) / tick), 1) * tick


ONE = {
    "normal": lambda chance, n: chance.normal(100, 10, n),
    "lognormal": lambda chance, n: chance.lognormal(4, 0.5, n),
    "wide lognormal": lambda chance, n: chance.lognormal(4, 1.5, n),
    "exponential": lambda chance, n: 50 + chance.exponential(30, n),
    "gamma": lambda chance, n: chance.gamma(3, 30, n),
    "uniform": lambda chance, n: chance.uniform(50, 150, n),
    "triangular": lambda chance, n: chance.triangular(50, 60, 200, n),
    "Laplace": lambda chance, n: numpy.abs(chance.laplace(100, 15, n)),
    "Cauchy": lambda chance, n: numpy.abs(100 + 10 * chance.standard_cauchy(n)),
    "half a Cauchy": lambda chance, n: 100 + numpy.abs(10 * chance.standard_cauchy(n)),
    "Pareto": lambda chance, n: 100 * (1 + chance.pareto(1, n)),
    "wild Pareto": lambda chance, n: 100 * (1 + chance.pareto(0.7, n)),
    "a twentieth late": lambda chance, n: late(chance, n, 0.05),
    "a tenth late": lambda chance, n: late(chance, n, 0.1),
    "a tenth twice as slow": lambda chance, n: (
        chance.normal(100, 5, n) * (1 + (numpy.arange(n) % 10 == 0))
    ),
    "fine ticks": lambda chance, n: ticks(chance, n, 1),
    "coarse ticks": lambda chance, n: ticks(chance, n, 10),
    "one tick or two": lambda chance, n: ticks(chance, n, 70),
    "slow drift": lambda chance, n: chance.normal(100, 5, n) * (1 + numpy.arange(n) / n),
    "one value": lambda _, n: numpy.full(n, 100.0),
}


@pytest.mark.slow
@pytest.mark.parametrize("draw", ONE.values(), ids=ONE)
def test_one_group_of_any_shape_is_not_taken_for_two(draw):
    for n in SIZES:
        chance = numpy.random.default_rng(n)
        alarms = [two_groups(draw(chance, n).tolist()) for _ in range(TRIALS)]
        assert alarms == [None] * TRIALS, n


# What is refused, and what is said ----------------------------------------------------------------
@pytest.mark.parametrize("values", [[], [1.0, math.nan], [math.inf] * 50])
def test_groups_of_nothing_or_of_no_number_are_refused(values):
    with pytest.raises(ValueError, match="values"):
        two_groups(values)


def test_a_result_whose_values_form_two_groups_says_so():
    """The centres have the baseline subtracted, as the median beside them has."""
    run = [95_500 + 60_000 * (i % 2) + 400 * (i % 5 - 2) for i in range(60)]
    two = measurement(run, run, run, baseline=(500.0,) * 20)
    (said,) = [reason for reason in two.unstable if "two groups" in reason]
    assert said == (
        "two groups of values, around 95.0 µs and 155 µs: the median describes only one of them"
    )
    one = measurement(alternating(180, 95_500, 95_500), baseline=(500.0,) * 20)
    assert one.unstable == ()


def test_a_group_at_the_baseline_is_not_said_to_take_less_than_nothing():
    """A lower group whose values are below their baseline."""
    values = [*alternating(60, 99, 99, 0.001), *alternating(90, 400, 400)]
    item = measurement(values, baseline=(100.0,) * 20)
    (said,) = [reason for reason in item.unstable if "two groups" in reason]
    assert said.startswith("two groups of values, around 0 ns and ")
