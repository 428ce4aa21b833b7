"""The verbs of chapter 07. Each observes, in a process of its own, and shows what came out."""

from collections.abc import Sequence
from typing import Any

from conclib.chapters.ch07_memory import lens, pictures, shrinking, steps
from conclib.chapters.ch07_memory.climbing import ladder_sentence
from conclib.chapters.ch07_memory.sizes import in_kb, in_mb
from conclib.lab.resources import TooMuch
from conclib.lesson.showing.looked import Looked, looked, observe
from conclib.results import Unavailable, arguments

SIZES = (512, 4096, 32768)  # kB: one, eight times and sixty-four times as much
TOUCHED = (64, 1024)  # kB
SPACE = 1024 * 1024  # kB, of an address space that is limited
EVERY = (1, 10, 100, 1000, 10_000)
ARMS = {
    "list": "objects in a list",
    "one object": "one object, again and again",
    "collector off": "the list, collector off",
    "array": "plain numbers in an array",
}


# The opening ------------------------------------------------------------------------------------
def more_than_there_is() -> Looked:
    """Let one process fill memory and make copies of itself; add what the monitor says of each."""
    try:
        item = observe("many_copies", **(shrinking.copies() or shrinking.RECORDED))
    except (Unavailable, TooMuch):
        item = observe("many_copies", **shrinking.RECORDED)
    facts = item.facts
    there = "more than" if facts["sum_mb"] > facts["machine_mb"] else "not more than"
    sentence = (
        f"One process filled {in_mb(item.params['filled_mb'])} and made {item.params['copies']} "
        f"copies of itself. The monitor says of each: {in_mb(facts['each_mb'])} in memory. All "
        f"together: {in_mb(facts['sum_mb'])}. The machine has {in_mb(facts['machine_mb'])}, so "
        f"that is {there} there is. Moved to disk meanwhile: {in_mb(facts['swapped_mb'])}. Alive: "
        f"{facts['alive']} of {facts['processes']}."
    )
    return looked({"all": item}, sentence, pictures.more_than_there_is(item))


# Act 1 ------------------------------------------------------------------------------------------
def ladder(count: int | None = None, *, stack_kb: int = 8192, touched_kb: int = 0) -> Looked:
    """Start more and more threads, and show what each one more costs at each step.

    Args:
        count: how many threads in the end, 100 to 10,000; if not given, 5,000, or as many as this
            machine allows.
        stack_kb: the stack that each asks for, 64 to 65,536 kB; touched_kb: how much of it is
            written to, up to 4,096 kB.

    Raises:
        TypeError, ValueError: out of range, or more than the machine allows.
    """
    stack_kb = arguments.integer("stack_kb", stack_kb, 64, 65_536, "kB")
    touched_kb = arguments.integer("touched_kb", touched_kb, 0, 4096, "kB")
    if count is None:
        item, fewer = shrinking.ladder(stack_kb, touched_kb)
    else:
        arguments.integer("count", count, 100, 10_000)
        shrinking.require_threads(count, stack_kb, touched_kb)
        item = observe("more_threads", count=count, stack_kb=stack_kb, touched_kb=touched_kb)
        fewer = ""
    return looked({"ladder": item}, ladder_sentence(item) + fewer, pictures.ladder(item))


def ladder_panel() -> Any:
    """Show the ladder as a panel: choose, press Run, watch it climb, stop it."""
    from conclib.chapters.ch07_memory.panel import LadderPanel  # brings in ipywidgets

    return LadderPanel()


def one_thread(threads: Looked) -> Looked:
    """Show what one of them was promised, and what it really has.

    Args:
        threads: what ``ladder`` gave.
    """
    item = threads.only
    each = item.facts["each_mb"]
    if each["linux"] is None:
        sentence = "There were too few to count what Linux keeps for one of them."
    else:
        whole = each["rss"] + each["linux"]
        sentence = (
            f"{each['linux'] / whole:.0%} of what one idle thread really costs, {in_mb(whole)}, is "
            "kept by Linux and stands in no figure of its process. (Linux's other records about it "
            "are not in this.)"
        )
    return looked(threads.seen, sentence, lens.lens(item))


