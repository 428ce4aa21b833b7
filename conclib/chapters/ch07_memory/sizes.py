"""Sizes in kB and MB, in words."""

from conclib.lesson.showing.looked import UNKNOWN
from conclib.results.quantity import BYTES

KB, MB = 2**10, 2**20


def in_mb(value: float | None) -> str:
    """Write a number of MB, or that it is not known."""
    return UNKNOWN if value is None else BYTES.write(value * MB)


def in_kb(value: float | None) -> str:
    """Write a number of kB, or that it is not known."""
    return UNKNOWN if value is None else BYTES.write(value * KB)
