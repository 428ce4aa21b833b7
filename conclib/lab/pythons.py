"""Other Pythons on this machine, found by their names; and a probe run on one of a named version.

A Python is looked for as ``python3.9`` on the path, among pyenv's and uv's versions, and as the one
that runs this. Nothing is started to find out: a name that starts nothing, or another version than
it says, shows when a probe is to run on it, and then the next one is tried.

Where none is found a recording made on that version takes its place. Such recordings lie apart from
all others, in a folder for each version, so that none of them stands in for this Python by mistake.
"""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from conclib.lab import observing, probe_files, resources
from conclib.results import Observation, Unavailable, WorkerError, arguments, recordings

VERSION = re.compile(r"3\.\d{1,2}t?")  # t: a free-threaded build
ALLOWED = "a version such as '3.9', or '3.13t' for a free-threaded one"
FOLDERS = (  # of those who keep several Pythons: where each version lies
    ("PYENV_ROOT", "~/.pyenv", "versions/{0}.*/bin"),
    ("UV_PYTHON_INSTALL_DIR", "~/.local/share/uv/python", "cpython-{0}.*/bin"),
)
SHIMS = "shims"  # pyenv's names for all its versions, which may start nothing


def candidates(version: str) -> list[str]:
    """Return the paths of interpreters that should be of this version; none may be there.

    Args:
        version: ``"3.9"``, or ``"3.13t"``.

    Raises:
        ValueError, TypeError: no version.
    """
    arguments.text("version", version, VERSION.pattern, ALLOWED)
    own = ".".join(map(str, sys.version_info[:2])) + ("t" if "t" in sys.abiflags else "")
    found = [Path(sys.executable)] if version == own and sys.executable else []
    found += [path for path in _named(version) if os.access(path, os.X_OK) and path.is_file()]
    several = {os.path.realpath(path): str(path) for path in reversed(found)}
    return list(several.values())[::-1]


def found() -> list[str]:
    """Return the versions from 3.9 on of which there is an interpreter here, oldest first."""
    numbers = [f"3.{minor}{build}" for minor in range(9, 20) for build in ("", "t")]
    return [version for version in numbers if candidates(version)]


def _named(version: str) -> Iterator[Path]:
    """Give where an interpreter of a version may lie, whether there is one or not."""
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        if folder and Path(folder).name != SHIMS:
            yield Path(folder) / f"python{version}"
    for variable, usual, pattern in FOLDERS:
        root = Path(os.environ.get(variable) or usual).expanduser()
        with suppress(OSError):  # another user's folder, in an environment that was taken over
            for place in sorted(root.glob(pattern.format(version.rstrip("t")))):
                yield place / f"python{version}"


def observe_on(version: str, probe: str, **params: object) -> Observation:
    """Observe on another Python of this machine; where there is none, as it was recorded on one.

    It is not kept, and answers nothing that a student asks: that is about this Python.

    Args:
        version: such as ``"3.9"``, or ``"3.13t"`` for a free-threaded build.
        probe, **params: as for ``observe``.

    Raises:
        TypeError, ValueError: a bad argument, before anything has started.
        Unavailable: there is none here, none that can run it, and no recording.
        ConclibError: another measurement is under way in this notebook.
    """
    whole = probe_files.probe(probe, "facts").complete(params)
    why = f"no Python {version} was found here"
    for path in candidates(version):
        try:
            item = observing.observed(probe, python=path, **params)
        except (Unavailable, WorkerError, resources.TooMuch) as failure:
            if isinstance(failure, resources.TooMuch) and not failure.here:
                raise
            why = str(failure).rstrip(".")
            continue
        if is_version(item, version):
            return item
    stored = recordings.find(Observation, probe, whole, version=version)
    if stored is None:
        raise Unavailable(f"{why}, and nothing was recorded on one")
    return replace(stored, notes=(*stored.notes, f"{observing.NOT_HERE}: {why}"))


def observe_on_all(probe: str, **params: object) -> dict[str, Observation]:
    """Observe on every Python from 3.9 on that is found here; return what was seen, by version.

    One that cannot run the probe is left out. Nothing recorded takes the place of any.

    Args:
        probe, **params: as for ``observe``.

    Raises:
        TypeError, ValueError: a bad argument, before anything has started.
        ConclibError: another measurement is under way in this notebook.
    """
    seen = {}
    for version in found():
        try:
            item = observe_on(version, probe, **params)
        except (Unavailable, WorkerError):
            continue
        if item.source == "live":
            seen[version] = item
    return seen


def is_version(item: Observation, version: str) -> bool:
    """Whether a record was made on a Python of this version, and of this build."""
    number = item.runtime.version.rpartition(".")[0]
    return number + ("t" if "t" in item.runtime.build else "") == version
