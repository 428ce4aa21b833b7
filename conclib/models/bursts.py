"""What a task does, as text: ``"C5 W2 C1 B3"`` computes, waits, computes and blocks.

    C5   computes for 5 ms
    W2   waits for 2 ms in a way that its scheduler knows: its kernel thread is free meanwhile
    B3   blocks for 3 ms in a system call: its kernel thread is not free meanwhile

A *program* is a tuple of such bursts. ``workload`` makes many of them, the same for the same seed.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from conclib.results import arguments

COMPUTE, WAIT, BLOCK = "C", "W", "B"
BURST = re.compile(r"([CWB])(\d+(?:\.\d+)?)", re.ASCII)
ALLOWED = 'a letter and milliseconds for each burst, with spaces between, such as "C5 W2 C1 B3"'
MS = 1_000_000  # ns
MAX_MS = 1_000_000.0
MAX_TASKS = 10_000
MAX_BURSTS = 200_000
MAX_ROUNDS = 1000
SPREAD = 0.5  # a made-up burst lasts from this share less to this share more


class Burst(NamedTuple):
    """One thing that a task does, ``ns`` long; ``kind`` is ``"C"``, ``"W"`` or ``"B"``."""

    kind: str
    ns: int


Program = tuple[Burst, ...]


def parse(text: object, name: str = "tasks") -> Program:
    """Return the program that a text is.

    ``parse("C5 W2")`` is ``(Burst("C", 5_000_000), Burst("W", 2_000_000))``.

    Args:
        text: a burst or more.
        name: of the argument, for messages.

    Raises:
        TypeError: not a text.
        ValueError: no burst, an unknown letter, a time of zero, below zero or above 1,000 s.
    """
    if not isinstance(text, str):
        raise TypeError(f"{name}={arguments.shown(text)}: a task is {ALLOWED}")
    words = text.split()
    if not words:
        raise ValueError(f"{name}={arguments.shown(text)}: a task must be {ALLOWED}")
    return tuple(_burst(word, name) for word in words)


def _burst(word: str, name: str) -> Burst:
    found = BURST.fullmatch(word)
    if not found:
        raise ValueError(f"{name}: {arguments.shown(word)} is no burst; a task is {ALLOWED}")
    ms = float(found[2])
    if not 0 < round(ms * MS) <= MAX_MS * MS:
        raise ValueError(
            f"{name}: {arguments.shown(word)} lasts {found[2]} ms; a burst must last more than 0 "
            f"and at most {MAX_MS:,.0f} ms"
        )
    return Burst(found[1], round(ms * MS))


def written(program: Program) -> str:
    """Return a program as :func:`parse` reads it."""
    return " ".join(f"{kind}{ns / MS:.6f}".rstrip("0").rstrip(".") for kind, ns in program)


def programs(tasks: str | Sequence[str] | Mapping[str, str]) -> dict[str, Program]:
    """Return programs by the names of their tasks: ``T1``, ``T2`` where none are given.

    Args:
        tasks: texts, in a list or by name, or one text with ``;`` between tasks.

    Raises:
        TypeError, ValueError: none, too many, or one that is no program.
    """
    if isinstance(tasks, str):
        tasks = tasks.split(";")
    if not isinstance(tasks, Sequence | Mapping):
        raise TypeError(
            f"tasks={arguments.shown(tasks)}: must be a whole number, or a list of texts, each "
            f"{ALLOWED}"
        )
    if not 0 < len(tasks) <= MAX_TASKS:
        raise ValueError(f"tasks: {len(tasks):,} were given; 1 to {MAX_TASKS:,} are allowed")
    named = dict(tasks) if isinstance(tasks, Mapping) else _numbered(tasks)
    return {_name(name): parse(text, f"tasks[{name!r}]") for name, text in named.items()}


def _name(name: object) -> str:
    found = arguments.label("tasks", name)
    if not found.strip():
        raise ValueError(f"tasks={name!r}: a task needs a name, such as 'reader'")
    return found


def _numbered(tasks: Sequence[str]) -> dict[str, str]:
    return {f"T{number}": text for number, text in enumerate(tasks, 1)}


def workload(
    tasks: int, *, rounds: int, compute_ms: float, wait_ms: float, blocking: float, seed: int
) -> dict[str, Program]:
    """Make programs that compute and wait, one after the other, and compute at last.

    Args:
        tasks: how many.
        rounds: how often each of them waits.
        compute_ms, wait_ms: how long a burst lasts on average; each lasts from half to one and a
            half of that.
        blocking: the share of all waits that block.
        seed: the same seed gives the same programs.

    Raises:
        TypeError, ValueError: out of range, or more bursts than can be simulated.
    """
    arguments.integer("tasks", tasks, 1, MAX_TASKS)
    arguments.integer("rounds", rounds, 0, MAX_ROUNDS)
    arguments.number("compute_ms", compute_ms, 0.001, MAX_MS, "ms")
    arguments.number("wait_ms", wait_ms, 0.001, MAX_MS, "ms")
    arguments.number("blocking", blocking, 0, 1)
    arguments.integer("seed", seed, 0, 2**63)
    if tasks * (2 * rounds + 1) > MAX_BURSTS:
        raise ValueError(
            f"tasks={tasks}, rounds={rounds}: these are {tasks * (2 * rounds + 1):,} bursts; at "
            f"most {MAX_BURSTS:,} can be simulated"
        )
    draw = random.Random(seed).random
    blocks = _chosen(tasks * rounds, round(blocking * tasks * rounds), draw)

    def burst(kind: str, ms: float) -> Burst:
        return Burst(kind, max(1, round(ms * MS * (1 - SPREAD + 2 * SPREAD * draw()))))

    def program(first: int) -> Program:
        made = [burst(COMPUTE, compute_ms)]
        for place in range(first, first + rounds):
            made += [burst(BLOCK if place in blocks else WAIT, wait_ms), burst(COMPUTE, compute_ms)]
        return tuple(made)

    return {f"T{number + 1}": program(number * rounds) for number in range(tasks)}


def _chosen(count: int, wanted: int, draw: Callable[[], float]) -> set[int]:
    """Draw so many of the places from 0 to ``count``; the same in every Python."""
    places = list(range(count))
    for place in range(wanted):
        other = place + int(draw() * (count - place))
        places[place], places[other] = places[other], places[place]
    return set(places[:wanted])
