"""The verbs of chapter 03. Each observes, in a process of its own, and shows what came out."""

from conclib.chapters.ch03_isolation import pictures, tables, words
from conclib.chapters.ch03_isolation.looked import Looked, looked, observe

OLDER = "3.9"  # the last Python that lets threads change places in the middle of that line


# The opening ------------------------------------------------------------------------------------
def same_address() -> Looked:
    """Let two processes write to one address, each its own word; let them look there in turn."""
    item = observe("one_address")
    return looked({"looks": item}, words.opening(item.facts), pictures.looks(item))


def frames() -> Looked:
    """Let a forked child write to a page of its parent's; show whose page moved, where readable."""
    item = observe("one_address", page="from the parent")
    return looked({"frames": item}, words.moved(item.facts), rows=tables.frames(item.facts))


# Act 1 ------------------------------------------------------------------------------------------
def one_byte() -> Looked:
    """Let a forked child write a single byte; count the pages that are copied by then."""
    item = observe("page_copies", bytes=1)
    return looked({"one byte": item}, words.copied(item.facts))


def read_wait_write() -> Looked:
    """Let three children, one after another, read every page, wait, or write to three."""
    seen = {
        "reads every page": observe("page_copies", do="read"),
        "only waits": observe("page_copies", do="wait"),
        "writes to three": observe("page_copies"),
    }
    sentence = "Three children, one after another; only what they did differs."
    return looked(seen, sentence, rows=tables.children(seen))


# Act 2 ------------------------------------------------------------------------------------------
def astray() -> Looked:
    """Let B, a fresh program, write where A has its word; beside it, let A's own thread do so."""
    seen = {
        "B, a fresh program": observe("astray"),
        "a thread of A's own": observe("astray", writer="thread"),
    }
    sentence = "The same write, to the same address, by two different writers."
    return looked(seen, sentence, rows=tables.strayed(seen))


def four_runs() -> Looked:
    """Let B write four times: with A alive or gone, and without or with a page of its own there."""
    seen = {
        words.run(neighbour, own): observe("astray", neighbour=neighbour, own_page=own)
        for neighbour, own in words.SWITCHES
    }
    return looked(seen, "Four runs; two switches.", rows=tables.four(seen))


def with_leave() -> Looked:
    """Let a parent, a child, a sibling and another user ask Linux for A's word."""
    item = observe("with_leave")
    return looked({"asked": item}, words.leave(item.facts), rows=tables.asked(item.facts))


# Act 3 ------------------------------------------------------------------------------------------
def million(times: int = 1_000_000) -> Looked:
    """Let two threads, then two processes, add to one number; show what is there in the end.

    Args:
        times: how often each of them adds 1, 1 to 10,000,000.
    """
    seen = {
        f"two {who}": observe("million", who=who, times=times) for who in ("threads", "processes")
    }
    return looked(seen, words.complaints(seen), pictures.added(seen))


def every_order() -> Looked:
    """Let two threads go through that very line step by step, in every order that there is."""
    item = observe("stepped")
    return looked({"orders": item}, words.stepped(item.facts), rows=tables.orders(item.facts))


def whose_lock() -> Looked:
    """Let deposit and withdraw run without a lock, with one each, and with one for the balance."""
    seen = {name: observe("whose_lock", lock=lock) for lock, name in words.LOCKS.items()}
    return looked(seen, words.free_runs(seen), rows=tables.locks(seen))


# Break it ---------------------------------------------------------------------------------------
def aim() -> Looked:
    """Let five processes write where they should not, one at each place; show what became of it."""
    item = observe("aimed")
    sentence = f"{item.facts['noticed']} of {len(item.facts['ended'])} were noticed."
    return looked({"aimed": item}, sentence, rows=tables.aimed(item.facts))
