"""An observation in words, and as an HTML card: a line for each fact, event and ending."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from conclib.results.card import conditions_text
from conclib.results.events import BEATS, INFERRED
from conclib.results.quantity import TIME
from conclib.results.tables import table

if TYPE_CHECKING:
    from conclib.results.events import Event
    from conclib.results.observation import Observation

MAX_FACT = 120  # characters of a fact on a line
MAX_LINES = 60  # events and endings in words; the frame and the JSON hold all


def rows(item: "Observation") -> list[tuple[str, str]]:
    """Return what happened, in order of time, as pairs of time and sentence."""
    found = [(each.t_ns, event_text(each)) for each in item.events]
    found += [(each.t_ns, f"{each.actor} {each.text} (seen by {each.by})") for each in item.endings]
    start = item.start_ns
    lines = [(f"+{TIME.write(t_ns - start)}", words) for t_ns, words in sorted(found)]
    if len(lines) > MAX_LINES:
        half = MAX_LINES // 2
        between = ("", f"... {len(lines) - 2 * half} more ...")
        lines = [*lines[:half], between, *lines[-half:]]
    return lines


def event_text(event: "Event") -> str:
    """Return one event as a sentence."""
    if event.what == BEATS:
        return f"{event.actor}: {len(event.data['times_ns'])} beats until then"
    data = ", ".join(f"{name} {value}" for name, value in event.data.items())
    doubt = " (inferred)" if event.seen == INFERRED else ""
    return f"{event.actor}: {event.what}{f', {data}' if data else ''}{doubt}"


def _facts(item: "Observation") -> Iterator[tuple[str, str]]:
    for name, value in item.facts.items():
        words = value if isinstance(value, str) else json.dumps(value)
        yield name, words if len(words) <= MAX_FACT else f"{words[: MAX_FACT - 3]}..."


def text(item: "Observation") -> str:
    """Return all of an observation as text."""
    lines = [f"{item.title}: {item.name} ({item.origin})"]
    lines += [f"  {name}: {words}" for name, words in _facts(item)]
    happened = rows(item)
    width = max((len(when) for when, _ in happened), default=0)
    lines += [f"  {when:>{width}}  {words}" for when, words in happened]
    lines += [f"  note: {doubt}" for doubt in item.doubts]
    return "\n".join(lines)


def card(item: "Observation") -> str:
    """Return the HTML card of an observation."""
    cells = [*_facts(item), *rows(item)]
    cells.append(("Conditions", conditions_text(item.conditions)))
    cells.append(("Source", item.source_text))
    if item.doubts:
        cells.append(("Note", "; ".join(item.doubts)))
    return table(f"{item.title}: {item.name}", (), cells)
