"""How a number is written: with a unit that keeps it between 1 and 1000, and no false digits."""

import math

TIME = {"ns": 1.0, "µs": 1e3, "ms": 1e6, "s": 1e9}
BYTES = {"B": 1.0, "kB": 2.0**10, "MB": 2.0**20, "GB": 2.0**30}
SPELLINGS = {"us": "µs", "μs": "µs", "sec": "s", "seconds": "s", "KB": "kB"}


def to_ns(value: float, unit: str) -> float:
    """Return ``value`` of ``unit`` (ns, µs or us, ms, s) in nanoseconds.

    Raises:
        ValueError: an unknown unit.
    """
    known = SPELLINGS.get(unit, unit)
    if known not in TIME:
        raise ValueError(f"unit={unit!r}: must be one of: {', '.join(TIME)}")
    return value * TIME[known]


def _digits(value: float) -> str:
    """Three significant digits, without an exponent: ``1.23``, ``12.3``, ``123``."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.2e}")  # first: 9.999 has one digit more when it is rounded
    places = max(0, 2 - math.floor(math.log10(abs(rounded))))
    return f"{rounded:.{min(places, 3)}f}"


def _scaled(value: float, scale: dict[str, float]) -> str:
    fitting = [(name, unit) for name, unit in scale.items() if abs(value) >= unit * 0.9995]
    name, unit = fitting[-1] if fitting else next(iter(scale.items()))
    return f"{_digits(value / unit)} {name}"


def time(ns: float) -> str:
    """Write nanoseconds as a person would: ``time(1234)`` is ``'1.23 µs'``."""
    return _scaled(ns, TIME)


def time_range(low: float, high: float) -> str:
    """Write two times as a range, with one unit where it is the same: ``'1.20–1.30 µs'``."""
    first, second = time(low), time(high)
    if first == second:
        return first
    if first.split()[1] == second.split()[1]:
        return f"{first.split()[0]}–{second}"
    return f"{first} – {second}"


def size(value: float) -> str:
    """Write a number of bytes: ``size(2**20)`` is ``'1.00 MB'`` (a megabyte of 2**20 bytes)."""
    return _scaled(value, BYTES)


def ratio(value: float) -> str:
    """Write a ratio: ``'×0.5'``, ``'×12'``, ``'×1,300'``."""
    if value >= 100:
        digits = 1 - math.floor(math.log10(value))
        return f"×{round(value, digits):,.0f}"
    return f"×{_digits(value).rstrip('0').rstrip('.') if value < 10 else f'{value:.0f}'}"
