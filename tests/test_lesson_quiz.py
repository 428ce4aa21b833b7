"""Quizzes: feedback for each option, what is asked later, and progress that is kept.

What every quiz of a real chapter must be is asked of all in ``chapters/test_every_quiz.py``.
"""

import pytest

from conclib.lesson import registry
from conclib.lesson.asking import quizzes
from conclib.lesson.asking.quizzes import pretest, quiz, recall
from conclib.lesson.store import progress
from conclib.lesson.store.progress import used_to_think
from tests.chapters import answers

pytestmark = pytest.mark.usefixtures("course")


ASKED = {"90": ["why-count", "what-counts", "once-more"], "91": ["why-call", "who-repeats"]}


@pytest.mark.parametrize(("number", "id"), answers.each(ASKED))
def test_a_wrong_answer_names_its_own_line_of_code_and_the_right_one_none(number, id):
    asked = {question.id: question for question in quizzes.questions(number)}
    assert list(asked) == ASKED[number]
    answers.answers_with_its_own_code(number, asked[id])


def test_an_untouched_quiz_shows_how_to_answer_and_reveals_nothing():
    shown = repr(quiz("90"))
    for question in quizzes.questions("90"):
        assert question.stem in shown
        assert not any(words in shown for words in question.feedback)
    assert 'cl.quiz("90", answers=["a", ..., ...])' in shown
    assert progress.done("chapter") == [] and progress.answers("quiz 90") == []


def test_answers_by_letter_by_text_and_by_id_are_the_same():
    asked = quizzes.questions("90")
    letters = ["a", "b", "b"]
    texts_ = [q.option(letter) for q, letter in zip(asked, letters, strict=True)]
    named = dict(zip((q.id for q in asked), letters, strict=True))
    shown = [repr(quiz("90", answers=given)) for given in (letters, texts_, named)]
    assert shown[0] == shown[1] == shown[2]
    assert all(q.feedback[q.options.index(q.right)] in shown[0] for q in asked)
    assert len(progress.answers("quiz 90")) == 1


def test_a_gap_stays_open_and_the_chapter_is_done_when_all_are_answered():
    shown = quiz("90", answers=["A", ..., "..."])
    assert not shown.answered and "Your answer:" in repr(shown)
    assert progress.done("chapter") == []
    quiz("90", answers=["a"] * 3)
    quiz("90", answers=[*"abb"])
    assert progress.done("chapter") == ["90"]
    assert len(progress.answers("quiz 90")) == 3


def test_an_answer_that_is_a_question_gets_no_full_stop():
    options = ["Where does it begin?", "Where it begins"]
    first = {"id": "first", "stem": "Ask.", "options": options, "right": options[0],
             "feedback": ["Yes.", "That is no question."]}  # fmt: skip
    registry.register(registry.Chapter("92", {"title": "New?", "quiz": [first]}))
    assert "Your answer: Where does it begin?\n" in repr(quiz("92", answers=["a"]))
    assert "Your answer: Where it begins.\n" in repr(quiz("92", answers=["b"]))


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [(["z"], ValueError, "answer 1=.z.: answer 1 must be one of: a, b"),
     ([3], TypeError, "answer 1=3"),
     (["Because"], ValueError, "is in several of the options"), ("abc", TypeError, "a list"),
     (["no option"], ValueError, "answer 1='no option': is in none of the options"),
     (["a"] * 4, ValueError, "4 given for 3"), ({"why-cuont": "a"}, ValueError, "'why-count'"),
     (7, TypeError, "answers=7")],
)  # fmt: skip
def test_an_answer_that_cannot_be_one_is_refused(given, error, says):
    with pytest.raises(error, match=says):
        quiz("90", answers=given)
    assert progress.answers("quiz 90") == []


def test_all_answers_that_are_none_are_named_below_and_the_others_are_taken(page):
    asked = quizzes.questions("90")
    shown = quiz("90", answers=["zebra", "b", 7])
    last = shown.text().split("\n\n")[-1]
    assert last.startswith("Not taken: ")
    assert "answer 1='zebra'" in last and "answer 3=7" in last
    assert last.endswith("The other answers are taken.")
    assert shown.given == (None, asked[1].options[1], None)
    assert "<" not in shown.html().split("<p>Not taken: ")[1].removesuffix("</p>"), "nor folded"
    assert progress.answers("quiz 90") == [{asked[1].id: asked[1].options[1]}]
    stop = quiz("90", answers=["x", "b"]).text().split("\n\n")[-1]
    assert stop.startswith("Not taken: ") and ".." not in stop
    alone = quiz("90", answers=["zebra"])
    assert "others" not in alone.text().split("\n\n")[-1]


