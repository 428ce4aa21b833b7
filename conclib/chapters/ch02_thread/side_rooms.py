"""The verbs of chapter 02's side rooms: a user for each thread, records, an old stack."""

from collections.abc import Sequence

from conclib.lesson.showing.looked import Looked, as_sentence, looked, observe
from conclib.results.wording import listed

CALLS = {"system call": "asked Linux directly", "library": "asked the C library"}
BOXES = {"task_struct": "records of tasks", "mm_struct": "address spaces"}
WISHES = {"user": "to be another user", "new rights": "to get no new rights any more"}


def new_user() -> Looked:
    """Let one of two threads become another user, by a call to Linux and by the C library's."""
    seen = {call: observe("set_user", call=call) for call in CALLS}
    told = [
        f"When the second thread {CALLS[item.facts['call']]} {WISHES[item.facts['what']]}, that "
        f"changed {whom(item.facts['changed'])}."
        for item in seen.values()
    ]
    why = [item.facts["why"] for item in seen.values() if item.facts["why"]][:1]
    return looked(seen, " ".join(dict.fromkeys([*told, *(f"({each}.)" for each in why)])))


def whom(changed: Sequence[str]) -> str:
    """Say for which threads something was changed."""
    if len(changed) == 1:
        return f"it for the {changed[0]} thread alone"
    return f"it for the {listed(changed)} thread" if changed else "nothing"


def records(*, count: int = 100) -> Looked:
    """Start processes, then as many threads, and count the records that Linux has more.

    Args:
        count: how many of each, 20 to 200.
    """
    item = observe("task_records", count=count)
    facts = item.facts
    fields = f"Linux shows {facts['fields']['thread']} fields of a thread's record, and "
    fields += f"{facts['fields']['process']} of a process's."
    if facts["record_bytes"] is None:
        return looked({"records": item}, f"{fields} {as_sentence(facts['why'])}")
    more = [
        f"{facts['processes'].get(name, 0):,} and {facts['threads'].get(name, 0):,} {what}"
        for name, what in BOXES.items()
    ]
    sentence = (
        f"{fields} A record takes {facts['record_bytes']:,} bytes. With {facts['started']} "
        f"processes, and with {facts['started']} threads, there were more: {'; '.join(more)}. "
        "(Linux has spare boxes, which it uses first: that makes counts low.)"
    )
    return looked({"records": item}, sentence)


def stack_again() -> Looked:
    """Let threads come one after another, and look what each finds on the stack that it gets."""
    item = observe("stack_reuse")
    facts = item.facts
    count = len(facts["stacks"])
    sentence = (
        f"{count} threads, one after another, were given {facts['places']} "
        f"stack{'' if facts['places'] == 1 else 's'}. {facts['found_it']} of them found there what "
        "the one before had kept in its local variable."
    )
    return looked({"reuse": item}, sentence)
