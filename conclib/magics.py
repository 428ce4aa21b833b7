"""``%%probe``: the student's own timed body, run in a worker like any other probe.

    %%probe string_join
    def body(state, loops):
        for _ in range(loops):
            ",".join(["a", "b"])

The cell is never run in the notebook kernel; its text goes to a fresh worker. The result is shown,
and kept under the given name, so that the next cell can use it.
"""

from types import ModuleType
from typing import Any

from conclib import tracebacks

HELP = "%%probe needs a name on its first line, such as: %%probe my_loop"


def probe(line: str, cell: str) -> Any:
    """Measure the cell's ``body(state, loops)`` in a worker, keep and return the result.

    Args:
        line: the rest of the first line: a name for the result.
        cell: the probe's source text.

    Raises:
        ValueError: no usable name, no Python, or no body; nothing was started.
    """
    from IPython import get_ipython

    from conclib.lab import measure_own
    from conclib.lab.running import LOOPLESS

    name = line.strip()
    if not name.isidentifier():
        raise ValueError(f"name={name!r}: {HELP}")
    names = get_ipython().user_ns
    if isinstance(names.get(name), ModuleType):
        raise ValueError(f"name={name!r}: this is the name of a module here; take another one")
    if cell.strip() in ("", "..."):
        print("Nothing measured yet: write your `def body(state, loops):` under the first line.")
        return None
    result = measure_own("\n" + cell, name=name)  # a line for %%probe: numbers are the cell's
    names[name] = result
    if LOOPLESS in result.notes:
        print(f"Do not believe this number: {LOOPLESS}.")
    if "printed" in result.conditions:
        print(f"Your probe printed, in the last of its workers:\n{result.conditions['printed']}")
    return result


def register() -> bool:
    """Register ``%%probe`` and short tracebacks with a running IPython; tell if there is one."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        return False
    shell.register_magic_function(probe, "cell", "probe")
    tracebacks.register(shell)
    return True
