"""An observation: what was seen of processes and threads, beside what is measured in numbers.

A :class:`~conclib.results.measurement.Measurement` holds timings. An observation holds what a probe
*reports*: facts, which are plain data of a form that the probe declares, and what happened to whom:
actors, events and endings. Like a measurement it cannot be changed, says where and under which
conditions it was made, and is kept, recorded and loaded back.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from conclib.results import observation_text
from conclib.results.events import BEATS, INFERRED, Actor, Ending, Event
from conclib.results.record import Record

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Observation(Record):
    """What one probe reported; its title is a question in words.

    Attributes:
        facts: plain data by name, in the form that the probe declares.
        actors: whom the events are about.
        events: what happened, in order of time (which is not the order of arrival).
        endings: how actors ended, in order of time.

    Raises:
        ValueError: an event or an ending of somebody who is no actor, or two of one name.
    """

    LIVE: ClassVar[str] = "observed here"

    facts: Mapping[str, Any] = field(default_factory=dict)
    actors: tuple[Actor, ...] = ()
    events: tuple[Event, ...] = ()
    endings: tuple[Ending, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_actors()
        object.__setattr__(self, "facts", MappingProxyType(dict(self.facts)))
        for name in ("events", "endings"):
            in_order = sorted(getattr(self, name), key=lambda each: each.t_ns)
            object.__setattr__(self, name, tuple(in_order))

    def _check_actors(self) -> None:
        names = [actor.name for actor in self.actors]
        if len(set(names)) < len(names):
            raise ValueError(f"actors={names!r}: two have the same name")
        for each in self._happened:
            if each.actor not in names:
                raise ValueError(f"actor={each.actor!r}: must be one of the actors: {names!r}")

    @property
    def _happened(self) -> tuple[Event | Ending, ...]:
        return (*self.events, *self.endings)

    # What was seen -----------------------------------------------------------------------------
    def beats(self, actor: str) -> tuple[int, ...]:
        """Return the times (ns) at which an actor gave signs of life, in order."""
        found = [event for event in self.events if event.actor == actor and event.what == BEATS]
        return tuple(sorted(time for event in found for time in event.data["times_ns"]))

    def ending(self, actor: str) -> Ending | None:
        """Return how an actor ended; ``None`` where nobody saw it."""
        return next((each for each in self.endings if each.actor == actor), None)

    def fact(self, path: str) -> Any:
        """Return one fact by its path: ``fact("by.child")``, ``fact("sizes.0")``.

        Raises:
            KeyError: there is none; the message lists what there is.
        """
        found: Any = self.facts
        for name in path.split("."):
            inside = _inside(found)
            if name not in inside:
                here = ", ".join(inside) or "no names"
                raise KeyError(f"fact={path!r}: {self.probe} has no {name!r} there, but {here}")
            found = inside[name]
        return found

    @property
    def start_ns(self) -> int:
        """The earliest time that is known; 0 where nothing happened."""
        times = [each.t_ns for each in self._happened]
        beats = [time for actor in self.actors for time in self.beats(actor.name)]
        return min([*times, *beats], default=0)

    @property
    def doubts(self) -> tuple[str, ...]:
        """Reasons to trust it less: its notes, and how much of it was inferred."""
        inferred = sum(event.seen == INFERRED for event in self.events)
        doubt = f"{inferred} of {len(self.events)} events inferred, not seen"
        return (*self.notes, doubt) if inferred else self.notes

    # How it is shown -----------------------------------------------------------------------------
    @property
    def text(self) -> str:
        """All of it in words: the facts, what happened when, and how each actor ended."""
        return observation_text.text(self)

    def __repr__(self) -> str:
        counted = {"facts": self.facts, "actors": self.actors, "events": self.events}
        parts = [f"{len(items)} {name}" for name, items in counted.items() if items]
        parts += [f"{each.actor} {each.text}" for each in self.endings[:4]]
        more = f", {len(self.endings) - 4} endings more" if len(self.endings) > 4 else ""
        doubt = f", note: {'; '.join(self.doubts)}" if self.doubts else ""
        return f"{self.name}: {', '.join(parts) or 'nothing'}{more} ({self.origin}{doubt})"

    def _repr_html_(self) -> str:
        return observation_text.card(self)

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain data; times are in ns of ``CLOCK_MONOTONIC``."""
        return {
            **super().to_json(),
            "type": "observation",  # tells it from measurements in the same file
            "facts": dict(self.facts),
            "actors": [asdict(actor) for actor in self.actors],
            "events": [{**vars(event), "data": dict(event.data)} for event in self.events],
            "endings": [asdict(ending) for ending in self.endings],
        }

    def to_frame(self) -> "pandas.DataFrame":
        """Return one row for each event and ending: seconds since the first, actor, what, data."""
        import pandas

        start = self.start_ns
        rows = [(each.t_ns, each.actor, each.what, dict(each.data)) for each in self.events]
        rows += [(each.t_ns, each.actor, each.how, {"code": each.code}) for each in self.endings]
        rows.sort(key=lambda row: row[0])
        cells = [((t_ns - start) / 1e9, *rest) for t_ns, *rest in rows]
        return pandas.DataFrame(cells, columns=["seconds", "actor", "what", "data"])


def _inside(fact: Any) -> Mapping[str, Any]:
    """Return what a fact consists of, by name; the parts of a list are counted from 0."""
    if isinstance(fact, list):
        return {str(place): each for place, each in enumerate(fact)}
    return fact if isinstance(fact, Mapping) else {}
