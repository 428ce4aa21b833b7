"""What cannot be written just now waits in memory, is seen at once, and is written when it can be.

The faults are real where they can be had: a lock that another process holds, a limit on file size
as a full disk, no descriptor left, a folder without permission, a writer that is killed.
"""

import errno
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from conclib.lesson import store
from conclib.lesson.copying import working_copy
from conclib.lesson.predicting import predictions
from conclib.lesson.store import kept, lines, records, shelf
from tests.kept_records import ids, measured, note, saving

FAILS = (
    "Nothing can be saved in {} ({}). The lesson goes on: what you predict and measure is kept in "
    "memory, and saved as soon as that works again. If it does not, it is forgotten when the "
    "notebook kernel ends: set CONCLIB_HOME to a folder that you may write to, and restart the "
    "notebook kernel.\n"
)
WORKS = "Saving in {} works again, and what was kept in memory is saved.\n"


def in_file(path):
    return [json.loads(line)["id"] for line in path.read_text().splitlines()]


# A folder ----------------------------------------------------------------------------------------
def test_what_waits_for_a_folder_is_written_once_there_is_one(tmp_path, monkeypatch, capsys):
    """Rows 42 and 60: even root cannot make a folder below a file."""
    home = tmp_path / "file" / "home"
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("CONCLIB_HOME", str(home))
    store.append(store.PREDICTIONS, note("a"))
    assert capsys.readouterr().out == FAILS.format(home, "Not a directory")
    store.update(store.PREDICTIONS, lambda found: [note(f"after {len(found)}")])
    kept.keep([measured()])
    store.append(store.PROGRESS, note("done"))
    assert ids() == ["a", "after 1"]
    assert kept.results() == [measured()]
    assert ids(store.PROGRESS) == ["done"]
    assert capsys.readouterr().out == ""
    assert not saving()

    (tmp_path / "file").unlink()
    store.append(store.PREDICTIONS, note("b"))  # a chance for all three files
    assert capsys.readouterr().out == WORKS.format(home)
    assert saving()
    assert in_file(home / "predictions.jsonl") == ["a", "after 1", "b"] == ids()
    assert in_file(home / "progress.jsonl") == ["done"]
    assert kept.results() == [measured()]
    assert (home / "results.jsonl").read_text().count("\n") == 1
    store.append(store.PREDICTIONS, note("c"))
    assert ids() == ["a", "after 1", "b", "c"]
    assert capsys.readouterr().out == ""


def test_reading_is_a_chance_to_write_too(tmp_path, monkeypatch, capsys):
    home = tmp_path / "file" / "home"
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("CONCLIB_HOME", str(home))
    store.append(store.PREDICTIONS, note("a"))
    (tmp_path / "file").unlink()
    assert store.read(store.RESULTS) == []
    assert in_file(home / "predictions.jsonl") == ["a"]
    assert capsys.readouterr().out == FAILS.format(home, "Not a directory") + WORKS.format(home)


def test_where_nothing_can_be_written_reading_says_nothing(course, tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("CONCLIB_HOME", str(tmp_path / "file" / "home"))
    assert store.read(store.PREDICTIONS) == []
    assert predictions.standing("one-call") is None
    assert capsys.readouterr().out == ""
    assert saving()


def test_it_is_said_again_when_it_fails_again(tmp_path, monkeypatch, capsys):
    home = tmp_path / "file" / "home"
    monkeypatch.setenv("CONCLIB_HOME", str(home))
    for number in (1, 2):
        (tmp_path / "file").write_text("in the way")
        store.append(store.PREDICTIONS, note(f"{number}"))
        store.append(store.PREDICTIONS, note(f"{number} too"))
        assert capsys.readouterr().out == FAILS.format(home, "Not a directory")
        (tmp_path / "file").unlink()
        assert len(ids()) == 2
        assert capsys.readouterr().out == WORKS.format(home)
        shutil.rmtree(tmp_path / "file")


def test_a_user_without_a_home_can_save_nothing_and_goes_on(monkeypatch, capsys):
    monkeypatch.delenv("CONCLIB_HOME")

    def unknown(*_args, **_more):
        raise RuntimeError("could not determine the home directory")

    monkeypatch.setattr("platformdirs.user_data_dir", unknown)
    for name in ("_shelves", "_failing"):
        monkeypatch.setattr(store, name, type(getattr(store, name))())
    store.append(store.PREDICTIONS, note("kept for now"))
    assert ids() == ["kept for now"]
    assert not saving()
    assert "Nothing can be saved" in capsys.readouterr().out
    monkeypatch.delenv("CONCLIB_COURSE", raising=False)
    monkeypatch.setattr(working_copy.Path, "home", unknown)
    with pytest.raises(OSError, match="--folder"):
        working_copy.default_folder()


# In a process of its own, whose limits may be changed. What it prints is returned as a list.
SCRIPT = """
import os, resource
from pathlib import Path
from conclib.lesson import store
from tests.kept_records import saving
home, file = store.home(), store.home() / "predictions.jsonl"
def note(text): return {"schema": 1, "event": "revealed", "id": text}
def add(*texts): store.append(store.PREDICTIONS, *map(note, texts))
def show(): print([record["id"] for record in store.read(store.PREDICTIONS)])
def limit(which, soft): resource.setrlimit(which, (soft, resource.getrlimit(which)[1]))
add("first")
show()
before = file.read_bytes()
"""


def run(script):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT + script], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines(keepends=True)


