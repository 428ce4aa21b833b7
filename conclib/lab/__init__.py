"""Turns what a worker reports into a result."""

from conclib.lab.crashing import crash, fate_matrix
from conclib.lab.doctor import MachineReport, capabilities, machine, machine_line
from conclib.lab.machines import host
from conclib.lab.measuring import measure, measure_many, measure_own, sweep
from conclib.lab.observing import observe
from conclib.lab.params import Param
from conclib.lab.probe_files import ProbeInfo, catalogue, source
from conclib.lab.pythons import observe_on, observe_on_all
from conclib.lab.sacrificing import Sacrificed, sacrifice
from conclib.results.hooks import Progress

__all__ = [
    "MachineReport",
    "Param",
    "ProbeInfo",
    "Progress",
    "Sacrificed",
    "capabilities",
    "catalogue",
    "crash",
    "fate_matrix",
    "host",
    "machine",
    "machine_line",
    "measure",
    "measure_many",
    "measure_own",
    "observe",
    "observe_on",
    "observe_on_all",
    "sacrifice",
    "source",
    "sweep",
]
