"""What this machine is, how steady it is, and what can be measured on it.

A number means little without this page. It is the first thing that the course shows, and what
``conclib doctor`` prints.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, TypedDict

from conclib.lab import guarding, machines, measuring, observing
from conclib.models import programs
from conclib.results import Host, Runtime, Unavailable, WorkerError, identity, statistics
from conclib.results.quantity import BYTES, TIME
from conclib.results.tables import table

# for whatever is measured
NEEDED_FOR = {
    "lifeline": "measuring processes that die with a killed notebook",
    guarding.NAME: "code of your own that does harm (%%sacrifice)",
}
INSTEAD = {guarding.NAME: "it is refused"}  # of what is not shown from recordings
# A page made from a notebook cuts long lines of code off on a phone: they are to be scrolled there.
PHONE = "<style>@media(max-width:600px){.jp-InputArea-editor{overflow-x:auto!important}}</style>"


class Feature(TypedDict):
    """Whether a feature works here, and why not."""

    works: bool
    reason: str


class Noise(TypedDict, total=False):
    """How steady this machine is: times in ns; nothing where no worker could be started."""

    clock: str
    resolution_ns: float
    step_ns: int
    min_ns: int
    median_ns: float
    slow_ns: float


@dataclass(frozen=True)
class MachineReport:
    """This machine, its present state, and which features work on it.

    Attributes:
        host, runtime: what goes with every result.
        conditions: what a worker sees (CPUs allowed, quota, load, huge pages, ...).
        features: for each feature ``{"works": bool, "reason": str}``.
        noise: median and slow tail of the same work repeated, in ns, and the clock's step.
        needed_for: for features, which lesson needs them.
    """

    host: Host
    runtime: Runtime
    conditions: Mapping[str, Any]
    features: Mapping[str, Feature]
    noise: Noise
    needed_for: Mapping[str, str] = field(default_factory=dict)

    def rows(self) -> list[tuple[str, str]]:
        """Return the report as pairs of name and text; every display uses these."""
        seen = self.conditions
        quota = seen.get("quota_cpus")
        return [
            ("System", self.host.os),
            ("Processor", self.host.cpu),
            ("CPUs", f"{self.host.cpus} visible, {seen.get('cpus_allowed', '?')} allowed"),
            ("CPU quota", "none" if quota is None else f"{quota:g} CPUs"),
            ("Memory", f"{BYTES.write(self.host.memory_mb * 2**20)}"),
            ("Python", f"{self.runtime.python}, GIL {'on' if self.runtime.gil else 'off'}"),
            ("Start methods", ", ".join(self._start_methods()) or "none"),
            ("Huge pages", seen.get("thp", "not known")),
            ("Load", f"{seen.get('load', 0.0):.1f}"),
            ("Clock", self._clock()),
            ("Noise", self._noise()),
        ]

    def missing(self) -> list[tuple[str, str, str]]:
        """Return each feature that does not work: its name, why, and which lesson needs it."""
        return [
            (name, entry["reason"], self.needed_for.get(name, ""))
            for name, entry in self.features.items()
            if not entry["works"]
        ]

    def _start_methods(self) -> list[str]:
        return [
            name.removeprefix("mp_")
            for name, entry in self.features.items()
            if name.startswith("mp_") and entry["works"]
        ]

    def _clock(self) -> str:
        if not self.noise:
            return "not known"
        return f"{self.noise['clock']}, smallest step seen {TIME.write(self.noise['step_ns'])}"

    def _noise(self) -> str:
        if not self.noise:
            return "not known"
        slow = self.noise["slow_ns"] / self.noise["median_ns"] - 1
        return (
            f"the same work took {TIME.write(self.noise['min_ns'])} at best, "
            f"{TIME.write(self.noise['median_ns'])} typically; one round in twenty took at least "
            f"{slow:.0%} longer than typical"
        )

    def __repr__(self) -> str:
        width = max(len(name) for name, _ in self.rows())
        lines = [f"{name:<{width}}  {text}" for name, text in self.rows()]
        works = [name for name, entry in self.features.items() if entry["works"]]
        lines.append(f"{'Works here':<{width}}  {', '.join(works)}")
        lines += [
            f"{'Not here':<{width}}  {name}: {why} "
            f"(needed for {use}; {INSTEAD.get(name, 'recorded data are shown')})"
            for name, why, use in self.missing()
        ]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = [*self.rows()]
        works = [name for name, entry in self.features.items() if entry["works"]]
        rows.append(("Works here", ", ".join(works)))
        rows += [("Not here", f"{name}: {why} (for {use})") for name, why, use in self.missing()]
        return table("This machine", (), rows)

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "schema": 1,
            "machine": identity.to_json(self.host, self.runtime),
            "conditions": dict(self.conditions),
            "features": {name: dict(entry) for name, entry in self.features.items()},
            "noise": dict(self.noise),
        }

    def dumps(self) -> str:
        """Return the report as one JSON object in one line."""
        return json.dumps(self.to_json(), allow_nan=False)


def machine(needs: Mapping[str, str] | None = None) -> MachineReport:
    """Look at this machine: what it is, how steady, and what can be measured (about half a second).

    Each feature is tried in a worker. Where not even a worker can be started, the reason stands in
    every feature's place.

    Args:
        needs: for features, which lesson needs them, in a few words.
    """
    needed_for = {**(needs or {}), **NEEDED_FOR}
    try:
        features = {**capabilities(), guarding.NAME: _guard(), **_tools()}
        noise = _noise()
        conditions = measuring.conditions()
    except (Unavailable, WorkerError) as failure:
        features = {name: {"works": False, "reason": str(failure)} for name in needed_for}
        noise, conditions = {}, {"cpus_allowed": len(machines.allowed_cpus())}
    here = machines.host(), machines.own_runtime()
    return MachineReport(*here, conditions, features, noise, needed_for)


class Line(str):
    """A line of text that a notebook shows as it is, without quotes around it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        """Return the same for a page, and let the code on it be scrolled where it is a phone's."""
        return f"{PHONE}<div>{escape(self)}</div>"


def machine_line() -> str:
    """Return this machine in one line, as it stands beside every result."""
    return Line(f"This machine: {machines.label()}")


def capabilities() -> dict[str, Feature]:
    """Try every feature in a measuring process; return for each whether it works, and why not."""
    found: dict[str, Feature] = observing.observed("capabilities").facts["features"]
    return found


def _guard() -> Feature:
    works, reason = guarding.feature()
    return {"works": works, "reason": reason}


def _tools() -> dict[str, Feature]:
    """Say which run-time systems of other languages, and which extra packages, are found."""
    return {name: {"works": not why, "reason": why} for name, why in programs.tools().items()}


def _noise() -> Noise:
    facts = observing.observed("noise").facts
    rounds: list[int] = facts["rounds_ns"]
    return {
        "clock": facts["clock"],
        "resolution_ns": facts["resolution_ns"],
        "step_ns": facts["step_ns"],
        "min_ns": min(rounds),
        "median_ns": statistics.median(rounds),
        "slow_ns": statistics.quantile(rounds, 0.95),
    }
