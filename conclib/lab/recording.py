"""Making the recorded runs of ``data/recorded/``: the same records as live ones, with a label.

They stand in where something cannot be measured (another system, a container that forbids it).
Exactly the parameters that the chapters use are recorded (they hand them down), so that a recording
fits or is not used.
What is timed is kept on one CPU: where a child starts would otherwise be a matter of the day's
chance.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

from conclib.lab import measuring, observing, probe_files, pythons
from conclib.results import Measurement, Observation, Unavailable, arguments, files

TRIES = 5  # a recording stands in for a measurement, so it should be a quiet one
Tables = Iterable[Mapping[str, Any]]


def wanted(tables: Tables = ()) -> list[tuple[str, dict[str, Any]]]:
    """Return what is recorded: every timed probe at its defaults, and what the chapters name.

    Args:
        tables: each with ``facts``, the names of probes that report, and ``runs``: a probe with its
            parameters, where a list stands for each of its values,
            ``{"probe": "fork", "ballast_mb": [0, 64]}``.

    Raises:
        TypeError, ValueError: a probe or a parameter that there is not.
    """
    known, tables = probe_files.catalogue(), list(tables)
    names = [name for name, info in known.items() if info.kind == "timed"]
    names += [name for table in tables for name in table.get("facts", ())]
    runs: list[Mapping[str, Any]] = [{"probe": name} for name in names]
    runs += [run for table in tables for run in table.get("runs", ())]
    found: list[tuple[str, dict[str, Any]]] = []
    seen = []
    for name, params in (each for run in runs for each in _each(**run)):
        whole = name, known[arguments.choice("probe", name, known)].complete(params)
        if whole not in seen:
            found.append((name, params))
            seen.append(whole)
    return found


def wanted_elsewhere(tables: Tables = ()) -> list[tuple[str, str, dict[str, Any]]]:
    """Return what is recorded on other Pythons: version, probe, parameters.

    Args:
        tables: each with ``elsewhere``: runs as in :func:`wanted`, and on which ``python``.

    Raises:
        TypeError, ValueError: a probe, a parameter or a version that there is not.
    """
    found: list[tuple[str, str, dict[str, Any]]] = []
    for run in (run for table in tables for run in table.get("elsewhere", ())):
        inside = {name: value for name, value in run.items() if name != "python"}
        pythons.candidates(run["python"])  # refuses what is no version
        for probe, params in _each(**inside):
            probe_files.probe(probe, "facts").complete(params)
            found.append((run["python"], probe, params))
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
    """Measure or observe everything that is recorded and store it; yield a sentence for each.

    Args:
        tables: what each chapter wants recorded, as for :func:`wanted`.
        budget: seconds of measuring for each.
        folder: where to store; ``data/recorded`` if not given.
        probe: this probe alone; all of them if not given.

    Raises:
        TypeError, ValueError: no probe of this name is recorded.
    """
    tables = list(tables)
    found = wanted(tables)
    names = list(dict.fromkeys(name for name, _ in found))
    chosen = names if probe is None else [arguments.choice("probe", probe, names)]
    folder = folder or files.data_path("recorded")
    folder.mkdir(parents=True, exist_ok=True)
    for name in chosen:
        items = [_made(name, params, budget) for each, params in found if each == name]
        yield from map(repr, items)
        if all(item.source == "live" for item in items):
            _write(folder / f"{name}.json", [_stored(item).to_json() for item in items])
        else:
            yield f"{name}: not available here, so not recorded"
        yield from _elsewhere(tables, name, folder)


def _elsewhere(tables: Tables, name: str, folder: Path) -> Iterator[str]:
    """Record a probe on other Pythons, each version in a folder of its own; say what was done."""
    runs = [each for each in wanted_elsewhere(tables) if each[1] == name]
    for version in dict.fromkeys(version for version, *_ in runs):
        try:
            items = [pythons.observe_on(version, name, **params)
                     for other, _, params in runs if other == version]  # fmt: skip
        except Unavailable as reason:
            yield f"{name} on Python {version}: {reason}"
            continue
        yield from map(repr, items)
        place = folder / f"python{version}"
        if all(item.source == "live" for item in items):
            place.mkdir(exist_ok=True)
            _write(place / f"{name}.json", [_stored(item).to_json() for item in items])
        else:
            yield f"{name} on Python {version}: not available here, so not recorded"


def _made(probe: str, params: dict[str, Any], budget: float) -> Measurement | Observation:
    if probe_files.catalogue()[probe].kind == "facts":
        return observing.observed(probe, **params)
    return _quiet(probe, params, budget)


def _stored(item: Measurement | Observation) -> Measurement | Observation:
    """Return a live record as a recording."""
    recorded = replace(item, source="recorded")
    return _shortened(recorded) if isinstance(recorded, Measurement) else recorded


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


def _shortened(item: Measurement) -> Measurement:
    """Return a recording with at most 100 values a run, evenly picked; files stay small."""
    runs = [
        replace(run, values=_picked(run.values, 100), baseline=_picked(run.baseline, 20))
        for run in item.runs
    ]
    return replace(item, runs=tuple(runs))


def _picked(values: tuple[float, ...], most: int) -> tuple[float, ...]:
    step = max(1, -(-len(values) // most))
    return tuple(round(value, 1) for value in values[::step])
