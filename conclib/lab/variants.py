"""What to measure and how: the checked form of a call's arguments.

Everything here happens before anything is started. An argument that gets past it can be measured.
"""

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from conclib.inspecting import Room
from conclib.lab import machines, probe_files, resources, takes
from conclib.results import arguments, hooks
from conclib.results.arguments import Params
from conclib.results.hooks import Progress
from conclib.worker import Request

MAX_RUNS = 10
MAX_VARIANTS = 64
MAX_BALLAST = resources.CAPS["mb"]  # over all workers that live at the same time
MIN_BUDGET, MAX_BUDGET = 0.01, 60.0  # seconds
WORKER_MB = 24  # what a worker takes beside its ballast, with a child of its own kind
ONE_CPU = "one"
SIZES = tuple(2**power for power in range(10, -1, -1))  # examples, in MB
# How CONCLIB_BUDGET scales a budget, and how many workers share it where nobody says how many:
# "smoke" only asks whether it runs at all, "full" has patience.
PACES = {"smoke": (0.1, 1), "quick": (0.35, 2), "full": (4.0, 3)}
USUAL_PACE = (1.0, 3)


def _pace() -> tuple[float, int]:
    return PACES.get(os.environ.get("CONCLIB_BUDGET", ""), USUAL_PACE)


@dataclass(frozen=True)
class Options:
    """How to measure; the same for all variants of a call."""

    budget: float = 1.0
    runs: int | None = None
    cpu: int | str | None = None
    python: str | None = None
    on_progress: Callable[[Progress], None] | None = None
    stop: threading.Event | None = None
    pin: int | None = field(init=False)  # the CPU to pin to, which ``cpu`` asks for

    def __post_init__(self) -> None:
        arguments.seconds("budget", self.budget, MAX_BUDGET, MIN_BUDGET)
        if self.runs is not None:
            arguments.integer("runs", self.runs, 1, MAX_RUNS)
        object.__setattr__(self, "pin", _checked_cpu(self.cpu))
        _check_python(self.python)
        if self.on_progress is not None and not callable(self.on_progress):
            raise TypeError(
                f"on_progress={arguments.shown(self.on_progress)}: must be a function or None"
            )
        if self.stop is not None and not isinstance(self.stop, threading.Event):
            raise TypeError(f"stop={arguments.shown(self.stop)}: must be a threading.Event or None")

    @property
    def tell(self) -> Callable[[Progress], None]:
        """Who is told of progress: whoever asked to be, or those who listen to the hook."""
        return self.on_progress or hooks.on_progress.fire

    @property
    def seconds(self) -> float:
        """The budget, as CONCLIB_BUDGET (smoke, quick, full) scales it, but never above the cap."""
        return min(self.budget * _pace()[0], MAX_BUDGET)

    @property
    def workers(self) -> int:
        """How many fresh workers share the budget, each with one run."""
        return _pace()[1] if self.runs is None else self.runs

    def with_share(self, share: float) -> "Options":
        """Return the same options with a share (0 to 1) of the budget."""
        return replace(self, budget=max(self.budget * share, MIN_BUDGET))


@dataclass(frozen=True)
class Variant:
    """One thing to measure: a probe with all its parameters, under a label."""

    label: str
    info: probe_files.ProbeInfo
    params: Params

    def request(self, options: Options) -> Request:
        """Return what a worker is asked."""
        info = self.info
        name, site = "own" if info.text is not None else info.name, bool(info.packages)
        return Request(name, self.params, info.text, options.pin, site, options.python)


