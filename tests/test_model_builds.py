"""Builds that are interrupted, killed, raced, or have no place: whole or not at all, nothing left.

The tools are little shell scripts here, so every fault can be had, and no compiler is needed. What
else holds of builds is in ``test_programs.py``.
"""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from conclib.models import building, toolchains
from conclib.results import Unavailable
from tests import leaks

pytestmark = pytest.mark.worker

ROOT = Path(__file__).parent.parent
PATIENCE = 20.0  # seconds for what only has to come some time
# A tool called "go": it notes each build in a file, does what a test wants, and copies the source.
TOOL = """#!/bin/sh
if [ "$1" = version ]; then echo "go version go{version} linux/amd64"; exit 0; fi
echo build >> {log}
while [ "$1" != -o ]; do shift; done
{does}
cp "$3" "$2"
"""
SLOW = 'echo half > "$2"; echo $$ > {log}.pid; sleep 60'
BUILDS = """
import sys
from pathlib import Path
from conclib.models import building, toolchains
toolchains.candidates = lambda _: [sys.argv[1]]
print(*building.built(Path(sys.argv[2]), building.GO))
"""


class Place:
    """A source, a tool that "builds" it, and the folder in which programs are kept."""

    def __init__(self, folder: Path, kept: Path) -> None:
        self.source, self.tool, self.log = folder / "some.go", folder / "go", folder / "log"
        self.kept = kept
        self.source.write_text("a program")
        self.make("")

    def make(self, does: str, version: str = "1.22") -> None:
        """Have the tool do something before it copies the source."""
        does = does.format(log=self.log)
        self.tool.write_text(TOOL.format(version=version, log=self.log, does=does))
        self.tool.chmod(0o755)

    def built(self) -> Path:
        """Return the program."""
        (path,) = building.built(self.source, building.GO)
        return Path(path)

    def builds(self) -> int:
        """Return how often the tool was asked to build."""
        return len(self.log.read_text().splitlines()) if self.log.exists() else 0

    def begins(self) -> bool:
        """Whether a slow build has begun."""
        return Path(f"{self.log}.pid").exists()

    def left(self) -> list[str]:
        """Return what lies beside whole programs and locks."""
        names = [path.name for path in self.kept.iterdir()] if self.kept.exists() else []
        return [name for name in names if building.PART in name]

    def elsewhere(self) -> subprocess.Popen:
        """Start another Python that builds the same."""
        command = [sys.executable, "-c", BUILDS, str(self.tool), str(self.source)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def place(tmp_path, home, monkeypatch):
    monkeypatch.delenv("CONCLIB_PROGRAMS", raising=False)
    found = Place(tmp_path, home / "programs")
    monkeypatch.setattr(toolchains, "candidates", lambda _: [str(found.tool)])
    yield found
    assert found.left() == []


def test_two_notebooks_at_once_build_it_once(place):
    place.make("sleep 0.3")
    others = [place.elsewhere() for _ in range(2)]
    answers = {other.communicate()[0].strip() for other in others}
    assert answers == {str(place.built())} and place.builds() == 1


def test_the_first_tool_that_is_new_enough_builds(place, monkeypatch, tmp_path):
    old = tmp_path / "old"
    place.make("", version="1.4")
    place.tool.rename(old)
    place.make("")
    monkeypatch.setattr(toolchains, "candidates", lambda _: [str(old), str(place.tool)])
    assert place.built().read_text() == "a program" and place.builds() == 1


# Cut short ----------------------------------------------------------------------------------------
def test_an_interrupt_ends_a_build_with_all_that_it_started(place):
    place.make(SLOW)
    old = signal.signal(signal.SIGINT, signal.default_int_handler)
    ender = threading.Thread(
        target=lambda: (leaks.wait_until(place.begins, PATIENCE), os.kill(os.getpid(), 2))
    )
    ender.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            place.built()
    finally:
        ender.join()
        signal.signal(signal.SIGINT, old)
    gone(place)


def test_whoever_builds_is_killed_and_the_next_one_builds_it_whole(place):
    place.make(SLOW)
    other = place.elsewhere()
    assert leaks.wait_until(place.begins, PATIENCE)
    other.kill()
    other.communicate()
    gone(place)
    place.make("")
    after = place.elsewhere()  # a new notebook: it removes what the killed one has left on disk
    path = Path(after.communicate()[0].split()[-1])
    assert path.read_text() == "a program" and place.built() == path


def gone(place: Place) -> None:
    """Hold that the tool of a slow build is gone, and no program is kept."""
    pid = int(Path(f"{place.log}.pid").read_text())
    assert leaks.wait_until(lambda: not Path(f"/proc/{pid}").exists(), PATIENCE)
    assert [path.name for path in place.kept.iterdir() if path.suffix != ".lock"] == []


# Nowhere to keep it -------------------------------------------------------------------------------
def test_a_folder_that_cannot_be_made_is_named(place):
    place.kept.write_text("a file stands where the folder would be")
    with pytest.raises(Unavailable, match=r"some\.go cannot be kept: .*programs"):
        place.built()
    place.kept.unlink()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(place):
    place.kept.mkdir()
    place.kept.chmod(0o500)
    with pytest.raises(Unavailable, match=r"cannot be kept: .*Permission denied"):
        place.built()
    place.kept.chmod(0o700)


def test_a_full_disk_is_named_and_leaves_nothing(place):
    """The tool puts a device that is always full where the program is copied to."""
    part = f"{place.kept}/{building.key(place.source, building.GO)}{building.PART}{os.getpid()}"
    place.make(f"ln -s /dev/full '{part}'")
    with pytest.raises(Unavailable, match=r"some\.go cannot be kept: .*No space left"):
        place.built()
    place.make("")
    assert place.built().read_text() == "a program"
