"""What a worker needs of ``json`` and ``signal``, without what these modules bring along.

``json`` imports ``re``, and ``signal`` imports ``enum``: half of a worker's start would be spent on
them. Both are covers over modules written in C. Those are used here directly, and where a Python has
not got them, the standard modules are.
"""

from __future__ import annotations  # a worker may be an older Python

from types import SimpleNamespace

TYPE_CHECKING = False  # as in typing, which a worker need not load
if TYPE_CHECKING:
    from typing import Any

try:
    import _json
    from _signal import SIG_DFL, SIGCHLD, SIGINT, SIGKILL, signal
except ImportError:
    _json = None
    from signal import SIG_DFL, SIGCHLD, SIGINT, SIGKILL, signal

__all__ = ["SIGCHLD", "SIGINT", "SIGKILL", "SIG_DFL", "dumps", "loads", "signal"]

# The attributes that the reader in C looks for; see json.decoder.JSONDecoder.
HOW_TO_READ = SimpleNamespace(
    strict=True, object_hook=None, object_pairs_hook=None, parse_float=float, parse_int=int,
    parse_constant=float, memo={},
)  # fmt: skip


def dumps(value):
    """Write plain data as JSON in one line; NaN and infinity are refused.

    Raises:
        TypeError: something in it is no plain data. ValueError: a number that JSON has not got.
    """
    if _json is None:
        import json

        return json.dumps(value, allow_nan=False)
    text = _json.encode_basestring_ascii
    write = _json.make_encoder({}, _refuse, text, None, ": ", ", ", False, False, False)
    return "".join(write(value, 0))


def loads(line: bytes) -> Any:
    """Read one line of JSON, as bytes, which begins with its value."""
    if _json is None:
        import json

        return json.loads(line)
    return _json.make_scanner(HOW_TO_READ)(line.decode(), 0)[0]


def _refuse(value):
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
