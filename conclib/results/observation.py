"""An observation: what was seen of processes and threads, beside what is measured in numbers.

A :class:`~conclib.results.measurement.Measurement` holds timings. An observation holds what a probe
*reports*: facts, which are plain data of a form that the probe declares, and what happened to whom:
actors, events and endings. Like a measurement it cannot be changed, says where and under which
conditions it was made, and is kept, recorded and loaded back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from conclib.results import arguments
from conclib.results.events import BEATS, INFERRED, Actor, Ending, Event
from conclib.results.machine import Machine
from conclib.results.measurement import SOURCES

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Observation:
    """What one probe reported on one machine, as an unchangeable record.

    Attributes:
        probe: the probe's name; ``title`` is its question in words.
        params: the probe's parameters, all of them, defaults included.
        facts: plain data by name, in the form that the probe declares.
        actors: whom the events are about.
        events: what happened, in order of time (which is not the order of arrival).
        endings: how actors ended, in order of time.
        machine: where; ``conditions`` holds what could disturb it.
        source: ``"live"`` or ``"recorded"``; ``date`` is the day, ISO 8601.
        notes: what to know about it: beats left out, why it is a recording.

    Raises:
        ValueError: an event or an ending of somebody who is no actor, or two of one name.
    """

    probe: str
    title: str
    params: Mapping[str, Any]
    machine: Machine
    facts: Mapping[str, Any] = field(default_factory=dict)
    actors: tuple[Actor, ...] = ()
    events: tuple[Event, ...] = ()
    endings: tuple[Ending, ...] = ()
    conditions: Mapping[str, Any] = field(default_factory=dict)
    source: str = "live"
    date: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        arguments.choice("source", self.source, SOURCES)
        self._check_actors()
        for name in ("params", "facts", "conditions"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        for name in ("events", "endings"):
            in_order = sorted(getattr(self, name), key=lambda each: each.t_ns)
            object.__setattr__(self, name, tuple(in_order))

    def _check_actors(self) -> None:
        names = [actor.name for actor in self.actors]
        if len(set(names)) < len(names):
            raise ValueError(f"actors={names!r}: two have the same name")
        for each in (*self.events, *self.endings):
            if each.actor not in names:
                raise ValueError(f"actor={each.actor!r}: must be one of the actors: {names!r}")

    # What was seen -----------------------------------------------------------------------------
    def beats(self, actor: str) -> tuple[int, ...]:
        """Return the times (ns) at which an actor gave signs of life, in order."""
        found = [event for event in self.events if event.actor == actor and event.what == BEATS]
        return tuple(sorted(time for event in found for time in event.data["times_ns"]))

    def ending(self, actor: str) -> Ending | None:
        """Return how an actor ended; ``None`` where nobody saw it."""
        return next((each for each in self.endings if each.actor == actor), None)

    def fact(self, path: str) -> Any:
        """Return one fact by its path: ``fact("by.child")``.

        Raises:
            KeyError: there is none; the message lists what there is.
        """
        found: Any = self.facts
        for name in path.split("."):
            if not isinstance(found, Mapping) or name not in found:
                here = ", ".join(found) if isinstance(found, Mapping) else "no names"
                raise KeyError(f"fact={path!r}: {self.probe} has no {name!r} there, but {here}")
            found = found[name]
        return found

    @property
    def start_ns(self) -> int:
        """The earliest time that is known; 0 where nothing happened."""
        times = [each.t_ns for each in (*self.events, *self.endings)]
        beats = [time for actor in self.actors for time in self.beats(actor.name)]
        return min([*times, *beats], default=0)

    @property
    def end_ns(self) -> int:
        """The latest time that is known; 0 where nothing happened."""
        return max((each.t_ns for each in (*self.events, *self.endings)), default=0)

    @property
    def doubts(self) -> tuple[str, ...]:
        """Reasons to trust it less: its notes, and how much of it was inferred."""
        inferred = sum(event.seen == INFERRED for event in self.events)
        doubt = f"{inferred} of {len(self.events)} events inferred, not seen"
        return (*self.notes, doubt) if inferred else self.notes

    # How it is shown -----------------------------------------------------------------------------
    @property
    def name(self) -> str:
        """The probe with its parameters, as a call."""
        inside = ", ".join(f"{key}={value}" for key, value in self.params.items())
        return f"{self.probe}({inside})"

    @property
    def origin(self) -> str:
        """``'observed here'``, or where and when it was recorded."""
        if self.source == "live":
            return "observed here"
        return f"recorded on {self.machine.label}, {self.date}"

    @property
    def text(self) -> str:
        """All of it in words: the facts, what happened when, and how each actor ended."""
        from conclib.results.observation_text import text

        return text(self)

    def __repr__(self) -> str:
        counted = {"facts": self.facts, "actors": self.actors, "events": self.events}
        parts = [f"{len(items)} {name}" for name, items in counted.items() if items]
        parts += [f"{each.actor} {each.text}" for each in self.endings[:4]]
        more = f", {len(self.endings) - 4} endings more" if len(self.endings) > 4 else ""
        doubt = f", note: {'; '.join(self.doubts)}" if self.doubts else ""
        return f"{self.name}: {', '.join(parts) or 'nothing'}{more} ({self.origin}{doubt})"

    def _repr_html_(self) -> str:
        from conclib.results.observation_text import card

        return card(self)

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain data; :func:`conclib.results.encoding.load` reads it back."""
        from conclib.results.observation_json import to_json

        return to_json(self)

    def to_frame(self) -> "pandas.DataFrame":
        """Return one row for each event and ending: seconds since the first, actor, what, data."""
        import pandas

        start = self.start_ns
        rows = [(each.t_ns, each.actor, each.what, dict(each.data)) for each in self.events]
        rows += [(each.t_ns, each.actor, each.how, {"code": each.code}) for each in self.endings]
        rows = [((t_ns - start) / 1e9, *rest) for t_ns, *rest in sorted(rows, key=lambda r: r[0])]
        return pandas.DataFrame(rows, columns=["seconds", "actor", "what", "data"])
