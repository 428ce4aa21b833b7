"""The verbs of chapter 03. Each observes, in a process of its own, and shows what came out."""

from typing import Any

from conclib.chapters.ch03_isolation import (
    adding,
    climbing,
    grid,
    pictures,
    switches,
    tables,
    words,
)
from conclib.lesson.showing.looked import Looked, looked, observe
from conclib.results import Observation, Unavailable, arguments

SPREAD = ("side by side", "spread")
MOST = 1_048_576  # bytes of all pages of the grid
OLDER = "3.9"  # the last one that lets threads change places in the middle of that line


# The opening ------------------------------------------------------------------------------------
def same_address() -> Looked:
    """Let two processes write to one address, each its own word; let them look there in turn."""
    item = observe("one_address")
    return looked({"looks": item}, words.opening(item.facts), pictures.looks(item))


def frames() -> Looked:
    """Let a forked child write to a page of its parent's; show whose page moved, where readable."""
    item = observe("one_address", page="from the parent")
    return looked({"frames": item}, words.moved(item.facts), rows=tables.frames(item))


# Act 1 ------------------------------------------------------------------------------------------
def one_byte() -> Looked:
    """Let a forked child write a single byte; count the pages that are copied by then."""
    item = observe("page_copies", bytes=1)
    return looked({"one byte": item}, words.copied(item.facts), grid.grid(item))


def pages_for(count: int, *, first: int = 0) -> Looked:
    """Let a forked child write so many bytes without a gap; draw the pages that are copied.

    Args:
        count: how many bytes, 0 to 1,048,576.
        first: where in its page the first of them lies, 0 to 4,095.
    """
    arguments.integer("count", count, 0, MOST, "bytes")
    item = observe("page_copies", bytes=count, first=first, spread=SPREAD[0])
    return looked({"pages": item}, grid.said(item), grid.grid(item))


def read_wait_write() -> Looked:
    """Let three children, one after another, read every page, wait, or write to three."""
    waited = observe("page_copies", do="wait")
    seen = {
        "reads every page": observe("page_copies", do="read"),
        f"only waits, {waited.params['wait_ms']} ms": waited,
        "writes to three": observe("page_copies"),
    }
    return looked(seen, "", rows=tables.children(seen))


def page_grids(count: int = 1000) -> Looked:
    """Let a child write so many bytes, side by side and spread over all pages; draw its pages.

    Args:
        count: how many bytes, 0 to 1,048,576.
    """
    arguments.integer("count", count, 0, MOST, "bytes")
    seen = {how: observe("page_copies", bytes=count, spread=how) for how in SPREAD}
    each = " and ".join(f"{item.facts['copied']} {how}" for how, item in seen.items())
    sentence = f"{words.counted(count, 'byte')} written; pages copied: {each}."
    return looked(seen, sentence, pictures.pages_of_child(seen))


def grid_panel() -> Any:
    """Show the page grid as a panel: how many bytes, where, who writes; press Run."""
    from conclib.chapters.ch03_isolation.page_panel import GridPanel  # brings in ipywidgets

    return GridPanel()


# Act 2 ------------------------------------------------------------------------------------------
def astray() -> Looked:
    """Let B, a fresh program, write where A has its word; beside it, let A's own thread do so."""
    seen = {
        "B, a fresh program": observe("astray"),
        "a thread of A's own": observe("astray", writer="thread"),
    }
    return looked(seen, "", rows=tables.strayed(seen))


def four_runs() -> Looked:
    """Let B write four times: with A alive or gone, and without or with a page of its own there."""
    found = {
        (neighbour, own): observe("astray", neighbour=neighbour, own_page=own)
        for neighbour, own in words.SWITCHES
    }
    seen = {words.run(*place): item for place, item in found.items()}
    return looked(seen, "", switches.picture(found))


def two_switches() -> Any:
    """Show the four runs as a panel: set two switches, press Run."""
    from conclib.chapters.ch03_isolation.switch_panel import SwitchPanel  # brings in ipywidgets

    return SwitchPanel()


def with_leave() -> Looked:
    """Let a parent, a child, a sibling and another user ask Linux for A's word."""
    item = observe("with_leave")
    return looked({"asked": item}, words.leave(item.facts), rows=tables.asked(item))


# Act 3 ------------------------------------------------------------------------------------------
def million(times: int = 1_000_000) -> Looked:
    """Let two threads, then two processes, add to one number; show what is there in the end.

    Args:
        times: how often each of them adds 1, 1 to 10,000,000.
    """
    seen = {
        f"two {who}": observe("million", who=who, times=times) for who in ("threads", "processes")
    }
    return looked(seen, words.complaints(seen), adding.picture(seen))


def every_order() -> Looked:
    """Let two threads go through that very line step by step, in every order that there is.

    Beside it, the same line run freely on an older Python: live where there is one, else recorded.
    """
    item = observe("stepped")
    seen, sentence = {"orders": item}, words.stepped(item.facts)
    older = on_older()
    if older is not None:
        seen[f"two threads on Python {OLDER}"] = older
        freely = adding.sentence("two threads", older)
        sentence += f" Run freely on an older Python by {freely}"
    rows, fold = tables.orders(item), "Which orders end with which number"
    return looked(seen, sentence, rows=rows, folded=fold)


def on_older() -> Observation | None:
    """Let two threads add freely on a Python that changes places in the middle of that line."""
    from conclib import lab

    try:
        return lab.observe_on(OLDER, "million", who="threads")
    except Unavailable:
        return None


def every_python() -> Looked:
    """Step through that line on every Python found here, and run it freely a million times each.

    A Python on which threads lose freely is shown as recorded where there is none here.
    """
    stepped = adding.on_every_python("stepped")
    free = adding.on_every_python("million", who="threads")
    seen = {f"Python {version}, in every order": item for version, item in stepped.items()}
    seen |= {f"Python {version}, freely": item for version, item in free.items()}
    rows = tables.pythons(stepped, free)
    return looked(seen, words.pythons(stepped, free), rows=rows)


def climb(order: str = "") -> Looked:
    """Run two threads in every order of their steps, and draw all orders as paths to climb.

    Args:
        order: one to draw bold in the picture that stands still, such as ``"AABABB"``.
    """
    climbing.begun(order)  # before anything is started
    item = observe("staircase")
    drawn = climbing.staircase_to_climb(item, order)
    return looked({"staircase": item}, words.climbed(item.facts), drawn)


def climb_others() -> Any:
    """Show the staircase as a panel: choose two programs and a lock, press Run, climb."""
    from conclib.chapters.ch03_isolation.climbing_panel import StairsPanel  # brings in ipywidgets

    return StairsPanel()


def whose_lock() -> Looked:
    """Let deposit and withdraw run without a lock, with one each, and with one for the balance."""
    seen = {name: observe("whose_lock", lock=lock) for lock, name in words.LOCKS.items()}
    return looked(seen, "", rows=tables.locks(seen))


# Break it ---------------------------------------------------------------------------------------
def aim() -> Looked:
    """Let five processes write where they should not, one at each place; show what became of it."""
    item = observe("aimed")
    return looked({"aimed": item}, "", rows=tables.aimed(item))
