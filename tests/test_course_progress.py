"""Where a student stands: what is done and begun, the end of a chapter, the claims so far."""

import pytest

from conclib.lab import machines
from conclib.lesson import texts
from conclib.lesson.asking.choices import choose
from conclib.lesson.asking.quizzes import questions, quiz
from conclib.lesson.course import ending, progress
from conclib.lesson.course.claims import claims
from conclib.lesson.judging.comparing import compare
from conclib.lesson.predicting.predictions import predict
from conclib.lesson.store import kept
from conclib.textbook import load_claims
from tests import made_up
from tests.test_lesson_compare import around, creation


@pytest.fixture
def here(monkeypatch):
    """Make this machine the one of the made-up results."""
    monkeypatch.setattr(machines, "host", lambda: made_up.HOST)
    monkeypatch.setattr(machines, "own_runtime", lambda: made_up.RUNTIME)


def answer_all(chapter: str) -> None:
    quiz(chapter, answers=["a"] * len(questions(chapter)))


def test_a_chapter_is_new_then_begun_then_done_and_one_goes_on_with_what_is_begun(course):
    first, second = texts.chapters()
    assert progress.states() == {first: progress.NEW, second: progress.NEW}
    assert progress.progress().next == first
    answer_all(first)
    assert progress.states()[first] == progress.DONE
    assert progress.progress().next == second
    answer_all(second)
    found = progress.progress()
    assert found.next == "" and "are done" in repr(found)


@pytest.mark.parametrize(
    "touch",
    [
        lambda: choose("same-code", pick="A and B"),
        lambda: predict("creation", ratio=(2, 20)),
        lambda: quiz("04", answers=["a"]),
    ],
)
def test_whatever_was_answered_of_a_chapter_begins_it(touch):
    touch()
    assert progress.states() == {"00": progress.NEW, "04": progress.BEGUN}
    assert progress.progress().next == "04", "what is begun comes before what is new"


def test_the_way_on_is_a_link_to_the_notebook_beside_this_one():
    assert 'href="00_measuring_honestly.ipynb"' in progress.progress().html()
    assert progress.notebook("99") == ""


def test_a_chapter_ends_with_what_was_found_what_is_open_and_what_comes_next(here):
    untouched = ending.wrap_up("00")
    assert untouched.found == ending.NOTHING and untouched.rows == ()
    assert f"{len(questions('00'))} of {len(questions('00'))}" in untouched.open
    assert untouched.next == "04" and 'href="04_creation.ipynb"' in untouched.html()
    assert 'href="index.ipynb"' in untouched.html()
    answer_all("00")
    assert ending.wrap_up("00").open == ""


def test_the_end_of_a_chapter_counts_predictions_and_claims(here):
    predict("creation", ratio=(2, 200))
    run = creation()
    kept.keep(list(run.values()))
    compare(run, predicted="creation")
    found = ending.wrap_up("04")
    outcomes = dict(found.rows)
    question = texts.entry("predictions", "creation")["question"]
    assert outcomes[question].endswith(f"; {ending.HELD}")
    assert "1 prediction of a size, of which 1 held" in found.found
    assert "settled" in found.found and len(found.rows) > 1
    assert found.next == "" and "Next: the index" in repr(found)


def test_a_prediction_that_missed_is_counted_as_such(here):
    predict("creation", ratio=(2, 3))
    compare(creation(), predicted="creation")
    assert "of which 0 held" in ending.wrap_up("04").found


def test_claims_are_folded_by_chapter_with_how_many_are_settled(here):
    html = claims().html()
    homes = {claim.home for claim in load_claims().values()}
    assert html.count("<details>") == html.count("0 of ") == len(homes)
    kept.keep([around(100_000, params={"ballast_mb": 0, "pages": "4k", "timed": "call"})])
    rows = {name: word for _, name, _, word in claims().rows}
    assert rows["creation.fork"] and set(rows) == set(load_claims())
    assert "1 of " in claims().html()