def asked_and_touched(
    sizes: Sequence[int] = SIZES, touched: Sequence[int] = TOUCHED, *, count: int = 100
) -> Looked:
    """Vary the stack's size without touching it, then what is touched with one size.

    Args:
        sizes: stack sizes in kB, two or more; touched: in kB, at most 4,096.
        count: threads in each run, 50 to 1,000.

    Raises:
        TypeError, ValueError: out of range.
    """
    arguments.integer("count", count, 50, 1000)
    sizes = arguments.integers("sizes", sizes, 64, 65_536, "kB", example=SIZES[:2])
    touched = arguments.integers("touched", touched, 0, 4096, "kB", example=(64,))
    large = max(sizes)
    left = {kb: observe("more_threads", count=count, stack_kb=kb) for kb in sizes}
    right = {0: left[large]} | {
        kb: observe("more_threads", count=count, stack_kb=large, touched_kb=kb) for kb in touched
    }
    seen = {f"stack {kb} kB": item for kb, item in left.items()}
    seen |= {f"touched {kb} kB": item for kb, item in right.items()}
    sentence = "Left: nobody wrote to a stack. Right: each thread's stack was written to."
    return looked(seen, sentence, pictures.two_panels(left, right))


def few_addresses(stack_kb: int = 8192) -> Looked:
    """Limit a process's address space to one gigabyte, and start threads until Linux refuses.

    Args:
        stack_kb: the stack that each asks for, 128 to 65,536 kB.
    """
    arguments.integer("stack_kb", stack_kb, 128, 65_536, "kB")
    most = SPACE // stack_kb  # so many would have place if nothing else had any
    item = observe("more_threads", count=most, stack_kb=stack_kb, limit_mb=SPACE // 1024)
    facts = item.facts
    sentence = (
        f"With stacks of {in_kb(stack_kb)}, {facts['there']:,} threads were there; then Linux "
        f"said: {facts['refused'] or 'nothing: it did not refuse'}. Their stacks take "
        f"{in_kb(facts['there'] * stack_kb)} of the {in_kb(SPACE)} of addresses that the process "
        f"may have. Resident by then: {in_mb(facts['all_mb']['rss'])}."
    )
    return looked({"limited": item}, sentence)


# Act 2 ------------------------------------------------------------------------------------------
def shared(*, first: str = "parent", do: str = "wait", size_mb: int = 128) -> Looked:
    """Let a parent fill memory and fork three children; then let them end one after another.

    Args:
        first: who ends first, ``"parent"`` or ``"children"``.
        do: what each child does with the memory: ``"wait"``, ``"read"`` or ``"rewrite"`` a quarter.
        size_mb: what the parent fills, 4 to 512 MB.
    """
    item = observe("rent", first=first, do=do, size_mb=size_mb)
    return looked({do: item}, steps.sentence(item), steps.picture(item))


def waiting_and_reading() -> Looked:
    """Do it twice: the children only wait, or each of them reads every byte."""
    seen = {do: observe("rent", do=do) for do in ("wait", "read")}
    sentence = "Twice the same family; only what the children did differs."
    return looked(seen, sentence, steps.pair(seen))


# Act 3 ------------------------------------------------------------------------------------------
def one_in(every: int = 100) -> Looked:
    """Let a child read one of so many of its parent's objects; show what it comes to own.

    Args:
        every: one of so many is read, 1 to 100,000.
    """
    item = observe("counted_reads", every=every)
    sentence = (
        f"The child read {item.facts['read']:,} of {item.params['objects']:,} objects. Meanwhile "
        f"Linux copied a page {item.facts['faults']:,} times."
    )
    return looked({"list": item}, sentence)


def same_loop() -> Looked:
    """Let the same loop go over four things that differ in one respect each."""
    seen = {label: observe("counted_reads", over=over) for over, label in ARMS.items()}
    sentence = "The same loop each time, over as many places; only what it reads differs."
    return looked(seen, sentence, pictures.arms(seen))


def fewer_reads(every: Sequence[int] = EVERY) -> Looked:
    """Let a child read fewer and fewer of the objects, and show what is copied.

    Args:
        every: one of so many is read, such as ``(10, 100)``; each 1 to 100,000.

    Raises:
        TypeError, ValueError: not one number, or one out of range.
    """
    each = arguments.integers("every", every, 1, 100_000, example=(100,))
    items = {k: observe("counted_reads", every=k) for k in each}
    sentence = steps.skipping({k: item.facts for k, item in items.items()})
    seen = {f"one in {k}": item for k, item in items.items()}
    return looked(seen, sentence, pictures.every(items))
