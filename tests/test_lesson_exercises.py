"""Solutions pass, untouched starters do not, and hints come one by one.

What every exercise of a real chapter must do is asked of all in ``chapters/test_every_chapter.py``.
"""

import pytest

from conclib.lesson import texts
from conclib.lesson.asking.exercises import check, hint, solution
from tests.chapters import answers

pytestmark = pytest.mark.usefixtures("course")


def test_there_is_an_exercise():
    assert set(texts.entries("exercises")) == {"add-up"}


def test_a_solution_passes():
    answers.is_passed_by_its_solution("add-up")


def test_an_untouched_starter_runs_and_does_not_pass():
    answers.is_not_passed_by_its_starter("add-up")


@pytest.mark.parametrize("gap", answers.GAPS)
def test_a_gap_is_not_yet(gap):
    assert check("add-up", gap).state == "not yet"


def test_hints_come_one_by_one_and_the_last_one_stays(monkeypatch):
    answers.hints_come_one_by_one("add-up", monkeypatch)


def test_the_solution_is_shown():
    answers.shows_its_solution("add-up")


@pytest.mark.parametrize(("answer", "name"), [(6, None), (3, "last"), (5, "without_first")])
def test_a_wrong_answer_is_met_by_the_belief_behind_it(answer, name):
    answers.meets_the_belief("add-up", (answer, name))


def test_an_unknown_exercise_is_refused():
    for call in (check, hint, solution):
        with pytest.raises(ValueError, match="Did you mean 'add-up'"):
            call("ad-up")
