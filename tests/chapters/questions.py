"""What the tests of each quiz ask of its questions, and of the experiments behind wrong answers."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from conclib import lab
from conclib.lab import variants
from conclib.lesson import texts
from conclib.lesson.asking.contradicting import Experiment
from conclib.lesson.asking.quizzes import Question
from conclib.lesson.judging.conditions import Compared, ComparedFacts, Fact
from conclib.results import Measurement, Observation, recordings
from conclib.widgets.quizzes import numbers

LETTERS = "abcde"
OF_THE_CALL = ("runs", "budget", "cpu")
Results = Mapping[tuple[str, str], tuple[Any, Any]]  # typical and contrary, by id and letter


def wrong(asked: Iterable[Question]) -> list[Any]:
    """Return each wrong answer as a row for ``parametrize``: the question, then the option."""
    return [
        pytest.param(question, option, id=f"{question.id}-{letter}")
        for question in asked
        for letter, option in zip(LETTERS, question.options, strict=False)
        if option != question.right
    ]


def letters(asked: Iterable[Question]) -> set[tuple[str, str]]:
    """Return each wrong answer as the question's id and the answer's letter."""
    return {
        (question.id, letter)
        for question in asked
        for letter, option in zip(LETTERS, question.options, strict=False)
        if option != question.right
    }


def is_whole(question: Question) -> None:
    """Assert that a question can be answered right, and each answer has feedback of its own."""
    assert question.right in question.options
    assert len(question.feedback) == len(question.options) == len(set(question.feedback))


def has_its_own_experiments(question: Question) -> None:
    """Assert that each wrong answer has an experiment of its own, and the right one has none."""
    wrong_ones = [option for option in question.options if option != question.right]
    assert list(question.experiments) == wrong_ones
    different = {(each.code, str(each.judge)) for each in question.experiments.values()}
    assert len(different) == len(wrong_ones), "one experiment cannot contradict two answers"


def measured(made: Experiment) -> list:
    """Return what an experiment would measure, all its words checked."""
    params = {name: value for name, value in made.params.items() if name not in OF_THE_CALL}
    variants.Options(**{name: made.params[name] for name in made.params if name not in params})
    return variants.variants(made.given, params)


def names_what_exists(question: Question, option: str) -> None:
    """Assert that an experiment names probes, facts and events that there are."""
    made = question.experiments[option]
    if isinstance(made.judge, ComparedFacts):
        names_facts_that_exist(made, made.judge)
    elif isinstance(made.judge, Fact):
        assert made.judge.fact.split(".")[0] in lab.catalogue()[made.name].facts
        lab.catalogue()[made.name].complete(made.params)
    elif made.call == "story":
        assert set(made.judge.before) <= set(texts.entry("stories", made.name)["sentences"])
    else:
        assert len(measured(made)) > 1 or made.call == "measure", "nothing beside it"
        assert made.title.endswith("?")


def names_facts_that_exist(made: Experiment, judge: ComparedFacts) -> None:
    """Assert that both facts belong to the probes that are observed, with parameters there are."""
    assert made.title.endswith("?")
    for reading in (judge.one, judge.other):
        label, _, path = reading.rpartition(":")
        probe, params = made.probes[label]
        assert path.split(".")[0] in lab.catalogue()[probe].facts
        assert lab.catalogue()[probe].complete(params)


def is_recorded(question: Question, option: str) -> None:
    """Assert that all that an experiment needs is recorded, for where nothing can be measured."""
    made = question.experiments[option]
    if made.call in ("story", "observe"):
        params = lab.catalogue()[made.name].complete(made.params)
        assert recordings.find(Observation, made.name, params)
    elif made.call == "observe_many":
        for probe, params in made.probes.values():
            assert recordings.find(Observation, probe, lab.catalogue()[probe].complete(params))
    else:
        for each in measured(made):
            assert recordings.find(Measurement, each.info.name, each.params), each.params


def _results(question: Question, option: str, results: Results) -> tuple[Any, Any]:
    return results[question.id, LETTERS[question.options.index(option)]]


def typical_speaks_against(question: Question, option: str, results: Results) -> None:
    """Assert that a typical result speaks against an answer, and names no other one."""
    typical, _ = _results(question, option, results)
    said = question.experiments[option].sentence(option, typical)
    assert said.startswith(f"That speaks against “{option}”: ")
    assert not any(other in said for other in question.options if other != option)


def contrary_stays_open(question: Question, option: str, results: Results) -> None:
    """Assert that a contrary result does not tell, and that it is said what to do next."""
    _, contrary = _results(question, option, results)
    said = question.experiments[option].sentence(option, contrary)
    assert said.startswith("This time it does not tell. ")
    assert not any(each in said for each in question.options)
    assert any(advice in said for advice in ("again", "once more", "larger budget"))


def shows_what_it_says(question: Question, option: str, results: Results) -> None:
    """Assert that each number of the conclusion stands above it, too, in the same digits."""
    made = question.experiments[option]
    for seen in _results(question, option, results) if isinstance(made.judge, Compared) else ():
        shown = numbers(made, seen)
        assert all(f" {value}" in shown for value in made.judge.shown(seen).values()), shown


def is_alike_in_length(question: Question) -> None:
    """Else the longest answer, the one with all the conditions, is known to be the right one."""
    lengths = [len(option) for option in question.options]
    assert max(lengths) <= 1.4 * min(lengths) or max(lengths) - min(lengths) < 6, question.id


def right_is_not_the_longest(asked: list[Question]) -> None:
    """Assert that of some questions at most half have the right answer as their longest."""
    longest = [max(question.options, key=len) == question.right for question in asked]
    assert sum(longest) <= len(longest) / 2


def right_is_not_in_one_place(asked: list[Question]) -> None:
    """Assert that the right answers of a quiz do not all have the same letter."""
    assert len(asked) < 2 or len({q.options.index(q.right) for q in asked}) > 1


def tells_one_way_or_the_other(
    question: Question, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Assert that an experiment runs, and says that it speaks against the answer or is open."""
    monkeypatch.setenv("CONCLIB_BUDGET", "smoke")
    made = question.experiments[option]
    said = made.sentence(option, made.run())
    assert said.startswith(("That speaks against", "This time it does not tell."))
