"""What every quiz, recall and pre-test of a chapter must be, found by going through its words.

No id stands here. What an experiment shows is made up beside the chapter's tests, in
``contradicted_NN.py``: a typical result, and one that leaves the question open.
"""

import importlib

import pytest

from conclib import chapters
from conclib.lesson import texts
from conclib.lesson.asking import quizzes
from tests.chapters import answers, questions

QUESTIONS = [(number, q) for number in texts.chapters() for q in quizzes.questions(number)]
RESULTS = {
    key: pair
    for number in chapters.known()
    for key, pair in importlib.import_module(f"tests.chapters.contradicted_{number}").SHOWN.items()
}
WITH_RIGHT = [
    list(quizzes.questions(number, kind))
    for number in texts.chapters()
    for kind in ("quiz", "recall")
]
each_question = pytest.mark.parametrize(
    ("number", "question"), QUESTIONS, ids=[question.id for _, question in QUESTIONS]
)
each_wrong_answer = pytest.mark.parametrize(
    ("question", "option"), questions.wrong(question for _, question in QUESTIONS)
)


def test_there_are_three_to_five_questions_a_chapter():
    for number in texts.chapters():
        assert 3 <= len(quizzes.questions(number)) <= 5


@each_question
def test_a_question_is_whole(number, question):
    questions.is_whole(question)
    assert question.misconception.startswith("M")


@each_question
def test_a_wrong_answer_names_its_own_line_of_code_and_the_right_one_none(number, question):
    answers.answers_with_its_own_code(number, question)


@each_question
def test_each_wrong_answer_has_an_experiment_of_its_own_and_the_right_one_has_none(
    number, question
):
    questions.has_its_own_experiments(question)


def test_ids_are_unique_in_the_whole_course():
    every = [
        q.id
        for number in texts.chapters()
        for kind in ("quiz", "recall", "pretest")
        for q in quizzes.questions(number, kind)
    ]
    assert len(every) == len(set(every))


@each_wrong_answer
def test_an_experiment_names_what_exists(question, option):
    questions.names_what_exists(question, option)


@each_wrong_answer
def test_where_nothing_can_be_measured_a_recording_takes_its_place(question, option):
    questions.is_recorded(question, option)


def test_every_wrong_answer_of_the_course_has_made_up_results_and_nothing_else_has():
    assert set(RESULTS) == questions.letters(question for _, question in QUESTIONS)


@each_wrong_answer
def test_a_typical_result_speaks_against_that_answer_alone(question, option):
    questions.typical_speaks_against(question, option, RESULTS)


@each_wrong_answer
def test_a_contrary_result_does_not_tell_and_the_student_learns_what_to_do(question, option):
    questions.contrary_stays_open(question, option, RESULTS)


@each_wrong_answer
def test_each_number_of_a_conclusion_stands_above_it(question, option):
    questions.shows_what_it_says(question, option, RESULTS)


def test_the_answers_of_a_question_are_alike_in_length():
    for some in WITH_RIGHT:
        for question in some:
            questions.is_alike_in_length(question)


def test_the_right_answer_is_neither_the_longest_nor_in_one_place():
    questions.right_is_not_the_longest([question for some in WITH_RIGHT for question in some])
    for number in texts.chapters():
        questions.right_is_not_in_one_place(quizzes.questions(number))


@pytest.mark.worker
@each_wrong_answer
def test_each_experiment_runs_and_tells_one_way_or_the_other(question, option, monkeypatch):
    questions.tells_one_way_or_the_other(question, option, monkeypatch)


def test_a_pre_test_reveals_nothing_and_lets_one_not_know():
    for number in texts.chapters():
        for question in quizzes.questions(number, "pretest"):
            assert question.right == "" and question.feedback == ()
            assert "I do not know" in question.options
