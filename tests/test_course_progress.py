"""Where a student stands: what is done and begun, the end of a chapter, the claims so far."""

from pathlib import Path

import pytest

from conclib import textbook
from conclib.lab import machines
from conclib.lesson import texts
from conclib.lesson.asking.choices import choose
from conclib.lesson.asking.exercises import check
from conclib.lesson.asking.quizzes import questions, quiz
from conclib.lesson.course import ending, progress
from conclib.lesson.course.claims import claims
from conclib.lesson.judging.comparing import compare
from conclib.lesson.predicting.predictions import predict
from conclib.lesson.predicting.score import history
from conclib.lesson.store import kept
from conclib.results import files, hooks
from tests import made_up
from tests.made_up import around, calls, lists

pytestmark = pytest.mark.usefixtures("course")


@pytest.fixture
def here(monkeypatch):
    """Make this machine the one of the made-up results."""
    monkeypatch.setattr(machines, "host", lambda: made_up.HOST)
    monkeypatch.setattr(machines, "own_runtime", lambda: made_up.RUNTIME)


@pytest.fixture(autouse=True)
def notebooks(monkeypatch, tmp_path) -> Path:
    """Give each of the toy chapters a notebook."""
    for name in ("90_counting.ipynb", "91_calling.ipynb", "index.ipynb"):
        (tmp_path / name).touch()
    monkeypatch.setattr(files, "notebooks_path", lambda: tmp_path)
    return tmp_path


def answer_all(chapter: str) -> None:
    quiz(chapter, answers=["a"] * len(questions(chapter)))


def test_a_chapter_is_new_then_begun_then_done_and_one_goes_on_with_what_is_begun():
    first, second = texts.chapters()
    assert progress.states() == {first: progress.NEW, second: progress.NEW}
    assert progress.progress().next == first
    answer_all(first)
    assert progress.states()[first] == progress.DONE
    assert progress.progress().next == second
    answer_all(second)
    found = progress.progress()
    assert found.next == "" and "are done" in repr(found)


def test_done_is_gone_through_and_what_was_right_at_first_is_told_beside_it(here):
    asked = questions("90")
    wrong = [next(o for o in q.options if o != q.right) for q in asked]
    quiz("90", answers=wrong)
    quiz("90", answers=[q.right for q in asked])
    told = f"quiz: 0 of {len(asked)} right at the first press"
    assert f"done, {told}" in repr(progress.progress())
    assert progress.DONE_MEANS in repr(progress.progress())
    assert progress.DONE_MEANS in progress.progress().html()
    assert f"{told.capitalize()}." in ending.wrap_up("90").found
    quiz("91", answers=[questions("91")[0].right])
    assert progress.first_right("91") == "quiz: 1 of 1 right at the first press"


@pytest.mark.parametrize(
    "touch",
    [
        lambda: choose("same-again", pick="just as long"),
        lambda: predict("an-order", order=["b", "a", "c"]),
        lambda: quiz("91", answers=["a"]),
    ],
)
def test_whatever_was_answered_of_a_chapter_begins_it(touch):
    touch()
    assert progress.states() == {"90": progress.NEW, "91": progress.BEGUN}
    assert progress.progress().next == "91", "what is begun comes before what is new"


def test_an_exercise_that_is_solved_begins_its_chapter_too():
    check("add-up", 5)
    assert progress.states()["90"] == progress.NEW
    check("add-up", 6)
    assert progress.states() == {"90": progress.BEGUN, "91": progress.NEW}


def test_the_way_on_is_a_link_to_the_notebook_beside_this_one():
    assert 'href="90_counting.ipynb"' in progress.progress().html()
    assert progress.notebook("99") == ""


def test_a_chapter_ends_with_what_was_found_what_is_open_and_what_comes_next(here):
    untouched = ending.wrap_up("90")
    assert untouched.found == ending.NOTHING and untouched.rows == ()
    assert f"{len(questions('90'))} of {len(questions('90'))}" in untouched.open
    assert untouched.next == "91" and 'href="91_calling.ipynb"' in untouched.html()
    assert 'href="index.ipynb"' in untouched.html()
    answer_all("90")
    assert ending.wrap_up("90").open == ""
    last = ending.wrap_up("91")
    assert last.next == "" and "Next: the index" in repr(last)


def test_the_end_of_a_chapter_counts_predictions_and_claims(here):
    predict("calls", ratio=(2, 200))
    run = calls()
    kept.keep(list(run.values()))
    compare(run, predicted="calls")
    found = ending.wrap_up("90")
    came = dict(found.rows)
    question = texts.entry("predictions", "calls")["question"]
    assert came[question] == "you: ×2 to ×200; held"
    assert came[textbook.load_claims()["toy.ratio"].text] == "not supported"
    assert found.found == (
        "Your predictions: 1 of 1 held. The textbook's claims, by what you measured on this "
        "machine: 3 of 3 settled (1 not supported, 2 supported)."
    )
    assert len(found.rows) == 4


