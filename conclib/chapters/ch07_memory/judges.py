"""The judges of chapter 07: claims of the textbook that have no band, by what was observed."""

from typing import Any

from conclib.chapters.ch07_memory.sizes import in_mb
from conclib.results import Measurement, Observation
from conclib.textbook import Verdict, verdicts

Records = list[Measurement | Observation]


def _latest(items: Records, probe: str, **params: Any) -> Observation | None:
    fitting = [
        each
        for each in items
        if isinstance(each, Observation)
        and each.probe == probe
        and params.items() <= each.params.items()
    ]
    return fitting[-1] if fitting else None


def tables(items: Records) -> Verdict | None:
    """Judge what threads share: does one more process bring page tables, and a thread far less?"""
    thread = _latest(items, "more_threads", touched_kb=0)
    process = _latest(items, "more_processes", kind="fork")
    if thread is None or process is None:
        return None
    one, other = thread.facts["each_mb"], process.facts["each_mb"]
    kernel = one["kernel"], other["kernel"]
    text = (
        f"one more process adds {in_mb(other['tables'])} of page tables and {in_mb(kernel[1])} of "
        f"kernel stack, one more thread {in_mb(one['tables'])} and {in_mb(kernel[0])}"
    )
    if None in kernel or not kernel[1] or not other["tables"]:
        return Verdict(verdicts.INCONCLUSIVE, f"too few to count kernel stacks; {text}")
    light = one["tables"] < other["tables"] / 4
    stacks = 0.5 < kernel[0] / kernel[1] < 2
    if light and stacks:
        return Verdict(verdicts.SUPPORTED, f"{text}; open files were not counted here")
    return Verdict(verdicts.NOT_SUPPORTED if not light else verdicts.INCONCLUSIVE, text)


def count(items: Records) -> Verdict | None:
    """Judge which of the two there may be more of, by what one more of each takes."""
    thread = _latest(items, "more_threads", touched_kb=0)
    process = _latest(items, "more_processes", kind="spawn")
    if thread is None or process is None:
        return None
    one, other = thread.facts["each_mb"], process.facts["each_mb"]
    costs = one["rss"] + one["tables"], other["uss"] + other["tables"]
    text = (
        f"{thread.facts['there']:,} threads were there at {in_mb(costs[0])} each; a fresh Python "
        f"takes {in_mb(costs[1])} for itself"
    )
    if costs[0] * 4 < costs[1]:
        return Verdict(verdicts.SUPPORTED, text)
    word = verdicts.NOT_SUPPORTED if costs[0] > costs[1] else verdicts.INCONCLUSIVE
    return Verdict(word, text)


def spaces(items: Records) -> Verdict | None:
    """Judge whether a process has a wide space of its own that is mostly empty."""
    item = _latest(items, "more_processes", kind="fork")
    thread = _latest(items, "more_threads")
    if item is None or thread is None:
        return None
    each, wide = item.facts["each_mb"], thread.facts["all_mb"]["virtual"]
    text = (
        f"a forked child has {in_mb(each['virtual'])} of addresses of its own, "
        f"{in_mb(each['uss'])} of which are memory that only it has; one process with "
        f"{thread.facts['there']:,} threads reserved {in_mb(wide)} in one space"
    )
    if each["uss"] < each["virtual"] / 4:
        return Verdict(verdicts.SUPPORTED, text)
    full = each["uss"] > each["virtual"] * 3 / 4
    return Verdict(verdicts.NOT_SUPPORTED if full else verdicts.INCONCLUSIVE, text)


JUDGES = {
    "memory.tables": {"as-stated": tables},
    "memory.count": {"as-stated": count},
    "memory.vas": {"as-stated": spaces},
}
