"""Short tracebacks in a notebook: the student's line and the reason, not our inside.

A misspelt name is answered with a sentence that says what is allowed. In a notebook that sentence
would stand below a page of this library's own code. So an error that this library raises on
purpose is cut to the frames before it was entered. ``%xmode Verbose`` shows all of them again;
errors in the student's own code are never touched.

A cell that begins with ``%%probe`` has no line of its own that could be shown: what carries it to
us is IPython's. An interrupt (Stop) that ends a measurement says what becomes of it.
"""

from pathlib import Path
from types import TracebackType
from typing import Any

from conclib.results import ConclibError

HERE = Path(__file__).parent
OURS = (ConclibError, ValueError, TypeError, AttributeError, KeyboardInterrupt)
WHOLE = ("Verbose", "Docs")
MEASURING = (HERE / "lab", HERE / "worker")
STOPPED = "Stopped: nothing of this measurement is kept."


def shorten(trace: TracebackType | None) -> None:
    """Cut a traceback where it enters this library, if it also ends in it."""
    frames = _frames(trace)
    places = [_place(frame) for frame in frames]
    inside = [place.is_relative_to(HERE) for place in places]
    if not inside or not inside[-1] or inside[0]:
        return
    last = inside.index(True) - 1
    if last > 1 and "IPython" in places[last].parts:  # what carries a cell to its magic
        while last > 0 and "IPython" in places[last].parts:
            last -= 1
        last -= 1  # the cell's one line, which is IPython's, too
    frames[max(last, 0)].tb_next = None


def _frames(trace: TracebackType | None) -> list[TracebackType]:
    found = []
    while trace is not None:
        found.append(trace)
        trace = trace.tb_next
    return found


def _place(frame: TracebackType) -> Path:
    return Path(frame.tb_frame.f_code.co_filename)


def explain(error: BaseException, trace: TracebackType | None) -> None:
    """Say of an interrupt that came while something was measured what it means."""
    places = [_place(frame) for frame in _frames(trace)]
    measuring = any(place.is_relative_to(part) for place in places for part in MEASURING)
    if isinstance(error, KeyboardInterrupt) and not error.args and measuring:
        error.args = (STOPPED,)


def _handle(
    shell: Any, kind: type, error: BaseException, trace: Any, tb_offset: Any = None
) -> None:
    explain(error, trace)
    if shell.InteractiveTB.mode not in WHOLE:
        shorten(trace)
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


def register(shell: Any) -> None:
    """Show errors of this library short in a running IPython."""
    shell.set_custom_exc(OURS, _handle)