def test_a_prediction_that_missed_is_counted_as_such(here):
    predict("calls", ratio=(2, 3))
    compare(calls(), predicted="calls")
    found = ending.wrap_up("90")
    assert "Your predictions: 0 of 1 held." in found.found
    assert found.rows[0][1] == "you: ×2 to ×3; did not hold"


def test_a_prediction_after_the_answer_counts_nowhere(here):
    """What ``compare`` says of it, the end of the chapter and the history hold, too."""
    hooks.on_start.fire(made_up.start("calls"))
    predict("calls", ratio=(2, 3))
    assert "so it is not counted" in compare(calls(), predicted="calls").sentence
    found = ending.wrap_up("90")
    assert found.found == "Your predictions: 1 not counted, made after the answer was there."
    assert found.rows[0][1] == (
        "you: ×2 to ×3; did not hold; made after the answer was there, so it is not counted"
    )
    assert history().entries == ()


def test_the_first_attempt_counts_and_a_later_one_stands_beside_it(here):
    predict("calls", ratio=(2, 20))
    compare(calls(), predicted="calls")
    predict("calls", ratio=(30, 300), new_attempt=True)
    for compared in (False, True):
        if compared:
            compare(calls(), predicted="calls")
        found = ending.wrap_up("90")
        (_, first), (name, later) = found.rows
        assert found.found == "Your predictions: 1 of 1 held."
        assert first == "you: ×2 to ×20; held" and name.endswith(" (attempt 2)")
        assert later.startswith("you: ×30 to ×300; " + ("did not hold" if compared else "not sc"))
        assert later.endswith("so it is not counted")
        assert [entry["attempt"] for entry in history().entries] == [1]


def test_a_first_attempt_that_was_measured_is_judged_with_a_later_one(here):
    predict("calls", ratio=(2, 20))
    hooks.on_start.fire(made_up.start("calls"))
    assert (
        ending.wrap_up("90")
        .rows[0][1]
        .endswith("; not scored: measured, but not compared with it yet")
    )
    predict("calls", ratio=(30, 300), new_attempt=True)
    compare(calls(), predicted="calls")
    assert ending.wrap_up("90").found == "Your predictions: 1 of 1 held."


COSTS = {  # of the toy's growing list
    "held": (5000, 5000, 5010, 5000),
    "did not hold": (1000, 7400, 13_800, 26_600),
}


@pytest.mark.parametrize(("word", "costs"), COSTS.items())
def test_of_a_curve_the_end_says_what_compare_said(here, word, costs):
    predict("growth", shape="flat")
    assert ending.wrap_up("90").rows[0][1] == "you: flat; not scored: not measured yet"
    said = compare(lists(*costs), predicted="growth").sentence
    assert ("that holds" in said) == (word == "held")
    found = ending.wrap_up("90")
    assert found.rows[0][1] == f"you: flat; {word}"
    assert found.found == f"Your predictions: {int(word == 'held')} of 1 held."


def test_what_is_open_is_open_until_it_is_decided_and_then_that_stands(here):
    predict("growth", shape="gentle rise")
    compare(lists(1000, 3000, 5000, 9000), predicted="growth")
    assert ending.wrap_up("90").found == "Your predictions: 1 open so far."
    for costs in (COSTS["held"], (1000, 3000, 5000, 9000)):
        compare(lists(*costs), predicted="growth")
        assert ending.wrap_up("90").found == "Your predictions: 0 of 1 held."


def test_a_drawing_that_goes_up_and_down_is_not_scored_and_the_end_says_why(here):
    predict("growth", shape=[0.25, 0.5, 1, 0.5, 0.85])
    compare(lists(*COSTS["held"]), predicted="growth")
    found = ending.wrap_up("90")
    assert found.found == ending.NOTHING
    assert "not scored: your drawing goes up and down" in found.rows[0][1]


def test_an_inconclusive_claim_is_not_settled(here):
    kept.keep(list(calls(system=900).values()))  # ×30, at the edge of the band
    found = ending.wrap_up("90").found
    assert found.endswith("machine: 2 of 3 settled (2 supported); 1 inconclusive so far.")
    assert "90: 2 of 3 settled; 1 inconclusive so far" in claims().html()


def test_claims_are_folded_by_chapter_with_how_many_are_settled(here):
    html = claims().html()
    homes = {claim.home for claim in textbook.load_claims().values()}
    assert html.count("<details>") == html.count("0 of ") == len(homes) == 2
    assert "92: 0 of 1 settled, in a chapter to come" in html
    kept.keep([around(30, probe="function_call", params={})])
    rows = {name: word for _, name, _, word in claims().rows}
    assert rows["toy.call"] and set(rows) == set(textbook.load_claims())
    assert "90: 2 of 3 settled" in claims().html()
