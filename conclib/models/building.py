"""Building a program once, in a measuring process, and keeping it for all later notebooks.

What is kept lies in the user's cache folder (in ``CONCLIB_HOME``, where that is set), in a folder
whose name is made from the source and the recipe. A build goes into a folder of its own, that of its
measuring process, and only what is whole is moved to its place, in one step: so a build that was cut
short leaves nothing there, and two notebooks that build at the same time get the same.

    source + recipe  ->  key  ->  there?  ->  its command
                                  no: lock, look again, build in a worker, move, unlock
"""

import hashlib
import os
import platform
import threading
from dataclasses import dataclass
from pathlib import Path

from conclib.models import toolchains
from conclib.results import ProtocolError, Unavailable, WorkerError, hooks
from conclib.worker import Request, Worker, run_workers

SECONDS = 60.0  # for one build, and for waiting until another notebook's is done
BUILD = "from ._building import report\n"  # the probe that builds, given as text
PART = ".part"  # what is not whole yet
TOLD = "{name} is being built for this machine; that is done once, and takes a few seconds."


@dataclass(frozen=True)
class Recipe:
    """How a source becomes a program.

    Attributes:
        tool: what builds it (see ``toolchains.py``).
        arguments: for the tool; ``{source}`` and ``{output}`` stand for files.
        settings: environment variables; ``{folder}`` stands for an empty folder.
        oldest: the version of the tool that is needed at least, and ``version`` what asks for it.
    """

    tool: str
    arguments: tuple[str, ...]
    settings: tuple[tuple[str, str], ...]
    oldest: tuple[int, ...]
    version: tuple[str, ...] = ("version",)


GO = Recipe(
    tool="go",
    arguments=("build", "-trimpath", "-o", "{output}", "{source}"),
    settings=(
        ("HOME", "{folder}"),
        ("GOPATH", "{folder}/path"),
        ("GOCACHE", "{folder}/cache"),
        ("GOPROXY", "off"),
        ("GOTOOLCHAIN", "local"),
        ("GOFLAGS", "-mod=mod"),
        ("GOTELEMETRY", "off"),
        ("GOENV", "off"),
        ("GO111MODULE", "on"),
        ("CGO_ENABLED", "0"),
    ),
    oldest=(1, 20),
)


def cache() -> Path:
    """Return the folder in which programs are kept."""
    asked = os.environ.get("CONCLIB_HOME")
    if asked:
        return Path(asked).expanduser().absolute() / "programs"
    import platformdirs

    return Path(platformdirs.user_cache_dir("conclib", appauthor=False)) / "programs"


def key(source: Path, recipe: Recipe) -> str:
    """Return a name for what a recipe makes of a source on a machine like this one."""
    parts = (source.read_bytes(), repr(recipe).encode(), platform.machine().encode())
    whole = hashlib.sha256(b"\0".join(parts)).hexdigest()[:20]
    return f"{source.stem}-{recipe.tool}-{whole}"


def built(source: Path, recipe: Recipe, stop: threading.Event | None = None) -> tuple[str, ...]:
    """Return the command of a program, built now if it was not before.

    Args:
        source: its text; recipe: how it is built.
        stop: an event; when it is set the build is ended.

    Raises:
        Unavailable: no tool is here that can build it, or there is no place to keep it.
        WorkerError, WorkerTimeout, Cancelled: the build failed.
    """
    place = cache() / key(source, recipe)
    if not place.is_file():
        tools = toolchains.candidates(recipe.tool)
        if not tools:
            raise Unavailable(toolchains.missing(recipe.tool))
        _build_once(source, recipe, place, tools, stop)
    return (str(place),)


def _build_once(
    source: Path, recipe: Recipe, place: Path, tools: list[str], stop: threading.Event | None
) -> None:
    """Build it, if nobody else does so at the same time: then wait until that is done."""
    import filelock

    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(place.with_name(place.name + ".lock"), timeout=SECONDS):
            if not place.is_file():
                _sweep(place)
                hooks.on_notice.fire(TOLD.format(name=source.name))
                _build(source, recipe, place, tools, stop)
    except filelock.Timeout:
        raise Unavailable(f"another notebook has been building {source.name} for a minute") from None
    except OSError as failure:
        raise Unavailable(f"{source.name} cannot be kept: {place.parent}: {failure}") from None


def _sweep(place: Path) -> None:
    """Remove what a build that was cut short has left; nobody else is building: we have the lock."""
    for left in place.parent.glob(place.name + PART + "*"):
        left.unlink(missing_ok=True)


def _build(
    source: Path, recipe: Recipe, place: Path, tools: list[str], stop: threading.Event | None
) -> None:
    part = place.with_name(f"{place.name}{PART}{os.getpid()}")
    params = {
        "tools": tools,
        "arguments": recipe.arguments,
        "settings": dict(recipe.settings),
        "oldest": recipe.oldest,
        "version": recipe.version,
        "source": str(source),
        "output": str(part),
    }
    request = Request("building", params, text=BUILD)  # type: ignore[arg-type]  -- plain data
    try:
        run_workers([request], _watch, deadline=SECONDS, stop=stop)
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)


def _watch(workers: list[Worker]) -> None:
    """Wait until the measuring process has built it."""
    from conclib.worker import forms

    (worker,) = workers
    worker.send_request()
    worker.answer(forms.Ready)
    try:
        worker.answer(forms.Facts)
    except ProtocolError:
        raise
    except WorkerError as failure:
        raise WorkerError(f"the program could not be built: {failure}") from None
    worker.answer(forms.Done)
