"""Building a program once, in a measuring process, and keeping it for all later notebooks.

What is kept lies in the user's cache folder (``CONCLIB_PROGRAMS`` names another one; else, where it
is set, it is in ``CONCLIB_HOME``), under a name made from the source and the recipe. A build goes
into the private folder of its measuring process. Only what is whole is copied, under a name that
nobody asks for, and then renamed, in one step. So what a build that was cut short has left is never
run, and the next one removes it; of two notebooks at the same time one builds, and both get it.

    source + recipe  ->  key  ->  there?  ->  its command
                                  no: lock, look again, build in a worker, move, unlock
"""

import hashlib
import os
import platform
import stat
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conclib.models import toolchains
from conclib.results import Cancelled, ProtocolError, Unavailable, WorkerError, hooks
from conclib.worker import Request, Worker, run_workers

SECONDS = 60.0  # for one build, and for waiting until another notebook's is done
BUILD = "from ._building import report\n"  # the probe that builds, given as text
ASK = 8.0  # seconds for a tool to say its version
LOOK = 0.1  # seconds between two looks whether another one has built it
PART = ".part"  # what is not whole yet
SUM = ".sum"  # the file beside a program that says what was built, so that damage shows
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
    # without tables for debuggers, which nobody here needs: it is built a little sooner
    arguments=("build", "-trimpath", "-ldflags=-s -w", "-o", "{output}", "{source}"),
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
    oldest=(1, 18),
)


def cache() -> Path:
    """Return the folder in which programs are kept.

    Raises:
        Unavailable: this user has no home folder, and none was named.
    """
    asked, course = os.environ.get("CONCLIB_PROGRAMS"), os.environ.get("CONCLIB_HOME")
    if asked or course:
        return Path(os.path.expanduser(asked or f"{course}/programs")).absolute()  # noqa: PTH111
    import platformdirs

    found = Path(platformdirs.user_cache_dir("conclib", appauthor=False)) / "programs"
    if not found.is_absolute():
        raise Unavailable(f"there is no folder to keep a program in: {found}; set CONCLIB_PROGRAMS")
    return found


def key(source: Path, recipe: Recipe) -> str:
    """Return a name for what a recipe makes of a source on a machine like this one."""
    parts = (
        source.read_bytes(),
        repr(recipe).encode(),
        f"{sys.platform} {platform.machine()}".encode(),
    )
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
    if toolchains.hidden(recipe.tool):  # what it has built before counts as not there, too
        raise Unavailable(toolchains.missing(recipe.tool))
    if not whole(place):
        tools = toolchains.candidates(recipe.tool)
        if not tools:
            raise Unavailable(toolchains.missing(recipe.tool))
        _build_once(source, recipe, place, tools, stop)
    return (str(place),)


def whole(place: Path) -> bool:
    """Tell whether a program is kept, as it was built, and nobody else could have changed it."""
    try:
        about = place.lstat()
        ours = about.st_uid in (0, os.geteuid()) and not about.st_mode & 0o022
        if not stat.S_ISREG(about.st_mode) or not ours or not about.st_mode & stat.S_IXUSR:
            return (
                False  # not os.access: where nothing may be started, building it again is no help
            )
        return _sum(place).read_text(encoding="ascii") == _digest(place)
    except (OSError, UnicodeDecodeError):
        return False


def _sum(place: Path) -> Path:
    return place.with_name(place.name + SUM)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _build_once(
    source: Path, recipe: Recipe, place: Path, tools: list[str], stop: threading.Event | None
) -> None:
    """Build it, if nobody else does so at the same time: then wait until that is done."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with _locked(place.with_name(place.name + ".lock"), stop):
            if not whole(place):
                _sweep(place)
                hooks.on_notice.fire(TOLD.format(name=source.name))
                _build(source, recipe, place, tools, stop)
    except OSError as failure:
        raise Unavailable(f"{source.name} cannot be kept: {place.parent}: {failure}") from None


@contextmanager
def _locked(path: Path, stop: threading.Event | None) -> Iterator[None]:
    """Be the only one that builds, while the block runs; wait for another one, but not for ever."""
    import filelock

    lock = filelock.FileLock(path)
    until = time.monotonic() + SECONDS
    try:
        while not lock.is_locked:
            with suppress(filelock.Timeout):
                lock.acquire(timeout=LOOK)
            if stop is not None and stop.is_set():
                raise Cancelled("stopped before a program was built")
            if not lock.is_locked and time.monotonic() > until:
                raise Unavailable(f"another notebook has been building {path.stem} for a minute")
        yield
    finally:
        lock.release()


def _sweep(place: Path) -> None:
    """Remove what a build that was cut short has left; who has the lock is the only one."""
    for left in place.parent.glob(place.name + PART + "*"):
        left.unlink(missing_ok=True)


def _build(
    source: Path, recipe: Recipe, place: Path, tools: list[str], stop: threading.Event | None
) -> None:
    """Have it built by a measuring process, and give what is whole the name that it is kept by."""
    part = place.with_name(f"{place.name}{PART}{os.getpid()}")
    params: dict[str, Any] = {
        "tools": tools,
        "arguments": recipe.arguments,
        "settings": dict(recipe.settings),
        "oldest": recipe.oldest,
        "version": recipe.version,
        "ask": ASK,
        "source": str(source),
        "output": str(part),
    }
    request = Request("building", params, text=BUILD)
    try:
        said: list[dict[str, str]] = []
        run_workers([request], lambda them: said.append(_watch(them)), deadline=SECONDS, stop=stop)
        if "refused" in said[0]:
            raise OSError(said[0]["refused"])
        _sum(place).write_text(_digest(part), encoding="ascii")
        part.replace(place)
    except Unavailable as failure:
        raise Unavailable(f"{failure}; {toolchains.advice(recipe.tool)}") from None
    finally:
        part.unlink(missing_ok=True)


def _watch(workers: list[Worker]) -> dict[str, str]:
    """Wait until the measuring process has built it; return what it says of that."""
    from conclib.worker import forms

    (worker,) = workers
    worker.send_request()
    worker.answer(forms.Ready)
    try:
        said: dict[str, str] = worker.answer(forms.Facts).data
    except ProtocolError:
        raise
    except WorkerError as failure:
        raise WorkerError(f"the program could not be built: {failure}") from None
    worker.answer(forms.Done)
    return said
