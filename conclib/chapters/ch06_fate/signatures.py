"""Signatures: what each of 26 causes leaves behind, piece by piece.

A cause is a fault in a container. Its pieces of evidence are what anybody can ask for afterwards:
the lines, last words, whether Linux still lists them, how many processes they lived in, how the one
that went wrong ended, and the answers. No two causes leave the same. A test runs each of them and
compares.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any, NamedTuple

from conclib.results import Observation
from conclib.results.events import exit_text

LINES, LAST, THERE, WALLS, END, ANSWERS = "lines", "last words", "there", "walls", "end", "answers"
PIECES = (LINES, LAST, THERE, WALLS, END, ANSWERS)  # the first of them is free
FLAT, PAUSED, ALL = "flat", "pauses, then beats on", "beats to the end"
GONE, STAYS = "gone", "still there"
ONE, FOUR = "one process", "four processes"
RIGHT, WRONG, NONE = "right", "wrong", "none"
THREAD, PROCESS, HOLDER = "thread", "process", "lock holder"


class Cause(NamedTuple):
    """A fault in a container."""

    fault: str
    container: str

    @property
    def text(self) -> str:
        """The cause in words, as an answer names it."""
        where = {THREAD: "in a thread", PROCESS: "in a process", HOLDER: "in the lock's holder"}
        return f"{self.fault} {where[self.container]}"


Signature = Mapping[str, tuple[str, ...]]  # of each piece: the faulty one's, and the others'


def _left(own: str, others: str, last: str, end: str, answers: tuple[str, str], **more: str) -> Any:
    """Return a signature; ``walls`` and ``there`` in ``more`` where they are not as usual."""
    return {
        LINES: (own, others),
        LAST: (last,),
        THERE: (more.get("it", GONE), more.get("rest", GONE)),
        WALLS: (more.get("walls", FOUR),),
        END: (end,),
        ANSWERS: answers,
    }


def _in_thread(
    own: str, others: str, last: str, end: str, answers: tuple[str, str], **more: str
) -> Any:
    return _left(own, others, last, end, answers, walls=ONE, **more)


MISSING, ALONE = (NONE, NONE), (NONE, RIGHT)
STILL = "none: it has not ended"
CAME = "its work was done"
SEGV, ABRT, KILL = ("SIGSEGV", "SIGABRT", "SIGKILL")
CODE = 7  # of sys.exit and os._exit
EXIT = f"exit code {CODE}"
CAUSES: dict[Cause, Signature] = {
    Cause("null pointer", THREAD): _in_thread(FLAT, FLAT, "no", SEGV, MISSING),
    Cause("abort", THREAD): _in_thread(FLAT, FLAT, "no", ABRT, MISSING),
    Cause("os._exit", THREAD): _in_thread(FLAT, FLAT, "no", EXIT, MISSING),
    Cause("SIGKILL", THREAD): _in_thread(FLAT, FLAT, "no", KILL, MISSING),
    Cause("exception", THREAD): _in_thread(FLAT, ALL, "yes", "ZeroDivisionError", ALONE),
    Cause("sys.exit", THREAD): _in_thread(FLAT, ALL, "yes", "SystemExit", ALONE),
    Cause("memory hog", THREAD): _in_thread(FLAT, ALL, "yes", "MemoryError", ALONE),
    Cause("endless recursion", THREAD): _in_thread(FLAT, ALL, "yes", "RecursionError", ALONE),
    Cause("endless sleep", THREAD): _in_thread(FLAT, ALL, "no", STILL, ALONE, it=STAYS),
    Cause("silent corruption", THREAD): _in_thread(ALL, ALL, "yes", CAME, (WRONG, WRONG)),
    Cause("C keeps the GIL", THREAD): _in_thread(PAUSED, PAUSED, "yes", CAME, (RIGHT, RIGHT)),
    Cause("C lets go of the GIL", THREAD): _in_thread(PAUSED, ALL, "yes", CAME, (RIGHT, RIGHT)),
    Cause("null pointer", PROCESS): _left(FLAT, ALL, "no", SEGV, ALONE),
    Cause("abort", PROCESS): _left(FLAT, ALL, "no", ABRT, ALONE),
    Cause("os._exit", PROCESS): _left(FLAT, ALL, "no", EXIT, ALONE),
    Cause("SIGKILL", PROCESS): _left(FLAT, ALL, "no", KILL, ALONE),
    Cause("exception", PROCESS): _left(FLAT, ALL, "yes", "exit code 1", ALONE),
    Cause("sys.exit", PROCESS): _left(FLAT, ALL, "yes", EXIT, ALONE),
    Cause("SIGTERM handled", PROCESS): _left(FLAT, ALL, "yes", "exit code 0", ALONE),
    Cause("endless sleep", PROCESS): _left(FLAT, ALL, "no", STILL, ALONE, it=STAYS),
    Cause("silent corruption", PROCESS): _left(ALL, ALL, "yes", CAME, (WRONG, RIGHT)),
    Cause("C keeps the GIL", PROCESS): _left(PAUSED, ALL, "yes", CAME, (RIGHT, RIGHT)),
    Cause("null pointer", HOLDER): _left(FLAT, FLAT, "no", SEGV, MISSING, rest=STAYS),
    Cause("os._exit", HOLDER): _left(FLAT, FLAT, "no", EXIT, MISSING, rest=STAYS),
    Cause("SIGKILL", HOLDER): _left(FLAT, FLAT, "no", KILL, MISSING, rest=STAYS),
    Cause("endless sleep", HOLDER): _left(FLAT, FLAT, "no", STILL, MISSING, it=STAYS, rest=STAYS),
}


# What is still possible -----------------------------------------------------------------------
def possible(cause: Cause, bought: tuple[str, ...]) -> list[Cause]:
    """Return the causes that leave the same in all these pieces."""
    own = CAUSES[cause]
    return [each for each, left in CAUSES.items() if all(left[p] == own[p] for p in bought)]


def differing(one: Cause, other: Cause) -> list[str]:
    """Return the pieces in which two causes differ, in their order."""
    return [piece for piece in PIECES if CAUSES[one][piece] != CAUSES[other][piece]]


def par(cause: Cause) -> tuple[str, ...]:
    """Return the smallest set of pieces, lines too, that leaves one cause; the first of several."""
    return next(bought for bought in _sets() if len(possible(cause, bought)) == 1)


def _sets() -> Iterator[tuple[str, ...]]:
    for count in range(len(PIECES)):
        for some in combinations(PIECES[1:], count):
            yield (LINES, *some)


# Of a real run --------------------------------------------------------------------------------
def of_run(item: Observation) -> dict[str, tuple[str, ...]]:
    """Return the signature that a real run of ``crash`` left."""
    facts = item.facts
    faulty = facts["faulty"]
    others = [name for name in facts["fates"] if name != faulty]

    def both(say: Any) -> tuple[str, str]:
        found = {say(name) for name in others}
        return say(faulty), found.pop() if len(found) == 1 else "they differ"

    pids = {each.pid for each in item.actors if each.name in facts["fates"]}
    return {
        LINES: both(lambda name: _line(facts, name)),
        LAST: ("yes" if facts["last_words"][faulty] else "no",),
        THERE: both(lambda name: STAYS if facts["exists"][name] else GONE),
        WALLS: (ONE if len(pids) == 1 else FOUR,),
        END: (_end(item, faulty),),
        ANSWERS: both(lambda name: facts["answers"][name]),
    }


def _line(facts: Mapping[str, Any], name: str) -> str:
    if not facts["finished"][name]:
        return FLAT
    return PAUSED if facts["fates"][name] == "stop, then go on" else ALL


def _end(item: Observation, faulty: str) -> str:
    """Return how the faulty one ended, in a word or two."""
    ending = next(each for each in item.endings if each.actor == faulty)
    if item.facts["finished"][faulty]:
        return CAME
    if ending.how == "alive":
        return STILL
    if ending.how == "raised":
        return ending.detail.partition(":")[0]
    code = ending.code or 0
    text = exit_text(-code if ending.how == "signalled" else code)
    return text.removeprefix("was ended by ").removeprefix("ended with ")
