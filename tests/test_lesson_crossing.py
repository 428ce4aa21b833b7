"""The size at which a ratio holds: every branch of its sentence, on results made up for it."""

import pytest

from conclib.chapters.ch04_creation import crossing
from conclib.results import Measurements
from tests.made_up import measurement


def sweep(**costs: float) -> Measurements:
    items = {
        label.removeprefix("mb"): measurement([cost] * 30, probe="fork")
        for label, cost in costs.items()
    }
    return Measurements(items, varied="ballast_mb")


THREAD = measurement([100.0] * 30, probe="pthread")


def test_between_two_sizes_the_line_is_followed():
    found = crossing.where_true(sweep(mb0=5_000, mb100=15_000), THREAD, times=100)
    assert crossing.crossing([(0, 50), (100, 150)], 100) == 50
    assert 0 < found.size_mb < 100
    assert "one parent only" in found.sentence and "0 MB more" in repr(found)
    assert "<table>" in found.html()


@pytest.mark.parametrize(
    "costs, words",
    [
        ({"mb0": 50_000, "mb100": 60_000}, "too little"),
        ({"mb0": 500, "mb100": 600}, "too much"),
        ({"mb0": 60_000, "mb100": 600}, "does not rise"),
    ],
)
def test_each_other_branch(costs, words):
    found = crossing.where_true(sweep(**costs), THREAD, times=100)
    assert found.size_mb is None and words in found.sentence


def test_nothing_resolved_is_said():
    assert "below resolution" in crossing.sentence([], None, 100)


def test_what_is_no_sweep_is_refused():
    with pytest.raises(TypeError, match="sizes"):
        crossing.where_true(THREAD, THREAD)
    with pytest.raises(TypeError, match="unit"):
        crossing.where_true(sweep(mb0=500), 5)
    with pytest.raises(ValueError, match="times"):
        crossing.where_true(sweep(mb0=500), THREAD, times=0)