FULL = """
limit(resource.RLIMIT_FSIZE, len(before) + 50)  # the first write is taken in part
add("second", "third")
print(file.read_bytes() == before)
show()
store.update(store.PREDICTIONS, lambda found: [note(f"after {len(found)}")])
show()
print(file.read_bytes() == before, saving())
limit(resource.RLIMIT_FSIZE, resource.getrlimit(resource.RLIMIT_FSIZE)[1])
add("fifth")
show()
print(file.read_bytes().startswith(before), file.read_text().count(chr(10)), saving())
"""


def test_a_disk_that_is_full_and_free_again(home):
    """Rows 42 and 60: the part that went in is taken out again."""
    every = ["first", "second", "third", "after 3", "fifth"]
    assert run(FULL) == [
        "['first']\n",
        FAILS.format(home, "File too large"),
        "True\n",
        f"{every[:3]}\n",
        f"{every[:4]}\n",
        "True False\n",
        WORKS.format(home),
        f"{every}\n",
        "True 5 True\n",
    ]
    assert in_file(home / "predictions.jsonl") == every
    assert sorted(path.name for path in home.iterdir()) == [
        "predictions.jsonl",
        "predictions.jsonl.lock",
    ]


DENIED = """
file.chmod(0o400)
home.chmod(0o500)
if os.getuid() == 0:  # root may write anywhere, so it is somebody else for a while
    os.seteuid(65534)
add("second")
show()
if os.getuid() == 0:
    os.seteuid(0)
home.chmod(0o700)
file.chmod(0o600)
add("third")
show()
"""


def test_a_folder_that_may_not_be_written_for_a_while(home):
    """Rows 42 and 60."""
    assert run(DENIED) == [
        "['first']\n",
        FAILS.format(home, "Permission denied"),
        "['first', 'second']\n",
        WORKS.format(home),
        "['first', 'second', 'third']\n",
    ]


CROWDED = """
kept = [os.open(os.devnull, os.O_RDONLY)]
limit(resource.RLIMIT_NOFILE, kept[0] + 1)
add("second")
show()
os.close(kept[0])
limit(resource.RLIMIT_NOFILE, 256)
add("third")
show()
"""


def test_too_many_open_files_for_a_while(home):
    """Row 60: what was read before still counts."""
    assert run(CROWDED) == [
        "['first']\n",
        FAILS.format(home, "Too many open files"),
        "['first', 'second']\n",
        WORKS.format(home),
        "['first', 'second', 'third']\n",
    ]


