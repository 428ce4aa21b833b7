"""What the experiments of chapter 03's quiz show: as a rule, and where they do not tell."""

from typing import Any

from conclib.results import Observation
from tests.made_up import HOST, RUNTIME


def told(probe: str, **facts: Any) -> Observation:
    """Return a made-up observation."""
    return Observation(probe, "t", {}, HOST, RUNTIME, facts)


def looked(*found: str) -> Observation:
    """Return five looks of two processes, in turn."""
    return told("one_address", found=list(found) * 5)


def pages(copied: int) -> Observation:
    """Return how many pages were copied for a child."""
    return told("page_copies", copied=copied)


def written(beside: int, spread: int) -> dict[str, Observation]:
    """Return what a thousand bytes copied, side by side and spread."""
    return {"side by side": pages(beside), "spread": pages(spread)}


def apart(spread: int, one: int) -> dict[str, Observation]:
    """Return what a thousand bytes copied that lie apart, and what one byte did."""
    return {"spread": pages(spread), "one byte": pages(one)}


def strayed(ended: bool) -> Observation:
    """Return whether B was ended."""
    return told("astray", writer_ended=ended)


def locked(label: str, *, lost: int = 18, right: int = 2, waits: int = 0, wrong: int = 20):
    """Return the orders and free runs of two functions."""
    counts = {"lost": lost, "right": right, "waits": waits}
    free = {"runs": 20, "right": 20 - wrong, "wrong": wrong}
    return {label: told("whose_lock", counts=counts, free=free)}


EACH, ONE = "one per function", "one for the balance"

# For each wrong answer of each question: a typical result, and one that does not speak against it.
SHOWN = {
    ("one-address", "a"): (looked("cat", "dog"), looked("dog", "dog")),
    ("one-address", "b"): (pages(0), pages(256)),
    ("thousand-bytes", "b"): (written(1, 256), written(256, 256)),
    ("thousand-bytes", "c"): (apart(256, 1), apart(1, 1)),
    ("why-was-b-ended", "a"): (strayed(False), strayed(True)),
    ("why-was-b-ended", "c"): (strayed(True), strayed(False)),
    ("million-good", "a"): (told("stepped", losing=18), told("stepped", losing=0)),
    ("million-good", "b"): (locked("no lock"), locked("no lock", wrong=0)),
    ("still-wrong", "a"): (locked(EACH), locked(EACH, lost=0, right=20)),
    ("still-wrong", "c"): (locked(ONE, lost=0, waits=18), locked(ONE, lost=18, waits=0)),
}
