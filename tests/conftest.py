"""For every test: a fresh CONCLIB_HOME, a temporary folder of our own, and nothing left behind."""

import gc
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import settings

from conclib import chapters, textbook
from conclib.lab import measuring, observing, running
from conclib.lesson import registry
from conclib.lesson.showing import shown
from conclib.results import Unavailable, hooks
from conclib.textbook import all_claims
from conclib.worker import Worker, folders
from tests import leaks

registry.find_with(chapters)  # as the first use of a public name does; ids name many a test

TOKEN = pytest.StashKey[str]()

# What stands in the command of a worker, a notebook kernel, a browser: tests that start one are
# marked, so that ``make check`` can leave them out.
MARKED = {"_start.py": ("worker", "slow"), "ipykernel_launcher": ("slow",), "chrom": ("browser",)}
started: list[str] = []  # the commands that this process has started, since a test began

# Timings on a busy machine say nothing here, and failures must come again: no deadline, one seed.
settings.register_profile("conclib", deadline=None, derandomize=True, database=None)
settings.load_profile("conclib")


def _note_start(event: str, details: tuple) -> None:
    """Note the command of each process that is started, as Python's own audit events tell it."""
    if event == "subprocess.Popen":
        started.append(" ".join(map(str, details[1])))


sys.addaudithook(_note_start)


def unmarked(commands: list[str], marks: set[str]) -> list[str]:
    """Return which of ``MARKED`` stand in commands although the test has no mark for it."""
    text = " ".join(commands)
    return [part for part, allow in MARKED.items() if part in text and not marks & set(allow)]


def pytest_configure(config: pytest.Config) -> None:
    """Give the session a temporary folder that nobody else writes to; its name is the token.

    Under pytest-xdist each of its processes is a session: it finds only what it started itself.
    """
    outer = Path(tempfile.gettempdir())
    beside = outer.parent if hasattr(config, "workerinput") else outer  # sockets need short paths
    folder = tempfile.mkdtemp(prefix="ct-", dir=beside)
    config.stash[TOKEN] = folder
    os.environ["TMPDIR"] = folder
    os.environ["MPLBACKEND"] = "agg"
    tempfile.tempdir = None  # so that tempfile reads TMPDIR again


def pytest_collection_finish() -> None:
    """Let the garbage collector leave alone what was there before the first test.

    Those are millions of objects, which it would go through again and again.
    """
    gc.collect()
    gc.freeze()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run whose fixtures for a whole module leave a process behind."""
    token = session.config.stash[TOKEN]
    leaks.wait_until(lambda: not leaks.processes(token), 5)
    left = leaks.processes(token)
    if left:
        print(f"\nleft behind by the whole run: {sorted(left)}")
        leaks.end(left)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the session's temporary folder."""
    shutil.rmtree(config.stash[TOKEN], ignore_errors=True)
    os.environ.pop("TMPDIR", None)
    tempfile.tempdir = None


@pytest.fixture(scope="module")
def loop() -> Iterator[None]:
    """Jupyter's client makes an event loop and keeps it open: made before and closed after us."""
    import asyncio

    from jupyter_core.utils import ensure_event_loop

    made = ensure_event_loop()
    yield
    made.close()
    asyncio.set_event_loop(None)


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return the test's own CONCLIB_HOME, which every test has."""
    folder = tmp_path_factory.mktemp("home")
    old = os.environ.get("CONCLIB_HOME")
    os.environ["CONCLIB_HOME"] = str(folder)
    yield folder
    if old is None:
        os.environ.pop("CONCLIB_HOME", None)
    else:
        os.environ["CONCLIB_HOME"] = old


@pytest.fixture(scope="session")
def jupyterlab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A JupyterLab as ``conclib lab`` starts it, one for all modules."""
    from tests import browser

    browser.need_chromium()
    with browser.JupyterLab(tmp_path_factory.mktemp("lab")) as running_lab:
        yield running_lab


@pytest.fixture(scope="module")
def server(jupyterlab: Any) -> Any:
    """The JupyterLab that all modules share, with nothing kept for the student."""
    jupyterlab.forget()
    return jupyterlab


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A browser, one for a module: no other test shall find Playwright's event loop running."""
    from tests import browser

    browser.need_chromium()
    with browser.browsing(tmp_path_factory.mktemp("chrome")) as opened:
        yield opened


@pytest.fixture
def starts(monkeypatch: pytest.MonkeyPatch) -> list[Worker]:
    """Every worker that is started."""
    seen, start = [], Worker.start
    monkeypatch.setattr(Worker, "start", lambda item: (seen.append(item), start(item))[1])
    return seen


@pytest.fixture
def course(monkeypatch: pytest.MonkeyPatch) -> tuple[registry.Chapter, ...]:
    """Make two toy chapters and their textbook the whole course, for a test of the engine.

    Returns:
        The chapters.
    """
    monkeypatch.setattr(registry, "_registered", {})  # before the toys are imported
    monkeypatch.setattr(registry, "_finder", None)
    from tests.course import CHAPTERS, load_claims

    for place in (textbook, all_claims):
        monkeypatch.setattr(place, "load_claims", load_claims)
    return tuple(map(registry.register, CHAPTERS))


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a machine of this one on which no worker can be started: recordings take over."""

    def refuse(*_args: Any, **_more: Any) -> None:
        raise Unavailable("measuring processes need pipes and process groups as POSIX has them")

    for place in (running, measuring, observing):
        monkeypatch.setattr(place, "run_workers", refuse)


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Make a notebook of this process: what would be put on its page is collected instead."""
    displayed: list[Any] = []
    shell = SimpleNamespace(execution_count=3)
    monkeypatch.setattr(shown, "running_shell", lambda: shell)
    monkeypatch.setattr("IPython.display.display", lambda item, **_: displayed.append(item))
    return displayed


@pytest.fixture
def notices(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All that the user is told meanwhile."""
    heard: list[str] = []
    monkeypatch.setattr(hooks.on_notice, "listeners", [heard.append])
    return heard


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary folder of the test's own, with a path short enough for sockets in it."""
    beside = Path(tempfile.gettempdir()).parent
    with tempfile.TemporaryDirectory(prefix="ct-", dir=beside) as name:
        monkeypatch.setattr(tempfile, "tempdir", name)
        monkeypatch.setattr(folders, "ELSEWHERE", ())
        yield Path(name)


@pytest.fixture(scope="module")
def gone() -> int:
    """The pid of a process that has ended and was collected."""
    child = subprocess.Popen(["/bin/true"])
    child.wait()
    return child.pid


@pytest.fixture(autouse=True)
def nothing_left_behind(home: Path, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a process, thread, file or setting behind (see ``leaks.py``)."""
    token = request.config.stash[TOKEN]
    before = leaks.snapshot(token)
    started.clear()
    yield
    marks = {mark.name for mark in request.node.iter_markers()}
    wrong = [f"a start of {part} by a test not marked for it" for part in unmarked(started, marks)]
    found = leaks.left_behind(before, token)
    leaks.end(leaks.processes(token) - before["process"])
    if found or wrong:
        pytest.fail("left behind:\n  " + "\n  ".join(found + wrong), pytrace=False)
