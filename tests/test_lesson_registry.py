"""The engine and its chapters: what is registered, what a finder opens, what two toys can do."""

from types import SimpleNamespace

import pytest

from conclib import chapters, textbook
from conclib.chapters import overview
from conclib.lesson import registry, texts
from conclib.lesson.asking.choices import choose
from conclib.lesson.asking.exercises import check, hint, solution
from conclib.lesson.asking.quizzes import pretest, questions, quiz, recall
from conclib.lesson.judging import settle
from conclib.lesson.judging.comparing import compare
from conclib.lesson.judging.verdicts import verdict
from conclib.lesson.predicting.predictions import lock, predict, standing
from conclib.lesson.showing.figures import fitting, plot
from conclib.lesson.showing.pages import case_file, glossary
from conclib.results import Measurements
from tests import made_up
from tests.lesson_fonts import open_fonts
from tests.made_up import around


@pytest.fixture(scope="module", autouse=True)
def fonts():
    open_fonts()


# Finding ----------------------------------------------------------------------------------------
def test_the_toys_are_the_whole_course(course):
    assert list(texts.chapters()) == ["90", "91"]
    assert texts.entry("predictions", "one-call")["chapter"] == "90"
    assert {claim.home for claim in textbook.load_claims().values()} == {"90", "92"}
    real = next(id for words in chapters.known().values() for id in words.get("predictions", ()))
    with pytest.raises(ValueError, match=f"id='{real}'"):
        predict(real)


def test_without_them_the_real_course_is_found_again():
    assert list(texts.chapters()) == list(chapters.known())


def test_a_registered_chapter_goes_before_what_the_finder_knows(course, monkeypatch):
    other = {"90": {"title": "Old?"}, "92": {"title": "New?", "choices": {"x": {}}}}
    registry.find_with(SimpleNamespace(known=lambda: other))
    assert texts.chapter("90")["title"] == "What does it cost to count?"
    assert texts.chapter("92")["title"] == "New?"
    assert texts.entry("choices", "x")["chapter"] == "92"


def test_a_chapter_is_opened_when_its_functions_are_wanted_and_not_before(course, monkeypatch):
    asked = []

    def open_chapter(number):
        asked.append(number)
        registry.register(registry.Chapter(number, words, checks={"later": lambda answer: None}))

    words = {"title": "New?", "exercises": {"later": {"question": "Q?"}}}
    registry.find_with(SimpleNamespace(known=lambda: {"92": words}, open_chapter=open_chapter))
    assert check("later", ...).state == "not yet" and asked == []
    assert check("later", 1).passed and check("later", 2).passed
    assert asked == ["92"]


MISSING = {
    choose: ("which-two", "cheapest-call"), check: ("add-up", "add-up"),
    hint: ("add-up", "add-up"), solution: ("add-up", "add-up"), predict: ("one-call", "an-order"),
}  # fmt: skip


@pytest.mark.parametrize("ask", MISSING, ids=lambda ask: ask.__name__)
def test_without_an_id_the_ids_of_the_open_chapter_are_listed(course, monkeypatch, ask):
    here, anywhere = MISSING[ask]
    both = "chapter 90 has" if here == anywhere else "chapters 90 and 91 have"
    with pytest.raises(TypeError, match=f"id: it is missing; {both}: .*{anywhere}"):
        ask()
    monkeypatch.setattr(registry, "opened_numbers", lambda: {"90"})
    with pytest.raises(TypeError, match=f"chapter 90 has: .*{here}.* for example ") as caught:
        ask()
    assert anywhere == here or anywhere not in str(caught.value)
    monkeypatch.setattr(registry, "opened_numbers", set)
    with pytest.raises(TypeError, match=f"the course has: .*{anywhere}"):
        ask()


def test_an_unknown_chapter_is_refused(course):
    with pytest.raises(ValueError, match="chapter='93'"):
        registry.opened("93")


def test_every_chapter_of_the_course_opens_under_its_own_number():
    for number in chapters.known():
        assert registry.opened(number).number == number


def test_each_known_chapter_has_left_the_list_of_those_to_come():
    assert set(overview.to_come()) & set(chapters.known()) == set()


# What the toys can do ---------------------------------------------------------------------------
def test_a_prediction_is_kept_and_locked(course):
    predict("one-call", 10, 100, "ns", because="it is short")
    lock(made_up.start("one-call"))
    assert standing("one-call").locked and standing("calls") is None
    assert predict("one-call", 1, 2, "s").values == (10, 100)


