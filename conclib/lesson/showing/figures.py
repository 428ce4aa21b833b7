"""The picture that fits a result."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conclib.inspecting import AddressSpace, Difference
from conclib.lesson import registry, texts
from conclib.lesson.showing.shown import Shown, show
from conclib.results import Measurement, Measurements, Observation, arguments

KINDS = {  # of picture, and who draws it
    "spread": "distribution",
    "order": "in_order",
    "curve": "curve",
    "side by side": "comparison",
    "lanes": "lanes",
    "steps": "moving_lanes",
    "map": "space",
    "changes": "space_changes",
}
OF_ACTORS = ("lanes", "steps")
OF_MEMORY = {AddressSpace: "map", Difference: "changes"}


@dataclass(frozen=True, repr=False)
class Plotted(Shown):
    """A picture that puts itself on the page; ``picture`` has its words, table and figure.

    Attributes:
        drawn_text: the same as a drawing in letters, where there is one.
    """

    picture: Any = None
    drawn_text: str = ""

    def text(self) -> str:
        """Return the drawing in letters, or the picture's facts in words."""
        return self.drawn_text or self.picture.alt

    def save(self, path: str | Path) -> Path:
        """Write the picture to a file that ends in .png, .svg or .pdf; return the file's path."""
        return self.picture.save(path)

    def _put_on_page(self) -> None:
        from IPython.display import display

        display(self.picture)


def plot(result: Any, kind: str | None = None, *, title: str | None = None) -> Any:
    """Return the picture of a result.

    Args:
        result: what ``measure``, ``measure_many``, ``sweep`` or ``observe`` gave, or several of the
            first three by label: a dict. Those of different machines are shown with the machine's
            name beside each. Also what ``inspect`` gave, or the difference of two of these.
        kind: ``"spread"`` (every value), ``"order"`` (as they came), ``"curve"`` (over what was
            varied), ``"side by side"``, ``"lanes"`` (who lives how long), ``"steps"`` (the
            same, to be stepped back and forth), ``"map"`` and ``"changes"`` (of a process's
            memory), or a kind that a chapter brings; chosen by the result if not given.
        title: the question that the picture answers.

    Returns:
        The picture; it shows itself, carries the same facts as text and as a table, and can be
        saved. Its ``picture.figure`` is matplotlib's, for another look.

    Raises:
        TypeError, ValueError: no result, or a kind that does not fit it.

    Example:
        ``cl.plot(run).save("fork.svg")``, or
        ``cl.plot({"laptop": cl.load("laptop.json"), "lab machine": cl.load("lab.json")})``
    """
    _require_results(result)
    chosen = fitting(result) if kind is None else arguments.choice("kind", kind, _kinds())
    _require_fit(chosen, result)
    drawn = _drawing(chosen)(result, **({"title": title} if title else {}))
    return show(Plotted(drawn, _in_letters(result) if chosen in OF_ACTORS else ""))


def _in_letters(result: Observation) -> str:
    from conclib import plots

    return plots.lanes_text(result)


def _require_results(result: Any) -> None:
    if isinstance(result, Measurement | Observation | AddressSpace | Difference):
        return
    if not isinstance(result, Mapping) or not result:
        raise TypeError(
            f"result={type(result).__name__}: must be what cl.measure, cl.measure_many or cl.sweep "
            'gave, or several by label, such as {"laptop": one, "lab machine": other}'
        )
    for label, item in result.items():
        if not isinstance(item, Measurement) and not _is_sweep(item):
            given = f"result[{arguments.shown(label)}]={type(item).__name__}"
            raise TypeError(
                f"{given}: must be what cl.measure or cl.sweep gave, one for each label"
            )
    if len({isinstance(item, Measurement) for item in result.values()}) > 1:
        raise TypeError("result: holds single results and sweeps; one picture shows one of the two")


def _require_fit(kind: str, result: Any) -> None:
    """Refuse a kind of picture that this result cannot be drawn as."""
    if kind in OF_MEMORY.values() or type(result) in OF_MEMORY:
        if OF_MEMORY.get(type(result)) != kind:
            raise TypeError(f"kind={kind!r}: what cl.inspect gave is a 'map', two are 'changes'")
        return
    if kind in KINDS and (kind in OF_ACTORS) != isinstance(result, Observation):
        raise TypeError(
            f"kind={kind!r}: an Observation is drawn as 'lanes' or 'steps', and nothing else is"
        )
    if isinstance(result, Observation):
        _require_actors(kind, result)
        return
    by_label = not isinstance(result, Measurement) and any(map(_is_sweep, result.values()))
    if kind == "order" and not isinstance(result, Measurement):
        raise TypeError("result: the order of values can be shown for one measurement only")
    if kind == "curve" and not (by_label or _is_sweep(result)):
        raise TypeError("result: no sweep; a curve shows what cl.sweep(...) gave")
    if kind != "curve" and by_label:
        raise TypeError(f"kind={kind!r}: several sweeps by label can be shown as a curve only")


def _require_actors(kind: str, result: Observation) -> None:
    if kind in OF_ACTORS and not _in_letters(result):
        raise ValueError(
            "result: nothing was seen to happen to anybody, so there are no lanes to draw; what it "
            "has are facts: result.facts"
        )


def _is_sweep(item: Any) -> bool:
    return isinstance(item, Measurements) and item.varied is not None


def _kinds() -> dict[str, str]:
    """Return every kind of picture: who draws it, or in which chapter that is found."""
    brought = {
        kind: number
        for number, words in texts.chapters().items()
        for kind in words.get("pictures", {}).values()
    }
    return {**brought, **KINDS}


def _drawing(kind: str) -> Callable[..., Any]:
    from conclib import plots

    if kind in KINDS:
        return getattr(plots, KINDS[kind])
    return registry.opened(_kinds()[kind]).pictures[kind]


def fitting(result: Any) -> str:
    """Return the kind of picture that fits a result; a chapter may name one for a probe."""
    if isinstance(result, Measurement):
        return "spread"
    if type(result) in OF_MEMORY:
        return OF_MEMORY[type(result)]
    items = [result] if isinstance(result, Observation) else list(result.values())
    if _is_sweep(result) or any(map(_is_sweep, items)):
        return "curve"
    probes = {item.probe for item in items}
    tables = [words.get("pictures", {}) for words in texts.chapters().values()]
    kinds = [kind for table in tables for probe, kind in table.items() if probes == {probe}]
    usual = "lanes" if isinstance(result, Observation) else "side by side"
    return kinds[0] if kinds else usual
