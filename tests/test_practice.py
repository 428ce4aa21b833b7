"""Practice: each seed is a variant of its own, a wrong answer meets its belief, the next one comes.

What every endless exercise of a real chapter must have is asked of all in
``chapters/test_every_chapter.py``.
"""

import threading
from collections.abc import Iterator
from contextlib import closing
from types import SimpleNamespace

import pytest

from conclib.lesson import registry, texts
from conclib.lesson.asking import practice
from conclib.lesson.asking.practice import MAX_SEED, practise
from conclib.lesson.registry import Variant
from conclib.lesson.store import progress
from conclib.results import Cancelled, Unavailable
from conclib.widgets import faces, practising
from conclib.widgets.practising import PracticePanel
from tests.chapters import seeds
from tests.panels import code_in, evaluated, marked, open_widgets, read_aloud

GAPS = (..., None, "...", "…")


def toy(seed: int = 1) -> practice.Practice:
    return practice.variant("sums", seed)


def wrong_one(item: practice.Practice) -> str:
    return next(option for option in item.variant.options if option != item.variant.right)


# The variants -----------------------------------------------------------------------------------
def test_every_endless_exercise_has_its_function_and_its_words(course):
    assert set(registry.opened("90").practice) == set(texts.entries("practice")) == {"sums"}


def test_variants_are_sound_and_no_two_neighbours_alike(course):
    seeds.are_sound_and_no_two_neighbours_alike("sums")


def test_every_place_is_right_as_often_and_every_word_is_used(course):
    seeds.use_every_place_and_every_word("sums")


@pytest.mark.parametrize("seed", seeds.WIDE)
def test_a_seed_is_the_same_variant_each_time_and_no_other_chance_is_touched(course, seed):
    seeds.is_the_same_each_time("sums", seed)


def test_each_answer_is_met_in_words_of_its_own(course):
    seeds.meets_each_answer_in_its_own_words("sums")


# What is asked ----------------------------------------------------------------------------------
@pytest.mark.parametrize("gap", GAPS)
def test_without_an_answer_it_asks_and_tells_nothing(course, gap):
    shown = practise("sums", answer=gap)
    assert (shown.seed, shown.answer, shown.right) == (1, "", False) and shown.clickable
    text = repr(shown)
    assert text.startswith("Number 1. What does this print?\n\nBoth numbers are whole.\n\n  print(")
    for option in shown.variant.options:
        assert f") {option}\n" in text
    assert 'In text: cl.practise("sums", 1, answer="a")' in text
    assert "more are" not in text and progress.answers("practice sums") == []


def test_without_a_seed_comes_the_first_one_not_answered(course):
    assert practise("sums").seed == practise("sums").seed == 1
    for seed in (1, 2, 4):
        practise("sums", seed, answer="a")
    assert practise("sums").seed == 3
    assert 'The next one: cl.practise("sums", 5)' in repr(practise("sums", 3, answer="b"))
    practise("sums", MAX_SEED, answer="a")
    assert practice.following("sums", MAX_SEED) == practice.following("sums") == 5


BAD_SEEDS = [0, -1, MAX_SEED + 1, 10**5000, True, 2.0, "3", ...]


@pytest.mark.parametrize("seed", BAD_SEEDS, ids=[str(n) for n in range(len(BAD_SEEDS))])
def test_no_such_seed_is_refused(course, seed):
    with pytest.raises((TypeError, ValueError), match=r"seed=.* from 1 to 1,000,000,000"):
        practise("sums", seed, answer="a")
    assert progress.answers("practice sums") == []


def test_an_unknown_exercise_is_refused_with_the_nearest(course):
    with pytest.raises(ValueError, match="Did you mean 'sums'"):
        practise("sum")
    with pytest.raises(TypeError, match="id=7"):
        practise(7)


# Answering --------------------------------------------------------------------------------------
def test_a_wrong_answer_meets_its_belief_and_a_right_one_says_why(course):
    asked = toy(3)
    values, right = asked.variant.values, asked.variant.right
    why = "{a} and {b} more are {sum}.".format_map(values)
    for option in asked.variant.options:
        shown = practise("sums", 3, answer=option)
        said = repr(shown).partition("\n\n  print(")[2]
        assert shown.right == (option == right) and f"Your answer: {option}." in said
        assert why in said and f"Run here just now: {right} came out." in said
        belief = texts.entry("practice", "sums")["misconceptions"].get(
            asked.variant.beliefs.get(option), "Yes."
        )
        assert belief.format_map(values) in said
        assert (f"Right is: {right}." in said) == (option != right)


def test_an_answer_is_a_letter_or_a_part_of_one_option(course):
    first, _, third = toy().variant.options
    assert practise("sums", 1, answer=" A ").answer == first
    assert practise("sums", 1, answer="c").answer == third
    for option in toy().variant.options:
        assert practise("sums", 1, answer=option).answer == option


