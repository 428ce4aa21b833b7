"""Two processes, one address: A writes a word there, B writes another. What does each find?

They are asked in turn, ten times, and each looks at the same number in its own memory. Where Linux
shows it (to root), the frames are reported too: the places in the machine's memory that the address
leads to. With ``page="from the parent"`` both have got their page by fork, and share it until they write.
"""

from __future__ import annotations  # a worker may be an older Python

from .. import _pagemap, _place, _refuse, _steered, _watching

PROBE = {
    "name": "one_address",
    "title": "One address, two processes",
    "times": "nothing: it reports which word each process finds at the address",
    "unit": "facts",
    "kind": "process",
    "facts": {
        "address": "int",
        "pids": "dict[str, int]",
        "wrote": "dict[str, str]",
        "turns": "list[str]",
        "found": "list[str]",
        "each_its_own": "bool",
        "frames_before": "dict[str, int | None]",
        "frames": "dict[str, int | None]",
        "why": "str | None",
    },
    "params": {
        "page": {
            "type": "choice",
            "default": "of their own",
            "choices": ["of their own", "from the parent"],
            "help": "whether each process asked for its page itself, or has it from its parent",
        },
        "looks": {"type": "int", "default": 10, "min": 2, "max": 100,
                  "help": "how many times one of them looks, in turn"},
    },
    "takes": {"processes": "2", "descriptors": "12"},
    "baseline": "none",
    "needs": ["fork"],
}  # fmt: skip
WORDS = {"A": "cat", "B": "dog"}
WRITE, LOOK = 1, 2


def answer(address, word):
    """Return what a process does when it is asked: write its word, or look what is there."""

    def act(asked):
        if asked == WRITE:
            _place.put(address, word)
        return int.from_bytes(_place.read(address).encode("latin-1"), "little")

    return act


def frames(them, address):
    """Return the frame that each one's page lies in; ``None`` where it is not shown."""
    return {name: _pagemap.frame_at(each.pid, address) for name, each in them.items()}


def look_in_turn(them, address, turns):
    """Let each write its word, then ask them in turn; return the facts."""
    before = frames(them, address)
    for each in them.values():
        each.ask(WRITE)
    found = [them[name].ask(LOOK).to_bytes(3, "little").decode("latin-1") for name in turns]
    now = frames(them, address)
    return {
        "address": address,
        "pids": {name: each.pid for name, each in them.items()},
        "wrote": dict(WORDS),
        "turns": turns,
        "found": found,
        "each_its_own": found == [WORDS[name] for name in turns],
        "frames_before": before,
        "frames": now,
        "why": None if all(now.values()) else _pagemap.NOT_SHOWN,
    }


def report(params):
    _refuse.require_proc()
    address, from_parent = _place.free(), params["page"] == "from the parent"
    children, them = _watching.Children(), {}
    turns = [list(WORDS)[number % 2] for number in range(params["looks"])]
    prepare = None if from_parent else lambda: _place.take(address)
    if from_parent:
        _place.take(address)
        _place.put(address, "old")
    try:
        for name, word in WORDS.items():
            act = answer(address, word)
            them[name] = _steered.Steered(children, name, act, prepare)
        found = look_in_turn(them, address, turns)
        if children.ended(0):
            raise RuntimeError(_steered.EARLY)
        return found
    finally:
        children.kill()
        for each in them.values():
            each.close()
        if from_parent:
            _place.give_back(address)
