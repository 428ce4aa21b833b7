"""What a measurement and an observation have in common: what was asked, and where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar

from conclib.results import arguments, identity
from conclib.results.arguments import Params
from conclib.results.identity import Host, Runtime

SCHEMA = 1
MADE_UP = "made up"  # for an exercise: nothing was measured, and every picture says so
SOURCES = ("live", "recorded", MADE_UP)


@dataclass(frozen=True)
class Record:
    """What one probe gave on one host, as an unchangeable record.

    Attributes:
        probe: the probe's name; ``title`` says in words what it is.
        params: the probe's parameters, all of them, defaults included.
        host, runtime: where, and under which Python.
        conditions: what could disturb it (CPUs allowed, load, ...).
        source: ``"live"``, ``"recorded"`` or ``"made up"``; ``date`` is the day, ISO 8601.
        notes: what to know about it that only the measuring side could see.
    """

    LIVE: ClassVar[str] = ""  # what a live one says of its origin

    probe: str
    title: str
    params: Params
    host: Host
    runtime: Runtime
    conditions: Mapping[str, Any] = field(default_factory=dict, kw_only=True)
    source: str = field(default="live", kw_only=True)
    date: str = field(default="", kw_only=True)
    notes: tuple[str, ...] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        arguments.choice("source", self.source, SOURCES)
        for name in ("params", "conditions"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def name(self) -> str:
        """The probe with its parameters, as a call; one of the student's own, its name."""
        if ":" in self.probe:
            return self.probe.partition(":")[2]
        inside = ", ".join(f"{key}={value}" for key, value in self.params.items())
        return f"{self.probe}({inside})"

    @property
    def pinned(self) -> bool:
        """Whether it was kept on one CPU."""
        return self.conditions.get("pinned") is not None

    @property
    def machine(self) -> str:
        """Host and runtime in one line; never a host name."""
        return f"{self.host.label}, {self.runtime.label}"

    @property
    def origin(self) -> str:
        """That it was made here, where and when it was recorded, or that it is made up."""
        if self.source == "recorded":
            return f"recorded on {self.machine}, {self.date}"
        return self.LIVE if self.source == "live" else self.source

    @property
    def source_text(self) -> str:
        """Where it comes from, as a card says it."""
        return f"live, {self.machine}" if self.source == "live" else self.origin

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain data; :func:`conclib.results.encoding.from_json` reads it."""
        return {
            "schema": SCHEMA,
            "probe": self.probe,
            "title": self.title,
            "params": dict(self.params),
            "machine": identity.to_json(self.host, self.runtime),
            "conditions": dict(self.conditions),
            "source": self.source,
            "date": self.date,
            "notes": list(self.notes),
        }
