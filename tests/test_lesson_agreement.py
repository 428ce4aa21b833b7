"""Do they agree, and what does one add to another: every branch, with made-up results."""

from dataclasses import replace

import pytest

from conclib.lesson.judging.agreement import agree
from conclib.lesson.judging.differing import difference
from conclib.results import Measurements, Run
from tests import made_up
from tests.made_up import around, few


def several(*costs, spread=0.01):
    return {f"worker {n}": around(cost, spread) for n, cost in enumerate(costs, 1)}


def test_all_overlap():
    found = agree(several(100, 100.5, 101, spread=0.05))
    assert (found.pairs, found.apart) == (3, 0)
    assert "All 3 pairs of intervals overlap: this time they agree." in repr(found)


def test_some_do_not_overlap():
    found = agree(several(100, 100.5, 200))
    assert (found.pairs, found.apart) == (3, 2)
    assert "Of 3 pairs of intervals, 2 do not overlap" in repr(found)
    assert "from 100 ns to 200 ns, the largest ×2 the smallest" in repr(found)


@pytest.mark.parametrize(("cost", "says"), [(100.1, "overlap."), (300, "do not overlap.")])
def test_a_pair(cost, says):
    assert repr(agree(several(100, cost))).startswith(f"The two intervals {says}")


def of_runs(*runs):
    item = made_up.measurement([1.0] * 9)
    return replace(item, runs=tuple(Run(tuple(run), ()) for run in runs))


def test_the_workers_of_one_measurement_and_a_drift_within_one():
    steady = [100.0 + n % 3 for n in range(40)]
    same = repr(agree(of_runs(steady, steady)))
    assert "The two intervals overlap." in same and "no drift" in same
    cold = [200.0 + n % 3 for n in range(20)] + steady[:20]
    found = repr(agree(of_runs(steady, cold, steady)))
    assert "In 1 of 3 the second half differs clearly from the first." in found


REFUSED = {
    "no measurement": (TypeError, lambda: agree(7), "result=int"),
    "nothing": (TypeError, lambda: agree({}), "result=dict"),
    "no several": (TypeError, lambda: difference(around(1), "a", "b"), "cl.measure_many"),
    "no label": (ValueError, lambda: difference(both(1, 2), "a", "c"), "baseline='c'"),
}


@pytest.mark.parametrize(("error", "call", "says"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_compared_is_refused(error, call, says):
    with pytest.raises(error, match=says):
        call()


@pytest.mark.parametrize("result", [
    several(100), {"a": few(1), "b": around(1)}, of_runs([1.0] * 9),
])  # fmt: skip
def test_a_single_interval_says_nothing_about_agreement(result):
    found = agree(result)
    assert (found.pairs, found.apart) == (0, 0)
    assert "nothing can be said about agreement" in repr(found)


def both(slower, baseline, spread=0.01):
    return Measurements({"a": around(slower, spread), "b": around(baseline, spread)})


def test_how_far_apart_two_are():
    found = difference(both(3000, 1000), "a", "b")
    assert found.more == pytest.approx(2000)
    assert repr(found).startswith("a takes 2.00 µs more than b: ×3")
    assert repr(difference(both(1000, 3000), "a", "b")).startswith("a takes 2.00 µs less than b: ")
    assert "cannot be told apart here" in repr(difference(both(1000, 1010, 0.1), "a", "b"))
    lost = Measurements({"a": around(10), "b": made_up.measurement([5.0] * 9, baseline=(9.0,))})
    assert difference(lost, "a", "b").more is None
    assert "from their baselines" in repr(difference(lost, "a", "b"))
