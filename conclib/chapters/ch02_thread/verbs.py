"""The verbs of chapter 02. Each observes, in a process of its own, and shows what came out."""

from typing import Any

from conclib.chapters.ch02_thread import pictures
from conclib.chapters.ch02_thread.looked import Looked, in_words, looked, observed
from conclib.results import Observation
from conclib.results.wording import listed

READERS = "Four readers, one file: who gets which letters?"


def observe(probe: str, **params: Any) -> Observation:
    """Observe without lanes under the cell; the picture of this chapter comes after."""
    from conclib import lab

    return lab.observe(probe, **params)


# The opening ------------------------------------------------------------------------------------
def readers() -> Looked:
    """Let four readers, who are not named, take four letters each, in turn, from one file."""
    item = observe("letters")
    got = listed([f"reader {n} got {letters}" for n, letters in item.facts["reads"].items()])
    return looked({"letters": item}, f"In turn, {got}.", pictures.strip(item, title=READERS))


def uncover(result: Looked) -> Looked:
    """Show the same strip with each reader's name.

    Args:
        result: what ``readers`` gave.
    """
    item = observed(result, "letters")[0]
    drawn = pictures.strip(item, uncovered=True, title="And who were they?")
    return looked({"letters": item}, "Blue is a process, vermilion a thread.", drawn)


# Act 1 ------------------------------------------------------------------------------------------
def sharing(*, changes: str = "maker") -> Looked:
    """All look at a thing, one changes it, all look again; beside that, Linux itself is asked.

    Args:
        changes: who changes each thing, ``"maker"`` or ``"other"``.
    """
    from conclib.chapters.ch02_thread import matrix

    item = observe("sharing", changes=changes)
    return looked({"sharing": item}, matrix.sentence(item), matrix.matrix(item))


def reading_on(*, then: str = "closes", who: str = "forked child") -> Looked:
    """Let a parent read, another one read from the same file, and the parent read on.

    Args:
        then: what the other does after reading, ``"closes"`` or ``"leaves open"``.
        who: the other, ``"forked child"``, ``"thread"`` or ``"fresh program"``.
    """
    item = observe("reads_on", who=who, then=then)
    facts = item.facts
    did = "closed the file" if then == "closes" else "left the file open"
    sentence = (
        f"The parent read {facts['before']}; the {who} read {facts['other']} and {did}; then the "
        f"parent read once more."
    )
    return looked({who: item}, sentence)


# Act 2 ------------------------------------------------------------------------------------------
def signed(*, rounds: int = 200) -> Looked:
    """Let four threads sign a list, each at once, and again from a starting line.

    Args:
        rounds: how often, 1 to 1,000.
    """
    seen = {
        "each at once": observe("order_signed", gate="no", rounds=rounds),
        "from a starting line": observe("order_signed", gate="yes", rounds=rounds),
    }
    kinds = [f"{label} in {item.facts['kinds']} orders" for label, item in seen.items()]
    sentence = f"Of 24 orders that there can be, they signed {listed(kinds)}."
    title = "Started 1, 2, 3, 4: in which order did they sign?"
    return looked(seen, sentence, pictures.orders(seen, title))


# Act 3 ------------------------------------------------------------------------------------------
def overwritten(*, how: str = "told", aim: str = "record", watcher: str = "asleep") -> Looked:
    """Let thread B write 1,000 where thread A keeps a number, on A's own stack.

    Args:
        how: whether B is ``"told"`` the address or has ``"searched"`` for the value.
        aim: where B writes, A's ``"record"`` or the ``"fence"`` below A's stack.
        watcher: what A does meanwhile, ``"asleep"`` or ``"running"``.
    """
    item = observe("overwrite_local", how=how, aim=aim, watcher=watcher)
    return looked({f"{how}, {watcher}": item}, _written(item.facts))


def _written(facts: dict[str, Any]) -> str:
    if facts["ended"] != "lived":
        return f"Linux ended the process: {facts['ended']}."
    return (
        f"A kept {in_words(facts['before'])}. After B's write A found {in_words(facts['found'])}."
    )


def forked() -> Looked:
    """Fork a process in which three more threads wait, and count the threads in the child."""
    item = observe("fork_beside")
    facts = item.facts
    sentence = (
        f"{facts['tasks_parent']} threads in the parent, {facts['tasks_child']} in its child; "
        f"stacks that threads had been given: {in_words(facts['stacks_parent'])} in the parent, "
        f"{in_words(facts['stacks_child'])} in the child."
    )
    return looked({"fork": item}, sentence)


# Break it ---------------------------------------------------------------------------------------
def thumbnails(mend: str = "no") -> Looked:
    """Let two threads change their folder, wait for each other, and save a picture each.

    Args:
        mend: what is changed in the program: ``"no"`` for nothing, or one of the four names.
    """
    item = observe("saved_where", mend=mend)
    files = item.facts["files"]
    each = [f"in folder {name}: {listed(some) if some else 'nothing'}" for name, some in files.items()]
    return looked({mend: item}, f"Saved {'; '.join(each)}.")
