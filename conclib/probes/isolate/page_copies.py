"""A parent forks a child: when is a page of memory copied?

Right after the fork both have the same 256 pages, and no page is copied yet. Then one of them does
something with its memory, or lets time pass; and then each page of both is looked at again.
"""

from __future__ import annotations  # a worker may be an older Python

import time

from .. import _page_copies, _proc, _refuse, _steered, _watching

PROBE = {
    "name": "page_copies",
    "title": "Which pages are copied",
    "times": "nothing: it reports of each page whether parent and child share it",
    "unit": "facts",
    "kind": "process",
    "facts": {
        "pages": "int",
        "page_size": "int",
        "start": "dict[str, str]",
        "parent": "str",
        "child": "str",
        "copied": "int",
        "copied_by": "dict[str, int]",
        "written": "list[int]",
        "private_kb": "dict[str, int | None]",
        "moved": "dict[str, list[int] | None]",
        "how": "str",
        "agree": "bool | None",
        "why": "str | None",
    },
    "params": {
        "do": {
            "type": "choice",
            "default": "write",
            "choices": ["nothing", "read", "wait", "write"],
            "help": "what is done after the fork: nothing, read all, let time pass, or write",
        },
        "who": {
            "type": "choice",
            "default": "child",
            "choices": ["child", "parent", "both"],
            "help": "who does it; both: the child, and then the parent",
        },
        "bytes": {
            "type": "int",
            "default": 3,
            "min": 0,
            "max": 1_048_576,
            "unit": "bytes",
            "title": "bytes written",
            "help": "how many bytes are written",
        },
        "spread": {
            "type": "choice",
            "default": "spread",
            "choices": ["side by side", "spread"],
            "help": "whether the bytes lie side by side, or each in another page, round and round",
        },
        "first": {
            "type": "int",
            "default": 0,
            "min": 0,
            "max": 4095,
            "unit": "bytes",
            "title": "place of the first byte in its page",
            "help": "where in its page the first byte lies",
        },
        "wait_ms": {
            "type": "int",
            "default": 300,
            "min": 0,
            "max": 2000,
            "unit": "ms",
            "title": "time that passes",
            "help": "how long to wait",
        },
    },
    "takes": {"processes": "1", "descriptors": "8", "mb": "4"},
    "baseline": "none",
    "needs": ["fork"],
}
DONE = 1


def doing(strip, params):
    """Return a function that does to the pages what is asked for."""

    def act(_asked):
        if params["do"] == "read":
            strip.read()
        elif params["do"] == "wait":
            time.sleep(params["wait_ms"] / 1000)
        elif params["do"] == "write":
            strip.write(params["bytes"], params["spread"], params["first"])
        return DONE

    return act


def seen(strip, pids):
    """Look at both processes."""
    return {name: _page_copies.Look(pid, strip.address) for name, pid in pids.items()}


def watch(strip, child, act, params):
    """Look, let the child do it, look, let the parent do it, look; return the facts."""
    pids = {"parent": "self", "child": child.pid}
    start = seen(strip, pids)
    for look in start.values():
        _page_copies.require(look)
    if params["who"] != "parent":
        child.ask(DONE)
    between = seen(strip, pids)
    if params["who"] != "child":
        act(DONE)
    end = seen(strip, pids)
    for look in (*between.values(), *end.values()):
        _page_copies.require(look)
    return facts(start, between, end, params)


def facts(start, between, end, params):
    """Return what three looks at both say together."""
    wrote = _page_copies.pages_of(params["bytes"], params["spread"], params["first"])
    wrote = wrote if params["do"] == "write" else []
    by_child, by_parent = (wrote if params["who"] != other else [] for other in ("parent", "child"))
    child = _page_copies.letters(start["child"], end["child"], by_child, by_parent)
    parent = _page_copies.letters(between["parent"], end["parent"], by_parent, by_child)
    letters = {"parent": parent, "child": child}
    looks = [*start.values(), *between.values(), *end.values()]
    agreed = {look.agree for look in looks}
    return {
        "pages": _page_copies.PAGES,
        "page_size": _proc.PAGE,
        "start": {name: _page_copies.letters(each, each, [], []) for name, each in start.items()},
        **letters,
        "copied": _page_copies.copied(start["child"], end["child"]),
        "copied_by": {name: text.count(_page_copies.COPIED) for name, text in letters.items()},
        "written": wrote,
        "private_kb": {name: look.kb for name, look in end.items()},
        "moved": {name: _page_copies.moved(start[name], end[name]) for name in end},
        "how": end["child"].how,
        "agree": None if None in agreed else agreed == {True},
        "why": _page_copies.why(looks),
    }


def report(params):
    _refuse.require_proc()
    strip, children = _page_copies.Strip(), _watching.Children()
    act, child = doing(strip, params), None
    try:
        child = _steered.Steered(children, "child", act)
        found = watch(strip, child, act, params)
        if children.ended(0):
            raise RuntimeError(_steered.EARLY)
        return found
    finally:
        children.kill()
        if child:
            child.close()
        strip.close()
