"""Panels to press and turn, in a notebook: each is a thin shell over plain functions.

Whatever a panel can do, code can do too, and each panel says how. Everything is loaded at first
use: importing this package loads no ipywidgets.
"""

from importlib import import_module
from typing import Any

# No module may be named like what it gives: importing it would put it in the function's place.
PUBLIC = {
    "panel": "measuring",
    "explore": "exploring",
}

__all__ = sorted(PUBLIC)  # noqa: PLE0605 -- the list is the same as the table above


def __getattr__(name: str) -> Any:
    if name not in PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{PUBLIC[name]}"), name)
