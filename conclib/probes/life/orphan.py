"""A parent ends before its child. Who is the child's parent then?

Linux gives an orphan to its nearest ancestor that has asked for orphans (a *child subreaper*); only
where none has, to the process with number 1. Whether a process has asked, it alone can read. So
each one of the line says it of itself, the adopter is computed from that, and then looked up.
"""

import ctypes
import os
import select

from .. import _held, _libc, _looking, _refuse, _watching

PROBE = {
    "name": "orphan",
    "title": "A child whose parent ends first",
    "times": "nothing: it reports who adopts the child",
    "unit": "facts",
    "facts": {
        "line": "list[str]",
        "asks_for_orphans": "dict[str, bool | None]",
        "computed": "str",
        "found": "str",
        "number_one": "bool",
        "goes_on": "bool",
        "collected_by": "str",
    },
    "params": {
        "adopter": {
            "type": "choice",
            "default": "observer",
            "choices": ["observer", "grandparent"],
            "help": "who of the child's ancestors has asked for orphans last",
        },
    },
    "takes": {"processes": "3", "descriptors": "12"},
    "baseline": "none",
    "needs": ["fork"],
}
SOON = 5.0  # seconds within which each of them must speak
SET, GET = 36, 37  # prctl's numbers for PR_SET_CHILD_SUBREAPER and PR_GET_CHILD_SUBREAPER


def prctl(option, value):
    """Call prctl, whose other arguments are 0 here."""
    call = _libc.function("prctl", ctypes.c_int, ctypes.c_int, *[ctypes.c_void_p] * 4)
    return call(option, value, None, None, None)


def asks_for_orphans():
    """Return whether this process has asked for orphans; ``None`` where it cannot be read."""
    flag = ctypes.c_int(0)
    failed = prctl(GET, ctypes.addressof(flag))
    return None if failed else bool(flag.value)


class Line:
    """Grandparent, parent and child: each is forked by the one before, and says who it is.

    What they say goes into one pipe, a line each; what they wait for are gates.
    """

    def __init__(self, adopter):
        self._adopter = adopter
        self._read, self._write = os.pipe()
        self.speakers = []  # whose end is noticed at once
        self.parent_may_end, self.child_may_end, self.may_end = (_held.Gate() for _ in range(3))

    def say(self, *words):
        """Say something to the observer, in one piece."""
        os.write(self._write, (" ".join(map(str, words)) + "\n").encode())

    def heard(self, count):
        """Return the words of the next line, which are so many; the observer calls this."""
        line = b""
        while not line.endswith(b"\n"):
            ready = select.select([self._read, *self.speakers], [], [], SOON)[0]
            if self._read not in ready:
                raise _refuse.Unavailable(_held.EARLY)
            line += os.read(self._read, 1)
        if len(words := line.decode().split()) != count:
            raise _refuse.Unavailable(_held.EARLY)
        return words

    def close(self):
        """Close the pipe and the gates."""
        os.close(self._read)
        os.close(self._write)
        for gate in (self.parent_may_end, self.child_may_end, self.may_end):
            gate.close()

    def introduce(self, name):
        """Say this process's name and number, and whether it has asked for orphans."""
        self.say(name, os.getpid(), asks_for_orphans())

    def grandparent(self):
        """Fork the parent, collect it, and collect the orphan too if it has come here."""
        if self._adopter == "grandparent":
            prctl(SET, 1)
        self.introduce("grandparent")
        self.say(*_watching.collect(_watching.fork(self.parent)))
        self.may_end.wait()
        if self._adopter == "grandparent":
            self.say(*_watching.how_ended(os.waitid(os.P_ALL, 0, os.WEXITED)))

    def parent(self):
        """Fork the child, and end before it does."""
        _watching.limit(_held.LIMIT)
        self.introduce("parent")
        _watching.fork(self.child)
        self.parent_may_end.wait()

    def child(self):
        """Wait, and end last."""
        _watching.limit(_held.LIMIT)
        self.introduce("child")
        self.child_may_end.wait()
        self.say("goes on")


def observe(params, tell):
    _refuse.require_proc()
    line = Line(params["adopter"])
    with _held.Child(line.grandparent, "grandparent") as grandparent:
        line.speakers.append(grandparent)
        pids, asks = {"observer": os.getpid()}, {"observer": asks_for_orphans()}
        tell.actor("observer", "process", os.getpid())
        for maker in ("observer", "grandparent", "parent"):
            name, pid, flag = line.heard(3)
            pids[name], asks[name] = int(pid), {"True": True, "False": False}.get(flag)
            tell.actor(name, "process", int(pid), maker=maker)
            tell.event(name, "start", parent=maker)
        found, number = after_the_end(line, pids, tell)
        goes_on, collected_by = the_childs_end(line, pids["child"], tell)
        how, code = grandparent.collect()
        tell.ending("grandparent", how, by="waitid", code=code)
    line.close()
    return {
        "line": list(pids),
        "asks_for_orphans": asks,
        "computed": computed(asks),
        "found": found,
        "number_one": number_one(number),
        "goes_on": goes_on,
        "collected_by": collected_by,
    }


def number_one(number):
    """Return whether this is the process that began all others; in a container, its first."""
    return number == 1


def computed(asks):
    """Return who should adopt the child: of those above its parent the nearest who asks for it."""
    return next((name for name in ("grandparent", "observer") if asks[name]), "number 1")


def after_the_end(line, pids, tell):
    """Let the parent end; return the name and number of the child's parent then."""
    line.parent_may_end.open()
    how, code = line.heard(2)
    tell.ending("parent", how, by="waitid", code=int(code))
    number = int(_looking.stat(pids["child"]).get(4, 0))
    if not number:
        raise _refuse.Unavailable(_held.EARLY)
    names = {pid: name for name, pid in pids.items()}
    found = names.get(number, f"number {number}")
    tell.event("child", "adopted", by=found, seen="observer")
    return found, number


def the_childs_end(line, child, tell):
    """Let the child end; return whether it went on until then, and who collected it."""
    line.child_may_end.open()
    goes_on = line.heard(2) == ["goes", "on"]
    line.may_end.open()
    try:
        end, collected_by = _watching.collect(child), "observer"
    except ChildProcessError:  # not ours: if the grandparent has adopted it, it says how it ended
        end, collected_by = line.heard(2), "grandparent"
    if not end:
        return goes_on, ""
    tell.ending("child", end[0], by="waitid", code=int(end[1]))
    return goes_on, collected_by
