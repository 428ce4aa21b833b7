"""The errors that conclib raises on purpose, in one short family.

Bad arguments are plain ``ValueError`` and ``TypeError`` (see ``arguments.py``): they are raised
before anything starts. What can go wrong *afterwards* is named here.
"""


class ConclibError(Exception):
    """Something conclib could not do, with a sentence that says why."""


class WorkerError(ConclibError):
    """A measuring process ended, or refused, before it gave a result."""


class ProtocolError(WorkerError):
    """A worker said something that is not Protocol 2; holds the tail of its standard error."""


class WorkerTimeout(WorkerError):
    """A worker was still busy when its deadline came, and was killed."""


class Cancelled(ConclibError):
    """The measurement was stopped on request; nothing of it is kept."""


class Unavailable(ConclibError):
    """This is not available on this machine, and no exact recording of it exists."""


class RecordError(ConclibError):
    """A stored result is truncated, of another schema, or not a result at all."""


class DifferentMachines(ConclibError):
    """Results of different machines were about to be compared without saying so."""
