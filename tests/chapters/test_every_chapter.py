"""What every chapter's choices must do, found by going through their words: no id stands here."""

import pytest

from conclib.lesson import texts
from tests.chapters import answers

ALL = sorted(texts.entries("choices"))
GAPS = (..., None, "...", "…")


@pytest.mark.parametrize("id", ALL)
@pytest.mark.parametrize("gap", GAPS)
def test_without_a_pick_the_options_are_listed_and_nothing_is_told(id, gap):
    answers.tells_nothing_without_a_pick(id, gap)


@pytest.mark.parametrize("id", ALL)
def test_each_option_has_its_own_feedback_and_the_reason_comes_back(id):
    answers.answers_each_pick(id)


def test_the_right_answer_is_not_always_in_the_same_place():
    known = [texts.entry("choices", id) for id in ALL]
    places = {entry["options"].index(entry["right"]) for entry in known if "right" in entry}
    assert len(places) > 1
