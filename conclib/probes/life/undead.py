"""Two processes are shot three times each. Which of them is still listed?

SIGKILL ends a process, whatever it wants; it cannot be refused. A had ended before the first shot,
by itself, and its parent has not asked how. B lives until it is shot, and its parent asks at once.
"""

from .. import _held, _looking, _refuse

PROBE = {
    "name": "undead",
    "title": "The one that would not die",
    "times": "nothing: it reports who is still listed",
    "unit": "facts",
    "facts": {
        "listed": "dict[str, list[bool]]",
        "taken": "dict[str, list[bool]]",
        "before": "dict[str, str | None]",
        "after": "dict[str, str | None]",
        "ends": "dict[str, str]",
        "gone_once_asked": "dict[str, bool]",
    },
    "params": {
        "asked": {
            "type": "choice",
            "default": "never",
            "choices": ["never", "first"],
            "help": "whether the parent asks how A ended: not at all, or before the first shot",
        },
    },
    "takes": {"processes": "2"},
    "baseline": "none",
    "needs": ["fork"],
}
SHOTS = 3


def observe(params, tell):
    _refuse.require_proc()
    gate = _held.Gate()
    with _held.Child(lambda: None, "A") as a, _held.Child(gate.wait, "B") as b:
        a.ended()  # wait for it; how it ended is left for the one who asks
        _looking.until(b.pid, "S")
        for each in (a, b):
            tell.actor(each.name, "process", each.pid)
        before = {each.name: _looking.state(each.pid) for each in (a, b)}
        if params["asked"] == "first":
            ask(a, tell)
        seen = {a.name: [], b.name: []}
        for number in range(1, SHOTS + 1):
            for each in (a, b):
                seen[each.name].append(shot(each, number, tell))
        after = {each.name: _looking.state(each.pid) for each in (a, b)}
        for each in (a, b):
            if each.code is None:
                ask(each, tell)
        gone = {each.name: not _looking.listed(each.pid) for each in (a, b)}
    gate.close()
    return {
        "listed": {name: [still for _, still in shots] for name, shots in seen.items()},
        "taken": {name: [taken for taken, _ in shots] for name, shots in seen.items()},
        "before": before,
        "after": after,
        "ends": {each.name: f"{each.code[0]} {each.code[1]}" for each in (a, b)},
        "gone_once_asked": gone,
    }


def shot(child, number, tell):
    """Shoot at a child once; return whether somebody took the signal, and who is listed then."""
    taken = child.shoot()
    tell.event(child.name, "shot", number=number, taken=taken)
    if child.name == "B" and child.code is None:
        child.ended()
        ask(child, tell)
    still = _looking.listed(child.pid)
    tell.event(child.name, "look", number=number, listed=still)
    return taken, still


def ask(child, tell):
    """Be the parent that asks how its child ended."""
    how, code = child.collect()
    tell.ending(child.name, how, by="waitid", code=code)
