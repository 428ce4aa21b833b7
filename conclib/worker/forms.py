"""Protocol 2 as forms that msgspec checks: each message, field by field.

Imported when the first message comes (see ``messages.py``), because msgspec is.
"""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, json, to_builtins

from conclib.results.event_forms import ActorForm, EndingForm, EventForm, Stamp
from conclib.worker.texts import shown

TAG = "type"  # the key that names a message's kind

Count = Annotated[int, Meta(ge=0, le=10**12)]
Whole = Annotated[int, Meta(ge=-(10**12), le=10**12)]
Number = Annotated[float, Meta(ge=0, le=1e18)]  # for a time in ns: thirty years
Time = Annotated[float, Meta(gt=0, le=1e18)]
Loops = Annotated[int, Meta(ge=1, le=2**20)]  # the driver goes no further
# a name that a terminal would obey is none
Name = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]


class Form(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What all forms have in common: nothing beside the fields that are declared."""


class Conditions(Form):
    """What could disturb a measurement; what is not known is left out."""

    cpus_allowed: Count | UnsetType = UNSET
    pinned: Count | UnsetType = UNSET
    quota_cpus: Number | UnsetType = UNSET
    governor: Name | UnsetType = UNSET
    load: Number | UnsetType = UNSET
    thp: Name | UnsetType = UNSET
    python: Name | UnsetType = UNSET
    implementation: Name | UnsetType = UNSET
    gil: bool | UnsetType = UNSET
    build: Name | UnsetType = UNSET
    rss_mb: Number | UnsetType = UNSET
    threads: Count | UnsetType = UNSET
    not_known: Name | UnsetType = UNSET
    throttled: Count | UnsetType = UNSET
    steal_ticks: Whole | UnsetType = UNSET  # some hosts' counters have been seen to go back

    def plain(self) -> dict[str, Any]:
        """Return those that are known, by name, as a record holds them."""
        found: dict[str, Any] = to_builtins(self)
        return found


class Message(Form, tag_field=TAG, tag=str.lower):
    """What all messages have in common: their kind, under ``TAG``."""


class Ready(Message):
    """The worker stands."""

    python: Name
    conditions: Conditions
    rss: Number | None = None


class Phase(Message):
    """What it does now; when it has calibrated, with figures."""

    name: Literal["setup", "calibrate", "calibrated"]
    loops: Loops | UnsetType = UNSET
    value: Number | UnsetType = UNSET
    warmups: Count | UnsetType = UNSET

    def __post_init__(self) -> None:
        given = [figure is not UNSET for figure in (self.loops, self.value, self.warmups)]
        if set(given) != {self.name == "calibrated"}:
            raise ValueError("loops, value and warmups belong to 'calibrated', all three of them")

    @property
    def figures(self) -> tuple[int, float, int] | None:
        """Loops, the time of one in ns, and warm-ups, once it has calibrated."""
        if self.loops is UNSET or self.value is UNSET or self.warmups is UNSET:
            return None
        return self.loops, self.value, self.warmups


class Batch(Message):
    """Values in ns, as many as were asked for, less those that the clock refused."""

    values: list[Time]
    baseline: list[Number]
    refused: Count
    loops: Loops


class Entered(Message):
    """One of the probe's own named phases has begun, at this moment."""

    name: Name
    t_ns: Stamp


class Actor(ActorForm, Message):
    """Somebody whom events will be about: sent before the first of them."""


class Event(EventForm, Message):
    """Something that happened, at any time before: the order of arrival is not that of time."""


class Ending(EndingForm, Message):
    """How an actor ended."""


class Facts(Message):
    """What a probe reports instead of being timed: plain data, whose form is the probe's own."""

    data: Any
    thinned: Count = 0  # beats that were left out because nobody read them in time


class Done(Message):
    """The proof, and what changed meanwhile."""

    verified: str | None
    conditions: Conditions
    idle: str | None = None  # what verify said of a body of the student's that did nothing

    def __post_init__(self) -> None:
        self.verified = self.verified and shown(self.verified)
        self.idle = self.idle and shown(self.idle)


class Error(Message):
    """The probe failed."""

    kind: Name
    message: str

    def __post_init__(self) -> None:
        self.message = shown(self.message)


class Unavailable(Message):
    """It is not available here."""

    reason: str

    def __post_init__(self) -> None:
        self.reason = shown(self.reason)


DECODER: json.Decoder[Message] = json.Decoder(
    Ready | Phase | Batch | Entered | Actor | Event | Ending | Facts | Done | Error | Unavailable
)
