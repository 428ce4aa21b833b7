"""A, which has a word at an address, and B, a fresh program that writes there: two processes.

A is a child that answers when it is asked. B is forked too, but becomes a fresh Python at once: so it
has nothing of what A has, or of what we have.
"""

from __future__ import annotations  # a worker may be an older Python

import os
import sys

from . import _held, _place, _precautions, _refuse, _regions, _sacrifice, _steered, _watching

HAVE, LOOK, THREAD_WRITES = 1, 2, 3  # what A may be asked
BEFORE, AFTER = "cat", "dog"
PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "_astray_alone.py")
NOT_READY = "the fresh program could not be started here"


class A:
    """The process whose word it is; ended by :meth:`end`, once."""

    def __init__(self, address: int) -> None:
        self.address, self._children = address, _watching.Children()
        self._steered = _steered.Steered(self._children, "A", self._answer, self._prepare)
        self.alive = True

    def _prepare(self) -> None:
        _precautions.no_core_file()
        _place.take(self.address)
        _place.put(self.address, BEFORE)

    def _answer(self, asked: int) -> int:
        """Be A: answer with the word at the address, as a number."""
        if asked == THREAD_WRITES:
            import threading

            writer = threading.Thread(target=_place.put, args=(self.address, AFTER))
            writer.start()
            writer.join()
        return int.from_bytes(_place.read(self.address).encode("latin-1"), "little")

    def ask(self, what: int) -> str | None:
        """Have A do something, and return what it finds at its address; ``None`` if it is gone."""
        if not self.alive:
            return None
        return self._steered.ask(what).to_bytes(8, "little").rstrip(b"\0").decode("latin-1")

    def has(self) -> str | None:
        """Return the rights that A has at the address, by its map; ``None`` if nothing is there."""
        return rights(self._steered.pid, self.address)

    def end(self) -> _sacrifice.Told | None:
        """End A, if it lives; return how it ended then."""
        if not self.alive:
            return None
        self.alive = False
        ((*_, how, code),) = self._children.kill()
        self._steered.close()
        return _sacrifice.Told([], how, code)


def rights(pid: int, address: int) -> str | None:
    """Return the rights of a process at an address, by its map; ``None`` if nothing is there."""
    found = _regions.locate(_sacrifice.maps(pid), address)
    return found["perms"] if found else None


def stray(address: int, own_page: bool) -> dict[str, str | None]:
    """Start B, and let it write at the address; return what became of it.

    Returns:
        ``had``: its rights there before it wrote, or ``None``; ``end``: how it ended (``"lived"``,
        ``"SIGSEGV"``); ``finds``: the word that it found there afterwards, ``None`` if it ended before.
    """
    into, to_b = os.pipe()
    from_b, out = os.pipe()
    try:
        with _held.Child(lambda: _become(into, out, address, own_page), "B") as b:
            os.close(out)
            out = -1  # of all these ends B alone has it now: when it ends, we read no more
            if os.read(from_b, 1) != b"r":
                raise _refuse.Unavailable(NOT_READY)
            had = rights(b.pid, address)
            os.write(to_b, b"g")
            finds = os.read(from_b, 8).decode() or None
            end = _sacrifice.Told([], *b.collect()).by_itself()
    finally:
        for fd in (into, to_b, from_b, out):
            if fd >= 0:
                os.close(fd)
    return {"had": had, "end": end, "finds": finds}


def _become(into: int, out: int, address: int, own_page: bool) -> None:
    """In a child: become the program that writes; nothing is left of what it was forked from."""
    _precautions.no_core_file()
    os.dup2(into, 0)
    os.dup2(out, 1)
    own = "yes" if own_page else "no"
    os.execv(sys.executable, [sys.executable, "-I", "-S", PROGRAM, str(address), own])
