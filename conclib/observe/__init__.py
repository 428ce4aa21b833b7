"""Reads what the system keeps about processes: here, what memory a process may still take."""

from conclib.observe import limits
from conclib.observe.memory import Room, room

__all__ = ["Room", "limits", "room"]
