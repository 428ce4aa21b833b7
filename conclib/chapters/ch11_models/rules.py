"""What decides in chapter 11: a rule for each of its choices.

Each rule looks at what was observed, or played, and returns the option that it speaks for, and a
sentence with what was seen. Where that fits no option, it returns none: the question stays open.
"""

from typing import Any

from conclib.chapters.ch11_models import words
from conclib.chapters.ch11_models.tallies import Tallies
from conclib.lesson.registry import Words
from conclib.lesson.showing.looked import observed
from conclib.results import Observation

Found = tuple[str | None, str]
SOME = 10  # readers: with fewer it does not show who holds a thread
NEARLY = 0.8  # of the readers: so many new threads are a thread for each of them
ONE_CPU = "There is only one CPU here, and nothing can be told by it."
SHARED = "Other programs used the CPUs, too: nothing can be told by so few."
APART = 0.05  # of the levels: rules that differ by less are alike


def _three(result: Any, probe: str, **params: Any) -> list[Observation]:
    """Return what was seen of Python's threads, of asyncio and of Go, in this order."""
    return [observed(result, probe, runtime=each, **params)[0] for each in words.THREE]


def _fits(found: Any, outcomes: tuple[Any, ...], options: list[str]) -> str | None:
    return dict(zip(outcomes, options, strict=True)).get(found)


# The opening, act 1 -------------------------------------------------------------------------------
def roll_call(result: Any, rule: Words, options: list[str]) -> Found:
    """How many threads does Linux see behind 10,000 tasks that wait?"""
    items = _three(result, "waiting_tasks")
    found = tuple(words.group(item.facts) for item in items)
    each, one, few = words.EACH, words.ONE, words.FEW
    outcomes = ((one, one, few), (each, each, each), (each, one, few), (each, few, each))
    return _fits(found, outcomes, options), f"Measured: {words.roll(items)}"


def one_reads(result: Any, rule: Words, options: list[str]) -> Found:
    """In which programs do the hearts stand still while one task reads?"""
    items = _three(result, "blocking_call", call="read", readers=1)
    fates = [words.fate(item.facts) for item in items]
    still = {item.params["runtime"] for item, fate in zip(items, fates, strict=True)
             if fate == words.STILL}  # fmt: skip
    sentence = f"Measured: {words.fates(items)}"
    if words.UNEVEN in fates:
        return None, sentence
    outcomes = (set(words.THREE), {words.ASYNCIO}, {words.ASYNCIO, words.GO}, set())
    return next((o for o, each in zip(options, outcomes, strict=True) if each == still), None), (
        sentence
    )


def why_go(result: Any, rule: Words, options: list[str]) -> Found:
    """Why do Go's hearts beat on: a wait it can watch, threads to spare, or new threads?"""
    facts = _many_readers(result)
    watched, spare, new = options
    came, fate = words.born(facts), words.fate(facts)
    sentence = (
        f"Measured, with {facts['readers']} readers: threads that came: {came:,}; "
        f"the hearts {fate}."
    )
    if fate == words.UNEVEN:
        return None, sentence
    if fate == words.STILL:
        return spare, sentence
    if came >= NEARLY * facts["readers"]:
        return new, sentence
    return (watched if came <= words.HANDFUL / 10 else None), sentence


def _many_readers(result: Any) -> Any:
    """Return the facts of the run with the most readers in Go."""
    items = observed(result, "blocking_call", runtime=words.GO, call="read")
    facts = max((item.facts for item in items), key=lambda each: each["readers"])
    if facts["readers"] < SOME:
        raise TypeError("result: this question needs a run with many readers in Go")
    return facts


# Act 2 --------------------------------------------------------------------------------------------
def whose_cpus(result: Any, rule: Words, options: list[str]) -> Found:
    """How many CPUs do four computing tasks keep busy in each program?"""
    items = _three(result, "computing_tasks", work="own language")
    found = tuple(words.cpus(item.facts) for item in items)
    outcomes = (
        ("several", "one", "several"),
        ("one", "one", "several"),
        ("several",) * 3,
        ("one",) * 3,
    )
    few = any(item.facts["cpus"] < words.SEVERAL for item in items)
    note = f" {ONE_CPU}" if few else f" {SHARED}" if "not known" in found else ""
    return _fits(found, outcomes, options), f"Measured: {words.busy(items)}{note}"


def why_one_cpu(result: Any, rule: Words, options: list[str]) -> Found:
    """Why one CPU: a lock, threads that are not real, or a process that stays on one CPU?"""
    plain = observed(result, "computing_tasks", runtime=words.THREADS, work="own language")[0].facts
    hashed = observed(result, "computing_tasks", runtime=words.THREADS, work="hash in C")[0].facts
    lock, unreal, kept = options
    at_work = hashed["busy"]
    sentence = (
        f"Measured: CPUs kept busy by four threads, of {hashed['cpus']}: in Python "
        f"{words.number(plain['cores'])}, in C {words.number(hashed['cores'])}. "
        f"Threads at work in C: {at_work}."
    )
    if hashed["cpus"] < words.SEVERAL:
        return None, f"{sentence} {ONE_CPU}"
    if words.cpus(plain) != "one":
        return None, sentence
    outcome = words.cpus(hashed)
    if outcome == "one":
        return (kept if at_work >= hashed["tasks"] else unreal), sentence
    if outcome != "several":
        return None, f"{sentence} {SHARED}"
    return lock, sentence


# Act 3 --------------------------------------------------------------------------------------------
def which_rule(result: Any, rule: Words, options: list[str]) -> Found:
    """Which rule reaches most goals?"""
    found = _tallies(result)
    shares = found.shares
    best = max(range(len(shares)), key=shares.__getitem__)
    clear = all(shares[best] - share > APART for n, share in enumerate(shares) if n != best)
    return (options[best] if clear else None), f"Counted: {found.sentence}"


def why_rule(result: Any, rule: Words, options: list[str]) -> Found:
    """What makes the difference: nothing, switching more often, or waits that begin early?"""
    found = _tallies(result)
    first, each, longest = found.shares
    nothing, often, early = options
    sentence = f"Counted: {found.sentence}"
    if max(found.shares) - min(found.shares) <= APART:
        return nothing, sentence
    if each - max(first, longest) > APART:
        return often, sentence
    return (early if longest - max(first, each) > APART else None), sentence


def _tallies(result: Any) -> Tallies:
    items = result if isinstance(result, tuple | list) else [result]
    for each in items:
        if isinstance(each, Tallies):
            return each
    kind = type(result).__name__
    raise TypeError(f"result={kind}: this question needs what models.by_rules() gave")


RULES = {
    "roll-call": roll_call,
    "one-reads": one_reads,
    "why-go": why_go,
    "whose-cpus": whose_cpus,
    "why-one-cpu": why_one_cpu,
    "which-rule": which_rule,
    "why-rule": why_rule,
}
