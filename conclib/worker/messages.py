"""Protocol 2 on the caller's side: from a line to a message that may be believed.

A worker may be another Python, or run a student's own text, so nothing it says is believed before
it was looked at. What is not in ``forms.py``, or is more than was asked for, is a ProtocolError
for the caller.
"""

from typing import TYPE_CHECKING

from conclib.results import ConclibError, ProtocolError, Unavailable, WorkerError, decoding

if TYPE_CHECKING:
    from conclib.worker.forms import Message

MAX_VALUES = 100_000  # in one message: facts hold some thousands, a batch at most a hundred


def load() -> None:
    """Import what decoding needs, msgspec too, while no interrupt can cut the import in two."""
    import conclib.worker.forms  # noqa: F401 -- for the import alone


def decode(line: bytes) -> "Message":
    """Return the message that a line of Protocol 2 holds.

    Raises:
        ValueError: it is not a message of Protocol 2; the text names place and value.
    """
    from conclib.worker.forms import DECODER

    return decoding.decode(line, DECODER, MAX_VALUES)


def failure(
    message: "Message", expected: "tuple[type[Message], ...]", probe: str, tail: str
) -> ConclibError:
    """Return the error that a message stands for where one of other forms was due."""
    from conclib.worker import forms

    if isinstance(message, forms.Unavailable):
        return Unavailable(f"{probe}: {message.reason}")
    if isinstance(message, forms.Error):
        text = f": {message.message}" if message.message else ""  # not all errors have one
        return WorkerError(f"{probe}: {message.kind}{text}")
    came, *due = (form.__name__.lower() for form in (type(message), *expected))
    heard = f"the measuring process said {came!r} where {' or '.join(due)} was due"
    return ProtocolError(f"{heard}. {tail}")


def fault(message: "Message", samples: int) -> str:
    """Say what is wrong with a batch of which ``samples`` values were asked; empty if nothing."""
    from conclib.worker.forms import Batch

    if not isinstance(message, Batch):
        return ""
    given = len(message.values) + message.refused
    if given == samples and len(message.baseline) <= samples:
        return ""
    return (
        f"'batch' with {given} values and {len(message.baseline)} of the baseline where "
        f"{samples} were asked for, which is not Protocol 2"
    )
