"""What a probe's file says of itself, read as text: it is never imported outside a worker.

``PROBE["kind"]`` names the kind of actor that a probe starts, which is how it is drawn. It is a
word, or, where a parameter decides, ``{parameter: {value: word}}``; the first value is the default.
"""

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "probes"
OTHER = "other"  # a probe that starts no actor, or one that is not known here


def literal(tree: ast.Module) -> dict[str, Any] | None:
    """Return the value of ``PROBE = {...}`` in a parsed file, without running anything.

    Raises:
        ValueError: it is there, but is no literal.
    """
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if any(isinstance(target, ast.Name) and target.id == "PROBE" for target in targets):
            return ast.literal_eval(node.value)
    return None


@cache
def _declared(path: Path) -> str | Mapping[str, Mapping[Any, str]]:
    try:
        entry = literal(ast.parse(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, SyntaxError):
        return OTHER
    return (entry or {}).get("kind", OTHER)


def kind_of(probe: str, params: Mapping[str, Any] | None = None) -> str:
    """Return what a probe starts: ``"process"``, ``"thread"``, ``"task"`` or ``"other"``.

    Args:
        probe: the probe's name; for one that has no file here, ``"other"``.
        params: its parameters, which may decide.
    """
    if not probe.isidentifier():  # a student's own probe, or no name at all
        return OTHER
    declared = _declared(FOLDER / f"{probe}.py")
    if isinstance(declared, str):
        return declared
    ((param, kinds),) = declared.items()
    value = (params or {}).get(param, next(iter(kinds)))
    return kinds.get(value, OTHER)
