"""Chapter 00: its exercises, and what it says of the same work done again and again."""

import statistics

import pytest
from matplotlib.text import Text

from conclib.chapters.ch00_measuring import practice, verbs
from conclib.chapters.ch00_measuring.verbs import steadiness_sentence
from conclib.lesson import texts
from conclib.lesson.asking import quizzes
from conclib.lesson.asking.choices import choose
from conclib.lesson.asking.exercises import check, solution
from conclib.lesson.judging import settle
from conclib.lesson.store import progress
from tests import made_up
from tests.chapters import answers
from tests.made_up import around


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
    ],
    "interval": [(1, "widest"), (3, "narrow"), (5, "middle"), (0, "zero")],
}  # fmt: skip
NONSENSE = {
    "summarise": [5, lambda v: 1 / 0, lambda v: (min(v), 7.0), lambda v: (-1.0, middle(v)),
                  lambda v: (min(v), "many"), lambda v: ("banana", None)],
    "interval": ["2", 2.0, True, 99],
}  # fmt: skip


def test_a_pair_of_what_are_no_numbers_is_told_so_and_a_rank_beyond_the_middle_its_limits():
    told = repr(check("summarise", lambda values: ("banana", None)))
    assert "must be of two numbers: 'banana' is none" in told and "Return a pair" not in told
    assert "a whole number from 1 to 5, not 99" in repr(check("interval", 99))


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
    assert "monospace)'>def summarise(values):\n    ordered = sorted(values)\n" in html
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


# Practice: two made-up measurements -------------------------------------------------------------
def named(seed):
    """Return the two measurements of a seed by name, those of the picture."""
    (values,) = practice.slower(seed).draw.args
    return {name: practice.measurement(each) for name, each in values.items()}


POINTS_AT = {  # for each belief, which of two it takes for the slower one
    "late": lambda items: max(items, key=lambda name: statistics.mean(items[name].values)),
    "fastest": lambda items: max(items, key=lambda name: items[name].min),
    "median": lambda items: max(items, key=lambda name: items[name].median),
}


@pytest.mark.parametrize("seed", range(1, 201))
def test_what_is_right_is_what_the_intervals_say_and_each_belief_points_at_its_option(seed):
    variant, items = practice.slower(seed), named(seed)
    a, b = items["A"].estimate, items["B"].estimate
    said = {"higher": "A is slower", "lower": "B is slower", "overlapping": practice.CANNOT}
    assert variant.right == said[a.compare(b)]
    for option, belief in variant.beliefs.items():
        pointing = {name for name, of in POINTS_AT.items() if option == f"{of(items)} is slower"}
        if belief == "apart":
            assert option == practice.CANNOT
        elif belief == "median":
            assert "median" in pointing
        else:
            assert pointing == {belief}, "nothing else misleads to it"


def test_what_is_made_up_says_so_wherever_it_is_seen():
    picture = practice.slower(1).picture
    assert "(made up)" in picture.alt and picture.alt.count("values, made up;") == 2
    assert [row[-1] for row in picture.table.rows] == ["made up", "made up"]
    assert "measured" not in picture.alt and "process" not in picture.alt
    texts_ = " ".join(each.get_text() for each in picture.figure.findobj(Text))
    assert texts_.count("(made up)") == 3 and "Hollow marks: made up." in texts_
    assert "made up" in repr(practice.measurement((1.0, 2.0)))


def test_a_pair_is_the_same_in_every_python():
    """What is kept of a seed means something only as long as it is that pair."""
    assert practice.slower(1).values == {
        "slow": "B", "fast": "A", "low": "9.42 µs", "high": "8.33 µs",
    }  # fmt: skip


# Measured a second time -------------------------------------------------------------------------
SETTLED = {
    "within": ("again", (around(1000, 0.05), around(1001)), "another number, but within the first"),
    "same": ("again", (around(1000), around(1000)), "exactly the same"),
    "neither": ("again", (around(1000), around(2000)), None),
    "unresolved": ("again", (around(1000), made_up.measurement([5.0] * 9, baseline=(9.0,))), None),
}


@pytest.mark.parametrize(("id", "result", "option"), SETTLED.values(), ids=SETTLED)
def test_a_result_settles_a_pick_each_way(id, result, option):
    answers.settles_each_pick(id, result, option)


def test_two_results_are_shown_even_without_a_pick():
    entry = texts.entry("choices", "again")
    shown = choose("again", *entry["options"], result=(around(104.8), around(105.3)))
    assert not shown.picked and "Measured: 105 ns" in repr(shown) and "Your pick" not in repr(shown)


def test_a_difference_that_is_not_shown_is_told():
    said = settle.settled("again", "exactly the same", (around(104.8, 0.05), around(105.3)))
    assert "They differ in a digit not shown: 104.80 and 105.30 ns." in said


@pytest.mark.parametrize(
    ("result", "says"), [(around(5), "two"), ((1, 2), "cl.measure")], ids=["one", "numbers"]
)
def test_a_result_that_does_not_fit_is_refused(result, says):
    with pytest.raises(TypeError, match=says):
        settle.settled("again", "exactly the same", result)


def test_the_smallest_the_median_and_the_mean_are_shown_before_one_is_asked_for():
    item = made_up.measurement([1.0, 2.0, 3.0, 94.0], baseline=())
    found = verbs.three_numbers(item)
    assert found.numbers == {"the smallest": 1.0, "the median": 2.5, "the mean": 25.0}
    assert set(found.numbers) == set(texts.entry("choices", "which-number")["options"])
    assert "25.0 ns" in repr(found) and "25.0 ns" in found.html()
    with pytest.raises(TypeError, match="item=int"):
        verbs.three_numbers(7)


# The pre-test -----------------------------------------------------------------------------------
def test_the_pre_test_of_the_course_is_kept_and_reveals_nothing():
    asked = quizzes.questions("00", "pretest")
    shown = repr(quizzes.pretest(answers=["a"] * len(asked)))
    assert asked and shown.count("Kept.") == len(asked) and "Yes" not in shown
    (kept,) = progress.answers("pretest")
    assert kept == {q.id: q.options[0] for q in asked}
    assert progress.done("chapter") == []
