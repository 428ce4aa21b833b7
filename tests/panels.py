"""What tests of panels need: what a panel says and shows, and stand-ins for what it starts."""

import html
import re
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


def reported(made: Experiment, name: str, **params) -> Observation:
    """Return an observation that has just those facts which an experiment compares, all 1."""
    facts: dict[str, Any] = {}
    assert isinstance(made.judge, ComparedFacts)
    for reading in (made.judge.one, made.judge.other):
        inner, (*path, last) = facts, reading.rpartition(":")[2].split(".")
        for part in path:
            inner = inner.setdefault(part, {})
        inner[last] = 1
    complete = lab.catalogue()[name].complete(params)
    return Observation(name, "t", complete, HOST, RUNTIME, facts)


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
    facts.setdefault(getattr(made.judge, "fact", "by").split(".")[0], [])
    told = Observation(
        "made_up", "t", {}, HOST, RUNTIME, facts,
        (Actor("parent", "process"),), (Event(1, "parent", "print", {"text": "one"}),),
    )  # fmt: skip
    monkeypatch.setattr(lab, "measure", measured)
    monkeypatch.setattr(lab, "measure_many", by_turns)

    def observed(name, *, stop, **params):
        asked.append((name, params))
        return reported(made, name, **params) if made.call == "observe" else told

    monkeypatch.setattr(lab, "observe", observed)
    seen = quiz_module.contradict(made, "No")
    named = [probe for probe, _ in made.probes.values()]
    assert [name for name, _ in asked] == (named or [made.name])
    drawn = "<img" in seen and (made.call == "observe" or "measured here" in seen)
    assert drawn or "On the screen" in seen
    assert made.title in seen
    assert "against “No”" in seen or "does not tell" in seen
