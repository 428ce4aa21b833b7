"""What a number is a number *of*: its unit, how it is written, and whether more of it is better.

Every result, every band of the textbook and every prediction names a quantity, and nothing else in
conclib turns a number into text. A number is written with a unit that keeps it between 1 and 1000,
and with three digits: more would be false.

    >>> from conclib.results.quantity import BYTES, RATIO, TIME
    >>> TIME.write(1234)
    '1.23 µs'
    >>> TIME.write_range(1200, 1300)
    '1.20–1.30 µs'
    >>> BYTES.write(2**20), RATIO.write(12.3)
    ('1.00 MB', '×12')
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

SPELLINGS = {"us": "µs", "μs": "µs", "sec": "s", "seconds": "s", "KB": "kB"}


@dataclass(frozen=True)
class Quantity:
    """A kind of number.

    Attributes:
        name: ``"time"``, ``"bytes"``, ``"count"``, ``"rate"``, ``"ratio"`` or ``"share"``.
        units: the units it is written in, smallest first, each with how many stored ones it is.
        axis: what to write beside an axis.
        more_is_better: ``True`` for a rate, ``False`` for a cost, ``None`` where it is neither.
    """

    name: str
    units: Mapping[str, float]
    axis: str
    more_is_better: bool | None = None
    _write: "Callable[[Quantity, float], str] | None" = field(default=None, repr=False)

    @property
    def unit(self) -> str:
        """The unit in which values are stored."""
        return next(iter(self.units))

    def write(self, value: float) -> str:
        """Write a stored value as a person would."""
        return self._write(self, value) if self._write else _scaled(self, value)

    def plain(self, value: float, unit: str | None = None) -> str:
        """Write a round number without trailing zeros: a tick, a guess, a textbook's figure.

        Args:
            value: a stored value.
            unit: one of its units; the one that suits the value if not given.
        """
        if self._write:
            return self._write(self, value)
        name, size = self.best_unit(value) if unit is None else (unit, self.units[unit])
        number = value / size
        return f"{number:,.0f} {name}" if number >= 1000 else f"{number:.3g} {name}"

    def write_range(self, low: float, high: float) -> str:
        """Write two values as a range, with one unit where it is the same."""
        return _range(self.write(low), self.write(high), " – ")

    def plain_range(self, low: float, high: float) -> str:
        """Write two round numbers as a range: ``'50–500 µs'``, ``'×2 to ×20'``."""
        return _range(self.plain(low), self.plain(high), " to ")

    def stored(self, value: float, unit: str) -> float:
        """Return a value of ``unit`` as it is stored: ``TIME.stored(2, "us")`` is 2000.0.

        Raises:
            ValueError: this quantity has no such unit; the message lists those it has.
        """
        known = SPELLINGS.get(unit, unit)
        if known not in self.units:
            raise ValueError(f"unit={unit!r}: must be one of: {', '.join(self.units)}")
        return value * self.units[known]

    def decades(self, low: float, high: float) -> list[float]:
        """Return what is 1, 10 or 100 of a unit, from a tenth of ``low`` to ``high``.

        For bytes these are no powers of ten: 1 kB, 10 kB, 100 kB, 1 MB.
        """
        sizes = [1.0] if self._write else list(self.units.values())
        found = []
        for place, size in enumerate(sizes):
            powers = range(0 if place else -12, 3 if size < sizes[-1] else 19)
            found += [size * 10.0**power for power in powers]
        return [number for number in found if low / 10 <= number <= high]

    def best_unit(self, value: float) -> tuple[str, float]:
        """Return the unit that keeps a value between 1 and 1000, and how many stored ones it is."""
        fitting = [item for item in self.units.items() if abs(value) >= item[1] * 0.9995]
        return fitting[-1] if fitting else next(iter(self.units.items()))


def digits(value: float) -> str:
    """Write three significant digits without an exponent: ``1.23``, ``12.3``, ``123``."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.2e}")  # first: 9.999 has one digit more when it is rounded
    places = max(0, 2 - math.floor(math.log10(abs(rounded))))
    return f"{rounded:.{min(places, 3)}f}"


def _scaled(quantity: Quantity, value: float) -> str:
    name, size = quantity.best_unit(value)
    return f"{digits(value / size)} {name}"


def _range(first: str, second: str, between: str) -> str:
    number, space, unit = first.partition(" ")
    if first == second:
        return first
    same = space and unit == second.partition(" ")[2]
    return f"{number}–{second}" if same else f"{first}{between}{second}"


def _plain(_: Quantity, value: float) -> str:
    """``'12'``, ``'1,300'``, ``'0.5'``."""
    return f"{value:,.0f}" if value >= 100 or value == int(value) else digits(value)


def _ratio(_: Quantity, value: float) -> str:
    """``'×0.5'``, ``'×12'``, ``'×1,300'``."""
    if value >= 100:
        places = 1 - math.floor(math.log10(value))
        return f"×{round(value, places):,.0f}"
    return f"×{digits(value).rstrip('0').rstrip('.') if value < 10 else f'{value:.0f}'}"


def _share(_: Quantity, value: float) -> str:
    return f"{digits(value * 100)} %"


TIME = Quantity("time", {"ns": 1.0, "µs": 1e3, "ms": 1e6, "s": 1e9}, "time", False)
BYTES = Quantity("bytes", {"B": 1.0, "kB": 2.0**10, "MB": 2.0**20, "GB": 2.0**30}, "memory", False)
COUNT = Quantity("count", {"": 1.0}, "how many", _write=_plain)
RATE = Quantity("rate", {"/s": 1.0, "k/s": 1e3, "M/s": 1e6}, "how many a second", True)
RATIO = Quantity("ratio", {"×": 1.0}, "how many times as much", None, _ratio)
SHARE = Quantity("share", {"": 1.0, "%": 0.01}, "share of all", _write=_share)
QUANTITIES = {each.name: each for each in (TIME, BYTES, COUNT, RATE, RATIO, SHARE)}
UNITS = tuple(each.unit for each in QUANTITIES.values() if each.unit)  # in which values are stored
_BY_UNIT = {unit: each for each in (RATE, RATIO, BYTES, TIME) for unit in each.units}


def of_unit(unit: str) -> Quantity:
    """Return the quantity that has a unit: ``of_unit("ms")`` is ``TIME``.

    Raises:
        ValueError: no quantity has it; the message lists all units.
    """
    known = SPELLINGS.get(unit, unit)
    if known not in _BY_UNIT:
        raise ValueError(f"unit={unit!r}: must be one of: {', '.join(_BY_UNIT)}")
    return _BY_UNIT[known]
