"""Programs that a probe looks at: found, or built once and kept.

A probe names what it needs in its literal, by the value of a parameter:

    "programs": {"runtime": {"go": "tasks.go", "greenlet": "greenlet"}}

A name with an ending is a source in ``conclib/models/programs/``, which is built, or run from its
source (``from_source.py``); any other is an installed package, and what the program is given is the
folder that the package lies in. What is built is kept under a name made from all that went into it,
so a changed source is another program (see ``building.py``).
"""

import threading
from pathlib import Path

from conclib.models import building, from_source, toolchains
from conclib.results import Unavailable

FOLDER = Path(__file__).resolve().parent / "programs"
RECIPES = {".go": building.GO}  # what builds a source, by its ending


def command(name: str, *, stop: threading.Event | None = None) -> tuple[str, ...]:
    """Return the command that starts a program; build it first where that has not been done yet.

    Args:
        name: of a source in this package's folder, or of an installed package.
        stop: an event; when it is set a build is ended.

    Raises:
        Unavailable: it is not here, or cannot be built here; says what would install it.
        WorkerError, WorkerTimeout, Cancelled: a build was begun and has failed.
    """
    from_its_source = from_source.COMMANDS.get(Path(name).suffix)
    if from_its_source is not None:
        return from_its_source(FOLDER / name)
    recipe = RECIPES.get(Path(name).suffix)
    if recipe is not None:
        return building.built(FOLDER / name, recipe, stop)
    folders = toolchains.package_folders(name)
    if not folders:
        raise Unavailable(toolchains.missing(name))
    return (str(folders[0].parent),)


def has_source(name: str) -> bool:
    """Tell whether a name is that of a source, and not of an installed package."""
    return bool(Path(name).suffix)


def tools() -> dict[str, str]:
    """Return for each tool that a program needs why it cannot be used here; empty if it can.

    Nothing is started: whether what was found works shows when it is used.
    """
    return {name: _why_not(name) for name in toolchains.INSTALL}


def _why_not(tool: str) -> str:
    runs_source = {"java": from_source.java, "erlang": from_source.erlang}.get(tool)
    try:
        if runs_source is not None:
            runs_source(FOLDER)
        elif not toolchains.candidates(tool) and not toolchains.package_folders(tool):
            return toolchains.missing(tool)
    except Unavailable as why:
        return str(why)
    return ""
