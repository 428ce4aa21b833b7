"""What decides in chapter 06: a rule for each of its choices.

Each rule looks at what was observed and returns the option that it speaks for, and a sentence with
what was seen. Where that fits no option, it returns none: the question stays open.
"""

from typing import Any

from conclib.chapters.ch06_fate import words
from conclib.lesson.registry import Words
from conclib.lesson.showing.looked import facts_of

Found = tuple[str | None, str]
LITTLE = 0.1  # of a silence: who used less CPU than that was not at work


def _measured(*sentences: str) -> str:
    """Return what was measured as one text."""
    text = " ".join(filter(None, sentences))
    return f"Measured: {text[:1].lower()}{text[1:]}"


def _fits(flat: list[str], groups: list[list[str]], options: list[str]) -> str | None:
    """Return the option whose hearts are exactly those that went flat."""
    found = [option for option, group in zip(options, groups, strict=True) if group == flat]
    return found[0] if found else None


# The opening, act 1 -------------------------------------------------------------------------------
def take_two(result: Any, rule: Words, options: list[str]) -> Found:
    """Whose lines go flat when the line is run in F?"""
    facts = facts_of(result, "hearts", heart="F", fault="null pointer", walls="mixed")
    groups = [["F"], ["B", "E", "F", "H"], list(words.HEARTS)]
    return _fits(facts["flat"], groups, options), _measured(words.flat(facts))


def uncaught(result: Any, rule: Words, options: list[str]) -> Found:
    """Whose lines go flat when C divides by zero and nobody catches the exception?"""
    facts = facts_of(result, "hearts", heart="C", fault="exception", walls="mixed")
    groups = [words.TOGETHER, ["C"], list(words.HEARTS)]
    code = facts["exits"].get(facts["walls"]["C"], "not seen")
    process = f"Their process: exit code {code}."
    sentence = _measured(words.flat(facts), words.last_words(facts), process)
    return _fits(facts["flat"], groups, options), sentence


def why_four(result: Any, rule: Words, options: list[str]) -> Found:
    """Why did four end: damage, Python, or the action of a signal? A signal alone decides."""
    facts = facts_of(result, "hearts", heart="C", fault="SIGSEGV sent", walls="mixed")
    damage, python, action = options
    sentence = _measured(words.flat(facts), words.last_words(facts))
    if not set(facts["flat"]) - {"C"}:
        return damage, sentence
    if facts["flat"] != words.TOGETHER:
        return None, sentence
    spoke = words.spoke(facts)
    return (action if not spoke else python if spoke == facts["flat"] else None), sentence


# Act 2 --------------------------------------------------------------------------------------------
def why_stopped(result: Any, rule: Words, options: list[str]) -> Found:
    """Why did they stop and go on: ended and started again, without a CPU, or waiting?"""
    where = {"heart": "C", "walls": "mixed"}
    facts = facts_of(result, "hearts", fault="C keeps the GIL", **where)
    open_door = facts_of(result, "hearts", fault="C lets go of the GIL", **where)
    ended, no_cpu, waited = options
    stopped, beside = words.paused(facts), words.paused(open_door)
    sentence = _measured(words.gap(facts), f"By the other door {len(beside)} of them stopped.")
    if not stopped or None in (facts["gap_cpu_ns"], facts["gap_ns"]):
        return None, sentence
    if not set(stopped) <= set(words.silent(facts)):
        return ended, sentence
    if not words.asleep(facts):
        return no_cpu, sentence
    little = facts["gap_cpu_ns"] < LITTLE * facts["gap_ns"]
    return (waited if little and not beside else None), sentence


# Act 3 --------------------------------------------------------------------------------------------
def pool_again(result: Any, rule: Words, options: list[str]) -> Found:
    """How many tasks are answered after a second idle worker was killed?"""
    facts = facts_of(result, "pool_killed", kill="one that waits, then the holder")
    count = facts["answers"][-1]
    sentence = f"Measured: {words.answered(facts)}, with {facts['alive'][-1]} workers alive."
    return dict(zip((8, 6, 0), options, strict=True)).get(count), sentence


def why_none(result: Any, rule: Words, options: list[str]) -> Found:
    """Why were none answered: the new worker, a late return of the lock, or a number left at 0?"""
    facts = facts_of(result, "pool_killed", kill="one that waits, then the holder")
    worker, later, number = options
    sentence = _measured(words.set_back(facts))
    if facts["answers"][-1] or not facts["numbers"]:
        return None, sentence
    if any(facts["numbers"]):
        return later, sentence
    # Some answers and not all of them are what neither the workers nor the number explain.
    by_count = {facts["tasks"]: number, 0: worker}
    return by_count.get(facts["answers_after"]), sentence


def silent_half(result: Any, rule: Words, options: list[str]) -> Found:
    """What is wrong after a wild write that meets no guard?"""
    facts = facts_of(result, "hearts", heart="C", fault="silent corruption", walls="mixed")
    all_right, end_four, wrong_four = options
    sentence = _measured(words.flat(facts), words.answers(facts))
    wrong = words.wrong(facts)
    if facts["flat"]:
        return (end_four if facts["flat"] == words.TOGETHER else None), sentence
    return (wrong_four if wrong == words.TOGETHER else None if wrong else all_right), sentence


RULES = {
    "take-two": take_two,
    "uncaught": uncaught,
    "why-four": why_four,
    "why-stopped": why_stopped,
    "pool-again": pool_again,
    "why-none-answered": why_none,
    "overwritten": silent_half,
}