# A lock ------------------------------------------------------------------------------------------
HOLDER = """
import sys
import filelock
with filelock.FileLock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def held(home):
    """Have another process hold the lock of the predictions; return how to make it let go."""
    command = [sys.executable, "-c", HOLDER, str(home / "predictions.jsonl.lock")]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "held\n"
    yield holder.communicate
    holder.communicate()
    assert holder.returncode == 0


def test_what_waits_for_a_lock_is_written_when_it_is_given_back(home, held, monkeypatch, capsys):
    """Row 60: readers see the file and what waits; other files are not touched by it."""
    monkeypatch.setattr(shelf, "PATIENCE", 0.1)
    (home / "predictions.jsonl").write_text(json.dumps(note("before")) + "\n")
    store.append(store.PREDICTIONS, note("a"))
    assert capsys.readouterr().out == FAILS.format(home, "another program holds its lock")
    store.update(store.PREDICTIONS, lambda found: [note(f"after {len(found)}")])
    assert ids() == ["before", "a", "after 2"]
    kept.keep([measured()])
    assert (home / "results.jsonl").read_text().count("\n") == 1
    assert in_file(home / "predictions.jsonl") == ["before"]
    assert capsys.readouterr().out == ""
    assert not saving()

    with (home / "predictions.jsonl").open("a") as file:  # by the one who holds the lock
        file.write(json.dumps(note("theirs")) + "\n")
    assert ids() == ["before", "theirs", "a", "after 2"]
    held()
    kept.keep([measured()])
    assert capsys.readouterr().out == WORKS.format(home)
    assert in_file(home / "predictions.jsonl") == ["before", "theirs", "a", "after 2"] == ids()
    assert len(kept.results()) == 2


def test_a_lock_is_waited_for_once_and_then_only_for_a_moment(home, held, monkeypatch):
    """Row 60: else each cell of the lesson would take five seconds."""
    waited, acquire = [], shelf._acquire

    def noted(lock, patience):
        waited.append((Path(lock.lock_file).name, patience))
        return acquire(lock, min(patience, 0.05))

    monkeypatch.setattr(shelf, "_acquire", noted)
    for _ in range(2):
        assert store.read(store.PREDICTIONS) == []
    store.append(store.PREDICTIONS, note("a"))
    store.append(store.PROGRESS, note("b"))
    held()
    store.append(store.PREDICTIONS, note("c"))
    store.append(store.PREDICTIONS, note("d"))
    first, second = "predictions.jsonl.lock", "progress.jsonl.lock"
    assert waited == [
        (first, 5.0), (first, 0.2), (first, 0.2),
        (second, 0.2), (first, 0.2),
        (first, 0.2), (first, 5.0),
    ]  # fmt: skip
    assert ids() == ["a", "c", "d"]


def test_where_a_file_system_has_no_locks_what_is_kept_waits(home, monkeypatch, capsys):
    import filelock

    def refuse(lock, **_how):
        raise NotImplementedError("FileSystem does not appear to support flock")

    with monkeypatch.context() as patched:
        patched.setattr(filelock.FileLock, "acquire", refuse)
        store.append(store.PREDICTIONS, note("a"))
        assert ids() == ["a"]
        assert "does not appear to support flock). The lesson goes on" in capsys.readouterr().out
    assert ids() == ["a"] == in_file(home / "predictions.jsonl")


def test_stop_while_a_lock_is_waited_for_loses_no_result(home, monkeypatch):
    """Row 15: the measurement has been made; only saving was interrupted."""

    def stopped(lock, patience):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(shelf, "_acquire", stopped)
        with pytest.raises(KeyboardInterrupt):
            kept.keep([measured()])
    assert kept.results() == [measured()]
    assert (home / "results.jsonl").read_text().count("\n") == 1


# Writes that fail, or are interrupted ------------------------------------------------------------
def test_a_line_that_cannot_be_decoded_waits_without_stopping_readers(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("CONCLIB_HOME", str(tmp_path / "file" / "home"))
    store.append(store.PREDICTIONS, note("a"), {"schema": 1, "event": "revealed"}, note("b"))
    assert ids() == ["a", "b"]


@pytest.mark.parametrize("error", [OSError(errno.EIO, "Input/output error"), KeyboardInterrupt()])
def test_half_a_write_is_taken_back_and_made_good_later(home, monkeypatch, error):
    """Rows 16 and 60: Stop, or a disk error, between two parts of one write."""
    store.append(store.PREDICTIONS, note("saved"))
    before, parts = (home / "predictions.jsonl").read_bytes(), itertools.count()
    write = os.write

    def half(descriptor, data):
        if next(parts):
            raise error
        return write(descriptor, data[: len(data) // 2])

    with monkeypatch.context() as patched:
        patched.setattr(lines.os, "write", half)
        if isinstance(error, OSError):
            store.append(store.PREDICTIONS, note("a"), note("b"))
        else:
            with pytest.raises(KeyboardInterrupt):
                store.append(store.PREDICTIONS, note("a"), note("b"))
    assert (home / "predictions.jsonl").read_bytes() == before
    assert ids() == ["saved", "a", "b"] == in_file(home / "predictions.jsonl")


def test_a_file_that_fails_when_it_is_closed_counts_as_not_written(home, monkeypatch, capsys):
    """A network file system may say only then that the disk is full: twice is better than never."""
    close = os.close

    def full(descriptor):
        close(descriptor)
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    with monkeypatch.context() as patched:
        patched.setattr(lines.os, "close", full)
        with pytest.raises(OSError, match="quota"):
            lines.append(home / "predictions.jsonl", [records.line_of(note("a"))])
        assert in_file(home / "predictions.jsonl") == ["a"]


KILLED = """
import itertools, sys
from conclib.lesson import store
for number in itertools.count():
    store.append(store.PREDICTIONS,
        {"schema": 1, "event": "revealed", "id": f"{sys.argv[1]} {number}"})
    print(f"{sys.argv[1]} {number}", flush=True)
"""


@pytest.mark.slow
def test_a_killed_writer_loses_no_line_that_it_has_acknowledged(home, capsys):
    """Row 60: killed with SIGKILL after so many lines, wherever it then is."""
    expected = []
    for name, count in (("one", 1), ("two", 7), ("three", 50), ("four", 400)):
        command = [sys.executable, "-c", KILLED, name]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        acknowledged = [writer.stdout.readline() for _ in range(count)]
        writer.kill()
        acknowledged += writer.communicate()[0].splitlines(keepends=True)
        assert writer.returncode == -signal.SIGKILL
        acknowledged = [line.strip() for line in acknowledged if line.endswith("\n")]
        found = ids()[len(expected) :]
        assert found[: len(acknowledged)] == acknowledged
        assert len(found) - len(acknowledged) in (0, 1), "one was written and not said yet"
        expected += found
    store.append(store.PREDICTIONS, note("next"))
    assert ids() == [*expected, "next"]
    assert capsys.readouterr().out == ""
