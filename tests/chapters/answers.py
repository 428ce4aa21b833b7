"""What every chapter's tests ask of its exercises: each wrong answer meets the belief behind it."""

from typing import Any

from conclib.lesson import texts
from conclib.lesson.asking.exercises import check
from conclib.lesson.judging import settle
from conclib.lesson.store import kept, progress
from tests.test_lesson_compare import around

Cases = dict[str, list[tuple[Any, str | None]]]


def each(cases: dict[str, list]) -> list[tuple[str, Any]]:
    """Return cases by exercise as rows for ``parametrize``: the id, then the case."""
    return [(id, case) for id, some in cases.items() for case in some]


def meets_the_belief(id: str, case: tuple[Any, str | None]) -> None:
    """Assert that an answer is met by the misconception named; with ``None``, that it passes."""
    answer, name = case
    found = check(id, answer)
    if name is None:
        assert found.passed
        return
    assert found.state == "wrong", repr(found)
    assert found.message == texts.entry("exercises", id)["misconceptions"][name]
    assert progress.done("exercise") == []


def gets_a_sentence(id: str, answer: Any) -> None:
    """Assert that an answer of another kind gets a sentence of its own, and raises nothing."""
    found = check(id, answer)
    assert found.state == "wrong" and len(found.message) > 20
    assert found.message not in texts.entry("exercises", id).get("misconceptions", {})


def settles_each_pick(id: str, result: Any, option: str | None) -> None:
    """Assert what a result says of each pick; ``option`` is how the one it speaks for begins."""
    kept.keep([around(100, probe="copy_memory", params={})])
    for pick in texts.entry("choices", id)["options"]:
        said = settle.settled(id, pick, result)
        assert said.startswith("Measured: ") or said.startswith("Measured, ")
        if option is None:
            assert "the question stays open" in said
        elif pick.startswith(option):
            assert f"speaks for: {pick}" in said and "Your pick holds." in said
        else:
            assert f"It speaks against your pick ({pick})." in said


def unreached(number: str, cases: Cases) -> set[tuple[str, str]]:
    """Return the misconceptions in a chapter's words that no case reaches."""
    reached = {(id, name) for id, some in cases.items() for _, name in some}
    exercises = texts.chapter(number)["exercises"]
    known = {(id, name) for id, e in exercises.items() for name in e.get("misconceptions", {})}
    return known - reached
