"""Row 66: the student's copy: a full disk, a start that is killed, odd things in the way.

However it ends: no notebook is cut off, nothing of the student's is written to, no link is
followed, nothing of the course's is taken for the student's, and no hidden file stays.
"""

import errno
import itertools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conclib import cli
from conclib.lesson.copying import placing
from conclib.lesson.copying.marker import NAME
from conclib.lesson.copying.working_copy import refresh
from tests import small_course
from tests.notebooks import stored_notebooks
from tests.small_course import NAMES, contents

ROOT = Path(__file__).parent.parent
BESIDE = "00_one (new version).ipynb"


@pytest.fixture
def course(tmp_path):
    return small_course.write(tmp_path / "source", "1 + 1")


@pytest.fixture
def copy(tmp_path):
    folder = tmp_path / "copy"
    folder.mkdir()
    return folder


@pytest.fixture
def cleared(course, tmp_path):
    """What a chapter of the course looks like without its outputs."""
    refresh(tmp_path / "cleared", course)
    return (tmp_path / "cleared" / "index.ipynb").read_bytes()


def visible(folder: Path) -> dict[str, bytes]:
    """Return the files that a student sees, with their contents."""
    return {name: data for name, data in contents(folder).items() if not name.startswith(".")}


# Killed at any moment -----------------------------------------------------------------------------
KILLED = """
import itertools, os, shutil, signal, sys
from pathlib import Path
import msgspec
from conclib.lesson.copying import placing, working_copy

STEPS = {"open", "os.link", "os.rename", "os.remove"}  # told before each is done
OVERWRITES = 3  # exit code: it opens for writing what is there already
prepared, course, results = map(Path, sys.argv[1:])

def refresh(folder, last):
    "Die just before the step of this number; half-way through where that is a flush."
    steps, flush = itertools.count(1), os.fsync

    def dying_flush(file):
        if next(steps) == last:
            os.ftruncate(file, os.fstat(file).st_size // 2)
            os.kill(os.getpid(), signal.SIGKILL)
        flush(file)

    def hook(event, arguments):
        if event not in STEPS or str(folder) not in str(arguments):
            return
        if event == "open" and arguments[2] & os.O_ACCMODE and not arguments[2] & os.O_EXCL:
            os._exit(OVERWRITES)
        if next(steps) == last:
            os.kill(os.getpid(), signal.SIGKILL)

    os.fsync = dying_flush
    sys.addaudithook(hook)
    working_copy.refresh(folder, course)

for last in itertools.count(1):
    folder = results / f"{last:03}"
    shutil.copytree(prepared, folder)
    pid = os.fork()
    if not pid:
        refresh(folder, last)
        os._exit(0)
    end = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if end != -signal.SIGKILL:
        sys.exit(end)  # 0: it came to its end before that many steps
"""


def killed_at_each_step(prepared: Path, course: Path, results: Path) -> list[Path]:
    """Return a folder for each step at which a start was killed, and one where none was, last."""
    results.mkdir()
    words = [sys.executable, "-c", KILLED, prepared, course, results]
    subprocess.run(words, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, timeout=60)
    return sorted(results.iterdir())


def nothing(_copy: Path) -> None:
    """Leave the copy as it is."""


def work(copy: Path) -> None:
    """Work on the first chapter."""
    (copy / NAMES[0]).write_text("my work")


def spoil_the_marker(copy: Path) -> None:
    """Work on the first chapter, and spoil what tells it from the course's."""
    work(copy)
    (copy / NAME).write_text("[]")


# Old chapters whose marker was lost cannot be told from the student's: so not in a second start.
@pytest.mark.slow
@pytest.mark.parametrize(
    ("start", "change"),
    [
        ("first", nothing), ("first", work), ("first", spoil_the_marker),
        ("second", nothing), ("second", work),
    ],
)  # fmt: skip
def test_a_start_that_is_killed_leaves_nothing_that_the_next_does_not_mend(
    course, copy, tmp_path, change, start
):
    """Row 66: at each step of a first start, and of one with a new version of the course."""
    known = {b"my work"}
    if start == "second":
        refresh(copy, course)
        known |= set(visible(copy).values())
        small_course.write(course, "2 + 2")
    change(copy)
    *killed, whole = killed_at_each_step(copy, course, tmp_path / "results")
    assert len(killed) > 15
    known |= set(visible(whole).values())
    small_course.write(tmp_path / "later", "3 + 3")
    for folder in killed:
        assert set(visible(folder).values()) <= known, f"cut off at step {folder.name}"
        updated = folder.with_name(f"{folder.name}-updated")
        shutil.copytree(folder, updated)

        refresh(folder, course)
        aside = {name for name in contents(folder) if ".set-aside-" in name}
        assert visible(folder) == visible(whole), folder.name
        assert set(contents(folder)) - aside == set(visible(whole)) | {NAME}, folder.name

        refresh(updated, tmp_path / "later")
        assert_is_current(updated, worked_on=change is not nothing)


