"""A control block in words, in one line, and as an HTML card."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

from conclib.inspecting.fields import SHORT
from conclib.results.quantity import BYTES, TIME
from conclib.results.tables import folded, table


class Field(Protocol):
    """What is needed here of a field; ``control.py`` has the record itself."""

    name: str
    group: str
    value: Any
    reason: str
    source: str
    meaning: str
    unit: str
    text: str


class Block(Protocol):
    """What is needed here of a control block."""

    pid: int
    tid: int | None
    condition: str
    fields: tuple[Any, ...]


CONDITIONS = {
    "zombie": "It has ended, and nobody has asked how: the record is still kept.",
    "gone": "There is no process of this number (any more).",
    "no /proc": "There is no /proc here, where Linux shows its processes.",
    "other namespace": "/proc shows the processes of another PID namespace here.",
}
UNREAD = "not readable"
CHANGED = "  ◀ changed"


def value_text(field: Field) -> str:
    """Return a field's value as a person would write it, or its reason in brackets."""
    value = field.value
    if value is None:
        return f"({field.reason})"
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    known = {"path": _last_name, "address": hex, "time": _time, "bytes": BYTES.write}
    whole = isinstance(value, int) or field.unit == "path"
    return known[field.unit](value) if whole and field.unit else str(value)


def _last_name(path: str) -> str:
    """Return the last name of a path: where somebody's home lies stays out of stored pages."""
    return path if path == "/" else f".../{Path(path).name}"


def _time(ns: int) -> str:
    return TIME.write(ns) if ns else "0 s"


def title(block: Block) -> str:
    """Return whose control block it is."""
    whose = f"process {block.pid}"
    return f"Control block of {whose if block.tid is None else f'thread {block.tid} of {whose}'}"


def line(block: Block) -> str:
    """Return the whole record in one line: who, in which state, how much could be read."""
    known = [each for each in block.fields if each.value is not None]
    state = next((each.text for each in known if each.name == "state"), block.condition)
    name = next((f" ({each.text})" for each in known if each.name == "name"), "")
    return f"{title(block)}{name}: {state}; {len(known)} of {len(block.fields)} fields read"


def text(block: Block) -> str:
    """Return all fields, a line for each, under their headings."""
    lines = [line(block)]
    if block.condition in CONDITIONS:
        lines.append(CONDITIONS[block.condition])
    width = max(len(each.name) for each in block.fields)
    for group, fields in groupby(block.fields, key=lambda each: each.group):
        lines.append(group)
        lines += [f"  {each.name:{width}}  {each.text}  [{each.source}]" for each in fields]
    return "\n".join(lines)


def card(block: Block) -> str:
    """Return the HTML card: the chief fields, and folded below them all, with their sources."""
    note = CONDITIONS.get(block.condition, "")
    return brief(block) + (f"<p>{note}</p>" if note else "") + everything(block)


def brief(block: Block, changed: Iterable[str] = (), names: Sequence[str] = SHORT) -> str:
    """Return some fields as a table that stands open.

    Args:
        block: whose; ``changed``: the names of fields to mark.
        names: the fields shown.
    """
    marked = set(changed)
    rows = [(each.name, _short(each) + (CHANGED if each.name in marked else ""))
            for each in block.fields if each.name in names and _tells(each)]  # fmt: skip
    return table(title(block), (), rows)


def _short(field: Field) -> str:
    """Return a field's value, or only the first word of why there is none."""
    return field.text if field.value is not None else f"({field.reason.partition(':')[0]})"


def _tells(field: Field) -> bool:
    """Whether a chief field is worth its line: not how a process ended that has not."""
    return field.name != "exit code" or field.value is not None


def everything(block: Block) -> str:
    """Return all fields as a folded table: value, source, meaning."""
    head = ("field", "value", "where Linux shows it", "what it means")
    rows = [(each.name, each.text, each.source, each.meaning) for each in block.fields]
    unread = sum(each.value is None for each in block.fields)
    more = f", {unread} of them {UNREAD}" if unread else ""
    return folded(f"All {len(rows)} fields, each with its source{more}", table("", head, rows))