REFUSED = [
    ("z", ValueError, "answer='z': answer must be one of: a, b, c"),
    ("nonsense", ValueError, "answer='nonsense': is in none of the options"),
    (3, TypeError, "answer=3: answer must be one of: a, b, c"),
    (["a"], TypeError, "answer="),
]


@pytest.mark.parametrize(("answer", "error", "says"), REFUSED)
def test_what_cannot_be_an_answer_is_refused(course, answer, error, says):
    with pytest.raises(error, match=says):
        practise("sums", 1, answer=answer)
    assert progress.answers("practice sums") == []


def test_an_answer_says_to_which_one(course):
    """Else the same cell run again would answer the next one, unseen."""
    with pytest.raises(ValueError, match=r'for example cl.practise\("sums", 1, answer="b"\)'):
        practise("sums", answer="b")
    assert progress.answers("practice sums") == []


@pytest.mark.parametrize(("seed", "answer"), [(1, "nonsense"), (None, "a"), (1, 7)])
def test_in_a_notebook_the_question_stays_with_the_complaint_below_it(course, page, seed, answer):
    item = practise("sums", seed, answer=answer)
    assert not item.answer and progress.answers("practice sums") == []
    (part,) = page
    for option in item.variant.options:
        assert f") {option}" in part["text/plain"] and f") {option}" in part["text/html"]
    assert part["text/plain"].index("Not taken: answer") > part["text/plain"].index("print(")


def test_an_answer_is_kept_and_shown_again_without_being_run_again(course):
    wrong = wrong_one(toy(2))
    for _ in range(2):
        practise("sums", 2, answer=wrong)
    assert progress.answers("practice sums") == [{"2": wrong}]
    again = practise("sums", 2)
    assert again.answer == wrong and again.ran == "" and "Not this one." in repr(again)
    practise("sums", 2, answer=toy(2).variant.right)
    assert practise("sums", 2).right


@pytest.mark.parametrize("old", ["an option of an earlier version", 7, ["a"]])
def test_an_answer_that_the_variant_no_longer_has_is_forgotten(course, old):
    progress.keep_answers("practice sums", {"1": old})
    assert practise("sums", 1).answer == ""


# Running ----------------------------------------------------------------------------------------
def with_variant(**fields) -> str:
    """Register a chapter whose exercise is one variant; return the exercise's id."""
    made = Variant(("x", "y", "z"), "x", {"y": "one", "z": "other"}, "why", **fields)
    words = {"title": "New?", "practice": {"new": {
        "question": "Which?", "reasons": {"why": "So it is."},
        "misconceptions": {"one": "You thought one.", "other": "You thought other."},
    }}}  # fmt: skip
    registry.register(registry.Chapter("92", words, practice={"new": lambda seed: made}))
    return "new"


def refusing(error: Exception):
    def run(stop):
        raise error

    return run


def test_what_cannot_be_run_here_was_computed_and_says_why(course):
    id = with_variant(run=refusing(Unavailable("no fork here")))
    said = repr(practise(id, 1, answer="x"))
    assert "Yes. So it is." in said and "Computed, not run here: no fork here." in said


def test_what_stops_a_run_is_not_hidden(course):
    for error in (Cancelled("stopped"), KeyboardInterrupt(), ZeroDivisionError()):
        id = with_variant(run=refusing(error))
        with pytest.raises(type(error)):
            practise(id, 1, answer="x")
    assert progress.answers("practice new") == [{"1": "x"}]


def test_where_there_is_nothing_to_run_nothing_is_said_of_it(course):
    shown = practise(with_variant(), 1, answer="y")
    assert shown.ran == "" and "run" not in repr(shown)


def test_a_picture_is_drawn_once_and_stands_above_the_options(course, page):
    drawn = []

    def draw():
        drawn.append(SimpleNamespace(alt="Two bars.", to_html=lambda: "<img alt='Two bars.'>"))
        return drawn[-1]

    shown = practise(with_variant(draw=draw), 1)
    (part,) = page
    assert len(drawn) == 1 and shown.picture is None, "it is part of the question"
    html, text = part["text/html"], part["text/plain"]
    assert html.index("Which?") < html.index("<img") < html.index("a) x")
    assert text.index("Which?") < text.index("Two bars.") < text.index("a) x")


def test_code_is_shown_as_it_is_written(course):
    code = "if x < 1:\n    y()"
    shown = practise(with_variant(code=code), 1)
    assert "  if x < 1:\n      y()\n" in repr(shown)
    assert ">if x &lt; 1:\n    y()</pre>" in shown.html()


BAD_VARIANTS = {
    "alike": (("x", "x", "y"), "x", {"y": "b"}),
    "without a belief": (("x", "y", "z"), "x", {"y": "b"}),
    "no option": (("x", "y"), "x", {"y": "b", "z": "c"}),
    "right is missing": (("x", "y"), "z", {"x": "a", "y": "b"}),
    "right is wrong": (("x", "y"), "x", {"x": "a", "y": "b"}),
}