def assert_is_current(copy: Path, worked_on: bool) -> None:
    """Every chapter is there in its latest version, beside the student's own where that is."""
    found = visible(copy)
    assert set(NAMES) <= set(found)
    if worked_on:
        assert found.pop(NAMES[0]) == b"my work"
    else:
        assert set(found) == set(NAMES)
    assert b"3 + 3" in found[NAMES[1]]
    assert any(b"3 + 3" in found[name] for name in found if name.startswith("00_one"))


def test_a_hidden_file_of_a_start_that_is_still_at_work_stays(course, copy):
    """Row 66: only what a process that is gone has left is removed, under names that we give."""
    others = [f"{placing.NEW}{end}" for end in (os.getppid(), "x", 10**30)]
    others += [f"{placing.OLD}{end}-index.ipynb" for end in (os.getppid(), "²", "")]
    for name in others:
        (copy / name).write_text("half")
    (copy / f"{placing.NEW}{os.getpid()}").write_text("ours, of an earlier process of this number")
    refresh(copy, course)
    assert set(contents(copy)) == {*NAMES, NAME, *others}


def test_without_the_marker_an_old_copy_is_not_called_worked_on(course, copy):
    """Row 66: nobody knows any more whose it is, so nobody says so; it stays."""
    refresh(copy, course)
    old = (copy / NAMES[0]).read_bytes()
    (copy / NAME).unlink()
    small_course.write(course, "2 + 2")
    sentences = refresh(copy, course)
    assert sentences[0] == (
        f"{NAMES[0]} may be your work; the course's version lies beside it: {BESIDE}"
    )
    assert (copy / NAMES[0]).read_bytes() == old
    assert b"2 + 2" in (copy / BESIDE).read_bytes()
    assert refresh(copy, course) == []


# A full disk --------------------------------------------------------------------------------------
LIMITED = """
import json, resource, sys
from pathlib import Path
import msgspec
from conclib.lesson.copying import working_copy

resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
print(json.dumps(working_copy.refresh(*map(Path, sys.argv[1:]))))
"""


def test_what_cannot_be_written_whole_is_not_there_and_is_said(course, copy):
    """Row 66: a limit on the size of a file fails in the middle of writing, as a full disk does."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, copy, course],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    reason = os.strerror(errno.EFBIG)
    assert json.loads(done.stdout) == [
        f"00_one.ipynb could not be written ({reason}); the next start tries it again",
        f"index.ipynb could not be written ({reason}); the next start tries it again",
        f"{NAME} could not be written ({reason})",
    ]
    assert contents(copy) == {}
    assert refresh(copy, course) == ["00_one.ipynb is ready", "index.ipynb is ready"]


@pytest.fixture
def full_disk(monkeypatch):
    """Let the disk be full from the flush of this number on, for so many; with 0 for none."""
    flush = os.fsync

    def fill(first: int, flushes: int = 1000) -> None:
        numbers = itertools.count(1)

        def failing(file):
            if first <= next(numbers) < first + flushes:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            flush(file)

        monkeypatch.setattr(os, "fsync", failing)

    return fill


def test_a_chapter_that_cannot_be_written_stops_no_other(course, copy, full_disk):
    """Row 66."""
    full_disk(first=2, flushes=1)  # the first is the marker's
    failed, ready = refresh(copy, course)
    assert failed.startswith("00_one.ipynb could not be written (No space left on device)")
    assert ready == "index.ipynb is ready"
    assert set(contents(copy)) == {"index.ipynb", NAME}
    assert refresh(copy, course) == ["00_one.ipynb is ready"]


@pytest.mark.parametrize("fails", [(1, 1), (4, 1), (1, 1000)], ids=["first", "last", "all"])
def test_a_marker_that_cannot_be_written_costs_nothing(course, copy, full_disk, fails):
    """Row 66: the next start knows by the content what is the course's."""
    full_disk(*fails)
    said = refresh(copy, course)
    assert any(NAME in sentence for sentence in said) == (fails != (1, 1))
    full_disk(first=1, flushes=0)
    refresh(copy, course)
    assert set(contents(copy)) == {*NAMES, NAME}
    small_course.write(course, "2 + 2")
    assert refresh(copy, course) == ["00_one.ipynb is ready", "index.ipynb is ready"]


