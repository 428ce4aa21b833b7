"""A play of the game, run for real, and beside it what Linux makes of the same cards.

Mine: each task is a Python generator, and a scheduler of ours puts them on as the play says, on so many
OS threads. Linux's: each task is a thread of its own, and nobody says anything. Both use the same
CPUs, one after the other, and a tick is a fixed amount of CPU time.
"""

from __future__ import annotations  # a worker may be an older Python

import os

from .. import _cards, _played, _refuse, _sacrifice

PROBE = {
    "name": "played_cards",
    "title": "A play, run for real",
    "times": "nothing: it reports when each task was on, under your scheduler and under Linux's",
    "unit": "facts",
    "facts": {
        "spans": "dict[str, dict[str, list[list[float]]]]",
        "done_ms": "dict[str, dict[str, float]]",
        "mine_ms": "float",
        "linux_ms": "float",
        "mine_puts": "int",
        "linux_puts": "int | None",
        "why": "str",
        "os_threads": "dict[str, int]",
        "cpu_ms": "dict[str, float]",
    },
    "params": {
        "cards": {
            "type": "text",
            "default": "C5; C1 W5 C1; C2 W2 C1",
            "pattern": "C[1-9][0-9]?( [WB][1-9][0-9]? C[1-9][0-9]?)*(; C[1-9][0-9]?( [WB][1-9][0-9]? C[1-9][0-9]?)*){1,5}",
            "allowed": "2 to 6 tasks, each with C cards and one W or B card between two of them",
            "help": "what each task has to do: compute, wait, or nap, for so many ticks",
        },
        "play": {
            "type": "text",
            "default": "Q R R P P P P P Q R",
            "pattern": "([PQRSTU]{1,2}|[.])( ([PQRSTU]{1,2}|[.])){0,99}",
            "allowed": "1 to 100 ticks with a space between; letters of tasks, or . for nobody",
            "help": "who is on in each tick",
        },
        "threads": {
            "type": "int", "default": 1, "min": 1, "max": 6,
            "help": "OS threads that carry out the play",
        },
        "cpus": {
            "type": "int", "default": 1, "min": 1, "max": 2,
            "help": "CPUs that all of them may use",
        },
        "tick_ms": {
            "type": "int", "default": 20, "min": 5, "max": 20, "unit": "ms",
            "help": "CPU time of a tick of computing",
        },
    },
    "takes": {"processes": "7", "threads": "7", "mb": "64"},
    "baseline": "none",
    "needs": ["fork"],
    "beside": ["_generators", "_played"],
}  # fmt: skip
SECONDS = 9  # of each of the two


def report(params):
    _refuse.require(os, "fork")
    _refuse.require_proc()
    given = (params[name] for name in ("cards", "threads", "cpus", "play"))
    refused = _cards.refused(*given)
    if refused:
        raise ValueError(f"play={params['play']!r}: {refused}")
    cpus = _played.may_use(params["cpus"])
    runs = {"mine": run(_played.mine, params, cpus), "linux": run(_played.linux, params, cpus)}
    spans = {who: {name: task["spans"] for name, task in seen["tasks"].items()}
             for who, seen in runs.items()}  # fmt: skip
    ends = {who: {name: each[-1][1] for name, each in of.items()} for who, of in spans.items()}
    return {
        "spans": spans,
        "done_ms": ends,  # all end by computing
        "mine_ms": max(ends["mine"].values()),
        "linux_ms": max(ends["linux"].values()),
        "mine_puts": runs["mine"]["puts"],
        "linux_puts": runs["linux"]["puts"],
        "why": runs["linux"]["why"],
        "os_threads": {who: seen["threads"] for who, seen in runs.items()},
        "cpu_ms": {who: sum(task["cpu_ms"] for task in seen["tasks"].values())
                   for who, seen in runs.items()},
    }  # fmt: skip


def run(work, params, cpus):
    return _sacrifice.run(lambda tell: tell(work(params, cpus)), SECONDS).one()