def variants(probes: Sequence[object], common: Mapping[str, object]) -> list[Variant]:
    """Return what ``measure_many`` was asked to measure, all parameters checked and complete."""
    if len(probes) == 1 and isinstance(probes[0], Mapping):
        wanted = [(label, *_pair(entry)) for label, entry in probes[0].items()]
    else:
        wanted = [(name, name, {}) for name in probes]
    arguments.integer("len(probes)", len(wanted), 1, MAX_VARIANTS)
    found = [
        (probe_files.probe(name), arguments.label("label", label), params)
        for label, name, params in wanted
    ]
    if len({label for _, label, _ in found}) < len(found):
        raise ValueError("probes: two have the same label; give a mapping {label: (probe, params)}")
    for name in common:
        if not any(name in info.params for info, *_ in found):
            raise TypeError(f"{name}={common[name]!r}: none of these probes takes {name}")
    return [
        Variant(label, info, info.complete({**_fitting(common, info), **params}))
        for info, label, params in found
    ]


def _pair(entry: object) -> tuple[object, Mapping[str, object]]:
    if isinstance(entry, tuple) and len(entry) == 2 and isinstance(entry[1], Mapping):
        return entry[0], entry[1]
    return entry, {}


def _fitting(common: Mapping[str, object], info: probe_files.ProbeInfo) -> dict[str, object]:
    return {name: value for name, value in common.items() if name in info.params}


def ballast(variants: Sequence[Variant]) -> int:
    """Return how much memory these variants' workers fill together, in MB."""
    return sum(variant.info.taken(variant.params)["mb"] for variant in variants)


def fits(variants: Sequence[Variant], room: Room) -> bool:
    """Tell whether these variants' workers may live at the same time.

    Their ballast has a cap of its own. All that they take, themselves included, is at most half of
    what is free: the notebook kernel goes on growing, too. A single one without ballast always
    fits: should it not, it is the first to be ended by Linux, and a recording takes its place.
    """
    filled = ballast(variants)
    taken = filled + len(variants) * WORKER_MB
    alone = len(variants) == 1 and filled == 0
    return alone or (filled <= MAX_BALLAST and taken <= room.free // 2)


def check_memory(variants: Sequence[Variant], room: Room) -> None:
    """Refuse ballast for which there is no room here; the message says what bounds it."""
    if not fits(variants, room):
        allowed = max(min(MAX_BALLAST, room.free // 2 - WORKER_MB), 0)
        first = variants[0]
        raise ValueError(
            f"{first.info.taking('mb', first.params)}: {ballast(variants)} MB would be "
            f"filled, and at most {allowed} MB may be now: {room.text}, of which measuring takes "
            f"no more than half, and never more than {MAX_BALLAST} MB.{_advice(first, allowed)}"
        )


def _advice(variant: Variant, allowed: int) -> str:
    """Name a value that is allowed: a power of two, as sizes usually are, or the least there is."""
    info = variant.info
    deciding = [info.params[name] for name in takes.names(info.takes["mb"])]
    for param in (each for each in deciding if each.type == "int"):
        for value in (*(size for size in SIZES if param.low <= size <= param.high), param.low):
            if info.taken({**variant.params, param.name: value})["mb"] <= allowed:
                return f" Try {param.name}={value}"
    return ""


def _checked_cpu(cpu: int | str | None) -> int | None:
    """Return the CPU to pin to, or ``None``; ``"one"`` leaves it to us which of those allowed."""
    if cpu is None or (cpu == ONE_CPU and not machines.can_pin()):
        return None
    allowed = machines.allowed_cpus()
    if cpu == ONE_CPU:
        return max(allowed)
    if isinstance(cpu, str):
        raise ValueError(f"cpu={cpu!r}: must be {ONE_CPU!r} or one of: {sorted(allowed)}")
    arguments.integer("cpu", cpu, 0, max(allowed))
    if cpu not in allowed:
        raise ValueError(f"cpu={cpu}: must be one of the CPUs allowed here: {sorted(allowed)}")
    return cpu


def _check_python(python: object) -> None:
    if python is None:
        return
    if not isinstance(python, str):
        raise TypeError(
            f"python={arguments.shown(python)}: must be the path of a Python interpreter"
        )
    if not os.path.isfile(python) or not os.access(python, os.X_OK):  # noqa: PTH113
        raise ValueError(
            f"python={arguments.shown(python)}: must be the path of an executable file"
        )
