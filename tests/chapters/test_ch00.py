"""Chapter 00: its exercises, and what it says of the same work done again and again."""

import pytest

from conclib.chapters.ch00_measuring.verbs import steadiness_sentence
from conclib.lesson.asking.exercises import check, solution
from tests.chapters import answers


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
}  # fmt: skip
NONSENSE = {
    "summarise": [5, lambda v: 1 / 0, lambda v: (min(v), 7.0), lambda v: (-1.0, middle(v))],
    "interval": ["2", 2.0, True],
}  # fmt: skip


@pytest.mark.parametrize(("id", "case"), answers.each(WRONG))
def test_a_wrong_answer_is_met_by_the_belief_behind_it(id, case):
    answers.meets_the_belief(id, case)


def test_every_misconception_of_the_words_is_reached():
    assert answers.unreached("00", WRONG) == set()


@pytest.mark.parametrize(("id", "answer"), answers.each(NONSENSE))
def test_an_answer_of_another_kind_gets_a_sentence_and_raises_nothing(id, answer):
    answers.gets_a_sentence(id, answer)


def test_a_student_function_that_returns_a_gap_is_not_yet():
    assert check("summarise", lambda values: ...).state == "not yet"
    assert check("summarise", lambda values: (min(values), ...)).state == "not yet"
    assert check("summarise", lambda values: None).state == "not yet"


def test_a_solution_is_shown_as_the_code_that_it_is():
    html = solution("summarise").html()
    assert "<pre>def summarise(values):\n    ordered = sorted(values)\n" in html
    assert "<li>" not in html


@pytest.mark.parametrize(
    ("times", "says"),
    [
        ((100.0, 101.0, 102.0), "this machine is very steady at the moment"),
        ((100.0, 101.0, 900.0), "×9 the fastest. Nothing in the code explains that."),
    ],
)
def test_the_same_work_is_told_as_steady_or_not(times, says):
    said = steadiness_sentence(times)
    assert said.startswith("3 rounds of the same work gave 3 different times.") and says in said
