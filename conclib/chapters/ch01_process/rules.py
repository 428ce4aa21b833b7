"""What decides in chapter 01: each rule looks at the facts of one observation.

A rule returns the option that was seen to hold, or none where what was seen does not tell, and one
sentence with what was seen. Which facts there are is declared in the probe itself.
"""

from collections.abc import Mapping
from typing import Any

from conclib.results import Observation
from conclib.results.quantity import BYTES
from conclib.results.wording import listed

Settled = tuple[str | None, str]
FAULT = "SIGSEGV"  # the signal with which Linux ends a process that touched what it may not
MB = 2**20
CLEARLY = 10.0  # so many times nearer must the nearest pair be


def facts_of(result: Any, probe: str) -> Mapping[str, Any]:
    """Return the facts of an observation by this probe.

    Raises:
        TypeError: it is none; says which line of code makes one.
    """
    if not isinstance(result, Observation) or result.probe != probe:
        raise TypeError(f'result: this question needs what cl.observe("{probe}") gave')
    return result.facts


def recorded(result: Observation) -> str:
    """Return where it comes from if it was not seen here, to stand behind a sentence."""
    return "" if result.source == "live" else f" ({result.origin})"


# Act 1 ------------------------------------------------------------------------------------------
def nearest(result: Any, rule: dict, options: list[str]) -> Settled:
    """Decide which pair of objects lies nearest to each other."""
    facts = facts_of(result, "six_objects")
    apart = sorted(facts["distances"].items(), key=lambda item: item[1])
    each = "; ".join(f"{pair}: {far(size)}" for pair, size in apart)
    found = facts["nearest"] if facts["times"] >= CLEARLY else None
    return found, f"Measured, how far apart they lie, nearest first: {each}{recorded(result)}."


def far(size: int) -> str:
    """Return a distance in bytes as a person would write it."""
    return f"{size / 2**40:,.3g} TB" if size >= 2**40 else BYTES.write(size)


def survivors(result: Any, rule: dict, options: list[str]) -> Settled:
    """Decide how many of six processes live on after a byte was written back."""
    facts = facts_of(result, "one_byte")
    alive = [_with_rights(name, facts) for name, lived in facts["survived"].items() if lived]
    dead = [_with_rights(name, facts) for name, lived in facts["survived"].items() if not lived]
    words = {4: "four", 5: "five", 6: "six"}
    sentence = f"Measured: {len(alive)} lived ({listed(alive)})"
    sentence += f", {len(dead)} died ({listed(dead)})" if dead else ""
    return words.get(facts["number"]), f"{sentence}{recorded(result)}."


def _with_rights(name: str, facts: Mapping[str, Any]) -> str:
    return f"{name} {facts['rights'][name][:3]}"


def who_forbids(result: Any, rule: dict, options: list[str]) -> Settled:
    """Decide who forbids a write: by what lives before and after one entry was changed."""
    facts = facts_of(result, "unlock")
    language, memory, entry = options
    before, after = facts["locked"], facts["unlocked"]
    sentence = (
        f"Measured: before the change, C's write ended with {before['C']} and Python's with "
        f"{before['Python']}; after it, both {_both(after)}. Entries changed elsewhere in the "
        f"list: {facts['others_changed']}{recorded(result)}."
    )
    if before["C"] == "lived" != before["Python"]:
        return language, sentence
    died = before["C"] == before["Python"] == FAULT
    if died and set(after.values()) == {FAULT}:
        return memory, sentence
    lives = died and set(after.values()) == {"lived"} and facts["others_changed"] == 0
    return (entry if lives else None), sentence


def _both(ends: Mapping[str, str]) -> str:
    return listed(sorted(set(ends.values())))


# Act 2 ------------------------------------------------------------------------------------------
def ways(result: Any, rule: dict, options: list[str]) -> Settled:
    """Decide which way heap, big blocks and stack went."""
    facts = facts_of(result, "grow")
    places = {"heap": "heap_top", "big blocks": "big_blocks", "stack": "stack_bottom"}
    gone = {what: facts["ways"][what] for what in places}
    each = [
        f"the {what} went {way} by {far(abs(facts[name][-1] - facts[name][0]))}"
        for (what, name), way in zip(places.items(), gone.values(), strict=True)
    ]
    found = ", ".join(gone.values())
    return (found if found in options else None), f"Measured: {listed(each)}{recorded(result)}."


