"""Quizzes: feedback for each option, experiments that exist, and progress that is kept."""

import pytest

from conclib.lesson import texts
from conclib.lesson.asking import quizzes
from conclib.lesson.asking.quizzes import pretest, quiz, recall
from conclib.lesson.store import progress
from conclib.lesson.store.progress import used_to_think

QUESTIONS = [q for number in texts.chapters() for q in quizzes.questions(number)]
IDS = [question.id for question in QUESTIONS]


def test_there_are_three_to_five_questions_a_chapter():
    for number in texts.chapters():
        assert 3 <= len(quizzes.questions(number)) <= 5


@pytest.mark.parametrize("question", QUESTIONS, ids=IDS)
def test_a_question_is_whole(question):
    assert question.right in question.options
    assert len(question.feedback) == len(question.options) == len(set(question.feedback))
    assert question.misconception.startswith("M")


@pytest.mark.parametrize("question", QUESTIONS, ids=IDS)
def test_a_wrong_answer_names_its_own_line_of_code_and_the_right_one_none(question):
    number = next(n for n in texts.chapters() if question in quizzes.questions(n))
    for option in question.options:
        shown = quiz(number, answers={question.id: option})
        made = question.experiments.get(option)
        assert (f"Try: {made.code}" if made else "Yes") in repr(shown)
        assert ("Try: " in repr(shown)) == (option != question.right) == (made is not None)
        assert "Try: " not in shown.answer_text(question, option), "a panel has a button for it"


def test_ids_are_unique_in_the_whole_course():
    every = [
        q.id
        for number in texts.chapters()
        for kind in ("quiz", "recall", "pretest")
        for q in quizzes.questions(number, kind)
    ]
    assert len(every) == len(set(every))


def test_an_untouched_quiz_shows_how_to_answer_and_reveals_nothing():
    shown = repr(quiz("04"))
    for question in quizzes.questions("04"):
        assert question.stem in shown
        assert not any(words in shown for words in question.feedback)
    assert 'cl.quiz("04", answers=["a", ..., ..., ..., ...])' in shown
    assert progress.done("chapter") == [] and progress.answers("quiz 04") == []


def test_answers_by_letter_by_text_and_by_id_are_the_same():
    asked = quizzes.questions("04")
    letters = ["c", "a", "b", "c", "b"]
    texts_ = [q.option(letter) for q, letter in zip(asked, letters, strict=True)]
    named = dict(zip((q.id for q in asked), letters, strict=True))
    shown = [repr(quiz("04", answers=given)) for given in (letters, texts_, named)]
    assert shown[0] == shown[1] == shown[2]
    assert all(q.feedback[q.options.index(q.right)] in shown[0] for q in asked)
    assert len(progress.answers("quiz 04")) == 1


def test_a_gap_stays_open_and_the_chapter_is_done_when_all_are_answered():
    shown = quiz("04", answers=["A", ..., "..."])
    assert not shown.answered and "Your answer:" in repr(shown)
    assert progress.done("chapter") == []
    quiz("04", answers=["a"] * 5)
    assert "exactly is timed?\n" in repr(quiz("04", answers=[*"bbbcb"]))  # no full stop after it
    assert progress.done("chapter") == ["04"]
    assert len(progress.answers("quiz 04")) == 3


@pytest.mark.parametrize(
    ("answers", "error", "says"),
    [(["z"], ValueError, "answer 1=.z.: answer 1 must be one of: a, b, c"),
     ([3], TypeError, "answer 1=3"),
     (["Because"], ValueError, "is in several of the options"), ("abc", TypeError, "a list"),
     (["no option"], ValueError, "answer 1='no option': is in none of the options"),
     (["a"] * 6, ValueError, "6 given for 5"), ({"twixe": "a"}, ValueError, "'twice'"),
     (7, TypeError, "answers=7")],
)  # fmt: skip
def test_an_answer_that_cannot_be_one_is_refused(answers, error, says):
    with pytest.raises(error, match=says):
        quiz("04", answers=answers)
    assert progress.answers("quiz 04") == []


def test_an_unknown_chapter_is_refused():
    with pytest.raises(ValueError, match="chapter='44'"):
        quiz("44")


def test_recall_asks_only_about_chapters_that_are_done():
    assert "nothing to recall" in repr(recall("04"))
    progress.mark_done("chapter", "04")
    assert "nothing to recall" in repr(recall("04"))  # not about itself
    progress.mark_done("chapter", "00")
    asked = recall("04").asked
    assert [q.id for q in asked] == [q.id for q in quizzes.questions("00", "recall")][:3]


def test_recall_takes_turns_and_stops_at_three(monkeypatch):
    for number in ("00", "04"):
        progress.mark_done("chapter", number)
    known = dict(texts.chapters())
    monkeypatch.setattr(texts, "chapters", lambda: {**known, "05": {"title": "Later"}})
    asked = recall("05").asked
    assert len(asked) == 3
    assert asked[0] in quizzes.questions("04", "recall")
    assert asked[1] in quizzes.questions("00", "recall")


def test_a_recall_question_is_answered_right_or_set_right():
    progress.mark_done("chapter", "00")
    first = quizzes.questions("00", "recall")[0]
    for option in first.options:
        said = repr(recall("04", answers=[option]))
        assert ("Yes." in said) == (option == first.right)
        assert (f"Rather: {first.right}" in said) == (option != first.right)


def test_the_pre_test_reveals_nothing_and_is_kept():
    asked = quizzes.questions("00", "pretest")
    assert all(q.right == "" and q.feedback == () for q in asked)
    assert all("I do not know" in q.options for q in asked)
    shown = repr(pretest(answers=["a"] * len(asked)))
    assert shown.count("Kept.") == len(asked) and "Yes" not in shown
    (kept,) = progress.answers("pretest")
    assert kept == {q.id: q.options[0] for q in asked}
    assert progress.done("chapter") == []


def test_what_one_used_to_think_is_kept_for_the_last_chapter():
    empty = used_to_think("04", before=..., now="...")
    assert "Nothing written yet" in repr(empty) and progress.thoughts() == {}
    for _ in range(2):
        shown = used_to_think("04", before="it copies all", now="it copies lists")
    assert "I used to think: it copies all" in repr(shown)
    assert progress.thoughts() == {"04": ("it copies all", "it copies lists")}
    with pytest.raises(TypeError, match="now=5: now must be a text"):
        used_to_think("04", before="x", now=5)
    used_to_think("04", before="half", now=...)
    assert progress.thoughts()["04"] == ("half", "")
    with pytest.raises(ValueError, match="chapter='4'"):
        used_to_think("4", before="x")


def test_progress_refuses_what_it_does_not_know():
    with pytest.raises(ValueError, match="kind='chapters'"):
        progress.mark_done("chapters", "04")
    with pytest.raises(ValueError, match="kind='quizes'"):
        quizzes.questions("04", "quizes")
