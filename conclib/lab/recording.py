"""Making the recorded runs of ``data/recorded/``: the same records as live ones, with a label.

They stand in where something cannot be measured (another system, a container that forbids it).
Exactly the parameters that the chapters use are recorded (they hand them down), so that a recording
fits or is not used.
All are kept on one CPU: where a child starts would otherwise be a matter of the day's chance.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

from conclib.lab import measuring, observing, probe_files
from conclib.results import Measurement, files

TRIES = 5  # a recording stands in for a measurement, so it should be a quiet one
Tables = Iterable[Mapping[str, Any]]


def wanted(tables: Tables = ()) -> list[tuple[str, dict[str, Any]]]:
    """Return what is recorded: every timed probe at its defaults, and what the chapters vary.

    Args:
        tables: each with ``runs``: a probe with its parameters, where a list stands for each of
            its values, ``{"probe": "fork", "ballast_mb": [0, 64]}``.

    Raises:
        TypeError, ValueError: a probe or a parameter that there is not.
    """
    plain: list[tuple[str, dict[str, Any]]] = [
        (name, {}) for name, info in probe_files.catalogue().items() if info.kind == "timed"
    ]
    runs = [run for table in tables for run in table.get("runs", ())]
    found: list[tuple[str, dict[str, Any]]] = []
    seen = []
    for name, params in [*plain, *(each for run in runs for each in _each(**run))]:
        whole = name, probe_files.probe(name).complete(params)
        if whole not in seen:
            found.append((name, params))
            seen.append(whole)
    return found


def _each(probe: str, **params: Any) -> list[tuple[str, dict[str, Any]]]:
    lists = [value if isinstance(value, list) else [value] for value in params.values()]
    return [(probe, dict(zip(params, values, strict=True))) for values in product(*lists)]


def record(
    tables: Tables,
    *,
    budget: float = 2.0,
    folder: Path | None = None,
    probe: str | None = None,
) -> Iterator[str]:
    """Measure everything that is recorded and store it; yield a sentence for each.

    Args:
        tables: what each chapter wants recorded: ``runs`` as for :func:`wanted`, and ``facts``,
            the names of probes that report.
        budget: seconds of measuring for each.
        folder: where to store; ``data/recorded`` if not given.
        probe: this probe alone; all of them, and what is observed, if not given.

    Raises:
        TypeError, ValueError: no timed probe of this name.
    """
    tables = list(tables)
    all_runs = wanted(tables)
    names = [probe] if probe else list(dict.fromkeys(name for name, _ in all_runs))
    probe_files.probe(names[0])
    folder = folder or files.data_path("recorded")
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        items = [_quiet(name, params, budget) for each, params in all_runs if each == name]
        yield from map(repr, items)
        live = [_shortened(item).to_json() for item in items if item.source == "live"]
        if len(live) < len(items):
            yield f"{name}: not measured here, so not recorded"
        else:
            _write(folder / f"{name}.json", live)
    if probe is None:
        wanted_facts = [name for table in tables for name in table.get("facts", ())]
        yield from _record_observations(folder, wanted_facts)


def _quiet(probe: str, params: dict[str, Any], budget: float) -> Measurement:
    """Measure until nothing speaks against the result, a few times; return the best one."""
    found: list[Measurement] = []
    while len(found) < TRIES and not (found and not found[-1].unstable):
        found.append(measuring.measure(probe, budget=budget, cpu="one", **params))
    return min(found, key=lambda item: len(item.unstable))


def _write(path: Path, data: object) -> None:
    """Replace a file in one step: an interrupt leaves the old one."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps(data, allow_nan=False) + "\n")
    new.replace(path)


def _record_observations(folder: Path, probes: list[str]) -> Iterator[str]:
    """Store what the chapters' probes report here."""
    for probe in probes:
        item = observing.observed(probe)
        if item.source != "live":
            yield f"{probe}: not observed here, so not recorded"
            continue
        _write(folder / f"{probe}.json", [replace(item, source="recorded").to_json()])
        yield repr(item)


def _shortened(item: Measurement) -> Measurement:
    """Return the recording with at most 100 values a run, evenly picked; files stay small."""
    runs = [
        replace(run, values=_picked(run.values, 100), baseline=_picked(run.baseline, 20))
        for run in item.runs
    ]
    return replace(item, source="recorded", runs=tuple(runs))


def _picked(values: tuple[float, ...], most: int) -> tuple[float, ...]:
    step = max(1, -(-len(values) // most))
    return tuple(round(value, 1) for value in values[::step])
