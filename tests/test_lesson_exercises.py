"""Solutions pass, untouched starters do not, and a wrong answer is met by the belief behind it."""

import pytest

from conclib.lesson import texts
from conclib.lesson.asking import exercises
from conclib.lesson.asking.exercises import check, hint, solution
from conclib.lesson.store import progress
from tests import made_up
from tests.made_up import sizes

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
def test_the_solution_is_shown(id):
    entry = texts.entry("exercises", id)
    assert entry["solution"].strip().splitlines()[-1] in repr(solution(id))


def test_an_unknown_exercise_is_refused():
    for call in (check, hint, solution):
        with pytest.raises(ValueError, match="Did you mean 'slope'"):
            call("slop")
