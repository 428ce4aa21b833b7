"""What decides in chapter 07: a rule for each of its choices.

Each rule looks at what was observed and returns the option that it speaks for, and a sentence with
the numbers. Where they fit no option clearly, or the machine's own count was disturbed, it returns
none: the question stays open.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from conclib.chapters.ch07_memory.sizes import KB, in_kb, in_mb
from conclib.lesson.registry import Words
from conclib.lesson.showing.looked import observed
from conclib.results import Observation

Found = tuple[str | None, str]
NEAR = 0.35  # decades: a share that is farther from each option fits none
NONE_OF_IT, A_QUARTER, ALL_OF_IT = (0.0, 0.08), (0.15, 0.35), (0.85, 1.15)
FLAT = 1.5  # times: within this the resident part does not follow the stack's size


# Act 1 ------------------------------------------------------------------------------------------
def resident_share(result: Any, rule: Words, options: list[str]) -> Found:
    """How much of what is reserved is resident? The options are decades, from all downwards."""
    sums = observed(result, "more_threads")[-1].facts["all_mb"]
    reserved, resident = sums["virtual"], sums["rss"]
    sentence = f"Measured: {in_mb(reserved)} reserved, {in_mb(resident)} of it resident."
    if not reserved or not resident:
        return None, sentence
    decades = math.log10(reserved / resident)
    place = min(range(len(options)), key=lambda n: abs(decades - n))
    return (options[place] if abs(decades - place) < NEAR else None), sentence


def price(result: Any, rule: Words, options: list[str]) -> Found:
    """What sets the price: the size asked for, what is touched, or neither?"""
    items = observed(result, "more_threads")
    asked = {each.params["stack_kb"]: _rss(each) for each in items if not _touched(each)}
    size = max(asked, default=0)
    touched = {_touched(each): _rss(each) for each in items if each.params["stack_kb"] == size}
    if len(asked) < 2 or len(touched) < 2:
        raise TypeError("result: this question needs stacks of two sizes, and two touched")
    sentence = f"Measured, resident of a thread: {_priced(asked, touched)}."
    return _follows(asked, touched, options), sentence


def _rss(item: Observation) -> float:
    return float(item.facts["each_mb"]["rss"]) * KB


def _touched(item: Observation) -> int:
    return int(item.params["touched_kb"])


def _priced(asked: Mapping[int, float], touched: Mapping[int, float]) -> str:
    small, large = min(asked), max(asked)
    most = max(touched)
    return (
        f"{in_kb(asked[small])} of a stack of {in_kb(small)}, {in_kb(asked[large])} of one of "
        f"{in_kb(large)}; {in_kb(touched[most])} where {in_kb(most)} were touched"
    )


def _follows(
    asked: Mapping[int, float], touched: Mapping[int, float], options: Sequence[str]
) -> str | None:
    share, lump, touch = options
    most = max(touched)
    rise = (touched[most] - touched[min(touched)]) / (most - min(touched))
    if asked[max(asked)] > FLAT * asked[min(asked)]:
        return share
    if 0.8 < rise < 1.2:
        return touch
    return lump if abs(rise) < 0.1 else None


# Act 2 ------------------------------------------------------------------------------------------
def given_back(result: Any, rule: Words, options: list[str]) -> Found:
    """How much does the machine get back when the first of them ends? All, a quarter, nothing."""
    item = observed(result, "rent")[0]
    size, first = item.params["size_mb"] * KB, item.facts["ends"][0]
    counted, held = item.facts["back_kb"][0], item.facts["in_ram_kb"]
    fell = f"fell by {in_kb(counted)}" if counted > 0 else "did not fall"
    sentence = (
        f"Measured: when the {first} ended, the machine's own count of such memory {fell}; "
        f"{in_kb(held[1])} of {in_kb(size)} were still there."
    )
    found = {_part(counted / size, options), _part((held[0] - held[1]) / size, options)}
    return (found.pop() if len(found) == 1 else None), sentence


def _part(share: float, options: Sequence[str]) -> str | None:
    bands = zip((ALL_OF_IT, A_QUARTER, NONE_OF_IT), options, strict=True)
    return next((name for (low, high), name in bands if low <= abs(share) <= high), None)


def holders(result: Any, rule: Words, options: list[str]) -> Found:
    """Why did nothing come back? One run in which all wait, and one in which all read, decide."""
    by_doing = {each.params["do"]: each for each in observed(result, "rent")}
    if not {"wait", "read"} <= set(by_doing):
        raise TypeError('result: this question needs two runs: do="wait" and do="read"')
    kept, unloaded, shared = options
    wait, read = by_doing["wait"], by_doing["read"]
    size = wait.params["size_mb"] * KB
    before, after = wait.facts["in_ram_kb"], read.facts["in_ram_kb"]
    last = [each.facts["back_kb"][-1] for each in (wait, read)]
    waited, had_read = (in_kb(max(kb, 0)) for kb in last)
    sentence = (
        f"Measured: {in_kb(before[0])} in RAM where all waited, {in_kb(after[0])} where each child "
        f"had read every byte; with the last one's end {waited} and {had_read} came back at once."
    )
    if abs(last[0]) < 0.1 * size:  # far below 0, others were filling memory meanwhile
        return kept, sentence
    if after[0] > 1.5 * before[0]:
        return unloaded, sentence
    at_once = all(ALL_OF_IT[0] <= kb / size <= ALL_OF_IT[1] for kb in last)
    if max(last) > ALL_OF_IT[1] * size:
        sentence += " That is more than there was: others gave memory back, too."
    return (shared if at_once and abs(after[0] - before[0]) < 0.05 * size else None), sentence


def counted(result: Any, rule: Words, options: list[str]) -> Found:
    """Where is the memory that there is not? The sum of the shares says it."""
    facts = observed(result, "many_copies")[-1].facts
    _, several, hidden = options
    sentence = (
        f"Measured: the resident sizes add up to {in_mb(facts['sum_mb'])}, the shares (PSS) to "
        f"{in_mb(facts['shares_mb'])}; this machine has {in_mb(facts['machine_mb'])}."
    )
    if facts["shares_mb"] < facts["sum_mb"] / 2 and facts["shares_mb"] < facts["machine_mb"]:
        return several, sentence
    return (hidden if facts["shares_mb"] > facts["machine_mb"] else None), sentence


# Act 3 ------------------------------------------------------------------------------------------
def grown(result: Any, rule: Words, options: list[str]) -> Found:
    """How much of the objects did the reading child come to own? Nothing, its part, all."""
    item = observed(result, "counted_reads")[0]
    facts, every = item.facts, item.params["every"]
    own, of, resident = facts["grew_mb"]["uss"], facts["objects_mb"], facts["grew_mb"]["rss"]
    sentence = (
        f"Measured: the child read one in {every} of {in_mb(of)} in objects. What only it has grew "
        f"by {in_mb(max(own, 0.0))}; its resident size (RSS), by {in_mb(max(resident, 0.0))}."
    )
    nothing, part, everything = options
    if own >= 0.9 * of:
        return everything, sentence
    if own < 0.3 * of / every:
        return nothing, sentence
    return (part if 0.5 < own / of * every < 2 else None), sentence


def cause(result: Any, rule: Words, options: list[str]) -> Found:
    """What made it grow: new objects, the collector, or a change in each object?"""
    items = {each.params["over"]: each for each in observed(result, "counted_reads")}
    missing = {"list", "one object", "collector off", "array"} - set(items)
    if missing:
        raise TypeError(f"result: this question also needs over={sorted(missing)[0]!r}")
    own = {name: max(item.facts["grew_mb"]["uss"], 0.0) for name, item in items.items()}
    each = "; ".join(f"{name} {in_mb(own[name])}" for name in items)
    sentence = f"Measured, the child's own memory grew by: {each}."
    new, collector, change = options
    much, little = 0.5 * own["list"], 0.1 * own["list"]
    if own["list"] < 1:
        return None, sentence
    if own["one object"] > much:
        return new, sentence
    if own["collector off"] < little:
        return collector, sentence
    clear = own["collector off"] > much and max(own["one object"], own["array"]) < little
    return (change if clear else None), sentence


RULES = {
    "resident-share": resident_share,
    "price": price,
    "given-back": given_back,
    "holders": holders,
    "counted": counted,
    "grown": grown,
    "cause": cause,
}