def test_an_old_chapter_stays_where_its_new_version_cannot_be_written(course, copy, full_disk):
    """Row 66."""
    refresh(copy, course)
    before = visible(copy)
    small_course.write(course, "2 + 2")
    full_disk(first=1)
    assert len(refresh(copy, course)) == 3
    assert visible(copy) == before and set(contents(copy)) == {*NAMES, NAME}
    full_disk(first=1, flushes=0)
    assert refresh(copy, course) == ["00_one.ipynb is ready", "index.ipynb is ready"]


def test_the_lab_opens_what_there_is(full_disk, copy, capsys, monkeypatch):
    """Row 66: a full disk is said, and JupyterLab starts all the same."""
    started = []
    monkeypatch.setattr(os, "execve", lambda path, command, _: started.append(command))
    full_disk(first=1)
    cli.main(["lab", "--folder", str(copy)])
    output = capsys.readouterr()
    assert output.err == ""
    unwritten = len(stored_notebooks()) + 1  # and the marker
    assert output.out.count("could not be written (No space left on device)") == unwritten
    assert "--LabApp.default_url=/lab" in started[0]
    full_disk(first=1, flushes=0)
    cli.main(["lab", "--folder", str(copy)])
    assert "--LabApp.default_url=/lab/tree/index.ipynb" in started[1]


# The marker ---------------------------------------------------------------------------------------
def put(path: Path, what: str, elsewhere: Path) -> None:
    """Put something odd at ``path``; links lead to ``elsewhere``."""
    if what == "a folder":
        path.mkdir()
        (path / "inside").write_text("mine")
    elif what == "a pipe":
        os.mkfifo(path)
    elif what == "a link to itself":
        path.symlink_to(path)
    else:
        if what == "a link":
            elsewhere.write_text("elsewhere")
        path.symlink_to(elsewhere)


ODD = ["a folder", "a pipe", "a link", "a dangling link", "a link to itself"]
TEXTS = {
    "empty": b"",
    "not JSON": b"{",
    "not text": b"\x80\x04]q",
    "a zero": b"\0",
    "null": b"null",
    "a list": b"[]",
    "an object without anything": b"{}",
    "no schema": b'{"copied": {}}',
    "another schema": b'{"schema": 2, "copied": {}}',
    "a list of copies": b'{"schema": 1, "copied": []}',
    "a chapter that is a text": b'{"schema": 1, "copied": {"00_one.ipynb": "x"}}',
    "a digest that is a number": b'{"schema": 1, "copied": {"00_one.ipynb": {"original": 1}}}',
    "copies that are numbers": b'{"schema": 1, "copied": {"index.ipynb": {"coming": [1, null]}}}',
    "too deep": b"[" * 100_000,
}


@pytest.mark.parametrize("what", [*ODD, *TEXTS])
def test_a_marker_that_cannot_be_read_is_set_aside_said_and_mended(course, copy, tmp_path, what):
    """Row 66."""
    refresh(copy, course)
    work(copy)
    before = visible(copy)
    (copy / NAME).unlink()
    if what in ODD:
        put(copy / NAME, what, tmp_path / "elsewhere")
    else:
        (copy / NAME).write_bytes(TEXTS[what])
    kind = (copy / NAME).lstat().st_mode

    said = refresh(copy, course)
    assert said[0].startswith(f"{NAME}, which tells your work from the course's, could not be read")
    assert f"set aside as {NAME}.set-aside-1;" in said[0]
    assert said[1:] == [
        f"{NAMES[0]} may be your work; the course's version lies beside it: {BESIDE}",
        "index.ipynb is ready",
    ]
    assert (copy / f"{NAME}.set-aside-1").lstat().st_mode == kind
    assert {name: visible(copy)[name] for name in before} == before
    assert set(visible(copy)) == {*NAMES, BESIDE}
    assert refresh(copy, course) == []
    if what == "a link":
        assert (tmp_path / "elsewhere").read_text() == "elsewhere"


def test_a_marker_lost_again_brings_no_second_copy_beside(course, copy):
    """Row 66: and what was set aside before stays."""
    refresh(copy, course)
    work(copy)
    for number in (1, 2):
        (copy / NAME).write_text(f"broken {number}")
        refresh(copy, course)
        assert (copy / f"{NAME}.set-aside-{number}").read_text() == f"broken {number}"
    assert set(visible(copy)) == {*NAMES, BESIDE}


def test_a_marker_as_earlier_versions_wrote_it_is_read(course, copy):
    refresh(copy, course)
    whole = json.loads((copy / NAME).read_text())
    for entry in whole["copied"].values():
        assert entry.pop("coming") == []
    (copy / NAME).write_text(json.dumps(whole))
    small_course.write(course, "2 + 2")
    assert refresh(copy, course) == ["00_one.ipynb is ready", "index.ipynb is ready"]


