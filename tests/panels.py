"""What tests of panels need: what a panel says and shows, and stand-ins for what it starts."""

import html
import re
from functools import reduce
from types import SimpleNamespace
from typing import Any

import pytest

from conclib import lab
from conclib.lab import variants
from conclib.lesson.asking.contradicting import Experiment
from conclib.lesson.judging.conditions import ComparedFacts
from conclib.results import Actor, Event, Measurement, Measurements, Observation
from conclib.widgets import parts
from conclib.widgets import quizzes as quiz_module
from tests.made_up import HOST, RUNTIME, measurement

SPREAD = (1000, 1010, 1020, 1030, 1040, 1050, 1060, 1070)


def result(factor: float = 1, probe: str = "fork", **params) -> Measurement:
    """Return a made-up result with the probe's parameters."""
    complete = lab.catalogue()[probe].complete(params)
    return measurement([x * factor for x in SPREAD], probe=probe, params=complete)


def evaluated(code: str) -> SimpleNamespace:
    """Run a line of code against a stand-in for ``cl``; return what it called."""
    calls = []

    class Cl:
        def __getattr__(self, name):
            return lambda *args, **kwargs: calls.append((name, args, kwargs))

    eval(code, {"cl": Cl()})
    (name, args, kwargs) = calls[0]
    return SimpleNamespace(name=name, args=args, kwargs=kwargs)


def code_in(shown: str) -> str:
    """Return the line of code that a widget shows."""
    return html.unescape(re.search(r"<code>(.*)</code>", shown).group(1))


def open_widgets(ipywidgets: Any) -> dict:
    """Return the widgets that are open now, by id."""
    return dict(ipywidgets.widgets.widget._instances)


def marked(options: Any) -> list[str]:
    """Return the options whose button says that it is chosen, in words and by colour."""
    said = [o for o, b in options.buttons.items() if b.description.startswith(parts.CHOSEN)]
    assert said == [o for o, b in options.buttons.items() if b.button_style]
    return said


def read_aloud(message: Any) -> str:
    """Return the words of a message."""
    return plain(message.value)


def plain(text: str) -> str:
    """Return the words of HTML."""
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", text)).split())


def numbers(judge: ComparedFacts) -> Observation:
    """Return an observation with a 1 for each fact that a judge compares."""
    facts: dict[str, Any] = {}
    for name in (judge.one, judge.other):
        *outer, last = name.rpartition(":")[2].split(".")
        inside = facts
        for part in outer:
            inside = inside.setdefault(part, {})
        inside[last] = 1
    return Observation("made_up", "t", {}, HOST, RUNTIME, facts)


def runs_from_the_quiz(made: Experiment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Assert that an experiment asks for what it names, and tells what came out with a picture."""
    asked = []

    def measured(name, *, stop, runs=3, **params):
        asked.append((name, lab.catalogue()[name].complete(params)))
        return result(probe=name, **params)

    def by_turns(probes, *, stop, runs=3, budget=1, cpu=None, **common):
        wanted = variants.variants([probes], common)
        asked.extend((one.info.name, one.params) for one in wanted)
        return Measurements({v.label: result(probe=v.info.name, **v.params) for v in wanted})

    facts = {"lines": ["one"], "by": {"child": []}}
    first, *inner = getattr(made.judge, "fact", "by").split(".")
    facts.setdefault(first, reduce(lambda held, key: {key: held}, reversed(inner), []))
    told = Observation(
        "made_up", "t", {}, HOST, RUNTIME, facts,
        (Actor("parent", "process"),), (Event(1, "parent", "print", {"text": "one"}),),
    )  # fmt: skip
    monkeypatch.setattr(lab, "measure", measured)
    monkeypatch.setattr(lab, "measure_many", by_turns)

    def seen_of(name, *, stop, **params):
        asked.append((name, lab.catalogue()[name].complete(params)))
        return numbers(made.judge) if isinstance(made.judge, ComparedFacts) else told

    monkeypatch.setattr(lab, "observe", seen_of)
    seen = quiz_module.contradict(made, "No")
    named = [probe for probe, _ in made.probes.values()]
    assert [name for name, _ in asked] == (named or [made.name])
    shown = {"story": "On the screen", "observe": "observed here", "observe_many": "<img"}
    assert shown.get(made.call, "measured here") in seen
    assert "<img" in seen or made.call in ("story", "observe")
    assert made.title in html.unescape(seen)
    assert "against “No”" in seen or "does not tell" in seen