@pytest.mark.parametrize("bad", BAD_VARIANTS.values(), ids=BAD_VARIANTS)
def test_a_variant_has_one_right_option_and_a_belief_for_each_other(bad):
    with pytest.raises(ValueError, match=r"options=|beliefs:"):
        Variant(*bad, reason="why")


# The panel --------------------------------------------------------------------------------------
@pytest.fixture
def panel(course) -> Iterator[PracticePanel]:
    with closing(faces.panel_for(practise("sums"))) as shown:
        yield shown


def test_pressing_an_option_says_what_it_rests_on_and_then_what_came_out(panel):
    wrong = wrong_one(toy())
    assert panel.message.value == "" and marked(panel.options) == []
    panel.options.buttons[wrong].click()
    assert panel.background.wait(5)
    assert marked(panel.options) == [wrong]
    assert "Not this one." in read_aloud(panel.message)
    assert read_aloud(panel.ran) == f"Run here just now: {toy().variant.right} came out."
    assert read_aloud(panel.then) == 'The next one: cl.practise("sums", 2)'
    assert progress.answers("practice sums") == [{"1": wrong}]
    given = evaluated(code_in(panel.code.value))
    assert given.name == "practise"
    assert practise(*given.args, **given.kwargs).answer == wrong


def test_options_have_letters_and_the_question_its_program(panel):
    labels = [button.description[:3] for button in panel.options.buttons.values()]
    assert labels == ["a) ", "b) ", "c) "]
    assert "Number 1." in panel.place.children[0].value and panel.then.value == ""
    assert f">{toy().variant.code}</pre>" in panel.place.children[1].value


def test_another_one_is_the_next_not_answered_and_takes_the_old_one_away(panel):
    import ipywidgets

    practise("sums", 2, answer="a")
    panel.options.buttons[wrong_one(toy())].click()
    open_before = len(open_widgets(ipywidgets))
    panel.another.click()
    assert panel.item.seed == 3 and not panel.item.answer
    assert "Number 3." in panel.place.children[0].value
    assert (panel.message.value, panel.ran.value, marked(panel.options)) == ("", "", [])
    assert 'cl.practise("sums", 3, answer=...)' in code_in(panel.code.value)
    assert len(open_widgets(ipywidgets)) == open_before


def test_a_later_answer_is_kept_too(panel):
    wrong, right = wrong_one(toy()), toy().variant.right
    for option in (wrong, right):
        panel.options.buttons[option].click()
    assert panel.background.wait(5)
    assert "Yes." in read_aloud(panel.message) and marked(panel.options) == [right]
    assert progress.answers("practice sums") == [{"1": wrong}, {"1": right}]


def test_what_was_complained_of_or_answered_stands_there(course, page):
    with closing(PracticePanel(practise("sums", 1, answer="nonsense"))) as shown:
        assert "Not taken: answer='nonsense'" in read_aloud(shown.message)
    practise("sums", 1, answer="a")
    with closing(PracticePanel(practise("sums", 1))) as again:
        assert marked(again.options) == [toy().variant.options[0]]
        assert "role='alert'" not in again.message.value, "nothing has happened"


def test_an_answer_that_cannot_be_kept_is_said(panel, monkeypatch):
    def failing(*_):
        raise ValueError("disk full")

    monkeypatch.setattr(practice, "answered", failing)
    panel.options.buttons[wrong_one(toy())].click()
    assert "Not kept: disk full" in panel.message.value and panel.ran.value == ""


FAILED = [
    (Unavailable("no fork"), "Computed, not run here: no fork."),
    (ZeroDivisionError("oops"), "because of a fault in the panel"),
]


@pytest.mark.parametrize(("error", "says"), FAILED, ids=["here", "fault"])
def test_a_run_that_fails_says_so_and_another_one_can_follow(course, error, says):
    id = with_variant(run=refusing(error))
    with closing(PracticePanel(practise(id, 1))) as shown:
        shown.options.buttons["x"].click()
        assert shown.background.wait(5)
        assert says in shown.ran.value and not shown.background.running
        shown.another.click()
        assert shown.item.seed == 2 and shown.ran.value == ""


def test_a_run_under_way_ends_when_another_one_is_wanted(course):
    entered = threading.Event()

    def run(stop):
        entered.set()
        assert stop.wait(10)
        raise Cancelled("stopped")

    with closing(PracticePanel(practise(with_variant(run=run), 1))) as shown:
        shown.options.buttons["x"].click()
        assert entered.wait(5) and practising.RUNNING in shown.ran.value
        assert "Yes. So it is." in shown.message.value, "it does not wait for the run"
        shown.another.click()
        assert not shown.background.running and shown.ran.value == ""


def test_a_closed_panel_runs_nothing(panel):
    panel.background.close()
    panel.options.buttons[wrong_one(toy())].click()
    assert "closed" in panel.ran.value
