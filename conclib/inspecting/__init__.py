"""Reads what the system keeps about processes: memory, control blocks, what may still be taken."""

from conclib.inspecting import limits
from conclib.inspecting.control import ControlBlock, pcb, tcb
from conclib.inspecting.differences import Change, Difference
from conclib.inspecting.memory import Room, room
from conclib.inspecting.place import Place
from conclib.inspecting.reading import inspect
from conclib.inspecting.refusing import CannotInspect
from conclib.inspecting.region import Region
from conclib.inspecting.space import AddressSpace
from conclib.inspecting.tasks import Task
from conclib.inspecting.totals import Totals

__all__ = [
    "AddressSpace",
    "CannotInspect",
    "Change",
    "ControlBlock",
    "Difference",
    "Place",
    "Region",
    "Room",
    "Task",
    "Totals",
    "inspect",
    "limits",
    "pcb",
    "room",
    "tcb",
]
