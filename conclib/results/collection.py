"""Several measurements that belong together, in order and with labels."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from conclib.results import card
from conclib.results.axis import Axis
from conclib.results.estimate import Estimate
from conclib.results.identity import require_same_host
from conclib.results.measurement import Measurement

if TYPE_CHECKING:
    import pandas


class Measurements(Mapping[str, Measurement]):
    """A read-only mapping from label to measurement, made interleaved in one call.

    Labels are texts; a number finds the one that is at it: ``sizes[64]`` is ``sizes["64"]``.

    Args:
        items: the measurements by label, in the order to show them.
        varied: the axis that a sweep varied, if it is one.
        mixed: allow results of different hosts, because the reader is told.

    Raises:
        DifferentMachines: they come from different hosts and ``mixed`` is not set.
    """

    def __init__(
        self, items: Mapping[str, Measurement], *, varied: Axis | None = None, mixed: bool = False
    ) -> None:
        if not mixed:
            require_same_host(item.host for item in items.values())
        self._items = dict(items)
        self.varied = varied

    def __getitem__(self, label: str | float) -> Measurement:
        name = label if isinstance(label, str) else self._label_at(label)
        if name not in self._items:
            raise KeyError(f"{label!r}: measured were: {', '.join(self._items)}")
        return self._items[name]

    def _label_at(self, value: float) -> str:
        """Return the one label that is this number, or stands at it on the axis; empty if none."""
        axis = self.varied.name if self.varied else ""
        found = [
            label
            for label, item in self._items.items()
            if label == str(value) or (axis and item.params.get(axis) == value)
        ]
        return found[0] if len(found) == 1 else ""

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def estimate(self, label: str) -> Estimate:
        """Return one of them as an estimate that bears its label."""
        return replace(self[label].estimate, label=f"{label}{self._runtime(label)}")

    def origin(self, label: str) -> str:
        """Say where one of them comes from, and of which Python it is where they differ in that."""
        return f"{self[label].origin}{self._runtime(label)}"

    def _runtime(self, label: str) -> str:
        several = len({item.runtime for item in self.values()}) > 1
        return f" under {self[label].runtime.label}" if several else ""

    @property
    def points(self) -> list[tuple[float, Measurement]]:
        """What was measured at each value of the axis, in order.

        Raises:
            TypeError: no sweep. ValueError: a measurement that does not say where it belongs.
        """
        if self.varied is None:
            raise TypeError("no sweep: cl.sweep(...) measures at several values of a number")
        name = self.varied.name
        found: list[tuple[float, Measurement]] = []
        for label, item in self.items():
            place = item.params.get(name)
            if place is None or isinstance(place, str):
                raise ValueError(f"{label!r} ({item.name}) has no {name}: no place on the axis")
            found.append((place, item))
        return sorted(found, key=lambda point: point[0])

    @property
    def curve(self) -> list[tuple[float, Estimate]]:
        """The estimate at each value of the axis, in order; raises as :attr:`points` does."""
        return [(x, item.estimate) for x, item in self.points]

    def ratio(self, over: str, under: str) -> Estimate:
        """Return how many times ``over`` takes what ``under`` does, with its interval."""
        return self.estimate(over).ratio(self.estimate(under))

    def __repr__(self) -> str:
        width = max((len(label) for label in self), default=0)
        return "\n".join(
            f"{label:<{width}}  {item.net_text:>9}  ({item.interval_text}, n={item.n}, "
            f"{self.origin(label)}{item.doubt_text})"
            for label, item in self.items()
        )

    def _repr_html_(self) -> str:
        return card.measurements_card(self)

    def to_frame(self) -> "pandas.DataFrame":
        """Return one row per value, as :meth:`Measurement.to_frame` does, with a label column."""
        import pandas

        frames = [item.to_frame().assign(label=label) for label, item in self.items()]
        return pandas.concat(frames, ignore_index=True)
