"""Actors, events and endings as forms that msgspec checks, for messages and for stored records.

Imported where something is decoded, because msgspec is.
"""

from typing import Annotated, Any

from msgspec import Meta, Struct

from conclib.results.events import Actor, Ending, Event, How, Kind, Seen

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Id = Annotated[int, Meta(ge=0, le=2**31)]
Stamp = Annotated[int, Meta(ge=0, le=10**18)]  # ns since the machine started: thirty years


class ActorForm(Struct, forbid_unknown_fields=True):
    """The fields of :class:`conclib.results.events.Actor`."""

    name: Name
    kind: Kind
    pid: Id | None = None
    tid: Id | None = None
    maker: Annotated[str, Meta(max_length=200)] = ""

    def record(self) -> Actor:
        """Return the record."""
        return Actor(self.name, self.kind, self.pid, self.tid, self.maker)


class EventForm(Struct, forbid_unknown_fields=True):
    """The fields of :class:`conclib.results.events.Event`."""

    t_ns: Stamp
    actor: Name
    what: Name
    data: dict[str, Any]
    seen: Seen

    def __post_init__(self) -> None:
        if self.what == "beats":
            times = self.data.get("times_ns")
            if not isinstance(times, list) or not all(type(time) is int for time in times):
                raise ValueError("data.times_ns of 'beats' must be a list of whole numbers")

    def record(self) -> Event:
        """Return the record."""
        return Event(self.t_ns, self.actor, self.what, self.data, self.seen)


class EndingForm(Struct, forbid_unknown_fields=True):
    """The fields of :class:`conclib.results.events.Ending`."""

    actor: Name
    how: How
    t_ns: Stamp
    by: Name
    code: Annotated[int, Meta(ge=0, le=255)] | None = None
    detail: Annotated[str, Meta(max_length=2000)] = ""

    def record(self) -> Ending:
        """Return the record."""
        return Ending(self.actor, self.how, self.t_ns, self.by, self.code, self.detail)
