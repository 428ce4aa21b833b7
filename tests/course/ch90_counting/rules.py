"""What decides in chapter 90, where the rules that fit any chapter do not."""

from typing import Any

from conclib import textbook
from conclib.results import Measurement


def parity(result: Any, rule: dict, options: list[str]) -> tuple[str | None, str]:
    """Decide by how many values there are."""
    if not isinstance(result, Measurement):
        raise TypeError("result: this question needs one measurement")
    return rule["even" if result.n % 2 == 0 else "odd"], f"Measured: {result.n} values."


def any_at_all(items: list[Measurement]) -> textbook.Verdict | None:
    """Judge a claim without a band: supported as soon as anything was measured."""
    return textbook.Verdict("supported", "something was measured") if items else None


RULES = {
    "parity": parity,
}

JUDGES = {
    "toy.counting": {"anything": any_at_all},
}
