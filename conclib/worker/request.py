"""What a worker is asked to do: the one object that goes down its request pipe."""

import json
from dataclasses import dataclass
from pathlib import Path

from conclib.results.arguments import Params
from conclib.results.probe_texts import module_of

PROTOCOL = 2
START = Path(__file__).resolve().parent.parent / "probes" / "_start.py"
KEEPER = Path(__file__).resolve().parent / "guard" / "_start.py"  # for code one does not trust


@dataclass(frozen=True)
class Request:
    """What a worker shall do.

    Attributes:
        probe: its name, as the catalogue has it; with a text, any name.
        params: the probe's parameters, all of them.
        text: source of a probe of the student's own, instead of a file.
        cpu: pin to this CPU; ``None`` leaves the affinity alone.
        site: also import installed packages (slower and larger).
        python: another interpreter's path; ``None`` is this one.
        program: the command of the program that a probe looks at, if it is none of Python's.
        start: the script that the worker is: the driver of probes, or the keeper of a guard.
    """

    probe: str
    params: Params
    text: str | None = None
    cpu: int | None = None
    site: bool = False
    python: str | None = None
    program: tuple[str, ...] = ()
    start: Path = START

    def to_json(self) -> bytes:
        """Return the request as the line that goes down the pipe."""
        body = {
            "protocol": PROTOCOL,
            "probe": module_of(self.probe) if self.text is None else self.probe,
            "params": dict(self.params),
            "text": self.text,
            "cpu": self.cpu,
            "program": list(self.program),
        }
        return json.dumps(body).encode() + b"\n"
