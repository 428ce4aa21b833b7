"""What is wrong with a probe that a student wrote: the three usual mistakes, each in a sentence.

* The body does its work once, not ``loops`` times: then its time is divided by far too many.
* The baseline does the work too: then nothing of it is left to see.
* The verify proves nothing: it is content with a body that did nothing (the worker tries that, see
  ``probes/_driver.py``).

The first is refused in a cell, where reading the text is enough. The others are said beside the
result.
"""

import ast

LOOPLESS = (
    "text: body never uses {name!r}: it has to do its work so many times, as in "
    "`for _ in range({name}):`"
)
BASELINE = (
    "its baseline makes every call that its body makes, so nothing of them is left to see: leave "
    "out of the baseline what you want to time"
)
IDLE = "its verify says {answer!r} also where the body did nothing: it proves nothing"


def functions(text: str) -> dict[str, ast.FunctionDef]:
    """Return the functions of a probe's text by name; the text is Python."""
    return {n.name: n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef)}


def require_loop(text: str) -> None:
    """Refuse a body that cannot do its work ``loops`` times; what is no probe is refused later.

    Raises:
        ValueError: its second parameter is never used.
    """
    try:
        body = functions(text).get("body")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    if body is None or len(body.args.args) != 2:
        return
    name = body.args.args[1].arg
    if not any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(body)):
        raise ValueError(LOOPLESS.format(name=name))


def baseline_works_too(text: str) -> bool:
    """Tell whether the baseline makes every call of the body, with the same arguments."""
    found = functions(text)
    if "baseline" not in found:
        return False
    work = _calls(found["body"])
    return bool(work) and work <= _calls(found["baseline"])


def _calls(function: ast.FunctionDef) -> set[str]:
    """Return the calls that a function makes, as text; the loop's own ``range`` is none of them."""
    calls = {ast.unparse(node) for node in ast.walk(function) if isinstance(node, ast.Call)}
    loops = {ast.unparse(n.iter) for n in ast.walk(function) if isinstance(n, ast.For)}
    return calls - loops


def notes(text: str, idle: str | None) -> tuple[str, ...]:
    """Return what to say beside a result.

    Args:
        text: the probe's.
        idle: what its verify said of a body that did nothing; ``None`` if it refused it.
    """
    found = [BASELINE] if baseline_works_too(text) else []
    return (*found, *([IDLE.format(answer=idle)] if idle is not None else []))
