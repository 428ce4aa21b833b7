"""What came out, in words: the sentences that rules and verbs of chapter 03 have in common."""

import errno
import os
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from conclib.probes import _leave_model
from conclib.results import Observation
from conclib.results.wording import listed

Facts = Mapping[str, Any]
Seen = Mapping[str, Observation]
CLOSED = "cannot be read"  # a file that is there
LIVED = "lived"  # how the probes call the end of somebody who was not ended
LOCKS = {  # a lock as its probe has it, and as a sentence names it
    "none": "no lock",
    "one per function": "one for each function",
    "one for the balance": "one for the balance",
}
SWITCHES = [(neighbour, own) for neighbour in ("alive", "gone") for own in ("no", "yes")]


def counted(number: int, name: str) -> str:
    """Write a number of things: ``'1 page'``, ``'1,000 pages'``."""
    return f"{number:,} {name}" if number == 1 else f"{number:,} {name}s"


# The opening, act 1 -------------------------------------------------------------------------------
def pairs(facts: Facts) -> list[tuple[str, str]]:
    """Return who looked and what it found, look by look."""
    return list(zip(facts["turns"], facts["found"], strict=True))


def looks(facts: Facts) -> str:
    """Say who found what: ``'A found cat 5 times, B found dog 5 times'``."""
    found = [(*pair, len(list(some))) for pair, some in groupby(sorted(pairs(facts)))]
    return ", ".join(f"{turn} found {word} {counted(n, 'time')}" for turn, word, n in found)


def opening(facts: Facts) -> str:
    """Say what was written where."""
    wrote = facts["wrote"]
    return (
        f"A wrote {wrote['A']} and B wrote {wrote['B']}, both at the address "
        f"{facts['address']:#x}. Then they looked there in turn."
    )


def moved(facts: Facts) -> str:
    """Say whose page lies elsewhere after the writing, where Linux shows that."""
    if facts["why"] is not None:
        return f"Not shown here: {facts['why']}."
    before, after = facts["frames_before"], facts["frames"]
    gone = [name for name in after if after[name] != before[name]]
    alike = "one frame" if len(set(before.values())) == 1 else "different frames"
    whose = f"moved: the page of {listed(gone)}" if gone else "neither has moved"
    return f"Before anybody wrote, both had {alike} at this address. After both have, {whose}."


def copied(facts: Facts) -> str:
    """Say how it is known which pages were copied, and whether a second witness agrees."""
    if facts["how"] != "pagemap":
        return f"Read from how much of each page Linux counts as private ({facts['why']})."
    text = (
        "How that is known: pagemap, a file of Linux's, says of each page whether only one process "
        "has it."
    )
    agree = {
        True: " A second file, which counts private memory, says the same.",
        False: " A second file, which counts private memory, says something else.",
        None: "",
    }
    return text + agree[facts["agree"]]


# Act 2 --------------------------------------------------------------------------------------------
def ended(how: str) -> str:
    """Say how somebody ended, as the probe has it: ``'lived'``, or the name of a signal."""
    return "went on" if how == LIVED else f"was ended by {how}"


def a_after(facts: Facts) -> str:
    """Say what A finds after a write: its own word, another one, or that there is no A."""
    before, after = facts["a_before"], facts["a_finds"]
    if after is None:
        return "A is gone"
    return f"A still finds {after}" if after == before else f"A finds {after}, no longer {before}"


def strayed(who: str, facts: Facts) -> str:
    """Say what became of a writer and of A's word."""
    return f"{who} {ended(facts['writer_end'])}; {a_after(facts)}"


def run(neighbour: str, own: str) -> str:
    """Name a run by its two switches."""
    return f"A {neighbour}, {'a page of' if own == 'yes' else 'nothing of'} B's there"


def four_runs(ended_in: Mapping[tuple[str, str], bool]) -> str:
    """Say how often B was ended, by either switch: two runs stand behind each number."""

    def times(place: int, setting: str) -> str:
        fitting = [was for switches, was in ended_in.items() if switches[place] == setting]
        return f"{sum(fitting)} of {len(fitting)}"

    return (
        f"B was ended in {times(1, 'no')} runs with nothing there, {times(1, 'yes')} with a page "
        f"of its own; {times(0, 'alive')} with A alive, {times(0, 'gone')} with A gone"
    )


