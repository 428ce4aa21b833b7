"""Turns what a worker reports into a result."""

from conclib.lab.measuring import measure, measure_many, measure_own, report, sweep
from conclib.lab.probe_files import Param, ProbeInfo, catalogue, source
from conclib.lab.variants import Progress

__all__ = [
    "Param",
    "ProbeInfo",
    "Progress",
    "catalogue",
    "measure",
    "measure_many",
    "measure_own",
    "report",
    "source",
    "sweep",
]
