"""``conclib list``: every probe, its parameters and what it times."""

import argparse
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conclib.lab import Param, ProbeInfo


def run(options: argparse.Namespace) -> int:
    """Print every probe, and return 0."""
    from conclib.lab import catalogue

    if options.json:
        entries = {
            name: {
                "title": info.title,
                "kind": info.kind,
                "times": info.times,
                "params": {
                    each.name: {
                        "type": each.type,
                        "default": each.default,
                        "allowed": _allowed(each),
                    }
                    for each in info.params.values()
                },
            }
            for name, info in catalogue().items()
        }
        print(json.dumps({"schema": 1, "probes": entries}))
        return 0
    for info in catalogue().values():
        print(f"{info.name:<15} {info.title}")  # a longer name keeps its space
        for line in _timed(info):
            print(f"{'':<18}{line}")
        for each in info.params.values():
            print(f"{'':<18}{each.name}={each.default}   ({each.allowed})")
    return 0


def _allowed(param: "Param") -> list[str] | list[int] | str:
    """Return what a parameter allows: choices, the least and the most, or a text's pattern."""
    return list(param.choices) or param.pattern or [param.low, param.high]


def _timed(info: "ProbeInfo") -> list[str]:
    """Say what a probe times, for each value of ``timed`` where that decides."""
    if info.kind != "timed":
        return ["gives facts; there is nothing to measure"]
    if isinstance(info.times, str):
        return [f"times: {info.times}"]
    return [f"times, timed={value}: {words}" for value, words in info.times.items()]
