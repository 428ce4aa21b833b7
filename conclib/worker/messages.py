"""Protocol 1: what a worker may say, field by field.

A worker may be another Python, or run a student's own text, so nothing it says is believed before
it was looked at. What is not in this table is a ProtocolError for the caller.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any


def _a(kind: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kind)


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _time(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value) and value >= 0


def _times(value: Any) -> bool:
    return isinstance(value, list) and all(map(_time, value))


def _text_or_none(value: Any) -> bool:
    return value is None or isinstance(value, str)


FIELDS: Mapping[str, Mapping[str, Callable[[Any], bool]]] = {
    "ready": {"python": _a(str), "conditions": _a(dict)},
    "phase": {"name": _a(str)},
    "calibrated": {"loops": _count, "value": _time, "warmups": _count},  # a phase with figures
    "batch": {"values": _times, "baseline": _times, "refused": _count, "loops": _count},
    "facts": {"data": _a(object)},
    "done": {"verified": _text_or_none, "conditions": _a(dict)},
    "error": {"kind": _a(str), "message": _a(str)},
    "unavailable": {"reason": _a(str)},
}


def fault(message: Mapping[str, Any]) -> str:
    """Say what is wrong with a message, or return an empty string if nothing is."""
    kind = message["say"]
    if kind not in FIELDS or kind == "calibrated":
        return f"{kind!r}, which is no word of Protocol 1"
    fields = dict(FIELDS[kind])
    if kind == "phase" and message.get("name") == "calibrated":
        fields |= FIELDS["calibrated"]
    for name, good in fields.items():
        if name not in message or not good(message[name]):
            return f"{kind!r} with {name}={str(message.get(name))[:60]}, which is not Protocol 1"
    return ""
