"""The tables of chapter 03: what was observed, a row for each case."""

from collections.abc import Mapping
from typing import Any

from conclib.chapters.ch03_isolation import words
from conclib.lesson.showing.looked import Rows
from conclib.results import Observation

Facts = Mapping[str, Any]
Seen = Mapping[str, Observation]
RIGHTS = {"r": "read", "w": "write", "x": "run"}  # a map's letters
UNKNOWN = "not known"
RECORDED = " (recorded)"
ORDERS = {"lost": "orders that lose", "waits": "cannot happen"}


def marked(name: str, item: Observation) -> str:
    """Return a name in a table, marked where what it names is not from here."""
    return name if item.source == "live" else name + RECORDED


def frames(item: Observation) -> Rows:
    """Return the frame of the page before and after the writing, for each process."""
    facts = item.facts
    return (
        ("process", "frame before", "frame after"),
        *(
            (
                marked(name, item),
                _known(facts["frames_before"][name]),
                _known(facts["frames"][name]),
            )
            for name in facts["frames"]
        ),
    )


def _known(value: Any) -> str:
    return UNKNOWN if value is None else str(value)


def children(seen: Seen) -> Rows:
    """Return for each child how many pages it wrote to, and how many were copied."""
    return (
        ("the child", "pages it writes to", "pages copied"),
        *(
            (marked(name, item), str(len(item.facts["written"])), str(item.facts["copied"]))
            for name, item in seen.items()
        ),
    )


def strayed(seen: Seen) -> Rows:
    """Return for each writer what became of it, and of A's word."""
    return (
        ("who writes", "the writer", "A's word"),
        *(
            (marked(name, item), words.ended(item.facts["writer_end"]), words.a_after(item.facts))
            for name, item in seen.items()
        ),
    )


def asked(item: Observation) -> Rows:
    """Return for each asker whether it got the word, or the error's name."""
    return (
        ("who asks", "answer"),
        *((marked(who, item), _answer(item.facts, who)) for who in item.facts["answers"]),
    )


def _answer(facts: Facts, who: str) -> str:
    answer = facts["answers"][who]
    if answer is None:
        return f"not asked: {facts['why'][who]}"
    return f"got {answer}" if facts["got"][who] else f"refused: {words.error(answer)}"


def orders(item: Observation) -> Rows:
    """Return the orders by what they end with."""
    by_end: dict[int, list[str]] = {}
    for order, end in item.facts["ends"].items():
        by_end.setdefault(end, []).append(order)
    return (
        ("the number in the end", "orders", "which"),
        *(
            (marked(str(end), item), str(len(some)), " ".join(some))
            for end, some in sorted(by_end.items())
        ),
    )


def pythons(stepped: Seen, free: Seen) -> Rows:
    """Return for each Python its GIL, how many orders lose, and what a free run lost."""
    versions = {**stepped, **free}
    return (
        ("Python", "GIL", "orders that lose", "lost in a free run"),
        *(
            (marked(version, item), "yes" if item.facts["gil"] else "no",
             _losing(stepped.get(version)), _lost(free.get(version)))
            for version, item in versions.items()
        ),
    )  # fmt: skip


def _losing(item: Observation | None) -> str:
    return UNKNOWN if item is None else f"{item.facts['losing']} of {item.facts['orders']}"


def _lost(item: Observation | None) -> str:
    return UNKNOWN if item is None else f"{item.facts['lost']:,} of {item.facts['expected']:,}"


def locks(seen: Seen) -> Rows:
    """Return for each lock what became of free runs, and of all orders."""
    return (
        ("lock", "free runs wrong", *ORDERS.values()),
        *(
            (marked(name, item), f"{item.facts['free']['wrong']} of {item.facts['free']['runs']}",
             *(str(item.facts["counts"][key]) for key in ORDERS))
            for name, item in seen.items()
        ),
    )  # fmt: skip


def aimed(item: Observation) -> Rows:
    """Return for each place what the map says of it, and what became of a write there."""
    facts = item.facts
    return (
        ("a write ...", "the map allows", "the process"),
        *(
            (marked(name, item), _allowed(facts["map"][at]), _became(facts, at))
            for at, name in words.AIMS.items()
        ),
    )


def _allowed(rights: str | None) -> str:
    """Say what a map's letters allow: ``'r-xp'`` is ``'read, run'``."""
    if rights is None:
        return "no entry"
    return ", ".join(word for letter, word in RIGHTS.items() if letter in rights) or "nothing"


def _became(facts: Facts, at: str) -> str:
    """Say how the writer ended, and what its owner finds there if nobody was ended."""
    how, before, after = (facts[name][at] for name in ("ended", "before", "after"))
    if how != words.LIVED:
        return f"ended: {how}"
    return f"went on: {before} became {after}"
