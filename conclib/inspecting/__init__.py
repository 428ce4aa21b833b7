"""Reads what the system keeps about processes: here, what memory a process may still take."""

from conclib.inspecting import limits
from conclib.inspecting.memory import Room, room

__all__ = ["Room", "limits", "room"]
