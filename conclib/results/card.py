"""The card of a measurement: what was timed, the result, its spread, and where it comes from.

Plain tables without scripts, and with no colour of their own, so that they read in the dark theme,
on a code-hosting site, and by a screen reader.
"""

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from conclib.results import statistics
from conclib.results.quantity import TIME
from conclib.results.tables import table

if TYPE_CHECKING:
    from conclib.results.collection import Measurements
    from conclib.results.measurement import Measurement


def conditions_text(conditions: Mapping[str, Any]) -> str:
    """Say in one line under which conditions a worker measured."""
    parts = []
    if "cpus_allowed" in conditions:
        parts.append(f"{conditions['cpus_allowed']} CPUs allowed")
    if conditions.get("pinned") is not None:
        parts.append(f"pinned to CPU {conditions['pinned']}")
    if "rss_mb" in conditions:
        parts.append(f"the measuring process held {conditions['rss_mb']:.0f} MB")
    if "load" in conditions:
        parts.append(f"load {conditions['load']:.1f}")
    if "thp" in conditions:
        parts.append(f"huge pages: {conditions['thp']}")
    return ", ".join(parts) or "not known"


def spread_text(item: "Measurement") -> str:
    """Say how the single values lie, with the baseline subtracted as in the result above it."""
    raw = item.net is None or min(item.net_values) <= 0  # the difference would say nothing
    values = item.values if raw else item.net_values
    late, mad = statistics.quantile(values, 0.9), statistics.mad(values) if item.n > 1 else 0.0
    write = item.quantity.write
    least, tenth = ("fastest", "slowest") if item.quantity is TIME else ("least", "highest")
    head = "baseline included: " if raw and item.baseline else ""
    return (
        f"{head}{least} {write(min(values))}, half of all within ±{write(mad)} of "
        f"the median, {tenth} tenth above {write(late)}; n = {item.n}"
    )


def _result_text(item: "Measurement") -> str:
    base = item.quantity.write(item.baseline)
    if not item.baseline:
        return item.net_text
    if item.net is None:
        return f"{item.net_text}: not above its baseline of {base}"
    return f"{item.net_text}, baseline of {base} subtracted"


def _interval_text(item: "Measurement") -> str:
    count = len(item.runs)
    whose = "one fresh process" if count == 1 else f"envelope of {count} fresh processes"
    return f"{item.interval_text} ({whose})" if item.net_interval else item.interval_text


def measurement_card(item: "Measurement") -> str:
    """Return the HTML card of one measurement."""
    rows = [
        ("Timed", item.times),
        ("Result", _result_text(item)),
        ("95 % interval", _interval_text(item)),
        ("Spread", spread_text(item)),
        ("Conditions", conditions_text(item.conditions)),
        ("Source", item.source_text),
    ]
    if item.unstable:
        rows.append(("Handle with care", "; ".join(item.unstable)))
    return table(f"{item.title}: {item.name}", (), rows)


def measurements_card(items: "Measurements") -> str:
    """Return the HTML card of several measurements: a row each, and what was timed."""
    head = ("", "result", "95 % interval", "n", "source", "timed")
    rows = [
        (label, item.net_text, item.interval_text, str(item.n), items.origin(label), item.times)
        for label, item in items.items()
    ]
    doubts = [f"{label}: {'; '.join(i.unstable)}" for label, i in items.items() if i.unstable]
    care = f"<p>Handle with care: {escape('. '.join(doubts))}.</p>" if doubts else ""
    return table("", head, rows) + care
