"""Short tracebacks in a notebook: the student's line and the reason, not our inside.

A misspelt name is answered with a sentence that says what is allowed. In a notebook that sentence
would stand below a page of this library's own code. So an error that this library raises on
purpose is cut to the frames before it was entered. ``%xmode Verbose`` shows all of them again;
errors in the student's own code are never touched.
"""

from pathlib import Path
from types import TracebackType
from typing import Any

from conclib.results import ConclibError

HERE = Path(__file__).parent
OURS = (ConclibError, ValueError, TypeError, AttributeError, KeyboardInterrupt)
WHOLE = ("Verbose", "Docs")


def shorten(trace: TracebackType | None) -> None:
    """Cut a traceback where it enters this library, if it also ends in it."""
    frames = []
    while trace is not None:
        frames.append(trace)
        trace = trace.tb_next
    places = [Path(frame.tb_frame.f_code.co_filename) for frame in frames]
    inside = [place.is_relative_to(HERE) for place in places]
    if not inside or not inside[-1] or inside[0]:
        return
    last = inside.index(True) - 1
    while last > 1 and "IPython" in places[last].parts:  # what carries a cell to its magic
        last -= 1
    frames[last].tb_next = None


def _handle(
    shell: Any, kind: type, error: BaseException, trace: Any, tb_offset: Any = None
) -> None:
    if shell.InteractiveTB.mode not in WHOLE:
        shorten(trace)
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


def register(shell: Any) -> None:
    """Show errors of this library short in a running IPython."""
    shell.set_custom_exc(OURS, _handle)
