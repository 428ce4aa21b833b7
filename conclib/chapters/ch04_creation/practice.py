"""The endless exercise of chapter 04: how many lines does a small program that forks print?

The program of a seed, what it prints, and what beliefs about fork would have it print come from the
modules beside the probe that runs it: so what is shown, computed and run is one and the same.
"""

import random
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any

from conclib.lesson.registry import Variant
from conclib.probes import _fork_model, _fork_programs

TIMES = {1: "once", 2: "twice"}
COPIED = "What is in the buffer at a fork is there twice after it, and each process sends its own."
LOST = "What is in the buffer at os._exit is lost."


def how_many_lines(seed: int) -> Variant:
    """Return the program of a seed, 1 to 1,000,000,000, with four numbers of lines."""
    draw = random.Random(seed).random  # what is built on it may differ from Python to Python
    program = _fork_programs.program(seed)
    lines = _fork_model.lines(program)
    wrong = sorted(_fork_model.wrong_counts(program).items(), key=lambda _: draw())
    beliefs = {counted(n): belief for n, belief in wrong[: _fork_programs.WRONG]}
    right = counted(len(lines))
    return Variant(
        options=tuple(sorted([right, *beliefs], key=lambda _: draw())),
        right=right,
        beliefs=beliefs,
        reason="counted",
        values={"each": explained(_fork_model.calls(program), lines)},
        code=_fork_programs.code(program),
        run=partial(ran, seed, lines),
    )


def counted(number: int) -> str:
    """Return a number of lines in words."""
    return "1 line" if number == 1 else f"{number} lines"


def explained(written: Sequence[str], sent: Sequence[str]) -> str:
    """Say how often each line is written and how often it is sent, and why these two differ.

    Args:
        written: an entry for each call of write; ``sent``: the lines that appear.
    """
    calls, copies = Counter(written), Counter(sent)
    alike: dict[tuple[int, int], list[str]] = {}
    for line in sorted(calls):
        alike.setdefault((calls[line], copies[line]), []).append(line)
    each = "; ".join(
        f"{', '.join(lines)} ({_often('written', called)}, {_often('sent', copied)})"
        for (called, copied), lines in alike.items()
    )
    why = {COPIED: any(copied > called for called, copied in alike),
           LOST: any(copied < called for called, copied in alike)}  # fmt: skip
    return " ".join([f"Line by line: {each}.", *(words for words, holds in why.items() if holds)])


def _often(done: str, number: int) -> str:
    return f"never {done}" if number == 0 else f"{done} {TIMES.get(number, f'{number} times')}"


def ran(seed: int, computed: Sequence[str], stop: Any = None) -> str:
    """Run the program of a seed, in processes of its own; say what came out."""
    from conclib import lab

    seen = lab.observe("fork_program", seed=seed, stop=stop)
    return run_sentence(seen.facts["lines"], computed, seen.origin)


def run_sentence(lines: Sequence[str], computed: Sequence[str], origin: str) -> str:
    """Say what came out of a run, and whether it is what was computed."""
    head = f"Run for real ({origin}): {counted(len(lines))} came out, {', '.join(lines) or 'none'}."
    if Counter(lines) == Counter(computed):
        return f"{head} That is what was computed; only their order may be another one each time."
    return f"{head} That is not what was computed above: believe the run."


PRACTICE = {
    "how-many-lines": how_many_lines,
}
