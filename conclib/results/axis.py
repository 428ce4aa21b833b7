"""What a sweep varies: an axis with a name, a quantity, a title and the values measured."""

from collections.abc import Iterable
from dataclasses import dataclass

from conclib.results import arguments
from conclib.results.quantity import COUNT, Quantity, of_unit


@dataclass(frozen=True)
class Axis:
    """What is varied, and at which values.

    Attributes:
        name: the parameter: ``"clients"``.
        values: where it was measured, in ``unit``, rising.
        quantity: what its values are numbers of.
        title: what to write beside it: ``"clients at the same time"``; its name if not given.
        unit: one of the quantity's units; the stored one if not given.

    Raises:
        ValueError: no values, values that do not rise, or a unit that the quantity does not have.
    """

    name: str
    values: tuple[float, ...]
    quantity: Quantity = COUNT
    title: str = ""
    unit: str = ""

    def __post_init__(self) -> None:
        if not self.values or list(self.values) != sorted(set(self.values)):
            raise ValueError(
                f"values={arguments.shown(self.values)}: must be numbers that rise, at least one"
            )
        object.__setattr__(self, "title", self.title or self.name)
        object.__setattr__(self, "unit", self.unit or self.quantity.unit)
        self.quantity.stored(1, self.unit)  # refuses a unit that it does not have

    @property
    def text(self) -> str:
        """The title with the unit of the numbers beside it: ``"memory touched (MB)"``."""
        return f"{self.title} ({self.unit})" if self.unit else self.title

    @property
    def per(self) -> str:
        """What a slope is for: ``"per MB"``."""
        return f"per {self.unit}" if self.unit else "for one more"

    def write(self, value: float) -> str:
        """Write one of its values as a person would: ``"64 MB"``."""
        return self.quantity.plain(self.quantity.stored(value, self.unit), self.unit)


def of_params(name: str, values: Iterable[float], title: str = "", unit: str = "") -> Axis:
    """Return an axis of the values that a sweep was given, put in order.

    Args:
        name: the parameter.
        values: those it was given.
        title: what to write beside it.
        unit: of which unit they are; one that no quantity has is no unit, and they are counts.
    """
    try:
        quantity = of_unit(unit)
    except ValueError:
        quantity, unit = COUNT, ""
    return Axis(name, tuple(sorted(set(values))), quantity, title, unit)
