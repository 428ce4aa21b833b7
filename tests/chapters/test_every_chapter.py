"""What every chapter must have and do, found by going through their words.

No id stands here.
"""

import pytest

from conclib.lesson import registry, texts
from conclib.lesson.asking import quizzes
from conclib.lesson.asking.exercises import check
from conclib.lesson.course import progress
from conclib.lesson.showing.pages import case_file, glossary
from tests.chapters import answers, seeds
from tests.panels import runs_from_the_quiz

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


EXERCISES = sorted(texts.entries("exercises"))


def really_run(id: str) -> bool:
    """Whether an exercise's check has the answer run by another process."""
    checks = registry.opened(texts.entry("exercises", id)["chapter"]).checks
    return getattr(checks[id], "really_run", False)


SOLUTIONS = [
    pytest.param(id, marks=pytest.mark.worker) if really_run(id) else id for id in EXERCISES
]


@pytest.mark.parametrize("id", SOLUTIONS)
def test_a_solution_passes(id):
    answers.is_passed_by_its_solution(id)


@pytest.mark.parametrize("id", EXERCISES)
def test_an_untouched_starter_runs_and_does_not_pass(id):
    answers.is_not_passed_by_its_starter(id)


@pytest.mark.parametrize("id", EXERCISES)
@pytest.mark.parametrize("gap", answers.GAPS)
def test_a_gap_is_not_yet(id, gap):
    assert check(id, gap).state == "not yet"


@pytest.mark.parametrize("id", EXERCISES)
def test_hints_come_one_by_one_and_the_last_one_stays(id, monkeypatch):
    answers.hints_come_one_by_one(id, monkeypatch)


@pytest.mark.parametrize("id", EXERCISES)
def test_the_solution_is_shown(id):
    answers.shows_its_solution(id)


EXPERIMENTS = [
    pytest.param(made, id=f"{question.id}: {option}")
    for chapter in texts.chapters()
    for question in quizzes.questions(chapter)
    for option, made in question.experiments.items()
]


@pytest.mark.parametrize("made", EXPERIMENTS)
def test_every_experiment_can_be_run_from_the_quiz(made, monkeypatch):
    runs_from_the_quiz(made, monkeypatch)


@pytest.mark.parametrize("number", texts.chapters())
def test_there_is_a_notebook_to_go_on_with(number):
    assert progress.notebook(number).startswith(f"{number}_")


@pytest.mark.parametrize("id", texts.entries("races"))
def test_a_race_hides_its_lanes_and_its_choice_uncovers_them(id):
    answers.hides_its_lanes(id)


@pytest.mark.parametrize("number", texts.chapters())
def test_a_case_file_and_a_glossary_are_pages_with_nothing_left_in_braces(number):
    words = texts.chapter(number)
    if "case" in words:
        page = case_file(number)
        assert "{cited" not in repr(page)
        assert ("[1]" in repr(page)) == bool(page.sources) == ("{cited" in repr(words["case"]))
    if "glossary" in words:
        assert "<table>" in glossary(number).html()


PRACTICE = sorted(texts.entries("practice"))


@pytest.mark.parametrize("number", texts.chapters())
def test_every_endless_exercise_has_its_function_and_its_words(number):
    assert set(registry.opened(number).practice) == set(texts.chapter(number).get("practice", {}))


@pytest.mark.parametrize("id", PRACTICE)
def test_variants_are_sound_and_no_two_neighbours_alike(id):
    seeds.are_sound_and_no_two_neighbours_alike(id)


@pytest.mark.parametrize("id", PRACTICE)
def test_every_place_is_right_as_often_and_every_word_is_used(id):
    seeds.use_every_place_and_every_word(id)


@pytest.mark.parametrize("id", PRACTICE)
@pytest.mark.parametrize("seed", seeds.WIDE)
def test_a_seed_is_the_same_variant_each_time_and_no_other_chance_is_touched(id, seed):
    seeds.is_the_same_each_time(id, seed)


@pytest.mark.parametrize("id", PRACTICE)
def test_each_answer_is_met_in_words_of_its_own(id):
    """Nothing is run for it here."""
    seeds.meets_each_answer_in_its_own_words(id)
