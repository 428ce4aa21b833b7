"""Making the recorded runs of ``data/recorded/``: the same records as live ones, with a label.

They stand in where something cannot be measured (another system, a container that forbids it).
Exactly the parameters that the chapters use are recorded, so that a recording fits or is not used.
All are kept on one CPU: where a child starts would otherwise be a matter of the day's chance.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from conclib.lab import measuring, observing, probe_files
from conclib.results import Measurement, encoding, files

TRIES = 5  # a recording stands in for a measurement, so it should be a quiet one
SIZES = [0, 64, 128, 256]
OBSERVED = ("fork_twice", "fork_buffer", "noise", "memory_map")
CLONES = ((), ("vm",), ("files",), ("fs",), ("vm", "files", "fs"), ("vm", "sighand"),
          ("vm", "files", "fs", "sighand"), ("vm", "files", "fs", "sighand", "thread"))  # fmt: skip


def wanted() -> list[tuple[str, dict[str, Any]]]:
    """Return what is recorded: every timed probe at its defaults, and what the chapters vary."""
    plain = [(name, {}) for name, info in probe_files.catalogue().items() if info.kind == "timed"]
    forks = [
        (probe, {"ballast_mb": size, "timed": timed})
        for probe in ("fork", "posix_spawn")
        for size in SIZES
        for timed in ("call", "wait")
        if (size, timed) != (0, "call")
    ]
    kinds = [
        ("fork", {"ballast_mb": 256, "pages": pages, "timed": "call"})
        for pages in ("huge", "file", "shared")
    ]
    threads = [("pthread", {"timed": "join"}), ("python_thread", {"timed": "join"})]
    dial = [("clone", {**dict.fromkeys(flags, 1), "ballast_mb": 128}) for flags in CLONES]
    rest = [
        ("pool_task", {"pool": "process"}),
        ("first_write", {"after": "fork"}),
        ("first_write", {"ballast_mb": 16, "after": "nothing"}),
        ("first_write", {"ballast_mb": 16, "after": "fork"}),
    ]
    return [*plain, *forks, *kinds, *threads, *dial, *rest]


def record(
    budget: float = 2.0, folder: Path | None = None, probe: str | None = None
) -> Iterator[str]:
    """Measure everything that is recorded and store it; yield a sentence for each.

    Args:
        budget: seconds of measuring for each.
        folder: where to store; ``data/recorded`` if not given.
        probe: this probe alone; all of them, and what is observed, if not given.

    Raises:
        TypeError, ValueError: no timed probe of this name.
    """
    names = [probe] if probe else list(dict.fromkeys(name for name, _ in wanted()))
    probe_files.probe(names[0])
    folder = folder or files.data_path("recorded")
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        items = [_quiet(name, params, budget) for each, params in wanted() if each == name]
        yield from map(repr, items)
        live = [encoding.to_json(_shortened(item)) for item in items if item.source == "live"]
        if len(live) < len(items):
            yield f"{name}: not measured here, so not recorded"
        else:
            _write(folder / f"{name}.json", live)
    if probe is None:
        yield from _record_observations(folder)


def _quiet(probe: str, params: dict[str, Any], budget: float) -> Measurement:
    """Measure until nothing speaks against the result, a few times; return the best one."""
    found: list[Measurement] = []
    while len(found) < TRIES and not (found and not found[-1].unstable):
        found.append(measuring.measure(probe, budget=budget, cpu="one", **params))
    return min(found, key=lambda item: len(item.unstable))


def _write(path: Path, data: Any) -> None:
    """Replace a file in one step: an interrupt leaves the old one."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps(data, allow_nan=False) + "\n")
    new.replace(path)


def _record_observations(folder: Path) -> Iterator[str]:
    """Store what the chapters' probes report here."""
    for probe in OBSERVED:
        item = observing.observed(probe)
        if item.source != "live":
            yield f"{probe}: not observed here, so not recorded"
            continue
        _write(folder / f"{probe}.json", [replace(item, source="recorded").to_json()])
        yield repr(item)


def _shortened(item: Any, most: int = 100) -> Any:
    """Return the recording with at most ``most`` values a run, evenly picked; files stay small."""
    runs = [
        replace(run, values=_picked(run.values, most), baseline=_picked(run.baseline, 20))
        for run in item.runs
    ]
    return replace(item, source="recorded", runs=tuple(runs))


def _picked(values: tuple[float, ...], most: int) -> tuple[float, ...]:
    step = max(1, -(-len(values) // most))
    return tuple(round(value, 1) for value in values[::step])
