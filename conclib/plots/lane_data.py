"""What a lane shows, taken from an observation, or from as much of one as has arrived.

No picture here: plain data that the drawing and the text share.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from conclib.results import Actor, Ending, Event, Observation
from conclib.results.events import BEATS, PHASE

Seen = Actor | Event | Ending
FAULT = "fault"
SILENT, GOES_ON = "silent", "goes on"  # there, and without a sign of life; and the end of that


@dataclass(frozen=True)
class Lane:
    """One actor's lane.

    Attributes:
        actor: whose it is.
        beats, faults: when it gave signs of life, and when it was about to fault; in ns.
        others: all that else happened to it: when and what; of a phase, its name.
        ending: how it ended; ``None`` as long as nobody has seen that.
        silences: from when to when it was there and gave no sign of life.
    """

    actor: Actor
    beats: tuple[int, ...]
    faults: tuple[int, ...]
    others: tuple[tuple[int, str], ...]
    ending: Ending | None
    silences: tuple[tuple[int, int], ...] = ()

    @property
    def times(self) -> list[int]:
        """All its times, in order."""
        ends = [self.ending.t_ns] if self.ending else []
        return sorted([*self.beats, *self.faults, *(t_ns for t_ns, _ in self.others), *ends])

    @property
    def end_text(self) -> str:
        """How it ended, in words; empty as long as nobody has seen that."""
        return self.ending.text if self.ending else ""


def lanes_of(item: Observation | Sequence[Seen]) -> list[Lane]:
    """Return a lane for each actor to whom something happened, in the order they were named.

    Args:
        item: an observation, or what ``on_event`` was given so far, in any order.
    """
    seen = (*item.actors, *item.events, *item.endings) if isinstance(item, Observation) else item
    happened: dict[str, list[Event | Ending]] = {}
    for each in seen:
        if not isinstance(each, Actor):
            happened.setdefault(each.actor, []).append(each)
    actors = [each for each in seen if isinstance(each, Actor)]
    found = [_lane(actor, happened.get(actor.name, [])) for actor in actors]
    return [lane for lane in found if lane.times]


def _lane(actor: Actor, happened: Sequence[Event | Ending]) -> Lane:
    events = [each for each in happened if isinstance(each, Event)]
    ends = [each for each in happened if isinstance(each, Ending)]
    beats = [time for each in events if each.what == BEATS for time in each.data["times_ns"]]
    drawn = (BEATS, FAULT, SILENT, GOES_ON)  # in a way of their own
    found = Lane(
        actor,
        tuple(sorted(beats)),
        tuple(sorted(each.t_ns for each in events if each.what == FAULT)),
        tuple(sorted((each.t_ns, _word(each)) for each in events if each.what not in drawn)),
        ends[-1] if ends else None,
    )
    noticed = sorted(each.t_ns for each in events if each.what == SILENT)
    return replace(found, silences=tuple(_silence(found, t_ns) for t_ns in noticed))


def _silence(lane: Lane, noticed: int) -> tuple[int, int]:
    """Return a silence: from the last sign before it was noticed to the next sign, or the end."""
    before = [time for time in (*lane.beats, *lane.faults) if time < noticed]
    after = [time for time in lane.times if time > noticed]
    return max(before, default=noticed), min(after, default=noticed)


def _word(event: Event) -> str:
    return str(event.data.get("name", event.what)) if event.what == PHASE else event.what


def span(lanes: Sequence[Lane]) -> tuple[int, int]:
    """Return the first and the last time of all lanes; (0, 0) where there is none."""
    times = [time for lane in lanes for time in (lane.times[0], lane.times[-1])]
    return (min(times), max(times)) if times else (0, 0)
