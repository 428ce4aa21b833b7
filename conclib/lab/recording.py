"""Making the recorded runs of ``data/recorded/``: the same records as live ones, with a label.

They stand in where something cannot be measured (another system, a container that forbids it).
Exactly the parameters that the chapters use are recorded, so that a recording fits or is not used.
All are kept on one CPU: where a child starts would otherwise be a matter of the day's chance.
"""

import datetime
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from conclib.lab import machines, measuring, probe_files
from conclib.results import encoding, files

SIZES = [0, 64, 128, 256]
FACTS = ("fork_twice", "fork_buffer", "noise")
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


def record(budget: float = 2.0, folder: Path | None = None) -> Iterator[str]:
    """Measure everything that is recorded and store it; yield a sentence for each.

    Args:
        budget: seconds of measuring for each.
        folder: where to store; ``data/recorded`` if not given.
    """
    folder = folder or files.data_path("recorded")
    folder.mkdir(parents=True, exist_ok=True)
    by_probe: dict[str, list[dict]] = {}
    for probe, params in wanted():
        item = measuring.measure(probe, budget=budget, cpu="one", **params)
        if item.source != "live":
            yield f"{probe}: not measured here, so not recorded"
            continue
        by_probe.setdefault(probe, []).append(encoding.to_json(_shortened(item)))
        yield repr(item)
    for probe, items in by_probe.items():
        (folder / f"{probe}.json").write_text(json.dumps(items, allow_nan=False) + "\n")
    yield from _record_facts(folder / "facts")


def _record_facts(folder: Path) -> Iterator[str]:
    """Store what the facts probes of the chapters report here."""
    folder.mkdir(exist_ok=True)
    for probe in FACTS:
        data = measuring.report(probe)
        if "recorded" in data:
            yield f"{probe}: cannot be run here, so not recorded"
            continue
        entry = {
            "schema": encoding.SCHEMA,
            "probe": probe,
            "params": probe_files.probe(probe, "facts").complete({}),
            "data": data,
            "machine": machines.record().to_json(),
            "date": datetime.date.today().isoformat(),
        }
        (folder / f"{probe}.json").write_text(json.dumps(entry, allow_nan=False) + "\n")
        yield f"{probe}: recorded"


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
