"""Reads what the system keeps about processes: their control blocks, and what memory is free."""

from conclib.inspecting import limits
from conclib.inspecting.control import ControlBlock, pcb, tcb
from conclib.inspecting.memory import Room, room

__all__ = ["ControlBlock", "Room", "limits", "pcb", "room", "tcb"]
