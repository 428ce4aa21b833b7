"""The panel's pictures: every value of one result, of several, or none yet.

Drawn without pyplot: a callback may run on another thread than the cell, and pyplot then draws
into the other's figure.
"""

from collections.abc import Mapping

from conclib.lesson.judging.conditions import ComparedFacts
from conclib.plots import sheet, style
from conclib.plots.amounts import Amount, amounts
from conclib.plots.distribution import distribution
from conclib.plots.picture import Picture
from conclib.results import Measurement, Observation
from conclib.results.quantity import TIME

CLASS = "conclib-plot"
ONE = "How do the single values spread?"
SEVERAL = "Which one costs more?"
NOW = "How do the values spread so far?"
NONE = "Nothing measured yet."


def picture(items: Mapping[str, Measurement], title: str = "") -> Picture:
    """Draw results by label, or an empty sheet where there are none."""
    if not items:
        return _empty()
    return distribution(dict(items), title=title or (ONE if len(items) == 1 else SEVERAL))


def reported(judge: ComparedFacts, seen: Mapping[str, Observation], title: str) -> Picture:
    """Draw the two facts that a judge compares, as bars."""
    rows = []
    origins = [seen[name.rpartition(":")[0]] for name in (judge.one, judge.other)]
    for label, item, found in zip(judge.drawn_as, origins, judge.estimates(seen), strict=True):
        recorded = "" if item.source == "live" else item.origin
        rows.append(Amount(label, found.value, recorded=recorded))
    return amounts(rows, title=title, quantity=judge.quantity)


def _empty() -> Picture:
    figure, ax = sheet.sheet(NONE, 0.6)
    ax.tick_params(left=False, labelleft=False)
    style.log_axis(ax, TIME, 1e2, 1e8)
    return Picture(figure, f"{NONE} An empty time axis.")


def image(drawn: Picture) -> str:
    """Return a picture as the HTML of a widget."""
    style_ = f"background:#fff;max-width:{drawn.width}px"
    return f"<div style='{style_}'>{drawn.to_img(css_class=CLASS)}</div>"
