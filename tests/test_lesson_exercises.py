"""Solutions pass, untouched starters do not, and a wrong answer is met by the belief behind it."""

import itertools

import pytest

from conclib.chapters.ch04_creation.checks import printed, processes_after
from conclib.lesson import exercises, progress, registry, texts
from conclib.lesson.exercises import check, hint, solution
from conclib.results import Measurements
from tests import made_up
from tests.test_lesson_compare import around, sizes

ALL = sorted(texts.entries("exercises"))
SWEEP = sizes(1000, 33_000, 65_000, 129_000)  # 500 ns for each MB


def own(**fields):
    given = {"probe": "own:probe", "conditions": {"verified": "it ran"}, "date": "2026-01-01"}
    return made_up.measurement([1, 2, 3, 4, 5, 6, 7], **{**given, **fields})


class Course:
    """Stands in for ``cl`` while a starter or a solution runs; remembers what was checked."""

    def __init__(self):
        self.found = []

    def check(self, *given):
        self.found.append(check(*given))
        return self.found[-1]


def run(code):
    course = Course()
    exec(code, {"cl": course, "sizes": SWEEP, "own": own()})
    (found,) = course.found
    return found


@pytest.mark.parametrize("id", ALL)
def test_a_solution_passes(id):
    found = run(texts.entry("exercises", id)["solution"])
    assert found.passed and found.id == id, repr(found)
    assert id in progress.done("exercise")


@pytest.mark.parametrize("id", ALL)
def test_an_untouched_starter_runs_and_does_not_pass(id):
    found = run(texts.entry("exercises", id)["starter"])
    assert found.state == "not yet" and found.id == id
    assert repr(found).startswith("Not yet.") and "cl.hint" in repr(found)
    assert progress.done("exercise") == []


def test_a_solution_is_shown_as_the_code_that_it_is():
    html = solution("summarise").html()
    assert "<pre>def summarise(values):\n    ordered = sorted(values)\n" in html
    assert "<li>" not in html


@pytest.mark.parametrize("id", ALL)
@pytest.mark.parametrize("gap", [..., None, "...", (..., 1), [1, ...]])
def test_a_gap_is_not_yet(id, gap):
    assert check(id, gap).state == "not yet"


@pytest.mark.parametrize("id", ALL)
def test_hints_come_one_by_one_and_the_last_one_stays(id, monkeypatch):
    monkeypatch.setattr(exercises, "_hints_given", {})
    known = texts.entry("exercises", id)["hints"]
    given = [repr(hint(id)) for _ in range(len(known) + 2)]
    for number, words in enumerate(known):
        assert words in given[number]
    assert given[-1] == given[-2] == given[len(known) - 1]
    assert len(set(given)) == len(known)


@pytest.mark.parametrize("id", ALL)
def test_the_solution_and_the_question_are_shown(id):
    entry = texts.entry("exercises", id)
    assert entry["solution"].strip().splitlines()[-1] in repr(solution(id))
    assert entry["question"] in repr(exercises.exercise(id))


def first_two(values):
    ordered = sorted(values)
    return ordered[0], ordered[len(ordered) // 2]


def in_place(values):
    values.sort()
    half = len(values) // 2
    return values[0], (values[half] + values[~half]) / 2


def middle(values):
    ordered = sorted(values)
    return (ordered[len(ordered) // 2] + ordered[~(len(ordered) // 2)]) / 2


WRONG = {
    "summarise": [
        (lambda v: (min(v), sum(v) / len(v)), "mean"),
        (lambda v: (v[0], middle(v)), "first"),
        (lambda v: (max(v), middle(v)), "most"),
        (lambda v: (min(v), v[len(v) // 2]), "unsorted"),
        (first_two, "upper"),
        (in_place, "changed"),
        (lambda v: (middle(v), min(v)), "swapped"),
        (min, "shape"),
        (lambda v: (min(v), "many"), "shape"),
    ],
    "interval": [(1, "widest"), (3, "narrow"), (5, "middle"), (0, "zero")],
    "count-forks": [
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
CASES = [(id, answer, name) for id, answers in WRONG.items() for answer, name in answers]


@pytest.mark.parametrize(("id", "answer", "name"), CASES)
def test_a_wrong_answer_is_met_by_the_belief_behind_it(id, answer, name):
    found = check(id, answer)
    if name is None:
        assert found.passed
        return
    assert found.state == "wrong", repr(found)
    assert found.message == texts.entry("exercises", id)["misconceptions"][name]
    assert progress.done("exercise") == []


def test_every_misconception_of_the_data_is_reached():
    reached = {(id, name) for id, _, name in CASES}
    known = {
        (id, name) for id in ALL for name in texts.entry("exercises", id).get("misconceptions", {})
    }
    assert known - reached == set()


NONSENSE = {
    "summarise": [5, lambda v: 1 / 0, lambda v: (min(v), 7.0), lambda v: (-1.0, middle(v))],
    "interval": ["2", 2.0, True],
    "count-forks": ["32", 7, True, 32.0],
    "twice-flushed": ["fork", [1, 2], ["print one", "flush", "fork", "jump"]],
    "cheapest": [3, "magic"],
    "own-probe": [3, "own:probe"],
    "slope": [0.5, (SWEEP, "0.5"), (7, 0.5), (SWEEP, 77.0), (SWEEP, True),
              (Measurements({"a": around(5)}), 0.5), (sizes(1000), 0.5)],
}  # fmt: skip


@pytest.mark.parametrize(("id", "answer"), [(i, a) for i, some in NONSENSE.items() for a in some])
def test_an_answer_of_another_kind_gets_a_sentence_and_raises_nothing(id, answer):
    found = check(id, answer)
    assert found.state == "wrong" and len(found.message) > 20
    assert found.message not in texts.entry("exercises", id).get("misconceptions", {})


def test_a_student_function_that_returns_a_gap_is_not_yet():
    assert check("summarise", lambda values: ...).state == "not yet"
    assert check("summarise", lambda values: (min(values), ...)).state == "not yet"
    assert check("summarise", lambda values: None).state == "not yet"


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


def test_an_unknown_exercise_is_refused():
    for call in (check, hint, solution):
        with pytest.raises(ValueError, match="Did you mean 'slope'"):
            call("slop")


def test_every_exercise_has_a_check():
    for number, words in texts.chapters().items():
        assert set(registry.opened(number).checks) == set(words["exercises"])
