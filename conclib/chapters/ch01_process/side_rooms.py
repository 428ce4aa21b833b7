"""The verbs of chapter 01's side rooms: how much space is free, what is promised, who adopts."""

from collections.abc import Mapping
from typing import Any

from conclib.chapters.ch01_process import rules
from conclib.chapters.ch01_process.verbs import Rows
from conclib.lesson.showing.shown import show
from conclib.results import Observation
from conclib.results.quantity import BYTES

MB = 2**20
MM_PER_MB = MB  # one millimetre for each byte
SCALE = "Here 1 MB is 1,048,576 bytes. For comparison: once around the Earth is about 40,000 km."


def at_scale(seen: Observation) -> Rows:
    """Say how long stack and free space would be if each byte took one millimetre.

    Args:
        seen: what ``cl.observe("stack_limit")`` gave.

    Raises:
        TypeError: it is something else.
    """
    facts = rules.facts_of(seen, "stack_limit")
    lengths = (
        ("the stack at its largest limit", facts["size_mb"][-1]),
        ("from there to the nearest region below", facts["neighbour_mb"]),
        ("from the stack to the heap", facts["heap_mb"]),
    )
    rows = tuple((what, f"{mb * MM_PER_MB / 1e6:,.0f} km") for what, mb in lengths)
    title = f"One millimetre for each byte{rules.recorded(seen)}"
    return show(Rows(title, ("", "length"), rows, SCALE))


def promised(seen: Observation) -> Rows:
    """Say what was promised to a process and what was handed out, before and after it wrote.

    Args:
        seen: what ``cl.observe("promise")`` gave.

    Raises:
        TypeError: it is something else.
    """
    facts = rules.facts_of(seen, "promise")
    asked, touched = (BYTES.write(facts[name] * MB) for name in ("asked_mb", "touched_mb"))
    when = ("before", f"after asking for {asked}", f"after writing to {touched} of it")
    both = zip(when, facts["promised_mb"], facts["resident_mb"], strict=True)
    rows = tuple((each, *(BYTES.write(mb * MB) for mb in sizes)) for each, *sizes in both)
    machine = facts["machine_mb"]
    all_of_it = "" if machine is None else f"The machine has {BYTES.write(machine * MB)} in all. "
    title = f"A promise, and what was handed out{rules.recorded(seen)}"
    sentence = f"{all_of_it}Linux's rule for promises here: it {facts['rule']}."
    return show(Rows(title, ("", "promised", "handed out"), rows, sentence))


def pushed(seen: Observation) -> Rows:
    """Say how far a heap was pushed, and what ended it.

    Args:
        seen: what ``cl.observe("heap_pushed")`` gave.

    Raises:
        TypeError: it is something else.
    """
    facts = rules.facts_of(seen, "heap_pushed")
    rows = (
        ("the heap's edge went up by", rules.far(int(facts["pushed_mb"] * MB))),
        ("the next region above", facts["next_kind"]),
        ("free addresses up to there", rules.far(int(facts["left_mb"] * MB))),
    )
    title = f"A heap, pushed as far as it goes{rules.recorded(seen)}"
    return show(Rows(title, ("", ""), rows, pushed_sentence(facts)))


def pushed_sentence(facts: Mapping[str, Any]) -> str:
    """Say what ended it: something in the way, a refusal before that, or our own patience."""
    if not facts["refused"]:
        return "Nothing ended it: we stopped asking."
    if not facts["met"]:
        return f"Linux refused more ({facts['refused']}) long before anything lay in the way."
    if facts["next_kind"] == "stack":
        return "It went on until the stack was in the way: here the two do meet."
    return f"It went on until something else than the stack was in the way: {facts['next_kind']}."


def adopter(seen: Observation) -> Rows:
    """Say who has adopted an orphan, and who should have by what the processes had asked for.

    Args:
        seen: what ``cl.observe("orphan")`` gave.

    Raises:
        TypeError: it is something else.
    """
    facts = rules.facts_of(seen, "orphan")
    words = {True: "yes", False: "no", None: "cannot be read"}
    rows = tuple((name, words[facts["asks_for_orphans"][name]]) for name in facts["line"])
    title = f"Who has asked for orphans?{rules.recorded(seen)}"
    return show(Rows(title, ("from the top down", "has asked"), rows, adopter_sentence(facts)))


def adopter_sentence(facts: Mapping[str, Any]) -> str:
    """Say who adopted the child, beside who was computed."""
    found = f"Its parent is now: {facts['found']}"
    if facts["found"] == facts["computed"]:
        return f"{found}. That is who was computed from the list above."
    return f"{found}. Computed from the list above was another one: {facts['computed']}."
