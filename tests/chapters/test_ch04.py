"""Chapter 04: exercises, the clone dial, where a ratio holds, what settles its choices."""

import itertools

import pytest

from conclib.chapters.ch04_creation import crossing, rules
from conclib.chapters.ch04_creation.checks import printed, processes_after
from conclib.lesson import texts
from conclib.lesson.asking.choices import choose
from conclib.lesson.asking.exercises import check
from conclib.lesson.judging import settle
from conclib.lesson.judging.verdicts import verdict
from conclib.lesson.store import kept
from conclib.results import Measurements
from tests import made_up
from tests.chapters import answers
from tests.made_up import measurement
from tests.test_lesson_compare import around, few, sizes
from tests.test_lesson_exercises import SWEEP, own

# Exercises --------------------------------------------------------------------------------------
WRONG = {    "count-forks": [
        (5, "linear"), (6, "linear_and_first"), (10, "double"), (31, "without_first"),
        (120, "restart"),
    ],
    "twice-flushed": [
        (["print one", "fork", "flush", "print two"], "unflushed"),
        (["print one", "fork", "print two", "flush"], "unflushed"),
        (["print one", "flush", "print two", "fork"], "copied"),
        (["print two", "flush", "print one", "fork"], "order"),
        (["print one", "print two", "flush", "fork"], "nobody"),
        (["flush", "fork", "print one", "print two"], "order"),
        (["print one", "flush", "fork"], "missing"),
        (["fork", "fork", "print one", "print two"], "missing"),
    ],
    "cheapest": [("fork", "fork"), ("thread", "thread"), ("spawn", "spawn"), ("mp_fork", "fork")],
    "own-probe": [
        (own(probe="fork"), "library"),
        (own(source="recorded"), "recorded"),
        (made_up.measurement([1, 2, 3], probe="own:x", conditions={"verified": "y"}), "few"),
        (own(baseline=()), "baseline"),
        (own(conditions={}), "verify"),
        (own(conditions={"verified": None}), "verify"),
    ],
    "slope": [
        ((SWEEP, 500.0), "unit"),
        ((SWEEP, 128.0), "whole"),
        ((SWEEP, 129 / 256), None),  # within a tenth of the slope: not wrong
        ((sizes(90_000, 122_000, 154_000, 218_000), 154 / 128), "per_point"),
        ((SWEEP, 2.0), "inverse"),
    ],
}  # fmt: skip
NONSENSE = {    "count-forks": ["32", 7, True, 32.0],
    "twice-flushed": ["fork", [1, 2], ["print one", "flush", "fork", "jump"]],
    "cheapest": [3, "magic"],
    "own-probe": [3, "own:probe"],
    "slope": [0.5, (SWEEP, "0.5"), (7, 0.5), (SWEEP, 77.0), (SWEEP, True),
              (Measurements({"a": around(5)}), 0.5), (sizes(1000), 0.5)],
}  # fmt: skip


@pytest.mark.parametrize(("id", "case"), answers.each(WRONG))
def test_a_wrong_answer_is_met_by_the_belief_behind_it(id, case):
    answers.meets_the_belief(id, case)


def test_every_misconception_of_the_words_is_reached():
    assert answers.unreached("04", WRONG) == set()


@pytest.mark.parametrize(("id", "answer"), answers.each(NONSENSE))
def test_an_answer_of_another_kind_gets_a_sentence_and_raises_nothing(id, answer):
    answers.gets_a_sentence(id, answer)


def test_the_other_start_method_passes_too():
    assert check("cheapest", "forkserver").passed and check("cheapest", " MP_forkserver ").passed


def test_the_model_of_a_buffered_fork_counts_lines():
    assert printed(["print one", "flush", "fork", "print two"]) == ["one", "two", "two"]
    assert printed(["print one", "fork", "print two"]) == ["one", "two", "one", "two"]
    assert printed(["fork", "fork", "print x"]) == ["x"] * 4
    assert printed([]) == []


def test_every_order_of_the_steps_gets_an_answer_and_one_is_right():
    orders = list(itertools.permutations(["print one", "flush", "fork", "print two"]))
    passed = [order for order in orders if check("twice-flushed", order).passed]
    assert passed == [("print one", "flush", "fork", "print two")]


def test_processes_double_with_each_fork():
    assert [processes_after(k) for k in range(5)] == [1, 2, 4, 8, 16]


# The clone dial ---------------------------------------------------------------------------------
def dial(fork, thread, *, few=False, flags=1, size=128):
    """Return the two ends of the clone dial, with net costs in ns."""

    def end(cost, every):
        params = {**dict.fromkeys(rules.FLAGS, every), "ballast_mb": size}
        if few:
            return made_up.measurement([cost] * 3, baseline=(0.0,), probe="clone", params=params)
        return around(cost, probe="clone", params=params)

    return [end(fork, 0), end(thread, flags)]


DIALS = {
    "supported": dial(900_000, 20_000),
    "not supported": dial(20_000, 20_000),
    "inconclusive": dial(40_000, 20_000),
    "inconclusive ": dial(900_000, 20_000, few=True),
    "not settled yet": dial(900_000, 20_000, flags=0),
}


