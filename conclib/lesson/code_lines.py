"""Writing a call of the course's as a line of code that can be pasted into a cell."""

import json
from typing import Any


def code_line(name: str, *given: Any, **more: Any) -> str:
    """Write a call as code, with double quotes as the notebooks have.

    Args:
        name: the public name, without ``cl.``; given, more: its arguments.
    """
    texts = [*map(literal, given), *(f"{key}={literal(value)}" for key, value in more.items())]
    return f"cl.{name}({', '.join(texts)})"


def literal(value: Any) -> str:
    """Write a value as code; ``...`` is a gap still to fill in."""
    if value is ...:
        return "..."
    if isinstance(value, bool):
        return repr(value)
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))})"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(k)}: {literal(v)}' for k, v in value.items())}}}"
    return json.dumps(value, ensure_ascii=False)
