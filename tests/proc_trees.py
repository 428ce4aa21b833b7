"""Recorded trees of ``/proc``, read as if their processes were alive, and the user's own.

Each folder of ``tests/data/proc`` is a ``/proc`` with one process: a small C program with two
threads, stopped (``bracket``: it is named ``) R (``), without ``smaps_rollup``, a zombie, one that
vanished after its ``status`` was read, one that does not let itself be read, and a program of 32
bits. They were recorded as root; the reader here gives them to whoever runs the tests.
"""

import os
from pathlib import Path

from conclib import inspecting

FOLDER = Path(__file__).parent / "data" / "proc"
DENIED = ("maps", "smaps", "smaps_rollup")


def pid_of(case: str) -> int:
    """Return the number of the process in a tree."""
    return int(next(FOLDER.joinpath(case).iterdir()).name)


def reader(owner: int | None = None, **instead: object):
    """Return what reads a file of a tree.

    Args:
        owner: the user of the process; the one who runs the tests if not given.
        **instead: by the file's name, its text, or the error that reading it raises.
    """
    user = os.getuid() if owner is None else owner

    def read(path: str) -> str:
        name = Path(path).name
        found = instead.get(name)
        if isinstance(found, type) and issubclass(found, Exception):
            raise found(path)
        text = Path(path).read_text() if found is None else str(found)
        return text.replace("Uid:\t0\t0", f"Uid:\t{user}\t{user}") if name == "status" else text

    return read


def inspect(case: str, owner: int | None = None, **instead: object) -> inspecting.AddressSpace:
    """Return the address space of the process in a tree; see :func:`reader`."""
    proc = str(FOLDER / case)
    return inspecting.inspect(pid_of(case), proc=proc, read=reader(owner, **instead))