def what_ends(result: Any, rule: dict, options: list[str]) -> Settled:
    """Decide what ended ever deeper calls."""
    facts = facts_of(result, "stack_limit")
    heap, memory, number = options
    sentence = f"Measured: {ends_sentence(facts)}{recorded(result)}."
    if facts["met_the_heap"]:
        return heap, sentence
    if facts["memory_was_full"]:
        return memory, sentence
    return (number if facts["at_the_limit"] else None), sentence


def ends_sentence(facts: Mapping[str, Any]) -> str:
    """Say where the stack ended under each limit, and what was near."""
    limits = listed([f"{mb:g}" for mb in facts["limits_mb"]])
    sizes = listed([f"{mb:.4g}" for mb in facts["size_mb"]])
    deep = [f"{n:,}" if end == FAULT else f"{n:,} (ended by Python)"
            for n, end in zip(facts["calls"], facts["ended"], strict=True)]  # fmt: skip
    spare = facts["spare_mb"]
    memory = f"another {spare:g} MB could still be filled" if spare else "no memory could be filled"
    return (
        f"under limits of {limits} MB the stack ended at {sizes} MB, {listed(deep)} calls deep. "
        f"The nearest region below was {far(int(facts['neighbour_mb'] * MB))} away; {memory}"
    )


def wall(result: Any, rule: dict, options: list[str]) -> Settled:
    """Decide where a stack ends that has a page in its way."""
    facts = facts_of(result, "stack_wall")
    limit, page, earlier = options
    size, at = facts["size_mb"], facts["wall_mb"]
    clear = facts["clear_pages"]
    sentence = (
        f"Measured: the stack ended at {size:.4g} MB; {clear} pages between it and the page in its "
        f"way stayed free. Without that page it ended at {facts['without_mb']:.4g} MB"
        f"{recorded(result)}."
    )
    if size >= facts["limit_mb"]:
        return limit, sentence
    return (earlier if clear > 1 else page if size <= at else None), sentence


# Act 3 ------------------------------------------------------------------------------------------
def left(result: Any, rule: dict, options: list[str]) -> Settled:
    """Decide what is left of a process that has ended and was not asked how."""
    facts = facts_of(result, "zombie")
    looks = {each["when"]: each for each in facts["looks"]}
    ended = looks["ended"]
    found = facts["left"] if ended["regions"] is not None else None
    sentence = (
        f"Measured: before its end, {looks['living']['regions']} regions in its map; after it, "
        f"{ended['regions']}, and it is {'still' if ended['listed'] else 'no longer'} listed"
        f"{recorded(result)}."
    )
    return (found if found in options else None), sentence


def why_listed(result: Any, rule: dict, options: list[str]) -> Settled:
    """Decide why an ended process is still listed."""
    facts = facts_of(result, "zombie")
    alive, tidied, kept = options
    looks = {each["when"]: each for each in facts["looks"]}
    later, asked = looks["later"], looks["asked"]
    sentence = (
        f"Measured: a while later {_listed(later)}, in state {later['state']}, with the CPU time "
        f"that it had used ({_cpu(later)}) and an empty map; after its parent had asked, "
        f"{_listed(asked)}, and the parent held exit code {facts['exit_code']}{recorded(result)}."
    )
    if later["regions"]:
        return alive, sentence
    if not later["listed"]:
        return tidied, sentence
    stands = later["cpu_ms"] == looks["ended"]["cpu_ms"]
    return (kept if stands and not asked["listed"] else None), sentence


def _listed(look: Mapping[str, Any]) -> str:
    return "it was listed" if look["listed"] else "it was not listed any more"


def _cpu(look: Mapping[str, Any]) -> str:
    return "not known" if look["cpu_ms"] is None else f"{look['cpu_ms']:g} ms"


RULES = {
    "nearest": nearest,
    "survivors": survivors,
    "who-forbids": who_forbids,
    "ways": ways,
    "what-ends": what_ends,
    "wall": wall,
    "left": left,
    "why-listed": why_listed,
}
