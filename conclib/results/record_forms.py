"""Stored records as forms that msgspec checks. Imported where a record is loaded, because it is.

Nothing computed is believed: median, interval and the like are not looked at. A measurement may
have fields that we do not know, as in the first version; what that one recorded of facts is read,
too.
"""

from collections.abc import Mapping
from itertools import islice
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct
from msgspec.structs import asdict

from conclib.results import arguments
from conclib.results.decoding import validated
from conclib.results.event_forms import ActorForm, EndingForm, EventForm, Name
from conclib.results.identity import Host, Runtime
from conclib.results.measurement import Measurement, Run
from conclib.results.observation import Observation

Count = Annotated[int, Meta(ge=0)]
Value = Annotated[float, Meta(ge=0, le=1e18)]  # in ns: thirty years; keeps out infinity, too


class MachineForm(Struct, forbid_unknown_fields=True):
    """Host and runtime; the first version noted the GIL among the conditions only."""

    os: str
    cpu: str
    cpus: int
    memory_mb: int
    python: str
    gil: bool | None = None
    build: str = ""

    @property
    def host(self) -> Host:
        """The host."""
        system, _, release = self.os.partition(" ")
        return Host(system, self.cpu, self.cpus, release, self.memory_mb)

    def runtime(self, conditions: Mapping[str, Any]) -> Runtime:
        """Return the Python."""
        name, _, version = self.python.partition(" ")
        gil = conditions.get("gil") is not False if self.gil is None else self.gil
        return Runtime(name, version, gil, self.build)


class ConditionsForm(Struct):
    """Conditions may be anything, but a card computes with these."""

    rss_mb: Value = 0.0
    load: Value = 0.0
    cpus_allowed: Value = 0.0


class RunForm(Struct):
    """A run; its values stand with those of the others."""

    n: Count
    loops: Count
    warmups: Count
    baseline: list[Value]


class RecordForm(Struct, kw_only=True):
    """What both kinds of record have."""

    schema: int
    probe: str
    title: str
    params: dict[str, arguments.Value]
    machine: MachineForm
    conditions: ConditionsForm
    source: str
    date: str
    notes: list[str]

    def fields(self, conditions: Mapping[str, Any]) -> dict[str, Any]:
        """Return the record's fields by name; ``conditions`` are all that were stored."""
        where = {"host": self.machine.host, "runtime": self.machine.runtime(conditions)}
        return {**asdict(self), **where, "conditions": conditions}


class MeasurementForm(RecordForm, kw_only=True):
    """A measurement."""

    times: str
    unit: str
    values: Annotated[list[Value], Meta(min_length=1)]
    n: Count
    runs: list[RunForm]

    def __post_init__(self) -> None:
        counted = sum(run.n for run in self.runs)
        if not self.n == counted == len(self.values):
            raise ValueError(f"{len(self.values)} values given, {counted} in runs, n={self.n}")

    def record(self, conditions: Mapping[str, Any]) -> Measurement:
        """Return the record, each run with its values."""
        values = iter(self.values)
        runs = [
            Run(tuple(islice(values, run.n)), tuple(run.baseline), run.loops, run.warmups)
            for run in self.runs
        ]
        known = {**self.fields(conditions), "runs": runs}
        return validated(known, Measurement, from_attributes=True)


class ObservationForm(RecordForm, kw_only=True, forbid_unknown_fields=True):
    """An observation."""

    type: Literal["observation"]
    probe: Name
    facts: dict[str, Any]
    actors: list[ActorForm]
    events: list[EventForm]
    endings: list[EndingForm]
    fault: str = ""  # this and the next two: said once more by a command, for whoever reads JSON
    container: str = ""
    summary: str = ""

    def record(self, conditions: Mapping[str, Any]) -> Observation:
        """Return the record."""
        known = self.fields(conditions)
        for name in ("fault", "container", "summary"):
            del known[name]
        return validated(known, Observation, from_attributes=True)


class FactsForm(Struct, forbid_unknown_fields=True):
    """Facts as the first version recorded them, before there were observations.

    The events among them had been composed, not seen, and have no times: they stay facts.
    """

    schema: int
    probe: Name
    params: dict[str, arguments.Value]
    data: dict[str, Any]
    machine: MachineForm
    date: str

    def record(self) -> Observation:
        """Return them as an observation; its title, which was not stored, is the probe's name."""
        where = self.machine.host, self.machine.runtime({})
        known = (self.probe, self.probe, self.params, *where, self.data)
        return Observation(*known, source="recorded", date=self.date)