@pytest.mark.parametrize("word", DIALS)
def test_the_clone_dial_settles_the_steps_each_way(word):
    found = verdict("creation.steps", *DIALS[word])
    assert found.word == word.strip()


def test_the_ends_of_the_dial_must_stand_beside_parents_of_one_size():
    (fork, _), (_, thread) = dial(900_000, 20_000, size=0), dial(900_000, 20_000)
    assert rules.clone_dial([fork, thread]) is None
    assert verdict("creation.steps", fork, thread).word == "not settled yet"


# Where a ratio holds ----------------------------------------------------------------------------
def sweep(**costs: float) -> Measurements:
    items = {
        label.removeprefix("mb"): measurement([cost] * 30, probe="fork")
        for label, cost in costs.items()
    }
    return made_up.sweep(items)


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


# Choices ----------------------------------------------------------------------------------------
def test_the_race_is_uncovered_by_a_pick_and_not_before():
    assert "a thread" not in repr(choose("same-code"))
    shown = choose("same-code", pick="A and C")
    assert "B was a thread" in repr(shown) and "C was fork, from a big parent" in repr(shown)
    assert choose("lines", pick="two lines").uncovered == ""


def of(**costs):
    return Measurements({label: around(cost) for label, cost in costs.items()})


def writes(before, after):
    return Measurements({
        "before": around(before, params={"after": "nothing"}),
        "afterwards": around(after, params={"after": "fork"}),
    })  # fmt: skip


def pages(huge=2000, spread=0.01):
    return Measurements({
        "4k": around(9000, spread), "huge": around(huge, spread),
        "file": around(1000, spread), "shared": around(1000, spread),
    })  # fmt: skip


GENTLE, FLAT = sizes(1000, 3000, 5000, 9000), sizes(5000, 5000, 5010, 5000)
STEEP = sizes(1000, 7400, 13_800, 26_600)
SETTLED = {
    "gentle": ("why", GENTLE, "copies lists of pages"),
    "flat": ("why", FLAT, "loads the program again"),
    "steep": ("why", STEEP, "copies all memory"),
    "4k": ("what-pages", pages(), "4k"),
    "huge": ("what-pages", pages(huge=90_000), "huge"),
    "too close": ("what-pages", pages(huge=9001, spread=0.1), None),
    "later": ("bill", writes(1000, 90_000), "a part of it later, at the first write"),
    "not later": ("bill", writes(1000, 1010), "all in the call of fork"),
    "perhaps later": ("bill", writes(1000, 1500), None),
    "vm": ("flag", of(vm=10, files=900, fs=950), "vm"),
    "files": ("flag", of(vm=900, files=10, fs=950), "files"),
    "few": ("why", made_up.sweep({"0": few(100), "64": few(900)}), None),
}


@pytest.mark.parametrize(("id", "result", "option"), SETTLED.values(), ids=SETTLED)
def test_a_result_settles_a_pick_each_way(id, result, option):
    answers.settles_each_pick(id, result, option)


def test_without_the_ruler_a_rise_is_not_settled():
    assert "cl.ruler()" in settle.settled("why", "copies all memory", GENTLE)
    assert "stays open" in settle.settled("why", "copies all memory", GENTLE)


@pytest.mark.parametrize(
    ("id", "result", "error", "says"),
    [("lines", GENTLE, ValueError, "leave it out"), ("why", 7, TypeError, "cl.sweep"),
     ("why", of(a=1, b=2), TypeError, "cl.sweep"), ("flag", of(vm=1), ValueError, "files, fs"),
     ("bill", around(5), TypeError, "first_write"),
     ("bill", of(a=1, b=2), ValueError, "after='fork'")],
)  # fmt: skip
def test_a_result_that_does_not_fit_is_refused(id, result, error, says):
    option = texts.entry("choices", id)["options"][0]
    with pytest.raises(error, match=says):
        settle.settled(id, option, result)


def test_the_dearest_must_be_clear_of_all_others():
    """One that is cheaper in the middle may still reach above the first."""
    entry = texts.entry("choices", "what-pages")
    items = dict.fromkeys(entry["options"], around(10))
    items |= {"4k": around(900), "huge": around(700), "file": around(690, spread=0.9)}
    result = Measurements(items)
    option, said = settle.RULES["slowest"](result, entry["settle"], entry["options"])
    assert option is None and said.startswith("Measured, slowest first: 4k")
    clear = Measurements({**items, "file": around(690)})
    assert settle.RULES["slowest"](clear, entry["settle"], entry["options"])[0] == "4k"


def test_the_first_pick_counts_where_it_comes_with_its_result():
    shown = choose("what-pages", pick="huge", result=pages())
    assert shown.pick == "huge" and "speaks against your pick (huge)" in repr(shown)


def test_the_later_bill_is_told_for_each_megabyte_beside_the_ruler():
    kept.keep([around(40_000, probe="copy_1mb")])
    fields = {"after": "fork", "ballast_mb": 16}
    result = Measurements({
        "before": around(1000, params={**fields, "after": "nothing"}),
        "after": around(16e6, params=fields),
    })  # fmt: skip
    said = settle.settled("bill", "all in the call of fork", result)
    assert "1.00 ms for each MB; copying 1 MB in one go costs 40.0 µs" in said
