"""What a sweep varies: an axis with a name, a quantity, a title and the values measured."""

from collections.abc import Sequence
from dataclasses import dataclass

from conclib.results import arguments
from conclib.results.quantity import COUNT, Quantity


@dataclass(frozen=True)
class Axis:
    """What is varied, and at which values.

    Attributes:
        name: the parameter: ``"clients"``.
        values: where it was measured, in the quantity's stored unit, rising.
        quantity: what its values are numbers of.
        title: what to write beside it: ``"clients at the same time"``.

    Raises:
        ValueError: no values, or values that do not rise.
    """

    name: str
    values: tuple[float, ...]
    quantity: Quantity = COUNT
    title: str = ""

    def __post_init__(self) -> None:
        if not self.values or list(self.values) != sorted(set(self.values)):
            raise ValueError(
                f"values={arguments.shown(self.values)}: must be numbers that rise, at least one"
            )

    @property
    def text(self) -> str:
        """The title, or the name where it has none."""
        return self.title or self.name

    def write(self, value: float) -> str:
        """Write one of its values as a person would."""
        return self.quantity.write(value)


def of_params(name: str, values: Sequence[float], **more: object) -> Axis:
    """Return an axis of the values that a sweep was given, put in order."""
    return Axis(name, tuple(sorted(set(values))), **more)
