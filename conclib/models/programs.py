"""Programs that a probe looks at: found, or built once and kept.

A probe names what it needs in its literal, by the value of a parameter:

    "programs": {"runtime": {"go": "tasks.go", "greenlet": "greenlet"}}

A name with an ending is a source in ``conclib/models/programs/``; any other is an installed
package, and what the program is given is the folder that the package lies in. What is built is kept
under a name made from all that went into it, so a changed source is another program (see
``building.py``).
"""

import threading
from pathlib import Path

from conclib.models import building, toolchains
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
    recipe = RECIPES.get(Path(name).suffix)
    if recipe is not None:
        return building.built(FOLDER / name, recipe, stop)
    folders = toolchains.package_folders(name)
    if not folders:
        raise Unavailable(toolchains.missing(name))
    return (str(folders[0].parent),)