def test_a_marker_that_cannot_even_be_set_aside_stops_nothing(course, copy, monkeypatch):
    """Row 66: a folder in its place, in a folder where nothing can be renamed."""

    def refuse(self, _target):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    (copy / NAME).mkdir()
    monkeypatch.setattr(Path, "rename", refuse)
    said = refresh(copy, course)
    assert "nor set aside (Permission denied)" in said[0]
    assert said[1:3] == ["00_one.ipynb is ready", "index.ipynb is ready"]
    assert said[3] == f"{NAME} could not be written (Is a directory)"
    assert set(contents(copy)) == {*NAMES, NAME}


# What is in a chapter's place ---------------------------------------------------------------------
@pytest.mark.parametrize("what", ODD)
def test_what_is_no_file_is_left_alone_and_said(course, copy, tmp_path, cleared, what):
    """Row 66: nothing is written through a link, also where it leads to what the course has."""
    put(copy / NAMES[0], what, tmp_path / "elsewhere")
    if what == "a link":
        (tmp_path / "elsewhere").write_bytes(cleared)
    kind = (copy / NAMES[0]).lstat()
    there = (tmp_path / "elsewhere").exists()

    odd, ready = refresh(copy, course)
    named = {"a folder": "a folder", "a pipe": "a named pipe"}.get(what, "a link")
    assert odd == f"00_one.ipynb is {named}; the chapter lies beside it: {BESIDE}"
    assert ready == "index.ipynb is ready"
    assert (copy / BESIDE).read_bytes() == (copy / NAMES[1]).read_bytes() == cleared
    after = (copy / NAMES[0]).lstat()
    assert (after.st_mode, after.st_ino) == (kind.st_mode, kind.st_ino)
    assert (tmp_path / "elsewhere").exists() == there
    small_course.write(course, "2 + 2")
    assert refresh(copy, course)[0].endswith("beside it: 00_one (new version 2).ipynb")
    if there:
        assert (tmp_path / "elsewhere").read_bytes() == cleared
    assert refresh(copy, course) == []


def test_a_link_beside_is_not_followed_either(course, copy, tmp_path):
    """Row 66."""
    work(copy)
    (copy / BESIDE).symlink_to(tmp_path / "elsewhere")
    assert refresh(copy, course)[0].endswith("beside it: 00_one (new version 2).ipynb")
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_that_cannot_be_read_is_the_students(course, copy, monkeypatch):
    """Row 66: patched, since the administrator can read everything."""
    refresh(copy, course)
    work(copy)
    small_course.write(course, "2 + 2")
    read = Path.open

    def refuse(self, *args, **options):
        if self.parent == copy and self.name == NAMES[0]:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return read(self, *args, **options)

    monkeypatch.setattr(Path, "open", refuse)
    unreadable, ready = refresh(copy, course)
    assert unreadable.startswith("00_one.ipynb is a file that cannot be read; the chapter lies ")
    assert ready == "index.ipynb is ready"
    monkeypatch.undo()
    assert (copy / NAMES[0]).read_text() == "my work"


# In the moment between looking and writing --------------------------------------------------------
def test_what_is_saved_just_before_a_chapter_is_replaced_stays(course, copy, monkeypatch):
    """Row 66: by a JupyterLab that is open on the same folder."""
    refresh(copy, course)
    small_course.write(course, "2 + 2")
    take_away = placing.take_away

    def save_first(target, known):
        if target.name == NAMES[0]:
            work(copy)
        take_away(target, known)

    monkeypatch.setattr(placing, "take_away", save_first)
    refresh(copy, course)
    assert (copy / NAMES[0]).read_text() == "my work"
    assert b"2 + 2" in (copy / BESIDE).read_bytes()
    assert set(contents(copy)) == {*NAMES, BESIDE, NAME}


@pytest.mark.parametrize("links", [True, False], ids=["links", "no hard links"])
def test_what_appears_just_before_a_chapter_gets_its_name_stays(course, copy, monkeypatch, links):
    """Row 66."""
    link = os.link

    def appear_first(source, target):
        if Path(target) == copy / NAMES[0]:
            work(copy)
        if not links:
            raise OSError(errno.EPERM, os.strerror(errno.EPERM))
        link(source, target)

    monkeypatch.setattr(os, "link", appear_first)
    refresh(copy, course)
    assert (copy / NAMES[0]).read_text() == "my work"
    assert set(contents(copy)) == {*NAMES, BESIDE, NAME}
    small_course.write(course, "2 + 2")
    assert refresh(copy, course)[1] == "index.ipynb is ready"
    assert b"2 + 2" in (copy / NAMES[1]).read_bytes()
