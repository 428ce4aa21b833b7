"""How long does it take to copy a megabyte? The same one again and again, so it lies in a cache."""

from types import SimpleNamespace

PROBE = {
    "name": "copy_1mb",
    "title": "Copy 1 MB that lies in a cache",
    "times": "copying the same 2**20 bytes again and again, from one buffer to another",
    "unit": "ns",
    "params": {},
    "baseline": "the same, of one byte",
    "needs": [],
}


def setup(params):
    size = 2**20
    source, target = memoryview(bytearray(b"x" * size)), memoryview(bytearray(size))
    return SimpleNamespace(source=source, target=target)


def body(state, loops):
    source, target = state.source, state.target
    for _ in range(loops):
        target[:] = source


def baseline(state, loops):
    source, target = state.source[:1], state.target[:1]
    for _ in range(loops):
        target[:] = source


def verify(state):
    if state.target != state.source:
        raise RuntimeError("the copy differs from its source")
    return "the copy equals its source"
