"""What was seen of processes, threads and tasks: who they are, what happened to them, how they end.

Times are of one clock, ``CLOCK_MONOTONIC``, which all processes of a machine share: events of
several actors can be put in order, whatever the order in which they arrived. Each event says *how
it was seen*: an actor noted it itself, an observer saw it, or it was inferred from something else.
"""

import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, get_args

from conclib.results import arguments

Kind = Literal["process", "thread", "task"]
How = Literal["exited", "signalled", "raised", "killed", "alive"]
Seen = Literal["itself", "observer", "inferred"]
ITSELF, OBSERVER, INFERRED = SEEN = get_args(Seen)
EXITED, SIGNALLED, RAISED, KILLED, ALIVE = HOWS = get_args(How)
BEATS = "beats"  # the one event that stands for many: its data hold all their times
PHASE = "phase"  # a named phase begins: its data hold the name


@dataclass(frozen=True)
class Actor:
    """A process, a thread or a user-level task.

    Attributes:
        name: what it is called, once in an observation: ``"process 2"``.
        kind: ``"process"``, ``"thread"`` or ``"task"``; pictures draw it by that.
        pid, tid: its ids, where it has them and they are known.
        maker: the name of the actor that made it; empty if that was not observed.
    """

    name: str
    kind: str
    pid: int | None = None
    tid: int | None = None
    maker: str = ""

    def __post_init__(self) -> None:
        arguments.choice("kind", self.kind, get_args(Kind))
        if not self.name:
            raise ValueError("name='': an actor needs a name")


@dataclass(frozen=True)
class Event:
    """One thing that happened.

    Attributes:
        t_ns: when, on ``CLOCK_MONOTONIC``, in nanoseconds.
        actor: to whom, by name.
        what: in one word: ``"fork"``, ``"fault"``, ``"beats"``.
        data: plain data that belong to it; ``{"times_ns": [...]}`` for beats.
        seen: ``"itself"``, ``"observer"`` or ``"inferred"``.
    """

    t_ns: int
    actor: str
    what: str
    data: Mapping[str, Any] = field(default_factory=dict)
    seen: str = ITSELF

    def __post_init__(self) -> None:
        arguments.choice("seen", self.seen, SEEN)
        object.__setattr__(self, "data", MappingProxyType(dict(self.data)))


@dataclass(frozen=True)
class Ending:
    """How an actor ended, as somebody saw it.

    Attributes:
        actor: whose end it is, by name.
        how: ``"exited"``, ``"signalled"``, ``"raised"``, ``"killed"`` (by us) or ``"alive"``.
        t_ns: when it was seen.
        by: who or what saw it: ``"waitid"``, ``"pidfd"``, ``"/proc"``, ``"itself"``.
        code: the exit code, or the signal's number; ``None`` where there is neither.
        detail: an exception's name and text, say.
    """

    actor: str
    how: str
    t_ns: int
    by: str
    code: int | None = None
    detail: str = ""

    def __post_init__(self) -> None:
        arguments.choice("how", self.how, HOWS)

    @property
    def text(self) -> str:
        """The end in words: ``'was ended by SIGSEGV'``, ``'ended with exit code 0'``."""
        if self.how == ALIVE:
            return "still there"
        if self.how == RAISED:
            return f"ended by {self.detail or 'an exception'}"
        if self.how == KILLED:
            return f"was killed by the measuring process{_with(self.code)}"
        if self.how == EXITED and self.code is None:  # a thread has none
            return "ended"
        code = self.code or 0
        return exit_text(-code if self.how == SIGNALLED else code)


def _with(number: int | None) -> str:
    return f" ({signal_name(number)})" if number else ""


def signal_name(number: int) -> str:
    """Return a signal's name; ``'signal 40'`` for one that has none here."""
    known = number in set(signal.Signals)
    return signal.Signals(number).name if known else f"signal {number}"


def exit_text(returncode: int) -> str:
    """Say how a process ended.

    Args:
        returncode: its exit code, or a signal's number below zero, as ``subprocess`` has it.
    """
    if returncode >= 0:
        return f"ended with exit code {returncode}"
    return f"was ended by {signal_name(-returncode)}"
