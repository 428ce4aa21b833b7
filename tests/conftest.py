"""For every test: a fresh CONCLIB_HOME, a temporary folder of our own, and nothing left behind."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from conclib import chapters
from conclib.lesson import registry
from tests import leaks

registry.find_with(chapters)  # as the first use of a public name does; ids name many a test

TOKEN = pytest.StashKey[str]()

# Timings on a busy machine say nothing here, and failures must come again: no deadline, one seed.
settings.register_profile("conclib", deadline=None, derandomize=True, database=None)
settings.load_profile("conclib")


def pytest_configure(config: pytest.Config) -> None:
    """Give the session a temporary folder that nobody else writes to; its name is the token."""
    folder = tempfile.mkdtemp(prefix="ct-")
    config.stash[TOKEN] = folder
    os.environ["TMPDIR"] = folder
    os.environ["MPLBACKEND"] = "agg"
    tempfile.tempdir = None  # so that tempfile reads TMPDIR again


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


@pytest.fixture
def course(monkeypatch: pytest.MonkeyPatch) -> tuple[registry.Chapter, ...]:
    """Make two toy chapters the whole course, for a test of the engine; return them."""
    monkeypatch.setattr(registry, "_registered", {})  # before the toys are imported
    monkeypatch.setattr(registry, "_finder", None)
    from tests.course import CHAPTERS

    return tuple(map(registry.register, CHAPTERS))


@pytest.fixture(autouse=True)
def nothing_left_behind(home: Path, pytestconfig: pytest.Config) -> Iterator[None]:
    """Fail a test that leaves a process, thread, file or setting behind (see ``leaks.py``)."""
    token = pytestconfig.stash[TOKEN]
    before = leaks.snapshot(token)
    yield
    found = leaks.left_behind(before, token)
    leaks.end(leaks.processes(token) - before["process"])
    if found:
        pytest.fail("left behind:\n  " + "\n  ".join(found), pytrace=False)
