"""What each step of a life changed in map and record, from what the probe ``life`` has seen.

Plain data, no picture: the drawing, its sentences and its table all come from here. A change is
something that two looks say differently; what a look could not see changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conclib.results.wording import listed

Look = Mapping[str, Any]
FIELDS = {  # of the record, in the order in which they are told
    "pid": "pid",
    "parent": "parent",
    "program": "program",
    "state": "state",
    "exit_code": "exit code",
    "open_files": "open files",
    "niceness": "niceness",
    "user": "user",
}
STATES = {"R": "running", "S": "waiting", "D": "waiting", "T": "stopped", "Z": "zombie"}
BORN, KEPT, NEW, GROWN, EMPTY, GONE, NONE, UNKNOWN = (
    "copied", "kept", "replaced", "changed", "empty", "gone", "none", "unknown"
)  # fmt: skip
LEADS = {
    "start": "There is one process, the {who}.",
    "fork": "fork: the {who} begins.",
    "exec": "exec: the {who} becomes another program.",
    "stop": "stop: the {who} is stopped from outside.",
    "continue": "continue: the {who} may go on.",
    "end": "end: the {who} ends by itself.",
    "wait": "wait: its parent asks how the {who} ended.",
}


@dataclass(frozen=True)
class Entry:
    """One process after one step.

    Attributes:
        who: its name.
        map: what has become of its map: one of the words above.
        regions, shared: how many regions it has, and how many of these are its parent's at a fork,
            or its own from the step before.
        strip: what lies in the map, from low to high addresses; empty if that is not known.
        record: ``True`` while its record is kept.
        changes: the fields that changed: name, before, after; of a new record ``before`` is None.
    """

    who: str
    map: str
    regions: int | None
    shared: int | None
    strip: str
    record: bool
    changes: tuple[tuple[str, Any, Any], ...]

    @property
    def born(self) -> bool:
        """Whether it began with this step."""
        return bool(self.changes) and self.changes[0][:2] == ("pid", None)

    @property
    def map_text(self) -> str:
        """What happened to the map, in a few words; empty if nothing did."""
        alike = f"{self.shared} of {self.regions}" if self.shared != self.regions else "all"
        return {
            BORN: f"{self.regions} regions, {alike} as its parent's",
            NEW: f"replaced: {self.regions} regions, none of the old ones{self._order}",
            GROWN: f"changed: {self.regions} regions, {alike} as before",
            EMPTY: "empty",
            UNKNOWN: "not shown here",
        }.get(self.map, "")

    @property
    def _order(self) -> str:
        return f" (from below: {self.strip})" if self.strip else ""

    @property
    def record_text(self) -> str:
        """What changed in the record; empty if nothing did."""
        if self.map == GONE:
            return "gone"
        told = [_told(*change) for change in self.changes]
        return f"{'new: ' if self.born else ''}{', '.join(told)}" if told else ""


@dataclass(frozen=True)
class Step:
    """One step of a life: what was done, to whom, and how each process stands after it."""

    what: str
    who: str
    entries: tuple[Entry, ...]

    @property
    def sentence(self) -> str:
        """The step and all that it changed, in sentences."""
        parts = [LEADS[self.what].format(who=self.who)]
        for each in self.entries:
            for ledger, words in (("map", each.map_text), ("record", each.record_text)):
                if words:
                    parts.append(f"The {each.who}'s {ledger}: {words}.")
        same = [f"the {each.who}'s map" for each in self.entries if each.map == KEPT and
                each.record_text]  # fmt: skip
        if same and self.what != "start":  # nothing was there before it
            parts.append(f"Unchanged: {listed(same)}.")
        return " ".join(parts)


def _told(name: str, before: Any, after: Any) -> str:
    if name == "state":
        before, after = STATES.get(before, before), STATES.get(after, after)
    return f"{name} {after}" if before is None else f"{name} {before} → {after}"


def steps(facts: Mapping[str, Any]) -> tuple[Step, ...]:
    """Return the steps of a life.

    Args:
        facts: those of an observation of ``life``.

    Raises:
        KeyError: they are of another probe.
    """
    found, before = [], {}
    for place, step in enumerate(facts["steps"]):
        looks = [each for each in facts["looks"] if each["step"] == place]
        entries = [_entry(each, before.get(each["who"]), step) for each in looks]
        before = {each["who"]: each for each in looks}
        found.append(Step(step["what"], step["who"], tuple(entries)))
    return tuple(found)


def _entry(look: Look, before: Look | None, step: Mapping[str, str]) -> Entry:
    word, shared = _map(look, before, step)
    strip = (look["strip"] or "").replace("between", "libraries and others")
    return Entry(
        look["who"], word, look["regions"], shared, strip, look["listed"], _changes(look, before)
    )


def _map(look: Look, before: Look | None, step: Mapping[str, str]) -> tuple[str, int | None]:
    """Return what has become of a map, and how many regions it shares with the one it came from."""
    if not look["listed"]:
        return (GONE if before is not None and before["listed"] else NONE), None
    regions = look["regions"]
    if regions is None:
        return UNKNOWN, None
    if regions == 0:
        return (EMPTY if before is None or before["regions"] else NONE), None
    if before is None:
        return (BORN if look["as_parent"] is not None else KEPT), look["as_parent"]
    kept = look["kept"]
    if kept == 0:
        return NEW, 0
    return (KEPT if kept == regions == before["regions"] else GROWN), kept


def _changes(look: Look, before: Look | None) -> tuple[tuple[str, Any, Any], ...]:
    """Return the fields of a record that another look, or none, says otherwise."""
    if not look["listed"]:
        return ()
    if before is None:
        return tuple((FIELDS[key], None, look[key]) for key in ("pid", "parent"))
    return tuple(
        (name, before[key], look[key])
        for key, name in FIELDS.items()
        if look[key] is not None and before[key] != look[key]
    )


def rows(found: Sequence[Step]) -> tuple[tuple[str, ...], ...]:
    """Return a row for each process that a step changed: step, process, map, record."""
    return tuple(
        (f"{place}. {step.what}", each.who, each.map_text or "as before", each.record_text or
         "as before")
        for place, step in enumerate(found, start=1)
        for each in step.entries
        if each.map_text or each.record_text
    )  # fmt: skip
