"""Which measurement answers a prediction: its chapter's experiment, exactly as it is described.

A prediction belongs to an experiment: these probes, with these parameters, on one CPU or not. Only
a measurement of just that, made from a cell of a notebook in which the chapter is open, locks the
prediction and counts for it. What a panel measures, the command line, another chapter, or the
engine for itself, does not: nobody has seen the answer then, or has asked for another one.

In ``chapter.toml``::

    [experiments.creation]
    pin = "one"
    specs = [{ probe = "pthread", timed = "join" }, { probe = "fork", timed = "wait" }]

    [experiments.parent-size]
    pin = "one"
    specs = [{ probe = "fork" }]
    axis = "ballast_mb"          # a sweep over this, at three values or more

Parameters that are not named are at their defaults. The probe of an experiment may also be one that
reports: then observing it is what answers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from conclib.lesson import texts
from conclib.results import Measurement, Observation
from conclib.results.hooks import Start

MIN_VALUES = 3  # of an axis, to be the sweep that was predicted

Spec = tuple[str, Mapping[str, Any]]  # a probe and all its parameters


@dataclass(frozen=True)
class Experiment:
    """What has to be measured.

    Attributes:
        id: its name, unique in the course.
        specs: the probes with their parameters.
        pinned: whether all of it is kept on one CPU.
        axis: the parameter that a sweep varies; empty if nothing is varied.
    """

    id: str
    specs: tuple[Spec, ...]
    pinned: bool = False
    axis: str = ""

    def answered_by(self, measured: Iterable[Spec], pinned: bool) -> bool:
        """Tell whether what is measured together is this experiment, or holds it."""
        if pinned != (self.pinned and _can_pin()):
            return False
        given = [(probe, dict(params)) for probe, params in measured]
        if self.axis:
            return all(len(self._values(spec, given)) >= MIN_VALUES for spec in self.specs)
        return all((probe, dict(params)) in given for probe, params in self.specs)

    def _values(self, spec: Spec, given: list[tuple[str, dict[str, Any]]]) -> set[Any]:
        """Return the values of the axis at which a spec was measured."""
        probe, params = spec
        return {
            other[self.axis]
            for name, other in given
            if name == probe and {**other, self.axis: params[self.axis]} == params
        }

    @property
    def text(self) -> str:
        """What it measures, in words, for who has measured something else."""
        named = [f"{probe}({_inside(params)})" for probe, params in self.specs]
        varied = f", at {MIN_VALUES} values of {self.axis} or more" if self.axis else ""
        return " and ".join(named) + varied + (", on one CPU" if self.pinned else "")


def _can_pin() -> bool:
    from conclib.lab import machines

    return machines.can_pin()


def _inside(params: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in params.items())


def experiment(prediction_id: str) -> Experiment:
    """Return the experiment that a prediction belongs to.

    Raises:
        TypeError, ValueError: the chapter's words are wrong: no such probe or parameter.
    """
    entry = texts.entry("predictions", prediction_id)
    words = texts.chapter(entry["chapter"])["experiments"]
    return _parsed(entry["experiment"], words[entry["experiment"]])


def _parsed(name: str, words: Mapping[str, Any]) -> Experiment:
    specs = tuple(map(spec_of, words["specs"]))
    return Experiment(name, specs, words.get("pin") == "one", words.get("axis", ""))


def spec_of(words: Mapping[str, Any]) -> Spec:
    """Return the probe that a chapter's words name, ``{ probe = "x", size = 1 }``, and its params.

    Raises:
        TypeError, ValueError, KeyError: no such probe or parameter.
    """
    from conclib import lab

    params = {key: value for key, value in words.items() if key != "probe"}
    return words["probe"], lab.catalogue()[words["probe"]].complete(params)


def answered(ids: Iterable[str], start: Start) -> list[str]:
    """Return those predictions whose experiment is about to be measured from a cell."""
    if start.asked_by != "cell":
        return []
    return [each for each in ids if experiment(each).answered_by(start.specs, start.pinned)]


def matches(prediction_id: str, items: Iterable[Measurement | Observation]) -> bool:
    """Tell whether results are live ones of a prediction's experiment."""
    found = list(items)
    pinned = {item.pinned for item in found}
    return (
        all(item.source == "live" for item in found)
        and len(pinned) == 1
        and experiment(prediction_id).answered_by(
            [(item.probe, item.params) for item in found], pinned.pop()
        )
    )
