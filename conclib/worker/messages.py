"""Protocol 2 on the caller's side: from a line to a message that may be believed.

A worker may be another Python, or run a student's own text, so nothing it says is believed before
it was looked at. What is not in ``forms.py``, or is more than was asked for, is a ProtocolError
for the caller.
"""

from collections.abc import Mapping
from typing import Any

from conclib.results import decoding

MAX_VALUES = 100_000  # in one message: facts hold some thousands, a batch at most a hundred


def load() -> None:
    """Import what decoding needs, msgspec too, while no interrupt can cut the import in two."""
    import conclib.worker.forms  # noqa: F401 -- for the import alone


def decode(line: bytes) -> dict[str, Any]:
    """Return a line of Protocol 2 as plain data.

    Raises:
        ValueError: it is not a message of Protocol 2; the text names place and value.
    """
    from msgspec import to_builtins

    from conclib.worker.forms import DECODER

    found: dict[str, Any] = to_builtins(decoding.decode(line, DECODER, MAX_VALUES))
    return found


def kind(message: Mapping[str, Any]) -> str:
    """Return a message's kind: ``"ready"``, ``"batch"``, ..."""
    from conclib.worker.forms import TAG

    return str(message[TAG])


def fault(message: Mapping[str, Any], samples: int) -> str:
    """Say what is wrong with a batch of which ``samples`` values were asked; empty if nothing."""
    if kind(message) != "batch":
        return ""
    given = len(message["values"]) + message["refused"]
    if given == samples and len(message["baseline"]) <= samples:
        return ""
    return (
        f"'batch' with {given} values and {len(message['baseline'])} of the baseline where "
        f"{samples} were asked for, which is not Protocol 2"
    )
