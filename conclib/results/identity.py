"""Where a result comes from: the host, and the Python that ran on it.

A timing means nothing without its host, and a shared file of results should not carry anybody's
host name. So a host is what matters for the numbers: the system, the processor, how many CPUs.
The system's release and the memory are described, too, but an upgrade makes no new host.

Results of two hosts are never compared without saying so. Those of two runtimes on one host may be;
they are labelled where they stand side by side.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from conclib.results.errors import DifferentMachines


@dataclass(frozen=True)
class Host:
    """A machine; two are the same where system, processor and number of CPUs are.

    Attributes:
        system: name of the operating system, ``"Linux"``.
        cpu: model of the processor, as it names itself.
        cpus: how many CPUs the operating system shows.
        release: the system's version, ``"6.1"``; only described.
        memory_mb: main memory in MB of 2**20 bytes; only described.
    """

    system: str
    cpu: str
    cpus: int
    release: str = field(default="", compare=False)
    memory_mb: int = field(default=0, compare=False)

    @property
    def os(self) -> str:
        """System and release: ``"Linux 6.1"``."""
        return f"{self.system} {self.release}".strip()

    @property
    def label(self) -> str:
        """One line for a caption; never a host name."""
        return f"{self.os}, {self.cpu}, {self.cpus} {'CPU' if self.cpus == 1 else 'CPUs'}"

    @property
    def key(self) -> str:
        """The text by which what is kept names this host."""
        return f"{self.system}, {self.cpu}, {self.cpus}"


@dataclass(frozen=True)
class Runtime:
    """A Python.

    Attributes:
        implementation: ``"CPython"``.
        version: ``"3.11.7"``.
        gil: whether only one thread at a time runs Python code.
        build: ``sys.abiflags``: ``"t"`` for a free-threaded build, ``"d"`` for a debug build.
    """

    implementation: str
    version: str
    gil: bool = True
    build: str = ""

    @property
    def python(self) -> str:
        """Implementation and version: ``"CPython 3.11.7"``."""
        return f"{self.implementation} {self.version}".strip()

    @property
    def label(self) -> str:
        """The same, with what sets it apart: ``"CPython 3.13.0 (free-threaded, GIL off)"``."""
        words = {"free-threaded": "t" in self.build, "debug build": "d" in self.build}
        marks = [word for word, true in {**words, "GIL off": not self.gil}.items() if true]
        return f"{self.python} ({', '.join(marks)})" if marks else self.python


def to_json(host: Host, runtime: Runtime) -> dict[str, Any]:
    """Return both as the plain data that results call ``machine``.

    GIL and build are there only where they are not the usual ones, so that what older versions
    have stored is written again as it was.
    """
    unusual: dict[str, Any] = {"gil": False} if not runtime.gil else {}
    unusual |= {"build": runtime.build} if runtime.build else {}
    return {
        "os": host.os,
        "cpu": host.cpu,
        "cpus": host.cpus,
        "memory_mb": host.memory_mb,
        "python": runtime.python,
        **unusual,
    }


def require_same_host(hosts: Iterable[Host]) -> None:
    """Refuse to compare results of different hosts as if they were one.

    Raises:
        DifferentMachines: they differ; the message lists them.
    """
    different = list(dict.fromkeys(hosts))
    if len(different) > 1:
        raise DifferentMachines(
            "these results come from different machines, so their difference says nothing about "
            "what was measured: " + "; ".join(host.label for host in different)
        )