SHAPES = {
    "flat": (1000, 1000, 1001),
    "gentle rise": (1000, 2000, 4000),
    "steep rise": (1000, 11_000, 21_000),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_curve_is_told_in_the_words_of_its_chapter(course, shape):
    from conclib.lesson.store import kept

    kept.keep([around(100, probe="function_call", params={})])
    items = {
        str(size): around(cost, probe="first_write", params={"ballast_mb": size})
        for size, cost in zip((0, 100, 200), SHAPES[shape], strict=True)
    }
    predict("growth", shape=shape)
    found = compare(made_up.sweep(items), predicted="growth")
    assert texts.entry("curves", "list")["sentences"][shape] in found.sentence
    assert "that holds" in found.sentence
    row = "one more MB" in repr(found)
    assert row == (shape != "unclear") and "your first cell" in repr(found)


def test_a_rule_of_the_engine_decides_with_the_words_of_the_chapter(course):
    result = Measurements({"first": around(100), "second": around(900)})
    said = settle.settled("slowest", "second", result)
    assert said == (
        "Measured, slowest first: second 900 ns, first 100 ns. That speaks for: second. "
        "Your pick holds.\n\nWhoever does more takes longer."
    )


@pytest.mark.parametrize(("count", "option"), [(8, "even"), (9, "odd")])
def test_a_rule_of_the_chapter_decides_too(course, count, option):
    item = made_up.measurement([5.0] * count)
    assert f"Measured: {count} values. That speaks for: {option}." in repr(
        choose("even", pick="even", result=item)
    )


def test_a_choice_without_a_measurement(course):
    assert "the clock is read twice" in repr(choose("who-counts", pick="the loop"))
    with pytest.raises(ValueError, match="leave it out"):
        choose("who-counts", pick="the loop", result=around(5))


def test_an_exercise_goes_through_its_own_check(course):
    assert check("add-up", ...).state == "not yet"
    assert check("add-up", 6).message == "Each number counts once."
    assert check("add-up", 3).message == "That is the last number. Add the others."
    assert check("add-up", 7).message.startswith("Not 7.")
    assert "Begin with 1 + 2." in repr(hint("add-up"))
    assert 'cl.check("add-up", 6)' in repr(solution("add-up"))


def test_the_toy_that_is_copied_asks_as_every_chapter_must(course):
    asked = questions("90")
    assert 3 <= len(asked) <= 5 and all(question.misconception for question in asked)
    assert len({question.options.index(question.right) for question in asked}) > 1


def test_what_a_chapter_taught_is_recalled_in_a_later_one(course):
    assert recall("91").asked == ()
    quiz("90", answers=["a", "b", "b"])
    assert [question.id for question in recall("91").asked] == ["recall-count"]


def test_a_course_without_a_pretest_asks_nothing(course):
    assert pretest().asked == ()


def test_pages_come_from_the_chapter_and_a_chapter_may_have_none(course):
    assert "Somebody counted, " in repr(case_file("90")) and "count" in repr(glossary("90"))
    with pytest.raises(ValueError, match="has no case file"):
        case_file("91")


def test_a_claim_is_judged_by_its_home_chapter_only(course):
    assert set(registry.judges("90")) == {"toy.counting"}
    assert registry.judges("91") == {} and registry.judges("12") == {}
    (judge,) = registry.judges("90")["toy.counting"].values()
    assert judge([]) is None and judge([around(5)]).word == "supported"
    assert verdict("toy.counting").word == "not settled yet"
    assert verdict("toy.counting", around(5)).word == "supported"


def test_a_chapter_brings_its_own_kind_of_picture(course):
    def mine(result, title="Mine?"):
        return SimpleNamespace(alt=f"{title} {', '.join(result)}")

    words = {"title": "New?", "pictures": {"function_call": "mine"}}
    registry.register(registry.Chapter("92", words, pictures={"mine": mine}))
    calls = Measurements({each: around(100, probe="function_call") for each in ("a", "b")})
    others = Measurements({"a": around(100), "b": around(100, probe="function_call")})
    assert repr(plot(calls)) == "Mine? a, b"
    assert repr(plot(others, "mine", title="Ours?")) == "Ours? a, b"
    assert fitting(others) == "side by side"
    with pytest.raises(
        ValueError, match="must be one of: mine, spread, order, curve, side by side"
    ):
        plot(calls, "theirs")
