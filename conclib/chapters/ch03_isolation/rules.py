"""What decides in chapter 03: a rule for each of its choices.

Each rule looks at what was observed and returns the option that it speaks for, and a sentence with
what was seen. Where that fits no option, it returns none: the question stays open.
"""

from typing import Any

from conclib.chapters.ch03_isolation import words
from conclib.lesson.registry import Words
from conclib.lesson.showing.looked import facts_of

Found = tuple[str | None, str]
TWO = 2  # steps: what has fewer cannot be interrupted
MET = 0.1  # of the time, at least, both must have been at work


# The opening, act 1 -------------------------------------------------------------------------------
def same_address(result: Any, rule: Words, options: list[str]) -> Found:
    """What does A find at the address at which B has written, too?"""
    facts = facts_of(result, "one_address")
    own, others, _ = options
    of_a = {found for turn, found in words.pairs(facts) if turn == "A"}
    sentence = f"Measured: {words.looks(facts)}."
    if of_a == {facts["wrote"]["A"]}:
        return own, sentence
    return (others if of_a == {facts["wrote"]["B"]} else None), sentence


def one_byte(result: Any, rule: Words, options: list[str]) -> Found:
    """How much was copied for one byte? Pages are counted, so a byte alone would not be seen."""
    facts = facts_of(result, "page_copies", do="write", bytes=1)
    _, page, everything = options
    sentence = f"Measured: {facts['copied']} of {facts['pages']} pages copied."
    if facts["copied"] == facts["pages"]:
        return everything, sentence
    return (page if facts["copied"] == 1 else None), sentence


def what_copies(result: Any, rule: Words, options: list[str]) -> Found:
    """What makes Linux copy a page: use, time, or the first write?"""
    seen = {do: facts_of(result, "page_copies", do=do) for do in ("read", "wait", "write")}
    copied = {do: facts["copied"] for do, facts in seen.items()}
    count = words.counted(len(seen["write"]["written"]), "page")
    sentence = (
        f"Measured, pages copied: {copied['read']} by reading all, {copied['wait']} by waiting, "
        f"{copied['write']} by writing to {count}."
    )
    use, time, write = options
    if copied["read"] == seen["read"]["pages"]:
        return use, sentence
    if copied["wait"]:
        return time, sentence
    hit = copied["write"] == len(seen["write"]["written"]) and not copied["read"]
    return (write if hit else None), sentence


# Act 2 --------------------------------------------------------------------------------------------
def astray(result: Any, rule: Words, options: list[str]) -> Found:
    """What does a write of a fresh program do at an address of A's?"""
    facts = facts_of(result, "astray", writer="process", neighbour="alive", own_page="no")
    changed, ended, nothing = options
    sentence = f"Measured: {words.strayed('B', facts)}."
    if facts["a_finds"] != facts["a_before"]:
        return changed, sentence
    return (ended if facts["writer_ended"] else nothing), sentence


def why_ended(result: Any, rule: Words, options: list[str]) -> Found:
    """Whom does B's end follow: A's being there, A's having been first, or B's own map?"""
    ended = {
        (neighbour, own): facts_of(
            result, "astray", writer="process", neighbour=neighbour, own_page=own
        )["writer_ended"]
        for neighbour, own in words.SWITCHES
    }
    sentence = f"Measured: {words.four_runs(ended)}."
    guarded, first, own_map = options
    by = {
        guarded: lambda neighbour, own: neighbour == "alive",
        first: lambda neighbour, own: True,
        own_map: lambda neighbour, own: own == "no",
    }
    for option, says in by.items():
        if all(says(*run) == was for run, was in ended.items()):
            return option, sentence
    return None, sentence


# Act 3 --------------------------------------------------------------------------------------------
def who_loses(result: Any, rule: Words, options: list[str]) -> Found:
    """Who lost updates? Who lost none while they hardly met has proved nothing."""
    seen = {who: facts_of(result, "million", who=who) for who in ("threads", "processes")}
    each = (f"two {who} lost {facts['lost']:,} of {facts['expected']:,} updates"
            for who, facts in seen.items())  # fmt: skip
    sentence = f"Measured: {'; '.join(each)}."
    if any(facts["exceptions"] for facts in seen.values()):
        return None, f"{sentence} Not all that is missing was added: one of them had an exception."
    if any(not facts["lost"] and facts["overlap"] < MET for facts in seen.values()):
        return None, f"{sentence} They were hardly at work at the same time."
    lost = tuple(facts["lost"] > 0 for facts in seen.values())
    place = {(True, False): 0, (False, True): 1, (True, True): 2, (False, False): 3}[lost]
    return options[place], sentence


def why_none(result: Any, rule: Words, options: list[str]) -> Found:
    """Why was nothing lost: a single step, a queue, or luck? All orders of the line decide."""
    facts = facts_of(result, "stepped", order="all")
    single, queue, luck = options
    sentence = (
        f"Measured: {facts['losing']} of {facts['orders']} orders lost an update; complaints: "
        f"{len(facts['errors'])}."
    )
    steps = [each["step"] for each in facts["bytecode"] if each["step"]]
    if len(steps) < TWO:
        return single, sentence
    if facts["losing"]:
        return luck, sentence
    return (queue if facts["verified"] == facts["orders"] else None), sentence


def whose_lock(result: Any, rule: Words, options: list[str]) -> Found:
    """Which locks let no order lose an update?"""
    seen = {lock: facts_of(result, "whose_lock", lock=lock) for lock in words.LOCKS}
    sentence = f"Measured: {words.locked(seen)}."
    place = {(True, True, True): 0, (False, True, True): 1, (False, False, True): 2}
    found = place.get(tuple(facts["counts"]["lost"] == 0 for facts in seen.values()))
    return (None if found is None else options[found]), sentence


def silent(result: Any, rule: Words, options: list[str]) -> Found:
    """Which of the wild writes ended nobody?"""
    ended = facts_of(result, "aimed", at="all")["ended"]
    lived = [at for at in words.AIMS if ended[at] == words.LIVED]
    sentence = f"Measured: {len(ended) - len(lived)} of {len(ended)} writes ended their process."
    by_place = dict(zip(words.AIMS, options, strict=True))
    return (by_place[lived[0]] if len(lived) == 1 else None), sentence


RULES = {
    "same-address": same_address,
    "one-byte": one_byte,
    "what-copies": what_copies,
    "astray": astray,
    "why-ended": why_ended,
    "who-loses": who_loses,
    "why-none": why_none,
    "whose-lock": whose_lock,
    "silent": silent,
}