def test_an_unknown_chapter_is_refused():
    with pytest.raises(ValueError, match="chapter='44'"):
        quiz("44")


def test_recall_asks_only_about_chapters_that_are_done():
    assert "nothing to recall" in repr(recall("91"))
    progress.mark_done("chapter", "91")
    assert "nothing to recall" in repr(recall("91"))  # not about itself
    progress.mark_done("chapter", "90")
    asked = recall("91").asked
    assert asked and [q.id for q in asked] == [q.id for q in quizzes.questions("90", "recall")][:3]


@pytest.mark.parametrize("left", [2, 1])
def test_recall_says_what_is_missing_of_a_chapter_that_is_begun(left):
    """Who has just worked through a chapter is not told to have finished none, and no more."""
    asked = quizzes.questions("90")
    quiz("90", answers=["a"] * (len(asked) - left))
    many = "questions of its quiz are" if left > 1 else "question of its quiz is"
    assert f"nothing to recall. 90 is begun; {left} {many} open." in repr(recall("91"))
    quiz("90", answers=["a"] * len(asked))
    assert "is begun" not in repr(recall("91")) and recall("91").asked


def test_recall_takes_turns_and_stops_at_three():
    more = [{"id": f"later-{n}", "stem": "And?", "options": ["x", "y"], "right": "x"}
            for n in (1, 2, 3)]  # fmt: skip
    registry.register(registry.Chapter("92", {"title": "Later?", "recall": more}))
    registry.register(registry.Chapter("93", {"title": "Last?"}))
    for number in ("90", "92"):
        progress.mark_done("chapter", number)
    assert [q.id for q in recall("93").asked] == ["later-1", "recall-count", "later-2"]


def test_a_recall_question_is_answered_right_or_set_right():
    progress.mark_done("chapter", "90")
    first = quizzes.questions("90", "recall")[0]
    for option in first.options:
        said = repr(recall("91", answers=[option]))
        assert ("Yes." in said) == (option == first.right)
        assert (f"Rather: {first.right}" in said) == (option != first.right)


def test_the_pre_test_reveals_nothing_and_is_kept():
    before = [{"id": f"pre-{n}", "stem": "Why?", "options": ["x", "y"]} for n in (1, 2)]
    registry.register(registry.Chapter("92", {"title": "New?", "pretest": before}))
    asked = quizzes.questions("92", "pretest")
    assert len(asked) == 2 and all(q.right == "" and q.feedback == () for q in asked)
    shown = repr(pretest(answers=["a"] * len(asked)))
    assert shown.count("Kept.") == len(asked) and "Yes" not in shown
    (kept,) = progress.answers("pretest")
    assert kept == {q.id: q.options[0] for q in asked}
    assert progress.done("chapter") == []


def test_what_one_used_to_think_is_kept_for_the_last_chapter():
    empty = used_to_think("90", before=..., now="...")
    assert "Nothing written yet" in repr(empty) and progress.thoughts() == {}
    for _ in range(2):
        shown = used_to_think("90", before="it copies all", now="it copies lists")
    assert "I used to think: it copies all" in repr(shown)
    assert progress.thoughts() == {"90": ("it copies all", "it copies lists")}
    with pytest.raises(TypeError, match="now=5: now must be a text"):
        used_to_think("90", before="x", now=5)
    with pytest.raises(ValueError, match="chapter='9'"):
        used_to_think("9", before="x")


def test_dots_leave_a_thought_as_it_is():
    """The notebook's cell has dots in it: run again, it must neither hide nor wipe what is kept."""
    half = used_to_think("90", before="...", now="it depends")
    assert (half.before, half.now) == ("", "it depends")
    used_to_think("90", before="it is dear")
    for untouched in ({"before": ..., "now": "..."}, {}):
        shown = repr(used_to_think("90", **untouched))
        assert "I used to think: it is dear\nNow I think: it depends" in shown
    used_to_think("90", before=..., now="it depends on the size")
    assert progress.thoughts() == {"90": ("it is dear", "it depends on the size")}


def test_progress_refuses_what_it_does_not_know():
    with pytest.raises(ValueError, match="kind='chapters'"):
        progress.mark_done("chapters", "90")
    with pytest.raises(ValueError, match="kind='quizes'"):
        quizzes.questions("90", "quizes")
