"""Crash: one of a crew goes wrong, in a way and a place that are chosen by name.

What each fault is, and what each container, stands as a sentence beside the code that does it, in
the files that run inside the measuring process. They are read here as text, never run.
"""

import ast
from collections.abc import Sequence
from functools import cache
from typing import Any

from conclib.lab import resources
from conclib.lab.observing import observe
from conclib.lab.probe_files import probe
from conclib.results import Observation, arguments
from conclib.results.probe_texts import FOLDER, literal

CRASH, MATRIX = "crash", "fates"  # the probes
AT_ONCE = 4  # crews of a matrix, by default
MAX_CELLS = 60  # of a matrix: more would take longer than a class waits
OPTIONS = ("on_event", "stop", "cpu", "python")  # of observe; all else are a probe's parameters
ONLY_IN = {"lives": "supervised", "groups": "groups", "who": "groups"}  # containers


@cache
def all_faults() -> dict[str, str]:
    """Return every fault by name, with a sentence: what the hardware, Linux and Python do."""
    return _catalogue("_faults", "FAULTS")


@cache
def all_containers() -> dict[str, str]:
    """Return every container by name, with a sentence: what is in it."""
    return _catalogue("_containers", "CONTAINERS")


def _catalogue(file: str, name: str) -> dict[str, str]:
    tree = ast.parse((FOLDER / f"{file}.py").read_text(encoding="utf-8"))
    found = literal(tree, name)
    if not isinstance(found, dict):
        raise ValueError(f"{file}.py: it needs {name} = {{...}}, a literal dictionary")
    return found


def asked(fault: str, container: str, **given: Any) -> dict[str, Any]:
    """Return what to observe, all of it checked; see :func:`crash` for the arguments."""
    arguments.choice("fault", fault, all_faults())
    arguments.choice("container", container, all_containers())
    for name, only in ONLY_IN.items():
        if name in given and container != only:
            raise ValueError(
                f"{name}={arguments.shown(given[name])}: only for container={only!r}, got "
                f"container={container!r}"
            )
    info = probe(CRASH, "facts")
    found = info.complete({name: each for name, each in given.items() if name not in OPTIONS})
    if container == ONLY_IN["groups"]:
        _check_groups(str(found["groups"]), str(found["who"]))
    return {"fault": fault, "container": container, **given}


def _check_groups(groups: str, who: str) -> None:
    """Refuse somebody who goes wrong and is in no process."""
    if who not in groups.replace(" ", ""):
        raise ValueError(f"who={who!r}: must be one of those in groups={groups!r}")


def crash(fault: str, container: str, **options: Any) -> Observation:
    """Let one of several go wrong, far from this notebook, and see what becomes of all of them.

    ``cl.crash("null pointer", "thread")``: one of four threads reads address 0; then
    ``.facts["others"]`` says what became of the other three.

    Args:
        fault: what goes wrong, by name; an unknown one is refused, and all are listed.
        container: where it happens, by name, and beside whom.
        **options: ``siblings``, how many others there are, 1 to 7 (3); ``lives``, in how many of
            its lives a supervised one goes wrong, 1 to 4 (1); for ``"groups"`` also ``groups``, as
            ``"ACDG B E F H"``, and ``who``, as ``"C"``; and as of ``observe``: ``on_event``,
            ``stop``, ``cpu``, ``python``.

    Returns:
        An :class:`Observation`; a recorded one, labelled so, where this machine cannot do it.

    Raises:
        TypeError, ValueError: no such fault or container, and which is the nearest.
        Unavailable, WorkerError, Cancelled: as of ``observe``.
    """
    return observe(CRASH, **asked(fault, container, **options))


def asked_matrix(
    faults: Sequence[str], containers: Sequence[str], *, siblings: int = 3, **options: Any
) -> dict[str, Any]:
    """Return what to observe, all of it checked; see :func:`fate_matrix` for the arguments."""
    _check_names("faults", faults, all_faults())
    _check_names("containers", containers, all_containers())
    if len(faults) * len(containers) > MAX_CELLS:
        raise ValueError(
            f"{len(faults)} faults in {len(containers)} containers: a matrix has at most "
            f"{MAX_CELLS} cells"
        )
    names = {"faults": ", ".join(faults), "containers": ", ".join(containers)}
    given = {**names, "siblings": siblings}
    probe(MATRIX, "facts").complete(given)
    return {**given, **_crews_at_once(given), **options}


def _crews_at_once(given: dict[str, Any]) -> dict[str, int]:
    """Return how many crews there can be at a time, if that is fewer than by default, but one.

    Empty else: with the default, too little for one crew is refused, and a recording plays.
    """
    for count in range(AT_ONCE, 0, -1):
        if resources.refusal(MATRIX, **given, at_once=count) is None:
            return {"at_once": count} if count < AT_ONCE else {}
    return {}


def _check_names(name: str, given: object, known: dict[str, str]) -> None:
    """Refuse what is no list of names, one that is unknown, none at all, and one given twice."""
    if isinstance(given, str) or not isinstance(given, Sequence):
        example = list(known)[:2]
        raise TypeError(f"{name}={arguments.shown(given)}: must be a list, such as {example}")
    for each in given:
        arguments.choice(name, each, known)
    if not given or len(set(given)) < len(given):
        raise ValueError(f"{name}={arguments.shown(given)}: must be one or more, each of them once")


def fate_matrix(
    faults: Sequence[str], containers: Sequence[str], *, siblings: int = 3, **options: Any
) -> Observation:
    """Run each fault in each container, a few at a time; see what becomes of the others.

    Args:
        faults, containers: by name, as of :func:`crash`; together at most 60 cells.
        siblings: how many others there are in each, 1 to 7.
        **options: as of ``observe``; ``on_event`` is given each cell, an event ``"cell"``.

    Returns:
        An :class:`Observation`; ``.facts["cells"]`` has a line for each cell.

    Raises:
        TypeError, ValueError: no such fault or container, one given twice, or too many.
        Unavailable, WorkerError, Cancelled: as of ``observe``.
    """
    return observe(MATRIX, **asked_matrix(faults, containers, siblings=siblings, **options))
