"""The control blocks of a few threads, side by side: what Linux keeps for each of them."""

from collections.abc import Mapping
from typing import Any

from conclib.chapters.ch02_thread.looked import UNKNOWN, in_words

Thread = Mapping[str, Any]
PLAIN = {
    "number": "tid",
    "state": "state",
    "niceness": "niceness",
    "holds back": "blocks",
    "switched to": "switches",
}
ADDRESSES = {
    "instruction": "instruction",
    "stack pointer": "stack_pointer",
    "local record": "local",
}


def rows(threads: Mapping[str, Thread]) -> list[tuple[str, ...]]:
    """Return a table of them: a column for each thread, a row for each field, the head first."""
    head = ("", *(f"thread {name}" for name in threads))
    plain = [_row(name, [each[key] for each in threads.values()]) for name, key in PLAIN.items()]
    places = [
        (name, *(address(each[key]) for each in threads.values()))
        for name, key in ADDRESSES.items()
    ]
    values = _row("size in it", [each["value"] for each in threads.values()])
    return [head, *plain, *places, values]


def _row(name: str, values: list[Any]) -> tuple[str, ...]:
    return (name, *(str(value) if name == "number" else in_words(value) for value in values))


def address(value: int | None) -> str:
    """Write an address in base 16, or that it is not known."""
    return UNKNOWN if value is None else f"{value:x}"
