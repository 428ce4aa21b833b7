"""Frozen records, statistics, and their JSON: the package that every other package may use."""

from conclib.results.collection import Measurements
from conclib.results.encoding import load
from conclib.results.errors import (
    Cancelled,
    ConclibError,
    DifferentMachines,
    ProtocolError,
    RecordError,
    Unavailable,
    WorkerError,
    WorkerTimeout,
)
from conclib.results.events import Actor, Ending, Event
from conclib.results.identity import Host, Runtime
from conclib.results.measurement import Measurement, Run
from conclib.results.observation import Observation

__all__ = [
    "Actor",
    "Cancelled",
    "ConclibError",
    "DifferentMachines",
    "Ending",
    "Event",
    "Host",
    "Measurement",
    "Measurements",
    "Observation",
    "ProtocolError",
    "RecordError",
    "Run",
    "Runtime",
    "Unavailable",
    "WorkerError",
    "WorkerTimeout",
    "load",
]
