"""Faults around what is kept: a lock that is held, a full disk, bad lines, a killed writer."""

import contextlib
import errno
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

from conclib.lesson import store
from conclib.lesson.store import lines
from tests.soak.outcomes import Fault, require

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys, filelock
with filelock.FileLock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""
WRITER = """
import sys
from conclib.lesson import store
number = 0
while True:
    store.append(store.PREDICTIONS, {"schema": 1, "event": "revealed", "id": str(number)})
    print(number, flush=True)
    number += 1
"""


@contextlib.contextmanager
def home() -> Iterator[Path]:
    """Keep things in a folder of this run's own; what is said is not shown."""
    before = os.environ["CONCLIB_HOME"]
    with tempfile.TemporaryDirectory(prefix="") as name, contextlib.redirect_stdout(io.StringIO()):
        os.environ["CONCLIB_HOME"] = name
        try:
            yield Path(name)
        finally:
            os.environ["CONCLIB_HOME"] = before
            for folder in [each for each in store._shelves if str(each).startswith(name)]:
                store._shelves.pop(folder)
                store._failing.discard(folder)


def add(*ids: object) -> None:
    """Keep an event for each id."""
    for each in ids:
        event = {"schema": 1, "event": "revealed", "id": str(each)}
        store.append(store.PREDICTIONS, event)


def kept() -> list[str]:
    """Return the ids that a notebook kernel reads."""
    return [record["id"] for record in store.read(store.PREDICTIONS)]


def on_disk(folder: Path) -> list[str]:
    """Return the ids that stand in the file, whoever has written them."""
    found = []
    for line in (folder / store.PREDICTIONS).read_bytes().splitlines():
        with contextlib.suppress(ValueError):
            found.append(json.loads(line)["id"])
    return found


def _all_there(folder: Path, count: int) -> None:
    wanted = [str(number) for number in range(count)]
    require(kept() == wanted, f"read: {kept()}")
    require(on_disk(folder) == wanted, f"on disk: {on_disk(folder)}")


def lock_held(chance: Random) -> None:
    """Another program holds the lock for a while."""
    with home() as folder:
        before, store.shelf.PATIENCE = store.shelf.PATIENCE, 0.05
        try:
            add(0)
            with subprocess.Popen(
                [sys.executable, "-c", HOLDER, str(folder / f"{store.PREDICTIONS}.lock")],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            ) as holder:  # fmt: skip
                holder.stdout.readline()
                more = chance.randint(1, 2)
                add(*range(1, 1 + more))
                require(on_disk(folder) == ["0"], "written under another's lock")
                holder.stdin.close()
            add(1 + more)
        finally:
            store.shelf.PATIENCE = before
        _all_there(folder, more + 2)


def disk_full(chance: Random) -> None:
    """The disk is full after some bytes, and later free again."""
    with home() as folder:
        add(0)
        real, room = os.write, chance.randint(0, 60)

        def scarce(descriptor: int, data: bytes) -> int:
            nonlocal room
            if not room:
                raise OSError(errno.ENOSPC, "No space left on device")
            written = real(descriptor, data[:room])
            room -= written
            return written

        lines.os.write = scarce
        try:
            add(1, 2)
        finally:
            lines.os.write = real
        add(3)
        _all_there(folder, 4)


BAD = [
    b'{"schema":1,"event":["x"]}', b"{", b"\x80\x04\x95", b"[]", b"NaN", b"[" * 9999,
    b'{"schema": 7, "event": "revealed", "id": "x"}', b'{"schema": 1, "event": "revealed"}',
]  # fmt: skip


def bad_line(chance: Random) -> None:
    """A line that is no record stands in the file."""
    with home() as folder:
        add(0)
        bad = chance.choice(BAD)
        with (folder / store.PREDICTIONS).open("ab") as file:
            file.write(bad + chance.choice([b"\n", b""]))
        add(1)
        require(kept() == ["0", "1"], f"read: {kept()}")
        add(2)
        require(kept() == ["0", "1", "2"], f"read: {kept()}")
        require(bad in (folder / store.PREDICTIONS).read_bytes(), "the line is gone")


def writer_killed(chance: Random) -> None:
    """Who writes is killed; what was acknowledged is there."""
    with home() as folder:
        with subprocess.Popen(
            [sys.executable, "-c", WRITER], stdout=subprocess.PIPE, cwd=ROOT,
            env={**os.environ, "CONCLIB_HOME": str(folder)},
        ) as writer:  # fmt: skip
            acknowledged = [int(writer.stdout.readline()) for _ in range(chance.randint(1, 40))]
            writer.kill()
        require(set(map(str, acknowledged)) <= set(kept()), "acknowledged, and lost")
        require(kept() == [str(number) for number in range(len(kept()))], "out of order")


def in_the_way(chance: Random) -> None:
    """Something else than a file stands in its place."""
    with home() as folder:
        path = folder / store.PREDICTIONS
        chance.choice([path.mkdir, lambda: os.mkfifo(path), lambda: path.symlink_to("/dev/zero")])()
        add(0, 1)
        _all_there(folder, 2)


def no_home(chance: Random) -> None:
    """The folder cannot be made; later it can."""
    with home() as folder:
        os.environ["CONCLIB_HOME"] = str(folder / "file" / "home")
        (folder / "file").write_text("")
        add(0, 1)
        require(kept() == ["0", "1"], f"read: {kept()}")
        (folder / "file").unlink()
        add(2)
        _all_there(folder / "file" / "home", 3)


FAULTS = [
    Fault("a lock that is held", "60", lock_held),
    Fault("a full disk", "42, 60", disk_full),
    Fault("a line that is no record", "64", bad_line),
    Fault("a writer is killed", "20, 60", writer_killed),
    Fault("something in a file's place", "64", in_the_way),
    Fault("a folder that cannot be made", "42, 60", no_home),
]
