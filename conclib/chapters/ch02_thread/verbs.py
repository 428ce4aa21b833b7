"""The verbs of chapter 02. Each observes, in a process of its own, and shows what came out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from conclib.chapters.ch02_thread import cards, matrix, pictures, stacks, visiting
from conclib.lesson.showing.looked import Looked, as_sentence, in_words, looked, observe, observed
from conclib.results import Observation
from conclib.results.wording import listed

DEEP = 8  # calls within each other
PLACE = "file offset"
READERS = "Four readers, one file: who gets which letters?"


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

    The place in a file is found out, too, but not shown: ``place`` shows it once it was asked for.

    Args:
        changes: who changes each thing: ``"maker"``, or ``"other"`` for each of the others.
    """
    item = observe("sharing", changes=changes)
    shown = only_things(item, [name for name in item.facts["cells"] if name != PLACE])
    return looked({"sharing": item}, matrix.sentence(shown), matrix.matrix(shown))


def place(result: Looked) -> Looked:
    """Show the list of open files and the place in a file, row by row.

    Args:
        result: what ``sharing`` gave.
    """
    item = observed(result, "sharing")[0]
    shown = only_things(item, ["open files", PLACE])
    title = "And the place in an open file?"
    return looked({"sharing": item}, matrix.sentence(shown), matrix.matrix(shown, title=title))


def only_things(item: Observation, names: Sequence[str]) -> Observation:
    """Return an observation of ``sharing`` with some of the things that were looked at."""
    cells = {name: item.facts["cells"][name] for name in names}
    return replace(item, facts={**item.facts, "cells": cells})


def reading_on(*, then: str = "closes", who: str = "forked child") -> Looked:
    """Let a parent read, another one read from the same file, and the parent read on.

    Args:
        then: what the other does after reading, ``"closes"`` or ``"leaves open"``.
        who: the other, ``"forked child"``, ``"thread"`` or ``"fresh program"``.
    """
    item = observe("reads_on", who=who, then=then)
    did = "closed the file" if then == "closes" else "left the file open"
    title = "Where does the parent read on?"
    sentence = f"After it had read, the {who} {did}."
    return looked({who: item}, sentence, pictures.read_on(item, title))


# Act 2 ------------------------------------------------------------------------------------------
def waiting(*, depth: int = 1) -> Looked:
    """Let four threads wait in one C function, and show their control blocks side by side.

    Args:
        depth: in how many calls within each other, 1 to 12.
    """
    item = observe("four_stacks", depth=depth)
    facts = item.facts
    where = f": the function {facts['waits_in']}" if facts["waits_in"] else ""
    sentence = f"All wait in what ftw has called{where}. {as_sentence(facts['why'])}".strip()
    title = "Four threads in one function: what does Linux keep for each?"
    return looked({"four": item}, sentence, cards.cards(item, title))


def deeper() -> Any:
    """Let the four wait in calls within each other; draw where all of it lies, call by call."""
    return stacks.deeper(observe("four_stacks", depth=DEEP))


def signed(*, rounds: int = 200) -> Looked:
    """Let four threads sign a list, each at once, and again from a starting line.

    Args:
        rounds: how often, 10 to 500.
    """
    seen = {
        "each at once": observe("order_signed", gate="no", rounds=rounds),
        "from a starting line": observe("order_signed", gate="yes", rounds=rounds),
    }
    possible = next(iter(seen.values())).facts["possible"]
    sentence = f"There can be {possible} orders."
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
    drawn = None if how == "searched" else visiting.visited(item)  # one picture would be the other
    return looked({f"{how}, {watcher}": item}, _written(item.facts), drawn)


def _written(facts: Mapping[str, Any]) -> str:
    """Say what is not said when the question is decided: how A and B went about it."""
    if facts["ended"] != "lived":
        return f"Linux ended the process, with all its threads: {facts['ended']}."
    searched = f"B searched {in_words(facts['searched_kb'])} kB of A's stack."
    told = "B was told the address." if facts["told"] else searched
    looks = f"A looked at its record {facts['looks']:,} times." if facts["looks"] else "A slept."
    return f"{told} {looks}"


def forked() -> Looked:
    """Fork a process in which three more threads wait, and count the threads in the child."""
    item = observe("fork_beside")
    facts = item.facts
    sentence = (
        f"Stacks that had been given to the other threads: {in_words(facts['stacks_parent'])} in "
        f"the parent, {in_words(facts['stacks_child'])} in its child."
    )
    return looked({"fork": item}, sentence)


# Break it ---------------------------------------------------------------------------------------
def thumbnails(mend: str = "no") -> Looked:
    """Let two threads change their folder, wait for each other, and save a picture each.

    Args:
        mend: what is changed in the program: ``"no"`` for nothing, or one of the five names.
    """
    item = observe("saved_where", mend=mend)
    facts = item.facts
    each = [
        f"in {folder}: {listed(files) if files else 'nothing'}"
        for folder, files in facts["files"].items()
    ]
    sentence = f"Saved {'; '.join(each)}."
    if facts["together"]:
        (where,) = (folder for folder, files in facts["files"].items() if files)
        sentence += f" Both threads stood in {where} when they saved."
    if facts["why"]:
        sentence += f" (Linux refused: {facts['why']}.)"
    return looked({mend: item}, sentence)
