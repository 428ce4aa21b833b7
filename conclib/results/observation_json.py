"""Observations as JSON, both ways. ``type`` tells them from measurements in the same file."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, to_builtins

from conclib.results.errors import RecordError
from conclib.results.event_forms import ActorForm, EndingForm, EventForm, Name
from conclib.results.events import Actor, Ending, Event
from conclib.results.machine import Machine
from conclib.results.observation import Observation
from conclib.results.validation import validated

TYPE = "observation"
SCHEMA = 1


class Form(Struct, forbid_unknown_fields=True):
    """The fields of a stored observation."""

    schema: Annotated[int, Meta(ge=SCHEMA, le=SCHEMA)]
    type: Literal["observation"]
    probe: Name
    title: str
    params: dict[str, Any]
    facts: dict[str, Any]
    actors: list[ActorForm]
    events: list[EventForm]
    endings: list[EndingForm]
    machine: dict[str, Any]
    conditions: dict[str, Any]
    source: Literal["live", "recorded"]
    date: str
    notes: list[str]


def to_json(item: Observation) -> dict[str, Any]:
    """Return an observation as plain data; times are in ns of ``CLOCK_MONOTONIC``."""
    return {
        "schema": SCHEMA,
        "type": TYPE,
        "probe": item.probe,
        "title": item.title,
        "params": dict(item.params),
        "facts": dict(item.facts),
        "actors": [asdict(actor) for actor in item.actors],
        "events": [{**vars(event), "data": dict(event.data)} for event in item.events],
        "endings": [asdict(ending) for ending in item.endings],
        "machine": item.machine.to_json(),
        "conditions": dict(item.conditions),
        "source": item.source,
        "date": item.date,
        "notes": list(item.notes),
    }


def from_json(data: dict[str, Any]) -> Observation:
    """Build an observation from what :func:`to_json` gave.

    Raises:
        RecordError: not such a record; the message names the field and its value.
    """
    plain = to_builtins(validated(data, Form))
    del plain["schema"], plain["type"]
    parts = {
        "machine": Machine.from_json(plain.pop("machine")),
        "actors": tuple(Actor(**each) for each in plain.pop("actors")),
        "events": tuple(Event(**each) for each in plain.pop("events")),
        "endings": tuple(Ending(**each) for each in plain.pop("endings")),
        "notes": tuple(plain.pop("notes")),
    }
    try:
        return Observation(**plain, **parts)
    except ValueError as error:
        raise RecordError(str(error)) from None
