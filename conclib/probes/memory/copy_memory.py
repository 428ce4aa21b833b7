"""What does it cost to copy a megabyte that is not in the CPU's caches?

A program that copies one megabyte again and again finds it in the caches from the second time on.
Whoever copies all of a big memory does not: each byte comes from memory, and goes there. So this
copies another megabyte each time, from a block of 64 MB into a second one, and comes back to the
first only when far more than most caches hold has gone by. On a CPU with larger caches than that
the result is too low.
"""

from types import SimpleNamespace

from .. import _ballast

MB = 2**20
BLOCK = 64  # MB; both blocks together are several times what most CPUs cache

PROBE = {
    "name": "copy_memory",
    "title": "Copy 1 MB that lies in no cache",
    "times": "copying 2**20 bytes that were not used for a while, to another place",
    "unit": "ns",
    "params": {},
    "takes": {"mb": "128"},
    "baseline": "the same, of one byte",
    "needs": [],
}


def setup(params):
    both = _ballast.Ballast(2 * BLOCK)  # in pages of 4 kB, as the memory of most programs is
    memory = memoryview(both.memory)
    source, target = memory[: BLOCK * MB], memory[BLOCK * MB :]
    for start in range(0, BLOCK * MB, MB):
        source[start : start + MB] = b"x" * MB
    return SimpleNamespace(both=both, source=source, target=target, at=0)


def body(state, loops):
    source, target, at = state.source, state.target, state.at
    for _ in range(loops):
        target[at : at + MB] = source[at : at + MB]
        at = (at + MB) % (BLOCK * MB)
    state.at = at


def baseline(state, loops):
    source, target, at = state.source, state.target, 0
    for _ in range(loops):
        target[at : at + 1] = source[at : at + 1]
        at = (at + MB) % (BLOCK * MB)


def verify(state):
    if state.target[1:MB] != state.source[1:MB]:  # the baseline has copied the first byte
        raise RuntimeError("the copy differs from its source")
    return "the copy equals its source"


def teardown(state):
    state.source.release()
    state.target.release()
    state.both.close()