def leave(facts: Facts) -> str:
    """Say what this machine's rule is, who asked, and whether the answers are as the rule says."""
    scope = facts["ptrace_scope"]
    allowed = _leave_model.SCOPES[scope or 0]
    rule = f"The setting ptrace_scope is {scope} here"
    if scope is None:
        rule = "This machine has no ptrace_scope setting"
        if CLOSED in facts["scope_why"]:
            rule = f"ptrace_scope is not known ({facts['scope_why']}); if there is none"
    who = "an ordinary user"
    if facts["user"] == 0:
        who = "root, who may more than others"
        if not facts["may_trace"]:
            who = "root, but without root's right to look into other processes"
    fits = "are" if facts["as_the_rule"] else "are not"
    barred = " Something else on this machine bars the call itself." if facts["barred"] else ""
    others = [who for who, got in facts["got"].items() if got and who != "itself"]
    fetched = " Linux fetched it for them: nobody reached it by an address." if others else ""
    return (
        f"{rule}: a process's memory may be read by {allowed}. They asked as {who}. The "
        f"answers {fits} what that rule says.{barred}{fetched}"
    )


def error(name: str) -> str:
    """Say what an error's name means: ``'EPERM, operation not permitted'``."""
    number = getattr(errno, name, None)
    return name if number is None else f"{name}, {os.strerror(number).lower()}"


# Act 3 --------------------------------------------------------------------------------------------
def complaints(seen: Seen) -> str:
    """Say whether anybody complained while updates were lost, and whether they met at all."""
    errors = sum(len(item.facts["exceptions"]) for item in seen.values())
    exits = sorted({each for item in seen.values() for each in item.facts["exits"]})
    well = ", as if all were well" if exits == ["exit code 0"] else ""
    overlap = " and ".join(f"{item.facts['overlap']:.0%}" for item in seen.values())
    alone = any(item.facts["cpus"] == 1 for item in seen.values())
    turns = " On one CPU they took turns." if alone else ""
    both = "had begun and not ended" if alone else "were at work together"
    return (
        f"Errors reported: {errors or 'none'}. Each ended with {listed(exits)}{well}. Both {both} "
        f"for {overlap} of the time.{turns}"
    )


def stepped(facts: Facts) -> str:
    """Say what the line is made of, and in how many orders it was run."""
    steps = [each["step"] for each in facts["bytecode"] if each["step"]]
    return (
        f"In Python {facts['python']}, {facts['line']} is {counted(len(steps), 'step')}: "
        f"{listed(steps)}. Two real threads went through {'them' if len(steps) > 1 else 'it'} in "
        f"{counted(facts['orders'], 'order')}."
    )


def pythons(stepped: Seen, free: Seen) -> str:
    """Say of how many Pythons some order loses, and of how many a free run lost something."""
    bad = sum(item.facts["losing"] > 0 for item in stepped.values())
    lost = sum(item.facts["lost"] > 0 for item in free.values())
    return (
        f"Orders that lose: on {bad} of {len(stepped)} Pythons. A free run that lost something: on "
        f"{lost} of {len(free)}."
    )


def climbed(facts: Facts) -> str:
    """Say how many orders there are to climb, all of them run."""
    return f"Each of the {len(facts['orders'])} ways was run, by two threads, step by step."


def locked(seen: Mapping[str, Facts]) -> str:
    """Say of each lock how many orders lose an update."""
    each = ", ".join(f"{LOCKS[lock]} {facts['counts']['lost']}" for lock, facts in seen.items())
    return f"orders that lose an update, of {len(seen['none']['outcomes'])}: {each}"


# Break it -----------------------------------------------------------------------------------------
AIMS = {  # a place as its probe has it, and as a sentence names it
    "near zero": "near address zero",
    "code": "into the program's own code",
    "memory given back": "into memory that was given back",
    "fence of a stack": "into the fence below a stack",
    "another thread's record": "into the record of another thread",
}
