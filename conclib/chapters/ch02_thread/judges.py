"""The judges of chapter 02: what of the textbook's claims no single fact decides."""

from typing import Any

from conclib.results import Measurement, Observation
from conclib.textbook import Verdict, verdicts

Records = list[Measurement | Observation]


def _latest(items: Records, probe: str) -> Observation | None:
    fitting = [each for each in items if isinstance(each, Observation) and each.probe == probe]
    return fitting[-1] if fitting else None


def ids(items: Records) -> Verdict | None:
    """Judge whether each of the waiting threads has a number of its own."""
    item = _latest(items, "four_stacks")
    if item is None:
        return None
    numbers: list[Any] = [each["tid"] for each in item.facts["threads"].values()]
    text = f"{len(numbers)} threads had {len(set(numbers))} different numbers"
    own = None not in numbers and len(set(numbers)) == len(numbers)
    return Verdict(verdicts.SUPPORTED if own else verdicts.NOT_SUPPORTED, text)


def records(items: Records) -> Verdict | None:
    """Judge whether Linux's record of a thread is smaller than that of a process."""
    item = _latest(items, "task_records")
    if item is None:
        return None
    facts = item.facts
    fields, one_has = facts["fields"], facts["only_one_has"]
    if one_has:
        text = f"fields that only one of them has: {len(one_has)}"
        fewer = fields["thread"] < fields["process"]
        return Verdict(verdicts.SUPPORTED if fewer else verdicts.INCONCLUSIVE, text)
    text = f"a thread's record has the same {fields['thread']} fields as a process's"
    if facts["each_has_one"] is None:
        return Verdict(verdicts.NOT_SUPPORTED, f"{text}; how large it is could not be read here")
    if not facts["each_has_one"]:
        return Verdict(verdicts.INCONCLUSIVE, f"{text}; but not as many records as tasks were seen")
    size = f"each thread brought a record of the same {facts['record_bytes']:,} bytes"
    return Verdict(verdicts.NOT_SUPPORTED, f"{text}, and {size}")


JUDGES = {
    "thread.owns": {"ids": ids},
    "os.tcb": {"as-stated": records},
}
