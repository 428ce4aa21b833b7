"""The judges of chapter 06: who falls with whom, by what was observed on this machine."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from conclib.chapters.ch06_fate import words
from conclib.results import Measurement, Observation
from conclib.results.wording import listed
from conclib.textbook import Verdict, verdicts

Records = list[Measurement | Observation]
FATAL = {"null pointer", "wild write", "read-only write", "abort", "stack overflow",
         "illegal instruction", "division in C", "bus error", "SIGSEGV sent"}  # fmt: skip
OVERWRITES = "silent corruption"
THREADS, PROCESSES = ("thread", "main thread"), ("process", "spawned process")


class Fall(NamedTuple):
    """What became of those beside one that went wrong: in one process, and in others."""

    fault: str
    beside: str  # "thread" or "process"
    others: str


def falls(items: Records) -> Iterator[Fall]:
    """Yield what each observation says of those beside a faulty one."""
    for item in items:
        if not isinstance(item, Observation):
            continue
        if item.probe == "crash":
            yield from _one(item.params["fault"], item.params["container"], item.facts["others"])
        elif item.probe == "fates":
            for each in item.facts["cells"]:
                yield from _one(each["fault"], each["container"], each["others"])
        elif item.probe == "hearts":
            yield from _hearts(item)


def _one(fault: str, container: str, others: str | None) -> Iterator[Fall]:
    kind = "thread" if container in THREADS else "process" if container in PROCESSES else ""
    if kind and others:
        yield Fall(fault, kind, others)


def _hearts(item: Observation) -> Iterator[Fall]:
    facts, heart = item.facts, item.params["heart"]
    home = words.home(facts, heart)
    for kind, names in (("thread", [n for n in home if n != heart]),
                        ("process", [n for n in words.HEARTS if n not in home])):  # fmt: skip
        fates = {facts["fates"][name] for name in names}
        if fates:
            yield Fall(item.params["fault"], kind, fates.pop() if len(fates) == 1 else "differ")


def _latest(items: Records, kind: str) -> dict[str, str]:
    """Return by fatal fault what became of those beside it, the latest that was seen."""
    return {each.fault: each.others for each in falls(items)
            if each.beside == kind and each.fault in FATAL}  # fmt: skip


def _judged(found: dict[str, str], wanted: str, who: str) -> Verdict | None:
    if not found:
        return None
    against = sorted(fault for fault, others in found.items() if others != wanted)
    count = words.counted(len(found), "fault")
    if against:
        return Verdict(verdicts.NOT_SUPPORTED, f"{who} did not {wanted} after {listed(against)}")
    return Verdict(verdicts.SUPPORTED, f"after each of {count} {who} {wanted}")


def threads(items: Records) -> Verdict | None:
    """Judge whether a fatal error in one thread takes all threads of its process along."""
    return _judged(_latest(items, "thread"), words.END, "the threads beside it")


def processes(items: Records) -> Verdict | None:
    """Judge whether the other processes go on when one of them dies."""
    return _judged(_latest(items, "process"), words.GO_ON, "the processes beside it")


def faults(items: Records) -> Verdict | None:
    """Judge whether a write over others' data reaches threads beside it, and no other process.

    Only a run with both can tell.
    """
    seen: list[Any] = [each for each in items if isinstance(each, Observation)
                       and each.probe == "hearts"
                       and each.params["fault"] == OVERWRITES
                       and 1 < len(words.home(each.facts, each.facts["faulty"])) < len(words.HEARTS)
                       ]  # fmt: skip
    if not seen:
        return None
    facts = seen[-1].facts
    home, wrong = words.home(facts, facts["faulty"]), words.wrong(facts)
    text = f"one overwrote what it could reach; in its process {len(home)} hearts, wrong answers: "
    text += listed(wrong) if wrong else "none"
    word = verdicts.SUPPORTED if wrong == home else verdicts.NOT_SUPPORTED
    return Verdict(word, text)


JUDGES = {
    "fate.thread": {"as-stated": threads},
    "fate.process": {"as-stated": processes},
    "corrupt.thread": {"faults": faults},
}
