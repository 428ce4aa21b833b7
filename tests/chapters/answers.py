"""What every chapter's tests ask of its exercises, choices, races and stories, by id."""

import linecache
from typing import Any

import pytest

from conclib.lesson import texts
from conclib.lesson.asking import exercises, quizzes, races
from conclib.lesson.asking.choices import choose, picks
from conclib.lesson.asking.exercises import check, hint, solution
from conclib.lesson.judging import settle
from conclib.lesson.showing import stories
from conclib.lesson.store import kept, progress
from conclib.results import Measurement
from tests import made_up
from tests.made_up import around, sizes

Cases = dict[str, list[tuple[Any, str | None]]]

SWEEP = sizes(1000, 33_000, 65_000, 129_000)  # 500 ns for each MB
GAPS: list[Any] = [..., None, "...", (..., 1), [1, ...]]  # answers that are none yet


def own(**fields) -> Measurement:
    """Return a result of a probe of the student's own."""
    given = {"probe": "own:probe", "conditions": {"verified": "it ran"}, "date": "2026-01-01"}
    return made_up.measurement([1, 2, 3, 4, 5, 6, 7], **{**given, **fields})


class Course:
    """Stands in for ``cl`` while a starter or a solution runs; remembers what was checked."""

    def __init__(self) -> None:
        self.found: list[exercises.Check] = []

    def check(self, *given: Any) -> exercises.Check:
        """Check an answer."""
        self.found.append(check(*given))
        return self.found[-1]


def run(code: str) -> exercises.Check:
    """Run a starter or a solution, beside the results that exercises ask for.

    Its text can be found again, as that of a notebook's cell can.
    """
    course, name = Course(), "<exercise>"
    linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
    exec(compile(code, name, "exec"), {"cl": course, "sizes": SWEEP, "own": own()})
    (found,) = course.found
    return found


def is_passed_by_its_solution(id: str) -> None:
    """Assert that the solution of an exercise passes, and is kept as done."""
    found = run(texts.entry("exercises", id)["solution"])
    assert found.passed and found.id == id, repr(found)
    assert id in progress.done("exercise")


def is_not_passed_by_its_starter(id: str) -> None:
    """Assert that the untouched starter of an exercise runs, and is told to be not yet."""
    found = run(texts.entry("exercises", id)["starter"])
    assert found.state == "not yet" and found.id == id
    assert repr(found).startswith("Not yet.") and "cl.hint" in repr(found)
    assert progress.done("exercise") == []


def hints_come_one_by_one(id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Assert that each hint of an exercise comes once, in order, and the last one stays."""
    monkeypatch.setattr(exercises, "_hints_given", {})
    known = texts.entry("exercises", id)["hints"]
    given = [repr(hint(id)) for _ in range(len(known) + 2)]
    for number, words in enumerate(known):
        assert words in given[number]
    assert given[-1] == given[-2] == given[len(known) - 1]
    assert len(set(given)) == len(known)


def shows_its_solution(id: str) -> None:
    """Assert that the solution of an exercise is shown when it is asked for."""
    entry = texts.entry("exercises", id)
    assert entry["solution"].strip().splitlines()[-1] in repr(solution(id))


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


def tells_nothing_without_a_pick(id: str, gap: Any) -> None:
    """Assert that the options of a choice are listed for a gap, and nothing is told or kept."""
    entry = texts.entry("choices", id)
    shown = choose(id, *entry["options"], pick=gap, because="...")
    assert not shown.picked and shown.feedback == "" and shown.uncovered == ""
    for option in entry["options"]:
        assert option in repr(shown)
    assert "pick=" in repr(shown) and "cl.choose(" in repr(shown)
    told = [words for words in entry["feedback"].values() if words[:40] in repr(shown)]
    assert told == [] and picks(id) == []


def answers_each_pick(id: str) -> None:
    """Assert that each option of a choice has feedback of its own, and the reason comes back."""
    entry = texts.entry("choices", id)
    said = []
    for option in entry["options"]:
        shown = choose(id, *entry["options"], pick=option, because="so I think")
        assert shown.pick == option and shown.picked
        assert "Your reason: “so I think”." in repr(shown)
        assert entry["feedback"][option] in repr(shown)
        said.append(shown.feedback)
    assert len(set(said)) == len(entry["options"])


def settles_each_pick(id: str, result: Any, option: str | None, guide: str = "copy_memory") -> None:
    """Assert what a result says of each pick.

    Args:
        id: the choice; ``result``: what was measured.
        option: how the option begins that it speaks for; ``None`` if it speaks for none.
        guide: the probe that was measured before, at 100 ns.
    """
    kept.keep([around(100, probe=guide, params={})])
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


def hides_its_lanes(id: str) -> None:
    """Assert that a race tells no name of a lane, and that its choice uncovers them all."""
    entry = texts.entry("races", id)
    race = races.Race(id, entry["question"], {"A": 1, "B": 2, "C": 3})
    names = [lane["name"] for lane in entry["lanes"].values()]
    assert not any(name in repr(race) + race.html() for name in names)
    assert all(name in races.uncovered(entry["choice"]) for name in names)
    assert entry["choice"] in texts.entries("choices")


def is_told_alike_twice(name: str, lines: tuple[str, ...]) -> stories.Story:
    """Assert that a story is the same each time, prints these lines, and tells none ahead.

    Returns:
        The story as it was told first.
    """
    first, second = stories.story(name), stories.story(name)
    assert repr(first) == repr(second)
    assert first.lines == lines
    assert ("On the screen" in repr(first)) == bool(first.lines)
    assert first.html().startswith("<details>")  # the picture is stepped through, not told ahead
    assert repr(first.steps[-1])[1:-1] in first.html()
    assert first.picture._repr_mimebundle_() == second.picture._repr_mimebundle_()
    return first


def answers_with_its_own_code(number: str, question: quizzes.Question) -> None:
    """Assert that a wrong answer in a quiz names its own line of code, and the right one none."""
    for option in question.options:
        shown = quizzes.quiz(number, answers={question.id: option})
        made = question.experiments.get(option)
        assert (f"Try: {made.code}" if made else "Yes") in repr(shown)
        assert ("Try: " in repr(shown)) == (option != question.right) == (made is not None)
        assert "Try: " not in shown.answer_text(question, option), "a panel has a button for it"
