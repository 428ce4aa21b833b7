"""``%%probe`` and ``%%sacrifice``: cells that the notebook kernel itself never runs.

``%%probe`` is the student's own timed body, run in a worker like any other probe.

    %%probe string_join
    def body(state, loops):
        for _ in range(loops):
            ",".join(["a", "b"])

The cell is never run in the notebook kernel; its text goes to a fresh worker. The result is shown,
and kept under the given name, so that the next cell can use it.

``%%sacrifice`` runs the cell behind a guard (``worker/guard``), whatever it does, and shows what it
printed and how it ended::

    %%sacrifice seconds=3
    import os
    while True:
        os.fork()
"""

import builtins
import keyword
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from conclib import tracebacks
from conclib.results import ConclibError, arguments

EXAMPLE = "Take another one, such as: %%probe my_loop"
NO_NAME = "%%probe needs a name as for a variable on its first line, and nothing else"
TOO_LONG = f"a name may have {arguments.MAX_LABEL} characters at most"
KEYWORD = "this is a keyword of Python"
IPYTHON = "IPython keeps something of its own under this name"
BUILT_IN = "this is built into Python, and cells that use it would get the result instead"
MODULE = "this is the name of a module here, and cells that use it would fail"
OPTIONS = ("seconds", "may_read")
ANSWERS = {"yes": True, "no": False}
SACRIFICE_EXAMPLE = "such as: %%sacrifice seconds=3"
INSIDE = ("text", "own")  # how errors call a probe that is given as text
IPYTHONS_OWN = ("In", "Out", "display", "exit", "get_ipython", "quit")


def probe(line: str, cell: str) -> Any:
    """Measure the cell's ``body(state, loops)`` in a worker, keep and return the result.

    Args:
        line: the rest of the first line: a name for the result.
        cell: the probe's source text.

    Raises:
        ValueError: no usable name, no Python, no body, or one without a loop; nothing was started.
    """
    from IPython import get_ipython

    from conclib.lab import measure_own
    from conclib.lab.own_diagnosis import BASELINE, IDLE, require_loop
    from conclib.lab.running import LOOPLESS

    faults = (LOOPLESS, BASELINE, IDLE.partition("{")[0])
    names = get_ipython().user_ns
    name = usable(line, names)
    if cell.strip() in ("", "..."):
        print("Nothing measured yet: write your `def body(state, loops):` under the first line.")
        return None
    with _called(name):
        require_loop(cell)
        result = measure_own("\n" + cell, name=name)  # a line for %%probe: numbers are the cell's
    names[name] = result
    for note in result.notes:
        if note.startswith(faults):
            print(f"Do not believe this number: {note}.")
    if "printed" in result.conditions:
        print("Your probe printed, in the last of its measuring processes:")
        print(result.conditions["printed"])
    return result


@contextmanager
def _called(name: str) -> Iterator[None]:
    """Let an error begin with the student's own name, not with what a probe given as text is."""
    try:
        yield
    except (ValueError, TypeError, ConclibError) as error:
        about, colon, reason = str(error).partition(": ")
        if about in INSIDE:
            error.args = (f"{name}{colon}{reason}",)
        raise


def usable(line: str, names: Mapping[str, Any]) -> str:
    """Return the name for a result, as Python spells it (``"ﬁb"`` is the variable ``fib``).

    A variable of the student's own may be overwritten, as by any cell.

    Args:
        line: what stands after ``%%probe``.
        names: the notebook's variables.

    Raises:
        ValueError: no name, or one that a later cell needs for what it means now.
    """
    name = unicodedata.normalize("NFKC", line.strip())
    reason = _taken(name, names)
    if reason:
        raise ValueError(f"name={arguments.shown(name)}: {reason}. {EXAMPLE}")
    return name


def _taken(name: str, names: Mapping[str, Any]) -> str:
    """Say why a name cannot be used; empty if it can."""
    reasons = {
        NO_NAME: not name.isidentifier(),
        TOO_LONG: len(name) > arguments.MAX_LABEL,
        KEYWORD: keyword.iskeyword(name),
        IPYTHON: name.startswith("_") or name in IPYTHONS_OWN,
        BUILT_IN: hasattr(builtins, name),
        MODULE: isinstance(names.get(name), ModuleType),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def sacrifice(line: str, cell: str) -> Any:
    """Run the cell behind a guard and return what became of it; the notebook shows that.

    Args:
        line: nothing, or ``seconds=3`` (from 0.1 to 20) and ``may_read=yes``.
        cell: any Python text.

    Raises:
        ValueError: another option or value; nothing was started.
        Unavailable: no guard holds here; the text says why.
    """
    from conclib import lab

    options = _options(line)
    if cell.strip() in ("", "..."):
        print("Nothing was run: write your worst idea under the first line.")
        return None
    return lab.sacrifice(cell, **options)


def _options(line: str) -> dict[str, Any]:
    """Return the options on the first line of ``%%sacrifice``, each given once at most."""
    found: dict[str, Any] = {}
    for word in line.split():
        name, _, text = word.partition("=")
        if name not in OPTIONS:
            hint = arguments.nearest(name, OPTIONS)
            raise ValueError(
                f"{arguments.shown(word)}: %%sacrifice knows {' and '.join(OPTIONS)}, "
                f"{SACRIFICE_EXAMPLE}.{hint}"
            )
        if name in found:
            raise ValueError(f"{arguments.shown(word)}: {name} is given twice")
        found[name] = _seconds(text) if name == "seconds" else _answer(text)
    return found


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(
            f"seconds={arguments.shown(text)}: must be a number, {SACRIFICE_EXAMPLE}"
        ) from None


def _answer(text: str) -> bool:
    arguments.choice("may_read", text, ANSWERS)
    return ANSWERS[text]


def register() -> bool:
    """Register both, and short tracebacks, with a running IPython; tell if there is one."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        return False
    shell.register_magic_function(probe, "cell", "probe")
    shell.register_magic_function(sacrifice, "cell", "sacrifice")
    tracebacks.register(shell)
    return True
