"""What a result says about the machine it comes from.

A timing means nothing without its machine, and a shared file of results should not carry anybody's
host name. So a machine is described by what matters for the numbers: operating system, processor,
how many CPUs, how much memory, and which Python.
"""

from dataclasses import asdict, dataclass
from typing import Any

from conclib.results.arguments import shown
from conclib.results.errors import DifferentMachines, RecordError


@dataclass(frozen=True)
class Machine:
    """A machine and a Python, as far as they matter for a timing.

    Attributes:
        os: name and version, ``"Linux 6.1"``.
        cpu: model of the processor, as it names itself.
        cpus: how many CPUs the operating system shows.
        memory_mb: main memory in MB of 2**20 bytes.
        python: implementation and version, ``"CPython 3.11.7"``.
    """

    os: str
    cpu: str
    cpus: int
    memory_mb: int
    python: str

    @property
    def label(self) -> str:
        """One line for a caption; never a host name."""
        plural = "CPU" if self.cpus == 1 else "CPUs"
        return f"{self.os}, {self.cpu}, {self.cpus} {plural}, {self.python}"

    @property
    def host(self) -> str:
        """What stays the same when system or Python are brought up to date: the host's key."""
        return f"{self.os.split(' ')[0]}, {self.cpu}, {self.cpus}"

    def to_json(self) -> dict[str, Any]:
        """Return a plain dictionary that :meth:`from_json` loads back."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Any) -> "Machine":
        """Load what :meth:`to_json` gave.

        Raises:
            RecordError: a field is missing, unknown or of the wrong type.
        """
        kinds = {"os": str, "cpu": str, "cpus": int, "memory_mb": int, "python": str}
        if not isinstance(data, dict) or set(data) != set(kinds):
            raise RecordError(f"machine: must hold exactly {', '.join(kinds)}")
        for name, kind in kinds.items():
            if not isinstance(data[name], kind) or isinstance(data[name], bool):
                raise RecordError(
                    f"machine.{name}: must be {kind.__name__}, got {shown(data[name])}"
                )
        return cls(**data)


def require_same_machine(machines: list[Machine]) -> None:
    """Refuse to compare results of different machines or Pythons as if they were one.

    Raises:
        DifferentMachines: they differ; the message lists them.
    """
    labels = list(dict.fromkeys(machine.label for machine in machines))
    if len(labels) > 1:
        raise DifferentMachines(
            "these results come from different machines, so their difference says nothing about "
            "what was measured: " + "; ".join(labels)
        )
